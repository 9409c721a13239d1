/* Writes how many ticks the loop of known length takes, in hexadecimal. */
#include "Board.h"

void counted_loop(void);

int main(void) {
  board_ticks();
  const uint32_t before = board_ticks();
  counted_loop();
  const uint32_t ticks = board_ticks() - before;
  for (int shift = 28; shift >= 0; shift -= 4) board_write((uint8_t)"0123456789abcdef"[ticks >> shift & 15]);
  board_write('\n');
  return 0;
}
