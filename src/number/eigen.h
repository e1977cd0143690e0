/*
 * The largest eigenvalues of a symmetric matrix.
 */
#ifndef SEGMENT_EIGEN_H
#define SEGMENT_EIGEN_H

/*
 * The largest eigenvalues of a symmetric n x n matrix, whose largest entry is
 * about 1, in descending order, and a unit eigenvector of each, by rows.  nwanted
 * is 1 or 2, and not above n.  Of equal eigenvalues the vectors are some of those
 * that there are.
 *
 * In each vector the entry of the largest absolute value is positive; of
 * entries that are equal but for rounding the first one.
 */
extern void eigen_largest(const double *matrix, int n, int nwanted, double *values,
						  double *vectors);

/* Makes a small symmetric n x n matrix diagonal; its eigenvectors are the rows of vectors. */
extern void eigen_all(double *matrix, int n, double *vectors);

#endif /* SEGMENT_EIGEN_H */
