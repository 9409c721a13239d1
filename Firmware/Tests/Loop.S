/* A function whose instructions can be counted by hand, with an inner call:
 *
 *   outer: 2 + 10 * (1 + inner + 2) + 2      inner: 1 + 2 * 1000 + 1 = 2002
 *
 * 10 * (1 + 2002 + 2) + 4 = 20054 instructions. */
  .text
  .global counted_loop
  .type counted_loop, %function

#if defined(__aarch64__)
counted_loop:
  stp x29, x30, [sp, #-16]!
  ldr w2, =10
1:
  bl inner
  subs w2, w2, #1
  b.ne 1b
  ldp x29, x30, [sp], #16
  ret
inner:
  ldr w1, =1000
2:
  subs w1, w1, #1
  b.ne 2b
  ret

#elif defined(__arm__)
  .syntax unified
#ifdef __thumb__
  .thumb_func
#endif
counted_loop:
  push {r4, lr}
  movs r2, #10
1:
  bl inner
  subs r2, r2, #1
  bne 1b
  nop
  pop {r4, pc}
#ifdef __thumb__
  .thumb_func
#endif
inner:
  ldr r1, =1000
2:
  subs r1, r1, #1
  bne 2b
  bx lr

#elif defined(__riscv)
counted_loop:
  mv t2, ra
  li t0, 10
1:
  jal inner
  addi t0, t0, -1
  bnez t0, 1b
  nop
  jr t2
inner:
  li t1, 1000
2:
  addi t1, t1, -1
  bnez t1, 2b
  ret

#else
#error "no counted loop for this architecture"
#endif

#ifdef __linux__
  .section .note.GNU-stack, "", %progbits
#endif
