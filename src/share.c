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
#include "utils/memutils.h"

#include "share.h"

#define SHARE_ALIGNMENT 64

struct ShareSet
{
	dlist_node      node; /* in live_sets */
	int             nest_level;
	bool            across_processes;
	MemoryContext   context;  /* private pieces, and the lists of segments */
	dlist_head      segments; /* of Segment */
	List           *freed;    /* handles, not yet taken by share_freed() */
	ShareDirectory *directory;
};

typedef struct Segment
{
	dlist_node   node;
	dsm_segment *mapping;
} Segment;

static dlist_head live_sets = DLIST_STATIC_INIT(live_sets);

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

ShareSet *
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
 * Gifts that nobody took have no mapping here; unpinned, they go with the last
 * process that has one.
 */
static void
refuse_gifts(ShareDirectory *directory)
{
	uint32 ngifts = Min(pg_atomic_read_u32(&directory->ngifts), SHARE_GIFTS);
	uint32 i;

	for (i = 0; i < ngifts; i++)
		if (directory->gifts[i] != DSM_HANDLE_INVALID)
			dsm_unpin_segment(directory->gifts[i]);
}

void
share_set_drop(ShareSet *set)
{
	dlist_delete(&set->node);
	if (set->directory != NULL)
		refuse_gifts(set->directory);
	while (!dlist_is_empty(&set->segments))
		dsm_detach(dlist_container(Segment, node, dlist_pop_head_node(&set->segments))->mapping);
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
 * Raises an error of class 53 when there is no memory.
 */
Share
share_create(ShareSet *set, Size size)
{
	Share share = {DSM_HANDLE_INVALID, NULL, NULL};

	if (set != NULL && set->across_processes)
	{
		Segment     *segment = MemoryContextAlloc(set->context, sizeof(Segment));
		dsm_segment *mapping = dsm_create(Max(size, 1), 0);

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
	MemoryContext old_context;
	dlist_iter    iter;

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
		old_context = MemoryContextSwitchTo(set->context);
		set->freed = lappend_oid(set->freed, share.handle);
		MemoryContextSwitchTo(old_context);
		dlist_delete(&segment->node);
		dsm_detach(segment->mapping);
		pfree(segment);
		return;
	}
}

int
share_freed(ShareSet *set, dsm_handle *handles, int most)
{
	int n;

	for (n = 0; n < most && set->freed != NIL; n++)
	{
		handles[n] = llast_oid(set->freed);
		set->freed = list_delete_last(set->freed);
	}
	return n;
}

void
share_forget(const dsm_handle *handles, int n)
{
	int i;

	for (i = 0; i < n; i++)
	{
		dsm_segment *mapping = dsm_find_mapping(handles[i]);

		if (mapping != NULL)
			dsm_detach(mapping);
	}
}

/*
 * Maps the memory if need be: a worker keeps it mapped until it exits or is
 * told to forget it.
 */
void *
share_address(Share share)
{
	dsm_segment *mapping;

	if (share.handle == DSM_HANDLE_INVALID)
		return share.local;
	mapping = dsm_find_mapping(share.handle);
	if (mapping == NULL)
	{
		mapping = dsm_attach(share.handle);
		if (mapping == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("could not map the shared memory of a fit"),
					 errhint("The session that runs the fit may have ended.")));
		dsm_pin_mapping(mapping);
	}
	return dsm_segment_address(mapping);
}

/* ----------------------------------------------------------------
 *		Gifts
 * ----------------------------------------------------------------
 */

void
share_directory_init(ShareSet *set, ShareDirectory *directory)
{
	if (set->directory != NULL)
		refuse_gifts(set->directory);
	if (directory != NULL)
		pg_atomic_init_u32(&directory->ngifts, 0);
	set->directory = directory;
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
	mapping = dsm_create(Max(size, 1), 0);
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
