/*
 * How good the segments of a model are, on today's rows: segment_internal_sizes,
 * segment_internal_silhouette and segment_internal_stability.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "compat.h"
#include "call/arrays.h"
#include "cluster/silhouette.h"
#include "cluster/stability.h"
#include "model/members.h"
#include "number/grid.h"
#include "process/settings.h"
#include "rows/intake.h"

/* steps of row x feature x centroid that are worth the start of workers, some ten milliseconds of work */
#define TEAM_STEPS 3e7

/* a call, and the rows of the result */
typedef struct QualityCall
{
	FunctionCallInfo fcinfo;
	ReturnSetInfo   *result;
	Model           *model;
	char            *query;
} QualityCall;

/*
 * Calls work for the first two arguments, a query and the compiled model; all
 * memory that it takes is gone afterwards.
 */
static Datum
judge_model(FunctionCallInfo fcinfo, ShareWork work)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "segment quality", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller_context;
	QualityCall   call = {.fcinfo = fcinfo};

	InitMaterializedSRF(fcinfo, 0);
	caller_context = MemoryContextSwitchTo(context);
	call.result = (ReturnSetInfo *) fcinfo->resultinfo;
	call.query = text_to_cstring(PG_GETARG_TEXT_PP(0));
	call.model = model_deserialize(PG_GETARG_BYTEA_PP(1), NULL);
	share_run(intake_workers() > 0, work, NULL, &call);
	MemoryContextSwitchTo(caller_context);
	MemoryContextDelete(context);
	return (Datum) 0;
}

static void
put_row(QualityCall *call, RecordWriter *row)
{
	tuplestore_putvalues(call->result->setResult, call->result->setDesc, row->fields, row->nulls);
}

static Team *
begin_team(ShareSet *set, double steps)
{
	return team_begin(share_set_across_processes(set) && steps >= TEAM_STEPS ? intake_workers() : 0);
}

static void
end_team(Team *team, ShareSet *set)
{
	team_dismiss(team);
	share_set_clear(set);
	team_end(team);
}

/* ---- Sizes ---- */

static void
put_sizes(ShareSet *set, void *argument)
{
	QualityCall *call = argument;
	Members      members = members_read(set, call->model, call->query, false);

	for (int c = 0; c < call->model->k; c++)
	{
		RecordWriter row = record_writer(call->result->setDesc);

		record_put_int32(&row, call->model->numbers[c]);
		record_put_int64(&row, members.sizes[c]);
		put_row(call, &row);
	}
}

/*
 * segment_internal_sizes(query text, compiled bytea) -> rows (segment, rows).
 */
PG_FUNCTION_INFO_V1(segment_internal_sizes);
Datum
segment_internal_sizes(PG_FUNCTION_ARGS)
{
	return judge_model(fcinfo, put_sizes);
}

/* ---- The silhouette ---- */

/*
 * Argument 2, bigint[]: the rows of each segment, in the order of the model's
 * centroids.
 */
static const int64 *
read_sizes(const QualityCall *call, const Members *members)
{
	const Model *model = call->model;
	ArrayType   *array = DatumGetArrayTypeP(call->fcinfo->args[2].value);
	const int64 *sizes = (const int64 *) ARR_DATA_PTR(array);

	if (array_contains_nulls(array) || ARR_NDIM(array) != 1 || ARR_DIMS(array)[0] != model->k)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("rows must have an element for each of %d segments", model->k)));
	for (int c = 0; c < model->k; c++)
		if (sizes[c] < members->sizes[c])
			source_changed();
	return sizes;
}

static void
put_silhouette_row(QualityCall *call, int32 segment, int64 size, double silhouette, int64 counted)
{
	RecordWriter row = record_writer(call->result->setDesc);

	record_put(&row, Int32GetDatum(segment), segment == 0);
	record_put_int64(&row, size);
	record_put_figure(&row, silhouette);
	record_put_int64(&row, counted);
	put_row(call, &row);
}

static void
put_silhouette(ShareSet *set, void *argument)
{
	QualityCall   *call = argument;
	const Model   *model = call->model;
	Members        members = members_read(set, model, call->query, true);
	SilhouetteRows rows = {
		.nrows = members.nrows,
		.nfeatures = model->recipe.nfeatures,
		.k = model->k,
		.values = members.values,
		.clusters = members.clusters,
		.sizes = read_sizes(call, &members),
		.cosine = model->recipe.distance == DISTANCE_COSINE};
	Team      *team = begin_team(set, (double) rows.nrows * rows.nrows * rows.nfeatures);
	Silhouette silhouette = silhouette_find(team, set, &rows);
	int64      total = 0;

	end_team(team, set);
	for (int c = 0; c < model->k; c++)
	{
		put_silhouette_row(call, model->numbers[c], rows.sizes[c], silhouette.clusters[c], silhouette.counted[c]);
		total += rows.sizes[c];
	}
	put_silhouette_row(call, 0, total, silhouette.all, silhouette.rows);
}

/*
 * segment_internal_silhouette(query text, compiled bytea, rows bigint[]) -> rows
 * (segment, rows, silhouette, sampled), one with segment NULL for all: of the
 * query's rows, which are a sample of each segment's rows, or all.
 */
PG_FUNCTION_INFO_V1(segment_internal_silhouette);
Datum
segment_internal_silhouette(PG_FUNCTION_ARGS)
{
	return judge_model(fcinfo, put_silhouette);
}

/* ---- Stability ---- */

/*
 * The rows as a fit has them, and the centroids in the same unit.
 */
static Matrix *
pack_members(const Members *members, const Model *model, double *centroids)
{
	int     nfeatures = model->recipe.nfeatures;
	Matrix *matrix = matrix_create(members->nrows, nfeatures);
	double *largest = palloc0(sizeof(double) * nfeatures);
	double *grid = palloc(sizeof(double) * nfeatures);
	double *block = palloc_blocks(1, nfeatures, sizeof(double));
	double  unit;

	for (int64 row = 0; row < members->nrows; row++)
		for (int f = 0; f < nfeatures; f++)
			largest[f] = Max(largest[f], fabs(members->values[row * nfeatures + f]));
	for (int f = 0; f < nfeatures; f++)
		matrix->largest = Max(matrix->largest, largest[f]);
	unit = packed_unit(matrix->largest);
	matrix->largest /= unit;
	for (int f = 0; f < nfeatures; f++)
		grid[f] = packed_grid(largest[f] / unit, members->nrows);
	for (int64 row = 0; row < members->nrows; row++)
	{
		int lane = row % KERNEL_LANES;

		CHECK_FOR_INTERRUPTS();
		for (int f = 0; f < nfeatures; f++)
			block[f * KERNEL_LANES + lane] = members->values[row * nfeatures + f] / unit;
		if (lane == KERNEL_LANES - 1 || row == members->nrows - 1)
			segment_kernel()->narrow(block, 1, nfeatures, grid,
									 matrix->blocks + row / KERNEL_LANES * nfeatures * KERNEL_LANES);
	}
	matrix_clear_unused(matrix->blocks, members->nrows, nfeatures);
	for (Size i = 0; i < (Size) model->k * nfeatures; i++)
		centroids[i] = model->centroids[i] / unit;
	return matrix;
}

static void
put_stability_row(QualityCall *call, int32 segment, double jaccard, double dissolved, double recovered, double rand)
{
	RecordWriter row = record_writer(call->result->setDesc);

	record_put(&row, Int32GetDatum(segment), segment == 0);
	record_put_figure(&row, jaccard);
	record_put_figure(&row, dissolved);
	record_put_figure(&row, recovered);
	record_put_figure(&row, rand);
	put_row(call, &row);
}

static void
put_stability(ShareSet *set, void *argument)
{
	QualityCall *call = argument;
	const Model *model = call->model;
	int          resamples = DatumGetInt32(call->fcinfo->args[2].value);
	Members      members = members_read(set, model, call->query, true);
	Size         coordinates = (Size) model->k * model->recipe.nfeatures;
	double      *centroids = palloc_extended(sizeof(double) * coordinates, MCXT_ALLOC_HUGE);
	Matrix      *matrix = pack_members(&members, model, centroids);
	LloydOptions options = {
		.k = model->k,
		.spherical = model->recipe.distance == DISTANCE_COSINE,
		.init = INIT_KMEANSPP,
		.n_init = 1,
		.max_iter = 300,
		.tol = 1e-4,
		.seed = DatumGetInt64(call->fcinfo->args[3].value)};
	Team     *team = begin_team(set, (double) members.nrows * (double) coordinates * resamples);
	Stability stability;
	double    missing = get_float8_nan();

	stability = stability_find(team, set, matrix, &options, centroids, resamples);
	end_team(team, set);
	for (int c = 0; c < model->k; c++)
		put_stability_row(call, model->numbers[c], stability.jaccard[c], stability.dissolved[c], stability.recovered[c], missing);
	put_stability_row(call, 0, stability.mean, missing, missing, stability.rand);
}

/*
 * segment_internal_stability(query text, compiled bytea, resamples integer, seed
 * bigint) -> rows (segment, jaccard, dissolved, recovered, rand), one with segment
 * NULL for all, of the query's rows.
 */
PG_FUNCTION_INFO_V1(segment_internal_stability);
Datum
segment_internal_stability(PG_FUNCTION_ARGS)
{
	int32 resamples = PG_GETARG_INT32(2);

	if (resamples < 1 || resamples > MOST_RESAMPLES)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("resamples must be from 1 to %d", MOST_RESAMPLES)));
	return judge_model(fcinfo, put_stability);
}
