/*
 * A finished clustering of a matrix: the best run, its exact figures, and
 * the order of its segments.
 */
#ifndef SEGMENT_CLUSTER_H
#define SEGMENT_CLUSTER_H

#include "cluster/cluster_rows.h"
#include "cluster/constrained.h"
#include "cluster/judge.h"
#include "cluster/lloyd.h"

/*
 * Clusters stand in the order of their centroids' coordinates.  Distances and
 * the inertia are in scaled units.
 *
 * Rows belong to the nearest centroid, unless there are offsets or a cut: see
 * assign_blocks().  Where no row changed any more, centroids
 * are the means of their rows.  Where iterations ended before, these are a
 * little elsewhere; the figures of the clustering are about them.
 */
typedef struct Clustering
{
	int  k;
	int  nfeatures;
	int  iterations;
	bool converged;

	double *centroids; /* k x features, prepared: what rows are compared with */
	double *means;     /* the same of the rows' means, or mean directions */
	double *values;    /* these in original units */
	int32  *numbers;   /* segment number of each cluster */
	int64  *rows;
	int64  *border;       /* rows that are hardly nearer to their centroid than to another */
	double *distance_avg; /* mean distance of a cluster's rows to its centroid */
	double *scatter;      /* the same to their mean */
	double *margin_avg;   /* their simplified silhouette; NaN if k is 1 */
	double *mean;         /* of all rows, prepared; NULL without weights */

	/* the inertia of one segment, in prepared units */
	double total_squares;

	/* all but smallest_share are weighted; NaN where undefined (k = 1, or as many clusters as rows) */
	double inertia;
	double explained;  /* share of the total sum of squares */
	double silhouette; /* simplified: centroids in place of pairs */
	double davies_bouldin;
	double calinski_harabasz;
	double smallest_share;

	double weight;  /* of all rows */
	int64  changed; /* rows that the last assignment put elsewhere */

	/* the last pass, for the profile */
	PassInput  judged;
	Judgement *judgement;
	Share      labels; /* as long as a profile may want them */

	/* beside others, see structure.h; NaN and false until it sets them */
	double bic;
	double gap;
	double gap_se;
	bool   plausible; /* its silhouette is as good as the highest */

	int    *origins; /* the place of each cluster in the start of its run */
	double *offsets; /* k, or NULL */
	bool    trimmed; /* rows beyond cut are left out: arrays of clusters have one more entry, of these */
	double  cut;
	double  largest_share;
	double  spread;    /* total_squares of all rows, without weights, for tolerances */
	bool    unchanged; /* a warm start with the inertia that it had before */
} Clustering;

/*
 * Runs k-means and judges the best run on the raw values of all rows.
 * options->k must have passed cluster_check_k().  With profile, the last pass
 * makes the profile as well; profile_compute() saves another pass then.
 */
extern Clustering *cluster_fit(ClusterRows *rows, const LloydOptions *options, bool profile);

/* ---- between cluster.c and rescore.c ---- */

extern Clustering *clustering_create(const Recipe *recipe, int k, bool trimmed);
extern void        clustering_begin_origins(Clustering *clustering);
extern void        clustering_refine(const RowSource *source, const PassInput *input, Share labels, double *means, Clustering *clustering, const Judgement *judgement);
extern bool        clustering_judge(const RowSource *source, const Recipe *recipe, const LloydOptions *options, bool profile, Share labels, Clustering *clustering);
extern void        clustering_finish_at_fixpoint(const Recipe *recipe, Clustering *clustering);

/*
 * The squared distance between the i-th of some points and the j-th of others.
 */
static inline double
centroid_distance(int nfeatures, const double *points, int i, const double *others, int j)
{
	const double *x = points + (Size) i * nfeatures;
	const double *y = others + (Size) j * nfeatures;
	double        squared = 0;

	for (int f = 0; f < nfeatures; f++)
		squared += (x[f] - y[f]) * (x[f] - y[f]);
	return squared;
}

#endif /* SEGMENT_CLUSTER_H */
