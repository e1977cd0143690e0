/*
 * A fitted model in one value, and scoring rows with it.
 */
#ifndef SEGMENT_MODEL_H
#define SEGMENT_MODEL_H

#include "cluster/cluster.h"
#include "prepare/recipe_apply.h"
#include "rows/columns.h"

/* columns, recipe and centroids, all that scoring needs */
typedef struct Model
{
	SourceColumns *columns;
	Recipe         recipe;
	int            k;
	int32         *numbers;   /* segment number of each centroid, from 1, each once */
	double        *centroids; /* k x features, prepared; in the order of their coordinates */

	/* see assign_blocks() */
	double *offsets; /* k, or NULL */
	bool    trimmed; /* rows farther than cut are in segment 0 */
	double  cut;
} Model;

/* segment of a row that is too far away to measure a distance */
#define SEGMENT_OUT_OF_REACH (-1)

/* Where a row belongs: 0 if it is left out, and the second is the nearest then. */
typedef struct Assignment
{
	int32  segment;
	int32  second_segment; /* 0 if there is one segment only */
	float4 distance;
	float4 second_distance;
	float4 margin;
} Assignment;

/*
 * A model of those of a source's columns that the recipe looks at.
 */
extern bytea *model_serialize(const SourceColumns *columns, const Recipe *recipe,
							  const Clustering *clustering);

/* The same value again, of a model that was read. */
extern bytea *model_serialize_again(const Model *model);

/*
 * Everything that the value says is checked here: a model that was read can be
 * relied on, whoever has made it up.  One of another format is an error, which
 * calls the model by its name, if not NULL.
 */
extern Model *model_deserialize(const bytea *compiled, const char *name);
extern bool   model_is_of_this_format(const bytea *compiled);

/* Do two models' features stand for the same? */
extern bool model_same_feature(const SourceColumns *columns, const FeatureRecipe *feature,
							   const SourceColumns *others, const FeatureRecipe *other);

/*
 * Scores up to KERNEL_LANES rows that recipe_apply() has put into the lanes of
 * one block (nfeatures x KERNEL_LANES, aligned as palloc_blocks() does).  Rows
 * that are too far away to measure a distance are for the caller to report.
 */
extern void             model_score_block(const Model *model, const double *block, int nrows,
										  Assignment *assignments);
pg_noreturn extern void model_report_far(void);

/* Fills the target table of a fit; see write.c. */
extern int64 write_assignment(Oid target, const char *query, int key_columns,
							  const Model *model);

#endif /* SEGMENT_MODEL_H */
