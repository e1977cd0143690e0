/*-------------------------------------------------------------------------
 *
 * intake.h
 *	  The rows of a fit come into memory, as far as it may use it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SEGMENT_INTAKE_H
#define SEGMENT_INTAKE_H

#include "rows/source.h"

typedef struct Intake
{
	RowSource  all;         /* the rows in memory, or the table */
	RowSource  memory;      /* the same, or a sample of the table that memory holds */
	Rows      *sample_rows; /* a small sample of those in memory; NULL: they are few */
	ScanSource scan;
	int64      seed;
	int        k;
	uint64     charged; /* bytes that rows cannot have, see intake_plan() */
} Intake;

/* the workers that a fit may have, and the bytes of rows that it may keep */
extern int    intake_workers(void);
extern uint64 intake_memory(void);

/*
 * Charges what grows with clusters and features, and returns how many of
 * nworkers there is memory for.  intake_check_states() raises the error that
 * even one process has not enough.
 */
extern int  intake_plan(Intake *intake, const Recipe *recipe, int nworkers);
extern void intake_check_states(int k, int nfeatures);

/*
 * Reads the source, whose query and columns intake->scan names, and keeps its
 * rows if segment.work_mem has room for them.  k is the largest asked for.
 */
extern void intake_read(Intake *intake, ShareSet *set, const Recipe *recipe);

/*
 * Once the recipe is fitted: takes rows that it skips out of memory, and reads
 * a sample of the table if memory did not hold all.
 */
extern void intake_settle(Intake *intake, const Recipe *recipe);

#endif /* SEGMENT_INTAKE_H */
