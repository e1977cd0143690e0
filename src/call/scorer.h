/*
 * What a call site of a scoring function remembers: the model, and where its
 * features are in the rows that come.
 */
#ifndef SEGMENT_SCORER_H
#define SEGMENT_SCORER_H

#include "fmgr.h"

#include "call/group.h"
#include "model/model.h"

/* as of which snapshot a model was looked up; without padding */
typedef struct Seen
{
	uint64        completed;
	TransactionId xmin;
	TransactionId xmax;
	uint64        command_id;
} Seen;

/* A group of a model that has groups, else all that it is. */
typedef struct ScorerGroup
{
	char **values; /* of the columns that the model is grouped by, NULL for a null */
	Model *model;

	/* labels in the order of the segments' numbers, 0 as well if rows are left out; NULL if looked up by value */
	Datum *labels;
	bool  *unlabelled;
	int    nlabels;
} ScorerGroup;

/* What a call site remembers; everything is in context. */
typedef struct Scorer
{
	MemoryContext   context;
	struct varlena *argument; /* the model's name or compiled form as it was passed, perhaps toasted */
	Model          *model;    /* of the row at hand */
	const Kernel   *kernel;
	double         *raw;     /* one row */
	double         *block;   /* one block, of which the first lane is used */
	ColumnReader   *readers; /* of each of the model's columns */

	/* by name */
	char *name;
	Seen  seen;

	/* its groups by their values, the one of the row at hand, and what the model is grouped by */
	ScorerGroup *groups;
	int          ngroups;
	ScorerGroup *group; /* NULL if looked up by value */
	int          ngroup_columns;
	char       **group_columns;
	GroupReader *group_readers;

	/* where the columns are in the row type last seen */
	RowValues     row;
	MemoryContext row_context; /* what depends on the row type */

	/* for segment_explain(), once it has looked; names in the order of the recipe's features */
	Datum  *features;
	double *means; /* k x features, original units; in the order of labels; NaN where there is none */
} Scorer;

extern bool       scorer_is_of(const Scorer *scorer, Datum argument);
extern Scorer    *scorer_create(FmgrInfo *flinfo, Datum argument);
extern void       scorer_set_model(Scorer *scorer, const bytea *compiled, const char *name);
extern Scorer    *scorer_by_name(FunctionCallInfo fcinfo);
extern bool       scorer_take_row(Scorer *scorer, FunctionCallInfo fcinfo);
extern Assignment scorer_assign(const Scorer *scorer);
extern int        scorer_place(const Scorer *scorer, int32 segment);
extern void       scorer_look_at_profile(Scorer *scorer);
extern void       scorer_read(Scorer *scorer, const NullableDatum *values);

#endif /* SEGMENT_SCORER_H */
