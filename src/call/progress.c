/*
 * The fits that run now, for the view segment_progress, and the phases of
 * the rest of a job, which is in SQL.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_authid.h"
#include "fmgr.h"
#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "process/progress.h"

#define PROGRESS_COLUMNS 12

/*
 * segment_internal_phase(name text): a phase begins; NULL ends the job.
 */
PG_FUNCTION_INFO_V1(segment_internal_phase);
Datum
segment_internal_phase(PG_FUNCTION_ARGS)
{
	char name[NAMEDATALEN]; /* a longer one is cut: it is none of the phases' */

	if (PG_ARGISNULL(0))
	{
		progress_end();
		PG_RETURN_VOID();
	}
	text_to_cstring_buffer(PG_GETARG_TEXT_PP(0), name, sizeof(name));
	for (int phase = 0; progress_phases[phase] != NULL; phase++)
		if (strcmp(name, progress_phases[phase]) == 0)
		{
			progress_phase((ProgressPhase) phase, 0);
			PG_RETURN_VOID();
		}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unrecognized value \"%s\" for \"%s\"", name, "phase")));
}

/*
 * As in PostgreSQL's own views of what runs, which do not tell strangers what
 * a session does.
 */
static bool
may_see(Oid user)
{
	return has_privs_of_role(GetUserId(), ROLE_PG_READ_ALL_STATS) ||
		   has_privs_of_role(GetUserId(), user);
}

static void
put_progress(ReturnSetInfo *result, const Progress *progress, int64 rows_done)
{
	Datum values[PROGRESS_COLUMNS] = {0};
	bool  nulls[PROGRESS_COLUMNS];

	memset(nulls, true, sizeof(nulls));
	values[0] = Int32GetDatum(progress->pid);
	values[1] = ObjectIdGetDatum(progress->database);
	nulls[0] = nulls[1] = false;
	if (may_see(progress->user))
	{
		const char *model = progress->model;

		/* another database may have another encoding */
		nulls[2] = !pg_verifymbstr(model, strlen(model), true);
		if (!nulls[2])
			values[2] = CStringGetTextDatum(model);
		values[3] = CStringGetTextDatum(progress_phases[progress->phase]);
		values[4] = Int64GetDatum(rows_done);
		values[5] = Int64GetDatum(progress->rows_total);
		values[6] = Int32GetDatum(progress->iteration);
		values[7] = Int32GetDatum(progress->max_iter);
		values[8] = Int32GetDatum(progress->restart);
		values[9] = Int32GetDatum(progress->n_init);
		values[10] = Float8GetDatum(progress->inertia);
		values[11] = TimestampTzGetDatum(progress->started_at);
		nulls[3] = nulls[4] = nulls[11] = false;
		nulls[5] = progress->rows_total == 0;
		nulls[6] = nulls[7] = progress->max_iter == 0;
		nulls[8] = nulls[9] = progress->n_init == 0;
		nulls[10] = isnan(progress->inertia);
	}
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

PG_FUNCTION_INFO_V1(segment_internal_progress);
Datum
segment_internal_progress(PG_FUNCTION_ARGS)
{
	InitMaterializedSRF(fcinfo, 0);
	for (int slot = 0; slot < PROGRESS_SLOTS; slot++)
	{
		Progress progress;
		int64    rows_done;

		if (progress_read(slot, &progress, &rows_done))
			put_progress((ReturnSetInfo *) fcinfo->resultinfo, &progress, rows_done);
	}
	return (Datum) 0;
}
