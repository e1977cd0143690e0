/*
 * How prepared features go together in all rows, and the directions in
 * which these differ most.
 */
#ifndef SEGMENT_COMPONENTS_H
#define SEGMENT_COMPONENTS_H

#include "explore/look.h"

/* at most */
#define COMPONENTS 2

/* NaN stands for what there is not */
typedef struct ComponentsJob
{
	int     nfeatures;
	int     ncomponents;
	int64   rows_read;
	int64   rows;
	double *mean; /* of scaled values, like the next */
	double *stddev;
	double *correlation; /* features x features */
	double *loading;     /* components x features */
	double *explained;
} ComponentsJob;

/* Sets a job, whose memory is allocated here; the recipe prepares the query's columns. */
extern void components_find(ComponentsJob *job, const Recipe *recipe, const SourceColumns *columns, const char *query);

#endif /* SEGMENT_COMPONENTS_H */
