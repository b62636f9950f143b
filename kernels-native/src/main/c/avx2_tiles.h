/* Int8 tiles with AVX2: sums of four byte products, or else products of pairs of 16-bit numbers. */
#ifndef BCQ_AVX2_TILES_H
#define BCQ_AVX2_TILES_H

#include "avx2_slices.h"

#define TILES 1
#define TILE_COLUMNS 4

#if defined(BCQ_AVX2_VNNI)
/* As with AVX-512, in halves of a line: 8 rows. */
BCQ_INLINE void tile_dots(
    int tiles, int n, const uint8_t *w, size_t tile_stride, const bcq_bytes *x, int32_t chunk,
    int32_t chunks, bcq_f16 *dots) {
  (void)tiles;
  (void)tile_stride;
  /* A sum takes five cycles, and there may be two in each: a few go on beside each other. */
  int apart = n >= 4 ? 1 : n == 2 ? 2 : 4;
  __m256i sums[8];
#pragma GCC unroll 4
  for (int j = 0; j < n; j++) {
    int32_t surplus = bcq_surplus(x, j, chunk, chunks);
#pragma GCC unroll 8
    for (int i = 0; i < 2 * apart; i++) {
      sums[i * n + j] = i < 2 ? _mm256_set1_epi32(-surplus) : _mm256_setzero_si256();
    }
  }
  const int8_t *inputs = x->values + (size_t)chunk * BCQ_CHUNK;
  size_t stride = (size_t)x->chunks * BCQ_CHUNK;
  for (int32_t i = 0; i < chunks; i++) {
#pragma GCC unroll 8
    for (int line = 0; line < 8; line++) {
      __m256i weights[2] = {load(w + line * BCQ_LINE), load(w + line * BCQ_LINE + 32)};
#pragma GCC unroll 4
      for (int j = 0; j < n; j++) {
        int32_t four;
        memcpy(&four, inputs + (size_t)j * stride + 4 * line, sizeof four);
#pragma GCC unroll 2
        for (int half = 0; half < 2; half++) {
          __m256i *sum = &sums[(line % apart * 2 + half) * n + j];
          *sum = _mm256_dpbusd_avx_epi32(*sum, weights[half], _mm256_set1_epi32(four));
        }
      }
    }
    w += BCQ_CHUNK_BYTES;
    inputs += BCQ_CHUNK;
  }
#pragma GCC unroll 4
  for (int j = 0; j < n; j++) {
#pragma GCC unroll 2
    for (int half = 0; half < 2; half++) {
      __m256i sum = sums[half * n + j];
#pragma GCC unroll 4
      for (int more = 1; more < apart; more++) {
        sum = _mm256_add_epi32(sum, sums[(more * 2 + half) * n + j]);
      }
      dots[j].part[half] = (bcq_v)_mm256_cvtepi32_ps(sum);
    }
  }
}
#else
/* Returns two activations, of even or odd octets, in each lane as 16-bit numbers. */
BCQ_INLINE __m256i two_inputs(const int16_t *x) {
  int32_t pair;
  memcpy(&pair, x, sizeof pair);
  return _mm256_set1_epi32(pair);
}

/*
 * Widens the activations of a column's segment: for each line octets 0 and 2, then 1 and 3, as the even and
 * the odd bytes of weights need them.
 */
BCQ_INLINE void widen(const int8_t *x, int32_t chunks, int16_t *wide) {
  const __m256i order = _mm256_setr_epi8(
      0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15, 0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10,
      11, 14, 15);
  for (int32_t i = 0; i < 2 * chunks; i++) {
    __m256i words = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(x + 16 * i)));
    _mm256_storeu_si256((__m256i *)(wide + 16 * i), _mm256_shuffle_epi8(words, order));
  }
}

/*
 * Multiplies pairs of 16-bit numbers, which is exact; sums of products of bytes would leave 16 bits. Half a
 * line has 8 rows.
 */
BCQ_INLINE void tile_dots(
    int tiles, int n, const uint8_t *w, size_t tile_stride, const bcq_bytes *x, int32_t chunk,
    int32_t chunks, bcq_f16 *dots) {
  (void)tiles;
  (void)tile_stride;
  int16_t inputs[4][BCQ_SPAN];
  __m256i sums[8];
#pragma GCC unroll 4
  for (int j = 0; j < n; j++) {
    int32_t surplus = bcq_surplus(x, j, chunk, chunks);
    sums[2 * j] = _mm256_set1_epi32(-surplus);
    sums[2 * j + 1] = sums[2 * j];
    widen(x->values + ((size_t)j * (size_t)x->chunks + (size_t)chunk) * BCQ_CHUNK, chunks, inputs[j]);
  }
  for (int32_t line = 0; line < 8 * chunks; line++) {
#pragma GCC unroll 2
    for (int half = 0; half < 2; half++) {
      __m256i weights = load(w + 32 * half);
      __m256i even = _mm256_and_si256(weights, _mm256_set1_epi16(0x00ff));
      __m256i odd = _mm256_srli_epi16(weights, 8);
#pragma GCC unroll 4
      for (int j = 0; j < n; j++) {
        const int16_t *four = inputs[j] + 4 * line;
        __m256i *sum = &sums[2 * j + half];
        *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(even, two_inputs(four)));
        *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(odd, two_inputs(four + 2)));
      }
    }
    w += BCQ_LINE;
  }
#pragma GCC unroll 4
  for (int j = 0; j < n; j++) {
    dots[j].part[0] = (bcq_v)_mm256_cvtepi32_ps(sums[2 * j]);
    dots[j].part[1] = (bcq_v)_mm256_cvtepi32_ps(sums[2 * j + 1]);
  }
}

#endif

BCQ_INLINE __m256i choose(__m256i mask, __m256i a, __m256i b) {
  return _mm256_or_si256(_mm256_and_si256(mask, a), _mm256_andnot_si256(mask, b));
}

/* The entries of four rows are 16 bytes; the bits of a pair of planes come side by side first. */
BCQ_INLINE void decode(
    int planes, const uint8_t *bits, int32_t chunks, const uint8_t *entries, uint8_t *tiles) {
  const __m256i even_bits = _mm256_set1_epi8(0x55);
  const __m256i rows = _mm256_broadcastsi128_si256(
      _mm_setr_epi32(0x00000000, 0x04040404, 0x08080808, 0x0c0c0c0c));
  rows_of_line tables[4];
  for (int pair = 0; pair < (planes + 1) / 2; pair++) {
    tables[pair] = transposed(entries + pair * BCQ_LINE);
  }
  for (int32_t chunk = 0; chunk < chunks; chunk++) {
    __m256i even[4][2];
    __m256i odd[4][2];
    for (int plane = 0; plane < planes; plane += 2) {
      rows_of_line first = transposed(bits + plane * BCQ_LINE);
      rows_of_line second = first;
      if (plane + 1 < planes) {
        second = transposed(bits + (plane + 1) * BCQ_LINE);
      }
      for (int half = 0; half < 2; half++) {
        __m256i shifted = _mm256_srli_epi16(first.half[half], 1);
        even[plane / 2][half] = first.half[half];
        odd[plane / 2][half] = shifted;
        if (plane + 1 < planes) {
          __m256i twice = _mm256_add_epi8(second.half[half], second.half[half]);
          even[plane / 2][half] = choose(even_bits, first.half[half], twice);
          odd[plane / 2][half] = choose(even_bits, shifted, second.half[half]);
        }
      }
    }
#pragma GCC unroll 8
    for (int j = 0; j < 8; j++) {
      for (int half = 0; half < 2; half++) {
        __m256i sum = _mm256_setzero_si256();
        for (int pair = 0; pair < (planes + 1) / 2; pair++) {
          __m256i both = j & 1 ? odd[pair][half] : even[pair][half];
          __m256i key = _mm256_and_si256(_mm256_srli_epi16(both, j & 6), _mm256_set1_epi8(3));
          __m256i weights =
              _mm256_shuffle_epi8(tables[pair].half[half], _mm256_or_si256(key, rows));
          sum = _mm256_add_epi8(sum, weights);
        }
        uint8_t *to = tiles + j * BCQ_LINE + 16 * half;
        _mm_storeu_si128((__m128i *)to, _mm256_castsi256_si128(sum));
        _mm_storeu_si128((__m128i *)(to + 32), _mm256_extracti128_si256(sum, 1));
      }
    }
    bits += planes * BCQ_LINE;
    tiles += BCQ_CHUNK_BYTES;
  }
}

#endif
