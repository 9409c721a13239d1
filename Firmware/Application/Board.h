/* What a board gives the application, and what Embedded.S puts into the image. */
#ifndef BOARD_H
#define BOARD_H

#include <stddef.h>
#include <stdint.h>

#include "thimble.h"

/* All in one image: without this Swift would look addresses up in a table. */
#pragma GCC visibility push(hidden)
#ifdef __clang__
#pragma clang assume_nonnull begin
#endif

/* Sends one byte to whoever watches: semihosting, or a serial port. */
void board_write(uint8_t byte);

/* Ends the run; under an emulator its exit status is `status`. */
_Noreturn void board_exit(int32_t status);

/* The deepest the stack has been since start-up, in bytes; all of it if it has overflowed. */
uint32_t stack_deepest(void);

/* The core's cycle counter, which the first call starts; it wraps. For measuring: nothing of it is linked unless called. */
uint32_t board_ticks(void);

/* Around an inference, and after the last: cycles by record, in an image that is made to count them (Profile.c). */
#if THIMBLE_PROFILE
void profile_begin(void);
void profile_end(void);
void profile_write(void);
#else
static inline void profile_begin(void) {}
static inline void profile_end(void) {}
static inline void profile_write(void) {}
#endif

/* What the image holds, and where. One table, since each address costs an instruction and a word of its own. */
struct embedded {
  thimble_model *model;
  const uint8_t *file; /* the model file, in flash */
  size_t file_bytes;
  uint32_t *memory; /* what thimble_prepare wants, in RAM */
  size_t memory_bytes;
  const int8_t *pictures; /* test pictures back to back, where the board has room; may be none */
  const int8_t *pictures_end;
  int8_t *picture; /* one picture, in RAM */
  size_t picture_bytes;
  int8_t *output; /* one output tensor, in RAM */
  size_t output_bytes;
};
extern const struct embedded embedded;

#ifdef __clang__
#pragma clang assume_nonnull end
#endif
#pragma GCC visibility pop
#endif
