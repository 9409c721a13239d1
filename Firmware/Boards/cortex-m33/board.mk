# Arm Cortex-M33, on the MPS2 board with the AN505 image, in the secure world.
TRIPLE = armv7em-none-none-eabi
CPU = cortex-m33
LAYOUT = pairs
MACHINE = mps2-an505
include Cores/cortex-m.mk
