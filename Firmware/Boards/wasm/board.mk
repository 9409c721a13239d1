# WebAssembly, for browsers and servers, with the vector instructions that all of them have had since 2023; SIMD=0 without.
KIND = wasm
TRIPLE = wasm32-unknown-none-wasm
SIMD ?= 1
ifeq ($(SIMD),1)
CPU_FLAGS = -msimd128
LAYOUT = blocks
else
CPU_FLAGS =
endif
EMULATOR = node
EMULATOR_PACKAGE = nodejs
EMULATOR_FLAGS = Application/run.mjs
