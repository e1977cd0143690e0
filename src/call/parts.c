/*
 * What a compiled model is made of, for whoever has to compare it with what is
 * said beside it.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "call/arrays.h"
#include "compat.h"
#include "model/model.h"

static int
compare_numbers(const void *a, const void *b)
{
	int32 x = *(const int32 *) a;
	int32 y = *(const int32 *) b;

	return (x > y) - (x < y);
}

/*
 * segment_internal_compiled_parts(compiled bytea, name text) -> (columns text[]
 * that it reads, segments integer[] in ascending order, coordinates integer of
 * a centroid).  All that the value says is checked, as by whoever scores with
 * it: 22P03 if it is none, 55000, which calls the model by its name, if it has
 * another format.
 */
PG_FUNCTION_INFO_V1(segment_internal_compiled_parts);
Datum
segment_internal_compiled_parts(PG_FUNCTION_ARGS)
{
	Model       *model = model_deserialize(PG_GETARG_BYTEA_PP(0), text_to_cstring(PG_GETARG_TEXT_PP(1)));
	int          ncolumns = model->columns->ncolumns;
	Datum       *columns = palloc(sizeof(Datum) * Max(ncolumns, 1));
	Datum       *segments = palloc(sizeof(Datum) * model->k);
	RecordWriter row = record_result(fcinfo);

	qsort(model->numbers, model->k, sizeof(int32), compare_numbers);
	for (int c = 0; c < ncolumns; c++)
		columns[c] = CStringGetTextDatum(model->columns->columns[c].name);
	for (int c = 0; c < model->k; c++)
		segments[c] = Int32GetDatum(model->numbers[c]);
	record_put(&row, PointerGetDatum(construct_array(columns, ncolumns, TEXTOID, -1, false, TYPALIGN_INT)), false);
	record_put(&row, PointerGetDatum(construct_array(segments, model->k, INT4OID, sizeof(int32), true, TYPALIGN_INT)), false);
	record_put_int32(&row, model->recipe.nfeatures);
	PG_RETURN_DATUM(HeapTupleGetDatum(record_form(&row)));
}
