/*
 * Rows in memory as float4 blocks for the kernels: all of them packed into
 * memory once, or block by block whenever they are wanted.
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"

#include "cluster/matrix.h"
#include "cluster/packed.h"
#include "process/pages.h"
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

/* ---- Rows in memory ---- */

/* rows that are packed at a time stay in the second-level cache until they are used, by kernels that take some blocks together */
#define PACKED_BYTES (256 * 1024)
#define PACKED_BLOCKS 4

/*
 * Packs rows in memory, some at a time.
 */
typedef struct Packer
{
	const Recipe *recipe;
	const Rows   *rows;
	KernelColumn *columns; /* NULL: it takes more than the kernels' pack() does */
	RowCursor     cursor;
	int           batch; /* rows at a time, at most */
} Packer;

/*
 * How each feature is packed from the cells of its column, if all that is done to
 * them is linear.
 */
static KernelColumn *
columns_to_pack(const Recipe *recipe, const Rows *rows)
{
	KernelColumn *columns = palloc(sizeof(KernelColumn) * recipe->nfeatures);
	Size         *places = palloc(sizeof(Size) * (recipe->ncolumns + 1));

	places[0] = 0;
	for (int i = 0; i < recipe->ncolumns; i++)
		places[i + 1] = places[i] + cell_bytes(rows->cells, i) * KERNEL_LANES;
	for (int f = 0; f < recipe->nfeatures; f++)
	{
		const FeatureRecipe *feature = &recipe->features[f];

		columns[f] = (KernelColumn){.place = places[feature->column],
									.cell = rows->cells == NULL ? CELL_DOUBLE : rows->cells[feature->column],
									.fill = feature->fill,
									.offset = feature->offset,
									.factor = feature->factor,
									.grid = feature->grid};
	}
	pfree(places);
	return columns;
}

static Packer
packer_create(const Recipe *recipe, const Rows *rows, int64 from, int64 to)
{
	int bytes = (int) sizeof(float) * KERNEL_LANES * recipe->nfeatures * PACKED_BLOCKS;

	return (Packer){
		.recipe = recipe,
		.rows = rows,
		.columns = recipe_is_linear(recipe) ? columns_to_pack(recipe, rows) : NULL,
		.cursor = rows_cursor(rows, from, to),
		.batch = Min(Max(PACKED_BYTES / bytes, 1) * PACKED_BLOCKS * KERNEL_LANES, PASS_ROWS)};
}

/*
 * Appends the next rows to packed_rows others; false if there are no more.  There
 * has to be room for packer->batch of them.
 */
static bool
packer_next(Packer *packer, float *packed, int64 *packed_rows, int64 *first_row, int *nrows)
{
	const Rows *rows = packer->rows;
	int         nfeatures = packer->recipe->nfeatures;
	const void *cells;
	double     *blocks;

	CHECK_FOR_INTERRUPTS();
	if (packer->columns == NULL)
	{
		if (!rows_next(rows, &packer->cursor, packer->batch, &blocks, first_row, nrows))
			return false;
		*packed_rows = pack_rows(packer->recipe, blocks, *nrows, packed, *packed_rows);
		return true;
	}
	if (!rows_next_cells(rows, &packer->cursor, packer->batch, &cells, first_row, nrows))
		return false;
	Assert(*packed_rows % KERNEL_LANES == 0);
	segment_kernel()->pack(cells, (*nrows + KERNEL_LANES - 1) / KERNEL_LANES, rows->block_bytes,
						   packer->columns, nfeatures, packer->recipe->distance == DISTANCE_COSINE,
						   packed + *packed_rows * nfeatures);
	*packed_rows += *nrows;
	matrix_clear_unused(packed, *packed_rows, nfeatures);
	return true;
}

static void
packer_free(Packer *packer)
{
	if (packer->columns != NULL)
		pfree(packer->columns);
}

Matrix *
matrix_pack(const Recipe *recipe, const Rows *rows)
{
	Matrix *matrix = matrix_create(rows->nrows, recipe->nfeatures);
	Packer  packer = packer_create(recipe, rows, 0, rows->nblocks);
	int64   packed = 0;
	int64   first_row;
	int     nrows;
	Size    nvalues = (Size) recipe->nfeatures * KERNEL_LANES; /* of a block */

	while (packer_next(&packer, matrix->blocks, &packed, &first_row, &nrows))
		;
	packer_free(&packer);
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
	Rows   rows;
	Packer packer;
	float *kept = share_address(packed->blocks);
	Share  scratch = {0};
	int64  first_row;
	int    nrows;

	if (packed->packed)
	{
		each_packed(packed, nfeatures, from, to, function, context);
		return;
	}
	rows = shared_rows_find(&packed->rows);
	packer = packer_create(pass_open(share_address(packed->input))->recipe, &rows, from, to);
	if (kept == NULL)
		scratch = share_create(NULL, sizeof(float) * packer.batch * nfeatures);
	else
		pages_map(kept + from * KERNEL_LANES * nfeatures, sizeof(float) * (to - from) * KERNEL_LANES * nfeatures);
	for (;;)
	{
		float *to = kept != NULL ? kept + packer.cursor.block * KERNEL_LANES * nfeatures : scratch.local;
		int64  n = 0;

		if (!packer_next(&packer, to, &n, &first_row, &nrows))
			break;
		function(context, to, first_row, nrows);
	}
	packer_free(&packer);
	share_free(NULL, scratch);
	pfree(rows.chunks);
}
