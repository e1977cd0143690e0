/*-------------------------------------------------------------------------
 *
 * share.c
 *	  Memory that the processes of one job use together.
 *
 * The server has room for 64 segments of dynamic shared memory and 5 more a
 * session, for all queries of all sessions.  So a job takes a dozen at most and
 * cuts them into pieces.  An area of PostgreSQL's (utils/mmgr/dsa.c) does the
 * same in segments that double: more of them for much memory, up to half of it
 * unused, while a job has a budget.  Here, a segment is as large as what is known
 * to come, and grows by a part of what there is where that is not known.
 *
 * The first segment holds the books: for each segment the gaps between its
 * pieces, in order.  All processes may cut pieces, under a lock; the leader
 * alone gives them back.  A segment without pieces goes at once, but the first.
 *
 * The segments of a job live longer than a query, and not longer than the job:
 * no resource owner of PostgreSQL has that span, so mappings are pinned and
 * dropped by us, at the end of the job or when its transaction or
 * subtransaction fails.  Segments that workers made are pinned until then as
 * well.  Workers of the job are gone by then.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/parallel.h"
#include "access/session.h"
#include "access/xact.h"
#include "lib/ilist.h"
#include "miscadmin.h"
#include "port/atomics.h"
#include "storage/dsm_impl.h"
#include "storage/lwlock.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

#include "process/share.h"

#define SHARE_ALIGNMENT 64
#define SHARE_MAGIC UINT64CONST(0x7365676d656e7432)

/* segments of a job; PostgreSQL keeps two more for each session, its team has one, and so has a query */
#define SHARE_SEGMENTS 12

/* what PostgreSQL shares for a query, and with each worker: queues of 80 kB and a little */
#define QUERY_BYTES (256 * 1024)
#define QUERY_WORKER_BYTES (96 * 1024)

/* gaps that are known of a segment; more are lost until it has no pieces */
#define SEGMENT_GAPS 62

/* a segment is no smaller */
#define LEAST_SEGMENT (INT64CONST(1024) * 1024)

/*
 * An area of which nobody knows how large it will be grows by twice what there
 * is while that is little; later by a small part, for a guess may have been
 * nearly right, and by more and more if it was not.
 */
#define LITTLE (INT64CONST(16) * 1024 * 1024)
#define GUESS_PART 8
#define FEW_SEGMENTS 4
#define SOME_SEGMENTS 9

/* the part of what there is by which it grows at least where sizes are known, and where segments are many */
#define KNOWN_PART 16
#define KNOWN_PART_OF_MANY 2

/* what a segment begins with */
typedef union SegmentHeader
{
	struct
	{
		uint64           magic;
		Size             size;
		pg_atomic_uint32 freed; /* by the leader: workers shall not keep it */
	};
	char alignment[SHARE_ALIGNMENT];
} SegmentHeader;

/* bytes of a segment that are in no piece */
typedef struct Gap
{
	Size from;
	Size to;
} Gap;

typedef struct Segment
{
	dsm_handle handle; /* invalid: there is no such segment */
	bool       pinned;
	Size       size;
	Size       used;  /* bytes in pieces */
	Size       fresh; /* from here on no byte was ever in a piece */
	int        ngaps;
	Gap        gaps[SEGMENT_GAPS]; /* in order, no two next to each other */
} Segment;

/* The books; all under the lock, but what is atomic. */
typedef struct ShareArea
{
	LWLock           lock;
	pg_atomic_uint32 failed;   /* a worker could not make a segment */
	bool             growing;  /* nobody knows how much will come */
	Size             expected; /* by the next segment */
	Size             total;    /* bytes of all segments */
	Size             most;     /* of total, ever */
	int              nsegments;
	int              most_segments;
	Segment          segments[SHARE_SEGMENTS];
} ShareArea;

struct ShareSet
{
	dlist_node    node; /* in live_sets */
	int           nest_level;
	bool          across_processes;
	MemoryContext context; /* private pieces */
	Share         area;    /* nothing before the first shared piece */
};

/* of a worker: a segment that it has mapped */
typedef struct Mapping
{
	dlist_node   node;
	dsm_segment *segment;
} Mapping;

static dlist_head live_sets = DLIST_STATIC_INIT(live_sets);
static dlist_head mappings = DLIST_STATIC_INIT(mappings);

/* of a leader: see share_failed() */
static bool out_of_shared_memory = false;

/* ----------------------------------------------------------------
 *		Segments
 * ----------------------------------------------------------------
 */

void
share_failed(void)
{
	out_of_shared_memory = true;
}

/*
 * A worker keeps what it has mapped until it exits, or calls
 * share_unmap_freed(); a leader until the segment goes.
 */
static void
keep_mapping(dsm_segment *segment)
{
	dsm_pin_mapping(segment);
	if (IsParallelWorker())
	{
		Mapping *mapping = MemoryContextAlloc(TopMemoryContext, sizeof(Mapping));

		mapping->segment = segment;
		dlist_push_tail(&mappings, &mapping->node);
	}
}

/*
 * NULL if there is no segment of that handle.
 */
static dsm_segment *
find_segment(dsm_handle handle)
{
	dsm_segment *segment = dsm_find_mapping(handle);

	if (segment == NULL && handle != DSM_HANDLE_INVALID)
	{
		segment = dsm_attach(handle);
		if (segment != NULL)
			keep_mapping(segment);
	}
	return segment;
}

static SegmentHeader *
map_segment(dsm_handle handle)
{
	dsm_segment *segment = find_segment(handle);

	if (segment == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("could not map the shared memory of a fit"),
				 errhint("The session that runs the fit may have ended.")));
	return dsm_segment_address(segment);
}

/*
 * Raises an error of class 53 if there is no room for a segment.
 */
static dsm_segment *
create_segment(Size size)
{
	dsm_segment   *segment;
	SegmentHeader *header;

	PG_TRY();
	{
		segment = dsm_create(size, 0);
	}
	PG_CATCH();
	{
		share_failed();
		PG_RE_THROW();
	}
	PG_END_TRY();
	keep_mapping(segment);
	header = dsm_segment_address(segment);
	header->magic = SHARE_MAGIC;
	header->size = size;
	pg_atomic_init_u32(&header->freed, 0);
	return segment;
}

/*
 * The session's segments stay, that of a query is only tried.  An error later,
 * when the query begins, could not be told from those of the source's functions.
 */
void
share_probe(int nworkers)
{
	dsm_segment *segment;

	PG_TRY();
	{
		(void) GetSessionDsmHandle();
		segment = dsm_create(QUERY_BYTES + (Size) QUERY_WORKER_BYTES * nworkers, DSM_CREATE_NULL_IF_MAXSEGMENTS);
	}
	PG_CATCH();
	{
		share_failed();
		PG_RE_THROW();
	}
	PG_END_TRY();

	/* PostgreSQL does without workers where all segments are taken */
	if (segment != NULL)
		dsm_detach(segment);
}

/*
 * Enters a new segment into the books.  What PostgreSQL sets aside by
 * min_dynamic_shared_memory is not new, and so not zero.
 */
static void
enter_segment(ShareArea *area, Segment *entry, dsm_segment *segment, Size first, Size size)
{
	entry->handle = dsm_segment_handle(segment);
	entry->pinned = false;
	entry->size = size;
	entry->used = 0;
	entry->fresh = min_dynamic_shared_memory > 0 ? size : 0;
	entry->ngaps = 1;
	entry->gaps[0] = (Gap){.from = first, .to = size};
	area->total += size;
	area->most = Max(area->most, area->total);
	area->nsegments++;
	area->most_segments = Max(area->most_segments, area->nsegments);
}

static Size
growth(const ShareArea *area)
{
	if (!area->growing)
		return area->total / (area->nsegments < SOME_SEGMENTS ? KNOWN_PART : KNOWN_PART_OF_MANY);
	if (area->total < LITTLE)
		return area->total * 2;
	if (area->nsegments < FEW_SEGMENTS)
		return area->total / GUESS_PART;
	return area->nsegments < SOME_SEGMENTS ? area->total / 2 : area->total;
}

/*
 * A segment with room for a piece of that size.  One that a worker makes must
 * outlive it; no interrupt between the pin and the entry, thanks to the lock: a
 * pinned segment that nobody knows would live until the server stops.
 */
static Segment *
add_segment(ShareArea *area, Size piece)
{
	Size         size;
	dsm_segment *segment;
	int          i;

	for (i = 0; i < SHARE_SEGMENTS && area->segments[i].handle != DSM_HANDLE_INVALID; i++)
		;
	if (i == SHARE_SEGMENTS)
	{
		share_failed();
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_RESOURCES),
				 errmsg("too many segments of shared memory in one fit")));
	}
	size = area->expected > 0 ? area->expected : growth(area);
	size = TYPEALIGN(SHARE_ALIGNMENT, sizeof(SegmentHeader) + Max(Max(piece, size), LEAST_SEGMENT));
	segment = create_segment(size);
	enter_segment(area, &area->segments[i], segment, sizeof(SegmentHeader), size);
	if (IsParallelWorker())
	{
		dsm_pin_segment(segment);
		area->segments[i].pinned = true;
	}
	area->expected = 0;
	return &area->segments[i];
}

/*
 * Called by the leader, who has a mapping of every segment but those that only
 * workers have looked into.
 */
static void
remove_segment(ShareArea *area, Segment *entry)
{
	dsm_handle   handle = entry->handle;
	bool         pinned = entry->pinned;
	dsm_segment *segment = dsm_find_mapping(handle);

	area->total -= entry->size;
	area->nsegments--;
	entry->handle = DSM_HANDLE_INVALID;
	if (pinned)
		dsm_unpin_segment(handle);
	if (segment != NULL)
	{
		pg_atomic_write_u32(&((SegmentHeader *) dsm_segment_address(segment))->freed, 1);
		dsm_detach(segment);
	}
}

void
share_unmap_freed(void)
{
	dlist_mutable_iter iter;

	dlist_foreach_modify(iter, &mappings)
	{
		Mapping       *mapping = dlist_container(Mapping, node, iter.cur);
		SegmentHeader *header = dsm_segment_address(mapping->segment);

		if (pg_atomic_read_u32(&header->freed) == 0)
			continue;
		dlist_delete(&mapping->node);
		dsm_detach(mapping->segment);
		pfree(mapping);
	}
}

/* ----------------------------------------------------------------
 *		Pieces
 * ----------------------------------------------------------------
 */

/*
 * Cuts a piece off the first gap that is large enough.
 */
static bool
cut_piece(Segment *segment, Size size, Size *offset)
{
	int i;

	for (i = 0; i < segment->ngaps; i++)
	{
		Gap *gap = &segment->gaps[i];

		if (gap->to - gap->from < size)
			continue;
		*offset = gap->from;
		gap->from += size;
		segment->used += size;
		if (gap->from == gap->to)
			memmove(gap, gap + 1, sizeof(Gap) * (--segment->ngaps - i));
		return true;
	}
	return false;
}

/*
 * The inverse: widens the gaps beside the piece, or makes one.
 */
static void
return_piece(Segment *segment, Size offset, Size size)
{
	Gap *gap = segment->gaps;
	Gap *end = segment->gaps + segment->ngaps;

	segment->used -= size;
	while (gap < end && gap->to < offset)
		gap++;
	if (gap < end && gap->to == offset)
	{
		gap->to += size;
		if (gap + 1 < end && gap[1].from == gap->to)
		{
			gap->to = gap[1].to;
			memmove(gap + 1, gap + 2, sizeof(Gap) * (end - (gap + 2)));
			segment->ngaps--;
		}
	}
	else if (gap < end && gap->from == offset + size)
		gap->from = offset;
	else if (segment->ngaps < SEGMENT_GAPS)
	{
		memmove(gap + 1, gap, sizeof(Gap) * (end - gap));
		*gap = (Gap){.from = offset, .to = offset + size};
		segment->ngaps++;
	}
}

/*
 * Cuts a piece and zeroes what of it was in another piece before.
 */
static Share
create_piece(ShareArea *area, Size size)
{
	Share    share = {.size = TYPEALIGN(SHARE_ALIGNMENT, Max(size, 1))};
	Segment *segment = NULL;
	Size     used_before;
	int      i;

	LWLockAcquire(&area->lock, LW_EXCLUSIVE);
	for (i = 0; i < SHARE_SEGMENTS && segment == NULL; i++)
		if (area->segments[i].handle != DSM_HANDLE_INVALID &&
			cut_piece(&area->segments[i], share.size, &share.offset))
			segment = &area->segments[i];
	if (segment == NULL)
	{
		segment = add_segment(area, share.size);
		(void) cut_piece(segment, share.size, &share.offset);
	}
	share.handle = segment->handle;
	used_before = Min(Max(segment->fresh, share.offset) - share.offset, share.size);
	segment->fresh = Max(segment->fresh, share.offset + share.size);
	LWLockRelease(&area->lock);

	if (used_before > 0)
		memset(share_address(share), 0, used_before);
	return share;
}

void *
share_address(Share share)
{
	if (share.handle == DSM_HANDLE_INVALID)
		return share.local;
	return (char *) map_segment(share.handle) + share.offset;
}

bool
share_exists(Share share)
{
	dsm_segment   *segment = find_segment(share.handle);
	SegmentHeader *header = segment != NULL ? dsm_segment_address(segment) : NULL;
	Size           length = segment != NULL ? dsm_segment_map_length(segment) : 0;

	return length >= sizeof(SegmentHeader) && header->magic == SHARE_MAGIC && header->size <= length &&
		   share.offset % SHARE_ALIGNMENT == 0 && share.offset < header->size &&
		   share.size <= header->size - share.offset;
}

/* ----------------------------------------------------------------
 *		Sets
 * ----------------------------------------------------------------
 */

static void share_set_drop(ShareSet *set);

static void
drop_failed_sets(int nest_level)
{
	dlist_mutable_iter iter;

	dlist_foreach_modify(iter, &live_sets)
	{
		ShareSet *set = dlist_container(ShareSet, node, iter.cur);

		if (set->nest_level >= nest_level)
			share_set_drop(set);
	}
}

static void
at_transaction_end(XactEvent event, void *arg pg_attribute_unused())
{
	if (event == XACT_EVENT_ABORT)
		drop_failed_sets(0);
}

static void
at_subtransaction_end(SubXactEvent event, SubTransactionId mine pg_attribute_unused(),
					  SubTransactionId parent pg_attribute_unused(),
					  void *arg               pg_attribute_unused())
{
	if (event == SUBXACT_EVENT_ABORT_SUB)
		drop_failed_sets(GetCurrentTransactionNestLevel());
}

static ShareSet *
share_set_create(bool across_processes)
{
	static bool registered = false;
	ShareSet   *set;

	if (!registered)
	{
		RegisterXactCallback(at_transaction_end, NULL);
		RegisterSubXactCallback(at_subtransaction_end, NULL);
		registered = true;
	}
	set = MemoryContextAllocZero(TopMemoryContext, sizeof(ShareSet));
	set->context = AllocSetContextCreate(TopMemoryContext, "segment shared memory",
										 ALLOCSET_DEFAULT_SIZES);
	set->nest_level = GetCurrentTransactionNestLevel();
	set->across_processes = across_processes;
	dlist_push_tail(&live_sets, &set->node);
	return set;
}

bool
share_set_across_processes(const ShareSet *set)
{
	return set->across_processes;
}

/*
 * The first segment, which begins with the books.  Nobody waits for its lock
 * for long; PostgreSQL's own areas of a parallel query name what is waited for.
 */
static void
create_area(ShareSet *set)
{
	dsm_segment *segment = create_segment(LEAST_SEGMENT);
	ShareArea   *area;

	set->area = (Share){.handle = dsm_segment_handle(segment),
						.offset = sizeof(SegmentHeader),
						.size = TYPEALIGN(SHARE_ALIGNMENT, sizeof(ShareArea))};
	area = share_address(set->area);
	memset(area, 0, sizeof(ShareArea));
	LWLockInitialize(&area->lock, LWTRANCHE_PARALLEL_QUERY_DSA);
	pg_atomic_init_u32(&area->failed, 0);
	enter_segment(area, &area->segments[0], segment, set->area.offset + set->area.size, LEAST_SEGMENT);

	/* it never goes empty */
	area->segments[0].used = set->area.size;
}

static ShareArea *
area_of(const ShareSet *set)
{
	return set->area.handle == DSM_HANDLE_INVALID ? NULL : share_address(set->area);
}

/*
 * The first segment is the last to go.  Workers that leave at the same time
 * begin with the newest, and as the last to let go of a segment frees its pages,
 * that work is shared.
 */
void
share_set_clear(ShareSet *set)
{
	ShareArea *area = area_of(set);
	int        i;

	MemoryContextReset(set->context);
	if (area == NULL)
		return;
	elog(DEBUG1, "segment: at most %d segments of shared memory, %zu kB", area->most_segments, area->most / 1024);
	set->area = (Share){0};
	for (i = 1; i < SHARE_SEGMENTS; i++)
		if (area->segments[i].handle != DSM_HANDLE_INVALID)
			remove_segment(area, &area->segments[i]);
	dsm_detach(dsm_find_mapping(area->segments[0].handle));
}

static void
share_set_drop(ShareSet *set)
{
	dlist_delete(&set->node);
	share_set_clear(set);
	MemoryContextDelete(set->context);
	pfree(set);
}

Share
share_create(ShareSet *set, Size size)
{
	Share share = {.size = size};

	if (set != NULL && set->across_processes)
	{
		if (set->area.handle == DSM_HANDLE_INVALID)
			create_area(set);
		return create_piece(area_of(set), size);
	}
	share.allocated = MemoryContextAllocExtended(set != NULL ? set->context : CurrentMemoryContext,
												 size + SHARE_ALIGNMENT,
												 MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	share.local = (void *) TYPEALIGN(SHARE_ALIGNMENT, share.allocated);
	return share;
}

void
share_free(ShareSet *set, Share share)
{
	ShareArea *area;
	int        i;

	if (share.handle == DSM_HANDLE_INVALID)
	{
		if (share.allocated != NULL)
			pfree(share.allocated);
		return;
	}
	area = area_of(set);
	LWLockAcquire(&area->lock, LW_EXCLUSIVE);
	for (i = 0; area->segments[i].handle != share.handle; i++)
		;
	return_piece(&area->segments[i], share.offset, share.size);
	if (area->segments[i].used == 0)
		remove_segment(area, &area->segments[i]);
	LWLockRelease(&area->lock);
}

void
share_expect(ShareSet *set, Size size)
{
	ShareArea *area = area_of(set);

	if (area == NULL)
		return;
	area->expected = size;
	area->growing = size > 0;
}

Share
share_area(const ShareSet *set)
{
	return set->area;
}

Share
share_give(Share where, Size size)
{
	ShareArea *area = share_address(where);
	Share      share;

	PG_TRY();
	{
		share = create_piece(area, size);
	}
	PG_CATCH();
	{
		/* the leader asks, when the error arrives */
		if (out_of_shared_memory)
			pg_atomic_write_u32(&area->failed, 1);
		PG_RE_THROW();
	}
	PG_END_TRY();
	return share;
}

/* ----------------------------------------------------------------
 *		Work with a set
 * ----------------------------------------------------------------
 */

/*
 * Could a segment of ours not be had?  Errors of the same class come from the
 * source's own functions, from full disks and other places, and are not ours to
 * mend.
 */
static bool
lacks_shared_memory(const ShareSet *set, const ErrorData *error)
{
	ShareArea *area = area_of(set);
	bool       failed = out_of_shared_memory;

	if (area != NULL && pg_atomic_read_u32(&area->failed) != 0)
		failed = true;
	out_of_shared_memory = false;
	return failed && ERRCODE_TO_CATEGORY(error->sqlerrcode) == ERRCODE_INSUFFICIENT_RESOURCES;
}

/*
 * False if there was not enough memory to share.
 */
static bool
run_across_processes(ShareWork work, void *argument)
{
	MemoryContext context = CurrentMemoryContext;
	MemoryContext attempt = AllocSetContextCreate(context, "segment attempt", ALLOCSET_DEFAULT_SIZES);
	ResourceOwner owner = CurrentResourceOwner;
	ShareSet     *set = share_set_create(true);
	volatile bool done = true;

	out_of_shared_memory = false;
	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(attempt);
	PG_TRY();
	{
		work(set, argument);
		ReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(context);
		CurrentResourceOwner = owner;
	}
	PG_CATCH();
	{
		ErrorData *error;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(context);
		CurrentResourceOwner = owner;
		done = !lacks_shared_memory(set, error);
		if (done)
			ReThrowError(error);
		MemoryContextDelete(attempt);
		ereport(NOTICE,
				(errmsg("one process does all the work: %s", error->message),
				 errhint("Give the server more shared memory (dynamic_shared_memory_type tells which), or set segment.max_parallel_workers to 0.")));
		FreeErrorData(error);
	}
	PG_END_TRY();
	share_set_drop(set);
	return done;
}

void
share_run(bool across_processes, ShareWork work, void *argument)
{
	ShareSet *set;

	if (across_processes && run_across_processes(work, argument))
		return;
	set = share_set_create(false);
	work(set, argument);
	share_set_drop(set);
}
