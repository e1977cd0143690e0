/*
 * Raw rows in blocks of doubles.
 *
 * Chunks grow with what there is, so that neither few rows waste memory nor
 * many rows take many chunks; unlike one growing array, nothing is ever
 * copied, nor is there a moment at which rows are held twice.
 */
#include "postgres.h"

#include "utils/memutils.h"

#include "rows/rows.h"

#define BLOCK_ALIGNMENT 64

void *
palloc_blocks(int64 nblocks, int nfeatures, Size element)
{
	Size  size = (Size) nblocks * nfeatures * KERNEL_LANES * element;
	char *raw;

	raw = MemoryContextAllocExtended(CurrentMemoryContext, size + BLOCK_ALIGNMENT,
									 MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	return (void *) TYPEALIGN(BLOCK_ALIGNMENT, raw);
}

/* a new chunk takes this many bytes, or a share of all rows so far if that is more */
#define CHUNK_BYTES (1024 * 1024)
#define CHUNK_SHARE 32

Rows *
rows_create(int ncolumns)
{
	Rows *rows = palloc0(sizeof(Rows));

	rows->ncolumns = ncolumns;
	return rows;
}

static RowChunk *
next_chunk(Rows *rows)
{
	MemoryContext old_context = MemoryContextSwitchTo(GetMemoryChunkContext(rows));

	if (rows->nchunks == rows->chunks_allocated)
	{
		rows->chunks_allocated = Max(2 * rows->chunks_allocated, 16);
		rows->chunks = rows->chunks == NULL
						   ? palloc(sizeof(RowChunk) * rows->chunks_allocated)
						   : repalloc(rows->chunks, sizeof(RowChunk) * rows->chunks_allocated);
	}
	MemoryContextSwitchTo(old_context);
	rows->chunks[rows->nchunks] = (RowChunk){.first_block = rows->nblocks};
	return &rows->chunks[rows->nchunks++];
}

static void
add_chunk(Rows *rows)
{
	int64         block_bytes = (int64) sizeof(double) * KERNEL_LANES * Max(rows->ncolumns, 1);
	RowChunk     *chunk = next_chunk(rows);
	MemoryContext old_context = MemoryContextSwitchTo(GetMemoryChunkContext(rows));

	rows->last_capacity = Max(CHUNK_BYTES / block_bytes, rows->nblocks / CHUNK_SHARE);
	rows->last_capacity = Max(rows->last_capacity, 1);
	chunk->blocks = palloc_blocks(rows->last_capacity, rows->ncolumns, sizeof(double));
	chunk->share.local = chunk->blocks;
	MemoryContextSwitchTo(old_context);
}

void
rows_add_chunk(Rows *rows, Share share, double *blocks, int64 nrows)
{
	RowChunk *chunk = next_chunk(rows);

	chunk->share = share;
	chunk->blocks = blocks;
	chunk->nblocks = (nrows + KERNEL_LANES - 1) / KERNEL_LANES;
	rows->nrows += nrows;
	rows->nblocks += chunk->nblocks;
	rows->last_capacity = chunk->nblocks;
}

double *
rows_append(Rows *rows)
{
	int       lane = rows->nrows % KERNEL_LANES;
	RowChunk *chunk;

	if (lane == 0)
	{
		if (rows->nchunks == 0 || rows->chunks[rows->nchunks - 1].nblocks == rows->last_capacity)
			add_chunk(rows);
		rows->chunks[rows->nchunks - 1].nblocks++;
		rows->nblocks++;
	}
	rows->nrows++;
	chunk = &rows->chunks[rows->nchunks - 1];
	return chunk->blocks + (Size) (chunk->nblocks - 1) * rows->ncolumns * KERNEL_LANES + lane;
}

RowCursor
rows_cursor(const Rows *rows, int64 from, int64 to)
{
	RowCursor cursor = {.block = from, .to = to};

	while (cursor.chunk < rows->nchunks &&
		   rows->chunks[cursor.chunk].first_block + rows->chunks[cursor.chunk].nblocks <= from)
		cursor.chunk++;
	return cursor;
}

bool
rows_next(const Rows *rows, RowCursor *cursor, int max_rows, double **blocks, int64 *first_row,
		  int *nrows)
{
	const RowChunk *chunk;
	int64           end;

	if (cursor->block >= cursor->to)
		return false;
	chunk = &rows->chunks[cursor->chunk];
	end = Min(chunk->first_block + chunk->nblocks, cursor->to);
	end = Min(end, cursor->block + max_rows / KERNEL_LANES);
	*blocks = chunk->blocks + (cursor->block - chunk->first_block) * rows->ncolumns * KERNEL_LANES;
	*first_row = cursor->block * KERNEL_LANES;
	*nrows = (int) (Min(end * KERNEL_LANES, rows->nrows) - *first_row);
	cursor->block = end;
	if (end == chunk->first_block + chunk->nblocks)
		cursor->chunk++;
	return true;
}

void
rows_truncate(Rows *rows, int64 nrows)
{
	RowChunk *last;

	rows->nrows = nrows;
	rows->nblocks = (nrows + KERNEL_LANES - 1) / KERNEL_LANES;
	while (rows->nchunks > 0 && rows->chunks[rows->nchunks - 1].first_block >= rows->nblocks)
		rows->nchunks--;
	if (nrows == 0)
		return;
	last = &rows->chunks[rows->nchunks - 1];
	last->nblocks = rows->nblocks - last->first_block;
	for (int64 row = nrows; row < rows->nblocks * KERNEL_LANES; row++)
	{
		double *place = rows_lane(rows->ncolumns, last->blocks, row - last->first_block * KERNEL_LANES);

		for (int i = 0; i < rows->ncolumns; i++)
			place[(Size) i * KERNEL_LANES] = 0;
	}
}
