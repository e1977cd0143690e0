/*-------------------------------------------------------------------------
 *
 * search.h
 *	  The search for good centroids: seeding, and starts improved by swaps.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SEGMENT_SEARCH_H
#define SEGMENT_SEARCH_H

#include "cluster/lloyd.h"

/* rows drawn to choose from for each new centroid */
#define SEARCH_CANDIDATES 2

/*
 * The best of n_init starts, iterated to the tolerance.  The team
 * helps, with memory of set.
 */
extern Lloyd *search_best(Team *team, ShareSet *set, const Matrix *matrix,
						  const LloydOptions *options);

/* a member's part: some of the starts */
extern void search_part(const TeamMember *me, const void *arguments);

/*
 * One of the starts: seeded, then improved by swaps.  Depends on nothing but
 * the rows, the options and the number of the start, so that starts can be
 * divided among processes.  The one with the least objective wins, ties go to
 * the lower number.  All this is initialisation: max_iter does not count it,
 * and the winner has yet to be iterated to the tolerance by lloyd_run().
 */
extern Lloyd *search_start(const Matrix *matrix, const LloydOptions *options, int restart);

/* seed.c */

/*
 * Draws up to wanted different rows, with probabilities proportional to their
 * weights and, unless uniform, their distances; rows at distance 0 or of weight
 * 0 never.  Returns how many there are, in the order of the draw.
 */
extern int seed_draw(const Matrix *matrix, const float *distances, bool uniform,
					 uint64 salt, int wanted, int64 *rows);

/*
 * The factor that turns distances times weights into integers which can be
 * summed over all rows without overflow.
 */
extern double seed_scale(const Matrix *matrix, const float *distances);

/*
 * Writes k starting centroids, k x features.  With fewer than k rows that
 * differ in float4 arithmetic the last ones repeat the first.
 */
extern void seed_centroids(const Matrix *matrix, const LloydOptions *options,
						   uint64 stream, double *centroids);

#endif /* SEGMENT_SEARCH_H */
