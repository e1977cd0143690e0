/*
 * Passes over the rows of a job: by one process, by a team over memory that
 * it shares, or by a scan of the table.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "process/progress.h"
#include "rows/source.h"

/* states of members do not share a cache line */
#define STATE_ALIGNMENT 128

typedef struct PassTask
{
	SharedRows rows;
	int        pass; /* number in pass_registry */
	Share      input;
	Share      states;
	Size       state_stride;
	Share      labels; /* or nothing, also if only the leader has them */
} PassTask;

/* ---- Sharing rows ---- */

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
		.nblocks = source->rows->nblocks,
		.key_bytes = source->rows->key_bytes,
		.cells = source->rows->shared_cells};
}

void
source_filter_rows(RowSource *source, RowFilter filter, const void *context)
{
	Rows     *rows = source->rows;
	RowCursor cursor = rows_cursor(rows, 0, rows->nblocks);
	int       to_chunk = 0;
	int64     to_row = 0; /* in that chunk */
	int64     kept = 0;
	bool      keep[PASS_ROWS];
	double   *blocks;
	int64     first_row;
	int       nrows;

	while (rows_next(rows, &cursor, PASS_ROWS, &blocks, &first_row, &nrows))
	{
		const RowChunk *from = cursor.at;
		int64           from_row = first_row - from->first_block * KERNEL_LANES;

		CHECK_FOR_INTERRUPTS();
		filter(context, blocks, nrows, keep);
		for (int row = 0; row < nrows; row++)
		{
			if (!keep[row])
				continue;
			if (to_row == rows->chunks[to_chunk].nblocks * KERNEL_LANES)
			{
				to_chunk++;
				to_row = 0;
			}
			if (rows->key_bytes > 0)
				memmove(rows->chunks[to_chunk].keys + rows->key_bytes * to_row,
						from->keys + rows->key_bytes * (from_row + row), rows->key_bytes);
			rows_copy_row(rows, from->blocks, from_row + row, rows->chunks[to_chunk].blocks, to_row++);
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
		.key_bytes = shared->key_bytes,
		.cells = share_address(shared->cells),
		.chunks = palloc(sizeof(RowChunk) * shared->nchunks)};

	rows.block_bytes = cells_row_bytes(rows.ncolumns, rows.cells) * KERNEL_LANES;
	memcpy(rows.chunks, share_address(shared->chunks), sizeof(RowChunk) * shared->nchunks);
	for (int i = 0; i < rows.nchunks; i++)
	{
		rows.chunks[i].blocks = share_address(rows.chunks[i].share);
		rows.chunks[i].keys = share_address(rows.chunks[i].key_share);
	}
	return rows;
}

Share
source_share_input(const RowSource *source, FlatInput input)
{
	Share share = share_create(source->set, input.size);

	memcpy(share_address(share), input.bytes, input.size);
	return share;
}

/* ---- A pass ---- */

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
	const Pass     *pass = pass_registry[task->pass];
	Rows            rows = shared_rows_find(&task->rows);
	int64           to;
	int64           from = team_part(me, rows.nblocks, &to);

	pass_blocks(pass, pass->open(share_address(task->input)),
				(char *) share_address(task->states) + task->state_stride * me->number,
				&rows, from, to, share_address(task->labels));
	pfree(rows.chunks);
}

static void
run_by_team(const RowSource *source, const Pass *pass, FlatInput flat, const PassInput *input,
			Share labels, void *merged)
{
	PassTask task = {
		.rows = shared_rows(source),
		.pass = pass_number(pass),
		.input = source_share_input(source, flat),
		.state_stride = TYPEALIGN(STATE_ALIGNMENT, pass->state_size(input)),
		.labels = labels};

	task.states = share_create(source->set, task.state_stride * team_size(source->team));
	team_run(source->team, pass_part, &task, sizeof(task));
	for (int i = 0; i < team_size(source->team); i++)
		pass->merge(input, merged,
					(char *) share_address(task.states) + task.state_stride * i);
	share_free(source->set, task.states);
	share_free(source->set, task.input);
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
run_by_scan(const RowSource *source, const Pass *pass, FlatInput input)
{
	ScanResult result = scan_run(source->set, source->scan, pass, input, NULL);

	if (result.nrows != source->nrows)
		source_changed();
	return result.state;
}

void *
source_pass(const RowSource *source, const Pass *pass, FlatInput flat, Share labels)
{
	const PassInput *input;
	void            *state;

	elog(DEBUG1, "segment: pass \"%s\"", pass->name);
	progress_rows(0);
	if (source->rows == NULL)
		return run_by_scan(source, pass, flat);

	input = pass->open(flat.bytes);
	state = palloc_extended(pass->state_size(input), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	/* labels of this process alone are those of few rows */
	if (team_size(source->team) > 1 && labels.local == NULL)
	{
		pass->init(input, state);
		run_by_team(source, pass, flat, input, labels, state);
	}
	else
		pass_blocks(pass, input, state, source->rows, 0, source->rows->nblocks,
					share_address(labels));
	return state;
}
