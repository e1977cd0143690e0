/*
 * How columns go together by their ranks.
 *
 * Spearman's coefficient is Pearson's of the ranks.  These are computed once a
 * column.  Where values are missing a pair's rows have ranks of their own, to
 * which the column's are reduced by counting, not sorting.  Columns that memory
 * does not hold are ranked in a random sample.
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"
#include "port/atomics.h"
#include "utils/float.h"

#include "explore/correlate.h"
#include "number/moments.h"
#include "number/order.h"
#include "number/pearson.h"

/* rows between two checks for interrupts */
#define ROWS_PER_CHECK 65536

typedef struct RankTask
{
	SharedRows rows;
	Share      next; /* the column that nobody has begun with */
	Share      r;
} RankTask;

typedef struct PlacedValue
{
	double value;
	int64  row;
} PlacedValue;

#define ST_SORT sort_placed
#define ST_ELEMENT_TYPE PlacedValue
#define ST_COMPARE(a, b) ((a)->value < (b)->value ? -1 : (a)->value > (b)->value)
#define ST_CHECK_FOR_INTERRUPTS
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

/*
 * Replaces values by twice their ranks, which are whole numbers: equal values
 * share the mean of theirs.  Missing values stay so.
 */
static void
rank_values(double *values, int64 nrows)
{
	PlacedValue *sorted = palloc_extended(sizeof(PlacedValue) * Max(nrows, 1), MCXT_ALLOC_HUGE);
	int64        n = 0;
	int64        start = 0;
	double       twice;

	for (int64 i = 0; i < nrows; i++)
	{
		if (i % ROWS_PER_CHECK == 0)
			CHECK_FOR_INTERRUPTS();
		if (!isnan(values[i]))
			sorted[n++] = (PlacedValue){values[i], i};
	}
	sort_placed(sorted, n);
	for (int64 i = 1; i <= n; i++)
	{
		if (i % ROWS_PER_CHECK == 0)
			CHECK_FOR_INTERRUPTS();
		if (i < n && sorted[i].value == sorted[start].value)
			continue;
		twice = (double) (start + 1 + i);
		for (; start < i; start++)
			values[sorted[start].row] = twice;
	}
	pfree(sorted);
}

void
rank_part(const TeamMember *me pg_attribute_unused(), const void *arguments)
{
	const RankTask   *task = arguments;
	Rows              rows = shared_rows_find(&task->rows);
	pg_atomic_uint32 *next = share_address(task->next);
	double           *values = look_buffer(&rows);
	uint32            column;

	while ((column = pg_atomic_fetch_add_u32(next, 1)) < (uint32) rows.ncolumns)
	{
		look_gather(&rows, column, values);
		rank_values(values, rows.nrows);
		look_scatter(&rows, column, values);
	}
	pfree(values);
	pfree(rows.chunks);
}

/*
 * The values of n rows are twice the ranks among nrows: makes them twice those
 * among the n.  Different values differ by 2 at least, so half of each is a
 * place of its own in counts, which has room for nrows.
 */
static void
rank_again(double *ranks, int64 n, int64 *counts, int64 nrows)
{
	int64 below = 0;

	memset(counts, 0, sizeof(int64) * nrows);
	for (int64 i = 0; i < n; i++)
	{
		if (i % ROWS_PER_CHECK == 0)
			CHECK_FOR_INTERRUPTS();
		counts[(int64) ranks[i] / 2 - 1]++;
	}
	for (int64 i = 0; i < nrows; i++)
	{
		int64 equal = counts[i];

		counts[i] = 2 * below + equal + 1;
		if (i % ROWS_PER_CHECK == 0)
			CHECK_FOR_INTERRUPTS();
		below += equal;
	}
	for (int64 i = 0; i < n; i++)
	{
		if (i % ROWS_PER_CHECK == 0)
			CHECK_FOR_INTERRUPTS();
		ranks[i] = (double) counts[(int64) ranks[i] / 2 - 1];
	}
}

/*
 * Sums of products of twice the ranks' deviations from their mean; the mean of
 * twice the ranks of n rows is n + 1.
 */
static double
rank_coefficient(const double *x, const double *y, int64 n)
{
	double   largest = (double) n * (double) n;
	double   products[3][EXACT_SUM_BATCH];
	ExactSum sums[3];

	for (int i = 0; i < 3; i++)
		exact_sum_init(&sums[i]);
	for (int64 start = 0; start < n; start += EXACT_SUM_BATCH)
	{
		int count = (int) Min(n - start, EXACT_SUM_BATCH);

		CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < count; i++)
		{
			double of_x = x[start + i] - (double) (n + 1);
			double of_y = y[start + i] - (double) (n + 1);

			products[0][i] = of_x * of_y;
			products[1][i] = of_x * of_x;
			products[2][i] = of_y * of_y;
		}
		for (int i = 0; i < 3; i++)
			exact_sum_add_values(&sums[i], products[i], count, largest);
	}
	return pearson(exact_sum_mean(&sums[0], n), exact_sum_mean(&sums[1], n), exact_sum_mean(&sums[2], n));
}

/*
 * x and y are two columns' ranks, of which those in y are overwritten, like
 * other, which gets those of x where that is needed.
 */
static double
correlate_ranks(const double *x, double *y, double *other, int64 *counts, int64 nrows)
{
	int64 n = 0;

	for (int64 i = 0; i < nrows; i++)
	{
		if (i % ROWS_PER_CHECK == 0)
			CHECK_FOR_INTERRUPTS();
		other[n] = x[i];
		y[n] = y[i];
		n += !isnan(x[i]) & !isnan(y[n]);
	}
	if (n < 2)
		return get_float8_nan();
	if (n < nrows)
	{
		rank_again(other, n, counts, nrows);
		rank_again(y, n, counts, nrows);
	}
	return rank_coefficient(other, y, n);
}

void
correlate_part(const TeamMember *me pg_attribute_unused(), const void *arguments)
{
	const RankTask   *task = arguments;
	Rows              rows = shared_rows_find(&task->rows);
	pg_atomic_uint32 *next = share_address(task->next);
	double           *r = share_address(task->r);
	double           *of_x = look_buffer(&rows);
	double           *of_y = look_buffer(&rows);
	double           *other = look_buffer(&rows);
	int64            *counts = (int64 *) look_buffer(&rows);
	uint32            x;

	while ((x = pg_atomic_fetch_add_u32(next, 1)) < (uint32) rows.ncolumns)
	{
		look_gather(&rows, x, of_x);
		for (int y = x; y < rows.ncolumns; y++)
		{
			look_gather(&rows, y, of_y);
			put_coefficient(r, rows.ncolumns, x, y, correlate_ranks(of_x, of_y, other, counts, rows.nrows));
		}
	}
	pfree(of_x);
	pfree(of_y);
	pfree(other);
	pfree(counts);
	pfree(rows.chunks);
}

static void
run_rank_task(const RowSource *source, TeamTask kind, RankTask *task)
{
	task->next = share_create(source->set, sizeof(pg_atomic_uint32));
	pg_atomic_init_u32(share_address(task->next), 0);
	team_run(source->team, kind, task, sizeof(*task));
	share_free(source->set, task->next);
}

static void
rank_sample(Look *look, RowSource *source)
{
	int64 megabytes = look_megabytes(look, source->nrows);

	source->rows = look_sample(look, source->nrows);
	if (source->rows == NULL || source->rows->nrows < 2)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg(INT64_FORMAT " rows of %d columns take " INT64_FORMAT " MB of memory, more than segment.work_mem allows, and relation \"%s\" has no random sample for want of a key",
						source->nrows, look->recipe.ncolumns, megabytes, look->relation),
				 errhint("Set segment.work_mem to that size, name fewer columns, or use method => 'pearson'.")));
	ereport(NOTICE,
			(errmsg(INT64_FORMAT " rows of %d columns take " INT64_FORMAT " MB of memory, more than segment.work_mem allows: ranks are those in a random sample of " INT64_FORMAT " rows",
					source->nrows, look->recipe.ncolumns, megabytes, source->rows->nrows),
			 errdetail("The standard error of a coefficient is about %.1g at most.",
					   1 / sqrt((double) source->rows->nrows)),
			 errhint("To rank all rows, set segment.work_mem to that size.")));
	look_begin(look, source);
}

void
correlate_by_rank(Look *look, RowSource *source, double *r)
{
	int      ncolumns = look->recipe.ncolumns;
	Size     size = sizeof(double) * ncolumns * ncolumns;
	RankTask task;

	if (source->rows == NULL)
		rank_sample(look, source);
	task = (RankTask){.rows = shared_rows(source), .r = share_create(source->set, size)};
	run_rank_task(source, rank_part, &task);
	run_rank_task(source, correlate_part, &task);
	memcpy(r, share_address(task.r), size);
	share_free(source->set, task.r);
}
