/*-------------------------------------------------------------------------
 *
 * recipe.c
 *	  How raw values become prepared ones: impute, fence, transform, scale,
 *	  weight, pack.
 *
 * Fitting takes these passes over the columns:
 *
 *	1. fill values and fences, from the non-missing values of all rows;
 *	2. the rows that a rule skips are taken out of the columns;
 *	3. centre and scale, from the transformed values of the rows left;
 *	4. (after features without spread were dropped) the unit; from then on
 *	   rows are prepared by the same function that scoring calls.
 *
 * Scratch arrays are freed at the end of each pass; the recipe itself belongs
 * to the caller.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "recipe.h"
#include "stats.h"

/* squared distances of scaled values beyond these leave double's range */
#define MAX_SCALED 1e150
#define MIN_SCALED 1e-150

/* at least as fine as float4 is for values above a sixteenth of the largest */
#define FLOAT4_BITS 28

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
	elog(ERROR, "unrecognized value \"%s\" for \"%s\"", word, what);
	return 0; /* keep the compiler quiet */
}

MissingRule
missing_rule(const char *word)
{
	static const char *const words[] = {"median", "mean", "zero", "skip", "error", NULL};

	return (MissingRule) find_word(word, words, "missing");
}

OutlierRule
outlier_rule(const char *word)
{
	static const char *const words[] = {"keep", "clip", "skip", NULL};

	return (OutlierRule) find_word(word, words, "outliers");
}

Transform
transform_kind(const char *word)
{
	static const char *const words[] = {"none", "log1p", NULL};

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

double
recipe_transform(const FeatureRecipe *feature, double raw)
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
	if (feature->outliers == OUTLIERS_CLIP)
		raw = Min(Max(raw, feature->lower), feature->upper);
	if (feature->transform == TRANSFORM_LOG1P && raw <= -1)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("column \"%s\" contains %g, whose logarithm log1p cannot take",
						feature->name, raw),
				 errhint("Use log1p for values above -1 only; feature_options sets the transform of a single feature.")));
	return feature->transform == TRANSFORM_LOG1P ? log1p(raw) : raw;
}

double
recipe_undo_transform(const FeatureRecipe *feature, double transformed)
{
	return feature->transform == TRANSFORM_LOG1P ? expm1(transformed) : transformed;
}

/* ----------------------------------------------------------------
 *		1. Fill values and fences
 * ----------------------------------------------------------------
 */

/*
 * Copies the values that are there to scratch and returns their number.
 */
static int64
present_values(const FeatureRecipe *feature, const double *values, int64 nrows,
			   double *scratch)
{
	int64 n = 0;
	int64 row;

	for (row = 0; row < nrows; row++)
	{
		if (row % 65536 == 0)
			CHECK_FOR_INTERRUPTS();
		if (isinf(values[row]))
			report_infinite(feature);
		if (!isnan(values[row]))
			scratch[n++] = values[row];
	}
	return n;
}

static void
fit_fill_and_fences(FeatureRecipe *feature, const double *values, int64 nrows,
					double *scratch)
{
	int64   n = present_values(feature, values, nrows, scratch);
	Moments moments;

	if (n < nrows && feature->missing == MISSING_ERROR)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("column \"%s\" has missing values: " INT64_FORMAT " of " INT64_FORMAT,
						feature->name, nrows - n, nrows),
				 errhint("Choose what replaces them with missing => 'median', 'mean' or 'zero', or leave such rows out with 'skip'.")));

	feature->fill = get_float8_nan();
	feature->lower = -get_float8_infinity();
	feature->upper = get_float8_infinity();

	switch (feature->missing)
	{
		case MISSING_MEDIAN:
			feature->fill = n > 0 ? quantile_select(scratch, n, 0.5) : 0;
			break;
		case MISSING_MEAN:
			moments_compute_basic(scratch, n, &moments);
			feature->fill = n > 0 ? moments.mean : 0;
			break;
		case MISSING_ZERO:
			feature->fill = 0;
			break;
		case MISSING_SKIP:
		case MISSING_ERROR:
			break;
	}
	if (feature->outliers != OUTLIERS_KEEP && n > 0)
	{
		double q1 = quantile_select(scratch, n, 0.25);
		double q3 = quantile_select(scratch, n, 0.75);

		feature->lower = q1 - TUKEY_RANGES * (q3 - q1);
		feature->upper = q3 + TUKEY_RANGES * (q3 - q1);
	}
}

/* ----------------------------------------------------------------
 *		2. Rows that are skipped
 * ----------------------------------------------------------------
 */

/*
 * Moves the rows that are used to the front of the columns.
 */
static void
skip_rows(const Recipe *recipe, Columns *columns)
{
	int64 used = 0;
	int64 row;
	bool  may_skip = false;
	int   f;

	for (f = 0; f < recipe->nfeatures; f++)
		may_skip |= recipe->features[f].missing == MISSING_SKIP ||
					recipe->features[f].outliers == OUTLIERS_SKIP;
	if (!may_skip)
		return;

	for (row = 0; row < columns->nrows; row++)
	{
		bool skipped = false;

		if (row % 16384 == 0)
			CHECK_FOR_INTERRUPTS();
		for (f = 0; f < recipe->nfeatures && !skipped; f++)
			skipped = value_skipped(&recipe->features[f], columns->values[f][row]);
		if (skipped)
			continue;
		for (f = 0; f < recipe->nfeatures; f++)
			columns->values[f][used] = columns->values[f][row];
		used++;
	}
	columns->nrows = used;
}

/* ----------------------------------------------------------------
 *		3. Centre and scale
 * ----------------------------------------------------------------
 */

static void
fit_scaling(FeatureRecipe *feature, const double *values, int64 nrows,
			double *scratch)
{
	Moments moments;
	int64   row;

	feature->imputed = 0;
	feature->clipped = 0;
	for (row = 0; row < nrows; row++)
	{
		double value = recipe_impute(feature, values[row]);

		if (row % 16384 == 0)
			CHECK_FOR_INTERRUPTS();
		if (isnan(values[row]))
			feature->imputed++;
		if (value < feature->lower || value > feature->upper)
			feature->clipped++;
		scratch[row] = recipe_transform(feature, values[row]);
	}

	moments_compute_basic(scratch, nrows, &moments);
	feature->offset = moments.mean;
	switch (feature->scaling)
	{
		case SCALING_STANDARD:
			feature->center = moments.mean;
			feature->scale = moments.stddev;
			break;
		case SCALING_MINMAX:
			feature->center = moments.min;
			feature->scale = moments.max - moments.min;
			break;
		case SCALING_ROBUST:
			feature->center = quantile_select(scratch, nrows, 0.5);
			feature->scale = quantile_select(scratch, nrows, 0.75) -
							 quantile_select(scratch, nrows, 0.25);
			break;
		case SCALING_MAXABS:
			feature->center = 0;
			feature->scale = Max(fabs(moments.min), fabs(moments.max));
			break;
		case SCALING_NONE:
			feature->center = 0;
			feature->scale = 1;
			break;
	}
	if (moments.min == moments.max)
		feature->scale = 0;
	if (isinf(feature->scale) || isinf(moments.max - moments.min))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("the values of column \"%s\" are too far apart: %g to %g",
						feature->name, moments.min, moments.max),
				 errhint("Clip them with outliers => 'clip', or use transform => 'log1p'.")));

	feature->factor = feature->scale == 0 ? 0 : sqrt(feature->weight) / feature->scale;
	feature->max_abs = feature->factor *
					   Max(moments.max - moments.mean, moments.mean - moments.min);
	feature->stddev = feature->factor * moments.stddev;
}

void
recipe_fit(Recipe *recipe, Columns *columns, const char *source)
{
	int64   nread = columns->nrows;
	double *scratch;
	int     f;

	if (nread == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("relation \"%s\" has no rows", source),
				 errhint("Load it first, or check that row security lets you see its rows.")));

	scratch = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(double) * nread);
	for (f = 0; f < recipe->nfeatures; f++)
		fit_fill_and_fences(&recipe->features[f], columns->values[f], nread, scratch);

	skip_rows(recipe, columns);
	if (columns->nrows == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("all " INT64_FORMAT " rows of relation \"%s\" were skipped",
						nread, source),
				 errdetail("The rules missing => 'skip' and outliers => 'skip' left none."),
				 errhint("Use missing => 'median' or outliers => 'clip', or name fewer features.")));

	for (f = 0; f < recipe->nfeatures; f++)
		fit_scaling(&recipe->features[f], columns->values[f], columns->nrows, scratch);
	pfree(scratch);
}

void
recipe_drop_constant(Recipe *recipe, Columns *columns)
{
	int kept = 0;
	int f;

	for (f = 0; f < recipe->nfeatures; f++)
	{
		if (recipe->features[f].scale == 0)
		{
			pfree(columns->values[f]);
			continue;
		}
		recipe->features[kept] = recipe->features[f];
		columns->values[kept++] = columns->values[f];
	}
	recipe->nfeatures = columns->ncolumns = kept;
}

/* ----------------------------------------------------------------
 *		4. Rows
 * ----------------------------------------------------------------
 */

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

void
recipe_finish(Recipe *recipe)
{
	double largest = 0;
	int    exponent;
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
		return;
	}
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

bool
recipe_apply(const Recipe *recipe, const double *raw, double *prepared, int stride)
{
	int f;

	for (f = 0; f < recipe->nfeatures; f++)
		if (value_skipped(&recipe->features[f], raw[f]))
			return false;

	for (f = 0; f < recipe->nfeatures; f++)
	{
		const FeatureRecipe *feature = &recipe->features[f];
		double               transformed = recipe_transform(feature, raw[f]);

		/* the offset of a feature without effect may be far from other values */
		prepared[f * stride] = feature->factor == 0 ? 0
													: (transformed - feature->offset) * feature->factor;
	}
	if (recipe->distance == DISTANCE_COSINE)
		normalize(recipe->nfeatures, prepared, stride);
	return true;
}

void
recipe_apply_columns(const Recipe *recipe, const Columns *columns, int64 first,
					 int nrows, double *blocks)
{
	double *raw = palloc(sizeof(double) * recipe->nfeatures);
	int     row;
	int     f;

	for (row = 0; row < nrows; row++)
	{
		for (f = 0; f < recipe->nfeatures; f++)
			raw[f] = columns->values[f][first + row];
		(void) recipe_apply(recipe, raw,
							blocks + (size_t) (row / KERNEL_LANES) * recipe->nfeatures * KERNEL_LANES +
								row % KERNEL_LANES,
							KERNEL_LANES);
	}
	pfree(raw);
}

Matrix *
recipe_pack(const Recipe *recipe, const Columns *columns)
{
	Matrix *matrix = matrix_create(columns->nrows, recipe->nfeatures);
	double *grid = palloc(sizeof(double) * recipe->nfeatures);
	double *block = palloc(sizeof(double) * recipe->nfeatures * KERNEL_LANES);
	int64   row;
	int     f;
	int     lane;

	for (f = 0; f < recipe->nfeatures; f++)
		grid[f] = matrix_grid(recipe->features[f].max_abs, columns->nrows, FLOAT4_BITS);
	for (row = 0; row < columns->nrows; row += KERNEL_LANES)
	{
		int    nrows = Min(KERNEL_LANES, columns->nrows - row);
		float *to = matrix_row(matrix, row);

		if (row % 4096 == 0)
			CHECK_FOR_INTERRUPTS();
		recipe_apply_columns(recipe, columns, row, nrows, block);
		for (f = 0; f < recipe->nfeatures; f++)
			for (lane = 0; lane < nrows; lane++)
			{
				double value = rint(block[f * KERNEL_LANES + lane] / grid[f]) * grid[f];

				/* adding 0 turns -0 into 0, so that equal rows are equal bit for bit */
				to[f * KERNEL_LANES + lane] = (float) value + 0.0f;
			}
	}
	pfree(block);
	pfree(grid);
	return matrix;
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
