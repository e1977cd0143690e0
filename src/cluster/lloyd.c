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
 *	   than the tolerance.  A run that is to settle goes on from there until no
 *	   row changes, if it does not take too long: then each centroid is the mean
 *	   of the rows that are nearest to it.
 *
 * Sums are exact (see matrix.h, and weights.h for rows that have weights), so
 * adding and removing rows never drifts and no result depends on the order of
 * rows.  Everything is allocated in the memory context current at
 * lloyd_create().
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "cluster/lloyd.h"
#include "process/progress.h"
#include "process/settings.h"
#include "process/team.h"

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
#define BOUNDS_PAUSE 8

/*
 * Steps of row x feature x centroid in which a run may settle: less than a pass
 * over the raw rows takes, for a million of them.
 */
#define SETTLE_STEPS 1e9

/* iterations over raw rows after which packing them into memory pays, and where preparing them is costly */
#define PACK_AFTER 8
#define PACK_COSTLY_AFTER 1

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
} LloydPart;

typedef struct AssignTask
{
	PackedRows rows;
	RowSums    layout;
	int        nfeatures;
	int        k;
	bool       exact;
	Share      centroids; /* packed, or plain doubles if exact */
	Share      labels;
	Share      parts;

	/* rows that cannot have changed are left out */
	bool  bounded;
	Share slack;
	Share drift;
	float largest_norm;
} AssignTask;

static Size
part_size(int k, const RowSums *layout)
{
	return TYPEALIGN(PG_CACHE_LINE_SIZE, sizeof(double) * k * row_sums_size(layout) + sizeof(int64) * (k + 2));
}

static LloydPart
part_of(Share parts, int number, int k, const RowSums *layout)
{
	LloydPart part;

	part.sums = (double *) ((char *) share_address(parts) + part_size(k, layout) * number);
	part.counts = (int64 *) (part.sums + (Size) k * row_sums_size(layout));
	part.changed = part.counts + k;
	part.computed = part.changed + 1;
	return part;
}

static Team *
team_of(const LloydOptions *options)
{
	return options->source == NULL ? NULL : options->source->team;
}

static ShareSet *
set_of(const LloydOptions *options)
{
	return options->source == NULL ? NULL : options->source->set;
}

static PackedRows
rows_of(const Matrix *matrix, const LloydOptions *options)
{
	if (options->rows != NULL)
		return *options->rows;
	return (PackedRows){
		.rows = {.nrows = matrix->nrows, .nblocks = matrix->nblocks},
		.packed = true,
		.blocks = {.local = matrix->blocks},
		.weights = {.local = unconstify(float *, matrix->weights)}};
}

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
	run->shared_labels = share_create(set_of(options), sizeof(int32_t) * matrix->nblocks * KERNEL_LANES);
	run->labels = share_address(run->shared_labels);
	run->parts = share_create(set_of(options), part_size(k, &run->layout) * team_size(team_of(options)));
	run->packed = share_create(set_of(options),
							   Max(sizeof(float) * kernel_packed_size(k, matrix->nfeatures), coordinates));
	return run;
}

void
lloyd_free(const LloydOptions *options, Lloyd *run)
{
	pfree(run->centroids);
	pfree(run->sums);
	pfree(run->counts);
	share_free(set_of(options), run->shared_labels);
	share_free(set_of(options), run->parts);
	share_free(set_of(options), run->packed);
	share_free(set_of(options), run->slack);
	share_free(set_of(options), run->drift);
	if (run->bounds.travelled != NULL)
		pfree(run->bounds.travelled);
	pfree(run);
}

/*
 * Forgets the assignment; the next one counts every row anew.
 */
static void
reset_sums(const Matrix *matrix, const LloydOptions *options, Lloyd *run)
{
	memset(run->labels, -1, sizeof(int32_t) * matrix->nblocks * KERNEL_LANES);
	memset(share_address(run->parts), 0,
		   part_size(options->k, &run->layout) * team_size(team_of(options)));
}

typedef struct AssignWork
{
	const AssignTask *task;
	const Kernel     *kernel;
	const void       *centroids;
	int32_t          *old_labels;
	const float      *weights;
	LloydPart         part;
	double           *values; /* of one block, if exact */
	KernelBounds      bounds;
	float            *slack;
	float            *scratch;
} AssignWork;

/*
 * The nearest centroids in double precision, for centroids that float4 cannot
 * tell apart.
 */
static void
assign_exactly(const AssignWork *work, const float *blocks, int nblocks, int32_t *labels)
{
	const AssignTask *task = work->task;
	int               nvalues = task->nfeatures * KERNEL_LANES;
	int32_t           second[KERNEL_LANES];
	double            d2[KERNEL_LANES];
	double            second_d2[KERNEL_LANES];
	int               b,
		i;

	for (b = 0; b < nblocks; b++)
	{
		for (i = 0; i < nvalues; i++)
			work->values[i] = blocks[b * nvalues + i];
		work->kernel->nearest_two(work->values, 1, task->nfeatures, task->k, work->centroids,
								  labels + b * KERNEL_LANES, d2, second, second_d2);
	}
}

/*
 * Adds a row to a cluster, or takes it away if sign is -1.  A row that weighs
 * nothing adds nothing.
 */
static void
add_row(const RowSums *layout, const float *values, Size stride, double weight, int sign,
		int cluster, double *sums, int64 *counts)
{
	double *to = sums + (Size) cluster * row_sums_size(layout);
	int     f;

	if (weight == 0)
		return;
	Assert(cluster >= 0);
	counts[cluster] += sign;
	weight *= sign;
	if (!layout->weighted)
	{
		for (f = 0; f < layout->nfeatures; f++)
			to[f] += weight * values[f * stride];
		return;
	}
	for (f = 0; f < layout->nfeatures; f++)
		row_sums_add_value(layout, f, weight * values[f * stride], to);
	row_sums_add_weight(layout, weight, to);
}

/*
 * What the kernels' move_sums does, for rows that have weights.
 */
static int64
move_weighted(const AssignWork *work, const float *blocks, int64 first_row, int nrows,
			  const int32_t *labels)
{
	const RowSums *layout = &work->task->layout;
	int32_t       *old_labels = work->old_labels + first_row;
	const float   *weights = work->weights + first_row;
	int64          moved = 0;
	int            row;

	for (row = 0; row < nrows; row++)
	{
		const float *values = blocks + (Size) (row / KERNEL_LANES) * layout->nfeatures * KERNEL_LANES + row % KERNEL_LANES;

		if (labels[row] == old_labels[row])
			continue;
		if (old_labels[row] >= 0)
			add_row(layout, values, KERNEL_LANES, weights[row], -1, old_labels[row],
					work->part.sums, work->part.counts);
		add_row(layout, values, KERNEL_LANES, weights[row], 1, labels[row],
				work->part.sums, work->part.counts);
		old_labels[row] = labels[row];
		moved++;
	}
	return moved;
}

static void
assign_some(void *context, const float *blocks, int64 first_row, int nrows)
{
	AssignWork       *work = context;
	const AssignTask *task = work->task;
	int               nblocks = (nrows + KERNEL_LANES - 1) / KERNEL_LANES;
	int32_t           labels[PASS_ROWS];

	if (task->rows.rows.nchunks > 0)
		progress_add_rows(nrows);
	if (task->bounded)
	{
		size_t computed = 0;

		*work->part.changed += work->kernel->assign_bounded(blocks, nrows, task->nfeatures, task->k,
															work->centroids, &work->bounds, work->scratch,
															work->old_labels + first_row,
															work->slack + first_row, work->part.sums,
															work->part.counts, &computed);
		*work->part.computed += computed;
		return;
	}
	if (!task->exact && !task->layout.weighted)
	{
		*work->part.changed += work->kernel->assign_move(blocks, nrows, task->nfeatures, task->k,
														 work->centroids, work->old_labels + first_row,
														 work->part.sums, work->part.counts);
		return;
	}
	if (task->exact)
		assign_exactly(work, blocks, nblocks, labels);
	else
		work->kernel->assign(blocks, nblocks, task->nfeatures, task->k, work->centroids, labels);
	if (task->layout.weighted)
		*work->part.changed += move_weighted(work, blocks, first_row, nrows, labels);
	else
		*work->part.changed += work->kernel->move_sums(blocks, nrows, task->nfeatures, labels,
													   work->old_labels + first_row,
													   work->part.sums, work->part.counts);
}

/*
 * Step 1 for a member's rows.
 */
void
lloyd_assign_part(const TeamMember *me, const void *arguments)
{
	const AssignTask *task = arguments;
	AssignWork        work = {
			   .task = task,
			   .kernel = segment_kernel(),
			   .centroids = share_address(task->centroids),
			   .old_labels = share_address(task->labels),
			   .weights = share_address(task->rows.weights),
			   .part = part_of(task->parts, me->number, task->k, &task->layout),
			   .values = palloc(sizeof(double) * task->nfeatures * KERNEL_LANES),
			   .bounds = {.drift = share_address(task->drift), .largest_norm = task->largest_norm},
			   .slack = share_address(task->slack),
			   .scratch = palloc(sizeof(float) * task->nfeatures * KERNEL_GATHER_STRIDE)};
	int64 to;
	int64 from = team_part(me, task->rows.rows.nblocks, &to);

	*work.part.changed = 0;
	*work.part.computed = 0;
	packed_rows_each(&task->rows, task->nfeatures, from, to, assign_some, &work);
	pfree(work.values);
	pfree(work.scratch);
}

static void
void_slack(const Matrix *matrix, Lloyd *run)
{
	float *slack = share_address(run->slack);
	int64  row;

	for (row = 0; row < matrix->nblocks * KERNEL_LANES; row++)
	{
		if (row % (1 << 20) == 0)
			CHECK_FOR_INTERRUPTS();
		slack[row] = -get_float4_infinity();
	}
}

/*
 * Packs the centroids for the next assignment, and tells the bounds how far
 * they went since the last.
 */
static void
pack_centroids(const Matrix *matrix, const LloydOptions *options, Lloyd *run)
{
	int    k = options->k;
	int    nfeatures = matrix->nfeatures;
	Size   size = sizeof(float) * kernel_packed_size(k, nfeatures);
	float *packed = share_address(run->packed);
	float *before;

	if (run->exact)
		memcpy(packed, run->centroids, sizeof(double) * k * nfeatures);
	else if (!run->bounded)
		kernel_pack_centroids(run->centroids, k, nfeatures, packed);
	else if (run->bounds_fresh)
	{
		kernel_pack_centroids(run->centroids, k, nfeatures, packed);
		kernel_bounds_start(&run->bounds, packed, k, nfeatures);
	}
	else
	{
		before = palloc_extended(size, MCXT_ALLOC_HUGE);
		memcpy(before, packed, size);
		kernel_pack_centroids(run->centroids, k, nfeatures, packed);
		if (!kernel_bounds_advance(&run->bounds, before, packed, k, nfeatures))
			void_slack(matrix, run);
		pfree(before);
	}
}

/*
 * Step 1.  Returns the number of rows whose nearest centroid changed.
 */
static int64
assign_rows(const Matrix *matrix, const LloydOptions *options, Lloyd *run)
{
	int        k = options->k;
	int        nfeatures = matrix->nfeatures;
	Size       nsums = (Size) k * row_sums_size(&run->layout);
	AssignTask task;
	int64      changed = 0;
	int        i;
	Size       j;

	pack_centroids(matrix, options, run);
	task = (AssignTask){
		.rows = rows_of(matrix, options),
		.layout = run->layout,
		.nfeatures = nfeatures,
		.k = k,
		.exact = run->exact,
		.centroids = run->packed,
		.labels = run->shared_labels,
		.parts = run->parts,
		.bounded = run->bounded,
		.slack = run->slack,
		.drift = run->drift,
		.largest_norm = run->bounds.largest_norm};
	team_run(team_of(options), TEAM_ASSIGN, &task, sizeof(task));

	run->computed = 0;
	memset(run->sums, 0, sizeof(double) * nsums);
	memset(run->counts, 0, sizeof(int64_t) * k);
	for (i = 0; i < team_size(team_of(options)); i++)
	{
		LloydPart part = part_of(run->parts, i, k, &run->layout);

		CHECK_FOR_INTERRUPTS();
		for (j = 0; j < nsums; j++)
			run->sums[j] += part.sums[j];
		for (j = 0; j < (Size) k; j++)
			run->counts[j] += part.counts[j];
		changed += *part.changed;
		run->computed += *part.computed;
	}
	return changed;
}

/* ---- step 2: clusters without rows, which are rare ---- */

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
	int         row;

	for (row = 0; row < nrows; row++)
	{
		const float  *lane = blocks + (Size) (row / KERNEL_LANES) * work->nfeatures * KERNEL_LANES + row % KERNEL_LANES;
		const double *centroid = work->run->centroids + (size_t) work->run->labels[first_row + row] * work->nfeatures;
		double        squares = 0;
		int           f;

		for (f = 0; f < work->nfeatures; f++)
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
	int f;

	for (f = 0; f < work->nfeatures; f++)
		if (work->candidate[f] != work->values[f])
			return work->candidate[f] < work->values[f];
	return weight > work->weight;
}

static void
find_farthest(void *context, const float *blocks, int64 first_row, int nrows)
{
	RefillWork *work = context;
	int         row;
	int         f;

	for (row = 0; row < nrows; row++)
	{
		float  distance = work->nearest[first_row + row];
		double weight = refill_weight(work, first_row + row);

		if (distance < work->largest || distance == 0)
			continue;
		for (f = 0; f < work->nfeatures; f++)
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
 * Step 2.  As scikit-learn does, an empty cluster takes the row that is
 * farthest from its centroid; the next one the farthest from both its own
 * centroid and the rows taken so far, so that equal rows are not taken twice.
 */
static int
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
	int        c;

	for (c = 0; c < options->k; c++)
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

/*
 * A cluster's sums, one a feature; returns its weight.
 */
static double
cluster_sums(const Lloyd *run, int cluster, double *sums)
{
	int           size = row_sums_size(&run->layout);
	const double *from = run->sums + (Size) cluster * size;

	if (run->layout.weighted)
		return row_sums_total(&run->layout, from, sums);
	memcpy(sums, from, sizeof(double) * size);
	return (double) run->counts[cluster];
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
	int     c;

	/* |x - c|^2 summed over a cluster is |x|^2 - 2 x.c + |c|^2 summed, each times its weight */
	run->objective = matrix->sum_squares;
	for (c = 0; c < options->k; c++)
	{
		double *centroid = run->centroids + (size_t) c * nfeatures;
		double  weight = cluster_sums(run, c, sums);
		double  divisor = weight;
		int     f;

		CHECK_FOR_INTERRUPTS();
		if (weight == 0)
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
		packed_rows_pack(options->source, options->rows, matrix->nfeatures);
	if (run->bounds.travelled == NULL)
	{
		run->slack = share_create(set_of(options), sizeof(float) * matrix->nblocks * KERNEL_LANES);
		run->drift = share_create(set_of(options), sizeof(float) * options->k);
		run->bounds.travelled = palloc(sizeof(double) * options->k);
		run->bounds.drift = share_address(run->drift);
	}
	void_slack(matrix, run);
	run->bounded = true;
	run->bounds_fresh = true;
}

/*
 * Before an iteration, with how many rows changed in the last: leaves out rows
 * that cannot have changed, as long as these are many.  That is when few rows
 * change any more, and until most have to be looked at again all the same.
 */
static void
choose_bounds(const Matrix *matrix, const LloydOptions *options, int64 changed, Lloyd *run)
{
	if (run->exact || run->layout.weighted || options->k < BOUNDS_CLUSTERS ||
		(int64) options->k * matrix->nfeatures < BOUNDS_STEPS)
		return;
	if (run->bounds_paused > 0)
		run->bounds_paused--;
	else if (!run->bounded && changed <= matrix->nrows / BOUNDS_CHANGED)
		start_bounds(matrix, options, run);
	else if (run->bounded && run->bounds_fresh)
		run->bounds_fresh = false;
	else if (run->bounded && run->computed > matrix->nrows / BOUNDS_COMPUTED)
	{
		run->bounded = false;
		run->bounds_paused = BOUNDS_PAUSE;
	}
}

void
lloyd_run(const Matrix *matrix, const LloydOptions *options, Lloyd *run)
{
	double variance = matrix->total_squares / matrix->nrows / matrix->nfeatures;
	double before = get_float8_infinity();
	double settling = options->settle ? SETTLE_STEPS / ((double) matrix->nrows * matrix->nfeatures * options->k) : 0;
	bool   done = false;
	int64  changed = matrix->nrows;

	run->converged = false;
	run->settled = false;
	run->bounded = false;
	run->bounds_paused = FIRST_PLAIN;
	reset_sums(matrix, options, run);
	for (run->iterations = 0; run->iterations < options->max_iter && !done;
		 run->iterations++)
	{
		int    refilled;
		double shift;

		if (run->iterations > 0)
			choose_bounds(matrix, options, changed, run);
		if (options->rows != NULL &&
			run->iterations > (options->rows->costly ? PACK_COSTLY_AFTER : PACK_AFTER))
			packed_rows_pack(options->source, options->rows, matrix->nfeatures);
		changed = assign_rows(matrix, options, run);
		refilled = refill_clusters(matrix, options, run);
		shift = update_centroids(matrix, options, run);

		run->settled = changed == 0 && refilled == 0;
		run->converged |= run->settled || shift <= options->tol * variance;
		done = run->settled || (run->converged && settling-- < 1) ||
			   (options->goal > 0 &&
				run->objective - PATIENCE * (before - run->objective) > options->goal);
		before = run->objective;
		progress_iteration(run->iterations + 1, options->max_iter, run->objective);
	}
}

bool
lloyd_repair(const Matrix *matrix, const LloydOptions *options, Lloyd *run)
{
	int c;

	run->exact = true;
	lloyd_run(matrix, options, run);
	for (c = 0; c < options->k; c++)
		if (run->counts[c] == 0)
			return false;
	return true;
}
