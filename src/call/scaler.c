/*
 * segment_scaler(): centres and scales of features as an aggregate, and
 * segment_scale() and segment_unscale(), which apply them.
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/float.h"

#include "compat.h"
#include "call/aggregates.h"
#include "call/arrays.h"
#include "number/moments.h"
#include "number/order.h"
#include "prepare/recipe.h"

/* rows between two checks for interrupts */
#define ROWS_PER_CHECK 65536

/* in the order of Scaling */
static const char *const scaling_names[] = {
	"standard", "minmax", "robust", "maxabs", "none"};

static Scaling
scaling_parse(const text *method)
{
	char word[NAMEDATALEN]; /* a longer one is cut: it is none of ours */

	text_to_cstring_buffer(method, word, sizeof(word));
	for (int i = 0; i < (int) lengthof(scaling_names); i++)
		if (strcmp(word, scaling_names[i]) == 0)
			return (Scaling) i;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown scaling method \"%s\"", word),
			 errhint("Use standard, minmax, robust, maxabs or none.")));
}

PG_FUNCTION_INFO_V1(segment_scaler_accum);
Datum
segment_scaler_accum(PG_FUNCTION_ARGS)
{
	RowOptions options = {0};
	ArrayType *features;
	double    *values;
	RowSet    *rows;

	if (PG_ARGISNULL(1))
		return row_set_unchanged(fcinfo);
	check_argument(fcinfo, 2, "method");

	features = PG_GETARG_ARRAYTYPE_P(1);
	options.method = scaling_parse(PG_GETARG_TEXT_PP(2));
	rows = row_set_add(fcinfo, &options, features_length(features, "features"), &values);
	features_copy(features, "features", values);

	PG_RETURN_POINTER(rows);
}

/* the values of a feature that are not missing; returns their number */
static int64
row_set_column(const RowSet *rows, int feature, double *column)
{
	int64 n = 0;

	for (int64 row = 0; row < rows->nrows; row++)
	{
		double value = rows->values[row * rows->nfeatures + feature];

		if (row % ROWS_PER_CHECK == 0)
			CHECK_FOR_INTERRUPTS();
		if (!isnan(value))
			column[n++] = value;
	}

	return n;
}

/* reorders the column; one without values or spread has a scale of 1 */
static void
scaling_fit(Scaling method, double *column, int64 n, double *centre,
			double *scale)
{
	Moments moments;

	*centre = 0;
	*scale = 1;
	if (n == 0 || method == SCALING_NONE)
		return;

	moments_compute_basic(column, n, &moments);
	switch (method)
	{
		case SCALING_STANDARD:
			*centre = moments.mean;
			*scale = moments.stddev;
			break;
		case SCALING_MINMAX:
			*centre = moments.min;
			*scale = moments.max - moments.min;
			break;
		case SCALING_ROBUST:
			*centre = quantile_select(column, n, 0.5);
			*scale = quantile_select(column, n, 0.75) - quantile_select(column, n, 0.25);
			break;
		case SCALING_MAXABS:
			*scale = Max(-moments.min, moments.max);
			break;
		case SCALING_NONE:
			break;
	}
	if (*scale == 0)
		*scale = 1;
}

PG_FUNCTION_INFO_V1(segment_scaler_final);
Datum
segment_scaler_final(PG_FUNCTION_ARGS)
{
	const RowSet *rows = row_set_get(fcinfo);
	int           nfeatures = (int) rows->nfeatures;
	double       *scaler = palloc_extended(2 * nfeatures * sizeof(double), MCXT_ALLOC_HUGE);
	double       *column = palloc_extended(rows->nrows * sizeof(double), MCXT_ALLOC_HUGE);

	for (int f = 0; f < nfeatures; f++)
	{
		int64 n = row_set_column(rows, f, column);

		scaling_fit(rows->options.method, column, n, &scaler[f],
					&scaler[nfeatures + f]);
		if (isinf(scaler[nfeatures + f]))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("the spread of element %d of features is out of range",
							f + 1)));
	}

	PG_RETURN_ARRAYTYPE_P(matrix_build(scaler, 2, nfeatures));
}

/*
 * Scales each element that is not null, or undoes that, in a copy of the array:
 * a row of features or a matrix of such rows.
 */
static Datum
scale_array(FunctionCallInfo fcinfo, bool undo)
{
	ArrayType    *array = PG_GETARG_ARRAYTYPE_P_COPY(0);
	int           ndim = ARR_NDIM(array);
	int           nelements = ArrayGetNItems(ndim, ARR_DIMS(array));
	const bits8  *present = ARR_NULLBITMAP(array);
	double       *value = (double *) ARR_DATA_PTR(array);
	int           nrows;
	int           ncolumns;
	const double *scaler = matrix_read(PG_GETARG_ARRAYTYPE_P(1), "scaler", &nrows, &ncolumns);

	if (nrows != 2)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("scaler must have 2 rows, centres and scales"),
				 errdetail("It has %d.", nrows)));
	for (int f = 0; f < ncolumns; f++)
		if (scaler[ncolumns + f] == 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("scale %d of scaler is zero", f + 1)));
	if (ndim != 2)
		(void) features_length(array, "features");
	check_same_columns(ARR_DIMS(array)[ndim - 1], ncolumns, "scaler");

	for (int i = 0; i < nelements; i++)
	{
		double centre = scaler[i % ncolumns];
		double scale = scaler[ncolumns + i % ncolumns];
		double result;

		if (present != NULL && !(present[i / 8] & (1 << (i % 8))))
			continue;
		result = undo ? *value * scale + centre : (*value - centre) / scale;
		if (isinf(result) && !isinf(*value))
			float_overflow_error();
		*value++ = result;
	}

	PG_RETURN_ARRAYTYPE_P(array);
}

PG_FUNCTION_INFO_V1(segment_scale);
Datum
segment_scale(PG_FUNCTION_ARGS)
{
	return scale_array(fcinfo, false);
}

PG_FUNCTION_INFO_V1(segment_unscale);
Datum
segment_unscale(PG_FUNCTION_ARGS)
{
	return scale_array(fcinfo, true);
}
