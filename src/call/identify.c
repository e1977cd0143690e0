/*
 * segment_internal_identify(): transitions by counts that SQL has made, where a
 * model takes the place of another one.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "call/arrays.h"
#include "call/fit_job.h"
#include "number/order.h"

/* arguments, in order */
enum
{
	ARG_BEFORE,
	ARG_SEGMENTS,
	ARG_ROWS,
	ARG_FROM,
	ARG_TO,
	ARG_COMMON
};

/*
 * The values of an array of integers, n if that is not negative.
 */
static const void *
read_integers(FunctionCallInfo fcinfo, int argument, int *n)
{
	ArrayType *array = PG_GETARG_ARRAYTYPE_P(argument);
	int        length = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));

	if (ARR_NDIM(array) > 1 || array_contains_nulls(array) || (*n >= 0 && length != *n))
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("argument %d of segment_internal.identify is no list of as many numbers as it must have", argument + 1)));
	*n = length;
	return ARR_DATA_PTR(array);
}

static void
check_counts(bool fine)
{
	if (!fine)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("counts of segments must be from 0 to 2^48, their numbers ascend and there be at most " INT64_FORMAT " pairs", MOST_PAIRS)));
}

/*
 * The table of Evidence: what is of no old segment is in its last row, what is in
 * no segment in its last column.
 */
static int64 *
read_counts(FunctionCallInfo fcinfo, const Evidence *evidence, const int32 *segments)
{
	int          n = -1;
	const int32 *from = read_integers(fcinfo, ARG_FROM, &n);
	const int32 *to = read_integers(fcinfo, ARG_TO, &n);
	const int64 *common = read_integers(fcinfo, ARG_COMMON, &n);
	int          k = evidence->k;
	int64       *known = palloc0(sizeof(int64) * ((Size) evidence->nold + 1) * (k + 1));

	for (int i = 0; i < n; i++)
	{
		check_counts(common[i] >= 0 && common[i] <= INT64CONST(1) << 48);
		known[(Size) find_int32(evidence->old_numbers, evidence->nold, from[i]) * (k + 1) + find_int32(segments, k, to[i])] += common[i];
	}
	return known;
}

PG_FUNCTION_INFO_V1(segment_internal_identify);
Datum
segment_internal_identify(PG_FUNCTION_ARGS)
{
	FitJob       job = {0};
	int          k = -1;
	const int32 *segments = read_integers(fcinfo, ARG_SEGMENTS, &k);
	const int64 *rows = read_integers(fcinfo, ARG_ROWS, &k);
	Evidence     evidence;
	Identity     identity;

	InitMaterializedSRF(fcinfo, 0);
	fit_read_before(PG_GETARG_HEAPTUPLEHEADER(ARG_BEFORE), &job);
	check_counts(((int64) job.nold + 1) * ((int64) k + 1) <= MOST_PAIRS);
	for (int j = 0; j < k; j++)
		check_counts(rows[j] >= 0 && rows[j] <= INT64CONST(1) << 48 && (j == 0 || segments[j - 1] < segments[j]));
	evidence = fit_evidence(&job, k, rows);
	evidence.known = read_counts(fcinfo, &evidence, segments);
	identity = identity_decide(&evidence, job.survival, job.split);
	for (int i = 0; i < identity.ntransitions && identity.by_keys; i++)
	{
		ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
		RecordWriter   row = record_writer(result->setDesc);

		fit_put_transition(&row, &identity.transitions[i], evidence.old_numbers, segments);
		tuplestore_putvalues(result->setResult, result->setDesc, row.fields, row.nulls);
	}
	return (Datum) 0;
}
