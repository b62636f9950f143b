/*
 * Products of bit-planes, for each level: it defines how a segment of a tile is summed up,
 *
 *   byte_sums(planes, n, bits, tables, table_stride, chunks, sums)
 *   float_sums(planes, n, bits, tables, table_stride, chunks, sums)
 *   slice_sums(planes, n, bits, slices, slice_stride, chunks, sums)
 *
 * with sums[plane * n + column], as inline functions that are specialized for each number of planes and of
 * columns. Slices are summed up where a plane has ones.
 */
#ifndef BCQ_TABLES_H
#define BCQ_TABLES_H

#include "portable.h"

#define BCQ_MOST_SUMS 16

BCQ_INLINE void byte_sums(
    int planes, int n, const uint8_t *bits, const int8_t *tables, size_t table_stride,
    int32_t chunks, bcq_f16 *sums);
BCQ_INLINE void float_sums(
    int planes, int n, const uint8_t *bits, const float *tables, size_t table_stride,
    int32_t chunks, bcq_f16 *sums);
BCQ_INLINE void slice_sums(
    int planes, int n, const uint8_t *bits, const uint32_t *slices, size_t slice_stride,
    int32_t chunks, bcq_f16 *sums);

/* What integer sums are taken of. */
enum { BCQ_BYTE_TABLES, BCQ_BIT_SLICES };

/* An input in one of these forms. */
typedef struct {
  const uint8_t *values; /* [column][chunk][bcq_chunk_bytes(form)] */
  const float *scales;   /* [column][span] */
  const int32_t *sums;   /* [column][chunk]; of bit-slices only */
} bcq_integers;

BCQ_INLINE size_t bcq_chunk_bytes(int form) {
  return form == BCQ_BIT_SLICES ? BCQ_SLICES * sizeof(uint32_t) : BCQ_TABLES;
}

/* Returns what a segment's dot products with weights that are 128 too large are too large by. */
BCQ_INLINE int32_t bcq_surplus(const bcq_bytes *x, int32_t column, int32_t chunk, int32_t chunks) {
  const int32_t *sums = x->sums + (size_t)column * (size_t)x->chunks + chunk;
  int32_t sum = sums[0];
#pragma GCC unroll 4
  for (int32_t i = 1; i < BCQ_SPAN_CHUNKS; i++) {
    sum += i < chunks ? sums[i] : 0;
  }
  return 128 * sum;
}

/* Returns the scales of a tile's first group. */
BCQ_INLINE const float *bcq_tile_scales(const bcq_block *w, int32_t tile, int32_t groups) {
  return w->scales + (size_t)tile * (size_t)groups * (size_t)(bcq_slots(w) * BCQ_TILE);
}

/* Returns the scaled sum of a column's planes, n apart, in their order. */
BCQ_INLINE bcq_f16 bcq_total(int planes, int n, const bcq_f16 *sums, const float *alphas) {
  bcq_f16 total = bcq_multiply(sums[0], bcq_load(alphas));
#pragma GCC unroll 8
  for (int plane = 1; plane < planes; plane++) {
    bcq_f16 term = bcq_multiply(sums[plane * n], bcq_load(alphas + plane * BCQ_TILE));
    total = bcq_add(total, term);
  }
  return total;
}

/* Adds the offset's part at the end of a group. */
BCQ_INLINE void bcq_add_offsets(
    const bcq_block *w, const float *alphas, int32_t group, int32_t groups, int n,
    const float *group_sums, bcq_f16 *results) {
  if (w->offset) {
    bcq_f16 z = bcq_load(alphas + w->planes * BCQ_TILE);
    for (int j = 0; j < n; j++) {
      float sum = group_sums[(size_t)j * (size_t)groups + (size_t)group];
      results[j] = bcq_add(results[j], bcq_times(z, sum));
    }
  }
}

/* Stores a tile's results, [column], of as many rows as there are from the tile's first one on. */
BCQ_INLINE void bcq_store_tile(
    int n, int32_t rows, const bcq_f16 *results, float *y, int32_t y_stride) {
  for (int j = 0; j < n; j++) {
    bcq_store_rows(y + (size_t)j * (size_t)y_stride, results[j], rows);
  }
}

/* Makes dot products of signs and bytes of their sums where the signs are plus. */
BCQ_INLINE void bcq_dot_products(
    int planes, int n, const int32_t *sums_of_chunks, int32_t chunks, int32_t from, int32_t to,
    bcq_f16 *sums) {
  for (int j = 0; j < n; j++) {
    int32_t all = 0;
    for (int32_t chunk = from; chunk < to; chunk++) {
      all += sums_of_chunks[(size_t)j * (size_t)chunks + (size_t)chunk];
    }
#pragma GCC unroll 8
    for (int plane = 0; plane < planes; plane++) {
      BCQ_EACH_PART(p) {
        bcq_v *ones = &sums[plane * n + j].part[p];
        *ones = (*ones + *ones) - (float)all;
      }
    }
  }
}

BCQ_INLINE void bcq_integer_product(
    int form, int planes, int n, const bcq_block *w, const bcq_integers *x,
    const float *group_sums, float *y, int32_t y_stride) {
  int32_t chunks = w->chunks;
  int32_t groups = bcq_groups(w);
  int32_t group_scales = bcq_slots(w) * BCQ_TILE;
  size_t stride = (size_t)chunks * bcq_chunk_bytes(form);
  size_t spans = (size_t)bcq_spans(chunks);
  for (int32_t tile = w->tile_from; tile < w->tile_to; tile++) {
    const uint8_t *bits = w->bits + (size_t)tile * (size_t)(chunks * planes) * BCQ_LINE;
    bcq_f16 results[4];
    for (int j = 0; j < n; j++) {
      results[j] = bcq_zero();
    }
    const float *alphas = bcq_tile_scales(w, tile, groups);
    int32_t group = 0;
    int32_t group_end = bcq_min(w->group_chunks, chunks);
    for (int32_t from = 0; from < chunks;) {
      int32_t span = from / BCQ_SPAN_CHUNKS;
      int32_t to = bcq_min((span + 1) * BCQ_SPAN_CHUNKS, group_end);
      const uint8_t *lines = bits + (size_t)(from * planes) * BCQ_LINE;
      const void *values = x->values + (size_t)from * bcq_chunk_bytes(form);
      bcq_f16 sums[BCQ_MOST_SUMS];
      if (form == BCQ_BIT_SLICES) {
        slice_sums(planes, n, lines, values, stride / sizeof(uint32_t), to - from, sums);
        bcq_dot_products(planes, n, x->sums, chunks, from, to, sums);
      } else {
        byte_sums(planes, n, lines, values, stride, to - from, sums);
      }
      for (int j = 0; j < n; j++) {
        bcq_f16 total = bcq_total(planes, n, sums + j, alphas);
        float scale = x->scales[(size_t)j * spans + (size_t)span];
        results[j] = bcq_add(results[j], bcq_times(total, scale));
      }
      if (to == group_end) {
        bcq_add_offsets(w, alphas, group, groups, n, group_sums, results);
        alphas += group_scales;
        group++;
        group_end = bcq_min(group_end + w->group_chunks, chunks);
      }
      from = to;
    }
    int32_t row = tile * BCQ_TILE;
    bcq_store_tile(n, w->rows - row, results, y + row, y_stride);
  }
}

BCQ_INLINE void bcq_float_product(
    int planes, int n, const bcq_block *w, const float *tables, const float *group_sums, float *y,
    int32_t y_stride) {
  int32_t chunks = w->chunks;
  int32_t groups = bcq_groups(w);
  int32_t group_scales = bcq_slots(w) * BCQ_TILE;
  size_t table_stride = (size_t)chunks * BCQ_TABLES;
  for (int32_t tile = w->tile_from; tile < w->tile_to; tile++) {
    const uint8_t *bits = w->bits + (size_t)tile * (size_t)(chunks * planes) * BCQ_LINE;
    bcq_f16 results[4];
    for (int j = 0; j < n; j++) {
      results[j] = bcq_zero();
    }
    const float *alphas = bcq_tile_scales(w, tile, groups);
    for (int32_t group = 0; group < groups; group++) {
      int32_t from = group * w->group_chunks;
      int32_t to = bcq_min(from + w->group_chunks, chunks);
      bcq_f16 sums[BCQ_MOST_SUMS];
      float_sums(
          planes, n, bits + (size_t)(from * planes) * BCQ_LINE, tables + from * BCQ_TABLES,
          table_stride, to - from, sums);
      for (int j = 0; j < n; j++) {
        results[j] = bcq_add(results[j], bcq_total(planes, n, sums + j, alphas));
      }
      bcq_add_offsets(w, alphas, group, groups, n, group_sums, results);
      alphas += group_scales;
    }
    int32_t row = tile * BCQ_TILE;
    bcq_store_tile(n, w->rows - row, results, y + row, y_stride);
  }
}

#define BCQ_SPECIALIZE(planes, n)                                                          \
  static __attribute__((noinline)) void byte_product_##planes##_##n(                       \
      const bcq_block *w, const bcq_integers *x, const float *group_sums, float *y,        \
      int32_t y_stride) {                                                                  \
    bcq_integer_product(BCQ_BYTE_TABLES, planes, n, w, x, group_sums, y, y_stride);        \
  }                                                                                        \
  static __attribute__((noinline)) void slice_product_##planes##_##n(                      \
      const bcq_block *w, const bcq_integers *x, const float *group_sums, float *y,        \
      int32_t y_stride) {                                                                  \
    bcq_integer_product(BCQ_BIT_SLICES, planes, n, w, x, group_sums, y, y_stride);         \
  }                                                                                        \
  static __attribute__((noinline)) void float_product_##planes##_##n(                      \
      const bcq_block *w, const float *tables, const float *group_sums, float *y,          \
      int32_t y_stride) {                                                                  \
    bcq_float_product(planes, n, w, tables, group_sums, y, y_stride);                      \
  }

typedef void (*bcq_integer_function)(
    const bcq_block *, const bcq_integers *, const float *, float *, int32_t);
typedef void (*bcq_float_function)(
    const bcq_block *, const float *, const float *, float *, int32_t);

/* Columns are taken by as many as there are functions for; weights stay in the cache from one take to the next. */
BCQ_INLINE int32_t bcq_take(int32_t columns, int most) {
  return columns >= 4 && most >= 4 ? 4 : columns >= 2 && most >= 2 ? 2 : 1;
}

/* Chunks of four columns whose values are copied to where lines of the cache begin. */
#define BCQ_ALIGNED_CHUNKS 64

/*
 * With four columns a product loads eight lines of tables for each line of weights, and Java's arrays begin anywhere:
 * a vector that is a whole line would come from two each time. Four copies cost less than a tile's product.
 */
BCQ_INLINE void bcq_integer_columns(
    int form, const bcq_integer_function *functions, int most, const bcq_block *w, int32_t columns,
    bcq_integers x, const float *group_sums, float *y, int32_t y_stride) {
#if BCQ_LANES == 16
  _Alignas(BCQ_LINE) uint8_t lines[4 * BCQ_ALIGNED_CHUNKS * BCQ_TABLES];
#endif
  for (int32_t n; columns > 0; columns -= n) {
    n = bcq_take(columns, most);
    bcq_integers taken = x;
#if BCQ_LANES == 16
    if (form == BCQ_BYTE_TABLES && n == 4 && w->chunks <= BCQ_ALIGNED_CHUNKS) {
      memcpy(lines, x.values, 4 * (size_t)w->chunks * BCQ_TABLES);
      taken.values = lines;
    }
#endif
    functions[n / 2](w, &taken, group_sums, y, y_stride);
    x.values += (size_t)n * (size_t)w->chunks * bcq_chunk_bytes(form);
    x.scales += (size_t)n * (size_t)bcq_spans(w->chunks);
    if (form == BCQ_BIT_SLICES) {
      x.sums += (size_t)n * (size_t)w->chunks;
    }
    group_sums += w->offset ? (size_t)n * (size_t)bcq_groups(w) : 0;
    y += (size_t)n * (size_t)y_stride;
  }
}

BCQ_INLINE void bcq_float_columns(
    const bcq_float_function *functions, int most, const bcq_block *w, int32_t columns,
    const float *tables, const float *group_sums, float *y, int32_t y_stride) {
  for (int32_t n; columns > 0; columns -= n) {
    n = bcq_take(columns, most);
    functions[n / 2](w, tables, group_sums, y, y_stride);
    tables += (size_t)n * (size_t)w->chunks * BCQ_TABLES;
    group_sums += w->offset ? (size_t)n * (size_t)bcq_groups(w) : 0;
    y += (size_t)n * (size_t)y_stride;
  }
}

#endif
