/*
 * Mapping memory before it is used.
 */
#include "postgres.h"

#include <sys/mman.h>
#include <unistd.h>

#include "miscadmin.h"

#include "process/pages.h"

/* mapped at a time, so that a cancel does not wait */
#define MOST_BYTES (16 * 1024 * 1024)

void
pages_map(void *from, Size bytes)
{
#ifdef MADV_POPULATE_WRITE
	uintptr_t page = (uintptr_t) sysconf(_SC_PAGESIZE);
	uintptr_t end = TYPEALIGN(page, (uintptr_t) from + bytes);

	for (uintptr_t at = TYPEALIGN_DOWN(page, from); at < end; at += MOST_BYTES)
	{
		CHECK_FOR_INTERRUPTS();
		if (madvise((void *) at, Min(end - at, MOST_BYTES), MADV_POPULATE_WRITE) < 0)
			return; /* a kernel before Linux 5.14 */
	}
#else
	(void) from;
	(void) bytes;
#endif
}
