/*-------------------------------------------------------------------------
 *
 * aggregates.c
 *	  The building blocks: nearest centroid, one Lloyd step, scaling and
 *	  k-means as an aggregate, for use in any query.
 *
 * segment_kmeans_step keeps a flat state of bounded size, so that it can be
 * sent between nodes and computed where the rows live.  segment_scaler and
 * segment_kmeans_agg need all rows at once and collect them in memory; both
 * share one collector.  Either way results do not depend on the order of the
 * rows: sums are exact, and what works on the collected rows ignores order.
 *
 * States belong to the aggregate's memory context; all else is allocated in
 * the context of the call.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "call/arrays.h"
#include "catalog/pg_type.h"
#include "cluster/points.h"
#include "compat.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "prepare/recipe_apply.h"
#include "number/moments.h"
#include "number/order.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

/* ---- arguments --------------------------------------------------------- */

static MemoryContext
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

static void
check_state(bool fine, const char *of)
{
	if (!fine)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid state of %s", of)));
}

static void
check_argument(FunctionCallInfo fcinfo, int argument, const char *name)
{
	if (PG_ARGISNULL(argument))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not be null", name)));
}

static void
check_same_columns(int nfeatures, int ncolumns, const char *name)
{
	if (nfeatures != ncolumns)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("features and %s differ in length", name),
				 errdetail("There are %d features, but %s has %d columns.",
						   nfeatures, name, ncolumns)));
}

/* ---- nearest centroid -------------------------------------------------- */

/* below this a squared distance may have lost digits to underflow */
#define SAFE_SQUARE 1e-280

/* four sums at a time, for one would wait for itself at each addition */
static double
squared_distance(const double *a, const double *b, int n)
{
	double sums[4] = {0, 0, 0, 0};
	int    i;

	for (i = 0; i + 4 <= n; i += 4)
	{
		for (int j = 0; j < 4; j++)
		{
			double difference = a[i + j] - b[i + j];

			sums[j] += difference * difference;
		}
	}
	for (; i < n; i++)
	{
		double difference = a[i] - b[i];

		sums[i % 4] += difference * difference;
	}

	return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

/*
 * The squared distance as a fraction and a power of two, by way of scaled
 * differences, for values whose squares overflow or vanish.  Halves, because
 * differences can overflow.
 */
static double
scaled_squared_distance(const double *a, const double *b, int n, int *exponent)
{
	double largest = 0;
	double sum = 0;
	double scale;
	double fraction;
	int    scale_exponent;

	for (int i = 0; i < n; i++)
		largest = Max(largest, fabs(a[i] / 2 - b[i] / 2));
	if (largest == 0)
	{
		*exponent = INT_MIN;
		return 0;
	}

	(void) frexp(largest, &scale_exponent);
	scale_exponent = Max(scale_exponent, -1000);
	scale = ldexp(1.0, -scale_exponent);
	for (int i = 0; i < n; i++)
	{
		double difference = (a[i] / 2 - b[i] / 2) * scale;

		sum += difference * difference;
	}
	fraction = frexp(sum, exponent);
	*exponent += 2 * (scale_exponent + 1);

	return fraction;
}

static int
nearest_centroid_scaled(const double *features, const double *centroids, int k,
						int nfeatures, double *nearest_d2)
{
	int    nearest = 0;
	double best = 0;
	int    best_exponent = INT_MAX;

	for (int c = 0; c < k; c++)
	{
		int    exponent;
		double fraction = scaled_squared_distance(features,
												  centroids + (size_t) c * nfeatures,
												  nfeatures, &exponent);

		if (exponent < best_exponent ||
			(exponent == best_exponent && fraction < best))
		{
			best = fraction;
			best_exponent = exponent;
			nearest = c;
		}
	}
	*nearest_d2 = ldexp(best, best_exponent);

	return nearest;
}

/*
 * The index of the nearest of k centroids, the lower of equally near ones,
 * and the squared distance to it, which is infinite beyond a double's range.
 */
static int
nearest_centroid(const double *features, const double *centroids, int k,
				 int nfeatures, double *nearest_d2)
{
	int    nearest = 0;
	double total = 0;
	double best = INFINITY;

	for (int c = 0; c < k; c++)
	{
		double d2 = squared_distance(features,
									 centroids + (size_t) c * nfeatures,
									 nfeatures);

		total += d2;
		if (d2 < best)
		{
			best = d2;
			nearest = c;
		}
	}
	*nearest_d2 = best;
	if (best >= SAFE_SQUARE && isfinite(total))
		return nearest;

	return nearest_centroid_scaled(features, centroids, k, nfeatures,
								   nearest_d2);
}

PG_FUNCTION_INFO_V1(segment_nearest);
Datum
segment_nearest(PG_FUNCTION_ARGS)
{
	int           nfeatures;
	int           k;
	int           ncolumns;
	const double *features = features_read(PG_GETARG_ARRAYTYPE_P(0),
										   "features", &nfeatures);
	const double *centroids = matrix_read(PG_GETARG_ARRAYTYPE_P(1),
										  "centroids", &k, &ncolumns);
	double        d2;

	check_same_columns(nfeatures, ncolumns, "centroids");

	PG_RETURN_INT32(nearest_centroid(features, centroids, k, nfeatures,
									 &d2) +
					1);
}

/* ---- one Lloyd step ---------------------------------------------------- */

/*
 * The state of segment_kmeans_step: a bytea without pointers.  Sums are exact
 * as in ExactSum, but all of them keep only the digits first_digit and the
 * ndigits - 1 above it, a window that widens as values ask for it; for usual
 * data that is five digits instead of sixty-seven.
 */
typedef struct StepState
{
	int32    vl_len_; /* varlena header, do not touch directly */
	int32    k;
	int32    nfeatures;
	int32    first_digit;
	int32    ndigits;
	int32    pending;   /* rows since carries were last resolved */
	int64    overflows; /* rows whose squared distance is infinite */
	ExactSum inertia;
	int64    data[FLEXIBLE_ARRAY_MEMBER]; /* rows (k), centroids (k x
										   * nfeatures doubles), sums (k
										   * x nfeatures x ndigits) */
} StepState;

static int64 *
step_rows(StepState *state)
{
	return state->data;
}

static double *
step_centroids(StepState *state)
{
	return (double *) (state->data + state->k);
}

static int64 *
step_sums(StepState *state)
{
	return state->data + state->k + (size_t) state->k * state->nfeatures;
}

static uint64
step_size(uint64 k, uint64 nfeatures, uint64 ndigits)
{
	return offsetof(StepState, data) + (k + k * nfeatures * (1 + ndigits)) * sizeof(int64);
}

static StepState *
step_create(int k, int nfeatures, int first_digit, int ndigits)
{
	uint64     size = step_size(k, nfeatures, ndigits);
	StepState *state;

	if (!AllocSizeIsValid(size))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%d centroids of %d features are too many for one state of segment_kmeans_step",
						k, nfeatures),
				 errdetail("The state would need " UINT64_FORMAT " bytes.",
						   size)));

	state = palloc0(size);
	SET_VARSIZE(state, size);
	state->k = k;
	state->nfeatures = nfeatures;
	state->first_digit = first_digit;
	state->ndigits = ndigits;

	return state;
}

/*
 * A state from an argument.  Anybody can call the support functions with any
 * bytea, and a bytea inside a tuple is aligned to four bytes only.
 */
static StepState *
step_get(FunctionCallInfo fcinfo, int argument)
{
	StepState *state = (StepState *) PG_GETARG_BYTEA_P(argument);

	if ((uintptr_t) state != MAXALIGN((uintptr_t) state))
		state = (StepState *) PG_GETARG_BYTEA_P_COPY(argument);

	if (VARSIZE(state) < offsetof(StepState, data) ||
		state->k < 1 ||
		state->nfeatures < 1 ||
		(uint64) state->k * state->nfeatures > MaxArraySize ||
		state->first_digit < 0 ||
		state->ndigits < 0 ||
		state->first_digit > EXACT_SUM_DIGITS ||
		state->ndigits > EXACT_SUM_DIGITS - state->first_digit ||
		state->pending < 0 || state->pending >= EXACT_SUM_CARRY_EVERY ||
		state->inertia.pending < 0 || state->inertia.pending >= EXACT_SUM_CARRY_EVERY ||
		VARSIZE(state) != step_size(state->k, state->nfeatures, state->ndigits))
		check_state(false, "segment_kmeans_step");

	return state;
}

static void
step_carry(StepState *state)
{
	size_t nsums = (size_t) state->k * state->nfeatures;
	int64 *digits = step_sums(state);

	for (size_t i = 0; i < nsums; i++, digits += state->ndigits)
		exact_digits_carry(digits, state->ndigits);
	state->pending = 0;
}

/* adds the sums of one state to those of another with a window as wide */
static void
step_add_sums(StepState *to, StepState *from)
{
	size_t nsums = (size_t) to->k * to->nfeatures;
	int64 *to_digits = step_sums(to);
	int64 *from_digits = step_sums(from);

	if (from->ndigits == 0)
		return;

	to_digits += from->first_digit - to->first_digit;
	for (size_t i = 0; i < nsums; i++)
	{
		for (int digit = 0; digit < from->ndigits; digit++)
			to_digits[digit] += from_digits[digit];
		to_digits += to->ndigits;
		from_digits += from->ndigits;
	}
}

/* the state itself, or a copy, where the window has to become wider */
static StepState *
step_widen(StepState *state, int first_digit, int ndigits)
{
	int        end = first_digit + ndigits;
	StepState *wider;

	if (ndigits == 0)
		return state;
	if (state->ndigits > 0)
	{
		first_digit = Min(first_digit, state->first_digit);
		end = Max(end, state->first_digit + state->ndigits);
	}
	if (first_digit == state->first_digit &&
		end == state->first_digit + state->ndigits)
		return state;

	wider = step_create(state->k, state->nfeatures, first_digit,
						end - first_digit);
	wider->pending = state->pending;
	wider->overflows = state->overflows;
	wider->inertia = state->inertia;
	memcpy(step_rows(wider), step_rows(state), state->k * sizeof(int64));
	memcpy(step_centroids(wider), step_centroids(state),
		   (size_t) state->k * state->nfeatures * sizeof(double));
	step_add_sums(wider, state);

	return wider;
}

/*
 * Makes the window hold a row: the two digits of each value, and one above
 * them for carries.
 */
static StepState *
step_fit_window(StepState *state, const double *features)
{
	double least = INFINITY;
	double greatest = 0;
	int64  low;
	int64  high;
	int    first_digit;

	for (int f = 0; f < state->nfeatures; f++)
	{
		double size = fabs(features[f]);

		if (size > 0 && size < least)
			least = size;
		if (size > greatest)
			greatest = size;
	}
	if (greatest == 0)
		return state;

	first_digit = exact_digits_split(least, &low, &high);

	return step_widen(state, first_digit,
					  exact_digits_split(greatest, &low, &high) + 3 - first_digit);
}

static StepState *
step_add_row(StepState *state, const double *features)
{
	int    nfeatures = state->nfeatures;
	int64 *digits;
	int    nearest;
	double d2;

	state = step_fit_window(state, features);
	nearest = nearest_centroid(features, step_centroids(state), state->k,
							   nfeatures, &d2);

	step_rows(state)[nearest]++;
	if (isinf(d2))
		state->overflows++;
	else
		exact_sum_add(&state->inertia, d2);

	digits = step_sums(state) + (size_t) nearest * nfeatures * state->ndigits;
	for (int f = 0; f < nfeatures; f++, digits += state->ndigits)
	{
		int64 low;
		int64 high;
		int   digit;

		if (features[f] == 0)
			continue;
		digit = exact_digits_split(features[f], &low, &high) - state->first_digit;
		digits[digit] += low;
		digits[digit + 1] += high;
	}
	if (++state->pending >= EXACT_SUM_CARRY_EVERY)
		step_carry(state);

	return state;
}

static void
check_same_centroids(StepState *state, const double *centroids, int k,
					 int nfeatures)
{
	if (state->k != k || state->nfeatures != nfeatures ||
		memcmp(step_centroids(state), centroids,
			   (size_t) k * nfeatures * sizeof(double)) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("centroids must be the same for all rows")));
}

/*
 * The state is changed in place.  A new or wider one lies in the memory of
 * the call: the executor copies what is not its own pointer.
 */
PG_FUNCTION_INFO_V1(segment_kmeans_step_accum);
Datum
segment_kmeans_step_accum(PG_FUNCTION_ARGS)
{
	StepState    *state = NULL;
	const double *features;
	const double *centroids;
	int           nfeatures;
	int           k;
	int           ncolumns;

	(void) aggregate_context(fcinfo);
	if (!PG_ARGISNULL(0))
		state = step_get(fcinfo, 0);
	if (PG_ARGISNULL(1))
	{
		if (state == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(state);
	}
	check_argument(fcinfo, 2, "centroids");

	features = features_read(PG_GETARG_ARRAYTYPE_P(1), "features", &nfeatures);
	centroids = matrix_read(PG_GETARG_ARRAYTYPE_P(2), "centroids", &k,
							&ncolumns);
	check_same_columns(nfeatures, ncolumns, "centroids");
	if (state == NULL)
	{
		state = step_create(k, nfeatures, 0, 0);
		memcpy(step_centroids(state), centroids,
			   (size_t) k * nfeatures * sizeof(double));
	}
	else
		check_same_centroids(state, centroids, k, nfeatures);

	PG_RETURN_POINTER(step_add_row(state, features));
}

/* strict: the executor takes the first state as it is */
PG_FUNCTION_INFO_V1(segment_kmeans_step_combine);
Datum
segment_kmeans_step_combine(PG_FUNCTION_ARGS)
{
	StepState *to;
	StepState *from;

	(void) aggregate_context(fcinfo);
	to = step_get(fcinfo, 0);
	from = step_get(fcinfo, 1);
	check_same_centroids(to, step_centroids(from), from->k, from->nfeatures);

	to = step_widen(to, from->first_digit, from->ndigits);
	for (int c = 0; c < to->k; c++)
		step_rows(to)[c] += step_rows(from)[c];
	step_carry(to);
	step_add_sums(to, from);
	step_carry(to);
	exact_sum_merge(&to->inertia, &from->inertia);
	to->overflows += from->overflows;

	PG_RETURN_POINTER(to);
}

static ArrayType *
step_sums_array(StepState *state)
{
	size_t  nsums = (size_t) state->k * state->nfeatures;
	double *sums = palloc(nsums * sizeof(double));
	int64  *digits = step_sums(state);

	for (size_t i = 0; i < nsums; i++, digits += state->ndigits)
	{
		ExactSum sum;

		exact_sum_init(&sum);
		memcpy(sum.digits + state->first_digit, digits,
			   state->ndigits * sizeof(int64));
		sums[i] = exact_sum_value(&sum);
	}

	return matrix_build(sums, state->k, state->nfeatures);
}

PG_FUNCTION_INFO_V1(segment_kmeans_step_final);
Datum
segment_kmeans_step_final(PG_FUNCTION_ARGS)
{
	StepState *state = step_get(fcinfo, 0);
	TupleDesc  tupdesc;
	Datum     *rows;
	Datum      values[3];
	bool       nulls[3] = {false, false, false};

	if (get_call_result_type(fcinfo, NULL, &tupdesc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "segment_kmeans_step_final does not return a row type");

	rows = palloc(state->k * sizeof(Datum));
	for (int c = 0; c < state->k; c++)
		rows[c] = Int64GetDatum(step_rows(state)[c]);
	values[0] = PointerGetDatum(construct_array(rows, state->k, INT8OID,
												sizeof(int64), FLOAT8PASSBYVAL,
												TYPALIGN_DOUBLE));
	values[1] = PointerGetDatum(step_sums_array(state));
	values[2] = Float8GetDatum(state->overflows > 0 ? INFINITY : exact_sum_value(&state->inertia));

	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(tupdesc),
													  values, nulls)));
}

/* ---- rows in memory ---------------------------------------------------- */

/* what the aggregates that collect rows are asked for; unused fields are 0 */
typedef struct RowOptions
{
	int32 method;
	int32 k;
	int64 seed;
} RowOptions;

/* the first fields, up to capacity, are what is sent between processes */
typedef struct RowSet
{
	RowOptions options;
	int64      nfeatures;
	int64      nrows;
	int64      capacity; /* rows that values has room for */
	double    *values;   /* by rows */
} RowSet;

#define ROWS_HEADER offsetof(RowSet, capacity)
#define ROWS_AT_FIRST 8
#define ROWS_PER_CHECK 65536

static size_t
row_set_bytes(const RowSet *rows, int64 nrows)
{
	return (size_t) nrows * rows->nfeatures * sizeof(double);
}

static RowSet *
row_set_create(MemoryContext context, const RowOptions *options, int64 nfeatures,
			   int64 capacity)
{
	RowSet *rows = MemoryContextAllocZero(context, sizeof(RowSet));

	rows->options = *options;
	rows->nfeatures = nfeatures;
	rows->capacity = capacity;
	rows->values = MemoryContextAllocHuge(context, row_set_bytes(rows, capacity));

	return rows;
}

static void
row_set_reserve(RowSet *rows, int64 nrows)
{
	if (nrows <= rows->capacity)
		return;
	rows->capacity = Max(nrows, 2 * rows->capacity);
	rows->values = repalloc_huge(rows->values,
								 row_set_bytes(rows, rows->capacity));
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

/* the state in argument 0, made at the first row, with room for another row */
static RowSet *
row_set_get(FunctionCallInfo fcinfo, const RowOptions *options, int nfeatures)
{
	MemoryContext context = aggregate_context(fcinfo);
	RowSet       *rows;

	if (PG_ARGISNULL(0))
		return row_set_create(context, options, nfeatures, ROWS_AT_FIRST);

	rows = (RowSet *) PG_GETARG_POINTER(0);
	row_set_check_alike(rows, options, nfeatures);
	row_set_reserve(rows, rows->nrows + 1);

	return rows;
}

/* for a row without features */
static Datum
row_set_unchanged(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_POINTER(PG_GETARG_POINTER(0));
}

PG_FUNCTION_INFO_V1(segment_rows_combine);
Datum
segment_rows_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo);
	RowSet       *to;
	RowSet       *from;

	if (PG_ARGISNULL(1))
		return row_set_unchanged(fcinfo);

	from = (RowSet *) PG_GETARG_POINTER(1);
	if (PG_ARGISNULL(0))
		to = row_set_create(context, &from->options, from->nfeatures,
							from->nrows);
	else
	{
		to = (RowSet *) PG_GETARG_POINTER(0);
		row_set_check_alike(to, &from->options, from->nfeatures);
		row_set_reserve(to, to->nrows + from->nrows);
	}
	memcpy(to->values + to->nrows * to->nfeatures, from->values,
		   row_set_bytes(from, from->nrows));
	to->nrows += from->nrows;

	PG_RETURN_POINTER(to);
}

PG_FUNCTION_INFO_V1(segment_rows_serialize);
Datum
segment_rows_serialize(PG_FUNCTION_ARGS)
{
	RowSet *rows;
	size_t  nbytes;
	bytea  *result;

	(void) aggregate_context(fcinfo);
	rows = (RowSet *) PG_GETARG_POINTER(0);
	nbytes = row_set_bytes(rows, rows->nrows);
	if (!AllocSizeIsValid(VARHDRSZ + ROWS_HEADER + nbytes))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many rows for one parallel worker to hand over"),
				 errdetail("A worker has collected " INT64_FORMAT " rows of " INT64_FORMAT " features.",
						   rows->nrows, rows->nfeatures),
				 errhint("Set max_parallel_workers_per_gather to 0 for this query.")));

	result = palloc(VARHDRSZ + ROWS_HEADER + nbytes);
	SET_VARSIZE(result, VARHDRSZ + ROWS_HEADER + nbytes);
	memcpy(VARDATA(result), rows, ROWS_HEADER);
	memcpy(VARDATA(result) + ROWS_HEADER, rows->values, nbytes);

	PG_RETURN_BYTEA_P(result);
}

PG_FUNCTION_INFO_V1(segment_rows_deserialize);
Datum
segment_rows_deserialize(PG_FUNCTION_ARGS)
{
	bytea      *serialized = PG_GETARG_BYTEA_PP(0);
	const char *data = VARDATA_ANY(serialized);
	RowSet      header;
	RowSet     *rows;

	(void) aggregate_context(fcinfo);
	check_state(VARSIZE_ANY_EXHDR(serialized) >= ROWS_HEADER, "rows");
	memcpy(&header, data, ROWS_HEADER);
	check_state(header.nfeatures >= 1 && header.nrows >= 0 &&
					(Size) header.nrows <= MaxAllocSize / sizeof(double) / (Size) header.nfeatures &&
					VARSIZE_ANY_EXHDR(serialized) == ROWS_HEADER + row_set_bytes(&header, header.nrows),
				"rows");
	rows = row_set_create(CurrentMemoryContext, &header.options,
						  header.nfeatures, header.nrows);
	rows->nrows = header.nrows;
	memcpy(rows->values, data + ROWS_HEADER, row_set_bytes(rows, rows->nrows));

	PG_RETURN_POINTER(rows);
}

/* ---- scaling ----------------------------------------------------------- */

/* in the order of Scaling */
static const char *const scaling_names[] = {
	"standard", "minmax", "robust", "maxabs", "none"};

static Scaling
scaling_parse(const text *method)
{
	size_t length = VARSIZE_ANY_EXHDR(method);
	char   word[NAMEDATALEN]; /* for the message; a longer one is cut */

	for (int i = 0; i < (int) lengthof(scaling_names); i++)
		if (length == strlen(scaling_names[i]) &&
			memcmp(VARDATA_ANY(method), scaling_names[i], length) == 0)
			return (Scaling) i;

	text_to_cstring_buffer(method, word, sizeof(word));
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
	RowSet    *rows;

	if (PG_ARGISNULL(1))
		return row_set_unchanged(fcinfo);
	check_argument(fcinfo, 2, "method");

	features = PG_GETARG_ARRAYTYPE_P(1);
	options.method = scaling_parse(PG_GETARG_TEXT_PP(2));
	rows = row_set_get(fcinfo, &options, features_length(features, "features"));
	features_copy(features, "features",
				  rows->values + rows->nrows * rows->nfeatures);
	rows->nrows++;

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
	RowSet *rows;
	int     nfeatures;
	double *scaler;
	double *column;

	(void) aggregate_context(fcinfo);
	rows = (RowSet *) PG_GETARG_POINTER(0);
	nfeatures = (int) rows->nfeatures;
	scaler = palloc_extended(2 * nfeatures * sizeof(double), MCXT_ALLOC_HUGE);
	column = MemoryContextAllocHuge(CurrentMemoryContext,
									rows->nrows * sizeof(double));
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

static double
scale_value(double value, double centre, double scale)
{
	return (value - centre) / scale;
}

static double
unscale_value(double value, double centre, double scale)
{
	return value * scale + centre;
}

/*
 * Applies a function to each element that is not null, in a copy of the
 * array: a row of features or a matrix of such rows.
 */
static ArrayType *
scale_array(ArrayType *array, ArrayType *scaler_array,
			double (*function)(double, double, double))
{
	int           ndim = ARR_NDIM(array);
	int           nelements = ArrayGetNItems(ndim, ARR_DIMS(array));
	const bits8  *present = ARR_NULLBITMAP(array);
	double       *value = (double *) ARR_DATA_PTR(array);
	int           nrows;
	int           ncolumns;
	const double *scaler = matrix_read(scaler_array, "scaler", &nrows,
									   &ncolumns);

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
		int    f = i % ncolumns;
		double result;

		if (present != NULL && !(present[i / 8] & (1 << (i % 8))))
			continue;
		result = function(*value, scaler[f], scaler[ncolumns + f]);
		if (isinf(result) && !isinf(*value))
			float_overflow_error();
		*value++ = result;
	}

	return array;
}

PG_FUNCTION_INFO_V1(segment_scale);
Datum
segment_scale(PG_FUNCTION_ARGS)
{
	PG_RETURN_ARRAYTYPE_P(scale_array(PG_GETARG_ARRAYTYPE_P_COPY(0),
									  PG_GETARG_ARRAYTYPE_P(1), scale_value));
}

PG_FUNCTION_INFO_V1(segment_unscale);
Datum
segment_unscale(PG_FUNCTION_ARGS)
{
	PG_RETURN_ARRAYTYPE_P(scale_array(PG_GETARG_ARRAYTYPE_P_COPY(0),
									  PG_GETARG_ARRAYTYPE_P(1),
									  unscale_value));
}

/* ---- k-means as an aggregate ------------------------------------------- */

/* two SQL functions: without a seed it is 0 */
PG_FUNCTION_INFO_V1(segment_kmeans_agg_accum);
Datum
segment_kmeans_agg_accum(PG_FUNCTION_ARGS)
{
	RowOptions    options = {0};
	const double *features;
	int           nfeatures;
	RowSet       *rows;

	if (PG_ARGISNULL(1))
		return row_set_unchanged(fcinfo);
	check_argument(fcinfo, 2, "k");
	options.k = PG_GETARG_INT32(2);
	if (options.k < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("k is %d, but must be at least 1", options.k)));
	if (PG_NARGS() > 3)
	{
		check_argument(fcinfo, 3, "seed");
		options.seed = PG_GETARG_INT64(3);
	}

	features = features_read(PG_GETARG_ARRAYTYPE_P(1), "features", &nfeatures);
	rows = row_set_get(fcinfo, &options, nfeatures);
	memcpy(rows->values + rows->nrows * nfeatures, features,
		   nfeatures * sizeof(double));
	rows->nrows++;

	PG_RETURN_POINTER(rows);
}

PG_FUNCTION_INFO_V1(segment_kmeans_agg_final);
Datum
segment_kmeans_agg_final(PG_FUNCTION_ARGS)
{
	RowSet *rows;
	double *centroids;
	int     k;

	(void) aggregate_context(fcinfo);
	rows = (RowSet *) PG_GETARG_POINTER(0);
	k = kmeans_fit_array(rows->values, rows->nrows, (int) rows->nfeatures,
						 rows->options.k, rows->options.seed, &centroids);

	PG_RETURN_ARRAYTYPE_P(matrix_build(centroids, k, (int) rows->nfeatures));
}
