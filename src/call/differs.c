/*
 * segment_internal.differs(): the rule by which rows of an assignment are
 * written anew.
 */
#include "postgres.h"

#include "fmgr.h"

#include "model/difference.h"

/* Reads segment, distance, second segment and margin; false if one is null that must not be. */
static bool
read_stored(FunctionCallInfo fcinfo, int first, Stored *stored)
{
	if (PG_ARGISNULL(first) || PG_ARGISNULL(first + 1) || PG_ARGISNULL(first + 3))
		return false;
	*stored = (Stored){
		.segment = PG_GETARG_INT32(first),
		.distance = PG_GETARG_FLOAT4(first + 1),
		.second_segment = PG_ARGISNULL(first + 2) ? 0 : PG_GETARG_INT32(first + 2),
		.margin = PG_GETARG_FLOAT4(first + 3)};
	return true;
}

PG_FUNCTION_INFO_V1(segment_internal_differs);
Datum
segment_internal_differs(PG_FUNCTION_ARGS)
{
	Stored before;
	Stored after;

	PG_RETURN_BOOL(!read_stored(fcinfo, 0, &before) || !read_stored(fcinfo, 4, &after) ||
				   assignment_differs(&before, &after));
}
