/*
 * What every level computes alike, in vectors that the compiler maps to the registers of the level: included by each
 * level's file, compiled with its options. Sums have the one shape of all providers: value i goes to partial sum
 * i mod 16, then partial sums j and j + 8, j + 4, j + 2, j + 1 are added.
 */
#ifndef BCQ_PORTABLE_H
#define BCQ_PORTABLE_H

#include <stddef.h>
#include <string.h>

#include "level.h"

#define BCQ_INLINE static inline __attribute__((always_inline))
#define BCQ_NOINLINE __attribute__((noinline))

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
static BCQ_NOINLINE bcq_f16 bcq_load_tail(const float *x, int32_t count, float rest) {
  float buffer[16];
  for (int32_t i = 0; i < 16; i++) {
    buffer[i] = i < count ? x[i] : rest;
  }
  return bcq_load(buffer);
}

/* Stores fewer than 16 values. */
BCQ_INLINE void bcq_store_tail(float *x, bcq_f16 v, int32_t count) {
  memcpy(x, &v, (size_t)count * sizeof(float));
}

/* Picks lanes of two vectors, those of the second counted on from those of the first. */
#if defined(__clang__) || __GNUC__ >= 12
#define BCQ_PICK(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define BCQ_PICK(a, b, ...) __builtin_shuffle(a, b, (bcq_iv){__VA_ARGS__})
#endif

/* Folds 16 partial sums onto the lanes of one vector: j and j + 8, then j and j + 4, as far as that goes. */
BCQ_INLINE bcq_v bcq_fold(bcq_f16 v) {
#if BCQ_LANES == 16
  return v.part[0];
#elif BCQ_LANES == 8
  return v.part[0] + v.part[1];
#else
  return (v.part[0] + v.part[2]) + (v.part[1] + v.part[3]);
#endif
}

/*
 * Halves the partial sums of two vectors into one: of each stretch of so many lanes, lane j and j + half are
 * added; the first vector's sums come first.
 */
BCQ_INLINE bcq_v bcq_halve(int stretch, bcq_v a, bcq_v b) {
#if BCQ_LANES == 16
  switch (stretch) {
    case 16:
      return BCQ_PICK(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +
             BCQ_PICK(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
    case 8:
      return BCQ_PICK(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27) +
             BCQ_PICK(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
    case 4:
      return BCQ_PICK(a, b, 0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21, 24, 25, 28, 29) +
             BCQ_PICK(a, b, 2, 3, 6, 7, 10, 11, 14, 15, 18, 19, 22, 23, 26, 27, 30, 31);
    default:
      return BCQ_PICK(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30) +
             BCQ_PICK(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
  }
#elif BCQ_LANES == 8
  switch (stretch) {
    case 8:
      return BCQ_PICK(a, b, 0, 1, 2, 3, 8, 9, 10, 11) + BCQ_PICK(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
    case 4:
      return BCQ_PICK(a, b, 0, 1, 4, 5, 8, 9, 12, 13) + BCQ_PICK(a, b, 2, 3, 6, 7, 10, 11, 14, 15);
    default:
      return BCQ_PICK(a, b, 0, 2, 4, 6, 8, 10, 12, 14) + BCQ_PICK(a, b, 1, 3, 5, 7, 9, 11, 13, 15);
  }
#else
  if (stretch == 4) {
    return BCQ_PICK(a, b, 0, 1, 4, 5) + BCQ_PICK(a, b, 2, 3, 6, 7);
  }
  return BCQ_PICK(a, b, 0, 2, 4, 6) + BCQ_PICK(a, b, 1, 3, 5, 7);
#endif
}

/* Returns the sums of as many vectors of partial sums as a vector has lanes. */
BCQ_INLINE bcq_v bcq_reduce_all(bcq_v *v) {
#pragma GCC unroll 4
  for (int stretch = BCQ_LANES; stretch > 1; stretch /= 2) {
#pragma GCC unroll 8
    for (int i = 0; i < stretch / 2; i++) {
      v[i] = bcq_halve(stretch, v[2 * i], v[2 * i + 1]);
    }
  }
  return v[0];
}

BCQ_INLINE float bcq_reduce(bcq_f16 v) {
  bcq_v sum = bcq_fold(v);
#pragma GCC unroll 4
  for (int stretch = BCQ_LANES; stretch > 1; stretch /= 2) {
    sum = bcq_halve(stretch, sum, sum);
  }
  return sum[0];
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

/* Vectors whose exponentials are computed at once, and sixteens of floats that are as many, one or more. */
#define BCQ_EXP_PARTS 4
#define BCQ_EXP_SIXTEENS (BCQ_EXP_PARTS / BCQ_PARTS)

/* Keeps the compiler from computing a vector later than where this stands. */
#if defined(__x86_64__)
#define BCQ_NOW(v) __asm__("" : "+v"(v))
#else
#define BCQ_NOW(v) __asm__("" : "+w"(v))
#endif

#define BCQ_EACH_EXP(i, count) _Pragma("GCC unroll 4") for (int i = 0; i < (count); i++)

/*
 * dev.bcq.runtime.kernels.Elementary.exp: 2^n exp(r), a Taylor series of degree 7. It is one long chain of
 * operations, and a processor looks ahead no further than about three of them: those of several vectors go side by
 * side.
 */
BCQ_INLINE void bcq_exp_parts(int count, bcq_v *x) {
  bcq_v n[BCQ_EXP_PARTS];
  bcq_v r[BCQ_EXP_PARTS];
  bcq_v series[BCQ_EXP_PARTS];
  bcq_iv low[BCQ_EXP_PARTS];
  BCQ_EACH_EXP(i, count) {
    low[i] = x[i] < -86.5f;
    bcq_iv high = x[i] > 88.7f;
    x[i] = (bcq_v)(((bcq_iv)x[i] & ~high) | ((bcq_iv)bcq_lanes(88.7f) & high));
    n[i] = x[i] * 1.44269504f + BCQ_ROUNDER;
    BCQ_NOW(n[i]);
  }
  BCQ_EACH_EXP(i, count) {
    bcq_v whole = n[i] - BCQ_ROUNDER;
    r[i] = (x[i] - whole * 0.693359375f) - whole * -2.12194440e-4f;
    BCQ_NOW(r[i]);
  }
  BCQ_EACH_EXP(i, count) {
    series[i] = bcq_lanes(1.0f / 5040.0f) * r[i] + 1.0f / 720.0f;
    BCQ_NOW(series[i]);
  }
  const float terms[] = {1.0f / 120.0f, 1.0f / 24.0f, 1.0f / 6.0f, 0.5f};
#pragma GCC unroll 4
  for (int term = 0; term < 4; term++) {
    BCQ_EACH_EXP(i, count) {
      series[i] = series[i] * r[i] + terms[term];
      BCQ_NOW(series[i]);
    }
  }
  BCQ_EACH_EXP(i, count) {
    series[i] = (series[i] * (r[i] * r[i]) + r[i]) + 1.0f;
    BCQ_NOW(series[i]);
  }
  BCQ_EACH_EXP(i, count) {
    /* The last bits of the rounded number are n. */
    bcq_iv exponent = ((bcq_iv)n[i] << 23) + (126 << 23);
    bcq_v value = series[i] * (bcq_v)exponent * 2.0f;
    x[i] = (bcq_v)((bcq_iv)value & ~low[i]);
  }
}

BCQ_INLINE bcq_v bcq_exp_part(bcq_v x) {
  bcq_exp_parts(1, &x);
  return x;
}

/* Replaces sixteens by their exponentials relative to a maximum. */
BCQ_INLINE void bcq_exp(int sixteens, bcq_f16 *x, float maximum) {
  bcq_v parts[BCQ_EXP_PARTS];
  int count = sixteens * BCQ_PARTS;
  BCQ_EACH_EXP(i, count) { parts[i] = x[i / BCQ_PARTS].part[i % BCQ_PARTS] - maximum; }
  bcq_exp_parts(count, parts);
  BCQ_EACH_EXP(i, count) { x[i / BCQ_PARTS].part[i % BCQ_PARTS] = parts[i]; }
}

/* Returns the sum of exponentials relative to a maximum, and stores them unless to is null. */
BCQ_INLINE float bcq_sum_exponentials(const float *x, int32_t length, float maximum, float *to) {
  bcq_f16 sum = bcq_zero();
  bcq_f16 values[BCQ_EXP_SIXTEENS];
  int32_t i = 0;
  for (; BCQ_EXP_SIXTEENS > 1 && i + 16 * BCQ_EXP_SIXTEENS <= length;
       i += 16 * BCQ_EXP_SIXTEENS) {
#pragma GCC unroll 4
    for (int j = 0; j < BCQ_EXP_SIXTEENS; j++) {
      values[j] = bcq_load(x + i + 16 * j);
    }
    bcq_exp(BCQ_EXP_SIXTEENS, values, maximum);
#pragma GCC unroll 4
    for (int j = 0; j < BCQ_EXP_SIXTEENS; j++) {
      if (to) {
        bcq_store(to + i + 16 * j, values[j]);
      }
      sum = bcq_add(sum, values[j]);
    }
  }
  for (; i < length; i += 16) {
    /* What is stored is whole sixteens. */
    int whole = to || length - i >= 16;
    values[0] = whole ? bcq_load(x + i) : bcq_load_tail(x + i, length - i, -__builtin_inff());
    bcq_exp(1, values, maximum);
    if (to) {
      bcq_store(to + i, values[0]);
    }
    sum = bcq_add(sum, values[0]);
  }
  return bcq_reduce(sum);
}

static float bcq_level_sum_of_exponentials(const float *x, int32_t length, float maximum) {
  return bcq_sum_exponentials(x, length, maximum, NULL);
}

/* Returns b where it is larger, else a; so do the instructions of x86, whatever is not a number. */
BCQ_INLINE bcq_v bcq_larger_lanes(bcq_v a, bcq_v b) {
#if BCQ_LANES == 16
  return (bcq_v)_mm512_max_ps((__m512)b, (__m512)a);
#elif BCQ_LANES == 8
  return (bcq_v)_mm256_max_ps((__m256)b, (__m256)a);
#else
  bcq_iv larger = b > a;
  return (bcq_v)(((bcq_iv)b & larger) | ((bcq_iv)a & ~larger));
#endif
}

static float bcq_level_maximum(const float *x, int32_t length) {
  bcq_v several[4];
  for (int j = 0; j < 4; j++) {
    several[j] = bcq_lanes(-__builtin_inff());
  }
  int32_t i = 0;
  for (; i + 4 * BCQ_LANES <= length; i += 4 * BCQ_LANES) {
#pragma GCC unroll 4
    for (int j = 0; j < 4; j++) {
      several[j] = bcq_larger_lanes(several[j], bcq_load_part(x + i + j * BCQ_LANES));
    }
  }
  for (; i + BCQ_LANES <= length; i += BCQ_LANES) {
    several[0] = bcq_larger_lanes(several[0], bcq_load_part(x + i));
  }
  bcq_v lanes = bcq_larger_lanes(
      bcq_larger_lanes(several[0], several[1]), bcq_larger_lanes(several[2], several[3]));
#if BCQ_LANES == 16
  lanes = bcq_larger_lanes(
      lanes, BCQ_PICK(lanes, lanes, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  lanes = bcq_larger_lanes(
      lanes, BCQ_PICK(lanes, lanes, 4, 5, 6, 7, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3));
#elif BCQ_LANES == 8
  lanes = bcq_larger_lanes(lanes, BCQ_PICK(lanes, lanes, 4, 5, 6, 7, 0, 1, 2, 3));
#endif
  float largest = -__builtin_inff();
  for (; i < length; i++) {
    largest = x[i] > largest ? x[i] : largest;
  }
  for (int lane = 0; lane < 4; lane++) {
    largest = lanes[lane] > largest ? lanes[lane] : largest;
  }
  return largest;
}

/* Replaces scores, a multiple of 16, by their exponentials relative to a maximum; returns their sum. */
static BCQ_NOINLINE float bcq_exponentials(float *scores, int32_t count, float maximum) {
  return bcq_sum_exponentials(scores, count, maximum, scores);
}

/* Queries that are computed together: their sums fit the registers. */
#if BCQ_LANES == 16
#define BCQ_QUERIES 4
#else
#define BCQ_QUERIES 2
#endif

/*
 * Scores as many positions as a vector has lanes, from a first one, for n queries; those beyond the last are
 * copies of it.
 */
BCQ_INLINE void bcq_scores(
    int n, int32_t head_width, const bcq_head *head, int32_t first, bcq_v *scores) {
  bcq_v dots[BCQ_QUERIES][BCQ_LANES];
  for (int lane = 0; lane < BCQ_LANES; lane++) {
    int32_t position = bcq_min(first + lane, head->count - 1);
    const float *key = head->keys + (size_t)head->rows[position] * (size_t)head->stride;
    bcq_f16 sums[BCQ_QUERIES];
#pragma GCC unroll 4
    for (int q = 0; q < n; q++) {
      sums[q] = bcq_zero();
    }
    int32_t i = 0;
#pragma GCC unroll 4
    for (; i + 16 <= head_width; i += 16) {
      bcq_f16 part = bcq_load(key + i);
#pragma GCC unroll 4
      for (int q = 0; q < n; q++) {
        const float *query = head->query + (size_t)q * (size_t)head->query_stride;
        sums[q] = bcq_add(sums[q], bcq_multiply(bcq_load(query + i), part));
      }
    }
#pragma GCC unroll 4
    for (int q = 0; q < n; q++) {
      if (i < head_width) {
        const float *query = head->query + (size_t)q * (size_t)head->query_stride;
        bcq_f16 last = bcq_load_tail(query + i, head_width - i, 0);
        sums[q] =
            bcq_add(sums[q], bcq_multiply(last, bcq_load_tail(key + i, head_width - i, 0)));
      }
      dots[q][lane] = bcq_fold(sums[q]);
    }
  }
#pragma GCC unroll 4
  for (int q = 0; q < n; q++) {
    scores[q] = bcq_reduce_all(dots[q]) * head->scale;
  }
}

/* Writes the scores of n queries, padded apart, and minus infinity behind each up to a multiple of 16. */
BCQ_INLINE void bcq_head_scores(
    int n, int32_t head_width, const bcq_head *head, float *scores, int32_t padded) {
  int32_t count = head->count;
  for (int32_t i = 0; i < count; i += BCQ_LANES) {
    bcq_v values[BCQ_QUERIES];
    bcq_scores(n, head_width, head, i, values);
    for (int q = 0; q < n; q++) {
      float *to = scores + q * padded;
      const float *bias = head->bias ? head->bias + q * head->bias_step : NULL;
      if (bias && i + BCQ_LANES <= count) {
        values[q] += bcq_load_part(bias + i);
      }
      *(bcq_v_any *)(to + i) = values[q];
      for (int32_t j = i; bias && i + BCQ_LANES > count && j < count; j++) {
        to[j] += bias[j];
      }
    }
  }
  for (int q = 0; q < n; q++) {
    for (int32_t i = count; i < padded; i++) {
      scores[q * padded + i] = -__builtin_inff();
    }
  }
}

/*
 * Adds up weighted values of n queries, position after position, of as many columns of a head as a few vectors
 * have.
 */
BCQ_INLINE void bcq_weighted_values(
    int n, int vectors, const bcq_head *head, int32_t at, const float *scores, int32_t padded,
    const float *factors, float *output, int32_t output_stride) {
  bcq_v sums[BCQ_QUERIES * 4];
#pragma GCC unroll 16
  for (int j = 0; j < n * vectors; j++) {
    sums[j] = (bcq_v){0};
  }
  for (int32_t i = 0; i < head->count; i++) {
    const float *value = head->values + (size_t)head->rows[i] * (size_t)head->stride + at;
#pragma GCC unroll 4
    for (int j = 0; j < vectors; j++) {
      bcq_v part = bcq_load_part(value + j * BCQ_LANES);
#pragma GCC unroll 4
      for (int q = 0; q < n; q++) {
        sums[q * vectors + j] += scores[q * padded + i] * part;
      }
    }
  }
#pragma GCC unroll 4
  for (int q = 0; q < n; q++) {
#pragma GCC unroll 4
    for (int j = 0; j < vectors; j++) {
      float *to = output + (size_t)q * (size_t)output_stride + at + j * BCQ_LANES;
      *(bcq_v_any *)to = sums[q * vectors + j] * factors[q];
    }
  }
}

/* Attends with n queries of a head. */
BCQ_INLINE void bcq_attend_head(
    int n, const bcq_head *head, float *scores, float *output, int32_t output_stride) {
  int32_t padded = (head->count + 15) & -16;
  if (head->head_width == 64) {
    bcq_head_scores(n, 64, head, scores, padded);
  } else {
    bcq_head_scores(n, head->head_width, head, scores, padded);
  }
  float factors[BCQ_QUERIES];
  for (int q = 0; q < n; q++) {
    float *own = scores + q * padded;
    factors[q] = 1.0f / bcq_exponentials(own, padded, bcq_level_maximum(own, padded));
  }
  int32_t at = 0;
  for (; at + 4 * BCQ_LANES <= head->head_width; at += 4 * BCQ_LANES) {
    bcq_weighted_values(n, 4, head, at, scores, padded, factors, output, output_stride);
  }
  for (; at + BCQ_LANES <= head->head_width; at += BCQ_LANES) {
    bcq_weighted_values(n, 1, head, at, scores, padded, factors, output, output_stride);
  }
  for (; at < head->head_width; at++) {
    for (int q = 0; q < n; q++) {
      float sum = 0;
      for (int32_t i = 0; i < head->count; i++) {
        sum += scores[q * padded + i] *
               head->values[(size_t)head->rows[i] * (size_t)head->stride + (size_t)at];
      }
      output[(size_t)q * (size_t)output_stride + (size_t)at] = sum * factors[q];
    }
  }
}

static void bcq_level_attend(
    const bcq_head *first, int32_t heads, int32_t bias_stride, int32_t columns, float *scores,
    float *output, int32_t output_stride) {
  for (int32_t h = 0; h < heads; h++) {
    int32_t at = h * first->head_width;
    bcq_head head = *first;
    head.keys += (size_t)h * (size_t)first->head_stride;
    head.values += (size_t)h * (size_t)first->head_stride;
    for (int32_t column = 0; column < columns;) {
      int32_t n = columns - column >= BCQ_QUERIES ? BCQ_QUERIES : 1;
      head.query = first->query + (size_t)column * (size_t)first->query_stride + at;
      if (first->bias) {
        head.bias = first->bias + (size_t)h * (size_t)bias_stride + column * first->bias_step;
      }
      float *to = output + (size_t)column * (size_t)output_stride + at;
      if (n == BCQ_QUERIES) {
        bcq_attend_head(BCQ_QUERIES, &head, scores, to, output_stride);
      } else {
        bcq_attend_head(1, &head, scores, to, output_stride);
      }
      column += n;
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
