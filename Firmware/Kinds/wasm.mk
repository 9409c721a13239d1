# A WebAssembly module, which Application/run.mjs loads. Its tools come with Swift.
include Kinds/program.mk

SWIFT_TOOLS := $(shell $(SWIFTC) -print-target-info | sed -n 's|.*"runtimeResourcePath": "\(.*\)/lib/swift".*|\1/bin/|p')
GCC = $(SWIFT_TOOLS)clang --target=wasm32
AR = $(SWIFT_TOOLS)llvm-ar
NM = $(SWIFT_TOOLS)llvm-nm
OBJDUMP = $(SWIFT_TOOLS)llvm-objdump

# The linker drops what is unreachable.
LIBRARY_OBJECTS = TinyRuntime.o memory.o
# Clang knows -ffreestanding to mean as much.
FREESTANDING = -ffreestanding
STACK_BYTES = 16384

LINK = $(SWIFT_TOOLS)wasm-ld --no-entry --gc-sections --stack-first -z stack-size=$(STACK_BYTES) \
  --export=__heap_base --export=__stack_pointer $$(sed 's/^/--export=/' $(LIBRARY)/interface)

$(OUTPUT)/linked.wasm: $(LIBRARY)/libthimble.a $(LIBRARY)/interface $(OUTPUT)/model-name
	@$(LINK) $< -Map=$(OUTPUT)/map -o $@

IMAGE := $(OUTPUT)/thimble.wasm
$(IMAGE): $(OUTPUT)/linked.wasm
	@$(SWIFT_TOOLS)llvm-objcopy --strip-all $< $@

# Nothing counts the instructions.
COUNTED =
RUN = echo 'instructions uncounted' > $(OUTPUT)/instructions; $(RUN_PROGRAM)

IMAGE_SIZES = Tools/wasm-sizes $(IMAGE) $(OUTPUT)/map $(OUTSIDE)
CHECKED = $(OUTPUT)/linked.wasm
CHECKED_SIZES = Tools/wasm-sizes $(IMAGE) $(OUTPUT)/map
CHECKED_MODEL = 0 0

$(LOOP):
	@echo "nothing counts the instructions of $(TARGET)" >&2; exit 1

$(CONFORMANCE): $(LIBRARY)/libthimble.a $(LIBRARY)/interface
	@mkdir -p $(@D)
	@$(LINK) $< -o $@

CONFORM = $(EMULATE) Tests/conformance.mjs $(CONFORMANCE) $(abspath $(VECTORS))
