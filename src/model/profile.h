/*
 * Figures of segments in original units.
 */
#ifndef SEGMENT_PROFILE_H
#define SEGMENT_PROFILE_H

#include "cluster/cluster.h"

/* the quartiles */
#define PROFILE_QUANTILES 3
#define PROFILE_MEDIAN 1

/* Of the values that are not missing; NaN where there are none. */
typedef struct Figures
{
	double mean;
	double stddev; /* of the population */
	double min;
	double quantiles[PROFILE_QUANTILES]; /* of all rows, only the median */
	double max;
} Figures;

typedef struct Profile
{
	Figures *population; /* a feature that has figures */
	Figures *segments;   /* k x such features; behind these, those of the rows that were left out */
} Profile;

extern Profile *profile_compute(const RowSource  *source,
								const Clustering *clustering);

#endif /* SEGMENT_PROFILE_H */
