/* Instructions of Armv6 and Armv7E-M that work on two half words, and what they are elsewhere. */
#ifndef THIMBLE_DSP_H
#define THIMBLE_DSP_H

#include <stdbool.h>
#include <stdint.h>

#if defined(__arm__) && defined(__ARM_FEATURE_DSP)
#define THIMBLE_DSP
#include <arm_acle.h>
#endif

/* Whether they are single instructions here. */
static inline bool thimble_has_dsp(void) {
#if defined(THIMBLE_DSP)
  return true;
#else
  return false;
#endif
}

/* Bytes 0 and 2 as signed half words. */
static inline uint32_t thimble_sxtb16(uint32_t x) {
#if defined(THIMBLE_DSP)
  return (uint32_t)__sxtb16((int32_t)x);
#else
  return (uint16_t)(int8_t)x | (uint32_t)(int8_t)(x >> 16) << 16;
#endif
}

/* Bytes 1 and 3 as signed half words. */
static inline uint32_t thimble_sxtb16_odd(uint32_t x) { return thimble_sxtb16(x >> 8 | x << 24); }

/* Sums of either half word. */
static inline uint32_t thimble_uadd16(uint32_t x, uint32_t y) {
#if defined(THIMBLE_DSP)
  return (uint32_t)__uadd16(x, y);
#else
  return ((x + y) & 0xFFFF) | ((x & 0xFFFF0000) + (y & 0xFFFF0000));
#endif
}

/* sum + low(a) * low(b). */
static inline int32_t thimble_smlabb(uint32_t a, uint32_t b, int32_t sum) {
#if defined(THIMBLE_DSP)
  return __smlabb((int32_t)a, (int32_t)b, sum);
#else
  return sum + (int16_t)a * (int16_t)b;
#endif
}

/* sum + high(a) * high(b). */
static inline int32_t thimble_smlatt(uint32_t a, uint32_t b, int32_t sum) {
#if defined(THIMBLE_DSP)
  return __smlatt((int32_t)a, (int32_t)b, sum);
#else
  return sum + (int16_t)(a >> 16) * (int16_t)(b >> 16);
#endif
}

/* sum + low(a) * low(b) + high(a) * high(b). */
static inline int32_t thimble_smlad(uint32_t a, uint32_t b, int32_t sum) {
#if defined(THIMBLE_DSP)
  return __smlad((int32_t)a, (int32_t)b, sum);
#else
  return thimble_smlatt(a, b, thimble_smlabb(a, b, sum));
#endif
}

#endif
