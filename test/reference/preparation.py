#!/usr/bin/python3
"""Reference figures for every option of the preparation, by scikit-learn, scipy, pandas and numpy.

    test/reference/preparation.py > test/reference/preparation.sql
    test/reference/preparation.py FILE.csv > test/reference/marketing.sql

prints the cases that judge.sql judges: for each the arguments of a call, the figures of its clusters and
what was fitted for each feature. Without a file, rows are made by formulae that SQL evaluates to the same
doubles; with one, they are those of the public marketing campaign data, which only the test needs.

A case is written once, as the arguments of segment_kmeans(); from them come both the call and the figures.
The call starts near the optimum that scikit-learn found, so that both end in the same one. A case in which
rows lie so near a border that rounding could move them is refused here.

Runs where Debian's python3-sklearn is installed; the suite itself needs no Python.
"""

import itertools
import json
import math
import os
import sys
from dataclasses import dataclass

os.environ["OMP_NUM_THREADS"] = "1"  # the rows are few

import numpy as np
import pandas
from scipy.optimize import brentq
from scipy.stats import yeojohnson
from sklearn.cluster import KMeans
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import (MaxAbsScaler, MinMaxScaler, OneHotEncoder, PowerTransformer, RobustScaler,
                                   StandardScaler)

ROWS = 400
DAY = 86400

# ---------------------------------------------------------------------------------------------------------
# Rows


@dataclass
class Column:
    """A column: its SQL, its kind, and its values (numbers as doubles, NaN for missing; else None)."""

    name: str
    kind: str  # number, boolean (0 or 1), time (days), category or array (with values an element)
    values: object
    sql: str = ""


class Formulae:
    """Columns whose values follow from the number of the row, i, in Python and in SQL alike."""

    def __init__(self):
        self.i = range(1, ROWS + 1)
        self.columns = {}

    def compute(self, expression, missing=()):
        """Doubles; expression is integer arithmetic and one division by a power of two at most."""
        values = [float(eval(expression, {"abs": abs}, {"i": i})) for i in self.i]
        return np.array([math.nan if any(i % m == r for m, r in missing) else v for i, v in zip(self.i, values)])

    @staticmethod
    def unless(expression, missing, nan=()):
        """SQL: the expression, but NULL or NaN in some rows."""
        gaps = [f"WHEN i % {m} = {r} THEN {gap}" for gap, rows in (("NULL", missing), ("'NaN'", nan)) for m, r in rows]
        return " ".join(["CASE", *gaps, "ELSE", expression, "END"]) if gaps else expression

    def number(self, name, sql_type, expression, missing=(), nan=()):
        values = self.compute(expression, [*missing, *nan])
        self.columns[name] = Column(name, "number", values, f"({self.unless(expression, missing, nan)})::{sql_type}")

    def boolean(self, name, expression, missing):
        values = self.compute(expression, missing)
        self.columns[name] = Column(name, "boolean", values, self.unless(f"{expression} = 1", missing))

    def time(self, name, origin, unit, units_a_day, expression, missing):
        """Days since 1970 of origin plus so many units; or an interval in days, if origin is empty."""
        values = self.compute(expression, missing) / units_a_day
        self.columns[name] = Column(name, "time", values, self.unless(f"{origin}({expression}){unit}", missing))

    def category(self, name, sql_type, words, expression, missing):
        numbers = self.compute(expression, missing)
        values = [None if math.isnan(n) else words[int(n)] for n in numbers]
        listed = ", ".join(quote(w) for w in words)
        self.columns[name] = Column(name, "category", values,
                                    f"({self.unless(f'(ARRAY[{listed}])[1 + {expression}]', missing)})::{sql_type}")

    def array(self, name, sql_type, expressions, missing, element_missing):
        values = [self.compute(e, [*missing, *m]) for e, m in zip(expressions, element_missing)]
        elements = ", ".join(self.unless(e, m) for e, m in zip(expressions, element_missing))
        self.columns[name] = Column(name, "array", values,
                                    f"({self.unless(f'ARRAY[{elements}]', missing)})::{sql_type}")

    def print(self):
        print("CREATE TYPE prepared_size AS ENUM ('small', 'medium', 'large');")
        print("CREATE TABLE prepared AS SELECT i AS id,")
        print(",\n".join(f"\t{c.sql} AS {identifier(c.name)}" for c in self.columns.values()))
        print(f"FROM generate_series(1, {ROWS}) AS i;\n")


def generated_rows():
    """Ties, gaps of both kinds, outliers on either side, skewed and signed values, awkward names."""
    rows = Formulae()
    cube = "(i * 31 % 97)"
    signed = "(i * 57 % 201 - 120)"
    rows.number("a", "float8", "(i * 7919 % 1009) / 8.0 + 100 * (i % 3)", missing=[(37, 0)], nan=[(53, 0)])
    rows.number("Total spent", "numeric", f"{cube} * {cube} * {cube} / 64.0 + 900 * (i % 89 - i % 89 % 88)",
                missing=[(41, 5)])
    rows.number("signed", "float8",
                f"{signed} * abs({signed}) / 16.0 + 50 * (i % 101 - i % 101 % 100) - 40 * (i % 97 - i % 97 % 96)",
                missing=[(59, 7)])
    rows.number("order", "integer", "i * i % 7")
    rows.number("far", "float8", "1000000 + (i * 17 % 23) / 4.0 + (i * 113 % 401) / 64.0", missing=[(67, 1)])
    rows.boolean("vip", "i * i % 5 % 2", [(29, 0)])
    rows.number("visits", "smallint", "(i * 3 % 11 - i * 3 % 11 % 4) / 4.0 * 3 + i % 2")
    rows.number("w", "float8", "(i * 3 % 11) / 4.0")
    rows.category("plan", "text", ["free", "basic", "it's = \"odd\"", "", "\u00e9t\u00e9", "pro", "team", "zoo"],
                  "(i * 7 % 23) * (i * 11 % 19) % 8", [(31, 3)])
    rows.category("size", "prepared_size", ["small", "medium", "large"], "(i * i % 23 % 3)", [(73, 2)])
    rows.time("joined", "date '1970-01-01' + ", "", 1, "18262 + i * 37 % 900", [(61, 0)])
    rows.time("seen", "timestamp '1970-01-01' + ", " * interval '1 second'", DAY, "1622505600 + i * 12345 % 1000003",
              [(71, 4)])
    rows.time("paid", "timestamptz '1970-01-01 00:00+00' + ", " * interval '1 second'", DAY,
              "1577836800 + i * 54321 % 999983", [])
    rows.time("stay", "", " * interval '1 hour'", 24, "i * i % 311 - 20", [(43, 1)])
    rows.array("v", "float8[]", ["(i * 19 % 83) / 4.0", "(i * 23 % 61) * (i * 23 % 61)", "(i * i % 37) - 18"],
               [(47, 5)], [[], [(43, 6)], []])
    return rows


def marketing_rows(path):
    """The public data, as test/demo/load reads them."""
    frame = pandas.read_csv(path, sep=";")
    columns = {}
    for name in frame:
        if name in ("Education", "Marital_Status"):
            columns[name] = Column(name, "category", list(frame[name]))
        elif name == "Dt_Customer":
            days = pandas.to_datetime(frame[name], format="%d-%m-%Y") - pandas.Timestamp(1970, 1, 1)
            columns[name] = Column(name, "time", (days / pandas.Timedelta(days=1)).to_numpy(float))
        elif name != "ID":
            columns[name] = Column(name, "number", frame[name].to_numpy(float))
    return columns


# ---------------------------------------------------------------------------------------------------------
# Preparation

DEFAULTS = {"scaling": "standard", "missing": "median", "outliers": "keep", "transform": "none",
            "outlier_method": "iqr", "max_categories": 32, "min_frequency": 0, "distance": "euclidean"}
SCALERS = {"standard": StandardScaler, "minmax": MinMaxScaler, "robust": RobustScaler, "maxabs": MaxAbsScaler}


@dataclass
class Feature:
    """A feature: its raw values, how they are prepared, and what was fitted."""

    name: str
    raw: np.ndarray
    options: dict
    fill: float = None
    lower: float = None
    upper: float = None
    lambda_: float = None
    center: float = None
    scale: float = None
    imputed: int = 0
    clipped: int = 0
    power: PowerTransformer = None


def options_of(column, arguments):
    """The options of a column: its own, then the arguments, then the defaults."""
    own = dict(arguments.get("feature_options", {}).get(column.name, {}))
    if "clip" in own:
        own.setdefault("outliers", "clip")
    common = {**DEFAULTS, **arguments}
    if column.kind in ("boolean", "category"):
        common.update(outliers="keep", transform="none", scaling="none")
    if column.kind != "category" and common["missing"] == "category":
        common["missing"] = "median"
    return {**common, **own}


def columns_of(columns, arguments):
    """The columns of a call: those named, of which booleans are categories; else all numbers and booleans."""
    if "features" not in arguments:
        left_out = [*arguments["exclude"], arguments.get("sample_weight")]
        return [c for c in columns.values() if c.kind in ("number", "boolean") and c.name not in left_out]
    words = {0.0: "false", 1.0: "true"}
    return [Column(c.name, "category", [words.get(v) for v in c.values]) if c.kind == "boolean" else c
            for c in map(columns.get, arguments["features"])]


def spread(column, arguments):
    """The features of a column."""
    options = options_of(column, arguments)
    if column.kind == "array":
        return [Feature(f"{column.name}[{e}]", values, options) for e, values in enumerate(column.values, 1)]
    if column.kind == "category":
        return one_hot(column, options)
    return [Feature(column.name, column.values, options)]


def one_hot(column, options):
    """A feature a value, by frequency, then in C's order; the rest in one; missing ones by their rule."""
    values = pandas.Series(column.values, dtype=object)
    present = values.dropna()
    counts = sorted(present.value_counts().items(), key=lambda item: (-item[1], item[0].encode()))
    least = options["min_frequency"]
    least = least * len(values) if least < 1 else least
    kept = [value for value, count in counts[:options["max_categories"]] if count >= least]
    other = [value for value, count in counts if value not in kept]
    check_encoder(present, counts, kept, other, {**options, "min_frequency": least})

    columns = {value: [value] for value in kept}
    if other:
        columns["(other)"] = other
    features = []
    for label, members in columns.items():
        raw = values.isin(members).to_numpy(float)
        feature = Feature(f"{column.name}={label}", raw, {**options, "one-hot": True})
        if options["missing"] != "category":
            raw[values.isna()] = math.nan
        feature.fill = {"median": float(counts[0][0] in members), "mean": present.isin(members).mean(),
                        "zero": 0.0}.get(options["missing"])
        features.append(feature)
    if options["missing"] == "category" and values.isna().any():
        features.append(Feature(f"{column.name}=(missing)", values.isna().to_numpy(float), {**options, "one-hot": True}))
    return features


def check_encoder(present, counts, kept, other, options):
    """scikit-learn keeps and folds the same values; its max_categories counts the folded ones as one."""
    frequencies = [count for value, count in counts]
    if len(kept) < len(counts) and frequencies[len(kept) - 1] == frequencies[len(kept)]:
        return  # a tie, which scikit-learn breaks the other way round
    encoder = OneHotEncoder(max_categories=options["max_categories"] + 1, handle_unknown="infrequent_if_exist",
                            min_frequency=math.ceil(options["min_frequency"]) or None)
    encoder.fit(present.to_numpy().reshape(-1, 1))
    infrequent = encoder.infrequent_categories_[0]
    assert set(other) == set(() if infrequent is None else infrequent), (other, infrequent)


def fit_fill(feature):
    rule = feature.options["missing"]
    if feature.options.get("one-hot"):
        return
    if rule == "zero":
        feature.fill = 0.0
    elif rule in ("median", "mean"):
        feature.fill = float(SimpleImputer(strategy=rule).fit(feature.raw.reshape(-1, 1)).statistics_[0])


def fit_fences(feature):
    present = pandas.Series(feature.raw).dropna()
    threshold = feature.options.get("outlier_threshold")
    if feature.options["outliers"] == "keep":
        return
    if "clip" in feature.options:
        feature.lower, feature.upper = present.quantile(feature.options["clip"])
    elif feature.options["outlier_method"] == "zscore":
        reach = (3 if threshold is None else threshold) * present.std(ddof=0)
        feature.lower, feature.upper = present.mean() - reach, present.mean() + reach
    else:
        first, third = present.quantile([0.25, 0.75])
        reach = (1.5 if threshold is None else threshold) * (third - first)
        feature.lower, feature.upper = first - reach, third + reach


def impute(feature):
    return np.where(np.isnan(feature.raw), math.nan if feature.fill is None else feature.fill, feature.raw)


def used_rows(features):
    """Which rows no rule skips."""
    used = np.ones(len(features[0].raw), bool)
    for feature in features:
        if feature.options["missing"] == "skip":
            used &= ~np.isnan(feature.raw)
        if feature.options["outliers"] == "skip":
            used &= ~((impute(feature) < feature.lower) | (impute(feature) > feature.upper))
    return used


def prepare(feature, used):
    """The values of the rows used, imputed, fenced, transformed, scaled and weighted."""
    values = impute(feature)[used]
    feature.imputed = int(np.isnan(feature.raw[used]).sum())
    if feature.options["outliers"] == "clip":
        feature.clipped = int(((values < feature.lower) | (values > feature.upper)).sum())
        values = values.clip(feature.lower, feature.upper)
    values = scale(feature, transform(feature, values.reshape(-1, 1)))
    return values[:, 0] * math.sqrt(feature.options.get("weight", 1))


def transform(feature, values):
    if feature.options["transform"] == "log1p":
        return np.log1p(values)
    if feature.options["transform"] == "none":
        return values
    feature.power = PowerTransformer("yeo-johnson", standardize=False).fit(values)
    found = float(feature.power.lambdas_[0])
    feature.lambda_ = sharpen(values[:, 0], found)
    assert abs(feature.lambda_ - found) <= 1e-6 * max(abs(found), 0.1), f"scikit-learn finds lambda {found}"
    feature.power.lambdas_[0] = feature.lambda_
    return feature.power.transform(values)


def sharpen(values, found):
    """Lambda where the likelihood is flat, near which a search by its values alone stops."""
    def slope(lambda_):
        # of y = +-(u^m - 1) / m with u = 1 + |x|; m is lambda for x >= 0, else 2 - lambda
        m = np.where(values >= 0, lambda_, 2 - lambda_)
        logs = np.log1p(np.abs(values))
        change = (np.exp(m * logs) * (m * logs - 1) + 1) / m ** 2
        y = yeojohnson(values, lambda_)
        return (np.sign(values) * logs).sum() - len(values) * np.cov(y, change, ddof=0)[0, 1] / y.var()

    return brentq(slope, found - 1e-3, found + 1e-3, xtol=1e-13)


def scale(feature, values):
    feature.center, feature.scale = 0.0, 1.0
    if feature.options["scaling"] == "none":
        return values
    scaler = SCALERS[feature.options["scaling"]]().fit(values)
    between = np.percentile(values, 75) - np.percentile(values, 25)
    assert between > 0 or feature.options["scaling"] != "robust", f"scikit-learn leaves {feature.name} unscaled"
    feature.scale = float(scaler.data_range_[0] if hasattr(scaler, "data_range_") else scaler.scale_[0])
    for center in ("mean_", "center_", "data_min_"):
        feature.center = float(getattr(scaler, center, [feature.center])[0])
    return scaler.transform(values)


def undo(feature, scaled):
    """A scaled and weighted coordinate in original units."""
    value = scaled / math.sqrt(feature.options.get("weight", 1)) * feature.scale + feature.center
    if feature.options["transform"] == "log1p":
        return math.expm1(value)
    if feature.options["transform"] == "yeo-johnson":
        return float(feature.power.inverse_transform([[value]])[0, 0])
    return value


def redo(feature, value):
    """The way there, which for a given centroid is that of a row; NaN where the row would be skipped."""
    if feature.lower is not None:
        fenced = min(max(value, feature.lower), feature.upper)
        if feature.options["outliers"] == "skip" and fenced != value:
            return math.nan
        value = fenced
    if feature.options["transform"] == "log1p":
        value = math.log1p(value)
    elif feature.options["transform"] == "yeo-johnson":
        value = float(feature.power.transform([[value]])[0, 0])
    return (value - feature.center) / feature.scale * math.sqrt(feature.options.get("weight", 1))


# ---------------------------------------------------------------------------------------------------------
# Clusters


def nearest(x, centroids):
    """The two least squared distances of each row, and the number of the nearest centroid."""
    squares = ((x[:, None, :] - centroids[None, :, :]) ** 2).sum(axis=2)
    ordered = np.sort(squares, axis=1)
    return ordered[:, 0], ordered[:, 1], squares.argmin(axis=1)


def directions(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def lloyd(x, weights, centroids, cosine):
    """Lloyd's iterations to the end."""
    labels = None
    while True:
        _, _, now = nearest(x, centroids)
        if labels is not None and (now == labels).all():
            return centroids, labels
        labels = now
        centroids = np.array([np.average(x[labels == c], axis=0, weights=weights[labels == c])
                              for c in range(len(centroids))])
        if cosine:
            centroids = directions(centroids)


def optimum(points, weights, k, cosine, seed):
    """Centroids and labels of a good optimum; None if a row lies so near a border that rounding could move it."""
    found = KMeans(k, n_init=20, max_iter=1000, tol=0, random_state=seed).fit(points, sample_weight=weights)
    start = found.cluster_centers_
    centroids, labels = lloyd(points, weights, directions(start) if cosine else start, cosine)
    first, second, _ = nearest(points, centroids)
    if not cosine:
        assert abs(found.inertia_ / math.fsum(weights * first) - 1) < 1e-9, "not where scikit-learn ended"
    if (np.sqrt(second) - np.sqrt(first)).min() < 1e-6:
        return None
    return centroids, labels


def starts(x, labels, centroids, weights, cosine):
    """Points from which Lloyd's iterations may lead to centroids: these, or others of about their directions."""
    yield centroids
    if not cosine:
        return
    yield np.array([np.average(x[labels == c], axis=0, weights=weights[labels == c]) for c in range(len(centroids))])
    for length in (1, 0.5, 0.25, 0.1, 0.05):
        yield centroids * np.linalg.norm(x, axis=1).mean() * length


def rounded(features, points):
    """Points in original units, with nine digits."""
    return [[float(f"{undo(f, value):.9g}") for f, value in zip(features, point)] for point in points]


def cluster(features, x, weights, k, cosine):
    """The figures of a good optimum, its centroids and a start near it, in original units."""
    points = directions(x) if cosine else x
    for seed in range(5):
        found = optimum(points, weights, k, cosine, seed)
        if found is None:
            continue
        centroids, labels = found
        for start in starts(x, labels, centroids, weights, cosine):
            near = rounded(features, start)
            again = np.array([[redo(f, value) for f, value in zip(features, point)] for point in near])
            if np.isnan(again).any():
                continue
            _, repeated = lloyd(points, weights, directions(again) if cosine else again, cosine)
            if (repeated == labels).all():
                return (*figures(points, weights, centroids, labels, cosine), rounded(features, centroids), near)
    raise AssertionError("no optimum that can be reached safely")


def figures(points, weights, centroids, labels, cosine):
    first, _, _ = nearest(points, centroids)
    middle = np.average(points, axis=0, weights=weights)
    total = math.fsum(weights * ((points - (directions(middle) if cosine else middle)) ** 2).sum(axis=1))
    inertia = math.fsum(weights * first)
    return inertia, 1 - inertia / total, sorted(np.bincount(labels).tolist(), reverse=True)


# ---------------------------------------------------------------------------------------------------------
# Cases


def pairwise(**factors):
    """Few combinations in which every two values of two factors meet."""
    def pairs(combination):
        return set(itertools.combinations(((name, repr(value)) for name, value in combination.items()), 2))

    everything = [dict(zip(factors, values)) for values in itertools.product(*factors.values())]
    left = set().union(*map(pairs, everything))
    while left:
        best = max(everything, key=lambda combination: len(pairs(combination) & left))
        left -= pairs(best)
        yield best


KEEP = {}
CLIP = {"outliers": "clip"}
SKIP = {"outliers": "skip"}
CLIP_Z = {"outliers": "clip", "outlier_method": "zscore"}
SKIP_Z = {"outliers": "skip", "outlier_method": "zscore"}


def merge(options, feature, **more):
    options.setdefault("feature_options", {}).setdefault(feature, {}).update(more)


def combine(columns, combination, signed=(), weighted=()):
    """The arguments of a call; columns with values below -1 have no logarithm."""
    arguments = {"features": columns, "scaling": combination["scaling"], "missing": combination["missing"],
                 "transform": combination["transform"], **combination["outliers"]}
    for column in combination.get("clip", ()):
        merge(arguments, column, clip=[0.05, 0.9])
    if combination["transform"] == "log1p":
        for column in signed:
            merge(arguments, column, transform="none")
    if combination["weight"]:
        for column, weight in weighted:
            merge(arguments, column, weight=weight)
    for name in ("distance", "max_categories", "min_frequency", "sample_weight"):
        if combination.get(name, DEFAULTS.get(name)) != DEFAULTS.get(name):
            arguments[name] = combination[name]
    return arguments


COLUMNS = ["a", "Total spent", "signed", "order"]
KNOWN = {"signed": ["signed"], "weighted": [("a", 2.5), ("order", 0.25)]}
SCALING = ["standard", "minmax", "robust", "maxabs", "none"]
MISSING = ["median", "mean", "zero", "skip"]
BOTH = {"distance": ["euclidean", "cosine"], "weight": [False, True]}
FEW = {"scaling": ["standard", "robust"], "missing": ["mean", "zero", "skip"], "outliers": [KEEP, CLIP_Z, SKIP],
       "transform": ["none"], **BOTH}


def generated_cases():
    """Sections, with the number of clusters and the arguments of each case."""
    yield from number_cases()
    yield from fence_cases()
    for c in pairwise(transform=["yeo-johnson"], outliers=[KEEP, CLIP, SKIP, CLIP_Z, SKIP_Z], clip=[(), ("signed",)],
                      scaling=SCALING, missing=MISSING, **BOTH):
        yield "yeo-johnson", 4, combine(COLUMNS, c, **KNOWN)
    for c in pairwise(sample_weight=["w", "visits"], outliers=[KEEP, CLIP, SKIP], scaling=["standard", "robust", "none"],
                      missing=["median", "skip"], transform=["none", "log1p"], **BOTH):
        yield "sample weights", 4, combine(COLUMNS, c, **KNOWN)
    yield "sample weights", 4, {"exclude": ["far", "visits", "plan", "size"], "sample_weight": "w", "transform": "none"}
    yield from category_cases()
    for c in pairwise(**FEW):
        yield "dates and intervals", 4, combine(["joined", "seen", "paid", "stay"], c, weighted=[("stay", 2)])
    for c in pairwise(**FEW):
        yield "arrays", 4, combine(["v", "a"], c, weighted=[("v", 2)])
    yield from joint_cases()


def number_cases():
    for c in pairwise(scaling=SCALING, missing=MISSING, outliers=[KEEP, CLIP, SKIP], transform=["none", "log1p"], **BOTH):
        yield "numbers", 4, combine(COLUMNS, c, **KNOWN)
    for name in SCALING:
        yield "far from zero", 3, {"features": ["far", "visits"], "scaling": name}
        yield "far from zero", 3, {"features": ["far", "visits"], "scaling": name, "transform": "log1p",
                                   "missing": "mean", "outliers": "clip"}
    yield "nothing missing", 3, {"features": ["order", "visits", "w"], "missing": "error"}
    yield "one feature's own options", 4, {
        "features": COLUMNS, "scaling": "robust", "missing": "mean",
        "feature_options": {"a": {"missing": "zero", "scaling": "minmax"}, "Total spent": {"transform": "log1p"},
                            "signed": {"outliers": "clip", "weight": 4, "missing": "skip"}, "order": {"scaling": "none"}}}
    for name in MISSING:
        yield "columns by default", 4, {"exclude": ["far", "visits", "w", "plan", "size"], "missing": name, "outliers": "clip",
                                        "transform": "none", "feature_options": {"vip": {"weight": 3}}}
    yield "columns by default", 4, {"exclude": ["far", "visits", "w", "plan", "size"], "scaling": "maxabs", "transform": "none",
                                    "feature_options": {"vip": {"scaling": "standard", "missing": "skip"}}}


def fence_cases():
    for c in pairwise(outliers=[CLIP_Z, SKIP_Z, KEEP], clip=[(), ("a", "signed")], scaling=SCALING, missing=MISSING,
                      transform=["none", "log1p"], **BOTH):
        if c["outliers"] or c["clip"]:
            yield "fences", 4, combine(COLUMNS, c, **KNOWN)
    for outliers in (CLIP, SKIP, CLIP_Z, SKIP_Z):
        yield "fences", 4, {"features": COLUMNS, "outlier_threshold": 1, **outliers}
    yield "fences", 4, {
        "features": COLUMNS, "outliers": "clip",
        "feature_options": {"a": {"clip": [0, 0.5]}, "Total spent": {"outlier_method": "zscore", "outlier_threshold": 0.5},
                            "signed": {"outlier_threshold": 0.1}, "order": {"clip": [0.25, 1], "outliers": "skip"}}}


def category_cases():
    for c in pairwise(missing=[*MISSING, "category"], scaling=["standard", "minmax"], max_categories=[32, 4, 6],
                      min_frequency=[0, 0.08, 40], outliers=[KEEP, CLIP], transform=["none", "log1p"], **BOTH):
        yield "categories", 4, combine(["a", "plan", "vip", "size"], c, weighted=[("plan", 2), ("vip", 0.5)])
    yield "categories", 4, {
        "features": ["a", "plan", "vip", "size"], "missing": "mean",
        "feature_options": {"plan": {"max_categories": 3, "missing": "category"},
                            "size": {"min_frequency": 150, "missing": "skip", "scaling": "standard"},
                            "vip": {"max_categories": 1, "missing": "zero", "weight": 2}}}


def joint_cases():
    columns = [*COLUMNS, "vip", "plan", "size", "joined", "seen", "stay", "v"]
    for c in pairwise(transform=["none", "yeo-johnson"], outliers=[KEEP, CLIP_Z, SKIP], scaling=SCALING,
                      missing=["mean", "skip", "category"], sample_weight=[None, "w"], weight=[False, True]):
        arguments = combine(columns, c, **KNOWN)
        if c["transform"] == "yeo-johnson":
            for column in ("joined", "seen"):  # so far from zero, relative to their spread, is no optimum
                merge(arguments, column, transform="none")
        yield "all at once", 5, arguments


def marketing_cases():
    spent = ["Income", "Recency", "MntWines", "MntFruits", "MntMeatProducts", "MntFishProducts", "MntSweetProducts",
             "MntGoldProds"]
    counts = ["NumDealsPurchases", "NumWebPurchases", "NumCatalogPurchases", "NumStorePurchases", "NumWebVisitsMonth"]
    family = ["Year_Birth", "Kidhome", "Teenhome"]
    answers = ["AcceptedCmp1", "AcceptedCmp2", "AcceptedCmp3", "AcceptedCmp4", "AcceptedCmp5", "Complain", "Response"]
    weighted = [("Income", 2), ("Recency", 0.5)]

    for c in pairwise(scaling=SCALING[:4], missing=MISSING, outliers=[KEEP, CLIP, SKIP], transform=["none", "log1p"], **BOTH):
        yield "numbers", 3, combine(spent + counts, c, weighted=weighted)
    few = {"scaling": ["standard", "robust"], "missing": ["median", "skip"], "weight": [False, True]}
    for c in pairwise(outliers=[CLIP_Z, SKIP_Z, KEEP], clip=[(), ("Income", "MntWines", "MntFruits")],
                      transform=["none", "log1p"], **few):
        if c["outliers"] or c["clip"]:
            yield "fences", 3, combine(spent, c, weighted=weighted)
    for c in pairwise(transform=["yeo-johnson"], outliers=[KEEP, CLIP, SKIP, CLIP_Z], distance=["euclidean", "cosine"], **few):
        yield "yeo-johnson", 3, combine(spent + counts, c, weighted=weighted)
    for c in pairwise(sample_weight=["NumStorePurchases", "MntWines"], outliers=[KEEP, CLIP], transform=["none", "log1p"],
                      distance=["euclidean", "cosine"], **few):
        yield "sample weights", 3, combine(["Income", "Recency", "NumWebPurchases", "MntFruits"], c, weighted=weighted)
    for c in pairwise(max_categories=[32, 5], min_frequency=[0, 0.02, 30], outliers=[KEEP, CLIP], transform=["none"],
                      **{**few, "missing": ["median", "category"]}):
        yield "categories and dates", 4, combine(["Income", "Recency", "Education", "Marital_Status", "Dt_Customer"], c)
    for name in ("standard", "minmax", "maxabs"):  # most answers are no: quartiles 0 apart
        yield "every column", 4, {"features": family + ["Education", "Marital_Status", "Dt_Customer"] + spent + counts + answers,
                                  "scaling": name, "feature_options": {"Income": {"clip": [0.01, 0.99]},
                                                                       "MntWines": {"transform": "yeo-johnson"}}}


# ---------------------------------------------------------------------------------------------------------
# Output


def quote(word):
    return "'" + word.replace("'", "''") + "'"


def identifier(name):
    return '"' + name.replace('"', '""') + '"'


def number(value):
    return "NULL" if value is None else repr(value)


def array(values):
    return "{" + ",".join(values) + "}"


def call_text(arguments):
    parts = []
    for name, value in arguments.items():
        if name in ("features", "exclude"):
            value = quote(array(identifier(f) for f in value))
        elif name == "feature_options":
            value = quote(json.dumps(value))
        else:
            value = quote(value) if isinstance(value, str) else number(value)
        parts.append(f"{name} => {value}")
    return ", ".join(parts)


def matrix(points):
    return quote(array(array(f"{v:.9g}" for v in point) for point in points))


def describe(arguments):
    """A name for a case: what differs from the defaults."""
    words = []
    for name, value in arguments.items():
        if name == "feature_options":
            value = json.dumps(value).replace('"', "")
        if name != "features" and DEFAULTS.get(name) != value:
            words.append(f"{name} {value}")
    return ", ".join(words) or "defaults"


def print_case(columns, section, k, arguments, n):
    features = [f for column in columns_of(columns, arguments) for f in spread(column, arguments)]
    for feature in features:
        fit_fill(feature)
        fit_fences(feature)
    used = used_rows(features)
    x = np.column_stack([prepare(feature, used) for feature in features])
    weights = np.ones(used.sum())
    if "sample_weight" in arguments:
        weights = columns[arguments["sample_weight"]].values[used]
    assert x.std(axis=0).min() > 0, "a feature does not vary"
    inertia, explained, sizes, centroids, start = cluster(features, x, weights, k, arguments.get("distance") == "cosine")

    rows = ",\n".join(
        f"\t({n}, {quote(f.name)}, "
        + ", ".join(number(v) for v in (f.fill, f.lower, f.upper, f.lambda_, f.center, f.scale, f.imputed, f.clipped)) + ")"
        for f in features)
    print(f"INSERT INTO expected_fit VALUES ({n}, {quote(section)},\n\t{quote(describe(arguments))},\n"
          f"\t{quote(call_text(arguments))},\n"
          f"\t{matrix(centroids)},\n\t{'NULL' if start == centroids else matrix(start)},\n"
          f"\t{number(inertia)}, {number(explained)}, {used.sum()}, {quote(array(map(str, sizes)))});")
    print(f"INSERT INTO expected_feature VALUES\n{rows};\n")


def main():
    print("-- Written by preparation.py; judged by judge.sql.\n")
    if len(sys.argv) > 1:
        columns = marketing_rows(sys.argv[1])
        cases = marketing_cases()
    else:
        rows = generated_rows()
        rows.print()
        columns = rows.columns
        cases = generated_cases()
    for n, (section, k, arguments) in enumerate(cases, 1):
        try:
            print_case(columns, section, k, arguments, n)
        except AssertionError as error:
            raise SystemExit(f"{section}: {describe(arguments)}: {error}")


if __name__ == "__main__":
    main()
