/*
 * What every level computes alike, in vectors of 16 floats that the compiler maps to the registers of the
 * level: included by each level's file, compiled with its options. Sums have the one shape of all providers:
 * value i goes to partial sum i mod 16, then partial sums j and j + 8, j + 4, j + 2, j + 1 are added.
 */
#ifndef BCQ_PORTABLE_H
#define BCQ_PORTABLE_H

#include <stddef.h>
#include <string.h>

#include "level.h"

#define BCQ_INLINE static inline __attribute__((always_inline))

typedef float bcq_f16 __attribute__((vector_size(64)));
typedef float bcq_f16_any __attribute__((vector_size(64), aligned(4), may_alias));
typedef int32_t bcq_i16 __attribute__((vector_size(64)));

BCQ_INLINE bcq_f16 bcq_load(const float *x) { return *(const bcq_f16_any *)x; }

BCQ_INLINE void bcq_store(float *x, bcq_f16 v) { *(bcq_f16_any *)x = v; }

BCQ_INLINE bcq_f16 bcq_all(float x) {
  return (bcq_f16){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x};
}

/* Loads fewer than 16 values, the rest as given. */
BCQ_INLINE bcq_f16 bcq_load_tail(const float *x, int32_t count, float rest) {
  bcq_f16 v = bcq_all(rest);
  float buffer[16];
  memcpy(buffer, &v, sizeof buffer);
  for (int32_t i = 0; i < count; i++) {
    buffer[i] = x[i];
  }
  memcpy(&v, buffer, sizeof buffer);
  return v;
}

BCQ_INLINE float bcq_reduce(bcq_f16 v) {
  float p[16];
  memcpy(p, &v, sizeof p);
  for (int half = 8; half > 0; half /= 2) {
    for (int j = 0; j < half; j++) {
      p[j] += p[j + half];
    }
  }
  return p[0];
}

BCQ_INLINE float bcq_dot(const float *x, const float *y, int32_t length) {
  bcq_f16 sum = bcq_all(0);
  int32_t i = 0;
  for (; i + 16 <= length; i += 16) {
    sum += bcq_load(x + i) * bcq_load(y + i);
  }
  if (i < length) {
    sum += bcq_load_tail(x + i, length - i, 0) * bcq_load_tail(y + i, length - i, 0);
  }
  return bcq_reduce(sum);
}

/* dev.bcq.runtime.kernels.Elementary.exp: 2^n exp(r), a Taylor series of degree 7. */
BCQ_INLINE bcq_f16 bcq_exp(bcq_f16 x) {
  bcq_i16 low = x < -86.5f;
  bcq_i16 high = x > 88.7f;
  bcq_f16 limit = bcq_all(88.7f);
  bcq_f16 bounded = (bcq_f16)(((bcq_i16)x & ~high) | ((bcq_i16)limit & high));
  bcq_f16 n = (bounded * 1.44269504f + BCQ_ROUNDER) - BCQ_ROUNDER;
  bcq_f16 r = (bounded - n * 0.693359375f) - n * -2.12194440e-4f;
  bcq_f16 series = bcq_all(1.0f / 5040.0f);
  series = series * r + 1.0f / 720.0f;
  series = series * r + 1.0f / 120.0f;
  series = series * r + 1.0f / 24.0f;
  series = series * r + 1.0f / 6.0f;
  series = series * r + 0.5f;
  bcq_f16 value = (series * (r * r) + r) + 1.0f;
  bcq_i16 exponent = (__builtin_convertvector(n, bcq_i16) + 126) << 23;
  value = value * (bcq_f16)exponent * 2.0f;
  return (bcq_f16)((bcq_i16)value & ~low);
}

static float bcq_sum(const float *x, int32_t length) {
  bcq_f16 sum = bcq_all(0);
  int32_t i = 0;
  for (; i + 16 <= length; i += 16) {
    sum += bcq_load(x + i);
  }
  if (i < length) {
    sum += bcq_load_tail(x + i, length - i, 0);
  }
  return bcq_reduce(sum);
}

static float bcq_level_sum_of_exponentials(const float *x, int32_t length, float maximum) {
  bcq_f16 sum = bcq_all(0);
  int32_t i = 0;
  for (; i + 16 <= length; i += 16) {
    sum += bcq_exp(bcq_load(x + i) - maximum);
  }
  if (i < length) {
    sum += bcq_exp(bcq_load_tail(x + i, length - i, -__builtin_inff()) - maximum);
  }
  return bcq_reduce(sum);
}

/* Replaces scores by their exponentials, relative to the largest. */
BCQ_INLINE void bcq_exponentials(float *scores, int32_t count, float maximum) {
  int32_t i = 0;
  for (; i + 16 <= count; i += 16) {
    bcq_store(scores + i, bcq_exp(bcq_load(scores + i) - maximum));
  }
  if (i < count) {
    bcq_f16 last = bcq_exp(bcq_load_tail(scores + i, count - i, 0) - maximum);
    memcpy(scores + i, &last, (size_t)(count - i) * sizeof(float));
  }
}

/* Adds up weighted values, position after position: width vectors of 16 floats of a head. */
#define BCQ_WEIGHTED_VALUES(vectors)                                            \
  do {                                                                          \
    bcq_f16 sum[vectors];                                                       \
    for (int j = 0; j < (vectors); j++) {                                       \
      sum[j] = bcq_all(0);                                                      \
    }                                                                           \
    for (int32_t i = 0; i < count; i++) {                                       \
      const float *value = values + (size_t)rows[i] * (size_t)stride + at;      \
      for (int j = 0; j < (vectors); j++) {                                     \
        sum[j] += scores[i] * bcq_load(value + 16 * j);                         \
      }                                                                         \
    }                                                                           \
    for (int j = 0; j < (vectors); j++) {                                       \
      bcq_store(output + at + 16 * j, sum[j] * factor);                         \
    }                                                                           \
    at += 16 * (vectors);                                                       \
  } while (0)

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
    while (at + 64 <= end) {
      BCQ_WEIGHTED_VALUES(4);
    }
    while (at + 16 <= end) {
      BCQ_WEIGHTED_VALUES(1);
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

/* Sign bits of the four columns of each of 16 entries: minus where the bit of the entry is zero. */
#define BCQ_SIGN(bit, e) (((e) >> (bit)) & 1 ? 0 : (int32_t)0x80000000)
#define BCQ_SIGNS(bit)                                                          \
  ((bcq_i16){BCQ_SIGN(bit, 0), BCQ_SIGN(bit, 1), BCQ_SIGN(bit, 2),              \
             BCQ_SIGN(bit, 3), BCQ_SIGN(bit, 4), BCQ_SIGN(bit, 5),              \
             BCQ_SIGN(bit, 6), BCQ_SIGN(bit, 7), BCQ_SIGN(bit, 8),              \
             BCQ_SIGN(bit, 9), BCQ_SIGN(bit, 10), BCQ_SIGN(bit, 11),            \
             BCQ_SIGN(bit, 12), BCQ_SIGN(bit, 13), BCQ_SIGN(bit, 14),           \
             BCQ_SIGN(bit, 15)})

/* Returns the 16 signed sums of four activations. */
BCQ_INLINE bcq_f16 bcq_signed_sums(const float *x) {
  bcq_f16 sum = (bcq_f16)((bcq_i16)bcq_all(x[0]) ^ BCQ_SIGNS(0));
  sum += (bcq_f16)((bcq_i16)bcq_all(x[1]) ^ BCQ_SIGNS(1));
  sum += (bcq_f16)((bcq_i16)bcq_all(x[2]) ^ BCQ_SIGNS(2));
  sum += (bcq_f16)((bcq_i16)bcq_all(x[3]) ^ BCQ_SIGNS(3));
  return sum;
}

static void bcq_level_prepare_float_tables(
    const float *x, int32_t columns, int32_t chunks, float *tables) {
  size_t nibbles = (size_t)columns * (size_t)chunks * 8;
  for (size_t i = 0; i < nibbles; i++) {
    bcq_store(tables + 16 * i, bcq_signed_sums(x + 4 * i));
  }
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
