/* The NEON level of CPUs from ARMv8.2 on that have the dot product. */
#define BCQ_DOTPROD
#include "neon.c"
