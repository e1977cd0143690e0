-- Looking at relations and at models; every object is described.

BEGIN;
SELECT plan(33);

SET client_min_messages = warning;

CREATE TABLE people (id integer PRIMARY KEY, "In Come" numeric, rate float8, ok boolean, name text, born date, doc jsonb);
INSERT INTO people VALUES (1, 1, 1, true, 'a', '2000-01-01', '{}'), (2, 2, 'NaN', true, 'b', NULL, '{}'),
                          (3, 3, 3, false, 'b', '2000-01-02', NULL), (4, 4, NULL, NULL, NULL, '2000-01-02', '[]'),
                          (5, 40, 5, true, 'd', '2000-01-01', '[]');

-- segment_describe

SELECT results_eq(
    $$SELECT column_name, data_type, rows, missing, distinct_values FROM segment_describe('people')$$,
    $$VALUES ('id', 'integer', 5::bigint, 0::bigint, 5::bigint), ('In Come', 'numeric', 5, 0, 5), ('rate', 'double precision', 5, 2, 3),
             ('ok', 'boolean', 5, 1, 2), ('name', 'text', 5, 1, 3), ('born', 'date', 5, 1, 2), ('doc', 'jsonb', 5, 1, 2)$$,
    'a row a column, of any type');
SELECT results_eq(
    $$SELECT mean, min, p25, median, p75, max, outliers FROM segment_describe('people', '{"In Come"}')$$,
    'VALUES (10::float8, 1::float8, 2::float8, 3::float8, 4::float8, 40::float8, 1::bigint)', 'figures of a number');
SELECT is(round(stddev::numeric, 6), round(sqrt(226::numeric), 6), 'the standard deviation is the population''s')
  FROM segment_describe('people', '{"In Come"}');
SELECT results_eq(
    $$SELECT p1, p5, p95, p99 FROM segment_describe('people', '{id}')$$,
    $$SELECT unnest(percentile_cont('{0.01}'::float8[]) WITHIN GROUP (ORDER BY id)), percentile_cont(0.05) WITHIN GROUP (ORDER BY id),
             percentile_cont(0.95) WITHIN GROUP (ORDER BY id), percentile_cont(0.99) WITHIN GROUP (ORDER BY id) FROM people$$,
    'quantiles are those of percentile_cont');
SELECT is(row(skewness, round(kurtosis::numeric, 6)), row(0::float8, -1.300000), 'skewness and excess kurtosis of 1..5')
  FROM segment_describe('people', '{id}');
SELECT is(row(mean, min, max, median), row(0.75::float8, 0::float8, 1::float8, 1::float8), 'a boolean is 0 or 1')
  FROM segment_describe('people', '{ok}');
SELECT is(row(mean, min, outliers)::text, '(,,)', 'other types have counts only') FROM segment_describe('people', '{name}');
SELECT is(ARRAY(SELECT column_name FROM segment_describe('people', '{ok,name,id}')), '{ok,name,id}', 'columns in the order named');
SELECT throws_ok($$SELECT * FROM segment_describe('people', '{nam}')$$, '42703', 'column "nam" of relation "people" does not exist', 'an unknown column');
SELECT throws_ok($$SELECT * FROM segment_describe('people', '{id,id}')$$, '42701', 'column "id" appears more than once in argument "columns"', 'a column twice');
SELECT throws_ok($$SELECT * FROM segment_describe('people_pkey')$$, '42809', '"people_pkey" has no rows to segment', 'an index');
CREATE TABLE empty (x integer, t text);
SELECT results_eq($$SELECT rows, missing, distinct_values, mean FROM segment_describe('empty')$$,
    'VALUES (0::bigint, 0::bigint, 0::bigint, NULL::float8), (0, 0, 0, NULL)', 'no rows');
CREATE TABLE bare ();
SELECT is_empty($$SELECT * FROM segment_describe('bare')$$, 'no columns');
CREATE DOMAIN amount AS numeric;
CREATE VIEW seen AS SELECT id::amount AS money FROM people;
SELECT is(row(data_type, mean)::text, '(public.amount,3)', 'a domain, in a view') FROM segment_describe('seen');

-- bars, in ASCII and no wider than 20

CREATE TABLE spread AS
SELECT i AS id, i AS even, i ^ 4 AS skewed, i % 4 < 1 AS flag, (i % 4 < 3)::integer AS one, 7 AS same, nullif(i, i) AS nothing,
       CASE WHEN i < 99 THEN i ELSE float8 'Infinity' END AS endless, (i % 2 * 2 - 1) * 1.7e308 AS huge, left('abcaaaaaaa', 1 + i % 10) AS word
  FROM generate_series(0, 100) i;
SELECT results_eq($$SELECT column_name, bar FROM segment_describe('spread', '{even,skewed,flag,one,same,nothing,endless,huge,word}')$$, $$VALUES
    ('even', ' ----=====|====----'), ('skewed', '=|=====----------'), ('flag', '#####'), ('one', '###############'),
    ('same', '|'), ('nothing', NULL), ('endless', NULL), ('huge', '|==================='), ('word', '##')$$,
    'bars of what is described: box plots, and shares');
SELECT results_eq($$SELECT v, segment_internal.text_bar(v, 4) FROM unnest('{0,1,4,NULL}'::float8[]) v$$,
    $$VALUES (0::float8, ''), (1, '#####'), (4, '####################'), (NULL, NULL)$$, 'a bar beside the largest');
SELECT results_eq($$SELECT v, segment_internal.text_bar_beside(v, 3) FROM unnest('{-3,-1,0,1.5,3,NULL}'::float8[]) v$$,
    $$VALUES (-3::float8, '---------|'), (-1, '      ---|'), (0, '         |'), (1.5, '         |++++'), (3, '         |+++++++++'), (NULL, NULL)$$,
    'a bar on either side');
SELECT is(segment_internal.text_bar_beside(0, 0), '         |', 'nothing is larger than 0');

-- segment_models and segment_runs

SELECT lives_ok($$SELECT segment_kmeans('people', 2, features => '{"In Come"}')$$, 'a model');
SELECT lives_ok($$SELECT segment_refresh('people')$$, 'refreshed');
SELECT results_eq(
    $$SELECT model, source, k, run, rows_used, features, assignment, profile, members FROM segment_models$$,
    $$VALUES ('people', 'people'::regclass, 2, 2, 5::bigint, '{In Come}'::text[], 'people_assignment'::regclass,
              'people_profile'::regclass, 'people_members'::regclass)$$,
    'segment_models shows the current run');
SELECT is(row(schema, owner)::text, format('(public,%s)', current_user), 'in its schema, with its owner') FROM segment_models;
SELECT ok(refreshed_at >= created_at, 'created first, refreshed later') FROM segment_models;
SELECT results_eq('SELECT model, run, source, k, rows_read FROM segment_runs ORDER BY run',
    $$VALUES ('people', 1, 'people'::regclass, 2, 5::bigint), ('people', 2, 'people', 2, 5)$$, 'segment_runs shows them all');
SELECT results_eq(
    $$SELECT attname, atttypid FROM pg_attribute WHERE attrelid = 'segment_runs'::regclass AND attnum > 0 ORDER BY attnum$$,
    $$(SELECT attname, atttypid FROM pg_attribute WHERE attrelid = 'segment_run'::regclass AND attnum > 0 ORDER BY attnum) UNION ALL SELECT 'options', 'jsonb'::regtype$$,
    'in the columns of segment_run, and options');

-- every object says what it is

CREATE VIEW ours AS
SELECT d.classid, d.objid
  FROM pg_depend d
  JOIN pg_extension e ON e.oid = d.refobjid AND d.refclassid = 'pg_extension'::regclass AND e.extname = 'segment'
 WHERE d.deptype = 'e';
SELECT is_empty($$SELECT objid::regprocedure FROM ours WHERE classid = 'pg_proc'::regclass AND obj_description(objid, 'pg_proc') IS NULL$$,
    'functions');
SELECT is_empty($$SELECT objid::regclass FROM ours WHERE classid = 'pg_class'::regclass AND obj_description(objid, 'pg_class') IS NULL$$,
    'tables, views and sequences');
SELECT is_empty($$SELECT t.oid::regtype FROM ours JOIN pg_type t ON t.oid = objid LEFT JOIN pg_class c ON c.oid = t.typrelid
                   WHERE classid = 'pg_type'::regclass AND coalesce(c.relkind, 'c') = 'c' AND t.typelem = 0
                     AND coalesce(obj_description(t.oid, 'pg_type'), obj_description(c.oid, 'pg_class')) IS NULL$$,
    'types');
SELECT is_empty($$SELECT a.attrelid::regclass, a.attname FROM ours JOIN pg_class c ON c.oid = objid JOIN pg_attribute a ON a.attrelid = c.oid
                   WHERE classid = 'pg_class'::regclass AND c.relkind IN ('r', 'v') AND a.attnum > 0
                     AND col_description(a.attrelid, a.attnum) IS NULL$$,
    'columns');
SELECT is_empty($$SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
                   WHERE c.oid IN ('people_profile'::regclass, 'people_assignment'::regclass, 'people_members'::regclass)
                     AND (col_description(a.attrelid, a.attnum) IS NULL OR obj_description(c.oid, 'pg_class') IS NULL)$$,
    'and the relations of a model');

-- a model of its own schema is dumped with the extension

SELECT set_eq(
    $$SELECT c.oid::regclass FROM pg_extension e, unnest(e.extconfig) AS c (oid) WHERE e.extname = 'segment'$$,
    $$SELECT objid::regclass FROM ours JOIN pg_class c ON c.oid = objid
       WHERE classid = 'pg_class'::regclass AND c.relkind IN ('r', 'S') AND c.relname <> 'shared_key'$$,
    'pg_dump takes the tables and the sequence of the catalog, and no secret');

-- Values that are far from the mean of their column, and near to each other, where another column has a value.

CREATE TABLE afar (x float8, y float8, z float8);
INSERT INTO afar VALUES (0.1, 1, 7), (1, 2, 7), (0.7, 5, 7), (1e10, NULL, 8), (-1e6, NULL, NULL), (NULL, -1e12, 9);
SELECT is((SELECT round(r::numeric, 12) FROM segment_correlation('afar') WHERE x = 'x' AND y = 'y'),
	(SELECT round(corr(x, y)::numeric, 12) FROM afar WHERE abs(x) < 2), 'correlation: near to each other, far from the mean');
SELECT is((SELECT round(r::numeric, 12) FROM segment_correlation('afar', '{y,z}') WHERE x = 'y' AND y = 'z'),
	(SELECT round(corr(y, z)::numeric, 12) FROM afar), 'correlation: of a pair that has all of its rows');

SELECT * FROM finish();
ROLLBACK;
