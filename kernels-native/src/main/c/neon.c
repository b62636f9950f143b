/* NEON, as every 64-bit ARM has it; with BCQ_DOTPROD, sums of four byte products as well. */
#include <arm_neon.h>

#include "tables.h"
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
#define MOST_COLUMNS(planes) ((planes) <= 2 ? 4 : (planes) <= 4 ? 2 : 1)

/* Functions of each number of planes, for 1, 2 and 4 columns. */
static const bcq_byte_function byte_products[8][3] = {
    {byte_product_1_1, byte_product_1_2, byte_product_1_4},
    {byte_product_2_1, byte_product_2_2, byte_product_2_4},
    {byte_product_3_1, byte_product_3_2},
    {byte_product_4_1, byte_product_4_2},
    {byte_product_5_1},
    {byte_product_6_1},
    {byte_product_7_1},
    {byte_product_8_1},
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

#define TILES 1
#if defined(BCQ_DOTPROD)
#define TILE_COLUMNS 4
#else
#define TILE_COLUMNS 2
#endif

/* Returns 16 weights of four rows as signed bytes. */
BCQ_INLINE int8x16_t signed_weights(const uint8_t *w) {
  return vreinterpretq_s8_u8(veorq_u8(vld1q_u8(w), vdupq_n_u8(0x80)));
}

#if defined(BCQ_DOTPROD)
BCQ_INLINE void tile_dots(
    int tiles, int n, const uint8_t *w, size_t tile_stride, const bcq_bytes *x, int32_t chunk,
    int32_t chunks, bcq_f16 *dots) {
  (void)tiles;
  (void)tile_stride;
  const int8_t *inputs = x->values + (size_t)chunk * BCQ_CHUNK;
  size_t stride = (size_t)x->chunks * BCQ_CHUNK;
  int32x4_t sums[16];
#pragma GCC unroll 16
  for (int i = 0; i < 4 * n; i++) {
    sums[i] = vdupq_n_s32(0);
  }
  /* Four lines at once: their activations are one register. */
  for (int32_t i = 0; i < 2 * chunks; i++) {
    int8x16_t four[4];
#pragma GCC unroll 4
    for (int j = 0; j < n; j++) {
      four[j] = vld1q_s8(inputs + (size_t)j * stride);
    }
#pragma GCC unroll 4
    for (int p = 0; p < 4; p++) {
      int8x16_t line0 = signed_weights(w + 16 * p);
      int8x16_t line1 = signed_weights(w + BCQ_LINE + 16 * p);
      int8x16_t line2 = signed_weights(w + 2 * BCQ_LINE + 16 * p);
      int8x16_t line3 = signed_weights(w + 3 * BCQ_LINE + 16 * p);
#pragma GCC unroll 4
      for (int j = 0; j < n; j++) {
        int32x4_t *sum = &sums[4 * j + p];
        *sum = vdotq_laneq_s32(*sum, line0, four[j], 0);
        *sum = vdotq_laneq_s32(*sum, line1, four[j], 1);
        *sum = vdotq_laneq_s32(*sum, line2, four[j], 2);
        *sum = vdotq_laneq_s32(*sum, line3, four[j], 3);
      }
    }
    w += 4 * BCQ_LINE;
    inputs += 16;
  }
#pragma GCC unroll 4
  for (int j = 0; j < n; j++) {
    BCQ_EACH_PART(p) { dots[j].part[p] = (bcq_v)vcvtq_f32_s32(sums[4 * j + p]); }
  }
}
#else
/* Returns the four activations of a line in both halves. */
BCQ_INLINE int8x16_t four_inputs(const int8_t *x) {
  int32_t four;
  memcpy(&four, x, sizeof four);
  return vreinterpretq_s8_s32(vdupq_n_s32(four));
}

/* Two products of bytes keep within 16 bits; a register has the sums of two rows, two for each. */
BCQ_INLINE void tile_dots(
    int tiles, int n, const uint8_t *w, size_t tile_stride, const bcq_bytes *x, int32_t chunk,
    int32_t chunks, bcq_f16 *dots) {
  (void)tiles;
  (void)tile_stride;
  const int8_t *inputs = x->values + (size_t)chunk * BCQ_CHUNK;
  size_t stride = (size_t)x->chunks * BCQ_CHUNK;
  int32x4_t sums[16];
#pragma GCC unroll 16
  for (int i = 0; i < 8 * n; i++) {
    sums[i] = vdupq_n_s32(0);
  }
  for (int32_t i = 0; i < 4 * chunks; i++) {
#pragma GCC unroll 4
    for (int p = 0; p < 4; p++) {
      int8x16_t line0 = signed_weights(w + 16 * p);
      int8x16_t line1 = signed_weights(w + BCQ_LINE + 16 * p);
#pragma GCC unroll 2
      for (int j = 0; j < n; j++) {
        int8x16_t four0 = four_inputs(inputs + (size_t)j * stride);
        int8x16_t four1 = four_inputs(inputs + (size_t)j * stride + 4);
        int16x8_t low = vmull_s8(vget_low_s8(line0), vget_low_s8(four0));
        low = vmlal_s8(low, vget_low_s8(line1), vget_low_s8(four1));
        int16x8_t high = vmlal_high_s8(vmull_high_s8(line0, four0), line1, four1);
        sums[8 * j + 2 * p] = vpadalq_s16(sums[8 * j + 2 * p], low);
        sums[8 * j + 2 * p + 1] = vpadalq_s16(sums[8 * j + 2 * p + 1], high);
      }
    }
    w += 2 * BCQ_LINE;
    inputs += 8;
  }
#pragma GCC unroll 2
  for (int j = 0; j < n; j++) {
    BCQ_EACH_PART(p) {
      int32x4_t rows = vpaddq_s32(sums[8 * j + 2 * p], sums[8 * j + 2 * p + 1]);
      dots[j].part[p] = (bcq_v)vcvtq_f32_s32(rows);
    }
  }
}
#endif

/* Entry e of row r is byte 16 e + r of a table; the bits of a pair of planes come side by side first. */
BCQ_INLINE void decode(
    int planes, const uint8_t *bits, int32_t chunks, const uint8_t *entries, uint8_t *tiles) {
  const uint8x16_t rows = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  const uint8x16_t even_bits = vdupq_n_u8(0x55);
  for (int32_t chunk = 0; chunk < chunks; chunk++) {
    uint8x16_t sums[8][4];
    for (int plane = 0; plane < planes; plane += 2) {
      uint8x16x4_t table = vld1q_u8_x4(entries + plane * 32);
      for (int octet = 0; octet < 4; octet++) {
        const uint8_t *keys = bits + plane * BCQ_LINE + octet * BCQ_TILE;
        uint8x16_t even = vld1q_u8(keys);
        uint8x16_t odd = vshrq_n_u8(even, 1);
        if (plane + 1 < planes) {
          uint8x16_t second = vld1q_u8(keys + BCQ_LINE);
          even = vbslq_u8(even_bits, even, vaddq_u8(second, second));
          odd = vbslq_u8(even_bits, odd, second);
        }
#pragma GCC unroll 8
        for (int j = 0; j < 8; j++) {
          /* Bits j and j + 1 come to places 4 and 5. */
          uint8x16_t both = vshlq_u8(j & 1 ? odd : even, vdupq_n_s8((int8_t)(4 - (j & 6))));
          uint8x16_t key = vorrq_u8(vandq_u8(both, vdupq_n_u8(0x30)), rows);
          uint8x16_t weights = vqtbl4q_u8(table, key);
          sums[j][octet] = plane == 0 ? weights : vaddq_u8(sums[j][octet], weights);
        }
      }
    }
    for (int j = 0; j < 8; j++) {
      uint8x16x4_t octets = {{sums[j][0], sums[j][1], sums[j][2], sums[j][3]}};
      vst4q_u8(tiles + j * BCQ_LINE, octets);
    }
    bits += planes * BCQ_LINE;
    tiles += BCQ_CHUNK_BYTES;
  }
}

#include "products.h"
#include "tiles.h"
#include "decoded.h"

#if defined(BCQ_DOTPROD)
const bcq_level bcq_neon_dotprod = {
    .name = "neon-dotprod",
#else
const bcq_level bcq_neon = {
    .name = "neon",
#endif
    .prepare_byte_tables = prepare_byte_tables,
    .prepare_float_tables = bcq_level_prepare_float_tables,
    .prepare_bytes = prepare_bytes,
    .multiply_byte_tables = multiply_byte_tables,
    .multiply_float_tables = multiply_float_tables,
    .multiply_floats = multiply_floats,
    .multiply_decoded = multiply_decoded,
    .multiply_bytes = multiply_bytes,
    .multiply_bytes_by_floats = multiply_bytes_by_floats,
    .attend = bcq_level_attend,
    .sum_of_exponentials = bcq_level_sum_of_exponentials,
    .maximum = bcq_level_maximum,
    .first_above = bcq_level_first_above,
    .normalize = bcq_level_normalize,
    .activate = bcq_level_activate,
    .read_row = bcq_level_read_row,
};
