/*
 * What speaks for a number of clusters, and whether there are any.
 */
#ifndef SEGMENT_STRUCTURE_H
#define SEGMENT_STRUCTURE_H

#include "cluster/cluster.h"

/*
 * Are there groups, or do clusters divide a continuum?
 */
typedef struct Structure
{
	bool   tested; /* there are rows enough, and not too many features or clusters */
	bool   found;
	double silhouette; /* simplified, of k clusters of the sample */
	double reference;  /* the mean of k clusters of sets without groups, the highest of their kinds */
} Structure;

/*
 * A number of clusters that is clearly better than another; k is 0 if none is.
 */
typedef struct BetterK
{
	int    k;
	double silhouette; /* simplified, of k clusters of the sample */
	double other;      /* of the others */
} BetterK;

/* at most 1,000 rows, chosen by their identities and without weights */
extern Matrix *structure_sample(Matrix *rows);

/*
 * Compares k clusters of a sample with k clusters of reference sets.
 */
extern Structure structure_test(Matrix *sample, const LloydOptions *given, int k);

/* the k from 2 to k_max of the highest simplified silhouette in a sample, by a quick search */
extern int structure_best_k(Matrix *sample, const LloydOptions *given, int k_max);

/*
 * Looks from k_min to k_max for a number of clusters of a sample whose simplified silhouette
 * is higher than that of a clustering's, which may be of all rows: by more than three standard
 * errors of the difference, and 0.05.  It has to pass structure_test(), too.
 */
extern BetterK structure_better_k(Matrix *sample, const LloydOptions *given, const Clustering *clustering,
								  int k_min, int k_max);

/*
 * Sets the gap and its standard error of clusterings (R. Tibshirani, G. Walther
 * and T. Hastie, 2001), with W the inertia of the sample:
 *
 *		gap(k) = mean of log W(k) over 10 sets uniform in the box along the principal axes - log W(k)
 *		gap_se(k) = standard deviation (divisor 10) of the former x sqrt(1 + 1 / 10)
 *
 * They stay NaN where W is 0, the sample is too small for k, or k is above 30.
 */
extern void structure_gap(Matrix *sample, const LloydOptions *given, Clustering **candidates, int n);

/*
 * The Bayesian information criterion of k spherical Gaussians of one variance
 * (D. Pelleg and A. Moore, "X-means", ICML 2000), with n rows in segments, n_i of them in
 * segment i, d features and the inertia W; higher is better:
 *
 *		s2 = W / (d (n - k))
 *		log L = sum n_i log(n_i / n) - n d / 2 log(2 pi s2) - d (n - k) / 2
 *		bic = log L - (k d + k) / 2 log n
 *
 * NaN for weighted rows and cosine distances, and where W is 0 or k is n.
 */
extern double structure_bic(const Clustering *clustering, const Recipe *recipe);

/*
 * Marks the candidates whose silhouette is not lower than that of the best by
 * more than a standard error of the difference: the bootstrap's, of the means of
 * the sample's rows.  Returns the one with the fewest clusters.  usable says
 * which may be chosen at all.
 */
extern Clustering *structure_plausible(const Matrix *sample, const LloydOptions *given, Clustering **candidates,
									   int n, const bool *usable, Clustering *best);

#endif /* SEGMENT_STRUCTURE_H */
