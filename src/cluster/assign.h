/*
 * What Lloyd's iterations are made of: assigning rows, and moving them between
 * clusters; for lloyd.c, refill.c and transfer.c only.
 */
#ifndef SEGMENT_ASSIGN_H
#define SEGMENT_ASSIGN_H

#include "cluster/run.h"

/*
 * What one member of the team found in its rows, up to now.  Sums are exact, so
 * that it does not matter who has which rows.
 */
typedef struct LloydPart
{
	double *sums;     /* of each cluster, see RowSums */
	int64  *counts;   /* k; rows that weigh anything */
	int64  *changed;  /* rows whose nearest centroid changed in the last assignment */
	int64  *computed; /* rows that were looked at in it, if bounded */
	int64  *compared; /* these times the centroids that each was compared with */
} LloydPart;

extern Size      part_size(int k, const RowSums *layout);
extern LloydPart part_of(Share parts, int number, int k, const RowSums *layout);

/* what a run works on: the rows of options, or else the matrix's blocks */
extern PackedRows rows_of(const Matrix *matrix, const LloydOptions *options);

/* Forgets the assignment; the next one counts every row anew. */
extern void reset_sums(const Matrix *matrix, const LloydOptions *options, Lloyd *run);

/* Forgets what the bounds know of the rows. */
extern void void_slack(const Matrix *matrix, Lloyd *run);

/* Step 1 of an iteration.  Returns the number of rows whose nearest centroid changed. */
extern int64 assign_rows(const Matrix *matrix, const LloydOptions *options, Lloyd *run);

/*
 * Adds a row to a cluster, or takes it away if sign is -1.  A row that weighs
 * nothing adds nothing.
 */
extern void add_row(const RowSums *layout, const float *values, Size stride, double weight, int sign,
					int cluster, double *sums, int64 *counts);

/* A cluster's sums, one a feature; returns its weight. */
extern double cluster_sums(const Lloyd *run, int cluster, double *sums);

/* Step 2: clusters without rows take the farthest ones.  Returns how many these are. */
extern int refill_clusters(const Matrix *matrix, const LloydOptions *options, Lloyd *run);

/* a member's part of an assignment */
extern void assign_part(const TeamMember *me, const void *arguments);

#endif /* SEGMENT_ASSIGN_H */
