/*
 * The silhouette of clusters, by the distances of their rows from each other.
 *
 * A row's silhouette is (b - a) / max(a, b), where a is its mean distance from
 * the other rows of its cluster and b the least of its mean distances from the
 * rows of each other cluster; 0 for the only row of a cluster (P. J. Rousseeuw,
 * "Silhouettes: a graphical aid to the interpretation and validation of cluster
 * analysis", 1987).  Of a sample, means over the rows of a cluster that are in it
 * stand for those over all of its rows.
 *
 * Rows are sorted by cluster and content, so that each sum has one order, whoever
 * computes it.
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "cluster/silhouette.h"
#include "number/several_cpus.h"
#include "process/settings.h"
#include "rows/rows.h"

/* steps of row x row x feature between two checks for interrupts, and for which workers are not asked */
#define CHUNK_STEPS 4e6
#define TEAM_STEPS 2e7

/* of an estimate: rows, fewer of many features, and the least of a cluster */
#define ESTIMATE_ROWS 2000
#define ESTIMATE_STEPS 4e8
#define LEAST_OF_CLUSTER 100

/* What the members share. */
typedef struct SilhouetteTask
{
	int   nfeatures;
	int   k;
	bool  cosine;
	bool  narrow;
	int64 nblocks;
	Share first;  /* k + 1 int64: the first row of each cluster */
	Share sizes;  /* k int64 */
	Share blocks; /* of doubles, or of floats if narrow, as the kernels have them */
	Share found;  /* a double for each lane of these: the silhouette of its row */
	Share next;   /* pg_atomic_uint64: a block that nobody has begun */
} SilhouetteTask;

/* The rows of a block, and how far they are from those of a block that clusters share. */
typedef struct BlockRows
{
	const SilhouetteTask *task;
	const Kernel         *kernel;
	int64                 block;
	int64                 shared; /* the block, or -1 */
	double                apart[KERNEL_LANES * KERNEL_LANES];
} BlockRows;

/*
 * sums[i * KERNEL_LANES + lane] += the distances of row i of a block from the rows
 * in that lane of some blocks.
 */
FOR_SEVERAL_CPUS static void
add_wide_distances(const double *rows, const double *blocks, int64 nblocks, int nfeatures, bool cosine,
				   double *sums)
{
	for (int64 block = 0; block < nblocks; block++)
	{
		const double *others = blocks + (Size) block * nfeatures * KERNEL_LANES;

		for (int row = 0; row < KERNEL_LANES; row++)
		{
			double *sum = sums + row * KERNEL_LANES;
			double  squares[KERNEL_LANES] = {0};

			for (int f = 0; f < nfeatures; f++)
			{
				double value = rows[(Size) f * KERNEL_LANES + row];

				for (int lane = 0; lane < KERNEL_LANES; lane++)
				{
					double apart = others[(Size) f * KERNEL_LANES + lane] - value;

					squares[lane] += apart * apart;
				}
			}
			if (cosine)
				for (int lane = 0; lane < KERNEL_LANES; lane++)
					sum[lane] += squares[lane] / 2;
			else
				for (int lane = 0; lane < KERNEL_LANES; lane++)
					sum[lane] += sqrt(squares[lane]);
		}
	}
}

/*
 * The same of the rows of a block, from some blocks of a task.
 */
static void
add_distances(const BlockRows *of, int64 block, int64 nblocks, double *sums)
{
	const SilhouetteTask *task = of->task;
	const void           *blocks = share_address(task->blocks);
	Size                  size = (Size) KERNEL_LANES * task->nfeatures;

	if (task->narrow)
		of->kernel->add_distances((const float *) blocks + of->block * size, (const float *) blocks + block * size,
								  nblocks, task->nfeatures, task->cosine, sums);
	else
		add_wide_distances((const double *) blocks + of->block * size, (const double *) blocks + block * size,
						   nblocks, task->nfeatures, task->cosine, sums);
}

/*
 * Adds the distances from the rows in some lanes of a block that is not a
 * cluster's alone.
 */
static void
add_shared(BlockRows *of, int64 block, int from, int to, double *totals)
{
	if (of->shared != block)
	{
		memset(of->apart, 0, sizeof(of->apart));
		add_distances(of, block, 1, of->apart);
		of->shared = block;
	}
	for (int row = 0; row < KERNEL_LANES; row++)
		for (int lane = from; lane < to; lane++)
			totals[row] += of->apart[row * KERNEL_LANES + lane];
}

/*
 * The summed distances of the rows of a block from the rows from .. to - 1.
 */
static void
sum_distances(BlockRows *of, int64 from, int64 to, double *totals)
{
	double sums[KERNEL_LANES * KERNEL_LANES] = {0};
	int64  begin = (from + KERNEL_LANES - 1) / KERNEL_LANES;
	int64  end = to / KERNEL_LANES;
	int64  chunk = (int64) Max(CHUNK_STEPS / (KERNEL_LANES * KERNEL_LANES * of->task->nfeatures), 1);

	memset(totals, 0, sizeof(double) * KERNEL_LANES);
	if (begin > end)
	{
		add_shared(of, end, from % KERNEL_LANES, to % KERNEL_LANES, totals);
		return;
	}
	if (from % KERNEL_LANES > 0)
		add_shared(of, begin - 1, from % KERNEL_LANES, KERNEL_LANES, totals);
	for (int64 block = begin; block < end; block += chunk)
	{
		CHECK_FOR_INTERRUPTS();
		add_distances(of, block, Min(chunk, end - block), sums);
	}
	for (int row = 0; row < KERNEL_LANES; row++)
		for (int lane = 0; lane < KERNEL_LANES; lane++)
			totals[row] += sums[row * KERNEL_LANES + lane];
	if (to % KERNEL_LANES > 0)
		add_shared(of, end, 0, to % KERNEL_LANES, totals);
}

/*
 * The silhouettes of the rows of a block, of which the first is in a cluster.
 */
static void
find_block(const SilhouetteTask *task, int64 block, int cluster, double *found)
{
	const int64 *first = share_address(task->first);
	const int64 *sizes = share_address(task->sizes);
	BlockRows    of = {.task = task, .kernel = segment_kernel(), .block = block, .shared = -1};
	int          clusters[KERNEL_LANES];
	double       within[KERNEL_LANES];
	double       nearest[KERNEL_LANES];
	double       totals[KERNEL_LANES];

	for (int row = 0; row < KERNEL_LANES; row++)
	{
		while (cluster < task->k - 1 && block * KERNEL_LANES + row >= first[cluster + 1])
			cluster++;
		clusters[row] = cluster;
		within[row] = 0;
		nearest[row] = get_float8_infinity();
	}
	for (int c = 0; c < task->k; c++)
	{
		double n = (double) (first[c + 1] - first[c]);

		if (n == 0)
			continue;
		sum_distances(&of, first[c], first[c + 1], totals);
		for (int row = 0; row < KERNEL_LANES; row++)
		{
			if (c == clusters[row])
				within[row] = totals[row] / Max(n - 1, 1);
			else if (!(totals[row] / n >= nearest[row]))
				nearest[row] = totals[row] / n;
		}
	}
	for (int row = 0; row < KERNEL_LANES; row++)
	{
		double larger = Max(within[row], nearest[row]);

		found[row] = sizes[clusters[row]] == 1 || larger == 0 ? 0 : (nearest[row] - within[row]) / larger;
	}
}

void
silhouette_part(const TeamMember *me pg_attribute_unused(), const void *arguments)
{
	const SilhouetteTask *task = arguments;
	const int64          *first = share_address(task->first);
	double               *found = share_address(task->found);
	pg_atomic_uint64     *next = share_address(task->next);
	int                   cluster = 0;
	int64                 block;

	while ((block = (int64) pg_atomic_fetch_add_u64(next, 1)) < task->nblocks)
	{
		CHECK_FOR_INTERRUPTS();
		while (block * KERNEL_LANES >= first[cluster + 1])
			cluster++;
		find_block(task, block, cluster, found + block * KERNEL_LANES);
	}
}

/* ---- The rows ---- */

typedef struct SortedRow
{
	int32         cluster;
	const double *values;
} SortedRow;

static inline int
compare_rows(const SortedRow *a, const SortedRow *b, int nfeatures)
{
	if (a->cluster != b->cluster)
		return a->cluster < b->cluster ? -1 : 1;
	for (int f = 0; f < nfeatures; f++)
		if (a->values[f] != b->values[f])
			return a->values[f] < b->values[f] ? -1 : 1;
	return 0;
}

#define ST_SORT sort_rows
#define ST_ELEMENT_TYPE SortedRow
#define ST_COMPARE_ARG_TYPE int
#define ST_COMPARE(a, b, nfeatures) compare_rows(a, b, *(nfeatures))
#define ST_CHECK_FOR_INTERRUPTS
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

static SortedRow *
sorted_rows(const SilhouetteRows *rows)
{
	SortedRow *sorted = palloc_extended(sizeof(SortedRow) * Max(rows->nrows, 1), MCXT_ALLOC_HUGE);
	int        nfeatures = rows->nfeatures;

	for (int64 row = 0; row < rows->nrows; row++)
		sorted[row] = (SortedRow){rows->clusters[row], rows->values + row * nfeatures};
	sort_rows(sorted, rows->nrows, &nfeatures);
	return sorted;
}

static SilhouetteTask
prepare_task(ShareSet *set, const SilhouetteRows *rows)
{
	SilhouetteTask task = {.nfeatures = rows->nfeatures, .k = rows->k, .cosine = rows->cosine, .narrow = rows->narrow, .nblocks = (rows->nrows + KERNEL_LANES - 1) / KERNEL_LANES};
	SortedRow     *sorted = sorted_rows(rows);
	Size           lanes = KERNEL_LANES * Max(task.nblocks, 1);
	int64         *first;
	void          *blocks;

	task.first = share_create(set, sizeof(int64) * (rows->k + 1));
	task.sizes = share_copy(set, rows->sizes, sizeof(int64) * rows->k);
	task.blocks = share_create(set, (rows->narrow ? sizeof(float) : sizeof(double)) * lanes * rows->nfeatures);
	task.found = share_create(set, sizeof(double) * lanes);
	task.next = share_create(set, sizeof(pg_atomic_uint64));
	pg_atomic_init_u64(share_address(task.next), 0);
	first = share_address(task.first);
	blocks = share_address(task.blocks);
	for (int64 row = 0; row < rows->nrows; row++)
	{
		const double *values = sorted[row].values;
		Size          lane = (Size) (row / KERNEL_LANES) * KERNEL_LANES * rows->nfeatures + row % KERNEL_LANES;

		first[sorted[row].cluster + 1]++;
		for (int f = 0; f < rows->nfeatures; f++, lane += KERNEL_LANES)
		{
			if (rows->narrow)
				((float *) blocks)[lane] = (float) values[f];
			else
				((double *) blocks)[lane] = values[f];
		}
	}
	for (int c = 0; c < rows->k; c++)
		first[c + 1] += first[c];
	pfree(sorted);
	return task;
}

static void
free_task(ShareSet *set, const SilhouetteTask *task)
{
	share_free(set, task->first);
	share_free(set, task->sizes);
	share_free(set, task->blocks);
	share_free(set, task->found);
	share_free(set, task->next);
}

Silhouette
silhouette_find(Team *team, ShareSet *set, const SilhouetteRows *rows)
{
	SilhouetteTask task = prepare_task(set, rows);
	const int64   *first = share_address(task.first);
	const double  *found = share_address(task.found);
	Silhouette     result = {.rows = rows->nrows, .clusters = palloc(sizeof(double) * rows->k), .counted = palloc(sizeof(int64) * rows->k)};
	double         weight = 0;
	int            filled = 0;

	for (int c = 0; c < rows->k; c++)
	{
		result.counted[c] = first[c + 1] - first[c];
		filled += result.counted[c] > 0;
	}
	if (filled > 1)
		team_run((double) rows->nrows * rows->nrows * rows->nfeatures < TEAM_STEPS ? NULL : team,
				 silhouette_part, &task, sizeof(task));
	for (int c = 0; c < rows->k; c++)
	{
		double sum = 0;

		/* the only row of a sample of more is from the others of its cluster nobody knows how far */
		result.clusters[c] = get_float8_nan();
		if (filled < 2 || result.counted[c] < Min(rows->sizes[c], 2) || result.counted[c] == 0)
			continue;
		for (int64 row = first[c]; row < first[c + 1]; row++)
			sum += found[row];
		result.clusters[c] = sum / (double) result.counted[c];
		result.all += result.clusters[c] * (double) rows->sizes[c];
		weight += (double) rows->sizes[c];
	}
	result.all = weight > 0 ? result.all / weight : get_float8_nan();
	free_task(set, &task);
	return result;
}

/* ---- An estimate ---- */

typedef struct DrawnRow
{
	int32  cluster;
	int64  row;
	uint64 id;
} DrawnRow;

#define ST_SORT sort_drawn
#define ST_ELEMENT_TYPE DrawnRow
#define ST_COMPARE(a, b) ((a)->cluster != (b)->cluster ? ((a)->cluster < (b)->cluster ? -1 : 1) \
													   : ((a)->id < (b)->id ? -1 : (a)->id > (b)->id))
#define ST_CHECK_FOR_INTERRUPTS
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

/*
 * Of each cluster the rows with the least identities; puts these first.  Returns
 * how many they are.
 */
static int64
draw_rows(const Matrix *matrix, int k, const int64 *sizes, DrawnRow *rows)
{
	double wanted = Min(ESTIMATE_ROWS, sqrt(ESTIMATE_STEPS / matrix->nfeatures));
	double least = Max(Min(LEAST_OF_CLUSTER, wanted / k), 2);
	double total = 0;
	int64  drawn = 0;
	int64  of_cluster = 0;

	for (int c = 0; c < k; c++)
		total += (double) sizes[c];
	sort_drawn(rows, matrix->nrows);
	for (int64 row = 0; row < matrix->nrows; row++)
	{
		int cluster = rows[row].cluster;

		of_cluster = row > 0 && rows[row - 1].cluster == cluster ? of_cluster + 1 : 0;
		if ((double) of_cluster < Max(wanted * (double) sizes[cluster] / total, least))
			rows[drawn++] = rows[row];
	}
	return drawn;
}

Silhouette
silhouette_estimate(Team *team, ShareSet *set, const Matrix *matrix, bool cosine, int k,
					const double *centroids, const int64 *sizes)
{
	int32     *labels = matrix_nearest(matrix, segment_kernel(), k, centroids);
	DrawnRow  *drawn = palloc_extended(sizeof(DrawnRow) * matrix->nrows, MCXT_ALLOC_HUGE);
	float     *narrow = palloc(sizeof(float) * matrix->nfeatures);
	double    *values;
	int64      nrows;
	Silhouette result;

	for (int64 row = 0; row < matrix->nrows; row++)
		drawn[row] = (DrawnRow){labels[row], row, matrix->row_ids[row]};
	nrows = draw_rows(matrix, k, sizes, drawn);
	values = palloc_extended(sizeof(double) * nrows * matrix->nfeatures, MCXT_ALLOC_HUGE);
	for (int64 row = 0; row < nrows; row++)
	{
		matrix_get_row(matrix, drawn[row].row, narrow);
		for (int f = 0; f < matrix->nfeatures; f++)
			values[row * matrix->nfeatures + f] = narrow[f];
		labels[row] = drawn[row].cluster;
	}
	result = silhouette_find(team, set, &(SilhouetteRows){.nrows = nrows, .nfeatures = matrix->nfeatures, .k = k, .values = values, .clusters = labels, .sizes = sizes, .cosine = cosine, .narrow = true});
	pfree(values);
	pfree(narrow);
	pfree(drawn);
	pfree(labels);
	return result;
}
