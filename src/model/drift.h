/*
 * How the rows of today differ from those of a fit.
 *
 * The fit leaves for each feature, and for the length of a vector, up to BIN_CUTS
 * values and how many of its rows lie between them.  Later rows are counted in the same bins, and scored by the
 * model as it is.
 */
#ifndef SEGMENT_DRIFT_H
#define SEGMENT_DRIFT_H

#include "model/model.h"

/* cuts of a feature: the quantiles of every fiftieth part */
#define BIN_CUTS 49

/* places of a feature in the arrays below; the last counts missing values */
#define BIN_WIDTH 64

/*
 * Bin b of a feature holds the values above cut b - 1, up to cut b, which is in
 * it; the last bin those above all cuts.
 */
typedef struct Bins
{
	int     nfigures;
	int    *ncuts; /* of each figure, at most BIN_WIDTH - 2 */
	double *cuts;  /* figures x BIN_WIDTH, ascending; infinite where there are no more */
	int64  *rows;  /* figures x BIN_WIDTH, or NULL: bins, then missing values */
} Bins;

static inline double *
bin_cuts(const Bins *bins, int figure)
{
	return bins->cuts + (Size) figure * BIN_WIDTH;
}

static inline int64 *
bin_rows(const Bins *bins, int figure)
{
	return bins->rows + (Size) figure * BIN_WIDTH;
}

/* room for the bins of so many figures, without cuts and rows */
extern Bins *bins_make(int nfigures);

/*
 * The bins of a recipe's features: cuts from a sample of the rows (NULL: all of
 * them), counts of all rows used.  Of a category there is one cut, 0.
 */
extern Bins *bins_fit(const RowSource *source, const Rows *sample, const Recipe *recipe);

/* What is known of a cluster today; clusters stand as the model has its centroids. */
typedef struct DriftedCluster
{
	int64 rows;
	int64 border; /* with a margin below BORDER_MARGIN; 0 of those left out */

	/*
	 * From the centroid to the mean of the rows, as a part of the way to the
	 * nearest other centroid; NaN without rows, of one cluster only, of rows left out.
	 */
	double moved;
} DriftedCluster;

typedef struct Drift
{
	int64           rows_read;
	int64           rows_used; /* that the model does not skip */
	Bins           *bins;      /* with the rows of today */
	double         *means;     /* of the values that are there of each figure, original units; NaN: none */
	DriftedCluster *clusters;  /* k, and those left out if the model leaves rows out */
} Drift;

/*
 * Reads a query of the model's columns, in their order, once, with the workers
 * that it may have; bins has the cuts of each feature of the model.  54000 where
 * segment.work_mem has no room for the figures; what scoring a row raises.
 */
extern Drift drift_read(ShareSet *set, const Model *model, const char *query, Bins *bins);

extern const Pass bins_pass;  /* rows in bins */
extern const Pass drift_pass; /* the same, and what is known of clusters */

#endif /* SEGMENT_DRIFT_H */
