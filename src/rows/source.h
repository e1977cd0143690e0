/*-------------------------------------------------------------------------
 *
 * source.h
 *	  The rows of a fit: passes over them, and packing them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SEGMENT_SOURCE_H
#define SEGMENT_SOURCE_H

#include "compat.h"
#include "rows/pass.h"
#include "rows/scan.h"
#include "process/team.h"

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
	void             *ranges; /* the state of PASS_RANGE, if reading the rows has brought it */
} RowSource;

/* Lets the team find the rows in memory, whenever these have changed. */
extern void source_share(RowSource *source);

/* Raises the error that reading the table again did not bring the same rows. */
pg_noreturn extern void source_changed(void);

/* Takes the rows that the recipe skips out of memory. */
extern void source_skip_rows(RowSource *source, const Recipe *recipe);

/*
 * Runs a pass over all rows; the state is allocated in the current memory
 * context.  labels are as in Pass.add, for all rows in memory, or nothing.
 */
extern void *pass_run(const RowSource *source, PassKind kind, const PassInput *input, Share labels);

/* rows as another process finds them */
typedef struct SharedRows
{
	Share chunks; /* nchunks RowChunks */
	int   nchunks;
	int   ncolumns;
	int64 nrows;
	int64 nblocks;
} SharedRows;

extern SharedRows shared_rows(const RowSource *source);
extern Rows       shared_rows_find(const SharedRows *shared);

/*
 * Rows in memory as float4 blocks for the kernels, the same bits whether they
 * are packed into memory first or block by block when they are wanted.  The
 * recipe must not skip any of them.
 */
typedef struct PackedRows
{
	SharedRows rows;
	Share      input;  /* the recipe */
	bool       costly; /* to prepare, so that packing them pays soon */
	bool       packed;
	Share      blocks;  /* if packed */
	Share      weights; /* of each row, see weights_share(); nothing: all weigh 1 */
} PackedRows;

extern PackedRows packed_rows_create(const RowSource *source, const Recipe *recipe);
extern void       packed_rows_pack(const RowSource *source, PackedRows *packed, int nfeatures);

/* what is done with consecutive rows, of which the first has this number */
typedef void (*PackedFunction)(void *context, const float *blocks, int64 first_row, int nrows);

/* Calls a function for the rows in blocks from .. to - 1. */
extern void packed_rows_each(const PackedRows *packed, int nfeatures, int64 from, int64 to,
							 PackedFunction function, void *context);

/* a member's part of these tasks */
extern void pass_part(const TeamMember *me, const void *arguments);
extern void pack_part(const TeamMember *me, const void *arguments);

#endif /* SEGMENT_SOURCE_H */
