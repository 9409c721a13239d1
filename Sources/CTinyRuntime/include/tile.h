/* A tile of a convolution: the sums of a few pixels and channels over all rows of the kernel, without the bias. One
 * function a kernel family, each with a portable twin that defines it. */
#ifndef THIMBLE_TILE_H
#define THIMBLE_TILE_H

#include <stdint.h>

#if defined(__arm__) && defined(__ARM_FEATURE_DSP)
#define THIMBLE_DSP
#include <arm_acle.h>

/* Four bytes at any address. */
static inline uint32_t thimble_word(const int8_t *bytes) {
  uint32_t word;
  __builtin_memcpy(&word, bytes, 4);
  return word;
}
#endif

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
  int32_t sums[8];       /* (pixels, channels); for a pool, the largest of those before and of either pixel's, by channel */
  uint32_t is_pooled;
  uint8_t patches[128];  /* see thimble_tile_gather */
} thimble_tile;

/* The next row of the ring. */
static inline const int8_t *thimble_tile_next_row(thimble_tile *tile, const int8_t *input) {
  input += tile->row_step;
  if (--tile->rows_to_wrap == 0) input -= tile->ring_bytes;
  return input;
}

/* The sum `index` of a tile of `channels`, or what it makes of the largest one so far. */
static inline void thimble_tile_take(thimble_tile *tile, int index, int channels, int32_t sum) {
  if (!tile->is_pooled)
    tile->sums[index] = sum;
  else if (tile->sums[index % channels] < sum)
    tile->sums[index % channels] = sum;
}

/* Layout `pairs`: two pixels, channels a and b. Weights come in groups of two words, the first for bytes 0 and 2 of four
 * inputs, the second for bytes 1 and 3; each half word is 256 b + a, both signed. SXTB16 leaves the a; a SMLAD with the whole
 * word sums 256 b + a, of which the sum of a is then taken away. So a word of weights is widened once for two channels.
 * Exact as long as the sum of b fits 24 bits. */
#if defined(THIMBLE_DSP)
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
    "ldr r8, [r0, #64]\n"
    "sub r5, r5, r4\n"
    "sub r7, r7, r6\n"
    "asr r5, r5, #8\n"
    "asr r7, r7, #8\n"
    "cmp r8, #0\n"
    "bne 4f\n"
    "add r0, r0, #32\n"
    "stm r0, {r4-r7}\n"
    "pop {r4-r11, pc}\n"
    "4:\n"
    "ldrd r8, r9, [r0, #32]\n"
    "cmp r4, r6\n"
    "it lt\n"
    "movlt r4, r6\n"
    "cmp r5, r7\n"
    "it lt\n"
    "movlt r5, r7\n"
    "cmp r8, r4\n"
    "it lt\n"
    "movlt r8, r4\n"
    "cmp r9, r5\n"
    "it lt\n"
    "movlt r9, r5\n"
    "strd r8, r9, [r0, #32]\n"
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
  for (int i = 0; i < 4; i++) thimble_tile_take(tile, i, 2, sums[i]);
}
#endif

/* Layout `eights`: one pixel, eight channels. Weights are bytes of w + 128, eight channels of one input after another; so they
 * load without a sign. 128 times the sum of the inputs is taken away at the end. */
#if defined(__thumb__) && !defined(THIMBLE_DSP)
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
    "ldr r0, [r2, #64]\n"
    "mov r3, r12\n"
    "lsls r3, r3, #7\n"
    "adds r2, #32\n"
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
    input = thimble_tile_next_row(tile, input);
  }
  tile->weights = (uintptr_t)weights;
  for (int channel = 0; channel < 8; channel++)
    thimble_tile_take(tile, channel, 8, sums[channel] - inputs * 128);
}
#endif

/* Copies the inputs of one pixel, row by row, to byte `patch` of the patches, where a tile finds them in one run. Copies up to 3 bytes
 * more. */
static inline void thimble_tile_gather(
  thimble_tile *tile, uint32_t patch, uintptr_t input, uint32_t run, uint32_t rows, int32_t row_bytes,
  uint32_t rows_to_wrap) {
  uint8_t *to = tile->patches + patch;
  const uint8_t *from = (const uint8_t *)input;
  for (; rows > 0; rows--) {
    for (uint32_t k = 0; k < run; k += 4) __builtin_memcpy(to + k, from + k, 4);
    to += run;
    from += row_bytes;
    if (--rows_to_wrap == 0) from -= tile->ring_bytes;
  }
}

/* Four channels of a depthwise convolution: one pixel, `groups` columns of a kernel, `pixel_step` bytes from a column to the next, of
 * the weights as of the inputs. Weights are plain, (rows, columns, channels); they move on to the next four channels. */
static inline void thimble_tile_depthwise(thimble_tile *tile) {
  int32_t sums[4] = {0, 0, 0, 0};
  const int8_t *input = (const int8_t *)tile->input;
  const int8_t *weights = (const int8_t *)tile->weights;
  const int32_t step = tile->pixel_step;
  tile->weights += 4;
  for (; tile->rows > 0; tile->rows--) {
    for (uint32_t column = tile->groups; column > 0; column--, input += step, weights += step) {
#if defined(THIMBLE_DSP)
      const uint32_t x = thimble_word(input), w = thimble_word(weights);
      const int16x2_t x02 = __sxtb16(x), w02 = __sxtb16(w);
      const int16x2_t x13 = __sxtb16(__ror(x, 8)), w13 = __sxtb16(__ror(w, 8));
      sums[0] = __smlabb(x02, w02, sums[0]);
      sums[1] = __smlabb(x13, w13, sums[1]);
      sums[2] = __smlatt(x02, w02, sums[2]);
      sums[3] = __smlatt(x13, w13, sums[3]);
#else
      for (int channel = 0; channel < 4; channel++)
        sums[channel] += input[channel] * weights[channel];
#endif
    }
    input = thimble_tile_next_row(tile, input);
  }
  for (int channel = 0; channel < 4; channel++) thimble_tile_take(tile, channel, 4, sums[channel]);
}

/* The sum of the products of `count` inputs and weights. */
static inline int32_t thimble_dot(uintptr_t inputs, uintptr_t weights, uint32_t count) {
  const int8_t *x = (const int8_t *)inputs, *w = (const int8_t *)weights;
  int32_t sum = 0;
#if defined(THIMBLE_DSP)
  for (; count >= 4; count -= 4, x += 4, w += 4) {
    const uint32_t a = thimble_word(x), b = thimble_word(w);
    sum = __smlad(__sxtb16(a), __sxtb16(b), sum);
    sum = __smlad(__sxtb16(__ror(a, 8)), __sxtb16(__ror(b, 8)), sum);
  }
#endif
  for (; count > 0; count--) sum += *x++ * *w++;
  return sum;
}

#endif
