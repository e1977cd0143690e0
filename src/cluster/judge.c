/*
 * The last assignment of all rows, and what is counted on the way.
 *
 * Runs work in float4; this pass is in double, from the raw values and by the
 * functions that scoring uses, so that a row scored later gets the segment it
 * was counted in.  Rows are read once: the profile's figures and the first
 * histograms for its medians are taken in the same pass.
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/memutils.h"

#include "cluster/judge.h"
#include "number/moments.h"
#include "prepare/groups.h"
#include "prepare/nearest.h"
#include "prepare/weights.h"

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
 * distances to all rows of their clusters (P. J. Rousseeuw, 1987).  Below 0 for
 * one that offsets have put elsewhere.
 */
double
cluster_margin(double distance, double second_distance)
{
	if (Max(distance, second_distance) == 0)
		return 0;
	if (isinf(second_distance))
		return 1;
	if (isinf(distance))
		return -1;
	return (second_distance - distance) / Max(distance, second_distance);
}

/* ---- The state ---- */

static Size
spreads_offset(const PassInput *input)
{
	return offsetof(Judgement, clusters) + sizeof(JudgedCluster) * cluster_groups(input);
}

static Size
counts_offset(const PassInput *input)
{
	return spreads_offset(input) + sizeof(Spread) * cluster_groups(input) * input->recipe->nfigures;
}

static Size
judge_state_size(const PassInput *input)
{
	const JudgeExtra *extra = input->extra;

	if (!extra->profile)
		return spreads_offset(input);
	return counts_offset(input) +
		   sizeof(int64) * cluster_groups(input) * input->recipe->nfigures * extra->buckets;
}

Size
judge_profile_size(int groups, int nfigures)
{
	Recipe     recipe = {.nfigures = nfigures};
	JudgeExtra extra = {.profile = true, .buckets = span_buckets((int) Min((int64) groups * nfigures, PG_INT32_MAX))};

	return judge_state_size(&(PassInput){.recipe = &recipe, .k = groups, .extra = &extra});
}

Spread *
judged_spread(const PassInput *input, const Judgement *judgement, int cluster, int figure)
{
	return (Spread *) ((char *) judgement + spreads_offset(input)) +
		   (Size) cluster * input->recipe->nfigures + figure;
}

int64 *
judged_counts(const PassInput *input, const Judgement *judgement, int cluster, int figure)
{
	const JudgeExtra *extra = input->extra;

	return (int64 *) ((char *) judgement + counts_offset(input)) +
		   ((Size) cluster * input->recipe->nfigures + figure) * extra->buckets;
}

ValueSpan
judge_span(const PassInput *input, int feature)
{
	const JudgeExtra *extra = input->extra;
	const Moments    *raw = &input->recipe->features[feature].raw;

	/* of skewed values nearly all would be in a few buckets of equal width */
	if (input->recipe->features[feature].transform == TRANSFORM_LOG1P)
		return span_of_logarithms(raw->min, raw->max, extra->buckets);
	return span_make(raw->min, raw->max, extra->buckets);
}

double
judged_weight(const PassInput *input, const JudgedCluster *cluster)
{
	return recipe_is_weighted(input->recipe) ? exact_sum_value(&cluster->weight) : (double) cluster->rows;
}

/* the mean that the pass was given, or NULL */
static const double *
judge_mean(const PassInput *input)
{
	const JudgeExtra *extra = input->extra;

	if (!extra->mean)
		return NULL;
	return (const double *) (extra->centres + (extra->profile ? (Size) cluster_groups(input) * input->recipe->nfigures : 0));
}

/* where the clusters of labels are, or NULL */
static const int *
judge_places(const PassInput *input)
{
	const JudgeExtra *extra = input->extra;
	const double     *after = (const double *) (extra->centres + (extra->profile ? (Size) cluster_groups(input) * input->recipe->nfigures : 0));

	if (!extra->places)
		return NULL;
	return (const int *) (after + (extra->mean ? input->recipe->nfeatures : 0));
}

static void
judge_init(const PassInput *input, void *state)
{
	const JudgeExtra *extra = input->extra;

	MemSet(state, 0, judge_state_size(input));
	for (int c = 0; c < cluster_groups(input) && extra->profile; c++)
		for (int f = 0; f < input->recipe->nfigures; f++)
			spread_init(judged_spread(input, state, c, f));
}

/* ---- The pass ---- */

/*
 * Multiplies the figures of rows by their weights.
 */
static void
weigh(NearestRows *nearest, const double *weights, bool mean, double *distances, double *margins)
{
	for (int i = 0; i < nearest->n; i++)
	{
		nearest->d2[i] *= weights[i];
		if (mean)
			nearest->point_d2[i] *= weights[i];
		distances[i] *= weights[i];
		margins[i] *= weights[i];
	}
}

/*
 * Sums of distances and margins; those of rows beyond the cut are only in their
 * group's.  The distances in nearest are multiplied by
 * weights, unless these are NULL.
 */
static void
add_distances(const PassInput *input, Judgement *judgement, NearestRows *nearest,
			  const Groups *groups, const double *weights)
{
	bool   mean = judge_mean(input) != NULL;
	double distances[PASS_ROWS];
	double margins[PASS_ROWS];
	bool   border[PASS_ROWS];
	double grouped[PASS_ROWS];
	double grouped_margins[PASS_ROWS];
	double grouped_weights[PASS_ROWS];
	double largest_square = largest_magnitude(nearest->d2, nearest->n);
	double largest_total = mean ? largest_magnitude(nearest->point_d2, nearest->n) : 0;
	double largest;

	for (int i = 0; i < nearest->n; i++)
	{
		distances[i] = cluster_distance(input->recipe, nearest->d2[i]);
		margins[i] = cluster_margin(distances[i],
									cluster_distance(input->recipe, nearest->second_d2[i]));
		border[i] = (float4) margins[i] < BORDER_MARGIN;
	}
	largest = largest_magnitude(distances, nearest->n);
	if (weights != NULL)
	{
		weigh(nearest, weights, mean, distances, margins);
		groups_apply(groups, weights, grouped_weights);
	}
	for (int i = 0; i < nearest->n && input->trimmed; i++)
		if (nearest->labels[i] == input->k)
			nearest->d2[i] = nearest->point_d2[i] = 0;
	if (mean)
		exact_sum_add_values(&judgement->total, nearest->point_d2, nearest->n, largest_total);
	exact_sum_add_values(&judgement->squares, nearest->d2, nearest->n, largest_square);
	groups_apply(groups, distances, grouped);
	groups_apply(groups, margins, grouped_margins);
	for (int c = 0; c < cluster_groups(input); c++)
	{
		JudgedCluster *cluster = &judgement->clusters[c];
		int            start = groups->starts[c];
		int            n = groups->starts[c + 1] - start;

		cluster->rows += n;
		for (int i = start; i < start + n; i++)
			cluster->border += border[groups->order[i]];
		exact_sum_add_values(&cluster->distances, grouped + start, n, largest);
		if (input->k > 1)
			exact_sum_add_values(&cluster->margins, grouped_margins + start, n, 1);
		if (weights != NULL)
			exact_sum_add_values(&cluster->weight, grouped_weights + start, n, 1);
	}
}

static void
add_profile(const PassInput *input, Judgement *judgement, const double *blocks, int nrows,
			const bool *used, Groups *groups)
{
	const JudgeExtra *extra = input->extra;
	double            grouped[PASS_ROWS];

	for (int f = 0; f < input->recipe->nrules; f++)
	{
		const FeatureRecipe *feature = &input->recipe->features[f];
		ValueSpan            span;

		if (!rule_has_figure(feature))
			continue;
		span = judge_span(input, f);
		groups_raw_values(groups, input->recipe, f, blocks, nrows, used, grouped);
		for (int c = 0; c < cluster_groups(input); c++)
		{
			double *first = grouped + groups->starts[c];
			int     n = groups->starts[c + 1] - groups->starts[c];
			Spread *spread = judged_spread(input, judgement, c, feature->figure);

			if (!feature->complete)
				n = present_values(first, n);
			if (n == 0)
				continue;
			spread_add(spread, first, n);
			spread_add_squares(spread, first, n, extra->centres[(Size) c * input->recipe->nfigures + feature->figure]);
			if (feature->raw.min < feature->raw.max && !feature->categorical)
				span_add_values(&span, first, n, judged_counts(input, judgement, c, feature->figure));
		}
	}
}

/*
 * Brings labels up to date; returns how many rows changed.
 */
static int
judge_labels(const PassInput *input, const NearestRows *nearest, int32 *labels)
{
	const int *places = judge_places(input);
	int        changed = nearest->n;

	for (int i = 0; i < nearest->n && labels != NULL && places != NULL; i++)
		changed -= places[labels[i]] == nearest->labels[i];
	if (labels != NULL)
		memcpy(labels, nearest->labels, sizeof(int32) * nearest->n);
	return changed;
}

static int
judge_add(const PassInput *input, void *state, const double *blocks, int nrows,
		  int32 *labels)
{
	const JudgeExtra *extra = input->extra;
	Judgement        *judgement = state;
	NearestRows       nearest;
	Groups           *groups;
	bool              used[PASS_ROWS];
	double            weights[PASS_ROWS];
	bool              weighted = recipe_is_weighted(input->recipe);

	nearest_rows(input, judge_mean(input), blocks, nrows, &nearest);
	judgement->changed += judge_labels(input, &nearest, labels);
	groups = groups_make(nearest.labels, nearest.n, cluster_groups(input));
	if (extra->profile || weighted)
		(void) recipe_used_rows(input->recipe, blocks, nrows, used);
	if (weighted)
		(void) weights_of(input->recipe, blocks, nrows, used, weights);
	add_distances(input, judgement, &nearest, groups, weighted ? weights : NULL);
	if (extra->profile)
		add_profile(input, judgement, blocks, nrows, nearest.n < nrows ? used : NULL, groups);
	groups_free(groups);
	return nearest.n;
}

static void
judge_merge(const PassInput *input, void *state, const void *other)
{
	const JudgeExtra *extra = input->extra;
	Judgement        *to = state;
	const Judgement  *from = other;

	to->changed += from->changed;
	exact_sum_merge(&to->squares, &from->squares);
	exact_sum_merge(&to->total, &from->total);
	for (int c = 0; c < cluster_groups(input); c++)
	{
		CHECK_FOR_INTERRUPTS();
		to->clusters[c].rows += from->clusters[c].rows;
		to->clusters[c].border += from->clusters[c].border;
		exact_sum_merge(&to->clusters[c].distances, &from->clusters[c].distances);
		exact_sum_merge(&to->clusters[c].margins, &from->clusters[c].margins);
		exact_sum_merge(&to->clusters[c].weight, &from->clusters[c].weight);
		for (int f = 0; f < input->recipe->nfigures && extra->profile; f++)
		{
			int64 *counts = judged_counts(input, to, c, f);
			int64 *more = judged_counts(input, from, c, f);

			spread_merge(judged_spread(input, to, c, f), judged_spread(input, from, c, f));
			for (int b = 0; b < extra->buckets; b++)
				counts[b] += more[b];
		}
	}
}

const Pass judge_pass = {"judge", pass_open, judge_state_size, judge_init, judge_add, judge_merge};

Judgement *
judge_rows(const RowSource *source, PassInput *input, bool profile, const double *mean,
		   const int *places, Share labels)
{
	const Recipe *recipe = input->recipe;
	int           k = cluster_groups(input);
	Size          ncentres = profile ? (Size) k * recipe->nfigures : 0;
	Size          mean_size = mean == NULL ? 0 : sizeof(double) * recipe->nfeatures;
	Size          places_size = places == NULL ? 0 : sizeof(int) * k;
	JudgeExtra   *extra;

	input->extra_size = offsetof(JudgeExtra, centres) + sizeof(SpreadCentre) * ncentres + mean_size + places_size;
	extra = MemoryContextAllocHuge(CurrentMemoryContext, input->extra_size);
	extra->profile = profile;
	extra->mean = mean != NULL;
	extra->places = places != NULL;
	if (mean_size > 0)
		memcpy(extra->centres + ncentres, mean, mean_size);
	if (places_size > 0)
		memcpy((char *) (extra->centres + ncentres) + mean_size, places, places_size);
	extra->buckets = span_buckets((int) Min((int64) k * recipe->nfigures, PG_INT32_MAX));
	for (int f = 0; f < recipe->nrules && profile; f++)
	{
		const FeatureRecipe *feature = &recipe->features[f];

		if (!rule_has_figure(feature))
			continue;
		for (int c = 0; c < k; c++)
			extra->centres[(Size) c * recipe->nfigures + feature->figure] =
				spread_centre(feature->role == ROLE_LENGTH ? feature->raw.mean : recipe_raw(recipe, f, c < input->k ? input->centroids[(Size) c * recipe->nfeatures + f] : 0),
							  feature->raw.min, feature->raw.max);
	}
	input->extra = extra;
	return pass_run(source, &judge_pass, input, labels);
}

/* ---- Distances from means ---- */

static Size
scatter_state_size(const PassInput *input)
{
	return offsetof(Scatter, distances) + sizeof(ExactSum) * input->k;
}

static void
scatter_init(const PassInput *input, void *state)
{
	memset(state, 0, scatter_state_size(input));
}

/*
 * Squared distances of the rows used from the means of their clusters, summed
 * as the kernels do; 0 for those beyond the cut.
 */
static void
squares_from_means(const PassInput *input, const double *blocks, int nrows, const bool *used,
				   const int32 *labels, double *squares)
{
	const Recipe *recipe = input->recipe;
	const double *means = input->extra;
	int           nfeatures = recipe->nfeatures;
	double       *block = palloc(sizeof(double) * nfeatures * KERNEL_LANES);
	int           n = 0;

	for (int row = 0; row < nrows; row++)
	{
		const double *lane = block + row % KERNEL_LANES;
		const double *mean;
		double        sum = 0;

		if (row % KERNEL_LANES == 0)
			recipe_prepare_blocks(recipe, blocks + (Size) row * recipe->ncolumns, 1, block);
		if (!used[row])
			continue;
		if (labels[n] == input->k)
		{
			squares[n++] = 0;
			continue;
		}
		mean = means + (Size) labels[n] * nfeatures;
		for (int f = 0; f < nfeatures; f++)
		{
			double difference = lane[(Size) f * KERNEL_LANES] - mean[f];

			sum += difference * difference;
		}
		squares[n++] = sum;
	}
	pfree(block);
}

static int
scatter_add(const PassInput *input, void *state, const double *blocks, int nrows, int32 *labels)
{
	Scatter    *scatter = state;
	NearestRows nearest;
	bool        used[PASS_ROWS];
	double      squares[PASS_ROWS];
	double      distances[PASS_ROWS];
	double      weights[PASS_ROWS];
	double      grouped[PASS_ROWS];
	double      largest_square;
	double      largest;
	int         n = recipe_used_rows(input->recipe, blocks, nrows, used);
	bool        weighted = recipe_is_weighted(input->recipe);
	Groups     *groups;

	if (labels == NULL)
	{
		nearest_rows(input, NULL, blocks, nrows, &nearest);
		labels = nearest.labels;
	}
	squares_from_means(input, blocks, nrows, used, labels, squares);
	if (weighted)
		(void) weights_of(input->recipe, blocks, nrows, used, weights);
	for (int i = 0; i < n; i++)
		distances[i] = cluster_distance(input->recipe, squares[i]);
	largest_square = largest_magnitude(squares, n);
	largest = largest_magnitude(distances, n);
	for (int i = 0; i < n && weighted; i++)
	{
		squares[i] *= weights[i];
		distances[i] *= weights[i];
	}
	exact_sum_add_values(&scatter->squares, squares, n, largest_square);
	groups = groups_make(labels, n, cluster_groups(input));
	groups_apply(groups, distances, grouped);
	for (int c = 0; c < input->k; c++)
		exact_sum_add_values(&scatter->distances[c], grouped + groups->starts[c],
							 groups->starts[c + 1] - groups->starts[c], largest);
	groups_free(groups);
	return n;
}

static void
scatter_merge(const PassInput *input, void *state, const void *other)
{
	Scatter       *to = state;
	const Scatter *from = other;

	exact_sum_merge(&to->squares, &from->squares);
	for (int c = 0; c < input->k; c++)
		exact_sum_merge(&to->distances[c], &from->distances[c]);
}

const Pass scatter_pass = {"scatter", pass_open, scatter_state_size, scatter_init, scatter_add, scatter_merge};

Scatter *
scatter_rows(const RowSource *source, const PassInput *judged, const double *means, Share labels)
{
	PassInput input = *judged;

	input.extra = means;
	input.extra_size = sizeof(double) * input.k * input.recipe->nfeatures;
	return pass_run(source, &scatter_pass, &input, labels);
}
