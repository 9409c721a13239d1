# A static program for 32-bit Arm Linux with floating-point registers (Debian's armhf): Raspberry Pi 2 and later.
KIND = linux
TRIPLE = armv7-none-none-eabi
CPU_FLAGS = -mcpu=cortex-a7 -mfpu=neon-vfpv4 -marm -mfloat-abi=hard -munaligned-access
LAYOUT = blocks
CROSS = arm-linux-gnueabihf-
CROSS_PACKAGE = gcc-arm-linux-gnueabihf
EMULATOR = qemu-arm
EMULATOR_PACKAGE = qemu-user
EMULATOR_FLAGS = -cpu cortex-a7
