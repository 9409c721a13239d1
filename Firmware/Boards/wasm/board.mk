# WebAssembly, for browsers and servers, with the vector instructions that all of them have had since 2023.
KIND = wasm
TRIPLE = wasm32-unknown-none-wasm
CPU_FLAGS = -msimd128
EMULATOR = node
EMULATOR_PACKAGE = nodejs
EMULATOR_FLAGS = Application/run.mjs
