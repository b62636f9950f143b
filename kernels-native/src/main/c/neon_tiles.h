/* Int8 tiles with NEON, with its dot product or without. */
#ifndef BCQ_NEON_TILES_H
#define BCQ_NEON_TILES_H

#include <arm_neon.h>

#include "tables.h"

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

#endif
