/*
 * Bisecting k-means (M. Steinbach, G. Karypis and V. Kumar, "A Comparison of
 * Document Clustering Techniques", KDD Workshop on Text Mining 2000):
 *
 *	1. All rows are one cluster.
 *	2. The cluster with the largest sum of squares, as scikit-learn's
 *	   "biggest_inertia" has it, is divided in two by k-means.
 *	3. That is done until there are k clusters.
 *
 * The leaves are then the start of a run over all rows, the refinement of the
 * paper: rows go to the nearest leaf, as they do wherever a model scores.  A node
 * has the rows of its leaves.
 *
 * Rows of a node are copied into a matrix of its own, in a memory context that
 * goes when the node is divided: together they take as much as the sample.
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "cluster/bisect.h"
#include "cluster/search.h"
#include "prepare/recipe_apply.h"
#include "process/progress.h"
#include "rows/rows.h"

/* ---- Dividing ---- */

/* the rows of a node that is not divided */
typedef struct Part
{
	MemoryContext context; /* of the matrix; NULL: it is not ours */
	Matrix       *matrix;
	double        squares;   /* about their centroid; times weights */
	bool          divisible; /* and not divided yet */
} Part;

/*
 * Copies the rows of a matrix that are in one of its clusters.
 */
static Matrix *
rows_of_cluster(const Matrix *matrix, const Lloyd *run, int cluster)
{
	Matrix *part;
	float  *weights = NULL;
	int64   nrows = 0;

	for (int64 row = 0; row < matrix->nrows; row++)
		nrows += run->labels[row] == cluster;
	part = matrix_create(nrows, matrix->nfeatures);
	part->largest = matrix->largest;
	if (matrix->weights != NULL)
		part->weights = weights = palloc_blocks(part->nblocks, 1, sizeof(float));
	nrows = 0;
	for (int64 row = 0; row < matrix->nrows; row++)
	{
		if (row % 4096 == 0)
			CHECK_FOR_INTERRUPTS();
		if (run->labels[row] != cluster)
			continue;
		for (int f = 0; f < matrix->nfeatures; f++)
			matrix_row(part, nrows)[(Size) f * KERNEL_LANES] = matrix_row(matrix, row)[(Size) f * KERNEL_LANES];
		if (weights != NULL)
			weights[nrows] = matrix->weights[row];
		nrows++;
	}
	matrix_identify(part);
	matrix_measure(part);
	return part;
}

/*
 * One cluster: finds its centroid and the sum of squares about it.
 */
static void
measure_part(const LloydOptions *given, Part *part, double *centroid)
{
	LloydOptions options = *given;
	Size         coordinates = sizeof(double) * part->matrix->nfeatures;
	Lloyd       *run;

	options.k = 1;
	options.max_iter = 1;
	run = lloyd_create(part->matrix, &options);
	memset(run->centroids, 0, coordinates);
	lloyd_run(part->matrix, &options, run);
	memcpy(centroid, run->centroids, coordinates);
	part->squares = run->objective;
	part->divisible = part->matrix->ndistinct > 1;
	lloyd_free(&options, run);
}

/*
 * The part to be divided next, the first of several; -1 if there is none.
 */
static int
widest_part(const Part *parts, int n)
{
	int widest = -1;

	for (int i = 0; i < n; i++)
		if (parts[i].divisible && (widest < 0 || parts[i].squares > parts[widest].squares))
			widest = i;
	return widest;
}

/*
 * The feature in which two points are farthest from each other.
 */
static int
farthest_feature(const double *a, const double *b, int nfeatures)
{
	int farthest = 0;

	for (int f = 1; f < nfeatures; f++)
		if (fabs(a[f] - b[f]) > fabs(a[farthest] - b[farthest]))
			farthest = f;
	return farthest;
}

/*
 * Divides a part in two, of which that with the lower values in the feature that
 * tells them apart comes first.  False if float4 cannot tell its rows apart.
 */
static bool
divide(const ClusterRows *rows, const LloydOptions *options, Part *part, Part *children, double *centroids)
{
	int    nfeatures = part->matrix->nfeatures;
	Lloyd *run = search_best(rows->memory->team, rows->memory->set, part->matrix, options);
	int    f = farthest_feature(run->centroids, run->centroids + nfeatures, nfeatures);
	int    low = run->centroids[f] <= run->centroids[nfeatures + f] ? 0 : 1;
	bool   divided = run->counts[0] > 0 && run->counts[1] > 0;

	part->divisible = false;
	for (int i = 0; i < 2 && divided; i++)
	{
		MemoryContext before;

		children[i].context = AllocSetContextCreate(CurrentMemoryContext, "segment part", ALLOCSET_SMALL_SIZES);
		before = MemoryContextSwitchTo(children[i].context);
		children[i].matrix = rows_of_cluster(part->matrix, run, i == 0 ? low : 1 - low);
		MemoryContextSwitchTo(before);
		measure_part(options, &children[i], centroids + (Size) i * nfeatures);
	}
	lloyd_free(options, run);
	if (divided && part->context != NULL)
		MemoryContextDelete(part->context);
	return divided;
}

Bisection *
bisect(const ClusterRows *rows, const LloydOptions *given, int k)
{
	Size          nnodes = 2 * (Size) k - 1;
	Bisection    *tree = palloc(sizeof(Bisection));
	LloydOptions  options = *given;
	int           leaves = 1;
	Part         *parts = palloc_extended(sizeof(Part) * nnodes, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "segment bisection", ALLOCSET_DEFAULT_SIZES);
	MemoryContext before;

	tree->nfeatures = rows->sample->nfeatures;
	tree->splits = palloc(sizeof(int32) * k);
	tree->centroids = palloc_extended(sizeof(double) * nnodes * tree->nfeatures, MCXT_ALLOC_HUGE);
	before = MemoryContextSwitchTo(context);
	progress_phase(PROGRESS_SEARCHING, 0);
	options.k = 2;
	options.start = NULL;
	options.to_fixpoint = true;
	parts[0].matrix = rows->sample;
	measure_part(&options, &parts[0], tree->centroids);
	while (leaves < k)
	{
		int nodes = 2 * leaves - 1;
		int widest = widest_part(parts, nodes);

		CHECK_FOR_INTERRUPTS();
		if (widest < 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("k is %d, but bisecting can tell only %d segments apart", k, leaves),
					 errhint("Ask for fewer segments, or use other features or another scaling.")));
		if (divide(rows, &options, &parts[widest], &parts[nodes], tree->centroids + (Size) nodes * tree->nfeatures))
			tree->splits[leaves++ - 1] = widest + 1;
	}
	MemoryContextSwitchTo(before);
	MemoryContextDelete(context);
	pfree(parts);
	return tree;
}

/* ---- The tree ---- */

bool
bisect_is_tree(const int32 *splits, int n)
{
	bool *divided = palloc0(sizeof(bool) * (2 * (Size) n + 2));
	bool  fine = true;

	for (int s = 1; s <= n && fine; s++)
	{
		int node = splits[s - 1];

		fine = node >= 1 && node < 2 * s && !divided[node];
		if (fine)
			divided[node] = true;
	}
	pfree(divided);
	return fine;
}

/*
 * The nodes of a tree of k leaves: their parents, and the leaves in their order.
 */
static TreeNode *
nodes_of(const int32 *splits, int k)
{
	Size      nnodes = 2 * (Size) k - 1;
	TreeNode *nodes = palloc_extended(sizeof(TreeNode) * nnodes, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	int       leaf = 0;

	for (int s = 1; s < k; s++)
	{
		int parent = splits[s - 1];

		nodes[parent - 1].cluster = -1;
		for (int node = 2 * s; node <= 2 * s + 1; node++)
		{
			nodes[node - 1].parent = parent;
			nodes[node - 1].depth = nodes[parent - 1].depth + 1;
		}
	}
	for (Size i = 0; i < nnodes; i++)
		if (nodes[i].cluster == 0)
			nodes[i].cluster = leaf++;
	return nodes;
}

double *
bisect_leaves(const Bisection *tree, int k)
{
	TreeNode *nodes = nodes_of(tree->splits, k);
	Size      coordinates = sizeof(double) * tree->nfeatures;
	double   *leaves = palloc_extended(coordinates * k, MCXT_ALLOC_HUGE);

	for (int i = 0; i < 2 * k - 1; i++)
		if (nodes[i].cluster >= 0)
			memcpy(leaves + (Size) nodes[i].cluster * tree->nfeatures,
				   tree->centroids + (Size) i * tree->nfeatures, coordinates);
	pfree(nodes);
	return leaves;
}

/*
 * Finds what tells the children apart, the nodes 2s and 2s + 1 of split s.
 */
static void
tell_apart(const Recipe *recipe, TreeNode *node, TreeNode *children, const double *means)
{
	int    nfeatures = recipe->nfeatures;
	int    f = farthest_feature(means, means + nfeatures, nfeatures);
	double low = means[f];
	double high = means[nfeatures + f];

	node->feature = f;
	node->split = recipe->distance == DISTANCE_COSINE || recipe->features[f].role == ROLE_DIMENSION ? get_float8_nan() : recipe_raw(recipe, f, (low + high) / 2);
	children[0].above = low > high;
	children[1].above = !children[0].above;
}

TreeNode *
bisect_nodes(const int32 *splits, const Recipe *recipe, const Clustering *clustering)
{
	int       k = clustering->k;
	int       nfeatures = recipe->nfeatures;
	TreeNode *nodes = nodes_of(splits, k);
	int      *clusters = palloc(sizeof(int) * k);
	double   *means = palloc_extended(sizeof(double) * (2 * (Size) k - 1) * nfeatures, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);

	for (int c = 0; c < k; c++)
		clusters[clustering->origins[c]] = c;

	/* children stand behind their parents */
	for (int i = 2 * k - 2; i >= 0; i--)
	{
		TreeNode *node = &nodes[i];
		double   *mean = means + (Size) i * nfeatures;

		CHECK_FOR_INTERRUPTS();
		if (node->cluster >= 0)
		{
			node->cluster = clusters[node->cluster];
			node->rows = clustering->rows[node->cluster];
			node->weight = judged_weight(&clustering->judged, &clustering->judgement->clusters[node->cluster]);
			memcpy(mean, clustering->means + (Size) node->cluster * nfeatures, sizeof(double) * nfeatures);
		}
		else
			for (int f = 0; f < nfeatures; f++)
				mean[f] /= node->weight;
		if (i > 0)
		{
			TreeNode *parent = &nodes[node->parent - 1];
			double   *sum = means + (Size) (node->parent - 1) * nfeatures;

			parent->rows += node->rows;
			parent->weight += node->weight;
			for (int f = 0; f < nfeatures; f++)
				sum[f] += mean[f] * node->weight;
		}
	}
	for (int s = 1; s < k; s++)
		tell_apart(recipe, &nodes[splits[s - 1] - 1], &nodes[2 * s - 1], means + (Size) (2 * s - 1) * nfeatures);
	pfree(clusters);
	pfree(means);
	return nodes;
}
