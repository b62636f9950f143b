package dev.bcq.runtime.kernels;

import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import dev.bcq.runtime.tensor.FloatMatrix;
import dev.bcq.runtime.tensor.Int8Matrix;

/** Scalar kernels that count the products of matrices and columns. */
public final class CountingKernels extends ForwardingKernels {
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
  protected Kernels kernels() {
    return kernels;
  }

  @Override
  public void multiply(
      BitPlaneBlock w, InputForm form, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    count(x);
    super.multiply(w, form, tileFrom, tileTo, x, y);
  }

  @Override
  public void multiply(
      Int8Matrix w, InputForm form, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    count(x);
    super.multiply(w, form, tileFrom, tileTo, x, y);
  }

  @Override
  public void multiply(FloatMatrix w, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    count(x);
    super.multiply(w, tileFrom, tileTo, x, y);
  }
}
