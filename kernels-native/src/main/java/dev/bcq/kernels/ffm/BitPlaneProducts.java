package dev.bcq.kernels.ffm;

import dev.bcq.runtime.kernels.InputForm;
import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import java.lang.foreign.MemorySegment;

/** Calls the products of bit-planes, one function for each form; sizes have been checked. */
final class BitPlaneProducts {

  private BitPlaneProducts() {}

  static void multiply(
      BitPlaneBlock w,
      SegmentViews.Scaled weights,
      InputForm form,
      int tileFrom,
      int tileTo,
      PreparedInput x,
      SegmentViews.Input input,
      Activations y,
      MemorySegment output)
      throws Throwable {
    switch (form) {
      case BYTE_TABLES -> multiplyByteTables(w, weights, tileFrom, tileTo, x, input, y, output);
      case FLOAT_TABLES -> multiplyFloatTables(w, weights, tileFrom, tileTo, x, input, y, output);
      case BYTES -> multiplyDecoded(w, weights, tileFrom, tileTo, x, input, y, output);
      case BIT_SLICES -> multiplyBitSlices(w, weights, tileFrom, tileTo, x, input, y, output);
      case FLOATS -> throw form.unfit("bit-planes");
    }
  }

  private static void multiplyByteTables(
      BitPlaneBlock w,
      SegmentViews.Scaled weights,
      int tileFrom,
      int tileTo,
      PreparedInput x,
      SegmentViews.Input input,
      Activations y,
      MemorySegment output)
      throws Throwable {
    Bindings.MultiplyByteTables.HANDLE.invokeExact(
        weights.weights(),
        weights.scales(),
        w.rows(),
        w.chunks(),
        w.planes(),
        w.groupChunks(),
        w.hasOffset() ? 1 : 0,
        tileFrom,
        tileTo,
        x.columns(),
        input.byteTables(),
        input.tableScales(),
        input.groupSums(),
        output,
        y.offset() + w.firstRow(),
        y.stride());
  }

  private static void multiplyFloatTables(
      BitPlaneBlock w,
      SegmentViews.Scaled weights,
      int tileFrom,
      int tileTo,
      PreparedInput x,
      SegmentViews.Input input,
      Activations y,
      MemorySegment output)
      throws Throwable {
    Bindings.MultiplyFloatTables.HANDLE.invokeExact(
        weights.weights(),
        weights.scales(),
        w.rows(),
        w.chunks(),
        w.planes(),
        w.groupChunks(),
        w.hasOffset() ? 1 : 0,
        tileFrom,
        tileTo,
        x.columns(),
        input.floatTables(),
        input.groupSums(),
        output,
        y.offset() + w.firstRow(),
        y.stride());
  }

  private static void multiplyBitSlices(
      BitPlaneBlock w,
      SegmentViews.Scaled weights,
      int tileFrom,
      int tileTo,
      PreparedInput x,
      SegmentViews.Input input,
      Activations y,
      MemorySegment output)
      throws Throwable {
    Bindings.MultiplyBitSlices.HANDLE.invokeExact(
        weights.weights(),
        weights.scales(),
        w.rows(),
        w.chunks(),
        w.planes(),
        w.groupChunks(),
        w.hasOffset() ? 1 : 0,
        tileFrom,
        tileTo,
        x.columns(),
        input.bitSlices(),
        input.sliceScales(),
        input.chunkSums(),
        input.groupSums(),
        output,
        y.offset() + w.firstRow(),
        y.stride());
  }

  private static void multiplyDecoded(
      BitPlaneBlock w,
      SegmentViews.Scaled weights,
      int tileFrom,
      int tileTo,
      PreparedInput x,
      SegmentViews.Input input,
      Activations y,
      MemorySegment output)
      throws Throwable {
    Bindings.MultiplyDecoded.HANDLE.invokeExact(
        weights.weights(),
        weights.scales(),
        w.rows(),
        w.chunks(),
        w.planes(),
        w.groupChunks(),
        w.hasOffset() ? 1 : 0,
        tileFrom,
        tileTo,
        x.columns(),
        input.bytes(),
        input.byteScales(),
        input.byteSums(),
        input.groupSums(),
        output,
        y.offset() + w.firstRow(),
        y.stride());
  }
}
