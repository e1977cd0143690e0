/*
 * What a fit tells the view segment_progress while it runs.
 *
 * The calls cost nothing to speak of and do nothing between fits or where the
 * fit found no place in the view, so that callers need not ask.
 */
#ifndef SEGMENT_PROGRESS_H
#define SEGMENT_PROGRESS_H

#include "datatype/timestamp.h"
#include "port/atomics.h"

/* in the order of a job, which may come back to the middle ones for each k */
typedef enum ProgressPhase
{
	PROGRESS_CHOOSING,   /* features, where none are named */
	PROGRESS_READING,    /* the source into memory */
	PROGRESS_PREPARING,  /* recipe, packing */
	PROGRESS_SEARCHING,  /* for starting centroids */
	PROGRESS_CLUSTERING, /* iterations; rows are those of the current one */
	PROGRESS_JUDGING,    /* final assignment and figures */
	PROGRESS_WRITING,    /* the assignment */
	PROGRESS_INDEXING    /* its primary key and statistics */
} ProgressPhase;

/* their names, with NULL behind the last */
extern const char *const progress_phases[];

/* fits shown at once, on the whole server: 10 kB, of the 100 kB to spare */
#define PROGRESS_SLOTS 64

/* written by the session that has claimed the slot, read by any */
typedef struct Progress
{
	int         pid; /* 0: the slot is free */
	Oid         database;
	Oid         user; /* of the session */
	TimestampTz started_at;
	char        model[NAMEDATALEN]; /* cut if need be */

	ProgressPhase phase;
	int64         rows_total; /* 0: not known */

	/* of the last clustering; counted from 1, 0: not begun */
	int    restart;
	int    n_init;
	int    iteration;
	int    max_iter;
	double inertia; /* NaN: none yet */
} Progress;

/*
 * Rows done in this phase, in shared memory; NULL: nobody counts.  A parallel
 * worker sets it to the leader's to count along with progress_add_rows().
 */
extern pg_atomic_uint64 *progress_rows_done;

/* A fit begins in this session: it gets a row in the view, if there is room. */
extern void progress_begin(const char *model);

/* The row goes.  After an error it goes by itself. */
extern void progress_end(void);

/* Rows are counted from 0 again, up to rows_total; 0: not known. */
extern void progress_phase(ProgressPhase phase, int64 rows_total);

/* Figures of the core, which the view shows in scaled space, are in this unit. */
extern void progress_inertia_unit(double unit);

/* A restart begins, the first is 1. */
extern void progress_restart(int restart, int n_init);

/* An iteration of the restart is done, and rows are counted from 0 again. */
extern void progress_iteration(int iteration, int max_iter, double inertia);

/* Copies a slot; false if no fit has it. */
extern bool progress_read(int slot, Progress *progress, int64 *rows_done);

/*
 * Rows done in this phase: so many, where one process counts; so many more,
 * where several do.
 */
static inline void
progress_rows(int64 rows)
{
	if (progress_rows_done != NULL)
		pg_atomic_write_u64(progress_rows_done, rows);
}

static inline void
progress_add_rows(int64 rows)
{
	if (progress_rows_done != NULL)
		pg_atomic_fetch_add_u64(progress_rows_done, rows);
}

#endif /* SEGMENT_PROGRESS_H */
