/*
 * segment_rand_index(): how far two segmentations of the same rows agree.
 *
 * The state counts the rows of each pair of labels, so that its size does not
 * depend on the number of rows.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "common/int.h"
#include "miscadmin.h"

#include "compat.h"
#include "call/aggregates.h"

/* rows that have two labels; as workers hand them over, without padding */
typedef struct PairCount
{
	uint64 labels; /* a above b, 32 bits each */
	int64  rows;
} PairCount;

typedef struct PairEntry
{
	uint64 labels;
	int64  rows;
	char   status;
} PairEntry;

#define SH_PREFIX pairs
#define SH_ELEMENT_TYPE PairEntry
#define SH_KEY_TYPE uint64
#define SH_KEY labels
#define SH_HASH_KEY(table, key) hash_combine(murmurhash32((uint32) ((key) >> 32)), murmurhash32((uint32) (key)))
#define SH_EQUAL(table, x, y) ((x) == (y))
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

#define PAIRS_AT_FIRST 8

/* The state in argument 0; a new one if that is NULL. */
static pairs_hash *
pairs_state(FunctionCallInfo fcinfo)
{
	MemoryContext context = aggregate_context(fcinfo);

	return PG_ARGISNULL(0) ? pairs_create(context, PAIRS_AT_FIRST, NULL) : (pairs_hash *) PG_GETARG_POINTER(0);
}

/* Adds rows, of which there may be none. */
static void
pairs_add(pairs_hash *pairs, uint64 labels, int64 rows)
{
	bool       found;
	PairEntry *entry = pairs_insert(pairs, labels, &found);

	if (!found)
		entry->rows = 0;
	if (rows < 0 || pg_add_s64_overflow(entry->rows, rows, &entry->rows))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("the rows of a pair of labels are not a number from 0 to " INT64_FORMAT, PG_INT64_MAX)));
}

/*
 * segment_internal.rand_index_accum(state, a, b [, rows]): one row, or so many,
 * with the labels a and b; not those of which one is NULL.
 */
PG_FUNCTION_INFO_V1(segment_rand_index_accum);
Datum
segment_rand_index_accum(PG_FUNCTION_ARGS)
{
	pairs_hash *pairs = pairs_state(fcinfo);

	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2))
	{
		uint64 labels = (uint64) (uint32) PG_GETARG_INT32(1) << 32 | (uint32) PG_GETARG_INT32(2);

		if (PG_NARGS() > 3)
			check_argument(fcinfo, 3, "rows");
		pairs_add(pairs, labels, PG_NARGS() > 3 ? PG_GETARG_INT64(3) : 1);
	}
	PG_RETURN_POINTER(pairs);
}

PG_FUNCTION_INFO_V1(segment_rand_index_combine);
Datum
segment_rand_index_combine(PG_FUNCTION_ARGS)
{
	pairs_hash *pairs = pairs_state(fcinfo);

	if (!PG_ARGISNULL(1))
	{
		pairs_hash    *other = (pairs_hash *) PG_GETARG_POINTER(1);
		pairs_iterator iterator;

		pairs_start_iterate(other, &iterator);
		for (PairEntry *entry; (entry = pairs_iterate(other, &iterator)) != NULL;)
			pairs_add(pairs, entry->labels, entry->rows);
	}
	PG_RETURN_POINTER(pairs);
}

/*
 * The pairs in the current memory context, in no order.
 */
static PairCount *
pairs_list(pairs_hash *pairs)
{
	PairCount     *list = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(PairCount) * Max(pairs->members, 1));
	PairCount     *next = list;
	pairs_iterator iterator;

	pairs_start_iterate(pairs, &iterator);
	for (PairEntry *entry; (entry = pairs_iterate(pairs, &iterator)) != NULL;)
		*next++ = (PairCount){entry->labels, entry->rows};
	return list;
}

PG_FUNCTION_INFO_V1(segment_rand_index_serialize);
Datum
segment_rand_index_serialize(PG_FUNCTION_ARGS)
{
	pairs_hash *pairs = pairs_state(fcinfo);
	Size        size = VARHDRSZ + sizeof(PairCount) * (Size) pairs->members;
	bytea      *result;

	if (!AllocSizeIsValid(size))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many pairs of labels for one parallel worker to hand over"),
				 errdetail("A worker has found %u.", pairs->members),
				 errhint("Set max_parallel_workers_per_gather to 0 for this query.")));
	result = palloc(size);
	SET_VARSIZE(result, size);
	memcpy(VARDATA(result), pairs_list(pairs), size - VARHDRSZ);
	PG_RETURN_BYTEA_P(result);
}

PG_FUNCTION_INFO_V1(segment_rand_index_deserialize);
Datum
segment_rand_index_deserialize(PG_FUNCTION_ARGS)
{
	bytea      *serialized = PG_GETARG_BYTEA_PP(0);
	Size        size = VARSIZE_ANY_EXHDR(serialized);
	pairs_hash *pairs = pairs_create(CurrentMemoryContext, Max(size / sizeof(PairCount), PAIRS_AT_FIRST), NULL);

	(void) aggregate_context(fcinfo);
	check_state(size % sizeof(PairCount) == 0, "pairs of labels");
	for (Size i = 0; i < size; i += sizeof(PairCount))
	{
		PairCount count;

		memcpy(&count, VARDATA_ANY(serialized) + i, sizeof(PairCount));
		pairs_add(pairs, count.labels, count.rows);
	}
	PG_RETURN_POINTER(pairs);
}

/* ---- The index ---- */

static int
compare_a(const void *x, const void *y)
{
	uint64 a = ((const PairCount *) x)->labels;
	uint64 b = ((const PairCount *) y)->labels;

	return a < b ? -1 : a > b;
}

static int
compare_b(const void *x, const void *y)
{
	uint32 a = (uint32) ((const PairCount *) x)->labels;
	uint32 b = (uint32) ((const PairCount *) y)->labels;

	return a < b ? -1 : a > b ? 1
							  : compare_a(x, y);
}

/* how many pairs of rows there are among rows */
static double
pairs_among(double rows)
{
	return rows * (rows - 1) / 2;
}

/*
 * The pairs of rows that have the same label, among those sorted by it: the part
 * of labels that begins at the bit shift.
 */
static double
pairs_alike(const PairCount *list, int64 n, int shift)
{
	double sum = 0;
	double rows = 0;

	for (int64 i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		rows += (double) list[i].rows;
		if (i == n - 1 || (uint32) (list[i].labels >> shift) != (uint32) (list[i + 1].labels >> shift))
		{
			sum += pairs_among(rows);
			rows = 0;
		}
	}
	return sum;
}

/*
 * The adjusted Rand index (L. Hubert and P. Arabie, Comparing Partitions, Journal
 * of Classification 2, 1985): 1 for two segmentations that are the same but for
 * their labels, around 0 for those that have nothing to do with each other; NULL
 * without rows.  By pairs of rows as scikit-learn does it.  Sums are exact below
 * 2^53 pairs of rows, and in the order of labels beyond.
 */
PG_FUNCTION_INFO_V1(segment_rand_index_final);
Datum
segment_rand_index_final(PG_FUNCTION_ARGS)
{
	pairs_hash *pairs = pairs_state(fcinfo);
	PairCount  *list = pairs_list(pairs);
	int64       n = pairs->members;
	double      rows = 0;
	double      both = 0;
	double      only_a;
	double      only_b;
	double      neither;

	qsort(list, n, sizeof(PairCount), compare_a);
	for (int64 i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		rows += (double) list[i].rows;
		both += pairs_among((double) list[i].rows);
	}
	if (rows == 0)
		PG_RETURN_NULL();
	only_a = pairs_alike(list, n, 32) - both;
	qsort(list, n, sizeof(PairCount), compare_b);
	only_b = pairs_alike(list, n, 0) - both;
	if (only_a == 0 && only_b == 0)
		PG_RETURN_FLOAT8(1);
	neither = pairs_among(rows) - both - only_a - only_b;
	PG_RETURN_FLOAT8(2 * (both * neither - only_a * only_b) /
					 ((both + only_a) * (only_a + neither) + (both + only_b) * (only_b + neither)));
}
