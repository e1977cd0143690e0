/*
 * Today's rows of a model, and the segments that they belong to.
 *
 * Rows are prepared one by one and compared with the centroids in double, as
 * scoring does it.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "model/members.h"
#include "prepare/nearest.h"
#include "rows/collect.h"
#include "rows/intake.h"

int
members_assign(const PassInput *input, const double *raw_block, int nrows, double *raw, double *block,
			   int32_t *clusters, double *d2, double *second_d2)
{
	const Recipe *recipe = input->recipe;
	int           used = 0;
	int32_t       second[KERNEL_LANES];

	for (int row = 0; row < nrows; row++)
	{
		for (int i = 0; i < recipe->ncolumns; i++)
			raw[i] = raw_block[(Size) i * KERNEL_LANES + row];
		used += recipe_apply(recipe, raw, block + used, KERNEL_LANES);
	}
	assign_blocks(input, block, 1, clusters, d2, second, second_d2);
	for (int row = 0; row < used; row++)
		if (clusters[row] < 0)
			model_report_far();
	return used;
}

/* ---- Counting ---- */

static Size
members_state_size(const PassInput *input)
{
	return sizeof(int64) * cluster_groups(input);
}

static void
members_init(const PassInput *input, void *state)
{
	memset(state, 0, members_state_size(input));
}

static int
members_add(const PassInput *input, void *state, const double *blocks, int nrows,
			int32 *labels pg_attribute_unused())
{
	const Recipe *recipe = input->recipe;
	int64        *sizes = state;
	double       *raw = palloc(sizeof(double) * recipe->ncolumns);
	double       *block = palloc0(sizeof(double) * recipe->nfeatures * KERNEL_LANES);
	int           n = 0;

	for (int row = 0; row < nrows; row += KERNEL_LANES)
	{
		int32_t clusters[KERNEL_LANES];
		double  d2[KERNEL_LANES];
		double  second_d2[KERNEL_LANES];
		int     used;

		CHECK_FOR_INTERRUPTS();
		used = members_assign(input, blocks + (Size) row * recipe->ncolumns, Min(KERNEL_LANES, nrows - row),
							  raw, block, clusters, d2, second_d2);
		for (int i = 0; i < used; i++)
			sizes[clusters[i]]++;
		n += used;
	}
	pfree(block);
	pfree(raw);
	return n;
}

static void
members_merge(const PassInput *input, void *state, const void *other)
{
	int64       *to = state;
	const int64 *from = other;

	for (int c = 0; c < cluster_groups(input); c++)
		to[c] += from[c];
}

const Pass members_pass = {"members", pass_open, members_state_size, members_init, members_add, members_merge};

/* ---- Reading ---- */

static void
take_rows(const PassInput *input, const Rows *rows, Members *members)
{
	const Recipe *recipe = input->recipe;
	int           nfeatures = recipe->nfeatures;
	double       *raw = palloc(sizeof(double) * recipe->ncolumns);
	double       *block = palloc0(sizeof(double) * nfeatures * KERNEL_LANES);
	RowCursor     cursor = rows_cursor(rows, 0, rows->nblocks);
	double       *blocks;
	int64         first_row;
	int           nrows;

	members->values = palloc_extended(sizeof(double) * Max(rows->nrows, 1) * nfeatures, MCXT_ALLOC_HUGE);
	members->clusters = palloc_extended(sizeof(int32) * Max(rows->nrows, 1), MCXT_ALLOC_HUGE);
	while (rows_next(rows, &cursor, KERNEL_LANES, &blocks, &first_row, &nrows))
	{
		int32_t clusters[KERNEL_LANES];
		double  d2[KERNEL_LANES];
		double  second_d2[KERNEL_LANES];
		int     used;

		CHECK_FOR_INTERRUPTS();
		used = members_assign(input, blocks, nrows, raw, block, clusters, d2, second_d2);
		for (int row = 0; row < used; row++)
		{
			double *values = members->values + members->nrows * nfeatures;

			if (clusters[row] == input->k)
				continue;
			for (int f = 0; f < nfeatures; f++)
				values[f] = block[(Size) f * KERNEL_LANES + row];
			members->clusters[members->nrows++] = clusters[row];
		}
	}
	pfree(block);
	pfree(raw);
}

Members
members_read(ShareSet *set, const Model *model, const char *query, bool keep)
{
	PassInput  input = {.recipe = &model->recipe, .k = model->k, .centroids = model->centroids, .offsets = model->offsets, .trimmed = model->trimmed, .cut = model->cut};
	ScanSource scan = {.query = query, .columns = model->columns, .nworkers = share_set_across_processes(set) ? intake_workers() : 0};
	/* beside: prepared, and once more as it is worked on */
	ScanKeep   kept = {.budget = intake_memory(), .beside = 2 * sizeof(double) * model->recipe.nfeatures};
	ScanResult result;
	Members    members = {0};

	collect_check_query(query);
	result = scan_run(set, &scan, &members_pass, pass_flatten(&input), keep ? &kept : NULL);
	members.sizes = result.state;
	if (!keep)
	{
		for (int c = 0; c < model->k; c++)
			members.nrows += members.sizes[c];
		return members;
	}
	if (result.rows == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a sample of " INT64_FORMAT " rows takes more memory than segment.work_mem allows", result.nrows),
				 errhint("Set segment.work_mem to " INT64_FORMAT " MB, or ask for a smaller sample.",
						 result.nrows * (int64) result.row_bytes / (1024 * 1024) + 1)));
	take_rows(&input, result.rows, &members);
	for (int i = 0; i < result.rows->nchunks; i++)
		share_free(set, result.rows->chunks[i].share);
	return members;
}
