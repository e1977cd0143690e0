/*
 * Sums in double that do not depend on the order of rows.
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "port/pg_bitutils.h"

#include "number/grid.h"

/* at least as fine as float4 is for values above a sixteenth of the largest */
#define FLOAT4_BITS 28

/* finer than any float, and as fine as a kernel can round to */
#define LEAST_GRID 0x1p-1000

/* values between 2^-20 and 2^20 are left as they are */
#define USUAL_EXPONENT 20

double
sum_grid(double max_abs, int64 nrows, int max_bits)
{
	int exponent;
	int bits = Min(max_bits, 52 - (pg_leftmost_one_pos64(Max(nrows, 1)) + 1));

	if (max_abs == 0)
		return 1;
	frexp(max_abs, &exponent);
	return ldexp(1, exponent - bits);
}

double
packed_grid(double max_abs, int64 nrows)
{
	return Max(LEAST_GRID, sum_grid(max_abs, nrows, FLOAT4_BITS));
}

double
packed_unit(double max_abs)
{
	int exponent;

	frexp(max_abs, &exponent);
	return abs(exponent) > USUAL_EXPONENT ? ldexp(1, exponent) : 1;
}

static Grids
grids_make(double largest, int64 nrows)
{
	double coarse = sum_grid(largest, nrows, DBL_MANT_DIG);
	double fine = sum_grid(coarse / 2, nrows, DBL_MANT_DIG);
	double rounding = ldexp(1.5, DBL_MANT_DIG - 1);

	return (Grids){.coarse = rounding * coarse, .fine = rounding * fine};
}

RowSums
row_sums_make(int nfeatures, bool weighted, double largest, int64 nrows)
{
	return (RowSums){.nfeatures = nfeatures,
					 .weighted = weighted,
					 .values = grids_make(largest, nrows),
					 .weights = grids_make(1, nrows)};
}

double
row_sums_total(const RowSums *layout, const double *sums, double *totals)
{
	const double *fine = sums + layout->nfeatures + 1;

	for (int f = 0; f < layout->nfeatures; f++)
		totals[f] = sums[f] + fine[f];
	return sums[layout->nfeatures] + fine[layout->nfeatures];
}
