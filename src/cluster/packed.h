/*
 * Rows in memory as float4 blocks for the kernels.
 */
#ifndef SEGMENT_PACKED_H
#define SEGMENT_PACKED_H

#include "cluster/matrix.h"
#include "prepare/pass_input.h"

/* The matrix of prepared rows, without those that the rules skip; needs recipe_finish(). */
extern Matrix *matrix_pack(const Recipe *recipe, const Rows *rows);

/*
 * Appends the rows used of some blocks as floats to packed_rows others; returns
 * how many there are then.
 */
extern int64 pack_rows(const Recipe *recipe, const double *blocks, int nrows, float *packed,
					   int64 packed_rows);

/*
 * Rows in memory as float4 blocks for the kernels, the same bits whether they
 * are packed into memory first or block by block when they are wanted.  The
 * recipe must not skip any of them.
 */
typedef struct PackedRows
{
	SharedRows rows;
	Share      input;  /* the recipe */
	bool       costly; /* to prepare, so that packing them pays soon */
	bool       packed;
	Share      blocks;  /* if packed */
	Share      weights; /* of each row, see weights_share(); nothing: all weigh 1 */
} PackedRows;

extern PackedRows packed_rows_create(const RowSource *source, const Recipe *recipe);
extern void       packed_rows_pack(Team *team, ShareSet *set, PackedRows *packed, int nfeatures);

/* what is done with consecutive rows, of which the first has this number */
typedef void (*PackedFunction)(void *context, const float *blocks, int64 first_row, int nrows);

/* Calls a function for the rows in blocks from .. to - 1. */
extern void packed_rows_each(const PackedRows *packed, int nfeatures, int64 from, int64 to,
							 PackedFunction function, void *context);

/* a member's part of packing */
extern void pack_part(const TeamMember *me, const void *arguments);

#endif /* SEGMENT_PACKED_H */
