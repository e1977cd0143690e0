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

/* of fewer distinct rows than these, features often agree by chance */
#define ENOUGH_ROWS 30

/* more features than these, which categories and arrays can make, are too many to compare */
#define MOST_FEATURES 2048

/* rows looked at, fewer for many features */
#define MOST_ROWS 4096
#define LEAST_ROWS 512
#define MOST_PRODUCTS 4e8

static int64
rows_to_look_at(const Recipe *recipe, const Matrix *sample)
{
	double rows = MOST_PRODUCTS / ((double) recipe->nfigures * recipe->nfigures);

	if (sample->ndistinct < ENOUGH_ROWS || recipe->nfigures < 2 || sample->nfeatures > MOST_FEATURES)
		return 0;
	return (int64) Min(Max(rows, LEAST_ROWS), MOST_ROWS);
}

/* Sums of features, and of the products of each two of them. */
typedef struct Products
{
	int     nfeatures;
	int64   nrows;
	double *sums;
	double *products; /* features x features, of which the lower triangle is used */
} Products;

/*
 * What fills the last block is zero and adds nothing.
 */
static Products
products_of(const Recipe *recipe, const Matrix *rows)
{
	int      nfeatures = rows->nfeatures;
	Products sums = {
		.nfeatures = nfeatures,
		.nrows = rows->nrows,
		.sums = palloc0(sizeof(double) * nfeatures),
		.products = palloc0(sizeof(double) * nfeatures * nfeatures)};

	for (int64 block = 0; block < rows->nblocks; block++)
	{
		const float *values = matrix_block(rows, block);

		for (int f = 0; f < nfeatures; f++)
		{
			const float *x = values + f * KERNEL_LANES;

			CHECK_FOR_INTERRUPTS();
			if (recipe->features[f].role == ROLE_DIMENSION)
				continue;
			for (int lane = 0; lane < KERNEL_LANES; lane++)
				sums.sums[f] += x[lane];
			for (int g = 0; g <= f; g++)
			{
				const float *y = values + g * KERNEL_LANES;
				double       sum = 0;

				if (recipe->features[g].role == ROLE_DIMENSION)
					continue;
				for (int lane = 0; lane < KERNEL_LANES; lane++)
					sum += (double) x[lane] * y[lane];
				sums.products[(Size) f * nfeatures + g] += sum;
			}
		}
	}
	return sums;
}

static void
products_free(Products *sums)
{
	pfree(sums->sums);
	pfree(sums->products);
}

static double
centred(const Products *sums, int f, int g)
{
	return sums->products[(Size) f * sums->nfeatures + g] - sums->sums[f] * sums->sums[g] / (double) sums->nrows;
}

static double
correlation(const Products *sums, int f, int g)
{
	return pearson(centred(sums, f, g), Max(centred(sums, f, f), 0), Max(centred(sums, g, g), 0));
}

static bool
is_logarithm(const Recipe *recipe, int f)
{
	return recipe->features[f].transform == TRANSFORM_LOG1P && recipe->features[f].factor != 0 &&
		   recipe->distance != DISTANCE_COSINE;
}

/*
 * Takes logarithms back, which bend what is a straight line between euros and
 * cents; false if there are none.
 */
static bool
undo_logarithms(const Recipe *recipe, Matrix *rows)
{
	bool any = false;

	for (int64 row = 0; row < rows->nrows; row++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int f = 0; f < rows->nfeatures; f++)
		{
			const FeatureRecipe *feature = &recipe->features[f];
			float               *value = matrix_row(rows, row) + (Size) f * KERNEL_LANES;

			if (!is_logarithm(recipe, f))
				continue;
			any = true;
			*value = (float) expm1(*value / feature->factor + feature->offset);
		}
	}
	return any;
}

RedundantPair *
redundant_pairs(const Recipe *recipe, Matrix *sample, int *n)
{
	int            nfeatures = sample->nfeatures;
	RedundantPair *pairs = palloc(sizeof(RedundantPair) * nfeatures);
	int64          wanted = rows_to_look_at(recipe, sample);
	Matrix        *some;
	Products       prepared;
	Products       before = {0}; /* logarithms were taken, if there are any */

	*n = 0;
	if (wanted == 0)
		return pairs;
	some = matrix_sample(sample, wanted);
	prepared = products_of(recipe, some);
	if (undo_logarithms(recipe, some))
		before = products_of(recipe, some);
	for (int f = 0; f < nfeatures; f++)
	{
		const FeatureRecipe *feature = &recipe->features[f];
		RedundantPair       *found = NULL;

		CHECK_FOR_INTERRUPTS();
		for (int g = 0; feature->role == ROLE_VALUE && g < f && (found == NULL || fabs(found->r) < SAME); g++)
		{
			double r = correlation(&prepared, f, g);
			double r_before = is_logarithm(recipe, f) || is_logarithm(recipe, g) ? correlation(&before, f, g) : r;

			if (recipe->features[g].role == ROLE_DIMENSION || (feature->categorical && feature->column == recipe->features[g].column))
				continue;
			if (r_before > r)
				r = r_before;
			if (!(fabs(r) >= (found == NULL ? REDUNDANT : SAME)))
				continue;
			if (found == NULL)
				found = &pairs[(*n)++];
			*found = (RedundantPair){g, f, r};
		}
	}
	products_free(&prepared);
	if (before.sums != NULL)
		products_free(&before);
	return pairs;
}
