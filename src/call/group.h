/*
 * The columns that a model is grouped by: the text of a value says which group
 * a row is of, in a fit and in scoring.
 */
#ifndef SEGMENT_GROUP_H
#define SEGMENT_GROUP_H

#include "fmgr.h"

typedef struct GroupReader
{
	Oid      type;  /* with domains looked through */
	int      place; /* of the column among those of a row */
	FmgrInfo output;
} GroupReader;

/*
 * Prepares for values of a type, in the current memory context.  A type whose
 * text depends on the settings of a session is an error, which names the
 * column.
 */
extern void group_reader_init(GroupReader *reader, const char *name, Oid type, int place);

/* The text of a value, in the current memory context; equal numbers have the same. */
extern char *group_text(const GroupReader *reader, Datum value);

#endif /* SEGMENT_GROUP_H */
