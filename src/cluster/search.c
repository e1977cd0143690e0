/*
 * The search for good centroids: starts improved by swaps.
 *
 * Lloyd's iterations end in a local optimum, often with two centroids in what
 * is one cluster and one between two others.  No iteration mends that, but a
 * swap does: one centroid goes, and a row far from all centroids becomes one.
 * A start is
 *
 *	1. seed: greedy k-means++ or random rows (seed.c);
 *	2. descend: Lloyd's iterations, to a loose tolerance;
 *	3. swap: draw candidates as k-means++ does, judge each together with the
 *	   cheapest centroid to remove (the local search of Lattanzi and Sohler,
 *	   "A Better k-means++ Algorithm via Local Search", ICML 2019), descend
 *	   from the better swap and keep what is lower.  The descent is what finds
 *	   improvements that the judgement of the swap alone does not see (random
 *	   swaps: Fraenti, "Efficiency of random swap clustering", 2018); most of
 *	   them fail and are given up after a few iterations.
 *
 * until a number of swaps in a row did not help or the iterations are spent.
 *
 * Each choice comes from the content of rows, from sums of integers or from
 * exact sums, so nothing here depends on the order of rows.
 */
#include "postgres.h"

#include <math.h>

#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "cluster/search.h"
#include "cluster/seed.h"
#include "process/progress.h"
#include "process/settings.h"
#include "process/team.h"

/* swaps in a row that do not help end a start */
#define MAX_FAILURES 8

/* a descent that lowers the objective by less than this share of it is no help */
#define LEAST_GAIN 1e-4

/* of descents: they only have to tell which optimum they go to */
#define DESCENT_TOL 1e-2
#define DESCENT_MAX_ITER 100

/*
 * Steps of row x feature x centroid that a start may spend on swaps; it may
 * also spend as many iterations as its first descent took.
 */
#define SWAP_STEPS 1e8

typedef struct Search
{
	const Matrix *matrix;
	LloydOptions  options; /* of the descents */
	uint64        stream;  /* of random choices */
	Lloyd        *best;
	Lloyd        *trial;

	/* of best's centroids, see measure_rows() */
	int32_t *labels;
	float   *nearest; /* squared distances from the nearest centroid */
	float   *second;  /* and from the second nearest */
	double   scale;   /* of distances as integers */
	int64   *removal; /* k: cost of removing a centroid */

	/* scratch of judge_candidate() */
	float *distances;
	int64 *costs; /* k */
} Search;

static Search *
search_create(const Matrix *matrix, const LloydOptions *options, int restart)
{
	Search *search = palloc0(sizeof(Search));
	Size    lanes = matrix->nblocks * KERNEL_LANES;

	search->matrix = matrix;
	search->options = *options;
	search->options.tol = Max(options->tol, DESCENT_TOL);
	search->options.max_iter = DESCENT_MAX_ITER;
	search->options.to_fixpoint = false;
	search->stream = hash_combine64(hash_bytes_uint32_extended((uint32) restart, options->seed),
									(uint64) options->init);
	search->best = lloyd_create(matrix, options);
	search->trial = lloyd_create(matrix, options);
	search->labels = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(int32_t) * lanes);
	search->nearest = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(float) * lanes);
	search->second = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(float) * lanes);
	search->distances = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(float) * lanes);
	search->removal = palloc(sizeof(int64) * options->k);
	search->costs = palloc(sizeof(int64) * options->k);
	return search;
}

/*
 * Frees everything but the best run, which is returned.
 */
static Lloyd *
search_end(Search *search)
{
	Lloyd *best = search->best;

	lloyd_free(&search->options, search->trial);
	pfree(search->labels);
	pfree(search->nearest);
	pfree(search->second);
	pfree(search->distances);
	pfree(search->removal);
	pfree(search->costs);
	pfree(search);
	return best;
}

/*
 * The two nearest centroids of every row.
 */
static void
measure_rows(Search *search)
{
	const Matrix *matrix = search->matrix;
	int           nvalues = matrix->nfeatures * KERNEL_LANES;
	double       *values = palloc(sizeof(double) * nvalues);
	int32_t       second[KERNEL_LANES];
	double        d2[KERNEL_LANES];
	double        second_d2[KERNEL_LANES];
	int64         chunk = matrix_chunk_blocks(matrix, search->options.k);

	for (int64 block = 0; block < matrix->nblocks; block++)
	{
		const float *from = matrix_block(matrix, block);
		int64        row = block * KERNEL_LANES;

		if (block % chunk == 0)
			CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < nvalues; i++)
			values[i] = from[i];
		search->options.kernel->nearest_two(values, 1, matrix->nfeatures, search->options.k,
											search->best->centroids, search->labels + row, d2,
											second, second_d2);
		for (int i = 0; i < KERNEL_LANES; i++)
		{
			search->nearest[row + i] = (float) d2[i];
			search->second[row + i] = (float) second_d2[i];
		}
	}
	pfree(values);
}

/*
 * The part of a row at a distance in the objective, as an integer.
 */
static inline int64
cost_of(const Search *search, int64 row, float distance)
{
	return (int64) (distance * (search->scale * matrix_weight(search->matrix, row)));
}

/*
 * What it costs to remove each centroid: its rows go to their second nearest.
 */
static void
measure_removals(Search *search)
{
	search->scale = seed_scale(search->matrix, search->second);
	memset(search->removal, 0, sizeof(int64) * search->options.k);
	for (int64 row = 0; row < search->matrix->nrows; row++)
	{
		if (row % 65536 == 0)
			CHECK_FOR_INTERRUPTS();
		search->removal[search->labels[row]] += cost_of(search, row, search->second[row]) -
												cost_of(search, row, search->nearest[row]);
	}
}

/*
 * By how much the sum of distances changes when a row becomes a centroid and
 * the centroid goes that is the cheapest then.  Only rows to which the new
 * centroid is nearer than their second nearest are concerned.
 */
static int64
judge_candidate(Search *search, int64 candidate, int *removed)
{
	const Matrix *matrix = search->matrix;
	float        *values = palloc(sizeof(float) * matrix->nfeatures);
	int64         gain = 0;

	matrix_get_row(matrix, candidate, values);
	memcpy(search->distances, search->second,
		   sizeof(float) * matrix->nblocks * KERNEL_LANES);
	matrix_lower_distances(matrix, search->options.kernel, values, search->distances);
	memcpy(search->costs, search->removal, sizeof(int64) * search->options.k);
	for (int64 row = 0; row < matrix->nrows; row++)
	{
		int64 distance;
		int64 nearest;

		if (row % 65536 == 0)
			CHECK_FOR_INTERRUPTS();
		if (search->distances[row] == search->second[row])
			continue;
		distance = cost_of(search, row, search->distances[row]);
		nearest = cost_of(search, row, search->nearest[row]);
		gain += Max(nearest - distance, 0);
		search->costs[search->labels[row]] -= cost_of(search, row, search->second[row]) -
											  Max(nearest, distance);
	}
	pfree(values);

	*removed = 0;
	for (int c = 1; c < search->options.k; c++)
		if (search->costs[c] < search->costs[*removed])
			*removed = c;
	return search->costs[*removed] - gain;
}

/*
 * Puts the best centroids with the most promising of a few swaps into the
 * trial.  Returns false if every row lies on a centroid.
 */
static bool
choose_swap(Search *search, int round)
{
	const Matrix *matrix = search->matrix;
	double       *centroids = search->trial->centroids;
	float        *values;
	int64         candidates[SEED_CANDIDATES];
	int64         least = PG_INT64_MAX;
	int64         row = 0;
	int           centroid = 0;
	int           drawn;

	/* the rounds of seeding are 0 to k - 1 */
	drawn = seed_draw(matrix, search->nearest, false,
					  hash_bytes_uint32_extended((uint32) (search->options.k + round),
												 search->stream),
					  SEED_CANDIDATES, candidates);
	if (drawn == 0)
		return false;
	for (int i = 0; i < drawn; i++)
	{
		int   removed;
		int64 change = judge_candidate(search, candidates[i], &removed);

		if (change < least)
		{
			least = change;
			row = candidates[i];
			centroid = removed;
		}
	}

	memcpy(centroids, search->best->centroids,
		   sizeof(double) * search->options.k * matrix->nfeatures);
	values = palloc(sizeof(float) * matrix->nfeatures);
	matrix_get_row(matrix, row, values);
	for (int i = 0; i < matrix->nfeatures; i++)
		centroids[(size_t) centroid * matrix->nfeatures + i] = values[i];
	pfree(values);
	return true;
}

/*
 * Runs the trial.  If it is better than the best so far, they change places.
 */
static bool
descend(Search *search)
{
	Lloyd *trial = search->trial;

	search->options.goal = search->best->objective - LEAST_GAIN * fabs(search->best->objective);
	lloyd_run(search->matrix, &search->options, trial);
	if (!(trial->objective < search->options.goal))
		return false;
	search->trial = search->best;
	search->best = trial;
	return true;
}

static void
improve(Search *search)
{
	double steps = (double) search->matrix->nrows * search->matrix->nfeatures * search->options.k;
	double budget = Max(SWAP_STEPS / steps, search->best->iterations);
	int    failures = 0;

	measure_rows(search);
	measure_removals(search);
	for (int round = 0; failures < MAX_FAILURES && budget > 0; round++)
	{
		if (!choose_swap(search, round))
			break;
		if (descend(search))
		{
			budget -= search->best->iterations;
			failures = 0;
			measure_rows(search);
			measure_removals(search);
		}
		else
		{
			budget -= search->trial->iterations;
			failures++;
		}
	}
}

Lloyd *
search_start(const Matrix *matrix, const LloydOptions *options, int restart)
{
	Search *search = search_create(matrix, options, restart);

	seed_centroids(matrix, options, search->stream, search->best->centroids);
	lloyd_run(matrix, &search->options, search->best);
	if (options->k > 1)
		improve(search);
	return search_end(search);
}

/* ---- All starts ---- */

/* a matrix and its starts, as the members of a team find them */
typedef struct SearchTask
{
	Matrix       matrix;
	Share        blocks;
	Share        row_ids;
	Share        weights; /* or nothing */
	LloydOptions options;
	Share        starts; /* Starts */
} SearchTask;

typedef struct Starts
{
	pg_atomic_uint32 next;                           /* start that nobody has begun */
	double           results[FLEXIBLE_ARRAY_MEMBER]; /* the best of each member: see result_of() */
} Starts;

/* a number of a start, its objective, and its centroids */
enum
{
	RESULT_START,
	RESULT_OBJECTIVE,
	RESULT_CENTROIDS
};

static Size
result_size(const SearchTask *task)
{
	return RESULT_CENTROIDS + (Size) task->options.k * task->matrix.nfeatures;
}

static double *
result_of(Starts *starts, const SearchTask *task, int member)
{
	return starts->results + member * result_size(task);
}

/*
 * Is a better than b, or as good and earlier?  A member without a start has
 * number -1.
 */
static bool
result_better(const double *a, const double *b)
{
	if (a[RESULT_START] < 0 || b[RESULT_START] < 0)
		return a[RESULT_START] >= 0;
	if (a[RESULT_OBJECTIVE] != b[RESULT_OBJECTIVE])
		return a[RESULT_OBJECTIVE] < b[RESULT_OBJECTIVE];
	return a[RESULT_START] < b[RESULT_START];
}

void
search_part(const TeamMember *me, const void *arguments)
{
	const SearchTask *task = arguments;
	Starts           *starts = share_address(task->starts);
	LloydOptions      options = task->options;
	Matrix            matrix = task->matrix;
	double           *best = result_of(starts, task, me->number);
	int               restart;

	best[RESULT_START] = -1;
	options.kernel = segment_kernel();
	matrix.blocks = share_address(task->blocks);
	matrix.row_ids = share_address(task->row_ids);
	matrix.weights = share_address(task->weights);
	while ((restart = (int) pg_atomic_fetch_add_u32(&starts->next, 1)) < options.n_init)
	{
		double result[RESULT_CENTROIDS];
		Lloyd *run;

		if (me->number == 0)
			progress_restart(restart + 1, options.n_init);
		run = search_start(&matrix, &options, restart);
		result[RESULT_START] = restart;
		result[RESULT_OBJECTIVE] = run->objective;
		if (result_better(result, best))
		{
			memcpy(best, result, sizeof(result));
			memcpy(best + RESULT_CENTROIDS, run->centroids, sizeof(double) * options.k * matrix.nfeatures);
		}
		lloyd_free(&options, run);
	}
}

/*
 * Writes the centroids of the best start.
 */
static void
find_start(Team *team, ShareSet *set, const Matrix *matrix, const LloydOptions *options,
		   double *centroids)
{
	Size       coordinates = sizeof(double) * options->k * matrix->nfeatures;
	SearchTask task = {
		.matrix = *matrix,
		.options = *options,
		.blocks = share_copy(set, matrix->blocks,
							 sizeof(float) * matrix->nblocks * KERNEL_LANES * matrix->nfeatures),
		.row_ids = share_copy(set, matrix->row_ids, sizeof(uint64) * matrix->nrows)};
	Starts *starts;
	double *best;

	task.starts = share_create(set, offsetof(Starts, results) +
										sizeof(double) * result_size(&task) * team_size(team));
	starts = share_address(task.starts);
	best = result_of(starts, &task, 0);
	if (matrix->weights != NULL)
		task.weights = share_copy(set, matrix->weights, sizeof(float) * matrix->nrows);
	pg_atomic_init_u32(&starts->next, 0);
	team_run(team, search_part, &task, sizeof(task));
	for (int member = 1; member < team_size(team); member++)
		if (result_better(result_of(starts, &task, member), best))
			best = result_of(starts, &task, member);
	memcpy(centroids, best + RESULT_CENTROIDS, coordinates);
	share_free(set, task.blocks);
	share_free(set, task.row_ids);
	share_free(set, task.weights);
	share_free(set, task.starts);
}

Lloyd *
search_best(Team *team, ShareSet *set, const Matrix *matrix, const LloydOptions *options)
{
	Lloyd *best = lloyd_create(matrix, options);

	find_start(team, set, matrix, options, best->centroids);
	lloyd_run(matrix, options, best);
	return best;
}
