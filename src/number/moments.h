/*
 * Mean, deviation, skewness and kurtosis of doubles, whatever their order.
 *
 * Memory belongs to the caller.
 */
#ifndef SEGMENT_MOMENTS_H
#define SEGMENT_MOMENTS_H

#include "number/exact_sum.h"

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

#endif /* SEGMENT_MOMENTS_H */
