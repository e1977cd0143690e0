/*
 * Exact quantiles of many groups of values at once, by passes.
 *
 * A histogram of the values that may hold a rank says which bucket does; the
 * next histogram is of that bucket, and so on.  Buckets are of equal width at
 * first, then of equally many doubles, so that every round leaves a fraction of
 * these whatever the distribution.  Where few values are left, a pass gathers
 * them to be sorted.  Where many are left, it finds the least and the largest: if
 * all are equal, as in columns of small integers, nothing more is to be done.
 *
 * Memory is bounded by COUNTS and GATHERED, whatever the number of rows.
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "number/bits.h"
#include "number/moments.h"
#include "number/order.h"
#include "prepare/groups.h"
#include "prepare/nearest.h"
#include "prepare/quantile.h"

/* buckets of all histograms of a pass together, so that they stay in the cache, and limits for each */
#define COUNTS (1 << 16)
#define MIN_BUCKETS 16
#define MAX_BUCKETS 2048

/* values that one pass gathers, twice as many where rows are in memory */
#define GATHERED (1 << 20)

/* ---- Spans ---- */

int
span_buckets(int nspans)
{
	return Min(Max(COUNTS / Max(nspans, 1), MIN_BUCKETS), MAX_BUCKETS);
}

/* buckets of equally many doubles, which values plus another are */
static ValueSpan
span_by_order(double lower, double upper, double plus, int buckets)
{
	ValueSpan span = {.lower = lower, .upper = upper, .plus = plus, .buckets = buckets};

	while ((ordered_bits(upper + plus) - ordered_bits(lower + plus)) >> span.shift >= (uint64) buckets)
		span.shift++;
	return span;
}

ValueSpan
span_of_logarithms(double lower, double upper, int buckets)
{
	return span_by_order(lower, upper, 1, buckets);
}

/* buckets of equal width, if double can express it */
ValueSpan
span_make(double lower, double upper, int buckets)
{
	ValueSpan span = span_by_order(lower, upper, 0, buckets);
	double    factor = buckets / (upper - lower);

	if (factor > 0 && !isinf(factor))
		span.factor = factor;
	return span;
}

static inline int
bucket_of(const ValueSpan *span, double value)
{
	if (span->factor > 0)
		return Min((int) ((value - span->lower) * span->factor), span->buckets - 1);
	return (int) ((ordered_bits(value + span->plus) - ordered_bits(span->lower + span->plus)) >> span->shift);
}

/*
 * One branch, not two: which side of a span a value lies on is unpredictable.
 */
static inline bool
is_inside(const ValueSpan *span, double value)
{
	return (value >= span->lower) & (value <= span->upper);
}

/* values whose buckets are computed, in vectors, before any is counted */
#define COUNT_BATCH 256

void
span_add_values(const ValueSpan *span, const double *values, int n, int64 *counts)
{
	double places[COUNT_BATCH];
	int    hits[COUNT_BATCH];

	if (span->factor <= 0)
	{
		for (int i = 0; i < n; i++)
			if (is_inside(span, values[i]))
				counts[bucket_of(span, values[i])]++;
		return;
	}
	for (int start = 0; start < n; start += COUNT_BATCH)
	{
		int count = Min(COUNT_BATCH, n - start);
		int inside = scale_inside(values + start, count, span->lower, span->upper, span->factor,
								  span->buckets - 1, places);

		for (int i = 0; i < count && inside == count; i++)
			counts[(int) places[i]]++;
		if (inside == 0 || inside == count)
			continue;
		/* no branch: whether a value is inside is unpredictable */
		inside = 0;
		for (int i = 0; i < count; i++)
		{
			hits[inside] = (int) places[i];
			inside += places[i] >= 0;
		}
		for (int i = 0; i < inside; i++)
			counts[hits[i]]++;
	}
}

/*
 * The least double of a bucket, or of one above it, as ordered bits.
 */
static uint64
bucket_start(const ValueSpan *span, int bucket)
{
	uint64 low = ordered_bits(span->lower);
	uint64 high = ordered_bits(span->upper) + 1;

	while (low < high)
	{
		uint64 middle = low + (high - low) / 2;

		if (bucket_of(span, double_of_ordered_bits(middle)) >= bucket)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* ---- The passes ---- */

/* what both passes are told */
typedef struct QuantileRound
{
	QuantileValues of;
	bool           clusters; /* some spans are of a cluster */
	int            buckets;
	int            nspans;
	ValueSpan      spans[FLEXIBLE_ARRAY_MEMBER]; /* by feature */
} QuantileRound;

typedef void (*VisitValues)(const QuantileRound *round, void *state, int i,
							const double *values, int n);

/* ranges of spans that are looked at together */
#define MOST_RANGES 8

/*
 * The values that are in any of some spans.
 */
static int
inside_any(const ValueSpan *spans, int nspans, const double *values, int n, double *inside)
{
	double lower[MOST_RANGES];
	double upper[MOST_RANGES];

	for (int i = 0; i < nspans; i++)
	{
		lower[i] = spans[i].lower;
		upper[i] = spans[i].upper;
	}
	return take_inside(values, n, lower, upper, nspans, inside);
}

/*
 * Calls visit for each span with the values of its feature and cluster.  only_inside
 * leaves out values that are in no span of these two.
 */
static int
visit_values(const PassInput *input, void *state, const double *blocks, int nrows,
			 const int32 *labels, VisitValues visit, bool only_inside)
{
	const Recipe        *recipe = input->recipe;
	const QuantileRound *round = input->extra;
	bool                 mask[PASS_ROWS];
	int                  nused = recipe_used_rows(recipe, blocks, nrows, mask);
	const bool          *used = round->of != QUANTILES_PRESENT && nused < nrows ? mask : NULL;
	double               values[PASS_ROWS];
	double               present[PASS_ROWS];
	double               inside[PASS_ROWS];
	Groups              *groups = NULL;
	int                  feature = -1;
	bool                 all_present = false;
	int                  n = 0;

	if (round->clusters && labels != NULL)
		groups = groups_make(labels, nused, cluster_groups(input));
	else if (round->clusters)
	{
		NearestRows nearest;

		nearest_rows(input, NULL, blocks, nrows, &nearest);
		groups = groups_make(nearest.labels, nearest.n, cluster_groups(input));
	}
	for (int i = 0; i < round->nspans;)
	{
		const ValueSpan *span = &round->spans[i];
		const double    *first = values;
		int              nspans = 1; /* of the feature and the cluster */
		int              count;

		while (i + nspans < round->nspans && span[nspans].feature == span->feature && span[nspans].cluster == span->cluster)
			nspans++;
		if (span->feature != feature)
		{
			feature = span->feature;
			if (groups != NULL)
				groups_raw_values(groups, recipe, feature, blocks, nrows, used, values);
			n = groups != NULL ? groups->n : recipe_raw_values(recipe, feature, blocks, nrows, used, values);
			if (round->of == QUANTILES_TRANSFORMED)
				recipe_transform_values(&recipe->features[feature], values, n);
			else if (groups == NULL)
				n = present_values(values, n);
			all_present = groups == NULL || recipe->features[feature].complete || round->of == QUANTILES_TRANSFORMED;
		}
		count = n;
		if (span->cluster >= 0)
		{
			first += groups->starts[span->cluster];
			count = groups->starts[span->cluster + 1] - groups->starts[span->cluster];
		}
		if (!all_present)
		{
			first = memcpy(present, first, sizeof(double) * count);
			count = present_values(present, count);
		}
		if (only_inside && nspans <= MOST_RANGES)
		{
			count = inside_any(span, nspans, first, count, inside);
			first = inside;
		}
		for (int end = i + nspans; i < end; i++)
			visit(round, state, i, first, count);
	}
	if (groups != NULL)
		groups_free(groups);
	return nused;
}

static Size
histogram_state_size(const PassInput *input)
{
	const QuantileRound *round = input->extra;

	return sizeof(int64) * round->buckets * round->nspans;
}

static void
histogram_init(const PassInput *input, void *state)
{
	memset(state, 0, histogram_state_size(input));
}

/* the counts of span i */
static int64 *
span_counts(const QuantileRound *round, const void *state, int i)
{
	return (int64 *) state + (Size) i * round->buckets;
}

static void
count_values(const QuantileRound *round, void *state, int i, const double *values, int n)
{
	span_add_values(&round->spans[i], values, n, span_counts(round, state, i));
}

static int
histogram_add(const PassInput *input, void *state, const double *blocks, int nrows,
			  int32 *labels)
{
	return visit_values(input, state, blocks, nrows, labels, count_values, true);
}

static void
histogram_merge(const PassInput *input, void *state, const void *other)
{
	for (Size i = 0; i < histogram_state_size(input) / sizeof(int64); i++)
		((int64 *) state)[i] += ((const int64 *) other)[i];
}

const Pass histogram_pass = {"histogram", pass_open, histogram_state_size, histogram_init, histogram_add,
							 histogram_merge};

/* the state: one of these a span, and then all values */
typedef struct Gathered
{
	int64  n;
	double lowest; /* of the values in the span */
	double highest;
	double above; /* the least value above it, if the span wants that */
} Gathered;

static double *
gathered_values(const QuantileRound *round, const void *state, int i)
{
	return (double *) ((const Gathered *) state + round->nspans) + round->spans[i].first;
}

static Size
gather_state_size(const PassInput *input)
{
	const QuantileRound *round = input->extra;
	const ValueSpan     *last = &round->spans[round->nspans - 1];

	return sizeof(Gathered) * round->nspans +
		   sizeof(double) * (last->first + last->capacity);
}

static void
gather_init(const PassInput *input, void *state)
{
	const QuantileRound *round = input->extra;

	for (int i = 0; i < round->nspans; i++)
		((Gathered *) state)[i] = (Gathered){.lowest = get_float8_infinity(),
											 .highest = -get_float8_infinity(),
											 .above = get_float8_infinity()};
}

static void
gather_values(const QuantileRound *round, void *state, int i, const double *values, int n)
{
	const ValueSpan *span = &round->spans[i];
	Gathered        *gathered = (Gathered *) state + i;
	double           found[PASS_ROWS];
	int              inside = take_inside(values, n, &span->lower, &span->upper, 1, found);

	if (span->above)
		gathered->above = least_beyond(values, n, span->upper, gathered->above);
	for (int v = 0; v < inside; v++)
	{
		gathered->lowest = Min(gathered->lowest, found[v]);
		gathered->highest = Max(gathered->highest, found[v]);
	}
	if (span->capacity == 0 || inside == 0)
		return;
	if (gathered->n + inside > span->capacity)
		source_changed();
	memcpy(gathered_values(round, state, i) + gathered->n, found, sizeof(double) * inside);
	gathered->n += inside;
}

static int
gather_add(const PassInput *input, void *state, const double *blocks, int nrows,
		   int32 *labels)
{
	return visit_values(input, state, blocks, nrows, labels, gather_values, false);
}

static void
gather_merge(const PassInput *input, void *state, const void *other)
{
	const QuantileRound *round = input->extra;

	for (int i = 0; i < round->nspans; i++)
	{
		Gathered       *to = (Gathered *) state + i;
		const Gathered *from = (const Gathered *) other + i;

		to->lowest = Min(to->lowest, from->lowest);
		to->highest = Max(to->highest, from->highest);
		to->above = Min(to->above, from->above);
		if (to->n + from->n > round->spans[i].capacity)
			source_changed();
		memcpy(gathered_values(round, state, i) + to->n, gathered_values(round, other, i),
			   sizeof(double) * from->n);
		to->n += from->n;
	}
}

const Pass gather_pass = {"gather", pass_open, gather_state_size, gather_init, gather_add, gather_merge};

/* ---- Quantiles ---- */

Quantile
quantile_make(int feature, int cluster, double p, int64 n, double min, double max)
{
	double position = p * (double) (n - 1);
	bool   equal = n == 0 || min == max;

	return (Quantile){
		.feature = feature,
		.cluster = cluster,
		.value = n == 0 ? get_float8_nan() : min,
		.found = equal,
		.wide = !equal && n > GATHERED / 8,
		.rank = n > 0 ? (int64) floor(position) : 0,
		.proportion = n > 0 ? position - floor(position) : 0,
		.lower = min,
		.upper = max,
		.inside = n};
}

void
quantile_narrow(Quantile *quantile, const ValueSpan *span, const int64 *counts)
{
	int64 below = quantile->below;
	int   bucket = 0;

	while (bucket < span->buckets && below + counts[bucket] <= quantile->rank)
		below += counts[bucket++];
	if (bucket == span->buckets)
		source_changed();
	quantile->lower = double_of_ordered_bits(bucket_start(span, bucket));
	quantile->upper = double_of_ordered_bits(bucket_start(span, bucket + 1) - 1);
	quantile->below = below;
	quantile->inside = counts[bucket];
	quantile->narrowed = true;
	quantile->wide = false;
}

/* is a value wanted that lies behind those of the span? */
static bool
wants_above(const Quantile *quantile)
{
	return quantile->proportion > 0 && quantile->rank - quantile->below + 1 >= quantile->inside;
}

static bool
same_span(const ValueSpan *span, const Quantile *quantile)
{
	return span->feature == quantile->feature && span->cluster == quantile->cluster &&
		   span->lower == quantile->lower && span->upper == quantile->upper;
}

/*
 * The spans of the quantiles that are not yet found, only of wide ones if so
 * wanted.  Quantiles with the same span share it; span_of[i] is that of quantile
 * i, or -1.
 */
static QuantileRound *
make_round(QuantileValues of, const Quantile *quantiles, int n, bool only_wide, int *span_of)
{
	QuantileRound *round = palloc0(offsetof(QuantileRound, spans) + sizeof(ValueSpan) * n);

	round->of = of;
	round->buckets = span_buckets(n);
	for (int i = 0; i < n; i++)
	{
		const Quantile *quantile = &quantiles[i];
		ValueSpan      *next = &round->spans[round->nspans];

		span_of[i] = -1;
		if (quantile->found || (only_wide && !quantile->wide))
			continue;
		round->clusters |= quantile->cluster >= 0;
		if (round->nspans == 0 || !same_span(next - 1, quantile))
		{
			*next = quantile->narrowed
						? span_by_order(quantile->lower, quantile->upper, 0, round->buckets)
						: span_make(quantile->lower, quantile->upper, round->buckets);
			next->feature = quantile->feature;
			next->cluster = quantile->cluster;
			next->inside = quantile->inside;
			round->nspans++;
		}
		round->spans[round->nspans - 1].above |= wants_above(quantile);
		span_of[i] = round->nspans - 1;
	}
	return round;
}

/*
 * Decides which spans are gathered: all that have so few values that all of
 * these together are not too many.
 */
static void
plan_gathering(QuantileRound *round, int64 most)
{
	int64 few = most;
	int64 total;

	do
	{
		total = 0;
		for (int i = 0; i < round->nspans; i++)
		{
			ValueSpan *span = &round->spans[i];

			span->first = total;
			span->capacity = span->inside <= few && span->lower < span->upper ? span->inside : 0;
			total += span->capacity;
		}
		few /= 2;
	} while (total > most);
}

static void *
run_round(const RowSource *source, const PassInput *input, const Pass *pass,
		  const QuantileRound *round, Share labels)
{
	PassInput round_input = *input;

	round_input.extra = round;
	round_input.extra_size = offsetof(QuantileRound, spans) +
							 sizeof(ValueSpan) * round->nspans;
	return pass_run(source, pass, &round_input, labels);
}

/*
 * Finds a quantile by what was gathered in its span, or else narrows it; reorders the
 * values.
 */
static void
take_gathered(Quantile *quantile, const ValueSpan *span, const Gathered *gathered, double *values)
{
	bool   equal = gathered->lowest == gathered->highest;
	int64  at = quantile->rank - quantile->below;
	double value;
	double next;

	if (gathered->lowest > gathered->highest ||
		(span->capacity > 0 && (gathered->n != quantile->inside || at < 0 || at >= gathered->n)))
		source_changed();
	quantile->lower = gathered->lowest + 0.0;
	quantile->upper = gathered->highest + 0.0;
	quantile->wide = !equal && span->capacity == 0;
	quantile->found = !quantile->wide;
	if (quantile->wide)
		return;

	value = next = quantile->lower;
	if (!equal)
		value = select_two(values, gathered->n, at, &next);
	if (quantile->proportion == 0)
		next = value;
	else if (wants_above(quantile))
		next = gathered->above;
	quantile->value = quantile_interpolate(value, next, quantile->proportion);
}

static void
narrow_round(const RowSource *source, const PassInput *input, QuantileValues of,
			 Quantile *quantiles, int n, int *span_of, Share labels)
{
	QuantileRound *round = make_round(of, quantiles, n, true, span_of);
	int64         *counts;

	if (round->nspans > 0)
	{
		counts = run_round(source, input, &histogram_pass, round, labels);
		for (int i = 0; i < n; i++)
			if (span_of[i] >= 0)
				quantile_narrow(&quantiles[i], &round->spans[span_of[i]], span_counts(round, counts, span_of[i]));
		pfree(counts);
	}
	pfree(round);
}

/*
 * Returns true when all quantiles are found.
 */
static bool
gather_round(const RowSource *source, const PassInput *input, QuantileValues of,
			 Quantile *quantiles, int n, int *span_of, Share labels)
{
	QuantileRound *round = make_round(of, quantiles, n, false, span_of);
	bool           done = true;
	Gathered      *gathered;

	if (round->nspans > 0)
	{
		plan_gathering(round, source->rows != NULL ? 2 * GATHERED : GATHERED);
		gathered = run_round(source, input, &gather_pass, round, labels);
		for (int i = 0; i < n; i++)
			if (span_of[i] >= 0)
			{
				take_gathered(&quantiles[i], &round->spans[span_of[i]], &gathered[span_of[i]],
							  gathered_values(round, gathered, span_of[i]));
				done &= quantiles[i].found;
			}
		pfree(gathered);
	}
	pfree(round);
	return done;
}

void
quantiles_find(const RowSource *source, const PassInput *input, QuantileValues of,
			   Quantile *quantiles, int n, Share labels)
{
	int *span_of = palloc(sizeof(int) * Max(n, 1));

	do
		narrow_round(source, input, of, quantiles, n, span_of, labels);
	while (!gather_round(source, input, of, quantiles, n, span_of, labels));
	pfree(span_of);
}
