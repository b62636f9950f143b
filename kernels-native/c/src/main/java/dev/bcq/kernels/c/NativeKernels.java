package dev.bcq.kernels.c;

import dev.bcq.format.Activation;
import dev.bcq.format.NormKind;
import dev.bcq.runtime.kernels.InputForm;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.KeyValueRows;
import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import dev.bcq.runtime.tensor.FloatMatrix;
import dev.bcq.runtime.tensor.Int8KeyValues;
import dev.bcq.runtime.tensor.Int8Matrix;
import dev.bcq.runtime.tensor.NormWeights;
import java.util.Objects;

/**
 * The kernels in C. What C does not check is checked here: no call leaves its arrays. Pointers to
 * arrays are made once ({@link MemoryViews}), and places in them are numbers: a call allocates
 * nothing.
 *
 * @param <P> how the binding points to the beginning of an array
 */
public final class NativeKernels<P> implements Kernels {
  private static final int TILE = 16;
  private static final int CHUNK = 32;

  /** Tiles that share the loads of activations in a kernel. */
  private static final int TOGETHER = 4;

  /**
   * Weights times columns of one call, about a tenth of a millisecond: the garbage collector waits
   * for its end.
   */
  static final long MOST_PRODUCTS = 8 << 20;

  private final MemoryViews<P> views;
  private final MatrixFunctions<P> matrices;
  private final VectorFunctions<P> vectors;
  private final BitPlaneProducts<P> bitPlaneProducts;
  private final Attentions<P> attentions;

  /**
   * Creates the kernels of a binding; a process wants one of them, for each makes pointers of its
   * own to every array.
   */
  public NativeKernels(Binding<P> binding) {
    this.views = new MemoryViews<>(binding.memory());
    this.matrices = binding.matrices();
    this.vectors = binding.vectors();
    this.bitPlaneProducts = new BitPlaneProducts<>(binding.matrices());
    this.attentions = new Attentions<>(views, binding.vectors());
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
    MemoryViews.Input<P> x = views.of(input);
    int columns = input.columns();
    int chunks = input.chunks();
    switch (form) {
      case FLOATS -> {}
      case BYTE_TABLES ->
          matrices.prepareByteTables(x.floats(), columns, chunks, x.byteTables(), x.tableScales());
      case FLOAT_TABLES ->
          matrices.prepareFloatTables(x.floats(), columns, chunks, x.floatTables());
      case BYTES ->
          matrices.prepareBytes(
              x.floats(), columns, chunks, x.bytes(), x.byteScales(), x.byteSums());
      case BIT_SLICES ->
          matrices.prepareBitSlices(
              x.floats(), columns, chunks, x.bitSlices(), x.sliceScales(), x.chunkSums());
    }
  }

  @Override
  public void multiply(
      BitPlaneBlock w, InputForm form, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    if (form == InputForm.FLOATS) {
      throw form.unfit("bit-planes");
    }
    Objects.checkFromToIndex(tileFrom, tileTo, w.tiles());
    MemoryViews.Scaled<P> weights = views.of(w);
    Bounds.requireInput(w.cols(), x, form);
    if (w.hasOffset()) {
      Bounds.requireGroupSums(x, w.groups());
    }
    long rowFrom = w.firstRow() + (long) tileFrom * TILE;
    long rowTo = w.firstRow() + Math.min((long) tileTo * TILE, w.rows());
    Bounds.requireColumns(y, 0, x.columns(), rowFrom, rowTo);
    MemoryViews.Input<P> input = views.of(x);
    P output = views.of(y);
    int weightsOfBits = form == InputForm.BYTES ? 1 : w.planes();
    long products = (long) TILE * CHUNK * w.chunks() * weightsOfBits * x.columns();
    for (int from = tileFrom; from < tileTo; ) {
      int to = end(from, tileTo, products);
      bitPlaneProducts.multiply(w, weights, form, from, to, x, input, y, output);
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
    MemoryViews.Scaled<P> weights = views.of(w);
    Bounds.requireInput(w.cols(), x, form);
    long rowTo = Math.min((long) tileTo * TILE, w.rows());
    Bounds.requireColumns(y, 0, x.columns(), (long) tileFrom * TILE, rowTo);
    MemoryViews.Input<P> input = views.of(x);
    P output = views.of(y);
    long products = (long) TILE * CHUNK * w.chunks() * x.columns();
    for (int from = tileFrom; from < tileTo; ) {
      int to = end(from, tileTo, products);
      if (form == InputForm.BYTES) {
        matrices.multiplyBytes(
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
        matrices.multiplyBytesByFloats(
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
      from = to;
    }
  }

  @Override
  public void multiply(FloatMatrix w, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    Objects.checkFromToIndex(tileFrom, tileTo, w.tiles());
    P weights = views.of(w);
    Bounds.requireInput(w.cols(), x, InputForm.FLOATS);
    long rowTo = Math.min((long) tileTo * TILE, w.rows());
    Bounds.requireColumns(y, 0, x.columns(), (long) tileFrom * TILE, rowTo);
    P input = views.of(x).floats();
    P output = views.of(y);
    long products = 2L * TILE * w.cols() * x.columns();
    for (int from = tileFrom; from < tileTo; ) {
      int to = end(from, tileTo, products);
      matrices.multiplyFloats(
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
    attentions.attend(queries, memory, context, columnFrom, columnTo, headFrom, headTo);
  }

  @Override
  public void store(
      Activations keys,
      Activations values,
      int columnFrom,
      int columnTo,
      Int8KeyValues memory,
      int row,
      int headFrom,
      int headTo) {
    attentions.store(keys, values, columnFrom, columnTo, memory, row, headFrom, headTo);
  }

  @Override
  public void readRow(BitPlaneBlock w, int row, Activations to, int column) {
    Objects.checkIndex(row, w.rows());
    MemoryViews.Scaled<P> weights = views.of(w);
    Bounds.requireColumns(to, column, column + 1, 0, w.cols());
    vectors.readRow(
        weights.weights(),
        weights.scales(),
        w.chunks(),
        w.planes(),
        w.groupChunks(),
        w.hasOffset(),
        row,
        w.cols(),
        views.of(to),
        to.at(column));
  }

  @Override
  public void normalize(
      NormKind kind,
      NormWeights weights,
      float epsilon,
      Activations x,
      int columns,
      Activations y) {
    MemoryViews.Norm<P> norm = views.of(weights);
    Bounds.requireColumns(x, 0, columns, 0, weights.width());
    Bounds.requireColumns(y, 0, columns, 0, weights.width());
    vectors.normalize(
        kind == NormKind.LAYER,
        views.of(x),
        x.offset(),
        x.stride(),
        columns,
        weights.width(),
        norm.weight(),
        weights.bias() != null,
        norm.bias(),
        epsilon,
        views.of(y),
        y.offset(),
        y.stride());
  }

  @Override
  public void add(Activations terms, Activations sums, int columns, int from, int to) {
    Bounds.requireColumns(terms, 0, columns, from, to);
    Bounds.requireColumns(sums, 0, columns, from, to);
    vectors.add(
        views.of(terms),
        terms.offset() + from,
        terms.stride(),
        views.of(sums),
        sums.offset() + from,
        sums.stride(),
        columns,
        to - from);
  }

  @Override
  public void activate(Activation function, Activations x, int columns, int from, int to) {
    Bounds.requireColumns(x, 0, columns, from, to);
    int number =
        switch (function) {
          case RELU -> 0;
          case SILU -> 1;
          case GELU_ERF -> 2;
          case GELU_TANH -> 3;
        };
    P values = views.of(x);
    for (int column = 0; column < columns; column++) {
      vectors.activate(number, values, x.at(column) + from, to - from);
    }
  }

  @Override
  public void subtract(Activations x, int column, int length, float number) {
    Bounds.requireColumns(x, column, column + 1, 0, length);
    vectors.subtract(views.of(x), x.at(column), length, number);
  }

  @Override
  public float maximum(Activations x, int column, int length) {
    Bounds.requireColumns(x, column, column + 1, 0, length);
    return vectors.maximum(views.of(x), x.at(column), length);
  }

  @Override
  public int firstAbove(Activations x, int column, int from, int to, float addend, float bound) {
    Bounds.requireColumns(x, column, column + 1, from, to);
    int at = x.at(column);
    return vectors.firstAbove(views.of(x), at + from, at + to, addend, bound) - at;
  }

  @Override
  public float sumOfExponentials(Activations x, int column, int length, float maximum) {
    Bounds.requireColumns(x, column, column + 1, 0, length);
    return vectors.sumOfExponentials(views.of(x), x.at(column), length, maximum);
  }
}
