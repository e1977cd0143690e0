/*
 * Clusters of given sizes: the offsets of a power diagram.
 */
#ifndef SEGMENT_SIZES_H
#define SEGMENT_SIZES_H

#include "c.h"

/* bytes beside the squares: moves of a row, and more of them as it moves; paths */
#define SIZES_ROW_BYTES(k) (24 * (Size) (k))
#define SIZES_BYTES(k) (40 * (Size) (k) * (k))

/*
 * Sets offsets, k, such that clusters of the least squared distance less the
 * offset, ties to the lower index, have from least to most rows each, at the
 * least sum of squared distances; all 0 if the nearest centroids do that.
 *
 * Before, offsets are what they may be nearly: those of the centroids before these
 * spare most of the work, 0 else.
 *
 * squares is n x k.  Rows whose label is k are left out; labels of the others
 * become their clusters.  k * least must not be above their number, nor k * most
 * below.  False if equal rows, which cannot be told apart, do not allow it.
 */
extern bool sizes_find(const double *squares, int64 n, int k, int64 least, int64 most,
					   int32 *labels, double *offsets);

#endif /* SEGMENT_SIZES_H */
