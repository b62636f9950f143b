package dev.bcq.runtime.decoding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.format.BcqFile;
import dev.bcq.runtime.RandomModels;
import dev.bcq.runtime.kernels.Arithmetic;
import dev.bcq.runtime.kernels.ScalarKernelProvider;
import dev.bcq.runtime.kernels.ThreadTeam;
import dev.bcq.runtime.model.EncodedSource;
import dev.bcq.runtime.model.ModelLoader;
import dev.bcq.runtime.model.Transformer;
import dev.bcq.runtime.tensor.SpareArrays;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TeacherForcingTest {
  private static final long SEED = 11;
  private static final int START = 2;

  /** More than a kernel takes at once, an empty one and equally long ones among them. */
  private static final int[] TARGET_LENGTHS = {5, 0, 9, 1, 5, 17, 3, 2, 9, 4, 1};

  @TempDir Path folder;

  private List<BcqFile> files() {
    return List.of(
        RandomModels.marian(folder.resolve("marian.bcq"), 1),
        RandomModels.t5(folder.resolve("t5.bcq"), 2));
  }

  private static Transformer transformer(BcqFile file, Arithmetic arithmetic) {
    return ModelLoader.load(file, new ScalarKernelProvider().create(), arithmetic);
  }

  private static int[] tokens(Random random, int length) {
    return random.ints(length, 0, RandomModels.VOCABULARY).toArray();
  }

  /** Returns log-probabilities of all tokens, by sentence and position; each was heard of once. */
  private static float[][][] run(
      Transformer transformer, List<EncodedSource> sources, List<int[]> targets) {
    float[][][] heard = new float[targets.size()][][];
    for (int i = 0; i < heard.length; i++) {
      heard[i] = new float[targets.get(i).length][0];
    }
    TeacherForcing.run(
        transformer,
        sources,
        START,
        targets,
        (sentence, position, values, column) -> {
          int at = values.at(column);
          assertEquals(0, heard[sentence][position].length, "heard of twice");
          heard[sentence][position] =
              Arrays.copyOfRange(values.values(), at, at + RandomModels.VOCABULARY);
        });
    return heard;
  }

  @Test
  void sentencesTogetherGetTheBitsThatEachGetsAlone() {
    for (BcqFile file : files()) {
      for (Arithmetic arithmetic : Arithmetic.values()) {
        Transformer transformer = transformer(file, arithmetic);
        Random random = new Random(SEED);
        List<int[]> sources = new ArrayList<>();
        List<int[]> targets = new ArrayList<>();
        for (int length : TARGET_LENGTHS) {
          sources.add(tokens(random, 1 + random.nextInt(12)));
          targets.add(tokens(random, length));
        }
        float[][][] together =
            run(
                transformer,
                transformer.encoder(ThreadTeam.SINGLE, new SpareArrays()).encode(sources, () -> {}),
                targets);
        for (int i = 0; i < targets.size(); i++) {
          EncodedSource source = transformer.encode(sources.get(i));
          float[][][] alone = run(transformer, List.of(source), List.of(targets.get(i)));
          float[] chosen =
              TeacherForcing.logProbabilities(transformer, source, START, targets.get(i));
          assertEquals(targets.get(i).length, together[i].length);
          for (int position = 0; position < targets.get(i).length; position++) {
            String place = arithmetic + ", sentence " + i + ", position " + position;
            assertArrayEquals(alone[0][position], together[i][position], place + " seed " + SEED);
            assertEquals(alone[0][position][targets.get(i)[position]], chosen[position], 0f, place);
          }
        }
      }
    }
  }

  @Test
  void probabilitiesDependOnTheTokensBeforeAndAddUpToOne() {
    Transformer transformer = transformer(files().get(0), Arithmetic.EXACT);
    EncodedSource source = transformer.encode(new int[] {7, 3, 44});
    float[][] one = run(transformer, List.of(source), List.of(new int[] {4, 5, 6}))[0];
    float[][] other = run(transformer, List.of(source), List.of(new int[] {4, 9, 6}))[0];
    assertArrayEquals(one[0], other[0]);
    assertArrayEquals(one[1], other[1]);
    assertTrue(!Arrays.equals(one[2], other[2]), "the second token changed nothing");
    for (float[] position : one) {
      double sum = 0;
      for (float value : position) {
        sum += Math.exp(value);
      }
      assertEquals(1, sum, 1e-5);
    }
  }

  @Test
  void tokensOutsideTheVocabularyAreRefused() {
    Transformer transformer = transformer(files().get(1), Arithmetic.EXACT);
    EncodedSource source = transformer.encode(new int[] {7});
    for (int token : new int[] {-1, RandomModels.VOCABULARY}) {
      DecodingException refused =
          assertThrows(
              DecodingException.class,
              () ->
                  TeacherForcing.logProbabilities(
                      transformer, source, START, new int[] {1, token}));
      assertTrue(String.valueOf(refused.getMessage()).contains("target id " + token + " is"));
    }
  }
}
