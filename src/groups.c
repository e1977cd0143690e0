/*-------------------------------------------------------------------------
 *
 * groups.c
 *	  The rows of a batch by their clusters.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "groups.h"

void
nearest_rows(const PassInput *input, const double *blocks, int nrows, NearestRows *nearest)
{
	const Recipe *recipe = input->recipe;
	char         *memory = palloc(sizeof(double) * recipe->nfeatures * KERNEL_LANES + PG_CACHE_LINE_SIZE);
	double       *block = (double *) CACHELINEALIGN(memory);
	bool          used[PASS_ROWS];
	int           nused = recipe_used_rows(recipe, blocks, nrows, used);
	int32_t       second[KERNEL_LANES];
	int           row;

	for (row = 0; row < nrows; row += KERNEL_LANES)
	{
		CHECK_FOR_INTERRUPTS();
		recipe_prepare_block(recipe, blocks + (Size) row * recipe->ncolumns, block);
		input->kernel->nearest_two(block, 1, recipe->nfeatures, input->k, input->centroids,
								   nearest->labels + row, nearest->d2 + row, second,
								   nearest->second_d2 + row);
	}
	pfree(memory);
	nearest->n = nused;
	if (nused == nrows)
		return;
	for (row = nused = 0; row < nrows; row++)
	{
		nearest->labels[nused] = nearest->labels[row];
		nearest->d2[nused] = nearest->d2[row];
		nearest->second_d2[nused] = nearest->second_d2[row];
		nused += used[row];
	}
}

Groups *
groups_make(const int32 *labels, int n, int k)
{
	Groups *groups = palloc0(offsetof(Groups, starts) + sizeof(int32) * (k + 1));
	int32  *ends = groups->starts + 1;
	int     i;

	/* counts first, then starts, which become ends as the rows are placed */
	groups->n = n;
	for (i = 0; i < n; i++)
		if (labels[i] + 1 < k)
			ends[labels[i] + 1]++;
	for (i = 1; i < k; i++)
		ends[i] += ends[i - 1];
	for (i = 0; i < n; i++)
		groups->order[ends[labels[i]]++] = i;
	return groups;
}

void
groups_free(Groups *groups)
{
	pfree(groups);
}

void
groups_apply(const Groups *groups, const double *values, double *grouped)
{
	int i;

	for (i = 0; i < groups->n; i++)
		grouped[i] = values[groups->order[i]];
}
