/* The level that every CPU has. */
#include "portable_slices.h"
#include "vectors.h"

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

typedef uint64_t two_longs __attribute__((vector_size(16)));

/* Returns the number of ones in each byte. */
BCQ_INLINE two_longs ones(two_longs v) {
  v -= (v >> 1) & 0x5555555555555555u;
  v = (v & 0x3333333333333333u) + ((v >> 2) & 0x3333333333333333u);
  return (v + (v >> 4)) & 0x0f0f0f0f0f0f0f0fu;
}

/* A byte holds what a row has in common with a slice: at most the 128 columns of a segment. */
BCQ_INLINE void slice_sums(
    int planes, int n, const uint8_t *bits, const uint32_t *slices, size_t slice_stride,
    int32_t chunks, bcq_f16 *sums) {
  (void)n;
  (void)slice_stride;
  for (int plane = 0; plane < planes; plane++) {
    two_longs counts[BCQ_SLICES] = {{0}};
    for (int32_t chunk = 0; chunk < chunks; chunk++) {
      for (int octet = 0; octet < 4; octet++) {
        two_longs rows;
        memcpy(&rows, bits + (chunk * planes + plane) * BCQ_LINE + octet * BCQ_TILE, sizeof rows);
        for (int slice = 0; slice < BCQ_SLICES; slice++) {
          uint64_t byte = (slices[chunk * BCQ_SLICES + slice] >> (8 * octet)) & 0xff;
          counts[slice] += ones(rows & byte * 0x0101010101010101u);
        }
      }
    }
    uint8_t of_rows[BCQ_SLICES][BCQ_TILE];
    memcpy(of_rows, counts, sizeof of_rows);
    float rows[BCQ_TILE];
    for (int row = 0; row < BCQ_TILE; row++) {
      int32_t sum = -128 * of_rows[BCQ_SLICES - 1][row];
      for (int slice = 0; slice < BCQ_SLICES - 1; slice++) {
        sum += of_rows[slice][row] << slice;
      }
      rows[row] = (float)sum;
    }
    sums[plane] = bcq_load(rows);
  }
}

static void byte_product(
    const bcq_block *w, const bcq_integers *x, const float *group_sums, float *y,
    int32_t y_stride) {
  bcq_integer_product(BCQ_BYTE_TABLES, w->planes, 1, w, x, group_sums, y, y_stride);
}

static void slice_product(
    const bcq_block *w, const bcq_integers *x, const float *group_sums, float *y,
    int32_t y_stride) {
  bcq_integer_product(BCQ_BIT_SLICES, w->planes, 1, w, x, group_sums, y, y_stride);
}

static void float_product(
    const bcq_block *w, const float *tables, const float *group_sums, float *y, int32_t y_stride) {
  bcq_float_product(w->planes, 1, w, tables, group_sums, y, y_stride);
}

static const bcq_integer_function byte_products[1] = {byte_product};
static const bcq_integer_function slice_products[1] = {slice_product};
static const bcq_float_function float_products[1] = {float_product};

#define BYTE_PRODUCTS(planes) byte_products
#define FLOAT_PRODUCTS(planes) float_products
#define SLICE_PRODUCTS(planes) slice_products
#define MOST_COLUMNS(planes) 1

BCQ_INLINE float largest_magnitude(const float *x, int32_t length) {
  float largest = 0;
  for (int32_t i = 0; i < length; i++) {
    largest = bcq_larger(largest, __builtin_fabsf(x[i]));
  }
  return largest;
}

BCQ_INLINE void store_bytes(int8_t *bytes, bcq_f16 values) {
  float rounded[16];
  bcq_store(rounded, bcq_round(values));
  for (int i = 0; i < 16; i++) {
    bytes[i] = (int8_t)(int32_t)rounded[i];
  }
}

BCQ_INLINE void store_tables(int8_t *tables, const float *x, float factor) {
#pragma GCC unroll 8
  for (int nibble = 0; nibble < 8; nibble++) {
    int8_t *table = tables + (nibble & 1) * 64 + nibble / 2 * 16;
    store_bytes(table, bcq_times(bcq_signed_sums(x + 4 * nibble), factor));
  }
}

#define DENSE_COLUMNS 1

BCQ_INLINE void dense_block(
    int r, int n, const float *w, int32_t cols, const float *x, int32_t x_stride, float *y,
    int32_t y_stride) {
  for (int i = 0; i < r; i++) {
    for (int j = 0; j < n; j++) {
      y[(size_t)j * (size_t)y_stride + (size_t)i] =
          bcq_dot(w + (size_t)i * (size_t)cols, x + (size_t)j * (size_t)x_stride, cols);
    }
  }
}

#define TILES 1
#define TILE_COLUMNS 1

BCQ_INLINE void tile_dots(
    int tiles, int n, const uint8_t *w, size_t tile_stride, const bcq_bytes *x, int32_t chunk,
    int32_t chunks, bcq_f16 *dots) {
  (void)tiles;
  (void)n;
  (void)tile_stride;
  const int8_t *inputs = x->values + (size_t)chunk * BCQ_CHUNK;
  int32_t integers[BCQ_TILE] = {0};
  for (int32_t line = 0; line < 8 * chunks; line++) {
    for (int row = 0; row < BCQ_TILE; row++) {
      for (int octet = 0; octet < 4; octet++) {
        integers[row] += (w[4 * row + octet] - 128) * inputs[octet];
      }
    }
    w += BCQ_LINE;
    inputs += 4;
  }
  float rows[BCQ_TILE];
  for (int row = 0; row < BCQ_TILE; row++) {
    rows[row] = (float)integers[row];
  }
  dots[0] = bcq_load(rows);
}

BCQ_INLINE void decode(
    int planes, const uint8_t *bits, int32_t chunks, const uint8_t *entries, uint8_t *tiles) {
  for (int32_t chunk = 0; chunk < chunks; chunk++) {
    for (int i = 0; i < BCQ_CHUNK_BYTES; i++) {
      int line = i / BCQ_LINE;
      int row = i % BCQ_LINE / 4;
      const uint8_t *keys = bits + i % 4 * BCQ_TILE + row;
      uint8_t weight = 0;
      for (int plane = 0; plane < planes; plane += 2) {
        int entry = keys[plane * BCQ_LINE] >> line & 1;
        if (plane + 1 < planes) {
          entry |= (keys[(plane + 1) * BCQ_LINE] >> line & 1) << 1;
        }
        weight = (uint8_t)(weight + entries[plane * 32 + entry * BCQ_TILE + row]);
      }
      tiles[i] = weight;
    }
    bits += planes * BCQ_LINE;
    tiles += BCQ_CHUNK_BYTES;
  }
}

#include "products.h"
#include "tiles.h"
#include "decoded.h"
#include "attention.h"

const bcq_level bcq_generic = {
    .name = "generic",
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
