package dev.bcq.runtime.kernels;

import dev.bcq.format.Activation;
import dev.bcq.format.NormKind;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import dev.bcq.runtime.tensor.FloatMatrix;
import dev.bcq.runtime.tensor.Int8Matrix;
import dev.bcq.runtime.tensor.NormWeights;

/** Scalar kernels that count the products of matrices and columns. */
public final class CountingKernels implements Kernels {
  private final Kernels kernels = new ScalarKernels();
  private int calls;
  private int columns;
  private int mostColumns;
  private int actionAt;
  private Runnable action = () -> {};

  /** Returns how many matrices were multiplied. */
  public int calls() {
    return calls;
  }

  /** Returns how many columns they were multiplied with, all calls together. */
  public int columns() {
    return columns;
  }

  /** Returns the columns of the call that had most. */
  public int mostColumns() {
    return mostColumns;
  }

  /** Lets something happen in the call of a number. */
  public void after(int call, Runnable what) {
    actionAt = call;
    action = what;
  }

  /** Begins to count anew. */
  public void reset() {
    calls = 0;
    columns = 0;
    mostColumns = 0;
  }

  private void count(PreparedInput x) {
    calls++;
    columns += x.columns();
    mostColumns = Math.max(mostColumns, x.columns());
    if (calls == actionAt) {
      action.run();
    }
  }

  @Override
  public void prepare(InputForm form, PreparedInput input) {
    kernels.prepare(form, input);
  }

  @Override
  public void multiply(
      BitPlaneBlock w, InputForm form, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    count(x);
    kernels.multiply(w, form, tileFrom, tileTo, x, y);
  }

  @Override
  public void multiply(
      Int8Matrix w, InputForm form, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    count(x);
    kernels.multiply(w, form, tileFrom, tileTo, x, y);
  }

  @Override
  public void multiply(FloatMatrix w, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    count(x);
    kernels.multiply(w, tileFrom, tileTo, x, y);
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
    kernels.attend(queries, memory, context, columnFrom, columnTo, headFrom, headTo);
  }

  @Override
  public void readRow(BitPlaneBlock w, int row, Activations to, int column) {
    kernels.readRow(w, row, to, column);
  }

  @Override
  public void normalize(
      NormKind kind,
      NormWeights weights,
      float epsilon,
      Activations x,
      int columns,
      Activations y) {
    kernels.normalize(kind, weights, epsilon, x, columns, y);
  }

  @Override
  public void activate(Activation function, Activations x, int length) {
    kernels.activate(function, x, length);
  }

  @Override
  public float maximum(Activations x, int column, int length) {
    return kernels.maximum(x, column, length);
  }

  @Override
  public int firstAbove(Activations x, int column, int from, int to, float addend, float bound) {
    return kernels.firstAbove(x, column, from, to, addend, bound);
  }

  @Override
  public float sumOfExponentials(Activations x, int column, int length, float maximum) {
    return kernels.sumOfExponentials(x, column, length, maximum);
  }
}
