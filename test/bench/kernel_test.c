/*
 * Compares every kernel that this CPU runs with the scalar one, and the
 * scalar one with plain double precision arithmetic.  Prints TAP.
 *
 * A test covers all numbers of rows and centroids for a kernel, a number of
 * features and a kind of values, and names the cases that fail.  A case's
 * memory is allocated by case_create() and lives until case_free(); result
 * arrays are unaligned on purpose and followed by guard values.
 */
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/kernel.h"

#define GUARD 0x5a
#define GUARD_SIZE 64

typedef enum Values
{
	RANDOM,     /* a grid of 2^-10, with few ties */
	TIES,       /* small integers: many equal distances */
	DUPLICATES, /* every row and centroid occurs repeatedly */
	ZEROS,
	LARGE,     /* scores near float's limit */
	TOO_LARGE, /* scores beyond float's limit */
	NVALUES
} Values;

static const char *const values_names[] = {
	"random", "ties", "duplicates", "zeros", "large", "too large"};

static const size_t row_counts[] = {0, 1, 15, 16, 17, 100, 300};
static const int    feature_counts[] = {1, 2, 3, 4, 5, 6, 7, 8, 17, 1000, 1600};
static const int    cluster_counts[] = {1, 2, 3, 4, 5, 7, 16, 1000};

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

typedef struct Case
{
	size_t  nrows;
	int     nfeatures;
	int     k;
	Values  values;
	size_t  nblocks;
	size_t  nlanes;
	float  *blocks;
	double *double_blocks; /* the same values */
	double *centroids;
	float  *centroid; /* the last centroid in float */
	float  *packed;
} Case;

#define NAPART (KERNEL_LANES * KERNEL_LANES)

typedef struct Results
{
	int32_t *labels;
	float   *lowered;
	double  *apart; /* summed distances of the first block's rows */
	int32_t *nearest;
	int32_t *second;
	double  *d2;
	double  *second_d2;
} Results;

static int ntests = 0;
static int nfailed = 0;

static void
ok(int passed, const char *format, ...)
{
	va_list args;

	printf("%sok %d - ", passed ? "" : "not ", ++ntests);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	nfailed += !passed;
}

static uint32_t random_state = 2463534242u;

/* Marsaglia (2003), "Xorshift RNGs". */
static uint32_t
random_next(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state;
}

static void *
allocate(size_t size)
{
	void *memory;

	if (posix_memalign(&memory, 64, size + GUARD_SIZE) != 0)
		abort();
	memset(memory, GUARD, size + GUARD_SIZE);
	return memory;
}

/* Results start four bytes off any vector alignment (eight for doubles). */
static void *
result_create(size_t size, size_t width)
{
	return (char *) allocate(size + width) + width;
}

static int
result_free(void *result, size_t size, size_t width)
{
	int intact = 1;

	for (int i = 0; i < GUARD_SIZE; i++)
		intact &= ((unsigned char *) result)[size + i] == GUARD;
	free((char *) result - width);
	return intact;
}

static float
random_value(Values values, int nfeatures)
{
	switch (values)
	{
		case TIES:
			return (float) (random_next() >> 8) / (1 << 24) < 0.5f ? -1 : 1;
		case ZEROS:
			return 0;
		case LARGE:
			return ((float) (random_next() >> 12) / (1 << 19) - 1) * 1e18f / sqrtf((float) nfeatures);
		case TOO_LARGE:
			return ((float) (random_next() >> 12) / (1 << 19) - 1) * 1e30f;
		default:
			return (float) (random_next() >> 12) / (1 << 10) - (1 << 9);
	}
}

static float *
case_value(const Case *c, size_t row, int feature)
{
	return &c->blocks[(row / KERNEL_LANES * c->nfeatures + feature) * KERNEL_LANES + row % KERNEL_LANES];
}

static void
case_create(Case *c, size_t nrows, int nfeatures, int k, Values values)
{
	size_t nvalues;

	c->nrows = nrows;
	c->nfeatures = nfeatures;
	c->k = k;
	c->values = values;
	c->nblocks = (nrows + KERNEL_LANES - 1) / KERNEL_LANES;
	c->nlanes = c->nblocks * KERNEL_LANES;
	nvalues = c->nlanes * nfeatures;
	c->blocks = allocate(nvalues * sizeof(float));
	c->centroids = allocate((size_t) k * nfeatures * sizeof(double));
	c->centroid = allocate(nfeatures * sizeof(float));
	c->packed = result_create(kernel_packed_size(k, nfeatures) * sizeof(float),
							  sizeof(float));

	c->double_blocks = allocate(nvalues * sizeof(double));
	memset(c->blocks, 0, nvalues * sizeof(float));
	for (size_t r = 0; r < nrows; r++)
		for (int f = 0; f < nfeatures; f++)
			*case_value(c, r, f) = values == DUPLICATES && r >= 5 ? *case_value(c, r % 5, f) : random_value(values, nfeatures);

	for (size_t i = 0; i < nvalues; i++)
		c->double_blocks[i] = c->blocks[i];

	/* some centroids are rows, so that distances of 0 occur */
	for (int i = 0; i < k; i++)
		for (int f = 0; f < nfeatures; f++)
			c->centroids[(size_t) i * nfeatures + f] =
				nrows > 0 && (values == DUPLICATES || i % 3 == 0) ? *case_value(c, (size_t) i % nrows, f) : random_value(values, nfeatures);
	for (int f = 0; f < nfeatures; f++)
		c->centroid[f] = (float) c->centroids[(size_t) (k - 1) * nfeatures + f];
	kernel_pack_centroids(c->centroids, k, nfeatures, c->packed);
}

static int
case_free(Case *c)
{
	free(c->blocks);
	free(c->double_blocks);
	free(c->centroids);
	free(c->centroid);
	return result_free(c->packed, kernel_packed_size(c->k, c->nfeatures) * sizeof(float),
					   sizeof(float));
}

static void
results_create(Results *results, const Case *c, const Kernel *kernel)
{
	results->labels = result_create(c->nlanes * sizeof(int32_t), sizeof(int32_t));
	results->lowered = result_create(c->nlanes * sizeof(float), sizeof(float));
	results->apart = result_create(NAPART * sizeof(double), sizeof(double));
	results->nearest = result_create(c->nlanes * sizeof(int32_t), sizeof(int32_t));
	results->second = result_create(c->nlanes * sizeof(int32_t), sizeof(int32_t));
	results->d2 = result_create(c->nlanes * sizeof(double), sizeof(double));
	results->second_d2 = result_create(c->nlanes * sizeof(double), sizeof(double));

	for (size_t r = 0; r < c->nlanes; r++)
		results->lowered[r] = r % 2 ? INFINITY : 100.0f;
	kernel->assign(c->blocks, c->nblocks, c->nfeatures, c->k, c->packed,
				   results->labels);
	kernel->lower_distances(c->blocks, c->nblocks, c->nfeatures, c->centroid,
							results->lowered);
	for (int i = 0; i < NAPART; i++)
		results->apart[i] = i;
	kernel->add_distances(c->blocks, c->blocks, c->nblocks, c->nfeatures, c->k % 2, results->apart);
	kernel->nearest_two(c->double_blocks, c->nblocks, c->nfeatures, c->k, c->centroids,
						results->nearest, results->d2, results->second,
						results->second_d2);
}

static int
results_free(Results *results, const Case *c)
{
	return result_free(results->labels, c->nlanes * sizeof(int32_t), sizeof(int32_t)) & result_free(results->lowered, c->nlanes * sizeof(float), sizeof(float)) & result_free(results->apart, NAPART * sizeof(double), sizeof(double)) & result_free(results->nearest, c->nlanes * sizeof(int32_t), sizeof(int32_t)) & result_free(results->second, c->nlanes * sizeof(int32_t), sizeof(int32_t)) & result_free(results->d2, c->nlanes * sizeof(double), sizeof(double)) & result_free(results->second_d2, c->nlanes * sizeof(double), sizeof(double));
}

/*
 * The squared distance of a row to a centroid as the float kernel sees it,
 * and a bound of the rounding error of its score.
 */
static double
exact_distance(const Case *c, size_t row, int centroid, double *error)
{
	double distance = 0;
	double magnitude = 0;

	for (int f = 0; f < c->nfeatures; f++)
	{
		double x = *case_value(c, row, f);
		double y = (float) c->centroids[(size_t) centroid * c->nfeatures + f];

		distance += (x - y) * (x - y);
		magnitude += y * y + 2 * fabs(x * y);
	}
	*error = magnitude * (c->nfeatures + 2) * 6e-8;
	return distance;
}

/* No centroid may be nearer than the chosen one by more than rounding. */
static int
labels_plausible(const Case *c, const int32_t *labels)
{
	for (size_t r = 0; r < c->nlanes; r++)
	{
		double chosen_error;
		double chosen;

		if (labels[r] < 0 || labels[r] >= c->k)
			return 0;
		if (c->values == TOO_LARGE)
			continue;
		chosen = exact_distance(c, r, labels[r], &chosen_error);
		for (int i = 0; i < c->k; i++)
		{
			double error;
			double distance = exact_distance(c, r, i, &error);

			if (distance + error + chosen_error < chosen)
				return 0;
			/* where the arithmetic is exact, ties go to the lower index */
			if ((c->values == TIES || c->values == ZEROS) &&
				(distance < chosen || (distance == chosen && i < labels[r])))
				return 0;
		}
	}
	return 1;
}

/* add_distances against sums in double, but for what rounding to float may cost. */
static int
distances_right(const Case *c, const Results *results)
{
	for (int i = 0; i < NAPART && c->nblocks > 0; i++)
	{
		double sum = i;

		for (size_t r = (size_t) i % KERNEL_LANES; r < c->nlanes; r += KERNEL_LANES)
		{
			double d2 = 0;

			for (int f = 0; f < c->nfeatures; f++)
			{
				double diff = (double) *case_value(c, r, f) - *case_value(c, (size_t) i / KERNEL_LANES, f);

				d2 += diff * diff;
			}
			sum += c->k % 2 ? d2 / 2 : sqrt(d2);
		}
		if (!(fabs(results->apart[i] - sum) <= sum * (c->nfeatures + 4) * 6e-8))
			return 0;
	}
	return 1;
}

/* nearest_two against a search that does not keep a running second. */
static int
nearest_two_right(const Case *c, const Results *results)
{
	for (size_t r = 0; r < c->nlanes; r++)
	{
		int    nearest = -1;
		int    second = -1;
		double d2 = INFINITY;
		double second_d2 = INFINITY;

		for (int pass = 0; pass < 2; pass++)
			for (int i = 0; i < c->k; i++)
			{
				double distance = 0;

				if (pass == 1 && i == nearest)
					continue;
				for (int f = 0; f < c->nfeatures; f++)
				{
					double diff = *case_value(c, r, f) - c->centroids[(size_t) i * c->nfeatures + f];

					distance += diff * diff;
				}
				if (pass == 0 && distance < d2)
				{
					nearest = i;
					d2 = distance;
				}
				else if (pass == 1 && distance < second_d2)
				{
					second = i;
					second_d2 = distance;
				}
			}
		if (nearest != results->nearest[r] || d2 != results->d2[r] ||
			second != results->second[r] || second_d2 != results->second_d2[r])
			return 0;
	}
	return 1;
}

static int
results_equal(const Case *c, const Results *a, const Results *b)
{
	return memcmp(a->lowered, b->lowered, c->nlanes * sizeof(float)) == 0 && memcmp(a->apart, b->apart, NAPART * sizeof(double)) == 0 && memcmp(a->nearest, b->nearest, c->nlanes * sizeof(int32_t)) == 0 && memcmp(a->second, b->second, c->nlanes * sizeof(int32_t)) == 0 && memcmp(a->d2, b->d2, c->nlanes * sizeof(double)) == 0 && memcmp(a->second_d2, b->second_d2, c->nlanes * sizeof(double)) == 0;
}

/*
 * Moves rows through random labels and compares sums and counts with those
 * taken afresh.
 */
static int
move_sums_right(const Case *c, const Kernel *kernel)
{
	size_t   nsums = (size_t) c->k * c->nfeatures;
	int32_t *labels = result_create(c->nrows * sizeof(int32_t), sizeof(int32_t));
	int32_t *old_labels = result_create(c->nrows * sizeof(int32_t), sizeof(int32_t));
	double  *sums = result_create(nsums * sizeof(double), sizeof(double));
	double  *fresh_sums = allocate(nsums * sizeof(double));
	int64_t *counts = result_create(c->k * sizeof(int64_t), sizeof(int64_t));
	int64_t *fresh_counts = allocate(c->k * sizeof(int64_t));
	int      right = 1;

	memset(old_labels, -1, c->nrows * sizeof(int32_t));
	memset(sums, 0, nsums * sizeof(double));
	memset(counts, 0, c->k * sizeof(int64_t));
	for (int pass = 0; pass < 4; pass++)
	{
		size_t expected = 0;

		memset(fresh_sums, 0, nsums * sizeof(double));
		memset(fresh_counts, 0, c->k * sizeof(int64_t));
		for (size_t r = 0; r < c->nrows; r++)
		{
			/* passes: all, every third row or so, none, all again */
			if (pass == 0 || pass == 3 || (pass == 1 && random_next() % 3 == 0))
				labels[r] = (int32_t) (random_next() % (uint32_t) c->k);
			expected += labels[r] != old_labels[r];
			for (int f = 0; f < c->nfeatures; f++)
				fresh_sums[(size_t) labels[r] * c->nfeatures + f] += *case_value(c, r, f);
			fresh_counts[labels[r]]++;
		}
		right &= kernel->move_sums(c->blocks, c->nrows, c->nfeatures, labels,
								   old_labels, sums, counts) == expected;
		for (size_t i = 0; i < nsums; i++)
			right &= sums[i] == fresh_sums[i];
		right &= memcmp(counts, fresh_counts, c->k * sizeof(int64_t)) == 0;
		right &= memcmp(labels, old_labels, c->nrows * sizeof(int32_t)) == 0;
	}

	free(fresh_sums);
	free(fresh_counts);
	right &= result_free(labels, c->nrows * sizeof(int32_t), sizeof(int32_t));
	right &= result_free(old_labels, c->nrows * sizeof(int32_t), sizeof(int32_t));
	right &= result_free(sums, nsums * sizeof(double), sizeof(double));
	right &= result_free(counts, c->k * sizeof(int64_t), sizeof(int64_t));
	return right;
}

/* assign_move does what assign and move_sums do one after the other. */
static int
assign_move_right(const Case *c, const Kernel *kernel, const Results *results)
{
	size_t   nsums = (size_t) c->k * c->nfeatures;
	int32_t *labels = result_create(c->nrows * sizeof(int32_t), sizeof(int32_t));
	int32_t *old_labels = allocate(c->nrows * sizeof(int32_t));
	double  *sums = result_create(nsums * sizeof(double), sizeof(double));
	double  *expected_sums = allocate(nsums * sizeof(double));
	int64_t *counts = result_create(c->k * sizeof(int64_t), sizeof(int64_t));
	int64_t *expected_counts = allocate(c->k * sizeof(int64_t));
	int      right = 1;

	memset(sums, 0, nsums * sizeof(double));
	memset(counts, 0, c->k * sizeof(int64_t));
	memset(labels, -1, c->nrows * sizeof(int32_t));
	for (int pass = 0; pass < 3; pass++)
	{
		memcpy(old_labels, labels, c->nrows * sizeof(int32_t));
		memcpy(expected_sums, sums, nsums * sizeof(double));
		memcpy(expected_counts, counts, c->k * sizeof(int64_t));
		right &= kernel->assign_move(c->blocks, c->nrows, c->nfeatures, c->k, c->packed,
									 labels, sums, counts) ==
				 kernel->move_sums(c->blocks, c->nrows, c->nfeatures, results->labels,
								   old_labels, expected_sums, expected_counts);
		right &= memcmp(labels, results->labels, c->nrows * sizeof(int32_t)) == 0;
		right &= memcmp(sums, expected_sums, nsums * sizeof(double)) == 0;
		right &= memcmp(counts, expected_counts, c->k * sizeof(int64_t)) == 0;

		/* the next pass moves some rows from elsewhere, the last one none */
		for (size_t r = 0; pass == 0 && r < c->nrows; r += 1 + random_next() % 8)
			labels[r] = (int32_t) (random_next() % (uint32_t) c->k);
	}

	free(old_labels);
	free(expected_sums);
	free(expected_counts);
	right &= result_free(labels, c->nrows * sizeof(int32_t), sizeof(int32_t));
	right &= result_free(sums, nsums * sizeof(double), sizeof(double));
	right &= result_free(counts, c->k * sizeof(int64_t), sizeof(int64_t));
	return right;
}

/* assign_near for all rows, in two parts */
static size_t
assign_near(const Case *c, const Kernel *kernel, const float *packed, const KernelBounds *bounds,
			KernelNear *near, void *memory, int32_t *labels, float *slack, double *sums,
			int64_t *counts, size_t *ncomputed)
{
	size_t first = c->nblocks / 2 * KERNEL_LANES;
	size_t moved;

	kernel_near_start(near, memory, packed, c->k, c->nfeatures);
	moved = kernel->assign_near(c->blocks, 0, first, c->nfeatures, c->k, packed, bounds, near, labels,
								slack, sums, counts, ncomputed);
	moved += kernel->assign_near(c->blocks + first * c->nfeatures, first, c->nrows - first, c->nfeatures, c->k,
								 packed, bounds, near, labels, slack, sums, counts, ncomputed);
	return moved + kernel->assign_near(NULL, 0, 0, c->nfeatures, c->k, packed, bounds, near, labels, slack,
									   sums, counts, ncomputed);
}

/*
 * assign_bounded, or assign_near, does what assign_move does while centroids
 * wander, jump and rest, and looks at fewer rows when they rest.
 */
static int
assign_bounded_right(const Case *c, const Kernel *kernel, int near)
{
	KernelNear   waiting;
	size_t       near_size = kernel_near_size(c->k, c->nfeatures);
	char        *near_memory = allocate(near_size);
	size_t       ncoordinates = (size_t) c->k * c->nfeatures;
	size_t       packed_size = kernel_packed_size(c->k, c->nfeatures) * sizeof(float);
	double      *centroids = allocate(ncoordinates * sizeof(double));
	float       *packed[2] = {allocate(packed_size), allocate(packed_size)};
	float       *scratch = allocate((size_t) c->nfeatures * KERNEL_GATHER_STRIDE * sizeof(float));
	int32_t     *labels = result_create(c->nrows * sizeof(int32_t), sizeof(int32_t));
	int32_t     *expected = allocate(c->nrows * sizeof(int32_t));
	float       *slack = result_create(c->nrows * sizeof(float), sizeof(float));
	double      *sums = result_create(ncoordinates * sizeof(double), sizeof(double));
	double      *expected_sums = allocate(ncoordinates * sizeof(double));
	int64_t     *counts = result_create(c->k * sizeof(int64_t), sizeof(int64_t));
	int64_t     *expected_counts = allocate(c->k * sizeof(int64_t));
	KernelBounds bounds = {allocate(c->k * sizeof(double)), allocate(c->k * sizeof(float)), 0};
	int          right = 1;

	memcpy(centroids, c->centroids, ncoordinates * sizeof(double));
	memset(labels, -1, c->nrows * sizeof(int32_t));
	memset(expected, -1, c->nrows * sizeof(int32_t));
	memset(sums, 0, ncoordinates * sizeof(double));
	memset(expected_sums, 0, ncoordinates * sizeof(double));
	memset(counts, 0, c->k * sizeof(int64_t));
	memset(expected_counts, 0, c->k * sizeof(int64_t));
	for (int pass = 0; pass < 8; pass++)
	{
		float *now = packed[pass % 2];
		size_t ncomputed = 0;
		int    valid = 0;

		for (size_t i = 0; i < ncoordinates && pass < 6; i++)
			centroids[i] *= pass == 3 ? 3 : 1 + ((double) random_next() / UINT32_MAX - 0.5) / (4 << pass);
		kernel_pack_centroids(centroids, c->k, c->nfeatures, now);
		if (pass == 0)
			kernel_bounds_start(&bounds, now, c->k, c->nfeatures);
		else
			valid = kernel_bounds_advance(&bounds, packed[1 - pass % 2], now, c->k, c->nfeatures);
		for (size_t r = 0; r < c->nrows && !valid; r++)
			slack[r] = -INFINITY;

		right &= (near ? assign_near(c, kernel, now, &bounds, &waiting, near_memory, labels, slack,
									 sums, counts, &ncomputed)
					   : kernel->assign_bounded(c->blocks, c->nrows, c->nfeatures, c->k, now, &bounds,
												scratch, labels, slack, sums, counts, &ncomputed)) ==
				 kernel->assign_move(c->blocks, c->nrows, c->nfeatures, c->k, now,
									 expected, expected_sums, expected_counts);
		right &= memcmp(labels, expected, c->nrows * sizeof(int32_t)) == 0;
		right &= memcmp(sums, expected_sums, ncoordinates * sizeof(double)) == 0;
		right &= memcmp(counts, expected_counts, c->k * sizeof(int64_t)) == 0;
		right &= valid || ncomputed == c->nrows;
		/* rounding leaves much undecided where features are many */
		if (pass == 7 && c->values == RANDOM && c->nrows >= 100 && c->nfeatures < 20 && c->k < 20 && strcmp(kernel->name, "scalar") != 0)
			right &= ncomputed <= c->nrows / 4;
	}

	free(centroids);
	free(packed[0]);
	free(packed[1]);
	free(scratch);
	free(expected);
	free(expected_sums);
	free(expected_counts);
	free(bounds.travelled);
	free(bounds.drift);
	right &= result_free(near_memory, near_size, 0);
	right &= result_free(labels, c->nrows * sizeof(int32_t), sizeof(int32_t));
	right &= result_free(slack, c->nrows * sizeof(float), sizeof(float));
	right &= result_free(sums, ncoordinates * sizeof(double), sizeof(double));
	right &= result_free(counts, c->k * sizeof(int64_t), sizeof(int64_t));
	return right;
}

/* A block's results must not depend on where the block lies. */
static int
position_free(const Case *c, const Kernel *kernel, const Results *whole)
{
	int same = 1;

	for (size_t b = 0; b < c->nblocks; b++)
	{
		Case    part = *c;
		Results results;
		size_t  r = b * KERNEL_LANES;

		part.blocks += r * c->nfeatures;
		part.double_blocks += r * c->nfeatures;
		part.nblocks = 1;
		part.nlanes = KERNEL_LANES;
		results_create(&results, &part, kernel);
		for (int lane = 0; lane < KERNEL_LANES; lane++)
			same &= results.labels[lane] == whole->labels[r + lane] && results.lowered[lane] == whole->lowered[r + lane] && results.nearest[lane] == whole->nearest[r + lane] && results.second[lane] == whole->second[r + lane] && results.d2[lane] == whole->d2[r + lane] && results.second_d2[lane] == whole->second_d2[r + lane];
		same &= results_free(&results, &part);
	}
	return same;
}

/* Rows that equal the centroid come to a distance of exactly 0. */
static int
own_distance_zero(const Case *c, const Kernel *kernel)
{
	int zero = 1;

	for (size_t r = 0; r < c->nrows; r++)
	{
		Case    own = *c;
		Results results;

		own.centroid = allocate(c->nfeatures * sizeof(float));
		for (int f = 0; f < c->nfeatures; f++)
			own.centroid[f] = *case_value(c, r, f);
		results_create(&results, &own, kernel);
		zero &= results.lowered[r] == 0;
		results_free(&results, &own);
		free(own.centroid);
	}
	return zero;
}

static int
case_passes(const Kernel *kernel, const Kernel *scalar, Case *c)
{
	Results  results;
	Results  expected;
	uint32_t state;
	int      passed;

	results_create(&results, c, kernel);
	results_create(&expected, c, scalar);
	passed = labels_plausible(c, results.labels) && results_equal(c, &results, &expected) && position_free(c, kernel, &results);
	if (strncmp(kernel->name, "avx", 3) == 0)
		passed &= memcmp(results.labels, expected.labels, c->nlanes * sizeof(int32_t)) == 0;
	if (c->values != TOO_LARGE)
		passed &= nearest_two_right(c, &results) && distances_right(c, &results);
	if (c->values != LARGE && c->values != TOO_LARGE)
	{
		passed &= move_sums_right(c, kernel) && assign_move_right(c, kernel, &results);
		/* the same wanderings for both */
		state = random_state;
		passed &= assign_bounded_right(c, kernel, 0);
		random_state = state;
		passed &= assign_bounded_right(c, kernel, 1);
	}
	if (c->nrows * c->nfeatures * c->k < 10000)
		passed &= own_distance_zero(c, kernel);
	passed &= results_free(&results, c);
	passed &= results_free(&expected, c);
	if (!passed)
		printf("# fails with %zu rows, %d centroids\n", c->nrows, c->k);
	return passed;
}

static void
test_shapes(const Kernel *kernel, const Kernel *scalar, int nfeatures, Values values)
{
	int passed = 1;

	for (size_t i = 0; i < LENGTH(row_counts); i++)
		for (size_t j = 0; j < LENGTH(cluster_counts); j++)
		{
			Case c;

			/* large shapes take long and show nothing new */
			if (row_counts[i] * nfeatures * cluster_counts[j] > 200000)
				continue;
			case_create(&c, row_counts[i], nfeatures, cluster_counts[j], values);
			passed &= case_passes(kernel, scalar, &c);
			passed &= case_free(&c);
		}
	ok(passed, "%s: %d features, %s", kernel->name, nfeatures, values_names[values]);
}

/* More centroids than 16 bits count; the nearest is the very last one. */
static void
test_many_centroids(const Kernel *kernel)
{
	Case    c;
	Results results;
	int     right = 1;

	case_create(&c, 3, 2, 70001, RANDOM);
	for (int f = 0; f < 2; f++)
	{
		c.centroids[2 * 70000 + f] = 1000;
		for (size_t r = 0; r < 3; r++)
		{
			*case_value(&c, r, f) = 1000;
			c.double_blocks[r % KERNEL_LANES + f * KERNEL_LANES] = 1000;
		}
	}
	kernel_pack_centroids(c.centroids, c.k, c.nfeatures, c.packed);
	results_create(&results, &c, kernel);
	for (int r = 0; r < 3; r++)
		right &= results.labels[r] == 70000 && results.nearest[r] == 70000 && results.d2[r] == 0;
	right &= results_free(&results, &c);
	right &= case_free(&c);
	ok(right, "%s: 70001 centroids", kernel->name);
}

/*
 * Rows around 900 centroids on a grid: each is compared with its own and some
 * neighbours, and is nearest to its own all the same.
 */
static void
test_near(const Kernel *kernel)
{
	Case         c;
	KernelNear   near;
	KernelBounds bounds = {allocate(900 * sizeof(double)), allocate(900 * sizeof(float)), 0};
	void        *memory = allocate(kernel_near_size(900, 2));
	double      *sums = allocate(2 * 900 * sizeof(double));
	int64_t     *counts = allocate(900 * sizeof(int64_t));
	int32_t     *labels = allocate(9000 * sizeof(int32_t));
	float       *slack = allocate(9000 * sizeof(float));
	size_t       ncomputed = 0;
	int          right = 1;

	case_create(&c, 9000, 2, 900, RANDOM);
	for (int i = 0; i < 900; i++)
	{
		c.centroids[2 * i] = i % 30;
		c.centroids[2 * i + 1] = i / 30;
	}
	for (size_t r = 0; r < c.nrows; r++)
	{
		*case_value(&c, r, 0) = (float) (r % 900 % 30) + (float) (random_next() >> 22) / 1024 * 0.75f - 0.375f;
		*case_value(&c, r, 1) = (float) (r % 900 / 30) + (float) (random_next() >> 22) / 1024 * 0.75f - 0.375f;
		/* one in ten comes from the next cluster */
		labels[r] = (int32_t) (r % 900 ^ (r % 10 == 9));
		slack[r] = -INFINITY;
	}
	kernel_pack_centroids(c.centroids, c.k, c.nfeatures, c.packed);
	kernel_bounds_start(&bounds, c.packed, c.k, c.nfeatures);
	right &= assign_near(&c, kernel, c.packed, &bounds, &near, memory, labels, slack, sums, counts, &ncomputed) == 900;
	for (size_t r = 0; r < c.nrows; r++)
		right &= labels[r] == (int32_t) (r % 900);
	right &= ncomputed == c.nrows;
	if (strcmp(kernel->name, "scalar") != 0)
		right &= near.ncompared >= c.nrows && near.ncompared <= KERNEL_NEAR_LIST * c.nrows;

	free(bounds.travelled);
	free(bounds.drift);
	free(memory);
	free(sums);
	free(counts);
	free(labels);
	free(slack);
	right &= case_free(&c);
	ok(right, "%s: rows are compared with near centroids", kernel->name);
}

/* of two NaNs nothing but that is compared */
static int
same_floats(const float *one, const float *other, int n)
{
	for (int i = 0; i < n; i++)
		if (isnan(one[i]) ? !isnan(other[i]) : memcmp(&one[i], &other[i], sizeof(float)) != 0)
			return 0;
	return 1;
}

/*
 * pack of cells of every kind, a column behind the other, against prepare and narrow of the same
 * values as doubles.
 */
static void
test_packing(const Kernel *kernel)
{
	enum
	{
		NBLOCKS = 3,
		NCOLUMNS = 3,
		NVALUES = NBLOCKS * NCOLUMNS * KERNEL_LANES
	};

	static const KernelCell cells[NCOLUMNS] = {CELL_INT, CELL_DOUBLE, CELL_FLOAT};
	static const int        columns[NCOLUMNS] = {2, 0, 1};
	static const double     fill[NCOLUMNS] = {0.1, -7, 3};
	static const double     offset[NCOLUMNS] = {0.3, 1000, -1e-3};
	static const double     factor[NCOLUMNS] = {1 / 3.0, -0.7, 1e3};
	static const double     grid[NCOLUMNS] = {0x1p-18, 0x1p-3, 0x1p-10};
	const size_t            block_bytes = KERNEL_LANES * (sizeof(int32_t) + sizeof(double) + sizeof(float));
	const size_t            places[NCOLUMNS] = {0, KERNEL_LANES * sizeof(int32_t), KERNEL_LANES * (sizeof(int32_t) + sizeof(double))};
	char                   *raw = result_create(NBLOCKS * block_bytes, sizeof(double));
	double                 *values = malloc(sizeof(double) * NVALUES);
	double                 *prepared = malloc(sizeof(double) * NVALUES);
	float                  *expected = malloc(sizeof(float) * NVALUES);
	float                  *packed = result_create(NVALUES * sizeof(float), sizeof(float));
	KernelColumn            packing[NCOLUMNS];
	int                     right;

	for (int i = 0; i < NVALUES; i++)
	{
		int     c = i / KERNEL_LANES % NCOLUMNS;
		int     lane = i % KERNEL_LANES;
		char   *place = raw + i / KERNEL_LANES / NCOLUMNS * block_bytes + places[c];
		int32_t whole = i % 5 == 0 ? INT32_MIN : i % 7 == 0 ? INT32_MAX
															: (int32_t) random_next();
		double  number = i % 5 == 0 ? NAN : (double) random_next() / (1 << 20) - 2048;

		if (cells[c] == CELL_INT)
		{
			((int32_t *) place)[lane] = whole;
			values[i] = whole == INT32_MIN ? (double) NAN : whole;
		}
		else if (cells[c] == CELL_FLOAT)
			values[i] = ((float *) place)[lane] = (float) number;
		else
			values[i] = ((double *) place)[lane] = number;
	}
	for (int f = 0; f < NCOLUMNS; f++)
		packing[f] = (KernelColumn){places[columns[f]], cells[columns[f]], fill[f], offset[f], factor[f], grid[f]};
	kernel->prepare(values, NBLOCKS, NCOLUMNS, columns, NCOLUMNS, fill, offset, factor, prepared);
	kernel->narrow(prepared, NBLOCKS, NCOLUMNS, grid, expected);
	kernel->pack(raw, NBLOCKS, block_bytes, packing, NCOLUMNS, 0, packed);
	right = same_floats(packed, expected, NVALUES);
	kernel->normalize(prepared, NBLOCKS, NCOLUMNS);
	kernel->narrow(prepared, NBLOCKS, NCOLUMNS, grid, expected);
	kernel->pack(raw, NBLOCKS, block_bytes, packing, NCOLUMNS, 1, packed);
	right &= same_floats(packed, expected, NVALUES);
	right &= result_free(raw, NBLOCKS * block_bytes, sizeof(double));
	right &= result_free(packed, NVALUES * sizeof(float), sizeof(float));
	free(values);
	free(prepared);
	free(expected);
	ok(right, "%s: packing of cells", kernel->name);
}

/*
 * prepare, narrow and pack against the formulas, for missing, infinite and signed
 * zero values, columns out of order and a feature without effect.
 */
static void
test_preparation(const Kernel *kernel)
{
	enum
	{
		NBLOCKS = 3,
		NCOLUMNS = 5,
		NFEATURES = 4
	};

	static const int    columns[NFEATURES] = {4, 0, 2, 0};
	static const double fill[NFEATURES] = {0.1, -7, NAN, 0};
	static const double offset[NFEATURES] = {0.3, 0, -1e-3, INFINITY};
	static const double factor[NFEATURES] = {1 / 3.0, -1, 1e3, 0};
	static const double grid[NFEATURES] = {0x1p-28, 0x1p-3, 0x1p-20, 1};
	static const double special[] = {NAN, INFINITY, -INFINITY, 0.0, -0.0, 0x1p-4, -0x1p-4, 1e300};
	double             *raw = result_create(NBLOCKS * NCOLUMNS * KERNEL_LANES * sizeof(double), sizeof(double));
	double             *prepared = result_create(NBLOCKS * NFEATURES * KERNEL_LANES * sizeof(double), sizeof(double));
	float              *narrow = result_create(NBLOCKS * NFEATURES * KERNEL_LANES * sizeof(float), sizeof(float));
	float              *packed = result_create(NBLOCKS * NFEATURES * KERNEL_LANES * sizeof(float), sizeof(float));
	KernelColumn        packing[NFEATURES];
	int                 right = 1;

	for (int i = 0; i < NBLOCKS * NCOLUMNS * KERNEL_LANES; i++)
		raw[i] = i % 3 == 0 ? special[random_next() % LENGTH(special)]
							: (double) random_next() / (1 << 28) - 8;
	kernel->prepare(raw, NBLOCKS, NCOLUMNS, columns, NFEATURES, fill, offset, factor, prepared);
	kernel->narrow(prepared, NBLOCKS, NFEATURES, grid, narrow);
	for (int i = 0; i < NBLOCKS * NFEATURES * KERNEL_LANES; i++)
	{
		int    f = i / KERNEL_LANES % NFEATURES;
		int    block = i / KERNEL_LANES / NFEATURES;
		double value = raw[(block * NCOLUMNS + columns[f]) * KERNEL_LANES + i % KERNEL_LANES];
		double expected = factor[f] == 0 ? 0 : ((isnan(value) ? fill[f] : value) - offset[f]) * factor[f];
		float  expected_narrow = (float) (rint(expected / grid[f]) * grid[f]) + 0.0f;

		/* of two NaNs nothing but that is compared */
		right &= isnan(expected) ? isnan(prepared[i])
								 : memcmp(&prepared[i], &expected, sizeof(double)) == 0;
		right &= isnan(expected_narrow) ? isnan(narrow[i])
										: memcmp(&narrow[i], &expected_narrow, sizeof(float)) == 0;
	}
	for (int f = 0; f < NFEATURES; f++)
		packing[f] = (KernelColumn){(size_t) columns[f] * KERNEL_LANES * sizeof(double), CELL_DOUBLE, fill[f], offset[f], factor[f], grid[f]};
	kernel->pack(raw, NBLOCKS, NCOLUMNS * KERNEL_LANES * sizeof(double), packing, NFEATURES, 0, packed);
	right &= same_floats(packed, narrow, NBLOCKS * NFEATURES * KERNEL_LANES);
	right &= result_free(raw, NBLOCKS * NCOLUMNS * KERNEL_LANES * sizeof(double), sizeof(double));
	right &= result_free(packed, NBLOCKS * NFEATURES * KERNEL_LANES * sizeof(float), sizeof(float));
	right &= result_free(prepared, NBLOCKS * NFEATURES * KERNEL_LANES * sizeof(double), sizeof(double));
	right &= result_free(narrow, NBLOCKS * NFEATURES * KERNEL_LANES * sizeof(float), sizeof(float));
	ok(right, "%s: preparation", kernel->name);
}

/*
 * normalize against lengths in long double, and against the bits of the scalar kernel. There are rows
 * whose squares overflow or vanish, rows with one value that is not 0, and rows of zeros, which stay.
 */
static void
test_normalizing(const Kernel *kernel, const Kernel *scalar)
{
	enum
	{
		NBLOCKS = 4,
		NFEATURES = 5,
		NVALUES = NBLOCKS * NFEATURES * KERNEL_LANES
	};

	static const double sizes[] = {1, 1e-3, 0, 1e300, 1e-300, 0x1p400, 0x1p-400, 3e-320, 1e150, 1e-150};
	double             *values = result_create(NVALUES * sizeof(double), sizeof(double));
	double             *expected = malloc(sizeof(double) * NVALUES);
	double             *given = malloc(sizeof(double) * NVALUES);
	int                 right = 1;

	for (int i = 0; i < NVALUES; i++)
	{
		int row = i / KERNEL_LANES / NFEATURES * KERNEL_LANES + i % KERNEL_LANES;

		given[i] = ((double) random_next() / (1U << 31) - 1) * sizes[row / 2 % LENGTH(sizes)];
		if (row % 7 == 0 && i / KERNEL_LANES % NFEATURES != 2)
			given[i] = -0.0;
	}
	memcpy(values, given, sizeof(double) * NVALUES);
	memcpy(expected, given, sizeof(double) * NVALUES);
	kernel->normalize(values, NBLOCKS, NFEATURES);
	scalar->normalize(expected, NBLOCKS, NFEATURES);
	right &= memcmp(values, expected, sizeof(double) * NVALUES) == 0;
	for (int row = 0; row < NBLOCKS * KERNEL_LANES; row++)
	{
		int         first = row / KERNEL_LANES * NFEATURES * KERNEL_LANES + row % KERNEL_LANES;
		long double squares = 0;

		for (int f = 0; f < NFEATURES; f++)
			squares += (long double) given[first + f * KERNEL_LANES] * given[first + f * KERNEL_LANES];
		for (int f = 0; f < NFEATURES; f++)
		{
			double value = given[first + f * KERNEL_LANES];
			double wanted = squares == 0 ? value : (double) (value / sqrtl(squares));

			right &= fabs(values[first + f * KERNEL_LANES] - wanted) <= 4e-16;
		}
	}
	free(expected);
	free(given);
	right &= result_free(values, NVALUES * sizeof(double), sizeof(double));
	ok(right, "%s: rows of length 1", kernel->name);
}

int
main(void)
{
	static const char *const names[] = {"scalar", "portable", "avx2", "avx512"};
	const Kernel            *scalar = kernel_choose("scalar");

	ok(kernel_choose("auto") != NULL, "there is a kernel for this CPU");
	ok(kernel_choose("abacus") == NULL, "an unknown name gives no kernel");
	for (size_t i = 0; i < LENGTH(names); i++)
	{
		const Kernel *kernel = kernel_choose(names[i]);

		if (kernel == NULL)
		{
			printf("ok %d # SKIP %s does not run here\n", ++ntests, names[i]);
			continue;
		}
		ok(strcmp(kernel->name, names[i]) == 0, "%s is itself", names[i]);
		for (size_t j = 0; j < LENGTH(feature_counts); j++)
			for (int values = 0; values < NVALUES; values++)
				test_shapes(kernel, scalar, feature_counts[j], (Values) values);
		test_many_centroids(kernel);
		test_preparation(kernel);
		test_packing(kernel);
		test_normalizing(kernel, scalar);
	}
	for (size_t i = 0; i < LENGTH(names); i++)
		if (kernel_choose(names[i]) != NULL)
			test_near(kernel_choose(names[i]));
	printf("1..%d\n", ntests);
	return nfailed > 0;
}
