/*-------------------------------------------------------------------------
 *
 * job.c
 *	  Runs a job written in PL/pgSQL for those who do not want to know how.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "nodes/value.h"
#include "parser/parse_func.h"
#include "utils/lsyscache.h"

static Oid
find_job(void)
{
	List *name = list_make2(makeString("segment_internal"), makeString("kmeans"));

	return LookupFuncName(name, 2, (Oid[]){REGCLASSOID, JSONBOID}, false);
}

/*
 * segment_internal_job(source regclass, options jsonb) -> segment_run: calls
 * segment_internal_kmeans(source, options).  An error comes with the context of
 * the call alone, not with the places in our functions where it was raised,
 * which say nothing to a user; but for internal errors, which should be
 * reported with them.
 *
 * Which function it calls is no argument: a call from here needs no privilege
 * and checks no types.
 */
PG_FUNCTION_INFO_V1(segment_internal_job);
Datum
segment_internal_job(PG_FUNCTION_ARGS)
{
	MemoryContext context = CurrentMemoryContext;
	Datum         run = (Datum) 0;
	FmgrInfo      job;
	LOCAL_FCINFO(call, 2);

	PG_TRY();
	{
		fmgr_info(find_job(), &job);
		InitFunctionCallInfoData(*call, &job, 2, InvalidOid, NULL, NULL);
		call->args[0] = fcinfo->args[0];
		call->args[1] = fcinfo->args[1];
		run = FunctionCallInvoke(call);
	}
	PG_CATCH();
	{
		ErrorData *error;

		if (geterrcode() == ERRCODE_INTERNAL_ERROR)
			PG_RE_THROW();
		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		error->context = GetErrorContextStack();
		ReThrowError(error);
	}
	PG_END_TRY();
	PG_RETURN_DATUM(run);
}
