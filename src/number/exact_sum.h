/*
 * Sums of doubles that are exact, and rounded once in the end, so that
 * neither the order of the values nor how they are split matters.
 */
#ifndef SEGMENT_EXACT_SUM_H
#define SEGMENT_EXACT_SUM_H

#include "number/bits.h"

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
extern void   exact_sum_add_product(ExactSum *sum, double a, double b); /* exactly; a * b must be finite */
extern double exact_sum_deviation(const ExactSum *sum, double n, double centre);
extern double exact_sum_weighted_deviation(const ExactSum *sum, const ExactSum *weight, double centre);

/*
 * Splits x, which is finite, into what it adds to the two neighbouring digits
 * that its mantissa touches, and returns the index of the lower one.
 */
static inline int
exact_digits_split(double x, int64 *low, int64 *high)
{
	uint64 bits = double_bits(x);
	uint64 mantissa = bits & ((UINT64CONST(1) << 52) - 1);
	int64  sign = -(int64) (bits >> 63);
	int    exponent = (int) (bits >> 52) & 0x7ff;

	if (likely(exponent != 0))
		mantissa |= UINT64CONST(1) << 52;
	else
		exponent = 1;

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

/* how far n values are from 0 at most, none of which is NaN */
extern double largest_magnitude(const double *values, int n);

#endif /* SEGMENT_EXACT_SUM_H */
