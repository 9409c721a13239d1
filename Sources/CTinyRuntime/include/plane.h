/* Layout `pairs`: a row of a 3 x 3 convolution over one input channel, a plane, or of its 2 x 2 max pool. A channel's nine weights stay in
 * registers while the windows go by, whose pixels are widened once for all channels. In assembly for Arm's DSP instructions, where
 * a compiler would spill, beside the portable twin that defines it. */
#ifndef THIMBLE_PLANE_H
#define THIMBLE_PLANE_H

#include "dsp.h"

enum { THIMBLE_PLANE_PATCHES = 8 };

/* One output channel of some patches. A patch is four columns of three rows, or of four for a pool: the windows at the first two
 * columns. Each row is two words of half words, of pixels 0 and 2, and of 1 and 3. The assembly below knows this order. */
typedef struct thimble_plane {
  int32_t bias, multiplier, offset; /* how sums become int8: see `Requantizer` */
  uint32_t right_shift;
  int32_t advance;                  /* bytes from a patch's output to the next one's */
  int32_t second;                   /* bytes to the output of a patch's second window; 0 leaves that out */
  uintptr_t patches_end;
  uintptr_t output;
  uint32_t weights[5];              /* lower bytes of half words: taps 0 and 2, 1 3, 4 6, 5 7, 8 */
  uint32_t patches[8 * THIMBLE_PLANE_PATCHES];
} thimble_plane;

/* A row of output pixels. */
typedef struct thimble_plane_row {
  uintptr_t rows[4];   /* int8: the first window's columns in each row; the last is a pool's alone */
  uintptr_t weights;   /* in layout `pairs` */
  uintptr_t constants; /* a bias and a multiplier for each channel */
  uintptr_t output;
  uint32_t channels;
  uint32_t pixels;      /* at least 1 */
  uint32_t column_step; /* bytes from one output pixel's window to the next */
  int32_t offset;
  uint32_t right_shift;
  bool is_pooled;
} thimble_plane_row;

#if defined(THIMBLE_DSP)
/* A row of the first two windows, of which `a` and `b` are the sums: three taps each, by `ends` and by half `middle` of a word. */
#define THIMBLE_PLANE_TAPS(smlad, ends, middle, middles, a, b)                  \
  smlad " " a ", r10, " ends ", " a "\n"                                        \
  smlad " " b ", r11, " ends ", " b "\n"                                        \
  "smlab" middle " " a ", r11, " middles ", " a "\n"                            \
  "smlat" middle " " b ", r10, " middles ", " b "\n"
#define THIMBLE_PLANE_PIXELS "ldrd r10, r11, [lr], #8\n"
#define THIMBLE_PLANE_SECOND_ROW(a, b) THIMBLE_PLANE_TAPS("smladx", "r2", "t", "r4", a, b)
#define THIMBLE_PLANE_THIRD_ROW(a, b) THIMBLE_PLANE_TAPS("smladx", "r3", "t", "r5", a, b)
#define THIMBLE_PLANE_BEGIN                                                     \
  ".syntax unified\n"                                                           \
  "push {r4-r11, lr}\n"                                                         \
  "ldr r12, [r0, #28]\n"                                                        \
  "add lr, r0, #52\n"                                                           \
  "add r1, r0, #32\n"                                                           \
  "ldm r1, {r1, r6, r7, r8, r9}\n"                                              \
  "sxtb16 r1, r1\n"                                                             \
  "sxtb16 r6, r6\n"                                                             \
  "sxtb16 r7, r7\n"                                                             \
  "sxtb16 r5, r8\n"                                                             \
  "sxtb16 r9, r9\n"                                                             \
  "pkhbt r2, r5, r6\n"                                                          \
  "pkhbt r3, r9, r7\n"                                                          \
  "pkhbt r4, r6, r7, lsl #16\n"
#define THIMBLE_PLANE_END                                                       \
  "ldr r10, [r0, #24]\n"                                                        \
  "cmp lr, r10\n"                                                               \
  "bne 1b\n"                                                                    \
  "pop {r4-r11, pc}\n"
#define THIMBLE_PLANE_LARGER(a, b) "cmp " a ", " b "\n it lt\n movlt " a ", " b "\n"

/* r0 arguments, r1-r5 weights of taps 0 and 2, 5 3, 8 6, 1 4, 5 7, r6-r9 the sums of two windows and of the two below, r10 r11 a row, r12 output, lr patches. */
__attribute__((naked, noinline, used)) static void thimble_plane_pool(thimble_plane *plane) {
  __asm__ volatile(
    THIMBLE_PLANE_BEGIN
    "1:\n" THIMBLE_PLANE_PIXELS
    "smuad r6, r10, r1\n"
    "smuad r7, r11, r1\n"
    "smlabb r6, r11, r4, r6\n"
    "smlatb r7, r10, r4, r7\n" THIMBLE_PLANE_PIXELS THIMBLE_PLANE_SECOND_ROW("r6", "r7")
    "smuad r8, r10, r1\n"
    "smuad r9, r11, r1\n"
    "smlabb r8, r11, r4, r8\n"
    "smlatb r9, r10, r4, r9\n" THIMBLE_PLANE_PIXELS THIMBLE_PLANE_THIRD_ROW("r6", "r7")
    THIMBLE_PLANE_SECOND_ROW("r8", "r9") THIMBLE_PLANE_PIXELS THIMBLE_PLANE_THIRD_ROW("r8", "r9")
    THIMBLE_PLANE_LARGER("r6", "r7")
    THIMBLE_PLANE_LARGER("r8", "r9")
    THIMBLE_PLANE_LARGER("r6", "r8")
    "ldm r0, {r7-r11}\n"
    "add r6, r6, r7\n"
    "smmla r6, r6, r8, r9\n"
    "asr r6, r6, r10\n"
    "ssat r6, #8, r6\n"
    "strb r6, [r12]\n"
    "add r12, r12, r11\n" THIMBLE_PLANE_END);
}

/* The same without the windows below, and r8 bias, r9 multiplier. */
__attribute__((naked, noinline, used)) static void thimble_plane_pixels(thimble_plane *plane) {
  __asm__ volatile(
    THIMBLE_PLANE_BEGIN
    "ldrd r8, r9, [r0]\n"
    "1:\n" THIMBLE_PLANE_PIXELS
    "smlad r6, r10, r1, r8\n"
    "smlad r7, r11, r1, r8\n"
    "smlabb r6, r11, r4, r6\n"
    "smlatb r7, r10, r4, r7\n" THIMBLE_PLANE_PIXELS THIMBLE_PLANE_SECOND_ROW("r6", "r7")
    THIMBLE_PLANE_PIXELS THIMBLE_PLANE_THIRD_ROW("r6", "r7")
    "ldrd r10, r11, [r0, #8]\n"
    "smmla r6, r6, r9, r10\n"
    "smmla r7, r7, r9, r10\n"
    "asr r6, r6, r11\n"
    "asr r7, r7, r11\n"
    "ssat r6, #8, r6\n"
    "ssat r7, #8, r7\n"
    "ldrd r10, r11, [r0, #16]\n"
    "strb r7, [r12, r11]\n"
    "strb r6, [r12]\n"
    "add r12, r12, r10\n" THIMBLE_PLANE_END);
}
#else
/* The half words of words, the lower first. */
static inline int32_t thimble_plane_half(const uint32_t *words, uint32_t index) {
  return (int16_t)(words[index >> 1] >> 16 * (index & 1));
}

/* The sum of a window, whose first pixel is at a row and column of a patch. */
static inline int32_t thimble_plane_sum(
  const thimble_plane *plane, const uint32_t *patch, uint32_t row, uint32_t column) {
  /* Where the taps lie among the half words. */
  static const uint8_t taps[9] = {0, 2, 1, 3, 4, 6, 5, 7, 8};
  int32_t sum = 0;
  for (uint32_t tap = 0; tap < 9; tap++) {
    const uint32_t y = row + tap / 3, x = column + tap % 3;
    sum += thimble_plane_half(patch + 2 * y + (x & 1), x >> 1) *
           (int8_t)thimble_plane_half(plane->weights, taps[tap]);
  }
  return sum;
}

static inline int8_t thimble_plane_value(const thimble_plane *plane, int32_t sum) {
  const int64_t biased = (int64_t)sum + plane->bias;
  const int64_t value = ((biased * plane->multiplier >> 32) + plane->offset) >> plane->right_shift;
  return (int8_t)(value < -128 ? -128 : value > 127 ? 127 : value);
}

static inline void thimble_plane_pool(thimble_plane *plane) {
  int8_t *output = (int8_t *)plane->output;
  for (const uint32_t *patch = plane->patches; patch != (uint32_t *)plane->patches_end; patch += 8) {
    int32_t largest = INT32_MIN;
    for (uint32_t window = 0; window < 4; window++) {
      const int32_t sum = thimble_plane_sum(plane, patch, window >> 1, window & 1);
      if (largest < sum) largest = sum;
    }
    *output = thimble_plane_value(plane, largest);
    output += plane->advance;
  }
}

static inline void thimble_plane_pixels(thimble_plane *plane) {
  int8_t *output = (int8_t *)plane->output;
  for (const uint32_t *patch = plane->patches; patch != (uint32_t *)plane->patches_end; patch += 6) {
    output[plane->second] = thimble_plane_value(plane, thimble_plane_sum(plane, patch, 0, 1));
    output[0] = thimble_plane_value(plane, thimble_plane_sum(plane, patch, 0, 0));
    output += plane->advance;
  }
}
#endif

/* Widens the next `count` patches, `step` bytes apart, from `column` bytes behind the first window.
 * Returns where the one after them begins. */
static inline uint32_t thimble_plane_widen(
  thimble_plane *plane, const thimble_plane_row *row, uint32_t column, uint32_t step, uint32_t count) {
  uint32_t *patch = plane->patches;
  for (; count > 0; count--, column += step)
    for (int y = 0; y < (row->is_pooled ? 4 : 3); y++, patch += 2) {
      uint32_t pixels;
      __builtin_memcpy(&pixels, (const void *)(row->rows[y] + column), 4);
      patch[0] = thimble_sxtb16(pixels);
      patch[1] = thimble_sxtb16_odd(pixels);
    }
  plane->patches_end = (uintptr_t)patch;
  return column;
}

/* Computes a row. */
static inline void thimble_plane_run(thimble_plane_row *row) {
  thimble_plane plane;
  plane.offset = row->offset;
  plane.right_shift = row->right_shift;
  uint32_t left = row->pixels, column = 0;
  do {
    /* Two windows side by side share a patch. */
    const uint32_t pixels = !row->is_pooled && row->column_step == 1 && left > 1 ? 2 : 1;
    uint32_t count = pixels == 2 ? left >> 1 : left;
    if (count > THIMBLE_PLANE_PATCHES) count = THIMBLE_PLANE_PATCHES;
    plane.second = pixels == 2 ? (int32_t)row->channels : 0;
    plane.advance = (int32_t)(pixels * row->channels);
    column = thimble_plane_widen(&plane, row, column, pixels * row->column_step, count);
    const uint32_t *weights = (const uint32_t *)row->weights;
    const int32_t *constants = (const int32_t *)row->constants;
    for (uint32_t channel = 0; channel < row->channels; channel++, constants += 2) {
      if ((channel & 1) == 0) {
        __builtin_memcpy(plane.weights, weights, sizeof plane.weights);
        weights += 6;
      } else {
        /* Half words of 256 b + a, a signed: 128 more have b for their upper byte. */
        for (int tap = 0; tap < 5; tap++)
          plane.weights[tap] = thimble_uadd16(plane.weights[tap], 0x00800080) >> 8;
      }
      plane.bias = constants[0];
      plane.multiplier = constants[1];
      plane.output = row->output + channel;
      if (row->is_pooled) thimble_plane_pool(&plane);
      else thimble_plane_pixels(&plane);
    }
    left -= count * pixels;
    row->output += count * (uint32_t)plane.advance;
  } while (left > 0);
}

#endif
