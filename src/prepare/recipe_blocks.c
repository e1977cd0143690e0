/*
 * Whole blocks of rows prepared, feature by feature, in loops over their
 * lanes.
 */
#include "postgres.h"

#include <math.h>

#include "prepare/power.h"
#include "prepare/recipe_apply.h"
#include "prepare/recipe_parts.h"
#include "process/settings.h"

bool
recipe_may_skip(const Recipe *recipe)
{
	for (int f = 0; f < recipe->nrules; f++)
	{
		const FeatureRecipe *feature = &recipe->features[f];

		if (rule_may_skip(feature) && !(feature->complete && feature->outliers != OUTLIERS_SKIP))
			return true;
	}
	return false;
}

bool
recipe_is_linear(const Recipe *recipe)
{
	for (int f = 0; f < recipe->nfeatures; f++)
		if (!feature_is_linear(&recipe->features[f]) || recipe->features[f].categorical)
			return false;
	return !recipe_may_skip(recipe);
}

/* the place of a value of a block's first lane */
static const double *
lanes_of(const Recipe *recipe, int feature, const double *blocks, int row)
{
	return blocks + ((Size) (row / KERNEL_LANES) * recipe->ncolumns +
					 recipe->features[feature].column) *
						KERNEL_LANES;
}

int
recipe_used_rows(const Recipe *recipe, const double *blocks, int nrows, bool *used)
{
	int count = 0;

	memset(used, true, nrows);
	if (!recipe_may_skip(recipe))
		return nrows;
	for (int f = 0; f < recipe->nrules; f++)
		/* a vector has a length if it has all coordinates */
		for (int row = 0; row < nrows && recipe->features[f].role != ROLE_DIMENSION; row++)
			used[row] &= !value_skipped(&recipe->features[f],
										feature_value(&recipe->features[f],
													  lanes_of(recipe, f, blocks, row)[row % KERNEL_LANES]));
	for (int row = 0; row < nrows; row++)
		count += used[row];
	return count;
}

void
recipe_filter(const void *recipe, const double *blocks, int nrows, bool *used)
{
	(void) recipe_used_rows(recipe, blocks, nrows, used);
}

int
recipe_raw_values(const Recipe *recipe, int feature, const double *blocks, int nrows,
				  const bool *used, double *values)
{
	int n = 0;

	for (int row = 0; row < nrows; row += KERNEL_LANES)
		memcpy(values + row, lanes_of(recipe, feature, blocks, row),
			   sizeof(double) * KERNEL_LANES);
	if (recipe->features[feature].categorical)
		category_values(&recipe->features[feature], values, nrows);
	if (used == NULL)
		return nrows;
	for (int row = 0; row < nrows; row++)
	{
		values[n] = values[row];
		n += used[row];
	}
	return n;
}

void
recipe_fence_values(const FeatureRecipe *feature, double *values, int n)
{
	for (int i = 0; i < n && !feature->complete; i++)
		values[i] = isnan(values[i]) ? feature->fill : values[i];
	if (feature->outliers == OUTLIERS_CLIP)
		for (int i = 0; i < n; i++)
			values[i] = Min(Max(values[i], feature->lower), feature->upper);
}

void
recipe_transform_values(const FeatureRecipe *feature, double *values, int n)
{
	recipe_fence_values(feature, values, n);
	if (feature->transform == TRANSFORM_YEO_JOHNSON)
		power_transform_values(values, n, feature->lambda);
	else if (feature->transform == TRANSFORM_LOG1P)
		power_log1p_values(values, n);
}

/* prepared values of a batch, in bytes; wide rows are few at a time, but not so few that each batch is mostly its beginning */
#define BATCH_BYTES (32 * 1024)
#define BATCH_BLOCKS 4

int
recipe_batch_blocks(const Recipe *recipe)
{
	return Max(BATCH_BYTES / (int) (sizeof(double) * KERNEL_LANES * Max(recipe->nfeatures, 1)), BATCH_BLOCKS);
}

/*
 * A feature's values of one block.
 */
static void
prepare_lanes(const Recipe *recipe, int f, const double *raw, double *prepared)
{
	const FeatureRecipe *feature = &recipe->features[f];

	(void) recipe_raw_values(recipe, f, raw, KERNEL_LANES, NULL, prepared);
	recipe_transform_values(feature, prepared, KERNEL_LANES);
	for (int lane = 0; lane < KERNEL_LANES; lane++)
		prepared[lane] = scale_value(feature, prepared[lane]);
}

/*
 * The same of some blocks for a category that is neither fenced nor
 * transformed, which has three prepared values at most.
 */
static void
prepare_category(const Recipe *recipe, int f, const double *raw, int nblocks, double *prepared)
{
	const FeatureRecipe *feature = &recipe->features[f];
	double               category = feature->category;
	double               missing = scale_value(feature, feature->fill);
	double               other = scale_value(feature, 0);
	double               same = scale_value(feature, 1);

	for (int b = 0; b < nblocks; b++)
	{
		const double *from = raw + ((Size) b * recipe->ncolumns + feature->column) * KERNEL_LANES;
		double       *to = prepared + ((Size) b * recipe->nfeatures + f) * KERNEL_LANES;

		for (int lane = 0; lane < KERNEL_LANES; lane++)
		{
			double value = from[lane] == category ? same : other;

			to[lane] = from[lane] != from[lane] ? missing : value;
		}
	}
}

void
recipe_prepare_blocks(const Recipe *recipe, const double *raw, int nblocks, double *prepared)
{
	int     nfeatures = recipe->nfeatures;
	double *numbers = palloc((3 * sizeof(double) + sizeof(int)) * nfeatures);
	double *fill = numbers;
	double *offset = numbers + nfeatures;
	double *factor = numbers + 2 * nfeatures;
	int    *columns = (int *) (numbers + 3 * nfeatures);

	for (int f = 0; f < nfeatures; f++)
	{
		columns[f] = recipe->features[f].column;
		fill[f] = recipe->features[f].fill;
		offset[f] = recipe->features[f].offset;
		factor[f] = recipe->features[f].factor;
	}
	segment_kernel()->prepare(raw, nblocks, recipe->ncolumns, columns, nfeatures,
							  fill, offset, factor, prepared);
	for (int f = 0; f < nfeatures; f++)
	{
		if (!feature_is_linear(&recipe->features[f]))
			for (int b = 0; b < nblocks; b++)
				prepare_lanes(recipe, f, raw + (Size) b * recipe->ncolumns * KERNEL_LANES,
							  prepared + ((Size) b * nfeatures + f) * KERNEL_LANES);
		else if (recipe->features[f].categorical)
			prepare_category(recipe, f, raw, nblocks, prepared);
	}
	if (recipe->distance == DISTANCE_COSINE)
		segment_kernel()->normalize(prepared, nblocks, nfeatures);
	pfree(numbers);
}
