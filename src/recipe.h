/*-------------------------------------------------------------------------
 *
 * recipe.h
 *	  How raw values become prepared ones: impute, fence, transform, scale,
 *	  weight, pack.
 *
 * A recipe is fitted once on collected columns and replayed, by the same
 * code, on every later row, so that scoring never differs from training.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SEGMENT_RECIPE_H
#define SEGMENT_RECIPE_H

#include "collect.h"
#include "matrix.h"

typedef enum MissingRule
{
	MISSING_MEDIAN,
	MISSING_MEAN,
	MISSING_ZERO,
	MISSING_SKIP,
	MISSING_ERROR
} MissingRule;

typedef enum OutlierRule
{
	OUTLIERS_KEEP,
	OUTLIERS_CLIP,
	OUTLIERS_SKIP
} OutlierRule;

typedef enum Transform
{
	TRANSFORM_NONE,
	TRANSFORM_LOG1P
} Transform;

typedef enum Scaling
{
	SCALING_STANDARD,
	SCALING_MINMAX,
	SCALING_ROBUST,
	SCALING_MAXABS,
	SCALING_NONE
} Scaling;

typedef enum Distance
{
	DISTANCE_EUCLIDEAN,
	DISTANCE_COSINE
} Distance;

typedef struct FeatureRecipe
{
	/* what was asked for */
	char        name[NAMEDATALEN];
	int         column; /* its position among the raw columns */
	MissingRule missing;
	OutlierRule outliers;
	Transform   transform;
	Scaling     scaling;
	double      weight;

	/* what was fitted */
	double fill;  /* replaces missing values, NaN if nothing does */
	double lower; /* fences; infinite if there are none */
	double upper;
	double center; /* of the transformed values */
	double scale;  /* 0: no spread, the feature has no effect */

	/*
	 * A prepared value is (t - offset) * factor, where t is the transformed
	 * value.  The factor holds scale, weight and the recipe's unit.
	 */
	double offset;
	double factor;

	/* of the prepared values in the fit; not kept in the compiled model */
	double max_abs;
	double stddev;

	/* what happened in the fit, over the rows used */
	int64 imputed;
	int64 clipped;
} FeatureRecipe;

typedef struct Recipe
{
	int            ncolumns; /* of a raw row, as it was read */
	int            nfeatures;
	FeatureRecipe *features;
	Distance       distance;

	/*
	 * One prepared unit in scaled units: a power of two that keeps squares of
	 * prepared values within float4, 1 for data that is scaled to a usual size.
	 */
	double unit;
} Recipe;

/* the words of the SQL interface, which checks them before */
extern MissingRule missing_rule(const char *word);
extern OutlierRule outlier_rule(const char *word);
extern Transform   transform_kind(const char *word);
extern Scaling     scaling_kind(const char *word);
extern Distance    distance_kind(const char *word);

/*
 * Fits recipe to columns, whose values are raw.  Removes from columns (and
 * thereby from the fit) the rows that the rules skip.  Afterwards
 * features[i].scale is 0 where the feature has no spread.
 */
extern void recipe_fit(Recipe *recipe, Columns *columns, const char *source);

/* Drops the features without spread from recipe and columns. */
extern void recipe_drop_constant(Recipe *recipe, Columns *columns);

/* Fixes unit, offset and factor; before the first row is prepared. */
extern void recipe_finish(Recipe *recipe);

/* The matrix of the prepared columns. */
extern Matrix *recipe_pack(const Recipe *recipe, const Columns *columns);

/*
 * Prepares one raw row (NaN = missing) into prepared[f * stride].  False if
 * the rules skip the row.
 */
extern bool recipe_apply(const Recipe *recipe, const double *raw,
						 double *prepared, int stride);

/*
 * Prepares rows first .. first + nrows - 1 of columns, none of which the rules
 * skip, into blocks laid out as the kernels want them.
 */
extern void recipe_apply_columns(const Recipe *recipe, const Columns *columns,
								 int64 first, int nrows, double *blocks);

/*
 * The value of a raw one (NaN = missing) after imputation, fences and
 * transform, which the rules must not skip; and back.
 */
extern double recipe_transform(const FeatureRecipe *feature, double raw);
extern double recipe_undo_transform(const FeatureRecipe *feature, double transformed);

/* A prepared coordinate of a centroid or the like, in scaled and in original units. */
extern double recipe_scaled(const Recipe *recipe, int feature, double prepared);
extern double recipe_raw(const Recipe *recipe, int feature, double prepared);

#endif /* SEGMENT_RECIPE_H */
