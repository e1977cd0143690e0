/*
 * The rows of a query, prepared as a model has it.
 */
#include "postgres.h"

#include "utils/datum.h"
#include "utils/memutils.h"

#include "compat.h"
#include "model/reader.h"
#include "process/progress.h"

void
reader_init(ModelReader *reader, const Model *model, int key_columns)
{
	*reader = (ModelReader){.model = model, .key_columns = key_columns};
	reader->raw = palloc(sizeof(double) * model->columns->nraw);
	reader->block = palloc_blocks(1, model->recipe.nfeatures, sizeof(double));
	reader->row_context = AllocSetContextCreate(CurrentMemoryContext, "segment row conversion",
												ALLOCSET_SMALL_SIZES);
}

/*
 * The query's columns have the names of the source's.
 */
void
reader_bind(ModelReader *reader, TupleDesc descriptor)
{
	const SourceColumns *columns = reader->model->columns;

	reader->descriptor = descriptor;
	reader->values = palloc(sizeof(NullableDatum) * descriptor->natts);
	reader->readers = palloc(sizeof(ColumnReader) * columns->ncolumns);
	for (int c = 0; c < columns->ncolumns; c++)
	{
		int place = column_attribute(&columns->columns[c], descriptor, reader->key_columns);

		if (place < 0)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("the query has no column \"%s\"", columns->columns[c].name)));
		column_reader_init(&reader->readers[c], &columns->columns[c],
						   TupleDescAttr(descriptor, place)->atttypid, place);
	}
}

void
reader_end(ModelReader *reader)
{
	MemoryContextDelete(reader->row_context);
}

bool
reader_take(ModelReader *reader, TupleTableSlot *row, int lane)
{
	const Model  *model = reader->model;
	MemoryContext old_context = MemoryContextSwitchTo(reader->row_context);
	bool          used;

	pair_values(reader->descriptor->natts, row->tts_values, row->tts_isnull, reader->values);
	columns_read(reader->readers, model->columns->ncolumns, reader->values, reader->raw, 1);
	used = recipe_apply(&model->recipe, reader->raw, reader->block + lane, KERNEL_LANES);
	MemoryContextSwitchTo(old_context);
	MemoryContextReset(reader->row_context);
	return used;
}

void
reader_copy_key(const ModelReader *reader, TupleTableSlot *row, Datum *key)
{
	for (int i = 0; i < reader->key_columns; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(reader->descriptor, i);

		if (row->tts_isnull[i])
			ereport(ERROR,
					(errcode(ERRCODE_NOT_NULL_VIOLATION),
					 errmsg("key column \"%s\" contains a null value",
							NameStr(attribute->attname)),
					 errhint("Name other key columns with key => '{...}', or leave such rows out in a view.")));
		key[i] = datumCopy(row->tts_values[i], attribute->attbyval, attribute->attlen);
	}
}

void
reader_score(const ModelReader *reader, int nrows, Assignment *assignments)
{
	model_score_block(reader->model, reader->block, nrows, assignments);
	for (int i = 0; i < nrows; i++)
		if (assignments[i].segment == SEGMENT_OUT_OF_REACH)
			model_report_far();
	progress_add_rows(nrows);
}
