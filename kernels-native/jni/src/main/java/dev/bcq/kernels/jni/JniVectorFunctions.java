package dev.bcq.kernels.jni;

import dev.bcq.kernels.c.VectorFunctions;

/** Functions on activations and rows, in {@code jni.c}. */
final class JniVectorFunctions implements VectorFunctions<Pointer> {

  @Override
  public native void attend(
      Pointer query,
      int queryOffset,
      int queryStride,
      int columns,
      Pointer keys,
      Pointer values,
      int stride,
      int headStride,
      Pointer rows,
      int count,
      int headFrom,
      int headTo,
      int headWidth,
      float scale,
      boolean biased,
      Pointer bias,
      int biasOffset,
      int biasStride,
      int biasStep,
      Pointer scores,
      Pointer output,
      int outputOffset,
      int outputStride);

  @Override
  public native float sumOfExponentials(Pointer x, int from, int length, float maximum);

  @Override
  public native float maximum(Pointer x, int from, int length);

  @Override
  public native int firstAbove(Pointer x, int from, int to, float addend, float bound);

  @Override
  public native void normalize(
      boolean centered,
      Pointer x,
      int xOffset,
      int xStride,
      int columns,
      int width,
      Pointer weight,
      boolean biased,
      Pointer bias,
      float epsilon,
      Pointer y,
      int yOffset,
      int yStride);

  @Override
  public native void activate(int function, Pointer x, int from, int length);

  @Override
  public native void readRow(
      Pointer bits,
      Pointer scales,
      int chunks,
      int planes,
      int groupChunks,
      boolean offset,
      int row,
      int cols,
      Pointer to,
      int toOffset);
}
