/* The level that every CPU has. */
#include "tables.h"

/* Returns the largest sum of four neighbouring magnitudes. */
BCQ_INLINE float largest_table_entry(const float *x, int32_t length) {
  float maximum = 0;
  for (int32_t i = 0; i < length; i += 4) {
    float sum = __builtin_fabsf(x[i]) + __builtin_fabsf(x[i + 1]) + __builtin_fabsf(x[i + 2]) +
                __builtin_fabsf(x[i + 3]);
    maximum = bcq_larger(maximum, sum);
  }
  return maximum;
}

static void prepare_byte_tables(
    const float *x, int32_t columns, int32_t chunks, int8_t *tables, float *scales) {
  for (int32_t column = 0; column < columns; column++) {
    for (int32_t from = 0; from < chunks; from += BCQ_SPAN_CHUNKS) {
      int32_t length = bcq_min(BCQ_SPAN_CHUNKS, chunks - from) * BCQ_CHUNK;
      float factor = bcq_factor(largest_table_entry(x, length), scales++);
      for (int32_t nibble = 0; nibble < length / 4; nibble++) {
        int8_t *table = tables + nibble / 8 * BCQ_TABLES + (nibble & 1) * 64 + (nibble % 8 / 2) * 16;
        float entries[16];
        bcq_store(entries, bcq_round(bcq_times(bcq_signed_sums(x + 4 * nibble), factor)));
        for (int entry = 0; entry < 16; entry++) {
          table[entry] = (int8_t)(int32_t)entries[entry];
        }
      }
      x += length;
      tables += length / BCQ_CHUNK * BCQ_TABLES;
    }
  }
}

static void prepare_bytes(
    const float *x, int32_t columns, int32_t chunks, int8_t *bytes, float *scales) {
  int32_t padded = chunks * BCQ_CHUNK;
  for (int32_t column = 0; column < columns; column++) {
    for (int32_t from = 0; from < padded; from += BCQ_SPAN) {
      int32_t length = bcq_min(BCQ_SPAN, padded - from);
      float maximum = 0;
      for (int32_t i = 0; i < length; i++) {
        maximum = bcq_larger(maximum, __builtin_fabsf(x[from + i]));
      }
      float factor = bcq_factor(maximum, scales++);
      for (int32_t i = 0; i < length; i++) {
        float rounded = (x[from + i] * factor + BCQ_ROUNDER) - BCQ_ROUNDER;
        bytes[from + i] = (int8_t)(int32_t)rounded;
      }
    }
    x += padded;
    bytes += padded;
  }
}

BCQ_INLINE void byte_sums(
    int planes, int n, const uint8_t *bits, const int8_t *tables, size_t table_stride,
    int32_t chunks, bcq_f16 *sums) {
  (void)n;
  (void)table_stride;
  for (int plane = 0; plane < planes; plane++) {
    int32_t integers[BCQ_TILE] = {0};
    for (int32_t chunk = 0; chunk < chunks; chunk++) {
      const uint8_t *line = bits + (chunk * planes + plane) * BCQ_LINE;
      const int8_t *table = tables + chunk * BCQ_TABLES;
      for (int octet = 0; octet < BCQ_LINE; octet += BCQ_TILE) {
        for (int row = 0; row < BCQ_TILE; row++) {
          uint8_t keys = line[octet + row];
          integers[row] += table[octet + (keys & 15)] + table[64 + octet + (keys >> 4)];
        }
      }
    }
    float rows[BCQ_TILE];
    for (int row = 0; row < BCQ_TILE; row++) {
      rows[row] = (float)integers[row];
    }
    sums[plane] = bcq_load(rows);
  }
}

BCQ_INLINE void float_sums(
    int planes, int n, const uint8_t *bits, const float *tables, size_t table_stride,
    int32_t chunks, bcq_f16 *sums) {
  (void)n;
  (void)table_stride;
  for (int plane = 0; plane < planes; plane++) {
    float rows[BCQ_TILE] = {0};
    for (int32_t chunk = 0; chunk < chunks; chunk++) {
      const uint8_t *line = bits + (chunk * planes + plane) * BCQ_LINE;
      const float *table = tables + chunk * BCQ_TABLES;
      for (int octet = 0; octet < BCQ_LINE; octet += BCQ_TILE) {
        for (int row = 0; row < BCQ_TILE; row++) {
          uint8_t keys = line[octet + row];
          rows[row] = rows[row] + table[2 * octet + (keys & 15)] + table[2 * octet + 16 + (keys >> 4)];
        }
      }
    }
    sums[plane] = bcq_load(rows);
  }
}

static void multiply_byte_tables(
    const bcq_block *w, int32_t columns, const int8_t *tables, const float *table_scales,
    const float *group_sums, float *y, int32_t y_stride) {
  for (int32_t column = 0; column < columns; column++) {
    bcq_byte_product(w->planes, 1, w, tables, table_scales, group_sums, y, y_stride);
    tables += (size_t)w->chunks * BCQ_TABLES;
    table_scales += bcq_spans(w->chunks);
    group_sums += w->offset ? bcq_groups(w) : 0;
    y += y_stride;
  }
}

static void multiply_float_tables(
    const bcq_block *w, int32_t columns, const float *tables, const float *group_sums, float *y,
    int32_t y_stride) {
  for (int32_t column = 0; column < columns; column++) {
    bcq_float_product(w->planes, 1, w, tables, group_sums, y, y_stride);
    tables += (size_t)w->chunks * BCQ_TABLES;
    group_sums += w->offset ? bcq_groups(w) : 0;
    y += y_stride;
  }
}

static void multiply_floats(
    const float *w, int32_t cols, int32_t row_from, int32_t row_to, int32_t columns, const float *x,
    int32_t x_stride, float *y, int32_t y_stride) {
  for (int32_t row = row_from; row < row_to; row++) {
    for (int32_t column = 0; column < columns; column++) {
      y[(size_t)column * (size_t)y_stride + (size_t)row] = bcq_dot(
          w + (size_t)row * (size_t)cols, x + (size_t)column * (size_t)x_stride, cols);
    }
  }
}

static void multiply_bytes(
    const int8_t *w, const float *row_scales, int32_t cols, int32_t row_from, int32_t row_to,
    int32_t columns, const int8_t *x, const float *x_scales, int32_t x_stride, float *y,
    int32_t y_stride) {
  int32_t spans = bcq_spans(x_stride / BCQ_CHUNK);
  for (int32_t row = row_from; row < row_to; row++) {
    const int8_t *weights = w + (size_t)row * (size_t)cols;
    for (int32_t column = 0; column < columns; column++) {
      const int8_t *input = x + (size_t)column * (size_t)x_stride;
      float sum = 0;
      for (int32_t span = 0; span < spans; span++) {
        int32_t end = bcq_min((span + 1) * BCQ_SPAN, cols);
        int32_t dot = 0;
        for (int32_t i = span * BCQ_SPAN; i < end; i++) {
          dot += weights[i] * input[i];
        }
        sum += (float)dot * x_scales[(size_t)column * (size_t)spans + (size_t)span];
      }
      y[(size_t)column * (size_t)y_stride + (size_t)row] = sum * row_scales[row];
    }
  }
}

static void multiply_bytes_by_floats(
    const int8_t *w, const float *row_scales, int32_t cols, int32_t row_from, int32_t row_to,
    int32_t columns, const float *x, int32_t x_stride, float *y, int32_t y_stride) {
  for (int32_t row = row_from; row < row_to; row++) {
    const int8_t *weights = w + (size_t)row * (size_t)cols;
    for (int32_t column = 0; column < columns; column++) {
      const float *input = x + (size_t)column * (size_t)x_stride;
      float partial[16] = {0};
      for (int32_t i = 0; i < cols; i++) {
        partial[i & 15] += (float)weights[i] * input[i];
      }
      y[(size_t)column * (size_t)y_stride + (size_t)row] =
          bcq_reduce(bcq_load(partial)) * row_scales[row];
    }
  }
}

const bcq_level bcq_generic = {
    .name = "generic",
    .prepare_byte_tables = prepare_byte_tables,
    .prepare_float_tables = bcq_level_prepare_float_tables,
    .prepare_bytes = prepare_bytes,
    .multiply_byte_tables = multiply_byte_tables,
    .multiply_float_tables = multiply_float_tables,
    .multiply_floats = multiply_floats,
    .multiply_bytes = multiply_bytes,
    .multiply_bytes_by_floats = multiply_bytes_by_floats,
    .attend = bcq_level_attend,
    .sum_of_exponentials = bcq_level_sum_of_exponentials,
};
