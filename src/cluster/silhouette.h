/*
 * The silhouette of clusters, by the distances of their rows from each other.
 */
#ifndef SEGMENT_SILHOUETTE_H
#define SEGMENT_SILHOUETTE_H

#include "cluster/matrix.h"
#include "process/share.h"
#include "process/team.h"

/* Rows of clusters: all of them, or a sample of each cluster. */
typedef struct SilhouetteRows
{
	int64         nrows;
	int           nfeatures;
	int           k;
	const double *values;   /* nrows x nfeatures, prepared */
	const int32  *clusters; /* nrows, from 0 */
	const int64  *sizes;    /* k: rows of each cluster, sampled or not */
	bool          cosine;   /* rows have unit length, and distances are 1 - cosine */
	bool          narrow;   /* floats hold the values, and distances are computed in float */
} SilhouetteRows;

/* NaN stands for what there is not: all of it where fewer than two clusters have rows. */
typedef struct Silhouette
{
	double *clusters; /* k; NaN where a cluster has no rows */
	int64  *counted;  /* k: rows of each that were compared */
	double  all;      /* clusters count by their sizes */
	int64   rows;     /* that were compared */
} Silhouette;

/* The same bits whatever the team and the order of rows; memory of the result is allocated here. */
extern Silhouette silhouette_find(Team *team, ShareSet *set, const SilhouetteRows *rows);

/*
 * The same of a sample of a matrix that is identified: some rows of each of the k
 * clusters that centroids make, a time of some ten milliseconds.
 */
extern Silhouette silhouette_estimate(Team *team, ShareSet *set, const Matrix *matrix, bool cosine,
									  int k, const double *centroids, const int64 *sizes);

/* a member's part */
extern void silhouette_part(const TeamMember *me, const void *arguments);

#endif /* SEGMENT_SILHOUETTE_H */
