-- The map of a model: principal components by hand, against scikit-learn, whatever the processes and the layout, and of
-- rows and models of any kind.

BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL timezone = 'Asia/Kathmandu';
\ir ../reference/judge.sql
\ir ../reference/preparation.sql
\ir ../reference/components.sql

SELECT plan(5 * count(*)::integer + 110) FROM expected_map;

-- by hand

CREATE TABLE line AS SELECT i AS id, i::float8 AS a, 2.0 * i + 3 AS b FROM generate_series(1, 5) i;
ALTER TABLE line ADD PRIMARY KEY (id);
SELECT lives_ok($$SELECT segment_kmeans('line', 2, scaling => 'none')$$, 'points on a line');
SELECT results_eq($$SELECT key, segment, round(x::numeric, 12), round(y::numeric, 12) FROM segment_map('line')$$,
	$$SELECT jsonb_build_object('id', i), CASE WHEN i <= 3 THEN 1 ELSE 2 END, round(((i - 3) * sqrt(5::float8))::numeric, 12), 0.0
	    FROM generate_series(1, 5) i$$,
	'the distance from the middle, along the line');
SELECT results_eq($$SELECT component, feature, round(loading::numeric, 12), round(explained::numeric, 12) FROM segment_components('line')$$,
	$$VALUES (1, 'a', round(1 / sqrt(5::numeric), 12), 1.0), (1, 'b', round(2 / sqrt(5::numeric), 12), 1),
	         (2, 'a', round(2 / sqrt(5::numeric), 12), 0), (2, 'b', round(-1 / sqrt(5::numeric), 12), 0)$$,
	'its direction, and across; the largest loading is positive');
SELECT results_eq($$SELECT x, y, r FROM segment_feature_correlation('line')$$,
	$$VALUES ('a', 'a', 1::float8), ('a', 'b', 1), ('b', 'a', 1), ('b', 'b', 1)$$, 'a correlation of 1, exactly');

-- covariances 28/6 and 4/6: eigenvalues 32/6 and 24/6, in the diagonals
CREATE TABLE crossing (x float8, y float8);
INSERT INTO crossing VALUES (3, 1), (-3, -1), (1, 3), (-1, -3), (2, -2), (-2, 2);
SELECT lives_ok($$SELECT segment_kmeans('crossing', 2, scaling => 'none', key => '{}')$$, 'a known covariance, without a key');
SELECT results_eq($$SELECT component, feature, round(loading::numeric, 12), round(explained::numeric, 12) FROM segment_components('crossing')$$,
	$$VALUES (1, 'x', round(sqrt(0.5), 12), round(4 / 7.0, 12)), (1, 'y', round(sqrt(0.5), 12), round(4 / 7.0, 12)),
	         (2, 'x', round(sqrt(0.5), 12), round(3 / 7.0, 12)), (2, 'y', round(-sqrt(0.5), 12), round(3 / 7.0, 12))$$,
	'of loadings of one size the first is positive');
SELECT results_eq($$SELECT key, round(x::numeric, 12), round(y::numeric, 12) FROM segment_map('crossing') ORDER BY 2, 3$$,
	$$SELECT NULL::jsonb, round((x + y)::numeric * sqrt(0.5), 12), round((x - y)::numeric * sqrt(0.5), 12) FROM crossing ORDER BY 2, 3$$,
	'the map is the plane, turned');
SELECT is(round(r::numeric, 15), round(1 / 7.0, 15), 'a known correlation')
  FROM segment_feature_correlation('crossing') WHERE (x, y) = ('x', 'y');

-- against scikit-learn

SELECT pg_temp.judge_map('prepared', 'id', n) FROM expected_map ORDER BY n;

-- the same bits whatever the processes and the layout

SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;

CREATE TABLE points AS
SELECT i AS id, sin(i * 12.9898) + i % 3 AS a, exp(3 * sin(i * 78.233)) * 1000 AS b, CASE WHEN i % 97 > 0 THEN 1e-6 * (i % 1000) END AS c,
       chr(65 + i * 7919 % 5) AS d
  FROM generate_series(1, 6000) i;
ALTER TABLE points ADD PRIMARY KEY (id);
CREATE TABLE shuffled (LIKE points INCLUDING ALL);
INSERT INTO shuffled SELECT * FROM points ORDER BY md5(id::text);
CREATE TABLE parted (LIKE points INCLUDING ALL) PARTITION BY HASH (id);
SELECT format('CREATE TABLE parted_%1$s PARTITION OF parted FOR VALUES WITH (MODULUS 3, REMAINDER %1$s)', r) FROM generate_series(0, 2) r \gexec
INSERT INTO parted TABLE points;
CREATE VIEW seen AS TABLE points;
CREATE FUNCTION pg_temp.bits(model text) RETURNS text LANGUAGE sql AS $$
	SELECT md5(concat((SELECT string_agg(concat_ws(' ', key, segment, float8send(x), float8send(y)), E'\n' ORDER BY n)
	                     FROM segment_map(model, 500) WITH ORDINALITY m (key, segment, x, y, n)),
	                  (SELECT string_agg(concat_ws(' ', component, feature, float8send(loading), float8send(explained)), E'\n' ORDER BY n)
	                     FROM segment_components(model) WITH ORDINALITY c (component, feature, loading, explained, n)),
	                  (SELECT string_agg(concat_ws(' ', x, y, float8send(r)), E'\n' ORDER BY n)
	                     FROM segment_feature_correlation(model) WITH ORDINALITY c (x, y, r, n))));
$$;
SELECT count(segment_kmeans(source, 4, key => '{id}', features => '{a,b,c,d}', n_init => 1, model => source || '_model'))
  FROM unnest('{points,shuffled,parted,seen}'::regclass[]) source \gset
CREATE TEMPORARY TABLE bits AS SELECT pg_temp.bits('points_model') AS bits;
SELECT is(pg_temp.bits(model), bits, model) FROM bits, unnest('{points_model,shuffled_model,parted_model,seen_model}'::text[]) model;
SET LOCAL segment.max_parallel_workers = 0;
SET LOCAL max_parallel_workers_per_gather = 0;
SELECT is(pg_temp.bits(model), bits, model || ' in one process') FROM bits, unnest('{points_model,parted_model}'::text[]) model;
SET LOCAL segment.max_parallel_workers = 1;
SET LOCAL max_parallel_workers_per_gather = 1;
SELECT is(pg_temp.bits('shuffled_model'), bits, 'with a worker') FROM bits;
SET LOCAL segment.max_parallel_workers = 4;
SET LOCAL max_parallel_workers_per_gather = 4;
SELECT is(pg_temp.bits('shuffled_model'), bits, 'with four') FROM bits;
SET LOCAL segment.work_mem = '64kB';
SELECT is(pg_temp.bits('points_model'), bits, 'with little memory') FROM bits;
RESET segment.work_mem;

-- without a key, equal rows are told apart by a number

CREATE TABLE keyless AS SELECT i % 2 * 10 + i % 3 AS x, i % 3 AS y FROM generate_series(1, 6000) i;
CREATE TABLE keyless_shuffled AS SELECT * FROM keyless ORDER BY random();
SELECT count(segment_kmeans(source, 2, key => '{}', n_init => 1, model => source || '_model'))
  FROM unnest('{keyless,keyless_shuffled}'::regclass[]) source \gset
SELECT is(pg_temp.bits('keyless_shuffled_model'), pg_temp.bits('keyless_model'), 'without a key');
SELECT is(row(count(*), count(key), count(DISTINCT (x, y)), min(n) > 50, max(n) < 120)::text, '(6,0,6,t,t)', 'equal rows have a fair share of the sample')
  FROM (SELECT key, x, y, count(*) AS n FROM segment_map('keyless_model', 500) GROUP BY 1, 2, 3) m;
SELECT is(count(*), 6000::bigint, 'all rows') FROM segment_map('keyless_model', 6000);

-- the sample

SELECT is(count(*), n::bigint, format('a sample of %s', n)) FROM unnest('{1,17,2000,5999}'::integer[]) n, segment_map('points_model', n) GROUP BY n ORDER BY n;
SELECT is(count(*), 2000::bigint, '2000 by default') FROM segment_map('points_model');
SELECT is(count(DISTINCT key), 6000::bigint, format('all rows, if these are no more than %s', n))
  FROM unnest('{6000,6001,1000000}'::integer[]) n, segment_map('points_model', n) GROUP BY n ORDER BY n;
SELECT is_empty($$SELECT * FROM segment_map('points_model', 100) EXCEPT SELECT * FROM segment_map('points_model', 200)$$,
	'a smaller sample is part of a larger one');
SELECT is_empty($$SELECT * FROM segment_map('points_model', 100) EXCEPT SELECT * FROM segment_map('points_model', 6000)$$,
	'with the same places');
SELECT ok(abs(avg((key ->> 'id')::integer) - 3000.5) < 3 * 1732 / sqrt(1000), 'it has no bias to the first rows') FROM segment_map('points_model', 1000);
SELECT results_eq($$SELECT key, segment, x, y FROM segment_map('points_model', 300)$$,
	$$SELECT key, segment, x, y FROM segment_map('points_model', 300) ORDER BY key, segment, x, y$$, 'ordered by key');
SELECT results_eq($$SELECT segment, x, y FROM segment_map('keyless_model', 300)$$,
	$$SELECT segment, x, y FROM segment_map('keyless_model', 300) ORDER BY segment, x, y$$, 'without a key by segment and place');
SELECT is(row(round(avg(x)::numeric, 9), round(avg(y)::numeric, 9), round(regr_sxy(x, y)::numeric, 6))::text, '(0.000000000,0.000000000,0.000000)',
	'all rows lie about the middle, on axes that do not correlate') FROM segment_map('points_model', 6000);

-- rows that the preparation skips

SELECT lives_ok($$SELECT segment_kmeans('points', 3, model => 'skipping', features => '{a,b,c}', missing => 'skip',
	outliers => 'skip', n_init => 1)$$, 'a model that skips rows');
SELECT is((SELECT count(*) FROM segment_map('skipping', 1000000)), rows_used, 'they are not on the map')
  FROM segment_runs WHERE model = 'skipping' AND rows_skipped > 500;
SELECT is(row(count(*), count(m.segment), count(a.id))::text, '(3000,3000,3000)', 'others take their place')
  FROM segment_map('skipping', 3000) m LEFT JOIN skipping_assignment a ON a.id = (m.key ->> 'id')::integer AND a.segment = m.segment;
SELECT is_empty($$SELECT * FROM segment_map('skipping', 100) EXCEPT SELECT * FROM segment_map('skipping', 1000)$$, 'in the same order');
SELECT is(round(c.r::numeric, 12), round(p.r::numeric, 12), 'correlations are those of the rows used')
  FROM segment_feature_correlation('skipping') c,
       (SELECT corr(a, b) AS r FROM points JOIN skipping_assignment USING (id)) p WHERE c.x = 'a' AND c.y = 'b';

-- assignment as a view, or none

SELECT lives_ok(format($$SELECT segment_kmeans('points', 4, model => 'as_%1$s', features => '{a,b,c,d}',
	n_init => 1, assignment => '%1$s')$$, kind), 'assignment => ' || kind)
  FROM unnest('{view,none}'::text[]) kind;
SELECT is(pg_temp.bits(model), bits, model) FROM bits, unnest('{as_view,as_none}'::text[]) model;

-- keys

CREATE TABLE keyed ("a ""b"" %s" text, "hash" numeric, s date, p float8, "Key" float8, PRIMARY KEY ("a ""b"" %s", "hash", s));
INSERT INTO keyed SELECT 'it''s ' || i % 3, i + 0.50, date '2020-01-01' + i, 0.1 * i, i * i % 7 FROM generate_series(1, 50) i;
SELECT lives_ok($$SELECT segment_kmeans('keyed', 2, scaling => 'none')$$, 'a key of several columns');
SELECT results_eq($$SELECT key FROM segment_map('keyed', 50)$$,
	$$SELECT to_jsonb(k) FROM (SELECT "a ""b"" %s", hash, s FROM keyed) k ORDER BY 1$$, 'the key as an object');
SELECT is(count(DISTINCT m.key), 20::bigint, 'sampled by it') FROM segment_map('keyed', 20) m;
SELECT lives_ok($$SELECT segment_kmeans('keyed', 2, model => 'featured', key => '{p}', features => '{p,Key,hash}')$$, 'a key that is a feature');
SELECT is(row(count(*), count(DISTINCT key -> 'p'))::text, '(20,20)', 'on the map') FROM segment_map('featured', 20);

CREATE TABLE unhashed (id bit(8) PRIMARY KEY, cash money UNIQUE NOT NULL, x float8);
INSERT INTO unhashed SELECT i::bit(8), i::money, i * i % 17 FROM generate_series(1, 100) i;
SELECT lives_ok(format($$SELECT segment_kmeans('unhashed', 2, model => '%1$s', key => '{%1$s}', features => '{x}')$$, k),
	'a key of a type without a hash function: ' || k)
  FROM unnest('{id,cash}'::text[]) k;
SELECT is(row(count(*), count(DISTINCT key))::text, '(30,30)', 'is sampled by its text: ' || k)
  FROM unnest('{id,cash}'::text[]) k, segment_map(k, 30) GROUP BY k ORDER BY k;

-- many columns, more than a function has arguments, and many features of a column

SELECT format('CREATE TABLE wide AS SELECT i AS id, %s FROM generate_series(1, 400) i',
	string_agg(format('sin(i * %s.%s) + %s * cos(i * 0.7) AS c%1$s', c, c * 7919 % 1000, round(c / 300.0, 3)), ', ')) FROM generate_series(1, 150) c \gexec
ALTER TABLE wide ADD PRIMARY KEY (id);
SELECT lives_ok($$SELECT segment_kmeans('wide', 3, n_init => 1)$$, '150 columns');
SELECT is(row(count(*), count(m.x), count(a.id))::text, '(100,100,100)', 'the map of 150 columns')
  FROM segment_map('wide', 100) m LEFT JOIN wide_assignment a ON a.id = (m.key ->> 'id')::integer AND a.segment = m.segment;

CREATE TABLE texts AS SELECT i AS id, chr(65 + i % 20) || (i * i % 307)::text AS t, (i * 7919 % 1009) / 300.0 AS x FROM generate_series(1, 3000) i;
ALTER TABLE texts ADD PRIMARY KEY (id);
SELECT lives_ok($$SELECT segment_kmeans('texts', 3, features => '{t,x}', max_categories => 299, n_init => 1)$$, '300 features of a text');
SELECT is(count(*), 301::bigint * 301, 'as many correlations') FROM segment_feature_correlation('texts');

-- covariances times a direction are the direction, longer; directions are of length 1, and at right angles
CREATE FUNCTION pg_temp.check_components(model text, OUT residual float8, OUT not_orthonormal float8) LANGUAGE sql AS $$
	WITH l AS MATERIALIZED (SELECT * FROM segment_components(model)),
	     s AS MATERIALIZED (SELECT c.feature, c.component, c.loading, c.explained, d.deviation
	                          FROM l c JOIN (SELECT f.feature, CASE WHEN f.encoding IN ('category', 'other') THEN f.stddev ELSE 1 END AS deviation
	                                           FROM segment_internal.catalog_feature f JOIN segment_internal.catalog_model m USING (model_id, run)
	                                          WHERE m.name = $1) d USING (feature)),
	     t AS (SELECT sum(deviation ^ 2) AS total FROM s WHERE component = 1),
	     p AS (SELECT r.y AS feature, s.component, sum(r.r * s.deviation * s.loading) AS product
	             FROM segment_feature_correlation(model) r JOIN s ON s.feature = r.x GROUP BY 1, 2)
	SELECT (SELECT max(abs(p.product * s.deviation - s.explained * t.total * s.loading)) / (SELECT max(explained * total) FROM s, t)
	          FROM s JOIN p USING (feature, component) CROSS JOIN t),
	       (SELECT greatest(max(abs(sum - 1)) FILTER (WHERE a = b), max(abs(sum)) FILTER (WHERE a <> b))
	          FROM (SELECT x.component AS a, y.component AS b, sum(x.loading * y.loading) FROM l x JOIN l y USING (feature) GROUP BY 1, 2) o);
$$;
SELECT unnest(ARRAY[ok(residual < 1e-10, model || ': eigenvectors of the covariances'),
                    ok(not_orthonormal < 1e-10, model || ': of length 1, at right angles')])
  FROM unnest('{points_model,wide,texts}'::text[]) model, pg_temp.check_components(model);
SELECT is(count(*) FILTER (WHERE most > least), 6::bigint, 'the largest loading is positive')
  FROM unnest('{points_model,wide,texts}'::text[]) model
 CROSS JOIN LATERAL (SELECT max(loading) AS most, -min(loading) AS least FROM segment_components(model) GROUP BY component) c;

-- rows of today

CREATE TABLE today (id integer PRIMARY KEY, a float8, b float8, c float8);
INSERT INTO today SELECT i, i * 7919 % 101, i * i % 37, i % 5 FROM generate_series(1, 200) i;
SELECT lives_ok($$SELECT segment_kmeans('today', 3, n_init => 1)$$, 'a model');
CREATE TEMPORARY TABLE before AS
SELECT 'a' AS x, 'b' AS y, corr(a, b) AS r FROM today UNION ALL SELECT 'a', 'c', corr(a, c) FROM today UNION ALL SELECT 'b', 'c', corr(b, c) FROM today;
CREATE FUNCTION pg_temp.compare_correlations(what text) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT is(round(c.r::numeric, 9), round(b.r::numeric, 9), format('%s and %s, %s', x, y, what))
	  FROM before b JOIN segment_feature_correlation('today') c USING (x, y) ORDER BY x, y;
$$;
UPDATE today SET a = a + 1e9, b = b * 1e-3;
SELECT pg_temp.compare_correlations('far from where they were');
UPDATE today SET a = (a - 1e9) * 1e100, b = b * 1e250;
SELECT pg_temp.compare_correlations('of quite another size');
SELECT results_eq($$SELECT loading, round(explained::numeric, 12) FROM segment_components('today')$$,
	$$VALUES (0::float8, 1.0), (1, 1), (0, 1), (1, 0), (0, 0), (0, 0)$$, 'one far larger than the others is all');
SELECT throws_ok($$SELECT * FROM segment_map('today')$$, '22003', 'a row is too far from all segments to measure its distance', 'there is no map of such rows');
UPDATE today SET a = 1e308 * (id % 2 * 2 - 1), b = 1.5e308;
SELECT results_eq($$SELECT loading, explained FROM segment_components('today') WHERE component = 1$$,
	'VALUES (1::float8, 1::float8), (0, 1), (0, 1)', 'nor of the largest numbers that there are, but components');
UPDATE today SET a = 'Infinity';
SELECT throws_ok($$SELECT * FROM segment_components('today')$$, '22003', 'column "a" contains an infinite value', 'an infinite value');
UPDATE today SET a = NULL, b = 'NaN', c = id;
SELECT results_eq($$SELECT x, y, r FROM segment_feature_correlation('today') WHERE x IN ('a', 'c')$$,
	$$VALUES ('a', 'a', NULL::float8), ('a', 'b', NULL), ('a', 'c', NULL), ('c', 'a', NULL), ('c', 'b', NULL), ('c', 'c', 1)$$,
	'missing values are filled: what does not vary has no correlation');
SELECT results_eq($$SELECT loading, explained FROM segment_components('today') WHERE component = 1$$,
	$$VALUES (0::float8, 1::float8), (0, 1), (1, 1)$$, 'nor a loading');
SELECT lives_ok($$SELECT segment_refresh('today', k => 2)$$, 'refreshed: a and b are constant');
SELECT results_eq($$SELECT loading, explained FROM segment_components('today') WHERE component = 1$$,
	$$VALUES (0::float8, 1::float8), (0, 1), (1, 1)$$, 'the same then');
SELECT is(row(count(*), count(DISTINCT x), max(abs(y)))::text, '(200,200,0)', 'a line on the map') FROM segment_map('today');
DELETE FROM today WHERE id > 1;
SELECT results_eq($$SELECT segment > 0, x, y FROM segment_map('today')$$, 'VALUES (true, 0::float8, 0::float8)', 'one row is in the middle');
SELECT results_eq($$SELECT component, loading, explained FROM segment_components('today') WHERE feature = 'c'$$,
	'VALUES (1, 0::float8, NULL::float8), (2, 0, NULL)', 'of no variance there is no share');
DELETE FROM today;
SELECT is_empty($$SELECT * FROM segment_map('today')$$, 'no rows, no map');
SELECT is(row(count(*), count(r))::text, '(9,0)', 'no correlation') FROM segment_feature_correlation('today');
SELECT is(row(count(*), max(loading), count(explained))::text, '(6,0,0)', 'no component') FROM segment_components('today');

CREATE TABLE single (id integer PRIMARY KEY, x float8);
INSERT INTO single SELECT i, i FROM generate_series(1, 9) i;
SELECT lives_ok($$SELECT segment_kmeans('single', 2, scaling => 'none')$$, 'one feature');
SELECT results_eq($$SELECT x, y FROM segment_map('single')$$, 'SELECT i - 5::float8, 0::float8 FROM generate_series(1, 9) i', 'the map is a line');
SELECT results_eq($$SELECT * FROM segment_components('single')$$, $$VALUES (1, 'x', 1::float8, 1::float8)$$, 'one component');

CREATE TABLE huge AS SELECT i AS id, 1e300 * sin(i) AS a, -1e300 * cos(i) AS b, 1e-300 * sin(i) AS c, 1e140 * sin(i) AS d FROM generate_series(1, 100) i;
SELECT lives_ok($$SELECT segment_kmeans('huge', 3, key => '{id}', features => '{a,b,c}', n_init => 1)$$, 'values of any size');
SELECT is(round(r::numeric, 12), 1.0, 'correlated') FROM segment_feature_correlation('huge') WHERE (x, y) = ('a', 'c');
SELECT is(round(sum(DISTINCT explained)::numeric, 9), 1.0, 'in a plane') FROM segment_components('huge');
SELECT lives_ok($$SELECT segment_kmeans('huge', 3, model => 'unscaled', key => '{id}', features => '{d,c}',
	scaling => 'none', n_init => 1)$$, 'not even scaled');
SELECT is(row(count(x), max(x) > 9e139, max(x) < 2e140, max(abs(y)) < 1e-299)::text, '(100,t,t,t)', 'on the map') FROM segment_map('unscaled');

-- under cosine distance rows are directions

CREATE TABLE directed (id integer PRIMARY KEY, x float8, y float8);
INSERT INTO directed VALUES (1, 3, 4), (2, 30, 40), (3, -4, 3), (4, -8, 6), (5, 0, 0);
SELECT lives_ok($$SELECT segment_kmeans('directed', 2, scaling => 'none', distance => 'cosine')$$, 'cosine distance');
SELECT is(count(DISTINCT (round(x::numeric, 9), round(y::numeric, 9))), 3::bigint, 'the length of a row does not matter') FROM segment_map('directed');

SAVEPOINT writable;
SET TRANSACTION READ ONLY;
SELECT count(*) AS "rows" FROM segment_map('directed') \gset
ROLLBACK TO writable;
SELECT is(:rows, 5, 'a read-only transaction will do');

-- complaints

SELECT throws_ok($$SELECT * FROM segment_map('points_model', NULL)$$, '22004', 'argument "sample" must not be NULL', 'no size');
SELECT throws_ok(format($$SELECT * FROM segment_map('points_model', %s)$$, n), '22023', format('argument "sample" is %s', n), 'a size of ' || n)
  FROM unnest('{0,-1,1000001}'::integer[]) n;
SELECT unnest(ARRAY[throws_ok(format($$SELECT * FROM %s('pints_model')$$, f), '42704', 'model "pints_model" does not exist', f || ' of no model'),
                    throws_ok(format($$SELECT * FROM %s(NULL)$$, f), '22004', 'argument "model" must not be NULL', f || ' of NULL')])
  FROM unnest('{segment_map,segment_components,segment_feature_correlation}'::text[]) f;
ALTER TABLE line DROP COLUMN b CASCADE;
SELECT throws_ok(format($$SELECT * FROM %s('line')$$, f), '42703', 'column "b" of relation "line" does not exist', f || ': a column is gone')
  FROM unnest('{segment_map,segment_components,segment_feature_correlation}'::text[]) f;
DROP TABLE single CASCADE;
SELECT throws_ok($$SELECT * FROM segment_map('single')$$, '42P01', 'the source of model "single" no longer exists', 'the source is gone');
CREATE ROLE segment_reader;
GRANT segment_reader TO CURRENT_USER;
GRANT SELECT ON points_model_profile, directed_profile TO segment_reader;
GRANT SELECT (id, x, y) ON directed TO segment_reader;
SET LOCAL ROLE segment_reader;
SELECT throws_ok($$SELECT * FROM segment_map('points_model')$$, '42501', 'permission denied for table points', 'the source may not be read');
SELECT is((SELECT count(*) FROM segment_map('directed')), 5::bigint, 'its columns may');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
