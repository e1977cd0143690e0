/*
 * How raw values become prepared ones: impute, fence, transform, scale,
 * weight, pack.
 *
 * A recipe is fitted once on collected rows and replayed, by the same
 * code, on every later row, so that scoring never differs from training.
 */
#ifndef SEGMENT_RECIPE_H
#define SEGMENT_RECIPE_H

#include "number/moments.h"
#include "rows/rows.h"

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

/*
 * A vector is as many features as it has dimensions.  Nobody wants figures of
 * these one by one: those of a vector are its length's, which is among the rules
 * without effect.
 */
typedef enum FeatureRole
{
	ROLE_VALUE,
	ROLE_LENGTH,
	ROLE_DIMENSION
} FeatureRole;

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
	FeatureRole role;
	int         vector; /* of a dimension: the raw column of the vector's length */
	int         figure; /* of a value, or of the whole vector: its place among all figures; -1: none */

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
	int            nrules;   /* features without effect follow, which may skip rows */
	int            nfigures; /* features, where a vector is one */
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

/* Sets figure of each rule and nfigures; false if a vector has no length, or the other way round. */
extern bool recipe_number_figures(Recipe *recipe);

/* Does this rule bear a figure? */
static inline bool
rule_has_figure(const FeatureRecipe *feature)
{
	return feature->role != ROLE_DIMENSION && feature->figure >= 0;
}

/* The rules that bear the figures, nfigures of them, in the current memory context. */
extern int *recipe_figures(const Recipe *recipe);

/* The place behind the features that have the figure of feature f, the first of them. */
extern int recipe_figure_end(const Recipe *recipe, int f);

#endif /* SEGMENT_RECIPE_H */
