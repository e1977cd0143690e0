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

extern void describe_part(const TeamMember *me, const void *arguments);

#endif /* SEGMENT_DESCRIBE_H */
