/*-------------------------------------------------------------------------
 *
 * collect.h
 *	  Reading a query into columns of doubles.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SEGMENT_COLLECT_H
#define SEGMENT_COLLECT_H

#include "access/tupdesc.h"
#include "tcop/dest.h"

/*
 * The types that become a number, after domains are looked through.  Dates and
 * times are days since 1970-01-01, intervals days.
 */
typedef enum ValueKind
{
	VALUE_INT2,
	VALUE_INT4,
	VALUE_INT8,
	VALUE_FLOAT4,
	VALUE_FLOAT8,
	VALUE_NUMERIC,
	VALUE_BOOL,
	VALUE_DATE,
	VALUE_TIMESTAMP,
	VALUE_INTERVAL
} ValueKind;

/* The rows of a query, a column an array.  NaN stands for a missing value. */
typedef struct Columns
{
	int      ncolumns;
	int64    nrows;
	int64    capacity;
	double **values; /* ncolumns arrays of nrows */
} Columns;

extern ValueKind value_kind(Oid type, const char *column_name);
extern double    value_float8(Datum value, ValueKind kind);

extern Columns *columns_create(int ncolumns);
extern void     columns_reserve(Columns *columns, int64 nrows);

extern void     collect_query(const char *query, DestReceiver *receiver);
extern Columns *collect_columns(const char *query, int first_column,
								int ncolumns);

#endif /* SEGMENT_COLLECT_H */
