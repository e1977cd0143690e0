/*
 * How columns go together, pair by pair.
 *
 * A pair's rows are those in which both columns have a value.
 *
 * Pearson's coefficient comes from exact sums of products of deviations from
 * the columns' means.  A missing value deviates by 0, which leaves it out of the
 * sum of products; sums of one column over the rows in which another is present
 * are products with a mask.  So everything is a sum of products of two vectors.
 * Where nothing is missing, which is usual, only that of the two columns is
 * needed, for the rest is the same as in the columns' products with themselves.
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "explore/correlate.h"
#include "number/moments.h"
#include "number/pearson.h"
#include "number/several_cpus.h"

/* products of one pass, whose state has half a kilobyte for each */
#define MOST_TERMS 32768

/* the most of a pair */
#define PAIR_TERMS 6

/* a variance is rounding only if it is below this share of the mean square */
#define LEAST_VARIANCE 1e-13

/* and loses digits that matter below this one */
#define DOUBTFUL_VARIANCE 1e-8

/* ---- Sums of products ---- */

/* the vectors of a column: deviations, 0 where missing, 1 where present, and their squares */
enum
{
	DEVIATIONS,
	PRESENT,
	SQUARES,
	KINDS
};

/* a product of vectors, which are numbered kind by kind */
typedef struct Term
{
	int x;
	int y;
} Term;

/* what products_pass is told; its state is an exact sum a term */
typedef struct ProductsRound
{
	int          nkinds; /* 1 where nothing is missing */
	int          nterms;
	SpreadCentre centres[FLEXIBLE_ARRAY_MEMBER]; /* of each column; the terms follow */
} ProductsRound;

static Size
round_size(int ncolumns, int nterms)
{
	return offsetof(ProductsRound, centres) + sizeof(SpreadCentre) * ncolumns + sizeof(Term) * nterms;
}

static Term *
round_terms(const ProductsRound *round, int ncolumns)
{
	return (Term *) (round->centres + ncolumns);
}

static Size
products_state_size(const PassInput *input)
{
	const ProductsRound *round = input->extra;

	return sizeof(ExactSum) * round->nterms;
}

static void
products_init(const PassInput *input, void *state)
{
	memset(state, 0, products_state_size(input));
}

FOR_SEVERAL_CPUS static void
multiply_values(const double *x, const double *y, int n, double *products)
{
	for (int i = 0; i < n; i++)
		products[i] = x[i] * y[i];
}

/*
 * Replaces n values by their deviations and returns the largest of these.
 */
FOR_SEVERAL_CPUS static double
deviate(double *values, int n, SpreadCentre centre)
{
	double offset = centre.centre * centre.scale;
	double largest = 0;

	for (int i = 0; i < n; i++)
	{
		double deviation = values[i] * centre.scale - offset;

		values[i] = deviation == deviation ? deviation : 0;
	}
	for (int i = 0; i < n; i++)
		largest = fabs(values[i]) > largest ? fabs(values[i]) : largest;
	return largest;
}

static int
products_add(const PassInput *input, void *state, const double *blocks, int nrows,
			 int32 *labels pg_attribute_unused())
{
	const ProductsRound *round = input->extra;
	int                  ncolumns = input->recipe->nfeatures;
	const Term          *terms = round_terms(round, ncolumns);
	int                  batch = look_batch(round->nkinds * ncolumns);
	Size                 kind = (Size) batch * ncolumns;
	double              *vectors = palloc(sizeof(double) * round->nkinds * kind);
	double              *products = palloc(sizeof(double) * batch);
	double              *largest = palloc(sizeof(double) * round->nkinds * ncolumns);
	int                  used = 0;

	for (int start = 0; start < nrows; start += batch)
	{
		int n = look_values(input->recipe, blocks + (Size) start * input->recipe->ncolumns,
							Min(batch, nrows - start), vectors, batch);

		for (int i = 0; i < ncolumns; i++)
		{
			double *values = vectors + (Size) batch * i;

			for (int row = 0; row < n && round->nkinds > 1; row++)
				values[PRESENT * kind + row] = isnan(values[row]) ? 0 : 1;
			largest[i] = deviate(values, n, round->centres[i]);
			if (round->nkinds == 1)
				continue;
			multiply_values(values, values, n, values + SQUARES * kind);
			largest[PRESENT * ncolumns + i] = 1;
			largest[SQUARES * ncolumns + i] = largest[i] * largest[i];
		}
		for (int i = 0; i < round->nterms; i++)
		{
			double bound = largest[terms[i].x] * largest[terms[i].y];

			if (i % 1024 == 0)
				CHECK_FOR_INTERRUPTS();
			if (bound == 0)
				continue;
			multiply_values(vectors + (Size) batch * terms[i].x, vectors + (Size) batch * terms[i].y, n, products);
			exact_sum_add_values((ExactSum *) state + i, products, n, bound);
		}
		used += n;
	}
	pfree(vectors);
	pfree(products);
	pfree(largest);
	return used;
}

static void
products_merge(const PassInput *input, void *state, const void *other)
{
	const ProductsRound *round = input->extra;

	for (int i = 0; i < round->nterms; i++)
		exact_sum_merge((ExactSum *) state + i, (const ExactSum *) other + i);
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

typedef struct Correlation
{
	const RowSource *source;
	const Recipe    *recipe;
	const Census    *census;
	ProductsRound   *round;
	ColumnMeans     *means;
	double          *stddev;
	double          *r;
} Correlation;

static double
variance_of(ColumnMeans means)
{
	double variance = means.square - means.deviation * means.deviation;

	return variance > LEAST_VARIANCE * means.square ? variance : 0;
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

static ExactSum *
sum_products(const Correlation *work, const ProductsRound *round)
{
	PassInput input = {
		.recipe = work->recipe,
		.extra = round,
		.extra_size = round_size(work->recipe->nfeatures, round->nterms)};

	return pass_run(work->source, &products_pass, &input, (Share){0});
}

/*
 * A column of which the other leaves nothing out keeps its means.
 */
static void
add_terms(const Correlation *work, ProductsRound *round, int x, int y)
{
	int   n = work->recipe->nfeatures;
	bool  x_missing = x != y && work->census[x].missing > 0;
	bool  y_missing = x != y && work->census[y].missing > 0;
	Term *term = round_terms(round, n) + round->nterms;

	*term++ = (Term){x, y};
	if (y_missing)
	{
		*term++ = (Term){x, PRESENT * n + y};
		*term++ = (Term){SQUARES * n + x, PRESENT * n + y};
	}
	if (x_missing)
	{
		*term++ = (Term){y, PRESENT * n + x};
		*term++ = (Term){SQUARES * n + y, PRESENT * n + x};
	}
	if (x_missing && y_missing)
		*term++ = (Term){PRESENT * n + x, PRESENT * n + y};
	round->nterms = (int) (term - round_terms(round, n));
}

/*
 * Sets what a pair has of its columns, of the sums of these terms.  False if it
 * has no two rows.
 */
static bool
pair_means(const Correlation *work, Term pair, const ExactSum *sums, ColumnMeans *x, ColumnMeans *y,
		   double *product)
{
	const Census   *of_x = &work->census[pair.x];
	const Census   *of_y = &work->census[pair.y];
	const ExactSum *sums_y = of_y->missing > 0 ? sums + 2 : sums;
	double          n = (double) Min(of_x->values.n, of_y->values.n);

	if (of_x->missing > 0 && of_y->missing > 0)
		n = exact_sum_value(&sums[PAIR_TERMS - 1]);
	if (n < 2)
		return false;
	if (of_y->missing > 0)
		*x = (ColumnMeans){exact_sum_mean(&sums[1], n), exact_sum_mean(&sums[2], n)};
	if (of_x->missing > 0)
		*y = (ColumnMeans){exact_sum_mean(&sums_y[1], n), exact_sum_mean(&sums_y[2], n)};
	*product = exact_sum_mean(&sums[0], n);
	return true;
}

/*
 * Deviations that are doubtful are taken once more from the mean of the pair's
 * own rows, and again if that mean was too far off to be told exactly.
 */
static void
correlate_pair(const Correlation *work, Term pair, const ExactSum *sums)
{
	int            ncolumns = work->recipe->nfeatures;
	ColumnMeans    x = work->means[pair.x];
	ColumnMeans    y = work->means[pair.y];
	ProductsRound *again = NULL;
	double         product;

	if (!pair_means(work, pair, sums, &x, &y, &product))
		return;
	for (int i = 0; i < 2 && (is_doubtful(x) || is_doubtful(y)); i++)
	{
		if (again == NULL)
		{
			again = palloc(round_size(ncolumns, PAIR_TERMS));
			memcpy(again, work->round, round_size(ncolumns, 0));
			again->nterms = 0;
			add_terms(work, again, pair.x, pair.y);
		}
		move_centre(&again->centres[pair.x], x);
		move_centre(&again->centres[pair.y], y);
		(void) pair_means(work, pair, sum_products(work, again), &x, &y, &product);
	}
	put_coefficient(work->r, ncolumns, pair.x, pair.y,
					pearson(product - x.deviation * y.deviation, variance_of(x), variance_of(y)));
}

/*
 * A column with itself: 1, unless it is constant.
 */
static void
take_column(const Correlation *work, int x, const ExactSum *square)
{
	const Spread *spread = &work->census[x].values;
	SpreadCentre  centre = work->round->centres[x];

	work->means[x] = (ColumnMeans){spread_deviation(spread, centre), exact_sum_mean(square, (double) spread->n)};
	work->stddev[x] = 0;
	if (spread->min >= spread->max)
		return;
	work->stddev[x] = sqrt(variance_of(work->means[x])) / centre.scale;
	put_coefficient(work->r, work->recipe->nfeatures, x, x, 1);
}

static void
finish_round(const Correlation *work)
{
	int         ncolumns = work->recipe->nfeatures;
	const Term *terms = round_terms(work->round, ncolumns);
	ExactSum   *sums = sum_products(work, work->round);

	for (int i = 0; i < work->round->nterms; i++)
	{
		if (terms[i].x >= ncolumns || terms[i].y >= ncolumns)
			continue;
		CHECK_FOR_INTERRUPTS();
		if (terms[i].x == terms[i].y)
			take_column(work, terms[i].x, &sums[i]);
		else
			correlate_pair(work, terms[i], &sums[i]);
	}
	work->round->nterms = 0;
	pfree(sums);
}

static void
add_pair(const Correlation *work, int x, int y)
{
	if (work->round->nterms + PAIR_TERMS > MOST_TERMS)
		finish_round(work);
	add_terms(work, work->round, x, y);
}

void
correlate_values(const Look *look, const RowSource *source, const Census *census, double *stddev, double *r)
{
	int            ncolumns = look->recipe.nfeatures;
	ProductsRound *round = palloc0(round_size(ncolumns, MOST_TERMS));
	Correlation    work = {
		   .source = source,
		   .recipe = &look->recipe,
		   .census = census,
		   .round = round,
		   .means = palloc(sizeof(ColumnMeans) * ncolumns),
		   .stddev = stddev,
		   .r = r};

	for (Size i = 0; i < (Size) ncolumns * ncolumns; i++)
		r[i] = get_float8_nan();
	round->nkinds = 1;
	for (int i = 0; i < ncolumns; i++)
	{
		const Spread *values = &census[i].values;

		if (values->min < values->max) /* or else nothing deviates */
			round->centres[i] = spread_centre(exact_sum_mean(&values->sum, (double) values->n), values->min, values->max);
		if (census[i].missing > 0)
			round->nkinds = KINDS;
	}

	/* the columns with themselves first, for their means are asked for */
	for (int x = 0; x < ncolumns; x++)
		add_pair(&work, x, x);
	for (int x = 0; x < ncolumns; x++)
		for (int y = x + 1; y < ncolumns; y++)
			add_pair(&work, x, y);
	finish_round(&work);
}

/* ---- The job ---- */

void
correlate_all(Look *look, void *argument)
{
	CorrelateJob *job = argument;
	RowSource     source;
	Census       *census = look_read(look, &source);

	look_check_finite(look, census);
	if (job->ranks)
		correlate_by_rank(look, &source, job->r);
	else
		correlate_values(look, &source, census, palloc(sizeof(double) * look->recipe.ncolumns), job->r);
	look_done(&source);
}
