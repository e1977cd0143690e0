/*-------------------------------------------------------------------------
 *
 * rows.h
 *	  Raw rows in blocks of doubles.
 *
 * Blocks are laid out as the kernels' (see kernel.h), with every column that
 * was read: the value of row r, column c of a chunk is
 *
 *		blocks[((r / KERNEL_LANES) * ncolumns + c) * KERNEL_LANES + r % KERNEL_LANES]
 *
 * NaN stands for a missing value.  Every block is full but the last of the
 * last chunk, whose unused lanes are zero.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SEGMENT_ROWS_H
#define SEGMENT_ROWS_H

#include "kernel.h"

typedef struct RowChunk
{
	double *blocks;      /* 64-byte aligned */
	int64   first_block; /* its place among the blocks of all chunks */
	int64   nblocks;
} RowChunk;

typedef struct Rows
{
	int       ncolumns;
	int64     nrows;
	int64     nblocks;
	int       nchunks;
	RowChunk *chunks;

	/* for rows_append() */
	int   chunks_allocated;
	int64 last_capacity; /* blocks that the last chunk has room for */
} Rows;

/* Rows live in the memory context that is current here. */
extern Rows *rows_create(int ncolumns);

/*
 * Makes room for one more row and returns the place of its first value;
 * column c goes to place[c * KERNEL_LANES].
 */
extern double *rows_append(Rows *rows);

/*
 * Goes through all rows in batches of at most max_rows, a multiple of
 * KERNEL_LANES.  Starts with a cursor of zeros; false when there are no more.
 */
typedef struct RowCursor
{
	int   chunk;
	int64 block; /* of the chunk */
} RowCursor;

extern bool rows_next(const Rows *rows, RowCursor *cursor, int max_rows,
					  const double **blocks, int *nrows);

#endif /* SEGMENT_ROWS_H */
