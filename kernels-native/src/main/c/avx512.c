/* AVX-512 with VBMI (byte permutation over 64 bytes), VNNI (sums of four bytes) and BITALG (ones of a byte). */
#include <immintrin.h>

#include "avx512_slices.h"
#include "vectors.h"

/* A table line holds the tables of four octets; the octet's number in the index's upper bits picks one. */
#define OCTETS _mm512_set1_epi32(0x30201000)

/*
 * Where weights that come from the third cache are asked for ahead: with few columns they are what a product waits
 * for, and no hardware looks beyond a page of memory.
 */
#define PREFETCHED 2048

/* Returns (x & 0x0f) | octets. */
BCQ_INLINE __m512i keys(__m512i x) {
  return _mm512_ternarylogic_epi32(x, _mm512_set1_epi8(0x0f), OCTETS, 0xea);
}

BCQ_INLINE void byte_sums(
    int planes, int n, const uint8_t *bits, const int8_t *tables, size_t table_stride,
    int32_t chunks, bcq_f16 *sums) {
  __m512i low[BCQ_MOST_SUMS];
  __m512i high[BCQ_MOST_SUMS];
#pragma GCC unroll 16
  for (int i = 0; i < planes * n; i++) {
    low[i] = _mm512_setzero_si512();
    high[i] = _mm512_setzero_si512();
  }
  int apart = planes * n <= 6;
  for (int32_t chunk = 0; chunk < chunks; chunk++) {
#pragma GCC unroll 8
    for (int plane = 0; plane < planes; plane++) {
      __m512i rows = transposed(bits);
      __m512i low_keys = keys(rows);
      __m512i high_keys = keys(_mm512_srli_epi16(rows, 4));
      if (n <= 2) {
        _mm_prefetch((const char *)bits + PREFETCHED, _MM_HINT_T0);
      }
      bits += BCQ_LINE;
#pragma GCC unroll 4
      for (int j = 0; j < n; j++) {
        const int8_t *table = tables + (size_t)j * table_stride;
        __m512i *to = apart ? &high[plane * n + j] : &low[plane * n + j];
        low[plane * n + j] = _mm512_dpbusd_epi32(
            low[plane * n + j], _mm512_set1_epi8(1),
            _mm512_permutexvar_epi8(low_keys, _mm512_loadu_si512(table)));
        *to = _mm512_dpbusd_epi32(
            *to, _mm512_set1_epi8(1),
            _mm512_permutexvar_epi8(high_keys, _mm512_loadu_si512(table + 64)));
      }
    }
    tables += BCQ_TABLES;
  }
#pragma GCC unroll 16
  for (int i = 0; i < planes * n; i++) {
    __m512i sum = apart ? _mm512_add_epi32(low[i], high[i]) : low[i];
    sums[i].part[0] = (bcq_v)_mm512_cvtepi32_ps(sum);
  }
}

BCQ_INLINE void float_sums(
    int planes, int n, const uint8_t *bits, const float *tables, size_t table_stride,
    int32_t chunks, bcq_f16 *sums) {
#pragma GCC unroll 16
  for (int i = 0; i < planes * n; i++) {
    sums[i] = bcq_zero();
  }
  for (int32_t chunk = 0; chunk < chunks; chunk++) {
    for (int octet = 0; octet < 4; octet++) {
#pragma GCC unroll 8
      for (int plane = 0; plane < planes; plane++) {
        /* The permutation reads the lowest four bits of an index only. */
        __m512i low_keys = _mm512_cvtepu8_epi32(
            _mm_loadu_si128((const __m128i *)(bits + plane * BCQ_LINE + octet * BCQ_TILE)));
        __m512i high_keys = _mm512_srli_epi32(low_keys, 4);
#pragma GCC unroll 4
        for (int j = 0; j < n; j++) {
          const float *table = tables + (size_t)j * table_stride + octet * 32;
          bcq_v *sum = &sums[plane * n + j].part[0];
          *sum += (bcq_v)_mm512_permutexvar_ps(low_keys, _mm512_loadu_ps(table));
          *sum += (bcq_v)_mm512_permutexvar_ps(high_keys, _mm512_loadu_ps(table + 16));
        }
      }
    }
    bits += planes * BCQ_LINE;
    tables += BCQ_TABLES;
  }
}

BCQ_SPECIALIZE(1, 1)
BCQ_SPECIALIZE(1, 2)
BCQ_SPECIALIZE(1, 4)
BCQ_SPECIALIZE(2, 1)
BCQ_SPECIALIZE(2, 2)
BCQ_SPECIALIZE(2, 4)
BCQ_SPECIALIZE(3, 1)
BCQ_SPECIALIZE(3, 2)
BCQ_SPECIALIZE(3, 4)
BCQ_SPECIALIZE(4, 1)
BCQ_SPECIALIZE(4, 2)
BCQ_SPECIALIZE(4, 4)
BCQ_SPECIALIZE(5, 1)
BCQ_SPECIALIZE(5, 2)
BCQ_SPECIALIZE(6, 1)
BCQ_SPECIALIZE(6, 2)
BCQ_SPECIALIZE(7, 1)
BCQ_SPECIALIZE(7, 2)
BCQ_SPECIALIZE(8, 1)
BCQ_SPECIALIZE(8, 2)

#define BYTE_PRODUCTS(planes) byte_products[(planes) - 1]
#define FLOAT_PRODUCTS(planes) float_products[(planes) - 1]
#define SLICE_PRODUCTS(planes) slice_products[(planes) - 1]
#define MOST_COLUMNS(planes) ((planes) <= 4 ? 4 : 2)

/* Functions of each number of planes, for 1, 2 and 4 columns. */
static const bcq_integer_function byte_products[8][3] = {
    {byte_product_1_1, byte_product_1_2, byte_product_1_4},
    {byte_product_2_1, byte_product_2_2, byte_product_2_4},
    {byte_product_3_1, byte_product_3_2, byte_product_3_4},
    {byte_product_4_1, byte_product_4_2, byte_product_4_4},
    {byte_product_5_1, byte_product_5_2},
    {byte_product_6_1, byte_product_6_2},
    {byte_product_7_1, byte_product_7_2},
    {byte_product_8_1, byte_product_8_2},
};
static const bcq_integer_function slice_products[8][3] = {
    {slice_product_1_1, slice_product_1_2, slice_product_1_4},
    {slice_product_2_1, slice_product_2_2, slice_product_2_4},
    {slice_product_3_1, slice_product_3_2, slice_product_3_4},
    {slice_product_4_1, slice_product_4_2, slice_product_4_4},
    {slice_product_5_1, slice_product_5_2},
    {slice_product_6_1, slice_product_6_2},
    {slice_product_7_1, slice_product_7_2},
    {slice_product_8_1, slice_product_8_2},
};
static const bcq_float_function float_products[8][3] = {
    {float_product_1_1, float_product_1_2, float_product_1_4},
    {float_product_2_1, float_product_2_2, float_product_2_4},
    {float_product_3_1, float_product_3_2, float_product_3_4},
    {float_product_4_1, float_product_4_2, float_product_4_4},
    {float_product_5_1, float_product_5_2},
    {float_product_6_1, float_product_6_2},
    {float_product_7_1, float_product_7_2},
    {float_product_8_1, float_product_8_2},
};

/* Returns the largest sum of four neighbouring magnitudes of a chunk, in each group of four lanes. */
BCQ_INLINE float largest_table_entry(const float *x, int32_t length) {
  __m512 largest = _mm512_setzero_ps();
  for (int32_t i = 0; i < length; i += 16) {
    __m512 v = _mm512_abs_ps(_mm512_loadu_ps(x + i));
    __m512 sum = _mm512_add_ps(v, _mm512_permute_ps(v, 0x55));
    sum = _mm512_add_ps(sum, _mm512_permute_ps(v, 0xaa));
    sum = _mm512_add_ps(sum, _mm512_permute_ps(v, 0xff));
    /* Lane 0 of each four has ((x0 + x1) + x2) + x3. */
    largest = _mm512_mask_max_ps(largest, 0x1111, largest, sum);
  }
  return _mm512_reduce_max_ps(largest);
}

BCQ_INLINE float largest_magnitude(const float *x, int32_t length) {
  __m512 largest = _mm512_setzero_ps();
  for (int32_t i = 0; i < length; i += 16) {
    largest = _mm512_max_ps(largest, _mm512_abs_ps(_mm512_loadu_ps(x + i)));
  }
  return _mm512_reduce_max_ps(largest);
}

BCQ_INLINE void store_bytes(int8_t *bytes, bcq_f16 values) {
  __m512i integers = _mm512_cvttps_epi32((__m512)bcq_round(values).part[0]);
  _mm_storeu_si128((__m128i *)bytes, _mm512_cvtepi32_epi8(integers));
}

/* Returns rounded products as integers modulo 256: 0 for what is not a number. */
BCQ_INLINE __m512i rounded_entries(__m512 sums, __m512 factor) {
  return _mm512_and_si512(
      _mm512_cvtps_epi32(_mm512_mul_ps(sums, factor)), _mm512_set1_epi32(0xff));
}

/*
 * Returns the tables of 16 activations, four in a table of 16 entries. Where the fourth sign is plus, an entry is the
 * opposite of that with all signs turned round.
 */
BCQ_INLINE __m512i four_tables(const float *x, __m512 factor) {
  const __m512i minus = _mm512_set1_epi32((int32_t)0x80000000);
  const __m512i and_back =
      _mm512_broadcast_i32x4(_mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 7, 6, 5, 4, 3, 2, 1, 0));
  __m512i v = _mm512_loadu_si512(x);
  /* The lanes of a quarter are the four signs of the first two activations of a table. */
  __m512i first = _mm512_shuffle_epi32(v, (_MM_PERM_ENUM)0x00);
  __m512i second = _mm512_shuffle_epi32(v, (_MM_PERM_ENUM)0x55);
  __m512 third = _mm512_castsi512_ps(_mm512_shuffle_epi32(v, (_MM_PERM_ENUM)0xaa));
  __m512 fourth = _mm512_castsi512_ps(_mm512_shuffle_epi32(v, (_MM_PERM_ENUM)0xff));
  first = _mm512_mask_xor_epi32(first, 0x5555, first, minus);
  second = _mm512_mask_xor_epi32(second, 0x3333, second, minus);
  __m512 sums = _mm512_add_ps(_mm512_castsi512_ps(first), _mm512_castsi512_ps(second));
  __m512 less = _mm512_sub_ps(sums, third);
  __m512 more = _mm512_add_ps(sums, third);
  __m512i lower = _mm512_packus_epi32(
      rounded_entries(_mm512_sub_ps(less, fourth), factor),
      rounded_entries(_mm512_sub_ps(more, fourth), factor));
  __m512i entries = _mm512_shuffle_epi8(_mm512_packus_epi16(lower, lower), and_back);
  return _mm512_mask_sub_epi8(
      entries, 0xff00ff00ff00ff00ULL, _mm512_setzero_si512(), entries);
}

BCQ_INLINE void store_tables(int8_t *tables, const float *x, float factor) {
  __m512 factors = _mm512_set1_ps(factor);
  __m512i first = four_tables(x, factors);
  __m512i second = four_tables(x + 16, factors);
  _mm512_storeu_si512(tables, _mm512_shuffle_i64x2(first, second, 0x88));
  _mm512_storeu_si512(tables + 64, _mm512_shuffle_i64x2(first, second, 0xdd));
}

#define DENSE_COLUMNS 4

/* Multiplies r rows by n columns of floats, fused. */
BCQ_INLINE void dense_block(
    int r, int n, const float *w, int32_t cols, const float *x, int32_t x_stride, float *y,
    int32_t y_stride) {
  __m512 sums[16];
#pragma GCC unroll 16
  for (int i = 0; i < r * n; i++) {
    sums[i] = _mm512_setzero_ps();
  }
  for (int32_t at = 0; at < cols; at += 16) {
    __mmask16 mask = cols - at >= 16 ? 0xffff : (__mmask16)((1u << (cols - at)) - 1);
    __m512 inputs[4];
#pragma GCC unroll 4
    for (int j = 0; j < n; j++) {
      inputs[j] = _mm512_loadu_ps(x + (size_t)j * (size_t)x_stride + at);
    }
#pragma GCC unroll 8
    for (int i = 0; i < r; i++) {
      __m512 weights = _mm512_maskz_loadu_ps(mask, w + (size_t)i * (size_t)cols + at);
#pragma GCC unroll 4
      for (int j = 0; j < n; j++) {
        sums[i * n + j] = _mm512_fmadd_ps(weights, inputs[j], sums[i * n + j]);
      }
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < r * n; i++) {
    y[(size_t)(i % n) * (size_t)y_stride + (size_t)(i / n)] = _mm512_reduce_add_ps(sums[i]);
  }
}

#include "products.h"
#include "avx512_tiles.h"
#include "tiles.h"
#include "decoded.h"
#include "attention.h"

const bcq_level bcq_avx512 = {
    .name = "avx512",
    .prepare_byte_tables = prepare_byte_tables,
    .prepare_float_tables = bcq_level_prepare_float_tables,
    .prepare_bytes = prepare_bytes,
    .prepare_bit_slices = prepare_bit_slices,
    .multiply_byte_tables = multiply_byte_tables,
    .multiply_float_tables = multiply_float_tables,
    .multiply_bit_slices = multiply_bit_slices,
    .multiply_floats = multiply_floats,
    .multiply_decoded = multiply_decoded,
    .multiply_bytes = multiply_bytes,
    .multiply_bytes_by_floats = multiply_bytes_by_floats,
    .attend = bcq_level_attend,
    .attend_int8 = attend_int8,
    .store_key_values = store_key_values,
    .sum_of_exponentials = bcq_level_sum_of_exponentials,
    .subtract = bcq_level_subtract,
    .maximum = bcq_level_maximum,
    .first_above = bcq_level_first_above,
    .normalize = bcq_level_normalize,
    .add = bcq_level_add,
    .activate = bcq_level_activate,
    .read_row = bcq_level_read_row,
};
