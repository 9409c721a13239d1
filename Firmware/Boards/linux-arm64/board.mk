# A static program for 64-bit Arm Linux: Raspberry Pi 3 and later.
KIND = linux
TRIPLE = aarch64-none-none-elf
CPU_FLAGS = -mcpu=cortex-a53
LAYOUT = blocks
CROSS = aarch64-linux-gnu-
CROSS_PACKAGE = gcc-aarch64-linux-gnu
EMULATOR = qemu-aarch64
EMULATOR_PACKAGE = qemu-user
EMULATOR_FLAGS =
