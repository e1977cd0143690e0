/*
 * Fills the assignment table.
 *
 * Rows come from a query, as the executor pushes them; those that the recipe
 * skips are left out.  They are scored a block at a time.
 */
#include "postgres.h"

#include "compat.h"
#include "model/reader.h"
#include "model/target.h"

typedef struct AssignmentReceiver
{
	DestReceiver pub;
	ModelReader  reader;
	Target       target;
	int          nrows; /* of the batch, of which the last rows are in the block and not scored yet */
	int          scored;
} AssignmentReceiver;

static void
assignment_startup(DestReceiver *self, int operation pg_attribute_unused(), TupleDesc typeinfo)
{
	AssignmentReceiver *receiver = (AssignmentReceiver *) self;

	target_check_key(&receiver->target, typeinfo);
	reader_bind(&receiver->reader, typeinfo);
}

/*
 * Scores the block, whose rows then only wait to be written.
 */
static void
score_block(AssignmentReceiver *receiver)
{
	int        n = receiver->nrows - receiver->scored;
	Assignment assignments[KERNEL_LANES];

	reader_score(&receiver->reader, n, assignments);
	for (int i = 0; i < n; i++)
		target_set_figures(&receiver->target, receiver->target.slots[receiver->scored++], &assignments[i]);
}

/*
 * Scores what is left and writes the batch.
 */
static void
write_batch(AssignmentReceiver *receiver)
{
	if (receiver->nrows > receiver->scored)
		score_block(receiver);
	target_write(&receiver->target, receiver->nrows);
	receiver->nrows = receiver->scored = 0;
}

static bool
assignment_receive(TupleTableSlot *row, DestReceiver *self)
{
	AssignmentReceiver *receiver = (AssignmentReceiver *) self;

	slot_getallattrs(row);
	if (reader_take(&receiver->reader, row, receiver->nrows - receiver->scored))
	{
		MemoryContext old_context = MemoryContextSwitchTo(receiver->target.context);

		reader_copy_key(&receiver->reader, row, receiver->target.slots[receiver->nrows++]->tts_values);
		MemoryContextSwitchTo(old_context);
	}
	if (receiver->nrows == receiver->scored + KERNEL_LANES)
		score_block(receiver);
	if (receiver->nrows == TARGET_BATCH)
		write_batch(receiver);
	return true;
}

static void
assignment_shutdown(DestReceiver *self)
{
	write_batch((AssignmentReceiver *) self);
}

static void
assignment_destroy(DestReceiver *self pg_attribute_unused())
{
}

/*
 * Scores every row of query with model and writes it to target, on which the
 * caller holds a lock.  The first key_columns attributes of the query are the
 * key, none of them null; behind these it has the model's columns by their
 * names.  Returns the number of rows written.
 */
int64
write_assignment(Oid target, const char *query, int key_columns, const Model *model)
{
	AssignmentReceiver receiver = {
		.pub = {
			.receiveSlot = assignment_receive,
			.rStartup = assignment_startup,
			.rShutdown = assignment_shutdown,
			.rDestroy = assignment_destroy,
			.mydest = DestTuplestore}};

	reader_init(&receiver.reader, model, key_columns);
	target_open(&receiver.target, target, key_columns);
	collect_query(query, &receiver.pub);
	target_close(&receiver.target);
	reader_end(&receiver.reader);
	return receiver.target.written;
}
