/*
 * The columns of a source, and the raw values that they become.
 *
 * What a value becomes depends on the value and on the SourceColumn alone, so
 * all processes of a scan, the writer and later scoring agree.  A category is
 * known by the text of its value, whatever the type.
 */
#include "postgres.h"

#include "access/tupmacs.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

#include "compat.h"
#include "kernel/kernel.h"
#include "rows/columns.h"

/* where NULL is a category, a text that reads like its name is the same */
#define MISSING_TEXT "(missing)"

SourceColumns *
columns_of_numbers(int ncolumns)
{
	SourceColumns *columns = palloc(sizeof(SourceColumns));

	columns->ncolumns = ncolumns;
	columns->columns = palloc0(sizeof(SourceColumn) * Max(ncolumns, 1));
	for (int i = 0; i < ncolumns; i++)
		columns->columns[i].width = 1;
	columns_set_offsets(columns);
	return columns;
}

/* raw values of a row, of which a block has to fit in an ordinary allocation */
#define MOST_RAW_VALUES ((int) (MaxAllocSize / sizeof(double) / KERNEL_LANES))

void
columns_set_offsets(SourceColumns *columns)
{
	columns->nraw = 0;
	for (int i = 0; i < columns->ncolumns; i++)
	{
		SourceColumn *column = &columns->columns[i];

		if (column->width > MOST_RAW_VALUES - columns->nraw)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("column \"%s\" has too many elements: %d", column->name, column->width),
					 errhint("Name a shorter array, or make columns of some elements in a view.")));
		column->first = columns->nraw;
		columns->nraw += column->width;
	}
}

/* ---- As a message ---- */

/*
 * Texts are UTF-8, so that a dump can be restored into a database of another
 * encoding; in SQL_ASCII nobody knows what they are.
 */
static void
send_text(StringInfo message, const char *text)
{
	char *sent = GetDatabaseEncoding() == PG_SQL_ASCII ? unconstify(char *, text)
													   : pg_server_to_any(text, strlen(text), PG_UTF8);

	appendBinaryStringInfo(message, sent, strlen(sent) + 1);
	if (sent != text)
		pfree(sent);
}

void
columns_send(StringInfo message, const SourceColumns *columns)
{
	pq_sendint32(message, columns->ncolumns);
	for (int i = 0; i < columns->ncolumns; i++)
	{
		const SourceColumn *column = &columns->columns[i];

		send_text(message, column->name);
		pq_sendint32(message, column->kind);
		pq_sendint32(message, column->width);
		pq_sendint32(message, column->missing_category);
		pq_sendint32(message, column->ncategories);
		for (int c = 0; c < column->ncategories; c++)
			send_text(message, column->categories[c]);
	}
}

void
message_check(bool fine)
{
	if (!fine)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("value is not a compiled model"),
				 errhint("The view segment_compiled has the models that you may see as such values.")));
}

static void
check_left(const StringInfoData *message, Size bytes)
{
	message_check((Size) (message->len - message->cursor) >= bytes);
}

int32
message_int(StringInfo message)
{
	check_left(message, sizeof(int32));
	return (int32) pq_getmsgint(message, sizeof(int32));
}

double
message_float8(StringInfo message)
{
	check_left(message, sizeof(float8));
	return pq_getmsgfloat8(message);
}

int
message_choice(StringInfo message, int last)
{
	int choice = message_int(message);

	message_check(choice >= 0 && choice <= last);
	return choice;
}

int
message_count(StringInfo message, int most, Size each)
{
	int count = message_choice(message, most);

	check_left(message, count * each);
	return count;
}

char *
message_string(StringInfo message)
{
	char *string = message->data + message->cursor;
	Size  left = message->len - message->cursor;

	message_check(memchr(string, '\0', left) != NULL);
	message->cursor += strlen(string) + 1;
	return string;
}

static char *
receive_text(StringInfo message)
{
	char *sent = message_string(message);

	if (GetDatabaseEncoding() == PG_SQL_ASCII)
		return pstrdup(sent);
	return pstrdup(pg_any_to_server(sent, strlen(sent), PG_UTF8));
}

static void
receive_column(StringInfo message, SourceColumn *column)
{
	char *name = receive_text(message);

	/* cut as PostgreSQL cuts names that are too long in this database's encoding */
	memcpy(column->name, name, pg_mbcliplen(name, strlen(name), NAMEDATALEN - 1));
	column->kind = (ColumnKind) message_choice(message, COLUMN_VECTOR);
	column->width = message_choice(message, MOST_RAW_VALUES);
	if (column->kind == COLUMN_VECTOR)
		message_check(column->width >= 2 && column->width <= 1 + MOST_DIMENSIONS);
	else
		message_check(column->kind == COLUMN_ARRAY || column->width == 1);
	column->missing_category = message_choice(message, column->kind == COLUMN_CATEGORY) != 0;
	column->ncategories = message_count(message, column->kind == COLUMN_CATEGORY ? MOST_CATEGORIES : 0, 1);
	column->categories = palloc(sizeof(char *) * Max(column->ncategories, 1));
	for (int c = 0; c < column->ncategories; c++)
		column->categories[c] = receive_text(message);
}

SourceColumns *
columns_receive(StringInfo message)
{
	SourceColumns *columns = palloc(sizeof(SourceColumns));

	columns->ncolumns = message_count(message, MOST_SOURCE_COLUMNS, 4 * sizeof(int32) + 1);
	columns->columns = palloc0(sizeof(SourceColumn) * Max(columns->ncolumns, 1));
	for (int i = 0; i < columns->ncolumns; i++)
		receive_column(message, &columns->columns[i]);
	columns_set_offsets(columns);
	return columns;
}

/* ---- Categories ---- */

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static const char *
trimmed(const char *text, int *length)
{
	while (*length > 0 && is_blank(text[*length - 1]))
		(*length)--;
	while (*length > 0 && is_blank(*text))
	{
		text++;
		(*length)--;
	}
	return text;
}

/*
 * The text of a value, not terminated, without the blanks around it, as
 * segment_internal.category() has it; length is set.
 */
static const char *
category_text(const ColumnReader *reader, Datum value, int *length)
{
	const char *text;

	switch (reader->type)
	{
		case TEXTOID:
		case VARCHAROID:
		case BPCHAROID:
		{
			struct varlena *packed = PG_DETOAST_DATUM_PACKED(value);

			*length = VARSIZE_ANY_EXHDR(packed);
			return trimmed(VARDATA_ANY(packed), length);
		}
		case BOOLOID:
			text = DatumGetBool(value) ? "true" : "false";
			break;
		default:
			text = OutputFunctionCall(unconstify(FmgrInfo *, &reader->output), value);
	}
	*length = strlen(text);
	return trimmed(text, length);
}

static uint32
hash_text(const char *text, int length)
{
	return hash_bytes((const unsigned char *) text, length);
}

static int
find_category(const ColumnReader *reader, const char *text, int length)
{
	uint32 place = hash_text(text, length) & reader->mask;

	while (reader->places[place] != 0)
	{
		int         number = (int) reader->places[place] - 1;
		const char *category = reader->column->categories[number];

		if (strncmp(category, text, length) == 0 && category[length] == '\0')
			return number;
		place = (place + 1) & reader->mask;
	}
	return CATEGORY_OTHER;
}

static void
hash_categories(ColumnReader *reader)
{
	const SourceColumn *column = reader->column;
	uint32              size = 4;

	while (size < 2 * (uint32) column->ncategories)
		size *= 2;
	reader->mask = size - 1;
	reader->places = palloc0(sizeof(uint32) * size);
	for (int c = 0; c < column->ncategories; c++)
	{
		const char *text = column->categories[c];
		uint32      place = hash_text(text, strlen(text)) & reader->mask;

		while (reader->places[place] != 0)
			place = (place + 1) & reader->mask;
		reader->places[place] = (uint32) c + 1;
	}
}

/* ---- Reading ---- */

void
column_reader_init(ColumnReader *reader, const SourceColumn *column, Oid type, int place)
{
	Oid  output;
	bool varlena;

	if (!OidIsValid(type))
		ereport(ERROR,
				(errcode(ERRCODE_INDETERMINATE_DATATYPE),
				 errmsg("could not determine the type of column \"%s\"", column->name)));
	MemSet(reader, 0, sizeof(ColumnReader));
	reader->column = column;
	reader->number = column->kind == COLUMN_NUMBER;
	reader->first = column->first;
	reader->place = place;
	reader->type = getBaseType(type);
	switch (column->kind)
	{
		case COLUMN_NUMBER:
			reader->kind = value_kind(type, column->name);
			break;
		case COLUMN_ARRAY:
			reader->element_type = get_element_type(reader->type);
			if (!OidIsValid(reader->element_type))
				ereport(ERROR,
						(errcode(ERRCODE_DATATYPE_MISMATCH),
						 errmsg("column \"%s\" is of type %s, not an array of numbers",
								column->name, format_type_be(type)),
						 errhint("The model was fitted on an array there.")));
			reader->kind = value_kind(reader->element_type, column->name);
			get_typlenbyvalalign(reader->element_type, &reader->element_length,
								 &reader->element_by_value, &reader->element_alignment);
			break;
		case COLUMN_CATEGORY:
			getTypeOutputInfo(reader->type, &output, &varlena);
			fmgr_info_cxt(output, &reader->output, CurrentMemoryContext);
			hash_categories(reader);
			break;
		case COLUMN_VECTOR:
			reader->layout = vector_layout(reader->type);
			if (reader->layout == VECTOR_NONE)
				ereport(ERROR,
						(errcode(ERRCODE_DATATYPE_MISMATCH),
						 errmsg("column \"%s\" is of type %s, not a vector",
								column->name, format_type_be(type)),
						 errhint("The model was fitted on vector, halfvec or sparsevec of the extension vector there.")));
			break;
	}
}

KernelCell
column_cell(const SourceColumn *column, Oid type)
{
	StaticAssertStmt(MOST_CATEGORIES <= 1 << 24, "a float holds the number of a category");
	if (column->kind == COLUMN_CATEGORY || column->kind == COLUMN_VECTOR)
		return CELL_FLOAT;
	type = getBaseType(type);
	if (column->kind == COLUMN_ARRAY && OidIsValid(get_element_type(type)))
		type = getBaseType(get_element_type(type));
	switch (type)
	{
		case BOOLOID:
		case INT2OID:
		case FLOAT4OID:
			return CELL_FLOAT;
		case INT4OID:
		case DATEOID:
			return CELL_INT;
		default:
			return CELL_DOUBLE;
	}
}

static void
read_array(const ColumnReader *reader, Datum value, double *to, int stride)
{
	ArrayType   *array = DatumGetArrayTypeP(value);
	int          n = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	const char  *element = ARR_DATA_PTR(array);
	const bits8 *present = ARR_NULLBITMAP(array);

	if (n != reader->column->width)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("column \"%s\" has arrays of %d and of %d elements",
						reader->column->name, Min(n, reader->column->width),
						Max(n, reader->column->width)),
				 errhint("Each element is a feature: give all arrays the same length in a view.")));
	for (int i = 0; i < n; i++)
	{
		if (present != NULL && (present[i / 8] & (1 << (i % 8))) == 0)
		{
			to[(Size) i * stride] = get_float8_nan();
			continue;
		}
		to[(Size) i * stride] = value_float8(fetch_att(element, reader->element_by_value, reader->element_length),
											 reader->kind);
		element = att_addlength_pointer(element, reader->element_length, element);
		element = (const char *) att_align_nominal(element, reader->element_alignment);
	}
}

bool
column_accepts(const ColumnReader *reader, NullableDatum value)
{
	ArrayType *array;

	if (value.isnull)
		return true;
	if (reader->column->kind == COLUMN_VECTOR)
		return vector_dimensions(value.value, reader->layout, reader->column->name) == reader->column->width - 1;
	if (reader->column->kind != COLUMN_ARRAY)
		return true;
	array = DatumGetArrayTypeP(value.value);
	return ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)) == reader->column->width;
}

void
column_read_parts(const ColumnReader *reader, NullableDatum value, double *to, int stride)
{
	const SourceColumn *column = reader->column;

	if (value.isnull)
	{
		for (int i = 0; i < column->width; i++)
			to[(Size) i * stride] = column->missing_category ? CATEGORY_MISSING : get_float8_nan();
	}
	else if (column->kind == COLUMN_ARRAY)
		read_array(reader, value.value, to, stride);
	else if (column->kind == COLUMN_VECTOR)
		vector_read(value.value, reader->layout, column->name, column->width - 1, to, stride);
	else
	{
		int         length;
		const char *text = category_text(reader, value.value, &length);

		*to = find_category(reader, text, length);
		if (*to == CATEGORY_OTHER && column->missing_category &&
			length == strlen(MISSING_TEXT) && strncmp(text, MISSING_TEXT, length) == 0)
			*to = CATEGORY_MISSING;
	}
}

/* ---- Rows ---- */

int
column_attribute(const SourceColumn *column, TupleDesc row, int first)
{
	for (int i = first; i < row->natts; i++)
		if (!TupleDescAttr(row, i)->attisdropped &&
			strcmp(NameStr(TupleDescAttr(row, i)->attname), column->name) == 0)
			return i;
	return -1;
}

RowValues
row_values_of(HeapTupleHeader row)
{
	RowValues values = {.type = HeapTupleHeaderGetTypeId(row), .typmod = HeapTupleHeaderGetTypMod(row)};
	TupleDesc descriptor = lookup_rowtype_tupdesc(values.type, values.typmod);

	values.descriptor = CreateTupleDescCopy(descriptor);
	ReleaseTupleDesc(descriptor);
	values.datums = palloc(sizeof(Datum) * values.descriptor->natts);
	values.nulls = palloc(sizeof(bool) * values.descriptor->natts);
	values.values = palloc(sizeof(NullableDatum) * values.descriptor->natts);
	return values;
}

const NullableDatum *
row_values_take(RowValues *values, HeapTupleHeader row)
{
	HeapTupleData tuple = {.t_len = HeapTupleHeaderGetDatumLength(row), .t_data = row};

	heap_deform_tuple(&tuple, values->descriptor, values->datums, values->nulls);
	pair_values(values->descriptor->natts, values->datums, values->nulls, values->values);
	return values->values;
}
