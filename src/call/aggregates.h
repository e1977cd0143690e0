/*
 * What the building blocks of call/ share: checks of arguments, the nearest
 * centroid, and rows that an aggregate collects in memory.
 */
#ifndef SEGMENT_AGGREGATES_H
#define SEGMENT_AGGREGATES_H

#include "fmgr.h"

/* the context of the aggregate's state; an error outside of an aggregate */
extern MemoryContext aggregate_context(FunctionCallInfo fcinfo);

extern void check_state(bool fine, const char *of);
extern void check_argument(FunctionCallInfo fcinfo, int argument, const char *name);
extern void check_same_columns(int nfeatures, int ncolumns, const char *name);

/*
 * The index of the nearest of k centroids, the lower of equally near ones,
 * and the squared distance to it, which is infinite beyond a double's range.
 */
extern int nearest_centroid(const double *features, const double *centroids, int k, int nfeatures,
							double *nearest_d2);

/* what the aggregates that collect rows are asked for; unused fields are 0 */
typedef struct RowOptions
{
	int32 method;
	int32 k;
	int64 seed;
} RowOptions;

/* one piece of memory; all but capacity and what lies beyond nrows is sent between processes */
typedef struct RowSet
{
	RowOptions options;
	int64      nfeatures;
	int64      nrows;
	int64      capacity;                      /* rows that values has room for */
	double     values[FLEXIBLE_ARRAY_MEMBER]; /* by rows */
} RowSet;

/*
 * The state in argument 0, made at the first row, with one more row, whose
 * values are for the caller to set at *values.
 */
extern RowSet *row_set_add(FunctionCallInfo fcinfo, const RowOptions *options, int nfeatures,
						   double **values);

/* the same for a row without features */
extern Datum row_set_unchanged(FunctionCallInfo fcinfo);

/* that state for a final function */
extern const RowSet *row_set_get(FunctionCallInfo fcinfo);

#endif /* SEGMENT_AGGREGATES_H */
