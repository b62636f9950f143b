package dev.bcq.kernels.c;

/**
 * The functions of {@code bcq_kernels.h} that work on activations and single rows, in its order; as
 * for {@link MatrixFunctions}, nothing is checked. {@link NativeKernels} attends with few heads at
 * a time: the longest call is one head's, with the columns of an encoder's block, 64, and all its
 * positions, half a millisecond where there are 4,000 of them.
 *
 * @param <P> how a binding points to the beginning of an array
 */
public interface VectorFunctions<P> {

  /** Calls {@code bcq_attend}. */
  void attend(
      P query,
      int queryOffset,
      int queryStride,
      int columns,
      P keys,
      P values,
      int stride,
      int headStride,
      P rows,
      int rowsOffset,
      int count,
      int headFrom,
      int headTo,
      int headWidth,
      float scale,
      boolean biased,
      P bias,
      int biasOffset,
      int biasStride,
      int biasStep,
      P scores,
      P output,
      int outputOffset,
      int outputStride);

  /** Calls {@code bcq_attend_int8}. */
  void attendInt8(
      P query,
      int queryOffset,
      int queryStride,
      int columns,
      P tiles,
      P scales,
      int capacity,
      boolean listed,
      P rows,
      int rowsOffset,
      int rowsStride,
      int count,
      int headFrom,
      int headTo,
      int headWidth,
      float scale,
      boolean biased,
      P bias,
      int biasOffset,
      int biasStride,
      int biasStep,
      P scores,
      P output,
      int outputOffset,
      int outputStride);

  /** Calls {@code bcq_store_key_values}. */
  void storeKeyValues(
      P keys,
      int keysOffset,
      int keysStride,
      P values,
      int valuesOffset,
      int valuesStride,
      int columns,
      int headFrom,
      int headTo,
      int headWidth,
      P tiles,
      P scales,
      int capacity,
      int row);

  /** Calls {@code bcq_sum_of_exponentials}. */
  float sumOfExponentials(P x, int from, int length, float maximum);

  /** Calls {@code bcq_subtract}. */
  void subtract(P x, int from, int length, float number);

  /** Calls {@code bcq_maximum}. */
  float maximum(P x, int from, int length);

  /** Calls {@code bcq_first_above}. */
  int firstAbove(P x, int from, int to, float addend, float bound);

  /** Calls {@code bcq_normalize}. */
  void normalize(
      boolean centered,
      P x,
      int xOffset,
      int xStride,
      int columns,
      int width,
      P weight,
      boolean biased,
      P bias,
      float epsilon,
      P y,
      int yOffset,
      int yStride);

  /** Calls {@code bcq_add_columns}. */
  void add(
      P terms,
      int termsOffset,
      int termsStride,
      P sums,
      int sumsOffset,
      int sumsStride,
      int columns,
      int length);

  /** Calls {@code bcq_activate}. */
  void activate(int function, P x, int from, int length);

  /** Calls {@code bcq_read_row}. */
  void readRow(
      P bits,
      P scales,
      int chunks,
      int planes,
      int groupChunks,
      boolean offset,
      int row,
      int cols,
      P to,
      int toOffset);
}
