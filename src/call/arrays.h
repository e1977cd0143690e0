/*
 * Arrays of double and of composites as SQL passes them: checked views on
 * the way in, matrices and rows on the way out.
 */
#ifndef SEGMENT_ARRAYS_H
#define SEGMENT_ARRAYS_H

#include "access/htup_details.h"
#include "fmgr.h"
#include "utils/array.h"

extern const double *features_read(ArrayType *array, const char *name,
								   int *nfeatures);
extern const double *matrix_read(ArrayType *array, const char *name,
								 int *nrows, int *ncolumns);
extern int           features_length(ArrayType *array, const char *name);
extern void          features_copy(ArrayType *array, const char *name, double *values);
extern ArrayType    *matrix_build(const double *values, int nrows, int ncolumns);
extern ArrayType    *figures_build(const double *first, Size stride, int nrows, int ncolumns);

/* the entries of an array of composites */
typedef struct RecordReader
{
	const char *name; /* of the array */
	TupleDesc   descriptor;
	int         n;
	Datum      *entries;
	Datum      *fields; /* of the entry that was read last, in the order of the type */
	bool       *nulls;
} RecordReader;

extern RecordReader record_reader(HeapTupleHeader record, const char *field);
extern void         record_read(RecordReader *reader, int entry);

/* a composite whose fields are put one after the other */
typedef struct RecordWriter
{
	TupleDesc descriptor;
	Datum    *fields;
	bool     *nulls;
	int       n;
} RecordWriter;

extern RecordWriter record_writer(TupleDesc descriptor);
extern RecordWriter record_result(FunctionCallInfo fcinfo);
extern void         record_put(RecordWriter *writer, Datum value, bool isnull);
extern void         record_put_int32(RecordWriter *writer, int32 value);
extern void         record_put_int64(RecordWriter *writer, int64 value);
extern void         record_put_float8(RecordWriter *writer, double value);
extern void         record_put_figure(RecordWriter *writer, double value);
extern void         record_put_figures(RecordWriter *writer, const double *first, Size stride, int n);
extern void         record_put_counts(RecordWriter *writer, const int64 *counts, int n);
extern void         record_put_rows(RecordWriter *writer, const void *argument, int n,
									void (*put_fields)(RecordWriter *row, const void *argument, int i));
extern HeapTuple    record_form(const RecordWriter *writer);

#endif /* SEGMENT_ARRAYS_H */
