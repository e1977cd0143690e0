/*
 * Which segment of the run before a cluster is: transitions by the rows that
 * both have.
 */
#ifndef SEGMENT_IDENTITY_H
#define SEGMENT_IDENTITY_H

#include "cluster/cluster.h"

/* What is known of nold segments of the run before and k clusters of now. */
typedef struct Evidence
{
	int          nold;
	const int32 *old_numbers; /* ascending */
	const int64 *old_rows;    /* 0: unknown */
	int          k;
	const int64 *rows; /* of each cluster */

	/*
	 * Rows by what they were and where they are: (nold + 1) x (k + 1), of which the
	 * last row are those that were in none of the old segments, and the last column
	 * those that are in no cluster.  NULL: not counted.
	 */
	const int64 *known;   /* by their keys: rows that both runs have */
	const int64 *alike;   /* by the old model, today's rows that are near enough to their old centroid */
	const int64 *nearest; /* the same, however far */

	/* the cluster whose centroid is so near that of an old segment that it is the same, or -1; NULL: not looked for */
	const int32 *heirs;

	/* of each old segment: the share of its rows that are still those of its beginning and their like; NULL: 1 */
	const double *own;
} Evidence;

typedef enum TransitionKind
{
	TRANSITION_SURVIVED,
	TRANSITION_ABSORBED,
	TRANSITION_SPLIT,
	TRANSITION_VANISHED,
	TRANSITION_BORN
} TransitionKind;

typedef struct Transition
{
	int            from; /* old segment, -1: none */
	int            to;   /* cluster, -1: none */
	TransitionKind kind;
	double         overlap; /* a share of rows, see identity_decide(); NaN: centroids alone say so */
	int64          rows;
	double         own; /* of one that survived: as in Evidence, now */
} Transition;

typedef struct Identity
{
	int        *continues; /* k: the old segment that a cluster goes on as, or -1 */
	Transition *transitions;
	int         ntransitions;
	bool        by_keys; /* rows that both runs have decided */
} Identity;

/* thresholds: shares of an old segment's rows */
#define DEFAULT_SURVIVAL 0.5
#define DEFAULT_SPLIT 0.25

/* a pair of runs has at most so many pairs of an old segment and a cluster, for rows to be counted */
#define MOST_PAIRS (INT64CONST(1) << 22)

/* 22023 unless a threshold is a share that it may be */
extern void identity_check_threshold(const char *name, double share);

/* Do the rows that both runs have decide by themselves, so that there is no need to count others? */
extern bool identity_is_known(const Evidence *evidence, double survival);

extern Identity    identity_decide(const Evidence *evidence, double survival, double split);
extern const char *transition_name(TransitionKind kind);

/*
 * Evidence of centroids: for each of nold old ones, in today's prepared
 * coordinates, which cluster goes on from it, or -1.  spreads are mean distances
 * of the old segments' rows to their centroid, in scaled units, 0: unknown.
 */
extern int32 *identity_heirs(const Clustering *clustering, const double *old_centroids, const double *spreads, int nold);

/* A cluster that goes on has the number of its old segment; others count on from next by their ranks, 1 to k. */
extern void identity_number(Clustering *clustering, const int32 *ranks, const Evidence *evidence, const Identity *identity, int32 next);

#endif /* SEGMENT_IDENTITY_H */
