/*
 * Assignment that compares a row only with the centroids around its own.
 *
 * Included once by every file that compiles the loops for an instruction set.
 *
 * J. Newling and F. Fleuret, "Fast k-means with accurate bounds", 2016: a row at
 * a distance of u from one centroid has no other nearer that lies more than 2 u from
 * that one.  Rows whose bounds do not decide (kernel_bounded.h) are
 * gathered by cluster, so that a vector of rows has one list of centroids.
 * Lists ascend, hence ties go to the lower index as in assign.
 */
#ifndef KERNEL_NEAR_H
#define KERNEL_NEAR_H

#include "kernel/kernel_bounded.h"

/* a list reaches so much farther than its first rows ask for */
#define NEAR_REACH 1.25f

/* listed centroids that are offered at a time: as many independent sums as assign has */
#define NEAR_STEP (FLOAT_VECTORS == 1 ? 8 : ASSIGN_STEP)

/*
 * Lists the centroids no farther than limit from one of them; returns how many
 * these are, or -1 if they are more than a list holds.
 */
static int
list_near(const KernelNear *near, int k, int nfeatures, int own, float limit, int32_t *list)
{
	/* coordinates are -2 c; and no rounding leaves one out */
	float most = 4 * limit * limit * (1 + (float) (nfeatures + 16) * 0x1p-23f);
	int   n = 0;

	for (int c = 0; c < k; c += KERNEL_LANES)
	{
		int   nlanes = k - c < KERNEL_LANES ? k - c : KERNEL_LANES;
		float squares[KERNEL_LANES] = {0};

		for (int f = 0; f < nfeatures; f++)
		{
			const float *others = near->across + (size_t) f * k;

			if (nlanes == KERNEL_LANES)
				for (int v = 0; v < FLOAT_VECTORS; v++)
				{
					Floats difference = load_floats(others + c + v * FLOATS) - others[own];
					Floats sum = load_floats(squares + v * FLOATS) + difference * difference;

					memcpy(squares + v * FLOATS, &sum, sizeof(Floats));
				}
			else
				for (int lane = 0; lane < nlanes; lane++)
					squares[lane] += (others[c + lane] - others[own]) * (others[c + lane] - others[own]);
		}
		for (int lane = 0; lane < nlanes; lane++)
		{
			if (squares[lane] > most)
				continue;
			if (n == KERNEL_NEAR_LIST)
				return -1;
			list[n++] = c + lane;
		}
	}
	return n;
}

/*
 * A cluster's list that reaches as far as limit at least, somewhat farther
 * if that holds: then it serves most of the cluster's other rows.
 */
static inline void
reach_near(KernelNear *near, int k, int nfeatures, int own, float limit)
{
	int32_t *list = near->lists + (size_t) own * KERNEL_NEAR_LIST;

	if (limit <= near->limits[own])
		return;
	near->limits[own] = limit * NEAR_REACH;
	near->nlisted[own] = list_near(near, k, nfeatures, own, near->limits[own], list);
	if (near->nlisted[own] >= 0)
		return;
	near->limits[own] = limit;
	near->nlisted[own] = list_near(near, k, nfeatures, own, limit, list);
	if (near->nlisted[own] < 0)
		near->limits[own] = INFINITY;
}

/*
 * Offers step listed centroids to a vector of rows of each kind.
 */
ALWAYS_INLINE void
near_step(const float *values, int nfeatures, const int32_t *list, int step,
		  const float *packed, Floats *best, Ints *label, Floats *second)
{
	const float *members[NEAR_STEP];
	Floats       scores[NEAR_STEP][FLOAT_VECTORS];

#pragma GCC unroll 8
	for (int i = 0; i < step; i++)
	{
		members[i] = packed + (size_t) list[i] * (nfeatures + 1);
#pragma GCC unroll 4
		for (int v = 0; v < FLOAT_VECTORS; v++)
			scores[i][v] = repeat_float(members[i][0]);
	}
	for (int f = 0; f < nfeatures; f++)
#pragma GCC unroll 8
		for (int i = 0; i < step; i++)
#pragma GCC unroll 4
			for (int v = 0; v < FLOAT_VECTORS; v++)
				scores[i][v] = multiply_add(load_floats(values + (size_t) f * KERNEL_LANES + v * FLOATS),
											repeat_float(members[i][f + 1]), scores[i][v]);
#pragma GCC unroll 8
	for (int i = 0; i < step; i++)
#pragma GCC unroll 4
		for (int v = 0; v < FLOAT_VECTORS; v++)
			offer_scores(scores[i][v], list[i], &best[v], &label[v], &second[v]);
}

/*
 * Labels and slack of a bucket's rows; returns with how many centroids each was
 * compared.
 */
static int
near_rows(const float *values, int nfeatures, int k, const float *packed,
		  const KernelBounds *bounds, KernelNear *near, int own, int32_t *labels, float *slack)
{
	const int32_t *list = near->lists + (size_t) own * KERNEL_NEAR_LIST;
	Floats         best[FLOAT_VECTORS];
	Floats         second[FLOAT_VECTORS];
	Ints           label[FLOAT_VECTORS];
	Floats         squares[FLOAT_VECTORS];
	Floats         error[FLOAT_VECTORS];
	Floats         upper[FLOAT_VECTORS];
	float          relative_error = score_error(nfeatures);
	float          limit = 0;
	int            n;
	int            i = 0;

	for (int v = 0; v < FLOAT_VECTORS; v++)
	{
		Floats score = repeat_float(packed[(size_t) own * (nfeatures + 1)]);
		Floats reach;

		squares[v] = (Floats){0};
		for (int f = 0; f < nfeatures; f++)
		{
			Floats value = load_floats(values + (size_t) f * KERNEL_LANES + v * FLOATS);

			squares[v] += value * value;
			score = multiply_add(value, repeat_float(packed[(size_t) own * (nfeatures + 1) + f + 1]), score);
		}
		error[v] = (squares[v] + bounds->largest_norm) * relative_error;
		upper[v] = root_of_positive(score + squares[v] + error[v]);

		/* what is farther from this centroid loses by more than rounding, see bounded_tile */
		reach = (2 * upper[v] + root_floats(2 * error[v])) * (1 + 0x1p-20f);
		for (int lane = 0; lane < FLOATS; lane++)
			limit = limit >= reach[lane] ? limit : reach[lane];
		best[v] = second[v] = repeat_float(INFINITY);
		label[v] = (Ints){0};
	}
	reach_near(near, k, nfeatures, own, limit);
	limit = near->limits[own];
	n = near->nlisted[own];
	if (n < 0)
	{
		bounded_tile(values, 1, KERNEL_LANES, nfeatures, k, packed, bounds, labels, slack);
		return k;
	}
	for (; i + NEAR_STEP <= n; i += NEAR_STEP)
		near_step(values, nfeatures, list + i, NEAR_STEP, packed, best, label, second);
	for (; i + 2 <= n; i += 2)
		near_step(values, nfeatures, list + i, 2, packed, best, label, second);
	if (i < n)
		near_step(values, nfeatures, list + i, 1, packed, best, label, second);
	for (int v = 0; v < FLOAT_VECTORS; v++)
	{
		Floats others = (limit - upper[v]) * (1 - 0x1p-21f);
		Floats listed = root_of_positive(second[v] + squares[v] - error[v]);

		best[v] = root_of_positive(best[v] + squares[v] + error[v]);
		others = select_floats(less_floats(listed, others), listed, others);
		store_slack(others - best[v] - root_floats(2 * error[v]), bounds, label[v],
					labels + v * FLOATS, slack + v * FLOATS);
	}
	return n;
}

/* What one call of assign_near works on. */
typedef struct NearPass
{
	KernelNear         *near;
	size_t              first_row; /* of the call's, among all */
	int                 nfeatures;
	int                 k;
	const float        *packed;
	const KernelBounds *bounds;
	int32_t            *labels;
	float              *slack;
	double             *sums;
	int64_t            *counts;
	size_t              moved;
} NearPass;

/*
 * Assigns the rows of a cluster's bucket anew and empties it.
 */
static void
assign_bucket(NearPass *pass, int cluster)
{
	KernelNear *near = pass->near;
	float      *values = near->values + (size_t) cluster * pass->nfeatures * KERNEL_LANES;
	size_t     *rows = near->rows + (size_t) cluster * KERNEL_LANES;
	int         nrows = near->nrows[cluster];
	int32_t     found[KERNEL_LANES];
	float       slack[KERNEL_LANES];
	int         n;

	/* idle lanes are like the first */
	for (int f = 0; f < pass->nfeatures; f++)
		for (int lane = nrows; lane < KERNEL_LANES; lane++)
			values[f * KERNEL_LANES + lane] = values[f * KERNEL_LANES];
	n = near_rows(values, pass->nfeatures, pass->k, pass->packed, pass->bounds, near,
				  cluster, found, slack);
	near->ncompared += (size_t) n * nrows;
	pass->moved += keep_found(values, KERNEL_LANES, nrows, pass->nfeatures, rows, found, slack,
							  pass->labels, pass->slack, pass->sums, pass->counts);
	near->nrows[cluster] = 0;
}

static inline void
take_near(void *context, const float *block, size_t first_row, unsigned lanes)
{
	NearPass   *pass = context;
	KernelNear *near = pass->near;

	first_row += pass->first_row;
	for (; lanes != 0; lanes &= lanes - 1)
	{
		int    lane = __builtin_ctz(lanes);
		int    cluster = pass->labels[first_row + lane] < 0 ? 0 : pass->labels[first_row + lane];
		int    at = near->nrows[cluster]++;
		float *to = near->values + (size_t) cluster * pass->nfeatures * KERNEL_LANES + at;

		for (int f = 0; f < pass->nfeatures; f++)
			to[f * KERNEL_LANES] = block[f * KERNEL_LANES + lane];
		near->rows[(size_t) cluster * KERNEL_LANES + at] = first_row + lane;
		if (at + 1 == KERNEL_LANES)
			assign_bucket(pass, cluster);
	}
}

static size_t
loops_assign_near(const float *blocks, size_t first_row, size_t nrows, int nfeatures, int k,
				  const float *packed, const KernelBounds *bounds, KernelNear *near,
				  int32_t *labels, float *slack, double *sums, int64_t *counts,
				  size_t *ncomputed)
{
	NearPass pass = {near, first_row, nfeatures, k, packed, bounds, labels, slack, sums, counts, 0};

	*ncomputed += each_undecided(blocks, nrows, nfeatures, labels + first_row, slack + first_row, bounds->drift,
								 take_near, &pass);
	for (int c = 0; nrows == 0 && c < k; c++)
		if (near->nrows[c] > 0)
			assign_bucket(&pass, c);
	return pass.moved;
}

#endif /* KERNEL_NEAR_H */
