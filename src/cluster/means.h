/*
 * Means of clusters without the rounding to float4 that runs work with.
 */
#ifndef SEGMENT_MEANS_H
#define SEGMENT_MEANS_H

#include "cluster/judge.h"

typedef struct ClusterMeans
{
	double *means;         /* k x features, prepared: means, or mean directions */
	double *values;        /* these in original units */
	double *mean;          /* of all rows, prepared; NULL if it is not wanted */
	double  total_squares; /* the inertia of one cluster, prepared */
} ClusterMeans;

/*
 * Finds what ClusterMeans has room for.  Rows are in the clusters that labels
 * tell, or else with the nearest of the input's centroids: as runs find them, or
 * as they are judged if the input has something extra.  Clusters without rows
 * stay at these centroids.  Of clusters that were judged, by this input, the
 * judgement may have the sums already; else it is NULL.
 */
extern void means_find(const RowSource *source, const PassInput *input, Share labels, ClusterMeans *found,
					   const Judgement *judgement);

/* the bytes of that pass's state, of whatever distance */
extern Size means_size(const Recipe *recipe, int k);

extern const Pass means_pass;      /* means of clusters */
extern const Pass directions_pass; /* the same for cosine distance */

#endif /* SEGMENT_MEANS_H */
