/*
 * Do clusters come back when they are looked for again?
 */
#ifndef SEGMENT_STABILITY_H
#define SEGMENT_STABILITY_H

#include "cluster/run.h"

/* resamples at most */
#define MOST_RESAMPLES 1000

/* NaN stands for what there is not. */
typedef struct Stability
{
	double *jaccard;   /* k: mean over the resamples; NaN where no row of the cluster was drawn */
	double *dissolved; /* k: share of the resamples in which it is 0.5 or less */
	double *recovered; /* k: and 0.75 or more */
	double  mean;      /* of jaccard */
	double  rand;      /* mean adjusted Rand index of two fits of the same rows with different seeds */
} Stability;

/*
 * Looks for k clusters again on resamples of a matrix of some thousands of its
 * rows, and compares them with those that centroids (k x features) make; options
 * have k and how runs are made, of which each is one start.  The matrix needs no
 * identities.  The same bits whatever the team and the order of rows; memory of
 * the result is allocated here.  54000 where segment.work_mem has no room for a
 * figure of each cluster in each resample.
 */
extern Stability stability_find(Team *team, ShareSet *set, Matrix *matrix, const LloydOptions *options,
								const double *centroids, int resamples);

/* a member's part: some of the fits */
extern void stability_part(const TeamMember *me, const void *arguments);

#endif /* SEGMENT_STABILITY_H */
