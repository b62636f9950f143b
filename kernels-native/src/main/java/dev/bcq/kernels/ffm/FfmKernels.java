package dev.bcq.kernels.ffm;

import dev.bcq.format.Activation;
import dev.bcq.format.NormKind;
import dev.bcq.runtime.kernels.InputForm;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.KeyValueRows;
import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.tensor.Activations;
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

  /** Queries whose scores the library keeps at once. */
  private static final int QUERIES = 4;

  /**
   * Stands where there is no bias: a segment that is always that of an array the compiler keeps off
   * the heap.
   */
  private static final float[] NO_BIAS = {};

  private static final int CHUNK = 32;

  /** Tiles that share the loads of activations in a kernel. */
  private static final int TOGETHER = 4;

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

  /** Returns how many tiles a call may take: a multiple of what a kernel computes at once. */
  private static int most(long productsOfTile) {
    long tiles = MOST_PRODUCTS / Math.max(1, productsOfTile);
    return (int) Math.max(TOGETHER, tiles / TOGETHER * TOGETHER);
  }

  /** Checks that rows of all columns lie in the output. */
  private static void checkOutput(
      Activations y, int firstRow, int rowFrom, int rowTo, int columns) {
    if (y.offset() < 0 || y.stride() < 0 || firstRow < 0) {
      throw new IndexOutOfBoundsException("output at " + y.offset() + ", stride " + y.stride());
    }
    long first = (long) y.offset() + firstRow;
    Objects.checkFromToIndex(
        first + rowFrom, first + (columns - 1L) * y.stride() + rowTo, (long) y.values().length);
  }

  private static void checkColumns(int cols, PreparedInput x) {
    if (x.cols() != cols) {
      throw new IllegalArgumentException(
          "the input has " + x.cols() + " values, the matrix " + cols + " columns");
    }
  }

  @Override
  public void prepare(InputForm form, PreparedInput input) {
    try {
      switch (form) {
        case FLOATS -> {}
        case BYTE_TABLES ->
            Bindings.PrepareByteTables.HANDLE.invokeExact(
                MemorySegment.ofArray(input.floats()),
                input.columns(),
                input.chunks(),
                MemorySegment.ofArray(input.byteTables()),
                MemorySegment.ofArray(input.tableScales()));
        case FLOAT_TABLES ->
            Bindings.PrepareFloatTables.HANDLE.invokeExact(
                MemorySegment.ofArray(input.floats()),
                input.columns(),
                input.chunks(),
                MemorySegment.ofArray(input.floatTables()));
        case BYTES ->
            Bindings.PrepareBytes.HANDLE.invokeExact(
                MemorySegment.ofArray(input.floats()),
                input.columns(),
                input.chunks(),
                MemorySegment.ofArray(input.bytes()),
                MemorySegment.ofArray(input.byteScales()),
                MemorySegment.ofArray(input.byteSums()));
        case BIT_SLICES ->
            Bindings.PrepareBitSlices.HANDLE.invokeExact(
                MemorySegment.ofArray(input.floats()),
                input.columns(),
                input.chunks(),
                MemorySegment.ofArray(input.bitSlices()),
                MemorySegment.ofArray(input.sliceScales()),
                MemorySegment.ofArray(input.chunkSums()));
      }
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  @Override
  public void multiply(
      BitPlaneBlock w, InputForm form, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    Objects.checkFromToIndex(tileFrom, tileTo, w.tiles());
    checkColumns(w.cols(), x);
    int rowTo = Math.min(tileTo * TILE, w.rows());
    checkOutput(y, w.firstRow(), tileFrom * TILE, rowTo, x.columns());
    if (w.hasOffset()) {
      Objects.checkFromToIndex(0, x.columns() * w.groups(), x.groupSums().length);
    }
    int products = form == InputForm.BYTES ? 1 : w.planes();
    int most = most((long) TILE * CHUNK * w.chunks() * products * x.columns());
    for (int from = tileFrom; from < tileTo; from += most) {
      int to = Math.min(from + most, tileTo);
      try {
        BitPlaneProducts.multiply(w, form, from, to, x, y);
      } catch (Throwable e) {
        throw failed(e);
      }
    }
  }

  @Override
  public void multiply(
      Int8Matrix w, InputForm form, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    Objects.checkFromToIndex(tileFrom, tileTo, w.tiles());
    checkColumns(w.cols(), x);
    int rowTo = Math.min(tileTo * TILE, w.rows());
    checkOutput(y, 0, tileFrom * TILE, rowTo, x.columns());
    int most = most((long) TILE * CHUNK * w.chunks() * x.columns());
    for (int from = tileFrom; from < tileTo; from += most) {
      int to = Math.min(from + most, tileTo);
      try {
        switch (form) {
          case BYTES -> multiplyBytes(w, from, to, x, y);
          case FLOATS -> multiplyFloats(w, from, to, x, y);
          default -> throw form.unfit("int8 weights");
        }
      } catch (Throwable e) {
        throw failed(e);
      }
    }
  }

  private static void multiplyBytes(
      Int8Matrix w, int tileFrom, int tileTo, PreparedInput x, Activations y) throws Throwable {
    Bindings.MultiplyBytes.HANDLE.invokeExact(
        MemorySegment.ofBuffer(w.values()),
        MemorySegment.ofArray(w.scales()),
        w.rows(),
        w.chunks(),
        tileFrom,
        tileTo,
        x.columns(),
        MemorySegment.ofArray(x.bytes()),
        MemorySegment.ofArray(x.byteScales()),
        MemorySegment.ofArray(x.byteSums()),
        MemorySegment.ofArray(y.values()),
        y.offset(),
        y.stride());
  }

  private static void multiplyFloats(
      Int8Matrix w, int tileFrom, int tileTo, PreparedInput x, Activations y) throws Throwable {
    Bindings.MultiplyBytesByFloats.HANDLE.invokeExact(
        MemorySegment.ofBuffer(w.values()),
        MemorySegment.ofArray(w.scales()),
        w.rows(),
        w.chunks(),
        tileFrom,
        tileTo,
        x.columns(),
        MemorySegment.ofArray(x.floats()),
        MemorySegment.ofArray(y.values()),
        y.offset(),
        y.stride());
  }

  @Override
  public void multiply(FloatMatrix w, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    Objects.checkFromToIndex(tileFrom, tileTo, w.tiles());
    checkColumns(w.cols(), x);
    int rowTo = Math.min(tileTo * TILE, w.rows());
    checkOutput(y, 0, tileFrom * TILE, rowTo, x.columns());
    MemorySegment weights = MemorySegment.ofBuffer(w.bytes());
    int most = TILE * most(2L * TILE * w.cols() * x.columns());
    for (int from = tileFrom * TILE; from < rowTo; from += most) {
      try {
        Bindings.MultiplyFloats.HANDLE.invokeExact(
            weights,
            w.cols(),
            from,
            Math.min(from + most, rowTo),
            x.columns(),
            MemorySegment.ofArray(x.floats()),
            x.chunks() * CHUNK,
            MemorySegment.ofArray(y.values()),
            y.offset(),
            y.stride());
      } catch (Throwable e) {
        throw failed(e);
      }
    }
  }

  @Override
  public void attend(
      Activations queries,
      KeyValueRows memory,
      Activations context,
      int columnFrom,
      int columnTo,
      int headFrom,
      int headTo) {
    Objects.checkFromToIndex(headFrom, headTo, memory.heads());
    int width = memory.heads() * memory.headWidth();
    int count = memory.count();
    int columns = columnTo - columnFrom;
    float[] bias = memory.bias();
    Objects.checkFromIndexSize(0, QUERIES * ((count + 15) & -16), memory.scores().length);
    checkColumns(queries, columnFrom, columnTo, width);
    checkColumns(context, columnFrom, columnTo, width);
    checkRows(memory, width);
    if (bias != null) {
      long first = (long) memory.biasOffset() - (columns - 1);
      long end = memory.biasOffset() + (memory.heads() - 1L) * memory.biasStride() + count;
      Objects.checkFromToIndex(first, end, (long) bias.length);
    }
    try {
      Bindings.Attend.HANDLE.invokeExact(
          MemorySegment.ofArray(queries.values()),
          queries.at(columnFrom),
          queries.stride(),
          columns,
          MemorySegment.ofArray(memory.keys()),
          MemorySegment.ofArray(memory.values()),
          memory.stride(),
          MemorySegment.ofArray(memory.rows()),
          count,
          headFrom,
          headTo,
          memory.headWidth(),
          memory.scale(),
          bias == null ? 0 : 1,
          MemorySegment.ofArray(bias == null ? NO_BIAS : bias),
          memory.biasOffset(),
          memory.biasStride(),
          -1,
          MemorySegment.ofArray(memory.scores()),
          MemorySegment.ofArray(context.values()),
          context.at(columnFrom),
          context.stride());
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  private static void checkColumns(Activations x, int columnFrom, int columnTo, int width) {
    Objects.checkFromToIndex(columnFrom, columnTo, Integer.MAX_VALUE);
    if (columnFrom < columnTo) {
      Objects.checkFromToIndex(x.at(columnFrom), x.at(columnTo - 1) + width, x.values().length);
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
  public void readRow(BitPlaneBlock w, int row, float[] to, int offset) {
    Objects.checkIndex(row, w.rows());
    Objects.checkFromIndexSize(offset, w.cols(), to.length);
    try {
      Bindings.ReadRow.HANDLE.invokeExact(
          MemorySegment.ofBuffer(w.bits()),
          MemorySegment.ofArray(w.scales()),
          w.chunks(),
          w.planes(),
          w.groupChunks(),
          w.hasOffset() ? 1 : 0,
          row,
          w.cols(),
          MemorySegment.ofArray(to),
          offset);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  @Override
  public void normalize(
      NormKind kind,
      float[] weight,
      float @Nullable [] bias,
      float epsilon,
      Activations x,
      int columns,
      Activations y) {
    int width = weight.length;
    if (bias != null) {
      Objects.checkFromIndexSize(0, width, bias.length);
    }
    checkOutput(x, 0, 0, width, columns);
    checkOutput(y, 0, 0, width, columns);
    try {
      Bindings.Normalize.HANDLE.invokeExact(
          kind == NormKind.LAYER ? 1 : 0,
          MemorySegment.ofArray(x.values()),
          x.offset(),
          x.stride(),
          columns,
          width,
          MemorySegment.ofArray(weight),
          bias == null ? 0 : 1,
          MemorySegment.ofArray(bias == null ? NO_BIAS : bias),
          epsilon,
          MemorySegment.ofArray(y.values()),
          y.offset(),
          y.stride());
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  @Override
  public void activate(Activation function, float[] x, int length) {
    Objects.checkFromIndexSize(0, length, x.length);
    int number =
        switch (function) {
          case RELU -> 0;
          case SILU -> 1;
          case GELU_ERF -> 2;
          case GELU_TANH -> 3;
        };
    try {
      Bindings.Activate.HANDLE.invokeExact(number, MemorySegment.ofArray(x), length);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  @Override
  public float maximum(float[] x, int from, int length) {
    Objects.checkFromIndexSize(from, length, x.length);
    try {
      return (float) Bindings.Maximum.HANDLE.invokeExact(MemorySegment.ofArray(x), from, length);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  @Override
  public int firstAbove(float[] x, int from, int to, float addend, float bound) {
    Objects.checkFromToIndex(from, to, x.length);
    try {
      return (int)
          Bindings.FirstAbove.HANDLE.invokeExact(MemorySegment.ofArray(x), from, to, addend, bound);
    } catch (Throwable e) {
      throw failed(e);
    }
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
