/* What a board gives the application, and the symbols that the linker script and Embedded.S define. */
#ifndef BOARD_H
#define BOARD_H

#include <stdint.h>

/* All in one image: without this Swift would look addresses up in a table. */
#pragma GCC visibility push(hidden)

/* Sends one byte to whoever watches: semihosting, or a serial port. */
void board_write(uint8_t byte);

/* Ends the run; under an emulator its exit status is `status`. */
_Noreturn void board_exit(int32_t status);

/* The deepest the stack has been since start-up, in bytes; 0 if it has overflowed. */
uint32_t stack_deepest(void);

/* The bytes between two symbols. */
#define EMBEDDED(name, type)                                                     \
  extern type name##_begin[], name##_end[];                                      \
  static inline type *name(void) { return name##_begin; }                        \
  static inline uint32_t name##_bytes(void) {                                    \
    return (uint32_t)((uintptr_t)name##_end - (uintptr_t)name##_begin);          \
  }

EMBEDDED(model_file, const uint8_t)  /* in flash */
EMBEDDED(pictures, const int8_t)     /* test pictures back to back, where the board has room; may be empty */
EMBEDDED(model_memory, uint32_t)     /* in RAM: what thimble_prepare wants */
EMBEDDED(picture, int8_t)            /* in RAM: one picture */
EMBEDDED(output, int8_t)             /* in RAM: one output tensor */

#pragma GCC visibility pop
#endif
