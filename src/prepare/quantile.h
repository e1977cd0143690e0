/*-------------------------------------------------------------------------
 *
 * quantile.h
 *	  Exact quantiles of many groups of values at once, by passes.
 *
 *-------------------------------------------------------------------------
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

	/* the values from lower to upper are known to hold that rank */
	double lower;
	double upper;
	int64  below;  /* values below lower */
	int64  inside; /* values from lower to upper */
	bool   narrowed;
	bool   wide;    /* a histogram comes next */
	bool   guessed; /* lower and upper are only likely to hold the rank, below and inside unknown */

	/* of all values */
	int64  n;
	double min;
	double max;
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
 * A first histogram that some other pass has made: how values from lower to
 * upper fall into buckets, and what it says about a quantile of them.
 */
typedef struct ValueSpan
{
	int    feature;
	int    cluster;
	double lower;
	double upper;
	int64  inside;
	int64  first;    /* where its values begin among all that are gathered */
	int64  capacity; /* how many are; all or none */
	double factor;   /* buckets per unit; 0: by the order of doubles */
	int    shift;
	int    buckets;
	bool   guessed; /* values below are counted as well */
} ValueSpan;

/* how many buckets so many histograms may have */
extern int span_buckets(int nspans);

extern ValueSpan span_make(double lower, double upper, int buckets);
extern void      span_count(const ValueSpan *span, const double *values,
							int n, int64 *counts);
extern void      quantile_narrow(Quantile *quantile, const ValueSpan *span,
								 const int64 *counts);

/*
 * The same from a histogram of some of the values, whichever: a guess, which
 * the next pass over all of them proves or disproves.
 */
extern void quantile_guess(Quantile *quantile, const ValueSpan *span,
						   const int64 *counts);

/* how many values are in each part of a span, and the values of a narrow one */
extern const Pass histogram_pass;
extern const Pass gather_pass;

#endif /* SEGMENT_QUANTILE_H */
