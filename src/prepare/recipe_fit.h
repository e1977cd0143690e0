/*
 * Fitting a recipe to rows.
 */
#ifndef SEGMENT_RECIPE_FIT_H
#define SEGMENT_RECIPE_FIT_H

#include "prepare/pass_input.h"
#include "prepare/quantile.h"

/*
 * Fits recipe to the rows of source, which is called relation in messages.  If
 * its rules leave no row, that is an error; without a relation rows_used is 0,
 * and nothing else is fitted.
 * Afterwards features[i].scale is 0 where the feature has no spread.
 */
extern void recipe_fit(Recipe *recipe, const RowSource *source, const char *relation);

/*
 * Counts what a recipe that was fitted to other rows does to those of source,
 * and sets what is of these alone: raw, complete, stddev, max_abs.  What it does
 * to a row stays, to the last bit.  The errors are those of recipe_fit().
 */
extern void recipe_recount(Recipe *recipe, const RowSource *source, const char *relation);

/*
 * The median of a feature's values: where nothing is missing in the fit, only
 * later rows need it, and fitting leaves it open.
 */
extern void recipe_fill_median(Recipe *recipe, int feature, double median);

/* Drops features but those kept, given by ascending positions; the rules by which they skip rows stay. */
extern void recipe_keep(Recipe *recipe, const int *kept, int nkept);

/* Fixes unit, offset and factor; before the first row is prepared. */
extern void recipe_finish(Recipe *recipe);

/* ---- between recipe_fit.c and recipe_scale.c ---- */

/* the state of range_pass is one of these a feature, of all rows */
typedef struct Range
{
	int64  missing;
	Spread values; /* infinite ones included, which make the sum wrong */
} Range;

/* the centre of squares of raw values, as long as no better one is known */
static const SpreadCentre origin = {0, 1};

/* Are the squares exact enough for a standard deviation? */
extern bool range_is_sharp(const Range *range);

/* the quantiles of a feature that may be wanted: for fences, as a fill value, as centre and scale */
enum
{
	LOWER_QUANTILE,
	MEDIAN,
	UPPER_QUANTILE,
	QUANTILES
};

/*
 * Finds QUANTILES values a feature, as many as there are proportions; NaN where
 * these are NaN.
 */
extern void    want_nothing(double *proportions);
extern void    want_quartiles(double *proportions);
extern double *recipe_quantiles(const PassInput *input, const RowSource *source, QuantileValues of,
								const double *proportions, const Moments *moments);

/*
 * The spread of the transformed values from the centre and scale that there are:
 * stddev and max_abs, prepared; and the counts of the rows.
 */
extern void recipe_measure(Recipe *recipe, PassInput *input, const RowSource *source,
						   const Range *ranges, const char *relation);

/* Step 3: centre and scale. */
extern void recipe_fit_scaling(Recipe *recipe, PassInput *input, const RowSource *source,
							   const Range *ranges, const char *relation);

extern const Pass range_pass;  /* range and mean of raw values */
extern const Pass spread_pass; /* moments of transformed values */

#endif /* SEGMENT_RECIPE_FIT_H */
