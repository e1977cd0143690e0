/*
 * Telling other sessions of a run, and what kind of transaction this is.
 */
#include "postgres.h"

#include "access/twophase.h"
#include "access/xact.h"
#include "commands/async.h"
#include "fmgr.h"
#include "utils/builtins.h"

#include "process/settings.h"

#define CHANNEL "segment_changed"

/*
 * segment_internal_announce(payload text): NOTIFY segment_changed, payload, of at
 * most 7999 bytes.  A transaction that has notified cannot be prepared for
 * two-phase commit.  So by default none that could be prepared notifies: one
 * begun by BEGIN, where max_prepared_transactions allows to prepare any.
 */
PG_FUNCTION_INFO_V1(segment_internal_announce);
Datum
segment_internal_announce(PG_FUNCTION_ARGS)
{
	if (segment_notify == NOTIFY_ON ||
		(segment_notify == NOTIFY_AUTO && !(max_prepared_xacts > 0 && IsTransactionBlock())))
		Async_Notify(CHANNEL, text_to_cstring(PG_GETARG_TEXT_PP(0)));
	PG_RETURN_VOID();
}

/*
 * segment_internal_in_block() -> whether a BEGIN, or other statements that were
 * sent together with this one, will have the last word on what it does.
 */
PG_FUNCTION_INFO_V1(segment_internal_in_block);
Datum
segment_internal_in_block(PG_FUNCTION_ARGS)
{
	(void) fcinfo;
	PG_RETURN_BOOL(IsTransactionBlock());
}
