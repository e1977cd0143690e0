/*
 * The assignment of rows in memory: scored by all processes, written by one.
 *
 * Each process that read the source has met its rows in the order of the table,
 * which often is that of the key.  So rows in memory are a few sequences of
 * ascending keys, cut to chunks.  They are merged, and then the index of the
 * primary key finds them sorted, and neighbours by key are neighbours in the table.
 */
#include "postgres.h"

#include "lib/binaryheap.h"
#include "miscadmin.h"

#include "model/scored.h"
#include "model/target.h"
#include "prepare/nearest.h"
#include "process/progress.h"

/* ---- Scoring ---- */

typedef struct ScoreTask
{
	SharedRows rows;
	Share      input; /* whose extra is the numbers */
	Share      scored;
	Size       row_bytes;
} ScoreTask;

Size
scored_row_bytes(Size key_bytes)
{
	return TYPEALIGN(sizeof(int32), offsetof(ScoredRow, key) + key_bytes);
}

static ScoredRow *
scored_row(char *rows, Size row_bytes, int64 i)
{
	return (ScoredRow *) (rows + row_bytes * i);
}

/*
 * Sets the figures of nrows rows in blocks.
 */
static void
score_rows(const Model *model, const double *blocks, int nrows, double *prepared, char *rows, Size row_bytes)
{
	const Recipe *recipe = &model->recipe;
	int           batch = recipe_batch_blocks(recipe) * KERNEL_LANES;
	bool          used[PASS_ROWS];
	Assignment    assignments[KERNEL_LANES];

	(void) recipe_used_rows(recipe, blocks, nrows, used);
	for (int row = 0; row < nrows; row += KERNEL_LANES)
	{
		int n = Min(KERNEL_LANES, nrows - row);

		if (row % batch == 0)
			recipe_prepare_blocks(recipe, blocks + (Size) row * recipe->ncolumns,
								  (Min(batch, nrows - row) + KERNEL_LANES - 1) / KERNEL_LANES, prepared);
		model_score_block(model, prepared + (Size) (row % batch) * recipe->nfeatures, n, assignments);
		for (int i = 0; i < n; i++)
		{
			ScoredRow *scored = scored_row(rows, row_bytes, row + i);

			scored->segment = used[row + i] ? assignments[i].segment : SEGMENT_SKIPPED;
			scored->distance = assignments[i].distance;
			scored->second_segment = assignments[i].second_segment;
			scored->margin = assignments[i].margin;
		}
	}
}

void
score_part(const TeamMember *me, const void *arguments)
{
	const ScoreTask *task = arguments;
	const PassInput *input = pass_open(share_address(task->input));
	Model            model = {.recipe = *input->recipe, .k = input->k, .numbers = unconstify(void *, input->extra), .centroids = unconstify(double *, input->centroids), .offsets = unconstify(double *, input->offsets), .trimmed = input->trimmed, .cut = input->cut};
	Rows             rows = shared_rows_find(&task->rows);
	char            *scored = share_address(task->scored);
	double          *prepared = palloc_blocks(recipe_batch_blocks(input->recipe), input->recipe->nfeatures, sizeof(double));
	int64            to;
	int64            from = team_part(me, rows.nblocks, &to);
	RowCursor        cursor = rows_cursor(&rows, from, to);
	double          *blocks;
	int64            first_row;
	int              nrows;

	while (rows_next(&rows, &cursor, PASS_ROWS, &blocks, &first_row, &nrows))
	{
		const char *keys = cursor.at->keys + rows.key_bytes * (first_row - cursor.at->first_block * KERNEL_LANES);
		char       *batch = scored + task->row_bytes * first_row;

		CHECK_FOR_INTERRUPTS();
		score_rows(&model, blocks, nrows, prepared, batch, task->row_bytes);
		for (int i = 0; i < nrows; i++)
			memcpy(scored_row(batch, task->row_bytes, i)->key, keys + rows.key_bytes * i, rows.key_bytes);
	}
	pfree(rows.chunks);
}

Scored
scored_make(const RowSource *source, const PassInput *input, const int32 *numbers)
{
	PassInput numbered = *input;
	ScoreTask task = {.rows = shared_rows(source), .row_bytes = scored_row_bytes(source->rows->key_bytes)};

	numbered.extra = numbers;
	numbered.extra_size = sizeof(int32) * input->k;
	task.input = source_share_input(source, pass_flatten(&numbered));
	task.scored = share_create_apart(source->set, task.row_bytes * source->rows->nrows);
	team_run(source->team, score_part, &task, sizeof(task));
	share_free(source->set, task.input);
	return (Scored){.rows = task.scored, .nrows = source->rows->nrows, .row_bytes = task.row_bytes};
}

/* ---- The order of the keys ---- */

/* more sequences are no order */
#define MOST_SEQUENCES 64
#define MOST_RUNS 65536

/* Rows next to each other in memory, with ascending keys. */
typedef struct Run
{
	int64 next;
	int64 end;
	int   later; /* the run with larger keys that follows in its sequence, -1: none */
} Run;

typedef struct Merge
{
	const KeyOrder *order;
	char           *rows;
	Size            row_bytes;
	Run            *runs;
	int             nruns;
	int             first[MOST_SEQUENCES]; /* the run that begins each sequence */
	int             last[MOST_SEQUENCES];  /* and that which ends it */
	int             nsequences;
} Merge;

static const char *
key_of(const Merge *merge, int64 row)
{
	return scored_row(merge->rows, merge->row_bytes, row)->key;
}

/*
 * Puts the run from .. end - 1 behind the first sequence whose keys are all smaller.
 * False if there are too many.
 */
static bool
add_run(Merge *merge, int64 from, int64 end)
{
	int i = 0;

	if (merge->nruns == MOST_RUNS)
		return false;
	while (i < merge->nsequences && key_compare(merge->order, key_of(merge, merge->runs[merge->last[i]].end - 1), key_of(merge, from)) > 0)
		i++;
	if (i == MOST_SEQUENCES)
		return false;
	if (i == merge->nsequences)
		merge->first[merge->nsequences++] = merge->nruns;
	else
		merge->runs[merge->last[i]].later = merge->nruns;
	merge->last[i] = merge->nruns;
	merge->runs[merge->nruns++] = (Run){.next = from, .end = end, .later = -1};
	return true;
}

static bool
find_runs(Merge *merge, int64 nrows)
{
	int64 from = 0;

	if (merge->order == NULL)
		return false;
	for (int64 row = 1; row < nrows; row++)
	{
		if (row % TARGET_BATCH == 0)
			CHECK_FOR_INTERRUPTS();
		if (key_compare(merge->order, key_of(merge, row - 1), key_of(merge, row)) <= 0)
			continue;
		if (!add_run(merge, from, row))
			return false;
		from = row;
	}
	return nrows == 0 || add_run(merge, from, nrows);
}

/* the smallest key comes first */
static int
compare_runs(Datum a, Datum b, void *argument)
{
	const Merge *merge = argument;

	return key_compare(merge->order, key_of(merge, merge->runs[DatumGetInt32(b)].next), key_of(merge, merge->runs[DatumGetInt32(a)].next));
}

/* ---- Writing ---- */

typedef struct Writer
{
	Target           target;
	const KeyLayout *layout;
	int              nrows; /* of the batch */
} Writer;

static void
write_batch(Writer *writer)
{
	CHECK_FOR_INTERRUPTS();
	target_write(&writer->target, writer->nrows);
	progress_add_rows(writer->nrows);
	writer->nrows = 0;
}

static void
write_row(Writer *writer, const ScoredRow *row)
{
	if (row->segment == SEGMENT_SKIPPED)
		return;
	if (row->segment == SEGMENT_OUT_OF_REACH)
		model_report_far();
	target_copy(&writer->target, writer->nrows, writer->layout, row->key,
				&(Assignment){.segment = row->segment, .distance = row->distance, .second_segment = row->second_segment, .margin = row->margin});
	if (++writer->nrows == TARGET_BATCH)
		write_batch(writer);
}

/*
 * Merges the sequences.  Rows of one that come before those of all others are
 * written without a look at these.
 */
static void
write_in_order(Writer *writer, Merge *merge)
{
	binaryheap *heap = binaryheap_allocate(MOST_SEQUENCES, compare_runs, merge);

	for (int i = 0; i < merge->nsequences; i++)
		binaryheap_add_unordered(heap, Int32GetDatum(merge->first[i]));
	binaryheap_build(heap);
	while (!binaryheap_empty(heap))
	{
		int         number = DatumGetInt32(binaryheap_remove_first(heap));
		Run        *run = &merge->runs[number];
		const char *limit = binaryheap_empty(heap) ? NULL : key_of(merge, merge->runs[DatumGetInt32(binaryheap_first(heap))].next);

		do
			write_row(writer, scored_row(merge->rows, merge->row_bytes, run->next++));
		while (run->next < run->end && (limit == NULL || key_compare(merge->order, key_of(merge, run->next), limit) <= 0));
		if (run->next == run->end)
			number = run->later;
		if (number >= 0)
			binaryheap_add(heap, Int32GetDatum(number));
	}
	binaryheap_free(heap);
}

int64
scored_write(const Scored *scored, Oid target, const KeyLayout *layout)
{
	Writer writer = {.layout = layout};
	Merge  merge = {.rows = share_address(scored->rows), .row_bytes = scored->row_bytes};

	target_open(&writer.target, target, layout->ncolumns);
	target_begin_copies(&writer.target);
	merge.order = key_order(layout, RelationGetDescr(writer.target.relation));
	merge.runs = palloc_extended(sizeof(Run) * MOST_RUNS, MCXT_ALLOC_HUGE);
	if (find_runs(&merge, scored->nrows))
		write_in_order(&writer, &merge);
	else
		for (int64 row = 0; row < scored->nrows; row++)
			write_row(&writer, scored_row(merge.rows, merge.row_bytes, row));
	write_batch(&writer);
	target_close(&writer.target);
	pfree(merge.runs);
	return writer.target.written;
}
