/*
 * The rows that a clustering works on.
 */
#ifndef SEGMENT_CLUSTER_ROWS_H
#define SEGMENT_CLUSTER_ROWS_H

#include "cluster/packed.h"
#include "cluster/run.h"

/*
 * What a clustering works on: starts are looked for on a sample, the best is
 * finished on all rows in memory, and on those in the table if memory does not
 * hold all.
 */
typedef struct ClusterRows
{
	RowSource    *all;    /* in memory or in the table */
	RowSource    *memory; /* the same, or a larger sample of the table */
	const Recipe *recipe;
	PackedRows    packed; /* those in memory */
	Matrix        shape;  /* of those in memory: everything but the blocks */
	Matrix       *sample;
	bool          sample_is_all;
	int           k_max; /* the largest k that will be asked for */
	Seeds         seeds; /* shared by searches on the sample, once there was one for less than k_max */
} ClusterRows;

/*
 * sample_rows is a random sample of the rows in memory, NULL for all of them.  may_pack:
 * there is memory for these once more.  All that is made lives in a context of its own, until cluster_rows_free().
 */
extern ClusterRows *cluster_rows_create(RowSource *all, RowSource *memory, const Recipe *recipe,
										Rows *sample_rows, int k_max, bool may_pack);

extern void cluster_rows_free(ClusterRows *rows);

/*
 * The error when more centroids are asked for than there are distinct rows
 * that weigh anything.
 */
extern void cluster_check_k(const ClusterRows *rows, int k);

#endif /* SEGMENT_CLUSTER_ROWS_H */
