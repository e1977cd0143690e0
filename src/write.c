/*-------------------------------------------------------------------------
 *
 * write.c
 *	  Scores the rows of a query and writes them to the assignment table.
 *
 * The target is a table made in the same transaction, without indexes,
 * triggers or constraints but NOT NULL: the key columns of the query, then
 * segment, distance, second_segment, margin.  The executor pushes rows into a
 * receiver; it keeps a batch of slots, scores them block by block and hands
 * them to the table access method at once.  Rows that the recipe skips are
 * left out.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "utils/datum.h"
#include "utils/float.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#include "compat.h"
#include "model.h"
#include "progress.h"
#include "segment.h"

/* rows handed to the table access method at once */
#define BATCH_ROWS (64 * KERNEL_LANES)

/* columns behind the key */
#define ASSIGNMENT_COLUMNS 4

typedef struct AssignmentReceiver
{
	DestReceiver pub;

	/* fixed for the job, owned by the caller */
	const Model  *model;
	const Kernel *kernel;
	const int    *features; /* attribute (from 0) of each of the model's features */
	int           key_columns;

	/* the target */
	Relation        target;
	CommandId       command_id;
	BulkInsertState bulk_insert;

	/* the query, set at startup */
	ValueKind *kinds;
	double    *raw; /* one row */

	/* the batch */
	TupleTableSlot **slots; /* BATCH_ROWS, made as they are needed */
	double          *blocks;
	int              nrows;
	MemoryContext    batch_context; /* copies of key values */
} AssignmentReceiver;

static void
assignment_startup(DestReceiver *self, int operation pg_attribute_unused(), TupleDesc typeinfo)
{
	AssignmentReceiver *receiver = (AssignmentReceiver *) self;
	int                 nfeatures = receiver->model->recipe.nfeatures;
	int                 f;

	receiver->kinds = palloc(sizeof(ValueKind) * nfeatures);
	for (f = 0; f < nfeatures; f++)
	{
		Form_pg_attribute attribute = TupleDescAttr(typeinfo, receiver->features[f]);

		receiver->kinds[f] = value_kind(attribute->atttypid, NameStr(attribute->attname));
	}
}

/*
 * Scores the batch and writes it.
 */
static void
flush_batch(AssignmentReceiver *receiver)
{
	int nfeatures = receiver->model->recipe.nfeatures;
	int row;
	int i;

	for (row = 0; row < receiver->nrows; row += KERNEL_LANES)
	{
		Assignment assignments[KERNEL_LANES];
		int        nrows = Min(KERNEL_LANES, receiver->nrows - row);

		model_score_block(receiver->model, receiver->kernel,
						  receiver->blocks + (size_t) row * nfeatures, nrows, assignments);
		for (i = 0; i < nrows; i++)
		{
			TupleTableSlot *slot = receiver->slots[row + i];
			Datum          *values = slot->tts_values + receiver->key_columns;

			values[0] = Int32GetDatum(assignments[i].segment);
			values[1] = Float4GetDatum(assignments[i].distance);
			values[2] = Int32GetDatum(assignments[i].second_segment);
			values[3] = Float4GetDatum(assignments[i].margin);
			slot->tts_isnull[receiver->key_columns + 2] = assignments[i].second_segment == 0;
			ExecStoreVirtualTuple(slot);
		}
	}
	if (receiver->nrows > 0)
		table_multi_insert(receiver->target, receiver->slots, receiver->nrows,
						   receiver->command_id, TABLE_INSERT_SKIP_FSM,
						   receiver->bulk_insert);
	progress_add_rows(receiver->nrows);
	receiver->nrows = 0;
	MemoryContextReset(receiver->batch_context);
}

/*
 * Copies the key values into the next slot of the batch.
 */
static void
store_key(AssignmentReceiver *receiver, TupleTableSlot *row, TupleTableSlot *slot)
{
	TupleDesc descriptor = RelationGetDescr(receiver->target);
	int       i;

	ExecClearTuple(slot);
	for (i = 0; i < receiver->key_columns; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(descriptor, i);

		if (row->tts_isnull[i])
			ereport(ERROR,
					(errcode(ERRCODE_NOT_NULL_VIOLATION),
					 errmsg("key column \"%s\" contains a null value",
							NameStr(attribute->attname)),
					 errhint("Name other key columns with key => '{...}', or leave such rows out in a view."),
					 errtablecol(receiver->target, i + 1)));
		slot->tts_values[i] = datumCopy(row->tts_values[i], attribute->attbyval,
										attribute->attlen);
		slot->tts_isnull[i] = false;
	}
	for (; i < receiver->key_columns + ASSIGNMENT_COLUMNS; i++)
		slot->tts_isnull[i] = false;
}

static bool
assignment_receive(TupleTableSlot *row, DestReceiver *self)
{
	AssignmentReceiver *receiver = (AssignmentReceiver *) self;
	int                 nfeatures = receiver->model->recipe.nfeatures;
	int                 lane = receiver->nrows % KERNEL_LANES;
	double             *block = receiver->blocks + (size_t) (receiver->nrows - lane) * nfeatures;
	MemoryContext       old_context = MemoryContextSwitchTo(receiver->batch_context);
	int                 f;

	slot_getallattrs(row);
	for (f = 0; f < nfeatures; f++)
	{
		int attribute = receiver->features[f];

		receiver->raw[f] = row->tts_isnull[attribute] ? get_float8_nan() : value_float8(row->tts_values[attribute], receiver->kinds[f]);
	}
	if (recipe_apply(&receiver->model->recipe, receiver->raw, block + lane, KERNEL_LANES))
		store_key(receiver, row, receiver->slots[receiver->nrows++]);
	MemoryContextSwitchTo(old_context);

	if (receiver->nrows == BATCH_ROWS)
		flush_batch(receiver);
	return true;
}

static void
assignment_shutdown(DestReceiver *self)
{
	flush_batch((AssignmentReceiver *) self);
}

static void
assignment_destroy(DestReceiver *self pg_attribute_unused())
{
}

/*
 * Scores every row of query with model and writes it to target.  The first
 * key_columns attributes of the query are the key; features[f] is the
 * attribute, from 0, of the model's feature f.
 */
void
write_assignment(Oid target, const char *query, int key_columns,
				 const int *features, const Model *model)
{
	AssignmentReceiver receiver = {
		.pub = {
			.receiveSlot = assignment_receive,
			.rStartup = assignment_startup,
			.rShutdown = assignment_shutdown,
			.rDestroy = assignment_destroy,
			.mydest = DestTuplestore},
		.model = model,
		.kernel = segment_kernel(),
		.features = features,
		.key_columns = key_columns};
	int i;

	receiver.target = table_open(target, RowExclusiveLock);
	if (RelationGetDescr(receiver.target)->natts != key_columns + ASSIGNMENT_COLUMNS)
		elog(ERROR, "assignment table \"%s\" has an unexpected shape",
			 RelationGetRelationName(receiver.target));
	receiver.command_id = GetCurrentCommandId(true);
	receiver.bulk_insert = GetBulkInsertState();
	receiver.raw = palloc(sizeof(double) * model->recipe.nfeatures);
	receiver.blocks = palloc_blocks(BATCH_ROWS / KERNEL_LANES, model->recipe.nfeatures,
									sizeof(double));
	receiver.batch_context = AllocSetContextCreate(CurrentMemoryContext,
												   "segment assignment batch",
												   ALLOCSET_DEFAULT_SIZES);
	receiver.slots = palloc(sizeof(TupleTableSlot *) * BATCH_ROWS);
	for (i = 0; i < BATCH_ROWS; i++)
		receiver.slots[i] = table_slot_create(receiver.target, NULL);

	collect_query(query, &receiver.pub);

	for (i = 0; i < BATCH_ROWS; i++)
		ExecDropSingleTupleTableSlot(receiver.slots[i]);
	FreeBulkInsertState(receiver.bulk_insert);
	table_finish_bulk_insert(receiver.target, TABLE_INSERT_SKIP_FSM);
	table_close(receiver.target, NoLock);
	MemoryContextDelete(receiver.batch_context);
}
