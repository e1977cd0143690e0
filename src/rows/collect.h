/*
 * Values of a query as doubles, and running it.
 */
#ifndef SEGMENT_COLLECT_H
#define SEGMENT_COLLECT_H

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

extern ValueKind value_kind(Oid type, const char *column_name);
extern double    value_float8(Datum value, ValueKind kind);

/*
 * A setting for queries that read a source, until AtEOXact_GUC().  None of them is
 * worth compiling: their expressions are columns, and the compiler takes some 25 MB
 * in each process.
 */
extern void collect_set(const char *name, const char *value);
extern int  collect_settings(void); /* those that all have; returns the level of nesting */

/* Raises an error unless a text is one SELECT and no more, so that it can be put into parentheses. */
extern void collect_check_query(const char *query);

/* Runs a query and pushes its rows into receiver. */
extern void collect_query(const char *query, DestReceiver *receiver);

#endif /* SEGMENT_COLLECT_H */
