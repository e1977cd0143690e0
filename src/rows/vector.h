/*
 * Values of pgvector's types, without pgvector.
 */
#ifndef SEGMENT_VECTOR_H
#define SEGMENT_VECTOR_H

#include "fmgr.h"

/* dimensions of a vector, as many as pgvector's own type has */
#define MOST_DIMENSIONS 16000

typedef enum VectorLayout
{
	VECTOR_NONE, /* no such type */
	VECTOR_FLOAT,
	VECTOR_HALF,
	VECTOR_SPARSE
} VectorLayout;

/* What a type, domains looked through, is: vector, halfvec or sparsevec of the extension that is called vector? */
extern VectorLayout vector_layout(Oid type);

/* How many dimensions has a value?  One that is no such value is an error, which names the column. */
extern int vector_dimensions(Datum value, VectorLayout layout, const char *column);

/*
 * Sets to[0] to the vector's length, as a float4, to[stride], ... to its coordinates.  It has
 * so many dimensions, else that is an error.
 */
extern void vector_read(Datum value, VectorLayout layout, const char *column, int dimensions, double *to, int stride);

#endif /* SEGMENT_VECTOR_H */
