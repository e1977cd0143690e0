/*
 * SQL functions that score rows: segment_predict, segment_score,
 * segment_distances, segment_explain, segment_internal_place,
 * segment_internal_assign.
 *
 * All but the last look a model up by name, as the caller may see it, and take
 * the features from a row of any type by their names: scorer.c.
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
		const ScorerGroup *group = scorer->group;
		bool               others = group->nlabels > scorer->model->k; /* rows were left out; their label is the first */
		int                place = scorer_place(scorer, assignment->segment) + (others && assignment->segment > 0);

		if (assignment->segment == 0 && !others)
			record_put(&row, CStringGetTextDatum("Outliers"), false);
		else
			record_put(&row, group->labels[place], group->unlabelled[place]);
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
 * segment_predict(compiled bytea, customer record) -> integer: the same by the model
 * as a value, where nobody knows it by name.
 */
PG_FUNCTION_INFO_V1(segment_predict_compiled);
Datum
segment_predict_compiled(PG_FUNCTION_ARGS)
{
	Scorer *scorer = fcinfo->flinfo->fn_extra;

	if (!scorer_is_of(scorer, PG_GETARG_DATUM(0)))
	{
		scorer = scorer_create(fcinfo->flinfo, PG_GETARG_DATUM(0));
		scorer_set_model(scorer, PG_GETARG_BYTEA_PP(0), NULL);
		scorer->name = "compiled";
		fcinfo->flinfo->fn_extra = scorer;
	}
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

/* what a feature has to do with where a row is */
typedef struct Contribution
{
	int    figure;
	double share;
} Contribution;

static int
compare_contribution(const void *a, const void *b)
{
	const Contribution *x = a;
	const Contribution *y = b;

	if (x->share != y->share)
		return x->share > y->share ? -1 : 1;
	return x->figure - y->figure;
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
	int            nfigures;
	int           *features; /* that bear them */
	int32          segment;
	int32_t        nearest[KERNEL_LANES];
	int32_t        second[KERNEL_LANES];
	double         d2[KERNEL_LANES];
	double         second_d2[KERNEL_LANES];
	int            own; /* cluster of the segment, and the other one */
	int            other;
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
	own = nearest[0];
	other = model->k > 1 ? second[0] : own;
	if (segment > 0 && model->numbers[own] != segment) /* by sizes that were asked for */
	{
		other = own;
		for (own = 0; model->numbers[own] != segment; own++)
			;
	}
	nfigures = recipe->nfigures;
	features = recipe_figures(recipe);
	contributions = palloc0(sizeof(Contribution) * Max(nfigures, 1));
	for (int f = 0; f < n; f++)
	{
		Contribution *contribution = &contributions[recipe->features[f].figure];
		double        x = scorer->block[f * KERNEL_LANES];
		double        y = model->centroids[(size_t) own * n + f];
		double        z = model->centroids[(size_t) other * n + f];

		contribution->figure = recipe->features[f].figure;
		contribution->share += (y - z) * ((x - z) + (x - y));
	}
	for (int i = 0; i < nfigures; i++)
		sum += contributions[i].share;
	for (int i = 0; i < nfigures; i++)
		contributions[i].share = sum > 0 ? contributions[i].share / sum : 0;
	qsort(contributions, nfigures, sizeof(Contribution), compare_contribution);

	means = scorer->means + (size_t) scorer_place(scorer, model->numbers[own]) * nfigures;
	for (int i = 0; i < nfigures; i++)
	{
		int   figure = contributions[i].figure;
		int   f = features[figure];
		Datum values[4];
		bool  nulls[4] = {false};

		values[0] = scorer->features[figure];
		put_figure(values, nulls, 1, feature_value(&recipe->features[f], scorer->raw[recipe->features[f].column]));
		put_figure(values, nulls, 2, means[figure]);
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
	model_score_block(scorer->model, scorer->block, 1, &assignment);
	if (assignment.segment == SEGMENT_OUT_OF_REACH)
		PG_RETURN_NULL();
	return form_assignment(fcinfo, scorer, &assignment);
}
