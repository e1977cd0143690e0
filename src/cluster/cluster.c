/*
 * A finished clustering of a matrix: the best run, its exact figures, and
 * the order of its segments.
 *
 * The runs work in float4 on packed rows.  Two passes over the raw rows make
 * their outcome exact: means of the clusters in double, and the last
 * assignment to these (judge.c).  If that changes any row, figures need more: the
 * means of the clusters as they are now, unless the judgement has their sums, and
 * the distances from them.
 *
 * Everything is allocated in the memory context current at cluster_fit().
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "miscadmin.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "cluster/cluster.h"
#include "cluster/means.h"
#include "cluster/search.h"
#include "number/exact_sum.h"
#include "prepare/weights.h"
#include "process/progress.h"

/* how often a final assignment may leave a cluster empty before we give up */
#define MAX_REPAIRS 10

/* how often centroids may follow the last assignment of a run at its fixpoint */
#define FIXPOINT_ROUNDS 4

/* a start farther away is none at which rows rest */
#define FARTHEST_START 1e100

/* all rows in memory */
static const Matrix *
matrix_of(const ClusterRows *rows)
{
	return rows->sample_is_all ? rows->sample : &rows->shape;
}

/* ---- Centroids ---- */

/*
 * Sets means of clusters, their values in original units and the total sum of
 * squares.  judgement is that of the input, or NULL.
 */
void
clustering_refine(const RowSource *source, const PassInput *input, Share labels, double *means,
				  Clustering *clustering, const Judgement *judgement)
{
	ClusterMeans found = {.means = means, .values = clustering->values, .mean = clustering->mean};

	means_find(source, input, labels, &found, judgement);
	clustering->spread = found.total_squares;
	if (clustering->mean == NULL)
		clustering->total_squares = found.total_squares;
}

/*
 * The same of the clusters that a run ended with.
 */
static void
refine_run(const RowSource *source, const Recipe *recipe, const LloydOptions *options,
		   const Lloyd *run, Clustering *clustering)
{
	PassInput input = {.recipe = recipe,
					   .k = options->k,
					   .centroids = run->centroids};

	clustering_refine(source, &input, run->shared_labels, clustering->centroids, clustering, NULL);
}

/*
 * Sorts the clusters by their centroids.  A row as near to one as to another
 * belongs to the first of them, here and when the model scores it, whatever
 * their numbers are and in whatever order a fit has found them.  Returns the
 * place where each cluster is now; rows that are left out stay in the last.
 */
static int *
sort_centroids(Clustering *clustering)
{
	int     k = clustering->k;
	Size    coordinates = sizeof(double) * clustering->nfeatures;
	double *centroids = MemoryContextAllocHuge(CurrentMemoryContext, coordinates * k);
	double *values = MemoryContextAllocHuge(CurrentMemoryContext, coordinates * k);
	int    *order = palloc(sizeof(int) * k);
	int    *places = palloc(sizeof(int) * (k + 1));
	int    *origins = palloc(sizeof(int) * k);

	centroids_order(clustering->centroids, k, clustering->nfeatures, order);
	places[k] = k;
	for (int i = 0; i < k; i++)
	{
		places[order[i]] = i;
		origins[i] = clustering->origins[order[i]];
		memcpy(centroids + (size_t) i * clustering->nfeatures,
			   clustering->centroids + (size_t) order[i] * clustering->nfeatures, coordinates);
		memcpy(values + (size_t) i * clustering->nfeatures,
			   clustering->values + (size_t) order[i] * clustering->nfeatures, coordinates);
	}
	memcpy(clustering->centroids, centroids, coordinates * k);
	memcpy(clustering->values, values, coordinates * k);
	memcpy(clustering->origins, origins, sizeof(int) * k);
	pfree(origins);
	pfree(centroids);
	pfree(values);
	pfree(order);
	return places;
}

/* ---- Figures ---- */

/*
 * The index of Davies and Bouldin (1979): the mean over clusters of the worst
 * ratio of within-cluster distances to the distance of the centroids.
 */
static double
davies_bouldin(const Clustering *clustering, const Recipe *recipe)
{
	ExactSum total;
	int      n = 0; /* without clusters of no rows */

	exact_sum_init(&total);
	for (int i = 0; i < clustering->k; i++)
	{
		double worst = 0;

		CHECK_FOR_INTERRUPTS();
		if (isnan(clustering->scatter[i]))
			continue;
		n++;
		for (int j = 0; j < clustering->k; j++)
		{
			if (i == j || isnan(clustering->scatter[j]))
				continue;
			worst = Max(worst, (clustering->scatter[i] + clustering->scatter[j]) /
								   cluster_distance(recipe, centroid_distance(clustering->nfeatures, clustering->means, i,
																			  clustering->means, j)));
		}
		exact_sum_add(&total, worst);
	}
	return n > 1 ? exact_sum_mean(&total, n) : get_float8_nan();
}

/*
 * Assigns every row in double precision and sets what is counted on the way.
 * Returns false if a cluster has no rows that weigh anything.
 */
bool
clustering_judge(const RowSource *source, const Recipe *recipe, const LloydOptions *options,
				 bool profile, Share labels, Clustering *clustering)
{
	int        k = options->k;
	int64      smallest = recipe->rows_used;
	int64      largest = 0;
	bool       empty = false;
	ExactSum   weight;
	ExactSum   margins;
	int       *places;
	Judgement *judgement;

	progress_phase(PROGRESS_JUDGING, source->nrows);
	places = sort_centroids(clustering);
	clustering->judged = (PassInput){.recipe = recipe,
									 .k = k,
									 .centroids = clustering->centroids,
									 .offsets = clustering->offsets,
									 .trimmed = clustering->trimmed,
									 .cut = clustering->cut};
	clustering->judgement = judgement = judge_rows(source, &clustering->judged, profile, clustering->mean,
												   places, labels);
	exact_sum_init(&weight);
	exact_sum_init(&margins);
	for (int c = 0; c < k + clustering->trimmed; c++)
	{
		const JudgedCluster *cluster = &judgement->clusters[c];
		double               cluster_weight = judged_weight(&clustering->judged, cluster);

		clustering->rows[c] = cluster->rows;
		clustering->border[c] = cluster->border;
		clustering->distance_avg[c] = cluster_weight == 0 ? get_float8_nan() : exact_sum_mean(&cluster->distances, cluster_weight);
		clustering->margin_avg[c] = cluster_weight == 0 || k == 1 ? get_float8_nan() : exact_sum_mean(&cluster->margins, cluster_weight);
		if (c == k)
			break;
		if (cluster->rows > 1)
			exact_sum_merge(&margins, &cluster->margins);
		else if (cluster->rows == 1 && k > 1) /* alone: 0 (P. J. Rousseeuw, 1987) */
			clustering->margin_avg[c] = 0;
		largest = Max(largest, cluster->rows);
		smallest = Min(smallest, cluster->rows);
		empty |= cluster_weight == 0;
		exact_sum_merge(&weight, &cluster->weight);
	}
	if (clustering->mean != NULL)
		clustering->total_squares = exact_sum_value(&judgement->total);
	clustering->changed = judgement->changed;
	clustering->weight = recipe_is_weighted(recipe) ? exact_sum_value(&weight) : (double) (recipe->rows_used - (clustering->trimmed ? clustering->rows[k] : 0));
	clustering->smallest_share = (double) smallest / recipe->rows_used;
	clustering->largest_share = (double) largest / recipe->rows_used;
	clustering->silhouette = k > 1 ? exact_sum_mean(&margins, clustering->weight)
								   : get_float8_nan();
	pfree(places);
	return !empty;
}

/*
 * The figures about the means, from the sum of squared distances to these.
 */
static void
set_figures(const Recipe *recipe, const ExactSum *squares, Clustering *clustering)
{
	int    k = clustering->k;
	double within = exact_sum_value(squares);
	double total = k == 1 ? within : Max(clustering->total_squares, within);
	double n = clustering->weight * recipe->weight_unit; /* a row of weight 2 is two rows */

	/* that sums within clusters are no larger than the total, rounding may not know */
	clustering->total_squares = total;
	clustering->inertia = within * recipe->unit * recipe->unit * recipe->weight_unit;
	clustering->explained = total > 0 ? 1 - within / total : get_float8_nan();
	clustering->davies_bouldin = k > 1 ? davies_bouldin(clustering, recipe)
									   : get_float8_nan();

	/* Calinski and Harabasz (1974) */
	clustering->calinski_harabasz = k > 1 && n > k && within > 0
										? (total - within) / (k - 1) / (within / (n - k))
										: get_float8_nan();
}

/*
 * The means of the clusters as they were judged; false if the centroids are
 * these.
 */
static bool
means_differ(const RowSource *source, Share labels, Clustering *clustering)
{
	Size coordinates = sizeof(double) * clustering->k * clustering->nfeatures;

	if (clustering->changed == 0)
	{
		memcpy(clustering->means, clustering->centroids, coordinates);
		return false;
	}
	clustering_refine(source, &clustering->judged, labels, clustering->means, clustering, clustering->judgement);
	return memcmp(clustering->means, clustering->centroids, coordinates) != 0;
}

/*
 * Sets the figures about means that are not the centroids.
 */
static void
measure(const RowSource *source, const Recipe *recipe, Share labels, Clustering *clustering)
{
	Scatter *scatter = scatter_rows(source, &clustering->judged, clustering->means, labels);

	for (int c = 0; c < clustering->k; c++)
		clustering->scatter[c] = exact_sum_mean(&scatter->distances[c],
												judged_weight(&clustering->judged, &clustering->judgement->clusters[c]));
	set_figures(recipe, &scatter->squares, clustering);
	pfree(scatter);
}

/* ---- Numbers ---- */

static int
compare_by_size(const void *a, const void *b, void *arg)
{
	const Clustering *clustering = arg;
	int               i = *(const int *) a;
	int               j = *(const int *) b;

	if (clustering->rows[i] != clustering->rows[j])
		return clustering->rows[i] > clustering->rows[j] ? -1 : 1;
	return i - j;
}

/*
 * Numbers from 1, largest cluster first, ties by centroid.
 */
static void
number_by_size(Clustering *clustering)
{
	int *order = palloc(sizeof(int) * clustering->k);

	for (int i = 0; i < clustering->k; i++)
		order[i] = i;
	qsort_arg(order, clustering->k, sizeof(int), compare_by_size, clustering);
	for (int i = 0; i < clustering->k; i++)
		clustering->numbers[order[i]] = i + 1;
	pfree(order);
}

/* ---- Runs, judged ---- */

/*
 * A run over all rows in memory from the start that options give.
 */
static Lloyd *
begin_run(ClusterRows *rows, LloydOptions *options)
{
	Lloyd *run;

	if (!rows->sample_is_all)
	{
		options->team = rows->memory->team;
		options->set = rows->memory->set;
		options->rows = &rows->packed;
	}
	run = lloyd_create(matrix_of(rows), options);
	memcpy(run->centroids, options->start, sizeof(double) * options->k * rows->shape.nfeatures);
	return run;
}

/*
 * The best run on the sample, or that from the given start, finished on all rows
 * in memory.
 */
static Lloyd *
run_in_memory(ClusterRows *rows, LloydOptions *options, Lloyd *begun)
{
	if (begun == NULL)
	{
		progress_phase(PROGRESS_SEARCHING, 0);
		options->to_fixpoint = rows->sample_is_all;
		if (options->k < rows->k_max && rows->seeds.k == 0)
			rows->seeds = seeds_create(rows->memory->set, (int) Min(rows->k_max, rows->sample->nrows));
		options->seeds = &rows->seeds;
		begun = search_best(rows->memory->team, rows->memory->set, rows->sample, options);
		if (rows->sample_is_all)
			return begun;
		options->start = begun->centroids;
		begun = begin_run(rows, options);
	}
	progress_phase(PROGRESS_CLUSTERING, rows->shape.nrows);
	options->to_fixpoint = rows->all == rows->memory;
	lloyd_run(matrix_of(rows), options, begun);
	return begun;
}

/*
 * Goes on over all rows of the table, each iteration reading them once.
 */
static void
run_over_table(const ClusterRows *rows, const LloydOptions *options, Lloyd *run,
			   Clustering *clustering)
{
	Size   ncoordinates = (Size) options->k * rows->shape.nfeatures;
	double variance = rows->shape.total_squares / rows->shape.nrows / rows->shape.nfeatures;

	/* without labels, each pass finds the nearest centroids itself */
	share_free(rows->memory->set, run->shared_labels);
	run->shared_labels = (Share){0};
	run->iterations = 0;
	progress_phase(PROGRESS_CLUSTERING, rows->all->nrows);
	do
	{
		double shift = 0;

		refine_run(rows->all, rows->recipe, options, run, clustering);
		for (Size i = 0; i < ncoordinates; i++)
		{
			double moved = clustering->centroids[i] - run->centroids[i];

			shift += moved * moved;
			run->centroids[i] = clustering->centroids[i];
		}
		run->iterations++;
		run->converged = shift <= options->tol * variance;
		progress_iteration(run->iterations, options->max_iter, get_float8_nan());
	} while (!run->converged && run->iterations < options->max_iter);
}

/*
 * Are the centroids as near to the means of their rows as the tolerance wants?
 */
static bool
is_near(const Recipe *recipe, const LloydOptions *options, const Clustering *clustering)
{
	Size   ncoordinates = (Size) clustering->k * clustering->nfeatures;
	double variance = clustering->spread / recipe->rows_used / clustering->nfeatures;
	double shift = 0;

	for (Size i = 0; i < ncoordinates; i++)
	{
		double moved = clustering->means[i] - clustering->centroids[i];

		shift += moved * moved;
	}
	return shift <= Max(options->tol, LEAST_TOL) * variance;
}

static void
forget_judgement(Clustering *clustering)
{
	pfree(clustering->judgement);
	pfree(unconstify(void *, clustering->judged.extra));
}

/*
 * Sets the figures of clusters whose centroids are their means.
 */
void
clustering_finish_at_fixpoint(const Recipe *recipe, Clustering *clustering)
{
	memcpy(clustering->scatter, clustering->distance_avg, sizeof(double) * clustering->k);
	set_figures(recipe, &clustering->judgement->squares, clustering);
}

/*
 * Judges the clusters and sets their figures.  Where a run is at its fixpoint, few rows
 * if any are nearer to another centroid in double: then these move to the means
 * of the rows that they have now, some times, until no row changes.  A run that
 * met its tolerance meets it here too, or iterates until it does: a refresh of
 * the same rows begins with this judgement, and stays.  False if a cluster has no
 * rows that weigh anything.
 */
static bool
judge_run(const RowSource *source, const Recipe *recipe, const LloydOptions *options,
		  bool profile, Lloyd *run, Clustering *clustering)
{
	int rounds = run->at_fixpoint ? FIXPOINT_ROUNDS : 0;

	while (clustering_judge(source, recipe, options, profile, run->shared_labels, clustering))
	{
		if (!means_differ(source, run->shared_labels, clustering))
		{
			clustering_finish_at_fixpoint(recipe, clustering);
			return true;
		}
		if (rounds > 0)
			rounds--;
		else if (is_near(recipe, options, clustering) || !run->converged || run->iterations >= options->max_iter)
		{
			measure(source, recipe, run->shared_labels, clustering);
			return true;
		}
		else
			run->iterations++;
		memcpy(clustering->centroids, clustering->means, sizeof(double) * options->k * recipe->nfeatures);
		forget_judgement(clustering);
	}
	return false;
}

/*
 * Is the start of a run where it would end?  A refresh of rows that have not
 * changed begins there, and must not go elsewhere because of rows that are as
 * near to one centroid as to another but for the rounding of float4.  A warm start
 * stays as it is, bit for bit, wherever the tolerance is met; one that was given
 * moves to the means of its rows, if no row changes then.  Sets the figures if so.
 */
static bool
start_rests(const ClusterRows *rows, const LloydOptions *options, bool profile, Lloyd *run,
			Clustering *clustering)
{
	const Recipe *recipe = rows->recipe;
	Size          ncoordinates = (Size) options->k * clustering->nfeatures;
	Share         labels = rows->all == rows->memory ? run->shared_labels : (Share){0};
	bool          weighted = clustering->mean != NULL;
	bool          differ;

	for (Size i = 0; i < ncoordinates; i++)
		if (!(fabs(run->centroids[i]) < FARTHEST_START))
			return false;
	memcpy(clustering->centroids, run->centroids, sizeof(double) * ncoordinates);
	if (!clustering_judge(rows->all, recipe, options, profile && !weighted, labels, clustering))
		return false;
	clustering->changed = recipe->rows_used; /* since they had no clusters before */
	differ = means_differ(rows->all, labels, clustering);
	if (differ && !is_near(recipe, options, clustering))
	{
		forget_judgement(clustering);
		return false;
	}
	if (weighted) /* the mean of all rows is known now */
	{
		forget_judgement(clustering);
		(void) clustering_judge(rows->all, recipe, options, profile, labels, clustering);
	}
	if (differ && !options->warm)
	{
		forget_judgement(clustering);
		memcpy(clustering->centroids, clustering->means, sizeof(double) * ncoordinates);
		if (!clustering_judge(rows->all, recipe, options, profile, labels, clustering) ||
			means_differ(rows->all, labels, clustering))
			return false;
		differ = false;
	}
	if (differ)
		measure(rows->all, recipe, labels, clustering);
	else
		clustering_finish_at_fixpoint(recipe, clustering);
	run->iterations = 1;
	run->converged = true;
	clustering->unchanged = options->warm && clustering->inertia == options->warm_inertia;
	return true;
}

/*
 * Where a run from an earlier model begins: there, or at centroids that are better
 * by more than stability has it.  False if these are others.
 */
static bool
stays_warm(const ClusterRows *rows, const LloydOptions *options, Lloyd *run)
{
	if (!options->searching || options->k == 1)
		return true;
	progress_phase(PROGRESS_SEARCHING, 0);
	return !search_beside(rows->memory->team, rows->memory->set, rows->sample, options, run->centroids);
}

/*
 * The centroids of a run on all rows in memory, and its figures.
 *
 * A run that was stopped before it converged, or one with centroids too near to
 * each other for float4, may leave a centroid that is nearest to no row: it
 * moves to the farthest row, and the run goes on, in double.
 */
static void
finish_run(ClusterRows *rows, const LloydOptions *options, bool profile, Lloyd *run,
		   Clustering *clustering)
{
	const Recipe *recipe = rows->recipe;

	if (rows->all != rows->memory)
		run_over_table(rows, options, run, clustering);
	else
		refine_run(rows->all, recipe, options, run, clustering);
	for (int repairs = 0; !judge_run(rows->all, recipe, options, profile, run, clustering); repairs++)
	{
		int iterations = run->iterations;

		memcpy(run->centroids, clustering->centroids, sizeof(double) * options->k * recipe->nfeatures);
		if (repairs == MAX_REPAIRS || rows->all != rows->memory ||
			!lloyd_repair(matrix_of(rows), options, run))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("k is %d, but the rows do not have so many points that can be told apart",
							options->k),
					 errhint("Ask for fewer segments, or use other features or another scaling.")));
		run->iterations += iterations;
		refine_run(rows->all, recipe, options, run, clustering);
	}
}

/*
 * The same under constraints, from the run's centroids or those of other starts.
 */
static void
finish_constrained(ClusterRows *rows, const LloydOptions *options, bool profile, Lloyd *run,
				   Clustering *clustering)
{
	const Recipe *recipe = rows->recipe;
	Constrained   found = {.centroids = clustering->centroids,
						   .offsets = palloc(sizeof(double) * options->k)};
	LloydOptions  probe = *options;
	bool          search = options->start == NULL;

	/* does a warm start stay? */
	if (options->warm && options->searching)
		probe.max_iter = 1;
	do
	{
		bool judged;

		memcpy(clustering->centroids, run->centroids, sizeof(double) * options->k * recipe->nfeatures);
		memset(found.offsets, 0, sizeof(double) * options->k);
		constrained_run(rows, &probe, search, run->shared_labels, &found);
		clustering->trimmed = found.trimmed;
		clustering->cut = found.cut;
		clustering->offsets = NULL;
		for (int c = 0; c < options->k; c++)
			if (found.offsets[c] > 0)
				clustering->offsets = found.offsets;
		clustering->judged = (PassInput){.recipe = recipe,
										 .k = options->k,
										 .centroids = found.centroids,
										 .trimmed = found.trimmed};
		clustering_refine(rows->all, &clustering->judged, run->shared_labels, clustering->means, clustering, NULL);
		judged = clustering_judge(rows->all, recipe, options, profile, run->shared_labels, clustering);
		if (!judged && search)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("one of %d segments is left without rows that weigh anything", options->k),
					 errhint("Ask for fewer segments, or lower trim.")));
		run->iterations = found.iterations;
		run->converged = found.converged;
		if (judged)
		{
			if (!found.rests)
				clustering->changed = recipe->rows_used; /* the centroids are not their means */
			if (means_differ(rows->all, run->shared_labels, clustering))
				measure(rows->all, recipe, run->shared_labels, clustering);
			else
				clustering_finish_at_fixpoint(recipe, clustering);
			clustering->unchanged = options->warm && !search && found.converged && clustering->inertia == options->warm_inertia;
			if (search || clustering->unchanged || !(options->warm && options->searching))
				return;
			forget_judgement(clustering);
		}
		search = true; /* the start that was given leads to nothing, or there may be better ones */
		probe.max_iter = options->max_iter;
	} while (true);
}

Clustering *
clustering_create(const Recipe *recipe, int k, bool trimmed)
{
	Clustering *clustering = palloc0(sizeof(Clustering));
	int         groups = k + trimmed;
	Size        coordinates = sizeof(double) * groups * recipe->nfeatures;

	clustering->k = k;
	clustering->nfeatures = recipe->nfeatures;
	clustering->centroids = MemoryContextAllocHuge(CurrentMemoryContext, coordinates);
	clustering->means = palloc_extended(coordinates, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	clustering->values = palloc_extended(coordinates, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	clustering->numbers = palloc0(sizeof(int32) * groups);
	clustering->rows = palloc0(sizeof(int64) * groups);
	clustering->border = palloc0(sizeof(int64) * groups);
	clustering->distance_avg = palloc0(sizeof(double) * groups);
	clustering->scatter = palloc0(sizeof(double) * groups);
	clustering->margin_avg = palloc0(sizeof(double) * groups);
	clustering->bic = clustering->gap = clustering->gap_se = get_float8_nan();
	clustering->origins = palloc(sizeof(int) * k);
	if (recipe_is_weighted(recipe) || trimmed)
		clustering->mean = palloc0(sizeof(double) * recipe->nfeatures);
	return clustering;
}

void
clustering_begin_origins(Clustering *clustering)
{
	for (int c = 0; c < clustering->k; c++)
		clustering->origins[c] = c;
}

Clustering *
cluster_fit(ClusterRows *rows, const LloydOptions *given, bool profile)
{
	LloydOptions options = *given;
	Clustering  *clustering = clustering_create(rows->recipe, options.k, options.trim > 0);
	Lloyd       *run = options.start == NULL ? NULL : begin_run(rows, &options);

	clustering_begin_origins(clustering);
	if (is_constrained(&options))
	{
		constrained_check(rows, &options, options.k);
		if (run == NULL)
			run = run_in_memory(rows, &options, NULL);
		options.start = given->start;
		finish_constrained(rows, &options, profile, run, clustering);
	}
	else
	{
		bool rests = run != NULL && (options.warm || rows->all == rows->memory) &&
					 start_rests(rows, &options, profile, run, clustering);

		if (options.warm && !clustering->unchanged && !stays_warm(rows, &options, run) && rests)
		{
			forget_judgement(clustering);
			rests = false;
		}
		if (!rests)
		{
			clustering_begin_origins(clustering);
			run = run_in_memory(rows, &options, run);
			finish_run(rows, &options, profile, run, clustering);
		}
	}
	clustering->iterations = run->iterations;
	clustering->converged = run->converged;
	if (profile && rows->all == rows->memory)
		clustering->labels = run->shared_labels;
	else
		share_free(options.set, run->shared_labels);
	run->shared_labels = (Share){0};
	lloyd_free(&options, run);
	number_by_size(clustering);
	return clustering;
}
