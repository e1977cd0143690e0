/*
 * Step 2 of Lloyd's iterations: clusters without rows, which are rare, take
 * the farthest ones.
 */
#include "postgres.h"

#include "utils/float.h"
#include "utils/memutils.h"

#include "cluster/assign.h"

typedef struct RefillWork
{
	const Lloyd  *run;
	const Kernel *kernel;
	int           nfeatures;
	const float  *weights; /* or NULL: all weigh 1 */
	float        *nearest; /* squared distance of each row from what is near it; 0 without weight */

	/* the row with the largest of them, ties to the one that comes first by its values, or weighs more */
	int64  farthest;
	float  largest;
	double weight;
	float *values;

	float *candidate;
} RefillWork;

static double
refill_weight(const RefillWork *work, int64 row)
{
	return work->weights == NULL ? 1 : work->weights[row];
}

/*
 * Squared distances of rows from their own centroids.
 */
static void
own_distances(void *context, const float *blocks, int64 first_row, int nrows)
{
	RefillWork *work = context;

	for (int row = 0; row < nrows; row++)
	{
		const float  *lane = blocks + (Size) (row / KERNEL_LANES) * work->nfeatures * KERNEL_LANES + row % KERNEL_LANES;
		const double *centroid = work->run->centroids + (size_t) work->run->labels[first_row + row] * work->nfeatures;
		double        squares = 0;

		for (int f = 0; f < work->nfeatures; f++)
		{
			double difference = lane[(size_t) f * KERNEL_LANES] - centroid[f];

			squares += difference * difference;
		}
		work->nearest[first_row + row] = refill_weight(work, first_row + row) > 0 ? (float) squares : 0;
	}
}

static void
lower_distances(void *context, const float *blocks, int64 first_row, int nrows)
{
	RefillWork *work = context;

	work->kernel->lower_distances(blocks, (nrows + KERNEL_LANES - 1) / KERNEL_LANES,
								  work->nfeatures, work->values, work->nearest + first_row);
}

/*
 * Does the candidate come before the farthest row so far?
 */
static bool
precedes(const RefillWork *work, double weight)
{
	for (int f = 0; f < work->nfeatures; f++)
		if (work->candidate[f] != work->values[f])
			return work->candidate[f] < work->values[f];
	return weight > work->weight;
}

static void
find_farthest(void *context, const float *blocks, int64 first_row, int nrows)
{
	RefillWork *work = context;

	for (int row = 0; row < nrows; row++)
	{
		float  distance = work->nearest[first_row + row];
		double weight = refill_weight(work, first_row + row);

		if (distance < work->largest || distance == 0)
			continue;
		for (int f = 0; f < work->nfeatures; f++)
			work->candidate[f] = blocks[((Size) (row / KERNEL_LANES) * work->nfeatures + f) * KERNEL_LANES +
										row % KERNEL_LANES];
		if (distance == work->largest && !precedes(work, weight))
			continue;
		work->largest = distance;
		work->weight = weight;
		work->farthest = first_row + row;
		memcpy(work->values, work->candidate, sizeof(float) * work->nfeatures);
	}
}

static void
move_farthest(const RefillWork *work, int from, int to, double *sums, int64 *counts)
{
	const RowSums *layout = &work->run->layout;

	add_row(layout, work->values, 1, work->weight, -1, from, sums, counts);
	add_row(layout, work->values, 1, work->weight, 1, to, sums, counts);
}

/*
 * As scikit-learn does, an empty cluster takes the row that is
 * farthest from its centroid; the next one the farthest from both its own
 * centroid and the rows taken so far, so that equal rows are not taken twice.
 */
int
refill_clusters(const Matrix *matrix, const LloydOptions *options, Lloyd *run)
{
	int        nfeatures = matrix->nfeatures;
	PackedRows rows = rows_of(matrix, options);
	LloydPart  leader = part_of(run->parts, 0, options->k, &run->layout);
	RefillWork work = {.run = run,
					   .kernel = options->kernel,
					   .nfeatures = nfeatures,
					   .weights = share_address(rows.weights)};
	int        refilled = 0;

	for (int c = 0; c < options->k; c++)
	{
		int from;

		if (run->counts[c] > 0)
			continue;
		if (work.nearest == NULL)
		{
			work.nearest = MemoryContextAllocHuge(CurrentMemoryContext,
												  sizeof(float) * matrix->nblocks * KERNEL_LANES);
			work.values = palloc(sizeof(float) * nfeatures);
			work.candidate = palloc(sizeof(float) * nfeatures);
			packed_rows_each(&rows, nfeatures, 0, matrix->nblocks, own_distances, &work);
		}
		work.farthest = -1;
		work.largest = 0;
		packed_rows_each(&rows, nfeatures, 0, matrix->nblocks, find_farthest, &work);
		if (work.farthest < 0)
			break;
		from = run->labels[work.farthest];
		run->labels[work.farthest] = c;
		if (run->bounded)
			((float *) share_address(run->slack))[work.farthest] = -get_float4_infinity();
		move_farthest(&work, from, c, run->sums, run->counts);

		/* only the sum over the parts counts, so the row may be in any of them */
		move_farthest(&work, from, c, leader.sums, leader.counts);
		packed_rows_each(&rows, nfeatures, 0, matrix->nblocks, lower_distances, &work);
		refilled++;
	}
	if (work.nearest != NULL)
	{
		pfree(work.nearest);
		pfree(work.values);
		pfree(work.candidate);
	}
	return refilled;
}
