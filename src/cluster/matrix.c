/*
 * Rows packed for the kernels, and their identities.
 *
 * Everything is allocated in the memory context that is current at the call
 * and goes with it.
 */
#include "postgres.h"

#include <math.h>

#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "cluster/matrix.h"
#include "number/exact_sum.h"
#include "rows/rows.h"

/* steps of row x feature x centroid between two checks for interrupts */
#define CHUNK_STEPS (INT64CONST(1) << 22)

/* blocks whose squares are summed at once */
#define MEASURED_BLOCKS 32

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

	for (int f = 0; f < nfeatures && used > 0; f++)
		memset(block + (Size) f * KERNEL_LANES + used, 0, sizeof(float) * (KERNEL_LANES - used));
}

void
matrix_check_unused(const Matrix *matrix pg_attribute_unused())
{
#ifdef USE_ASSERT_CHECKING
	for (int64 row = matrix->nrows; row < matrix->nblocks * KERNEL_LANES; row++)
	{
		Assert(matrix_weight(matrix, row) == 0 || matrix->weights == NULL);
		for (int f = 0; f < matrix->nfeatures; f++)
			Assert(matrix_row(matrix, row)[(Size) f * KERNEL_LANES] == 0);
	}
#endif
}

int64
matrix_chunk_blocks(const Matrix *matrix, int k)
{
	int64 steps = (int64) KERNEL_LANES * matrix->nfeatures * Max(k, 1);

	return Max(CHUNK_STEPS / steps, 1);
}

/* how often a row has been seen, by its hash */
typedef struct Copies
{
	uint64 hash;
	uint32 copies;
	char   status;
} Copies;

#define SH_PREFIX copies
#define SH_ELEMENT_TYPE Copies
#define SH_KEY_TYPE uint64
#define SH_KEY hash
#define SH_HASH_KEY(table, key) ((uint32) (key))
#define SH_EQUAL(table, a, b) ((a) == (b))
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

#define FIRST_COPIES 1024

static Copies *
find_copies(copies_hash *table, uint64 hash)
{
	bool    found;
	Copies *copies = copies_insert(table, hash, &found);

	if (!found)
		copies->copies = 0;
	return copies;
}

/*
 * The identity of a row; counts the distinct rows that weigh anything.
 */
static uint64
identify_row(Matrix *matrix, int64 row, const float *lane, float *values, copies_hash *table)
{
	uint64  hash;
	Copies *equal;

	for (int f = 0; f < matrix->nfeatures; f++)
		values[f] = lane[(Size) f * KERNEL_LANES];
	hash = hash_bytes_extended((unsigned char *) values, sizeof(float) * matrix->nfeatures, 0);
	equal = find_copies(table, hash);
	if (equal->copies == 0 && matrix_weight(matrix, row) > 0)
		matrix->ndistinct++;
	if (matrix->weights != NULL)
	{
		/* rows of different weights are not interchangeable */
		if (matrix->weights[row] > 0)
			equal->copies = 1;
		hash = hash_bytes_extended((const unsigned char *) &matrix->weights[row], sizeof(float), hash);
		equal = find_copies(table, hash);
	}
	return hash_combine64(hash, equal->copies++);
}

/*
 * Gives every row an identity that depends on its values and its weight alone,
 * so that random choices do not depend on where a row lies: a hash of these
 * and of a running number among equal rows.  Which of several equal rows gets
 * which number does not matter, as they are interchangeable.
 */
void
matrix_identify(Matrix *matrix)
{
	copies_hash *table = copies_create(CurrentMemoryContext, FIRST_COPIES, NULL);
	float       *values = palloc(sizeof(float) * matrix->nfeatures);

	matrix->row_ids = MemoryContextAllocHuge(CurrentMemoryContext,
											 sizeof(uint64) * Max(matrix->nrows, 1));
	matrix->ndistinct = 0;
	for (int64 row = 0; row < matrix->nrows; row++)
	{
		if (row % 4096 == 0)
			CHECK_FOR_INTERRUPTS();
		matrix->row_ids[row] = identify_row(matrix, row, matrix_row(matrix, row), values, table);
	}
	copies_destroy(table);
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

struct MatrixSampler
{
	Matrix      *matrix;
	int64        most;  /* rows of the sample; no more than twice as many are held at a time */
	RowIdentity *least; /* once chosen, by their rows, and id is the place in the sample */
	int64        n;
	uint64       largest;
	float       *values;
	copies_hash *table; /* of rows that have no identities yet */
	Matrix      *sample;
	int64        taken;
};

MatrixSampler *
matrix_sampler(Matrix *matrix, int64 nrows)
{
	MatrixSampler *sampler = palloc0(sizeof(MatrixSampler));

	sampler->matrix = matrix;
	sampler->most = Min(nrows, matrix->nrows);
	sampler->least = palloc_extended(sizeof(RowIdentity) * 2 * sampler->most, MCXT_ALLOC_HUGE);
	sampler->largest = PG_UINT64_MAX;
	sampler->values = palloc(sizeof(float) * matrix->nfeatures);
	sampler->table = copies_create(CurrentMemoryContext, FIRST_COPIES, NULL);
	return sampler;
}

static const float *
lane_of(const Matrix *matrix, const float *blocks, int row)
{
	return blocks + (Size) (row / KERNEL_LANES) * matrix->nfeatures * KERNEL_LANES + row % KERNEL_LANES;
}

void
matrix_sampler_look(void *context, const float *blocks, int64 first_row, int nrows)
{
	MatrixSampler *sampler = context;
	Matrix        *matrix = sampler->matrix;

	for (int i = 0; i < nrows; i++)
	{
		int64  row = first_row + i;
		uint64 id = matrix->row_ids != NULL
						? matrix->row_ids[row]
						: identify_row(matrix, row, lane_of(matrix, blocks, i), sampler->values, sampler->table);

		if (id > sampler->largest || matrix_weight(matrix, row) == 0)
			continue;
		sampler->least[sampler->n++] = (RowIdentity){id, row};
		if (sampler->n == 2 * sampler->most)
		{
			sort_identities(sampler->least, sampler->n);
			sampler->n = sampler->most;
			sampler->largest = sampler->least[sampler->most - 1].id;
		}
	}
}

static int
compare_rows(const void *a, const void *b)
{
	int64 first = ((const RowIdentity *) a)->row;
	int64 second = ((const RowIdentity *) b)->row;

	return (first > second) - (first < second);
}

void
matrix_sampler_choose(MatrixSampler *sampler)
{
	sort_identities(sampler->least, sampler->n);
	sampler->n = Min(sampler->n, sampler->most);
	for (int64 i = 0; i < sampler->n; i++)
		sampler->least[i].id = i;
	qsort(sampler->least, sampler->n, sizeof(RowIdentity), compare_rows);
	sampler->sample = matrix_create(sampler->n, sampler->matrix->nfeatures);
	if (sampler->matrix->weights != NULL)
		sampler->sample->weights = palloc_blocks(sampler->sample->nblocks, 1, sizeof(float));
}

void
matrix_sampler_take(void *context, const float *blocks, int64 first_row, int nrows)
{
	MatrixSampler *sampler = context;
	Matrix        *matrix = sampler->matrix;
	Matrix        *sample = sampler->sample;

	for (; sampler->taken < sampler->n && sampler->least[sampler->taken].row < first_row + nrows; sampler->taken++)
	{
		int64        row = sampler->least[sampler->taken].row;
		int64        place = sampler->least[sampler->taken].id;
		const float *lane = lane_of(matrix, blocks, (int) (row - first_row));

		for (int f = 0; f < matrix->nfeatures; f++)
			matrix_row(sample, place)[(Size) f * KERNEL_LANES] = lane[(Size) f * KERNEL_LANES];
		if (matrix->weights != NULL)
			unconstify(float *, sample->weights)[place] = matrix->weights[row];
	}
}

Matrix *
matrix_sampler_end(MatrixSampler *sampler)
{
	Matrix *sample = sampler->sample;

	copies_destroy(sampler->table);
	pfree(sampler->values);
	pfree(sampler->least);
	pfree(sampler);
	return sample;
}

static void
each_block(const Matrix *matrix, void (*function)(void *, const float *, int64, int), void *context)
{
	for (int64 block = 0; block < matrix->nblocks; block++)
	{
		int64 first_row = block * KERNEL_LANES;

		CHECK_FOR_INTERRUPTS();
		function(context, matrix_block(matrix, block), first_row, (int) Min(KERNEL_LANES, matrix->nrows - first_row));
	}
}

Matrix *
matrix_sample(Matrix *matrix, int64 nrows)
{
	MatrixSampler *sampler = matrix_sampler(matrix, nrows);

	each_block(matrix, matrix_sampler_look, sampler);
	matrix_sampler_choose(sampler);
	each_block(matrix, matrix_sampler_take, sampler);
	return matrix_sampler_end(sampler);
}

/*
 * Sums of squares, exact before they are rounded.
 */
void
matrix_measure(Matrix *matrix)
{
	matrix_check_unused(matrix);
	matrix->sum_squares = 0;
	matrix->total_squares = 0;
	for (int f = 0; f < matrix->nfeatures; f++)
	{
		ExactSum squares;
		ExactSum weighted;
		double   sum = 0; /* exact, thanks to the grid */
		double   sum_squares;

		exact_sum_init(&squares);
		exact_sum_init(&weighted);
		for (int64 block = 0; block < matrix->nblocks; block += MEASURED_BLOCKS)
		{
			double values[MEASURED_BLOCKS * KERNEL_LANES];
			double largest = 0;
			int    nblocks = Min(MEASURED_BLOCKS, matrix->nblocks - block);

			if (block % 4096 == 0)
				CHECK_FOR_INTERRUPTS();
			for (int b = 0; b < nblocks; b++)
				for (int i = 0; i < KERNEL_LANES; i++)
					values[b * KERNEL_LANES + i] = matrix_block(matrix, block + b)[f * KERNEL_LANES + i];
			for (int i = 0; i < nblocks * KERNEL_LANES; i++)
			{
				sum += values[i];
				values[i] *= values[i];
				largest = Max(largest, values[i]);
			}
			exact_sum_add_values(&squares, values, nblocks * KERNEL_LANES, largest);
			if (matrix->weights == NULL)
				continue;
			for (int i = 0; i < nblocks * KERNEL_LANES; i++)
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

	for (int64 block = 0; block < matrix->nblocks; block += chunk)
	{
		CHECK_FOR_INTERRUPTS();
		kernel->lower_distances(matrix_block(matrix, block),
								Min(chunk, matrix->nblocks - block),
								matrix->nfeatures, centroid,
								nearest + block * KERNEL_LANES);
	}
}

int32 *
matrix_nearest(const Matrix *matrix, const Kernel *kernel, int k, const double *centroids)
{
	int32  *nearest = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(int32) * Max(matrix->nblocks, 1) * KERNEL_LANES);
	int     nvalues = matrix->nfeatures * KERNEL_LANES; /* of a block */
	double *values = palloc(sizeof(double) * nvalues);
	int64   chunk = matrix_chunk_blocks(matrix, k);

	for (int64 block = 0; block < matrix->nblocks; block++)
	{
		const float *from = matrix_block(matrix, block);
		int32_t      second[KERNEL_LANES];
		double       d2[KERNEL_LANES];
		double       second_d2[KERNEL_LANES];

		if (block % chunk == 0)
			CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < nvalues; i++)
			values[i] = from[i];
		kernel->nearest_two(values, 1, matrix->nfeatures, k, centroids, nearest + block * KERNEL_LANES,
							d2, second, second_d2);
	}
	pfree(values);
	return nearest;
}
