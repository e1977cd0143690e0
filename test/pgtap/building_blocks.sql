-- The building blocks: nearest centroid, scaling, one Lloyd step, k-means as
-- an aggregate. Literal data with answers that can be checked by hand.

BEGIN;
SELECT plan(89);

CREATE FUNCTION pg_temp.plan_of(query text) RETURNS SETOF text
LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE 'EXPLAIN (COSTS OFF) ' || query;
END
$$;

CREATE FUNCTION pg_temp.rounded(matrix float8[], digits integer DEFAULT 5) RETURNS numeric[]
LANGUAGE sql AS $$
	SELECT array_agg(line ORDER BY i)
	FROM (SELECT i, array_agg(round(matrix[i][j]::numeric, digits) ORDER BY j) AS line
		  FROM generate_subscripts(matrix, 1) AS i, generate_subscripts(matrix, 2) AS j
		  GROUP BY i) AS lines
$$;

-- nearest centroid

SELECT is(segment_nearest('{1,2}', '{{0,0},{1,1},{5,5}}'), 2, 'nearest: the nearer centroid');
SELECT is(segment_nearest(ARRAY[5, 4], ARRAY[[0, 0], [1, 1], [5, 5]]), 3, 'nearest: integer arrays');
SELECT is(segment_nearest('{1}', '{{0},{2},{0},{2}}'), 1, 'nearest: a tie goes to the lower number');
SELECT is(segment_nearest('{2,2}', '{{1,1},{2,2},{2,2}}'), 2, 'nearest: a tie of equal centroids, too');
SELECT is(segment_nearest('{7}', '{{-3}}'), 1, 'nearest: one centroid');
SELECT is(segment_nearest('{1,1,1,1,1,1,1}', '{{0,0,0,0,0,0,0},{1,1,1,1,1,1,0}}'), 2,
	'nearest: an odd number of features');
SELECT is(segment_nearest('{1e300,2e300}', '{{0,0},{1e300,1e300}}'), 2, 'nearest: squares beyond the range');
SELECT is(segment_nearest('{1e-300}', '{{0},{3e-300},{1.1e-300}}'), 3, 'nearest: squares that vanish');
SELECT is(segment_nearest('{1e308}', '{{-1e308},{-0.9e308}}'), 2, 'nearest: distances beyond the range');
SELECT is(segment_nearest('{1,1e-300}', '{{1e300,0},{1,0},{1,1e-300}}'), 3, 'nearest: both at once');
SELECT is(segment_nearest('[0:1]={1,2}', '[5:6][0:1]={{0,0},{1,1}}'), 2, 'nearest: bounds of arrays do not matter');
SELECT is(segment_nearest(NULL, '{{0}}'), NULL, 'nearest: NULL in, NULL out');
SELECT throws_ok($$SELECT segment_nearest('{1,NULL}', '{{0,0}}')$$,
	'22004', 'element 2 of features is null', 'nearest: a NULL element');
SELECT throws_ok($$SELECT segment_nearest('{1,2}', '{{0,0},{NULL,1}}')$$,
	'22004', 'element 3 of centroids is null', 'nearest: a NULL centroid');
SELECT throws_ok($$SELECT segment_nearest('{NaN,1}', '{{0,0}}')$$,
	'22023', 'element 1 of features is NaN', 'nearest: NaN');
SELECT throws_ok($$SELECT segment_nearest('{1,2}', '{{0,-Infinity}}')$$,
	'22023', 'element 2 of centroids is infinite', 'nearest: infinity');
SELECT throws_ok($$SELECT segment_nearest('{1,2,3}', '{{0,0}}')$$,
	'2202E', 'features and centroids differ in length', 'nearest: arrays that do not fit');
SELECT throws_ok($$SELECT segment_nearest('{}', '{{0,0}}')$$,
	'2202E', 'features must not be empty', 'nearest: no features');
SELECT throws_ok($$SELECT segment_nearest('{1}', '{}')$$,
	'2202E', 'centroids must not be empty', 'nearest: no centroids');
SELECT throws_ok($$SELECT segment_nearest('{1}', '{1}')$$,
	'2202E', 'centroids must be an array of 2 dimensions', 'nearest: centroids without a second dimension');
SELECT throws_ok($$SELECT segment_nearest('{{1}}', '{{1}}')$$,
	'2202E', 'features must be an array of 1 dimension', 'nearest: features with a second dimension');

-- scaling

CREATE TEMPORARY TABLE scaled (id integer, features float8[]);
INSERT INTO scaled VALUES (1, '{2,10,-3}'), (2, '{4,10,NULL}'), (3, '{4,10,1}'), (4, NULL),
	(5, '{4,10,NaN}'), (6, '{5,10,2}'), (7, '{5,10,0}'), (8, '{7,10,NaN}'), (9, '{9,10,NULL}');

SELECT is(segment_scaler(features, 'standard'),
	ARRAY[[5, 10, 0], [2, 1, sqrt(14 / 4.0)]]::float8[], 'scaler: standard')
FROM scaled;
SELECT is(segment_scaler(features, 'minmax'), '{{2,10,-3},{7,1,5}}', 'scaler: minmax') FROM scaled;
SELECT is(segment_scaler(features, 'robust'), '{{4.5,10,0.5},{1.5,1,2}}', 'scaler: robust') FROM scaled;
SELECT is(segment_scaler(features, 'maxabs'), '{{0,0,0},{9,10,3}}', 'scaler: maxabs') FROM scaled;
SELECT is(segment_scaler(features, 'none'), '{{0,0,0},{1,1,1}}', 'scaler: none') FROM scaled;
SELECT is(segment_scaler(features, 'standard'), NULL, 'scaler: no rows') FROM scaled WHERE false;
SELECT is(segment_scaler(ARRAY[i], 'standard'), ARRAY[[1500.5], [sqrt((3000 ^ 2 - 1) / 12)]]::float8[], 'scaler: 3000 rows, which it takes in batches')
FROM generate_series(1, 3000) AS i;
SELECT is(array_agg(DISTINCT scaler::text), '{"{{200.5},{199.5}}"}', 'scaler: quartiles of 400 values, in 100 orders')
FROM (SELECT segment_scaler(ARRAY[value], 'robust' ORDER BY hashint4extended(value, sequence)) AS scaler
      FROM generate_series(1, 400) AS value, generate_series(1, 100) AS sequence GROUP BY sequence) AS scalers;
SELECT is(segment_scaler(features, 'standard'), NULL, 'scaler: rows without features only')
FROM scaled WHERE id = 4;
SELECT is(segment_scaler(ARRAY[NULL, 1]::float8[], 'robust'), '{{0,1},{1,1}}', 'scaler: a feature without values');
SELECT is(segment_scaler(ARRAY[0.1], 'standard'), '{{0.1},{1}}', 'scaler: the mean of equal values is that value')
FROM generate_series(1, 49);
SELECT is(segment_scaler(ARRAY[x], 'standard'), '{{0},{1e300}}', 'scaler: values of 1e300')
FROM unnest('{1e300,-1e300}'::float8[]) AS x;
SELECT is(segment_scaler(ARRAY[x], 'standard'), '{{0},{1e-300}}', 'scaler: values of 1e-300')
FROM unnest('{1e-300,-1e-300}'::float8[]) AS x;
SELECT is(segment_scaler(ARRAY[x], 'standard'), '{{1700000000.5},{0.5}}', 'scaler: small spread far from zero')
FROM unnest('{1700000000,1700000001}'::float8[]) AS x;
SELECT is(
	(SELECT array_agg(s ORDER BY m) FROM (
		SELECT m, segment_scaler(features, m) AS s
		FROM (SELECT features FROM scaled ORDER BY id) AS o, unnest('{standard,minmax,robust,maxabs}'::text[]) AS m
		GROUP BY m) AS forward),
	(SELECT array_agg(s ORDER BY m) FROM (
		SELECT m, segment_scaler(features, m) AS s
		FROM (SELECT features FROM scaled ORDER BY id DESC) AS o, unnest('{standard,minmax,robust,maxabs}'::text[]) AS m
		GROUP BY m) AS backward),
	'scaler: the order of the rows does not matter');
SELECT throws_ok($$SELECT segment_scaler(features, 'zscore') FROM scaled$$,
	'22023', 'unknown scaling method "zscore"', 'scaler: an unknown method');
SELECT throws_ok($$SELECT segment_scaler(features, NULL) FROM scaled$$,
	'22004', 'method must not be null', 'scaler: no method');
SELECT throws_ok($$SELECT segment_scaler(features, CASE id WHEN 1 THEN 'none' ELSE 'robust' END) FROM scaled$$,
	'22023', 'method must be the same for all rows', 'scaler: two methods');
SELECT throws_ok($$SELECT segment_scaler(f, 'none') FROM (VALUES ('{1,2}'::float8[]), ('{1}')) AS v (f)$$,
	'2202E', 'features must have the same length in all rows', 'scaler: rows of different lengths');
SELECT throws_ok($$SELECT segment_scaler('{1,2,-Infinity}', 'none')$$,
	'22023', 'element 3 of features is infinite', 'scaler: infinity');
SELECT throws_ok($$SELECT segment_scaler('{}', 'none')$$,
	'2202E', 'features must not be empty', 'scaler: no features');
SELECT throws_ok($$SELECT segment_scaler(ARRAY[x], 'minmax') FROM unnest('{-1.7e308,1.7e308}'::float8[]) AS x$$,
	'22003', 'the spread of element 1 of features is out of range', 'scaler: a range beyond the range of a double');

SELECT is(segment_scale('{3,8}', '{{1,4},{2,8}}'), '{1,0.5}', 'scale: a row');
SELECT is(segment_unscale('{1,0.5}', '{{1,4},{2,8}}'), '{3,8}', 'unscale: a row');
SELECT is(segment_scale('{NULL,8}', '{{1,4},{2,8}}'), '{NULL,0.5}', 'scale: NULL elements stay NULL');
SELECT is(segment_unscale('{{1,NULL},{NULL,0.5}}', '{{1,4},{2,8}}'), '{{3,NULL},{NULL,8}}', 'unscale: a matrix');
SELECT is(segment_scale('{NaN}', '{{1},{2}}'), '{NaN}', 'scale: NaN stays NaN');
SELECT is(segment_unscale(segment_scale(features, scaler), scaler), features, 'scale: there and back')
FROM scaled, (SELECT segment_scaler(features, 'minmax') AS scaler FROM scaled) AS s
WHERE id = 1;
SELECT throws_ok($$SELECT segment_scale('{1,2,3}', '{{1,4},{2,8}}')$$,
	'2202E', 'features and scaler differ in length', 'scale: arrays that do not fit');
SELECT throws_ok($$SELECT segment_scale('{}', '{{1,4},{2,8}}')$$,
	'2202E', 'features must not be empty', 'scale: no features');
SELECT throws_ok($$SELECT segment_scale('{1,2}', '{{1,4}}')$$,
	'2202E', 'scaler must have 2 rows, centres and scales', 'scale: a scaler without scales');
SELECT throws_ok($$SELECT segment_unscale('{1,2}', '{{1,4},{1,0}}')$$,
	'22023', 'scale 2 of scaler is zero', 'unscale: a scale of zero');
SELECT throws_ok($$SELECT segment_scale('{1e300}', '{{0},{1e-300}}')$$,
	'22003', NULL, 'scale: a result out of range');

-- one Lloyd step

CREATE TABLE step_points (id integer, features float8[]);
INSERT INTO step_points VALUES (1, '{1,2}'), (2, '{3,1}'), (3, '{9,9}'), (4, '{11,12}'), (5, NULL), (6, '{10,10}');

SELECT is(segment_kmeans_step(features, '{{0,0},{10,10}}'),
	ROW('{2,3}'::bigint[], '{{4,3},{30,31}}'::float8[], 22::float8)::segment_step, 'step: counts, sums and inertia')
FROM step_points;
SELECT is((segment_kmeans_step(features, '{{0,0},{99,99},{10,10}}')).rows, '{2,0,3}', 'step: a centroid without rows')
FROM step_points;
SELECT is(segment_kmeans_step('{0,0}', '{{0,0}}'),
	ROW('{1}'::bigint[], '{{0,0}}'::float8[], 0::float8)::segment_step, 'step: zeros only');
SELECT ok(segment_kmeans_step(features, '{{0,0}}') IS NULL, 'step: no rows') FROM step_points WHERE false;
SELECT ok(segment_kmeans_step(features, '{{0,0}}') IS NULL, 'step: rows without features only')
FROM step_points WHERE id = 5;
SELECT is((segment_kmeans_step(ARRAY[x], '{{0}}')).sums, '{{1}}', 'step: sums are exact')
FROM unnest('{1e300,1e16,1,1e-300,-1e16,-1e300}'::float8[]) AS x;
SELECT is((segment_kmeans_step(ARRAY[x], '{{0}}')).sums, '{{1}}', 'step: also with a wider window at each row')
FROM unnest('{1e-300,1,1e16,1e300,-1e300,-1e16}'::float8[]) AS x;
SELECT is((segment_kmeans_step(ARRAY[x], '{{0}}')).sums, '{{-4950000}}', 'step: carries of many negative rows')
FROM generate_series(1, 100000) AS i, LATERAL (SELECT -(i % 100)::float8) AS v (x);
SELECT is((segment_kmeans_step(ARRAY[x], '{{0}}')).inertia, 'Infinity', 'step: an inertia beyond the range')
FROM unnest('{1e300,1}'::float8[]) AS x;
SELECT is(
	(SELECT segment_kmeans_step(f, '{{0,0},{0.5,0.5}}') FROM
		(SELECT ARRAY[sin(i), exp(sin(i * 7) * 50)] AS f FROM generate_series(1, 3000) AS i ORDER BY i) AS o),
	(SELECT segment_kmeans_step(f, '{{0,0},{0.5,0.5}}') FROM
		(SELECT ARRAY[sin(i), exp(sin(i * 7) * 50)] AS f FROM generate_series(1, 3000) AS i ORDER BY md5(i::text)) AS o),
	'step: the order of the rows does not matter');
SELECT results_eq(
	$$SELECT id, (segment_kmeans_step(features, '{{0,0},{10,10}}') OVER (ORDER BY id)).inertia
	  FROM step_points WHERE id IN (1, 2, 3)$$,
	$$VALUES (1, 5::float8), (2, 15), (3, 17)$$,
	'step: as a window function');
SELECT throws_ok($$SELECT segment_kmeans_step(features, NULL) FROM step_points$$,
	'22004', 'centroids must not be null', 'step: no centroids');
SELECT throws_ok($$SELECT segment_kmeans_step(features, ARRAY[[id, id]]) FROM step_points$$,
	'22023', 'centroids must be the same for all rows', 'step: centroids that vary');
SELECT throws_ok($$SELECT segment_kmeans_step(features, '{{1,2,3}}') FROM step_points$$,
	'2202E', 'features and centroids differ in length', 'step: arrays that do not fit');
SELECT throws_ok($$SELECT segment_kmeans_step('{1,NULL}', '{{1,2}}')$$,
	'22004', 'element 2 of features is null', 'step: a NULL element');
SELECT throws_ok($$SELECT segment_kmeans_step('{1,Infinity}', '{{1,2}}')$$,
	'22023', 'element 2 of features is infinite', 'step: infinity');

-- states that travel, as they do between the nodes of a cluster

CREATE AGGREGATE pg_temp.step_state(float8[], float8[]) (SFUNC = segment_internal.kmeans_step_accum, STYPE = bytea);
CREATE AGGREGATE pg_temp.step_merge(bytea) (
	SFUNC = segment_internal.kmeans_step_combine, STYPE = bytea, FINALFUNC = segment_internal.kmeans_step_final);
CREATE TABLE step_spread AS
SELECT i AS id, ARRAY[sin(i), i % 7, exp(sin(i * 7) * (i % 50))] AS features FROM generate_series(1, 3000) AS i;
ALTER TABLE step_spread SET (parallel_workers = 2);

SELECT is(
	(SELECT pg_temp.step_merge(state::text::bytea) FROM (
		SELECT pg_temp.step_state(features, '{{0,0,0},{0,5,5},{1,2,900}}') AS state
		FROM step_spread GROUP BY id % 13) AS parts),
	(SELECT segment_kmeans_step(features, '{{0,0,0},{0,5,5},{1,2,900}}') FROM step_spread),
	'step: merged states are the state of all rows');
SELECT throws_ok($$SELECT segment_internal.kmeans_step_combine('\x00', '\x00')$$,
	'0A000', 'function kmeans_step_combine is called outside of an aggregate', 'step: the combine function outside of an aggregate');
SELECT throws_ok($$SELECT pg_temp.step_merge(s) FROM unnest('{"\\x","\\x0011"}'::bytea[]) AS s$$,
	'22P03', 'invalid state of segment_kmeans_step', 'step: a state that is none');
SELECT throws_ok($$SELECT pg_temp.step_merge(substr(s, 1, length(s) - 8) || '\x00'::bytea)
	FROM (SELECT pg_temp.step_state('{1}', '{{1}}') AS s) AS v$$,
	'22P03', 'invalid state of segment_kmeans_step', 'step: a state of another size');
SELECT throws_ok($$SELECT pg_temp.step_merge(s) FROM (
		SELECT pg_temp.step_state('{1}', '{{1}}') UNION ALL SELECT pg_temp.step_state('{1}', '{{2}}')) AS v (s)$$,
	'22023', 'centroids must be the same for all rows', 'step: states of different centroids');

-- k-means

CREATE TABLE kmeans_points (id integer, region text, features float8[]);
INSERT INTO kmeans_points VALUES (1, 'n', '{1,1}'), (2, 'n', '{1,3}'), (3, 'n', '{2,2}'), (4, 'n', NULL),
	(5, 'n', '{20,20}'), (6, 'n', '{22,20}'), (7, 's', '{-5,0}'), (8, 's', '{-5,0}'), (9, 's', '{-5,0}');

SELECT is(pg_temp.rounded(segment_kmeans_agg(features, 2)), '{{1.33333,2.00000},{21.00000,20.00000}}',
	'kmeans: two groups, the larger first')
FROM kmeans_points WHERE region = 'n';
SELECT results_eq(
	$$SELECT region, pg_temp.rounded(segment_kmeans_agg(features, 1, 7), 2)
	  FROM kmeans_points GROUP BY region ORDER BY region$$,
	$$VALUES ('n', '{{9.20,9.20}}'::numeric[]), ('s', '{{-5.00,0.00}}')$$,
	'kmeans: a model a group');
SELECT is(pg_temp.rounded(segment_kmeans_agg(features, 5)), '{{-5.00000,0.00000}}',
	'kmeans: no more centroids than distinct rows')
FROM kmeans_points WHERE region = 's';
SELECT is(segment_kmeans_agg(features, 2), NULL, 'kmeans: no rows') FROM kmeans_points WHERE id = 4;
SELECT is(
	(SELECT segment_kmeans_agg(features, 5, 3) FROM (SELECT * FROM step_spread ORDER BY id) AS o),
	(SELECT segment_kmeans_agg(features, 5, 3) FROM (SELECT * FROM step_spread ORDER BY md5(id::text)) AS o),
	'kmeans: the order of the rows does not matter');
SELECT throws_ok($$SELECT segment_kmeans_agg(features, 0) FROM kmeans_points$$,
	'22023', 'k is 0, but must be at least 1', 'kmeans: k below 1');
SELECT throws_ok($$SELECT segment_kmeans_agg(features, NULL) FROM kmeans_points$$,
	'22004', 'k must not be null', 'kmeans: no k');
SELECT throws_ok($$SELECT segment_kmeans_agg(features, id) FROM kmeans_points$$,
	'22023', 'k must be the same for all rows', 'kmeans: k that varies');
SELECT throws_ok($$SELECT segment_kmeans_agg(features, 2, id) FROM kmeans_points$$,
	'22023', 'seed must be the same for all rows', 'kmeans: a seed that varies');
SELECT throws_ok($$SELECT segment_kmeans_agg(f, 1) FROM (VALUES ('{1,2}'::float8[]), ('{1}')) AS v (f)$$,
	'2202E', 'features must have the same length in all rows', 'kmeans: rows of different lengths');
SELECT throws_ok($$SELECT segment_kmeans_agg('{1,NULL}', 1)$$,
	'22004', 'element 2 of features is null', 'kmeans: a NULL element');
SELECT throws_ok($$SELECT segment_kmeans_agg('{NaN}', 1)$$,
	'22023', 'element 1 of features is NaN', 'kmeans: NaN');

-- parallel plans give what serial ones do

CREATE VIEW all_blocks AS
SELECT segment_kmeans_step(features, '{{0,0,0},{0,5,5},{1,2,900}}') AS step,
	segment_scaler(features, 'standard') AS standard,
	segment_scaler(features, 'robust') AS robust,
	segment_kmeans_agg(features, 4, 11) AS centroids
FROM step_spread;

SET LOCAL max_parallel_workers_per_gather = 0;
CREATE TEMPORARY TABLE serial AS SELECT * FROM all_blocks;
SET LOCAL max_parallel_workers_per_gather = 2;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL parallel_leader_participation = off;
CREATE TEMPORARY TABLE parallel AS SELECT * FROM all_blocks;

SELECT ok(EXISTS (SELECT FROM pg_temp.plan_of('SELECT * FROM all_blocks') AS line WHERE line LIKE '%Partial Aggregate%'),
	'parallel: the planner splits the aggregates');
SELECT results_eq('SELECT * FROM parallel', 'SELECT * FROM serial', 'parallel: the same results');

SELECT * FROM finish();
ROLLBACK;
