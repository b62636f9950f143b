package dev.bcq.kernels.ffm;

import dev.bcq.kernels.c.MatrixFunctions;
import java.lang.foreign.MemorySegment;

/** Preparation and products, one critical call each. */
final class FfmMatrixFunctions implements MatrixFunctions<MemorySegment> {

  @Override
  public void prepareByteTables(
      MemorySegment x, int columns, int chunks, MemorySegment tables, MemorySegment scales) {
    try {
      Downcalls.PrepareByteTables.HANDLE.invokeExact(x, columns, chunks, tables, scales);
    } catch (Throwable e) {
      throw FfmLibrary.failed(e);
    }
  }

  @Override
  public void prepareFloatTables(MemorySegment x, int columns, int chunks, MemorySegment tables) {
    try {
      Downcalls.PrepareFloatTables.HANDLE.invokeExact(x, columns, chunks, tables);
    } catch (Throwable e) {
      throw FfmLibrary.failed(e);
    }
  }

  @Override
  public void prepareBytes(
      MemorySegment x,
      int columns,
      int chunks,
      MemorySegment bytes,
      MemorySegment scales,
      MemorySegment sums) {
    try {
      Downcalls.PrepareBytes.HANDLE.invokeExact(x, columns, chunks, bytes, scales, sums);
    } catch (Throwable e) {
      throw FfmLibrary.failed(e);
    }
  }

  @Override
  public void prepareBitSlices(
      MemorySegment x,
      int columns,
      int chunks,
      MemorySegment slices,
      MemorySegment scales,
      MemorySegment sums) {
    try {
      Downcalls.PrepareBitSlices.HANDLE.invokeExact(x, columns, chunks, slices, scales, sums);
    } catch (Throwable e) {
      throw FfmLibrary.failed(e);
    }
  }

  @Override
  public void multiplyByteTables(
      MemorySegment bits,
      MemorySegment scales,
      int rows,
      int chunks,
      int planes,
      int groupChunks,
      boolean offset,
      int tileFrom,
      int tileTo,
      int columns,
      MemorySegment tables,
      MemorySegment tableScales,
      MemorySegment groupSums,
      MemorySegment y,
      int yOffset,
      int yStride) {
    try {
      Downcalls.MultiplyByteTables.HANDLE.invokeExact(
          bits,
          scales,
          rows,
          chunks,
          planes,
          groupChunks,
          offset ? 1 : 0,
          tileFrom,
          tileTo,
          columns,
          tables,
          tableScales,
          groupSums,
          y,
          yOffset,
          yStride);
    } catch (Throwable e) {
      throw FfmLibrary.failed(e);
    }
  }

  @Override
  public void multiplyFloatTables(
      MemorySegment bits,
      MemorySegment scales,
      int rows,
      int chunks,
      int planes,
      int groupChunks,
      boolean offset,
      int tileFrom,
      int tileTo,
      int columns,
      MemorySegment tables,
      MemorySegment groupSums,
      MemorySegment y,
      int yOffset,
      int yStride) {
    try {
      Downcalls.MultiplyFloatTables.HANDLE.invokeExact(
          bits,
          scales,
          rows,
          chunks,
          planes,
          groupChunks,
          offset ? 1 : 0,
          tileFrom,
          tileTo,
          columns,
          tables,
          groupSums,
          y,
          yOffset,
          yStride);
    } catch (Throwable e) {
      throw FfmLibrary.failed(e);
    }
  }

  @Override
  public void multiplyDecoded(
      MemorySegment bits,
      MemorySegment scales,
      int rows,
      int chunks,
      int planes,
      int groupChunks,
      boolean offset,
      int tileFrom,
      int tileTo,
      int columns,
      MemorySegment bytes,
      MemorySegment byteScales,
      MemorySegment byteSums,
      MemorySegment groupSums,
      MemorySegment y,
      int yOffset,
      int yStride) {
    try {
      Downcalls.MultiplyDecoded.HANDLE.invokeExact(
          bits,
          scales,
          rows,
          chunks,
          planes,
          groupChunks,
          offset ? 1 : 0,
          tileFrom,
          tileTo,
          columns,
          bytes,
          byteScales,
          byteSums,
          groupSums,
          y,
          yOffset,
          yStride);
    } catch (Throwable e) {
      throw FfmLibrary.failed(e);
    }
  }

  @Override
  public void multiplyBitSlices(
      MemorySegment bits,
      MemorySegment scales,
      int rows,
      int chunks,
      int planes,
      int groupChunks,
      boolean offset,
      int tileFrom,
      int tileTo,
      int columns,
      MemorySegment slices,
      MemorySegment sliceScales,
      MemorySegment sums,
      MemorySegment groupSums,
      MemorySegment y,
      int yOffset,
      int yStride) {
    try {
      Downcalls.MultiplyBitSlices.HANDLE.invokeExact(
          bits,
          scales,
          rows,
          chunks,
          planes,
          groupChunks,
          offset ? 1 : 0,
          tileFrom,
          tileTo,
          columns,
          slices,
          sliceScales,
          sums,
          groupSums,
          y,
          yOffset,
          yStride);
    } catch (Throwable e) {
      throw FfmLibrary.failed(e);
    }
  }

  @Override
  public void multiplyFloats(
      MemorySegment w,
      int cols,
      int rowFrom,
      int rowTo,
      int columns,
      MemorySegment x,
      int xStride,
      MemorySegment y,
      int yOffset,
      int yStride) {
    try {
      Downcalls.MultiplyFloats.HANDLE.invokeExact(
          w, cols, rowFrom, rowTo, columns, x, xStride, y, yOffset, yStride);
    } catch (Throwable e) {
      throw FfmLibrary.failed(e);
    }
  }

  @Override
  public void multiplyBytes(
      MemorySegment w,
      MemorySegment rowScales,
      int rows,
      int chunks,
      int tileFrom,
      int tileTo,
      int columns,
      MemorySegment bytes,
      MemorySegment scales,
      MemorySegment sums,
      MemorySegment y,
      int yOffset,
      int yStride) {
    try {
      Downcalls.MultiplyBytes.HANDLE.invokeExact(
          w, rowScales, rows, chunks, tileFrom, tileTo, columns, bytes, scales, sums, y, yOffset,
          yStride);
    } catch (Throwable e) {
      throw FfmLibrary.failed(e);
    }
  }

  @Override
  public void multiplyBytesByFloats(
      MemorySegment w,
      MemorySegment rowScales,
      int rows,
      int chunks,
      int tileFrom,
      int tileTo,
      int columns,
      MemorySegment x,
      MemorySegment y,
      int yOffset,
      int yStride) {
    try {
      Downcalls.MultiplyBytesByFloats.HANDLE.invokeExact(
          w, rowScales, rows, chunks, tileFrom, tileTo, columns, x, y, yOffset, yStride);
    } catch (Throwable e) {
      throw FfmLibrary.failed(e);
    }
  }
}
