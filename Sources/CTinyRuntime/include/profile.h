/* A hook behind each step, for firmware that counts the core's cycles by record. */
#ifndef THIMBLE_PROFILE_H
#define THIMBLE_PROFILE_H

#include <stdint.h>

/* Is told that a step of `record` has been taken. Without THIMBLE_PROFILE it is nothing. */
#if THIMBLE_PROFILE
void thimble_step_taken(uint32_t record);
#else
static inline void thimble_step_taken(uint32_t record) { (void)record; }
#endif

#endif
