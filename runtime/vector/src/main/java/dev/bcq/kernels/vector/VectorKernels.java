package dev.bcq.kernels.vector;

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

/** The kernels; each delegates to the class that has its loop. */
final class VectorKernels implements Kernels {

  @Override
  public void prepare(InputForm form, PreparedInput input) {
    switch (form) {
      case FLOATS -> {}
      case BYTE_TABLES -> ByteTables.prepare(input);
      case FLOAT_TABLES -> FloatTables.prepare(input);
      case BYTES -> RoundedInput.prepare(input);
      case BIT_SLICES -> BitSlices.prepare(input);
    }
  }

  @Override
  public void multiply(
      BitPlaneBlock w, InputForm form, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    switch (form) {
      case BYTE_TABLES -> ByteTableProduct.multiply(w, tileFrom, tileTo, x, y);
      case FLOAT_TABLES -> FloatTableProduct.multiply(w, tileFrom, tileTo, x, y);
      case BYTES -> DecodedProduct.multiply(w, tileFrom, tileTo, x, y);
      case BIT_SLICES -> BitSliceProduct.multiply(w, tileFrom, tileTo, x, y);
      default -> throw form.unfit("bit-planes");
    }
  }

  @Override
  public void multiply(
      Int8Matrix w, InputForm form, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    switch (form) {
      case BYTES -> Int8Product.multiply(w, false, tileFrom, tileTo, x, y);
      case FLOATS -> Int8Product.multiply(w, true, tileFrom, tileTo, x, y);
      default -> throw form.unfit("int8 weights");
    }
  }

  @Override
  public void multiply(FloatMatrix w, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    Dense.multiply(w, tileFrom, tileTo, x, y);
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
    Int8KeyValues int8 = memory.int8();
    if (int8 != null) {
      Int8Attention.attend(queries, memory, int8, context, columnFrom, columnTo, headFrom, headTo);
      return;
    }
    for (int column = columnFrom; column < columnTo; column++) {
      int biasOffset = memory.biasOffset() + (column - columnFrom) * memory.biasStep();
      Attention.attend(queries, memory, biasOffset, context, column, headFrom, headTo);
    }
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
    for (int column = columnFrom; column < columnTo; column++) {
      Int8Rows.store(keys, values, column, memory, row + column - columnFrom, headFrom, headTo);
    }
  }

  @Override
  public void readRow(BitPlaneBlock w, int row, Activations to, int column) {
    w.readRow(row, to.values(), to.at(column));
  }

  @Override
  public void normalize(
      NormKind kind,
      NormWeights weights,
      float epsilon,
      Activations x,
      int columns,
      Activations y) {
    for (int column = 0; column < columns; column++) {
      switch (kind) {
        case LAYER -> Norms.layer(weights, epsilon, x, y, column);
        case RMS -> Norms.rootMeanSquare(weights, epsilon, x, y, column);
      }
    }
  }

  @Override
  public void add(Activations terms, Activations sums, int columns, int from, int to) {
    for (int column = 0; column < columns; column++) {
      Lanes.add(
          sums.values(),
          sums.at(column) + from,
          terms.values(),
          terms.at(column) + from,
          to - from);
    }
  }

  @Override
  public void activate(Activation function, Activations x, int columns, int from, int to) {
    for (int column = 0; column < columns; column++) {
      ActivationFunctions.apply(function, x.values(), x.at(column) + from, to - from);
    }
  }

  @Override
  public void subtract(Activations x, int column, int length, float number) {
    Lanes.subtract(x.values(), x.at(column), length, number);
  }

  @Override
  public float maximum(Activations x, int column, int length) {
    return Lanes.maximum(x.values(), x.at(column), length);
  }

  @Override
  public int firstAbove(Activations x, int column, int from, int to, float addend, float bound) {
    int at = x.at(column);
    return Lanes.firstAbove(x.values(), at + from, at + to, addend, bound) - at;
  }

  @Override
  public float sumOfExponentials(Activations x, int column, int length, float maximum) {
    return Exponentials.sum(x.values(), x.at(column), length, maximum);
  }
}
