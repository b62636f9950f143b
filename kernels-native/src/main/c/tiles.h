/*
 * Products of int8 tiles, included at the end of each level's file, which defines
 *
 *   tile_dots(tiles, n, w, tile_stride, x, chunk, chunks, dots)
 *
 * the dot products of a segment, at most 4 chunks of a span, as floats: dots[tile * n + column], for 1 or
 * TILES (1 or 4) tiles and 1, 2 or 4 columns, at most TILE_COLUMNS, from the first one of x on.
 */
#ifndef BCQ_TILES_H
#define BCQ_TILES_H

#define BCQ_MOST_DOTS 16

/* Returns the same activations from a later column on. */
BCQ_INLINE bcq_bytes bcq_from_column(const bcq_bytes *x, int32_t column) {
  bcq_bytes rest = *x;
  rest.values += (size_t)column * (size_t)x->chunks * BCQ_CHUNK;
  rest.scales += (size_t)column * (size_t)bcq_spans(x->chunks);
  rest.sums += (size_t)column * (size_t)x->chunks;
  rest.columns -= column;
  return rest;
}

/* Returns what there is of 16 values, and zeros. */
BCQ_INLINE bcq_f16 bcq_load_rows(const float *x, int32_t rows) {
  return rows >= BCQ_TILE ? bcq_load(x) : bcq_load_tail(x, rows, 0);
}

static BCQ_NOINLINE void bcq_store_few_rows(
    int tiles, int n, int32_t rows, const bcq_f16 *results, float *y, int32_t y_stride) {
  for (int i = 0; i < tiles; i++) {
    int32_t row = i * BCQ_TILE;
    bcq_store_tile(n, rows - row, results + i * n, y + row, y_stride);
  }
}

/* Stores [tile][column] results; the last tile may have fewer rows than it has room for. */
BCQ_INLINE void bcq_store_tiles(
    int tiles, int n, int32_t rows, const bcq_f16 *results, float *y, int32_t y_stride) {
  if (rows >= tiles * BCQ_TILE) {
#pragma GCC unroll 16
    for (int i = 0; i < tiles * n; i++) {
      bcq_store(y + (size_t)(i % n) * (size_t)y_stride + i / n * BCQ_TILE, results[i]);
    }
  } else {
    /* A copy, so that results need not lie in memory. */
    bcq_f16 copies[BCQ_MOST_DOTS];
#pragma GCC unroll 16
    for (int i = 0; i < tiles * n; i++) {
      copies[i] = results[i];
    }
    bcq_store_few_rows(tiles, n, rows, copies, y, y_stride);
  }
}

/* Loads what bcq_store_tiles has stored. */
BCQ_INLINE void bcq_load_tiles(
    int tiles, int n, int32_t rows, const float *y, int32_t y_stride, bcq_f16 *results) {
#pragma GCC unroll 16
  for (int i = 0; i < tiles * n; i++) {
    int32_t row = i / n * BCQ_TILE;
    results[i] = bcq_load_rows(y + (size_t)(i % n) * (size_t)y_stride + row, rows - row);
  }
}

BCQ_INLINE void bcq_int8_product(
    int tiles, int n, const bcq_int8 *w, int32_t tile, const bcq_bytes *x, float *y,
    int32_t y_stride) {
  bcq_f16 results[BCQ_MOST_DOTS];
#pragma GCC unroll 16
  for (int i = 0; i < tiles * n; i++) {
    results[i] = bcq_zero();
  }
  size_t tile_stride = (size_t)w->chunks * BCQ_CHUNK_BYTES;
  const uint8_t *values = w->values + (size_t)tile * tile_stride;
  const float *scales = x->scales;
  int32_t spans = bcq_spans(w->chunks);
  for (int32_t chunk = 0; chunk < w->chunks; chunk += BCQ_SPAN_CHUNKS) {
    bcq_f16 dots[BCQ_MOST_DOTS];
    int32_t chunks = bcq_min(BCQ_SPAN_CHUNKS, w->chunks - chunk);
    tile_dots(tiles, n, values, tile_stride, x, chunk, chunks, dots);
#pragma GCC unroll 4
    for (int j = 0; j < n; j++) {
      float scale = scales[(size_t)j * (size_t)spans];
#pragma GCC unroll 4
      for (int i = 0; i < tiles; i++) {
        results[i * n + j] = bcq_add(results[i * n + j], bcq_times(dots[i * n + j], scale));
      }
    }
    scales++;
    values += BCQ_SPAN_CHUNKS * BCQ_CHUNK_BYTES;
  }
  int32_t first = tile * BCQ_TILE;
  int32_t rows = w->rows - first;
#pragma GCC unroll 4
  for (int i = 0; i < tiles; i++) {
    int32_t row = i * BCQ_TILE;
    bcq_f16 row_scales = bcq_load_rows(w->scales + first + row, rows - row);
#pragma GCC unroll 4
    for (int j = 0; j < n; j++) {
      results[i * n + j] = bcq_multiply(results[i * n + j], row_scales);
    }
  }
  bcq_store_tiles(tiles, n, rows, results, y + first, y_stride);
}

#define BCQ_INT8_PRODUCT(tiles, n)                                                       \
  static __attribute__((noinline)) void int8_product_##tiles##_##n(                      \
      const bcq_int8 *w, int32_t tile, const bcq_bytes *x, float *y, int32_t y_stride) { \
    bcq_int8_product(tiles, n, w, tile, x, y, y_stride);                                 \
  }

BCQ_INT8_PRODUCT(1, 1)
#if TILE_COLUMNS >= 2
BCQ_INT8_PRODUCT(1, 2)
#endif
#if TILE_COLUMNS >= 4
BCQ_INT8_PRODUCT(1, 4)
#endif
#if TILES == 4
BCQ_INT8_PRODUCT(4, 2)
BCQ_INT8_PRODUCT(4, 4)
#endif

typedef void (*bcq_int8_function)(
    const bcq_int8 *, int32_t, const bcq_bytes *, float *, int32_t);

/* Functions for 1, 2 and 4 columns: of a tile, and of several at once. */
static const bcq_int8_function int8_products[2][3] = {
    {int8_product_1_1,
#if TILE_COLUMNS >= 2
     int8_product_1_2,
#endif
#if TILE_COLUMNS >= 4
     int8_product_1_4,
#endif
    },
#if TILES == 4
    {0, int8_product_4_2, int8_product_4_4},
#endif
};

/*
 * Several tiles at once share the loads of activations. A column alone is as fast as its weights come, and
 * those come fastest in one stream, a tile after another.
 */
static void multiply_bytes(
    const bcq_int8 *w, const bcq_bytes *x, float *y, int32_t y_stride) {
  int32_t end;
  for (int32_t from = w->tile_from; from < w->tile_to; from = end) {
    end = from + TILES <= w->tile_to ? from + TILES : from + 1;
    int32_t n;
    for (int32_t column = 0; column < x->columns; column += n) {
      n = bcq_take(x->columns - column, TILE_COLUMNS);
      bcq_bytes inputs = bcq_from_column(x, column);
      int together = n > 1 ? end - from : 1;
      bcq_int8_function product = int8_products[together > 1][n / 2];
      for (int32_t tile = from; tile < end; tile += together) {
        product(w, tile, &inputs, y + (size_t)column * (size_t)y_stride, y_stride);
      }
    }
  }
}

/*
 * Adds the products of lines j, one of each chunk, with floats, in two partial sums of a row: columns j and
 * 16 + j of each chunk go to the first, 8 + j and 24 + j to the second.
 */
BCQ_INLINE bcq_f16 bcq_two_partials(
    const uint8_t *values, int32_t chunks, const float *x) {
  bcq_f16 first = bcq_zero();
  bcq_f16 second = bcq_zero();
  for (int32_t i = 0; i < chunks; i++) {
    BCQ_EACH_PART(p) {
      bcq_iv four;
      memcpy(&four, values + p * 4 * BCQ_LANES, sizeof four);
      bcq_v octet0 = __builtin_convertvector((four & 255) - 128, bcq_v);
      bcq_v octet1 = __builtin_convertvector((four >> 8 & 255) - 128, bcq_v);
      bcq_v octet2 = __builtin_convertvector((four >> 16 & 255) - 128, bcq_v);
      bcq_v octet3 = __builtin_convertvector((four >> 24 & 255) - 128, bcq_v);
      first.part[p] += octet0 * x[0];
      second.part[p] += octet1 * x[8];
      first.part[p] += octet2 * x[16];
      second.part[p] += octet3 * x[24];
    }
    values += BCQ_CHUNK_BYTES;
    x += BCQ_CHUNK;
  }
  return bcq_add(first, second);
}

static void multiply_bytes_by_floats(
    const bcq_int8 *w, int32_t columns, const float *x, float *y, int32_t y_stride) {
  size_t tile_bytes = (size_t)w->chunks * BCQ_CHUNK_BYTES;
  for (int32_t tile = w->tile_from; tile < w->tile_to; tile++) {
    const uint8_t *values = w->values + (size_t)tile * tile_bytes;
    int32_t row = tile * BCQ_TILE;
    bcq_f16 scales = bcq_load_rows(w->scales + row, w->rows - row);
    for (int32_t column = 0; column < columns; column++) {
      const float *inputs = x + (size_t)column * (size_t)w->chunks * BCQ_CHUNK;
      bcq_f16 sums[4];
      for (int j = 0; j < 4; j++) {
        bcq_f16 first = bcq_two_partials(values + j * BCQ_LINE, w->chunks, inputs + j);
        bcq_f16 second = bcq_two_partials(values + (j + 4) * BCQ_LINE, w->chunks, inputs + j + 4);
        sums[j] = bcq_add(first, second);
      }
      bcq_f16 dots = bcq_add(bcq_add(sums[0], sums[2]), bcq_add(sums[1], sums[3]));
      bcq_store_rows(
          y + (size_t)column * (size_t)y_stride + row, bcq_multiply(dots, scales), w->rows - row);
    }
  }
}

#endif
