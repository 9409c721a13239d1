/* Layout `pairs`: a pixel, or two, of a convolution's output, all channels, two at a time. In assembly for Arm's DSP instructions, where
 * a compiler would spill, beside the portable twin that defines it.
 *
 * Weights come in groups of two words, the first for bytes 0 and 2 of four inputs, the second for bytes 1 and 3; each half word is
 * 256 b + a of channels a and b, all signed. SXTB16 leaves the a; a SMLAD with the whole word sums 256 b + a, of which the sum of a
 * is then taken away. So a word of weights is widened once for two channels. Exact as long as the sum of b fits 24 bits. */
#ifndef THIMBLE_PAIRS_H
#define THIMBLE_PAIRS_H

#include "dsp.h"

/* Two neighbouring windows. */
typedef struct thimble_position {
  uintptr_t input;       /* int8: where the first row's run begins */
  int32_t pixel_step;    /* bytes to the second window, less 4 */
  uint32_t rows_to_wrap; /* rows until the ring begins again, at least 1 */
} thimble_position;

/* What is read and written. The assembly below knows this order. */
typedef struct thimble_pairs {
  int32_t row_step;      /* bytes from one row of the ring to the next, less those of a run */
  int32_t ring_bytes;    /* bytes of the ring */
  uint32_t rows_left, rows_to_wrap; /* of the tile at work */
  uint32_t rows;         /* rows of the kernel */
  uint32_t groups;       /* groups of 4 bytes in a run, at least 1 */
  uintptr_t weights;     /* moves on, as the next four do */
  uintptr_t constants;   /* a bias and a multiplier for each channel */
  uintptr_t output;      /* the first pixel's channels */
  uint32_t channels;     /* how many, at least 1 */
  int32_t offset;        /* how sums become int8: see `Requantizer` */
  uint32_t right_shift;
  int32_t output_step;   /* bytes to the second pixel's channels, or 0 if there is but one */
  uintptr_t position, positions_end; /* the next one, and where they end */
  int32_t largest[2];
  thimble_position positions[2]; /* one without a pool; with one, the output is the largest of all, by channel */
} thimble_pairs;

#if defined(THIMBLE_DSP)
#define THIMBLE_PAIRS_GROUP                                                     \
  "ldr r8, [r1], #4\n"                                                          \
  "ldr r9, [r1, r2]\n"                                                          \
  "ldrd r10, r11, [r3], #8\n"                                                   \
  "sxtb16 lr, r10\n"                                                            \
  "sxtb16 r0, r8\n"                                                             \
  "smlad r4, r0, lr, r4\n"                                                      \
  "smlad r5, r0, r10, r5\n"                                                     \
  "sxtb16 r0, r9\n"                                                             \
  "smlad r6, r0, lr, r6\n"                                                      \
  "smlad r7, r0, r10, r7\n"                                                     \
  "sxtb16 lr, r11\n"                                                            \
  "sxtb16 r8, r8, ror #8\n"                                                     \
  "sxtb16 r9, r9, ror #8\n"                                                     \
  "smlad r4, r8, lr, r4\n"                                                      \
  "smlad r5, r8, r11, r5\n"                                                     \
  "smlad r6, r9, lr, r6\n"                                                      \
  "smlad r7, r9, r11, r7\n"

/* The same for one window. */
#define THIMBLE_PAIRS_SINGLE_GROUP                                              \
  "ldr r8, [r1], #4\n"                                                          \
  "ldrd r10, r11, [r3], #8\n"                                                   \
  "sxtb16 lr, r10\n"                                                            \
  "sxtb16 r0, r8\n"                                                             \
  "smlad r4, r0, lr, r4\n"                                                      \
  "smlad r5, r0, r10, r5\n"                                                     \
  "sxtb16 lr, r11\n"                                                            \
  "sxtb16 r8, r8, ror #8\n"                                                     \
  "smlad r4, r8, lr, r4\n"                                                      \
  "smlad r5, r8, r11, r5\n"

/* A sum of channel a, in `a`, and one of b become int8: biases r1, r3, multipliers r2, r9, offset r10, shift r11. */
#define THIMBLE_PAIRS_REQUANTIZE(a, b)                                          \
  "add " #a ", " #a ", r1\n"                                                    \
  "add " #b ", " #b ", r3\n"                                                    \
  "smmla " #a ", " #a ", r2, r10\n"                                             \
  "smmla " #b ", " #b ", r9, r10\n"                                             \
  "asr " #a ", " #a ", r11\n"                                                   \
  "asr " #b ", " #b ", r11\n"                                                   \
  "ssat " #a ", #8, " #a "\n"                                                   \
  "ssat " #b ", #8, " #b "\n"

/* r0 arguments, also on the stack, for the inner loops need the register; r1 input, r2 pixel step, r3 weights, r4-r7 the sums of a and of 256 b + a for either pixel, r12 groups. An
 * odd number of groups begins in the middle of the loop. */
__attribute__((naked, noinline, used)) static void thimble_pairs_pixels(thimble_pairs *pairs) {
  __asm__ volatile(
    ".syntax unified\n"
    "push {r4-r11, lr}\n"
    "push {r0, r1}\n"
    "0:\n" /* channels a and b */
    "mov r10, #0x80000000\n"
    "mov r11, r10\n"
    "strd r10, r11, [r0, #60]\n"
    "add r9, r0, #68\n"
    "1:\n" /* a position */
    "ldm r9!, {r1, r2, r11}\n"
    "str r9, [r0, #52]\n"
    "ldr r10, [r0, #16]\n"
    "strd r10, r11, [r0, #8]\n"
    "ldr r3, [r0, #24]\n"
    "mov r4, #0\n"
    "mov r5, #0\n"
    "mov r6, #0\n"
    "mov r7, #0\n"
    "2:\n" /* a row */
    "ldr r12, [r0, #20]\n"
    "cmn r2, #4\n"
    "beq 7f\n"
    "tst r12, #1\n"
    "bne 4f\n"
    "3:\n" THIMBLE_PAIRS_GROUP
    "4:\n" THIMBLE_PAIRS_GROUP
    "subs r12, r12, #2\n"
    "bgt 3b\n"
    "8:\n"
    "ldr r0, [sp]\n"
    "ldm r0, {r8, r9, r10, r11}\n"
    "subs r10, r10, #1\n"
    "beq 9f\n"
    "add r1, r1, r8\n"
    "subs r11, r11, #1\n"
    "it eq\n"
    "subeq r1, r1, r9\n"
    "strd r10, r11, [r0, #8]\n"
    "b 2b\n"
    "7:\n"
    "tst r12, #1\n"
    "bne 11f\n"
    "10:\n" THIMBLE_PAIRS_SINGLE_GROUP
    "11:\n" THIMBLE_PAIRS_SINGLE_GROUP
    "subs r12, r12, #2\n"
    "bgt 10b\n"
    "mov r6, r4\n"
    "mov r7, r5\n"
    "b 8b\n"
    "9:\n"
    "sub r5, r5, r4\n"
    "sub r7, r7, r6\n"
    "asr r5, r5, #8\n"
    "asr r7, r7, #8\n"
    "ldr r12, [r0, #48]\n"
    "cmp r12, #0\n"
    "bne 5f\n"
    /* One output: the largest so far. */
    "ldrd r8, r9, [r0, #60]\n"
    "cmp r4, r6\n"
    "it lt\n"
    "movlt r4, r6\n"
    "cmp r5, r7\n"
    "it lt\n"
    "movlt r5, r7\n"
    "cmp r4, r8\n"
    "it lt\n"
    "movlt r4, r8\n"
    "cmp r5, r9\n"
    "it lt\n"
    "movlt r5, r9\n"
    "strd r4, r5, [r0, #60]\n"
    "ldrd r8, r9, [r0, #52]\n"
    "cmp r8, r9\n"
    "mov r9, r8\n"
    "bne 1b\n"
    "5:\n"
    "str r3, [r0, #24]\n"
    "ldr r8, [r0, #28]\n"
    "ldm r8!, {r1, r2, r3, r9}\n"
    "str r8, [r0, #28]\n"
    "ldrd r10, r11, [r0, #40]\n" THIMBLE_PAIRS_REQUANTIZE(r4, r5)
    "ldr r8, [r0, #32]\n"
    "ldr lr, [r0, #36]\n"
    "subs lr, lr, #2\n"
    "str lr, [r0, #36]\n"
    "strb r4, [r8], #1\n"
    "it pl\n" /* else b is no channel */
    "strbpl r5, [r8]\n"
    "add r4, r8, #1\n"
    "str r4, [r0, #32]\n"
    "cmp r12, #0\n"
    "beq 6f\n" THIMBLE_PAIRS_REQUANTIZE(r6, r7)
    "add r8, r8, r12\n"
    "strb r6, [r8, #-1]\n"
    "cmp lr, #0\n"
    "it pl\n"
    "strbpl r7, [r8]\n"
    "6:\n"
    "cmp lr, #0\n"
    "bgt 0b\n"
    "add sp, sp, #8\n"
    "pop {r4-r11, pc}\n");
}
#else
static inline int8_t thimble_pairs_requantize(
  const thimble_pairs *pairs, int64_t sum, const int32_t *constants) {
  const int64_t value =
    (((sum + constants[0]) * constants[1] >> 32) + pairs->offset) >> pairs->right_shift;
  return (int8_t)(value < -128 ? -128 : value > 127 ? 127 : value);
}

static inline void thimble_pairs_pixels(thimble_pairs *pairs) {
  const thimble_position *end = (const thimble_position *)pairs->positions_end;
  int8_t *output = (int8_t *)pairs->output;
  for (uint32_t channel = 0; channel < pairs->channels; channel += 2, output += 2) {
    int32_t largest[2] = {INT32_MIN, INT32_MIN}, sums[2][2];
    const int8_t *weights = NULL;
    for (const thimble_position *position = pairs->positions; position < end; position++) {
      const int8_t *input = (const int8_t *)position->input;
      uint32_t rows_to_wrap = position->rows_to_wrap;
      weights = (const int8_t *)pairs->weights;
      for (int i = 0; i < 2; i++) sums[i][0] = sums[i][1] = 0;
      for (uint32_t rows = pairs->rows; rows > 0; rows--) {
        for (uint32_t group = 0; group < pairs->groups; group++, input += 4, weights += 8)
          for (int k = 0; k < 4; k++) {
            const int8_t *pair = weights + (k & 1) * 4 + (k >> 1) * 2;
            /* A negative a has borrowed from b. */
            const int32_t a = pair[0], b = pair[1] + (a < 0);
            const int8_t *second = input + 4 + position->pixel_step;
            sums[0][0] += input[k] * a, sums[0][1] += input[k] * b;
            sums[1][0] += second[k] * a, sums[1][1] += second[k] * b;
          }
        input += pairs->row_step;
        if (--rows_to_wrap == 0) input -= pairs->ring_bytes;
      }
      for (int i = 0; i < 4; i++)
        if (largest[i & 1] < sums[i >> 1][i & 1]) largest[i & 1] = sums[i >> 1][i & 1];
    }
    pairs->weights = (uintptr_t)weights;
    const int32_t *constants = (const int32_t *)pairs->constants + 2 * channel;
    const bool is_single = pairs->output_step == 0;
    for (uint32_t i = 0; i < 2 && channel + i < pairs->channels; i++) {
      output[i] = thimble_pairs_requantize(
        pairs, is_single ? largest[i] : sums[0][i], constants + 2 * i);
      if (!is_single)
        output[i + pairs->output_step] =
          thimble_pairs_requantize(pairs, sums[1][i], constants + 2 * i);
    }
  }
}
#endif

/* Computes a pixel, or two, from the first `count` positions. */
static inline void thimble_pairs_run(thimble_pairs *pairs, uint32_t count) {
  pairs->positions_end = (uintptr_t)(pairs->positions + count);
  thimble_pairs_pixels(pairs);
}

/* Copies a window of `rows` times `run` bytes, row by row, to where a tile finds it in one run; and up to 3 bytes more. */
static inline void thimble_pairs_gather(
  const thimble_pairs *pairs, uint8_t *to, const uint8_t *from, uint32_t rows_to_wrap, uint32_t rows, uint32_t run,
  int32_t row_bytes) {
  for (; rows > 0; rows--, to += run, from += row_bytes) {
    for (uint32_t k = 0; k < run; k += 4) __builtin_memcpy(to + k, from + k, 4);
    if (--rows_to_wrap == 0) from -= pairs->ring_bytes;
  }
}

/* The same as thimble_pairs_run with the windows gathered first, each to a multiple of 4 bytes on the stack. */
static inline void thimble_pairs_run_gathered(
  thimble_pairs *pairs, uint32_t count, uint32_t rows, uint32_t run, int32_t row_bytes) {
  const uint32_t window = (rows * run + 3) & ~3u;
  uint32_t patches[count * window / 2 + 1];
  uint8_t *patch = (uint8_t *)patches;
  for (thimble_position *position = pairs->positions; position < pairs->positions + count; position++) {
    const uint8_t *input = (const uint8_t *)position->input;
    const uint32_t rows_to_wrap = position->rows_to_wrap;
    thimble_pairs_gather(pairs, patch, input, rows_to_wrap, rows, run, row_bytes);
    position->input = (uintptr_t)patch;
    position->rows_to_wrap = 2;
    patch += window;
    if (position->pixel_step == -4) continue;
    input += position->pixel_step + 4;
    thimble_pairs_gather(pairs, patch, input, rows_to_wrap, rows, run, row_bytes);
    position->pixel_step = (int32_t)window - 4;
    patch += window;
  }
  thimble_pairs_run(pairs, count);
}

#endif
