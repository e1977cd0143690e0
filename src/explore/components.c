/*-------------------------------------------------------------------------
 *
 * components.c
 *	  How prepared features go together in all rows, and the directions in
 *	  which these differ most.
 *
 * One read of the source prepares each row by the code that scores it and sums
 * the products of all pairs of features.  So that sums depend on neither the
 * order of rows nor the processes, each deviation is split into three whole
 * numbers, whose products have sums over many rows that are exact in double (K.
 * Ozaki et al., "Error-free transformations of matrix multiplication by using
 * fast routines of matrix multiplication and its applications", 2012).
 *
 * Deviations are those from 0, about which the rows of the fit lay, in steps that
 * suit a feature that was scaled.  Only where today's rows are far from there, or
 * of quite another size, the source is read once more, with the centres and steps
 * that the first read has told.
 *
 * The principal components (K. Pearson, "On lines and planes of closest fit to
 * systems of points in space", 1901) are the eigenvectors of the covariances;
 * rows are not weighted.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "miscadmin.h"
#include "utils/array.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "explore/components.h"
#include "number/eigen.h"
#include "number/pearson.h"
#include "number/moments.h"
#include "number/several_cpus.h"
#include "rows/intake.h"

/*
 * A deviation is split into whole steps, and rests in 2^-22 and 2^-44 of a step.
 * What scaling makes 1 is up to 2^12 steps, or 2^20 where nothing is larger.  None
 * must deviate by more than 2^21, as rests do not either, and a standard deviation
 * below 2^6 steps would have too few digits.
 */
#define PARTS 3
#define PART_BITS 22
#define USUAL_BITS 12
#define BOUNDED_BITS 20
#define MOST_BITS 21
#define LEAST_BITS 6

/* a mean beyond this many standard deviations would cost digits, too */
#define MOST_DEVIATIONS 1000

/* rows whose sums are exact, and bytes of their parts that the second-level cache holds */
#define BATCH_ROWS 512
#define BATCH_BYTES (512 * 1024)

/* ---- Sums of products ---- */

/*
 * In square steps: digits weigh 2^-44, 2^-22, 1 and 2^32; the first two are below
 * 2^22, the third is below 2^32, and the last has the sign, so that the form is
 * unique.
 */
typedef struct PairSum
{
	int64 digits[4];
} PairSum;

/* the state of covariance_pass; the sums of the pairs (0, 0), (1, 0), (1, 1), (2, 0), ... follow */
typedef struct Covariances
{
	int64  nrows; /* not skipped */
	Spread features[FLEXIBLE_ARRAY_MEMBER];
} Covariances;

static Size
npairs(int nfeatures)
{
	return (Size) nfeatures * (nfeatures + 1) / 2;
}

static Size
pairs_offset(int nfeatures)
{
	return offsetof(Covariances, features) + sizeof(Spread) * nfeatures;
}

/* the sums of a feature with those up to itself */
static PairSum *
pairs_of(const Covariances *covariances, int nfeatures, int feature)
{
	return (PairSum *) ((char *) covariances + pairs_offset(nfeatures)) + npairs(feature);
}

static Size
covariance_state_size(const PassInput *input)
{
	int n = input->recipe->nfeatures;

	return pairs_offset(n) + sizeof(PairSum) * npairs(n);
}

static void
covariance_init(const PassInput *input, void *state)
{
	Covariances *covariances = state;

	memset(state, 0, covariance_state_size(input));
	for (int f = 0; f < input->recipe->nfeatures; f++)
		spread_init(&covariances->features[f]);
}

static inline int64
take_carry(int64 *digit, int bits)
{
	int64 rest = *digit & ((INT64CONST(1) << bits) - 1);
	int64 carry = (*digit - rest) / (INT64CONST(1) << bits);

	*digit = rest;
	return carry;
}

static inline void
pair_add(PairSum *sum, const PairSum *other)
{
	sum->digits[0] += other->digits[0];
	sum->digits[1] += other->digits[1] + take_carry(&sum->digits[0], PART_BITS);
	sum->digits[2] += other->digits[2] + take_carry(&sum->digits[1], PART_BITS);
	sum->digits[3] += other->digits[3] + take_carry(&sum->digits[2], 32);
}

static double
pair_mean(const PairSum *sum, int64 n)
{
	double steps = (double) sum->digits[3] * 0x1p32 + (double) sum->digits[2];

	return (steps + (double) sum->digits[1] * 0x1p-22 + (double) sum->digits[0] * 0x1p-44) / (double) n;
}

/*
 * Prepares rows, feature f of row i to prepared[f * stride + i], and returns how
 * many are not skipped.
 */
static int
prepare_rows(const Recipe *recipe, const double *blocks, int nrows, double *raw, double *prepared,
			 int stride)
{
	int nused = 0;

	for (int row = 0; row < nrows; row++)
	{
		const double *place = blocks + (Size) (row / KERNEL_LANES) * recipe->ncolumns * KERNEL_LANES + row % KERNEL_LANES;

		for (int i = 0; i < recipe->ncolumns; i++)
			raw[i] = place[(Size) i * KERNEL_LANES];
		nused += recipe_apply(recipe, raw, prepared + nused, stride);
	}
	return nused;
}

/* vectors as gcc and clang know them */
typedef double Vector __attribute__((vector_size(32)));
#define VECTOR_LANES 4

/* rounds to a whole number, if that is below 2^51 */
static inline double
round_to_whole(double x)
{
	return (x + 0x1.8p52) - 0x1.8p52;
}

/*
 * Splits the deviations of n values into parts, each stride numbers from the next,
 * with as many zeros behind as fill a vector.  Returns the largest deviation.
 */
FOR_SEVERAL_CPUS static double
split(const double *values, int n, SpreadCentre centre, double *parts, int stride)
{
	double offset = centre.centre * centre.scale;
	double largest = 0;
	int    i;

	for (i = 0; i < n; i++)
	{
		double deviation = values[i] * centre.scale - offset;
		double steps = round_to_whole(deviation);
		double rest = (deviation - steps) * (1 << PART_BITS);

		largest = fabs(deviation) > largest ? fabs(deviation) : largest;
		parts[i] = steps;
		parts[stride + i] = round_to_whole(rest);
		parts[2 * stride + i] = round_to_whole((rest - round_to_whole(rest)) * (1 << PART_BITS));
	}
	for (; i % VECTOR_LANES > 0; i++)
		parts[i] = parts[stride + i] = parts[2 * stride + i] = 0;
	return largest;
}

/*
 * Adds up the values of a feature and splits them.  Where one deviates too far,
 * the source is read once more, and this read only has to be finite.
 */
static void
add_feature(Spread *spread, SpreadCentre centre, double *values, int n, double *parts, int stride)
{
	for (int i = 0; i < n; i++)
		values[i] = Min(Max(values[i], -DBL_MAX), DBL_MAX);
	spread_add(spread, values, n);
	if (split(values, n, centre, parts, stride) > 1 << MOST_BITS)
		memset(parts, 0, sizeof(double) * PARTS * stride);
}

/*
 * The sum of products of two features over n rows.  Products of a rest in 2^-44 of
 * a step with another rest are left out, for they are below 2^-23 square steps.
 */
FOR_SEVERAL_CPUS static void
multiply(const double *x, const double *y, int n, int stride, PairSum *sum)
{
	Vector sums[PARTS] = {{0}};
	double totals[PARTS] = {0};

	for (int i = 0; i < n; i += VECTOR_LANES)
	{
		Vector x0, x1, x2, y0, y1, y2;

		memcpy(&x0, x + i, sizeof(Vector));
		memcpy(&x1, x + stride + i, sizeof(Vector));
		memcpy(&x2, x + 2 * stride + i, sizeof(Vector));
		memcpy(&y0, y + i, sizeof(Vector));
		memcpy(&y1, y + stride + i, sizeof(Vector));
		memcpy(&y2, y + 2 * stride + i, sizeof(Vector));
		sums[0] += x1 * y1 + x0 * y2 + x2 * y0;
		sums[1] += x0 * y1 + x1 * y0;
		sums[2] += x0 * y0;
	}
	for (int i = 0; i < PARTS; i++)
		for (int lane = 0; lane < VECTOR_LANES; lane++)
			totals[i] += sums[i][lane];
	*sum = (PairSum){{(int64) totals[0], (int64) totals[1], (int64) totals[2], 0}};
}

static int
covariance_add(const PassInput *input, void *state, const double *blocks, int nrows,
			   int32 *labels pg_attribute_unused())
{
	const Recipe       *recipe = input->recipe;
	const SpreadCentre *centres = input->extra;
	Covariances        *covariances = state;
	int                 nfeatures = recipe->nfeatures;
	int                 batch = BATCH_BYTES / (int) (sizeof(double) * PARTS * KERNEL_LANES * nfeatures);
	int                 stride = Min(Max(batch, 4) * KERNEL_LANES, BATCH_ROWS);
	double             *raw = palloc(sizeof(double) * recipe->ncolumns);
	double             *prepared = palloc(sizeof(double) * stride * nfeatures);
	double             *parts = palloc(sizeof(double) * PARTS * stride * nfeatures);
	int                 used = 0;

	for (int start = 0; start < nrows; start += stride)
	{
		int n = prepare_rows(recipe, blocks + (Size) start * recipe->ncolumns, Min(stride, nrows - start),
							 raw, prepared, stride);

		for (int f = 0; f < nfeatures; f++)
		{
			double  *mine = parts + (Size) PARTS * stride * f;
			PairSum *pairs = pairs_of(covariances, nfeatures, f);

			CHECK_FOR_INTERRUPTS();
			add_feature(&covariances->features[f], centres[f], prepared + (Size) stride * f, n, mine, stride);
			for (int g = 0; g <= f; g++)
			{
				PairSum sum;

				multiply(mine, parts + (Size) PARTS * stride * g, n, stride, &sum);
				pair_add(&pairs[g], &sum);
			}
		}
		used += n;
	}
	covariances->nrows += used;
	pfree(raw);
	pfree(prepared);
	pfree(parts);
	return used;
}

static void
covariance_merge(const PassInput *input, void *state, const void *other)
{
	int                nfeatures = input->recipe->nfeatures;
	Covariances       *to = state;
	const Covariances *from = other;

	to->nrows += from->nrows;
	for (int f = 0; f < nfeatures; f++)
	{
		CHECK_FOR_INTERRUPTS();
		spread_merge(&to->features[f], &from->features[f]);
		for (int g = 0; g <= f; g++)
			pair_add(&pairs_of(to, nfeatures, f)[g], &pairs_of(from, nfeatures, f)[g]);
	}
}

const Pass covariance_pass = {"covariance", pass_open, covariance_state_size, covariance_init, covariance_add,
							  covariance_merge};

/* ---- The job ---- */

/*
 * The centre and the steps that suit a feature of rows like those of the fit.
 */
static SpreadCentre
usual_centre(const Recipe *recipe, const FeatureRecipe *feature)
{
	bool bounded = recipe->distance == DISTANCE_COSINE || (feature->categorical && feature->scale == 1);
	int  exponent = 0;

	if (recipe->distance == DISTANCE_EUCLIDEAN)
		(void) frexp(sqrt(feature->weight) / recipe->unit, &exponent);
	return (SpreadCentre){.centre = 0, .scale = ldexp(1, (bounded ? BOUNDED_BITS : USUAL_BITS) - exponent)};
}

/*
 * What the sums say of each feature.
 */
static void
measure_features(ComponentsJob *job, const Covariances *covariances)
{
	const Recipe *recipe = job->recipe;

	job->rows = covariances->nrows;
	for (int f = 0; f < job->nfeatures; f++)
	{
		const Spread *spread = &covariances->features[f];
		double        mean = spread_deviation(spread, job->centres[f]);
		double        square = pair_mean(&pairs_of(covariances, job->nfeatures, f)[f], job->rows);
		Moments       moments;

		spread_location(spread, &moments);
		job->deviation[f] = mean;
		job->variance[f] = spread->min < spread->max ? Max(square - mean * mean, 0) : 0;
		job->mean[f] = recipe_scaled(recipe, f, moments.mean);
		job->stddev[f] = job->rows == 0 ? get_float8_nan() : sqrt(job->variance[f]) / job->centres[f].scale * recipe->unit;
	}
}

/*
 * Gives the features whose steps or centres do not suit them others that do; false
 * if there are none.
 */
static bool
move_centres(ComponentsJob *job, const Covariances *covariances)
{
	bool moved = false;

	for (int f = 0; f < job->nfeatures; f++)
	{
		const Spread *spread = &covariances->features[f];
		SpreadCentre *centre = &job->centres[f];
		double        largest = Max(fabs(spread->min - centre->centre), fabs(spread->max - centre->centre)) * centre->scale;
		double        deviation = sqrt(job->variance[f]);
		Moments       moments;

		if (spread->min >= spread->max ||
			(largest <= 1 << MOST_BITS && deviation >= 1 << LEAST_BITS && fabs(job->deviation[f]) <= MOST_DEVIATIONS * deviation))
			continue;
		spread_location(spread, &moments);
		*centre = spread_centre(moments.mean, moments.min, moments.max);
		centre->scale *= 1 << MOST_BITS; /* the largest deviation was below 1 */
		moved = true;
	}
	return moved;
}

static void
correlate_features(ShareSet *set, void *argument)
{
	ComponentsJob *job = argument;
	const Recipe  *recipe = job->recipe;
	int            n = job->nfeatures;
	PassInput      input = {.recipe = recipe, .extra = job->centres, .extra_size = sizeof(SpreadCentre) * n};
	RowSource      source = {.scan = &job->scan, .set = set};
	Covariances   *covariances;
	ScanResult     result;

	job->scan.nworkers = share_set_across_processes(set) ? intake_workers() : 0;
	for (int f = 0; f < n; f++)
		job->centres[f] = usual_centre(recipe, &recipe->features[f]);
	elog(DEBUG1, "segment: pass \"%s\"", covariance_pass.name);
	result = scan_run(set, &job->scan, &covariance_pass, pass_flatten(&input), NULL);
	job->rows_read = source.nrows = result.nrows;
	covariances = result.state;
	measure_features(job, covariances);
	if (move_centres(job, covariances))
	{
		pfree(covariances);
		covariances = pass_run(&source, &covariance_pass, &input, (Share){0});
		measure_features(job, covariances);
	}
	for (int f = 0; f < n; f++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int g = 0; g <= f; g++)
		{
			double product = pair_mean(&pairs_of(covariances, n, f)[g], job->rows);
			double r = pearson(product - job->deviation[f] * job->deviation[g],
							   job->variance[f], job->variance[g]);

			job->correlation[(Size) f * n + g] = job->correlation[(Size) g * n + f] = r;
		}
	}
	pfree(covariances);
}

/*
 * Covariances in proportion to the largest variance.  Without any there is no
 * direction, and no share of it.
 */
static void
find_components(ComponentsJob *job)
{
	int     n = job->nfeatures;
	double *spreads = palloc(sizeof(double) * n);
	double *covariance = palloc_extended(sizeof(double) * n * n, MCXT_ALLOC_HUGE);
	double  largest = 0;
	double  total = 0;

	for (int f = 0; f < job->ncomponents; f++)
		job->explained[f] = get_float8_nan();
	for (int f = 0; f < n; f++)
	{
		spreads[f] = sqrt(job->variance[f]) / job->centres[f].scale;
		largest = Max(largest, spreads[f]);
	}
	if (largest == 0)
		return;
	for (int f = 0; f < n; f++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int g = 0; g < n; g++)
		{
			double r = job->correlation[(Size) f * n + g];

			covariance[(Size) f * n + g] = isnan(r) ? 0 : r * (spreads[f] / largest) * (spreads[g] / largest);
		}
		total += covariance[(Size) f * n + f];
	}
	eigen_largest(covariance, n, job->ncomponents, job->explained, job->loading);
	for (int f = 0; f < job->ncomponents; f++)
		job->explained[f] = Max(Min(job->explained[f] / total, 1), 0);
}

void
components_init(ComponentsJob *job, const Recipe *recipe, const SourceColumns *columns, const char *query)
{
	int n = recipe->nfeatures;

	collect_check_query(query);
	(void) ArrayGetNItems(2, (int[]){n, n}); /* raises an error if they are too many for an array */
	*job = (ComponentsJob){
		.scan = {.query = query, .columns = columns},
		.recipe = recipe,
		.nfeatures = n,
		.ncomponents = Min(n, COMPONENTS),
		.centres = palloc(sizeof(SpreadCentre) * n),
		.deviation = palloc(sizeof(double) * n),
		.variance = palloc(sizeof(double) * n),
		.mean = palloc(sizeof(double) * n),
		.stddev = palloc(sizeof(double) * n),
		.correlation = palloc_extended(sizeof(double) * n * n, MCXT_ALLOC_HUGE),
		.loading = palloc0(sizeof(double) * Min(n, COMPONENTS) * n),
		.explained = palloc(sizeof(double) * Min(n, COMPONENTS))};
}

void
components_run(ComponentsJob *job)
{
	share_run(intake_workers() > 0, correlate_features, job);
	find_components(job);
}
