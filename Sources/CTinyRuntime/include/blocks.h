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

/* A row of a 3 x 3 convolution over one input channel, a plane, or of a max pool over it of at most 2 x 2. */
typedef struct {
  thimble_address rows[6]; /* the first window's rows, and those of the pool's window below */
  thimble_address weights, constants, output;
  int32_t channels, pixels;
  int32_t column_step;    /* bytes from one output pixel's window to the next */
  int32_t pool_height, pool_width;
  int32_t pool_step;      /* bytes from one column of the pool to the next */
} thimble_block_plane;

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

/* Puts a window of nine bytes together in one block. Up to 7 bytes behind them mean nothing. */
THIMBLE_INLINE void thimble_join_rows(
  uint32_t *block, const thimble_address *rows, int32_t column) {
  uint32_t row[3];
#pragma clang loop unroll(full)
  for (int32_t y = 0; y < 3; y++) __builtin_memcpy(row + y, THIMBLE_BYTES(rows[y] + column), 4);
  block[0] = (row[0] & 0xFFFFFF) | row[1] << 24;
  block[1] = (row[1] >> 8 & 0xFFFF) | row[2] << 16;
  block[2] = row[2] >> 16;
}

/* The sums of the last channels, fewer than four, and their values. */
THIMBLE_INLINE void thimble_put_rest(
  thimble_address windows, int32_t count, bool is_pooled, thimble_address weights,
  thimble_address constants, thimble_scale scale, thimble_address output, int32_t channels,
  int32_t step) {
  const thimble_rows one = {~(thimble_address)0, 1, 0, 0};
  for (int32_t window = 0; window < count; window++)
    thimble_put(
      thimble_rest_sums(windows + 16 * window, one, weights, 1, channels), constants, scale,
      output + window * (is_pooled ? 0 : step), channels, is_pooled && window > 0);
}

/* Four windows together: those of a pool, or of pixels side by side. */
THIMBLE_INLINE void thimble_block_plane_row(thimble_block_plane row, thimble_scale scale) {
  enum { WINDOWS = 4 };
  const bool is_pooled = row.pool_height * row.pool_width > 1;
  /* The last pixels of a row are computed twice, or the only ones singly. */
  const int32_t together = is_pooled || row.pixels < WINDOWS ? 1 : WINDOWS;
  uint32_t blocks[4 * WINDOWS] = {0};
  const thimble_address windows = (thimble_address)blocks;
  int32_t pixel = 0;
  do {
    if (pixel > row.pixels - together) pixel = row.pixels - together;
    for (int32_t window = 0; window < WINDOWS; window++) {
      const bool is_below = window > 1 && row.pool_height > 1;
      const int32_t right =
        is_pooled ? (window & 1 & (row.pool_width - 1)) * row.pool_step
                  : together == 1 ? 0 : window * row.column_step;
      thimble_join_rows(
        blocks + 4 * window, row.rows + (is_below ? 3 : 0), pixel * row.column_step + right);
    }
    thimble_address weights = row.weights, constants = row.constants;
    thimble_address output = row.output + (uint32_t)(pixel * row.channels);
    int32_t left = row.channels;
    for (; left >= 4; left -= 4, weights += 64, constants += 32, output += 4) {
      thimble_sums largest = {INT32_MIN, INT32_MIN, INT32_MIN, INT32_MIN};
#pragma clang loop unroll(full)
      for (int32_t window = 0; window < WINDOWS; window += THIMBLE_PIXELS) {
        const thimble_pixels sums = thimble_run_sums(windows + 16 * window, 16, weights, 1);
        if (together == WINDOWS)
          thimble_put_pixels(sums, constants, scale, output + window * row.channels, row.channels);
        else largest = thimble_largest(largest, thimble_largest_pixel(sums));
      }
      if (together == 1) thimble_put_four(largest, constants, scale, output);
    }
    if (left > 0)
      thimble_put_rest(
        windows, is_pooled ? WINDOWS : together, is_pooled, weights, constants, scale, output, left,
        row.channels);
    pixel += together;
  } while (pixel < row.pixels);
}

#endif
