/*
 * Short rules that say which rows are of a class.
 *
 * A beam search as in CN2 (P. Clark and T. Niblett, The CN2 Induction Algorithm,
 * Machine Learning 3, 1989): the best rules of one condition get a second one,
 * the best of these a third.  Rules are looked for one class at a time, of all
 * rows, as in subgroup discovery (N. Lavrac et al., Subgroup Discovery with
 * CN2-SD, JMLR 5, 2004), and compared by F1, the harmonic mean of the share of
 * the class that they find and the share of what they find that is of it (C. J.
 * van Rijsbergen, 1979).  At last each condition is looked for once more
 * beside the others.
 *
 * A column of numbers is cut at round numbers near the quantiles of all rows and
 * of each class.  The rows' values become the numbers of the bins between cuts,
 * so that one pass counts what every condition on a column would match.
 *
 * Everything is counted, and ties go to what came first: the same rows give the
 * same rules, in whatever order they are.
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "miscadmin.h"

#include "compat.h"
#include "explore/rule_search.h"
#include "number/order.h"

#define BEAM 8            /* rules that go on */
#define QUANTILES 32      /* of all rows, where to cut */
#define MOST_CUTS 1000    /* of an axis */
#define MOST_CODES 4096   /* of an axis */
#define MOST_CLASSES 5000 /* whose own quantiles are cut at */
#define FEW_VALUES 64     /* up to here each distinct value is cut off */
#define SPIKE 20          /* so is one that a 20th of the rows have, or one behind a 20th of the range */
#define WORTH 0.01        /* what another condition has to add to F1 */
#define MOST_ROUNDS 5     /* of looking for conditions again */
#define BIN_MISSING 0

/* The bins of an axis: 0 missing; then those between cuts; or a bin a code and one for other categories. */
typedef struct AxisBins
{
	RuleAxis axis;
	int      nbins;
	int      ncuts; /* or codes */
	double  *cuts;  /* ascending */
	double  *room;  /* between the values beside each cut */
	uint16  *bins;  /* of each row */
} AxisBins;

struct RuleTable
{
	int          nrows;
	int          naxes;
	AxisBins    *axes;
	const int32 *classes;

	/* of a search */
	int32  wanted;
	int   *matched;
	bool  *hit;     /* each of these: whether it is of the class */
	int64 *hits_of; /* a bin */
	int64 *rows_of;
	int   *order; /* of bins */
};

/* ---- Where to cut ---- */

/* count * 10^exponent, the double nearest to it */
static double
decimal(double count, int exponent)
{
	char text[64];

	snprintf(text, sizeof(text), "%.0fe%d", count, exponent);
	return strtod(text, NULL);
}

/*
 * The number of the fewest digits above low and not above high, the middle one
 * of those; high if there is none.
 */
static double
roundest(double low, double high)
{
	double size = Max(fabs(low), fabs(high));
	int    last = isfinite(size) ? (int) ceil(log10(size)) : 0;

	for (int exponent = last; isfinite(size) && exponent > last - DBL_DIG; exponent--)
	{
		double step = decimal(1, exponent);
		double middle = decimal(rint((low / 2 + high / 2) / step), exponent);
		double greatest = decimal(floor(high / step), exponent);

		if (middle > low && middle <= high)
			return middle;
		if (greatest > low && greatest <= high)
			return greatest;
	}
	return high;
}

/*
 * A value of as many digits as it takes to tell it from others: a tenth of the
 * axis' spread, or of how far it is from the middle, counts as the same.
 */
static double
rounded(double value, double middle, double spread)
{
	double apart = Max(spread, fabs(value / 2 - middle / 2) * 2) / 10;
	int    exponent;
	double count;

	if (!(apart > 0) || !isfinite(apart))
		return value;
	exponent = (int) floor(log10(apart));
	count = rint(value / decimal(1, exponent));
	return fabs(count) < 1e15 ? decimal(count, exponent) : value;
}

/* Cuts in the making. */
typedef struct Cuts
{
	int     n;
	double *cuts;
	double  least; /* of the values: a cut is above it, and not above the greatest */
	double  greatest;
	bool    whole;
} Cuts;

static void
cuts_add(Cuts *cuts, double cut)
{
	if (cuts->whole)
		cut = ceil(cut);
	if (isfinite(cut) && cut > cuts->least && cut <= cuts->greatest)
		cuts->cuts[cuts->n++] = cut == 0 ? 0 : cut; /* no -0 */
}

/* The value below which a share of n sorted ones is. */
static double
quantile(const double *sorted, int n, double share)
{
	return sorted[Min((int) (share * n), n - 1)];
}

/*
 * Finds the cuts of an axis of numbers: n sorted ones are not missing, and
 * nclasses runs of them, each of one class, are sorted in by_class.
 */
static void
find_cuts(AxisBins *axis, const double *sorted, int n, const double *by_class, const int *ends, int nclasses)
{
	static const double shares[] = {0.05, 0.1, 0.25, 0.75, 0.9, 0.95};

	Cuts   cuts = {.least = sorted[0], .greatest = sorted[n - 1], .whole = axis->axis.whole};
	double middle = quantile(sorted, n, 0.5);
	double spread = quantile(sorted, n, 0.75) - quantile(sorted, n, 0.25);
	int    ndistinct = 1;
	int    kept = 0;

	for (int i = 1; i < n; i++)
		ndistinct += sorted[i] != sorted[i - 1];
	if (!(spread > 0))
		spread = quantile(sorted, n, 0.95) - quantile(sorted, n, 0.05);
	if (!(spread > 0))
		spread = cuts.greatest / 2 - cuts.least / 2;

	if (nclasses > MOST_CLASSES)
		nclasses = 0;
	cuts.cuts = palloc(sizeof(double) * (FEW_VALUES + 3 * SPIKE + QUANTILES + lengthof(shares) * nclasses));
	for (int first = 0, before = 0, i = 1; i <= n; i++)
	{
		/* values from first to i are equal; before them are those from before */
		if (i < n && sorted[i] == sorted[first])
			continue;
		if (first > 0 && (ndistinct <= FEW_VALUES || i - first >= n / SPIKE + 1 || first - before >= n / SPIKE + 1 ||
						  (sorted[first] - sorted[before]) * SPIKE >= cuts.greatest - cuts.least))
			cuts_add(&cuts, roundest(sorted[before], sorted[first]));
		before = first;
		first = i;
	}
	if (ndistinct > FEW_VALUES)
	{
		for (int i = 1; i < QUANTILES; i++)
			cuts_add(&cuts, rounded(quantile(sorted, n, (double) i / QUANTILES), middle, spread));
		for (int c = 0; c < nclasses; c++)
		{
			int first = c > 0 ? ends[c - 1] : 0;

			if (ends[c] > first)
				for (int i = 0; i < (int) lengthof(shares); i++)
					cuts_add(&cuts, rounded(quantile(by_class + first, ends[c] - first, shares[i]), middle, spread));
		}
	}

	sort_float8(cuts.cuts, cuts.n);
	for (int i = 0; i < cuts.n; i++)
		if (kept == 0 || cuts.cuts[i] != cuts.cuts[kept - 1])
			cuts.cuts[kept++] = cuts.cuts[i];
	axis->cuts = cuts.cuts;
	axis->ncuts = Min(kept, MOST_CUTS);
	axis->room = palloc(sizeof(double) * Max(axis->ncuts, 1));
	for (int i = 0, above = 0; i < axis->ncuts; i++)
	{
		axis->cuts[i] = axis->cuts[(int64) i * kept / axis->ncuts];
		while (sorted[above] < axis->cuts[i])
			above++;
		axis->room[i] = sorted[above] - sorted[above - 1];
	}
}

/* How many cuts are not above a value? */
static int
cuts_below(const AxisBins *axis, double value)
{
	int low = 0;
	int high = axis->ncuts;

	while (low < high)
	{
		int middle = (low + high) / 2;

		if (axis->cuts[middle] <= value)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* ---- The table ---- */

/* The rows by their classes, and where each of these ends. */
typedef struct ByClass
{
	int  n;
	int *rows;
	int *ends;
} ByClass;

static int
compare_class(const void *a, const void *b, void *classes)
{
	int32 x = ((const int32 *) classes)[*(const int *) a];
	int32 y = ((const int32 *) classes)[*(const int *) b];

	return x < y ? -1 : x > y;
}

static ByClass
by_class(const int32 *classes, int nrows)
{
	ByClass result = {.rows = palloc(sizeof(int) * nrows), .ends = palloc(sizeof(int) * nrows)};

	for (int i = 0; i < nrows; i++)
		result.rows[i] = i;
	qsort_arg(result.rows, nrows, sizeof(int), compare_class, (void *) classes);
	for (int i = 1; i <= nrows; i++)
		if (i == nrows || classes[result.rows[i]] != classes[result.rows[i - 1]])
			result.ends[result.n++] = i;
	return result;
}

/*
 * The cuts of an axis whose values are of nrows rows, of which the first is
 * given, with naxes from each to the next.
 */
static void
axis_cut(AxisBins *axis, const double *values, int nrows, int naxes, const ByClass *classes)
{
	double *sorted = palloc(sizeof(double) * nrows);
	double *scratch = palloc(sizeof(double) * nrows);
	double *grouped = palloc(sizeof(double) * nrows);
	int    *ends = palloc(sizeof(int) * classes->n);
	int     n = 0;

	for (int c = 0, i = 0; c < classes->n; c++)
	{
		int first = n;

		for (; i < classes->ends[c]; i++)
		{
			double value = values[(Size) classes->rows[i] * naxes];

			if (!isnan(value))
				grouped[n++] = value;
		}
		sort_float8_with(grouped + first, sorted, n - first);
		ends[c] = n;
		CHECK_FOR_INTERRUPTS();
	}
	memcpy(sorted, grouped, sizeof(double) * n);
	sort_float8_with(sorted, scratch, n);
	if (n > 0)
		find_cuts(axis, sorted, n, grouped, ends, classes->n);
	pfree(sorted);
	pfree(scratch);
	pfree(grouped);
	pfree(ends);
}

/* How many codes there are, up to the greatest that counts? */
static int
count_codes(const double *values, int nrows, int naxes)
{
	int n = 0;

	for (int i = 0; i < nrows; i++)
	{
		double value = values[(Size) i * naxes];

		if (value >= 0 && value < MOST_CODES)
			n = Max(n, (int) value + 1);
	}
	return n;
}

RuleTable *
rule_table_create(const double *values, int nrows, int naxes, const RuleAxis *axes, const int32 *classes)
{
	RuleTable *table = palloc0(sizeof(RuleTable));
	ByClass    grouped = by_class(classes, nrows);
	int        most = 0;

	table->nrows = nrows;
	table->naxes = naxes;
	table->axes = palloc0(sizeof(AxisBins) * naxes);
	table->classes = classes;
	for (int a = 0; a < naxes; a++)
	{
		AxisBins *axis = &table->axes[a];

		CHECK_FOR_INTERRUPTS();
		axis->axis = axes[a];
		axis->bins = palloc(sizeof(uint16) * nrows);
		if (axis->axis.nominal)
			axis->ncuts = count_codes(values + a, nrows, naxes);
		else
			axis_cut(axis, values + a, nrows, naxes, &grouped);
		axis->nbins = axis->ncuts + 2;
		most = Max(most, axis->nbins);
		for (int i = 0; i < nrows; i++)
		{
			double value = values[(Size) i * naxes + a];

			if (isnan(value))
				axis->bins[i] = BIN_MISSING;
			else if (!axis->axis.nominal)
				axis->bins[i] = 1 + cuts_below(axis, value);
			else
				axis->bins[i] = 1 + (value >= 0 && value < MOST_CODES ? (int) value : axis->ncuts);
		}
	}
	table->matched = palloc(sizeof(int) * Max(nrows, 1));
	table->hit = palloc(sizeof(bool) * Max(nrows, 1));
	table->hits_of = palloc(sizeof(int64) * Max(most, 1));
	table->rows_of = palloc(sizeof(int64) * Max(most, 1));
	table->order = palloc(sizeof(int) * Max(most, 1));
	return table;
}

/* ---- Rules ---- */

/* Does a rule have a higher F1? */
static bool
rule_better(const Rule *a, const Rule *b)
{
	return a->hits * (b->wanted + b->matched) > b->hits * (a->wanted + a->matched);
}

static double
rule_f1(const Rule *rule)
{
	return 2.0 * rule->hits / (rule->wanted + rule->matched);
}

/*
 * Does a condition hold in a bin?  A cut is the lower bound of bin first.
 */
static inline bool
condition_holds(const RuleCondition *condition, int first, int bin)
{
	if (bin == BIN_MISSING || condition->test == RULE_MISSING)
		return bin == BIN_MISSING && condition->test == RULE_MISSING;
	switch (condition->test)
	{
		case RULE_AT_LEAST:
			return bin >= first;
		case RULE_BELOW:
			return bin < first;
		default:
			for (int i = 0; i < condition->ncodes; i++)
				if (bin == 1 + condition->codes[i])
					return true;
			return false;
	}
}

/*
 * Puts the rows that a rule matches into table->matched, and counts them.
 */
static void
rule_match(RuleTable *table, Rule *rule)
{
	int *matched = table->matched;
	int  n = table->nrows;

	for (int row = 0; row < n; row++)
		matched[row] = row;
	for (int c = 0; c < rule->nconditions; c++)
	{
		const RuleCondition *condition = &rule->conditions[c];
		const AxisBins      *axis = &table->axes[condition->axis];
		int                  first = axis->axis.nominal ? 0 : 1 + cuts_below(axis, condition->cut);
		int                  left = 0;

		for (int i = 0; i < n; i++)
		{
			int row = matched[i];

			matched[left] = row;
			left += condition_holds(condition, first, axis->bins[row]);
		}
		n = left;
	}
	rule->matched = n;
	rule->hits = 0;
	for (int i = 0; i < n; i++)
	{
		table->hit[i] = table->classes[matched[i]] == table->wanted;
		rule->hits += table->hit[i];
	}
}

/* The best rules so far, the best first; of those that match as many, the first that came. */
typedef struct Beam
{
	int  n;
	int  most;
	Rule rules[BEAM];
} Beam;

static void
beam_add(Beam *beam, const Rule *rule)
{
	int place = beam->n;

	if (rule->hits == 0)
		return;
	while (place > 0 && rule_better(rule, &beam->rules[place - 1]))
		place--;
	for (int i = 0; i < beam->n; i++)
		if (beam->rules[i].hits == rule->hits && beam->rules[i].matched == rule->matched)
			return;
	if (place == beam->most)
		return;
	beam->n = Min(beam->n + 1, beam->most);
	memmove(&beam->rules[place + 1], &beam->rules[place], sizeof(Rule) * (beam->n - 1 - place));
	beam->rules[place] = *rule;
}

/*
 * Offers a rule with one more condition to the beam, which matches so many of
 * its rows.  A test of the same kind on the same column says more: it takes the
 * place of the other.
 */
static void
offer(Beam *beam, const Rule *rule, const RuleCondition *condition, int64 hits, int64 matched)
{
	Rule longer = *rule;
	int  place = 0;

	/* it has to leave something out */
	if (matched == rule->matched)
		return;
	while (place < longer.nconditions &&
		   !(longer.conditions[place].axis == condition->axis && longer.conditions[place].test == condition->test))
		place++;
	if (place == RULE_CONDITIONS)
		return;
	longer.nconditions = Max(longer.nconditions, place + 1);
	longer.conditions[place] = *condition;
	longer.hits = hits;
	longer.matched = matched;
	beam_add(beam, &longer);
}

typedef struct ByPrecision
{
	const int64 *hits_of;
	const int64 *rows_of;
} ByPrecision;

static int
compare_precision(const void *a, const void *b, void *counts)
{
	const ByPrecision *of = counts;
	int                x = *(const int *) a;
	int                y = *(const int *) b;
	int64              left = of->hits_of[x] * of->rows_of[y];
	int64              right = of->hits_of[y] * of->rows_of[x];

	return left != right ? (left > right ? -1 : 1) : x - y;
}

/* Offers the categories that are most of the class, from one to RULE_VALUES of them. */
static void
extend_nominal(RuleTable *table, Beam *beam, const Rule *rule, int a)
{
	RuleCondition condition = {.axis = a, .test = RULE_AMONG};
	ByPrecision   counts = {table->hits_of, table->rows_of};
	int64         hits = 0;
	int64         matched = 0;
	int           n = 0;

	for (int bin = 1; bin <= table->axes[a].ncuts; bin++)
		if (table->hits_of[bin] > 0)
			table->order[n++] = bin;
	qsort_arg(table->order, n, sizeof(int), compare_precision, &counts);
	for (int i = 0; i < Min(n, RULE_VALUES); i++)
	{
		condition.codes[condition.ncodes++] = table->order[i] - 1;
		hits += table->hits_of[table->order[i]];
		matched += table->rows_of[table->order[i]];
		offer(beam, rule, &condition, hits, matched);
	}
}

static void
extend_ordered(RuleTable *table, Beam *beam, const Rule *rule, int a)
{
	const AxisBins *axis = &table->axes[a];
	int64           all_hits = rule->hits - table->hits_of[BIN_MISSING];
	int64           all_rows = rule->matched - table->rows_of[BIN_MISSING];
	int64           hits = 0;
	int64           matched = 0;
	int             best = 0;

	for (int cut = 0; cut < axis->ncuts; cut++)
	{
		RuleCondition condition = {.axis = a, .test = RULE_AT_LEAST};

		hits += table->hits_of[cut + 1];
		matched += table->rows_of[cut + 1];
		/* of cuts with no row between them, that with the most room */
		if (table->rows_of[cut + 1] > 0 || axis->room[cut] > axis->room[best])
			best = cut;
		if (cut + 1 < axis->ncuts && table->rows_of[cut + 2] == 0)
			continue;
		condition.cut = axis->cuts[best];
		condition.room = axis->room[best];
		offer(beam, rule, &condition, all_hits - hits, all_rows - matched);
		condition.test = RULE_BELOW;
		offer(beam, rule, &condition, hits, matched);
	}
}

/*
 * Offers each rule that has one condition more than this one.
 */
static void
rule_extend(RuleTable *table, Beam *beam, Rule *rule)
{
	rule_match(table, rule);
	for (int a = 0; a < table->naxes; a++)
	{
		const AxisBins *axis = &table->axes[a];
		const uint16   *bins = axis->bins;
		const int      *matched = table->matched;
		const bool     *hit = table->hit;
		int64          *rows_of = table->rows_of;
		int64          *hits_of = table->hits_of;
		RuleCondition   missing = {.axis = a, .test = RULE_MISSING};

		CHECK_FOR_INTERRUPTS();
		memset(hits_of, 0, sizeof(int64) * axis->nbins);
		memset(rows_of, 0, sizeof(int64) * axis->nbins);
		for (int64 i = 0; i < rule->matched; i++)
		{
			int bin = bins[matched[i]];

			rows_of[bin]++;
			hits_of[bin] += hit[i];
		}
		if (axis->axis.nominal)
			extend_nominal(table, beam, rule, a);
		else
			extend_ordered(table, beam, rule, a);
		offer(beam, rule, &missing, table->hits_of[BIN_MISSING], table->rows_of[BIN_MISSING]);
	}
}

static Rule
rule_without(const Rule *rule, int condition)
{
	Rule shorter = *rule;

	shorter.nconditions--;
	memmove(&shorter.conditions[condition], &shorter.conditions[condition + 1],
			sizeof(RuleCondition) * (shorter.nconditions - condition));
	return shorter;
}

/* Does a rule, which has another last condition than c, match as many by a cut that has more room? */
static bool
rule_roomier(const Rule *rule, const Rule *before, int c)
{
	const RuleCondition *last = &rule->conditions[rule->nconditions - 1];
	const RuleCondition *old = &before->conditions[c];

	return rule->nconditions == before->nconditions && rule->hits == before->hits && rule->matched == before->matched &&
		   last->axis == old->axis && last->test == old->test && last->room > old->room;
}

/*
 * Looks for a better condition in the place of each, and leaves out what adds
 * next to nothing; true if the rule has changed.
 */
static bool
rule_refine(RuleTable *table, Rule *rule)
{
	for (int c = 0; c < rule->nconditions; c++)
	{
		Beam beam = {.most = 1};
		Rule shorter = rule_without(rule, c);

		rule_extend(table, &beam, &shorter);
		if (rule->nconditions > 1 && rule_f1(&shorter) + WORTH > rule_f1(rule))
			*rule = shorter;
		else if (beam.n > 0 && (rule_better(&beam.rules[0], rule) || rule_roomier(&beam.rules[0], rule, c)))
			*rule = beam.rules[0];
		else
			continue;
		return true;
	}
	return false;
}

/*
 * A rule for the rows of a class: of no condition where all are of it, or no
 * condition can be found; hits is 0 where no row is.
 */
Rule
rule_search(RuleTable *table, int32 wanted)
{
	Rule best = {0};
	Beam beam = {.n = 1, .most = BEAM};

	table->wanted = wanted;
	rule_match(table, &best);
	best.wanted = best.hits;
	if (best.hits == 0 || best.hits == best.matched)
		return best;
	beam.rules[0] = best;
	for (int depth = 1; depth <= RULE_CONDITIONS && beam.n > 0; depth++)
	{
		Beam next = {.most = BEAM};

		for (int i = 0; i < beam.n; i++)
			rule_extend(table, &next, &beam.rules[i]);
		if (next.n > 0 && (best.nconditions == 0 || rule_f1(&next.rules[0]) > rule_f1(&best) + WORTH))
			best = next.rules[0];
		beam = next;
	}
	for (int round = 0; round < MOST_ROUNDS && rule_refine(table, &best); round++)
		;
	return best;
}
