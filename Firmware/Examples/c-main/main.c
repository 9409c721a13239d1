/* Thimble in a firmware written in C: the label of one picture.
 *
 * The model file and the picture are put into the image by Embedded.S; any other way will do, as long as the model
 * file begins at a multiple of 4. */
#include <stdint.h>

#include "Board.h"
#include "thimble.h"

static void print(const char *text) {
  while (*text != '\0') board_write((uint8_t)*text++);
}

static void print_number(uint32_t value) {
  if (value > 9) print_number(value / 10);
  board_write((uint8_t)('0' + value % 10));
}

int main(void) {
  thimble_model model;
  if (thimble_load(&model, embedded.file, embedded.file_bytes) != THIMBLE_OK) return 1;
  if (thimble_prepare(&model, embedded.memory, embedded.memory_bytes) != THIMBLE_OK) return 1;
  if (thimble_run(&model, embedded.pictures, embedded.output) != THIMBLE_OK) return 1;
  print("label ");
  print_number(thimble_argmax(embedded.output, embedded.output_bytes));
  print("\n");
  return 0;
}
