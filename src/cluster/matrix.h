/*
 * Rows packed for the kernels, and their identities.
 */
#ifndef SEGMENT_MATRIX_H
#define SEGMENT_MATRIX_H

#include "kernel/kernel.h"

/*
 * Prepared rows as float4 in the kernels' layout (see kernel.h).
 *
 * Every value of feature f is a multiple of a power of two, grid[f], chosen
 * such that the sum of all rows fits the 53 bits of a double: sums in double
 * are exact, whatever their order and however they are split.
 */
typedef struct Matrix
{
	int64   nrows;
	int     nfeatures;
	int64   nblocks;
	float  *blocks;    /* 64-byte aligned, the last block padded with 0 */
	uint64 *row_ids;   /* see matrix_identify() */
	int64   ndistinct; /* distinct rows that weigh anything, set by matrix_identify() and matrix_sample() */

	/* from 0 to 1 for each row, or NULL: all weigh 1 */
	const float *weights;
	double       largest; /* no value is farther from 0; for sums of weighted rows */

	/* set by matrix_measure() */
	double sum_squares;   /* of all values, weighted */
	double total_squares; /* about the mean, not weighted: the total sum of squares */
} Matrix;

extern Matrix *matrix_create(int64 nrows, int nfeatures);

/*
 * The lanes of the last block behind the last row hold zeros, which add nothing
 * to any sum.  Preparing a block of raw rows puts other values there: packing
 * ends with matrix_clear_unused(), and an assertion that it did.
 */
extern void matrix_clear_unused(float *blocks, int64 nrows, int nfeatures);
extern void matrix_check_unused(const Matrix *matrix);

extern void matrix_identify(Matrix *matrix);
extern void matrix_measure(Matrix *matrix);

/*
 * A copy of at most nrows rows, chosen by their identities from those that
 * weigh anything.  Of a matrix that is not identified, only the distinct rows are
 * counted on the way: identities of all rows would take as much as the rows.
 */
extern Matrix *matrix_sample(Matrix *matrix, int64 nrows);

/*
 * The same of rows that come in batches, as packed_rows_each() has them: all are looked
 * at, then those that were chosen are taken.
 */
typedef struct MatrixSampler MatrixSampler;

extern MatrixSampler *matrix_sampler(Matrix *matrix, int64 nrows);
extern void           matrix_sampler_look(void *sampler, const float *blocks, int64 first_row, int nrows);
extern void           matrix_sampler_choose(MatrixSampler *sampler);
extern void           matrix_sampler_take(void *sampler, const float *blocks, int64 first_row, int nrows);
extern Matrix        *matrix_sampler_end(MatrixSampler *sampler);

/* blocks of work between two checks for interrupts, some milliseconds at most */
extern int64 matrix_chunk_blocks(const Matrix *matrix, int k);

/* nearest[row] = min(nearest[row], squared distance from centroid), in float4 */
extern void matrix_lower_distances(const Matrix *matrix, const Kernel *kernel,
								   const float *centroid, float *nearest);

/* the nearest of k centroids for each row, padding included, in the current memory context */
extern int32 *matrix_nearest(const Matrix *matrix, const Kernel *kernel, int k, const double *centroids);

static inline double
matrix_weight(const Matrix *matrix, int64 row)
{
	return matrix->weights == NULL ? 1 : matrix->weights[row];
}

static inline float *
matrix_row(const Matrix *matrix, int64 row)
{
	return matrix->blocks +
		   (row / KERNEL_LANES) * matrix->nfeatures * KERNEL_LANES +
		   row % KERNEL_LANES;
}

/* the values of a row, next to each other */
static inline void
matrix_get_row(const Matrix *matrix, int64 row, float *values)
{
	const float *lane = matrix_row(matrix, row);

	for (int f = 0; f < matrix->nfeatures; f++)
		values[f] = lane[(size_t) f * KERNEL_LANES];
}

static inline const float *
matrix_block(const Matrix *matrix, int64 block)
{
	return matrix->blocks + block * matrix->nfeatures * KERNEL_LANES;
}

#endif /* SEGMENT_MATRIX_H */
