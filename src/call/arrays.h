/*-------------------------------------------------------------------------
 *
 * arrays.h
 *	  Arrays of double as SQL passes them: checked views on the way in,
 *	  matrices on the way out.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SEGMENT_ARRAYS_H
#define SEGMENT_ARRAYS_H

#include "utils/array.h"

extern const double *features_read(ArrayType *array, const char *name,
								   int *nfeatures);
extern const double *matrix_read(ArrayType *array, const char *name,
								 int *nrows, int *ncolumns);
extern int           features_length(ArrayType *array, const char *name);
extern void          features_copy(ArrayType *array, const char *name, double *values);
extern ArrayType    *matrix_build(const double *values, int nrows, int ncolumns);
extern ArrayType    *figures_build(const double *first, Size stride, int nrows, int ncolumns);

#endif /* SEGMENT_ARRAYS_H */
