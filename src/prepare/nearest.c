/*
 * The nearest centroids of the rows of a batch.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "prepare/nearest.h"
#include "process/settings.h"

void
nearest_rows(const PassInput *input, const double *point, const double *blocks, int nrows,
			 NearestRows *nearest)
{
	const Recipe *recipe = input->recipe;
	const Kernel *kernel = segment_kernel();
	int           batch = recipe_batch_blocks(recipe);
	char         *memory = palloc(sizeof(double) * batch * recipe->nfeatures * KERNEL_LANES + PG_CACHE_LINE_SIZE);
	double       *prepared = (double *) CACHELINEALIGN(memory);
	bool          used[PASS_ROWS];
	int           nused = recipe_used_rows(recipe, blocks, nrows, used);
	int           nblocks = (nrows + KERNEL_LANES - 1) / KERNEL_LANES;
	int32_t       second[PASS_ROWS];
	double        none[PASS_ROWS];
	int           row;

	for (int block = 0; block < nblocks; block += batch)
	{
		int n = Min(batch, nblocks - block);

		CHECK_FOR_INTERRUPTS();
		row = block * KERNEL_LANES;
		recipe_prepare_blocks(recipe, blocks + (Size) row * recipe->ncolumns, n, prepared);
		kernel->nearest_two(prepared, n, recipe->nfeatures, input->k, input->centroids,
							nearest->labels + row, nearest->d2 + row, second,
							nearest->second_d2 + row);
		if (point != NULL)
			kernel->nearest_two(prepared, n, recipe->nfeatures, 1, point, second,
								nearest->point_d2 + row, second, none);
	}
	pfree(memory);
	for (row = 0; row < nrows; row++)
		if (unlikely(nearest->labels[row] < 0) && used[row])
			source_changed(); /* in the fit, no row was beyond reach */
	nearest->n = nused;
	if (nused == nrows)
		return;
	for (row = nused = 0; row < nrows; row++)
	{
		nearest->labels[nused] = nearest->labels[row];
		nearest->d2[nused] = nearest->d2[row];
		nearest->second_d2[nused] = nearest->second_d2[row];
		if (point != NULL)
			nearest->point_d2[nused] = nearest->point_d2[row];
		nused += used[row];
	}
}
