/*
 * Raw rows in blocks.
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

/* ---- Chunks ---- */

/* a new chunk takes this many bytes, or a share of all rows so far if that is more */
#define CHUNK_BYTES (1024 * 1024)
#define CHUNK_SHARE 32

Rows *
rows_create(int ncolumns, Share cells)
{
	Rows *rows = palloc0(sizeof(Rows));

	rows->ncolumns = ncolumns;
	rows->shared_cells = cells;
	rows->cells = share_address(cells);
	rows->block_bytes = cells_row_bytes(ncolumns, rows->cells) * KERNEL_LANES;
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
	int64         block_bytes = (int64) rows->block_bytes;
	RowChunk     *chunk = next_chunk(rows);
	MemoryContext old_context = MemoryContextSwitchTo(GetMemoryChunkContext(rows));

	rows->last_capacity = Max(CHUNK_BYTES / block_bytes, rows->nblocks / CHUNK_SHARE);
	rows->last_capacity = Max(rows->last_capacity, 1);
	chunk->blocks = palloc_blocks(rows->last_capacity, rows->ncolumns, sizeof(double));
	chunk->share.local = chunk->blocks;
	MemoryContextSwitchTo(old_context);
}

void
rows_add_chunk(Rows *rows, Share share, void *blocks, int64 nrows)
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

	Assert(rows->cells == NULL);
	if (lane == 0)
	{
		if (rows->nchunks == 0 || rows->chunks[rows->nchunks - 1].nblocks == rows->last_capacity)
			add_chunk(rows);
		rows->chunks[rows->nchunks - 1].nblocks++;
		rows->nblocks++;
	}
	rows->nrows++;
	chunk = &rows->chunks[rows->nchunks - 1];
	return (double *) chunk->blocks + (Size) (chunk->nblocks - 1) * rows->ncolumns * KERNEL_LANES + lane;
}

/* ---- One row ---- */

/* memory is asked for so far ahead */
#define ROW_PREFETCH_BYTES 2048

void
rows_copy_row(const Rows *rows, const void *from, int64 from_row, void *to, int64 to_row)
{
	const char *source = (const char *) from + from_row / KERNEL_LANES * rows->block_bytes;
	char       *target = (char *) to + to_row / KERNEL_LANES * rows->block_bytes;

	for (int i = 0; i < rows->ncolumns; i++)
	{
		Size        bytes = cell_bytes(rows->cells, i);
		const char *value = source + from_row % KERNEL_LANES * bytes;

		/* each is in a line of memory of its own */
		__builtin_prefetch(source + ROW_PREFETCH_BYTES);
		if (bytes == sizeof(float))
			memmove(target + to_row % KERNEL_LANES * sizeof(float), value, sizeof(float));
		else
			memmove(target + to_row % KERNEL_LANES * sizeof(double), value, sizeof(double));
		source += bytes * KERNEL_LANES;
		target += bytes * KERNEL_LANES;
	}
}

/* ---- Going through ---- */

/* a batch of doubles as the second-level cache holds it */
#define SCRATCH_BYTES (512 * 1024)

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
rows_next_cells(const Rows *rows, RowCursor *cursor, int max_rows, const void **blocks,
				int64 *first_row, int *nrows)
{
	const RowChunk *chunk;
	int64           end;

	if (cursor->block >= cursor->to)
	{
		share_free(NULL, cursor->scratch);
		cursor->scratch = (Share){0};
		return false;
	}
	cursor->at = chunk = &rows->chunks[cursor->chunk];
	*blocks = (char *) chunk->blocks + (cursor->block - chunk->first_block) * rows->block_bytes;
	end = Min(chunk->first_block + chunk->nblocks, cursor->to);
	end = Min(end, cursor->block + max_rows / KERNEL_LANES);
	*first_row = cursor->block * KERNEL_LANES;
	*nrows = (int) (Min(end * KERNEL_LANES, rows->nrows) - *first_row);
	cursor->block = end;
	if (end == chunk->first_block + chunk->nblocks)
		cursor->chunk++;
	return true;
}

bool
rows_next(const Rows *rows, RowCursor *cursor, int max_rows, double **blocks, int64 *first_row,
		  int *nrows)
{
	int64       block_bytes = (int64) sizeof(double) * KERNEL_LANES * rows->ncolumns;
	int64       first_block = cursor->block;
	const void *cells;

	if (rows->cells != NULL)
		max_rows = Min(max_rows, Max(SCRATCH_BYTES / block_bytes, 1) * KERNEL_LANES);
	if (!rows_next_cells(rows, cursor, max_rows, &cells, first_row, nrows))
		return false;
	if (rows->cells == NULL)
	{
		*blocks = unconstify(void *, cells);
		return true;
	}
	if (cursor->scratch.local == NULL)
		cursor->scratch = share_create(NULL, block_bytes * (max_rows / KERNEL_LANES));
	*blocks = cursor->scratch.local;
	cells_widen(rows->ncolumns, rows->cells, cells, cursor->block - first_block, *blocks);
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
		char *place = (char *) last->blocks + (last->nblocks - 1) * rows->block_bytes;

		for (int i = 0; i < rows->ncolumns; i++)
		{
			Size bytes = cell_bytes(rows->cells, i);

			memset(place + row % KERNEL_LANES * bytes, 0, bytes);
			place += bytes * KERNEL_LANES;
		}
	}
}
