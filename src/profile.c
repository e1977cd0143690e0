/*-------------------------------------------------------------------------
 *
 * profile.c
 *	  Figures of segments in original units.
 *
 * Works on the raw columns of the fit, feature by feature: values are grouped
 * by segment in one scratch array, in which medians are then selected.  The
 * result is allocated in the current memory context.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "profile.h"
#include "stats.h"

/*
 * Reorders values.
 */
static Figures
figures_of(double *values, int64 n)
{
	Moments moments;
	Figures figures;

	moments_compute_basic(values, n, &moments);
	figures.mean = moments.mean;
	figures.stddev = moments.stddev;
	figures.min = moments.min;
	figures.max = moments.max;
	figures.median = n > 0 ? quantile_select(values, n, 0.5) : get_float8_nan();
	return figures;
}

/*
 * Groups a column's non-missing values by cluster: those of cluster c end up
 * at grouped[ends[c - 1]] .. grouped[ends[c] - 1].
 */
static void
group_values(const double *values, int64 nrows, const Clustering *clustering,
			 double *grouped, int64 *ends)
{
	int64 start = 0;
	int64 row;
	int   c;

	memset(ends, 0, sizeof(int64) * clustering->k);
	for (row = 0; row < nrows; row++)
		if (!isnan(values[row]))
			ends[clustering->labels[row]]++;
	for (c = 0; c < clustering->k; c++)
	{
		int64 count = ends[c];

		ends[c] = start;
		start += count;
	}
	for (row = 0; row < nrows; row++)
		if (!isnan(values[row]))
			grouped[ends[clustering->labels[row]]++] = values[row];
}

Profile *
profile_compute(const Columns *columns, const Clustering *clustering)
{
	Profile *profile = palloc(sizeof(Profile));
	int      nfeatures = columns->ncolumns;
	double  *grouped = MemoryContextAllocHuge(CurrentMemoryContext,
											  sizeof(double) * Max(columns->nrows, 1));
	int64   *ends = palloc(sizeof(int64) * clustering->k);
	int      f,
		c;

	profile->population = palloc(sizeof(Figures) * nfeatures);
	profile->segments = palloc_extended(sizeof(Figures) * nfeatures * clustering->k,
										MCXT_ALLOC_HUGE);
	for (f = 0; f < nfeatures; f++)
	{
		CHECK_FOR_INTERRUPTS();
		group_values(columns->values[f], columns->nrows, clustering, grouped, ends);
		for (c = 0; c < clustering->k; c++)
		{
			int64 start = c == 0 ? 0 : ends[c - 1];

			profile->segments[(size_t) c * nfeatures + f] =
				figures_of(grouped + start, ends[c] - start);
		}
		profile->population[f] = figures_of(grouped, ends[clustering->k - 1]);
	}
	pfree(grouped);
	pfree(ends);
	return profile;
}
