/*
 * Products of bit-planes that are decoded to int8 weights, included at the end of each level's file, behind
 * tiles.h. The level defines
 *
 *   decode(planes, bits, chunks, entries, tiles)
 *
 * which decodes some chunks of a tile, [chunk][plane][64], into the order of int8 tiles. entries has the four
 * entries of each pair of planes, [pair][entry][row]; the first pair's are 128 larger than they are.
 */
#ifndef BCQ_DECODED_H
#define BCQ_DECODED_H

/* Chunks that are decoded before all columns pass them: whole spans, little enough for the nearest cache. */
#define BCQ_DECODED_CHUNKS 8

typedef struct {
  _Alignas(BCQ_LINE) uint8_t values[TILES][BCQ_DECODED_CHUNKS * BCQ_CHUNK_BYTES];
  float scales[TILES][BCQ_DECODED_CHUNKS][BCQ_TILE]; /* of each group, from that of the first chunk on */
} bcq_decoded;

BCQ_INLINE bcq_f16 bcq_magnitudes(bcq_f16 a) {
  BCQ_EACH_PART(p) { a.part[p] = (bcq_v)((bcq_iv)a.part[p] & 0x7fffffff); }
  return a;
}

/* Fills the entries of a tile and group, and the scales of its rows. */
BCQ_INLINE void bcq_fill_entries(
    int32_t planes, const float *alphas, uint8_t *entries, float *scales) {
  bcq_f16 magnitude = bcq_zero();
  for (int32_t plane = 0; plane < planes; plane++) {
    magnitude = bcq_add(magnitude, bcq_magnitudes(bcq_load(alphas + plane * BCQ_TILE)));
  }
  float largest = (float)(128 - (planes + 1) / 2);
  bcq_f16 factor;
  BCQ_EACH_PART(p) {
    bcq_v m = magnitude.part[p];
    bcq_iv zero = m < BCQ_SMALLEST_MAXIMUM;
    factor.part[p] = (bcq_v)((bcq_iv)(largest / m) & ~zero);
    *(bcq_v_any *)(scales + p * BCQ_LANES) = m / largest;
  }
  for (int32_t plane = 0; plane < planes; plane += 2) {
    for (int entry = 0; entry < 4; entry++) {
      bcq_f16 sum = bcq_zero();
      BCQ_EACH_PART(p) {
        bcq_v alpha = bcq_load_part(alphas + plane * BCQ_TILE + p * BCQ_LANES);
        sum.part[p] = entry & 1 ? alpha : -alpha;
        if (plane + 1 < planes) {
          bcq_v second = bcq_load_part(alphas + (plane + 1) * BCQ_TILE + p * BCQ_LANES);
          sum.part[p] += entry & 2 ? second : -second;
        }
      }
      int8_t *to = (int8_t *)entries + plane * 32 + entry * BCQ_TILE;
      store_bytes(to, bcq_multiply(sum, factor));
      for (int row = 0; plane == 0 && row < BCQ_TILE; row++) {
        entries[entry * BCQ_TILE + row] ^= 0x80;
      }
    }
  }
}

BCQ_INLINE void bcq_decode_tile(
    int planes, const bcq_block *w, int32_t tile, int32_t from, int32_t to, uint8_t *values,
    float *scales) {
  const uint8_t *bits = w->bits + (size_t)tile * (size_t)(w->chunks * planes) * BCQ_LINE;
  const float *alphas = bcq_tile_scales(w, tile, bcq_groups(w));
  for (int32_t chunk = from; chunk < to;) {
    uint8_t entries[4 * BCQ_LINE];
    int32_t group = chunk / w->group_chunks;
    int32_t end = bcq_min((group + 1) * w->group_chunks, to);
    bcq_fill_entries(planes, alphas + group * bcq_slots(w) * BCQ_TILE, entries, scales);
    decode(planes, bits + (size_t)(chunk * planes) * BCQ_LINE, end - chunk, entries, values);
    values += (end - chunk) * BCQ_CHUNK_BYTES;
    scales += BCQ_TILE;
    chunk = end;
  }
}

#define BCQ_DECODE_TILE(planes)                                                             \
  static __attribute__((noinline)) void decode_tile_##planes(                               \
      const bcq_block *w, int32_t tile, int32_t from, int32_t to, uint8_t *values,          \
      float *scales) {                                                                      \
    bcq_decode_tile(planes, w, tile, from, to, values, scales);                             \
  }
BCQ_DECODE_TILE(1)
BCQ_DECODE_TILE(2)
BCQ_DECODE_TILE(3)
BCQ_DECODE_TILE(4)
BCQ_DECODE_TILE(5)
BCQ_DECODE_TILE(6)
BCQ_DECODE_TILE(7)
BCQ_DECODE_TILE(8)

typedef void (*bcq_decode_function)(
    const bcq_block *, int32_t, int32_t, int32_t, uint8_t *, float *);
static const bcq_decode_function decode_tiles[8] = {
    decode_tile_1, decode_tile_2, decode_tile_3, decode_tile_4,
    decode_tile_5, decode_tile_6, decode_tile_7, decode_tile_8,
};

/* Tiles and columns that a product computes, and the decoded chunks. */
typedef struct {
  const bcq_block *w;
  int32_t tile;
  int32_t from;
  int32_t to;
  const float *group_sums;
  float *y;
  int32_t y_stride;
} bcq_decoded_part;

/* Adds offsets times the sums of their group. */
BCQ_INLINE void bcq_add_group(
    int tiles, int n, const bcq_decoded_part *part, int32_t group, bcq_f16 *results) {
  const bcq_block *w = part->w;
  int32_t groups = bcq_groups(w);
  for (int i = 0; w->offset && i < tiles; i++) {
    const float *alphas = bcq_tile_scales(w, part->tile + i, groups);
    alphas += group * bcq_slots(w) * BCQ_TILE;
    bcq_add_offsets(w, alphas, group, groups, n, part->group_sums, results + i * n);
  }
}

/* Adds the products of the decoded chunks to y, or puts those of the first chunks there. */
BCQ_INLINE void bcq_decoded_product(
    int tiles, int n, const bcq_decoded_part *part, const uint8_t *values, const float *scales,
    const bcq_bytes *x) {
  const bcq_block *w = part->w;
  const size_t tile_stride = BCQ_DECODED_CHUNKS * BCQ_CHUNK_BYTES;
  bcq_f16 results[BCQ_MOST_DOTS];
#pragma GCC unroll 16
  for (int i = 0; i < tiles * n; i++) {
    int32_t row = (part->tile + i / n) * BCQ_TILE;
    const float *before = part->y + (size_t)(i % n) * (size_t)part->y_stride + row;
    results[i] = part->from == 0 ? bcq_zero() : bcq_load_rows(before, w->rows - row);
  }
  int32_t group = part->from / w->group_chunks;
  int32_t group_end = bcq_min((group + 1) * w->group_chunks, w->chunks);
  size_t spans = (size_t)bcq_spans(w->chunks);
  for (int32_t chunk = part->from; chunk < part->to;) {
    int32_t span = chunk / BCQ_SPAN_CHUNKS;
    int32_t end = bcq_min(bcq_min((span + 1) * BCQ_SPAN_CHUNKS, group_end), part->to);
    bcq_f16 dots[BCQ_MOST_DOTS];
    tile_dots(tiles, n, values, tile_stride, x, chunk, end - chunk, dots);
#pragma GCC unroll 4
    for (int i = 0; i < tiles; i++) {
      bcq_f16 row_scales = bcq_load(scales + i * BCQ_DECODED_CHUNKS * BCQ_TILE);
#pragma GCC unroll 4
      for (int j = 0; j < n; j++) {
        bcq_f16 term = bcq_multiply(dots[i * n + j], row_scales);
        term = bcq_times(term, x->scales[(size_t)j * spans + (size_t)span]);
        results[i * n + j] = bcq_add(results[i * n + j], term);
      }
    }
    values += (end - chunk) * BCQ_CHUNK_BYTES;
    if (end == group_end) {
      bcq_add_group(tiles, n, part, group, results);
      scales += BCQ_TILE;
      group++;
      group_end = bcq_min(group_end + w->group_chunks, w->chunks);
    }
    chunk = end;
  }
  for (int i = 0; i < tiles; i++) {
    bcq_store_tile(w, part->tile + i, n, results + i * n, part->y, part->y_stride);
  }
}

#define BCQ_DECODED_PRODUCT(tiles, n)                                                        \
  static __attribute__((noinline)) void decoded_product_##tiles##_##n(                       \
      const bcq_decoded_part *part, const uint8_t *values, const float *scales,              \
      const bcq_bytes *x) {                                                                  \
    bcq_decoded_product(tiles, n, part, values, scales, x);                                  \
  }

BCQ_DECODED_PRODUCT(1, 1)
#if TILE_COLUMNS >= 2
BCQ_DECODED_PRODUCT(1, 2)
#endif
#if TILE_COLUMNS >= 4
BCQ_DECODED_PRODUCT(1, 4)
#endif
#if TILES == 4
BCQ_DECODED_PRODUCT(4, 1)
BCQ_DECODED_PRODUCT(4, 2)
BCQ_DECODED_PRODUCT(4, 4)
#endif

typedef void (*bcq_decoded_function)(
    const bcq_decoded_part *, const uint8_t *, const float *, const bcq_bytes *);

/* Functions for 1, 2 and 4 columns: of a tile, and of several at once. */
static const bcq_decoded_function decoded_products[2][3] = {
    {decoded_product_1_1,
#if TILE_COLUMNS >= 2
     decoded_product_1_2,
#endif
#if TILE_COLUMNS >= 4
     decoded_product_1_4,
#endif
    },
#if TILES == 4
    {decoded_product_4_1, decoded_product_4_2, decoded_product_4_4},
#endif
};

static void multiply_decoded(
    const bcq_block *w, const bcq_bytes *x, const float *group_sums, float *y, int32_t y_stride) {
  bcq_decoded decoded;
  int32_t tiles;
  for (int32_t tile = w->tile_from; tile < w->tile_to; tile += tiles) {
    tiles = tile + TILES <= w->tile_to ? TILES : 1;
    for (int32_t from = 0; from < w->chunks; from += BCQ_DECODED_CHUNKS) {
      int32_t to = bcq_min(from + BCQ_DECODED_CHUNKS, w->chunks);
      for (int32_t i = 0; i < tiles; i++) {
        decode_tiles[w->planes - 1](
            w, tile + i, from, to, decoded.values[i], decoded.scales[i][0]);
      }
      int32_t n;
      for (int32_t column = 0; column < x->columns; column += n) {
        n = bcq_take(x->columns - column, TILE_COLUMNS);
        bcq_bytes inputs = bcq_from_column(x, column);
        const float *sums = group_sums;
        sums += w->offset ? (size_t)column * (size_t)bcq_groups(w) : 0;
        float *to_column = y + (size_t)column * (size_t)y_stride;
        bcq_decoded_part part = {w, tile, from, to, sums, to_column, y_stride};
        decoded_products[tiles > 1][n / 2](
            &part, decoded.values[0], decoded.scales[0][0], &inputs);
      }
    }
  }
}

#endif
