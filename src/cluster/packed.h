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
 * stay packed in memory or are packed block by block whenever they are wanted.  The
 * recipe must not skip any of them.
 */
typedef struct PackedRows
{
	SharedRows rows;
	Share      input; /* the recipe */
	bool       packed;
	Share      blocks;   /* all of them, if packed or to be kept */
	Share      weights;  /* of each row, see weights_share(); nothing: all weigh 1 */
	bool       may_pack; /* there is memory for it */
} PackedRows;

extern PackedRows packed_rows_create(const RowSource *source, const Recipe *recipe);

/*
 * If there is memory, what goes through all rows next keeps them as it packs them;
 * packed_rows_kept() is called once it did.
 */
extern void packed_rows_keep(ShareSet *set, PackedRows *packed, int nfeatures);
extern void packed_rows_kept(PackedRows *packed, int nfeatures);

/* what is done with consecutive rows, of which the first has this number */
typedef void (*PackedFunction)(void *context, const float *blocks, int64 first_row, int nrows);

/* Calls a function for the rows in blocks from .. to - 1. */
extern void packed_rows_each(const PackedRows *packed, int nfeatures, int64 from, int64 to,
							 PackedFunction function, void *context);

#endif /* SEGMENT_PACKED_H */
