/*
 * Bisecting k-means: a tree of clusters.
 *
 * Nodes are numbered from 1, the root, which has all rows.  Split s, from 1,
 * divides splits[s - 1] into the nodes 2s and 2s + 1.  So the first k - 1 splits
 * are a tree of k leaves, whatever is divided further.
 */
#ifndef SEGMENT_BISECT_H
#define SEGMENT_BISECT_H

#include "cluster/cluster.h"

typedef struct Bisection
{
	int     nfeatures;
	int    *splits;
	double *centroids; /* a node: packed means of its rows, or mean directions */
} Bisection;

/*
 * A tree of k leaves, of the rows among which starts are looked for.  options
 * are those of a run; its start is not used.
 */
extern Bisection *bisect(const ClusterRows *rows, const LloydOptions *options, int k);

/* k x features: the centroids of the tree of k leaves, in the order of its nodes */
extern double *bisect_leaves(const Bisection *tree, int k);

/* Do n splits make a tree? */
extern bool bisect_is_tree(const int32 *splits, int n);

/* A node of a tree whose leaves are the clusters of a clustering. */
typedef struct TreeNode
{
	int    parent; /* 0: the root */
	int    depth;
	int    cluster; /* -1: the node is divided */
	int64  rows;    /* of its leaves */
	double weight;  /* of these */

	/* of one that is divided */
	int    feature; /* in which its two children are farthest from each other */
	double split;   /* halfway between them, original units; NaN for cosine distance */

	/* of a child: is it beyond the split of its parent? */
	bool above;
} TreeNode;

/*
 * The nodes of a tree, from that of number 1.  The clustering started from the
 * centroids of its leaves, in the order of bisect_leaves().
 */
extern TreeNode *bisect_nodes(const int32 *splits, const Recipe *recipe, const Clustering *clustering);

#endif /* SEGMENT_BISECT_H */
