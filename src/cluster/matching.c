/*
 * The cheapest one-to-one matching, by which segments keep their numbers
 * when they are fitted anew.
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "miscadmin.h"
#include "utils/float.h"

#include "cluster/matching.h"

/* sums of as many of these as there may be columns are finite */
#define LARGEST_COST 1e290

/*
 * A cost that can be added and compared: one that is infinite or no number is
 * as large as any.
 */
static double
usable_cost(double cost)
{
	return cost < LARGEST_COST ? Max(cost, -LARGEST_COST) : LARGEST_COST;
}

/*
 * The Hungarian method (H. W. Kuhn, 1955) with potentials: rows enter one by
 * one, each along the cheapest alternating path to a free column, in
 * O(nrows^2 ncolumns).  match[i] is the column of row i.
 *
 * Each step of a path visits a column that was not visited before, whatever the
 * costs are, so that every path ends.
 */
void
match_cheapest(const double *cost, int nrows, int ncolumns, int *match)
{
	/* index 0 of the columns stands for "none"; rows and columns count from 1 */
	double *row_potential = palloc0(sizeof(double) * (nrows + 1));
	double *column_potential = palloc0(sizeof(double) * (ncolumns + 1));
	int    *row_of = palloc0(sizeof(int) * (ncolumns + 1));
	int    *previous = palloc0(sizeof(int) * (ncolumns + 1));
	double *slack = palloc(sizeof(double) * (ncolumns + 1));
	bool   *visited = palloc(sizeof(bool) * (ncolumns + 1));

	if (nrows > ncolumns)
		elog(ERROR, "cannot match %d rows with %d columns", nrows, ncolumns);
	for (int row = 1; row <= nrows; row++)
	{
		int at = 0;

		row_of[0] = row;
		for (int column = 0; column <= ncolumns; column++)
		{
			slack[column] = get_float8_infinity();
			previous[column] = 0;
			visited[column] = false;
		}

		/* grow the tree of alternating paths until it reaches a free column */
		do
		{
			double delta = get_float8_infinity();
			int    from = row_of[at];
			int    next = 0;

			CHECK_FOR_INTERRUPTS();
			visited[at] = true;
			for (int column = 1; column <= ncolumns; column++)
			{
				double reduced;

				if (visited[column])
					continue;
				reduced = usable_cost(cost[(Size) (from - 1) * ncolumns + column - 1]) -
						  row_potential[from] - column_potential[column];
				if (reduced < slack[column])
				{
					slack[column] = reduced;
					previous[column] = at;
				}
				if (next == 0 || slack[column] < delta)
				{
					delta = slack[column];
					next = column;
				}
			}
			for (int column = 0; column <= ncolumns; column++)
			{
				if (visited[column])
				{
					row_potential[row_of[column]] += delta;
					column_potential[column] -= delta;
				}
				else
					slack[column] -= delta;
			}
			at = next;
		} while (row_of[at] != 0);

		/* turn the path around */
		for (; at != 0; at = previous[at])
			row_of[at] = row_of[previous[at]];
	}
	for (int column = 1; column <= ncolumns; column++)
		if (row_of[column] != 0)
			match[row_of[column] - 1] = column - 1;

	pfree(row_potential);
	pfree(column_potential);
	pfree(row_of);
	pfree(previous);
	pfree(slack);
	pfree(visited);
}

/* ---- Clusters and older ones ---- */

/*
 * An older centroid may be where none of today's rows is any more, by a value
 * that was mended, say.  From LARGEST_RATIO times what is usual here all costs
 * are the same, lest the digits of those that matter be lost beside them.  What
 * is usual: how far the clusters are from each other, and each from the nearest
 * older one.
 */
#define LARGEST_RATIO 0x1p20

static void
bound_costs(const Clustering *clustering, Size nold, double *cost)
{
	int    k = clustering->k;
	double usual = 0;
	double largest;

	for (int i = 0; i < k; i++)
	{
		double least = get_float8_infinity();

		CHECK_FOR_INTERRUPTS();
		for (Size j = 0; j < nold; j++)
			least = cost[i * nold + j] < least ? cost[i * nold + j] : least;
		if (!isinf(least))
			usual = Max(usual, least);
		for (Size j = 0; j < (Size) i; j++)
			usual = Max(usual, centroid_distance(clustering->nfeatures, clustering->centroids, i,
												 clustering->centroids, (int) j));
	}
	largest = Max(usual * LARGEST_RATIO, DBL_MIN);
	for (Size j = 0; j < k * nold; j++)
		cost[j] = cost[j] < largest ? cost[j] : largest;
}

void
cluster_match(Clustering *clustering, const double *old_centroids, const int32 *old_numbers, int nold, int32 *numbers)
{
	int     k = clustering->k;
	int     few = Min(k, nold);
	int     many = Max(k, nold);
	double *distances = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(double) * k * nold);
	double *cost = distances;
	int    *match = palloc(sizeof(int) * few);

	for (int i = 0; i < k; i++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int j = 0; j < nold; j++)
			distances[(Size) i * nold + j] = centroid_distance(clustering->nfeatures, clustering->centroids, i,
															   old_centroids, j);
	}
	bound_costs(clustering, nold, distances);
	if (k > nold)
	{
		cost = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(double) * k * nold);
		for (int i = 0; i < k; i++)
			for (int j = 0; j < nold; j++)
				cost[(Size) j * k + i] = distances[(Size) i * nold + j];
	}
	match_cheapest(cost, few, many, match);
	memset(numbers, 0, sizeof(int32) * k);
	for (int i = 0; i < few; i++)
	{
		if (k <= nold)
			numbers[i] = old_numbers[match[i]];
		else
			numbers[match[i]] = old_numbers[i];
	}
	if (cost != distances)
		pfree(cost);
	pfree(distances);
	pfree(match);
}

void
cluster_renumber(Clustering *clustering, const int32 *matched, const int32 *old_numbers, int nold, int32 next)
{
	int  k = clustering->k;
	int *order = palloc(sizeof(int) * k);

	/* clusters that match none get new numbers, the largest first */
	for (int i = 0; i < nold; i++)
		next = Max(next, old_numbers[i]);
	for (int i = 0; i < k; i++)
		order[clustering->numbers[i] - 1] = i;
	for (int i = 0; i < k; i++)
		clustering->numbers[order[i]] = matched[order[i]] != 0 ? matched[order[i]] : ++next;
	pfree(order);
}
