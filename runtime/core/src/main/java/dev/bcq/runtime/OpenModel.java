package dev.bcq.runtime;

import dev.bcq.format.BcqDirectory;
import dev.bcq.format.BcqFile;
import dev.bcq.format.GenerationSettings;
import dev.bcq.format.TextLanguages;
import dev.bcq.format.TokenizerModel;
import dev.bcq.runtime.decoding.DecodingParameters;
import dev.bcq.runtime.decoding.Hypothesis;
import dev.bcq.runtime.decoding.SearchRequest;
import dev.bcq.runtime.decoding.TeacherForcing;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.model.EncodedSource;
import dev.bcq.runtime.model.ModelLoader;
import dev.bcq.runtime.model.Transformer;
import dev.bcq.runtime.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A model at work for a translator: text to tokens, tokens to translations and scores. */
final class OpenModel {
  private static final Translation EMPTY =
      new Translation(List.of(), List.of(new Translation.TargetText("", 0f, List.of())));

  private final BcqDirectory directory;
  private final Transformer transformer;
  private final Workspaces workspaces;
  private final @Nullable Tokenizer tokenizer;
  private final @Nullable WarmUp warmUp;

  OpenModel(BcqFile file, Kernels kernels, TranslatorOptions options, @Nullable WarmUp warmUp) {
    this.directory = file.directory();
    this.transformer = ModelLoader.load(file, kernels, options.arithmetic());
    this.workspaces = new Workspaces(transformer);
    TokenizerModel model = file.tokenizer();
    this.tokenizer = model == null ? null : new Tokenizer(model);
    this.warmUp = warmUp;
  }

  void close() {
    if (warmUp != null) {
      warmUp.end();
    }
  }

  int[] sourceIds(String text, TranslationOptions options) {
    Tokenizer known = tokenizer();
    LanguageChoice choice = languages(options);
    GenerationSettings settings = settings(options);
    choice.check(settings, known.namesTarget(text));
    int[] ids = known.encode(text, choice.tokens());
    if (known.isEmpty(text, ids, choice.tokens())) {
      return new int[0];
    }
    String prefix = settings.prefix();
    return prefix == null || prefix.isEmpty() ? ids : known.encode(prefix + text, choice.tokens());
  }

  int[] targetIds(String text, TranslationOptions options) {
    Tokenizer known = tokenizer();
    LanguageChoice choice = languages(options);
    choice.check(settings(options), true);
    return known.encodeTarget(text, choice.tokens());
  }

  private LanguageChoice languages(TranslationOptions options) {
    return LanguageChoice.of(
        tokenizer == null ? TextLanguages.NONE : tokenizer.languages(), options);
  }

  List<String> sourceLanguages() {
    return directory.info().sourceLanguages();
  }

  List<String> targetLanguages() {
    return directory.info().targetLanguages();
  }

  /** Returns the most tokens of a source or a target. */
  int limit() {
    return Math.min(transformer.config().positions().limit(), Translator.MOST_TOKENS);
  }

  List<Translation> translate(List<int[]> sources, TranslationOptions options, BatchOptions batch) {
    GenerationSettings settings = settings(options);
    @Nullable Translation[] translations = new Translation[sources.size()];
    List<SearchRequest> requests = new ArrayList<>();
    for (int i = 0; i < translations.length; i++) {
      int[] ids = sources.get(i);
      if (ids.length == 0) {
        translations[i] = EMPTY;
      } else {
        checkSource(ids);
        requests.add(new SearchRequest(i, ids, parameters(settings, ids.length)));
      }
    }
    new Batch(transformer, workspaces, requests, batch, this::translation, translations).run();
    List<Translation> all = new ArrayList<>();
    for (Translation translation : translations) {
      if (translation != null) {
        all.add(translation);
      }
    }
    return all;
  }

  private Translation translation(SearchRequest request, List<Hypothesis> hypotheses) {
    warmUp();
    if (hypotheses.isEmpty()) {
      throw new TranslationException(
          "the options leave no possible translation: every token is suppressed");
    }
    return new Translation(
        boxed(request.sourceIds()),
        hypotheses.stream().map(this::targetText).collect(Collectors.toList()));
  }

  private Translation.TargetText targetText(Hypothesis hypothesis) {
    int[] ids = hypothesis.ids().stream().mapToInt(Integer::intValue).toArray();
    return new Translation.TargetText(
        tokenizer == null ? "" : tokenizer.decode(ids), hypothesis.score(), hypothesis.ids());
  }

  TargetScore score(int[] sourceIds, int[] targetIds, TranslationOptions options) {
    GenerationSettings settings = settings(options);
    checkSource(sourceIds);
    if (targetIds.length > limit()) {
      throw new TranslationException(
          String.format(
              Locale.ROOT,
              "the target has %d tokens; this model takes at most %d",
              targetIds.length,
              limit()));
    }
    DecodingParameters parameters = parameters(settings, sourceIds.length);
    EncodedSource source = transformer.encode(sourceIds);
    float[] logProbabilities =
        TeacherForcing.logProbabilities(transformer, source, parameters.startToken(), targetIds);
    warmUp();
    return new TargetScore(
        boxed(targetIds),
        boxed(logProbabilities),
        TeacherForcing.score(logProbabilities, parameters.lengthPenalty()));
  }

  private void warmUp() {
    if (warmUp != null) {
      warmUp.begin();
    }
  }

  private Tokenizer tokenizer() {
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
    return languages(options).apply(options.settings().orElse(defaults));
  }

  private DecodingParameters parameters(GenerationSettings settings, int sourceLength) {
    int vocabulary = transformer.config().targetVocabulary();
    return DecodingParameters.of(settings, sourceLength, limit(), vocabulary);
  }

  private void checkSource(int[] ids) {
    if (ids.length > limit()) {
      throw new TranslationException(
          String.format(
              Locale.ROOT,
              "the source has %d tokens; this model takes at most %d: split it",
              ids.length,
              limit()));
    }
    int vocabulary = transformer.config().sourceVocabulary();
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
}
