#!/usr/bin/python3
"""Reference figures for the map of a model: principal components by scikit-learn, correlations by numpy.

    test/reference/components.py > test/reference/components.sql
    test/reference/components.py FILE.csv > test/reference/marketing_components.sql

prints cases over the rows of preparation.py, some of its cases: the arguments of a call, for each component the
share of the variance and the loadings of the features, the correlations of the first feature with each, and
the coordinates of some rows. A case whose components rounding could turn is left out.
"""

import sys

sys.dont_write_bytecode = True  # of the module beside this one

import preparation as p

import numpy as np
import pandas
from sklearn.decomposition import PCA

# one case in so many
EVERY = {"generated": 9, "marketing": 7}

# of the used rows, one in so many is looked up on the map
ROWS_EVERY = 37


def prepared(columns, arguments):
    """The features' names, the prepared rows that no rule skips, and which these are."""
    features = [f for column in p.columns_of(columns, arguments) for f in p.spread(column, arguments)]
    for feature in features:
        p.fit_fill(feature)
        p.fit_fences(feature)
    used = p.used_rows(features)
    x = np.column_stack([p.prepare(feature, used) for feature in features])
    return p.directions(x) if arguments.get("distance") == "cosine" else x, np.flatnonzero(used)


def components(x):
    """Shares and loadings of two components and the map; None if they are not well apart from each other."""
    pca = PCA(svd_solver="full").fit(x)
    variances = np.append(pca.explained_variance_, 0)[:3]
    if (variances[:-1] - variances[1:]).min() < 1e-3 * variances[0]:
        return None
    loadings = pca.components_[:2]
    leading = [np.flatnonzero(np.abs(v) >= np.abs(v).max() * (1 - 1e-9))[0] for v in loadings]
    signs = np.sign([v[i] for v, i in zip(loadings, leading)])
    return pca.explained_variance_ratio_[:2], loadings * signs[:, None], pca.transform(x)[:, :2] * signs


def row(values):
    return p.array(f"{v:.12g}" for v in values)


def print_case(n, columns, key, section, arguments):
    x, used = prepared(columns, arguments)
    found = components(x)
    if found is None:
        return
    shares, loadings, places = found
    some = slice(0, None, ROWS_EVERY)
    keys = [str(int(key[i])) for i in used[some]]
    print(f"INSERT INTO expected_map VALUES ({n}, {p.quote(section + ': ' + p.describe(arguments))},\n"
          f"\t{p.quote(p.call_text(arguments))},\n"
          f"\t{p.quote(row(shares))}, {p.quote(p.array(map(row, loadings)))},\n"
          f"\t{p.quote(row(np.corrcoef(x, rowvar=False)[0]))},\n"
          f"\t{p.quote(p.array(keys))}, {p.quote(row(places[some, 0]))}, {p.quote(row(places[some, 1]))});")


def main():
    print("-- Written by components.py; judged by judge.sql.\n")
    if len(sys.argv) > 1:
        columns, cases, every = p.marketing_rows(sys.argv[1]), p.marketing_cases(), EVERY["marketing"]
        key = pandas.read_csv(sys.argv[1], sep=";")["ID"].to_numpy()
    else:
        columns, cases, every = p.generated_rows().columns, p.generated_cases(), EVERY["generated"]
        key = np.arange(1, p.ROWS + 1)
    for n, (section, _, arguments) in enumerate(cases, 1):
        if n % every == 1:
            print_case(n, columns, key, section, arguments)


if __name__ == "__main__":
    main()
