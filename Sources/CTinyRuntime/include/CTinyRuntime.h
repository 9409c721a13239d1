/* What the Swift runtime takes from C: single-instruction wrappers, and the C interface it implements. */
#ifndef CTINYRUNTIME_H
#define CTINYRUNTIME_H

#include "thimble.h"

/* (a * b + (c << 32)) >> 32, which is c + floor(a * b / 2^32): SMMLA on Armv6 and Armv7E-M. */
static inline int32_t thimble_multiply_high_accumulate(int32_t a, int32_t b, int32_t c) {
  return (int32_t)(((int64_t)a * b + (int64_t)((uint64_t)(uint32_t)c << 32)) >> 32);
}

#endif
