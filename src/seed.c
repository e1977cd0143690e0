/*-------------------------------------------------------------------------
 *
 * seed.c
 *	  Starting centroids that do not depend on the order of rows.
 *
 * k-means++ (Arthur and Vassilvitskii, SODA 2007) draws each next centroid
 * from the rows with a probability proportional to the squared distance from
 * the nearest one so far.  Drawing by position would depend on the order of
 * rows, so each row draws a key of its own, -log(u) / weight with u hashed
 * from (seed, restart, round, identity of the row), and the smallest key wins:
 * that is a draw with the wanted probabilities (Efraimidis and Spirakis,
 * "Weighted random sampling with a reservoir", 2006), and a minimum does not
 * care for order or for how rows are divided.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "common/hashfn.h"
#include "common/pg_prng.h"
#include "miscadmin.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "lloyd.h"

Init
init_kind(const char *word)
{
	if (strcmp(word, "k-means++") == 0)
		return INIT_KMEANSPP;
	if (strcmp(word, "random") == 0)
		return INIT_RANDOM;
	elog(ERROR, "unrecognized value \"%s\" for \"init\"", word);
	return INIT_KMEANSPP; /* keep the compiler quiet */
}

/*
 * The row that wins this round's draw.  nearest holds each row's squared
 * distance from the centroids so far, and is infinite in the first round.
 * Rows at distance 0 take part only if there are no others.
 */
static int64
draw_row(const Matrix *matrix, Init init, uint64 salt, const float *nearest)
{
	int64  winner = -1;
	double best = get_float8_infinity();
	int64  row;

	for (row = 0; row < matrix->nrows; row++)
	{
		double        weight = init == INIT_KMEANSPP && !isinf(nearest[row]) ? nearest[row] : 1;
		pg_prng_state state;
		double        u;
		double        key;

		if (row % 16384 == 0)
			CHECK_FOR_INTERRUPTS();
		if (nearest[row] == 0)
			continue;
		pg_prng_seed(&state, matrix->row_ids[row] ^ salt);
		u = pg_prng_double(&state);

		/* -log(1 - u) >= u: most rows are out before the logarithm */
		if (u > best * weight)
			continue;
		key = -log1p(-u) / weight;
		if (key < best || (key == best && winner >= 0 &&
						   matrix->row_ids[row] < matrix->row_ids[winner]))
		{
			best = key;
			winner = row;
		}
	}
	return winner;
}

/*
 * Writes k starting centroids, k x features.  With fewer than k rows that
 * differ in float4 arithmetic the last ones repeat the first.
 */
void
seed_centroids(const Matrix *matrix, const LloydOptions *options, int restart,
			   double *centroids)
{
	int    nfeatures = matrix->nfeatures;
	float *values = palloc(sizeof(float) * nfeatures);
	float *nearest = MemoryContextAllocHuge(CurrentMemoryContext,
											sizeof(float) * matrix->nblocks * KERNEL_LANES);
	uint64 stream = hash_combine64(hash_bytes_uint32_extended((uint32) restart, options->seed),
								   (uint64) options->init);
	int64  row;
	int    c;

	for (row = 0; row < matrix->nblocks * KERNEL_LANES; row++)
		nearest[row] = get_float4_infinity();

	for (c = 0; c < options->k; c++)
	{
		int64 winner = draw_row(matrix, options->init,
								hash_bytes_uint32_extended((uint32) c, stream), nearest);
		int   f;

		if (winner < 0)
		{
			memcpy(centroids + (size_t) c * nfeatures, centroids, sizeof(double) * nfeatures);
			continue;
		}
		matrix_get_row(matrix, winner, values);
		for (f = 0; f < nfeatures; f++)
			centroids[(size_t) c * nfeatures + f] = values[f];
		matrix_lower_distances(matrix, options->kernel, values, nearest);
	}
	pfree(nearest);
	pfree(values);
}
