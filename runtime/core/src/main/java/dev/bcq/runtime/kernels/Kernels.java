package dev.bcq.runtime.kernels;

import dev.bcq.runtime.tensor.BitPlaneBlock;
import dev.bcq.runtime.tensor.FloatMatrix;
import dev.bcq.runtime.tensor.Int8Matrix;
import org.jspecify.annotations.Nullable;

/**
 * The heavy loops of a transformer, for one provider. Stateless, thread-safe, single-threaded;
 * nothing is allocated per row, column or position. {@link ScalarKernels} is the reference that
 * every other provider equals with {@code ==}, dense float32 matrices excepted.
 *
 * <p>Matrix kernels compute {@code y = W x} for a range of rows and all columns of x: row r of
 * column j is written to {@code y[yOffset + j * yStride + r]}; y and x never overlap. "Rounded" is
 * half to even.
 */
public interface Kernels {

  /**
   * Fills {@link PreparedInput#byteTables} and {@link PreparedInput#tableScales}. For columns
   * c..c+3, entry e is {@code (((+-x[c] +- x[c+1]) +- x[c+2]) +- x[c+3]) * (127 / m)} rounded, +
   * where the bit of e is one, bit 0 for column c. m is the largest {@code ((|x[c]| + |x[c+1]|) +
   * |x[c+2]|) + |x[c+3]|} of the span, the scale is {@code m / 127}; a span with m below {@link
   * PreparedInput#SMALLEST_MAXIMUM} has zero tables and scale 0.
   */
  void prepareByteTables(PreparedInput input);

  /**
   * Fills {@link PreparedInput#floatTables} with {@code (((+-x[c] +- x[c+1]) +- x[c+2]) +-
   * x[c+3])}, or with what the provider's {@link #multiplyFloatTables} reads in its place.
   */
  void prepareFloatTables(PreparedInput input);

  /**
   * Fills {@link PreparedInput#bytes} and {@link PreparedInput#byteScales}: {@code x * (127 / m)}
   * rounded, m the largest magnitude of the span, scale {@code m / 127}; zero spans as for byte
   * tables.
   */
  void prepareBytes(PreparedInput input);

  /**
   * Multiplies bit-planes by byte tables. For each segment (the columns that share group and span,
   * in order): the integer sums a_p of the planes' table entries, {@code t = a_0 alpha_0, t += a_p
   * alpha_p, y += t * scale}; at the end of a group with an offset, {@code y += z * sum of the
   * group} ({@link PreparedInput#groupSums}).
   *
   * @param tileFrom first row tile
   * @param tileTo end of the range of row tiles
   */
  void multiplyByteTables(
      BitPlaneBlock w,
      int tileFrom,
      int tileTo,
      PreparedInput x,
      float[] y,
      int yOffset,
      int yStride);

  /**
   * Multiplies bit-planes by float tables. For each group: the planes' table entries are added one
   * after another, in the order of the columns; then {@code t = a_0 alpha_0, t += a_p alpha_p, y +=
   * t}, and the offset as above.
   *
   * @param tileFrom first row tile
   * @param tileTo end of the range of row tiles
   */
  void multiplyFloatTables(
      BitPlaneBlock w,
      int tileFrom,
      int tileTo,
      PreparedInput x,
      float[] y,
      int yOffset,
      int yStride);

  /**
   * Multiplies a dense matrix, with fused multiply-add where the provider has it and in any order.
   */
  void multiplyFloats(
      FloatMatrix w, int rowFrom, int rowTo, PreparedInput x, float[] y, int yOffset, int yStride);

  /**
   * Multiplies int8 weights by int8 activations: {@code (sum over spans of (int dot) * span scale)
   * * row scale}.
   */
  void multiplyBytes(
      Int8Matrix w, int rowFrom, int rowTo, PreparedInput x, float[] y, int yOffset, int yStride);

  /**
   * Multiplies int8 weights by float activations: the sum in the shape of {@link Reduction}, times
   * the row scale.
   */
  void multiplyFloats(
      Int8Matrix w, int rowFrom, int rowTo, PreparedInput x, float[] y, int yOffset, int yStride);

  /**
   * Attends with one query, head by head: scores {@code dot(q, k) * scale + bias} (dot in the shape
   * of {@link Reduction}), their exponentials relative to the largest, the sum of these in the same
   * shape, and {@code (sum of e_i * v_i, in order of i) * (1 / sum)}.
   *
   * @param query the query of all heads, from {@code queryOffset}
   * @param memory keys and values, at least one position
   * @param bias bias of head h at position i is {@code bias[biasOffset + h * biasStride + i]}; null
   *     for none
   * @param scores scratch of at least {@code memory.heads() * memory.count()} values
   * @param output receives {@code heads * headWidth} values from {@code outputOffset}
   */
  void attend(
      float[] query,
      int queryOffset,
      KeyValueRows memory,
      float scale,
      float @Nullable [] bias,
      int biasOffset,
      int biasStride,
      float[] scores,
      float[] output,
      int outputOffset);

  /**
   * Returns the sum of {@code exp(x - maximum)} ({@link Elementary#exp}) in the shape of {@link
   * Reduction}.
   */
  float sumOfExponentials(float[] x, int from, int length, float maximum);
}
