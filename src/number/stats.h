/*-------------------------------------------------------------------------
 *
 * stats.h
 *	  Order-free statistics of double columns: exact sums, moments,
 *	  quantiles and sorting.
 *
 * Nothing here depends on the order of its input: sums are exact before they
 * are rounded once, and order statistics compare values only.  The functions
 * allocate nothing; arrays belong to the caller.  Loops over many values
 * check for interrupts, so an error may leave a selection's or a sort's array
 * partly reordered, never with other contents.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SEGMENT_STATS_H
#define SEGMENT_STATS_H

/* For loops that some compilers can compile for several instruction sets, with the same results. */
#if defined(__x86_64__) && defined(__GLIBC__) && (!defined(__clang__) || __clang_major__ >= 14)
#define FOR_SEVERAL_CPUS __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define FOR_SEVERAL_CPUS
#endif

/*
 * An exact accumulator over the whole range of double: a fixed-point number
 * in digits of 32 bits, each held in 64 bits so that carries can wait (the
 * small superaccumulator of R. M. Neal, "Fast exact summation using small and
 * large superaccumulators", 2015, arXiv:1505.05571).  Digit i weighs
 * 2^(32 i - 1075).  The top digits only take carries: there is room for 2^63
 * values of any size.
 */
#define EXACT_SUM_DIGITS 67

/* an add puts less than 2^52 + 2^32 into a digit, so that 2^10 stay below 2^63 */
#define EXACT_SUM_CARRY_EVERY 1024

typedef struct ExactSum
{
	int64 digits[EXACT_SUM_DIGITS];
	int64 pending; /* adds since the carries were last resolved */
} ExactSum;

extern void   exact_sum_init(ExactSum *sum);
extern void   exact_sum_carry(ExactSum *sum);
extern void   exact_digits_carry(int64 *digits, int ndigits);
extern void   exact_sum_merge(ExactSum *to, const ExactSum *from);
extern double exact_sum_value(const ExactSum *sum);
extern double exact_sum_mean(const ExactSum *sum, double n);
extern double exact_sum_deviation(const ExactSum *sum, double n, double centre);
extern double exact_sum_weighted_deviation(const ExactSum *sum, const ExactSum *weight, double centre);

/*
 * Splits x, which is finite, into what it adds to the two neighbouring digits
 * that its mantissa touches, and returns the index of the lower one.
 */
static inline int
exact_digits_split(double x, int64 *low, int64 *high)
{
	uint64 bits;
	uint64 mantissa;
	int64  sign;
	int    exponent;

	memcpy(&bits, &x, sizeof(bits));
	exponent = (int) (bits >> 52) & 0x7ff;
	mantissa = bits & ((UINT64CONST(1) << 52) - 1);
	if (likely(exponent != 0))
		mantissa |= UINT64CONST(1) << 52;
	else
		exponent = 1;
	sign = -(int64) (bits >> 63);

	*low = (int64) ((mantissa << (exponent & 31)) & 0xffffffff);
	*high = (int64) (mantissa >> (32 - (exponent & 31)));
	*low = (*low ^ sign) - sign;
	*high = (*high ^ sign) - sign;

	return exponent >> 5;
}

static inline void
exact_sum_add(ExactSum *sum, double x)
{
	int64 low;
	int64 high;
	int   digit = exact_digits_split(x, &low, &high);

	sum->digits[digit] += low;
	sum->digits[digit + 1] += high;
	if (unlikely(++sum->pending == EXACT_SUM_CARRY_EVERY))
		exact_sum_carry(sum);
}

/*
 * Adds n finite values, none beyond largest: far faster than one by one, with
 * the same sum.  Of more than EXACT_SUM_BATCH it takes so many at a time.
 */
#define EXACT_SUM_BATCH 1024

extern void exact_sum_add_values(ExactSum *sum, const double *values, int n,
								 double largest);

/* Moves the values that are not NaN to the front and returns their number. */
extern int present_values(double *values, int n);

/*
 * Without values everything but n is NaN; without spread skewness and
 * kurtosis are NaN, for they are undefined.
 */
typedef struct Moments
{
	int64  n; /* values that are not NaN */
	double mean;
	double stddev; /* of the population */
	double skewness;
	double kurtosis; /* in excess of the normal distribution's */
	double min;
	double max;
} Moments;

/*
 * Sums of powers of deviations from a mean, which two processes may have of
 * values of their own: the moments of all of them.  Values are finite, or NaN
 * where missing; located knows their mean and range.
 */
typedef struct PowerSums
{
	ExactSum sums[4];
} PowerSums;

extern void powers_init(PowerSums *powers);
extern void powers_add(PowerSums *powers, const Moments *located, const double *values, size_t n,
					   int npowers);
extern void powers_merge(PowerSums *to, const PowerSums *from);

/* stddev, and of four powers skewness and kurtosis, of moments that are located */
extern void powers_moments(const PowerSums *powers, int npowers, Moments *moments);

/*
 * Values are finite, or NaN where missing; leaves out skewness and kurtosis
 * (NaN), which is cheaper.
 */
extern void moments_compute_basic(const double *values, size_t n,
								  Moments *moments);

/*
 * What moments need to know of values, in a form that can be merged: squares
 * are those of deviations from a centre that is known beforehand, which need
 * not be the mean but should be near it.
 */
typedef struct Spread
{
	int64    n;
	double   min; /* infinite without values */
	double   max;
	ExactSum sum;
	ExactSum squares;
} Spread;

typedef struct SpreadCentre
{
	double centre;
	double scale; /* a power of two; deviations are multiplied by it */
} SpreadCentre;

/* the centre for values that lie from min to max; clamped to these */
extern SpreadCentre spread_centre(double centre, double min, double max);

/*
 * spread_add() adds finite values, spread_add_squares() their squares, which
 * those that want no standard deviation can do without.
 */
extern void spread_init(Spread *spread);
extern void spread_add(Spread *spread, const double *values, int n);
extern void spread_add_squares(Spread *spread, const double *values, int n,
							   SpreadCentre centre);
extern void spread_merge(Spread *to, const Spread *from);

/* leaves out skewness and kurtosis; spread_location() also the deviation */
extern void spread_location(const Spread *spread, Moments *moments);
extern void spread_moments(const Spread *spread, SpreadCentre centre,
						   Moments *moments);

/* the mean deviation from a centre, times its scale */
extern double spread_deviation(const Spread *spread, SpreadCentre centre);

/*
 * False if the centre was so far from the values, or so much coarser, that the
 * deviation is inexact.
 */
extern bool spread_is_sharp(const Spread *spread, SpreadCentre centre);

extern int count_below(const double *values, int n, double lower);

/*
 * places[i] = (values[i] - lower) * factor, but at most last; -1 for values
 * outside lower .. upper.  Returns how many are not.
 */
extern int scale_inside(const double *values, int n, double lower, double upper,
						double factor, double last, double *places);

/* Counts the values from lower to upper; lowers above to the least value beyond. */
extern int count_inside(const double *values, int n, double lower,
						double upper, double *above);

/* between two neighbouring values, or the same: what quantiles return */
extern double quantile_interpolate(double lower, double upper,
								   double proportion);

/*
 * Quantiles interpolate as percentile_cont does.  Values hold no NaN, n is at
 * least 1, p is from 0 to 1.  quantile_select() reorders its values.
 */
extern double quantile_select(double *values, size_t n, double p);
extern double quantile_sorted(const double *sorted, size_t n, double p);

/* Tukey's fences lie this many interquartile ranges beyond the quartiles */
#define TUKEY_RANGES 1.5

extern void sort_float8(double *values, size_t n);

/*
 * The same with room for n more values, several times as fast for many of them.
 * An error may leave nonsense in both arrays.
 */
extern void sort_float8_with(double *values, double *scratch, size_t n);

#endif /* SEGMENT_STATS_H */
