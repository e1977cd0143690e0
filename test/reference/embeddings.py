#!/usr/bin/python3
"""Figures of vectors by scikit-learn, for test/pgtap/embeddings.sql, which makes the same rows.

    test/reference/embeddings.py

prints inertia, the sizes of the clusters, and for each the mean length of its vectors and the length of its
centroid; then the same of directions, whose centroids have length 1.
"""

import numpy as np
from sklearn.cluster import KMeans

i = np.arange(1, 301)[:, None]
j = np.arange(1, 9)[None, :]
x = ((i % 7 % 4) * 5 + j * 3) % 8 + (i * (j + 3) * 7 % 32) / 64


def report(x, directions):
    labels = KMeans(4, n_init=20, tol=0, random_state=0).fit_predict(x)
    centroids = np.array([x[labels == c].mean(axis=0) for c in range(4)])
    if directions:
        centroids /= np.linalg.norm(centroids, axis=1)[:, None]
        again = np.argmax(x @ centroids.T, axis=1)
        assert (again == labels).all()
    print("inertia", repr(((x - centroids[labels]) ** 2).sum()))
    for c in sorted(range(4), key=lambda c: (-(labels == c).sum(), *centroids[c])):
        print((labels == c).sum(), repr(np.linalg.norm(x[labels == c], axis=1).mean()), repr(np.linalg.norm(centroids[c])))


report(x, False)
report(x / np.linalg.norm(x, axis=1)[:, None], True)
