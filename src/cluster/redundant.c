/*
 * Features that nearly repeat others.
 *
 * Two columns that say the same, a total and what it is made of, say, weigh
 * double in every distance, which is seldom what was meant.  It takes few rows
 * to see that a correlation is next to one, so that this costs little even for
 * as many features as a table has columns.
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"

#include "cluster/redundant.h"
#include "number/pearson.h"

/* what counts as the same */
#define REDUNDANT 0.999

/* two amounts whose logarithms have less in common do not repeat each other */
#define LOGARITHMS_ALIKE 0.95

/* of fewer distinct rows than these, features often agree by chance */
#define ENOUGH_ROWS 30

/* more features than these, which categories and arrays can make, are too many to compare */
#define MOST_FEATURES 2048

/* rows looked at, fewer for many features */
#define MOST_ROWS 4096
#define LEAST_ROWS 512
#define MOST_PRODUCTS 4e8

static int64
rows_to_look_at(const Matrix *sample)
{
	double rows = MOST_PRODUCTS / ((double) sample->nfeatures * sample->nfeatures);

	if (sample->ndistinct < ENOUGH_ROWS || sample->nfeatures > MOST_FEATURES)
		return 0;
	return (int64) Min(Max(rows, LEAST_ROWS), MOST_ROWS);
}

/*
 * products is features x features, of which the lower triangle is used.  What
 * fills the last block is zero and adds nothing.
 */
static void
add_products(const Matrix *rows, double *products, double *sums)
{
	int nfeatures = rows->nfeatures;

	for (int64 block = 0; block < rows->nblocks; block++)
	{
		const float *values = matrix_block(rows, block);

		for (int f = 0; f < nfeatures; f++)
		{
			const float *x = values + f * KERNEL_LANES;

			CHECK_FOR_INTERRUPTS();
			for (int lane = 0; lane < KERNEL_LANES; lane++)
				sums[f] += x[lane];
			for (int g = 0; g <= f; g++)
			{
				const float *y = values + g * KERNEL_LANES;
				double       sum = 0;

				for (int lane = 0; lane < KERNEL_LANES; lane++)
					sum += (double) x[lane] * y[lane];
				products[(Size) f * nfeatures + g] += sum;
			}
		}
	}
}

static inline double
before_transform(const FeatureRecipe *feature, double prepared)
{
	double transformed = prepared / feature->factor + feature->offset;

	return feature->transform == TRANSFORM_LOG1P ? expm1(transformed) : transformed;
}

/*
 * The correlation before logarithms were taken, which bend what is a straight
 * line between euros and cents.
 */
static double
correlation_before(const Recipe *recipe, const Matrix *rows, int f, int g)
{
	double x_sum = 0, y_sum = 0;
	double xx = 0, yy = 0, xy = 0;

	for (int pass = 0; pass < 2; pass++)
		for (int64 row = 0; row < rows->nrows; row++)
		{
			const float *values = matrix_block(rows, row / KERNEL_LANES) + row % KERNEL_LANES;
			double       x = before_transform(&recipe->features[f], values[f * KERNEL_LANES]);
			double       y = before_transform(&recipe->features[g], values[g * KERNEL_LANES]);

			if (pass == 0)
			{
				x_sum += x;
				y_sum += y;
				continue;
			}
			x -= x_sum / (double) rows->nrows;
			y -= y_sum / (double) rows->nrows;
			xx += x * x;
			yy += y * y;
			xy += x * y;
		}
	return pearson(xy, xx, yy);
}

RedundantPair *
redundant_pairs(const Recipe *recipe, Matrix *sample, int *n)
{
	int            nfeatures = sample->nfeatures;
	RedundantPair *pairs = palloc(sizeof(RedundantPair) * nfeatures);
	int64          wanted = rows_to_look_at(sample);
	Matrix        *some;
	double        *products;
	double        *sums;

	*n = 0;
	if (wanted == 0)
		return pairs;
	some = matrix_sample(sample, wanted);
	products = palloc0(sizeof(double) * nfeatures * nfeatures);
	sums = palloc0(sizeof(double) * nfeatures);
	add_products(some, products, sums);
	for (int f = 0; f < nfeatures; f++)
	{
		const FeatureRecipe *feature = &recipe->features[f];
		double              *mine = products + (Size) f * nfeatures;
		int                  before = *n;

		CHECK_FOR_INTERRUPTS();
		for (int g = 0; g <= f; g++)
			mine[g] -= sums[f] * sums[g] / (double) some->nrows;
		for (int g = 0; g < f; g++)
		{
			double r = pearson(mine[g], Max(mine[f], 0), Max(products[(Size) g * nfeatures + g], 0));

			if (r >= LOGARITHMS_ALIKE &&
				(feature->transform == TRANSFORM_LOG1P || recipe->features[g].transform == TRANSFORM_LOG1P))
				r = Max(r, correlation_before(recipe, some, f, g));
			if (!(fabs(r) >= (*n > before ? SAME : REDUNDANT)) || (feature->categorical && feature->column == recipe->features[g].column))
				continue;
			*n = before;
			pairs[(*n)++] = (RedundantPair){g, f, r};
			if (fabs(r) >= SAME)
				break;
		}
	}
	pfree(products);
	pfree(sums);
	return pairs;
}
