package dev.bcq.runtime.kernels;

import dev.bcq.format.Activation;
import dev.bcq.format.NormKind;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import dev.bcq.runtime.tensor.FloatMatrix;
import dev.bcq.runtime.tensor.Int8KeyValues;
import dev.bcq.runtime.tensor.Int8Matrix;
import dev.bcq.runtime.tensor.NormWeights;

/**
 * The heavy loops of a transformer, for one provider. Stateless, thread-safe, single-threaded;
 * nothing is allocated per row, column or position. {@link ScalarKernels} is the reference that
 * every other provider equals with {@code ==}, dense float32 matrices excepted.
 *
 * <p>Matrix kernels compute {@code y = W x} for a range of tiles of 16 rows and all columns of x; y
 * and x never overlap. "Rounded" is half to even.
 */
public interface Kernels {

  /**
   * Fills the buffers of a form.
   *
   * <ul>
   *   <li>{@link InputForm#FLOATS}: there is nothing to do.
   *   <li>{@link InputForm#BYTE_TABLES}: {@link PreparedInput#byteTables} and {@link
   *       PreparedInput#tableScales}. For columns c..c+3, entry e is {@code (((+-x[c] +- x[c+1]) +-
   *       x[c+2]) +- x[c+3]) * (127 / m)} rounded, + where the bit of e is one, bit 0 for column c.
   *       m is the largest {@code ((|x[c]| + |x[c+1]|) + |x[c+2]|) + |x[c+3]|} of the span, the
   *       scale is {@code m / 127}; a span with m below {@link PreparedInput#SMALLEST_MAXIMUM} has
   *       zero tables and scale 0.
   *   <li>{@link InputForm#FLOAT_TABLES}: {@link PreparedInput#floatTables} with {@code (((+-x[c]
   *       +- x[c+1]) +- x[c+2]) +- x[c+3])}.
   *   <li>{@link InputForm#BYTES}: {@link PreparedInput#bytes}, {@link PreparedInput#byteSums} and
   *       {@link PreparedInput#byteScales}. {@code x * (127 / m)} rounded, m the largest magnitude
   *       of the span, scale {@code m / 127}; zero spans as for byte tables.
   *   <li>{@link InputForm#BIT_SLICES}: {@link PreparedInput#bitSlices}, {@link
   *       PreparedInput#sliceScales} and {@link PreparedInput#chunkSums}. Values and scales are
   *       those of form BYTES. Bit c of slice i of a chunk is bit i of the two's complement of
   *       column c of the chunk, so that slice i counts 2^i, and slice 7 -128; the sum is that of
   *       the chunk's 32 values.
   * </ul>
   *
   * A provider may write what its own products read in place of this, if it fits the buffers, or
   * keep it in {@link PreparedInput#forms}.
   */
  void prepare(InputForm form, PreparedInput input);

  /**
   * Multiplies bit-planes. Row r of the block becomes value {@code w.firstRow() + r} of a column.
   *
   * <ul>
   *   <li>{@link InputForm#BYTE_TABLES}: for each segment (the columns that share group and span,
   *       in order) the integer sums a_p of the planes' table entries, {@code t = a_0 alpha_0, t +=
   *       a_p alpha_p, y += t * scale}; at the end of a group with an offset, {@code y += z * sum
   *       of the group} ({@link PreparedInput#groupSums}).
   *   <li>{@link InputForm#FLOAT_TABLES}: for each group the planes' table entries are added one
   *       after another, in the order of the columns; then {@code t = a_0 alpha_0, t += a_p
   *       alpha_p, y += t}, and the offset as above.
   *   <li>{@link InputForm#BYTES}: the planes of a row and group become int8 levels. Planes 0 and
   *       1, 2 and 3, .. are pairs, the last plane alone if it has no partner. {@code m =
   *       (|alpha_0| + |alpha_1|) + ..}, {@code f = (128 - pairs) / m}, 0 if m is below {@link
   *       PreparedInput#SMALLEST_MAXIMUM}. A pair's entries are {@code (+-alpha_p +- alpha_(p+1)) *
   *       f} rounded; a weight's level is the sum of its pairs' entries, within 127. For each
   *       segment {@code y += (dot * (m / (128 - pairs))) * scale}, dot the integer dot product of
   *       levels and bytes; the offset as above.
   *   <li>{@link InputForm#BIT_SLICES}: as byte tables, where a_p is the exact dot product of the
   *       segment's signs and bytes, {@code 2 * (sum over slices of 2^i * bits in common of plane p
   *       and slice i) - sum of the bytes}, with -128 for 2^7.
   * </ul>
   *
   * @param form one of the above, prepared by the same provider
   * @param tileFrom first row tile
   * @param tileTo end of the range of row tiles
   */
  void multiply(
      BitPlaneBlock w, InputForm form, int tileFrom, int tileTo, PreparedInput x, Activations y);

  /**
   * Multiplies int8 weights.
   *
   * <ul>
   *   <li>{@link InputForm#BYTES}: {@code (sum over spans of (int dot) * span scale) * row scale}.
   *   <li>{@link InputForm#FLOATS}: the sum in the shape of {@link Reduction}, times the row scale.
   * </ul>
   *
   * @param form one of the above, prepared by the same provider
   * @param tileFrom first row tile
   * @param tileTo end of the range of row tiles
   */
  void multiply(
      Int8Matrix w, InputForm form, int tileFrom, int tileTo, PreparedInput x, Activations y);

  /**
   * Multiplies a dense matrix, with fused multiply-add where the provider has it and in any order.
   *
   * @param tileFrom first row tile
   * @param tileTo end of the range of row tiles
   */
  void multiply(FloatMatrix w, int tileFrom, int tileTo, PreparedInput x, Activations y);

  /**
   * Attends with queries, head by head: scores, their exponentials e_i relative to the largest, the
   * sum of these in the shape of {@link Reduction}, the sum of the values by their weights.
   *
   * <ul>
   *   <li>Floats: scores {@code dot(q, k) * scale + bias} (dot in the shape of {@link Reduction}),
   *       and {@code (sum of e_i * v_i, in order of i) * (1 / sum)}.
   *   <li>8 bits: the query becomes bytes with a scale, as in form {@link InputForm#BYTES}, but
   *       with one maximum for all of it. The score is {@code (int dot) * (query's scale * scale) *
   *       key's scale + bias}. Weights {@code w = e_i * value's scale} become two bytes: with m the
   *       largest, {@code x = w * (127 / m)}, {@code high} is x rounded, {@code low} is {@code (x -
   *       high) * 254} rounded. The result is {@code (h + l * (1 / 254)) * ((m / 127) * (1 /
   *       sum))}, where h and l are what the integer dot products of high and low with the values
   *       of rows 0..127, 128..255, .. add up to. Dot products of keys wider than 128 are added up
   *       likewise.
   * </ul>
   *
   * @param queries the queries of all heads
   * @param memory keys and values, at least one position
   * @param context receives what the heads found
   * @param columnFrom first column of the queries and of the context
   * @param columnTo end of the range of columns
   * @param headFrom first head
   * @param headTo end of the range of heads
   */
  void attend(
      Activations queries,
      KeyValueRows memory,
      Activations context,
      int columnFrom,
      int columnTo,
      int headFrom,
      int headTo);

  /**
   * Stores keys and values of columns in 8 bits: those of a head become bytes with a scale, as in
   * form {@link InputForm#BYTES}, but with one maximum for all of them.
   *
   * @param keys [columns][heads * head width]
   * @param values likewise
   * @param columnFrom first column
   * @param columnTo end of the range of columns
   * @param row row of the first column; the others follow
   * @param headFrom first head
   * @param headTo end of the range of heads
   */
  void store(
      Activations keys,
      Activations values,
      int columnFrom,
      int columnTo,
      Int8KeyValues memory,
      int row,
      int headFrom,
      int headTo);

  /**
   * Writes a row of bit-planes as floats, as an embedding lookup does: its scales added up in the
   * order of the planes, the offset last.
   *
   * @param row row of the block
   * @param column column of {@code to} that receives {@code w.cols()} values
   */
  void readRow(BitPlaneBlock w, int row, Activations to, int column);

  /**
   * Normalizes columns: {@code (x - mean) / sqrt(variance + epsilon) * weight + bias}, or {@code x
   * / sqrt(mean of x^2 + epsilon) * weight}, sums in the shape of {@link Reduction}, multiplied by
   * the reciprocal of the root and the weight in this order.
   *
   * @param weights their biases are not read for the root mean square
   * @param x [columns][width]
   * @param y receives [columns][width]; may be x itself
   */
  void normalize(
      NormKind kind, NormWeights weights, float epsilon, Activations x, int columns, Activations y);

  /**
   * Adds values {@code from .. to - 1} of columns to those of others. Terms whose stride is 0 are
   * the same for all columns, as biases are.
   *
   * @param terms [columns][to]; must not overlap the sums
   * @param sums [columns][to]
   */
  void add(Activations terms, Activations sums, int columns, int from, int to);

  /**
   * Replaces values {@code from .. to - 1} of columns by their activation (see {@link Elementary}).
   *
   * @param x [columns][to]
   */
  void activate(Activation function, Activations x, int columns, int from, int to);

  /** Subtracts a number from a column's first {@code length} values. */
  void subtract(Activations x, int column, int length, float number);

  /** Returns the largest of a column's first values, minus infinity if there is none. */
  float maximum(Activations x, int column, int length);

  /**
   * Returns the first index from {@code from} on with {@code addend + x[index] > bound} in a
   * column, or {@code to} if there is none before.
   */
  int firstAbove(Activations x, int column, int from, int to, float addend, float bound);

  /**
   * Returns the sum of {@code exp(x - maximum)} ({@link Elementary#exp}) over a column's first
   * values in the shape of {@link Reduction}.
   */
  float sumOfExponentials(Activations x, int column, int length, float maximum);
}
