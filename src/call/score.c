/*
 * SQL functions that score rows: segment_predict, segment_score,
 * segment_distances, segment_internal_place, segment_internal_assign.
 *
 * All but the last look a model up by name, as the caller may see it, and take
 * the features from a row of any type by their names.  Both look-ups are
 * remembered in the function's call site: the model as long as the snapshot
 * is the same, so that a later statement sees a refreshed model, the
 * attributes as long as the row type is the same.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "call/arrays.h"
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

/* What a call site remembers; everything is in context. */
typedef struct Scorer
{
	MemoryContext   context;
	struct varlena *argument; /* the model's name or compiled form as it was passed, perhaps toasted */
	Model          *model;
	const Kernel   *kernel;
	double         *raw;     /* one row */
	double         *block;   /* one block, of which the first lane is used */
	ColumnReader   *readers; /* of each of the model's columns */

	/* by name */
	char *name;
	Seen  seen;

	/* labels in the order of the segments' numbers, 0 as well if rows are left out; NULL if looked up by value */
	Datum *labels;
	bool  *unlabelled;
	int    nlabels;

	/* where the columns are in the row type last seen */
	RowValues     row;
	MemoryContext row_context; /* what depends on the row type */
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
 * A column of the one row that was found.
 */
static Datum
found(int column, const char *name)
{
	bool  isnull;
	Datum value = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, column, &isnull);

	if (isnull)
		report_incomplete(name);
	return value;
}

/*
 * Reads the compiled model and its labels from the catalog, under the
 * caller's rights.
 */
static void
scorer_look_up(Scorer *scorer, const char *name)
{
	Datum         argument = CStringGetTextDatum(name);
	Datum         labels;
	MemoryContext old_context;

	SPI_connect();
	if (SPI_execute_with_args("SELECT compiled, labels FROM segment_internal.compiled($1)", 1, (Oid[]){TEXTOID}, &argument, NULL, true, 0) != SPI_OK_SELECT ||
		SPI_processed != 1)
		report_incomplete(name);
	scorer_set_model(scorer, DatumGetByteaPP(found(1, name)), name);
	labels = found(2, name);
	old_context = MemoryContextSwitchTo(scorer->context);
	deconstruct_array(DatumGetArrayTypePCopy(labels), TEXTOID, -1, false, TYPALIGN_INT, &scorer->labels, &scorer->unlabelled, &scorer->nlabels);
	scorer->name = pstrdup(name);
	MemoryContextSwitchTo(old_context);
	if (scorer->nlabels != scorer->model->k && scorer->nlabels != scorer->model->k + scorer->model->trimmed)
		report_incomplete(name);
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
	MemoryContextSwitchTo(old_context);
	scorer->row = row;
}

static void
scorer_read(Scorer *scorer, const NullableDatum *values)
{
	columns_read(scorer->readers, scorer->model->columns->ncolumns, values, scorer->raw, 1);
}

/*
 * Prepares the row in argument 1 into the first lane of the block; false if
 * the recipe skips it.
 */
static bool
scorer_take_row(Scorer *scorer, FunctionCallInfo fcinfo)
{
	HeapTupleHeader row = PG_GETARG_HEAPTUPLEHEADER(1);

	if (!row_values_match(&scorer->row, row))
		scorer_bind_row_type(scorer, row);
	scorer_read(scorer, row_values_take(&scorer->row, row));
	return recipe_apply(&scorer->model->recipe, scorer->raw, scorer->block, KERNEL_LANES);
}

static Assignment
scorer_assign(const Scorer *scorer)
{
	Assignment assignment;

	model_score_block(scorer->model, scorer->block, 1, &assignment);
	if (assignment.segment == SEGMENT_OUT_OF_REACH)
		model_report_far();
	return assignment;
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
	if (scorer->labels != NULL)
	{
		bool others = scorer->nlabels > scorer->model->k; /* rows were left out; their label is the first */
		int  place = others && assignment->segment > 0;

		for (int c = 0; c < scorer->model->k; c++)
			place += scorer->model->numbers[c] < assignment->segment;
		if (assignment->segment == 0 && !others)
			record_put(&row, CStringGetTextDatum("Outliers"), false);
		else
			record_put(&row, scorer->labels[place], scorer->unlabelled[place]);
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
 * NULL if the model's recipe skips the row.
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
	const Model     *model = scorer->model;
	SegmentDistance *distances;

	InitMaterializedSRF(fcinfo, 0);
	if (!scorer_take_row(scorer, fcinfo))
		return (Datum) 0;

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
	model_score_block(scorer->model, scorer->block, 1, &assignment);
	if (assignment.segment == SEGMENT_OUT_OF_REACH)
		PG_RETURN_NULL();
	return form_assignment(fcinfo, scorer, &assignment);
}
