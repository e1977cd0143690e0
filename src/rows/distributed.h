/*
 * Sources whose rows are on other servers: tables of Citus.
 */
#ifndef SEGMENT_DISTRIBUTED_H
#define SEGMENT_DISTRIBUTED_H

#include "executor/spi.h"

#include "rows/scan_shared.h"

/* Are there such tables at all in this database? */
extern bool distributed_known(void);

/* Does a query read a table that pg_dist_partition knows, directly or by a view? */
extern bool distributed_query(SPIPlanPtr query);

/* Reads all rows of a query into this process, for a scan that it leads. */
extern void distributed_pull(const char *query, SourceScan *scan, ShareSet *set);

#endif /* SEGMENT_DISTRIBUTED_H */
