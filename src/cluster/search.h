/*
 * The search for good centroids: seeding, and starts improved by swaps.
 */
#ifndef SEGMENT_SEARCH_H
#define SEGMENT_SEARCH_H

#include "cluster/lloyd.h"

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

#endif /* SEGMENT_SEARCH_H */
