/*
 * A run of k-means: what it is asked for, and its state.
 */
#ifndef SEGMENT_RUN_H
#define SEGMENT_RUN_H

#include "cluster/packed.h"
#include "number/grid.h"
#include "process/team.h"

typedef enum Init
{
	INIT_KMEANSPP,
	INIT_RANDOM
} Init;

/*
 * The rows that starts begin with: nstarts x k numbers of rows, -1 in place of
 * the first where nobody has drawn them yet.
 */
typedef struct Seeds
{
	Share rows;
	int   nstarts;
	int   k;
} Seeds;

/* centroids as near to the means of their rows, of the variance, are these: what rounding may cost */
#define LEAST_TOL 1e-9

typedef struct LloydOptions
{
	const Kernel *kernel;
	int           k;
	bool          spherical; /* rows and centroids have unit length */
	Init          init;
	const double *start;  /* k x features packed centroids, or NULL: seed */
	int           n_init; /* 0: as many as the budget of work allows */
	int           max_iter;
	double        tol; /* relative to the mean variance of the features */
	int64         seed;
	double        goal;        /* an objective that is wanted, or 0 */
	bool          to_fixpoint; /* go on for a while when the tolerance is met, until no row changes */

	/* who works, and on what in place of a matrix's blocks; NULL: this process alone, the blocks */
	Team       *team;
	ShareSet   *set;
	PackedRows *rows;

	bool quiet; /* segment_progress does not show it */

	/* what searches among the same rows for several k have in common; NULL: nothing */
	const Seeds *seeds;
	/* shares of the rows, 0 if there are no such constraints: see constrained.h */
	double least_share; /* of each cluster */
	double most_share;
	double trim; /* of those that are left out */

	/* a refresh: start is where the model was, and stays if that meets the tolerance */
	bool   warm;
	bool   searching;    /* other starts are tried beside it */
	double stability;    /* by what share of its objective the best of these has to be lower */
	double warm_inertia; /* what the model had there; NaN: unknown */

	/* a run on the same rows whose labels and sums the first assignment begins with, as it changes few of them; or NULL */
	const struct Lloyd *before;
} LloydOptions;

/*
 * The state of one run, allocated in the memory context of its creation.
 */
typedef struct Lloyd
{
	double *centroids; /* k x features */
	int     iterations;
	bool    converged;   /* to the tolerance */
	bool    at_fixpoint; /* no row changed in the last iteration */
	bool    exact;       /* assigns in double: slow, for repairs only */

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
	Share        slack;        /* of each row */
	Share        drift;        /* of each centroid */
	bool         near;         /* rows are compared with near centroids only */
	int          bounds_pause; /* how long the next pause is */
	int64        compared;     /* rows that were not left out times centroids */
} Lloyd;

#endif /* SEGMENT_RUN_H */
