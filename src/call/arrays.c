/*
 * Arrays of double and of composites as SQL passes them.
 *
 * Readers check an array and return a view of its values, which lives as long
 * as the array does.  Errors call an array by its argument's name and count
 * elements from 1.  Built arrays live in the current memory context.
 */
#include "postgres.h"

#include <math.h>

#include "call/arrays.h"
#include "catalog/pg_type.h"
#include "compat.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

static void
report_element(const char *name, size_t index, double value)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("element %zu of %s is %s", index + 1, name,
					isnan(value) ? "NaN" : "infinite"),
			 errhint("Replace or filter out such values first.")));
}

static void
report_null(const char *name, size_t index)
{
	ereport(ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			 errmsg("element %zu of %s is null", index + 1, name),
			 errhint("Replace missing values, for example with coalesce(), or filter out such rows.")));
}

static void
check_dimensions(ArrayType *array, const char *name, int ndim)
{
	if (ARR_NDIM(array) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s must not be empty", name)));
	if (ARR_NDIM(array) != ndim)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s must be an array of %d %s", name, ndim,
						ndim == 1 ? "dimension" : "dimensions"),
				 errdetail("It has %d.", ARR_NDIM(array))));
}

static const double *
finite_values(ArrayType *array, const char *name, size_t n)
{
	const double *values = (const double *) ARR_DATA_PTR(array);

	if (ARR_HASNULL(array))
	{
		const bits8 *present = ARR_NULLBITMAP(array);

		for (size_t i = 0; i < n; i++)
			if (!(present[i / 8] & (1 << (i % 8))))
				report_null(name, i);
	}
	for (size_t i = 0; i < n; i++)
		if (!isfinite(values[i]))
			report_element(name, i, values[i]);

	return values;
}

/* a row of features, without missing or infinite values */
const double *
features_read(ArrayType *array, const char *name, int *nfeatures)
{
	*nfeatures = features_length(array, name);
	return finite_values(array, name, *nfeatures);
}

/* a matrix by rows, without missing or infinite values */
const double *
matrix_read(ArrayType *array, const char *name, int *nrows, int *ncolumns)
{
	check_dimensions(array, name, 2);
	*nrows = ARR_DIMS(array)[0];
	*ncolumns = ARR_DIMS(array)[1];
	return finite_values(array, name, (size_t) *nrows * *ncolumns);
}

int
features_length(ArrayType *array, const char *name)
{
	check_dimensions(array, name, 1);
	return ARR_DIMS(array)[0];
}

/* copies a row of features; missing ones become NaN, infinity is an error */
void
features_copy(ArrayType *array, const char *name, double *values)
{
	const double *next = (const double *) ARR_DATA_PTR(array);
	const bits8  *present = ARR_NULLBITMAP(array);
	int           n = features_length(array, name);

	for (int i = 0; i < n; i++)
	{
		if (present != NULL && !(present[i / 8] & (1 << (i % 8))))
			values[i] = NAN;
		else
			values[i] = *next++;
		if (isinf(values[i]))
			report_element(name, i, values[i]);
	}
}

/*
 * A vector of nrows values if ncolumns is 0, else a matrix by rows; where figures
 * is true NULL stands for those that are NaN or infinite.  Value i is at (char *)
 * first + i * stride.
 */
static ArrayType *
array_build(const double *first, Size stride, int nrows, int ncolumns, bool figures)
{
	int        dims[2] = {nrows, ncolumns};
	int        lower_bounds[2] = {1, 1};
	int        ndim = ncolumns == 0 ? 1 : 2;
	int        n = ArrayGetNItems(ndim, dims);
	Datum     *values = palloc_extended(sizeof(Datum) * Max(n, 1), MCXT_ALLOC_HUGE);
	bool      *nulls = palloc(sizeof(bool) * Max(n, 1));
	ArrayType *array;

	for (int i = 0; i < n; i++)
	{
		double value = *(const double *) ((const char *) first + (Size) i * stride);

		values[i] = Float8GetDatum(value);
		nulls[i] = figures && !isfinite(value);
	}
	array = construct_md_array(values, nulls, ndim, dims, lower_bounds, FLOAT8OID,
							   sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE);
	pfree(values);
	pfree(nulls);
	return array;
}

ArrayType *
matrix_build(const double *values, int nrows, int ncolumns)
{
	if (!AllocSizeIsValid(ARR_OVERHEAD_NONULLS(2) + (Size) nrows * ncolumns * sizeof(double)))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("an array of %d x %d elements is too large", nrows, ncolumns)));
	return array_build(values, sizeof(double), nrows, ncolumns, false);
}

ArrayType *
figures_build(const double *first, Size stride, int nrows, int ncolumns)
{
	return array_build(first, stride, nrows, ncolumns, true);
}

/*
 * The entries of an array of composites, which is a field of the record.  Each
 * entry is there; their types follow from that of the record.
 */
RecordReader
record_reader(HeapTupleHeader record, const char *field)
{
	bool         isnull;
	Datum        value = GetAttributeByName(record, field, &isnull);
	ArrayType   *array;
	RecordReader reader;

	if (isnull)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("field \"%s\" is null", field)));
	array = DatumGetArrayTypeP(value);
	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("field \"%s\" has %d dimensions", field, ARR_NDIM(array))));
	if (array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("field \"%s\" has a null entry", field)));
	reader.name = field;
	reader.descriptor = lookup_rowtype_tupdesc_copy(ARR_ELEMTYPE(array), -1);
	reader.fields = palloc(sizeof(Datum) * reader.descriptor->natts);
	reader.nulls = palloc(sizeof(bool) * reader.descriptor->natts);
	deconstruct_array(array, ARR_ELEMTYPE(array), -1, false, TYPALIGN_DOUBLE, &reader.entries, NULL, &reader.n);
	return reader;
}

/* Sets the fields to those of an entry, each of which is there. */
void
record_read(RecordReader *reader, int entry)
{
	HeapTupleHeader header = DatumGetHeapTupleHeader(reader->entries[entry]);
	HeapTupleData   tuple = {.t_len = HeapTupleHeaderGetDatumLength(header), .t_data = header};

	heap_deform_tuple(&tuple, reader->descriptor, reader->fields, reader->nulls);
	for (int i = 0; i < reader->descriptor->natts; i++)
		if (reader->nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("field \"%s\" of entry %d of \"%s\" is null",
							NameStr(TupleDescAttr(reader->descriptor, i)->attname), entry + 1, reader->name)));
}

RecordWriter
record_writer(TupleDesc descriptor)
{
	return (RecordWriter){
		.descriptor = BlessTupleDesc(descriptor),
		.fields = palloc(sizeof(Datum) * descriptor->natts),
		.nulls = palloc(sizeof(bool) * descriptor->natts)};
}

/* how often it was written to, at the end as often as it has fields */
static void
check_written(bool fine)
{
	if (!fine)
		elog(ERROR, "a function is declared with an unexpected result");
}

/* of the composite that a function returns */
RecordWriter
record_result(FunctionCallInfo fcinfo)
{
	TupleDesc descriptor;

	check_written(get_call_result_type(fcinfo, NULL, &descriptor) == TYPEFUNC_COMPOSITE);
	return record_writer(descriptor);
}

void
record_put(RecordWriter *writer, Datum value, bool isnull)
{
	check_written(writer->n < writer->descriptor->natts);
	writer->fields[writer->n] = value;
	writer->nulls[writer->n++] = isnull;
}

void
record_put_int32(RecordWriter *writer, int32 value)
{
	record_put(writer, Int32GetDatum(value), false);
}

void
record_put_int64(RecordWriter *writer, int64 value)
{
	record_put(writer, Int64GetDatum(value), false);
}

/* NaN stands for an undefined figure, which is NULL in SQL. */
void
record_put_float8(RecordWriter *writer, double value)
{
	record_put(writer, Float8GetDatum(value), isnan(value));
}

/* So do infinities, where a figure is one of many. */
void
record_put_figure(RecordWriter *writer, double value)
{
	record_put(writer, Float8GetDatum(value), !isfinite(value));
}

void
record_put_figures(RecordWriter *writer, const double *first, Size stride, int n)
{
	record_put(writer, PointerGetDatum(figures_build(first, stride, n, 0)), false);
}

void
record_put_counts(RecordWriter *writer, const int64 *counts, int n)
{
	Datum *entries = palloc(sizeof(Datum) * Max(n, 1));

	for (int i = 0; i < n; i++)
		entries[i] = Int64GetDatum(counts[i]);
	record_put(writer, PointerGetDatum(construct_array(entries, n, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE)), false);
}

/* An array of composites, of which put_fields fills one at a time. */
void
record_put_rows(RecordWriter *writer, const void *argument, int n,
				void (*put_fields)(RecordWriter *row, const void *argument, int i))
{
	TupleDesc     descriptor;
	Datum        *entries = palloc(sizeof(Datum) * Max(n, 1));
	MemoryContext context = CurrentMemoryContext;
	MemoryContext one = AllocSetContextCreate(context, "segment record", ALLOCSET_DEFAULT_SIZES);

	check_written(writer->n < writer->descriptor->natts);
	descriptor = lookup_rowtype_tupdesc_copy(get_element_type(TupleDescAttr(writer->descriptor, writer->n)->atttypid), -1);
	for (int i = 0; i < n; i++)
	{
		RecordWriter row;
		HeapTuple    tuple;

		CHECK_FOR_INTERRUPTS();
		MemoryContextSwitchTo(one);
		row = record_writer(descriptor);
		put_fields(&row, argument, i);
		tuple = record_form(&row);
		MemoryContextSwitchTo(context);
		entries[i] = HeapTupleGetDatum(heap_copytuple(tuple));
		MemoryContextReset(one);
	}
	MemoryContextDelete(one);
	record_put(writer, PointerGetDatum(construct_array(entries, n, descriptor->tdtypeid, -1, false, TYPALIGN_DOUBLE)), false);
}

HeapTuple
record_form(const RecordWriter *writer)
{
	check_written(writer->n == writer->descriptor->natts);
	return heap_form_tuple(writer->descriptor, writer->fields, writer->nulls);
}
