/* Layout `sixteens`, for x86-64 with AVX512-VNNI: rows of convolutions and of dense layers, 16 output channels at a time. The
 * portable functions define them and run on every machine.
 *
 * Weights are blocks of 16 channels, the last one padded with zeros. A block begins with 16 corrections of the bias, -128 times
 * the sum of a channel's weights: VPDPBUSD takes unsigned inputs, so 128 is added to each. Then for each row of the kernel, for each
 * four inputs of its run, four weights of each channel. */
#ifndef THIMBLE_SIXTEENS_H
#define THIMBLE_SIXTEENS_H

#include "convolution.h"

#if defined(__AVX512VNNI__) && defined(__AVX512BW__) && !defined(THIMBLE_PORTABLE)
#include <immintrin.h>
#include <string.h>
#define THIMBLE_VNNI 1
#else
#define THIMBLE_VNNI 0
#endif

/* Bytes of a block of 16 channels, for kernels of `rows` rows of `run` inputs. */
static inline uintptr_t thimble_sixteens_block_bytes(uintptr_t rows, uintptr_t run) {
  return 64 + rows * ((run + 3) / 4) * 64;
}

/* The weights of `channel` for four inputs, in a row of the kernel. */
static inline const int8_t *thimble_sixteens_weights(
  uintptr_t weights, uintptr_t rows, uintptr_t run, uintptr_t channel, uintptr_t row, uintptr_t group) {
  const uintptr_t block = channel / 16 * thimble_sixteens_block_bytes(rows, run);
  return (const int8_t *)weights + block + 64 + (row * ((run + 3) / 4) + group) * 64 + channel % 16 * 4;
}

/* Row `row` of the window. */
static inline const int8_t *thimble_sixteens_input(const thimble_convolution *c, uintptr_t row) {
  const uintptr_t place = c->first_row + row;
  return (const int8_t *)c->ring + (place < c->ring_rows ? place : place - c->ring_rows) * c->row_bytes
    + c->first_column;
}

static inline int32_t thimble_sixteens_sum(
  const thimble_convolution *c, uintptr_t channel, uintptr_t first_row, uintptr_t column) {
  uint32_t sum = 0;
  for (uintptr_t row = 0; row < c->kernel_rows; row++) {
    const int8_t *inputs = thimble_sixteens_input(c, first_row + row) + column;
    for (uintptr_t i = 0; i < c->run; i++) {
      const int8_t *weights = thimble_sixteens_weights(c->weights, c->kernel_rows, c->run, channel, row, i / 4);
      sum += (uint32_t)(inputs[i] * weights[i % 4]);
    }
  }
  return (int32_t)sum;
}

static inline void thimble_sixteens_row_portable(const thimble_convolution *c) {
  const int32_t *constants = (const int32_t *)c->constants;
  int8_t *output = (int8_t *)c->output;
  for (uintptr_t pixel = 0; pixel < c->pixels; pixel++)
    for (uintptr_t channel = 0; channel < c->channels; channel++) {
      int32_t largest = INT32_MIN;
      for (uintptr_t y = 0; y < c->pool_rows; y++)
        for (uintptr_t x = 0; x < c->pool_columns; x++) {
          const int32_t sum = (int32_t)(
            (uint32_t)constants[2 * channel]
            + (uint32_t)thimble_sixteens_sum(
              c, channel, y * c->pool_row_step, pixel * c->pixel_step + x * c->pool_column_step));
          if (sum > largest) largest = sum;
        }
      const int64_t product = (int64_t)(int32_t)((uint32_t)largest << c->left_shift) * constants[2 * channel + 1];
      const int32_t value =
        (int32_t)((uint32_t)(product >> 32) + (uint32_t)c->offset) >> c->right_shift;
      *output++ = (int8_t)(value < -128 ? -128 : value > 127 ? 127 : value);
    }
}

/* Adds row `row` of a dense layer's `rows` to its sums, which begin as the biases. */
static inline void thimble_sixteens_dense_portable(
  uintptr_t input, uintptr_t run, uintptr_t row, uintptr_t rows, uintptr_t weights, uintptr_t sums,
  uintptr_t channels) {
  const int8_t *inputs = (const int8_t *)input;
  for (uintptr_t channel = 0; channel < channels; channel++) {
    uint32_t sum = 0;
    for (uintptr_t i = 0; i < run; i++)
      sum += (uint32_t)(inputs[i] * thimble_sixteens_weights(weights, rows, run, channel, row, i / 4)[i % 4]);
    ((uint32_t *)sums)[channel] += sum;
  }
}

#if THIMBLE_VNNI
#include "vnni.h"
#endif

/* One row of output. */
static inline void thimble_sixteens_row(const thimble_convolution *c) {
#if THIMBLE_VNNI
  if (thimble_vnni_row(c)) return;
#endif
  thimble_sixteens_row_portable(c);
}

static inline void thimble_sixteens_dense(
  uintptr_t input, uintptr_t run, uintptr_t row, uintptr_t rows, uintptr_t weights, uintptr_t sums,
  uintptr_t channels) {
#if THIMBLE_VNNI
  thimble_vnni_dense(input, run, row, rows, weights, sums, channels);
#else
  thimble_sixteens_dense_portable(input, run, row, rows, weights, sums, channels);
#endif
}

#endif
