/* Layout `fours`: rows of convolutions, four pixels and four channels at a time, for processors with registers for their 16 sums. In
 * assembly for RISC-V, where a compiler would spill, beside the portable twin that defines it.
 *
 * Weights are bytes, four channels of one input after another; runs are padded with weights of 0 to a multiple of 4 inputs. */
#ifndef THIMBLE_FOURS_H
#define THIMBLE_FOURS_H

#include "convolution.h"

#define THIMBLE_FOURS_UNROLL _Pragma("clang loop unroll(full)")

/* What a tile reads, and its sums, without the bias. The assembly below knows the layout. */
typedef struct thimble_tile_of_four {
  int32_t row_step;      /* bytes from one row of the ring to the next, less those of a run */
  int32_t ring_bytes;    /* bytes of the ring */
  uint32_t rows;         /* rows of the kernel; changed */
  uint32_t rows_to_wrap; /* rows until the ring begins again, at least 1; changed */
  uintptr_t weights;     /* moves on to the next channels' */
  uint32_t run_weights;  /* bytes of weights of a run, 16 for each four inputs */
  uintptr_t inputs[4];   /* int8: where each pixel's first run begins */
  int32_t sums[4][4];    /* by pixel and channel */
} thimble_tile_of_four;

#if defined(__riscv) && __riscv_xlen == 32 && defined(__riscv_mul)
#define THIMBLE_FOURS_CHANNEL(place, s0, s1, s2, s3)                            \
  "lb a5, " place "(a4)\n"                                                      \
  "mul a6, t0, a5\n add " s0 ", " s0 ", a6\n"                                   \
  "mul a6, t1, a5\n add " s1 ", " s1 ", a6\n"                                   \
  "mul a6, t2, a5\n add " s2 ", " s2 ", a6\n"                                   \
  "mul a5, ra, a5\n add " s3 ", " s3 ", a5\n"
#define THIMBLE_FOURS_INPUT(k, w0, w1, w2, w3)                                  \
  "lb t0, " k "(a0)\n lb t1, " k "(a1)\n lb t2, " k "(a2)\n lb ra, " k "(a3)\n" \
  THIMBLE_FOURS_CHANNEL(w0, "s0", "s4", "s8", "t3")                             \
  THIMBLE_FOURS_CHANNEL(w1, "s1", "s5", "s9", "t4")                             \
  THIMBLE_FOURS_CHANNEL(w2, "s2", "s6", "s10", "t5")                            \
  THIMBLE_FOURS_CHANNEL(w3, "s3", "s7", "s11", "t6")

/* a0-a3 inputs, a4 weights, a7 where the row's weights end; the sums in s0-s11 and t3-t6, four for each pixel. No register but gp
 * and tp is left over, so the tile is on the stack. */
static inline void thimble_tile_of_four_run(thimble_tile_of_four *tile) {
  register thimble_tile_of_four *address __asm__("a0") = tile;
  __asm__ volatile(
    "addi sp, sp, -16\n"
    "sw a0, 0(sp)\n"
    "lw a4, 16(a0)\n"
    "lw a7, 20(a0)\n"
    "lw a1, 28(a0)\n"
    "lw a2, 32(a0)\n"
    "lw a3, 36(a0)\n"
    "lw a0, 24(a0)\n"
    "add a7, a7, a4\n"
    "li s0, 0\n li s1, 0\n li s2, 0\n li s3, 0\n"
    "li s4, 0\n li s5, 0\n li s6, 0\n li s7, 0\n"
    "li s8, 0\n li s9, 0\n li s10, 0\n li s11, 0\n"
    "li t3, 0\n li t4, 0\n li t5, 0\n li t6, 0\n"
    "1:\n"
    THIMBLE_FOURS_INPUT("0", "0", "1", "2", "3")
    THIMBLE_FOURS_INPUT("1", "4", "5", "6", "7")
    THIMBLE_FOURS_INPUT("2", "8", "9", "10", "11")
    THIMBLE_FOURS_INPUT("3", "12", "13", "14", "15")
    "addi a0, a0, 4\n"
    "addi a1, a1, 4\n"
    "addi a2, a2, 4\n"
    "addi a3, a3, 4\n"
    "addi a4, a4, 16\n"
    "bne a4, a7, 1b\n"
    "lw t0, 0(sp)\n"
    "lw t1, 8(t0)\n"
    "addi t1, t1, -1\n"
    "sw t1, 8(t0)\n"
    "beqz t1, 3f\n"
    "lw a7, 20(t0)\n"
    "add a7, a7, a4\n"
    "lw t1, 0(t0)\n"
    "lw t2, 12(t0)\n"
    "addi t2, t2, -1\n"
    "sw t2, 12(t0)\n"
    "bnez t2, 2f\n"
    "lw t2, 4(t0)\n"
    "sub t1, t1, t2\n"
    "2:\n"
    "add a0, a0, t1\n"
    "add a1, a1, t1\n"
    "add a2, a2, t1\n"
    "add a3, a3, t1\n"
    "j 1b\n"
    "3:\n"
    "mv a0, t0\n"
    "sw a4, 16(a0)\n"
    "sw s0, 40(a0)\n sw s1, 44(a0)\n sw s2, 48(a0)\n sw s3, 52(a0)\n"
    "sw s4, 56(a0)\n sw s5, 60(a0)\n sw s6, 64(a0)\n sw s7, 68(a0)\n"
    "sw s8, 72(a0)\n sw s9, 76(a0)\n sw s10, 80(a0)\n sw s11, 84(a0)\n"
    "sw t3, 88(a0)\n sw t4, 92(a0)\n sw t5, 96(a0)\n sw t6, 100(a0)\n"
    "addi sp, sp, 16\n"
    : "+r"(address)
    :
    : "memory", "ra", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "s0",
      "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11");
}
#else
static inline void thimble_tile_of_four_run(thimble_tile_of_four *tile) {
  uint32_t sums[4][4] = {{0}};
  for (int32_t offset = 0; tile->rows > 0; tile->rows--) {
    for (uint32_t i = 0; i < tile->run_weights; i++)
      for (int pixel = 0; pixel < 4; pixel++)
        sums[pixel][i % 4] += (uint32_t)(
          ((const int8_t *)tile->inputs[pixel])[offset + (int32_t)(i / 4)] *
          ((const int8_t *)tile->weights)[i]);
    tile->weights += tile->run_weights;
    offset += tile->row_step + (int32_t)(tile->run_weights / 4);
    if (--tile->rows_to_wrap == 0) offset -= tile->ring_bytes;
  }
  for (int i = 0; i < 16; i++) tile->sums[i / 4][i % 4] = (int32_t)sums[i / 4][i % 4];
}
#endif

/* One product after another, or the compiler would load more of them than there are registers. */
#define THIMBLE_FOURS_IN_TURN(input, weights, sums)                             \
  __asm__(""                                                                    \
    : "+r"(input), "+r"(weights), "+r"((sums)[0]), "+r"((sums)[1]), "+r"((sums)[2]), "+r"((sums)[3]))

/* The same for one pixel. */
static inline void thimble_tile_of_four_run_single(thimble_tile_of_four *tile, uint32_t pixel) {
  uint32_t sums[4] = {0, 0, 0, 0};
  const int8_t *input = (const int8_t *)tile->inputs[pixel];
  const int8_t *weights = (const int8_t *)tile->weights;
  for (; tile->rows > 0; tile->rows--) {
    const int8_t *end = weights + tile->run_weights;
    do {
      THIMBLE_FOURS_UNROLL
      for (int i = 0; i < 4; i++) {
        THIMBLE_FOURS_UNROLL
        for (int channel = 0; channel < 4; channel++)
          sums[channel] += (uint32_t)(input[i] * weights[4 * i + channel]);
        THIMBLE_FOURS_IN_TURN(input, weights, sums);
      }
      input += 4;
      weights += 16;
    } while (weights != end);
    input += tile->row_step;
    if (--tile->rows_to_wrap == 0) input -= tile->ring_bytes;
  }
  tile->weights = (uintptr_t)weights;
  for (int channel = 0; channel < 4; channel++) tile->sums[pixel][channel] = (int32_t)sums[channel];
}

/* Sums of the first `count` places of a tile, at row `row` of the ring. */
static inline void thimble_tile_of_four_sum(
  thimble_tile_of_four *tile, const thimble_convolution *c, uint32_t row, uint32_t count, uintptr_t weights) {
  /* Two places take fewer instructions one by one. */
  const uint32_t runs = count > 2 ? 1 : count;
  for (uint32_t run = 0; run < runs; run++) {
    tile->rows = c->kernel_rows;
    tile->rows_to_wrap = c->ring_rows - row;
    tile->weights = weights;
    if (count > 2)
      thimble_tile_of_four_run(tile);
    else
      thimble_tile_of_four_run_single(tile, run);
  }
}

/* How sums become int8: see `Requantizer`. Apart from the row, since the compiler can't know that the output doesn't lie over that. */
typedef struct thimble_fours_scale {
  int32_t offset, right_shift, least, most;
} thimble_fours_scale;

static inline thimble_fours_scale thimble_fours_scale_of(const thimble_convolution *c) {
  int32_t least = -128, most = 127;
  /* Hidden from the compiler, which would load them again for each value. */
  __asm__("" : "+r"(least), "+r"(most));
  return (thimble_fours_scale){c->offset, c->right_shift, least, most};
}

static inline __attribute__((always_inline)) int8_t thimble_fours_scaled(
  thimble_fours_scale scale, int32_t sum, int32_t multiplier) {
  const int32_t high = (int32_t)((int64_t)sum * multiplier >> 32);
  const int32_t value = (int32_t)((uint32_t)high + (uint32_t)scale.offset) >> scale.right_shift;
  const int32_t raised = value < scale.least ? scale.least : value;
  return (int8_t)(raised > scale.most ? scale.most : raised);
}

/* Puts a channel of `pixels` pixels, at least 1, whose bias and multiplier are at `constants`. */
static inline void thimble_fours_put(
  const thimble_convolution *c, const int32_t *sums, uint32_t pixels, const int32_t *constants, int8_t *output) {
  const thimble_fours_scale scale = thimble_fours_scale_of(c);
  const uint32_t bias = (uint32_t)constants[0], step = c->output_step;
  const int32_t multiplier = constants[1], left_shift = c->left_shift;
  do {
    const int32_t sum = (int32_t)(((uint32_t)*sums + bias) << left_shift);
    *output = thimble_fours_scaled(scale, sum, multiplier);
    sums += 4;
    output += step;
  } while (--pixels > 0);
}

/* Takes a place's sums for its pixel, the first ones or those that are larger. */
static inline void thimble_fours_take(int32_t *pixel, const int32_t *sums, int is_first) {
  for (int channel = 0; channel < 4; channel++)
    if (is_first || pixel[channel] < sums[channel]) pixel[channel] = sums[channel];
}

/* Makes `pixels` pixels, at most 4 divided by the columns of the pool, all channels. `column` is where the first one's window begins,
 * in bytes from the start of a row. */
static inline void thimble_fours_pixels(
  const thimble_convolution *c, thimble_tile_of_four *tile, uintptr_t column, uint32_t pixels, int8_t *output) {
  const int is_pooled = c->pool_rows * c->pool_columns > 1;
  const uint32_t count = pixels * c->pool_columns;
  const int32_t *constants = (const int32_t *)c->constants;
  uintptr_t weights = c->weights;
  /* From the first place's input; places that are not needed read the same. */
  uintptr_t offsets[4] = {0};
  for (uint32_t place = 0; place < count; place++)
    offsets[place] =
      place / c->pool_columns * c->pixel_step + place % c->pool_columns * c->pool_column_step;
  for (uint32_t left = c->channels;; left -= 4) {
    int32_t largest[4][4];
    for (uint32_t pool_row = 0; pool_row < c->pool_rows; pool_row++) {
      uint32_t row = c->first_row + pool_row * (uint32_t)c->pool_row_step;
      if (row >= c->ring_rows) row -= c->ring_rows;
      const uintptr_t first = c->ring + row * c->row_bytes + column;
      for (int place = 0; place < 4; place++) tile->inputs[place] = first + offsets[place];
      thimble_tile_of_four_sum(tile, c, row, count, weights);
      if (is_pooled)
        for (uint32_t place = 0; place < count; place++)
          thimble_fours_take(
            largest[place / c->pool_columns], tile->sums[place],
            pool_row == 0 && place % c->pool_columns == 0);
    }
    weights = tile->weights;
    const int32_t *sums = is_pooled ? *largest : *tile->sums;
    for (uint32_t channel = 0; channel < (left < 4 ? left : 4); channel++)
      thimble_fours_put(c, sums + channel, pixels, constants + 2 * channel, output + channel);
    constants += 8;
    output += 4;
    if (left <= 4) return;
  }
}

/* One row of output; of a pool of at most 2 x 2. */
static inline __attribute__((noinline)) void thimble_fours_row(const thimble_convolution *c) {
  const uint32_t run = (c->run + 3) & ~3u, most = 4 / c->pool_columns;
  thimble_tile_of_four tile;
  tile.row_step = (int32_t)c->row_bytes - (int32_t)run;
  tile.ring_bytes = (int32_t)(c->ring_rows * c->row_bytes);
  tile.run_weights = 4 * run;
  uintptr_t column = c->first_column;
  int8_t *output = (int8_t *)c->output;
  for (uint32_t left = c->pixels; left > 0;) {
    const uint32_t pixels = left < most ? left : most;
    thimble_fours_pixels(c, &tile, column, pixels, output);
    column += pixels * c->pixel_step;
    output += pixels * c->output_step;
    left -= pixels;
  }
}

/* One row of output of a 3 x 3 depthwise convolution without a pool or a left shift; weights are (channels / 4, 3, 3, 4). */
static inline __attribute__((noinline)) void thimble_fours_depthwise_row(const thimble_convolution *c) {
  uintptr_t rows[3], column = 0;
  for (uint32_t i = 0, row = c->first_row; i < 3; i++) {
    rows[i] = c->ring + row * c->row_bytes + c->first_column;
    if (++row == c->ring_rows) row = 0;
  }
  const thimble_fours_scale scale = thimble_fours_scale_of(c);
  int8_t *output = (int8_t *)c->output;
  for (uint32_t pixel = 0; pixel < c->pixels; pixel++, column += c->pixel_step) {
    const int8_t *weights = (const int8_t *)c->weights;
    const int32_t *constants = (const int32_t *)c->constants;
    const int8_t *const end = output + c->channels;
    for (uintptr_t at = column; output != end; at += 4, weights += 36, constants += 8, output += 4) {
      uint32_t sums[4];
      THIMBLE_FOURS_UNROLL
      for (int channel = 0; channel < 4; channel++) sums[channel] = (uint32_t)constants[2 * channel];
      THIMBLE_FOURS_UNROLL
      for (int row = 0; row < 3; row++) {
        const int8_t *input = (const int8_t *)(rows[row] + at);
        THIMBLE_FOURS_UNROLL
        for (int tap = 3 * row; tap < 3 * row + 3; tap++, input += c->channels) {
          THIMBLE_FOURS_UNROLL
          for (int channel = 0; channel < 4; channel++)
            sums[channel] += (uint32_t)(input[channel] * weights[4 * tap + channel]);
          THIMBLE_FOURS_IN_TURN(input, weights, sums);
        }
      }
      THIMBLE_FOURS_UNROLL
      for (int channel = 0; channel < 4; channel++)
        output[channel] =
          thimble_fours_scaled(scale, (int32_t)sums[channel], constants[2 * channel + 1]);
    }
  }
}

#endif
