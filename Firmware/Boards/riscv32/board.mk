# 32-bit RISC-V (RV32IMAC), on QEMU's own board.
KIND = bare
TRIPLE = riscv32-none-none-eabi
CPU_FLAGS = -march=rv32imac -mabi=ilp32
LAYOUT = fours
TICKS = 1000
CROSS = riscv64-unknown-elf-
CROSS_PACKAGE = gcc-riscv64-unknown-elf
EMULATOR = qemu-system-riscv32
EMULATOR_PACKAGE = qemu-system-misc
EMULATOR_FLAGS = -machine virt -bios none -display none -monitor none -serial stdio -kernel
