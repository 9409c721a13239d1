/* The definition of blocks.h, in C alone. */
enum { THIMBLE_PIXELS = 4 };
typedef struct {
  thimble_sums pixel[THIMBLE_PIXELS];
} thimble_pixels;

/* The sum of products of blocks that lie one after another. */
THIMBLE_INLINE int32_t thimble_dot_blocks(thimble_address x, thimble_address weights, int32_t blocks) {
  int32_t sum = 0;
  for (int32_t i = 0; i < 16 * blocks; i++) sum += THIMBLE_BYTES(x)[i] * THIMBLE_BYTES(weights)[i];
  return sum;
}

/* A pixel's sums for four channels, whose blocks take turns. */
THIMBLE_INLINE thimble_sums thimble_pixel_sums(
  thimble_address x, thimble_rows rows, thimble_address weights, int32_t blocks) {
  thimble_sums sums = {0, 0, 0, 0};
  do {
    for (int32_t block = 0; block < blocks; block++)
      for (int32_t channel = 0; channel < 4; channel++, weights += 16)
        sums[channel] += thimble_dot_blocks(x + 16 * block, weights, 1);
    x = thimble_next_row(x, &rows);
  } while (--rows.count > 0);
  return sums;
}

/* The same for THIMBLE_PIXELS pixels, `step` bytes apart. */
THIMBLE_INLINE thimble_pixels thimble_window_sums(
  thimble_address x, int32_t step, thimble_rows rows, thimble_address weights, int32_t blocks) {
  thimble_pixels sums;
  for (int32_t pixel = 0; pixel < THIMBLE_PIXELS; pixel++) {
    /* A wrap is decided by the first pixel. */
    thimble_rows its = rows;
    its.end += pixel * step;
    sums.pixel[pixel] = thimble_pixel_sums(x + pixel * step, its, weights, blocks);
  }
  return sums;
}

/* The same for a kernel of one row. */
THIMBLE_INLINE thimble_pixels thimble_run_sums(
  thimble_address x, int32_t step, thimble_address weights, int32_t blocks) {
  const thimble_rows one = {x + 1, 1, 0, 0};
  return thimble_window_sums(x, step, one, weights, blocks);
}

THIMBLE_INLINE thimble_sums thimble_largest(thimble_sums a, thimble_sums b) {
  for (int32_t lane = 0; lane < 4; lane++)
    if (b[lane] > a[lane]) a[lane] = b[lane];
  return a;
}

THIMBLE_INLINE thimble_sums thimble_largest_pixel(thimble_pixels sums) {
  for (int32_t pixel = 1; pixel < THIMBLE_PIXELS; pixel++)
    sums.pixel[0] = thimble_largest(sums.pixel[0], sums.pixel[pixel]);
  return sums.pixel[0];
}

THIMBLE_INLINE int8_t thimble_scaled(int32_t sum, const int32_t *constants, thimble_scale scale) {
  sum += constants[0];
  const int64_t product = (int64_t)(int32_t)((uint32_t)sum << scale.left_shift) * constants[1];
  const int32_t value = ((int32_t)(product >> 32) + scale.offset) >> scale.right_shift;
  return (int8_t)(value < -128 ? -128 : value > 127 ? 127 : value);
}

/* Scales the sums of the first `channels` lanes, whose biases and multipliers are at `constants`. With `keep`, values that are
 * there already and are larger stay. */
THIMBLE_INLINE void thimble_put(
  thimble_sums sums, thimble_address constants, thimble_scale scale, thimble_address output,
  int32_t channels, bool keep) {
  for (int32_t lane = 0; lane < channels; lane++) {
    const int8_t value = thimble_scaled(sums[lane], (const int32_t *)constants + 2 * lane, scale);
    int8_t *place = (int8_t *)output + lane;
    *place = keep && *place > value ? *place : value;
  }
}

/* The same for four channels, of which none stays. */
THIMBLE_INLINE void thimble_put_four(
  thimble_sums sums, thimble_address constants, thimble_scale scale, thimble_address output) {
  thimble_put(sums, constants, scale, output, 4, false);
}

/* The same for four channels of each pixel, `step` bytes apart. */
THIMBLE_INLINE void thimble_put_pixels(
  thimble_pixels sums, thimble_address constants, thimble_scale scale, thimble_address output,
  int32_t step) {
  for (int32_t pixel = 0; pixel < THIMBLE_PIXELS; pixel++)
    thimble_put(sums.pixel[pixel], constants, scale, output + pixel * step, 4, false);
}

/* Adds sums to those in memory. */
THIMBLE_INLINE void thimble_accumulate(thimble_address accumulators, thimble_sums sums, int32_t channels) {
  for (int32_t lane = 0; lane < channels; lane++) ((int32_t *)accumulators)[lane] += sums[lane];
}

/* Copies blocks of 16 bytes, at least one. */
THIMBLE_INLINE void thimble_copy(thimble_address to, thimble_address from, int32_t blocks) {
  for (int32_t i = 0; i < 16 * blocks; i++) ((int8_t *)to)[i] = THIMBLE_BYTES(from)[i];
}

THIMBLE_INLINE void thimble_block_depthwise_row(thimble_block_depthwise row, thimble_scale scale, bool keep) {
  for (int32_t pixel = 0; pixel < row.pixels; pixel++)
    for (int32_t channel = 0; channel < row.channels; channel++) {
      int32_t sum = 0;
      const int8_t *weights = THIMBLE_BYTES(row.weights) + channel;
      thimble_address x = row.input;
      for (int32_t i = 0; i < row.rows.count; i++, x = thimble_next_row(x, &row.rows))
        for (int32_t tap = 0; tap < row.kernel_width; tap++, weights += 16)
          sum += THIMBLE_BYTES(x)[pixel * row.column_step + tap * row.tap_step + channel] * *weights;
      const int8_t value = thimble_scaled(sum, (const int32_t *)row.constants + 2 * channel, scale);
      int8_t *place = (int8_t *)row.output + pixel * row.tap_step + channel;
      *place = keep && *place > value ? *place : value;
    }
}

/* Adds up two rows of `count` values. */
THIMBLE_INLINE void thimble_add_values(
  thimble_address x, thimble_address y, thimble_address output, int32_t count, thimble_addition add) {
  for (int32_t i = 0; i < count; i++) {
    const uint32_t sum = (uint32_t)THIMBLE_BYTES(x)[i] * (uint32_t)add.first +
                         (uint32_t)THIMBLE_BYTES(y)[i] * (uint32_t)add.second + (uint32_t)add.bias;
    const int32_t value = (int32_t)sum >> add.right_shift;
    ((int8_t *)output)[i] = (int8_t)(value < -128 ? -128 : value > 127 ? 127 : value);
  }
}

/* Adds a row of pixels to the sums of their channels. */
THIMBLE_INLINE void thimble_accumulate_pixels(
  thimble_address row, int32_t width, int32_t channels, thimble_address accumulators) {
  for (int32_t pixel = 0; pixel < width; pixel++, row += channels)
    for (int32_t channel = 0; channel < channels; channel++)
      ((int32_t *)accumulators)[channel] += THIMBLE_BYTES(row)[channel];
}
