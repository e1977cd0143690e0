/*
 * k-means of plain points, without any preparation.
 */
#ifndef SEGMENT_POINTS_H
#define SEGMENT_POINTS_H

/*
 * Returns the number of centroids found (k, or the number of distinct points if that
 * is less) and sets *centroids to them, row-major in original units.
 */
extern int kmeans_fit_array(const double *rows, int64 nrows, int nfeatures,
							int k, int64 seed, double **centroids);

#endif /* SEGMENT_POINTS_H */
