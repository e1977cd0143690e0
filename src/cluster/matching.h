/*
 * The cheapest matching of the rows and columns of a cost matrix.
 */
#ifndef SEGMENT_MATCHING_H
#define SEGMENT_MATCHING_H

/*
 * Row i of an nrows x ncolumns cost matrix, nrows <= ncolumns, gets
 * column match[i].  Costs may be anything; infinite ones and NaN are all the same.
 */
extern void match_cheapest(const double *cost, int nrows, int ncolumns, int *match);

#endif /* SEGMENT_MATCHING_H */
