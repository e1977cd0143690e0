/*
 * Sources whose rows are on other servers: tables of Citus.
 *
 * Citus is known by its catalog alone, which says what tables are distributed over
 * nodes or copied to them.  Its planner sends an aggregate to where the rows are, and
 * there nobody shares memory with the leader of a scan.  So the rows of such a source
 * come to the leader through the executor, and that reads them by itself.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/plancache.h"

#include "compat.h"
#include "rows/collect.h"
#include "rows/columns.h"
#include "rows/distributed.h"

bool
distributed_known(void)
{
	return OidIsValid(get_relname_relid("pg_dist_partition", PG_CATALOG_NAMESPACE));
}

bool
distributed_query(SPIPlanPtr query)
{
	CachedPlanSource *analyzed = linitial(SPI_plan_get_plan_sources(query));
	int               n = list_length(analyzed->relationOids);
	Datum            *relations;
	Datum             argument;
	ListCell         *relation;

	if (n == 0)
		return false;
	relations = palloc(sizeof(Datum) * n);
	foreach (relation, analyzed->relationOids)
		relations[foreach_current_index(relation)] = ObjectIdGetDatum(lfirst_oid(relation));
	argument = PointerGetDatum(construct_array(relations, n, OIDOID, sizeof(Oid), true, TYPALIGN_INT));
	return SPI_execute_with_args("SELECT FROM pg_catalog.pg_dist_partition p WHERE p.logicalrelid OPERATOR(pg_catalog.=) ANY ($1)",
								 1, (Oid[]){OIDARRAYOID}, &argument, NULL, true, 1) == SPI_OK_SELECT &&
		   SPI_processed > 0;
}

/* ---- Rows that come to the leader ---- */

typedef struct PullReceiver
{
	DestReceiver   pub;
	SourceScan    *scan;
	ShareSet      *set;
	MemoryContext  context; /* of the reader */
	MemoryContext  row;
	Reader        *reader;
	NullableDatum *values;
} PullReceiver;

static void
pull_startup(DestReceiver *self, int operation pg_attribute_unused(), TupleDesc row)
{
	PullReceiver *receiver = (PullReceiver *) self;
	MemoryContext old_context = MemoryContextSwitchTo(receiver->context);

	receiver->reader = reader_open(receiver->scan, receiver->set, row);
	receiver->values = palloc(sizeof(NullableDatum) * Max(row->natts, 1));
	MemoryContextSwitchTo(old_context);
}

static bool
pull_receive(TupleTableSlot *row, DestReceiver *self)
{
	PullReceiver *receiver = (PullReceiver *) self;
	MemoryContext old_context = MemoryContextSwitchTo(receiver->row);

	slot_getallattrs(row);
	pair_values(row->tts_tupleDescriptor->natts, row->tts_values, row->tts_isnull, receiver->values);
	reader_add(receiver->reader, receiver->values);
	MemoryContextSwitchTo(old_context);
	MemoryContextReset(receiver->row);
	return true;
}

static void
pull_shutdown(DestReceiver *self)
{
	PullReceiver *receiver = (PullReceiver *) self;

	if (receiver->reader != NULL)
		reader_close(receiver->reader);
	receiver->reader = NULL;
}

static void
pull_destroy(DestReceiver *self pg_attribute_unused())
{
}

void
distributed_pull(const char *query, SourceScan *scan, ShareSet *set)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "segment rows of other servers", ALLOCSET_DEFAULT_SIZES);
	PullReceiver  receiver = {
		 .pub = {
			 .receiveSlot = pull_receive,
			 .rStartup = pull_startup,
			 .rShutdown = pull_shutdown,
			 .rDestroy = pull_destroy,
			 .mydest = DestTuplestore},
		 .scan = scan,
		 .set = set,
		 .context = context,
		 .row = AllocSetContextCreate(context, "segment row of another server", ALLOCSET_DEFAULT_SIZES)};

	collect_query(query, &receiver.pub);
	MemoryContextDelete(context);
}
