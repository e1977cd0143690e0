/*
 * Figures of the columns of a query.
 *
 * One read of the query brings all columns into memory, where each of them is
 * sorted: that gives quantiles, distinct values, the most common one and
 * outliers.  Columns that memory does not hold together are read some at a
 * time.  Where that would take too many reads, or not even one fits, figures
 * come from passes over the table: quantiles and moments are exact all the
 * same, distinct values are estimated (HyperLogLog, P. Flajolet et al., 2007),
 * and the most common value is that of a random sample.
 *
 * Values that are no numbers come as tokens (see values.c), of which nothing
 * is asked but how many there are and which is the most common.
 */
#include "postgres.h"

#include <math.h>

#include "common/hashfn.h"
#include "lib/hyperloglog.h"
#include "miscadmin.h"
#include "port/atomics.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "explore/describe.h"
#include "explore/look.h"
#include "number/moments.h"
#include "number/order.h"
#include "prepare/quantile.h"

/* columns that do not fit in memory together are read in at most so many reads */
#define MOST_READS 16

static const double quantile_places[DESCRIBE_QUANTILES] = {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99};

#define LOWER_QUARTILE 2
#define UPPER_QUARTILE 4

/* 2^14 registers of a byte */
#define SKETCH_BITS 14
#define SKETCH_BYTES ((1 << SKETCH_BITS) + 1)

/* rows between two checks for interrupts */
#define ROWS_PER_CHECK 65536

/* ---- A column in memory ---- */

typedef struct DescribeTask
{
	SharedRows rows;
	FenceRule  rule;
	bool       only_count; /* the rows are a sample */
	Share      next;       /* the column that nobody has begun with */
	Share      figures;
} DescribeTask;

/*
 * Moves the values that are there to the front, sorts them and returns their
 * number.
 */
static int64
sort_present(double *values, double *scratch, int64 nrows)
{
	int64 n = 0;

	for (int64 row = 0; row < nrows; row++)
	{
		if (row % ROWS_PER_CHECK == 0)
			CHECK_FOR_INTERRUPTS();
		if (!isnan(values[row]))
			values[n++] = values[row];
	}
	sort_float8_with(values, scratch, n);
	return n;
}

static void
count_values(const double *sorted, int64 n, ColumnFigures *figures)
{
	int64 start = 0;

	figures->distinct = figures->mode_rows = figures->mode_ties = 0;
	figures->n_counted = n;
	for (int64 i = 1; i <= n; i++)
	{
		if (i % ROWS_PER_CHECK == 0)
			CHECK_FOR_INTERRUPTS();
		if (i < n && sorted[i] == sorted[start])
			continue;
		figures->distinct++;
		if (i - start > figures->mode_rows)
			figures->mode_ties = 0;
		if (i - start >= figures->mode_rows)
		{
			figures->mode_rows = i - start;
			if (figures->mode_ties++ < DESCRIBE_MODES)
				figures->modes[figures->mode_ties - 1] = sorted[start] + 0.0;
		}
		start = i;
	}
}

static void
set_fences(ColumnFigures *figures, FenceRule rule)
{
	double q1 = figures->quantiles[LOWER_QUARTILE];
	double q3 = figures->quantiles[UPPER_QUARTILE];
	double reach = rule.threshold * (rule.zscore ? figures->moments.stddev : q3 - q1);

	figures->lower = (rule.zscore ? figures->moments.mean : q1) - reach;
	figures->upper = (rule.zscore ? figures->moments.mean : q3) + reach;
}

static void
describe_column(double *values, double *scratch, int64 nrows, FenceRule rule,
				ColumnFigures *figures)
{
	PowerSums powers;
	int64     n;

	if (figures->finite)
	{
		powers_init(&powers);
		powers_add(&powers, &figures->moments, values, nrows, 4);
		powers_moments(&powers, 4, &figures->moments);
	}
	n = sort_present(values, scratch, nrows);
	count_values(values, n, figures);
	if (figures->token || n == 0)
		return;
	for (int64 i = 0; i < DESCRIBE_QUANTILES; i++)
		figures->quantiles[i] = quantile_sorted(values, n, quantile_places[i]);
	set_fences(figures, rule);
	for (int64 i = 0; i < n; i++)
	{
		if (i % ROWS_PER_CHECK == 0)
			CHECK_FOR_INTERRUPTS();
		figures->outliers += values[i] < figures->lower || values[i] > figures->upper;
	}
}

/*
 * A member's part of the description.
 */
void
describe_part(const TeamMember *me pg_attribute_unused(), const void *arguments)
{
	const DescribeTask *task = arguments;
	Rows                rows = shared_rows_find(&task->rows);
	pg_atomic_uint32   *next = share_address(task->next);
	ColumnFigures      *figures = share_address(task->figures);
	double             *values = look_buffer(&rows);
	double             *scratch = look_buffer(&rows);
	uint32              column;

	while ((column = pg_atomic_fetch_add_u32(next, 1)) < (uint32) rows.ncolumns)
	{
		look_gather(&rows, column, values);
		if (task->only_count)
			count_values(values, sort_present(values, scratch, rows.nrows), &figures[column]);
		else
			describe_column(values, scratch, rows.nrows, task->rule, &figures[column]);
	}
	pfree(values);
	pfree(scratch);
	pfree(rows.chunks);
}

/*
 * Describes the columns that are in memory.
 */
static void
describe_rows(const RowSource *source, const DescribeJob *job, bool only_count,
			  ColumnFigures *figures)
{
	Size         size = sizeof(ColumnFigures) * source->rows->ncolumns;
	DescribeTask task = {
		.rows = shared_rows(source),
		.rule = job->rule,
		.only_count = only_count,
		.next = share_create(source->set, sizeof(pg_atomic_uint32)),
		.figures = share_create(source->set, size)};

	pg_atomic_init_u32(share_address(task.next), 0);
	memcpy(share_address(task.figures), figures, size);
	team_run(source->team, describe_part, &task, sizeof(task));
	memcpy(figures, share_address(task.figures), size);
	share_free(source->set, task.next);
	share_free(source->set, task.figures);
}

/* ---- Columns in the table ---- */

/* shape_pass's state is one of these a column */
typedef struct Shape
{
	PowerSums powers;
	int64     outliers;
	uint8     sketch[SKETCH_BYTES];
} Shape;

/* its extra is the figures that are known before: mean, range and fences */

/*
 * PostgreSQL's sketch, in memory of ours.
 */
static hyperLogLogState
sketch_of(Shape *shape)
{
	hyperLogLogState state;

	initHyperLogLog(&state, SKETCH_BITS);
	if (state.arrSize != SKETCH_BYTES)
		elog(ERROR, "a sketch of %zu bytes was expected to have %d", state.arrSize, SKETCH_BYTES);
	pfree(state.hashesArr);
	state.hashesArr = shape->sketch;
	return state;
}

static Size
shape_state_size(const PassInput *input)
{
	return sizeof(Shape) * input->recipe->ncolumns;
}

static void
shape_init(const PassInput *input, void *state)
{
	memset(state, 0, shape_state_size(input));
}

static void
add_shape(Shape *shape, const ColumnFigures *figures, const double *values, int n)
{
	hyperLogLogState sketch = sketch_of(shape);

	if (figures->finite)
		powers_add(&shape->powers, &figures->moments, values, n, 4);
	for (int i = 0; i < n; i++)
	{
		double value = values[i] + 0.0; /* no negative zero */

		shape->outliers += value < figures->lower || value > figures->upper;
		addHyperLogLog(&sketch, DatumGetUInt32(hash_any((unsigned char *) &value, sizeof(value))));
	}
}

static int
shape_add(const PassInput *input, void *state, const double *blocks, int nrows,
		  int32 *labels pg_attribute_unused())
{
	const ColumnFigures *figures = input->extra;
	double               values[PASS_ROWS];

	for (int i = 0; i < input->recipe->ncolumns; i++)
	{
		int n = recipe_raw_values(input->recipe, i, blocks, nrows, NULL, values);

		add_shape((Shape *) state + i, &figures[i], values, present_values(values, n));
	}
	return nrows;
}

static void
shape_merge(const PassInput *input, void *state, const void *other)
{
	Shape       *to = state;
	const Shape *from = other;

	for (int i = 0; i < input->recipe->ncolumns; i++)
	{
		powers_merge(&to[i].powers, &from[i].powers);
		to[i].outliers += from[i].outliers;
		for (int r = 0; r < SKETCH_BYTES; r++)
			to[i].sketch[r] = Max(to[i].sketch[r], from[i].sketch[r]);
	}
}

const Pass shape_pass = {"shape", pass_open, shape_state_size, shape_init, shape_add, shape_merge};

static void
find_quantiles(const Look *look, const RowSource *source, const DescribeJob *job)
{
	PassInput input = {.recipe = &look->recipe};
	int       ncolumns = look->recipe.ncolumns;
	Quantile *quantiles = palloc(sizeof(Quantile) * DESCRIBE_QUANTILES * Max(ncolumns, 1));
	int       n = 0;

	for (int i = 0; i < ncolumns; i++)
		for (int q = 0; q < DESCRIBE_QUANTILES && !job->figures[i].token; q++)
			quantiles[n++] = quantile_make(i, -1, quantile_places[q], job->figures[i].moments.n,
										   job->figures[i].moments.min, job->figures[i].moments.max);
	quantiles_find(source, &input, QUANTILES_PRESENT, quantiles, n, (Share){0});
	while (n-- > 0)
		job->figures[quantiles[n].feature].quantiles[n % DESCRIBE_QUANTILES] = quantiles[n].value;
	pfree(quantiles);
	for (int i = 0; i < ncolumns; i++)
		set_fences(&job->figures[i], job->rule);
}

/*
 * The most common values are those of a sample, unless no value is there twice.
 */
static void
take_modes(const Look *look, const RowSource *source, Rows *sample, const DescribeJob *job)
{
	RowSource      memory = *source;
	ColumnFigures *counted = palloc0(sizeof(ColumnFigures) * look->recipe.ncolumns);

	memory.rows = sample;
	look_begin(look, &memory);
	describe_rows(&memory, job, true, counted);
	look_done(&memory);
	for (int i = 0; i < look->recipe.ncolumns; i++)
	{
		if (counted[i].mode_rows < 2)
			continue;
		job->figures[i].modes[0] = counted[i].modes[0];
		job->figures[i].mode_rows = counted[i].mode_rows;
		job->figures[i].mode_ties = 1;
		job->figures[i].n_counted = counted[i].n_counted;
	}
}

static void
count_in_sample(Look *look, const RowSource *source, const DescribeJob *job)
{
	int64 megabytes = look_megabytes(look, job->nrows);
	Rows *sample = look->scan.nkeys > 0 ? look_sample(look, job->nrows) : NULL;

	if (sample == NULL)
	{
		ereport(NOTICE,
				(errmsg(INT64_FORMAT " rows of %d columns take " INT64_FORMAT " MB of memory, more than segment.work_mem allows: distinct values are estimated, and the most common ones are not known, for there is no key to sample rows by",
						job->nrows, look->recipe.ncolumns, megabytes),
				 errdetail("The standard error of distinct values is 0.8 percent. All other figures are exact."),
				 errhint("For exact figures, set segment.work_mem to that size, or describe fewer columns at a time.")));
		return;
	}
	ereport(NOTICE,
			(errmsg(INT64_FORMAT " rows of %d columns take " INT64_FORMAT " MB of memory, more than segment.work_mem allows: distinct values are estimated, and the most common ones are those of a random sample of " INT64_FORMAT " rows",
					job->nrows, look->recipe.ncolumns, megabytes, sample->nrows),
			 errdetail("The standard error of distinct values is 0.8 percent, that of a share %.1g at most. All other figures are exact.",
					   0.5 / sqrt((double) Max(sample->nrows, 1))),
			 errhint("For exact figures, set segment.work_mem to that size, or describe fewer columns at a time.")));
	take_modes(look, source, sample, job);
}

static void
describe_table(Look *look, RowSource *source, const DescribeJob *job)
{
	PassInput input = {
		.recipe = &look->recipe,
		.extra = job->figures,
		.extra_size = sizeof(ColumnFigures) * look->recipe.ncolumns};
	Shape *shapes;

	find_quantiles(look, source, job);
	shapes = pass_run(source, &shape_pass, &input, (Share){0});
	for (int i = 0; i < look->recipe.ncolumns; i++)
	{
		ColumnFigures   *figures = &job->figures[i];
		hyperLogLogState sketch = sketch_of(&shapes[i]);

		if (figures->finite)
			powers_moments(&shapes[i].powers, 4, &figures->moments);
		figures->outliers = shapes[i].outliers;
		figures->distinct = Min((int64) rint(estimateHyperLogLog(&sketch)), figures->moments.n);
	}
	if (job->counting)
		count_in_sample(look, source, job);
}

/* ---- The job ---- */

static void
take_census(const Look *look, const Census *census, DescribeJob *job)
{
	for (int i = 0; i < look->recipe.ncolumns; i++)
	{
		ColumnFigures *figures = &job->figures[i];

		memset(figures, 0, sizeof(ColumnFigures));
		figures->token = job->tokens[i];
		figures->missing = census[i].missing;
		spread_location(&census[i].values, &figures->moments);
		figures->finite = !figures->token && figures->moments.n > 0 &&
						  !isinf(figures->moments.min) && !isinf(figures->moments.max);
		if (!figures->finite)
			figures->moments.mean = get_float8_nan();
		for (int q = 0; q < DESCRIBE_QUANTILES; q++)
			figures->quantiles[q] = get_float8_nan();
		figures->lower = figures->upper = get_float8_nan();
	}
}

void
describe_all(Look *look, void *argument)
{
	DescribeJob *job = argument;
	int          ncolumns = look->recipe.ncolumns;
	RowSource    source;
	int64        capacity;

	take_census(look, look_read(look, &source), job);
	job->nrows = source.nrows;
	capacity = look_capacity(look, source.nrows);
	if (source.rows != NULL)
	{
		describe_rows(&source, job, false, job->figures);
		look_done(&source);
	}
	else if (capacity * MOST_READS >= ncolumns)
		for (int64 first = 0; first < ncolumns; first += capacity)
		{
			look_read_some(look, &source, first, Min(capacity, ncolumns - first));
			describe_rows(&source, job, false, job->figures + first);
			look_done(&source);
		}
	else
		describe_table(look, &source, job);
}
