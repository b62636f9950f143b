/*
 * Kernels for binary-coded matrices: the contract between the library and whoever calls it.
 *
 * All functions are pure: no state but the level chosen by bcq_initialize, no allocation, no library but
 * memcpy, and on ARM the question what the CPU has. Every level gives the same bits, those of the scalar
 * kernels in Java, whose contract (dev.bcq.runtime.kernels.Kernels) tells what is computed; dense float32
 * products alone may differ in rounding. Pointers need no alignment. The caller answers for sizes: nothing is
 * checked here.
 *
 * Words: a chunk is 32 columns of a matrix, a tile 16 rows, a span 4 chunks of activations that share a
 * scale. Activations are [columns][32 * chunks] floats, padded with zeros.
 */
#ifndef BCQ_KERNELS_H
#define BCQ_KERNELS_H

#include <stdint.h>

/* Changes with every change of this file, and of the native methods in jni.c, that a caller could notice. */
#define BCQ_ABI_VERSION 14

#if defined(_WIN32)
#define BCQ_API __declspec(dllexport)
#else
#define BCQ_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A matrix of bit-planes in layout T16 comes as
 *   bits          [tile][chunk][plane][64]
 *   scales        [tile][group][plane.., offset][16]
 *   planes        1 to 8
 *   group_chunks  chunks that share scales
 *   offset        whether a group has an offset behind its planes' scales
 * and a call computes a range of its tiles.
 */

BCQ_API int32_t bcq_abi_version(void);

/*
 * Chooses the best level of this CPU, at most max_isa; NULL or "" for no bound. The first call that
 * succeeds decides. Returns NULL, or what is wrong: an unknown level, or one that the CPU lacks.
 */
BCQ_API const char *bcq_initialize(const char *max_isa);

/* Returns the active level: "generic", "avx2", "avx2-vnni", "avx512" or, on ARM, "neon", "neon-dotprod". */
BCQ_API const char *bcq_active_isa(void);

/* tables: [column][chunk][low nibbles, high nibbles][octet][16] in the level's own coding; scales: [column][span]. */
BCQ_API void bcq_prepare_byte_tables(
    const float *x, int32_t columns, int32_t chunks, int8_t *tables, float *scales);

/* tables: [column][chunk][octet][low nibble, high nibble][16] */
BCQ_API void bcq_prepare_float_tables(const float *x, int32_t columns, int32_t chunks, float *tables);

/*
 * bytes: [column][chunk][line 0..7][octet], place 4 * line + octet of a chunk is its column 8 * octet + line;
 * scales: [column][span]; sums, of a chunk's bytes: [column][chunk].
 */
BCQ_API void bcq_prepare_bytes(
    const float *x, int32_t columns, int32_t chunks, int8_t *bytes, float *scales, int32_t *sums);

/*
 * The bytes of bcq_prepare_bytes, cut into bits. slices: [column][chunk][8], where bit c of slice i is bit i of
 * column c's two's complement; scales: [column][span]; sums: [column][chunk], the sum of each chunk's bytes.
 */
BCQ_API void bcq_prepare_bit_slices(
    const float *x, int32_t columns, int32_t chunks, uint32_t *slices, float *scales, int32_t *sums);

/* Row r of column j goes to y[y_offset + j * y_stride + r]. group_sums: [column][group], read if there are offsets. */
BCQ_API void bcq_multiply_byte_tables(
    const uint8_t *bits, const float *scales, int32_t rows, int32_t chunks, int32_t planes,
    int32_t group_chunks, int32_t offset, int32_t tile_from, int32_t tile_to, int32_t columns,
    const int8_t *tables, const float *table_scales, const float *group_sums, float *y,
    int32_t y_offset, int32_t y_stride);

BCQ_API void bcq_multiply_float_tables(
    const uint8_t *bits, const float *scales, int32_t rows, int32_t chunks, int32_t planes,
    int32_t group_chunks, int32_t offset, int32_t tile_from, int32_t tile_to, int32_t columns,
    const float *tables, const float *group_sums, float *y, int32_t y_offset, int32_t y_stride);

/* Bit-planes are decoded to int8 weights; bytes, scales, sums as bcq_prepare_bytes leaves them. */
BCQ_API void bcq_multiply_decoded(
    const uint8_t *bits, const float *scales, int32_t rows, int32_t chunks, int32_t planes,
    int32_t group_chunks, int32_t offset, int32_t tile_from, int32_t tile_to, int32_t columns,
    const int8_t *bytes, const float *byte_scales, const int32_t *byte_sums,
    const float *group_sums, float *y, int32_t y_offset, int32_t y_stride);

/*
 * In each segment, the columns that share group and span, the dot product of a plane's signs and the bytes is
 * 2 * (the sum of the bytes where the plane has ones) - (the sum of all).
 */
BCQ_API void bcq_multiply_bit_slices(
    const uint8_t *bits, const float *scales, int32_t rows, int32_t chunks, int32_t planes,
    int32_t group_chunks, int32_t offset, int32_t tile_from, int32_t tile_to, int32_t columns,
    const uint32_t *slices, const float *slice_scales, const int32_t *sums, const float *group_sums,
    float *y, int32_t y_offset, int32_t y_stride);

/* w: [rows][cols]; x: [columns][x_stride]. Any order of additions, fused where the CPU can. */
BCQ_API void bcq_multiply_floats(
    const float *w, int32_t cols, int32_t row_from, int32_t row_to, int32_t columns, const float *x,
    int32_t x_stride, float *y, int32_t y_offset, int32_t y_stride);

/*
 * A matrix of int8 weights comes as
 *   w           [tile][chunk][line 0..7][row][octet] bytes, 128 more than the weights; columns as in
 *               bcq_prepare_bytes
 *   row_scales  [rows]
 * and a call computes a range of its tiles. bytes, scales, sums as bcq_prepare_bytes leaves them.
 */
BCQ_API void bcq_multiply_bytes(
    const uint8_t *w, const float *row_scales, int32_t rows, int32_t chunks, int32_t tile_from,
    int32_t tile_to, int32_t columns, const int8_t *bytes, const float *scales, const int32_t *sums,
    float *y, int32_t y_offset, int32_t y_stride);

/* x: [columns][32 * chunks] */
BCQ_API void bcq_multiply_bytes_by_floats(
    const uint8_t *w, const float *row_scales, int32_t rows, int32_t chunks, int32_t tile_from,
    int32_t tile_to, int32_t columns, const float *x, float *y, int32_t y_offset, int32_t y_stride);

/*
 * Attends with some of the heads of columns of queries that attend to the same positions. Position i has its
 * key in head h at keys[h * head_stride + rows[rows_offset + i] * stride], its value likewise; bias, which is
 * read if biased, is [heads][bias_stride] for the first column and begins bias_step further for each next one;
 * scores is scratch for count values, rounded up to a multiple of 16, of 4 columns.
 */
BCQ_API void bcq_attend(
    const float *query, int32_t query_offset, int32_t query_stride, int32_t columns,
    const float *keys, const float *values, int32_t stride, int32_t head_stride, const int32_t *rows,
    int32_t rows_offset, int32_t count, int32_t head_from, int32_t head_to, int32_t head_width,
    float scale, int32_t biased, const float *bias, int32_t bias_offset, int32_t bias_stride,
    int32_t bias_step, float *scores, float *output, int32_t output_offset, int32_t output_stride);

/*
 * Keys and values in 8 bits come as
 *   tiles     for each head the keys, [capacity][head_width] in tiles as those of bcq_multiply_bytes, columns padded
 *             to a multiple of 32, then the values, [head_width][capacity], rows padded to a multiple of 16
 *   scales    for each head those of the keys, [capacity], then those of the values
 *   capacity  rows, a multiple of 32
 * Position i of column j has row rows[rows_offset + j * rows_stride + i], no row twice in a column, or row i unless
 * listed. bias as in bcq_attend; scores is scratch for 4 columns of count values, rounded up to a multiple of 32,
 * and, if listed, of capacity values.
 */
BCQ_API void bcq_attend_int8(
    const float *query, int32_t query_offset, int32_t query_stride, int32_t columns,
    const uint8_t *tiles, const float *scales, int32_t capacity, int32_t listed, const int32_t *rows,
    int32_t rows_offset, int32_t rows_stride, int32_t count, int32_t head_from, int32_t head_to,
    int32_t head_width, float scale, int32_t biased, const float *bias, int32_t bias_offset,
    int32_t bias_stride, int32_t bias_step, float *scores, float *output, int32_t output_offset,
    int32_t output_stride);

/* Stores some heads' keys and values of columns, [columns][heads * head_width], as rows from row on. */
BCQ_API void bcq_store_key_values(
    const float *keys, int32_t keys_offset, int32_t keys_stride, const float *values,
    int32_t values_offset, int32_t values_stride, int32_t columns, int32_t head_from,
    int32_t head_to, int32_t head_width, uint8_t *tiles, float *scales, int32_t capacity,
    int32_t row);

BCQ_API float bcq_sum_of_exponentials(const float *x, int32_t from, int32_t length, float maximum);

/* Subtracts a number from values. */
BCQ_API void bcq_subtract(float *x, int32_t from, int32_t length, float number);

/* Returns the largest value, minus infinity if there is none. */
BCQ_API float bcq_maximum(const float *x, int32_t from, int32_t length);

/* Returns the first index from..to - 1 with addend + x[index] > bound, or to. */
BCQ_API int32_t bcq_first_above(const float *x, int32_t from, int32_t to, float addend, float bound);

/*
 * Normalizes columns of width values: by their mean and deviation, or, if centered is zero, by their root mean
 * square. bias is read if biased; y may be x.
 */
BCQ_API void bcq_normalize(
    int32_t centered, const float *x, int32_t x_offset, int32_t x_stride, int32_t columns,
    int32_t width, const float *weight, int32_t biased, const float *bias, float epsilon, float *y,
    int32_t y_offset, int32_t y_stride);

/* Adds length values of each column to those of another array, which does not overlap; strides may be zero. */
BCQ_API void bcq_add_columns(
    const float *terms, int32_t terms_offset, int32_t terms_stride, float *sums, int32_t sums_offset,
    int32_t sums_stride, int32_t columns, int32_t length);

/* Values of bcq_activate's function. */
enum { BCQ_RELU, BCQ_SILU, BCQ_GELU_ERF, BCQ_GELU_TANH };

/* Replaces values by their activation. */
BCQ_API void bcq_activate(int32_t function, float *x, int32_t from, int32_t length);

/* Writes a row of bit-planes, its place in its block, as cols floats. */
BCQ_API void bcq_read_row(
    const uint8_t *bits, const float *scales, int32_t chunks, int32_t planes, int32_t group_chunks,
    int32_t offset, int32_t row, int32_t cols, float *to, int32_t to_offset);

#ifdef __cplusplus
}
#endif

#endif
