package dev.bcq.converter.quantize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.converter.quantize.QuantizationOptions.Method;
import dev.bcq.format.BitPlaneLayout;
import dev.bcq.format.Float16;
import dev.bcq.format.Int8TileLayout;
import dev.bcq.format.MatrixEntry.ScaleType;
import dev.bcq.runtime.tensor.BcqMatrix;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MatrixEncoderTest {

  private static float[][] gaussian(long seed, int rows, int cols) {
    Random random = new Random(seed);
    float[][] w = new float[rows][cols];
    for (float[] row : w) {
      for (int i = 0; i < cols; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    return w;
  }

  private static MatrixEncoder encoder(float[][] w) {
    return new MatrixEncoder(
        "test",
        w.length,
        w[0].length,
        (row, into) -> System.arraycopy(w[row], 0, into, 0, w[0].length),
        null);
  }

  private static QuantizationOptions options(int group, boolean offset, Method method) {
    return new QuantizationOptions(group, offset, method, false);
  }

  /** Reads an encoded matrix as the runtime does. */
  private static BcqMatrix matrix(EncodedMatrix encoded, int cols) {
    EncodedMatrix.BitPlanes planes = (EncodedMatrix.BitPlanes) encoded;
    List<BitPlaneBlock> blocks = new ArrayList<>();
    int firstRow = 0;
    for (EncodedMatrix.Block block : planes.blocks()) {
      ByteBuffer bits = ByteBuffer.allocateDirect(block.bits().remaining());
      bits.put(block.bits().duplicate()).flip();
      ByteBuffer bytes = block.scales().duplicate().order(ByteOrder.LITTLE_ENDIAN);
      boolean half = planes.scaleType() == ScaleType.FLOAT16;
      float[] scales = new float[bytes.remaining() / (half ? 2 : 4)];
      for (int i = 0; i < scales.length; i++) {
        scales[i] = half ? Float16.toFloat(bytes.getShort(2 * i)) : bytes.getFloat(4 * i);
      }
      blocks.add(
          new BitPlaneBlock(
              firstRow,
              block.rows(),
              cols,
              block.planes(),
              planes.groupSize(),
              planes.offset(),
              bits,
              scales));
      firstRow += block.rows();
    }
    return new BcqMatrix(blocks, planes.storedRows());
  }

  private static double relativeError(float[][] w, BcqMatrix matrix) {
    double errors = 0;
    double weights = 0;
    float[] row = new float[w[0].length];
    for (int i = 0; i < w.length; i++) {
      matrix.readRow(i, row, 0);
      for (int j = 0; j < row.length; j++) {
        errors += Math.pow((double) w[i][j] - row[j], 2);
        weights += Math.pow(w[i][j], 2);
      }
    }
    return errors / weights;
  }

  @Test
  void gaussianRowsHaveTheErrorsThatAreKnown() {
    float[][] w = gaussian(1, 32, 1024);
    double[][] known = {{2, .1305, .1173}, {3, .0585, .0369}, {4, .0331, .0111}};
    for (double[] figures : known) {
      int planes = (int) figures[0];
      double greedy = encoder(w).quantize(planes, options(0, false, Method.GREEDY)).relativeError();
      double alternating =
          encoder(w).quantize(planes, options(0, false, Method.ALTERNATING)).relativeError();
      // Greedy planes are reassigned to the nearest level here, which is a little better than the
      // plain ones.
      assertTrue(greedy < figures[1] * 1.03, planes + " planes: " + greedy);
      assertEquals(figures[2], alternating, figures[2] * 0.04, planes + " planes");
      assertTrue(alternating < greedy);
    }
  }

  @Test
  void whatIsStoredHasTheErrorThatIsReported() {
    for (long seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      int rows = 1 + random.nextInt(40);
      int cols = 1 + random.nextInt(200);
      int group = new int[] {0, 64, 128}[random.nextInt(3)];
      boolean offset = random.nextBoolean();
      float[][] w = gaussian(seed, rows, cols);
      EncodedMatrix encoded =
          encoder(w).quantize(1 + random.nextInt(8), options(group, offset, Method.ALTERNATING));
      assertEquals(
          encoded.relativeError(), relativeError(w, matrix(encoded, cols)), 1e-6, "seed " + seed);
    }
  }

  @Test
  void morePlanesGroupsAndOffsetsNeverHurt() {
    float[][] w = gaussian(2, 16, 256);
    double former = 1;
    for (int planes = 1; planes <= 8; planes++) {
      double rows =
          encoder(w).quantize(planes, options(0, false, Method.ALTERNATING)).relativeError();
      double groups =
          encoder(w).quantize(planes, options(64, false, Method.ALTERNATING)).relativeError();
      double offsets =
          encoder(w).quantize(planes, options(64, true, Method.ALTERNATING)).relativeError();
      assertTrue(rows < former && groups < rows && offsets < groups, planes + " planes");
      former = rows;
    }
  }

  @Test
  void ternaryAndUniformWeightsAreHeldExactly() {
    float[][] ternary = new float[3][64];
    float[][] uniform = new float[3][64];
    Random random = new Random(3);
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 64; j++) {
        ternary[i][j] = random.nextInt(3) - 1;
        uniform[i][j] = random.nextInt(8) * 0.25f - 0.5f;
      }
    }
    QuantizationOptions plain = options(0, false, Method.ALTERNATING);
    QuantizationOptions withOffset = options(0, true, Method.ALTERNATING);
    assertEquals(0, encoder(ternary).quantize(2, plain).relativeError(), 1e-9);
    assertEquals(0, encoder(uniform).quantize(3, withOffset).relativeError(), 1e-9);
  }

  @Test
  void zeroTinyAndHugeMatricesAreStored() {
    float[][] zero = new float[20][40];
    assertEquals(
        0, encoder(zero).quantize(3, options(0, true, Method.ALTERNATING)).relativeError());
    for (float size : new float[] {1e-30f, 1e30f}) {
      float[][] w = gaussian(4, 8, 64);
      for (float[] row : w) {
        for (int i = 0; i < row.length; i++) {
          row[i] *= size;
        }
      }
      EncodedMatrix encoded = encoder(w).quantize(4, options(0, false, Method.ALTERNATING));
      assertEquals(ScaleType.FLOAT32, ((EncodedMatrix.BitPlanes) encoded).scaleType());
      assertTrue(encoded.relativeError() < 0.02, "size " + size);
    }
  }

  @Test
  void weightsThatAreNoNumbersAreNamed() {
    float[][] w = gaussian(5, 4, 8);
    w[2][5] = Float.NaN;
    QuantizationException e =
        assertThrows(
            QuantizationException.class,
            () -> encoder(w).quantize(2, options(0, false, Method.GREEDY)));
    assertTrue(String.valueOf(e.getMessage()).contains("row 2, column 5 is NaN"), e.getMessage());
  }

  @Test
  void clustersGiveImportantRowsMorePlanes() {
    float[][] w = gaussian(6, 200, 64);
    int[] order = IntStream.range(0, 200).map(i -> 199 - i).toArray();
    EncodedMatrix.BitPlanes encoded =
        (EncodedMatrix.BitPlanes)
            encoder(w)
                .quantize(RowDivision.clusters(4, order), options(0, false, Method.ALTERNATING));
    assertEquals(
        List.of(4, 3, 2, 1), encoded.blocks().stream().map(EncodedMatrix.Block::planes).toList());
    assertEquals(200, encoded.blocks().stream().mapToInt(EncodedMatrix.Block::rows).sum());
    for (int i = 0; i < 3; i++) {
      assertEquals(0, encoded.blocks().get(i).rows() % BitPlaneLayout.TILE_ROWS);
    }
    assertEquals(encoded.relativeError(), relativeError(w, matrix(encoded, 64)), 1e-6);
    float[] row = new float[64];
    matrix(encoded, 64).readRow(199, row, 0);
    double error = 0;
    for (int i = 0; i < 64; i++) {
      error += Math.pow(row[i] - w[199][i], 2);
    }
    assertTrue(error < 64 * 0.05, "the first row in order has four planes");
  }

  @Test
  void int8RowsAreScaledByTheirLargestWeight() {
    EncodedMatrix.Int8 encoded =
        (EncodedMatrix.Int8) encoder(new float[][] {{1, -2, 0.5f}, {0, 0, 0}}).toInt8();
    assertEquals(2f / 127, encoded.scales().getFloat(0));
    assertEquals(0, encoded.scales().getFloat(4));
    assertEquals(Int8TileLayout.CHUNK_BYTES, encoded.values().remaining());
    int[][] expected = {{64, -127, 32, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}};
    for (int row = 0; row < 3; row++) {
      for (int col = 0; col < 4; col++) {
        int value = encoded.values().get((int) Int8TileLayout.byteOffset(row, col, 1)) & 0xff;
        assertEquals(expected[row][col], value - Int8TileLayout.ZERO, row + ", " + col);
      }
    }
  }
}
