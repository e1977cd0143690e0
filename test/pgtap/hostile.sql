-- Whoever may connect may call the functions in C with anything: each call answers, or says by SQLSTATE what is wrong.

BEGIN;
SELECT plan(316);

SET client_min_messages = error;

CREATE ROLE segment_eve;
GRANT segment_eve TO CURRENT_USER;
CREATE SCHEMA eve AUTHORIZATION segment_eve;

-- The SQLSTATE of a statement, or that it answered.
CREATE FUNCTION pg_temp.state(query text) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE query;
    RETURN 'answers';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END
$$;

SET ROLE segment_eve;
SET search_path = eve, public, pg_temp;

CREATE TABLE eve.orders (id integer);

-- the engine, called by hand: a recipe of two numbers, of which changes overrides the first, and all other arguments

CREATE FUNCTION eve.recipe(changes jsonb) RETURNS segment_internal.recipe
LANGUAGE sql AS $$
    SELECT jsonb_populate_record(NULL::segment_internal.recipe, jsonb_build_object(
               'columns', jsonb_build_array('{"name": "x"}' || c || changes, '{"name": "y"}' || c),
               'features', jsonb_build_array('{"feature": "x", "column_name": "x"}' || f || changes, '{"feature": "y", "column_name": "y"}' || f))
               || (SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(changes) WHERE key IN ('columns', 'features')))
      FROM (VALUES ('{"kind": "number", "width": 1, "categories": []}'::jsonb,
                    '{"part": 1, "encoding": "number", "missing": "median", "outliers": "keep", "fence": "iqr", "fence_low": 1.5, "fence_high": 0,
                      "transform": "none", "scaling": "none", "weight": 1}'::jsonb)) d (c, f)
$$;
CREATE FUNCTION eve.fit(changes jsonb DEFAULT '{}', arguments jsonb DEFAULT '{}') RETURNS TABLE (k integer, rows_read bigint, rows_used bigint, segment_rows bigint[], inertia float8)
LANGUAGE sql AS $$
    SELECT f.k, f.rows_read, f.rows_used, ARRAY(SELECT s.rows FROM unnest(f.segments) s), f.inertia
      FROM eve.recipe(changes) p,
           jsonb_to_record('{"query": "SELECT g, g % 3 FROM generate_series(1, 30) g", "key_columns": 0, "distance": "euclidean", "init": "k-means++",
                             "n_init": 1, "max_iter": 10, "tol": 0, "seed": 0, "k_min": 2, "k_max": 2, "min_share": 0, "keep": false, "source": "s"}' || arguments)
           AS a (source text, query text, key_columns integer, target regclass, keep boolean, distance text, init text, centroids float8[], n_init integer,
                 max_iter integer, tol float8, seed bigint, k_min integer, k_max integer, min_share float8, previous bytea, model text, sample_weight text),
           segment_internal.fit(a.source, a.query, a.key_columns, a.target, p, a.keep, a.distance, a.init, a.centroids, a.n_init, a.max_iter, a.tol,
                                a.seed, a.k_min, a.k_max, a.min_share, a.previous, a.model, a.sample_weight) f
$$;
CREATE FUNCTION eve.fit_state(changes text, arguments text) RETURNS text
LANGUAGE sql AS $$ SELECT pg_temp.state(format('SELECT * FROM eve.fit(%L, %L)', changes, arguments)) $$;

SELECT results_eq('SELECT * FROM eve.fit()', 'VALUES (2, 30::bigint, 30::bigint, ''{15,15}''::bigint[], 580::float8)', 'a call by hand fits');

SELECT is(pg_temp.state('SELECT segment_internal.fit(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)'),
    '22004', 'fit: nothing but NULL');
SELECT is(eve.fit_state('{}', jsonb_build_object(argument, NULL)::text), '22004', 'fit: ' || argument || ' is NULL')
  FROM unnest('{source,query,key_columns,keep,distance,init,max_iter,tol,seed,k_min,k_max,min_share}'::text[]) argument;
SELECT is(pg_temp.state($$SELECT segment_internal.fit('s', 'SELECT 1, 2', 0, NULL, NULL, false, 'euclidean', 'random', NULL, 1, 1, 0, 0, 1, 1, 0, NULL, NULL, NULL)$$),
    '22004', 'fit: no recipe');

SELECT is(eve.fit_state(jsonb_build_object(field, NULL)::text, '{}'), '22004', 'recipe: ' || field || ' is NULL')
  FROM unnest('{columns,features,name,kind,width,categories,feature,column_name,part,encoding,missing,outliers,fence,fence_low,fence_high,transform,scaling,weight}'::text[]) field;
SELECT is(eve.fit_state(jsonb_build_object(field, '{}')::text, '{}'), expected, 'recipe: ' || field || ' is empty')
  FROM (VALUES ('columns', '42703'), ('features', '22023')) AS e (field, expected);
SELECT is(eve.fit_state(jsonb_build_object(field, '{NULL,NULL}')::text, '{}'), '22004', 'recipe: ' || field || ' has NULL elements')
  FROM unnest('{columns,features}'::text[]) field;
SELECT is(eve.fit_state(jsonb_build_object(field, '[[{"weight": 1}], [{"weight": 1}]]'::jsonb)::text, '{}'), '2202E', 'recipe: ' || field || ' is a matrix')
  FROM unnest('{columns,features}'::text[]) field;
SELECT is(eve.fit_state(jsonb_build_object(field, '?')::text, '{}'), '22023', 'recipe: ' || field || ' is no such word')
  FROM unnest('{kind,missing,outliers,fence,transform,scaling}'::text[]) field;

SELECT is(eve.fit_state(changes, arguments), expected, concat_ws(' ', 'fit:', nullif(changes, '{}'), nullif(left(arguments, 120), '{}')))
  FROM (VALUES
    ('answers', '{"columns": "[7:8]={\"(x,number,1,{})\",\"(y,number,1,{})\"}"}', '{}'),
    ('42701', '{"name": "y"}', '{}'),
    ('42622', jsonb_build_object('name', repeat('y', 64))::text, '{}'),
    ('22023', '{"width": -1}', '{}'),
    ('22023', '{"width": 2147483647}', '{}'),
    ('54000', '{"kind": "array", "width": 2147483647}', '{}'),
    ('22023', '{"kind": "category", "width": 2147483647}', '{}'),
    ('2202E', '{"kind": "category", "categories": ["a", null]}', '{}'),
    ('2202E', '{"kind": "category", "categories": [["a"], ["b"]]}', '{}'),
    ('answers', '{"kind": "category", "categories": ["1", "2"]}', '{}'),
    ('2202E', '{"kind": "category", "categories": ["1", "2"], "part": 5}', '{}'),
    ('2202E', '{"kind": "array", "width": 0}', '{}'),
    ('42703', '{"column_name": ""}', '{}'),
    ('42703', '{"column_name": "z"}', '{}'),
    ('42622', jsonb_build_object('column_name', repeat('y', 64))::text, '{}'),
    ('42703', '{"column_name": "w"}', '{"sample_weight": "w", "query": "SELECT g, g, g FROM generate_series(1, 9) g"}'),
    ('2202E', '{"part": 0}', '{}'),
    ('2202E', '{"part": -2147483648}', '{}'),
    ('2202E', '{"part": 2147483647}', '{}'),
    ('22023', '{"missing": "category"}', '{}'),
    ('22023', '{"fence_low": -1}', '{}'),
    ('22023', '{"fence_low": "NaN"}', '{}'),
    ('22023', '{"fence_low": "Infinity"}', '{}'),
    ('22023', '{"fence": "quantiles", "fence_low": -1e6, "fence_high": 1e6, "outliers": "clip"}', '{}'),
    ('22023', '{"fence": "quantiles", "fence_low": 0, "fence_high": "NaN", "outliers": "clip"}', '{}'),
    ('22023', '{"fence": "quantiles", "fence_low": 0.6, "fence_high": 0.4, "outliers": "clip"}', '{}'),
    ('answers', '{"fence": "quantiles", "fence_low": 0, "fence_high": 1, "outliers": "clip"}', '{}'),
    ('22023', '{"features": "{\"(x,x,1,number,median,keep,iqr,1.5,0,none,none,0)\"}"}', '{}'),
    ('22023', '{"weight": 0}', '{}'),
    ('22023', '{"weight": "NaN"}', '{}'),
    ('22023', '{"weight": -1}', '{}'),
    ('22023', '{"weight": "Infinity"}', '{}'),
    ('22003', '{"weight": 1e308, "scaling": "none"}', '{"query": "SELECT 1e100 * g, g FROM generate_series(1, 9) g"}'),
    ('22023', '{}', '{"distance": ""}'),
    ('22023', '{}', jsonb_build_object('init', repeat('k', 1000000))::text),
    ('22023', '{}', '{"n_init": 2147483647}'),
    ('22023', '{}', '{"n_init": 0}'),
    ('22023', '{}', '{"max_iter": -2147483648}'),
    ('answers', '{}', '{"max_iter": 2147483647}'),
    ('22023', '{}', '{"tol": "NaN"}'),
    ('22023', '{}', '{"tol": -1}'),
    ('22023', '{}', '{"min_share": "NaN"}'),
    ('22023', '{}', '{"min_share": 2}'),
    ('22023', '{}', '{"min_share": 0.6}'),
    ('22023', '{}', '{"k_min": 0}'),
    ('22023', '{}', '{"k_min": 3}'),
    ('22023', '{}', '{"k_min": 2147483647, "k_max": 2147483647}'),
    ('answers', '{}', '{"k_max": 2147483647}'),
    ('22023', '{}', '{"key_columns": -1}'),
    ('22023', '{}', '{"key_columns": 2147483647}'),
    ('42P10', '{}', '{"key_columns": 1}'),
    ('42P10', '{}', '{"key_columns": 1663}'),
    -- starting centroids
    ('answers', '{}', '{"centroids": "{{1,1},{20,1}}"}'),
    ('2202E', '{}', '{"centroids": "{{1,1}}"}'),
    ('2202E', '{}', '{"centroids": "{{1,1}}", "k_max": 20, "k_min": 20}'),
    ('2202E', '{}', '{"centroids": "{{1,1},{2,1},{3,1}}"}'),
    ('2202E', '{}', '{"centroids": "{{1},{2}}"}'),
    ('2202E', '{}', '{"centroids": "{1,2}"}'),
    ('2202E', '{}', '{"centroids": "{}"}'),
    ('22004', '{}', '{"centroids": "{{1,1},{NULL,1}}"}'),
    ('22023', '{}', '{"centroids": "{{1,1},{NaN,1}}"}'),
    ('22023', '{}', '{"centroids": "{{1,1},{Infinity,1}}"}'),
    ('answers', '{}', '{"centroids": "{{1,1},{1e308,1}}"}'),
    ('22003', '{"transform": "log1p"}', '{"centroids": "{{1,1},{-7,1}}"}'),
    -- the query
    ('22023', '{}', '{"query": ""}'),
    ('42601', '{}', '{"query": "SELEC 1"}'),
    ('22023', '{}', '{"query": "SELECT 1, 2; SELECT 3, 4"}'),
    ('42601', '{}', '{"query": "SELECT 1, 2) AS s; SELECT (3"}'),
    ('22023', '{}', '{"query": "CREATE TABLE eve.made (a integer)"}'),
    ('22023', '{}', '{"query": "INSERT INTO eve.made VALUES (1) RETURNING 1, 2"}'),
    ('42601', '{}', '{"query": "SELECT 1 AS x, 2 AS y INTO eve.made"}'),
    ('0A000', '{}', '{"query": "WITH i AS (DELETE FROM eve.orders RETURNING 1, 2) TABLE i"}'),
    ('answers', '{}', '{"query": "VALUES (1, 2), (3, 4) -- that is all"}'),
    ('42P01', '{}', '{"query": "TABLE eve.nowhere"}'),
    ('42P02', '{}', '{"query": "SELECT $2, $3"}'),
    ('42P10', '{}', '{"query": "SELECT 1"}'),
    ('42804', '{}', '{"query": "SELECT date_trunc(''day'', now())::time, 2"}'),
    ('42804', '{}', '{"query": "SELECT NULL, 2"}'),
    ('42804', '{"kind": "array"}', '{}'),
    ('2202E', '{"kind": "array"}', '{"query": "SELECT ARRAY[g, g], g FROM generate_series(1, 9) g"}'),
    ('22023', '{}', '{"query": "SELECT 1, 2 WHERE false"}'),
    ('22003', '{}', '{"query": "SELECT ''Infinity''::float8, g FROM generate_series(1, 9) g"}'),
    ('22023', '{}', '{"query": "SELECT ''NaN''::float8, NULL::integer FROM generate_series(1, 9) g"}'),
    ('42501', '{}', '{"query": "SELECT rolconnlimit, 1 FROM pg_authid"}'),
    -- weights of rows
    ('22023', '{}', '{"sample_weight": "w", "query": "SELECT g, g, NULL::float8 FROM generate_series(1, 9) g"}'),
    ('22003', '{}', '{"sample_weight": "w", "query": "SELECT g, g, -g FROM generate_series(1, 9) g"}'),
    ('22003', '{}', '{"sample_weight": "w", "query": "SELECT g, g, ''Infinity''::float8 FROM generate_series(1, 9) g"}'),
    ('22023', '{}', '{"sample_weight": "w", "query": "SELECT g, g, 0 FROM generate_series(1, 9) g"}'),
    ('42P10', '{}', '{"sample_weight": "w"}'),
    ('42622', '{}', jsonb_build_object('sample_weight', repeat('w', 64))::text),
    -- who the numbers are from
    ('22P03', '{}', '{"previous": ""}'),
    ('22P03', '{}', '{"previous": "\\x5365676d00000004"}'),
    ('22P03', '{}', '{"previous": "\\xffffffffffffffffffffffffffffffffffffffff"}'),
    ('answers', '{}', '{"previous": "\\x000000020000000000000002"}'),
    -- the target
    ('42809', '{}', '{"target": "pg_class"}'),
    ('42809', '{}', '{"target": "segment_internal.catalog_model"}')) AS c (expected, changes, arguments);

-- the target, which is written past everything that a table may have

CREATE FUNCTION eve.write_state(definition text) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE definition;
    RETURN eve.fit_state('{}', '{"target": "eve.target", "key_columns": 1, "query": "SELECT g AS id, g AS x, g % 3 AS y FROM generate_series(1, 30) g"}');
END
$$;
CREATE FUNCTION eve.notice() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TABLE eve.whole (id integer, segment integer, distance real, second_segment integer, margin real) PARTITION BY LIST (id);
SELECT is(eve.write_state('DROP TABLE IF EXISTS eve.target CASCADE; ' || definition), expected, 'target: ' || definition)
  FROM (VALUES
    ('answers', 'CREATE TABLE eve.target (id integer, segment integer, distance real, second_segment integer, margin real)'),
    ('answers', 'CREATE TABLE eve.target (id integer NOT NULL, segment integer NOT NULL, distance real, second_segment integer, margin real)'),
    ('42809', 'CREATE TABLE eve.target (id integer, segment integer, distance real, second_segment integer NOT NULL, margin real)'),
    ('42804', 'CREATE TABLE eve.target (id bigint, segment integer, distance real, second_segment integer, margin real)'),
    ('42804', 'CREATE TABLE eve.target (id text, segment integer, distance real, second_segment integer, margin real)'),
    ('42809', 'CREATE TABLE eve.target (segment integer, distance real, second_segment integer, margin real)'),
    ('42809', 'CREATE TABLE eve.target (id integer PRIMARY KEY, segment integer, distance real, second_segment integer, margin real)'),
    ('42809', 'CREATE TABLE eve.target (id integer CHECK (id < 5), segment integer, distance real, second_segment integer, margin real)'),
    ('42809', 'CREATE TABLE eve.target (id integer GENERATED ALWAYS AS (1) STORED, segment integer, distance real, second_segment integer, margin real)'),
    ('42804', 'CREATE TABLE eve.target (gone bigint, segment integer, distance real, second_segment integer, margin real); ALTER TABLE eve.target DROP gone'),
    ('42809', 'CREATE TABLE eve.target (id integer, segment integer, distance real, second_segment integer, margin real);
               CREATE TRIGGER t AFTER INSERT ON eve.target EXECUTE FUNCTION eve.notice()'),
    ('42809', 'CREATE TABLE eve.target (id integer, segment integer, distance real, second_segment integer, margin real);
               ALTER TABLE eve.target ENABLE ROW LEVEL SECURITY'),
    ('42809', 'CREATE TABLE eve.target PARTITION OF eve.whole FOR VALUES IN (7)'),
    ('42809', 'CREATE TABLE eve.target (LIKE eve.whole) PARTITION BY LIST (id)'),
    ('42809', 'CREATE VIEW eve.target AS SELECT 1 AS id, 1 AS segment, 1::real AS distance, 1 AS second_segment, 1::real AS margin')) AS t (expected, definition);

-- the rows of a scan: those of its query, whatever this calls

CREATE FUNCTION eve.feed(scan bigint) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    PERFORM segment_internal.scan(scan, scan, g::float8, g::float8) FROM generate_series(1, 1000) g;
    RETURN 0;
END
$$;
SELECT is(eve.fit_state('{}', jsonb_build_object('query', format('SELECT g + eve.feed(%s), g FROM generate_series(1, 30) g', scan))::text), '22023', 'a scan fed by its own query: ' || scan)
  FROM unnest('{-1,-2,0,1,4294967296,9223372036854775807}'::bigint[]) scan;
SELECT is(eve.fit_state('{}', '{"query": "SELECT (SELECT segment_internal.scan(NULL, NULL, g) FROM generate_series(1, 9) g)::integer, 2"}'), '22023', 'a scan of no number');
SELECT results_eq($$SELECT rows_read, rows_used FROM eve.fit('{}', '{"query": "SELECT g + (SELECT k FROM eve.fit()), g FROM generate_series(1, 30) g"}')$$,
    'VALUES (30::bigint, 30::bigint)', 'a fit within a fit counts its own rows');
SELECT is(pg_temp.state('SELECT segment_internal.scan(7, 7, g) FROM generate_series(1, 9) g'), '22023', 'no scan at all');
SELECT is(pg_temp.state('SELECT segment_internal.scan(7, 7, g) OVER () FROM generate_series(1, 9) g'), '22023', 'in a window');

-- what runs in a parallel worker does not overhear the number of the scan, nor may it look for one

CREATE TABLE eve.many AS SELECT g AS id FROM generate_series(1, 1000) g;
CREATE FUNCTION eve.overheard() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT (current_query() ~ 'scan\([^)]*-?[0-9]{3}')::integer $$;
CREATE FUNCTION eve.guess(id integer) RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT segment_internal.scan(id * 1000000007::bigint % 2147483647, id, g::float8)::integer FROM generate_series(1, 9) g
$$;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SELECT results_eq($$SELECT rows, max FROM segment_internal.describe('many', 'SELECT eve.overheard() FROM eve.many', 0, '{x}', '{f}', 'iqr', 1.5, true)$$,
    'VALUES (1000::bigint, 0::float8)', 'the number stands in no text');
SELECT matches(pg_temp.state($$SELECT segment_internal.describe('many', 'SELECT eve.guess(id) FROM eve.many', 0, '{x}', '{f}', 'iqr', 1.5, true)$$), '22023|55000', 'no number is guessed');
RESET min_parallel_table_scan_size;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;

-- what a function takes for a state of its aggregate, and for its arguments

SELECT matches(pg_temp.state(format('SELECT %s(%s)', p.oid::regproc, array_to_string(array_fill('NULL'::text, ARRAY[pronargs]), ', '))), '42883|0A000',
    p.oid::regprocedure || ' cannot be called: no value is of type internal')
  FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
  JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'segment'
 WHERE 'internal'::regtype = ANY (proargtypes::regtype[]) AND prokind = 'f';

SELECT is(pg_temp.state('SELECT ' || call), expected, left(call, 120))
  FROM (VALUES
    ('0A000', $$segment_internal.kmeans_step_accum(NULL, '{1}', '{{1}}')$$),
    ('0A000', $$segment_internal.kmeans_step_combine('\x00', '\x00')$$),
    ('22P03', $$segment_internal.kmeans_step_final('\x00')$$),
    ('22P03', format('segment_internal.kmeans_step_final(%L)', decode(repeat('ff', 1000), 'hex'))),
    ('22P03', format('segment_internal.kmeans_step_final(%L)', decode(repeat('01', 1000), 'hex'))),

    -- the building blocks
    ('2202E', $$segment_nearest('{}', '{{1}}')$$),
    ('2202E', $$segment_nearest('{1}', '{}')$$),
    ('2202E', $$segment_nearest('{1}', '{{{1}}}')$$),
    ('2202E', $$segment_nearest('{1,2}', '{{1}}')$$),
    ('22004', $$segment_nearest('{NULL}', '{{1}}')$$),
    ('22023', $$segment_nearest('{NaN}', '{{1}}')$$),
    ('22023', $$segment_nearest('{1}', '{{Infinity}}')$$),
    ('answers', $$segment_nearest('[-2147483648:-2147483647]={1,2}', '[7:7][-1:0]={{1,2}}')$$),
    ('answers', $$segment_nearest(array_fill(1e308::float8, '{100000}'), ARRAY[array_fill(-1e308::float8, '{100000}')])$$),
    ('2202E', $$segment_scale('{}', '{{1},{1}}')$$),
    ('2202E', $$segment_scale('{1}', '{}')$$),
    ('2202E', $$segment_scale('{{{1}}}', '{{1},{1}}')$$),
    ('22023', $$segment_scale('{1}', '{{1},{0}}')$$),
    ('22023', $$segment_scale('{1}', '{{NaN},{1}}')$$),
    ('22004', $$segment_scale('{1}', '{{1},{NULL}}')$$),
    ('22003', $$segment_unscale('{1e308}', '{{1},{1e308}}')$$),
    ('22023', $$segment_scaler(x, repeat('none', 1000000)) FROM (VALUES ('{1}'::float8[])) v (x)$$),
    ('22004', $$segment_scaler(x, NULL) FROM (VALUES ('{1}'::float8[])) v (x)$$),
    ('2202E', $$segment_scaler(x, 'none') FROM (VALUES ('{1}'::float8[]), ('{1,2}')) v (x)$$),
    ('2202E', $$segment_scaler(x, 'none') FROM (VALUES ('{}'::float8[])) v (x)$$),
    ('22023', $$segment_scaler(x, m) FROM (VALUES ('{1}'::float8[], 'none'), ('{1}', 'minmax')) v (x, m)$$),
    ('22003', $$segment_scaler(x, 'minmax') FROM (VALUES ('{1e308}'::float8[]), ('{-1e308}')) v (x)$$),
    ('22023', $$segment_kmeans_agg(x, 0) FROM (VALUES ('{1}'::float8[])) v (x)$$),
    ('22004', $$segment_kmeans_agg(x, NULL) FROM (VALUES ('{1}'::float8[])) v (x)$$),
    ('22004', $$segment_kmeans_agg(x, 1, NULL) FROM (VALUES ('{1}'::float8[])) v (x)$$),
    ('22004', $$segment_kmeans_agg(x, 1) FROM (VALUES ('{NULL}'::float8[])) v (x)$$),
    ('22023', $$segment_kmeans_agg(x, k) FROM (VALUES ('{1}'::float8[], 1), ('{1}', 2)) v (x, k)$$),
    ('answers', $$segment_kmeans_agg(x, 2147483647) FROM (VALUES ('{1}'::float8[]), ('{2}')) v (x)$$),
    ('22003', $$segment_kmeans_agg(x, 2) FROM (VALUES ('{1e308}'::float8[]), ('{-1e308}')) v (x)$$),
    ('2202E', $$segment_kmeans_agg(x, 2) FROM (VALUES ('{{1}}'::float8[])) v (x)$$),
    ('answers', $$segment_kmeans_agg(ARRAY[g, -g]::float8[], 2) OVER (ORDER BY g) FROM generate_series(1, 9) g$$),
    ('22023', $$segment_kmeans_step(x, c) FROM (VALUES ('{1}'::float8[], '{{1}}'::float8[]), ('{1}', '{{2}}')) v (x, c)$$),
    ('22004', $$segment_kmeans_step(x, NULL) FROM (VALUES ('{1}'::float8[])) v (x)$$),

    -- values
    ('42804', $$segment_internal.number('1')$$),
    ('42804', $$segment_internal.number(ARRAY[1])$$),
    ('42804', $$segment_internal.number(ROW(1, 2))$$),
    ('answers', $$segment_internal.number('infinity'::date)$$),
    ('answers', $$segment_internal.number('1e1000'::numeric)$$),
    ('answers', $$segment_internal.token(repeat('x', 1000000))$$),
    ('answers', $$segment_internal.index(0, 0), segment_internal.index('NaN', 'Infinity'), segment_internal.index(1e308, 1e-308)$$),
    ('answers', $$segment_internal.z(1e308, -1e308, 0), segment_internal.z('NaN', 1, 5e-324)$$),
    ('answers', $$segment_internal.closest(repeat('x', 1000000), ARRAY[repeat('y', 1000000)])$$),
    ('answers', $$segment_internal.closest('', '{}'), segment_internal.closest('a', '{NULL}'), segment_internal.closest('a', '{{b},{c}}')$$),

    -- progress
    ('22023', $$segment_internal.phase('')$$),
    ('22023', $$segment_internal.phase(repeat(chr(233), 1000000))$$),
    ('answers', $$segment_internal.phase('writing')$$),
    ('answers', $$segment_internal.phase(NULL)$$),
    ('answers', $$count(*) FROM segment_internal.progress()$$),

    -- looking at columns
    ('42601', $$count(*) FROM segment_internal.describe('t', 'SELEC', 0, '{x}', '{f}', 'iqr', 1.5, true)$$),
    ('22023', $$count(*) FROM segment_internal.describe('t', 'SELECT 1; SELECT 2', 0, '{x}', '{f}', 'iqr', 1.5, true)$$),
    ('2202E', $$count(*) FROM segment_internal.describe('t', 'SELECT 1', 0, '{}', '{}', 'iqr', 1.5, true)$$),
    ('2202E', $$count(*) FROM segment_internal.describe('t', 'SELECT 1', 0, '{{x}}', '{f}', 'iqr', 1.5, true)$$),
    ('22004', $$count(*) FROM segment_internal.describe('t', 'SELECT 1', 0, '{NULL}', '{f}', 'iqr', 1.5, true)$$),
    ('42P10', $$count(*) FROM segment_internal.describe('t', 'SELECT 1', 0, '{x,y}', '{f,f}', 'iqr', 1.5, true)$$),
    ('22023', $$count(*) FROM segment_internal.describe('t', 'SELECT 1', -1, '{x}', '{f}', 'iqr', 1.5, true)$$),
    ('22023', $$count(*) FROM segment_internal.describe('t', 'SELECT 1', 2147483647, '{x}', '{f}', 'iqr', 1.5, true)$$),
    ('22023', $$count(*) FROM segment_internal.describe('t', 'SELECT 1', 0, array_fill('x'::text, '{2000}'), '{f}', 'iqr', 1.5, true)$$),
    ('2202E', $$count(*) FROM segment_internal.describe('t', 'SELECT 1', 0, '{x}', '{f,t}', 'iqr', 1.5, true)$$),
    ('2202E', $$count(*) FROM segment_internal.describe('t', 'SELECT 1', 0, '{x}', '{}', 'iqr', 1.5, true)$$),
    ('22004', $$count(*) FROM segment_internal.describe('t', 'SELECT 1', 0, '{x}', '{NULL}', 'iqr', 1.5, true)$$),
    ('22023', $$count(*) FROM segment_internal.describe('t', 'SELECT 1', 0, '{x}', '{f}', '?', 1.5, true)$$),
    ('22023', $$count(*) FROM segment_internal.describe('t', 'SELECT 1', 0, '{x}', '{f}', 'iqr', 'NaN', true)$$),
    ('22023', $$count(*) FROM segment_internal.describe('t', 'SELECT 1', 0, '{x}', '{f}', 'iqr', -1, true)$$),
    ('22023', $$count(*) FROM segment_internal.describe('t', 'SELECT 1', 0, '{x}', '{f}', 'iqr', 'Infinity', true)$$),
    ('42804', $$count(*) FROM segment_internal.describe('t', 'SELECT now()::text', 0, '{x}', '{f}', 'iqr', 1.5, true)$$),
    ('answers', $$count(*) FROM segment_internal.describe('t', 'SELECT 1 WHERE false', 0, '{x}', '{f}', 'iqr', 1.5, true)$$),
    ('answers', $$count(*) FROM segment_internal.describe('t', 'SELECT ''Infinity''::float8 UNION SELECT NULL', 0, '{x}', '{t}', 'iqr', 1e300, true)$$),
    ('2202E', $$count(*) FROM segment_internal.correlation('t', 'SELECT 1', 0, '{}', 'pearson')$$),
    ('2202E', $$count(*) FROM segment_internal.correlation('t', 'SELECT 1', 1, '{}', 'spearman')$$),
    ('22023', $$count(*) FROM segment_internal.correlation('t', 'SELECT 1', 0, '{x}', repeat('p', 1000000))$$),
    ('answers', $$count(*) FROM segment_internal.correlation('t', 'SELECT NULL::integer', 0, '{x}', 'spearman')$$),
    ('answers', $$count(*) FROM segment_internal.correlation('t', 'SELECT 1 WHERE false', 0, '{x}', 'pearson')$$),
    ('22P03', $$segment_internal.components('SELECT 1', '')$$),
    ('22P03', $$segment_internal.components('SELECT 1', '\x5365676d')$$),

    -- scoring by name
    ('42704', $$segment_predict('', ROW(1))$$),
    ('42704', $$segment_score(repeat('x', 1000000), ROW(1))$$),
    ('42704', $$segment_distances('nobody''s', ROW(1))$$),
    ('42704', $$segment_internal.place('nobody''s', ROW(1), '{1}', '{{1}}')$$),
    ('42883', $$segment_predict(1, ROW(1))$$),
    ('22P03', $$segment_internal.assign('', 1)$$),
    ('22P03', $$segment_internal.assign('\x5365676d0000000400', 1)$$),
    ('answers', $$segment_internal.assign(NULL, 1)$$)) AS c (expected, call);

SELECT is(pg_temp.state($$SELECT (segment_internal.kmeans(NULL, NULL)).*$$), '22004', 'a job of nothing');

-- aggregates of her own over the functions of ours: states that she makes up

CREATE AGGREGATE eve.step(float8[], float8[]) (SFUNC = segment_internal.kmeans_step_accum, STYPE = bytea, INITCOND = '\x0011');
CREATE AGGREGATE eve.merge(bytea) (SFUNC = segment_internal.kmeans_step_combine, STYPE = bytea);
SELECT is(pg_temp.state($$SELECT eve.step('{1}', '{{1}}')$$), '22P03', 'a state to start from');
SELECT is(pg_temp.state($$CREATE AGGREGATE eve.scaler(float8[], text) (SFUNC = segment_internal.scaler_accum, STYPE = internal)$$), '42P13', 'none of type internal');

-- every byte of a compiled model changed, and every end cut off: it is refused, or scores

CREATE TABLE eve.models AS
SELECT f.compiled, p FROM (SELECT jsonb_populate_record(NULL::segment_internal.recipe, $${
           "columns": "{\"(x,number,1,{})\",\"(a,array,1,{})\",\"(c,category,1,{b})\"}",
           "features": "{\"(x,x,1,number,median,clip,iqr,1.5,0,yeo-johnson,standard,1)\",\"(a,a,1,element,skip,skip,iqr,9,0,log1p,robust,2)\",\"(c,c,1,category,category,keep,iqr,1.5,0,none,none,1)\"}"}$$)) p (p),
       segment_internal.fit('s', $$SELECT g, ARRAY[g % 7], chr(97 + g % 2) FROM generate_series(1, 40) g$$, 0, NULL, p, false, 'euclidean', 'k-means++', NULL,
                            1, 10, 0, 0, 2, 2, 0, NULL, NULL, NULL) f;

CREATE FUNCTION eve.assign_all(changed bytea[], lowest float8 DEFAULT 0) RETURNS TABLE (outcome text, calls bigint)
LANGUAGE plpgsql AS $$
DECLARE
    a   segment_assignment;
    c   bytea;
    all_outcomes jsonb := '{}';
BEGIN
    FOREACH c IN ARRAY changed LOOP
        BEGIN
            a := segment_internal.assign(c, 3.0::float8, '{4}'::integer[], 'b'::text);
            outcome := CASE WHEN a IS NULL THEN 'no segment'
                            WHEN a.segment = 0 AND a.distance BETWEEN 0 AND 'Infinity' AND a.margin = 0 AND a.second_segment > 0 AND a.second_distance = a.distance
                            THEN 'an outlier'
                            WHEN a.segment > 0 AND a.distance BETWEEN 0 AND 'Infinity' AND a.margin BETWEEN lowest AND 1
                             AND (a.second_segment IS NULL AND a.second_distance IS NULL
                                  OR a.second_segment > 0 AND a.second_segment <> a.segment AND a.second_distance BETWEEN CASE WHEN lowest < 0 THEN 0 ELSE a.distance END AND 'Infinity')
                            THEN 'a segment' ELSE a::text END;
        EXCEPTION WHEN OTHERS THEN
            outcome := SQLSTATE;
        END;
        all_outcomes := all_outcomes || jsonb_build_object(outcome, coalesce((all_outcomes ->> outcome)::bigint, 0) + 1);
    END LOOP;
    RETURN QUERY SELECT key, value::bigint FROM jsonb_each_text(all_outcomes);
END
$$;

SELECT results_eq('SELECT outcome, calls FROM eve.models, eve.assign_all(ARRAY[compiled])', $$VALUES ('a segment', 1::bigint)$$, 'a model as it is');
SELECT is_empty($$SELECT * FROM eve.models, eve.assign_all(ARRAY(SELECT set_byte(compiled, i, b) FROM generate_series(0, length(compiled) - 1) i, generate_series(0, 255) b))
                  WHERE outcome NOT IN ('a segment', 'an outlier', 'no segment', '22P03', '55000', '22021', '22023', '42804', '2202E', '22003', '54000')$$,
    'any byte of a model may be any other');
SELECT results_eq($$SELECT outcome, calls FROM eve.models, eve.assign_all(ARRAY(SELECT substr(compiled, 1, i) FROM generate_series(0, length(compiled) - 1) i))$$,
    $$SELECT '22P03', length(compiled)::bigint FROM eve.models$$, 'a model ends where it ends');
SELECT results_eq($$SELECT outcome, calls FROM eve.models, eve.assign_all(ARRAY[compiled || '\x00'::bytea, compiled || compiled])$$,
    $$VALUES ('22P03', 2::bigint)$$, 'and not later');
SELECT is_empty(format($$SELECT i, b, s FROM eve.models, generate_series(0, length(compiled) - 1) i, unnest('{0,1,127,255}'::integer[]) b,
                         pg_temp.state(format(%L, set_byte(compiled, i, b))) s
                          WHERE s NOT IN ('answers', '22P03', '55000', '22021', '42P10', '42804', '2202E', '22003', '54000')$$, call), 'nor do others trust it: ' || left(call, 50))
  FROM (VALUES ('SELECT segment_internal.components(''SELECT 1.5, ARRAY[2], ''''b'''' UNION SELECT 3, ARRAY[2], NULL'', %L)'),
               ('SELECT eve.fit(''{}'', jsonb_build_object(''previous'', %L))')) AS c (call);

-- the same of one with sizes of segments, and rows that are left out
CREATE TABLE eve.bound AS
SELECT f.compiled FROM segment_internal.fit('s', $$SELECT g * g % 17, ARRAY[g % 7], chr(97 + g % 2) FROM generate_series(1, 40) g$$, 0, NULL,
           (SELECT m.p FROM eve.models m), false, 'euclidean', 'k-means++', NULL, 1, 10, 0, 0, 3, 3, 0.3, NULL, NULL, NULL, max_share => 0.34, trim_share => 0.05) f;
SELECT is_empty($$SELECT * FROM eve.bound, eve.assign_all(ARRAY(SELECT set_byte(compiled, i, b) FROM generate_series(0, length(compiled) - 1) i, unnest('{0,1,127,128,255}'::integer[]) b), -1)
                  WHERE outcome NOT IN ('a segment', 'an outlier', 'no segment', '22P03', '55000', '22021', '22023', '42804', '2202E', '22003', '54000')$$,
    'any byte of a model with offsets and a cut may be any other');

-- a model of another format says who made it, and what to do

CREATE FUNCTION eve.complaint(query text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    detail text;
    hint text;
BEGIN
    EXECUTE query;
    RETURN 'answers';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    RETURN concat_ws(' | ', SQLSTATE, SQLERRM, nullif(detail, ''), nullif(hint, ''));
END
$$;
SELECT matches(eve.complaint(format('SELECT segment_internal.assign(%L, 1)', '\x5365676d000003e7312e3700'::bytea)),
    '^55000 \| the compiled model was made by segment 1.7, and segment .* cannot read it \| It has format 999, not [0-9]+. \| Fit it anew: SELECT segment_refresh\(''model''\);$', 'a later one');
SELECT matches(eve.complaint(format('SELECT segment_internal.assign(%L, 1)', '\x00000002000000000000'::bytea)),
    '^55000 \| the compiled model was made by segment 0.1.0, ', 'an earlier one');

-- every byte of a state changed

CREATE AGGREGATE eve.state(float8[], float8[]) (SFUNC = segment_internal.kmeans_step_accum, STYPE = bytea);
CREATE TABLE eve.states AS SELECT eve.state(ARRAY[g, -g]::float8[], '{{1,-1},{3,-3}}') AS state FROM generate_series(1, 4) g;
SELECT is(segment_internal.kmeans_step_final(state), ROW('{2,2}', '{{3,-3},{7,-7}}', 4)::segment_step, 'a state as it is') FROM eve.states;
SELECT is_empty($$SELECT i, b, s FROM eve.states, generate_series(0, length(state) - 1) i, unnest('{0,1,127,128,255}'::integer[]) b,
                         pg_temp.state(format('SELECT segment_internal.kmeans_step_final(%1$L), (SELECT eve.merge(s) FROM unnest(ARRAY[%1$L, %2$L]::bytea[]) s)', set_byte(state, i, b), state)) s
                  WHERE s NOT IN ('answers', '22P03', '22023')$$, 'any byte of a state may be any other');
SELECT is_empty($$SELECT i FROM eve.states, generate_series(0, length(state) - 1) i WHERE pg_temp.state(format('SELECT segment_internal.kmeans_step_final(%L)', substr(state, 1, i))) <> '22P03'$$,
    'a state ends where it ends');

-- what stands in the catalog is no more to be trusted

RESET ROLE;
SET LOCAL ROLE segment_eve;
CREATE TABLE eve.customers AS SELECT g AS id, g AS x, g % 5 AS y FROM generate_series(1, 30) g;
SELECT lives_ok($$SELECT segment_kmeans('eve.customers', 2, key => '{id}', features => '{x,y}', model => 'spoilt')$$, 'a model to spoil');
RESET ROLE;
SELECT is(eve.complaint($$SELECT segment_internal.place('spoilt', c, '{0}', '{{0}}') FROM eve.customers c$$),
    '2202E | a map of model "spoilt" has other axes | The model has 2 features; mean has 1, and loading is an array of 1 x 1.', 'a map of another model');
SELECT is(eve.complaint($$SELECT segment_internal.place('spoilt', c, '{0,0}', '{{0,0},{0,0},{0,0}}') FROM eve.customers c$$),
    '2202E | a map of model "spoilt" has other axes | The model has 2 features; mean has 2, and loading is an array of 3 x 2.', 'of too many axes');
SELECT is(pg_temp.state($$SELECT segment_internal.place('spoilt', c, '{0,NULL}', '{{0,0}}') FROM eve.customers c$$), '22004', 'a map of NULL');
SELECT is(pg_temp.state($$SELECT segment_internal.place('spoilt', c, '{0,NaN}', '{{0,0}}') FROM eve.customers c$$), '22023', 'a map of NaN');
SELECT is(pg_temp.state(format('SELECT %s(''spoilt'', %s)', f, r)), expected, f || ' of ' || r)
  FROM unnest('{segment_predict,segment_score,segment_distances}'::text[]) f,
       (VALUES ('42703', 'ROW(1, 2)'), ('42703', 'ROW(1)'), ('answers', 'NULL::eve.orders'), ('22003', '(SELECT s FROM (SELECT ''Infinity''::float8 AS x, 1 AS y) s)'),
               ('42804', '(SELECT s FROM (SELECT now()::time AS x, 1 AS y) s)'), ('answers', '(SELECT s FROM (SELECT NULL::integer AS x, 1 AS y) s)')) AS r (expected, r);
UPDATE segment_internal.catalog_run r SET compiled = set_byte(compiled, 7, 5)
  FROM segment_internal.catalog_model m WHERE m.name = 'spoilt' AND m.model_id = r.model_id;
SELECT matches(eve.complaint($$SELECT segment_predict('spoilt', c) FROM eve.customers c$$),
    '^55000 \| model "spoilt" was compiled by segment [0-9.]+, .* \| Fit it anew: SELECT segment_refresh\(''spoilt''\);$', 'a model of another format has a name');
SET LOCAL ROLE segment_eve;
SELECT lives_ok($$SELECT segment_refresh('spoilt')$$, 'and can be refreshed');
RESET ROLE;
SELECT isnt(segment_predict('spoilt', c), NULL, 'which is all that it takes') FROM eve.customers c LIMIT 1;
UPDATE segment_internal.catalog_model SET run = 99 WHERE name = 'spoilt';
SELECT is(eve.complaint($$SELECT segment_predict('spoilt', c) FROM eve.customers c$$),
    '55000 | model "spoilt" is not complete in the catalog | Its compiled form is missing, or has other segments. | Fit it anew: SELECT segment_refresh(''spoilt'');', 'a run that is not there');

SELECT * FROM finish();
ROLLBACK;
