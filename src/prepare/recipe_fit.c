/*
 * Fitting a recipe to rows.
 *
 * Fitting takes these passes over the rows:
 *
 *	1. range and mean of the values that are present;
 *	2. quantiles, where fill values or fences need them, and the lambda of
 *	   power transforms;
 *	3. centre and scale, from the transformed values of the rows that no rule
 *	   skips, and quantiles of these for robust scaling: recipe_scale.c;
 *	4. (after features without spread were dropped) no pass, but the unit;
 *	   from then on rows are prepared by the steps that scoring takes.
 */
#include "postgres.h"

#include <math.h>

#include "utils/float.h"

#include "number/grid.h"
#include "number/moments.h"
#include "prepare/power_fit.h"
#include "prepare/quantile.h"
#include "prepare/recipe_fit.h"
#include "prepare/recipe_parts.h"

/* squared distances of scaled values beyond these leave double's range */
#define MAX_SCALED 1e150
#define MIN_SCALED 1e-150

/* ---- 1. Ranges ---- */

static Size
range_state_size(const PassInput *input)
{
	return sizeof(Range) * input->recipe->nrules;
}

static void
range_init(const PassInput *input, void *state)
{
	Range *ranges = state;

	for (int f = 0; f < input->recipe->nrules; f++)
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

	for (int f = 0; f < input->recipe->nrules; f++)
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

	for (int f = 0; f < input->recipe->nrules; f++)
	{
		to[f].missing += from[f].missing;
		spread_merge(&to[f].values, &from[f].values);
	}
}

const Pass range_pass = {"range", pass_open, range_state_size, range_init, range_add, range_merge};

/* means that are not more standard deviations than this from 0 leave 13 digits of these */
#define NEAR_ORIGIN 16

bool
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
		recipe_report_infinite(feature);
	if (range->missing > 0 && feature->missing == MISSING_ERROR)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("column \"%s\" has missing values: " INT64_FORMAT " of " INT64_FORMAT,
						feature->name, range->missing, nrows),
				 errhint("Choose what replaces them with missing => 'median', 'mean' or 'zero', or leave such rows out with 'skip'.")));
}

/* ---- 2. Fill values and fences ---- */

void
want_nothing(double *proportions)
{
	proportions[LOWER_QUANTILE] = proportions[MEDIAN] = proportions[UPPER_QUANTILE] = get_float8_nan();
}

void
want_quartiles(double *proportions)
{
	proportions[LOWER_QUANTILE] = 0.25;
	proportions[MEDIAN] = 0.5;
	proportions[UPPER_QUANTILE] = 0.75;
}

double *
recipe_quantiles(const PassInput *input, const RowSource *source, QuantileValues of,
				 const double *proportions, const Moments *moments)
{
	int       nfeatures = input->recipe->nfeatures;
	Quantile *quantiles = palloc(sizeof(Quantile) * nfeatures * QUANTILES);
	int      *places = palloc(sizeof(int) * nfeatures * QUANTILES);
	double   *found = palloc(sizeof(double) * nfeatures * QUANTILES);
	int       n = 0;

	for (int i = 0; i < nfeatures * QUANTILES; i++)
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
	for (int i = 0; i < n; i++)
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

	for (int f = 0; f < recipe->nfeatures; f++)
	{
		const Moments *raw = &recipe->features[f].raw;

		centres[f] = origin;
		if (!wants_deviation(&recipe->features[f]) || raw->n == 0 || range_is_sharp(&ranges[f]))
			continue;
		centres[f] = spread_centre(raw->mean, raw->min, raw->max);
		sharp = false;
	}
	if (!sharp)
		ranges = centred = pass_run(source, &range_pass, &input, (Share){0});
	for (int f = 0; f < recipe->nfeatures; f++)
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

	for (int f = first + 1; f < end; f++)
		if (features[f].category >= 0 && features[f].raw.mean > features[common].raw.mean)
			common = f;
	for (int f = first; f < end; f++)
		features[f].fill = f == common && features[f].raw.n > 0 ? 1 : 0;
}

static void
fit_common_categories(Recipe *recipe)
{
	FeatureRecipe *features = recipe->features;
	int            end;

	for (int first = 0; first < recipe->nfeatures; first = end)
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

	for (int f = 0; f < recipe->nfeatures; f++)
	{
		FeatureRecipe *feature = &recipe->features[f];

		fit_range(feature, &ranges[f]);
		moments[f] = feature->raw;
		want_raw_quantiles(feature, may_skip, proportions + f * QUANTILES);
	}
	fit_raw_deviations(recipe, source, ranges);
	quantiles = recipe_quantiles(input, source, QUANTILES_PRESENT, proportions, moments);
	for (int f = 0; f < recipe->nfeatures; f++)
		fit_fill_and_fences(&recipe->features[f], quantiles + f * QUANTILES);
	fit_common_categories(recipe);
	power_fit(recipe, source);
	pfree(proportions);
	pfree(moments);
	pfree(quantiles);
}

/*
 * The ranges of the rows, of which there must be some.
 */
static Range *
find_ranges(Recipe *recipe, const PassInput *input, const RowSource *source, const char *relation)
{
	recipe->rows_read = source->nrows;
	if (recipe->rows_read == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 relation == NULL ? errmsg("the group has no rows") : errmsg("relation \"%s\" has no rows", relation),
				 errhint("Load it first, or check that row security lets you see its rows.")));
	return source->first != NULL ? source->first : pass_run(source, &range_pass, input, (Share){0});
}

void
recipe_recount(Recipe *recipe, const RowSource *source, const char *relation)
{
	PassInput input = {.recipe = recipe};
	Range    *ranges = find_ranges(recipe, &input, source, relation);

	for (int f = 0; f < recipe->nrules; f++)
		if (f < recipe->nfeatures || recipe->features[f].role == ROLE_LENGTH)
			fit_range(&recipe->features[f], &ranges[f]);
	recipe_measure(recipe, &input, source, ranges, relation);
	pfree(ranges);
}

void
recipe_fit(Recipe *recipe, const RowSource *source, const char *relation)
{
	PassInput input = {.recipe = recipe};
	Range    *ranges = find_ranges(recipe, &input, source, relation);

	fit_raw_values(recipe, &input, source, ranges);
	recipe_fit_scaling(recipe, &input, source, ranges, relation);
	pfree(ranges);
}

/* ---- 4. Units ---- */

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
	FeatureRecipe *dropped = palloc(sizeof(FeatureRecipe) * recipe->nrules);
	int            next = 0;
	int            ndropped = 0;

	for (int f = 0; f < recipe->nrules; f++)
	{
		if (next < nkept && kept[next] == f)
			recipe->features[next++] = recipe->features[f];
		else
			dropped[ndropped++] = recipe->features[f];
	}
	recipe->nfeatures = recipe->nrules = nkept;
	for (int f = 0; f < ndropped; f++)
		if (rule_may_skip(&dropped[f]) || dropped[f].role == ROLE_LENGTH)
			recipe->features[recipe->nrules++] = dropped[f];
	(void) recipe_number_figures(recipe);
	pfree(dropped);
}

/*
 * What prepared values are measured in.
 */
static void
use_unit(Recipe *recipe, double unit)
{
	recipe->unit = unit;
	for (int f = 0; f < recipe->nfeatures; f++)
	{
		recipe->features[f].factor /= unit;
		recipe->features[f].max_abs /= unit;
		recipe->features[f].stddev /= unit;
	}
}

static void
choose_unit(Recipe *recipe, double largest)
{
	double unit = packed_unit(largest);

	if (unit != 1)
		use_unit(recipe, unit);
}

/*
 * All dimensions of a vector have one grid, so that its values are rounded alike.
 */
static void
share_grids(Recipe *recipe)
{
	int end;

	for (int f = 0; f < recipe->nfeatures; f = end)
	{
		double largest = 0;

		end = recipe_figure_end(recipe, f);
		for (int g = f; g < end; g++)
			largest = Max(largest, recipe->features[g].max_abs);
		for (int g = f; g < end; g++)
			recipe->features[g].max_abs = largest;
	}
}

void
recipe_finish(Recipe *recipe)
{
	double largest = 0;

	if (recipe->unit != 0)
		use_unit(recipe, 1 / recipe->unit); /* back from the one that it had with more features */
	for (int f = 0; f < recipe->nfeatures; f++)
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
		for (int f = 0; f < recipe->nfeatures; f++)
		{
			recipe->features[f].offset = recipe->features[f].center;
			recipe->features[f].max_abs = 1;
		}
	}
	else
		choose_unit(recipe, largest);
	share_grids(recipe);
	for (int f = 0; f < recipe->nfeatures; f++)
		recipe->features[f].grid = packed_grid(recipe->features[f].max_abs, recipe->rows_used);
}
