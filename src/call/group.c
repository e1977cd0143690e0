/*
 * The values of the columns that a model is grouped by.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/json.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"

#include "compat.h"
#include "call/group.h"

/* bytes of a value, which is shown in labels and compared with each row's */
#define MOST_GROUP_BYTES 1000

static bool
can_group(Oid type)
{
	char category;
	bool preferred;

	switch (type)
	{
		case BOOLOID:
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case NUMERICOID:
		case DATEOID:
		case UUIDOID:
			return true;
		default:
			get_type_category_preferred(type, &category, &preferred);
			return category == TYPCATEGORY_STRING || type_is_enum(type);
	}
}

void
group_reader_init(GroupReader *reader, const char *name, Oid type, int place)
{
	Oid  output;
	bool varlena;

	if (!OidIsValid(type))
		ereport(ERROR,
				(errcode(ERRCODE_INDETERMINATE_DATATYPE),
				 errmsg("could not determine the type of column \"%s\"", name)));
	reader->type = getBaseType(type);
	reader->place = place;
	if (!can_group(reader->type))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("column \"%s\" has type %s, by which rows cannot be grouped", name, format_type_be(type)),
				 errhint("Group by texts, enums, booleans, whole or decimal numbers, dates or UUIDs: make one of it in a view.")));
	getTypeOutputInfo(reader->type, &output, &varlena);
	fmgr_info_cxt(output, &reader->output, CurrentMemoryContext);
}

char *
group_text(const GroupReader *reader, Datum value)
{
	switch (reader->type)
	{
		case BOOLOID:
			return pstrdup(DatumGetBool(value) ? "true" : "false");
		case NUMERICOID:
			return numeric_normalize(DatumGetNumeric(value));
		case DATEOID:
			return JsonEncodeDateTime(palloc(MAXDATELEN + 1), value, DATEOID, NULL);
		case BPCHAROID:
		{
			char *text = OutputFunctionCall(unconstify(FmgrInfo *, &reader->output), value);

			text[bpchartruelen(text, strlen(text))] = '\0';
			return text;
		}
		default:
			return OutputFunctionCall(unconstify(FmgrInfo *, &reader->output), value);
	}
}

/*
 * segment_internal.group_values(names text[], VARIADIC columns "any") ->
 * text[]: the values of columns of these names, NULL where they are.
 */
PG_FUNCTION_INFO_V1(segment_internal_group_values);
Datum
segment_internal_group_values(PG_FUNCTION_ARGS)
{
	int          n = PG_NARGS() - 1;
	GroupReader *readers = fcinfo->flinfo->fn_extra;
	Datum       *texts = palloc(sizeof(Datum) * n);
	bool        *nulls = palloc(sizeof(bool) * n);

	if (readers == NULL)
	{
		MemoryContext old_context = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
		Datum        *names;
		bool         *unnamed;
		int           nnames = 0;

		if (!PG_ARGISNULL(0))
			deconstruct_array(PG_GETARG_ARRAYTYPE_P(0), TEXTOID, -1, false, TYPALIGN_INT, &names, &unnamed, &nnames);
		if (nnames != n)
			ereport(ERROR,
					(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
					 errmsg("there are %d names of %d columns", nnames, n)));
		readers = palloc(sizeof(GroupReader) * n);
		for (int i = 0; i < n; i++)
			group_reader_init(&readers[i], unnamed[i] ? "" : TextDatumGetCString(names[i]),
							  get_fn_expr_argtype(fcinfo->flinfo, i + 1), i + 1);
		fcinfo->flinfo->fn_extra = readers;
		MemoryContextSwitchTo(old_context);
	}
	for (int i = 0; i < n; i++)
	{
		NullableDatum value = fcinfo->args[i + 1];
		char         *text;

		nulls[i] = value.isnull;
		if (value.isnull)
			continue;
		text = group_text(&readers[i], value.value);
		if (strlen(text) > MOST_GROUP_BYTES)
			ereport(ERROR,
					(errcode(ERRCODE_STRING_DATA_RIGHT_TRUNCATION),
					 errmsg("a value to group by is longer than %d bytes", MOST_GROUP_BYTES),
					 errhint("Group by a column that names few groups.")));
		texts[i] = CStringGetTextDatum(text);
	}
	PG_RETURN_ARRAYTYPE_P(construct_md_array(texts, nulls, 1, &n, &(int){1}, TEXTOID, -1, false, TYPALIGN_INT));
}
