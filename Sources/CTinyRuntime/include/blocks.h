/* Layout `blocks` (see `BlockLayout`): sums over blocks of 16 bytes, four output channels at a time. One set of functions for Helium, one for
 * NEON, one for WebAssembly, and the portable ones that define them. Addresses are numbers, since Swift checks pointers and these were
 * checked before.
 * Weights are never -128, so that two products fit 16 bits. */
#ifndef THIMBLE_BLOCKS_H
#define THIMBLE_BLOCKS_H

#include <stdbool.h>
#include <stdint.h>

#define THIMBLE_INLINE static inline __attribute__((always_inline))

typedef uintptr_t thimble_address;
typedef int32_t thimble_sums __attribute__((vector_size(16)));

/* The rows of a kernel in a ring: each `row_step` bytes after the one before, or from `end` on `ring_bytes` less. */
typedef struct {
  thimble_address end;
  int32_t count, row_step, ring_bytes;
} thimble_rows;

/* (((sum << left_shift) * multiplier >> 32) + offset) >> right_shift, saturated: see `Requantizer`. */
typedef struct {
  int32_t offset, left_shift, right_shift;
} thimble_scale;

/* saturate((x * first + y * second + bias) >> right_shift) */
typedef struct {
  int32_t first, second, bias, right_shift;
} thimble_addition;

/* A row of a depthwise convolution for 16 channels or fewer, whose weights are 16 bytes for each tap. */
typedef struct {
  thimble_address input, weights, constants, output;
  thimble_rows rows;
  int32_t kernel_width, pixels;
  int32_t tap_step;    /* bytes of a pixel, in input and output */
  int32_t column_step; /* input bytes from an output pixel's window to the next */
  int32_t channels;
} thimble_block_depthwise;

/* Blocks of windows that are copied together: room for THIMBLE_PIXELS windows of 10. */
#if defined(__ARM_FEATURE_MVE) || (defined(__ARM_NEON) && !defined(__aarch64__)) || defined(__wasm_simd128__)
#define THIMBLE_COPIED_BLOCKS 20
#else
#define THIMBLE_COPIED_BLOCKS 40
#endif

#define THIMBLE_BYTES(address) ((const int8_t *)(address))

THIMBLE_INLINE thimble_address thimble_next_row(thimble_address x, const thimble_rows *rows) {
  x += rows->row_step;
  return x >= rows->end ? x - rows->ring_bytes : x;
}

#if defined(__ARM_FEATURE_MVE) && !defined(THIMBLE_PORTABLE)
#include "blocks-helium.h"
#elif defined(__ARM_NEON) && !defined(THIMBLE_PORTABLE)
#include "blocks-neon.h"
#elif defined(__wasm_simd128__) && !defined(THIMBLE_PORTABLE)
#include "blocks-wasm.h"
#else
#include "blocks-portable.h"
#endif

/* A pixel's sums for four channels whose weights are not interleaved, or for fewer. */
THIMBLE_INLINE thimble_sums thimble_rest_sums(
  thimble_address x, thimble_rows rows, thimble_address weights, int32_t blocks, int32_t channels) {
  thimble_sums sums = {0, 0, 0, 0};
  int32_t channel = 0;
  do {
    thimble_rows left = rows;
    thimble_address at = x;
    int32_t sum = 0;
    do {
      sum += thimble_dot_blocks(at, weights, blocks);
      weights += 16 * blocks;
      at = thimble_next_row(at, &rows);
    } while (--left.count > 0);
    sums[channel] = sum;
  } while (++channel < channels);
  return sums;
}

/* The windows of a pixel: `run` bytes of each row, one after another. Up to 15 more are read and written. */
THIMBLE_INLINE void thimble_copy_window(
  thimble_address to, thimble_address x, thimble_rows rows, int32_t run) {
  const int32_t blocks = (run + 15) >> 4;
  do {
    thimble_copy(to, x, blocks);
    to += run;
    x = thimble_next_row(x, &rows);
  } while (--rows.count > 0);
}

#endif
