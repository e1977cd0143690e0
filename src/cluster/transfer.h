/*
 * Rows that change clusters one at a time, beyond Lloyd's optima.
 */
#ifndef SEGMENT_TRANSFER_H
#define SEGMENT_TRANSFER_H

#include "cluster/run.h"

/*
 * The two nearest centroids of every row, padding included, and its squared
 * distances from them.
 */
typedef struct NearestTwo
{
	int32_t *labels;
	int32_t *others;
	float   *nearest;
	float   *second;
} NearestTwo;

extern void nearest_two_create(const Matrix *matrix, NearestTwo *two);
extern void nearest_two_free(NearestTwo *two);

/* in double; a distance that is infinite is nobody's, its label -1 */
extern void nearest_two_measure(const Matrix *matrix, const LloydOptions *options, const double *centroids,
								NearestTwo *two);

/*
 * Moves rows, one after the other, to the nearest other cluster wherever that
 * lowers the objective once both centroids have followed, and these with them.
 * two belongs to the run's centroids.  Returns by how much the objective is
 * lower, 0 if no row moved.  For runs of one process: labels, sums and counts
 * are right afterwards, the parts of a team are not.
 */
extern double transfer_rows(const Matrix *matrix, const LloydOptions *options, const NearestTwo *two, Lloyd *run);

#endif /* SEGMENT_TRANSFER_H */
