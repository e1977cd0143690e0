/*
 * The model before a fit: where its centroids are today.
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"

#include "call/previous.h"

void
previous_keep_near(double *prepared, Size n)
{
	for (Size i = 0; i < n; i++)
		prepared[i] = isnan(prepared[i]) ? 0 : Min(Max(prepared[i], -MOST_PREPARED), MOST_PREPARED);
}

/*
 * The feature of the previous model that is the same as feature f, or -1.  Both
 * have them in much the same order: the search begins at hint.
 */
static int
previous_feature(const FitJob *job, const Model *previous, int f, int hint)
{
	int nfeatures = previous->recipe.nfeatures;

	for (int i = 0; i < nfeatures; i++)
	{
		int g = (hint + i) % nfeatures;

		if (model_same_feature(job->columns, &job->recipe.features[f],
							   previous->columns, &previous->recipe.features[g]))
			return g;
	}
	return -1;
}

/*
 * Is a feature prepared as it was, bit for bit?
 */
static bool
prepared_alike(const FeatureRecipe *feature, const FeatureRecipe *other)
{
	return feature->transform == other->transform && feature->offset == other->offset && feature->factor == other->factor &&
		   (feature->lambda == other->lambda || (isnan(feature->lambda) && isnan(other->lambda)));
}

bool
previous_centroids(const FitJob *job, double **centroids)
{
	const Recipe *recipe = &job->recipe;
	const Model  *previous = job->before;
	const Recipe *before = &previous->recipe;
	int          *same = palloc(sizeof(int) * recipe->nfeatures);
	double       *raw = palloc0(sizeof(double) * recipe->nfeatures);
	double       *prepared = palloc_extended(sizeof(double) * previous->k * recipe->nfeatures, MCXT_ALLOC_HUGE);
	bool          alike = recipe->distance == before->distance && recipe->nfeatures == before->nfeatures;
	bool          known = true;

	for (int f = 0; f < recipe->nfeatures; f++)
	{
		same[f] = previous_feature(job, previous, f, f > 0 ? same[f - 1] + 1 : 0);
		known &= same[f] >= 0;
		alike &= same[f] == f && prepared_alike(&recipe->features[f], &before->features[f]);
	}
	if (alike)
		memcpy(prepared, previous->centroids, sizeof(double) * previous->k * recipe->nfeatures);
	for (int c = 0; c < previous->k && !alike; c++)
	{
		double *place = prepared + (Size) c * recipe->nfeatures;

		CHECK_FOR_INTERRUPTS();
		for (int f = 0; f < recipe->nfeatures; f++)
			if (same[f] >= 0)
				raw[f] = recipe_raw(before, same[f], previous->centroids[(Size) c * before->nfeatures + same[f]]);
		recipe_apply_values(recipe, raw, place);
		previous_keep_near(place, recipe->nfeatures);
	}
	pfree(same);
	pfree(raw);
	*centroids = prepared;
	return known;
}

/*
 * Puts the centroids of a tree into the order of its leaves.  False if these are no others.
 */
static bool
order_leaves(const FitJob *job, double *centroids)
{
	const Model *previous = job->before;
	Size         coordinates = sizeof(double) * job->recipe.nfeatures;
	double      *ordered;
	bool        *found;
	bool         all = true;

	if (job->nleaves != previous->k)
		return false;
	ordered = palloc_extended(coordinates * previous->k, MCXT_ALLOC_HUGE);
	found = palloc0(sizeof(bool) * previous->k);
	for (int i = 0; i < previous->k && all; i++)
	{
		int c = 0;

		CHECK_FOR_INTERRUPTS();
		while (c < previous->k && (found[c] || previous->numbers[c] != job->leaves[i]))
			c++;
		all = c < previous->k;
		if (all)
		{
			found[c] = true;
			memcpy(ordered + (Size) i * job->recipe.nfeatures, centroids + (Size) c * job->recipe.nfeatures, coordinates);
		}
	}
	if (all)
		memcpy(centroids, ordered, coordinates * previous->k);
	pfree(ordered);
	pfree(found);
	return all;
}

void
previous_read(FitJob *job)
{
	double *centroids;

	if (job->previous == NULL)
		return;
	if (!model_is_of_this_format(job->previous))
	{
		ereport(NOTICE,
				(errmsg("segments are numbered anew: the model that they had their numbers from was made by another version")));
		return;
	}
	job->before = model_deserialize(job->previous, NULL);
	if (job->options.warm && job->before->k == job->refit_k && previous_centroids(job, &centroids) &&
		(!job->bisecting || order_leaves(job, centroids)))
		job->warm = centroids;
}
