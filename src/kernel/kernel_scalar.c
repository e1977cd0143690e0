/*
 * The kernel that tests compare the others with: a row, a centroid and a
 * feature at a time.
 *
 * Compile with -ffp-contract=off (see kernel_loops.h).
 */
#include <math.h>

#include "kernel/kernel.h"

static void
scalar_assign(const float *blocks, size_t nblocks, int nfeatures, int k,
			  const float *packed, int32_t *labels)
{
	for (size_t r = 0; r < nblocks * KERNEL_LANES; r++)
	{
		const float *row = blocks + r / KERNEL_LANES * KERNEL_LANES * nfeatures + r % KERNEL_LANES;
		float        best = INFINITY;

		labels[r] = 0;
		for (int c = 0; c < k; c++)
		{
			const float *member = packed + (size_t) c * (nfeatures + 1);
			float        score = member[0];

			for (int f = 0; f < nfeatures; f++)
				score = fmaf(row[f * KERNEL_LANES], member[f + 1], score);
			if (score < best)
			{
				best = score;
				labels[r] = c;
			}
		}
	}
}

static void
scalar_lower_distances(const float *blocks, size_t nblocks, int nfeatures,
					   const float *centroid, float *nearest)
{
	for (size_t r = 0; r < nblocks * KERNEL_LANES; r++)
	{
		const float *row = blocks + r / KERNEL_LANES * KERNEL_LANES * nfeatures + r % KERNEL_LANES;
		float        d2 = 0;

		for (int f = 0; f < nfeatures; f++)
		{
			float diff = row[f * KERNEL_LANES] - centroid[f];

			d2 += diff * diff;
		}
		if (d2 < nearest[r])
			nearest[r] = d2;
	}
}

static void
scalar_add_distances(const float *rows, const float *blocks, size_t nblocks, int nfeatures, int squared,
					 double *sums)
{
	for (size_t r = 0; r < nblocks * KERNEL_LANES; r++)
	{
		const float *other = blocks + r / KERNEL_LANES * KERNEL_LANES * nfeatures + r % KERNEL_LANES;

		for (int i = 0; i < KERNEL_LANES; i++)
		{
			float d2 = 0;

			for (int f = 0; f < nfeatures; f++)
			{
				float diff = other[f * KERNEL_LANES] - rows[f * KERNEL_LANES + i];

				d2 += diff * diff;
			}
			sums[i * KERNEL_LANES + r % KERNEL_LANES] += squared ? d2 / 2 : sqrtf(d2);
		}
	}
}

static void
scalar_nearest_two(const double *blocks, size_t nblocks, int nfeatures, int k,
				   const double *centroids, int32_t *nearest, double *d2,
				   int32_t *second, double *second_d2)
{
	for (size_t r = 0; r < nblocks * KERNEL_LANES; r++)
	{
		const double *row = blocks + r / KERNEL_LANES * KERNEL_LANES * nfeatures + r % KERNEL_LANES;

		nearest[r] = second[r] = -1;
		d2[r] = second_d2[r] = INFINITY;
		for (int c = 0; c < k; c++)
		{
			double distance = 0;

			for (int f = 0; f < nfeatures; f++)
			{
				double diff = row[f * KERNEL_LANES] - centroids[(size_t) c * nfeatures + f];

				distance += diff * diff;
			}
			if (distance < d2[r])
			{
				second[r] = nearest[r];
				second_d2[r] = d2[r];
				nearest[r] = c;
				d2[r] = distance;
			}
			else if (distance < second_d2[r])
			{
				second[r] = c;
				second_d2[r] = distance;
			}
		}
	}
}

static size_t
scalar_move_sums(const float *blocks, size_t nrows, int nfeatures,
				 const int32_t *labels, int32_t *old_labels, double *sums,
				 int64_t *counts)
{
	size_t moved = 0;

	for (size_t r = 0; r < nrows; r++)
	{
		const float *row = blocks + r / KERNEL_LANES * KERNEL_LANES * nfeatures + r % KERNEL_LANES;

		if (old_labels[r] == labels[r])
			continue;
		for (int f = 0; f < nfeatures; f++)
		{
			sums[(size_t) labels[r] * nfeatures + f] += row[f * KERNEL_LANES];
			if (old_labels[r] >= 0)
				sums[(size_t) old_labels[r] * nfeatures + f] -= row[f * KERNEL_LANES];
		}
		counts[labels[r]]++;
		if (old_labels[r] >= 0)
			counts[old_labels[r]]--;
		old_labels[r] = labels[r];
		moved++;
	}
	return moved;
}

static size_t
scalar_assign_move(const float *blocks, size_t nrows, int nfeatures, int k,
				   const float *packed, int32_t *labels, double *sums,
				   int64_t *counts)
{
	size_t moved = 0;

	for (size_t r = 0; r < nrows; r += KERNEL_LANES)
	{
		size_t  n = nrows - r < KERNEL_LANES ? nrows - r : KERNEL_LANES;
		int32_t found[KERNEL_LANES];

		scalar_assign(blocks, 1, nfeatures, k, packed, found);
		moved += scalar_move_sums(blocks, n, nfeatures, found, labels + r, sums, counts);
		blocks += (size_t) nfeatures * KERNEL_LANES;
	}
	return moved;
}

/* What assign_bounded promises, for all rows. */
static size_t
scalar_assign_bounded(const float *blocks, size_t nrows, int nfeatures, int k,
					  const float *packed, const KernelBounds *bounds, float *scratch,
					  int32_t *labels, float *slack, double *sums, int64_t *counts,
					  size_t *ncomputed)
{
	(void) bounds;
	(void) scratch;
	(void) slack;
	*ncomputed += nrows;
	return scalar_assign_move(blocks, nrows, nfeatures, k, packed, labels, sums, counts);
}

/* What assign_near promises, for all rows at once. */
static size_t
scalar_assign_near(const float *blocks, size_t first_row, size_t nrows, int nfeatures, int k,
				   const float *packed, const KernelBounds *bounds, KernelNear *near,
				   int32_t *labels, float *slack, double *sums, int64_t *counts,
				   size_t *ncomputed)
{
	(void) bounds;
	(void) slack;
	*ncomputed += nrows;
	near->ncompared += nrows * k;
	return scalar_assign_move(blocks, nrows, nfeatures, k, packed, labels + first_row, sums, counts);
}

static void
scalar_prepare(const double *raw, size_t nblocks, int ncolumns,
			   const int *columns, int nfeatures, const double *fill,
			   const double *offset, const double *factor, double *prepared)
{
	for (size_t i = 0; i < nblocks * nfeatures * KERNEL_LANES; i++)
	{
		size_t block = i / KERNEL_LANES / nfeatures;
		int    f = (int) (i / KERNEL_LANES % nfeatures);
		double value = raw[(block * ncolumns + columns[f]) * KERNEL_LANES + i % KERNEL_LANES];

		if (isnan(value))
			value = fill[f];
		prepared[i] = factor[f] == 0 ? 0 : (value - offset[f]) * factor[f];
	}
}

static void
scalar_narrow(const double *prepared, size_t nblocks, int nfeatures,
			  const double *grid, float *blocks)
{
	for (size_t i = 0; i < nblocks * nfeatures * KERNEL_LANES; i++)
	{
		double unit = grid[i / KERNEL_LANES % nfeatures];

		blocks[i] = (float) (rint(prepared[i] / unit) * unit) + 0.0f;
	}
}

static double
cell_value(const void *cells, KernelCell cell, int lane)
{
	if (cell == CELL_FLOAT)
		return ((const float *) cells)[lane];
	if (cell == CELL_DOUBLE)
		return ((const double *) cells)[lane];
	return ((const int32_t *) cells)[lane] == INT32_MIN ? (double) NAN : ((const int32_t *) cells)[lane];
}

/* Feature f of a row of a block of cells, prepared. Where columns is NULL, the block has prepared doubles. */
static double
prepared_value(const void *block, const KernelColumn *columns, int f, int lane)
{
	double value;

	if (columns == NULL)
		return ((const double *) block)[f * KERNEL_LANES + lane];
	value = cell_value((const char *) block + columns[f].place, columns[f].cell, lane);
	if (isnan(value))
		value = columns[f].fill;
	return columns[f].factor == 0 ? 0 : (value - columns[f].offset) * columns[f].factor;
}

/* What brings a row of a block to length 1. */
static void
unit_factors(const void *block, const KernelColumn *columns, int nfeatures, int lane, double *scale, double *inverse)
{
	double largest = 0;
	double squares = 0;

	for (int f = 0; f < nfeatures; f++)
		largest = fmax(largest, fabs(prepared_value(block, columns, f, lane)));
	*scale = kernel_unit_scale(largest);
	for (int f = 0; f < nfeatures; f++)
	{
		double value = prepared_value(block, columns, f, lane) * *scale;

		squares += value * value;
	}
	*inverse = squares == 0 ? 1 : 1 / sqrt(squares);
}

static void
scalar_normalize(double *blocks, size_t nblocks, int nfeatures)
{
	for (size_t r = 0; r < nblocks * KERNEL_LANES; r++)
	{
		double *block = blocks + r / KERNEL_LANES * KERNEL_LANES * nfeatures;
		double  scale;
		double  inverse;

		unit_factors(block, NULL, nfeatures, r % KERNEL_LANES, &scale, &inverse);
		for (int f = 0; f < nfeatures; f++)
		{
			double *value = &block[f * KERNEL_LANES + r % KERNEL_LANES];

			*value = *value * scale * inverse;
		}
	}
}

static void
scalar_pack(const void *raw, size_t nblocks, size_t block_bytes,
			const KernelColumn *columns, int nfeatures, int normalized, float *blocks)
{
	for (size_t r = 0; r < nblocks * KERNEL_LANES; r++)
	{
		const char *block = (const char *) raw + r / KERNEL_LANES * block_bytes;
		int         lane = (int) (r % KERNEL_LANES);
		double      scale = 1;
		double      inverse = 1;

		if (normalized)
			unit_factors(block, columns, nfeatures, lane, &scale, &inverse);
		for (int f = 0; f < nfeatures; f++)
		{
			double value = prepared_value(block, columns, f, lane) * scale * inverse;

			blocks[(r / KERNEL_LANES * nfeatures + f) * KERNEL_LANES + lane] =
				(float) (rint(value / columns[f].grid) * columns[f].grid) + 0.0f;
		}
	}
}

const Kernel kernel_scalar = {
	.name = "scalar",
	.assign = scalar_assign,
	.lower_distances = scalar_lower_distances,
	.add_distances = scalar_add_distances,
	.nearest_two = scalar_nearest_two,
	.move_sums = scalar_move_sums,
	.assign_move = scalar_assign_move,
	.assign_bounded = scalar_assign_bounded,
	.assign_near = scalar_assign_near,
	.prepare = scalar_prepare,
	.narrow = scalar_narrow,
	.normalize = scalar_normalize,
	.pack = scalar_pack,
};
