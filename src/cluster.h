/*-------------------------------------------------------------------------
 *
 * cluster.h
 *	  A finished clustering of a matrix: the best run, its exact figures, and
 *	  the order of its segments.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SEGMENT_CLUSTER_H
#define SEGMENT_CLUSTER_H

#include "judge.h"
#include "lloyd.h"
#include "recipe.h"

/*
 * Figures are in scaled units.  Clusters stand in the order of their numbers.
 */
typedef struct Clustering
{
	int  k;
	int  nfeatures;
	int  iterations;
	bool converged;

	double *centroids; /* k x features, prepared */
	double *values;    /* the same in original units */
	int32  *numbers;   /* segment number of each cluster, ascending */
	int64  *rows;
	double *distance_avg; /* mean distance of a cluster's rows to its centroid */

	/* the inertia of one segment, in prepared units */
	double total_squares;

	/* NaN where undefined (k = 1, or as many clusters as rows) */
	double inertia;
	double explained;  /* share of the total sum of squares */
	double silhouette; /* simplified: centroids in place of pairs */
	double davies_bouldin;
	double calinski_harabasz;
	double smallest_share;

	/*
	 * The last pass, for the profile; places[i] is the index of cluster i among
	 * its centroids, which may stand in another order.
	 */
	PassInput  judged;
	Judgement *judgement;
	int       *places;
} Clustering;

/*
 * The number of centroids that a matrix can tell apart, and the error when
 * more were asked for.
 */
extern void cluster_check_k(const Matrix *matrix, int k);

/*
 * Runs k-means on matrix and judges the best run on the raw rows that it was
 * packed from.  options->k must have passed cluster_check_k().  With profile,
 * the last pass makes the profile as well; profile_compute() saves another
 * pass then.
 */
extern Clustering *cluster_fit(const RowSource *source, const Matrix *matrix,
							   const Recipe *recipe, const LloydOptions *options,
							   bool profile);

/*
 * Numbers clusters after older ones: old_centroids is nold x features in the
 * new prepared coordinates, old_numbers their numbers.
 */
extern void cluster_renumber(Clustering   *clustering,
							 const double *old_centroids,
							 const int32 *old_numbers, int nold);

/*
 * k-means of plain points without any preparation, for the aggregate: returns
 * the number of centroids found (k, or the number of distinct points if that
 * is less) and sets *centroids to them, row-major in original units.
 */
extern int kmeans_fit_array(const double *rows, int64 nrows, int nfeatures,
							int k, int64 seed, double **centroids);

/* matching.c: row i of an nrows x ncolumns cost matrix, nrows <= ncolumns, gets column match[i] */
extern void match_cheapest(const double *cost, int nrows, int ncolumns, int *match);

#endif /* SEGMENT_CLUSTER_H */
