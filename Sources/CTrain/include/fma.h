#ifndef THIMBLE_TRAIN_FMA_H
#define THIMBLE_TRAIN_FMA_H

/// Whether the code generator's CPU multiplies and adds in one instruction. Swift can't ask: on a CPU without
/// it, `addProduct` becomes a library call for every element, many times slower than two instructions.
#if defined(__FMA__) || defined(__aarch64__)
#define THIMBLE_HAS_FMA 1
#else
#define THIMBLE_HAS_FMA 0
#endif

#endif
