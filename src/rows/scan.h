/*
 * Reading the source with all processes that PostgreSQL gives the query.
 */
#ifndef SEGMENT_SCAN_H
#define SEGMENT_SCAN_H

#include "process/share.h"
#include "rows/keys.h"
#include "rows/pass.h"
#include "rows/rows.h"
#include "rows/scan_source.h"

/* what to keep of the rows beside the pass over them */
typedef struct ScanKeep
{
	uint64 budget; /* bytes of rows, 0: none are kept */
	double share;  /* keep this share of the rows at random, 0 or 1: all */
	int    sample; /* rows of a random sample of those kept, 0: none */
	int64  seed;
	Size   beside; /* bytes that a row takes in the budget beside its raw values */
	bool   wide;   /* these are to be doubles in memory, not cells */

	const KeyLayout *keys;        /* keep the key beside each row as this has it; NULL: do not */
	Size             beside_keys; /* bytes that this takes, a row: there are no keys if the budget has no room for all */
} ScanKeep;

typedef struct ScanResult
{
	int64 nrows;
	void *state;     /* of the pass, merged */
	Rows *rows;      /* NULL when they did not fit the budget */
	Rows *sample;    /* NULL when no more rows are kept than a sample has */
	Size  row_bytes; /* what a row takes in the budget */
} ScanResult;

/*
 * Reads the source once and runs a pass over it.  Chunks of rows belong to
 * set, the rest of the result to the current memory context.
 *
 * What is random is chosen by a hash of the seed and a row's key, or of the
 * row itself where there is none, so that it depends on neither the order of
 * rows nor the process that reads them.  Without a key equal rows are chosen
 * together.
 */
extern ScanResult scan_run(ShareSet *set, const ScanSource *source, const Pass *pass,
						   FlatInput input, const ScanKeep *keep);

#endif /* SEGMENT_SCAN_H */
