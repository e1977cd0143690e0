/*
 * Looking at the columns of a query: reading them, in one process or more.
 *
 * Rows that segment.work_mem has room for stay in memory, where a team works on
 * a column each; figures of more rows come from passes over the table.  Which
 * of the two it is depends on the numbers of rows and columns and the setting
 * alone, never on processes, so that these have no say in a figure.
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "miscadmin.h"
#include "utils/memutils.h"

#include "explore/look.h"
#include "number/moments.h"
#include "rows/intake.h"

/* values that are worth the start of workers, some ten milliseconds of work */
#define TEAM_VALUES 300000

/* values worked on at once, as the second-level cache holds them, in blocks of rows */
#define BATCH_BYTES (512 * 1024)
#define LEAST_BLOCKS 9
#define MOST_BLOCKS 63

void
look_init(Look *look, const char *relation, const char *query, int nkeys, int ncolumns, int nbuffers)
{
	collect_check_query(query);
	look->relation = relation;
	look->scan = (ScanSource){.query = query, .nkeys = nkeys, .columns = columns_of_numbers(ncolumns)};
	look->recipe = (Recipe){
		.ncolumns = ncolumns,
		.nrules = ncolumns,
		.nfeatures = ncolumns,
		.features = palloc0(sizeof(FeatureRecipe) * ncolumns)};
	for (int i = 0; i < ncolumns; i++)
		look->recipe.features[i].column = i;
	look->nbuffers = nbuffers;
}

/* ---- Processes ---- */

typedef struct LookCall
{
	Look        *look;
	LookFunction work;
	void        *job;
} LookCall;

static void
call_with_set(ShareSet *set, void *argument)
{
	LookCall *call = argument;

	call->look->set = set;
	call->look->scan.nworkers = share_set_across_processes(set) ? intake_workers() : 0;
	call->work(call->look, call->job);
}

void
look_run(Look *look, LookFunction work, void *job)
{
	share_run(intake_workers() > 0, call_with_set, NULL, &(LookCall){look, work, job});
}

/*
 * As many processes as there is work, and memory for what each of them needs.
 */
void
look_begin(const Look *look, RowSource *source)
{
	int64 nrows = source->rows->nrows;
	int   ncolumns = source->rows->ncolumns;
	int64 spare = look_capacity(look, nrows) + look->nbuffers - ncolumns;
	int64 nworkers = look->scan.nworkers;

	if (look->nbuffers > 0)
		nworkers = Min(nworkers, spare / look->nbuffers - 1);
	source_share(source);
	source->team = team_begin(nrows * ncolumns < TEAM_VALUES ? 0 : (int) nworkers);
}

void
look_done(RowSource *source)
{
	if (source->rows == NULL)
		return;
	team_dismiss(source->team);
	team_end(source->team);
	source->team = NULL;
	share_free(source->set, source->chunks);
	source->chunks = (Share){0};
	for (int i = 0; i < source->rows->nchunks; i++)
		share_free(source->set, source->rows->chunks[i].share);
	source->rows = NULL;
}

/* ---- Values ---- */

/*
 * The blocks are odd in number, lest all columns of a row want the same place in
 * the fastest cache.
 */
int
look_batch(int ncolumns)
{
	int blocks = BATCH_BYTES / (int) (sizeof(double) * KERNEL_LANES) / ncolumns;

	return Min(Max(blocks | 1, LEAST_BLOCKS), MOST_BLOCKS) * KERNEL_LANES;
}

/*
 * Row by row, as scoring prepares them.
 */
static int
prepared_values(const Recipe *recipe, const double *blocks, int nrows, double *values, int stride)
{
	double *raw = palloc(sizeof(double) * recipe->ncolumns);
	int     used = 0;

	for (int row = 0; row < nrows; row++)
	{
		const double *lane = rows_lane(recipe->ncolumns, unconstify(double *, blocks), row);

		CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < recipe->ncolumns; i++)
			raw[i] = lane[(Size) i * KERNEL_LANES];
		used += recipe_apply(recipe, raw, values + used, stride);
	}
	for (int i = 0; i < recipe->nfeatures; i++)
	{
		double *mine = values + (Size) stride * i;

		for (int row = 0; row < used; row++)
			mine[row] = Min(Max(mine[row], -DBL_MAX), DBL_MAX);
	}
	pfree(raw);
	return used;
}

int
look_values(const Recipe *recipe, const double *blocks, int nrows, double *values, int stride)
{
	if (recipe->unit != 0)
		return prepared_values(recipe, blocks, nrows, values, stride);
	for (int i = 0; i < recipe->nfeatures; i++)
		(void) recipe_raw_values(recipe, i, blocks, nrows, NULL, values + (Size) stride * i);
	return nrows;
}

/* ---- The census ---- */

static Size
census_state_size(const PassInput *input)
{
	return sizeof(Census) * input->recipe->nfeatures;
}

static void
census_init(const PassInput *input, void *state)
{
	Census *census = state;

	for (int i = 0; i < input->recipe->nfeatures; i++)
	{
		census[i].missing = 0;
		spread_init(&census[i].values);
	}
}

static int
census_add(const PassInput *input, void *state, const double *blocks, int nrows,
		   int32 *labels pg_attribute_unused())
{
	const Recipe *recipe = input->recipe;
	Census       *census = state;
	int           batch = look_batch(recipe->nfeatures);
	double       *values = palloc(sizeof(double) * batch * recipe->nfeatures);
	int           used = 0;

	for (int start = 0; start < nrows; start += batch)
	{
		int n = look_values(recipe, blocks + (Size) start * recipe->ncolumns, Min(batch, nrows - start), values, batch);

		CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < recipe->nfeatures; i++)
		{
			double *mine = values + (Size) batch * i;
			int     present = present_values(mine, n);

			census[i].missing += n - present;
			spread_add(&census[i].values, mine, present);
		}
		used += n;
	}
	pfree(values);
	return used;
}

static void
census_merge(const PassInput *input, void *state, const void *other)
{
	Census       *to = state;
	const Census *from = other;

	for (int i = 0; i < input->recipe->nfeatures; i++)
	{
		to[i].missing += from[i].missing;
		spread_merge(&to[i].values, &from[i].values);
	}
}

const Pass census_pass = {"census", pass_open, census_state_size, census_init, census_add, census_merge};

void
look_check_finite(const Look *look, const Census *census)
{
	for (int i = 0; i < look->recipe.ncolumns; i++)
		if (census[i].values.n > 0 && (isinf(census[i].values.min) || isinf(census[i].values.max)))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("column \"%s\" of relation \"%s\" has infinite values",
							look->recipe.features[i].name, look->relation),
					 errhint("Look at a view that leaves them out.")));
}

/* ---- Reading ---- */

int64
look_capacity(const Look *look, int64 nrows)
{
	return (int64) (intake_memory() / (sizeof(double) * Max(nrows, 1))) - look->nbuffers;
}

int64
look_megabytes(const Look *look, int64 nrows)
{
	return (int64) sizeof(double) * nrows * (look->recipe.ncolumns + look->nbuffers) / (1024 * 1024) + 1;
}

/*
 * What of the memory is for rows of so many columns.
 */
static uint64
row_budget(const Look *look, int ncolumns)
{
	return intake_memory() / (sizeof(double) * (ncolumns + look->nbuffers)) * sizeof(double) * ncolumns;
}

Census *
look_read(Look *look, RowSource *source)
{
	PassInput  input = {.recipe = &look->recipe};
	ScanKeep   keep = {.budget = row_budget(look, look->recipe.ncolumns), .wide = true};
	ScanResult result = scan_run(look->set, &look->scan, &census_pass, pass_flatten(&input), &keep);

	*source = (RowSource){
		.rows = result.rows, .nrows = result.nrows, .scan = &look->scan, .set = look->set};
	if (result.rows != NULL)
		look_begin(look, source);
	return result.state;
}

void
look_read_some(Look *look, RowSource *source, int first, int n)
{
	Recipe         recipe = {.ncolumns = n, .nrules = n, .nfeatures = n, .features = look->recipe.features};
	PassInput      input = {.recipe = &recipe};
	ScanKeep       keep = {.budget = row_budget(look, n), .wide = true};
	ScanSource     scan = look->scan;
	StringInfoData query;
	ScanResult     result;

	initStringInfo(&query);
	for (int i = 1; i <= n; i++)
		appendStringInfo(&query, "%sc%d", i == 1 ? "SELECT " : ", ", first + i);
	appendStringInfo(&query, " FROM (%s\n) AS source (", look->scan.query);
	for (int i = 1; i <= look->scan.nkeys; i++)
		appendStringInfo(&query, "k%d, ", i);
	for (int i = 1; i <= look->recipe.ncolumns; i++)
		appendStringInfo(&query, "%sc%d", i == 1 ? "" : ", ", i);
	appendStringInfoChar(&query, ')');
	scan.query = query.data;
	scan.nkeys = 0;
	scan.columns = columns_of_numbers(n);
	result = scan_run(look->set, &scan, &census_pass, pass_flatten(&input), &keep);
	if (result.rows == NULL || result.nrows != source->nrows)
		source_changed();
	source->rows = result.rows;
	look_begin(look, source);
}

Rows *
look_sample(Look *look, int64 nrows)
{
	PassInput  input = {.recipe = &look->recipe};
	uint64     budget = row_budget(look, look->recipe.ncolumns);
	double     room = (double) budget / (sizeof(double) * look->recipe.ncolumns);
	ScanKeep   keep = {.budget = budget, .share = INTAKE_SAMPLE_MARGIN * room / (double) nrows, .wide = true};
	ScanResult result;

	result = scan_run(look->set, &look->scan, &census_pass, pass_flatten(&input), &keep);
	if (result.nrows != nrows)
		source_changed();
	return result.rows;
}

/* ---- A column of rows in memory ---- */

double *
look_buffer(const Rows *rows)
{
	return palloc_extended(sizeof(double) * Max(rows->nrows, 1), MCXT_ALLOC_HUGE);
}

/*
 * Copies between a column, where it lies, and an array.
 */
static void
copy_column(const Rows *rows, int column, double *values, bool back)
{
	RowCursor cursor = rows_cursor(rows, 0, rows->nblocks);
	double   *blocks;
	int64     first_row;
	int       nrows;

	while (rows_next(rows, &cursor, PASS_ROWS, &blocks, &first_row, &nrows))
	{
		CHECK_FOR_INTERRUPTS();
		for (int row = 0; row < nrows; row += KERNEL_LANES)
		{
			double *place = rows_lane(rows->ncolumns, blocks, row) + (Size) column * KERNEL_LANES;
			double *value = values + first_row + row;
			Size    size = sizeof(double) * Min(KERNEL_LANES, nrows - row);

			memcpy(back ? place : value, back ? value : place, size);
		}
	}
}

void
look_gather(const Rows *rows, int column, double *values)
{
	copy_column(rows, column, values, false);
}

void
look_scatter(const Rows *rows, int column, const double *values)
{
	copy_column(rows, column, unconstify(double *, values), true);
}
