/*-------------------------------------------------------------------------
 *
 * describe.h
 *	  A team's part in describing columns.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SEGMENT_DESCRIBE_H
#define SEGMENT_DESCRIBE_H

#include "process/team.h"
#include "rows/pass.h"

extern void describe_part(const TeamMember *me, const void *arguments);

extern const Pass shape_pass; /* moments, outliers, distinct values */

#endif /* SEGMENT_DESCRIBE_H */
