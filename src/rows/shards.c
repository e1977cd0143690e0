/*
 * Passes where the rows are: on the shards of a distributed table.
 *
 * The leader sends what a pass is told as an argument of an aggregate, segment_internal.shard_pass(),
 * whose planner has each shard add its own rows and send the state of the pass back.  Row by
 * row the argument is segment_internal.part_row(), which turns columns into raw values: it
 * knows their types, which the aggregate of a shard does not.  Both hand memory on as expanded
 * objects, so that a state of megabytes is copied once, when it leaves the shard.
 *
 * What a pass is told, and its state, are memory that this code trusts.  They travel through
 * SQL, which anybody can write: so they carry a message authentication code (HMAC, RFC 2104, of
 * SHA-256) by a key that the nodes have in common and that no caller may read.  Expanded objects
 * are known by the address of their methods, which no SQL can make.
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/tableam.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "common/hmac.h"
#include "common/sha2.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "lib/ilist.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/expandeddatum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "rows/collect.h"
#include "rows/columns.h"
#include "rows/rows.h"
#include "rows/shards.h"

#define MAC_BYTES PG_SHA256_DIGEST_LENGTH
#define KEY_BYTES 32
#define VERSION_BYTES 16

/* states larger than this come to nobody by SQL */
#define MOST_STATE_BYTES (128 * 1024 * 1024)

/* of part_row(): what the pass is told, and columns */
#define PART_INPUT 0
#define PART_COLUMNS 1

/* what a shard is told, followed by the columns and the input of the pass, both aligned */
typedef struct PartOrder
{
	uint8 mac[MAC_BYTES]; /* of all that follows */
	char  version[VERSION_BYTES];
	int64 number; /* of the scan: its secret */
	int64 pass;
	int64 columns_size;
	int64 input_size;
} PartOrder;

/* what a shard answers, followed by the state of the pass */
typedef struct PartAnswer
{
	uint8 mac[MAC_BYTES]; /* of all that follows, and of the order */
	int64 number;
	int64 nrows;
} PartAnswer;

/* ---- The key ---- */

/*
 * Reads the key that the nodes have in common, which is for this code alone; false if
 * there is none.
 */
static bool
read_key(uint8 *key)
{
	Oid             table = get_relname_relid("shared_key", get_namespace_oid("segment_internal", true));
	Relation        relation;
	TableScanDesc   scan;
	TupleTableSlot *slot;
	bool            found = false;

	if (!OidIsValid(table))
		return false;
	relation = table_open(table, AccessShareLock);
	slot = table_slot_create(relation, NULL);
	scan = table_beginscan(relation, GetActiveSnapshot(), 0, NULL);
	while (!found && table_scan_getnextslot(scan, ForwardScanDirection, slot))
	{
		bool   isnull;
		Datum  value = slot_getattr(slot, 2, &isnull);
		bytea *bytes = isnull ? NULL : DatumGetByteaPP(value);

		found = bytes != NULL && VARSIZE_ANY_EXHDR(bytes) == KEY_BYTES;
		if (found)
			memcpy(key, VARDATA_ANY(bytes), KEY_BYTES);
	}
	table_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	table_close(relation, AccessShareLock);
	return found;
}

static void
need_key(uint8 *key)
{
	if (!read_key(key))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("this server has no key in common with the others"),
				 errhint("Call segment_share_key() on the coordinator, as a superuser, after a node is added.")));
}

static void
make_mac(const uint8 *key, const void *first, Size first_size, const void *second, Size second_size, uint8 *mac)
{
	pg_hmac_ctx *context = pg_hmac_create(PG_SHA256);

	if (context == NULL || pg_hmac_init(context, key, KEY_BYTES) < 0 ||
		pg_hmac_update(context, first, first_size) < 0 ||
		pg_hmac_update(context, second, second_size) < 0 ||
		pg_hmac_final(context, mac, MAC_BYTES) < 0)
		elog(ERROR, "could not compute a message authentication code");
	pg_hmac_free(context);
}

static bool
same_mac(const uint8 *a, const uint8 *b)
{
	uint8 differ = 0;

	for (int i = 0; i < MAC_BYTES; i++)
		differ |= a[i] ^ b[i];
	return differ == 0;
}

static void
check_part(bool fine)
{
	if (!fine)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("aggregate segment_internal.shard_pass is not meant to be called by hand")));
}

/* ---- An order ---- */

static Size
columns_place(void)
{
	return MAXALIGN(sizeof(PartOrder));
}

static Size
input_place(const PartOrder *order)
{
	return columns_place() + MAXALIGN(order->columns_size);
}

static Size
order_size(const PartOrder *order)
{
	return input_place(order) + order->input_size;
}

static bytea *
write_order(const ScanSource *source, const SourceScan *scan, FlatInput input)
{
	uint8          key[KEY_BYTES];
	StringInfoData columns;
	PartOrder      order = {.number = scan->secret, .pass = scan->pass, .input_size = input.size};
	bytea         *message;
	char          *bytes;

	need_key(key);
	initStringInfo(&columns);
	columns_send(&columns, source->columns);
	order.columns_size = columns.len;
	strlcpy(order.version, SEGMENT_VERSION, VERSION_BYTES);
	message = palloc0(VARHDRSZ + order_size(&order));
	SET_VARSIZE(message, VARHDRSZ + order_size(&order));
	bytes = VARDATA(message);
	memcpy(bytes + columns_place(), columns.data, columns.len);
	memcpy(bytes + input_place(&order), input.bytes, input.size);
	memcpy(bytes, &order, sizeof(order));
	make_mac(key, bytes + MAC_BYTES, order_size(&order) - MAC_BYTES, NULL, 0, order.mac);
	memcpy(bytes, &order, sizeof(order));
	return message;
}

/*
 * A copy in the current memory context of an order that a leader has written.
 */
static PartOrder *
read_order(const bytea *message)
{
	uint8      key[KEY_BYTES];
	uint8      mac[MAC_BYTES];
	Size       size = VARSIZE_ANY_EXHDR(message);
	PartOrder *order;

	check_part(size >= columns_place());
	need_key(key);
	order = palloc(size);
	memcpy(order, VARDATA_ANY(message), size);
	make_mac(key, (uint8 *) order + MAC_BYTES, size - MAC_BYTES, NULL, 0, mac);
	if (!same_mac(mac, order->mac))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("this server does not have the key of the leader of a scan"),
				 errhint("Call segment_share_key() on the coordinator, as a superuser.")));
	if (strncmp(order->version, SEGMENT_VERSION, VERSION_BYTES) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("this server has version %s of segment, the leader of a scan %.*s", SEGMENT_VERSION, VERSION_BYTES, order->version),
				 errhint("Install the same version on all nodes.")));
	return order;
}

/* ---- A row ---- */

/* The raw values of one row, in the memory of the call that reads it. */
typedef struct PartRow
{
	ExpandedObjectHeader header;
	PartOrder           *order;
	SourceColumns       *columns;
	ColumnReader        *readers;
	double              *raw;
	MemoryContext        garbage;
	char                *given; /* the order as it came */
	Size                 given_size;
} PartRow;

static Size
no_flat_size(ExpandedObjectHeader *header pg_attribute_unused())
{
	check_part(false);
	return 0;
}

static void
no_flatten(ExpandedObjectHeader *header pg_attribute_unused(), void *result pg_attribute_unused(), Size size pg_attribute_unused())
{
	check_part(false);
}

static const ExpandedObjectMethods row_methods = {no_flat_size, no_flatten};

/*
 * The object behind a datum, if it has these methods.
 */
static void *
expanded(Datum value, const ExpandedObjectMethods *methods)
{
	ExpandedObjectHeader *header;

	if (!VARATT_IS_EXTERNAL_EXPANDED(DatumGetPointer(value)))
		return NULL;
	header = DatumGetEOHP(value);
	return header->eoh_methods == methods ? header : NULL;
}

static PartRow *
open_row(FunctionCallInfo fcinfo, const bytea *message)
{
	MemoryContext  context = AllocSetContextCreate(fcinfo->flinfo->fn_mcxt, "segment part row", ALLOCSET_SMALL_SIZES);
	MemoryContext  old_context = MemoryContextSwitchTo(context);
	PartRow       *row = palloc0(sizeof(PartRow));
	StringInfoData columns;

	EOH_init_header(&row->header, &row_methods, context);
	row->order = read_order(message);
	row->given_size = VARSIZE_ANY_EXHDR(message);
	row->given = (char *) row->order;
	columns = (StringInfoData){.data = (char *) row->order + columns_place(), .len = (int) row->order->columns_size};
	row->columns = columns_receive(&columns);
	check_part(PG_NARGS() == PART_COLUMNS + row->columns->ncolumns);
	row->readers = palloc(sizeof(ColumnReader) * Max(row->columns->ncolumns, 1));
	for (int i = 0; i < row->columns->ncolumns; i++)
		column_reader_init(&row->readers[i], &row->columns->columns[i],
						   get_fn_expr_argtype(fcinfo->flinfo, PART_COLUMNS + i), PART_COLUMNS + i);
	row->raw = palloc(sizeof(double) * Max(row->columns->nraw, 1));
	row->garbage = AllocSetContextCreate(context, "segment part row values", ALLOCSET_SMALL_SIZES);
	MemoryContextSwitchTo(old_context);
	return row;
}

/*
 * segment_internal.part_row(order bytea, VARIADIC columns "any") -> what
 * segment_internal.shard_pass() takes.
 */
PG_FUNCTION_INFO_V1(segment_part_row);
Datum
segment_part_row(PG_FUNCTION_ARGS)
{
	const bytea  *message;
	PartRow      *row = fcinfo->flinfo->fn_extra;
	MemoryContext old_context;

	check_part(!PG_ARGISNULL(PART_INPUT));
	message = PG_GETARG_BYTEA_PP(PART_INPUT);
	if (row == NULL || row->given_size != VARSIZE_ANY_EXHDR(message) ||
		memcmp(row->given, VARDATA_ANY(message), MAC_BYTES) != 0)
	{
		fcinfo->flinfo->fn_extra = NULL;
		fcinfo->flinfo->fn_extra = row = open_row(fcinfo, message);
	}
	old_context = MemoryContextSwitchTo(row->garbage);
	columns_read(row->readers, row->columns->ncolumns, fcinfo->args, row->raw, 1);
	MemoryContextSwitchTo(old_context);
	MemoryContextReset(row->garbage);
	/* read-only, so that no caller takes it over: the next call has it again */
	return EOHPGetRODatum(&row->header);
}

/* ---- A part ---- */

/* The state of the aggregate: that of the pass, and a batch of rows for it. */
typedef struct Part
{
	ExpandedObjectHeader header;
	PartOrder           *order;
	const Pass          *pass;
	const PassInput     *input;
	int                  ncolumns; /* raw */
	int                  batch;
	int                  filled;
	double              *blocks;
	int64                nrows;
	PartAnswer          *answer; /* followed by the state */
	void                *state;
} Part;

/* rows handed to a pass at once: as many as stay in the second-level cache */
#define BATCH_BYTES (256 * 1024)

static void
pass_batch(Part *part)
{
	if (part->filled > 0)
		(void) part->pass->add(part->input, part->state, part->blocks, part->filled, NULL);
	part->filled = 0;
}

static Size
answer_size(const Part *part)
{
	return MAXALIGN(sizeof(PartAnswer)) + part->pass->state_size(part->input);
}

static Size
part_flat_size(ExpandedObjectHeader *header)
{
	return VARHDRSZ + answer_size((Part *) header);
}

static void
part_flatten(ExpandedObjectHeader *header, void *result, Size size)
{
	Part *part = (Part *) header;
	uint8 key[KEY_BYTES];

	pass_batch(part);
	need_key(key);
	part->answer->number = part->order->number;
	part->answer->nrows = part->nrows;
	make_mac(key, part->order->mac, MAC_BYTES, (char *) part->answer + MAC_BYTES, answer_size(part) - MAC_BYTES, part->answer->mac);
	SET_VARSIZE(result, size);
	memcpy(VARDATA(result), part->answer, size - VARHDRSZ);
}

static const ExpandedObjectMethods part_methods = {part_flat_size, part_flatten};

static Part *
open_part(MemoryContext parent, const PartRow *row)
{
	MemoryContext context = AllocSetContextCreate(parent, "segment part", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old_context = MemoryContextSwitchTo(context);
	Part         *part = palloc0(sizeof(Part));
	Size          row_bytes = sizeof(double) * Max(row->columns->nraw, 1);

	EOH_init_header(&part->header, &part_methods, context);
	part->order = palloc(order_size(row->order));
	memcpy(part->order, row->order, order_size(row->order));
	part->pass = pass_registry[part->order->pass];
	part->input = part->pass->open((char *) part->order + input_place(part->order));
	part->ncolumns = row->columns->nraw;
	part->batch = Min(PASS_ROWS, Max(BATCH_BYTES / row_bytes / KERNEL_LANES, 1) * KERNEL_LANES);
	part->blocks = palloc_blocks(part->batch / KERNEL_LANES, part->ncolumns, sizeof(double));
	part->answer = palloc_extended(answer_size(part), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	part->state = (char *) part->answer + MAXALIGN(sizeof(PartAnswer));
	part->pass->init(part->input, part->state);
	MemoryContextSwitchTo(old_context);
	return part;
}

/*
 * segment_internal.shard_pass's transition: (state bytea, row bytea) -> state.
 */
PG_FUNCTION_INFO_V1(segment_scan_part_accum);
Datum
segment_scan_part_accum(PG_FUNCTION_ARGS)
{
	MemoryContext  context;
	const PartRow *row;
	Part          *part;
	double        *to;

	check_part(AggCheckCallContext(fcinfo, &context) != 0 && !PG_ARGISNULL(1));
	row = expanded(PG_GETARG_DATUM(1), &row_methods);
	check_part(row != NULL);
	part = PG_ARGISNULL(0) ? open_part(context, row) : expanded(PG_GETARG_DATUM(0), &part_methods);
	check_part(part != NULL && memcmp(part->order->mac, row->order->mac, MAC_BYTES) == 0);
	to = rows_lane(part->ncolumns, part->blocks, part->filled++);
	for (int i = 0; i < part->ncolumns; i++)
		to[(Size) i * KERNEL_LANES] = row->raw[i];
	part->nrows++;
	if (part->filled == part->batch)
	{
		CHECK_FOR_INTERRUPTS();
		pass_batch(part);
	}
	return EOHPGetRWDatum(&part->header);
}

/* ---- The leader ---- */

/* A pass that this process has sent out. */
typedef struct LedPass
{
	dlist_node       node;
	const PartOrder *order;
	uint8            key[KEY_BYTES];
	const Pass      *pass;
	const PassInput *input;
	ScanSlot        *slot;
	int              nanswers;
	Size             answered; /* bytes */
} LedPass;

static dlist_head led_passes = DLIST_STATIC_INIT(led_passes);

static LedPass *
find_led(int64 number)
{
	dlist_iter iter;

	dlist_foreach(iter, &led_passes)
	{
		LedPass *led = dlist_container(LedPass, node, iter.cur);

		if (led->order->number == number)
			return led;
	}
	return NULL;
}

/*
 * Adds the answer of a shard to the pass that it is for.
 */
static void
take_answer(const bytea *message)
{
	Size        size = VARSIZE_ANY_EXHDR(message);
	PartAnswer *answer;
	LedPass    *led;
	uint8       mac[MAC_BYTES];

	check_part(size >= MAXALIGN(sizeof(PartAnswer)));
	answer = palloc_extended(size, MCXT_ALLOC_HUGE);
	memcpy(answer, VARDATA_ANY(message), size);
	led = find_led(answer->number);
	check_part(led != NULL && size == MAXALIGN(sizeof(PartAnswer)) + led->pass->state_size(led->input));
	make_mac(led->key, led->order->mac, MAC_BYTES, (char *) answer + MAC_BYTES, size - MAC_BYTES, mac);
	check_part(same_mac(mac, answer->mac));
	led->pass->merge(led->input, share_address(led->slot->state), (char *) answer + MAXALIGN(sizeof(PartAnswer)));
	led->slot->nrows += answer->nrows;
	led->nanswers++;
	led->answered += size;
	pfree(answer);
}

/*
 * Takes what an argument has; the state of the leader is in its scan.
 */
static void
take_argument(FunctionCallInfo fcinfo, int argument)
{
	bytea *message = PG_ARGISNULL(argument) ? NULL : PG_GETARG_BYTEA_P(argument);

	if (message != NULL && VARSIZE(message) > VARHDRSZ)
		take_answer(message);
}

static Datum
nothing(void)
{
	bytea *empty = palloc(VARHDRSZ);

	SET_VARSIZE(empty, VARHDRSZ);
	return PointerGetDatum(empty);
}

PG_FUNCTION_INFO_V1(segment_scan_part_combine);
Datum
segment_scan_part_combine(PG_FUNCTION_ARGS)
{
	check_part(AggCheckCallContext(fcinfo, NULL) != 0);
	take_argument(fcinfo, 0);
	take_argument(fcinfo, 1);
	return nothing();
}

PG_FUNCTION_INFO_V1(segment_scan_part_final);
Datum
segment_scan_part_final(PG_FUNCTION_ARGS)
{
	check_part(AggCheckCallContext(fcinfo, NULL) != 0);
	take_argument(fcinfo, 0);
	return nothing();
}

bool
shards_may_pass(const ScanSource *source, const Pass *pass, FlatInput input)
{
	uint8 key[KEY_BYTES];

	return source->columns->ncolumns < FUNC_MAX_ARGS - PART_COLUMNS &&
		   input.size < MOST_STATE_BYTES &&
		   pass->state_size(pass->open(input.bytes)) < MOST_STATE_BYTES &&
		   read_key(key);
}

/*
 * The columns of a query that become raw values, under names of ours.
 */
static void
append_columns(StringInfo query, int from, int to)
{
	for (int i = from; i <= to; i++)
		appendStringInfo(query, ", c%d", i);
}

static void
append_source(StringInfo query, const ScanSource *source)
{
	int ncolumns = source->nkeys + source->columns->ncolumns;

	appendStringInfo(query, " FROM (%s\n) AS source (", source->query);
	for (int i = 1; i <= ncolumns; i++)
		appendStringInfo(query, "%sc%d", i == 1 ? "" : ", ", i);
	appendStringInfoChar(query, ')');
}

void
shards_pass(const ScanSource *source, SourceScan *scan, ShareSet *set, const Pass *pass, FlatInput input)
{
	bytea            *order = write_order(source, scan, input);
	LedPass           led = {.pass = pass, .input = pass->open(input.bytes), .slot = &scan->slots[0]};
	SPIExecuteOptions options = {.read_only = true, .params = makeParamList(1)};
	StringInfoData    query;

	need_key(led.key);
	led.order = memcpy(palloc(VARSIZE(order) - VARHDRSZ), VARDATA(order), VARSIZE(order) - VARHDRSZ);
	led.slot->state = share_create(set, pass->state_size(led.input));
	pass->init(led.input, share_address(led.slot->state));
	pg_atomic_write_u32(&scan->nslots, 1);

	initStringInfo(&query);
	appendStringInfoString(&query, "SELECT segment_internal.shard_pass(segment_internal.part_row($1");
	append_columns(&query, source->nkeys + 1, source->nkeys + source->columns->ncolumns);
	appendStringInfoString(&query, "))");
	append_source(&query, source);
	options.params->params[0] = (ParamExternData){PointerGetDatum(order), false, PARAM_FLAG_CONST, BYTEAOID};

	dlist_push_head(&led_passes, &led.node);
	PG_TRY();
	{
		if (SPI_execute_extended(query.data, &options) < 0)
			elog(ERROR, "a pass over shards cannot be run");
	}
	PG_FINALLY();
	{
		dlist_delete(&led.node);
	}
	PG_END_TRY();
	elog(DEBUG1, "segment: pass \"%s\" on shards: an order of %zu bytes, %d answers of %zu bytes in all",
		 pass->name, order_size(led.order), led.nanswers, led.answered);
}

uint64
shards_count(const char *query)
{
	StringInfoData count;
	bool           isnull;

	initStringInfo(&count);
	appendStringInfo(&count, "SELECT count(*) FROM (%s\n) AS source", query);
	if (SPI_execute(count.data, true, 0) != SPI_OK_SELECT || SPI_processed != 1)
		elog(ERROR, "the rows of a source cannot be counted");
	return (uint64) DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull));
}

const char *
shards_sample_query(const ScanSource *source, const SourceScan *scan)
{
	StringInfoData query;

	if (source->nkeys == 0 || source->nkeys >= FUNC_MAX_ARGS - 2)
		return source->query;
	initStringInfo(&query);
	appendStringInfoString(&query, "SELECT c1");
	append_columns(&query, 2, source->nkeys + source->columns->ncolumns);
	append_source(&query, source);
	appendStringInfo(&query, " WHERE segment_internal.is_sampled('" INT64_FORMAT "'::bigint, '" INT64_FORMAT "'::bigint",
					 scan->seed, (int64) scan->threshold);
	append_columns(&query, 1, source->nkeys);
	appendStringInfoChar(&query, ')');
	return query.data;
}
