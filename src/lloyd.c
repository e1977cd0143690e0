/*-------------------------------------------------------------------------
 *
 * lloyd.c
 *	  Lloyd's iterations over a packed matrix.
 *
 * One iteration (S. P. Lloyd, "Least squares quantization in PCM", 1982):
 *
 *	1. assign: every row to its nearest centroid; rows that changed carry
 *	   their coordinates from the old cluster's sum to the new one's;
 *	2. refill: clusters without rows take the farthest rows;
 *	3. update: centroids move to the means of their rows;
 *	4. check: done when no row changed, or when the centroids moved by less
 *	   than the tolerance.
 *
 * Sums are exact (see matrix.h), so adding and removing rows never drifts and
 * no result depends on the order of rows.  Everything is allocated in the
 * memory context current at lloyd_create().
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "lloyd.h"

/* how many times its last progress a run may yet make, in the hope of its goal */
#define PATIENCE 3

Lloyd *
lloyd_create(const Matrix *matrix, int k)
{
	Lloyd *run = palloc0(sizeof(Lloyd));
	Size   coordinates = sizeof(double) * k * matrix->nfeatures;

	run->centroids = MemoryContextAllocHuge(CurrentMemoryContext, coordinates);
	run->sums = MemoryContextAllocHuge(CurrentMemoryContext, coordinates);
	run->counts = palloc(sizeof(int64_t) * k);
	run->labels = MemoryContextAllocHuge(CurrentMemoryContext,
										 sizeof(int32_t) * matrix->nblocks * KERNEL_LANES);
	return run;
}

void
lloyd_free(Lloyd *run)
{
	pfree(run->centroids);
	pfree(run->sums);
	pfree(run->counts);
	pfree(run->labels);
	pfree(run);
}

/*
 * Forgets the assignment; the next one counts every row anew.
 */
static void
reset_sums(const Matrix *matrix, const LloydOptions *options, Lloyd *run)
{
	memset(run->labels, -1, sizeof(int32_t) * matrix->nblocks * KERNEL_LANES);
	memset(run->sums, 0, sizeof(double) * options->k * matrix->nfeatures);
	memset(run->counts, 0, sizeof(int64_t) * options->k);
}

/*
 * The nearest centroids of some blocks' rows in double precision, for
 * centroids that float4 cannot tell apart.
 */
static void
assign_exactly(const Matrix *matrix, const LloydOptions *options, const Lloyd *run,
			   int64 block, int64 nblocks, int32_t *labels)
{
	int     nvalues = matrix->nfeatures * KERNEL_LANES;
	double *values = palloc(sizeof(double) * nvalues);
	int32_t second[KERNEL_LANES];
	double  d2[KERNEL_LANES];
	double  second_d2[KERNEL_LANES];
	int64   b;
	int     i;

	for (b = 0; b < nblocks; b++)
	{
		const float *from = matrix_block(matrix, block + b);

		for (i = 0; i < nvalues; i++)
			values[i] = from[i];
		options->kernel->nearest_two(values, 1, matrix->nfeatures, options->k, run->centroids,
									 labels + b * KERNEL_LANES, d2, second, second_d2);
	}
	pfree(values);
}

/*
 * Step 1.  Returns the number of rows whose nearest centroid changed.
 */
static int64
assign_rows(const Matrix *matrix, const LloydOptions *options, Lloyd *run,
			float *packed)
{
	int64    chunk = Min(matrix_chunk_blocks(matrix, options->k), matrix->nblocks);
	int32_t *labels = palloc(sizeof(int32_t) * chunk * KERNEL_LANES);
	int64    changed = 0;
	int64    block;

	kernel_pack_centroids(run->centroids, options->k, matrix->nfeatures, packed);
	for (block = 0; block < matrix->nblocks; block += chunk)
	{
		int64 nblocks = Min(chunk, matrix->nblocks - block);
		int64 first_row = block * KERNEL_LANES;
		int64 nrows = Min(nblocks * KERNEL_LANES, matrix->nrows - first_row);

		CHECK_FOR_INTERRUPTS();
		if (run->exact)
			assign_exactly(matrix, options, run, block, nblocks, labels);
		else
			options->kernel->assign(matrix_block(matrix, block), nblocks,
									matrix->nfeatures, options->k, packed, labels);
		changed += options->kernel->move_sums(matrix_block(matrix, block), nrows,
											  matrix->nfeatures, labels,
											  run->labels + first_row,
											  run->sums, run->counts);
	}
	pfree(labels);
	return changed;
}

/*
 * Squared distances of the rows from their own centroids.
 */
static void
own_distances(const Matrix *matrix, const Lloyd *run, float *nearest)
{
	int64 row;

	for (row = 0; row < matrix->nrows; row++)
	{
		const float  *lane = matrix_row(matrix, row);
		const double *centroid = run->centroids + (size_t) run->labels[row] * matrix->nfeatures;
		double        squares = 0;
		int           f;

		if (row % 1024 == 0)
			CHECK_FOR_INTERRUPTS();
		for (f = 0; f < matrix->nfeatures; f++)
		{
			double difference = lane[(size_t) f * KERNEL_LANES] - centroid[f];

			squares += difference * difference;
		}
		nearest[row] = (float) squares;
	}
}

/*
 * The row with the largest distance, ties to the smaller identity; -1 if all
 * distances are 0.
 */
static int64
farthest_row(const Matrix *matrix, const float *nearest)
{
	int64 farthest = -1;
	float largest = 0;
	int64 row;

	for (row = 0; row < matrix->nrows; row++)
	{
		if (row % 65536 == 0)
			CHECK_FOR_INTERRUPTS();
		if (nearest[row] > largest ||
			(nearest[row] == largest && farthest >= 0 &&
			 matrix->row_ids[row] < matrix->row_ids[farthest]))
		{
			largest = nearest[row];
			farthest = row;
		}
	}
	return farthest;
}

/*
 * Step 2.  As scikit-learn does, an empty cluster takes the row that is
 * farthest from its centroid; the next one the farthest from both its own
 * centroid and the rows taken so far, so that equal rows are not taken twice.
 */
static int
refill_clusters(const Matrix *matrix, const LloydOptions *options, Lloyd *run)
{
	int    nfeatures = matrix->nfeatures;
	float *nearest = NULL;
	float *values = NULL;
	int    refilled = 0;
	int    c;

	for (c = 0; c < options->k; c++)
	{
		double *to = run->sums + (size_t) c * nfeatures;
		double *from;
		int64   row;
		int     f;

		if (run->counts[c] > 0)
			continue;
		if (nearest == NULL)
		{
			nearest = MemoryContextAllocHuge(CurrentMemoryContext,
											 sizeof(float) * matrix->nblocks * KERNEL_LANES);
			values = palloc(sizeof(float) * nfeatures);
			own_distances(matrix, run, nearest);
		}
		row = farthest_row(matrix, nearest);
		if (row < 0)
			break;
		matrix_get_row(matrix, row, values);
		from = run->sums + (size_t) run->labels[row] * nfeatures;
		for (f = 0; f < nfeatures; f++)
		{
			from[f] -= values[f];
			to[f] = values[f];
		}
		run->counts[run->labels[row]]--;
		run->counts[c] = 1;
		run->labels[row] = c;
		matrix_lower_distances(matrix, options->kernel, values, nearest);
		refilled++;
	}
	if (nearest != NULL)
	{
		pfree(nearest);
		pfree(values);
	}
	return refilled;
}

/*
 * Step 3.  Returns the sum of the squared lengths by which centroids moved,
 * and sets the objective.  A cluster without rows keeps its centroid.
 */
static double
update_centroids(const Matrix *matrix, const LloydOptions *options, Lloyd *run)
{
	int    nfeatures = matrix->nfeatures;
	double shift = 0;
	int    c;

	/* |x - c|^2 summed over a cluster is |x|^2 - 2 x.c + |c|^2 summed */
	run->objective = matrix->sum_squares;
	for (c = 0; c < options->k; c++)
	{
		double       *centroid = run->centroids + (size_t) c * nfeatures;
		const double *sums = run->sums + (size_t) c * nfeatures;
		double        count = (double) run->counts[c];
		double        divisor = count;
		int           f;

		if (run->counts[c] == 0)
			continue;
		if (options->spherical)
		{
			double squares = 0;

			for (f = 0; f < nfeatures; f++)
				squares += sums[f] * sums[f];
			if (squares > 0)
				divisor = sqrt(squares);
		}
		for (f = 0; f < nfeatures; f++)
		{
			double mean = sums[f] / divisor;
			double moved = mean - centroid[f];

			shift += moved * moved;
			run->objective += mean * (count * mean - 2 * sums[f]);
			centroid[f] = mean;
		}
	}
	return shift;
}

void
lloyd_run(const Matrix *matrix, const LloydOptions *options, Lloyd *run)
{
	float *packed = MemoryContextAllocHuge(CurrentMemoryContext,
										   sizeof(float) * kernel_packed_size(options->k, matrix->nfeatures));
	double variance = matrix->total_squares / matrix->nrows / matrix->nfeatures;
	double before = get_float8_infinity();
	bool   hopeless = false;

	run->converged = false;
	reset_sums(matrix, options, run);
	for (run->iterations = 0; run->iterations < options->max_iter && !run->converged && !hopeless;
		 run->iterations++)
	{
		int64  changed = assign_rows(matrix, options, run, packed);
		int    refilled = refill_clusters(matrix, options, run);
		double shift = update_centroids(matrix, options, run);

		run->converged = (changed == 0 && refilled == 0) ||
						 shift <= options->tol * variance;
		hopeless = options->goal > 0 &&
				   run->objective - PATIENCE * (before - run->objective) > options->goal;
		before = run->objective;
	}
	pfree(packed);
}

bool
lloyd_repair(const Matrix *matrix, const LloydOptions *options,
			 const int32_t *labels, Lloyd *run)
{
	int64 chunk = matrix_chunk_blocks(matrix, 1);
	int64 block;

	run->exact = true;
	reset_sums(matrix, options, run);
	for (block = 0; block < matrix->nblocks; block += chunk)
	{
		int64 first_row = block * KERNEL_LANES;

		CHECK_FOR_INTERRUPTS();
		(void) options->kernel->move_sums(matrix_block(matrix, block),
										  Min(chunk * KERNEL_LANES, matrix->nrows - first_row),
										  matrix->nfeatures, labels + first_row,
										  run->labels + first_row, run->sums, run->counts);
	}
	if (refill_clusters(matrix, options, run) == 0)
		return false;
	(void) update_centroids(matrix, options, run);
	lloyd_run(matrix, options, run);
	return true;
}
