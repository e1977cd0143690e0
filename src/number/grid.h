/*
 * Sums in double that do not depend on the order of rows.
 */
#ifndef SEGMENT_GRID_H
#define SEGMENT_GRID_H

/*
 * The grid for values of at most max_abs: 2^-max_bits of it, or coarser when
 * there are so many rows that their sum would not fit 53 bits.
 */
extern double sum_grid(double max_abs, int64 nrows, int max_bits);

/* The grid for values that are packed into float4. */
extern double packed_grid(double max_abs, int64 nrows);

/* The power of two to divide by first, so that squares stay within float4: 1 for values of a usual size. */
extern double packed_unit(double max_abs);

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

#endif /* SEGMENT_GRID_H */
