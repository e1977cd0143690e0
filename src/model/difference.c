/*
 * What differs between the assignment of the run before and today's rows.
 *
 * Most rows of a refresh are in the segment that they were in.  So the source is
 * read together with the old assignment, joined by its key; each row is scored, and
 * those kept that say something else than before, in a tuplestore that goes to
 * disk beyond its share of segment.work_mem.
 *
 * A row of the old assignment may meet several of the source: if more than one of
 * them is used, the key is not unique, and if all are skipped, it goes.  So a bit
 * a row of the old assignment, by its place in the table, says whether it has been
 * met; skipped rows wait until all are read.
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "storage/itemptr.h"
#include "utils/guc.h"
#include "utils/memutils.h"

#include "compat.h"
#include "cluster/identity.h"
#include "model/difference.h"
#include "model/reader.h"
#include "model/target.h"
#include "number/order.h"
#include "process/settings.h"

/* columns of the query behind the model's */
enum
{
	OLD_SEGMENT,
	OLD_DISTANCE,
	OLD_SECOND,
	OLD_MARGIN,
	OLD_PLACE,
	IS_PRESENT,
	OLD_COLUMNS
};

/* parts of segment.work_mem: rows that are kept, those that wait, and what is left for the join */
#define KEPT_PART 4
#define WAITING_PART 8
#define JOIN_PART 4

/* 200 GB of an assignment, some billion rows */
#define MOST_WORDS (MaxAllocSize / sizeof(uint64))

/* places of rows of a table, a bit a place */
typedef struct PlaceSet
{
	MemoryContext context;
	uint64        nwords;
	uint64       *words;
} PlaceSet;

typedef struct OldRow
{
	bool            there;
	bool            no_segment; /* null, which nothing equals */
	Stored          stored;
	ItemPointerData place;
} OldRow;

typedef struct DifferenceReceiver
{
	DestReceiver pub;
	ModelReader  reader;
	Differences *result;
	int          first_old; /* attribute of the query */

	/* the clusters by their numbers, ascending */
	int          nold;
	const int32 *old_numbers;
	int32       *numbers;
	int         *clusters;

	/* the block */
	int           nrows;
	Datum        *keys; /* KERNEL_LANES x key columns */
	OldRow        old[KERNEL_LANES];
	MemoryContext context; /* of its keys */

	PlaceSet         met;
	Tuplestorestate *waiting; /* rows that are skipped and were not before, with their place */
	Datum           *datums;  /* of a row that is kept, or waits */
	bool            *nulls;
	TupleTableSlot  *slot;
} DifferenceReceiver;

/* ---- What differs ---- */

/*
 * The distance to the second segment, as far as the margin says it; infinite for a
 * row that is at its centroid.
 */
static double
reach(const Stored *stored)
{
	double distance = stored->distance;

	if (stored->second_segment == 0 || !(stored->margin > 0))
		return distance;
	return stored->margin < 1 ? distance / (1.0 - (double) stored->margin) : get_float8_infinity();
}

bool
assignment_differs(const Stored *before, const Stored *after)
{
	double most = MOST_STALE * Min(reach(before), reach(after));
	double moved = fabs((double) after->distance - (double) before->distance);

	return before->segment != after->segment || before->second_segment != after->second_segment ||
		   !(fabs((double) after->margin - (double) before->margin) <= MOST_STALE) ||
		   !(moved <= (isinf(most) ? 0 : most));
}

/* ---- Places ---- */

/*
 * Adds a place; false if it is there already.
 */
static bool
place_add(PlaceSet *set, ItemPointer place)
{
	uint64 number = (uint64) ItemPointerGetBlockNumberNoCheck(place) * MaxHeapTuplesPerPage + ItemPointerGetOffsetNumberNoCheck(place);
	uint64 word = number / 64;
	uint64 bit = UINT64CONST(1) << number % 64;

	if (ItemPointerGetOffsetNumberNoCheck(place) > MaxHeapTuplesPerPage)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("the assignment is no ordinary table"),
				 errhint("Fit the model anew with segment_kmeans(..., replace => true).")));
	if (word >= MOST_WORDS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the assignment has too many pages")));
	if (word >= set->nwords)
	{
		uint64 nwords = Min(Max(word + 1, 2 * set->nwords), MOST_WORDS);

		set->words = set->words == NULL ? MemoryContextAlloc(set->context, sizeof(uint64) * nwords)
										: repalloc(set->words, sizeof(uint64) * nwords);
		memset(set->words + set->nwords, 0, sizeof(uint64) * (nwords - set->nwords));
		set->nwords = nwords;
	}
	if ((set->words[word] & bit) != 0)
		return false;
	set->words[word] |= bit;
	return true;
}

/* ---- Rows ---- */

static int
compare_numbers(const void *a, const void *b)
{
	int32 x = *(const int32 *) a;
	int32 y = *(const int32 *) b;

	return (x > y) - (x < y);
}

static void
put_row(DifferenceReceiver *receiver, Tuplestorestate *store, const Datum *key, const Stored *stored, ItemPointer place)
{
	int    n = receiver->reader.key_columns;
	Datum *datums = receiver->datums;

	memcpy(datums, key, sizeof(Datum) * n);
	memset(receiver->nulls, stored == NULL, sizeof(bool) * (n + ASSIGNMENT_COLUMNS + 1));
	memset(receiver->nulls, false, sizeof(bool) * n);
	if (stored != NULL)
	{
		datums[n] = Int32GetDatum(stored->segment);
		datums[n + 1] = Float4GetDatum(stored->distance);
		datums[n + 2] = Int32GetDatum(stored->second_segment);
		receiver->nulls[n + 2] = stored->second_segment == 0;
		datums[n + 3] = Float4GetDatum(stored->margin);
	}
	receiver->nulls[n + ASSIGNMENT_COLUMNS] = place == NULL;
	datums[n + ASSIGNMENT_COLUMNS] = PointerGetDatum(place);
	tuplestore_putvalues(store, receiver->result->descriptor, datums, receiver->nulls);
	receiver->result->nkept += store == receiver->result->kept;
}

static void
score_block(DifferenceReceiver *receiver)
{
	int          k = receiver->reader.model->k;
	Differences *result = receiver->result;
	Assignment   assignments[KERNEL_LANES];

	reader_score(&receiver->reader, receiver->nrows, assignments);
	for (int i = 0; i < receiver->nrows; i++)
	{
		OldRow *old = &receiver->old[i];
		Datum  *key = receiver->keys + (Size) i * receiver->reader.key_columns;
		Stored  now = {assignments[i].segment, assignments[i].distance, assignments[i].second_segment, assignments[i].margin};
		bool    twice = old->there && !place_add(&receiver->met, &old->place);

		if (old->there && result->overlap != NULL)
		{
			int from = old->no_segment ? receiver->nold : find_int32(receiver->old_numbers, receiver->nold, old->stored.segment);
			int to = find_int32(receiver->numbers, k, now.segment);

			result->overlap[(Size) from * (k + 1) + (to < k ? receiver->clusters[to] : k)]++;
		}
		if (twice || !old->there || old->no_segment || assignment_differs(&old->stored, &now))
			put_row(receiver, result->kept, key, &now, NULL);
		if (twice) /* the target's key is going to complain, and to name it */
			put_row(receiver, result->kept, key, &now, NULL);
	}
	result->nrows += receiver->nrows;
	receiver->nrows = 0;
	MemoryContextReset(receiver->context);
}

/*
 * The old row that this one of the query has met.
 */
static OldRow
old_row(const DifferenceReceiver *receiver, const TupleTableSlot *row)
{
	const Datum *datums = row->tts_values + receiver->first_old;
	const bool  *nulls = row->tts_isnull + receiver->first_old;
	OldRow       old = {.there = !nulls[OLD_PLACE], .no_segment = nulls[OLD_SEGMENT] || nulls[OLD_DISTANCE] || nulls[OLD_MARGIN]};

	if (!old.there)
		return old;
	old.place = *(ItemPointer) DatumGetPointer(datums[OLD_PLACE]);
	if (!old.no_segment)
		old.stored = (Stored){
			.segment = DatumGetInt32(datums[OLD_SEGMENT]),
			.distance = DatumGetFloat4(datums[OLD_DISTANCE]),
			.second_segment = nulls[OLD_SECOND] ? 0 : DatumGetInt32(datums[OLD_SECOND]),
			.margin = DatumGetFloat4(datums[OLD_MARGIN])};
	return old;
}

static bool
difference_receive(TupleTableSlot *row, DestReceiver *self)
{
	DifferenceReceiver *receiver = (DifferenceReceiver *) self;
	MemoryContext       old_context;
	OldRow              old;

	slot_getallattrs(row);
	old = old_row(receiver, row);
	if (row->tts_isnull[receiver->first_old + IS_PRESENT])
		put_row(receiver, receiver->result->kept, row->tts_values, NULL, NULL);
	else if (reader_take(&receiver->reader, row, receiver->nrows))
	{
		old_context = MemoryContextSwitchTo(receiver->context);
		reader_copy_key(&receiver->reader, row, receiver->keys + (Size) receiver->nrows * receiver->reader.key_columns);
		MemoryContextSwitchTo(old_context);
		receiver->old[receiver->nrows++] = old;
		if (receiver->nrows == KERNEL_LANES)
			score_block(receiver);
	}
	else if (old.there)
		put_row(receiver, receiver->waiting, row->tts_values, NULL, &old.place);
	return true;
}

/*
 * Skipped rows go, unless another row with their key is used.
 */
static void
settle_waiting(DifferenceReceiver *receiver)
{
	int  n = receiver->reader.key_columns;
	bool isnull;

	while (tuplestore_gettupleslot(receiver->waiting, true, false, receiver->slot))
	{
		CHECK_FOR_INTERRUPTS();
		slot_getallattrs(receiver->slot);
		if (place_add(&receiver->met, (ItemPointer) DatumGetPointer(slot_getattr(receiver->slot, n + ASSIGNMENT_COLUMNS + 1, &isnull))))
			put_row(receiver, receiver->result->kept, receiver->slot->tts_values, NULL, NULL);
	}
}

static void
difference_startup(DestReceiver *self, int operation pg_attribute_unused(), TupleDesc typeinfo)
{
	static const Oid types[OLD_COLUMNS] = {INT4OID, FLOAT4OID, INT4OID, FLOAT4OID, TIDOID, BOOLOID};

	DifferenceReceiver *receiver = (DifferenceReceiver *) self;
	int                 n = receiver->reader.key_columns;
	MemoryContext       old_context = MemoryContextSwitchTo(receiver->met.context);
	TupleDesc           descriptor = CreateTemplateTupleDesc(n + ASSIGNMENT_COLUMNS + 1);

	receiver->first_old = typeinfo->natts - OLD_COLUMNS;
	for (int i = 0; i < OLD_COLUMNS; i++)
		if (receiver->first_old < n || TupleDescAttr(typeinfo, receiver->first_old + i)->atttypid != types[i])
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("the query does not have the columns of an old assignment")));
	reader_bind(&receiver->reader, typeinfo);
	for (int i = 0; i < n; i++)
		TupleDescCopyEntry(descriptor, i + 1, typeinfo, i + 1);
	for (int i = 0; i <= ASSIGNMENT_COLUMNS; i++)
		TupleDescCopyEntry(descriptor, n + i + 1, typeinfo, receiver->first_old + i + 1);
	receiver->result->descriptor = descriptor;
	receiver->slot = MakeSingleTupleTableSlot(descriptor, &TTSOpsMinimalTuple);
	MemoryContextSwitchTo(old_context);
}

static void
difference_shutdown(DestReceiver *self)
{
	score_block((DifferenceReceiver *) self);
}

static void
difference_destroy(DestReceiver *self pg_attribute_unused())
{
}

/* ---- The whole ---- */

static int
memory_part(int part)
{
	return Max((segment_work_mem < 0 ? maintenance_work_mem : segment_work_mem) / part, 64);
}

/*
 * The clusters by their numbers, and old segments by them.
 */
static void
set_numbers(DifferenceReceiver *receiver, const Model *model)
{
	receiver->numbers = palloc(sizeof(int32) * model->k);
	receiver->clusters = palloc(sizeof(int) * model->k);
	memcpy(receiver->numbers, model->numbers, sizeof(int32) * model->k);
	qsort(receiver->numbers, model->k, sizeof(int32), compare_numbers);
	for (int c = 0; c < model->k; c++)
		receiver->clusters[find_int32(receiver->numbers, model->k, model->numbers[c])] = c;
}

Differences *
differences_find(const char *query, int key_columns, const Model *model, const int32 *old_numbers, int nold)
{
	Differences       *result = palloc0(sizeof(Differences));
	int                nest_level = NewGUCNestLevel();
	int                join_memory = memory_part(JOIN_PART);
	DifferenceReceiver receiver = {
		.pub = {
			.receiveSlot = difference_receive,
			.rStartup = difference_startup,
			.rShutdown = difference_shutdown,
			.rDestroy = difference_destroy,
			.mydest = DestTuplestore},
		.result = result,
		.nold = nold,
		.old_numbers = old_numbers,
		.keys = palloc(sizeof(Datum) * Max(key_columns, 1) * KERNEL_LANES),
		.context = AllocSetContextCreate(CurrentMemoryContext, "segment keys", ALLOCSET_DEFAULT_SIZES),
		.met = {.context = CurrentMemoryContext},
		.waiting = tuplestore_begin_heap(false, false, memory_part(WAITING_PART)),
		.datums = palloc(sizeof(Datum) * (key_columns + ASSIGNMENT_COLUMNS + 1)),
		.nulls = palloc(sizeof(bool) * (key_columns + ASSIGNMENT_COLUMNS + 1))};

	set_numbers(&receiver, model);
	reader_init(&receiver.reader, model, key_columns);
	result->kept = tuplestore_begin_heap(false, false, memory_part(KEPT_PART));
	if (((int64) nold + 1) * ((int64) model->k + 1) <= MOST_PAIRS)
		result->overlap = palloc0(sizeof(int64) * ((Size) nold + 1) * ((Size) model->k + 1));
	if (work_mem < join_memory)
		collect_set("work_mem", psprintf("%d", join_memory));
	collect_query(query, &receiver.pub);
	AtEOXact_GUC(true, nest_level);
	settle_waiting(&receiver);

	tuplestore_end(receiver.waiting);
	ExecDropSingleTupleTableSlot(receiver.slot);
	reader_end(&receiver.reader);
	MemoryContextDelete(receiver.context);
	if (receiver.met.words != NULL)
		pfree(receiver.met.words);
	return result;
}

void
differences_write(const Differences *differences, Oid relation, int key_columns)
{
	Target           target;
	TupleTableSlot **rows = palloc(sizeof(TupleTableSlot *) * TARGET_BATCH);
	int              columns = key_columns + ASSIGNMENT_COLUMNS;
	int              n = 0;

	target_open(&target, relation, key_columns);
	target_check_key(&target, differences->descriptor);
	for (int i = 0; i < TARGET_BATCH; i++)
		rows[i] = MakeSingleTupleTableSlot(differences->descriptor, &TTSOpsMinimalTuple);
	while (tuplestore_gettupleslot(differences->kept, true, true, rows[n]))
	{
		TupleTableSlot *slot = target.slots[n];

		CHECK_FOR_INTERRUPTS();
		slot_getallattrs(rows[n]);
		memcpy(slot->tts_values, rows[n]->tts_values, sizeof(Datum) * columns);
		memcpy(slot->tts_isnull, rows[n]->tts_isnull, sizeof(bool) * columns);
		ExecStoreVirtualTuple(slot);
		if (++n < TARGET_BATCH)
			continue;
		target_write(&target, n);
		n = 0;
	}
	target_write(&target, n);
	for (int i = 0; i < TARGET_BATCH; i++)
		ExecDropSingleTupleTableSlot(rows[i]);
	pfree(rows);
	target_close(&target);
}

void
differences_end(Differences *differences)
{
	tuplestore_end(differences->kept);
	if (differences->overlap != NULL)
		pfree(differences->overlap);
	pfree(differences);
}
