/*
 * Features that nearly repeat others.
 */
#ifndef SEGMENT_REDUNDANT_H
#define SEGMENT_REDUNDANT_H

#include "cluster/matrix.h"
#include "prepare/recipe_apply.h"

/* the least correlation of features that are one in two units */
#define SAME 0.999999

typedef struct RedundantPair
{
	int    first; /* features, the first the lower one */
	int    second;
	double r; /* Pearson's correlation, of their prepared values or before logarithms */
} RedundantPair;

/*
 * The pairs of features whose correlation in a sample of the rows is 0.999 or
 * more, or -0.999 or less, in the order of the features, each with the first
 * that it is the same as, if any, else with the first; n is set.  So are those
 * that come to 0.999 before their logarithms are taken.  Categories of one
 * column are no pairs.  The sample has to be identified; which of its rows are
 * looked at does not depend on their order.
 */
extern RedundantPair *redundant_pairs(const Recipe *recipe, Matrix *sample, int *n);

#endif /* SEGMENT_REDUNDANT_H */
