/*
 * Looking a model up, and taking its features from a row.
 *
 * A model is looked up by name as the caller may see it, and features are taken
 * from a row of any type by their names.  Both look-ups are remembered in the
 * function's call site: the model as long as the snapshot is the same, so that a
 * later statement sees a refreshed model, the attributes as long as the row type
 * is the same.
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
#include "call/scorer.h"
#include "process/settings.h"

/* Did this call site see the same argument before? */
bool
scorer_is_of(const Scorer *scorer, Datum argument)
{
	const void *given = DatumGetPointer(argument);

	return scorer != NULL && VARSIZE_ANY(scorer->argument) == VARSIZE_ANY(given) &&
		   memcmp(scorer->argument, given, VARSIZE_ANY(given)) == 0;
}

Scorer *
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

void
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
					  &group->labels, &group->unlabelled, &group->nlabels);
	MemoryContextSwitchTo(old_context);
	if ((group->nlabels != group->model->k && group->nlabels != group->model->k + group->model->trimmed) ||
		!same_columns(group->model, scorer->model))
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

Scorer *
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

/*
 * Reads the names of the features and their means in each segment, as the
 * caller may see them.
 */
void
scorer_look_at_profile(Scorer *scorer)
{
	int           n = scorer->model->recipe.nfigures;
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

void
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
bool
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

Assignment
scorer_assign(const Scorer *scorer)
{
	Assignment assignment;

	model_score_block(scorer->model, scorer->block, 1, &assignment);
	if (assignment.segment == SEGMENT_OUT_OF_REACH)
		model_report_far();
	return assignment;
}

/*
 * Where a segment stands among labels, which are in the order of numbers.
 */
int
scorer_place(const Scorer *scorer, int32 segment)
{
	int place = 0;

	for (int c = 0; c < scorer->model->k; c++)
		place += scorer->model->numbers[c] < segment;
	return place;
}
