/*-------------------------------------------------------------------------
 *
 * correlate.c
 *	  How columns go together, pair by pair.
 *
 * A pair's rows are those in which both columns have a value.
 *
 * Pearson's coefficient comes from exact sums of products of deviations from
 * the columns' means.  A missing value deviates by 0, which leaves it out of the
 * sum of products; sums of one column over the rows in which another is present
 * are products with a mask.  So everything is a sum of products of two vectors.
 * Where nothing is missing, which is usual, only that of the two columns is
 * needed, for the rest is the same as in the columns' products with themselves.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "explore/correlate.h"
#include "number/pearson.h"
#include "number/moments.h"

/* pairs of one pass, whose state has some three kilobytes for each */
#define PASS_PAIRS 4096

/* bytes of deviations worked on at once, as the second-level cache holds them */
#define BATCH_BYTES (512 * 1024)

/* a variance is rounding only if it is below this share of the mean square */
#define LEAST_VARIANCE 1e-13

/* and loses digits that matter below this one */
#define DOUBTFUL_VARIANCE 1e-8

/* ---- Sums of products ---- */

/* what products_pass is told: pairs from .. to - 1, and this of each column */
typedef struct ProductsColumn
{
	SpreadCentre centre;
	bool         complete;
} ProductsColumn;

typedef struct ProductsRound
{
	int64          from;
	int64          to;
	ProductsColumn columns[FLEXIBLE_ARRAY_MEMBER];
} ProductsRound;

/*
 * Its state is one of these a pair.  Sums of x and xx are over the rows in
 * which y is present, and the other way round; those of a pair that takes them
 * from elsewhere are left out.
 */
typedef struct PairSums
{
	int64    n;
	ExactSum xy;
	ExactSum x;
	ExactSum xx;
	ExactSum y;
	ExactSum yy;
} PairSums;

typedef struct Pair
{
	int x;
	int y;
} Pair;

/*
 * First each column with itself, then the pairs (0, 1), (0, 2), ...
 */
static Pair
pair_of(int64 number, int ncolumns)
{
	Pair pair = {.x = 0};

	if (number < ncolumns)
		return (Pair){(int) number, (int) number};
	for (number -= ncolumns; number >= ncolumns - 1 - pair.x; pair.x++)
		number -= ncolumns - 1 - pair.x;
	pair.y = pair.x + 1 + (int) number;
	return pair;
}

static Pair
next_pair(Pair pair, int ncolumns)
{
	if (pair.x == pair.y)
		return pair.x + 1 < ncolumns ? (Pair){pair.x + 1, pair.y + 1} : (Pair){0, 1};
	return pair.y + 1 < ncolumns ? (Pair){pair.x, pair.y + 1} : (Pair){pair.x + 1, pair.x + 2};
}

static Size
products_state_size(const PassInput *input)
{
	const ProductsRound *round = input->extra;

	return sizeof(PairSums) * (round->to - round->from);
}

static void
products_init(const PassInput *input, void *state)
{
	memset(state, 0, products_state_size(input));
}

/* A batch of a column: deviations, 0 where missing, and where it is present. */
typedef struct Deviations
{
	double *values;
	double *squares; /* these and present: of a column that is not complete, or else NULL */
	double *present;
	double  largest; /* among the absolute values */
} Deviations;

static void
add_products(ExactSum *sum, const double *a, const double *b, int n, double largest)
{
	double products[PASS_ROWS];

	if (largest == 0)
		return;
	for (int i = 0; i < n; i++)
		products[i] = a[i] * b[i];
	exact_sum_add_values(sum, products, n, largest);
}

static void
add_pair(PairSums *sums, const Deviations *x, const Deviations *y, int n)
{
	double both = x->largest * y->largest;

	add_products(&sums->xy, x->values, y->values, n, both);
	if (x == y)
		exact_sum_add_values(&sums->x, x->values, n, x->largest);
	else if (x->present != NULL || y->present != NULL)
	{
		int64 rows = 0;

		for (int i = 0; i < n; i++)
			rows += (x->present == NULL || x->present[i] > 0) &
					(y->present == NULL || y->present[i] > 0);
		sums->n += rows;
	}
	if (x != y && y->present != NULL)
	{
		add_products(&sums->x, x->values, y->present, n, x->largest);
		add_products(&sums->xx, x->squares, y->present, n, x->largest * x->largest);
	}
	if (x != y && x->present != NULL)
	{
		add_products(&sums->y, y->values, x->present, n, y->largest);
		add_products(&sums->yy, y->squares, x->present, n, y->largest * y->largest);
	}
}

static void
deviate(const ProductsColumn *column, int n, Deviations *deviations)
{
	double *values = deviations->values;
	double  scale = column->centre.scale;
	double  centre = column->centre.centre * scale;

	for (int i = 0; i < n && deviations->present != NULL; i++)
		deviations->present[i] = isnan(values[i]) ? 0 : 1;
	for (int i = 0; i < n; i++)
		values[i] = isnan(values[i]) ? 0 : values[i] * scale - centre;
	deviations->largest = 0;
	for (int i = 0; i < n; i++)
		deviations->largest = Max(deviations->largest, fabs(values[i]));
	for (int i = 0; i < n && deviations->squares != NULL; i++)
		deviations->squares[i] = values[i] * values[i];
}

static int
products_add(const PassInput *input, void *state, const double *blocks, int nrows,
			 int32 *labels pg_attribute_unused())
{
	const ProductsRound *round = input->extra;
	int                  ncolumns = input->recipe->ncolumns;
	Size                 row_bytes = sizeof(double) * 3 * ncolumns;
	int                  batch = Max((int) (BATCH_BYTES / row_bytes / KERNEL_LANES), 8) * KERNEL_LANES;
	Deviations          *columns = palloc(sizeof(Deviations) * ncolumns);
	double              *memory;

	batch = Min(batch, PASS_ROWS);
	memory = palloc(row_bytes * batch);
	for (int start = 0; start < nrows; start += batch)
	{
		int  n = Min(batch, nrows - start);
		Pair pair = pair_of(round->from, ncolumns);

		for (int i = 0; i < ncolumns; i++)
		{
			double *room = memory + (Size) 3 * batch * i;

			columns[i] = (Deviations){.values = room, .squares = room + batch};
			if (!round->columns[i].complete)
				columns[i].present = room + 2 * batch;
			(void) recipe_raw_values(input->recipe, i, blocks + (Size) start * ncolumns, n, NULL, room);
			deviate(&round->columns[i], n, &columns[i]);
		}
		CHECK_FOR_INTERRUPTS();
		for (int64 number = round->from; number < round->to; number++)
		{
			add_pair((PairSums *) state + number - round->from, &columns[pair.x], &columns[pair.y], n);
			pair = next_pair(pair, ncolumns);
		}
	}
	pfree(memory);
	pfree(columns);
	return nrows;
}

static void
products_merge(const PassInput *input, void *state, const void *other)
{
	const ProductsRound *round = input->extra;
	PairSums            *to = state;
	const PairSums      *from = other;

	for (int64 i = 0; i < round->to - round->from; i++)
	{
		to[i].n += from[i].n;
		exact_sum_merge(&to[i].xy, &from[i].xy);
		exact_sum_merge(&to[i].x, &from[i].x);
		exact_sum_merge(&to[i].xx, &from[i].xx);
		exact_sum_merge(&to[i].y, &from[i].y);
		exact_sum_merge(&to[i].yy, &from[i].yy);
	}
}

const Pass products_pass = {"products", pass_open, products_state_size, products_init, products_add,
							products_merge};

/* ---- Pearson ---- */

/* means of a column's deviations, and of their squares */
typedef struct ColumnMeans
{
	double deviation;
	double square;
} ColumnMeans;

static double
variance_of(ColumnMeans means)
{
	double variance = means.square - means.deviation * means.deviation;

	return variance > LEAST_VARIANCE * means.square ? variance : 0;
}

static double
coefficient(double product, ColumnMeans x, ColumnMeans y)
{
	return pearson(product - x.deviation * y.deviation, variance_of(x), variance_of(y));
}

/*
 * Do a pair's values of a column lie so near to each other, and so far from the
 * mean of the whole column, that their deviations hardly tell them apart?
 */
static bool
is_doubtful(ColumnMeans means)
{
	return means.square - means.deviation * means.deviation < DOUBTFUL_VARIANCE * means.square;
}

static void
move_centre(SpreadCentre *centre, ColumnMeans means)
{
	if (is_doubtful(means))
		centre->centre += means.deviation / centre->scale;
}

/*
 * Sets what a pair has of its columns.  A column of which the other leaves
 * nothing out keeps its means.  False if the pair has no two rows.
 */
static bool
pair_means(const ProductsRound *round, const PairSums *sums, Pair pair, int64 nrows, ColumnMeans *x,
		   ColumnMeans *y, double *product)
{
	bool  x_complete = round->columns[pair.x].complete;
	bool  y_complete = round->columns[pair.y].complete;
	int64 n = x_complete && y_complete ? nrows : sums->n;

	if (n < 2)
		return false;
	if (!y_complete)
		*x = (ColumnMeans){exact_sum_mean(&sums->x, n), exact_sum_mean(&sums->xx, n)};
	if (!x_complete)
		*y = (ColumnMeans){exact_sum_mean(&sums->y, n), exact_sum_mean(&sums->yy, n)};
	*product = exact_sum_mean(&sums->xy, n);
	return true;
}

/*
 * Deviations that are doubtful are taken once more from the mean of the pair's
 * own rows, and again if that mean was too far off to be told exactly.
 */
static void
correlate_pair(const RowSource *source, const PassInput *input, int64 number, Pair pair,
			   const PairSums *sums, const ColumnMeans *means, double *r)
{
	int            ncolumns = input->recipe->ncolumns;
	ColumnMeans    x = means[pair.x];
	ColumnMeans    y = means[pair.y];
	ProductsRound *round = NULL;
	PassInput      again = *input;
	double         product;

	if (!pair_means(input->extra, sums, pair, source->nrows, &x, &y, &product))
		return;
	for (int i = 0; i < 2 && (is_doubtful(x) || is_doubtful(y)); i++)
	{
		if (round == NULL)
		{
			again.extra = round = palloc(input->extra_size);
			memcpy(round, input->extra, input->extra_size);
			round->from = number;
			round->to = number + 1;
		}
		move_centre(&round->columns[pair.x].centre, x);
		move_centre(&round->columns[pair.y].centre, y);
		(void) pair_means(round, pass_run(source, &products_pass, &again, (Share){0}), pair, source->nrows,
						  &x, &y, &product);
	}
	put_coefficient(r, ncolumns, pair.x, pair.y, coefficient(product, x, y));
}

/*
 * A column with itself: 1, unless it is constant.
 */
static void
take_column_means(const PairSums *sums, const Census *census, int x, int ncolumns, ColumnMeans *means,
				  double *r)
{
	means[x] = (ColumnMeans){exact_sum_mean(&sums->x, census->values.n),
							 exact_sum_mean(&sums->xy, census->values.n)};
	if (census->values.min < census->values.max)
		put_coefficient(r, ncolumns, x, x, 1);
}

static void
correlate_values(const Look *look, const RowSource *source, const Census *census, double *r)
{
	int            ncolumns = look->recipe.ncolumns;
	int64          npairs = (int64) ncolumns * (ncolumns + 1) / 2;
	Size           size = offsetof(ProductsRound, columns) + sizeof(ProductsColumn) * ncolumns;
	ProductsRound *round = palloc0(size);
	PassInput      input = {.recipe = &look->recipe, .extra = round, .extra_size = size};
	ColumnMeans   *means = palloc(sizeof(ColumnMeans) * ncolumns);
	Pair           pair = {0, 0};

	for (int i = 0; i < ncolumns; i++)
	{
		Moments moments;

		spread_location(&census[i].values, &moments);
		if (moments.n > 0)
			round->columns[i].centre = spread_centre(moments.mean, moments.min, moments.max);
		round->columns[i].complete = census[i].missing == 0;
	}
	for (; round->from < npairs; round->from = round->to)
	{
		PairSums *sums;

		/* the columns with themselves first, for their means are asked for */
		round->to = round->from == 0 ? ncolumns : Min(round->from + PASS_PAIRS, npairs);
		sums = pass_run(source, &products_pass, &input, (Share){0});
		for (int64 number = round->from; number < round->to; number++)
		{
			const PairSums *mine = &sums[number - round->from];

			if (pair.x == pair.y)
				take_column_means(mine, &census[pair.x], pair.x, ncolumns, means, r);
			else
				correlate_pair(source, &input, number, pair, mine, means, r);
			pair = next_pair(pair, ncolumns);
		}
		pfree(sums);
	}
}

/* ---- The job ---- */

void
correlate_all(Look *look, void *argument)
{
	CorrelateJob *job = argument;
	int           ncolumns = look->recipe.ncolumns;
	RowSource     source;
	Census       *census;

	for (int i = 0; i < ncolumns * ncolumns; i++) /* columns of a query are few */
		job->r[i] = get_float8_nan();
	census = look_read(look, &source);
	look_check_finite(look, census);
	if (job->ranks)
		correlate_by_rank(look, &source, job->r);
	else
		correlate_values(look, &source, census, job->r);
	look_done(&source);
}
