/*
 * Reference sets: rows without groups that are otherwise like those of a sample.
 *
 * A silhouette means nothing by itself: a uniform square has 0.52, a line 0.61.
 * So it is compared with that of sets which have no groups.  No one kind of set
 * will do for every sample:
 *
 *	- uniform in the box along the principal axes (R. Tibshirani, G. Walther and
 *	  T. Hastie, "Estimating the number of clusters in a data set via the gap
 *	  statistic", J. R. Statist. Soc. B 63, 2001): nothing that is bounded and
 *	  even has a higher silhouette.  But tails have, those of lognormal values, say;
 *	- the sample's margins and correlations by a Gaussian copula: normal scores
 *	  with the correlations of the sample's (B. L. van der Waerden, 1952) become
 *	  values of each feature.  Its quantiles of 10, 50 and 90 % are those of a
 *	  g distribution (J. W. Tukey, 1977: m + b (e^(gz) - 1) / g with a standard
 *	  normal z), which has one mode and includes the normal and the lognormal.  A
 *	  feature of few values, or of one that most rows have, keeps its own quantiles;
 *	- the sample itself, with the gaps between its clusters filled: for rings,
 *	  spheres and other bent shapes, which are like neither of the above.
 */
#include "postgres.h"

#include <math.h>

#include "common/hashfn.h"
#include "miscadmin.h"

#include "cluster/reference.h"
#include "number/bits.h"
#include "number/eigen.h"
#include "number/several_cpus.h"

/* a feature with fewer distinct values in the sample keeps them */
#define FEW_VALUES 12

/* of the standard normal distribution at 90 % */
#define NORMAL_90 1.2815515655446004

/* the shape of a g distribution that is as good as normal, and the most extreme one */
#define LEAST_SHAPE 1e-3
#define MOST_SHAPE 3.0

struct Reference
{
	int     n;
	int     nfeatures;
	bool    spherical;
	double *values; /* n x features: the sample */

	/* the box: features each, the axes by rows */
	double *mean;
	double *axes; /* features x axes */
	double *low;
	double *high;

	/* margins: sorted values, features x n; of the g distribution b and g, b = 0: none */
	double *sorted;
	double *spread;
	double *shape;
	bool    smooth; /* any of them */
	double *factor; /* of the normal scores' correlations: lower triangle, features x features */
};

/* ---- Random numbers ---- */

typedef struct Random
{
	uint64 state;
} Random;

static Random
random_start(int64 seed, int kind, int number)
{
	return (Random){hash_combine64(mix_bits((uint64) seed + 1), ((uint64) kind << 32) | (uint64) number)};
}

/* SplitMix64 (G. L. Steele, D. Lea and C. H. Flood, 2014), with another finaliser */
static inline uint64
random_bits(Random *random)
{
	random->state += UINT64CONST(0x9e3779b97f4a7c15);
	return mix_bits(random->state);
}

/* between 0 and 1, neither of them */
static inline double
random_uniform(Random *random)
{
	return ((double) (random_bits(random) >> 12) + 0.5) * 0x1p-52;
}

/* G. E. P. Box and M. E. Muller (1958) */
static inline double
random_normal(Random *random)
{
	double radius = sqrt(-2 * log(random_uniform(random)));

	return radius * cos(2 * M_PI * random_uniform(random));
}

/* the share of a standard normal distribution below z */
static inline double
normal_share(double z)
{
	return 0.5 * erfc(-z * M_SQRT1_2);
}

/* where so large a share is below, by Newton's method */
static double
normal_quantile(double share)
{
	double z = 0;

	for (int i = 0; i < 50; i++)
	{
		double step = (normal_share(z) - share) * sqrt(2 * M_PI) * exp(z * z / 2);

		z -= Min(Max(step, -1), 1);
		if (fabs(step) < 1e-12)
			break;
	}
	return z;
}

/* ---- Several rows at once ---- */

/* as many rows as hide how long an addition takes */
#define ROWS_AT_ONCE 32

/*
 * results[f * ROWS_AT_ONCE + row], d features of some rows: start[f], or 0, and the products of
 * row f of a matrix, d x d or its lower triangle, with the row's d values, added
 * one after the other.
 */
FOR_SEVERAL_CPUS static void
multiply(const double *matrix, int d, bool triangle, const double *start, const double *values, double *results)
{
	for (int f = 0; f < d; f++)
	{
		const double *factors = matrix + (Size) f * d;
		int           n = triangle ? f + 1 : d;
		double        sums[ROWS_AT_ONCE];

		for (int row = 0; row < ROWS_AT_ONCE; row++)
			sums[row] = start != NULL ? start[f] : 0;
		for (int g = 0; g < n; g++)
		{
			const double *value = values + (Size) g * ROWS_AT_ONCE;

			for (int row = 0; row < ROWS_AT_ONCE; row++)
				sums[row] += factors[g] * value[row];
		}
		memcpy(results + (Size) f * ROWS_AT_ONCE, sums, sizeof(sums));
	}
}

/* ---- The box ---- */

static void
fit_box(Reference *reference)
{
	int     d = reference->nfeatures;
	double *products = palloc0(sizeof(double) * d * d);
	double *axes = palloc(sizeof(double) * d * d);
	double *centred = palloc0(sizeof(double) * d * ROWS_AT_ONCE);
	double *places = palloc(sizeof(double) * d * ROWS_AT_ONCE);

	reference->mean = palloc0(sizeof(double) * d);
	reference->axes = palloc(sizeof(double) * d * d);
	reference->low = palloc(sizeof(double) * d);
	reference->high = palloc(sizeof(double) * d);
	for (int row = 0; row < reference->n; row++)
		for (int f = 0; f < d; f++)
			reference->mean[f] += reference->values[(Size) row * d + f] / reference->n;
	for (int row = 0; row < reference->n; row++)
	{
		const double *x = reference->values + (Size) row * d;

		CHECK_FOR_INTERRUPTS();
		for (int f = 0; f < d; f++)
			for (int g = 0; g < d; g++)
				products[f * d + g] += (x[f] - reference->mean[f]) * (x[g] - reference->mean[g]);
	}
	eigen_all(products, d, axes);
	for (int a = 0; a < d; a++)
	{
		reference->low[a] = INFINITY;
		reference->high[a] = -INFINITY;
		for (int f = 0; f < d; f++)
			reference->axes[f * d + a] = axes[a * d + f];
	}
	for (int first = 0; first < reference->n; first += ROWS_AT_ONCE)
	{
		int n = Min(reference->n - first, ROWS_AT_ONCE);

		CHECK_FOR_INTERRUPTS();
		for (int row = 0; row < n; row++)
			for (int f = 0; f < d; f++)
				centred[f * ROWS_AT_ONCE + row] = reference->values[(Size) (first + row) * d + f] - reference->mean[f];
		multiply(axes, d, false, NULL, centred, places);
		for (int a = 0; a < d; a++)
			for (int row = 0; row < n; row++)
			{
				reference->low[a] = Min(reference->low[a], places[a * ROWS_AT_ONCE + row]);
				reference->high[a] = Max(reference->high[a], places[a * ROWS_AT_ONCE + row]);
			}
	}
	pfree(products);
	pfree(axes);
	pfree(centred);
	pfree(places);
}

/* ---- Margins ---- */

static int
compare_values(const void *a, const void *b, void *values)
{
	double x = ((const double *) values)[*(const int *) a];
	double y = ((const double *) values)[*(const int *) b];

	return (x > y) - (x < y);
}

static double
quantile(const double *sorted, int n, double share)
{
	double place = share * (n - 1);
	int    below = (int) place;

	return below + 1 >= n ? sorted[n - 1] : sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]);
}

/*
 * Sorts a feature, fits its g distribution and replaces its values in scores by
 * normal scores of mean 0 and variance 1; equal values share one.
 */
static void
fit_margin(Reference *reference, int f, const double *rank_scores, double *scores)
{
	int     n = reference->n;
	double *sorted = reference->sorted + (Size) f * n;
	double *column = palloc(sizeof(double) * n);
	int    *order = palloc(sizeof(int) * n);
	int     ndistinct = 0;
	double  squares = 0;
	double  below;
	double  above;

	for (int row = 0; row < n; row++)
	{
		column[row] = reference->values[(Size) row * reference->nfeatures + f];
		order[row] = row;
	}
	qsort_arg(order, n, sizeof(int), compare_values, column);
	for (int i = 0; i < n; i++)
		sorted[i] = column[order[i]];
	for (int from = 0, to; from < n; from = to)
	{
		double sum = 0;

		for (to = from; to < n && sorted[to] == sorted[from]; to++)
			sum += rank_scores[to];
		for (int i = from; i < to; i++)
			scores[(Size) order[i] * reference->nfeatures + f] = sum / (to - from);
		squares += sum * (sum / (to - from));
		ndistinct++;
	}
	for (int row = 0; row < n && squares > 0; row++)
		scores[(Size) row * reference->nfeatures + f] /= sqrt(squares / n);

	below = quantile(sorted, n, 0.5) - quantile(sorted, n, 0.1);
	above = quantile(sorted, n, 0.9) - quantile(sorted, n, 0.5);
	reference->spread[f] = 0;
	if (ndistinct > FEW_VALUES && below > 0 && above > 0)
	{
		double shape = Min(Max(log(above / below) / NORMAL_90, -MOST_SHAPE), MOST_SHAPE);

		reference->shape[f] = fabs(shape) < LEAST_SHAPE ? 0 : shape;
		reference->spread[f] = reference->shape[f] == 0 ? (above + below) / 2 / NORMAL_90
														: above * shape / expm1(shape * NORMAL_90);
		reference->smooth = true;
	}
	pfree(column);
	pfree(order);
}

/*
 * Cholesky's factor of the correlations of scores, which may be singular: what
 * depends on earlier features has nothing of its own.
 */
static void
fit_correlations(Reference *reference, const double *scores)
{
	int     d = reference->nfeatures;
	double *factor = reference->factor = palloc0(sizeof(double) * d * d);

	for (int row = 0; row < reference->n; row++)
	{
		const double *x = scores + (Size) row * d;

		CHECK_FOR_INTERRUPTS();
		for (int f = 0; f < d; f++)
			for (int g = 0; g <= f; g++)
				factor[f * d + g] += x[f] * x[g] / reference->n;
	}
	for (int f = 0; f < d; f++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int g = 0; g <= f; g++)
		{
			double rest = factor[f * d + g];

			for (int i = 0; i < g; i++)
				rest -= factor[f * d + i] * factor[g * d + i];
			if (g == f)
				factor[f * d + f] = rest > 1e-10 ? sqrt(rest) : 0;
			else
				factor[f * d + g] = factor[g * d + g] > 0 ? rest / factor[g * d + g] : 0;
		}
	}
}

static void
fit_margins(Reference *reference)
{
	int     n = reference->n;
	int     d = reference->nfeatures;
	double *rank_scores = palloc(sizeof(double) * n);
	double *scores = palloc(sizeof(double) * n * d);

	reference->sorted = palloc(sizeof(double) * n * d);
	reference->spread = palloc(sizeof(double) * d);
	reference->shape = palloc0(sizeof(double) * d);
	for (int i = 0; i < n; i++)
		rank_scores[i] = normal_quantile((i + 0.5) / n);
	for (int f = 0; f < d; f++)
	{
		CHECK_FOR_INTERRUPTS();
		fit_margin(reference, f, rank_scores, scores);
	}
	fit_correlations(reference, scores);
	pfree(rank_scores);
	pfree(scores);
}

/*
 * The value of a feature at a normal score.
 */
static double
margin_value(const Reference *reference, int f, double score)
{
	int           n = reference->n;
	const double *sorted = reference->sorted + (Size) f * n;
	double        shape = reference->shape[f];
	double        value;

	if (reference->spread[f] == 0)
		return sorted[Min((int) (normal_share(score) * n), n - 1)];
	value = quantile(sorted, n, 0.5) + reference->spread[f] * (shape == 0 ? score : expm1(shape * score) / shape);
	return Min(Max(value, sorted[0]), sorted[n - 1]);
}

/* ---- Sets ---- */

Reference *
reference_create(const Matrix *sample, bool spherical)
{
	Reference *reference = palloc0(sizeof(Reference));
	float     *values = palloc(sizeof(float) * sample->nfeatures);

	reference->n = (int) sample->nrows;
	reference->nfeatures = sample->nfeatures;
	reference->spherical = spherical;
	reference->values = palloc(sizeof(double) * sample->nrows * sample->nfeatures);
	for (int row = 0; row < reference->n; row++)
	{
		matrix_get_row(sample, row, values);
		for (int f = 0; f < sample->nfeatures; f++)
			reference->values[(Size) row * sample->nfeatures + f] = values[f];
	}
	pfree(values);
	fit_box(reference);
	fit_margins(reference);
	return reference;
}

bool
reference_has_margins(const Reference *reference)
{
	return reference->nfeatures > 1 || reference->smooth;
}

/*
 * Puts a row whose values are stride apart.
 */
static void
put_row(const Reference *reference, Matrix *set, int row, const double *values, int stride)
{
	double squares = 0;

	for (int f = 0; f < reference->nfeatures && reference->spherical; f++)
		squares += values[f * stride] * values[f * stride];
	for (int f = 0; f < reference->nfeatures; f++)
		matrix_row(set, row)[(Size) f * KERNEL_LANES] = (float) (squares > 0 ? values[f * stride] / sqrt(squares) : values[f * stride]);
}

static Matrix *
finish_set(Matrix *set)
{
	matrix_clear_unused(set->blocks, set->nrows, set->nfeatures);
	matrix_identify(set);
	matrix_measure(set);
	return set;
}

Matrix *
reference_box(const Reference *reference, int64 seed, int number)
{
	int     d = reference->nfeatures;
	Random  random = random_start(seed, 0, number);
	Matrix *set = matrix_create(reference->n, d);
	double *places = palloc0(sizeof(double) * d * ROWS_AT_ONCE);
	double *values = palloc(sizeof(double) * d * ROWS_AT_ONCE);

	for (int first = 0; first < reference->n; first += ROWS_AT_ONCE)
	{
		int n = Min(reference->n - first, ROWS_AT_ONCE);

		CHECK_FOR_INTERRUPTS();
		for (int row = 0; row < n; row++)
			for (int a = 0; a < d; a++)
				places[a * ROWS_AT_ONCE + row] = reference->low[a] + random_uniform(&random) * (reference->high[a] - reference->low[a]);
		multiply(reference->axes, d, false, reference->mean, places, values);
		for (int row = 0; row < n; row++)
			put_row(reference, set, first + row, values + row, ROWS_AT_ONCE);
	}
	pfree(places);
	pfree(values);
	return finish_set(set);
}

Matrix *
reference_margins(const Reference *reference, int64 seed, int number)
{
	int     d = reference->nfeatures;
	Random  random = random_start(seed, 1, number);
	Matrix *set = matrix_create(reference->n, d);
	double *normals = palloc0(sizeof(double) * d * ROWS_AT_ONCE);
	double *values = palloc(sizeof(double) * d * ROWS_AT_ONCE);

	for (int first = 0; first < reference->n; first += ROWS_AT_ONCE)
	{
		int n = Min(reference->n - first, ROWS_AT_ONCE);

		CHECK_FOR_INTERRUPTS();
		for (int row = 0; row < n; row++)
			for (int f = 0; f < d; f++)
				normals[f * ROWS_AT_ONCE + row] = random_normal(&random);
		multiply(reference->factor, d, true, NULL, normals, values);
		for (int f = 0; f < d; f++)
			for (int row = 0; row < n; row++)
				values[f * ROWS_AT_ONCE + row] = margin_value(reference, f, values[f * ROWS_AT_ONCE + row]);
		for (int row = 0; row < n; row++)
			put_row(reference, set, first + row, values + row, ROWS_AT_ONCE);
	}
	pfree(normals);
	pfree(values);
	return finish_set(set);
}

Matrix *
reference_bridged(const Reference *reference, int64 seed, int number,
				  const int32_t *labels, const int32_t *second, int k)
{
	int     n = reference->n;
	int     d = reference->nfeatures;
	Random  random = random_start(seed, 2, number);
	Matrix *set = matrix_create(n, d);
	double *values = palloc(sizeof(double) * d);
	int    *first = palloc0(sizeof(int) * (k + 1)); /* of each cluster in members */
	int    *members = palloc(sizeof(int) * n);

	for (int row = 0; row < n; row++)
		first[labels[row] + 1]++;
	for (int c = 0; c < k; c++)
		first[c + 1] += first[c];
	for (int row = 0; row < n; row++)
		members[first[labels[row]]++] = row;
	memmove(first + 1, first, sizeof(int) * k);
	first[0] = 0;
	for (int row = 0; row < n; row++)
	{
		const double *from = reference->values + (Size) row * d;
		int           size = first[second[row] + 1] - first[second[row]];
		double        part = random_uniform(&random);
		const double *to = from;

		CHECK_FOR_INTERRUPTS();
		if (size > 0)
			to = reference->values + (Size) members[first[second[row]] + (int) (random_bits(&random) % (uint64) size)] * d;
		for (int f = 0; f < d; f++)
			values[f] = from[f] + part * (to[f] - from[f]);
		put_row(reference, set, row, values, 1);
	}
	pfree(values);
	pfree(first);
	pfree(members);
	return finish_set(set);
}
