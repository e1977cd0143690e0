/*
 * The rows of a fit come into memory, as far as it may use it.
 */
#ifndef SEGMENT_INTAKE_H
#define SEGMENT_INTAKE_H

#include "rows/source.h"

typedef struct Intake
{
	RowSource   all;         /* the rows in memory, or the table */
	RowSource   memory;      /* the same, or a sample of the table that memory holds */
	Rows       *sample_rows; /* a small sample of those in memory; NULL: they are few */
	ScanSource  scan;
	int64       seed;
	int         k;         /* the largest number of clusters asked for */
	int         nfeatures; /* packed values of a row */
	bool        weighted;
	const Pass *pass; /* runs over the rows as they are read */
	FlatInput   input;
	uint64      charged;       /* bytes that rows cannot have, see intake_plan() */
	Size        row_bytes;     /* of a row in memory, with its weight and its label */
	KeyLayout   keys;          /* to be kept beside the rows, if there is memory; no columns: none */
	Size        key_row_bytes; /* what that takes, and what is made of it, a row */
	uint64      budget;        /* bytes for the rows in memory */
} Intake;

/* a random sample may come out larger than it was meant to be */
#define INTAKE_SAMPLE_MARGIN 0.95

/* the workers that a fit may have, and the bytes of rows that it may keep */
extern int    intake_workers(void);
extern uint64 intake_memory(void);

/*
 * Charges what grows with clusters and features, the largest state of a pass in
 * each process, and returns how many of nworkers there is memory for.
 * intake_check_state() raises the error that even one process has not enough.
 */
extern int  intake_plan(Intake *intake, Size state, int nworkers);
extern void intake_check_state(Size state, int k, int nfeatures);

/*
 * Reads the source, whose query and columns intake->scan names, and keeps its
 * rows if segment.work_mem has room for them.
 */
extern void intake_read(Intake *intake, ShareSet *set);

/*
 * Once it is known which rows are used: reads a sample of the table if memory did
 * not hold all, and takes the other rows out of memory.  A filter of NULL keeps all.
 */
extern void intake_choose_rows(Intake *intake, RowFilter filter, const void *context);

/* Is there memory for the rows in memory once more, packed? */
extern bool intake_may_pack(const Intake *intake);

#endif /* SEGMENT_INTAKE_H */
