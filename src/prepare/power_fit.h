/*
 * The lambda of the Yeo-Johnson transform, by maximum likelihood.
 */
#ifndef SEGMENT_POWER_FIT_H
#define SEGMENT_POWER_FIT_H

#include "prepare/pass_input.h"

/*
 * Sets the lambda of each feature that is so transformed, from -8 to 10: the one
 * under which the values of the rows used, imputed and fenced, are the likeliest
 * to be normal.  Needs the raw figures, fill values and fences.
 */
extern void power_fit(Recipe *recipe, const RowSource *source);

extern const Pass power_pass; /* how the logarithms of values are distributed */

#endif /* SEGMENT_POWER_FIT_H */
