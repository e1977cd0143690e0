/*
 * The columns of a source, and the raw values that they become.
 *
 * A number, date or the like becomes one raw value; an array of numbers one
 * an element; a vector its length and then one a dimension; a text, enum or boolean
 * that is to be encoded becomes the number of its category.  NaN stands for what
 * is missing.
 */
#ifndef SEGMENT_COLUMNS_H
#define SEGMENT_COLUMNS_H

#include "access/htup_details.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "utils/array.h"
#include "utils/float.h"

#include "rows/collect.h"
#include "rows/rows.h"
#include "rows/vector.h"

/* columns of a query, and categories of a column */
#define MOST_SOURCE_COLUMNS MaxTupleAttributeNumber
#define MOST_CATEGORIES (1 << 20)

/* raw values of a categorical column that is none of its categories, which count from 0 */
#define CATEGORY_OTHER (-1)
#define CATEGORY_MISSING (-2)

typedef enum ColumnKind
{
	COLUMN_NUMBER,
	COLUMN_ARRAY,
	COLUMN_CATEGORY,
	COLUMN_VECTOR
} ColumnKind;

typedef struct SourceColumn
{
	char       name[NAMEDATALEN];
	ColumnKind kind;
	int        first; /* its first raw value's place in a raw row */
	int        width; /* how many there are: elements of an array, 1 + dimensions of a vector, else 1 */

	/* of a categorical column */
	bool   missing_category; /* NULL is CATEGORY_MISSING, not missing */
	int    ncategories;
	char **categories;
} SourceColumn;

typedef struct SourceColumns
{
	int           ncolumns;
	int           nraw; /* values of a raw row */
	SourceColumn *columns;
} SourceColumns;

/* ncolumns columns of numbers without names, for those that show in no message */
extern SourceColumns *columns_of_numbers(int ncolumns);

/* Sets where the raw values of each column begin in a raw row; they must not be too many. */
extern void columns_set_offsets(SourceColumns *columns);

/*
 * Parts of a compiled model.  What is missing, or cannot be, is an error: whoever
 * has read them need not ask again.
 */
extern void   message_check(bool fine);
extern int32  message_int(StringInfo message);
extern double message_float8(StringInfo message);
extern int    message_choice(StringInfo message, int last);           /* from 0 to last */
extern int    message_count(StringInfo message, int most, Size each); /* things of so many bytes at least */
extern char  *message_string(StringInfo message);                     /* points into the message */

/* As a message, and back into the current memory context. */
extern void           columns_send(StringInfo message, const SourceColumns *columns);
extern SourceColumns *columns_receive(StringInfo message);

/* How to read a column from values of some type. */
typedef struct ColumnReader
{
	const SourceColumn *column;
	bool                number; /* neither an array, a category nor a vector */
	ValueKind           kind;   /* of a number, or of an array's elements */
	int                 first;  /* the column's */
	int                 place;  /* of the column's value among those of a row */

	/* elements of an array */
	Oid   element_type;
	int16 element_length;
	bool  element_by_value;
	char  element_alignment;

	VectorLayout layout; /* of a vector */

	/* the text of a category */
	Oid      type; /* with domains looked through */
	FmgrInfo output;

	/* table of the categories by their hashes: 1 + number, 0 for an empty place */
	uint32  mask;
	uint32 *places;
} ColumnReader;

/*
 * Prepares for values of a type at a place in a row, in the current memory
 * context; column must stay.  A type of which no number can be made is an error
 * where these are wanted; a category is the text of a value of any type.
 */
extern void column_reader_init(ColumnReader *reader, const SourceColumn *column, Oid type, int place);

/* The least cell that holds the raw values of a column of that type. */
extern KernelCell column_cell(const SourceColumn *column, Oid type);

/* The attribute that has the column's name, at or behind first; -1 if there is none. */
extern int column_attribute(const SourceColumn *column, TupleDesc row, int first);

/* column_read() for what is no number */
extern void column_read_parts(const ColumnReader *reader, NullableDatum value,
							  double *to, int stride);

/* May column_read() have this value?  It raises an error for an array or a vector of another length than the model knows. */
extern bool column_accepts(const ColumnReader *reader, NullableDatum value);

/*
 * Sets the column's raw values, to[0], to[stride], ...  May leave garbage in
 * the current memory context.
 */
static inline void
column_read(const ColumnReader *reader, NullableDatum value, double *to, int stride)
{
	if (!reader->number)
		column_read_parts(reader, value, to, stride);
	else if (value.isnull)
		*to = get_float8_nan();
	else if (reader->kind == VALUE_FLOAT8)
		*to = DatumGetFloat8(value.value);
	else
		*to = value_float8(value.value, reader->kind);
}

/* Sets the raw values of all of a row's columns. */
static inline void
columns_read(const ColumnReader *readers, int ncolumns, const NullableDatum *values, double *to, int stride)
{
	for (int i = 0; i < ncolumns; i++)
		column_read(&readers[i], values[readers[i].place], to + (Size) readers[i].first * stride, stride);
}

/* How to take values of one composite type apart. */
typedef struct RowValues
{
	Oid            type; /* invalid: there is none yet */
	int32          typmod;
	TupleDesc      descriptor;
	Datum         *datums;
	bool          *nulls;
	NullableDatum *values; /* of the row at hand */
} RowValues;

/* Prepares for rows of the type of this one, in the current memory context. */
extern RowValues row_values_of(HeapTupleHeader row);

static inline bool
row_values_match(const RowValues *values, HeapTupleHeader row)
{
	return HeapTupleHeaderGetTypeId(row) == values->type && HeapTupleHeaderGetTypMod(row) == values->typmod;
}

extern const NullableDatum *row_values_take(RowValues *values, HeapTupleHeader row);

/* Puts values and their nulls together, as arguments have them. */
static inline void
pair_values(int n, const Datum *datums, const bool *nulls, NullableDatum *values)
{
	int i;

	for (i = 0; i < n; i++)
		values[i] = (NullableDatum){datums[i], nulls[i]};
}

#endif /* SEGMENT_COLUMNS_H */
