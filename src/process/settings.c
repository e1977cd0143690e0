/*
 * Module start: settings, and the kernel that they choose.
 */
#include "postgres.h"

#include <limits.h>

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/guc.h"

#include "compat.h"
#include "process/settings.h"

SEGMENT_MODULE_MAGIC;

int segment_work_mem = -1;
int segment_max_parallel_workers = -1;

int segment_notify = NOTIFY_AUTO;

static const struct config_enum_entry notify_choices[] = {
	{"auto", NOTIFY_AUTO, false},
	{"on", NOTIFY_ON, false},
	{"off", NOTIFY_OFF, false},
	{NULL, 0, false}};

static int segment_kernel_choice = 0;

static const struct config_enum_entry kernel_choices[] = {
	{"auto", 0, false},
	{"avx512", 1, false},
	{"avx2", 2, false},
	{"portable", 3, false},
	{"scalar", 4, false},
	{NULL, 0, false}};

extern PGDLLEXPORT void _PG_init(void);

void
_PG_init(void)
{
	DefineCustomIntVariable("segment.work_mem",
							"Sets the memory for the packed rows of a fit, beyond which it says so.",
							"-1 means maintenance_work_mem.",
							&segment_work_mem,
							-1, -1, MAX_KILOBYTES,
							PGC_USERSET, GUC_UNIT_KB,
							NULL, NULL, NULL);
	DefineCustomIntVariable("segment.max_parallel_workers",
							"Sets the parallel workers of one fit beside the leader.",
							"-1 means max_parallel_maintenance_workers.",
							&segment_max_parallel_workers,
							-1, -1, 1024,
							PGC_USERSET, 0,
							NULL, NULL, NULL);
	DefineCustomEnumVariable("segment.notify",
							 "Sets whether a run of a model notifies the channel segment_changed.",
							 "\"auto\" means unless the transaction could be prepared for two-phase commit.",
							 &segment_notify,
							 NOTIFY_AUTO, notify_choices,
							 PGC_USERSET, 0,
							 NULL, NULL, NULL);
	DefineCustomEnumVariable("segment.kernel",
							 "Forces a variant of the inner loops, for tests.",
							 NULL,
							 &segment_kernel_choice,
							 0, kernel_choices,
							 PGC_USERSET, GUC_NOT_IN_SAMPLE,
							 NULL, NULL, NULL);
	MarkGUCPrefixReserved("segment");
}

const Kernel *
segment_kernel(void)
{
	const char   *name = kernel_choices[segment_kernel_choice].name;
	const Kernel *kernel = kernel_choose(name);

	if (kernel == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("this machine does not run the \"%s\" kernel", name),
				 errhint("Set segment.kernel to auto.")));
	return kernel;
}
