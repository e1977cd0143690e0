/*
 * One process's part of a scan: the aggregate segment_internal.scan().
 *
 * The transition function writes raw values into blocks of rows, hands these to
 * the pass, and keeps them if the scan does.  What the process brings lies in
 * the scan's shared memory; the result of the aggregate is a count of rows.
 *
 * What the query calls may call the aggregate as well.  It is not let in: a scan
 * has a secret, which is a parameter, so that no text of a query shows it, and
 * each process opens a scan once.
 */
#include "postgres.h"

#include <math.h>

#include "access/parallel.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "storage/proc.h"
#include "utils/float.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

#include "compat.h"
#include "number/bits.h"
#include "process/pages.h"
#include "process/progress.h"
#include "rows/columns.h"
#include "rows/pass.h"
#include "rows/rows.h"
#include "rows/scan_shared.h"

/* rows handed to a pass at once: as many as stay in the second-level cache */
#define BATCH_BYTES (256 * 1024)

/* How to hash a key column. */
typedef struct KeyReader
{
	FmgrInfo hash; /* a hash function, or an output function if there is none */
	Oid      collation;
	bool     integer;
} KeyReader;

/* The aggregate's state: one process's part of a scan. */
struct Reader
{
	SourceScan *scan; /* NULL in a state that only carries a count */
	ShareSet   *set;  /* NULL in a worker */
	int64       nrows;

	/* how to read a row */
	RowValues      row; /* of more than MOST_COLUMNS columns */
	SourceColumns *columns;
	ColumnReader  *column_readers;
	KeyReader     *keys;
	bool           hashes_rows;

	const Pass      *pass;
	const PassInput *input;
	void            *state;
	ScanSlot        *slot;

	/* a batch being filled, in a chunk or in the buffer */
	double      *blocks;
	int          chunk;    /* the index of that which keeps the rows, -1: none does */
	int          capacity; /* rows of it, or of the buffer */
	int          filled;
	int          passed; /* rows of these that the pass has seen: the batch comes next */
	int          batch;  /* rows handed to the pass at once */
	double      *buffer;
	const uint8 *cells; /* of the chunks; NULL: they are filled as they are kept */
	char        *kept;  /* where cells of the batch go */
	char        *kept_end;
	char        *mapped; /* up to here the memory of the chunk is mapped */

	/* the rows with the smallest hashes so far */
	SampleEntry *entries; /* room for twice the sample */
	uint32       nentries;
	uint64       threshold;
	double      *raw_row; /* hashed where there is no key */

	char *kept_keys; /* of the chunk; NULL: they are not kept */
};

/* ---- The transition function ---- */

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
	check_call(scan->magic >> 32 == SCAN_MAGIC);
	if (scan->magic != scan_magic())
		team_report_other_version();
	check_call(scan->secret == secret && MyProc->lockGroupLeader != NULL &&
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
	SourceScan *scan;

	*set = NULL;
	if (IsParallelWorker())
		return find_shared_scan(place, secret);
	scan = scan_open_led(secret, set);
	check_call(scan != NULL);
	return scan;
}

static void
bind_key(KeyReader *key, Oid type)
{
	Oid  function = lookup_type_cache(type, TYPECACHE_HASH_EXTENDED_PROC)->hash_extended_proc;
	bool varlena;

	if (!OidIsValid(function))
		getTypeOutputInfo(type, &function, &varlena);
	fmgr_info_cxt(function, &key->hash, CurrentMemoryContext);
	key->collation = get_typcollation(type); /* of the column it may be another, which no aggregate is told */
	key->integer = type == INT2OID || type == INT4OID || type == INT8OID;
}

/*
 * How to read column i of the query: keys are hashed, the rest become raw values.
 */
static void
bind_column(Reader *reader, int i, Oid type)
{
	int nkeys = reader->scan->nkeys;

	if (i < reader->scan->keys.ncolumns && reader->scan->keys.columns[i].type != type)
		pg_atomic_write_u32(&reader->scan->keyless, 1);
	if (i >= nkeys)
		column_reader_init(&reader->column_readers[i - nkeys], &reader->columns->columns[i - nkeys], type, i);
	else if (reader->hashes_rows)
		bind_key(&reader->keys[i], type);
}

static void
bind_columns(Reader *reader, TupleDesc row)
{
	StringInfoData message = {
		.data = share_address(reader->scan->columns),
		.len = reader->scan->columns_size};
	int nkeys = reader->scan->nkeys;

	reader->columns = columns_receive(&message);
	check_call(row->natts == nkeys + reader->columns->ncolumns);
	reader->column_readers = palloc(sizeof(ColumnReader) * Max(reader->columns->ncolumns, 1));
	reader->keys = palloc0(sizeof(KeyReader) * Max(nkeys, 1));
	for (int i = 0; i < row->natts; i++)
		bind_column(reader, i, TupleDescAttr(row, i)->atttypid);
}

Reader *
reader_open(SourceScan *scan, ShareSet *set, TupleDesc row)
{
	Reader *reader = palloc0(sizeof(Reader));
	Size    row_bytes = sizeof(double) * Max(scan->ncolumns, 1);
	uint32  slot;

	reader->scan = scan;
	reader->set = set;
	reader->cells = share_address(scan->cells);
	progress_rows_done = scan->rows_done;
	reader->hashes_rows = scan->sample > 0 || scan->threshold < PG_UINT64_MAX;
	bind_columns(reader, row);

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
	reader->raw_row = palloc(sizeof(double) * Max(scan->ncolumns, 1));
	if (scan->sample > 0)
		reader->entries = palloc(sizeof(SampleEntry) * 2 * scan->sample);
	reader->threshold = PG_UINT64_MAX;
	return reader;
}

/* ---- Blocks ---- */

/* mapped at a time, since nobody knows how much of the last chunk will be filled */
#define MAPPED_BYTES (1024 * 1024)

/*
 * Maps the memory of the batch that comes next.
 */
static void
map_next(Reader *reader, char *batch)
{
	char *end = Min(batch + reader->scan->row_bytes * reader->batch, reader->kept_end);

	while (reader->mapped < end)
	{
		Size bytes = Min(MAPPED_BYTES, reader->kept_end - reader->mapped);

		pages_map(reader->mapped, bytes);
		reader->mapped += bytes;
	}
}

/*
 * Keeps a batch that the pass has seen, which is a full one unless it is the last.
 */
static void
keep_batch(Reader *reader, int nrows)
{
	SourceScan *scan = reader->scan;

	if (reader->chunk < 0)
		return;
	if (reader->cells == NULL)
	{
		reader->blocks += (Size) nrows * scan->ncolumns;
		map_next(reader, (char *) reader->blocks);
		return;
	}
	if (!cells_narrow(scan->ncolumns, reader->cells, reader->blocks, (nrows + KERNEL_LANES - 1) / KERNEL_LANES, reader->kept))
		pg_atomic_write_u32(&scan->misfit, 1);
	reader->kept += nrows * scan->row_bytes;
	map_next(reader, reader->kept);
}

static void
pass_batch(Reader *reader)
{
	int nrows = reader->filled - reader->passed;

	if (nrows > 0)
	{
		(void) reader->pass->add(reader->input, reader->state, reader->blocks, nrows, NULL);
		keep_batch(reader, nrows);
	}
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

static Size
chunk_bytes(SourceScan *scan)
{
	uint64 kept = pg_atomic_read_u64(&scan->kept_bytes);
	uint64 left = scan->budget - Min(kept, scan->budget);
	uint64 share = left / (2 * pg_atomic_read_u32(&scan->nslots));

	return Max(Min(kept / SCAN_CHUNK_SHARE, share), Max(kept / SCAN_LAST_CHUNK_SHARE, SCAN_CHUNK_BYTES));
}

/*
 * Takes memory for the keys of a chunk, unless they are known not to be kept.
 */
static void
new_keys(Reader *reader)
{
	SourceScan *scan = reader->scan;
	ScanChunk  *chunk = &scan->chunks[reader->chunk];

	reader->kept_keys = NULL;
	if (scan->keys.ncolumns == 0 || pg_atomic_read_u32(&scan->keyless) != 0)
		return;
	if (pg_atomic_read_u64(&scan->kept_rows) > scan->key_rows)
	{
		pg_atomic_write_u32(&scan->keyless, 1);
		return;
	}
	chunk->keys = reader_share(reader, scan->keys.bytes * reader->capacity);
	reader->kept_keys = share_address(chunk->keys);
}

static void
keep_key(Reader *reader, const NullableDatum *values)
{
	const KeyLayout *layout = &reader->scan->keys;

	if (key_write(layout, values, reader->kept_keys + layout->bytes * reader->filled))
		return;
	pg_atomic_write_u32(&reader->scan->keyless, 1);
	reader->kept_keys = NULL;
}

/*
 * Takes memory for another chunk, unless the rows are known to be too many.
 */
static bool
new_chunk(Reader *reader)
{
	SourceScan *scan = reader->scan;
	Size        batch_bytes = scan->row_bytes * reader->batch;
	Size        bytes;
	uint32      chunk;

	if (scan->budget == 0 || pg_atomic_read_u32(&scan->full) != 0 || pg_atomic_read_u32(&scan->misfit) != 0)
		return false;
	if (!scan_budget_holds(scan, pg_atomic_read_u64(&scan->kept_rows)) ||
		(chunk = pg_atomic_fetch_add_u32(&scan->nchunks, 1)) >= lengthof(scan->chunks))
	{
		pg_atomic_write_u32(&scan->full, 1);
		return false;
	}
	bytes = Max(chunk_bytes(scan) / batch_bytes, 1) * batch_bytes;
	(void) pg_atomic_fetch_add_u64(&scan->kept_bytes, bytes);
	scan->chunks[chunk].share = reader_share(reader, bytes);
	reader->chunk = chunk;
	reader->kept = share_address(scan->chunks[chunk].share);
	reader->mapped = reader->kept;
	reader->kept_end = reader->kept + bytes;
	map_next(reader, reader->kept);
	reader->blocks = reader->cells != NULL ? reader->buffer : (double *) reader->kept;
	reader->capacity = bytes / batch_bytes * reader->batch;
	new_keys(reader);
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

/* ---- The sample ---- */

static uint64
hash_key_column(KeyReader *key, NullableDatum value, uint64 seed)
{
	char *text;

	if (value.isnull)
		return 0;
	if (key->integer)
		return mix_bits((uint64) value.value + seed * UINT64CONST(0x9e3779b97f4a7c15));
	if (key->hash.fn_nargs == 2)
		return DatumGetUInt64(FunctionCall2Coll(&key->hash, key->collation, value.value, UInt64GetDatum(seed)));
	text = OutputFunctionCall(&key->hash, value.value);
	return hash_bytes_extended((unsigned char *) text, strlen(text), seed);
}

static uint64
hash_key(KeyReader *keys, int nkeys, const NullableDatum *values, uint64 seed)
{
	uint64 hash = seed;

	for (int i = 0; i < nkeys; i++)
		hash = hash_combine64(hash, hash_key_column(&keys[i], values[i], seed));
	return hash;
}

static uint64
hash_row(Reader *reader, const NullableDatum *values)
{
	uint64 hash = (uint64) reader->scan->seed;

	if (reader->scan->nkeys > 0)
		return hash_key(reader->keys, reader->scan->nkeys, values, hash);
	columns_read(reader->column_readers, reader->columns->ncolumns, values, reader->raw_row, 1);
	for (int i = 0; i < reader->scan->ncolumns; i++)
	{
		double value = reader->raw_row[i];

		value = isnan(value) ? get_float8_nan() : value + 0.0;
		hash = hash_bytes_extended((unsigned char *) &value, sizeof(value), hash);
	}
	return hash;
}

/* of is_sampled(): the columns of a key behind the seed and the threshold */
#define SAMPLED_KEY 2

/*
 * segment_internal.is_sampled(seed bigint, threshold bigint, VARIADIC key "any") ->
 * boolean: whether a scan with that seed and threshold keeps the row of a key.
 */
PG_FUNCTION_INFO_V1(segment_is_sampled);
Datum
segment_is_sampled(PG_FUNCTION_ARGS)
{
	int        nkeys = PG_NARGS() - SAMPLED_KEY;
	KeyReader *keys = fcinfo->flinfo->fn_extra;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	if (keys == NULL)
	{
		MemoryContext old_context = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);

		keys = palloc0(sizeof(KeyReader) * Max(nkeys, 1));
		for (int i = 0; i < nkeys; i++)
			bind_key(&keys[i], get_fn_expr_argtype(fcinfo->flinfo, SAMPLED_KEY + i));
		MemoryContextSwitchTo(old_context);
		fcinfo->flinfo->fn_extra = keys;
	}
	PG_RETURN_BOOL(hash_key(keys, nkeys, &fcinfo->args[SAMPLED_KEY], (uint64) PG_GETARG_INT64(0)) <= (uint64) PG_GETARG_INT64(1));
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
		reader->nentries = sample_smallest(reader->entries, reader->nentries, sample);
		reader->threshold = 0;
		for (uint32 i = 0; i < reader->nentries; i++)
			reader->threshold = Max(reader->threshold, reader->entries[i].hash);
	}
}

/* ---- A row ---- */

void
reader_add(Reader *reader, const NullableDatum *values)
{
	uint64  hash = 0;
	double *to;

	reader->nrows++;
	if (reader->hashes_rows)
	{
		hash = hash_row(reader, values);
		if (hash > reader->scan->threshold)
			return;
	}
	if (reader->filled == reader->capacity)
		next_blocks(reader);
	if (reader->entries != NULL && reader->chunk >= 0)
		offer_to_sample(reader, hash);
	if (reader->kept_keys != NULL && reader->chunk >= 0)
		keep_key(reader, values);

	to = rows_lane(reader->scan->ncolumns, reader->blocks, reader->filled - reader->passed);
	columns_read(reader->column_readers, reader->columns->ncolumns, values, to, KERNEL_LANES);
	reader->filled++;
	if (reader->filled - reader->passed == reader->batch)
		pass_batch(reader);
}

/*
 * The process has read its last row.
 */
void
reader_close(Reader *reader)
{
	uint32 sample = reader->scan != NULL ? reader->scan->sample : 0;

	if (reader->scan == NULL)
		return;
	leave_blocks(reader);
	reader->slot->nrows = reader->nrows;
	if (reader->nentries > 0)
	{
		reader->nentries = sample_smallest(reader->entries, reader->nentries, sample);
		reader->slot->sample = reader_share(reader, sizeof(SampleEntry) * reader->nentries);
		memcpy(share_address(reader->slot->sample), reader->entries,
			   sizeof(SampleEntry) * reader->nentries);
		reader->slot->nsample = reader->nentries;
	}
	reader->scan = NULL;
}

/* ---- The aggregate ---- */

/*
 * The arguments behind the secret as a row: columns, or one value with all of them.
 */
static TupleDesc
argument_row(FunctionCallInfo fcinfo, RowValues *row)
{
	TupleDesc columns;

	if (PG_NARGS() == ARG_COLUMNS + 1 && get_fn_expr_argtype(fcinfo->flinfo, ARG_COLUMNS) == RECORDOID)
	{
		check_call(!PG_ARGISNULL(ARG_COLUMNS));
		*row = row_values_of(PG_GETARG_HEAPTUPLEHEADER(ARG_COLUMNS));
		return row->descriptor;
	}
	columns = CreateTemplateTupleDesc(PG_NARGS() - ARG_COLUMNS);
	for (int i = 0; i < columns->natts; i++)
		TupleDescInitEntry(columns, i + 1, NULL, get_fn_expr_argtype(fcinfo->flinfo, ARG_COLUMNS + i), -1, 0);
	return columns;
}

static Reader *
open_by_arguments(FunctionCallInfo fcinfo)
{
	RowValues   row = {0};
	SourceScan *scan;
	ShareSet   *set;
	Reader     *reader;

	check_call(PG_NARGS() > ARG_SECRET && get_fn_expr_argtype(fcinfo->flinfo, ARG_SECRET) == INT8OID &&
			   !PG_ARGISNULL(ARG_PLACE) && !PG_ARGISNULL(ARG_SECRET));
	scan = find_scan(PG_GETARG_INT64(ARG_PLACE), PG_GETARG_INT64(ARG_SECRET), &set);
	reader = reader_open(scan, set, argument_row(fcinfo, &row));
	reader->row = row;
	return reader;
}

/*
 * segment_internal.scan's transition: (state, place and secret of the scan,
 * columns of the query, or one row of them).
 */
PG_FUNCTION_INFO_V1(segment_scan_accum);
Datum
segment_scan_accum(PG_FUNCTION_ARGS)
{
	Reader *reader;

	if (PG_ARGISNULL(0))
	{
		MemoryContext context;
		MemoryContext old_context;

		check_call(AggCheckCallContext(fcinfo, &context) == AGG_CONTEXT_AGGREGATE);
		old_context = MemoryContextSwitchTo(context);
		reader = open_by_arguments(fcinfo);
		MemoryContextSwitchTo(old_context);
	}
	else
		reader = (Reader *) PG_GETARG_POINTER(0);
	reader_add(reader, reader->row.descriptor == NULL
						   ? &fcinfo->args[ARG_COLUMNS]
						   : row_values_take(&reader->row, PG_GETARG_HEAPTUPLEHEADER(ARG_COLUMNS)));
	PG_RETURN_POINTER(reader);
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
