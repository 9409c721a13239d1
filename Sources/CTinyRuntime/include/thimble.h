/* thimble.h: run a Thimble model file from C.
 *
 * No heap, no floating point, no global state: everything a model needs is in the file's bytes (which may stay in
 * flash) and in one block of memory that the caller gives. Several models, and several blocks for one model, can be
 * used side by side. Every function returns 0 for success or one of the errors below.
 *
 *   static uint32_t memory[2048];
 *   thimble_model model;
 *   thimble_load(&model, file, file_bytes);            // checks the whole file once; says how much memory it needs
 *   thimble_prepare(&model, memory, sizeof memory);    // unpacks compressed weights, if the file has any
 *   thimble_run(&model, picture, output);              // as often as you like
 */
#ifndef THIMBLE_H
#define THIMBLE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A checked model file and the memory it works in. Read the first group; leave the rest alone. */
typedef struct thimble_model {
  uint32_t memory_bytes;    /* the memory that thimble_prepare wants: arena and unpacked weights */
  uint32_t arena_bytes;     /* of it: activations and the walk's state */
  uint32_t weight_ram_bytes; /* of it: unpacked weights */
  uint16_t input_height, input_width, input_channels;    /* the picture, int8, height x width x channels */
  uint16_t output_height, output_width, output_channels; /* the result, int8, likewise */

  const uint8_t *file;
  uint32_t file_bytes;
  uint8_t *memory;
} thimble_model;

enum {
  THIMBLE_OK = 0,
  THIMBLE_BAD_FILE = -1,       /* the model file is damaged, or not one; `thimble inspect` says where */
  THIMBLE_BAD_VERSION = -2,    /* a model file of another version of the format */
  THIMBLE_SMALL_MEMORY = -3,   /* less memory than memory_bytes */
  THIMBLE_MISALIGNED = -4,     /* the file or the memory does not begin at a multiple of 4 */
  THIMBLE_NOT_PREPARED = -5    /* thimble_run before a successful thimble_prepare */
};

/* Checks a model file and fills in `model`. Firmware that was made for one model takes that model's file only, which it knows
 * by its length and the checksum it declares. The file stays where it is and must outlive the model. It begins at a
 * multiple of 4. */
int32_t thimble_load(thimble_model *model, const void *file, size_t file_bytes);

/* Gives the model its memory, at a multiple of 4, and unpacks compressed weights into it. The memory must outlive
 * the model; between runs the model owns it. */
int32_t thimble_prepare(thimble_model *model, void *memory, size_t memory_bytes);

/* Runs one picture: input_height x input_width x input_channels int8 values in, the output's int8 values out.
 * A pixel of 0 ... 255 enters as thimble_pixel(pixel). Both stay the caller's; neither may lie in the memory. */
int32_t thimble_run(const thimble_model *model, const int8_t *picture, int8_t *output);

/* The same, for a picture that is nowhere whole: `row` writes picture row `index` (input_width x input_channels int8
 * values) whenever the model needs it, each row once, from the top. */
typedef void (*thimble_row)(void *context, uint32_t index, int8_t *pixels);
int32_t thimble_run_rows(const thimble_model *model, thimble_row row, void *context, int8_t *output);

/* An 8-bit pixel as the model reads it: pixel - 128. */
static inline int8_t thimble_pixel(uint8_t pixel) { return (int8_t)(pixel ^ 0x80); }

/* The index of the largest of `count` values, the first of equals: the label. */
static inline uint32_t thimble_argmax(const int8_t *values, uint32_t count) {
  uint32_t best = 0;
  for (uint32_t i = 1; i < count; i++)
    if (values[i] > values[best]) best = i;
  return best;
}

#ifdef __cplusplus
}
#endif
#endif
