# An image without an operating system: the library, the application that runs the model, the board; model file and test
# pictures in it.

LIBRARY_OBJECTS = runtime.o memory.o

EMBED = -DMODEL='"$(MODEL_FILE)"' -DPICTURES='"$(PICTURES_FILE)"' -DPICTURES_BYTES=$(PICTURES_BYTES) \
  -DMEMORY_BYTES=$(MEMORY_BYTES) -DPICTURE_BYTES=$(PICTURE_BYTES) -DOUTPUT_BYTES=$(OUTPUT_BYTES) \
  $(if $(ROWS),-DROWS)

$(OUTPUT)/embedded.o: Application/Embedded.S $(MODEL_FILE) $(PICTURES_FILE) $(OUTPUT)/settings | tools
	@$(GCC) $(CPU_FLAGS) $(EMBED) -c $< -o $@

BOARD_SOURCES := $(wildcard $(BOARD)/*.c $(BOARD)/*.S) $(addprefix Cores/,$(CORE))
BARE_OBJECTS := $(OBJECTS)/Start.c.o $(addprefix $(OBJECTS)/,$(addsuffix .o,$(notdir $(BOARD_SOURCES))))
PROFILE_OBJECTS := $(if $(IS_TIMED),$(OBJECTS)/Profile.c.o)

# Links objects and libraries.
LINK = $(GCC) $(CPU_FLAGS) -nostdlib -static -no-pie -L Application -T $(SCRIPT) \
  -Wl,--gc-sections,--build-id=none,--no-warn-rwx-segments -Wl,-z,noexecstack
SCRIPTS = $(SCRIPT) Application/sections.ld

IMAGE := $(OUTPUT)/firmware.elf
$(IMAGE): $(BARE_OBJECTS) $(PROFILE_OBJECTS) $(OBJECTS)/Application.o $(OUTPUT)/embedded.o $(LIBRARY)/libthimble.a $(SCRIPTS)
	@$(LINK) $(filter %.o %.a,$^) -lgcc -o $@

# What the board boots from, if it isn't the ELF file: the same bytes as they lie in memory.
ifneq ($(BOOT_FILE),)
$(OUTPUT)/$(BOOT_FILE): $(IMAGE)
	@$(CROSS)objcopy -O binary $< $@
endif

RUN = $(EMULATE) $(COUNTED) $(EMULATOR_FLAGS) $(IMAGE) < /dev/null > $(OUTPUT)/outputs || \
  { $(SHOW) > /dev/null; exit 1; }
SHOW = Tools/show-run $(OUTPUT)/outputs $(NM) $(IMAGE)

IMAGE_SIZES = Tools/image-sizes $(CROSS)readelf $(IMAGE)
CHECKED = $(IMAGE)
CHECKED_SIZES = $(IMAGE_SIZES)
CHECKED_MODEL = $(shell wc -c < $(MODEL_FILE)) $$(($(MEMORY_BYTES) + $(if $(ROWS),0,$(PICTURE_BYTES)) + $(OUTPUT_BYTES)))

# The library in a firmware written in C, linked as a user of the library would.

EXAMPLE := $(OUTPUT)/example.elf
ifneq ($(filter example,$(MAKECMDGOALS)),)
ifeq ($(PICTURES),)
$(error PICTURES=file is missing)
endif
endif

.PHONY: example
example: $(EXAMPLE) | emulator
	@$(EMULATE) $(EMULATOR_FLAGS) $< < /dev/null

$(EXAMPLE): Examples/c-main/main.c $(BARE_OBJECTS) $(OUTPUT)/embedded.o $(LIBRARY)/libthimble.a $(LIBRARY)/thimble.h \
  $(SCRIPTS)
	@$(GCC) $(CPU_FLAGS) -O2 -std=c11 -Wall -Wextra -Werror -nostartfiles -T $(SCRIPT) -L Application \
	  -I Application -I $(LIBRARY) $(filter %.c %.o,$^) -L $(LIBRARY) -lthimble -o $@

# The cycle counter against the loop of known length. The emulator executes an instruction a nanosecond; TICKS of the board is what
# its counter makes of a thousand. A tick more or less is the counter's own grain, and a few instructions are the call's.

TICKS_IMAGE := $(OBJECTS)/ticks
.PHONY: validate-ticks
ifeq ($(TICKS),)
validate-ticks:
	@echo "the emulator has no cycle counter for $(TARGET)"
else
validate-ticks: $(TICKS_IMAGE) | emulator
	@ticks=$$((0x$$($(EMULATE) -icount shift=0 $(EMULATOR_FLAGS) $< < /dev/null))); \
	  least=$$(($(LOOP_INSTRUCTIONS) * $(TICKS) / 1000 - 1)); most=$$((least + 2 + 50 * $(TICKS) / 1000)); \
	  echo "$$ticks ticks for $(LOOP_INSTRUCTIONS) instructions, expected $$least to $$most"; \
	  [ "$$ticks" -ge "$$least" ] && [ "$$ticks" -le "$$most" ]
endif

$(TICKS_IMAGE): Tests/ticks.c Tests/Loop.S $(BARE_OBJECTS) $(LIBRARY)/memory.o $(SCRIPTS) | tools
	@$(LINK) $(C_FLAGS) $(FREESTANDING) -I Application $(filter %.c %.S %.o,$^) -o $@

$(LOOP): Tests/counter.c Tests/Loop.S $(BARE_OBJECTS) $(LIBRARY)/memory.o $(SCRIPTS) | tools
	@$(LINK) $(C_FLAGS) $(filter %.c %.S %.o,$^) -o $@

$(CONFORMANCE): Tests/conformance.c $(BARE_OBJECTS) $(LIBRARY)/libthimble.a $(SCRIPTS) $(OBJECTS)/settings FORCE
	@$(LINK) $(C_FLAGS) $(FREESTANDING) -I Application $(filter %.c %.o %.a,$^) -lgcc -o $@
