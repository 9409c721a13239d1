/* Runs model files of one op each and compares every output byte: `vectors 4000 differ 0`.
 *
 * VECTORS is a file of vectors, each 4 lengths of 32 bits (of the parts, and 0) and three parts, all at multiples of 4: a
 * model file, a picture, and the outputs that the plain kernels give. */
#include "thimble.h"

#if !__has_include("Board.h")
#include <stdio.h>
#include <stdlib.h>
static void write_byte(uint8_t byte) { putchar(byte); }
static _Noreturn void leave(int status) { exit(status); }
#else
#include "Board.h"
static void write_byte(uint8_t byte) { board_write(byte); }
static _Noreturn void leave(int status) { board_exit(status); }
#endif
#include "../Application/Text.h"

__asm__(
#if !__has_include("Board.h")
  ".section .rodata\n"
#else
  ".section .pictures, \"a\"\n"
#endif
  ".balign 4\n"
  ".global vectors_begin\n"
  ".global vectors_end\n"
  "vectors_begin:\n"
  ".incbin \"" VECTORS "\"\n"
  "vectors_end:\n"
  ".text\n");
extern const uint32_t vectors_begin[], vectors_end[];

static uint32_t memory[32768];
static int8_t made[16384];

/* Whether a step failed, said in words. */
static int failed(const char *step, int32_t result, uint32_t vector) {
  if (result == THIMBLE_OK) return 0;
  write_text(step);
  write_text(" fails at vector ");
  write_number(vector);
  write_text("\n");
  return 1;
}

int main(void) {
  uint32_t count = 0, differing = 0;
  for (const uint32_t *vector = vectors_begin; vector < vectors_end; count++) {
    const uint32_t *file = vector + 4;
    const uint32_t *picture = file + (vector[0] + 3) / 4, *expected = picture + (vector[1] + 3) / 4;
    thimble_model model;
    if (vector[2] > sizeof made || failed("load", thimble_load(&model, file, vector[0]), count) ||
        failed("prepare", thimble_prepare(&model, memory, sizeof memory), count) ||
        failed("run", thimble_run(&model, (const int8_t *)picture, made), count))
      leave(1);
    int differs = 0;
    for (uint32_t i = 0; i < vector[2]; i++)
      if (made[i] != ((const int8_t *)expected)[i]) differs = 1;
    if (differs && differing++ < 10) {
      write_text("vector ");
      write_number(count);
      write_text(" differs\n");
    }
    vector = expected + (vector[2] + 3) / 4;
  }
  write_text("vectors ");
  write_number(count);
  write_text(" differ ");
  write_number(differing);
  write_text("\n");
  leave(differing != 0);
}
