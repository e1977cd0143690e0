/*
 * k-means under constraints: Lloyd's iterations of which the first step puts
 * rows where the sizes of clusters allow it (sizes.c), and leaves out those that
 * are far from all centroids (trim.c).
 *
 * Each iteration measures the distances of all rows, in double from raw values,
 * as the last assignment and scoring do; so the sizes are exactly what comes out
 * in the end.  The optimum depends on the start more than without constraints:
 * some are tried on a small sample, that of the run without constraints among
 * them; the best goes on with a larger one, and then with all rows.
 */
#include "postgres.h"

#include <math.h>

#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "cluster/constrained.h"
#include "cluster/means.h"
#include "cluster/seed.h"
#include "cluster/sizes.h"
#include "cluster/trim.h"
#include "process/progress.h"
#include "process/settings.h"
#include "rows/intake.h"

/* rows on which starts are tried, and for each cluster; iterations of a start */
#define START_ROWS 2048
#define START_ROWS_OF_CLUSTER 32
#define START_MAX_ITER 50

/* starts, if none are asked for */
#define USUAL_STARTS 10

/* the best start goes on with so many times these rows, if there are more */
#define LARGER_SAMPLE 16

/* steps of row x feature x centroid in which a run may go on until no row changes */
#define REST_STEPS 4e8

/* and at least: a start is in float, and its centroids are means in double only after an iteration; at most */
#define LEAST_REST 4
#define MOST_REST 1000

/* what n rows are bound by */
typedef struct Bounds
{
	int64 least;
	int64 most;
	int64 trimmed;
} Bounds;

/* the least number of n rows that is no less than a share of them, as shares are compared */
static int64
rows_of_share(double share, int64 n)
{
	int64 rows = (int64) (share * n);

	while (rows > 0 && (double) (rows - 1) / n >= share)
		rows--;
	while ((double) rows / n < share)
		rows++;
	return rows;
}

static Bounds
bounds_of(const LloydOptions *options, int64 n)
{
	double most_share = options->most_share > 0 ? options->most_share : 1;
	Bounds bounds = {.least = rows_of_share(options->least_share, n),
					 .most = rows_of_share(most_share, n),
					 .trimmed = (int64) (options->trim * n)};

	if ((double) bounds.most / n > most_share)
		bounds.most--;
	return bounds;
}

/* the sizes of clusters, not only rows that are left out */
static bool
has_sizes(const LloydOptions *options)
{
	return options->least_share > 0 || options->most_share > 0;
}

static bool
is_possible(const Bounds *bounds, int k, int64 n)
{
	return (double) k * bounds->least <= n - bounds->trimmed && (double) k * bounds->most >= n - bounds->trimmed;
}

void
constrained_check(const ClusterRows *rows, const LloydOptions *options, int k)
{
	int64  n = rows->recipe->rows_used;
	Bounds bounds = bounds_of(options, n);
	Size   bytes = sizeof(double) * n * 3;

	if (rows->all != rows->memory)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("min_share, max_share and trim need all rows in memory, and segment.work_mem has no room for them"),
				 errhint("Raise segment.work_mem to the size that the notice above names.")));
	if ((double) k * bounds.least > n - bounds.trimmed)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%d segments of " INT64_FORMAT " rows cannot each have a share of %g", k, n, options->least_share),
				 errhint("min_share can be at most %g for so many segments, or ask for fewer of them.",
						 floor((double) (n - bounds.trimmed) / k) / n)));
	if ((double) k * bounds.most < n - bounds.trimmed)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%d segments of at most a share of %g do not hold all " INT64_FORMAT " rows", k, options->most_share, n),
				 errhint("max_share must be at least %g for so many segments, or ask for more of them.",
						 ceil((double) (n - bounds.trimmed) / k) / n)));
	if (has_sizes(options))
		bytes += (sizeof(double) * k + SIZES_ROW_BYTES(k)) * n + SIZES_BYTES(k);
	if (bytes > intake_memory())
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the distances of " INT64_FORMAT " rows from %d centroids take more memory than segment.work_mem allows", n, k),
				 errhint("Set segment.work_mem to %zu MB, or ask for fewer segments.", bytes / (1024 * 1024) + 1)));
}

/* ---- The order of centroids ---- */

typedef struct Coordinates
{
	const double *centroids;
	int           nfeatures;
} Coordinates;

static int
compare_coordinates(const void *a, const void *b, void *arg)
{
	const Coordinates *coordinates = arg;
	int                i = *(const int *) a;
	int                j = *(const int *) b;

	for (int f = 0; f < coordinates->nfeatures; f++)
	{
		double x = coordinates->centroids[(Size) i * coordinates->nfeatures + f];
		double y = coordinates->centroids[(Size) j * coordinates->nfeatures + f];

		if (x != y)
			return x < y ? -1 : 1;
	}
	return i - j;
}

void
centroids_order(const double *centroids, int k, int nfeatures, int *order)
{
	Coordinates coordinates = {.centroids = centroids, .nfeatures = nfeatures};

	for (int i = 0; i < k; i++)
		order[i] = i;
	qsort_arg(order, k, sizeof(int), compare_coordinates, &coordinates);
}

static void
sort_centroids(const Constrained *run, int k, int nfeatures)
{
	Size    size = sizeof(double) * nfeatures;
	double *sorted = MemoryContextAllocHuge(CurrentMemoryContext, size * k);
	double *offsets = palloc(sizeof(double) * k);
	int    *order = palloc(sizeof(int) * k);

	centroids_order(run->centroids, k, nfeatures, order);
	for (int i = 0; i < k; i++)
	{
		memcpy(sorted + (Size) i * nfeatures, run->centroids + (Size) order[i] * nfeatures, size);
		offsets[i] = run->offsets[order[i]];
	}
	memcpy(run->centroids, sorted, size * k);
	memcpy(run->offsets, offsets, sizeof(double) * k);
	pfree(sorted);
	pfree(offsets);
	pfree(order);
}

/* ---- Assignment ---- */

/* the rows of a sample, or all in memory, and what an iteration finds about them */
typedef struct Assigned
{
	const Recipe       *recipe;
	const LloydOptions *options;
	Bounds              bounds;
	int64               n;
	double             *squares; /* n x k, or NULL: only the nearest */
	double             *nearest; /* n: the least of them */
	int32              *labels;
} Assigned;

static Assigned
assigned_create(const Recipe *recipe, const LloydOptions *options, int64 n, int32 *labels)
{
	return (Assigned){
		.recipe = recipe,
		.options = options,
		.bounds = bounds_of(options, n),
		.n = n,
		.squares = has_sizes(options) ? MemoryContextAllocHuge(CurrentMemoryContext, sizeof(double) * n * options->k) : NULL,
		.nearest = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(double) * n),
		.labels = labels};
}

static void
assigned_free(Assigned *assigned)
{
	if (assigned->squares != NULL)
		pfree(assigned->squares);
	pfree(assigned->nearest);
}

/*
 * Squared distances of the rows of a block.
 */
static void
measure_block(const Assigned *assigned, const double *centroids, const double *block, int64 first_row,
			  int nrows)
{
	const Kernel *kernel = assigned->options->kernel;
	int           nfeatures = assigned->recipe->nfeatures;
	int           k = assigned->options->k;
	int32_t       labels[KERNEL_LANES];
	double        d2[KERNEL_LANES];
	int32_t       second[KERNEL_LANES];
	double        second_d2[KERNEL_LANES];

	kernel->nearest_two(block, 1, nfeatures, k, centroids, labels, d2, second, second_d2);
	for (int i = 0; i < nrows; i++)
	{
		assigned->labels[first_row + i] = labels[i];
		assigned->nearest[first_row + i] = d2[i];
	}
	for (int c = 0; c < k && assigned->squares != NULL; c++)
	{
		kernel->nearest_two(block, 1, nfeatures, 1, centroids + (Size) c * nfeatures, labels, d2, second, second_d2);
		for (int i = 0; i < nrows; i++)
			assigned->squares[(first_row + i) * k + c] = d2[i];
	}
}

static void
measure_matrix(const Assigned *assigned, const double *centroids, const Matrix *matrix)
{
	int     nvalues = matrix->nfeatures * KERNEL_LANES;
	double *values = palloc(sizeof(double) * nvalues);

	for (int64 block = 0; block < matrix->nblocks; block++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < nvalues; i++)
			values[i] = matrix_block(matrix, block)[i];
		measure_block(assigned, centroids, values, block * KERNEL_LANES,
					  (int) Min(KERNEL_LANES, matrix->nrows - block * KERNEL_LANES));
	}
	pfree(values);
}

static void
measure_rows(const Assigned *assigned, const double *centroids, const Rows *rows)
{
	const Recipe *recipe = assigned->recipe;
	double       *prepared = palloc_blocks(1, recipe->nfeatures, sizeof(double));
	RowCursor     cursor = rows_cursor(rows, 0, rows->nblocks);
	double       *blocks;
	int64         first_row;
	int           nrows;

	while (rows_next(rows, &cursor, PASS_ROWS, &blocks, &first_row, &nrows))
	{
		CHECK_FOR_INTERRUPTS();
		for (int row = 0; row < nrows; row += KERNEL_LANES)
		{
			recipe_prepare_blocks(recipe, blocks + (Size) row * recipe->ncolumns, 1, prepared);
			measure_block(assigned, centroids, prepared, first_row + row, Min(KERNEL_LANES, nrows - row));
		}
	}
	for (int64 row = 0; row < assigned->n; row++)
		if (unlikely(assigned->labels[row] < 0))
			source_changed();
}

/*
 * From distances to clusters.  False if there are none of the sizes asked for.
 */
static bool
assign_measured(const Assigned *assigned, Constrained *run)
{
	const Bounds *bounds = &assigned->bounds;
	int           k = assigned->options->k;

	run->trimmed = bounds->trimmed > 0;
	if (run->trimmed)
	{
		run->cut = trim_cut(assigned->nearest, assigned->n, bounds->trimmed);
		for (int64 row = 0; row < assigned->n; row++)
			if (assigned->nearest[row] > run->cut)
				assigned->labels[row] = k;
	}
	return assigned->squares == NULL || sizes_find(assigned->squares, assigned->n, k, bounds->least, bounds->most,
												   assigned->labels, run->offsets);
}

/* ---- Starts ---- */

/*
 * Draws centroids as k-means++ does, but none of the rows that are farthest away:
 * so many as are left out, or could not make up a cluster.
 */
static bool
seed_start(const Matrix *sample, const LloydOptions *options, const Bounds *bounds, int start,
		   double *centroids)
{
	Size    lanes = sample->nblocks * KERNEL_LANES;
	float  *nearest = palloc(sizeof(float) * lanes);
	float  *distances = palloc(sizeof(float) * lanes);
	float  *row_values = palloc(sizeof(float) * sample->nfeatures);
	double *sorted = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(double) * sample->nrows);
	uint64  stream = hash_bytes_uint32_extended((uint32) start, options->seed);
	int64   far = Min(Max(bounds->trimmed, bounds->least / 2), sample->nrows - 1);
	int     c;

	for (Size i = 0; i < lanes; i++)
		nearest[i] = distances[i] = get_float4_infinity();
	for (c = 0; c < options->k; c++)
	{
		int64 row;

		if (seed_draw(sample, distances, c == 0, hash_combine64(stream, c), 1, &row) == 0)
			break;
		matrix_get_row(sample, row, row_values);
		for (int f = 0; f < sample->nfeatures; f++)
			centroids[(Size) c * sample->nfeatures + f] = row_values[f];
		matrix_lower_distances(sample, options->kernel, row_values, nearest);
		for (int64 i = 0; i < sample->nrows; i++)
			sorted[i] = nearest[i];
		{
			double cut = trim_cut(sorted, sample->nrows, far);

			for (int64 i = 0; i < sample->nrows; i++)
				distances[i] = nearest[i] > cut ? 0 : nearest[i];
		}
	}
	pfree(nearest);
	pfree(distances);
	pfree(row_values);
	pfree(sorted);
	return c == options->k;
}

/*
 * Moves centroids to the means of their rows and returns the objective, of the
 * distances that were measured; infinite if a cluster has no rows that weigh
 * anything.  A sample's rows are in an order of their own, so sums are the same
 * whatever that of the table is.
 */
static double
move_centroids(const Assigned *assigned, const Matrix *sample, double *centroids, double *shift)
{
	int     k = assigned->options->k;
	int     nfeatures = sample->nfeatures;
	double *sums = palloc0(sizeof(double) * k * nfeatures);
	double *weights = palloc0(sizeof(double) * k);
	double  objective = 0;

	*shift = 0;
	for (int64 row = 0; row < sample->nrows; row++)
	{
		int    label = assigned->labels[row];
		double weight = matrix_weight(sample, row);

		if (label == k)
			continue;
		weights[label] += weight;
		objective += weight * (assigned->squares == NULL ? assigned->nearest[row] : assigned->squares[row * k + label]);
		for (int f = 0; f < nfeatures; f++)
			sums[(Size) label * nfeatures + f] += weight * matrix_row(sample, row)[(Size) f * KERNEL_LANES];
	}
	for (int c = 0; c < k; c++)
	{
		double divisor = weights[c];
		double length = 0;

		if (divisor == 0)
			objective = get_float8_infinity();
		for (int f = 0; f < nfeatures; f++)
			length += sums[(Size) c * nfeatures + f] * sums[(Size) c * nfeatures + f];
		if (assigned->options->spherical && length > 0)
			divisor = sqrt(length);
		for (int f = 0; f < nfeatures && divisor > 0; f++)
		{
			Size   at = (Size) c * nfeatures + f;
			double moved = sums[at] / divisor - centroids[at];

			*shift += moved * moved;
			centroids[at] = sums[at] / divisor;
		}
	}
	pfree(sums);
	pfree(weights);
	return objective;
}

/*
 * Iterates on a sample; returns the objective, infinite if the start comes to
 * nothing.
 */
static double
try_start(const Recipe *recipe, const Matrix *sample, const LloydOptions *options, Constrained *run)
{
	Assigned assigned = assigned_create(recipe, options, sample->nrows,
										palloc(sizeof(int32) * sample->nrows));
	double   objective = get_float8_infinity();
	double   shift = get_float8_infinity();

	memset(run->offsets, 0, sizeof(double) * options->k);
	for (int i = 0; i < START_MAX_ITER && shift > 0; i++)
	{
		sort_centroids(run, options->k, sample->nfeatures);
		measure_matrix(&assigned, run->centroids, sample);
		if (!assign_measured(&assigned, run))
		{
			objective = get_float8_infinity();
			break;
		}
		objective = move_centroids(&assigned, sample, run->centroids, &shift);
		if (isinf(objective))
			break;
	}
	assigned_free(&assigned);
	pfree(assigned.labels);
	return objective;
}

/*
 * Puts the best start's centroids into run.  A warm start is the best unless another is
 * better by more than stability has it; true if so, and then it is as it was.
 */
static bool
search_start_of(const ClusterRows *rows, const LloydOptions *options, Constrained *run)
{
	int           nfeatures = rows->recipe->nfeatures;
	Size          size = sizeof(double) * options->k * nfeatures;
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "segment starts", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old_context = MemoryContextSwitchTo(context);
	Matrix       *sample = matrix_sample(rows->sample, Max(START_ROWS, START_ROWS_OF_CLUSTER * (int64) options->k));
	Bounds        bounds = bounds_of(options, sample->nrows);
	double        best = get_float8_infinity();
	bool          stays = false;
	int           nstarts = options->n_init > 0 ? options->n_init : USUAL_STARTS;
	Constrained   trial = {.centroids = MemoryContextAllocHuge(context, size),
						   .offsets = palloc(sizeof(double) * options->k)};

	matrix_identify(sample);
	memcpy(trial.centroids, run->centroids, size);
	for (int start = 0; start <= nstarts && is_possible(&bounds, options->k, sample->nrows); start++)
	{
		double objective;

		progress_restart(start, nstarts);
		if (start > 0 && !seed_start(sample, options, &bounds, start, trial.centroids))
			continue;
		objective = try_start(rows->recipe, sample, options, &trial);
		if (!(objective < best))
			continue;
		stays = start == 0 && options->warm;
		best = stays ? objective / (1 + options->stability) : objective;
		if (!stays)
			memcpy(run->centroids, trial.centroids, size);
	}
	if (rows->sample->nrows > sample->nrows && !isinf(best) && !stays)
	{
		memcpy(trial.centroids, run->centroids, size);
		sample = matrix_sample(rows->sample, Min(rows->sample->nrows, LARGER_SAMPLE * sample->nrows));
		bounds = bounds_of(options, sample->nrows);
		if (is_possible(&bounds, options->k, sample->nrows) && !isinf(try_start(rows->recipe, sample, options, &trial)))
			memcpy(run->centroids, trial.centroids, size);
	}
	MemoryContextSwitchTo(old_context);
	MemoryContextDelete(context);
	return stays;
}

/* ---- The run ---- */

static void
report_equal_rows(const LloydOptions *options)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("there are no %d segments with shares from %g to %g: too many rows are equal",
					options->k, options->least_share, options->most_share > 0 ? options->most_share : 1.0),
			 errhint("Rows with the same features are in one segment. Use more features, ask for fewer segments, lower min_share or raise max_share.")));
}

/*
 * The means of the rows as they are assigned; returns how far the centroids are
 * from them, squared, relative to the variance.
 */
static double
find_means(const ClusterRows *rows, const LloydOptions *options, Share labels, const Constrained *run,
		   double *means, double *values)
{
	Size         ncoordinates = (Size) options->k * rows->recipe->nfeatures;
	PassInput    input = {.recipe = rows->recipe,
						  .k = options->k,
						  .centroids = run->centroids,
						  .trimmed = run->trimmed};
	ClusterMeans found = {.means = means, .values = values};
	double       shift = 0;

	means_find(rows->all, &input, labels, &found, NULL);
	for (Size i = 0; i < ncoordinates; i++)
		shift += (means[i] - run->centroids[i]) * (means[i] - run->centroids[i]);
	return shift / (found.total_squares / rows->recipe->rows_used / rows->recipe->nfeatures);
}

void
constrained_run(const ClusterRows *rows, const LloydOptions *options, bool search, Share labels,
				Constrained *run)
{
	const Recipe *recipe = rows->recipe;
	Size          size = sizeof(double) * options->k * recipe->nfeatures;
	double        steps = (double) recipe->rows_used * recipe->nfeatures * options->k;
	double        more = Min(Max(REST_STEPS / steps, LEAST_REST), MOST_REST);
	double       *means = MemoryContextAllocHuge(CurrentMemoryContext, size);
	double       *values = palloc_extended(size, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	bool          anew = true; /* offsets from none: a refresh must find what the fit has found */
	bool          stays;       /* where it is, if that meets the tolerance */
	Assigned      assigned;

	stays = search ? search_start_of(rows, options, run) : options->warm;
	assigned = assigned_create(recipe, options, recipe->rows_used, share_address(labels));
	progress_phase(PROGRESS_CLUSTERING, recipe->rows_used);
	run->converged = false;
	for (run->iterations = 1;; run->iterations++)
	{
		double shift;
		bool   near;
		bool   spent;

		if (anew)
			memset(run->offsets, 0, sizeof(double) * options->k);
		sort_centroids(run, options->k, recipe->nfeatures);
		measure_rows(&assigned, run->centroids, rows->all->rows);
		if (!assign_measured(&assigned, run))
			report_equal_rows(options);
		shift = find_means(rows, options, labels, run, means, values);
		progress_iteration(run->iterations, options->max_iter, get_float8_nan());
		run->rests = memcmp(means, run->centroids, size) == 0;
		near = run->rests || shift <= Max(options->tol, LEAST_TOL);
		run->converged |= near;
		spent = run->converged ? more-- < 1 && (near || more < -LEAST_REST) : run->iterations >= options->max_iter;
		spent |= stays && run->iterations == 1 && near;
		if (anew && (run->rests || spent))
			break;
		anew = run->rests || spent;
		if (!anew)
			memcpy(run->centroids, means, size);
	}
	run->iterations = Min(run->iterations, options->max_iter); /* the rest is for digits */
	assigned_free(&assigned);
	pfree(means);
	pfree(values);
}
