/* A QEMU plugin that counts the guest instructions of a function, from its first to its return, and of others inside it.
 *
 *   qemu-… -plugin count.so,entry=0x1a4[,part=NAME@0x2c0]…[,output=FILE] …
 *
 * Whoever comes to a function's first instruction from another block of code has just executed a call, and the function ends
 * when the address after that call comes up. Inner calls return elsewhere, so they are counted in. A conditional instruction that
 * is skipped counts as one. Other cores than the first don't count: one thread must emulate all, and they execute
 * whole blocks, as waiting cores do. At exit one line tells the first call's count, and whether the others agree; then come the
 * parts of the first call:
 *
 *   instructions 20016 calls 2 least 20016 most 20016
 *   part NAME instructions 1200 calls 4
 */
#define _POSIX_C_SOURCE 200809L /* strdup, strndup */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The part of QEMU's plugin interface that is used here (version 1, as in QEMU 7.2). */
typedef uint64_t plugin_id;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum { CB_NO_REGS = 0, INLINE_ADD_U64 = 0 };
void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id, void (*)(plugin_id, struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_tb_exec_cb(
  struct qemu_plugin_tb *, void (*)(unsigned vcpu, void *data), int flags, void *data);
void qemu_plugin_register_vcpu_insn_exec_inline(
  struct qemu_plugin_insn *, int operation, void *counter, uint64_t value);
void qemu_plugin_register_atexit_cb(plugin_id, void (*)(plugin_id, void *data), void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t index);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *);

#define EXPORT __attribute__((visibility("default")))
EXPORT int qemu_plugin_version = 1;

/* A function that is counted; parts[0] is the entry. */
struct part {
  uint64_t address;
  const char *name;
  uint64_t instructions, calls; /* of a part: in the first call of the entry */
};

/* A run of guest instructions that is entered at its first and left after its last. */
struct block {
  uint64_t begin, end, count;
  struct part *part; /* that begins here, if any */
};

/* A call that has not returned. */
struct call {
  struct part *part;
  uint64_t return_to;
  uint64_t entered_at; /* `executed` on entry */
};

enum { PARTS = 256, DEPTH = 16 };

static struct part parts[PARTS];
static size_t part_count = 1;
static struct call stack[DEPTH];
static size_t depth;
static uint64_t executed;     /* instructions so far */
static uint64_t previous_end; /* of the block executed last */
static uint64_t first, least = UINT64_MAX, most;
static const char *output;

static bool is_active(const struct part *part) {
  for (size_t i = 0; i < depth; i++)
    if (stack[i].part == part) return true;
  return false;
}

static void enter(struct part *part) {
  if (depth == DEPTH) abort();
  stack[depth++] = (struct call){part, previous_end, executed};
}

static void leave(void) {
  const struct call call = stack[--depth];
  const uint64_t count = executed - call.entered_at;
  if (call.part != parts) {
    if (parts->calls > 0 || !is_active(parts)) return;
    call.part->instructions += count;
    call.part->calls++;
    return;
  }
  if (parts->calls++ == 0) first = count;
  if (count < least) least = count;
  if (count > most) most = count;
}

static void block_executes(unsigned vcpu, void *data) {
  const struct block *block = data;
  if (vcpu != 0) {
    executed -= block->count;
    return;
  }
  while (depth > 0 && block->begin == stack[depth - 1].return_to) leave();
  if (block->part != NULL && !is_active(block->part)) enter(block->part);
  previous_end = block->end;
}

/* Blocks live as long as QEMU may run their translation, which is to the end. */
static void block_is_translated(plugin_id id, struct qemu_plugin_tb *tb) {
  (void)id;
  const size_t count = qemu_plugin_tb_n_insns(tb);
  struct block *block = malloc(sizeof *block);
  if (block == NULL) abort();
  for (size_t i = 0; i < count; i++)
    qemu_plugin_register_vcpu_insn_exec_inline(
      qemu_plugin_tb_get_insn(tb, i), INLINE_ADD_U64, &executed, 1);
  const struct qemu_plugin_insn *last = qemu_plugin_tb_get_insn(tb, count - 1);
  block->count = count;
  block->begin = qemu_plugin_insn_vaddr(qemu_plugin_tb_get_insn(tb, 0));
  block->part = NULL;
  for (size_t i = 0; i < part_count; i++)
    if (parts[i].address == block->begin) block->part = &parts[i];
  block->end = qemu_plugin_insn_vaddr(last) + qemu_plugin_insn_size(last);
  qemu_plugin_register_vcpu_tb_exec_cb(tb, block_executes, CB_NO_REGS, block);
}

static void program_ends(plugin_id id, void *data) {
  (void)id, (void)data;
  FILE *file = output != NULL ? fopen(output, "w") : stderr;
  if (file == NULL) abort();
  if (depth != 0)
    fprintf(file, "error: a call of 0x%" PRIx64 " has not returned\n", stack[depth - 1].part->address);
  else if (parts->calls == 0)
    fprintf(file, "error: no call of 0x%" PRIx64 "\n", parts->address);
  else {
    fprintf(
      file, "instructions %" PRIu64 " calls %" PRIu64 " least %" PRIu64 " most %" PRIu64 "\n",
      first, parts->calls, least, most);
    for (const struct part *part = parts + 1; part < parts + part_count; part++)
      fprintf(
        file, "part %s instructions %" PRIu64 " calls %" PRIu64 "\n", part->name,
        part->instructions, part->calls);
  }
  if (file != stderr) fclose(file);
}

/* The lowest bit says Thumb. */
static uint64_t address(const char *text) { return strtoull(text, NULL, 16) & ~UINT64_C(1); }

EXPORT int qemu_plugin_install(plugin_id id, const void *info, int argc, char **argv) {
  (void)info;
  for (int i = 0; i < argc; i++) {
    char *const at = strchr(argv[i], '@');
    if (strncmp(argv[i], "entry=", 6) == 0)
      parts->address = address(argv[i] + 6);
    else if (strncmp(argv[i], "part=", 5) == 0 && at != NULL && part_count < PARTS)
      parts[part_count++] = (struct part){
        .address = address(at + 1), .name = strndup(argv[i] + 5, (size_t)(at - argv[i] - 5))};
    else if (strncmp(argv[i], "output=", 7) == 0)
      output = strdup(argv[i] + 7);
    else
      return -1;
  }
  qemu_plugin_register_vcpu_tb_trans_cb(id, block_is_translated);
  qemu_plugin_register_atexit_cb(id, program_ends, NULL);
  return 0;
}
