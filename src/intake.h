/*-------------------------------------------------------------------------
 *
 * intake.h
 *	  The rows of a fit come into memory, as far as it may use it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SEGMENT_INTAKE_H
#define SEGMENT_INTAKE_H

#include "source.h"

typedef struct Intake
{
	RowSource  all;         /* the rows in memory, or the table */
	RowSource  memory;      /* the same, or a sample of the table that memory holds */
	Rows      *sample_rows; /* a small sample of those in memory; NULL: they are few */
	ScanSource scan;
	int64      seed;
	int        k;
} Intake;

/* the workers that a fit may have, and the bytes of rows that it may keep */
extern int    intake_workers(void);
extern uint64 intake_memory(void);

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
