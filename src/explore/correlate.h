/*
 * How columns go together, pair by pair.
 */
#ifndef SEGMENT_CORRELATE_H
#define SEGMENT_CORRELATE_H

#include "explore/look.h"
#include "process/team.h"

/* arrays of a column that a process works with, at most */
#define RANK_BUFFERS 4

typedef struct CorrelateJob
{
	bool    ranks; /* Spearman's coefficients, not Pearson's */
	double *r;     /* columns x columns; NaN where there is no coefficient */
} CorrelateJob;

/* Sets the coefficients of a CorrelateJob. */
extern void correlate_all(Look *look, void *job);

/*
 * Pearson's coefficients of the columns that look_read() has read, and their standard
 * deviations.  Values are finite.
 */
extern void correlate_values(const Look *look, const RowSource *source, const Census *census, double *stddev, double *r);

static inline void
put_coefficient(double *r, int ncolumns, int x, int y, double coefficient)
{
	r[(Size) x * ncolumns + y] = r[(Size) y * ncolumns + x] = coefficient;
}

/* The same for ranks, once the columns are read. */
extern void correlate_by_rank(Look *look, RowSource *source, double *r);

/* a member's parts of that */
extern void rank_part(const TeamMember *me, const void *arguments);
extern void correlate_part(const TeamMember *me, const void *arguments);

extern const Pass products_pass; /* products of columns */

#endif /* SEGMENT_CORRELATE_H */
