/*
 * The inner loops of k-means over packed rows.
 *
 * Rows lie in blocks of KERNEL_LANES rows, feature by feature: the value of
 * row r, feature f is
 *
 *		blocks[((r / KERNEL_LANES) * nfeatures + f) * KERNEL_LANES + r % KERNEL_LANES]
 *
 * so that a SIMD lane is a row and no sum ever runs across lanes.  Blocks are
 * best 64-byte aligned.  The last block is padded with zero rows; these are
 * computed like any other, the caller ignores their results.  Result arrays
 * therefore hold nblocks * KERNEL_LANES entries.
 *
 * The kernels are pure functions over the caller's memory: they allocate
 * nothing, raise nothing and keep nothing.  A caller that must stay
 * interruptible passes a few blocks at a time; assign and then move_sums on
 * blocks that fit the second-level cache also spare a pass over memory.
 */
#ifndef KERNEL_H
#define KERNEL_H

#include <stddef.h>
#include <stdint.h>

#define KERNEL_LANES 16

/* what a raw value in memory is */
typedef enum KernelCell
{
	CELL_DOUBLE,
	CELL_FLOAT,
	CELL_INT /* INT32_MIN stands for what is missing */
} KernelCell;

/* How Kernel.pack makes a feature of raw values. */
typedef struct KernelColumn
{
	size_t     place; /* of the first value in a block, in bytes */
	KernelCell cell;
	double     fill; /* for NaN */
	double     offset;
	double     factor;
	double     grid;
} KernelColumn;

/*
 * How far the centroids of a run have travelled, for Kernel.assign_bounded.
 * The arrays are the caller's.
 */
typedef struct KernelBounds
{
	double *travelled;    /* of each centroid, the lengths that it and the farthest other one went */
	float  *drift;        /* the same in float */
	float   largest_norm; /* no centroid has a larger square norm */
} KernelBounds;

/* as many centroids as lie around one, at most */
#define KERNEL_NEAR_LIST 64

/*
 * What Kernel.assign_near keeps between its calls: which centroids lie around
 * each, and rows that wait for others of their cluster.
 */
typedef struct KernelNear
{
	float   *across;    /* the packed centroids' coordinates, nfeatures x k */
	float   *limits;    /* how far each cluster's list reaches; -1: there is none yet */
	int     *nlisted;   /* -1: too many */
	int32_t *lists;     /* k x KERNEL_NEAR_LIST */
	float   *values;    /* of rows that wait, k x nfeatures x KERNEL_LANES */
	size_t  *rows;      /* k x KERNEL_LANES */
	int     *nrows;     /* of each cluster */
	size_t   ncompared; /* rows times centroids, up to now */
} KernelNear;

/* rows that assign_bounded computes at a time, and their room in its scratch memory */
#define KERNEL_GATHER_ROWS 64
#define KERNEL_GATHER_STRIDE (KERNEL_GATHER_ROWS + KERNEL_LANES)

typedef struct Kernel
{
	const char *name; /* "avx512", "avx2", "portable" or "scalar" */

	/*
	 * The nearest of k packed centroids for every row, ties to the lower
	 * index.  Compares |c|^2 - 2 x.c in float, features in ascending order; a
	 * score that is not finite never wins, so that labels are in 0 .. k - 1
	 * whatever the values.  Scores must not overflow, which holds for values
	 * up to 1e18 / sqrt(nfeatures).  All but "portable" fuse each
	 * multiplication with its addition and agree in every label; "portable"
	 * rounds twice and may differ where two centroids are equally near up to
	 * rounding.
	 */
	void (*assign)(const float *blocks, size_t nblocks,
				   int nfeatures, int k, const float *packed,
				   int32_t *labels);

	/*
	 * nearest[r] = min(nearest[r], |x_r - centroid|^2) in float, for
	 * k-means++.  Exactly 0 for a row that equals the centroid.  All variants
	 * give the same bits.
	 */
	void (*lower_distances)(const float *blocks, size_t nblocks,
							int nfeatures, const float *centroid,
							float *nearest);

	/*
	 * sums[i * KERNEL_LANES + lane] += the distances of row i of a block from the rows in
	 * that lane of some blocks, or if squared, half of their squares.  Distances are computed in
	 * float, features in ascending order, and added in double, blocks in ascending order.  All
	 * variants give the same bits.
	 */
	void (*add_distances)(const float *rows, const float *blocks, size_t nblocks,
						  int nfeatures, int squared, double *sums);

	/*
	 * For final figures, over blocks of doubles: the nearest and second
	 * nearest centroid of every row and their squared distances, in double
	 * precision and difference form, ties to the lower index.  centroids is k
	 * x nfeatures.  With k = 1, second is -1 and second_d2 infinite.  An
	 * infinite distance is nobody's: its index is -1.  All variants give the
	 * same bits.
	 */
	void (*nearest_two)(const double *blocks, size_t nblocks,
						int nfeatures, int k, const double *centroids,
						int32_t *nearest, double *d2,
						int32_t *second, double *second_d2);

	/*
	 * Moves every one of the first nrows rows whose label differs from
	 * old_labels (-1: not counted yet) from the old cluster to the new one in
	 * sums (k x nfeatures) and counts (k), brings old_labels up to date and
	 * returns how many rows moved.  Exact and free of order as long as the
	 * values of a feature are multiples of a grid on which its sums fit 53
	 * bits.
	 */
	size_t (*move_sums)(const float *blocks, size_t nrows,
						int nfeatures, const int32_t *labels,
						int32_t *old_labels, double *sums,
						int64_t *counts);

	/*
	 * assign and then move_sums in one pass over the memory, for the first
	 * nrows rows.  On entry labels are those of the last pass (-1: not counted
	 * yet), on return the nearest centroids.
	 */
	size_t (*assign_move)(const float *blocks, size_t nrows,
						  int nfeatures, int k, const float *packed,
						  int32_t *labels, double *sums, int64_t *counts);

	/*
	 * The same result as assign_move for rows that were assigned before,
	 * without looking at the values of those that cannot have moved:
	 * G. Hamerly, "Making k-means even faster", 2010, with both of his bounds
	 * and all that the centroids travelled in one number.  A row keeps its
	 * label as long as slack[r] >= bounds->drift[labels[r]]; slack is updated
	 * here, and -INFINITY for a row that was not assigned by this function.
	 * The number of rows looked at is added to *ncomputed: where it stays high,
	 * assign_move is faster.  scratch has room for nfeatures *
	 * KERNEL_GATHER_STRIDE floats.
	 */
	size_t (*assign_bounded)(const float *blocks, size_t nrows,
							 int nfeatures, int k, const float *packed,
							 const KernelBounds *bounds, float *scratch,
							 int32_t *labels, float *slack, double *sums,
							 int64_t *counts, size_t *ncomputed);

	/*
	 * The same again, comparing rows only with the centroids around the one
	 * they were nearest to: J. Newling and F. Fleuret, "Fast k-means with
	 * accurate bounds", 2016.  labels and slack are those of all rows; blocks are
	 * those from first_row on, a multiple of KERNEL_LANES.  Rows wait in near
	 * until there are enough of their cluster: a call for 0 rows assigns all
	 * that wait.
	 */
	size_t (*assign_near)(const float *blocks, size_t first_row, size_t nrows,
						  int nfeatures, int k, const float *packed,
						  const KernelBounds *bounds, KernelNear *near,
						  int32_t *labels, float *slack, double *sums,
						  int64_t *counts, size_t *ncomputed);

	/*
	 * Prepares raw blocks of ncolumns columns: feature f of the result is
	 * (x - offset[f]) * factor[f], where x is column columns[f], or fill[f]
	 * where that is NaN; 0 where the factor is.  All variants give the same
	 * bits.
	 */
	void (*prepare)(const double *raw, size_t nblocks, int ncolumns,
					const int *columns, int nfeatures, const double *fill,
					const double *offset, const double *factor,
					double *prepared);

	/*
	 * Rounds blocks of doubles to the nearest multiples of grid[f], a power of
	 * two between 2^-1000 and 2^1000, ties to even, and then to float; -0
	 * becomes 0.  All variants give the same bits.
	 */
	void (*narrow)(const double *prepared, size_t nblocks, int nfeatures,
				   const double *grid, float *blocks);

	/*
	 * Brings the rows of blocks of doubles to length 1, by kernel_unit_scale(). A
	 * row of zeros stays. All variants give the same bits.
	 */
	void (*normalize)(double *blocks, size_t nblocks, int nfeatures);

	/*
	 * prepare, normalize if normalized is not 0, and narrow in one step, with the same
	 * bits, from blocks of cells, block_bytes each.
	 */
	void (*pack)(const void *raw, size_t nblocks, size_t block_bytes,
				 const KernelColumn *columns, int nfeatures, int normalized, float *blocks);
} Kernel;

/*
 * The scale of a row, by its largest magnitude: a power of two, with which no sum
 * of its squares overflows or vanishes.  The row comes to length 1 by
 * (x * scale) * (1 / sqrt(sum of (x * scale)^2)).
 */
static inline double
kernel_unit_scale(double largest)
{
	if (largest > 0x1p400)
		return 0x1p-600;
	return largest > 0 && largest < 0x1p-400 ? 0x1p600 : 1;
}

/* the variants, the fastest first; the first two for x86-64 only */
extern const Kernel kernel_avx512;
extern const Kernel kernel_avx2;
extern const Kernel kernel_portable;
extern const Kernel kernel_scalar;

/*
 * The variant of that name, or the fastest that this CPU runs for "auto".
 * NULL if there is no such variant here.
 */
extern const Kernel *kernel_choose(const char *name);

/* The floats that kernel_pack_centroids() writes. */
extern size_t kernel_packed_size(int k, int nfeatures);

/*
 * Lays k x nfeatures centroids out for Kernel.assign.  The distances compared
 * there are those to the centroids rounded to float.
 */
extern void kernel_pack_centroids(const double *centroids, int k,
								  int nfeatures, float *packed);

/*
 * Starts bounds for the packed centroids that a run starts from.  All slack is
 * to be -INFINITY then.
 */
extern void kernel_bounds_start(KernelBounds *bounds, const float *packed,
								int k, int nfeatures);

/*
 * Adds what the centroids travelled between two passes.  Returns 0 when all
 * slack is void, because a centroid is farther from the origin than foreseen:
 * the caller sets it to -INFINITY.
 */
extern int kernel_bounds_advance(KernelBounds *bounds, const float *before,
								 const float *after, int k, int nfeatures);

/* The bytes that kernel_near_start() wants. */
extern size_t kernel_near_size(int k, int nfeatures);

/*
 * Starts a pass of assign_near in memory that is aligned to 64 bytes.  No row
 * waits then.
 */
extern void kernel_near_start(KernelNear *near, void *memory, const float *packed, int k,
							  int nfeatures);

#endif /* KERNEL_H */
