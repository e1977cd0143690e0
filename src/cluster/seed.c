/*
 * Starting centroids that do not depend on the order of rows.
 *
 * k-means++ (Arthur and Vassilvitskii, SODA 2007) draws each next centroid
 * from the rows with a probability proportional to their weight and the squared
 * distance from the nearest one so far; the greedy variant draws some candidates and takes
 * the one that lowers the sum of these distances most.  Drawing by position
 * would depend on the order of rows, so each row draws a key of its own,
 * -log(u) / weight with u hashed from a salt and the identity of the row, and
 * the smallest keys win: that is a draw without replacement with the wanted
 * probabilities (Efraimidis and Spirakis, "Weighted random sampling with a
 * reservoir", 2006), and a minimum does not care for order or for how rows are
 * divided.  Distances are summed as integers, which do not care either.
 */
#include "postgres.h"

#include <math.h>

#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "cluster/seed.h"
#include "number/bits.h"

Init
init_kind(const char *word)
{
	if (strcmp(word, "k-means++") == 0)
		return INIT_KMEANSPP;
	if (strcmp(word, "random") == 0)
		return INIT_RANDOM;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unrecognized value \"%s\" for \"%s\"", word, "init")));
	return INIT_KMEANSPP; /* keep the compiler quiet */
}

/*
 * Uniform in [0, 1).  Row identities and salts are hashes already.
 */
static inline double
row_uniform(uint64 row_id, uint64 salt)
{
	return (double) (mix_bits(row_id ^ salt) >> 11) / (UINT64CONST(1) << 53);
}

int
seed_draw(const Matrix *matrix, const float *distances, bool uniform, uint64 salt,
		  int wanted, int64 *rows)
{
	double *keys = palloc(sizeof(double) * wanted);
	double  limit = get_float8_infinity(); /* no larger key can win */
	int     drawn = 0;

	for (int64 row = 0; row < matrix->nrows; row++)
	{
		double weight = matrix_weight(matrix, row) * (uniform ? 1 : distances[row]);
		uint64 row_id = matrix->row_ids[row];
		double u;
		double key;
		int    at;

		if (row % 16384 == 0)
			CHECK_FOR_INTERRUPTS();
		if (distances[row] == 0 || weight == 0)
			continue;
		u = row_uniform(row_id, salt);

		/* -log(1 - u) >= u: most rows are out before the logarithm */
		if (u > limit * weight)
			continue;
		key = -log1p(-u) / weight;
		if (drawn == wanted &&
			(key > keys[drawn - 1] ||
			 (key == keys[drawn - 1] && row_id > matrix->row_ids[rows[drawn - 1]])))
			continue;
		drawn = Min(drawn + 1, wanted);
		for (at = drawn - 1; at > 0; at--)
		{
			if (key > keys[at - 1] ||
				(key == keys[at - 1] && row_id > matrix->row_ids[rows[at - 1]]))
				break;
			keys[at] = keys[at - 1];
			rows[at] = rows[at - 1];
		}
		keys[at] = key;
		rows[at] = row;
		if (drawn == wanted)
			limit = keys[drawn - 1];
	}
	pfree(keys);
	return drawn;
}

double
seed_scale(const Matrix *matrix, const float *distances)
{
	double max = 0;
	int    exponent;

	for (int64 row = 0; row < matrix->nrows; row++)
	{
		if (row % 65536 == 0)
			CHECK_FOR_INTERRUPTS();
		max = Max(max, distances[row] * matrix_weight(matrix, row));
	}
	frexp(max * matrix->nrows, &exponent);
	return ldexp(1, 62 - exponent);
}

/*
 * Of some candidates the one that lowers the weighted distances most, ties to the
 * earlier one.
 */
static int64
best_candidate(const Matrix *matrix, const LloydOptions *options, const int64 *rows, int nrows,
			   const float *nearest, double scale)
{
	Size   size = sizeof(float) * matrix->nblocks * KERNEL_LANES;
	float *lowered = MemoryContextAllocHuge(CurrentMemoryContext, size);
	float *values = palloc(sizeof(float) * matrix->nfeatures);
	int64  best = rows[0];
	int64  least = PG_INT64_MAX;

	for (int i = 0; i < nrows; i++)
	{
		int64 sum = 0;

		memcpy(lowered, nearest, size);
		matrix_get_row(matrix, rows[i], values);
		matrix_lower_distances(matrix, options->kernel, values, lowered);
		for (int64 row = 0; row < matrix->nrows; row++)
		{
			if (row % 65536 == 0)
				CHECK_FOR_INTERRUPTS();
			sum += (int64) (lowered[row] * (scale * matrix_weight(matrix, row)));
		}
		if (sum < least)
		{
			least = sum;
			best = rows[i];
		}
	}
	pfree(values);
	pfree(lowered);
	return best;
}

void
seed_rows(const Matrix *matrix, const LloydOptions *options, int k, uint64 stream, int64 *rows)
{
	float *values = palloc(sizeof(float) * matrix->nfeatures);
	float *nearest = MemoryContextAllocHuge(CurrentMemoryContext,
											sizeof(float) * matrix->nblocks * KERNEL_LANES);
	double scale = 0;
	int    drawn = 1;

	for (int64 row = 0; row < matrix->nblocks * KERNEL_LANES; row++)
		nearest[row] = get_float4_infinity();

	for (int c = 0; c < k; c++)
	{
		bool  uniform = c == 0 || options->init == INIT_RANDOM;
		int64 candidates[SEED_CANDIDATES] = {0};

		/* once there are no rows to draw, there will be none */
		if (drawn > 0)
			drawn = seed_draw(matrix, nearest, uniform, hash_bytes_uint32_extended((uint32) c, stream),
							  uniform ? 1 : SEED_CANDIDATES, candidates);
		if (drawn == 0)
		{
			rows[c] = c > 0 ? rows[0] : 0;
			continue;
		}
		rows[c] = candidates[0];
		if (drawn > 1)
			rows[c] = best_candidate(matrix, options, candidates, drawn, nearest, scale);
		matrix_get_row(matrix, rows[c], values);
		matrix_lower_distances(matrix, options->kernel, values, nearest);
		if (c == 0)
			scale = seed_scale(matrix, nearest);
	}
	pfree(nearest);
	pfree(values);
}

void
seed_copy(const Matrix *matrix, const int64 *rows, int k, double *centroids)
{
	float *values = palloc(sizeof(float) * matrix->nfeatures);

	for (int c = 0; c < k; c++)
	{
		matrix_get_row(matrix, rows[c], values);
		for (int f = 0; f < matrix->nfeatures; f++)
			centroids[(Size) c * matrix->nfeatures + f] = values[f];
	}
	pfree(values);
}

void
seed_centroids(const Matrix *matrix, const LloydOptions *options, uint64 stream,
			   double *centroids)
{
	int64 *rows = palloc_extended(sizeof(int64) * options->k, MCXT_ALLOC_HUGE);

	seed_rows(matrix, options, options->k, stream, rows);
	seed_copy(matrix, rows, options->k, centroids);
	pfree(rows);
}
