package dev.bcq.runtime.kernels;

import dev.bcq.format.Activation;
import dev.bcq.format.NormKind;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import dev.bcq.runtime.tensor.FloatMatrix;
import dev.bcq.runtime.tensor.Int8KeyValues;
import dev.bcq.runtime.tensor.Int8Matrix;
import dev.bcq.runtime.tensor.NormWeights;

/** Kernels that leave everything to others, for those that do something of their own beside it. */
public abstract class ForwardingKernels implements Kernels {

  /** Returns the others. */
  protected abstract Kernels kernels();

  /** Returns those that prepare an input and multiply it. */
  protected Kernels kernels(PreparedInput input) {
    return kernels();
  }

  @Override
  public void prepare(InputForm form, PreparedInput input) {
    kernels(input).prepare(form, input);
  }

  @Override
  public void multiply(
      BitPlaneBlock w, InputForm form, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    kernels(x).multiply(w, form, tileFrom, tileTo, x, y);
  }

  @Override
  public void multiply(
      Int8Matrix w, InputForm form, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    kernels(x).multiply(w, form, tileFrom, tileTo, x, y);
  }

  @Override
  public void multiply(FloatMatrix w, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    kernels(x).multiply(w, tileFrom, tileTo, x, y);
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
    kernels().attend(queries, memory, context, columnFrom, columnTo, headFrom, headTo);
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
    kernels().store(keys, values, columnFrom, columnTo, memory, row, headFrom, headTo);
  }

  @Override
  public void readRow(BitPlaneBlock w, int row, Activations to, int column) {
    kernels().readRow(w, row, to, column);
  }

  @Override
  public void normalize(
      NormKind kind,
      NormWeights weights,
      float epsilon,
      Activations x,
      int columns,
      Activations y) {
    kernels().normalize(kind, weights, epsilon, x, columns, y);
  }

  @Override
  public void add(Activations terms, Activations sums, int columns, int from, int to) {
    kernels().add(terms, sums, columns, from, to);
  }

  @Override
  public void activate(Activation function, Activations x, int columns, int from, int to) {
    kernels().activate(function, x, columns, from, to);
  }

  @Override
  public void subtract(Activations x, int column, int length, float number) {
    kernels().subtract(x, column, length, number);
  }

  @Override
  public float maximum(Activations x, int column, int length) {
    return kernels().maximum(x, column, length);
  }

  @Override
  public int firstAbove(Activations x, int column, int from, int to, float addend, float bound) {
    return kernels().firstAbove(x, column, from, to, addend, bound);
  }

  @Override
  public float sumOfExponentials(Activations x, int column, int length, float maximum) {
    return kernels().sumOfExponentials(x, column, length, maximum);
  }
}
