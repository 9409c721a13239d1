# Arm Cortex-M55, on the MPS3 board with the AN547 image, in the secure world.
TRIPLE = armv7em-none-none-eabi
CPU = cortex-m55
# Helium lives in the floating-point registers.
FLOAT_ABI ?= hard
LAYOUT = blocks
MACHINE = mps3-an547
include Cores/cortex-m.mk
