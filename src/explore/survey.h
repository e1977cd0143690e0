/*
 * What a fit wants to know of columns before it makes features of them.
 */
#ifndef SEGMENT_SURVEY_H
#define SEGMENT_SURVEY_H

#include "explore/look.h"
#include "number/exact_sum.h"

/* values of a column that are told apart */
#define SURVEY_VALUES 12

#define SURVEY_POWERS 3

typedef struct Survey
{
	int64  n; /* values that are there */
	int64  missing;
	double min; /* infinite without values */
	double max;
	bool   whole;                 /* no value has a fraction */
	int    distinct;              /* of the values, one more than SURVEY_VALUES if they are more */
	double values[SURVEY_VALUES]; /* in any order, as long as they are not more */

	/*
	 * The value that more than half have, if one does, which has at least so many
	 * votes: R. S. Boyer and J S. Moore, "MJRTY - A fast majority vote algorithm",
	 * 1981.
	 */
	double majority;
	int64  votes;

	bool     has_skewness;          /* no value is negative, or too large */
	ExactSum powers[SURVEY_POWERS]; /* sums of the values, their squares and their cubes */
} Survey;

typedef struct SurveyJob
{
	int64   nrows;
	Survey *columns;
} SurveyJob;

/* Sets the result of a SurveyJob: one read, which keeps no row. */
extern void survey_all(Look *look, void *job);

/* of the values, NaN where these do not vary, or some are negative or too large */
extern double survey_skewness(const Survey *survey);

extern const Pass survey_pass;

#endif /* SEGMENT_SURVEY_H */
