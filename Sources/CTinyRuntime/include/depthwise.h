/* A pixel of a 3 x 3 depthwise convolution, all channels, four at a time. In assembly for Arm's DSP instructions, where a compiler
 * would spill, beside the portable twin that defines it. */
#ifndef THIMBLE_DEPTHWISE_H
#define THIMBLE_DEPTHWISE_H

#include "dsp.h"

/* What is read and written. The assembly below knows this order. */
typedef struct thimble_depthwise {
  uintptr_t input;                    /* int8: the window's first channels */
  int32_t to_second_row, to_third_row; /* bytes from the row before */
  int32_t channels;                   /* a multiple of 4 */
  uintptr_t weights;                  /* of four channels after another: (kernel height, kernel width, 4) */
  uintptr_t constants;                /* a bias and a multiplier for each channel */
  uintptr_t output, output_end;
  int32_t offset;                     /* how sums become int8: see `Requantizer` */
  uint32_t right_shift;
} thimble_depthwise;

#if defined(THIMBLE_DSP)
/* One place of the kernel: input at `address`, smulbb or smlabb by `low`, smultt or smlatt by `high`; `to` ends what they add to. */
#define THIMBLE_DEPTHWISE_TAP(address, low, high, s0, s1, s2, s3)               \
  "ldr r8, [" address "]\n"                                                     \
  "ldr r9, [r2], #4\n"                                                          \
  "sxtb16 r10, r8\n"                                                            \
  "sxtb16 r11, r9\n"                                                            \
  low " r4, r10, r11" s0 "\n"                                                   \
  high " r6, r10, r11" s2 "\n"                                                  \
  "sxtb16 r8, r8, ror #8\n"                                                     \
  "sxtb16 r9, r9, ror #8\n"                                                     \
  low " r5, r8, r9" s1 "\n"                                                     \
  high " r7, r8, r9" s3 "\n"
#define THIMBLE_DEPTHWISE_NEXT(address)                                         \
  THIMBLE_DEPTHWISE_TAP(address, "smlabb", "smlatt", ", r4", ", r5", ", r6", ", r7")
#define THIMBLE_DEPTHWISE_REST_OF_ROW                                           \
  THIMBLE_DEPTHWISE_NEXT("r1, r3")                                              \
  THIMBLE_DEPTHWISE_NEXT("r1, r3, lsl #1")
#define THIMBLE_DEPTHWISE_REQUANTIZE(a, b)                                      \
  "ldm r12!, {r8, r9, r10, r11}\n"                                              \
  "add " a ", " a ", r8\n"                                                      \
  "add " b ", " b ", r10\n"                                                     \
  "smmla " a ", " a ", r9, r1\n"                                                \
  "smmla " b ", " b ", r11, r1\n"                                               \
  "asr " a ", " a ", r3\n"                                                      \
  "asr " b ", " b ", r3\n"                                                      \
  "ssat " a ", #8, " a "\n"                                                     \
  "ssat " b ", #8, " b "\n"                                                     \
  "strb " a ", [lr], #1\n"                                                      \
  "strb " b ", [lr], #1\n"

/* r0 arguments, r1 input, r2 weights, r3 channels, r4-r7 sums, r12 constants, lr output. */
__attribute__((naked, noinline, used)) static void thimble_depthwise_3x3(
  thimble_depthwise *arguments) {
  __asm__ volatile(
    ".syntax unified\n"
    "push {r4-r11, lr}\n"
    "ldr r2, [r0, #16]\n"
    "ldr r12, [r0, #20]\n"
    "ldr lr, [r0, #24]\n"
    "1:\n"
    "ldr r1, [r0]\n"
    "ldr r3, [r0, #12]\n"
    "add r8, r1, #4\n"
    "str r8, [r0]\n"
    THIMBLE_DEPTHWISE_TAP("r1", "smulbb", "smultt", "", "", "", "")
    THIMBLE_DEPTHWISE_REST_OF_ROW
    "ldr r8, [r0, #4]\n"
    "add r1, r1, r8\n"
    THIMBLE_DEPTHWISE_NEXT("r1")
    THIMBLE_DEPTHWISE_REST_OF_ROW
    "ldr r8, [r0, #8]\n"
    "add r1, r1, r8\n"
    THIMBLE_DEPTHWISE_NEXT("r1")
    THIMBLE_DEPTHWISE_REST_OF_ROW
    "ldr r1, [r0, #32]\n"
    "ldr r3, [r0, #36]\n"
    THIMBLE_DEPTHWISE_REQUANTIZE("r4", "r5")
    THIMBLE_DEPTHWISE_REQUANTIZE("r6", "r7")
    "ldr r8, [r0, #28]\n"
    "cmp lr, r8\n"
    "bne 1b\n"
    "pop {r4-r11, pc}\n");
}
#else
static inline void thimble_depthwise_3x3(thimble_depthwise *arguments) {
  const int8_t *input = (const int8_t *)arguments->input;
  const int8_t *weights = (const int8_t *)arguments->weights;
  const int32_t *constants = (const int32_t *)arguments->constants;
  int8_t *output = (int8_t *)arguments->output;
  const int32_t rows[3] = {
    0, arguments->to_second_row, arguments->to_second_row + arguments->to_third_row};
  for (int32_t channel = 0; channel < arguments->channels; channel++, constants += 2) {
    int64_t sum = constants[0];
    for (int tap = 0; tap < 9; tap++)
      sum += input[rows[tap / 3] + tap % 3 * arguments->channels + channel] *
             weights[channel / 4 * 36 + tap * 4 + channel % 4];
    const int64_t value =
      ((sum * constants[1] >> 32) + arguments->offset) >> arguments->right_shift;
    output[channel] = (int8_t)(value < -128 ? -128 : value > 127 ? 127 : value);
  }
}
#endif

#endif
