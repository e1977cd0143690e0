#!/usr/bin/python3
"""Figures for test/pgtap/bisecting.sql by scikit-learn: a row a number of leaves of the rows that nested() makes there too.

    test/reference/bisecting.py

Each is the least inertia of a few BisectingKMeans; all of them find the same.
"""

import numpy as np
from sklearn.cluster import BisectingKMeans


def nested():
    """Twelve groups of 10 to 21 rows: three in each of two parts of each of two halves."""
    for group in range(12):
        half, part, place = group // 6, group // 3 % 2, group % 3
        for i in range(10 + group):
            yield (1000 * half + 100 * part * (1 + half) + (0, 7, 19)[place] * (1 + half) + i * i % 5 / 4,
                   30 * part + i * 7 % 11 / 4 + place * (1 + group % 2))


def main():
    x = np.array(list(nested()))
    for k in range(2, 13):
        fits = [BisectingKMeans(k, n_init=20, random_state=seed).fit(x) for seed in range(5)]
        assert np.ptp([fit.inertia_ for fit in fits]) < 1e-9
        print(f"({k}, {fits[0].inertia_:.12g}, '{{{','.join(map(str, sorted(np.bincount(fits[0].labels_))))}}}'),")


if __name__ == "__main__":
    main()
