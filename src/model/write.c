/*
 * Fills the assignment table.
 *
 * The target is a table without indexes, triggers or constraints but NOT NULL:
 * the key columns, then segment, distance, second_segment, margin.  Rows come
 * from a query, as the executor pushes them; those that the recipe skips are
 * left out.  They are scored a block at a time and handed to the table access
 * method a batch at a time.
 *
 * If the target was made in the current subtransaction, its rows are written
 * frozen and its pages all-visible, as by COPY FREEZE: nobody else sees the
 * table before it is committed, and an abort takes it away with its rows.
 * Nobody then has to visit the rows again to set hint bits or to freeze them.
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/datum.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#include "compat.h"
#include "model/model.h"
#include "process/progress.h"
#include "process/settings.h"

/* rows handed to the table access method at once: some blocks */
#define BATCH_ROWS (32 * KERNEL_LANES)

/* columns behind the key */
#define ASSIGNMENT_COLUMNS 4

typedef struct AssignmentReceiver
{
	DestReceiver pub;

	/* fixed for the job */
	const Model    *model;
	Relation        target;
	int             key_columns;
	CommandId       command_id;
	int             options; /* TABLE_INSERT_ flags */
	BulkInsertState bulk_insert;

	/* the query, set at startup */
	TupleDesc      descriptor;
	ColumnReader  *readers; /* of each of the model's columns */
	NullableDatum *values;
	double        *raw; /* one row */

	/* the batch, of which the last rows are in the block and not scored yet */
	TupleTableSlot **slots; /* BATCH_ROWS */
	double          *block;
	int              nrows;
	int              scored;
	int64            written;     /* rows of earlier batches */
	MemoryContext    context;     /* keys, and what inserting a batch leaves behind */
	MemoryContext    row_context; /* what conversions leave behind */
} AssignmentReceiver;

/*
 * Nothing of a table wants to know of new rows, or to say which there may be.
 */
static bool
is_plain(Relation target)
{
	Form_pg_class class = target->rd_rel;
	const TupleConstr *constraints = RelationGetDescr(target)->constr;

	return class->relkind == RELKIND_RELATION && !class->relhasindex && !class->relhastriggers &&
		   !class->relhasrules && !class->relispartition && !class->relrowsecurity &&
		   (constraints == NULL || (constraints->num_check == 0 && !constraints->has_generated_stored));
}

/*
 * Rows go into target past its privileges, triggers and indexes, which is
 * allowed with a table that the caller has just made for them.
 */
static void
check_target(Relation target, int key_columns)
{
	static const Oid types[ASSIGNMENT_COLUMNS] = {INT4OID, FLOAT4OID, INT4OID, FLOAT4OID};

	TupleDesc descriptor = RelationGetDescr(target);
	bool      fine = is_plain(target) && target->rd_createSubid != InvalidSubTransactionId &&
				has_privs_of_role(GetUserId(), target->rd_rel->relowner) &&
				descriptor->natts == key_columns + ASSIGNMENT_COLUMNS;

	for (int i = 0; fine && i < ASSIGNMENT_COLUMNS; i++)
		fine = TupleDescAttr(descriptor, key_columns + i)->atttypid == types[i];

	/* second_segment is null in a model of one segment */
	fine = fine && !TupleDescAttr(descriptor, key_columns + 2)->attnotnull;
	if (!fine)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("relation \"%s\" is no assignment table made for this fit",
						RelationGetRelationName(target))));
}

/*
 * The query's columns have the names of the source's.
 */
static void
assignment_startup(DestReceiver *self, int operation pg_attribute_unused(), TupleDesc typeinfo)
{
	AssignmentReceiver  *receiver = (AssignmentReceiver *) self;
	const SourceColumns *columns = receiver->model->columns;
	TupleDesc            target = RelationGetDescr(receiver->target);

	for (int c = 0; c < receiver->key_columns; c++)
		if (c >= typeinfo->natts || TupleDescAttr(typeinfo, c)->atttypid != TupleDescAttr(target, c)->atttypid)
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("key column %d of the assignment table has another type", c + 1)));
	receiver->descriptor = typeinfo;
	receiver->values = palloc(sizeof(NullableDatum) * typeinfo->natts);
	receiver->readers = palloc(sizeof(ColumnReader) * columns->ncolumns);
	for (int c = 0; c < columns->ncolumns; c++)
	{
		int place = column_attribute(&columns->columns[c], typeinfo, receiver->key_columns);

		if (place < 0)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("the query has no column \"%s\"", columns->columns[c].name)));
		column_reader_init(&receiver->readers[c], &columns->columns[c],
						   TupleDescAttr(typeinfo, place)->atttypid, place);
	}
}

/*
 * Scores the block, whose rows then only wait to be written.
 */
static void
score_block(AssignmentReceiver *receiver)
{
	int        n = receiver->nrows - receiver->scored;
	Assignment assignments[KERNEL_LANES];

	model_score_block(receiver->model, receiver->block, n, assignments);
	for (int i = 0; i < n; i++)
	{
		const Assignment *assignment = &assignments[i];
		TupleTableSlot   *slot = receiver->slots[receiver->scored++];
		Datum            *figures = slot->tts_values + receiver->key_columns;

		if (assignment->segment == SEGMENT_OUT_OF_REACH)
			model_report_far();
		figures[0] = Int32GetDatum(assignment->segment);
		figures[1] = Float4GetDatum(assignment->distance);
		figures[2] = Int32GetDatum(assignment->second_segment);
		figures[3] = Float4GetDatum(assignment->margin);
		memset(slot->tts_isnull, false, sizeof(bool) * (receiver->key_columns + ASSIGNMENT_COLUMNS));
		slot->tts_isnull[receiver->key_columns + 2] = assignment->second_segment == 0;
		ExecStoreVirtualTuple(slot);
	}
	progress_add_rows(n);
}

/*
 * Scores what is left and writes the batch.
 */
static void
write_batch(AssignmentReceiver *receiver)
{
	MemoryContext old_context;

	if (receiver->nrows > receiver->scored)
		score_block(receiver);
	old_context = MemoryContextSwitchTo(receiver->context);
	if (receiver->nrows > 0)
		table_multi_insert(receiver->target, receiver->slots, receiver->nrows, receiver->command_id,
						   receiver->options, receiver->bulk_insert);
	MemoryContextSwitchTo(old_context);
	for (int i = 0; i < receiver->nrows; i++)
		ExecClearTuple(receiver->slots[i]);
	receiver->written += receiver->nrows;
	receiver->nrows = receiver->scored = 0;
	MemoryContextReset(receiver->context);
}

/*
 * Copies the key of a row into the next one of the batch.
 */
static void
copy_key(AssignmentReceiver *receiver, TupleTableSlot *row)
{
	Datum *key = receiver->slots[receiver->nrows]->tts_values;

	for (int i = 0; i < receiver->key_columns; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(receiver->descriptor, i);

		if (row->tts_isnull[i])
			ereport(ERROR,
					(errcode(ERRCODE_NOT_NULL_VIOLATION),
					 errmsg("key column \"%s\" contains a null value",
							NameStr(attribute->attname)),
					 errhint("Name other key columns with key => '{...}', or leave such rows out in a view."),
					 errtablecol(receiver->target, i + 1)));
		key[i] = datumCopy(row->tts_values[i], attribute->attbyval, attribute->attlen);
	}
}

static bool
assignment_receive(TupleTableSlot *row, DestReceiver *self)
{
	AssignmentReceiver *receiver = (AssignmentReceiver *) self;
	const Model        *model = receiver->model;
	MemoryContext       old_context = MemoryContextSwitchTo(receiver->row_context);

	slot_getallattrs(row);
	pair_values(receiver->descriptor->natts, row->tts_values, row->tts_isnull, receiver->values);
	columns_read(receiver->readers, model->columns->ncolumns, receiver->values, receiver->raw, 1);
	MemoryContextSwitchTo(receiver->context);
	if (recipe_apply(&model->recipe, receiver->raw, receiver->block + receiver->nrows - receiver->scored,
					 KERNEL_LANES))
	{
		copy_key(receiver, row);
		receiver->nrows++;
	}
	MemoryContextSwitchTo(old_context);
	MemoryContextReset(receiver->row_context);

	if (receiver->nrows == receiver->scored + KERNEL_LANES)
		score_block(receiver);
	if (receiver->nrows == BATCH_ROWS)
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
			.mydest = DestTuplestore},
		.model = model,
		.target = table_open(target, RowExclusiveLock),
		.key_columns = key_columns,
		.options = TABLE_INSERT_SKIP_FSM};

	check_target(receiver.target, key_columns);
	if (receiver.target->rd_createSubid == GetCurrentSubTransactionId())
		receiver.options |= TABLE_INSERT_FROZEN;
	receiver.command_id = GetCurrentCommandId(true);
	receiver.bulk_insert = GetBulkInsertState();
	receiver.slots = palloc(sizeof(TupleTableSlot *) * BATCH_ROWS);
	for (int i = 0; i < BATCH_ROWS; i++)
		receiver.slots[i] = MakeSingleTupleTableSlot(RelationGetDescr(receiver.target), &TTSOpsVirtual);
	receiver.raw = palloc(sizeof(double) * model->columns->nraw);
	receiver.block = palloc_blocks(1, model->recipe.nfeatures, sizeof(double));
	receiver.context = AllocSetContextCreate(CurrentMemoryContext, "segment assignment batch",
											 ALLOCSET_DEFAULT_SIZES);
	receiver.row_context = AllocSetContextCreate(CurrentMemoryContext, "segment row conversion",
												 ALLOCSET_SMALL_SIZES);

	collect_query(query, &receiver.pub);

	for (int i = 0; i < BATCH_ROWS; i++)
		ExecDropSingleTupleTableSlot(receiver.slots[i]);
	FreeBulkInsertState(receiver.bulk_insert);
	table_finish_bulk_insert(receiver.target, receiver.options);
	table_close(receiver.target, NoLock);
	MemoryContextDelete(receiver.context);
	MemoryContextDelete(receiver.row_context);
	return receiver.written;
}
