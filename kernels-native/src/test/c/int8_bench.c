/*
 * Times products of int8 weights, and of bit-planes decoded to them, against what the CPU's instruction for
 * sums of four byte products can do at most: a loop of it on registers alone, measured beside each product.
 *
 * usage: int8_bench
 */
#define _DEFAULT_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "level.h"

#define ROUNDS 25
#define PRODUCTS_OF_A_ROUND 6e7

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

#define DOT(register) "vpdpbusd %%zmm1, %%zmm0, %%zmm" #register "\n\t"
#define DOTS(a, b, c, d, e, f, g, h) DOT(a) DOT(b) DOT(c) DOT(d) DOT(e) DOT(f) DOT(g) DOT(h)

/* Returns byte products in a second, from registers. */
__attribute__((target("avx512f"))) static double peak(void) {
  const int repetitions = 40000;
  double begin = seconds();
  for (int i = 0; i < repetitions; i++) {
    __asm__ volatile(
        DOTS(8, 9, 10, 11, 12, 13, 14, 15) DOTS(16, 17, 18, 19, 20, 21, 22, 23)
            DOTS(24, 25, 26, 27, 28, 29, 30, 31)::
                : "zmm0", "zmm1", "zmm8", "zmm9", "zmm10", "zmm11", "zmm12", "zmm13", "zmm14",
                  "zmm15", "zmm16", "zmm17", "zmm18", "zmm19", "zmm20", "zmm21", "zmm22", "zmm23",
                  "zmm24", "zmm25", "zmm26", "zmm27", "zmm28", "zmm29", "zmm30", "zmm31");
  }
  return repetitions * 24.0 * 64.0 / (seconds() - begin);
}

static void *random_bytes(size_t count) {
  uint8_t *bytes = aligned_alloc(64, (count + 63) / 64 * 64);
  for (size_t i = 0; i < count; i++) {
    bytes[i] = (uint8_t)rand();
  }
  return bytes;
}

static float *ones(size_t count) {
  float *floats = aligned_alloc(64, (count * sizeof(float) + 63) / 64 * 64);
  for (size_t i = 0; i < count; i++) {
    floats[i] = 1;
  }
  return floats;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a;
  double y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Times a product of so many planes, 0 for int8 weights; prints products a second and their share of the peak. */
static void run(int32_t rows, int32_t cols, int32_t columns, int32_t planes) {
  int32_t chunks = cols / BCQ_CHUNK;
  int32_t tiles = rows / BCQ_TILE;
  uint8_t *weights = random_bytes((size_t)rows * (size_t)cols);
  float *scales = ones((size_t)rows * 8);
  int8_t *values = random_bytes((size_t)columns * (size_t)cols);
  float *x_scales = ones((size_t)(columns * bcq_spans(chunks)));
  int32_t *sums = calloc((size_t)(columns * chunks), sizeof *sums);
  float *y = ones((size_t)columns * (size_t)rows);
  bcq_bytes x = {values, x_scales, sums, columns, chunks};
  bcq_int8 int8 = {weights, scales, rows, chunks, 0, tiles};
  bcq_block block = {weights, scales, rows, chunks, planes, chunks, 0, 0, tiles};
  double products = (double)rows * cols * columns;
  int repetitions = 1 + (int)(PRODUCTS_OF_A_ROUND / products);
  double rates[ROUNDS];
  double shares[ROUNDS];
  for (int round = 0; round < ROUNDS; round++) {
    double most = peak();
    double begin = seconds();
    for (int i = 0; i < repetitions; i++) {
      if (planes == 0) {
        bcq_avx512.multiply_bytes(&int8, &x, y, rows);
      } else {
        bcq_avx512.multiply_decoded(&block, &x, NULL, y, rows);
      }
    }
    rates[round] = products * repetitions / (seconds() - begin);
    shares[round] = rates[round] / most;
  }
  qsort(rates, ROUNDS, sizeof *rates, ascending);
  qsort(shares, ROUNDS, sizeof *shares, ascending);
  printf("%4d x %-4d  %2d columns  %-8s  %6.0f G products/s  %3.0f %% of peak\n", rows, cols, columns,
         planes == 0 ? "int8" : planes == 3 ? "3 planes" : "4 planes", rates[ROUNDS / 2] / 1e9,
         100 * shares[ROUNDS / 2]);
  free(weights);
  free(scales);
  free(values);
  free(x_scales);
  free(sums);
  free(y);
}

int main(void) {
  static const int32_t shapes[][2] = {{64, 512}, {512, 512}, {2048, 512}, {512, 2048}};
  static const int32_t columns[] = {1, 4, 32};
  static const int32_t planes[] = {0, 3, 4};
  if (!bcq_runs_here(&bcq_avx512)) {
    fprintf(stderr, "int8_bench needs a CPU with AVX-512, VBMI and VNNI\n");
    return 1;
  }
  for (int kind = 0; kind < 3; kind++) {
    for (int shape = 0; shape < 4; shape++) {
      for (int i = 0; i < 3; i++) {
        run(shapes[shape][0], shapes[shape][1], columns[i], planes[kind]);
      }
    }
  }
  return 0;
}
