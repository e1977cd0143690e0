/*
 * Raw values in no more bits than they need.
 *
 * A column whose values 32 bits hold exactly takes these in memory: a block of rows is
 * its columns one after the other, KERNEL_LANES cells each.
 */
#ifndef SEGMENT_CELLS_H
#define SEGMENT_CELLS_H

#include "utils/float.h"

#include "kernel/kernel.h"

/* Bytes of a row in memory. */
extern Size cells_row_bytes(int ncolumns, const uint8 *cells);

/*
 * From blocks of doubles to cells and back.  cells_narrow() returns false if a value
 * is none that its cell holds: PG_INT32_MIN, or the infinity of a date.
 */
extern bool cells_narrow(int ncolumns, const uint8 *cells, const double *blocks, int64 nblocks, void *to);
extern void cells_widen(int ncolumns, const uint8 *cells, const void *blocks, int64 nblocks, double *to);

/* in the functions below cells may be NULL, for doubles */
static inline Size
cell_bytes(const uint8 *cells, int column)
{
	return cells == NULL || cells[column] == CELL_DOUBLE ? sizeof(double) : sizeof(float);
}

static inline double
cell_of_int(int32 cell)
{
	double value = cell;

	return value == PG_INT32_MIN ? get_float8_nan() : value;
}

/* the value of a column's cell number lane, where its cells of a block begin at place */
static inline double
cell_value(const uint8 *cells, int column, const void *place, int lane)
{
	KernelCell cell = cells == NULL ? CELL_DOUBLE : cells[column];

	if (cell == CELL_DOUBLE)
		return ((const double *) place)[lane];
	return cell == CELL_FLOAT ? ((const float *) place)[lane] : cell_of_int(((const int32 *) place)[lane]);
}

#endif /* SEGMENT_CELLS_H */
