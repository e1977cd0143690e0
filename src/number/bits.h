/*
 * Doubles as bits, and bits mixed.
 */
#ifndef SEGMENT_BITS_H
#define SEGMENT_BITS_H

static inline uint64
double_bits(double value)
{
	uint64 bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

static inline double
double_of_bits(uint64 bits)
{
	double value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

/* 2^exponent, for the exponents of normal doubles: far faster than ldexp() */
static inline double
power_of_two(int exponent)
{
	return double_of_bits((uint64) (exponent + 1023) << 52);
}

/*
 * Integers in the order of the doubles that they stand for, and back.  Both
 * zeros are the same integer; there is none for NaN.
 */
static inline uint64
ordered_bits(double value)
{
	uint64 bits = double_bits(value + 0.0);

	return bits >> 63 ? ~bits : bits | UINT64CONST(1) << 63;
}

static inline double
double_of_ordered_bits(uint64 ordered)
{
	return double_of_bits(ordered >> 63 ? ordered & ~(UINT64CONST(1) << 63) : ~ordered);
}

/* The finaliser of MurmurHash3 (A. Appleby, 2011). */
static inline uint64
mix_bits(uint64 bits)
{
	bits = (bits ^ bits >> 33) * UINT64CONST(0xff51afd7ed558ccd);
	bits = (bits ^ bits >> 33) * UINT64CONST(0xc4ceb9fe1a85ec53);
	return bits ^ bits >> 33;
}

#endif /* SEGMENT_BITS_H */
