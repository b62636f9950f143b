package dev.bcq.runtime.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bcq.format.BcqFile;
import dev.bcq.runtime.RandomModels;
import dev.bcq.runtime.kernels.Arithmetic;
import dev.bcq.runtime.kernels.CountingKernels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransformerTest {
  private static final int[] SOURCE = {7, 3, 44, 20, 9, 1};

  @TempDir Path folder;

  /** Models in which a matrix is one product. */
  private List<BcqFile> wholeProducts() {
    return List.of(
        RandomModels.marian(folder.resolve("marian.bcq"), 1),
        RandomModels.t5(folder.resolve("t5.bcq"), 2));
  }

  private List<BcqFile> files() {
    List<BcqFile> files = new ArrayList<>(wholeProducts());
    files.add(RandomModels.inputScaled(folder.resolve("input.bcq"), 3));
    return files;
  }

  /** Logits behind a whole sequence, computed from nothing. */
  private static float[] uncached(Transformer transformer, EncodedSource source, int[] sequence) {
    SentenceDecoder decoder = new SentenceDecoder(transformer, source, 1, sequence.length);
    float[] logits = {};
    for (int token : sequence) {
      logits = decoder.step(new int[] {token}, new int[1], 1);
    }
    return Arrays.copyOf(logits, RandomModels.VOCABULARY);
  }

  @Test
  void reorderedBeamsHaveTheLogitsOfTheirOwnHistory() {
    for (BcqFile file : files()) {
      for (Arithmetic arithmetic : Arithmetic.values()) {
        Transformer transformer = ModelLoader.load(file, new CountingKernels(), arithmetic);
        EncodedSource source = transformer.encode(SOURCE);
        int beams = 4;
        int steps = 40;
        SentenceDecoder decoder = new SentenceDecoder(transformer, source, beams, steps);
        Random random = new Random(5);
        int[][] sequences = new int[beams][0];
        for (int step = 0; step < steps; step++) {
          int columns = step == 0 ? 1 : 1 + random.nextInt(beams);
          int[] tokens = new int[beams];
          int[] parents = new int[beams];
          int[][] next = new int[columns][];
          int alive = step == 0 ? 1 : sequences.length;
          for (int column = 0; column < columns; column++) {
            parents[column] = random.nextInt(alive);
            tokens[column] = random.nextInt(RandomModels.VOCABULARY);
            next[column] = Arrays.copyOf(sequences[parents[column]], step + 1);
            next[column][step] = tokens[column];
          }
          float[] logits = decoder.step(tokens, parents, columns);
          for (int column = 0; column < columns; column++) {
            float[] expected = uncached(transformer, source, next[column]);
            int at = column * RandomModels.VOCABULARY;
            assertArrayEquals(
                expected,
                Arrays.copyOfRange(logits, at, at + RandomModels.VOCABULARY),
                "step " + step + ", column " + column);
          }
          sequences = next;
        }
      }
    }
  }

  @Test
  void aStepMultipliesTheSameMatricesAtEveryPosition() {
    for (BcqFile file : files()) {
      CountingKernels kernels = new CountingKernels();
      Transformer transformer = ModelLoader.load(file, kernels, Arithmetic.FAST);
      EncodedSource source = transformer.encode(SOURCE);
      SentenceDecoder decoder = new SentenceDecoder(transformer, source, 2, 200);
      int expected = 0;
      for (int step = 0; step < 200; step++) {
        kernels.reset();
        decoder.step(new int[] {3, 4}, new int[] {0, 0}, 2);
        if (step == 0) {
          expected = kernels.calls();
        }
        assertEquals(expected, kernels.calls(), "step " + step);
        assertEquals(2 * expected, kernels.columns(), "step " + step);
      }
    }
  }

  @Test
  void keysAndValuesOfTheSourceAreComputedOnceForASentence() {
    for (BcqFile file : wholeProducts()) {
      CountingKernels kernels = new CountingKernels();
      Transformer transformer = ModelLoader.load(file, kernels, Arithmetic.FAST);
      EncodedSource source = transformer.encode(SOURCE);
      int layers = transformer.config().decoder().layers();
      int matricesOfALayer = transformer.config().gated() ? 7 : 6;
      int encoder = transformer.config().encoder().layers() * matricesOfALayer;
      assertEquals(encoder + 2 * layers, kernels.calls());
      kernels.reset();
      new SentenceDecoder(transformer, source, 4, 10).step(new int[4], new int[4], 4);
      // All of a decoder layer but the keys and values of the source, and the output in its two row
      // blocks.
      assertEquals(layers * (matricesOfALayer + 2) + 2, kernels.calls());
    }
  }
}
