/*
 * Rows that are left out of clusters, since they are far from all: the step that
 * k-means-- has beside Lloyd's (S. Chawla and A. Gionis, "k-means--: a unified
 * approach to clustering and outlier detection", 2013).  They are found anew in
 * each iteration.  What divides them from the others is a distance, so that rows
 * which are scored later are judged by the same.
 */
#include "postgres.h"

#include "utils/memutils.h"

#include "cluster/trim.h"
#include "number/order.h"

double
trim_cut(const double *nearest, int64 n, int64 trimmed)
{
	double *sorted = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(double) * n);
	double *scratch = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(double) * n);
	double  cut;

	memcpy(sorted, nearest, sizeof(double) * n);
	sort_float8_with(sorted, scratch, n);
	cut = sorted[n - trimmed - 1];
	pfree(sorted);
	pfree(scratch);
	return cut;
}
