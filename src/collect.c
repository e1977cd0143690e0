/*-------------------------------------------------------------------------
 *
 * collect.c
 *	  Reading a query into columns of doubles.
 *
 * The query runs under the caller's rights through SPI, so privileges, row
 * security, views and foreign tables apply by themselves.  It sees the
 * snapshot of the statement that called us: several reads within one call see
 * the same rows.  The executor pushes each row into a receiver that converts
 * the columns; no tuple is ever stored.
 *
 * Columns live in the memory context that was current at columns_create().
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "compat.h"
#include "collect.h"
#include "progress.h"

/*
 * How to convert a column of this type.
 */
ValueKind
value_kind(Oid type, const char *column_name)
{
	switch (getBaseType(type))
	{
		case INT2OID:
			return VALUE_INT2;
		case INT4OID:
			return VALUE_INT4;
		case INT8OID:
			return VALUE_INT8;
		case FLOAT4OID:
			return VALUE_FLOAT4;
		case FLOAT8OID:
			return VALUE_FLOAT8;
		case NUMERICOID:
			return VALUE_NUMERIC;
		case BOOLOID:
			return VALUE_BOOL;
	}
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("column \"%s\" of type %s cannot be a feature",
					column_name, format_type_be(type)),
			 errhint("Features are numeric or boolean columns; convert others in a view.")));
	return VALUE_FLOAT8; /* keep the compiler quiet */
}

/*
 * A value as double; a numeric beyond double's range becomes an infinity.
 */
double
value_float8(Datum value, ValueKind kind)
{
	switch (kind)
	{
		case VALUE_INT2:
			return DatumGetInt16(value);
		case VALUE_INT4:
			return DatumGetInt32(value);
		case VALUE_INT8:
			return (double) DatumGetInt64(value);
		case VALUE_FLOAT4:
			return DatumGetFloat4(value);
		case VALUE_FLOAT8:
			return DatumGetFloat8(value);
		case VALUE_NUMERIC:
			return DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow, value));
		case VALUE_BOOL:
			return DatumGetBool(value) ? 1.0 : 0.0;
	}
	pg_unreachable();
}

Columns *
columns_create(int ncolumns)
{
	Columns *columns = palloc0(sizeof(Columns));

	columns->ncolumns = ncolumns;
	columns->values = palloc0(sizeof(double *) * Max(ncolumns, 1));
	return columns;
}

/*
 * Makes room for nrows rows, at least doubling what there is.
 */
void
columns_reserve(Columns *columns, int64 nrows)
{
	MemoryContext context = GetMemoryChunkContext(columns);
	int64         capacity = Max(columns->capacity, 512);
	int           i;

	if (nrows <= columns->capacity)
		return;
	while (capacity < nrows)
		capacity *= 2;
	for (i = 0; i < columns->ncolumns; i++)
	{
		Size size = (Size) capacity * sizeof(double);

		if (columns->values[i] == NULL)
			columns->values[i] = MemoryContextAllocHuge(context, size);
		else
			columns->values[i] = repalloc_huge(columns->values[i], size);
	}
	columns->capacity = capacity;
}

/* ----------------------------------------------------------------
 *		The receiver
 * ----------------------------------------------------------------
 */

typedef struct ColumnReceiver
{
	DestReceiver  pub;
	Columns      *columns;
	int           first_column; /* attributes before this are not read */
	ValueKind    *kinds;        /* a kind a column, allocated at startup */
	MemoryContext row_context;  /* what a conversion leaves behind */
} ColumnReceiver;

static void
column_startup(DestReceiver *self, int operation pg_attribute_unused(), TupleDesc typeinfo)
{
	ColumnReceiver *receiver = (ColumnReceiver *) self;
	int             i;

	Assert(typeinfo->natts == receiver->first_column + receiver->columns->ncolumns);
	receiver->kinds = palloc(sizeof(ValueKind) * typeinfo->natts);
	for (i = 0; i < receiver->columns->ncolumns; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(typeinfo, receiver->first_column + i);

		receiver->kinds[i] = value_kind(attribute->atttypid,
										NameStr(attribute->attname));
	}
	receiver->row_context = AllocSetContextCreate(CurrentMemoryContext,
												  "segment row conversion",
												  ALLOCSET_SMALL_SIZES);
}

static bool
column_receive(TupleTableSlot *slot, DestReceiver *self)
{
	ColumnReceiver *receiver = (ColumnReceiver *) self;
	Columns        *columns = receiver->columns;
	MemoryContext   old_context;
	int             i;

	slot_getallattrs(slot);
	if (columns->nrows == columns->capacity)
		columns_reserve(columns, columns->nrows + 1);

	old_context = MemoryContextSwitchTo(receiver->row_context);
	for (i = 0; i < columns->ncolumns; i++)
	{
		int attribute = receiver->first_column + i;

		columns->values[i][columns->nrows] = slot->tts_isnull[attribute]
												 ? get_float8_nan()
												 : value_float8(slot->tts_values[attribute], receiver->kinds[i]);
	}
	MemoryContextSwitchTo(old_context);
	MemoryContextReset(receiver->row_context);
	progress_rows(++columns->nrows);
	return true;
}

static void
column_shutdown(DestReceiver *self)
{
	ColumnReceiver *receiver = (ColumnReceiver *) self;

	MemoryContextDelete(receiver->row_context);
	pfree(receiver->kinds);
}

static void
column_destroy(DestReceiver *self pg_attribute_unused())
{
}

/*
 * Runs a query and pushes its rows into receiver.
 */
void
collect_query(const char *query, DestReceiver *receiver)
{
	SPIExecuteOptions options = {0};
	int               result;

	/* read only: no new snapshot, so that all reads of a call see the same */
	options.read_only = true;
	options.dest = receiver;
	SPI_connect();
	result = SPI_execute_extended(query, &options);
	if (result != SPI_OK_SELECT)
		elog(ERROR, "query of a source returned %s", SPI_result_code_string(result));
	SPI_finish();
}

/*
 * Reads attributes first_column .. first_column + ncolumns - 1 (from 0) of a
 * query, its last, into columns.
 */
Columns *
collect_columns(const char *query, int first_column, int ncolumns)
{
	Columns       *columns = columns_create(ncolumns);
	ColumnReceiver receiver = {
		.pub = {
			.receiveSlot = column_receive,
			.rStartup = column_startup,
			.rShutdown = column_shutdown,
			.rDestroy = column_destroy,
			.mydest = DestTuplestore},
		.columns = columns,
		.first_column = first_column};

	columns_reserve(columns, 1);
	collect_query(query, &receiver.pub);
	return columns;
}
