/*-------------------------------------------------------------------------
 *
 * power.h
 *	  The power transform that makes values as normal as can be.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SEGMENT_POWER_H
#define SEGMENT_POWER_H

#include "prepare/pass_input.h"

/*
 * The Yeo-Johnson transform (I.-K. Yeo and R. A. Johnson, "A new family of
 * power transformations to improve normality or symmetry", Biometrika 2000):
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
 * Sets the lambda of each feature that is so transformed, from -8 to 10: the one
 * under which the values of the rows used, imputed and fenced, are the likeliest
 * to be normal.  Needs the raw figures, fill values and fences.
 */
extern void power_fit(Recipe *recipe, const RowSource *source);

extern const Pass power_pass; /* transformed values under any lambda */

#endif /* SEGMENT_POWER_H */
