/*
 * The NEON level of CPUs from ARMv8.2 on that have the dot product: it multiplies bytes, and leaves all else to
 * the other level.
 */
#define BCQ_DOTPROD
#include "neon.c"

static void neon_prepare_byte_tables(
    const float *x, int32_t columns, int32_t chunks, int8_t *tables, float *scales) {
  bcq_neon.prepare_byte_tables(x, columns, chunks, tables, scales);
}

static void neon_prepare_float_tables(const float *x, int32_t columns, int32_t chunks, float *tables) {
  bcq_neon.prepare_float_tables(x, columns, chunks, tables);
}

static void neon_prepare_bytes(
    const float *x, int32_t columns, int32_t chunks, int8_t *bytes, float *scales, int32_t *sums) {
  bcq_neon.prepare_bytes(x, columns, chunks, bytes, scales, sums);
}

static void neon_prepare_bit_slices(
    const float *x, int32_t columns, int32_t chunks, uint32_t *slices, float *scales, int32_t *sums) {
  bcq_neon.prepare_bit_slices(x, columns, chunks, slices, scales, sums);
}

static void neon_multiply_byte_tables(
    const bcq_block *w, int32_t columns, const int8_t *tables, const float *scales,
    const float *group_sums, float *y, int32_t y_stride) {
  bcq_neon.multiply_byte_tables(w, columns, tables, scales, group_sums, y, y_stride);
}

static void neon_multiply_float_tables(
    const bcq_block *w, int32_t columns, const float *tables, const float *group_sums, float *y,
    int32_t y_stride) {
  bcq_neon.multiply_float_tables(w, columns, tables, group_sums, y, y_stride);
}

static void neon_multiply_bit_slices(
    const bcq_block *w, int32_t columns, const uint32_t *slices, const float *scales,
    const int32_t *sums, const float *group_sums, float *y, int32_t y_stride) {
  bcq_neon.multiply_bit_slices(w, columns, slices, scales, sums, group_sums, y, y_stride);
}

static void neon_multiply_floats(
    const float *w, int32_t cols, int32_t row_from, int32_t row_to, int32_t columns, const float *x,
    int32_t x_stride, float *y, int32_t y_stride) {
  bcq_neon.multiply_floats(w, cols, row_from, row_to, columns, x, x_stride, y, y_stride);
}

static void neon_multiply_bytes_by_floats(
    const bcq_int8 *w, int32_t columns, const float *x, float *y, int32_t y_stride) {
  bcq_neon.multiply_bytes_by_floats(w, columns, x, y, y_stride);
}

static void neon_attend(
    const bcq_head *head, int32_t heads, int32_t bias_stride, int32_t columns, float *scores,
    float *output, int32_t output_stride) {
  bcq_neon.attend(head, heads, bias_stride, columns, scores, output, output_stride);
}

static float neon_sum_of_exponentials(const float *x, int32_t length, float maximum) {
  return bcq_neon.sum_of_exponentials(x, length, maximum);
}

static float neon_maximum(const float *x, int32_t length) {
  return bcq_neon.maximum(x, length);
}

static int32_t neon_first_above(const float *x, int32_t from, int32_t to, float addend, float bound) {
  return bcq_neon.first_above(x, from, to, addend, bound);
}

static void neon_normalize(
    int32_t centered, const float *x, int32_t width, const float *weight, const float *bias,
    float epsilon, float *y) {
  bcq_neon.normalize(centered, x, width, weight, bias, epsilon, y);
}

static void neon_activate(int32_t function, float *x, int32_t length) {
  bcq_neon.activate(function, x, length);
}

static void neon_read_row(const bcq_block *w, int32_t row, int32_t cols, float *to) {
  bcq_neon.read_row(w, row, cols, to);
}

const bcq_level bcq_neon_dotprod = {
    .name = "neon-dotprod",
    .prepare_byte_tables = neon_prepare_byte_tables,
    .prepare_float_tables = neon_prepare_float_tables,
    .prepare_bytes = neon_prepare_bytes,
    .prepare_bit_slices = neon_prepare_bit_slices,
    .multiply_byte_tables = neon_multiply_byte_tables,
    .multiply_float_tables = neon_multiply_float_tables,
    .multiply_bit_slices = neon_multiply_bit_slices,
    .multiply_floats = neon_multiply_floats,
    .multiply_decoded = multiply_decoded,
    .multiply_bytes = multiply_bytes,
    .multiply_bytes_by_floats = neon_multiply_bytes_by_floats,
    .attend = neon_attend,
    .sum_of_exponentials = neon_sum_of_exponentials,
    .maximum = neon_maximum,
    .first_above = neon_first_above,
    .normalize = neon_normalize,
    .activate = neon_activate,
    .read_row = neon_read_row,
};
