/*
 * The loops around what a level defines, included at the end of its file:
 *
 *   BYTE_PRODUCTS(planes), FLOAT_PRODUCTS(planes), SLICE_PRODUCTS(planes)
 *                                                   functions for 1, 2 and 4 columns
 *   MOST_COLUMNS(planes)                            1, 2 or 4
 *   largest_table_entry(x, length)                  largest sum of four neighbouring magnitudes
 *   largest_magnitude(x, length)
 *   store_tables(tables, x, factor)                 the tables of a chunk, entries times factor rounded, in the
 *                                                   level's coding
 *   store_bytes(bytes, values)                      rounds 16 floats within -127 to 127
 *   store_slices(slices, bytes)                     cuts a chunk's bytes into bits
 *   dense_block(r, n, w, cols, x, x_stride, y, y_stride), DENSE_COLUMNS
 */
#ifndef BCQ_PRODUCTS_H
#define BCQ_PRODUCTS_H

static void multiply_byte_tables(
    const bcq_block *w, int32_t columns, const int8_t *tables, const float *table_scales,
    const float *group_sums, float *y, int32_t y_stride) {
  bcq_integers x = {(const uint8_t *)tables, table_scales, NULL};
  bcq_integer_columns(
      BCQ_BYTE_TABLES, BYTE_PRODUCTS(w->planes), MOST_COLUMNS(w->planes), w, columns, x, group_sums,
      y, y_stride);
}

static void multiply_bit_slices(
    const bcq_block *w, int32_t columns, const uint32_t *slices, const float *slice_scales,
    const int32_t *sums, const float *group_sums, float *y, int32_t y_stride) {
  bcq_integers x = {(const uint8_t *)slices, slice_scales, sums};
  bcq_integer_columns(
      BCQ_BIT_SLICES, SLICE_PRODUCTS(w->planes), MOST_COLUMNS(w->planes), w, columns, x, group_sums,
      y, y_stride);
}

static void multiply_float_tables(
    const bcq_block *w, int32_t columns, const float *tables, const float *group_sums, float *y,
    int32_t y_stride) {
  bcq_float_columns(
      FLOAT_PRODUCTS(w->planes), MOST_COLUMNS(w->planes), w, columns, tables, group_sums, y,
      y_stride);
}

static void prepare_byte_tables(
    const float *x, int32_t columns, int32_t chunks, int8_t *tables, float *scales) {
  for (int32_t column = 0; column < columns; column++) {
    for (int32_t from = 0; from < chunks; from += BCQ_SPAN_CHUNKS) {
      int32_t span = bcq_min(BCQ_SPAN_CHUNKS, chunks - from);
      float factor = bcq_factor(largest_table_entry(x, span * BCQ_CHUNK), scales++);
      for (int32_t chunk = 0; chunk < span; chunk++) {
        store_tables(tables, x, factor);
        x += BCQ_CHUNK;
        tables += BCQ_TABLES;
      }
    }
  }
}

typedef int8_t bcq_plain __attribute__((vector_size(BCQ_CHUNK)));

#if defined(__clang__) || __GNUC__ >= 12
#define BCQ_PICK_BYTES(v, ...) __builtin_shufflevector(v, v, __VA_ARGS__)
#else
#define BCQ_PICK_BYTES(v, ...) __builtin_shuffle(v, (bcq_plain){__VA_ARGS__})
#endif

/* Stores a chunk in the order of int8 tiles, and returns its sum. */
BCQ_INLINE int32_t bcq_store_chunk(int8_t *bytes, const float *x, float factor) {
  int8_t plain[BCQ_CHUNK];
  store_bytes(plain, bcq_times(bcq_load(x), factor));
  store_bytes(plain + 16, bcq_times(bcq_load(x + 16), factor));
  bcq_plain octets;
  memcpy(&octets, plain, sizeof octets);
  octets = BCQ_PICK_BYTES(
      octets, 0, 8, 16, 24, 1, 9, 17, 25, 2, 10, 18, 26, 3, 11, 19, 27, 4, 12, 20, 28, 5, 13, 21, 29,
      6, 14, 22, 30, 7, 15, 23, 31);
  memcpy(bytes, &octets, sizeof octets);
  int32_t sum = 0;
  for (int i = 0; i < BCQ_CHUNK; i++) {
    sum += plain[i];
  }
  return sum;
}

static void prepare_bytes(
    const float *x, int32_t columns, int32_t chunks, int8_t *bytes, float *scales,
    int32_t *sums) {
  for (int32_t column = 0; column < columns; column++) {
    for (int32_t from = 0; from < chunks; from += BCQ_SPAN_CHUNKS) {
      int32_t span = bcq_min(BCQ_SPAN_CHUNKS, chunks - from);
      float factor = bcq_factor(largest_magnitude(x, span * BCQ_CHUNK), scales++);
      for (int32_t chunk = 0; chunk < span; chunk++) {
        *sums++ = bcq_store_chunk(bytes, x, factor);
        x += BCQ_CHUNK;
        bytes += BCQ_CHUNK;
      }
    }
  }
}

static void prepare_bit_slices(
    const float *x, int32_t columns, int32_t chunks, uint32_t *slices, float *scales, int32_t *sums) {
  for (int32_t column = 0; column < columns; column++) {
    for (int32_t from = 0; from < chunks; from += BCQ_SPAN_CHUNKS) {
      int32_t span = bcq_min(BCQ_SPAN_CHUNKS, chunks - from);
      float factor = bcq_factor(largest_magnitude(x, span * BCQ_CHUNK), scales++);
      for (int32_t chunk = 0; chunk < span; chunk++) {
        int8_t bytes[BCQ_CHUNK];
        store_bytes(bytes, bcq_times(bcq_load(x), factor));
        store_bytes(bytes + 16, bcq_times(bcq_load(x + 16), factor));
        store_slices(slices, bytes);
        int32_t sum = 0;
        for (int i = 0; i < BCQ_CHUNK; i++) {
          sum += bytes[i];
        }
        *sums++ = sum;
        slices += BCQ_SLICES;
        x += BCQ_CHUNK;
      }
    }
  }
}

BCQ_INLINE void dense_rows(
    int r, int32_t n, const float *w, int32_t cols, const float *x, int32_t x_stride, float *y,
    int32_t y_stride) {
  if (DENSE_COLUMNS >= 4 && n == 4) {
    dense_block(r, 4, w, cols, x, x_stride, y, y_stride);
  } else if (DENSE_COLUMNS >= 2 && n == 2) {
    dense_block(r, 2, w, cols, x, x_stride, y, y_stride);
  } else {
    dense_block(r, 1, w, cols, x, x_stride, y, y_stride);
  }
}

static void multiply_floats(
    const float *w, int32_t cols, int32_t row_from, int32_t row_to, int32_t columns, const float *x,
    int32_t x_stride, float *y, int32_t y_stride) {
  for (int32_t n; columns > 0; columns -= n) {
    n = bcq_take(columns, DENSE_COLUMNS);
    int32_t row = row_from;
    for (; row + 4 <= row_to; row += 4) {
      const float *weights = w + (size_t)row * (size_t)cols;
      dense_rows(4, n, weights, cols, x, x_stride, y + row, y_stride);
    }
    for (; row < row_to; row++) {
      const float *weights = w + (size_t)row * (size_t)cols;
      dense_rows(1, n, weights, cols, x, x_stride, y + row, y_stride);
    }
    x += (size_t)n * (size_t)x_stride;
    y += (size_t)n * (size_t)y_stride;
  }
}

#endif
