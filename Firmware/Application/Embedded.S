/* The model file in flash, the test pictures, and the RAM that one inference takes, to the byte.
 * MODEL, PICTURES, PICTURES_BYTES, MEMORY_BYTES, PICTURE_BYTES and OUTPUT_BYTES come from the command line. */

.macro embed name
  .balign 4
  .global \name\()_begin
  .global \name\()_end
\name\()_begin:
.endm

  .section .model, "a"
  embed model_file
  .incbin MODEL
model_file_end:

  .section .pictures, "a"
  embed pictures
#if PICTURES_BYTES > 0
  .incbin PICTURES, 0, PICTURES_BYTES
#endif
pictures_end:

  .section .bss.model_memory, "aw", %nobits
  embed model_memory
  .space MEMORY_BYTES
model_memory_end:

  .section .bss.picture, "aw", %nobits
  embed picture
  .space PICTURE_BYTES
picture_end:

  .section .bss.output, "aw", %nobits
  embed output
  .space OUTPUT_BYTES
output_end:

#ifdef __linux__
  .section .note.GNU-stack, "", %progbits
#endif
