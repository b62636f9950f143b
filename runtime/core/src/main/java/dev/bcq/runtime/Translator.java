package dev.bcq.runtime;

import dev.bcq.format.BcqDirectory;
import dev.bcq.format.BcqFile;
import dev.bcq.format.BcqFormatException;
import dev.bcq.runtime.kernels.KernelProvider;
import dev.bcq.runtime.kernels.KernelRegistry;
import dev.bcq.runtime.kernels.Kernels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Translates with one model. Thread-safe: any number of calls run side by side, each on its
 * caller's thread and those that it asks for.
 *
 * <p>A call ends early with a {@link java.util.concurrent.CancellationException}, within one step
 * of the decoder, when its {@link Cancellation} says so or its thread is interrupted.
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
  private volatile @Nullable OpenModel model;

  private Translator(BcqDirectory directory, String kernels, OpenModel model) {
    this.directory = directory;
    this.kernels = kernels;
    this.model = model;
  }

  /**
   * Opens a model file with default options. Whatever the file says, that allocates at most 256 KiB
   * and 64 times its length, garbage included, in Java's heap.
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
    return new Translator(
        file.directory(), provider.id(), new OpenModel(file, kernels, options, warmUp));
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

  /** Translates one segment; see {@link #translateAll(List, TranslationOptions, BatchOptions)}. */
  public Translation translate(String text, TranslationOptions options) {
    return translateAll(List.of(text), options, BatchOptions.DEFAULT).get(0);
  }

  /** Translates one segment, unless it is cancelled. */
  public Translation translate(String text, TranslationOptions options, Cancellation handle) {
    BatchOptions batch = BatchOptions.DEFAULT.withCancellation(handle);
    return translateAll(List.of(text), options, batch).get(0);
  }

  /** Translates token ids; see {@link #translateAllIds}. */
  public Translation translate(int[] sourceIds, TranslationOptions options) {
    return translateAllIds(List.of(sourceIds), options, BatchOptions.DEFAULT).get(0);
  }

  /** Translates segments with the file's defaults. */
  public List<Translation> translateAll(List<String> texts) {
    return translateAll(texts, TranslationOptions.DEFAULT, BatchOptions.DEFAULT);
  }

  /**
   * Translates segments, several of them in each step of the decoder. What a segment gets depends
   * neither on its neighbours nor on the batch options. A text without any token has an empty
   * translation.
   *
   * @return translations in the order of the texts
   * @throws TranslationException if a text is too long for the model, before anything is
   *     translated; if the model has no tokenizer, or the options leave no possible translation
   * @throws dev.bcq.runtime.decoding.DecodingException if options contradict each other or the
   *     model
   * @throws java.util.concurrent.CancellationException if the call is cancelled or interrupted
   * @throws IllegalStateException if this translator is closed
   */
  public List<Translation> translateAll(
      List<String> texts, TranslationOptions options, BatchOptions batch) {
    return running(
        open -> {
          List<int[]> sources = new ArrayList<>(texts.size());
          for (String text : texts) {
            sources.add(open.sourceIds(text, options));
          }
          return open.translate(sources, options, batch);
        });
  }

  /**
   * Translates token ids as {@link #translateAll(List, TranslationOptions, BatchOptions)} does
   * texts.
   *
   * @param sources what the encoder reads for each segment; nothing is added, an empty source has
   *     an empty translation
   */
  public List<Translation> translateAllIds(
      List<int[]> sources, TranslationOptions options, BatchOptions batch) {
    return running(open -> open.translate(sources, options, batch));
  }

  /** Translates a text with the file's defaults. */
  public TextTranslation translateText(String text) {
    return translateText(text, TranslationOptions.DEFAULT, BatchOptions.DEFAULT);
  }

  /**
   * Translates a text of any length, sentence by sentence: each sentence is a segment of {@link
   * #translateAll(List, TranslationOptions, BatchOptions)}. White space around sentences, line
   * breaks and paragraphs among it, is that of the source; where a source has none between two
   * sentences, as in Chinese, the target gets a space unless its language has none either.
   *
   * <p>Sentences are found by the rules of the model's source language. A line break always ends
   * one. A sentence that has more tokens than the model can take, or than {@value
   * SentenceSegments#MOST_TOKENS}, is cut at a clause mark, at white space, or wherever it must be.
   */
  public TextTranslation translateText(
      String text, TranslationOptions options, BatchOptions batch) {
    return running(
        open -> {
          SentenceSegments segments = SentenceSegments.of(open, text, options);
          return segments.join(open.translate(segments.sourceIds(), options, batch));
        });
  }

  /**
   * Translates on another thread. Cancelling the future, or completing it in any other way, ends
   * the translation.
   *
   * @param executor runs the call
   */
  public CompletableFuture<Translation> translateAsync(
      String text, TranslationOptions options, Executor executor) {
    return async(null, executor, handle -> translate(text, options, handle));
  }

  /** Translates segments on another thread, as {@link #translateAsync} does one. */
  public CompletableFuture<List<Translation>> translateAllAsync(
      List<String> texts, TranslationOptions options, BatchOptions batch, Executor executor) {
    return async(
        batch.cancellation(),
        executor,
        handle -> translateAll(texts, options, batch.withCancellation(handle)));
  }

  /** Translates a text on another thread, as {@link #translateAsync} does a segment. */
  public CompletableFuture<TextTranslation> translateTextAsync(
      String text, TranslationOptions options, BatchOptions batch, Executor executor) {
    return async(
        batch.cancellation(),
        executor,
        handle -> translateText(text, options, batch.withCancellation(handle)));
  }

  /**
   * Returns what the encoder reads for a text: prefix, tokens, end token; empty if the text has no
   * token.
   */
  public int[] sourceIds(String text, TranslationOptions options) {
    return running(open -> open.sourceIds(text, options));
  }

  /** Returns the tokens of a target text in the file's default language, end token included. */
  public int[] targetIds(String text) {
    return targetIds(text, TranslationOptions.DEFAULT);
  }

  /**
   * Returns the tokens of a target text as the decoder would make them: the token of its language
   * where that comes first, its own, end token.
   */
  public int[] targetIds(String text, TranslationOptions options) {
    return running(open -> open.targetIds(text, options));
  }

  /**
   * Scores a given target.
   *
   * @param targetIds tokens as they would be generated, end token included where it is wanted
   */
  public TargetScore score(int[] sourceIds, int[] targetIds, TranslationOptions options) {
    return running(open -> open.score(sourceIds, targetIds, options));
  }

  /** Refuses further calls; running ones finish. */
  @Override
  public void close() {
    OpenModel open = model;
    model = null;
    if (open != null) {
      open.close();
    }
  }

  private <T> T running(Function<OpenModel, T> call) {
    OpenModel open = model;
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

  private static <T> CompletableFuture<T> async(
      @Nullable Cancellation outer, Executor executor, Function<Cancellation, T> call) {
    CompletableFuture<T> future = new CompletableFuture<>();
    // However the future has ended, nobody waits for the work any more.
    Cancellation handle =
        new Cancellation(() -> future.isDone() || (outer != null && outer.isCancelled()));
    executor.execute(
        () -> {
          try {
            future.complete(call.apply(handle));
          } catch (RuntimeException | Error e) {
            future.completeExceptionally(e);
          }
        });
    return future;
  }
}
