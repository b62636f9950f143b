/* AVX2 with FMA; with BCQ_AVX2_VNNI, sums of four byte products for avx2_vnni.c. */
#include <immintrin.h>

#include "avx2_slices.h"
#include "vectors.h"

/*
 * Table entries are stored as 0 to 255, 128 more than they are. A sum of 16-bit lanes a takes pairs of rows,
 * the even one and 256 times the odd one, another one b the odd rows alone: the even rows are a - 256 b,
 * modulo 2^16, which is exact for up to 256 entries.
 */
BCQ_INLINE bcq_f16 from_pairs(__m256i a, __m256i b, int32_t chunks) {
  __m256i even = _mm256_sub_epi16(a, _mm256_slli_epi16(b, 8));
  __m128i even_rows = _mm_add_epi16(_mm256_castsi256_si128(even), _mm256_extracti128_si256(even, 1));
  __m128i odd_rows = _mm_add_epi16(_mm256_castsi256_si128(b), _mm256_extracti128_si256(b, 1));
  __m256i surplus = _mm256_set1_epi32(chunks * 8 * 128);
  __m256i first = _mm256_cvtepu16_epi32(_mm_unpacklo_epi16(even_rows, odd_rows));
  __m256i second = _mm256_cvtepu16_epi32(_mm_unpackhi_epi16(even_rows, odd_rows));
  bcq_f16 sums;
  sums.part[0] = (bcq_v)_mm256_cvtepi32_ps(_mm256_sub_epi32(first, surplus));
  sums.part[1] = (bcq_v)_mm256_cvtepi32_ps(_mm256_sub_epi32(second, surplus));
  return sums;
}

BCQ_INLINE void add_pairs(__m256i *a, __m256i *b, __m256i entries) {
  *a = _mm256_add_epi16(*a, entries);
  *b = _mm256_add_epi16(*b, _mm256_srli_epi16(entries, 8));
}

BCQ_INLINE void byte_sums(
    int planes, int n, const uint8_t *bits, const int8_t *tables, size_t table_stride,
    int32_t chunks, bcq_f16 *sums) {
  const __m256i nibbles = _mm256_set1_epi8(0x0f);
  __m256i a[8];
  __m256i b[8];
#pragma GCC unroll 8
  for (int i = 0; i < planes * n; i++) {
    a[i] = _mm256_setzero_si256();
    b[i] = _mm256_setzero_si256();
  }
  for (int32_t chunk = 0; chunk < chunks; chunk++) {
    for (int half = 0; half < BCQ_LINE; half += 32) {
#pragma GCC unroll 8
      for (int plane = 0; plane < planes; plane++) {
        __m256i line = load(bits + plane * BCQ_LINE + half);
        __m256i low = _mm256_and_si256(line, nibbles);
        __m256i high = _mm256_and_si256(_mm256_srli_epi16(line, 4), nibbles);
#pragma GCC unroll 2
        for (int j = 0; j < n; j++) {
          const int8_t *table = tables + (size_t)j * table_stride + half;
          add_pairs(&a[plane * n + j], &b[plane * n + j], _mm256_shuffle_epi8(load(table), low));
          add_pairs(
              &a[plane * n + j], &b[plane * n + j], _mm256_shuffle_epi8(load(table + 64), high));
        }
      }
    }
    bits += planes * BCQ_LINE;
    tables += BCQ_TABLES;
  }
#pragma GCC unroll 8
  for (int i = 0; i < planes * n; i++) {
    sums[i] = from_pairs(a[i], b[i], chunks);
  }
}

/* Looks up eight keys of four bits, each in the lowest bits of a lane, in a table of 16 floats. */
BCQ_INLINE __m256 look_up(__m256 first, __m256 second, __m256i keys) {
  __m256 upper = _mm256_castsi256_ps(_mm256_slli_epi32(keys, 28));
  return _mm256_blendv_ps(
      _mm256_permutevar8x32_ps(first, keys), _mm256_permutevar8x32_ps(second, keys), upper);
}

BCQ_INLINE void float_sums(
    int planes, int n, const uint8_t *bits, const float *tables, size_t table_stride,
    int32_t chunks, bcq_f16 *sums) {
  __m256 first[8];
  __m256 second[8];
#pragma GCC unroll 8
  for (int i = 0; i < planes * n; i++) {
    first[i] = _mm256_setzero_ps();
    second[i] = _mm256_setzero_ps();
  }
  for (int32_t chunk = 0; chunk < chunks; chunk++) {
    for (int octet = 0; octet < 4; octet++) {
#pragma GCC unroll 2
      for (int nibble = 0; nibble < 2; nibble++) {
#pragma GCC unroll 2
        for (int j = 0; j < n; j++) {
          const float *table = tables + (size_t)j * table_stride + octet * 32 + nibble * 16;
          __m256 lower = _mm256_loadu_ps(table);
          __m256 upper = _mm256_loadu_ps(table + 8);
#pragma GCC unroll 8
          for (int plane = 0; plane < planes; plane++) {
            __m128i rows = _mm_loadu_si128(
                (const __m128i *)(bits + plane * BCQ_LINE + octet * BCQ_TILE));
            __m256i keys = _mm256_cvtepu8_epi32(rows);
            __m256i more = _mm256_cvtepu8_epi32(_mm_unpackhi_epi64(rows, rows));
            if (nibble) {
              keys = _mm256_srli_epi32(keys, 4);
              more = _mm256_srli_epi32(more, 4);
            }
            int i = plane * n + j;
            first[i] = _mm256_add_ps(first[i], look_up(lower, upper, keys));
            second[i] = _mm256_add_ps(second[i], look_up(lower, upper, more));
          }
        }
      }
    }
    bits += planes * BCQ_LINE;
    tables += BCQ_TABLES;
  }
#pragma GCC unroll 8
  for (int i = 0; i < planes * n; i++) {
    sums[i].part[0] = (bcq_v)first[i];
    sums[i].part[1] = (bcq_v)second[i];
  }
}

BCQ_SPECIALIZE(1, 1)
BCQ_SPECIALIZE(1, 2)
BCQ_SPECIALIZE(2, 1)
BCQ_SPECIALIZE(2, 2)
BCQ_SPECIALIZE(3, 1)
BCQ_SPECIALIZE(4, 1)
BCQ_SPECIALIZE(5, 1)
BCQ_SPECIALIZE(6, 1)
BCQ_SPECIALIZE(7, 1)
BCQ_SPECIALIZE(8, 1)

#define BYTE_PRODUCTS(planes) byte_products[(planes) - 1]
#define FLOAT_PRODUCTS(planes) float_products[(planes) - 1]
#define SLICE_PRODUCTS(planes) slice_products[(planes) - 1]
#define MOST_COLUMNS(planes) ((planes) <= 2 ? 2 : 1)

/* Functions of each number of planes, for 1 and 2 columns. */
static const bcq_integer_function byte_products[8][2] = {
    {byte_product_1_1, byte_product_1_2},
    {byte_product_2_1, byte_product_2_2},
    {byte_product_3_1},
    {byte_product_4_1},
    {byte_product_5_1},
    {byte_product_6_1},
    {byte_product_7_1},
    {byte_product_8_1},
};
static const bcq_integer_function slice_products[8][2] = {
    {slice_product_1_1, slice_product_1_2},
    {slice_product_2_1, slice_product_2_2},
    {slice_product_3_1},
    {slice_product_4_1},
    {slice_product_5_1},
    {slice_product_6_1},
    {slice_product_7_1},
    {slice_product_8_1},
};
static const bcq_float_function float_products[8][2] = {
    {float_product_1_1, float_product_1_2},
    {float_product_2_1, float_product_2_2},
    {float_product_3_1},
    {float_product_4_1},
    {float_product_5_1},
    {float_product_6_1},
    {float_product_7_1},
    {float_product_8_1},
};

BCQ_INLINE __m256 magnitudes(const float *x) {
  return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), _mm256_loadu_ps(x));
}

BCQ_INLINE float largest_lane(__m256 v) {
  __m128 half = _mm_max_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  half = _mm_max_ps(half, _mm_movehl_ps(half, half));
  return _mm_cvtss_f32(_mm_max_ss(half, _mm_movehdup_ps(half)));
}

/* Returns the largest sum of four neighbouring magnitudes. */
BCQ_INLINE float largest_table_entry(const float *x, int32_t length) {
  __m256 largest = _mm256_setzero_ps();
  for (int32_t i = 0; i < length; i += 8) {
    __m256 v = magnitudes(x + i);
    __m256 sum = _mm256_add_ps(v, _mm256_permute_ps(v, 0x55));
    sum = _mm256_add_ps(sum, _mm256_permute_ps(v, 0xaa));
    sum = _mm256_add_ps(sum, _mm256_permute_ps(v, 0xff));
    /* Lane 0 of each four has ((x0 + x1) + x2) + x3. */
    largest = _mm256_max_ps(largest, _mm256_permute_ps(sum, 0x00));
  }
  return largest_lane(largest);
}

/* Rounds 16 floats within -127 to 127 to bytes. */
BCQ_INLINE __m128i to_bytes(bcq_f16 values) {
  bcq_f16 v = bcq_round(values);
  __m256i words = _mm256_packs_epi32(
      _mm256_cvttps_epi32((__m256)v.part[0]), _mm256_cvttps_epi32((__m256)v.part[1]));
  words = _mm256_permute4x64_epi64(words, 0xd8);
  return _mm_packs_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
}

BCQ_INLINE float largest_magnitude(const float *x, int32_t length) {
  __m256 largest = _mm256_setzero_ps();
  for (int32_t i = 0; i < length; i += 8) {
    largest = _mm256_max_ps(largest, magnitudes(x + i));
  }
  return largest_lane(largest);
}

BCQ_INLINE void store_bytes(int8_t *bytes, bcq_f16 values) {
  _mm_storeu_si128((__m128i *)bytes, to_bytes(values));
}

/* Returns rounded products as integers modulo 256: 0 for what is not a number. */
BCQ_INLINE __m256i rounded_entries(__m256 sums, __m256 factor) {
  return _mm256_and_si256(
      _mm256_cvtps_epi32(_mm256_mul_ps(sums, factor)), _mm256_set1_epi32(0xff));
}

/* Returns the tables of eight activations, four in a table of 16 entries. */
BCQ_INLINE __m256i two_tables(const float *x, __m256 factor) {
  const __m256 first_signs = _mm256_setr_ps(-0.0f, 0, -0.0f, 0, -0.0f, 0, -0.0f, 0);
  const __m256 second_signs = _mm256_setr_ps(-0.0f, -0.0f, 0, 0, -0.0f, -0.0f, 0, 0);
  __m256 v = _mm256_loadu_ps(x);
  /* The lanes of a half are the four signs of the first two activations of a table. */
  __m256 sums = _mm256_add_ps(
      _mm256_xor_ps(_mm256_permute_ps(v, 0x00), first_signs),
      _mm256_xor_ps(_mm256_permute_ps(v, 0x55), second_signs));
  __m256 third = _mm256_permute_ps(v, 0xaa);
  __m256 fourth = _mm256_permute_ps(v, 0xff);
  __m256 less = _mm256_sub_ps(sums, third);
  __m256 more = _mm256_add_ps(sums, third);
  __m256i lower = _mm256_packus_epi32(
      rounded_entries(_mm256_sub_ps(less, fourth), factor),
      rounded_entries(_mm256_sub_ps(more, fourth), factor));
  __m256i upper = _mm256_packus_epi32(
      rounded_entries(_mm256_add_ps(less, fourth), factor),
      rounded_entries(_mm256_add_ps(more, fourth), factor));
  return _mm256_xor_si256(_mm256_packus_epi16(lower, upper), _mm256_set1_epi8((char)0x80));
}

BCQ_INLINE void store_tables(int8_t *tables, const float *x, float factor) {
  __m256 factors = _mm256_set1_ps(factor);
  for (int octet = 0; octet < 4; octet++) {
    __m256i low_and_high = two_tables(x + 8 * octet, factors);
    __m128i *table = (__m128i *)(tables + 16 * octet);
    _mm_storeu_si128(table, _mm256_castsi256_si128(low_and_high));
    _mm_storeu_si128(table + 4, _mm256_extracti128_si256(low_and_high, 1));
  }
}

#define DENSE_COLUMNS 2

BCQ_INLINE float sum_of_lanes(__m256 v) {
  __m128 half = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  half = _mm_add_ps(half, _mm_movehl_ps(half, half));
  return _mm_cvtss_f32(_mm_add_ss(half, _mm_movehdup_ps(half)));
}

/* Multiplies r rows by n columns of floats, fused. */
BCQ_INLINE void dense_block(
    int r, int n, const float *w, int32_t cols, const float *x, int32_t x_stride, float *y,
    int32_t y_stride) {
  __m256 sums[8];
  int32_t whole = cols & -8;
#pragma GCC unroll 8
  for (int i = 0; i < r * n; i++) {
    sums[i] = _mm256_setzero_ps();
  }
  for (int32_t at = 0; at < whole; at += 8) {
    __m256 inputs[2];
#pragma GCC unroll 2
    for (int j = 0; j < n; j++) {
      inputs[j] = _mm256_loadu_ps(x + (size_t)j * (size_t)x_stride + at);
    }
#pragma GCC unroll 4
    for (int i = 0; i < r; i++) {
      __m256 weights = _mm256_loadu_ps(w + (size_t)i * (size_t)cols + at);
#pragma GCC unroll 2
      for (int j = 0; j < n; j++) {
        sums[i * n + j] = _mm256_fmadd_ps(weights, inputs[j], sums[i * n + j]);
      }
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < r * n; i++) {
    const float *weights = w + (size_t)(i / n) * (size_t)cols;
    const float *inputs = x + (size_t)(i % n) * (size_t)x_stride;
    float sum = sum_of_lanes(sums[i]);
    for (int32_t at = whole; at < cols; at++) {
      sum += weights[at] * inputs[at];
    }
    y[(size_t)(i % n) * (size_t)y_stride + (size_t)(i / n)] = sum;
  }
}

#include "products.h"
#include "avx2_tiles.h"
#include "tiles.h"
#include "decoded.h"
#include "attention.h"

#if !defined(BCQ_AVX2_VNNI)
const bcq_level bcq_avx2 = {
    .name = "avx2",
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
#endif
