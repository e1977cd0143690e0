/*
 * Small functions of single values: what a column's value is as a number,
 * what stands for any other value, how a mean compares with that of all
 * rows, where a whisker ends, and the name that someone may have meant.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/formatting.h"
#include "utils/lsyscache.h"
#include "utils/varlena.h"

#include "compat.h"
#include "rows/collect.h"
#include "rows/vector.h"

/*
 * A value as the double that a fit reads: a date is days since 1970-01-01.
 */
PG_FUNCTION_INFO_V1(segment_internal_number);
Datum
segment_internal_number(PG_FUNCTION_ARGS)
{
	ValueKind *kind = fcinfo->flinfo->fn_extra;

	if (kind == NULL)
	{
		ValueKind found = value_kind(get_fn_expr_argtype(fcinfo->flinfo, 0), "value");

		kind = MemoryContextAlloc(fcinfo->flinfo->fn_mcxt, sizeof(ValueKind));
		*kind = found;
		fcinfo->flinfo->fn_extra = kind;
	}
	PG_RETURN_FLOAT8(value_float8(PG_GETARG_DATUM(0), *kind));
}

/*
 * A double that stands for a text, so that distinct values of any type can be
 * counted as numbers are: 63 bits of a hash of its bytes.  Without the highest
 * bit of the exponent it is a finite number.  Of n values two are taken for one
 * with a probability of n^2 / 2^64: one in 20 million for a million values.
 */
PG_FUNCTION_INFO_V1(segment_internal_token);
Datum
segment_internal_token(PG_FUNCTION_ARGS)
{
	text  *value = PG_GETARG_TEXT_PP(0);
	uint64 hash = DatumGetUInt64(hash_any_extended((unsigned char *) VARDATA_ANY(value),
												   VARSIZE_ANY_EXHDR(value), 0));
	double token;

	hash &= ~(UINT64CONST(1) << 62);
	memcpy(&token, &hash, sizeof(token));
	PG_RETURN_FLOAT8(token);
}

/*
 * Views compute these when they are read: what is no finite number is NULL, and
 * what is next to nothing is 0, where PostgreSQL's operators would raise an
 * error, here or when the result is squared.
 */
static Datum
figure(FunctionCallInfo fcinfo, double value)
{
	if (!isfinite(value))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(fabs(value) < 1e-100 ? 0 : value);
}

PG_FUNCTION_INFO_V1(segment_internal_index);
Datum
segment_internal_index(PG_FUNCTION_ARGS)
{
	return figure(fcinfo, 100 * (PG_GETARG_FLOAT8(0) / PG_GETARG_FLOAT8(1)));
}

PG_FUNCTION_INFO_V1(segment_internal_z);
Datum
segment_internal_z(PG_FUNCTION_ARGS)
{
	return figure(fcinfo, (PG_GETARG_FLOAT8(0) - PG_GETARG_FLOAT8(1)) / PG_GETARG_FLOAT8(2));
}

/*
 * Where a value is between two others: 0 at the lower one, 1 at the upper one.
 */
PG_FUNCTION_INFO_V1(segment_internal_part);
Datum
segment_internal_part(PG_FUNCTION_ARGS)
{
	double lower = PG_GETARG_FLOAT8(1) / 2;

	return figure(fcinfo, (PG_GETARG_FLOAT8(0) / 2 - lower) / (PG_GETARG_FLOAT8(2) / 2 - lower));
}

/*
 * How far two values are apart; Infinity beyond a double.
 */
PG_FUNCTION_INFO_V1(segment_internal_apart);
Datum
segment_internal_apart(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(fabs(PG_GETARG_FLOAT8(0) - PG_GETARG_FLOAT8(1)));
}

/*
 * Where a whisker of a box plot ends: 1.5 times the distance of the quartiles
 * beyond one of them, but no further than the extreme value (J. W. Tukey,
 * Exploratory Data Analysis, 1977).  A sum beyond the range of doubles may have
 * a quarter within it; what has none is beyond the extreme value.
 */
PG_FUNCTION_INFO_V1(segment_internal_whisker);
Datum
segment_internal_whisker(PG_FUNCTION_ARGS)
{
	double quartile = PG_GETARG_FLOAT8(0);
	double other = PG_GETARG_FLOAT8(1);
	double extreme = PG_GETARG_FLOAT8(2);
	double end = quartile + 1.5 * (quartile - other);

	if (!isfinite(end))
		end = 4 * (quartile / 4 + 0.375 * (quartile - other));
	if ((quartile > other && end > extreme) || (quartile < other && end < extreme))
		end = extreme;
	if (!isfinite(end))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(end);
}

/*
 * The candidate nearest to name by edit distance, for "Perhaps you meant";
 * NULL if none comes near.  Case does not count.
 */
PG_FUNCTION_INFO_V1(segment_internal_closest);
Datum
segment_internal_closest(PG_FUNCTION_ARGS)
{
	text  *name = PG_GETARG_TEXT_PP(0);
	int    length = VARSIZE_ANY_EXHDR(name);
	char  *lower_name;
	Datum *candidates;
	bool  *nulls;
	int    n;
	int    best = -1;
	int    best_distance = Max(length / 2, 1) + 1;

	if (length > NAMEDATALEN)
		PG_RETURN_NULL();
	lower_name = asc_tolower(VARDATA_ANY(name), length);
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), TEXTOID, -1, false, TYPALIGN_INT,
					  &candidates, &nulls, &n);
	for (int i = 0; i < n; i++)
	{
		text *given;
		char *candidate;
		int   distance;

		CHECK_FOR_INTERRUPTS();
		if (nulls[i])
			continue;
		given = DatumGetTextPP(candidates[i]);
		if (VARSIZE_ANY_EXHDR(given) > NAMEDATALEN)
			continue;
		candidate = asc_tolower(VARDATA_ANY(given), VARSIZE_ANY_EXHDR(given));
		distance = varstr_levenshtein(lower_name, length, candidate, strlen(candidate), 1, 1, 1, true);
		pfree(candidate);
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

/*
 * segment_internal_dimensions(column_name text, value "any") -> integer
 */
PG_FUNCTION_INFO_V1(segment_internal_dimensions);
Datum
segment_internal_dimensions(PG_FUNCTION_ARGS)
{
	char        *column = text_to_cstring(PG_GETARG_TEXT_PP(0));
	Oid          type = get_fn_expr_argtype(fcinfo->flinfo, 1);
	VectorLayout layout = OidIsValid(type) ? vector_layout(getBaseType(type)) : VECTOR_NONE;

	if (layout == VECTOR_NONE)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("column \"%s\" is no vector", column)));
	PG_RETURN_INT32(vector_dimensions(PG_GETARG_DATUM(1), layout, column));
}
