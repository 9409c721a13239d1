# Arm Cortex-M4, on the MPS2 board with the AN386 image.
KIND = bare
TRIPLE = armv7em-none-none-eabi
CPU_FLAGS = -mcpu=cortex-m4 -mthumb -mfloat-abi=soft -fshort-enums
CROSS = arm-none-eabi-
CROSS_PACKAGE = gcc-arm-none-eabi
EMULATOR = qemu-system-arm
EMULATOR_PACKAGE = qemu-system-arm
EMULATOR_FLAGS = -machine mps2-an386 -display none -monitor none -serial none \
  -chardev stdio,id=console -semihosting-config enable=on,target=native,chardev=console -kernel
