/*
 * Today's rows of a model, and the segments that they belong to.
 */
#ifndef SEGMENT_MEMBERS_H
#define SEGMENT_MEMBERS_H

#include "model/model.h"

/* counts the rows of each cluster; the state is an int64 for each */
extern const Pass members_pass;

/*
 * Prepares up to KERNEL_LANES raw rows, which begin a block, into a block
 * (features x KERNEL_LANES), and finds their clusters, k for a row that is left
 * out as an outlier, with the squared distances of assign_blocks().  raw has room
 * for a row.  Returns how many are not skipped; these come first in the block.
 * Raises what recipe_apply() does, and 22003 for a row too far from all centroids.
 */
extern int members_assign(const PassInput *input, const double *raw_block, int nrows, double *raw, double *block,
						  int32_t *clusters, double *d2, double *second_d2);

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
