# A Raspberry Pi without an operating system. The board gives TRIPLE, CPU_FLAGS, CROSS, MACHINE and EMULATOR.
KIND = bare
EMULATOR_PACKAGE = qemu-system-arm
# One thread emulates all cores, for the instruction counter's sake.
EMULATOR_FLAGS = -machine $(MACHINE) -accel tcg,thread=single -display none -monitor none -serial stdio \
  -semihosting -kernel
