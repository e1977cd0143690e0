/*-------------------------------------------------------------------------
 *
 * recipe.h
 *	  How raw values become prepared ones: impute, fence, transform, scale,
 *	  weight, pack.
 *
 * A recipe is fitted once on collected rows and replayed, by the same
 * code, on every later row, so that scoring never differs from training.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SEGMENT_RECIPE_H
#define SEGMENT_RECIPE_H

#include "rows/rows.h"
#include "number/moments.h"

typedef enum MissingRule
{
	MISSING_MEDIAN,
	MISSING_MEAN,
	MISSING_ZERO,
	MISSING_SKIP,
	MISSING_ERROR,
	MISSING_CATEGORY /* a value of its own; never seen as missing */
} MissingRule;

typedef enum OutlierRule
{
	OUTLIERS_KEEP,
	OUTLIERS_CLIP,
	OUTLIERS_SKIP
} OutlierRule;

/* where the fences are; see FeatureRecipe */
typedef enum FenceKind
{
	FENCE_IQR,      /* fence_low interquartile ranges outside the quartiles (J. W. Tukey, 1977) */
	FENCE_ZSCORE,   /* fence_low standard deviations from the mean */
	FENCE_QUANTILES /* the quantiles fence_low and fence_high */
} FenceKind;

typedef enum Transform
{
	TRANSFORM_NONE,
	TRANSFORM_LOG1P,
	TRANSFORM_YEO_JOHNSON
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
	char        name[NAMEDATALEN]; /* of the source's column */
	int         column;            /* its position among the raw columns */
	bool        categorical;       /* 1 where the raw value is category, else 0 */
	int         category;
	MissingRule missing;
	OutlierRule outliers;
	FenceKind   fence;
	double      fence_low;
	double      fence_high;
	Transform   transform;
	Scaling     scaling;
	double      weight;

	/* what was fitted */
	double fill;  /* replaces missing values, NaN if nothing does */
	double lower; /* fences; infinite if there are none */
	double upper;
	double lambda; /* of the Yeo-Johnson transform, NaN without it */
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
	double grid; /* that packed values are multiples of; see grid.h */

	/* the same of the raw values that are present, of all rows; are all present? */
	Moments raw;
	bool    complete;

	/* what happened in the fit, over the rows used */
	int64 imputed;
	int64 clipped;
} FeatureRecipe;

typedef struct Recipe
{
	int            ncolumns;      /* of a raw row, as it was read */
	int            weight_column; /* raw column of the rows' weights, -1: all weigh 1 */
	int            nfeatures;
	int            nrules; /* features without effect follow, which may skip rows */
	FeatureRecipe *features;
	Distance       distance;

	/* of the fit; not kept in the compiled model */
	int64 rows_read;
	int64 rows_used; /* not skipped */

	/*
	 * One prepared unit in scaled units: a power of two that keeps squares of
	 * prepared values within float4, 1 for data that is scaled to a usual size.
	 */
	double unit;

	/* the largest weight of a row, 1 without weights; see weights.h */
	double weight_unit;
} Recipe;

/* the words of the SQL interface, which checks them before */
extern MissingRule missing_rule(const char *word);
extern OutlierRule outlier_rule(const char *word);
extern FenceKind   fence_kind(const char *word);
extern Transform   transform_kind(const char *word);
extern Scaling     scaling_kind(const char *word);
extern Distance    distance_kind(const char *word);

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
extern bool recipe_is_costly(const Recipe *recipe);                                         /* more than a multiplication a value */
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
	int    i;

	for (i = 0; i < n; i++)
		values[i] = values[i] != values[i] ? values[i] : values[i] == category ? 1.0
																			   : 0.0;
}

/* The original value of a transformed one. */
extern double recipe_undo_transform(const FeatureRecipe *feature, double transformed);

/* A prepared coordinate of a centroid or the like, in scaled and in original units. */
extern double recipe_scaled(const Recipe *recipe, int feature, double prepared);
extern double recipe_raw(const Recipe *recipe, int feature, double prepared);

#endif /* SEGMENT_RECIPE_H */
