/* The inner loops of the kernels for ARM, each a function of its own, for estimates.py to cut out of the assembly. */
#include "neon.c"

#define TABLES(planes, n)                                                                         \
  void estimate_tables_##planes##_##n(                                                                     \
      const uint8_t *bits, const int8_t *tables, size_t stride, int32_t chunks, bcq_f16 *sums) {  \
    byte_sums(planes, n, bits, tables, stride, chunks, sums);                                     \
  }
#define FLOATS(planes)                                                                            \
  void estimate_floats_##planes##_1(                                                                       \
      const uint8_t *bits, const float *tables, size_t stride, int32_t chunks, bcq_f16 *sums) {   \
    float_sums(planes, 1, bits, tables, stride, chunks, sums);                                    \
  }
#define SLICES(planes)                                                                            \
  void estimate_slices_##planes##_1(                                                                       \
      const uint8_t *bits, const uint32_t *slices, size_t stride, int32_t chunks, bcq_f16 *sums) { \
    slice_sums(planes, 1, bits, slices, stride, chunks, sums);                                    \
  }
#define DOTS(n)                                                                                   \
  void estimate_dots_8_##n(                                                                                \
      const uint8_t *w, const bcq_bytes *x, int32_t chunk, int32_t chunks, bcq_f16 *dots) {       \
    tile_dots(1, n, w, 0, x, chunk, chunks, dots);                                                \
  }

TABLES(1, 1)
TABLES(2, 1)
TABLES(3, 1)
TABLES(4, 1)
TABLES(1, 4)
TABLES(2, 4)
TABLES(3, 2)
TABLES(4, 2)
FLOATS(1)
FLOATS(2)
FLOATS(3)
FLOATS(4)
SLICES(1)
SLICES(2)
SLICES(3)
SLICES(4)
DOTS(1)
DOTS(2)
#if defined(BCQ_DOTPROD)
DOTS(4)
#endif
