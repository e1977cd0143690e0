/*
 * Rows in the clusters of a model that is there: figures, and no clustering.
 */
#include "postgres.h"

#include "cluster/rescore.h"

Clustering *
cluster_score(const RowSource *source, const PassInput *model, const int32 *numbers)
{
	static const bool exact = true;
	const Recipe     *recipe = model->recipe;
	LloydOptions      options = {.k = model->k};
	Clustering       *clustering = clustering_create(recipe, model->k, model->trimmed);
	PassInput         input = *model;
	Size              coordinates = sizeof(double) * model->k * recipe->nfeatures;

	clustering_begin_origins(clustering);
	memcpy(clustering->centroids, model->centroids, coordinates);
	clustering->offsets = unconstify(double *, model->offsets);
	clustering->trimmed = model->trimmed;
	clustering->cut = model->cut;
	input.extra = &exact;
	input.extra_size = sizeof(exact);
	clustering_refine(source, &input, (Share){0}, clustering->means, clustering, NULL);
	(void) clustering_judge(source, recipe, &options, true, (Share){0}, clustering);
	memcpy(clustering->means, clustering->centroids, coordinates);
	for (int c = 0; c < model->k; c++)
		clustering->numbers[c] = numbers[clustering->origins[c]];
	clustering->converged = true;
	clustering_finish_at_fixpoint(recipe, clustering);
	return clustering;
}
