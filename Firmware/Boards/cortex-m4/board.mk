# Arm Cortex-M4, on the MPS2 board with the AN386 image.
TRIPLE = armv7em-none-none-eabi
CPU = cortex-m4
LAYOUT = pairs
MACHINE = mps2-an386
SCRIPT = Cores/mps2.ld
include Cores/cortex-m.mk
