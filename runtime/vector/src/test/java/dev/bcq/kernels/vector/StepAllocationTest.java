package dev.bcq.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.format.BcqFile;
import dev.bcq.runtime.RandomModels;
import dev.bcq.runtime.kernels.Arithmetic;
import dev.bcq.runtime.model.EncodedSource;
import dev.bcq.runtime.model.ModelLoader;
import dev.bcq.runtime.model.SentenceDecoder;
import dev.bcq.runtime.model.Transformer;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A step makes no object of the kernels and no segment of memory. Bytes are not counted: vectors
 * are objects wherever the JVM does not inline what computes with them, in its interpreter always,
 * behind its second compiler where that one's limits happen to lie. So the heap is counted by
 * class, what is dead included.
 */
class StepAllocationTest {
  private static final int[] SOURCE = {7, 3, 44, 20, 9, 1};

  /** Nothing grows from here to {@link #END}. */
  private static final int BEGIN = 48;

  private static final int END = 62;

  /**
   * All of ours but the test's, and what stands for weights; in the interpreter vectors make
   * segments of arrays.
   */
  private static final Pattern COUNTED =
      Pattern.compile(
          "dev\\.bcq\\.(runtime|kernels)\\.(?!vector\\.StepAllocationTest).*"
              + "|jdk\\.internal\\.foreign\\.(Mapped|Native)MemorySegmentImpl");

  /** A collection between two counts spoils them. */
  private static final int MOST_ATTEMPTS = 20;

  @TempDir Path folder;

  @Test
  void aStepMakesNoObjectsOfTheKernels() throws JMException {
    Assumptions.assumeTrue(new VectorKernelProvider().probe().available());
    check(RandomModels.marian(folder.resolve("marian.bcq"), 1));
    check(RandomModels.t5(folder.resolve("t5.bcq"), 1));
    check(RandomModels.inputScaled(folder.resolve("input.bcq"), 1));
  }

  private static void check(BcqFile file) throws JMException {
    for (Arithmetic arithmetic : Arithmetic.values()) {
      Transformer transformer =
          ModelLoader.load(file, new VectorKernelProvider().create(), arithmetic);
      EncodedSource source = transformer.encode(SOURCE);
      for (int beams : new int[] {1, 4}) {
        boolean counted = false;
        for (int attempt = 0; attempt < MOST_ATTEMPTS && !counted; attempt++) {
          counted = count(transformer, source, beams);
        }
        assertTrue(counted, "there was always a collection in between");
      }
    }
  }

  /** Compares the objects before and behind some steps; returns false if that was not possible. */
  private static boolean count(Transformer transformer, EncodedSource source, int beams)
      throws JMException {
    SentenceDecoder decoder = new SentenceDecoder(transformer, source, beams, 100);
    int[] tokens = {3, 4, 5, 6};
    int[] parents = new int[4];
    for (int step = 0; step < BEGIN; step++) {
      decoder.step(tokens, parents, beams);
    }
    long collections = collections();
    Map<String, Long> before = objects();
    for (int step = BEGIN; step < END; step++) {
      decoder.step(tokens, parents, beams);
    }
    Map<String, Long> after = objects();
    if (collections() != collections) {
      return false;
    }
    assertTrue(before.containsKey(VectorKernels.class.getName()), before::toString);
    assertEquals(before, after, beams + " beams");
    return true;
  }

  private static long collections() {
    long sum = 0;
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      sum += collector.getCollectionCount();
    }
    return sum;
  }

  /** Returns the number of objects of each class of ours, and of those that stand for memory. */
  private static Map<String, Long> objects() throws JMException {
    String histogram =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {new String[] {"-all"}},
                    new String[] {String[].class.getName()});
    Map<String, Long> counts = new TreeMap<>();
    histogram
        .lines()
        .map(line -> List.of(line.strip().split("\\s+", -1)))
        .filter(words -> words.size() >= 4)
        .filter(words -> COUNTED.matcher(words.get(3)).matches())
        .forEach(words -> counts.put(words.get(3), Long.parseLong(words.get(1))));
    return counts;
  }
}
