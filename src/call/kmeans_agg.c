/*
 * segment_kmeans_agg(): k-means as an aggregate.
 */
#include "postgres.h"

#include "call/aggregates.h"
#include "call/arrays.h"
#include "cluster/points.h"

/* two SQL functions: without a seed it is 0 */
PG_FUNCTION_INFO_V1(segment_kmeans_agg_accum);
Datum
segment_kmeans_agg_accum(PG_FUNCTION_ARGS)
{
	RowOptions    options = {0};
	const double *features;
	int           nfeatures;
	double       *values;
	RowSet       *rows;

	if (PG_ARGISNULL(1))
		return row_set_unchanged(fcinfo);
	check_argument(fcinfo, 2, "k");
	options.k = PG_GETARG_INT32(2);
	if (options.k < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("k is %d, but must be at least 1", options.k)));
	if (PG_NARGS() > 3)
	{
		check_argument(fcinfo, 3, "seed");
		options.seed = PG_GETARG_INT64(3);
	}

	features = features_read(PG_GETARG_ARRAYTYPE_P(1), "features", &nfeatures);
	rows = row_set_add(fcinfo, &options, nfeatures, &values);
	memcpy(values, features, nfeatures * sizeof(double));

	PG_RETURN_POINTER(rows);
}

PG_FUNCTION_INFO_V1(segment_kmeans_agg_final);
Datum
segment_kmeans_agg_final(PG_FUNCTION_ARGS)
{
	const RowSet *rows = row_set_get(fcinfo);
	double       *centroids;
	int           k = kmeans_fit_array(rows->values, rows->nrows, (int) rows->nfeatures,
									   rows->options.k, rows->options.seed, &centroids);

	PG_RETURN_ARRAYTYPE_P(matrix_build(centroids, k, (int) rows->nfeatures));
}
