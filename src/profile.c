/*-------------------------------------------------------------------------
 *
 * profile.c
 *	  Figures of segments in original units.
 *
 * All but the medians comes from the pass that judged the clustering, if that
 * was told to; its histograms spare the medians their first round.  The
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

static Figures
figures_of(const Moments *moments)
{
	return (Figures){.mean = moments->mean,
					 .median = get_float8_nan(),
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
 * The median of zeros and ones follows from their number.
 */
static double
median_of_category(const Moments *moments)
{
	double ones = rint(moments->mean * moments->n);

	return 2 * ones == moments->n ? 0.5 : 2 * ones > moments->n ? 1
																: 0;
}

static Quantile
median_of(const PassInput *input, int feature, int cluster, const Moments *moments,
		  const ValueSpan *span, const int64 *counts)
{
	const JudgeExtra *extra = input->extra;
	Quantile          median = quantile_make(feature, cluster, 0.5, moments->n, moments->min, moments->max);

	if (!median.found && input->recipe->features[feature].categorical)
	{
		median.found = true;
		median.value = median_of_category(moments);
	}
	else if (!median.found && extra->every == 1)
		quantile_narrow(&median, span, counts);
	else if (!median.found)
		quantile_guess(&median, span, counts);
	return median;
}

/*
 * Sets the figures of a feature but for the medians, of which the first
 * guesses are appended to medians: the population's, then the segments'.
 */
static void
profile_feature(const PassInput *input, const Judgement *judgement, int f, Figures *population,
				Figures *clusters, Quantile *medians)
{
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
		medians[c + 1] = median_of(input, f, c, &moments[c], &span, more);
		for (b = 0; b < extra->buckets; b++)
			counts[b] += more[b];
	}
	all = population_moments(input, judgement, f, moments);
	population[f] = figures_of(&all);
	medians[0] = median_of(input, f, -1, &all, &span, counts);
	pfree(moments);
	pfree(counts);
}

Profile *
profile_compute(const RowSource *source, const Clustering *clustering)
{
	Profile         *profile = palloc(sizeof(Profile));
	PassInput        input = clustering->judged;
	const Judgement *judgement = clustering->judgement;
	int              nfeatures = clustering->nfeatures;
	int              k = clustering->k;
	int              nmedians = nfeatures * (k + 1);
	Figures         *clusters = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(Figures) * nfeatures * k);
	Quantile        *medians = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(Quantile) * nmedians);
	int              f,
		c;

	if (!((const JudgeExtra *) input.extra)->profile)
		judgement = judge_rows(source, &input, true, NULL, (Share){0});
	profile->population = palloc(sizeof(Figures) * nfeatures);
	for (f = 0; f < nfeatures; f++)
	{
		CHECK_FOR_INTERRUPTS();
		profile_feature(&input, judgement, f, profile->population, clusters,
						medians + (Size) f * (k + 1));
	}
	quantiles_find(source, &input, QUANTILES_USED, medians, nmedians, clustering->labels);
	for (f = 0; f < nfeatures; f++)
	{
		profile->population[f].median = medians[(Size) f * (k + 1)].value;
		for (c = 0; c < k; c++)
			clusters[(Size) c * nfeatures + f].median = medians[(Size) f * (k + 1) + c + 1].value;
	}
	profile->segments = clusters;
	pfree(medians);
	return profile;
}
