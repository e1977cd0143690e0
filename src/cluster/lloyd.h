/*-------------------------------------------------------------------------
 *
 * lloyd.h
 *	  The core of k-means: Lloyd's iterations over packed rows, by one process
 *	  or a team.  It knows no SQL.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SEGMENT_LLOYD_H
#define SEGMENT_LLOYD_H

#include "cluster/packed.h"
#include "number/grid.h"
#include "process/team.h"

typedef enum Init
{
	INIT_KMEANSPP,
	INIT_RANDOM
} Init;

typedef struct LloydOptions
{
	const Kernel *kernel;
	int           k;
	bool          spherical; /* rows and centroids have unit length */
	Init          init;
	const double *start; /* k x features packed centroids, or NULL: seed */
	int           n_init;
	int           max_iter;
	double        tol; /* relative to the mean variance of the features */
	int64         seed;
	double        goal;   /* an objective that is wanted, or 0 */
	bool          settle; /* go on for a while when the tolerance is met, until no row changes */

	/* who works, and on what in place of a matrix's blocks; NULL: this process alone, the blocks */
	Team       *team;
	ShareSet   *set;
	PackedRows *rows;
} LloydOptions;

/*
 * The state of one run, allocated in the memory context of its creation.
 */
typedef struct Lloyd
{
	double *centroids; /* k x features */
	int     iterations;
	bool    converged; /* to the tolerance */
	bool    settled;   /* no row changed in the last iteration */
	bool    exact;     /* assigns in double: slow, for repairs only */

	/*
	 * Weighted sum of squared distances of the rows to the centroids that they
	 * were last assigned to, after these moved.
	 */
	double objective;

	/* of the last assignment */
	int32_t *labels; /* nblocks * KERNEL_LANES, padding included */
	double  *sums;   /* of each cluster, see layout */
	int64_t *counts; /* rows that weigh anything */
	RowSums  layout;

	/* shared by the team */
	Share shared_labels;
	Share parts;  /* what each member found, see LloydPart */
	Share packed; /* centroids as an assignment wants them */

	/* bounds that leave out rows which cannot have changed, see choose_bounds() */
	bool         bounded;
	bool         bounds_fresh;  /* no assignment has used them yet */
	int          bounds_paused; /* iterations until they are tried again */
	int64        computed;      /* rows that were not left out */
	KernelBounds bounds;
	Share        slack; /* of each row */
	Share        drift; /* of each centroid */
} Lloyd;

/* the word of the SQL interface, which checks it before */
extern Init init_kind(const char *word);

extern Lloyd *lloyd_create(const Matrix *matrix, const LloydOptions *options);
extern void   lloyd_free(const LloydOptions *options, Lloyd *run);

/*
 * Iterates from run->centroids until the tolerance is met, or no row changes if
 * the run is to settle and that does not take too long; or until max_iter
 * iterations were done, or the goal is out of reach at the pace of the last
 * iteration.
 */
extern void lloyd_run(const Matrix *matrix, const LloydOptions *options, Lloyd *run);

/*
 * Goes on in double from run->centroids, of which some are nearest to no row:
 * these move to the farthest rows.  Returns false if no row is away from its
 * centroid.
 */
extern bool lloyd_repair(const Matrix *matrix, const LloydOptions *options,
						 Lloyd *run);

/* a member's part of an assignment */
extern void assign_part(const TeamMember *me, const void *arguments);

#endif /* SEGMENT_LLOYD_H */
