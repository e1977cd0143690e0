/*
 * Exact quantiles of many groups of values at once, by passes.
 */
#ifndef SEGMENT_QUANTILE_H
#define SEGMENT_QUANTILE_H

#include "prepare/pass_input.h"

/* which of a feature's values */
typedef enum QuantileValues
{
	QUANTILES_PRESENT,    /* raw, without missing ones, of all rows */
	QUANTILES_USED,       /* the same of the rows that are not skipped */
	QUANTILES_TRANSFORMED /* of the rows that are not skipped */
} QuantileValues;

typedef struct Quantile
{
	int    feature;
	int    cluster; /* -1: of all rows */
	double value;   /* when found; NaN without values */
	bool   found;

	/* what is wanted: between the values of this rank (from 0) and the next */
	int64  rank;
	double proportion;

	/* the value of that rank is known to lie from lower to upper */
	double lower;
	double upper;
	int64  below;    /* values below lower */
	int64  inside;   /* values from lower to upper */
	bool   narrowed; /* by a histogram: the next one is by the order of doubles */
	bool   wide;     /* too many values to be gathered: a histogram comes next */
} Quantile;

/*
 * Part p of the n values from min to max.
 */
extern Quantile quantile_make(int feature, int cluster, double p, int64 n,
							  double min, double max);

/*
 * Sets the values of quantiles, which stand in the order of their features.
 * Clusters are those of input's centroids, which labels may hold.
 */
extern void quantiles_find(const RowSource *source, const PassInput *input,
						   QuantileValues of, Quantile *quantiles, int n, Share labels);

/*
 * The values from lower to upper of a feature and a cluster, for a histogram of
 * them.  A pass of another module may make the first one.
 */
typedef struct ValueSpan
{
	int    feature;
	int    cluster;
	double lower;
	double upper;

	/* of the histogram */
	int    buckets;
	double factor; /* buckets per unit; 0: by the order of doubles */
	int    shift;  /* such a bucket has 2^shift doubles */
	double plus;   /* these are values plus this */

	/* of the pass that gathers values */
	int64 inside;   /* how many there are */
	int64 first;    /* where they begin among all that are gathered */
	int64 capacity; /* how many are gathered: inside or 0 */
	bool  above;    /* the least value above them is wanted, too */
} ValueSpan;

/* how many buckets so many histograms may have */
extern int span_buckets(int nspans);

extern ValueSpan span_make(double lower, double upper, int buckets);
extern ValueSpan span_of_logarithms(double lower, double upper, int buckets); /* about as wide for log(1 + x) */
extern void      span_add_values(const ValueSpan *span, const double *values,
								 int n, int64 *counts);
extern void      quantile_narrow(Quantile *quantile, const ValueSpan *span,
								 const int64 *counts);

extern const Pass histogram_pass;
extern const Pass gather_pass;

#endif /* SEGMENT_QUANTILE_H */
