/*
 * The rows of a query, prepared as a model has it.
 */
#ifndef SEGMENT_READER_H
#define SEGMENT_READER_H

#include "executor/tuptable.h"

#include "model/model.h"

/* The query's first columns are the key, behind which are the model's by their names. */
typedef struct ModelReader
{
	const Model   *model;
	int            key_columns;
	TupleDesc      descriptor; /* of the query, once it is bound */
	ColumnReader  *readers;    /* of each of the model's columns */
	NullableDatum *values;
	double        *raw;         /* one row */
	double        *block;       /* KERNEL_LANES rows, prepared */
	MemoryContext  row_context; /* what conversions leave behind */
} ModelReader;

extern void reader_init(ModelReader *reader, const Model *model, int key_columns);
extern void reader_bind(ModelReader *reader, TupleDesc descriptor);
extern void reader_end(ModelReader *reader);

/* Prepares a row, all of whose attributes are there, into a lane of the block; false if the recipe skips it. */
extern bool reader_take(ModelReader *reader, TupleTableSlot *row, int lane);

/* Copies the key of a row into the current memory context; none of it may be null. */
extern void reader_copy_key(const ModelReader *reader, TupleTableSlot *row, Datum *key);

/* Scores the first lanes of the block, of which none may be too far away to measure a distance. */
extern void reader_score(const ModelReader *reader, int nrows, Assignment *assignments);

#endif /* SEGMENT_READER_H */
