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

/* half a vector: what becomes a vector of doubles */
typedef float   HalfFloats __attribute__((vector_size(VECTOR_SIZE / 2)));
typedef int32_t HalfInts __attribute__((vector_size(VECTOR_SIZE / 2)));

/* Cells number lane and those after it as doubles; cell is a constant. */
ALWAYS_INLINE Doubles
load_cells(const void *cells, KernelCell cell, int lane)
{
	HalfFloats floats;
	HalfInts   ints;
	Doubles    value;

	if (cell == CELL_DOUBLE)
		return load_doubles((const double *) cells + lane);
	if (cell == CELL_FLOAT)
	{
		memcpy(&floats, (const float *) cells + lane, sizeof(floats));
		return __builtin_convertvector(floats, Doubles);
	}
	memcpy(&ints, (const int32_t *) cells + lane, sizeof(ints));
	value = __builtin_convertvector(ints, Doubles);
	return select_doubles(same_doubles(value, (Doubles){0} + INT32_MIN), (Doubles){0} + (double) NAN, value);
}

/* A column's values of one block; cell is a constant. */
ALWAYS_INLINE void
prepare_lanes(const void *cells, KernelCell cell, double fill, double offset, double factor, double *prepared)
{
	for (int v = 0; v < DOUBLE_VECTORS; v++)
	{
		Doubles value = load_cells(cells, cell, v * DOUBLES);

		value = select_doubles(same_doubles(value, value), value, (Doubles){0} + fill);
		value = (value - offset) * factor;
		if (factor == 0)
			value = (Doubles){0};
		memcpy(prepared + v * DOUBLES, &value, sizeof(value));
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
			const char   *ahead = (const char *) values + PREFETCH_BYTES;

			prefetch(ahead, ahead + KERNEL_LANES * sizeof(double), 2);
			prepare_lanes(values, CELL_DOUBLE, fill[f], offset[f], factor[f], prepared);
			prepared += KERNEL_LANES;
		}
		raw += (size_t) ncolumns * KERNEL_LANES;
	}
}

ALWAYS_INLINE void
narrow_lanes(const double *prepared, double grid, float *blocks)
{
	double steps = 1 / grid;

	for (int v = 0; v < DOUBLE_VECTORS; v++)
	{
		Doubles    value = round_doubles(load_doubles(prepared + v * DOUBLES) * steps) * grid;
		HalfFloats narrow = __builtin_convertvector(value, HalfFloats) + 0.0f;

		memcpy(blocks + v * DOUBLES, &narrow, sizeof(narrow));
	}
}

static void
loops_narrow(const double *restrict prepared, size_t nblocks, int nfeatures,
			 const double *restrict grid, float *restrict blocks)
{
	for (size_t b = 0; b < nblocks; b++)
		for (int f = 0; f < nfeatures; f++)
		{
			const char *ahead = (const char *) prepared + PREFETCH_BYTES;

			prefetch(ahead, ahead + KERNEL_LANES * sizeof(double), 2);
			narrow_lanes(prepared, grid[f], blocks);
			prepared += KERNEL_LANES;
			blocks += KERNEL_LANES;
		}
}

/* Feature f of a block of cells, prepared. Where columns is NULL, the block has prepared doubles. */
ALWAYS_INLINE void
prepared_lanes(const char *block, const KernelColumn *columns, int f, double *prepared)
{
	const KernelColumn *column;
	const char         *cells;

	if (columns == NULL)
	{
		memcpy(prepared, (const double *) block + (size_t) f * KERNEL_LANES, sizeof(double) * KERNEL_LANES);
		return;
	}
	column = &columns[f];
	cells = block + column->place;
	if (column->cell == CELL_FLOAT)
		prepare_lanes(cells, CELL_FLOAT, column->fill, column->offset, column->factor, prepared);
	else if (column->cell == CELL_INT)
		prepare_lanes(cells, CELL_INT, column->fill, column->offset, column->factor, prepared);
	else
		prepare_lanes(cells, CELL_DOUBLE, column->fill, column->offset, column->factor, prepared);
}

/* What brings the rows of a block to length 1. */
typedef struct UnitFactors
{
	double scale[KERNEL_LANES];
	double inverse[KERNEL_LANES];
} UnitFactors;

ALWAYS_INLINE void
unit_lanes(const UnitFactors *factors, double *values)
{
	for (int v = 0; v < DOUBLE_VECTORS; v++)
	{
		Doubles value = load_doubles(values + v * DOUBLES) * load_doubles(factors->scale + v * DOUBLES) *
						load_doubles(factors->inverse + v * DOUBLES);

		memcpy(values + v * DOUBLES, &value, sizeof(value));
	}
}

/* The largest magnitude of each row of a block, and the sum of its squares, scaled. */
ALWAYS_INLINE void
measure_lanes(const char *block, const KernelColumn *columns, int nfeatures, const double *scale,
			  double *magnitude, double *sum)
{
	Doubles largest[DOUBLE_VECTORS] = {{0}};
	Doubles squares[DOUBLE_VECTORS] = {{0}};

	for (int f = 0; f < nfeatures; f++)
	{
		double prepared[KERNEL_LANES];

		prepared_lanes(block, columns, f, prepared);
		for (int v = 0; v < DOUBLE_VECTORS; v++)
		{
			Doubles value = load_doubles(prepared + v * DOUBLES);
			Doubles size = select_doubles(less_doubles(value, (Doubles){0}), -value, value);

			largest[v] = select_doubles(less_doubles(largest[v], size), size, largest[v]);
			value *= load_doubles(scale + v * DOUBLES);
			squares[v] += value * value;
		}
	}
	memcpy(magnitude, largest, sizeof(largest));
	memcpy(sum, squares, sizeof(squares));
}

/*
 * The scale of nearly every row is 1.  So squares are first summed without
 * scales, and once more if a row of the block has another.
 */
ALWAYS_INLINE void
find_unit_factors(const char *block, const KernelColumn *columns, int nfeatures, UnitFactors *factors)
{
	double magnitude[KERNEL_LANES];
	double squares[KERNEL_LANES];
	int    scaled = 0;

	for (int lane = 0; lane < KERNEL_LANES; lane++)
		factors->scale[lane] = 1;
	measure_lanes(block, columns, nfeatures, factors->scale, magnitude, squares);
	for (int lane = 0; lane < KERNEL_LANES; lane++)
		scaled |= kernel_unit_scale(magnitude[lane]) != 1;
	if (scaled)
	{
		for (int lane = 0; lane < KERNEL_LANES; lane++)
			factors->scale[lane] = kernel_unit_scale(magnitude[lane]);
		measure_lanes(block, columns, nfeatures, factors->scale, magnitude, squares);
	}
	for (int lane = 0; lane < KERNEL_LANES; lane++)
		factors->inverse[lane] = squares[lane] == 0 ? 1 : 1 / sqrt(squares[lane]);
}

static void
loops_normalize(double *blocks, size_t nblocks, int nfeatures)
{
	for (size_t b = 0; b < nblocks; b++)
	{
		UnitFactors factors;

		find_unit_factors((const char *) blocks, NULL, nfeatures, &factors);
		for (int f = 0; f < nfeatures; f++)
		{
			unit_lanes(&factors, blocks);
			blocks += KERNEL_LANES;
		}
	}
}

static void
loops_pack(const void *raw, size_t nblocks, size_t block_bytes,
		   const KernelColumn *columns, int nfeatures, int normalized, float *blocks)
{
	const char *block = raw;

	for (size_t b = 0; b < nblocks; b++)
	{
		UnitFactors factors;

		if (normalized)
			find_unit_factors(block, columns, nfeatures, &factors);
		for (int f = 0; f < nfeatures; f++)
		{
			const char *ahead = block + columns[f].place + PREFETCH_BYTES;
			double      prepared[KERNEL_LANES];

			prefetch(ahead, ahead + KERNEL_LANES * sizeof(double), columns[f].cell == CELL_DOUBLE ? 2 : 1);
			prepared_lanes(block, columns, f, prepared);
			if (normalized)
				unit_lanes(&factors, prepared);
			narrow_lanes(prepared, columns[f].grid, blocks);
			blocks += KERNEL_LANES;
		}
		block += block_bytes;
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
		.normalize = loops_normalize,             \
		.pack = loops_pack,                       \
	}

#endif /* KERNEL_VARIANT_H */
