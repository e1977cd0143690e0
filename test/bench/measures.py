"""The measures of fits and jobs. Each is a function that adds its outcomes to the bench; calls.py has those of other calls."""

import io
import os
import random
import re
import subprocess
import threading
import time
from statistics import median

import numpy as np
import psycopg2
from sklearn.cluster import kmeans_plusplus

import peers
from bench import NEAR_INERTIA, SAME_INERTIA, duration, measure
from database import BLOBS, fit_statement, format_vectors, seconds, short
from processes import Peak

HERE = os.path.dirname(os.path.abspath(__file__))
# What is less than this part of a call is lost in the noise of reading the table, and counts as so much.
LEAST_PART = 0.05


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
        bench.add(f"inertia after {run['iterations']} iterations from the same start, {kind} {table}, k = {BLOBS}",
                  f"{run['inertia']:.10g}", ", ".join(others), f"differs by {worst:.1g}", f"<= {SAME_INERTIA:g}",
                  worst <= SAME_INERTIA)


@measure
def iteration(bench):
    """one Lloyd iteration, uniform data, same start, against scikit-learn and FAISS"""
    for nfeatures, k, iterations, double, single in (8, 16, 100, 8, 5), (32, 64, 30, 5, 2.5):
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

        def faiss():
            one, first = peers.faiss_fit(narrow, start, 1)
            many, last = peers.faiss_fit(narrow, start, most)
            return (many - one) / iterations, (peers.inertia_by(values, first), peers.inertia_by(values, last))

        result = bench.race(ours=ours, double=lambda: scikit(values), single=lambda: scikit(narrow), faiss=faiss)
        what = f"one Lloyd iteration, {table}, k = {k}"
        for peer, name in ("double", "scikit-learn"), ("faiss", "FAISS"):
            for i, tolerance in enumerate((SAME_INERTIA, NEAR_INERTIA)):
                bench.same_inertia(what, result["ours"].last[i], name, result[peer].last[i], tolerance)
        for peer, name, at_least in (("double", "scikit-learn float64", double), ("single", "scikit-learn float32", single),
                                     ("faiss", "FAISS", None)):
            bench.faster(what, result["ours"], name, result[peer], at_least)


@measure
def fit(bench):
    """a whole fit to the same tolerance, against the faster of scikit-learn's algorithms"""
    for kind in "blobs", "uniform":
        table = bench.tables.get(kind, bench.small)
        values = table.values()
        start = values[:BLOBS]
        for what, same, options, contestant in (
                ("same start", True, {"centroids": rows_of(start)}, lambda algorithm: peers.scikit(values, start, algorithm=algorithm)),
                ("own start", False, {"n_init": 1}, lambda algorithm: peers.scikit_seeded(values, BLOBS, 0, algorithm))):
            result = bench.race(ours=lambda: search_alone(bench, table, **options),
                                lloyd=lambda: contestant("lloyd"), elkan=lambda: contestant("elkan"))
            best = min(("lloyd", "elkan"), key=lambda name: result[name].seconds)
            what = f"a whole fit, {what}, {kind} {table}, k = {BLOBS}"
            inertias = what, result["ours"].last["inertia"], "scikit-learn", result[best].last.inertia_
            as_good = same or bench.as_good(*inertias)
            if same:
                bench.same_inertia(*inertias, NEAR_INERTIA)
            bench.faster(what, result["ours"], f"scikit-learn {best}", result[best], 8, as_good)


@measure
def fit_tails(bench):
    """a whole fit of overlapping clusters with long tails, against single precision: scikit-learn, and FAISS with as many iterations"""
    table = bench.tables.get("tails", bench.middle)
    values = table.values()
    narrow = values.astype(np.float32)
    start = peers.scikit_seeded(values[:10_000], BLOBS, seed=0)[1].cluster_centers_

    def ours():
        return search_alone(bench, table, centroids=rows_of(start))

    def scikit():
        elapsed, kmeans = peers.scikit(narrow, start)
        return elapsed, kmeans.inertia_

    def faiss():
        elapsed, centroids = peers.faiss_fit(narrow, start, iterations)
        return elapsed, peers.inertia_by(values, centroids)

    what = f"a whole fit, same start, tails {table}, k = {BLOBS}"
    iterations = ours()[1]["iterations"]
    bench.note(f"{what}: {iterations} iterations")
    result = bench.race(ours=ours, scikit=scikit, faiss=faiss)
    for peer, name, at_least in ("scikit", "scikit-learn float32", 7), ("faiss", "FAISS, as many iterations", None):
        bench.same_inertia(what, result["ours"].last["inertia"], name, result[peer].last, NEAR_INERTIA)
        bench.faster(what, result["ours"], name, result[peer], at_least)


def search_alone(bench, table, **options):
    """Seconds of a fit, less one of a single segment, which reads, prepares and judges as well; and its row of segment_run."""
    idle, _ = bench.server.fit(table.name, 1, scaling="none", assignment="none", n_init=1)
    elapsed, run = bench.server.fit(table.name, BLOBS, scaling="none", assignment="none", **options)
    return max(elapsed - idle, LEAST_PART * elapsed), run


@measure
def kernel(bench):
    """the assign kernel against the processor's peak (make bench-kernel)"""
    output = subprocess.run([os.path.join(HERE, "kernel.sh")], check=True, text=True, stdout=subprocess.PIPE).stdout
    lines = re.findall(r"^(assign.*?)  +(\d+) x (\d+), k = (\d+) +([\d.]+) +([\d.]+) ", output, re.M)
    for what, rows, nfeatures, k, rate, percent in lines:
        # above 100 %, the kernel's vectors are wider than those that the peak was measured with
        judged = int(rows) >= 1_000_000 and int(nfeatures) >= 8 and int(k) >= 16 and float(percent) <= 100
        bench.add(f"{what.strip()} kernel, {short(int(rows))} x {nfeatures}, k = {k}", f"{rate} G steps/s",
                  "the processor's peak", f"{percent} %", ">= 50 %" if judged else "",
                  float(percent) >= 50 if judged else None)


@measure
def job(bench):
    """the whole job against CREATE TABLE AS, primary key and ANALYZE"""
    compare_jobs(bench, bench.tables.get("blobs", bench.large), 0.75, 0.8)


@measure
def job_tails(bench):
    """the same of overlapping clusters with long tails"""
    compare_jobs(bench, bench.tables.get("tails", bench.middle), 0.85, 1)


def compare_jobs(bench, table, *targets):
    server = bench.server

    def create_table_as():
        elapsed, _ = seconds(lambda: [server.run(statement) for statement in (
            "CREATE TABLE bench_copy AS SELECT id, (id % 16)::integer AS a, (id % 15)::integer AS b, x0::real AS c, "
            f"x1::real AS d FROM {table.name}",
            "ALTER TABLE bench_copy ADD PRIMARY KEY (id)",
            "ANALYZE bench_copy")])
        server.run("DROP TABLE bench_copy")
        return elapsed

    result = bench.race(before=server.checkpoint, one=lambda: server.fit(table.name, BLOBS, n_init=1),
                        default=lambda: server.fit(table.name, BLOBS), peer=create_table_as)
    for (name, options), at_most in zip((("one", "n_init => 1"), ("default", "default n_init")), targets):
        what = f"the whole job, {table.kind} {table}, k = {BLOBS}, {options}"
        bench.note(f"{what}: {result[name].last['iterations']} iterations")
        bench.part(what, result[name], "CREATE TABLE AS, key, ANALYZE", result["peer"], at_most)


@measure
def read(bench):
    """a fit without assignment against a parallel SELECT of the sums"""
    table = bench.tables.get("blobs", bench.large)
    sums = ", ".join(f"sum({column})" for column in table.columns())
    result = bench.race(
        ours=lambda: bench.server.fit(table.name, BLOBS, n_init=1, assignment="none"),
        peer=lambda: seconds(lambda: bench.server.run(f"SELECT {sums} FROM {table.name}")))
    bench.part(f"assignment => 'none', {table}, k = {BLOBS}, n_init => 1", result["ours"],
               "SELECT of the sums", result["peer"], 3)


@measure
def roundtrip(bench):
    """the whole job against rows out, scikit-learn, labels in, primary key"""
    table = bench.tables.get("blobs", bench.small)
    server = bench.server
    result = bench.race(
        before=server.checkpoint,
        ours=lambda: server.fit(table.name, BLOBS),
        csv=lambda: peers.round_trip_csv(server, table, BLOBS),
        ours_one=lambda: server.fit(table.name, BLOBS, n_init=1),
        binary=lambda: peers.round_trip_binary(server, table, BLOBS))
    for ours, peer, name, options, at_least in (
            ("ours", "csv", "COPY csv, scikit-learn", "default n_init", 10),
            ("ours_one", "binary", "COPY binary, scikit-learn", "n_init => 1", 4)):
        what = f"the whole job, {table}, k = {BLOBS}, {options}"
        as_good = bench.as_good(what, result[ours].last["inertia"], "scikit-learn", result[peer].last.inertia_)
        bench.faster(what, result[ours], name, result[peer], at_least, as_good)


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
    bench.note(f"{what}: {difference:.2g} from scikit-learn's")
    bench.faster(what, result["ours"], "scikit-learn", result["peer"], 4, difference <= SAME_INERTIA)


@measure
def madlib(bench):
    """against MADlib's kmeanspp on the same server"""
    if not peers.install_madlib():
        bench.note("MADlib's madpack is not on this machine, or failed")
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
    bench.faster(what, result["ours"], "MADlib kmeanspp", result["peer"], 50, as_good)


@measure
def postgis(bench):
    """against PostGIS's ST_ClusterKMeans, two features"""
    if not bench.server.has_extension("postgis"):
        bench.note("PostGIS is not on this server")
        return
    server = bench.server
    server.run("CREATE EXTENSION IF NOT EXISTS postgis")
    for kind in "blobs", "uniform":
        table = bench.tables.get(kind, bench.small, 2)
        server.run(f"CREATE TABLE bench_points AS SELECT id, ST_MakePoint(x0, x1) AS point FROM {table.name}")
        server.run("VACUUM ANALYZE bench_points")
        clusters = f"SELECT id, ST_ClusterKMeans(point, {BLOBS}) OVER () AS cluster FROM bench_points"

        def sizes():
            return seconds(lambda: server.run(f"SELECT cluster, count(*) FROM ({clusters}) c GROUP BY 1"))

        def stored():
            elapsed, _ = seconds(lambda: [server.run(f"CREATE TABLE bench_copy AS {clusters}"),
                                          server.run("ALTER TABLE bench_copy ADD PRIMARY KEY (id)")])
            server.run("DROP TABLE bench_copy")
            return elapsed

        result = bench.race(
            before=server.checkpoint,
            model=lambda: server.fit(table.name, BLOBS, scaling="none", assignment="none"), sizes=sizes,
            job=lambda: server.fit(table.name, BLOBS, scaling="none"), stored=stored)
        bench.faster(f"the model and its sizes, {kind} {table}, k = {BLOBS}", result["model"],
                     "PostGIS ST_ClusterKMeans", result["sizes"], 10)
        bench.faster(f"the whole job, {kind} {table}, k = {BLOBS}", result["job"],
                     "PostGIS into a table, key", result["stored"])
        server.run("DROP TABLE bench_points")


@measure
def r(bench):
    """a whole fit from the same start against R's kmeans"""
    if not peers.has_r():
        bench.note("R is not on this machine")
        return
    table = bench.tables.get("blobs", bench.small)
    values = table.values()
    start = good_start(values, BLOBS)
    result = bench.race(
        ours=lambda: bench.server.fit(table.name, BLOBS, centroids=rows_of(start), tol=0, scaling="none", assignment="none"),
        peer=lambda: peers.r_fit(values, start, 300))
    what = f"a whole fit with the read, same start, blobs {table}, k = {BLOBS}"
    bench.same_inertia(what, result["ours"].last["inertia"], "R", result["peer"].last)
    bench.faster(what, result["ours"], "R kmeans, Lloyd", result["peer"])


@measure
def growth(bench):
    """the whole job on ten times the rows, and on five times as many narrow rows"""
    for small, large, nfeatures, narrow in (bench.small, bench.large, 8, False), (bench.large, 5 * bench.large, 2, True):
        small, large = (bench.tables.get("blobs", rows, nfeatures, narrow) for rows in (small, large))
        times = large.rows / small.rows
        result = bench.race(before=bench.server.checkpoint, times=min(bench.repeat, 3),
                            small=lambda: bench.server.fit(small.name, BLOBS),
                            large=lambda: bench.server.fit(large.name, BLOBS))
        ratio, figure, spread = result["large"].over(result["small"])
        bench.add(f"the whole job, from {small} to {large}, k = {BLOBS}" + ", integer key, reals" * narrow,
                  duration(result["large"].seconds), duration(result["small"].seconds), f"{figure} times{spread}",
                  f"<= {1.1 * times:g} times", ratio <= 1.1 * times)
        if narrow:
            bench.tables.drop(small)
            bench.tables.drop(large)


@measure
def processes(bench):
    """collect and fit with one process and with two"""
    table = bench.tables.get("blobs", bench.large)

    def with_processes(number):
        bench.server.use(processes=number)
        return bench.server.fit(table.name, BLOBS, assignment="none")

    result = bench.race(one=lambda: with_processes(1), two=lambda: with_processes(2))
    bench.same_inertia("two processes", result["two"].last["inertia"], "one", result["one"].last["inertia"], 0)
    ratio, figure, spread = result["one"].over(result["two"])
    bench.add(f"read and fit with two processes, {table}, k = {BLOBS}", duration(result["two"].seconds),
              f"one process: {duration(result['one'].seconds)}", f"{figure} times as fast{spread}", ">= 1.7 times", ratio >= 1.7)


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
    bench.add(f"{what}: inertia", f"{run['inertia']:.10g}", f"exact fit: {exact['inertia']:.10g}", f"{above:+.3%}",
              "<= 0.1 %", above <= 0.001)
    peak = median(peaks)
    bench.add(f"{what}: memory", f"{peak:.0f} MB over idle", "", f"{peak:.0f} MB", "<= 112 MB", peak <= 112)


@measure
def embeddings(bench):
    """pgvector's columns against arrays of single precision, each from its own start"""
    server = bench.server
    if not server.has_extension("vector"):
        return bench.note("pgvector is not installed, so embeddings were not measured")
    rows, ndims, k = bench.small // 5, 384, 50
    values = topics(rows, ndims)
    least = values.nbytes / 2**20
    server.run("CREATE EXTENSION IF NOT EXISTS vector; CREATE TABLE bench_copy (id integer PRIMARY KEY, "
               f"embedding vector({ndims}) NOT NULL)")
    server.copy("COPY bench_copy FROM STDIN (FORMAT binary)", io.BytesIO(format_vectors(values)))
    server.run("VACUUM ANALYZE bench_copy")
    server.use(segment__work_mem=f"{least:.0f}MB")

    def ours():
        return server.fit("bench_copy", k, features=["embedding"], assignment="none", n_init=1)

    def faiss():
        elapsed, centroids = peers.faiss_seeded(values, k)
        return elapsed, peers.inertia_by(values, centroids)

    result = bench.race(ours=ours, scikit=lambda: peers.scikit_seeded(values, k, 0), faiss=faiss)
    what = f"read and fit of embeddings, {short(rows)} x {ndims}, k = {k}"
    inertia = result["ours"].last["inertia"]
    for peer, name, other in (("scikit", "scikit-learn float32", result["scikit"].last.inertia_), ("faiss", "FAISS", result["faiss"].last)):
        bench.faster(what, result["ours"], name, result[peer], 3, bench.as_good(what, inertia, name, other))
    # apart: to sample it takes time
    with Peak(server.connection) as memory:
        ours()
    peak = memory.over_idle() / 2**20
    bench.add(f"{what}: memory", f"{peak:.0f} MB over idle", f"4 bytes a value: {least:.0f} MB", f"{peak:.0f} MB",
              f"<= {least + 64:.0f} MB", peak <= least + 64)


def topics(rows, ndims):
    """Vectors of length 1 around 200 directions, some far more often than others, as embeddings of texts are."""
    random = np.random.default_rng(5)
    centres = random.normal(size=(200, ndims))
    share = 1 / np.arange(1, 201)
    values = centres[random.choice(200, rows, p=share / share.sum())] + 1.5 * random.normal(size=(rows, ndims))
    return (values / np.linalg.norm(values, axis=1, keepdims=True)).astype(np.float32)


@measure
def cancel(bench):
    """from a cancel at any moment until everything has stopped"""
    table = bench.tables.get("blobs", bench.large)
    whole, _ = bench.server.fit(table.name, BLOBS)
    delays = [whole * (i + random.Random(i).random()) / (4 * bench.repeat) for i in range(4 * bench.repeat)]
    stops = [stop for stop in (cancel_after(bench, table, delay) for delay in delays) if stop is not None]
    worst = max(stops)
    bench.add(f"a cancel at one of {len(stops)} moments of the whole job, {table}", f"median {duration(median(stops))}", "",
              f"at most {duration(worst)}", "<= 0.2 s", worst <= 0.2)


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
    output = subprocess.run([os.path.join(HERE, "quality")], check=True, text=True, stdout=subprocess.PIPE).stdout
    for text in output.splitlines():
        bench.note(f"optima: {text}")
    runs, (ours, theirs), (elapsed, other) = (re.search(pattern, output, re.M).groups() for pattern in (
        r"^(\d+) runs", r"^within 0\.1% of the best +(\S+)% +(\S+)%", r"^seconds in all +(\S+) +(\S+)"))
    bench.add(f"default options, {runs[0]} runs: inertia at most 0.1 % above the best of 100 starts of scikit-learn",
              f"{ours} % of the runs", f"scikit-learn, 10 starts: {theirs} %", f"{elapsed} s against {other} s in all",
              "95 % of the runs, in less time", float(ours) >= 95 and float(elapsed) < float(other))
