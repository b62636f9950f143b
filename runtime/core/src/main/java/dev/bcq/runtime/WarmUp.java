package dev.bcq.runtime;

import dev.bcq.format.BcqFile;
import dev.bcq.runtime.kernels.Arithmetic;
import dev.bcq.runtime.kernels.KernelProvider;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.ScalarKernelProvider;
import dev.bcq.runtime.kernels.WarmingKernels;
import dev.bcq.runtime.layers.DecoderState;
import dev.bcq.runtime.model.DecoderSession;
import dev.bcq.runtime.model.EncodedSource;
import dev.bcq.runtime.model.ModelLoader;
import dev.bcq.runtime.model.Transformer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs a model on kernels that the JVM has not compiled yet, until they are faster than the scalar
 * ones that stand in for them. It begins after the first translation: a process that translates
 * once has no use for it.
 */
final class WarmUp {
  private static final int SOURCE_TOKENS = 8;
  private static final int STEPS = 4;
  private static final int BEAMS = 4;

  /** Passes in a row that must have been faster. */
  private static final int FASTER_PASSES = 2;

  private static final long MOST_NANOSECONDS = 30_000_000_000L;

  private final BcqFile file;
  private final Arithmetic arithmetic;
  private final Kernels first = new ScalarKernelProvider().create();
  private final Kernels better;
  private final WarmingKernels kernels;
  private final AtomicBoolean begun = new AtomicBoolean();
  private volatile boolean wanted = true;

  WarmUp(BcqFile file, Arithmetic arithmetic, KernelProvider provider) {
    this.file = file;
    this.arithmetic = arithmetic;
    this.better = provider.create();
    this.kernels = new WarmingKernels(first, better);
  }

  /** Returns kernels that are scalar now and will be the provider's. */
  Kernels kernels() {
    return kernels;
  }

  /** Begins in the background, once. */
  void begin() {
    if (!begun.get() && begun.compareAndSet(false, true)) {
      Thread thread = new Thread(this::run, "bcq-warm-up");
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** Ends it if it is going on. */
  void end() {
    wanted = false;
  }

  private void run() {
    try {
      Transformer slow = ModelLoader.load(file, first, arithmetic);
      Transformer fast = ModelLoader.load(file, better, arithmetic);
      long end = System.nanoTime() + MOST_NANOSECONDS;
      for (int faster = 0; faster < FASTER_PASSES; ) {
        if (!wanted || System.nanoTime() > end) {
          return;
        }
        faster = pass(fast) < pass(slow) ? faster + 1 : 0;
      }
      kernels.switchOver();
    } catch (InternalError e) {
      // The mapped file has become shorter; the next translation says so.
      wanted = false;
    }
  }

  /** Returns how long a short translation takes, in nanoseconds. */
  private static long pass(Transformer transformer) {
    long begin = System.nanoTime();
    int sources = transformer.config().sourceVocabulary();
    int targets = transformer.config().targetVocabulary();
    int[] ids = new int[SOURCE_TOKENS];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = (i * 7919 + 13) % sources;
    }
    EncodedSource source = transformer.encode(ids);
    DecoderSession decoder = transformer.decoder(BEAMS);
    DecoderState state = transformer.begin(source, BEAMS, STEPS);
    int[] tokens = new int[BEAMS];
    int[] parents = new int[BEAMS];
    for (int step = 0; step < STEPS; step++) {
      for (int beam = 0; beam < BEAMS; beam++) {
        tokens[beam] = (step * 31 + beam * 17) % targets;
      }
      state.next(tokens, parents, BEAMS);
      decoder.step(List.of(state));
    }
    return System.nanoTime() - begin;
  }
}
