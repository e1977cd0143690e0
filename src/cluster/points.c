/*
 * k-means of plain points, without any preparation.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "cluster/cluster.h"
#include "cluster/points.h"
#include "prepare/recipe_fit.h"
#include "process/settings.h"

int
kmeans_fit_array(const double *rows, int64 nrows, int nfeatures, int k, int64 seed,
				 double **centroids)
{
	MemoryContext caller_context = CurrentMemoryContext;
	MemoryContext context = AllocSetContextCreate(caller_context, "segment kmeans aggregate",
												  ALLOCSET_DEFAULT_SIZES);
	LloydOptions  options = {.init = INIT_KMEANSPP, .max_iter = 300, .tol = 1e-4, .seed = seed};
	Recipe        recipe = {.ncolumns = nfeatures, .weight_column = -1, .weight_unit = 1, .nfeatures = nfeatures, .nrules = nfeatures, .distance = DISTANCE_EUCLIDEAN};
	Rows         *raw;
	RowSource     source = {0};
	ClusterRows  *cluster_rows;
	Clustering   *clustering;

	MemoryContextSwitchTo(context);
	raw = rows_create(nfeatures, (Share){0});
	for (int64 row = 0; row < nrows; row++)
	{
		double *to = rows_append(raw);

		if (row % 4096 == 0)
			CHECK_FOR_INTERRUPTS();
		for (int f = 0; f < nfeatures; f++)
			to[f * KERNEL_LANES] = rows[row * nfeatures + f];
	}
	source.rows = raw;
	source.nrows = nrows;
	source_share(&source);
	recipe.features = palloc0(sizeof(FeatureRecipe) * nfeatures);
	for (int f = 0; f < nfeatures; f++)
	{
		snprintf(recipe.features[f].name, NAMEDATALEN, "features[%d]", f + 1);
		recipe.features[f].column = f;
		recipe.features[f].scaling = SCALING_NONE;
		recipe.features[f].weight = 1;
	}
	recipe_fit(&recipe, &source, "the aggregate's input");
	recipe_finish(&recipe);
	cluster_rows = cluster_rows_create(&source, &source, &recipe, NULL, k, true);
	options.kernel = segment_kernel();
	options.k = (int) Min((int64) k, cluster_rows->shape.ndistinct);
	clustering = cluster_fit(cluster_rows, &options, false);

	MemoryContextSwitchTo(caller_context);
	*centroids = palloc_extended(sizeof(double) * options.k * nfeatures, MCXT_ALLOC_HUGE);
	for (int c = 0; c < options.k; c++)
		memcpy(*centroids + (size_t) (clustering->numbers[c] - 1) * nfeatures,
			   clustering->values + (size_t) c * nfeatures, sizeof(double) * nfeatures);
	MemoryContextDelete(context);
	return options.k;
}
