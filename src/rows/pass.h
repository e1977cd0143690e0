/*-------------------------------------------------------------------------
 *
 * pass.h
 *	  Figures of all rows by passes over blocks of raw rows.
 *
 * A pass has a state: flat memory without pointers, into which rows are added
 * in any order and in any split, and of which two can be merged.  The result
 * is the same whatever the order and the split, bit for bit.  So one and the
 * same pass runs over rows in memory, in several processes that each have
 * their own rows, and as the transition function of an aggregate.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SEGMENT_PASS_H
#define SEGMENT_PASS_H

#include "prepare/recipe.h"
#include "rows/rows.h"

/*
 * At most so many rows are added at once: more would not fit the caches, fewer
 * leave too few values of a cluster next to each other.
 */
#define PASS_ROWS 2048

/* All that a pass is told; the same for all who take part. */
typedef struct PassInput
{
	const Recipe *recipe;
	const Kernel *kernel;
	int           k;         /* 0 where there are no centroids */
	const double *centroids; /* k x features, prepared; NULL if k is 0 */
	const void   *extra;     /* what the pass at hand wants to know, flat */
	Size          extra_size;
} PassInput;

/* Passes are known by number, for function pointers do not cross processes. */
typedef enum PassKind
{
	PASS_RANGE,      /* recipe.c: range and mean of raw values */
	PASS_POWER,      /* power.c: transformed values under any lambda */
	PASS_SPREAD,     /* recipe.c: moments of transformed values */
	PASS_HISTOGRAM,  /* quantile.c */
	PASS_GATHER,     /* quantile.c */
	PASS_WEIGHTS,    /* weights.c: range of the rows' weights */
	PASS_MEANS,      /* cluster.c: means of clusters */
	PASS_DIRECTIONS, /* cluster.c: the same for cosine distance */
	PASS_JUDGE,      /* judge.c: the last assignment, and the profile */
	PASS_SCATTER,    /* judge.c: distances from the means of clusters */
	PASS_CENSUS,     /* look.c: range and mean of columns as they are */
	PASS_SHAPE,      /* describe.c: moments, outliers, distinct values */
	PASS_PRODUCTS,   /* correlate.c: products of columns */
	PASS_COVARIANCE  /* components.c: products of prepared features */
} PassKind;

typedef struct Pass
{
	const char *name;
	Size (*state_size)(const PassInput *input);
	void (*init)(const PassInput *input, void *state);

	/*
	 * Adds up to PASS_ROWS rows of blocks as in rows.h.  labels, or NULL, are
	 * the clusters of those rows that the recipe does not skip: PASS_JUDGE
	 * writes them, other passes read them.  Returns how many these rows are, by
	 * which the caller moves on in labels.
	 */
	int (*add)(const PassInput *input, void *state, const double *blocks,
			   int nrows, int32 *labels);
	void (*merge)(const PassInput *input, void *state, const void *other);
} Pass;

extern const Pass *pass_of_kind(PassKind kind);

/* The passes, each where its figures are used. */
extern const Pass range_pass;
extern const Pass power_pass;
extern const Pass spread_pass;
extern const Pass histogram_pass;
extern const Pass gather_pass;
extern const Pass weights_pass;
extern const Pass means_pass;
extern const Pass directions_pass;
extern const Pass judge_pass;
extern const Pass scatter_pass;
extern const Pass census_pass;
extern const Pass shape_pass;
extern const Pass products_pass;
extern const Pass covariance_pass;

/* An input as bytes, for another process, and back; input points into bytes then. */
extern Size pass_input_size(const PassInput *input);
extern void pass_input_write(const PassInput *input, char *bytes);
extern void pass_input_read(const char *bytes, PassInput *input);

#endif /* SEGMENT_PASS_H */
