/*-------------------------------------------------------------------------
 *
 * cluster.c
 *	  A finished clustering of a matrix: the best run, its exact figures, and
 *	  the order of its segments.
 *
 * The runs work in float4; the last pass over the rows is in double, from the
 * raw values and by the functions that scoring uses, so that a row scored
 * later gets the segment it was counted in.  Its sums are exact before they
 * are rounded.
 *
 * Everything is allocated in the memory context current at cluster_fit().
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "cluster.h"
#include "search.h"
#include "segment.h"
#include "stats.h"

/* how often a final assignment may leave a cluster empty before we give up */
#define MAX_REPAIRS 10

void
cluster_check_k(const Matrix *matrix, int k)
{
	if (k > matrix->nrows)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("k is %d, but there are only " INT64_FORMAT " rows", k, matrix->nrows),
				 errhint("Ask for at most " INT64_FORMAT " segments, one for each distinct row.", matrix->ndistinct)));
	if (k > matrix->ndistinct)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("k is %d, but the rows have only " INT64_FORMAT " distinct points",
						k, matrix->ndistinct),
				 errhint("Ask for at most " INT64_FORMAT " segments, or use more features.",
						 matrix->ndistinct)));
}

/* ----------------------------------------------------------------
 *		The last pass
 * ----------------------------------------------------------------
 */

/*
 * exact_centroids() for cosine distance: centroids are mean directions, of
 * unit length.  Rows are rounded to the finest grid on which their sums are
 * exact in double.
 */
static void
exact_directions(const Columns *columns, const Recipe *recipe, const Lloyd *run,
				 Clustering *clustering)
{
	int     nfeatures = recipe->nfeatures;
	double  grid = matrix_grid(1, columns->nrows, 52);
	double *block = palloc_blocks(1, nfeatures, sizeof(double));
	double *sum = palloc0(sizeof(double) * nfeatures);
	double  squares = 0;
	double  total = 0;
	int64   row;
	int     f,
		c;

	memset(run->sums, 0, sizeof(double) * clustering->k * nfeatures);
	for (row = 0; row < columns->nrows; row++)
	{
		double *to = run->sums + (size_t) run->labels[row] * nfeatures;
		bool    origin = true;

		if (row % 4096 == 0)
			CHECK_FOR_INTERRUPTS();
		if (row % KERNEL_LANES == 0)
			recipe_apply_columns(recipe, columns, row,
								 Min(KERNEL_LANES, columns->nrows - row), block);
		for (f = 0; f < nfeatures; f++)
		{
			double value = block[f * KERNEL_LANES + row % KERNEL_LANES];

			to[f] += rint(value / grid) * grid;
			origin &= value == 0;
		}
		squares += origin ? 0 : 1;
	}
	for (c = 0; c < clustering->k; c++)
	{
		const double *from = run->sums + (size_t) c * nfeatures;
		double        length = 0;

		for (f = 0; f < nfeatures; f++)
		{
			length += from[f] * from[f];
			sum[f] += from[f];
		}
		length = sqrt(length);
		for (f = 0; f < nfeatures; f++)
		{
			Size at = (Size) c * nfeatures + f;

			/* rows without a mean direction leave the centroid where it is */
			clustering->centroids[at] = length > 0 ? from[f] / length : run->centroids[at];
			clustering->values[at] = recipe_raw(recipe, f, clustering->centroids[at]);
		}
	}

	/* the inertia of one segment: |x|^2 - 2 x.m + |m|^2 summed, m of unit length */
	for (f = 0; f < nfeatures; f++)
		total += sum[f] * sum[f];
	clustering->total_squares = squares + columns->nrows - 2 * sqrt(total);
	pfree(sum);
}

/*
 * The run's centroids without the rounding to float4 of its rows: means of
 * the raw values, as the run assigned them last.
 */
static void
exact_centroids(const Columns *columns, const Recipe *recipe, const Lloyd *run,
				Clustering *clustering)
{
	int       k = clustering->k;
	int       nfeatures = recipe->nfeatures;
	ExactSum *sums = palloc_extended(sizeof(ExactSum) * k, MCXT_ALLOC_HUGE);
	int64     row;
	int       f,
		c;

	clustering->total_squares = 0;
	for (f = 0; f < nfeatures; f++)
	{
		const FeatureRecipe *feature = &recipe->features[f];

		clustering->total_squares += columns->nrows * feature->stddev * feature->stddev;
		for (c = 0; c < k; c++)
			exact_sum_init(&sums[c]);
		for (row = 0; row < columns->nrows; row++)
		{
			if (row % 16384 == 0)
				CHECK_FOR_INTERRUPTS();
			exact_sum_add(&sums[run->labels[row]],
						  recipe_transform(feature, columns->values[f][row]));
		}
		for (c = 0; c < k; c++)
		{
			Size   at = (Size) c * nfeatures + f;
			double mean;

			if (run->counts[c] == 0)
			{
				clustering->centroids[at] = run->centroids[at];
				clustering->values[at] = recipe_raw(recipe, f, run->centroids[at]);
				continue;
			}
			mean = exact_sum_mean(&sums[c], run->counts[c]);
			clustering->centroids[at] = (mean - feature->offset) * feature->factor;
			clustering->values[at] = recipe_undo_transform(feature, mean);
		}
	}
	pfree(sums);
}

/*
 * Distance from its square: in scaled units, or one minus the cosine, which
 * is half the squared distance of unit vectors.
 */
double
cluster_distance(const Recipe *recipe, double squared)
{
	if (recipe->distance == DISTANCE_COSINE)
		return squared / 2;
	return sqrt(squared) * recipe->unit;
}

/*
 * The simplified silhouette of a row (E. R. Hruschka et al., 2004): its
 * distances to the nearest and the second nearest centroid in place of mean
 * distances to all rows of their clusters (P. J. Rousseeuw, 1987).
 */
double
cluster_margin(double distance, double second_distance)
{
	if (second_distance == 0)
		return 0;
	if (isinf(second_distance))
		return 1;
	return (second_distance - distance) / second_distance;
}

/*
 * Sets centroids, their values in original units and the total sum of squares.
 */
static void
refine(const Columns *columns, const Recipe *recipe, const Lloyd *run,
	   Clustering *clustering)
{
	if (recipe->distance == DISTANCE_COSINE)
		exact_directions(columns, recipe, run, clustering);
	else
		exact_centroids(columns, recipe, run, clustering);
}

typedef struct Totals
{
	ExactSum  squares;
	ExactSum  margins;
	ExactSum *distances; /* one a cluster */
} Totals;

static void
judge_block(const Columns *columns, const Recipe *recipe, const LloydOptions *options,
			int64 first_row, double *block, Clustering *clustering, Totals *totals)
{
	int      nrows = Min(KERNEL_LANES, columns->nrows - first_row);
	int32_t *labels = clustering->labels + first_row;
	int32_t  second[KERNEL_LANES];
	double   d2[KERNEL_LANES];
	double   second_d2[KERNEL_LANES];
	int      row;

	recipe_apply_columns(recipe, columns, first_row, nrows, block);
	options->kernel->nearest_two(block, 1, recipe->nfeatures, options->k,
								 clustering->centroids, labels, d2, second, second_d2);
	for (row = 0; row < nrows; row++)
	{
		double distance = cluster_distance(recipe, d2[row]);

		clustering->rows[labels[row]]++;
		exact_sum_add(&totals->squares, d2[row]);
		exact_sum_add(&totals->distances[labels[row]], distance);
		if (options->k > 1)
			exact_sum_add(&totals->margins,
						  cluster_margin(distance, cluster_distance(recipe, second_d2[row])));
	}
}

/*
 * Between the clustering's centroid i and the j-th of others.
 */
static double
squared_distance(const Clustering *clustering, int i, const double *others, int j)
{
	const double *x = clustering->centroids + (size_t) i * clustering->nfeatures;
	const double *y = others + (size_t) j * clustering->nfeatures;
	double        squared = 0;
	int           f;

	for (f = 0; f < clustering->nfeatures; f++)
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
	double total = 0;
	int    i,
		j;

	for (i = 0; i < clustering->k; i++)
	{
		double worst = 0;

		CHECK_FOR_INTERRUPTS();
		for (j = 0; j < clustering->k; j++)
		{
			if (i == j)
				continue;
			worst = Max(worst, (clustering->distance_avg[i] + clustering->distance_avg[j]) /
								   cluster_distance(recipe, squared_distance(clustering, i, clustering->centroids, j)));
		}
		total += worst;
	}
	return total / clustering->k;
}

/*
 * Assigns every row in double precision and sets labels, rows and figures.
 * Returns false if a cluster has no rows.
 */
static bool
judge(const Matrix *matrix, const Columns *columns, const Recipe *recipe,
	  const LloydOptions *options, Clustering *clustering)
{
	int     k = options->k;
	double *block = palloc_blocks(1, recipe->nfeatures, sizeof(double));
	int64   chunk_rows = matrix_chunk_blocks(matrix, k) * KERNEL_LANES;
	double  n = (double) matrix->nrows;
	double  within;
	int64   smallest;
	Totals  totals;
	int64   row;
	int     c;

	exact_sum_init(&totals.squares);
	exact_sum_init(&totals.margins);
	totals.distances = palloc_extended(sizeof(ExactSum) * k, MCXT_ALLOC_HUGE);
	for (c = 0; c < k; c++)
	{
		exact_sum_init(&totals.distances[c]);
		clustering->rows[c] = 0;
	}
	for (row = 0; row < columns->nrows; row += KERNEL_LANES)
	{
		if (row % chunk_rows == 0)
			CHECK_FOR_INTERRUPTS();
		judge_block(columns, recipe, options, row, block, clustering, &totals);
	}

	smallest = matrix->nrows;
	for (c = 0; c < k; c++)
	{
		smallest = Min(smallest, clustering->rows[c]);
		clustering->distance_avg[c] = clustering->rows[c] == 0 ? get_float8_nan() : exact_sum_mean(&totals.distances[c], clustering->rows[c]);
	}
	within = exact_sum_value(&totals.squares);
	clustering->inertia = within * recipe->unit * recipe->unit;
	clustering->explained = clustering->total_squares > 0
								? 1 - within / clustering->total_squares
								: get_float8_nan();
	clustering->smallest_share = smallest / n;
	clustering->silhouette = k > 1 ? exact_sum_mean(&totals.margins, matrix->nrows)
								   : get_float8_nan();
	clustering->davies_bouldin = k > 1 ? davies_bouldin(clustering, recipe)
									   : get_float8_nan();

	/* Calinski and Harabasz (1974) */
	clustering->calinski_harabasz = k > 1 && matrix->nrows > k && within > 0
										? (clustering->total_squares - within) / (k - 1) / (within / (n - k))
										: get_float8_nan();

	pfree(totals.distances);
	return smallest > 0;
}

/* ----------------------------------------------------------------
 *		Order and numbers
 * ----------------------------------------------------------------
 */

/*
 * Puts cluster order[i] in place i.
 */
static void
permute(Clustering *clustering, int64 nrows, const int *order)
{
	int     k = clustering->k;
	Size    coordinates = sizeof(double) * clustering->nfeatures;
	double *centroids = MemoryContextAllocHuge(CurrentMemoryContext, coordinates * k);
	double *values = MemoryContextAllocHuge(CurrentMemoryContext, coordinates * k);
	double *distance_avg = palloc(sizeof(double) * k);
	int64  *rows = palloc(sizeof(int64) * k);
	int32  *place = palloc(sizeof(int32) * k);
	int64   row;
	int     i;

	for (i = 0; i < k; i++)
	{
		memcpy(centroids + (size_t) i * clustering->nfeatures,
			   clustering->centroids + (size_t) order[i] * clustering->nfeatures, coordinates);
		memcpy(values + (size_t) i * clustering->nfeatures,
			   clustering->values + (size_t) order[i] * clustering->nfeatures, coordinates);
		distance_avg[i] = clustering->distance_avg[order[i]];
		rows[i] = clustering->rows[order[i]];
		place[order[i]] = i;
	}
	for (row = 0; row < nrows; row++)
	{
		if (row % 65536 == 0)
			CHECK_FOR_INTERRUPTS();
		clustering->labels[row] = place[clustering->labels[row]];
	}
	clustering->centroids = centroids;
	clustering->values = values;
	clustering->distance_avg = distance_avg;
	clustering->rows = rows;
	pfree(place);
}

static int
compare_by_size(const void *a, const void *b, void *arg)
{
	const Clustering *clustering = arg;
	int               i = *(const int *) a;
	int               j = *(const int *) b;
	int               f;

	if (clustering->rows[i] != clustering->rows[j])
		return clustering->rows[i] > clustering->rows[j] ? -1 : 1;
	for (f = 0; f < clustering->nfeatures; f++)
	{
		double x = clustering->centroids[(size_t) i * clustering->nfeatures + f];
		double y = clustering->centroids[(size_t) j * clustering->nfeatures + f];

		if (x != y)
			return x < y ? -1 : 1;
	}
	return i - j;
}

static int
compare_by_number(const void *a, const void *b, void *arg)
{
	const int32 *numbers = arg;

	return numbers[*(const int *) a] - numbers[*(const int *) b];
}

/*
 * Largest cluster first, ties by centroid, numbered from 1.
 */
static void
order_by_size(Clustering *clustering, int64 nrows)
{
	int *order = palloc(sizeof(int) * clustering->k);
	int  i;

	for (i = 0; i < clustering->k; i++)
	{
		order[i] = i;
		clustering->numbers[i] = i + 1;
	}
	qsort_arg(order, clustering->k, sizeof(int), compare_by_size, clustering);
	permute(clustering, nrows, order);
	pfree(order);
}

void
cluster_renumber(Clustering *clustering, const Matrix *matrix,
				 const double *old_centroids, const int32 *old_numbers, int nold)
{
	int     k = clustering->k;
	int     few = Min(k, nold);
	int     many = Max(k, nold);
	double *cost = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(double) * few * many);
	int    *match = palloc(sizeof(int) * few);
	int32  *numbers = palloc0(sizeof(int32) * k);
	int    *order = palloc(sizeof(int) * k);
	int32   next = 0;
	int     i,
		j;

	for (i = 0; i < k; i++)
	{
		CHECK_FOR_INTERRUPTS();
		for (j = 0; j < nold; j++)
			cost[k <= nold ? (size_t) i * many + j : (size_t) j * many + i] =
				squared_distance(clustering, i, old_centroids, j);
	}
	match_cheapest(cost, few, many, match);
	for (i = 0; i < few; i++)
	{
		if (k <= nold)
			numbers[i] = old_numbers[match[i]];
		else
			numbers[match[i]] = old_numbers[i];
	}

	/* clusters that match none get new numbers, in their present order */
	for (j = 0; j < nold; j++)
		next = Max(next, old_numbers[j]);
	for (i = 0; i < k; i++)
	{
		if (numbers[i] == 0)
			numbers[i] = ++next;
		order[i] = i;
	}
	qsort_arg(order, k, sizeof(int), compare_by_number, numbers);
	permute(clustering, matrix->nrows, order);
	for (i = 0; i < k; i++)
		clustering->numbers[i] = numbers[order[i]];
	pfree(cost);
	pfree(match);
	pfree(numbers);
	pfree(order);
}

/* ----------------------------------------------------------------
 *		The whole
 * ----------------------------------------------------------------
 */

Clustering *
cluster_fit(const Matrix *matrix, const Columns *columns, const Recipe *recipe,
			const LloydOptions *options)
{
	Clustering *clustering = palloc0(sizeof(Clustering));
	Size        coordinates = sizeof(double) * options->k * matrix->nfeatures;
	Lloyd      *run = search_best(matrix, options);
	int         repairs;

	clustering->k = options->k;
	clustering->nfeatures = matrix->nfeatures;
	clustering->centroids = MemoryContextAllocHuge(CurrentMemoryContext, coordinates);
	clustering->values = MemoryContextAllocHuge(CurrentMemoryContext, coordinates);
	clustering->labels = MemoryContextAllocHuge(CurrentMemoryContext,
												sizeof(int32_t) * matrix->nblocks * KERNEL_LANES);
	clustering->numbers = palloc(sizeof(int32) * options->k);
	clustering->rows = palloc(sizeof(int64) * options->k);
	clustering->distance_avg = palloc(sizeof(double) * options->k);

	/*
	 * A run that was stopped before it converged, or one with centroids too
	 * near to each other for float4, may leave a centroid that is nearest to
	 * no row: it moves to the farthest row, and the run goes on, in double.
	 */
	refine(columns, recipe, run, clustering);
	for (repairs = 0; !judge(matrix, columns, recipe, options, clustering); repairs++)
	{
		int iterations = run->iterations;

		if (repairs == MAX_REPAIRS ||
			!lloyd_repair(matrix, options, clustering->labels, run))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("k is %d, but the rows do not have so many points that can be told apart",
							options->k),
					 errhint("Ask for fewer segments, or use other features or another scaling.")));
		run->iterations += iterations;
		refine(columns, recipe, run, clustering);
	}
	clustering->iterations = run->iterations;
	clustering->converged = run->converged;
	order_by_size(clustering, matrix->nrows);
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
	Recipe        recipe = {.nfeatures = nfeatures, .distance = DISTANCE_EUCLIDEAN};
	Columns      *columns;
	Matrix       *matrix;
	Clustering   *clustering;
	int64         row;
	int           f;

	MemoryContextSwitchTo(context);
	columns = columns_create(nfeatures);
	columns_reserve(columns, nrows);
	columns->nrows = nrows;
	recipe.features = palloc0(sizeof(FeatureRecipe) * nfeatures);
	for (f = 0; f < nfeatures; f++)
	{
		recipe.features[f].name = psprintf("features[%d]", f + 1);
		recipe.features[f].scaling = SCALING_NONE;
		recipe.features[f].weight = 1;
		for (row = 0; row < nrows; row++)
			columns->values[f][row] = rows[row * nfeatures + f];
	}
	recipe_fit(&recipe, columns, "the aggregate's input");
	recipe_finish(&recipe);
	matrix = recipe_pack(&recipe, columns);
	matrix_identify(matrix);
	matrix_measure(matrix);
	options.kernel = segment_kernel();
	options.k = (int) Min((int64) k, matrix->ndistinct);
	clustering = cluster_fit(matrix, columns, &recipe, &options);

	MemoryContextSwitchTo(caller_context);
	*centroids = palloc_extended(sizeof(double) * options.k * nfeatures, MCXT_ALLOC_HUGE);
	memcpy(*centroids, clustering->values, sizeof(double) * options.k * nfeatures);
	MemoryContextDelete(context);
	return options.k;
}
