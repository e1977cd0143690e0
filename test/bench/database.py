"""The server's side of the benchmark: a session, and the tables that everything reads.

A table is made of parts that a seed and their number determine, so that the peers can have the same
values as arrays while the largest tables are never in Python's memory as a whole.
"""

import io
import os
import time
from dataclasses import dataclass

import numpy as np
import psycopg2

PART = 500_000  # rows generated and loaded at a time
BLOBS = 16
# of "tails": the standard deviation of centres, and the degrees of freedom of Student's t around them, whose own is 1.73
APART = 1
FREEDOM = 3
COPY_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
COPY_TRAILER = b"\xff\xff"


def seconds(work):
    """How long a call takes, and what it returned."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


class Server:
    """A session. Settings give each statement all cores, and each fit the memory it likes."""

    def __init__(self):
        self.settings = {}
        self.connection = self.connect()
        self.run("CREATE EXTENSION IF NOT EXISTS segment")
        self.clean()

    def use(self, processes=None, **settings):
        """Changes settings for what follows; processes counts the session's own."""
        if processes:
            for name in ("max_parallel_workers_per_gather", "max_parallel_maintenance_workers",
                         "segment.max_parallel_workers"):
                self.settings[name] = processes - 1
        for name, value in settings.items():
            self.settings[name.replace("__", ".")] = value
        self.apply(self.connection)

    def apply(self, connection):
        with connection.cursor() as cursor:
            for name, value in self.settings.items():
                cursor.execute(f"SET {name} = %s", [str(value)])

    def connect(self, **options):
        """Another session, with the same settings."""
        connection = psycopg2.connect("", **options)
        connection.autocommit = True
        self.apply(connection)
        return connection

    def run(self, statement, parameters=None):
        with self.connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else None

    def copy(self, statement, file):
        with self.connection.cursor() as cursor:
            cursor.copy_expert(statement, file, size=1 << 20)

    def has_extension(self, name):
        return bool(self.run("SELECT 1 FROM pg_available_extensions WHERE name = %s", [name]))

    def checkpoint(self):
        self.run("CHECKPOINT")

    def fit(self, source, k, **options):
        """A job of segment's: how long it takes, and its row of segment_run. The model is dropped."""
        statement, parameters = fit_statement(source, k, options)
        with self.connection.cursor() as cursor:
            elapsed, _ = seconds(lambda: cursor.execute(statement, parameters))
            run = dict(zip((column.name for column in cursor.description), cursor.fetchone()))
        self.run("SELECT segment_drop('bench')")
        return elapsed, run

    def clean(self):
        """Back to what a measure may expect, whatever the one before it left: settings, models, or no server for a while."""
        for _ in range(60):
            try:
                if self.connection.closed:
                    self.connection = self.connect()
                self.run("ROLLBACK")
                break
            except psycopg2.Error:
                self.connection.close()
                time.sleep(1)
        self.use(processes=os.cpu_count(), client_min_messages="warning", segment__work_mem="4GB")
        self.run("SELECT segment_drop(model) FROM segment_models")
        self.run("DROP TABLE IF EXISTS bench_copy, bench_points")


def fit_statement(source, k, options):
    options = {"k": k, "model": "bench", **options}
    names = ", ".join(f"{name} => %s" + ("::float8[]" if name == "centroids" else "") for name in options)
    return f"SELECT * FROM segment_kmeans(%s, {names})", [source, *options.values()]


def row_type(nfeatures, width=8):
    """A row (id, x0, ...) of COPY's binary format as a NumPy type: bigint and float8, or integer and real of width 4."""
    fields = [("fields", ">i2"), ("id_size", ">i4"), ("id", f">i{width}")]
    for i in range(nfeatures):
        fields += [(f"x{i}_size", ">i4"), (f"x{i}", f">f{width}")]
    return np.dtype(fields)


LABEL_TYPE = np.dtype([("fields", ">i2"), ("id_size", ">i4"), ("id", ">i8"),
                       ("segment_size", ">i4"), ("segment", ">i4")])


def parse_rows(data, nfeatures):
    """Keys and values of COPY's binary output."""
    body = memoryview(data)[len(COPY_HEADER):-len(COPY_TRAILER)]
    rows = np.frombuffer(body, dtype=row_type(nfeatures))
    values = np.empty((len(rows), nfeatures))
    for i in range(nfeatures):
        values[:, i] = rows[f"x{i}"]
    return rows["id"], values


def format_rows(first, values, width):
    rows = np.empty(len(values), dtype=row_type(values.shape[1], width))
    rows["fields"] = 1 + values.shape[1]
    rows["id_size"] = width
    rows["id"] = np.arange(first, first + len(values))
    for i in range(values.shape[1]):
        rows[f"x{i}_size"] = width
        rows[f"x{i}"] = values[:, i]
    return COPY_HEADER + rows.tobytes() + COPY_TRAILER


def format_vectors(values):
    """Rows of an integer key and pgvector's vector, whose number of dimensions, an unused field and floats are its binary form."""
    ndims = values.shape[1]
    rows = np.empty(len(values), dtype=[("fields", ">i2"), ("id_size", ">i4"), ("id", ">i4"), ("size", ">i4"),
                                        ("ndims", ">i2"), ("unused", ">i2"), ("values", ">f4", ndims)])
    rows["fields"], rows["id_size"], rows["size"], rows["ndims"], rows["unused"] = 2, 4, 4 + 4 * ndims, ndims, 0
    rows["id"] = np.arange(1, len(values) + 1)
    rows["values"] = values
    return COPY_HEADER + rows.tobytes() + COPY_TRAILER


def format_labels(keys, labels):
    rows = np.empty(len(keys), dtype=LABEL_TYPE)
    rows["fields"] = 2
    rows["id_size"] = 8
    rows["id"] = keys
    rows["segment_size"] = 4
    rows["segment"] = labels + 1
    return COPY_HEADER + rows.tobytes() + COPY_TRAILER


@dataclass
class Table:
    """(id bigint PRIMARY KEY, x0 float8, ...), or of integer and real, loaded, vacuumed and analysed."""

    name: str
    kind: str
    rows: int
    nfeatures: int
    narrow: bool

    def __str__(self):
        return f"{short(self.rows)} x {self.nfeatures}"

    def columns(self):
        return [f"x{i}" for i in range(self.nfeatures)]

    def parts(self):
        shape = (BLOBS, self.nfeatures)
        centres = (np.random.default_rng(3).normal(0, APART, shape) if self.kind == "tails" else
                   np.random.default_rng(1).uniform(-10, 10, shape))
        for number, first in enumerate(range(0, self.rows, PART)):
            random = np.random.default_rng([2, number])
            shape = (min(PART, self.rows - first), self.nfeatures)
            if self.kind == "uniform":
                yield first, random.uniform(0, 1, shape)
            else:
                noise = random.standard_t(FREEDOM, shape) if self.kind == "tails" else random.normal(size=shape)
                yield first, noise + centres[random.integers(BLOBS, size=shape[0])]

    def values(self):
        return np.concatenate([part for _, part in self.parts()])


class Tables:
    """Makes each table when it is first asked for."""

    def __init__(self, server):
        self.server = server
        self.tables = {}

    def get(self, kind, rows, nfeatures=8, narrow=False):
        name = f"{kind}_{rows}_{nfeatures}" + ("_narrow" if narrow else "")
        if name not in self.tables:
            self.tables[name] = self.create(Table(name, kind, rows, nfeatures, narrow))
        return self.tables[name]

    def create(self, table):
        key, number, width = ("integer", "real", 4) if table.narrow else ("bigint", "float8", 8)
        columns = ", ".join(f"{column} {number}" for column in table.columns())
        self.server.run(f"BEGIN; DROP TABLE IF EXISTS {table.name}; CREATE TABLE {table.name} (id {key}, {columns})")
        for first, part in table.parts():
            self.server.copy(f"COPY {table.name} FROM STDIN (FORMAT binary, FREEZE)",
                             io.BytesIO(format_rows(first + 1, part, width)))
        self.server.run(f"COMMIT; ALTER TABLE {table.name} ADD PRIMARY KEY (id)")
        self.server.run(f"VACUUM ANALYZE {table.name}")
        self.server.checkpoint()
        return table

    def drop(self, table):
        """For those that one measure alone reads."""
        self.server.run(f"DROP TABLE {self.tables.pop(table.name).name}")


def short(number):
    for unit, name in ((1_000_000, " M"), (1_000, " k")):
        if number >= unit:
            return f"{number / unit:g}{name}"
    return str(number)
