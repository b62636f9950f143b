/*
 * The AVX2 level of CPUs that add up four byte products in one instruction, without having AVX-512: Intel's from
 * Alder Lake on. It multiplies bytes, and leaves all else to the other level.
 */
#define BCQ_AVX2_VNNI
#include "avx2.c"

const bcq_level bcq_avx2_vnni = {
    .name = "avx2-vnni",
    .rest = &bcq_avx2,
    .multiply_decoded = multiply_decoded,
    .multiply_bytes = multiply_bytes,
    .attend_int8 = attend_int8,
};
