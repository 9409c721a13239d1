/* A tile of a convolution: the sums of eight channels over all rows of the kernel, without the bias, in assembly for
 * processors that multiply one number at a time, beside the portable twin that defines it. */
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
  uintptr_t weights;     /* as the layout has them; moves on to the next tile's */
  uint32_t groups;       /* groups of 4 bytes in a run, at least 1 */
  int32_t sums[8];       /* by channel; for a pool, the largest of those before and the new ones */
  uint32_t is_pooled;
} thimble_tile;

/* Layout `eights`: one pixel, eight channels. Weights are bytes of w + 128, eight channels of one input after another; so they
 * load without a sign. 128 times the sum of the inputs is taken away at the end. */
#if defined(__thumb__) && !defined(__ARM_FEATURE_DSP)
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

#define THIMBLE_EIGHTS_LARGER(offset, sum)                                      \
  "ldr r1, [r2, #" #offset "]\n cmp " #sum ", r1\n bge 7f\n mov " #sum ", r1\n 7:\n"

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
    "ldr r1, [r2, #20]\n"
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
    "ldr r3, [r2, #24]\n"
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
    "str r1, [r2, #20]\n"
    "ldr r0, [r2, #60]\n"
    "mov r3, r12\n"
    "lsls r3, r3, #7\n"
    "adds r2, #28\n"
    "bl 5f\n"
    "mov r4, r8\n"
    "mov r5, r9\n"
    "mov r6, r10\n"
    "mov r7, r11\n"
    "bl 5f\n"
    "pop {r0, r4-r7}\n"
    "mov r8, r4\n"
    "mov r9, r5\n"
    "mov r10, r6\n"
    "mov r11, r7\n"
    "pop {r4-r7, pc}\n"
    /* Stores r4-r7 less r3, or where they are larger than what is there. */
    "5:\n"
    "subs r4, r4, r3\n"
    "subs r5, r5, r3\n"
    "subs r6, r6, r3\n"
    "subs r7, r7, r3\n"
    "cmp r0, #0\n"
    "beq 6f\n"
    THIMBLE_EIGHTS_LARGER(0, r4)
    THIMBLE_EIGHTS_LARGER(4, r5)
    THIMBLE_EIGHTS_LARGER(8, r6)
    THIMBLE_EIGHTS_LARGER(12, r7)
    "6:\n"
    "stm r2!, {r4-r7}\n"
    "bx lr\n");
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
    input += tile->row_step;
    if (--tile->rows_to_wrap == 0) input -= tile->ring_bytes;
  }
  tile->weights = (uintptr_t)weights;
  for (int channel = 0; channel < 8; channel++) {
    const int32_t sum = sums[channel] - inputs * 128;
    if (!tile->is_pooled || tile->sums[channel] < sum) tile->sums[channel] = sum;
  }
}
#endif

#endif
