# A program that reads the model file and pictures from files and writes the output tensors to standard output, the
# stack to standard error. What it keeps outside its image is counted beside it: the model file, and memory, picture and output.

ifneq ($(IS_TIMED),)
$(error nothing counts the cycles of $(TARGET))
endif

$(OUTPUT)/pictures.bin: $(PICTURES_FILE) $(OUTPUT)/settings
	@head -c $(or $(filter-out 0,$(PICTURES_BYTES)),$(PICTURE_BYTES)) $(or $(PICTURES_FILE),/dev/zero) > $@
run: $(OUTPUT)/pictures.bin

RUN_PROGRAM = $(EMULATE) $(COUNTED) $(EMULATOR_FLAGS) $(IMAGE) $(MODEL_FILE) $(OUTPUT)/pictures.bin 2> $(OUTPUT)/stack \
  > $(OUTPUT)/outputs.bin || { cat $(OUTPUT)/stack >&2; exit 1; }
SHOW = od -An -v -t x1 -w$(OUTPUT_BYTES) $(OUTPUT)/outputs.bin | tr -d ' '; cat $(OUTPUT)/stack

OUTSIDE = $(shell wc -c < $(MODEL_FILE)) $$(($(MEMORY_BYTES) + $(PICTURE_BYTES) + $(OUTPUT_BYTES)))

.PHONY: example
example:
	@echo "the example is bare metal, and $(TARGET) is not" >&2; exit 1
