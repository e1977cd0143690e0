/*
 * The keys of rows in memory.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/sortsupport.h"
#include "utils/typcache.h"

#include "rows/keys.h"

/* a longer value is not kept */
#define MOST_KEY_BYTES 64

KeyLayout
key_layout(TupleDesc row, int ncolumns)
{
	KeyLayout layout = {.ncolumns = ncolumns};

	if (ncolumns > INDEX_MAX_KEYS)
		return (KeyLayout){0};
	for (int i = 0; i < ncolumns; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(row, i);

		/* bytes are not aligned */
		if (attribute->attlen <= 0 || attribute->attlen > MOST_KEY_BYTES ||
			(!attribute->attbyval && attribute->attalign != TYPALIGN_CHAR))
			return (KeyLayout){0};
		layout.columns[i] = (KeyColumn){.type = attribute->atttypid, .bytes = attribute->attlen, .by_value = attribute->attbyval};
		layout.bytes += attribute->attlen;
	}
	return layout;
}

/* a value of a type that is passed by value, where it may not be aligned */
static inline void
write_value(Datum value, Size bytes, char *to)
{
	switch (bytes)
	{
		case sizeof(char):
			*to = DatumGetChar(value);
			break;
		case sizeof(int16):
			memcpy(to, &(int16){DatumGetInt16(value)}, sizeof(int16));
			break;
		case sizeof(int32):
			memcpy(to, &(int32){DatumGetInt32(value)}, sizeof(int32));
			break;
		default:
			memcpy(to, &value, sizeof(Datum));
	}
}

static inline Datum
read_value(const char *from, Size bytes)
{
	int16 two;
	int32 four;
	Datum value;

	switch (bytes)
	{
		case sizeof(char):
			return CharGetDatum(*from);
		case sizeof(int16):
			memcpy(&two, from, sizeof(int16));
			return Int16GetDatum(two);
		case sizeof(int32):
			memcpy(&four, from, sizeof(int32));
			return Int32GetDatum(four);
		default:
			memcpy(&value, from, sizeof(Datum));
			return value;
	}
}

bool
key_write(const KeyLayout *layout, const NullableDatum *values, char *bytes)
{
	for (int i = 0; i < layout->ncolumns; i++)
	{
		const KeyColumn *column = &layout->columns[i];

		if (values[i].isnull)
			return false;
		if (column->by_value)
			write_value(values[i].value, column->bytes, bytes);
		else
			memcpy(bytes, DatumGetPointer(values[i].value), column->bytes);
		bytes += column->bytes;
	}
	return true;
}

void
key_read(const KeyLayout *layout, const char *bytes, Datum *values)
{
	for (int i = 0; i < layout->ncolumns; i++)
	{
		const KeyColumn *column = &layout->columns[i];

		values[i] = column->by_value ? read_value(bytes, column->bytes) : PointerGetDatum(bytes);
		bytes += column->bytes;
	}
}

struct KeyOrder
{
	const KeyLayout *layout;
	SortSupportData  columns[INDEX_MAX_KEYS];
};

KeyOrder *
key_order(const KeyLayout *layout, TupleDesc row)
{
	KeyOrder *order = palloc0(sizeof(KeyOrder));

	order->layout = layout;
	for (int i = 0; i < layout->ncolumns; i++)
	{
		Oid less = lookup_type_cache(layout->columns[i].type, TYPECACHE_LT_OPR)->lt_opr;

		if (!OidIsValid(less))
			return NULL;
		order->columns[i].ssup_cxt = CurrentMemoryContext;
		order->columns[i].ssup_collation = TupleDescAttr(row, i)->attcollation;
		PrepareSortSupportFromOrderingOp(less, &order->columns[i]);
	}
	return order;
}

int
key_compare(const KeyOrder *order, const char *a, const char *b)
{
	Datum x[INDEX_MAX_KEYS];
	Datum y[INDEX_MAX_KEYS];
	int   result = 0;

	key_read(order->layout, a, x);
	key_read(order->layout, b, y);
	for (int i = 0; i < order->layout->ncolumns && result == 0; i++)
		result = ApplySortComparator(x[i], false, y[i], false, unconstify(SortSupportData *, &order->columns[i]));
	return result;
}
