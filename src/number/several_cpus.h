/*
 * Loops that are compiled for several instruction sets.
 */
#ifndef SEGMENT_SEVERAL_CPUS_H
#define SEGMENT_SEVERAL_CPUS_H

/*
 * Before the definition of a function, where the compiler can; the results are the same.  Before version 18, clang knows
 * such a function by another name than the modules that call it.
 */
#if defined(__x86_64__) && defined(__GLIBC__) && (!defined(__clang__) || __clang_major__ >= 18)
#define FOR_SEVERAL_CPUS __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define FOR_SEVERAL_CPUS
#endif

/* doubles in the widest vector there is */
#define LANES 8

#endif /* SEGMENT_SEVERAL_CPUS_H */
