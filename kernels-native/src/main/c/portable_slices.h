/* Bit-slices where registers have no mask of sign bits. */
#ifndef BCQ_PORTABLE_SLICES_H
#define BCQ_PORTABLE_SLICES_H

#include "tables.h"

/*
 * Cuts a chunk's bytes into bits, octet by octet: exchanges bit i of byte j for bit j of byte i (Warren, Hacker's
 * Delight, section 7-3).
 */
BCQ_INLINE void store_slices(uint32_t *slices, const int8_t *bytes) {
  uint8_t octets[BCQ_SLICES][4];
  for (int octet = 0; octet < 4; octet++) {
    uint64_t bits;
    memcpy(&bits, bytes + 8 * octet, sizeof bits);
    uint64_t moved = (bits ^ (bits >> 7)) & 0x00aa00aa00aa00aau;
    bits ^= moved ^ (moved << 7);
    moved = (bits ^ (bits >> 14)) & 0x0000cccc0000ccccu;
    bits ^= moved ^ (moved << 14);
    moved = (bits ^ (bits >> 28)) & 0x00000000f0f0f0f0u;
    bits ^= moved ^ (moved << 28);
    for (int slice = 0; slice < BCQ_SLICES; slice++) {
      octets[slice][octet] = (uint8_t)(bits >> (8 * slice));
    }
  }
  memcpy(slices, octets, sizeof octets);
}

#endif
