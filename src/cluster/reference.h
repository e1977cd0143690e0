/*
 * Reference sets: rows without groups that are otherwise like those of a sample.
 */
#ifndef SEGMENT_REFERENCE_H
#define SEGMENT_REFERENCE_H

#include "cluster/matrix.h"

/* what the sets of a sample are drawn from */
typedef struct Reference Reference;

/* a sample without weights, and whether its rows have unit length, so that those of the sets get it, too */
extern Reference *reference_create(const Matrix *sample, bool spherical);

/*
 * A set of as many rows, identified and measured, in the current memory context.
 * The same sample, seed and number give the same set, bit for bit.
 */
typedef Matrix *(*ReferenceDraw)(const Reference *reference, int64 seed, int number);

/* uniform in the box along the sample's principal axes */
extern Matrix *reference_box(const Reference *reference, int64 seed, int number);

/* the sample's correlations and its margins, each smoothed to one mode */
extern Matrix *reference_margins(const Reference *reference, int64 seed, int number);

/*
 * Does that smooth any of the margins?  A single one that it does not is the sample over again.
 */
extern bool reference_has_margins(const Reference *reference);

/*
 * The sample's rows, each moved a random part of the way towards a random row of
 * its second nearest cluster.  labels and second are the rows' clusters, of k.
 */
extern Matrix *reference_bridged(const Reference *reference, int64 seed, int number,
								 const int32_t *labels, const int32_t *second, int k);

#endif /* SEGMENT_REFERENCE_H */
