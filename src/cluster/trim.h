/*
 * Rows that are left out of clusters, since they are far from all.
 */
#ifndef SEGMENT_TRIM_H
#define SEGMENT_TRIM_H

#include "c.h"

/*
 * The cut that leaves at most so many of n rows out, those with the largest
 * squared distances from their nearest centroids: rows beyond it are left out,
 * rows at it are not.  n must be larger than trimmed.
 */
extern double trim_cut(const double *nearest, int64 n, int64 trimmed);

#endif /* SEGMENT_TRIM_H */
