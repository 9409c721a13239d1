/* The first instructions: one core, exceptions, stack, caches.
 *
 * Unaligned loads want memory of type normal, which wants the MMU. With TTBCR.N = 7 the translation table has 32
 * entries, one a MiB, and everything above 32 MiB faults. The first 30 map to themselves, cached; the last two are a
 * window on the peripherals. */
  .syntax unified
  .arm

  .equ CACHED, 0x1C0E        /* section, normal write-back, any access */
  .equ PERIPHERAL, 0x0C16    /* section, shared device, never executed */
#if __ARM_ARCH >= 7
  .equ PERIPHERALS, 0x3F200000
#else
  .equ PERIPHERALS, 0x20200000
#endif

  .section .start, "ax"
  .global _start
_start:
#if __ARM_ARCH >= 7
  mrc p15, 0, r0, c0, c0, 5    /* four cores, of which the emulator starts all */
  ands r0, r0, #3
  bne park
  mrs r0, cpsr                 /* the Raspberry Pi's firmware leaves us in hypervisor mode */
  eor r1, r0, #0x1A
  tst r1, #0x1F
  bne 1f
  bic r0, r0, #0x1F
  orr r0, r0, #0x13
  msr spsr_cxsf, r0
  adr r0, 1f
  msr elr_hyp, r0
  eret
1:
  mrc p15, 0, r0, c1, c0, 1
  orr r0, r0, #1 << 6          /* without it the caches stay off */
  mcr p15, 0, r0, c1, c0, 1
  mov r0, #0xF << 20           /* NEON */
  mcr p15, 0, r0, c1, c0, 2
  isb
  mov r0, #1 << 30
  vmsr fpexc, r0
#endif
  ldr sp, =__stack_top
  adr r0, exceptions
  mcr p15, 0, r0, c12, c0, 0   /* where exceptions go */
  mov r1, #0
#if __ARM_ARCH >= 7
  mcr p15, 0, r1, c7, c5, 0    /* forget the instruction cache; the others come out of reset empty */
#else
  mcr p15, 0, r1, c7, c7, 0    /* forget both caches */
#endif
  mcr p15, 0, r1, c8, c7, 0    /* and translations */
  adr r0, translation
  mcr p15, 0, r0, c2, c0, 0    /* the table */
  mov r0, #0x27
  mcr p15, 0, r0, c2, c0, 2    /* 32 MiB of it, and no second table */
  mov r0, #1
  mcr p15, 0, r0, c3, c0, 0    /* domain 0 obeys the table */
  mcr p15, 0, r1, c7, c10, 4   /* barrier */
  mrc p15, 0, r0, c1, c0, 0
  ldr r1, =0x00C01805          /* MMU, both caches, branch prediction, unaligned access, Armv6 tables */
  orr r0, r0, r1
  bic r0, r0, #2               /* no alignment faults */
  mcr p15, 0, r0, c1, c0, 0
  mov r1, #0
  mcr p15, 0, r1, c7, c5, 4    /* fetch again from here on */
  b start
#if __ARM_ARCH >= 7
park:
  wfi
  b park
#endif
  .ltorg

  .balign 32
exceptions:
  b _start
  .rept 7
  b exception
  .endr
exception:
  ldr sp, =__stack_top
  mov r0, #2
  b board_exit
  .ltorg

  .balign 128
translation:
  .set megabyte, 0
  .rept 30
  .word (megabyte << 20) | CACHED
  .set megabyte, megabyte + 1
  .endr
  .word PERIPHERALS | PERIPHERAL
  .word (PERIPHERALS + 0x100000) | PERIPHERAL
