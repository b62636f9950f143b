/*
 * Runs every kernel of every level that this CPU has on random sizes, with each array between two pages that
 * must not be touched: once at the end of its pages, once at their beginning. Results have the bits of the
 * generic level; dense float32 products are compared within their rounding. The digest of all results but
 * those is the same on every machine.
 */
#define _DEFAULT_SOURCE
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "level.h"

#define MOST_ARRAYS 32

static const int32_t sizes[] = {1, 3, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 260};
static const int32_t column_counts[] = {1, 2, 3, 4, 5, 8};
static const int32_t group_sizes[] = {0, 32, 64, 96, 128};

static int at_end;
static struct {
  void *pages;
  size_t length;
} arrays[MOST_ARRAYS];
static int array_count;
static uint64_t random_state;
static uint64_t digest;

static uint32_t next_random(void) {
  random_state = random_state * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(random_state >> 33);
}

#define PICK(list) (list)[next_random() % (sizeof(list) / sizeof((list)[0]))]

static float random_float(void) { return ((float)next_random() / (float)(1u << 30) - 1.0f) * 3.0f; }

static void fail(const char *what, const char *level, uint64_t seed, size_t at) {
  fprintf(stderr, "%s, level %s, seed %llu: value %zu differs from the generic level's\n", what,
          level, (unsigned long long)seed, at);
  exit(1);
}

/* Returns an array with an untouchable page on both sides, close to one of them. */
static void *allocate(size_t bytes) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  size_t inner = (bytes + page - 1) / page * page;
  inner = inner == 0 ? page : inner;
  uint8_t *pages = mmap(NULL, inner + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED || mprotect(pages + page, inner, PROT_READ | PROT_WRITE) != 0 ||
      array_count == MOST_ARRAYS) {
    fprintf(stderr, "no memory for a test\n");
    exit(1);
  }
  arrays[array_count].pages = pages;
  arrays[array_count++].length = inner + 2 * page;
  return at_end ? pages + page + inner - bytes : pages + page;
}

static void release_all(void) {
  while (array_count > 0) {
    array_count--;
    munmap(arrays[array_count].pages, arrays[array_count].length);
  }
}

static float *random_floats(size_t count) {
  float *array = allocate(count * sizeof(float));
  for (size_t i = 0; i < count; i++) {
    array[i] = random_float();
  }
  return array;
}

static int8_t *random_bytes(size_t count) {
  int8_t *array = allocate(count);
  for (size_t i = 0; i < count; i++) {
    array[i] = (int8_t)((int)(next_random() % 255) - 127);
  }
  return array;
}

/* Returns activations [columns][32 * chunks], padded with zeros. */
static float *activations(int32_t columns, int32_t cols, int32_t chunks) {
  float *x = random_floats((size_t)(columns * chunks * BCQ_CHUNK));
  for (int32_t column = 0; column < columns; column++) {
    for (int32_t i = cols; i < chunks * BCQ_CHUNK; i++) {
      x[column * chunks * BCQ_CHUNK + i] = 0;
    }
  }
  return x;
}

static void compare(
    const char *what, const bcq_level *level, uint64_t seed, const float *expected,
    const float *found, size_t count) {
  for (size_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, found + i, sizeof bits);
    if (memcmp(expected + i, &bits, sizeof bits) != 0) {
      fail(what, level->name, seed, i);
    }
    digest = (digest ^ bits) * 0x100000001b3u;
  }
}

static void bit_planes(const bcq_level *level, uint64_t seed) {
  int32_t rows = PICK(sizes);
  int32_t cols = PICK(sizes);
  int32_t columns = PICK(column_counts);
  int32_t chunks = (cols + BCQ_CHUNK - 1) / BCQ_CHUNK;
  int32_t group_size = PICK(group_sizes);
  bcq_block w = {0};
  w.rows = rows;
  w.chunks = chunks;
  w.planes = 1 + (int32_t)(next_random() % 8);
  w.group_chunks = group_size == 0 ? chunks : group_size / BCQ_CHUNK;
  w.offset = (int32_t)(next_random() % 2);
  int32_t tiles = (rows + BCQ_TILE - 1) / BCQ_TILE;
  w.tile_from = (int32_t)(next_random() % (uint32_t)tiles);
  w.tile_to = w.tile_from + 1 + (int32_t)(next_random() % (uint32_t)(tiles - w.tile_from));
  int32_t groups = bcq_groups(&w);
  w.bits = (const uint8_t *)random_bytes((size_t)(tiles * chunks * w.planes) * BCQ_LINE);
  w.scales = random_floats((size_t)(tiles * groups * bcq_slots(&w)) * BCQ_TILE);
  float *x = activations(columns, cols, chunks);
  float *sums = random_floats(w.offset ? (size_t)(columns * groups) : 0);
  size_t entries = (size_t)(columns * chunks) * BCQ_TABLES;
  size_t scales = (size_t)(columns * bcq_spans(chunks));
  size_t results = (size_t)(columns * rows);
  const bcq_level *levels[2] = {&bcq_generic, level};
  float *byte_results[2];
  float *float_results[2];
  float *slice_results[2];
  float *table_scales[2];
  float *decoded_results[2];
  float *slice_scales[2];
  for (int i = 0; i < 2; i++) {
    int8_t *tables = allocate(entries);
    float *float_tables = allocate(entries * sizeof(float));
    uint32_t *slices = allocate((size_t)(columns * chunks * BCQ_SLICES) * sizeof(uint32_t));
    int32_t *chunk_sums = allocate((size_t)(columns * chunks) * sizeof(int32_t));
    table_scales[i] = allocate(scales * sizeof(float));
    slice_scales[i] = allocate(scales * sizeof(float));
    byte_results[i] = allocate(results * sizeof(float));
    float_results[i] = allocate(results * sizeof(float));
    slice_results[i] = allocate(results * sizeof(float));
    memset(byte_results[i], 0, results * sizeof(float));
    memset(float_results[i], 0, results * sizeof(float));
    memset(slice_results[i], 0, results * sizeof(float));
    levels[i]->prepare_byte_tables(x, columns, chunks, tables, table_scales[i]);
    levels[i]->prepare_float_tables(x, columns, chunks, float_tables);
    levels[i]->prepare_bit_slices(x, columns, chunks, slices, slice_scales[i], chunk_sums);
    levels[i]->multiply_byte_tables(
        &w, columns, tables, table_scales[i], sums, byte_results[i], rows);
    levels[i]->multiply_float_tables(&w, columns, float_tables, sums, float_results[i], rows);
    int8_t *bytes = allocate((size_t)(columns * chunks) * BCQ_CHUNK);
    float *byte_scales = allocate(scales * sizeof(float));
    int32_t *byte_sums = allocate((size_t)(columns * chunks) * sizeof(int32_t));
    decoded_results[i] = allocate(results * sizeof(float));
    memset(decoded_results[i], 0, results * sizeof(float));
    levels[i]->prepare_bytes(x, columns, chunks, bytes, byte_scales, byte_sums);
    bcq_bytes prepared = {bytes, byte_scales, byte_sums, columns, chunks};
    levels[i]->multiply_decoded(&w, &prepared, sums, decoded_results[i], rows);
    levels[i]->multiply_bit_slices(
        &w, columns, slices, slice_scales[i], chunk_sums, sums, slice_results[i], rows);
  }
  int32_t row = (int32_t)(next_random() % (uint32_t)rows);
  float *row_results[2];
  for (int i = 0; i < 2; i++) {
    row_results[i] = allocate((size_t)cols * sizeof(float));
    levels[i]->read_row(&w, row, cols, row_results[i]);
  }
  compare("row", level, seed, row_results[0], row_results[1], (size_t)cols);
  compare("scales of bit-slices", level, seed, slice_scales[0], slice_scales[1], scales);
  compare("bit-slices", level, seed, slice_results[0], slice_results[1], results);
  compare("scales of byte tables", level, seed, table_scales[0], table_scales[1], scales);
  compare("byte tables", level, seed, byte_results[0], byte_results[1], results);
  compare("bit-planes decoded", level, seed, decoded_results[0], decoded_results[1], results);
  compare("float tables", level, seed, float_results[0], float_results[1], results);
}

static void dense(const bcq_level *level, uint64_t seed) {
  int32_t rows = PICK(sizes);
  int32_t cols = PICK(sizes);
  int32_t columns = PICK(column_counts);
  int32_t chunks = (cols + BCQ_CHUNK - 1) / BCQ_CHUNK;
  int32_t padded = chunks * BCQ_CHUNK;
  size_t results = (size_t)(columns * rows);
  int32_t from = (int32_t)(next_random() % (uint32_t)rows);
  int32_t tiles = (rows + BCQ_TILE - 1) / BCQ_TILE;
  float *x = activations(columns, cols, chunks);
  float *w = random_floats((size_t)(rows * cols));
  int8_t *weights = random_bytes((size_t)(tiles * chunks) * BCQ_CHUNK_BYTES);
  float *row_scales = random_floats((size_t)rows);
  bcq_int8 int8 = {
      (const uint8_t *)weights, row_scales, rows, chunks, (int32_t)(next_random() % (uint32_t)tiles),
      tiles};
  const bcq_level *levels[2] = {&bcq_generic, level};
  float *floats[2];
  float *bytes[2];
  float *mixed[2];
  for (int i = 0; i < 2; i++) {
    int8_t *inputs = allocate((size_t)(columns * padded));
    float *scales = allocate((size_t)(columns * bcq_spans(chunks)) * sizeof(float));
    int32_t *sums = allocate((size_t)(columns * chunks) * sizeof(int32_t));
    floats[i] = allocate(results * sizeof(float));
    bytes[i] = allocate(results * sizeof(float));
    mixed[i] = allocate(results * sizeof(float));
    memset(floats[i], 0, results * sizeof(float));
    memset(bytes[i], 0, results * sizeof(float));
    memset(mixed[i], 0, results * sizeof(float));
    levels[i]->prepare_bytes(x, columns, chunks, inputs, scales, sums);
    levels[i]->multiply_floats(w, cols, from, rows, columns, x, padded, floats[i], rows);
    bcq_bytes prepared = {inputs, scales, sums, columns, chunks};
    levels[i]->multiply_bytes(&int8, &prepared, bytes[i], rows);
    levels[i]->multiply_bytes_by_floats(&int8, columns, x, mixed[i], rows);
  }
  compare("int8 by int8", level, seed, bytes[0], bytes[1], results);
  compare("int8 by float32", level, seed, mixed[0], mixed[1], results);
  for (size_t i = 0; i < results; i++) {
    /* Terms are within 9; both sums are off by less than this. */
    if (!(fabsf(floats[0][i] - floats[1][i]) <= (float)cols * (float)cols * 9.0f * 1.2e-7f)) {
      fail("float32", level->name, seed, i);
    }
  }
}

static void attention(const bcq_level *level, uint64_t seed) {
  static const int32_t widths[] = {1, 8, 16, 24, 64, 80, 128};
  int32_t columns = PICK(column_counts);
  int32_t heads = 1 + (int32_t)(next_random() % 3);
  int32_t count = 1 + (int32_t)(next_random() % 70);
  bcq_head head = {.count = count, .head_width = PICK(widths), .scale = 0.3f};
  int32_t width = heads * head.head_width;
  int by_heads = next_random() % 2;
  head.stride = (by_heads ? head.head_width : width) + (int32_t)(next_random() % 5);
  head.head_stride = by_heads ? count * head.stride : head.head_width;
  head.query_stride = width + (int32_t)(next_random() % 3);
  size_t cache = (size_t)(
      (count - 1) * head.stride + (heads - 1) * head.head_stride + head.head_width);
  size_t queries = (size_t)((columns - 1) * head.query_stride + width);
  head.query = random_floats(queries);
  head.keys = random_floats(cache);
  head.values = random_floats(cache);
  int32_t bias_stride = count + columns - 1;
  if (next_random() % 2) {
    /* That of each further column begins one earlier. */
    head.bias = random_floats((size_t)(heads * bias_stride)) + columns - 1;
    head.bias_step = -1;
  }
  int32_t *rows = allocate((size_t)count * sizeof(int32_t));
  for (int32_t i = 0; i < count; i++) {
    rows[i] = (int32_t)(next_random() % (uint32_t)count);
  }
  head.rows = rows;
  float *outputs[2];
  float sums[2];
  const bcq_level *levels[2] = {&bcq_generic, level};
  for (int i = 0; i < 2; i++) {
    float *scores = allocate((size_t)(4 * ((count + 15) & -16)) * sizeof(float));
    outputs[i] = allocate(queries * sizeof(float));
    memset(outputs[i], 0, queries * sizeof(float));
    levels[i]->attend(
        &head, heads, bias_stride, columns, scores, outputs[i], head.query_stride);
    sums[i] = levels[i]->sum_of_exponentials(head.keys, (int32_t)cache, 3.0f);
  }
  compare("attention", level, seed, outputs[0], outputs[1], queries);
  compare("sum of exponentials", level, seed, sums, sums + 1, 1);
  for (int i = 0; i < 2; i++) {
    levels[i]->subtract(outputs[i], (int32_t)queries, sums[i]);
  }
  compare("differences", level, seed, outputs[0], outputs[1], queries);
}

static void int8_attention(const bcq_level *level, uint64_t seed) {
  static const int32_t widths[] = {1, 8, 16, 24, 64, 80, 128, 144, 300};
  int32_t columns = PICK(column_counts);
  int32_t heads = 1 + (int32_t)(next_random() % 3);
  int32_t count = 1 + (int32_t)(next_random() % 200);
  bcq_int8_head head = {.count = count, .head_width = PICK(widths), .scale = 0.3f};
  int32_t width = heads * head.head_width;
  int listed = next_random() % 2;
  int32_t stored = listed ? count + (int32_t)(next_random() % (uint32_t)count) : count;
  head.capacity = (stored + (int32_t)(next_random() % 2) * 32 + 31) & -32;
  head.query_stride = width + (int32_t)(next_random() % 3);
  size_t queries = (size_t)((columns - 1) * head.query_stride + width);
  head.query = random_floats(queries);
  int32_t bias_stride = count + columns - 1;
  if (next_random() % 2) {
    head.bias = random_floats((size_t)(heads * bias_stride)) + columns - 1;
    head.bias_step = -(int32_t)(next_random() % 2);
  }
  int32_t *rows = NULL;
  if (listed) {
    /* Rows in their order, or backwards: none twice. */
    head.rows_stride = count;
    rows = allocate((size_t)(columns * count) * sizeof(int32_t));
    for (int32_t i = 0; i < columns * count; i++) {
      int32_t row = i % count;
      rows[i] = i / count % 2 ? stored - 1 - row : row;
    }
  }
  head.rows = rows;
  size_t stores = (size_t)(stored * width);
  const float *keys = random_floats(stores);
  const float *values = random_floats(stores);
  size_t tile_bytes = (size_t)heads * (bcq_key_bytes(head.head_width, head.capacity) +
                                       bcq_value_bytes(head.head_width, head.capacity));
  size_t scale_count = 2 * (size_t)(heads * head.capacity);
  const int8_t *noise = random_bytes(tile_bytes);
  size_t scratch = 4 * (size_t)(((count + 31) & -32) + (listed ? head.capacity : 0));
  float *outputs[2];
  float *scales[2];
  uint8_t *tiles[2];
  const bcq_level *levels[2] = {&bcq_generic, level};
  for (int i = 0; i < 2; i++) {
    tiles[i] = allocate(tile_bytes);
    memcpy(tiles[i], noise, tile_bytes);
    scales[i] = allocate(scale_count * sizeof(float));
    memset(scales[i], 0xff, scale_count * sizeof(float));
    int32_t half = stored / 2;
    for (int32_t head_from = 0; head_from < heads; head_from += i == 0 ? heads : 1) {
      int32_t head_to = i == 0 ? heads : head_from + 1;
      levels[i]->store_key_values(
          keys, width, values, width, half, head_from, head_to, head.head_width, tiles[i],
          scales[i], head.capacity, 0);
      levels[i]->store_key_values(
          keys + half * width, width, values + half * width, width, stored - half, head_from,
          head_to, head.head_width, tiles[i], scales[i], head.capacity, half);
    }
    outputs[i] = allocate(queries * sizeof(float));
    memset(outputs[i], 0, queries * sizeof(float));
    head.tiles = tiles[i];
    head.scales = scales[i];
    float *scores = allocate(scratch * sizeof(float));
    levels[i]->attend_int8(
        &head, heads, bias_stride, columns, scores, outputs[i], head.query_stride);
  }
  if (memcmp(tiles[0], tiles[1], tile_bytes) != 0) {
    fail("tiles of keys and values", level->name, seed, 0);
  }
  compare("scales of keys and values", level, seed, scales[0], scales[1], scale_count);
  compare("attention in 8 bits", level, seed, outputs[0], outputs[1], queries);
}

static void vectors(const bcq_level *level, uint64_t seed) {
  int32_t width = PICK(sizes);
  int32_t function = (int32_t)(next_random() % 4);
  float addend = random_float();
  float *x = random_floats((size_t)width);
  float *weight = random_floats((size_t)width);
  float *bias = next_random() % 2 ? random_floats((size_t)width) : NULL;
  const bcq_level *levels[2] = {&bcq_generic, level};
  float *normed[2][2];
  float *activated[2];
  float *summed[2];
  float numbers[2][2];
  for (int i = 0; i < 2; i++) {
    for (int centered = 0; centered < 2; centered++) {
      normed[centered][i] = allocate((size_t)width * sizeof(float));
      levels[i]->normalize(centered, x, width, weight, bias, 1e-6f, normed[centered][i]);
    }
    activated[i] = allocate((size_t)width * sizeof(float));
    memcpy(activated[i], x, (size_t)width * sizeof(float));
    levels[i]->activate(function, activated[i], width);
    summed[i] = allocate((size_t)width * sizeof(float));
    memcpy(summed[i], x, (size_t)width * sizeof(float));
    levels[i]->add(weight, summed[i], width);
    numbers[i][0] = levels[i]->maximum(x, width);
    numbers[i][1] = (float)levels[i]->first_above(x, 0, width, addend, numbers[0][0] * 0.9f + addend);
  }
  compare("root mean square norm", level, seed, normed[0][0], normed[0][1], (size_t)width);
  compare("layer norm", level, seed, normed[1][0], normed[1][1], (size_t)width);
  compare("activation", level, seed, activated[0], activated[1], (size_t)width);
  compare("sum", level, seed, summed[0], summed[1], (size_t)width);
  compare("maximum and first above", level, seed, numbers[0], numbers[1], 2);
}

int main(int argc, char **argv) {
  uint64_t seeds = argc > 1 ? strtoull(argv[1], NULL, 10) : 300;
  const bcq_level *here[] = {
      &bcq_generic,
#if defined(__x86_64__)
      &bcq_avx2,
#if defined(BCQ_AVX_VNNI)
      &bcq_avx2_vnni,
#endif
      &bcq_avx512,
#elif defined(__aarch64__)
      &bcq_neon,
      &bcq_neon_dotprod,
#endif
  };
  bcq_level levels[sizeof here / sizeof here[0]];
  int count = 0;
  for (size_t i = 0; i < sizeof here / sizeof here[0]; i++) {
    if (bcq_runs_here(here[i])) {
      levels[count++] = bcq_whole(here[i]);
    }
  }
  for (int i = 0; i < count; i++) {
    digest = 0;
    for (uint64_t seed = 0; seed < seeds; seed++) {
      for (at_end = 0; at_end < 2; at_end++) {
        random_state = seed;
        bit_planes(&levels[i], seed);
        release_all();
        dense(&levels[i], seed);
        release_all();
        attention(&levels[i], seed);
        release_all();
        int8_attention(&levels[i], seed);
        release_all();
        vectors(&levels[i], seed);
        release_all();
      }
    }
    printf("%s: %llu sizes of every kernel within their arrays, digest %016llx\n", levels[i].name,
           (unsigned long long)seeds, (unsigned long long)digest);
  }
  return 0;
}
