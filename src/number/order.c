/*
 * Order statistics of doubles in memory.
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"

#include "number/bits.h"
#include "number/order.h"
#include "number/several_cpus.h"

/* values handled between two checks for interrupts: well below a millisecond */
#define VALUES_PER_CHECK 65536

/* ---- Counting ---- */

FOR_SEVERAL_CPUS int
scale_inside(const double *values, int n, double lower, double upper, double factor, double last,
			 double *places)
{
	int count = 0;

	for (int i = 0; i < n; i++)
	{
		double place = (values[i] - lower) * factor;

		place = place < last ? place : last;
		places[i] = ((values[i] >= lower) & (values[i] <= upper)) ? place : -1;
	}
	for (int i = 0; i < n; i++)
		count += places[i] >= 0;
	return count;
}

/* of so many values few or none are inside, where others are not even looked at */
#define INSIDE_BATCH 32

FOR_SEVERAL_CPUS int
take_inside(const double *values, int n, const double *lower, const double *upper, int nranges, double *inside)
{
	int count = 0;

	for (int start = 0; start < n; start += INSIDE_BATCH)
	{
		const double *batch = values + start;
		int           size = Min(INSIDE_BATCH, n - start);
		int64         hits[INSIDE_BATCH];
		int64         any = 0;

		for (int i = 0; i < size; i++)
			hits[i] = (batch[i] >= lower[0]) & (batch[i] <= upper[0]);
		for (int range = 1; range < nranges; range++)
			for (int i = 0; i < size; i++)
				hits[i] |= (batch[i] >= lower[range]) & (batch[i] <= upper[range]);
		for (int i = 0; i < size; i++)
			any |= hits[i];
		/* no branch: which of them are inside is unpredictable */
		for (int i = 0; i < size && any; i++)
		{
			inside[count] = batch[i];
			count += (int) hits[i];
		}
	}
	return count;
}

FOR_SEVERAL_CPUS double
least_beyond(const double *values, int n, double bound, double above)
{
	double least[LANES];
	int    i;

	for (int lane = 0; lane < LANES; lane++)
		least[lane] = above;
	for (i = 0; i + LANES <= n; i += LANES)
		for (int lane = 0; lane < LANES; lane++)
		{
			double value = values[i + lane] > bound ? values[i + lane] : INFINITY;

			least[lane] = value < least[lane] ? value : least[lane];
		}
	for (; i < n; i++)
		if (values[i] > bound)
			above = Min(above, values[i]);
	for (int lane = 0; lane < LANES; lane++)
		above = Min(above, least[lane]);
	return above;
}

/* ---- Sorting ---- */

#define ST_SORT sort_float8
#define ST_ELEMENT_TYPE double
#define ST_COMPARE(a, b) (*(a) < *(b) ? -1 : *(a) > *(b))
#define ST_CHECK_FOR_INTERRUPTS
#define ST_SCOPE extern
#define ST_DEFINE
#include "lib/sort_template.h"

/* with fewer values than this, counting digits takes longer than comparing values */
#define RADIX_LEAST 1024

/* bytes of a double */
#define DIGITS 8

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
		uint64 place = ordered_bits(values[i]);

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
		values[i] = double_of_ordered_bits(from[i]);
	}
}

/* ---- Quantiles ---- */

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
	sort_float8(sample, PIVOT_SAMPLE);

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
	sort_float8(values, n);
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
	double lower;
	double upper;

	check_quantile(n, p);
	rank = (size_t) floor(position);
	lower = select_two(values, n, rank, &upper);
	if (position == (double) rank)
		upper = lower;
	return quantile_interpolate(lower, upper, position - (double) rank);
}

double
select_two(double *values, size_t n, size_t rank, double *next)
{
	select_rank(values, n, rank);
	*next = rank == n - 1 ? values[rank] : smallest_value(values + rank + 1, n - rank - 1);
	return values[rank];
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

int
find_int32(const int32 *numbers, int n, int32 number)
{
	int low = 0;

	for (int high = n; low < high;)
	{
		int middle = low + (high - low) / 2;

		if (numbers[middle] < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low < n && numbers[low] == number ? low : n;
}
