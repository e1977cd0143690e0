/*-------------------------------------------------------------------------
 *
 * components.h
 *	  How prepared features go together in all rows, and the directions in
 *	  which these differ most.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SEGMENT_COMPONENTS_H
#define SEGMENT_COMPONENTS_H

#include "number/moments.h"
#include "prepare/pass_input.h"

/* at most */
#define COMPONENTS 2

typedef struct ComponentsJob
{
	ScanSource    scan;
	const Recipe *recipe;
	int           nfeatures;
	int           ncomponents;
	SpreadCentre *centres;   /* of each feature; the scale is the steps in a prepared unit */
	double       *deviation; /* mean, in steps */
	double       *variance;  /* in square steps */

	/* the result, where NaN stands for what there is not */
	int64   rows_read;
	int64   rows;
	double *mean; /* of scaled values, like the next */
	double *stddev;
	double *correlation; /* features x features */
	double *loading;     /* components x features */
	double *explained;
} ComponentsJob;

/* The query has the columns, which the recipe prepares.  What the job has is allocated here. */
extern void components_init(ComponentsJob *job, const Recipe *recipe, const SourceColumns *columns, const char *query);

extern void components_run(ComponentsJob *job);

extern const Pass covariance_pass; /* products of prepared features */

#endif /* SEGMENT_COMPONENTS_H */
