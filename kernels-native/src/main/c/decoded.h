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
#define BCQ_DECODED_CHUNKS 16

typedef struct {
  _Alignas(BCQ_LINE) uint8_t values[TILES][BCQ_DECODED_CHUNKS * BCQ_CHUNK_BYTES];
  float scales[TILES][BCQ_DECODED_CHUNKS][BCQ_TILE]; /* of each group, from that of the first chunk on */
  _Alignas(BCQ_LINE) uint8_t entries[TILES][4 * BCQ_LINE]; /* of the last group */
  float group_scales[TILES][BCQ_TILE];                     /* likewise */
} bcq_decoded;

BCQ_INLINE bcq_f16 bcq_magnitudes(bcq_f16 a) {
  BCQ_EACH_PART(p) { a.part[p] = (bcq_v)((bcq_iv)a.part[p] & 0x7fffffff); }
  return a;
}

/* Fills the entries of a tile and group, and the scales of its rows. */
static BCQ_NOINLINE void bcq_fill_entries(
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

/* Decodes chunks of some tiles, for which those before have been decoded. */
BCQ_INLINE void bcq_decode_tiles(
    int32_t planes, const bcq_block *w, int32_t tile, int32_t tiles, int32_t from, int32_t to,
    bcq_decoded *decoded) {
  size_t tile_bits = (size_t)(w->chunks * planes) * BCQ_LINE;
  const uint8_t *bits = w->bits + (size_t)tile * tile_bits;
  int32_t end;
  for (int32_t chunk = from, stretch = 0; chunk < to; chunk = end, stretch++) {
    int32_t group = chunk / w->group_chunks;
    end = bcq_min((group + 1) * w->group_chunks, to);
    if (chunk == group * w->group_chunks) {
      /* All tiles' first: a processor waits for what it loads as a whole and has just stored in parts. */
      for (int32_t i = 0; i < tiles; i++) {
        const float *alphas = bcq_tile_scales(w, tile + i, bcq_groups(w));
        alphas += group * bcq_slots(w) * BCQ_TILE;
        bcq_fill_entries(planes, alphas, decoded->entries[i], decoded->group_scales[i]);
      }
    }
    for (int32_t i = 0; i < tiles; i++) {
      memcpy(decoded->scales[i][stretch], decoded->group_scales[i], sizeof decoded->group_scales[i]);
      decode(
          planes, bits + (size_t)i * tile_bits + (size_t)(chunk * planes) * BCQ_LINE, end - chunk,
          decoded->entries[i], decoded->values[i] + (chunk - from) * BCQ_CHUNK_BYTES);
    }
  }
}

#define BCQ_DECODE_TILES(planes)                                                            \
  static __attribute__((noinline)) void decode_tiles_##planes(                              \
      const bcq_block *w, int32_t tile, int32_t tiles, int32_t from, int32_t to,            \
      bcq_decoded *decoded) {                                                               \
    bcq_decode_tiles(planes, w, tile, tiles, from, to, decoded);                            \
  }
BCQ_DECODE_TILES(1)
BCQ_DECODE_TILES(2)
BCQ_DECODE_TILES(3)
BCQ_DECODE_TILES(4)
BCQ_DECODE_TILES(5)
BCQ_DECODE_TILES(6)
BCQ_DECODE_TILES(7)
BCQ_DECODE_TILES(8)

typedef void (*bcq_decode_function)(
    const bcq_block *, int32_t, int32_t, int32_t, int32_t, bcq_decoded *);
static const bcq_decode_function decode_tiles[8] = {
    decode_tiles_1, decode_tiles_2, decode_tiles_3, decode_tiles_4,
    decode_tiles_5, decode_tiles_6, decode_tiles_7, decode_tiles_8,
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
  int32_t rows = w->rows - part->tile * BCQ_TILE;
  float *y = part->y + part->tile * BCQ_TILE;
  if (part->from == 0) {
#pragma GCC unroll 16
    for (int i = 0; i < tiles * n; i++) {
      results[i] = bcq_zero();
    }
  } else {
    bcq_load_tiles(tiles, n, rows, y, part->y_stride, results);
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
  bcq_store_tiles(tiles, n, rows, results, y, part->y_stride);
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
      decode_tiles[w->planes - 1](w, tile, tiles, from, to, &decoded);
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
