/*
 * segment_nearest(): the nearest of some centroids.
 */
#include "postgres.h"

#include <limits.h>
#include <math.h>

#include "call/aggregates.h"
#include "call/arrays.h"

/* below this a squared distance may have lost digits to underflow */
#define SAFE_SQUARE 1e-280

/* four sums at a time, for one would wait for itself at each addition */
static double
squared_distance(const double *a, const double *b, int n)
{
	double sums[4] = {0, 0, 0, 0};
	int    i;

	for (i = 0; i + 4 <= n; i += 4)
	{
		for (int j = 0; j < 4; j++)
		{
			double difference = a[i + j] - b[i + j];

			sums[j] += difference * difference;
		}
	}
	for (; i < n; i++)
	{
		double difference = a[i] - b[i];

		sums[i % 4] += difference * difference;
	}

	return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

/*
 * The squared distance as a fraction and a power of two, by way of scaled
 * differences, for values whose squares overflow or vanish.  Halves, because
 * differences can overflow.
 */
static double
scaled_squared_distance(const double *a, const double *b, int n, int *exponent)
{
	double largest = 0;
	double sum = 0;
	double scale;
	double fraction;
	int    scale_exponent;

	for (int i = 0; i < n; i++)
		largest = Max(largest, fabs(a[i] / 2 - b[i] / 2));
	if (largest == 0)
	{
		*exponent = INT_MIN;
		return 0;
	}

	(void) frexp(largest, &scale_exponent);
	scale_exponent = Max(scale_exponent, -1000);
	scale = ldexp(1.0, -scale_exponent);
	for (int i = 0; i < n; i++)
	{
		double difference = (a[i] / 2 - b[i] / 2) * scale;

		sum += difference * difference;
	}
	fraction = frexp(sum, exponent);
	*exponent += 2 * (scale_exponent + 1);

	return fraction;
}

static int
nearest_centroid_scaled(const double *features, const double *centroids, int k,
						int nfeatures, double *nearest_d2)
{
	int    nearest = 0;
	double best = 0;
	int    best_exponent = INT_MAX;

	for (int c = 0; c < k; c++)
	{
		int    exponent;
		double fraction = scaled_squared_distance(features,
												  centroids + (size_t) c * nfeatures,
												  nfeatures, &exponent);

		if (exponent < best_exponent ||
			(exponent == best_exponent && fraction < best))
		{
			best = fraction;
			best_exponent = exponent;
			nearest = c;
		}
	}
	*nearest_d2 = ldexp(best, best_exponent);

	return nearest;
}

int
nearest_centroid(const double *features, const double *centroids, int k,
				 int nfeatures, double *nearest_d2)
{
	int    nearest = 0;
	double total = 0;
	double best = INFINITY;

	for (int c = 0; c < k; c++)
	{
		double d2 = squared_distance(features,
									 centroids + (size_t) c * nfeatures,
									 nfeatures);

		total += d2;
		if (d2 < best)
		{
			best = d2;
			nearest = c;
		}
	}
	*nearest_d2 = best;
	if (best >= SAFE_SQUARE && isfinite(total))
		return nearest;

	return nearest_centroid_scaled(features, centroids, k, nfeatures,
								   nearest_d2);
}

PG_FUNCTION_INFO_V1(segment_nearest);
Datum
segment_nearest(PG_FUNCTION_ARGS)
{
	int           nfeatures;
	int           k;
	int           ncolumns;
	const double *features = features_read(PG_GETARG_ARRAYTYPE_P(0),
										   "features", &nfeatures);
	const double *centroids = matrix_read(PG_GETARG_ARRAYTYPE_P(1),
										  "centroids", &k, &ncolumns);
	double        d2;

	check_same_columns(nfeatures, ncolumns, "centroids");

	PG_RETURN_INT32(nearest_centroid(features, centroids, k, nfeatures,
									 &d2) +
					1);
}
