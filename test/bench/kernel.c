/*-------------------------------------------------------------------------
 *
 * kernel.c
 *	  Times the kernels of src/kernel.h on one core.
 *
 * assign is compared with the core's float multiply-add peak at the same
 * vector width, measured in turns with it, so that a change of clock rate
 * meets both.  Times are CPU times of this thread, medians over repetitions.
 * A step is one row x feature x centroid and counts two operations.
 *
 * Usage: kernel [--kernel NAME] [--repeat N] [--require PERCENT]
 *
 * --require makes the exit status 1 when assign stays below that share of the
 * peak for one of the judged shapes.  Each shape's memory is allocated by
 * work_create() and lives until work_free().
 *
 *-------------------------------------------------------------------------
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kernel.h"

#define MIN_SECONDS 0.02 /* a measurement repeats its work this long */
#define MAX_REPEAT 101

typedef struct Shape
{
	size_t nrows;
	int    nfeatures;
	int    k;
	int    judged; /* does --require look at it? */
} Shape;

static const Shape shapes[] = {
	{1000000, 8, 16, 1},
	{1000000, 32, 64, 1},
	{1000000, 2, 4, 0},
	{1000000, 25, 5, 0},
	{50000, 200, 1000, 0},
};

#define NSHAPES ((int) (sizeof(shapes) / sizeof(shapes[0])))

typedef struct Work
{
	const Kernel *kernel;
	Shape         shape;
	size_t        nblocks;
	float        *blocks;
	double       *double_blocks; /* the same values */
	double       *centroids;
	float        *packed;
	float        *centroid; /* the first centroid in float */
	float        *nearest;
	int32_t      *labels;
	int32_t      *old_labels;
	int32_t      *second;
	double       *d2;
	double       *second_d2;
	double       *sums;
	int64_t      *counts;
} Work;

/* Does the work once and returns the number of steps or bytes done. */
typedef double (*Run)(Work *work);

static volatile float sink;

static void *
allocate(size_t size)
{
	void *memory;

	if (posix_memalign(&memory, 64, size) != 0)
	{
		fprintf(stderr, "kernel: out of memory\n");
		exit(2);
	}
	memset(memory, 0, size);
	return memory;
}

/* Marsaglia (2003), "Xorshift RNGs". */
static uint32_t
random_next(void)
{
	static uint32_t state = 2463534242u;

	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

/* Rows and centroids on a grid, so that all sums are exact. */
static void
work_create(Work *work, const Kernel *kernel, Shape shape)
{
	size_t nlanes = (shape.nrows + KERNEL_LANES - 1) / KERNEL_LANES * KERNEL_LANES;
	size_t nvalues = nlanes * shape.nfeatures;
	size_t ncoordinates = (size_t) shape.k * shape.nfeatures;

	work->kernel = kernel;
	work->shape = shape;
	work->nblocks = nlanes / KERNEL_LANES;
	work->blocks = allocate(nvalues * sizeof(float));
	work->double_blocks = allocate(nvalues * sizeof(double));
	work->centroids = allocate(ncoordinates * sizeof(double));
	work->packed = allocate(kernel_packed_size(shape.k, shape.nfeatures) * sizeof(float));
	work->centroid = allocate(shape.nfeatures * sizeof(float));
	work->nearest = allocate(nlanes * sizeof(float));
	work->labels = allocate(nlanes * sizeof(int32_t));
	work->old_labels = allocate(nlanes * sizeof(int32_t));
	work->second = allocate(nlanes * sizeof(int32_t));
	work->d2 = allocate(nlanes * sizeof(double));
	work->second_d2 = allocate(nlanes * sizeof(double));
	work->sums = allocate(ncoordinates * sizeof(double));
	work->counts = allocate(shape.k * sizeof(int64_t));

	for (size_t i = 0; i < nvalues; i++)
		work->double_blocks[i] = work->blocks[i] = (float) (random_next() >> 12) / (1 << 19) - 1;
	for (size_t i = 0; i < ncoordinates; i++)
		work->centroids[i] = (double) (random_next() >> 12) / (1 << 19) - 1;
	for (int f = 0; f < shape.nfeatures; f++)
		work->centroid[f] = (float) work->centroids[f];
	kernel_pack_centroids(work->centroids, shape.k, shape.nfeatures, work->packed);
}

static void
work_free(Work *work)
{
	free(work->blocks);
	free(work->double_blocks);
	free(work->centroids);
	free(work->packed);
	free(work->centroid);
	free(work->nearest);
	free(work->labels);
	free(work->old_labels);
	free(work->second);
	free(work->d2);
	free(work->second_d2);
	free(work->sums);
	free(work->counts);
}

static double
run_assign(Work *work)
{
	work->kernel->assign(work->blocks, work->nblocks, work->shape.nfeatures,
						 work->shape.k, work->packed, work->labels);
	return (double) work->shape.nrows * work->shape.nfeatures * work->shape.k;
}

static double
run_lower_distances(Work *work)
{
	work->kernel->lower_distances(work->blocks, work->nblocks,
								  work->shape.nfeatures, work->centroid,
								  work->nearest);
	return (double) work->shape.nrows * work->shape.nfeatures;
}

static double
run_nearest_two(Work *work)
{
	work->kernel->nearest_two(work->double_blocks, work->nblocks,
							  work->shape.nfeatures, work->shape.k,
							  work->centroids, work->second, work->d2,
							  work->old_labels, work->second_d2);
	return (double) work->shape.nrows * work->shape.nfeatures * work->shape.k;
}

static void
move_sums(Work *work)
{
	work->kernel->move_sums(work->blocks, work->shape.nrows,
							work->shape.nfeatures, work->labels,
							work->old_labels, work->sums, work->counts);
}

/* The first pass of a fit: no row has been counted yet. */
static double
run_count_all(Work *work)
{
	memset(work->old_labels, -1, work->shape.nrows * sizeof(int32_t));
	move_sums(work);
	return (double) work->shape.nrows * work->shape.nfeatures;
}

/* A later pass: one row in a hundred moves. */
static double
run_move_some(Work *work)
{
	for (size_t r = 0; r < work->shape.nrows; r += 100)
		work->old_labels[r] = (work->old_labels[r] + 1) % work->shape.k;
	move_sums(work);
	return (double) work->shape.nrows * work->shape.nfeatures;
}

static double
run_read(Work *work)
{
	const uint64_t *words = (const uint64_t *) work->blocks;
	size_t          bytes = work->nblocks * KERNEL_LANES * work->shape.nfeatures * sizeof(float);
	uint64_t        sum = 0;

	for (size_t i = 0; i < bytes / sizeof(uint64_t); i++)
		sum += words[i];
	sink = (float) sum;
	return (double) bytes;
}

#ifdef __x86_64__

#include <immintrin.h>

#define PEAK_ACCUMULATORS 12

/*
 * Multiply-adds in registers, with more independent ones under way than units
 * times latency.
 */
__attribute__((target("avx2,fma"))) static double
run_peak(Work *work)
{
	__m256 factor = _mm256_set1_ps(sink * 0 + 0.999f);
	__m256 term = _mm256_set1_ps(sink * 0 + 0.001f);
	__m256 sums[PEAK_ACCUMULATORS];
	int    nrounds = 100000;
	float  result[8];

	(void) work;
	for (int i = 0; i < PEAK_ACCUMULATORS; i++)
		sums[i] = _mm256_set1_ps((float) i);
	for (int round = 0; round < nrounds; round++)
	{
#pragma GCC unroll 12
		for (int i = 0; i < PEAK_ACCUMULATORS; i++)
			sums[i] = _mm256_fmadd_ps(sums[i], factor, term);
	}
	for (int i = 1; i < PEAK_ACCUMULATORS; i++)
		sums[0] = _mm256_add_ps(sums[0], sums[i]);
	_mm256_storeu_ps(result, sums[0]);
	sink = result[0];
	return (double) nrounds * PEAK_ACCUMULATORS * 8;
}

static int
peak_known(void)
{
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

#else

static double
run_peak(Work *work)
{
	(void) work;
	return 0;
}

static int
peak_known(void)
{
	return 0;
}

#endif

static double
cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec + t.tv_nsec * 1e-9;
}

/* Steps, or bytes, a second. */
static double
rate(Run run, Work *work)
{
	double start = cpu_seconds();
	double done = 0;
	double elapsed;

	do
	{
		done += run(work);
		elapsed = cpu_seconds() - start;
	} while (elapsed < MIN_SECONDS);
	return done / elapsed;
}

static int
compare_doubles(const void *a, const void *b)
{
	double x = *(const double *) a;
	double y = *(const double *) b;

	return (x > y) - (x < y);
}

static double
median(double *values, int n)
{
	qsort(values, n, sizeof(double), compare_doubles);
	return (values[(n - 1) / 2] + values[n / 2]) / 2;
}

static double
median_rate(Run run, Work *work, int repeat)
{
	double rates[MAX_REPEAT];

	for (int i = 0; i < repeat; i++)
		rates[i] = rate(run, work);
	return median(rates, repeat);
}

static void
print_line(const char *what, const Work *work, double steps_per_second,
		   double percent)
{
	char   shape[64];
	double steps_per_row = work->shape.nfeatures;

	if (strcmp(what, "assign") == 0 || strcmp(what, "nearest_two") == 0)
		steps_per_row *= work->shape.k;
	snprintf(shape, sizeof(shape), "%zu x %d, k = %d", work->shape.nrows,
			 work->shape.nfeatures, work->shape.k);
	printf("%-16s %-24s %10.2f ", what, shape, steps_per_second * 1e-9);
	if (percent > 0)
		printf("%9.1f ", percent);
	else
		printf("%9s ", "");
	printf("%9.2f\n", steps_per_row / steps_per_second * 1e9);
}

/* Times all kernels for one shape; returns assign's percentage of the peak. */
static double
measure_shape(const Kernel *kernel, Shape shape, int repeat)
{
	Work   work;
	double rates[MAX_REPEAT];
	double peaks[MAX_REPEAT];
	double assign;
	double percent = 0;

	work_create(&work, kernel, shape);
	for (int i = 0; i < repeat; i++)
	{
		if (peak_known())
			peaks[i] = rate(run_peak, &work);
		rates[i] = rate(run_assign, &work);
	}
	assign = median(rates, repeat);
	if (peak_known())
		percent = 100 * assign / median(peaks, repeat);

	print_line("assign", &work, assign, percent);
	print_line("count all", &work, median_rate(run_count_all, &work, repeat), 0);
	print_line("move 1 in 100", &work, median_rate(run_move_some, &work, repeat), 0);
	print_line("lower_distances", &work, median_rate(run_lower_distances, &work, repeat), 0);
	print_line("nearest_two", &work, median_rate(run_nearest_two, &work, repeat), 0);
	work_free(&work);
	return percent;
}

static void
print_machine(const Kernel *kernel, int repeat)
{
	Shape large = {2000000, 32, 1, 0};
	Work  work;

	work_create(&work, kernel, large);
	printf("kernel: %s, medians of %d\n", kernel->name, repeat);
	if (peak_known())
		printf("peak:   %.2f G multiply-adds/s (float, AVX2 registers)\n",
			   median_rate(run_peak, &work, repeat) * 1e-9);
	printf("memory: %.2f GB/s read\n\n", median_rate(run_read, &work, repeat) * 1e-9);
	work_free(&work);
}

int
main(int argc, char **argv)
{
	const char   *name = "auto";
	int           repeat = 9;
	double        required = 0;
	int           below = 0;
	const Kernel *kernel;

	for (int i = 1; i < argc; i += 2)
	{
		if (i + 1 < argc && strcmp(argv[i], "--kernel") == 0)
			name = argv[i + 1];
		else if (i + 1 < argc && strcmp(argv[i], "--repeat") == 0)
			repeat = atoi(argv[i + 1]);
		else if (i + 1 < argc && strcmp(argv[i], "--require") == 0)
			required = atof(argv[i + 1]);
		else
			repeat = 0;
	}
	if (repeat < 1 || repeat > MAX_REPEAT)
	{
		fprintf(stderr, "usage: kernel [--kernel NAME] [--repeat 1..%d] [--require PERCENT]\n",
				MAX_REPEAT);
		return 2;
	}
	kernel = kernel_choose(name);
	if (kernel == NULL)
	{
		fprintf(stderr, "kernel: there is no kernel \"%s\" for this CPU\n", name);
		return 2;
	}

	print_machine(kernel, repeat);
	printf("%-16s %-24s %10s %9s %9s\n", "kernel", "rows x features", "G steps/s",
		   "% of peak", "ns/row");
	for (int i = 0; i < NSHAPES; i++)
	{
		double percent = measure_shape(kernel, shapes[i], repeat);

		if (shapes[i].judged && percent < required)
			below = 1;
	}
	if (below)
		printf("\nassign is below the required %.0f %% of the peak\n", required);
	return below;
}
