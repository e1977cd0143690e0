/*-------------------------------------------------------------------------
 *
 * progress.c
 *	  The fits that run now, in any session of the server, for the view
 *	  segment_progress.
 *
 * They share an array of slots, made at first use in the memory that
 * PostgreSQL keeps to spare, so that nothing needs to be preloaded.  Its name
 * carries the version: sessions that still run the module of before an
 * upgrade have an array of their own.  Where there is no memory or no slot
 * left, a fit runs all the same and is not shown.
 *
 * A slot is claimed by progress_begin() and belongs to the resource owner of
 * that moment.  Whatever ends it early, be it an error, a cancel, the rollback
 * of a subtransaction that caught the error, or the end of the session,
 * releases the resource owner, and that releases the slot.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_authid.h"
#include "fmgr.h"
#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "storage/lwlock.h"
#include "storage/shmem.h"
#include "storage/spin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/resowner.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "process/progress.h"

/* fits shown at once, on the whole server: 10 kB, of the 100 kB to spare */
#define PROGRESS_SLOTS 64

/* columns of segment_internal_progress */
#define PROGRESS_COLUMNS 12

/* written by the session that has claimed the slot, read by any */
typedef struct Progress
{
	int         pid; /* 0: the slot is free */
	Oid         database;
	Oid         user; /* of the session */
	TimestampTz started_at;
	char        model[NAMEDATALEN]; /* cut if need be */

	ProgressPhase phase;
	int64         rows_total; /* 0: not known */

	/* of the last clustering; counted from 1, 0: not begun */
	int    restart;
	int    n_init;
	int    iteration;
	int    max_iter;
	double inertia; /* NaN: none yet */
} Progress;

typedef struct ProgressSlot
{
	slock_t          mutex; /* guards progress; held for a few stores or one copy */
	Progress         progress;
	pg_atomic_uint64 rows_done; /* counted up by all processes of the fit, set to 0 by the session */
} ProgressSlot;

/* in the order of ProgressPhase */
static const char *const phase_names[] = {
	"reading", "preparing", "searching", "clustering", "judging", "writing", "indexing"};

pg_atomic_uint64 *progress_rows_done = NULL;

/* of this process: the slots, the one claimed, if any, and by whom */
static ProgressSlot *slots = NULL;
static ProgressSlot *own_slot = NULL;
static ResourceOwner slot_owner = NULL;
static double        inertia_unit = 1;

/* ----------------------------------------------------------------
 *		The slots
 * ----------------------------------------------------------------
 */

static void
release_slot(ResourceReleasePhase phase pg_attribute_unused(),
			 bool is_commit             pg_attribute_unused(),
			 bool is_top_level          pg_attribute_unused(),
			 void *arg                  pg_attribute_unused())
{
	if (own_slot != NULL && CurrentResourceOwner == slot_owner)
		progress_end();
}

static void
init_slots(ProgressSlot *created)
{
	int i;

	memset(created, 0, sizeof(ProgressSlot) * PROGRESS_SLOTS);
	for (i = 0; i < PROGRESS_SLOTS; i++)
	{
		SpinLockInit(&created[i].mutex);
		pg_atomic_init_u64(&created[i].rows_done, 0);
	}
}

/*
 * Finds or makes the slots; false if there is no memory for them.
 */
static bool
attach_slots(void)
{
	MemoryContext context = CurrentMemoryContext;
	ProgressSlot *volatile attached = NULL;

	if (slots != NULL)
		return true;

	LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
	PG_TRY();
	{
		bool found;

		attached = ShmemInitStruct("segment progress " SEGMENT_VERSION,
								   sizeof(ProgressSlot) * PROGRESS_SLOTS, &found);
		if (!found)
			init_slots(attached);
	}
	PG_CATCH();
	{
		/* nothing but shared memory was asked for, and no error left it changed */
		MemoryContextSwitchTo(context);
		FlushErrorState();
		HOLD_INTERRUPTS(); /* the error forgot that the lock does */
	}
	PG_END_TRY();
	LWLockRelease(AddinShmemInitLock);

	if (attached == NULL)
		return false;
	RegisterResourceReleaseCallback(release_slot, NULL);
	slots = attached;
	return true;
}

/*
 * Puts progress into the first free slot; NULL if there is none.
 */
static ProgressSlot *
claim_slot(const Progress *progress)
{
	int i;

	for (i = 0; i < PROGRESS_SLOTS; i++)
	{
		bool vacant;

		SpinLockAcquire(&slots[i].mutex);
		vacant = slots[i].progress.pid == 0;
		if (vacant)
		{
			slots[i].progress = *progress;
			pg_atomic_write_u64(&slots[i].rows_done, 0);
		}
		SpinLockRelease(&slots[i].mutex);
		if (vacant)
			return &slots[i];
	}
	return NULL;
}

/* ----------------------------------------------------------------
 *		Told by a fit
 * ----------------------------------------------------------------
 */

void
progress_begin(const char *model)
{
	Progress progress = {
		.pid = MyProcPid,
		.database = MyDatabaseId,
		.user = GetSessionUserId(),
		.started_at = GetCurrentTimestamp(),
		.phase = PROGRESS_READING,
		.inertia = get_float8_nan()};

	/* a fit that starts another one, by what its source calls, gives way to it */
	progress_end();
	if (!attach_slots())
		return;
	memcpy(progress.model, model, pg_mbcliplen(model, strlen(model), NAMEDATALEN - 1));
	own_slot = claim_slot(&progress);
	if (own_slot == NULL)
		return;
	slot_owner = CurrentResourceOwner;
	progress_rows_done = &own_slot->rows_done;
	inertia_unit = 1;
}

void
progress_end(void)
{
	if (own_slot == NULL)
		return;
	SpinLockAcquire(&own_slot->mutex);
	own_slot->progress.pid = 0;
	SpinLockRelease(&own_slot->mutex);
	own_slot = NULL;
	progress_rows_done = NULL;
}

void
progress_phase(ProgressPhase phase, int64 rows_total)
{
	elog(DEBUG1, "segment: %s", phase_names[phase]);
	if (own_slot == NULL)
		return;
	SpinLockAcquire(&own_slot->mutex);
	own_slot->progress.phase = phase;
	own_slot->progress.rows_total = rows_total;
	if (phase == PROGRESS_CLUSTERING)
		own_slot->progress.inertia = get_float8_nan();
	pg_atomic_write_u64(&own_slot->rows_done, 0);
	SpinLockRelease(&own_slot->mutex);
}

void
progress_inertia_unit(double unit)
{
	inertia_unit = unit;
}

void
progress_restart(int restart, int n_init)
{
	if (own_slot == NULL)
		return;
	SpinLockAcquire(&own_slot->mutex);
	own_slot->progress.restart = restart;
	own_slot->progress.n_init = n_init;
	own_slot->progress.iteration = 0;
	own_slot->progress.inertia = get_float8_nan();
	SpinLockRelease(&own_slot->mutex);
}

void
progress_iteration(int iteration, int max_iter, double inertia)
{
	if (own_slot == NULL)
		return;
	SpinLockAcquire(&own_slot->mutex);
	own_slot->progress.iteration = iteration;
	own_slot->progress.max_iter = max_iter;
	own_slot->progress.inertia = inertia * inertia_unit;
	pg_atomic_write_u64(&own_slot->rows_done, 0);
	SpinLockRelease(&own_slot->mutex);
}

/*
 * The rest of a job, in SQL, names its phases; NULL ends it.
 */
PG_FUNCTION_INFO_V1(segment_internal_phase);
Datum
segment_internal_phase(PG_FUNCTION_ARGS)
{
	char name[NAMEDATALEN]; /* a longer one is cut: it is none of the phases' */
	int  phase;

	if (PG_ARGISNULL(0))
	{
		progress_end();
		PG_RETURN_VOID();
	}
	text_to_cstring_buffer(PG_GETARG_TEXT_PP(0), name, sizeof(name));
	for (phase = 0; phase < (int) lengthof(phase_names); phase++)
		if (strcmp(name, phase_names[phase]) == 0)
		{
			progress_phase((ProgressPhase) phase, 0);
			PG_RETURN_VOID();
		}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unrecognized value \"%s\" for \"%s\"", name, "phase")));
}

/* ----------------------------------------------------------------
 *		Shown
 * ----------------------------------------------------------------
 */

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
		values[3] = CStringGetTextDatum(phase_names[progress->phase]);
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
	int i;

	InitMaterializedSRF(fcinfo, 0);
	if (!attach_slots())
		return (Datum) 0;
	for (i = 0; i < PROGRESS_SLOTS; i++)
	{
		Progress progress;
		int64    rows_done;

		SpinLockAcquire(&slots[i].mutex);
		progress = slots[i].progress;
		rows_done = (int64) pg_atomic_read_u64(&slots[i].rows_done);
		SpinLockRelease(&slots[i].mutex);
		if (progress.pid != 0)
			put_progress((ReturnSetInfo *) fcinfo->resultinfo, &progress, rows_done);
	}
	return (Datum) 0;
}
