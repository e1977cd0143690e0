#!/usr/bin/python3
"""Reference figures for the silhouette by distances between rows, by scikit-learn.

    test/reference/silhouette.py > test/reference/silhouette.sql

prints, for some of the cases of preparation.py, the silhouette of all rows of its clusters, and that of each
cluster, the largest first.
"""

import sys

sys.dont_write_bytecode = True  # of the module beside this one

import preparation as p

import numpy as np
from sklearn.metrics import silhouette_samples, silhouette_score

# one case in so many
EVERY = 7


def print_case(n, columns, section, k, arguments):
    features = [f for column in p.columns_of(columns, arguments) for f in p.spread(column, arguments)]
    for feature in features:
        p.fit_fill(feature)
        p.fit_fences(feature)
    used = p.used_rows(features)
    x = np.column_stack([p.prepare(feature, used) for feature in features])
    cosine = arguments.get("distance") == "cosine"
    weights = columns[arguments["sample_weight"]].values[used] if "sample_weight" in arguments else np.ones(used.sum())
    start = p.cluster(features, x, weights, k, cosine)[4]
    points = p.directions(x) if cosine else x
    again = np.array([[p.redo(f, value) for f, value in zip(features, point)] for point in start])
    _, labels = p.lloyd(points, weights, p.directions(again) if cosine else again, cosine)
    metric = "cosine" if cosine else "euclidean"
    rows = silhouette_samples(points, labels, metric=metric)
    clusters = sorted((-(labels == c).sum(), rows[labels == c].mean()) for c in range(k))
    print(f"INSERT INTO expected_silhouette VALUES ({n}, {silhouette_score(points, labels, metric=metric):.12g}, "
          f"{p.quote(p.array(f'{mean:.12g}' for _, mean in clusters))});")


def main():
    print("-- Written by silhouette.py.\n")
    columns = p.generated_rows().columns
    for n, (section, k, arguments) in enumerate(p.generated_cases(), 1):
        if n % EVERY == 1:
            print_case(n, columns, section, k, arguments)


if __name__ == "__main__":
    main()
