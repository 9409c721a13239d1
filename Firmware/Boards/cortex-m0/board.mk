# Arm Cortex-M0, on the BBC micro:bit. The emulator gives it more flash than the chip has, for test pictures alone.
TRIPLE = armv6m-none-none-eabi
CPU = cortex-m0
LAYOUT = eights
MACHINE = microbit -global nrf51-soc.flash-size=16777216
include Cores/cortex-m.mk
