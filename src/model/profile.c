/*
 * Figures of segments in original units.
 *
 * All but the quantiles comes from the pass that judged the clustering, if that
 * was told to; its histograms spare the quantiles their first round.  The
 * population is the segments taken together.  The result is allocated in the
 * current memory context.
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "model/profile.h"
#include "number/moments.h"
#include "prepare/nearest.h"
#include "prepare/quantile.h"

static const double proportions[PROFILE_QUANTILES] = {0.25, 0.5, 0.75};

static Figures
figures_of(const Moments *moments)
{
	return (Figures){.mean = moments->mean,
					 .stddev = moments->stddev,
					 .min = moments->min,
					 .max = moments->max};
}

/*
 * The moments of all values of a feature, from those of the clusters: squared
 * deviations are those within clusters and those of the clusters' means.
 */
static Moments
population_moments(const PassInput *input, const Judgement *judgement, int feature,
				   const Moments *clusters)
{
	Spread      *all = palloc(sizeof(Spread));
	Moments      moments;
	SpreadCentre centre;
	ExactSum     variance; /* in whatever order the clusters are */

	exact_sum_init(&variance);
	spread_init(all);
	for (int c = 0; c < cluster_groups(input); c++)
		spread_merge(all, judged_spread(input, judgement, c, input->recipe->features[feature].figure));
	spread_location(all, &moments);
	centre = spread_centre(moments.mean, moments.min, moments.max);
	for (int c = 0; c < cluster_groups(input); c++)
		if (clusters[c].n > 0)
		{
			double within = clusters[c].stddev * centre.scale;
			double between = spread_deviation(judged_spread(input, judgement, c, input->recipe->features[feature].figure), centre);

			exact_sum_add(&variance, (double) clusters[c].n / (double) moments.n *
										 (within * within + between * between));
		}
	if (moments.n > 0)
	{
		/* the mean is rounded */
		double off = spread_deviation(all, centre);

		moments.stddev = moments.min == moments.max
							 ? 0
							 : sqrt(Max(exact_sum_value(&variance) - off * off, 0)) / centre.scale;
	}
	pfree(all);
	return moments;
}

/*
 * A quantile of zeros and ones follows from their number.
 */
static double
quantile_of_category(const Quantile *quantile, const Moments *moments)
{
	int64 zeros = moments->n - (int64) rint(moments->mean * moments->n);

	if (quantile->rank >= zeros)
		return 1;
	return quantile->rank + 1 < zeros ? 0 : quantile->proportion;
}

/*
 * What is known so far of a quantile of a cluster's values of a feature, or of
 * all values (-1).
 */
static Quantile
begin_quantile(const PassInput *input, int feature, int cluster, double p, const Moments *moments,
			   const ValueSpan *span, const int64 *counts)
{
	Quantile quantile = quantile_make(feature, cluster, p, moments->n, moments->min, moments->max);

	if (!quantile.found && input->recipe->features[feature].categorical)
	{
		quantile.found = true;
		quantile.value = quantile_of_category(&quantile, moments);
	}
	else if (!quantile.found)
		quantile_narrow(&quantile, span, counts);
	return quantile;
}

/* quantiles of a feature: the population's median, then the segments' quartiles */
static int
quantiles_of_feature(int k)
{
	return 1 + k * PROFILE_QUANTILES;
}

/*
 * Sets the figures of a feature but for the quantiles.
 */
static void
profile_feature(const PassInput *input, const Judgement *judgement, int f, Figures *population,
				Figures *clusters, Quantile *quantiles)
{
	const JudgeExtra *extra = input->extra;
	int               nfigures = input->recipe->nfigures;
	int               figure = input->recipe->features[f].figure;
	ValueSpan         span = judge_span(input, f);
	Moments          *moments = palloc(sizeof(Moments) * cluster_groups(input));
	int64            *counts = palloc0(sizeof(int64) * extra->buckets);
	Moments           all;

	for (int c = 0; c < cluster_groups(input); c++)
	{
		const int64 *more = judged_counts(input, judgement, c, figure);

		spread_moments(judged_spread(input, judgement, c, figure),
					   extra->centres[(Size) c * nfigures + figure], &moments[c]);
		clusters[(Size) c * nfigures + figure] = figures_of(&moments[c]);
		for (int i = 0; i < PROFILE_QUANTILES; i++)
			quantiles[1 + c * PROFILE_QUANTILES + i] = begin_quantile(input, f, c, proportions[i], &moments[c], &span, more);
		for (int b = 0; b < extra->buckets; b++)
			counts[b] += more[b];
	}
	all = population_moments(input, judgement, f, moments);
	population[figure] = figures_of(&all);
	quantiles[0] = begin_quantile(input, f, -1, proportions[PROFILE_MEDIAN], &all, &span, counts);
	pfree(moments);
	pfree(counts);
}

Profile *
profile_compute(const RowSource *source, const Clustering *clustering)
{
	Profile         *profile = palloc(sizeof(Profile));
	PassInput        input = clustering->judged;
	const Judgement *judgement = clustering->judgement;
	int              nfigures = input.recipe->nfigures;
	int             *features = recipe_figures(input.recipe);
	int              k = cluster_groups(&input);
	int              nquantiles = nfigures * quantiles_of_feature(k);
	Figures         *clusters = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(Figures) * nfigures * k);
	Quantile        *quantiles = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(Quantile) * nquantiles);

	if (!((const JudgeExtra *) input.extra)->profile)
		judgement = judge_rows(source, &input, true, NULL, NULL, (Share){0});
	profile->population = palloc(sizeof(Figures) * nfigures);
	for (int f = 0; f < nfigures; f++)
	{
		CHECK_FOR_INTERRUPTS();
		profile_feature(&input, judgement, features[f], profile->population, clusters,
						quantiles + (Size) f * quantiles_of_feature(k));
	}
	quantiles_find(source, &input, QUANTILES_USED, quantiles, nquantiles, clustering->labels);
	for (int f = 0; f < nfigures; f++)
	{
		const Quantile *of_feature = quantiles + (Size) f * quantiles_of_feature(k);

		profile->population[f].quantiles[PROFILE_MEDIAN] = of_feature[0].value;
		for (int c = 0; c < k; c++)
			for (int i = 0; i < PROFILE_QUANTILES; i++)
				clusters[(Size) c * nfigures + f].quantiles[i] = of_feature[1 + c * PROFILE_QUANTILES + i].value;
	}
	profile->segments = clusters;
	pfree(quantiles);
	return profile;
}
