/*
 * Do clusters come back when they are looked for again?
 *
 * From the rows, as many are drawn with replacement, and clusters are looked for
 * among these.  A cluster is as stable as it is like the new cluster that is most
 * like it, by the Jaccard index of the two among the rows that were drawn: rows in
 * both, as a share of those in either (C. Hennig, "Cluster-wise assessment of
 * cluster stability", Computational Statistics & Data Analysis 52, 2007).
 *
 * Whether the result is a matter of luck in the search, even with the same rows,
 * says the adjusted Rand index of fits with different seeds (L. Hubert and P.
 * Arabie, "Comparing partitions", 1985).
 *
 * Rows are sorted by their identities, and every draw hashes the seed and its
 * place, so that nothing depends on the order of rows or on who makes which fit.
 */
#include "postgres.h"

#include <math.h>

#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "cluster/search.h"
#include "cluster/stability.h"
#include "process/settings.h"
#include "rows/intake.h"
#include "rows/rows.h"

/* rows that are fitted: enough, and some for each cluster */
#define STABILITY_ROWS 3000
#define ROWS_OF_CLUSTER 30

/* fits of the same rows, of which each two are compared */
#define SEEDS 10

/* C. Hennig, "Dissolution point and isolation robustness", 2008, and the index at which he calls a cluster recovered */
#define DISSOLVED 0.5
#define RECOVERED 0.75

/* What the members share; fits are numbered, resamples first. */
typedef struct StabilityTask
{
	Matrix       matrix;
	LloydOptions options;
	int          resamples;
	Share        blocks;
	Share        weights; /* or nothing */
	Share        row_ids;
	Share        clusters; /* int32 a row: to be found again */
	Share        jaccard;  /* resamples x k doubles */
	Share        refits;   /* SEEDS x rows int32 */
	Share        next;     /* pg_atomic_uint32: a fit that nobody has begun */
} StabilityTask;

/* ---- Comparing two partitions ---- */

/* in how many rows cluster a of one partition meets cluster b of the other */
typedef struct Meeting
{
	uint64 pair; /* a in the upper half, b in the lower */
	int64  rows;
} Meeting;

static inline uint64
make_pair(int32 a, int32 b)
{
	return (uint64) a << 32 | (uint32) b;
}

#define ST_SORT sort_pairs
#define ST_ELEMENT_TYPE uint64
#define ST_COMPARE(a, b) (*(a) < *(b) ? -1 : *(a) > *(b))
#define ST_CHECK_FOR_INTERRUPTS
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

/*
 * Counts the pairs, a row each; sorts them.  Returns how many differ.
 */
static int64
count_meetings(uint64 *pairs, int64 nrows, Meeting *meetings)
{
	int64 n = 0;

	sort_pairs(pairs, nrows);
	for (int64 row = 0; row < nrows; row++)
	{
		if (row == 0 || pairs[row] != pairs[row - 1])
			meetings[n++] = (Meeting){.pair = pairs[row]};
		meetings[n - 1].rows++;
	}
	return n;
}

/*
 * The rows of each cluster of the two partitions, ka and kb of them.
 */
static void
count_margins(const Meeting *meetings, int64 n, int ka, int kb, int64 *a, int64 *b)
{
	memset(a, 0, sizeof(int64) * ka);
	memset(b, 0, sizeof(int64) * kb);
	for (int64 i = 0; i < n; i++)
	{
		a[meetings[i].pair >> 32] += meetings[i].rows;
		b[(uint32) meetings[i].pair] += meetings[i].rows;
	}
}

static double
pairs_of(int64 rows)
{
	return (double) rows * (double) (rows - 1) / 2;
}

/*
 * The adjusted Rand index; 1 for partitions of which neither says anything.
 */
static double
adjusted_rand(const Meeting *meetings, int64 n, int k, int64 *a, int64 *b, int64 nrows)
{
	double both = 0;
	double in_a = 0;
	double in_b = 0;
	double expected;
	double most;

	count_margins(meetings, n, k, k, a, b);
	for (int64 i = 0; i < n; i++)
		both += pairs_of(meetings[i].rows);
	for (int c = 0; c < k; c++)
	{
		in_a += pairs_of(a[c]);
		in_b += pairs_of(b[c]);
	}
	if (nrows < 2)
		return 1;
	expected = in_a * in_b / pairs_of(nrows);
	most = (in_a + in_b) / 2;
	return most == expected ? 1 : (both - expected) / (most - expected);
}

/*
 * For each cluster of the first partition the Jaccard index with the most similar
 * one of the second; NaN where it has no rows.
 */
static void
best_jaccard(const Meeting *meetings, int64 n, int k, int64 *a, int64 *b, double *jaccard)
{
	count_margins(meetings, n, k, k, a, b);
	for (int c = 0; c < k; c++)
		jaccard[c] = get_float8_nan();
	for (int64 i = 0; i < n; i++)
	{
		int    c = (int) (meetings[i].pair >> 32);
		int64  either = a[c] + b[(uint32) meetings[i].pair] - meetings[i].rows;
		double index = (double) meetings[i].rows / (double) either;

		if (!(jaccard[c] >= index))
			jaccard[c] = index;
	}
}

/* ---- The fits ---- */

/*
 * Fits one start to a matrix, and puts the cluster of each row into labels.
 */
static void
fit_again(Matrix *matrix, const LloydOptions *given, int start, int32 *labels)
{
	LloydOptions options = *given;
	Lloyd       *run;

	matrix_measure(matrix);
	options.k = (int) Min((int64) options.k, Max(matrix->ndistinct, 1));
	run = search_start(matrix, &options, start);
	lloyd_run(matrix, &options, run);
	memcpy(labels, run->labels, sizeof(int32) * matrix->nrows);
	lloyd_free(&options, run);
}

/*
 * Draws as many rows as there are, and finds their clusters: labels of all rows,
 * -1 for those that were not drawn.
 */
static void
fit_resample(const StabilityTask *task, const Matrix *matrix, int resample, int32 *labels)
{
	Matrix *drawn = matrix_create(matrix->nrows, matrix->nfeatures);
	float  *weights = NULL;
	int64  *rows = palloc_extended(sizeof(int64) * matrix->nrows, MCXT_ALLOC_HUGE);
	int32  *found = palloc_extended(sizeof(int32) * matrix->nrows, MCXT_ALLOC_HUGE);
	uint64  stream = hash_bytes_uint32_extended((uint32) resample, (uint64) task->options.seed);

	if (matrix->weights != NULL)
		drawn->weights = weights = palloc_blocks(matrix->nblocks, 1, sizeof(float));
	drawn->largest = matrix->largest;
	for (int64 i = 0; i < matrix->nrows; i++)
	{
		const float *from;
		float       *to;

		rows[i] = (int64) (hash_bytes_uint32_extended((uint32) i, stream) % (uint64) matrix->nrows);
		from = matrix_row(matrix, rows[i]);
		to = matrix_row(drawn, i);
		for (int f = 0; f < matrix->nfeatures; f++)
			to[(Size) f * KERNEL_LANES] = from[(Size) f * KERNEL_LANES];
		if (weights != NULL)
			weights[i] = matrix->weights[rows[i]];
		labels[i] = -1;
	}
	matrix_identify(drawn);
	fit_again(drawn, &task->options, 0, found);
	for (int64 i = 0; i < matrix->nrows; i++)
		labels[rows[i]] = found[i];
}

/*
 * Compares the clusters of a resample with those that are to be found again.
 */
static void
judge_resample(const StabilityTask *task, const Matrix *matrix, const int32 *labels, double *jaccard)
{
	const int32 *clusters = share_address(task->clusters);
	int          k = task->options.k;
	uint64      *pairs = palloc_extended(sizeof(uint64) * matrix->nrows, MCXT_ALLOC_HUGE);
	Meeting     *meetings = palloc_extended(sizeof(Meeting) * matrix->nrows, MCXT_ALLOC_HUGE);
	int64        n = 0;

	for (int64 row = 0; row < matrix->nrows; row++)
		if (labels[row] >= 0)
			pairs[n++] = make_pair(clusters[row], labels[row]);
	n = count_meetings(pairs, n, meetings);
	best_jaccard(meetings, n, k, palloc(sizeof(int64) * k), palloc(sizeof(int64) * k), jaccard);
}

void
stability_part(const TeamMember *me pg_attribute_unused(), const void *arguments)
{
	StabilityTask     task = *(const StabilityTask *) arguments;
	Matrix            matrix = task.matrix;
	pg_atomic_uint32 *next = share_address(task.next);
	double           *jaccard = share_address(task.jaccard);
	int32            *refits = share_address(task.refits);
	MemoryContext     context = AllocSetContextCreate(CurrentMemoryContext, "segment resample", ALLOCSET_DEFAULT_SIZES);
	MemoryContext     caller_context = MemoryContextSwitchTo(context);
	int               fit;

	task.options.kernel = segment_kernel();
	matrix.blocks = share_address(task.blocks);
	matrix.weights = share_address(task.weights);
	matrix.row_ids = share_address(task.row_ids);
	while ((fit = (int) pg_atomic_fetch_add_u32(next, 1)) < task.resamples + SEEDS)
	{
		if (fit >= task.resamples)
			fit_again(&matrix, &task.options, fit - task.resamples, refits + (fit - task.resamples) * matrix.nrows);
		else
		{
			int32 *labels = palloc_extended(sizeof(int32) * matrix.nrows, MCXT_ALLOC_HUGE);

			fit_resample(&task, &matrix, fit, labels);
			judge_resample(&task, &matrix, labels, jaccard + (Size) fit * task.options.k);
		}
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(caller_context);
	MemoryContextDelete(context);
}

/* ---- The figures ---- */

/*
 * The mean adjusted Rand index of each two refits.
 */
static double
agreement(const StabilityTask *task, const int32 *refits)
{
	int64    nrows = task->matrix.nrows;
	int      k = task->options.k;
	uint64  *pairs = palloc_extended(sizeof(uint64) * nrows, MCXT_ALLOC_HUGE);
	Meeting *meetings = palloc_extended(sizeof(Meeting) * nrows, MCXT_ALLOC_HUGE);
	int64   *a = palloc(sizeof(int64) * k);
	int64   *b = palloc(sizeof(int64) * k);
	double   sum = 0;

	for (int i = 0; i < SEEDS; i++)
		for (int j = 0; j < i; j++)
		{
			int64 n;

			for (int64 row = 0; row < nrows; row++)
				pairs[row] = make_pair(refits[i * nrows + row], refits[j * nrows + row]);
			n = count_meetings(pairs, nrows, meetings);
			sum += adjusted_rand(meetings, n, k, a, b, nrows);
		}
	pfree(pairs);
	pfree(meetings);
	pfree(a);
	pfree(b);
	return sum / (SEEDS * (SEEDS - 1) / 2);
}

static void
sum_up(const StabilityTask *task, Stability *result)
{
	const double *jaccard = share_address(task->jaccard);
	int           k = task->options.k;
	int           filled = 0;
	double        total = 0;

	for (int c = 0; c < k; c++)
	{
		double sum = 0;
		int    n = 0;
		int    dissolved = 0;
		int    recovered = 0;

		for (int i = 0; i < task->resamples; i++)
		{
			double index = jaccard[(Size) i * k + c];

			if (isnan(index))
				continue;
			n++;
			sum += index;
			dissolved += index <= DISSOLVED;
			recovered += index >= RECOVERED;
		}
		if (n == 0)
			continue;
		result->jaccard[c] = sum / n;
		result->dissolved[c] = (double) dissolved / n;
		result->recovered[c] = (double) recovered / n;
		total += result->jaccard[c];
		filled++;
	}
	if (filled > 0)
		result->mean = total / filled;
}

Stability
stability_find(Team *team, ShareSet *set, Matrix *matrix, const LloydOptions *options,
			   const double *centroids, int resamples)
{
	int           k = options->k;
	Matrix       *sample;
	StabilityTask task = {.options = *options, .resamples = resamples};
	Stability     result = {.jaccard = palloc(sizeof(double) * k), .dissolved = palloc(sizeof(double) * k), .recovered = palloc(sizeof(double) * k)};
	int32        *clusters;

	if ((double) resamples * k * sizeof(double) > (double) intake_memory())
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the figures of %d segments in %d resamples take more memory than segment.work_mem allows", k, resamples),
				 errhint("Ask for fewer resamples, or raise segment.work_mem.")));
	sample = matrix_sample(matrix, Max(STABILITY_ROWS, (int64) ROWS_OF_CLUSTER * k));
	result.rand = result.mean = get_float8_nan();
	for (int c = 0; c < k; c++)
		result.jaccard[c] = result.dissolved[c] = result.recovered[c] = get_float8_nan();
	if (k < 2 || sample->nrows == 0)
		return result;

	sample->largest = matrix->largest;
	matrix_identify(sample);
	clusters = matrix_nearest(sample, segment_kernel(), k, centroids);
	task.options.start = NULL;
	task.options.team = NULL;
	task.options.set = NULL;
	task.options.rows = NULL;
	task.options.to_fixpoint = false;
	task.matrix = *sample;
	task.blocks = share_copy(set, sample->blocks, sizeof(float) * sample->nblocks * KERNEL_LANES * sample->nfeatures);
	task.row_ids = share_copy(set, sample->row_ids, sizeof(uint64) * sample->nrows);
	if (sample->weights != NULL)
		task.weights = share_copy(set, sample->weights, sizeof(float) * sample->nblocks * KERNEL_LANES);
	task.clusters = share_copy(set, clusters, sizeof(int32) * sample->nrows);
	task.jaccard = share_create(set, sizeof(double) * resamples * k);
	task.refits = share_create(set, sizeof(int32) * SEEDS * sample->nrows);
	task.next = share_create(set, sizeof(pg_atomic_uint32));
	pg_atomic_init_u32(share_address(task.next), 0);
	team_run(team, stability_part, &task, sizeof(task));
	sum_up(&task, &result);
	result.rand = agreement(&task, share_address(task.refits));
	share_free(set, task.blocks);
	share_free(set, task.row_ids);
	share_free(set, task.weights);
	share_free(set, task.clusters);
	share_free(set, task.jaccard);
	share_free(set, task.refits);
	share_free(set, task.next);
	pfree(clusters);
	return result;
}
