/*
 * Which segment of the run before a cluster is.
 *
 * Transitions are those of MONIC (M. Spiliopoulou, I. Ntoutsi, Y. Theodoridis,
 * R. Schult: MONIC - Modeling and Monitoring Cluster Transitions, KDD 2006): a
 * segment survives in a cluster that has most of its rows, and whose rows are
 * mostly its own.  A segment is its people, so rows are told by their keys where
 * both runs have them.  Where they have few in common, or there is no key, an old
 * segment's rows are those that the old model takes for such today; where it
 * cannot be asked either, only centroids are left.
 *
 * Everything is decided by counts and by distances of centroids, with ties by
 * number, so that it depends on no order of rows.
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/float.h"

#include "cluster/identity.h"

/* rows that both runs have are evidence if they are so many of the old ones */
#define LEAST_KNOWN 0.2

/*
 * An old segment of whose share of the rows not so much is left has vanished,
 * wherever the rest went.
 */
#define LEAST_LEFT 0.25

/* a centroid moves by less than this share of the distance to any other, old or new */
#define MOST_MOVED 0.5

/* those who come to a segment or leave it beyond what is usual say nothing of what it is, if they are fewer than such a share */
#define LEAST_EVENT 0.1

/* and its cluster has not become wider by more than this factor, by rows of another kind */
#define MOST_WIDENED 1.25

typedef struct Decision
{
	const Evidence *evidence;
	double          survival;
	double          split;
	const int64    *rows; /* what an old segment's rows are: known or alike; NULL: nobody knows */
	int64          *old_totals;
	int64          *totals; /* of a cluster's rows in rows */
	int64           total;
	double          usual; /* see usual_share() */
	double          kept;  /* see usual_largest() */
	double          alone;
	int            *survivors; /* the cluster of each old segment, or -1 */
	Identity        identity;
} Decision;

static int64
count(const Evidence *evidence, const int64 *rows, int from, int to)
{
	return rows[(Size) from * (evidence->k + 1) + to];
}

/*
 * Two clusters cannot both have more than half of a segment; a part is less than
 * what survives.
 */
void
identity_check_threshold(const char *name, double share)
{
	bool survival = strcmp(name, "survival") == 0;

	if (!(survival ? share >= 0.5 && share <= 1 : share > 0 && share <= 0.5))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"%s\" must be %s", name, survival ? "from 0.5 to 1" : "above 0, at most 0.5"),
				 errhint("It is a share of the rows of an old segment.")));
}

const char *
transition_name(TransitionKind kind)
{
	static const char *const names[] = {"survived", "absorbed", "split", "vanished", "born"};

	return names[kind];
}

/* ---- What there is to judge by ---- */

static void
sum_rows(Decision *decision)
{
	const Evidence *evidence = decision->evidence;

	decision->old_totals = palloc0(sizeof(int64) * (evidence->nold + 1));
	decision->totals = palloc0(sizeof(int64) * (evidence->k + 1));
	decision->total = 0;
	for (int i = 0; i <= evidence->nold; i++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int j = 0; j <= evidence->k; j++)
		{
			int64 n = count(evidence, decision->rows, i, j);

			decision->old_totals[i] += n;
			decision->totals[j] += n;
			decision->total += n;
		}
	}
}

static int64
old_total(const Evidence *evidence)
{
	int64 total = 0;

	for (int i = 0; i < evidence->nold; i++)
		total += evidence->old_rows[i];
	return total;
}

/*
 * Keys, if they say enough; else the old model.
 */
static void
choose_rows(Decision *decision)
{
	const Evidence *evidence = decision->evidence;

	if (evidence->known != NULL)
	{
		decision->rows = evidence->known;
		sum_rows(decision);
		if (decision->total > 0 && decision->total >= LEAST_KNOWN * old_total(evidence))
			return;
	}
	decision->rows = evidence->alike;
	if (decision->rows != NULL)
		sum_rows(decision);
}

/* ---- Survival ---- */

static bool
is_most(int64 part, int64 whole)
{
	return part > whole - part;
}

/*
 * Is so large a share of an old segment's rows in a cluster?
 */
static bool
holds(const Decision *decision, int from, int to, double share)
{
	int64 n = count(decision->evidence, decision->rows, from, to);

	return n > 0 && n >= share * decision->old_totals[from];
}

/*
 * The centroid of an old segment is still where it was, and those of today's rows
 * that are nearest to it are those of the cluster.
 */
static bool
stays(const Decision *decision, int from, int to)
{
	const Evidence *evidence = decision->evidence;
	int64           nearest = 0;

	if (evidence->heirs == NULL || evidence->heirs[from] != to)
		return false;
	if (evidence->nearest == NULL)
		return true;
	for (int j = 0; j <= evidence->k; j++)
		nearest += count(evidence, evidence->nearest, from, j);
	return count(evidence, evidence->nearest, from, to) >= decision->survival * nearest &&
		   is_most(count(evidence, evidence->nearest, from, to), evidence->rows[to]);
}

static int
compare_shares(const void *a, const void *b)
{
	double x = *(const double *) a;
	double y = *(const double *) b;

	return (x > y) - (x < y);
}

/*
 * The share of its rows that the median segment still has.
 */
static double
usual_share(const Decision *decision)
{
	const Evidence *evidence = decision->evidence;
	double         *shares = palloc(sizeof(double) * (evidence->nold + 1));
	double          median;

	for (int i = 0; i < evidence->nold; i++)
		shares[i] = (double) decision->old_totals[i] / Max(evidence->old_rows[i], 1);
	qsort(shares, evidence->nold, sizeof(double), compare_shares);
	median = evidence->nold > 0 ? Min(shares[evidence->nold / 2], 1) : 0;
	pfree(shares);
	return median;
}

/*
 * Most of an old segment are gone, more than usual, and those who stay are elsewhere: it
 * was of two kinds, of which the one that it was named for may have left.
 */
static bool
rest_is_other(const Decision *decision, int from, int to)
{
	const Evidence *evidence = decision->evidence;

	return evidence->heirs != NULL && evidence->heirs[from] != to &&
		   count(evidence, evidence->known, from, to) < decision->survival * decision->usual * evidence->old_rows[from];
}

/*
 * The share of its rows that the median old segment has in one cluster, or that the
 * median cluster has from one old segment.
 */
static double
usual_largest(const Decision *decision, bool of_clusters)
{
	const Evidence *evidence = decision->evidence;
	int             n = of_clusters ? evidence->k : evidence->nold;
	int             nothers = of_clusters ? evidence->nold : evidence->k;
	double         *shares = palloc(sizeof(double) * (n + 1));
	double          median;

	for (int i = 0; i < n; i++)
	{
		int64 largest = 0;

		CHECK_FOR_INTERRUPTS();
		for (int j = 0; j < nothers; j++)
			largest = Max(largest, of_clusters ? count(evidence, decision->rows, j, i) : count(evidence, decision->rows, i, j));
		shares[i] = (double) largest / Max(of_clusters ? evidence->rows[i] : evidence->old_rows[i], 1);
	}
	qsort(shares, n, sizeof(double), compare_shares);
	median = n > 0 ? Min(shares[n / 2], 1) : 0;
	pfree(shares);
	return median;
}

/*
 * The share of a cluster's rows that are those of the beginning of an old segment, and
 * their like.  By small steps a segment may become another one, each of which leaves
 * most of it as it was: so what was not its own before stays with it, where rows
 * leave, and whoever comes is added, new customers too.  Everyday coming and going
 * leaves it as it was.
 */
static double
own_share(const Decision *decision, int from, int to)
{
	const Evidence *evidence = decision->evidence;
	double          before = evidence->own == NULL ? 1 : evidence->own[from];
	double          n = (double) count(evidence, decision->rows, from, to);
	double          expected = decision->kept * evidence->old_rows[from];
	double          now = decision->alone * evidence->rows[to];
	double          own = before * n;

	if (decision->rows != evidence->known || n <= 0)
		return before;
	if (expected - n >= LEAST_EVENT * expected)
		own = Max(n - (1 - before) * expected, 0);
	return now - n >= LEAST_EVENT * now ? own / now : own / n;
}

/*
 * Among the rows of a cluster that are known, those of the old segment are most;
 * and so they are among all, counting either the known or the similar: a cluster
 * may have won people, but not more strangers than it has of its own.  Nor has it
 * become another one since its beginning.
 */
static bool
survives(const Decision *decision, int from, int to)
{
	const Evidence *evidence = decision->evidence;
	int64           n;

	if (decision->rows == NULL || decision->rows == evidence->alike)
	{
		if (stays(decision, from, to))
			return true;
		return decision->rows != NULL && holds(decision, from, to, decision->survival) &&
			   is_most(count(evidence, evidence->alike, from, to), evidence->rows[to]);
	}
	n = count(evidence, evidence->known, from, to);
	if (!holds(decision, from, to, decision->survival) || !is_most(n, decision->totals[to]) || rest_is_other(decision, from, to) ||
		own_share(decision, from, to) <= 0.5)
		return false;
	if (evidence->alike != NULL)
		n = Max(n, count(evidence, evidence->alike, from, to));
	return is_most(n, evidence->rows[to]);
}

/*
 * At most one old segment has most of a cluster; of several clusters of one old
 * segment the one with most of its rows goes on, the first of equals.
 */
static void
find_survivors(Decision *decision)
{
	const Evidence *evidence = decision->evidence;
	int            *continues = decision->identity.continues;

	for (int i = 0; i < evidence->nold; i++)
	{
		int best = -1;

		CHECK_FOR_INTERRUPTS();
		for (int j = 0; j < evidence->k; j++)
			if (continues[j] < 0 && survives(decision, i, j) &&
				(best < 0 || (decision->rows != NULL && count(evidence, decision->rows, i, j) > count(evidence, decision->rows, i, best))))
				best = j;
		decision->survivors[i] = best;
		if (best >= 0)
			continues[best] = i;
	}
}

bool
identity_is_known(const Evidence *evidence, double survival)
{
	Decision decision = {.evidence = evidence, .survival = survival};

	if (evidence->known == NULL)
		return false;
	choose_rows(&decision);
	if (decision.rows != evidence->known)
		return false;
	for (int i = 0; i < evidence->nold; i++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int j = 0; j < evidence->k; j++)
		{
			int64 n = count(evidence, evidence->known, i, j);

			if (holds(&decision, i, j, survival) && is_most(n, decision.totals[j]) && !is_most(n, evidence->rows[j]))
				return false;
		}
	}
	return true;
}

/* ---- The story ---- */

static void
tell(Decision *decision, int from, int to, TransitionKind kind, int64 rows, int64 of)
{
	Identity *identity = &decision->identity;

	identity->transitions[identity->ntransitions++] = (Transition){
		.from = from,
		.to = to,
		.kind = kind,
		.rows = rows,
		.overlap = of > 0 ? (double) rows / of : get_float8_nan()};
}

/*
 * The cluster with most of an old segment's rows, the first of equals; -1: none
 * has any.
 */
static int
largest_part(const Decision *decision, int from)
{
	const Evidence *evidence = decision->evidence;
	int             best = -1;

	for (int j = 0; j < evidence->k && decision->rows != NULL; j++)
		if (count(evidence, decision->rows, from, j) > (best < 0 ? 0 : count(evidence, decision->rows, from, best)))
			best = j;
	return best;
}

/*
 * Of an old segment with a tenth of all rows, at least a fortieth are left.
 */
static bool
is_left(const Decision *decision, int from)
{
	const Evidence *evidence = decision->evidence;
	double          before = (double) evidence->old_rows[from] / Max(old_total(evidence), 1);

	return (double) decision->old_totals[from] / Max(decision->total, 1) >= LEAST_LEFT * before;
}

/*
 * The clusters that are parts of an old segment.  Beside one that has most of its
 * rows, only those that are mostly its own and go on as nobody else.
 */
static int
find_parts(const Decision *decision, int from, bool beside, int *parts, int64 *rows)
{
	const Evidence *evidence = decision->evidence;
	int             n = 0;

	*rows = 0;
	for (int j = 0; j < evidence->k && decision->rows != NULL; j++)
	{
		int64 part = count(evidence, decision->rows, from, j);

		if (!holds(decision, from, j, decision->split))
			continue;
		if (beside && (decision->identity.continues[j] >= 0 || !is_most(part, evidence->rows[j])))
			continue;
		parts[n++] = j;
		*rows += part;
	}
	return n;
}

/*
 * Rows that have all moved, so that none is where it was, are told by where the
 * nearest of today's are.
 */
static void
tell_survivor(Decision *decision, int from, int to)
{
	const Evidence *evidence = decision->evidence;
	const int64    *rows = decision->rows;
	int64           total = 0;

	if (rows != evidence->known && !(rows != NULL && holds(decision, from, to, decision->survival)))
		rows = evidence->nearest;
	for (int j = 0; j <= evidence->k && rows != NULL; j++)
		total += count(evidence, rows, from, j);
	tell(decision, from, to, TRANSITION_SURVIVED, rows != NULL ? count(evidence, rows, from, to) : 0, total);
	decision->identity.transitions[decision->identity.ntransitions - 1].own =
		decision->identity.by_keys ? own_share(decision, from, to) : evidence->own != NULL ? evidence->own[from]
																						   : 1;
}

static void
tell_old(Decision *decision, int from, int *parts)
{
	const Evidence *evidence = decision->evidence;
	int64           total = decision->rows != NULL ? decision->old_totals[from] : 0;
	int             survivor = decision->survivors[from];
	int             largest = largest_part(decision, from);
	bool            left = decision->rows != NULL && is_left(decision, from);
	int64           together;
	int             n;

	if (survivor >= 0)
		tell_survivor(decision, from, survivor);
	else if (largest >= 0 && left && holds(decision, from, largest, decision->survival))
		tell(decision, from, largest, TRANSITION_ABSORBED, count(evidence, decision->rows, from, largest), total);
	else
	{
		n = left ? find_parts(decision, from, false, parts, &together) : 0;
		if (n < 2 || together < decision->survival * total)
		{
			tell(decision, from, -1, TRANSITION_VANISHED,
				 largest >= 0 ? count(evidence, decision->rows, from, largest) : 0,
				 decision->rows != NULL ? Max(evidence->old_rows[from], total) : 0);
			return;
		}
		for (int p = 0; p < n; p++)
			tell(decision, from, parts[p], TRANSITION_SPLIT, count(evidence, decision->rows, from, parts[p]), total);
		return;
	}
	n = find_parts(decision, from, true, parts, &together);
	for (int p = 0; p < n; p++)
		if (parts[p] != survivor && parts[p] != largest)
			tell(decision, from, parts[p], TRANSITION_SPLIT, count(evidence, decision->rows, from, parts[p]), total);
}

/*
 * A cluster that goes on as no old segment, and is no part of one, is new.
 */
static void
tell_new(Decision *decision)
{
	const Evidence *evidence = decision->evidence;
	bool           *told = palloc0(sizeof(bool) * evidence->k);

	for (int t = 0; t < decision->identity.ntransitions; t++)
	{
		const Transition *transition = &decision->identity.transitions[t];

		if (transition->to >= 0 && transition->kind != TRANSITION_ABSORBED)
			told[transition->to] = true;
	}
	for (int j = 0; j < evidence->k; j++)
	{
		int64 most = 0;

		if (told[j])
			continue;
		for (int i = 0; i < evidence->nold && decision->rows != NULL; i++)
			most = Max(most, count(evidence, decision->rows, i, j));
		tell(decision, -1, j, TRANSITION_BORN, most, decision->rows != NULL ? evidence->rows[j] : 0);
		decision->identity.transitions[decision->identity.ntransitions - 1].rows = evidence->rows[j];
	}
	pfree(told);
}

/*
 * What became of each old segment, and where each cluster comes from.
 *
 *	survived   at least survival of the old segment's rows are in the cluster,
 *			   whose rows are mostly its own; only such a cluster keeps the number
 *	absorbed   so many are in a cluster that is mostly others
 *	split	   several clusters each have at least split of them, and at least
 *			   survival together; also a part beside the cluster in which it
 *			   survived or that absorbed it, if that part is mostly its own
 *	vanished   none of these
 *	born	   a cluster that goes on as none and is no part of one
 *
 * overlap is a share of the old segment's rows (those that are known, or that the
 * old model takes for such today); of a vanished one the largest that one cluster
 * has of all that there were; of a born one the largest that one old segment has
 * of its rows.
 */
Identity
identity_decide(const Evidence *evidence, double survival, double split)
{
	Decision decision = {.evidence = evidence, .survival = survival, .split = split};
	int     *parts = palloc(sizeof(int) * Max(evidence->k, 1));
	Size     most;

	/* parts are at least split of a segment */
	most = (Size) evidence->k + (Size) evidence->nold * (Size) Min(1 / split + 2, (double) evidence->k + 1);
	decision.survivors = palloc(sizeof(int) * Max(evidence->nold, 1));
	decision.identity.continues = palloc(sizeof(int) * Max(evidence->k, 1));
	decision.identity.transitions = palloc_extended(sizeof(Transition) * Max(most, 1), MCXT_ALLOC_HUGE);
	for (int j = 0; j < evidence->k; j++)
		decision.identity.continues[j] = -1;
	choose_rows(&decision);
	decision.identity.by_keys = decision.rows != NULL && decision.rows == evidence->known;
	decision.usual = decision.identity.by_keys ? usual_share(&decision) : 0;
	decision.kept = decision.identity.by_keys ? usual_largest(&decision, false) : 0;
	decision.alone = decision.identity.by_keys ? usual_largest(&decision, true) : 0;
	find_survivors(&decision);
	for (int i = 0; i < evidence->nold; i++)
	{
		CHECK_FOR_INTERRUPTS();
		tell_old(&decision, i, parts);
	}
	tell_new(&decision);
	pfree(parts);
	return decision.identity;
}

/* ---- Centroids ---- */

/*
 * For each of n points the nearest of others, the first of equals, and its
 * squared distance; of the points themselves, another one, if others is NULL.
 */
static void
nearest_points(int nfeatures, const double *points, int n, const double *others, int nothers, int *nearest, double *squared)
{
	for (int i = 0; i < n; i++)
	{
		nearest[i] = -1;
		squared[i] = get_float8_infinity();
		for (int j = 0; j < (others == NULL ? n : nothers); j++)
		{
			double d2;

			if ((j & 255) == 0)
				CHECK_FOR_INTERRUPTS();
			if (others == NULL && j == i)
				continue;
			d2 = centroid_distance(nfeatures, points, i, others == NULL ? points : others, j);
			if (d2 < squared[i])
			{
				squared[i] = d2;
				nearest[i] = j;
			}
		}
	}
}

int32 *
identity_heirs(const Clustering *clustering, const double *old_centroids, const double *spreads, int nold)
{
	int     k = clustering->k;
	int     most = Max(k, nold);
	int32  *heirs = palloc(sizeof(int32) * Max(nold, 1));
	int    *to = palloc(sizeof(int) * most);
	int    *from = palloc(sizeof(int) * most);
	int    *other = palloc(sizeof(int) * most);
	double *moved = palloc(sizeof(double) * most);
	double *unused = palloc(sizeof(double) * most);
	double *old_apart = palloc(sizeof(double) * most);
	double *apart = palloc(sizeof(double) * most);

	nearest_points(clustering->nfeatures, old_centroids, nold, clustering->centroids, k, to, moved);
	nearest_points(clustering->nfeatures, clustering->centroids, k, old_centroids, nold, from, unused);
	nearest_points(clustering->nfeatures, old_centroids, nold, NULL, 0, other, old_apart);
	nearest_points(clustering->nfeatures, clustering->centroids, k, NULL, 0, other, apart);
	for (int i = 0; i < nold; i++)
	{
		int j = to[i];

		heirs[i] = -1;
		if (j < 0 || from[j] != i)
			continue;
		if (moved[i] > 0 && moved[i] >= MOST_MOVED * MOST_MOVED * Min(old_apart[i], apart[j]))
			continue;
		if (spreads[i] > 0 && clustering->distance_avg[j] > MOST_WIDENED * spreads[i])
			continue;
		heirs[i] = j;
	}
	pfree(to);
	pfree(from);
	pfree(other);
	pfree(moved);
	pfree(unused);
	pfree(old_apart);
	pfree(apart);
	return heirs;
}

void
identity_number(Clustering *clustering, const int32 *ranks, const Evidence *evidence, const Identity *identity, int32 next)
{
	int  k = clustering->k;
	int *order = palloc(sizeof(int) * k);

	for (int i = 0; i < evidence->nold; i++)
		next = Max(next, evidence->old_numbers[i]);
	for (int j = 0; j < k; j++)
		order[ranks[j] - 1] = j;
	for (int n = 0; n < k; n++)
	{
		int from = identity->continues[order[n]];

		clustering->numbers[order[n]] = from >= 0 ? evidence->old_numbers[from] : ++next;
	}
	pfree(order);
}
