/*
 * Rows that weigh more than others.
 */
#ifndef SEGMENT_WEIGHTS_H
#define SEGMENT_WEIGHTS_H

#include "prepare/recipe_apply.h"
#include "rows/source.h"

/*
 * Looks for the largest weight of the rows used, which sets the recipe's
 * weight_unit, and raises an error if any is missing, negative or infinite, or
 * if all are 0.  Rows that all weigh the same are no longer weighted: nothing
 * but the unit tells them from rows without weights.  column is the name in
 * messages.
 */
extern void weights_fit(Recipe *recipe, const RowSource *source, const char *column);

static inline bool
recipe_is_weighted(const Recipe *recipe)
{
	return recipe->weight_column >= 0;
}

/*
 * The weights of nrows rows in units of the recipe, from 0 to 1, only of the
 * rows used if used is not NULL.  One that is less than LEAST_WEIGHT is 0.
 * Returns how many these are.
 */
#define LEAST_WEIGHT (1.0 / (INT64CONST(1) << 40))

extern int weights_of(const Recipe *recipe, const double *blocks, int nrows, const bool *used,
					  double *weights);

/*
 * The same of all rows in memory, in float as packed rows are, for whole
 * blocks; nothing if the recipe is not weighted.
 */
extern Share weights_share(ShareSet *set, const Recipe *recipe, const Rows *rows);

extern const Pass weights_pass; /* range of the weights */

#endif /* SEGMENT_WEIGHTS_H */
