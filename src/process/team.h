/*
 * The processes of a fit: the leader and its parallel workers.
 */
#ifndef SEGMENT_TEAM_H
#define SEGMENT_TEAM_H

#include "compat.h"

typedef struct Team Team;

/* one of the processes that carry out a task together */
typedef struct TeamMember
{
	int number; /* 0: the leader */
	int count;
} TeamMember;

/* A member's part of a task; arguments is a flat value, what it refers to is shared memory. */
typedef void (*TeamTask)(const TeamMember *me, const void *arguments);

/*
 * All tasks, with NULL behind the last: in call/registry.c.  Functions have no
 * common address across processes, so that these tell each other a number.
 */
extern const TeamTask team_registry[];

/* the most bytes of arguments */
#define TEAM_ARGUMENTS 1024

/* A team of up to nworkers workers and the leader; in place of a team of one, NULL will do. */
extern Team *team_begin(int nworkers);

/* Workers leave, and free the memory that only they still use; team_end() waits for them. */
extern void team_dismiss(Team *team);
extern void team_end(Team *team);
extern int  team_size(const Team *team);

/* Every member carries out the task; returns when all have. */
extern void team_run(Team *team, TeamTask task, const void *arguments, Size size);

/* the member's part of n things: from (included) to (excluded) */
static inline int64
team_part(const TeamMember *me, int64 n, int64 *to)
{
	*to = n * (me->number + 1) / me->count;
	return n * me->number / me->count;
}

/*
 * What tells versions of this library apart. A session goes on with the one that
 * it has loaded, when another has taken its place on disk, which its workers
 * load: they must not look at what it has laid out for them.
 */
extern uint32           team_stamp(void);
pg_noreturn extern void team_report_other_version(void);

#endif /* SEGMENT_TEAM_H */
