/* The first instructions: one core of four, exception level 1, stack, caches.
 *
 * Unaligned loads want memory of type normal, which wants the MMU. With T0SZ = 39 the translation table has 16 entries,
 * one for 2 MiB, and everything above 32 MiB faults. The first 15 map to themselves, cached; the last is a window on
 * the peripherals at 0x3F200000. */
  .equ CACHED, 0x701                      /* block, attributes 0 of MAIR, inner shareable, accessed */
  .equ PERIPHERAL, 0x60000000000405       /* block, attributes 1, never executed */

  .section .start, "ax"
  .global _start
_start:
  mrs x0, mpidr_el1
  and x0, x0, #3
  cbnz x0, park
  mrs x0, CurrentEL
  cmp x0, #2 << 2
  b.lo 1f
  b.eq 2f
  mov x0, #0x5B1               /* from level 3, where the emulator begins: below it not secure, 64 bits */
  msr scr_el3, x0
  mov x0, #0x3C9
  msr spsr_el3, x0
  adr x0, 2f
  msr elr_el3, x0
  eret
2:
  mov x0, #1 << 31             /* from level 2, where the Raspberry Pi's firmware leaves us: 64 bits */
  msr hcr_el2, x0
  mov x0, #0x33FF              /* nothing trapped */
  msr cptr_el2, x0
  mov x0, #0x3C5
  msr spsr_el2, x0
  adr x0, 1f
  msr elr_el2, x0
  eret
1:
  ldr x0, =__stack_top
  mov sp, x0
  adr x0, _start
  msr vbar_el1, x0
  mov x0, #3 << 20             /* vectors may be used */
  msr cpacr_el1, x0
  mov x0, #0x04FF              /* attributes: 0 normal, write-back; 1 device */
  msr mair_el1, x0
  ldr x0, =0x803527            /* T0SZ = 39, walks cached and shareable, no second table */
  msr tcr_el1, x0
  adr x0, translation
  msr ttbr0_el1, x0
  ic iallu
  tlbi vmalle1
  dsb nsh
  isb
  ldr x0, =0x30D0180D          /* MMU, both caches, stack alignment; bits that are one */
  msr sctlr_el1, x0
  isb
  b start
park:
  wfi
  b park
  .ltorg

  .balign 128
translation:
  .set block, 0
  .rept 15
  .quad (block << 21) | CACHED
  .set block, block + 1
  .endr
  .quad 0x3F200000 | PERIPHERAL

  /* The vector of level 1's own synchronous exceptions, counted from _start; the others are masked or unused. */
  .org 0x200
  ldr x0, =__stack_top
  mov sp, x0
  mov w0, #2
  b board_exit
  .ltorg
