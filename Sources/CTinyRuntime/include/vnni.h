/* What sixteens.h does, in AVX512-VNNI; included there. */
#ifndef THIMBLE_VNNI_H
#define THIMBLE_VNNI_H

/* A block of 16 channels at work. */
typedef struct thimble_vnni {
  const uint8_t *window;   /* the inputs + 128, without the ring */
  uintptr_t pitch;         /* bytes from a row of it to the next */
  uintptr_t pixel_step, pool_row_step, pool_column_step; /* bytes */
  uintptr_t rows, groups;  /* of the kernel; of four inputs in a row */
  const int8_t *weights;
  uintptr_t channels;      /* of an output pixel */
  __mmask16 mask;          /* the channels of this block */
  __m512i bias, even, odd, offset; /* the multipliers of even and odd channels */
  __m128i left_shift, right_shift;
} thimble_vnni;

#define THIMBLE_UNROLL _Pragma("clang loop unroll(full)")
#define THIMBLE_INLINE __attribute__((always_inline)) static inline

THIMBLE_INLINE __m512i thimble_vnni_inputs(const void *address) {
  int32_t four;
  memcpy(&four, address, 4);
  return _mm512_set1_epi32(four);
}

/* The sums of `count` windows `step` bytes apart, each in `parts` parts, so that few of them need not wait for each other: at most 8
 * registers. Eight pixels keep the multipliers busy: a weight is loaded for all of them. */
THIMBLE_INLINE void thimble_vnni_sums(
  const thimble_vnni *b, const uint8_t *window, const uintptr_t step, const int count, const int parts,
  __m512i *sums) {
  __m512i part[8];
  const int8_t *weights = b->weights;
  THIMBLE_UNROLL
  for (int i = 0; i < count * parts; i++) part[i] = i < count ? b->bias : _mm512_setzero_si512();
  for (uintptr_t row = 0; row < b->rows; row++, window += b->pitch) {
    const uint8_t *inputs = window;
    uintptr_t group = 0;
    if (parts > 1)
      for (; group + parts <= b->groups; group += parts, inputs += 4 * parts) {
        THIMBLE_UNROLL
        for (int p = 0; p < parts; p++, weights += 64) {
          const __m512i w = _mm512_loadu_si512(weights);
          THIMBLE_UNROLL
          for (int i = 0; i < count; i++)
            part[p * count + i] =
              _mm512_dpbusd_epi32(part[p * count + i], thimble_vnni_inputs(inputs + 4 * p + i * step), w);
        }
      }
    for (; group < b->groups; group++, inputs += 4, weights += 64) {
      const __m512i w = _mm512_loadu_si512(weights);
      THIMBLE_UNROLL
      for (int i = 0; i < count; i++)
        part[i] = _mm512_dpbusd_epi32(part[i], thimble_vnni_inputs(inputs + i * step), w);
    }
  }
  THIMBLE_UNROLL
  for (int i = 0; i < count; i++) {
    sums[i] = part[i];
    THIMBLE_UNROLL
    for (int p = 1; p < parts; p++) sums[i] = _mm512_add_epi32(sums[i], part[p * count + i]);
  }
}

/* Scales sums to int8 and stores them. */
THIMBLE_INLINE void thimble_vnni_store(const thimble_vnni *b, __m512i sum, int8_t *output) {
  sum = _mm512_sll_epi32(sum, b->left_shift);
  const __m512i even = _mm512_mul_epi32(sum, b->even);
  const __m512i odd = _mm512_mul_epi32(_mm512_srli_epi64(sum, 32), b->odd);
  const __m512i high = _mm512_mask_shuffle_epi32(odd, 0x5555, even, _MM_PERM_DDBB);
  const __m512i value = _mm512_sra_epi32(_mm512_add_epi32(high, b->offset), b->right_shift);
  _mm_mask_storeu_epi8(output, b->mask, _mm512_cvtsepi32_epi8(value));
}

THIMBLE_INLINE void thimble_vnni_tile(
  const thimble_vnni *b, const uint8_t *window, const int pixels, const int parts, int8_t *output) {
  __m512i sums[8];
  thimble_vnni_sums(b, window, b->pixel_step, pixels, parts, sums);
  THIMBLE_UNROLL
  for (int i = 0; i < pixels; i++) thimble_vnni_store(b, sums[i], output + i * b->channels);
}

/* Pixels that are the largest of 2 x 2 sums, next to each other. */
THIMBLE_INLINE void thimble_vnni_tile_of_fours(
  const thimble_vnni *b, const uint8_t *window, const int pixels, const int parts, int8_t *output) {
  __m512i upper[8], lower[8];
  thimble_vnni_sums(b, window, b->pool_column_step, 2 * pixels, parts, upper);
  thimble_vnni_sums(b, window + b->pool_row_step, b->pool_column_step, 2 * pixels, parts, lower);
  THIMBLE_UNROLL
  for (int i = 0; i < pixels; i++) {
    const __m512i left = _mm512_max_epi32(upper[2 * i], lower[2 * i]);
    const __m512i right = _mm512_max_epi32(upper[2 * i + 1], lower[2 * i + 1]);
    thimble_vnni_store(b, _mm512_max_epi32(left, right), output + i * b->channels);
  }
}

/* A pixel of any pool. */
THIMBLE_INLINE void thimble_vnni_pooled(
  const thimble_vnni *b, const thimble_convolution *c, const uint8_t *window, int8_t *output) {
  __m512i largest = _mm512_set1_epi32(INT32_MIN), sum;
  for (uintptr_t y = 0; y < c->pool_rows; y++)
    for (uintptr_t x = 0; x < c->pool_columns; x++) {
      thimble_vnni_sums(
        b, window + y * b->pool_row_step + x * b->pool_column_step, 0, 1, 4, &sum);
      largest = _mm512_max_epi32(largest, sum);
    }
  thimble_vnni_store(b, largest, output);
}

/* `pixels` pixels of one block of channels. */
static inline void thimble_vnni_pixels(
  const thimble_vnni *block, const thimble_convolution *c, uintptr_t pixels, int8_t *output) {
  /* A copy that no store of output can change, so that it stays in registers. */
  const thimble_vnni copy = *block, *const b = &copy;
  const uint8_t *window = b->window;
  if (c->pool_rows == 1 && c->pool_columns == 1) {
    for (; pixels >= 8; pixels -= 8, window += 8 * b->pixel_step, output += 8 * b->channels)
      thimble_vnni_tile(b, window, 8, 1, output);
    if (pixels >= 4) {
      thimble_vnni_tile(b, window, 4, 1, output);
      pixels -= 4, window += 4 * b->pixel_step, output += 4 * b->channels;
    }
    if (pixels >= 2) {
      thimble_vnni_tile(b, window, 2, 2, output);
      pixels -= 2, window += 2 * b->pixel_step, output += 2 * b->channels;
    }
    if (pixels > 0) thimble_vnni_tile(b, window, 1, 4, output);
  } else if (c->pool_rows == 2 && c->pool_columns == 2 && b->pixel_step == 2 * b->pool_column_step) {
    for (; pixels >= 4; pixels -= 4, window += 4 * b->pixel_step, output += 4 * b->channels)
      thimble_vnni_tile_of_fours(b, window, 4, 1, output);
    for (; pixels > 0; pixels--, window += b->pixel_step, output += b->channels)
      thimble_vnni_tile_of_fours(b, window, 1, 2, output);
  } else {
    for (; pixels > 0; pixels--, window += b->pixel_step, output += b->channels)
      thimble_vnni_pooled(b, c, window, output);
  }
}

/* Takes the constants of a block of channels apart. */
static inline void thimble_vnni_begin(
  thimble_vnni *b, const thimble_convolution *c, uintptr_t first_channel, const int8_t *weights) {
  const uint32_t count = c->channels - first_channel < 16 ? c->channels - first_channel : 16;
  const int32_t *constants = (const int32_t *)c->constants + 2 * first_channel;
  const uint32_t pairs = (uint32_t)(((uint64_t)1 << 2 * count) - 1);
  const __m512i low = _mm512_maskz_loadu_epi32((__mmask16)pairs, constants);
  const __m512i high = _mm512_maskz_loadu_epi32((__mmask16)(pairs >> 16), constants + 16);
  const __m512i first = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  const __m512i second = _mm512_add_epi32(first, _mm512_set1_epi32(1));
  b->mask = (__mmask16)((1u << count) - 1);
  b->bias = _mm512_add_epi32(_mm512_permutex2var_epi32(low, first, high), _mm512_loadu_si512(weights));
  b->even = _mm512_permutex2var_epi32(low, second, high);
  b->odd = _mm512_srli_epi64(b->even, 32);
  b->weights = weights + 64;
}

/* Copies inputs, adding 128. Whole vectors are written. */
static inline void thimble_vnni_copy(uint8_t *to, const int8_t *from, uintptr_t count) {
  const __m512i sign = _mm512_set1_epi8((char)0x80);
  for (; count >= 64; count -= 64, to += 64, from += 64)
    _mm512_storeu_si512(to, _mm512_xor_si512(_mm512_loadu_si512(from), sign));
  const __mmask64 rest = ((__mmask64)1 << count) - 1;
  _mm512_storeu_si512(to, _mm512_xor_si512(_mm512_maskz_loadu_epi8(rest, from), sign));
}

enum { thimble_vnni_window_bytes = 16384 };

/* One row of output, in parts whose window fits the stack; false where not even a pixel's does. */
static inline _Bool thimble_vnni_row(const thimble_convolution *c) {
  uint8_t window[thimble_vnni_window_bytes] __attribute__((aligned(64)));
  const uintptr_t rows = (c->pool_rows - 1) * c->pool_row_step + c->kernel_rows;
  const uintptr_t pixel_bytes = (c->pool_columns - 1) * c->pool_column_step + c->run;
  const uintptr_t row_bytes = pixel_bytes + (c->pixels - 1) * c->pixel_step;
  const uintptr_t most = thimble_vnni_window_bytes / rows & ~(uintptr_t)63;
  /* A last group of inputs may reach 3 bytes past them: its weights are 0. */
  const uintptr_t pitch = (row_bytes + 3 + 63 & ~(uintptr_t)63) < most ? row_bytes + 3 + 63 & ~(uintptr_t)63 : most;
  if (pixel_bytes + 3 > pitch) return 0;
  const uintptr_t pixels_at_once = (pitch - 3 - pixel_bytes) / c->pixel_step + 1;
  thimble_vnni b;
  b.window = window;
  b.pitch = pitch;
  b.pixel_step = c->pixel_step;
  b.pool_row_step = c->pool_row_step * pitch;
  b.pool_column_step = c->pool_column_step;
  b.rows = c->kernel_rows;
  b.groups = (c->run + 3) / 4;
  b.channels = c->channels;
  b.offset = _mm512_set1_epi32(c->offset);
  b.left_shift = _mm_cvtsi32_si128(c->left_shift);
  b.right_shift = _mm_cvtsi32_si128(c->right_shift);
  const uintptr_t block_bytes = thimble_sixteens_block_bytes(c->kernel_rows, c->run);
  int8_t *output = (int8_t *)c->output;
  for (uintptr_t pixel = 0; pixel < c->pixels; pixel += pixels_at_once) {
    const uintptr_t left = c->pixels - pixel;
    const uintptr_t count = left < pixels_at_once ? left : pixels_at_once;
    const uintptr_t bytes = pixel_bytes + (count - 1) * c->pixel_step;
    for (uintptr_t row = 0; row < rows; row++)
      thimble_vnni_copy(
        window + row * pitch, thimble_sixteens_input(c, row) + pixel * c->pixel_step, bytes);
    const int8_t *weights = (const int8_t *)c->weights;
    for (uintptr_t channel = 0; channel < c->channels; channel += 16, weights += block_bytes) {
      thimble_vnni_begin(&b, c, channel, weights);
      thimble_vnni_pixels(&b, c, count, output + pixel * c->channels + channel);
    }
  }
  return 1;
}

/* See thimble_sixteens_dense_portable. */
static inline void thimble_vnni_dense(
  uintptr_t input, uintptr_t run, uintptr_t row, uintptr_t rows, uintptr_t weights, uintptr_t sums,
  uintptr_t channels) {
  const __m512i sign = _mm512_set1_epi8((char)0x80);
  const uintptr_t groups = (run + 3) / 4;
  const __mmask16 rest = (__mmask16)((1u << (run & 3)) - 1);
  for (uintptr_t channel = 0; channel < channels; channel += 16) {
    const int8_t *inputs = (const int8_t *)input;
    const int8_t *block = (const int8_t *)weights + channel / 16 * thimble_sixteens_block_bytes(rows, run);
    const int8_t *w = block + 64 + row * groups * 64;
    const __mmask16 mask = (__mmask16)((1u << (channels - channel < 16 ? channels - channel : 16)) - 1);
    int32_t *sum = (int32_t *)sums + channel;
    __m512i part[4] = {
      _mm512_maskz_loadu_epi32(mask, sum),
      row == 0 ? _mm512_loadu_si512(block) : _mm512_setzero_si512(), _mm512_setzero_si512(),
      _mm512_setzero_si512()};
    uintptr_t left = run / 4;
    for (; left >= 4; left -= 4, inputs += 16, w += 256)
      THIMBLE_UNROLL
      for (int p = 0; p < 4; p++)
        part[p] = _mm512_dpbusd_epi32(
          part[p], _mm512_xor_si512(thimble_vnni_inputs(inputs + 4 * p), sign), _mm512_loadu_si512(w + 64 * p));
    for (; left > 0; left--, inputs += 4, w += 64)
      part[0] = _mm512_dpbusd_epi32(
        part[0], _mm512_xor_si512(thimble_vnni_inputs(inputs), sign), _mm512_loadu_si512(w));
    if (rest != 0) {
      const __m512i four = _mm512_broadcastd_epi32(_mm_maskz_loadu_epi8(rest, inputs));
      part[2] = _mm512_dpbusd_epi32(part[2], _mm512_xor_si512(four, sign), _mm512_loadu_si512(w));
    }
    _mm512_mask_storeu_epi32(
      sum, mask, _mm512_add_epi32(_mm512_add_epi32(part[0], part[1]), _mm512_add_epi32(part[2], part[3])));
  }
}

#undef THIMBLE_UNROLL
#undef THIMBLE_INLINE

#endif
