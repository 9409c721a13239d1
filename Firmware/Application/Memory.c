/* The memory functions that compilers call unasked, for firmware without a C library. All are weak: a C library or
 * faster ones of the user's own take precedence. */
#include <stddef.h>
#include <stdint.h>

/* A word of any type of data. Where the core loads unaligned words, a word at any address. */
#if defined(__ARM_FEATURE_UNALIGNED)
typedef uint32_t __attribute__((may_alias, aligned(1))) word;
#define WORDS_FIT(a, b) 1
#else
typedef uint32_t __attribute__((may_alias)) word;
#define WORDS_FIT(a, b) ((((uintptr_t)(a) | (uintptr_t)(b)) & 3) == 0)
#endif

#define WEAK __attribute__((weak))

WEAK void *memcpy(void *restrict to, const void *restrict from, size_t count) {
  uint8_t *out = to;
  const uint8_t *in = from;
  if (WORDS_FIT(out, in))
    for (; count >= 4; count -= 4, in += 4, out += 4) *(word *)out = *(const word *)in;
  while (count-- > 0) *out++ = *in++;
  return to;
}

WEAK void *memmove(void *to, const void *from, size_t count) {
  uint8_t *out = to;
  const uint8_t *in = from;
  if ((uintptr_t)out - (uintptr_t)in >= count) return memcpy(to, from, count);
  while (count-- > 0) out[count] = in[count];
  return to;
}

WEAK void *memset(void *to, int value, size_t count) {
  uint8_t *out = to;
  const uint32_t pattern = 0x01010101u * (uint8_t)value;
  if (WORDS_FIT(out, out))
    for (; count >= 4; count -= 4, out += 4) *(word *)out = pattern;
  while (count-- > 0) *out++ = (uint8_t)value;
  return to;
}

WEAK int memcmp(const void *left, const void *right, size_t count) {
  const uint8_t *a = left, *b = right;
  for (; count > 0; count--, a++, b++)
    if (*a != *b) return *a - *b;
  return 0;
}

/* Arm's names for the same (Run-time ABI for the Arm Architecture, section 4.3.4). */
#if defined(__arm__)
#define ALIAS(name) WEAK __attribute__((alias(#name)))
void *__aeabi_memcpy(void *, const void *, size_t) ALIAS(memcpy);
void *__aeabi_memcpy4(void *, const void *, size_t) ALIAS(memcpy);
void *__aeabi_memcpy8(void *, const void *, size_t) ALIAS(memcpy);
void *__aeabi_memmove(void *, const void *, size_t) ALIAS(memmove);
void *__aeabi_memmove4(void *, const void *, size_t) ALIAS(memmove);
void *__aeabi_memmove8(void *, const void *, size_t) ALIAS(memmove);

WEAK void __aeabi_memset(void *to, size_t count, int value) { memset(to, value, count); }
void __aeabi_memset4(void *, size_t, int) ALIAS(__aeabi_memset);
void __aeabi_memset8(void *, size_t, int) ALIAS(__aeabi_memset);

WEAK void __aeabi_memclr(void *to, size_t count) { memset(to, 0, count); }
void __aeabi_memclr4(void *, size_t) ALIAS(__aeabi_memclr);
void __aeabi_memclr8(void *, size_t) ALIAS(__aeabi_memclr);
#endif
