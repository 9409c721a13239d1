/* Cycles by record, in an image made with PROFILE=cycles: what the core's counter says when a step has been taken, added up over
 * one inference, the last. What it takes to note them is left out. Written as the instruction counter writes its own:
 *
 *   cycles 257763 calls 1
 *   part 2 cycles 75948 calls 13
 */
#include "Board.h"

static void write_byte(uint8_t byte) { board_write(byte); }
#include "Text.h"

enum { RECORDS = 256 };
static struct {
  uint32_t cycles, calls;
} parts[RECORDS];
static uint32_t inferences, begun, last, total;

void profile_begin(void) {
  for (uint32_t record = 0; record < RECORDS; record++) parts[record].cycles = parts[record].calls = 0;
  board_ticks(); /* the first call starts the counter */
  begun = last = board_ticks();
}

void thimble_step_taken(uint32_t record) {
  const uint32_t now = board_ticks();
  parts[record].cycles += now - last;
  parts[record].calls++;
  last = board_ticks();
  begun += last - now;
}

void profile_end(void) {
  total = board_ticks() - begun;
  inferences++;
}

static void write_counts(uint32_t cycles, uint32_t calls) {
  write_text("cycles ");
  write_number(cycles);
  write_text(" calls ");
  write_number(calls);
  write_text("\n");
}

void profile_write(void) {
  write_counts(total, inferences);
  /* Record 0 is the picture, whose rows the application copies. */
  for (uint32_t record = 1; record < RECORDS; record++) {
    if (parts[record].calls == 0) continue;
    write_text("part ");
    write_number(record);
    write_text(" ");
    write_counts(parts[record].cycles, parts[record].calls);
  }
}
