# Raspberry Pi Zero and 1 (ARM1176JZF-S) without an operating system.
TRIPLE = armv6-none-none-eabi
CPU_FLAGS = -mcpu=arm1176jzf-s -marm -mfloat-abi=soft -fshort-enums -munaligned-access
LAYOUT = pairs
MACHINE = raspi0
# What the SD card takes, beside the Raspberry Pi's own bootcode.bin and start.elf.
BOOT_FILE = kernel.img
include Cores/pi32.mk
