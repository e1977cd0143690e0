/*
 * Calls a PL/pgSQL function of ours as the role that it has to run as.
 *
 *	segment_internal_job     as the caller: fits, and where calls come in
 *							 (sql/entries.sql)
 *	segment_internal_owner   as the owner of a model, for its owner: refreshes
 *	segment_internal_members as the owner of a model, for whoever may read its
 *							 members
 *	segment_internal_rows	 as the owner of a model, for whoever may read them,
 *							 or what the model reads of its source
 *	segment_internal_reader	 as the owner of a model, for whoever may read it:
 *							 figures of relations that are not shown
 *	segment_internal_role	 as a role that the caller is a member of
 *	segment_internal_keeper  as the owner of the catalog: what writes there
 *
 * A source, its views and functions, the triggers and index expressions of an
 * assignment are the owner's.  Who refreshes somebody else's model, or looks at
 * its rows, must not run them with rights of his own; so they run with those of
 * the model's owner and within a security-restricted operation, as REFRESH
 * MATERIALIZED VIEW does it.
 *
 * Which function is called follows from the name of the one that SQL called,
 * in the schema segment_internal, and is no argument: a call from here needs no
 * privilege.
 *
 * Errors come without the places in our functions where they were raised, which
 * say nothing to a user; but for internal errors, which should be reported with
 * them.
 */
#include "postgres.h"

#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "nodes/value.h"
#include "parser/parse_func.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "compat.h"
#include "call/job.h"

/*
 * The function <name of the called one>_<suffix>, whose arguments are those of
 * the called one, behind the role that calls if that is given.
 */
static Oid
find_function(FunctionCallInfo fcinfo, const char *suffix, Oid caller)
{
	Oid   called = fcinfo->flinfo->fn_oid;
	Oid   types[FUNC_MAX_ARGS + 1] = {OIDOID};
	Oid  *argument_types;
	int   n;
	int   first = OidIsValid(caller) ? 0 : 1;
	List *name = list_make2(makeString("segment_internal"),
							makeString(psprintf("%s_%s", get_func_name(called), suffix)));

	(void) get_func_signature(called, &argument_types, &n);
	memcpy(types + 1, argument_types, sizeof(Oid) * n);
	return LookupFuncName(name, n + 1 - first, types + first, false);
}

/*
 * The error context of the innermost of these calls that is under way, so that
 * each of several takes care of what is between it and the next.
 */
static ErrorContextCallback *enclosing = NULL;

/*
 * Cuts the context of an error where it comes to our functions: what is before
 * them says where a source's file, view or function failed.  A statement of ours
 * may not name our schema, but then the function that runs it follows.
 */
static void
cut_at_ours(char *context)
{
	const char *format = _("SQL statement \"%s\"");
	const char *quote = strchr(format, '%');
	char       *end = psprintf("%s\n", quote + strlen("%s"));
	char       *statement = NULL;
	char       *ours = strstr(context, "segment_internal");

	if (ours == NULL)
		return;
	while (ours > context && ours[-1] != '\n')
		ours--;
	for (char *line = context; line < ours; line = strchr(line, '\n') + 1)
		if (strncmp(line, format, quote - format) == 0)
			statement = line;
	if (statement != NULL)
	{
		char *after = strstr(statement, end);

		if (after == NULL || after + strlen(end) >= ours)
			ours = statement;
	}
	*ours = '\0';
}

/*
 * Adds the context of this call, but for what is ours: up to the enclosing call,
 * or rather to where that came from our functions to those of a source.
 */
static void
append_call(StringInfo context)
{
	ErrorContextCallback *stack = error_context_stack;
	int                   before = context->len;

	for (ErrorContextCallback *entry = stack; entry != NULL && entry != enclosing; entry = entry->previous)
	{
		ErrorContextCallback alone = *entry;
		char                *text;

		alone.previous = NULL;
		error_context_stack = &alone;
		text = GetErrorContextStack();
		error_context_stack = stack;
		if (text == NULL)
			continue;
		if (strstr(text, "segment_internal") == NULL)
			appendStringInfo(context, "%s\n", text);
		else if (enclosing != NULL && context->len > before)
			break;
	}
}

/*
 * The context of an error as it says something to users; NULL: it says nothing.
 */
static char *
context_for_users(char *context)
{
	StringInfoData result;

	initStringInfo(&result);
	if (context != NULL)
	{
		cut_at_ours(context);
		appendStringInfoString(&result, context);
		if (result.len > 0 && result.data[result.len - 1] != '\n')
			appendStringInfoChar(&result, '\n');
	}
	append_call(&result);
	if (result.len == 0)
		return NULL;
	result.data[result.len - 1] = '\0';
	return result.data;
}

/*
 * Calls a function with the caller's arguments, behind the role that calls if
 * that is given.
 */
static Datum
call(FunctionCallInfo fcinfo, Oid function, Oid caller)
{
	MemoryContext         context = CurrentMemoryContext;
	ErrorContextCallback *outer = enclosing;
	int                   nroles = OidIsValid(caller) ? 1 : 0;
	Datum                 result = (Datum) 0;
	FmgrInfo              info;
	LOCAL_FCINFO(inner, FUNC_MAX_ARGS);

	fmgr_info(function, &info);
	InitFunctionCallInfoData(*inner, &info, fcinfo->nargs + nroles, fcinfo->fncollation, NULL, fcinfo->resultinfo);
	inner->args[0].value = ObjectIdGetDatum(caller);
	inner->args[0].isnull = false;
	memcpy(&inner->args[nroles], fcinfo->args, sizeof(NullableDatum) * fcinfo->nargs);

	PG_TRY();
	{
		enclosing = error_context_stack;
		result = FunctionCallInvoke(inner);
	}
	PG_CATCH();
	{
		ErrorData *error;

		enclosing = outer;
		if (geterrcode() == ERRCODE_INTERNAL_ERROR)
			PG_RE_THROW();
		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		error->context = context_for_users(error->context);
		ReThrowError(error);
	}
	PG_END_TRY();
	enclosing = outer;
	fcinfo->isnull = inner->isnull;
	return result;
}

/*
 * Calls f_suffix for f as a role.  An error ends the transaction or
 * subtransaction, which restores the role and the settings.
 */
static Datum
call_as(Oid role, int security, FunctionCallInfo fcinfo, const char *suffix, Oid caller)
{
	Oid   function = find_function(fcinfo, suffix, caller);
	Oid   saved_role;
	int   saved_security;
	int   nest_level;
	Datum result;

	GetUserIdAndSecContext(&saved_role, &saved_security);
	if (role == saved_role)
		return call(fcinfo, function, caller);
	nest_level = NewGUCNestLevel();
	SetUserIdAndSecContext(role, saved_security | SECURITY_LOCAL_USERID_CHANGE | security);
	result = call(fcinfo, function, caller);
	AtEOXact_GUC(false, nest_level);
	SetUserIdAndSecContext(saved_role, saved_security);
	return result;
}

/*
 * Whoever made the extension owns its functions and its tables.
 */
static Oid
keeper(FunctionCallInfo fcinfo)
{
	HeapTuple tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(fcinfo->flinfo->fn_oid));
	Oid       role;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", fcinfo->flinfo->fn_oid);
	role = ((Form_pg_proc) GETSTRUCT(tuple))->proowner;
	ReleaseSysCache(tuple);
	return role;
}

/*
 * The role that owns the model whose number is the first argument, if the caller
 * has a right to it ("owner", "members" or "rows"); else an error.
 * segment_internal.role_of decides, which sees all models.
 */
Oid
job_owner(FunctionCallInfo fcinfo, const char *right)
{
	List *name = list_make2(makeString("segment_internal"), makeString("role_of"));
	Oid   function = LookupFuncName(name, 3, (Oid[]){OIDOID, INT8OID, TEXTOID}, false);
	Oid   role;
	int   security;
	Datum result;

	if (PG_NARGS() < 1 || PG_ARGISNULL(0))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("the number of a model must not be NULL")));
	GetUserIdAndSecContext(&role, &security);
	SetUserIdAndSecContext(keeper(fcinfo), security | SECURITY_LOCAL_USERID_CHANGE);
	result = OidFunctionCall3(function, ObjectIdGetDatum(role), PG_GETARG_DATUM(0), CStringGetTextDatum(right));
	SetUserIdAndSecContext(role, security);
	return DatumGetObjectId(result);
}

/*
 * f(...): calls f_job(...).
 */
PG_FUNCTION_INFO_V1(segment_internal_job);
Datum
segment_internal_job(PG_FUNCTION_ARGS)
{
	return call_as(GetUserId(), 0, fcinfo, "job", InvalidOid);
}

/*
 * f(model_id bigint, ...): calls f_as_owner(model_id, ...).  42501 unless the
 * caller has the right: "owner" is for members of the role that owns the model,
 * "members" for whoever may SELECT from the model's members, "rows" for him and
 * for whoever may SELECT what the model reads of its source, "reader" for whoever
 * may read the model.
 */
#define CALL_AS_OWNER(right)                                                                                      \
	PG_FUNCTION_INFO_V1(segment_internal_##right);                                                                \
	Datum segment_internal_##right(PG_FUNCTION_ARGS)                                                              \
	{                                                                                                             \
		return call_as(job_owner(fcinfo, #right), SECURITY_RESTRICTED_OPERATION, fcinfo, "as_owner", InvalidOid); \
	}                                                                                                             \
	extern Datum segment_internal_##right(PG_FUNCTION_ARGS)

CALL_AS_OWNER(owner);
CALL_AS_OWNER(members);
CALL_AS_OWNER(rows);
CALL_AS_OWNER(reader);

/*
 * f(role oid, ...): calls f_as_role(role, ...).  42501 unless the caller is a
 * member of the role.
 */
PG_FUNCTION_INFO_V1(segment_internal_role);
Datum
segment_internal_role(PG_FUNCTION_ARGS)
{
	Oid role = PG_NARGS() < 1 || PG_ARGISNULL(0) ? InvalidOid : PG_GETARG_OID(0);

	if (!OidIsValid(role) || !has_privs_of_role(GetUserId(), role))
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE), errmsg("must be a member of the role with OID %u", role)));
	return call_as(role, SECURITY_RESTRICTED_OPERATION, fcinfo, "as_role", InvalidOid);
}

/*
 * f(...): calls f_as_keeper(caller oid, ...), which has to check what the
 * caller may do.
 */
PG_FUNCTION_INFO_V1(segment_internal_keeper);
Datum
segment_internal_keeper(PG_FUNCTION_ARGS)
{
	return call_as(keeper(fcinfo), 0, fcinfo, "as_keeper", GetUserId());
}
