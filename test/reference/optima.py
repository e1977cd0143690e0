#!/usr/bin/python3
#
# Writes optima.sql: the least inertia of small sets without structure (test/pgtap/search.sql makes the
# same ones) that 600 random starts of scikit-learn's KMeans find, each followed by moves of single rows
# until none helps.
#
#   test/reference/optima.py > test/reference/optima.sql

import numpy
from sklearn.cluster import KMeans


def make(nrows, nfeatures, s):
    i = numpy.arange(1, nrows + 1)
    return numpy.array([(i * i * (7919 + 2 * s) + (j + 1) * i * (104729 + s) + i * i % (89 + j) * (31 + 7 * j)) % 1009
                        for j in range(nfeatures)], float).T


def move_rows(points, labels, k):
    rows = numpy.arange(len(points))
    while True:
        counts = numpy.bincount(labels, minlength=k)
        centroids = numpy.array([points[labels == c].mean(axis=0) for c in range(k)])
        squares = ((points[:, None] - centroids) ** 2).sum(axis=2)
        own = squares[rows, labels]
        sizes = counts[labels]
        leaving = numpy.where(sizes > 1, sizes / numpy.maximum(sizes - 1, 1) * own, 0)
        joining = squares * counts / (counts + 1)
        joining[rows, labels] = numpy.inf
        gains = leaving - joining.min(axis=1)
        row = gains.argmax()
        if gains[row] <= 1e-9 * leaving[row]:
            return own.sum()
        labels[row] = joining[row].argmin()


print('-- Written by optima.py: best(source, k, inertia)\nINSERT INTO best VALUES')
lines = []
for name, points, ks in (('three', make(60, 3, 2), (9, 12)), ('five', make(80, 5, 2), (5, 8, 12)),
                         ('ten', make(100, 10, 1), (4, 7, 10))):
    for k in ks:
        least = min(move_rows(points, KMeans(k, n_init=1, random_state=start).fit(points).labels_, k) for start in range(600))
        lines.append(f"    ('{name}', {k}, {float(least)!r})")
print(',\n'.join(lines) + ';')
