/* The entry points: they pass each call on to the active level. */
#include <stddef.h>

#include "cpu.h"
#include "level.h"

static bcq_level active;

/* Levels of this architecture, the best first. */
static const bcq_level *const levels[] = {
#if defined(__x86_64__)
#if defined(BCQ_AVX512)
    &bcq_avx512,
#endif
#if defined(BCQ_AVX_VNNI)
    &bcq_avx2_vnni,
#endif
    &bcq_avx2,
#elif defined(__aarch64__)
    &bcq_neon_dotprod,
    &bcq_neon,
#endif
    &bcq_generic,
};

#define LEVELS (sizeof levels / sizeof levels[0])

static int same(const char *a, const char *b) {
  while (*a && *a == *b) {
    a++;
    b++;
  }
  return *a == *b;
}

int bcq_runs_here(const bcq_level *level) {
#if defined(BCQ_AVX512)
  if (level == &bcq_avx512) {
    return bcq_avx() == 5;
  }
#endif
#if defined(BCQ_AVX_VNNI)
  if (level == &bcq_avx2_vnni) {
    return bcq_avx_vnni();
  }
#endif
#if defined(__x86_64__)
  if (level == &bcq_avx2) {
    return bcq_avx() != 0;
  }
#elif defined(__aarch64__) && defined(__linux__)
  if (level == &bcq_neon_dotprod) {
    return bcq_dot_product();
  }
#endif
  (void)level;
  return 1;
}

bcq_level bcq_whole(const bcq_level *level) {
  bcq_level whole = *level;
#define TAKE(function)                              \
  if (!whole.function) {                            \
    whole.function = level->rest->function;         \
  }
  TAKE(prepare_byte_tables)
  TAKE(prepare_float_tables)
  TAKE(prepare_bytes)
  TAKE(prepare_bit_slices)
  TAKE(multiply_byte_tables)
  TAKE(multiply_float_tables)
  TAKE(multiply_bit_slices)
  TAKE(multiply_floats)
  TAKE(multiply_decoded)
  TAKE(multiply_bytes)
  TAKE(multiply_bytes_by_floats)
  TAKE(attend)
  TAKE(attend_int8)
  TAKE(store_key_values)
  TAKE(sum_of_exponentials)
  TAKE(subtract)
  TAKE(maximum)
  TAKE(first_above)
  TAKE(normalize)
  TAKE(add)
  TAKE(activate)
  TAKE(read_row)
#undef TAKE
  return whole;
}

/* Appends a text, and returns where the next one begins. */
static char *append(char *to, const char *text) {
  while (*text) {
    *to++ = *text++;
  }
  return to;
}

static const char *unknown_level(void) {
  static char message[128];
  char *to = append(message, "unknown level of kernels; expected ");
  for (size_t i = 0; i < LEVELS; i++) {
    to = append(to, i == 0 ? "" : i + 1 < LEVELS ? ", " : " or ");
    to = append(to, levels[i]->name);
  }
  return message;
}

int32_t bcq_abi_version(void) { return BCQ_ABI_VERSION; }

const char *bcq_initialize(const char *max_isa) {
  size_t first = 0;
  if (max_isa && *max_isa) {
    while (first < LEVELS && !same(levels[first]->name, max_isa)) {
      first++;
    }
    if (first == LEVELS) {
      return unknown_level();
    }
    if (!bcq_runs_here(levels[first])) {
      return "this CPU lacks the level of kernels that is asked for";
    }
  }
  while (!bcq_runs_here(levels[first])) {
    first++;
  }
  if (!active.name) {
    active = bcq_whole(levels[first]);
  }
  return NULL;
}

const char *bcq_active_isa(void) { return active.name ? active.name : "none"; }

void bcq_prepare_byte_tables(
    const float *x, int32_t columns, int32_t chunks, int8_t *tables, float *scales) {
  active.prepare_byte_tables(x, columns, chunks, tables, scales);
}

void bcq_prepare_float_tables(const float *x, int32_t columns, int32_t chunks, float *tables) {
  active.prepare_float_tables(x, columns, chunks, tables);
}

void bcq_prepare_bytes(
    const float *x, int32_t columns, int32_t chunks, int8_t *bytes, float *scales, int32_t *sums) {
  active.prepare_bytes(x, columns, chunks, bytes, scales, sums);
}

void bcq_prepare_bit_slices(
    const float *x, int32_t columns, int32_t chunks, uint32_t *slices, float *scales, int32_t *sums) {
  active.prepare_bit_slices(x, columns, chunks, slices, scales, sums);
}

void bcq_multiply_byte_tables(
    const uint8_t *bits, const float *scales, int32_t rows, int32_t chunks, int32_t planes,
    int32_t group_chunks, int32_t offset, int32_t tile_from, int32_t tile_to, int32_t columns,
    const int8_t *tables, const float *table_scales, const float *group_sums, float *y,
    int32_t y_offset, int32_t y_stride) {
  bcq_block block = {bits,         scales, rows,      chunks, planes,
                     group_chunks, offset, tile_from, tile_to};
  active.multiply_byte_tables(&block, columns, tables, table_scales, group_sums, y + y_offset, y_stride);
}

void bcq_multiply_float_tables(
    const uint8_t *bits, const float *scales, int32_t rows, int32_t chunks, int32_t planes,
    int32_t group_chunks, int32_t offset, int32_t tile_from, int32_t tile_to, int32_t columns,
    const float *tables, const float *group_sums, float *y, int32_t y_offset, int32_t y_stride) {
  bcq_block block = {bits,         scales, rows,      chunks, planes,
                     group_chunks, offset, tile_from, tile_to};
  active.multiply_float_tables(&block, columns, tables, group_sums, y + y_offset, y_stride);
}

void bcq_multiply_decoded(
    const uint8_t *bits, const float *scales, int32_t rows, int32_t chunks, int32_t planes,
    int32_t group_chunks, int32_t offset, int32_t tile_from, int32_t tile_to, int32_t columns,
    const int8_t *bytes, const float *byte_scales, const int32_t *byte_sums,
    const float *group_sums, float *y, int32_t y_offset, int32_t y_stride) {
  bcq_block block = {bits,         scales, rows,      chunks, planes,
                     group_chunks, offset, tile_from, tile_to};
  bcq_bytes x = {bytes, byte_scales, byte_sums, columns, chunks};
  active.multiply_decoded(&block, &x, group_sums, y + y_offset, y_stride);
}

void bcq_multiply_bit_slices(
    const uint8_t *bits, const float *scales, int32_t rows, int32_t chunks, int32_t planes,
    int32_t group_chunks, int32_t offset, int32_t tile_from, int32_t tile_to, int32_t columns,
    const uint32_t *slices, const float *slice_scales, const int32_t *sums, const float *group_sums,
    float *y, int32_t y_offset, int32_t y_stride) {
  bcq_block block = {bits,         scales, rows,      chunks, planes,
                     group_chunks, offset, tile_from, tile_to};
  active.multiply_bit_slices(
      &block, columns, slices, slice_scales, sums, group_sums, y + y_offset, y_stride);
}

void bcq_multiply_floats(
    const float *w, int32_t cols, int32_t row_from, int32_t row_to, int32_t columns, const float *x,
    int32_t x_stride, float *y, int32_t y_offset, int32_t y_stride) {
  active.multiply_floats(w, cols, row_from, row_to, columns, x, x_stride, y + y_offset, y_stride);
}

void bcq_multiply_bytes(
    const uint8_t *w, const float *row_scales, int32_t rows, int32_t chunks, int32_t tile_from,
    int32_t tile_to, int32_t columns, const int8_t *bytes, const float *scales, const int32_t *sums,
    float *y, int32_t y_offset, int32_t y_stride) {
  bcq_int8 matrix = {w, row_scales, rows, chunks, tile_from, tile_to};
  bcq_bytes x = {bytes, scales, sums, columns, chunks};
  active.multiply_bytes(&matrix, &x, y + y_offset, y_stride);
}

void bcq_multiply_bytes_by_floats(
    const uint8_t *w, const float *row_scales, int32_t rows, int32_t chunks, int32_t tile_from,
    int32_t tile_to, int32_t columns, const float *x, float *y, int32_t y_offset, int32_t y_stride) {
  bcq_int8 matrix = {w, row_scales, rows, chunks, tile_from, tile_to};
  active.multiply_bytes_by_floats(&matrix, columns, x, y + y_offset, y_stride);
}

void bcq_attend(
    const float *query, int32_t query_offset, int32_t query_stride, int32_t columns,
    const float *keys, const float *values, int32_t stride, int32_t head_stride, const int32_t *rows,
    int32_t rows_offset, int32_t count, int32_t head_from, int32_t head_to, int32_t head_width,
    float scale, int32_t biased, const float *bias, int32_t bias_offset, int32_t bias_stride,
    int32_t bias_step, float *scores, float *output, int32_t output_offset, int32_t output_stride) {
  int32_t at = head_from * head_width;
  bcq_head head = {
      .query = query + query_offset + at,
      .keys = keys + (size_t)head_from * (size_t)head_stride,
      .values = values + (size_t)head_from * (size_t)head_stride,
      .rows = rows + rows_offset,
      .bias = biased ? bias + bias_offset + (size_t)head_from * (size_t)bias_stride : NULL,
      .query_stride = query_stride,
      .stride = stride,
      .head_stride = head_stride,
      .count = count,
      .head_width = head_width,
      .bias_step = bias_step,
      .scale = scale,
  };
  active.attend(
      &head, head_to - head_from, bias_stride, columns, scores, output + output_offset + at,
      output_stride);
}

void bcq_attend_int8(
    const float *query, int32_t query_offset, int32_t query_stride, int32_t columns,
    const uint8_t *tiles, const float *scales, int32_t capacity, int32_t listed, const int32_t *rows,
    int32_t rows_offset, int32_t rows_stride, int32_t count, int32_t head_from, int32_t head_to,
    int32_t head_width, float scale, int32_t biased, const float *bias, int32_t bias_offset,
    int32_t bias_stride, int32_t bias_step, float *scores, float *output, int32_t output_offset,
    int32_t output_stride) {
  int32_t at = head_from * head_width;
  size_t head_bytes = bcq_key_bytes(head_width, capacity) + bcq_value_bytes(head_width, capacity);
  bcq_int8_head head = {
      .query = query + query_offset + at,
      .tiles = tiles + (size_t)head_from * head_bytes,
      .scales = scales + 2 * (size_t)head_from * (size_t)capacity,
      .rows = listed ? rows + rows_offset : NULL,
      .bias = biased ? bias + bias_offset + (size_t)head_from * (size_t)bias_stride : NULL,
      .query_stride = query_stride,
      .rows_stride = rows_stride,
      .capacity = capacity,
      .count = count,
      .head_width = head_width,
      .bias_step = bias_step,
      .scale = scale,
  };
  active.attend_int8(
      &head, head_to - head_from, bias_stride, columns, scores, output + output_offset + at,
      output_stride);
}

void bcq_store_key_values(
    const float *keys, int32_t keys_offset, int32_t keys_stride, const float *values,
    int32_t values_offset, int32_t values_stride, int32_t columns, int32_t head_from,
    int32_t head_to, int32_t head_width, uint8_t *tiles, float *scales, int32_t capacity,
    int32_t row) {
  active.store_key_values(
      keys + keys_offset, keys_stride, values + values_offset, values_stride, columns, head_from,
      head_to, head_width, tiles, scales, capacity, row);
}

float bcq_sum_of_exponentials(const float *x, int32_t from, int32_t length, float maximum) {
  return active.sum_of_exponentials(x + from, length, maximum);
}

void bcq_subtract(float *x, int32_t from, int32_t length, float number) {
  active.subtract(x + from, length, number);
}

float bcq_maximum(const float *x, int32_t from, int32_t length) {
  return active.maximum(x + from, length);
}

int32_t bcq_first_above(const float *x, int32_t from, int32_t to, float addend, float bound) {
  return active.first_above(x, from, to, addend, bound);
}

void bcq_normalize(
    int32_t centered, const float *x, int32_t x_offset, int32_t x_stride, int32_t columns,
    int32_t width, const float *weight, int32_t biased, const float *bias, float epsilon, float *y,
    int32_t y_offset, int32_t y_stride) {
  x += x_offset;
  y += y_offset;
  for (int32_t column = 0; column < columns; column++) {
    active.normalize(centered, x, width, weight, biased ? bias : NULL, epsilon, y);
    x += x_stride;
    y += y_stride;
  }
}

void bcq_add_columns(
    const float *terms, int32_t terms_offset, int32_t terms_stride, float *sums, int32_t sums_offset,
    int32_t sums_stride, int32_t columns, int32_t length) {
  terms += terms_offset;
  sums += sums_offset;
  for (int32_t column = 0; column < columns; column++) {
    active.add(terms, sums, length);
    terms += terms_stride;
    sums += sums_stride;
  }
}

void bcq_activate(int32_t function, float *x, int32_t from, int32_t length) {
  active.activate(function, x + from, length);
}

void bcq_read_row(
    const uint8_t *bits, const float *scales, int32_t chunks, int32_t planes, int32_t group_chunks,
    int32_t offset, int32_t row, int32_t cols, float *to, int32_t to_offset) {
  bcq_block block = {bits, scales, row + 1, chunks, planes, group_chunks, offset, 0, 0};
  active.read_row(&block, row, cols, to + to_offset);
}
