/*
 * Loops that the vector variants of the kernel share.
 *
 * Plain C over the lanes of a block, included once by every file that
 * compiles it for an instruction set.  Must be compiled with
 * -ffp-contract=off: the double precision figures are promised to be the same
 * bits everywhere, and a fused multiply-add would round differently.
 */
#ifndef KERNEL_LOOPS_H
#define KERNEL_LOOPS_H

#include <math.h>
#include <string.h>

#include "kernel/kernel.h"

/*
 * How far ahead of its work assign asks for memory.  The order in which a tile
 * reads its blocks hides from the processor that it goes straight on.
 */
#define PREFETCH_BYTES 16384

/* Blocks that assign_move handles at a time; they fit the first-level cache. */
#define MOVE_BLOCKS 16

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/*
 * Vectors of the target's natural width, by the extension that gcc and clang
 * share, but for comparisons, whose result AVX-512 holds in registers of their
 * own.
 *
 * assign computes the scores of TILE_BLOCKS blocks and up to ASSIGN_STEP
 * centroids at a time: enough independent sums to keep two multiply-add units
 * with a latency of four cycles busy, and as many as the registers hold.  Each
 * value loaded from memory serves several of them.
 */
#if defined(__AVX512F__)
#include <immintrin.h>
#define VECTOR_SIZE 64
#define TILE_BLOCKS 4
#define ASSIGN_STEP 4
#elif defined(__AVX2__) && defined(__FMA__)
#include <immintrin.h>
#define VECTOR_SIZE 32
#define TILE_BLOCKS 1
#define ASSIGN_STEP 4
#else
#define VECTOR_SIZE 16
#define TILE_BLOCKS 1
#define ASSIGN_STEP 2
#endif

typedef float   Floats __attribute__((vector_size(VECTOR_SIZE)));
typedef double  Doubles __attribute__((vector_size(VECTOR_SIZE)));
typedef int32_t Ints __attribute__((vector_size(VECTOR_SIZE)));
typedef int64_t Longs __attribute__((vector_size(VECTOR_SIZE)));

#define FLOATS (VECTOR_SIZE / (int) sizeof(float))
#define DOUBLES (VECTOR_SIZE / (int) sizeof(double))
#define FLOAT_VECTORS (KERNEL_LANES / FLOATS)
#define DOUBLE_VECTORS (KERNEL_LANES / DOUBLES)

#if VECTOR_SIZE == 64

typedef __mmask16 FloatMask;
typedef __mmask8  DoubleMask;

#define multiply_add(a, b, c) \
	((Floats) _mm512_fmadd_ps((__m512) (a), (__m512) (b), (__m512) (c)))
#define less_floats(a, b) \
	_mm512_cmp_ps_mask((__m512) (a), (__m512) (b), _CMP_LT_OQ)
#define less_doubles(a, b) \
	_mm512_cmp_pd_mask((__m512d) (a), (__m512d) (b), _CMP_LT_OQ)
#define root_floats(a) ((Floats) _mm512_sqrt_ps((__m512) (a)))
#define round_doubles(a) ((Doubles) _mm512_roundscale_pd((__m512d) (a), _MM_FROUND_CUR_DIRECTION))
#define same_doubles(a, b) \
	_mm512_cmp_pd_mask((__m512d) (a), (__m512d) (b), _CMP_EQ_OQ)
#define select_floats(mask, yes, no) \
	((Floats) _mm512_mask_blend_ps(mask, (__m512) (no), (__m512) (yes)))
#define select_ints(mask, yes, no) \
	((Ints) _mm512_mask_blend_epi32(mask, (__m512i) (no), (__m512i) (yes)))
#define select_doubles(mask, yes, no) \
	((Doubles) _mm512_mask_blend_pd(mask, (__m512d) (no), (__m512d) (yes)))
#define select_longs(mask, yes, no) \
	((Longs) _mm512_mask_blend_epi64(mask, (__m512i) (no), (__m512i) (yes)))

/*
 * gcc 12 may spill a mask's 16 bits and take 32 back, in the belief that the
 * others are 0; what it cannot see through it has to clear.
 */
static inline unsigned
mask_bits(__mmask16 mask)
{
	unsigned bits = mask;

	__asm__(""
			: "+r"(bits));
	return bits & 0xffff;
}

#else

typedef Ints  FloatMask;
typedef Longs DoubleMask;

#if VECTOR_SIZE == 32
#define multiply_add(a, b, c) \
	((Floats) _mm256_fmadd_ps((__m256) (a), (__m256) (b), (__m256) (c)))
#define root_floats(a) ((Floats) _mm256_sqrt_ps((__m256) (a)))
#define round_doubles(a) ((Doubles) _mm256_round_pd((__m256d) (a), _MM_FROUND_CUR_DIRECTION))
#else
#define multiply_add(a, b, c) ((a) * (b) + (c))

static inline Floats
root_floats(Floats a)
{
	for (int lane = 0; lane < FLOATS; lane++)
		a[lane] = sqrtf(a[lane]);
	return a;
}

static inline Doubles
round_doubles(Doubles a)
{
	for (int lane = 0; lane < DOUBLES; lane++)
		a[lane] = rint(a[lane]);
	return a;
}
#endif

#define less_floats(a, b) ((FloatMask) ((a) < (b)))
#define less_doubles(a, b) ((DoubleMask) ((a) < (b)))
#define same_doubles(a, b) ((DoubleMask) ((a) == (b)))

static inline Ints
select_ints(FloatMask mask, Ints yes, Ints no)
{
	return (yes & mask) | (no & ~mask);
}

static inline Floats
select_floats(FloatMask mask, Floats yes, Floats no)
{
	return (Floats) select_ints(mask, (Ints) yes, (Ints) no);
}

static inline Longs
select_longs(DoubleMask mask, Longs yes, Longs no)
{
	return (yes & mask) | (no & ~mask);
}

static inline Doubles
select_doubles(DoubleMask mask, Doubles yes, Doubles no)
{
	return (Doubles) select_longs(mask, (Longs) yes, (Longs) no);
}

#endif

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

/*
 * Asks for up to n lines of memory before end; returns the next one.
 */
static inline const char *
prefetch(const char *line, const char *end, int n)
{
	for (; n > 0 && line < end; n--, line += 64)
		__builtin_prefetch(line);
	return line;
}

/*
 * Offers the scores of a centroid; second is NULL if it is not wanted.
 */
ALWAYS_INLINE void
offer_scores(Floats scores, int c, Floats *best, Ints *label, Floats *second)
{
	FloatMask lower = less_floats(scores, *best);

	if (second != NULL)
	{
		Floats loser = select_floats(lower, *best, scores);

		*second = select_floats(less_floats(loser, *second), loser, *second);
	}
	*label = select_ints(lower, (Ints){0} + c, *label);
	*best = select_floats(lower, scores, *best);
}

/* Where the values of some blocks lie: block b, feature f at b * block + f * feature. */
typedef struct Layout
{
	size_t block;
	size_t feature;
} Layout;

/*
 * Offers step centroids, c and those after it, to the rows of a tile.  second
 * gets the second lowest scores, unless it is NULL.
 */
ALWAYS_INLINE void
assign_step(const float *tile, Layout layout, int nvectors, int nfeatures, int c,
			int step, const float *packed, Floats *best, Ints *label, Floats *second)
{
	const float *members = packed + (size_t) c * (nfeatures + 1);
	Floats       scores[ASSIGN_STEP][TILE_BLOCKS * FLOAT_VECTORS];

	/* keeps the compiler from loading all values before the loop over centroids, to spill them */
	__asm__(""
			: "+r"(tile));
#pragma GCC unroll 4
	for (int i = 0; i < step; i++)
#pragma GCC unroll 4
		for (int v = 0; v < nvectors; v++)
			scores[i][v] = repeat_float(members[(size_t) i * (nfeatures + 1)]);
	for (int f = 0; f < nfeatures; f++)
	{
		const float *values = tile + f * layout.feature;

		members++;
#pragma GCC unroll 4
		for (int i = 0; i < step; i++)
		{
			Floats member = repeat_float(members[(size_t) i * (nfeatures + 1)]);

#pragma GCC unroll 4
			for (int v = 0; v < nvectors; v++)
				scores[i][v] = multiply_add(load_floats(values + v / FLOAT_VECTORS * layout.block + v % FLOAT_VECTORS * FLOATS),
											member, scores[i][v]);
		}
	}
#pragma GCC unroll 4
	for (int i = 0; i < step; i++)
#pragma GCC unroll 4
		for (int v = 0; v < nvectors; v++)
			offer_scores(scores[i][v], c + i, &best[v], &label[v], second == NULL ? NULL : &second[v]);
}

/*
 * Offers all centroids to the rows of a tile.
 */
ALWAYS_INLINE void
assign_steps(const float *tile, Layout layout, int nvectors, int nfeatures, int k,
			 const float *packed, const char *ahead, int nlines, Floats *best,
			 Ints *label, Floats *second)
{
	/* in bursts over half of the steps, as only so many lines can be under way */
	const char *end = ahead + (size_t) nlines * 64;
	int         burst = k < 4 * ASSIGN_STEP ? nlines : nlines / (k / (2 * ASSIGN_STEP)) + 1;
	int         c = 0;

	ahead = prefetch(ahead, end, burst);
#pragma GCC unroll 4
	for (int v = 0; v < nvectors; v++)
	{
		best[v] = repeat_float(INFINITY);
		label[v] = (Ints){0};
		if (second != NULL)
			second[v] = best[v];
	}
	for (; c + ASSIGN_STEP <= k; c += ASSIGN_STEP)
	{
		assign_step(tile, layout, nvectors, nfeatures, c, ASSIGN_STEP, packed, best, label, second);
		ahead = prefetch(ahead, end, burst);
	}
	if (ASSIGN_STEP > 3 && k - c == 3)
		assign_step(tile, layout, nvectors, nfeatures, c, 3, packed, best, label, second);
	else if (ASSIGN_STEP > 2 && k - c == 2)
		assign_step(tile, layout, nvectors, nfeatures, c, 2, packed, best, label, second);
	else if (k - c == 1)
		assign_step(tile, layout, nvectors, nfeatures, c, 1, packed, best, label, second);
}

ALWAYS_INLINE void
assign_tile(const float *blocks, int nblocks, int nfeatures, int k,
			const float *packed, int32_t *labels)
{
	const Layout layout = {(size_t) nfeatures * KERNEL_LANES, KERNEL_LANES};
	const int    nvectors = nblocks * FLOAT_VECTORS;
	Floats       best[TILE_BLOCKS * FLOAT_VECTORS];
	Ints         label[TILE_BLOCKS * FLOAT_VECTORS];

	assign_steps(blocks, layout, nvectors, nfeatures, k, packed,
				 (const char *) blocks + PREFETCH_BYTES, nblocks * nfeatures,
				 best, label, NULL);
#pragma GCC unroll 4
	for (int v = 0; v < nvectors; v++)
		memcpy(labels + v * FLOATS, &label[v], sizeof(Ints));
}

ALWAYS_INLINE void
assign_blocks(const float *blocks, size_t nblocks, int nfeatures, int k,
			  const float *packed, int32_t *labels)
{
	size_t block_size = (size_t) nfeatures * KERNEL_LANES;
	size_t b = 0;

	for (; b + TILE_BLOCKS <= nblocks; b += TILE_BLOCKS)
		assign_tile(blocks + b * block_size, TILE_BLOCKS, nfeatures, k, packed,
					labels + b * KERNEL_LANES);
	for (; b < nblocks; b++)
		assign_tile(blocks + b * block_size, 1, nfeatures, k, packed,
					labels + b * KERNEL_LANES);
}

/* For few features, the loop over them is unrolled. */
static void
loops_assign(const float *blocks, size_t nblocks, int nfeatures, int k,
			 const float *packed, int32_t *labels)
{
	switch (nfeatures)
	{
#define CASE(n)                                               \
	case n:                                                   \
		assign_blocks(blocks, nblocks, n, k, packed, labels); \
		break
		CASE(1);
		CASE(2);
		CASE(3);
		CASE(4);
		CASE(5);
		CASE(6);
		CASE(7);
		CASE(8);
#undef CASE
		default:
			assign_blocks(blocks, nblocks, nfeatures, k, packed, labels);
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
	Longs      index = (Longs){0} + c;
	DoubleMask before_nearest = less_doubles(d2, two->d2);
	DoubleMask before_second = less_doubles(d2, two->second_d2);

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

/*
 * The lanes of a block whose labels differ, one bit each.
 */
static inline unsigned
changed_lanes(const int32_t *labels, const int32_t *old_labels, int nlanes)
{
	unsigned changed = 0;

#ifdef __AVX512F__
	if (nlanes == KERNEL_LANES)
		return mask_bits(_mm512_cmpneq_epi32_mask(_mm512_loadu_si512(labels),
												  _mm512_loadu_si512(old_labels)));
#endif
	for (int lane = 0; lane < nlanes; lane++)
		changed |= (unsigned) (labels[lane] != old_labels[lane]) << lane;
	return changed;
}

/*
 * Moves one row, whose values lie stride apart.
 */
static inline void
move_row(const float *row, size_t stride, int nfeatures, int32_t from, int32_t to,
		 double *sums)
{
	double *sum = sums + (size_t) to * nfeatures;

	for (int f = 0; f < nfeatures; f++)
		sum[f] += row[f * stride];
	if (from < 0)
		return;
	sum = sums + (size_t) from * nfeatures;
	for (int f = 0; f < nfeatures; f++)
		sum[f] -= row[f * stride];
}

#ifdef __AVX2__

/* From this many rows of a block on, transposing them all is cheaper. */
#define TRANSPOSE_ROWS 4

/*
 * Turns eight lanes of eight features into eight rows.
 */
static inline void
transpose(const __m256 *in, __m256 *rows)
{
	__m256 pairs[8];
	__m256 fours[8];

#pragma GCC unroll 4
	for (int i = 0; i < 4; i++)
	{
		pairs[2 * i] = _mm256_unpacklo_ps(in[2 * i], in[2 * i + 1]);
		pairs[2 * i + 1] = _mm256_unpackhi_ps(in[2 * i], in[2 * i + 1]);
	}
#pragma GCC unroll 2
	for (int i = 0; i < 8; i += 4)
	{
		fours[i] = _mm256_shuffle_ps(pairs[i], pairs[i + 2], _MM_SHUFFLE(1, 0, 1, 0));
		fours[i + 1] = _mm256_shuffle_ps(pairs[i], pairs[i + 2], _MM_SHUFFLE(3, 2, 3, 2));
		fours[i + 2] = _mm256_shuffle_ps(pairs[i + 1], pairs[i + 3], _MM_SHUFFLE(1, 0, 1, 0));
		fours[i + 3] = _mm256_shuffle_ps(pairs[i + 1], pairs[i + 3], _MM_SHUFFLE(3, 2, 3, 2));
	}
#pragma GCC unroll 4
	for (int i = 0; i < 4; i++)
	{
		rows[i] = _mm256_permute2f128_ps(fours[i], fours[i + 4], 0x20);
		rows[i + 4] = _mm256_permute2f128_ps(fours[i], fours[i + 4], 0x31);
	}
}

/*
 * Adds the first n of eight values.
 */
ALWAYS_INLINE void
add_values(double *sums, __m256 values, int n)
{
	__m256d low = _mm256_cvtps_pd(_mm256_castps256_ps128(values));
	__m256d high = _mm256_cvtps_pd(_mm256_extractf128_ps(values, 1));
	__m128d two;

	if (n >= 4)
	{
		_mm256_storeu_pd(sums, _mm256_add_pd(_mm256_loadu_pd(sums), low));
		sums += 4;
		low = high;
	}
	if (n == 8)
	{
		_mm256_storeu_pd(sums, _mm256_add_pd(_mm256_loadu_pd(sums), high));
		return;
	}
	two = _mm256_castpd256_pd128(low);
	if (n & 2)
	{
		_mm_storeu_pd(sums, _mm_add_pd(_mm_loadu_pd(sums), two));
		sums += 2;
		two = _mm256_extractf128_pd(low, 1);
	}
	if (n & 1)
		_mm_store_sd(sums, _mm_add_sd(_mm_load_sd(sums), two));
}

ALWAYS_INLINE void
move_values(double *sums, int nfeatures, int32_t from, int32_t to, __m256 values, int n)
{
	add_values(sums + (size_t) to * nfeatures, values, n);
	if (from >= 0)
		add_values(sums + (size_t) from * nfeatures,
				   _mm256_sub_ps(_mm256_setzero_ps(), values), n);
}

/*
 * Moves the changed rows among eight lanes of a block.
 */
ALWAYS_INLINE void
move_lanes(const float *lanes, int nfeatures, unsigned changed,
		   const int32_t *labels, const int32_t *old_labels, double *sums)
{
	for (int first = 0; first < nfeatures; first += 8)
	{
		int    n = nfeatures - first < 8 ? nfeatures - first : 8;
		__m256 features[8];
		__m256 rows[8];

#pragma GCC unroll 8
		for (int i = 0; i < 8; i++)
			features[i] = _mm256_loadu_ps(lanes + (size_t) (first + (i < n ? i : 0)) * KERNEL_LANES);
		transpose(features, rows);
		if (changed == 0xff)
		{
#pragma GCC unroll 8
			for (int lane = 0; lane < 8; lane++)
				move_values(sums + first, nfeatures, old_labels[lane], labels[lane], rows[lane], n);
			continue;
		}
		for (unsigned left = changed; left != 0; left &= left - 1)
		{
			int lane = __builtin_ctz(left);

			move_values(sums + first, nfeatures, old_labels[lane], labels[lane], rows[lane], n);
		}
	}
}

#endif /* __AVX2__ */

/*
 * Moves the changed rows of a block.
 */
static inline void
move_block(const float *block, int nfeatures, unsigned changed,
		   const int32_t *labels, int32_t *old_labels, double *sums,
		   int64_t *counts)
{
	unsigned left = changed;

#ifdef __AVX2__
	if (__builtin_popcount(changed) >= TRANSPOSE_ROWS)
	{
		move_lanes(block, nfeatures, changed & 0xff, labels, old_labels, sums);
		move_lanes(block + 8, nfeatures, changed >> 8, labels + 8, old_labels + 8, sums);
		left = 0;
	}
#endif
	for (; left != 0; left &= left - 1)
	{
		int lane = __builtin_ctz(left);

		move_row(block + lane, KERNEL_LANES, nfeatures, old_labels[lane], labels[lane], sums);
	}
	for (; changed != 0; changed &= changed - 1)
	{
		int lane = __builtin_ctz(changed);

		counts[labels[lane]]++;
		if (old_labels[lane] >= 0)
			counts[old_labels[lane]]--;
		old_labels[lane] = labels[lane];
	}
}

static size_t
loops_move_sums(const float *blocks, size_t nrows, int nfeatures,
				const int32_t *labels, int32_t *old_labels, double *sums,
				int64_t *counts)
{
	size_t moved = 0;

	for (size_t r = 0; r < nrows; r += KERNEL_LANES)
	{
		int      nlanes = nrows - r < KERNEL_LANES ? (int) (nrows - r) : KERNEL_LANES;
		unsigned changed = changed_lanes(labels + r, old_labels + r, nlanes);

		if (changed == 0)
			continue;
		move_block(blocks + r * nfeatures, nfeatures, changed, labels + r,
				   old_labels + r, sums, counts);
		moved += (size_t) __builtin_popcount(changed);
	}
	return moved;
}

static size_t
loops_assign_move(const float *blocks, size_t nrows, int nfeatures, int k,
				  const float *packed, int32_t *labels, double *sums,
				  int64_t *counts)
{
	int32_t found[MOVE_BLOCKS * KERNEL_LANES];
	size_t  moved = 0;

	for (size_t r = 0; r < nrows; r += MOVE_BLOCKS * KERNEL_LANES)
	{
		const float *from = blocks + r * nfeatures;
		size_t       left = nrows - r;
		size_t       n = left < MOVE_BLOCKS * KERNEL_LANES ? left : MOVE_BLOCKS * KERNEL_LANES;

		loops_assign(from, (n + KERNEL_LANES - 1) / KERNEL_LANES, nfeatures, k, packed, found);
		moved += loops_move_sums(from, n, nfeatures, found, labels + r, sums, counts);
	}
	return moved;
}

#endif /* KERNEL_LOOPS_H */
