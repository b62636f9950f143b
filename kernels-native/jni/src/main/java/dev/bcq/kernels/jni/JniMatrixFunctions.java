package dev.bcq.kernels.jni;

import dev.bcq.kernels.c.MatrixFunctions;

/** Preparation and products, in {@code jni.c}. */
final class JniMatrixFunctions implements MatrixFunctions<Pointer> {

  @Override
  public native void prepareByteTables(
      Pointer x, int columns, int chunks, Pointer tables, Pointer scales);

  @Override
  public native void prepareFloatTables(Pointer x, int columns, int chunks, Pointer tables);

  @Override
  public native void prepareBytes(
      Pointer x, int columns, int chunks, Pointer bytes, Pointer scales, Pointer sums);

  @Override
  public native void prepareBitSlices(
      Pointer x, int columns, int chunks, Pointer slices, Pointer scales, Pointer sums);

  @Override
  public native void multiplyByteTables(
      Pointer bits,
      Pointer scales,
      int rows,
      int chunks,
      int planes,
      int groupChunks,
      boolean offset,
      int tileFrom,
      int tileTo,
      int columns,
      Pointer tables,
      Pointer tableScales,
      Pointer groupSums,
      Pointer y,
      int yOffset,
      int yStride);

  @Override
  public native void multiplyFloatTables(
      Pointer bits,
      Pointer scales,
      int rows,
      int chunks,
      int planes,
      int groupChunks,
      boolean offset,
      int tileFrom,
      int tileTo,
      int columns,
      Pointer tables,
      Pointer groupSums,
      Pointer y,
      int yOffset,
      int yStride);

  @Override
  public native void multiplyDecoded(
      Pointer bits,
      Pointer scales,
      int rows,
      int chunks,
      int planes,
      int groupChunks,
      boolean offset,
      int tileFrom,
      int tileTo,
      int columns,
      Pointer bytes,
      Pointer byteScales,
      Pointer byteSums,
      Pointer groupSums,
      Pointer y,
      int yOffset,
      int yStride);

  @Override
  public native void multiplyBitSlices(
      Pointer bits,
      Pointer scales,
      int rows,
      int chunks,
      int planes,
      int groupChunks,
      boolean offset,
      int tileFrom,
      int tileTo,
      int columns,
      Pointer slices,
      Pointer sliceScales,
      Pointer sums,
      Pointer groupSums,
      Pointer y,
      int yOffset,
      int yStride);

  @Override
  public native void multiplyFloats(
      Pointer w,
      int cols,
      int rowFrom,
      int rowTo,
      int columns,
      Pointer x,
      int xStride,
      Pointer y,
      int yOffset,
      int yStride);

  @Override
  public native void multiplyBytes(
      Pointer w,
      Pointer rowScales,
      int rows,
      int chunks,
      int tileFrom,
      int tileTo,
      int columns,
      Pointer bytes,
      Pointer scales,
      Pointer sums,
      Pointer y,
      int yOffset,
      int yStride);

  @Override
  public native void multiplyBytesByFloats(
      Pointer w,
      Pointer rowScales,
      int rows,
      int chunks,
      int tileFrom,
      int tileTo,
      int columns,
      Pointer x,
      Pointer y,
      int yOffset,
      int yStride);
}
