/*
 * Short rules that say which rows are of a class: at most three conditions, all
 * of which hold.
 */
#ifndef SEGMENT_RULE_SEARCH_H
#define SEGMENT_RULE_SEARCH_H

#define RULE_CONDITIONS 3
#define RULE_VALUES 5 /* in a list of categories */

/* what a condition asks of a value */
typedef enum RuleTest
{
	RULE_AT_LEAST, /* value >= cut */
	RULE_BELOW,    /* value < cut */
	RULE_AMONG,    /* a category that is one of codes */
	RULE_MISSING   /* there is none */
} RuleTest;

typedef struct RuleCondition
{
	int      axis;
	RuleTest test;
	double   cut;
	double   room; /* between the values beside the cut */
	int      ncodes;
	int      codes[RULE_VALUES];
} RuleCondition;

/* hits of the rows that it matches are wanted: of the class */
typedef struct Rule
{
	int           nconditions;
	RuleCondition conditions[RULE_CONDITIONS];
	int64         hits;
	int64         matched;
	int64         wanted; /* rows of the class */
} Rule;

/* A column that rules may ask for. */
typedef struct RuleAxis
{
	bool nominal; /* values are codes of categories, from 0; others are categories without a name */
	bool whole;   /* cuts are whole numbers */
} RuleAxis;

typedef struct RuleTable RuleTable;

/*
 * Takes nrows x naxes values by rows, NaN where one is missing, and the class of
 * each row.  In the current memory context: three bytes a value, or so.
 */
extern RuleTable *rule_table_create(const double *values, int nrows, int naxes, const RuleAxis *axes, const int32 *classes);

extern Rule rule_search(RuleTable *table, int32 wanted);

#endif /* SEGMENT_RULE_SEARCH_H */
