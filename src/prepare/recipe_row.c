/*
 * The way of one row through a recipe.
 *
 * A row goes through the same arithmetic here as whole blocks do in
 * recipe_blocks.c.
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "prepare/power.h"
#include "prepare/recipe_parts.h"

/* ---- One value ---- */

void
recipe_report_infinite(const FeatureRecipe *feature)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("column \"%s\" contains an infinite value", feature->name),
			 errhint("Leave such rows out in a view, or set the value to NULL there.")));
}

void
recipe_report_log1p(const FeatureRecipe *feature, double raw)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("column \"%s\" contains %g, whose logarithm log1p cannot take",
					feature->name, raw),
			 errhint("Use log1p for values above -1 only; feature_options sets the transform of a single feature.")));
}

static double
transform(const FeatureRecipe *feature, double raw)
{
	switch (feature->transform)
	{
		case TRANSFORM_NONE:
			return raw;
		case TRANSFORM_LOG1P:
			if (raw <= -1)
				recipe_report_log1p(feature, raw);
			return power_log1p(raw);
		case TRANSFORM_YEO_JOHNSON:
			return power_transform(raw, feature->lambda);
	}
	pg_unreachable();
}

/*
 * The value of a raw one (NaN = missing) after imputation, fences and
 * transform; the rules must not skip it.
 */
static double
transform_raw(const FeatureRecipe *feature, double raw)
{
	if (isnan(raw))
	{
		if (feature->missing == MISSING_ERROR)
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("column \"%s\" has a missing value", feature->name),
					 errhint("Choose what replaces missing values with missing => 'median', 'mean' or 'zero', or leave such rows out with 'skip'.")));
		raw = recipe_impute(feature, raw);
	}
	else if (isinf(raw))
		recipe_report_infinite(feature);
	return transform(feature, recipe_clip(feature, raw));
}

/* May transform_raw() have this value? */
static bool
value_accepted(const FeatureRecipe *feature, double raw)
{
	if (isnan(raw) ? feature->missing == MISSING_ERROR : isinf(raw))
		return false;
	return feature->transform != TRANSFORM_LOG1P ||
		   !(recipe_clip(feature, recipe_impute(feature, raw)) <= -1);
}

double
recipe_undo_transform(const FeatureRecipe *feature, double transformed)
{
	switch (feature->transform)
	{
		case TRANSFORM_NONE:
			return transformed;
		case TRANSFORM_LOG1P:
			return Min(Max(expm1(transformed), -1 + DBL_EPSILON / 2), DBL_MAX);
		case TRANSFORM_YEO_JOHNSON:
			return power_undo(transformed, feature->lambda);
	}
	pg_unreachable();
}

/*
 * Brings a row to unit length, for cosine distance.  A row at the origin has
 * no direction and stays there, equally far from every centroid.
 */
void
recipe_normalize(int nfeatures, double *row, int stride)
{
	double largest = 0;
	double squares = 0;
	double scale;
	double inverse;

	for (int f = 0; f < nfeatures; f++)
		largest = Max(largest, fabs(row[f * stride]));
	if (largest == 0)
		return;
	scale = kernel_unit_scale(largest);
	for (int f = 0; f < nfeatures; f++)
		squares += row[f * stride] * scale * (row[f * stride] * scale);
	inverse = 1 / sqrt(squares);
	for (int f = 0; f < nfeatures; f++)
		row[f * stride] = row[f * stride] * scale * inverse;
}

/* ---- One row ---- */

bool
recipe_accepts(const Recipe *recipe, const double *raw)
{
	for (int f = 0; f < recipe->nfeatures; f++)
		if (!value_accepted(&recipe->features[f],
							feature_value(&recipe->features[f], raw[recipe->features[f].column])))
			return false;
	return true;
}

bool
recipe_apply(const Recipe *recipe, const double *raw, double *prepared, int stride)
{
	const FeatureRecipe *features = recipe->features;

	for (int f = 0; f < recipe->nrules; f++)
		if (value_skipped(&features[f], feature_value(&features[f], raw[features[f].column])))
			return false;
	for (int f = 0; f < recipe->nfeatures; f++)
		prepared[f * stride] =
			scale_value(&features[f], transform_raw(&features[f], feature_value(&features[f], raw[features[f].column])));
	if (recipe->distance == DISTANCE_COSINE)
		recipe_normalize(recipe->nfeatures, prepared, stride);
	return true;
}

void
recipe_apply_values(const Recipe *recipe, const double *values, double *prepared)
{
	for (int f = 0; f < recipe->nfeatures; f++)
		prepared[f] = scale_value(&recipe->features[f], transform(&recipe->features[f], values[f]));
	if (recipe->distance == DISTANCE_COSINE)
		recipe_normalize(recipe->nfeatures, prepared, 1);
}

/* ---- Coordinates of points ---- */

double
recipe_scaled(const Recipe *recipe, int f, double prepared)
{
	const FeatureRecipe *feature = &recipe->features[f];

	return (prepared + (feature->offset - feature->center) * feature->factor) * recipe->unit;
}

double
recipe_raw(const Recipe *recipe, int f, double prepared)
{
	const FeatureRecipe *feature = &recipe->features[f];

	return recipe_undo_transform(feature, feature->factor == 0 ? feature->offset
															   : prepared / feature->factor + feature->offset);
}
