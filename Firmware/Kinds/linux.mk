# A static Linux program.
include Kinds/program.mk

# The C library has memory functions.
LIBRARY_OBJECTS = runtime.o

IMAGE := $(OUTPUT)/thimble-run
$(IMAGE): $(OBJECTS)/Linux.c.o $(LIBRARY)/libthimble.a $(OUTPUT)/model-name
	@$(GCC) $(CPU_FLAGS) -static -Wl,--gc-sections $< $(LIBRARY)/libthimble.a -o $@

RUN = $(RUN_PROGRAM)
IMAGE_SIZES = Tools/image-sizes $(CROSS)readelf $(IMAGE) $(OUTSIDE)
# The program brings the C library along, so the library is looked at, not the program.
CHECKED = $(LIBRARY)/runtime.o
CHECKED_SIZES = Tools/image-sizes $(CROSS)readelf $(CHECKED)
CHECKED_MODEL = 0 0

$(LOOP): Tests/counter.c Tests/Loop.S $(OBJECTS)/settings | tools
	@$(GCC) $(C_FLAGS) -static $(filter %.c %.S,$^) -o $@

$(CONFORMANCE): Tests/conformance.c $(LIBRARY)/libthimble.a FORCE
	@$(GCC) $(C_FLAGS) -static $(filter %.c %.a,$^) -o $@
