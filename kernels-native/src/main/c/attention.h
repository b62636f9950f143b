/*
 * Attention over keys and values in 8 bits, included at the end of each level's file: scores and weighted sums
 * are products of int8 tiles (tile_dots, see tiles.h).
 */
#ifndef BCQ_ATTENTION_H
#define BCQ_ATTENTION_H

/* Queries for whose scores callers have scratch. */
#define BCQ_SCRATCH_QUERIES 4

/* Tiles of a head's columns whose sums are kept at once. */
#define BCQ_SUM_TILES 8

/* Steps of the lower byte of a weight in one of the upper. */
#define BCQ_STEPS 254.0f

typedef void (*bcq_dots_function)(const uint8_t *, size_t, const bcq_bytes *, bcq_f16 *);

#define BCQ_DOTS(tiles, n)                                                       \
  static BCQ_NOINLINE void dots_##tiles##_##n(                                   \
      const uint8_t *w, size_t tile_stride, const bcq_bytes *x, bcq_f16 *dots) { \
    tile_dots(tiles, n, w, tile_stride, x, 0, x->chunks, dots);                  \
  }

BCQ_DOTS(1, 1)
#if TILE_COLUMNS >= 2
BCQ_DOTS(1, 2)
#endif
#if TILE_COLUMNS >= 4
BCQ_DOTS(1, 4)
#endif
#if TILES == 4
BCQ_DOTS(4, 2)
BCQ_DOTS(4, 4)
#endif

/* Functions for 1, 2 and 4 columns: of a tile, and of several at once. */
static const bcq_dots_function dots_of_tiles[2][3] = {
    {dots_1_1,
#if TILE_COLUMNS >= 2
     dots_1_2,
#endif
#if TILE_COLUMNS >= 4
     dots_1_4,
#endif
    },
#if TILES == 4
    {0, dots_4_2, dots_4_4},
#endif
};

/* Returns how many of the tiles that are left are multiplied at once by n columns. */
BCQ_INLINE int32_t bcq_tiles_together(int32_t n, int32_t left) {
  return n > 1 && left >= TILES ? TILES : 1;
}

/* Returns the factor that makes bytes of any number of values, and stores their scale. */
static BCQ_NOINLINE float bcq_factor_of(const float *x, int32_t length, float *scale) {
  int32_t whole = length & -16;
  float largest = whole ? largest_magnitude(x, whole) : 0;
  for (int32_t i = whole; i < length; i++) {
    largest = bcq_larger(largest, __builtin_fabsf(x[i]));
  }
  return bcq_factor(largest, scale);
}

/* Returns 16 values times a factor, zeros behind the last. */
BCQ_INLINE bcq_f16 bcq_scaled_values(const float *x, int32_t length, float factor) {
  return length >= 16  ? bcq_times(bcq_load(x), factor)
         : length <= 0 ? bcq_zero()
                       : bcq_times(bcq_load_tail(x, length, 0), factor);
}

/* Padding of the last chunk becomes zero. */
static void bcq_store_key(
    const float *key, int32_t head_width, uint8_t *tiles, float *scale, int32_t row) {
  float factor = bcq_factor_of(key, head_width, scale);
  uint8_t *to = tiles + (size_t)(row / BCQ_TILE * bcq_chunks(head_width)) * BCQ_CHUNK_BYTES +
                row % BCQ_TILE * 4;
  for (int32_t from = 0; from < head_width; from += BCQ_CHUNK) {
    int32_t left = head_width - from;
    uint32_t lines[8];
    bcq_store_octets(
        (int8_t *)lines, bcq_round(bcq_scaled_values(key + from, left, factor)),
        bcq_round(bcq_scaled_values(key + from + 16, left - 16, factor)));
#pragma GCC unroll 8
    for (int line = 0; line < 8; line++) {
      uint32_t four = lines[line] ^ 0x80808080u;
      memcpy(to + line * BCQ_LINE, &four, sizeof four);
    }
    to += BCQ_CHUNK_BYTES;
  }
}

/* A row is one byte of each four in a line of each tile; padding of the last tile becomes zero. */
static void bcq_store_value(
    const float *value, int32_t head_width, uint8_t *tiles, float *scale, int32_t capacity,
    int32_t row) {
  float factor = bcq_factor_of(value, head_width, scale);
  uint8_t *line = tiles + (size_t)(row / BCQ_CHUNK) * BCQ_CHUNK_BYTES + row % 8 * BCQ_LINE;
  int32_t shift = row % BCQ_CHUNK / 8 * 8;
  bcq_iv others = (bcq_iv){0} + (int32_t) ~(255u << shift);
  for (int32_t from = 0; from < head_width; from += BCQ_TILE) {
    bcq_f16 rounded = bcq_round(bcq_scaled_values(value + from, head_width - from, factor));
    BCQ_EACH_PART(p) {
      bcq_iv four;
      memcpy(&four, line + p * 4 * BCQ_LANES, sizeof four);
      bcq_iv byte = __builtin_convertvector(rounded.part[p], bcq_iv) + 128;
      four = (four & others) | byte << shift;
      memcpy(line + p * 4 * BCQ_LANES, &four, sizeof four);
    }
    line += (size_t)(capacity / BCQ_CHUNK) * BCQ_CHUNK_BYTES;
  }
}

static void store_key_values(
    const float *keys, int32_t keys_stride, const float *values, int32_t values_stride,
    int32_t columns, int32_t head_from, int32_t head_to, int32_t head_width, uint8_t *tiles,
    float *scales, int32_t capacity, int32_t row) {
  size_t key_bytes = bcq_key_bytes(head_width, capacity);
  size_t value_bytes = bcq_value_bytes(head_width, capacity);
  tiles += (size_t)head_from * (key_bytes + value_bytes);
  scales += 2 * (size_t)head_from * (size_t)capacity;
  for (int32_t h = head_from; h < head_to; h++) {
    for (int32_t column = 0; column < columns; column++) {
      const float *key = keys + (size_t)column * (size_t)keys_stride + h * head_width;
      const float *value = values + (size_t)column * (size_t)values_stride + h * head_width;
      int32_t to = row + column;
      bcq_store_key(key, head_width, tiles, scales + to, to);
      bcq_store_value(value, head_width, tiles + key_bytes, scales + capacity + to, capacity, to);
    }
    tiles += key_bytes + value_bytes;
    scales += 2 * (size_t)capacity;
  }
}

/* Scores of rows 0..rows - 1 for n queries, stride apart; those of the last tile are all written. */
BCQ_INLINE void bcq_row_scores(
    int32_t n, const bcq_int8_head *head, int32_t rows, float *scores, int32_t stride) {
  float factors[BCQ_SCRATCH_QUERIES];
  float scales[BCQ_SCRATCH_QUERIES];
  for (int32_t q = 0; q < n; q++) {
    const float *query = head->query + (size_t)q * (size_t)head->query_stride;
    factors[q] = bcq_factor_of(query, head->head_width, scales + q);
    scales[q] *= head->scale;
  }
  size_t tile_stride = (size_t)bcq_chunks(head->head_width) * BCQ_CHUNK_BYTES;
  const uint8_t *keys = head->tiles;
  for (int32_t from = 0; from < head->head_width; from += BCQ_SPAN) {
    int8_t bytes[BCQ_SCRATCH_QUERIES * BCQ_SPAN];
    int32_t sums[BCQ_SCRATCH_QUERIES * BCQ_SPAN_CHUNKS];
    int32_t chunks = bcq_min(BCQ_SPAN_CHUNKS, bcq_chunks(head->head_width - from));
    for (int32_t q = 0, i = 0; q < n; q++) {
      const float *x = head->query + (size_t)q * (size_t)head->query_stride;
      for (int32_t at = from; at < from + chunks * BCQ_CHUNK; at += BCQ_CHUNK, i++) {
        sums[i] = bcq_store_chunk(
            bytes + i * BCQ_CHUNK, bcq_scaled_values(x + at, head->head_width - at, factors[q]),
            bcq_scaled_values(x + at + 16, head->head_width - at - 16, factors[q]));
      }
    }
    bcq_bytes x = {bytes, NULL, sums, n, chunks};
    int last = from + BCQ_SPAN >= head->head_width;
    int32_t tiles = bcq_tiles(rows);
    int32_t together;
    for (int32_t tile = 0; tile < tiles; tile += together) {
      bcq_f16 dots[BCQ_MOST_DOTS];
      together = bcq_tiles_together(n, tiles - tile);
      dots_of_tiles[together > 1][n / 2](keys + (size_t)tile * tile_stride, tile_stride, &x, dots);
      for (int32_t i = 0; i < together; i++) {
        int32_t at = (tile + i) * BCQ_TILE;
        bcq_f16 key_scales = bcq_load(head->scales + at);
        for (int32_t q = 0; q < n; q++) {
          float *to = scores + (size_t)q * (size_t)stride + at;
          bcq_f16 sum = dots[i * n + q];
          sum = from ? bcq_add(bcq_load(to), sum) : sum;
          bcq_store(to, last ? bcq_multiply(bcq_times(sum, scales[q]), key_scales) : sum);
        }
      }
    }
    keys += BCQ_SPAN_CHUNKS * BCQ_CHUNK_BYTES;
  }
}

/* Returns the end of the rows that n queries attend to. */
BCQ_INLINE int32_t bcq_rows_end(int32_t n, const bcq_int8_head *head) {
  int32_t end = head->count;
  for (int32_t q = 0; head->rows && q < n; q++) {
    const int32_t *rows = head->rows + (size_t)q * (size_t)head->rows_stride;
    for (int32_t i = 0; i < head->count; i++) {
      end = rows[i] + 1 > end ? rows[i] + 1 : end;
    }
  }
  return end;
}

/* Replaces the scores of a query by exponentials, and returns their sum. */
BCQ_INLINE float bcq_weigh(const bcq_int8_head *head, int32_t q, float *scores, int32_t padded) {
  if (head->bias) {
    bcq_level_add(head->bias + q * head->bias_step, scores, head->count);
  }
  for (int32_t i = head->count; i < padded; i++) {
    scores[i] = -__builtin_inff();
  }
  return bcq_exponentials(scores, padded, bcq_level_maximum(scores, padded));
}

/* Multiplies by the scales of values; those behind the last position may be anything. */
BCQ_INLINE void bcq_times_scales(float *weights, const float *scales, int32_t count) {
  int32_t i = 0;
  for (; i + BCQ_LANES <= count; i += BCQ_LANES) {
    *(bcq_v_any *)(weights + i) = bcq_load_part(weights + i) * bcq_load_part(scales + i);
  }
  for (; i < count; i++) {
    weights[i] *= scales[i];
  }
}

/* Reads values of rows in the order of positions. */
BCQ_INLINE void bcq_gather(
    const float *of_rows, const int32_t *rows, int32_t count, float *of_positions) {
  int32_t i = 0;
#if BCQ_LANES == 16
  for (; i + 16 <= count; i += 16) {
    __m512i numbers = _mm512_loadu_si512(rows + i);
    _mm512_storeu_ps(of_positions + i, _mm512_i32gather_ps(numbers, of_rows, 4));
  }
#endif
  for (; i < count; i++) {
    of_positions[i] = of_rows[rows[i]];
  }
}

/* Multiplies values of positions by the scales of their rows, and writes them in the order of rows, too. */
BCQ_INLINE void bcq_scatter(
    float *of_positions, const int32_t *rows, int32_t count, const float *scales, float *of_rows) {
  int32_t i = 0;
#if BCQ_LANES == 16
  for (; i + 16 <= count; i += 16) {
    __m512i numbers = _mm512_loadu_si512(rows + i);
    __m512 values = _mm512_mul_ps(
        _mm512_loadu_ps(of_positions + i), _mm512_i32gather_ps(numbers, scales, 4));
    _mm512_storeu_ps(of_positions + i, values);
    _mm512_i32scatter_ps(of_rows, numbers, values, 4);
  }
#endif
  for (; i < count; i++) {
    of_positions[i] *= scales[rows[i]];
    of_rows[rows[i]] = of_positions[i];
  }
}

/* Makes two bytes of each weight: columns 2 q and 2 q + 1 for query q. All of a sum is the first chunk's. */
BCQ_INLINE void bcq_weights_to_bytes(
    int32_t n, const float *weights, int32_t stride, const float *factors, int32_t chunks,
    int8_t *bytes, int32_t *sums) {
  for (int32_t q = 0; q < n; q++) {
    const float *from = weights + (size_t)q * (size_t)stride;
    int8_t *high_bytes = bytes + 2 * q * chunks * BCQ_CHUNK;
    int8_t *low_bytes = high_bytes + chunks * BCQ_CHUNK;
    bcq_f16 high_sum = bcq_zero();
    bcq_f16 low_sum = bcq_zero();
    for (int32_t chunk = 0; chunk < chunks; chunk++) {
      bcq_f16 high[2];
      bcq_f16 low[2];
#pragma GCC unroll 2
      for (int half = 0; half < 2; half++) {
        bcq_f16 weight = bcq_times(bcq_load(from + 16 * half), factors[q]);
        high[half] = bcq_round(weight);
        BCQ_EACH_PART(p) {
          low[half].part[p] = (weight.part[p] - high[half].part[p]) * BCQ_STEPS;
        }
        low[half] = bcq_round(low[half]);
        high_sum = bcq_add(high_sum, high[half]);
        low_sum = bcq_add(low_sum, low[half]);
      }
      bcq_store_octets(high_bytes, high[0], high[1]);
      bcq_store_octets(low_bytes, low[0], low[1]);
      from += BCQ_CHUNK;
      high_bytes += BCQ_CHUNK;
      low_bytes += BCQ_CHUNK;
      sums[(2 * q) * chunks + chunk] = 0;
      sums[(2 * q + 1) * chunks + chunk] = 0;
    }
    sums[2 * q * chunks] = (int32_t)bcq_reduce(high_sum);
    sums[(2 * q + 1) * chunks] = (int32_t)bcq_reduce(low_sum);
  }
}

/* Adds up the values of rows by the weights of n queries, stride apart, zero up to a multiple of 32 rows. */
BCQ_INLINE void bcq_sum_values(
    int32_t n, const bcq_int8_head *head, int32_t rows, const float *weights, int32_t stride,
    const float *factors, const float *scales, float *output, int32_t output_stride) {
  size_t tile_stride = (size_t)(head->capacity / BCQ_CHUNK) * BCQ_CHUNK_BYTES;
  const uint8_t *values = head->tiles + bcq_key_bytes(head->head_width, head->capacity);
  int32_t all = bcq_tiles(head->head_width);
  for (int32_t first = 0; first < all; first += BCQ_SUM_TILES) {
    int32_t tiles = bcq_min(BCQ_SUM_TILES, all - first);
    bcq_f16 sums[2 * BCQ_SCRATCH_QUERIES][BCQ_SUM_TILES];
    for (int32_t i = 0; i < 2 * n; i++) {
      for (int32_t tile = 0; tile < tiles; tile++) {
        sums[i][tile] = bcq_zero();
      }
    }
    for (int32_t row = 0; row < rows; row += BCQ_SPAN) {
      int8_t bytes[2 * BCQ_SCRATCH_QUERIES * BCQ_SPAN];
      int32_t byte_sums[2 * BCQ_SCRATCH_QUERIES * BCQ_SPAN_CHUNKS];
      int32_t chunks = bcq_min(BCQ_SPAN_CHUNKS, bcq_chunks(rows - row));
      bcq_weights_to_bytes(n, weights + row, stride, factors, chunks, bytes, byte_sums);
      bcq_bytes all_columns = {bytes, NULL, byte_sums, 2 * n, chunks};
      const uint8_t *block = values + (size_t)first * tile_stride +
                             (size_t)(row / BCQ_CHUNK) * BCQ_CHUNK_BYTES;
      int32_t columns;
      for (int32_t column = 0; column < 2 * n; column += columns) {
        columns = bcq_take(2 * n - column, TILE_COLUMNS);
        bcq_bytes x = all_columns;
        x.values += (size_t)column * (size_t)chunks * BCQ_CHUNK;
        x.sums += column * chunks;
        int32_t together;
        for (int32_t tile = 0; tile < tiles; tile += together) {
          bcq_f16 dots[BCQ_MOST_DOTS];
          together = bcq_tiles_together(columns, tiles - tile);
          dots_of_tiles[together > 1][columns / 2](
              block + (size_t)tile * tile_stride, tile_stride, &x, dots);
          for (int32_t i = 0; i < together; i++) {
            for (int32_t j = 0; j < columns; j++) {
              bcq_f16 *sum = &sums[column + j][tile + i];
              *sum = bcq_add(*sum, dots[i * columns + j]);
            }
          }
        }
      }
    }
    for (int32_t q = 0; q < n; q++) {
      float *to = output + (size_t)q * (size_t)output_stride;
      for (int32_t tile = 0; tile < tiles; tile++) {
        int32_t at = (first + tile) * BCQ_TILE;
        bcq_f16 low = bcq_times(sums[2 * q + 1][tile], 1.0f / BCQ_STEPS);
        bcq_f16 found = bcq_times(bcq_add(sums[2 * q][tile], low), scales[q]);
        bcq_store_rows(to + at, found, head->head_width - at);
      }
    }
  }
}

/* Attends with n queries of a head, as many as dots_of_tiles has functions for. */
static void bcq_attend_together(
    int32_t n, const bcq_int8_head *head, float *scratch, float *output, int32_t output_stride) {
  int32_t padded = bcq_chunks(head->count) * BCQ_CHUNK;
  float *scores = scratch;
  float *of_rows = head->rows ? scratch + BCQ_SCRATCH_QUERIES * (size_t)padded : scratch;
  int32_t stride = head->rows ? head->capacity : padded;
  int32_t rows = bcq_rows_end(n, head);
  bcq_row_scores(n, head, rows, of_rows, stride);
  const float *value_scales = head->scales + head->capacity;
  float factors[BCQ_SCRATCH_QUERIES];
  float scales[BCQ_SCRATCH_QUERIES];
  for (int32_t q = 0; q < n; q++) {
    float *own = scores + (size_t)q * (size_t)padded;
    float *own_rows = of_rows + (size_t)q * (size_t)stride;
    const int32_t *numbers = NULL;
    if (head->rows) {
      numbers = head->rows + (size_t)q * (size_t)head->rows_stride;
      bcq_gather(own_rows, numbers, head->count, own);
    }
    float share = 1.0f / bcq_weigh(head, q, own, padded);
    if (head->rows) {
      memset(own_rows, 0, (size_t)(bcq_chunks(rows) * BCQ_CHUNK) * sizeof(float));
      bcq_scatter(own, numbers, head->count, value_scales, own_rows);
    } else {
      bcq_times_scales(own, value_scales, head->count);
    }
    factors[q] = bcq_factor(bcq_level_maximum(own, head->count), scales + q);
    scales[q] *= share;
  }
  bcq_sum_values(n, head, rows, of_rows, stride, factors, scales, output, output_stride);
}

static void attend_int8(
    const bcq_int8_head *first, int32_t heads, int32_t bias_stride, int32_t columns,
    float *scratch, float *output, int32_t output_stride) {
  size_t head_bytes = bcq_key_bytes(first->head_width, first->capacity) +
                      bcq_value_bytes(first->head_width, first->capacity);
  for (int32_t h = 0; h < heads; h++) {
    int32_t at = h * first->head_width;
    bcq_int8_head head = *first;
    head.tiles += (size_t)h * head_bytes;
    head.scales += 2 * (size_t)h * (size_t)first->capacity;
    int32_t n;
    for (int32_t column = 0; column < columns; column += n) {
      n = bcq_take(columns - column, TILE_COLUMNS);
      head.query = first->query + (size_t)column * (size_t)first->query_stride + at;
      if (first->rows) {
        head.rows = first->rows + (size_t)column * (size_t)first->rows_stride;
      }
      if (first->bias) {
        head.bias = first->bias + (size_t)h * (size_t)bias_stride + column * first->bias_step;
      }
      float *to = output + (size_t)column * (size_t)output_stride + at;
      bcq_attend_together(n, &head, scratch, to, output_stride);
    }
  }
}

#endif
