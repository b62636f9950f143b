/* What a level of the library is made of. */
#ifndef BCQ_LEVEL_H
#define BCQ_LEVEL_H

#include <stddef.h>

#include "bcq_kernels.h"

/* Android on x86 is emulators and few notebooks: they do without 0.3 MB. */
#if defined(__x86_64__) && !defined(__ANDROID__)
#define BCQ_AVX512
#endif

#define BCQ_TILE 16
#define BCQ_LINE 64
#define BCQ_CHUNK 32
#define BCQ_CHUNK_BYTES 512 /* of a tile of int8 weights */
#define BCQ_SPAN_CHUNKS 4
#define BCQ_SPAN 128
#define BCQ_TABLES 128
#define BCQ_SLICES 8

/* Below, 127 / maximum could overflow: such a span counts as zero. */
#define BCQ_SMALLEST_MAXIMUM 0x1p-100f

/* Adding and subtracting 1.5 * 2^23 rounds a small float to an integer, half to even. */
#define BCQ_ROUNDER 12582912.0f

/* A matrix of bit-planes in layout T16, and the range of its tiles that a call computes. */
typedef struct {
  const uint8_t *bits;  /* [tile][chunk][plane][64] */
  const float *scales;  /* [tile][group][plane.., offset][16] */
  int32_t rows;
  int32_t chunks;
  int32_t planes;       /* 1 to 8 */
  int32_t group_chunks; /* chunks that share scales */
  int32_t offset;       /* whether a group has an offset behind its planes' scales */
  int32_t tile_from;
  int32_t tile_to;
} bcq_block;

/* An int8 matrix in tiles, and the range of them that a call computes. */
typedef struct {
  const uint8_t *values; /* [tile][chunk][line 0..7][row][octet], 128 more than the weights */
  const float *scales;   /* [rows] */
  int32_t rows;
  int32_t chunks;
  int32_t tile_from;
  int32_t tile_to;
} bcq_int8;

/* Activations as bytes. */
typedef struct {
  const int8_t *values; /* [column][chunk][line 0..7][octet] */
  const float *scales;  /* [column][span] */
  const int32_t *sums;  /* [column][chunk] */
  int32_t columns;
  int32_t chunks;
} bcq_bytes;

/* Queries of a head, and what they attend to. */
typedef struct {
  const float *query;  /* query_stride apart */
  const float *keys;   /* position i has its key at keys[rows[i] * stride], its value likewise */
  const float *values;
  const int32_t *rows;
  const float *bias;   /* that of the first query, or NULL; those of the next ones begin bias_step further */
  int32_t query_stride;
  int32_t stride;
  int32_t head_stride; /* of keys and values, to those of the next head */
  int32_t count;
  int32_t head_width;
  int32_t bias_step;
  float scale;
} bcq_head;

/* Queries of a head, and what they attend to in 8 bits. */
typedef struct {
  const float *query;   /* query_stride apart */
  const uint8_t *tiles; /* as those of bcq_int8: keys [capacity][head_width], values [head_width][capacity] */
  const float *scales;  /* of keys [capacity], then of values */
  const int32_t *rows;  /* NULL, or position i has row rows[i]; those of the next query, rows_stride further */
  const float *bias;    /* that of the first query, or NULL; those of the next ones begin bias_step further */
  int32_t query_stride;
  int32_t rows_stride;
  int32_t capacity;
  int32_t count;
  int32_t head_width;
  int32_t bias_step;
  float scale;
} bcq_int8_head;

/* The functions of a level; those that are NULL are the rest's, which has all of them. */
typedef struct bcq_level {
  const char *name;
  const struct bcq_level *rest;
  void (*prepare_byte_tables)(const float *, int32_t, int32_t, int8_t *, float *);
  void (*prepare_float_tables)(const float *, int32_t, int32_t, float *);
  void (*prepare_bytes)(const float *, int32_t, int32_t, int8_t *, float *, int32_t *);
  void (*prepare_bit_slices)(const float *, int32_t, int32_t, uint32_t *, float *, int32_t *);
  void (*multiply_byte_tables)(
      const bcq_block *, int32_t, const int8_t *, const float *, const float *, float *, int32_t);
  void (*multiply_float_tables)(
      const bcq_block *, int32_t, const float *, const float *, float *, int32_t);
  void (*multiply_bit_slices)(
      const bcq_block *, int32_t, const uint32_t *, const float *, const int32_t *, const float *,
      float *, int32_t);
  void (*multiply_floats)(
      const float *, int32_t, int32_t, int32_t, int32_t, const float *, int32_t, float *, int32_t);
  void (*multiply_decoded)(
      const bcq_block *, const bcq_bytes *, const float *, float *, int32_t);
  void (*multiply_bytes)(const bcq_int8 *, const bcq_bytes *, float *, int32_t);
  void (*multiply_bytes_by_floats)(const bcq_int8 *, int32_t, const float *, float *, int32_t);
  void (*attend)(
      const bcq_head *, int32_t, int32_t, int32_t, float *, float *, int32_t);
  void (*attend_int8)(
      const bcq_int8_head *, int32_t, int32_t, int32_t, float *, float *, int32_t);
  void (*store_key_values)(
      const float *, int32_t, const float *, int32_t, int32_t, int32_t, int32_t, int32_t, uint8_t *,
      float *, int32_t, int32_t);
  float (*sum_of_exponentials)(const float *, int32_t, float);
  void (*subtract)(float *, int32_t, float);
  float (*maximum)(const float *, int32_t);
  int32_t (*first_above)(const float *, int32_t, int32_t, float, float);
  void (*normalize)(
      int32_t, const float *, int32_t, const float *, const float *, float, float *);
  void (*add)(const float *, float *, int32_t);
  void (*activate)(int32_t, float *, int32_t);
  void (*read_row)(const bcq_block *, int32_t, int32_t, float *);
} bcq_level;

extern const bcq_level bcq_generic;
#if defined(__x86_64__)
extern const bcq_level bcq_avx2;
#if defined(BCQ_AVX_VNNI)
extern const bcq_level bcq_avx2_vnni;
#endif
#if defined(BCQ_AVX512)
extern const bcq_level bcq_avx512;
#endif
#elif defined(__aarch64__)
extern const bcq_level bcq_neon;
extern const bcq_level bcq_neon_dotprod;
#endif

/* Returns whether this CPU has what a level needs. */
int bcq_runs_here(const bcq_level *level);

/* Returns a level with the functions of its rest. */
bcq_level bcq_whole(const bcq_level *level);

static inline int32_t bcq_min(int32_t a, int32_t b) { return a < b ? a : b; }

static inline int32_t bcq_chunks(int32_t columns) {
  return (columns + BCQ_CHUNK - 1) / BCQ_CHUNK;
}

static inline int32_t bcq_tiles(int32_t rows) { return (rows + BCQ_TILE - 1) / BCQ_TILE; }

/* Returns the bytes of a head's keys, and those of its values. */
static inline size_t bcq_key_bytes(int32_t head_width, int32_t capacity) {
  return (size_t)bcq_tiles(capacity) * (size_t)bcq_chunks(head_width) * BCQ_CHUNK_BYTES;
}

static inline size_t bcq_value_bytes(int32_t head_width, int32_t capacity) {
  return (size_t)bcq_tiles(head_width) * (size_t)bcq_chunks(capacity) * BCQ_CHUNK_BYTES;
}

static inline int32_t bcq_spans(int32_t chunks) {
  return (chunks + BCQ_SPAN_CHUNKS - 1) / BCQ_SPAN_CHUNKS;
}

static inline int32_t bcq_groups(const bcq_block *w) {
  return (w->chunks + w->group_chunks - 1) / w->group_chunks;
}

static inline int32_t bcq_slots(const bcq_block *w) { return w->planes + (w->offset ? 1 : 0); }

#endif
