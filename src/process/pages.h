/*
 * Pages of memory.
 */
#ifndef SEGMENT_PAGES_H
#define SEGMENT_PAGES_H

/*
 * Maps memory that this process is about to fill, all at once.  Otherwise the
 * system is entered for each page, which costs more than to fill it, in a virtual
 * machine several times as much.  Where the system cannot do so, nothing happens.
 */
extern void pages_map(void *from, Size bytes);

#endif /* SEGMENT_PAGES_H */
