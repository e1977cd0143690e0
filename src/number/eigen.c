/*-------------------------------------------------------------------------
 *
 * eigen.c
 *	  The largest eigenvalues of a symmetric matrix.
 *
 * Small matrices are diagonalised by Jacobi's rotations (C. G. J. Jacobi, 1846).
 * For that of a larger one a subspace is looked for that holds the wanted
 * eigenvectors: it starts from arbitrary vectors, and grows by what its best
 * approximations are still in want of, the residuals, which makes it a Krylov
 * space.  When there is no more room, only the best approximations of it stay (K.
 * Wu and H. Simon, "Thick-restart Lanczos method for large symmetric eigenvalue
 * problems", 2000).  Two vectors are added at a time, so that an eigenvalue that
 * is there twice is found twice.
 *
 * Nothing here depends on the machine: no sum is split among the lanes of a vector.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "miscadmin.h"

#include "number/eigen.h"

/* larger matrices are searched for a subspace */
#define SMALL_MATRIX 64

/* vectors of the subspace: as many as it has room for, to begin with, and left when it is full */
#define MOST_VECTORS 40
#define FIRST_VECTORS 8
#define LEFT_VECTORS 12

/* done when residuals are below this share of the largest eigenvalue, or after so many additions */
#define SMALL_RESIDUAL 1e-12
#define MOST_ADDITIONS 500

/* a vector of which the others leave no more than this is one of their subspace */
#define LEAST_REST 1e-10

/* absolute values that differ by less are equal */
#define EQUAL_ENTRIES 1e-9

#define MOST_SWEEPS 50

/* ----------------------------------------------------------------
 *		Jacobi
 * ----------------------------------------------------------------
 */

static void
rotate(double *x, double *y, int n, int stride, double cosine, double sine)
{
	int i;

	for (i = 0; i < n; i++)
	{
		double from_x = x[(Size) i * stride];
		double from_y = y[(Size) i * stride];

		x[(Size) i * stride] = cosine * from_x - sine * from_y;
		y[(Size) i * stride] = sine * from_x + cosine * from_y;
	}
}

/*
 * Turns the plane of axes p and q such that the entry there becomes 0.
 */
static void
annihilate(double *matrix, double *vectors, int n, int p, int q)
{
	double entry = matrix[p * n + q];
	double theta = (matrix[q * n + q] - matrix[p * n + p]) / (2 * entry);
	double tangent = copysign(1, theta) / (fabs(theta) + sqrt(theta * theta + 1));
	double cosine = 1 / sqrt(tangent * tangent + 1);

	rotate(matrix + p * n, matrix + q * n, n, 1, cosine, tangent * cosine);
	rotate(matrix + p, matrix + q, n, n, cosine, tangent * cosine);
	rotate(vectors + p * n, vectors + q * n, n, 1, cosine, tangent * cosine);
	matrix[p * n + q] = matrix[q * n + p] = 0;
}

/*
 * Makes matrix diagonal; its eigenvectors are the rows of vectors.
 */
static void
diagonalize(double *matrix, int n, double *vectors)
{
	double largest = 0;
	bool   rotated = true;
	int    sweep,
		p,
		q;

	memset(vectors, 0, sizeof(double) * n * n);
	for (p = 0; p < n; p++)
	{
		vectors[p * n + p] = 1;
		for (q = 0; q < n; q++)
			largest = Max(largest, fabs(matrix[p * n + q]));
	}
	for (sweep = 0; sweep < MOST_SWEEPS && rotated; sweep++)
	{
		rotated = false;
		for (p = 0; p < n - 1; p++)
		{
			CHECK_FOR_INTERRUPTS();
			for (q = p + 1; q < n; q++)
				if (fabs(matrix[p * n + q]) > DBL_EPSILON / 2 * largest)
				{
					annihilate(matrix, vectors, n, p, q);
					rotated = true;
				}
		}
	}
}

/*
 * The places of the largest entries of a diagonal, in descending order.
 */
static void
largest_places(const double *matrix, int n, int nwanted, int *places)
{
	int found,
		i;

	for (found = 0; found < nwanted; found++)
	{
		int best = -1;

		for (i = 0; i < n; i++)
		{
			int before = 0;

			while (before < found && places[before] != i)
				before++;
			if (before == found && (best < 0 || matrix[i * n + i] > matrix[best * n + best]))
				best = i;
		}
		places[found] = best;
	}
}

/* ----------------------------------------------------------------
 *		A subspace
 * ----------------------------------------------------------------
 */

typedef struct Subspace
{
	const double *matrix;
	int           n;
	int           nvectors;
	double       *vectors; /* orthonormal, by rows */
	double       *images;  /* the matrix times each of them */
} Subspace;

static double
dot(const double *x, const double *y, int n)
{
	double sum = 0;
	int    i;

	for (i = 0; i < n; i++)
		sum += x[i] * y[i];
	return sum;
}

static void
add_multiple(double *to, const double *x, double factor, int n)
{
	int i;

	for (i = 0; i < n; i++)
		to[i] += factor * x[i];
}

/*
 * Adds what vector has that the subspace has not, unless that is next to
 * nothing.  Orthogonalised twice, which is enough (W. Kahan; see B. N. Parlett,
 * "The Symmetric Eigenvalue Problem", 1980).
 */
static void
add_vector(Subspace *space, const double *vector)
{
	int     n = space->n;
	double *added = space->vectors + (Size) space->nvectors * n;
	double *image = space->images + (Size) space->nvectors * n;
	double  before = sqrt(dot(vector, vector, n));
	double  length;
	int     round,
		i;

	memmove(added, vector, sizeof(double) * n);
	for (round = 0; round < 2; round++)
		for (i = 0; i < space->nvectors; i++)
		{
			const double *other = space->vectors + (Size) i * n;

			add_multiple(added, other, -dot(added, other, n), n);
		}
	length = sqrt(dot(added, added, n));
	if (length <= LEAST_REST * before)
		return;
	memset(image, 0, sizeof(double) * n);
	for (i = 0; i < n; i++)
	{
		added[i] /= length;
		if (i % 64 == 0)
			CHECK_FOR_INTERRUPTS();
		add_multiple(image, space->matrix + (Size) i * n, added[i], n);
	}
	space->nvectors++;
}

/*
 * The best approximations of the largest eigenvalues that the subspace has (W.
 * Ritz, 1909), with their vectors and the images of these.
 */
static void
approximate(const Subspace *space, int nwanted, double *values, double *vectors, double *images)
{
	int     n = space->n;
	int     m = space->nvectors;
	double *projected = palloc(sizeof(double) * m * m);
	double *turned = palloc(sizeof(double) * m * m);
	int     places[LEFT_VECTORS];
	int     i,
		j;

	for (i = 0; i < m; i++)
	{
		CHECK_FOR_INTERRUPTS();
		for (j = 0; j <= i; j++)
			projected[i * m + j] = projected[j * m + i] =
				dot(space->vectors + (Size) i * n, space->images + (Size) j * n, n);
	}
	diagonalize(projected, m, turned);
	largest_places(projected, m, nwanted, places);
	memset(vectors, 0, sizeof(double) * nwanted * n);
	memset(images, 0, sizeof(double) * nwanted * n);
	for (i = 0; i < nwanted; i++)
	{
		values[i] = projected[places[i] * (m + 1)];
		for (j = 0; j < m; j++)
		{
			double share = turned[places[i] * m + j];

			add_multiple(vectors + (Size) i * n, space->vectors + (Size) j * n, share, n);
			add_multiple(images + (Size) i * n, space->images + (Size) j * n, share, n);
		}
	}
	pfree(projected);
	pfree(turned);
}

/*
 * Numbers from -1 to 1, always the same (G. Marsaglia's xorshift, 2003).
 */
static void
fill_arbitrarily(double *vector, int n, uint64 *state)
{
	int i;

	for (i = 0; i < n; i++)
	{
		*state ^= *state << 13;
		*state ^= *state >> 7;
		*state ^= *state << 17;
		vector[i] = (double) (int64) *state / (double) (INT64CONST(1) << 62) / 2;
	}
}

static void
search_subspace(const double *matrix, int n, int nwanted, double *found, double *found_vectors)
{
	double  *memory = palloc(sizeof(double) * (2 * MOST_VECTORS + 2 * LEFT_VECTORS + 1) * n);
	Subspace space = {.matrix = matrix, .n = n, .vectors = memory, .images = memory + MOST_VECTORS * n};
	double  *vectors = space.images + MOST_VECTORS * n;
	double  *images = vectors + LEFT_VECTORS * n;
	double  *residual = images + LEFT_VECTORS * n;
	uint64   state = UINT64CONST(0x9e3779b97f4a7c15);
	double   values[LEFT_VECTORS];
	double   largest;
	int      before;
	int      addition;
	int      i;

	for (i = 0; i < FIRST_VECTORS; i++)
	{
		fill_arbitrarily(residual, n, &state);
		add_vector(&space, residual);
	}
	for (addition = 0; addition < MOST_ADDITIONS; addition++)
	{
		int nleft = Min(space.nvectors, LEFT_VECTORS);

		approximate(&space, nleft, values, vectors, images);
		if (space.nvectors + nwanted > MOST_VECTORS)
		{
			memcpy(space.vectors, vectors, sizeof(double) * nleft * n);
			memcpy(space.images, images, sizeof(double) * nleft * n);
			space.nvectors = nleft;
		}
		before = space.nvectors;
		largest = 0;
		for (i = 0; i < nwanted; i++)
		{
			memcpy(residual, images + (Size) i * n, sizeof(double) * n);
			add_multiple(residual, vectors + (Size) i * n, -values[i], n);
			largest = Max(largest, dot(residual, residual, n));
			add_vector(&space, residual);
		}
		if (sqrt(largest) <= SMALL_RESIDUAL * values[0] || space.nvectors == before)
			break;
	}
	memcpy(found, values, sizeof(double) * nwanted);
	memcpy(found_vectors, vectors, sizeof(double) * nwanted * n);
	pfree(memory);
}

/* ----------------------------------------------------------------
 *		Both
 * ----------------------------------------------------------------
 */

static void
diagonalize_copy(const double *matrix, int n, int nwanted, double *values, double *vectors)
{
	double *diagonal = palloc(sizeof(double) * n * n);
	double *all = palloc(sizeof(double) * n * n);
	int     places[2];
	int     i;

	memcpy(diagonal, matrix, sizeof(double) * n * n);
	diagonalize(diagonal, n, all);
	largest_places(diagonal, n, nwanted, places);
	for (i = 0; i < nwanted; i++)
	{
		values[i] = diagonal[places[i] * (n + 1)];
		memcpy(vectors + i * n, all + places[i] * n, sizeof(double) * n);
	}
	pfree(diagonal);
	pfree(all);
}

static void
choose_sign(double *vector, int n)
{
	double largest = 0;
	int    i;

	for (i = 0; i < n; i++)
		largest = Max(largest, fabs(vector[i]));
	for (i = 0; fabs(vector[i]) < (1 - EQUAL_ENTRIES) * largest;)
		i++;
	if (vector[i] < 0)
		for (i = 0; i < n; i++)
			vector[i] = -vector[i];
}

void
eigen_largest(const double *matrix, int n, int nwanted, double *values, double *vectors)
{
	int i;

	Assert(nwanted >= 1 && nwanted <= Min(n, 2));
	if (n <= SMALL_MATRIX)
		diagonalize_copy(matrix, n, nwanted, values, vectors);
	else
		search_subspace(matrix, n, nwanted, values, vectors);
	for (i = 0; i < nwanted; i++)
		choose_sign(vectors + (Size) i * n, n);
}
