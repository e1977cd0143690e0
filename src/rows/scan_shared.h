/*
 * What the leader of a scan and the aggregate in each process share.
 *
 * There is no lock.  The leader fills in a scan before the query begins and
 * reads what the processes brought when the query is over, by which time its
 * workers have gone.  In between each process writes into the slot and the
 * chunks that it has taken by counting an atomic number up.
 */
#ifndef SEGMENT_SCAN_SHARED_H
#define SEGMENT_SCAN_SHARED_H

#include "access/tupdesc.h"
#include "port/atomics.h"

#include "process/share.h"
#include "process/team.h"
#include "rows/keys.h"

/* processes of one scan: PostgreSQL allows a query 1024 workers */
#define SCAN_SLOTS 1025

/* chunks of rows that are kept */
#define SCAN_CHUNKS 1024

/* of the transition function: where the scan is, its secret, and columns */
#define ARG_PLACE 1
#define ARG_SECRET 2
#define ARG_COLUMNS 3

/* more columns than this come as one row value */
#define MOST_COLUMNS (FUNC_MAX_ARGS - ARG_COLUMNS)

/*
 * A chunk of kept rows is a share of what is kept so far, so that little is left
 * unused.  Chunks are small where the budget ends, for each process has one that
 * is not full.
 */
#define SCAN_CHUNK_BYTES (64 * 1024)
#define SCAN_CHUNK_SHARE 64
#define SCAN_LAST_CHUNK_SHARE 256

typedef struct SampleEntry
{
	uint64 hash;
	uint32 chunk;
	uint32 row; /* in the chunk */
} SampleEntry;

/* What one process brings.  That process writes it, the leader reads it after the query. */
typedef struct ScanSlot
{
	int64  nrows;  /* that the process has read */
	Share  state;  /* of the pass */
	Share  sample; /* nsample entries */
	uint32 nsample;
} ScanSlot;

/* Rows that are kept.  The process that took the chunk writes it, the leader reads it after the query. */
typedef struct ScanChunk
{
	Share share;
	int64 nrows;
	Share keys;
} ScanChunk;

typedef struct SourceScan
{
	/* set by the leader before the query, not changed afterwards */
	uint64 magic;  /* scan_magic() */
	int64  secret; /* known to the query by a parameter alone */
	pid_t  leader;
	int    nkeys;
	Share  columns; /* a message: see columns_send() */
	int    columns_size;
	int    ncolumns; /* of a raw row */
	int    pass;     /* number in pass_registry */
	Share  input;    /* of the pass */
	int64  seed;
	uint32 sample;    /* rows of the sample, 0: none */
	uint64 threshold; /* rows with a larger hash are not kept */
	uint64 budget;    /* bytes of raw rows */
	Share  area;      /* where workers get memory that the leader keeps */
	Share  cells;     /* of raw rows that are kept; nothing: they are doubles */
	Size   row_bytes; /* of such a row */

	/* of the leader's progress; all processes add to it */
	pg_atomic_uint64 *rows_done;

	/* counted up by all processes while the query runs */
	pg_atomic_uint64 kept_bytes; /* in chunks, full or not */
	pg_atomic_uint64 kept_rows;  /* in chunks that are done with */
	pg_atomic_uint32 full;       /* 1: more rows than the budget has room for, so none are kept any longer */
	pg_atomic_uint32 misfit;     /* 1: a value does not fit its cell */
	pg_atomic_uint32 nslots;     /* taken; may exceed SCAN_SLOTS */
	pg_atomic_uint32 nchunks;    /* taken; may exceed SCAN_CHUNKS */

	/* keys beside the rows: set by the leader, but for keyless */
	KeyLayout        keys;
	uint64           key_rows; /* at most */
	pg_atomic_uint32 keyless;  /* 1: too many rows, or keys that this layout has not */

	ScanSlot  slots[SCAN_SLOTS];
	ScanChunk chunks[SCAN_CHUNKS];
} SourceScan;

/* one word for all versions, one for each */
#define SCAN_MAGIC UINT64CONST(0x7365676d)

static inline uint64
scan_magic(void)
{
	return SCAN_MAGIC << 32 | team_stamp();
}

/*
 * Does the budget have room for so many rows?  That must not depend on how
 * processes divide them, hence is not asked of the chunks.
 */
static inline bool
scan_budget_holds(const SourceScan *scan, uint64 nrows)
{
	return nrows * scan->row_bytes <= scan->budget;
}

/* What the query passes to the aggregate: where the scan lies in shared memory; 0 if it does not. */
#define PLACE_OFFSET_BITS 31
#define PLACE_OFFSET_UNIT 64 /* pieces are aligned to that */

static inline int64
scan_place(Share share)
{
	return (int64) share.handle << PLACE_OFFSET_BITS | (int64) (share.offset / PLACE_OFFSET_UNIT);
}

static inline Share
scan_at(int64 place)
{
	return (Share){.handle = (dsm_handle) (place >> PLACE_OFFSET_BITS),
				   .offset = (place & ((INT64CONST(1) << PLACE_OFFSET_BITS) - 1)) * PLACE_OFFSET_UNIT,
				   .size = sizeof(SourceScan)};
}

/*
 * The scan of that secret which this process leads; NULL if there is none, or
 * if it has been opened before.  set is where its memory comes from.
 */
extern SourceScan *scan_open_led(int64 secret, ShareSet **set);

/*
 * Moves the entries with the smallest hashes to the front and returns how many
 * these are: most, or all if there are fewer.  So a sample depends on neither
 * the order of rows nor the process that read them.
 */
extern uint32 sample_smallest(SampleEntry *entries, uint32 nentries, uint32 most);

/*
 * One process's part of a scan, in the current memory context: rows of that type
 * are given to it, until it is closed.  set as above; NULL in a worker.
 */
typedef struct Reader Reader;

extern Reader *reader_open(SourceScan *scan, ShareSet *set, TupleDesc row);
extern void    reader_add(Reader *reader, const NullableDatum *values);
extern void    reader_close(Reader *reader);

#endif /* SEGMENT_SCAN_SHARED_H */
