package dev.bcq.runtime.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.BcqMatrix;
import dev.bcq.runtime.tensor.BitPlaneBlock;
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
    Kernels kernels = new ScalarKernels();
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
    float[] x = new float[columns * w.cols()];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
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
