/* From reset to main, on every board: the board's own code sets the stack pointer and comes here. */
#include "Board.h"

int main(void);
_Noreturn void start(void);

/* From the linker's script, in this order in RAM, but for the first. */
extern const uint32_t __data_load[];
extern uint32_t __data_begin[], __bss_begin[], __stack_bottom[], __stack_top[];

enum { PAINT = 0x7FC0FFEE };

__attribute__((visibility("hidden"))) thimble_model model; /* of struct embedded */

_Noreturn void start(void) {
  const uint32_t *from = __data_load;
  for (uint32_t *word = __data_begin; word < __bss_begin; ) *word++ = *from++;
  for (uint32_t *word = __bss_begin; word < __stack_bottom; ) *word++ = 0;
  uint32_t *here = __builtin_frame_address(0);
  for (uint32_t *word = __stack_bottom; word < here - 16; ) *word++ = PAINT;
  board_exit(main());
}

uint32_t stack_deepest(void) {
  const uint32_t *word = __stack_bottom;
  while (*word == PAINT) word++;
  return (uint32_t)((uintptr_t)__stack_top - (uintptr_t)word);
}
