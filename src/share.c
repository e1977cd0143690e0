/*-------------------------------------------------------------------------
 *
 * share.c
 *	  Memory that the processes of one job use together.
 *
 * Every piece is a dynamic shared memory segment of exactly its size: a job
 * has a budget, and an area that grows in powers of two would break it.
 *
 * The segments of a job live longer than a query, and not longer than the job:
 * no resource owner of PostgreSQL has that span, so mappings are pinned and
 * dropped by us, at the end of the job or when its transaction or
 * subtransaction fails.  Workers of the job are gone by then.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "lib/ilist.h"
#include "miscadmin.h"
#include "port/atomics.h"
#include "storage/dsm_impl.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

#include "share.h"

#define SHARE_ALIGNMENT 64

/* what a segment begins with; the memory that it is for comes behind */
typedef union SegmentHeader
{
	pg_atomic_uint32 freed; /* by the leader: workers shall not keep it */
	char             alignment[SHARE_ALIGNMENT];
} SegmentHeader;

struct ShareSet
{
	dlist_node      node; /* in live_sets */
	int             nest_level;
	bool            across_processes;
	MemoryContext   context;  /* private pieces, and the list of segments */
	dlist_head      segments; /* of Segment */
	ShareDirectory *directory;
};

typedef struct Segment
{
	dlist_node   node;
	dsm_segment *mapping;
} Segment;

static dlist_head live_sets = DLIST_STATIC_INIT(live_sets);

/* of a worker: the segments of others that it has mapped */
static dlist_head mapped_segments = DLIST_STATIC_INIT(mapped_segments);

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
	dlist_init(&set->segments);
	dlist_push_tail(&live_sets, &set->node);
	return set;
}

bool
share_set_across_processes(const ShareSet *set)
{
	return set->across_processes;
}

/*
 * The oldest segments first: workers that leave at the same time begin with the
 * newest, and as the last to let go of a segment frees its pages, that work is
 * shared.
 */
void
share_set_clear(ShareSet *set)
{
	share_directory_close(set);
	while (!dlist_is_empty(&set->segments))
	{
		Segment *segment = dlist_tail_element(Segment, node, &set->segments);

		dlist_delete(&segment->node);
		dsm_detach(segment->mapping);
	}
	MemoryContextReset(set->context);
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
keep_mapping(ShareSet *set, Segment *segment, dsm_segment *mapping)
{
	dsm_pin_mapping(mapping);
	segment->mapping = mapping;
	dlist_push_head(&set->segments, &segment->node);
}

/*
 * What PostgreSQL sets aside by min_dynamic_shared_memory is not new, and so
 * not zero.
 */
static dsm_segment *
create_zeroed(Size size)
{
	dsm_segment   *mapping = dsm_create(sizeof(SegmentHeader) + size, 0);
	SegmentHeader *header = dsm_segment_address(mapping);

	if (min_dynamic_shared_memory > 0)
		memset(header, 0, sizeof(SegmentHeader) + size);
	pg_atomic_init_u32(&header->freed, 0);
	return mapping;
}

/*
 * Raises an error of class 53 when there is no memory.
 */
Share
share_create(ShareSet *set, Size size)
{
	Share share = {DSM_HANDLE_INVALID, NULL, NULL};

	if (set != NULL && set->across_processes)
	{
		Segment     *segment = MemoryContextAlloc(set->context, sizeof(Segment));
		dsm_segment *mapping = create_zeroed(size);

		keep_mapping(set, segment, mapping);
		share.handle = dsm_segment_handle(mapping);
	}
	else
	{
		share.allocated = MemoryContextAllocExtended(set != NULL ? set->context : CurrentMemoryContext,
													 size + SHARE_ALIGNMENT,
													 MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
		share.local = (void *) TYPEALIGN(SHARE_ALIGNMENT, share.allocated);
	}
	return share;
}

void
share_free(ShareSet *set, Share share)
{
	dlist_iter iter;

	if (share.handle == DSM_HANDLE_INVALID)
	{
		if (share.allocated != NULL)
			pfree(share.allocated);
		return;
	}
	dlist_foreach(iter, &set->segments)
	{
		Segment *segment = dlist_container(Segment, node, iter.cur);

		if (dsm_segment_handle(segment->mapping) != share.handle)
			continue;
		pg_atomic_write_u32(&((SegmentHeader *) dsm_segment_address(segment->mapping))->freed, 1);
		dlist_delete(&segment->node);
		dsm_detach(segment->mapping);
		pfree(segment);
		return;
	}
}

static dsm_segment *
map_segment(dsm_handle handle)
{
	Segment     *segment = MemoryContextAlloc(TopMemoryContext, sizeof(Segment));
	dsm_segment *mapping = dsm_attach(handle);

	if (mapping == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("could not map the shared memory of a fit"),
				 errhint("The session that runs the fit may have ended.")));
	dsm_pin_mapping(mapping);
	segment->mapping = mapping;
	dlist_push_tail(&mapped_segments, &segment->node);
	return mapping;
}

/*
 * Maps the memory if need be: a worker keeps it mapped until it exits, or calls
 * share_unmap_freed().
 */
void *
share_address(Share share)
{
	dsm_segment *mapping;

	if (share.handle == DSM_HANDLE_INVALID)
		return share.local;
	mapping = dsm_find_mapping(share.handle);
	if (mapping == NULL)
		mapping = map_segment(share.handle);
	return (SegmentHeader *) dsm_segment_address(mapping) + 1;
}

void
share_unmap_freed(void)
{
	dlist_mutable_iter iter;

	dlist_foreach_modify(iter, &mapped_segments)
	{
		Segment       *segment = dlist_container(Segment, node, iter.cur);
		SegmentHeader *header = dsm_segment_address(segment->mapping);

		if (pg_atomic_read_u32(&header->freed) == 0)
			continue;
		dlist_delete(&segment->node);
		dsm_detach(segment->mapping);
		pfree(segment);
	}
}

/*
 * How much memory a worker has found there, which may be none of ours.
 */
Size
share_size(Share share)
{
	Size length = dsm_segment_map_length(dsm_find_mapping(share.handle));

	return Max(length, sizeof(SegmentHeader)) - sizeof(SegmentHeader);
}

/* ----------------------------------------------------------------
 *		Gifts
 * ----------------------------------------------------------------
 */

void
share_directory_open(ShareSet *set, ShareDirectory *directory)
{
	pg_atomic_init_u32(&directory->ngifts, 0);
	set->directory = directory;
}

/*
 * Gifts that nobody took have no mapping here; unpinned, they go with the last
 * process that has one.
 */
void
share_directory_close(ShareSet *set)
{
	ShareDirectory *directory = set->directory;
	uint32          ngifts;
	uint32          i;

	if (directory == NULL)
		return;
	set->directory = NULL;
	ngifts = Min(pg_atomic_read_u32(&directory->ngifts), SHARE_GIFTS);
	for (i = 0; i < ngifts; i++)
		if (directory->gifts[i] != DSM_HANDLE_INVALID)
			dsm_unpin_segment(directory->gifts[i]);
}

/*
 * Called by a worker.  No interrupt between the pin and the entry: a pinned
 * segment that nobody knows would live until the server stops.
 */
Share
share_give(ShareDirectory *directory, Size size)
{
	Share        share = {DSM_HANDLE_INVALID, NULL, NULL};
	dsm_segment *mapping;
	uint32       gift = pg_atomic_fetch_add_u32(&directory->ngifts, 1);

	if (gift >= SHARE_GIFTS)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_RESOURCES),
				 errmsg("too many pieces of shared memory in one fit")));
	mapping = create_zeroed(size);
	dsm_pin_mapping(mapping);
	HOLD_INTERRUPTS();
	dsm_pin_segment(mapping);
	directory->gifts[gift] = share.handle = dsm_segment_handle(mapping);
	RESUME_INTERRUPTS();
	return share;
}

void
share_take(ShareSet *set, Share share)
{
	Segment     *segment;
	dsm_segment *mapping;
	uint32       gift;

	if (share.handle == DSM_HANDLE_INVALID || dsm_find_mapping(share.handle) != NULL)
		return;
	segment = MemoryContextAlloc(set->context, sizeof(Segment));
	mapping = dsm_attach(share.handle);
	if (mapping == NULL)
		elog(ERROR, "shared memory of a worker is gone");
	keep_mapping(set, segment, mapping);
	for (gift = 0; set->directory->gifts[gift] != share.handle; gift++)
		;
	set->directory->gifts[gift] = DSM_HANDLE_INVALID;
	dsm_unpin_segment(share.handle);
}

/* ----------------------------------------------------------------
 *		Work with a set
 * ----------------------------------------------------------------
 */

/*
 * False if there was not enough memory to share.
 */
static bool
run_across_processes(ShareWork work, void *argument)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	ShareSet     *set = share_set_create(true);
	volatile bool done = true;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
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
		if (ERRCODE_TO_CATEGORY(error->sqlerrcode) != ERRCODE_INSUFFICIENT_RESOURCES)
			ReThrowError(error);
		ereport(NOTICE,
				(errmsg("one process does all the work: %s", error->message),
				 errhint("Give the server more shared memory (dynamic_shared_memory_type tells which), or set segment.max_parallel_workers to 0.")));
		done = false;
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
