/* Of the libc that every Android has, what compilers call by themselves as well. */
#ifndef BCQ_STRING_H
#define BCQ_STRING_H

#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memset(void *to, int value, size_t count);

#endif
