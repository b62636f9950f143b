package dev.bcq.kernels.jni;

import dev.bcq.kernels.c.MatrixFunctions;

/** Preparation and products, by way of {@link JniMethods}: each pointer as its two parts. */
final class JniMatrixFunctions implements MatrixFunctions<Pointer> {

  @Override
  public void prepareByteTables(
      Pointer x, int columns, int chunks, Pointer tables, Pointer scales) {
    JniMethods.prepareByteTables(
        x.owner(),
        x.address(),
        columns,
        chunks,
        tables.owner(),
        tables.address(),
        scales.owner(),
        scales.address());
  }

  @Override
  public void prepareFloatTables(Pointer x, int columns, int chunks, Pointer tables) {
    JniMethods.prepareFloatTables(
        x.owner(), x.address(), columns, chunks, tables.owner(), tables.address());
  }

  @Override
  public void prepareBytes(
      Pointer x, int columns, int chunks, Pointer bytes, Pointer scales, Pointer sums) {
    JniMethods.prepareBytes(
        x.owner(),
        x.address(),
        columns,
        chunks,
        bytes.owner(),
        bytes.address(),
        scales.owner(),
        scales.address(),
        sums.owner(),
        sums.address());
  }

  @Override
  public void prepareBitSlices(
      Pointer x, int columns, int chunks, Pointer slices, Pointer scales, Pointer sums) {
    JniMethods.prepareBitSlices(
        x.owner(),
        x.address(),
        columns,
        chunks,
        slices.owner(),
        slices.address(),
        scales.owner(),
        scales.address(),
        sums.owner(),
        sums.address());
  }

  @Override
  public void multiplyByteTables(
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
      int yStride) {
    JniMethods.multiplyByteTables(
        bits.owner(),
        bits.address(),
        scales.owner(),
        scales.address(),
        rows,
        chunks,
        planes,
        groupChunks,
        offset,
        tileFrom,
        tileTo,
        columns,
        tables.owner(),
        tables.address(),
        tableScales.owner(),
        tableScales.address(),
        groupSums.owner(),
        groupSums.address(),
        y.owner(),
        y.address(),
        yOffset,
        yStride);
  }

  @Override
  public void multiplyFloatTables(
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
      int yStride) {
    JniMethods.multiplyFloatTables(
        bits.owner(),
        bits.address(),
        scales.owner(),
        scales.address(),
        rows,
        chunks,
        planes,
        groupChunks,
        offset,
        tileFrom,
        tileTo,
        columns,
        tables.owner(),
        tables.address(),
        groupSums.owner(),
        groupSums.address(),
        y.owner(),
        y.address(),
        yOffset,
        yStride);
  }

  @Override
  public void multiplyDecoded(
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
      int yStride) {
    JniMethods.multiplyDecoded(
        bits.owner(),
        bits.address(),
        scales.owner(),
        scales.address(),
        rows,
        chunks,
        planes,
        groupChunks,
        offset,
        tileFrom,
        tileTo,
        columns,
        bytes.owner(),
        bytes.address(),
        byteScales.owner(),
        byteScales.address(),
        byteSums.owner(),
        byteSums.address(),
        groupSums.owner(),
        groupSums.address(),
        y.owner(),
        y.address(),
        yOffset,
        yStride);
  }

  @Override
  public void multiplyBitSlices(
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
      int yStride) {
    JniMethods.multiplyBitSlices(
        bits.owner(),
        bits.address(),
        scales.owner(),
        scales.address(),
        rows,
        chunks,
        planes,
        groupChunks,
        offset,
        tileFrom,
        tileTo,
        columns,
        slices.owner(),
        slices.address(),
        sliceScales.owner(),
        sliceScales.address(),
        sums.owner(),
        sums.address(),
        groupSums.owner(),
        groupSums.address(),
        y.owner(),
        y.address(),
        yOffset,
        yStride);
  }

  @Override
  public void multiplyFloats(
      Pointer w,
      int cols,
      int rowFrom,
      int rowTo,
      int columns,
      Pointer x,
      int xStride,
      Pointer y,
      int yOffset,
      int yStride) {
    JniMethods.multiplyFloats(
        w.owner(),
        w.address(),
        cols,
        rowFrom,
        rowTo,
        columns,
        x.owner(),
        x.address(),
        xStride,
        y.owner(),
        y.address(),
        yOffset,
        yStride);
  }

  @Override
  public void multiplyBytes(
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
      int yStride) {
    JniMethods.multiplyBytes(
        w.owner(),
        w.address(),
        rowScales.owner(),
        rowScales.address(),
        rows,
        chunks,
        tileFrom,
        tileTo,
        columns,
        bytes.owner(),
        bytes.address(),
        scales.owner(),
        scales.address(),
        sums.owner(),
        sums.address(),
        y.owner(),
        y.address(),
        yOffset,
        yStride);
  }

  @Override
  public void multiplyBytesByFloats(
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
      int yStride) {
    JniMethods.multiplyBytesByFloats(
        w.owner(),
        w.address(),
        rowScales.owner(),
        rowScales.address(),
        rows,
        chunks,
        tileFrom,
        tileTo,
        columns,
        x.owner(),
        x.address(),
        y.owner(),
        y.address(),
        yOffset,
        yStride);
  }
}
