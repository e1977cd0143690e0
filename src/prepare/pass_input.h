/*
 * What the passes over rows are told, and running them.
 */
#ifndef SEGMENT_PASS_INPUT_H
#define SEGMENT_PASS_INPUT_H

#include "prepare/recipe_apply.h"
#include "rows/source.h"

/* the same for all who take part in a pass */
struct PassInput
{
	const Recipe *recipe;
	int           k;         /* 0 where there are no centroids */
	const double *centroids; /* k x features, prepared; NULL if k is 0 */
	const void   *extra;     /* what the pass at hand wants to know, flat */
	Size          extra_size;

	/* which of the centroids' clusters a row is in, see assign_blocks() */
	const double *offsets; /* k, or NULL: the nearest */
	bool          trimmed; /* rows farther than cut are in none */
	double        cut;     /* a squared distance */
};

/* As one piece of memory, in the current context, and back. */
extern FlatInput        pass_flatten(const PassInput *input);
extern const PassInput *pass_open(const void *bytes);

/*
 * Runs a pass over all rows; the state is allocated in the current memory
 * context.  labels are as in Pass.add, for all rows in memory, or nothing.
 */
extern void *pass_run(const RowSource *source, const Pass *pass, const PassInput *input, Share labels);

#endif /* SEGMENT_PASS_INPUT_H */
