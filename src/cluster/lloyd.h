/*
 * The core of k-means: Lloyd's iterations over packed rows, by one process
 * or a team.  It knows no SQL.
 */
#ifndef SEGMENT_LLOYD_H
#define SEGMENT_LLOYD_H

#include "cluster/run.h"

extern Lloyd *lloyd_create(const Matrix *matrix, const LloydOptions *options);
extern void   lloyd_free(const LloydOptions *options, Lloyd *run);

/*
 * Iterates from run->centroids until the tolerance is met, or no row changes if
 * the run is to go to the fixpoint and that does not take too long; or until max_iter
 * iterations were done, or the goal is out of reach at the pace of the last
 * iteration.
 */
extern void lloyd_run(const Matrix *matrix, const LloydOptions *options, Lloyd *run);

/*
 * Goes on in double from run->centroids, of which some are nearest to no row:
 * these move to the farthest rows.  Returns false if no row is away from its
 * centroid.
 */
extern bool lloyd_repair(const Matrix *matrix, const LloydOptions *options,
						 Lloyd *run);

#endif /* SEGMENT_LLOYD_H */
