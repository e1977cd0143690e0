/*
 * Transforms by logarithms: log1p, and Yeo-Johnson's for a lambda that is known.
 */
#ifndef SEGMENT_POWER_H
#define SEGMENT_POWER_H

/*
 * I.-K. Yeo and R. A. Johnson, "A new family of power transformations to improve
 * normality or symmetry", Biometrika 2000:
 *
 *		 ((1 + x)^lambda - 1) / lambda,			x >= 0
 *		-((1 - x)^(2 - lambda) - 1) / (2 - lambda),	x < 0
 *
 * and log1p(x) or -log1p(-x) where the divisor is 0.  It rises with x, leaves 0
 * where it is, and with lambda 1 everything.  The result is finite: what lies
 * beyond the range of double becomes the largest one.
 */
extern double power_transform(double value, double lambda);
extern void   power_transform_values(double *values, int n, double lambda);

/*
 * The value that is transformed to this one.  Where lambda is below 0 or above
 * 2, transformed values are bounded; from the bound on there is no such value,
 * and the result is the farthest one that can be told from the bound.
 */
extern double power_undo(double transformed, double lambda);

/*
 * The power of 1 + |x|, where 0 stands for the logarithm.  A number this small
 * makes the same result, and may be divided by.
 */
#define NEAR_ZERO 1e-20

static inline double
power_of_side(double lambda, bool negative)
{
	double power = negative ? 2 - lambda : lambda;

	return power > -NEAR_ZERO && power < NEAR_ZERO ? NEAR_ZERO : power;
}

/* log(1 + x); NaN where there is none.  What is beyond 1e308 counts as 1e308. */
extern double power_log1p(double value);
extern void   power_log1p_values(double *values, int n);

/* log(1 + |x|) with the sign of x */
extern void power_logarithms(const double *values, int n, double *logarithms);

#endif /* SEGMENT_POWER_H */
