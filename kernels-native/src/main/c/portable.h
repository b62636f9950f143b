/*
 * What every level computes alike, in vectors that the compiler maps to the registers of the level: included by each level's file, compiled with its options. Sums have the one shape of all providers:
 * value i goes to partial sum i mod 16, then partial sums j and j + 8, j + 4, j + 2, j + 1 are added.
 */
#ifndef BCQ_PORTABLE_H
#define BCQ_PORTABLE_H

#include <stddef.h>
#include <string.h>

#include "level.h"

#define BCQ_INLINE static inline __attribute__((always_inline))

/* Vectors as wide as the registers; wider ones the compiler would keep in memory. */
#if defined(__AVX512F__)
#define BCQ_LANES 16
#elif defined(__AVX2__)
#define BCQ_LANES 8
#else
#define BCQ_LANES 4
#endif
#define BCQ_PARTS (16 / BCQ_LANES)

typedef float bcq_v __attribute__((vector_size(4 * BCQ_LANES)));
typedef float bcq_v_any __attribute__((vector_size(4 * BCQ_LANES), aligned(4), may_alias));
typedef int32_t bcq_iv __attribute__((vector_size(4 * BCQ_LANES)));

/* Sixteen floats. */
typedef struct {
  bcq_v part[BCQ_PARTS];
} bcq_f16;

#define BCQ_EACH_PART(p) _Pragma("GCC unroll 4") for (int p = 0; p < BCQ_PARTS; p++)

/* Returns a value in every lane; unlike adding it to zeros, this keeps the sign of a zero. */
BCQ_INLINE bcq_v bcq_lanes(float x) { return x - (bcq_v){0}; }

BCQ_INLINE bcq_v bcq_load_part(const float *x) { return *(const bcq_v_any *)x; }

BCQ_INLINE bcq_f16 bcq_load(const float *x) {
  bcq_f16 v;
  BCQ_EACH_PART(p) { v.part[p] = bcq_load_part(x + p * BCQ_LANES); }
  return v;
}

BCQ_INLINE void bcq_store(float *x, bcq_f16 v) {
  BCQ_EACH_PART(p) { *(bcq_v_any *)(x + p * BCQ_LANES) = v.part[p]; }
}

BCQ_INLINE bcq_f16 bcq_zero(void) {
  bcq_f16 v;
  BCQ_EACH_PART(p) { v.part[p] = (bcq_v){0}; }
  return v;
}

BCQ_INLINE bcq_f16 bcq_add(bcq_f16 a, bcq_f16 b) {
  BCQ_EACH_PART(p) { a.part[p] += b.part[p]; }
  return a;
}

BCQ_INLINE bcq_f16 bcq_multiply(bcq_f16 a, bcq_f16 b) {
  BCQ_EACH_PART(p) { a.part[p] *= b.part[p]; }
  return a;
}

BCQ_INLINE bcq_f16 bcq_times(bcq_f16 a, float x) {
  BCQ_EACH_PART(p) { a.part[p] *= x; }
  return a;
}

/* Rounds small numbers to integers, half to even. */
BCQ_INLINE bcq_f16 bcq_round(bcq_f16 a) {
  BCQ_EACH_PART(p) { a.part[p] = (a.part[p] + BCQ_ROUNDER) - BCQ_ROUNDER; }
  return a;
}

/* Loads fewer than 16 values, the rest as given. */
BCQ_INLINE bcq_f16 bcq_load_tail(const float *x, int32_t count, float rest) {
  float buffer[16];
  for (int32_t i = 0; i < 16; i++) {
    buffer[i] = i < count ? x[i] : rest;
  }
  return bcq_load(buffer);
}

BCQ_INLINE float bcq_reduce(bcq_f16 v) {
  float p[16];
  bcq_store(p, v);
  for (int half = 8; half > 0; half /= 2) {
    for (int j = 0; j < half; j++) {
      p[j] += p[j + half];
    }
  }
  return p[0];
}

BCQ_INLINE float bcq_dot(const float *x, const float *y, int32_t length) {
  bcq_f16 sum = bcq_zero();
  int32_t i = 0;
  for (; i + 16 <= length; i += 16) {
    sum = bcq_add(sum, bcq_multiply(bcq_load(x + i), bcq_load(y + i)));
  }
  if (i < length) {
    bcq_f16 last = bcq_load_tail(x + i, length - i, 0);
    sum = bcq_add(sum, bcq_multiply(last, bcq_load_tail(y + i, length - i, 0)));
  }
  return bcq_reduce(sum);
}

/* dev.bcq.runtime.kernels.Elementary.exp: 2^n exp(r), a Taylor series of degree 7. */
BCQ_INLINE bcq_v bcq_exp_part(bcq_v x) {
  bcq_iv low = x < -86.5f;
  bcq_iv high = x > 88.7f;
  bcq_v limit = bcq_lanes(88.7f);
  bcq_v bounded = (bcq_v)(((bcq_iv)x & ~high) | ((bcq_iv)limit & high));
  bcq_v n = (bounded * 1.44269504f + BCQ_ROUNDER) - BCQ_ROUNDER;
  bcq_v r = (bounded - n * 0.693359375f) - n * -2.12194440e-4f;
  bcq_v series = bcq_lanes(1.0f / 5040.0f);
  series = series * r + 1.0f / 720.0f;
  series = series * r + 1.0f / 120.0f;
  series = series * r + 1.0f / 24.0f;
  series = series * r + 1.0f / 6.0f;
  series = series * r + 0.5f;
  bcq_v value = (series * (r * r) + r) + 1.0f;
  bcq_iv exponent = (__builtin_convertvector(n, bcq_iv) + 126) << 23;
  value = value * (bcq_v)exponent * 2.0f;
  return (bcq_v)((bcq_iv)value & ~low);
}

/* Returns the exponentials of values relative to a maximum. */
BCQ_INLINE bcq_f16 bcq_exp(bcq_f16 x, float maximum) {
  BCQ_EACH_PART(p) { x.part[p] = bcq_exp_part(x.part[p] - maximum); }
  return x;
}

static float bcq_sum(const float *x, int32_t length) {
  bcq_f16 sum = bcq_zero();
  int32_t i = 0;
  for (; i + 16 <= length; i += 16) {
    sum = bcq_add(sum, bcq_load(x + i));
  }
  if (i < length) {
    sum = bcq_add(sum, bcq_load_tail(x + i, length - i, 0));
  }
  return bcq_reduce(sum);
}

static float bcq_level_sum_of_exponentials(const float *x, int32_t length, float maximum) {
  bcq_f16 sum = bcq_zero();
  int32_t i = 0;
  for (; i + 16 <= length; i += 16) {
    sum = bcq_add(sum, bcq_exp(bcq_load(x + i), maximum));
  }
  if (i < length) {
    bcq_f16 last = bcq_load_tail(x + i, length - i, -__builtin_inff());
    sum = bcq_add(sum, bcq_exp(last, maximum));
  }
  return bcq_reduce(sum);
}

/* Replaces scores by their exponentials, relative to the largest. */
BCQ_INLINE void bcq_exponentials(float *scores, int32_t count, float maximum) {
  int32_t i = 0;
  for (; i + 16 <= count; i += 16) {
    bcq_store(scores + i, bcq_exp(bcq_load(scores + i), maximum));
  }
  if (i < count) {
    bcq_f16 last = bcq_exp(bcq_load_tail(scores + i, count - i, 0), maximum);
    memcpy(scores + i, &last, (size_t)(count - i) * sizeof(float));
  }
}

/*
 * Adds up weighted values, position after position, of as many columns of a head as a few vectors have.
 */
BCQ_INLINE void bcq_weighted_values(
    int vectors, const float *values, int32_t stride, const int32_t *rows, const float *scores,
    int32_t count, float factor, float *output) {
  bcq_v sum[8];
#pragma GCC unroll 8
  for (int j = 0; j < vectors; j++) {
    sum[j] = (bcq_v){0};
  }
  for (int32_t i = 0; i < count; i++) {
    const float *value = values + (size_t)rows[i] * (size_t)stride;
#pragma GCC unroll 8
    for (int j = 0; j < vectors; j++) {
      sum[j] += scores[i] * bcq_load_part(value + j * BCQ_LANES);
    }
  }
#pragma GCC unroll 8
  for (int j = 0; j < vectors; j++) {
    *(bcq_v_any *)(output + j * BCQ_LANES) = sum[j] * factor;
  }
}

static void bcq_level_attend(
    const float *query, const float *keys, const float *values, int32_t stride, const int32_t *rows,
    int32_t count, int32_t heads, int32_t head_width, float scale, const float *bias,
    int32_t bias_stride, float *scores, float *output) {
  for (int32_t head = 0; head < heads; head++) {
    int32_t at = head * head_width;
    float maximum = -__builtin_inff();
    for (int32_t i = 0; i < count; i++) {
      const float *key = keys + (size_t)rows[i] * (size_t)stride + at;
      float score = bcq_dot(query + at, key, head_width) * scale;
      if (bias) {
        score += bias[(size_t)head * (size_t)bias_stride + (size_t)i];
      }
      scores[i] = score;
      maximum = score > maximum ? score : maximum;
    }
    bcq_exponentials(scores, count, maximum);
    float factor = 1.0f / bcq_sum(scores, count);
    int32_t end = at + head_width;
    for (; at + 4 * BCQ_LANES <= end; at += 4 * BCQ_LANES) {
      bcq_weighted_values(4, values + at, stride, rows, scores, count, factor, output + at);
    }
    for (; at + BCQ_LANES <= end; at += BCQ_LANES) {
      bcq_weighted_values(1, values + at, stride, rows, scores, count, factor, output + at);
    }
    for (; at < end; at++) {
      float sum = 0;
      for (int32_t i = 0; i < count; i++) {
        sum += scores[i] * values[(size_t)rows[i] * (size_t)stride + (size_t)at];
      }
      output[at] = sum * factor;
    }
  }
}

/* Adds a value where the bit of a table's entry is one, and takes it away where it is zero. */
BCQ_INLINE bcq_v bcq_signed(float x, int part, int bit) {
  bcq_iv signs;
#pragma GCC unroll 16
  for (int lane = 0; lane < BCQ_LANES; lane++) {
    signs[lane] = ((part * BCQ_LANES + lane) >> bit) & 1 ? 0 : (int32_t)0x80000000;
  }
  return (bcq_v)((bcq_iv)bcq_lanes(x) ^ signs);
}

/* Returns the 16 signed sums of four activations. */
BCQ_INLINE bcq_f16 bcq_signed_sums(const float *x) {
  bcq_f16 sums;
  BCQ_EACH_PART(p) {
    sums.part[p] = bcq_signed(x[0], p, 0) + bcq_signed(x[1], p, 1);
    sums.part[p] += bcq_signed(x[2], p, 2);
    sums.part[p] += bcq_signed(x[3], p, 3);
  }
  return sums;
}

static void bcq_level_prepare_float_tables(
    const float *x, int32_t columns, int32_t chunks, float *tables) {
  size_t nibbles = (size_t)columns * (size_t)chunks * 8;
  for (size_t i = 0; i < nibbles; i++) {
    bcq_store(tables + 16 * i, bcq_signed_sums(x + 4 * i));
  }
}

/*
 * Cuts a chunk's bytes into bits, octet by octet: exchanges bit i of byte j for bit j of byte i (Warren, Hacker's
 * Delight, section 7-3).
 */
BCQ_INLINE void bcq_store_slices(uint32_t *slices, const int8_t *bytes) {
  uint8_t octets[BCQ_SLICES][4];
  for (int octet = 0; octet < 4; octet++) {
    uint64_t bits;
    memcpy(&bits, bytes + 8 * octet, sizeof bits);
    uint64_t moved = (bits ^ (bits >> 7)) & 0x00aa00aa00aa00aau;
    bits ^= moved ^ (moved << 7);
    moved = (bits ^ (bits >> 14)) & 0x0000cccc0000ccccu;
    bits ^= moved ^ (moved << 14);
    moved = (bits ^ (bits >> 28)) & 0x00000000f0f0f0f0u;
    bits ^= moved ^ (moved << 28);
    for (int slice = 0; slice < BCQ_SLICES; slice++) {
      octets[slice][octet] = (uint8_t)(bits >> (8 * slice));
    }
  }
  memcpy(slices, octets, sizeof octets);
}

/* Returns the factor of a span's values, and stores their scale; both are zero for a span of zeros. */
BCQ_INLINE float bcq_factor(float maximum, float *scale) {
  int zero = maximum < BCQ_SMALLEST_MAXIMUM;
  *scale = zero ? 0 : maximum / 127.0f;
  return zero ? 0 : 127.0f / maximum;
}

BCQ_INLINE float bcq_larger(float a, float b) { return b > a || b != b ? b : a; }

/* Stores the rows of a tile that the matrix has. */
BCQ_INLINE void bcq_store_rows(float *y, bcq_f16 v, int32_t rows) {
  if (rows >= BCQ_TILE) {
    bcq_store(y, v);
  } else {
    memcpy(y, &v, (size_t)rows * sizeof(float));
  }
}

#endif
