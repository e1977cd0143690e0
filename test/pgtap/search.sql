-- The search: the best optimum known of small sets, whatever the start; many segments; the same for one k and for several.

BEGIN;
SELECT no_plan();
SET client_min_messages = warning;

CREATE FUNCTION pg_temp.inertia(source regclass, k integer, options text DEFAULT '') RETURNS float8
LANGUAGE plpgsql AS $$
DECLARE
    found float8;
BEGIN
    EXECUTE format('SELECT inertia FROM segment_kmeans(%L, %s, transform => ''none'', scaling => ''none'', assignment => ''none'', replace => true, model => ''searched''%s)',
                   source, k, options) INTO found;
    RETURN found;
END
$$;

-- numbers without structure, which have many optima
CREATE FUNCTION pg_temp.make(name text, nrows integer, nfeatures integer, s integer) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TABLE %I AS SELECT i AS id, %s FROM generate_series(1, %s) i', name,
                   (SELECT string_agg(format('((i * i * %s + %s * i * %s + (i * i %% %s) * %s) %% 1009)::float8 AS x%s',
                                             7919 + 2 * s, j + 1, 104729 + s, 89 + j, 31 + 7 * j, j), ', ' ORDER BY j)
                      FROM generate_series(0, nfeatures - 1) j), nrows);
    EXECUTE format('ALTER TABLE %I ADD PRIMARY KEY (id)', name);
END
$$;
SELECT pg_temp.make('three', 60, 3, 2), pg_temp.make('five', 80, 5, 2), pg_temp.make('ten', 100, 10, 1) \g /dev/null

-- by scikit-learn and moves of single rows; the best of ten starts that end in optima of Lloyd's is 0.05 to 1.9 % above
CREATE TABLE best (source text, k integer, inertia float8);
\ir ../reference/optima.sql
SELECT ok(pg_temp.inertia(source::regclass, k) <= inertia * (1 + 1e-9), format('%s, k = %s', source, k)) FROM best;
SELECT ok(pg_temp.inertia(source::regclass, k, ', seed => 7') <= inertia * (1 + 1e-9), format('%s, k = %s, another seed', source, k)) FROM best;
SELECT ok(pg_temp.inertia(source::regclass, k, ', n_init => 1') >= inertia * (1 - 1e-9), format('%s, k = %s: nothing is below the best', source, k)) FROM best;
SELECT is(pg_temp.inertia('five', 8, format(', n_init => %s', n)), pg_temp.inertia('five', 8), n || ' starts end there too')
  FROM unnest('{25,200}'::integer[]) n;

-- an optimum of transfers is one of Lloyd's: a refresh changes no row
SELECT is((segment_kmeans('ten', 10, transform => 'none', scaling => 'none', model => 'kept')).converged, true, 'at rest');
CREATE TABLE before AS SELECT * FROM kept_assignment;
SELECT segment_refresh('kept') \g /dev/null
SELECT results_eq('SELECT id, segment FROM kept_assignment ORDER BY id', 'SELECT id, segment FROM before ORDER BY id', 'a refresh moves none');

-- weights: a row of weight 2 is two rows
CREATE TABLE doubled AS SELECT * FROM five UNION ALL SELECT id + 80, x0, x1, x2, x3, x4 FROM five WHERE id <= 40;
ALTER TABLE doubled ADD PRIMARY KEY (id);
CREATE TABLE weighted AS SELECT *, CASE WHEN id <= 40 THEN 2 ELSE 1 END AS w FROM five;
ALTER TABLE weighted ADD PRIMARY KEY (id);
SELECT ok(abs(pg_temp.inertia('weighted', 8, $$, sample_weight => 'w', exclude => '{w}'$$) / pg_temp.inertia('doubled', 8) - 1) < 1e-9, 'weights');

-- cosine: twice the rows less the lengths of the sums of directions, of the assignment by SQL
SELECT is((segment_kmeans('five', 6, transform => 'none', scaling => 'none', distance => 'cosine', model => 'directions')).k, 6, 'directions');
CREATE VIEW length AS
SELECT sum(n - sqrt(x0 * x0 + x1 * x1 + x2 * x2 + x3 * x3 + x4 * x4)) AS distance
  FROM (SELECT count(*) AS n, sum(x0 / l) AS x0, sum(x1 / l) AS x1, sum(x2 / l) AS x2, sum(x3 / l) AS x3, sum(x4 / l) AS x4
          FROM (SELECT *, sqrt(x0 * x0 + x1 * x1 + x2 * x2 + x3 * x3 + x4 * x4) AS l FROM five) f
          JOIN directions_assignment USING (id) GROUP BY segment) s;
SELECT ok(abs((SELECT distance FROM length) / r.inertia - 1) < 1e-9
          OR abs((SELECT 2 * distance FROM length) / r.inertia - 1) < 1e-9, 'directions: the inertia') FROM segment_runs r WHERE r.model = 'directions';

-- several k: the same as each alone, to the bit
SELECT results_eq(
    $$SELECT k, inertia FROM segment_elbow('five', 2, 9, transform => 'none', scaling => 'none') WHERE k > 1 ORDER BY k$$,
    $$SELECT k, pg_temp.inertia('five', k) FROM generate_series(2, 9) k$$, 'segment_elbow says what segment_kmeans finds');
SELECT results_eq(
    $$SELECT k, inertia FROM segment_elbow('five', 2, 9, transform => 'none', scaling => 'none', n_init => 30) WHERE k > 1 ORDER BY k$$,
    $$SELECT k, pg_temp.inertia('five', k, ', n_init => 30') FROM generate_series(2, 9) k$$, 'and with more starts than share their seeds');
SELECT ok(bool_and(inertia < previous), 'the inertia falls')
  FROM (SELECT inertia, lag(inertia) OVER (ORDER BY k) AS previous FROM segment_elbow('five', 2, 30, transform => 'none', scaling => 'none')) e
 WHERE previous IS NOT NULL;

-- 100 segments on a grid: no centroid is misplaced
CREATE FUNCTION pg_temp.uniform(i integer, salt integer) RETURNS float8
LANGUAGE sql IMMUTABLE RETURN (hashint8extended(i, salt) & 1048575) / 1048576.0;
CREATE TABLE grid AS
SELECT i AS id, i % 100 % 10 * 5.65 + 3 ^ 0.5 * (pg_temp.uniform(i, 1) + pg_temp.uniform(i, 2) + pg_temp.uniform(i, 3) + pg_temp.uniform(i, 4) - 2) AS x,
       i % 100 / 10 * 5.65 + 3 ^ 0.5 * (pg_temp.uniform(i, 5) + pg_temp.uniform(i, 6) + pg_temp.uniform(i, 7) + pg_temp.uniform(i, 8) - 2) AS y
  FROM generate_series(0, 19999) i;
ALTER TABLE grid ADD PRIMARY KEY (id);
CREATE TABLE truth AS
SELECT inertia FROM segment_kmeans('grid', transform => 'none', scaling => 'none', assignment => 'none',
    centroids => (SELECT array_agg(ARRAY[c % 10 * 5.65, c / 10 * 5.65]::float8[] ORDER BY c) FROM generate_series(0, 99) c));
SELECT ok(pg_temp.inertia('grid', 100, format(', seed => %s', s)) <= inertia * (1 + 1e-4), 'a grid of 100, seed ' || s)
  FROM generate_series(0, 2) s, truth;

SELECT is(options -> 'n_init', 'null', 'no number of starts by default') FROM segment_internal.catalog_model WHERE name = 'kept';
SELECT * FROM finish();
ROLLBACK;
