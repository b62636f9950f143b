/* A library of another version of the contract. */
#include "bcq_kernels.h"

int32_t bcq_abi_version(void) { return BCQ_ABI_VERSION + 1; }
