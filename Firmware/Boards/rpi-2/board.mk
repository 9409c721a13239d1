# Raspberry Pi 2 (four Cortex-A7, of which one works) without an operating system.
TRIPLE = armv7-none-none-eabi
# NEON lives in the floating-point registers.
FLOAT_ABI ?= hard
CPU_FLAGS = -mcpu=cortex-a7 -mfpu=neon-vfpv4 -marm -mfloat-abi=$(FLOAT_ABI) -fshort-enums -munaligned-access
LAYOUT = blocks
TICKS = 1000
MACHINE = raspi2b
# What the SD card takes, beside the Raspberry Pi's own bootcode.bin and start.elf.
BOOT_FILE = kernel7.img
include Cores/pi32.mk
