/*
 * The search for good centroids: starts improved by swaps.
 *
 * Lloyd's iterations end in a local optimum, often with two centroids in what
 * is one cluster and one between two others.  No iteration mends that, but a
 * swap does: one centroid goes, and a row far from all centroids becomes one.
 * A start is
 *
 *	1. seed: greedy k-means++ or random rows (seed.c);
 *	2. descend: Lloyd's iterations, to a loose tolerance, then transfers of
 *	   single rows (transfer.c);
 *	3. swap: draw candidates as k-means++ does, judge each together with the
 *	   cheapest centroid to remove (the local search of Lattanzi and Sohler,
 *	   "A Better k-means++ Algorithm via Local Search", ICML 2019), descend
 *	   from the better swap and keep what is lower.  The descent is what finds
 *	   improvements that the judgement of the swap alone does not see (random
 *	   swaps: Fraenti, "Efficiency of random swap clustering", 2018); most of
 *	   them fail and are given up after a few iterations.
 *
 * until a number of swaps in a row did not help, or the iterations are spent
 * and the last did not help much.
 *
 * If nobody says how many starts there are to be, they go on until the best has
 * been found several times, or the budget of work is spent.  They run in waves:
 * what stops them is judged between these, so that it depends on the results of
 * starts and not on who was faster.
 *
 * Each choice comes from the content of rows, from sums of integers or from
 * exact sums, so nothing here depends on the order of rows.
 */
#include "postgres.h"

#include <math.h>

#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "cluster/search.h"
#include "cluster/seed.h"
#include "cluster/transfer.h"
#include "process/progress.h"
#include "process/settings.h"
#include "process/team.h"

/* swaps in a row that do not help end a start: of clusters so small that rows are transferred, and of others */
#define MAX_FAILURES 12
#define MAX_FAILURES_LARGE 8

/* rows to judge for each swap, of more clusters more: judging one takes a small part of a descent then */
#define SWAP_CANDIDATES(k) Max(2, (k) / 8)

/* rows of a cluster from which on transfers would lower the objective by less than a thousandth */
#define TRANSFER_ROWS 1000

/* a descent that lowers the objective by less than this share of it is no help */
#define LEAST_GAIN 1e-4

/* a swap that lowers it by such a share is worth another, whatever was spent */
#define GREAT_GAIN 1e-2

/* of descents: they only have to tell which optimum they go to */
#define DESCENT_TOL 1e-2
#define DESCENT_MAX_ITER 100

/*
 * Steps of row x feature x centroid that a start may spend on swaps; it may
 * also spend as many iterations as its first descent took.
 */
#define SWAP_STEPS 1e8

/* what judging a candidate takes, in steps of row x feature */
#define JUDGE_STEPS 3

/*
 * Where nobody says how many: starts in a wave, how many of them have to end at
 * the best, and how many there are at most: that depends on the steps of one
 * iteration.
 */
#define WAVE_STARTS 5
#define WANTED_HITS 4
#define LEAST_STARTS 10
#define MOST_STARTS 25
#define ALL_STEPS 2.5e6

typedef struct Search
{
	const Matrix *matrix;
	LloydOptions  options; /* of the descents */
	uint64        stream;  /* of random choices */
	bool          transfers;
	double        slack;      /* by what share of the objective transfers have lowered it, at most */
	double        most_slack; /* the rest is Lloyd's iterations that were yet to come */
	double        spent;      /* iterations, or what takes as long */

	/* runs, and the two nearest centroids of rows, as they were before the last transfers */
	Lloyd     *best;
	Lloyd     *trial;
	NearestTwo best_two;
	NearestTwo trial_two;

	/* of best's centroids, see measure_removals() */
	double scale;   /* of distances as integers */
	int64 *removal; /* k: cost of removing a centroid */

	/* scratch of judge_candidate() */
	float *distances;
	int64 *costs; /* k */
} Search;

static Search *
search_create(const Matrix *matrix, const LloydOptions *options, int restart)
{
	Search *search = palloc0(sizeof(Search));

	search->matrix = matrix;
	search->options = *options;
	search->options.tol = Max(options->tol, DESCENT_TOL);
	search->options.max_iter = DESCENT_MAX_ITER;
	search->options.to_fixpoint = false;
	search->stream = hash_combine64(hash_bytes_uint32_extended((uint32) restart, options->seed),
									(uint64) options->init);
	search->most_slack = (double) options->k / matrix->nrows;
	search->transfers = search->most_slack >= 1.0 / TRANSFER_ROWS;
	search->best = lloyd_create(matrix, options);
	search->trial = lloyd_create(matrix, options);
	nearest_two_create(matrix, &search->best_two);
	nearest_two_create(matrix, &search->trial_two);
	search->distances = MemoryContextAllocHuge(CurrentMemoryContext,
											   sizeof(float) * matrix->nblocks * KERNEL_LANES);
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
	nearest_two_free(&search->best_two);
	nearest_two_free(&search->trial_two);
	pfree(search->distances);
	pfree(search->removal);
	pfree(search->costs);
	pfree(search);
	return best;
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
	search->scale = seed_scale(search->matrix, search->best_two.second);
	memset(search->removal, 0, sizeof(int64) * search->options.k);
	for (int64 row = 0; row < search->matrix->nrows; row++)
	{
		if (row % 65536 == 0)
			CHECK_FOR_INTERRUPTS();
		search->removal[search->best_two.labels[row]] += cost_of(search, row, search->best_two.second[row]) -
														 cost_of(search, row, search->best_two.nearest[row]);
	}
}

/*
 * By how much the sum of distances changes when a row becomes a centroid and
 * the centroid goes that is the cheapest then, of those that need not be kept.
 * Only rows to which the new
 * centroid is nearer than their second nearest are concerned.
 */
static int64
judge_candidate(Search *search, int64 candidate, const bool *kept, int *removed)
{
	const Matrix *matrix = search->matrix;
	float        *values = palloc(sizeof(float) * matrix->nfeatures);
	int64         gain = 0;

	matrix_get_row(matrix, candidate, values);
	memcpy(search->distances, search->best_two.second,
		   sizeof(float) * matrix->nblocks * KERNEL_LANES);
	matrix_lower_distances(matrix, search->options.kernel, values, search->distances);
	memcpy(search->costs, search->removal, sizeof(int64) * search->options.k);
	for (int64 row = 0; row < matrix->nrows; row++)
	{
		int64 distance;
		int64 nearest;

		if (row % 65536 == 0)
			CHECK_FOR_INTERRUPTS();
		if (search->distances[row] == search->best_two.second[row])
			continue;
		distance = cost_of(search, row, search->distances[row]);
		nearest = cost_of(search, row, search->best_two.nearest[row]);
		gain += Max(nearest - distance, 0);
		search->costs[search->best_two.labels[row]] -= cost_of(search, row, search->best_two.second[row]) -
													   Max(nearest, distance);
	}
	pfree(values);

	search->spent += (double) JUDGE_STEPS / search->options.k;
	*removed = -1;
	for (int c = 0; c < search->options.k; c++)
		if (!kept[c] && (*removed < 0 || search->costs[c] < search->costs[*removed]))
			*removed = c;
	return *removed < 0 ? PG_INT64_MAX : search->costs[*removed] - gain;
}

/* a row that may become a centroid in place of another */
typedef struct Swap
{
	int64 row;
	int   removed;
	int64 change; /* of the sum of distances, as an integer */
} Swap;

/*
 * Draws candidates and judges each; returns how many there are.
 */
static int
draw_swaps(Search *search, int round, int wanted, const bool *kept, Swap *swaps)
{
	int64 *rows = palloc(sizeof(int64) * wanted);
	int    drawn;

	/* the rounds of seeding are 0 to k - 1 */
	drawn = seed_draw(search->matrix, search->best_two.nearest, false,
					  hash_bytes_uint32_extended((uint32) (search->options.k + round), search->stream),
					  wanted, rows);
	for (int i = 0; i < drawn; i++)
	{
		swaps[i].row = rows[i];
		swaps[i].change = judge_candidate(search, rows[i], kept, &swaps[i].removed);
	}
	pfree(rows);
	return drawn;
}

/*
 * Puts the best centroids with the most promising swap of a few into the trial,
 * and with others that promise something too, each of which concerns clusters
 * of its own.  Returns false if every row lies on a centroid.
 */
static bool
choose_swaps(Search *search, int round)
{
	const Matrix *matrix = search->matrix;
	int           k = search->options.k;
	int           wanted = SWAP_CANDIDATES(k);
	Swap         *swaps = palloc(sizeof(Swap) * wanted);
	bool         *concerned = palloc0(sizeof(bool) * k);
	float        *values = palloc(sizeof(float) * matrix->nfeatures);
	int           drawn = draw_swaps(search, round, wanted, concerned, swaps);

	memcpy(search->trial->centroids, search->best->centroids, sizeof(double) * k * matrix->nfeatures);
	for (int left = drawn; left > 0; left--)
	{
		Swap    swap;
		int     best = 0;
		int     cluster;
		double *centroid;

		for (int i = 1; i < left; i++)
			if (swaps[i].change < swaps[best].change)
				best = i;
		swap = swaps[best];
		swaps[best] = swaps[left - 1];
		if (left < drawn && swap.change >= 0)
			break;
		cluster = search->best_two.labels[swap.row];
		if (concerned[cluster])
			continue;
		if (concerned[swap.removed] && judge_candidate(search, swap.row, concerned, &swap.removed) >= 0)
			continue;
		concerned[cluster] = concerned[swap.removed] = true;
		matrix_get_row(matrix, swap.row, values);
		centroid = search->trial->centroids + (Size) swap.removed * matrix->nfeatures;
		for (int f = 0; f < matrix->nfeatures; f++)
			centroid[f] = values[f];
	}
	pfree(swaps);
	pfree(concerned);
	pfree(values);
	return drawn > 0;
}

/*
 * Lloyd's iterations, then transfers of rows as long as these help.  Iterations
 * that will not come near the goal are given up; no goal is 0.
 */
static void
descend(Search *search, Lloyd *run, NearestTwo *two, double goal)
{
	double before;
	double gain;
	int    rounds = 0;

	search->options.goal = goal * (1 + search->slack);
	search->options.before = run == search->best ? NULL : search->best;
	lloyd_run(search->matrix, &search->options, run);
	search->spent += run->iterations;
	if (search->options.k == 1 || (goal > 0 && !(run->objective < search->options.goal)))
		return;
	before = run->objective;
	do
	{
		nearest_two_measure(search->matrix, &search->options, run->centroids, two);
		if (!search->transfers)
			return;
		gain = transfer_rows(search->matrix, &search->options, two, run);
		search->spent++;
	} while (gain > LEAST_GAIN * fabs(run->objective) && ++rounds < DESCENT_MAX_ITER);
	search->spent--;
	if (run->objective > 0)
		search->slack = Max(search->slack, Min(before / run->objective - 1, search->most_slack));
}

/*
 * Descends from a swap.  If that ends lower than the best so far, they change places.
 */
static bool
try_swap(Search *search)
{
	double     goal = search->best->objective - LEAST_GAIN * fabs(search->best->objective);
	Lloyd     *trial = search->trial;
	NearestTwo two = search->trial_two;

	descend(search, trial, &search->trial_two, goal);
	if (!(trial->objective < goal))
		return false;
	search->trial = search->best;
	search->best = trial;
	search->trial_two = search->best_two;
	search->best_two = two;
	measure_removals(search);
	return true;
}

static void
improve(Search *search)
{
	double steps = (double) search->matrix->nrows * search->matrix->nfeatures * search->options.k;
	double most = search->spent + Max(SWAP_STEPS / steps, search->spent);
	int    max_failures = search->transfers ? MAX_FAILURES : MAX_FAILURES_LARGE;
	int    failures = 0;
	bool   great = false;

	measure_removals(search);
	for (int round = 0; failures < max_failures && (search->spent < most || great); round++)
	{
		double before = search->best->objective;

		if (!choose_swaps(search, round))
			break;
		if (try_swap(search))
			failures = 0;
		else
			failures++;
		great = search->best->objective < before - GREAT_GAIN * fabs(before);
	}
}

/*
 * Writes the centroids that a start begins with.
 */
static void
seed(const Search *search, int restart)
{
	const Matrix *matrix = search->matrix;
	const Seeds  *seeds = search->options.seeds;
	int           k = search->options.k;
	int64        *rows;

	if (restart < 0)
	{
		memcpy(search->best->centroids, search->options.start, sizeof(double) * k * matrix->nfeatures);
		return;
	}
	if (seeds == NULL || restart >= seeds->nstarts || k > seeds->k)
	{
		seed_centroids(matrix, &search->options, search->stream, search->best->centroids);
		return;
	}
	rows = (int64 *) share_address(seeds->rows) + (Size) restart * seeds->k;
	if (rows[0] < 0)
		seed_rows(matrix, &search->options, seeds->k, search->stream, rows);
	seed_copy(matrix, rows, k, search->best->centroids);
}

Lloyd *
search_start(const Matrix *matrix, const LloydOptions *options, int restart)
{
	Search *search = search_create(matrix, options, restart);

	seed(search, restart);
	descend(search, search->best, &search->best_two, 0);
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
	Seeds        seeds;  /* or no rows */
	Share        warm;   /* centroids that the first start begins with, or nothing */
} SearchTask;

typedef struct Starts
{
	pg_atomic_uint32 next;                           /* start that nobody has begun */
	int              end;                            /* of this wave */
	int              most;                           /* starts of all waves */
	double           objectives[MOST_STARTS];        /* of these starts, where nobody says how many */
	double           results[FLEXIBLE_ARRAY_MEMBER]; /* the best of each member: see result_of() */
} Starts;

/* a number of a start, its objective, the least of all starts, and its centroids */
enum
{
	RESULT_START,
	RESULT_OBJECTIVE,
	RESULT_LEAST,
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

/* what warm centroids lose against others by rounding, of the total sum of squares */
#define ROUNDING 1e-9

/*
 * An objective that one of warm centroids may have, beside a start with another.
 */
static double
stable_bound(const SearchTask *task, double objective)
{
	return objective + Max(task->options.stability, LEAST_GAIN) * fabs(objective) + ROUNDING * task->matrix.total_squares;
}

/*
 * Is a better than b, or as good and earlier?  A member without a start has
 * number -1.  The first start, if it is of warm centroids, is as good as others
 * within its bound.
 */
static bool
result_better(const SearchTask *task, const double *a, const double *b)
{
	bool warm = task->warm.size > 0;

	if (a[RESULT_START] < 0 || b[RESULT_START] < 0)
		return a[RESULT_START] >= 0;
	if (warm && a[RESULT_START] == 0)
		return a[RESULT_OBJECTIVE] <= stable_bound(task, b[RESULT_OBJECTIVE]);
	if (warm && b[RESULT_START] == 0)
		return b[RESULT_OBJECTIVE] > stable_bound(task, a[RESULT_OBJECTIVE]);
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

	options.kernel = segment_kernel();
	matrix.blocks = share_address(task->blocks);
	matrix.row_ids = share_address(task->row_ids);
	matrix.weights = share_address(task->weights);
	options.seeds = &task->seeds;
	options.start = share_address(task->warm);
	while ((restart = (int) pg_atomic_fetch_add_u32(&starts->next, 1)) < starts->end)
	{
		double result[RESULT_CENTROIDS];
		Lloyd *run;

		if (me->number == 0)
			progress_restart(restart + 1, starts->most);
		run = search_start(&matrix, &options, options.start != NULL ? restart - 1 : restart);
		result[RESULT_START] = restart;
		result[RESULT_OBJECTIVE] = run->objective;
		best[RESULT_LEAST] = Min(best[RESULT_LEAST], run->objective);
		result[RESULT_LEAST] = best[RESULT_LEAST];
		if (options.n_init == 0)
			starts->objectives[restart] = run->objective;
		if (result_better(task, result, best))
		{
			memcpy(best, result, sizeof(result));
			memcpy(best + RESULT_CENTROIDS, run->centroids, sizeof(double) * options.k * matrix.nfeatures);
		}
		lloyd_free(&options, run);
	}
}

/*
 * How many starts there are at most where nobody says it: of small data as many as are quick.
 */
static int
most_starts(const Matrix *matrix, int k)
{
	double wanted = ALL_STEPS / ((double) matrix->nrows * matrix->nfeatures * k);

	return (int) Min(Max(wanted, LEAST_STARTS), MOST_STARTS);
}

/*
 * Have several of the first starts ended at the best of them?
 */
static bool
found_often(const Starts *starts, const LloydOptions *options, int nstarts)
{
	double least = get_float8_infinity();
	int    hits = 0;

	if (options->n_init > 0)
		return false;
	for (int i = 0; i < nstarts; i++)
		least = Min(least, starts->objectives[i]);
	for (int i = 0; i < nstarts; i++)
		hits += starts->objectives[i] <= least + LEAST_GAIN * fabs(least);
	return hits >= WANTED_HITS;
}

/*
 * The best of all starts so far, and the least objective of them.
 */
static const double *
best_result(Starts *starts, const SearchTask *task, int members, double *least)
{
	const double *best = result_of(starts, task, 0);

	*least = best[RESULT_LEAST];
	for (int member = 1; member < members; member++)
	{
		const double *result = result_of(starts, task, member);

		*least = Min(*least, result[RESULT_LEAST]);
		if (result_better(task, result, best))
			best = result;
	}
	return best;
}

/*
 * Writes the centroids of the best start.  If warm is not NULL, the first begins with these
 * centroids, whose objective is alone: false if that is as good as the best.
 */
static bool
find_start(Team *team, ShareSet *set, const Matrix *matrix, const LloydOptions *options,
		   const double *warm, double alone, double *centroids)
{
	Size       coordinates = sizeof(double) * options->k * matrix->nfeatures;
	SearchTask task = {
		.matrix = *matrix,
		.options = *options,
		.blocks = share_copy(set, matrix->blocks,
							 sizeof(float) * matrix->nblocks * KERNEL_LANES * matrix->nfeatures),
		.row_ids = share_copy(set, matrix->row_ids, sizeof(uint64) * matrix->nrows)};
	Starts *starts;
	bool    better = true;

	task.starts = share_create(set, offsetof(Starts, results) +
										sizeof(double) * result_size(&task) * team_size(team));
	if (options->seeds != NULL)
		task.seeds = *options->seeds;
	starts = share_address(task.starts);
	if (matrix->weights != NULL)
		task.weights = share_copy(set, matrix->weights, sizeof(float) * matrix->nrows);
	if (warm != NULL)
		task.warm = share_copy(set, warm, coordinates);
	for (int member = 0; member < team_size(team); member++)
	{
		result_of(starts, &task, member)[RESULT_START] = -1;
		result_of(starts, &task, member)[RESULT_LEAST] = get_float8_infinity();
	}
	starts->most = options->n_init > 0 ? options->n_init + (warm != NULL) : most_starts(matrix, options->k);
	for (int first = 0; first < starts->most && better && !found_often(starts, options, first); first = starts->end)
	{
		const double *best;
		double        least;

		pg_atomic_init_u32(&starts->next, first);
		starts->end = options->n_init > 0 && warm == NULL ? starts->most : Min(first + WAVE_STARTS, starts->most);
		team_run(team, search_part, &task, sizeof(task));
		best = best_result(starts, &task, team_size(team), &least);
		memcpy(centroids, best + RESULT_CENTROIDS, coordinates);
		better = warm == NULL || !(alone <= stable_bound(&task, least));
	}
	share_free(set, task.warm);
	share_free(set, task.blocks);
	share_free(set, task.row_ids);
	share_free(set, task.weights);
	share_free(set, task.starts);
	return better;
}

Seeds
seeds_create(ShareSet *set, int k)
{
	Seeds  seeds = {.rows = share_create(set, sizeof(int64) * MOST_STARTS * k), .nstarts = MOST_STARTS, .k = k};
	int64 *rows = share_address(seeds.rows);

	for (int start = 0; start < MOST_STARTS; start++)
		rows[(Size) start * k] = -1;
	return seeds;
}

Lloyd *
search_best(Team *team, ShareSet *set, const Matrix *matrix, const LloydOptions *options)
{
	Lloyd *best = lloyd_create(matrix, options);

	(void) find_start(team, set, matrix, options, NULL, 0, best->centroids);
	lloyd_run(matrix, options, best);
	return best;
}

bool
search_beside(Team *team, ShareSet *set, const Matrix *matrix, const LloydOptions *given, double *centroids)
{
	LloydOptions options = *given;
	Size         coordinates = sizeof(double) * options.k * matrix->nfeatures;
	double      *found = MemoryContextAllocHuge(CurrentMemoryContext, coordinates);
	Lloyd       *alone;
	bool         better;

	options.team = NULL;
	options.set = NULL;
	options.rows = NULL;
	options.to_fixpoint = false;
	alone = lloyd_create(matrix, &options);
	memcpy(alone->centroids, options.start, coordinates);
	lloyd_run(matrix, &options, alone);
	better = find_start(team, set, matrix, &options, options.start, alone->objective, found);
	if (better)
		memcpy(centroids, found, coordinates);
	lloyd_free(&options, alone);
	pfree(found);
	return better;
}
