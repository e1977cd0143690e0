/*
 * What a fit wants to know of columns before it makes features of them.
 *
 * One pass, which keeps a few values a column and no row, and so costs little
 * beside the fit.  What it finds depends on neither the order of the rows nor
 * who reads them, but for the votes: a value that has them has to be counted.
 */
#include "postgres.h"

#include <math.h>

#include "utils/float.h"

#include "explore/survey.h"

/* what is larger has no cube, or none that adds up */
#define MOST_CUBED 1e90

static Size
survey_state_size(const PassInput *input)
{
	return sizeof(Survey) * input->recipe->ncolumns;
}

static void
survey_init(const PassInput *input, void *state)
{
	Survey *surveys = state;

	for (int i = 0; i < input->recipe->ncolumns; i++)
	{
		memset(&surveys[i], 0, sizeof(Survey));
		surveys[i].min = get_float8_infinity();
		surveys[i].max = -get_float8_infinity();
		surveys[i].whole = true;
		surveys[i].has_skewness = true;
		for (int p = 0; p < SURVEY_POWERS; p++)
			exact_sum_init(&surveys[i].powers[p]);
	}
}

static void
add_distinct(Survey *survey, double value)
{
	for (int i = 0; i < Min(survey->distinct, SURVEY_VALUES); i++)
		if (survey->values[i] == value)
			return;
	if (survey->distinct < SURVEY_VALUES)
		survey->values[survey->distinct] = value;
	survey->distinct++;
}

static void
vote(Survey *survey, double value, int64 votes)
{
	if (survey->votes == 0)
		survey->majority = value;
	if (survey->majority == value)
		survey->votes += votes;
	else if (survey->votes >= votes)
		survey->votes -= votes;
	else
	{
		survey->majority = value;
		survey->votes = votes - survey->votes;
	}
}

/*
 * Only while no value is negative: nobody asks for the skewness of others.
 */
static void
add_powers(Survey *survey, const double *values, int n, double most)
{
	double powers[PASS_ROWS];
	double largest = most;

	survey->has_skewness &= survey->min >= 0 && most <= MOST_CUBED;
	if (!survey->has_skewness)
		return;
	memcpy(powers, values, sizeof(double) * n);
	for (int p = 0; p < SURVEY_POWERS; p++)
	{
		exact_sum_add_values(&survey->powers[p], powers, n, largest);
		for (int i = 0; i < n; i++)
			powers[i] *= values[i];
		largest *= most;
	}
}

static void
add_values(Survey *survey, double *values, int n)
{
	double least = survey->min;
	double most = survey->max;

	for (int i = 0; i < n; i++)
	{
		values[i] += 0.0; /* no negative zero */
		least = Min(least, values[i]);
		most = Max(most, values[i]);
	}
	survey->min = least;
	survey->max = most;
	for (int i = 0; i < n && survey->whole; i++)
		survey->whole = values[i] == rint(values[i]);
	for (int i = 0; i < n && survey->distinct <= SURVEY_VALUES; i++)
		add_distinct(survey, values[i]);
	for (int i = 0; i < n; i++)
		vote(survey, values[i], 1);
	add_powers(survey, values, n, most);
	survey->n += n;
}

static int
survey_add(const PassInput *input, void *state, const double *blocks, int nrows,
		   int32 *labels pg_attribute_unused())
{
	double values[PASS_ROWS];

	for (int i = 0; i < input->recipe->ncolumns; i++)
	{
		Survey *survey = (Survey *) state + i;
		int     n = recipe_raw_values(input->recipe, i, blocks, nrows, NULL, values);
		int     present = present_values(values, n);

		survey->missing += n - present;
		add_values(survey, values, present);
	}
	return nrows;
}

static void
survey_merge(const PassInput *input, void *state, const void *other)
{
	for (int i = 0; i < input->recipe->ncolumns; i++)
	{
		Survey       *to = (Survey *) state + i;
		const Survey *from = (const Survey *) other + i;

		to->n += from->n;
		to->missing += from->missing;
		to->min = Min(to->min, from->min);
		to->max = Max(to->max, from->max);
		to->whole &= from->whole;
		to->has_skewness &= from->has_skewness;
		if (from->distinct > SURVEY_VALUES)
			to->distinct = from->distinct;
		for (int v = 0; v < from->distinct && to->distinct <= SURVEY_VALUES; v++)
			add_distinct(to, from->values[v]);
		vote(to, from->majority, from->votes);
		for (int p = 0; p < SURVEY_POWERS; p++)
			exact_sum_merge(&to->powers[p], &from->powers[p]);
	}
}

const Pass survey_pass = {"survey", pass_open, survey_state_size, survey_init, survey_add, survey_merge};

double
survey_skewness(const Survey *survey)
{
	double n = (double) survey->n;
	double mean = exact_sum_value(&survey->powers[0]) / n;
	double square = exact_sum_value(&survey->powers[1]) / n;
	double cube = exact_sum_value(&survey->powers[2]) / n;
	double variance = square - mean * mean;

	if (!survey->has_skewness || survey->distinct < 2 || !(variance > 0))
		return get_float8_nan();
	return (cube - 3 * mean * square + 2 * mean * mean * mean) / (variance * sqrt(variance));
}

void
survey_all(Look *look, void *argument)
{
	SurveyJob *job = argument;
	PassInput  input = {.recipe = &look->recipe};
	ScanResult result = scan_run(look->set, &look->scan, &survey_pass, pass_flatten(&input), NULL);

	job->nrows = result.nrows;
	job->columns = result.state;
}
