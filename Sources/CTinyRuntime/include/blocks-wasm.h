/* blocks.h for WebAssembly's 128-bit vectors. Bytes are widened as they are loaded, for products of half words are added in pairs by
 * one instruction. Only what the first version of the vectors has is used: what came later needn't give the same bits everywhere. */
#include <wasm_simd128.h>

/* As many as the 16 registers of x86-64 hold sums of. */
enum { THIMBLE_PIXELS = 2 };
typedef struct {
  thimble_sums pixel[THIMBLE_PIXELS];
} thimble_pixels;

/* A block as half words. */
typedef struct {
  v128_t low, high;
} thimble_block;

THIMBLE_INLINE thimble_block thimble_load_block(thimble_address from) {
  return (thimble_block){
    wasm_i16x8_load8x8((const void *)from), wasm_i16x8_load8x8((const void *)(from + 8))};
}

/* Four sums of products, to be added up. */
THIMBLE_INLINE v128_t thimble_add_block(v128_t sums, thimble_block x, thimble_block weights) {
  sums = wasm_i32x4_add(sums, wasm_i32x4_dot_i16x8(x.low, weights.low));
  return wasm_i32x4_add(sums, wasm_i32x4_dot_i16x8(x.high, weights.high));
}

/* The sums of four vectors. */
THIMBLE_INLINE thimble_sums thimble_added_up(const v128_t *v) {
  const v128_t first = wasm_i32x4_add(
    wasm_i32x4_shuffle(v[0], v[1], 0, 4, 1, 5), wasm_i32x4_shuffle(v[0], v[1], 2, 6, 3, 7));
  const v128_t second = wasm_i32x4_add(
    wasm_i32x4_shuffle(v[2], v[3], 0, 4, 1, 5), wasm_i32x4_shuffle(v[2], v[3], 2, 6, 3, 7));
  return (thimble_sums)wasm_i32x4_add(
    wasm_i32x4_shuffle(first, second, 0, 1, 4, 5), wasm_i32x4_shuffle(first, second, 2, 3, 6, 7));
}

/* Adds a row's blocks for `pixels` pixels by four channels. */
THIMBLE_INLINE thimble_address thimble_add_row(
  v128_t (*sums)[4], int32_t pixels, thimble_address x, int32_t step, thimble_address weights,
  int32_t blocks) {
  do {
    thimble_block values[THIMBLE_PIXELS];
#pragma clang loop unroll(full)
    for (int32_t pixel = 0; pixel < pixels; pixel++)
      values[pixel] = thimble_load_block(x + (thimble_address)(pixel * step));
#pragma clang loop unroll(full)
    for (int32_t channel = 0; channel < 4; channel++, weights += 16) {
      const thimble_block factors = thimble_load_block(weights);
#pragma clang loop unroll(full)
      for (int32_t pixel = 0; pixel < pixels; pixel++)
        sums[pixel][channel] = thimble_add_block(sums[pixel][channel], values[pixel], factors);
    }
    x += 16;
  } while (--blocks > 0);
  return weights;
}

THIMBLE_INLINE thimble_pixels thimble_window_sums(
  thimble_address x, int32_t step, thimble_rows rows, thimble_address weights, int32_t blocks) {
  v128_t sums[THIMBLE_PIXELS][4] = {{{0}}};
  do {
    weights = thimble_add_row(sums, THIMBLE_PIXELS, x, step, weights, blocks);
    x = thimble_next_row(x, &rows);
  } while (--rows.count > 0);
  return (thimble_pixels){{thimble_added_up(sums[0]), thimble_added_up(sums[1])}};
}

THIMBLE_INLINE thimble_pixels thimble_run_sums(
  thimble_address x, int32_t step, thimble_address weights, int32_t blocks) {
  const thimble_rows one = {x + 1, 1, 0, 0};
  return thimble_window_sums(x, step, one, weights, blocks);
}

THIMBLE_INLINE int32_t thimble_dot_blocks(thimble_address x, thimble_address weights, int32_t blocks) {
  v128_t sums = wasm_i32x4_const_splat(0);
  do {
    sums = thimble_add_block(sums, thimble_load_block(x), thimble_load_block(weights));
    x += 16, weights += 16;
  } while (--blocks > 0);
  return wasm_i32x4_extract_lane(sums, 0) + wasm_i32x4_extract_lane(sums, 1) +
         wasm_i32x4_extract_lane(sums, 2) + wasm_i32x4_extract_lane(sums, 3);
}

THIMBLE_INLINE thimble_sums thimble_pixel_sums(
  thimble_address x, thimble_rows rows, thimble_address weights, int32_t blocks) {
  v128_t sums[1][4] = {{{0}}};
  do {
    weights = thimble_add_row(sums, 1, x, 0, weights, blocks);
    x = thimble_next_row(x, &rows);
  } while (--rows.count > 0);
  return thimble_added_up(sums[0]);
}

THIMBLE_INLINE thimble_sums thimble_largest(thimble_sums a, thimble_sums b) {
  return (thimble_sums)wasm_i32x4_max((v128_t)a, (v128_t)b);
}

THIMBLE_INLINE thimble_sums thimble_largest_pixel(thimble_pixels sums) {
  return thimble_largest(sums.pixel[0], sums.pixel[1]);
}

/* Four biases and four multipliers. */
typedef struct {
  v128_t bias, multiplier;
} thimble_constants;

THIMBLE_INLINE thimble_constants thimble_load_constants(thimble_address from) {
  const v128_t first = wasm_v128_load((const void *)from);
  const v128_t second = wasm_v128_load((const void *)(from + 16));
  return (thimble_constants){
    wasm_i32x4_shuffle(first, second, 0, 2, 4, 6), wasm_i32x4_shuffle(first, second, 1, 3, 5, 7)};
}

/* The products have 64 bits, of which the upper halves are taken. */
THIMBLE_INLINE v128_t thimble_scaled(v128_t sums, v128_t multipliers, thimble_scale scale) {
  const v128_t shifted = wasm_i32x4_shl(sums, (uint32_t)scale.left_shift);
  const v128_t high = wasm_i32x4_shuffle(
    wasm_i64x2_extmul_low_i32x4(shifted, multipliers),
    wasm_i64x2_extmul_high_i32x4(shifted, multipliers), 1, 3, 5, 7);
  return wasm_i32x4_shr(
    wasm_i32x4_add(high, wasm_i32x4_splat(scale.offset)), (uint32_t)scale.right_shift);
}

THIMBLE_INLINE v128_t thimble_requantized(thimble_sums sums, thimble_constants constants, thimble_scale scale) {
  return thimble_scaled(wasm_i32x4_add((v128_t)sums, constants.bias), constants.multiplier, scale);
}

/* The int8 values of eight lanes. */
THIMBLE_INLINE v128_t thimble_saturated(v128_t first, v128_t second) {
  const v128_t halves = wasm_i16x8_narrow_i32x4(first, second);
  return wasm_i8x16_narrow_i16x8(halves, halves);
}

/* Puts the first `channels` of up to 16 values, or those of them that are larger than what is there. */
THIMBLE_INLINE void thimble_put_values(v128_t values, thimble_address output, int32_t channels, bool keep) {
  int8_t made[16];
  wasm_v128_store(made, values);
  for (int32_t channel = 0; channel < channels; channel++) {
    int8_t *place = (int8_t *)output + channel;
    if (!keep || *place < made[channel]) *place = made[channel];
  }
}

/* Not inline: it is for the few pixels and channels that are left over, and a shuffle alone takes 18 bytes. */
static inline __attribute__((noinline)) void thimble_put(
  thimble_sums sums, thimble_address constants, thimble_scale scale, thimble_address output,
  int32_t channels, bool keep) {
  /* Only the constants that there are may be read. */
  int32_t pairs[8] = {0};
  for (int32_t i = 0; i < 2 * channels; i++) pairs[i] = ((const int32_t *)constants)[i];
  const v128_t scaled =
    thimble_requantized(sums, thimble_load_constants((thimble_address)pairs), scale);
  thimble_put_values(thimble_saturated(scaled, scaled), output, channels, keep);
}

THIMBLE_INLINE void thimble_put_four(
  thimble_sums sums, thimble_address constants, thimble_scale scale, thimble_address output) {
  const v128_t scaled = thimble_requantized(sums, thimble_load_constants(constants), scale);
  wasm_v128_store32_lane((void *)output, thimble_saturated(scaled, scaled), 0);
}

THIMBLE_INLINE void thimble_put_pixels(
  thimble_pixels sums, thimble_address constants, thimble_scale scale, thimble_address output,
  int32_t step) {
  const thimble_constants four = thimble_load_constants(constants);
  const v128_t values = thimble_saturated(
    thimble_requantized(sums.pixel[0], four, scale), thimble_requantized(sums.pixel[1], four, scale));
  wasm_v128_store32_lane((void *)output, values, 0);
  wasm_v128_store32_lane((void *)(output + (thimble_address)step), values, 1);
}

THIMBLE_INLINE void thimble_accumulate(thimble_address accumulators, thimble_sums sums, int32_t channels) {
  for (int32_t lane = 0; lane < channels; lane++) ((int32_t *)accumulators)[lane] += sums[lane];
}

THIMBLE_INLINE void thimble_copy(thimble_address to, thimble_address from, int32_t blocks) {
  do {
    wasm_v128_store((void *)to, wasm_v128_load((const void *)from));
    to += 16, from += 16;
  } while (--blocks > 0);
}

/* Products of 16 channels, those of a tap or of two. */
THIMBLE_INLINE thimble_block thimble_tap(thimble_address x, thimble_address weights) {
  const thimble_block values = thimble_load_block(x), factors = thimble_load_block(weights);
  return (thimble_block){
    wasm_i16x8_mul(values.low, factors.low), wasm_i16x8_mul(values.high, factors.high)};
}

/* Adds the products of all taps to the sums of 16 channels. */
THIMBLE_INLINE void thimble_add_taps(v128_t *sums, thimble_address x, const thimble_block_depthwise *row) {
  thimble_rows rows = row->rows;
  thimble_address weights = row->weights;
  do {
    thimble_address at = x;
    int32_t left = row->kernel_width;
    do {
      thimble_block products = thimble_tap(at, weights);
      at += (thimble_address)row->tap_step, weights += 16;
      if (left > 1) {
        const thimble_block second = thimble_tap(at, weights);
        products.low = wasm_i16x8_add(products.low, second.low);
        products.high = wasm_i16x8_add(products.high, second.high);
        at += (thimble_address)row->tap_step, weights += 16;
      }
      sums[0] = wasm_i32x4_add(sums[0], wasm_i32x4_extend_low_i16x8(products.low));
      sums[1] = wasm_i32x4_add(sums[1], wasm_i32x4_extend_high_i16x8(products.low));
      sums[2] = wasm_i32x4_add(sums[2], wasm_i32x4_extend_low_i16x8(products.high));
      sums[3] = wasm_i32x4_add(sums[3], wasm_i32x4_extend_high_i16x8(products.high));
      left -= 2;
    } while (left > 0);
    x = thimble_next_row(x, &rows);
  } while (--rows.count > 0);
}

THIMBLE_INLINE void thimble_block_depthwise_row(thimble_block_depthwise row, thimble_scale scale, bool keep) {
  do {
    v128_t sums[4] = {{0}};
    thimble_add_taps(sums, row.input, &row);
#pragma clang loop unroll(full)
    for (uint32_t part = 0; part < 4; part++)
      sums[part] = thimble_requantized(
        (thimble_sums)sums[part], thimble_load_constants(row.constants + 32 * part), scale);
    const v128_t values = wasm_i8x16_narrow_i16x8(
      wasm_i16x8_narrow_i32x4(sums[0], sums[1]), wasm_i16x8_narrow_i32x4(sums[2], sums[3]));
    if (!keep && row.channels >= 16) {
      wasm_v128_store((void *)row.output, values);
    } else {
      thimble_put_values(values, row.output, row.channels, keep);
    }
    row.input += (thimble_address)row.column_step;
    row.output += (thimble_address)row.tap_step;
  } while (--row.pixels > 0);
}

THIMBLE_INLINE v128_t thimble_added_values(v128_t first, v128_t second, thimble_addition add) {
  const v128_t sum = wasm_i32x4_add(
    wasm_i32x4_splat(add.bias), wasm_i32x4_mul(first, wasm_i32x4_splat(add.first)));
  return wasm_i32x4_shr(
    wasm_i32x4_add(sum, wasm_i32x4_mul(second, wasm_i32x4_splat(add.second))),
    (uint32_t)add.right_shift);
}

THIMBLE_INLINE void thimble_add_values(
  thimble_address x, thimble_address y, thimble_address output, int32_t count, thimble_addition add) {
  for (; count > 0; x += 8, y += 8, output += 8, count -= 8) {
    int8_t a[8] = {0}, b[8] = {0};
    const int32_t size = count < 8 ? count : 8;
    thimble_address first = x, second = y;
    if (size < 8) {
      /* The rows end here. */
      for (int32_t i = 0; i < size; i++) a[i] = THIMBLE_BYTES(x)[i], b[i] = THIMBLE_BYTES(y)[i];
      first = (thimble_address)a, second = (thimble_address)b;
    }
    const v128_t values = wasm_i16x8_load8x8((const void *)first);
    const v128_t others = wasm_i16x8_load8x8((const void *)second);
    const v128_t sums = thimble_saturated(
      thimble_added_values(
        wasm_i32x4_extend_low_i16x8(values), wasm_i32x4_extend_low_i16x8(others), add),
      thimble_added_values(
        wasm_i32x4_extend_high_i16x8(values), wasm_i32x4_extend_high_i16x8(others), add));
    if (size == 8)
      wasm_v128_store64_lane((void *)output, sums, 0);
    else
      thimble_put_values(sums, output, size, false);
  }
}

THIMBLE_INLINE void thimble_accumulate_pixels(
  thimble_address row, int32_t width, int32_t channels, thimble_address accumulators) {
  int32_t channel = 0;
  for (; channel + 8 <= channels; channel += 8) {
    int32_t *sums = (int32_t *)accumulators + channel;
    v128_t low = wasm_v128_load(sums), high = wasm_v128_load(sums + 4);
    const int8_t *x = THIMBLE_BYTES(row) + channel;
    for (int32_t pixel = 0; pixel < width; pixel++, x += channels) {
      const v128_t values = wasm_i16x8_load8x8(x);
      low = wasm_i32x4_add(low, wasm_i32x4_extend_low_i16x8(values));
      high = wasm_i32x4_add(high, wasm_i32x4_extend_high_i16x8(values));
    }
    wasm_v128_store(sums, low);
    wasm_v128_store(sums + 4, high);
  }
  for (; channel < channels; channel++)
    for (int32_t pixel = 0; pixel < width; pixel++)
      ((int32_t *)accumulators)[channel] += THIMBLE_BYTES(row)[pixel * channels + channel];
}
