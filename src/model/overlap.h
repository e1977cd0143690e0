/*
 * Counting which rows of an older model's segments are in which clusters.
 */
#ifndef SEGMENT_OVERLAP_H
#define SEGMENT_OVERLAP_H

#include "cluster/identity.h"
#include "model/model.h"

extern const Pass overlap_pass;

/*
 * What the pass is told of old segments, behind the clusters of its input: where
 * to find the segment of a row, which is in a raw column of its own, or else what
 * the older model says.
 */
typedef struct OverlapOld
{
	int              nold;
	const int32     *numbers; /* nold, ascending */
	int              column;  /* raw column of the old segment's number, or -1 */
	const PassInput *model;   /* whose raw columns are those of the rows; looked at if there is no such column */
	const int32     *places;  /* the old segment of each of its clusters, or -1 */
	const double    *reaches; /* and how far its rows are from its centroid, scaled units */
} OverlapOld;

/*
 * The input of the pass: recipe and clusters are of today.  The state are two
 * tables of int64 as in Evidence: rows within reach, and all; the same if segments
 * are known.
 */
extern FlatInput overlap_flatten(const PassInput *clusters, const OverlapOld *old);

#endif /* SEGMENT_OVERLAP_H */
