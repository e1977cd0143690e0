/*
 * The job of segment_internal_fit(): what it is asked for, and what comes out.
 */
#ifndef SEGMENT_FIT_JOB_H
#define SEGMENT_FIT_JOB_H

#include "fmgr.h"

#include "call/arrays.h"
#include "cluster/bisect.h"
#include "cluster/identity.h"
#include "cluster/redundant.h"
#include "cluster/silhouette.h"
#include "cluster/stability.h"
#include "cluster/structure.h"
#include "model/difference.h"
#include "model/drift.h"
#include "model/model.h"
#include "model/profile.h"
#include "model/scored.h"
#include "rows/intake.h"

/* a segment of the run before */
typedef struct OldSegment
{
	int32  number;
	int64  rows;   /* 0: unknown */
	double spread; /* mean distance of its rows to its centroid, scaled units; 0: unknown */
	double own;    /* see Evidence.own */
} OldSegment;

typedef struct FitJob
{
	/* what was asked for; points into the call's arguments */
	char          *source;
	char          *query;
	int            key_columns;
	Oid            target;
	SourceColumns *columns;
	char          *weight_name; /* of the last of these, which holds the rows' weights; NULL: none */
	int            nfeatures;   /* before those without spread are dropped; rules without weight follow */
	int           *asked;       /* of each of these: its number among those of the recipe, where a vector is one */
	bool           keep_constant;
	bool           drop_repeated; /* features that say the same as others */
	const double  *start;         /* nstart x nfeatures in original units, or NULL */
	int            nstart;
	int            k_min;
	int            k_max;
	double         min_share;
	const bytea   *previous;
	bool           renumber;      /* after it */
	int32          first_segment; /* of a group's fit: where new segments count from, and best is NULL for too few distinct rows; else 0 */
	LloydOptions   options;
	bool           bisecting;
	const int32   *splits;    /* the tree whose leaves the starting centroids are, see bisect.h; or NULL */
	int            resamples; /* on which each k is looked for again */

	/* what came out */
	Recipe       recipe;
	int         *figures;  /* see recipe_figures() */
	int         *asked_of; /* of each of these: its number among those asked for */
	int         *kept;     /* position of each of the recipe's features among those asked for */
	Intake       intake;
	ClusterRows *rows;
	Clustering  *best;
	Clustering **candidates; /* those of k_min to k_max, perhaps one of k = 1 before; figures only */
	int          ncandidates;
	Profile     *profile;

	Silhouette silhouette; /* of the best, estimated */
	double    *stability;  /* of each candidate, if resamples are asked for: see Stability.mean */

	RedundantPair *repeated; /* of features by their positions among those asked for */
	int            nrepeated;

	bool      criteria; /* asked for: the gap of each candidate */
	Structure structure;

	Bisection *tree;  /* that this fit has made; NULL: none */
	TreeNode  *nodes; /* 2k - 1; NULL: not bisecting */
	double     max_share;

	/* the run before: see fit_identity.c */
	OldSegment *old; /* ascending by number; NULL: there is none */
	int         nold;
	char       *known;    /* query of the rows that both runs have, the old segment last; NULL: not to be counted */
	int32       highest;  /* number that any segment ever had */
	double      survival; /* thresholds */
	double      split;
	int32      *ranks; /* numbers of the clusters by size */
	Evidence    evidence;
	Identity    identity;

	/* a refresh, after the previous model */
	const int32 *leaves; /* nleaves: the segments of the previous model in the order of its tree's, see splits; or NULL */
	int          nleaves;
	int          refit_k; /* as many segments unless their number is to be chosen and others are clearly better; 0: no refresh */
	bool         looking; /* for such others */
	const Model *before;  /* what previous holds; NULL: none, or of another version */
	double      *warm;    /* its centroids in today's prepared coordinates; NULL without a warm start */
	BetterK      better;  /* a number of segments that is clearly better */

	/* of a refresh whose assignment stays, which has no target: what it differs in */
	char        *joined;      /* query for differences_find(), or NULL */
	char        *make_target; /* statement that makes the table for them, run if there are any */
	Differences *differences;

	const Model *model; /* the previous one, by which rows are judged as it is; NULL: cluster */
	Bins        *bins;  /* how the values of each feature are spread, for segment_drift(); NULL: not known */

	Scored scored; /* the rows, if their keys are in memory: they are written, and not read again */
} FitJob;

/* fit_arguments.c: everything that is read is checked; what a job is called in segment_progress */
extern char *fit_name(FunctionCallInfo fcinfo);
extern void  fit_read_arguments(FunctionCallInfo fcinfo, FitJob *job);

/* fit_identity.c: the argument "before", what it says beside k clusters of so many rows, and what becomes of its segments */
extern void     fit_read_before(HeapTupleHeader record, FitJob *job);
extern Evidence fit_evidence(const FitJob *job, int k, const int64 *rows);
extern void     fit_identify(FitJob *job, ShareSet *set);
extern bool     fit_identify_again(FitJob *job);

/* fit_result.c: a segment_internal.transition, and the row that the function returns */
extern void      fit_put_transition(RecordWriter *row, const Transition *transition, const int32 *old_numbers, const int32 *numbers);
extern HeapTuple fit_form_result(FunctionCallInfo fcinfo, const FitJob *job, bytea *compiled, const Model *model);

#endif /* SEGMENT_FIT_JOB_H */
