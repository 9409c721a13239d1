# Arm Cortex-M0+; QEMU's MPS2 boards begin at the Cortex-M3, which runs its code.
TRIPLE = armv6m-none-none-eabi
CPU = cortex-m0plus
LAYOUT = eights
TICKS = 25
MACHINE = mps2-an385
SCRIPT = Cores/mps2.ld
include Cores/cortex-m.mk
