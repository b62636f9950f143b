package dev.bcq.runtime.decoding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.bcq.format.BcqFile;
import dev.bcq.format.GenerationSettings;
import dev.bcq.runtime.RandomModels;
import dev.bcq.runtime.kernels.Arithmetic;
import dev.bcq.runtime.kernels.Availability;
import dev.bcq.runtime.kernels.KernelProvider;
import dev.bcq.runtime.kernels.ThreadTeam;
import dev.bcq.runtime.model.ModelLoader;
import dev.bcq.runtime.model.Transformer;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Steps of a whole search, decoder and choice of tokens, allocate not a byte in any thread.
 *
 * <p>What that is true of is compiled code: the interpreter makes objects that compilers leave
 * away, such as vectors, and links each call of C when it comes to it first; and while the JVM
 * compiles, it allocates a few bytes in the thread that asked for it. So searches are repeated
 * until one of them allocates nothing. One that allocates in each step never does.
 */
public abstract class StepAllocationContract {
  private static final int[] SOURCE = {7, 3, 44, 20, 9, 1};
  private static final int MOST_POSITIONS = 1000;
  private static final int MOST_ATTEMPTS = 100;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir Path folder;

  /** Returns the provider under test. */
  protected abstract KernelProvider provider();

  /** Skips the test where the provider is not available; {@code KernelContract} requires it. */
  @BeforeEach
  void requireProvider() {
    Availability availability = provider().probe();
    Assumptions.assumeTrue(availability.available(), availability.detail());
  }

  /**
   * Steps in which no buffer grows. Lists of steps and scores grow by doubling at 16, 32, 64, 128
   * and 256 steps, rows of keys and values as their number goes beyond 20, 44, 92, 188 and 380: a
   * few more than there are steps.
   *
   * @param begin first step that is counted
   * @param end the step behind the last one
   */
  private record Window(int begin, int end) {}

  private static final Window LATE = new Window(205, 250);
  private static final Window EARLY = new Window(42, 62);

  @Test
  void aStepOfAMarianModelAllocatesNothing() {
    check(RandomModels.marian(folder.resolve("marian.bcq"), 1), ThreadTeam.SINGLE, LATE);
  }

  @Test
  void aStepOfAT5ModelAllocatesNothing() {
    check(RandomModels.t5(folder.resolve("t5.bcq"), 1), ThreadTeam.SINGLE, LATE);
  }

  @Test
  void aStepOfAModelWithInputScalesAllocatesNothing() {
    check(RandomModels.inputScaled(folder.resolve("input.bcq"), 1), ThreadTeam.SINGLE, LATE);
  }

  /** The default model is large enough for two threads to share its matrices. */
  @Test
  void aStepOfTwoThreadsAllocatesNothing() {
    BcqFile file = BcqFile.open(Path.of(System.getProperty("bcq.default.model", "none")));
    try (ThreadTeam team = new ThreadTeam(2)) {
      check(file, team, EARLY);
    }
  }

  @Test
  void whatAThreadOfATeamAllocatesIsCounted() {
    try (ThreadTeam team = new ThreadTeam(2)) {
      Counter counter = new Counter(0, EARLY);
      counter.begin();
      Thread caller = Thread.currentThread();
      AtomicBoolean allocated = new AtomicBoolean();
      byte[][] kept = new byte[1][];
      ThreadTeam.Task task =
          member -> {
            if (Thread.currentThread() != caller) {
              kept[0] = new byte[1000];
              allocated.set(true);
            } else {
              while (!allocated.get()) {
                Thread.onSpinWait();
              }
            }
          };
      team.run(task, 2);
      counter.end();
      assertEquals(1000, kept[0].length);
      assertTrue(counter.bytes >= 1000, counter.bytes + " bytes");
    }
  }

  private void check(BcqFile file, ThreadTeam team, Window window) {
    for (Arithmetic arithmetic : Arithmetic.values()) {
      Transformer transformer = ModelLoader.load(file, provider().create(), arithmetic);
      for (int beams : new int[] {1, 4}) {
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < MOST_ATTEMPTS && least > 0; attempt++) {
          least = Math.min(least, bytesOfSteps(transformer, team, beams, window));
        }
        int steps = window.end() - window.begin();
        assertEquals(0, least, arithmetic + ", " + beams + " beams: bytes of " + steps + " steps");
      }
    }
  }

  private static long bytesOfSteps(
      Transformer transformer, ThreadTeam team, int beams, Window window) {
    GenerationSettings settings =
        GenerationSettings.builder()
            .startToken(0)
            .endTokens(List.of(1))
            .beams(beams)
            .repetitionPenalty(1.2f)
            .noRepeatNgram(4)
            .minTokens(window.end() + 1)
            .maxTokens(window.end() + 1)
            .build();
    DecodingParameters parameters =
        DecodingParameters.of(
            settings, SOURCE.length, MOST_POSITIONS, transformer.config().targetVocabulary());
    List<SearchRequest> requests = List.of(new SearchRequest(0, SOURCE, parameters));
    Counter counter = new Counter(transformer.config().encoder().layers(), window);
    // With more places than sources, each step asks whether there are others by now.
    BatchSearch.run(
        new Workspace(transformer, team),
        (most, bytes, idle) -> counter.calls == 0 ? requests : List.of(),
        4,
        Long.MAX_VALUE,
        counter::checkpoint,
        (request, hypotheses) -> assertEquals(1, hypotheses.size()));
    assertEquals(window.end() + 1, counter.steps(), "steps of the search");
    return counter.bytes;
  }

  /** Counts what all threads of a search allocate in a window of its steps. */
  private static final class Counter {
    private final int encoderLayers;
    private final Window window;
    private final long[] others;
    private int calls;
    private long before;
    private long bytes;

    Counter(int encoderLayers, Window window) {
      this.encoderLayers = encoderLayers;
      this.window = window;
      this.others =
          Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> thread.getName().startsWith("bcq-team-"))
              .mapToLong(Thread::getId)
              .toArray();
    }

    int steps() {
      return calls - encoderLayers;
    }

    /** A search calls its checkpoint before each layer of the encoder and each step. */
    void checkpoint() {
      if (steps() == window.begin()) {
        begin();
      } else if (steps() == window.end()) {
        end();
      }
      calls++;
    }

    // What the count itself allocates is left out: it begins behind the one and ends before the
    // other.
    void begin() {
      before = -bytesOfOthers();
      before -= THREADS.getCurrentThreadAllocatedBytes();
    }

    void end() {
      bytes = before + THREADS.getCurrentThreadAllocatedBytes();
      bytes += bytesOfOthers();
    }

    private long bytesOfOthers() {
      long sum = 0;
      for (long thread : others) {
        sum += THREADS.getThreadAllocatedBytes(thread);
      }
      return sum;
    }
  }
}
