package dev.bcq.kernels.c;

/**
 * The functions of {@code bcq_kernels.h} that prepare activations and multiply matrices, in its
 * order; shapes and the order of what is computed stand there. Sizes are the caller's duty: nothing
 * is checked. A call lasts a tenth of a millisecond at most, which {@link NativeKernels} sees to,
 * so that a binding may hold off the garbage collector meanwhile.
 *
 * @param <P> how a binding points to the beginning of an array
 */
public interface MatrixFunctions<P> {

  /** Calls {@code bcq_prepare_byte_tables}. */
  void prepareByteTables(P x, int columns, int chunks, P tables, P scales);

  /** Calls {@code bcq_prepare_float_tables}. */
  void prepareFloatTables(P x, int columns, int chunks, P tables);

  /** Calls {@code bcq_prepare_bytes}. */
  void prepareBytes(P x, int columns, int chunks, P bytes, P scales, P sums);

  /** Calls {@code bcq_prepare_bit_slices}. */
  void prepareBitSlices(P x, int columns, int chunks, P slices, P scales, P sums);

  /** Calls {@code bcq_multiply_byte_tables}. */
  void multiplyByteTables(
      P bits,
      P scales,
      int rows,
      int chunks,
      int planes,
      int groupChunks,
      boolean offset,
      int tileFrom,
      int tileTo,
      int columns,
      P tables,
      P tableScales,
      P groupSums,
      P y,
      int yOffset,
      int yStride);

  /** Calls {@code bcq_multiply_float_tables}. */
  void multiplyFloatTables(
      P bits,
      P scales,
      int rows,
      int chunks,
      int planes,
      int groupChunks,
      boolean offset,
      int tileFrom,
      int tileTo,
      int columns,
      P tables,
      P groupSums,
      P y,
      int yOffset,
      int yStride);

  /** Calls {@code bcq_multiply_decoded}. */
  void multiplyDecoded(
      P bits,
      P scales,
      int rows,
      int chunks,
      int planes,
      int groupChunks,
      boolean offset,
      int tileFrom,
      int tileTo,
      int columns,
      P bytes,
      P byteScales,
      P byteSums,
      P groupSums,
      P y,
      int yOffset,
      int yStride);

  /** Calls {@code bcq_multiply_bit_slices}. */
  void multiplyBitSlices(
      P bits,
      P scales,
      int rows,
      int chunks,
      int planes,
      int groupChunks,
      boolean offset,
      int tileFrom,
      int tileTo,
      int columns,
      P slices,
      P sliceScales,
      P sums,
      P groupSums,
      P y,
      int yOffset,
      int yStride);

  /** Calls {@code bcq_multiply_floats}. */
  void multiplyFloats(
      P w,
      int cols,
      int rowFrom,
      int rowTo,
      int columns,
      P x,
      int xStride,
      P y,
      int yOffset,
      int yStride);

  /** Calls {@code bcq_multiply_bytes}. */
  void multiplyBytes(
      P w,
      P rowScales,
      int rows,
      int chunks,
      int tileFrom,
      int tileTo,
      int columns,
      P bytes,
      P scales,
      P sums,
      P y,
      int yOffset,
      int yStride);

  /** Calls {@code bcq_multiply_bytes_by_floats}. */
  void multiplyBytesByFloats(
      P w,
      P rowScales,
      int rows,
      int chunks,
      int tileFrom,
      int tileTo,
      int columns,
      P x,
      P y,
      int yOffset,
      int yStride);
}
