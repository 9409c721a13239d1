# Arm Cortex-M7, on the MPS2 board with the AN500 image.
TRIPLE = armv7em-none-none-eabi
CPU = cortex-m7
LAYOUT = pairs
MACHINE = mps2-an500
include Cores/cortex-m.mk
