/*
 * Rows in memory as float4 blocks for the kernels: all of them packed into
 * memory once, or block by block whenever they are wanted.
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"

#include "cluster/matrix.h"
#include "cluster/packed.h"
#include "process/settings.h"

/*
 * Appends the rows used of some packed blocks to others.
 */
static int64
append_used(int nfeatures, const float *blocks, int nrows, const bool *used, float *packed,
			int64 packed_rows)
{
	Size block_size = (Size) nfeatures * KERNEL_LANES;

	for (int row = 0; row < nrows; row++)
	{
		if (!used[row])
			continue;
		for (int f = 0; f < nfeatures; f++)
			packed[(packed_rows / KERNEL_LANES) * block_size + f * KERNEL_LANES + packed_rows % KERNEL_LANES] =
				blocks[(row / KERNEL_LANES) * block_size + f * KERNEL_LANES + row % KERNEL_LANES];
		packed_rows++;
	}
	return packed_rows;
}

int64
pack_rows(const Recipe *recipe, const double *blocks, int nrows, float *packed,
		  int64 packed_rows)
{
	int     nfeatures = recipe->nfeatures;
	int     batch = recipe_batch_blocks(recipe);
	Size    batch_values = (Size) batch * nfeatures * KERNEL_LANES;
	char   *memory = palloc((sizeof(double) + sizeof(float)) * batch_values + PG_CACHE_LINE_SIZE);
	double *prepared = (double *) CACHELINEALIGN(memory);
	float  *narrow = (float *) (prepared + batch_values);
	double *grid = palloc(sizeof(double) * nfeatures);
	bool    used[PASS_ROWS];
	int     nused = recipe_used_rows(recipe, blocks, nrows, used);
	int     nblocks = (nrows + KERNEL_LANES - 1) / KERNEL_LANES;

	for (int f = 0; f < nfeatures; f++)
		grid[f] = recipe->features[f].grid;
	for (int block = 0; block < nblocks; block += batch)
	{
		int  n = Min(batch, nblocks - block);
		int  first_row = block * KERNEL_LANES;
		bool in_place = nused == nrows && packed_rows % KERNEL_LANES == 0;

		recipe_prepare_blocks(recipe, blocks + (Size) first_row * recipe->ncolumns, n, prepared);
		segment_kernel()->narrow(prepared, n, nfeatures, grid,
								 in_place ? packed + packed_rows * nfeatures : narrow);
		if (in_place)
			packed_rows += Min(n * KERNEL_LANES, nrows - first_row);
		else
			packed_rows = append_used(nfeatures, narrow, Min(n * KERNEL_LANES, nrows - first_row),
									  used + first_row, packed, packed_rows);
	}
	pfree(memory);
	pfree(grid);
	matrix_clear_unused(packed, packed_rows, nfeatures);
	return packed_rows;
}

Matrix *
matrix_pack(const Recipe *recipe, const Rows *rows)
{
	Matrix   *matrix = matrix_create(rows->nrows, recipe->nfeatures);
	RowCursor cursor = rows_cursor(rows, 0, rows->nblocks);
	double   *blocks;
	int64     first_row;
	int       nrows;
	int64     packed = 0;
	Size      nvalues = (Size) recipe->nfeatures * KERNEL_LANES; /* of a block */

	while (rows_next(rows, &cursor, PASS_ROWS, &blocks, &first_row, &nrows))
	{
		CHECK_FOR_INTERRUPTS();
		packed = pack_rows(recipe, blocks, nrows, matrix->blocks, packed);
	}
	for (int64 block = 0; block < matrix->nblocks; block++)
	{
		CHECK_FOR_INTERRUPTS();
		for (Size i = 0; i < nvalues; i++)
			if (unlikely(isnan(matrix_block(matrix, block)[i])))
				source_changed(); /* a value is missing where none was when the recipe was fitted */
	}
	matrix->nrows = packed;
	matrix->nblocks = (packed + KERNEL_LANES - 1) / KERNEL_LANES;
	matrix_check_unused(matrix);
	return matrix;
}

PackedRows
packed_rows_create(const RowSource *source, const Recipe *recipe)
{
	FlatInput flat = pass_flatten(&(PassInput){.recipe = recipe});

	return (PackedRows){
		.rows = shared_rows(source),
		.input = source_share_input(source, flat)};
}

void
packed_rows_keep(ShareSet *set, PackedRows *packed, int nfeatures)
{
	if (packed->may_pack && share_address(packed->blocks) == NULL)
		packed->blocks = share_create(set, sizeof(float) * packed->rows.nblocks * KERNEL_LANES * nfeatures);
}

void
packed_rows_kept(PackedRows *packed, int nfeatures)
{
	packed->packed = share_address(packed->blocks) != NULL;
	if (packed->packed)
		matrix_check_unused(&(Matrix){.nrows = packed->rows.nrows,
									  .nblocks = packed->rows.nblocks,
									  .nfeatures = nfeatures,
									  .blocks = share_address(packed->blocks)});
}

static void
each_packed(const PackedRows *packed, int nfeatures, int64 from, int64 to,
			PackedFunction function, void *context)
{
	const float *blocks = share_address(packed->blocks);

	for (; from < to; from += PASS_ROWS / KERNEL_LANES)
	{
		int64 end = Min(from + PASS_ROWS / KERNEL_LANES, to) * KERNEL_LANES;
		int64 first_row = from * KERNEL_LANES;

		CHECK_FOR_INTERRUPTS();
		function(context, blocks + first_row * nfeatures, first_row,
				 (int) (Min(end, packed->rows.nrows) - first_row));
	}
}

void
packed_rows_each(const PackedRows *packed, int nfeatures, int64 from, int64 to,
				 PackedFunction function, void *context)
{
	Rows          rows;
	const Recipe *recipe;
	float        *kept = share_address(packed->blocks);
	Share         scratch = {0};
	RowCursor     cursor;
	double       *blocks;
	int64         first_row;
	int           nrows;

	if (packed->packed)
	{
		each_packed(packed, nfeatures, from, to, function, context);
		return;
	}
	rows = shared_rows_find(&packed->rows);
	recipe = pass_open(share_address(packed->input))->recipe;
	if (kept == NULL)
		scratch = share_create(NULL, sizeof(float) * PASS_ROWS * nfeatures);
	cursor = rows_cursor(&rows, from, to);
	while (rows_next(&rows, &cursor, PASS_ROWS, &blocks, &first_row, &nrows))
	{
		float *to = kept != NULL ? kept + first_row * nfeatures : scratch.local;

		CHECK_FOR_INTERRUPTS();
		(void) pack_rows(recipe, blocks, nrows, to, 0);
		function(context, to, first_row, nrows);
	}
	share_free(NULL, scratch);
	pfree(rows.chunks);
}
