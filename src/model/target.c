/*
 * Filling a table that a fit has made.
 *
 * The target is a table without indexes, triggers or constraints but NOT NULL.
 * Rows are handed to the table access method a batch at a time.
 *
 * If the target was made in the current subtransaction, its rows are written
 * frozen and its pages all-visible, as by COPY FREEZE: nobody else sees the
 * table before it is committed, and an abort takes it away with its rows.
 * Nobody then has to visit the rows again to set hint bits or to freeze them.
 */
#include "postgres.h"

#include "access/table.h"
#include "access/tableam.h"
#include "access/tupmacs.h"
#include "access/xact.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/memutils.h"

#include "compat.h"
#include "model/target.h"

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

void
target_open(Target *target, Oid relation, int key_columns)
{
	*target = (Target){
		.relation = table_open(relation, RowExclusiveLock),
		.key_columns = key_columns,
		.options = TABLE_INSERT_SKIP_FSM};
	check_target(target->relation, key_columns);
	if (target->relation->rd_createSubid == GetCurrentSubTransactionId())
		target->options |= TABLE_INSERT_FROZEN;
	target->command_id = GetCurrentCommandId(true);
	target->bulk_insert = GetBulkInsertState();
	target->slots = palloc(sizeof(TupleTableSlot *) * TARGET_BATCH);
	for (int i = 0; i < TARGET_BATCH; i++)
		target->slots[i] = MakeSingleTupleTableSlot(RelationGetDescr(target->relation), &TTSOpsVirtual);
	target->context = AllocSetContextCreate(CurrentMemoryContext, "segment assignment batch",
											ALLOCSET_DEFAULT_SIZES);
}

KeyLayout
target_key_layout(Oid relation, int key_columns)
{
	Relation  target = table_open(relation, AccessShareLock);
	KeyLayout layout = {0};

	if (key_columns <= RelationGetDescr(target)->natts)
		layout = key_layout(RelationGetDescr(target), key_columns);
	table_close(target, AccessShareLock);
	return layout;
}

void
target_check_key(const Target *target, TupleDesc query)
{
	TupleDesc descriptor = RelationGetDescr(target->relation);

	for (int c = 0; c < target->key_columns; c++)
		if (c >= query->natts || TupleDescAttr(query, c)->atttypid != TupleDescAttr(descriptor, c)->atttypid)
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("key column %d of the assignment table has another type", c + 1)));
}

void
target_set_figures(const Target *target, TupleTableSlot *slot, const Assignment *assignment)
{
	Datum *figures = slot->tts_values + target->key_columns;

	figures[0] = Int32GetDatum(assignment->segment);
	figures[1] = Float4GetDatum(assignment->distance);
	figures[2] = Int32GetDatum(assignment->second_segment);
	figures[3] = Float4GetDatum(assignment->margin);
	memset(slot->tts_isnull, false, sizeof(bool) * (target->key_columns + ASSIGNMENT_COLUMNS));
	slot->tts_isnull[target->key_columns + 2] = assignment->second_segment == 0;
	ExecStoreVirtualTuple(slot);
}

void
target_begin_copies(Target *target)
{
	TupleDesc descriptor = RelationGetDescr(target->relation);
	Datum     values[INDEX_MAX_KEYS + ASSIGNMENT_COLUMNS] = {0};
	bool      isnull[INDEX_MAX_KEYS + ASSIGNMENT_COLUMNS] = {false};

	for (int c = 0; c < descriptor->natts; c++)
		if (!TupleDescAttr(descriptor, c)->attbyval)
			values[c] = PointerGetDatum(palloc0(TupleDescAttr(descriptor, c)->attlen));
	for (int i = 0; i < 2; i++)
	{
		TargetForm *form = &target->forms[i];
		Size        place = 0;

		isnull[target->key_columns + 2] = i == 1;
		form->tuple = heap_form_tuple(descriptor, values, isnull);
		for (int c = 0; c < descriptor->natts; c++)
		{
			Form_pg_attribute attribute = TupleDescAttr(descriptor, c);

			if (isnull[c])
				continue;
			place = att_align_nominal(place, attribute->attalign);
			form->places[c] = form->tuple->t_data->t_hoff + place;
			place += attribute->attlen;
		}
	}
	target->copies = palloc(sizeof(HeapTuple) * TARGET_BATCH);
	for (int i = 0; i < TARGET_BATCH; i++)
	{
		ExecDropSingleTupleTableSlot(target->slots[i]);
		target->slots[i] = MakeSingleTupleTableSlot(descriptor, &TTSOpsHeapTuple);
		target->copies[i] = palloc0(HEAPTUPLESIZE + Max(target->forms[0].tuple->t_len, target->forms[1].tuple->t_len));
		target->copies[i]->t_data = (HeapTupleHeader) ((char *) target->copies[i] + HEAPTUPLESIZE);
	}
}

void
target_copy(Target *target, int i, const KeyLayout *layout, const char *key, const Assignment *assignment)
{
	const TargetForm *form = &target->forms[assignment->second_segment == 0];
	const Size       *places = form->places;
	HeapTuple         copy = target->copies[i];
	char             *row = (char *) copy->t_data;

	copy->t_len = form->tuple->t_len;
	copy->t_self = form->tuple->t_self;
	memcpy(row, form->tuple->t_data, form->tuple->t_len);
	for (int c = 0; c < layout->ncolumns; c++)
	{
		memcpy(row + places[c], key, layout->columns[c].bytes);
		key += layout->columns[c].bytes;
	}
	places += layout->ncolumns;
	memcpy(row + places[0], &assignment->segment, sizeof(int32));
	memcpy(row + places[1], &assignment->distance, sizeof(float4));
	if (assignment->second_segment != 0)
		memcpy(row + places[2], &assignment->second_segment, sizeof(int32));
	memcpy(row + places[3], &assignment->margin, sizeof(float4));
	ExecStoreHeapTuple(copy, target->slots[i], false);
	target->slots[i]->tts_flags |= TTS_FLAG_SHOULDFREE; /* as if it were the slot's own, which is not copied again */
}

void
target_write(Target *target, int nrows)
{
	MemoryContext old_context = MemoryContextSwitchTo(target->context);

	if (nrows > 0)
		table_multi_insert(target->relation, target->slots, nrows, target->command_id,
						   target->options, target->bulk_insert);
	MemoryContextSwitchTo(old_context);
	for (int i = 0; i < nrows; i++)
	{
		if (target->copies != NULL)
			target->slots[i]->tts_flags &= ~TTS_FLAG_SHOULDFREE;
		ExecClearTuple(target->slots[i]);
	}
	target->written += nrows;
	MemoryContextReset(target->context);
}

void
target_close(Target *target)
{
	for (int i = 0; i < TARGET_BATCH; i++)
		ExecDropSingleTupleTableSlot(target->slots[i]);
	FreeBulkInsertState(target->bulk_insert);
	table_finish_bulk_insert(target->relation, target->options);
	table_close(target->relation, NoLock);
	MemoryContextDelete(target->context);
}
