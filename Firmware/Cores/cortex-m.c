/* Vectors and semihosting of a Cortex-M. */
#include "Board.h"

_Noreturn void start(void);
extern uint32_t __stack_top[];

enum { SYS_WRITEC = 0x03, SYS_EXIT_EXTENDED = 0x20, APPLICATION_EXIT = 0x20026 };

static void semihosting(uint32_t operation, const void *argument) {
  register uint32_t r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

void board_write(uint8_t byte) { semihosting(SYS_WRITEC, &byte); }

_Noreturn void board_exit(int32_t status) {
  const uint32_t reason[2] = {APPLICATION_EXIT, (uint32_t)status};
  for (;;) semihosting(SYS_EXIT_EXTENDED, reason);
}

static volatile uint32_t *at(uint32_t address) { return (volatile uint32_t *)address; }

#if defined(__ARM_ARCH_6M__)
/* SysTick counts 24 bits down; a wrap between two calls is noticed, one. */
enum { SYST_CSR = 0xE000E010, SYST_RVR = 0xE000E014, SYST_CVR = 0xE000E018, ENABLE = 5, WRAPPED = 1 << 16 };

uint32_t board_ticks(void) {
  static uint32_t wraps;
  if ((*at(SYST_CSR) & ENABLE) == 0) {
    *at(SYST_RVR) = 0xFFFFFF;
    *at(SYST_CVR) = 0;
    *at(SYST_CSR) = ENABLE; /* the core's own clock, no interrupt */
  }
  uint32_t left = *at(SYST_CVR);
  if (*at(SYST_CSR) & WRAPPED) {
    wraps += 1 << 24;
    left = *at(SYST_CVR);
  }
  return wraps + (-left & 0xFFFFFF);
}
#else
/* CYCCNT of the debug unit, whose lock only the Cortex-M7 has. */
enum { DEMCR = 0xE000EDFC, DWT_CTRL = 0xE0001000, DWT_CYCCNT = 0xE0001004, DWT_LAR = 0xE0001FB0 };

uint32_t board_ticks(void) {
  if ((*at(DWT_CTRL) & 1) == 0) {
    *at(DEMCR) |= 1 << 24;
    *at(DWT_LAR) = 0xC5ACCE55;
    *at(DWT_CTRL) |= 1;
  }
  return *at(DWT_CYCCNT);
}
#endif

static void fault(void) { board_exit(2); }

/* A build with floating-point registers may use them to move integers, and Helium's vectors lie in them. */
#if defined(__ARM_FP) || defined(__ARM_FEATURE_MVE)
static _Noreturn void reset(void) {
  *at(0xE000ED88) |= 0xFu << 20; /* CPACR: full access to coprocessors 10 and 11 */
  __asm__ volatile("dsb\n isb");
  start();
}
#else
#define reset start
#endif

/* The stack pointer, reset, NMI and hard fault, which the other faults become. No interrupt is ever enabled, and no
 * other exception asked for. */
__attribute__((section(".start"), used)) static const void *const vectors[] = {__stack_top, reset, fault, fault};
