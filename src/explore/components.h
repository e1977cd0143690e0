/*-------------------------------------------------------------------------
 *
 * components.h
 *	  Principal components of the prepared features of a model.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SEGMENT_COMPONENTS_H
#define SEGMENT_COMPONENTS_H

#include "rows/pass.h"

extern const Pass covariance_pass; /* products of prepared features */

#endif /* SEGMENT_COMPONENTS_H */
