/* What the Swift runtime takes from C: single-instruction wrappers, and the C interface it implements. */
#ifndef CTINYRUNTIME_H
#define CTINYRUNTIME_H

#include <stdbool.h>

#include "sixteens.h"
#include "thimble.h"
#include "blocks.h"
#include "depthwise.h"
#include "fours.h"
#include "pairs.h"
#include "plane.h"
#include "profile.h"
#include "tile.h"

/* The weight layout that this processor is fastest with (`WeightLayout`'s numbers). */
static inline uint8_t thimble_native_layout(void) {
#if defined(__ARM_FEATURE_MVE) || defined(__ARM_NEON) || defined(__wasm_simd128__)
  return 4;
#elif defined(__ARM_FEATURE_DSP)
  return 1;
#elif defined(__arm__)
  return 2;
#elif defined(__riscv)
  return 5;
#elif THIMBLE_VNNI
  return 3;
#else
  return 0;
#endif
}

/* Whether every layout can be used: on the machines that make model files. */
static inline bool thimble_knows_all_layouts(void) {
#if defined(__linux__) || defined(__APPLE__) || defined(_WIN32)
  return true;
#else
  return false;
#endif
}

/* The ops by the names of docs/format.md: bit n for the op of code n; one for dilation; one for the kernels
 * of 3 x 3 convolutions over one channel, without which those for any window do; and one for weights of less
 * than 8 bits. */
#define THIMBLE_OP_conv (1 << 1)
#define THIMBLE_OP_depthwise (1 << 2)
#define THIMBLE_OP_dense (1 << 3)
#define THIMBLE_OP_maxpool (1 << 4)
#define THIMBLE_OP_avgpool (1 << 5)
#define THIMBLE_OP_globalavgpool (1 << 6)
#define THIMBLE_OP_add (1 << 7)
#define THIMBLE_OP_softmax (1 << 8)
#define THIMBLE_OP_table (1 << 9)
#define THIMBLE_OP_multiply (1 << 10)
#define THIMBLE_OP_concat (1 << 11)
#define THIMBLE_OP_reshape (1 << 12)
#define THIMBLE_OP_upsample (1 << 13)
#define THIMBLE_OP_argmax (1 << 14)
#define THIMBLE_OP_dilation (1 << 15)
#define THIMBLE_OP_plane (1 << 16)
#define THIMBLE_OP_packed (1 << 17)

/* The ones that this build can run: all, unless it was told. */
#ifndef THIMBLE_OPS
#define THIMBLE_OPS 0x3FFFE
#endif
static inline uint32_t thimble_ops(void) {
  return THIMBLE_OPS & ~(THIMBLE_OP_dilation | THIMBLE_OP_plane | THIMBLE_OP_packed);
}
static inline bool thimble_knows_dilation(void) { return THIMBLE_OPS & THIMBLE_OP_dilation; }
static inline bool thimble_has_planes(void) { return THIMBLE_OPS & THIMBLE_OP_plane; }

/* (a * b + (c << 32)) >> 32, which is c + floor(a * b / 2^32): SMMLA on Armv6 and Armv7E-M. */
static inline int32_t thimble_multiply_high_accumulate(int32_t a, int32_t b, int32_t c) {
#if defined(__ARM_ARCH_6M__)
  /* No long multiply: four products of half words, the carries kept (H. S. Warren, Hacker's Delight, 8-2). */
  const uint32_t a0 = a & 0xFFFF, b0 = b & 0xFFFF;
  const int32_t a1 = a >> 16, b1 = b >> 16;
  const int32_t middle = a1 * (int32_t)b0 + (int32_t)(a0 * b0 >> 16);
  const int32_t other = (int32_t)a0 * b1 + (middle & 0xFFFF);
  return c + a1 * b1 + (middle >> 16) + (other >> 16);
#else
  return (int32_t)(((int64_t)a * b + (int64_t)((uint64_t)(uint32_t)c << 32)) >> 32);
#endif
}

#endif
