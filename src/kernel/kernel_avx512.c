/*
 * The kernel for x86-64 CPUs with AVX-512, empty elsewhere.
 *
 * Compile with -O3 -ffp-contract=off and -mavx512f, -mavx512dq, -mavx512vl,
 * -mavx512bw, -mavx2 and -mfma: multiply-adds are fused in assign, which asks
 * for it, and nowhere else (see kernel_loops.h).  All memory is the caller's.
 */
#ifdef __x86_64__

#include "kernel/kernel_variant.h"

#if !defined(__AVX512F__) || !defined(__FMA__)
#error "kernel_avx512.c must be compiled for AVX-512"
#endif

const Kernel kernel_avx512 = KERNEL_OF_LOOPS("avx512");

#else

/* ISO C wants a declaration in every file. */
typedef int kernel_avx512_absent;

#endif /* __x86_64__ */
