package dev.bcq.runtime;

import dev.bcq.format.BcqDirectory;
import dev.bcq.format.BcqFile;
import dev.bcq.format.BcqFormatException;
import dev.bcq.format.GenerationSettings;
import dev.bcq.format.TokenizerModel;
import dev.bcq.runtime.decoding.DecodingParameters;
import dev.bcq.runtime.decoding.Hypothesis;
import dev.bcq.runtime.decoding.Search;
import dev.bcq.runtime.decoding.TeacherForcing;
import dev.bcq.runtime.kernels.KernelProvider;
import dev.bcq.runtime.kernels.KernelRegistry;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.model.EncodedSource;
import dev.bcq.runtime.model.ModelLoader;
import dev.bcq.runtime.model.Transformer;
import dev.bcq.runtime.text.Tokenizer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Translates with one model. Thread-safe: calls run side by side, each on its caller's thread.
 *
 * <p>Where the best kernels have to be compiled first, a daemon thread warms them up after the
 * first translation, for some seconds; results do not change.
 *
 * <p>Weights are read in place from the mapped file. Closing refuses new calls and lets running
 * ones finish; the mapping goes when the last of them is collected.
 */
public final class Translator implements AutoCloseable {
  /** Longest source or target of a model whose positions have no end, tokens. */
  public static final int MOST_TOKENS = 8192;

  private final BcqDirectory directory;
  private final String kernels;
  private volatile @Nullable Model model;

  private Translator(BcqDirectory directory, String kernels, Model model) {
    this.directory = directory;
    this.kernels = kernels;
    this.model = model;
  }

  private record Model(
      Transformer transformer, @Nullable Tokenizer tokenizer, @Nullable WarmUp warmUp) {}

  /**
   * Opens a model file with default options.
   *
   * @throws BcqFormatException if the file is not a usable model
   */
  public static Translator open(Path file) {
    return open(file, TranslatorOptions.DEFAULT);
  }

  /**
   * Opens a model file.
   *
   * @throws BcqFormatException if the file is not a usable model
   * @throws dev.bcq.runtime.kernels.KernelException if the kernels cannot be had
   */
  public static Translator open(Path file, TranslatorOptions options) {
    return of(BcqFile.open(file), options);
  }

  /**
   * Opens a model inside a file, for instance an uncompressed asset of an application package. The
   * channel may be closed afterwards.
   *
   * @param offset first byte of the model, at any alignment
   * @param length bytes of the model
   */
  public static Translator open(
      FileChannel channel, long offset, long length, TranslatorOptions options) {
    return of(BcqFile.open(channel, offset, length), options);
  }

  /** Returns a translator for a file that is open already. */
  public static Translator of(BcqFile file, TranslatorOptions options) {
    KernelProvider provider = KernelRegistry.load().choose(options.kernels());
    boolean forced = !KernelRegistry.wanted(options.kernels()).equals(KernelRegistry.AUTO);
    WarmUp warmUp =
        provider.startsCold() && !forced ? new WarmUp(file, options.arithmetic(), provider) : null;
    Kernels kernels = warmUp == null ? provider.create() : warmUp.kernels();
    Transformer transformer = ModelLoader.load(file, kernels, options.arithmetic());
    TokenizerModel tokenizer = file.tokenizer();
    return new Translator(
        file.directory(),
        provider.id(),
        new Model(transformer, tokenizer == null ? null : new Tokenizer(tokenizer), warmUp));
  }

  /** Returns what the file says of itself. */
  public BcqDirectory directory() {
    return directory;
  }

  /**
   * Returns the id of the kernels in use, or of those that will take over once they are compiled.
   */
  public String kernels() {
    return kernels;
  }

  /** Translates one segment with the file's defaults. */
  public Translation translate(String text) {
    return translate(text, TranslationOptions.DEFAULT);
  }

  /**
   * Translates one segment. A text without any token has an empty translation.
   *
   * @throws TranslationException if the text is too long for the model, or the model has no
   *     tokenizer
   * @throws dev.bcq.runtime.decoding.DecodingException if options contradict each other or the
   *     model
   * @throws IllegalStateException if this translator is closed
   */
  public Translation translate(String text, TranslationOptions options) {
    return running(
        model -> {
          int[] ids = sourceIds(model, text, options);
          return ids.length == 0 ? empty(new int[0]) : translate(model, ids, options);
        });
  }

  /**
   * Translates token ids.
   *
   * @param sourceIds what the encoder reads; nothing is added, an empty source has an empty
   *     translation
   */
  public Translation translate(int[] sourceIds, TranslationOptions options) {
    return running(
        model -> sourceIds.length == 0 ? empty(sourceIds) : translate(model, sourceIds, options));
  }

  /**
   * Returns what the encoder reads for a text: prefix, tokens, end token; empty if the text has no
   * token.
   */
  public int[] sourceIds(String text, TranslationOptions options) {
    return running(model -> sourceIds(model, text, options));
  }

  /** Returns the tokens of a target text, end token included. */
  public int[] targetIds(String text) {
    return running(model -> tokenizer(model).encodeTarget(text));
  }

  /**
   * Scores a given target.
   *
   * @param targetIds tokens as they would be generated, end token included where it is wanted
   */
  public TargetScore score(int[] sourceIds, int[] targetIds, TranslationOptions options) {
    return running(
        model -> {
          GenerationSettings settings = settings(options);
          checkSource(model, sourceIds);
          int limit = limit(model);
          if (targetIds.length > limit) {
            throw new TranslationException(
                String.format(
                    Locale.ROOT,
                    "the target has %d tokens; this model takes at most %d",
                    targetIds.length,
                    limit));
          }
          DecodingParameters parameters = parameters(model, settings, sourceIds.length);
          EncodedSource source = model.transformer().encode(sourceIds);
          return score(model, source, targetIds, parameters);
        });
  }

  /** Refuses further calls; running ones finish. */
  @Override
  public void close() {
    Model open = model;
    model = null;
    if (open != null && open.warmUp() != null) {
      open.warmUp().end();
    }
  }

  private <T> T running(Function<Model, T> call) {
    Model open = model;
    if (open == null) {
      throw new IllegalStateException("this translator is closed");
    }
    try {
      return call.apply(open);
    } catch (InternalError e) {
      // What the JVM makes of a page fault in a mapped file that has become shorter.
      throw new BcqFormatException(
          "the model file was cut or overwritten while it was in use; open it again", e);
    }
  }

  private Translation translate(Model model, int[] ids, TranslationOptions options) {
    checkSource(model, ids);
    DecodingParameters parameters = parameters(model, settings(options), ids.length);
    EncodedSource source = model.transformer().encode(ids);
    List<Hypothesis> hypotheses = Search.run(model.transformer(), source, parameters);
    warmUp(model);
    if (hypotheses.isEmpty()) {
      throw new TranslationException(
          "the options leave no possible translation: every token is suppressed");
    }
    Tokenizer tokenizer = model.tokenizer();
    return new Translation(
        boxed(ids),
        hypotheses.stream()
            .map(
                hypothesis ->
                    new Translation.TargetText(
                        tokenizer == null ? "" : tokenizer.decode(unboxed(hypothesis.ids())),
                        hypothesis.score(),
                        hypothesis.ids()))
            .collect(Collectors.toList()));
  }

  private static void warmUp(Model model) {
    if (model.warmUp() != null) {
      model.warmUp().begin();
    }
  }

  private static TargetScore score(
      Model model, EncodedSource source, int[] targetIds, DecodingParameters parameters) {
    float[] logProbabilities =
        TeacherForcing.logProbabilities(
            model.transformer(), source, parameters.startToken(), targetIds);
    warmUp(model);
    return new TargetScore(
        boxed(targetIds),
        boxed(logProbabilities),
        TeacherForcing.score(logProbabilities, parameters.lengthPenalty()));
  }

  private int[] sourceIds(Model model, String text, TranslationOptions options) {
    Tokenizer tokenizer = tokenizer(model);
    int[] ids = tokenizer.encode(text);
    if (ids.length <= 1) {
      return new int[0];
    }
    String prefix = settings(options).prefix();
    return prefix == null || prefix.isEmpty() ? ids : tokenizer.encode(prefix + text);
  }

  private static Tokenizer tokenizer(Model model) {
    Tokenizer tokenizer = model.tokenizer();
    if (tokenizer == null) {
      throw new TranslationException(
          "this model has no tokenizer; give token ids in place of text (--ids)");
    }
    return tokenizer;
  }

  private GenerationSettings settings(TranslationOptions options) {
    GenerationSettings defaults = directory.generation();
    if (options.task() != null) {
      GenerationSettings task = directory.tasks().get(options.task());
      if (task == null) {
        throw new TranslationException(
            String.format(
                Locale.ROOT,
                "task '%s' is unknown; the model has: %s",
                options.task(),
                directory.tasks().isEmpty()
                    ? "none"
                    : String.join(", ", directory.tasks().keySet())));
      }
      defaults = task.orElse(defaults);
    }
    return options.settings().orElse(defaults);
  }

  private static DecodingParameters parameters(
      Model model, GenerationSettings settings, int sourceLength) {
    int vocabulary = model.transformer().config().targetVocabulary();
    return DecodingParameters.of(settings, sourceLength, limit(model), vocabulary);
  }

  private static int limit(Model model) {
    return Math.min(model.transformer().config().positions().limit(), MOST_TOKENS);
  }

  private static void checkSource(Model model, int[] ids) {
    int limit = limit(model);
    if (ids.length > limit) {
      throw new TranslationException(
          String.format(
              Locale.ROOT,
              "the source has %d tokens; this model takes at most %d: split it",
              ids.length,
              limit));
    }
    int vocabulary = model.transformer().config().sourceVocabulary();
    for (int id : ids) {
      if (id < 0 || id >= vocabulary) {
        throw new TranslationException(
            String.format(
                Locale.ROOT,
                "source id %d is outside the vocabulary of %d tokens",
                id,
                vocabulary));
      }
    }
  }

  private static Translation empty(int[] ids) {
    return new Translation(boxed(ids), List.of(new Translation.TargetText("", 0f, List.of())));
  }

  private static List<Integer> boxed(int[] ids) {
    return Arrays.stream(ids).boxed().collect(Collectors.toList());
  }

  private static List<Float> boxed(float[] values) {
    List<Float> list = new ArrayList<>(values.length);
    for (float value : values) {
      list.add(value);
    }
    return list;
  }

  private static int[] unboxed(List<Integer> ids) {
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }
}
