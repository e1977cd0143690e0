/*
 * SQL functions that score rows: segment_predict, segment_score,
 * segment_distances, segment_explain, segment_internal_place,
 * segment_internal_assign.
 *
 * All but the last look a model up by name, as the caller may see it, and take
 * the features from a row of any type by their names.  Both look-ups are
 * remembered in the function's call site: the model as long as the snapshot
 * is the same, so that a later statement sees a refreshed model, the
 * attributes as long as the row type is the same.
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "call/arrays.h"
#include "call/group.h"
#include "model/model.h"
#include "process/settings.h"

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

	/* labels in the order of the segments' numbers; NULL if looked up by value */
	Datum *labels;
	bool  *unlabelled;
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

/* Did this call site see the same argument before? */
static bool
scorer_is_of(const Scorer *scorer, Datum argument)
{
	const void *given = DatumGetPointer(argument);

	return scorer != NULL && VARSIZE_ANY(scorer->argument) == VARSIZE_ANY(given) &&
		   memcmp(scorer->argument, given, VARSIZE_ANY(given)) == 0;
}

static Scorer *
scorer_create(FmgrInfo *flinfo, Datum argument)
{
	const void   *given = DatumGetPointer(argument);
	MemoryContext context;
	Scorer       *scorer = flinfo->fn_extra;

	flinfo->fn_extra = NULL;
	if (scorer != NULL)
		MemoryContextDelete(scorer->context);
	context = AllocSetContextCreate(flinfo->fn_mcxt, "segment scorer",
									ALLOCSET_DEFAULT_SIZES);
	scorer = MemoryContextAllocZero(context, sizeof(Scorer));
	scorer->context = context;
	scorer->row_context = AllocSetContextCreate(context, "segment scorer row type",
												ALLOCSET_SMALL_SIZES);
	scorer->argument = MemoryContextAlloc(context, VARSIZE_ANY(given));
	memcpy(scorer->argument, given, VARSIZE_ANY(given));
	return scorer;
}

static void
scorer_set_model(Scorer *scorer, const bytea *compiled, const char *name)
{
	MemoryContext old_context = MemoryContextSwitchTo(scorer->context);

	scorer->model = model_deserialize(compiled, name);
	scorer->kernel = segment_kernel();
	scorer->raw = palloc(sizeof(double) * scorer->model->columns->nraw);
	scorer->block = palloc_blocks(1, scorer->model->recipe.nfeatures, sizeof(double));
	scorer->readers = palloc(sizeof(ColumnReader) * scorer->model->columns->ncolumns);
	MemoryContextSwitchTo(old_context);
}

/* ---- Looking a model up by name ---- */

static void
report_incomplete(const char *name)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("model \"%s\" is not complete in the catalog", name),
			 errdetail("Its compiled form is missing, or has other segments."),
			 errhint("Fit it anew: SELECT segment_refresh(%s);", quote_literal_cstr(name))));
}

/*
 * A column of a row that was found.
 */
static Datum
found(int row, int column, const char *name)
{
	bool  isnull;
	Datum value = SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column, &isnull);

	if (isnull)
		report_incomplete(name);
	return value;
}

/*
 * The texts of an array, NULL for a null, in the scorer's context.
 */
static char **
read_texts(const Scorer *scorer, Datum array, int *n)
{
	MemoryContext old_context = MemoryContextSwitchTo(scorer->context);
	Datum        *texts;
	bool         *nulls;
	char        **result;

	deconstruct_array(DatumGetArrayTypeP(array), TEXTOID, -1, false, TYPALIGN_INT, &texts, &nulls, n);
	result = palloc(sizeof(char *) * Max(*n, 1));
	for (int i = 0; i < *n; i++)
		result[i] = nulls[i] ? NULL : TextDatumGetCString(texts[i]);
	MemoryContextSwitchTo(old_context);
	return result;
}

/*
 * All groups read the same columns in the same way, so that they share what is
 * bound to a row type.
 */
static bool
same_columns(const Model *a, const Model *b)
{
	if (a->columns->ncolumns != b->columns->ncolumns || a->columns->nraw != b->columns->nraw ||
		a->recipe.nfeatures != b->recipe.nfeatures)
		return false;
	for (int c = 0; c < a->columns->ncolumns; c++)
	{
		const SourceColumn *x = &a->columns->columns[c];
		const SourceColumn *y = &b->columns->columns[c];

		if (strcmp(x->name, y->name) != 0 || x->kind != y->kind || x->width != y->width ||
			x->missing_category != y->missing_category || x->ncategories != y->ncategories)
			return false;
		for (int i = 0; i < x->ncategories; i++)
			if (strcmp(x->categories[i], y->categories[i]) != 0)
				return false;
	}
	return true;
}

static int
compare_values(char *const *a, char *const *b, int n)
{
	for (int i = 0; i < n; i++)
	{
		int order = a[i] == NULL || b[i] == NULL ? (a[i] == NULL) - (b[i] == NULL) : strcmp(a[i], b[i]);

		if (order != 0)
			return order;
	}
	return 0;
}

static int
compare_groups(const void *a, const void *b, void *scorer)
{
	return compare_values(((const ScorerGroup *) a)->values, ((const ScorerGroup *) b)->values,
						  ((const Scorer *) scorer)->ngroup_columns);
}

static void
scorer_use(Scorer *scorer, ScorerGroup *group)
{
	scorer->group = group;
	scorer->model = group->model;
}

static void
read_group(Scorer *scorer, int row, const char *name)
{
	ScorerGroup  *group = &scorer->groups[row];
	MemoryContext old_context;
	int           n;

	if (row == 0)
		scorer_set_model(scorer, DatumGetByteaPP(found(row, 1, name)), name);
	old_context = MemoryContextSwitchTo(scorer->context);
	group->model = row == 0 ? scorer->model : model_deserialize(DatumGetByteaPP(found(row, 1, name)), name);
	deconstruct_array(DatumGetArrayTypePCopy(found(row, 2, name)), TEXTOID, -1, false, TYPALIGN_INT,
					  &group->labels, &group->unlabelled, &n);
	MemoryContextSwitchTo(old_context);
	if (n != group->model->k || !same_columns(group->model, scorer->model))
		report_incomplete(name);
	if (scorer->ngroup_columns == 0)
		return;
	group->values = read_texts(scorer, found(row, 4, name), &n);
	if (n != scorer->ngroup_columns)
		report_incomplete(name);
}

/*
 * Reads the compiled model and its labels from the catalog, under the
 * caller's rights: a row, or one for each group.
 */
static void
scorer_look_up(Scorer *scorer, const char *name)
{
	Datum argument = CStringGetTextDatum(name);
	Datum group_by;
	bool  isnull;

	SPI_connect();
	if (SPI_execute_with_args("SELECT compiled, labels, group_by, group_values FROM segment_internal.compiled($1)", 1, (Oid[]){TEXTOID}, &argument, NULL, true, 0) != SPI_OK_SELECT ||
		SPI_processed < 1)
		report_incomplete(name);
	scorer->name = MemoryContextStrdup(scorer->context, name);
	scorer->ngroups = (int) SPI_processed;
	group_by = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 3, &isnull);
	if (!isnull)
	{
		scorer->group_columns = read_texts(scorer, group_by, &scorer->ngroup_columns);
		for (int i = 0; i < scorer->ngroup_columns; i++)
			if (scorer->group_columns[i] == NULL)
				report_incomplete(name);
		scorer->group_readers = MemoryContextAlloc(scorer->context, sizeof(GroupReader) * Max(scorer->ngroup_columns, 1));
	}
	if (scorer->ngroups != 1 && scorer->ngroup_columns == 0)
		report_incomplete(name);
	scorer->groups = MemoryContextAllocZero(scorer->context, sizeof(ScorerGroup) * scorer->ngroups);
	for (int i = 0; i < scorer->ngroups; i++)
	{
		CHECK_FOR_INTERRUPTS();
		read_group(scorer, i, name);
	}
	qsort_arg(scorer->groups, scorer->ngroups, sizeof(ScorerGroup), compare_groups, scorer);
	scorer_use(scorer, &scorer->groups[0]);
	SPI_finish();
}

static Scorer *
scorer_by_name(FunctionCallInfo fcinfo)
{
	Snapshot snapshot = GetActiveSnapshot();
	Seen     seen = {snapshot->snapXactCompletionCount, snapshot->xmin, snapshot->xmax, snapshot->curcid};
	Scorer  *scorer = fcinfo->flinfo->fn_extra;

	if (scorer_is_of(scorer, PG_GETARG_DATUM(0)) && memcmp(&scorer->seen, &seen, sizeof(Seen)) == 0)
		return scorer;
	scorer = scorer_create(fcinfo->flinfo, PG_GETARG_DATUM(0));
	scorer_look_up(scorer, text_to_cstring(PG_GETARG_TEXT_PP(0)));
	scorer->seen = seen;
	return fcinfo->flinfo->fn_extra = scorer;
}

/* ---- Taking the features from a row ---- */

static void
scorer_bind_row_type(Scorer *scorer, HeapTupleHeader header)
{
	const SourceColumns *columns = scorer->model->columns;
	MemoryContext        old_context;
	RowValues            row;

	/* nothing is bound while there may be an error */
	scorer->row.type = InvalidOid;
	MemoryContextReset(scorer->row_context);
	old_context = MemoryContextSwitchTo(scorer->row_context);
	row = row_values_of(header);
	for (int c = 0; c < columns->ncolumns; c++)
	{
		const SourceColumn *column = &columns->columns[c];
		int                 place = column_attribute(column, row.descriptor, 0);

		if (place < 0)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("the row has no column \"%s\", a feature of model \"%s\"", column->name, scorer->name),
					 errhint("Pass a row with all features under their names, as in SELECT segment_predict('%s', c) FROM new_customers c.",
							 scorer->name)));
		column_reader_init(&scorer->readers[c], column, TupleDescAttr(row.descriptor, place)->atttypid, place);
	}
	for (int i = 0; i < scorer->ngroup_columns; i++)
	{
		const char *column = scorer->group_columns[i];
		int         place = 0;

		while (place < row.descriptor->natts && (TupleDescAttr(row.descriptor, place)->attisdropped ||
												 strcmp(NameStr(TupleDescAttr(row.descriptor, place)->attname), column) != 0))
			place++;
		if (place == row.descriptor->natts)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("the row has no column \"%s\", by which model \"%s\" is grouped", column, scorer->name),
					 errhint("Pass a row with it and with all features under their names.")));
		group_reader_init(&scorer->group_readers[i], column, TupleDescAttr(row.descriptor, place)->atttypid, place);
	}
	MemoryContextSwitchTo(old_context);
	scorer->row = row;
}

static void
scorer_read(Scorer *scorer, const NullableDatum *values)
{
	columns_read(scorer->readers, scorer->model->columns->ncolumns, values, scorer->raw, 1);
}

/*
 * Takes the group that a row is of; false if it has no model.
 */
static bool
scorer_find_group(Scorer *scorer, const NullableDatum *row)
{
	int         n = scorer->ngroup_columns;
	char      **values = palloc(sizeof(char *) * n);
	ScorerGroup wanted = {.values = values};
	int         low = 0;
	int         high = scorer->ngroups;

	for (int i = 0; i < n; i++)
	{
		NullableDatum value = row[scorer->group_readers[i].place];

		values[i] = value.isnull ? NULL : group_text(&scorer->group_readers[i], value.value);
	}
	if (compare_groups(&wanted, scorer->group, scorer) == 0)
		return true;
	while (low < high)
	{
		int middle = (low + high) / 2;
		int order = compare_groups(&wanted, &scorer->groups[middle], scorer);

		if (order == 0)
		{
			scorer_use(scorer, &scorer->groups[middle]);
			return true;
		}
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return false;
}

/*
 * Prepares the row in argument 1 into the first lane of the block; false if
 * the recipe skips it, or its group has no model.
 */
static bool
scorer_take_row(Scorer *scorer, FunctionCallInfo fcinfo)
{
	HeapTupleHeader      row = PG_GETARG_HEAPTUPLEHEADER(1);
	const NullableDatum *values;

	if (!row_values_match(&scorer->row, row))
		scorer_bind_row_type(scorer, row);
	values = row_values_take(&scorer->row, row);
	if (scorer->ngroup_columns > 0 && !scorer_find_group(scorer, values))
		return false;
	scorer_read(scorer, values);
	return recipe_apply(&scorer->model->recipe, scorer->raw, scorer->block, KERNEL_LANES);
}

static Assignment
scorer_assign(const Scorer *scorer)
{
	Assignment assignment;

	model_score_block(scorer->model, scorer->kernel, scorer->block, 1, &assignment);
	if (assignment.segment == 0)
		model_report_far();
	return assignment;
}

/*
 * Where a segment stands among labels, which are in the order of numbers.
 */
static int
scorer_place(const Scorer *scorer, int32 segment)
{
	int place = 0;

	for (int c = 0; c < scorer->model->k; c++)
		place += scorer->model->numbers[c] < segment;
	return place;
}

/*
 * The assignment; with the segment's label, if the scorer knows labels.
 */
static Datum
form_assignment(FunctionCallInfo fcinfo, const Scorer *scorer, const Assignment *assignment)
{
	RecordWriter row = record_result(fcinfo);
	bool         alone = assignment->second_segment == 0;

	record_put_int32(&row, assignment->segment);
	if (scorer->group != NULL)
	{
		int place = scorer_place(scorer, assignment->segment);

		record_put(&row, scorer->group->labels[place], scorer->group->unlabelled[place]);
	}
	record_put(&row, Float4GetDatum(assignment->distance), false);
	record_put(&row, Int32GetDatum(assignment->second_segment), alone);
	record_put(&row, Float4GetDatum(assignment->second_distance), alone);
	record_put(&row, Float4GetDatum(assignment->margin), false);
	return HeapTupleGetDatum(record_form(&row));
}

/* ---- The functions ---- */

/*
 * segment_predict(model text, customer record) -> integer: the row's segment,
 * NULL if the model's recipe skips the row, or its group has no model.
 */
PG_FUNCTION_INFO_V1(segment_predict);
Datum
segment_predict(PG_FUNCTION_ARGS)
{
	Scorer *scorer = scorer_by_name(fcinfo);

	if (!scorer_take_row(scorer, fcinfo))
		PG_RETURN_NULL();
	PG_RETURN_INT32(scorer_assign(scorer).segment);
}

/*
 * segment_score(model text, customer record) -> (segment, label, distance,
 * second_segment, second_distance, margin), distances in scaled space.
 */
PG_FUNCTION_INFO_V1(segment_score);
Datum
segment_score(PG_FUNCTION_ARGS)
{
	Scorer    *scorer = scorer_by_name(fcinfo);
	Assignment assignment;

	if (!scorer_take_row(scorer, fcinfo))
		PG_RETURN_NULL();
	assignment = scorer_assign(scorer);
	return form_assignment(fcinfo, scorer, &assignment);
}

typedef struct SegmentDistance
{
	double squared;
	int32  segment;
	int    place; /* of its centroid: the first of equally near ones is the nearest */
} SegmentDistance;

static int
compare_distance(const void *a, const void *b)
{
	const SegmentDistance *x = a;
	const SegmentDistance *y = b;

	if (x->squared != y->squared)
		return x->squared < y->squared ? -1 : 1;
	return x->place - y->place;
}

/*
 * segment_distances(model text, customer record) -> rows (segment, distance),
 * nearest first; no rows if the model's recipe skips the row.
 */
PG_FUNCTION_INFO_V1(segment_distances);
Datum
segment_distances(PG_FUNCTION_ARGS)
{
	ReturnSetInfo   *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Scorer          *scorer = scorer_by_name(fcinfo);
	const Model     *model;
	SegmentDistance *distances;

	InitMaterializedSRF(fcinfo, 0);
	if (!scorer_take_row(scorer, fcinfo))
		return (Datum) 0;

	model = scorer->model;
	distances = palloc(sizeof(SegmentDistance) * model->k);
	for (int c = 0; c < model->k; c++)
	{
		int32_t nearest[KERNEL_LANES];
		int32_t second[KERNEL_LANES];
		double  d2[KERNEL_LANES];
		double  second_d2[KERNEL_LANES];

		/* the nearest of this one centroid, so that the bits are those of segment_score */
		scorer->kernel->nearest_two(scorer->block, 1, model->recipe.nfeatures, 1,
									model->centroids + (size_t) c * model->recipe.nfeatures,
									nearest, d2, second, second_d2);
		distances[c].squared = d2[0];
		distances[c].segment = model->numbers[c];
		distances[c].place = c;
	}
	qsort(distances, model->k, sizeof(SegmentDistance), compare_distance);
	for (int c = 0; c < model->k; c++)
	{
		Datum values[2];
		bool  nulls[2] = {false, false};

		values[0] = Int32GetDatum(distances[c].segment);
		values[1] = Float8GetDatum(cluster_distance(&model->recipe, distances[c].squared));
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/*
 * Reads the names of the features and their means in each segment, as the
 * caller may see them.
 */
static void
scorer_look_at_profile(Scorer *scorer)
{
	int           n = scorer->model->recipe.nfeatures;
	int           k = scorer->model->k;
	Datum         argument = CStringGetTextDatum(scorer->name);
	Datum         features;
	Datum         means;
	Datum        *values;
	bool         *nulls;
	int           nfeatures;
	int           nmeans;
	MemoryContext old_context;

	SPI_connect();
	if (SPI_execute_with_args("SELECT features, means FROM segment_internal.explained($1)", 1, (Oid[]){TEXTOID}, &argument, NULL, true, 0) != SPI_OK_SELECT ||
		SPI_processed != 1)
		report_incomplete(scorer->name);
	features = found(0, 1, scorer->name);
	means = found(0, 2, scorer->name);
	deconstruct_array(DatumGetArrayTypeP(means), FLOAT8OID, sizeof(double), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &values, &nulls, &nmeans);
	old_context = MemoryContextSwitchTo(scorer->context);
	scorer->means = palloc(sizeof(double) * Max(nmeans, 1));
	for (int i = 0; i < nmeans; i++)
		scorer->means[i] = nulls[i] ? get_float8_nan() : DatumGetFloat8(values[i]);
	deconstruct_array(DatumGetArrayTypePCopy(features), TEXTOID, -1, false, TYPALIGN_INT, &scorer->features, &nulls, &nfeatures);
	MemoryContextSwitchTo(old_context);
	if (nfeatures != n || nmeans != n * k)
	{
		scorer->features = NULL;
		report_incomplete(scorer->name);
	}
	SPI_finish();
}

/* what a feature has to do with where a row is */
typedef struct Contribution
{
	int    feature;
	double share;
} Contribution;

static int
compare_contribution(const void *a, const void *b)
{
	const Contribution *x = a;
	const Contribution *y = b;

	if (x->share != y->share)
		return x->share > y->share ? -1 : 1;
	return x->feature - y->feature;
}

/* a figure, NULL where there is none */
static void
put_figure(Datum *values, bool *nulls, int column, double figure)
{
	values[column] = Float8GetDatum(figure);
	nulls[column] = !isfinite(figure);
}

/*
 * segment_explain(model text, customer record) -> rows (feature, value,
 * segment_mean, contribution), those that speak most for the segment first; no
 * rows if the model's recipe skips the row.
 *
 * The squared distance to a centroid is a sum over features, so that of two
 * distances the difference is, too: a feature's contribution is its part of
 * d2(second) - d2(nearest), divided by that.  NULL where no second one is
 * farther away.
 */
PG_FUNCTION_INFO_V1(segment_explain);
Datum
segment_explain(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Scorer        *scorer = scorer_by_name(fcinfo);
	const Model   *model = scorer->model;
	const Recipe  *recipe;
	int            n;
	int32          segment;
	int32_t        nearest[KERNEL_LANES];
	int32_t        second[KERNEL_LANES];
	double         d2[KERNEL_LANES];
	double         second_d2[KERNEL_LANES];
	Contribution  *contributions;
	const double  *means;
	double         sum = 0;

	InitMaterializedSRF(fcinfo, 0);
	if (scorer->ngroup_columns > 0)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("model \"%s\" has a model a group, which segment_explain does not know", scorer->name),
				 errhint("Fit a view of one group.")));
	recipe = &model->recipe;
	n = recipe->nfeatures;
	if (scorer->features == NULL)
		scorer_look_at_profile(scorer);
	if (!scorer_take_row(scorer, fcinfo))
		return (Datum) 0;

	segment = scorer_assign(scorer).segment;
	scorer->kernel->nearest_two(scorer->block, 1, n, model->k, model->centroids, nearest, d2, second, second_d2);
	contributions = palloc(sizeof(Contribution) * Max(n, 1));
	for (int f = 0; f < n; f++)
	{
		double x = scorer->block[f * KERNEL_LANES];
		double own = model->centroids[(size_t) nearest[0] * n + f];
		double other = model->k > 1 ? model->centroids[(size_t) second[0] * n + f] : own;

		contributions[f] = (Contribution){f, (own - other) * ((x - other) + (x - own))};
		sum += contributions[f].share;
	}
	for (int f = 0; f < n; f++)
		contributions[f].share = sum > 0 ? contributions[f].share / sum : 0;
	qsort(contributions, n, sizeof(Contribution), compare_contribution);

	means = scorer->means + (size_t) scorer_place(scorer, segment) * n;
	for (int i = 0; i < n; i++)
	{
		int   f = contributions[i].feature;
		Datum values[4];
		bool  nulls[4] = {false};

		values[0] = scorer->features[f];
		put_figure(values, nulls, 1, feature_value(&recipe->features[f], scorer->raw[recipe->features[f].column]));
		put_figure(values, nulls, 2, means[f]);
		put_figure(values, nulls, 3, sum > 0 ? contributions[i].share : get_float8_nan());
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/*
 * segment_internal_place(model text, customer record, mean float8[], loading
 * float8[]) -> (segment, x, y): the row on the map of segment_map(); NULL if the
 * model's recipe skips the row.
 */
PG_FUNCTION_INFO_V1(segment_internal_place);
Datum
segment_internal_place(PG_FUNCTION_ARGS)
{
	Scorer       *scorer = scorer_by_name(fcinfo);
	const Recipe *recipe = &scorer->model->recipe;
	int           nfeatures;
	int           naxes;
	const double *mean = features_read(PG_GETARG_ARRAYTYPE_P(2), "mean", &nfeatures);
	const double *loading;
	double        place[2] = {0};
	int           f;
	RecordWriter  row;

	if (scorer->ngroup_columns > 0)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("model \"%s\" has groups, which have no map in common", scorer->name)));
	loading = matrix_read(PG_GETARG_ARRAYTYPE_P(3), "loading", &naxes, &f);
	if (nfeatures != recipe->nfeatures || f != nfeatures || naxes > (int) lengthof(place))
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("a map of model \"%s\" has other axes", scorer->name),
				 errdetail("The model has %d features; mean has %d, and loading is an array of %d x %d.",
						   recipe->nfeatures, nfeatures, naxes, f)));
	if (!scorer_take_row(scorer, fcinfo))
		PG_RETURN_NULL();
	row = record_result(fcinfo);
	record_put_int32(&row, scorer_assign(scorer).segment);
	for (f = 0; f < nfeatures; f++)
		for (int axis = 0; axis < naxes; axis++)
			place[axis] += (recipe_scaled(recipe, f, scorer->block[f * KERNEL_LANES]) - mean[f]) *
						   loading[axis * nfeatures + f];
	record_put_figure(&row, place[0]);
	record_put_figure(&row, place[1]);
	return HeapTupleGetDatum(record_form(&row));
}

/*
 * The scorer of the compiled model in argument 0, which hardly ever changes
 * from row to row.
 */
static Scorer *
scorer_by_value(FunctionCallInfo fcinfo)
{
	Scorer              *scorer = fcinfo->flinfo->fn_extra;
	const SourceColumns *columns;
	MemoryContext        old_context;

	if (scorer_is_of(scorer, PG_GETARG_DATUM(0)))
		return scorer;
	scorer = scorer_create(fcinfo->flinfo, PG_GETARG_DATUM(0));
	scorer_set_model(scorer, PG_GETARG_BYTEA_PP(0), NULL);
	columns = scorer->model->columns;
	if (PG_NARGS() - 1 != columns->ncolumns)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the model has %d columns, the call %d", columns->ncolumns, PG_NARGS() - 1)));
	old_context = MemoryContextSwitchTo(scorer->context);
	for (int c = 0; c < columns->ncolumns; c++)
		column_reader_init(&scorer->readers[c], &columns->columns[c],
						   get_fn_expr_argtype(fcinfo->flinfo, c + 1), c + 1);
	MemoryContextSwitchTo(old_context);
	return fcinfo->flinfo->fn_extra = scorer;
}

/*
 * segment_internal_assign(compiled bytea, VARIADIC columns "any") ->
 * segment_assignment: the columns in the order of the compiled model.  NULL for
 * a row that the recipe skips, and also for one that a fit would refuse:
 * assignment views call this, and one absurd row must not keep them from being
 * read.
 */
PG_FUNCTION_INFO_V1(segment_internal_assign);
Datum
segment_internal_assign(PG_FUNCTION_ARGS)
{
	Scorer       *scorer;
	const Recipe *recipe;
	Assignment    assignment;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	scorer = scorer_by_value(fcinfo);
	recipe = &scorer->model->recipe;
	for (int c = 0; c < scorer->model->columns->ncolumns; c++)
		if (!column_accepts(&scorer->readers[c], fcinfo->args[c + 1]))
			PG_RETURN_NULL();
	scorer_read(scorer, fcinfo->args);
	if (!recipe_accepts(recipe, scorer->raw) ||
		!recipe_apply(recipe, scorer->raw, scorer->block, KERNEL_LANES))
		PG_RETURN_NULL();
	model_score_block(scorer->model, scorer->kernel, scorer->block, 1, &assignment);
	if (assignment.segment == 0)
		PG_RETURN_NULL();
	return form_assignment(fcinfo, scorer, &assignment);
}
