package dev.bcq.kernels.ffm;

import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.KeyValueRows;
import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import dev.bcq.runtime.tensor.FloatMatrix;
import dev.bcq.runtime.tensor.Int8Matrix;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The kernels in C. What C does not check is checked here: no call leaves its arrays. Places in
 * arrays are numbers, not slices: those the compiler would not keep off the heap.
 */
final class FfmKernels implements Kernels {
  private static final int TILE = 16;
  private static final int CHUNK = 32;

  /**
   * Weights times columns of one call, about a tenth of a millisecond: the garbage collector waits
   * for its end.
   */
  private static final long MOST_PRODUCTS = 8 << 20;

  private static RuntimeException failed(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    throw new IllegalStateException(e);
  }

  /** Returns how many units of rows a call may take. */
  private static int most(long productsOfUnit) {
    return (int) Math.max(1, MOST_PRODUCTS / Math.max(1, productsOfUnit));
  }

  private static void checkOutput(
      float[] y, int yOffset, int yStride, int rowFrom, int rowTo, int columns) {
    Objects.checkFromToIndex(0, (columns - 1L) * yStride + rowTo, y.length - (long) yOffset);
    if (yOffset < 0 || rowFrom < 0 || yStride < 0) {
      throw new IndexOutOfBoundsException("output at " + yOffset + ", stride " + yStride);
    }
  }

  @Override
  public void prepareByteTables(PreparedInput input) {
    try {
      Bindings.PrepareByteTables.HANDLE.invokeExact(
          MemorySegment.ofArray(input.floats()),
          input.columns(),
          input.chunks(),
          MemorySegment.ofArray(input.byteTables()),
          MemorySegment.ofArray(input.tableScales()));
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  @Override
  public void prepareFloatTables(PreparedInput input) {
    try {
      Bindings.PrepareFloatTables.HANDLE.invokeExact(
          MemorySegment.ofArray(input.floats()),
          input.columns(),
          input.chunks(),
          MemorySegment.ofArray(input.floatTables()));
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  @Override
  public void prepareBytes(PreparedInput input) {
    try {
      Bindings.PrepareBytes.HANDLE.invokeExact(
          MemorySegment.ofArray(input.floats()),
          input.columns(),
          input.chunks(),
          MemorySegment.ofArray(input.bytes()),
          MemorySegment.ofArray(input.byteScales()));
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  @Override
  public void multiplyByteTables(
      BitPlaneBlock w,
      int tileFrom,
      int tileTo,
      PreparedInput x,
      float[] y,
      int yOffset,
      int yStride) {
    check(w, tileFrom, tileTo, x, y, yOffset, yStride);
    MemorySegment bits = MemorySegment.ofBuffer(w.bits());
    int most = most((long) TILE * CHUNK * w.chunks() * w.planes() * x.columns());
    for (int from = tileFrom; from < tileTo; from += most) {
      try {
        Bindings.MultiplyByteTables.HANDLE.invokeExact(
            bits,
            MemorySegment.ofArray(w.scales()),
            w.rows(),
            w.chunks(),
            w.planes(),
            w.groupChunks(),
            w.hasOffset() ? 1 : 0,
            from,
            Math.min(from + most, tileTo),
            x.columns(),
            MemorySegment.ofArray(x.byteTables()),
            MemorySegment.ofArray(x.tableScales()),
            MemorySegment.ofArray(x.groupSums()),
            MemorySegment.ofArray(y),
            yOffset,
            yStride);
      } catch (Throwable e) {
        throw failed(e);
      }
    }
  }

  @Override
  public void multiplyFloatTables(
      BitPlaneBlock w,
      int tileFrom,
      int tileTo,
      PreparedInput x,
      float[] y,
      int yOffset,
      int yStride) {
    check(w, tileFrom, tileTo, x, y, yOffset, yStride);
    MemorySegment bits = MemorySegment.ofBuffer(w.bits());
    int most = most(4L * TILE * CHUNK * w.chunks() * w.planes() * x.columns());
    for (int from = tileFrom; from < tileTo; from += most) {
      try {
        Bindings.MultiplyFloatTables.HANDLE.invokeExact(
            bits,
            MemorySegment.ofArray(w.scales()),
            w.rows(),
            w.chunks(),
            w.planes(),
            w.groupChunks(),
            w.hasOffset() ? 1 : 0,
            from,
            Math.min(from + most, tileTo),
            x.columns(),
            MemorySegment.ofArray(x.floatTables()),
            MemorySegment.ofArray(x.groupSums()),
            MemorySegment.ofArray(y),
            yOffset,
            yStride);
      } catch (Throwable e) {
        throw failed(e);
      }
    }
  }

  private static void check(
      BitPlaneBlock w,
      int tileFrom,
      int tileTo,
      PreparedInput x,
      float[] y,
      int yOffset,
      int yStride) {
    Objects.checkFromToIndex(tileFrom, tileTo, w.tiles());
    checkColumns(w.cols(), x);
    checkOutput(
        y, yOffset, yStride, tileFrom * TILE, Math.min(tileTo * TILE, w.rows()), x.columns());
    if (w.hasOffset()) {
      Objects.checkFromToIndex(0, x.columns() * w.groups(), x.groupSums().length);
    }
  }

  private static void checkColumns(int cols, PreparedInput x) {
    if (x.cols() != cols) {
      throw new IllegalArgumentException(
          "the input has " + x.cols() + " values, the matrix " + cols + " columns");
    }
  }

  @Override
  public void multiplyFloats(
      FloatMatrix w, int rowFrom, int rowTo, PreparedInput x, float[] y, int yOffset, int yStride) {
    Objects.checkFromToIndex(rowFrom, rowTo, w.rows());
    checkColumns(w.cols(), x);
    checkOutput(y, yOffset, yStride, rowFrom, rowTo, x.columns());
    MemorySegment weights = MemorySegment.ofBuffer(w.bytes());
    int most = most(2L * w.cols() * x.columns());
    for (int from = rowFrom; from < rowTo; from += most) {
      try {
        Bindings.MultiplyFloats.HANDLE.invokeExact(
            weights,
            w.cols(),
            from,
            Math.min(from + most, rowTo),
            x.columns(),
            MemorySegment.ofArray(x.floats()),
            x.chunks() * CHUNK,
            MemorySegment.ofArray(y),
            yOffset,
            yStride);
      } catch (Throwable e) {
        throw failed(e);
      }
    }
  }

  @Override
  public void multiplyBytes(
      Int8Matrix w, int rowFrom, int rowTo, PreparedInput x, float[] y, int yOffset, int yStride) {
    Objects.checkFromToIndex(rowFrom, rowTo, w.rows());
    checkColumns(w.cols(), x);
    checkOutput(y, yOffset, yStride, rowFrom, rowTo, x.columns());
    MemorySegment weights = MemorySegment.ofBuffer(w.values());
    int most = most((long) w.cols() * x.columns());
    for (int from = rowFrom; from < rowTo; from += most) {
      try {
        Bindings.MultiplyBytes.HANDLE.invokeExact(
            weights,
            MemorySegment.ofArray(w.scales()),
            w.cols(),
            from,
            Math.min(from + most, rowTo),
            x.columns(),
            MemorySegment.ofArray(x.bytes()),
            MemorySegment.ofArray(x.byteScales()),
            x.chunks() * CHUNK,
            MemorySegment.ofArray(y),
            yOffset,
            yStride);
      } catch (Throwable e) {
        throw failed(e);
      }
    }
  }

  @Override
  public void multiplyFloats(
      Int8Matrix w, int rowFrom, int rowTo, PreparedInput x, float[] y, int yOffset, int yStride) {
    Objects.checkFromToIndex(rowFrom, rowTo, w.rows());
    checkColumns(w.cols(), x);
    checkOutput(y, yOffset, yStride, rowFrom, rowTo, x.columns());
    MemorySegment weights = MemorySegment.ofBuffer(w.values());
    int most = most(4L * w.cols() * x.columns());
    for (int from = rowFrom; from < rowTo; from += most) {
      try {
        Bindings.MultiplyBytesByFloats.HANDLE.invokeExact(
            weights,
            MemorySegment.ofArray(w.scales()),
            w.cols(),
            from,
            Math.min(from + most, rowTo),
            x.columns(),
            MemorySegment.ofArray(x.floats()),
            x.chunks() * CHUNK,
            MemorySegment.ofArray(y),
            yOffset,
            yStride);
      } catch (Throwable e) {
        throw failed(e);
      }
    }
  }

  @Override
  public void attend(
      float[] query,
      int queryOffset,
      KeyValueRows memory,
      float scale,
      float @Nullable [] bias,
      int biasOffset,
      int biasStride,
      float[] scores,
      float[] output,
      int outputOffset) {
    int width = memory.heads() * memory.headWidth();
    int count = memory.count();
    Objects.checkFromIndexSize(queryOffset, width, query.length);
    Objects.checkFromIndexSize(outputOffset, width, output.length);
    Objects.checkFromIndexSize(0, count, scores.length);
    checkRows(memory, width);
    MemorySegment biases = MemorySegment.NULL;
    if (bias != null) {
      long length = (memory.heads() - 1L) * biasStride + count;
      Objects.checkFromIndexSize(biasOffset, length, (long) bias.length);
      biases = MemorySegment.ofArray(bias);
    }
    try {
      Bindings.Attend.HANDLE.invokeExact(
          MemorySegment.ofArray(query),
          queryOffset,
          MemorySegment.ofArray(memory.keys()),
          MemorySegment.ofArray(memory.values()),
          memory.stride(),
          MemorySegment.ofArray(memory.rows()),
          count,
          memory.heads(),
          memory.headWidth(),
          scale,
          biases,
          biasOffset,
          biasStride,
          MemorySegment.ofArray(scores),
          MemorySegment.ofArray(output),
          outputOffset);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  private static void checkRows(KeyValueRows memory, int width) {
    int[] rows = memory.rows();
    int largest = 0;
    int smallest = 0;
    for (int i = 0; i < memory.count(); i++) {
      largest = Math.max(largest, rows[i]);
      smallest = Math.min(smallest, rows[i]);
    }
    Objects.checkFromIndexSize(
        (long) smallest * memory.stride(),
        ((long) largest - smallest) * memory.stride() + width,
        (long) Math.min(memory.keys().length, memory.values().length));
  }

  @Override
  public float sumOfExponentials(float[] x, int from, int length, float maximum) {
    Objects.checkFromIndexSize(from, length, x.length);
    try {
      return (float)
          Bindings.SumOfExponentials.HANDLE.invokeExact(
              MemorySegment.ofArray(x), from, length, maximum);
    } catch (Throwable e) {
      throw failed(e);
    }
  }
}
