/*
 * Step 1 of Lloyd's iterations: every row to its nearest centroid.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "cluster/assign.h"
#include "process/progress.h"
#include "process/settings.h"

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
	bool  near; /* and centroids that are too far */
	Share slack;
	Share drift;
	float largest_norm;
} AssignTask;

Size
part_size(int k, const RowSums *layout)
{
	return TYPEALIGN(PG_CACHE_LINE_SIZE, sizeof(double) * k * row_sums_size(layout) + sizeof(int64) * (k + 3));
}

LloydPart
part_of(Share parts, int number, int k, const RowSums *layout)
{
	LloydPart part;

	part.sums = (double *) ((char *) share_address(parts) + part_size(k, layout) * number);
	part.counts = (int64 *) (part.sums + (Size) k * row_sums_size(layout));
	part.changed = part.counts + k;
	part.computed = part.changed + 1;
	part.compared = part.computed + 1;
	return part;
}

PackedRows
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

void
reset_sums(const Matrix *matrix, const LloydOptions *options, Lloyd *run)
{
	const Lloyd *before = options->before;
	Size         lanes = (Size) matrix->nblocks * KERNEL_LANES;

	memset(share_address(run->parts), 0,
		   part_size(options->k, &run->layout) * team_size(options->team));
	if (before == NULL)
		memset(run->labels, -1, sizeof(int32_t) * lanes);
	else
	{
		LloydPart part = part_of(run->parts, 0, options->k, &run->layout);

		memcpy(run->labels, before->labels, sizeof(int32_t) * lanes);
		memcpy(part.sums, before->sums, sizeof(double) * options->k * row_sums_size(&run->layout));
		memcpy(part.counts, before->counts, sizeof(int64) * options->k);
	}
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
	KernelNear        near;
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

	for (int b = 0; b < nblocks; b++)
	{
		for (int i = 0; i < nvalues; i++)
			work->values[i] = blocks[b * nvalues + i];
		work->kernel->nearest_two(work->values, 1, task->nfeatures, task->k, work->centroids,
								  labels + b * KERNEL_LANES, d2, second, second_d2);
	}
}

void
add_row(const RowSums *layout, const float *values, Size stride, double weight, int sign,
		int cluster, double *sums, int64 *counts)
{
	double *to = sums + (Size) cluster * row_sums_size(layout);

	if (weight == 0)
		return;
	Assert(cluster >= 0);
	counts[cluster] += sign;
	weight *= sign;
	if (!layout->weighted)
	{
		for (int f = 0; f < layout->nfeatures; f++)
			to[f] += weight * values[f * stride];
		return;
	}
	for (int f = 0; f < layout->nfeatures; f++)
		row_sums_add_value(layout, f, weight * values[f * stride], to);
	row_sums_add_weight(layout, weight, to);
}

double
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

	for (int row = 0; row < nrows; row++)
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

/* 0 rows: those that wait */
static void
assign_near(AssignWork *work, const float *blocks, int64 first_row, int nrows)
{
	const AssignTask *task = work->task;
	size_t            computed = 0;

	*work->part.changed += work->kernel->assign_near(blocks, first_row, nrows, task->nfeatures, task->k,
													 work->centroids, &work->bounds, &work->near,
													 work->old_labels, work->slack, work->part.sums,
													 work->part.counts, &computed);
	*work->part.computed += computed;
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
	if (task->near)
	{
		assign_near(work, blocks, first_row, nrows);
		return;
	}
	if (task->bounded)
	{
		size_t computed = 0;

		*work->part.changed += work->kernel->assign_bounded(blocks, nrows, task->nfeatures, task->k,
															work->centroids, &work->bounds, work->scratch,
															work->old_labels + first_row,
															work->slack + first_row, work->part.sums,
															work->part.counts, &computed);
		*work->part.computed += computed;
		*work->part.compared += computed * task->k;
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
assign_part(const TeamMember *me, const void *arguments)
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
	char *memory = NULL;
	int64 to;
	int64 from = team_part(me, task->rows.rows.nblocks, &to);

	*work.part.changed = 0;
	*work.part.computed = 0;
	*work.part.compared = 0;
	if (task->near)
	{
		memory = palloc(kernel_near_size(task->k, task->nfeatures) + PG_CACHE_LINE_SIZE);
		kernel_near_start(&work.near, (void *) CACHELINEALIGN(memory), work.centroids, task->k, task->nfeatures);
	}
	packed_rows_each(&task->rows, task->nfeatures, from, to, assign_some, &work);
	if (task->near)
	{
		assign_near(&work, NULL, 0, 0);
		*work.part.compared = work.near.ncompared;
		pfree(memory);
	}
	pfree(work.values);
	pfree(work.scratch);
}

void
void_slack(const Matrix *matrix, Lloyd *run)
{
	float *slack = share_address(run->slack);

	for (int64 row = 0; row < matrix->nblocks * KERNEL_LANES; row++)
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

int64
assign_rows(const Matrix *matrix, const LloydOptions *options, Lloyd *run)
{
	int        k = options->k;
	int        nfeatures = matrix->nfeatures;
	Size       nsums = (Size) k * row_sums_size(&run->layout);
	AssignTask task;
	int64      changed = 0;

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
		.near = run->bounded && run->near,
		.slack = run->slack,
		.drift = run->drift,
		.largest_norm = run->bounds.largest_norm};
	team_run(options->team, assign_part, &task, sizeof(task));
	if (options->rows != NULL)
		packed_rows_kept(options->rows, nfeatures);

	run->computed = 0;
	run->compared = 0;
	memset(run->sums, 0, sizeof(double) * nsums);
	memset(run->counts, 0, sizeof(int64_t) * k);
	for (int i = 0; i < team_size(options->team); i++)
	{
		LloydPart part = part_of(run->parts, i, k, &run->layout);

		CHECK_FOR_INTERRUPTS();
		for (Size j = 0; j < nsums; j++)
			run->sums[j] += part.sums[j];
		for (Size j = 0; j < (Size) k; j++)
			run->counts[j] += part.counts[j];
		changed += *part.changed;
		run->computed += *part.computed;
		run->compared += *part.compared;
	}
	return changed;
}
