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
#include "rows/pass.h"

extern void rank_part(const TeamMember *me, const void *arguments);
extern void correlate_part(const TeamMember *me, const void *arguments);

extern const Pass products_pass; /* products of columns */

#endif /* SEGMENT_CORRELATE_H */
