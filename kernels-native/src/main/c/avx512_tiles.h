/* Int8 tiles with AVX-512: sums of four byte products. */
#ifndef BCQ_AVX512_TILES_H
#define BCQ_AVX512_TILES_H

#include "avx512_slices.h"

#define TILES 4
#define TILE_COLUMNS 4

/* A line of a tile is the unsigned operand, four activations the signed one: one row in each lane. */
BCQ_INLINE void tile_dots(
    int tiles, int n, const uint8_t *w, size_t tile_stride, const bcq_bytes *x, int32_t chunk,
    int32_t chunks, bcq_f16 *dots) {
  /* A sum takes five cycles, and there may be two in each: a few go on beside each other. */
  int apart = tiles * n >= 8 ? 1 : tiles * n >= 4 ? 2 : 4;
  __m512i sums[16];
#pragma GCC unroll 4
  for (int j = 0; j < n; j++) {
    int32_t surplus = bcq_surplus(x, j, chunk, chunks);
#pragma GCC unroll 16
    for (int i = 0; i < tiles * apart; i++) {
      sums[i * n + j] = i < tiles ? _mm512_set1_epi32(-surplus) : _mm512_setzero_si512();
    }
  }
  const int8_t *inputs = x->values + (size_t)chunk * BCQ_CHUNK;
  size_t stride = (size_t)x->chunks * BCQ_CHUNK;
  for (int32_t i = 0; i < chunks; i++) {
#pragma GCC unroll 8
    for (int line = 0; line < 8; line++) {
      __m512i four[4];
#pragma GCC unroll 4
      for (int j = 0; j < n; j++) {
        int32_t dword;
        memcpy(&dword, inputs + (size_t)j * stride + 4 * line, sizeof dword);
        four[j] = _mm512_set1_epi32(dword);
      }
#pragma GCC unroll 4
      for (int tile = 0; tile < tiles; tile++) {
        __m512i weights = _mm512_loadu_si512(w + (size_t)tile * tile_stride + line * BCQ_LINE);
        int sum = (line % apart * tiles + tile) * n;
#pragma GCC unroll 4
        for (int j = 0; j < n; j++) {
          sums[sum + j] = _mm512_dpbusd_epi32(sums[sum + j], weights, four[j]);
          __asm__("" : "+v"(sums[sum + j]));
        }
      }
    }
    w += BCQ_CHUNK_BYTES;
    inputs += BCQ_CHUNK;
  }
#pragma GCC unroll 16
  for (int i = 0; i < tiles * n; i++) {
#pragma GCC unroll 4
    for (int more = 1; more < apart; more++) {
      sums[i] = _mm512_add_epi32(sums[i], sums[more * tiles * n + i]);
    }
    dots[i].part[0] = (bcq_v)_mm512_cvtepi32_ps(sums[i]);
  }
}

/* Where the entries of each row begin in a table whose 16 bytes are those of four rows. */
BCQ_INLINE __m512i rows_of_lane(void) {
  return _mm512_broadcast_i32x4(_mm_setr_epi32(0x00000000, 0x04040404, 0x08080808, 0x0c0c0c0c));
}

/* Returns the weights that pairs of bits, the last two of each byte, pick from a table. */
BCQ_INLINE __m512i weights_of_pairs(__m512i table, __m512i bits) {
  __m512i keys =
      _mm512_ternarylogic_epi32(bits, _mm512_set1_epi8(3), rows_of_lane(), 0xea);
  return _mm512_shuffle_epi8(table, keys);
}

/*
 * The bits of a pair of planes come side by side first: those of even columns, and those of odd ones. Those of a
 * plane that is left alone are masks.
 */
BCQ_INLINE void decode(
    int planes, const uint8_t *bits, int32_t chunks, const uint8_t *entries, uint8_t *tiles) {
  const __m512i even_bits = _mm512_set1_epi8(0x55);
  int pairs = planes / 2;
  int alone = planes % 2;
  __m512i tables[4];
#pragma GCC unroll 4
  for (int pair = 0; pair < pairs; pair++) {
    tables[pair] = transposed(entries + pair * BCQ_LINE);
  }
  __m512i zeros = _mm512_setzero_si512(); /* weights of the plane that is alone, where its bits are zero */
  __m512i ones = zeros;
  if (alone) {
    __m512i table = transposed(entries + pairs * BCQ_LINE);
    zeros = _mm512_shuffle_epi8(table, rows_of_lane());
    ones = _mm512_shuffle_epi8(table, _mm512_add_epi8(rows_of_lane(), _mm512_set1_epi8(1)));
    if (pairs > 0) {
      tables[0] = _mm512_add_epi8(tables[0], zeros);
      ones = _mm512_sub_epi8(ones, zeros);
    }
  }
  for (int32_t chunk = 0; chunk < chunks; chunk++) {
    __m512i even[4];
    __m512i odd[4];
#pragma GCC unroll 4
    for (int pair = 0; pair < pairs; pair++) {
      __m512i first = transposed(bits + 2 * pair * BCQ_LINE);
      __m512i second = transposed(bits + (2 * pair + 1) * BCQ_LINE);
      even[pair] = _mm512_ternarylogic_epi32(
          even_bits, first, _mm512_add_epi8(second, second), 0xca);
      odd[pair] =
          _mm512_ternarylogic_epi32(even_bits, _mm512_srli_epi16(first, 1), second, 0xca);
    }
    __m512i last = alone ? transposed(bits + (planes - 1) * BCQ_LINE) : zeros;
#pragma GCC unroll 8
    for (int j = 0; j < 8; j++) {
      __m512i sum = zeros;
#pragma GCC unroll 4
      for (int pair = 0; pair < pairs; pair++) {
        __m512i both = j & 1 ? odd[pair] : even[pair];
        both = j < 2 ? both : _mm512_srli_epi16(both, (unsigned)(j & 6));
        __m512i weights = weights_of_pairs(tables[pair], both);
        sum = pair == 0 ? weights : _mm512_add_epi8(sum, weights);
      }
      if (alone) {
        __mmask64 mask = _mm512_test_epi8_mask(last, _mm512_set1_epi8((char)(1u << j)));
        sum = pairs > 0 ? _mm512_mask_add_epi8(sum, mask, sum, ones)
                        : _mm512_mask_blend_epi8(mask, zeros, ones);
      }
      _mm512_storeu_si512(tiles + j * BCQ_LINE, sum);
    }
    bits += planes * BCQ_LINE;
    tiles += BCQ_CHUNK_BYTES;
  }
}

#endif
