/*
 * Rows that weigh more than others.
 *
 * Weights are taken as shares of the largest one, whatever its size, so that
 * no sum overflows.  They enter where rows are summed up or counted for a
 * figure, as if a row were there so many times; preparation does not know
 * them.
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "miscadmin.h"
#include "utils/float.h"

#include "prepare/pass_input.h"
#include "prepare/weights.h"

/*
 * The weights as they were read, of the rows used.
 */
static int
raw_weights(const Recipe *recipe, const double *blocks, int nrows, const bool *used,
			double *weights)
{
	const double *column = blocks + (Size) recipe->weight_column * KERNEL_LANES;
	Size          stride = (Size) recipe->ncolumns * KERNEL_LANES;
	int           n = 0;

	for (int row = 0; row < nrows; row++)
		if (used == NULL || used[row])
			weights[n++] = column[(row / KERNEL_LANES) * stride + row % KERNEL_LANES];
	return n;
}

/* ---- What weights there are ---- */

/* the state */
typedef struct WeightRange
{
	int64  missing;
	double least;
	double largest;
} WeightRange;

static Size
weights_state_size(const PassInput *input pg_attribute_unused())
{
	return sizeof(WeightRange);
}

static void
weights_init(const PassInput *input pg_attribute_unused(), void *state)
{
	*(WeightRange *) state = (WeightRange){.least = get_float8_infinity(),
										   .largest = -get_float8_infinity()};
}

static int
weights_add(const PassInput *input, void *state, const double *blocks, int nrows,
			int32 *labels pg_attribute_unused())
{
	WeightRange *range = state;
	bool         used[PASS_ROWS];
	double       weights[PASS_ROWS];
	int          n;

	(void) recipe_used_rows(input->recipe, blocks, nrows, used);
	n = raw_weights(input->recipe, blocks, nrows, used, weights);
	for (int i = 0; i < n; i++)
	{
		if (isnan(weights[i]))
		{
			range->missing++;
			continue;
		}
		range->least = Min(range->least, weights[i]);
		range->largest = Max(range->largest, weights[i]);
	}
	return n;
}

static void
weights_merge(const PassInput *input pg_attribute_unused(), void *state, const void *other)
{
	WeightRange       *to = state;
	const WeightRange *from = other;

	to->missing += from->missing;
	to->least = Min(to->least, from->least);
	to->largest = Max(to->largest, from->largest);
}

const Pass weights_pass = {"weights", pass_open, weights_state_size, weights_init, weights_add, weights_merge};

static void
check_weights(const WeightRange *range, const char *column)
{
	if (range->missing > 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("column \"%s\" holds no weight in " INT64_FORMAT " rows", column, range->missing),
				 errdetail("It is NULL or NaN there."),
				 errhint("Give such rows the weight 0 in a view, or leave them out there.")));
	if (range->least < 0)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("column \"%s\" holds a negative weight: %g", column, range->least),
				 errhint("Weights are 0 or more; rows of weight 0 are assigned, but move no centroid.")));
	if (isinf(range->largest))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("column \"%s\" holds an infinite weight", column),
				 errhint("Leave such rows out in a view, or give them a finite weight there.")));
	if (range->largest == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("column \"%s\" holds no weight but 0", column),
				 errhint("Leave sample_weight out, and all rows weigh the same.")));
}

void
weights_fit(Recipe *recipe, const RowSource *source, const char *column)
{
	PassInput    input = {.recipe = recipe};
	WeightRange *range;

	recipe->weight_unit = 1;
	if (!recipe_is_weighted(recipe))
		return;
	range = pass_run(source, &weights_pass, &input, (Share){0});
	check_weights(range, column);
	recipe->weight_unit = range->largest;
	if (range->least == range->largest)
		recipe->weight_column = -1;
	pfree(range);
}

/* ---- The weights of rows ---- */

int
weights_of(const Recipe *recipe, const double *blocks, int nrows, const bool *used,
		   double *weights)
{
	int n = raw_weights(recipe, blocks, nrows, used, weights);

	for (int i = 0; i < n; i++)
	{
		weights[i] /= recipe->weight_unit;
		if (weights[i] < LEAST_WEIGHT)
			weights[i] = 0;
	}
	return n;
}

Share
weights_share(ShareSet *set, const Recipe *recipe, const Rows *rows)
{
	RowCursor cursor = rows_cursor(rows, 0, rows->nblocks);
	Share     share = {0};
	float    *to;
	double   *blocks;
	int64     first_row;
	int       nrows;

	if (!recipe_is_weighted(recipe))
		return share;
	share = share_create(set, sizeof(float) * rows->nblocks * KERNEL_LANES);
	to = share_address(share);
	while (rows_next(rows, &cursor, PASS_ROWS, &blocks, &first_row, &nrows))
	{
		bool   used[PASS_ROWS];
		double weights[PASS_ROWS];
		int    n;

		CHECK_FOR_INTERRUPTS();
		(void) recipe_used_rows(recipe, blocks, nrows, used);
		n = weights_of(recipe, blocks, nrows, used, weights);
		for (int i = 0; i < n; i++)
			*to++ = (float) weights[i];
	}
	return share;
}
