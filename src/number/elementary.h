/*
 * Logarithm and exponential function near 1, for loops over many values.
 *
 * Compilers turn them into vectors, which makes loops three to five times as fast
 * as with the C library's functions, and results are the same bits on every
 * machine.  They differ from the exact ones by less than two units in the last
 * place.
 */
#ifndef SEGMENT_ELEMENTARY_H
#define SEGMENT_ELEMENTARY_H

#include "number/bits.h"

/* log(2) in two parts, of which the first times an exponent is exact */
#define LOG_2_HIGH 0x1.62e42fefa3800p-1
#define LOG_2_LOW 0x1.ef35793c76730p-45

/*
 * log(1 + x) for -1 < x <= 1e308; anything for other values.
 *
 * 1 + x is 2^k (1 + f), with 1 + f from sqrt(1/2) to sqrt(2).  With s = f / (2 +
 * f), log(1 + f) = 2 artanh(s), whose series is summed as far as a double goes.
 * What rounding 1 + x has cost is added in the end.
 */
static inline double
log_1_plus(double x)
{
	double sum = 1 + x;
	uint64 bits = double_bits(sum);
	uint64 k = (bits - double_bits(0x1.6a09e667f3bcdp-1) + (UINT64CONST(1024) << 52)) >> 52; /* + 1024 */
	double exponent = double_of_bits(k | UINT64CONST(0x433) << 52) - (0x1p52 + 1024);
	double f = double_of_bits(bits - ((k - 1024) << 52)) - 1;
	double lost = (x - (sum - 1)) * double_of_bits((1023 + 1024 - k) << 52) * (1 - f);
	double s = f / (2 + f);
	double z = s * s;
	double series = 2.0 / 23;

	series = series * z + 2.0 / 21;
	series = series * z + 2.0 / 19;
	series = series * z + 2.0 / 17;
	series = series * z + 2.0 / 15;
	series = series * z + 2.0 / 13;
	series = series * z + 2.0 / 11;
	series = series * z + 2.0 / 9;
	series = series * z + 2.0 / 7;
	series = series * z + 2.0 / 5;
	series = series * z + 2.0 / 3;
	series = series * z;
	return exponent * LOG_2_HIGH + (f - (s * (f - series) - (exponent * LOG_2_LOW + lost)));
}

/*
 * e^z - 1; infinite from 710 on.
 *
 * z is k log(2) + r, and e^z - 1 = 2^k (e^r - 1) + 2^k - 1.
 */
static inline double
exp_less_1(double z)
{
	const double shift = 0x1.8p52; /* brings integers into the low bits */
	double       bounded = z < 710 ? (z > -50 ? z : -50) : 710;
	double       shifted = bounded * 0x1.71547652b82fep+0 + shift;
	double       k = shifted - shift;
	double       r = (bounded - k * LOG_2_HIGH) - k * LOG_2_LOW;
	double       half = double_of_bits((double_bits(shifted) + 1022) << 52); /* 2^(k - 1) */
	double       series = 1.0 / 6227020800;

	series = series * r + 1.0 / 479001600;
	series = series * r + 1.0 / 39916800;
	series = series * r + 1.0 / 3628800;
	series = series * r + 1.0 / 362880;
	series = series * r + 1.0 / 40320;
	series = series * r + 1.0 / 5040;
	series = series * r + 1.0 / 720;
	series = series * r + 1.0 / 120;
	series = series * r + 1.0 / 24;
	series = series * r + 1.0 / 6;
	series = series * r + 1.0 / 2;
	series = series * (r * r) + r;
	return 2 * (half * series + (half - 0.5));
}

#endif /* SEGMENT_ELEMENTARY_H */
