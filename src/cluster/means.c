/*
 * Means of clusters, in double: of transformed values, or directions for cosine
 * distance.
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "miscadmin.h"
#include "utils/memutils.h"

#include "cluster/means.h"
#include "cluster/packed.h"
#include "number/exact_sum.h"
#include "number/grid.h"
#include "prepare/groups.h"
#include "prepare/nearest.h"
#include "prepare/weights.h"
#include "process/settings.h"

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
	int64  n = pack_rows(input->recipe, blocks, nrows, rows, 0);

	kernel_pack_centroids(input->centroids, input->k, nfeatures, packed);
	for (int row = 0; row < n; row += KERNEL_LANES)
	{
		CHECK_FOR_INTERRUPTS();
		segment_kernel()->assign(rows + (Size) row * nfeatures, 1, nfeatures, input->k, packed,
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

/*
 * Where the sums of features are.  The dimensions of vectors are many, and
 * float4: their sums are on grids, see grid.h, which keep all digits of values
 * down to 2^-40 of the largest, for a million rows.  All others are exact, and so
 * are products with weights.
 */
typedef struct MeansLayout
{
	int     nexact; /* with weights, the last is the weight of the cluster */
	RowSums grids;
	int    *places; /* of each feature, among either */
} MeansLayout;

static bool
on_grids(const Recipe *recipe, int f)
{
	return recipe->features[f].role == ROLE_DIMENSION && !recipe_is_weighted(recipe);
}

static MeansLayout
means_layout(const Recipe *recipe)
{
	MeansLayout layout = {.places = palloc(sizeof(int) * Max(recipe->nfeatures, 1))};
	double      largest = 0;
	int         ngrids = 0;

	for (int f = 0; f < recipe->nfeatures; f++)
	{
		const FeatureRecipe *feature = &recipe->features[f];

		if (!on_grids(recipe, f))
		{
			layout.places[f] = layout.nexact++;
			continue;
		}
		layout.places[f] = ngrids++;
		largest = Max(largest, Max(fabs(feature->raw.min), fabs(feature->raw.max)));
		if (!isnan(feature->fill))
			largest = Max(largest, fabs(feature->fill));
	}
	layout.nexact += recipe_is_weighted(recipe);
	layout.grids = row_sums_make(ngrids, true, largest > 0 && isfinite(largest) ? largest : 1, Max(recipe->rows_read, 1));
	return layout;
}

/*
 * The state: rows of each cluster, then exact sums of transformed values, k x
 * nexact, which are weighted if rows are, and those on grids.
 */

static ExactSum *
means_sums(const PassInput *input, void *state)
{
	return (ExactSum *) ((int64 *) state + input->k);
}

static double *
means_grids(const PassInput *input, const MeansLayout *layout, void *state)
{
	return (double *) (means_sums(input, state) + (Size) input->k * layout->nexact);
}

/* doubles on grids of a cluster */
static int
grids_size(const MeansLayout *layout)
{
	return layout->grids.nfeatures == 0 ? 0 : row_sums_size(&layout->grids);
}

Size
means_size(const Recipe *recipe, int k)
{
	MeansLayout layout = means_layout(recipe);

	pfree(layout.places);
	return (sizeof(int64) + sizeof(ExactSum) * layout.nexact + sizeof(double) * grids_size(&layout)) * (Size) k;
}

static Size
means_state_size(const PassInput *input)
{
	return means_size(input->recipe, input->k);
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
add_grouped(const PassInput *input, ExactSum *sums, int ncolumns, int column, const Groups *groups,
			const double *grouped, double largest)
{
	for (int c = 0; c < input->k; c++)
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
add_weighted(const PassInput *input, ExactSum *sums, int ncolumns, int column, const Groups *groups,
			 const double *grouped, const double *weights)
{
	double products[PASS_ROWS];
	double rests[PASS_ROWS];
	double largest;

	for (int i = 0; i < groups->n; i++)
	{
		products[i] = grouped[i] * weights[i];
		rests[i] = product_rest(grouped[i], weights[i], products[i]);
	}
	largest = largest_magnitude(products, groups->n);
	add_grouped(input, sums, ncolumns, column, groups, products, largest);
	add_grouped(input, sums, ncolumns, column, groups, rests, largest * DBL_EPSILON);
}

/*
 * Adds the dimensions of a batch's vectors, row by row; the clusters are those of
 * the rows used.
 */
static void
add_dimensions(const PassInput *input, const MeansLayout *layout, double *sums, const double *blocks, int nrows,
			   const bool *used, const int32 *clusters)
{
	const Recipe *recipe = input->recipe;
	int           size = grids_size(layout);
	int           n = 0;

	for (int row = 0; row < nrows && size > 0; row++)
	{
		const double *lane = blocks + (Size) (row / KERNEL_LANES) * recipe->ncolumns * KERNEL_LANES + row % KERNEL_LANES;
		double       *of_cluster;
		int           cluster;

		if (!used[row] || (cluster = clusters[n++]) == input->k)
			continue;
		of_cluster = sums + (Size) cluster * size;
		for (int f = 0; f < recipe->nfeatures; f++)
		{
			const FeatureRecipe *feature = &recipe->features[f];
			double               value;

			if (feature->role != ROLE_DIMENSION)
				continue;
			value = lane[(Size) feature->column * KERNEL_LANES];
			row_sums_add_value(&layout->grids, layout->places[f], isnan(value) ? feature->fill : value, of_cluster);
		}
	}
}

static int
means_add(const PassInput *input, void *state, const double *blocks, int nrows,
		  int32 *labels)
{
	const Recipe *recipe = input->recipe;
	int           nfeatures = recipe->nfeatures;
	bool          weighted = recipe_is_weighted(recipe);
	MeansLayout   layout = means_layout(recipe);
	int64        *rows = state;
	ExactSum     *sums = means_sums(input, state);
	bool          used[PASS_ROWS];
	int           nused = recipe_used_rows(recipe, blocks, nrows, used);
	int32         found[PASS_ROWS];
	const int32  *clusters = labels_of_batch(input, blocks, nrows, labels, found);
	Groups       *groups = groups_make(clusters, nused, cluster_groups(input));
	int           n = groups->n;
	double        grouped[PASS_ROWS];
	double        weights[PASS_ROWS];

	for (int c = 0; c < input->k; c++)
		rows[c] += groups->starts[c + 1] - groups->starts[c];
	if (weighted)
	{
		(void) weights_of(recipe, blocks, nrows, used, grouped);
		groups_apply(groups, grouped, weights);
		add_grouped(input, sums, layout.nexact, nfeatures, groups, weights, 1);
	}
	for (int f = 0; f < nfeatures; f++)
	{
		if (on_grids(recipe, f))
			continue;
		groups_raw_values(groups, recipe, f, blocks, nrows, n < nrows ? used : NULL, grouped);
		recipe_transform_values(&recipe->features[f], grouped, n);
		if (weighted)
		{
			add_weighted(input, sums, layout.nexact, layout.places[f], groups, grouped, weights);
			continue;
		}
		add_grouped(input, sums, layout.nexact, layout.places[f], groups, grouped, largest_magnitude(grouped, n));
	}
	add_dimensions(input, &layout, means_grids(input, &layout, state), blocks, nrows, used, clusters);
	groups_free(groups);
	pfree(layout.places);
	return n;
}

static void
means_merge(const PassInput *input, void *state, const void *other)
{
	MeansLayout     layout = means_layout(input->recipe);
	const int64    *rows = other;
	ExactSum       *to = means_sums(input, state);
	const ExactSum *from = means_sums(input, unconstify(void *, other));
	double         *to_grids = means_grids(input, &layout, state);
	const double   *from_grids = means_grids(input, &layout, unconstify(void *, other));
	Size            nsums = (Size) input->k * layout.nexact;
	Size            ngrids = (Size) input->k * grids_size(&layout);

	for (Size i = 0; i < (Size) input->k; i++)
		((int64 *) state)[i] += rows[i];
	for (Size i = 0; i < nsums; i++)
	{
		if (i % 4096 == 0)
			CHECK_FOR_INTERRUPTS();
		exact_sum_merge(&to[i], &from[i]);
	}
	for (Size i = 0; i < ngrids; i++)
		to_grids[i] += from_grids[i];
	pfree(layout.places);
}

/*
 * The mean of a dimension less an offset, from sums on grids.
 */
static double
deviation_on_grids(const MeansLayout *layout, int feature, const double *sums, double n, double offset)
{
	int place = layout->places[feature];

	return (sums[place] + sums[layout->grids.nfeatures + 1 + place]) / n - offset;
}

/*
 * The mean of all clusters' values of a feature, weighted if they are, less its
 * offset.
 */
static double
overall_deviation(const PassInput *input, const MeansLayout *layout, void *state, int feature)
{
	const int64    *rows = state;
	const ExactSum *sums = means_sums(input, state);
	const double   *grids = means_grids(input, layout, state);
	int             place = layout->places[feature];
	double          offset = input->recipe->features[feature].offset;
	int64           n = 0;
	double          coarse = 0;
	double          fine = 0;
	ExactSum        sum;
	ExactSum        weight;

	exact_sum_init(&sum);
	exact_sum_init(&weight);
	for (int c = 0; c < input->k; c++)
	{
		n += rows[c];
		if (on_grids(input->recipe, feature))
		{
			coarse += grids[(Size) c * grids_size(layout) + place];
			fine += grids[(Size) c * grids_size(layout) + layout->grids.nfeatures + 1 + place];
			continue;
		}
		exact_sum_merge(&sum, &sums[(Size) c * layout->nexact + place]);
		exact_sum_merge(&weight, &sums[(Size) (c + 1) * layout->nexact - 1]);
	}
	if (on_grids(input->recipe, feature))
		return (coarse + fine) / (double) n - offset;
	return recipe_is_weighted(input->recipe) ? exact_sum_weighted_deviation(&sum, &weight, offset)
											 : exact_sum_deviation(&sum, (double) n, offset);
}

const Pass means_pass = {"means", pass_open, means_state_size, means_init, means_add, means_merge};

/*
 * The mean of a cluster in a feature, of transformed values, and prepared: where
 * values are far from 0 for their spread, it has digits that the former cannot
 * hold.
 */
static double
mean_of_cluster(const Recipe *recipe, const MeansLayout *layout, int f, int64 rows, const ExactSum *sums, double *prepared)
{
	const FeatureRecipe *feature = &recipe->features[f];
	const ExactSum      *sum = &sums[layout->places[f]];
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
 * The state of the pass by a judgement, whose profile has the sums of raw values:
 * these are the transformed ones, or else are missing.  NULL where it does not.
 */
static void *
judged_sums(const PassInput *input, const Judgement *judgement)
{
	const Recipe *recipe = input->recipe;
	int64        *rows;
	ExactSum     *sum;

	if (judgement == NULL || !((const JudgeExtra *) input->extra)->profile || recipe_is_weighted(recipe))
		return NULL;
	for (int f = 0; f < recipe->nfeatures; f++)
	{
		const FeatureRecipe *feature = &recipe->features[f];

		if (feature->role != ROLE_VALUE || feature->outliers == OUTLIERS_CLIP || feature->transform != TRANSFORM_NONE ||
			isinf(feature->fill * (double) recipe->rows_used))
			return NULL;
	}
	rows = palloc_extended(means_state_size(input), MCXT_ALLOC_HUGE);
	sum = means_sums(input, rows);
	for (int c = 0; c < input->k; c++)
	{
		rows[c] = judgement->clusters[c].rows;
		for (int f = 0; f < recipe->nfeatures; f++, sum++)
		{
			const Spread *spread = judged_spread(input, judgement, c, recipe->features[f].figure);

			*sum = spread->sum;
			if (spread->n < rows[c])
				exact_sum_add_product(sum, recipe->features[f].fill, (double) (rows[c] - spread->n));
		}
	}
	return rows;
}

/*
 * Means of clusters without the rounding to float4 that runs work with.
 */
static void
exact_means(const RowSource *source, const PassInput *input, Share labels, ClusterMeans *found,
			const Judgement *judgement)
{
	const Recipe *recipe = input->recipe;
	int           nfeatures = recipe->nfeatures;
	MeansLayout   layout = means_layout(recipe);
	int64        *rows = judged_sums(input, judgement);
	ExactSum     *sums;
	double       *grids;

	if (rows == NULL)
		rows = pass_run(source, &means_pass, input, labels);
	sums = means_sums(input, rows);
	grids = means_grids(input, &layout, rows);
	found->total_squares = 0;
	for (int f = 0; f < nfeatures; f++)
	{
		const FeatureRecipe *feature = &recipe->features[f];

		CHECK_FOR_INTERRUPTS();
		found->total_squares += recipe->rows_used * feature->stddev * feature->stddev;
		if (found->mean != NULL)
			found->mean[f] = overall_deviation(input, &layout, rows, f) * feature->factor;
		for (int c = 0; c < input->k; c++)
		{
			Size            at = (Size) c * nfeatures + f;
			const ExactSum *of_cluster = sums + (Size) c * layout.nexact;

			if (weighs_nothing(recipe, rows[c], of_cluster))
			{
				found->means[at] = input->centroids[at];
				found->values[at] = recipe_raw(recipe, f, found->means[at]);
			}
			else if (on_grids(recipe, f))
			{
				const double *on = grids + (Size) c * grids_size(&layout);

				found->means[at] = deviation_on_grids(&layout, f, on, (double) rows[c], feature->offset) * feature->factor;
				found->values[at] = deviation_on_grids(&layout, f, on, (double) rows[c], 0);
			}
			else
				found->values[at] = recipe_undo_transform(feature, mean_of_cluster(recipe, &layout, f, rows[c], of_cluster, &found->means[at]));
		}
	}
	pfree(layout.places);
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

	(void) recipe_used_rows(recipe, blocks, nrows, used);
	if (weighted)
		(void) weights_of(recipe, blocks, nrows, used, weights);
	for (int row = 0; row < nrows; row++)
	{
		double *sums;
		bool    origin = true;

		if (row % KERNEL_LANES == 0)
			recipe_prepare_blocks(recipe, blocks + (Size) row * recipe->ncolumns, 1, block);
		if (!used[row])
			continue;
		if (clusters[n] == input->k)
		{
			n++;
			continue;
		}
		sums = directions->sums + (Size) clusters[n] * row_sums_size(&layout);
		for (int f = 0; f < recipe->nfeatures; f++)
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

	to->directed += from->directed;
	for (Size i = 0; i < nsums; i++)
		to->sums[i] += from->sums[i];
}

const Pass directions_pass = {"directions", pass_open, directions_state_size, directions_init,
							  directions_add, directions_merge};

static void
exact_directions(const RowSource *source, const PassInput *input, Share labels, ClusterMeans *found)
{
	const Recipe *recipe = input->recipe;
	int           nfeatures = recipe->nfeatures;
	Directions   *directions = pass_run(source, &directions_pass, input, labels);
	RowSums       layout = directions_layout(recipe);
	double       *sums = palloc0(sizeof(double) * row_sums_size(&layout)); /* of all clusters, exact as theirs are */
	double       *sum = palloc(sizeof(double) * nfeatures);
	double       *of_cluster = palloc(sizeof(double) * nfeatures);
	double        total = 0;

	for (int c = 0; c < input->k; c++)
	{
		double length = 0;

		CHECK_FOR_INTERRUPTS();
		(void) row_sums_total(&layout, directions->sums + (Size) c * row_sums_size(&layout), of_cluster);
		for (int f = 0; f < nfeatures; f++)
			length += of_cluster[f] * of_cluster[f];
		for (Size i = 0; i < (Size) row_sums_size(&layout); i++)
			sums[i] += directions->sums[(Size) c * row_sums_size(&layout) + i];
		length = sqrt(length);
		for (int f = 0; f < nfeatures; f++)
		{
			Size at = (Size) c * nfeatures + f;

			/* rows without a mean direction leave the centroid where it is */
			found->means[at] = length > 0 ? of_cluster[f] / length : input->centroids[at];
			found->values[at] = recipe_raw(recipe, f, found->means[at]);
		}
	}

	(void) row_sums_total(&layout, sums, sum);

	/* the inertia of one segment: |x|^2 - 2 x.m + |m|^2 summed, m of unit length */
	for (int f = 0; f < nfeatures; f++)
		total += sum[f] * sum[f];
	found->total_squares = (double) directions->directed + recipe->rows_used - 2 * sqrt(total);

	/* any direction is as good where there is no mean one */
	for (int f = 0; f < nfeatures && found->mean != NULL; f++)
		found->mean[f] = total > 0 ? sum[f] / sqrt(total) : f == 0;
	pfree(sums);
	pfree(sum);
	pfree(of_cluster);
	pfree(directions);
}

void
means_find(const RowSource *source, const PassInput *input, Share labels, ClusterMeans *found,
		   const Judgement *judgement)
{
	if (input->recipe->distance == DISTANCE_COSINE)
		exact_directions(source, input, labels, found);
	else
		exact_means(source, input, labels, found, judgement);
}
