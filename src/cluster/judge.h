/*
 * The last assignment of all rows, and what is counted on the way.
 */
#ifndef SEGMENT_JUDGE_H
#define SEGMENT_JUDGE_H

#include "prepare/quantile.h"

/* A row whose margin, as it is stored, is smaller could as well be in its second cluster. */
#define BORDER_MARGIN 0.1

typedef struct JudgedCluster
{
	int64    rows;
	int64    border;    /* rows with a margin below BORDER_MARGIN */
	ExactSum distances; /* times weights */
	ExactSum margins;   /* times weights */
	ExactSum weight;    /* of weighted rows only */
} JudgedCluster;

/*
 * What the pass found: sums over all rows in clusters, then a JudgedCluster a
 * cluster, and one of the rows beyond the cut if there is one.
 * With the profile, of the raw values that are present, in original units,
 * cluster by cluster and figure by figure in each: their spreads, then the
 * histograms of judge_span().
 */
typedef struct Judgement
{
	int64         changed; /* rows that were not in their cluster before, all if labels do not tell */
	ExactSum      squares; /* squared distances, prepared, times weights */
	ExactSum      total;   /* the same from the mean of all rows, if it was given */
	JudgedCluster clusters[FLEXIBLE_ARRAY_MEMBER];
} Judgement;

/*
 * What the pass is told.  Behind centres, k x figures with the profile and none
 * without it, stand
 *
 *		double	mean[nfeatures], if mean;
 *		int		places[], if places: the number now of each cluster in labels.
 */
typedef struct JudgeExtra
{
	bool         profile;
	bool         mean;
	bool         places;
	int          buckets;
	SpreadCentre centres[FLEXIBLE_ARRAY_MEMBER];
} JudgeExtra;

/*
 * Judges k centroids: assigns every row in double precision, by the functions
 * that scoring uses, and puts their clusters into labels, unless that is empty.
 * mean is the prepared mean of all rows, or NULL.  places are where the
 * clusters that labels held before are now; NULL: it held none.  Sets input's
 * extra.
 */
extern Judgement *judge_rows(const RowSource *source, PassInput *input,
							 bool profile, const double *mean, const int *places, Share labels);

/*
 * Distances of the rows from the means of their clusters, which are in labels,
 * or else those of the nearest centroids: sums, times weights.
 */
typedef struct Scatter
{
	ExactSum squares;                          /* of all rows, prepared */
	ExactSum distances[FLEXIBLE_ARRAY_MEMBER]; /* of each cluster */
} Scatter;

extern Scatter *scatter_rows(const RowSource *source, const PassInput *input, const double *means,
							 Share labels);

/* the bytes of the pass's state with the profile, the largest of a fit: one a process, and the result */
extern Size judge_profile_size(int groups, int nfigures);

/* the weight of a cluster's rows, how many they are without weights */
extern double judged_weight(const PassInput *input, const JudgedCluster *cluster);

extern Spread *judged_spread(const PassInput *input, const Judgement *judgement,
							 int cluster, int figure);
extern int64  *judged_counts(const PassInput *input, const Judgement *judgement,
							 int cluster, int figure);

/* the span of a feature's histograms, which must not have one value only */
extern ValueSpan judge_span(const PassInput *input, int feature);

/* a distance from its square in prepared units, and a row's simplified silhouette */
extern double cluster_distance(const Recipe *recipe, double squared);
extern double cluster_margin(double distance, double second_distance);

extern const Pass judge_pass;   /* the last assignment, and the profile */
extern const Pass scatter_pass; /* distances from the means of clusters */

#endif /* SEGMENT_JUDGE_H */
