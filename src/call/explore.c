/*
 * Figures of columns: segment_internal_survey, segment_internal_describe,
 * segment_internal_correlation and segment_internal_components.
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
#include "explore/survey.h"
#include "model/model.h"
#include "process/progress.h"

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

static void
put_number(RecordWriter *row, double value, bool unknown)
{
	record_put(row, Float8GetDatum(value), unknown || isnan(value));
}

/*
 * Calls fill with a look at the columns, which puts the rows of the result; all
 * memory that it takes is gone afterwards.
 */
static Datum
look_at(FunctionCallInfo fcinfo, int nbuffers, void (*fill)(FunctionCallInfo fcinfo, ReturnSetInfo *result, Look *look))
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "segment look", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller_context;
	Look          look;

	InitMaterializedSRF(fcinfo, 0);
	caller_context = MemoryContextSwitchTo(context);
	read_look(&look, fcinfo, nbuffers);
	fill(fcinfo, (ReturnSetInfo *) fcinfo->resultinfo, &look);
	MemoryContextSwitchTo(caller_context);
	MemoryContextDelete(context);
	return (Datum) 0;
}

/* ---- Surveying columns ---- */

static void
put_survey(ReturnSetInfo *result, int column, const SurveyJob *job)
{
	const Survey *survey = &job->columns[column];
	RecordWriter  row = record_writer(result->setDesc);
	bool          none = survey->n == 0;

	record_put_int32(&row, column + 1);
	record_put_int64(&row, job->nrows);
	record_put_int64(&row, survey->missing);
	put_number(&row, survey->min, none);
	put_number(&row, survey->max, none);
	record_put(&row, BoolGetDatum(survey->whole), none);
	record_put(&row, Int32GetDatum(survey->distinct), survey->distinct > SURVEY_VALUES);
	put_number(&row, survey->majority, none);
	record_put_int64(&row, survey->votes);
	put_number(&row, survey_skewness(survey), none);
	tuplestore_putvalues(result->setResult, result->setDesc, row.fields, row.nulls);
}

static void
survey(FunctionCallInfo fcinfo, ReturnSetInfo *result, Look *look)
{
	SurveyJob job;

	progress_begin(text_to_cstring(PG_GETARG_TEXT_PP(4)));
	progress_phase(PROGRESS_CHOOSING, 0);
	look_run(look, survey_all, &job);
	progress_end();
	for (int i = 0; i < look->recipe.ncolumns; i++)
		put_survey(result, i, &job);
}

PG_FUNCTION_INFO_V1(segment_internal_survey);
Datum
segment_internal_survey(PG_FUNCTION_ARGS)
{
	return look_at(fcinfo, 0, survey);
}

/* ---- Describing columns ---- */

/*
 * Figures that a column does not have are NULL.
 */
static void
put_column(ReturnSetInfo *result, int column, const DescribeJob *job)
{
	const ColumnFigures *figures = &job->figures[column];
	const Moments       *moments = &figures->moments;
	bool                 token = figures->token; /* no number */
	int                  nmodes = job->counting ? (int) Min(figures->mode_ties, DESCRIBE_MODES) : 0;
	double               numbers[] = {moments->max, moments->skewness, moments->kurtosis, figures->lower, figures->upper};
	Datum                modes[DESCRIBE_MODES];
	RecordWriter         row = record_writer(result->setDesc);

	for (int i = 0; i < nmodes; i++)
		modes[i] = Float8GetDatum(figures->modes[i]);
	record_put_int32(&row, column + 1);
	record_put_int64(&row, job->nrows);
	record_put_int64(&row, figures->missing);
	record_put(&row, Int64GetDatum(figures->distinct), !job->counting);
	put_number(&row, moments->mean, token);
	put_number(&row, moments->stddev, token);
	put_number(&row, moments->min, token);
	for (int i = 0; i < DESCRIBE_QUANTILES; i++)
		put_number(&row, figures->quantiles[i], token);
	for (int i = 0; i < (int) lengthof(numbers); i++)
		put_number(&row, numbers[i], token);
	record_put(&row, Int64GetDatum(figures->outliers), token);
	record_put(&row, PointerGetDatum(construct_array(modes, nmodes, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE)),
			   nmodes == 0);
	record_put(&row, Int64GetDatum(figures->mode_ties), nmodes == 0);
	put_number(&row, (double) figures->mode_rows / (double) figures->n_counted, nmodes == 0);
	tuplestore_putvalues(result->setResult, result->setDesc, row.fields, row.nulls);
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

static void
describe(FunctionCallInfo fcinfo, ReturnSetInfo *result, Look *look)
{
	DescribeJob job = {
		.tokens = read_tokens(PG_GETARG_ARRAYTYPE_P(4), look->recipe.ncolumns),
		.rule = read_rule(PG_GETARG_TEXT_PP(5), PG_GETARG_FLOAT8(6)),
		.counting = PG_GETARG_BOOL(7),
		.figures = palloc(sizeof(ColumnFigures) * Max(look->recipe.ncolumns, 1))};

	look_run(look, describe_all, &job);
	for (int i = 0; i < look->recipe.ncolumns; i++)
		put_column(result, i, &job);
}

PG_FUNCTION_INFO_V1(segment_internal_describe);
Datum
segment_internal_describe(PG_FUNCTION_ARGS)
{
	return look_at(fcinfo, DESCRIBE_BUFFERS, describe);
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

static void
correlate(FunctionCallInfo fcinfo, ReturnSetInfo *result, Look *look)
{
	CorrelateJob job = {
		.ranks = read_method(PG_GETARG_TEXT_PP(4)),
		.r = palloc_extended(sizeof(double) * look->recipe.ncolumns * look->recipe.ncolumns, MCXT_ALLOC_HUGE)};

	look_run(look, correlate_all, &job);
	put_coefficients(result, look, job.r);
}

PG_FUNCTION_INFO_V1(segment_internal_correlation);
Datum
segment_internal_correlation(PG_FUNCTION_ARGS)
{
	return look_at(fcinfo, read_method(PG_GETARG_TEXT_PP(4)) ? RANK_BUFFERS : 0, correlate);
}

/* ---- Components of a model's features ---- */

static HeapTuple
form_components(FunctionCallInfo fcinfo, const ComponentsJob *job)
{
	Size         size = sizeof(double);
	int          n = job->nfeatures;
	RecordWriter row = record_result(fcinfo);

	record_put_int64(&row, job->rows_read);
	record_put_int64(&row, job->rows);
	record_put_figures(&row, job->mean, size, n);
	record_put_figures(&row, job->stddev, size, n);
	record_put(&row, PointerGetDatum(figures_build(job->correlation, size, n, n)), false);
	record_put(&row, PointerGetDatum(figures_build(job->loading, size, job->ncomponents, n)), false);
	record_put_figures(&row, job->explained, size, job->ncomponents);
	return record_form(&row);
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
