/*
 * What the building blocks share: checks of arguments, and rows that an
 * aggregate collects in memory.
 *
 * segment_scaler and segment_kmeans_agg need all rows at once.  What works on
 * the rows ignores their order, so that results do not depend on it.
 *
 * States belong to the aggregate's memory context; all else is allocated in
 * the context of the call.
 */
#include "postgres.h"

#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "compat.h"
#include "call/aggregates.h"

MemoryContext
aggregate_context(FunctionCallInfo fcinfo)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("function %s is called outside of an aggregate",
						get_func_name(fcinfo->flinfo->fn_oid)),
				 errhint("Call the aggregate that it supports.")));

	return context;
}

void
check_state(bool fine, const char *of)
{
	if (!fine)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid state of %s", of)));
}

void
check_argument(FunctionCallInfo fcinfo, int argument, const char *name)
{
	if (PG_ARGISNULL(argument))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not be null", name)));
}

void
check_same_columns(int nfeatures, int ncolumns, const char *name)
{
	if (nfeatures != ncolumns)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("features and %s differ in length", name),
				 errdetail("There are %d features, but %s has %d columns.",
						   nfeatures, name, ncolumns)));
}

/* ---- Rows in memory ---- */

#define ROWS_AT_FIRST 8

static size_t
row_set_bytes(const RowSet *rows, int64 nrows)
{
	return offsetof(RowSet, values) + (size_t) nrows * rows->nfeatures * sizeof(double);
}

/*
 * A copy in the aggregate's context with room for more rows.
 */
static RowSet *
row_set_copy(MemoryContext context, const RowSet *rows, int64 capacity)
{
	RowSet *copy = MemoryContextAllocHuge(context, row_set_bytes(rows, capacity));

	memcpy(copy, rows, row_set_bytes(rows, rows->nrows));
	copy->capacity = capacity;
	return copy;
}

static RowSet *
row_set_reserve(RowSet *rows, int64 nrows)
{
	if (nrows <= rows->capacity)
		return rows;
	rows->capacity = Max(nrows, 2 * rows->capacity);
	return repalloc_huge(rows, row_set_bytes(rows, rows->capacity));
}

static void
check_same_option(bool same, const char *name)
{
	if (!same)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be the same for all rows", name)));
}

static void
row_set_check_alike(const RowSet *rows, const RowOptions *options,
					int64 nfeatures)
{
	check_same_option(rows->options.method == options->method, "method");
	check_same_option(rows->options.k == options->k, "k");
	check_same_option(rows->options.seed == options->seed, "seed");
	if (rows->nfeatures != nfeatures)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("features must have the same length in all rows"),
				 errdetail("There are rows of %d and of %d features.",
						   (int) Min(rows->nfeatures, nfeatures),
						   (int) Max(rows->nfeatures, nfeatures))));
}

RowSet *
row_set_add(FunctionCallInfo fcinfo, const RowOptions *options, int nfeatures, double **values)
{
	MemoryContext context = aggregate_context(fcinfo);
	RowSet       *rows;

	if (PG_ARGISNULL(0))
		rows = row_set_copy(context, &(RowSet){.options = *options, .nfeatures = nfeatures}, ROWS_AT_FIRST);
	else
	{
		rows = (RowSet *) PG_GETARG_POINTER(0);
		row_set_check_alike(rows, options, nfeatures);
		rows = row_set_reserve(rows, rows->nrows + 1);
	}
	*values = rows->values + rows->nrows++ * nfeatures;

	return rows;
}

Datum
row_set_unchanged(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_POINTER(PG_GETARG_POINTER(0));
}

const RowSet *
row_set_get(FunctionCallInfo fcinfo)
{
	(void) aggregate_context(fcinfo);
	return (const RowSet *) PG_GETARG_POINTER(0);
}

PG_FUNCTION_INFO_V1(segment_rows_combine);
Datum
segment_rows_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo);
	RowSet       *to;
	const RowSet *from;

	if (PG_ARGISNULL(1))
		return row_set_unchanged(fcinfo);

	from = (const RowSet *) PG_GETARG_POINTER(1);
	if (PG_ARGISNULL(0))
		PG_RETURN_POINTER(row_set_copy(context, from, from->nrows));

	to = (RowSet *) PG_GETARG_POINTER(0);
	row_set_check_alike(to, &from->options, from->nfeatures);
	to = row_set_reserve(to, to->nrows + from->nrows);
	memcpy(to->values + to->nrows * to->nfeatures, from->values,
		   (size_t) from->nrows * from->nfeatures * sizeof(double));
	to->nrows += from->nrows;

	PG_RETURN_POINTER(to);
}

PG_FUNCTION_INFO_V1(segment_rows_serialize);
Datum
segment_rows_serialize(PG_FUNCTION_ARGS)
{
	const RowSet *rows = row_set_get(fcinfo);
	size_t        size = VARHDRSZ + row_set_bytes(rows, rows->nrows);
	bytea        *result;

	if (!AllocSizeIsValid(size))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many rows for one parallel worker to hand over"),
				 errdetail("A worker has collected " INT64_FORMAT " rows of " INT64_FORMAT " features.",
						   rows->nrows, rows->nfeatures),
				 errhint("Set max_parallel_workers_per_gather to 0 for this query.")));

	result = palloc(size);
	SET_VARSIZE(result, size);
	memcpy(VARDATA(result), rows, size - VARHDRSZ);

	PG_RETURN_BYTEA_P(result);
}

PG_FUNCTION_INFO_V1(segment_rows_deserialize);
Datum
segment_rows_deserialize(PG_FUNCTION_ARGS)
{
	bytea  *serialized = PG_GETARG_BYTEA_PP(0);
	size_t  size = VARSIZE_ANY_EXHDR(serialized);
	RowSet  header;
	RowSet *rows;

	(void) aggregate_context(fcinfo);
	check_state(size >= offsetof(RowSet, values), "rows");
	memcpy(&header, VARDATA_ANY(serialized), offsetof(RowSet, values));
	check_state(header.nfeatures >= 1 && header.nrows >= 0 &&
					(Size) header.nrows <= MaxAllocSize / sizeof(double) / (Size) header.nfeatures &&
					size == row_set_bytes(&header, header.nrows),
				"rows");
	rows = palloc(size);
	memcpy(rows, VARDATA_ANY(serialized), size);
	rows->capacity = rows->nrows;

	PG_RETURN_POINTER(rows);
}
