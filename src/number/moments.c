/*
 * Moments of doubles.
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"

#include "number/moments.h"
#include "number/several_cpus.h"

int
present_values(double *values, int n)
{
	int missing = 0;
	int present = 0;

	for (int i = 0; i < n; i++)
		missing |= isnan(values[i]);
	if (!missing)
		return n;
	for (int i = 0; i < n; i++)
	{
		values[present] = values[i];
		present += !isnan(values[i]);
	}
	return present;
}

/*
 * The power of two by which deviations are divided, so that the largest is
 * near 1 and its fourth power neither overflows nor vanishes.  Halves,
 * because the difference of two doubles may be out of range.
 */
static int
moments_exponent(const Moments *moments)
{
	double half = Max(moments->max / 2 - moments->mean / 2,
					  moments->mean / 2 - moments->min / 2);
	int    exponent;

	(void) frexp(half, &exponent);

	/* 2^-exponent has to be a double itself; half the least one is zero */
	return half > 0 ? Max(exponent + 1, -1000) : -1000;
}

/* ---- Spreads ---- */

SpreadCentre
spread_centre(double centre, double min, double max)
{
	Moments range = {.min = min, .max = max, .mean = Max(Min(centre, max), min)};

	return (SpreadCentre){.centre = range.mean, .scale = ldexp(1.0, -moments_exponent(&range))};
}

void
spread_init(Spread *spread)
{
	memset(spread, 0, sizeof(*spread));
	spread->min = INFINITY;
	spread->max = -INFINITY;
}

FOR_SEVERAL_CPUS static void
find_range(const double *values, int n, double *min, double *max)
{
	double mins[LANES];
	double maxs[LANES];
	int    i;

	for (int lane = 0; lane < LANES; lane++)
	{
		mins[lane] = INFINITY;
		maxs[lane] = -INFINITY;
	}
	for (i = 0; i + LANES <= n; i += LANES)
		for (int lane = 0; lane < LANES; lane++)
		{
			double value = values[i + lane];

			mins[lane] = value < mins[lane] ? value : mins[lane];
			maxs[lane] = value > maxs[lane] ? value : maxs[lane];
		}
	for (int lane = 0; i + lane < n; lane++)
	{
		mins[lane] = Min(mins[lane], values[i + lane]);
		maxs[lane] = Max(maxs[lane], values[i + lane]);
	}
	for (int lane = 0; lane < LANES; lane++)
	{
		*min = Min(*min, mins[lane]);
		*max = Max(*max, maxs[lane]);
	}
}

void
spread_add(Spread *spread, const double *values, int n)
{
	double min = INFINITY;
	double max = -INFINITY;

	if (n == 0)
		return;
	find_range(values, n, &min, &max);
	spread->n += n;
	spread->min = Min(spread->min, min);
	spread->max = Max(spread->max, max);
	exact_sum_add_values(&spread->sum, values, n, Max(fabs(min), fabs(max)));
}

FOR_SEVERAL_CPUS static void
square_deviations(const double *values, int n, double centre, double scale, double *squares)
{
	for (int i = 0; i < n; i++)
	{
		double deviation = values[i] * scale - centre;

		squares[i] = deviation * deviation;
	}
}

void
spread_add_squares(Spread *spread, const double *values, int n, SpreadCentre centre)
{
	double squares[EXACT_SUM_BATCH];

	for (int i = 0; i < n; i += EXACT_SUM_BATCH)
	{
		int batch = Min(n - i, EXACT_SUM_BATCH);

		square_deviations(values + i, batch, centre.centre * centre.scale, centre.scale, squares);
		exact_sum_add_values(&spread->squares, squares, batch, largest_magnitude(squares, batch));
	}
}

void
spread_merge(Spread *to, const Spread *from)
{
	to->n += from->n;
	to->min = Min(to->min, from->min);
	to->max = Max(to->max, from->max);
	exact_sum_merge(&to->sum, &from->sum);
	exact_sum_merge(&to->squares, &from->squares);
}

/*
 * The mean of equal values is that value, which dividing a rounded sum would
 * not give.
 */
void
spread_location(const Spread *spread, Moments *moments)
{
	moments->n = spread->n;
	moments->mean = moments->min = moments->max = NAN;
	moments->stddev = moments->skewness = moments->kurtosis = NAN;
	if (spread->n == 0)
		return;

	/* adding zero leaves no negative zero, whose place among zeros is chance */
	moments->min = spread->min + 0.0;
	moments->max = spread->max + 0.0;
	moments->mean = exact_sum_mean(&spread->sum, spread->n);
	moments->mean = Max(moments->mean, moments->min);
	moments->mean = Min(moments->mean, moments->max) + 0.0;
}

/*
 * Without the rounding that the mean has suffered.
 */
double
spread_deviation(const Spread *spread, SpreadCentre centre)
{
	return exact_sum_deviation(&spread->sum, (double) spread->n, centre.centre) * centre.scale;
}

void
spread_moments(const Spread *spread, SpreadCentre centre, Moments *moments)
{
	double m1;
	double m2;

	spread_location(spread, moments);
	if (spread->n == 0)
		return;
	moments->stddev = 0;
	if (moments->min == moments->max)
		return;
	m1 = spread_deviation(spread, centre);
	m2 = exact_sum_mean(&spread->squares, spread->n);
	moments->stddev = sqrt(Max(m2 - m1 * m1, 0.0)) / centre.scale;
}

bool
spread_is_sharp(const Spread *spread, SpreadCentre centre)
{
	double m1;
	double m2;

	if (spread->n == 0 || spread->min == spread->max)
		return true;
	m1 = spread_deviation(spread, centre);
	m2 = exact_sum_mean(&spread->squares, spread->n);
	return m2 > 1e-250 && m2 - m1 * m1 > 1e-6 * m2;
}

/* ---- Powers of deviations ---- */

void
powers_init(PowerSums *powers)
{
	for (int power = 0; power < 4; power++)
		exact_sum_init(&powers->sums[power]);
}

static void
add_powers(PowerSums *powers, const double *deviations, int n, int npowers)
{
	double products[EXACT_SUM_BATCH];

	memcpy(products, deviations, sizeof(double) * n);
	for (int power = 0; power < npowers; power++)
	{
		for (int i = 0; i < n && power > 0; i++)
			products[i] *= deviations[i];
		exact_sum_add_values(&powers->sums[power], products, n, largest_magnitude(products, n));
	}
}

void
powers_add(PowerSums *powers, const Moments *located, const double *values, size_t n, int npowers)
{
	double scale = ldexp(1.0, -moments_exponent(located));
	double centre = located->mean * scale;
	double deviations[EXACT_SUM_BATCH];

	if (located->min == located->max)
		return;
	for (size_t start = 0; start < n; start += EXACT_SUM_BATCH)
	{
		size_t end = Min(n, start + EXACT_SUM_BATCH);
		int    present = 0;

		CHECK_FOR_INTERRUPTS();
		for (size_t i = start; i < end; i++)
		{
			deviations[present] = values[i] * scale - centre;
			present += !isnan(deviations[present]);
		}
		add_powers(powers, deviations, present, npowers);
	}
}

void
powers_merge(PowerSums *to, const PowerSums *from)
{
	for (int power = 0; power < 4; power++)
		exact_sum_merge(&to->sums[power], &from->sums[power]);
}

/*
 * Central moments of the scaled deviations, corrected for the rounding of the
 * mean (Chan, Golub and LeVeque, "Algorithms for computing the sample
 * variance", 1983).
 */
void
powers_moments(const PowerSums *powers, int npowers, Moments *moments)
{
	double m1;
	double m2;
	double variance;

	if (moments->n == 0)
		return;
	moments->stddev = 0;
	if (moments->min == moments->max)
		return;
	m1 = exact_sum_mean(&powers->sums[0], moments->n);
	m2 = exact_sum_mean(&powers->sums[1], moments->n);
	variance = Max(m2 - m1 * m1, 0.0);
	moments->stddev = ldexp(sqrt(variance), moments_exponent(moments));

	if (npowers == 4 && variance > 0)
	{
		double m3 = exact_sum_mean(&powers->sums[2], moments->n);
		double m4 = exact_sum_mean(&powers->sums[3], moments->n);
		double third = m3 - 3 * m1 * m2 + 2 * m1 * m1 * m1;
		double fourth = m4 - 4 * m1 * m3 + 6 * m1 * m1 * m2 - 3 * m1 * m1 * m1 * m1;

		moments->skewness = third / (variance * sqrt(variance));
		moments->kurtosis = fourth / (variance * variance) - 3;
	}
}

void
moments_compute_basic(const double *values, size_t n, Moments *moments)
{
	Spread    spread;
	PowerSums powers;
	double    present[EXACT_SUM_BATCH];

	spread_init(&spread);
	for (size_t start = 0; start < n; start += EXACT_SUM_BATCH)
	{
		size_t batch = Min(n - start, EXACT_SUM_BATCH);

		CHECK_FOR_INTERRUPTS();
		memcpy(present, values + start, sizeof(double) * batch);
		spread_add(&spread, present, present_values(present, (int) batch));
	}
	spread_location(&spread, moments);
	powers_init(&powers);
	powers_add(&powers, moments, values, n, 2);
	powers_moments(&powers, 2, moments);
}
