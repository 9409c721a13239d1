# An Arm Cortex-M that talks through semihosting. The board gives TRIPLE, CPU and MACHINE.
KIND = bare
CORE = cortex-m.c
FLOAT_ABI ?= soft
CPU_FLAGS = -mcpu=$(CPU) -mthumb -mfloat-abi=$(FLOAT_ABI) -fshort-enums
CROSS = arm-none-eabi-
CROSS_PACKAGE = gcc-arm-none-eabi
EMULATOR = qemu-system-arm
EMULATOR_PACKAGE = qemu-system-arm
EMULATOR_FLAGS = -machine $(MACHINE) -display none -monitor none -serial none \
  -chardev stdio,id=console -semihosting-config enable=on,target=native,chardev=console -kernel
