/*
 * segment_internal_today(): today's rows of a model, counted in the bins of its
 * fit.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "compat.h"
#include "call/arrays.h"
#include "model/drift.h"
#include "rows/intake.h"

typedef struct DriftCall
{
	const char *query;
	Model      *model;
	Bins       *bins;
	Drift       drift; /* the result */
} DriftCall;

/*
 * The cuts of all features, feature by feature, and how many each has.
 */
static Bins *
read_bins(const Model *model, ArrayType *cuts, ArrayType *lengths)
{
	Bins         *bins = bins_make(model->recipe.nfigures);
	int           n = ArrayGetNItems(ARR_NDIM(lengths), ARR_DIMS(lengths));
	int           ncuts = ArrayGetNItems(ARR_NDIM(cuts), ARR_DIMS(cuts));
	const int32  *length = (const int32 *) ARR_DATA_PTR(lengths);
	const double *values = (const double *) ARR_DATA_PTR(cuts);
	int           next = 0;

	if (array_contains_nulls(cuts) || array_contains_nulls(lengths) || n != bins->nfigures)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("there must be bins for each of %d features", bins->nfigures)));
	for (int f = 0; f < n; f++)
	{
		if (length[f] < 0 || length[f] > BIN_WIDTH - 2 || length[f] > ncuts - next)
			ereport(ERROR,
					(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
					 errmsg("feature %d has %d cuts", f + 1, length[f]),
					 errhint("It must have 0 to %d, all of which are given.", BIN_WIDTH - 2)));
		bins->ncuts[f] = length[f];
		for (int i = 0; i < length[f]; i++, next++)
		{
			double cut = values[next];

			if (!isfinite(cut) || (i > 0 && cut <= values[next - 1]))
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("the cuts of feature %d must be finite and ascend", f + 1)));
			bin_cuts(bins, f)[i] = cut;
		}
	}
	if (next != ncuts)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("there are more cuts than those of %d features", n)));
	return bins;
}

static void
read_today(ShareSet *set, void *argument)
{
	DriftCall *call = argument;

	call->drift = drift_read(set, call->model, call->query, call->bins);
}

/* segment_internal.today_feature */
static void
put_feature(RecordWriter *row, const void *argument, int f)
{
	const DriftCall *call = argument;

	record_put_float8(row, call->drift.means[f]);
	record_put_counts(row, bin_rows(call->bins, f), call->bins->ncuts[f] + 2);
}

/* segment_internal.today_segment */
static void
put_segment(RecordWriter *row, const void *argument, int c)
{
	const DriftCall      *call = argument;
	const DriftedCluster *cluster = &call->drift.clusters[c];

	record_put_int32(row, c < call->model->k ? call->model->numbers[c] : 0);
	record_put_int64(row, cluster->rows);
	record_put_int64(row, cluster->border);
	record_put_figure(row, cluster->moved);
}

/*
 * segment_internal_today(query text, compiled bytea, cuts float8[], lengths
 * integer[]) -> segment_internal.today.
 */
PG_FUNCTION_INFO_V1(segment_internal_today);
Datum
segment_internal_today(PG_FUNCTION_ARGS)
{
	MemoryContext caller_context = CurrentMemoryContext;
	MemoryContext context = AllocSetContextCreate(caller_context, "segment drift", ALLOCSET_DEFAULT_SIZES);
	DriftCall     call;
	RecordWriter  row;
	HeapTuple     tuple;

	MemoryContextSwitchTo(context);
	call.query = text_to_cstring(PG_GETARG_TEXT_PP(0));
	call.model = model_deserialize(PG_GETARG_BYTEA_PP(1), NULL);
	call.bins = read_bins(call.model, PG_GETARG_ARRAYTYPE_P(2), PG_GETARG_ARRAYTYPE_P(3));
	share_run(intake_workers() > 0, read_today, NULL, &call);
	row = record_result(fcinfo);
	record_put_int64(&row, call.drift.rows_read);
	record_put_int64(&row, call.drift.rows_used);
	record_put_rows(&row, &call, call.model->recipe.nfigures, put_feature);
	record_put_rows(&row, &call, call.model->k + call.model->trimmed, put_segment);
	tuple = record_form(&row);
	MemoryContextSwitchTo(caller_context);
	tuple = heap_copytuple(tuple);
	MemoryContextDelete(context);
	PG_RETURN_DATUM(HeapTupleGetDatum(tuple));
}
