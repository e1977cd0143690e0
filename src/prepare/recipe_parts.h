/*
 * Steps of preparation that one value and whole blocks have in common; for
 * the modules of the recipe only.
 */
#ifndef SEGMENT_RECIPE_PARTS_H
#define SEGMENT_RECIPE_PARTS_H

#include <math.h>

#include "prepare/recipe_apply.h"

static inline double
recipe_impute(const FeatureRecipe *feature, double raw)
{
	return isnan(raw) ? feature->fill : raw;
}

static inline double
recipe_clip(const FeatureRecipe *feature, double raw)
{
	return feature->outliers == OUTLIERS_CLIP ? Min(Max(raw, feature->lower), feature->upper) : raw;
}

/* Would the rules skip a row with this value? */
static inline bool
value_skipped(const FeatureRecipe *feature, double raw)
{
	if (isnan(raw) && feature->missing == MISSING_SKIP)
		return true;
	raw = recipe_impute(feature, raw);
	return feature->outliers == OUTLIERS_SKIP &&
		   (raw < feature->lower || raw > feature->upper);
}

static inline bool
rule_may_skip(const FeatureRecipe *feature)
{
	return feature->missing == MISSING_SKIP || feature->outliers == OUTLIERS_SKIP;
}

/*
 * Are a feature's values only filled in before they are scaled?
 */
static inline bool
feature_is_linear(const FeatureRecipe *feature)
{
	return feature->outliers != OUTLIERS_CLIP && feature->transform == TRANSFORM_NONE;
}

static inline double
scale_value(const FeatureRecipe *feature, double transformed)
{
	/* the offset of a feature without effect may be far from other values */
	return feature->factor == 0 ? 0 : (transformed - feature->offset) * feature->factor;
}

extern void recipe_normalize(int nfeatures, double *row, int stride);

/* the errors of one value */
extern void recipe_report_infinite(const FeatureRecipe *feature);
extern void recipe_report_log1p(const FeatureRecipe *feature, double raw);

#endif /* SEGMENT_RECIPE_PARTS_H */
