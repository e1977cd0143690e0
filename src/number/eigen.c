/*
 * The largest eigenvalues of a symmetric matrix.
 *
 * A subspace is looked for that holds the wanted eigenvectors.  It starts from
 * arbitrary vectors.  Its best approximations of eigenvectors (W. Ritz, 1909)
 * are found by Jacobi's rotations (C. G. J. Jacobi, 1846), and their residuals
 * are added to it, which makes it a Krylov space.  When it is full, only the
 * best approximations stay (K. Wu and H. Simon, "Thick-restart Lanczos method
 * for large symmetric eigenvalue problems", 2000).  Two vectors are added at a
 * time, so that an eigenvalue that is there twice is found twice.  For a small
 * matrix the subspace is the whole space from the start.
 *
 * The results are the same on every machine: no sum is split among the lanes of
 * a vector.
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "miscadmin.h"

#include "number/bits.h"
#include "number/eigen.h"

/* matrices up to this size are small */
#define SMALL_MATRIX 64

/* of larger ones: vectors in a full subspace, to begin with, and after it was full */
#define MOST_VECTORS 40
#define FIRST_VECTORS 8
#define LEFT_VECTORS 12

/* done when residuals are below this share of the largest eigenvalue, or after so many additions */
#define SMALL_RESIDUAL 1e-12
#define MOST_ADDITIONS 500

/* a vector that has less than this share outside the subspace is not added */
#define LEAST_REST 1e-10

/* absolute values that differ by a smaller share are equal */
#define EQUAL_ENTRIES 1e-9

#define MOST_SWEEPS 50

static double
dot(const double *x, const double *y, int n)
{
	double sum = 0;

	for (int i = 0; i < n; i++)
		sum += x[i] * y[i];
	return sum;
}

static void
add_multiple(double *to, const double *x, double factor, int n)
{
	for (int i = 0; i < n; i++)
		to[i] += factor * x[i];
}

/* ---- Jacobi ---- */

static void
rotate(double *x, double *y, int n, int stride, double cosine, double sine)
{
	for (int i = 0; i < n * stride; i += stride)
	{
		double from_x = x[i];
		double from_y = y[i];

		x[i] = cosine * from_x - sine * from_y;
		y[i] = sine * from_x + cosine * from_y;
	}
}

/*
 * Makes entry (p, q) 0 by a rotation.
 */
static void
annihilate(double *matrix, double *vectors, int n, int p, int q)
{
	double theta = (matrix[q * n + q] - matrix[p * n + p]) / (2 * matrix[p * n + q]);
	double tangent = copysign(1, theta) / (fabs(theta) + sqrt(theta * theta + 1));
	double cosine = 1 / sqrt(tangent * tangent + 1);

	rotate(matrix + p * n, matrix + q * n, n, 1, cosine, tangent * cosine);
	rotate(matrix + p, matrix + q, n, n, cosine, tangent * cosine);
	rotate(vectors + p * n, vectors + q * n, n, 1, cosine, tangent * cosine);
	matrix[p * n + q] = matrix[q * n + p] = 0;
}

void
eigen_all(double *matrix, int n, double *vectors)
{
	double largest = 0;
	bool   rotated = true;

	memset(vectors, 0, sizeof(double) * n * n);
	for (int p = 0; p < n; p++)
		vectors[p * n + p] = 1;
	for (int i = 0; i < n * n; i++)
		largest = Max(largest, fabs(matrix[i]));
	for (int sweep = 0; sweep < MOST_SWEEPS && rotated; sweep++)
	{
		rotated = false;
		for (int p = 0; p < n - 1; p++)
		{
			CHECK_FOR_INTERRUPTS();
			for (int q = p + 1; q < n; q++)
				if (fabs(matrix[p * n + q]) > DBL_EPSILON / 2 * largest)
				{
					annihilate(matrix, vectors, n, p, q);
					rotated = true;
				}
		}
	}
}

/* ---- The subspace ---- */

typedef struct Subspace
{
	const double *matrix;
	int           n;
	int           nvectors;
	double       *vectors; /* orthonormal, by rows */
	double       *images;  /* the matrix times each of them */
} Subspace;

/*
 * Adds the part of vector that is orthogonal to the subspace.  Orthogonalised
 * twice, which is enough (W. Kahan; see B. N. Parlett, "The Symmetric Eigenvalue
 * Problem", 1980).
 */
static void
add_vector(Subspace *space, const double *vector)
{
	int     n = space->n;
	double *added = space->vectors + (Size) space->nvectors * n;
	double *image = space->images + (Size) space->nvectors * n;
	double  before = sqrt(dot(vector, vector, n));
	double  length;

	memcpy(added, vector, sizeof(double) * n);
	for (int i = 0; i < 2 * space->nvectors; i++)
	{
		const double *other = space->vectors + (Size) (i % space->nvectors) * n;

		add_multiple(added, other, -dot(added, other, n), n);
	}
	length = sqrt(dot(added, added, n));
	if (length <= LEAST_REST * before)
		return;
	memset(image, 0, sizeof(double) * n);
	for (int i = 0; i < n; i++)
	{
		added[i] /= length;
		if (i % 64 == 0)
			CHECK_FOR_INTERRUPTS();
		add_multiple(image, space->matrix + (Size) i * n, added[i], n);
	}
	space->nvectors++;
}

/*
 * The best approximations of the largest eigenvalues that the subspace has, with
 * their vectors and the images of these.
 */
static void
approximate(const Subspace *space, int nwanted, double *values, double *vectors, double *images)
{
	int     n = space->n;
	int     m = space->nvectors;
	double *projected = palloc(sizeof(double) * m * m);
	double *turned = palloc(sizeof(double) * m * m);

	for (int i = 0; i < m; i++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int j = 0; j <= i; j++)
			projected[i * m + j] = projected[j * m + i] =
				dot(space->vectors + (Size) i * n, space->images + (Size) j * n, n);
	}
	eigen_all(projected, m, turned);
	memset(vectors, 0, sizeof(double) * nwanted * n);
	memset(images, 0, sizeof(double) * nwanted * n);
	for (int i = 0; i < nwanted; i++)
	{
		int best = 0;

		for (int j = 1; j < m; j++)
			best = projected[j * (m + 1)] > projected[best * (m + 1)] ? j : best;
		values[i] = projected[best * (m + 1)];
		projected[best * (m + 1)] = -INFINITY;
		for (int j = 0; j < m; j++)
		{
			double share = turned[best * m + j];

			add_multiple(vectors + (Size) i * n, space->vectors + (Size) j * n, share, n);
			add_multiple(images + (Size) i * n, space->images + (Size) j * n, share, n);
		}
	}
	pfree(projected);
	pfree(turned);
}

static void
start_subspace(Subspace *space, double *vector)
{
	bool small = space->n <= SMALL_MATRIX;

	for (int i = 0; i < (small ? space->n : FIRST_VECTORS); i++)
	{
		for (int j = 0; j < space->n; j++)
			vector[j] = small ? i == j : (double) (int64) mix_bits((uint64) i * space->n + j + 1);
		add_vector(space, vector);
	}
}

static void
choose_sign(double *vector, int n)
{
	double largest = 0;
	int    first = 0;

	for (int i = 0; i < n; i++)
		largest = Max(largest, fabs(vector[i]));
	while (fabs(vector[first]) < (1 - EQUAL_ENTRIES) * largest)
		first++;
	if (vector[first] < 0)
		for (int i = 0; i < n; i++)
			vector[i] = -vector[i];
}

void
eigen_largest(const double *matrix, int n, int nwanted, double *values, double *vectors)
{
	int      room = n <= SMALL_MATRIX ? n + nwanted : MOST_VECTORS;
	double  *memory = palloc(sizeof(double) * (2 * room + 2 * LEFT_VECTORS + 1) * n);
	Subspace space = {.matrix = matrix, .n = n, .vectors = memory, .images = memory + room * n};
	double  *best = space.images + room * n;
	double  *images = best + LEFT_VECTORS * n;
	double  *residual = images + LEFT_VECTORS * n;
	double   found[LEFT_VECTORS];

	Assert(nwanted >= 1 && nwanted <= Min(n, 2));
	start_subspace(&space, residual);
	for (int addition = 0; addition < MOST_ADDITIONS; addition++)
	{
		int    nleft = Min(space.nvectors, LEFT_VECTORS);
		double largest = 0;
		int    before;

		approximate(&space, nleft, found, best, images);
		if (space.nvectors + nwanted > room)
		{
			memcpy(space.vectors, best, sizeof(double) * nleft * n);
			memcpy(space.images, images, sizeof(double) * nleft * n);
			space.nvectors = nleft;
		}
		before = space.nvectors;
		for (int i = 0; i < nwanted; i++)
		{
			memcpy(residual, images + (Size) i * n, sizeof(double) * n);
			add_multiple(residual, best + (Size) i * n, -found[i], n);
			largest = Max(largest, dot(residual, residual, n));
			add_vector(&space, residual);
		}
		if (sqrt(largest) <= SMALL_RESIDUAL * found[0] || space.nvectors == before)
			break;
	}
	memcpy(values, found, sizeof(double) * nwanted);
	memcpy(vectors, best, sizeof(double) * nwanted * n);
	for (int i = 0; i < nwanted; i++)
		choose_sign(vectors + (Size) i * n, n);
	pfree(memory);
}
