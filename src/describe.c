/*-------------------------------------------------------------------------
 *
 * describe.c
 *	  segment_internal_describe(): figures of the columns of a query, from one
 *	  read; and segment_internal_closest(), for hints.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/formatting.h"
#include "utils/memutils.h"
#include "utils/varlena.h"

#include "compat.h"
#include "collect.h"
#include "stats.h"

#define RESULT_COLUMNS 18

/*
 * Moves the values that are there to the front, sorts them and returns their
 * number.
 */
static int64
sort_present(double *values, int64 nrows)
{
	int64 n = 0;
	int64 row;

	for (row = 0; row < nrows; row++)
		if (!isnan(values[row]))
			values[n++] = values[row];
	sort_float8(values, n);
	return n;
}

static int64
count_distinct(const double *sorted, int64 n)
{
	int64 distinct = n > 0 ? 1 : 0;
	int64 i;

	for (i = 1; i < n; i++)
		if (sorted[i] != sorted[i - 1])
			distinct++;
	return distinct;
}

static int64
count_outliers(const double *sorted, int64 n)
{
	double q1 = quantile_sorted(sorted, n, 0.25);
	double q3 = quantile_sorted(sorted, n, 0.75);
	double lower = q1 - TUKEY_RANGES * (q3 - q1);
	double upper = q3 + TUKEY_RANGES * (q3 - q1);
	int64  outliers = 0;
	int64  i;

	for (i = 0; i < n; i++)
		if (sorted[i] < lower || sorted[i] > upper)
			outliers++;
	return outliers;
}

/*
 * One row of the result.  Figures that a column with infinite values does not
 * have are NULL.
 */
static void
describe_column(ReturnSetInfo *result, int column, double *values, int64 nrows)
{
	static const double quantiles[] = {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99};
	int64               n = sort_present(values, nrows);
	Datum               datums[RESULT_COLUMNS];
	bool                nulls[RESULT_COLUMNS] = {false};
	double              figures[13];
	Moments             moments;
	bool                finite = n > 0 && !isinf(values[0]) && !isinf(values[n - 1]);
	int                 i;

	moments_compute(values, finite ? n : 0, &moments);
	figures[0] = moments.mean;
	figures[1] = moments.stddev;
	figures[2] = n > 0 ? values[0] : get_float8_nan();
	for (i = 0; i < (int) lengthof(quantiles); i++)
		figures[3 + i] = n > 0 ? quantile_sorted(values, n, quantiles[i]) : get_float8_nan();
	figures[10] = n > 0 ? values[n - 1] : get_float8_nan();
	figures[11] = moments.skewness;
	figures[12] = moments.kurtosis;

	datums[0] = Int32GetDatum(column + 1);
	datums[1] = Int64GetDatum(nrows);
	datums[2] = Int64GetDatum(nrows - n);
	datums[3] = Int64GetDatum(count_distinct(values, n));
	for (i = 0; i < (int) lengthof(figures); i++)
	{
		datums[4 + i] = Float8GetDatum(figures[i]);
		nulls[4 + i] = isnan(figures[i]);
	}
	datums[17] = Int64GetDatum(n > 0 ? count_outliers(values, n) : 0);
	tuplestore_putvalues(result->setResult, result->setDesc, datums, nulls);
}

PG_FUNCTION_INFO_V1(segment_internal_describe);
Datum
segment_internal_describe(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	char          *query = text_to_cstring(PG_GETARG_TEXT_PP(0));
	MemoryContext  context = AllocSetContextCreate(CurrentMemoryContext, "segment describe",
												   ALLOCSET_DEFAULT_SIZES);
	MemoryContext  caller_context;
	Columns       *columns;
	int            i;

	InitMaterializedSRF(fcinfo, 0);
	caller_context = MemoryContextSwitchTo(context);
	columns = collect_columns(query, 0, PG_GETARG_INT32(1));
	for (i = 0; i < columns->ncolumns; i++)
	{
		CHECK_FOR_INTERRUPTS();
		describe_column(result, i, columns->values[i], columns->nrows);
	}
	MemoryContextSwitchTo(caller_context);
	MemoryContextDelete(context);
	return (Datum) 0;
}

/*
 * The candidate nearest to name by edit distance, for "Perhaps you meant";
 * NULL if none comes near.  Case does not count.
 */
PG_FUNCTION_INFO_V1(segment_internal_closest);
Datum
segment_internal_closest(PG_FUNCTION_ARGS)
{
	char  *name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	char  *lower_name = asc_tolower(name, strlen(name));
	Datum *candidates;
	bool  *nulls;
	int    n;
	int    best = -1;
	int    best_distance = Max((int) strlen(name) / 2, 1) + 1;
	int    i;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), TEXTOID, -1, false, TYPALIGN_INT,
					  &candidates, &nulls, &n);
	for (i = 0; i < n; i++)
	{
		char *candidate;
		int   distance;

		if (nulls[i])
			continue;
		candidate = TextDatumGetCString(candidates[i]);
		if (strlen(name) > NAMEDATALEN || strlen(candidate) > NAMEDATALEN)
			continue;
		candidate = asc_tolower(candidate, strlen(candidate));
		distance = varstr_levenshtein(lower_name, strlen(lower_name),
									  candidate, strlen(candidate), 1, 1, 1, true);
		if (distance < best_distance)
		{
			best_distance = distance;
			best = i;
		}
	}
	if (best < 0)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(candidates[best]);
}
