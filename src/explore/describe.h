/*
 * Figures of the columns of a query.
 */
#ifndef SEGMENT_DESCRIBE_H
#define SEGMENT_DESCRIBE_H

#include "explore/look.h"
#include "number/moments.h"
#include "process/team.h"

/* arrays of a column that a process works with */
#define DESCRIBE_BUFFERS 2

/* those of 1, 5, 25, 50, 75, 95 and 99 percent */
#define DESCRIBE_QUANTILES 7

/* of values that are equally common, so many are named */
#define DESCRIBE_MODES 64

/* beyond which values count as outliers */
typedef struct FenceRule
{
	bool   zscore;
	double threshold;
} FenceRule;

typedef struct ColumnFigures
{
	bool    token;
	bool    finite; /* and not without values */
	int64   missing;
	Moments moments;
	double  quantiles[DESCRIBE_QUANTILES];
	double  lower;
	double  upper;
	int64   outliers;
	int64   distinct;
	double  modes[DESCRIBE_MODES]; /* the most common values, the least of them first */
	int64   mode_ties;             /* how many these are, were there room; 0: not known */
	int64   mode_rows;             /* that each of them has, of n_counted */
	int64   n_counted;
} ColumnFigures;

typedef struct DescribeJob
{
	const bool    *tokens;
	FenceRule      rule;
	bool           counting; /* distinct and most common values are asked for */
	int64          nrows;
	ColumnFigures *figures;
} DescribeJob;

/* Sets the figures of a DescribeJob. */
extern void describe_all(Look *look, void *job);

/* a member's part of it */
extern void describe_part(const TeamMember *me, const void *arguments);

extern const Pass shape_pass; /* moments, outliers, distinct values */

#endif /* SEGMENT_DESCRIBE_H */
