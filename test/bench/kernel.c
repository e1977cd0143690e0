/*
 * Times the kernels of src/kernel/kernel.h.
 *
 * assign is compared with the float multiply-add peak of the widest vectors
 * that the processor has and with the rate at which a plain sum reads memory,
 * measured in turns with it, so that a change of clock rate meets all.  Times
 * are CPU times, medians over repetitions.  A step is one row x feature x
 * centroid and counts two operations.
 *
 * Usage: kernel [--kernel NAME] [--repeat N] [--threads N] [--require PERCENT]
 *
 * With several threads each has rows of its own, and rates are their sum.
 * --require makes the exit status 1 when assign stays below that share of the
 * peak, and below 70 % of the read rate, for one of the judged shapes.  Each
 * shape's memory is allocated by work_create() and lives until work_free().
 */
#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kernel/kernel.h"

#define MIN_SECONDS 0.02 /* a measurement repeats its work this long */
#define MAX_REPEAT 101
#define MAX_THREADS 64
#define REQUIRED_READ 70 /* percent */

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
	float        *slack;
	float        *scratch;
	KernelBounds  bounds;
	int          *columns;
	double       *ones;     /* as many as features, as are the columns */
	double       *prepared; /* of double_blocks */
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
	work->slack = allocate(nlanes * sizeof(float));
	work->scratch = allocate((size_t) shape.nfeatures * KERNEL_GATHER_STRIDE * sizeof(float));
	work->bounds.travelled = allocate(shape.k * sizeof(double));
	work->bounds.drift = allocate(shape.k * sizeof(float));
	work->columns = allocate(shape.nfeatures * sizeof(int));
	work->ones = allocate(shape.nfeatures * sizeof(double));
	work->prepared = allocate(nvalues * sizeof(double));
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
	{
		work->centroid[f] = (float) work->centroids[f];
		work->columns[f] = f;
		work->ones[f] = 1;
	}
	kernel_pack_centroids(work->centroids, shape.k, shape.nfeatures, work->packed);
}

static void
work_free(Work *work)
{
	free(work->blocks);
	free(work->double_blocks);
	free(work->centroids);
	free(work->packed);
	free(work->slack);
	free(work->scratch);
	free(work->bounds.travelled);
	free(work->bounds.drift);
	free(work->columns);
	free(work->ones);
	free(work->prepared);
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

static double
assign_move(Work *work)
{
	work->kernel->assign_move(work->blocks, work->shape.nrows, work->shape.nfeatures,
							  work->shape.k, work->packed, work->old_labels,
							  work->sums, work->counts);
	return (double) work->shape.nrows * work->shape.nfeatures * work->shape.k;
}

/* The first pass of a fit: no row has been counted yet. */
static double
run_count_all(Work *work)
{
	memset(work->old_labels, -1, work->shape.nrows * sizeof(int32_t));
	return assign_move(work);
}

/* A later pass: one row in a hundred moves. */
static double
run_move_some(Work *work)
{
	for (size_t r = 0; r < work->shape.nrows; r += 100)
		work->old_labels[r] = (work->old_labels[r] + 1) % work->shape.k;
	return assign_move(work);
}

static double
assign_bounded(Work *work)
{
	size_t ncomputed = 0;

	work->kernel->assign_bounded(work->blocks, work->shape.nrows, work->shape.nfeatures,
								 work->shape.k, work->packed, &work->bounds, work->scratch,
								 work->old_labels, work->slack, work->sums, work->counts,
								 &ncomputed);
	return (double) work->shape.nrows * work->shape.nfeatures * work->shape.k;
}

/* The first pass with bounds: all rows are computed, hardly any moves. */
static double
run_bound_all(Work *work)
{
	kernel_bounds_start(&work->bounds, work->packed, work->shape.k, work->shape.nfeatures);
	for (size_t r = 0; r < work->shape.nrows; r++)
		work->slack[r] = -INFINITY;
	return assign_bounded(work);
}

/* A later one: one row in ten is computed. */
static double
run_bound_some(Work *work)
{
	for (size_t r = 0; r < work->shape.nrows; r += 10)
		work->slack[r] = -INFINITY;
	return assign_bounded(work);
}

static double
run_prepare(Work *work)
{
	int n = work->shape.nfeatures;

	work->kernel->prepare(work->double_blocks, work->nblocks, n, work->columns, n,
						  work->ones, work->ones, work->ones, work->prepared);
	return (double) work->shape.nrows * n;
}

static double
run_narrow(Work *work)
{
	work->kernel->narrow(work->double_blocks, work->nblocks, work->shape.nfeatures,
						 work->ones, work->blocks);
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
#define DEFINE_PEAK(name, isa, vector, lanes, set, fma)                          \
	__attribute__((target(isa))) static double name(Work *work)                  \
	{                                                                            \
		vector factor = set(sink * 0 + 0.999f);                                  \
		vector term = set(sink * 0 + 0.001f);                                    \
		vector sums[PEAK_ACCUMULATORS];                                          \
		int    nrounds = 100000;                                                 \
                                                                                 \
		(void) work;                                                             \
		for (int i = 0; i < PEAK_ACCUMULATORS; i++)                              \
			sums[i] = set((float) i);                                            \
		for (int round = 0; round < nrounds; round++)                            \
		{                                                                        \
			_Pragma("GCC unroll 12") for (int i = 0; i < PEAK_ACCUMULATORS; i++) \
				sums[i] = fma(sums[i], factor, term);                            \
		}                                                                        \
		for (int i = 1; i < PEAK_ACCUMULATORS; i++)                              \
			sums[0] += sums[i];                                                  \
		sink = sums[0][0];                                                       \
		return (double) nrounds * PEAK_ACCUMULATORS * lanes;                     \
	}

DEFINE_PEAK(run_peak_avx2, "avx2,fma", __m256, 8, _mm256_set1_ps, _mm256_fmadd_ps)
DEFINE_PEAK(run_peak_avx512, "avx512f", __m512, 16, _mm512_set1_ps, _mm512_fmadd_ps)

/* For the widest vectors here; NULL if there are neither. */
static Run
peak_run(void)
{
	if (__builtin_cpu_supports("avx512f"))
		return run_peak_avx512;
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
		return run_peak_avx2;
	return NULL;
}

#else

static Run
peak_run(void)
{
	return NULL;
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

typedef struct Thread
{
	pthread_t          id;
	pthread_barrier_t *start;
	Run                run;
	Work              *work;
	double             rate;
} Thread;

static void *
thread_main(void *arg)
{
	Thread *thread = arg;

	pthread_barrier_wait(thread->start);
	thread->rate = rate(thread->run, thread->work);
	return NULL;
}

/* The rates of all threads at the same time, summed. */
static double
total_rate(Run run, Work *works, int nthreads)
{
	Thread            threads[MAX_THREADS];
	pthread_barrier_t start;
	double            total = 0;

	pthread_barrier_init(&start, NULL, nthreads);
	for (int i = 0; i < nthreads; i++)
	{
		threads[i] = (Thread){.start = &start, .run = run, .work = &works[i]};
		if (pthread_create(&threads[i].id, NULL, thread_main, &threads[i]) != 0)
		{
			fprintf(stderr, "kernel: cannot start a thread\n");
			exit(2);
		}
	}
	for (int i = 0; i < nthreads; i++)
	{
		pthread_join(threads[i].id, NULL);
		total += threads[i].rate;
	}
	pthread_barrier_destroy(&start);
	return total;
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
median_rate(Run run, Work *works, int nthreads, int repeat)
{
	double rates[MAX_REPEAT];

	for (int i = 0; i < repeat; i++)
		rates[i] = total_rate(run, works, nthreads);
	return median(rates, repeat);
}

/*
 * Steps may be values, for kernels that see one centroid or none.  A percentage
 * of 0 is not known.
 */
static void
print_line(const char *what, const Shape *shape, int steps_per_row,
		   double steps_per_second, double peak_percent, double read_percent)
{
	char name[64];

	snprintf(name, sizeof(name), "%zu x %d, k = %d", shape->nrows, shape->nfeatures, shape->k);
	printf("%-16s %-22s %9.2f ", what, name, steps_per_second * 1e-9);
	if (peak_percent > 0)
		printf("%9.1f ", peak_percent);
	else
		printf("%9s ", "");
	if (read_percent > 0)
		printf("%9.1f ", read_percent);
	else
		printf("%9s ", "");
	printf("%9.2f\n", steps_per_row / steps_per_second * 1e9);
}

/* Times all kernels for one shape.  Is assign as fast as required? */
static int
measure_shape(const Kernel *kernel, Shape shape, int nthreads, int repeat, double required)
{
	Work   works[MAX_THREADS];
	double rates[MAX_REPEAT];
	double peaks[MAX_REPEAT];
	double reads[MAX_REPEAT];
	double assign;
	double peak_percent = 0;
	double read_percent;
	int    steps = shape.nfeatures * shape.k;

	for (int i = 0; i < nthreads; i++)
		work_create(&works[i], kernel, shape);
	for (int i = 0; i < repeat; i++)
	{
		if (peak_run() != NULL)
			peaks[i] = total_rate(peak_run(), works, nthreads);
		rates[i] = total_rate(run_assign, works, nthreads);
		reads[i] = total_rate(run_read, works, nthreads);
	}
	assign = median(rates, repeat);
	if (peak_run() != NULL)
		peak_percent = 100 * assign / median(peaks, repeat);
	read_percent = 100 * assign / shape.k * sizeof(float) / median(reads, repeat);

	print_line("assign", &shape, steps, assign, peak_percent, read_percent);
	print_line("count all", &shape, steps, median_rate(run_count_all, works, nthreads, repeat), 0, 0);
	print_line("move 1 in 100", &shape, steps, median_rate(run_move_some, works, nthreads, repeat), 0, 0);
	print_line("bound all", &shape, steps, median_rate(run_bound_all, works, nthreads, repeat), 0, 0);
	print_line("bound 1 in 10", &shape, steps, median_rate(run_bound_some, works, nthreads, repeat), 0, 0);
	print_line("lower_distances", &shape, shape.nfeatures, median_rate(run_lower_distances, works, nthreads, repeat), 0, 0);
	print_line("nearest_two", &shape, steps, median_rate(run_nearest_two, works, nthreads, repeat), 0, 0);
	print_line("prepare", &shape, shape.nfeatures, median_rate(run_prepare, works, nthreads, repeat), 0, 0);
	print_line("narrow", &shape, shape.nfeatures, median_rate(run_narrow, works, nthreads, repeat), 0, 0);
	for (int i = 0; i < nthreads; i++)
		work_free(&works[i]);
	return !shape.judged || peak_percent >= required || read_percent >= REQUIRED_READ;
}

static void
print_machine(const Kernel *kernel, int nthreads, int repeat)
{
	Shape large = {2000000, 32, 1, 0};
	Work  works[MAX_THREADS];

	for (int i = 0; i < nthreads; i++)
		work_create(&works[i], kernel, large);
	printf("kernel: %s, %d thread%s, medians of %d\n", kernel->name, nthreads,
		   nthreads == 1 ? "" : "s", repeat);
	if (peak_run() != NULL)
		printf("peak:   %.2f G multiply-adds/s (float, in the widest registers)\n",
			   median_rate(peak_run(), works, nthreads, repeat) * 1e-9);
	printf("memory: %.2f GB/s read\n\n", median_rate(run_read, works, nthreads, repeat) * 1e-9);
	for (int i = 0; i < nthreads; i++)
		work_free(&works[i]);
}

int
main(int argc, char **argv)
{
	const char   *name = "auto";
	int           repeat = 9;
	int           nthreads = 1;
	double        required = 0;
	int           below = 0;
	const Kernel *kernel;

	for (int i = 1; i < argc; i += 2)
	{
		if (i + 1 < argc && strcmp(argv[i], "--kernel") == 0)
			name = argv[i + 1];
		else if (i + 1 < argc && strcmp(argv[i], "--repeat") == 0)
			repeat = atoi(argv[i + 1]);
		else if (i + 1 < argc && strcmp(argv[i], "--threads") == 0)
			nthreads = atoi(argv[i + 1]);
		else if (i + 1 < argc && strcmp(argv[i], "--require") == 0)
			required = atof(argv[i + 1]);
		else
			repeat = 0;
	}
	if (repeat < 1 || repeat > MAX_REPEAT || nthreads < 1 || nthreads > MAX_THREADS)
	{
		fprintf(stderr, "usage: kernel [--kernel NAME] [--repeat 1..%d] [--threads 1..%d] [--require PERCENT]\n",
				MAX_REPEAT, MAX_THREADS);
		return 2;
	}
	kernel = kernel_choose(name);
	if (kernel == NULL)
	{
		fprintf(stderr, "kernel: there is no kernel \"%s\" for this CPU\n", name);
		return 2;
	}

	print_machine(kernel, nthreads, repeat);
	printf("%-16s %-22s %9s %9s %9s %9s\n", "kernel", "rows x features", "G steps/s",
		   "% of peak", "% of read", "ns/row");
	for (int i = 0; i < NSHAPES; i++)
		below |= !measure_shape(kernel, shapes[i], nthreads, repeat, required);
	if (below)
		printf("\nassign is below the required %.0f %% of the peak and %d %% of the read rate\n",
			   required, REQUIRED_READ);
	return below;
}
