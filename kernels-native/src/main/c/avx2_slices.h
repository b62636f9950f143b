/* Bit-slices with AVX2: ones are looked up, four bits at a time. */
#ifndef BCQ_AVX2_SLICES_H
#define BCQ_AVX2_SLICES_H

#include <immintrin.h>

#include "tables.h"

BCQ_INLINE __m256i load(const void *from) { return _mm256_loadu_si256((const __m256i *)from); }

BCQ_INLINE void store_slices(uint32_t *slices, const int8_t *bytes) {
  __m256i v = load(bytes);
#pragma GCC unroll 8
  for (int slice = BCQ_SLICES - 1; slice >= 0; slice--) {
    slices[slice] = (uint32_t)_mm256_movemask_epi8(v);
    v = _mm256_add_epi8(v, v);
  }
}

/* Rows 0-3 and 8-11, and rows 4-7 and 12-15 of a line, the four octets of a row in 32 bits. */
typedef struct {
  __m256i half[2];
} rows_of_line;

BCQ_INLINE rows_of_line transposed(const uint8_t *line) {
  const __m256i pairs = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15));
  __m256i low = _mm256_permute4x64_epi64(load(line), 0xd8);
  __m256i high = _mm256_permute4x64_epi64(load(line + 32), 0xd8);
  low = _mm256_shuffle_epi8(low, pairs);
  high = _mm256_shuffle_epi8(high, pairs);
  rows_of_line rows = {{_mm256_unpacklo_epi16(low, high), _mm256_unpackhi_epi16(low, high)}};
  return rows;
}

/* Returns the number of ones of each four bits, times a factor. */
BCQ_INLINE __m256i ones_times(char factor) {
  __m128i ones = _mm_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
  __m128i table = _mm_setzero_si128();
  for (int i = 0; i < factor; i++) {
    table = _mm_add_epi8(table, ones);
  }
  for (int i = 0; i > factor; i--) {
    table = _mm_sub_epi8(table, ones);
  }
  return _mm256_broadcastsi128_si256(table);
}

/* Adds the ones of bytes, given as two halves of four bits, times a factor. */
BCQ_INLINE __m256i add_ones(__m256i sum, __m256i low, __m256i high, char factor) {
  sum = _mm256_add_epi8(sum, _mm256_shuffle_epi8(ones_times(factor), low));
  return _mm256_add_epi8(sum, _mm256_shuffle_epi8(ones_times(factor), high));
}

/*
 * A byte takes the ones of five slices in their weights, at most 8 * 31, another one those of the upper three
 * in units of 32: 8 * -4 to 8 * 3. A segment's sums of two octets, times these, keep within 16 bits.
 */
BCQ_INLINE void slice_sums(
    int planes, int n, const uint8_t *bits, const uint32_t *slices, size_t slice_stride,
    int32_t chunks, bcq_f16 *sums) {
  const __m256i nibbles = _mm256_set1_epi8(0x0f);
  __m256i pairs[8][2];
#pragma GCC unroll 8
  for (int i = 0; i < planes * n; i++) {
    pairs[i][0] = _mm256_setzero_si256();
    pairs[i][1] = _mm256_setzero_si256();
  }
  for (int32_t chunk = 0; chunk < chunks; chunk++) {
#pragma GCC unroll 8
    for (int plane = 0; plane < planes; plane++) {
      rows_of_line rows = transposed(bits + plane * BCQ_LINE);
#pragma GCC unroll 2
      for (int half = 0; half < 2; half++) {
        __m256i low = _mm256_and_si256(rows.half[half], nibbles);
        __m256i high = _mm256_and_si256(_mm256_srli_epi16(rows.half[half], 4), nibbles);
#pragma GCC unroll 2
        for (int j = 0; j < n; j++) {
          __m256i lower = _mm256_setzero_si256();
          __m256i upper = _mm256_setzero_si256();
#pragma GCC unroll 8
          for (int slice = 0; slice < BCQ_SLICES; slice++) {
            __m256i bytes =
                _mm256_set1_epi32((int)slices[(size_t)j * slice_stride + (size_t)slice]);
            __m256i low_common = _mm256_and_si256(low, bytes);
            __m256i high_common = _mm256_and_si256(high, _mm256_srli_epi16(bytes, 4));
            if (slice < 5) {
              lower = add_ones(lower, low_common, high_common, (char)(1 << slice));
            } else {
              char factor = slice == 7 ? -4 : (char)(1 << (slice - 5));
              upper = add_ones(upper, low_common, high_common, factor);
            }
          }
          __m256i *sum = &pairs[plane * n + j][half];
          *sum = _mm256_add_epi16(*sum, _mm256_maddubs_epi16(lower, _mm256_set1_epi8(1)));
          *sum = _mm256_add_epi16(*sum, _mm256_maddubs_epi16(_mm256_set1_epi8(32), upper));
        }
      }
    }
    bits += planes * BCQ_LINE;
    slices += BCQ_SLICES;
  }
#pragma GCC unroll 8
  for (int i = 0; i < planes * n; i++) {
    __m256i first = _mm256_madd_epi16(pairs[i][0], _mm256_set1_epi16(1));
    __m256i second = _mm256_madd_epi16(pairs[i][1], _mm256_set1_epi16(1));
    sums[i].part[0] = (bcq_v)_mm256_cvtepi32_ps(_mm256_permute2x128_si256(first, second, 0x20));
    sums[i].part[1] = (bcq_v)_mm256_cvtepi32_ps(_mm256_permute2x128_si256(first, second, 0x31));
  }
}

#endif
