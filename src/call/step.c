/*
 * segment_kmeans_step(): one Lloyd step as an aggregate.
 *
 * Its state is flat and of bounded size, so that it can be sent between nodes
 * and computed where the rows live.  Sums are exact, so that results do not
 * depend on the order of the rows.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/memutils.h"

#include "compat.h"
#include "call/aggregates.h"
#include "call/arrays.h"
#include "number/moments.h"

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
step_create(int k, int nfeatures, const double *centroids, int first_digit, int ndigits)
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
	memcpy(step_centroids(state), centroids, (size_t) k * nfeatures * sizeof(double));

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

/* adds a state to another one of the same centroids, whose window holds its sums */
static void
step_add(StepState *to, StepState *from)
{
	for (int c = 0; c < to->k; c++)
		step_rows(to)[c] += step_rows(from)[c];
	step_carry(to);
	step_add_sums(to, from);
	step_carry(to);
	exact_sum_merge(&to->inertia, &from->inertia);
	to->overflows += from->overflows;
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

	wider = step_create(state->k, state->nfeatures, step_centroids(state), first_digit, end - first_digit);
	step_add(wider, state);

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
		state = step_create(k, nfeatures, centroids, 0, 0);
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
	step_add(to, from);

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
	StepState   *state = step_get(fcinfo, 0);
	RecordWriter row = record_result(fcinfo);
	Datum       *rows;

	rows = palloc(state->k * sizeof(Datum));
	for (int c = 0; c < state->k; c++)
		rows[c] = Int64GetDatum(step_rows(state)[c]);
	record_put(&row, PointerGetDatum(construct_array(rows, state->k, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE)), false);
	record_put(&row, PointerGetDatum(step_sums_array(state)), false);
	record_put(&row, Float8GetDatum(state->overflows > 0 ? INFINITY : exact_sum_value(&state->inertia)), false);

	PG_RETURN_DATUM(HeapTupleGetDatum(record_form(&row)));
}
