/*
 * Applying a recipe to raw values, rows and blocks of rows.
 */
#ifndef SEGMENT_RECIPE_APPLY_H
#define SEGMENT_RECIPE_APPLY_H

#include "prepare/recipe.h"

/*
 * Rows in blocks, as rows.h has them.  recipe_used_rows() says which of nrows
 * the rules do not skip and returns their number.  recipe_prepare_blocks()
 * prepares all lanes of some blocks, which is nonsense for lanes that are
 * skipped; recipe_batch_blocks() are few enough to stay in the fastest cache.
 */
extern bool recipe_may_skip(const Recipe *recipe);
extern int  recipe_used_rows(const Recipe *recipe, const double *blocks,
							 int nrows, bool *used);
extern void recipe_filter(const void *recipe, const double *blocks, int nrows, bool *used); /* a RowFilter */

/* Is all that is done to values that missing ones are filled in, then an offset and a factor?  And every row used? */
extern bool recipe_is_linear(const Recipe *recipe);
extern int  recipe_batch_blocks(const Recipe *recipe);
extern void recipe_prepare_blocks(const Recipe *recipe, const double *raw, int nblocks,
								  double *prepared);

/*
 * Copies a feature's values of nrows rows to values, where there must be room
 * for whole blocks; only of the rows used, if used is not NULL.  Returns how
 * many they are.
 */
extern int recipe_raw_values(const Recipe *recipe, int feature,
							 const double *blocks, int nrows,
							 const bool *used, double *values);

/*
 * Imputes and fences values in place, and transforms them, without the checks
 * of recipe_apply(), which fitting has made for all rows.
 */
extern void recipe_fence_values(const FeatureRecipe *feature, double *values, int n);
extern void recipe_transform_values(const FeatureRecipe *feature,
									double *values, int n);

/*
 * Prepares one raw row (NaN = missing) into prepared[f * stride].  False if
 * the rules skip the row.  A row that the recipe does not accept is an error:
 * one that a fit would refuse, be it infinite or missing where nothing may be.
 */
extern bool recipe_accepts(const Recipe *recipe, const double *raw);
extern bool recipe_apply(const Recipe *recipe, const double *raw,
						 double *prepared, int stride);

/* A point, from a value a feature.  It need not be one that a row can have, and no fence holds for it. */
extern void recipe_apply_values(const Recipe *recipe, const double *values, double *prepared);

/* A feature's value in a row whose column has a raw value. */
static inline double
feature_value(const FeatureRecipe *feature, double raw)
{
	if (!feature->categorical || raw != raw)
		return raw;
	return raw == feature->category ? 1 : 0;
}

/* The same of n raw values of a category's column, in place. */
static inline void
category_values(const FeatureRecipe *feature, double *values, int n)
{
	double category = feature->category;

	for (int i = 0; i < n; i++)
		values[i] = values[i] != values[i] ? values[i] : values[i] == category ? 1.0
																			   : 0.0;
}

/* The original value of a transformed one. */
extern double recipe_undo_transform(const FeatureRecipe *feature, double transformed);

/* A prepared coordinate of a centroid or the like, in scaled and in original units. */
extern double recipe_scaled(const Recipe *recipe, int feature, double prepared);
extern double recipe_raw(const Recipe *recipe, int feature, double prepared);

#endif /* SEGMENT_RECIPE_APPLY_H */
