# Raspberry Pi Zero and 1 (ARM1176JZF-S) without an operating system.
KIND = bare
TRIPLE = armv6-none-none-eabi
CPU_FLAGS = -mcpu=arm1176jzf-s -marm -mfloat-abi=soft -fshort-enums -munaligned-access
LAYOUT = pairs
CROSS = arm-none-eabi-
CROSS_PACKAGE = gcc-arm-none-eabi
EMULATOR = qemu-system-arm
EMULATOR_PACKAGE = qemu-system-arm
EMULATOR_FLAGS = -machine raspi0 -display none -monitor none -serial stdio -semihosting -kernel
# What the SD card takes, beside the Raspberry Pi's own bootcode.bin and start.elf.
BOOT_FILE = kernel.img
