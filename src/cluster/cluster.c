/*-------------------------------------------------------------------------
 *
 * cluster.c
 *	  A finished clustering of a matrix: the best run, its exact figures, and
 *	  the order of its segments.
 *
 * The runs work in float4 on packed rows.  Two passes over the raw rows make
 * their outcome exact: means of the clusters in double, and the last
 * assignment to these (judge.c).  If that changes any row, figures need two
 * more: the means of the clusters as they are now, and the distances from them.
 *
 * Everything is allocated in the memory context current at cluster_fit().
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "miscadmin.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "cluster/cluster.h"
#include "prepare/groups.h"
#include "process/progress.h"
#include "cluster/search.h"
#include "process/settings.h"
#include "number/exact_sum.h"
#include "prepare/weights.h"

/* how often a final assignment may leave a cluster empty before we give up */
#define MAX_REPAIRS 10

/* how often centroids may follow the last assignment of a run that has settled */
#define SETTLING_ROUNDS 4

/* what taking centroids to original units and back may cost, at least, of the variance */
#define LEAST_TOL 1e-9

/* a start farther away is none at which rows rest */
#define FARTHEST_START 1e100

/* a sample in which not every fourth row is distinct says little about the rest */
#define FEW_DISTINCT 4

/* ----------------------------------------------------------------
 *		The rows to work on
 * ----------------------------------------------------------------
 */

static Matrix *
identified(Matrix *matrix)
{
	matrix_identify(matrix);
	matrix_measure(matrix);
	return matrix;
}

/*
 * A sample by the identities of all rows in memory, which tell equal rows
 * apart: for rows without a key, of which a sample by content takes all equal
 * ones or none, and for few distinct ones.
 */
static Matrix *
sample_by_identity(ClusterRows *rows, int64 nsample)
{
	Matrix *all = &rows->shape;

	packed_rows_pack(rows->memory, &rows->packed, rows->recipe->nfeatures);
	all->blocks = share_address(rows->packed.blocks);
	return identified(matrix_sample(all, nsample));
}

/* no prepared value is farther from 0 */
static double
largest_value(const Recipe *recipe)
{
	double largest = 0;
	int    f;

	for (f = 0; f < recipe->nfeatures; f++)
		largest = Max(largest, recipe->features[f].max_abs);
	return largest;
}

ClusterRows *
cluster_rows_create(RowSource *all, RowSource *memory, const Recipe *recipe, Rows *sample_rows,
					int k)
{
	ClusterRows *rows = palloc0(sizeof(ClusterRows));
	double       part;

	rows->all = all;
	rows->memory = memory;
	rows->recipe = recipe;
	rows->packed = packed_rows_create(memory, recipe);
	rows->packed.weights = weights_share(memory->set, recipe, memory->rows);
	rows->shape = (Matrix){.nrows = memory->rows->nrows,
						   .nblocks = memory->rows->nblocks,
						   .nfeatures = recipe->nfeatures,
						   .weights = share_address(rows->packed.weights),
						   .largest = largest_value(recipe)};
	rows->whole = sample_rows == NULL && all == memory;
	rows->sample = recipe_pack(recipe, sample_rows != NULL ? sample_rows : memory->rows);
	rows->sample->weights = sample_rows != NULL ? share_address(weights_share(NULL, recipe, sample_rows))
												: rows->shape.weights;
	rows->sample = identified(rows->sample);
	if (!rows->whole && (rows->sample->ndistinct < rows->sample->nrows / FEW_DISTINCT ||
						 rows->sample->ndistinct < k))
		rows->sample = sample_by_identity(rows, Max(rows->sample->nrows, k));
	rows->sample->largest = rows->shape.largest;
	rows->shape.ndistinct = Max(rows->shape.ndistinct, rows->sample->ndistinct);

	/* sums of squares by the sample's, for tolerances only */
	part = (double) rows->shape.nrows / rows->sample->nrows;
	rows->shape.sum_squares = rows->sample->sum_squares * part;
	rows->shape.total_squares = rows->sample->total_squares * part;
	return rows;
}

/* all rows in memory */
static const Matrix *
matrix_of(const ClusterRows *rows)
{
	return rows->whole ? rows->sample : &rows->shape;
}

void
cluster_check_k(const ClusterRows *rows, int k)
{
	const Matrix *matrix = &rows->shape;

	if (k > matrix->ndistinct && rows->all != rows->memory)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("k is %d, but the sample of the rows has only " INT64_FORMAT " distinct points",
						k, matrix->ndistinct),
				 errhint("Raise segment.work_mem, or name key columns: without a key, equal rows are in the sample together or not at all.")));
	if (k > matrix->nrows)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("k is %d, but there are only " INT64_FORMAT " rows", k, matrix->nrows),
				 errhint("Ask for at most " INT64_FORMAT " segments, one for each distinct row.", matrix->ndistinct)));
	if (k > matrix->ndistinct)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 matrix->weights == NULL
					 ? errmsg("k is %d, but the rows have only " INT64_FORMAT " distinct points",
							  k, matrix->ndistinct)
					 : errmsg("k is %d, but the rows that weigh anything have only " INT64_FORMAT " distinct points",
							  k, matrix->ndistinct),
				 errhint("Ask for at most " INT64_FORMAT " segments, or use more features.",
						 matrix->ndistinct)));
}

/* ----------------------------------------------------------------
 *		Means of clusters
 * ----------------------------------------------------------------
 */

/*
 * The clusters of a batch's rows as Lloyd's runs assign them, in float, for
 * rows of which no run has kept the labels.
 */
static void
assign_batch(const PassInput *input, const double *blocks, int nrows, int32 *labels)
{
	int    nfeatures = input->recipe->nfeatures;
	Size   packed_size = sizeof(float) * kernel_packed_size(input->k, nfeatures);
	float *packed = palloc_extended(packed_size, MCXT_ALLOC_HUGE);
	char  *memory = palloc0(sizeof(float) * nfeatures * PASS_ROWS + PG_CACHE_LINE_SIZE);
	float *rows = (float *) CACHELINEALIGN(memory);
	int64  n = recipe_pack_rows(input->recipe, blocks, nrows, rows, 0);
	int    row;

	kernel_pack_centroids(input->centroids, input->k, nfeatures, packed);
	for (row = 0; row < n; row += KERNEL_LANES)
	{
		CHECK_FOR_INTERRUPTS();
		input->kernel->assign(rows + (Size) row * nfeatures, 1, nfeatures, input->k, packed,
							  labels + row);
	}
	pfree(packed);
	pfree(memory);
}

/*
 * The clusters of the rows used of a batch: those given; or the nearest, as runs
 * find them, or as they are judged if the input has something extra, true.
 */
static const int32 *
labels_of_batch(const PassInput *input, const double *blocks, int nrows, const int32 *labels,
				int32 *found)
{
	NearestRows nearest;

	if (labels != NULL)
		return labels;
	if (input->extra == NULL)
		assign_batch(input, blocks, nrows, found);
	else
	{
		nearest_rows(input, NULL, blocks, nrows, &nearest);
		memcpy(found, nearest.labels, sizeof(int32) * nearest.n);
	}
	return found;
}

static Groups *
group_batch(const PassInput *input, const double *blocks, int nrows, const int32 *labels,
			bool *used)
{
	int   nused = recipe_used_rows(input->recipe, blocks, nrows, used);
	int32 found[PASS_ROWS];

	return groups_make(labels_of_batch(input, blocks, nrows, labels, found), nused, input->k);
}

/*
 * The state: rows of each cluster, then sums of transformed values, k x
 * features.  With weights these are weighted sums, and a column more is the
 * weight of the cluster.
 */

static int
means_columns(const Recipe *recipe)
{
	return recipe->nfeatures + (recipe_is_weighted(recipe) ? 1 : 0);
}

static ExactSum *
means_sums(const PassInput *input, void *state)
{
	return (ExactSum *) ((int64 *) state + input->k);
}

static Size
means_state_size(const PassInput *input)
{
	return (sizeof(int64) + sizeof(ExactSum) * means_columns(input->recipe)) * (Size) input->k;
}

static void
means_init(const PassInput *input, void *state)
{
	memset(state, 0, means_state_size(input));
}

/*
 * Adds values of a batch, group by group, to a column of the sums.
 */
static void
add_grouped(const PassInput *input, ExactSum *sums, int column, const Groups *groups,
			const double *grouped, double largest)
{
	int ncolumns = means_columns(input->recipe);
	int c;

	for (c = 0; c < input->k; c++)
		exact_sum_add_values(&sums[(Size) c * ncolumns + column], grouped + groups->starts[c],
							 groups->starts[c + 1] - groups->starts[c], largest);
}

/* larger values cannot be split into halves */
#define MAX_SPLIT 1e290

/* The upper half of a double's digits, so that products of halves are exact. */
static inline double
upper_half(double x)
{
	double shifted = x * 0x8000001p0;

	return shifted - (shifted - x);
}

/*
 * What rounding a product has cost (T. J. Dekker, 1971).
 */
static inline double
product_rest(double a, double b, double product)
{
	double a_upper = upper_half(a);
	double b_upper = upper_half(b);
	double a_lower = a - a_upper;
	double b_lower = b - b_upper;

	if (!(fabs(a) < MAX_SPLIT))
		return 0;
	return ((a_upper * b_upper - product) + a_upper * b_lower + a_lower * b_upper) + a_lower * b_lower;
}

/*
 * The same with weights: both parts of the products.
 */
static void
add_weighted(const PassInput *input, ExactSum *sums, int column, const Groups *groups,
			 const double *grouped, const double *weights)
{
	double products[PASS_ROWS];
	double rests[PASS_ROWS];
	double largest = 0;
	int    i;

	for (i = 0; i < groups->n; i++)
	{
		products[i] = grouped[i] * weights[i];
		rests[i] = product_rest(grouped[i], weights[i], products[i]);
	}
	for (i = 0; i < groups->n; i++)
		largest = Max(largest, fabs(products[i]));
	add_grouped(input, sums, column, groups, products, largest);
	add_grouped(input, sums, column, groups, rests, largest * DBL_EPSILON);
}

static int
means_add(const PassInput *input, void *state, const double *blocks, int nrows,
		  int32 *labels)
{
	const Recipe *recipe = input->recipe;
	int           nfeatures = recipe->nfeatures;
	bool          weighted = recipe_is_weighted(recipe);
	int64        *rows = state;
	ExactSum     *sums = means_sums(input, state);
	bool          used[PASS_ROWS];
	Groups       *groups = group_batch(input, blocks, nrows, labels, used);
	int           n = groups->n;
	double        grouped[PASS_ROWS];
	double        weights[PASS_ROWS];
	int           f,
		c,
		i;

	for (c = 0; c < input->k; c++)
		rows[c] += groups->starts[c + 1] - groups->starts[c];
	if (weighted)
	{
		(void) weights_of(recipe, blocks, nrows, used, grouped);
		groups_apply(groups, grouped, weights);
		add_grouped(input, sums, nfeatures, groups, weights, 1);
	}
	for (f = 0; f < nfeatures; f++)
	{
		double largest = 0;

		groups_raw_values(groups, recipe, f, blocks, nrows, n < nrows ? used : NULL, grouped);
		recipe_transform_values(&recipe->features[f], grouped, n);
		if (weighted)
		{
			add_weighted(input, sums, f, groups, grouped, weights);
			continue;
		}
		for (i = 0; i < n; i++)
			largest = Max(largest, fabs(grouped[i]));
		add_grouped(input, sums, f, groups, grouped, largest);
	}
	groups_free(groups);
	return n;
}

static void
means_merge(const PassInput *input, void *state, const void *other)
{
	const int64    *rows = other;
	ExactSum       *to = means_sums(input, state);
	const ExactSum *from = means_sums(input, unconstify(void *, other));
	Size            nsums = (Size) input->k * means_columns(input->recipe);
	Size            i;

	for (i = 0; i < (Size) input->k; i++)
		((int64 *) state)[i] += rows[i];
	for (i = 0; i < nsums; i++)
	{
		if (i % 4096 == 0)
			CHECK_FOR_INTERRUPTS();
		exact_sum_merge(&to[i], &from[i]);
	}
}

/*
 * The mean of all rows' weighted values of a feature, less its offset.
 */
static double
overall_deviation(const PassInput *input, const ExactSum *sums, int feature)
{
	int      ncolumns = means_columns(input->recipe);
	ExactSum sum;
	ExactSum weight;
	int      c;

	exact_sum_init(&sum);
	exact_sum_init(&weight);
	for (c = 0; c < input->k; c++)
	{
		exact_sum_merge(&sum, &sums[(Size) c * ncolumns + feature]);
		exact_sum_merge(&weight, &sums[(Size) c * ncolumns + ncolumns - 1]);
	}
	return exact_sum_weighted_deviation(&sum, &weight, input->recipe->features[feature].offset);
}

const Pass means_pass = {"means", means_state_size, means_init, means_add, means_merge};

/*
 * The mean of a cluster in a feature, of transformed values, and prepared: where
 * values are far from 0 for their spread, it has digits that the former cannot
 * hold.
 */
static double
mean_of_cluster(const Recipe *recipe, int f, int64 rows, const ExactSum *sums, double *prepared)
{
	const FeatureRecipe *feature = &recipe->features[f];
	const ExactSum      *sum = &sums[f];
	const ExactSum      *weight = &sums[recipe->nfeatures];
	double               n = (double) rows;
	bool                 weighted = recipe_is_weighted(recipe);
	double               deviation = weighted ? exact_sum_weighted_deviation(sum, weight, feature->offset)
											  : exact_sum_deviation(sum, n, feature->offset);

	*prepared = feature->factor == 0 ? 0 : deviation * feature->factor;
	return weighted ? exact_sum_weighted_deviation(sum, weight, 0) : exact_sum_mean(sum, n);
}

static bool
weighs_nothing(const Recipe *recipe, int64 rows, const ExactSum *sums)
{
	return recipe_is_weighted(recipe) ? exact_sum_value(&sums[recipe->nfeatures]) == 0 : rows == 0;
}

/*
 * Means of clusters without the rounding to float4 that runs work with.
 */
static void
exact_means(const RowSource *source, const PassInput *input, Share labels, double *means,
			Clustering *clustering)
{
	const Recipe *recipe = input->recipe;
	int           nfeatures = recipe->nfeatures;
	int64        *rows = pass_run(source, PASS_MEANS, input, labels);
	ExactSum     *sums = means_sums(input, rows);
	int           f,
		c;

	clustering->total_squares = 0;
	for (f = 0; f < nfeatures; f++)
	{
		const FeatureRecipe *feature = &recipe->features[f];

		CHECK_FOR_INTERRUPTS();
		clustering->total_squares += recipe->rows_used * feature->stddev * feature->stddev;
		if (clustering->mean != NULL)
			clustering->mean[f] = overall_deviation(input, sums, f) * feature->factor;
		for (c = 0; c < input->k; c++)
		{
			Size            at = (Size) c * nfeatures + f;
			const ExactSum *of_cluster = sums + (Size) c * means_columns(recipe);

			if (weighs_nothing(recipe, rows[c], of_cluster))
			{
				means[at] = input->centroids[at];
				clustering->values[at] = recipe_raw(recipe, f, means[at]);
			}
			else
				clustering->values[at] = recipe_undo_transform(feature, mean_of_cluster(recipe, f, rows[c], of_cluster, &means[at]));
		}
	}
	pfree(rows);
}

/*
 * The same for cosine distance, where centroids are mean directions, of unit
 * length.  Rows are rounded to two grids on which their sums are exact in double,
 * whether they have weights or not.  The state: rows that are not at the origin,
 * and each cluster's sums of prepared values.
 */
typedef struct Directions
{
	int64  directed;
	double sums[FLEXIBLE_ARRAY_MEMBER];
} Directions;

static RowSums
directions_layout(const Recipe *recipe)
{
	return row_sums_make(recipe->nfeatures, true, 1, recipe->rows_used);
}

static Size
directions_state_size(const PassInput *input)
{
	RowSums layout = directions_layout(input->recipe);

	return offsetof(Directions, sums) + sizeof(double) * (Size) input->k * row_sums_size(&layout);
}

static void
directions_init(const PassInput *input, void *state)
{
	memset(state, 0, directions_state_size(input));
}

static int
directions_add(const PassInput *input, void *state, const double *blocks, int nrows,
			   int32 *labels)
{
	const Recipe *recipe = input->recipe;
	Directions   *directions = state;
	RowSums       layout = directions_layout(recipe);
	bool          weighted = recipe_is_weighted(recipe);
	double       *block = palloc(sizeof(double) * recipe->nfeatures * KERNEL_LANES);
	int32         found[PASS_ROWS];
	const int32  *clusters = labels_of_batch(input, blocks, nrows, labels, found);
	bool          used[PASS_ROWS];
	double        weights[PASS_ROWS];
	int           n = 0;
	int           row,
		f;

	(void) recipe_used_rows(recipe, blocks, nrows, used);
	if (weighted)
		(void) weights_of(recipe, blocks, nrows, used, weights);
	for (row = 0; row < nrows; row++)
	{
		double *sums;
		bool    origin = true;

		if (row % KERNEL_LANES == 0)
			recipe_prepare_blocks(recipe, blocks + (Size) row * recipe->ncolumns, 1, block);
		if (!used[row])
			continue;
		sums = directions->sums + (Size) clusters[n] * row_sums_size(&layout);
		for (f = 0; f < recipe->nfeatures; f++)
		{
			double value = block[f * KERNEL_LANES + row % KERNEL_LANES];

			row_sums_add_value(&layout, f, weighted ? value * weights[n] : value, sums);
			origin &= value == 0;
		}
		directions->directed += !origin;
		n++;
	}
	pfree(block);
	return n;
}

static void
directions_merge(const PassInput *input, void *state, const void *other)
{
	Directions       *to = state;
	const Directions *from = other;
	RowSums           layout = directions_layout(input->recipe);
	Size              nsums = (Size) input->k * row_sums_size(&layout);
	Size              i;

	to->directed += from->directed;
	for (i = 0; i < nsums; i++)
		to->sums[i] += from->sums[i];
}

const Pass directions_pass = {"directions", directions_state_size, directions_init,
							  directions_add, directions_merge};

static void
exact_directions(const RowSource *source, const PassInput *input, Share labels, double *means,
				 Clustering *clustering)
{
	const Recipe *recipe = input->recipe;
	int           nfeatures = recipe->nfeatures;
	Directions   *directions = pass_run(source, PASS_DIRECTIONS, input, labels);
	RowSums       layout = directions_layout(recipe);
	double       *sum = palloc0(sizeof(double) * nfeatures);
	double       *of_cluster = palloc(sizeof(double) * nfeatures);
	double        total = 0;
	int           f,
		c;

	for (c = 0; c < clustering->k; c++)
	{
		double length = 0;

		CHECK_FOR_INTERRUPTS();
		(void) row_sums_total(&layout, directions->sums + (Size) c * row_sums_size(&layout), of_cluster);
		for (f = 0; f < nfeatures; f++)
		{
			length += of_cluster[f] * of_cluster[f];
			sum[f] += of_cluster[f];
		}
		length = sqrt(length);
		for (f = 0; f < nfeatures; f++)
		{
			Size at = (Size) c * nfeatures + f;

			/* rows without a mean direction leave the centroid where it is */
			means[at] = length > 0 ? of_cluster[f] / length : input->centroids[at];
			clustering->values[at] = recipe_raw(recipe, f, means[at]);
		}
	}

	/* the inertia of one segment: |x|^2 - 2 x.m + |m|^2 summed, m of unit length */
	for (f = 0; f < nfeatures; f++)
		total += sum[f] * sum[f];
	clustering->total_squares = (double) directions->directed + recipe->rows_used - 2 * sqrt(total);

	/* any direction is as good where there is no mean one */
	for (f = 0; f < nfeatures && clustering->mean != NULL; f++)
		clustering->mean[f] = total > 0 ? sum[f] / sqrt(total) : f == 0;
	pfree(sum);
	pfree(of_cluster);
	pfree(directions);
}

/*
 * Sets means of clusters, their values in original units and the total sum of
 * squares.  Rows are in the clusters that labels tell, or else with the nearest
 * of the input's centroids; clusters without rows stay at these.
 */
static void
refine(const RowSource *source, const PassInput *input, Share labels, double *means,
	   Clustering *clustering)
{
	if (input->recipe->distance == DISTANCE_COSINE)
		exact_directions(source, input, labels, means, clustering);
	else
		exact_means(source, input, labels, means, clustering);
}

/*
 * The same of the clusters that a run ended with.
 */
static void
refine_run(const RowSource *source, const Recipe *recipe, const LloydOptions *options,
		   const Lloyd *run, Clustering *clustering)
{
	PassInput input = {.recipe = recipe,
					   .kernel = options->kernel,
					   .k = options->k,
					   .centroids = run->centroids};

	refine(source, &input, run->shared_labels, clustering->centroids, clustering);
}

static int
compare_by_centroid(const void *a, const void *b, void *arg)
{
	const Clustering *clustering = arg;
	int               i = *(const int *) a;
	int               j = *(const int *) b;
	int               f;

	for (f = 0; f < clustering->nfeatures; f++)
	{
		double x = clustering->centroids[(size_t) i * clustering->nfeatures + f];
		double y = clustering->centroids[(size_t) j * clustering->nfeatures + f];

		if (x != y)
			return x < y ? -1 : 1;
	}
	return i - j;
}

/*
 * Sorts the clusters by their centroids.  A row as near to one as to another
 * belongs to the first of them, here and when the model scores it, whatever
 * their numbers are and in whatever order a fit has found them.  Returns the
 * place where each cluster is now.
 */
static int *
sort_centroids(Clustering *clustering)
{
	int     k = clustering->k;
	Size    coordinates = sizeof(double) * clustering->nfeatures;
	double *centroids = MemoryContextAllocHuge(CurrentMemoryContext, coordinates * k);
	double *values = MemoryContextAllocHuge(CurrentMemoryContext, coordinates * k);
	int    *order = palloc(sizeof(int) * k);
	int    *places = palloc(sizeof(int) * k);
	int     i;

	for (i = 0; i < k; i++)
		order[i] = i;
	qsort_arg(order, k, sizeof(int), compare_by_centroid, clustering);
	for (i = 0; i < k; i++)
	{
		places[order[i]] = i;
		memcpy(centroids + (size_t) i * clustering->nfeatures,
			   clustering->centroids + (size_t) order[i] * clustering->nfeatures, coordinates);
		memcpy(values + (size_t) i * clustering->nfeatures,
			   clustering->values + (size_t) order[i] * clustering->nfeatures, coordinates);
	}
	memcpy(clustering->centroids, centroids, coordinates * k);
	memcpy(clustering->values, values, coordinates * k);
	pfree(centroids);
	pfree(values);
	pfree(order);
	return places;
}

/* ----------------------------------------------------------------
 *		Figures
 * ----------------------------------------------------------------
 */

/*
 * Between the i-th of some points and the j-th of others.
 */
static double
squared_distance(int nfeatures, const double *points, int i, const double *others, int j)
{
	const double *x = points + (Size) i * nfeatures;
	const double *y = others + (Size) j * nfeatures;
	double        squared = 0;
	int           f;

	for (f = 0; f < nfeatures; f++)
		squared += (x[f] - y[f]) * (x[f] - y[f]);
	return squared;
}

/*
 * The index of Davies and Bouldin (1979): the mean over clusters of the worst
 * ratio of within-cluster distances to the distance of the centroids.
 */
static double
davies_bouldin(const Clustering *clustering, const Recipe *recipe)
{
	ExactSum total;
	int      i,
		j;

	exact_sum_init(&total);
	for (i = 0; i < clustering->k; i++)
	{
		double worst = 0;

		CHECK_FOR_INTERRUPTS();
		for (j = 0; j < clustering->k; j++)
		{
			if (i == j)
				continue;
			worst = Max(worst, (clustering->scatter[i] + clustering->scatter[j]) /
								   cluster_distance(recipe, squared_distance(clustering->nfeatures, clustering->means, i,
																			 clustering->means, j)));
		}
		exact_sum_add(&total, worst);
	}
	return exact_sum_mean(&total, clustering->k);
}

/*
 * Assigns every row in double precision and sets what is counted on the way.
 * Returns false if a cluster has no rows that weigh anything.
 */
static bool
judge(const RowSource *source, const Recipe *recipe, const LloydOptions *options,
	  bool profile, Share labels, Clustering *clustering)
{
	int        k = options->k;
	int64      smallest = recipe->rows_used;
	bool       empty = false;
	ExactSum   weight;
	ExactSum   margins;
	int       *places;
	Judgement *judgement;
	int        c;

	progress_phase(PROGRESS_JUDGING, source->nrows);
	places = sort_centroids(clustering);
	clustering->judged = (PassInput){.recipe = recipe,
									 .kernel = options->kernel,
									 .k = k,
									 .centroids = clustering->centroids};
	clustering->judgement = judgement = judge_rows(source, &clustering->judged, profile, clustering->mean,
												   places, labels);
	exact_sum_init(&weight);
	exact_sum_init(&margins);
	for (c = 0; c < k; c++)
	{
		const JudgedCluster *cluster = &judgement->clusters[c];
		double               cluster_weight = judged_weight(&clustering->judged, cluster);

		clustering->rows[c] = cluster->rows;
		clustering->border[c] = cluster->border;
		clustering->distance_avg[c] = cluster_weight == 0 ? get_float8_nan() : exact_sum_mean(&cluster->distances, cluster_weight);
		clustering->margin_avg[c] = cluster_weight == 0 || k == 1 ? get_float8_nan() : exact_sum_mean(&cluster->margins, cluster_weight);
		exact_sum_merge(&margins, &cluster->margins);
		smallest = Min(smallest, cluster->rows);
		empty |= cluster_weight == 0;
		exact_sum_merge(&weight, &cluster->weight);
	}
	if (clustering->mean != NULL)
		clustering->total_squares = exact_sum_value(&judgement->total);
	clustering->changed = judgement->changed;
	clustering->weight = recipe_is_weighted(recipe) ? exact_sum_value(&weight) : (double) recipe->rows_used;
	clustering->smallest_share = (double) smallest / recipe->rows_used;
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
	static const bool exact = true;
	Size              coordinates = sizeof(double) * clustering->k * clustering->nfeatures;
	PassInput         input = clustering->judged;

	if (clustering->changed == 0)
	{
		memcpy(clustering->means, clustering->centroids, coordinates);
		return false;
	}
	input.extra = &exact;
	input.extra_size = sizeof(exact);
	refine(source, &input, labels, clustering->means, clustering);
	return memcmp(clustering->means, clustering->centroids, coordinates) != 0;
}

/*
 * Sets the figures about means that are not the centroids.
 */
static void
measure(const RowSource *source, const Recipe *recipe, Share labels, Clustering *clustering)
{
	Scatter *scatter = scatter_rows(source, &clustering->judged, clustering->means, labels);
	int      c;

	for (c = 0; c < clustering->k; c++)
		clustering->scatter[c] = exact_sum_mean(&scatter->distances[c],
												judged_weight(&clustering->judged, &clustering->judgement->clusters[c]));
	set_figures(recipe, &scatter->squares, clustering);
	pfree(scatter);
}

/* ----------------------------------------------------------------
 *		Numbers
 * ----------------------------------------------------------------
 */

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
	int  i;

	for (i = 0; i < clustering->k; i++)
		order[i] = i;
	qsort_arg(order, clustering->k, sizeof(int), compare_by_size, clustering);
	for (i = 0; i < clustering->k; i++)
		clustering->numbers[order[i]] = i + 1;
	pfree(order);
}

/*
 * An older centroid may be where none of today's rows is any more, by a value
 * that was mended, say.  From LARGEST_RATIO times what is usual here all costs
 * are the same, lest the digits of those that matter be lost beside them.  What
 * is usual: how far the clusters are from each other, and each from the nearest
 * older one.
 */
#define LARGEST_RATIO 0x1p20

static void
bound_costs(const Clustering *clustering, Size nold, double *cost)
{
	int    k = clustering->k;
	double usual = 0;
	double largest;
	int    i;
	Size   j;

	for (i = 0; i < k; i++)
	{
		double least = get_float8_infinity();

		CHECK_FOR_INTERRUPTS();
		for (j = 0; j < nold; j++)
			least = cost[i * nold + j] < least ? cost[i * nold + j] : least;
		if (!isinf(least))
			usual = Max(usual, least);
		for (j = 0; j < (Size) i; j++)
			usual = Max(usual, squared_distance(clustering->nfeatures, clustering->centroids, i,
												clustering->centroids, (int) j));
	}
	largest = Max(usual * LARGEST_RATIO, DBL_MIN);
	for (j = 0; j < k * nold; j++)
		cost[j] = cost[j] < largest ? cost[j] : largest;
}

void
cluster_match(Clustering *clustering, const double *old_centroids, const int32 *old_numbers, int nold, int32 *numbers)
{
	int     k = clustering->k;
	int     few = Min(k, nold);
	int     many = Max(k, nold);
	double *distances = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(double) * k * nold);
	double *cost = distances;
	int    *match = palloc(sizeof(int) * few);
	int     i,
		j;

	for (i = 0; i < k; i++)
	{
		CHECK_FOR_INTERRUPTS();
		for (j = 0; j < nold; j++)
			distances[(Size) i * nold + j] = squared_distance(clustering->nfeatures, clustering->centroids, i,
														   old_centroids, j);
	}
	bound_costs(clustering, nold, distances);
	if (k > nold)
	{
		cost = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(double) * k * nold);
		for (i = 0; i < k; i++)
			for (j = 0; j < nold; j++)
				cost[(Size) j * k + i] = distances[(Size) i * nold + j];
	}
	match_cheapest(cost, few, many, match);
	memset(numbers, 0, sizeof(int32) * k);
	for (i = 0; i < few; i++)
	{
		if (k <= nold)
			numbers[i] = old_numbers[match[i]];
		else
			numbers[match[i]] = old_numbers[i];
	}
	if (cost != distances)
		pfree(cost);
	pfree(distances);
	pfree(match);
}

void
cluster_renumber(Clustering *clustering, const int32 *matched, const int32 *old_numbers, int nold)
{
	int    k = clustering->k;
	int   *order = palloc(sizeof(int) * k);
	int32  next = 0;
	int    i;

	/* clusters that match none get new numbers, the largest first */
	for (i = 0; i < nold; i++)
		next = Max(next, old_numbers[i]);
	for (i = 0; i < k; i++)
		order[clustering->numbers[i] - 1] = i;
	for (i = 0; i < k; i++)
		clustering->numbers[order[i]] = matched[order[i]] != 0 ? matched[order[i]] : ++next;
	pfree(order);
}

/* ----------------------------------------------------------------
 *		The whole
 * ----------------------------------------------------------------
 */

/*
 * A run over all rows in memory from the start that options give.
 */
static Lloyd *
begin_run(ClusterRows *rows, LloydOptions *options)
{
	Lloyd *run;

	if (!rows->whole)
	{
		options->source = rows->memory;
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
		options->settle = rows->whole;
		begun = search_best(rows->memory, rows->sample, options);
		if (rows->whole)
			return begun;
		options->start = begun->centroids;
		begun = begin_run(rows, options);
	}
	progress_phase(PROGRESS_CLUSTERING, rows->shape.nrows);
	options->settle = rows->all == rows->memory;
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
		Size   i;

		refine_run(rows->all, rows->recipe, options, run, clustering);
		for (i = 0; i < ncoordinates; i++)
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

static void
forget_judgement(Clustering *clustering)
{
	pfree(clustering->judgement);
	pfree(unconstify(void *, clustering->judged.extra));
}

/*
 * Sets the figures of clusters whose centroids are their means.
 */
static void
finish_settled(const Recipe *recipe, Clustering *clustering)
{
	memcpy(clustering->scatter, clustering->distance_avg, sizeof(double) * clustering->k);
	set_figures(recipe, &clustering->judgement->squares, clustering);
}

/*
 * Judges the clusters and sets their figures.  Where a run has settled, few rows
 * if any are nearer to another centroid in double: then these move to the means
 * of the rows that they have now, some times, until no row changes.  False if a
 * cluster has no rows that weigh anything.
 */
static bool
judge_run(const RowSource *source, const Recipe *recipe, const LloydOptions *options,
		  bool profile, const Lloyd *run, Clustering *clustering)
{
	int rounds = run->settled ? SETTLING_ROUNDS : 0;

	while (judge(source, recipe, options, profile, run->shared_labels, clustering))
	{
		if (!means_differ(source, run->shared_labels, clustering))
		{
			finish_settled(recipe, clustering);
			return true;
		}
		if (rounds-- == 0)
		{
			measure(source, recipe, run->shared_labels, clustering);
			return true;
		}
		memcpy(clustering->centroids, clustering->means, sizeof(double) * options->k * recipe->nfeatures);
		forget_judgement(clustering);
	}
	return false;
}

/*
 * Is the start of a run where it would end?  A refresh of rows that have not
 * changed begins there, and must not go elsewhere because of rows that are as
 * near to one centroid as to another but for the rounding of float4.  Sets the
 * figures if so.
 */
static bool
start_rests(const ClusterRows *rows, const LloydOptions *options, bool profile, Lloyd *run,
			Clustering *clustering)
{
	Size   ncoordinates = (Size) options->k * clustering->nfeatures;
	double variance = rows->shape.total_squares / rows->shape.nrows / clustering->nfeatures;
	double shift = 0;
	Size   i;

	for (i = 0; i < ncoordinates; i++)
		if (!(fabs(run->centroids[i]) < FARTHEST_START))
			return false;
	memcpy(clustering->centroids, run->centroids, sizeof(double) * ncoordinates);
	if (!judge(rows->all, rows->recipe, options, false, run->shared_labels, clustering))
		return false;
	clustering->changed = rows->recipe->rows_used; /* since they had no clusters before */
	(void) means_differ(rows->all, run->shared_labels, clustering);
	forget_judgement(clustering);
	for (i = 0; i < ncoordinates; i++)
	{
		double moved = clustering->means[i] - clustering->centroids[i];

		shift += moved * moved;
	}
	if (!(shift <= Max(options->tol, LEAST_TOL) * variance))
		return false;
	memcpy(clustering->centroids, clustering->means, sizeof(double) * ncoordinates);
	if (!judge(rows->all, rows->recipe, options, profile, run->shared_labels, clustering) ||
		means_differ(rows->all, run->shared_labels, clustering))
		return false;
	run->iterations = 1;
	run->converged = true;
	finish_settled(rows->recipe, clustering);
	return true;
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
	int           repairs;

	if (rows->all != rows->memory)
		run_over_table(rows, options, run, clustering);
	else
		refine_run(rows->all, recipe, options, run, clustering);
	for (repairs = 0; !judge_run(rows->all, recipe, options, profile, run, clustering); repairs++)
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

static Clustering *
clustering_create(const Recipe *recipe, int k)
{
	Clustering *clustering = palloc0(sizeof(Clustering));
	Size        coordinates = sizeof(double) * k * recipe->nfeatures;

	clustering->k = k;
	clustering->nfeatures = recipe->nfeatures;
	clustering->centroids = MemoryContextAllocHuge(CurrentMemoryContext, coordinates);
	clustering->means = MemoryContextAllocHuge(CurrentMemoryContext, coordinates);
	clustering->values = palloc_extended(coordinates, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	clustering->numbers = palloc(sizeof(int32) * k);
	clustering->rows = palloc(sizeof(int64) * k);
	clustering->border = palloc(sizeof(int64) * k);
	clustering->distance_avg = palloc(sizeof(double) * k);
	clustering->scatter = palloc(sizeof(double) * k);
	clustering->margin_avg = palloc(sizeof(double) * k);
	if (recipe_is_weighted(recipe))
		clustering->mean = palloc0(sizeof(double) * recipe->nfeatures);
	return clustering;
}

Clustering *
cluster_fit(ClusterRows *rows, const LloydOptions *given, bool profile)
{
	LloydOptions options = *given;
	Clustering  *clustering = clustering_create(rows->recipe, options.k);
	Lloyd       *run = options.start == NULL ? NULL : begin_run(rows, &options);

	if (run == NULL || rows->all != rows->memory || !start_rests(rows, &options, profile, run, clustering))
	{
		run = run_in_memory(rows, &options, run);
		finish_run(rows, &options, profile, run, clustering);
	}
	clustering->iterations = run->iterations;
	clustering->converged = run->converged;
	if (profile)
		clustering->labels = run->shared_labels;
	else
		share_free(options.source == NULL ? NULL : options.source->set, run->shared_labels);
	run->shared_labels = (Share){0};
	lloyd_free(&options, run);
	number_by_size(clustering);
	return clustering;
}

int
kmeans_fit_array(const double *rows, int64 nrows, int nfeatures, int k, int64 seed,
				 double **centroids)
{
	MemoryContext caller_context = CurrentMemoryContext;
	MemoryContext context = AllocSetContextCreate(caller_context, "segment kmeans aggregate",
												  ALLOCSET_DEFAULT_SIZES);
	LloydOptions  options = {.init = INIT_KMEANSPP, .n_init = 10, .max_iter = 300, .tol = 1e-4, .seed = seed};
	Recipe        recipe = {.ncolumns = nfeatures, .weight_column = -1, .weight_unit = 1, .nfeatures = nfeatures, .nrules = nfeatures, .distance = DISTANCE_EUCLIDEAN};
	Rows         *raw;
	RowSource     source = {0};
	ClusterRows  *cluster_rows;
	Clustering   *clustering;
	int64         row;
	int           f,
		c;

	MemoryContextSwitchTo(context);
	raw = rows_create(nfeatures);
	for (row = 0; row < nrows; row++)
	{
		double *to = rows_append(raw);

		if (row % 4096 == 0)
			CHECK_FOR_INTERRUPTS();
		for (f = 0; f < nfeatures; f++)
			to[f * KERNEL_LANES] = rows[row * nfeatures + f];
	}
	source.rows = raw;
	source.nrows = nrows;
	source_share(&source);
	recipe.features = palloc0(sizeof(FeatureRecipe) * nfeatures);
	for (f = 0; f < nfeatures; f++)
	{
		snprintf(recipe.features[f].name, NAMEDATALEN, "features[%d]", f + 1);
		recipe.features[f].column = f;
		recipe.features[f].scaling = SCALING_NONE;
		recipe.features[f].weight = 1;
	}
	recipe_fit(&recipe, &source, "the aggregate's input");
	recipe_finish(&recipe);
	cluster_rows = cluster_rows_create(&source, &source, &recipe, NULL, k);
	options.kernel = segment_kernel();
	options.k = (int) Min((int64) k, cluster_rows->shape.ndistinct);
	clustering = cluster_fit(cluster_rows, &options, false);

	MemoryContextSwitchTo(caller_context);
	*centroids = palloc_extended(sizeof(double) * options.k * nfeatures, MCXT_ALLOC_HUGE);
	for (c = 0; c < options.k; c++)
		memcpy(*centroids + (size_t) (clustering->numbers[c] - 1) * nfeatures,
			   clustering->values + (size_t) c * nfeatures, sizeof(double) * nfeatures);
	MemoryContextDelete(context);
	return options.k;
}
