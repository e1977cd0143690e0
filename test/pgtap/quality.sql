-- How good segments are: the pairwise silhouette and stability, by hand, by plain SQL and against scikit-learn, whatever the
-- processes and the layout.

BEGIN;
SET LOCAL client_min_messages = warning;
\ir ../reference/judge.sql
\ir ../reference/preparation.sql

CREATE TEMP TABLE expected_silhouette (n integer PRIMARY KEY, silhouette float8, clusters float8[]);
\ir ../reference/silhouette.sql

SELECT plan(count(*)::integer + 108) FROM expected_silhouette;

-- by hand: a = 1, b = 9.5 of the row at 0, a = 1, b = 8.5 of that at 1, and so on

CREATE TABLE line (id integer PRIMARY KEY, x float8);
INSERT INTO line VALUES (1, 0), (2, 1), (3, 9), (4, 10), (5, 30);
SELECT lives_ok($$SELECT segment_kmeans('line', 3, features => '{x}', scaling => 'none')$$, 'points on a line');
CREATE TEMP VIEW by_hand AS
SELECT u.* FROM (VALUES (1, 2::bigint, (8.5 / 9.5 + 7.5 / 8.5) / 2, 2::bigint), (2, 2, (7.5 / 8.5 + 8.5 / 9.5) / 2, 2), (3, 1, 0, 1),
                        (NULL, 5, (8.5 / 9.5 + 7.5 / 8.5) * 2 / 5, 5)) u (segment, rows, silhouette, sampled);
SELECT results_eq($$SELECT segment, rows, round(silhouette::numeric, 14), sampled FROM segment_silhouette('line')$$,
	$$SELECT segment, rows, round(silhouette, 14), sampled FROM by_hand ORDER BY segment$$, 'by hand; the only row of a segment has 0');
SELECT is(row(round(value::numeric, 7), better, e.rows)::text, row(round(silhouette, 7), 'higher', 5)::text, 'segment_evaluate has it as well')
  FROM segment_evaluate('line') e, by_hand h WHERE e.metric = 'silhouette' AND h.segment IS NULL;
SELECT results_eq($$SELECT metric, rows FROM segment_evaluate('line')$$,
	$$VALUES ('inertia', 5::bigint), ('explained', 5), ('silhouette_simplified', 5), ('silhouette', 5), ('davies_bouldin', 5), ('calinski_harabasz', 5)$$,
	'each metric says of how many rows it is');

-- the rows are today's

INSERT INTO line VALUES (6, 30);
SELECT results_eq($$SELECT segment, rows, round(silhouette::numeric, 13) FROM segment_silhouette('line') WHERE segment = 3 OR segment IS NULL$$,
	$$VALUES (3, 2::bigint, 1.0::numeric), (NULL, 6, round((8.5 / 9.5 + 7.5 / 8.5) * 2 / 6.0 + 2 / 6.0, 13))$$, 'equal rows have 1');
DELETE FROM line WHERE id IN (1, 2);
SELECT results_eq($$SELECT segment, rows, round(silhouette::numeric, 14), sampled FROM segment_silhouette('line')$$,
	$$VALUES (1, 0::bigint, NULL::numeric, 0::bigint), (2, 2, round((20 / 21.0 + 19 / 20.0) / 2, 14), 2), (3, 2, 1, 2),
	         (NULL, 4, round((20 / 21.0 + 19 / 20.0 + 2) / 4, 14), 4)$$, 'a segment that has no rows any more has no silhouette');
DELETE FROM line WHERE id > 4;
SELECT results_eq($$SELECT segment, rows, silhouette FROM segment_silhouette('line')$$,
	$$VALUES (1, 0::bigint, NULL::float8), (2, 2, NULL), (3, 0, NULL), (NULL, 2, NULL)$$, 'nor has one alone');
DELETE FROM line;
SELECT results_eq($$SELECT segment, rows, silhouette, sampled FROM segment_silhouette('line')$$,
	$$VALUES (1, 0::bigint, NULL::float8, 0::bigint), (2, 0, NULL, 0), (3, 0, NULL, 0), (NULL, 0, NULL, 0)$$, 'no rows at all');
SELECT results_eq($$SELECT segment, jaccard, verdict, dissolved, recovered, rand FROM segment_stability('line')$$,
	$$SELECT u.*, NULL::float8, NULL, NULL::float8, NULL::float8, NULL::float8 FROM unnest('{1,2,3}'::integer[]) u$$, 'nothing is stable then');

-- one segment, one row, duplicates

INSERT INTO line SELECT i, CASE WHEN i > 1 THEN 7 ELSE 3 END FROM generate_series(1, 40) i;
SELECT lives_ok($$SELECT segment_kmeans('line', 1, model => 'one', features => '{x}')$$, 'one segment');
SELECT results_eq($$SELECT segment, rows, silhouette, sampled FROM segment_silhouette('one')$$,
	$$VALUES (1, 40::bigint, NULL::float8, 40::bigint), (NULL, 40, NULL, 40)$$, 'one segment has no silhouette');
SELECT results_eq($$SELECT segment, jaccard, verdict, rand FROM segment_stability('one')$$,
	$$VALUES (1, NULL::float8, NULL::text, NULL::float8)$$, 'and is neither stable nor unstable');
SELECT is((SELECT row(value, rows) FROM segment_evaluate('one') WHERE metric = 'silhouette')::text, '(,40)', 'NULL in segment_evaluate');
SELECT lives_ok($$SELECT segment_kmeans('line', 2, model => 'two', features => '{x}', scaling => 'none')$$, 'a row, and 39 that are equal');
SELECT results_eq($$SELECT segment, rows, silhouette FROM segment_silhouette('two')$$,
	$$VALUES (1, 39::bigint, 1::float8), (2, 1, 0), (NULL, 40, 0.975)$$, 'equal rows, and one alone');
SELECT results_eq($$SELECT segment, jaccard, dissolved, recovered FROM segment_stability('two')$$,
	$$VALUES (1, 1::float8, 0::float8, 1::float8), (2, 1, 0, 1)$$, 'they come back wherever both are drawn');
SELECT is(jaccard, 1::float8, 'in one resample as well') FROM segment_stability('two', 1) WHERE segment = 1;
SELECT is(rand, 1::float8, 'each seed finds them') FROM segment_stability('two', 1) WHERE segment = 2;

-- against scikit-learn

CREATE FUNCTION pg_temp.silhouettes(n integer) RETURNS float8[] LANGUAGE plpgsql AS $$
DECLARE
	e expected_fit := (SELECT f FROM expected_fit f WHERE f.n = $1);
BEGIN
	PERFORM pg_temp.fit('prepared', 'id', e.arguments, coalesce(e.start, e.centroids));
	RETURN ARRAY(SELECT s.silhouette FROM segment_silhouette('judged') s ORDER BY s.segment IS NOT NULL, s.rows DESC, s.silhouette);
END
$$;
SELECT is(pg_temp.if_near(pg_temp.silhouettes(e.n), e.silhouette || e.clusters), (e.silhouette || e.clusters)::text,
	format('as scikit-learn has it: %s: %s', f.section, f.name))
  FROM expected_silhouette e JOIN expected_fit f USING (n) ORDER BY n;

-- by plain SQL, and samples against that

CREATE TABLE points AS
SELECT i AS id, sin(i * 12.9898) + i % 3 * 2.5 AS a, exp(sin(i * 78.233)) + CASE WHEN i % 75 = 0 THEN 20 ELSE 0 END AS b, cos(i * 3.7) AS c
  FROM generate_series(1, 3000) i;
ALTER TABLE points ADD PRIMARY KEY (id);
SELECT is(k, 4, 'three segments, and a small one') FROM segment_kmeans('points', 4, features => '{a,b,c}', scaling => 'none');
CREATE TEMP TABLE exact AS
WITH rows AS MATERIALIZED (
	SELECT p.id, s.segment, p.a, p.b, p.c FROM points p JOIN points_assignment s USING (id)
), apart AS MATERIALIZED (
	SELECT x.id, x.segment AS own, y.segment, sum(sqrt((x.a - y.a) ^ 2 + (x.b - y.b) ^ 2 + (x.c - y.c) ^ 2)) / (count(*) - (x.segment = y.segment)::integer) AS d
	  FROM rows x CROSS JOIN rows y
	 GROUP BY x.id, x.segment, y.segment
)
SELECT own AS segment, count(*) AS rows, avg((b - a) / greatest(a, b)) AS silhouette, stddev_pop((b - a) / greatest(a, b)) AS spread
  FROM (SELECT id, own, min(d) FILTER (WHERE segment = own) AS a, min(d) FILTER (WHERE segment <> own) AS b FROM apart GROUP BY id, own) s
 GROUP BY ROLLUP (own);
SELECT results_eq($$SELECT segment, rows, round(silhouette::numeric, 11), sampled FROM segment_silhouette('points', 3000)$$,
	$$SELECT segment, rows, round(silhouette::numeric, 11), rows FROM exact ORDER BY segment$$, 'all rows, by plain SQL');
SELECT results_eq($$SELECT * FROM segment_silhouette('points')$$, $$SELECT * FROM segment_silhouette('points', 1000000)$$, 'no sample is larger than all rows');
SELECT ok(abs(s.silhouette - e.silhouette) < 4 * e.spread / sqrt(s.sampled) AND s.rows = e.rows, format('a sample of %s, segment %s', n, coalesce(e.segment::text, 'NULL')))
  FROM unnest('{100,1000,2000}'::integer[]) n, segment_silhouette('points', n) s JOIN exact e ON e.segment IS NOT DISTINCT FROM s.segment
 ORDER BY n, e.segment;
SELECT ok(abs(sampled - n) < 5 * sqrt(n), format('about as many rows as the sample, %s', n))
  FROM unnest('{2000,2900}'::integer[]) n, segment_silhouette('points', n) WHERE segment IS NULL;
SELECT results_eq($$SELECT rows, sampled FROM segment_silhouette('points', 2000) WHERE segment = 4$$, $$VALUES (40::bigint, 40::bigint)$$,
	'a small segment is taken whole');
SELECT ok(min(sampled) >= 10 AND max(sampled) < 60, 'some rows of each, however small the sample') FROM segment_silhouette('points', 1) WHERE segment < 4;
SELECT is(round(value::numeric, 2), round(silhouette::numeric, 2), 'the fit estimates it from some rows')
  FROM segment_evaluate('points') v, exact e WHERE v.metric = 'silhouette' AND e.segment IS NULL;
SELECT ok(rows BETWEEN 1900 AND 2200, 'and says how many') FROM segment_evaluate('points') WHERE metric = 'silhouette';

-- the same bits whatever the processes and the layout

SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
CREATE TABLE shuffled (LIKE points INCLUDING ALL);
INSERT INTO shuffled SELECT * FROM points ORDER BY md5(id::text);
CREATE TABLE keyless AS SELECT round(a) AS a, round(b) AS b, round(c) AS c FROM points;
CREATE TABLE keyless_shuffled AS SELECT * FROM keyless ORDER BY random();
CREATE FUNCTION pg_temp.bits(model text) RETURNS text LANGUAGE sql AS $$
	SELECT md5(concat((SELECT string_agg(concat_ws(' ', segment, rows, float8send(silhouette), sampled), E'\n' ORDER BY segment)
	                     FROM segment_silhouette(model, 3000)),
	                  (SELECT string_agg(concat_ws(' ', segment, rows, float8send(silhouette), sampled), E'\n' ORDER BY segment)
	                     FROM segment_silhouette(model, 1000)),
	                  (SELECT float8send(value) || int8send(rows) FROM segment_evaluate(model) WHERE metric = 'silhouette'),
	                  (SELECT string_agg(concat_ws(' ', segment, float8send(jaccard), float8send(dissolved), float8send(recovered), float8send(rand)), E'\n' ORDER BY segment)
	                     FROM segment_stability(model, 12))));
$$;
SELECT count(segment_kmeans(source, 4, key => key, features => '{a,b,c}', scaling => 'minmax', model => source || '_model'))
  FROM (VALUES ('points'::regclass, '{id}'::text[]), ('shuffled', '{id}'), ('keyless', '{}'), ('keyless_shuffled', '{}')) s (source, key) \gset
CREATE TEMP TABLE bits AS SELECT pg_temp.bits('points_model') AS keyed, pg_temp.bits('keyless_model') AS keyless;
SELECT is(pg_temp.bits('shuffled_model'), keyed, 'other places of the rows') FROM bits;
SELECT is(pg_temp.bits('keyless_shuffled_model'), keyless, 'without a key') FROM bits;
SET LOCAL segment.max_parallel_workers = 0;
SET LOCAL max_parallel_workers_per_gather = 0;
SELECT is(pg_temp.bits('points_model'), keyed, 'one process') FROM bits;
SELECT is(pg_temp.bits('keyless_model'), keyless, 'one process without a key') FROM bits;
SET LOCAL segment.max_parallel_workers = 2;
SET LOCAL max_parallel_workers_per_gather = 2;
SELECT is(pg_temp.bits('shuffled_model'), keyed, 'three') FROM bits;
SET LOCAL segment.work_mem = '64kB';
SELECT is(pg_temp.bits('points_model'), keyed, 'with little memory') FROM bits;
RESET segment.work_mem;

-- cosine: half the squared distance of directions

CREATE TABLE rays AS SELECT i AS id, i * cos(radians(i % 3 * 60 + i % 5)) AS x, i * sin(radians(i % 3 * 60 + i % 5)) AS y FROM generate_series(1, 90) i;
ALTER TABLE rays ADD PRIMARY KEY (id);
SELECT lives_ok($$SELECT segment_kmeans('rays', 3, distance => 'cosine', scaling => 'none')$$, 'three directions');
SELECT is(round(s.silhouette::numeric, 12), round(e.silhouette::numeric, 12), 'by angles')
  FROM segment_silhouette('rays') s,
       (WITH apart AS (
			SELECT x.i, x.i % 3 AS own, y.i % 3 AS other, sum(1 - cos(radians(x.i % 3 * 60 + x.i % 5 - y.i % 3 * 60 - y.i % 5))) / (count(*) - (x.i % 3 = y.i % 3)::integer) AS d
			  FROM generate_series(1, 90) x (i), generate_series(1, 90) y (i) GROUP BY 1, 2, 3)
		SELECT avg((b - a) / greatest(a, b)) AS silhouette
		  FROM (SELECT min(d) FILTER (WHERE own = other) AS a, min(d) FILTER (WHERE own <> other) AS b FROM apart GROUP BY i) s) e
 WHERE s.segment IS NULL;
SELECT is(count(*), 3::bigint, 'the directions come back') FROM segment_stability('rays') WHERE jaccard = 1;

-- rows that the preparation skips count nowhere; weights do not count

CREATE TABLE gaps AS SELECT id, CASE WHEN id % 10 > 0 THEN a END AS a, b, c, id % 4 + 1 AS w FROM points;
ALTER TABLE gaps ADD PRIMARY KEY (id);
SELECT lives_ok($$SELECT segment_kmeans('gaps', 3, features => '{a,b}', missing => 'skip', sample_weight => 'w')$$, 'some rows are skipped, some weigh more');
SELECT is(rows, 2700::bigint, 'skipped') FROM segment_silhouette('gaps', 100) WHERE segment IS NULL;
SELECT is(count(*), 3::bigint, 'stability of a weighted model') FROM segment_stability('gaps', 3) WHERE jaccard BETWEEN 0 AND 1;

-- segments that are well apart come back, halves of one do not

CREATE TABLE blobs AS SELECT i AS id, i % 4 % 2 * 10 + sin(i) AS x, i % 4 / 2 * 10 + cos(i * 1.7) AS y FROM generate_series(0, 399) i;
ALTER TABLE blobs ADD PRIMARY KEY (id);
SELECT lives_ok($$SELECT segment_kmeans('blobs', 4)$$, 'four blobs');
SELECT results_eq($$SELECT * FROM segment_stability('blobs')$$,
	$$SELECT i, 1::float8, 'highly stable', 0::float8, 1::float8, 1::float8 FROM generate_series(1, 4) i$$, 'are stable');
SELECT is(stability, 1::float8, 'and so the elbow says') FROM segment_elbow('blobs', 4, 4, resamples => 20) WHERE k = 4;
SELECT is(count(stability), 1::bigint, 'one segment is neither') FROM segment_elbow('blobs', 1, 2, resamples => 2);
SELECT is(count(stability), 0::bigint, 'where it is asked') FROM segment_elbow('blobs', 3, 5);
CREATE TABLE disc AS
SELECT i AS id, sqrt(i / 300.0) * cos(i * 2.399963) + CASE WHEN i % 3 = 0 THEN 9 ELSE 0 END AS x, sqrt(i / 300.0) * sin(i * 2.399963) AS y FROM generate_series(1, 300) i;
ALTER TABLE disc ADD PRIMARY KEY (id);
SELECT lives_ok($$SELECT segment_kmeans('disc', 3, scaling => 'none')$$, 'two discs, one cut in halves');
SELECT ok(count(*) = 2 AND min(jaccard) < 0.75, 'the halves are not found again')
  FROM segment_stability('disc') s JOIN disc_profile p USING (segment) WHERE p.x_avg < 5 AND s.jaccard < 0.85;
SELECT ok(jaccard > 0.85 AND verdict = 'highly stable', 'the whole one is') FROM segment_stability('disc') s JOIN disc_profile p USING (segment) WHERE p.x_avg > 5;
SELECT ok(max(stability) FILTER (WHERE k = 2) > 0.95 AND max(stability) FILTER (WHERE k = 3) < 0.85, 'by number of segments')
  FROM segment_elbow('disc', 2, 3, scaling => 'none', resamples => 20);

-- the index itself: today's rows have other clusters than the model, and it is known which

CREATE TABLE moved (id integer PRIMARY KEY, x float8);
INSERT INTO moved SELECT i, CASE WHEN i <= 100 THEN 0 ELSE 10 END FROM generate_series(1, 200) i;
SELECT lives_ok($$SELECT segment_kmeans('moved', 2, scaling => 'none')$$, 'two values');
UPDATE moved SET x = CASE WHEN id <= 60 THEN -40 WHEN id <= 100 THEN 4 WHEN id <= 170 THEN 6 ELSE 10 END;
SELECT is(round(jaccard::numeric, 2), round(expected, 2), '60 rows leave: segment ' || segment || ' keeps what is left in common')
  FROM segment_stability('moved', 1000) s JOIN (VALUES (1, 60 / 100.0), (2, 100 / 140.0)) e (segment, expected) USING (segment) ORDER BY segment;
SELECT is(rand, 1::float8, 'all seeds find the same') FROM segment_stability('moved') WHERE segment = 1;

-- of three places, two of which are one segment: fits with different seeds agree, or have one place of four in common

CREATE TABLE triangle AS SELECT i AS id, i % 3 AS x, i % 3 % 2 * 1.7 AS y FROM generate_series(0, 74) i;
ALTER TABLE triangle ADD PRIMARY KEY (id);
SELECT lives_ok($$SELECT segment_kmeans('triangle', 2, scaling => 'none')$$, 'three places, two segments');
SELECT ok(rand < 1 AND differ BETWEEN 9 AND 33 AND abs(differ - round(differ)) < 1e-9, 'the adjusted Rand index of partitions that differ')
  FROM (SELECT rand, 45 * (1 - rand) / (1 - (3 * p.one - expected) / (p.one + p.two - expected)) AS differ
          FROM segment_stability('triangle') s,
               -- meetings of 25 rows, margins of 25 and 50
               (SELECT 300 AS one, 1225 AS two, (300 + 1225) ^ 2 / 2775.0 AS expected) p
         WHERE s.segment = 1) s;

-- what callers may say

CREATE TABLE big AS SELECT i AS id, i % 2 * 10 + sin(i) AS x, cos(i) AS y FROM generate_series(1, 1000000) i;
ALTER TABLE big ADD PRIMARY KEY (id);
SELECT throws_ok(format('SELECT * FROM segment_silhouette(''points'', %s)', n), '22023', format('argument "sample" is %s', n))
  FROM unnest('{0,-1,-2147483648,1000001,2147483647}'::integer[]) n;
SELECT throws_ok($$SELECT * FROM segment_silhouette('points', NULL)$$, '22004', 'argument "sample" must not be NULL');
SELECT throws_ok(format('SELECT * FROM segment_stability(''points'', %s)', n), '22023', format('argument "resamples" is %s', n))
  FROM unnest('{0,-1,-2147483648,1001,2147483647}'::integer[]) n;
SELECT throws_ok($$SELECT * FROM segment_stability('points', NULL)$$, '22004', 'argument "resamples" must not be NULL');
SELECT throws_ok(format('SELECT * FROM segment_elbow(''blobs'', resamples => %s)', n), '22023', format('argument "resamples" is %s', n))
  FROM unnest('{-1,1001}'::integer[]) n;
SET LOCAL segment.work_mem = '64kB';
SELECT throws_ok(format('SELECT * FROM segment_silhouette(''big'', %s)', 1000000), '54000', 'a sample of 1000000 rows takes more memory than segment.work_mem allows')
  FROM segment_kmeans('big', 2, features => '{x,y}', n_init => 1, assignment => 'none');
SELECT is(sampled BETWEEN 900 AND 1100, true, 'a smaller sample has room') FROM segment_silhouette('big', 1000) WHERE segment IS NULL;
RESET segment.work_mem;
SELECT throws_ok(format('SELECT * FROM %s(NULL)', f), '22004', 'argument "model" must not be NULL') FROM unnest('{segment_silhouette,segment_stability}'::text[]) f;
SELECT throws_ok(format('SELECT * FROM %s(''none'')', f), '42704', 'model "none" does not exist') FROM unnest('{segment_silhouette,segment_stability}'::text[]) f;
SELECT throws_ok(format('SELECT * FROM segment_internal.silhouette(%L, %L, %L)', query, compiled, rows), state, message)
  FROM segment_internal.catalog_compiled c JOIN segment_internal.catalog_model m USING (model_id),
       (VALUES ('SELECT a, b, c FROM points', '{1,2}', '2202E', 'rows must have an element for each of 4 segments'),
               ('SELECT a, b, c FROM points', '{1,2,NULL,4}', '2202E', 'rows must have an element for each of 4 segments'),
               ('SELECT a, b, c FROM points', '{1,2,3,4}', '55000', NULL),
               ('DELETE FROM points', '{1,2,3,4}', '22023', NULL)) v (query, rows, state, message)
 WHERE m.name = 'points';
SELECT throws_ok(format('SELECT * FROM segment_internal.stability(''SELECT a, b, c FROM points'', %L, %s, 0)', compiled, n), '22023', 'resamples must be from 1 to 1000')
  FROM segment_internal.catalog_compiled c JOIN segment_internal.catalog_model m USING (model_id), unnest('{0,1001}'::integer[]) n WHERE m.name = 'points';
SELECT throws_ok($$SELECT * FROM segment_internal.sizes('SELECT 1.0', '\x00')$$, '22P03', NULL, 'no compiled model');

-- sources that have changed

SELECT lives_ok($$SELECT segment_kmeans('points', 4, model => 'changed', features => '{a,b,c}', replace => true)$$, 'a model');
UPDATE points SET a = 'Infinity' WHERE id = 7;
SELECT throws_ok(format('SELECT * FROM %s(''changed'')', f), '22003', NULL, f || ': a value that a fit would refuse') FROM unnest('{segment_silhouette,segment_stability}'::text[]) f;
UPDATE points SET a = 1e150 WHERE id = 7;
SELECT ok(count(*) = 5 AND count(silhouette) = 5 AND min(silhouette) >= -1 AND max(silhouette) <= 1, 'an absurd one') FROM segment_silhouette('changed');
SELECT is(count(*), 4::bigint, 'its segments come back or not') FROM segment_stability('changed', 3) WHERE jaccard BETWEEN 0 AND 1 OR jaccard IS NULL;
UPDATE points SET a = 1e300 WHERE id = 7;
SELECT throws_ok(format('SELECT * FROM %s(''changed'')', f), '22003', 'a row is too far from all segments to measure its distance')
  FROM unnest('{segment_silhouette,segment_stability}'::text[]) f;
ALTER TABLE points DROP COLUMN c CASCADE;
SELECT throws_ok(format('SELECT * FROM %s(''changed'')', f), NULL, NULL, f || ': a column is gone') FROM unnest('{segment_silhouette,segment_stability}'::text[]) f;
SELECT ok(value IS NOT NULL, 'what the fit has stored is there') FROM segment_evaluate('changed') WHERE metric = 'silhouette';

-- many columns, more than a function has arguments

SELECT format('CREATE TABLE wide AS SELECT i AS id, %s FROM generate_series(1, 500) i', string_agg(format('sin(i * %s) + i %% 2 AS c%1$s', j), ', ')) FROM generate_series(1, 150) j \gexec
ALTER TABLE wide ADD PRIMARY KEY (id);
SELECT lives_ok(format('SELECT segment_kmeans(''wide'', 2, features => %L)', array_agg('c' || j)), '150 columns') FROM generate_series(1, 150) j;
SELECT is(rows, 500::bigint, 'a sample of many columns') FROM segment_silhouette('wide', 50) WHERE segment IS NULL;

SELECT * FROM finish();
ROLLBACK;
