/*
 * The keys of rows in memory, so that an assignment is written without a second
 * read: as bytes, for columns whose types have a fixed length.
 */
#ifndef SEGMENT_KEYS_H
#define SEGMENT_KEYS_H

#include "access/tupdesc.h"
#include "pg_config_manual.h"

typedef struct KeyColumn
{
	Oid  type;
	Size bytes;
	bool by_value;
} KeyColumn;

/* How a key lies in memory: a column's value behind the other's. */
typedef struct KeyLayout
{
	int       ncolumns; /* 0: keys are not kept */
	Size      bytes;
	KeyColumn columns[INDEX_MAX_KEYS];
} KeyLayout;

/* That of the first columns of a row, if all of them can be kept. */
extern KeyLayout key_layout(TupleDesc row, int ncolumns);

/* Writes the key to bytes; false if a column of it is NULL. */
extern bool key_write(const KeyLayout *layout, const NullableDatum *values, char *bytes);

/* The values of a key, which may point to its bytes. */
extern void key_read(const KeyLayout *layout, const char *bytes, Datum *values);

/* How to compare keys as a primary key does. */
typedef struct KeyOrder KeyOrder;

/* NULL: a type has no order. */
extern KeyOrder *key_order(const KeyLayout *layout, TupleDesc row);
extern int       key_compare(const KeyOrder *order, const char *a, const char *b);

#endif /* SEGMENT_KEYS_H */
