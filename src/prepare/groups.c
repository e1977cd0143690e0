/*
 * The rows of a batch by their clusters.
 */
#include "postgres.h"

#include "prepare/groups.h"

Groups *
groups_make(const int32 *labels, int n, int k)
{
	Groups *groups = palloc(offsetof(Groups, starts) + sizeof(int32) * (k + 1));
	int32  *ends = groups->starts + 1;

	memset(groups->starts, 0, sizeof(int32) * (k + 1));

	/* counts first, then starts, which become ends as the rows are placed */
	groups->n = n;
	groups->column = -1;
	for (int i = 0; i < n; i++)
		if (labels[i] + 1 < k)
			ends[labels[i] + 1]++;
	for (int i = 1; i < k; i++)
		ends[i] += ends[i - 1];
	for (int i = 0; i < n; i++)
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
	for (int i = 0; i < groups->n; i++)
		grouped[i] = values[groups->order[i]];
}

static void
group_column(const Groups *groups, const Recipe *recipe, int column, const double *blocks,
			 double *grouped)
{
	const double *first = blocks + (Size) column * KERNEL_LANES;
	Size          stride = (Size) recipe->ncolumns * KERNEL_LANES;

	for (int i = 0; i < groups->n; i++)
	{
		unsigned row = groups->order[i];

		grouped[i] = first[(row / KERNEL_LANES) * stride + row % KERNEL_LANES];
	}
}

void
groups_raw_values(Groups *groups, const Recipe *recipe, int f, const double *blocks,
				  int nrows, const bool *used, double *grouped)
{
	const FeatureRecipe *feature = &recipe->features[f];
	double               values[PASS_ROWS];

	if (used != NULL)
	{
		(void) recipe_raw_values(recipe, f, blocks, nrows, used, values);
		groups_apply(groups, values, grouped);
	}
	else if (feature->categorical)
	{
		if (groups->column != feature->column)
			group_column(groups, recipe, feature->column, blocks, groups->raw);
		groups->column = feature->column;
		memcpy(grouped, groups->raw, sizeof(double) * groups->n);
		category_values(feature, grouped, groups->n);
	}
	else
		group_column(groups, recipe, feature->column, blocks, grouped);
}
