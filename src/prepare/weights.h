/*-------------------------------------------------------------------------
 *
 * weights.h
 *	  Rows that weigh more than others, and sums of them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SEGMENT_WEIGHTS_H
#define SEGMENT_WEIGHTS_H

#include "rows/source.h"

/*
 * Looks for the largest weight of the rows used, which sets the recipe's
 * weight_unit, and raises an error if any is missing, negative or infinite, or
 * if all are 0.  Rows that all weigh the same are no longer weighted: nothing
 * but the unit tells them from rows without weights.  column is the name in
 * messages.
 */
extern void weights_fit(Recipe *recipe, const RowSource *source, const char *column);

static inline bool
recipe_is_weighted(const Recipe *recipe)
{
	return recipe->weight_column >= 0;
}

/*
 * The weights of nrows rows in units of the recipe, from 0 to 1, only of the
 * rows used if used is not NULL.  One that is less than LEAST_WEIGHT is 0.
 * Returns how many these are.
 */
#define LEAST_WEIGHT (1.0 / (INT64CONST(1) << 40))

extern int weights_of(const Recipe *recipe, const double *blocks, int nrows, const bool *used,
					  double *weights);

/*
 * The same of all rows in memory, in float as packed rows are, for whole
 * blocks; nothing if the recipe is not weighted.
 */
extern Share weights_share(ShareSet *set, const Recipe *recipe, const Rows *rows);

/*
 * Sums of weighted values that do not depend on the order of rows, nor on how
 * they are split.  A product of weight and value is rounded to a coarse grid,
 * and what that leaves to a fine one: on either, as many values as there are
 * rows have a sum that double holds exactly.  Some 60 bits are left for a
 * million rows, so that light rows count beside heavy ones.
 *
 * Without weights, there is one sum a feature, of values that lie on a grid of
 * their own (see matrix.h).
 */
typedef struct Grids
{
	double coarse; /* 1.5 * 2^52 times the grid: added and subtracted, it rounds */
	double fine;
} Grids;

typedef struct RowSums
{
	int   nfeatures;
	bool  weighted;
	Grids values;
	Grids weights;
} RowSums;

/* for nrows rows, of which no value is farther from 0 than largest */
extern RowSums row_sums_make(int nfeatures, bool weighted, double largest, int64 nrows);

/* doubles in the sums of a cluster: coarse ones, the last of the weight, then fine ones */
static inline int
row_sums_size(const RowSums *layout)
{
	return layout->weighted ? 2 * (layout->nfeatures + 1) : layout->nfeatures;
}

static inline void
grids_add(const Grids *grids, double x, double *coarse, double *fine)
{
	double rounded = (x + grids->coarse) - grids->coarse;

	*coarse += rounded;
	*fine += ((x - rounded) + grids->fine) - grids->fine;
}

/* adds a value that is multiplied by its row's weight already, and the weight itself */
static inline void
row_sums_add_value(const RowSums *layout, int feature, double value, double *sums)
{
	grids_add(&layout->values, value, &sums[feature], &sums[layout->nfeatures + 1 + feature]);
}

static inline void
row_sums_add_weight(const RowSums *layout, double weight, double *sums)
{
	grids_add(&layout->weights, weight, &sums[layout->nfeatures], &sums[2 * layout->nfeatures + 1]);
}

/* Rounds the sums of a weighted cluster to a double a feature; returns its weight. */
extern double row_sums_total(const RowSums *layout, const double *sums, double *totals);

#endif /* SEGMENT_WEIGHTS_H */
