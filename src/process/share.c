/*
 * Memory that the processes of one job use together.
 *
 * The server has room for 64 segments of dynamic shared memory and 5 more a
 * session, for all queries of all sessions.  So a job takes a dozen at most and
 * cuts them into pieces.  An area of PostgreSQL's (utils/mmgr/dsa.c) grows by
 * segments that double: pieces as those of a scan took 16 of them for 1 GB and
 * 23 for 4 GB.  Here, a segment is as large as what is known to come.  Where
 * that is not known, it is a part of what there is.
 *
 * The first segment holds the books: for each segment the gaps between its
 * pieces, in order.  All processes may cut pieces; the leader alone gives them
 * back.  A segment without pieces goes at once, but the first.
 *
 * The segments of a job live longer than a query, and not longer than the job.
 * No resource owner of PostgreSQL has that span.  So mappings are pinned, as are
 * the segments that workers made, and dropped by us at the end of the job or
 * when its transaction or subtransaction fails, when its workers are gone.
 */
#include "postgres.h"

#include "access/parallel.h"
#include "access/session.h"
#include "access/xact.h"
#include "lib/ilist.h"
#include "miscadmin.h"
#include "storage/dsm_impl.h"
#include "storage/lwlock.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

#include "process/share.h"

#define SHARE_ALIGNMENT 64
#define HEADER_BYTES SHARE_ALIGNMENT
#define SHARE_MAGIC UINT64CONST(0x7365676d656e7432)

/* segments of a job; PostgreSQL keeps two more for each session, its team has one, and so has a query */
#define SHARE_SEGMENTS 12

/* what PostgreSQL shares for a query, and with each worker: queues of 80 kB and a little */
#define QUERY_BYTES (256 * 1024)
#define QUERY_WORKER_BYTES (96 * 1024)

/* gaps that are known of a segment; more are lost until it has no pieces */
#define SEGMENT_GAPS 61

/* a segment is no smaller */
#define LEAST_SEGMENT (INT64CONST(1024) * 1024)

/*
 * Where nobody knows how much will come, an area grows by twice what there is
 * while that is little.  Later it grows by a small part, for a guess may have been
 * nearly right, then by more and more.
 */
#define LITTLE (INT64CONST(16) * 1024 * 1024)
#define GUESS_PART 8
#define FEW_SEGMENTS 4
#define SOME_SEGMENTS 9

/* the part of what there is by which it grows at least where sizes are known, and where segments are many */
#define KNOWN_PART 16
#define KNOWN_PART_OF_MANY 2

/* what a segment begins with, in the room of HEADER_BYTES; who makes the segment writes it */
typedef struct SegmentHeader
{
	uint64           magic;
	pg_atomic_uint32 freed; /* set by the leader: workers shall not keep it */
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
	bool       pinned; /* a worker made it */
	Size       size;
	Size       used;  /* bytes in pieces */
	Size       fresh; /* from here on no byte was ever in a piece */
	int        ngaps;
	Gap        gaps[SEGMENT_GAPS + 1]; /* in order; there is one more for a moment */
} Segment;

/* The books. */
typedef struct ShareArea
{
	LWLock lock;

	/* a segment could not be made: written by who holds the lock, read by the leader when work has failed */
	pg_atomic_uint32 failed;

	/* written by the leader without the lock, while there are no workers, and read by who makes a segment */
	bool growing; /* nobody knows how much will come */

	/* the same; who makes a segment sets it to 0, under the lock */
	Size expected; /* by the next segment */

	/* read and written by any process, under the lock */
	Size    total; /* bytes of all segments */
	Size    most;  /* of total, ever */
	int     nsegments;
	int     most_segments;
	Segment segments[SHARE_SEGMENTS];
} ShareArea;

struct ShareSet
{
	dlist_node    node; /* in live_sets */
	int           nest_level;
	bool          across_processes;
	MemoryContext context; /* private pieces */
	Share         area;    /* the books; nothing before the first shared piece */
};

static dlist_head live_sets = DLIST_STATIC_INIT(live_sets);
static List      *mappings = NIL; /* of a worker: the segments that it has mapped */

/* of a leader: a segment that no area has, of the team, say, could not be made */
static bool out_of_shared_memory = false;

/* ---- Segments ---- */

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
		MemoryContext old_context = MemoryContextSwitchTo(TopMemoryContext);

		mappings = lappend(mappings, segment);
		MemoryContextSwitchTo(old_context);
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

/*
 * Raises an error of class 53 if there is no room for a segment.
 */
static dsm_segment *
create_segment(Size size)
{
	dsm_segment   *segment = dsm_create(size, 0);
	SegmentHeader *header = dsm_segment_address(segment);

	keep_mapping(segment);
	header->magic = SHARE_MAGIC;
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

	out_of_shared_memory = true;
	(void) GetSessionDsmHandle();
	segment = dsm_create(QUERY_BYTES + (Size) QUERY_WORKER_BYTES * nworkers, DSM_CREATE_NULL_IF_MAXSEGMENTS);
	out_of_shared_memory = false;

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
	*entry = (Segment){
		.handle = dsm_segment_handle(segment),
		.size = size,
		.fresh = min_dynamic_shared_memory > 0 ? size : 0,
		.ngaps = 1,
		.gaps = {{.from = first, .to = size}}};
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
	uint32       failed = pg_atomic_read_u32(&area->failed);
	Size         size;
	dsm_segment *segment;
	int          i;

	pg_atomic_write_u32(&area->failed, 1);
	for (i = 0; i < SHARE_SEGMENTS && area->segments[i].handle != DSM_HANDLE_INVALID; i++)
		;
	if (i == SHARE_SEGMENTS)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_RESOURCES),
				 errmsg("too many segments of shared memory in one fit")));
	size = area->expected > 0 ? area->expected : growth(area);
	size = TYPEALIGN(SHARE_ALIGNMENT, HEADER_BYTES + Max(Max(piece, size), LEAST_SEGMENT));
	segment = create_segment(size);
	pg_atomic_write_u32(&area->failed, failed);
	enter_segment(area, &area->segments[i], segment, HEADER_BYTES, size);
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
	ListCell *cell;

	foreach (cell, mappings)
	{
		dsm_segment   *segment = lfirst(cell);
		SegmentHeader *header = dsm_segment_address(segment);

		if (pg_atomic_read_u32(&header->freed) == 0)
			continue;
		mappings = foreach_delete_current(mappings, cell);
		dsm_detach(segment);
	}
}

/* ---- Pieces ---- */

/*
 * Joins gaps that have met, and drops empty ones.  Of too many the first one is
 * lost, for small ones are left at the beginning.
 */
static void
join_gaps(Segment *segment)
{
	Gap *gaps = segment->gaps;
	int  n = 0;

	for (int i = 0; i < segment->ngaps; i++)
	{
		if (gaps[i].from == gaps[i].to)
			continue;
		if (n > 0 && gaps[n - 1].to == gaps[i].from)
			gaps[n - 1].to = gaps[i].to;
		else
			gaps[n++] = gaps[i];
	}
	if (n > SEGMENT_GAPS)
		memmove(gaps, gaps + 1, sizeof(Gap) * --n);
	segment->ngaps = n;
}

/*
 * Cuts a piece off the first gap that is large enough.
 */
static bool
cut_piece(Segment *segment, Size size, Size *offset)
{
	for (int i = 0; i < segment->ngaps; i++)
	{
		Gap *gap = &segment->gaps[i];

		if (gap->to - gap->from < size)
			continue;
		*offset = gap->from;
		gap->from += size;
		segment->used += size;
		join_gaps(segment);
		return true;
	}
	return false;
}

static void
return_piece(Segment *segment, Size offset, Size size)
{
	Gap *gap = segment->gaps;
	Gap *end = segment->gaps + segment->ngaps++;

	while (gap < end && gap->from < offset)
		gap++;
	memmove(gap + 1, gap, sizeof(Gap) * (end - gap));
	*gap = (Gap){.from = offset, .to = offset + size};
	segment->used -= size;
	join_gaps(segment);
}

/*
 * Cuts a piece, of a new segment if it is to be apart, and zeroes what of it was in another piece before.
 */
static Share
create_piece(ShareArea *area, Size size, bool apart)
{
	Share    share = {.size = TYPEALIGN(SHARE_ALIGNMENT, Max(size, 1))};
	Segment *segment = NULL;
	Size     used_before;

	if (share.size < LEAST_SEGMENT)
		apart = false;
	LWLockAcquire(&area->lock, LW_EXCLUSIVE);
	for (int i = 0; i < SHARE_SEGMENTS && segment == NULL && !apart; i++)
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

Share
share_copy(ShareSet *set, const void *from, Size size)
{
	Share share = share_create(set, size);

	memcpy(share_address(share), from, size);
	return share;
}

void *
share_address(Share share)
{
	dsm_segment *segment;

	if (share.handle == DSM_HANDLE_INVALID)
		return share.local;
	segment = find_segment(share.handle);
	if (segment == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("could not map the shared memory of a fit"),
				 errhint("The session that runs the fit may have ended.")));
	return (char *) dsm_segment_address(segment) + share.offset;
}

bool
share_exists(Share share)
{
	dsm_segment *segment = find_segment(share.handle);
	Size         length = segment != NULL ? dsm_segment_map_length(segment) : 0;

	return length >= HEADER_BYTES && ((SegmentHeader *) dsm_segment_address(segment))->magic == SHARE_MAGIC &&
		   share.offset % SHARE_ALIGNMENT == 0 && share.offset < length && share.size <= length - share.offset;
}

/* ---- Sets ---- */

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
	dsm_segment *segment;
	ShareArea   *area;

	out_of_shared_memory = true;
	segment = create_segment(LEAST_SEGMENT);
	out_of_shared_memory = false;
	set->area = (Share){.handle = dsm_segment_handle(segment),
						.offset = HEADER_BYTES,
						.size = TYPEALIGN(SHARE_ALIGNMENT, sizeof(ShareArea))};
	area = share_address(set->area);
	memset(area, 0, sizeof(ShareArea));
	LWLockInitialize(&area->lock, LWTRANCHE_PARALLEL_QUERY_DSA);
	pg_atomic_init_u32(&area->failed, 0);
	enter_segment(area, &area->segments[0], segment, set->area.offset + set->area.size, LEAST_SEGMENT);

	/* it never goes empty */
	area->segments[0].used = set->area.size;
}

/*
 * The first segment is the last to go.  Workers that leave at the same time
 * begin with the newest, and as the last to let go of a segment frees its pages,
 * that work is shared.
 */
static void
remove_segments(ShareArea *area, dsm_handle kept)
{
	for (int i = 1; i < SHARE_SEGMENTS; i++)
		if (area->segments[i].handle != DSM_HANDLE_INVALID && area->segments[i].handle != kept)
			remove_segment(area, &area->segments[i]);
}

void
share_set_clear_but(ShareSet *set, Share kept)
{
	if (set->area.handle != DSM_HANDLE_INVALID)
		remove_segments(share_address(set->area), kept.handle);
}

void
share_set_clear(ShareSet *set)
{
	ShareArea *area = share_address(set->area);

	MemoryContextReset(set->context);
	if (area == NULL)
		return;
	elog(DEBUG1, "segment: at most %d segments of shared memory, %zu kB", area->most_segments, area->most / 1024);
	set->area = (Share){0};
	remove_segments(area, DSM_HANDLE_INVALID);
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

static Share
create_share(ShareSet *set, Size size, bool apart)
{
	Share share = {.size = size};

	if (set != NULL && set->across_processes)
	{
		if (set->area.handle == DSM_HANDLE_INVALID)
			create_area(set);
		return create_piece(share_address(set->area), size, apart);
	}
	share.allocated = MemoryContextAllocExtended(set != NULL ? set->context : CurrentMemoryContext,
												 size + SHARE_ALIGNMENT,
												 MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	share.local = (void *) TYPEALIGN(SHARE_ALIGNMENT, share.allocated);
	return share;
}

Share
share_create(ShareSet *set, Size size)
{
	return create_share(set, size, false);
}

Share
share_create_apart(ShareSet *set, Size size)
{
	return create_share(set, size, true);
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
	area = share_address(set->area);
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
	ShareArea *area = share_address(set->area);

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
share_give(Share area, Size size)
{
	return create_piece(share_address(area), size, false);
}

/* ---- Work with a set ---- */

/*
 * Could a segment of ours not be had?  Errors of the same class come from the
 * source's own functions, from full disks and other places, and are not ours to
 * mend.
 */
static bool
lacks_shared_memory(const ShareSet *set, const ErrorData *error)
{
	ShareArea *area = share_address(set->area);
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
run_across_processes(ShareWork work, ShareWork finish, void *argument)
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
	if (done && finish != NULL)
		finish(set, argument);
	share_set_drop(set);
	return done;
}

void
share_run(bool across_processes, ShareWork work, ShareWork finish, void *argument)
{
	ShareSet *set;

	if (across_processes && run_across_processes(work, finish, argument))
		return;
	set = share_set_create(false);
	work(set, argument);
	if (finish != NULL)
		finish(set, argument);
	share_set_drop(set);
}
