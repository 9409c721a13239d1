/* A tile of a convolution: the sums of a few pixels and channels over all rows of the kernel, without the bias. One
 * function a kernel family, each with a portable twin that defines it. */
#ifndef THIMBLE_TILE_H
#define THIMBLE_TILE_H

#include <stdint.h>

/* What a tile reads, and its sums. The assembly below knows the layout. */
typedef struct thimble_tile {
  int32_t row_step;      /* bytes from one row of the ring to the next, less those of a run */
  int32_t ring_bytes;    /* bytes of the ring */
  uint32_t rows;         /* rows of the kernel; changed */
  uint32_t rows_to_wrap; /* rows until the ring begins again, at least 1; changed */
  uintptr_t input;       /* int8: where the first row's run begins */
  int32_t pixel_step;    /* bytes to the second pixel, less 4 */
  uintptr_t weights;     /* as the layout has them; moves on to the next tile's */
  uint32_t groups;       /* groups of 4 bytes in a run, at least 1 */
  int32_t sums[8];       /* (pixels, channels) */
} thimble_tile;

/* The next row of the ring. */
static inline const int8_t *thimble_tile_next_row(thimble_tile *tile, const int8_t *input) {
  input += tile->row_step;
  if (--tile->rows_to_wrap == 0) input -= tile->ring_bytes;
  return input;
}

/* Layout `pairs`: two pixels, channels a and b. Weights come in groups of two words, the first for bytes 0 and 2 of four
 * inputs, the second for bytes 1 and 3; each half word is 256 b + a, both signed. SXTB16 leaves the a; a SMLAD with the whole
 * word sums 256 b + a, of which the sum of a is then taken away. So a word of weights is widened once for two channels.
 * Exact as long as the sum of b fits 24 bits. */
#if defined(__arm__) && defined(__ARM_FEATURE_DSP) && !defined(THIMBLE_PORTABLE)
#define THIMBLE_PAIRS_GROUP                                                       \
  "ldr r8, [r1], #4\n"                                                          \
  "ldr r9, [r1, r2]\n"                                                          \
  "ldr r11, [r3], #4\n"                                                         \
  "sxtb16 lr, r11\n"                                                            \
  "sxtb16 r10, r8\n"                                                            \
  "smlad r4, r10, lr, r4\n"                                                     \
  "smlad r5, r10, r11, r5\n"                                                    \
  "sxtb16 r10, r9\n"                                                            \
  "smlad r6, r10, lr, r6\n"                                                     \
  "smlad r7, r10, r11, r7\n"                                                    \
  "ldr r11, [r3], #4\n"                                                         \
  "sxtb16 lr, r11\n"                                                            \
  "sxtb16 r8, r8, ror #8\n"                                                     \
  "sxtb16 r9, r9, ror #8\n"                                                     \
  "smlad r4, r8, lr, r4\n"                                                      \
  "smlad r5, r8, r11, r5\n"                                                     \
  "smlad r6, r9, lr, r6\n"                                                      \
  "smlad r7, r9, r11, r7\n"

/* r0 tile, r1 input, r2 pixel step, r3 weights, r4-r7 the sums of a and of 256 b + a for either pixel, r12 groups. An
 * odd number of groups begins in the middle of the loop. */
__attribute__((naked, noinline, used)) static void thimble_tile_pairs(thimble_tile *tile) {
  __asm__ volatile(
    "push {r4-r11, lr}\n"
    "ldr r1, [r0, #16]\n"
    "ldr r2, [r0, #20]\n"
    "ldr r3, [r0, #24]\n"
    "mov r4, #0\n"
    "mov r5, #0\n"
    "mov r6, #0\n"
    "mov r7, #0\n"
    "1:\n"
    "ldr r12, [r0, #28]\n"
    "tst r12, #1\n"
    "bne 3f\n"
    "2:\n" THIMBLE_PAIRS_GROUP
    "3:\n" THIMBLE_PAIRS_GROUP
    "subs r12, r12, #2\n"
    "bgt 2b\n"
    "ldm r0, {r8, r9, r10, r11}\n"
    "add r1, r1, r8\n"
    "subs r11, r11, #1\n"
    "it eq\n"
    "subeq r1, r1, r9\n"
    "subs r10, r10, #1\n"
    "strd r10, r11, [r0, #8]\n"
    "bne 1b\n"
    "str r3, [r0, #24]\n"
    "sub r5, r5, r4\n"
    "sub r7, r7, r6\n"
    "asr r5, r5, #8\n"
    "asr r7, r7, #8\n"
    "add r0, r0, #32\n"
    "stm r0, {r4-r7}\n"
    "pop {r4-r11, pc}\n");
}
#else
static inline void thimble_tile_pairs(thimble_tile *tile) {
  int32_t sums[4] = {0, 0, 0, 0};
  const int8_t *input = (const int8_t *)tile->input;
  const int8_t *weights = (const int8_t *)tile->weights;
  for (; tile->rows > 0; tile->rows--) {
    for (uint32_t group = 0; group < tile->groups; group++, input += 4, weights += 8)
      for (int k = 0; k < 4; k++) {
        const int8_t *pair = weights + (k & 1) * 4 + (k >> 1) * 2;
        /* A negative a has borrowed from b. */
        const int32_t a = pair[0], b = pair[1] + (a < 0);
        const int8_t *second = input + 4 + tile->pixel_step;
        sums[0] += input[k] * a, sums[1] += input[k] * b;
        sums[2] += second[k] * a, sums[3] += second[k] * b;
      }
    input = thimble_tile_next_row(tile, input);
  }
  tile->weights = (uintptr_t)weights;
  for (int i = 0; i < 4; i++) tile->sums[i] = sums[i];
}
#endif

/* Layout `eights`: one pixel, eight channels. Weights are bytes of w + 128, eight channels of one input after another; so they
 * load without a sign. 128 times the sum of the inputs is taken away at the end. */
#if defined(__thumb__) && !defined(__ARM_FEATURE_DSP) && !defined(THIMBLE_PORTABLE)
#if defined(__thumb2__)
#define THIMBLE_EIGHTS_INPUT(k) "ldrsb r2, [r0, #" #k "]\n add r12, r2\n"
#define THIMBLE_EIGHTS_LOW(channel, sum)                                        \
  "ldrb r3, [r1, #" #channel "]\n mla " #sum ", r3, r2, " #sum "\n"
#define THIMBLE_EIGHTS_HIGH THIMBLE_EIGHTS_LOW
#else
#define THIMBLE_EIGHTS_INPUT(k) "ldrb r2, [r0, #" #k "]\n sxtb r2, r2\n add r12, r2\n"
#define THIMBLE_EIGHTS_LOW(channel, sum)                                        \
  "ldrb r3, [r1, #" #channel "]\n muls r3, r2\n adds " #sum ", " #sum ", r3\n"
#define THIMBLE_EIGHTS_HIGH(channel, sum)                                       \
  "ldrb r3, [r1, #" #channel "]\n muls r3, r2\n add " #sum ", r3\n"
#endif
#define THIMBLE_EIGHTS(k, c0, c1, c2, c3, c4, c5, c6, c7)                       \
  THIMBLE_EIGHTS_INPUT(k)                                                       \
  THIMBLE_EIGHTS_LOW(c0, r4)                                                    \
  THIMBLE_EIGHTS_LOW(c1, r5)                                                    \
  THIMBLE_EIGHTS_LOW(c2, r6)                                                    \
  THIMBLE_EIGHTS_LOW(c3, r7)                                                    \
  THIMBLE_EIGHTS_HIGH(c4, r8)                                                   \
  THIMBLE_EIGHTS_HIGH(c5, r9)                                                   \
  THIMBLE_EIGHTS_HIGH(c6, r10)                                                  \
  THIMBLE_EIGHTS_HIGH(c7, r11)

/* r0 input, r1 weights, r2 one input, r3 one weight, r4-r11 the sums, r12 the sum of inputs, lr where the row's weights
 * end; the tile is on the stack. */
__attribute__((naked, noinline, used)) static void thimble_tile_eights(thimble_tile *tile) {
  __asm__ volatile(
    ".syntax unified\n"
    "push {r4-r7, lr}\n"
    "mov r4, r8\n"
    "mov r5, r9\n"
    "mov r6, r10\n"
    "mov r7, r11\n"
    "push {r0, r4-r7}\n"
    "mov r2, r0\n"
    "ldr r0, [r2, #16]\n"
    "ldr r1, [r2, #24]\n"
    "movs r4, #0\n"
    "movs r5, #0\n"
    "movs r6, #0\n"
    "movs r7, #0\n"
    "mov r8, r4\n"
    "mov r9, r4\n"
    "mov r10, r4\n"
    "mov r11, r4\n"
    "mov r12, r4\n"
    "1:\n"
    "ldr r3, [r2, #28]\n"
    "lsls r3, r3, #5\n"
    "adds r3, r3, r1\n"
    "mov lr, r3\n"
    "2:\n"
    THIMBLE_EIGHTS(0, 0, 1, 2, 3, 4, 5, 6, 7)
    THIMBLE_EIGHTS(1, 8, 9, 10, 11, 12, 13, 14, 15)
    THIMBLE_EIGHTS(2, 16, 17, 18, 19, 20, 21, 22, 23)
    THIMBLE_EIGHTS(3, 24, 25, 26, 27, 28, 29, 30, 31)
    "adds r0, #4\n"
    "adds r1, #32\n"
    "cmp r1, lr\n"
    "bne 2b\n"
    "ldr r2, [sp]\n"
    "ldr r3, [r2]\n"
    "adds r0, r0, r3\n"
    "ldr r3, [r2, #12]\n"
    "subs r3, #1\n"
    "str r3, [r2, #12]\n"
    "bne 3f\n"
    "ldr r3, [r2, #4]\n"
    "subs r0, r0, r3\n"
    "3:\n"
    "ldr r3, [r2, #8]\n"
    "subs r3, #1\n"
    "str r3, [r2, #8]\n"
    "beq 4f\n"
    "b 1b\n" /* too far for a condition */
    "4:\n"
    "str r1, [r2, #24]\n"
    "adds r2, #32\n"
    "mov r3, r12\n"
    "lsls r3, r3, #7\n"
    "subs r4, r4, r3\n"
    "subs r5, r5, r3\n"
    "subs r6, r6, r3\n"
    "subs r7, r7, r3\n"
    "stm r2!, {r4-r7}\n"
    "mov r4, r8\n"
    "mov r5, r9\n"
    "mov r6, r10\n"
    "mov r7, r11\n"
    "subs r4, r4, r3\n"
    "subs r5, r5, r3\n"
    "subs r6, r6, r3\n"
    "subs r7, r7, r3\n"
    "stm r2!, {r4-r7}\n"
    "pop {r0, r4-r7}\n"
    "mov r8, r4\n"
    "mov r9, r5\n"
    "mov r10, r6\n"
    "mov r11, r7\n"
    "pop {r4-r7, pc}\n");
}
#else
static inline void thimble_tile_eights(thimble_tile *tile) {
  int32_t sums[8] = {0, 0, 0, 0, 0, 0, 0, 0}, inputs = 0;
  const int8_t *input = (const int8_t *)tile->input;
  const uint8_t *weights = (const uint8_t *)tile->weights;
  for (; tile->rows > 0; tile->rows--) {
    for (const int8_t *end = input + 4 * tile->groups; input < end; input++, weights += 8) {
      const int32_t value = *input;
      inputs += value;
      for (int channel = 0; channel < 8; channel++) sums[channel] += value * weights[channel];
    }
    input = thimble_tile_next_row(tile, input);
  }
  tile->weights = (uintptr_t)weights;
  for (int channel = 0; channel < 8; channel++) tile->sums[channel] = sums[channel] - inputs * 128;
}
#endif

#endif
