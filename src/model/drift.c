/*
 * How the rows of today differ from those of a fit.
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "cluster/judge.h"
#include "model/drift.h"
#include "model/members.h"
#include "number/exact_sum.h"
#include "number/moments.h"
#include "number/order.h"
#include "number/several_cpus.h"
#include "prepare/nearest.h"
#include "rows/collect.h"
#include "rows/intake.h"

#define MISSING_BIN (BIN_WIDTH - 1)

Bins *
bins_make(int nfigures)
{
	Bins *bins = palloc(sizeof(Bins));

	bins->nfigures = nfigures;
	bins->ncuts = palloc0(sizeof(int) * Max(nfigures, 1));
	bins->cuts = palloc(sizeof(double) * BIN_WIDTH * Max(nfigures, 1));
	bins->rows = NULL;
	for (int i = 0; i < nfigures * BIN_WIDTH; i++)
		bins->cuts[i] = get_float8_infinity();
	return bins;
}

/* ---- Counting ---- */

/* parts of equal width, from the first cut to the last, that say where to look for a value's bin */
#define CELLS 256

FOR_SEVERAL_CPUS static void
cells_of(const double *values, int n, double lower, double factor, int32 *cells)
{
	for (int i = 0; i < n; i++)
	{
		double cell = (values[i] - lower) * factor;

		cell = cell > 0 ? cell : 0;
		cells[i] = (int32) (cell < CELLS - 1 ? cell : CELLS - 1);
	}
}

/*
 * Counts up to PASS_ROWS values in the bins of a feature: how many of the cuts, which
 * infinities follow, are below a value.  These are the cuts of lower cells and some of
 * its own cell, often one at most.  All values take a step after the other, without a
 * branch: which side of a cut a value is on cannot be foreseen.
 */
static void
count_values(const double *cuts, const double *values, int n, int64 *rows)
{
	double padded[2 * BIN_WIDTH]; /* infinite behind the cuts, where a step may look */
	int    below[CELLS + 1] = {0};
	int32  bins[PASS_ROWS];
	int    ncuts = 0;
	int    most = 0;
	int    step = 1;
	double factor;

	while (ncuts < MISSING_BIN - 1 && cuts[ncuts] < get_float8_infinity())
		ncuts++;
	for (int i = 0; i < 2 * BIN_WIDTH; i++)
		padded[i] = i < ncuts ? cuts[i] : get_float8_infinity();
	factor = ncuts > 1 ? CELLS / (cuts[ncuts - 1] - cuts[0]) : 0;
	if (!(factor < get_float8_infinity()))
		factor = 0;

	cells_of(cuts, ncuts, cuts[0], factor, bins);
	for (int i = 0; i < ncuts; i++)
		below[bins[i] + 1]++;
	for (int cell = 0; cell < CELLS; cell++)
	{
		most = Max(most, below[cell + 1]);
		below[cell + 1] += below[cell];
	}
	while (step <= most)
		step *= 2;

	cells_of(values, n, cuts[0], factor, bins);
	for (int i = 0; i < n; i++)
		bins[i] = below[bins[i]];
	for (step /= 2; step > 0; step /= 2)
		for (int i = 0; i < n; i++)
			bins[i] += step & -(int) (padded[bins[i] + step - 1] < values[i]);
	for (int i = 0; i < n; i++)
		rows[bins[i]]++;
}

/*
 * Counts the rows used of a batch in the bins of each feature, and adds up the
 * values that are there, unless sums is NULL.  Returns how many rows are used.
 */
static int
count_batch(const PassInput *input, int64 *counts, ExactSum *sums, const double *blocks, int nrows)
{
	const Recipe *recipe = input->recipe;
	const double *cuts = input->extra;
	bool          used[PASS_ROWS];
	int           n = recipe_used_rows(recipe, blocks, nrows, used);
	double        values[PASS_ROWS];

	for (int f = 0; f < recipe->nrules; f++)
	{
		int    figure = recipe->features[f].figure;
		int64 *rows;
		int    present;

		CHECK_FOR_INTERRUPTS();
		if (!rule_has_figure(&recipe->features[f]))
			continue;
		rows = counts + (Size) figure * BIN_WIDTH;
		(void) recipe_raw_values(recipe, f, blocks, nrows, n < nrows ? used : NULL, values);
		present = present_values(values, n);
		rows[MISSING_BIN] += n - present;
		count_values(cuts + (Size) figure * BIN_WIDTH, values, present, rows);
		if (sums != NULL)
			exact_sum_add_values(&sums[figure], values, present, largest_magnitude(values, present));
	}
	return n;
}

/* the state: int64 counts, figures x BIN_WIDTH */
static Size
bins_state_size(const PassInput *input)
{
	return sizeof(int64) * BIN_WIDTH * input->recipe->nfigures;
}

static void
bins_init(const PassInput *input, void *state)
{
	memset(state, 0, bins_state_size(input));
}

static int
bins_add(const PassInput *input, void *state, const double *blocks, int nrows, int32 *labels pg_attribute_unused())
{
	return count_batch(input, state, NULL, blocks, nrows);
}

static void
bins_merge(const PassInput *input, void *state, const void *other)
{
	for (Size i = 0; i < bins_state_size(input) / sizeof(int64); i++)
		((int64 *) state)[i] += ((const int64 *) other)[i];
}

const Pass bins_pass = {"bins", pass_open, bins_state_size, bins_init, bins_add, bins_merge};

/* ---- The bins of a fit ---- */

/*
 * Sets the cuts of a feature from n values, which are sorted in place with room for as many
 * behind them: each that is the least
 * with at least i fiftieths of them up to it (percentile_disc).
 */
static void
set_cuts(Bins *bins, int figure, double *values, int64 n)
{
	double *cuts = bin_cuts(bins, figure);
	int     ncuts = 0;

	if (n == 0)
		return;
	sort_float8_with(values, values + n, n);
	for (int i = 1; i <= BIN_CUTS; i++)
	{
		double value = values[(i * n + BIN_CUTS) / (BIN_CUTS + 1) - 1] + 0.0;

		if (ncuts == 0 || value > cuts[ncuts - 1])
			cuts[ncuts++] = value;
	}
	bins->ncuts[figure] = ncuts;
}

Bins *
bins_fit(const RowSource *source, const Rows *sample, const Recipe *recipe)
{
	const Rows *rows = sample != NULL ? sample : source->rows;
	Bins       *bins = bins_make(recipe->nfigures);
	PassInput   input = {.recipe = recipe};
	int        *features = recipe_figures(recipe);
	double     *values = palloc_extended(sizeof(double) * (2 * rows->nrows + PASS_ROWS), MCXT_ALLOC_HUGE);

	for (int figure = 0; figure < recipe->nfigures; figure++)
	{
		int       f = features[figure];
		RowCursor cursor = rows_cursor(rows, 0, rows->nblocks);
		int64     n = 0;
		double   *blocks;
		int64     first_row;
		int       nrows;

		if (recipe->features[f].categorical)
		{
			bins->ncuts[figure] = 1;
			bin_cuts(bins, figure)[0] = 0;
			continue;
		}
		while (rows_next(rows, &cursor, PASS_ROWS, &blocks, &first_row, &nrows))
		{
			bool used[PASS_ROWS];

			CHECK_FOR_INTERRUPTS();
			(void) recipe_used_rows(recipe, blocks, nrows, used);
			n += present_values(values + n, recipe_raw_values(recipe, f, blocks, nrows, used, values + n));
		}
		set_cuts(bins, figure, values, n);
	}
	pfree(values);
	input.extra = bins->cuts;
	input.extra_size = sizeof(double) * BIN_WIDTH * recipe->nfigures;
	bins->rows = pass_run(source, &bins_pass, &input, (Share){0});
	for (int f = 0; f < recipe->nfigures; f++)
		bin_rows(bins, f)[bins->ncuts[f] + 1] = bin_rows(bins, f)[MISSING_BIN];
	return bins;
}

/* ---- The pass of today ---- */

/*
 * The state: rows read and used, rows and rows at the border of each cluster, the
 * counts of bins; then sums of the values of each figure, and of prepared values, k x features.
 */
typedef struct DriftState
{
	int64 read;
	int64 used;
	int64 counts[FLEXIBLE_ARRAY_MEMBER];
} DriftState;

static int64 *
border_rows(const PassInput *input, const void *state)
{
	return ((DriftState *) state)->counts + cluster_groups(input);
}

static int64 *
bin_counts(const PassInput *input, const void *state)
{
	return border_rows(input, state) + cluster_groups(input);
}

/* counts of int64 before the sums */
static Size
drift_ncounts(const PassInput *input)
{
	return offsetof(DriftState, counts) / sizeof(int64) + 2 * (Size) cluster_groups(input) +
		   (Size) BIN_WIDTH * input->recipe->nfigures;
}

static ExactSum *
value_sums(const PassInput *input, const void *state)
{
	return (ExactSum *) ((int64 *) state + drift_ncounts(input));
}

static ExactSum *
cluster_sums(const PassInput *input, const void *state)
{
	return value_sums(input, state) + input->recipe->nfigures;
}

static Size
drift_nsums(const PassInput *input)
{
	return (Size) input->k * input->recipe->nfeatures + input->recipe->nfigures;
}

static Size
drift_state_size(const PassInput *input)
{
	return sizeof(int64) * drift_ncounts(input) + sizeof(ExactSum) * drift_nsums(input);
}

static void
drift_init(const PassInput *input, void *state)
{
	MemSet(state, 0, drift_state_size(input));
}

static int
drift_add(const PassInput *input, void *state, const double *blocks, int nrows, int32 *labels pg_attribute_unused())
{
	const Recipe *recipe = input->recipe;
	int           nfeatures = recipe->nfeatures;
	DriftState   *drift = state;
	int64        *border = border_rows(input, state);
	ExactSum     *sums = cluster_sums(input, state);
	double       *raw = palloc(sizeof(double) * recipe->ncolumns);
	double       *block = palloc0(sizeof(double) * nfeatures * KERNEL_LANES);
	int           n = 0;

	/* first, for this refuses rows whose values cannot be added */
	for (int row = 0; row < nrows; row += KERNEL_LANES)
	{
		int32_t clusters[KERNEL_LANES];
		double  d2[KERNEL_LANES];
		double  second_d2[KERNEL_LANES];
		int     used;

		CHECK_FOR_INTERRUPTS();
		used = members_assign(input, blocks + (Size) row * recipe->ncolumns, Min(KERNEL_LANES, nrows - row),
							  raw, block, clusters, d2, second_d2);
		for (int i = 0; i < used; i++)
		{
			int c = clusters[i];

			drift->counts[c]++;
			if (c == input->k)
				continue;
			border[c] += (float4) cluster_margin(cluster_distance(recipe, d2[i]),
												 cluster_distance(recipe, second_d2[i])) < BORDER_MARGIN;
			for (int f = 0; f < nfeatures; f++)
				exact_sum_add(&sums[(Size) c * nfeatures + f], block[(Size) f * KERNEL_LANES + i]);
		}
		n += used;
	}
	pfree(block);
	pfree(raw);
	drift->read += nrows;
	drift->used += n;
	(void) count_batch(input, bin_counts(input, state), value_sums(input, state), blocks, nrows);
	return n;
}

static void
drift_merge(const PassInput *input, void *state, const void *other)
{
	for (Size i = 0; i < drift_ncounts(input); i++)
		((int64 *) state)[i] += ((const int64 *) other)[i];
	for (Size i = 0; i < drift_nsums(input); i++)
		exact_sum_merge(value_sums(input, state) + i, value_sums(input, other) + i);
}

const Pass drift_pass = {"drift", pass_open, drift_state_size, drift_init, drift_add, drift_merge};

/* ---- Reading ---- */

/*
 * The distance of two prepared points, as that of a row from a centroid is measured.
 */
static double
point_distance(const Recipe *recipe, const double *a, const double *b)
{
	double squared = 0;

	for (int f = 0; f < recipe->nfeatures; f++)
		squared += (a[f] - b[f]) * (a[f] - b[f]);
	return cluster_distance(recipe, squared);
}

static double
nearest_other(const Model *model, int cluster)
{
	double nearest = get_float8_infinity();

	for (int c = 0; c < model->k; c++)
	{
		CHECK_FOR_INTERRUPTS();
		if (c != cluster)
			nearest = Min(nearest, point_distance(&model->recipe, model->centroids + (Size) c * model->recipe.nfeatures,
												  model->centroids + (Size) cluster * model->recipe.nfeatures));
	}
	return nearest;
}

/*
 * How far the mean of a cluster's rows is from its centroid: see DriftedCluster.
 */
static double
centroid_moved(const Model *model, int cluster, int64 rows, const ExactSum *sums)
{
	int     nfeatures = model->recipe.nfeatures;
	double *mean = palloc(sizeof(double) * nfeatures);
	double  length = 0;
	double  gap;
	double  moved;

	if (rows == 0 || model->k == 1)
		return get_float8_nan();
	for (int f = 0; f < nfeatures; f++)
	{
		mean[f] = exact_sum_mean(&sums[f], (double) rows);
		length += mean[f] * mean[f];
	}
	if (model->recipe.distance == DISTANCE_COSINE && length > 0)
		for (int f = 0; f < nfeatures; f++)
			mean[f] /= sqrt(length);
	moved = point_distance(&model->recipe, mean, model->centroids + (Size) cluster * nfeatures);
	gap = nearest_other(model, cluster);
	pfree(mean);
	return gap > 0 ? moved / gap : get_float8_nan();
}

Drift
drift_read(ShareSet *set, const Model *model, const char *query, Bins *bins)
{
	int         nfeatures = model->recipe.nfeatures;
	PassInput   input = {.recipe = &model->recipe, .k = model->k, .centroids = model->centroids, .offsets = model->offsets, .trimmed = model->trimmed, .cut = model->cut, .extra = bins->cuts, .extra_size = sizeof(double) * BIN_WIDTH * model->recipe.nfigures};
	Intake      intake = {.k = model->k, .nfeatures = nfeatures};
	Size        size = drift_state_size(&input);
	ScanSource  scan = {.query = query, .columns = model->columns};
	DriftState *state;
	Drift       drift = {.bins = bins};

	collect_check_query(query);
	intake_check_state(size, model->k, nfeatures);
	scan.nworkers = intake_plan(&intake, size, share_set_across_processes(set) ? intake_workers() : 0);
	state = scan_run(set, &scan, &drift_pass, pass_flatten(&input), NULL).state;
	drift.rows_read = state->read;
	drift.rows_used = state->used;
	bins->rows = bin_counts(&input, state);
	drift.means = palloc(sizeof(double) * model->recipe.nfigures);
	for (int f = 0; f < model->recipe.nfigures; f++)
	{
		int64 *rows = bin_rows(bins, f);

		drift.means[f] = exact_sum_mean(value_sums(&input, state) + f, (double) (state->used - rows[MISSING_BIN]));
		rows[bins->ncuts[f] + 1] = rows[MISSING_BIN];
	}
	drift.clusters = palloc0(sizeof(DriftedCluster) * cluster_groups(&input));
	for (int c = 0; c < cluster_groups(&input); c++)
	{
		drift.clusters[c].rows = state->counts[c];
		drift.clusters[c].border = border_rows(&input, state)[c];
		drift.clusters[c].moved = c < model->k
									  ? centroid_moved(model, c, state->counts[c], cluster_sums(&input, state) + (Size) c * nfeatures)
									  : get_float8_nan();
	}
	return drift;
}
