"""The measures, in the order of the table. Each is a function that adds its outcomes to the bench.

What is compared takes turns, repeat by repeat, so that a machine that slows down slows down all of it.
"""

import os
import random
import re
import subprocess
import threading
import time
from dataclasses import dataclass, field
from statistics import median
from types import SimpleNamespace

import numpy as np
import psycopg2
from sklearn.cluster import kmeans_plusplus

import peers
from database import BLOBS, Server, Tables, fit_statement, seconds, short
from processes import Peak

HERE = os.path.dirname(os.path.abspath(__file__))
SAME_INERTIA = 1e-6  # relative difference of two programs after the same iterations from the same start
# The same on the way: where a row on a border went the other way for its single precision, the programs
# part for a while, and meet again where they converge.
NEAR_INERTIA = 1e-4
WORSE_INERTIA = 1.01  # a multiple of the peer's that its speed does not excuse
# What is less than this part of a call is lost in the noise of reading the table, and counts as so much.
LEAST_PART = 0.05

MEASURES = {}


def measure(function):
    MEASURES[function.__name__] = function
    return function


@dataclass
class Outcome:
    """A line of the table; times speedup it is a bar of the chart."""

    what: str
    ours: str
    other: str
    figure: str
    target: str = ""
    reached: bool | None = None
    peer: str = ""
    speedup: float | None = None


@dataclass
class Bench:
    server: Server
    tables: Tables
    large: int
    repeat: int
    outcomes: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    differences: list = field(default_factory=list)

    @property
    def small(self):
        return self.large // 10

    def race(self, **contestants):
        """Runs each in turn, repeat times; they return seconds, or seconds and something else."""
        runs = {name: [] for name in contestants}
        for _ in range(self.repeat):
            for name, contestant in contestants.items():
                result = contestant()
                elapsed, last = result if isinstance(result, tuple) else (result, None)
                runs[name].append((elapsed, last))
        return {name: SimpleNamespace(seconds=median(elapsed for elapsed, _ in of), last=of[-1][1])
                for name, of in runs.items()}

    def faster(self, what, ours, peer, other, at_least=None, as_good=True):
        """ours and other are seconds; a target is reached by a result that is as good, too."""
        ratio = other / ours
        self.outcomes.append(Outcome(
            what, duration(ours), f"{peer}: {duration(other)}", f"{ratio:.3g} times as fast",
            f">= {at_least:g} times" if at_least else "", ratio >= at_least and as_good if at_least else None,
            peer, ratio))

    def part(self, what, ours, peer, other, at_most):
        """ours as a part of other's time, or a multiple of it."""
        ratio = ours / other
        self.outcomes.append(Outcome(
            what, duration(ours), f"{peer}: {duration(other)}", f"{ratio:.3g} of its time",
            f"<= {at_most:g}", ratio <= at_most, peer, 1 / ratio))

    def same_inertia(self, what, inertia, peer, other, tolerance=SAME_INERTIA):
        """Ours may be lower: iterations go on until no row changes, and figures are about the assignment's own means."""
        difference = abs(inertia - other) / other if tolerance == 0 else max(inertia / other - 1, 0)
        if not difference <= tolerance:
            self.differences.append(f"{what}: inertia {inertia:.17g}, {peer} has {other:.17g}, "
                                    f"a relative difference of {difference:.2g}")
        return difference

    def as_good(self, what, inertia, peer, other):
        """Where starts differ, so do optima: is ours not clearly worse?"""
        self.notes.append(f"{what}: inertia {inertia / other - 1:+.4%} against {peer}'s")
        return inertia <= other * WORSE_INERTIA


def duration(elapsed):
    for unit, name in ((1, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if abs(elapsed) >= unit:
            break
    return f"{elapsed / unit:.3g} {name}"


def rows_of(start):
    return np.asarray(start).tolist()


def good_start(values, k):
    return kmeans_plusplus(values[:10_000], k, random_state=0)[0]


@measure
def inertia(bench):
    """the same inertia from the same starting centroids"""
    for kind in "blobs", "uniform":
        table = bench.tables.get(kind, bench.small)
        values = table.values()
        start = good_start(values, BLOBS)
        most = 50
        _, run = bench.server.fit(table.name, BLOBS, centroids=rows_of(start), scaling="none", assignment="none",
                                  tol=0, max_iter=most)
        others = {f"scikit-learn {algorithm}": peers.scikit(values, start, most, 0, algorithm)[1].inertia_
                  for algorithm in ("lloyd", "elkan")}
        # R judges the last assignment by the centroids after it: that is the same at the end only
        if peers.has_r() and run["converged"]:
            others["R Lloyd"] = peers.r_fits(values, start, most, 1)[0][1]
        worst = max(bench.same_inertia(f"{kind} {table}", run["inertia"], peer, other)
                    for peer, other in others.items())
        bench.outcomes.append(Outcome(
            f"inertia after {run['iterations']} iterations from the same start, {kind} {table}, k = {BLOBS}",
            f"{run['inertia']:.10g}", ", ".join(others), f"differs by {worst:.1g}", f"<= {SAME_INERTIA:g}",
            worst <= SAME_INERTIA))


@measure
def iteration(bench):
    """one Lloyd iteration, uniform data, same start, against scikit-learn"""
    for nfeatures, k, iterations, double, single in (8, 16, 100, 8, 5), (32, 64, 30, 4, 2.5):
        table = bench.tables.get("uniform", bench.small, nfeatures)
        values = table.values()
        start = values[:k]
        narrow = values.astype(np.float32)
        most = iterations + 1

        # many iterations less one, so that reading, checking and judging cancel out
        def ours():
            options = {"centroids": rows_of(start), "scaling": "none", "assignment": "none", "tol": 0}
            one, first = bench.server.fit(table.name, k, **options, max_iter=1)
            many, last = bench.server.fit(table.name, k, **options, max_iter=most)
            elapsed = max(many - one, LEAST_PART * many)
            return elapsed / (last["iterations"] - 1), (first["inertia"], last["inertia"])

        def scikit(values):
            one, first = peers.scikit(values, start, 1, 0)
            many, last = peers.scikit(values, start, most, 0)
            return (many - one) / (last.n_iter_ - 1), (first.inertia_, last.inertia_)

        result = bench.race(ours=ours, double=lambda: scikit(values), single=lambda: scikit(narrow))
        what = f"one Lloyd iteration, {table}, k = {k}"
        for i, tolerance in enumerate((SAME_INERTIA, NEAR_INERTIA)):
            bench.same_inertia(what, result["ours"].last[i], "scikit-learn", result["double"].last[i], tolerance)
        for peer, at_least in ("double", double), ("single", single):
            name = {"double": "scikit-learn float64", "single": "scikit-learn float32"}[peer]
            bench.faster(what, result["ours"].seconds, name, result[peer].seconds, at_least)


@measure
def fit(bench):
    """a whole fit to the same tolerance, against the faster of scikit-learn's algorithms"""
    for kind in "blobs", "uniform":
        table = bench.tables.get(kind, bench.small)
        values = table.values()
        start = values[:BLOBS]
        options = {"scaling": "none", "assignment": "none"}

        # less a fit of one segment, which reads, prepares and judges as well
        def ours(**more):
            idle, _ = bench.server.fit(table.name, 1, **options, n_init=1)
            elapsed, run = bench.server.fit(table.name, BLOBS, **options, **more)
            return max(elapsed - idle, LEAST_PART * elapsed), SimpleNamespace(inertia=run["inertia"], whole=elapsed)

        def same_start(algorithm):
            elapsed, kmeans = peers.scikit(values, start, algorithm=algorithm)
            return elapsed, kmeans.inertia_

        result = bench.race(ours=lambda: ours(centroids=rows_of(start)),
                            lloyd=lambda: same_start("lloyd"), elkan=lambda: same_start("elkan"))
        compare_fits(bench, f"a whole fit, same start, {kind} {table}, k = {BLOBS}", result, same=True)

        def own_start(algorithm):
            elapsed, kmeans = peers.scikit_seeded(values, BLOBS, seed=0, algorithm=algorithm)
            return elapsed, kmeans.inertia_

        result = bench.race(ours=lambda: ours(n_init=1),
                            lloyd=lambda: own_start("lloyd"), elkan=lambda: own_start("elkan"))
        compare_fits(bench, f"a whole fit, own start, {kind} {table}, k = {BLOBS}", result, same=False)


def compare_fits(bench, what, result, same):
    best = min(("lloyd", "elkan"), key=lambda name: result[name].seconds)
    inertias = what, result["ours"].last.inertia, "scikit-learn", result[best].last
    as_good = same or bench.as_good(*inertias)
    if same:
        bench.same_inertia(*inertias, NEAR_INERTIA)
    bench.notes.append(f"{what}: {duration(result['ours'].last.whole)} with the read of the table")
    bench.faster(what, result["ours"].seconds, f"scikit-learn {best}", result[best].seconds, 8, as_good)


@measure
def kernel(bench):
    """the assign kernel against the processor's peak (make bench-kernel)"""
    output = subprocess.run([os.path.join(HERE, "kernel.sh")], check=True, text=True, stdout=subprocess.PIPE).stdout
    lines = re.findall(r"^(assign.*?)  +(\d+) x (\d+), k = (\d+) +([\d.]+) +([\d.]+) ", output, re.M)
    for what, rows, nfeatures, k, rate, percent in lines:
        # above 100 %, the kernel's vectors are wider than those that the peak was measured with
        judged = int(rows) >= 1_000_000 and int(nfeatures) >= 8 and int(k) >= 16 and float(percent) <= 100
        bench.outcomes.append(Outcome(
            f"{what.strip()} kernel, {short(int(rows))} x {nfeatures}, k = {k}", f"{rate} G steps/s",
            "the processor's peak", f"{percent} %", ">= 50 %" if judged else "",
            float(percent) >= 50 if judged else None))


@measure
def job(bench):
    """the whole job against CREATE TABLE AS, primary key and ANALYZE"""
    table = bench.tables.get("blobs", bench.large)
    server = bench.server

    def ours(**options):
        server.run("CHECKPOINT")
        return server.fit(table.name, BLOBS, **options)[0]

    def create_table_as():
        server.run("CHECKPOINT")
        elapsed, _ = seconds(lambda: [server.run(statement) for statement in (
            "CREATE TABLE bench_copy AS SELECT id, (id % 16)::integer AS a, (id % 15)::integer AS b, x0::real AS c, "
            f"x1::real AS d FROM {table.name}",
            "ALTER TABLE bench_copy ADD PRIMARY KEY (id)",
            "ANALYZE bench_copy")])
        server.run("DROP TABLE bench_copy")
        return elapsed

    result = bench.race(one=lambda: ours(n_init=1), default=ours, peer=create_table_as)
    for name, options, at_most in ("one", ", n_init => 1", 0.8), ("default", ", default n_init", 0.9):
        bench.part(f"the whole job, {table}, k = {BLOBS}{options}", result[name].seconds,
                   "CREATE TABLE AS, key, ANALYZE", result["peer"].seconds, at_most)


@measure
def read(bench):
    """a fit without assignment against a parallel SELECT of the sums"""
    table = bench.tables.get("blobs", bench.large)
    sums = ", ".join(f"sum({column})" for column in table.columns())
    result = bench.race(
        ours=lambda: bench.server.fit(table.name, BLOBS, n_init=1, assignment="none")[0],
        peer=lambda: seconds(lambda: bench.server.run(f"SELECT {sums} FROM {table.name}"))[0])
    bench.part(f"assignment => 'none', {table}, k = {BLOBS}, n_init => 1", result["ours"].seconds,
               "SELECT of the sums", result["peer"].seconds, 3)


@measure
def roundtrip(bench):
    """the whole job against rows out, scikit-learn, labels in, primary key"""
    table = bench.tables.get("blobs", bench.small)
    server = bench.server
    result = bench.race(
        ours=lambda: server.fit(table.name, BLOBS),
        csv=lambda: peers.round_trip_csv(server, table, BLOBS),
        ours_one=lambda: server.fit(table.name, BLOBS, n_init=1),
        binary=lambda: peers.round_trip_binary(server, table, BLOBS))
    for ours, peer, name, options, at_least in (
            ("ours", "csv", "COPY csv, scikit-learn", "default n_init", 10),
            ("ours_one", "binary", "COPY binary, scikit-learn", "n_init => 1", 3)):
        what = f"the whole job, {table}, k = {BLOBS}, {options}"
        as_good = bench.as_good(what, result[ours].last["inertia"], "scikit-learn", result[peer].last.inertia_)
        bench.faster(what, result[ours].seconds, name, result[peer].seconds, at_least, as_good)


@measure
def silhouette(bench):
    """the silhouette of 20,000 rows by distances between them, against scikit-learn"""
    table = bench.tables.get("blobs", 20_000)
    server = bench.server
    server.run(*fit_statement(table.name, BLOBS, {"scaling": "none"}))
    labels = [segment for segment, in server.run("SELECT segment FROM bench_assignment ORDER BY id")]
    statement = f"SELECT silhouette FROM segment_silhouette('bench', {table.rows}) WHERE segment IS NULL"
    result = bench.race(ours=lambda: seconds(lambda: server.run(statement)[0][0]),
                        peer=lambda: peers.scikit_silhouette(table.values(), labels))
    what = f"the exact silhouette with the read, {table}, k = {BLOBS}"
    difference = abs(result["ours"].last - result["peer"].last)
    bench.notes.append(f"{what}: {difference:.2g} from scikit-learn's")
    bench.faster(what, result["ours"].seconds, "scikit-learn", result["peer"].seconds, 4, difference <= SAME_INERTIA)


@measure
def madlib(bench):
    """against MADlib's kmeanspp on the same server"""
    if not peers.install_madlib():
        bench.notes.append("MADlib's madpack is not on this machine, or failed")
        return
    table = bench.tables.get("blobs", bench.small)
    server = bench.server
    server.run(f"CREATE TABLE bench_points AS SELECT id, ARRAY[{', '.join(table.columns())}] AS x FROM {table.name}")
    server.run("VACUUM ANALYZE bench_points")
    call = ("SELECT objective_fn FROM madlib.kmeanspp('bench_points', 'x', %s, 'madlib.squared_dist_norm2', "
            "'madlib.avg', 20, 0.0001)")
    result = bench.race(
        ours=lambda: server.fit(table.name, BLOBS, n_init=1, scaling="none", assignment="none"),
        peer=lambda: seconds(lambda: server.run(call, [BLOBS])[0][0]))
    what = f"the model alone, {table}, k = {BLOBS}"
    as_good = bench.as_good(what, result["ours"].last["inertia"], "MADlib", result["peer"].last)
    bench.faster(what, result["ours"].seconds, "MADlib kmeanspp", result["peer"].seconds, 50, as_good)
    server.run("DROP TABLE bench_points")


@measure
def postgis(bench):
    """against PostGIS's ST_ClusterKMeans, two features"""
    if not bench.server.has_extension("postgis"):
        bench.notes.append("PostGIS is not on this server")
        return
    server = bench.server
    server.run("CREATE EXTENSION IF NOT EXISTS postgis")
    for kind in "blobs", "uniform":
        table = bench.tables.get(kind, bench.small, 2)
        server.run(f"CREATE TABLE bench_points AS SELECT id, ST_MakePoint(x0, x1) AS point FROM {table.name}")
        server.run("VACUUM ANALYZE bench_points")
        clusters = f"SELECT id, ST_ClusterKMeans(point, {BLOBS}) OVER () AS cluster FROM bench_points"

        def sizes():
            return seconds(lambda: server.run(f"SELECT cluster, count(*) FROM ({clusters}) c GROUP BY 1"))[0]

        def stored():
            elapsed, _ = seconds(lambda: [server.run(f"CREATE TABLE bench_copy AS {clusters}"),
                                          server.run("ALTER TABLE bench_copy ADD PRIMARY KEY (id)")])
            server.run("DROP TABLE bench_copy")
            return elapsed

        result = bench.race(
            model=lambda: server.fit(table.name, BLOBS, scaling="none", assignment="none")[0], sizes=sizes,
            job=lambda: server.fit(table.name, BLOBS, scaling="none")[0], stored=stored)
        bench.faster(f"the model and its sizes, {kind} {table}, k = {BLOBS}", result["model"].seconds,
                     "PostGIS ST_ClusterKMeans", result["sizes"].seconds, 10)
        bench.faster(f"the whole job, {kind} {table}, k = {BLOBS}", result["job"].seconds,
                     "PostGIS into a table, key", result["stored"].seconds)
        server.run("DROP TABLE bench_points")


@measure
def r(bench):
    """a whole fit from the same start against R's kmeans"""
    if not peers.has_r():
        bench.notes.append("R is not on this machine")
        return
    table = bench.tables.get("blobs", bench.small)
    values = table.values()
    start = good_start(values, BLOBS)
    fits = peers.r_fits(values, start, 300, bench.repeat)
    result = bench.race(ours=lambda: bench.server.fit(
        table.name, BLOBS, centroids=rows_of(start), tol=0, scaling="none", assignment="none"))
    what = f"a whole fit with the read, same start, blobs {table}, k = {BLOBS}"
    bench.same_inertia(what, result["ours"].last["inertia"], "R", fits[0][1])
    bench.faster(what, result["ours"].seconds, "R kmeans, Lloyd", median(elapsed for elapsed, _ in fits))


@measure
def growth(bench):
    """the whole job on ten times the rows"""
    small = bench.tables.get("blobs", bench.small)
    large = bench.tables.get("blobs", bench.large)
    result = bench.race(small=lambda: bench.server.fit(small.name, BLOBS)[0],
                        large=lambda: bench.server.fit(large.name, BLOBS)[0])
    ratio = result["large"].seconds / result["small"].seconds
    bench.outcomes.append(Outcome(
        f"the whole job, from {small} to {large}, k = {BLOBS}", duration(result["large"].seconds),
        duration(result["small"].seconds), f"{ratio:.3g} times", "<= 11 times", ratio <= 11))


@measure
def processes(bench):
    """collect and fit with one process and with two"""
    table = bench.tables.get("blobs", bench.large)

    def with_processes(number):
        bench.server.use(processes=number)
        return bench.server.fit(table.name, BLOBS, assignment="none")

    result = bench.race(one=lambda: with_processes(1), two=lambda: with_processes(2))
    bench.same_inertia("two processes", result["two"].last["inertia"], "one", result["one"].last["inertia"], 0)
    ratio = result["one"].seconds / result["two"].seconds
    bench.outcomes.append(Outcome(
        f"read and fit with two processes, {table}, k = {BLOBS}", duration(result["two"].seconds),
        f"one process: {duration(result['one'].seconds)}", f"{ratio:.3g} times as fast", ">= 1.7 times", ratio >= 1.7))


@measure
def memory(bench):
    """segment.work_mem = '64MB' on more rows than that"""
    table = bench.tables.get("blobs", bench.large)
    _, exact = bench.server.fit(table.name, BLOBS, assignment="none")
    bench.server.use(segment__work_mem="64MB")
    peaks = []
    for _ in range(bench.repeat):
        with bench.server.connect() as connection, connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            with Peak(connection) as peak:
                statement, parameters = fit_statement(table.name, BLOBS, {"assignment": "none"})
                cursor.execute(statement, parameters)
                run = dict(zip((column.name for column in cursor.description), cursor.fetchone()))
            cursor.execute("SELECT segment_drop('bench')")
        connection.close()
        peaks.append(peak.over_idle() / 2**20)
    above = run["inertia"] / exact["inertia"] - 1
    what = f"segment.work_mem = '64MB', {table}, k = {BLOBS}"
    bench.outcomes.append(Outcome(f"{what}: inertia", f"{run['inertia']:.10g}", f"exact fit: {exact['inertia']:.10g}",
                                  f"{above:+.3%}", "<= 0.1 %", above <= 0.001))
    peak = median(peaks)
    bench.outcomes.append(Outcome(f"{what}: memory", f"{peak:.0f} MB over idle", "", f"{peak:.0f} MB", "<= 112 MB",
                                  peak <= 112))


@measure
def cancel(bench):
    """from a cancel at any moment until everything has stopped"""
    table = bench.tables.get("blobs", bench.large)
    whole, _ = bench.server.fit(table.name, BLOBS)
    delays = [whole * (i + random.Random(i).random()) / (4 * bench.repeat) for i in range(4 * bench.repeat)]
    stops = [stop for stop in (cancel_after(bench, table, delay) for delay in delays) if stop is not None]
    worst = max(stops)
    bench.outcomes.append(Outcome(
        f"a cancel at one of {len(stops)} moments of the whole job, {table}", f"median {duration(median(stops))}", "",
        f"at most {duration(worst)}", "<= 0.2 s", worst <= 0.2))


def cancel_after(bench, table, delay):
    """Seconds until the job's session and its workers are done with it; None when it was over before."""
    connection = bench.server.connect()
    statement, parameters = fit_statement(table.name, BLOBS, {})
    ended = []

    def work():
        with connection.cursor() as cursor:
            try:
                cursor.execute(statement, parameters)
                cursor.execute("SELECT segment_drop('bench')")
            except psycopg2.errors.QueryCanceled:
                ended.append(time.perf_counter())

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(delay)
    start = time.perf_counter()
    bench.server.run("SELECT pg_cancel_backend(%s)", [connection.get_backend_pid()])
    thread.join()
    # those of the session, and any that has lost it
    while bench.server.run("SELECT 1 FROM pg_stat_activity WHERE backend_type = 'parallel worker'"):
        pass
    elapsed = time.perf_counter() - start
    connection.close()
    return elapsed if ended else None


@measure
def optima(bench):
    """inertia of the default options against scikit-learn's best of 100 starts"""
    program = os.path.join(HERE, "quality")
    if not os.access(program, os.X_OK):
        bench.notes.append("test/bench/quality is not there")
        return
    output = subprocess.run([program], check=True, text=True, stdout=subprocess.PIPE).stdout
    bench.notes += [f"optima: {line}" for line in output.splitlines() if line.strip()]
