/*
 * The assignment of rows in memory that have their keys beside them.
 */
#ifndef SEGMENT_SCORED_H
#define SEGMENT_SCORED_H

#include "model/model.h"
#include "prepare/pass_input.h"

/* What a row was found to be, with its key behind it. */
typedef struct ScoredRow
{
	int32  segment; /* SEGMENT_SKIPPED: the recipe does; SEGMENT_OUT_OF_REACH */
	float4 distance;
	int32  second_segment;
	float4 margin;
	char   key[FLEXIBLE_ARRAY_MEMBER];
} ScoredRow;

#define SEGMENT_SKIPPED (-2)

typedef struct Scored
{
	Share rows; /* nrows ScoredRows of so many bytes, in the order in which they lie in memory */
	int64 nrows;
	Size  row_bytes;
} Scored;

/* The bytes of a ScoredRow, where int32 is aligned. */
extern Size scored_row_bytes(Size key_bytes);

/*
 * Scores the rows of a source in memory, whose keys are there, as segment_score()
 * does; numbers are those of the clusters.  The source's memory is not needed any
 * more.
 */
extern Scored scored_make(const RowSource *source, const PassInput *input, const int32 *numbers);

/*
 * Writes them to a table, on which the caller holds a lock, in the order of their
 * keys if that is not far from the order in which they are.  Returns how many were
 * not skipped.
 */
extern int64 scored_write(const Scored *scored, Oid target, const KeyLayout *layout);

/* a member's part of scoring */
extern void score_part(const TeamMember *me, const void *arguments);

#endif /* SEGMENT_SCORED_H */
