/*
 * The kernel in the vectors that every CPU of the architecture has, SSE2 or
 * NEON.
 *
 * Compile with -O3 -ffp-contract=off (see kernel_loops.h).
 */
#include "kernel/kernel_variant.h"

const Kernel kernel_portable = KERNEL_OF_LOOPS("portable");
