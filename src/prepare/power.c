/*-------------------------------------------------------------------------
 *
 * power.c
 *	  The Yeo-Johnson transform, and its lambda by maximum likelihood.
 *
 * Of n values x the log-likelihood is, but for a constant,
 *
 *		-n/2 log var(t(x, lambda)) + (lambda - 1) sum sign(x) log(1 + |x|).
 *
 * It is concave (T. Marchand et al., "SecureFedYJ", NeurIPS 2022), so that the
 * one root of its derivative is the maximum; and a root can be found to far
 * more digits than a maximum.
 *
 * The values are read once, for all lambdas.  With y = log(1 + |x|) and u =
 * lambda for x >= 0, 2 - lambda for others, a transformed value is
 *
 *		sign(x) (e^(u y) - 1) / u,
 *
 * which is smooth in y.  So the pass divides the range of y on either side of
 * zero into narrow buckets, and sums the powers 0 to 7 of the distance from the
 * bucket's centre.  Where the likelihood is wanted, the transformed values of a
 * bucket are expanded in the same powers.  With d half the width of a bucket,
 * what is left out of a square is less than its (2 u d)^8 / 8! -th part.
 *
 * The powers are summed as integers, which makes the result free of order.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "miscadmin.h"
#include "utils/float.h"

#include "number/elementary.h"
#include "number/several_cpus.h"
#include "prepare/power.h"

/* where lambda, and 2 - lambda, are looked for */
#define LEAST_EXPONENT (-8.0)
#define MOST_EXPONENT 10.0

/*
 * Buckets per unit of y.  u is 10 at most, so that 2 u d is 0.21 at most and the
 * error 1e-10; it is 4e-13 where u is 5.
 */
#define BUCKETS_PER_UNIT 48
#define MIN_BUCKETS 64

/* buckets that one pass may have: 8 MB; a feature has 71,000 at most, 1,000 or so usually */
#define MAX_BUCKETS (1 << 17)

#define MOMENTS 8

/* values of which logarithms are taken at once */
#define BATCH 256

/*
 * The least part of a power that is summed.  Sums of 2^35 rows stay within 64
 * bits.
 */
#define MOMENT_BITS 28

/* e^SAFE_EXPONENT can be squared */
#define SAFE_EXPONENT 345.0

/* transformed values should differ by this part of the largest, for 8 digits to be left */
#define LEAST_RANGE 1e-8

#define TINY_EXPONENT 1e-20

/* values beyond are transformed as this one is */
#define MAX_SIZE 1e308

/* ----------------------------------------------------------------
 *		Values
 * ----------------------------------------------------------------
 */

/*
 * The power of 1 + |x|, where 0 stands for the logarithm.  A product of the
 * least exponent with any y cannot be told from 0 when it is added to 1, and so
 * that exponent does as well.
 */
static double
exponent_of(double lambda)
{
	return fabs(lambda) < TINY_EXPONENT ? TINY_EXPONENT : lambda;
}

FOR_SEVERAL_CPUS void
power_transform_values(double *values, int n, double lambda)
{
	double above = exponent_of(lambda);
	double below = exponent_of(2 - lambda);
	int    i;

	if (lambda == 1)
		return;
	for (i = 0; i < n; i++)
	{
		double x = values[i];
		double u = x < 0 ? below : above;
		double size = exp_less_1(u * log_1_plus(Min(fabs(x), MAX_SIZE))) / u;

		size = copysign(Min(size, DBL_MAX), x);
		values[i] = isnan(x) ? x : size;
	}
}

double
power_transform(double value, double lambda)
{
	power_transform_values(&value, 1, lambda);
	return value;
}

double
power_undo(double transformed, double lambda)
{
	double u = exponent_of(transformed < 0 ? 2 - lambda : lambda);
	double power_less_1 = Min(Max(u * fabs(transformed), -1 + DBL_EPSILON / 2), MAX_SIZE);
	double size = exp_less_1(log_1_plus(power_less_1) / u);

	return lambda == 1 ? transformed : copysign(Min(size, DBL_MAX), transformed);
}

/* ----------------------------------------------------------------
 *		The pass
 * ----------------------------------------------------------------
 */

/* one side of zero */
typedef struct PowerSide
{
	double lower;   /* the least y */
	double density; /* buckets per unit; 0: all values are equal */
	int    buckets; /* 0: there are no values */
	int64  first;   /* the place of these buckets in the state */
} PowerSide;

/* what the pass is told, for each feature that takes part */
typedef struct PowerSpan
{
	int       feature;
	PowerSide sides[2]; /* x >= 0, x < 0 */
} PowerSpan;

/* the state: such moments of each bucket, in units of 2^-MOMENT_BITS */
typedef struct PowerMoments
{
	int64 powers[MOMENTS];
} PowerMoments;

static int
span_count(const PassInput *input)
{
	return (int) (input->extra_size / sizeof(PowerSpan));
}

static Size
power_buckets(const PassInput *input)
{
	const PowerSpan *spans = input->extra;
	const PowerSide *last = &spans[span_count(input) - 1].sides[1];

	return last->first + last->buckets;
}

static Size
power_state_size(const PassInput *input)
{
	return sizeof(PowerMoments) * power_buckets(input);
}

static void
power_init(const PassInput *input, void *state)
{
	memset(state, 0, power_state_size(input));
}

/*
 * Adding and subtracting 1.5 * 2^52 units rounds to units, and leaves them in
 * the low bits.
 */
static inline int64
in_units(double power)
{
	const double shift = 1.5 * (INT64CONST(1) << (52 - MOMENT_BITS));
	double       shifted = power + shift;

	return (int64) (double_bits(shifted) - double_bits(shift));
}

/*
 * log(1 + |x|) of each value.
 */
FOR_SEVERAL_CPUS static void
find_logarithms(const double *values, int n, double *logarithms)
{
	int i;

	for (i = 0; i < n; i++)
		logarithms[i] = log_1_plus(Min(fabs(values[i]), MAX_SIZE));
}

/*
 * Adds a value to its bucket.  Rows may have changed since they were first read
 * and lie elsewhere, which must do no harm.
 */
static inline void
add_value(const PowerSide *side, PowerMoments *moments, double y)
{
	double        place = (y - side->lower) * side->density;
	double        distance;
	double        power = 1;
	PowerMoments *to;
	int           bucket;
	int           i;

	if (side->buckets == 0)
		return;
	place = place > 0 ? place : 0;
	place = place < side->buckets ? place : side->buckets;
	bucket = Min((int) place, side->buckets - 1);
	distance = 2 * (place - bucket) - 1;
	to = &moments[side->first + bucket];
	for (i = 0; i < MOMENTS; i++)
	{
		to->powers[i] += in_units(power);
		power *= distance;
	}
}

static void
add_values(const PowerSpan *span, PowerMoments *moments, const double *values, int n)
{
	double logarithms[BATCH];
	int    start,
		i;

	for (start = 0; start < n; start += BATCH)
	{
		int count = Min(BATCH, n - start);

		find_logarithms(values + start, count, logarithms);
		for (i = 0; i < count; i++)
			add_value(&span->sides[values[start + i] < 0], moments, logarithms[i]);
	}
}

static int
power_add(const PassInput *input, void *state, const double *blocks, int nrows,
		  int32 *labels pg_attribute_unused())
{
	const Recipe    *recipe = input->recipe;
	const PowerSpan *spans = input->extra;
	bool             mask[PASS_ROWS];
	int              nused = recipe_used_rows(recipe, blocks, nrows, mask);
	const bool      *used = nused < nrows ? mask : NULL;
	double           values[PASS_ROWS];
	int              i;

	for (i = 0; i < span_count(input); i++)
	{
		(void) recipe_raw_values(recipe, spans[i].feature, blocks, nrows, used, values);
		recipe_fence_values(&recipe->features[spans[i].feature], values, nused);
		add_values(&spans[i], state, values, nused);
	}
	return nused;
}

static void
power_merge(const PassInput *input, void *state, const void *other)
{
	PowerMoments       *to = state;
	const PowerMoments *from = other;
	Size                bucket;
	int                 power;

	for (bucket = 0; bucket < power_buckets(input); bucket++)
		for (power = 0; power < MOMENTS; power++)
			to[bucket].powers[power] += from[bucket].powers[power];
}

const Pass power_pass = {"power", pass_open, power_state_size, power_init, power_add, power_merge};

static PowerSide
make_side(double least, double most)
{
	double sizes[2] = {least, most};
	double y[2];
	double range;
	int    buckets;

	find_logarithms(sizes, 2, y);
	range = y[1] - y[0];
	if (range <= 0)
		return (PowerSide){.lower = y[0], .buckets = 1};
	buckets = Max((int) ceil(range * BUCKETS_PER_UNIT), MIN_BUCKETS);
	return (PowerSide){.lower = y[0], .density = buckets / range, .buckets = buckets};
}

/*
 * Raw, imputed and fenced values lie between the lowest and the highest of the
 * three.
 */
static PowerSpan
make_span(const FeatureRecipe *features, int f)
{
	const FeatureRecipe *feature = &features[f];
	PowerSpan            span = {.feature = f};
	double               values[3];
	int                  n = 0;
	double               min = get_float8_infinity();
	double               max = -get_float8_infinity();
	int                  i;

	if (feature->raw.n > 0)
	{
		values[n++] = feature->raw.min;
		values[n++] = feature->raw.max;
	}
	if (!feature->complete && !isnan(feature->fill))
		values[n++] = feature->fill;
	recipe_fence_values(feature, values, n);
	for (i = 0; i < n; i++)
	{
		min = Min(min, values[i]);
		max = Max(max, values[i]);
	}
	if (max >= 0)
		span.sides[0] = make_side(Max(min, 0), max);
	if (min < 0)
		span.sides[1] = make_side(Max(-max, 0), -min);
	return span;
}

/* ----------------------------------------------------------------
 *		The likelihood
 * ----------------------------------------------------------------
 */

/* the values of a bucket */
typedef struct PowerPiece
{
	int    sign;
	double y; /* its centre, from the sample's origin */
	double half;
	double moments[MOMENTS];
} PowerPiece;

/* the values of a feature */
typedef struct PowerSample
{
	int         npieces;
	PowerPiece *pieces; /* by side and y, none empty */
	double      n;

	/*
	 * y of which everything is counted: 0, or amid the values if all are on one
	 * side of zero.  It changes transformed values by a factor and a constant,
	 * and the likelihood by as much.
	 */
	double origin;
	double slope; /* the mean of sign(x) y */
} PowerSample;

/* transformed values of a bucket, or their derivatives by lambda, in powers of the distance */
typedef struct PowerSeries
{
	double terms[MOMENTS];
} PowerSeries;

static void
add_piece(PowerSample *sample, const PowerSide *side, int sign, int bucket,
		  const PowerMoments *moments)
{
	PowerPiece *piece = &sample->pieces[sample->npieces];
	double      width = side->density > 0 ? 1 / side->density : 0;
	int         power;

	if (moments->powers[0] == 0)
		return;
	piece->sign = sign;
	piece->half = width / 2;
	piece->y = side->lower + (bucket + 0.5) * width;
	for (power = 0; power < MOMENTS; power++)
		piece->moments[power] = ldexp((double) moments->powers[power], -MOMENT_BITS);
	sample->n += piece->moments[0];
	sample->npieces++;
}

static PowerSample
make_sample(const PowerSpan *span, const PowerMoments *moments)
{
	PowerSample sample = {0};
	int         s,
		i;

	sample.pieces = palloc(sizeof(PowerPiece) * (span->sides[0].buckets + span->sides[1].buckets));
	for (s = 0; s < 2; s++)
		for (i = 0; i < span->sides[s].buckets; i++)
			add_piece(&sample, &span->sides[s], s == 0 ? 1 : -1, i,
					  &moments[span->sides[s].first + i]);
	if (sample.npieces == 0)
		return sample;
	if (sample.pieces[0].sign == sample.pieces[sample.npieces - 1].sign)
		sample.origin = (sample.pieces[0].y + sample.pieces[sample.npieces - 1].y) / 2;
	for (i = 0; i < sample.npieces; i++)
	{
		PowerPiece *piece = &sample.pieces[i];

		piece->y -= sample.origin;
		sample.slope += piece->sign * (piece->y * piece->moments[0] + piece->half * piece->moments[1]);
	}
	sample.slope /= sample.n;
	return sample;
}

/*
 * Sum of (k + 1) / (k + 2)! z^k: (z e^z - e^z + 1) / z^2 for small z, where
 * that loses its digits.
 */
static double
exponential_slope(double z)
{
	double sum = 0;
	double term = 0.5;
	int    k;

	for (k = 0; k < 16; k++)
	{
		sum += term;
		term *= z * (k + 2) / ((k + 1) * (k + 3));
	}
	return sum;
}

/*
 * Both series of a bucket, divided by e^shift.
 */
static void
expand(const PowerPiece *piece, double lambda, double shift, PowerSeries *values,
	   PowerSeries *slopes)
{
	double u = piece->sign > 0 ? lambda : 2 - lambda;
	double z = u * piece->y;
	double factor = exp(-shift);
	double power = exp(z - shift);
	double power_less_1 = z > 1 ? power - factor : expm1(z) * factor;
	double term = power * piece->half; /* (u half)^j e^z / j!, but for powers of u */
	int    j;

	values->terms[0] = piece->sign * (u == 0 ? factor * piece->y : power_less_1 / u);
	slopes->terms[0] = fabs(z) < 0.5 ? factor * piece->y * piece->y * exponential_slope(z)
									 : (z * power - power_less_1) / (u * u);
	values->terms[1] = piece->sign * term;
	slopes->terms[1] = piece->y * term;
	for (j = 2; j < MOMENTS; j++)
	{
		term *= piece->half / j;
		slopes->terms[j] = (j - 1 + z) * term;
		term *= u;
		values->terms[j] = piece->sign * term;
	}
}

static double
mean_of(const PowerPiece *piece, const PowerSeries *series)
{
	double sum = 0;
	int    j;

	for (j = 0; j < MOMENTS; j++)
		sum += series->terms[j] * piece->moments[j];
	return sum;
}

static double
mean_product(const PowerPiece *piece, const PowerSeries *a, const PowerSeries *b)
{
	double sum = 0;
	int    i,
		j;

	for (j = 0; j < MOMENTS; j++)
		for (i = 0; i <= j; i++)
			sum += a->terms[i] * b->terms[j - i] * piece->moments[j];
	return sum;
}

/*
 * The power of e by which transformed values are divided, lest their squares
 * overflow.
 */
static double
largest_exponent(const PowerSample *sample, double lambda)
{
	double largest = 0;
	int    i;

	for (i = 0; i < sample->npieces; i++)
		largest = Max(largest, (sample->pieces[i].sign > 0 ? lambda : 2 - lambda) * sample->pieces[i].y);
	return Min(largest, 2 * SAFE_EXPONENT);
}

/*
 * The derivative of the log-likelihood by lambda, over the number of values.
 */
static double
likelihood_slope(const PowerSample *sample, double lambda)
{
	double      shift = largest_exponent(sample, lambda);
	double      value_mean = 0;
	double      slope_mean = 0;
	double      variance = 0;
	double      covariance = 0;
	PowerSeries values;
	PowerSeries slopes;
	int         i;

	for (i = 0; i < sample->npieces; i++)
	{
		CHECK_FOR_INTERRUPTS();
		expand(&sample->pieces[i], lambda, shift, &values, &slopes);
		value_mean += mean_of(&sample->pieces[i], &values) / sample->n;
		slope_mean += mean_of(&sample->pieces[i], &slopes) / sample->n;
	}
	for (i = 0; i < sample->npieces; i++)
	{
		CHECK_FOR_INTERRUPTS();
		expand(&sample->pieces[i], lambda, shift, &values, &slopes);
		values.terms[0] -= value_mean;
		slopes.terms[0] -= slope_mean;
		variance += mean_product(&sample->pieces[i], &values, &values);
		covariance += mean_product(&sample->pieces[i], &values, &slopes);
	}
	return sample->slope - (variance > 0 ? covariance / variance : 0);
}

/* ----------------------------------------------------------------
 *		Lambda
 * ----------------------------------------------------------------
 */

/*
 * The range of (e^(u y) - 1) / u over its largest value, for y from lower to
 * upper.
 */
static double
relative_range(double u, double lower, double upper)
{
	if (lower == upper)
		return 0;
	if (u == 0)
		return (upper - lower) / upper;
	if (u < 0)
		return exp(u * lower) * expm1(u * (upper - lower)) / expm1(u * upper);
	return expm1(-u * (upper - lower)) / expm1(-u * upper);
}

/*
 * The exponents for values of one side: not so large that the transformed ones
 * overflow, and, if there are only these, not so small that they all come close
 * to one bound.  1, which changes nothing, is always among them.
 */
static void
exponent_bounds(double lower, double upper, bool alone, double *least, double *most)
{
	*least = LEAST_EXPONENT;
	*most = Min(MOST_EXPONENT, Max(SAFE_EXPONENT / upper, 1));
	if (!alone || relative_range(*least, lower, upper) >= LEAST_RANGE)
		return;
	*least = 1;
	if (relative_range(1, lower, upper) < LEAST_RANGE)
		*most = 1;
	else
	{
		double too_small = LEAST_EXPONENT;
		int    i;

		for (i = 0; i < DBL_MANT_DIG; i++)
		{
			double middle = (too_small + *least) / 2;

			*(relative_range(middle, lower, upper) < LEAST_RANGE ? &too_small : least) = middle;
		}
	}
}

static void
lambda_bounds(const PowerSample *sample, double *least, double *most)
{
	const PowerPiece *pieces = sample->pieces;
	bool              alone = pieces[0].sign == pieces[sample->npieces - 1].sign;
	int               start,
		end;

	*least = LEAST_EXPONENT;
	*most = MOST_EXPONENT;
	for (start = 0; start < sample->npieces; start = end)
	{
		double lower;
		double upper;

		for (end = start; end < sample->npieces && pieces[end].sign == pieces[start].sign;)
			end++;
		exponent_bounds(sample->origin + pieces[start].y - pieces[start].half,
						sample->origin + pieces[end - 1].y + pieces[end - 1].half, alone, &lower, &upper);
		*least = Max(*least, pieces[start].sign > 0 ? lower : 2 - upper);
		*most = Min(*most, pieces[start].sign > 0 ? upper : 2 - lower);
	}
}

/* the least change of lambda that matters; ten steps are usual */
#define LAMBDA_TOLERANCE 1e-14
#define MAX_STEPS 100

/*
 * The root of a falling function between a, where it is positive, and b, where
 * it is negative: regula falsi, where the value at an end that stays is halved
 * (the Illinois method).
 */
static double
find_root(const PowerSample *sample, double a, double at_a, double b, double at_b)
{
	int last = 0;
	int step;

	for (step = 0; step < MAX_STEPS && fabs(b - a) > LAMBDA_TOLERANCE * Max(fabs(a), 1); step++)
	{
		double middle = a + (b - a) * (at_a / (at_a - at_b));
		double at_middle = likelihood_slope(sample, middle);

		if (at_middle == 0 || middle == a || middle == b)
			return middle;
		if (at_middle > 0)
		{
			a = middle;
			at_a = at_middle;
			at_b *= last > 0 ? 0.5 : 1;
			last = 1;
		}
		else
		{
			b = middle;
			at_b = at_middle;
			at_a *= last < 0 ? 0.5 : 1;
			last = -1;
		}
	}
	return (a + b) / 2;
}

/*
 * From 1, which changes nothing, in growing steps to where the slope has the
 * other sign; or to a bound.
 */
static double
likeliest_lambda(const PowerSample *sample)
{
	double least;
	double most;
	double lambda = 1;
	double slope;
	double step = 0.5;

	if (sample->npieces == 0)
		return lambda;
	lambda_bounds(sample, &least, &most);
	slope = likelihood_slope(sample, lambda);
	while (slope > 0 ? lambda < most : lambda > least)
	{
		double next = slope > 0 ? Min(lambda + step, most) : Max(lambda - step, least);
		double next_slope = likelihood_slope(sample, next);

		if (slope > 0 && next_slope <= 0)
			return find_root(sample, lambda, slope, next, next_slope);
		if (slope <= 0 && next_slope > 0)
			return find_root(sample, next, next_slope, lambda, slope);
		lambda = next;
		slope = next_slope;
		step *= 2;
	}
	return lambda;
}

/*
 * As many of the features from f on as one pass may have buckets for.  Returns
 * the first that is left.
 */
static int
plan_pass(const Recipe *recipe, int f, PassInput *input)
{
	PowerSpan *spans = palloc(sizeof(PowerSpan) * recipe->nfeatures);
	int        nspans = 0;
	int64      buckets = 0;

	for (; f < recipe->nfeatures; f++)
	{
		PowerSpan span;

		if (recipe->features[f].transform != TRANSFORM_YEO_JOHNSON)
			continue;
		span = make_span(recipe->features, f);
		span.sides[0].first = buckets;
		span.sides[1].first = buckets + span.sides[0].buckets;
		if (nspans > 0 && span.sides[1].first + span.sides[1].buckets > MAX_BUCKETS)
			break;
		buckets = span.sides[1].first + span.sides[1].buckets;
		spans[nspans++] = span;
	}
	input->extra = spans;
	input->extra_size = sizeof(PowerSpan) * nspans;
	return f;
}

void
power_fit(Recipe *recipe, const RowSource *source)
{
	PassInput input = {.recipe = recipe};
	int       next = 0;
	int       i;

	while (next < recipe->nfeatures)
	{
		PowerMoments    *moments;
		const PowerSpan *spans;

		next = plan_pass(recipe, next, &input);
		spans = input.extra;
		if (span_count(&input) == 0)
			return;
		moments = pass_run(source, &power_pass, &input, (Share){0});
		for (i = 0; i < span_count(&input); i++)
		{
			PowerSample sample = make_sample(&spans[i], moments);

			recipe->features[spans[i].feature].lambda = likeliest_lambda(&sample);
			pfree(sample.pieces);
		}
		pfree(moments);
	}
}
