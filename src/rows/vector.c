/*
 * Values of pgvector's types, without pgvector.
 *
 * A type is known by its name and by the extension that it belongs to.  The
 * value is read as pgvector stores it, which has been the same since its
 * versions 0.1 (vector) and 0.7 (halfvec, sparsevec):
 *
 *		vector		int16 dimensions, int16 unused, float4 a dimension
 *		halfvec		the same with IEEE 754 binary16
 *		sparsevec	int32 dimensions, int32 n, int32 unused, n ascending int32
 *					indices from 0, n float4; other coordinates are 0
 *
 * Whoever owns the extension can make another type of that name part of it, so
 * that a value is believed nothing.
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/dependency.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "rows/vector.h"

VectorLayout
vector_layout(Oid type)
{
	static const char *const names[] = {"", "vector", "halfvec", "sparsevec"};
	HeapTuple                tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
	VectorLayout             layout = VECTOR_NONE;
	Oid                      extension;
	char                    *name;

	if (!HeapTupleIsValid(tuple))
		return VECTOR_NONE;
	for (int i = VECTOR_FLOAT; i <= VECTOR_SPARSE; i++)
		if (strcmp(NameStr(((Form_pg_type) GETSTRUCT(tuple))->typname), names[i]) == 0 &&
			((Form_pg_type) GETSTRUCT(tuple))->typlen == -1)
			layout = (VectorLayout) i;
	ReleaseSysCache(tuple);
	if (layout == VECTOR_NONE)
		return VECTOR_NONE;
	extension = getExtensionOfObject(TypeRelationId, type);
	name = OidIsValid(extension) ? get_extension_name(extension) : NULL;
	return name != NULL && strcmp(name, "vector") == 0 ? layout : VECTOR_NONE;
}

/* ---- What is stored ---- */

typedef struct DenseVector
{
	int32 header;
	int16 dimensions;
	int16 unused;
} DenseVector;

typedef struct SparseVector
{
	int32 header;
	int32 dimensions;
	int32 n;
	int32 unused;
} SparseVector;

static void
check_vector(bool fine, const char *column)
{
	if (!fine)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("column \"%s\" has a value that is no vector as pgvector stores it", column),
				 errhint("Leave such rows out in a view.")));
}

/*
 * The value, whose size is what its counts say.
 */
static const void *
vector_open(Datum value, VectorLayout layout, const char *column, int *dimensions)
{
	const void *vector = PG_DETOAST_DATUM(value);
	Size        size = VARSIZE(vector);

	if (layout == VECTOR_SPARSE)
	{
		const SparseVector *sparse = vector;

		check_vector(size >= sizeof(SparseVector), column);
		check_vector(sparse->n >= 0 && sparse->n <= sparse->dimensions &&
						 size == sizeof(SparseVector) + (Size) sparse->n * (sizeof(int32) + sizeof(float4)),
					 column);
		*dimensions = sparse->dimensions;
	}
	else
	{
		const DenseVector *dense = vector;

		check_vector(size >= sizeof(DenseVector), column);
		check_vector(dense->dimensions >= 0 &&
						 size == sizeof(DenseVector) + (Size) dense->dimensions * (layout == VECTOR_HALF ? sizeof(uint16) : sizeof(float4)),
					 column);
		*dimensions = dense->dimensions;
	}
	if (*dimensions > MOST_DIMENSIONS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("column \"%s\" has vectors of %d dimensions, more than %d", column, *dimensions, MOST_DIMENSIONS),
				 errhint("Make shorter vectors of them in a view, and fit that.")));
	return vector;
}

int
vector_dimensions(Datum value, VectorLayout layout, const char *column)
{
	int dimensions;

	(void) vector_open(value, layout, column, &dimensions);
	return dimensions;
}

/*
 * A binary16: 1 bit sign, 5 bits exponent, 10 bits fraction.
 */
static inline double
half_float8(uint16 half)
{
	int    exponent = half >> 10 & 0x1f;
	int    fraction = half & 0x3ff;
	double value;

	if (exponent == 0x1f)
		value = fraction == 0 ? INFINITY : NAN;
	else
		value = exponent == 0 ? ldexp(fraction, -24) : ldexp(fraction + 0x400, exponent - 25);
	return half & 0x8000 ? -value : value;
}

static void
read_sparse(const SparseVector *sparse, const char *column, double *to, int stride)
{
	const int32  *indices = (const int32 *) (sparse + 1);
	const float4 *values = (const float4 *) (indices + sparse->n);
	int           next = 0;

	for (int i = 0; i < sparse->dimensions; i++)
		to[(Size) i * stride] = 0;
	for (int i = 0; i < sparse->n; i++)
	{
		check_vector(indices[i] >= next && indices[i] < sparse->dimensions, column);
		to[(Size) indices[i] * stride] = values[i];
		next = indices[i] + 1;
	}
}

void
vector_read(Datum value, VectorLayout layout, const char *column, int dimensions, double *to, int stride)
{
	int         n;
	const void *vector = vector_open(value, layout, column, &n);
	double     *coordinates = to + stride;
	double      squares = 0;

	if (n != dimensions)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("column \"%s\" has vectors of %d and of %d dimensions",
						column, Min(n, dimensions), Max(n, dimensions)),
				 errhint("A model has vectors of one length: leave the others out in a view, and fit that.")));
	if (layout == VECTOR_SPARSE)
		read_sparse(vector, column, coordinates, stride);
	for (int i = 0; i < n; i++)
	{
		double value;

		if (layout == VECTOR_SPARSE)
			value = coordinates[(Size) i * stride];
		else if (layout == VECTOR_HALF)
			value = half_float8(((const uint16 *) ((const DenseVector *) vector + 1))[i]);
		else
			value = ((const float4 *) ((const DenseVector *) vector + 1))[i];
		coordinates[(Size) i * stride] = value;
		squares += value * value;
	}
	*to = (float4) sqrt(squares);
}
