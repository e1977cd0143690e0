/*
 * The nearest centroids of the rows of a batch.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/float.h"

#include "prepare/nearest.h"
#include "process/settings.h"

/*
 * The same as the kernels' nearest_two, of squared distances less offsets: one
 * centroid at a time, so that the bits are those of plain distances.
 */
static void
assign_by_offsets(const PassInput *input, const double *prepared, int nblocks, int32_t *labels,
				  double *d2, int32_t *second, double *second_d2)
{
	const Kernel *kernel = segment_kernel();
	int           nfeatures = input->recipe->nfeatures;

	for (int b = 0; b < nblocks; b++)
	{
		double  least[KERNEL_LANES];
		int32_t nearest[KERNEL_LANES];
		double  nearest_d2[KERNEL_LANES];
		int32_t next[KERNEL_LANES];
		double  next_d2[KERNEL_LANES];
		int     at = b * KERNEL_LANES;

		for (int i = 0; i < KERNEL_LANES; i++)
		{
			least[i] = get_float8_infinity();
			labels[at + i] = second[at + i] = nearest[i] = next[i] = -1;
			d2[at + i] = second_d2[at + i] = nearest_d2[i] = next_d2[i] = get_float8_infinity();
		}
		for (int c = 0; c < input->k; c++)
		{
			int32_t one[KERNEL_LANES];
			int32_t none[KERNEL_LANES];
			double  square[KERNEL_LANES];
			double  nothing[KERNEL_LANES];

			kernel->nearest_two(prepared + (Size) at * nfeatures, 1, nfeatures, 1,
								input->centroids + (Size) c * nfeatures, one, square, none, nothing);
			for (int i = 0; i < KERNEL_LANES; i++)
			{
				if (square[i] - input->offsets[c] < least[i])
				{
					least[i] = square[i] - input->offsets[c];
					labels[at + i] = c;
					d2[at + i] = square[i];
				}
				if (square[i] < nearest_d2[i])
				{
					next[i] = nearest[i];
					next_d2[i] = nearest_d2[i];
					nearest[i] = c;
					nearest_d2[i] = square[i];
				}
				else if (square[i] < next_d2[i])
				{
					next[i] = c;
					next_d2[i] = square[i];
				}
			}
		}
		for (int i = 0; i < KERNEL_LANES; i++)
		{
			bool moved = nearest[i] != labels[at + i];

			second[at + i] = moved ? nearest[i] : next[i];
			second_d2[at + i] = moved ? nearest_d2[i] : next_d2[i];
		}
	}
}

void
assign_blocks(const PassInput *input, const double *prepared, int nblocks, int32_t *labels,
			  double *d2, int32_t *second, double *second_d2)
{
	if (input->offsets == NULL)
		segment_kernel()->nearest_two(prepared, nblocks, input->recipe->nfeatures, input->k, input->centroids,
									  labels, d2, second, second_d2);
	else
		assign_by_offsets(input, prepared, nblocks, labels, d2, second, second_d2);
	for (int i = 0; i < nblocks * KERNEL_LANES && input->trimmed; i++)
	{
		double least = Min(d2[i], second_d2[i]);

		if (labels[i] < 0 || !(least > input->cut))
			continue;
		second[i] = least == d2[i] ? labels[i] : second[i];
		labels[i] = input->k;
		d2[i] = second_d2[i] = least;
	}
}

void
nearest_rows(const PassInput *input, const double *point, const double *blocks, int nrows,
			 NearestRows *nearest)
{
	const Recipe *recipe = input->recipe;
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
		assign_blocks(input, prepared, n, nearest->labels + row, nearest->d2 + row, second,
					  nearest->second_d2 + row);
		if (point != NULL)
			segment_kernel()->nearest_two(prepared, n, recipe->nfeatures, 1, point, second,
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
