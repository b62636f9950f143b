package dev.bcq.runtime.kernels;

import dev.bcq.format.BitPlaneLayout;
import dev.bcq.format.Int8TileLayout;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import dev.bcq.runtime.tensor.Int8Matrix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/** Random weights and activations for kernel tests. */
public final class RandomMatrices {

  private RandomMatrices() {}

  /** Returns direct memory that begins {@code misalignment} bytes behind a multiple of 64. */
  public static ByteBuffer direct(int bytes, int misalignment) {
    ByteBuffer all = ByteBuffer.allocateDirect(bytes + 256).alignedSlice(64);
    all.position(misalignment).limit(misalignment + bytes);
    return all.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns bit-planes with random bits; padded bits and scales are zero, as in files. */
  public static BitPlaneBlock block(
      Random random,
      int rows,
      int cols,
      int planes,
      int groupSize,
      boolean offset,
      int misalignment) {
    int chunks = BitPlaneLayout.chunks(cols);
    ByteBuffer bits = direct((int) BitPlaneLayout.bitsLength(rows, cols, planes), misalignment);
    int groups = BitPlaneLayout.groups(cols, groupSize);
    int slots = offset ? planes + 1 : planes;
    float[] scales =
        new float[(int) BitPlaneLayout.scaleCount(rows, cols, planes, groupSize, offset)];
    for (int row = 0; row < rows; row++) {
      for (int col = 0; col < cols; col++) {
        for (int plane = 0; plane < planes; plane++) {
          int at = (int) BitPlaneLayout.byteOffset(row, col, plane, chunks, planes);
          bits.put(at, (byte) (bits.get(at) | (random.nextInt(2) << (col & 7))));
        }
      }
      for (int group = 0; group < groups; group++) {
        for (int slot = 0; slot < slots; slot++) {
          float scale = random.nextFloat() * (float) Math.pow(0.5, slot);
          scales[(int) BitPlaneLayout.scaleIndex(row, group, slot, groups, slots)] =
              slot == planes ? scale - 0.5f : scale;
        }
      }
    }
    return new BitPlaneBlock(0, rows, cols, planes, groupSize, offset, bits, scales);
  }

  /** Returns int8 weights with random bytes and scales; padded weights are zero, as in files. */
  public static Int8Matrix int8(Random random, int rows, int cols, int misalignment) {
    int chunks = BitPlaneLayout.chunks(cols);
    ByteBuffer values = direct((int) Int8TileLayout.valuesLength(rows, cols), misalignment);
    for (int i = 0; i < values.capacity(); i++) {
      values.put(i, (byte) Int8TileLayout.ZERO);
    }
    for (int row = 0; row < rows; row++) {
      for (int col = 0; col < cols; col++) {
        int at = (int) Int8TileLayout.byteOffset(row, col, chunks);
        values.put(at, (byte) (1 + random.nextInt(255)));
      }
    }
    float[] scales = new float[rows];
    for (int row = 0; row < rows; row++) {
      scales[row] = random.nextFloat();
    }
    return new Int8Matrix(rows, cols, values, scales);
  }

  /**
   * Returns activations: gaussian, some with outliers, zero spans, denormals, negative zeros or
   * huge values.
   */
  public static float[] activations(Random random, int length) {
    float[] x = new float[length];
    int kind = random.nextInt(6);
    for (int i = 0; i < length; i++) {
      x[i] = (float) random.nextGaussian();
      if (kind == 1 && random.nextInt(40) == 0) {
        x[i] *= 100;
      } else if (kind == 2 && (i / 128) % 2 == 0) {
        x[i] = i % 2 == 0 ? 0f : -0f;
      } else if (kind == 3) {
        x[i] *= 1e-39f;
      } else if (kind == 4) {
        x[i] *= 1e30f;
      } else if (kind == 5) {
        x[i] = 0f;
      }
    }
    return x;
  }
}
