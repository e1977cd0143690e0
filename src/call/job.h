/*
 * Who may do what with a model.
 */
#ifndef SEGMENT_JOB_H
#define SEGMENT_JOB_H

#include "fmgr.h"

extern Oid job_owner(FunctionCallInfo fcinfo, const char *right);

#endif
