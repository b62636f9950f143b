package dev.bcq.runtime.kernels;

import dev.bcq.runtime.tensor.BitPlaneBlock;
import dev.bcq.runtime.tensor.FloatMatrix;
import dev.bcq.runtime.tensor.Int8Matrix;
import org.jspecify.annotations.Nullable;

/**
 * Kernels that are quick at once, and others that take their place when they have become faster. As
 * both give the same bits, nobody sees when that happens. An input stays with the kernels that
 * prepared it.
 */
public final class WarmingKernels implements Kernels {
  private final Kernels better;
  private volatile Kernels present;

  /** Begins with the first kernels. */
  public WarmingKernels(Kernels first, Kernels better) {
    this.present = first;
    this.better = better;
  }

  /** Lets the better kernels take over all further inputs. */
  public void switchOver() {
    present = better;
  }

  @Override
  public void prepareByteTables(PreparedInput input) {
    input.owner(present).prepareByteTables(input);
  }

  @Override
  public void prepareFloatTables(PreparedInput input) {
    input.owner(present).prepareFloatTables(input);
  }

  @Override
  public void prepareBytes(PreparedInput input) {
    input.owner(present).prepareBytes(input);
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
    x.owner(present).multiplyByteTables(w, tileFrom, tileTo, x, y, yOffset, yStride);
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
    x.owner(present).multiplyFloatTables(w, tileFrom, tileTo, x, y, yOffset, yStride);
  }

  @Override
  public void multiplyFloats(
      FloatMatrix w, int rowFrom, int rowTo, PreparedInput x, float[] y, int yOffset, int yStride) {
    x.owner(present).multiplyFloats(w, rowFrom, rowTo, x, y, yOffset, yStride);
  }

  @Override
  public void multiplyBytes(
      Int8Matrix w, int rowFrom, int rowTo, PreparedInput x, float[] y, int yOffset, int yStride) {
    x.owner(present).multiplyBytes(w, rowFrom, rowTo, x, y, yOffset, yStride);
  }

  @Override
  public void multiplyFloats(
      Int8Matrix w, int rowFrom, int rowTo, PreparedInput x, float[] y, int yOffset, int yStride) {
    x.owner(present).multiplyFloats(w, rowFrom, rowTo, x, y, yOffset, yStride);
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
    present.attend(
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
    return present.sumOfExponentials(x, from, length, maximum);
  }
}
