package dev.bcq.kernels.vector;

import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.KeyValueRows;
import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import dev.bcq.runtime.tensor.FloatMatrix;
import dev.bcq.runtime.tensor.Int8Matrix;
import org.jspecify.annotations.Nullable;

/** The kernels; each delegates to the class that has its loop. */
final class VectorKernels implements Kernels {

  @Override
  public void prepareByteTables(PreparedInput input) {
    ByteTables.prepare(input);
  }

  @Override
  public void prepareFloatTables(PreparedInput input) {
    FloatTables.prepare(input);
  }

  @Override
  public void prepareBytes(PreparedInput input) {
    Int8.prepare(input);
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
    new ByteTableProduct(w, x).multiply(tileFrom, tileTo, y, yOffset, yStride);
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
    new FloatTableProduct(w, x).multiply(tileFrom, tileTo, y, yOffset, yStride);
  }

  @Override
  public void multiplyFloats(
      FloatMatrix w, int rowFrom, int rowTo, PreparedInput x, float[] y, int yOffset, int yStride) {
    Dense.multiply(w, rowFrom, rowTo, x, y, yOffset, yStride);
  }

  @Override
  public void multiplyBytes(
      Int8Matrix w, int rowFrom, int rowTo, PreparedInput x, float[] y, int yOffset, int yStride) {
    Int8.multiplyBytes(w, rowFrom, rowTo, x, y, yOffset, yStride);
  }

  @Override
  public void multiplyFloats(
      Int8Matrix w, int rowFrom, int rowTo, PreparedInput x, float[] y, int yOffset, int yStride) {
    Int8.multiplyFloats(w, rowFrom, rowTo, x, y, yOffset, yStride);
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
    Attention.attend(
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
    return Exponentials.sum(x, from, length, maximum);
  }
}
