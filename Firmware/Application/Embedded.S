/* The model file in flash, the test pictures, and the RAM that one inference takes, to the byte.
 * MODEL, PICTURES, PICTURES_BYTES, MEMORY_BYTES, PICTURE_BYTES and OUTPUT_BYTES come from the command line. With ROWS no picture lies
 * in RAM: its rows come straight from the test pictures, of which there is always one then. */

#if __SIZEOF_POINTER__ == 8
#define WORD .quad
#else
#define WORD .long
#endif

  /* struct embedded of Board.h */
  .section .rodata.embedded, "a"
  .balign __SIZEOF_POINTER__
  .global embedded
embedded:
  WORD model, file, file_end - file
  WORD memory, MEMORY_BYTES
  WORD pictures, pictures_end
  WORD picture, PICTURE_BYTES
  WORD output, OUTPUT_BYTES

  .section .model, "a"
  .balign 4
file:
  .incbin MODEL
file_end:

  .section .pictures, "a"
  .balign 4
pictures:
#if PICTURES_BYTES > 0
  .incbin PICTURES, 0, PICTURES_BYTES
#elif defined(ROWS)
  .space PICTURE_BYTES
#endif
pictures_end:

  .section .bss.memory, "aw", %nobits
  .balign 4
memory:
  .space MEMORY_BYTES

  .section .bss.picture, "aw", %nobits
  .balign 4
picture:
#ifndef ROWS
  .space PICTURE_BYTES
#endif

  .section .bss.output, "aw", %nobits
  .balign 4
output:
  .space OUTPUT_BYTES
