/*
 * Packing of centroids, what bounds know of them, and the choice of a kernel
 * for this CPU.
 *
 * All memory is the caller's.
 */
#include <math.h>
#include <string.h>

#include "kernel/kernel.h"

size_t
kernel_packed_size(int k, int nfeatures)
{
	return (size_t) k * ((size_t) nfeatures + 1);
}

/* For each centroid its norm, then for each feature -2 c. */
void
kernel_pack_centroids(const double *centroids, int k, int nfeatures,
					  float *packed)
{
	for (int c = 0; c < k; c++)
	{
		double norm = 0;

		for (int f = 0; f < nfeatures; f++)
		{
			float x = (float) centroids[f];

			packed[f + 1] = -2 * x;
			norm += (double) x * x;
		}
		packed[0] = (float) norm;
		centroids += nfeatures;
		packed += nfeatures + 1;
	}
}

static float
largest_norm(const float *packed, int k, int nfeatures)
{
	float largest = 0;

	for (int c = 0; c < k; c++)
		largest = fmaxf(largest, packed[(size_t) c * (nfeatures + 1)]);
	return largest;
}

/*
 * The rounding errors that decide whether a row is looked at grow with the
 * largest norm, hence some room, but little.
 */
void
kernel_bounds_start(KernelBounds *bounds, const float *packed, int k, int nfeatures)
{
	for (int c = 0; c < k; c++)
		bounds->travelled[c] = bounds->drift[c] = 0;
	bounds->largest_norm = 4 * largest_norm(packed, k, nfeatures);
}

/* The distance of two packed centroids, which are -2 c. */
static double
packed_distance(const float *a, const float *b, int nfeatures)
{
	double squares = 0;

	for (int f = 1; f <= nfeatures; f++)
	{
		double difference = (double) a[f] - b[f];

		squares += difference * difference;
	}
	return sqrt(squares) / 2;
}

int
kernel_bounds_advance(KernelBounds *bounds, const float *before, const float *after,
					  int k, int nfeatures)
{
	double farthest = 0;
	double second = 0;
	int    who = 0;
	float  norm = largest_norm(after, k, nfeatures);

	for (int c = 0; c < k; c++)
	{
		size_t at = (size_t) c * (nfeatures + 1);
		double went = packed_distance(before + at, after + at, nfeatures);

		bounds->travelled[c] += went;
		if (went > farthest)
		{
			second = farthest;
			farthest = went;
			who = c;
		}
		else if (went > second)
			second = went;
	}
	for (int c = 0; c < k; c++)
	{
		bounds->travelled[c] += c == who ? second : farthest;
		/* more than any error of the sum */
		bounds->drift[c] = (float) (bounds->travelled[c] * (1 + 0x1p-30));
	}
	if (norm <= bounds->largest_norm)
		return 1;
	bounds->largest_norm = 4 * norm;
	return 0;
}

/* The values come first, for their alignment. */
size_t
kernel_near_size(int k, int nfeatures)
{
	return (size_t) k * (sizeof(float) * ((size_t) nfeatures * (KERNEL_LANES + 1) + 1) +
						 sizeof(size_t) * KERNEL_LANES + sizeof(int32_t) * KERNEL_NEAR_LIST +
						 sizeof(int) * 2);
}

void
kernel_near_start(KernelNear *near, void *memory, const float *packed, int k, int nfeatures)
{
	near->values = memory;
	near->rows = (size_t *) (near->values + (size_t) k * nfeatures * KERNEL_LANES);
	near->lists = (int32_t *) (near->rows + (size_t) k * KERNEL_LANES);
	near->nrows = (int *) (near->lists + (size_t) k * KERNEL_NEAR_LIST);
	near->nlisted = near->nrows + k;
	near->limits = (float *) (near->nlisted + k);
	near->across = near->limits + k;
	near->ncompared = 0;
	for (int c = 0; c < k; c++)
	{
		near->nrows[c] = 0;
		near->limits[c] = -1;
		for (int f = 0; f < nfeatures; f++)
			near->across[(size_t) f * k + c] = packed[(size_t) c * (nfeatures + 1) + f + 1];
	}
}

const Kernel *
kernel_choose(const char *name)
{
	const Kernel *variants[4];
	int           nvariants = 0;

#ifdef __x86_64__
	if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
		__builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
		__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
		variants[nvariants++] = &kernel_avx512;
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
