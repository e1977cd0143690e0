/*
 * segment_internal_is_distributed(query text) -> boolean: does it read tables whose
 * rows are on other servers?
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "rows/collect.h"
#include "rows/distributed.h"

PG_FUNCTION_INFO_V1(segment_internal_is_distributed);
Datum
segment_internal_is_distributed(PG_FUNCTION_ARGS)
{
	const char *query = text_to_cstring(PG_GETARG_TEXT_PP(0));
	bool        result = false;

	collect_check_query(query);
	if (distributed_known())
	{
		SPI_connect();
		result = distributed_query(SPI_prepare(query, 0, NULL));
		SPI_finish();
	}
	PG_RETURN_BOOL(result);
}
