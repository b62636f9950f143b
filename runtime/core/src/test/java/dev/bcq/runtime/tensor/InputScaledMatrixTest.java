package dev.bcq.runtime.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bcq.format.BitPlaneLayout;
import dev.bcq.runtime.kernels.Arithmetic;
import dev.bcq.runtime.kernels.MatrixRole;
import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.kernels.ScalarKernelProvider;
import dev.bcq.runtime.kernels.ThreadTeam;
import dev.bcq.runtime.layers.Linear;
import dev.bcq.runtime.layers.SharedProducts;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputScaledMatrixTest {
  private static final int COLUMNS = 3;

  private final Random random = new Random(7);

  private byte[] bits(int rows, int cols, int planes) {
    byte[] bits = new byte[(int) BitPlaneLayout.bitsLength(rows, cols, planes)];
    random.nextBytes(bits);
    return bits;
  }

  private float[] floats(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  /** FORMAT.md, word by word. */
  private static double weight(
      byte[] bits, float[] scales, int rows, int cols, int planes, int heads, int row, int col) {
    int chunks = (cols + 31) / 32;
    double weight = 0;
    for (int plane = 0; plane < planes; plane++) {
      int at = 64 * ((row / 16 * chunks + col / 32) * planes + plane) + 16 * (col % 32 / 8);
      boolean one = ((bits[at + row % 16] >> (col % 8)) & 1) == 1;
      float scale = scales[(row / (rows / heads) * planes + plane) * chunks * 32 + col];
      weight += one ? scale : -scale;
    }
    return weight;
  }

  @ParameterizedTest(name = "{0} x {1}, {2} planes, {3} heads")
  @CsvSource({
    "16, 32, 1, 1",
    "48, 96, 3, 3",
    "30, 45, 2, 5",
    "6, 7, 3, 6",
    "100, 130, 4, 4",
    "64, 33, 8, 2"
  })
  void rowsAndProductsAreThoseOfTheWeights(int rows, int cols, int planes, int heads) {
    byte[] bits = bits(rows, cols, planes);
    float[] scales = floats(heads * planes * BitPlaneLayout.chunks(cols) * 32);
    InputScaledMatrix matrix =
        new InputScaledMatrix(rows, cols, planes, heads, direct(bits), scales);
    float[] bias = floats(rows);
    Linear map =
        new Linear(
            matrix, bias, MatrixRole.STEP, new ScalarKernelProvider().create(), Arithmetic.EXACT);
    Activations x = new Activations(floats(COLUMNS * cols), 0, cols);
    Activations y = Activations.allocate(COLUMNS, rows);
    PreparedInput input = new PreparedInput();
    input.load(x, cols, COLUMNS);
    new SharedProducts(ThreadTeam.SINGLE.member(0), input).and(map, y).compute();

    float[] row = new float[cols];
    for (int r = 0; r < rows; r++) {
      matrix.readRow(r, row, 0);
      double[] expected = new double[COLUMNS];
      for (int c = 0; c < cols; c++) {
        double weight = weight(bits, scales, rows, cols, planes, heads, r, c);
        assertEquals(weight, row[c], 1e-5, "weight " + r + ", " + c);
        for (int column = 0; column < COLUMNS; column++) {
          expected[column] += weight * x.values()[x.at(column) + c];
        }
      }
      for (int column = 0; column < COLUMNS; column++) {
        float found = y.values()[y.at(column) + r];
        assertEquals(expected[column] + bias[r], found, 1e-3, "row " + r + " of " + column);
      }
    }
  }
}
