/*
 * The rows of a batch by their clusters.
 *
 * Grouping the rows of a batch first, and then each feature's values, lets
 * what is done for a cluster run over values that lie next to each other.
 */
#ifndef SEGMENT_GROUPS_H
#define SEGMENT_GROUPS_H

#include "prepare/recipe_apply.h"
#include "rows/pass.h"

typedef struct Groups
{
	int    n;
	int    column; /* that raw holds grouped, -1: none; categories of a column share it */
	double raw[PASS_ROWS];
	int    order[PASS_ROWS];
	int32  starts[FLEXIBLE_ARRAY_MEMBER]; /* of each cluster's rows in order, and the end */
} Groups;

extern Groups *groups_make(const int32 *labels, int n, int k);
extern void    groups_free(Groups *groups);

/* grouped[i] = values[order[i]] */
extern void groups_apply(const Groups *groups, const double *values, double *grouped);

/* The same of a feature's raw values of nrows rows, of those used if used is not NULL. */
extern void groups_raw_values(Groups *groups, const Recipe *recipe, int feature,
							  const double *blocks, int nrows, const bool *used,
							  double *grouped);

#endif /* SEGMENT_GROUPS_H */
