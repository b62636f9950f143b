/*
 * The NEON level of CPUs from ARMv8.2 on that have the dot product: it multiplies bytes, and leaves all else to
 * the other level.
 */
#define BCQ_DOTPROD
#include "neon.c"

const bcq_level bcq_neon_dotprod = {
    .name = "neon-dotprod",
    .rest = &bcq_neon,
    .multiply_decoded = multiply_decoded,
    .multiply_bytes = multiply_bytes,
    .attend_int8 = attend_int8,
};
