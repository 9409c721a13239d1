/* From reset to main, on every board: the board's own code sets the stack pointer and comes here. */
#include "Board.h"

int main(void);
_Noreturn void start(void);

extern const uint32_t __data_load[];
extern uint32_t __data_begin[], __data_end[], __bss_begin[], __bss_end[];
extern uint32_t __stack_bottom[], __stack_top[];

enum { PAINT = 0x7FC0FFEE };

_Noreturn void start(void) {
  const uint32_t *from = __data_load;
  if (from != __data_begin)
    for (uint32_t *word = __data_begin; word < __data_end; ) *word++ = *from++;
  for (uint32_t *word = __bss_begin; word < __bss_end; ) *word++ = 0;
  uint32_t *here = __builtin_frame_address(0);
  for (uint32_t *word = __stack_bottom; word < here - 16; ) *word++ = PAINT;
  board_exit(main());
}

uint32_t stack_deepest(void) {
  const uint32_t *word = __stack_bottom;
  if (*word != PAINT) return 0;
  while (word < __stack_top && *word == PAINT) word++;
  return (uint32_t)((uintptr_t)__stack_top - (uintptr_t)word);
}
