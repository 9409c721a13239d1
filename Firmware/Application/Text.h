/* Words and numbers, by the `write_byte` of whoever includes this. */
#ifndef TEXT_H
#define TEXT_H

static void write_text(const char *text) {
  while (*text != 0) write_byte((uint8_t)*text++);
}

static void write_number(uint32_t value) {
  if (value > 9) write_number(value / 10);
  write_byte((uint8_t)('0' + value % 10));
}

#endif
