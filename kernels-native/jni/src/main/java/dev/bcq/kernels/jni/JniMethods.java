package dev.bcq.kernels.jni;

/**
 * The functions of {@code bcq_kernels.h} on matrices and activations, in {@code jni.c}. In the
 * place of a pointer they have the parts of a {@link Pointer}: what C had to read out of an object
 * would take longer than all else that a short call does.
 */
final class JniMethods {

  private JniMethods() {}

  static native void prepareByteTables(
      Object x,
      long xAddress,
      int columns,
      int chunks,
      Object tables,
      long tablesAddress,
      Object scales,
      long scalesAddress);

  static native void prepareFloatTables(
      Object x, long xAddress, int columns, int chunks, Object tables, long tablesAddress);

  static native void prepareBytes(
      Object x,
      long xAddress,
      int columns,
      int chunks,
      Object bytes,
      long bytesAddress,
      Object scales,
      long scalesAddress,
      Object sums,
      long sumsAddress);

  static native void prepareBitSlices(
      Object x,
      long xAddress,
      int columns,
      int chunks,
      Object slices,
      long slicesAddress,
      Object scales,
      long scalesAddress,
      Object sums,
      long sumsAddress);

  static native void multiplyByteTables(
      Object bits,
      long bitsAddress,
      Object scales,
      long scalesAddress,
      int rows,
      int chunks,
      int planes,
      int groupChunks,
      boolean offset,
      int tileFrom,
      int tileTo,
      int columns,
      Object tables,
      long tablesAddress,
      Object tableScales,
      long tableScalesAddress,
      Object groupSums,
      long groupSumsAddress,
      Object y,
      long yAddress,
      int yOffset,
      int yStride);

  static native void multiplyFloatTables(
      Object bits,
      long bitsAddress,
      Object scales,
      long scalesAddress,
      int rows,
      int chunks,
      int planes,
      int groupChunks,
      boolean offset,
      int tileFrom,
      int tileTo,
      int columns,
      Object tables,
      long tablesAddress,
      Object groupSums,
      long groupSumsAddress,
      Object y,
      long yAddress,
      int yOffset,
      int yStride);

  static native void multiplyDecoded(
      Object bits,
      long bitsAddress,
      Object scales,
      long scalesAddress,
      int rows,
      int chunks,
      int planes,
      int groupChunks,
      boolean offset,
      int tileFrom,
      int tileTo,
      int columns,
      Object bytes,
      long bytesAddress,
      Object byteScales,
      long byteScalesAddress,
      Object byteSums,
      long byteSumsAddress,
      Object groupSums,
      long groupSumsAddress,
      Object y,
      long yAddress,
      int yOffset,
      int yStride);

  static native void multiplyBitSlices(
      Object bits,
      long bitsAddress,
      Object scales,
      long scalesAddress,
      int rows,
      int chunks,
      int planes,
      int groupChunks,
      boolean offset,
      int tileFrom,
      int tileTo,
      int columns,
      Object slices,
      long slicesAddress,
      Object sliceScales,
      long sliceScalesAddress,
      Object sums,
      long sumsAddress,
      Object groupSums,
      long groupSumsAddress,
      Object y,
      long yAddress,
      int yOffset,
      int yStride);

  static native void multiplyFloats(
      Object w,
      long wAddress,
      int cols,
      int rowFrom,
      int rowTo,
      int columns,
      Object x,
      long xAddress,
      int xStride,
      Object y,
      long yAddress,
      int yOffset,
      int yStride);

  static native void multiplyBytes(
      Object w,
      long wAddress,
      Object rowScales,
      long rowScalesAddress,
      int rows,
      int chunks,
      int tileFrom,
      int tileTo,
      int columns,
      Object bytes,
      long bytesAddress,
      Object scales,
      long scalesAddress,
      Object sums,
      long sumsAddress,
      Object y,
      long yAddress,
      int yOffset,
      int yStride);

  static native void multiplyBytesByFloats(
      Object w,
      long wAddress,
      Object rowScales,
      long rowScalesAddress,
      int rows,
      int chunks,
      int tileFrom,
      int tileTo,
      int columns,
      Object x,
      long xAddress,
      Object y,
      long yAddress,
      int yOffset,
      int yStride);

  static native void attend(
      Object query,
      long queryAddress,
      int queryOffset,
      int queryStride,
      int columns,
      Object keys,
      long keysAddress,
      Object values,
      long valuesAddress,
      int stride,
      int headStride,
      Object rows,
      long rowsAddress,
      int rowsOffset,
      int count,
      int headFrom,
      int headTo,
      int headWidth,
      float scale,
      boolean biased,
      Object bias,
      long biasAddress,
      int biasOffset,
      int biasStride,
      int biasStep,
      Object scores,
      long scoresAddress,
      Object output,
      long outputAddress,
      int outputOffset,
      int outputStride);

  static native void attendInt8(
      Object query,
      long queryAddress,
      int queryOffset,
      int queryStride,
      int columns,
      Object tiles,
      long tilesAddress,
      Object scales,
      long scalesAddress,
      int capacity,
      boolean listed,
      Object rows,
      long rowsAddress,
      int rowsOffset,
      int rowsStride,
      int count,
      int headFrom,
      int headTo,
      int headWidth,
      float scale,
      boolean biased,
      Object bias,
      long biasAddress,
      int biasOffset,
      int biasStride,
      int biasStep,
      Object scores,
      long scoresAddress,
      Object output,
      long outputAddress,
      int outputOffset,
      int outputStride);

  static native void storeKeyValues(
      Object keys,
      long keysAddress,
      int keysOffset,
      int keysStride,
      Object values,
      long valuesAddress,
      int valuesOffset,
      int valuesStride,
      int columns,
      int headFrom,
      int headTo,
      int headWidth,
      Object tiles,
      long tilesAddress,
      Object scales,
      long scalesAddress,
      int capacity,
      int row);

  static native float sumOfExponentials(
      Object x, long xAddress, int from, int length, float maximum);

  static native void subtract(Object x, long xAddress, int from, int length, float number);

  static native float maximum(Object x, long xAddress, int from, int length);

  static native int firstAbove(
      Object x, long xAddress, int from, int to, float addend, float bound);

  static native void normalize(
      boolean centered,
      Object x,
      long xAddress,
      int xOffset,
      int xStride,
      int columns,
      int width,
      Object weight,
      long weightAddress,
      boolean biased,
      Object bias,
      long biasAddress,
      float epsilon,
      Object y,
      long yAddress,
      int yOffset,
      int yStride);

  static native void add(
      Object terms,
      long termsAddress,
      int termsOffset,
      int termsStride,
      Object sums,
      long sumsAddress,
      int sumsOffset,
      int sumsStride,
      int columns,
      int length);

  static native void activate(int function, Object x, long xAddress, int from, int length);

  static native void readRow(
      Object bits,
      long bitsAddress,
      Object scales,
      long scalesAddress,
      int chunks,
      int planes,
      int groupChunks,
      boolean offset,
      int row,
      int cols,
      Object to,
      long toAddress,
      int toOffset);
}
