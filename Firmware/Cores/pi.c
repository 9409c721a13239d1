/* The serial port of a Raspberry Pi (PL011, 115200 baud, pins 14 and 15) and the end of a run. */
#include "Board.h"

enum {
  WINDOW = 0x01E00000, /* where the first instructions map the peripherals */
  GPIO_SELECT1 = WINDOW + 0x04,
  GPIO_PULL = WINDOW + 0x94,
  GPIO_PULL_CLOCK0 = WINDOW + 0x98,
  UART_DATA = WINDOW + 0x1000,
  UART_FLAGS = WINDOW + 0x1018,
  UART_DIVISOR = WINDOW + 0x1024,
  UART_FRACTION = WINDOW + 0x1028,
  UART_LINE = WINDOW + 0x102C,
  UART_CONTROL = WINDOW + 0x1030,
};
enum { TRANSMIT_FULL = 1 << 5, BUSY = 1 << 3 };
enum { SYS_EXIT_EXTENDED = 0x20, APPLICATION_EXIT = 0x20026 };

static volatile uint32_t *at(uintptr_t address) { return (volatile uint32_t *)address; }

static void wait(uint32_t cycles) {
  while (cycles-- > 0) __asm__ volatile("");
}

static void open_serial_port(void) {
  *at(UART_CONTROL) = 0;
  *at(GPIO_SELECT1) = (*at(GPIO_SELECT1) & ~(077u << 12)) | 044u << 12; /* both pins to the UART */
  *at(GPIO_PULL) = 0;
  wait(150);
  *at(GPIO_PULL_CLOCK0) = 3u << 14;
  wait(150);
  *at(GPIO_PULL_CLOCK0) = 0;
  *at(UART_DIVISOR) = 26; /* 48 MHz / (16 * 115200) = 26 + 3/64 */
  *at(UART_FRACTION) = 3;
  *at(UART_LINE) = 3u << 5 | 1u << 4; /* 8 bits, with queues */
  *at(UART_CONTROL) = 1u << 8 | 1u;   /* transmit */
}

/* Enabled on each call, which costs less than to ask. */
uint32_t board_ticks(void) {
#if defined(__aarch64__)
  uint64_t value;
  __asm__ volatile("msr pmcntenset_el0, %0" : : "r"(UINT64_C(1) << 31));
  __asm__ volatile("mrs %0, pmcr_el0" : "=r"(value));
  __asm__ volatile("msr pmcr_el0, %0\n isb" : : "r"(value | 1));
  __asm__ volatile("mrs %0, pmccntr_el0" : "=r"(value));
  return (uint32_t)value;
#else
  uint32_t value;
#if __ARM_ARCH >= 7
  __asm__ volatile("mcr p15, 0, %0, c9, c12, 1" : : "r"(UINT32_C(1) << 31));
  __asm__ volatile("mrc p15, 0, %0, c9, c12, 0" : "=r"(value));
  __asm__ volatile("mcr p15, 0, %0, c9, c12, 0\n isb" : : "r"(value | 1));
  __asm__ volatile("mrc p15, 0, %0, c9, c13, 0" : "=r"(value));
#else
  __asm__ volatile("mcr p15, 0, %0, c15, c12, 0" : : "r"(1));
  __asm__ volatile("mrc p15, 0, %0, c15, c12, 1" : "=r"(value));
#endif
  return value;
#endif
}

static void wait_for_interrupt(void) {
#if __ARM_ARCH >= 7
  __asm__ volatile("wfi");
#else
  __asm__ volatile("mcr p15, 0, %0, c7, c0, 4" : : "r"(0));
#endif
}

void board_write(uint8_t byte) {
  if ((*at(UART_CONTROL) & 1u) == 0) open_serial_port();
  while (*at(UART_FLAGS) & TRANSMIT_FULL) {}
  *at(UART_DATA) = byte;
}

/* Semihosting, which an emulator or a debugger answers. Elsewhere the instruction is an exception, whose handler comes
 * here again, and the board sleeps. */
_Noreturn void board_exit(int32_t status) {
  static uint32_t asked;
  const uintptr_t reason[2] = {APPLICATION_EXIT, (uintptr_t)status};
  while (*at(UART_FLAGS) & BUSY) {}
  if (asked++ == 0) {
#if defined(__aarch64__)
    register uintptr_t operation __asm__("x0") = SYS_EXIT_EXTENDED;
    register const void *argument __asm__("x1") = reason;
    __asm__ volatile("hlt 0xf000" : "+r"(operation) : "r"(argument) : "memory");
#else
    register uintptr_t operation __asm__("r0") = SYS_EXIT_EXTENDED;
    register const void *argument __asm__("r1") = reason;
    __asm__ volatile("svc 0x123456" : "+r"(operation) : "r"(argument) : "memory", "lr");
#endif
  }
  for (;;) wait_for_interrupt(); /* which never comes */
}
