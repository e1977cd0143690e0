/*-------------------------------------------------------------------------
 *
 * kernel_loops.h
 *	  Loops that the vector variants of the kernel share.
 *
 * Plain C over the lanes of a block, included once by every file that
 * compiles it for an instruction set.  Must be compiled with
 * -ffp-contract=off: the double precision figures are promised to be the same
 * bits everywhere, and a fused multiply-add would round differently.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KERNEL_LOOPS_H
#define KERNEL_LOOPS_H

#include <math.h>
#include <string.h>

#include "kernel.h"

/*
 * Packed centroids come in groups of this many: their norms, then for each
 * feature their -2 c.  A step of assign works on one group, so that each value
 * loaded from a row serves several centroids.
 */
#define KERNEL_GROUP 4

#ifdef __x86_64__
extern const Kernel kernel_avx2;
#endif

/*
 * Vectors of the target's natural width, by the extension that gcc and clang
 * share.  Arrays of them are small enough to be kept in registers, which
 * neither compiler manages reliably for arrays of KERNEL_LANES numbers.
 *
 * ASSIGN_STEP centroids are compared at a time: as many as leave eight
 * accumulators, which keep two multiply-add units with a latency of four
 * cycles busy and fit sixteen registers.
 */
#if defined(__AVX2__) && defined(__FMA__)
#include <immintrin.h>
#define VECTOR_SIZE 32
#define ASSIGN_STEP 4
#define multiply_add(a, b, c) \
	((Floats) _mm256_fmadd_ps((__m256) (a), (__m256) (b), (__m256) (c)))
#else
#define VECTOR_SIZE 16
#define ASSIGN_STEP 2
#define multiply_add(a, b, c) ((a) * (b) + (c))
#endif

typedef float   Floats __attribute__((vector_size(VECTOR_SIZE)));
typedef double  Doubles __attribute__((vector_size(VECTOR_SIZE)));
typedef int32_t Ints __attribute__((vector_size(VECTOR_SIZE)));
typedef int64_t Longs __attribute__((vector_size(VECTOR_SIZE)));

#define FLOATS (VECTOR_SIZE / (int) sizeof(float))
#define DOUBLES (VECTOR_SIZE / (int) sizeof(double))
#define FLOAT_VECTORS (KERNEL_LANES / FLOATS)
#define DOUBLE_VECTORS (KERNEL_LANES / DOUBLES)

static inline Floats
load_floats(const float *from)
{
	Floats value;

	memcpy(&value, from, sizeof(value));
	return value;
}

static inline Doubles
load_doubles(const double *from)
{
	Doubles value;

	memcpy(&value, from, sizeof(value));
	return value;
}

/*
 * The value in all lanes.  Subtracting 0 changes no value and is folded away;
 * adding it would cost an instruction, as it turns -0 into 0.
 */
static inline Floats
repeat_float(float value)
{
	return value - (Floats){0};
}

static inline Ints
select_ints(Ints mask, Ints yes, Ints no)
{
	return (yes & mask) | (no & ~mask);
}

static inline Longs
select_longs(Longs mask, Longs yes, Longs no)
{
	return (yes & mask) | (no & ~mask);
}

static inline Doubles
select_doubles(Longs mask, Doubles yes, Doubles no)
{
	return (Doubles) select_longs(mask, (Longs) yes, (Longs) no);
}

static void
loops_assign(const float *blocks, size_t nblocks, int nfeatures, int k,
			 const float *packed, int32_t *labels)
{
	for (size_t b = 0; b < nblocks; b++)
	{
		Floats best[FLOAT_VECTORS];
		Ints   label[FLOAT_VECTORS];

		for (int v = 0; v < FLOAT_VECTORS; v++)
		{
			best[v] = repeat_float(INFINITY);
			label[v] = (Ints){0};
		}
		for (int c = 0; c < k; c += ASSIGN_STEP)
		{
			const float *members = packed + c % KERNEL_GROUP + (size_t) (c / KERNEL_GROUP) * KERNEL_GROUP * (nfeatures + 1);
			const float *values = blocks;
			Floats       scores[ASSIGN_STEP][FLOAT_VECTORS];

			for (int i = 0; i < ASSIGN_STEP; i++)
				for (int v = 0; v < FLOAT_VECTORS; v++)
					scores[i][v] = repeat_float(members[i]);
			for (int f = 0; f < nfeatures; f++)
			{
				members += KERNEL_GROUP;
				for (int i = 0; i < ASSIGN_STEP; i++)
				{
					Floats member = repeat_float(members[i]);

					for (int v = 0; v < FLOAT_VECTORS; v++)
						scores[i][v] = multiply_add(load_floats(values + v * FLOATS),
													member, scores[i][v]);
				}
				values += KERNEL_LANES;
			}
			for (int i = 0; i < ASSIGN_STEP; i++)
				for (int v = 0; v < FLOAT_VECTORS; v++)
				{
					Ints lower = (Ints) (scores[i][v] < best[v]);

					label[v] = select_ints(lower, (Ints){0} + (c + i), label[v]);
					best[v] = (Floats) select_ints(lower, (Ints) scores[i][v],
												   (Ints) best[v]);
				}
		}
		memcpy(labels, label, sizeof(label));
		blocks += (size_t) nfeatures * KERNEL_LANES;
		labels += KERNEL_LANES;
	}
}

static void
loops_lower_distances(const float *blocks, size_t nblocks, int nfeatures,
					  const float *centroid, float *nearest)
{
	for (size_t b = 0; b < nblocks; b++)
	{
		Floats sums[FLOAT_VECTORS] = {{0}};
		float  d2[KERNEL_LANES];

		for (int f = 0; f < nfeatures; f++)
		{
			for (int v = 0; v < FLOAT_VECTORS; v++)
			{
				Floats diff = load_floats(blocks + v * FLOATS) - centroid[f];

				sums[v] += diff * diff;
			}
			blocks += KERNEL_LANES;
		}
		memcpy(d2, sums, sizeof(d2));
		for (int lane = 0; lane < KERNEL_LANES; lane++)
			nearest[lane] = d2[lane] < nearest[lane] ? d2[lane] : nearest[lane];
		nearest += KERNEL_LANES;
	}
}

/*
 * The nearest two centroids among those before c, for some lanes.  Indexes are
 * as wide as distances, so that the result of a comparison selects both.
 */
typedef struct NearestTwo
{
	Longs   nearest;
	Longs   second;
	Doubles d2;
	Doubles second_d2;
} NearestTwo;

static inline void
nearest_two_offer(NearestTwo *two, int c, Doubles d2)
{
	Longs index = (Longs){0} + c;
	Longs before_nearest = (Longs) (d2 < two->d2);
	Longs before_second = (Longs) (d2 < two->second_d2);

	two->second = select_longs(before_nearest, two->nearest,
							   select_longs(before_second, index, two->second));
	two->second_d2 = select_doubles(before_nearest, two->d2,
									select_doubles(before_second, d2, two->second_d2));
	two->nearest = select_longs(before_nearest, index, two->nearest);
	two->d2 = select_doubles(before_nearest, d2, two->d2);
}

static void
loops_nearest_two(const double *blocks, size_t nblocks, int nfeatures, int k,
				  const double *centroids, int32_t *nearest, double *d2,
				  int32_t *second, double *second_d2)
{
	for (size_t b = 0; b < nblocks; b++)
	{
		NearestTwo two[DOUBLE_VECTORS];

		for (int v = 0; v < DOUBLE_VECTORS; v++)
		{
			two[v].nearest = two[v].second = (Longs){0} - 1;
			two[v].d2 = two[v].second_d2 = (Doubles){0} + INFINITY;
		}
		for (int c = 0; c < k; c++)
		{
			const double *centroid = centroids + (size_t) c * nfeatures;
			const double *values = blocks;
			Doubles       sums[DOUBLE_VECTORS] = {{0}};

			for (int f = 0; f < nfeatures; f++)
			{
				for (int v = 0; v < DOUBLE_VECTORS; v++)
				{
					Doubles diff = load_doubles(values + v * DOUBLES) - centroid[f];

					sums[v] += diff * diff;
				}
				values += KERNEL_LANES;
			}
			for (int v = 0; v < DOUBLE_VECTORS; v++)
				nearest_two_offer(&two[v], c, sums[v]);
		}
		for (int v = 0; v < DOUBLE_VECTORS; v++)
		{
			memcpy(d2, &two[v].d2, sizeof(Doubles));
			memcpy(second_d2, &two[v].second_d2, sizeof(Doubles));
			for (int lane = 0; lane < DOUBLES; lane++)
			{
				nearest[lane] = (int32_t) two[v].nearest[lane];
				second[lane] = (int32_t) two[v].second[lane];
			}
			nearest += DOUBLES;
			d2 += DOUBLES;
			second += DOUBLES;
			second_d2 += DOUBLES;
		}
		blocks += (size_t) nfeatures * KERNEL_LANES;
	}
}

static size_t
loops_move_sums(const float *blocks, size_t nrows, int nfeatures,
				const int32_t *labels, int32_t *old_labels, double *sums,
				int64_t *counts)
{
	size_t moved = 0;

	for (size_t r = 0; r < nrows; r++)
	{
		const float *row = blocks + r / KERNEL_LANES * KERNEL_LANES * nfeatures + r % KERNEL_LANES;
		int32_t      from = old_labels[r];
		int32_t      to = labels[r];
		double      *sum = sums + (size_t) to * nfeatures;

		if (from == to)
			continue;
		for (int f = 0; f < nfeatures; f++)
			sum[f] += row[f * KERNEL_LANES];
		counts[to]++;
		if (from >= 0)
		{
			sum = sums + (size_t) from * nfeatures;
			for (int f = 0; f < nfeatures; f++)
				sum[f] -= row[f * KERNEL_LANES];
			counts[from]--;
		}
		old_labels[r] = to;
		moved++;
	}
	return moved;
}

#endif /* KERNEL_LOOPS_H */
