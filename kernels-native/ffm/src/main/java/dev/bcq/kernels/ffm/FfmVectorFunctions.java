package dev.bcq.kernels.ffm;

import dev.bcq.kernels.c.VectorFunctions;
import java.lang.foreign.MemorySegment;

/** Functions on activations and rows, one critical call each. */
final class FfmVectorFunctions implements VectorFunctions<MemorySegment> {

  @Override
  public void attend(
      MemorySegment query,
      int queryOffset,
      int queryStride,
      int columns,
      MemorySegment keys,
      MemorySegment values,
      int stride,
      int headStride,
      MemorySegment rows,
      int rowsOffset,
      int count,
      int headFrom,
      int headTo,
      int headWidth,
      float scale,
      boolean biased,
      MemorySegment bias,
      int biasOffset,
      int biasStride,
      int biasStep,
      MemorySegment scores,
      MemorySegment output,
      int outputOffset,
      int outputStride) {
    try {
      Downcalls.Attend.HANDLE.invokeExact(
          query,
          queryOffset,
          queryStride,
          columns,
          keys,
          values,
          stride,
          headStride,
          rows,
          rowsOffset,
          count,
          headFrom,
          headTo,
          headWidth,
          scale,
          biased ? 1 : 0,
          bias,
          biasOffset,
          biasStride,
          biasStep,
          scores,
          output,
          outputOffset,
          outputStride);
    } catch (Throwable e) {
      throw FfmLibrary.failed(e);
    }
  }

  @Override
  public void attendInt8(
      MemorySegment query,
      int queryOffset,
      int queryStride,
      int columns,
      MemorySegment tiles,
      MemorySegment scales,
      int capacity,
      boolean listed,
      MemorySegment rows,
      int rowsOffset,
      int rowsStride,
      int count,
      int headFrom,
      int headTo,
      int headWidth,
      float scale,
      boolean biased,
      MemorySegment bias,
      int biasOffset,
      int biasStride,
      int biasStep,
      MemorySegment scores,
      MemorySegment output,
      int outputOffset,
      int outputStride) {
    try {
      Downcalls.AttendInt8.HANDLE.invokeExact(
          query,
          queryOffset,
          queryStride,
          columns,
          tiles,
          scales,
          capacity,
          listed ? 1 : 0,
          rows,
          rowsOffset,
          rowsStride,
          count,
          headFrom,
          headTo,
          headWidth,
          scale,
          biased ? 1 : 0,
          bias,
          biasOffset,
          biasStride,
          biasStep,
          scores,
          output,
          outputOffset,
          outputStride);
    } catch (Throwable e) {
      throw FfmLibrary.failed(e);
    }
  }

  @Override
  public void storeKeyValues(
      MemorySegment keys,
      int keysOffset,
      int keysStride,
      MemorySegment values,
      int valuesOffset,
      int valuesStride,
      int columns,
      int headFrom,
      int headTo,
      int headWidth,
      MemorySegment tiles,
      MemorySegment scales,
      int capacity,
      int row) {
    try {
      Downcalls.StoreKeyValues.HANDLE.invokeExact(
          keys,
          keysOffset,
          keysStride,
          values,
          valuesOffset,
          valuesStride,
          columns,
          headFrom,
          headTo,
          headWidth,
          tiles,
          scales,
          capacity,
          row);
    } catch (Throwable e) {
      throw FfmLibrary.failed(e);
    }
  }

  @Override
  public float sumOfExponentials(MemorySegment x, int from, int length, float maximum) {
    try {
      return (float) Downcalls.SumOfExponentials.HANDLE.invokeExact(x, from, length, maximum);
    } catch (Throwable e) {
      throw FfmLibrary.failed(e);
    }
  }

  @Override
  public void subtract(MemorySegment x, int from, int length, float number) {
    try {
      Downcalls.Subtract.HANDLE.invokeExact(x, from, length, number);
    } catch (Throwable e) {
      throw FfmLibrary.failed(e);
    }
  }

  @Override
  public float maximum(MemorySegment x, int from, int length) {
    try {
      return (float) Downcalls.Maximum.HANDLE.invokeExact(x, from, length);
    } catch (Throwable e) {
      throw FfmLibrary.failed(e);
    }
  }

  @Override
  public int firstAbove(MemorySegment x, int from, int to, float addend, float bound) {
    try {
      return (int) Downcalls.FirstAbove.HANDLE.invokeExact(x, from, to, addend, bound);
    } catch (Throwable e) {
      throw FfmLibrary.failed(e);
    }
  }

  @Override
  public void normalize(
      boolean centered,
      MemorySegment x,
      int xOffset,
      int xStride,
      int columns,
      int width,
      MemorySegment weight,
      boolean biased,
      MemorySegment bias,
      float epsilon,
      MemorySegment y,
      int yOffset,
      int yStride) {
    try {
      Downcalls.Normalize.HANDLE.invokeExact(
          centered ? 1 : 0,
          x,
          xOffset,
          xStride,
          columns,
          width,
          weight,
          biased ? 1 : 0,
          bias,
          epsilon,
          y,
          yOffset,
          yStride);
    } catch (Throwable e) {
      throw FfmLibrary.failed(e);
    }
  }

  @Override
  public void add(
      MemorySegment terms,
      int termsOffset,
      int termsStride,
      MemorySegment sums,
      int sumsOffset,
      int sumsStride,
      int columns,
      int length) {
    try {
      Downcalls.Add.HANDLE.invokeExact(
          terms, termsOffset, termsStride, sums, sumsOffset, sumsStride, columns, length);
    } catch (Throwable e) {
      throw FfmLibrary.failed(e);
    }
  }

  @Override
  public void activate(int function, MemorySegment x, int from, int length) {
    try {
      Downcalls.Activate.HANDLE.invokeExact(function, x, from, length);
    } catch (Throwable e) {
      throw FfmLibrary.failed(e);
    }
  }

  @Override
  public void readRow(
      MemorySegment bits,
      MemorySegment scales,
      int chunks,
      int planes,
      int groupChunks,
      boolean offset,
      int row,
      int cols,
      MemorySegment to,
      int toOffset) {
    try {
      Downcalls.ReadRow.HANDLE.invokeExact(
          bits, scales, chunks, planes, groupChunks, offset ? 1 : 0, row, cols, to, toOffset);
    } catch (Throwable e) {
      throw FfmLibrary.failed(e);
    }
  }
}
