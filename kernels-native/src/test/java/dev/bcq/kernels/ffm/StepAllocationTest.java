package dev.bcq.kernels.ffm;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.bcq.format.BcqFile;
import dev.bcq.runtime.RandomModels;
import dev.bcq.runtime.kernels.Arithmetic;
import dev.bcq.runtime.kernels.Availability;
import dev.bcq.runtime.model.EncodedSource;
import dev.bcq.runtime.model.ModelLoader;
import dev.bcq.runtime.model.SentenceDecoder;
import dev.bcq.runtime.model.Transformer;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A step of the decoder allocates nothing but the segments that wrap arrays for C, and those only
 * where the JVM's compiler does not keep them off the heap: never a copy of an array.
 */
class StepAllocationTest {
  private static final int[] SOURCE = {7, 3, 44, 20, 9, 1};
  private static final int[] TOKENS = {3, 4, 5, 6};

  /** All continue the first one, as beams soon do. */
  private static final int[] PARENTS = {0, 0, 0, 0};

  /**
   * Nothing grows from here to {@link #END}: the list of steps at 16, 32 and 64, rows at 20, 44.
   */
  private static final int BEGIN = 48;

  private static final int END = 64;

  /** The compiler is done after some hundreds. */
  private static final int MOST_ATTEMPTS = 1500;

  /** Bytes of the segments of a step with one beam, 32 for each array of each call, and some. */
  private static final int SEGMENTS = 8192;

  @TempDir Path folder;

  @Test
  void aStepOfAMarianModelAllocatesNothingButSegments() {
    check(RandomModels.marian(folder.resolve("marian.bcq"), 1));
  }

  @Test
  void aStepOfAT5ModelAllocatesNothingButSegments() {
    check(RandomModels.t5(folder.resolve("t5.bcq"), 1));
  }

  private static void check(BcqFile file) {
    Availability availability = new FfmKernelProvider().probe();
    Assumptions.assumeTrue(availability.available(), availability.detail());
    for (Arithmetic arithmetic : Arithmetic.values()) {
      Transformer transformer =
          ModelLoader.load(file, new FfmKernelProvider().create(), arithmetic);
      EncodedSource source = transformer.encode(SOURCE);
      for (int beams : new int[] {1, 4}) {
        long most = (long) (END - BEGIN) * beams * SEGMENTS;
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < MOST_ATTEMPTS && least > most; attempt++) {
          least = Math.min(least, bytesOfSteps(transformer, source, beams));
        }
        assertTrue(least <= most, arithmetic + ", " + beams + " beams: " + least + " bytes");
      }
    }
  }

  private static long bytesOfSteps(Transformer transformer, EncodedSource source, int beams) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    SentenceDecoder decoder = new SentenceDecoder(transformer, source, beams, 100);
    for (int step = 0; step < BEGIN; step++) {
      decoder.step(TOKENS, PARENTS, beams);
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int step = BEGIN; step < END; step++) {
      decoder.step(TOKENS, PARENTS, beams);
    }
    return threads.getCurrentThreadAllocatedBytes() - before;
  }
}
