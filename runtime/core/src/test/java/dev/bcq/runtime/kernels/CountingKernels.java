package dev.bcq.runtime.kernels;

import dev.bcq.runtime.tensor.BitPlaneBlock;
import dev.bcq.runtime.tensor.FloatMatrix;
import dev.bcq.runtime.tensor.Int8Matrix;
import org.jspecify.annotations.Nullable;

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
  public void prepareByteTables(PreparedInput input) {
    kernels.prepareByteTables(input);
  }

  @Override
  public void prepareFloatTables(PreparedInput input) {
    kernels.prepareFloatTables(input);
  }

  @Override
  public void prepareBytes(PreparedInput input) {
    kernels.prepareBytes(input);
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
    count(x);
    kernels.multiplyByteTables(w, tileFrom, tileTo, x, y, yOffset, yStride);
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
    count(x);
    kernels.multiplyFloatTables(w, tileFrom, tileTo, x, y, yOffset, yStride);
  }

  @Override
  public void multiplyFloats(
      FloatMatrix w, int rowFrom, int rowTo, PreparedInput x, float[] y, int yOffset, int yStride) {
    count(x);
    kernels.multiplyFloats(w, rowFrom, rowTo, x, y, yOffset, yStride);
  }

  @Override
  public void multiplyBytes(
      Int8Matrix w, int rowFrom, int rowTo, PreparedInput x, float[] y, int yOffset, int yStride) {
    count(x);
    kernels.multiplyBytes(w, rowFrom, rowTo, x, y, yOffset, yStride);
  }

  @Override
  public void multiplyFloats(
      Int8Matrix w, int rowFrom, int rowTo, PreparedInput x, float[] y, int yOffset, int yStride) {
    count(x);
    kernels.multiplyFloats(w, rowFrom, rowTo, x, y, yOffset, yStride);
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
    kernels.attend(
        query,
        queryOffset,
        memory,
        scale,
        bias,
        biasOffset,
        biasStride,
        scores,
        output,
        outputOffset);
  }

  @Override
  public float sumOfExponentials(float[] x, int from, int length, float maximum) {
    return kernels.sumOfExponentials(x, from, length, maximum);
  }
}
