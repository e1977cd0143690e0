/*
 * Raw values in no more bits than they need.
 */
#include "postgres.h"

#include "kernel/kernel.h"
#include "number/several_cpus.h"
#include "rows/cells.h"

/* memory is asked for so far ahead */
#define PREFETCH_BYTES 16384

Size
cells_row_bytes(int ncolumns, const uint8 *cells)
{
	Size bytes = 0;

	for (int i = 0; i < ncolumns; i++)
		bytes += cell_bytes(cells, i);
	return bytes > 0 ? bytes : sizeof(double);
}

/* Returns how many values do not fit; those that are missing do. */
static inline int
narrow_ints(const double *restrict values, int32 *restrict to)
{
	int misfits = 0;

	for (int i = 0; i < KERNEL_LANES; i++)
	{
		bool   inside = (values[i] > PG_INT32_MIN) & (values[i] <= PG_INT32_MAX);
		double value = inside ? values[i] : PG_INT32_MIN;

		to[i] = (int32) value;
		misfits += ((to[i] != values[i]) | !inside) & (values[i] == values[i]);
	}
	return misfits;
}

static inline int
narrow_floats(const double *restrict values, float *restrict to)
{
	int misfits = 0;

	for (int i = 0; i < KERNEL_LANES; i++)
	{
		to[i] = (float) values[i];
		misfits += ((double) to[i] != values[i]) & (values[i] == values[i]);
	}
	return misfits;
}

static inline void
widen_ints(const int32 *restrict cells, double *restrict values)
{
	for (int i = 0; i < KERNEL_LANES; i++)
		values[i] = cell_of_int(cells[i]);
}

static inline void
widen_floats(const float *restrict cells, double *restrict values)
{
	for (int i = 0; i < KERNEL_LANES; i++)
		values[i] = (double) cells[i];
}

FOR_SEVERAL_CPUS bool
cells_narrow(int ncolumns, const uint8 *cells, const double *blocks, int64 nblocks, void *to)
{
	char *place = to;
	int   misfits = 0;

	for (int64 block = 0; block < nblocks; block++)
		for (int c = 0; c < ncolumns; c++)
		{
			if (cells[c] == CELL_INT)
				misfits |= narrow_ints(blocks, (int32 *) place);
			else if (cells[c] == CELL_FLOAT)
				misfits |= narrow_floats(blocks, (float *) place);
			else
				memcpy(place, blocks, sizeof(double) * KERNEL_LANES);
			place += cell_bytes(cells, c) * KERNEL_LANES;
			blocks += KERNEL_LANES;
		}
	return misfits == 0;
}

FOR_SEVERAL_CPUS void
cells_widen(int ncolumns, const uint8 *cells, const void *blocks, int64 nblocks, double *to)
{
	const char *place = blocks;

	for (int64 block = 0; block < nblocks; block++)
		for (int c = 0; c < ncolumns; c++)
		{
			/* reading as fast as memory comes */
			__builtin_prefetch(place + PREFETCH_BYTES);
			__builtin_prefetch(place + PREFETCH_BYTES + KERNEL_LANES * sizeof(float));
			if (cells[c] == CELL_INT)
				widen_ints((const int32 *) place, to);
			else if (cells[c] == CELL_FLOAT)
				widen_floats((const float *) place, to);
			else
				memcpy(to, place, sizeof(double) * KERNEL_LANES);
			place += cell_bytes(cells, c) * KERNEL_LANES;
			to += KERNEL_LANES;
		}
}
