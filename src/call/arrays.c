/*-------------------------------------------------------------------------
 *
 * arrays.c
 *	  Arrays of double as SQL passes them.
 *
 * Readers check an array and return a view of its values, which lives as long
 * as the array does.  Errors call an array by its argument's name and count
 * elements from 1.  Built arrays live in the current memory context.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "call/arrays.h"
#include "catalog/pg_type.h"
#include "compat.h"
#include "utils/memutils.h"

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

ArrayType *
matrix_build(const double *values, int nrows, int ncolumns)
{
	int        dims[2];
	int        lower_bounds[2] = {1, 1};
	size_t     n = (size_t) nrows * ncolumns;
	Size       size = ARR_OVERHEAD_NONULLS(2) + n * sizeof(double);
	ArrayType *array;

	dims[0] = nrows;
	dims[1] = ncolumns;
	(void) ArrayGetNItems(2, dims);
	if (!AllocSizeIsValid(size))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("an array of %d x %d elements is too large", nrows, ncolumns)));

	array = palloc(size);
	SET_VARSIZE(array, size);
	array->ndim = 2;
	array->dataoffset = 0;
	array->elemtype = FLOAT8OID;
	memcpy(ARR_DIMS(array), dims, sizeof(dims));
	memcpy(ARR_LBOUND(array), lower_bounds, sizeof(lower_bounds));
	memcpy(ARR_DATA_PTR(array), values, n * sizeof(double));

	return array;
}

/*
 * A vector of nrows figures if ncolumns is 0, else a matrix by rows; NULL where
 * they are NaN or infinite.  They lie at a stride in bytes: figure i is at (char
 * *) first + i * stride.
 */
ArrayType *
figures_build(const double *first, Size stride, int nrows, int ncolumns)
{
	int    dims[2] = {nrows, ncolumns};
	int    lower_bounds[2] = {1, 1};
	int    n = ArrayGetNItems(ncolumns == 0 ? 1 : 2, dims);
	Datum *values = palloc_extended(sizeof(Datum) * Max(n, 1), MCXT_ALLOC_HUGE);
	bool  *nulls = palloc(sizeof(bool) * Max(n, 1));

	for (int i = 0; i < n; i++)
	{
		double value = *(const double *) ((const char *) first + (Size) i * stride);

		values[i] = Float8GetDatum(value);
		nulls[i] = isnan(value) || isinf(value);
	}
	return construct_md_array(values, nulls, ncolumns == 0 ? 1 : 2, dims, lower_bounds, FLOAT8OID,
							  sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE);
}
