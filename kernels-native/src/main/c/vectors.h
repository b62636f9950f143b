/* Operations on activations between the matrices, of every level alike. */
#ifndef BCQ_VECTORS_H
#define BCQ_VECTORS_H

#include "portable.h"

/* Returns whether a lane is not zero. */
BCQ_INLINE int bcq_any(bcq_iv lanes) {
#if BCQ_LANES == 16
  return _mm512_test_epi32_mask((__m512i)lanes, (__m512i)lanes) != 0;
#elif BCQ_LANES == 8
  return !_mm256_testz_si256((__m256i)lanes, (__m256i)lanes);
#else
  int32_t any = 0;
#pragma GCC unroll 4
  for (int lane = 0; lane < BCQ_LANES; lane++) {
    any |= lanes[lane];
  }
  return any != 0;
#endif
}

static int32_t bcq_level_first_above(
    const float *x, int32_t from, int32_t to, float addend, float bound) {
  int32_t i = from;
  for (; i + 4 * BCQ_LANES <= to; i += 4 * BCQ_LANES) {
    bcq_iv above = {0};
#pragma GCC unroll 4
    for (int j = 0; j < 4; j++) {
      above |= addend + bcq_load_part(x + i + j * BCQ_LANES) > bound;
    }
    if (bcq_any(above)) {
      break;
    }
  }
  while (i < to && !(addend + x[i] > bound)) {
    i++;
  }
  return i;
}

static void bcq_level_subtract(float *x, int32_t length, float number) {
  int32_t i = 0;
  for (; i + BCQ_LANES <= length; i += BCQ_LANES) {
    *(bcq_v_any *)(x + i) = bcq_load_part(x + i) - number;
  }
  for (; i < length; i++) {
    x[i] -= number;
  }
}

BCQ_INLINE float bcq_sum_of_squares(const float *x, int32_t length, float center) {
  bcq_f16 sum = bcq_zero();
  bcq_f16 v;
  int32_t i = 0;
  for (; i + 16 <= length; i += 16) {
    v = bcq_load(x + i);
    BCQ_EACH_PART(p) { v.part[p] -= center; }
    sum = bcq_add(sum, bcq_multiply(v, v));
  }
  if (i < length) {
    v = bcq_load_tail(x + i, length - i, center);
    BCQ_EACH_PART(p) { v.part[p] -= center; }
    sum = bcq_add(sum, bcq_multiply(v, v));
  }
  return bcq_reduce(sum);
}

BCQ_INLINE float bcq_sum(const float *x, int32_t length) {
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

BCQ_INLINE bcq_v bcq_scaled(bcq_v x, float mean, float factor, bcq_v weight, int centered) {
  return (centered ? x - mean : x) * factor * weight;
}

BCQ_INLINE void bcq_scale(
    int centered, const float *x, int32_t width, float mean, float factor, const float *weight,
    const float *bias, float *y) {
  int32_t i = 0;
  for (; i + BCQ_LANES <= width; i += BCQ_LANES) {
    bcq_v value =
        bcq_scaled(bcq_load_part(x + i), mean, factor, bcq_load_part(weight + i), centered);
    *(bcq_v_any *)(y + i) = bias ? value + bcq_load_part(bias + i) : value;
  }
  for (; i < width; i++) {
    float value = (centered ? x[i] - mean : x[i]) * factor * weight[i];
    y[i] = bias ? value + bias[i] : value;
  }
}

static void bcq_level_normalize(
    int32_t centered, const float *x, int32_t width, const float *weight, const float *bias,
    float epsilon, float *y) {
  float mean = centered ? bcq_sum(x, width) / (float)width : 0;
  float variance = bcq_sum_of_squares(x, width, mean) / (float)width;
  float factor = 1.0f / __builtin_sqrtf(variance + epsilon);
  if (centered) {
    bcq_scale(1, x, width, mean, factor, weight, bias, y);
  } else {
    bcq_scale(0, x, width, mean, factor, weight, NULL, y);
  }
}

BCQ_INLINE bcq_v bcq_relu(bcq_v x) { return (bcq_v)((bcq_iv)x & ~(x <= 0.0f)); }

BCQ_INLINE bcq_v bcq_silu(bcq_v x) { return x / (1.0f + bcq_exp_part(-x)); }

BCQ_INLINE bcq_v bcq_magnitude(bcq_v x) { return (bcq_v)((bcq_iv)x & 0x7fffffff); }

/* Returns a where x is negative, else b. */
BCQ_INLINE bcq_v bcq_by_sign(bcq_v x, bcq_v a, bcq_v b) {
  bcq_iv negative = x < 0.0f;
  return (bcq_v)(((bcq_iv)a & negative) | ((bcq_iv)b & ~negative));
}

/* dev.bcq.runtime.kernels.Elementary.geluTanh */
BCQ_INLINE bcq_v bcq_gelu_tanh(bcq_v x) {
  bcq_v inner = 0.7978845608f * (x + 0.044715f * (x * x * x));
  bcq_v value = 1.0f - 2.0f / (bcq_exp_part(2.0f * bcq_magnitude(inner)) + 1.0f);
  return 0.5f * x * (1.0f + bcq_by_sign(inner, -value, value));
}

/* dev.bcq.runtime.kernels.Elementary.geluErf */
BCQ_INLINE bcq_v bcq_gelu_erf(bcq_v x) {
  bcq_v scaled = x * 0.7071067812f;
  bcq_v z = bcq_magnitude(scaled);
  bcq_v t = 1.0f / (1.0f + 0.5f * z);
  bcq_v series = bcq_lanes(0.17087277f);
  series = series * t - 0.82215223f;
  series = series * t + 1.48851587f;
  series = series * t - 1.13520398f;
  series = series * t + 0.27886807f;
  series = series * t - 0.18628806f;
  series = series * t + 0.09678418f;
  series = series * t + 0.37409196f;
  series = series * t + 1.00002368f;
  series = series * t - 1.26551223f;
  bcq_v complement = t * bcq_exp_part(series - z * z);
  return 0.5f * x * (1.0f + bcq_by_sign(scaled, complement - 1.0f, 1.0f - complement));
}

static void bcq_level_add(const float *terms, float *sums, int32_t length) {
  int32_t i = 0;
  for (; i + BCQ_LANES <= length; i += BCQ_LANES) {
    *(bcq_v_any *)(sums + i) = bcq_load_part(sums + i) + bcq_load_part(terms + i);
  }
  for (; i < length; i++) {
    sums[i] += terms[i];
  }
}

BCQ_INLINE void bcq_apply(bcq_v (*function)(bcq_v), float *x, int32_t length) {
  int32_t i = 0;
  for (; i + BCQ_LANES <= length; i += BCQ_LANES) {
    *(bcq_v_any *)(x + i) = function(bcq_load_part(x + i));
  }
  if (i < length) {
    bcq_v last = {0};
    memcpy(&last, x + i, (size_t)(length - i) * sizeof(float));
    last = function(last);
    memcpy(x + i, &last, (size_t)(length - i) * sizeof(float));
  }
}

static void bcq_level_activate(int32_t function, float *x, int32_t length) {
  switch (function) {
    case BCQ_RELU:
      bcq_apply(bcq_relu, x, length);
      break;
    case BCQ_SILU:
      bcq_apply(bcq_silu, x, length);
      break;
    case BCQ_GELU_ERF:
      bcq_apply(bcq_gelu_erf, x, length);
      break;
    default:
      bcq_apply(bcq_gelu_tanh, x, length);
  }
}

/* Returns 16 columns of a row: plus a scale where the bit is one, minus it elsewhere. */
BCQ_INLINE bcq_f16 bcq_signs(int32_t bits, float scale) {
  bcq_f16 signs;
  BCQ_EACH_PART(p) {
    bcq_iv masks;
#pragma GCC unroll 16
    for (int lane = 0; lane < BCQ_LANES; lane++) {
      masks[lane] = 1 << (p * BCQ_LANES + lane);
    }
    bcq_iv minus = ((masks & bits) == 0) & (int32_t)0x80000000;
    signs.part[p] = (bcq_v)((bcq_iv)bcq_lanes(scale) ^ minus);
  }
  return signs;
}

static void bcq_level_read_row(const bcq_block *w, int32_t row, int32_t cols, float *to) {
  int32_t groups = bcq_groups(w);
  int32_t tile = row / BCQ_TILE;
  int32_t lane = row % BCQ_TILE;
  const float *tile_scales =
      w->scales + (size_t)tile * (size_t)groups * (size_t)(bcq_slots(w) * BCQ_TILE) + lane;
  for (int32_t col = 0; col < cols; col += 16) {
    int32_t chunk = col / BCQ_CHUNK;
    const float *scales = tile_scales + chunk / w->group_chunks * bcq_slots(w) * BCQ_TILE;
    const uint8_t *bytes = w->bits +
                           (size_t)(tile * w->chunks + chunk) * (size_t)w->planes * BCQ_LINE +
                           col % BCQ_CHUNK / 8 * BCQ_TILE + lane;
    bcq_f16 sum = bcq_zero();
    for (int32_t plane = 0; plane < w->planes; plane++) {
      int32_t bits = bytes[plane * BCQ_LINE] | bytes[plane * BCQ_LINE + BCQ_TILE] << 8;
      sum = bcq_add(sum, bcq_signs(bits, scales[plane * BCQ_TILE]));
    }
    if (w->offset) {
      float z = scales[w->planes * BCQ_TILE];
      BCQ_EACH_PART(p) { sum.part[p] += z; }
    }
    if (cols - col >= 16) {
      bcq_store(to + col, sum);
    } else {
      bcq_store_tail(to + col, sum, cols - col);
    }
  }
}

#endif
