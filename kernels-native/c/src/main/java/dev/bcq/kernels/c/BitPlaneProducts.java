package dev.bcq.kernels.c;

import dev.bcq.runtime.kernels.InputForm;
import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.BitPlaneBlock;

/** Calls the products of bit-planes, one function for each form; sizes have been checked. */
final class BitPlaneProducts<P> {
  private final MatrixFunctions<P> functions;

  BitPlaneProducts(MatrixFunctions<P> functions) {
    this.functions = functions;
  }

  void multiply(
      BitPlaneBlock w,
      MemoryViews.Scaled<P> weights,
      InputForm form,
      int tileFrom,
      int tileTo,
      PreparedInput x,
      MemoryViews.Input<P> input,
      Activations y,
      P output) {
    switch (form) {
      case BYTE_TABLES -> multiplyByteTables(w, weights, tileFrom, tileTo, x, input, y, output);
      case FLOAT_TABLES -> multiplyFloatTables(w, weights, tileFrom, tileTo, x, input, y, output);
      case BYTES -> multiplyDecoded(w, weights, tileFrom, tileTo, x, input, y, output);
      case BIT_SLICES -> multiplyBitSlices(w, weights, tileFrom, tileTo, x, input, y, output);
      case FLOATS -> throw form.unfit("bit-planes");
    }
  }

  private void multiplyByteTables(
      BitPlaneBlock w,
      MemoryViews.Scaled<P> weights,
      int tileFrom,
      int tileTo,
      PreparedInput x,
      MemoryViews.Input<P> input,
      Activations y,
      P output) {
    functions.multiplyByteTables(
        weights.weights(),
        weights.scales(),
        w.rows(),
        w.chunks(),
        w.planes(),
        w.groupChunks(),
        w.hasOffset(),
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

  private void multiplyFloatTables(
      BitPlaneBlock w,
      MemoryViews.Scaled<P> weights,
      int tileFrom,
      int tileTo,
      PreparedInput x,
      MemoryViews.Input<P> input,
      Activations y,
      P output) {
    functions.multiplyFloatTables(
        weights.weights(),
        weights.scales(),
        w.rows(),
        w.chunks(),
        w.planes(),
        w.groupChunks(),
        w.hasOffset(),
        tileFrom,
        tileTo,
        x.columns(),
        input.floatTables(),
        input.groupSums(),
        output,
        y.offset() + w.firstRow(),
        y.stride());
  }

  private void multiplyBitSlices(
      BitPlaneBlock w,
      MemoryViews.Scaled<P> weights,
      int tileFrom,
      int tileTo,
      PreparedInput x,
      MemoryViews.Input<P> input,
      Activations y,
      P output) {
    functions.multiplyBitSlices(
        weights.weights(),
        weights.scales(),
        w.rows(),
        w.chunks(),
        w.planes(),
        w.groupChunks(),
        w.hasOffset(),
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

  private void multiplyDecoded(
      BitPlaneBlock w,
      MemoryViews.Scaled<P> weights,
      int tileFrom,
      int tileTo,
      PreparedInput x,
      MemoryViews.Input<P> input,
      Activations y,
      P output) {
    functions.multiplyDecoded(
        weights.weights(),
        weights.scales(),
        w.rows(),
        w.chunks(),
        w.planes(),
        w.groupChunks(),
        w.hasOffset(),
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
