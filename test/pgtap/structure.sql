-- Whether there are groups at all, and what is recommended. test/bench/choosing is a longer run.

BEGIN;
SELECT plan(57);

SET client_min_messages = warning;

-- Numbers from 0 to 1, and standard normal ones, that depend on a row, a column and nothing else.
CREATE FUNCTION pg_temp.uniform(i bigint, c integer) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
    SELECT ((hashint8extended(i, c) & 9007199254740991) + 0.5) / 9007199254740992
$$;
CREATE FUNCTION pg_temp.normal(i bigint, c integer) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
    SELECT sqrt(-2 * ln(pg_temp.uniform(i, c))) * cos(2 * pi() * pg_temp.uniform(i, c + 1000))
$$;
CREATE FUNCTION pg_temp.make(name text, n integer, VARIADIC columns text[]) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TABLE %I AS SELECT i AS id, %s FROM generate_series(1::bigint, %s) i', name,
        (SELECT string_agg(format('(%s)::float8 AS x%s', c.expression, c.n), ', ') FROM unnest(columns) WITH ORDINALITY c (expression, n)), n);
    EXECUTE format('ALTER TABLE %I ADD PRIMARY KEY (id)', name);
    RETURN name;
END
$$;
-- what segment_elbow recommends of all columns as they are
CREATE FUNCTION pg_temp.recommended(name text) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    RETURN (SELECT e.k FROM segment_elbow(name::regclass, transform => 'none', exclude => '{id}') e WHERE e.recommended);
END
$$;

-- no groups

SELECT is(pg_temp.recommended(pg_temp.make(name, n, VARIADIC columns)), 1, name)
  FROM (VALUES ('uniform_1', 500, ARRAY['pg_temp.uniform(i, 1)']),
               ('uniform_2', 400, ARRAY['pg_temp.uniform(i, 1)', 'pg_temp.uniform(i, 2)']),
               ('uniform_5', 1500, ARRAY['pg_temp.uniform(i, 1)', 'pg_temp.uniform(i, 2)', 'pg_temp.uniform(i, 3)', 'pg_temp.uniform(i, 4)', 'pg_temp.uniform(i, 5)']),
               ('gaussian_3', 600, ARRAY['pg_temp.normal(i, 1)', 'pg_temp.normal(i, 2)', 'pg_temp.normal(i, 3)']),
               ('correlated_2', 800, ARRAY['pg_temp.normal(i, 1)', 'pg_temp.normal(i, 1) + 0.4 * pg_temp.normal(i, 2)']),
               ('correlated_4', 300, ARRAY['pg_temp.normal(i, 1)', 'pg_temp.normal(i, 1) + 0.5 * pg_temp.normal(i, 2)', 'pg_temp.normal(i, 3)', 'pg_temp.normal(i, 3) - 0.5 * pg_temp.normal(i, 1)']),
               ('lognormal_3', 700, ARRAY['exp(0.8 * pg_temp.normal(i, 1))', 'exp(0.8 * pg_temp.normal(i, 2))', 'exp(0.8 * pg_temp.normal(i, 3))']),
               ('lognormal_2', 900, ARRAY['exp(0.7 * pg_temp.normal(i, 1))', 'exp(0.7 * (0.8 * pg_temp.normal(i, 1) + 0.6 * pg_temp.normal(i, 2)))']),
               ('ring', 500, ARRAY['cos(6.2831853 * pg_temp.uniform(i, 1)) * (1 + 0.05 * pg_temp.normal(i, 2))', 'sin(6.2831853 * pg_temp.uniform(i, 1)) * (1 + 0.05 * pg_temp.normal(i, 2))']))
       c (name, n, columns);

SELECT is((SELECT e.k FROM segment_elbow('uniform_2', transform => 'none', exclude => '{id}', max_share => 0.4) e WHERE e.recommended), 3,
    'one segment is not recommended where none may be so large');

-- groups

SELECT is(pg_temp.recommended(pg_temp.make(name, n, VARIADIC columns)), k, name)
  FROM (VALUES ('blobs_2', 2, 300, ARRAY['i % 2 * 7 + pg_temp.normal(i, 1)', 'pg_temp.normal(i, 2)']),
               ('line_3', 3, 400, ARRAY['i % 3 * 7 + pg_temp.normal(i, 1)']),
               ('blobs_3', 3, 1200, ARRAY['i % 3 * 6 + pg_temp.normal(i, 1)', 'i % 3 % 2 * 6 + pg_temp.normal(i, 2)', 'pg_temp.normal(i, 3)']),
               ('blobs_4', 4, 200, ARRAY['i % 2 * 8 + pg_temp.normal(i, 1)', 'i / 2 % 2 * 8 + pg_temp.normal(i, 2)']),
               ('blobs_5', 5, 1000, ARRAY['least(i / 220, 4) % 3 * 8 + pg_temp.normal(i, 1)', 'least(i / 220, 4) / 3 * 8 + pg_temp.normal(i, 2)']),
               ('blobs_6', 6, 1800, ARRAY['(i % 6 = 0)::integer * 7 + pg_temp.normal(i, 1)', '(i % 6 = 1)::integer * 7 + pg_temp.normal(i, 2)', '(i % 6 = 2)::integer * 7 + pg_temp.normal(i, 3)',
                                                       '(i % 6 = 3)::integer * 7 + pg_temp.normal(i, 4)', '(i % 6 = 4)::integer * 7 + pg_temp.normal(i, 5)', '(i % 6 = 5)::integer * 7 + pg_temp.normal(i, 6)']),
               ('blobs_8', 8, 900, ARRAY['i % 4 * 8 + pg_temp.normal(i, 1)', 'i / 4 % 2 * 8 + pg_temp.normal(i, 2)']),
               ('lognormal_blobs', 3, 600, ARRAY['exp(0.3 * pg_temp.normal(i, 1)) + i % 3 * 6', 'exp(0.3 * pg_temp.normal(i, 2)) + i % 3 % 2 * 6']))
       c (name, k, n, columns);

-- what a fit makes of it

CREATE TABLE fits AS
SELECT 'chosen' AS fit, r.* FROM segment_kmeans('uniform_2', transform => 'none', model => 'chosen') r
UNION ALL SELECT 'given', r.* FROM segment_kmeans('uniform_2', 4, model => 'given') r
UNION ALL SELECT 'at least three', r.* FROM segment_kmeans('uniform_2', model => 'three or more', k_min => 3, k_max => 5) r
UNION ALL SELECT 'blobs', r.* FROM segment_kmeans('blobs_4', model => 'blobs') r
UNION ALL SELECT 'blobs, two', r.* FROM segment_kmeans('blobs_4', 2, model => 'two blobs') r
UNION ALL SELECT 'blobs, nine', r.* FROM segment_kmeans('blobs_4', 9, model => 'nine blobs') r;
SELECT results_eq('SELECT fit, k, clear_groups FROM fits',
    $$VALUES ('chosen', 1, false), ('given', 4, false), ('at least three', (SELECT k FROM fits WHERE fit = 'at least three'), false),
             ('blobs', 4, true), ('blobs, two', 2, true), ('blobs, nine', 9, true)$$, 'no groups: one segment unless more are asked for, and the run says it');
SELECT ok(k BETWEEN 3 AND 5, 'k_min above 2 asks for more') FROM fits WHERE fit = 'at least three';
SELECT is(ARRAY(SELECT r.clear_groups FROM fits f JOIN segment_runs r USING (model) ORDER BY f.fit), ARRAY(SELECT f.clear_groups FROM fits f ORDER BY f.fit), 'segment_runs has it');
SELECT matches(k_reason, '^no clear groups: the simplified silhouette of k = \d+, 0\.\d+, is not clearly above that of data without groups, 0\.\d+$', 'the reason of one') FROM fits WHERE fit = 'chosen';
SELECT is(k_reason, (SELECT reason FROM segment_elbow('uniform_2', transform => 'none') WHERE recommended), 'segment_elbow has the same') FROM fits WHERE fit = 'chosen';
SELECT matches(insight, words, model) FROM (VALUES
    ('chosen', '^No clear groups: the customers are a continuum, and one segment \(simplified silhouette 0\.\d\d; data without groups have 0\.\d\d\)$'),
    ('given', '^No clear groups: the segments below divide a continuum \(simplified silhouette 0\.5\d; data without groups have 0\.5\d\), and explain \d\d% of the differences'),
    ('blobs', '^The segments are clearly apart'), ('nine blobs', '^The segments blend into each other')) m (model, words)
  CROSS JOIN LATERAL (SELECT i.insight FROM segment_insights(m.model) i WHERE i.about = 'model' AND i.insight ~ 'groups|apart|blend|overlap' LIMIT 1) i;
SELECT ok(segment_report('given') ~ '<section[^>]*id="findings".*<li>No clear groups: the segments below divide a continuum', 'the report finds it');
SELECT ok(segment_report('given') !~ 'clearly apart \(', 'and does not call them clearly apart');
SELECT ok(segment_report('chosen') ~ 'No clear groups', 'nor is it silent about one segment');
SELECT is((segment_refresh('given')).clear_groups, false, 'a refresh looks again');

-- few rows

CREATE TABLE ten AS SELECT i AS id, pg_temp.uniform(i, 1) AS x, pg_temp.uniform(i, 2) AS y FROM generate_series(1, 10) i;
ALTER TABLE ten ADD PRIMARY KEY (id);
SELECT ok(r.k < 6 AND r.clear_groups IS NULL, 'ten rows are not ten segments of one, and too few to tell of groups: ' || r.k) FROM segment_kmeans('ten') r;
CREATE TABLE copies AS SELECT i AS id, i % 3 * i % 3 AS x, i % 3 AS y FROM generate_series(1, 90) i;
ALTER TABLE copies ADD PRIMARY KEY (id);
SELECT is(count(DISTINCT (x, y)), 3::bigint, 'three distinct rows') FROM copies;
SELECT is(max(k), 2, 'k stays below their number') FROM segment_elbow('copies');
SELECT is((segment_kmeans('copies', 3, model => 'copies')).inertia, 0::float8, 'unless it is given');
SELECT results_eq($$SELECT round(silhouette::numeric, 12), bic, calinski_harabasz, davies_bouldin, gap FROM segment_elbow('copies', 3, 3) WHERE k = 3$$,
    'VALUES (1.000000000000, NULL::float8, NULL::float8, 0::float8, NULL::float8)', 'duplicates only: no within variance, so neither BIC nor Calinski-Harabasz');
SELECT results_eq($$SELECT k, inertia, silhouette, bic IS NULL, gap IS NULL FROM segment_elbow('ten', 10, 10)$$,
    $$SELECT k, inertia, silhouette, k = 10, true FROM (VALUES (1, 20::float8, NULL::float8), (10, 0, 0)) v (k, inertia, silhouette)$$, 'k = n: rows that are alone have silhouette 0');
CREATE TABLE single AS SELECT 1 AS id, 5.0::float8 AS x;
ALTER TABLE single ADD PRIMARY KEY (id);
SELECT throws_ok($$SELECT * FROM segment_elbow('single', features => '{x}')$$, '22023', NULL, 'one row does not vary');
SELECT is(count(*), 0::bigint, 'no figure is NaN')
  FROM (SELECT unnest(ARRAY[inertia, explained, silhouette, davies_bouldin, calinski_harabasz, smallest_share, bic, gap, gap_se]) AS figure
          FROM unnest('{ten,copies,uniform_1}'::regclass[]) s, segment_elbow(s)) f WHERE f.figure = 'NaN';
CREATE TABLE three AS SELECT i AS id, (ARRAY[0, 1, 10])[i]::float8 AS x FROM generate_series(1, 3) i;
ALTER TABLE three ADD PRIMARY KEY (id);
SELECT is(round((segment_kmeans('three', 2, scaling => 'none')).silhouette::numeric, 9), round((1 - 0.5 / 10 + 1 - 0.5 / 9) / 3, 9), 'a row that is alone has silhouette 0');
SELECT is(h.silhouette, 0::float8, 'so has its segment') FROM segment_history h WHERE h.model = 'three' AND h.segment = 2;

-- reasons

SELECT matches(reason, 'at the edge of k_min\.\.k_max: widen it by k_max$', 'at the upper edge') FROM segment_elbow('blobs_8', 2, 8) WHERE recommended;
SELECT matches(reason, 'at the edge of k_min\.\.k_max: widen it by k_min$', 'at the lower edge') FROM segment_elbow('line_3', 3, 6) WHERE recommended;
SELECT ok(reason !~ 'edge', 'within') FROM segment_elbow('blobs_4', 2, 6) WHERE recommended;
-- a copy of a fit within the error of the best: 2 segments of a line of 4 as far apart as 3 or 4 are
SELECT results_eq($$SELECT segment_internal.other_choices(ARRAY[ROW(1, 0, 0, NULL, NULL, NULL, 1, -9, 0.1, 0.1, false), ROW(2, 0, 0, 0.5, 0.9, 10, 1, -5, 0.5, 0.1, true),
                                                              ROW(3, 0, 0, 0.6, 0.8, 12, 1, -6, 0.55, 0.1, true)]::segment_internal.candidate[], n) FROM generate_series(2, 3) n$$,
    $$VALUES ('Calinski-Harabasz 3, Davies-Bouldin 3'), ('BIC 2, the gap 2')$$, 'criteria that prefer another k, the gap by its standard error');

-- figures, by scikit-learn and numpy, and in SQL

CREATE TABLE choosing_rows AS
SELECT i AS id, i % 3 * 2 + i * 0.6180339887498949::float8 - floor(i * 0.6180339887498949::float8) AS x,
       i % 3 % 2 * 3 + i * 0.7548776662466927::float8 - floor(i * 0.7548776662466927::float8) AS y
  FROM generate_series(1, 300) i;
ALTER TABLE choosing_rows ADD PRIMARY KEY (id);
CREATE TABLE expected_criteria (k integer, gap float8, gap_se float8, bic float8);
\ir ../reference/choosing.sql
CREATE TABLE criteria AS SELECT * FROM segment_elbow('choosing_rows', 1, 4);
SELECT ok(abs(c.bic - e.bic) < 1e-5, format('k = %s: BIC %s', c.k, c.bic)) FROM criteria c JOIN expected_criteria e USING (k);
-- of ten sets instead of 500: a mean has their deviation by the root of ten
SELECT ok(abs(c.gap - e.gap) < 4 * e.gap_se / sqrt(10.0), format('k = %s: gap %s', c.k, c.gap)) FROM criteria c JOIN expected_criteria e USING (k);
SELECT ok(c.gap_se BETWEEN 0.4 * e.gap_se AND 2 * e.gap_se, format('k = %s: standard error %s', c.k, c.gap_se)) FROM criteria c JOIN expected_criteria e USING (k);

SELECT * FROM finish();
ROLLBACK;
