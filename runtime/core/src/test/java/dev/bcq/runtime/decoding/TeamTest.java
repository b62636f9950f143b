package dev.bcq.runtime.decoding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.format.BcqFile;
import dev.bcq.format.GenerationSettings;
import dev.bcq.runtime.RandomModels;
import dev.bcq.runtime.kernels.Arithmetic;
import dev.bcq.runtime.kernels.ForwardingKernels;
import dev.bcq.runtime.kernels.InputForm;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.kernels.ScalarKernelProvider;
import dev.bcq.runtime.kernels.ThreadTeam;
import dev.bcq.runtime.model.ModelLoader;
import dev.bcq.runtime.model.Transformer;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches of enough columns for small models to be shared by threads. */
class TeamTest {
  private static final int SOURCES = 8;
  private static final int BEAMS = 4;
  private static final int MOST_TOKENS = 12;

  @TempDir Path folder;

  /** Scalar kernels that know which threads have multiplied bit-planes. */
  private static final class WatchedKernels extends ForwardingKernels {
    private final Kernels kernels = new ScalarKernelProvider().create();
    private final Set<String> threads = ConcurrentHashMap.newKeySet();

    @Override
    protected Kernels kernels() {
      return kernels;
    }

    @Override
    public void multiply(
        BitPlaneBlock w, InputForm form, int tileFrom, int tileTo, PreparedInput x, Activations y) {
      threads.add(Thread.currentThread().getName());
      super.multiply(w, form, tileFrom, tileTo, x, y);
    }
  }

  @Test
  void aMarianModelFindsTheSameOnAnyNumberOfThreads() {
    check(RandomModels.marian(folder.resolve("marian.bcq"), 3));
  }

  @Test
  void aT5ModelFindsTheSameOnAnyNumberOfThreads() {
    check(RandomModels.t5(folder.resolve("t5.bcq"), 3));
  }

  @Test
  void aModelWithInputScalesFindsTheSameOnAnyNumberOfThreads() {
    check(RandomModels.inputScaled(folder.resolve("input.bcq"), 3));
  }

  private static void check(BcqFile file) {
    for (Arithmetic arithmetic : Arithmetic.values()) {
      WatchedKernels kernels = new WatchedKernels();
      Transformer transformer = ModelLoader.load(file, kernels, arithmetic);
      Map<Integer, List<Hypothesis>> expected = search(transformer, ThreadTeam.SINGLE);
      assertEquals(SOURCES, expected.size());
      // Models with three heads, and a vocabulary of four tiles: some members have none.
      for (int size : new int[] {2, 3, 5}) {
        try (ThreadTeam team = new ThreadTeam(size)) {
          assertEquals(
              expected, search(transformer, team), arithmetic + " with " + size + " threads");
        }
        assertTrue(kernels.threads.contains("bcq-team-" + (size - 1)), size + " threads");
      }
    }
  }

  private static Map<Integer, List<Hypothesis>> search(Transformer transformer, ThreadTeam team) {
    GenerationSettings settings =
        GenerationSettings.builder()
            .startToken(0)
            .endTokens(List.of(1))
            .beams(BEAMS)
            .maxTokens(MOST_TOKENS)
            .build();
    Random random = new Random(7);
    List<SearchRequest> waiting = new ArrayList<>();
    for (int i = 0; i < SOURCES; i++) {
      int[] source = random.ints(1 + i * 3, 2, RandomModels.VOCABULARY).toArray();
      waiting.add(
          new SearchRequest(
              i,
              source,
              DecodingParameters.of(settings, source.length, 300, RandomModels.VOCABULARY)));
    }
    Map<Integer, List<Hypothesis>> found = new TreeMap<>();
    BatchSearch.run(
        new Workspace(transformer, team),
        (most, bytes, idle) -> {
          List<SearchRequest> taken = List.copyOf(waiting);
          waiting.clear();
          return taken;
        },
        SOURCES,
        Long.MAX_VALUE,
        () -> {},
        (request, hypotheses) -> found.put(request.index(), hypotheses));
    return found;
  }
}
