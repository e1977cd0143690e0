/*
 * Figures of columns: segment_internal_describe, segment_internal_correlation
 * and segment_internal_components.
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "compat.h"
#include "call/arrays.h"
#include "explore/components.h"
#include "explore/correlate.h"
#include "explore/describe.h"
#include "model/model.h"

/*
 * Reads the first four arguments: the relation's name, the query, how many of
 * its first columns are a key, and the names of the others, a text[].
 */
static void
read_look(Look *look, FunctionCallInfo fcinfo, int nbuffers)
{
	ArrayType *array = PG_GETARG_ARRAYTYPE_P(3);
	int32      nkeys = PG_GETARG_INT32(2);
	Datum     *names;
	int        ncolumns;

	if (ARR_NDIM(array) != 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("columns must be an array of one dimension, and not empty")));
	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &names, NULL, &ncolumns);
	if (nkeys < 0 || nkeys >= MOST_SOURCE_COLUMNS || ncolumns > MOST_SOURCE_COLUMNS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a query cannot have %d key columns and %d others", nkeys, ncolumns)));
	look_init(look, text_to_cstring(PG_GETARG_TEXT_PP(0)), text_to_cstring(PG_GETARG_TEXT_PP(1)),
			  nkeys, ncolumns, nbuffers);
	for (int i = 0; i < ncolumns; i++)
		text_to_cstring_buffer(DatumGetTextPP(names[i]), look->recipe.features[i].name, NAMEDATALEN);
}

/* ---- Describing columns ---- */

#define RESULT_COLUMNS 23

static void
put_float8(Datum *datum, bool *null, double value, bool known)
{
	*datum = Float8GetDatum(value);
	*null = !known || isnan(value);
}

/*
 * Figures that a column does not have are NULL.
 */
static void
put_column(ReturnSetInfo *result, int column, const DescribeJob *job)
{
	const ColumnFigures *figures = &job->figures[column];
	const Moments       *moments = &figures->moments;
	bool                 number = !figures->token;
	int                  nmodes = job->counting ? (int) Min(figures->mode_ties, DESCRIBE_MODES) : 0;
	Datum                modes[DESCRIBE_MODES];
	Datum                datums[RESULT_COLUMNS];
	bool                 nulls[RESULT_COLUMNS] = {false};

	datums[0] = Int32GetDatum(column + 1);
	datums[1] = Int64GetDatum(job->nrows);
	datums[2] = Int64GetDatum(figures->missing);
	datums[3] = Int64GetDatum(figures->distinct);
	nulls[3] = !job->counting;
	put_float8(&datums[4], &nulls[4], moments->mean, number);
	put_float8(&datums[5], &nulls[5], moments->stddev, number);
	put_float8(&datums[6], &nulls[6], moments->min, number);
	for (int i = 0; i < DESCRIBE_QUANTILES; i++)
		put_float8(&datums[7 + i], &nulls[7 + i], figures->quantiles[i], number);
	put_float8(&datums[14], &nulls[14], moments->max, number);
	put_float8(&datums[15], &nulls[15], moments->skewness, number);
	put_float8(&datums[16], &nulls[16], moments->kurtosis, number);
	put_float8(&datums[17], &nulls[17], figures->lower, number);
	put_float8(&datums[18], &nulls[18], figures->upper, number);
	datums[19] = Int64GetDatum(figures->outliers);
	nulls[19] = !number;
	for (int i = 0; i < nmodes; i++)
		modes[i] = Float8GetDatum(figures->modes[i]);
	datums[20] = PointerGetDatum(construct_array(modes, nmodes, FLOAT8OID, sizeof(float8),
												 FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
	datums[21] = Int64GetDatum(figures->mode_ties);
	put_float8(&datums[22], &nulls[22], (double) figures->mode_rows / (double) figures->n_counted,
			   nmodes > 0);
	nulls[20] = nulls[21] = nmodes == 0;
	tuplestore_putvalues(result->setResult, result->setDesc, datums, nulls);
}

static const bool *
read_tokens(ArrayType *array, int ncolumns)
{
	if (array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("token must not have null elements")));
	if (ARR_NDIM(array) != 1 || ARR_DIMS(array)[0] != ncolumns)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("token must have an element for each of %d columns", ncolumns)));
	return (const bool *) ARR_DATA_PTR(array);
}

static FenceRule
read_rule(const text *method, double threshold)
{
	FenceRule rule = {.threshold = threshold};
	char      word[NAMEDATALEN];

	text_to_cstring_buffer(method, word, sizeof(word));
	rule.zscore = strcmp(word, "zscore") == 0;
	if (!rule.zscore && strcmp(word, "iqr") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unrecognized value \"%s\" for \"%s\"", word, "method")));
	if (!(threshold >= 0) || isinf(threshold))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("threshold must be 0 or more")));
	return rule;
}

PG_FUNCTION_INFO_V1(segment_internal_describe);
Datum
segment_internal_describe(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	MemoryContext  context = AllocSetContextCreate(CurrentMemoryContext, "segment describe",
												   ALLOCSET_DEFAULT_SIZES);
	MemoryContext  caller_context;
	Look           look;
	DescribeJob    job;

	InitMaterializedSRF(fcinfo, 0);
	caller_context = MemoryContextSwitchTo(context);
	read_look(&look, fcinfo, DESCRIBE_BUFFERS);
	job.tokens = read_tokens(PG_GETARG_ARRAYTYPE_P(4), look.recipe.ncolumns);
	job.rule = read_rule(PG_GETARG_TEXT_PP(5), PG_GETARG_FLOAT8(6));
	job.counting = PG_GETARG_BOOL(7);
	job.figures = palloc(sizeof(ColumnFigures) * Max(look.recipe.ncolumns, 1));
	look_run(&look, describe_all, &job);
	for (int i = 0; i < look.recipe.ncolumns; i++)
		put_column(result, i, &job);
	MemoryContextSwitchTo(caller_context);
	MemoryContextDelete(context);
	return (Datum) 0;
}

/* ---- Correlating columns ---- */

static void
put_coefficients(ReturnSetInfo *result, const Look *look, const double *r)
{
	int ncolumns = look->recipe.ncolumns;

	for (int x = 0; x < ncolumns; x++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int y = 0; y < ncolumns; y++)
		{
			double value = r[(Size) x * ncolumns + y];
			Datum  datums[3] = {CStringGetTextDatum(look->recipe.features[x].name),
								CStringGetTextDatum(look->recipe.features[y].name), Float8GetDatum(value)};
			bool   nulls[3] = {false, false, isnan(value)};

			tuplestore_putvalues(result->setResult, result->setDesc, datums, nulls);
		}
	}
}

/*
 * Is it that of the ranks?
 */
static bool
read_method(const text *method)
{
	char word[NAMEDATALEN];

	text_to_cstring_buffer(method, word, sizeof(word));
	if (strcmp(word, "pearson") != 0 && strcmp(word, "spearman") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unrecognized value \"%s\" for \"%s\"", word, "method")));
	return strcmp(word, "spearman") == 0;
}

PG_FUNCTION_INFO_V1(segment_internal_correlation);
Datum
segment_internal_correlation(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	MemoryContext  context = AllocSetContextCreate(CurrentMemoryContext, "segment correlation",
												   ALLOCSET_DEFAULT_SIZES);
	MemoryContext  caller_context;
	Look           look;
	CorrelateJob   job;

	InitMaterializedSRF(fcinfo, 0);
	caller_context = MemoryContextSwitchTo(context);
	job.ranks = read_method(PG_GETARG_TEXT_PP(4));
	read_look(&look, fcinfo, job.ranks ? RANK_BUFFERS : 0);
	job.r = palloc_extended(sizeof(double) * look.recipe.ncolumns * look.recipe.ncolumns, MCXT_ALLOC_HUGE);
	look_run(&look, correlate_all, &job);
	put_coefficients(result, &look, job.r);
	MemoryContextSwitchTo(caller_context);
	MemoryContextDelete(context);
	return (Datum) 0;
}

/* ---- Components of a model's features ---- */

static HeapTuple
form_components(FunctionCallInfo fcinfo, const ComponentsJob *job)
{
	Size  size = sizeof(double);
	int   n = job->nfeatures;
	Datum values[] = {
		Int64GetDatum(job->rows_read),
		Int64GetDatum(job->rows),
		PointerGetDatum(figures_build(job->mean, size, n, 0)),
		PointerGetDatum(figures_build(job->stddev, size, n, 0)),
		PointerGetDatum(figures_build(job->correlation, size, n, n)),
		PointerGetDatum(figures_build(job->loading, size, job->ncomponents, n)),
		PointerGetDatum(figures_build(job->explained, size, job->ncomponents, 0))};
	bool      nulls[lengthof(values)] = {false};
	TupleDesc descriptor;

	if (get_call_result_type(fcinfo, NULL, &descriptor) != TYPEFUNC_COMPOSITE ||
		descriptor->natts != lengthof(values))
		elog(ERROR, "segment_internal_components is declared with an unexpected result");
	return heap_form_tuple(BlessTupleDesc(descriptor), values, nulls);
}

/*
 * segment_internal_components(query text, compiled bytea) -> (rows_read, rows,
 * mean, stddev, correlation, loading, explained): the query's columns in the
 * order of the compiled model.
 */
PG_FUNCTION_INFO_V1(segment_internal_components);
Datum
segment_internal_components(PG_FUNCTION_ARGS)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "segment components",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller_context = MemoryContextSwitchTo(context);
	Model        *model;
	ComponentsJob job;
	HeapTuple     tuple;

	model = model_deserialize(PG_GETARG_BYTEA_PP(1), NULL);
	components_find(&job, &model->recipe, model->columns, text_to_cstring(PG_GETARG_TEXT_PP(0)));
	tuple = form_components(fcinfo, &job);

	MemoryContextSwitchTo(caller_context);
	tuple = heap_copytuple(tuple);
	MemoryContextDelete(context);
	PG_RETURN_DATUM(HeapTupleGetDatum(tuple));
}
