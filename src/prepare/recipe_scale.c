/*
 * Fitting a recipe, step 3: centre and scale of the transformed values.
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "utils/float.h"

#include "number/moments.h"
#include "prepare/power.h"
#include "prepare/recipe_fit.h"
#include "prepare/recipe_parts.h"

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
	return offsetof(Spreads, features) + sizeof(struct FeatureSpread) * input->recipe->nrules;
}

static void
spread_pass_init(const PassInput *input, void *state)
{
	Spreads *spreads = state;

	spreads->rows = 0;
	for (int f = 0; f < input->recipe->nrules; f++)
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

	for (int i = 0; i < n && !feature->complete; i++)
		spread->imputed += isnan(values[i]);
	for (int i = 0; i < n && fences; i++)
	{
		double value = recipe_impute(feature, values[i]);

		spread->clipped += value < feature->lower || value > feature->upper;
	}
	for (int i = 0; i < n && feature->transform == TRANSFORM_LOG1P; i++)
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

	spreads->rows += nused;
	for (int f = 0; f < recipe->nrules; f++)
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

	to->rows += from->rows;
	for (int f = 0; f < input->recipe->nrules; f++)
	{
		to->features[f].imputed += from->features[f].imputed;
		to->features[f].clipped += from->features[f].clipped;
		to->features[f].lowest = Min(to->features[f].lowest, from->features[f].lowest);
		spread_merge(&to->features[f].values, &from->features[f].values);
	}
}

const Pass spread_pass = {"spread", pass_open, spread_state_size, spread_pass_init, spread_pass_add,
						  spread_pass_merge};

/*
 * Where the transformed values will be, as far as the raw ones tell.
 */
static SpreadCentre
guess_centre(const FeatureRecipe *feature)
{
	double ends[3] = {feature->raw.mean, feature->raw.min, feature->raw.max};

	for (int i = 0; i < 3; i++)
	{
		/* without any value, all are imputed */
		ends[i] = recipe_impute(feature, ends[i]);
		ends[i] = Min(Max(ends[i], feature->lower), feature->upper);
		if (feature->transform == TRANSFORM_LOG1P)
			ends[i] = power_log1p(Max(ends[i], -1 + DBL_EPSILON));
		else if (feature->transform == TRANSFORM_YEO_JOHNSON)
			ends[i] = power_transform(ends[i], feature->lambda);
	}
	return spread_centre(ends[0], ends[1], ends[2]);
}

/*
 * Has the range brought what the pass would, if no row is skipped: are raw values
 * taken as they are, and their squares exact enough?  Nobody needs those of lengths.
 */
static bool
range_suffices(const FeatureRecipe *feature, const Range *range)
{
	return feature_is_linear(feature) && range->missing == 0 && (feature->role == ROLE_LENGTH || range_is_sharp(range));
}

static Spreads *
spreads_of_ranges(const PassInput *input, const Range *ranges)
{
	Spreads *spreads = palloc(spread_state_size(input));

	spread_pass_init(input, spreads);
	spreads->rows = ranges[0].values.n;
	for (int f = 0; f < input->recipe->nrules; f++)
		spreads->features[f].values = ranges[f].values;
	return spreads;
}

/*
 * Runs the pass with guessed centres, and again, with what it found, where
 * the guess was a bad one.  Squares are about the same centre whichever other
 * features there are, so that a feature has the same figures to the last bit when
 * those are left out.
 */
static Spreads *
find_spreads(const Recipe *recipe, PassInput *input, const RowSource *source,
			 const Range *ranges, SpreadCentre *centres)
{
	Spreads *spreads;
	bool     may_skip = recipe_may_skip(recipe);
	bool     suffice = !may_skip;
	bool     sharp = true;

	for (int f = 0; f < recipe->nrules; f++)
	{
		bool suffices = range_suffices(&recipe->features[f], &ranges[f]);

		centres[f] = suffices && !may_skip ? origin : guess_centre(&recipe->features[f]);
		suffice &= suffices;
	}
	if (suffice)
		return spreads_of_ranges(input, ranges);
	input->extra = centres;
	input->extra_size = sizeof(SpreadCentre) * recipe->nrules;
	spreads = pass_run(source, &spread_pass, input, (Share){0});
	for (int f = 0; f < recipe->nrules; f++)
	{
		Moments moments;

		if (f < recipe->nfeatures && spreads->features[f].lowest <= -1)
			recipe_report_log1p(&recipe->features[f], spreads->features[f].lowest);
		if (spread_is_sharp(&spreads->features[f].values, centres[f]))
			continue;
		spread_location(&spreads->features[f].values, &moments);
		centres[f] = spread_centre(moments.mean, moments.min, moments.max);
		sharp = false;
	}
	if (!sharp)
	{
		pfree(spreads);
		spreads = pass_run(source, &spread_pass, input, (Share){0});
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
	if (moments->min == moments->max && feature->role == ROLE_VALUE)
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
 * Counts the rows used and what is done to their values, and returns the
 * moments of the transformed ones.
 */
static Moments *
count_rows(Recipe *recipe, PassInput *input, const RowSource *source,
		   const Range *ranges, const char *relation)
{
	SpreadCentre *centres = palloc(sizeof(SpreadCentre) * recipe->nrules);
	Moments      *moments = palloc(sizeof(Moments) * recipe->nrules);
	Spreads      *spreads = find_spreads(recipe, input, source, ranges, centres);

	recipe->rows_used = spreads->rows;
	if (recipe->rows_used == 0 && relation != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("all " INT64_FORMAT " rows of relation \"%s\" were skipped",
						recipe->rows_read, relation),
				 errdetail("The rules missing => 'skip' and outliers => 'skip' left none."),
				 errhint("Use missing => 'median' or outliers => 'clip', or name fewer features.")));
	for (int f = 0; f < recipe->nrules; f++)
	{
		recipe->features[f].imputed = spreads->features[f].imputed;
		recipe->features[f].clipped = spreads->features[f].clipped;
		spread_moments(&spreads->features[f].values, centres[f], &moments[f]);
	}
	pfree(centres);
	pfree(spreads);
	return moments;
}

void
recipe_measure(Recipe *recipe, PassInput *input, const RowSource *source,
			   const Range *ranges, const char *relation)
{
	Moments *moments = count_rows(recipe, input, source, ranges, relation);

	for (int f = 0; f < recipe->nfeatures && recipe->rows_used > 0; f++)
	{
		FeatureRecipe *feature = &recipe->features[f];

		feature->stddev = feature->factor * moments[f].stddev;
		feature->max_abs = feature->factor *
						   Max(moments[f].max - feature->offset, feature->offset - moments[f].min);
	}
	pfree(moments);
}

void
recipe_fit_scaling(Recipe *recipe, PassInput *input, const RowSource *source,
				   const Range *ranges, const char *relation)
{
	Moments *moments = count_rows(recipe, input, source, ranges, relation);
	double  *proportions = palloc(sizeof(double) * recipe->nfeatures * QUANTILES);
	double  *quantiles;

	if (recipe->rows_used == 0)
		return;
	for (int f = 0; f < recipe->nfeatures; f++)
	{
		want_nothing(proportions + f * QUANTILES);
		if (recipe->features[f].scaling == SCALING_ROBUST)
			want_quartiles(proportions + f * QUANTILES);
	}
	quantiles = recipe_quantiles(input, source, QUANTILES_TRANSFORMED, proportions, moments);
	for (int f = 0; f < recipe->nfeatures; f++)
		fit_scaling(&recipe->features[f], &moments[f], quantiles + f * QUANTILES);
	pfree(moments);
	pfree(proportions);
	pfree(quantiles);
}
