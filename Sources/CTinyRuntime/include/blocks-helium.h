/* blocks.h for Armv8.1-M with Helium, the integer vectors of Cortex-M55: VMLADAVA adds 16 products to a general register, of which it
 * takes the even ones: enough for two pixels by two channels, twice. */
#include <arm_mve.h>

enum { THIMBLE_PIXELS = 2 };
typedef struct {
  thimble_sums pixel[THIMBLE_PIXELS];
} thimble_pixels;

/* Two pixels by two channels: (first pixel: a, b; second: c, d). */
typedef struct {
  int32_t a, b, c, d;
} thimble_quad;

/* One block of either pixel times one of the first and third channel; `add` is "a" to add to the sums, "" to begin them. */
#define THIMBLE_QUAD_BLOCK(add)                                                   \
  "vldrb.u8 q0, [%[x]], #16\n"                                                  \
  "vldrb.u8 q1, [%[w], #32]\n"                                                  \
  "vmladav" add ".s8 %[b], q0, q1\n"                                            \
  "vldrb.u8 q2, [%[w]], #64\n"                                                  \
  "vmladav" add ".s8 %[a], q0, q2\n"                                            \
  "vldrb.u8 q3, [%[y]], #16\n"                                                  \
  "vmladav" add ".s8 %[c], q3, q2\n"                                            \
  "vmladav" add ".s8 %[d], q3, q1\n"

/* Assembly, for the compiler gives the loop register to an outer loop where there is one. */
THIMBLE_INLINE thimble_quad thimble_run_quad(
  thimble_address x, thimble_address y, thimble_address weights, int32_t blocks) {
  thimble_quad sums;
  if (__builtin_constant_p(blocks) && blocks == 1) {
    __asm__(
      THIMBLE_QUAD_BLOCK("")
      : [a] "=&Te"(sums.a), [b] "=&Te"(sums.b), [c] "=&Te"(sums.c), [d] "=&Te"(sums.d),
        [x] "+r"(x), [y] "+r"(y), [w] "+r"(weights)
      :
      : "q0", "q1", "q2", "q3", "memory");
    return sums;
  }
  __asm__(
    THIMBLE_QUAD_BLOCK("")
    "wls lr, %[n], 2f\n"
    "1:\n"
    THIMBLE_QUAD_BLOCK("a")
    "le lr, 1b\n"
    "2:\n"
    : [a] "=&Te"(sums.a), [b] "=&Te"(sums.b), [c] "=&Te"(sums.c), [d] "=&Te"(sums.d), [x] "+r"(x),
      [y] "+r"(y), [w] "+r"(weights)
    : [n] "r"(blocks - 1)
    : "lr", "q0", "q1", "q2", "q3", "memory");
  return sums;
}

THIMBLE_INLINE thimble_quad thimble_window_quad(
  thimble_address x, int32_t step, thimble_rows rows, thimble_address weights, int32_t blocks) {
  thimble_quad sums = {0, 0, 0, 0};
  do {
    thimble_address first = x, second = x + step;
    __asm__(
      "dls lr, %[n]\n"
      "1:\n"
      THIMBLE_QUAD_BLOCK("a")
      "le lr, 1b\n"
      : [a] "+Te"(sums.a), [b] "+Te"(sums.b), [c] "+Te"(sums.c), [d] "+Te"(sums.d),
        [x] "+r"(first), [y] "+r"(second), [w] "+r"(weights)
      : [n] "r"(blocks)
      : "lr", "q0", "q1", "q2", "q3", "memory");
    x = thimble_next_row(x, &rows);
  } while (--rows.count > 0);
  return sums;
}

THIMBLE_INLINE thimble_pixels thimble_pixels_of(thimble_quad even, thimble_quad odd) {
  return (thimble_pixels){{{even.a, odd.a, even.b, odd.b}, {even.c, odd.c, even.d, odd.d}}};
}

THIMBLE_INLINE thimble_pixels thimble_run_sums(
  thimble_address x, int32_t step, thimble_address weights, int32_t blocks) {
  const thimble_quad even = thimble_run_quad(x, x + step, weights, blocks);
  return thimble_pixels_of(even, thimble_run_quad(x, x + step, weights + 16, blocks));
}

THIMBLE_INLINE thimble_pixels thimble_window_sums(
  thimble_address x, int32_t step, thimble_rows rows, thimble_address weights, int32_t blocks) {
  const thimble_quad even = thimble_window_quad(x, step, rows, weights, blocks);
  return thimble_pixels_of(even, thimble_window_quad(x, step, rows, weights + 16, blocks));
}

THIMBLE_INLINE int32_t thimble_dot_blocks(thimble_address x, thimble_address weights, int32_t blocks) {
  int32_t sum = 0;
  do {
    sum = vmladavaq_s8(sum, vldrbq_s8(THIMBLE_BYTES(x)), vldrbq_s8(THIMBLE_BYTES(weights)));
    x += 16, weights += 16;
  } while (--blocks > 0);
  return sum;
}

THIMBLE_INLINE thimble_sums thimble_pixel_sums(
  thimble_address x, thimble_rows rows, thimble_address weights, int32_t blocks) {
  int32_t a = 0, b = 0, c = 0, d = 0;
  do {
    thimble_address at = x;
    int32_t left = blocks;
    do {
      const int8x16_t values = vldrbq_s8(THIMBLE_BYTES(at));
      a = vmladavaq_s8(a, values, vldrbq_s8(THIMBLE_BYTES(weights)));
      b = vmladavaq_s8(b, values, vldrbq_s8(THIMBLE_BYTES(weights + 16)));
      c = vmladavaq_s8(c, values, vldrbq_s8(THIMBLE_BYTES(weights + 32)));
      d = vmladavaq_s8(d, values, vldrbq_s8(THIMBLE_BYTES(weights + 48)));
      at += 16, weights += 64;
    } while (--left > 0);
    x = thimble_next_row(x, &rows);
  } while (--rows.count > 0);
  return (thimble_sums){a, b, c, d};
}

THIMBLE_INLINE thimble_sums thimble_largest(thimble_sums a, thimble_sums b) {
  return (thimble_sums)vmaxq_s32((int32x4_t)a, (int32x4_t)b);
}

THIMBLE_INLINE thimble_sums thimble_largest_pixel(thimble_pixels sums) {
  return thimble_largest(sums.pixel[0], sums.pixel[1]);
}

THIMBLE_INLINE int32x4_t thimble_scaled(int32x4_t sums, int32x4_t multipliers, thimble_scale scale) {
  const int32x4_t high = vmulhq_s32(vshlq_r_s32(sums, scale.left_shift), multipliers);
  return vshlq_r_s32(vaddq_n_s32(high, scale.offset), -scale.right_shift);
}

/* The int8 values in the lowest byte of each lane. */
THIMBLE_INLINE int32x4_t thimble_saturated(int32x4_t values) {
  return (int32x4_t)vqmovnbq_s16(
    vuninitializedq_s8(), vqmovnbq_s32(vuninitializedq_s16(), values));
}

THIMBLE_INLINE void thimble_put(
  thimble_sums sums, thimble_address constants, thimble_scale scale, thimble_address output,
  int32_t channels, bool keep) {
  /* Only the constants that there are may be read. */
  const mve_pred16_t lanes = vctp32q(channels);
  const uint32x4_t pairs = vidupq_n_u32(0, 8);
  const int32_t *from = (const int32_t *)constants;
  const int32x4_t biased =
    vaddq_s32((int32x4_t)sums, vldrwq_gather_offset_z_s32(from, pairs, lanes));
  int32x4_t values = thimble_saturated(
    thimble_scaled(biased, vldrwq_gather_offset_z_s32(from + 1, pairs, lanes), scale));
  if (keep) {
    const int32x4_t there = vldrbq_z_s32(THIMBLE_BYTES(output), lanes);
    values = (int32x4_t)vmaxq_s8((int8x16_t)values, (int8x16_t)there);
  }
  vstrbq_p_s32((int8_t *)output, values, lanes);
}

THIMBLE_INLINE void thimble_put_four(
  thimble_sums sums, thimble_address constants, thimble_scale scale, thimble_address output) {
  const int32x4x2_t pairs = vld2q_s32((const int32_t *)constants);
  const int32x4_t biased = vaddq_s32((int32x4_t)sums, pairs.val[0]);
  vstrbq_s32((int8_t *)output, thimble_saturated(thimble_scaled(biased, pairs.val[1], scale)));
}

THIMBLE_INLINE void thimble_put_pixels(
  thimble_pixels sums, thimble_address constants, thimble_scale scale, thimble_address output,
  int32_t step) {
  const int32x4x2_t pairs = vld2q_s32((const int32_t *)constants);
  const int32x4_t first = vaddq_s32((int32x4_t)sums.pixel[0], pairs.val[0]);
  const int32x4_t second = vaddq_s32((int32x4_t)sums.pixel[1], pairs.val[0]);
  vstrbq_s32((int8_t *)output, thimble_saturated(thimble_scaled(first, pairs.val[1], scale)));
  vstrbq_s32(
    (int8_t *)(output + step), thimble_saturated(thimble_scaled(second, pairs.val[1], scale)));
}

THIMBLE_INLINE void thimble_accumulate(thimble_address accumulators, thimble_sums sums, int32_t channels) {
  const mve_pred16_t lanes = vctp32q(channels);
  int32_t *at = (int32_t *)accumulators;
  vstrwq_p_s32(at, vaddq_s32(vldrwq_z_s32(at, lanes), (int32x4_t)sums), lanes);
}

THIMBLE_INLINE void thimble_copy(thimble_address to, thimble_address from, int32_t blocks) {
  do {
    vstrbq_s8((int8_t *)to, vldrbq_s8(THIMBLE_BYTES(from)));
    to += 16, from += 16;
  } while (--blocks > 0);
}

/* Sums of 16 channels, the lanes in the order that VMULLB and VMULLT, then VMOVLB and VMOVLT leave them in: channels 0 4 8 12,
 * 2 6 10 14, 1 5 9 13, 3 7 11 15. */
typedef struct {
  int32x4_t a, b, c, d;
} thimble_sixteen;

/* Products of a tap's even and odd channels, and those of a second tap added. */
typedef struct {
  int16x8_t even, odd;
} thimble_products;

THIMBLE_INLINE thimble_products thimble_tap(thimble_address x, thimble_address weights) {
  const int8x16_t values = vldrbq_s8(THIMBLE_BYTES(x)), factors = vldrbq_s8(THIMBLE_BYTES(weights));
  return (thimble_products){vmullbq_int_s8(values, factors), vmulltq_int_s8(values, factors)};
}

THIMBLE_INLINE thimble_products thimble_both(thimble_products first, thimble_products second) {
  return (thimble_products){
    vaddq_s16(first.even, second.even), vaddq_s16(first.odd, second.odd)};
}

THIMBLE_INLINE thimble_sixteen thimble_add_products(thimble_sixteen sums, thimble_products products) {
  return (thimble_sixteen){
    vaddq_s32(sums.a, vmovlbq_s16(products.even)), vaddq_s32(sums.b, vmovltq_s16(products.even)),
    vaddq_s32(sums.c, vmovlbq_s16(products.odd)), vaddq_s32(sums.d, vmovltq_s16(products.odd))};
}

/* Three by three taps, which is what networks have. */
THIMBLE_INLINE thimble_sixteen thimble_three_by_three(
  thimble_sixteen sums, const thimble_address *rows, int32_t offset, int32_t step,
  thimble_address weights) {
  const thimble_address x = rows[0] + offset, y = rows[1] + offset, z = rows[2] + offset;
  sums = thimble_add_products(
    sums, thimble_both(thimble_tap(x, weights), thimble_tap(x + step, weights + 16)));
  sums = thimble_add_products(
    sums, thimble_both(thimble_tap(x + 2 * step, weights + 32), thimble_tap(y, weights + 48)));
  sums = thimble_add_products(
    sums, thimble_both(
            thimble_tap(y + step, weights + 64), thimble_tap(y + 2 * step, weights + 80)));
  sums = thimble_add_products(
    sums, thimble_both(thimble_tap(z, weights + 96), thimble_tap(z + step, weights + 112)));
  return thimble_add_products(sums, thimble_tap(z + 2 * step, weights + 128));
}

THIMBLE_INLINE thimble_sixteen thimble_any_taps(
  thimble_sixteen sums, thimble_address x, const thimble_block_depthwise *row) {
  thimble_rows rows = row->rows;
  thimble_address weights = row->weights;
  do {
    thimble_address at = x;
    int32_t left = row->kernel_width;
    do {
      thimble_products products = thimble_tap(at, weights);
      at += row->tap_step, weights += 16;
      if (left > 1) {
        products = thimble_both(products, thimble_tap(at, weights));
        at += row->tap_step, weights += 16;
      }
      sums = thimble_add_products(sums, products);
      left -= 2;
    } while (left > 0);
    x = thimble_next_row(x, &rows);
  } while (--rows.count > 0);
  return sums;
}

THIMBLE_INLINE void thimble_block_depthwise_row(thimble_block_depthwise row, thimble_scale scale, bool keep) {
  const uint32x4_t pairs =
    vaddq_n_u32(vshlq_n_u32(vidupq_n_u32(0, 8), 2), (uint32_t)row.constants);
  const mve_pred16_t lanes = vctp8q(row.channels);
  const bool is_three_by_three = row.rows.count == 3 && row.kernel_width == 3;
  thimble_address rows[3] = {row.input, 0, 0};
  if (is_three_by_three) {
    rows[1] = thimble_next_row(rows[0], &row.rows);
    rows[2] = thimble_next_row(rows[1], &row.rows);
  }
  int32_t offset = 0;
  do {
    thimble_sixteen sums = {
      vldrwq_gather_base_s32(pairs, 0), vldrwq_gather_base_s32(pairs, 16),
      vldrwq_gather_base_s32(pairs, 8), vldrwq_gather_base_s32(pairs, 24)};
    sums = is_three_by_three
             ? thimble_three_by_three(sums, rows, offset, row.tap_step, row.weights)
             : thimble_any_taps(sums, row.input + offset, &row);
    sums.a = thimble_scaled(sums.a, vldrwq_gather_base_s32(pairs, 4), scale);
    sums.b = thimble_scaled(sums.b, vldrwq_gather_base_s32(pairs, 20), scale);
    sums.c = thimble_scaled(sums.c, vldrwq_gather_base_s32(pairs, 12), scale);
    sums.d = thimble_scaled(sums.d, vldrwq_gather_base_s32(pairs, 28), scale);
    const int16x8_t even = vqmovntq_s32(vqmovnbq_s32(vuninitializedq_s16(), sums.a), sums.b);
    const int16x8_t odd = vqmovntq_s32(vqmovnbq_s32(vuninitializedq_s16(), sums.c), sums.d);
    int8x16_t values = vqmovntq_s16(vqmovnbq_s16(vuninitializedq_s8(), even), odd);
    if (keep) values = vmaxq_s8(values, vldrbq_z_s8(THIMBLE_BYTES(row.output), lanes));
    vstrbq_p_s8((int8_t *)row.output, values, lanes);
    offset += row.column_step;
    row.output += row.tap_step;
  } while (--row.pixels > 0);
}

THIMBLE_INLINE void thimble_add_values(
  thimble_address x, thimble_address y, thimble_address output, int32_t count, thimble_addition add) {
  const int32x4_t first = vdupq_n_s32(add.first);
  do {
    const mve_pred16_t lanes = vctp32q(count);
    const int32x4_t a = vldrbq_z_s32(THIMBLE_BYTES(x), lanes), b = vldrbq_z_s32(THIMBLE_BYTES(y), lanes);
    const int32x4_t sums = vmlaq_n_s32(vmlasq_n_s32(a, first, add.bias), b, add.second);
    vstrbq_p_s32(
      (int8_t *)output, thimble_saturated(vshlq_r_s32(sums, -add.right_shift)), lanes);
    x += 4, y += 4, output += 4, count -= 4;
  } while (count > 0);
}

THIMBLE_INLINE void thimble_accumulate_pixels(
  thimble_address row, int32_t width, int32_t channels, thimble_address accumulators) {
  const int32_t step = channels;
  do {
    const mve_pred16_t lanes = vctp32q(channels);
    int32x4_t sums = vldrwq_z_s32((const int32_t *)accumulators, lanes);
    thimble_address x = row;
    int32_t left = width;
    do {
      sums = vaddq_s32(sums, vldrbq_z_s32(THIMBLE_BYTES(x), lanes));
      x += step;
    } while (--left > 0);
    vstrwq_p_s32((int32_t *)accumulators, sums, lanes);
    row += 4, accumulators += 16, channels -= 4;
  } while (channels > 0);
}
