/*
 * The kernel for x86-64 CPUs with AVX2 and FMA, empty elsewhere.
 *
 * Compile with -O3 -ffp-contract=off -mavx2 -mfma: multiply-adds are fused in
 * assign, which asks for it, and nowhere else (see kernel_loops.h).  All
 * memory is the caller's.
 */
#ifdef __x86_64__

#include "kernel/kernel_variant.h"

#if !defined(__AVX2__) || !defined(__FMA__)
#error "kernel_avx2.c must be compiled with -mavx2 -mfma"
#endif

const Kernel kernel_avx2 = KERNEL_OF_LOOPS("avx2");

#else

/* ISO C wants a declaration in every file. */
typedef int kernel_avx2_absent;

#endif /* __x86_64__ */
