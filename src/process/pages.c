#include "postgres.h"

#include <sys/mman.h>
#include <unistd.h>

#include "process/pages.h"

void
pages_map(void *from, Size bytes)
{
#ifdef MADV_POPULATE_WRITE
	uintptr_t page = (uintptr_t) sysconf(_SC_PAGESIZE);
	uintptr_t first = TYPEALIGN_DOWN(page, from);
	uintptr_t end = TYPEALIGN(page, (uintptr_t) from + bytes);
	int       saved_errno = errno;

	(void) madvise((void *) first, end - first, MADV_POPULATE_WRITE); /* an error is of a kernel before 5.14 */
	errno = saved_errno;
#else
	(void) from;
	(void) bytes;
#endif
}
