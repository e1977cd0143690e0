/*
 * The processes of a fit: the leader and its parallel workers.
 *
 * Only the leader knows what a fit is.  It posts one task after the other;
 * every member, the leader too, carries out its own part of it, always the
 * same part of the rows, and all meet at a barrier before and after.  The
 * barrier's phases: even, waiting for a task; odd, at work.
 *
 * A worker's error arrives at the leader while that waits, and is raised
 * there; the end of the leader's transaction stops the workers.
 */
#include "postgres.h"

#include "access/parallel.h"
#include "access/xact.h"
#include "common/hashfn.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "storage/barrier.h"
#include "storage/condition_variable.h"
#include "storage/shm_toc.h"
#include "storage/spin.h"
#include "utils/memutils.h"
#include "utils/wait_event.h"

#include "compat.h"
#include "process/progress.h"
#include "process/share.h"
#include "process/team.h"

/* where workers of the same version of the library find what they share */
#define TEAM_KEY ((uint64) team_stamp())

#define NO_TASK (-1) /* the team's work is done */

/* All is the leader's to write, and the members' to read. */
typedef struct TeamShared
{
	/* workers wait until the leader has set what follows up to the barrier */
	ConditionVariable ready_cv;
	slock_t           mutex; /* protects ready */
	bool              ready;
	int               count;     /* of members */
	pg_atomic_uint64 *rows_done; /* of the leader's progress, to which all add */
	Barrier           barrier;

	/* set between two tasks, while the others wait at the barrier */
	int  task; /* number in team_registry, or NO_TASK */
	char arguments[TEAM_ARGUMENTS] pg_attribute_aligned(MAXIMUM_ALIGNOF);
} TeamShared;

struct Team
{
	ParallelContext *context; /* NULL: the leader is alone */
	TeamShared      *shared;
};

extern PGDLLEXPORT void segment_team_main(dsm_segment *segment, shm_toc *toc);

static int
task_number(TeamTask task)
{
	int number = 0;

	while (team_registry[number] != task)
	{
		Assert(team_registry[number] != NULL);
		number++;
	}
	return number;
}

/* What members wait for, in pg_stat_activity. */
static uint32
team_wait_event(void)
{
	static uint32 event = 0;

	if (event == 0)
		event = wait_event_new("SegmentTeam");
	return event;
}

/* All members of the team arrive before any goes on. */
static void
wait_for_team(TeamShared *shared)
{
	BarrierArriveAndWait(&shared->barrier, team_wait_event());
}

/*
 * Workers that were not to be had are no error: the leader does their part.
 */
Team *
team_begin(int nworkers)
{
	Team            *team = palloc0(sizeof(Team));
	ParallelContext *context;
	TeamShared      *shared;

	if (nworkers <= 0 || IsInParallelMode())
		return team;

	EnterParallelMode();
	context = CreateParallelContext("segment", "segment_team_main", nworkers);
	shm_toc_estimate_chunk(&context->estimator, sizeof(TeamShared));
	shm_toc_estimate_keys(&context->estimator, 1);
	PG_TRY();
	{
		InitializeParallelDSM(context);
	}
	PG_CATCH();
	{
		share_failed();
		PG_RE_THROW();
	}
	PG_END_TRY();
	shared = shm_toc_allocate(context->toc, sizeof(TeamShared));
	ConditionVariableInit(&shared->ready_cv);
	SpinLockInit(&shared->mutex);
	shared->ready = false;
	shared->rows_done = progress_rows_done;
	shm_toc_insert(context->toc, TEAM_KEY, shared);

	LaunchParallelWorkers(context);
	if (context->nworkers_launched == 0)
	{
		DestroyParallelContext(context);
		ExitParallelMode();
		ereport(NOTICE,
				(errmsg("no parallel worker was free: one process does all the work"),
				 errhint("Raise max_parallel_workers or max_worker_processes, or set segment.max_parallel_workers to 0 to do without.")));
		return team;
	}

	/* raises an error if one of them could not start */
	WaitForParallelWorkersToAttach(context);
	shared->count = context->nworkers_launched + 1;
	BarrierInit(&shared->barrier, shared->count);
	SpinLockAcquire(&shared->mutex);
	shared->ready = true;
	SpinLockRelease(&shared->mutex);
	ConditionVariableBroadcast(&shared->ready_cv);

	team->context = context;
	team->shared = shared;
	return team;
}

int
team_size(const Team *team)
{
	return team == NULL || team->context == NULL ? 1 : team->shared->count;
}

void
team_run(Team *team, TeamTask task, const void *arguments, Size size)
{
	TeamMember me = {.number = 0, .count = team_size(team)};

	Assert(size <= TEAM_ARGUMENTS);
	if (me.count == 1)
	{
		task(&me, arguments);
		return;
	}
	team->shared->task = task_number(task);
	memcpy(team->shared->arguments, arguments, size);
	wait_for_team(team->shared);
	task(&me, arguments);
	wait_for_team(team->shared);
}

void
team_dismiss(Team *team)
{
	if (team->context != NULL)
	{
		team->shared->task = NO_TASK;
		wait_for_team(team->shared);
	}
}

void
team_end(Team *team)
{
	if (team->context != NULL)
	{
		WaitForParallelWorkersToFinish(team->context);
		DestroyParallelContext(team->context);
		ExitParallelMode();
	}
	pfree(team);
}

static void
wait_until_ready(TeamShared *shared)
{
	bool ready = false;

	ConditionVariablePrepareToSleep(&shared->ready_cv);
	for (;;)
	{
		SpinLockAcquire(&shared->mutex);
		ready = shared->ready;
		SpinLockRelease(&shared->mutex);
		if (ready)
			break;
		ConditionVariableSleep(&shared->ready_cv, team_wait_event());
	}
	ConditionVariableCancelSleep();
}

uint32
team_stamp(void)
{
	return hash_bytes((const unsigned char *) SEGMENT_VERSION, strlen(SEGMENT_VERSION));
}

void
team_report_other_version(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("this session has loaded another version of segment than " SEGMENT_VERSION ", which its parallel workers load"),
			 errhint("Its files have been replaced since the session began. Connect anew.")));
}

/*
 * A worker's life.
 */
void
segment_team_main(dsm_segment *segment pg_attribute_unused(), shm_toc *toc)
{
	TeamShared   *shared = shm_toc_lookup(toc, TEAM_KEY, true);
	TeamMember    me = {.number = ParallelWorkerNumber + 1};
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "segment task",
												  ALLOCSET_DEFAULT_SIZES);

	if (shared == NULL)
		team_report_other_version();
	wait_until_ready(shared);
	me.count = shared->count;
	progress_rows_done = shared->rows_done;
	MemoryContextSwitchTo(context);
	for (;;)
	{
		wait_for_team(shared);
		if (shared->task == NO_TASK)
			break;
		share_unmap_freed();
		team_registry[shared->task](&me, shared->arguments);
		MemoryContextReset(context);
		wait_for_team(shared);
	}
}
