package dev.bcq.kernels.ffm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import dev.bcq.format.BcqFile;
import dev.bcq.runtime.RandomModels;
import dev.bcq.runtime.kernels.Arithmetic;
import dev.bcq.runtime.kernels.Availability;
import dev.bcq.runtime.model.EncodedSource;
import dev.bcq.runtime.model.ModelLoader;
import dev.bcq.runtime.model.SentenceDecoder;
import dev.bcq.runtime.model.Transformer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A step of the decoder allocates nothing of its own: the segments that wrap arrays for C live in
 * registers once the JVM's optimizing compiler has inlined the calls. It does not go that far in
 * every run, for it decides by what it has seen first: the best of several JVMs counts.
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

  private static final int MOST_JVMS = 8;

  @TempDir Path folder;

  @Test
  void aStepOfAMarianModelAllocatesNothing() throws Exception {
    Availability availability = new FfmKernelProvider().probe();
    Assumptions.assumeTrue(availability.available(), availability.detail());
    Path model = folder.resolve("marian.bcq");
    RandomModels.marian(model, 1);
    for (Arithmetic arithmetic : Arithmetic.values()) {
      String nothing = "1: 0\n4: 0\n";
      String found = "";
      for (int jvm = 0; jvm < MOST_JVMS && !found.equals(nothing); jvm++) {
        found = measured(model, arithmetic);
      }
      assertEquals(nothing, found, arithmetic.toString());
    }
  }

  private String measured(Path model, Arithmetic arithmetic)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                StepAllocationTest.class.getName(),
                model.toString(),
                arithmetic.name())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }

  /**
   * Prints for 1 and 4 beams how many bytes {@link #END} - {@link #BEGIN} steps allocate at least.
   *
   * @param args model file, arithmetic
   */
  public static void main(String[] args) {
    Transformer transformer =
        ModelLoader.load(
            BcqFile.open(Path.of(args[0])),
            new FfmKernelProvider().create(),
            Arithmetic.valueOf(args[1]));
    EncodedSource source = transformer.encode(SOURCE);
    for (int beams : new int[] {1, 4}) {
      // The JVM itself allocates a few bytes in a thread when it compiles; not in each attempt.
      long least = Long.MAX_VALUE;
      for (int attempt = 0; attempt < MOST_ATTEMPTS && least > 0; attempt++) {
        least = Math.min(least, bytesOfSteps(transformer, source, beams));
      }
      System.out.print(beams + ": " + least + "\n");
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
