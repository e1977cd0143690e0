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

extern void nearest_rows(const PassInput *input, const double *point, const double *blocks,
						 int nrows, NearestRows *nearest);

#endif /* SEGMENT_NEAREST_H */
