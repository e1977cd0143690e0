"""The programs that segment is compared with, each with the same few arguments.

scikit-learn and FAISS run in this process; their threads are those of OpenMP and OpenBLAS. R gets its rows through
a file, and times its own fit. MADlib and PostGIS run on the server.
"""

import io
import os
import shutil
import subprocess
import sys
import tempfile
import warnings

import faiss
import numpy as np
import pandas
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import silhouette_score
from sklearn.preprocessing import StandardScaler

from database import format_labels, parse_rows, seconds

# A fit that its max_iter stops is what some measures want.
warnings.simplefilter("ignore", ConvergenceWarning)


def scikit(values, start, max_iter=300, tol=1e-4, algorithm="lloyd"):
    """One fit from given centroids: how long it takes, and the estimator."""
    kmeans = KMeans(len(start), init=start.astype(values.dtype), n_init=1, max_iter=max_iter, tol=tol,
                    algorithm=algorithm)
    return seconds(lambda: kmeans.fit(values))


def scikit_seeded(values, k, seed, algorithm="lloyd"):
    """One fit with a start of its own."""
    kmeans = KMeans(k, n_init=1, algorithm=algorithm, random_state=seed)
    return seconds(lambda: kmeans.fit(values))


def faiss_fit(values, start, iterations):
    """FAISS makes as many iterations as it is told, of all rows: how long they take, and its centroids."""
    kmeans = faiss.Kmeans(values.shape[1], len(start), niter=iterations, spherical=False,
                          max_points_per_centroid=len(values))
    elapsed, _ = seconds(lambda: kmeans.train(values, init_centroids=start.astype(np.float32)))
    return elapsed, kmeans.centroids


def faiss_seeded(values, k):
    """The same with a start and a number of iterations of its own."""
    kmeans = faiss.Kmeans(values.shape[1], k, spherical=False, max_points_per_centroid=len(values))
    elapsed, _ = seconds(lambda: kmeans.train(values))
    return elapsed, kmeans.centroids


def inertia_by(values, centroids):
    """The inertia of the nearest of these centroids, in double precision."""
    centroids = centroids.astype(float)
    distances = (np.square(part).sum(axis=1) + (np.square(centroids).sum(axis=1)[:, None] - 2 * centroids @ part.T).min(axis=0)
                 for part in np.array_split(values, len(values) // 100_000 + 1))
    return sum(part.sum() for part in distances)


def scikit_silhouette(values, labels):
    """How long the silhouette takes, and what it is."""
    return seconds(lambda: silhouette_score(values, labels))


def round_trip_csv(server, table, k):
    """Rows out as CSV, pandas, scikit-learn with ten starts, labels back as CSV, primary key."""
    def work():
        out = io.BytesIO()
        server.copy(f"COPY {table.name} TO STDOUT CSV HEADER", out)
        out.seek(0)
        frame = pandas.read_csv(out)
        kmeans = fit_scaled(frame[table.columns()].to_numpy(), k, n_init=10)
        labels = pandas.DataFrame({"id": frame["id"], "segment": kmeans.labels_ + 1})
        store_labels(server, io.StringIO(labels.to_csv(index=False, header=False)), "CSV")
        return kmeans
    return finish_copy(server, work)


def round_trip_binary(server, table, k):
    """The same with COPY's binary format both ways and one start."""
    def work():
        out = io.BytesIO()
        server.copy(f"COPY {table.name} TO STDOUT BINARY", out)
        keys, values = parse_rows(out.getbuffer(), table.nfeatures)
        kmeans = fit_scaled(values, k, n_init=1)
        store_labels(server, io.BytesIO(format_labels(keys, kmeans.labels_)), "BINARY")
        return kmeans
    return finish_copy(server, work)


def fit_scaled(values, k, n_init):
    return KMeans(k, n_init=n_init).fit(StandardScaler().fit_transform(values))


def store_labels(server, file, form):
    server.run("CREATE TABLE bench_copy (id bigint, segment integer)")
    server.copy(f"COPY bench_copy FROM STDIN {form}", file)
    server.run("ALTER TABLE bench_copy ADD PRIMARY KEY (id)")


def finish_copy(server, work):
    elapsed, result = seconds(work)
    server.run("DROP TABLE bench_copy")
    return elapsed, result


def install_madlib():
    """Installs MADlib into the server that the environment names, where the machine has it."""
    madpack = shutil.which("madpack", path=os.environ["PATH"] + ":/usr/local/madlib/bin")
    if not madpack:
        return False
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []  # it calls pg_ctl
    return subprocess.run([*user, madpack, "-p", "postgres", "install"], stdout=sys.stderr).returncode == 0


R_PROGRAM = """
arguments <- commandArgs(TRUE)
d <- as.integer(arguments[3])
k <- as.integer(arguments[4])
read <- function(file, n) matrix(readBin(file, "double", n), ncol = d, byrow = TRUE)
x <- read(arguments[1], file.size(arguments[1]) / 8)
start <- read(arguments[2], k * d)
elapsed <- system.time(
  fit <- suppressWarnings(kmeans(x, start, iter.max = as.integer(arguments[5]), algorithm = "Lloyd")))[["elapsed"]]
cat(elapsed, format(fit$tot.withinss, digits = 17))
"""


def has_r():
    return shutil.which("Rscript") is not None


def r_fit(values, start, max_iter):
    """Seconds and inertia of R's fit from given centroids."""
    with tempfile.TemporaryDirectory() as directory:
        files = [os.path.join(directory, name) for name in ("values", "start")]
        for file, matrix in zip(files, (values, start)):
            np.ascontiguousarray(matrix).tofile(file)
        arguments = [*files, str(values.shape[1]), str(len(start)), str(max_iter)]
        output = subprocess.run(["Rscript", "-e", R_PROGRAM, *arguments], check=True, text=True,
                                stdout=subprocess.PIPE).stdout
    return tuple(map(float, output.split()))
