/*
 * A table that a fit has made for its assignment, or for what of it changes, and
 * fills: the key columns, then segment, distance, second_segment, margin.
 */
#ifndef SEGMENT_TARGET_H
#define SEGMENT_TARGET_H

#include "access/heapam.h"
#include "executor/tuptable.h"
#include "utils/rel.h"

#include "model/model.h"
#include "rows/keys.h"

/* rows handed to the table access method at once: some blocks */
#define TARGET_BATCH (32 * KERNEL_LANES)

/* columns behind the key */
#define ASSIGNMENT_COLUMNS 4

/*
 * A row whose columns all have a fixed length, with or without a second segment: all
 * that have the same columns are alike but for the values.
 */
typedef struct TargetForm
{
	HeapTuple tuple;
	Size      places[INDEX_MAX_KEYS + ASSIGNMENT_COLUMNS]; /* of the values, from the tuple's header */
} TargetForm;

typedef struct Target
{
	Relation         relation;
	int              key_columns;
	CommandId        command_id;
	int              options; /* TABLE_INSERT_ flags */
	BulkInsertState  bulk_insert;
	TupleTableSlot **slots; /* TARGET_BATCH, virtual */
	int64            written;
	MemoryContext    context;  /* of the batch: values of its rows, and what inserting it leaves behind */
	HeapTuple       *copies;   /* TARGET_BATCH rows that the slots hold; NULL: they hold values */
	TargetForm       forms[2]; /* with a second segment, and without one */
} Target;

/* How keys of such a table, which is not checked, lie in memory. */
extern KeyLayout target_key_layout(Oid relation, int key_columns);

/* Opens a table, on which the caller holds a lock. */
extern void target_open(Target *target, Oid relation, int key_columns);

/* The key columns of a query must be of the types of the target's. */
extern void target_check_key(const Target *target, TupleDesc query);

/* Puts what a row was found to be behind its key, which is in the slot already. */
extern void target_set_figures(const Target *target, TupleTableSlot *slot, const Assignment *assignment);

/* From here on rows come by target_copy(): their keys have a layout, and so a fixed length. */
extern void target_begin_copies(Target *target);

/* Makes row i of the batch, by copying one: far faster than to form it. */
extern void target_copy(Target *target, int i, const KeyLayout *layout, const char *key, const Assignment *assignment);

/* Writes the first rows of the batch, and makes it empty. */
extern void target_write(Target *target, int nrows);
extern void target_close(Target *target);

#endif /* SEGMENT_TARGET_H */
