/*-------------------------------------------------------------------------
 *
 * rows.c
 *	  Raw rows in blocks of doubles.
 *
 * Chunks grow with what there is, so that neither few rows waste memory nor
 * many rows take many chunks; unlike one growing array, nothing is ever
 * copied, nor is there a moment at which rows are held twice.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/memutils.h"

#include "matrix.h"
#include "rows.h"

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

static void
add_chunk(Rows *rows)
{
	MemoryContext old_context = MemoryContextSwitchTo(GetMemoryChunkContext(rows));
	int64         block_bytes = (int64) sizeof(double) * KERNEL_LANES * Max(rows->ncolumns, 1);

	if (rows->nchunks == rows->chunks_allocated)
	{
		rows->chunks_allocated = Max(2 * rows->chunks_allocated, 16);
		rows->chunks = rows->chunks == NULL
						   ? palloc(sizeof(RowChunk) * rows->chunks_allocated)
						   : repalloc(rows->chunks, sizeof(RowChunk) * rows->chunks_allocated);
	}
	rows->last_capacity = Max(CHUNK_BYTES / block_bytes, rows->nblocks / CHUNK_SHARE);
	rows->last_capacity = Max(rows->last_capacity, 1);
	rows->chunks[rows->nchunks++] = (RowChunk){
		.blocks = palloc_blocks(rows->last_capacity, rows->ncolumns, sizeof(double)),
		.first_block = rows->nblocks};
	MemoryContextSwitchTo(old_context);
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

bool
rows_next(const Rows *rows, RowCursor *cursor, int max_rows, const double **blocks, int *nrows)
{
	const RowChunk *chunk;
	int64           rows_left;

	if (cursor->chunk == rows->nchunks)
		return false;
	chunk = &rows->chunks[cursor->chunk];
	rows_left = Min((chunk->nblocks - cursor->block) * KERNEL_LANES,
					rows->nrows - (chunk->first_block + cursor->block) * KERNEL_LANES);
	*blocks = chunk->blocks + cursor->block * rows->ncolumns * KERNEL_LANES;
	*nrows = (int) Min(rows_left, max_rows);
	cursor->block += max_rows / KERNEL_LANES;
	if (cursor->block >= chunk->nblocks)
	{
		cursor->chunk++;
		cursor->block = 0;
	}
	return true;
}
