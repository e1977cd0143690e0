/*
 * The cheapest matching, and clusters and older ones that match.
 */
#ifndef SEGMENT_MATCHING_H
#define SEGMENT_MATCHING_H

#include "cluster/cluster.h"

/*
 * Row i of an nrows x ncolumns cost matrix, nrows <= ncolumns, gets
 * column match[i].  Costs may be anything; infinite ones and NaN are all the same.
 */
extern void match_cheapest(const double *cost, int nrows, int ncolumns, int *match);

/*
 * Finds the older cluster that each cluster matches, by the least sum of
 * squared distances of centroids: its number, or 0 where there is none.
 * old_centroids is nold x features in the new prepared coordinates, old_numbers
 * their numbers.
 */
extern void cluster_match(Clustering   *clustering,
						  const double *old_centroids,
						  const int32  *old_numbers,
						  int           nold,
						  int32        *numbers);

/*
 * Gives clusters the numbers that cluster_match() found; new ones count on from
 * the largest of the old ones, and of next.
 */
extern void cluster_renumber(Clustering *clustering, const int32 *matched, const int32 *old_numbers, int nold, int32 next);

#endif /* SEGMENT_MATCHING_H */
