/*
 * Rows to start from: k-means++, and random rows.
 */
#ifndef SEGMENT_SEED_H
#define SEGMENT_SEED_H

#include "cluster/run.h"

/* rows drawn to choose from for each new centroid */
#define SEED_CANDIDATES 2

/* the word of the SQL interface, which checks it before */
extern Init init_kind(const char *word);

/*
 * Draws up to wanted different rows, with probabilities proportional to their
 * weights and, unless uniform, their distances; rows at distance 0 or of weight
 * 0 never.  Returns how many there are, in the order of the draw.
 */
extern int seed_draw(const Matrix *matrix, const float *distances, bool uniform,
					 uint64 salt, int wanted, int64 *rows);

/*
 * The factor that turns distances times weights into integers which can be
 * summed over all rows without overflow.
 */
extern double seed_scale(const Matrix *matrix, const float *distances);

/*
 * Draws k rows to start from, one after the other: the first of them are those
 * of any smaller k.  With fewer than k rows that differ in float4 arithmetic the
 * last ones repeat the first.
 */
extern void seed_rows(const Matrix *matrix, const LloydOptions *options, int k, uint64 stream, int64 *rows);

/* Writes the centroids that these rows are, k x features; or draws k rows for it. */
extern void seed_copy(const Matrix *matrix, const int64 *rows, int k, double *centroids);
extern void seed_centroids(const Matrix *matrix, const LloydOptions *options, uint64 stream, double *centroids);

#endif /* SEGMENT_SEED_H */
