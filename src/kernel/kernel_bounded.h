/*
 * Assignment that leaves out rows which cannot have changed.
 *
 * Included once by every file that compiles the loops for an instruction set.
 *
 * When a row is computed, the gap between its distances to the nearest and to
 * the second nearest centroid is known.  As long as its own centroid and the
 * farthest moving other one have gone less than that together, the triangle
 * inequality keeps its label.  Both bounds of Hamerly's algorithm and the
 * movements since are one number, slack, which is only written when the row is
 * computed: a row that rests costs the reading of eight bytes.
 *
 * Rows rest one by one, not by blocks.  The others are gathered into a dense
 * set before they are computed, so that no lane is idle; and as the test runs
 * some blocks ahead, memory is asked for early, and only where it is needed.
 *
 * Labels are those of assign, to the bit: gaps are taken to be smaller by what
 * the rounding of scores could hide.
 */
#ifndef KERNEL_BOUNDED_H
#define KERNEL_BOUNDED_H

#include "kernel/kernel_loops.h"

/* Blocks between the test of a block's bounds and the use of its values, for memory to arrive. */
#define BOUNDED_AHEAD 16

/*
 * Rows gathered because their bounds do not decide, feature by feature.  The
 * width leaves room for another block's rows behind a full set.
 */
typedef struct Gathered
{
	float  *values; /* nfeatures x KERNEL_GATHER_STRIDE */
	int     nrows;
	size_t *rows; /* where they come from */
} Gathered;

/*
 * The lanes of a block whose bounds do not decide, one bit each.
 */
static inline unsigned
undecided_lanes(const int32_t *labels, const float *slack, const float *drift, int nlanes)
{
	unsigned undecided = 0;

#ifdef __AVX512F__
	if (nlanes == KERNEL_LANES)
	{
		__m512i label = _mm512_loadu_si512(labels);
		__m512  limit = _mm512_mask_i32gather_ps(_mm512_setzero_ps(), _mm512_movepi32_mask(~label), label, drift, 4);

		return mask_bits(_mm512_cmp_ps_mask(_mm512_loadu_ps(slack), limit, _CMP_NGE_UQ));
	}
#endif
	for (int lane = 0; lane < nlanes; lane++)
		undecided |= (unsigned) (labels[lane] < 0 || !(slack[lane] >= drift[labels[lane]])) << lane;
	return undecided;
}

/*
 * Appends some rows of a block.
 */
static inline void
gather_rows(Gathered *gathered, const float *block, size_t first_row, int nfeatures,
			unsigned lanes)
{
	for (int f = 0; f < nfeatures; f++)
	{
		const float *values = block + (size_t) f * KERNEL_LANES;
		float       *to = gathered->values + (size_t) f * KERNEL_GATHER_STRIDE + gathered->nrows;

#ifdef __AVX512F__
		_mm512_storeu_ps(to, _mm512_maskz_compress_ps((__mmask16) lanes, _mm512_loadu_ps(values)));
#else
		if (lanes == (1u << KERNEL_LANES) - 1)
			memcpy(to, values, KERNEL_LANES * sizeof(float));
		else
			for (unsigned left = lanes; left != 0; left &= left - 1)
				*to++ = values[__builtin_ctz(left)];
#endif
	}
	for (; lanes != 0; lanes &= lanes - 1)
		gathered->rows[gathered->nrows++] = first_row + (size_t) __builtin_ctz(lanes);
}

/* By what part of a row's and the largest centroid's square norm a score may be off. */
static inline float
score_error(int nfeatures)
{
	return (float) (2 * nfeatures + 16) * 0x1p-24f;
}

/*
 * The slack of rows for the gap between their two distances, and their labels.
 */
ALWAYS_INLINE void
store_slack(Floats gap, const KernelBounds *bounds, Ints label, int32_t *labels, float *slack)
{
	Floats zero = {0};
	Floats drift;

	memcpy(labels, &label, sizeof(Ints));
	for (int lane = 0; lane < FLOATS; lane++)
		slack[lane] = bounds->drift[label[lane]];
	drift = load_floats(slack);
	gap = select_floats(less_floats(zero, gap), (gap + drift) * (1 - 0x1p-21f), zero - INFINITY);
	memcpy(slack, &gap, sizeof(Floats));
}

static inline Floats
root_of_positive(Floats a)
{
	Floats zero = {0};

	return root_floats(select_floats(less_floats(zero, a), a, zero));
}

/*
 * Labels and slack of the gathered rows of a tile.
 */
ALWAYS_INLINE void
bounded_tile(const float *tile, int nblocks, size_t stride, int nfeatures, int k,
			 const float *packed, const KernelBounds *bounds, int32_t *labels, float *slack)
{
	const Layout layout = {KERNEL_LANES, stride};
	const int    nvectors = nblocks * FLOAT_VECTORS;
	Floats       best[TILE_BLOCKS * FLOAT_VECTORS];
	Floats       second[TILE_BLOCKS * FLOAT_VECTORS];
	Ints         label[TILE_BLOCKS * FLOAT_VECTORS];
	float        relative_error = score_error(nfeatures);

	assign_steps(tile, layout, nvectors, nfeatures, k, packed, NULL, 0, best, label, second);
#pragma GCC unroll 4
	for (int v = 0; v < nvectors; v++)
	{
		Floats squares = {0};
		Floats error;

		for (int f = 0; f < nfeatures; f++)
		{
			Floats value = load_floats(tile + f * stride + v * FLOATS);

			squares += value * value;
		}

		/*
		 * Scores and squares are off by at most error.  A gap between the
		 * distances of more than its root leaves scores that differ by more
		 * than both their errors: then assign does not err either.
		 */
		error = (squares + bounds->largest_norm) * relative_error;
		store_slack(root_of_positive(second[v] + squares - error) -
						root_of_positive(best[v] + squares + error) - root_floats(2 * error),
					bounds, label[v], labels + v * FLOATS, slack + v * FLOATS);
	}
}

/*
 * Keeps what was found for the first nrows gathered rows; returns how many moved.
 */
static inline size_t
keep_found(const float *values, size_t stride, int nrows, int nfeatures, const size_t *rows,
		   const int32_t *found, const float *found_slack, int32_t *labels, float *slack,
		   double *sums, int64_t *counts)
{
	size_t moved = 0;

	for (int i = 0; i < nrows; i++)
	{
		size_t  r = rows[i];
		int32_t from = labels[r];

		slack[r] = found_slack[i];
		if (found[i] == from)
			continue;
		move_row(values + i, stride, nfeatures, from, found[i], sums);
		counts[found[i]]++;
		if (from >= 0)
			counts[from]--;
		labels[r] = found[i];
		moved++;
	}
	return moved;
}

/*
 * Assigns the first nrows gathered rows anew; returns how many moved.
 */
static size_t
assign_gathered(const Gathered *gathered, int nrows, int nfeatures, int k,
				const float *packed, const KernelBounds *bounds, int32_t *labels,
				float *slack, double *sums, int64_t *counts)
{
	int32_t found[KERNEL_GATHER_ROWS];
	float   found_slack[KERNEL_GATHER_ROWS];
	int     nblocks = (nrows + KERNEL_LANES - 1) / KERNEL_LANES;
	int     b = 0;

	for (; b + TILE_BLOCKS <= nblocks; b += TILE_BLOCKS)
		bounded_tile(gathered->values + b * KERNEL_LANES, TILE_BLOCKS, KERNEL_GATHER_STRIDE, nfeatures, k,
					 packed, bounds, found + b * KERNEL_LANES, found_slack + b * KERNEL_LANES);
	for (; b < nblocks; b++)
		bounded_tile(gathered->values + b * KERNEL_LANES, 1, KERNEL_GATHER_STRIDE, nfeatures, k,
					 packed, bounds, found + b * KERNEL_LANES, found_slack + b * KERNEL_LANES);
	return keep_found(gathered->values, KERNEL_GATHER_STRIDE, nrows, nfeatures, gathered->rows, found,
					  found_slack, labels, slack, sums, counts);
}

/*
 * Keeps the rows behind a full set.
 */
static inline void
shift_gathered(Gathered *gathered, int nfeatures)
{
	gathered->nrows -= KERNEL_GATHER_ROWS;
	for (int f = 0; f < nfeatures; f++)
	{
		float *values = gathered->values + (size_t) f * KERNEL_GATHER_STRIDE;

		memcpy(values, values + KERNEL_GATHER_ROWS, KERNEL_LANES * sizeof(float));
	}
	memcpy(gathered->rows, gathered->rows + KERNEL_GATHER_ROWS, KERNEL_LANES * sizeof(size_t));
}

/* What is done with the undecided rows of a block. */
typedef void (*TakeRows)(void *context, const float *block, size_t first_row, unsigned lanes);

/*
 * Hands on the undecided rows among nrows; returns how many these are.
 */
ALWAYS_INLINE size_t
each_undecided(const float *blocks, size_t nrows, int nfeatures, const int32_t *labels,
			   const float *slack, const float *drift, TakeRows take, void *context)
{
	unsigned undecided[BOUNDED_AHEAD];
	size_t   nblocks = (nrows + KERNEL_LANES - 1) / KERNEL_LANES;
	size_t   block_size = (size_t) nfeatures * KERNEL_LANES;
	size_t   n = 0;

	for (size_t b = 0; b < nblocks + BOUNDED_AHEAD; b++)
	{
		if (b >= BOUNDED_AHEAD && undecided[b % BOUNDED_AHEAD] != 0)
		{
			size_t use = b - BOUNDED_AHEAD;

			n += (size_t) __builtin_popcount(undecided[b % BOUNDED_AHEAD]);
			take(context, blocks + use * block_size, use * KERNEL_LANES, undecided[b % BOUNDED_AHEAD]);
		}
		if (b < nblocks)
		{
			size_t r = b * KERNEL_LANES;
			int    nlanes = nrows - r < KERNEL_LANES ? (int) (nrows - r) : KERNEL_LANES;

			undecided[b % BOUNDED_AHEAD] = undecided_lanes(labels + r, slack + r, drift, nlanes);
			if (undecided[b % BOUNDED_AHEAD] != 0)
				prefetch((const char *) (blocks + b * block_size), (const char *) (blocks + (b + 1) * block_size), nfeatures);
		}
		else
			undecided[b % BOUNDED_AHEAD] = 0;
	}
	return n;
}

/* What one call of assign_bounded works on. */
typedef struct BoundedPass
{
	Gathered            gathered;
	int                 nfeatures;
	int                 k;
	const float        *packed;
	const KernelBounds *bounds;
	int32_t            *labels;
	float              *slack;
	double             *sums;
	int64_t            *counts;
	size_t              moved;
} BoundedPass;

ALWAYS_INLINE void
take_bounded(void *context, const float *block, size_t first_row, unsigned lanes)
{
	BoundedPass *pass = context;

	gather_rows(&pass->gathered, block, first_row, pass->nfeatures, lanes);
	if (pass->gathered.nrows < KERNEL_GATHER_ROWS)
		return;
	pass->moved += assign_gathered(&pass->gathered, KERNEL_GATHER_ROWS, pass->nfeatures, pass->k, pass->packed,
								   pass->bounds, pass->labels, pass->slack, pass->sums, pass->counts);
	shift_gathered(&pass->gathered, pass->nfeatures);
}

static size_t
loops_assign_bounded(const float *blocks, size_t nrows, int nfeatures, int k,
					 const float *packed, const KernelBounds *bounds, float *scratch,
					 int32_t *labels, float *slack, double *sums, int64_t *counts,
					 size_t *ncomputed)
{
	size_t      rows[KERNEL_GATHER_STRIDE] = {0};
	BoundedPass pass = {{scratch, 0, rows}, nfeatures, k, packed, bounds, labels, slack, sums, counts, 0};

	*ncomputed += each_undecided(blocks, nrows, nfeatures, labels, slack, bounds->drift,
								 take_bounded, &pass);
	return pass.moved + assign_gathered(&pass.gathered, pass.gathered.nrows, nfeatures, k, packed, bounds,
										labels, slack, sums, counts);
}

#endif /* KERNEL_BOUNDED_H */
