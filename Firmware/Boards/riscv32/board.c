/* The first instructions, the serial port (a 16550) and the end of a run on QEMU's board `virt`. */
#include "Board.h"

static volatile uint8_t *const uart = (volatile uint8_t *)0x10000000;
static volatile uint32_t *const finisher = (volatile uint32_t *)0x00100000;

enum { UART_DATA = 0, UART_LINE_STATUS = 5, TRANSMIT_EMPTY = 1 << 5 };
enum { FINISHER_FAIL = 0x3333, FINISHER_PASS = 0x5555 };

__attribute__((naked, section(".start"))) void _start(void) {
  __asm__ volatile(
    ".option arch, +zicsr\n"
    "  la sp, __stack_top\n"
    "  la t0, trap\n"
    "  csrw mtvec, t0\n"
    "  j start");
}

__attribute__((aligned(4), used)) _Noreturn static void trap(void) { board_exit(2); }

void board_write(uint8_t byte) {
  while ((uart[UART_LINE_STATUS] & TRANSMIT_EMPTY) == 0) {}
  uart[UART_DATA] = byte;
}

uint32_t board_ticks(void) {
  uint32_t value;
  __asm__ volatile(".option push\n.option arch, +zicsr\n  csrr %0, mcycle\n.option pop" : "=r"(value));
  return value;
}

_Noreturn void board_exit(int32_t status) {
  *finisher = status == 0 ? FINISHER_PASS : (uint32_t)status << 16 | FINISHER_FAIL;
  for (;;) __asm__ volatile("wfi");
}
