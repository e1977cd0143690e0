/*
 * Figures of all rows by passes over blocks of raw rows.
 *
 * A pass has a state: flat memory without pointers, into which rows are added
 * in any order and in any split, and of which two can be merged.  The result
 * is the same whatever the order and the split, bit for bit.  So one and the
 * same pass runs over rows in memory, in several processes that each have
 * their own rows, and as the transition function of an aggregate.
 *
 * This layer moves rows and states about, and looks into neither: what a pass
 * is told are bytes that the pass itself opens.
 */
#ifndef SEGMENT_PASS_H
#define SEGMENT_PASS_H

/*
 * At most so many rows are added at once: more would not fit the caches, fewer
 * leave too few values of a cluster next to each other.
 */
#define PASS_ROWS 2048

/* What a pass is told, without pointers: it is copied to other processes. */
typedef struct FlatInput
{
	const void *bytes;
	Size        size;
} FlatInput;

/* The same as a pass wants to have it: see prepare/pass_input.h. */
typedef struct PassInput PassInput;

typedef struct Pass
{
	const char *name;

	/* may point into bytes; the rest is allocated in the current memory context */
	const PassInput *(*open)(const void *bytes);
	Size (*state_size)(const PassInput *input);
	void (*init)(const PassInput *input, void *state);

	/*
	 * Adds up to PASS_ROWS rows of blocks as in rows.h.  labels, or NULL, are
	 * the clusters of those rows that the recipe does not skip: the pass that
	 * judges writes them, others read them.  Returns how many these rows are.
	 */
	int (*add)(const PassInput *input, void *state, const double *blocks,
			   int nrows, int32 *labels);
	void (*merge)(const PassInput *input, void *state, const void *other);
} Pass;

/*
 * All passes, with NULL behind the last: in call/registry.c.  Functions have no
 * common address across processes, so that these tell each other a number.
 */
extern const Pass *const pass_registry[];

extern int pass_number(const Pass *pass);

#endif /* SEGMENT_PASS_H */
