/* Bit-slices with AVX-512, VNNI and BITALG. */
#ifndef BCQ_AVX512_SLICES_H
#define BCQ_AVX512_SLICES_H

#include <immintrin.h>

#include "tables.h"

#define TRANSPOSED_ROW(r) (int)(0x30201000u + 0x01010101u * (r))

/* The adder of VNNI wants the four octets of a row in one 32-bit lane. */
BCQ_INLINE __m512i transposed(const uint8_t *line) {
  const __m512i octets_of_rows = _mm512_setr_epi32(
      TRANSPOSED_ROW(0), TRANSPOSED_ROW(1), TRANSPOSED_ROW(2), TRANSPOSED_ROW(3), TRANSPOSED_ROW(4),
      TRANSPOSED_ROW(5), TRANSPOSED_ROW(6), TRANSPOSED_ROW(7), TRANSPOSED_ROW(8), TRANSPOSED_ROW(9),
      TRANSPOSED_ROW(10), TRANSPOSED_ROW(11), TRANSPOSED_ROW(12), TRANSPOSED_ROW(13),
      TRANSPOSED_ROW(14), TRANSPOSED_ROW(15));
  return _mm512_permutexvar_epi8(octets_of_rows, _mm512_loadu_si512(line));
}

BCQ_INLINE void store_slices(uint32_t *slices, const int8_t *bytes) {
  __m256i v = _mm256_loadu_si256((const __m256i *)bytes);
#pragma GCC unroll 8
  for (int slice = BCQ_SLICES - 1; slice >= 0; slice--) {
    slices[slice] = (uint32_t)_mm256_movepi8_mask(v);
    v = _mm256_add_epi8(v, v);
  }
}

/*
 * The adder multiplies the ones of four octets by the slice's weight. Few sums are kept in parts, so that not
 * each addition waits for the one before.
 */
BCQ_INLINE void slice_sums(
    int planes, int n, const uint8_t *bits, const uint32_t *slices, size_t slice_stride,
    int32_t chunks, bcq_f16 *sums) {
  __m512i counts[BCQ_MOST_SUMS];
  const int parts = planes * n == 1 ? 4 : planes * n <= 4 ? 2 : 1;
#pragma GCC unroll 16
  for (int i = 0; i < planes * n * parts; i++) {
    counts[i] = _mm512_setzero_si512();
  }
  for (int32_t chunk = 0; chunk < chunks; chunk++) {
#pragma GCC unroll 8
    for (int plane = 0; plane < planes; plane++) {
      __m512i rows = transposed(bits);
      bits += BCQ_LINE;
#pragma GCC unroll 4
      for (int j = 0; j < n; j++) {
#pragma GCC unroll 8
        for (int slice = 0; slice < BCQ_SLICES; slice++) {
          uint32_t bytes = slices[(size_t)j * slice_stride + (size_t)slice];
          __m512i common = _mm512_and_si512(rows, _mm512_set1_epi32((int)bytes));
          __m512i *count = &counts[(plane * n + j) * parts + slice % parts];
          *count = _mm512_dpbusd_epi32(
              *count, _mm512_popcnt_epi8(common), _mm512_set1_epi8((char)(1u << slice)));
        }
      }
    }
    slices += BCQ_SLICES;
  }
#pragma GCC unroll 16
  for (int i = 0; i < planes * n; i++) {
    __m512i sum = counts[i * parts];
#pragma GCC unroll 4
    for (int part = 1; part < parts; part++) {
      sum = _mm512_add_epi32(sum, counts[i * parts + part]);
    }
    sums[i].part[0] = (bcq_v)_mm512_cvtepi32_ps(sum);
  }
}

#endif
