/*
 * What speaks for a number of clusters, and whether there are any.
 *
 * k-means finds k clusters in anything.  There are groups if its clusters of
 * a sample are clearer than those which it finds in sets without groups
 * (reference.c).  The rule and its bars were chosen on generated sets, and judged
 * by others (doc/algorithm.md).
 *
 * Everything is drawn from the seed, from a sample that does not depend on the
 * order of rows, by one process.
 */
#include "postgres.h"

#include <math.h>

#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "cluster/lloyd.h"
#include "cluster/reference.h"
#include "cluster/seed.h"
#include "cluster/structure.h"
#include "prepare/weights.h"

/* rows of the sample: what the references of more would cost, and features beyond which their axes do */
#define SAMPLE_ROWS 1000
#define SAMPLE_VALUES 64000
#define LEAST_SAMPLE_ROWS 200
#define MOST_FEATURES 128

/* fewer distinct rows, or fewer rows a cluster, say nothing; more clusters cost too much, and their gaps sooner */
#define LEAST_DISTINCT 20
#define LEAST_ROWS_EACH 2
#define MOST_CLUSTERS 100
#define MOST_GAP_CLUSTERS 30

/* sets of each kind, starts for each of them and for the sample */
#define SETS 10
#define BRIDGED_SETS 5
#define SET_STARTS 2
#define SAMPLE_STARTS 5

/* by how much a silhouette is higher than that of references, in standard deviations and at least */
#define DEVIATIONS 2
#define LEAST_EXCESS 0.06
#define BRIDGED_EXCESS 0.03

/* what is clearly better: by how many standard errors, and at least */
#define CLEAR_ERRORS 5
#define CLEAR_EXCESS 0.02

#define DESCENT_TOL 1e-3
#define DESCENT_MAX_ITER 50

/* k clusters of a small matrix */
typedef struct Fit
{
	double   silhouette;
	double   within; /* sum of squared distances */
	int32_t *labels; /* nblocks x KERNEL_LANES */
	int32_t *second;
	double  *margins;
} Fit;

Matrix *
structure_sample(Matrix *rows)
{
	int64   wanted = Max(Min(SAMPLE_ROWS, SAMPLE_VALUES / rows->nfeatures), LEAST_SAMPLE_ROWS);
	Matrix *sample = matrix_sample(rows, wanted);

	sample->weights = NULL;
	matrix_identify(sample);
	matrix_measure(sample);
	return sample;
}

/*
 * The simplified silhouette of each row; one that is alone has 0 (P. J.
 * Rousseeuw, 1987).  sizes are those of the clusters; NULL: of their rows here.
 */
static Fit
measure(const Matrix *matrix, const Kernel *kernel, int k, const double *centroids, const int64 *sizes)
{
	Size    lanes = (Size) matrix->nblocks * KERNEL_LANES;
	int     nvalues = matrix->nfeatures * KERNEL_LANES;
	double *values = palloc(sizeof(double) * nvalues);
	int64  *rows = palloc0(sizeof(int64) * k);
	double  d2[KERNEL_LANES];
	double  second_d2[KERNEL_LANES];
	Fit     fit = {.labels = palloc(sizeof(int32_t) * lanes),
				   .second = palloc(sizeof(int32_t) * lanes),
				   .margins = palloc(sizeof(double) * lanes)};

	for (int64 block = 0; block < matrix->nblocks; block++)
	{
		const float *from = matrix_block(matrix, block);
		int64        row = block * KERNEL_LANES;

		CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < nvalues; i++)
			values[i] = from[i];
		kernel->nearest_two(values, 1, matrix->nfeatures, k, centroids, fit.labels + row, d2, fit.second + row, second_d2);
		for (int i = 0; i < KERNEL_LANES && row + i < matrix->nrows; i++)
		{
			fit.within += d2[i];
			fit.margins[row + i] = cluster_margin(sqrt(d2[i]), sqrt(second_d2[i]));
			rows[fit.labels[row + i]]++;
		}
	}
	for (int64 row = 0; row < matrix->nrows; row++)
	{
		if ((sizes != NULL ? sizes : rows)[fit.labels[row]] == 1)
			fit.margins[row] = 0;
		fit.silhouette += fit.margins[row] / (double) matrix->nrows;
	}
	pfree(values);
	pfree(rows);
	return fit;
}

/*
 * The best of some starts, which only have to tell how clear clusters are.
 */
static Fit
fit_clusters(const Matrix *matrix, const LloydOptions *given, int k, int starts)
{
	LloydOptions options = {.kernel = given->kernel,
							.k = k,
							.spherical = given->spherical,
							.init = INIT_KMEANSPP,
							.max_iter = DESCENT_MAX_ITER,
							.tol = DESCENT_TOL,
							.quiet = true};
	Lloyd       *best = lloyd_create(matrix, &options);
	Lloyd       *trial = lloyd_create(matrix, &options);
	Fit          fit;

	best->objective = INFINITY;
	for (int start = 0; start < starts; start++)
	{
		seed_centroids(matrix, &options, hash_bytes_uint32_extended((uint32) start, (uint64) given->seed),
					   trial->centroids);
		lloyd_run(matrix, &options, trial);
		if (trial->objective < best->objective)
		{
			Lloyd *better = trial;

			trial = best;
			best = better;
		}
	}
	fit = measure(matrix, options.kernel, k, best->centroids, NULL);
	lloyd_free(&options, best);
	lloyd_free(&options, trial);
	return fit;
}

static bool
is_enough(const Matrix *sample, int k)
{
	return k > 1 && k <= MOST_CLUSTERS && sample->nfeatures <= MOST_FEATURES && sample->ndistinct >= LEAST_DISTINCT && k < sample->ndistinct &&
		   sample->nrows >= (int64) k * LEAST_ROWS_EACH;
}

/*
 * The mean of the silhouettes of k clusters of some sets, and their standard deviation.  Each set has the
 * memory of the one before.
 */
static double
reference_silhouette(const Reference *reference, ReferenceDraw draw, const LloydOptions *given, int k,
					 double *deviation)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "segment reference set", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	double        silhouettes[SETS];
	double        mean = 0;
	double        squares = 0;

	for (int i = 0; i < SETS; i++)
	{
		silhouettes[i] = fit_clusters(draw(reference, given->seed, i), given, k, SET_STARTS).silhouette;
		mean += silhouettes[i] / SETS;
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
	for (int i = 0; i < SETS; i++)
		squares += (silhouettes[i] - mean) * (silhouettes[i] - mean);
	*deviation = sqrt(squares / (SETS - 1));
	return mean;
}

Structure
structure_test(Matrix *sample, const LloydOptions *given, int k)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "segment structure", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	ReferenceDraw draws[] = {reference_box, reference_margins};
	Structure     structure = {0};
	Reference    *reference;
	Fit           fit;

	if (is_enough(sample, k))
	{
		reference = reference_create(sample, given->spherical);
		fit = fit_clusters(sample, given, k, SAMPLE_STARTS);
		structure = (Structure){.tested = true, .found = true, .silhouette = fit.silhouette};
		for (int i = 0; i < (reference_has_margins(reference) ? 2 : 1); i++)
		{
			double deviation;
			double mean = reference_silhouette(reference, draws[i], given, k, &deviation);

			structure.reference = Max(structure.reference, mean);
			structure.found &= fit.silhouette > mean + Max(LEAST_EXCESS, DEVIATIONS * deviation);
		}
		if (structure.found)
		{
			double mean = 0;

			for (int i = 0; i < BRIDGED_SETS; i++)
				mean += fit_clusters(reference_bridged(reference, given->seed, i, fit.labels, fit.second, k),
									 given, k, SET_STARTS)
							.silhouette /
						BRIDGED_SETS;
			structure.found = fit.silhouette > mean + BRIDGED_EXCESS;
			if (!structure.found)
				structure.reference = Max(structure.reference, mean);
		}
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
	return structure;
}

int
structure_best_k(Matrix *sample, const LloydOptions *given, int k_max)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "segment structure", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	double        highest = -1;
	int           best = 1;

	for (int k = 2; k <= k_max && is_enough(sample, k); k++)
	{
		double silhouette = fit_clusters(sample, given, k, SET_STARTS).silhouette;

		if (silhouette > highest)
		{
			highest = silhouette;
			best = k;
		}
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
	return best;
}

void
structure_gap(Matrix *sample, const LloydOptions *given, Clustering **candidates, int n)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "segment structure", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	Reference    *reference;
	Matrix       *sets[SETS];

	if (is_enough(sample, 2))
	{
		reference = reference_create(sample, given->spherical);
		for (int i = 0; i < SETS; i++)
			sets[i] = reference_box(reference, given->seed, i);
		for (int c = 0; c < n; c++)
		{
			int    k = candidates[c]->k;
			double mean = 0;
			double squares = 0;
			double logs[SETS];
			double within;

			if (k > MOST_GAP_CLUSTERS || (k > 1 && !is_enough(sample, k)))
				continue;
			within = fit_clusters(sample, given, k, SAMPLE_STARTS).within;
			for (int i = 0; i < SETS; i++)
			{
				logs[i] = log(fit_clusters(sets[i], given, k, SET_STARTS).within);
				mean += logs[i] / SETS;
			}
			for (int i = 0; i < SETS; i++)
				squares += (logs[i] - mean) * (logs[i] - mean);
			if (!(within > 0) || !isfinite(mean))
				continue;
			candidates[c]->gap = mean - log(within);
			candidates[c]->gap_se = sqrt(squares / SETS * (1 + 1.0 / SETS));
		}
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
}

double
structure_bic(const Clustering *clustering, const Recipe *recipe)
{
	int    k = clustering->k;
	double d = clustering->nfeatures;
	double n = clustering->weight; /* rows that are left out are in no cluster */
	double within = clustering->inertia / recipe->weight_unit;
	double likelihood;

	if (recipe_is_weighted(recipe) || recipe->distance == DISTANCE_COSINE || !(within > 0) || n <= k)
		return NAN;
	likelihood = -n * d / 2 * log(2 * M_PI * within / (d * (n - k))) - d * (n - k) / 2;
	for (int c = 0; c < k; c++)
		if (clustering->rows[c] > 0)
			likelihood += (double) clustering->rows[c] * log((double) clustering->rows[c] / n);
	return likelihood - (k * d + k) / 2 * log(n);
}

/*
 * The margins of the sample's rows in a clustering of all rows.
 */
static double *
candidate_margins(const Matrix *sample, const Kernel *kernel, const Clustering *candidate)
{
	return measure(sample, kernel, candidate->k, candidate->centroids, candidate->rows).margins;
}

/*
 * The mean of the differences of n margins, and its standard error.
 */
static double
mean_difference(const double *margins, const double *others, int64 n, double *error)
{
	double mean = 0;
	double squares = 0;

	for (int64 row = 0; row < n; row++)
		mean += (margins[row] - others[row]) / (double) n;
	for (int64 row = 0; row < n; row++)
		squares += (margins[row] - others[row] - mean) * (margins[row] - others[row] - mean);
	*error = sqrt(squares) / (double) n;
	return mean;
}

BetterK
structure_better_k(Matrix *sample, const LloydOptions *given, const Clustering *clustering, int k_min, int k_max)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "segment structure", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	BetterK       better = {0};
	double       *others;

	if (clustering->k > 1)
		others = candidate_margins(sample, given->kernel, clustering);
	else
		others = palloc0(sizeof(double) * sample->nrows);
	for (int64 row = 0; row < sample->nrows; row++)
		better.other += others[row] / (double) sample->nrows;
	for (int k = Max(k_min, 2); k <= k_max && is_enough(sample, k); k++)
	{
		Fit    fit;
		double error;
		double excess;

		if (k == clustering->k)
			continue;
		fit = fit_clusters(sample, given, k, SAMPLE_STARTS);
		excess = mean_difference(fit.margins, others, sample->nrows, &error);
		if (!(excess > Max(CLEAR_EXCESS, CLEAR_ERRORS * error)) || (better.k > 0 && fit.silhouette <= better.silhouette))
			continue;
		better.k = k;
		better.silhouette = fit.silhouette;
	}
	if (better.k > 0 && !structure_test(sample, given, better.k).found)
		better.k = 0;
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
	return better;
}

Clustering *
structure_plausible(const Matrix *sample, const LloydOptions *given, Clustering **candidates, int n,
					const bool *usable, Clustering *best)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "segment structure", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	double       *margins = candidate_margins(sample, given->kernel, best);
	Clustering   *smallest = best;

	for (int c = 0; c < n; c++)
	{
		double *others;
		double  error;

		if (!usable[c] || candidates[c]->k == 1)
			continue;
		others = candidate_margins(sample, given->kernel, candidates[c]);
		(void) mean_difference(margins, others, sample->nrows, &error);
		candidates[c]->plausible = best->silhouette - candidates[c]->silhouette <= error;
		if (candidates[c]->plausible && candidates[c]->k < smallest->k)
			smallest = candidates[c];
		pfree(others);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
	return smallest;
}
