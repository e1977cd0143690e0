/*
 * Raw rows in blocks.
 *
 * Whoever goes through rows sees blocks of doubles, laid out as the kernels' (see
 * kernel.h), with every column that was read: the value of row r, column c is
 *
 *		blocks[((r / KERNEL_LANES) * ncolumns + c) * KERNEL_LANES + r % KERNEL_LANES]
 *
 * NaN stands for a missing value.  Every block is full but the last of the
 * last chunk, whose unused lanes are zero.
 * In memory they may be cells, see cells.h.
 */
#ifndef SEGMENT_ROWS_H
#define SEGMENT_ROWS_H

#include "kernel/kernel.h"
#include "process/share.h"
#include "rows/cells.h"

typedef struct RowChunk
{
	void *blocks;      /* 64-byte aligned */
	Share share;       /* where these are, if processes share them */
	int64 first_block; /* its place among the blocks of all chunks */
	int64 nblocks;
	char *keys;      /* of its rows, one behind the other; NULL: they are not kept */
	Share key_share; /* where these are */
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

	/* a KernelCell a column; NULL: all are doubles */
	const uint8 *cells;
	Share        shared_cells; /* the same, if processes share them */
	Size         block_bytes;

	Size key_bytes; /* of a row's key in the chunk's keys; 0: these are not kept */
} Rows;

/* Rows live in the memory context that is current here. */
extern Rows *rows_create(int ncolumns, Share cells);

/*
 * Makes room for one more row of doubles and returns the place of its first value;
 * column c goes to place[c * KERNEL_LANES].
 */
extern double *rows_append(Rows *rows);

/* Adds nrows rows that lie in blocks; only the last chunk may end in a partial block. */
extern void rows_add_chunk(Rows *rows, Share share, void *blocks, int64 nrows);

/* Copies a row, given by its number in blocks, to a place in blocks of the same cells, which may be the same place. */
extern void rows_copy_row(const Rows *rows, const void *from, int64 from_row, void *to, int64 to_row);

/* A row in blocks: its first value, and the next KERNEL_LANES further on. */
static inline double *
rows_lane(int ncolumns, double *blocks, int64 row)
{
	return blocks + (row / KERNEL_LANES) * ncolumns * KERNEL_LANES + row % KERNEL_LANES;
}

/*
 * Goes through the rows of the blocks from .. to - 1 in batches of at most
 * max_rows, a multiple of KERNEL_LANES.  rows_next() is false when there are no
 * more.  Its blocks are the rows themselves where rows->cells is NULL, else a copy
 * that lasts until the next call.
 */
typedef struct RowCursor
{
	int   chunk;
	int64 block; /* the next, among those of all chunks */
	int64 to;

	const RowChunk *at;      /* the chunk that the batch at hand is of */
	Share           scratch; /* for that batch, where cells are not all doubles */
} RowCursor;

extern RowCursor rows_cursor(const Rows *rows, int64 from, int64 to);
extern bool      rows_next(const Rows *rows, RowCursor *cursor, int max_rows,
						   double **blocks, int64 *first_row, int *nrows);

/* The same, but the blocks are those in memory, of rows->block_bytes each. */
extern bool rows_next_cells(const Rows *rows, RowCursor *cursor, int max_rows,
							const void **blocks, int64 *first_row, int *nrows);

/* Keeps the first nrows rows only. */
extern void rows_truncate(Rows *rows, int64 nrows);

/* zeroed blocks at an aligned address, which cannot be pfree'd on their own */
extern void *palloc_blocks(int64 nblocks, int nfeatures, Size element);

#endif /* SEGMENT_ROWS_H */
