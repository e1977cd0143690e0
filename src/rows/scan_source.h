/*
 * What a scan reads.
 */
#ifndef SEGMENT_SCAN_SOURCE_H
#define SEGMENT_SCAN_SOURCE_H

#include "rows/columns.h"

/* the source of a job: a query of key columns, then those that become raw values */
typedef struct ScanSource
{
	const char          *query;
	int                  nkeys;
	const SourceColumns *columns;
	int                  nworkers; /* at most */
} ScanSource;

#endif /* SEGMENT_SCAN_SOURCE_H */
