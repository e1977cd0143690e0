/*
 * Today's rows of a model, and the segments that they belong to.
 */
#ifndef SEGMENT_MEMBERS_H
#define SEGMENT_MEMBERS_H

#include "model/model.h"

/* counts the rows of each cluster; the state is an int64 for each */
extern const Pass members_pass;

/* Clusters stand as the model has its centroids. */
typedef struct Members
{
	int64  *sizes;    /* k: rows that the model does not skip */
	int64   nrows;    /* of all clusters */
	double *values;   /* nrows x features, prepared */
	int32  *clusters; /* nrows */
} Members;

/*
 * Reads a query of the model's columns, in their order, with the workers that it
 * may have.  Without keep, rows are counted only.  54000 where segment.work_mem
 * has no room for rows that are kept, 22003 where one is too far from all
 * centroids.
 */
extern Members members_read(ShareSet *set, const Model *model, const char *query, bool keep);

#endif /* SEGMENT_MEMBERS_H */
