/*
 * The rows that a clustering works on.
 */
#include "postgres.h"

#include "utils/memutils.h"

#include "cluster/cluster_rows.h"
#include "prepare/weights.h"

/* a sample in which not every fourth row is distinct says little about the rest */
#define FEW_DISTINCT 4

static Matrix *
identified(Matrix *matrix)
{
	matrix_identify(matrix);
	matrix_measure(matrix);
	return matrix;
}

/*
 * A sample by the identities of all rows in memory, which tell equal rows
 * apart: for rows without a key, of which a sample by content takes all equal
 * ones or none, and for few distinct ones.
 */
static Matrix *
sample_by_identity(ClusterRows *rows, int64 nsample)
{
	MatrixSampler *sampler = matrix_sampler(&rows->shape, nsample);
	int            nfeatures = rows->recipe->nfeatures;
	int64          nblocks = rows->shape.nblocks;

	packed_rows_each(&rows->packed, nfeatures, 0, nblocks, matrix_sampler_look, sampler);
	matrix_sampler_choose(sampler);
	packed_rows_each(&rows->packed, nfeatures, 0, nblocks, matrix_sampler_take, sampler);
	return identified(matrix_sampler_end(sampler));
}

/* no prepared value is farther from 0 */
static double
largest_value(const Recipe *recipe)
{
	double largest = 0;

	for (int f = 0; f < recipe->nfeatures; f++)
		largest = Max(largest, recipe->features[f].max_abs);
	return largest;
}

ClusterRows *
cluster_rows_create(RowSource *all, RowSource *memory, const Recipe *recipe, Rows *sample_rows,
					int k_max, bool may_pack)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "segment rows to cluster", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	ClusterRows  *rows = palloc0(sizeof(ClusterRows));
	double        part;

	rows->all = all;
	rows->memory = memory;
	rows->recipe = recipe;
	rows->k_max = k_max;
	rows->packed = packed_rows_create(memory, recipe);
	rows->packed.may_pack = may_pack;
	rows->packed.weights = weights_share(memory->set, recipe, memory->rows);
	rows->shape = (Matrix){.nrows = memory->rows->nrows,
						   .nblocks = memory->rows->nblocks,
						   .nfeatures = recipe->nfeatures,
						   .weights = share_address(rows->packed.weights),
						   .largest = largest_value(recipe)};
	rows->sample_is_all = sample_rows == NULL && all == memory;
	rows->sample = matrix_pack(recipe, sample_rows != NULL ? sample_rows : memory->rows);
	rows->sample->weights = sample_rows != NULL ? share_address(weights_share(NULL, recipe, sample_rows))
												: rows->shape.weights;
	rows->sample = identified(rows->sample);
	if (!rows->sample_is_all && (rows->sample->ndistinct < rows->sample->nrows / FEW_DISTINCT ||
								 rows->sample->ndistinct < k_max))
		rows->sample = sample_by_identity(rows, Max(rows->sample->nrows, k_max));
	rows->sample->largest = rows->shape.largest;
	rows->shape.ndistinct = Max(rows->shape.ndistinct, rows->sample->ndistinct);

	/* sums of squares by the sample's, for tolerances only */
	part = (double) rows->shape.nrows / rows->sample->nrows;
	rows->shape.sum_squares = rows->sample->sum_squares * part;
	rows->shape.total_squares = rows->sample->total_squares * part;
	MemoryContextSwitchTo(caller);
	return rows;
}

void
cluster_rows_free(ClusterRows *rows)
{
	ShareSet *set = rows->memory->set;

	share_free(set, rows->packed.input);
	share_free(set, rows->packed.weights);
	share_free(set, rows->packed.blocks);
	share_free(set, rows->seeds.rows);
	MemoryContextDelete(GetMemoryChunkContext(rows));
}

void
cluster_check_k(const ClusterRows *rows, int k)
{
	const Matrix *matrix = &rows->shape;

	if (k > matrix->ndistinct && rows->all != rows->memory)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("k is %d, but the sample of the rows has only " INT64_FORMAT " distinct points",
						k, matrix->ndistinct),
				 errhint("Raise segment.work_mem, or name key columns: without a key, equal rows are in the sample together or not at all.")));
	if (k > matrix->nrows)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("k is %d, but there are only " INT64_FORMAT " rows", k, matrix->nrows),
				 errhint("Ask for at most " INT64_FORMAT " segments, one for each distinct row.", matrix->ndistinct)));
	if (k > matrix->ndistinct)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 matrix->weights == NULL
					 ? errmsg("k is %d, but the rows have only " INT64_FORMAT " distinct points",
							  k, matrix->ndistinct)
					 : errmsg("k is %d, but the rows that weigh anything have only " INT64_FORMAT " distinct points",
							  k, matrix->ndistinct),
				 errhint("Ask for at most " INT64_FORMAT " segments, or use more features.",
						 matrix->ndistinct)));
}
