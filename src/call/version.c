/*
 * Which version this library is.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "compat.h"

PG_FUNCTION_INFO_V1(segment_version);
Datum
segment_version(PG_FUNCTION_ARGS)
{
	(void) fcinfo;
	PG_RETURN_TEXT_P(cstring_to_text(SEGMENT_VERSION));
}
