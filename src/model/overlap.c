/*
 * Counting which rows of an older model's segments are in which clusters.
 *
 * Rows are prepared and compared with the centroids in double, as scoring does
 * it: by today's recipe, and by that of the older model, whose columns have been
 * put where today's are.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/float.h"

#include "model/overlap.h"
#include "number/order.h"
#include "prepare/nearest.h"

/* the flat extra; behind it numbers, places, reaches and the older model's input, each aligned */
typedef struct FlatOld
{
	int  nold;
	int  column;
	int  nplaces;
	Size model; /* bytes */
} FlatOld;

/* what an opened input has as its extra */
typedef struct OpenOld
{
	OverlapOld old;
	double    *raw; /* one row */
	double    *block;
	double    *old_block;
} OpenOld;

static Size
numbers_size(int n)
{
	return MAXALIGN(sizeof(int32) * n);
}

FlatInput
overlap_flatten(const PassInput *clusters, const OverlapOld *old)
{
	PassInput input = *clusters;
	int       nplaces = old->column < 0 ? old->model->k : 0;
	FlatInput model = old->column < 0 ? pass_flatten(old->model) : (FlatInput){0};
	Size      size = MAXALIGN(sizeof(FlatOld)) + numbers_size(old->nold) + numbers_size(nplaces) + sizeof(double) * nplaces + model.size;
	char     *bytes = palloc_extended(size, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	char     *to = bytes + MAXALIGN(sizeof(FlatOld));

	*(FlatOld *) bytes = (FlatOld){.nold = old->nold, .column = old->column, .nplaces = nplaces, .model = model.size};
	memcpy(to, old->numbers, sizeof(int32) * old->nold);
	to += numbers_size(old->nold);
	if (nplaces > 0)
	{
		memcpy(to, old->places, sizeof(int32) * nplaces);
		to += numbers_size(nplaces);
		memcpy(to, old->reaches, sizeof(double) * nplaces);
		to += sizeof(double) * nplaces;
		memcpy(to, model.bytes, model.size);
	}
	input.extra = bytes;
	input.extra_size = size;
	return pass_flatten(&input);
}

static const PassInput *
overlap_open(const void *bytes)
{
	const PassInput *flat = pass_open(bytes);
	PassInput       *input = palloc(sizeof(PassInput));
	OpenOld         *open = palloc0(sizeof(OpenOld));
	const FlatOld   *header = flat->extra;
	const char      *from = (const char *) header + MAXALIGN(sizeof(FlatOld));

	open->old.nold = header->nold;
	open->old.column = header->column;
	open->old.numbers = (const int32 *) from;
	from += numbers_size(header->nold);
	if (header->nplaces > 0)
	{
		open->old.places = (const int32 *) from;
		from += numbers_size(header->nplaces);
		open->old.reaches = (const double *) from;
		from += sizeof(double) * header->nplaces;
		open->old.model = pass_open(from);
		open->old_block = palloc0(sizeof(double) * open->old.model->recipe->nfeatures * KERNEL_LANES);
	}
	open->raw = palloc(sizeof(double) * flat->recipe->ncolumns);
	open->block = palloc0(sizeof(double) * flat->recipe->nfeatures * KERNEL_LANES);
	*input = *flat;
	input->extra = open;
	return input;
}

static Size
table_cells(const PassInput *input)
{
	const OpenOld *open = input->extra;

	return ((Size) open->old.nold + 1) * (input->k + 1);
}

static Size
overlap_state_size(const PassInput *input)
{
	return 2 * sizeof(int64) * table_cells(input);
}

static void
overlap_init(const PassInput *input, void *state)
{
	memset(state, 0, overlap_state_size(input));
}

/*
 * The place of a raw value among the numbers, nold if it is none of them.
 */
static int
find_number(const OverlapOld *old, double number)
{
	return number >= PG_INT32_MIN && number <= PG_INT32_MAX ? find_int32(old->numbers, old->nold, (int32) number) : old->nold;
}

/*
 * Rows of one block, used of which are not skipped: their old segments are in from
 * (nold: none), or in the block of the older model.
 */
static void
count_rows(const PassInput *input, int64 *alike, int *from, int used)
{
	const OpenOld *open = input->extra;
	int64         *all = alike + table_cells(input);
	int32_t        clusters[KERNEL_LANES];
	int32_t        old[KERNEL_LANES];
	int32_t        second[KERNEL_LANES];
	double         d2[KERNEL_LANES];
	double         second_d2[KERNEL_LANES];

	assign_blocks(input, open->block, 1, clusters, d2, second, second_d2);
	if (open->old.column < 0)
		assign_blocks(open->old.model, open->old_block, 1, old, d2, second, second_d2);
	for (int row = 0; row < used; row++)
	{
		int  to = clusters[row] < 0 ? input->k : clusters[row];
		bool near = true;

		if (open->old.column < 0 && from[row] == 0)
		{
			from[row] = open->old.nold;
			if (old[row] >= 0 && old[row] < open->old.model->k && open->old.places[old[row]] >= 0)
			{
				from[row] = open->old.places[old[row]];
				near = cluster_distance(open->old.model->recipe, d2[row]) <= open->old.reaches[old[row]];
			}
		}
		all[(Size) from[row] * (input->k + 1) + to]++;
		alike[(Size) (near ? from[row] : open->old.nold) * (input->k + 1) + to]++;
	}
}

static int
overlap_add(const PassInput *input, void *state, const double *blocks, int nrows,
			int32 *labels pg_attribute_unused())
{
	const Recipe  *recipe = input->recipe;
	const OpenOld *open = input->extra;
	int            n = 0;

	for (int first = 0; first < nrows; first += KERNEL_LANES)
	{
		const double *block = blocks + (Size) first * recipe->ncolumns;
		int           from[KERNEL_LANES];
		int           used = 0;

		CHECK_FOR_INTERRUPTS();
		for (int row = 0; row < Min(KERNEL_LANES, nrows - first); row++)
		{
			for (int c = 0; c < recipe->ncolumns; c++)
				open->raw[c] = block[(Size) c * KERNEL_LANES + row];
			if (!recipe_apply(recipe, open->raw, open->block + used, KERNEL_LANES))
				continue;
			if (open->old.column >= 0)
				from[used++] = find_number(&open->old, open->raw[open->old.column]);
			else
			{
				/* one that the older model would skip or refuse was in none */
				from[used] = open->old.nold;
				if (recipe_accepts(open->old.model->recipe, open->raw) &&
					recipe_apply(open->old.model->recipe, open->raw, open->old_block + used, KERNEL_LANES))
					from[used] = 0;
				used++;
			}
		}
		count_rows(input, state, from, used);
		n += used;
	}
	return n;
}

static void
overlap_merge(const PassInput *input, void *state, const void *other)
{
	int64       *to = state;
	const int64 *from = other;

	for (Size i = 0; i < 2 * table_cells(input); i++)
		to[i] += from[i];
}

const Pass overlap_pass = {"overlap", overlap_open, overlap_state_size, overlap_init, overlap_add, overlap_merge};
