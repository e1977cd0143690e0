/*-------------------------------------------------------------------------
 *
 * correlate.h
 *	  A team's parts in correlating columns by their ranks.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SEGMENT_CORRELATE_H
#define SEGMENT_CORRELATE_H

#include "process/team.h"

extern void rank_part(const TeamMember *me, const void *arguments);
extern void correlate_part(const TeamMember *me, const void *arguments);

#endif /* SEGMENT_CORRELATE_H */
