/*
 * The fits that run now, in any session of the server, for the view
 * segment_progress.
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
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "storage/lwlock.h"
#include "storage/shmem.h"
#include "storage/spin.h"
#include "utils/float.h"
#include "utils/resowner.h"
#include "utils/timestamp.h"

#include "process/progress.h"

typedef struct ProgressSlot
{
	slock_t          mutex; /* guards progress; held for a few stores or one copy */
	Progress         progress;
	pg_atomic_uint64 rows_done; /* counted up by all processes of the fit, set to 0 by the session */
} ProgressSlot;

const char *const progress_phases[] = {
	"choosing", "reading", "preparing", "searching", "clustering", "judging", "writing", "indexing", NULL};

pg_atomic_uint64 *progress_rows_done = NULL;

/* of this process: the slots, the one claimed, if any, and by whom */
static ProgressSlot *slots = NULL;
static ProgressSlot *own_slot = NULL;
static ResourceOwner slot_owner = NULL;
static double        inertia_unit = 1;

/* ---- The slots ---- */

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
	memset(created, 0, sizeof(ProgressSlot) * PROGRESS_SLOTS);
	for (int i = 0; i < PROGRESS_SLOTS; i++)
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
	for (int i = 0; i < PROGRESS_SLOTS; i++)
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

/* ---- Told by a fit ---- */

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
	elog(DEBUG1, "segment: %s", progress_phases[phase]);
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

/* ---- Asked by the view ---- */

bool
progress_read(int slot, Progress *progress, int64 *rows_done)
{
	if (!attach_slots())
		return false;
	SpinLockAcquire(&slots[slot].mutex);
	*progress = slots[slot].progress;
	*rows_done = (int64) pg_atomic_read_u64(&slots[slot].rows_done);
	SpinLockRelease(&slots[slot].mutex);
	return progress->pid != 0;
}
