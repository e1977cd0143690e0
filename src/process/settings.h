/*
 * Settings of the module.
 */
#ifndef SEGMENT_H
#define SEGMENT_H

#include "kernel/kernel.h"

extern int segment_work_mem;             /* kB, -1: maintenance_work_mem */
extern int segment_max_parallel_workers; /* -1: max_parallel_maintenance_workers */
extern int segment_notify;               /* after a run: see call/announce.c */

enum
{
	NOTIFY_AUTO,
	NOTIFY_ON,
	NOTIFY_OFF
};

/* the kernel that segment.kernel asks for, the best that this CPU runs if it asks for none */
extern const Kernel *segment_kernel(void);

#endif /* SEGMENT_H */
