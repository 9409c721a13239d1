/* blocks.h for NEON: Armv7-A, AArch64, and AArch64 with its dot product instructions. */
#include <arm_neon.h>

/* As many as the registers hold sums of. */
#if defined(__aarch64__)
enum { THIMBLE_PIXELS = 4 };
#else
enum { THIMBLE_PIXELS = 2 };
#endif
typedef struct {
  thimble_sums pixel[THIMBLE_PIXELS];
} thimble_pixels;

/* Four sums of products, to be added up. */
THIMBLE_INLINE int32x4_t thimble_add_block(int32x4_t sums, int8x16_t x, int8x16_t weights) {
#if defined(__ARM_FEATURE_DOTPROD)
  return vdotq_s32(sums, x, weights);
#else
  const int16x8_t low = vmull_s8(vget_low_s8(x), vget_low_s8(weights));
  return vpadalq_s16(sums, vmlal_s8(low, vget_high_s8(x), vget_high_s8(weights)));
#endif
}

/* The sums of four vectors. */
THIMBLE_INLINE thimble_sums thimble_added_up(const int32x4_t *v) {
#if defined(__aarch64__)
  return (thimble_sums)vpaddq_s32(vpaddq_s32(v[0], v[1]), vpaddq_s32(v[2], v[3]));
#else
  int32x2_t half[4];
  for (int32_t i = 0; i < 4; i++) half[i] = vadd_s32(vget_low_s32(v[i]), vget_high_s32(v[i]));
  return (thimble_sums)vcombine_s32(vpadd_s32(half[0], half[1]), vpadd_s32(half[2], half[3]));
#endif
}

/* Adds a row's blocks for `pixels` pixels by four channels. */
THIMBLE_INLINE thimble_address thimble_add_row(
  int32x4_t (*sums)[4], int32_t pixels, thimble_address x, int32_t step, thimble_address weights,
  int32_t blocks) {
  do {
    int8x16_t w[4];
#pragma clang loop unroll(full)
    for (int32_t channel = 0; channel < 4; channel++)
      w[channel] = vld1q_s8(THIMBLE_BYTES(weights + 16 * channel));
#pragma clang loop unroll(full)
    for (int32_t pixel = 0; pixel < pixels; pixel++) {
      const int8x16_t values = vld1q_s8(THIMBLE_BYTES(x + pixel * step));
#pragma clang loop unroll(full)
      for (int32_t channel = 0; channel < 4; channel++)
        sums[pixel][channel] = thimble_add_block(sums[pixel][channel], values, w[channel]);
    }
    x += 16, weights += 64;
  } while (--blocks > 0);
  return weights;
}

THIMBLE_INLINE thimble_pixels thimble_window_sums(
  thimble_address x, int32_t step, thimble_rows rows, thimble_address weights, int32_t blocks) {
  int32x4_t sums[THIMBLE_PIXELS][4] = {{{0}}};
  do {
    weights = thimble_add_row(sums, THIMBLE_PIXELS, x, step, weights, blocks);
    x = thimble_next_row(x, &rows);
  } while (--rows.count > 0);
  thimble_pixels pixels;
#pragma clang loop unroll(full)
  for (int32_t pixel = 0; pixel < THIMBLE_PIXELS; pixel++)
    pixels.pixel[pixel] = thimble_added_up(sums[pixel]);
  return pixels;
}

THIMBLE_INLINE thimble_pixels thimble_run_sums(
  thimble_address x, int32_t step, thimble_address weights, int32_t blocks) {
  const thimble_rows one = {x + 1, 1, 0, 0};
  return thimble_window_sums(x, step, one, weights, blocks);
}

THIMBLE_INLINE int32_t thimble_dot_blocks(thimble_address x, thimble_address weights, int32_t blocks) {
  int32x4_t sums[4] = {{0}};
  do {
    sums[0] = thimble_add_block(
      sums[0], vld1q_s8(THIMBLE_BYTES(x)), vld1q_s8(THIMBLE_BYTES(weights)));
    x += 16, weights += 16;
  } while (--blocks > 0);
  return thimble_added_up(sums)[0];
}

THIMBLE_INLINE thimble_sums thimble_pixel_sums(
  thimble_address x, thimble_rows rows, thimble_address weights, int32_t blocks) {
  int32x4_t sums[1][4] = {{{0}}};
  do {
    weights = thimble_add_row(sums, 1, x, 0, weights, blocks);
    x = thimble_next_row(x, &rows);
  } while (--rows.count > 0);
  return thimble_added_up(sums[0]);
}

THIMBLE_INLINE thimble_sums thimble_largest(thimble_sums a, thimble_sums b) {
  return (thimble_sums)vmaxq_s32((int32x4_t)a, (int32x4_t)b);
}

THIMBLE_INLINE thimble_sums thimble_largest_pixel(thimble_pixels sums) {
  thimble_sums largest = sums.pixel[0];
#pragma clang loop unroll(full)
  for (int32_t pixel = 1; pixel < THIMBLE_PIXELS; pixel++)
    largest = thimble_largest(largest, sums.pixel[pixel]);
  return largest;
}

/* Twice the high half of a product is what the instruction gives; adding halves of it and of 2 * offset is exact. */
THIMBLE_INLINE int32x4_t thimble_scaled(int32x4_t sums, int32x4_t multipliers, thimble_scale scale) {
  const int32x4_t shifted = vshlq_s32(sums, vdupq_n_s32(scale.left_shift));
  const int32x4_t high =
    vhaddq_s32(vqdmulhq_s32(shifted, multipliers), vdupq_n_s32(2 * scale.offset));
  return vshlq_s32(high, vdupq_n_s32(-scale.right_shift));
}

/* Four int8 values. */
THIMBLE_INLINE uint32_t thimble_saturated(int32x4_t values) {
  const int16x4_t half = vqmovn_s32(values);
  return vget_lane_u32(vreinterpret_u32_s8(vqmovn_s16(vcombine_s16(half, half))), 0);
}

THIMBLE_INLINE void thimble_put(
  thimble_sums sums, thimble_address constants, thimble_scale scale, thimble_address output,
  int32_t channels, bool keep) {
  /* Only the constants that there are may be read. */
  int32_t pairs[8] = {0};
  __builtin_memcpy(pairs, (const void *)constants, 8 * (uint32_t)channels);
  const int32x4x2_t parts = vld2q_s32(pairs);
  uint32_t values =
    thimble_saturated(thimble_scaled(vaddq_s32((int32x4_t)sums, parts.val[0]), parts.val[1], scale));
  for (int32_t lane = 0; lane < channels; lane++, values >>= 8) {
    int8_t *place = (int8_t *)output + lane;
    if (!keep || *place < (int8_t)values) *place = (int8_t)values;
  }
}

THIMBLE_INLINE void thimble_put_four(
  thimble_sums sums, thimble_address constants, thimble_scale scale, thimble_address output) {
  const int32x4x2_t pairs = vld2q_s32((const int32_t *)constants);
  const int32x4_t biased = vaddq_s32((int32x4_t)sums, pairs.val[0]);
  const uint32_t values = thimble_saturated(thimble_scaled(biased, pairs.val[1], scale));
  __builtin_memcpy((void *)output, &values, 4);
}

THIMBLE_INLINE void thimble_put_pixels(
  thimble_pixels sums, thimble_address constants, thimble_scale scale, thimble_address output,
  int32_t step) {
  const int32x4x2_t pairs = vld2q_s32((const int32_t *)constants);
#pragma clang loop unroll(full)
  for (int32_t pixel = 0; pixel < THIMBLE_PIXELS; pixel++) {
    const int32x4_t biased = vaddq_s32((int32x4_t)sums.pixel[pixel], pairs.val[0]);
    const uint32_t values = thimble_saturated(thimble_scaled(biased, pairs.val[1], scale));
    __builtin_memcpy((void *)(output + pixel * step), &values, 4);
  }
}

THIMBLE_INLINE void thimble_accumulate(thimble_address accumulators, thimble_sums sums, int32_t channels) {
  for (int32_t lane = 0; lane < channels; lane++) ((int32_t *)accumulators)[lane] += sums[lane];
}

THIMBLE_INLINE void thimble_copy(thimble_address to, thimble_address from, int32_t blocks) {
  do {
    vst1q_s8((int8_t *)to, vld1q_s8(THIMBLE_BYTES(from)));
    to += 16, from += 16;
  } while (--blocks > 0);
}

/* Sums of 16 channels in order, and the products of a tap or two. */
typedef struct {
  int32x4_t part[4];
} thimble_sixteen;

THIMBLE_INLINE void thimble_add_products(thimble_sixteen *sums, int16x8_t low, int16x8_t high) {
  sums->part[0] = vaddw_s16(sums->part[0], vget_low_s16(low));
  sums->part[1] = vaddw_s16(sums->part[1], vget_high_s16(low));
  sums->part[2] = vaddw_s16(sums->part[2], vget_low_s16(high));
  sums->part[3] = vaddw_s16(sums->part[3], vget_high_s16(high));
}

THIMBLE_INLINE void thimble_add_taps(
  thimble_sixteen *sums, thimble_address x, const thimble_block_depthwise *row) {
  thimble_rows rows = row->rows;
  thimble_address weights = row->weights;
  do {
    thimble_address at = x;
    int32_t left = row->kernel_width;
    do {
      int8x16_t values = vld1q_s8(THIMBLE_BYTES(at)), factors = vld1q_s8(THIMBLE_BYTES(weights));
      int16x8_t low = vmull_s8(vget_low_s8(values), vget_low_s8(factors));
      int16x8_t high = vmull_s8(vget_high_s8(values), vget_high_s8(factors));
      at += row->tap_step, weights += 16;
      if (left > 1) {
        values = vld1q_s8(THIMBLE_BYTES(at)), factors = vld1q_s8(THIMBLE_BYTES(weights));
        low = vmlal_s8(low, vget_low_s8(values), vget_low_s8(factors));
        high = vmlal_s8(high, vget_high_s8(values), vget_high_s8(factors));
        at += row->tap_step, weights += 16;
      }
      thimble_add_products(sums, low, high);
      left -= 2;
    } while (left > 0);
    x = thimble_next_row(x, &rows);
  } while (--rows.count > 0);
}

THIMBLE_INLINE void thimble_block_depthwise_row(thimble_block_depthwise row, thimble_scale scale, bool keep) {
  int32x4x2_t pairs[4];
#pragma clang loop unroll(full)
  for (int32_t part = 0; part < 4; part++)
    pairs[part] = vld2q_s32((const int32_t *)row.constants + 8 * part);
  do {
    thimble_sixteen sums = {{pairs[0].val[0], pairs[1].val[0], pairs[2].val[0], pairs[3].val[0]}};
    thimble_add_taps(&sums, row.input, &row);
    int16x4_t half[4];
#pragma clang loop unroll(full)
    for (int32_t part = 0; part < 4; part++)
      half[part] = vqmovn_s32(thimble_scaled(sums.part[part], pairs[part].val[1], scale));
    int8_t values[16];
    vst1q_s8(
      values, vcombine_s8(
                vqmovn_s16(vcombine_s16(half[0], half[1])), vqmovn_s16(vcombine_s16(half[2], half[3]))));
    int8_t *output = (int8_t *)row.output;
    if (!keep && row.channels >= 16) {
      __builtin_memcpy(output, values, 16);
    } else {
      for (int32_t channel = 0; channel < row.channels; channel++)
        if (!keep || output[channel] < values[channel]) output[channel] = values[channel];
    }
    row.input += row.column_step;
    row.output += row.tap_step;
  } while (--row.pixels > 0);
}

THIMBLE_INLINE void thimble_add_values(
  thimble_address x, thimble_address y, thimble_address output, int32_t count, thimble_addition add) {
  const int32x4_t bias = vdupq_n_s32(add.bias), down = vdupq_n_s32(-add.right_shift);
  for (; count > 0; x += 8, y += 8, output += 8, count -= 8) {
    int8_t a[8] = {0}, b[8] = {0}, values[8];
    const uint32_t size = count < 8 ? (uint32_t)count : 8;
    __builtin_memcpy(a, (const void *)x, size);
    __builtin_memcpy(b, (const void *)y, size);
    const int16x8_t first = vmovl_s8(vld1_s8(a)), second = vmovl_s8(vld1_s8(b));
    int32x4_t low = vmlaq_n_s32(bias, vmovl_s16(vget_low_s16(first)), add.first);
    int32x4_t high = vmlaq_n_s32(bias, vmovl_s16(vget_high_s16(first)), add.first);
    low = vmlaq_n_s32(low, vmovl_s16(vget_low_s16(second)), add.second);
    high = vmlaq_n_s32(high, vmovl_s16(vget_high_s16(second)), add.second);
    const int16x8_t both =
      vcombine_s16(vqmovn_s32(vshlq_s32(low, down)), vqmovn_s32(vshlq_s32(high, down)));
    vst1_s8(values, vqmovn_s16(both));
    __builtin_memcpy((void *)output, values, size);
  }
}

THIMBLE_INLINE void thimble_accumulate_pixels(
  thimble_address row, int32_t width, int32_t channels, thimble_address accumulators) {
  for (int32_t pixel = 0; pixel < width; pixel++, row += channels) {
    int32_t channel = 0;
    for (; channel + 8 <= channels; channel += 8) {
      int32_t *at = (int32_t *)accumulators + channel;
      const int16x8_t values = vmovl_s8(vld1_s8(THIMBLE_BYTES(row) + channel));
      vst1q_s32(at, vaddw_s16(vld1q_s32(at), vget_low_s16(values)));
      vst1q_s32(at + 4, vaddw_s16(vld1q_s32(at + 4), vget_high_s16(values)));
    }
    for (; channel < channels; channel++)
      ((int32_t *)accumulators)[channel] += THIMBLE_BYTES(row)[channel];
  }
}
