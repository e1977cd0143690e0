/*-------------------------------------------------------------------------
 *
 * matrix.c
 *	  Rows packed for the kernels, and their identities.
 *
 * Everything is allocated in the memory context that is current at the call
 * and goes with it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "common/hashfn.h"
#include "miscadmin.h"
#include "port/pg_bitutils.h"
#include "utils/memutils.h"

#include "matrix.h"
#include "stats.h"

#define BLOCK_ALIGNMENT 64

/* steps of row x feature x centroid between two checks for interrupts */
#define CHUNK_STEPS (INT64CONST(1) << 22)

/* blocks whose squares are summed at once */
#define MEASURED_BLOCKS 32

void *
palloc_blocks(int64 nblocks, int nfeatures, Size element)
{
	Size  size = (Size) nblocks * nfeatures * KERNEL_LANES * element;
	char *raw;

	raw = MemoryContextAllocExtended(CurrentMemoryContext, size + BLOCK_ALIGNMENT,
									 MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	return (void *) TYPEALIGN(BLOCK_ALIGNMENT, raw);
}

Matrix *
matrix_create(int64 nrows, int nfeatures)
{
	Matrix *matrix = palloc0(sizeof(Matrix));

	matrix->nrows = nrows;
	matrix->nfeatures = nfeatures;
	matrix->nblocks = (nrows + KERNEL_LANES - 1) / KERNEL_LANES;
	matrix->blocks = palloc_blocks(matrix->nblocks, nfeatures, sizeof(float));
	return matrix;
}

void
matrix_clear_unused(float *blocks, int64 nrows, int nfeatures)
{
	float *block = blocks + (nrows / KERNEL_LANES) * nfeatures * KERNEL_LANES;
	int    used = nrows % KERNEL_LANES;
	int    f;

	for (f = 0; f < nfeatures && used > 0; f++)
		memset(block + (Size) f * KERNEL_LANES + used, 0, sizeof(float) * (KERNEL_LANES - used));
}

void
matrix_check_unused(const Matrix *matrix pg_attribute_unused())
{
#ifdef USE_ASSERT_CHECKING
	int64 row;
	int   f;

	for (row = matrix->nrows; row < matrix->nblocks * KERNEL_LANES; row++)
	{
		Assert(matrix_weight(matrix, row) == 0 || matrix->weights == NULL);
		for (f = 0; f < matrix->nfeatures; f++)
			Assert(matrix_row(matrix, row)[(Size) f * KERNEL_LANES] == 0);
	}
#endif
}

/*
 * The grid for a feature whose values are at most max_abs: 2^-max_bits of it,
 * or coarser when there are so many rows that their sum would not fit 53 bits.
 */
double
matrix_grid(double max_abs, int64 nrows, int max_bits)
{
	int exponent;
	int bits = Min(max_bits, 52 - (pg_leftmost_one_pos64(Max(nrows, 1)) + 1));

	if (max_abs == 0)
		return 1;
	frexp(max_abs, &exponent);
	return ldexp(1, exponent - bits);
}

int64
matrix_chunk_blocks(const Matrix *matrix, int k)
{
	int64 steps = (int64) KERNEL_LANES * matrix->nfeatures * Max(k, 1);

	return Max(CHUNK_STEPS / steps, 1);
}

typedef struct Copies
{
	uint64 hash;
	uint32 copies; /* 0: free */
} Copies;

static Copies *
find_copies(Copies *entries, uint64 mask, uint64 hash)
{
	uint64 at;

	for (at = hash & mask; entries[at].copies != 0; at = (at + 1) & mask)
		if (entries[at].hash == hash)
			break;
	entries[at].hash = hash;
	return &entries[at];
}

/*
 * Gives every row an identity that depends on its values and its weight alone,
 * so that random choices do not depend on where a row lies: a hash of these
 * and of a running number among equal rows.  Which of several equal rows gets
 * which number does not matter, as they are interchangeable.  Also counts the
 * distinct rows that weigh anything.
 */
void
matrix_identify(Matrix *matrix)
{
	int     hashes = matrix->weights == NULL ? 1 : 2; /* of a row */
	uint64  nentries = pg_nextpower2_64(Max(hashes * matrix->nrows, 8) / 2 * 3);
	uint64  mask = nentries - 1;
	Size    row_size = sizeof(float) * matrix->nfeatures;
	float  *values = palloc(row_size);
	Copies *entries;
	int64   row;

	entries = MemoryContextAllocExtended(CurrentMemoryContext, nentries * sizeof(Copies),
										 MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	matrix->row_ids = MemoryContextAllocHuge(CurrentMemoryContext,
											 sizeof(uint64) * Max(matrix->nrows, 1));
	matrix->ndistinct = 0;
	for (row = 0; row < matrix->nrows; row++)
	{
		uint64  hash;
		Copies *equal;

		if (row % 4096 == 0)
			CHECK_FOR_INTERRUPTS();
		matrix_get_row(matrix, row, values);
		hash = hash_bytes_extended((unsigned char *) values, row_size, 0);
		equal = find_copies(entries, mask, hash);
		if (equal->copies == 0 && matrix_weight(matrix, row) > 0)
			matrix->ndistinct++;
		if (matrix->weights != NULL)
		{
			/* rows of different weights are not interchangeable */
			equal->copies |= matrix->weights[row] > 0;
			hash = hash_bytes_extended((const unsigned char *) &matrix->weights[row], sizeof(float), hash);
			equal = find_copies(entries, mask, hash);
		}
		matrix->row_ids[row] = hash_combine64(hash, equal->copies++);
	}
	pfree(entries);
	pfree(values);
}

typedef struct RowIdentity
{
	uint64 id;
	int64  row;
} RowIdentity;

#define ST_SORT sort_identities
#define ST_ELEMENT_TYPE RowIdentity
#define ST_COMPARE(a, b) ((a)->id < (b)->id ? -1 : (a)->id > (b)->id)
#define ST_CHECK_FOR_INTERRUPTS
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

Matrix *
matrix_sample(const Matrix *matrix, int64 nrows)
{
	RowIdentity *identities = palloc_extended(sizeof(RowIdentity) * matrix->nrows, MCXT_ALLOC_HUGE);
	Matrix      *sample;
	float       *weights = NULL;
	int64        nidentities = 0;
	int64        row;
	int          f;

	for (row = 0; row < matrix->nrows; row++)
	{
		if (row % 65536 == 0)
			CHECK_FOR_INTERRUPTS();
		if (matrix_weight(matrix, row) > 0)
			identities[nidentities++] = (RowIdentity){matrix->row_ids[row], row};
	}
	sort_identities(identities, nidentities);
	sample = matrix_create(Min(nrows, nidentities), matrix->nfeatures);
	if (matrix->weights != NULL)
		sample->weights = weights = palloc_blocks(sample->nblocks, 1, sizeof(float));
	for (row = 0; row < sample->nrows; row++)
	{
		CHECK_FOR_INTERRUPTS();
		for (f = 0; f < matrix->nfeatures; f++)
			matrix_row(sample, row)[(Size) f * KERNEL_LANES] =
				matrix_row(matrix, identities[row].row)[(Size) f * KERNEL_LANES];
		if (weights != NULL)
			weights[row] = matrix->weights[identities[row].row];
	}
	pfree(identities);
	return sample;
}

/*
 * Sums of squares, exact before they are rounded.
 */
void
matrix_measure(Matrix *matrix)
{
	int f;

	matrix_check_unused(matrix);
	matrix->sum_squares = 0;
	matrix->total_squares = 0;
	for (f = 0; f < matrix->nfeatures; f++)
	{
		ExactSum squares;
		ExactSum weighted;
		double   sum = 0; /* exact, thanks to the grid */
		double   sum_squares;
		int64    block;

		exact_sum_init(&squares);
		exact_sum_init(&weighted);
		for (block = 0; block < matrix->nblocks; block += MEASURED_BLOCKS)
		{
			double values[MEASURED_BLOCKS * KERNEL_LANES];
			double largest = 0;
			int    nblocks = Min(MEASURED_BLOCKS, matrix->nblocks - block);
			int    b,
				i;

			if (block % 4096 == 0)
				CHECK_FOR_INTERRUPTS();
			for (b = 0; b < nblocks; b++)
				for (i = 0; i < KERNEL_LANES; i++)
					values[b * KERNEL_LANES + i] = matrix_block(matrix, block + b)[f * KERNEL_LANES + i];
			for (i = 0; i < nblocks * KERNEL_LANES; i++)
			{
				sum += values[i];
				values[i] *= values[i];
				largest = Max(largest, values[i]);
			}
			exact_sum_add_values(&squares, values, nblocks * KERNEL_LANES, largest);
			if (matrix->weights == NULL)
				continue;
			for (i = 0; i < nblocks * KERNEL_LANES; i++)
				values[i] *= matrix->weights[block * KERNEL_LANES + i];
			exact_sum_add_values(&weighted, values, nblocks * KERNEL_LANES, largest);
		}
		sum_squares = exact_sum_value(&squares);
		matrix->sum_squares += matrix->weights == NULL ? sum_squares : exact_sum_value(&weighted);
		matrix->total_squares += sum_squares - sum * (sum / matrix->nrows);
	}
}

void
matrix_lower_distances(const Matrix *matrix, const Kernel *kernel,
					   const float *centroid, float *nearest)
{
	int64 chunk = matrix_chunk_blocks(matrix, 1);
	int64 block;

	for (block = 0; block < matrix->nblocks; block += chunk)
	{
		CHECK_FOR_INTERRUPTS();
		kernel->lower_distances(matrix_block(matrix, block),
								Min(chunk, matrix->nblocks - block),
								matrix->nfeatures, centroid,
								nearest + block * KERNEL_LANES);
	}
}
