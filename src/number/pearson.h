/*
 * Pearson's correlation coefficient.
 */
#ifndef SEGMENT_PEARSON_H
#define SEGMENT_PEARSON_H

#include <math.h>

/* of two columns; NaN where one of them has no variance */
static inline double
pearson(double covariance, double x_variance, double y_variance)
{
	double variances = x_variance * y_variance;
	double r = covariance / sqrt(variances);

	return variances > 0 ? Max(Min(r, 1), -1) : (double) NAN;
}

#endif /* SEGMENT_PEARSON_H */
