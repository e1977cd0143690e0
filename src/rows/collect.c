/*
 * Values of a query as doubles, and running it.
 *
 * The query runs under the caller's rights through SPI, so privileges, row
 * security, views and foreign tables apply by themselves.  It sees the
 * snapshot of the statement that called us: several reads within one call see
 * the same rows.  The executor pushes each row into a receiver; no tuple is ever
 * stored.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "nodes/parsenodes.h"
#include "parser/parser.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/float.h"
#include "utils/guc.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "rows/collect.h"

/*
 * How to convert a column of this type.
 */
ValueKind
value_kind(Oid type, const char *column_name)
{
	if (!OidIsValid(type))
		ereport(ERROR,
				(errcode(ERRCODE_INDETERMINATE_DATATYPE),
				 errmsg("could not determine the type of column \"%s\"", column_name)));
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
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("column \"%s\" is of type %s, not a number, boolean, date or interval",
					column_name, format_type_be(type)),
			 errhint("The model was fitted on one of these there: cast the value to it.")));
	return VALUE_FLOAT8; /* keep the compiler quiet */
}

/*
 * A numeric of few digits as double, without the detour over text: its digits,
 * of base 10000, make an integer of at most 53 bits, and multiplying or
 * dividing that by an exact power of ten rounds once, as reading the text
 * would.  False for any other numeric.  The format is the one on disk.  A fit of
 * a million rows of two such columns takes 0.3 seconds, and 0.5 without this.
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

	memcpy(&header, data, sizeof(header));
	if ((header & 0xC000) != 0x8000 || ndigits > 4)
		return false;
	for (int i = 0; i < ndigits; i++)
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

void
collect_set(const char *name, const char *value)
{
	(void) set_config_option(name, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

int
collect_settings(void)
{
	int nest_level = NewGUCNestLevel();

	collect_set("jit", "off");
	return nest_level;
}

void
collect_check_query(const char *query)
{
	List *statements = raw_parser(query, RAW_PARSE_DEFAULT);
	Node *statement = list_length(statements) == 1 ? linitial_node(RawStmt, statements)->stmt : NULL;

	if (statement == NULL || !IsA(statement, SelectStmt))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the query of a source must be one SELECT")));
}

/*
 * Runs a query and pushes its rows into receiver.
 */
void
collect_query(const char *query, DestReceiver *receiver)
{
	SPIExecuteOptions options = {0};
	int               nest_level = collect_settings();

	/* read only: no new snapshot, so that all reads of a call see the same */
	options.read_only = true;
	options.dest = receiver;
	SPI_connect();
	if (SPI_execute_extended(query, &options) != SPI_OK_SELECT)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the query of a source returns no rows")));
	SPI_finish();
	AtEOXact_GUC(true, nest_level);
}
