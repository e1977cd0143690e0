#!/usr/bin/python3
"""Reference figures for the criteria of a number of segments, by numpy and scikit-learn.

    test/reference/choosing.py > test/reference/choosing.sql

prints, for each k, the gap of the rows of choosing_rows, its standard error and BIC. The gap is that of
500 reference sets, each fitted by ten starts, which a mean over ten sets comes near to.
"""

import os

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
from sklearn.cluster import KMeans

SETS = 500


# three groups of 100 rows in two features, as the test makes them
def rows():
    i = np.arange(1, 301)
    return np.column_stack([i % 3 * 2 + i * 0.6180339887498949 % 1, i % 3 % 2 * 3 + i * 0.7548776662466927 % 1])


def inertia(data, k, starts=10):
    return KMeans(k, n_init=starts, random_state=0).fit(data).inertia_


def bic(data, k):
    n, d = data.shape
    model = KMeans(k, n_init=10, random_state=0).fit(data)
    variance = model.inertia_ / (d * (n - k))
    own = ((data - model.cluster_centers_[model.labels_]) ** 2).sum(axis=1)
    # the likelihood row by row, and the number of free parameters: shares, centroids, one variance
    likelihood = (np.log(np.bincount(model.labels_)[model.labels_] / n) - d / 2 * np.log(2 * np.pi * variance)
                  - own / (2 * variance)).sum()
    return likelihood - (k - 1 + k * d + 1) / 2 * np.log(n)


def main():
    random = np.random.default_rng(1)
    data = rows()
    data = (data - data.mean(axis=0)) / data.std(axis=0)
    axes = np.linalg.svd(data, full_matrices=False)[2]
    turned = data @ axes.T
    sets = [random.uniform(turned.min(axis=0), turned.max(axis=0), turned.shape) @ axes for _ in range(SETS)]
    print("-- Written by choosing.py.\n")
    for k in range(1, 5):
        logs = np.log([inertia(one, k, 3) for one in sets])
        print("INSERT INTO expected_criteria VALUES (%d, %.6f, %.6f, %.6f);" %
              (k, logs.mean() - np.log(inertia(data, k)), logs.std() * np.sqrt(1 + 1 / 10), bic(data, k)))


main()
