/*
 * The search for good centroids: seeding, and starts improved by swaps.
 */
#ifndef SEGMENT_SEARCH_H
#define SEGMENT_SEARCH_H

#include "cluster/lloyd.h"

/*
 * The best of n_init starts, iterated to the tolerance.  The team
 * helps, with memory of set.  If n_init is 0, there are as many starts as
 * it takes until several have ended at the best, or as the budget of work allows:
 * a number that depends on the rows and the options, not on the team.
 */
extern Lloyd *search_best(Team *team, ShareSet *set, const Matrix *matrix,
						  const LloydOptions *options);

/*
 * Looks for better centroids than those of options->start, once these are iterated to
 * the tolerance: by swaps from them, and by the starts of search_best().  Better is an
 * objective that is lower by more than the share options->stability of it, or a
 * ten-thousandth.  Puts the best into centroids and returns true if there are any; those
 * by swaps win over other starts within the same bound.  After a first wave of starts
 * without any there are no more.
 */
extern bool search_beside(Team *team, ShareSet *set, const Matrix *matrix, const LloydOptions *options,
						  double *centroids);

/*
 * One of the starts: seeded, or of number -1 from options->start, then improved by swaps.  Depends on nothing but
 * the rows, the options and the number of the start, so that starts can be
 * divided among processes.  The one with the least objective wins, ties go to
 * the lower number.  All this is initialisation: max_iter does not count it,
 * and the winner has yet to be iterated to the tolerance by lloyd_run().
 */
extern Lloyd *search_start(const Matrix *matrix, const LloydOptions *options, int restart);

/*
 * For searches among the same rows with up to k centroids: what they share of
 * the seeding.  Results are those of searches that do not.
 */
extern Seeds seeds_create(ShareSet *set, int k);

/* a member's part: some of the starts */
extern void search_part(const TeamMember *me, const void *arguments);

#endif /* SEGMENT_SEARCH_H */
