/*
 * Clusters of given sizes.
 *
 * Which rows go where at the least sum of squared distances is a transportation
 * problem (P. S. Bradley, K. P. Bennett and A. Demiriz, "Constrained k-means
 * clustering", 2000).  Its dual prices are the offsets of a power diagram: each
 * row is in the cluster of the least squared distance less the offset (F.
 * Aurenhammer, F. Hoffmann and B. Aronov, "Minkowski-type theorems and
 * least-squares clustering", 1998; S. Borgwardt, A. Brieden and P. Gritzmann,
 * "An LP-based k-means algorithm for balancing weighted point sets", 2017).  So a
 * row that is scored later can be put where the fit would have put it.
 *
 * There are few clusters, so the flow runs in a graph of these: from a to b it
 * costs what the row of a that regrets it least would be farther away.  From
 * the nearest centroids on, or from offsets that are nearly right, one row after the
 * other goes along a shortest path from a cluster that is too large, then to one
 * that is too small, and then wherever that gains anything (successive shortest
 * paths; R. K. Ahuja, T. L. Magnanti and J. B. Orlin, "Network Flows", 1993, 9.7).
 * Offsets are then chosen that leave the most room on both sides of
 * each border.  Rows that are equal are on one side of it: what that lacks, the
 * cluster takes where it is cheapest.
 *
 * Rows count as one each, whatever their weights.  Nothing depends on their
 * order: ties are broken by the distances from all centroids, and rows that have
 * all of them in common are as good as each other.
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "cluster/sizes.h"
#include "number/order.h"

/* lengths that differ by less than this share of the largest square are the same */
#define SAME_LENGTH 1e-12

/* steps to the widest borders, and how often clusters take what equal rows left them without */
#define BORDER_STEPS 40
#define MOST_REPAIRS 200

/* interrupts are checked every so many rows */
#define CHECKED_ROWS 4096

/* a row that may go from one cluster to another */
typedef struct Move
{
	double regret;
	int64  row;
} Move;

/* the moves from one cluster to another, a heap: the least regret first */
typedef struct Heap
{
	Move *moves;
	int64 n;
	int64 room;
} Heap;

typedef struct Sizes
{
	const double *squares; /* n x k */
	int64         n;
	int           k;
	int64         least;
	int64         most;
	int32        *labels;
	int64        *rows;    /* of each cluster */
	Heap         *heaps;   /* k x k */
	double        same;    /* see SAME_LENGTH */
	double       *lengths; /* of the shortest path to each cluster */
	int          *before;  /* the cluster before it, -1: the path begins here */
} Sizes;

static bool
fits(const Sizes *sizes)
{
	for (int c = 0; c < sizes->k; c++)
		if (sizes->rows[c] < sizes->least || sizes->rows[c] > sizes->most)
			return false;
	return true;
}

/*
 * Puts each row where its square less the offset is least.
 */
static void
assign(Sizes *sizes, const double *offsets)
{
	int k = sizes->k;

	memset(sizes->rows, 0, sizeof(int64) * k);
	for (int64 row = 0; row < sizes->n; row++)
	{
		const double *squares = sizes->squares + row * k;
		double        least = get_float8_infinity();

		if (row % CHECKED_ROWS == 0)
			CHECK_FOR_INTERRUPTS();
		if (sizes->labels[row] == k)
			continue;
		for (int c = 0; c < k; c++)
			if (squares[c] - offsets[c] < least)
			{
				least = squares[c] - offsets[c];
				sizes->labels[row] = c;
			}
		sizes->rows[sizes->labels[row]]++;
	}
}

/* ---- Heaps of moves ---- */

static inline double
regret_of(const Sizes *sizes, int64 row, int from, int to)
{
	return sizes->squares[row * sizes->k + to] - sizes->squares[row * sizes->k + from];
}

static bool
comes_first(const Sizes *sizes, const Move *a, const Move *b)
{
	const double *x = sizes->squares + a->row * sizes->k;
	const double *y = sizes->squares + b->row * sizes->k;

	if (a->regret != b->regret)
		return a->regret < b->regret;
	for (int c = 0; c < sizes->k; c++)
		if (x[c] != y[c])
			return x[c] < y[c];
	return false;
}

static void
push(const Sizes *sizes, Heap *heap, Move move)
{
	int64 at;

	if (heap->n == heap->room)
	{
		Size room = Max(heap->room * 2, 16);

		heap->moves = heap->moves == NULL ? MemoryContextAllocHuge(CurrentMemoryContext, sizeof(Move) * room)
										  : repalloc_huge(heap->moves, sizeof(Move) * room);
		heap->room = room;
	}
	for (at = heap->n++; at > 0 && comes_first(sizes, &move, &heap->moves[(at - 1) / 2]); at = (at - 1) / 2)
		heap->moves[at] = heap->moves[(at - 1) / 2];
	heap->moves[at] = move;
}

static void
pop(const Sizes *sizes, Heap *heap)
{
	Move  last = heap->moves[--heap->n];
	int64 at = 0;

	for (int64 child = 1; child < heap->n; child = 2 * at + 1)
	{
		if (child + 1 < heap->n && comes_first(sizes, &heap->moves[child + 1], &heap->moves[child]))
			child++;
		if (!comes_first(sizes, &heap->moves[child], &last))
			break;
		heap->moves[at] = heap->moves[child];
		at = child;
	}
	if (heap->n > 0)
		heap->moves[at] = last;
}

/*
 * The move that is regretted least, NULL if the first cluster has no rows.  Moves
 * of rows that have left it since are dropped.
 */
static const Move *
best_move(const Sizes *sizes, int from, int to)
{
	Heap *heap = &sizes->heaps[(Size) from * sizes->k + to];

	while (heap->n > 0 && sizes->labels[heap->moves[0].row] != from)
		pop(sizes, heap);
	return heap->n > 0 ? heap->moves : NULL;
}

static void
put(Sizes *sizes, int64 row, int cluster)
{
	sizes->labels[row] = cluster;
	for (int c = 0; c < sizes->k; c++)
		if (c != cluster)
			push(sizes, &sizes->heaps[(Size) cluster * sizes->k + c],
				 (Move){.regret = regret_of(sizes, row, cluster, c), .row = row});
}

/* ---- Shortest paths ---- */

/*
 * Whether a path may begin, or end, in a cluster.
 */
static bool
gives(const Sizes *sizes, int cluster, int wanted)
{
	return wanted >= 0 ? cluster == wanted : sizes->rows[cluster] > sizes->least;
}

static bool
takes(const Sizes *sizes, int cluster, int wanted)
{
	return wanted >= 0 ? cluster == wanted : sizes->rows[cluster] < sizes->most;
}

/*
 * Moves one row a step along the shortest path from a cluster that gives to one
 * that takes; -1: any that can.  False if there is none, or none that gains
 * anything where both may be any.
 */
static bool
move_along(Sizes *sizes, int giver, int taker)
{
	int  k = sizes->k;
	int  end = -1;
	bool shorter = true;

	for (int c = 0; c < k; c++)
	{
		sizes->lengths[c] = gives(sizes, c, giver) ? 0 : get_float8_infinity();
		sizes->before[c] = -1;
	}
	for (int round = 0; round < k && shorter; round++)
	{
		CHECK_FOR_INTERRUPTS();
		shorter = false;
		for (int a = 0; a < k; a++)
		{
			if (isinf(sizes->lengths[a]))
				continue;
			for (int b = 0; b < k; b++)
			{
				const Move *move = a == b ? NULL : best_move(sizes, a, b);

				if (move == NULL || !(sizes->lengths[a] + move->regret < sizes->lengths[b] - sizes->same))
					continue;
				sizes->lengths[b] = sizes->lengths[a] + move->regret;
				sizes->before[b] = a;
				shorter = true;
			}
		}
	}
	for (int c = 0; c < k; c++)
		if (takes(sizes, c, taker) && sizes->before[c] >= 0 && (end < 0 || sizes->lengths[c] < sizes->lengths[end]))
			end = c;
	if (end < 0 || (giver < 0 && taker < 0 && !(sizes->lengths[end] < -sizes->same)))
		return false;
	sizes->rows[end]++;
	for (int steps = 0; sizes->before[end] >= 0; steps++)
	{
		int from = sizes->before[end];

		if (steps == k) /* rounding made a circle of it */
			return false;
		put(sizes, best_move(sizes, from, end)->row, end);
		end = from;
	}
	sizes->rows[end]--;
	return true;
}

static bool
move_rows(Sizes *sizes)
{
	int  k = sizes->k;
	bool moved = true;

	sizes->heaps = palloc_extended(sizeof(Heap) * k * k, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (int64 row = 0; row < sizes->n; row++)
	{
		if (row % CHECKED_ROWS == 0)
			CHECK_FOR_INTERRUPTS();
		if (sizes->labels[row] < k)
			put(sizes, row, sizes->labels[row]);
	}
	for (int c = 0; c < k; c++)
		while (moved && sizes->rows[c] > sizes->most)
			moved = move_along(sizes, c, -1);
	for (int c = 0; c < k; c++)
		while (moved && sizes->rows[c] < sizes->least)
			moved = move_along(sizes, -1, c);
	while (moved && move_along(sizes, -1, -1))
		;
	for (Size i = 0; i < (Size) k * k; i++)
		if (sizes->heaps[i].moves != NULL)
			pfree(sizes->heaps[i].moves);
	pfree(sizes->heaps);
	return moved;
}

/* ---- Offsets ---- */

/*
 * Sets offsets such that that of b is above that of a by no more than regrets[a,
 * b] less border.  False if there are none; they are nearly so, then.
 */
static bool
offsets_of(int k, const double *regrets, double border, double *offsets)
{
	bool lower = true;

	memset(offsets, 0, sizeof(double) * k);
	for (int round = 0; round <= k && lower; round++)
	{
		CHECK_FOR_INTERRUPTS();
		lower = false;
		for (int a = 0; a < k; a++)
			for (int b = 0; b < k; b++)
			{
				double most = offsets[a] + regrets[(Size) a * k + b] - border;

				if (a == b || !(most < offsets[b]))
					continue;
				offsets[b] = most;
				lower = true;
			}
	}
	return !lower;
}

/*
 * The offsets with the widest borders between the clusters as they are.
 */
static void
find_offsets(const Sizes *sizes, double *offsets)
{
	int     k = sizes->k;
	double *regrets = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(double) * k * k);
	double  low = 0;
	double  high = 0;

	for (Size i = 0; i < (Size) k * k; i++)
		regrets[i] = get_float8_infinity();
	for (int64 row = 0; row < sizes->n; row++)
	{
		int label = sizes->labels[row];

		if (row % CHECKED_ROWS == 0)
			CHECK_FOR_INTERRUPTS();
		for (int c = 0; c < k && label < k; c++)
			regrets[(Size) label * k + c] = Min(regrets[(Size) label * k + c], regret_of(sizes, row, label, c));
	}
	for (Size i = 0; i < (Size) k * k; i++)
		if (!isinf(regrets[i]))
			high = Max(high, regrets[i]);
	for (int step = 0; step < BORDER_STEPS; step++)
	{
		double middle = low + (high - low) / 2;

		if (offsets_of(k, regrets, middle, offsets))
			low = middle;
		else
			high = middle;
	}
	(void) offsets_of(k, regrets, low, offsets);
	pfree(regrets);
}

/*
 * Raises the offset of a cluster until it has the least number of rows, or
 * lowers it until it has no more than the most.  The border goes half-way to the
 * next row.
 */
static void
mend_cluster(const Sizes *sizes, int cluster, double *offsets)
{
	bool    small = sizes->rows[cluster] < sizes->least;
	int64   wanted = small ? sizes->least - sizes->rows[cluster] : sizes->rows[cluster] - sizes->most;
	double *regrets = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(double) * sizes->n);
	int64   n = 0;
	int64   next = wanted;
	double  border;

	for (int64 row = 0; row < sizes->n; row++)
	{
		const double *squares = sizes->squares + row * sizes->k;
		double        least = get_float8_infinity();

		if (row % CHECKED_ROWS == 0)
			CHECK_FOR_INTERRUPTS();
		if (sizes->labels[row] == sizes->k || (sizes->labels[row] == cluster) == small)
			continue;
		for (int c = 0; c < sizes->k; c++)
			if (c != cluster)
				least = Min(least, squares[c] - offsets[c]);
		regrets[n++] = fabs(squares[cluster] - offsets[cluster] - least);
	}
	sort_float8(regrets, n);
	while (next < n && !(regrets[next] > regrets[wanted - 1]))
		next++;
	border = next < n ? regrets[wanted - 1] / 2 + regrets[next] / 2 : 2 * regrets[wanted - 1] + sizes->same;
	offsets[cluster] += small ? border : -border;
	pfree(regrets);
}

/*
 * Makes the least offset 0, and sees to equal rows.
 */
static bool
mend_offsets(Sizes *sizes, double *offsets)
{
	for (int repairs = 0; repairs <= MOST_REPAIRS; repairs++)
	{
		double least = offsets[0];
		int    wrong = 0;

		for (int c = 1; c < sizes->k; c++)
			least = Min(least, offsets[c]);
		for (int c = 0; c < sizes->k; c++)
			offsets[c] -= least;
		assign(sizes, offsets);
		while (wrong < sizes->k && sizes->rows[wrong] >= sizes->least && sizes->rows[wrong] <= sizes->most)
			wrong++;
		if (wrong == sizes->k)
			return true;
		mend_cluster(sizes, wrong, offsets);
	}
	return false;
}

bool
sizes_find(const double *squares, int64 n, int k, int64 least, int64 most, int32 *labels,
		   double *offsets)
{
	Sizes sizes = {
		.squares = squares,
		.n = n,
		.k = k,
		.least = least,
		.most = most,
		.labels = labels,
		.rows = palloc(sizeof(int64) * k),
		.lengths = palloc(sizeof(double) * k),
		.before = palloc(sizeof(int) * k)};
	double *start = palloc(sizeof(double) * k);
	bool    found;

	for (int64 i = 0; i < n * k; i++)
		sizes.same = Max(sizes.same, squares[i] * SAME_LENGTH);
	memcpy(start, offsets, sizeof(double) * k);
	memset(offsets, 0, sizeof(double) * k);
	assign(&sizes, offsets);
	found = fits(&sizes);
	if (!found)
		assign(&sizes, start);
	if (!found && move_rows(&sizes))
	{
		find_offsets(&sizes, offsets);
		found = mend_offsets(&sizes, offsets);
	}
	pfree(sizes.rows);
	pfree(sizes.lengths);
	pfree(sizes.before);
	pfree(start);
	return found;
}
