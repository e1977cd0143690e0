/*
 * Passes where the rows are: on the shards of a distributed table.
 */
#ifndef SEGMENT_SHARDS_H
#define SEGMENT_SHARDS_H

#include "rows/pass.h"
#include "rows/scan_shared.h"
#include "rows/scan_source.h"

/* May this pass run on shards?  The nodes need a key in common, and the columns a call. */
extern bool shards_may_pass(const ScanSource *source, const Pass *pass, FlatInput input);

/* Runs the pass over a query, whose state comes into a slot of the scan. */
extern void shards_pass(const ScanSource *source, SourceScan *scan, ShareSet *set, const Pass *pass, FlatInput input);

/* The query of those rows that a scan keeps, where a key tells which these are. */
extern const char *shards_sample_query(const ScanSource *source, const SourceScan *scan);

/* How many rows a query has, counted where they are. */
extern uint64 shards_count(const char *query);

#endif /* SEGMENT_SHARDS_H */
