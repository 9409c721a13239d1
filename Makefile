# Thimble. The two that matter:
#
#   make demo     train, quantize, pack, and recognise digits on an emulated Cortex-M4
#   make test     every test
#
# And the rest:
#
#   make build         the tool, .build/release/thimble, for this machine's own processor
#   make build-mpi     the same with MPI, for training on several machines (docs/cluster.md)
#   make check-mpi     tests of that, under mpirun
#   make models        Models/digits.thimble again, from MNIST (some fifteen minutes)
#   make peer-models   .build/peer-models/{lenet,resnet8,dscnn}.thimble, with seeded weights
#   make bench         training, host inference and cortex-m4 instructions, as a table
#   make bench-host    host inference beside LiteRT's, paired; evaluation on one thread and on two
#   make bench-wasm    WebAssembly under node, with vector instructions and without, paired
#   make bench-train   an epoch of training beside PyTorch's and Keras', paired, and each layer's share of the peak
#   make bench-mpi     training with one rank and with two, paired
#   make bench-convolutions   convolutions, forwards and backwards, beside OpenBLAS and oneDNN
#   make check-pytorch [SEED=1]     every layer forwards and backwards beside PyTorch's, on random networks
#   make compare-accuracy [SEEDS=1,2,3 EPOCHS=6]   accuracy beside PyTorch's, by one recipe
#   make library TARGET=cortex-m4   libthimble.a and thimble.h for one's own firmware
#   make check-firmware             images of every target: run, what must not be in them, their budgets
#   make firmware-report            docs/firmware.md: what the digits take on every target, over 1,000 pictures
#   make peers-report               docs/peers.md: lenet, ResNet-8 and DS-CNN beside other runtimes' figures
#   make layers-report              docs/layers.md: instructions of each of their layers, beside what the instruction set allows
#   make growth-report              docs/growth.md: instructions of networks of 0.1 to 50 million MACs, and what loading them costs
#   make weights-report             docs/weights.md: lenet with weights of 8 bits and less
#   make qat-report                 docs/qat.md: what whole numbers cost a network before and after it learned for them
#   make pruning-report            docs/pruning.md: networks with fewer weights, fewer channels, or a byte budget
#   make frontier-report           docs/frontier.md: how accurate networks of 100,000 to 2,000 parameters become
#   make check-embedded             the runtime's SwiftPM target, built for bare metal
#   make lint format

# The build system that knows --triple for one target; the processor's own instructions for C and Swift; and tests may
# look inside modules, so that one build serves the tool and the tests.
SWIFT_FLAGS = --build-system native -c release -Xcc -march=native -Xswiftc -enable-testing
THIMBLE = .build/release/thimble
TARGET ?= cortex-m4
TARGETS = cortex-m0 cortex-m0plus cortex-m3 cortex-m4 cortex-m7 cortex-m33 cortex-m55 \
  rpi-zero rpi-2 rpi-3 linux-armhf linux-arm64 riscv32 wasm

LIBRARIES = pkg-config zlib1g-dev libpng-dev libturbojpeg0-dev libsqlite3-dev
MPI = libopenmpi-dev openmpi-bin
EMULATION = qemu-system-arm qemu-system-misc qemu-user nodejs gcc libc6-dev \
  gcc-arm-none-eabi libnewlib-arm-none-eabi gcc-aarch64-linux-gnu libc6-dev-arm64-cross \
  gcc-arm-linux-gnueabihf libc6-dev-armhf-cross gcc-riscv64-unknown-elf

.PHONY: build build-mpi check-mpi bench-mpi demo test models peer-models bench bench-host bench-wasm bench-train bench-convolutions \
  check-pytorch compare-accuracy library check-firmware firmware-report peers-report layers-report growth-report \
  weights-report qat-report pruning-report frontier-report check-embedded lint format

build:
	@Scripts/install-packages $(LIBRARIES)
	@swift build $(SWIFT_FLAGS) --product thimble

build-mpi:
	@Scripts/install-packages $(LIBRARIES) $(MPI)
	@swift build $(SWIFT_FLAGS) --traits MPI --product thimble

check-mpi:
	@Scripts/install-packages $(LIBRARIES) $(MPI) python3
	@swift test $(SWIFT_FLAGS) --traits MPI --filter Ranks --filter Launch --filter TrainCommand

demo: build
	@Scripts/install-packages $(EMULATION)
	@Scripts/demo

test:
	@Scripts/install-packages $(LIBRARIES) $(EMULATION) python3
	@swift test $(SWIFT_FLAGS)

models: build
	@Scripts/train-models

peer-models: build
	@mkdir -p .build/peer-models
	@for name in lenet resnet8 dscnn; do \
	  $(THIMBLE) train --network $$name --epochs 0 --output .build/peer-models/$$name.safetensors && \
	  $(THIMBLE) export .build/peer-models/$$name.safetensors --output .build/peer-models/$$name.thimble || exit 1; \
	done

bench: build
	@Scripts/install-packages $(EMULATION)
	@Scripts/bench

bench-host: build
	@Scripts/install-packages python3 python3-venv
	@Scripts/bench-host

bench-wasm: peer-models
	@Scripts/install-packages $(EMULATION)
	@Scripts/bench-wasm

bench-train: build
	@Scripts/install-packages python3 python3-venv
	@Scripts/bench-train

bench-mpi: build-mpi
	@Scripts/install-packages python3
	@Scripts/bench-mpi

bench-convolutions: build
	@Scripts/install-packages g++ libopenblas-dev libdnnl-dev
	@Scripts/bench-convolutions

check-pytorch:
	@Scripts/install-packages $(LIBRARIES) python3 python3-venv
	@SEED=$(SEED) Scripts/check-pytorch $(SWIFT_FLAGS)

compare-accuracy: build
	@Scripts/install-packages python3 python3-venv
	@SEEDS=$(SEEDS) EPOCHS=$(EPOCHS) Scripts/compare-accuracy

library:
	@Scripts/install-packages $(EMULATION)
	@$(MAKE) --no-print-directory -C Firmware library TARGET=$(TARGET)
	@ls .build-$(TARGET)/library/libthimble.a .build-$(TARGET)/library/thimble.h

check-firmware: build
	@Scripts/install-packages $(EMULATION)
	@Scripts/check-firmware $(TARGETS)

COUNT ?= 1000
firmware-report: build
	@Scripts/install-packages $(EMULATION)
	@COUNT=$(COUNT) Scripts/firmware-report $(TARGETS)

peers-report: peer-models
	@Scripts/install-packages $(EMULATION)
	@Scripts/peers-report cortex-m0plus cortex-m4 cortex-m7 cortex-m55 rpi-zero

# Written beside the page first, so that a run that fails leaves the page.
layers-report: peer-models
	@Scripts/install-packages $(EMULATION) python3
	@python3 Benchmarks/layers.py $(THIMBLE) .build/peer-models cortex-m0plus cortex-m4 cortex-m55 rpi-zero rpi-3 riscv32 \
	  > .build/layers.md
	@mv .build/layers.md docs/layers.md

growth-report: build
	@Scripts/install-packages $(EMULATION) python3
	@python3 Benchmarks/growth.py $(THIMBLE) .build/growth cortex-m0plus cortex-m4 cortex-m55 > .build/growth.md
	@mv .build/growth.md docs/growth.md

weights-report: build
	@Scripts/install-packages $(EMULATION)
	@Scripts/weights-report cortex-m4 cortex-m0plus cortex-m55

# Some ten minutes on two idle cores.
QAT_NETWORK ?= small
QAT_EPOCHS ?= 12
QAT_TUNING ?= 4
QAT_SEEDS ?= 1,2,3
qat-report: build
	@Scripts/install-packages python3
	@mkdir -p .build/qat
	@python3 Benchmarks/qat.py $(THIMBLE) .build/qat $(QAT_NETWORK) $(QAT_EPOCHS) $(QAT_TUNING) $(QAT_SEEDS) > .build/qat.md
	@mv .build/qat.md docs/qat.md

# Some twenty minutes on two idle cores.
PRUNING_NETWORK ?= small
PRUNING_EPOCHS ?= 8
PRUNING_TUNING ?= 5
PRUNING_SEEDS ?= 1,2,3
pruning-report: build
	@Scripts/install-packages python3
	@mkdir -p .build/pruning
	@python3 Benchmarks/pruning.py $(THIMBLE) .build/pruning $(PRUNING_NETWORK) $(PRUNING_EPOCHS) $(PRUNING_TUNING) \
	  $(PRUNING_SEEDS) > .build/pruning.md
	@mv .build/pruning.md docs/pruning.md

# More than two hours on two idle cores; what was done before it was stopped is not done again.
FRONTIER_SEEDS ?= 1,2,3,4,5
frontier-report: build
	@Scripts/install-packages python3
	@mkdir -p .build/frontier
	@python3 Benchmarks/frontier.py $(THIMBLE) .build/frontier $(FRONTIER_SEEDS) > .build/frontier.md
	@mv .build/frontier.md docs/frontier.md

# No twin of the target is needed: the host's own package builds for these.
# Two folders, so that two can be built at a time.
EMBEDDED = armv6m-none-none-eabi armv7em-none-none-eabi armv6-none-none-eabi aarch64-none-none-elf \
  riscv32-none-none-eabi wasm32-unknown-none-wasm
check-embedded:
	@printf '%s\n' $(EMBEDDED) | xargs -n 3 -P 2 sh -ec 'for triple; do \
	  swift build --build-system native -c release --triple "$$triple" --scratch-path ".build-embedded/$$1" \
	    --toolset Firmware/Toolsets/embedded.json --target TinyRuntime; done' sh

lint:
	@swift format lint --strict --recursive --parallel Package.swift Sources Tests Firmware

format:
	@swift format --in-place --recursive --parallel Package.swift Sources Tests Firmware
