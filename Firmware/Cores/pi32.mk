# A Raspberry Pi of 32 bits. The board gives TRIPLE, CPU_FLAGS and MACHINE.
CORE = pi.c pi32.S
SCRIPT = Cores/pi32.ld
CROSS = arm-none-eabi-
CROSS_PACKAGE = gcc-arm-none-eabi
EMULATOR = qemu-system-arm
include Cores/pi.mk
