/*
 * Lloyd's iterations over a packed matrix.
 *
 * One iteration (S. P. Lloyd, "Least squares quantization in PCM", 1982):
 *
 *	1. assign: every row to its nearest centroid; rows that changed carry
 *	   their coordinates from the old cluster's sum to the new one's;
 *	2. refill: clusters without rows take the farthest rows;
 *	3. update: centroids move to the means of their rows;
 *	4. check: done when no row changed, or when the centroids moved by less
 *	   than the tolerance.  A run to the fixpoint goes on from there until no
 *	   row changes, if it does not take too long: then each centroid is the mean
 *	   of the rows that are nearest to it.
 *
 * Sums are exact (see matrix.h, and weights.h for rows that have weights), so
 * adding and removing rows never drifts and no result depends on the order of
 * rows.  Everything is allocated in the memory context current at
 * lloyd_create().
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "cluster/assign.h"
#include "cluster/lloyd.h"
#include "process/progress.h"

/* how many times its last progress a run may yet make, in the hope of its goal */
#define PATIENCE 3

/*
 * Bounds pay for many clusters and features, as measured (doc/performance.md).
 * They are tried after some plain iterations, when no more than one row in so
 * many changes; they pay while no more than one in so many is looked at.
 */
#define BOUNDS_CLUSTERS 20
#define BOUNDS_STEPS 512 /* clusters x features */
#define FIRST_PLAIN 2
#define BOUNDS_CHANGED 8
#define BOUNDS_COMPUTED 2
#define BOUNDS_PAUSE 8 /* iterations, then twice as many, and so on */

/*
 * Comparing rows with near centroids only pays from the first assignment on where there
 * are many, and no more than one in so many is near.  Three steps are what a centroid costs
 * beside its features.
 */
#define NEAR_STEPS 3000 /* clusters x (features + 3) */
#define NEAR_COMPARED 4
#define NEAR_MEMORY (4 << 20) /* bytes, that the rows that wait stay in the processor's cache */

/*
 * Steps of row x feature x centroid in which a run may go on to its fixpoint: less than a pass
 * over the raw rows takes, for a million of them.
 */
#define FIXPOINT_STEPS 1e9

/* blobs are found in two iterations; keeping packed rows costs as much as preparing them twice more */
#define PACK_AFTER 2

Lloyd *
lloyd_create(const Matrix *matrix, const LloydOptions *options)
{
	Lloyd *run = palloc0(sizeof(Lloyd));
	int    k = options->k;
	Size   coordinates = sizeof(double) * k * matrix->nfeatures;

	run->centroids = MemoryContextAllocHuge(CurrentMemoryContext, coordinates);
	run->layout = row_sums_make(matrix->nfeatures, matrix->weights != NULL, matrix->largest, matrix->nrows);
	run->sums = MemoryContextAllocHuge(CurrentMemoryContext,
									   sizeof(double) * k * row_sums_size(&run->layout));
	run->counts = palloc(sizeof(int64_t) * k);
	run->shared_labels = share_create(options->set, sizeof(int32_t) * matrix->nblocks * KERNEL_LANES);
	run->labels = share_address(run->shared_labels);
	run->parts = share_create(options->set, part_size(k, &run->layout) * team_size(options->team));
	run->packed = share_create(options->set,
							   Max(sizeof(float) * kernel_packed_size(k, matrix->nfeatures), coordinates));
	return run;
}

void
lloyd_free(const LloydOptions *options, Lloyd *run)
{
	pfree(run->centroids);
	pfree(run->sums);
	pfree(run->counts);
	share_free(options->set, run->shared_labels);
	share_free(options->set, run->parts);
	share_free(options->set, run->packed);
	share_free(options->set, run->slack);
	share_free(options->set, run->drift);
	if (run->bounds.travelled != NULL)
		pfree(run->bounds.travelled);
	pfree(run);
}

/*
 * Step 3.  Returns the sum of the squared lengths by which centroids moved,
 * and sets the objective.  A cluster without rows keeps its centroid.
 */
static double
update_centroids(const Matrix *matrix, const LloydOptions *options, Lloyd *run)
{
	int     nfeatures = matrix->nfeatures;
	double *sums = palloc(sizeof(double) * nfeatures);
	double  shift = 0;

	/* |x - c|^2 summed over a cluster is |x|^2 - 2 x.c + |c|^2 summed, each times its weight */
	run->objective = matrix->sum_squares;
	for (int c = 0; c < options->k; c++)
	{
		double *centroid = run->centroids + (size_t) c * nfeatures;
		double  weight = cluster_sums(run, c, sums);
		double  divisor = weight;

		CHECK_FOR_INTERRUPTS();
		if (weight == 0)
			continue;
		if (options->spherical)
		{
			double squares = 0;

			for (int f = 0; f < nfeatures; f++)
				squares += sums[f] * sums[f];
			if (squares > 0)
				divisor = sqrt(squares);
		}
		for (int f = 0; f < nfeatures; f++)
		{
			double mean = sums[f] / divisor;
			double moved = mean - centroid[f];

			shift += moved * moved;
			run->objective += mean * (weight * mean - 2 * sums[f]);
			centroid[f] = mean;
		}
	}
	pfree(sums);
	return shift;
}

static void
start_bounds(const Matrix *matrix, const LloydOptions *options, Lloyd *run)
{
	if (options->rows != NULL)
		packed_rows_keep(options->set, options->rows, matrix->nfeatures);
	if (run->bounds.travelled == NULL)
	{
		run->slack = share_create(options->set, sizeof(float) * matrix->nblocks * KERNEL_LANES);
		run->drift = share_create(options->set, sizeof(float) * options->k);
		run->bounds.travelled = palloc(sizeof(double) * options->k);
		run->bounds.drift = share_address(run->drift);
	}
	void_slack(matrix, run);
	run->bounded = true;
	run->bounds_fresh = true;
}

static void
stop_bounds(Lloyd *run)
{
	run->bounded = false;
	run->bounds_paused = run->bounds_pause;
	run->bounds_pause *= 2;
}

/*
 * Before an iteration, with how many rows changed in the last: leaves out rows
 * that cannot have changed, as long as these are many.  That is when few rows
 * change any more, and until most have to be looked at again all the same; from
 * the beginning where each is compared with few centroids.
 */
static void
choose_bounds(const Matrix *matrix, const LloydOptions *options, int64 changed, Lloyd *run)
{
	if (run->exact || run->layout.weighted || options->k < BOUNDS_CLUSTERS ||
		(int64) options->k * matrix->nfeatures < BOUNDS_STEPS)
		return;
	if (run->bounds_paused > 0)
		run->bounds_paused--;
	else if (!run->bounded)
	{
		if (run->near || changed <= matrix->nrows / BOUNDS_CHANGED)
			start_bounds(matrix, options, run);
	}
	else if (run->near && run->compared > run->computed * options->k / NEAR_COMPARED)
	{
		run->near = false;
		stop_bounds(run);
	}
	else if (run->bounds_fresh)
		run->bounds_fresh = false;
	else if (!run->near && run->computed > matrix->nrows / BOUNDS_COMPUTED)
		stop_bounds(run);
}

void
lloyd_run(const Matrix *matrix, const LloydOptions *options, Lloyd *run)
{
	double variance = matrix->total_squares / matrix->nrows / matrix->nfeatures;
	double before = get_float8_infinity();
	double extra_iterations = options->to_fixpoint ? FIXPOINT_STEPS / ((double) matrix->nrows * matrix->nfeatures * options->k) : 0;
	bool   done = false;
	int64  changed = matrix->nrows;

	run->converged = false;
	run->at_fixpoint = false;
	run->bounded = false;
	run->near = (int64) options->k * (matrix->nfeatures + 3) >= NEAR_STEPS &&
				kernel_near_size(options->k, matrix->nfeatures) <= NEAR_MEMORY;
	run->bounds_paused = run->near ? 0 : FIRST_PLAIN;
	run->bounds_pause = BOUNDS_PAUSE;
	reset_sums(matrix, options, run);
	for (run->iterations = 0; run->iterations < options->max_iter && !done;
		 run->iterations++)
	{
		int    refilled;
		double shift;

		if (run->iterations > 0)
			choose_bounds(matrix, options, changed, run);
		if (options->rows != NULL && run->iterations >= PACK_AFTER)
			packed_rows_keep(options->set, options->rows, matrix->nfeatures);
		changed = assign_rows(matrix, options, run);
		if (run->iterations == 0)
			changed = matrix->nrows; /* labels of the run before are no fixpoint of this one */
		refilled = refill_clusters(matrix, options, run);
		shift = update_centroids(matrix, options, run);

		run->at_fixpoint = changed == 0 && refilled == 0;
		run->converged |= run->at_fixpoint || shift <= options->tol * variance;
		done = run->at_fixpoint || (run->converged && extra_iterations-- < 1) ||
			   (options->goal > 0 &&
				run->objective - PATIENCE * (before - run->objective) > options->goal);
		before = run->objective;
		if (!options->quiet)
			progress_iteration(run->iterations + 1, options->max_iter, run->objective);
	}
}

bool
lloyd_repair(const Matrix *matrix, const LloydOptions *options, Lloyd *run)
{
	run->exact = true;
	lloyd_run(matrix, options, run);
	for (int c = 0; c < options->k; c++)
		if (run->counts[c] == 0)
			return false;
	return true;
}
