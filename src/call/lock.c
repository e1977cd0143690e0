/*
 * One job at a time on a model.
 *
 * The locks are on objects of the catalog that do not exist: on a model's number
 * in catalog_model, which has 48 bits, and on a schema and a hash of a name in
 * catalog_label.  No SQL statement takes such a lock, unlike an advisory lock,
 * whose key everybody can compute.  These functions give one only to those who
 * may work on the model, or create in the schema.  So number and schema are not
 * hashed: a hash of one's own could be that of somebody else's.  Locks go with
 * the transaction.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_namespace.h"
#include "common/hashfn.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "storage/lock.h"
#include "storage/proc.h"
#include "storage/procarray.h"
#include "storage/sinvaladt.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "call/job.h"

static LOCKTAG
lock_tag(const char *table, uint32 object, uint16 part)
{
	Oid class = get_relname_relid(table, get_namespace_oid("segment_internal", false));
	LOCKTAG tag;

	SET_LOCKTAG_OBJECT(tag, MyDatabaseId, class, object, part);
	return tag;
}

/*
 * The process that holds a lock; 0: none does any more, or a prepared transaction.
 */
static int
lock_holder(const LOCKTAG *tag)
{
	int                   n;
	VirtualTransactionId *holders = GetLockConflicts(tag, ExclusiveLock, &n);
	PGPROC               *process = n == 0 ? NULL : vxid_process(holders[0]);

	return process == NULL ? 0 : process->pid;
}

/*
 * Takes a lock of a model for whom nobody else has it, and else waits, or raises
 * 55P03.
 */
static void
take_lock(const LOCKTAG *tag, const char *name, bool wait)
{
	int holder;

	if (LockAcquire(tag, ExclusiveLock, false, true) != LOCKACQUIRE_NOT_AVAIL)
		return;
	holder = lock_holder(tag);
	if (!wait)
		ereport(ERROR,
				(errcode(ERRCODE_LOCK_NOT_AVAILABLE),
				 errmsg("another session is working on model \"%s\"", name),
				 holder > 0 ? errhint("Process %d does, until its transaction ends: call again then, or with wait => true.", holder)
							: errhint("Call again, or with wait => true.")));
	if (holder > 0)
		ereport(NOTICE, (errmsg("waiting for process %d, which is working on model \"%s\"", holder, name)));
	(void) LockAcquire(tag, ExclusiveLock, false, false);
}

/* the arguments name and wait */
static const char *
read_name(FunctionCallInfo fcinfo, bool *wait)
{
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("the name of a model must not be NULL")));
	*wait = PG_GETARG_BOOL(2);
	return text_to_cstring(PG_GETARG_TEXT_PP(1));
}

/*
 * segment_internal_lock_model(model_id bigint, name text, wait boolean): 42501
 * unless the caller owns the model.  The name is for messages.
 */
PG_FUNCTION_INFO_V1(segment_internal_lock_model);
Datum
segment_internal_lock_model(PG_FUNCTION_ARGS)
{
	LOCKTAG     tag;
	const char *name;
	bool        wait;

	(void) job_owner(fcinfo, "owner");
	name = read_name(fcinfo, &wait);
	tag = lock_tag("catalog_model", (uint32) PG_GETARG_INT64(0), (uint16) (PG_GETARG_INT64(0) >> 32));
	take_lock(&tag, name, wait);
	PG_RETURN_VOID();
}

/*
 * segment_internal_lock_name(schema text, name text, wait boolean): 42501 unless
 * the caller may create in the schema.  There is nothing to do for temporary
 * models, which no other session makes.
 */
PG_FUNCTION_INFO_V1(segment_internal_lock_name);
Datum
segment_internal_lock_name(PG_FUNCTION_ARGS)
{
	char       *schema;
	const char *name;
	bool        wait;
	Oid namespace;
	AclResult access;
	LOCKTAG   tag;

	if (PG_ARGISNULL(0))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("the name of a model must not be NULL")));
	schema = text_to_cstring(PG_GETARG_TEXT_PP(0));
	name = read_name(fcinfo, &wait);
	if (strcmp(schema, "pg_temp") == 0)
		PG_RETURN_VOID();
	namespace = get_namespace_oid(schema, false);
	access = schema_aclcheck(namespace, GetUserId(), ACL_CREATE);
	if (access != ACLCHECK_OK)
		aclcheck_error(access, OBJECT_SCHEMA, schema);
	tag = lock_tag("catalog_label", namespace, (uint16) DatumGetUInt32(hash_any((const unsigned char *) name, strlen(name))));
	take_lock(&tag, name, wait);
	PG_RETURN_VOID();
}
