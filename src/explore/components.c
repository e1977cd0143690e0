/*
 * How prepared features go together in all rows, and the directions in
 * which these differ most.
 *
 * The principal components (K. Pearson, "On lines and planes of closest fit to
 * systems of points in space", 1901) are the eigenvectors of the covariances;
 * rows are not weighted.
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/array.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "explore/components.h"
#include "explore/correlate.h"
#include "number/eigen.h"

/*
 * Covariances in proportion to the largest variance.  Without any there is no
 * direction, and no share of it.
 */
static void
find_components(ComponentsJob *job, const double *stddev)
{
	int     n = job->nfeatures;
	double *covariance = palloc_extended(sizeof(double) * n * n, MCXT_ALLOC_HUGE);
	double  largest = 0;
	double  total = 0;

	for (int f = 0; f < job->ncomponents; f++)
		job->explained[f] = get_float8_nan();
	for (int f = 0; f < n; f++)
		largest = Max(largest, stddev[f]);
	if (largest == 0)
		return;
	for (int f = 0; f < n; f++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int g = 0; g < n; g++)
		{
			double r = job->correlation[(Size) f * n + g];

			covariance[(Size) f * n + g] = isnan(r) ? 0 : r * (stddev[f] / largest) * (stddev[g] / largest);
		}
		total += covariance[(Size) f * n + f];
	}
	eigen_largest(covariance, n, job->ncomponents, job->explained, job->loading);
	for (int f = 0; f < job->ncomponents; f++)
		job->explained[f] = Max(Min(job->explained[f] / total, 1), 0);
}

static void
components_all(Look *look, void *argument)
{
	ComponentsJob *job = argument;
	int            n = job->nfeatures;
	double        *stddev = palloc(sizeof(double) * n); /* of prepared values */
	RowSource      source;
	Census        *census = look_read(look, &source);

	job->rows_read = source.nrows;
	job->rows = census[0].values.n;
	correlate_values(look, &source, census, stddev, job->correlation);
	look_done(&source);
	for (int f = 0; f < n; f++)
	{
		Moments moments;

		spread_location(&census[f].values, &moments);
		job->mean[f] = recipe_scaled(&look->recipe, f, moments.mean);
		job->stddev[f] = job->rows == 0 ? get_float8_nan() : stddev[f] * look->recipe.unit;
	}
	find_components(job, stddev);
}

void
components_find(ComponentsJob *job, const Recipe *recipe, const SourceColumns *columns, const char *query)
{
	int  n = recipe->nfeatures;
	Look look = {.scan = {.query = query, .columns = columns}, .recipe = *recipe};

	collect_check_query(query);
	(void) ArrayGetNItems(2, (int[]){n, n}); /* raises an error if they are too many for an array */
	*job = (ComponentsJob){
		.nfeatures = n,
		.ncomponents = Min(n, COMPONENTS),
		.mean = palloc(sizeof(double) * n),
		.stddev = palloc(sizeof(double) * n),
		.correlation = palloc_extended(sizeof(double) * n * n, MCXT_ALLOC_HUGE),
		.loading = palloc0(sizeof(double) * Min(n, COMPONENTS) * n),
		.explained = palloc(sizeof(double) * Min(n, COMPONENTS))};
	look_run(&look, components_all, job);
}
