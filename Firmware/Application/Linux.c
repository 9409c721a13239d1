/* The runtime as a Linux program:
 *
 *   thimble-run MODEL PICTURES        PICTURES: raw int8 pictures of the model's shape, back to back
 *
 * writes the raw int8 output tensors to standard output, one for each picture, and the deepest stack that load, prepare and
 * run took to standard error: `stack 416`. A step that fails says so there: `error load -1`. Exit status 0 done, 1 failed, 64 wrong usage. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS, makecontext */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <ucontext.h>
#include <unistd.h>

#include "thimble.h"

enum { STACK_BYTES = 1 << 18, PAINT = 0xC5 };

struct bytes {
  uint8_t *begin;
  size_t count;
};

static struct bytes file, pictures;
static ucontext_t outside, inside;

static void fail(const char *what, const char *why) {
  fprintf(stderr, "thimble-run: %s: %s\n", what, why);
  exit(1);
}

static struct bytes map(const char *path) {
  struct stat status;
  const int descriptor = open(path, O_RDONLY);
  if (descriptor < 0 || fstat(descriptor, &status) != 0) fail(path, "can't be read");
  struct bytes bytes = {NULL, (size_t)status.st_size};
  if (bytes.count == 0) fail(path, "is empty");
  bytes.begin = mmap(NULL, bytes.count, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (bytes.begin == MAP_FAILED) fail(path, "can't be mapped");
  close(descriptor);
  return bytes;
}

static uint8_t *memory_of(size_t count) {
  uint8_t *memory = mmap(NULL, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) fail("memory", "can't be had");
  return memory;
}

static void check(const char *step, int32_t result) {
  if (result == THIMBLE_OK) return;
  fprintf(stderr, "error %s %d\n", step, (int)result);
  exit(1);
}

/* Results of the work on the measured stack, written once it is left. */
static int8_t *outputs;
static size_t outputs_bytes;

static void work(void) {
  thimble_model model;
  check("load", thimble_load(&model, file.begin, file.count));
  uint8_t *memory = memory_of(model.memory_bytes);
  check("prepare", thimble_prepare(&model, memory, model.memory_bytes));
  const size_t picture = (size_t)model.input_height * model.input_width * model.input_channels;
  const size_t output = (size_t)model.output_height * model.output_width * model.output_channels;
  if (pictures.count % picture != 0) fail("pictures", "not a whole number of them");
  const size_t count = pictures.count / picture;
  outputs_bytes = count * output;
  outputs = (int8_t *)memory_of(outputs_bytes);
  for (size_t i = 0; i < count; i++)
    check(
      "run",
      thimble_run(&model, (const int8_t *)pictures.begin + i * picture, outputs + i * output));
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: thimble-run MODEL PICTURES\n");
    return 64;
  }
  file = map(argv[1]);
  pictures = map(argv[2]);
  uint8_t *stack = memory_of(STACK_BYTES);
  memset(stack, PAINT, STACK_BYTES);
  getcontext(&inside);
  inside.uc_stack.ss_sp = stack;
  inside.uc_stack.ss_size = STACK_BYTES;
  inside.uc_link = &outside;
  makecontext(&inside, work, 0);
  swapcontext(&outside, &inside);
  size_t untouched = 0;
  while (untouched < STACK_BYTES && stack[untouched] == PAINT) untouched++;
  if (untouched == 0) fail("stack", "overflowed");
  if (fwrite(outputs, 1, outputs_bytes, stdout) != outputs_bytes || fflush(stdout) != 0)
    fail("output", "can't be written");
  fprintf(stderr, "stack %zu\n", STACK_BYTES - untouched);
  return 0;
}
