/*
 * All loops of a vector variant, and the variant that they make.
 *
 * Included by every file that compiles the loops for an instruction set.
 */
#ifndef KERNEL_VARIANT_H
#define KERNEL_VARIANT_H

#include "kernel/kernel_near.h"

/* rows that add_distances compares with a block at a time: as many sums as registers hold */
#define DISTANCE_ROWS (VECTOR_SIZE / 8)

static void
loops_add_distances(const float *rows, const float *blocks, size_t nblocks, int nfeatures, int squared,
					double *sums)
{
	for (size_t b = 0; b < nblocks; b++)
	{
		for (int first = 0; first < KERNEL_LANES; first += DISTANCE_ROWS)
		{
			Floats squares[DISTANCE_ROWS][FLOAT_VECTORS] = {{{0}}};
			float  distances[DISTANCE_ROWS * KERNEL_LANES];

			for (int f = 0; f < nfeatures; f++)
			{
				const float *row = rows + f * KERNEL_LANES + first;

#pragma GCC unroll 8
				for (int i = 0; i < DISTANCE_ROWS; i++)
#pragma GCC unroll 4
					for (int v = 0; v < FLOAT_VECTORS; v++)
					{
						Floats diff = load_floats(blocks + f * KERNEL_LANES + v * FLOATS) - repeat_float(row[i]);

						squares[i][v] += diff * diff;
					}
			}
#pragma GCC unroll 8
			for (int i = 0; i < DISTANCE_ROWS; i++)
#pragma GCC unroll 4
				for (int v = 0; v < FLOAT_VECTORS; v++)
				{
					Floats distance = squared ? squares[i][v] / 2 : root_floats(squares[i][v]);

					memcpy(distances + i * KERNEL_LANES + v * FLOATS, &distance, sizeof(distance));
				}
			for (int i = 0; i < DISTANCE_ROWS * KERNEL_LANES; i++)
				sums[first * KERNEL_LANES + i] += distances[i];
		}
		blocks += (size_t) nfeatures * KERNEL_LANES;
	}
}

static void
loops_prepare(const double *raw, size_t nblocks, int ncolumns,
			  const int *columns, int nfeatures, const double *fill,
			  const double *offset, const double *factor, double *prepared)
{
	for (size_t b = 0; b < nblocks; b++)
	{
		for (int f = 0; f < nfeatures; f++)
		{
			const double *values = raw + (size_t) columns[f] * KERNEL_LANES;
			Doubles       filled = (Doubles){0} + fill[f];

			for (int v = 0; v < DOUBLE_VECTORS; v++)
			{
				Doubles value = load_doubles(values + v * DOUBLES);

				__builtin_prefetch((const char *) (values + v * DOUBLES) + PREFETCH_BYTES);
				value = select_doubles(same_doubles(value, value), value, filled);
				value = (value - offset[f]) * factor[f];
				if (factor[f] == 0)
					value = (Doubles){0};
				memcpy(prepared + v * DOUBLES, &value, sizeof(value));
			}
			prepared += KERNEL_LANES;
		}
		raw += (size_t) ncolumns * KERNEL_LANES;
	}
}

static void
loops_narrow(const double *restrict prepared, size_t nblocks, int nfeatures,
			 const double *restrict grid, float *restrict blocks)
{
	for (size_t b = 0; b < nblocks; b++)
		for (int f = 0; f < nfeatures; f++)
		{
			double      steps = 1 / grid[f];
			const char *ahead = (const char *) prepared + PREFETCH_BYTES;

			prefetch(ahead, ahead + KERNEL_LANES * sizeof(double), 2);
			for (int lane = 0; lane < KERNEL_LANES; lane++)
				blocks[lane] = (float) (rint(prepared[lane] * steps) * grid[f]) + 0.0f;
			prepared += KERNEL_LANES;
			blocks += KERNEL_LANES;
		}
}

#define KERNEL_OF_LOOPS(variant)                  \
	{                                             \
		.name = (variant),                        \
		.assign = loops_assign,                   \
		.lower_distances = loops_lower_distances, \
		.add_distances = loops_add_distances,     \
		.nearest_two = loops_nearest_two,         \
		.move_sums = loops_move_sums,             \
		.assign_move = loops_assign_move,         \
		.assign_bounded = loops_assign_bounded,   \
		.assign_near = loops_assign_near,         \
		.prepare = loops_prepare,                 \
		.narrow = loops_narrow,                   \
	}

#endif /* KERNEL_VARIANT_H */
