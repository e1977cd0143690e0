/*-------------------------------------------------------------------------
 *
 * redundant.c
 *	  Features that nearly repeat others.
 *
 * Two columns that say the same, a total and what it is made of, say, weigh
 * double in every distance, which is seldom what was meant.  It takes few rows
 * to see that a correlation is next to one, so that this costs little even for
 * many features.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"

#include "redundant.h"

/* what counts as the same */
#define REDUNDANT 0.999

/* of fewer rows than these, features often agree by chance */
#define ENOUGH_ROWS 30

/* rows looked at, fewer for many features */
#define MOST_ROWS 4096
#define LEAST_ROWS 512
#define MOST_PRODUCTS 4e8

static int64
blocks_to_look_at(const Matrix *sample)
{
	double rows = MOST_PRODUCTS / ((double) sample->nfeatures * sample->nfeatures);

	if (sample->nrows < ENOUGH_ROWS)
		return 0;
	rows = Min(Max(rows, LEAST_ROWS), MOST_ROWS);
	return Min((int64) rows / KERNEL_LANES, sample->nblocks);
}

static double
lanes_product(const float *x, const float *y)
{
	double sum = 0;
	int    lane;

	for (lane = 0; lane < KERNEL_LANES; lane++)
		sum += (double) x[lane] * y[lane];
	return sum;
}

static double
lanes_sum(const float *x)
{
	double sum = 0;
	int    lane;

	for (lane = 0; lane < KERNEL_LANES; lane++)
		sum += x[lane];
	return sum;
}

/*
 * products is features x features, of which the lower triangle is used.  What
 * fills the last block is zero and adds nothing.
 */
static void
add_products(const Matrix *sample, int64 nblocks, double *products, double *sums)
{
	int   nfeatures = sample->nfeatures;
	int64 block;
	int   f,
		g;

	for (block = 0; block < nblocks; block++)
	{
		const float *values = sample->blocks + (Size) block * nfeatures * KERNEL_LANES;

		CHECK_FOR_INTERRUPTS();
		for (f = 0; f < nfeatures; f++)
		{
			sums[f] += lanes_sum(values + f * KERNEL_LANES);
			for (g = 0; g <= f; g++)
				products[(Size) f * nfeatures + g] += lanes_product(values + f * KERNEL_LANES,
																	values + g * KERNEL_LANES);
		}
	}
}

RedundantPair *
redundant_pairs(const Recipe *recipe, const Matrix *sample, int *n)
{
	int            nfeatures = sample->nfeatures;
	int64          nblocks = blocks_to_look_at(sample);
	double         rows = (double) Min(nblocks * KERNEL_LANES, sample->nrows);
	double        *products = palloc_extended(sizeof(double) * nfeatures * nfeatures,
											  MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	double        *sums = palloc0(sizeof(double) * nfeatures);
	RedundantPair *pairs = palloc(sizeof(RedundantPair) * nfeatures);
	int            f,
		g;

	*n = 0;
	add_products(sample, nblocks, products, sums);
	for (f = 0; f < nfeatures; f++)
	{
		const FeatureRecipe *feature = &recipe->features[f];

		/* one that repeats several is named once, with the first */
		for (g = 0; g < f; g++)
		{
			const FeatureRecipe *other = &recipe->features[g];
			double               x = products[(Size) f * nfeatures + f] - sums[f] * sums[f] / rows;
			double               y = products[(Size) g * nfeatures + g] - sums[g] * sums[g] / rows;
			double               xy = products[(Size) f * nfeatures + g] - sums[f] * sums[g] / rows;

			if (!(x > 0 && y > 0) || fabs(xy) < REDUNDANT * sqrt(x) * sqrt(y) ||
				(feature->categorical && feature->column == other->column))
				continue;
			pairs[(*n)++] = (RedundantPair){g, f, xy / sqrt(x) / sqrt(y)};
			break;
		}
	}
	pfree(products);
	pfree(sums);
	return pairs;
}
