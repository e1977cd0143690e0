/*
 * Rows in the clusters of a model that is there.
 */
#ifndef SEGMENT_RESCORE_H
#define SEGMENT_RESCORE_H

#include "cluster/cluster.h"

/*
 * Judges rows, with the profile, by a model that is there: its recipe, which
 * recipe_recount() has seen these rows, k, centroids in their order, offsets and cut;
 * numbers are those of its segments.  Centroids stay, whatever the means of their
 * rows are, and figures are about them.  A cluster may be left without rows: its
 * averages are NaN.
 */
extern Clustering *cluster_score(const RowSource *source, const PassInput *model, const int32 *numbers);

#endif /* SEGMENT_RESCORE_H */
