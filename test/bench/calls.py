"""The measures of calls that people wait for, other than fits of many rows."""

import os
import subprocess
from contextlib import closing

import peers
from bench import duration, measure
from database import fit_statement, seconds

HERE = os.path.dirname(os.path.abspath(__file__))
CALLS = 4  # of a session on small data

# Columns of a mixed table: {n} from 1 to 5, and {hash}, which differs from column to column.
MIXED = (
    "({hash} % (10 ^ (1 + {n}))::bigint)::integer",
    "CASE WHEN i % 10 > 0 THEN {hash} / 1e18 END",
    "({hash} % 100000000 / 100.0)::numeric(12, 2)",
    "CASE WHEN {n} < 4 THEN chr(65 + ({hash} % 20)::integer) ELSE 'customer ' || {hash} END",
    "{hash} % 3 = 0",
    "'2000-01-01'::date + ({hash} % 9000)::integer",
)
# What SQL says of such a column: texts have neither mean nor quantiles, so that others take their place.
FIGURES = ("count({0}), min({1}), max({1}), avg({1}), "
           "percentile_cont('{{.25,.5,.75}}'::float8[]) WITHIN GROUP (ORDER BY {1})")
TEXT_FIGURES = "count({0}), min({0}), max({0}), count(DISTINCT {0}), mode() WITHIN GROUP (ORDER BY {0})"
NUMBERS = ("{0}", "{0}", "{0}", None, "{0}::integer", "({0} - '1970-01-01'::date)")


@measure
def small(bench):
    """calls on small data, the first of a session and later ones"""
    server = bench.server
    data = os.path.join(HERE, "..", "data", "marketing")
    server.run("DROP TABLE IF EXISTS customers")
    subprocess.run([os.path.join(HERE, "..", "demo", "load"), f"{data}.csv", "customers"], check=True,
                   stdout=subprocess.DEVNULL)
    subprocess.run(["psql", "-Xqf", f"{data}.comments.sql"], check=True)
    table = bench.tables.get("tails", 2_000, 20)
    values = table.values()
    for what, source, k, at_most in ("the demo's fit", "customers", 4, 0.015), (f"the whole job, {table}, k = 5", table.name, 5, None):
        elapsed = [calls_of_a_session(server, source, k) for _ in range(3 * bench.repeat)]
        for number, name, target in (0, "the first call of a session", None), (1, "the second", at_most), (CALLS - 1, "the fourth", None):
            bench.within(f"{what}, {name}", [each[number] for each in elapsed], target)
    result = bench.race(refresh=lambda: refresh_again(server, table.name, 5), peer=lambda: seconds(lambda: peers.fit_scaled(values, 5, 10)))
    bench.within(f"a refresh of unchanged rows, {table}, k = 5, in a session that had one", result["refresh"].each)
    bench.note(f"scikit-learn, {table}, k = 5, standardised, ten starts: {duration(result['peer'].seconds)} from an array")
    server.run("DROP TABLE customers")


def calls_of_a_session(server, source, k):
    """The seconds of each of the first calls of a session."""
    elapsed = []
    with closing(server.connect()) as connection, connection.cursor() as cursor:
        for number in range(CALLS):
            statement, parameters = fit_statement(source, k, {"model": f"bench_{number}"})
            elapsed.append(seconds(lambda: cursor.execute(statement, parameters))[0])
    server.run("SELECT segment_drop(model) FROM segment_models")
    return elapsed


def refresh_again(server, source, k):
    """The seconds of a second refresh, nothing having changed."""
    server.run(*fit_statement(source, k, {}))
    server.run("SELECT segment_refresh('bench')")
    elapsed, _ = seconds(lambda: server.run("SELECT * FROM segment_refresh('bench')"))
    server.run("SELECT segment_drop('bench')")
    return elapsed


@measure
def describe(bench):
    """segment_describe against SQL's aggregates over the same columns in one statement"""
    server = bench.server
    for rows, ncolumns in (bench.small, 30), (10_000, 100):
        kinds = [column % len(MIXED) for column in range(ncolumns)]
        columns = [MIXED[kind].format(n=1 + column // len(MIXED) % 5, hash=f"abs(hashint8extended(i, {column}) / 2)") + f" AS c{column}"
                   for column, kind in enumerate(kinds)]
        server.run(f"CREATE TABLE bench_copy AS SELECT {', '.join(columns)} FROM generate_series(1::bigint, {rows}) i")
        server.run("VACUUM ANALYZE bench_copy")
        figures = [(FIGURES if NUMBERS[kind] else TEXT_FIGURES).format(f"c{column}", (NUMBERS[kind] or "").format(f"c{column}"))
                   for column, kind in enumerate(kinds)]
        result = bench.race(times=min(bench.repeat, 3) if rows > 10_000 else bench.repeat,
                            ours=lambda: seconds(lambda: server.run("SELECT * FROM segment_describe('bench_copy')")),
                            peer=lambda: seconds(lambda: server.run(f"SELECT {', '.join(figures)} FROM bench_copy")))
        bench.part(f"segment_describe, {rows:,} rows of {ncolumns} mixed columns", result["ours"], "SQL's aggregates", result["peer"])
        server.run("DROP TABLE bench_copy")


@measure
def refresh(bench):
    """a refresh of unchanged rows, against a fit of them"""
    table = bench.tables.get("tails", bench.small)
    server = bench.server
    server.run(*fit_statement(table.name, 16, {"model": "bench_refreshed"}))
    server.run("VACUUM ANALYZE bench_refreshed_assignment")
    result = bench.race(before=server.checkpoint, fit=lambda: server.fit(table.name, 16),
                        refresh=lambda: seconds(lambda: server.run("SELECT segment_refresh('bench_refreshed')")))
    bench.part(f"a refresh of unchanged rows, {table}, k = 16", result["refresh"], "the fit", result["fit"])


@measure
def report(bench):
    """segment_report and its parts, 20 segments of 30 features"""
    server = bench.server
    columns = ", ".join(f"(hashint4(40 * (i % 20) + {n}) % 100 + hashint4(40 * i + {n}) % 100)::float8 AS f{n}" for n in range(1, 31))
    server.run(f"CREATE TABLE bench_points AS SELECT i AS id, {columns} FROM generate_series(1, {bench.small}) i")
    server.run("ALTER TABLE bench_points ADD PRIMARY KEY (id)")
    server.run("VACUUM ANALYZE bench_points")
    server.run(*fit_statement("bench_points", 20, {"n_init": 1, "max_iter": 10}))
    parts = ["segment_report('bench')", "segment_report('bench', value => 'f1')", "segment_insights('bench')", "segment_map('bench')",
             "segment_candidates('bench')", "segment_typical('bench')", "segment_value('bench', 'f1')"]

    def call(part):
        return seconds(lambda: server.run(f"SELECT * FROM {part}"))

    result = bench.race(**{part: lambda part=part: call(part) for part in parts})
    for part in parts:
        bench.within(f"{part}, {bench.small:,} rows, 20 segments, 30 features", result[part].each)
    bench.note(f"report: {len(result[parts[0]].last[0][0]):,} characters a page")


@measure
def members(bench):
    """members by segment and by label, against the join of source and assignment, by a role that reads members alone"""
    table = bench.tables.get("uniform", bench.small)
    server = bench.server
    server.run("""DROP ROLE IF EXISTS bench_owner, bench_reader;
        CREATE ROLE bench_owner LOGIN; CREATE ROLE bench_reader LOGIN; CREATE SCHEMA bench_schema AUTHORIZATION bench_owner""")
    server.run(f"GRANT SELECT ON {table.name} TO bench_owner, bench_reader")
    try:
        with closing(server.connect(user="bench_owner")) as owner, owner.cursor() as cursor:
            for model in "table", "view":
                cursor.execute(*fit_statement(table.name, 6, {"n_init": 1, "max_iter": 10, "model": f"bench_{model}", "assignment": model,
                                                              "into_schema": "bench_schema"}))
            cursor.execute("VACUUM ANALYZE bench_schema.bench_table_assignment")
            cursor.execute("GRANT USAGE ON SCHEMA bench_schema TO bench_reader")
            cursor.execute("GRANT SELECT ON ALL TABLES IN SCHEMA bench_schema TO bench_reader")
        with closing(server.connect(user="bench_reader")) as reader, reader.cursor() as cursor:
            for model in "table", "view":
                name = f"bench_schema.bench_{model}"
                sources = {"join": f"segment, count(*), avg(x0) FROM {table.name} JOIN {name}_assignment USING (id)",
                           "segment": f"segment, count(*), avg(x0) FROM {name}_members",
                           "label": f"label, count(*), avg(x0) FROM {name}_members"}
                result = bench.race(**{which: lambda source=source: seconds(lambda: cursor.execute(f"SELECT {source} GROUP BY 1"))
                                       for which, source in sources.items()})
                for which in "segment", "label":
                    bench.part(f"members by {which}, {table}, k = 6, assignment => '{model}'", result[which], "the join", result["join"])
    finally:
        server.run("SELECT segment_drop(model) FROM segment_models")
        server.run("DROP OWNED BY bench_owner, bench_reader CASCADE; DROP ROLE bench_owner, bench_reader")
