/*-------------------------------------------------------------------------
 *
 * job.c
 *	  Runs a job written in PL/pgSQL for those who do not want to know how.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"

/*
 * segment_internal_job(job regprocedure, source regclass, options jsonb) ->
 * segment_run: calls job(source, options).  An error comes with the context of
 * the call alone, not with the places in our functions where it was raised,
 * which say nothing to a user; but for internal errors, which should be
 * reported with them.
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
		fmgr_info(PG_GETARG_OID(0), &job);
		InitFunctionCallInfoData(*call, &job, 2, InvalidOid, NULL, NULL);
		call->args[0] = fcinfo->args[1];
		call->args[1] = fcinfo->args[2];
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
