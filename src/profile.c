/*-------------------------------------------------------------------------
 *
 * profile.c
 *	  Figures of segments in original units.
 *
 * All but the quantiles comes from the pass that judged the clustering, if that
 * was told to; its histograms spare the quantiles their first round.  The
 * population is the segments taken together.  The result is allocated in the
 * current memory context.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "profile.h"
#include "quantile.h"
#include "stats.h"

static const double proportions[PROFILE_QUANTILES] = {0.05, 0.25, 0.5, 0.75, 0.95};

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
	int          c;

	exact_sum_init(&variance);
	spread_init(all);
	for (c = 0; c < input->k; c++)
		spread_merge(all, judged_spread(input, judgement, c, feature));
	spread_location(all, &moments);
	centre = spread_centre(moments.mean, moments.min, moments.max);
	for (c = 0; c < input->k; c++)
		if (clusters[c].n > 0)
		{
			double within = clusters[c].stddev * centre.scale;
			double between = spread_deviation(judged_spread(input, judgement, c, feature), centre);

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
 * Appends what is known so far of the quantiles of a cluster's values of a
 * feature, or of all values (-1).
 */
static Quantile *
append_quantiles(const PassInput *input, int feature, int cluster, const Moments *moments,
				 const ValueSpan *span, const int64 *counts, Quantile *next)
{
	const JudgeExtra *extra = input->extra;
	int               i;

	for (i = 0; i < PROFILE_QUANTILES; i++, next++)
	{
		*next = quantile_make(feature, cluster, proportions[i], moments->n, moments->min, moments->max);
		if (!next->found && input->recipe->features[feature].categorical)
		{
			next->found = true;
			next->value = quantile_of_category(next, moments);
		}
		else if (!next->found && extra->every == 1)
			quantile_narrow(next, span, counts);
		else if (!next->found)
			quantile_guess(next, span, counts);
	}
	return next;
}

/*
 * Sets the figures of a feature but for the quantiles, which are appended: the
 * population's, then the segments'.
 */
static Quantile *
profile_feature(const PassInput *input, const Judgement *judgement, int f, Figures *population,
				Figures *clusters, Quantile *next)
{
	Quantile         *of_clusters = next + PROFILE_QUANTILES;
	const JudgeExtra *extra = input->extra;
	int               nfeatures = input->recipe->nfeatures;
	ValueSpan         span = judge_span(input, f);
	Moments          *moments = palloc(sizeof(Moments) * input->k);
	int64            *counts = palloc0(sizeof(int64) * extra->buckets);
	Moments           all;
	int               c,
		b;

	for (c = 0; c < input->k; c++)
	{
		const int64 *more = judged_counts(input, judgement, c, f);

		spread_moments(judged_spread(input, judgement, c, f),
					   extra->centres[(Size) c * nfeatures + f], &moments[c]);
		clusters[(Size) c * nfeatures + f] = figures_of(&moments[c]);
		of_clusters = append_quantiles(input, f, c, &moments[c], &span, more, of_clusters);
		for (b = 0; b < extra->buckets; b++)
			counts[b] += more[b];
	}
	all = population_moments(input, judgement, f, moments);
	population[f] = figures_of(&all);
	(void) append_quantiles(input, f, -1, &all, &span, counts, next);
	pfree(moments);
	pfree(counts);
	return of_clusters;
}

static const Quantile *
take_quantiles(Figures *figures, const Quantile *next)
{
	int i;

	for (i = 0; i < PROFILE_QUANTILES; i++)
		figures->quantiles[i] = (next++)->value;
	return next;
}

Profile *
profile_compute(const RowSource *source, const Clustering *clustering)
{
	Profile         *profile = palloc(sizeof(Profile));
	PassInput        input = clustering->judged;
	const Judgement *judgement = clustering->judgement;
	int              nfeatures = clustering->nfeatures;
	int              k = clustering->k;
	int              nquantiles = nfeatures * (k + 1) * PROFILE_QUANTILES;
	Figures         *clusters = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(Figures) * nfeatures * k);
	Quantile        *quantiles = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(Quantile) * nquantiles);
	Quantile        *end = quantiles;
	const Quantile  *next = quantiles;
	int              f,
		c;

	if (!((const JudgeExtra *) input.extra)->profile)
		judgement = judge_rows(source, &input, true, NULL, (Share){0});
	profile->population = palloc(sizeof(Figures) * nfeatures);
	for (f = 0; f < nfeatures; f++)
	{
		CHECK_FOR_INTERRUPTS();
		end = profile_feature(&input, judgement, f, profile->population, clusters, end);
	}
	Assert(end == quantiles + nquantiles);
	quantiles_find(source, &input, QUANTILES_USED, quantiles, nquantiles, clustering->labels);
	for (f = 0; f < nfeatures; f++)
	{
		next = take_quantiles(&profile->population[f], next);
		for (c = 0; c < k; c++)
			next = take_quantiles(&clusters[(Size) c * nfeatures + f], next);
	}
	profile->segments = clusters;
	pfree(quantiles);
	return profile;
}
