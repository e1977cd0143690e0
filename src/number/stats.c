/*-------------------------------------------------------------------------
 *
 * stats.c
 *	  Order-free statistics of double columns.
 *
 * Exact sums first, then moments, which stand on them, then selection,
 * quantiles and sorting.  All memory belongs to the caller.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "miscadmin.h"
#include "number/stats.h"

/* values handled between two checks for interrupts: well below a millisecond */
#define VALUES_PER_CHECK 65536

/* ---- exact sums -------------------------------------------------------- */

void
exact_sum_init(ExactSum *sum)
{
	memset(sum, 0, sizeof(*sum));
}

/*
 * Resolves the carries: afterwards every digit but the last is in [0, 2^32)
 * and the last has the sign of the sum, which makes the form unique.
 */
void
exact_digits_carry(int64 *digits, int ndigits)
{
	for (int i = 0; i < ndigits - 1; i++)
	{
		int64 digit = digits[i] & 0xffffffff;

		digits[i + 1] += (digits[i] - digit) / (INT64CONST(1) << 32);
		digits[i] = digit;
	}
}

void
exact_sum_carry(ExactSum *sum)
{
	exact_digits_carry(sum->digits, EXACT_SUM_DIGITS);
	sum->pending = 0;
}

void
exact_sum_merge(ExactSum *to, const ExactSum *from)
{
	exact_sum_carry(to);
	for (int i = 0; i < EXACT_SUM_DIGITS; i++)
		to->digits[i] += from->digits[i];
	exact_sum_carry(to);
}

/*
 * Rounds bits * 2^exponent to a double, once: to nearest, ties to even.  The
 * first of the 64 bits is set; the last one is set too if anything lies below.
 */
static double
round_bits(uint64 bits, int exponent)
{
	int    dropped = Max(64 - DBL_MANT_DIG, -1074 - exponent); /* subnormal doubles have fewer bits */
	uint64 kept = dropped < 64 ? bits >> dropped : 0;
	uint64 rest = dropped < 64 ? bits - (kept << dropped) : bits;
	uint64 half;

	if (dropped > 64)
		return 0;
	half = UINT64CONST(1) << (dropped - 1);
	if (rest > half || (rest == half && (kept & 1)))
		kept++;
	return ldexp((double) kept, exponent + dropped);
}

static uint64
digit_of(const ExactSum *sum, int digit)
{
	return digit >= 0 ? (uint64) sum->digits[digit] : 0;
}

/*
 * The mean of values that weigh n together, rounded once, also where their sum
 * is beyond the range of double: long division, bit by bit.  NaN if n is not
 * above 0.
 */
double
exact_sum_mean(const ExactSum *sum, double n)
{
	ExactSum magnitude = *sum;
	int      top = EXACT_SUM_DIGITS - 1;
	bool     negative;
	int      exponent;
	uint64   divisor = (uint64) ldexp(frexp(n, &exponent), DBL_MANT_DIG);
	uint64   rest;
	uint64   quotient = 0;
	int      bit; /* the next of the sum's, which weighs 2^(bit - 1075) */
	double   mean;

	if (!(n > 0))
		return NAN;
	exact_sum_carry(&magnitude);
	negative = magnitude.digits[top] < 0;
	if (negative)
	{
		for (int i = 0; i < EXACT_SUM_DIGITS; i++)
			magnitude.digits[i] = -magnitude.digits[i];
		exact_sum_carry(&magnitude);
	}
	while (top >= 0 && magnitude.digits[top] == 0)
		top--;
	if (top < 0)
		return 0;

	/*
	 * The divisor has 53 bits, and so the leading 52 bits are less than it.  The
	 * top digit is below 2^32 unless it is the last, which 2^63 huge values would
	 * be needed to fill.
	 */
	rest = digit_of(&magnitude, top) << 20 | digit_of(&magnitude, top - 1) >> 12;
	for (bit = 32 * (top - 1) + 11; quotient >> 63 == 0; bit--)
	{
		rest = rest << 1 | (bit >= 0 ? digit_of(&magnitude, bit / 32) >> (bit % 32) & 1 : 0);
		quotient = quotient << 1 | (rest >= divisor);
		rest -= rest >= divisor ? divisor : 0;
	}
	exponent = bit + 1 - 1075 - (exponent - DBL_MANT_DIG);
	for (; bit >= 0 && rest == 0; bit--)
		rest = digit_of(&magnitude, bit / 32) >> (bit % 32) & 1;
	mean = round_bits(quotient | (rest != 0), exponent);

	return negative ? -mean : mean;
}

/* infinite where the sum lies beyond the range of double */
double
exact_sum_value(const ExactSum *sum)
{
	return exact_sum_mean(sum, 1);
}

static void
subtract_product(ExactSum *sum, double a, double b)
{
	double product = a * b;

	exact_sum_add(sum, -product);
	exact_sum_add(sum, -fma(a, b, -product));
}

/*
 * The mean's difference from a centre, without the rounding of the mean.
 */
double
exact_sum_deviation(const ExactSum *sum, double n, double centre)
{
	ExactSum difference = *sum;

	if (isinf(centre * n))
		return exact_sum_mean(sum, n) - centre;
	exact_sum_carry(&difference);
	subtract_product(&difference, centre, n);
	return exact_sum_mean(&difference, n);
}

/*
 * The same of values that were multiplied by weights, exactly.  Nor is the sum
 * of the weights rounded: what the first quotient leaves is divided again.
 */
double
exact_sum_weighted_deviation(const ExactSum *sum, const ExactSum *weight, double centre)
{
	ExactSum difference = *sum;
	ExactSum weight_rest = *weight;
	double   n = exact_sum_value(weight);
	double   n_rest;
	double   mean;

	if (isinf(centre * n))
		return exact_sum_mean(sum, n) - centre;
	exact_sum_carry(&weight_rest);
	exact_sum_add(&weight_rest, -n);
	n_rest = exact_sum_value(&weight_rest);
	exact_sum_carry(&difference);
	subtract_product(&difference, centre, n);
	subtract_product(&difference, centre, n_rest);
	mean = exact_sum_mean(&difference, n);
	if (isinf(mean * n))
		return mean;
	subtract_product(&difference, mean, n);
	subtract_product(&difference, mean, n_rest);
	return mean + exact_sum_mean(&difference, n);
}

/*
 * The parts of values above and below a grid, summed.  Adding and subtracting
 * 1.5 * 2^52 times a grid rounds to its multiples.  EXACT_SUM_BATCH values
 * below 2^exponent sum up exactly in double on a grid of 2^(exponent - 42), and
 * so do the rests, which are below that, on one 2^42 times finer.  What is
 * left after both is reported, as bits that are not all 0.
 *
 * Vectors as gcc and clang know them.
 */
#define GRID_BITS 42

typedef double Wide __attribute__((vector_size(64)));
typedef int64  WideBits __attribute__((vector_size(64)));
#define WIDE 8

/*
 * 2^exponent, for the exponents of normal doubles: ldexp() takes longer than
 * summing a dozen values.
 */
static inline double
power_of_two(int exponent)
{
	uint64 bits = (uint64) (exponent + 1023) << 52;
	double power;

	memcpy(&power, &bits, sizeof(power));
	return power;
}

FOR_SEVERAL_CPUS static bool
sum_on_grids(const double *values, int n, int exponent, double *upper, double *lower)
{
	double   shift_upper = 1.5 * power_of_two(exponent + 52 - GRID_BITS);
	double   shift_lower = 1.5 * power_of_two(exponent + 52 - 2 * GRID_BITS);
	Wide     uppers = {0};
	Wide     lowers = {0};
	WideBits left = {0};
	int64    left_any = 0;

	for (int i = 0; i < n; i += WIDE)
	{
		Wide value = {0};
		Wide part;

		if (i + WIDE <= n)
			memcpy(&value, values + i, sizeof(value));
		else
			memcpy(&value, values + i, sizeof(double) * (n - i));
		part = (value + shift_upper) - shift_upper;
		uppers += part;
		value -= part;
		part = (value + shift_lower) - shift_lower;
		lowers += part;
		value -= part;
		left |= (WideBits) value;
	}
	*upper = *lower = 0;
	for (int i = 0; i < WIDE; i++)
	{
		*upper += uppers[i];
		*lower += lowers[i];
		left_any |= left[i];
	}
	return left_any == 0;
}

/* fewer values are faster one by one */
#define FEW_VALUES 8

void
exact_sum_add_values(ExactSum *sum, const double *values, int n, double largest)
{
	uint64 bits;
	int    exponent;

	/* as frexp() has it; a subnormal's is out of bounds below anyway */
	memcpy(&bits, &largest, sizeof(bits));
	exponent = (int) (bits >> 52) - 1022;
	while (n > 0)
	{
		int    batch = Min(n, EXACT_SUM_BATCH);
		double upper;
		double lower;

		if (batch >= FEW_VALUES && exponent > -900 && exponent < 1000 &&
			sum_on_grids(values, batch, exponent, &upper, &lower))
		{
			exact_sum_add(sum, upper);
			exact_sum_add(sum, lower);
		}
		else
			for (int i = 0; i < batch; i++)
				exact_sum_add(sum, values[i]);
		values += batch;
		n -= batch;
	}
}

/* ---- moments ----------------------------------------------------------- */

/*
 * The first pass: count, range and mean.  The mean of equal values is that
 * value, which dividing a rounded sum would not give.
 */
static void
moments_locate(const double *values, size_t n, Moments *moments)
{
	ExactSum sum;
	double   min = INFINITY;
	double   max = -INFINITY;
	int64    count = 0;

	exact_sum_init(&sum);
	for (size_t i = 0; i < n; i++)
	{
		double value = values[i];

		if (i % VALUES_PER_CHECK == 0)
			CHECK_FOR_INTERRUPTS();
		if (isnan(value))
			continue;
		exact_sum_add(&sum, value);
		min = value < min ? value : min;
		max = value > max ? value : max;
		count++;
	}

	moments->n = count;
	moments->mean = moments->min = moments->max = NAN;
	moments->stddev = moments->skewness = moments->kurtosis = NAN;
	if (count == 0)
		return;

	/* adding zero leaves no negative zero, whose place among zeros is chance */
	moments->min = min + 0.0;
	moments->max = max + 0.0;
	moments->mean = exact_sum_mean(&sum, count);
	moments->mean = Max(moments->mean, moments->min);
	moments->mean = Min(moments->mean, moments->max) + 0.0;
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
		double bound = 0;

		for (int i = 0; i < n && power > 0; i++)
			products[i] *= deviations[i];
		for (int i = 0; i < n; i++)
			bound = fabs(products[i]) > bound ? fabs(products[i]) : bound;
		exact_sum_add_values(&powers->sums[power], products, n, bound);
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
	PowerSums powers;

	moments_locate(values, n, moments);
	powers_init(&powers);
	powers_add(&powers, moments, values, n, 2);
	powers_moments(&powers, 2, moments);
}

/* ---- spreads ----------------------------------------------------------- */

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
	double mins[WIDE];
	double maxs[WIDE];
	int    i;

	for (int lane = 0; lane < WIDE; lane++)
	{
		mins[lane] = INFINITY;
		maxs[lane] = -INFINITY;
	}
	for (i = 0; i + WIDE <= n; i += WIDE)
		for (int lane = 0; lane < WIDE; lane++)
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
	for (int lane = 0; lane < WIDE; lane++)
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

FOR_SEVERAL_CPUS static double
square_deviations(const double *values, int n, double centre, double scale, double *squares)
{
	double largest = 0;

	for (int i = 0; i < n; i++)
	{
		double deviation = values[i] * scale - centre;

		squares[i] = deviation * deviation;
	}
	for (int i = 0; i < n; i++)
		largest = squares[i] > largest ? squares[i] : largest;
	return largest;
}

void
spread_add_squares(Spread *spread, const double *values, int n, SpreadCentre centre)
{
	double squares[EXACT_SUM_BATCH];

	for (int i = 0; i < n; i += EXACT_SUM_BATCH)
	{
		int    batch = Min(n - i, EXACT_SUM_BATCH);
		double largest = square_deviations(values + i, batch, centre.centre * centre.scale,
										   centre.scale, squares);

		exact_sum_add_values(&spread->squares, squares, batch, largest);
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

FOR_SEVERAL_CPUS int
count_below(const double *values, int n, double lower)
{
	int count = 0;
	int i;

	for (i = 0; i < n; i++)
		count += values[i] < lower;
	return count;
}

FOR_SEVERAL_CPUS int
scale_inside(const double *values, int n, double lower, double upper, double factor, double last,
			 double *places)
{
	int count = 0;
	int i;

	for (i = 0; i < n; i++)
	{
		double place = (values[i] - lower) * factor;

		place = place < last ? place : last;
		places[i] = ((values[i] >= lower) & (values[i] <= upper)) ? place : -1;
	}
	for (i = 0; i < n; i++)
		count += places[i] >= 0;
	return count;
}

FOR_SEVERAL_CPUS int
count_inside(const double *values, int n, double lower, double upper, double *above)
{
	double least[WIDE];
	int    count = 0;
	int    i;

	for (i = 0; i < n; i++)
		count += (values[i] >= lower) & (values[i] <= upper);
	for (int lane = 0; lane < WIDE; lane++)
		least[lane] = *above;
	for (i = 0; i + WIDE <= n; i += WIDE)
		for (int lane = 0; lane < WIDE; lane++)
		{
			double value = values[i + lane] > upper ? values[i + lane] : INFINITY;

			least[lane] = value < least[lane] ? value : least[lane];
		}
	for (; i < n; i++)
		if (values[i] > upper)
			*above = Min(*above, values[i]);
	for (int lane = 0; lane < WIDE; lane++)
		*above = Min(*above, least[lane]);
	return count;
}

/* ---- selection and sorting --------------------------------------------- */

#define ST_SORT sort_float8_template
#define ST_ELEMENT_TYPE double
#define ST_COMPARE(a, b) (*(a) < *(b) ? -1 : *(a) > *(b))
#define ST_CHECK_FOR_INTERRUPTS
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

void
sort_float8(double *values, size_t n)
{
	sort_float8_template(values, n);
}

/* with fewer values than this, counting digits takes longer than comparing values */
#define RADIX_LEAST 1024

/* bytes of a double */
#define DIGITS 8

/*
 * A double as an integer of the same order, and back.  Negative zero has gone.
 */
static inline uint64
place_of(double value)
{
	uint64 bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits >> 63 ? ~bits : bits | UINT64CONST(1) << 63;
}

static inline double
value_at(uint64 place)
{
	uint64 bits = place >> 63 ? place & ~(UINT64CONST(1) << 63) : ~place;
	double value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

/*
 * One pass of the sort: by one byte, where equal ones keep their order.
 */
static void
sort_by_digit(const uint64 *from, uint64 *to, size_t n, int digit, const size_t *counts)
{
	size_t starts[256];
	size_t start = 0;

	for (int i = 0; i < 256; i++)
	{
		starts[i] = start;
		start += counts[i];
	}
	for (size_t i = 0; i < n; i++)
	{
		if (i % VALUES_PER_CHECK == 0)
			CHECK_FOR_INTERRUPTS();
		to[starts[from[i] >> (8 * digit) & 255]++] = from[i];
	}
}

/*
 * Byte by byte from the lowest, leaving out those that all values share: most
 * of them, where values are small integers.
 */
void
sort_float8_with(double *values, double *scratch, size_t n)
{
	size_t  counts[DIGITS][256] = {0};
	uint64 *from = (uint64 *) values;
	uint64 *to = (uint64 *) scratch;

	if (n < RADIX_LEAST)
	{
		sort_float8(values, n);
		return;
	}
	for (size_t i = 0; i < n; i++)
	{
		uint64 place = place_of(values[i] + 0.0);

		if (i % VALUES_PER_CHECK == 0)
			CHECK_FOR_INTERRUPTS();
		for (int digit = 0; digit < DIGITS; digit++)
			counts[digit][place >> (8 * digit) & 255]++;
		from[i] = place;
	}
	for (int digit = 0; digit < DIGITS; digit++)
	{
		uint64 *swap = to;

		if (counts[digit][from[0] >> (8 * digit) & 255] == n)
			continue;
		sort_by_digit(from, to, n, digit, counts[digit]);
		to = from;
		from = swap;
	}
	for (size_t i = 0; i < n; i++)
	{
		if (i % VALUES_PER_CHECK == 0)
			CHECK_FOR_INTERRUPTS();
		values[i] = value_at(from[i]);
	}
}

/*
 * Moves the values that are less than the pivot (or, with or_equal, not
 * greater) to the front and returns how many they are.  Without a branch on
 * the values, for their order is unpredictable.
 */
static inline size_t
partition_values(double *values, size_t n, double pivot, bool or_equal)
{
	size_t front = 0;

	for (size_t start = 0; start < n; start += VALUES_PER_CHECK)
	{
		size_t end = Min(n, start + VALUES_PER_CHECK);

		CHECK_FOR_INTERRUPTS();
		for (size_t i = start; i < end; i++)
		{
			double value = values[i];

			values[i] = values[front];
			values[front] = value;
			front += or_equal ? value <= pivot : value < pivot;
		}
	}

	return front;
}

#define PIVOT_SAMPLE 127

/*
 * A value close to the wanted rank: that rank of a sample, drawn by a fixed
 * pseudo-random sequence so that no regular input is a bad one.
 */
static double
choose_pivot(const double *values, size_t n, size_t rank, uint64 *random)
{
	double sample[PIVOT_SAMPLE];

	for (int i = 0; i < PIVOT_SAMPLE; i++)
	{
		*random = *random * UINT64CONST(6364136223846793005) + UINT64CONST(1442695040888963407);
		sample[i] = values[(*random >> 16) % n];
	}
	sort_float8_template(sample, PIVOT_SAMPLE);

	return sample[(int) ((double) rank / n * PIVOT_SAMPLE)];
}

/*
 * Quickselect (Hoare, "Algorithm 65: Find", 1961): puts the value of the
 * given rank into its place, nothing greater before and nothing less after.
 */
static void
select_rank(double *values, size_t n, size_t rank)
{
	uint64 random = n;

	while (n > PIVOT_SAMPLE)
	{
		double pivot = choose_pivot(values, n, rank, &random);
		size_t less = partition_values(values, n, pivot, false);
		size_t equal;

		if (rank < less)
		{
			n = less;
			continue;
		}
		values += less;
		n -= less;
		rank -= less;

		equal = partition_values(values, n, pivot, true);
		if (rank < equal)
			return;
		values += equal;
		n -= equal;
		rank -= equal;
	}
	sort_float8_template(values, n);
}

static double
smallest_value(const double *values, size_t n)
{
	double smallest = values[0];

	for (size_t i = 1; i < n; i++)
	{
		if (i % VALUES_PER_CHECK == 0)
			CHECK_FOR_INTERRUPTS();
		smallest = values[i] < smallest ? values[i] : smallest;
	}

	return smallest;
}

/*
 * As percentile_cont does, except that the distance of two values beyond the
 * range of double does not make the quantile infinite.  Adding zero makes
 * negative zero positive: equal values must give equal results.
 */
double
quantile_interpolate(double lower, double upper, double proportion)
{
	if (isinf(upper - lower))
		return (1 - proportion) * lower + proportion * upper + 0.0;
	return lower + proportion * (upper - lower) + 0.0;
}

/*
 * Elsewhere there is no value, and no memory.
 */
static void
check_quantile(size_t n, double p)
{
	if (n < 1 || !(p >= 0 && p <= 1))
		elog(ERROR, "quantile %g of %zu values", p, n);
}

double
quantile_select(double *values, size_t n, double p)
{
	double position = p * ((double) n - 1);
	size_t rank;
	double upper;

	check_quantile(n, p);
	rank = (size_t) floor(position);
	select_rank(values, n, rank);
	if (rank == n - 1 || position == (double) rank)
		upper = values[rank];
	else
		upper = smallest_value(values + rank + 1, n - rank - 1);

	return quantile_interpolate(values[rank], upper, position - (double) rank);
}

double
quantile_sorted(const double *sorted, size_t n, double p)
{
	double position = p * ((double) n - 1);
	size_t rank;
	size_t next;

	check_quantile(n, p);
	rank = (size_t) floor(position);
	next = Min(rank + 1, n - 1);
	return quantile_interpolate(sorted[rank], sorted[next], position - (double) rank);
}
