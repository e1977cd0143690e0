/*
 * Reading the source with all processes that PostgreSQL gives the query:
 * the leader.
 *
 * A scan is an aggregate over the query, segment_internal.scan(), so that
 * privileges, row security, views, partitions and foreign tables apply by
 * themselves, and PostgreSQL's own parallel plans do the reading.  Nothing but a
 * row count crosses the tuple queue: pass states, and the rows where they are
 * kept, lie in memory that all processes share.  Rows are counted there as well,
 * whatever the query returns.
 *
 * The query sees the snapshot of the statement that called us: several scans
 * of one job see the same rows.
 */
#include "postgres.h"

#include <math.h>

#include "executor/spi.h"
#include "lib/ilist.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "utils/guc.h"

#include "process/progress.h"
#include "rows/distributed.h"
#include "rows/scan.h"
#include "rows/scan_shared.h"
#include "rows/shards.h"

/* A scan that this process leads. */
typedef struct LedScan
{
	dlist_node  node;
	bool        opened;
	Share       share;
	SourceScan *scan; /* in it */
	ShareSet   *set;
} LedScan;

static dlist_head led_scans = DLIST_STATIC_INIT(led_scans);

SourceScan *
scan_open_led(int64 secret, ShareSet **set)
{
	dlist_iter iter;

	dlist_foreach(iter, &led_scans)
	{
		LedScan *led = dlist_container(LedScan, node, iter.cur);

		if (led->scan->secret != secret || led->opened)
			continue;
		led->opened = true;
		*set = led->set;
		return led->scan;
	}
	return NULL;
}

/* ---- The query ---- */

static char *
scan_query(const ScanSource *source)
{
	int            ncolumns = source->nkeys + source->columns->ncolumns;
	bool           as_row = ncolumns > MOST_COLUMNS;
	StringInfoData query;

	initStringInfo(&query);
	appendStringInfo(&query, "SELECT segment_internal.scan($1, $2%s", as_row ? ", ROW(" : "");
	for (int i = 1; i <= ncolumns; i++)
		appendStringInfo(&query, "%sc%d", as_row && i == 1 ? "" : ", ", i);
	appendStringInfo(&query, "%s) FROM (%s\n) AS source (", as_row ? ")" : "", source->query);
	for (int i = 1; i <= ncolumns; i++)
		appendStringInfo(&query, "%sc%d", i == 1 ? "" : ", ", i);
	appendStringInfoChar(&query, ')');
	return query.data;
}

/*
 * How many rows PostgreSQL expects to give to the aggregate, by all processes.
 * Below a Gather it counts those of one, and the leader for less than one
 * (get_parallel_divisor() in costsize.c).
 */
static double
planned_rows(SPIPlanPtr query, int *nprocesses)
{
	CachedPlan *cached = SPI_plan_get_cached_plan(query);
	Plan       *plan = linitial_node(PlannedStmt, cached->stmt_list)->planTree;
	double      processes = 1;
	double      rows;

	*nprocesses = 1;
	while (IsA(plan, Agg) || IsA(plan, Gather))
	{
		if (IsA(plan, Gather))
		{
			int nworkers = castNode(Gather, plan)->num_workers;

			*nprocesses += nworkers;
			processes = nworkers + (parallel_leader_participation ? Max(1 - 0.3 * nworkers, 0) : 0);
		}
		plan = outerPlan(plan);
	}
	rows = plan->plan_rows * processes;
	ReleaseCachedPlan(cached, NULL);
	return rows;
}

/*
 * What columns of such types are kept in; so many bytes of the budget are for raw
 * rows, of which it has room for so many with keys.
 */
static void
choose_cells(const ScanSource *source, const ScanKeep *keep, const LedScan *led, const Oid *types)
{
	SourceScan *scan = led->scan;
	uint8      *cells = palloc0(Max(scan->ncolumns, 1));
	bool        narrow = false;

	for (int i = 0; i < source->columns->ncolumns && !keep->wide; i++)
	{
		const SourceColumn *kept = &source->columns->columns[i];
		KernelCell          cell = column_cell(kept, types[source->nkeys + i]);

		memset(cells + kept->first, cell, kept->width);
		narrow |= cell != CELL_DOUBLE;
	}
	scan->row_bytes = cells_row_bytes(scan->ncolumns, cells);
	scan->budget = keep->budget / (scan->row_bytes + keep->beside) * scan->row_bytes;
	scan->key_rows = keep->budget / (scan->row_bytes + keep->beside + keep->beside_keys);
	if (narrow)
		scan->cells = share_copy(led->set, cells, scan->ncolumns);
	pfree(cells);
}

/*
 * The types of the columns of the source in the aggregate over it.
 */
static Oid *
column_types(const ScanSource *source, SPIPlanPtr plan)
{
	CachedPlanSource *analyzed = linitial(SPI_plan_get_plan_sources(plan));
	TargetEntry      *column = linitial(linitial_node(Query, analyzed->query_list)->targetList);
	List             *arguments = castNode(Aggref, column->expr)->args;
	int               ncolumns = source->nkeys + source->columns->ncolumns;
	bool              as_row = ncolumns > MOST_COLUMNS;
	List             *row = as_row ? castNode(RowExpr, llast_node(TargetEntry, arguments)->expr)->args : NIL;
	Oid              *types = palloc(sizeof(Oid) * Max(ncolumns, 1));

	for (int i = 0; i < ncolumns; i++)
		types[i] = exprType(as_row ? list_nth(row, i) : (Node *) list_nth_node(TargetEntry, arguments, ARG_COLUMNS - 1 + i)->expr);
	return types;
}

/*
 * Has the set prepare for the rows that are kept, so that they lie in few
 * segments, of which little is unused.  Each process has a chunk that is not full.
 */
static void
expect_rows(const LedScan *led, double nrows, int nprocesses)
{
	SourceScan *scan = led->scan;
	double      part = (double) scan->threshold / (double) PG_UINT64_MAX;
	double      bytes = nrows * part * (scan->row_bytes + scan->keys.bytes);
	double      unused = 1 + (double) nprocesses / SCAN_CHUNK_SHARE;

	if (scan->budget > 0)
		share_expect(led->set, (Size) (Min(bytes, (double) scan->budget) * unused) + nprocesses * SCAN_CHUNK_BYTES);
}

static SPIPlanPtr
plan_query(const ScanSource *source, const ScanKeep *keep, LedScan *led)
{
	SPIPlanPtr plan = SPI_prepare_cursor(scan_query(source), 2, (Oid[]){INT8OID, INT8OID},
										 CURSOR_OPT_PARALLEL_OK | CURSOR_OPT_GENERIC_PLAN);
	double     nrows;
	int        nprocesses;

	if (plan == NULL)
		elog(ERROR, "the scan of a source cannot be planned: %s", SPI_result_code_string(SPI_result));
	if (keep != NULL && keep->budget > 0)
		choose_cells(source, keep, led, column_types(source, plan));
	nrows = planned_rows(plan, &nprocesses);
	expect_rows(led, nrows, nprocesses);
	if (nprocesses > 1 && share_set_across_processes(led->set))
		share_probe(nprocesses - 1);
	return plan;
}

/*
 * Reads a source whose rows are on other servers; false if they are not.
 *
 * Rows that the budget has room for come to this process.  Where there are more, and
 * of a pass that keeps none, the pass goes to the rows, if the servers have a key.
 */
static bool
run_elsewhere(const ScanSource *source, const Pass *pass, FlatInput input, const ScanKeep *keep, LedScan *led)
{
	SourceScan       *scan = led->scan;
	bool              keeps = keep != NULL && keep->budget > 0;
	SPIPlanPtr        plan;
	CachedPlanSource *analyzed;
	Oid              *types;
	double            nrows;

	if (!distributed_known())
		return false;
	plan = SPI_prepare(source->query, 0, NULL);
	if (plan == NULL || !distributed_query(plan))
		return false;
	analyzed = linitial(SPI_plan_get_plan_sources(plan));
	if (analyzed->resultDesc->natts != source->nkeys + source->columns->ncolumns)
		elog(ERROR, "the query of a source has %d columns", analyzed->resultDesc->natts);
	if (keeps)
	{
		types = palloc(sizeof(Oid) * Max(analyzed->resultDesc->natts, 1));
		for (int i = 0; i < analyzed->resultDesc->natts; i++)
			types[i] = TupleDescAttr(analyzed->resultDesc, i)->atttypid;
		choose_cells(source, keep, led, types);
	}
	if (keeps && scan->threshold < PG_UINT64_MAX)
	{
		expect_rows(led, INFINITY, 1);
		distributed_pull(shards_sample_query(source, scan), scan, led->set);
		return true;
	}
	nrows = keeps ? (double) shards_count(source->query) : 0;
	if (shards_may_pass(source, pass, input) && (!keeps || !scan_budget_holds(scan, (uint64) nrows)))
	{
		pg_atomic_write_u32(&scan->full, 1);
		shards_pass(source, scan, led->set, pass, input);
		return true;
	}
	expect_rows(led, nrows, 1);
	distributed_pull(source->query, scan, led->set);
	return true;
}

/*
 * Runs the aggregate.  What it returns is of no interest: the query may be made up.
 */
static void
run_query(const ScanSource *source, const Pass *pass, FlatInput input, const ScanKeep *keep, LedScan *led)
{
	int               nest_level = collect_settings();
	char              limit[16];
	SPIExecuteOptions options = {.read_only = true, .params = makeParamList(2)};

	options.params->params[0] = (ParamExternData){Int64GetDatum(scan_place(led->share)), false, PARAM_FLAG_CONST, INT8OID};
	options.params->params[1] = (ParamExternData){Int64GetDatum(led->scan->secret), false, PARAM_FLAG_CONST, INT8OID};
	if (source->nworkers < max_parallel_workers_per_gather)
	{
		snprintf(limit, sizeof(limit), "%d", source->nworkers);
		collect_set("max_parallel_workers_per_gather", limit);
	}

	/* one state a process, not one a partition */
	collect_set("enable_partitionwise_aggregate", "off");

	/* read only: no new snapshot, so that all reads of a call see the same */
	SPI_connect();
	if (!run_elsewhere(source, pass, input, keep, led) &&
		SPI_execute_plan_extended(plan_query(source, keep, led), &options) < 0)
		elog(ERROR, "the scan of a source cannot be run");
	SPI_finish();
	AtEOXact_GUC(true, nest_level);
}

/* ---- What the processes brought ---- */

static void *
merge_states(ShareSet *set, SourceScan *scan, const Pass *pass, int64 *nrows)
{
	const PassInput *input = pass->open(share_address(scan->input));
	void            *merged = palloc_extended(pass->state_size(input), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	uint32           nslots = pg_atomic_read_u32(&scan->nslots);

	pass->init(input, merged);
	*nrows = 0;
	for (uint32 i = 0; i < nslots; i++)
	{
		*nrows += scan->slots[i].nrows;
		pass->merge(input, merged, share_address(scan->slots[i].state));
		share_free(set, scan->slots[i].state);
	}
	return merged;
}

/*
 * Hoare, "Algorithm 65: Find", 1961; hashes are random enough to take any of
 * them as the pivot.  Sorting them would make a fit of a million rows 2 to 7
 * percent slower.
 */
uint32
sample_smallest(SampleEntry *entries, uint32 nentries, uint32 most)
{
	uint32 from = 0;
	uint32 to = nentries;

	if (nentries <= most)
		return nentries;
	while (to - from > 1)
	{
		uint64 pivot = entries[from + (to - from) / 2].hash;
		uint32 i = from;
		uint32 less = from;
		uint32 more = to;

		while (i < more)
		{
			SampleEntry entry = entries[i];

			if (entry.hash < pivot)
			{
				entries[i++] = entries[less];
				entries[less++] = entry;
			}
			else if (entry.hash > pivot)
			{
				entries[i] = entries[--more];
				entries[more] = entry;
			}
			else
				i++;
		}
		if (most < less)
			to = less;
		else if (most >= more)
			from = more;
		else
			break;
	}
	return most;
}

static Rows *
take_sample(ShareSet *set, SourceScan *scan, const Rows *rows)
{
	uint32       nslots = pg_atomic_read_u32(&scan->nslots);
	uint32       nentries = 0;
	SampleEntry *entries;
	Rows        *sample = rows_create(scan->ncolumns, scan->cells);
	void        *blocks;

	for (uint32 i = 0; i < nslots; i++)
		nentries += scan->slots[i].nsample;
	entries = palloc_extended(sizeof(SampleEntry) * Max(nentries, 1), MCXT_ALLOC_HUGE);
	nentries = 0;
	for (uint32 i = 0; i < nslots; i++)
	{
		ScanSlot *slot = &scan->slots[i];

		if (slot->nsample == 0)
			continue;
		memcpy(entries + nentries, share_address(slot->sample), sizeof(SampleEntry) * slot->nsample);
		share_free(set, slot->sample);
		nentries += slot->nsample;
	}
	nentries = sample_smallest(entries, nentries, scan->sample);

	blocks = palloc_blocks((nentries + KERNEL_LANES - 1) / KERNEL_LANES, 1, sample->block_bytes / KERNEL_LANES);
	for (uint32 i = 0; i < nentries; i++)
		rows_copy_row(rows, share_address(scan->chunks[entries[i].chunk].share), entries[i].row, blocks, i);
	rows_add_chunk(sample, (Share){.local = blocks}, blocks, nentries);
	pfree(entries);
	return sample;
}

/*
 * Whether all rows have their keys beside them; memory of keys that are of no use is given back.
 */
static bool
keep_keys(ShareSet *set, SourceScan *scan)
{
	bool kept = scan->keys.ncolumns > 0 && pg_atomic_read_u32(&scan->keyless) == 0 &&
				pg_atomic_read_u64(&scan->kept_rows) <= scan->key_rows;

	for (uint32 i = 0; i < Min(pg_atomic_read_u32(&scan->nchunks), SCAN_CHUNKS) && !kept; i++)
	{
		share_free(set, scan->chunks[i].keys);
		scan->chunks[i].keys = (Share){0};
	}
	return kept;
}

static void
add_keys(Rows *rows, Share keys)
{
	RowChunk *chunk = &rows->chunks[rows->nchunks - 1];

	chunk->key_share = keys;
	chunk->keys = share_address(keys);
}

/*
 * Puts the chunks in a row.  All but the last consist of full blocks: what each
 * process left of its last block moves to one more chunk.
 */
static void
take_rows(ShareSet *set, SourceScan *scan, Rows *rows)
{
	uint32 nchunks = pg_atomic_read_u32(&scan->nchunks);
	uint32 nslots = pg_atomic_read_u32(&scan->nslots);
	Share  rest = share_create(set, rows->block_bytes * nslots);
	int64  nrest = 0;
	Share  rest_keys = {0};

	if (keep_keys(set, scan))
	{
		rows->key_bytes = scan->keys.bytes;
		rest_keys = share_create(set, rows->key_bytes * KERNEL_LANES * nslots);
	}
	for (uint32 i = 0; i < nchunks; i++)
	{
		char *keys = share_address(scan->chunks[i].keys);
		void *blocks = share_address(scan->chunks[i].share);
		int64 nrows = scan->chunks[i].nrows;
		int64 full = nrows / KERNEL_LANES * KERNEL_LANES;

		for (; nrows > full; nrows--)
		{
			if (keys != NULL)
				memcpy((char *) share_address(rest_keys) + rows->key_bytes * nrest,
					   keys + rows->key_bytes * (nrows - 1), rows->key_bytes);
			rows_copy_row(rows, blocks, nrows - 1, share_address(rest), nrest++);
		}
		if (full > 0)
		{
			rows_add_chunk(rows, scan->chunks[i].share, blocks, full);
			add_keys(rows, scan->chunks[i].keys);
		}
		else
		{
			share_free(set, scan->chunks[i].share);
			share_free(set, scan->chunks[i].keys);
		}
	}
	if (nrest > 0)
	{
		rows_add_chunk(rows, rest, share_address(rest), nrest);
		add_keys(rows, rest_keys);
	}
	else
	{
		share_free(set, rest);
		share_free(set, rest_keys);
	}
}

/* ---- The scan ---- */

/*
 * What the processes are told.
 */
static void
describe_scan(SourceScan *scan, ShareSet *set, const ScanSource *source, const Pass *pass,
			  FlatInput input, const ScanKeep *keep)
{
	StringInfoData message;

	if (!pg_strong_random(&scan->secret, sizeof(scan->secret)))
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not generate a random number")));
	initStringInfo(&message);
	columns_send(&message, source->columns);
	scan->columns = share_create(set, message.len);
	scan->columns_size = message.len;
	memcpy(share_address(scan->columns), message.data, message.len);
	pfree(message.data);
	scan->magic = scan_magic();
	scan->leader = MyProcPid;
	scan->rows_done = progress_rows_done;
	scan->nkeys = source->nkeys;
	scan->ncolumns = source->columns->nraw;
	scan->pass = pass_number(pass);
	scan->input = share_create(set, input.size);
	memcpy(share_address(scan->input), input.bytes, input.size);
	scan->threshold = PG_UINT64_MAX;
	if (keep != NULL)
	{
		scan->seed = keep->seed;
		scan->sample = keep->sample;
		if (keep->share > 0 && keep->share < 1)
			scan->threshold = (uint64) (keep->share * (double) PG_UINT64_MAX);
		if (keep->keys != NULL)
			scan->keys = *keep->keys;
	}
	scan->area = share_area(set);
}

/*
 * Rows that the budget has room for; a sample, too, if there are more rows than
 * that has.  False if there would be rows, but for a value that does not fit its cell.
 */
static bool
take_kept(ShareSet *set, SourceScan *scan, ScanResult *result)
{
	uint64 nrows = pg_atomic_read_u64(&scan->kept_rows);
	bool   fits = pg_atomic_read_u32(&scan->misfit) == 0;
	bool   kept = scan->budget > 0 && pg_atomic_read_u32(&scan->full) == 0 && scan_budget_holds(scan, nrows);

	if (kept && fits)
	{
		Rows *rows = rows_create(scan->ncolumns, scan->cells);

		if (scan->sample > 0 && nrows > scan->sample)
			result->sample = take_sample(set, scan, rows);
		take_rows(set, scan, rows);
		result->rows = rows;
		return true;
	}
	pg_atomic_write_u32(&scan->keyless, 1);
	(void) keep_keys(set, scan);
	share_free(set, scan->cells);
	for (uint32 i = 0; i < Min(pg_atomic_read_u32(&scan->nchunks), SCAN_CHUNKS); i++)
		share_free(set, scan->chunks[i].share);
	return !kept || fits;
}

/*
 * False if the source has to be read once more, with rows of doubles.
 */
static bool
read_source(ShareSet *set, const ScanSource *source, const Pass *pass, FlatInput input,
			const ScanKeep *keep, ScanResult *result)
{
	Share       share = share_create(set, sizeof(SourceScan));
	SourceScan *scan = share_address(share);
	LedScan     led = {.share = share, .scan = scan, .set = set};
	bool        done;

	describe_scan(scan, set, source, pass, input, keep);
	dlist_push_head(&led_scans, &led.node);
	PG_TRY();
	{
		run_query(source, pass, input, keep, &led);
	}
	PG_FINALLY();
	{
		dlist_delete(&led.node);
	}
	PG_END_TRY();
	share_expect(set, 0);

	result->state = merge_states(set, scan, pass, &result->nrows);
	result->row_bytes = scan->row_bytes + (keep != NULL ? keep->beside : 0);
	done = take_kept(set, scan, result);
	share_free(set, scan->input);
	share_free(set, scan->columns);
	share_free(set, share);
	return done;
}

ScanResult
scan_run(ShareSet *set, const ScanSource *source, const Pass *pass, FlatInput input,
		 const ScanKeep *keep)
{
	ScanResult result = {0};
	ScanKeep   wide;

	if (!read_source(set, source, pass, input, keep, &result))
	{
		progress_rows(0);
		pfree(result.state);
		wide = *keep;
		wide.wide = true;
		(void) read_source(set, source, pass, input, &wide, &result);
	}
	return result;
}
