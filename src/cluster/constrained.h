/*
 * k-means under constraints: sizes of clusters, and rows that are left out.
 */
#ifndef SEGMENT_CONSTRAINED_H
#define SEGMENT_CONSTRAINED_H

#include "cluster/cluster_rows.h"
#include "cluster/run.h"

/* where a run under constraints is */
typedef struct Constrained
{
	double *centroids; /* k x features, prepared; in the order of their coordinates */
	double *offsets;   /* k; see assign_blocks() */
	bool    trimmed;
	double  cut;
	int     iterations;
	bool    converged; /* to the tolerance */
	bool    rests;     /* the centroids are the means of their rows */
} Constrained;

static inline bool
is_constrained(const LloydOptions *options)
{
	return options->least_share > 0 || options->most_share > 0 || options->trim > 0;
}

/* The order of centroids by their coordinates. */
extern void centroids_order(const double *centroids, int k, int nfeatures, int *order);

/*
 * Raises the error that k clusters cannot have the sizes that are asked for, that
 * the rows are not in memory, or that there is not enough for their distances.
 */
extern void constrained_check(const ClusterRows *rows, const LloydOptions *options, int k);

/*
 * Iterates from run->centroids, or from the best of these and other starts if
 * search, until no row changes, or the tolerance is met and the rest would take
 * long.  Rows in memory have their clusters in labels then, k for those that
 * are left out.
 */
extern void constrained_run(const ClusterRows *rows, const LloydOptions *options, bool search,
							Share labels, Constrained *run);

#endif /* SEGMENT_CONSTRAINED_H */
