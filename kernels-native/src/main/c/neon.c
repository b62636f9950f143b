/* NEON, as every 64-bit ARM has it; with BCQ_DOTPROD, sums of four byte products for neon_dotprod.c. */
#include <arm_neon.h>

#include "portable_slices.h"
#include "vectors.h"

/* Adds the table entries of the rows' keys, two octets' worth a register: rows 0 to 7 and 8 to 15. */
BCQ_INLINE void add_entries(int16x8_t *first, int16x8_t *second, int8x16_t low, int8x16_t high) {
  *first = vaddq_s16(*first, vaddl_s8(vget_low_s8(low), vget_low_s8(high)));
  *second = vaddq_s16(*second, vaddl_high_s8(low, high));
}

BCQ_INLINE bcq_f16 to_floats(int16x8_t first, int16x8_t second) {
  bcq_f16 sums;
  sums.part[0] = (bcq_v)vcvtq_f32_s32(vmovl_s16(vget_low_s16(first)));
  sums.part[1] = (bcq_v)vcvtq_f32_s32(vmovl_high_s16(first));
  sums.part[2] = (bcq_v)vcvtq_f32_s32(vmovl_s16(vget_low_s16(second)));
  sums.part[3] = (bcq_v)vcvtq_f32_s32(vmovl_high_s16(second));
  return sums;
}

/* A segment has at most 4 chunks, that is 32 entries of a row: their sum keeps within 16 bits. */
BCQ_INLINE void byte_sums(
    int planes, int n, const uint8_t *bits, const int8_t *tables, size_t table_stride,
    int32_t chunks, bcq_f16 *sums) {
  int16x8_t first[8];
  int16x8_t second[8];
#pragma GCC unroll 8
  for (int i = 0; i < planes * n; i++) {
    first[i] = vdupq_n_s16(0);
    second[i] = vdupq_n_s16(0);
  }
  for (int32_t chunk = 0; chunk < chunks; chunk++) {
    for (int octet = 0; octet < BCQ_LINE; octet += BCQ_TILE) {
#pragma GCC unroll 8
      for (int plane = 0; plane < planes; plane++) {
        uint8x16_t keys = vld1q_u8(bits + plane * BCQ_LINE + octet);
        uint8x16_t low = vandq_u8(keys, vdupq_n_u8(0x0f));
        uint8x16_t high = vshrq_n_u8(keys, 4);
#pragma GCC unroll 4
        for (int j = 0; j < n; j++) {
          const int8_t *table = tables + (size_t)j * table_stride + octet;
          add_entries(
              &first[plane * n + j], &second[plane * n + j], vqtbl1q_s8(vld1q_s8(table), low),
              vqtbl1q_s8(vld1q_s8(table + 64), high));
        }
      }
    }
    bits += planes * BCQ_LINE;
    tables += BCQ_TABLES;
  }
#pragma GCC unroll 8
  for (int i = 0; i < planes * n; i++) {
    sums[i] = to_floats(first[i], second[i]);
  }
}

/* Looks up sixteen keys of four bits in a table of 16 floats; places holds four times each key. */
BCQ_INLINE void add_floats(bcq_f16 *sum, uint8x16x4_t table, uint8x16_t places) {
  const uint8x16_t bytes = {0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3};
  const uint8x16_t rows = {0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3};
  BCQ_EACH_PART(p) {
    uint8x16_t four = vqtbl1q_u8(places, vaddq_u8(rows, vdupq_n_u8((uint8_t)(4 * p))));
    sum->part[p] += (bcq_v)vreinterpretq_f32_u8(vqtbl4q_u8(table, vorrq_u8(four, bytes)));
  }
}

BCQ_INLINE void float_sums(
    int planes, int n, const uint8_t *bits, const float *tables, size_t table_stride,
    int32_t chunks, bcq_f16 *sums) {
#pragma GCC unroll 8
  for (int i = 0; i < planes * n; i++) {
    sums[i] = bcq_zero();
  }
  for (int32_t chunk = 0; chunk < chunks; chunk++) {
    for (int octet = 0; octet < 4; octet++) {
#pragma GCC unroll 4
      for (int j = 0; j < n; j++) {
        const uint8_t *table = (const uint8_t *)(tables + (size_t)j * table_stride + octet * 32);
        uint8x16x4_t low = vld1q_u8_x4(table);
        uint8x16x4_t high = vld1q_u8_x4(table + 64);
#pragma GCC unroll 8
        for (int plane = 0; plane < planes; plane++) {
          uint8x16_t keys = vld1q_u8(bits + plane * BCQ_LINE + octet * BCQ_TILE);
          uint8x16_t low_places = vandq_u8(vshlq_n_u8(keys, 2), vdupq_n_u8(0x3c));
          uint8x16_t high_places = vandq_u8(vshrq_n_u8(keys, 2), vdupq_n_u8(0x3c));
          add_floats(&sums[plane * n + j], low, low_places);
          add_floats(&sums[plane * n + j], high, high_places);
        }
      }
    }
    bits += planes * BCQ_LINE;
    tables += BCQ_TABLES;
  }
}

/* Adds the ones that 16 rows have in common with a byte of each slice. */
BCQ_INLINE void add_ones(uint8x16_t *counts, uint8x16_t rows, const uint8_t *bytes) {
#pragma GCC unroll 8
  for (int slice = 0; slice < BCQ_SLICES; slice++) {
    uint8x16_t common = vandq_u8(rows, vld1q_dup_u8(bytes + 4 * slice));
    counts[slice] = vaddq_u8(counts[slice], vcntq_u8(common));
  }
}

/* Returns the counts of eight rows, times the weights of the slices: within 128 * -128 to 128 * 127. */
BCQ_INLINE int16x8_t weighted(const uint8x8_t *counts) {
  uint16x8_t sum = vmull_u8(counts[0], vdup_n_u8(1));
#pragma GCC unroll 8
  for (int slice = 1; slice < BCQ_SLICES - 1; slice++) {
    sum = vmlal_u8(sum, counts[slice], vdup_n_u8((uint8_t)(1 << slice)));
  }
  return vreinterpretq_s16_u16(vmlsl_u8(sum, counts[BCQ_SLICES - 1], vdup_n_u8(128)));
}

/* A byte holds what a row has in common with a slice: at most the 128 columns of a segment. */
BCQ_INLINE void slice_sums(
    int planes, int n, const uint8_t *bits, const uint32_t *slices, size_t slice_stride,
    int32_t chunks, bcq_f16 *sums) {
  for (int i = 0; i < planes * n; i++) {
    const uint8_t *line = bits + i / n * BCQ_LINE;
    const uint8_t *bytes = (const uint8_t *)(slices + (size_t)(i % n) * slice_stride);
    uint8x16_t counts[BCQ_SLICES];
#pragma GCC unroll 8
    for (int slice = 0; slice < BCQ_SLICES; slice++) {
      counts[slice] = vdupq_n_u8(0);
    }
    for (int32_t chunk = 0; chunk < chunks; chunk++) {
      for (int octet = 0; octet < 4; octet++) {
        add_ones(counts, vld1q_u8(line + octet * BCQ_TILE), bytes + octet);
      }
      line += planes * BCQ_LINE;
      bytes += BCQ_SLICES * sizeof(uint32_t);
    }
    uint8x8_t first[BCQ_SLICES];
    uint8x8_t second[BCQ_SLICES];
#pragma GCC unroll 8
    for (int slice = 0; slice < BCQ_SLICES; slice++) {
      first[slice] = vget_low_u8(counts[slice]);
      second[slice] = vget_high_u8(counts[slice]);
    }
    sums[i] = to_floats(weighted(first), weighted(second));
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
BCQ_SPECIALIZE(4, 1)
BCQ_SPECIALIZE(4, 2)
BCQ_SPECIALIZE(5, 1)
BCQ_SPECIALIZE(6, 1)
BCQ_SPECIALIZE(7, 1)
BCQ_SPECIALIZE(8, 1)

#define BYTE_PRODUCTS(planes) byte_products[(planes) - 1]
#define FLOAT_PRODUCTS(planes) float_products[(planes) - 1]
#define SLICE_PRODUCTS(planes) slice_products[(planes) - 1]
#define MOST_COLUMNS(planes) ((planes) <= 2 ? 4 : (planes) <= 4 ? 2 : 1)

/* Functions of each number of planes, for 1, 2 and 4 columns. */
static const bcq_integer_function byte_products[8][3] = {
    {byte_product_1_1, byte_product_1_2, byte_product_1_4},
    {byte_product_2_1, byte_product_2_2, byte_product_2_4},
    {byte_product_3_1, byte_product_3_2},
    {byte_product_4_1, byte_product_4_2},
    {byte_product_5_1},
    {byte_product_6_1},
    {byte_product_7_1},
    {byte_product_8_1},
};
static const bcq_integer_function slice_products[8][3] = {
    {slice_product_1_1, slice_product_1_2, slice_product_1_4},
    {slice_product_2_1, slice_product_2_2, slice_product_2_4},
    {slice_product_3_1, slice_product_3_2},
    {slice_product_4_1, slice_product_4_2},
    {slice_product_5_1},
    {slice_product_6_1},
    {slice_product_7_1},
    {slice_product_8_1},
};
static const bcq_float_function float_products[8][3] = {
    {float_product_1_1, float_product_1_2, float_product_1_4},
    {float_product_2_1, float_product_2_2, float_product_2_4},
    {float_product_3_1, float_product_3_2},
    {float_product_4_1, float_product_4_2},
    {float_product_5_1},
    {float_product_6_1},
    {float_product_7_1},
    {float_product_8_1},
};

/* Returns the largest sum of four neighbouring magnitudes. */
BCQ_INLINE float largest_table_entry(const float *x, int32_t length) {
  float32x4_t largest = vdupq_n_f32(0);
  for (int32_t i = 0; i < length; i += 16) {
    float32x4x4_t v = vld4q_f32(x + i);
    float32x4_t sum = vaddq_f32(vabsq_f32(v.val[0]), vabsq_f32(v.val[1]));
    sum = vaddq_f32(sum, vabsq_f32(v.val[2]));
    largest = vmaxq_f32(largest, vaddq_f32(sum, vabsq_f32(v.val[3])));
  }
  return vmaxvq_f32(largest);
}

BCQ_INLINE float largest_magnitude(const float *x, int32_t length) {
  float32x4_t largest = vdupq_n_f32(0);
  for (int32_t i = 0; i < length; i += 4) {
    largest = vmaxq_f32(largest, vabsq_f32(vld1q_f32(x + i)));
  }
  return vmaxvq_f32(largest);
}

BCQ_INLINE void store_bytes(int8_t *bytes, bcq_f16 values) {
  bcq_f16 v = bcq_round(values);
  int16x4_t words[4];
  BCQ_EACH_PART(p) { words[p] = vmovn_s32(vcvtq_s32_f32((float32x4_t)v.part[p])); }
  int8x8_t first = vmovn_s16(vcombine_s16(words[0], words[1]));
  vst1q_s8(bytes, vcombine_s8(first, vmovn_s16(vcombine_s16(words[2], words[3]))));
}

BCQ_INLINE void store_tables(int8_t *tables, const float *x, float factor) {
#pragma GCC unroll 8
  for (int nibble = 0; nibble < 8; nibble++) {
    int8_t *table = tables + (nibble & 1) * 64 + nibble / 2 * 16;
    store_bytes(table, bcq_times(bcq_signed_sums(x + 4 * nibble), factor));
  }
}

#define DENSE_COLUMNS 4

/* Multiplies r rows by n columns of floats, fused. */
BCQ_INLINE void dense_block(
    int r, int n, const float *w, int32_t cols, const float *x, int32_t x_stride, float *y,
    int32_t y_stride) {
  float32x4_t sums[16];
  int32_t whole = cols & -4;
#pragma GCC unroll 16
  for (int i = 0; i < r * n; i++) {
    sums[i] = vdupq_n_f32(0);
  }
  for (int32_t at = 0; at < whole; at += 4) {
    float32x4_t inputs[4];
#pragma GCC unroll 4
    for (int j = 0; j < n; j++) {
      inputs[j] = vld1q_f32(x + (size_t)j * (size_t)x_stride + at);
    }
#pragma GCC unroll 4
    for (int i = 0; i < r; i++) {
      float32x4_t weights = vld1q_f32(w + (size_t)i * (size_t)cols + at);
#pragma GCC unroll 4
      for (int j = 0; j < n; j++) {
        sums[i * n + j] = vfmaq_f32(sums[i * n + j], weights, inputs[j]);
      }
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < r * n; i++) {
    const float *weights = w + (size_t)(i / n) * (size_t)cols;
    const float *inputs = x + (size_t)(i % n) * (size_t)x_stride;
    float sum = vaddvq_f32(sums[i]);
    for (int32_t at = whole; at < cols; at++) {
      sum += weights[at] * inputs[at];
    }
    y[(size_t)(i % n) * (size_t)y_stride + (size_t)(i / n)] = sum;
  }
}

#include "products.h"
#include "neon_tiles.h"
#include "tiles.h"
#include "decoded.h"
#include "attention.h"

#if !defined(BCQ_DOTPROD)
const bcq_level bcq_neon = {
    .name = "neon",
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
