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
#include "utils/date.h"
#include "utils/float.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "collect.h"

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
		case DATEOID:
			return VALUE_DATE;
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
			return VALUE_TIMESTAMP;
		case INTERVALOID:
			return VALUE_INTERVAL;
	}
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("column \"%s\" of type %s cannot be a feature",
					column_name, format_type_be(type)),
			 errhint("Convert it to a number or a text in a view, and use that.")));
	return VALUE_FLOAT8; /* keep the compiler quiet */
}

/*
 * A numeric of few digits as double, without the detour over text: its digits,
 * of base 10000, make an integer of at most 53 bits, and multiplying or
 * dividing that by an exact power of ten rounds once, as reading the text
 * would.  False for any other numeric.  The format is the one on disk.
 */
static bool
short_numeric_float8(Datum value, double *result)
{
	static const double powers[] = {1, 1e4, 1e8, 1e12, 1e16, 1e20};

	const struct varlena *numeric = PG_DETOAST_DATUM_PACKED(value);
	const char           *data = VARDATA_ANY(numeric);
	int                   ndigits = ((int) VARSIZE_ANY_EXHDR(numeric) - (int) sizeof(uint16)) / (int) sizeof(int16);
	uint16                header;
	int16                 digit;
	int64                 mantissa = 0;
	int                   exponent;
	int                   i;

	memcpy(&header, data, sizeof(header));
	if ((header & 0xC000) != 0x8000 || ndigits > 4)
		return false;
	for (i = 0; i < ndigits; i++)
	{
		memcpy(&digit, data + sizeof(header) + sizeof(digit) * i, sizeof(digit));
		mantissa = mantissa * 10000 + digit;
	}
	exponent = (header & 0x003F) - (header & 0x0040) - Max(ndigits - 1, 0);
	if (mantissa > INT64CONST(1) << 53 || abs(exponent) >= (int) lengthof(powers))
		return false;
	*result = exponent < 0 ? (double) mantissa / powers[-exponent]
						   : (double) mantissa * powers[exponent];
	if (header & 0x2000)
		*result = -*result;
	return true;
}

/* from PostgreSQL's epoch to that of Unix */
#define EPOCH_DAYS (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE)

static double
date_float8(DateADT date)
{
	if (DATE_NOT_FINITE(date))
		return DATE_IS_NOBEGIN(date) ? -get_float8_infinity() : get_float8_infinity();
	return (double) date + EPOCH_DAYS;
}

/*
 * Whole days and the part of a day are exact before they are added.
 */
static double
timestamp_float8(Timestamp timestamp)
{
	if (TIMESTAMP_NOT_FINITE(timestamp))
		return TIMESTAMP_IS_NOBEGIN(timestamp) ? -get_float8_infinity() : get_float8_infinity();
	return (double) (timestamp / USECS_PER_DAY + EPOCH_DAYS) +
		   (double) (timestamp % USECS_PER_DAY) / USECS_PER_DAY;
}

/*
 * The days of extract(epoch): a year has 365.25 of them, a month that is left
 * over 30.
 */
static double
interval_float8(const Interval *interval)
{
	if (INTERVAL_NOT_FINITE(interval))
		return INTERVAL_IS_NOBEGIN(interval) ? -get_float8_infinity() : get_float8_infinity();
	return interval->month / MONTHS_PER_YEAR * DAYS_PER_YEAR +
		   interval->month % MONTHS_PER_YEAR * (double) DAYS_PER_MONTH +
		   interval->day + (double) interval->time / USECS_PER_DAY;
}

/*
 * A value as double; a numeric beyond double's range becomes an infinity.
 */
double
value_float8(Datum value, ValueKind kind)
{
	double result;

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
			if (short_numeric_float8(value, &result))
				return result;
			return DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow, value));
		case VALUE_BOOL:
			return DatumGetBool(value) ? 1.0 : 0.0;
		case VALUE_DATE:
			return date_float8(DatumGetDateADT(value));
		case VALUE_TIMESTAMP:
			return timestamp_float8(DatumGetTimestamp(value));
		case VALUE_INTERVAL:
			return interval_float8(DatumGetIntervalP(value));
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
	columns->nrows++;
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
