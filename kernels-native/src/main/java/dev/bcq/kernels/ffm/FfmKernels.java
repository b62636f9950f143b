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
import dev.bcq.runtime.tensor.NormWeights;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * The kernels in C. What C does not check is checked here: no call leaves its arrays. Segments on
 * arrays are made once ({@link SegmentViews}), and places in them are numbers, not slices: a call
 * allocates nothing.
 */
final class FfmKernels implements Kernels {
  private static final int TILE = 16;
  private static final int CHUNK = 32;

  /** Tiles that share the loads of activations in a kernel. */
  private static final int TOGETHER = 4;

  /**
   * Weights times columns of one call, about a tenth of a millisecond: the garbage collector waits
   * for its end.
   */
  private static final long MOST_PRODUCTS = 8 << 20;

  /** The kernels on arrays where they lie; one for all, so that each array has one segment. */
  static final FfmKernels IN_PLACE = new FfmKernels(new SegmentViews(SegmentViews.Memory.IN_PLACE));

  private final SegmentViews views;

  FfmKernels(SegmentViews views) {
    this.views = views;
  }

  private static RuntimeException failed(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return e instanceof RuntimeException exception ? exception : new IllegalStateException(e);
  }

  /**
   * Returns the end of the tiles that a call takes: a multiple of what a kernel computes at once.
   */
  private static int end(int from, int to, long productsOfTile) {
    long tiles = MOST_PRODUCTS / Math.max(1, productsOfTile);
    return (int) Math.min(to, from + Math.max(TOGETHER, tiles / TOGETHER * TOGETHER));
  }

  @Override
  public void prepare(InputForm form, PreparedInput input) {
    Bounds.requireForm(input, InputForm.FLOATS);
    Bounds.requireForm(input, form);
    SegmentViews.Input x = views.of(input);
    int columns = input.columns();
    int chunks = input.chunks();
    try {
      switch (form) {
        case FLOATS -> {}
        case BYTE_TABLES ->
            Bindings.PrepareByteTables.HANDLE.invokeExact(
                x.floats(), columns, chunks, x.byteTables(), x.tableScales());
        case FLOAT_TABLES ->
            Bindings.PrepareFloatTables.HANDLE.invokeExact(
                x.floats(), columns, chunks, x.floatTables());
        case BYTES ->
            Bindings.PrepareBytes.HANDLE.invokeExact(
                x.floats(), columns, chunks, x.bytes(), x.byteScales(), x.byteSums());
        case BIT_SLICES ->
            Bindings.PrepareBitSlices.HANDLE.invokeExact(
                x.floats(), columns, chunks, x.bitSlices(), x.sliceScales(), x.chunkSums());
      }
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  @Override
  public void multiply(
      BitPlaneBlock w, InputForm form, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    if (form == InputForm.FLOATS) {
      throw form.unfit("bit-planes");
    }
    Objects.checkFromToIndex(tileFrom, tileTo, w.tiles());
    SegmentViews.Scaled weights = views.of(w);
    Bounds.requireInput(w.cols(), x, form);
    if (w.hasOffset()) {
      Bounds.requireGroupSums(x, w.groups());
    }
    long rowFrom = w.firstRow() + (long) tileFrom * TILE;
    long rowTo = w.firstRow() + Math.min((long) tileTo * TILE, w.rows());
    Bounds.requireColumns(y, 0, x.columns(), rowFrom, rowTo);
    SegmentViews.Input input = views.of(x);
    MemorySegment output = views.of(y);
    int weightsOfBits = form == InputForm.BYTES ? 1 : w.planes();
    long products = (long) TILE * CHUNK * w.chunks() * weightsOfBits * x.columns();
    for (int from = tileFrom; from < tileTo; ) {
      int to = end(from, tileTo, products);
      try {
        BitPlaneProducts.multiply(w, weights, form, from, to, x, input, y, output);
      } catch (Throwable e) {
        throw failed(e);
      }
      from = to;
    }
  }

  @Override
  public void multiply(
      Int8Matrix w, InputForm form, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    if (form != InputForm.BYTES && form != InputForm.FLOATS) {
      throw form.unfit("int8 weights");
    }
    Objects.checkFromToIndex(tileFrom, tileTo, w.tiles());
    SegmentViews.Scaled weights = views.of(w);
    Bounds.requireInput(w.cols(), x, form);
    long rowTo = Math.min((long) tileTo * TILE, w.rows());
    Bounds.requireColumns(y, 0, x.columns(), (long) tileFrom * TILE, rowTo);
    SegmentViews.Input input = views.of(x);
    MemorySegment output = views.of(y);
    long products = (long) TILE * CHUNK * w.chunks() * x.columns();
    for (int from = tileFrom; from < tileTo; ) {
      int to = end(from, tileTo, products);
      try {
        if (form == InputForm.BYTES) {
          Bindings.MultiplyBytes.HANDLE.invokeExact(
              weights.weights(),
              weights.scales(),
              w.rows(),
              w.chunks(),
              from,
              to,
              x.columns(),
              input.bytes(),
              input.byteScales(),
              input.byteSums(),
              output,
              y.offset(),
              y.stride());
        } else {
          Bindings.MultiplyBytesByFloats.HANDLE.invokeExact(
              weights.weights(),
              weights.scales(),
              w.rows(),
              w.chunks(),
              from,
              to,
              x.columns(),
              input.floats(),
              output,
              y.offset(),
              y.stride());
        }
      } catch (Throwable e) {
        throw failed(e);
      }
      from = to;
    }
  }

  @Override
  public void multiply(FloatMatrix w, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    Objects.checkFromToIndex(tileFrom, tileTo, w.tiles());
    MemorySegment weights = views.of(w);
    Bounds.requireInput(w.cols(), x, InputForm.FLOATS);
    long rowTo = Math.min((long) tileTo * TILE, w.rows());
    Bounds.requireColumns(y, 0, x.columns(), (long) tileFrom * TILE, rowTo);
    MemorySegment input = views.of(x).floats();
    MemorySegment output = views.of(y);
    long products = 2L * TILE * w.cols() * x.columns();
    for (int from = tileFrom; from < tileTo; ) {
      int to = end(from, tileTo, products);
      try {
        Bindings.MultiplyFloats.HANDLE.invokeExact(
            weights,
            w.cols(),
            from * TILE,
            (int) Math.min((long) to * TILE, w.rows()),
            x.columns(),
            input,
            x.chunks() * CHUNK,
            output,
            y.offset(),
            y.stride());
      } catch (Throwable e) {
        throw failed(e);
      }
      from = to;
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
    long width = (long) memory.heads() * memory.headWidth();
    Bounds.requireColumns(queries, columnFrom, columnTo, 0, width);
    Bounds.requireColumns(context, columnFrom, columnTo, 0, width);
    int columns = columnTo - columnFrom;
    if (columns == 0 || headFrom == headTo) {
      return;
    }
    Bounds.requireRows(memory, columns, headFrom, headTo);
    MemorySegment scores = views.of(memory.scores());
    Activations bias = memory.bias();
    // Without biases any segment stands for them.
    MemorySegment biases = bias == null ? scores : views.of(bias);
    try {
      Bindings.Attend.HANDLE.invokeExact(
          views.of(queries),
          queries.at(columnFrom),
          queries.stride(),
          columns,
          views.of(memory.keys()),
          views.of(memory.values()),
          memory.stride(),
          memory.headStride(),
          views.of(memory.rows()),
          memory.count(),
          headFrom,
          headTo,
          memory.headWidth(),
          memory.scale(),
          bias == null ? 0 : 1,
          biases,
          memory.biasOffset(),
          bias == null ? 0 : bias.stride(),
          -1,
          scores,
          views.of(context),
          context.at(columnFrom),
          context.stride());
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  @Override
  public void readRow(BitPlaneBlock w, int row, Activations to, int column) {
    Objects.checkIndex(row, w.rows());
    SegmentViews.Scaled weights = views.of(w);
    Bounds.requireColumns(to, column, column + 1, 0, w.cols());
    try {
      Bindings.ReadRow.HANDLE.invokeExact(
          weights.weights(),
          weights.scales(),
          w.chunks(),
          w.planes(),
          w.groupChunks(),
          w.hasOffset() ? 1 : 0,
          row,
          w.cols(),
          views.of(to),
          to.at(column));
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  @Override
  public void normalize(
      NormKind kind,
      NormWeights weights,
      float epsilon,
      Activations x,
      int columns,
      Activations y) {
    SegmentViews.Norm norm = views.of(weights);
    Bounds.requireColumns(x, 0, columns, 0, weights.width());
    Bounds.requireColumns(y, 0, columns, 0, weights.width());
    try {
      Bindings.Normalize.HANDLE.invokeExact(
          kind == NormKind.LAYER ? 1 : 0,
          views.of(x),
          x.offset(),
          x.stride(),
          columns,
          weights.width(),
          norm.weight(),
          weights.bias() == null ? 0 : 1,
          norm.bias(),
          epsilon,
          views.of(y),
          y.offset(),
          y.stride());
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  @Override
  public void activate(Activation function, Activations x, int length) {
    Bounds.requireColumns(x, 0, 1, 0, length);
    int number =
        switch (function) {
          case RELU -> 0;
          case SILU -> 1;
          case GELU_ERF -> 2;
          case GELU_TANH -> 3;
        };
    try {
      Bindings.Activate.HANDLE.invokeExact(number, views.of(x), x.offset(), length);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  @Override
  public float maximum(Activations x, int column, int length) {
    Bounds.requireColumns(x, column, column + 1, 0, length);
    try {
      return (float) Bindings.Maximum.HANDLE.invokeExact(views.of(x), x.at(column), length);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  @Override
  public int firstAbove(Activations x, int column, int from, int to, float addend, float bound) {
    Bounds.requireColumns(x, column, column + 1, from, to);
    int at = x.at(column);
    try {
      return (int)
              Bindings.FirstAbove.HANDLE.invokeExact(views.of(x), at + from, at + to, addend, bound)
          - at;
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  @Override
  public float sumOfExponentials(Activations x, int column, int length, float maximum) {
    Bounds.requireColumns(x, column, column + 1, 0, length);
    try {
      return (float)
          Bindings.SumOfExponentials.HANDLE.invokeExact(views.of(x), x.at(column), length, maximum);
    } catch (Throwable e) {
      throw failed(e);
    }
  }
}
