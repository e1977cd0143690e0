/*
 * The rows of a job, in memory or in the table, and passes over them.
 */
#ifndef SEGMENT_SOURCE_H
#define SEGMENT_SOURCE_H

#include "compat.h"
#include "process/team.h"
#include "rows/pass.h"
#include "rows/scan.h"

/*
 * Where the rows are, and who works on them: in memory, or in the table, which
 * each pass then reads anew.
 */
typedef struct RowSource
{
	Rows             *rows;   /* NULL: they do not fit in memory */
	int64             nrows;  /* that were read */
	const ScanSource *scan;   /* the table; not looked at if there are rows */
	Team             *team;   /* NULL: this process alone */
	ShareSet         *set;    /* what the team shares */
	Share             chunks; /* of the rows in memory, for the team: see source_share() */
	void             *first;  /* the state of the pass that ran when the rows were read, or NULL */
} RowSource;

/* Lets the team find the rows in memory, whenever these have changed. */
extern void source_share(RowSource *source);

/* Raises the error that reading the table again did not bring the same rows. */
pg_noreturn extern void source_changed(void);

/* Sets keep for each of nrows rows of blocks. */
typedef void (*RowFilter)(const void *context, const double *blocks, int nrows, bool *keep);

/* Takes the rows that a filter does not keep out of memory. */
extern void source_filter_rows(RowSource *source, RowFilter filter, const void *context);

/*
 * Runs a pass over all rows; the state is allocated in the current memory
 * context.  labels are as in Pass.add, for all rows in memory, or nothing.
 */
extern void *source_pass(const RowSource *source, const Pass *pass, FlatInput input, Share labels);

/* Bytes as other processes of the source's team find them. */
extern Share source_share_input(const RowSource *source, FlatInput input);

/* rows as another process finds them */
typedef struct SharedRows
{
	Share chunks; /* nchunks RowChunks */
	int   nchunks;
	int   ncolumns;
	int64 nrows;
	int64 nblocks;
	Size  key_bytes;
	Share cells;
} SharedRows;

extern SharedRows shared_rows(const RowSource *source);
extern Rows       shared_rows_find(const SharedRows *shared);

/* a member's part of a pass */
extern void pass_part(const TeamMember *me, const void *arguments);

#endif /* SEGMENT_SOURCE_H */
