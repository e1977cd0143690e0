/*
 * Order statistics of doubles in memory: counting, quantiles and sorting; and
 * looking for a number among others.
 *
 * Memory belongs to the caller.  Loops over many values check for interrupts,
 * so an error may leave an array partly reordered.
 */
#ifndef SEGMENT_ORDER_H
#define SEGMENT_ORDER_H

/*
 * places[i] = (values[i] - lower) * factor, but at most last; -1 for values
 * outside lower .. upper.  Returns how many are not.
 */
extern int scale_inside(const double *values, int n, double lower, double upper,
						double factor, double last, double *places);

/*
 * Copies the values that are in a range, from lower[i] to upper[i], for which there must
 * be room for n; returns how many they are.
 */
extern int take_inside(const double *values, int n, const double *lower, const double *upper, int nranges, double *inside);

/* The least value beyond a bound, or above if that is less. */
extern double least_beyond(const double *values, int n, double bound, double above);

/* between two neighbouring values, or the same: what quantiles return */
extern double quantile_interpolate(double lower, double upper,
								   double proportion);

/*
 * Quantiles interpolate as percentile_cont does.  Values hold no NaN, n is at
 * least 1, p is from 0 to 1.  quantile_select() reorders its values.
 */
extern double quantile_select(double *values, size_t n, double p);
extern double quantile_sorted(const double *sorted, size_t n, double p);

/* The value of a rank from 0, and the next one, which is the same for the last; reorders the values. */
extern double select_two(double *values, size_t n, size_t rank, double *next);

extern void sort_float8(double *values, size_t n);

/*
 * The same with room for n more values, several times as fast for many of them.
 * An error may leave nonsense in both arrays.
 */
extern void sort_float8_with(double *values, double *scratch, size_t n);

/* The place of a number among n ascending ones; n if it is none of them. */
extern int find_int32(const int32 *numbers, int n, int32 number);

#endif /* SEGMENT_ORDER_H */
