/*-------------------------------------------------------------------------
 *
 * recipe.c
 *	  How raw values become prepared ones: impute, fence, transform, scale,
 *	  weight, pack.
 *
 * Fitting takes these passes over the rows:
 *
 *	1. range and mean of the values that are present;
 *	2. quantiles, where fill values or fences need them, and the lambda of
 *	   power transforms;
 *	3. centre and scale, from the transformed values of the rows that no rule
 *	   skips, and quantiles of these for robust scaling;
 *	4. (after features without spread were dropped) no pass, but the unit;
 *	   from then on rows are prepared by the steps that scoring takes.
 *
 * Whole blocks are prepared feature by feature, in loops over their lanes; a
 * single row by the same arithmetic.  The recipe itself belongs to the caller.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "miscadmin.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "cluster/matrix.h"
#include "process/settings.h"
#include "rows/source.h"
#include "prepare/power.h"
#include "prepare/quantile.h"
#include "prepare/recipe.h"
#include "number/moments.h"

/* squared distances of scaled values beyond these leave double's range */
#define MAX_SCALED 1e150
#define MIN_SCALED 1e-150

/* at least as fine as float4 is for values above a sixteenth of the largest */
#define FLOAT4_BITS 28

/* finer than any float, and as fine as a kernel can round to */
#define LEAST_GRID 0x1p-1000

/* prepared values between 2^-20 and 2^20 are left in scaled units */
#define USUAL_EXPONENT 20

/* ----------------------------------------------------------------
 *		Words
 * ----------------------------------------------------------------
 */

static int
find_word(const char *word, const char *const *words, const char *what)
{
	int i;

	for (i = 0; words[i] != NULL; i++)
		if (strcmp(word, words[i]) == 0)
			return i;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unrecognized value \"%s\" for \"%s\"", word, what)));
	return 0; /* keep the compiler quiet */
}

MissingRule
missing_rule(const char *word)
{
	static const char *const words[] = {"median", "mean", "zero", "skip", "error", "category", NULL};

	return (MissingRule) find_word(word, words, "missing");
}

OutlierRule
outlier_rule(const char *word)
{
	static const char *const words[] = {"keep", "clip", "skip", NULL};

	return (OutlierRule) find_word(word, words, "outliers");
}

FenceKind
fence_kind(const char *word)
{
	static const char *const words[] = {"iqr", "zscore", "quantiles", NULL};

	return (FenceKind) find_word(word, words, "fence");
}

Transform
transform_kind(const char *word)
{
	static const char *const words[] = {"none", "log1p", "yeo-johnson", NULL};

	return (Transform) find_word(word, words, "transform");
}

Scaling
scaling_kind(const char *word)
{
	static const char *const words[] = {"standard", "minmax", "robust", "maxabs", "none", NULL};

	return (Scaling) find_word(word, words, "scaling");
}

Distance
distance_kind(const char *word)
{
	static const char *const words[] = {"euclidean", "cosine", NULL};

	return (Distance) find_word(word, words, "distance");
}

/* ----------------------------------------------------------------
 *		One value
 * ----------------------------------------------------------------
 */

static double
recipe_impute(const FeatureRecipe *feature, double raw)
{
	return isnan(raw) ? feature->fill : raw;
}

static double
recipe_clip(const FeatureRecipe *feature, double raw)
{
	return feature->outliers == OUTLIERS_CLIP ? Min(Max(raw, feature->lower), feature->upper) : raw;
}

/* Would the rules skip a row with this value? */
static bool
value_skipped(const FeatureRecipe *feature, double raw)
{
	if (isnan(raw) && feature->missing == MISSING_SKIP)
		return true;
	raw = recipe_impute(feature, raw);
	return feature->outliers == OUTLIERS_SKIP &&
		   (raw < feature->lower || raw > feature->upper);
}

static void
report_infinite(const FeatureRecipe *feature)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("column \"%s\" contains an infinite value", feature->name),
			 errhint("Leave such rows out in a view, or set the value to NULL there.")));
}

static void
report_log1p(const FeatureRecipe *feature, double raw)
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
				report_log1p(feature, raw);
			return log1p(raw);
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
		report_infinite(feature);
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
static void
normalize(int nfeatures, double *row, int stride)
{
	double largest = 0;
	double squares = 0;
	int    f;

	for (f = 0; f < nfeatures; f++)
		largest = Max(largest, fabs(row[f * stride]));
	if (largest == 0)
		return;
	for (f = 0; f < nfeatures; f++)
	{
		row[f * stride] /= largest;
		squares += row[f * stride] * row[f * stride];
	}
	for (f = 0; f < nfeatures; f++)
		row[f * stride] /= sqrt(squares);
}

/* ----------------------------------------------------------------
 *		Blocks of rows
 * ----------------------------------------------------------------
 */

static bool
rule_may_skip(const FeatureRecipe *feature)
{
	return feature->missing == MISSING_SKIP || feature->outliers == OUTLIERS_SKIP;
}

bool
recipe_may_skip(const Recipe *recipe)
{
	int f;

	for (f = 0; f < recipe->nrules; f++)
		if (rule_may_skip(&recipe->features[f]))
			return true;
	return false;
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
	int f,
		row;

	memset(used, true, nrows);
	if (!recipe_may_skip(recipe))
		return nrows;
	for (f = 0; f < recipe->nrules; f++)
		for (row = 0; row < nrows; row++)
			used[row] &= !value_skipped(&recipe->features[f],
										feature_value(&recipe->features[f],
													  lanes_of(recipe, f, blocks, row)[row % KERNEL_LANES]));
	for (row = 0; row < nrows; row++)
		count += used[row];
	return count;
}

int
recipe_raw_values(const Recipe *recipe, int feature, const double *blocks, int nrows,
				  const bool *used, double *values)
{
	int n = 0;
	int row;

	for (row = 0; row < nrows; row += KERNEL_LANES)
		memcpy(values + row, lanes_of(recipe, feature, blocks, row),
			   sizeof(double) * KERNEL_LANES);
	if (recipe->features[feature].categorical)
		category_values(&recipe->features[feature], values, nrows);
	if (used == NULL)
		return nrows;
	for (row = 0; row < nrows; row++)
	{
		values[n] = values[row];
		n += used[row];
	}
	return n;
}

void
recipe_fence_values(const FeatureRecipe *feature, double *values, int n)
{
	int i;

	for (i = 0; i < n && !feature->complete; i++)
		values[i] = isnan(values[i]) ? feature->fill : values[i];
	if (feature->outliers == OUTLIERS_CLIP)
		for (i = 0; i < n; i++)
			values[i] = Min(Max(values[i], feature->lower), feature->upper);
}

void
recipe_transform_values(const FeatureRecipe *feature, double *values, int n)
{
	int i;

	recipe_fence_values(feature, values, n);
	if (feature->transform == TRANSFORM_YEO_JOHNSON)
		power_transform_values(values, n, feature->lambda);
	else if (feature->transform == TRANSFORM_LOG1P)
		for (i = 0; i < n; i++)
			values[i] = log1p(values[i]);
}

/* prepared values of a batch, in bytes */
#define BATCH_BYTES (32 * 1024)

int
recipe_batch_blocks(const Recipe *recipe)
{
	return Max(BATCH_BYTES / (int) (sizeof(double) * KERNEL_LANES * Max(recipe->nfeatures, 1)), 1);
}

static inline double
scale_value(const FeatureRecipe *feature, double transformed)
{
	/* the offset of a feature without effect may be far from other values */
	return feature->factor == 0 ? 0 : (transformed - feature->offset) * feature->factor;
}

/*
 * A feature's values of one block.
 */
static void
prepare_lanes(const Recipe *recipe, int f, const double *raw, double *prepared)
{
	const FeatureRecipe *feature = &recipe->features[f];
	int                  lane;

	(void) recipe_raw_values(recipe, f, raw, KERNEL_LANES, NULL, prepared);
	recipe_transform_values(feature, prepared, KERNEL_LANES);
	for (lane = 0; lane < KERNEL_LANES; lane++)
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
	int                  b,
		lane;

	for (b = 0; b < nblocks; b++)
	{
		const double *from = raw + ((Size) b * recipe->ncolumns + feature->column) * KERNEL_LANES;
		double       *to = prepared + ((Size) b * recipe->nfeatures + f) * KERNEL_LANES;

		for (lane = 0; lane < KERNEL_LANES; lane++)
		{
			double value = from[lane] == category ? same : other;

			to[lane] = from[lane] != from[lane] ? missing : value;
		}
	}
}

/*
 * Are a feature's values only filled in before they are scaled?
 */
static bool
feature_is_linear(const FeatureRecipe *feature)
{
	return feature->outliers != OUTLIERS_CLIP && feature->transform == TRANSFORM_NONE;
}

bool
recipe_is_costly(const Recipe *recipe)
{
	int f;

	for (f = 0; f < recipe->nfeatures; f++)
		if (recipe->features[f].categorical || !feature_is_linear(&recipe->features[f]))
			return true;
	return false;
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
	int     f,
		b,
		lane;

	for (f = 0; f < nfeatures; f++)
	{
		columns[f] = recipe->features[f].column;
		fill[f] = recipe->features[f].fill;
		offset[f] = recipe->features[f].offset;
		factor[f] = recipe->features[f].factor;
	}
	segment_kernel()->prepare(raw, nblocks, recipe->ncolumns, columns, nfeatures,
							  fill, offset, factor, prepared);
	for (f = 0; f < nfeatures; f++)
	{
		if (!feature_is_linear(&recipe->features[f]))
			for (b = 0; b < nblocks; b++)
				prepare_lanes(recipe, f, raw + (Size) b * recipe->ncolumns * KERNEL_LANES,
							  prepared + ((Size) b * nfeatures + f) * KERNEL_LANES);
		else if (recipe->features[f].categorical)
			prepare_category(recipe, f, raw, nblocks, prepared);
	}
	if (recipe->distance == DISTANCE_COSINE)
		for (b = 0; b < nblocks; b++)
			for (lane = 0; lane < KERNEL_LANES; lane++)
				normalize(nfeatures, prepared + (Size) b * nfeatures * KERNEL_LANES + lane,
						  KERNEL_LANES);
	pfree(numbers);
}

/*
 * Appends the rows used of some packed blocks to others.
 */
static int64
append_used(int nfeatures, const float *blocks, int nrows, const bool *used, float *packed,
			int64 packed_rows)
{
	Size block_size = (Size) nfeatures * KERNEL_LANES;
	int  row,
		f;

	for (row = 0; row < nrows; row++)
	{
		if (!used[row])
			continue;
		for (f = 0; f < nfeatures; f++)
			packed[(packed_rows / KERNEL_LANES) * block_size + f * KERNEL_LANES + packed_rows % KERNEL_LANES] =
				blocks[(row / KERNEL_LANES) * block_size + f * KERNEL_LANES + row % KERNEL_LANES];
		packed_rows++;
	}
	return packed_rows;
}

int64
recipe_pack_rows(const Recipe *recipe, const double *blocks, int nrows, float *packed,
				 int64 packed_rows)
{
	int     nfeatures = recipe->nfeatures;
	int     batch = recipe_batch_blocks(recipe);
	Size    batch_values = (Size) batch * nfeatures * KERNEL_LANES;
	char   *memory = palloc((sizeof(double) + sizeof(float)) * batch_values + PG_CACHE_LINE_SIZE);
	double *prepared = (double *) CACHELINEALIGN(memory);
	float  *narrow = (float *) (prepared + batch_values);
	double *grid = palloc(sizeof(double) * nfeatures);
	bool    used[PASS_ROWS];
	int     nused = recipe_used_rows(recipe, blocks, nrows, used);
	int     nblocks = (nrows + KERNEL_LANES - 1) / KERNEL_LANES;
	int     block,
		f;

	for (f = 0; f < nfeatures; f++)
		grid[f] = recipe->features[f].grid;
	for (block = 0; block < nblocks; block += batch)
	{
		int  n = Min(batch, nblocks - block);
		int  first_row = block * KERNEL_LANES;
		bool in_place = nused == nrows && packed_rows % KERNEL_LANES == 0;

		recipe_prepare_blocks(recipe, blocks + (Size) first_row * recipe->ncolumns, n, prepared);
		segment_kernel()->narrow(prepared, n, nfeatures, grid,
								 in_place ? packed + packed_rows * nfeatures : narrow);
		if (in_place)
			packed_rows += Min(n * KERNEL_LANES, nrows - first_row);
		else
			packed_rows = append_used(nfeatures, narrow, Min(n * KERNEL_LANES, nrows - first_row),
									  used + first_row, packed, packed_rows);
	}
	pfree(memory);
	pfree(grid);
	matrix_clear_unused(packed, packed_rows, nfeatures);
	return packed_rows;
}

Matrix *
recipe_pack(const Recipe *recipe, const Rows *rows)
{
	Matrix   *matrix = matrix_create(rows->nrows, recipe->nfeatures);
	RowCursor cursor = rows_cursor(rows, 0, rows->nblocks);
	double   *blocks;
	int64     first_row;
	int       nrows;
	int64     packed = 0;
	Size      nvalues = (Size) recipe->nfeatures * KERNEL_LANES; /* of a block */
	int64     block;
	Size      i;

	while (rows_next(rows, &cursor, PASS_ROWS, &blocks, &first_row, &nrows))
	{
		CHECK_FOR_INTERRUPTS();
		packed = recipe_pack_rows(recipe, blocks, nrows, matrix->blocks, packed);
	}
	for (block = 0; block < matrix->nblocks; block++)
	{
		CHECK_FOR_INTERRUPTS();
		for (i = 0; i < nvalues; i++)
			if (unlikely(isnan(matrix_block(matrix, block)[i])))
				source_changed(); /* a value is missing where none was when the recipe was fitted */
	}
	matrix->nrows = packed;
	matrix->nblocks = (packed + KERNEL_LANES - 1) / KERNEL_LANES;
	matrix_check_unused(matrix);
	return matrix;
}

/* ----------------------------------------------------------------
 *		1. Ranges
 * ----------------------------------------------------------------
 */

/* one a feature, of all rows */
typedef struct Range
{
	int64  missing;
	Spread values; /* infinite ones included, which make the sum wrong */
} Range;

/* the squares of raw values, for which no better centre is known yet */
static const SpreadCentre origin = {0, 1};

static Size
range_state_size(const PassInput *input)
{
	return sizeof(Range) * input->recipe->nfeatures;
}

static void
range_init(const PassInput *input, void *state)
{
	Range *ranges = state;
	int    f;

	for (f = 0; f < input->recipe->nfeatures; f++)
	{
		ranges[f].missing = 0;
		spread_init(&ranges[f].values);
	}
}

static int
range_add(const PassInput *input, void *state, const double *blocks, int nrows,
		  int32 *labels pg_attribute_unused())
{
	const SpreadCentre *centres = input->extra; /* NULL: none better than 0 are known */
	Range              *ranges = state;
	double              values[PASS_ROWS];
	int                 f;

	for (f = 0; f < input->recipe->nfeatures; f++)
	{
		int n = present_values(values, recipe_raw_values(input->recipe, f, blocks, nrows, NULL, values));

		ranges[f].missing += nrows - n;
		spread_add(&ranges[f].values, values, n);
		spread_add_squares(&ranges[f].values, values, n, centres == NULL ? origin : centres[f]);
	}
	return nrows;
}

static void
range_merge(const PassInput *input, void *state, const void *other)
{
	Range       *to = state;
	const Range *from = other;
	int          f;

	for (f = 0; f < input->recipe->nfeatures; f++)
	{
		to[f].missing += from[f].missing;
		spread_merge(&to[f].values, &from[f].values);
	}
}

const Pass range_pass = {"range", range_state_size, range_init, range_add, range_merge};

/* means that are not more standard deviations than this from 0 leave 13 digits of these */
#define NEAR_ORIGIN 16

/*
 * Are the squares exact enough for a standard deviation?
 */
static bool
range_is_sharp(const Range *range)
{
	Moments moments;

	if (Max(fabs(range->values.min), fabs(range->values.max)) > 1e100 ||
		!spread_is_sharp(&range->values, origin))
		return false;
	spread_moments(&range->values, origin, &moments);
	return fabs(moments.mean) <= NEAR_ORIGIN * moments.stddev || moments.min == moments.max;
}

static void
fit_range(FeatureRecipe *feature, const Range *range)
{
	int64 nrows = range->values.n + range->missing;

	spread_location(&range->values, &feature->raw);
	feature->complete = range->missing == 0;
	if (isinf(feature->raw.min) || isinf(feature->raw.max))
		report_infinite(feature);
	if (range->missing > 0 && feature->missing == MISSING_ERROR)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("column \"%s\" has missing values: " INT64_FORMAT " of " INT64_FORMAT,
						feature->name, range->missing, nrows),
				 errhint("Choose what replaces them with missing => 'median', 'mean' or 'zero', or leave such rows out with 'skip'.")));
}

/* ----------------------------------------------------------------
 *		2. Fill values and fences
 * ----------------------------------------------------------------
 */

/* the quantiles of a feature that may be wanted: for fences, as a fill value, as centre and scale */
enum
{
	LOWER_QUANTILE,
	MEDIAN,
	UPPER_QUANTILE,
	QUANTILES
};

static void
want_nothing(double *proportions)
{
	proportions[LOWER_QUANTILE] = proportions[MEDIAN] = proportions[UPPER_QUANTILE] = get_float8_nan();
}

static void
want_quartiles(double *proportions)
{
	proportions[LOWER_QUANTILE] = 0.25;
	proportions[MEDIAN] = 0.5;
	proportions[UPPER_QUANTILE] = 0.75;
}

/*
 * Finds QUANTILES values a feature, as many as there are proportions; NaN where
 * these are NaN.
 */
static double *
fit_quantiles(const PassInput *input, const RowSource *source, QuantileValues of,
			  const double *proportions, const Moments *moments)
{
	int       nfeatures = input->recipe->nfeatures;
	Quantile *quantiles = palloc(sizeof(Quantile) * nfeatures * QUANTILES);
	int      *places = palloc(sizeof(int) * nfeatures * QUANTILES);
	double   *found = palloc(sizeof(double) * nfeatures * QUANTILES);
	int       n = 0;
	int       i;

	for (i = 0; i < nfeatures * QUANTILES; i++)
	{
		int f = i / QUANTILES;

		found[i] = get_float8_nan();
		if (isnan(proportions[i]))
			continue;
		places[n] = i;
		quantiles[n++] = quantile_make(f, -1, proportions[i], moments[f].n, moments[f].min,
									   moments[f].max);
	}
	quantiles_find(source, input, of, quantiles, n, (Share){0});
	for (i = 0; i < n; i++)
		found[places[i]] = quantiles[i].value;
	pfree(quantiles);
	pfree(places);
	return found;
}

static void
want_raw_quantiles(const FeatureRecipe *feature, bool may_skip, double *proportions)
{
	want_nothing(proportions);
	if (feature->missing == MISSING_MEDIAN && !feature->categorical && (may_skip || !feature->complete))
		proportions[MEDIAN] = 0.5; /* else the profile's median will do */
	if (feature->outliers == OUTLIERS_KEEP)
		return;
	switch (feature->fence)
	{
		case FENCE_IQR:
			want_quartiles(proportions);
			break;
		case FENCE_ZSCORE:
			break;
		case FENCE_QUANTILES:
			proportions[LOWER_QUANTILE] = feature->fence_low;
			proportions[UPPER_QUANTILE] = feature->fence_high;
			break;
	}
}

static bool
wants_deviation(const FeatureRecipe *feature)
{
	return feature->outliers != OUTLIERS_KEEP && feature->fence == FENCE_ZSCORE;
}

/*
 * The standard deviations of raw values that fences need: from their ranges,
 * and with another pass where these were too far from 0.
 */
static void
fit_raw_deviations(Recipe *recipe, const RowSource *source, const Range *ranges)
{
	SpreadCentre *centres = palloc(sizeof(SpreadCentre) * recipe->nfeatures);
	PassInput     input = {.recipe = recipe,
						   .extra = centres,
						   .extra_size = sizeof(SpreadCentre) * recipe->nfeatures};
	Range        *centred = NULL;
	bool          sharp = true;
	int           f;

	for (f = 0; f < recipe->nfeatures; f++)
	{
		const Moments *raw = &recipe->features[f].raw;

		centres[f] = origin;
		if (!wants_deviation(&recipe->features[f]) || raw->n == 0 || range_is_sharp(&ranges[f]))
			continue;
		centres[f] = spread_centre(raw->mean, raw->min, raw->max);
		sharp = false;
	}
	if (!sharp)
		ranges = centred = pass_run(source, PASS_RANGE, &input, (Share){0});
	for (f = 0; f < recipe->nfeatures; f++)
		if (wants_deviation(&recipe->features[f]))
			spread_moments(&ranges[f].values, centres[f], &recipe->features[f].raw);
	if (centred != NULL)
		pfree(centred);
	pfree(centres);
}

static void
fit_fences(FeatureRecipe *feature, const double *quantiles)
{
	double lower = feature->raw.mean;
	double upper = feature->raw.mean;
	double distance = 0;

	if (feature->fence == FENCE_ZSCORE)
		distance = feature->fence_low * feature->raw.stddev;
	else
	{
		lower = quantiles[LOWER_QUANTILE];
		upper = quantiles[UPPER_QUANTILE];
	}
	if (feature->fence == FENCE_IQR)
		distance = feature->fence_low * (upper - lower);
	feature->lower = lower - distance;
	feature->upper = upper + distance;
}

static void
fit_fill_and_fences(FeatureRecipe *feature, const double *quantiles)
{
	bool present = feature->raw.n > 0;

	feature->fill = get_float8_nan();
	feature->lambda = get_float8_nan();
	feature->lower = -get_float8_infinity();
	feature->upper = get_float8_infinity();

	switch (feature->missing)
	{
		case MISSING_MEDIAN:
			feature->fill = present ? quantiles[MEDIAN] : 0;
			break;
		case MISSING_MEAN:
			feature->fill = present ? feature->raw.mean : 0;
			break;
		case MISSING_ZERO:
			feature->fill = 0;
			break;
		case MISSING_SKIP:
		case MISSING_ERROR:
		case MISSING_CATEGORY:
			break;
	}
	if (feature->outliers != OUTLIERS_KEEP && present)
		fit_fences(feature, quantiles);
}

/*
 * A missing value becomes the most common category of its column, of which the
 * features from first to end - 1 are: that with the largest mean, ties to the
 * first; all others together where no category is kept.
 */
static void
fit_common_category(FeatureRecipe *features, int first, int end)
{
	int common = first;
	int f;

	for (f = first + 1; f < end; f++)
		if (features[f].category >= 0 && features[f].raw.mean > features[common].raw.mean)
			common = f;
	for (f = first; f < end; f++)
		features[f].fill = f == common && features[f].raw.n > 0 ? 1 : 0;
}

static void
fit_common_categories(Recipe *recipe)
{
	FeatureRecipe *features = recipe->features;
	int            first;
	int            end;

	for (first = 0; first < recipe->nfeatures; first = end)
	{
		for (end = first + 1; end < recipe->nfeatures && features[end].column == features[first].column;)
			end++;
		if (features[first].categorical && features[first].missing == MISSING_MEDIAN)
			fit_common_category(features, first, end);
	}
}

/*
 * Steps 1 and 2.
 */
static void
fit_raw_values(Recipe *recipe, const PassInput *input, const RowSource *source,
			   const Range *ranges)
{
	bool     may_skip = recipe_may_skip(recipe);
	double  *proportions = palloc(sizeof(double) * recipe->nfeatures * QUANTILES);
	Moments *moments = palloc(sizeof(Moments) * recipe->nfeatures);
	double  *quantiles;
	int      f;

	for (f = 0; f < recipe->nfeatures; f++)
	{
		FeatureRecipe *feature = &recipe->features[f];

		fit_range(feature, &ranges[f]);
		moments[f] = feature->raw;
		want_raw_quantiles(feature, may_skip, proportions + f * QUANTILES);
	}
	fit_raw_deviations(recipe, source, ranges);
	quantiles = fit_quantiles(input, source, QUANTILES_PRESENT, proportions, moments);
	for (f = 0; f < recipe->nfeatures; f++)
		fit_fill_and_fences(&recipe->features[f], quantiles + f * QUANTILES);
	fit_common_categories(recipe);
	power_fit(recipe, source);
	pfree(proportions);
	pfree(moments);
	pfree(quantiles);
}

/* ----------------------------------------------------------------
 *		3. Centre and scale
 * ----------------------------------------------------------------
 */

/* the state: how many rows are used, and this for each feature, over these */
typedef struct Spreads
{
	int64 rows;
	struct FeatureSpread
	{
		int64  imputed;
		int64  clipped;
		double lowest; /* imputed and fenced, but not transformed */
		Spread values; /* transformed */
	} features[FLEXIBLE_ARRAY_MEMBER];
} Spreads;

static Size
spread_state_size(const PassInput *input)
{
	return offsetof(Spreads, features) + sizeof(struct FeatureSpread) * input->recipe->nfeatures;
}

static void
spread_pass_init(const PassInput *input, void *state)
{
	Spreads *spreads = state;
	int      f;

	spreads->rows = 0;
	for (f = 0; f < input->recipe->nfeatures; f++)
	{
		spreads->features[f].imputed = spreads->features[f].clipped = 0;
		spreads->features[f].lowest = get_float8_infinity();
		spread_init(&spreads->features[f].values);
	}
}

static void
count_changes(const FeatureRecipe *feature, const double *values, int n,
			  struct FeatureSpread *spread)
{
	bool fences = feature->outliers != OUTLIERS_KEEP;
	int  i;

	for (i = 0; i < n && !feature->complete; i++)
		spread->imputed += isnan(values[i]);
	for (i = 0; i < n && fences; i++)
	{
		double value = recipe_impute(feature, values[i]);

		spread->clipped += value < feature->lower || value > feature->upper;
	}
	for (i = 0; i < n && feature->transform == TRANSFORM_LOG1P; i++)
	{
		double value = Min(Max(recipe_impute(feature, values[i]), feature->lower), feature->upper);

		spread->lowest = Min(spread->lowest, value);
	}
}

static int
spread_pass_add(const PassInput *input, void *state, const double *blocks, int nrows,
				int32 *labels pg_attribute_unused())
{
	const Recipe       *recipe = input->recipe;
	const SpreadCentre *centres = input->extra;
	Spreads            *spreads = state;
	bool                mask[PASS_ROWS];
	int                 nused = recipe_used_rows(recipe, blocks, nrows, mask);
	const bool         *used = nused < nrows ? mask : NULL;
	double              values[PASS_ROWS];
	int                 f;

	spreads->rows += nused;
	for (f = 0; f < recipe->nfeatures; f++)
	{
		struct FeatureSpread *spread = &spreads->features[f];

		(void) recipe_raw_values(recipe, f, blocks, nrows, used, values);
		count_changes(&recipe->features[f], values, nused, spread);
		recipe_transform_values(&recipe->features[f], values, nused);
		spread_add(&spread->values, values, nused);
		spread_add_squares(&spread->values, values, nused, centres[f]);
	}
	return nused;
}

static void
spread_pass_merge(const PassInput *input, void *state, const void *other)
{
	Spreads       *to = state;
	const Spreads *from = other;
	int            f;

	to->rows += from->rows;
	for (f = 0; f < input->recipe->nfeatures; f++)
	{
		to->features[f].imputed += from->features[f].imputed;
		to->features[f].clipped += from->features[f].clipped;
		to->features[f].lowest = Min(to->features[f].lowest, from->features[f].lowest);
		spread_merge(&to->features[f].values, &from->features[f].values);
	}
}

const Pass spread_pass = {"spread", spread_state_size, spread_pass_init, spread_pass_add,
						  spread_pass_merge};

/*
 * Where the transformed values will be, as far as the raw ones tell.
 */
static SpreadCentre
guess_centre(const FeatureRecipe *feature)
{
	double ends[3] = {feature->raw.mean, feature->raw.min, feature->raw.max};
	int    i;

	for (i = 0; i < 3; i++)
	{
		/* without any value, all are imputed */
		ends[i] = recipe_impute(feature, ends[i]);
		ends[i] = Min(Max(ends[i], feature->lower), feature->upper);
		if (feature->transform == TRANSFORM_LOG1P)
			ends[i] = log1p(Max(ends[i], -1 + DBL_EPSILON));
		else if (feature->transform == TRANSFORM_YEO_JOHNSON)
			ends[i] = power_transform(ends[i], feature->lambda);
	}
	return spread_centre(ends[0], ends[1], ends[2]);
}

/*
 * Have the ranges brought what the pass would: are raw values taken as they
 * are, and their squares exact enough?
 */
static bool
ranges_suffice(const Recipe *recipe, const Range *ranges)
{
	int f;

	if (recipe_may_skip(recipe))
		return false;
	for (f = 0; f < recipe->nfeatures; f++)
		if (!feature_is_linear(&recipe->features[f]) || ranges[f].missing > 0 || !range_is_sharp(&ranges[f]))
			return false;
	return true;
}

static Spreads *
spreads_of_ranges(const PassInput *input, const Range *ranges, SpreadCentre *centres)
{
	Spreads *spreads = palloc(spread_state_size(input));
	int      f;

	spread_pass_init(input, spreads);
	spreads->rows = ranges[0].values.n;
	for (f = 0; f < input->recipe->nfeatures; f++)
	{
		spreads->features[f].values = ranges[f].values;
		centres[f] = origin;
	}
	return spreads;
}

/*
 * Runs the pass with guessed centres, and again, with what it found, where
 * the guess was a bad one.
 */
static Spreads *
find_spreads(const Recipe *recipe, PassInput *input, const RowSource *source,
			 const Range *ranges, SpreadCentre *centres)
{
	Spreads *spreads;
	bool     sharp = true;
	int      f;

	if (ranges_suffice(recipe, ranges))
		return spreads_of_ranges(input, ranges, centres);
	for (f = 0; f < recipe->nfeatures; f++)
		centres[f] = guess_centre(&recipe->features[f]);
	input->extra = centres;
	input->extra_size = sizeof(SpreadCentre) * recipe->nfeatures;
	spreads = pass_run(source, PASS_SPREAD, input, (Share){0});
	for (f = 0; f < recipe->nfeatures; f++)
	{
		Moments moments;

		if (spreads->features[f].lowest <= -1)
			report_log1p(&recipe->features[f], spreads->features[f].lowest);
		if (spread_is_sharp(&spreads->features[f].values, centres[f]))
			continue;
		spread_location(&spreads->features[f].values, &moments);
		centres[f] = spread_centre(moments.mean, moments.min, moments.max);
		sharp = false;
	}
	if (!sharp)
	{
		pfree(spreads);
		spreads = pass_run(source, PASS_SPREAD, input, (Share){0});
	}
	return spreads;
}

static void
fit_scaling(FeatureRecipe *feature, const Moments *moments, const double *quantiles)
{
	feature->offset = moments->mean;
	switch (feature->scaling)
	{
		case SCALING_STANDARD:
			feature->center = moments->mean;
			feature->scale = moments->stddev;
			break;
		case SCALING_MINMAX:
			feature->center = moments->min;
			feature->scale = moments->max - moments->min;
			break;
		case SCALING_ROBUST:
			feature->center = quantiles[MEDIAN];
			feature->scale = quantiles[UPPER_QUANTILE] - quantiles[LOWER_QUANTILE];
			break;
		case SCALING_MAXABS:
			feature->center = 0;
			feature->scale = Max(fabs(moments->min), fabs(moments->max));
			break;
		case SCALING_NONE:
			feature->center = 0;
			feature->scale = 1;
			break;
	}
	if (moments->min == moments->max)
		feature->scale = 0;
	if (isinf(feature->scale) || isinf(moments->max - moments->min))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("the values of column \"%s\" are too far apart: %g to %g",
						feature->name, moments->min, moments->max),
				 errhint("Clip them with outliers => 'clip', or use transform => 'log1p'.")));

	feature->factor = feature->scale == 0 ? 0 : sqrt(feature->weight) / feature->scale;
	feature->max_abs = feature->factor *
					   Max(moments->max - moments->mean, moments->mean - moments->min);
	feature->stddev = feature->factor * moments->stddev;
}

/*
 * Step 3.
 */
static void
fit_transformed_values(Recipe *recipe, PassInput *input, const RowSource *source,
					   const Range *ranges, const char *relation)
{
	SpreadCentre *centres = palloc(sizeof(SpreadCentre) * recipe->nfeatures);
	Moments      *moments = palloc(sizeof(Moments) * recipe->nfeatures);
	double       *proportions = palloc(sizeof(double) * recipe->nfeatures * QUANTILES);
	Spreads      *spreads = find_spreads(recipe, input, source, ranges, centres);
	double       *quantiles;
	int           f;

	recipe->rows_used = spreads->rows;
	if (recipe->rows_used == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("all " INT64_FORMAT " rows of relation \"%s\" were skipped",
						recipe->rows_read, relation),
				 errdetail("The rules missing => 'skip' and outliers => 'skip' left none."),
				 errhint("Use missing => 'median' or outliers => 'clip', or name fewer features.")));
	for (f = 0; f < recipe->nfeatures; f++)
	{
		recipe->features[f].imputed = spreads->features[f].imputed;
		recipe->features[f].clipped = spreads->features[f].clipped;
		spread_moments(&spreads->features[f].values, centres[f], &moments[f]);
		want_nothing(proportions + f * QUANTILES);
		if (recipe->features[f].scaling == SCALING_ROBUST)
			want_quartiles(proportions + f * QUANTILES);
	}
	quantiles = fit_quantiles(input, source, QUANTILES_TRANSFORMED, proportions, moments);
	for (f = 0; f < recipe->nfeatures; f++)
		fit_scaling(&recipe->features[f], &moments[f], quantiles + f * QUANTILES);
	pfree(centres);
	pfree(moments);
	pfree(proportions);
	pfree(spreads);
	pfree(quantiles);
}

void
recipe_fit(Recipe *recipe, const RowSource *source, const char *relation)
{
	PassInput input = {.recipe = recipe};
	Range    *ranges = source->ranges;

	recipe->rows_read = source->nrows;
	if (recipe->rows_read == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("relation \"%s\" has no rows", relation),
				 errhint("Load it first, or check that row security lets you see its rows.")));
	if (ranges == NULL)
		ranges = pass_run(source, PASS_RANGE, &input, (Share){0});
	fit_raw_values(recipe, &input, source, ranges);
	fit_transformed_values(recipe, &input, source, ranges, relation);
	pfree(ranges);
}

void
recipe_fill_median(Recipe *recipe, int f, double median)
{
	FeatureRecipe *feature = &recipe->features[f];

	if (feature->missing == MISSING_MEDIAN && isnan(feature->fill))
		feature->fill = median;
}

void
recipe_keep(Recipe *recipe, const int *kept, int nkept)
{
	FeatureRecipe *dropped = palloc(sizeof(FeatureRecipe) * recipe->nfeatures);
	int            next = 0;
	int            ndropped = 0;
	int            f;

	for (f = 0; f < recipe->nfeatures; f++)
	{
		if (next < nkept && kept[next] == f)
			recipe->features[next++] = recipe->features[f];
		else
			dropped[ndropped++] = recipe->features[f];
	}
	recipe->nfeatures = recipe->nrules = nkept;
	for (f = 0; f < ndropped; f++)
		if (rule_may_skip(&dropped[f]))
			recipe->features[recipe->nrules++] = dropped[f];
	pfree(dropped);
}

/* ----------------------------------------------------------------
 *		4. One row
 * ----------------------------------------------------------------
 */

/*
 * Fixes the unit, and what depends on it.
 */
static void
choose_unit(Recipe *recipe, double largest)
{
	int exponent;
	int f;

	frexp(largest, &exponent);
	if (abs(exponent) > USUAL_EXPONENT)
		recipe->unit = ldexp(1, exponent);
	for (f = 0; f < recipe->nfeatures; f++)
	{
		recipe->features[f].factor /= recipe->unit;
		recipe->features[f].max_abs /= recipe->unit;
		recipe->features[f].stddev /= recipe->unit;
	}
}

void
recipe_finish(Recipe *recipe)
{
	double largest = 0;
	int    f;

	for (f = 0; f < recipe->nfeatures; f++)
		largest = Max(largest, recipe->features[f].max_abs);
	if (largest > MAX_SCALED || (largest < MIN_SCALED && largest > 0))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("squared distances leave the range of double precision"),
				 errdetail("Scaled values differ from their mean by up to %g.", largest),
				 errhint("Use scaling => 'standard', or weights nearer to 1.")));

	recipe->unit = 1;
	if (recipe->distance == DISTANCE_COSINE)
	{
		/* rows get unit length, and angles are seen from the scaling's own centre */
		for (f = 0; f < recipe->nfeatures; f++)
		{
			recipe->features[f].offset = recipe->features[f].center;
			recipe->features[f].max_abs = 1;
		}
	}
	else
		choose_unit(recipe, largest);
	for (f = 0; f < recipe->nfeatures; f++)
		recipe->features[f].grid = Max(LEAST_GRID, matrix_grid(recipe->features[f].max_abs,
															   recipe->rows_used, FLOAT4_BITS));
}

bool
recipe_accepts(const Recipe *recipe, const double *raw)
{
	int f;

	for (f = 0; f < recipe->nfeatures; f++)
		if (!value_accepted(&recipe->features[f],
							feature_value(&recipe->features[f], raw[recipe->features[f].column])))
			return false;
	return true;
}

bool
recipe_apply(const Recipe *recipe, const double *raw, double *prepared, int stride)
{
	const FeatureRecipe *features = recipe->features;
	int                  f;

	for (f = 0; f < recipe->nrules; f++)
		if (value_skipped(&features[f], feature_value(&features[f], raw[features[f].column])))
			return false;
	for (f = 0; f < recipe->nfeatures; f++)
		prepared[f * stride] =
			scale_value(&features[f], transform_raw(&features[f], feature_value(&features[f], raw[features[f].column])));
	if (recipe->distance == DISTANCE_COSINE)
		normalize(recipe->nfeatures, prepared, stride);
	return true;
}

void
recipe_apply_values(const Recipe *recipe, const double *values, double *prepared)
{
	int f;

	for (f = 0; f < recipe->nfeatures; f++)
		prepared[f] = scale_value(&recipe->features[f], transform(&recipe->features[f], values[f]));
	if (recipe->distance == DISTANCE_COSINE)
		normalize(recipe->nfeatures, prepared, 1);
}

/* ----------------------------------------------------------------
 *		Coordinates of points
 * ----------------------------------------------------------------
 */

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
