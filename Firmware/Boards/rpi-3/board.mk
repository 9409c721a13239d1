# Raspberry Pi 3 (four Cortex-A53, of which one works) without an operating system, in 64 bits.
TRIPLE = aarch64-none-none-elf
CPU_FLAGS = -mcpu=cortex-a53
LAYOUT = blocks
CORE = pi.c
TICKS = 1000
CROSS = aarch64-linux-gnu-
CROSS_PACKAGE = gcc-aarch64-linux-gnu
MACHINE = raspi3b
EMULATOR = qemu-system-aarch64
# What the SD card takes, beside the Raspberry Pi's own bootcode.bin and start.elf, and arm_64bit=1 in config.txt.
BOOT_FILE = kernel8.img
include Cores/pi.mk
