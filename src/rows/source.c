/*-------------------------------------------------------------------------
 *
 * source.c
 *	  Passes over the rows of a fit: by one process, by a team over memory that
 *	  it shares, or by a scan of the table.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "cluster/matrix.h"
#include "process/progress.h"
#include "process/settings.h"
#include "rows/source.h"

/* states of members do not share a cache line */
#define STATE_ALIGNMENT 128

typedef struct PassTask
{
	SharedRows rows;
	PassKind   kind;
	Share      input;
	Share      states;
	Size       state_stride;
	Share      labels; /* or nothing, also if only the leader has them */
} PassTask;

/* ----------------------------------------------------------------
 *		Sharing rows
 * ----------------------------------------------------------------
 */

void
source_share(RowSource *source)
{
	const Rows *rows = source->rows;
	Size        size = sizeof(RowChunk) * rows->nchunks;

	share_free(source->set, source->chunks);
	source->chunks = share_create(source->set, size);
	if (size > 0)
		memcpy(share_address(source->chunks), rows->chunks, size);
}

SharedRows
shared_rows(const RowSource *source)
{
	return (SharedRows){
		.chunks = source->chunks,
		.nchunks = source->rows->nchunks,
		.ncolumns = source->rows->ncolumns,
		.nrows = source->rows->nrows,
		.nblocks = source->rows->nblocks};
}

void
source_skip_rows(RowSource *source, const Recipe *recipe)
{
	Rows     *rows = source->rows;
	RowCursor cursor = rows_cursor(rows, 0, rows->nblocks);
	int       to_chunk = 0;
	int64     to_row = 0; /* in that chunk */
	int64     kept = 0;
	bool      used[PASS_ROWS];
	double   *blocks;
	int64     first_row;
	int       nrows;
	int       row;

	if (!recipe_may_skip(recipe))
		return;
	while (rows_next(rows, &cursor, PASS_ROWS, &blocks, &first_row, &nrows))
	{
		CHECK_FOR_INTERRUPTS();
		(void) recipe_used_rows(recipe, blocks, nrows, used);
		for (row = 0; row < nrows; row++)
		{
			if (!used[row])
				continue;
			if (to_row == rows->chunks[to_chunk].nblocks * KERNEL_LANES)
			{
				to_chunk++;
				to_row = 0;
			}
			rows_copy_row(rows->ncolumns, rows_place(rows->ncolumns, blocks, row),
						  rows_place(rows->ncolumns, rows->chunks[to_chunk].blocks, to_row++));
			kept++;
		}
	}
	rows_truncate(rows, kept);
}

Rows
shared_rows_find(const SharedRows *shared)
{
	Rows rows = {
		.ncolumns = shared->ncolumns,
		.nrows = shared->nrows,
		.nblocks = shared->nblocks,
		.nchunks = shared->nchunks,
		.chunks = palloc(sizeof(RowChunk) * shared->nchunks)};
	int i;

	memcpy(rows.chunks, share_address(shared->chunks), sizeof(RowChunk) * shared->nchunks);
	for (i = 0; i < rows.nchunks; i++)
		rows.chunks[i].blocks = share_address(rows.chunks[i].share);
	return rows;
}

static Share
share_input(const RowSource *source, const PassInput *input)
{
	Share share = share_create(source->set, pass_input_size(input));

	pass_input_write(input, share_address(share));
	return share;
}

static PassInput
find_input(Share share)
{
	PassInput input;

	pass_input_read(share_address(share), &input);
	input.kernel = segment_kernel();
	return input;
}

/* ----------------------------------------------------------------
 *		A pass
 * ----------------------------------------------------------------
 */

/*
 * Passes take a column after the other, in steps that no processor foresees:
 * read in order first, the same memory arrives much faster.
 */
static inline void
prefetch(const void *memory, Size size)
{
	const char *line = memory;

	for (; line < (const char *) memory + size; line += PG_CACHE_LINE_SIZE / 2)
		__builtin_prefetch(line);
}

static void
pass_blocks(const Pass *pass, const PassInput *input, void *state, const Rows *rows, int64 from,
			int64 to, int32 *labels)
{
	RowCursor cursor = rows_cursor(rows, from, to);
	double   *blocks;
	int64     first_row;
	int       nrows;

	pass->init(input, state);
	while (rows_next(rows, &cursor, PASS_ROWS, &blocks, &first_row, &nrows))
	{
		CHECK_FOR_INTERRUPTS();
		prefetch(blocks, sizeof(double) * rows->ncolumns * nrows);
		(void) pass->add(input, state, blocks, nrows, labels == NULL ? NULL : labels + first_row);
		progress_add_rows(nrows);
	}
}

void
pass_part(const TeamMember *me, const void *arguments)
{
	const PassTask *task = arguments;
	Rows            rows = shared_rows_find(&task->rows);
	PassInput       input = find_input(task->input);
	int64           to;
	int64           from = team_part(me, rows.nblocks, &to);

	pass_blocks(pass_of_kind(task->kind), &input,
				(char *) share_address(task->states) + task->state_stride * me->number,
				&rows, from, to, share_address(task->labels));
	pfree(rows.chunks);
}

static void *
run_by_team(const RowSource *source, PassKind kind, const PassInput *input, Share labels, void *merged)
{
	const Pass *pass = pass_of_kind(kind);
	PassTask    task = {
		   .rows = shared_rows(source),
		   .kind = kind,
		   .input = share_input(source, input),
		   .state_stride = TYPEALIGN(STATE_ALIGNMENT, pass->state_size(input)),
		   .labels = labels};
	int i;

	task.states = share_create(source->set, task.state_stride * team_size(source->team));
	team_run(source->team, TEAM_PASS, &task, sizeof(task));
	for (i = 0; i < team_size(source->team); i++)
		pass->merge(input, merged,
					(char *) share_address(task.states) + task.state_stride * i);
	share_free(source->set, task.states);
	share_free(source->set, task.input);
	return merged;
}

void
source_changed(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("the rows of the source are not the same when they are read again"),
			 errdetail("They are read once more for the assignment table, and several times if they do not fit in segment.work_mem."),
			 errhint("Store the rows of a view that calls volatile functions, or of a foreign table that changes meanwhile, in a table.")));
}

static void *
run_by_scan(const RowSource *source, PassKind kind, const PassInput *input)
{
	ScanResult result = scan_run(source->set, source->scan, kind, input, NULL);

	if (result.nrows != source->nrows)
		source_changed();
	return result.state;
}

void *
pass_run(const RowSource *source, PassKind kind, const PassInput *input, Share labels)
{
	const Pass *pass = pass_of_kind(kind);
	void       *state;

	elog(DEBUG1, "segment: pass \"%s\"", pass->name);
	progress_rows(0);
	if (source->rows == NULL)
		return run_by_scan(source, kind, input);

	state = palloc_extended(pass->state_size(input), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	/* labels of this process alone are those of few rows */
	if (team_size(source->team) > 1 && labels.local == NULL)
	{
		pass->init(input, state);
		run_by_team(source, kind, input, labels, state);
	}
	else
		pass_blocks(pass, input, state, source->rows, 0, source->rows->nblocks,
					share_address(labels));
	return state;
}

/* ----------------------------------------------------------------
 *		Packing
 * ----------------------------------------------------------------
 */

PackedRows
packed_rows_create(const RowSource *source, const Recipe *recipe)
{
	PassInput input = {.recipe = recipe, .kernel = segment_kernel()};

	return (PackedRows){.rows = shared_rows(source), .input = share_input(source, &input), .costly = recipe_is_costly(recipe)};
}

void
pack_part(const TeamMember *me, const void *arguments)
{
	const PackedRows *packed = arguments;
	Rows              rows = shared_rows_find(&packed->rows);
	PassInput         input = find_input(packed->input);
	int               nfeatures = input.recipe->nfeatures;
	int64             to;
	int64             from = team_part(me, rows.nblocks, &to);
	RowCursor         cursor = rows_cursor(&rows, from, to);
	double           *blocks;
	int64             first_row;
	int               nrows;

	while (rows_next(&rows, &cursor, PASS_ROWS, &blocks, &first_row, &nrows))
	{
		CHECK_FOR_INTERRUPTS();
		(void) recipe_pack_rows(input.recipe, blocks, nrows,
								(float *) share_address(packed->blocks) + first_row * nfeatures, 0);
	}
	pfree(rows.chunks);
}

void
packed_rows_pack(const RowSource *source, PackedRows *packed, int nfeatures)
{
	if (packed->packed)
		return;
	packed->blocks = share_create(source->set,
								  sizeof(float) * packed->rows.nblocks * KERNEL_LANES * nfeatures);
	team_run(source->team, TEAM_PACK, packed, sizeof(*packed));
	packed->packed = true;
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
	Rows      rows;
	PassInput input;
	Share     scratch;
	RowCursor cursor;
	double   *blocks;
	int64     first_row;
	int       nrows;

	if (packed->packed)
	{
		each_packed(packed, nfeatures, from, to, function, context);
		return;
	}
	rows = shared_rows_find(&packed->rows);
	input = find_input(packed->input);
	scratch = share_create(NULL, sizeof(float) * PASS_ROWS * nfeatures);
	cursor = rows_cursor(&rows, from, to);
	while (rows_next(&rows, &cursor, PASS_ROWS, &blocks, &first_row, &nrows))
	{
		CHECK_FOR_INTERRUPTS();
		(void) recipe_pack_rows(input.recipe, blocks, nrows, share_address(scratch), 0);
		function(context, share_address(scratch), first_row, nrows);
	}
	share_free(NULL, scratch);
	pfree(rows.chunks);
}
