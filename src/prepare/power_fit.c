/*
 * The lambda of the Yeo-Johnson transform, by maximum likelihood.
 *
 * Of n values x the log-likelihood is, but for a constant,
 *
 *		-n/2 log var(t(x, lambda)) + (lambda - 1) sum sign(x) log(1 + |x|).
 *
 * It is concave (T. Marchand et al., "SecureFedYJ", NeurIPS 2022), so that the
 * one root of its derivative is the maximum; and a root can be found to far
 * more digits than a maximum.
 *
 * The rows are read once, for all lambdas.  With y = log(1 + |x|) and u =
 * lambda for x >= 0, 2 - lambda for others, a transformed value is
 *
 *		sign(x) (e^(u y) - 1) / u,
 *
 * which is smooth in y.  So the pass counts values in narrow buckets of sign(x)
 * y, and sums the powers 1 to 3 of the distance from the bucket's centre.  Two
 * points of some weight have the same sums (Gauss's quadrature), and stand for
 * the values of the bucket.  With d half a bucket's width, this changes a
 * square by less than its (2 u d)^4 / 4! -th part.
 *
 * The powers are summed as integers, so that the order of rows does not matter.
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "miscadmin.h"

#include "number/bits.h"
#include "number/elementary.h"
#include "number/several_cpus.h"
#include "prepare/power.h"
#include "prepare/power_fit.h"

/* where lambda, and 2 - lambda, are looked for */
#define LEAST_POWER (-8.0)
#define MOST_POWER 10.0

/* a feature uses half of these at least, two more at most; d is below 1/400 where y goes from 0 to 20 */
#define BUCKETS 8192
#define ROOM (BUCKETS + 2)

/* features in a pass: its state has 4 MB */
#define MOST_FEATURES 16

/* values whose buckets are looked for at once */
#define BATCH 256

/* the least part of a power that is summed is 2^-28: sums of 2^35 rows stay within 64 bits */
#define POWER_UNITS ((double) (1 << 28))

/* ---- The pass ---- */

/* what the pass is told of each feature that takes part */
typedef struct PowerSpan
{
	int    feature;
	double lower;   /* of the first bucket; a whole number of buckets from 0 */
	double density; /* buckets per unit, a power of two */
	int    nbuckets;
} PowerSpan;

/* the state: ROOM of these for each of the features */
typedef struct PowerBucket
{
	int64 count;
	int64 powers[3]; /* of distances from the centre, 1 at either end, in units */
} PowerBucket;

static int
span_number(const PassInput *input)
{
	return (int) (input->extra_size / sizeof(PowerSpan));
}

static Size
power_state_size(const PassInput *input)
{
	return sizeof(PowerBucket) * ROOM * span_number(input);
}

static void
power_init(const PassInput *input, void *state)
{
	memset(state, 0, power_state_size(input));
}

/*
 * Where values lie, in buckets.  Rows may have changed since they were first
 * read and lie outside, which must do no harm.
 */
FOR_SEVERAL_CPUS static void
find_places(const PowerSpan *span, double *logarithms, int n)
{
	double last = nextafter(span->nbuckets, 0);

	for (int i = 0; i < n; i++)
	{
		double place = (logarithms[i] - span->lower) * span->density;

		place = place > 0 ? place : 0;
		logarithms[i] = place < last ? place : last;
	}
}

static void
add_values(const PowerSpan *span, PowerBucket *buckets, const double *values, int n)
{
	double places[BATCH];

	power_logarithms(values, n, places);
	find_places(span, places, n);
	for (int i = 0; i < n; i++)
	{
		PowerBucket *bucket = &buckets[(int) places[i]];
		double       distance = 2 * (places[i] - (int) places[i]) - 1;
		double       units = distance * POWER_UNITS;

		bucket->count++;
		bucket->powers[0] += llrint(units);
		bucket->powers[1] += llrint(units * distance);
		bucket->powers[2] += llrint(units * distance * distance);
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

	for (int i = 0; i < span_number(input); i++)
	{
		(void) recipe_raw_values(recipe, spans[i].feature, blocks, nrows, used, values);
		recipe_fence_values(&recipe->features[spans[i].feature], values, nused);
		for (int start = 0; start < nused; start += BATCH)
			add_values(&spans[i], (PowerBucket *) state + i * ROOM, values + start, Min(BATCH, nused - start));
	}
	return nused;
}

static void
power_merge(const PassInput *input, void *state, const void *other)
{
	for (Size i = 0; i < power_state_size(input) / sizeof(int64); i++)
		((int64 *) state)[i] += ((const int64 *) other)[i];
}

const Pass power_pass = {"power", pass_open, power_state_size, power_init, power_add, power_merge};

/*
 * Imputed and fenced values lie between the ends of the raw ones and what fills
 * in, when these are fenced.
 */
static PowerSpan
make_span(const FeatureRecipe *feature, int f)
{
	PowerSpan span = {.feature = f};
	double    ends[3] = {0};
	double    min;
	double    max;
	int       n = 0;
	int       exponent;

	if (feature->raw.n > 0)
	{
		ends[n++] = feature->raw.min;
		ends[n++] = feature->raw.max;
	}
	if (!feature->complete && !isnan(feature->fill))
		ends[n++] = feature->fill;
	recipe_fence_values(feature, ends, n);
	power_logarithms(ends, n, ends);
	min = max = ends[0];
	for (int i = 1; i < n; i++)
	{
		min = Min(min, ends[i]);
		max = Max(max, ends[i]);
	}
	(void) frexp(max - min, &exponent);
	span.density = ldexp(BUCKETS, Min(-exponent, 1000));
	span.lower = floor(min * span.density) / span.density;
	span.nbuckets = (int) ((max - span.lower) * span.density) + 1;
	return span;
}

/* ---- The likelihood ---- */

/* stands for some values of a feature */
typedef struct PowerPoint
{
	double sign;
	double y;
	double weight; /* all points weigh 1 together */

	/* under the lambda at hand */
	double value;
	double slope; /* of the value, by lambda */
} PowerPoint;

/* the values of a feature */
typedef struct PowerSample
{
	int         npoints;
	PowerPoint *points;
	double      sign;     /* of all points; 0 if there are both */
	double      lower;    /* the least y */
	double      upper[2]; /* the largest where the sign is 1, and where it is -1; 0 without any */
} PowerSample;

static void
add_point(PowerSample *sample, double y, double sign, double weight)
{
	double *upper = &sample->upper[sign < 0];

	sample->sign = sample->npoints == 0 || sample->sign == sign ? sign : 0;
	sample->lower = sample->npoints == 0 ? y : Min(sample->lower, y);
	*upper = Max(*upper, y);
	sample->points[sample->npoints++] = (PowerPoint){.sign = sign, .y = y, .weight = weight};
}

/* a variance below is one of rounding, of values that are all equal */
#define LEAST_VARIANCE 1e-8

/*
 * The points of a bucket.  Their distances a and b from the mean are such that a
 * b = -v and (a + b) v = w, the central moments of order 2 and 3.
 */
static void
add_points(PowerSample *sample, const PowerSpan *span, int i, const PowerBucket *bucket, int64 nrows)
{
	double half = 0.5 / span->density;
	double left = span->lower + i * (2 * half);
	double sign = left < 0 ? -1 : 1;
	double n = (double) bucket->count * POWER_UNITS;
	double weight = (double) bucket->count / (double) nrows;
	double mean = (double) bucket->powers[0] / n;
	double square = (double) bucket->powers[1] / n;
	double v = square - mean * mean;
	double w = (double) bucket->powers[2] / n - mean * (3 * square - 2 * mean * mean);
	double y = fabs(left + half + mean * half);

	if (v < LEAST_VARIANCE)
		add_point(sample, y, sign, weight);
	else
	{
		double middle = w / v / 2;
		double root = sqrt(middle * middle + v);

		add_point(sample, y + sign * (middle + root) * half, sign, weight * (root - middle) / (2 * root));
		add_point(sample, y + sign * (middle - root) * half, sign, weight * (root + middle) / (2 * root));
	}
}

static PowerSample
make_sample(const PowerSpan *span, const PowerBucket *buckets)
{
	PowerSample sample = {.points = palloc(sizeof(PowerPoint) * 2 * span->nbuckets)};
	int64       nrows = 0;

	for (int i = 0; i < span->nbuckets; i++)
		nrows += buckets[i].count;
	for (int i = 0; i < span->nbuckets; i++)
		if (buckets[i].count > 0)
			add_points(&sample, span, i, &buckets[i], nrows);
	return sample;
}

/* e to this can be squared, and then multiplied by any y */
#define MOST_EXPONENT 345.0

/*
 * The value of a point, and its slope (z e^z - e^z + 1) / u^2: for small z, as a
 * series whose terms are z^k (k + 1) / (k + 2)!.
 */
static void
transform_point(PowerPoint *point, double u, double y)
{
	double z = Min(u * y, MOST_EXPONENT);
	double power_less_1 = exp_less_1(z);

	point->value = point->sign * power_less_1 / u;
	if (fabs(z) < 0.05)
		point->slope = y * y *
					   (1.0 / 2 + z * (1.0 / 3 + z * (1.0 / 8 + z * (1.0 / 30 + z * (1.0 / 144 + z / 840)))));
	else
		point->slope = (y * (power_less_1 + 1) - power_less_1 / u) / u;
}

/*
 * The derivative of the log-likelihood by lambda, over the number of values.
 *
 * Where all values are on one side of zero, y is counted from an end of them so
 * that no z is above 0.  This changes transformed values by a factor and a
 * constant, and the slope not at all.  Where they are on both sides, z has a
 * limit, which matters for values from 1e149 on.
 */
static double
likelihood_slope(const PowerSample *sample, double lambda)
{
	double      value_mean = 0;
	double      slope_mean = 0;
	double      variance = 0;
	double      covariance = 0;
	double      mean = 0; /* of sign(x) y */
	double      origin = 0;
	PowerPoint *end = sample->points + sample->npoints;

	CHECK_FOR_INTERRUPTS();
	if (sample->sign != 0)
		origin = power_of_side(lambda, sample->sign < 0) > 0 ? sample->upper[sample->sign < 0] : sample->lower;
	for (PowerPoint *point = sample->points; point < end; point++)
	{
		double u = power_of_side(lambda, point->sign < 0);
		double y = point->y - origin;

		transform_point(point, u, y);
		value_mean += point->weight * point->value;
		slope_mean += point->weight * point->slope;
		mean += point->weight * point->sign * y;
	}
	for (PowerPoint *point = sample->points; point < end; point++)
	{
		double deviation = point->value - value_mean;

		variance += point->weight * deviation * deviation;
		covariance += point->weight * deviation * (point->slope - slope_mean);
	}
	return mean - (variance > 0 ? covariance / variance : 0);
}

/* ---- Lambda ---- */

/* transformed values should differ by this part of the largest, for 8 digits to be left */
#define LEAST_RANGE 1e-8

/* Do values of one sign stay far enough apart under this power? */
static bool
is_apart(const PowerSample *sample, double u)
{
	double upper = sample->upper[sample->sign < 0];

	return 1 - exp_less_1(u * sample->lower) / exp_less_1(u * upper) >= LEAST_RANGE;
}

/*
 * The lambda farthest from 1 to one side: not so far that values overflow, whose
 * power grows, nor that values of one sign, whose power falls, come too close to
 * each other.
 */
static double
farthest_lambda(const PowerSample *sample, bool up)
{
	double most = Min(MOST_POWER, Max(MOST_EXPONENT / sample->upper[!up], 1));
	double apart = 1;
	double close = LEAST_POWER;

	if (sample->sign == 0 || up == (sample->sign > 0) || is_apart(sample, close))
		return up ? most : 2 - most;
	for (int i = 0; i < DBL_MANT_DIG; i++)
	{
		double middle = (apart + close) / 2;

		*(is_apart(sample, middle) ? &apart : &close) = middle;
	}
	return up ? 2 - apart : apart;
}

/* no lambda that is looked for changes smaller values by a digit; and their squares would underflow */
#define LEAST_SIZE 1e-18

/* the least change of lambda that matters */
#define LAMBDA_TOLERANCE 1e-14
#define MOST_STEPS 100

/*
 * The root of the slope between 1 and an end: regula falsi, where the value at an
 * end that stays is halved (the Illinois method).
 */
static double
likeliest_lambda(const PowerSample *sample)
{
	double a = 1;
	double b;
	double at_a;
	double at_b;

	if (Max(sample->upper[0], sample->upper[1]) < LEAST_SIZE || (sample->sign != 0 && !is_apart(sample, 1)))
		return 1;
	at_a = likelihood_slope(sample, a);
	b = farthest_lambda(sample, at_a > 0);
	at_b = likelihood_slope(sample, b);
	if ((at_a > 0) == (at_b > 0))
		return b;
	for (int step = 0; step < MOST_STEPS && fabs(b - a) > LAMBDA_TOLERANCE * Max(fabs(a), 1); step++)
	{
		double middle = a + (b - a) * (at_a / (at_a - at_b));
		double at_middle = likelihood_slope(sample, middle);

		if (at_middle == 0 || middle == a || middle == b)
			return middle;
		if ((at_middle > 0) == (at_b > 0))
			at_a /= 2;
		else
		{
			a = b;
			at_a = at_b;
		}
		b = middle;
		at_b = at_middle;
	}
	return (a + b) / 2;
}

void
power_fit(Recipe *recipe, const RowSource *source)
{
	PowerSpan spans[MOST_FEATURES];
	PassInput input = {.recipe = recipe, .extra = spans};

	for (int f = 0; f < recipe->nfeatures;)
	{
		PowerBucket *buckets;
		int          nspans = 0;

		for (; f < recipe->nfeatures && nspans < MOST_FEATURES; f++)
			if (recipe->features[f].transform == TRANSFORM_YEO_JOHNSON)
				spans[nspans++] = make_span(&recipe->features[f], f);
		if (nspans == 0)
			return;
		input.extra_size = sizeof(PowerSpan) * nspans;
		buckets = pass_run(source, &power_pass, &input, (Share){0});
		for (int i = 0; i < nspans; i++)
		{
			PowerSample sample = make_sample(&spans[i], buckets + i * ROOM);

			recipe->features[spans[i].feature].lambda = likeliest_lambda(&sample);
			pfree(sample.points);
		}
		pfree(buckets);
	}
}
