/*
 * Rows that change clusters one at a time, beyond Lloyd's optima.
 *
 * Lloyd's iterations compare the distances from centroids that stay.  If a row
 * of weight w leaves a cluster of weight v, that cluster's centroid follows and
 * its sum of squares falls by v w / (v - w) times the squared distance of the
 * row; in a cluster that it joins it grows by v w / (v + w) times.  So rows
 * may change though they are nearest to their own centroid (J. A. Hartigan,
 * "Clustering Algorithms", 1975, chapter 4; Telgarsky and Vattani, "Hartigan's
 * Method: k-means Clustering without Voronoi", AISTATS 2010).  An optimum of
 * these moves is one of Lloyd's too.  In small clusters of many features they
 * lower the objective by percents; in large ones the factors are 1.
 *
 * For directions the sum of squares of a cluster is twice its weight less the
 * length of its sum; the gain is that of these lengths.
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/memutils.h"

#include "cluster/assign.h"
#include "cluster/transfer.h"

/* a gain that is less than this share of a row's part of the objective may be rounding */
#define LEAST_TRANSFER 1e-9

typedef struct RowIdentity
{
	uint64 id;
	int64  row;
} RowIdentity;

#define ST_SORT sort_by_identity
#define ST_ELEMENT_TYPE RowIdentity
#define ST_COMPARE(a, b) ((a)->id < (b)->id ? -1 : (a)->id > (b)->id)
#define ST_CHECK_FOR_INTERRUPTS
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

void
nearest_two_create(const Matrix *matrix, NearestTwo *two)
{
	Size lanes = matrix->nblocks * KERNEL_LANES;

	two->labels = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(int32_t) * lanes);
	two->others = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(int32_t) * lanes);
	two->nearest = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(float) * lanes);
	two->second = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(float) * lanes);
}

void
nearest_two_free(NearestTwo *two)
{
	pfree(two->labels);
	pfree(two->others);
	pfree(two->nearest);
	pfree(two->second);
}

void
nearest_two_measure(const Matrix *matrix, const LloydOptions *options, const double *centroids, NearestTwo *two)
{
	int     nvalues = matrix->nfeatures * KERNEL_LANES;
	double *values = palloc(sizeof(double) * nvalues);
	double  d2[KERNEL_LANES];
	double  second_d2[KERNEL_LANES];
	int64   chunk = matrix_chunk_blocks(matrix, options->k);

	for (int64 block = 0; block < matrix->nblocks; block++)
	{
		const float *from = matrix_block(matrix, block);
		int64        row = block * KERNEL_LANES;

		if (block % chunk == 0)
			CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < nvalues; i++)
			values[i] = from[i];
		options->kernel->nearest_two(values, 1, matrix->nfeatures, options->k, centroids, two->labels + row, d2,
									 two->others + row, second_d2);
		for (int i = 0; i < KERNEL_LANES; i++)
		{
			two->nearest[row + i] = (float) d2[i];
			two->second[row + i] = (float) second_d2[i];
		}
	}
	pfree(values);
}

typedef struct Transfer
{
	const Matrix       *matrix;
	const LloydOptions *options;
	Lloyd              *run;
	double             *masses; /* of each cluster: its weight, or the length of its sum of directions */
	float              *values; /* of a row */
	double             *sums;   /* of a cluster */
} Transfer;

/*
 * A cluster's centroid and mass after its sums.
 */
static void
follow_sums(Transfer *transfer, int cluster)
{
	Lloyd  *run = transfer->run;
	int     nfeatures = transfer->matrix->nfeatures;
	double *centroid = run->centroids + (Size) cluster * nfeatures;
	double  mass = cluster_sums(run, cluster, transfer->sums);

	if (transfer->options->spherical)
	{
		double squares = 0;

		for (int f = 0; f < nfeatures; f++)
			squares += transfer->sums[f] * transfer->sums[f];
		mass = sqrt(squares);
	}
	transfer->masses[cluster] = mass;
	for (int f = 0; f < nfeatures && mass > 0; f++)
		centroid[f] = transfer->sums[f] / mass;
}

static double
squared_distance(const Transfer *transfer, int cluster)
{
	int           nfeatures = transfer->matrix->nfeatures;
	const double *centroid = transfer->run->centroids + (Size) cluster * nfeatures;
	double        squares = 0;

	for (int f = 0; f < nfeatures; f++)
	{
		double difference = transfer->values[f] - centroid[f];

		squares += difference * difference;
	}
	return squares;
}

/*
 * The length of a cluster's sum of directions with the row (sign 1) or without it (-1).
 */
static double
length_with(const Transfer *transfer, int cluster, double weight, int sign)
{
	int           nfeatures = transfer->matrix->nfeatures;
	const double *centroid = transfer->run->centroids + (Size) cluster * nfeatures;
	double        squares = 0;

	for (int f = 0; f < nfeatures; f++)
	{
		double sum = transfer->masses[cluster] * centroid[f] + sign * weight * transfer->values[f];

		squares += sum * sum;
	}
	return sqrt(squares);
}

/*
 * By how much the objective falls if the row of transfer->values changes clusters.
 */
static double
transfer_gain(const Transfer *transfer, int from, int to, double weight)
{
	double before = transfer->masses[from];
	double after = transfer->masses[to];
	double leaving;
	double joining;

	if (transfer->options->spherical)
	{
		leaving = 2 * (length_with(transfer, from, weight, -1) - before);
		joining = 2 * (length_with(transfer, to, weight, 1) - after);
		return leaving + joining > LEAST_TRANSFER * weight ? leaving + joining : 0;
	}
	if (before <= weight)
		return 0;
	leaving = before * weight / (before - weight) * squared_distance(transfer, from);
	joining = after * weight / (after + weight) * squared_distance(transfer, to);
	return leaving - joining > LEAST_TRANSFER * leaving ? leaving - joining : 0;
}

/* the cluster that a row would go to, -1 if there is none */
static int
target_of(const Transfer *transfer, const NearestTwo *two, int64 row)
{
	return two->labels[row] != transfer->run->labels[row] ? two->labels[row] : two->others[row];
}

/*
 * Could the row gain by leaving, as far as the distances at the start of the pass tell?
 */
static bool
may_transfer(const Transfer *transfer, const NearestTwo *two, int64 row)
{
	double weight = matrix_weight(transfer->matrix, row);
	int    from = transfer->run->labels[row];
	double before = transfer->masses[from];
	double after;

	if (weight == 0 || transfer->run->counts[from] < 2 || target_of(transfer, two, row) < 0)
		return false;
	if (two->labels[row] != from)
		return true;
	after = transfer->masses[two->others[row]];
	return two->nearest[row] * (after + weight) * before > two->second[row] * after * (before - weight);
}

double
transfer_rows(const Matrix *matrix, const LloydOptions *options, const NearestTwo *two, Lloyd *run)
{
	Transfer transfer = {
		.matrix = matrix,
		.options = options,
		.run = run,
		.masses = palloc(sizeof(double) * options->k),
		.values = palloc(sizeof(float) * matrix->nfeatures),
		.sums = palloc(sizeof(double) * matrix->nfeatures)};
	RowIdentity *rows = NULL;
	int64        nrows = 0;
	int64        room = 0;
	double       gained = 0;

	for (int c = 0; c < options->k; c++)
		follow_sums(&transfer, c);
	for (int64 row = 0; row < matrix->nrows; row++)
	{
		if (row % 65536 == 0)
			CHECK_FOR_INTERRUPTS();
		if (!may_transfer(&transfer, two, row))
			continue;
		if (nrows == room)
		{
			room = Max(2 * room, 64);
			rows = rows == NULL ? palloc(sizeof(RowIdentity) * room) : repalloc_huge(rows, sizeof(RowIdentity) * room);
		}
		rows[nrows++] = (RowIdentity){matrix->row_ids[row], row};
	}

	/* in an order of their own */
	if (nrows > 1)
		sort_by_identity(rows, nrows);
	for (int64 i = 0; i < nrows; i++)
	{
		int64  row = rows[i].row;
		int    from = run->labels[row];
		int    to = target_of(&transfer, two, row);
		double weight = matrix_weight(matrix, row);
		double gain;

		if (i % 4096 == 0)
			CHECK_FOR_INTERRUPTS();
		matrix_get_row(matrix, row, transfer.values);
		gain = run->counts[from] < 2 ? 0 : transfer_gain(&transfer, from, to, weight);
		if (gain <= 0)
			continue;
		gained += gain;
		add_row(&run->layout, transfer.values, 1, weight, -1, from, run->sums, run->counts);
		add_row(&run->layout, transfer.values, 1, weight, 1, to, run->sums, run->counts);
		run->labels[row] = to;
		follow_sums(&transfer, from);
		follow_sums(&transfer, to);
	}
	pfree(transfer.masses);
	pfree(transfer.values);
	pfree(transfer.sums);
	if (rows != NULL)
		pfree(rows);
	run->objective -= gained;
	return gained;
}
