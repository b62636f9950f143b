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

/* Spans whose factors are computed first: each waits for a maximum and a division, but not for each other. */
#define BCQ_SPANS_TOGETHER 8

/*
 * Prepares columns of activations: store writes a chunk's activations times a factor, chunk_bytes of them, and
 * returns the chunk's sum, which goes to sums unless there are none.
 */
BCQ_INLINE void bcq_prepare(
    float (*largest)(const float *, int32_t), int32_t (*store)(void *, const float *, float),
    size_t chunk_bytes, const float *x, int32_t columns, int32_t chunks, void *stored,
    float *scales, int32_t *sums) {
  uint8_t *to = stored;
  for (int32_t column = 0; column < columns; column++) {
    int32_t end;
    for (int32_t from = 0; from < chunks; from = end) {
      float factors[BCQ_SPANS_TOGETHER];
      end = bcq_min(from + BCQ_SPANS_TOGETHER * BCQ_SPAN_CHUNKS, chunks);
      for (int32_t chunk = from; chunk < end; chunk += BCQ_SPAN_CHUNKS) {
        int32_t span = bcq_min(BCQ_SPAN_CHUNKS, end - chunk);
        float maximum = largest(x + chunk * BCQ_CHUNK, span * BCQ_CHUNK);
        factors[(chunk - from) / BCQ_SPAN_CHUNKS] = bcq_factor(maximum, scales++);
      }
      for (int32_t chunk = from; chunk < end; chunk++) {
        float factor = factors[(chunk - from) / BCQ_SPAN_CHUNKS];
        int32_t sum = store(to, x + chunk * BCQ_CHUNK, factor);
        to += chunk_bytes;
        if (sums) {
          *sums++ = sum;
        }
      }
    }
    x += (size_t)chunks * BCQ_CHUNK;
  }
}

BCQ_INLINE int32_t bcq_store_tables(void *to, const float *x, float factor) {
  store_tables(to, x, factor);
  return 0;
}

static void prepare_byte_tables(
    const float *x, int32_t columns, int32_t chunks, int8_t *tables, float *scales) {
  bcq_prepare(
      largest_table_entry, bcq_store_tables, BCQ_TABLES, x, columns, chunks, tables, scales, NULL);
}

/* Returns four octets' values of as many lines as a vector has lanes: a byte of each. */
BCQ_INLINE bcq_iv bcq_four_octets(bcq_iv octet0, bcq_iv octet1, bcq_iv octet2, bcq_iv octet3) {
  return (octet0 & 255) | (octet1 & 255) << 8 | (octet2 & 255) << 16 | octet3 << 24;
}

/* Stores a chunk of integers in the order of int8 tiles. */
BCQ_INLINE void bcq_store_octets(int8_t *bytes, bcq_f16 first, bcq_f16 second) {
#if BCQ_LANES == 16
  __m512i octets0 = _mm512_cvttps_epi32((__m512)first.part[0]);
  __m512i octets2 = _mm512_cvttps_epi32((__m512)second.part[0]);
  /* Octets 0 and 2 of all lines in one half, octets 1 and 3 in the other. */
  __m512i mask = _mm512_set1_epi32(0x00ff00ff);
  __m512i pairs = _mm512_and_si512(
      _mm512_mask_blend_epi16(0xaaaaaaaau, octets0, _mm512_slli_epi32(octets2, 16)), mask);
  __m256i lines = _mm256_or_si256(
      _mm512_castsi512_si256(pairs),
      _mm256_slli_epi32(_mm512_extracti64x4_epi64(pairs, 1), 8));
  _mm256_storeu_si256((__m256i *)bytes, lines);
#else
  for (int i = 0; i < BCQ_PARTS / 2; i++) {
    bcq_iv lines = bcq_four_octets(
        __builtin_convertvector(first.part[i], bcq_iv),
        __builtin_convertvector(first.part[i + BCQ_PARTS / 2], bcq_iv),
        __builtin_convertvector(second.part[i], bcq_iv),
        __builtin_convertvector(second.part[i + BCQ_PARTS / 2], bcq_iv));
    memcpy(bytes + 4 * BCQ_LANES * i, &lines, sizeof lines);
  }
#endif
}

/* Stores a chunk, rounded, in the order of int8 tiles, and returns its sum. */
BCQ_INLINE int32_t bcq_store_chunk(int8_t *bytes, bcq_f16 first, bcq_f16 second) {
  first = bcq_round(first);
  second = bcq_round(second);
  bcq_store_octets(bytes, first, second);
  return (int32_t)bcq_reduce(bcq_add(first, second));
}

BCQ_INLINE int32_t bcq_store_bytes(void *to, const float *x, float factor) {
  return bcq_store_chunk(
      to, bcq_times(bcq_load(x), factor), bcq_times(bcq_load(x + 16), factor));
}

static void prepare_bytes(
    const float *x, int32_t columns, int32_t chunks, int8_t *bytes, float *scales,
    int32_t *sums) {
  bcq_prepare(
      largest_magnitude, bcq_store_bytes, BCQ_CHUNK, x, columns, chunks, bytes, scales, sums);
}

BCQ_INLINE int32_t bcq_store_slices(void *to, const float *x, float factor) {
  int8_t bytes[BCQ_CHUNK];
  store_bytes(bytes, bcq_times(bcq_load(x), factor));
  store_bytes(bytes + 16, bcq_times(bcq_load(x + 16), factor));
  store_slices(to, bytes);
  int32_t sum = 0;
  for (int i = 0; i < BCQ_CHUNK; i++) {
    sum += bytes[i];
  }
  return sum;
}

static void prepare_bit_slices(
    const float *x, int32_t columns, int32_t chunks, uint32_t *slices, float *scales, int32_t *sums) {
  bcq_prepare(
      largest_magnitude, bcq_store_slices, BCQ_SLICES * sizeof(uint32_t), x, columns, chunks,
      slices, scales, sums);
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
