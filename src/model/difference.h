/*
 * What differs between the assignment of the run before and today's rows.
 */
#ifndef SEGMENT_DIFFERENCE_H
#define SEGMENT_DIFFERENCE_H

#include "utils/tuplestore.h"

#include "model/model.h"

/* What a row of an assignment table says: the second segment is 0 where it is null. */
typedef struct Stored
{
	int32  segment;
	float4 distance;
	int32  second_segment;
	float4 margin;
} Stored;

/*
 * Must a row that says before say after now?  It must where a segment is another
 * one, or the margin has moved by more than MOST_STALE, or the distance by more
 * than that share of the distance to the second segment: rows that are so near the
 * truth are left as they are.  A fit that tol stops, by its default a centroid's
 * step of 0.01 standard deviations, does not know distances any better.
 */
#define MOST_STALE 1e-2

extern bool assignment_differs(const Stored *before, const Stored *after);

typedef struct Differences
{
	int64 nrows; /* that the model does not skip */

	/*
	 * Rows that both have, by what they were and the cluster they are in:
	 * (nold + 1) x (k + 1), of which the last row are those of none of the old
	 * segments, the last column those of no cluster.  NULL: they would be too many.
	 */
	int64 *overlap;

	/* key, segment, distance, second_segment, margin; the segment is null where a key goes */
	int64            nkept;
	Tuplestorestate *kept;
	TupleDesc        descriptor;
} Differences;

/*
 * Scores the rows of a query, which are those of the source joined with those
 * of the old assignment: the key, the model's columns by their names, then the
 * old segment, distance, second_segment, margin and ctid, NULL where the row is
 * new, and whether the source has it, NULL where it is gone.  The old segments are
 * given by their numbers, in their order.
 */
extern Differences *differences_find(const char *query, int key_columns, const Model *model, const int32 *old_numbers, int nold);

/* Writes them to a table, on which the caller holds a lock. */
extern void differences_write(const Differences *differences, Oid target, int key_columns);
extern void differences_end(Differences *differences);

#endif /* SEGMENT_DIFFERENCE_H */
