/*
 * The rows of a fit come into memory, as far as it may use it.
 *
 * Rows that fit in segment.work_mem stay, and every pass of the fit runs over
 * them.  More rows than that are read again by each pass; a sample of them
 * that fills the budget is kept to start from.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "optimizer/cost.h"

#include "process/settings.h"
#include "rows/intake.h"

/* rows on which starts are tried, more for many clusters, fewer of many columns */
#define SAMPLE_ROWS 32768
#define SAMPLE_ROWS_OF_CLUSTER 128
#define SAMPLE_VALUES (4 * 1024 * 1024)
#define LEAST_SAMPLE_ROWS 4096

/* what a fit takes beside its rows in any case, so that small settings do not forbid small fits */
#define SPARE_BYTES (40 * INT64CONST(1024) * 1024)

/* of it, what the rows in memory may have; the rest is for what is made of them */
#define SPARE_ROW_BYTES (26 * INT64CONST(1024) * 1024)

/* a sample may take as much whatever the setting, so that it is worth being one */
#define LEAST_SAMPLE_BYTES (16 * INT64CONST(1024) * 1024)

/* states of passes take so much uncharged, or this part of the setting if that is more */
#define FREE_STATE_BYTES SPARE_BYTES
#define FREE_STATE_PART 4

int
intake_workers(void)
{
	return segment_max_parallel_workers < 0 ? max_parallel_maintenance_workers
											: segment_max_parallel_workers;
}

static uint64
work_mem_bytes(void)
{
	return UINT64CONST(1024) * (segment_work_mem < 0 ? maintenance_work_mem : segment_work_mem);
}

uint64
intake_memory(void)
{
	return work_mem_bytes() + SPARE_BYTES;
}

/*
 * A row in memory beside its raw values: its weight and its label.
 */
static Size
bytes_beside(const Intake *intake)
{
	return sizeof(int32) + (intake->weighted ? sizeof(float) : 0);
}

static Size
packed_bytes(const Intake *intake)
{
	return sizeof(float) * intake->nfeatures;
}

static int
sample_size(const Intake *intake)
{
	int most = Max(SAMPLE_VALUES / Max(intake->nfeatures, 1), LEAST_SAMPLE_ROWS);

	return Min(Max(SAMPLE_ROWS, SAMPLE_ROWS_OF_CLUSTER * intake->k), most);
}

/*
 * A fit of one process has two states, its own and the result.  Whether rows
 * stay in memory must not depend on processes, so what is charged is the same for
 * any number of them; only as many take part as what is free has room for.
 */
int
intake_plan(Intake *intake, Size state, int nworkers)
{
	uint64 uncharged = Max(work_mem_bytes() / FREE_STATE_PART, FREE_STATE_BYTES);

	/* so many segments that there will be an error, about them or about too few rows */
	if (2 * state > intake_memory())
		return nworkers;
	intake->charged = 2 * state - Min(2 * state, uncharged);
	return (int) Min((uint64) nworkers, (uncharged - Min(2 * state, uncharged)) / state);
}

void
intake_check_state(Size state, int k, int nfeatures)
{
	uint64 bytes = 2 * state;

	if (bytes > intake_memory())
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the figures of %d segments of %d features take more memory than segment.work_mem allows", k, nfeatures),
				 errhint("Set segment.work_mem to " UINT64_FORMAT " MB, or ask for fewer segments or features.",
						 (bytes - SPARE_BYTES) / (1024 * 1024) + 1)));
}

void
intake_read(Intake *intake, ShareSet *set)
{
	ScanKeep keep = {
		.budget = work_mem_bytes() + SPARE_ROW_BYTES - intake->charged,
		.sample = sample_size(intake),
		.seed = intake->seed,
		.beside = bytes_beside(intake),
		.keys = &intake->keys,
		.beside_keys = intake->key_row_bytes};
	ScanResult result = scan_run(set, &intake->scan, intake->pass, intake->input, &keep);

	intake->budget = keep.budget;
	intake->all.scan = &intake->scan;
	intake->all.set = set;
	intake->all.rows = result.rows;
	intake->all.nrows = result.nrows;
	intake->all.first = result.state;
	intake->sample_rows = result.sample;
	intake->row_bytes = result.row_bytes;
	if (result.rows != NULL)
		source_share(&intake->all);
}

/*
 * Reads a random share of the table that fits the budget, packed rows included.
 */
static void
read_sample(Intake *intake)
{
	uint64   bytes = Max(work_mem_bytes() - Min(work_mem_bytes(), intake->charged), LEAST_SAMPLE_BYTES);
	ScanKeep keep = {
		.budget = bytes,
		.share = INTAKE_SAMPLE_MARGIN * bytes / (intake->row_bytes + packed_bytes(intake)) / intake->all.nrows,
		.sample = sample_size(intake),
		.seed = intake->seed,
		.beside = bytes_beside(intake) + packed_bytes(intake)};
	ScanResult result;

	do
	{
		result = scan_run(intake->all.set, &intake->scan, intake->pass, intake->input, &keep);
		keep.share /= 2;
	} while (result.rows == NULL);
	if (result.rows->nrows == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("segment.work_mem is too small for a sample of the rows"),
				 errhint("Raise segment.work_mem, or name key columns: without a key, equal rows are in the sample together or not at all.")));
	ereport(NOTICE,
			(errmsg(INT64_FORMAT " rows take " INT64_FORMAT " MB of memory, more than segment.work_mem allows: the fit starts from a sample of " INT64_FORMAT " rows and reads the table again for each further step",
					intake->all.nrows,
					intake->all.nrows * (int64) intake->row_bytes / (1024 * 1024) + 1,
					result.rows->nrows),
			 errhint("To fit all rows in memory, set segment.work_mem to that size.")));
	intake->memory = intake->all;
	intake->memory.rows = result.rows;
	intake->sample_rows = result.sample;
	intake->budget = bytes;
}

bool
intake_may_pack(const Intake *intake)
{
	const Rows *rows = intake->memory.rows;
	Size        row_bytes = cells_row_bytes(rows->ncolumns, rows->cells) + bytes_beside(intake) + packed_bytes(intake) +
					 (rows->key_bytes > 0 ? intake->key_row_bytes : 0);

	return (uint64) rows->nrows * row_bytes <= intake->budget;
}

void
intake_choose_rows(Intake *intake, RowFilter filter, const void *context)
{
	bool in_memory = intake->all.rows != NULL;

	if (in_memory)
		intake->memory = intake->all;
	else
		read_sample(intake);
	if (filter != NULL)
		source_filter_rows(&intake->memory, filter, context);
	source_share(&intake->memory);
	if (in_memory)
		intake->all = intake->memory;
}
