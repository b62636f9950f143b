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
      BitPlaneBlock w, InputForm form, int tileFrom, int tileTo, PreparedInput x, Activations y)
      throws Throwable {
    switch (form) {
      case BYTE_TABLES -> multiplyByteTables(w, tileFrom, tileTo, x, y);
      case FLOAT_TABLES -> multiplyFloatTables(w, tileFrom, tileTo, x, y);
      case BYTES -> multiplyDecoded(w, tileFrom, tileTo, x, y);
      case BIT_SLICES -> multiplyBitSlices(w, tileFrom, tileTo, x, y);
      default -> throw form.unfit("bit-planes");
    }
  }

  private static void multiplyByteTables(
      BitPlaneBlock w, int tileFrom, int tileTo, PreparedInput x, Activations y) throws Throwable {
    Bindings.MultiplyByteTables.HANDLE.invokeExact(
        MemorySegment.ofBuffer(w.bits()),
        MemorySegment.ofArray(w.scales()),
        w.rows(),
        w.chunks(),
        w.planes(),
        w.groupChunks(),
        w.hasOffset() ? 1 : 0,
        tileFrom,
        tileTo,
        x.columns(),
        MemorySegment.ofArray(x.byteTables()),
        MemorySegment.ofArray(x.tableScales()),
        MemorySegment.ofArray(x.groupSums()),
        MemorySegment.ofArray(y.values()),
        y.offset() + w.firstRow(),
        y.stride());
  }

  private static void multiplyFloatTables(
      BitPlaneBlock w, int tileFrom, int tileTo, PreparedInput x, Activations y) throws Throwable {
    Bindings.MultiplyFloatTables.HANDLE.invokeExact(
        MemorySegment.ofBuffer(w.bits()),
        MemorySegment.ofArray(w.scales()),
        w.rows(),
        w.chunks(),
        w.planes(),
        w.groupChunks(),
        w.hasOffset() ? 1 : 0,
        tileFrom,
        tileTo,
        x.columns(),
        MemorySegment.ofArray(x.floatTables()),
        MemorySegment.ofArray(x.groupSums()),
        MemorySegment.ofArray(y.values()),
        y.offset() + w.firstRow(),
        y.stride());
  }

  private static void multiplyBitSlices(
      BitPlaneBlock w, int tileFrom, int tileTo, PreparedInput x, Activations y) throws Throwable {
    Bindings.MultiplyBitSlices.HANDLE.invokeExact(
        MemorySegment.ofBuffer(w.bits()),
        MemorySegment.ofArray(w.scales()),
        w.rows(),
        w.chunks(),
        w.planes(),
        w.groupChunks(),
        w.hasOffset() ? 1 : 0,
        tileFrom,
        tileTo,
        x.columns(),
        MemorySegment.ofArray(x.bitSlices()),
        MemorySegment.ofArray(x.sliceScales()),
        MemorySegment.ofArray(x.chunkSums()),
        MemorySegment.ofArray(x.groupSums()),
        MemorySegment.ofArray(y.values()),
        y.offset() + w.firstRow(),
        y.stride());
  }

  private static void multiplyDecoded(
      BitPlaneBlock w, int tileFrom, int tileTo, PreparedInput x, Activations y) throws Throwable {
    Bindings.MultiplyDecoded.HANDLE.invokeExact(
        MemorySegment.ofBuffer(w.bits()),
        MemorySegment.ofArray(w.scales()),
        w.rows(),
        w.chunks(),
        w.planes(),
        w.groupChunks(),
        w.hasOffset() ? 1 : 0,
        tileFrom,
        tileTo,
        x.columns(),
        MemorySegment.ofArray(x.bytes()),
        MemorySegment.ofArray(x.byteScales()),
        MemorySegment.ofArray(x.byteSums()),
        MemorySegment.ofArray(x.groupSums()),
        MemorySegment.ofArray(y.values()),
        y.offset() + w.firstRow(),
        y.stride());
  }
}
