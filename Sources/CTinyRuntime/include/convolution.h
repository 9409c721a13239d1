/* A row of a convolution, for the kernels that make one in C. */
#ifndef THIMBLE_CONVOLUTION_H
#define THIMBLE_CONVOLUTION_H

#include <stdint.h>

/* What a row of output pixels is made of. Addresses are integers; steps are in bytes where nothing else is said. */
typedef struct thimble_convolution {
  uintptr_t ring;         /* int8: the input's */
  uintptr_t row_bytes;    /* of a row of the ring */
  uintptr_t first_column; /* from the start of a row to the first pixel's window */
  uint32_t ring_rows, first_row;
  uint32_t kernel_rows;
  uint32_t run;           /* bytes of an input row that a row of the kernel reads */
  uint32_t pool_rows, pool_columns;            /* the largest of so many sums makes a pixel */
  uintptr_t pool_row_step, pool_column_step;   /* rows of input, and bytes, from one of these sums to the next */
  uintptr_t pixel_step;   /* from one output pixel's window to the next one's */
  uintptr_t weights;
  uintptr_t constants;    /* int32: bias and multiplier of each channel */
  uint32_t channels;      /* that are made */
  uint32_t output_step;   /* from one output pixel to the next */
  uint32_t pixels;        /* of the output */
  int32_t offset, left_shift, right_shift; /* see `Requantizer` */
  uintptr_t output;       /* int8, (pixels, channels) */
} thimble_convolution;

#endif
