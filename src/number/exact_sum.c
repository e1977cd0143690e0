/*
 * Exact sums of doubles.
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "number/exact_sum.h"
#include "number/several_cpus.h"

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

void
exact_sum_add_product(ExactSum *sum, double a, double b)
{
	double product = a * b;

	exact_sum_add(sum, product);
	exact_sum_add(sum, fma(a, b, -product));
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
	exact_sum_add_product(&difference, -centre, n);
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
	exact_sum_add_product(&difference, -centre, n);
	exact_sum_add_product(&difference, -centre, n_rest);
	mean = exact_sum_mean(&difference, n);
	if (isinf(mean * n))
		return mean;
	exact_sum_add_product(&difference, -mean, n);
	exact_sum_add_product(&difference, -mean, n_rest);
	return mean + exact_sum_mean(&difference, n);
}

/*
 * The parts of values above and below a grid, summed.  Adding and subtracting
 * 1.5 * 2^52 times a grid rounds to its multiples.  EXACT_SUM_BATCH values
 * below 2^exponent sum up exactly in double on a grid of 2^(exponent - 42), and
 * so do the rests, which are below that, on one 2^42 times finer.  What is
 * left after both is reported, as bits that are not all 0.
 */
#define GRID_BITS 42

/* vectors as gcc and clang know them */
typedef double Wide __attribute__((vector_size(8 * LANES)));
typedef int64  WideBits __attribute__((vector_size(8 * LANES)));

FOR_SEVERAL_CPUS static bool
sum_on_grids(const double *values, int n, int exponent, double *upper, double *lower)
{
	double   shift_upper = 1.5 * power_of_two(exponent + 52 - GRID_BITS);
	double   shift_lower = 1.5 * power_of_two(exponent + 52 - 2 * GRID_BITS);
	Wide     uppers = {0};
	Wide     lowers = {0};
	WideBits left = {0};
	int64    left_any = 0;

	for (int i = 0; i < n; i += LANES)
	{
		Wide value = {0};
		Wide part;

		if (i + LANES <= n)
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
	for (int i = 0; i < LANES; i++)
	{
		*upper += uppers[i];
		*lower += lowers[i];
		left_any |= left[i];
	}
	return left_any == 0;
}

FOR_SEVERAL_CPUS double
largest_magnitude(const double *values, int n)
{
	double most[LANES] = {0};
	double largest = 0;
	int    i;

	for (i = 0; i + LANES <= n; i += LANES)
		for (int lane = 0; lane < LANES; lane++)
			most[lane] = fabs(values[i + lane]) > most[lane] ? fabs(values[i + lane]) : most[lane];
	for (; i < n; i++)
		largest = Max(largest, fabs(values[i]));
	for (int lane = 0; lane < LANES; lane++)
		largest = Max(largest, most[lane]);
	return largest;
}

/* fewer values are faster one by one */
#define FEW_VALUES 8

void
exact_sum_add_values(ExactSum *sum, const double *values, int n, double largest)
{
	int exponent = (int) (double_bits(largest) >> 52) - 1022; /* as frexp() has it, for normal doubles */

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
