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
#include "port/pg_bitutils.h"
#include "utils/float.h"

#include "cluster/reference.h"
#include "number/bits.h"
#include "number/eigen.h"
#include "number/elementary.h"
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

	/* margins, features each; of the g distribution b and g, b = 0: none */
	double *centre; /* median, least and largest value */
	double *least;
	double *most;
	double *spread;
	double *shape;
	double *places; /* features x most_steps: see step_values() */
	double *steps;
	int    *nsteps;
	int     most_steps;
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
#define RANDOM_STEP UINT64CONST(0x9e3779b97f4a7c15)

static inline uint64
random_bits(Random *random)
{
	random->state += RANDOM_STEP;
	return mix_bits(random->state);
}

/*
 * Numbers between 0 and 1, neither of them: odd multiples of 2^-53.
 */
FOR_SEVERAL_CPUS static void
random_uniforms(Random *random, int n, double *uniforms)
{
	uint64 state = random->state;

	for (int i = 0; i < n; i++)
	{
		uint64 bits = mix_bits(state + RANDOM_STEP * (uint64) (i + 1));

		uniforms[i] = double_of_bits(bits >> 12 | UINT64CONST(0x3ff) << 52) - 1 + 0x1p-53;
	}
	random->state = state + RANDOM_STEP * (uint64) n;
}

/*
 * sin(2 pi x) from -1/4 to 1/4, by its series as far as a double goes.
 */
static inline double
sine_of_turn(double x)
{
	double angle = 2 * M_PI * x;
	double z = angle * angle;
	double series = 1.0 / 51090942171709440000.0;

	series = series * z - 1.0 / 121645100408832000;
	series = series * z + 1.0 / 355687428096000;
	series = series * z - 1.0 / 1307674368000;
	series = series * z + 1.0 / 6227020800;
	series = series * z - 1.0 / 39916800;
	series = series * z + 1.0 / 362880;
	series = series * z - 1.0 / 5040;
	series = series * z + 1.0 / 120;
	series = series * z - 1.0 / 6;
	return series * z * angle + angle;
}

/*
 * Standard normal numbers, of two uniform ones each (G. E. P. Box and M. E. Muller, 1958);
 * uniforms is room for these.
 */
FOR_SEVERAL_CPUS static void
random_normals(Random *random, int n, double *uniforms, double *normals)
{
	random_uniforms(random, 2 * n, uniforms);
	for (Size i = 0; i < (Size) n; i++)
	{
		double cosine = sine_of_turn(fabs(uniforms[2 * i + 1] - 0.5) - 0.25);

		normals[i] = sqrt(-2 * log_1_plus(uniforms[2 * i] - 1)) * cosine;
	}
}

/* the share of a standard normal distribution below z */
static inline double
normal_share(double z)
{
	return 0.5 * erfc(-z * M_SQRT1_2);
}

/* where so large a share is below, by Newton's method from somewhere near */
static double
normal_quantile(double share, double near)
{
	double z = near;

	for (int i = 0; i < 50; i++)
	{
		double step = (normal_share(z) - share) * sqrt(2 * M_PI) * exp(z * z / 2);

		z -= Min(Max(step, -1), 1);
		if (fabs(step) < 1e-12)
			break;
	}
	return z;
}

/*
 * Those of the shares (i + part) / n that are not 0, from the middle to either end.
 */
static double *
normal_quantiles(int n, double part)
{
	double *quantiles = palloc(sizeof(double) * n);
	double  near = 0;

	for (int i = n / 2; i < n; i++)
		quantiles[i] = near = normal_quantile((i + part) / n, near);
	near = 0;
	for (int i = n / 2 - 1; i >= 0 && i + part > 0; i--)
		quantiles[i] = near = normal_quantile((i + part) / n, near);
	return quantiles;
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

/*
 * products[f * d + g] += the products of the d values of a row, for g <= f.
 */
FOR_SEVERAL_CPUS static void
add_products(const double *values, int d, double *products)
{
	for (int f = 0; f < d; f++)
	{
		double  factor = values[f];
		double *row = products + (Size) f * d;

		for (int g = 0; g <= f; g++)
			row[g] += factor * values[g];
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
		CHECK_FOR_INTERRUPTS();
		for (int f = 0; f < d; f++)
			centred[f] = reference->values[(Size) row * d + f] - reference->mean[f];
		add_products(centred, d, products);
	}
	for (int f = 0; f < d; f++)
		for (int g = 0; g < f; g++)
			products[g * d + f] = products[f * d + g];
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

typedef struct RankedValue
{
	double value;
	int    row;
} RankedValue;

#define ST_SORT sort_values
#define ST_ELEMENT_TYPE RankedValue
#define ST_COMPARE(a, b) (((a)->value > (b)->value) - ((a)->value < (b)->value))
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

static double
quantile(const RankedValue *sorted, int n, double share)
{
	double place = share * (n - 1);
	int    below = (int) place;

	return below + 1 >= n ? sorted[n - 1].value : sorted[below].value + (place - below) * (sorted[below + 1].value - sorted[below].value);
}

/*
 * Fits a feature: its g distribution, and the steps of its own one, whose places are normal
 * quantiles of i / n.  Replaces its values in scores by normal scores of mean 0 and variance 1,
 * which start as those of rank_scores; equal values share one.
 */
static void
fit_margin(Reference *reference, int f, const double *rank_scores, const double *quantiles, double *scores)
{
	int          n = reference->n;
	RankedValue *sorted = palloc(sizeof(RankedValue) * n);
	double      *places = reference->places + (Size) f * reference->most_steps;
	double      *steps = reference->steps + (Size) f * reference->most_steps;
	int          ndistinct = 0;
	double       squares = 0;
	double       below;
	double       above;

	for (int row = 0; row < n; row++)
		sorted[row] = (RankedValue){reference->values[(Size) row * reference->nfeatures + f], row};
	sort_values(sorted, n);
	for (int from = 0, to; from < n; from = to)
	{
		double sum = 0;

		for (to = from; to < n && sorted[to].value == sorted[from].value; to++)
			sum += rank_scores[to];
		for (int i = from; i < to; i++)
			scores[(Size) sorted[i].row * reference->nfeatures + f] = sum / (to - from);
		squares += sum * (sum / (to - from));
		places[ndistinct] = from > 0 ? quantiles[from] : -get_float8_infinity();
		steps[ndistinct++] = sorted[from].value;
	}
	reference->nsteps[f] = (int) pg_nextpower2_32((uint32) ndistinct);
	for (int i = ndistinct; i < reference->nsteps[f]; i++)
		places[i] = get_float8_infinity();
	for (int row = 0; row < n && squares > 0; row++)
		scores[(Size) row * reference->nfeatures + f] /= sqrt(squares / n);

	reference->least[f] = sorted[0].value;
	reference->most[f] = sorted[n - 1].value;
	reference->centre[f] = quantile(sorted, n, 0.5);
	below = reference->centre[f] - quantile(sorted, n, 0.1);
	above = quantile(sorted, n, 0.9) - reference->centre[f];
	reference->spread[f] = 0;
	if (ndistinct > FEW_VALUES && below > 0 && above > 0)
	{
		double shape = Min(Max(log(above / below) / NORMAL_90, -MOST_SHAPE), MOST_SHAPE);

		reference->shape[f] = fabs(shape) < LEAST_SHAPE ? 0 : shape;
		reference->spread[f] = reference->shape[f] == 0 ? (above + below) / 2 / NORMAL_90
														: above * shape / expm1(shape * NORMAL_90);
		reference->smooth = true;
	}
	pfree(sorted);
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
		CHECK_FOR_INTERRUPTS();
		add_products(scores + (Size) row * d, d, factor);
	}
	for (int i = 0; i < d * d; i++)
		factor[i] /= reference->n;
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
	double *rank_scores = normal_quantiles(n, 0.5);
	double *quantiles = normal_quantiles(n, 0);
	double *scores = palloc(sizeof(double) * n * d);

	reference->centre = palloc(sizeof(double) * d);
	reference->least = palloc(sizeof(double) * d);
	reference->most = palloc(sizeof(double) * d);
	reference->spread = palloc(sizeof(double) * d);
	reference->shape = palloc0(sizeof(double) * d);
	reference->most_steps = (int) pg_nextpower2_32((uint32) n);
	reference->places = palloc(sizeof(double) * d * reference->most_steps);
	reference->steps = palloc(sizeof(double) * d * reference->most_steps);
	reference->nsteps = palloc(sizeof(int) * d);
	for (int f = 0; f < d; f++)
	{
		CHECK_FOR_INTERRUPTS();
		fit_margin(reference, f, rank_scores, quantiles, scores);
	}
	fit_correlations(reference, scores);
	pfree(rank_scores);
	pfree(quantiles);
	pfree(scores);
}

/*
 * Normal scores of ROWS_AT_ONCE rows become values of a feature by its g distribution.
 */
FOR_SEVERAL_CPUS static void
smooth_values(double centre, double spread, double shape, double *values)
{
	if (shape == 0)
		for (int row = 0; row < ROWS_AT_ONCE; row++)
			values[row] = centre + spread * values[row];
	else
		for (int row = 0; row < ROWS_AT_ONCE; row++)
			values[row] = centre + spread * (exp_less_1(shape * values[row]) / shape);
}

/*
 * The same by its own quantiles: a step begins at each of the places, which are sorted;
 * nsteps is a power of two.
 */
FOR_SEVERAL_CPUS static void
step_values(const double *places, const double *steps, int nsteps, double *values)
{
	int at[ROWS_AT_ONCE] = {0};

	for (int half = nsteps / 2; half > 0; half /= 2)
		for (int row = 0; row < ROWS_AT_ONCE; row++)
			at[row] += places[at[row] + half] <= values[row] ? half : 0;
	for (int row = 0; row < ROWS_AT_ONCE; row++)
		values[row] = steps[at[row]];
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
 * Puts n rows, of at most ROWS_AT_ONCE values a feature, from first on.
 */
static void
put_rows(const Reference *reference, Matrix *set, int first, int n, double *values)
{
	int    d = reference->nfeatures;
	double squares[ROWS_AT_ONCE] = {0};

	for (int f = 0; f < d && reference->spherical; f++)
		for (int row = 0; row < ROWS_AT_ONCE; row++)
			squares[row] += values[f * ROWS_AT_ONCE + row] * values[f * ROWS_AT_ONCE + row];
	for (int f = 0; f < d && reference->spherical; f++)
		for (int row = 0; row < ROWS_AT_ONCE; row++)
			values[f * ROWS_AT_ONCE + row] /= squares[row] > 0 ? sqrt(squares[row]) : 1;
	for (int from = 0; from < n; from += KERNEL_LANES)
	{
		float        *to = matrix_row(set, first + from);
		const double *of_feature = values + from;

		for (int f = 0; f < d; f++, to += KERNEL_LANES, of_feature += ROWS_AT_ONCE)
			for (int lane = 0; lane < KERNEL_LANES; lane++)
				to[lane] = (float) of_feature[lane];
	}
}

static Matrix *
finish_set(Matrix *set)
{
	matrix_clear_unused(set->blocks, set->nrows, set->nfeatures);
	matrix_identify(set);
	matrix_measure(set);
	return set;
}

/*
 * Rows side by side, of d numbers one after the other.
 */
static void
turn_rows(const double *numbers, int n, int d, double *values)
{
	for (int row = 0; row < n; row++)
		for (int f = 0; f < d; f++)
			values[f * ROWS_AT_ONCE + row] = numbers[row * d + f];
}

Matrix *
reference_box(const Reference *reference, int64 seed, int number)
{
	int     d = reference->nfeatures;
	Random  random = random_start(seed, 0, number);
	Matrix *set = matrix_create(reference->n, d);
	double *uniforms = palloc(sizeof(double) * d * ROWS_AT_ONCE);
	double *places = palloc0(sizeof(double) * d * ROWS_AT_ONCE);
	double *values = palloc(sizeof(double) * d * ROWS_AT_ONCE);

	for (int first = 0; first < reference->n; first += ROWS_AT_ONCE)
	{
		int n = Min(reference->n - first, ROWS_AT_ONCE);

		CHECK_FOR_INTERRUPTS();
		random_uniforms(&random, n * d, uniforms);
		turn_rows(uniforms, n, d, places);
		for (int a = 0; a < d; a++)
			for (int row = 0; row < ROWS_AT_ONCE; row++)
				places[a * ROWS_AT_ONCE + row] = reference->low[a] + places[a * ROWS_AT_ONCE + row] * (reference->high[a] - reference->low[a]);
		multiply(reference->axes, d, false, reference->mean, places, values);
		put_rows(reference, set, first, n, values);
	}
	pfree(uniforms);
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
	double *uniforms = palloc(sizeof(double) * 2 * d * ROWS_AT_ONCE);
	double *normals = palloc(sizeof(double) * d * ROWS_AT_ONCE);
	double *places = palloc0(sizeof(double) * d * ROWS_AT_ONCE);
	double *values = palloc(sizeof(double) * d * ROWS_AT_ONCE);

	for (int first = 0; first < reference->n; first += ROWS_AT_ONCE)
	{
		int n = Min(reference->n - first, ROWS_AT_ONCE);

		CHECK_FOR_INTERRUPTS();
		random_normals(&random, n * d, uniforms, normals);
		turn_rows(normals, n, d, places);
		multiply(reference->factor, d, true, NULL, places, values);
		for (int f = 0; f < d; f++)
		{
			double *of_feature = values + f * ROWS_AT_ONCE;
			Size    steps = (Size) f * reference->most_steps;

			if (reference->spread[f] == 0)
				step_values(reference->places + steps, reference->steps + steps, reference->nsteps[f], of_feature);
			else
				smooth_values(reference->centre[f], reference->spread[f], reference->shape[f], of_feature);
			for (int row = 0; row < ROWS_AT_ONCE; row++)
				of_feature[row] = Min(Max(of_feature[row], reference->least[f]), reference->most[f]);
		}
		put_rows(reference, set, first, n, values);
	}
	pfree(uniforms);
	pfree(normals);
	pfree(places);
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
	double *values = palloc0(sizeof(double) * d * ROWS_AT_ONCE);
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
		double        part;
		const double *to = from;

		CHECK_FOR_INTERRUPTS();
		random_uniforms(&random, 1, &part);
		if (size > 0)
			to = reference->values + (Size) members[first[second[row]] + (int) (random_bits(&random) % (uint64) size)] * d;
		for (int f = 0; f < d; f++)
			values[f * ROWS_AT_ONCE + row % ROWS_AT_ONCE] = from[f] + part * (to[f] - from[f]);
		if (row % ROWS_AT_ONCE == ROWS_AT_ONCE - 1 || row == n - 1)
			put_rows(reference, set, row - row % ROWS_AT_ONCE, row % ROWS_AT_ONCE + 1, values);
	}
	pfree(values);
	pfree(first);
	pfree(members);
	return finish_set(set);
}
