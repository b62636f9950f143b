package dev.bcq.runtime.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.BcqMatrix;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import dev.bcq.runtime.tensor.Int8Matrix;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScalarKernelsTest extends KernelContract {

  @Override
  protected KernelProvider provider() {
    return new ScalarKernelProvider();
  }

  private static double exact(float[] row, float[] x, int from) {
    double sum = 0;
    for (int i = 0; i < row.length; i++) {
      sum += (double) row[i] * x[from + i];
    }
    return sum;
  }

  private static double magnitude(float[] row, float[] x, int from) {
    double sum = 0;
    for (int i = 0; i < row.length; i++) {
      sum += Math.abs((double) row[i] * x[from + i]);
    }
    return sum;
  }

  /**
   * Every weight is rounded in scale and sum; planes of both signs may add up to more than the
   * weight itself.
   */
  @Test
  void floatTablesMultiplyExactlyButForRounding() {
    for (long seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      int cols = 1 + random.nextInt(300);
      int planes = 1 + random.nextInt(8);
      BitPlaneBlock w = RandomMatrices.block(random, 21, cols, planes, 64, random.nextBoolean(), 0);
      check(w, random, InputForm.FLOAT_TABLES, seed);
    }
  }

  /**
   * An entry is off by at most half a step of m / 127, and there is one entry for four columns and
   * plane.
   */
  @Test
  void byteTablesMultiplyWithinHalfAStepOfEachEntry() {
    for (long seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      int cols = 1 + random.nextInt(300);
      int planes = 1 + random.nextInt(8);
      BitPlaneBlock w = RandomMatrices.block(random, 21, cols, planes, 0, random.nextBoolean(), 0);
      check(w, random, InputForm.BYTE_TABLES, seed);
    }
  }

  /** Every activation is off by at most half a step of its span, every sum by its rounding. */
  @Test
  void int8WeightsMultiplyWithinHalfAStepOfEachActivation() {
    for (long seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      int cols = 1 + random.nextInt(300);
      Int8Matrix w = RandomMatrices.int8(random, 21, cols, 0);
      float[] x = gaussian(random, cols);
      for (InputForm form : new InputForm[] {InputForm.BYTES, InputForm.FLOATS}) {
        PreparedInput input = new PreparedInput();
        input.load(new Activations(x, 0, cols), cols, 1);
        input.require(form, kernels());
        float[] y = new float[21];
        kernels().multiply(w, form, 0, w.tiles(), input, new Activations(y, 0, 21));
        float[] row = new float[cols];
        for (int i = 0; i < 21; i++) {
          w.readRow(i, row, 0);
          double bound = (cols + 5) * Math.ulp(1f) * magnitude(row, x, 0);
          if (form == InputForm.BYTES) {
            bound += cols * 127.0 * w.scales()[i] * 0.5 * largest(x) / 127 * 1.001;
          }
          assertEquals(exact(row, x, 0), y[i], bound, "seed " + seed + ", " + form);
        }
      }
    }
  }

  private static Kernels kernels() {
    return new ScalarKernels();
  }

  private static float[] gaussian(Random random, int length) {
    float[] x = new float[length];
    for (int i = 0; i < length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }

  /**
   * A level is off by at most half a step for each pair of planes, an activation by half a step of
   * its span.
   */
  @Test
  void decodedPlanesMultiplyWithinHalfAStepOfEachPairAndActivation() {
    for (long seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      int cols = 1 + random.nextInt(300);
      int planes = 1 + random.nextInt(8);
      BitPlaneBlock w = RandomMatrices.block(random, 21, cols, planes, 64, random.nextBoolean(), 0);
      check(w, random, InputForm.BYTES, seed);
    }
  }

  /** All planes of a sign give the largest level; one plane alone is decoded without loss. */
  @Test
  void levelsKeepWithinABytesMagnitude() {
    for (int planes = 1; planes <= 8; planes++) {
      BitPlaneBlock w = RandomMatrices.block(new Random(planes), 1, 32, planes, 0, false, 0);
      float magnitude = 0;
      for (int plane = 0; plane < planes; plane++) {
        w.scales()[plane * 16] = 0.5f;
        magnitude += 0.5f;
      }
      for (int i = 0; i < w.bits().capacity(); i++) {
        w.bits().put(i, (byte) 0xff);
      }
      float[] x = new float[32];
      Arrays.fill(x, 1f);
      float step = magnitude / (128 - (planes + 1) / 2);
      float[] y = multiply(w, x, 1, InputForm.BYTES);
      assertEquals(32 * magnitude, y[0], 32 * 0.5 * (planes + 1) / 2 * step, planes + " planes");
      assertTrue(y[0] > 0, planes + " planes");
    }
  }

  /** A byte is off by at most half a step of m / 127, in each column and plane. */
  @Test
  void bitSlicesMultiplyWithinHalfAStepOfEachValue() {
    for (long seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      int cols = 1 + random.nextInt(300);
      int planes = 1 + random.nextInt(8);
      BitPlaneBlock w = RandomMatrices.block(random, 21, cols, planes, 0, random.nextBoolean(), 0);
      check(w, random, InputForm.BIT_SLICES, seed);
    }
  }

  /** Values that are whole multiples of a span's step lose nothing, and sums are exact. */
  @Test
  void bitSlicesOfWholeNumbersMultiplyExactly() {
    Random random = new Random(1);
    int cols = 200;
    BitPlaneBlock w = RandomMatrices.block(random, 16, cols, 1, 0, false, 0);
    Arrays.fill(w.scales(), 1f);
    float[] x = new float[cols];
    for (int i = 0; i < cols; i++) {
      x[i] = i % 100 == 0 ? -127 : random.nextInt(255) - 127;
    }
    float[] row = new float[cols];
    float[] y = multiply(w, x, 1, InputForm.BIT_SLICES);
    BcqMatrix matrix = new BcqMatrix(List.of(w), null);
    for (int i = 0; i < w.rows(); i++) {
      matrix.readRow(i, row, 0);
      assertEquals(exact(row, x, 0), y[i], 0, "row " + i);
    }
  }

  private static float[] multiply(BitPlaneBlock w, float[] x, int columns, InputForm form) {
    Kernels kernels = kernels();
    PreparedInput input = new PreparedInput();
    input.load(new Activations(x, 0, w.cols()), w.cols(), columns);
    input.requireGroupSums(w.groupChunks());
    input.require(form, kernels);
    float[] y = new float[columns * w.rows()];
    kernels.multiply(w, form, 0, w.tiles(), input, new Activations(y, 0, w.rows()));
    return y;
  }

  private static void check(BitPlaneBlock w, Random random, InputForm form, long seed) {
    int columns = 2;
    float[] x = gaussian(random, columns * w.cols());
    float[] y = multiply(w, x, columns, form);
    BcqMatrix matrix = new BcqMatrix(List.of(w), null);
    float[] row = new float[w.cols()];
    float most = 4 * largest(x);
    for (int column = 0; column < columns; column++) {
      for (int i = 0; i < w.rows(); i++) {
        matrix.readRow(i, row, 0);
        int from = column * w.cols();
        double bound =
            8
                * (w.cols() + w.planes())
                * Math.ulp(1f)
                * (magnitude(row, x, from) + 2 * most * w.cols());
        if (form == InputForm.BYTE_TABLES) {
          double entries = Math.ceil(w.cols() / 32.0) * 8;
          bound += 2 * entries * 0.5 * most / 127 * 1.001;
        }
        if (form == InputForm.BYTES) {
          // A pair is off by half a step, 1 / (128 - pairs) of the scales' sum.
          int pairs = (w.planes() + 1) / 2;
          double weight = 0.5 * pairs * 2 / (128 - pairs);
          bound += w.cols() * largest(x) * (weight + (2 + weight) * 0.5 / 127) * 1.001;
        }
        if (form == InputForm.BIT_SLICES) {
          // Each of the planes' scales is below 1, 1/2, 1/4, ..: together below 2.
          bound += 2 * w.cols() * 0.5 * largest(x) / 127 * 1.001;
        }
        assertEquals(exact(row, x, from), y[column * w.rows() + i], bound, "seed " + seed);
      }
    }
  }

  private static float largest(float[] x) {
    float largest = 0;
    for (float value : x) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }
}
