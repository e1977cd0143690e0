#!/usr/bin/python3
"""Reference figures for segment_drift, by numpy and scipy.

    test/reference/drift.py > test/reference/drift.sql

prints, for each feature of test/pgtap/drift.sql, the population stability index in its bins, and the two-sample
Kolmogorov-Smirnov statistic at the ends of the bins and over all values (scipy.stats.ks_2samp).
"""

import numpy as np
from scipy.stats import ks_2samp

ROWS = 3000


def before(i):
    """The rows of the fit: as in test/pgtap/drift.sql."""
    u = i * 7919 % 3001 / 3001
    v = i * 6073 % 2999 / 2999
    return {
        "even": 100 * u,
        "skewed": 1 / (0.01 + v),
        "few": np.floor(6 * u * v),
        "flag": (i % 7 < 2).astype(float),
        "gaps": np.where(i % 10 == 0, np.nan, 50 * v - 20 * u),
    }


def now(i):
    """The rows of today."""
    rows = before(i)
    rows["even"] = rows["even"] + np.where(i % 4 == 0, 25, 0)
    rows["skewed"] = rows["skewed"] * 1.5
    rows["few"] = np.where(i % 9 == 0, 9, rows["few"])
    rows["flag"] = (i % 7 < 3).astype(float)
    rows["gaps"] = np.where(i % 5 == 0, np.nan, rows["gaps"] + 1)
    return rows


def cuts_of(x):
    """The least values with at least a fiftieth of all up to them, two fiftieths, and so on."""
    present = np.sort(x[~np.isnan(x)])
    return np.unique([present[-(-i * len(present) // 50) - 1] for i in range(1, 50)])


def shares(x, ends):
    """Of the values up to each end and above the one before, of those above all, of missing ones."""
    present = x[~np.isnan(x)]
    counts = np.histogram(present, np.concatenate([[-np.inf], np.nextafter(ends, np.inf), [np.inf]]))[0]
    return np.append(counts, np.isnan(x).sum()) / len(x)


def psi(x, y):
    ends = cuts_of(x)
    present = x[~np.isnan(x)]
    if len(ends) > 10:
        upto = np.array([(present <= end).mean() for end in ends])
        ends = np.unique([ends[np.abs(np.round(upto - d / 10, 12)).argmin()] for d in range(1, 10)])
    a, b = shares(x, ends), shares(y, ends)
    some = (a > 0) | (b > 0)
    a, b = np.maximum(a[some], 1e-4), np.maximum(b[some], 1e-4)
    return ((b - a) * np.log(b / a)).sum()


def main():
    print("-- Written by drift.py.\n")
    i = np.arange(1, ROWS + 1)
    old, new = before(i), now(i)
    for feature in old:
        x, y = old[feature], new[feature]
        a, b = x[~np.isnan(x)], y[~np.isnan(y)]
        at_ends = max(abs((a <= end).mean() - (b <= end).mean()) for end in cuts_of(x))
        print(f"INSERT INTO expected_drift VALUES ('{feature}', {psi(x, y):.12g}, {at_ends:.12g}, {ks_2samp(a, b).statistic:.12g});")


if __name__ == "__main__":
    main()
