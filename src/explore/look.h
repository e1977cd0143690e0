/*
 * Looking at the columns of a query: reading them, in one process or more.
 */
#ifndef SEGMENT_LOOK_H
#define SEGMENT_LOOK_H

#include "prepare/pass_input.h"

/* What a look at some columns reads, and with whom. */
typedef struct Look
{
	const char *relation; /* in messages */
	ScanSource  scan;
	Recipe      recipe; /* a feature a column, as it is, for which the unit is 0; or a model's */
	ShareSet   *set;
	int         nbuffers; /* arrays of a column that a process works with, beside the rows */
} Look;

/* What the first read says of a column, or of a feature of a model; the state of census_pass is one of these a column. */
typedef struct Census
{
	int64  missing;
	Spread values; /* infinite ones included, which make the sum wrong; no squares */
} Census;

/*
 * A look at a query of nkeys key columns and ncolumns others, which are numbers.
 * The names of these go to the features of look->recipe.
 */
extern void look_init(Look *look, const char *relation, const char *query, int nkeys, int ncolumns, int nbuffers);

typedef void (*LookFunction)(Look *look, void *job);

/* Calls work with the parallel workers that it may have; perhaps twice, see share_run(). */
extern void look_run(Look *look, LookFunction work, void *job);

/*
 * Reads the columns once.  source->rows is NULL where segment.work_mem has no
 * room for them, else the team has been begun.  The census is allocated here.
 */
extern Census *look_read(Look *look, RowSource *source);

/* Reads some of the columns, of which it is known how many rows they have; source is as above. */
extern void look_read_some(Look *look, RowSource *source, int first, int n);

/*
 * A random sample that segment.work_mem has room for, by key.  Without a key equal
 * rows are in it together, or not at all, and it may come out too large (NULL).
 */
extern Rows *look_sample(Look *look, int64 nrows);

/* How many columns of so many rows segment.work_mem has room for at a time; may be negative. */
extern int64 look_capacity(const Look *look, int64 nrows);

/* The megabytes that all of the columns take. */
extern int64 look_megabytes(const Look *look, int64 nrows);

/*
 * The values of some rows, feature by feature, each stride from the next, where
 * there must be room for whole blocks.  Those of a model are prepared, and finite.
 * Returns how many rows are not skipped.  look_batch() is a good number of rows for
 * so many columns, of whole blocks.
 */
extern int look_values(const Recipe *recipe, const double *blocks, int nrows, double *values, int stride);
extern int look_batch(int ncolumns);

/* Begins a team to work on the rows in memory, as the two functions above do. */
extern void look_begin(const Look *look, RowSource *source);

/* Ends the team and lets go of the rows. */
extern void look_done(RowSource *source);

/* Raises an error if a column has an infinite value. */
extern void look_check_finite(const Look *look, const Census *census);

/* Copies a column of rows. */
extern void look_gather(const Rows *rows, int column, double *values);

/* The inverse. */
extern void look_scatter(const Rows *rows, int column, const double *values);

/* room for a value of each row */
extern double *look_buffer(const Rows *rows);

extern const Pass census_pass; /* range and mean of columns */

#endif /* SEGMENT_LOOK_H */
