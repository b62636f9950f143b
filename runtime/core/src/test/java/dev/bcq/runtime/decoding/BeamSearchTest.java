package dev.bcq.runtime.decoding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.format.EarlyStopping;
import dev.bcq.format.GenerationSettings;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.ScalarKernelProvider;
import dev.bcq.runtime.tensor.Activations;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BeamSearchTest {
  private static final Kernels KERNELS = new ScalarKernelProvider().create();
  private static final int VOCABULARY = 23;

  /** Logits that depend on the whole sequence, so that a wrong parent is seen at once. */
  private static float[] logits(long seed, int[] ids) {
    Random random = new Random(seed * 31 + Arrays.hashCode(ids));
    float[] logits = new float[VOCABULARY];
    for (int i = 0; i < VOCABULARY; i++) {
      logits[i] = (float) random.nextGaussian() * 2;
    }
    return logits;
  }

  /** Rebuilds each column's sequence from the parents it is told. */
  private static final class SequenceDecoder {
    private final long seed;
    private int[][] sequences = {};
    private int steps;

    SequenceDecoder(long seed) {
      this.seed = seed;
    }

    List<Hypothesis> run(DecodingParameters parameters) {
      Search search = Search.begin(KERNELS, parameters, VOCABULARY);
      while (search.columns() > 0) {
        search.take(step(search.tokens(), search.parents(), search.columns()), 0);
      }
      return search.best();
    }

    private Activations step(int[] tokens, int[] parents, int columns) {
      int[][] next = new int[columns][];
      Activations logits = Activations.allocate(columns, VOCABULARY);
      for (int column = 0; column < columns; column++) {
        next[column] =
            steps == 0 ? new int[1] : Arrays.copyOf(sequences[parents[column]], steps + 1);
        next[column][steps] = tokens[column];
        float[] own = logits(seed, next[column]);
        System.arraycopy(own, 0, logits.values(), logits.at(column), VOCABULARY);
      }
      sequences = next;
      steps++;
      return logits;
    }
  }

  private static GenerationSettings.Builder settings() {
    return GenerationSettings.builder().startToken(0).endTokens(List.of(1)).beams(4).nBest(4);
  }

  private static GenerationSettings randomSettings(Random random) {
    int beams = 1 + random.nextInt(6);
    GenerationSettings.Builder builder =
        settings()
            .beams(beams)
            .nBest(beams)
            .maxTokens(1 + random.nextInt(12))
            .lengthPenalty((random.nextInt(9) - 2) / 2f)
            .earlyStopping(List.of(EarlyStopping.values()).get(random.nextInt(4)));
    if (random.nextInt(3) == 0) {
      builder.endTokens(List.of(1, 5, 9));
    }
    if (random.nextInt(3) == 0) {
      builder.repetitionPenalty(0.5f + random.nextInt(4) / 2f);
    }
    if (random.nextInt(3) == 0) {
      builder.noRepeatNgram(1 + random.nextInt(3));
    }
    if (random.nextInt(3) == 0) {
      builder.minTokens(random.nextInt(6));
    }
    if (random.nextInt(4) == 0) {
      builder.forcedFirstToken(random.nextInt(VOCABULARY));
    }
    if (random.nextInt(4) == 0) {
      builder.forcedLastTokens(List.of(1));
    }
    if (random.nextInt(4) == 0) {
      builder.blockedTokens(List.of(2, 3)).suppressedTokens(List.of(4));
    }
    if (random.nextInt(4) == 0) {
      builder.beginSuppressedTokens(List.of(6, 7, 8));
    }
    return builder.build();
  }

  @Test
  void equalsTheUncachedReferenceForRandomOptions() {
    for (long seed = 0; seed < 3000; seed++) {
      GenerationSettings settings = randomSettings(new Random(seed));
      DecodingParameters parameters = DecodingParameters.of(settings, 5, 100, VOCABULARY);
      if (parameters.beams() == 1) {
        continue;
      }
      long model = seed;
      List<Hypothesis> expected =
          new ReferenceBeamSearch(ids -> logits(model, ids), parameters).run();
      List<Hypothesis> found = new SequenceDecoder(seed).run(parameters);
      String what = "seed " + seed + ", " + parameters;
      assertEquals(expected.size(), found.size(), what);
      for (int i = 0; i < expected.size(); i++) {
        assertEquals(expected.get(i).ids(), found.get(i).ids(), what);
        float score = expected.get(i).score();
        assertEquals(score, found.get(i).score(), 1e-5 * Math.max(1, Math.abs(score)), what);
      }
    }
  }

  @Test
  void greedySearchTakesTheHighestLogitAndStopsAtAnEndToken() {
    for (long seed = 0; seed < 200; seed++) {
      DecodingParameters parameters =
          DecodingParameters.of(
              settings().beams(1).nBest(1).maxTokens(9).build(), 5, 100, VOCABULARY);
      List<Integer> ids = new SequenceDecoder(seed).run(parameters).get(0).ids();
      int[] sequence = {0};
      for (int i = 0; i < ids.size(); i++) {
        float[] logits = logits(seed, sequence);
        for (float logit : logits) {
          assertTrue(logits[ids.get(i)] >= logit, "seed " + seed);
        }
        assertEquals(ids.get(i) == 1 || i == 8, i == ids.size() - 1, "seed " + seed);
        sequence = Arrays.copyOf(sequence, sequence.length + 1);
        sequence[sequence.length - 1] = ids.get(i);
      }
    }
  }

  @Test
  void nothingIsFoundWhenEveryTokenIsSuppressed() {
    List<Integer> all = IntStream.range(0, VOCABULARY).boxed().toList();
    for (int beams : new int[] {1, 4}) {
      GenerationSettings settings = settings().beams(beams).nBest(1).suppressedTokens(all).build();
      DecodingParameters parameters = DecodingParameters.of(settings, 5, 100, VOCABULARY);
      assertTrue(new SequenceDecoder(1).run(parameters).isEmpty());
    }
  }
}
