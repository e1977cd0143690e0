/*-------------------------------------------------------------------------
 *
 * kernel.c
 *	  Packing of centroids, the portable and the scalar kernel, and the choice
 *	  of a kernel for this CPU.
 *
 * The portable kernel is the loops of kernel_loops.h in the vectors that every
 * CPU of the architecture has, SSE2 or NEON.  The scalar one takes a row, a
 * centroid and a feature at a time and is what tests compare the others with.
 * kernel_avx2.c compiles the loops for AVX2 and FMA.  All memory is the caller's.
 *
 * Compile with -O3 -ffp-contract=off (see kernel_loops.h).
 *
 *-------------------------------------------------------------------------
 */
#include "kernel_loops.h"

size_t
kernel_packed_size(int k, int nfeatures)
{
	size_t ngroups = ((size_t) k + KERNEL_GROUP - 1) / KERNEL_GROUP;

	return ngroups * KERNEL_GROUP * ((size_t) nfeatures + 1);
}

/*
 * Absent members of the last group get an infinite norm, so that they never
 * win.
 */
void
kernel_pack_centroids(const double *centroids, int k, int nfeatures,
					  float *packed)
{
	for (int first = 0; first < k; first += KERNEL_GROUP)
	{
		for (int member = 0; member < KERNEL_GROUP; member++)
		{
			int    c = first + member;
			double norm = 0;

			for (int f = 0; f < nfeatures; f++)
			{
				float x = c < k ? (float) centroids[(size_t) c * nfeatures + f] : 0;

				packed[(f + 1) * KERNEL_GROUP + member] = -2 * x;
				norm += (double) x * x;
			}
			packed[member] = c < k ? (float) norm : INFINITY;
		}
		packed += (size_t) KERNEL_GROUP * (nfeatures + 1);
	}
}

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
			const float *member = packed + c % KERNEL_GROUP + (size_t) (c / KERNEL_GROUP) * KERNEL_GROUP * (nfeatures + 1);
			float        score = member[0];

			for (int f = 0; f < nfeatures; f++)
				score = fmaf(row[f * KERNEL_LANES], member[(f + 1) * KERNEL_GROUP], score);
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

static const Kernel kernel_portable = {
	.name = "portable",
	.assign = loops_assign,
	.lower_distances = loops_lower_distances,
	.nearest_two = loops_nearest_two,
	.move_sums = loops_move_sums,
};

static const Kernel kernel_scalar = {
	.name = "scalar",
	.assign = scalar_assign,
	.lower_distances = scalar_lower_distances,
	.nearest_two = scalar_nearest_two,
	.move_sums = loops_move_sums,
};

const Kernel *
kernel_choose(const char *name)
{
	const Kernel *variants[3];
	int           nvariants = 0;

#ifdef __x86_64__
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
		variants[nvariants++] = &kernel_avx2;
#endif
	variants[nvariants++] = &kernel_portable;
	variants[nvariants++] = &kernel_scalar;

	if (strcmp(name, "auto") == 0)
		return variants[0];
	for (int i = 0; i < nvariants; i++)
		if (strcmp(name, variants[i]->name) == 0)
			return variants[i];
	return NULL;
}
