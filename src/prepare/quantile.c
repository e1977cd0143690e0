/*-------------------------------------------------------------------------
 *
 * quantile.c
 *	  Exact quantiles of many groups of values at once, by passes.
 *
 * A histogram of the values that may hold a rank says which bucket does.  Its
 * buckets are of equal width at first, then of equally many doubles, so that
 * every round leaves a fraction of them whatever the distribution.  Where few
 * values are left, a pass gathers them to be sorted.  Where many are, it finds
 * their range: equal values, which columns of small integers are full of,
 * need nothing more, others another histogram.  A histogram of some of the
 * values, which another pass may have made on its way, is as good for a first
 * guess: where the rank lies is then proved by counting the values below.
 *
 * Memory is bounded by COUNTS and GATHERED, whatever the number of rows.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "prepare/groups.h"
#include "prepare/nearest.h"
#include "prepare/quantile.h"
#include "number/bits.h"
#include "number/moments.h"
#include "number/order.h"

/* counts in all histograms of a round, which a processor's cache holds, and bounds for each */
#define COUNTS (1 << 16)
#define MIN_BUCKETS 16
#define MAX_BUCKETS 2048

/* values that one pass gathers */
#define GATHERED (1 << 20)

/* ----------------------------------------------------------------
 *		Spans
 * ----------------------------------------------------------------
 */

int
span_buckets(int nspans)
{
	return Min(Max(COUNTS / Max(nspans, 1), MIN_BUCKETS), MAX_BUCKETS);
}

/*
 * By the order of doubles.
 */
static ValueSpan
span_by_order(double lower, double upper, int buckets)
{
	ValueSpan span = {.lower = lower, .upper = upper, .buckets = buckets};

	while ((ordered_bits(upper) - ordered_bits(lower)) >> span.shift >= (uint64) buckets)
		span.shift++;
	return span;
}

ValueSpan
span_make(double lower, double upper, int buckets)
{
	ValueSpan span = span_by_order(lower, upper, buckets);
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
	return (int) ((ordered_bits(value) - ordered_bits(span->lower)) >> span->shift);
}

/*
 * One branch, not two: which side of a span a value lies on is unpredictable.
 */
static inline bool
is_inside(const ValueSpan *span, double value)
{
	return (value >= span->lower) & (value <= span->upper);
}

/* values whose places are computed before any is counted, so that it can be done in vectors */
#define COUNT_BATCH 256

void
span_count(const ValueSpan *span, const double *values, int n, int64 *counts)
{
	double places[COUNT_BATCH];
	int    hits[COUNT_BATCH];
	int    start,
		i;

	if (span->factor <= 0)
	{
		for (i = 0; i < n; i++)
			if (is_inside(span, values[i]))
				counts[bucket_of(span, values[i])]++;
		return;
	}
	for (start = 0; start < n; start += COUNT_BATCH)
	{
		int count = Min(COUNT_BATCH, n - start);
		int inside = scale_inside(values + start, count, span->lower, span->upper, span->factor,
								  span->buckets - 1, places);

		for (i = 0; i < count && inside == count; i++)
			counts[(int) places[i]]++;
		if (inside == 0 || inside == count)
			continue;
		/* no branch: whether a value is inside is unpredictable */
		for (inside = 0, i = 0; i < count; i++)
		{
			hits[inside] = (int) places[i];
			inside += places[i] >= 0;
		}
		for (i = 0; i < inside; i++)
			counts[hits[i]]++;
	}
}

/*
 * The place of the least double of a bucket or one above it.
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

/* ----------------------------------------------------------------
 *		The passes
 * ----------------------------------------------------------------
 */

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

/*
 * Calls visit for each span with the values of its feature and group.
 */
static int
visit_values(const PassInput *input, void *state, const double *blocks, int nrows,
			 const int32 *labels, VisitValues visit)
{
	const Recipe        *recipe = input->recipe;
	const QuantileRound *round = input->extra;
	bool                 mask[PASS_ROWS];
	int                  nused = recipe_used_rows(recipe, blocks, nrows, mask);
	const bool          *used = round->of != QUANTILES_PRESENT && nused < nrows ? mask : NULL;
	double               values[PASS_ROWS];
	double               grouped[PASS_ROWS];
	double               present[PASS_ROWS];
	Groups              *groups = NULL;
	int                  feature = -1;
	bool                 complete = false;
	int                  n = 0;
	int                  i;

	if (round->clusters && labels != NULL)
		groups = groups_make(labels, nused, input->k);
	else if (round->clusters)
	{
		NearestRows nearest;

		nearest_rows(input, NULL, blocks, nrows, &nearest);
		groups = groups_make(nearest.labels, nearest.n, input->k);
	}
	for (i = 0; i < round->nspans; i++)
	{
		const ValueSpan *span = &round->spans[i];

		if (span->feature != feature)
		{
			feature = span->feature;
			if (groups != NULL)
			{
				groups_raw_values(groups, recipe, feature, blocks, nrows, used, grouped);
				memcpy(values, grouped, sizeof(double) * (n = groups->n));
			}
			else
				n = recipe_raw_values(recipe, feature, blocks, nrows, used, values);
			if (round->of == QUANTILES_TRANSFORMED)
				recipe_transform_values(&recipe->features[feature], values, n);
			complete = recipe->features[feature].complete || round->of == QUANTILES_TRANSFORMED;
			if (!complete)
				n = present_values(values, n);
		}
		if (span->cluster < 0)
			visit(round, state, i, values, n);
		else
		{
			int start = groups->starts[span->cluster];
			int count = groups->starts[span->cluster + 1] - start;

			if (!complete)
			{
				memcpy(present, grouped + start, sizeof(double) * count);
				visit(round, state, i, present, present_values(present, count));
			}
			else
				visit(round, state, i, grouped + start, count);
		}
	}
	if (groups != NULL)
		groups_free(groups);
	return nused;
}

static Size
histogram_state_size(const PassInput *input)
{
	const QuantileRound *round = input->extra;

	return sizeof(int64) * (round->buckets + 1) * round->nspans;
}

static void
histogram_init(const PassInput *input, void *state)
{
	memset(state, 0, histogram_state_size(input));
}

/* the counts of span i, and behind them that of the values below it */
static int64 *
span_counts(const QuantileRound *round, const void *state, int i)
{
	return (int64 *) state + (Size) i * (round->buckets + 1);
}

static void
count_values(const QuantileRound *round, void *state, int i, const double *values, int n)
{
	const ValueSpan *span = &round->spans[i];
	int64           *counts = span_counts(round, state, i);

	span_count(span, values, n, counts);
	if (span->guessed)
		counts[round->buckets] += count_below(values, n, span->lower);
}

static int
histogram_add(const PassInput *input, void *state, const double *blocks, int nrows,
			  int32 *labels)
{
	return visit_values(input, state, blocks, nrows, labels, count_values);
}

static void
histogram_merge(const PassInput *input, void *state, const void *other)
{
	Size i;

	for (i = 0; i < histogram_state_size(input) / sizeof(int64); i++)
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
	double above; /* the least value above it */
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
	int                  i;

	for (i = 0; i < round->nspans; i++)
		((Gathered *) state)[i] = (Gathered){.lowest = get_float8_infinity(),
											 .highest = -get_float8_infinity(),
											 .above = get_float8_infinity()};
}

static void
gather_values(const QuantileRound *round, void *state, int i, const double *values, int n)
{
	const ValueSpan *span = &round->spans[i];
	Gathered        *gathered = (Gathered *) state + i;
	int              inside = count_inside(values, n, span->lower, span->upper, &gathered->above);
	double           found[PASS_ROWS];
	int              v;

	if (inside == 0)
		return;
	for (v = inside = 0; v < n; v++)
	{
		found[inside] = values[v];
		inside += is_inside(span, values[v]);
	}
	for (v = 0; v < inside; v++)
	{
		gathered->lowest = Min(gathered->lowest, found[v]);
		gathered->highest = Max(gathered->highest, found[v]);
	}
	if (span->capacity == 0)
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
	return visit_values(input, state, blocks, nrows, labels, gather_values);
}

static void
gather_merge(const PassInput *input, void *state, const void *other)
{
	const QuantileRound *round = input->extra;
	int                  i;

	for (i = 0; i < round->nspans; i++)
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

/* ----------------------------------------------------------------
 *		Quantiles
 * ----------------------------------------------------------------
 */

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
		.inside = n,
		.n = n,
		.min = min,
		.max = max};
}

/* values of a histogram of some values below which it is no base for a guess */
#define LEAST_GUESSED 1024

/* standard deviations that a rank among some values may be off */
#define GUESS_DEVIATIONS 8

void
quantile_guess(Quantile *quantile, const ValueSpan *span, const int64 *counts)
{
	int64  total = 0;
	int64  below = 0;
	double place;
	double margin;
	int    first = -1; /* as near to the least value as it is */
	int    last = 0;
	int    bucket;

	for (bucket = 0; bucket < span->buckets; bucket++)
		total += counts[bucket];
	if (total < LEAST_GUESSED)
		return;
	place = (double) total * ((double) quantile->rank / (double) quantile->n);
	margin = GUESS_DEVIATIONS * sqrt((double) total) / 2;
	quantile->guessed = quantile->wide = true;
	for (bucket = 0; bucket < span->buckets; bucket++)
	{
		if (below <= place - margin)
			first = bucket;
		if (below <= place + margin)
			last = bucket;
		below += counts[bucket];
	}
	if (first >= 0)
		quantile->lower = double_of_ordered_bits(bucket_start(span, first));
	quantile->upper = double_of_ordered_bits(bucket_start(span, last + 1) - 1);
}

/*
 * Does the count of all values prove the guess?  If not, all are looked at.
 */
static bool
guess_proved(Quantile *quantile, const ValueSpan *span, const int64 *counts)
{
	int64 inside = 0;
	int   bucket;

	for (bucket = 0; bucket < span->buckets; bucket++)
		inside += counts[bucket];
	quantile->guessed = false;
	quantile->below = counts[span->buckets];
	if (quantile->below <= quantile->rank && quantile->rank < quantile->below + inside)
		return true;
	quantile->below = 0;
	quantile->lower = quantile->min;
	quantile->upper = quantile->max;
	return false;
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

static bool
same_span(const ValueSpan *span, const Quantile *quantile)
{
	return span->feature == quantile->feature && span->cluster == quantile->cluster &&
		   span->lower == quantile->lower && span->upper == quantile->upper;
}

/*
 * The spans of the quantiles that are not yet found, only of wide ones if so
 * wanted.  Quantiles with the same span share it; which[i] is that of quantile
 * i, or -1.
 */
static QuantileRound *
make_round(QuantileValues of, const Quantile *quantiles, int n, bool only_wide, int *which)
{
	QuantileRound *round = palloc0(offsetof(QuantileRound, spans) + sizeof(ValueSpan) * n);
	int            i;

	round->of = of;
	round->buckets = span_buckets(n);
	for (i = 0; i < n; i++)
	{
		const Quantile *quantile = &quantiles[i];
		ValueSpan      *next = &round->spans[round->nspans];

		which[i] = -1;
		if (quantile->found || (only_wide && !quantile->wide))
			continue;
		round->clusters |= quantile->cluster >= 0;
		if (round->nspans == 0 || !same_span(next - 1, quantile))
		{
			*next = quantile->narrowed
						? span_by_order(quantile->lower, quantile->upper, round->buckets)
						: span_make(quantile->lower, quantile->upper, round->buckets);
			next->feature = quantile->feature;
			next->cluster = quantile->cluster;
			next->inside = quantile->inside;
			next->guessed = quantile->guessed;
			round->nspans++;
		}
		which[i] = round->nspans - 1;
	}
	return round;
}

/*
 * Decides which spans are gathered: all that have so few values that all of
 * these together are not too many.
 */
static void
plan_gathering(QuantileRound *round)
{
	int64 few = GATHERED;
	int64 total;
	int   i;

	do
	{
		total = 0;
		for (i = 0; i < round->nspans; i++)
		{
			ValueSpan *span = &round->spans[i];

			span->first = total;
			span->capacity = span->inside <= few && span->lower < span->upper ? span->inside : 0;
			total += span->capacity;
		}
		few /= 2;
	} while (total > GATHERED);
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
 * Finds a quantile by what was gathered in its span, or else narrows it.
 */
static void
settle(Quantile *quantile, const ValueSpan *span, const Gathered *gathered, const double *values)
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

	value = equal ? quantile->lower : values[at];
	if (quantile->proportion == 0)
		next = value;
	else if (at + 1 >= quantile->inside)
		next = gathered->above;
	else
		next = equal ? value : values[at + 1];
	quantile->value = quantile_interpolate(value, next, quantile->proportion);
}

static void
narrow_round(const RowSource *source, const PassInput *input, QuantileValues of,
			 Quantile *quantiles, int n, int *which, Share labels)
{
	QuantileRound *round = make_round(of, quantiles, n, true, which);
	int64         *counts;
	int            i;

	if (round->nspans > 0)
	{
		counts = run_round(source, input, &histogram_pass, round, labels);
		for (i = 0; i < n; i++)
		{
			const ValueSpan *span = &round->spans[Max(which[i], 0)];
			const int64     *found = span_counts(round, counts, Max(which[i], 0));

			if (which[i] >= 0 && (!quantiles[i].guessed || guess_proved(&quantiles[i], span, found)))
				quantile_narrow(&quantiles[i], span, found);
		}
		pfree(counts);
	}
	pfree(round);
}

/*
 * Returns true when all quantiles are found.
 */
static bool
gather_round(const RowSource *source, const PassInput *input, QuantileValues of,
			 Quantile *quantiles, int n, int *which, Share labels)
{
	QuantileRound *round = make_round(of, quantiles, n, false, which);
	bool           done = true;
	Gathered      *gathered;
	int            i;

	if (round->nspans > 0)
	{
		plan_gathering(round);
		gathered = run_round(source, input, &gather_pass, round, labels);
		for (i = 0; i < round->nspans; i++)
			sort_float8(gathered_values(round, gathered, i), gathered[i].n);
		for (i = 0; i < n; i++)
			if (which[i] >= 0)
			{
				settle(&quantiles[i], &round->spans[which[i]], &gathered[which[i]],
					   gathered_values(round, gathered, which[i]));
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
	int *which = palloc(sizeof(int) * Max(n, 1));

	do
		narrow_round(source, input, of, quantiles, n, which, labels);
	while (!gather_round(source, input, of, quantiles, n, which, labels));
	pfree(which);
}
