/*
 * The model before a fit: where its centroids are today.
 */
#ifndef SEGMENT_PREVIOUS_H
#define SEGMENT_PREVIOUS_H

#include "call/fit_job.h"

/* centroids of other rows than today's may be anywhere: puts n coordinates where squared distances stay finite */
/* no prepared coordinate of a point is farther from 0, so that squared distances stay finite */
#define MOST_PREPARED 1e150

extern void previous_keep_near(double *prepared, Size n);

/*
 * Reads the previous model, if there is one: sets job->before, and job->warm for a warm
 * start.  A notice tells of one of another version, which is not read.
 */
extern void previous_read(FitJob *job);

/*
 * Its centroids in today's prepared coordinates, k x features: the very same where
 * features are prepared as they were, else by way of original units.  Features that it
 * does not have are 0 there; false if there are such.
 */
extern bool previous_centroids(const FitJob *job, double **centroids);

#endif /* SEGMENT_PREVIOUS_H */
