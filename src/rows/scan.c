/*-------------------------------------------------------------------------
 *
 * scan.c
 *	  Reading the source with all processes that PostgreSQL gives the query.
 *
 * A scan is an aggregate over the query, segment_internal_scan(), so that
 * privileges, row security, views, partitions and foreign tables apply by
 * themselves, and PostgreSQL's own parallel plans do the reading.  Its
 * transition function writes raw values into blocks of rows and hands these
 * to a pass (see pass.h).  Nothing but a row count crosses the tuple queue:
 * pass states, and the rows where they are kept, lie in memory that all
 * processes share.
 *
 * What the query calls may call the aggregate as well.  It is not let in: a scan
 * has a secret, which is a parameter, so that no text of a query shows it, and
 * each process opens a scan once.  Rows are counted by us, whatever the query
 * returns.
 *
 * The query sees the snapshot of the statement that called us: several scans
 * of one job see the same rows.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "access/parallel.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "lib/ilist.h"
#include "miscadmin.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "port/atomics.h"
#include "storage/proc.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

#include "compat.h"
#include "number/bits.h"
#include "rows/collect.h"
#include "process/progress.h"
#include "rows/scan.h"
#include "process/settings.h"

#define SCAN_MAGIC UINT64CONST(0x7365676d656e7431)

/* processes of one scan: PostgreSQL allows a query 1024 workers */
#define SCAN_SLOTS 1025

/* chunks of rows that are kept */
#define SCAN_CHUNKS 1024

/* of the transition function: where the scan is, its secret, and columns */
#define ARG_PLACE 1
#define ARG_SECRET 2
#define ARG_COLUMNS 3
#define MOST_COLUMNS (FUNC_MAX_ARGS - ARG_COLUMNS)

/* rows handed to a pass at once: as many as stay in the second-level cache */
#define BATCH_BYTES (256 * 1024)

/*
 * A chunk of kept rows: a share of what is kept so far, so that little is left
 * unused, but small ones where the budget ends, as every process has one that
 * is not full.
 */
#define CHUNK_BYTES (64 * 1024)
#define CHUNK_SHARE 64
#define LAST_CHUNK_SHARE 256

typedef struct SampleEntry
{
	uint64 hash;
	uint32 chunk;
	uint32 row; /* in the chunk */
} SampleEntry;

typedef struct ScanSlot
{
	int64  nrows; /* that the process has read */
	Share  state;
	Share  sample; /* nsample entries */
	uint32 nsample;
} ScanSlot;

typedef struct ScanChunk
{
	Share share;
	int64 nrows;
} ScanChunk;

/* One scan, in memory that its processes share. */
typedef struct SourceScan
{
	uint64 magic;
	int64  secret;
	pid_t  leader;
	int    nkeys;
	Share  columns; /* a message: see columns_send() */
	int    columns_size;
	int    ncolumns; /* of a raw row */
	int    pass;     /* number in pass_registry */
	Share  input;    /* of the pass */
	int64  seed;

	pg_atomic_uint64 *rows_done; /* of the leader's progress */

	uint32           sample;
	uint64           threshold; /* rows with a larger hash are not kept */
	uint64           budget;
	pg_atomic_uint64 kept_bytes; /* in chunks, full or not */
	pg_atomic_uint64 kept_rows;  /* in chunks that are left */
	pg_atomic_uint32 full;       /* more rows than the budget has room for: they are no longer kept */

	pg_atomic_uint32 nslots;
	ScanSlot         slots[SCAN_SLOTS];
	pg_atomic_uint32 nchunks;
	ScanChunk        chunks[SCAN_CHUNKS];
	Share            area; /* for workers to get memory that the leader keeps */
} SourceScan;

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

/* The aggregate's state: one process's part of a scan. */
typedef struct Reader
{
	SourceScan *scan; /* NULL in a state that only carries a count */
	ShareSet   *set;  /* NULL in a worker */
	int64       nrows;

	/* when there are more columns than a function has arguments, they come as one row value */
	TupleDesc      row_descriptor;
	Datum         *row_values;
	bool          *row_nulls;
	NullableDatum *row; /* the same as arguments are passed */

	SourceColumns *columns;
	ColumnReader  *column_readers;
	FmgrInfo      *hash; /* of the keys: a hash function, or an output function if there is none */
	Oid           *hash_collation;
	bool          *integer_key;

	const Pass      *pass;
	const PassInput *input;
	void            *state;
	ScanSlot        *slot;

	/* blocks being filled */
	double *blocks;
	int     chunk;    /* index of the chunk that they are, -1: a buffer of our own */
	int     capacity; /* rows */
	int     filled;
	int     passed; /* rows of these that the pass has seen */
	int     batch;  /* rows handed to the pass at once */
	double *buffer;

	/* the rows with the smallest hashes so far */
	bool         hashes_rows;
	SampleEntry *entries; /* room for twice the sample */
	uint32       nentries;
	uint64       threshold;
	double      *raw_row; /* hashed where there is no key */
} Reader;

/* ----------------------------------------------------------------
 *		The transition function
 * ----------------------------------------------------------------
 */

/*
 * What the query passes to the aggregate: where the scan lies in shared memory;
 * 0 if it does not.
 */
#define PLACE_OFFSET_BITS 31
#define PLACE_OFFSET_UNIT 64 /* pieces are aligned to that */

static int64
scan_place(Share share)
{
	return (int64) share.handle << PLACE_OFFSET_BITS | (int64) (share.offset / PLACE_OFFSET_UNIT);
}

static Share
scan_at(int64 place)
{
	return (Share){.handle = (dsm_handle) (place >> PLACE_OFFSET_BITS),
				   .offset = (place & ((INT64CONST(1) << PLACE_OFFSET_BITS) - 1)) * PLACE_OFFSET_UNIT,
				   .size = sizeof(SourceScan)};
}

static Share
reader_share(Reader *reader, Size size)
{
	return reader->set != NULL ? share_create(reader->set, size)
							   : share_give(reader->scan->area, size);
}

static void
check_call(bool fine)
{
	if (!fine)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("aggregate segment_internal.scan is not meant to be called by hand")));
}

/*
 * In a worker: a scan of its leader, in shared memory.
 */
static SourceScan *
find_shared_scan(int64 place, int64 secret)
{
	static int64 opened = 0; /* its secret */

	Share       share = scan_at(place);
	SourceScan *scan;

	check_call(place > 0 && secret != opened && share_exists(share));
	scan = share_address(share);
	check_call(scan->magic == SCAN_MAGIC && scan->secret == secret && MyProc->lockGroupLeader != NULL &&
			   MyProc->lockGroupLeader->pid == scan->leader);
	opened = secret;
	return scan;
}

/*
 * The scan that the query means, which must be one of our leader's, and which
 * this process has not opened yet.
 */
static SourceScan *
find_scan(int64 place, int64 secret, ShareSet **set)
{
	dlist_iter iter;

	*set = NULL;
	if (IsParallelWorker())
		return find_shared_scan(place, secret);
	dlist_foreach(iter, &led_scans)
	{
		LedScan *led = dlist_container(LedScan, node, iter.cur);

		if (led->scan->secret != secret || led->opened)
			continue;
		led->opened = true;
		*set = led->set;
		return led->scan;
	}
	check_call(false);
	return NULL; /* keep the compiler quiet */
}

/*
 * How to read column i of the query: keys are hashed, the rest become raw values.
 */
static void
bind_column(Reader *reader, int i, Oid type, Oid collation)
{
	const SourceScan *scan = reader->scan;

	if (i >= scan->nkeys)
	{
		column_reader_init(&reader->column_readers[i - scan->nkeys],
						   &reader->columns->columns[i - scan->nkeys], type);
		return;
	}
	if (scan->sample > 0 || scan->threshold < PG_UINT64_MAX)
	{
		Oid  function = lookup_type_cache(type, TYPECACHE_HASH_EXTENDED_PROC)->hash_extended_proc;
		bool varlena;

		if (!OidIsValid(function))
			getTypeOutputInfo(type, &function, &varlena);
		fmgr_info_cxt(function, &reader->hash[i], CurrentMemoryContext);
		reader->hash_collation[i] = collation;
		reader->integer_key[i] = type == INT2OID || type == INT4OID || type == INT8OID;
	}
}

static void
bind_columns(Reader *reader, FunctionCallInfo fcinfo)
{
	StringInfoData message = {
		.data = share_address(reader->scan->columns),
		.len = reader->scan->columns_size};
	int ncolumns;
	int i;

	reader->columns = columns_receive(&message);
	ncolumns = reader->scan->nkeys + reader->columns->ncolumns;
	reader->column_readers = palloc(sizeof(ColumnReader) * Max(ncolumns, 1));
	reader->hash = palloc0(sizeof(FmgrInfo) * Max(ncolumns, 1));
	reader->hash_collation = palloc0(sizeof(Oid) * Max(ncolumns, 1));
	reader->integer_key = palloc0(sizeof(bool) * Max(ncolumns, 1));
	if (ncolumns > MOST_COLUMNS)
	{
		HeapTupleHeader row;
		TupleDesc       descriptor;

		check_call(PG_NARGS() == ARG_COLUMNS + 1 && get_fn_expr_argtype(fcinfo->flinfo, ARG_COLUMNS) == RECORDOID &&
				   !PG_ARGISNULL(ARG_COLUMNS));
		row = DatumGetHeapTupleHeader(PG_GETARG_DATUM(ARG_COLUMNS));
		descriptor = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(row), HeapTupleHeaderGetTypMod(row));
		reader->row_descriptor = CreateTupleDescCopy(descriptor);
		ReleaseTupleDesc(descriptor);
		check_call(reader->row_descriptor->natts == ncolumns);
		reader->row_values = palloc(sizeof(Datum) * ncolumns);
		reader->row_nulls = palloc(sizeof(bool) * ncolumns);
		reader->row = palloc(sizeof(NullableDatum) * ncolumns);
		for (i = 0; i < ncolumns; i++)
			bind_column(reader, i, TupleDescAttr(reader->row_descriptor, i)->atttypid,
						TupleDescAttr(reader->row_descriptor, i)->attcollation);
		return;
	}
	check_call(PG_NARGS() == ARG_COLUMNS + ncolumns);
	for (i = 0; i < ncolumns; i++)
		bind_column(reader, i, get_fn_expr_argtype(fcinfo->flinfo, ARG_COLUMNS + i), DEFAULT_COLLATION_OID);
}

static Reader *
reader_open(FunctionCallInfo fcinfo)
{
	Reader     *reader = palloc0(sizeof(Reader));
	SourceScan *scan;
	Size        row_bytes;
	uint32      slot;

	check_call(PG_NARGS() > ARG_SECRET && get_fn_expr_argtype(fcinfo->flinfo, ARG_SECRET) == INT8OID &&
			   !PG_ARGISNULL(ARG_PLACE) && !PG_ARGISNULL(ARG_SECRET));
	reader->scan = scan = find_scan(PG_GETARG_INT64(ARG_PLACE), PG_GETARG_INT64(ARG_SECRET), &reader->set);
	row_bytes = sizeof(double) * Max(scan->ncolumns, 1);
	progress_rows_done = scan->rows_done;
	bind_columns(reader, fcinfo);

	reader->pass = pass_registry[scan->pass];
	reader->input = reader->pass->open(share_address(scan->input));
	slot = pg_atomic_fetch_add_u32(&scan->nslots, 1);
	if (slot >= SCAN_SLOTS)
		elog(ERROR, "too many processes scan a source");
	reader->slot = &scan->slots[slot];
	reader->slot->state = reader_share(reader, reader->pass->state_size(reader->input));
	reader->state = share_address(reader->slot->state);
	reader->pass->init(reader->input, reader->state);

	reader->batch = Min(PASS_ROWS, Max(BATCH_BYTES / row_bytes / KERNEL_LANES, 1) * KERNEL_LANES);
	reader->buffer = palloc_blocks(reader->batch / KERNEL_LANES, scan->ncolumns, sizeof(double));
	reader->chunk = -1;
	reader->hashes_rows = scan->sample > 0 || scan->threshold < PG_UINT64_MAX;
	reader->raw_row = palloc(sizeof(double) * Max(scan->ncolumns, 1));
	if (scan->sample > 0)
		reader->entries = palloc(sizeof(SampleEntry) * 2 * scan->sample);
	reader->threshold = PG_UINT64_MAX;
	return reader;
}

/* ----------------------------------------------------------------
 *		Blocks
 * ----------------------------------------------------------------
 */

static void
pass_batch(Reader *reader)
{
	int nrows = reader->filled - reader->passed;

	if (nrows > 0)
		(void) reader->pass->add(reader->input, reader->state,
								 reader->blocks + (Size) reader->passed * reader->scan->ncolumns,
								 nrows, NULL);
	progress_add_rows(nrows);
	reader->passed = reader->filled;
}

static void
leave_blocks(Reader *reader)
{
	pass_batch(reader);
	if (reader->chunk >= 0)
	{
		reader->scan->chunks[reader->chunk].nrows = reader->filled;
		(void) pg_atomic_fetch_add_u64(&reader->scan->kept_rows, reader->filled);
	}
	reader->chunk = -1;
	reader->filled = reader->passed = 0;
}

/*
 * Does the budget have room for so many rows?  That must not depend on how
 * processes divide them, hence is not asked of the chunks.
 */
static bool
budget_holds(const SourceScan *scan, uint64 nrows)
{
	return nrows * sizeof(double) * Max(scan->ncolumns, 1) <= scan->budget;
}

static Size
chunk_bytes(SourceScan *scan)
{
	uint64 kept = pg_atomic_read_u64(&scan->kept_bytes);
	uint64 left = scan->budget - Min(kept, scan->budget);
	uint64 share = left / (2 * pg_atomic_read_u32(&scan->nslots));

	return Max(Min(kept / CHUNK_SHARE, share), Max(kept / LAST_CHUNK_SHARE, CHUNK_BYTES));
}

/*
 * Takes memory for another chunk, unless the rows are known to be too many.
 */
static bool
new_chunk(Reader *reader)
{
	SourceScan *scan = reader->scan;
	Size        batch_bytes = sizeof(double) * Max(scan->ncolumns, 1) * reader->batch;
	Size        bytes;
	uint32      chunk;

	if (scan->budget == 0 || pg_atomic_read_u32(&scan->full) != 0)
		return false;
	if (!budget_holds(scan, pg_atomic_read_u64(&scan->kept_rows)) ||
		(chunk = pg_atomic_fetch_add_u32(&scan->nchunks, 1)) >= lengthof(scan->chunks))
	{
		pg_atomic_write_u32(&scan->full, 1);
		return false;
	}
	bytes = Max(chunk_bytes(scan) / batch_bytes, 1) * batch_bytes;
	(void) pg_atomic_fetch_add_u64(&scan->kept_bytes, bytes);
	scan->chunks[chunk].share = reader_share(reader, bytes);
	reader->chunk = chunk;
	reader->blocks = share_address(scan->chunks[chunk].share);
	reader->capacity = bytes / batch_bytes * reader->batch;
	return true;
}

static void
next_blocks(Reader *reader)
{
	if (reader->capacity > 0)
		leave_blocks(reader);
	if (!new_chunk(reader))
	{
		reader->blocks = reader->buffer;
		reader->capacity = reader->batch;
	}
}

/* ----------------------------------------------------------------
 *		The sample
 * ----------------------------------------------------------------
 */

static uint64
hash_key_column(Reader *reader, int i, NullableDatum key)
{
	uint64 seed = (uint64) reader->scan->seed;
	char  *text;

	if (key.isnull)
		return 0;
	if (reader->integer_key[i])
		return mix_bits((uint64) key.value + seed * UINT64CONST(0x9e3779b97f4a7c15));
	if (reader->hash[i].fn_nargs == 2)
		return DatumGetUInt64(FunctionCall2Coll(&reader->hash[i], reader->hash_collation[i],
												key.value, UInt64GetDatum(seed)));
	text = OutputFunctionCall(&reader->hash[i], key.value);
	return hash_bytes_extended((unsigned char *) text, strlen(text), seed);
}

static void
read_row(Reader *reader, const NullableDatum *columns, double *to, int stride)
{
	const ColumnReader *readers = reader->column_readers;
	int                 ncolumns = reader->columns->ncolumns;
	int                 i;

	for (i = 0; i < ncolumns; i++)
		column_read(&readers[i], columns[i], to + (Size) readers[i].first * stride, stride);
}

static uint64
hash_row(Reader *reader, const NullableDatum *columns)
{
	uint64 hash = (uint64) reader->scan->seed;
	int    i;

	for (i = 0; i < reader->scan->nkeys; i++)
		hash = hash_combine64(hash, hash_key_column(reader, i, columns[i]));
	if (reader->scan->nkeys > 0)
		return hash;
	read_row(reader, columns, reader->raw_row, 1);
	for (i = 0; i < reader->scan->ncolumns; i++)
	{
		double value = reader->raw_row[i];

		value = isnan(value) ? get_float8_nan() : value + 0.0;
		hash = hash_bytes_extended((unsigned char *) &value, sizeof(value), hash);
	}
	return hash;
}

/*
 * Moves the entries with the smallest hashes to the front and returns how many
 * these are: most, or all if there are fewer.  (Hoare, "Algorithm 65: Find",
 * 1961; hashes are random enough to take any of them as the pivot.)  The sample
 * depends on neither the order of rows nor the process that read them.
 */
static uint32
smallest_entries(SampleEntry *entries, uint32 nentries, uint32 most)
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

static void
offer_to_sample(Reader *reader, uint64 hash)
{
	uint32       sample = reader->scan->sample;
	SampleEntry *entry;

	if (hash > reader->threshold)
		return;
	entry = &reader->entries[reader->nentries++];
	entry->hash = hash;
	entry->chunk = reader->chunk;
	entry->row = reader->filled;
	if (reader->nentries == 2 * sample)
	{
		uint32 i;

		reader->nentries = smallest_entries(reader->entries, reader->nentries, sample);
		reader->threshold = 0;
		for (i = 0; i < reader->nentries; i++)
			reader->threshold = Max(reader->threshold, reader->entries[i].hash);
	}
}

/* ----------------------------------------------------------------
 *		The aggregate
 * ----------------------------------------------------------------
 */

static const NullableDatum *
row_columns(Reader *reader, FunctionCallInfo fcinfo)
{
	HeapTupleData tuple = {0};
	int           i;

	if (reader->row == NULL)
		return &fcinfo->args[ARG_COLUMNS];
	tuple.t_data = PG_GETARG_HEAPTUPLEHEADER(ARG_COLUMNS);
	tuple.t_len = HeapTupleHeaderGetDatumLength(tuple.t_data);
	heap_deform_tuple(&tuple, reader->row_descriptor, reader->row_values, reader->row_nulls);
	for (i = 0; i < reader->row_descriptor->natts; i++)
	{
		reader->row[i].value = reader->row_values[i];
		reader->row[i].isnull = reader->row_nulls[i];
	}
	return reader->row;
}

/*
 * segment_internal.scan's transition: (state, place and secret of the scan,
 * columns of the query, or one row of them).
 */
PG_FUNCTION_INFO_V1(segment_scan_accum);
Datum
segment_scan_accum(PG_FUNCTION_ARGS)
{
	Reader              *reader;
	const NullableDatum *columns;
	double              *to;
	uint64               hash = 0;

	if (PG_ARGISNULL(0))
	{
		MemoryContext context;
		MemoryContext old_context;

		check_call(AggCheckCallContext(fcinfo, &context) == AGG_CONTEXT_AGGREGATE);
		old_context = MemoryContextSwitchTo(context);
		reader = reader_open(fcinfo);
		MemoryContextSwitchTo(old_context);
	}
	else
		reader = (Reader *) PG_GETARG_POINTER(0);

	reader->nrows++;
	columns = row_columns(reader, fcinfo);
	if (reader->hashes_rows)
	{
		hash = hash_row(reader, columns);
		if (hash > reader->scan->threshold)
			PG_RETURN_POINTER(reader);
	}
	if (reader->filled == reader->capacity)
		next_blocks(reader);
	if (reader->entries != NULL && reader->chunk >= 0)
		offer_to_sample(reader, hash);

	to = rows_place(reader->scan->ncolumns, reader->blocks, reader->filled);
	read_row(reader, columns + reader->scan->nkeys, to, KERNEL_LANES);
	reader->filled++;
	if (reader->filled - reader->passed == reader->batch)
		pass_batch(reader);
	PG_RETURN_POINTER(reader);
}

/*
 * The process has read its last row.
 */
static void
reader_close(Reader *reader)
{
	uint32 sample = reader->scan != NULL ? reader->scan->sample : 0;

	if (reader->scan == NULL)
		return;
	leave_blocks(reader);
	reader->slot->nrows = reader->nrows;
	if (reader->nentries > 0)
	{
		reader->nentries = smallest_entries(reader->entries, reader->nentries, sample);
		reader->slot->sample = reader_share(reader, sizeof(SampleEntry) * reader->nentries);
		memcpy(share_address(reader->slot->sample), reader->entries,
			   sizeof(SampleEntry) * reader->nentries);
		reader->slot->nsample = reader->nentries;
	}
	reader->scan = NULL;
}

PG_FUNCTION_INFO_V1(segment_scan_combine);
Datum
segment_scan_combine(PG_FUNCTION_ARGS)
{
	Reader *reader;

	if (PG_ARGISNULL(1))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_POINTER(PG_GETARG_POINTER(0));
	}
	if (PG_ARGISNULL(0))
	{
		MemoryContext context;

		check_call(AggCheckCallContext(fcinfo, &context));
		reader = MemoryContextAllocZero(context, sizeof(Reader));
	}
	else
		reader = (Reader *) PG_GETARG_POINTER(0);
	reader->nrows += ((Reader *) PG_GETARG_POINTER(1))->nrows;
	PG_RETURN_POINTER(reader);
}

PG_FUNCTION_INFO_V1(segment_scan_serialize);
Datum
segment_scan_serialize(PG_FUNCTION_ARGS)
{
	Reader *reader = (Reader *) PG_GETARG_POINTER(0);
	bytea  *count = palloc(VARHDRSZ + sizeof(int64));

	check_call(AggCheckCallContext(fcinfo, NULL));
	reader_close(reader);
	SET_VARSIZE(count, VARHDRSZ + sizeof(int64));
	memcpy(VARDATA(count), &reader->nrows, sizeof(int64));
	PG_RETURN_BYTEA_P(count);
}

PG_FUNCTION_INFO_V1(segment_scan_deserialize);
Datum
segment_scan_deserialize(PG_FUNCTION_ARGS)
{
	bytea  *count = PG_GETARG_BYTEA_PP(0);
	Reader *reader = palloc0(sizeof(Reader));

	check_call(AggCheckCallContext(fcinfo, NULL) && VARSIZE_ANY_EXHDR(count) == sizeof(int64));
	memcpy(&reader->nrows, VARDATA_ANY(count), sizeof(int64));
	PG_RETURN_POINTER(reader);
}

PG_FUNCTION_INFO_V1(segment_scan_final);
Datum
segment_scan_final(PG_FUNCTION_ARGS)
{
	Reader *reader;

	check_call(AggCheckCallContext(fcinfo, NULL));
	if (PG_ARGISNULL(0))
		PG_RETURN_INT64(0);
	reader = (Reader *) PG_GETARG_POINTER(0);
	reader_close(reader);
	PG_RETURN_INT64(reader->nrows);
}

/* ----------------------------------------------------------------
 *		The leader
 * ----------------------------------------------------------------
 */

static char *
scan_query(const ScanSource *source)
{
	int            ncolumns = source->nkeys + source->columns->ncolumns;
	bool           as_row = ncolumns > MOST_COLUMNS;
	StringInfoData query;
	int            i;

	initStringInfo(&query);
	appendStringInfo(&query, "SELECT segment_internal.scan($1, $2%s", as_row ? ", ROW(" : "");
	for (i = 1; i <= ncolumns; i++)
		appendStringInfo(&query, "%sc%d", as_row && i == 1 ? "" : ", ", i);
	appendStringInfo(&query, "%s) FROM (%s\n) AS source (", as_row ? ")" : "", source->query);
	for (i = 1; i <= ncolumns; i++)
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
 * Has the set prepare for the rows that are kept, so that they lie in few
 * segments, of which little is unused.  Each process has a chunk that is not full.
 */
static void
expect_rows(const LedScan *led, double nrows, int nprocesses)
{
	SourceScan *scan = led->scan;
	double      part = (double) scan->threshold / (double) PG_UINT64_MAX;
	double      bytes = nrows * part * sizeof(double) * Max(scan->ncolumns, 1);
	double      unused = 1 + (double) nprocesses / CHUNK_SHARE;

	if (scan->budget > 0)
		share_expect(led->set, (Size) (Min(bytes, (double) scan->budget) * unused) + nprocesses * CHUNK_BYTES);
}

static SPIPlanPtr
plan_query(const ScanSource *source, const LedScan *led)
{
	SPIPlanPtr plan = SPI_prepare_cursor(scan_query(source), 2, (Oid[]){INT8OID, INT8OID},
										 CURSOR_OPT_PARALLEL_OK | CURSOR_OPT_GENERIC_PLAN);
	double     nrows;
	int        nprocesses;

	if (plan == NULL)
		elog(ERROR, "the scan of a source cannot be planned: %s", SPI_result_code_string(SPI_result));
	nrows = planned_rows(plan, &nprocesses);
	expect_rows(led, nrows, nprocesses);
	if (nprocesses > 1 && share_set_across_processes(led->set))
		share_probe(nprocesses - 1);
	return plan;
}

/*
 * Runs the aggregate.  What it returns is of no interest: the query may be made up.
 */
static void
run_query(const ScanSource *source, const LedScan *led)
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
	if (SPI_execute_plan_extended(plan_query(source, led), &options) < 0)
		elog(ERROR, "the scan of a source cannot be run");
	SPI_finish();
	AtEOXact_GUC(true, nest_level);
}

static void *
merge_states(ShareSet *set, SourceScan *scan, const Pass *pass, int64 *nrows)
{
	const PassInput *input = pass->open(share_address(scan->input));
	void            *merged = palloc_extended(pass->state_size(input), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	uint32           nslots = pg_atomic_read_u32(&scan->nslots);
	uint32           i;

	pass->init(input, merged);
	*nrows = 0;
	for (i = 0; i < nslots; i++)
	{
		*nrows += scan->slots[i].nrows;
		pass->merge(input, merged, share_address(scan->slots[i].state));
		share_free(set, scan->slots[i].state);
	}
	return merged;
}

/*
 * The rows of the sample.
 */
static Rows *
take_sample(ShareSet *set, SourceScan *scan)
{
	uint32       nslots = pg_atomic_read_u32(&scan->nslots);
	uint32       nentries = 0;
	SampleEntry *entries;
	Rows        *sample = rows_create(scan->ncolumns);
	uint32       i;

	for (i = 0; i < nslots; i++)
		nentries += scan->slots[i].nsample;
	entries = palloc_extended(sizeof(SampleEntry) * Max(nentries, 1), MCXT_ALLOC_HUGE);
	nentries = 0;
	for (i = 0; i < nslots; i++)
	{
		ScanSlot *slot = &scan->slots[i];

		if (slot->nsample == 0)
			continue;
		memcpy(entries + nentries, share_address(slot->sample), sizeof(SampleEntry) * slot->nsample);
		share_free(set, slot->sample);
		nentries += slot->nsample;
	}
	nentries = smallest_entries(entries, nentries, scan->sample);

	for (i = 0; i < nentries; i++)
		rows_copy_row(scan->ncolumns,
					  rows_place(scan->ncolumns, share_address(scan->chunks[entries[i].chunk].share),
								 entries[i].row),
					  rows_append(sample));
	pfree(entries);
	return sample;
}

/*
 * Puts the chunks in a row.  All but the last consist of full blocks: what each
 * process left of its last block moves to one more chunk.
 */
static Rows *
take_rows(ShareSet *set, SourceScan *scan)
{
	uint32 nchunks = pg_atomic_read_u32(&scan->nchunks);
	uint32 nslots = pg_atomic_read_u32(&scan->nslots);
	Rows  *rows = rows_create(scan->ncolumns);
	Share  rest = share_create(set, sizeof(double) * KERNEL_LANES * scan->ncolumns * nslots);
	int64  nrest = 0;
	uint32 i;

	for (i = 0; i < nchunks; i++)
	{
		double *blocks = share_address(scan->chunks[i].share);
		int64   nrows = scan->chunks[i].nrows;
		int64   full = nrows / KERNEL_LANES * KERNEL_LANES;

		for (; nrows > full; nrows--)
			rows_copy_row(scan->ncolumns, rows_place(scan->ncolumns, blocks, nrows - 1),
						  rows_place(scan->ncolumns, share_address(rest), nrest++));
		if (full > 0)
			rows_add_chunk(rows, scan->chunks[i].share, blocks, full);
		else
			share_free(set, scan->chunks[i].share);
	}
	if (nrest > 0)
		rows_add_chunk(rows, rest, share_address(rest), nrest);
	else
		share_free(set, rest);
	return rows;
}

ScanResult
scan_run(ShareSet *set, const ScanSource *source, const Pass *pass, FlatInput input,
		 const ScanKeep *keep)
{
	Share          share = share_create(set, sizeof(SourceScan));
	SourceScan    *scan = share_address(share);
	LedScan        led = {.share = share, .scan = scan, .set = set};
	ScanResult     result = {0};
	StringInfoData message;
	uint64         kept_rows;
	bool           kept;
	uint32         i;

	if (!pg_strong_random(&scan->secret, sizeof(scan->secret)))
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not generate a random number")));
	initStringInfo(&message);
	scan->magic = SCAN_MAGIC;
	scan->leader = MyProcPid;
	scan->rows_done = progress_rows_done;
	scan->nkeys = source->nkeys;
	scan->ncolumns = source->columns->nraw;
	columns_send(&message, source->columns);
	scan->columns = share_create(set, message.len);
	scan->columns_size = message.len;
	memcpy(share_address(scan->columns), message.data, message.len);
	pfree(message.data);
	scan->pass = pass_number(pass);
	scan->input = share_create(set, input.size);
	memcpy(share_address(scan->input), input.bytes, input.size);
	scan->threshold = PG_UINT64_MAX;
	if (keep != NULL)
	{
		scan->seed = keep->seed;
		scan->sample = keep->sample;
		scan->budget = keep->budget;
		if (keep->share > 0 && keep->share < 1)
			scan->threshold = (uint64) (keep->share * (double) PG_UINT64_MAX);
	}
	scan->area = share_area(set);

	dlist_push_head(&led_scans, &led.node);
	PG_TRY();
	{
		run_query(source, &led);
	}
	PG_FINALLY();
	{
		dlist_delete(&led.node);
	}
	PG_END_TRY();
	share_expect(set, 0);

	result.state = merge_states(set, scan, pass, &result.nrows);
	kept_rows = pg_atomic_read_u64(&scan->kept_rows);
	kept = scan->budget > 0 && pg_atomic_read_u32(&scan->full) == 0 && budget_holds(scan, kept_rows);
	if (kept && scan->sample > 0 && kept_rows > scan->sample)
		result.sample = take_sample(set, scan);
	if (kept)
		result.rows = take_rows(set, scan);
	else
		for (i = 0; i < Min(pg_atomic_read_u32(&scan->nchunks), lengthof(scan->chunks)); i++)
			share_free(set, scan->chunks[i].share);
	share_free(set, scan->input);
	share_free(set, scan->columns);
	share_free(set, share);
	return result;
}
