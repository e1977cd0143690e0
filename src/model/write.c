/*-------------------------------------------------------------------------
 *
 * write.c
 *	  Fills the assignment table.
 *
 * The target is a table without indexes, triggers or constraints but NOT NULL:
 * the key columns, then segment, distance, second_segment, margin.  It is
 * filled by a writer, which knows nothing of where its rows come from: it
 * forms heap tuples and hands them to the table access method a batch at a
 * time.  Where all columns have a fixed length, which most keys do, each row
 * of the batch keeps its tuple, and a new row only overwrites the values.
 *
 * If the target was made in the current subtransaction, its rows are written
 * frozen and its pages all-visible, as by COPY FREEZE: nobody else sees the
 * table before it is committed, and an abort takes it away with its rows.
 * Nobody then has to visit the rows again to set hint bits or to freeze them.
 *
 * write_assignment() is the writer's feeder for rows from a query.  It scores
 * them a block at a time, as the executor pushes them, and leaves out those
 * that the recipe skips.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/tupmacs.h"
#include "access/xact.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/datum.h"
#include "utils/float.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#include "compat.h"
#include "model/model.h"
#include "process/progress.h"
#include "process/settings.h"

/* rows handed to the table access method at once */
#define BATCH_ROWS 512

/* columns behind the key */
#define ASSIGNMENT_COLUMNS 4

/* ---- The writer ---- */

struct AssignmentWriter
{
	/* the target */
	Relation        target;
	int             key_columns;
	CommandId       command_id;
	int             options; /* TABLE_INSERT_ flags */
	BulkInsertState bulk_insert;

	/* the row at hand */
	Datum *values;
	bool  *nulls;

	/* the batch */
	TupleTableSlot **slots; /* BATCH_ROWS */
	int              nrows;
	MemoryContext    context; /* tuples of varying length, and what inserting a batch leaves behind */

	/* where all columns have a fixed length */
	bool       fixed;
	int       *offsets; /* of each column in the tuple's data */
	HeapTuple *tuples;  /* BATCH_ROWS without nulls; NULL before the first row */
};

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
 * Begins to fill target; the caller holds a lock on it.
 */
AssignmentWriter *
assignment_open(Oid target, int key_columns)
{
	AssignmentWriter *writer = palloc0(sizeof(AssignmentWriter));
	int               ncolumns = key_columns + ASSIGNMENT_COLUMNS;
	TupleDesc         descriptor;
	int               offset = 0;

	writer->target = table_open(target, RowExclusiveLock);
	check_target(writer->target, key_columns);
	descriptor = RelationGetDescr(writer->target);
	writer->key_columns = key_columns;
	writer->command_id = GetCurrentCommandId(true);
	writer->options = TABLE_INSERT_SKIP_FSM;
	if (writer->target->rd_createSubid == GetCurrentSubTransactionId())
		writer->options |= TABLE_INSERT_FROZEN;
	writer->bulk_insert = GetBulkInsertState();
	writer->values = palloc0(sizeof(Datum) * ncolumns);
	writer->nulls = palloc0(sizeof(bool) * ncolumns);
	writer->slots = palloc(sizeof(TupleTableSlot *) * BATCH_ROWS);
	for (int i = 0; i < BATCH_ROWS; i++)
		writer->slots[i] = MakeSingleTupleTableSlot(descriptor, &TTSOpsHeapTuple);
	writer->context = AllocSetContextCreate(CurrentMemoryContext, "segment assignment batch",
											ALLOCSET_DEFAULT_SIZES);

	writer->fixed = true;
	writer->offsets = palloc(sizeof(int) * ncolumns);
	for (int i = 0; i < ncolumns; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(descriptor, i);

		writer->fixed &= attribute->attlen > 0;
		writer->offsets[i] = att_align_nominal(offset, attribute->attalign);
		offset = writer->offsets[i] + attribute->attlen;
	}
	return writer;
}

static void
write_batch(AssignmentWriter *writer)
{
	MemoryContext old_context = MemoryContextSwitchTo(writer->context);

	if (writer->nrows > 0)
		table_multi_insert(writer->target, writer->slots, writer->nrows, writer->command_id,
						   writer->options, writer->bulk_insert);
	MemoryContextSwitchTo(old_context);
	writer->nrows = 0;
	MemoryContextReset(writer->context);
}

/*
 * A tuple of the row at hand in the memory of the batch.
 */
static HeapTuple
form_tuple(AssignmentWriter *writer)
{
	MemoryContext old_context = MemoryContextSwitchTo(writer->context);
	HeapTuple     tuple = heap_form_tuple(RelationGetDescr(writer->target),
										  writer->values, writer->nulls);

	MemoryContextSwitchTo(old_context);
	return tuple;
}

/*
 * The same where all columns have a fixed length and none is null.
 */
static HeapTuple
overwrite_tuple(AssignmentWriter *writer)
{
	TupleDesc descriptor = RelationGetDescr(writer->target);
	HeapTuple tuple;
	char     *data;

	if (writer->tuples == NULL)
	{
		MemoryContext context = GetMemoryChunkContext(writer);

		tuple = form_tuple(writer);
		writer->tuples = MemoryContextAlloc(context, sizeof(HeapTuple) * BATCH_ROWS);
		context = MemoryContextSwitchTo(context);
		for (int i = 0; i < BATCH_ROWS; i++)
			writer->tuples[i] = heap_copytuple(tuple);
		MemoryContextSwitchTo(context);
	}

	tuple = writer->tuples[writer->nrows];
	data = (char *) tuple->t_data + tuple->t_data->t_hoff;
	for (int i = 0; i < descriptor->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(descriptor, i);

		if (attribute->attbyval)
			store_att_byval(data + writer->offsets[i], writer->values[i], attribute->attlen);
		else
			memcpy(data + writer->offsets[i], DatumGetPointer(writer->values[i]),
				   attribute->attlen);
	}
	return tuple;
}

/*
 * Adds a row.  The key, one value a key column and none null, is copied.
 * Checks for interrupts now and then.
 */
void
assignment_add(AssignmentWriter *writer, const Datum *key, const Assignment *assignment)
{
	Datum    *figures = writer->values + writer->key_columns;
	bool      alone = assignment->second_segment == 0;
	HeapTuple tuple;

	memcpy(writer->values, key, sizeof(Datum) * writer->key_columns);
	figures[0] = Int32GetDatum(assignment->segment);
	figures[1] = Float4GetDatum(assignment->distance);
	figures[2] = Int32GetDatum(assignment->second_segment);
	figures[3] = Float4GetDatum(assignment->margin);
	writer->nulls[writer->key_columns + 2] = alone;

	tuple = writer->fixed && !alone ? overwrite_tuple(writer) : form_tuple(writer);
	ExecStoreHeapTuple(tuple, writer->slots[writer->nrows++], false);
	if (writer->nrows == BATCH_ROWS)
		write_batch(writer);
}

/*
 * Writes what is left; the writer is gone.
 */
void
assignment_close(AssignmentWriter *writer)
{
	write_batch(writer);
	for (int i = 0; i < BATCH_ROWS; i++)
		ExecDropSingleTupleTableSlot(writer->slots[i]);
	FreeBulkInsertState(writer->bulk_insert);
	table_finish_bulk_insert(writer->target, writer->options);
	table_close(writer->target, NoLock);
	MemoryContextDelete(writer->context);
	pfree(writer);
}

/* ---- Rows from a query ---- */

typedef struct AssignmentReceiver
{
	DestReceiver pub;

	/* fixed for the job, owned by the caller */
	const Model      *model;
	const Kernel     *kernel;
	AssignmentWriter *writer;

	/* the query, set at startup */
	TupleDesc      descriptor;
	ColumnReader  *readers; /* of each of the model's columns */
	NullableDatum *values;
	double        *raw; /* one row */

	/* the block */
	double       *block;
	Datum        *keys; /* KERNEL_LANES x key columns */
	int           nrows;
	int64         written;     /* rows of earlier blocks */
	MemoryContext key_context; /* copies of keys */
	MemoryContext row_context; /* what conversions leave behind */
} AssignmentReceiver;

/*
 * The query's columns have the names of the source's.
 */
static void
assignment_startup(DestReceiver *self, int operation pg_attribute_unused(), TupleDesc typeinfo)
{
	AssignmentReceiver  *receiver = (AssignmentReceiver *) self;
	const SourceColumns *columns = receiver->model->columns;
	TupleDesc            target = RelationGetDescr(receiver->writer->target);

	for (int c = 0; c < receiver->writer->key_columns; c++)
		if (c >= typeinfo->natts || TupleDescAttr(typeinfo, c)->atttypid != TupleDescAttr(target, c)->atttypid)
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("key column %d of the assignment table has another type", c + 1)));
	receiver->descriptor = typeinfo;
	receiver->values = palloc(sizeof(NullableDatum) * typeinfo->natts);
	receiver->readers = palloc(sizeof(ColumnReader) * columns->ncolumns);
	for (int c = 0; c < columns->ncolumns; c++)
	{
		int place = column_attribute(&columns->columns[c], typeinfo, receiver->writer->key_columns);

		if (place < 0)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("the query has no column \"%s\"", columns->columns[c].name)));
		column_reader_init(&receiver->readers[c], &columns->columns[c],
						   TupleDescAttr(typeinfo, place)->atttypid, place);
	}
}

/*
 * Scores the block and gives its rows to the writer.
 */
static void
score_block(AssignmentReceiver *receiver)
{
	Assignment assignments[KERNEL_LANES];

	model_score_block(receiver->model, receiver->kernel, receiver->block, receiver->nrows,
					  assignments);
	for (int i = 0; i < receiver->nrows; i++)
	{
		if (assignments[i].segment == 0)
			model_report_far();
		assignment_add(receiver->writer, receiver->keys + i * receiver->writer->key_columns,
					   &assignments[i]);
	}
	progress_add_rows(receiver->nrows);
	receiver->written += receiver->nrows;
	receiver->nrows = 0;
	MemoryContextReset(receiver->key_context);
}

/*
 * Copies the key of a row into the block.
 */
static void
copy_key(AssignmentReceiver *receiver, TupleTableSlot *row)
{
	AssignmentWriter *writer = receiver->writer;
	Datum            *key = receiver->keys + receiver->nrows * writer->key_columns;

	for (int i = 0; i < writer->key_columns; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(receiver->descriptor, i);

		if (row->tts_isnull[i])
			ereport(ERROR,
					(errcode(ERRCODE_NOT_NULL_VIOLATION),
					 errmsg("key column \"%s\" contains a null value",
							NameStr(attribute->attname)),
					 errhint("Name other key columns with key => '{...}', or leave such rows out in a view."),
					 errtablecol(writer->target, i + 1)));
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
	MemoryContextSwitchTo(receiver->key_context);
	if (recipe_apply(&model->recipe, receiver->raw, receiver->block + receiver->nrows,
					 KERNEL_LANES))
	{
		copy_key(receiver, row);
		receiver->nrows++;
	}
	MemoryContextSwitchTo(old_context);
	MemoryContextReset(receiver->row_context);

	if (receiver->nrows == KERNEL_LANES)
		score_block(receiver);
	return true;
}

static void
assignment_shutdown(DestReceiver *self)
{
	AssignmentReceiver *receiver = (AssignmentReceiver *) self;

	if (receiver->nrows > 0)
		score_block(receiver);
}

static void
assignment_destroy(DestReceiver *self pg_attribute_unused())
{
}

/*
 * Scores every row of query with model and writes it to target.  The first
 * key_columns attributes of the query are the key; behind these it has the
 * model's columns by their names.  Returns the number of rows written.
 */
int64
write_assignment(Oid target, const char *query, int key_columns,
				 const Model *model)
{
	AssignmentReceiver receiver = {
		.pub = {
			.receiveSlot = assignment_receive,
			.rStartup = assignment_startup,
			.rShutdown = assignment_shutdown,
			.rDestroy = assignment_destroy,
			.mydest = DestTuplestore},
		.model = model,
		.kernel = segment_kernel()};

	receiver.writer = assignment_open(target, key_columns);
	receiver.raw = palloc(sizeof(double) * model->columns->nraw);
	receiver.block = palloc_blocks(1, model->recipe.nfeatures, sizeof(double));
	receiver.keys = palloc(sizeof(Datum) * KERNEL_LANES * key_columns);
	receiver.key_context = AllocSetContextCreate(CurrentMemoryContext, "segment assignment keys",
												 ALLOCSET_DEFAULT_SIZES);
	receiver.row_context = AllocSetContextCreate(CurrentMemoryContext, "segment row conversion",
												 ALLOCSET_SMALL_SIZES);

	collect_query(query, &receiver.pub);
	assignment_close(receiver.writer);
	MemoryContextDelete(receiver.key_context);
	MemoryContextDelete(receiver.row_context);
	return receiver.written;
}
