/*
 * A compiled model whose source's columns have other names now.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "compat.h"
#include "model/model.h"

static int
read_names(ArrayType *array, Datum **names)
{
	int n;

	if (ARR_NDIM(array) > 1 || array_contains_nulls(array))
		ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR), errmsg("names must be a list of texts")));
	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, names, NULL, &n);
	return n;
}

/*
 * segment_internal_rename_columns(compiled bytea, before text[], after text[]):
 * the n-th of after takes the place of the n-th of before.  A model of another
 * format stays as it is: nobody will read its names.
 */
PG_FUNCTION_INFO_V1(segment_internal_rename_columns);
Datum
segment_internal_rename_columns(PG_FUNCTION_ARGS)
{
	bytea *compiled = PG_GETARG_BYTEA_PP(0);
	Model *model;
	Datum *before;
	Datum *after;
	int    n = read_names(PG_GETARG_ARRAYTYPE_P(1), &before);

	if (read_names(PG_GETARG_ARRAYTYPE_P(2), &after) != n)
		ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR), errmsg("each name needs another one")));
	if (!model_is_of_this_format(compiled))
		PG_RETURN_BYTEA_P(compiled);
	model = model_deserialize(compiled, NULL);
	for (int c = 0; c < model->columns->ncolumns; c++)
	{
		SourceColumn *column = &model->columns->columns[c];

		for (int i = 0; i < n; i++)
			if (strcmp(column->name, TextDatumGetCString(before[i])) == 0)
			{
				text_to_cstring_buffer(DatumGetTextPP(after[i]), column->name, NAMEDATALEN);
				break;
			}
	}
	PG_RETURN_BYTEA_P(model_serialize_again(model));
}
