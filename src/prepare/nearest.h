/*
 * The nearest centroids of the rows of a batch.
 */
#ifndef SEGMENT_NEAREST_H
#define SEGMENT_NEAREST_H

#include "prepare/pass_input.h"

/* the rows used of a batch, and where they belong by the centroids of a pass */
typedef struct NearestRows
{
	int    n;
	int32  labels[PASS_ROWS];
	double d2[PASS_ROWS];
	double second_d2[PASS_ROWS];
	double point_d2[PASS_ROWS]; /* from some other point, if one is given */
} NearestRows;

/*
 * Which cluster each row of some prepared blocks is in, and its squared distance
 * from that one's centroid; the nearest of the others, and its distance.
 *
 * It is the nearest centroid; with offsets, that of the least squared distance
 * less its offset, a cell of a power diagram (F. Aurenhammer, 1987), ties to the
 * lower index.  A row that is farther than the cut from all centroids is in
 * cluster k, at the distance of the nearest, which is its second.  One that is
 * beyond reach of all is in -1.
 */
extern void assign_blocks(const PassInput *input, const double *prepared, int nblocks,
						  int32_t *labels, double *d2, int32_t *second, double *second_d2);

/* clusters of a pass: that of rows beyond the cut is the last */
static inline int
cluster_groups(const PassInput *input)
{
	return input->k + input->trimmed;
}

extern void nearest_rows(const PassInput *input, const double *point, const double *blocks,
						 int nrows, NearestRows *nearest);

#endif /* SEGMENT_NEAREST_H */
