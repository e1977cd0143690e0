/*-------------------------------------------------------------------------
 *
 * share.h
 *	  Memory that the processes of one job use together.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SEGMENT_SHARE_H
#define SEGMENT_SHARE_H

#include "port/atomics.h"
#include "storage/dsm.h"

/*
 * A piece of zeroed, 64-byte aligned memory: dynamic shared memory, or memory
 * of this process alone (handle 0).  May be copied, also to other processes,
 * which reach shared memory through share_address().
 */
typedef struct Share
{
	dsm_handle handle;
	void      *local;     /* if handle is 0: where it is, */
	void      *allocated; /* and what to free */
} Share;

/* What a job has shared; gone with it, or with its transaction if that fails. */
typedef struct ShareSet ShareSet;

extern bool share_set_across_processes(const ShareSet *set);
extern void share_set_clear(ShareSet *set); /* frees all that is in it */

/*
 * Calls work with a set that is dropped afterwards.  Where there is not enough
 * memory to share, a container's /dev/shm say, a notice tells, everything is as
 * before, and work is called once more with memory of this process alone.
 */
typedef void (*ShareWork)(ShareSet *set, void *argument);

extern void share_run(bool across_processes, ShareWork work, void *argument);

/* without a set: in the current memory context */
extern Share share_create(ShareSet *set, Size size);
extern void  share_free(ShareSet *set, Share share);
extern void *share_address(Share share);
extern Size  share_size(Share share); /* of mapped shared memory */

/* A worker that lives on lets go of the memory that the leader has freed. */
extern void share_unmap_freed(void);

/*
 * A worker's gift: memory that outlives the worker.  The leader takes it over;
 * until then the directory, itself shared, knows it.
 */
#define SHARE_GIFTS 1024

typedef struct ShareDirectory
{
	pg_atomic_uint32 ngifts;
	dsm_handle       gifts[SHARE_GIFTS];
} ShareDirectory;

extern void  share_directory_open(ShareSet *set, ShareDirectory *directory);
extern void  share_directory_close(ShareSet *set); /* gifts not taken go */
extern Share share_give(ShareDirectory *directory, Size size);
extern void  share_take(ShareSet *set, Share share); /* no-op for the leader's own */

#endif /* SEGMENT_SHARE_H */
