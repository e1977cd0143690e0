/*
 * Memory that the processes of one job use together.
 */
#ifndef SEGMENT_SHARE_H
#define SEGMENT_SHARE_H

#include "port/atomics.h"
#include "storage/dsm.h"

/*
 * A piece of zeroed, 64-byte aligned memory: part of a segment of dynamic
 * shared memory, or memory of this process alone (handle 0).  May be copied,
 * also to other processes, which reach shared memory through share_address().
 */
typedef struct Share
{
	dsm_handle handle;
	Size       offset; /* in the segment */
	Size       size;
	void      *local;     /* if handle is 0: where it is, */
	void      *allocated; /* and what to free */
} Share;

/* What a job has shared; gone with it, or with its transaction if that fails. */
typedef struct ShareSet ShareSet;

extern bool share_set_across_processes(const ShareSet *set);
extern void share_set_clear(ShareSet *set); /* frees all that is in it */

/*
 * Calls work with a set that is dropped afterwards.  Where a segment of the set
 * or of the job's team cannot be had, a container's /dev/shm being small, say, a
 * notice tells, everything is as before, and work is called once more with
 * memory of this process alone.  What work has allocated in the current memory
 * context is gone then.
 */
typedef void (*ShareWork)(ShareSet *set, void *argument);

/* finish is called once, after work, outside of the subtransaction in which that may run */
extern void share_run(bool across_processes, ShareWork work, ShareWork finish, void *argument);

/*
 * Makes sure that PostgreSQL can start a query with so many workers: where not,
 * that counts as a segment that cannot be had.
 */
extern void share_probe(int nworkers);

/* The error at hand is that a segment of the team cannot be had. */
extern void share_failed(void);

/* without a set: in the current memory context */
extern Share share_create(ShareSet *set, Size size);

/* A piece in a segment of its own, unless it is small, so that the memory of all others can be given back. */
extern Share share_create_apart(ShareSet *set, Size size);
extern void  share_set_clear_but(ShareSet *set, Share kept);

extern Share share_copy(ShareSet *set, const void *from, Size size);
extern void  share_free(ShareSet *set, Share share);
extern void *share_address(Share share);

/*
 * Says that pieces of about so many bytes together come next, perhaps more, so
 * that one segment is made for all of them.  0: no more of these.
 */
extern void share_expect(ShareSet *set, Size size);

/* Is that piece in a segment of a job?  For a process that has its place from a query. */
extern bool share_exists(Share share);

/* A worker that goes on unmaps the segments that the leader has freed. */
extern void share_unmap_freed(void);

/*
 * A piece that a worker makes and that outlives it, in the set whose area this
 * is.  The leader owns it, and frees it.
 */
extern Share share_area(const ShareSet *set); /* for workers to find it */
extern Share share_give(Share area, Size size);

#endif /* SEGMENT_SHARE_H */
