-- segment_kmeans and what it makes, on data whose answers can be checked by hand.

BEGIN;
SELECT plan(74);

SET client_min_messages = warning;

-- Two columns of three points each: centroids (1, 2) and (10, 2), inertia 4 x 2^2 = 16.
CREATE TABLE points (id integer PRIMARY KEY, x float8, y float8);
INSERT INTO points VALUES (1, 1, 2), (2, 1, 4), (3, 1, 0), (4, 10, 2), (5, 10, 4), (6, 10, 0);

CREATE FUNCTION pg_temp.inertia_of(arguments text) RETURNS numeric
LANGUAGE plpgsql AS $$
DECLARE
    result numeric;
BEGIN
    EXECUTE format('SELECT round(inertia::numeric, 4) FROM segment_kmeans(%s, replace => true)', arguments) INTO result;
    RETURN result;
END
$$;

CREATE TABLE run AS SELECT * FROM segment_kmeans('points', 2, scaling => 'none');

-- the run

SELECT results_eq(
    'SELECT model, run, source, k, k_reason, rows_read, rows_used, rows_skipped, features, converged FROM run',
    $$VALUES ('points', 1, 'points'::regclass, 2, 'given', 6::bigint, 6::bigint, 0::bigint, '{x,y}'::text[], true)$$,
    'the run says what was done');
SELECT results_eq(
    'SELECT assignment, profile, members FROM run',
    $$VALUES ('points_assignment'::regclass, 'points_profile'::regclass, 'points_members'::regclass)$$,
    'the run says where it went');
SELECT is(inertia, 16::float8, 'inertia') FROM run;
SELECT is(round(explained::numeric, 6), 0.883636, 'explained: 1 - 16 / 137.5') FROM run;
SELECT is(round(silhouette::numeric, 6), 0.855380, 'simplified silhouette: (2 + 4 (1 - 2 / sqrt 85)) / 6') FROM run;
SELECT is(round(davies_bouldin::numeric, 6), 0.296296, 'Davies-Bouldin: (4/3 + 4/3) / 9') FROM run;
SELECT is(round(calinski_harabasz::numeric, 6), 30.375000, 'Calinski-Harabasz: (121.5 / 1) / (16 / 4)') FROM run;
SELECT ok(elapsed > '0' AND started_at <= clock_timestamp(), 'the run says when, and how long') FROM run;

-- the assignment

SELECT columns_are('points_assignment', '{id,segment,distance,second_segment,margin}'::name[]);
SELECT col_is_pk('points_assignment', 'id', 'the key is the primary key');
SELECT col_type_is('points_assignment', 'distance', 'real', 'distance is real');
SELECT col_not_null('points_assignment', 'segment', 'segment is not null');
SELECT results_eq(
    'SELECT id, segment, distance, second_segment, round(margin::numeric, 5) FROM points_assignment ORDER BY id',
    $$VALUES (1, 1, 0::real, 2, 1.00000), (2, 1, 2, 2, 0.78307), (3, 1, 2, 2, 0.78307),
             (4, 2, 0, 1, 1.00000), (5, 2, 2, 1, 0.78307), (6, 2, 2, 1, 0.78307)$$,
    'every row has its segment, distance and margin; equal sizes are numbered by centroid');

-- profile and members

SELECT results_eq(
    'SELECT segment, label, rows, share, distance_avg, x_avg, x_median, round(x_index::numeric, 3), y_avg, y_index FROM points_profile',
    $$VALUES (1, 'Low x', 3::bigint, 0.5::float8, 4 / 3::float8, 1::float8, 1::float8, 18.182, 2::float8, 100::float8),
             (2, 'High x', 3, 0.5, 4 / 3::float8, 10, 10, 181.818, 2, 100)$$,
    'the profile has a row a segment');
SELECT columns_are('points_members', '{id,x,y,segment,label,distance,margin}'::name[]);
SELECT results_eq(
    'SELECT label, count(*), avg(x) FROM points_members GROUP BY label ORDER BY label',
    $$VALUES ('High x', 3::bigint, 10::float8), ('Low x', 3, 1)$$,
    'members are the rows with their segments');
UPDATE points SET y = 3 WHERE id = 1;
SELECT is(y, 3::float8, 'members are live') FROM points_members WHERE id = 1;
UPDATE points SET y = 2 WHERE id = 1;

-- reading the model

SELECT results_eq(
    $$SELECT * FROM segment_centroids('points')$$,
    $$VALUES (1, 'x', 1::float8, 1::float8), (1, 'y', 2, 2), (2, 'x', 10, 10), (2, 'y', 2, 2)$$,
    'centroids in original units and in scaled space');
SELECT results_eq(
    $$SELECT segment, label, rows, share, feature, mean, median, stddev, min, max, population_mean, z, bar
        FROM segment_profile('points') WHERE feature = 'x'$$,
    $$VALUES (1, 'Low x', 3::bigint, 0.5::float8, 'x', 1::float8, 1::float8, 0::float8, 1::float8, 1::float8, 5.5::float8, -1::float8, '---------|'),
             (2, 'High x', 3, 0.5, 'x', 10, 10, 0, 10, 10, 5.5, 1, '         |+++++++++')$$,
    'the profile in long form');
SELECT is(round(index::numeric, 3), 181.818, 'index: 100 x 10 / 5.5')
  FROM segment_profile('points') WHERE segment = 2 AND feature = 'x';
SELECT is(round(stddev::numeric, 6), round(sqrt(8 / 3::numeric), 6), 'the standard deviation is the population''s')
  FROM segment_profile('points') WHERE segment = 2 AND feature = 'y';
SELECT results_eq(
    $$SELECT metric, round(value::numeric, 4), better FROM segment_evaluate('points')$$,
    $$VALUES ('inertia', 16.0000, 'lower'), ('explained', 0.8836, 'higher'), ('silhouette_simplified', 0.8554, 'higher'),
             ('silhouette', 0.7133, 'higher'), ('davies_bouldin', 0.2963, 'lower'), ('calinski_harabasz', 30.3750, 'higher')$$,
    'evaluation');

-- scoring

SELECT is(segment_predict('points', r), 2, 'predict: any row with the features by name')
  FROM (SELECT 'a' AS name, 3 AS y, 7 AS x) r;
SELECT is(segment_predict('points', p), a.segment, 'predict: agrees with the assignment, row ' || id)
  FROM points p JOIN points_assignment a USING (id) ORDER BY id;
SELECT results_eq(
    $$SELECT (segment_score('points', r)).* FROM (SELECT 10 AS x, 14 AS y) r$$,
    $$VALUES (2, 'High x', 12::real, 1, 15::real, 0.2::real)$$,
    'score: distances 12 and 15, so a margin of 1 - 12 / 15');
SELECT results_eq(
    $$SELECT d.segment, d.distance FROM segment_distances('points', (SELECT r FROM (SELECT 10 AS x, 14 AS y) r)) d$$,
    $$VALUES (2, 12::float8), (1, 15)$$,
    'distances, nearest first');

-- preparation

SELECT is(pg_temp.inertia_of($$'points', 2$$), 6.0000, 'scaling standard: y varies by 8/3');
SELECT is(pg_temp.inertia_of($$'points', 2, scaling => 'minmax'$$), 1.0000, 'scaling minmax: y spans 4');
SELECT is(pg_temp.inertia_of($$'points', 2, scaling => 'maxabs'$$), 1.0000, 'scaling maxabs: y reaches 4');
SELECT is(pg_temp.inertia_of($$'points', 2, scaling => 'robust'$$), 1.7778, 'scaling robust: the quartiles of y are 3 apart');
SELECT is(pg_temp.inertia_of($$'points', 2, scaling => 'none', feature_options => '{"y": {"weight": 2}}'$$), 32.0000,
    'a weight weighs the squared distance');
SELECT is(pg_temp.inertia_of($$'points', 2, feature_options => '{"y": {"scaling": "none"}, "x": {"weight": 9}}'$$), 16.0000,
    'feature_options concern one feature');
SELECT is(pg_temp.inertia_of($$'points', 1, scaling => 'none'$$), 137.5000, 'k = 1: the total sum of squares');
SELECT is(row(silhouette, davies_bouldin, calinski_harabasz)::text, '(,,)', 'k = 1: figures that are not defined')
  FROM segment_runs WHERE model = 'points' ORDER BY run DESC LIMIT 1;
SELECT is(second_segment, NULL, 'k = 1: no second segment') FROM points_assignment WHERE id = 1;
SELECT is(pg_temp.inertia_of($$'points', 6, scaling => 'none'$$), 0.0000, 'k = rows: no inertia');
SELECT is(pg_temp.inertia_of($$'points', 2, scaling => 'none', init => 'random', n_init => 20$$), 16.0000, 'init random');
SELECT is(pg_temp.inertia_of($$'points', 2, scaling => 'none', distance => 'cosine', features => '{x,y}'$$) < 1, true,
    'cosine distance: rows are of length 1');
SELECT is(pg_temp.inertia_of($$'points', centroids => '{{1,2},{10,2}}', scaling => 'none'$$), 16.0000,
    'given centroids: k follows');
SELECT is(k_reason, 'given', 'given centroids: the reason') FROM segment_runs WHERE model = 'points' ORDER BY run DESC LIMIT 1;
SELECT is(options -> 'n_init', 'null', 'the options are kept as given') FROM segment_internal.catalog_model WHERE name = 'points';

CREATE TABLE blemished (id integer PRIMARY KEY, x float8, vip boolean, same integer);
INSERT INTO blemished VALUES (1, 0, true, 7), (2, 1, true, 7), (3, 2, true, 7), (4, NULL, false, 7),
                             (5, 100, false, 7), (6, 101, false, 7), (7, 'NaN', false, 7);
CREATE TABLE ledger AS SELECT * FROM segment_kmeans('blemished', 2);
SELECT is(features, '{x,vip}', 'every numeric and boolean column that varies, but the key') FROM ledger;
SELECT results_eq(
    'SELECT f.feature, f.missing, f.scaling, f.imputed, f.fill FROM segment_internal.catalog_feature f JOIN segment_internal.catalog_model m USING (model_id, run) WHERE m.name = ''blemished'' ORDER BY f.feature_no',
    $$VALUES ('x', 'median', 'standard', 2::bigint, 2::float8), ('vip', 'median', 'none', 0, 0)$$,
    'NULL and NaN become the median; a boolean stays 0 or 1');
SELECT is((segment_kmeans('blemished', 2, missing => 'mean', replace => true)).rows_used, 7::bigint, 'missing mean');
SELECT is(f.fill, 40.8::float8, 'missing mean: the mean of what is there')
  FROM segment_internal.catalog_feature f JOIN segment_internal.catalog_model m USING (model_id, run) WHERE m.name = 'blemished' AND f.feature = 'x';
SELECT is(row(rows_read, rows_used, rows_skipped), row(7::bigint, 5::bigint, 2::bigint), 'missing skip: the ledger adds up')
  FROM segment_kmeans('blemished', 2, missing => 'skip', replace => true);
SELECT is((SELECT count(*) FROM blemished_assignment), 5::bigint, 'missing skip: no assignment for rows left out');
SELECT is(segment_predict('blemished', b), NULL, 'missing skip: no prediction either') FROM blemished b WHERE id = 4;
SELECT is((segment_kmeans('blemished', 2, missing => 'zero', replace => true)).rows_used, 7::bigint, 'missing zero');

CREATE TABLE spent (id integer PRIMARY KEY, amount integer);
INSERT INTO spent SELECT i, i FROM generate_series(1, 9) i UNION ALL SELECT 10, 1000;
SELECT is((segment_kmeans('spent', 2, outliers => 'skip')).rows_skipped, 1::bigint, 'outliers skip');
SELECT is((segment_kmeans('spent', 2, outliers => 'clip', replace => true)).rows_used, 10::bigint, 'outliers clip');
SELECT is(row(f.clipped, f.lower, f.upper), row(1::bigint, -3.5::float8, 14.5::float8),
          'outliers clip: Tukey''s fences, 1.5 x 4.5 beyond 3.25 and 7.75')
  FROM segment_internal.catalog_feature f JOIN segment_internal.catalog_model m USING (model_id, run) WHERE m.name = 'spent';
SELECT is((segment_kmeans('spent', 2, scaling => 'none', replace => true)).inertia, 60::float8,
    'outliers keep: nine rows around 5 and one alone');
SELECT results_eq('SELECT segment, rows FROM spent_profile', 'VALUES (1, 9::bigint), (2, 1)', 'segments are numbered by size');
SELECT is(round((segment_kmeans('spent', 10, transform => 'log1p', scaling => 'none', replace => true)).inertia::numeric, 6),
    0.000000, 'transform log1p');
SELECT is(round(value::numeric, 6), 1000.000000, 'centroids come back in original units')
  FROM segment_centroids('spent') WHERE value > 500;

-- the number of segments

SELECT results_eq(
    $$SELECT k, k_reason FROM segment_kmeans('points', scaling => 'none', k_max => 4, replace => true)$$,
    $$VALUES (2, 'highest simplified silhouette (0.855) of k = 2 to 4')$$,
    'k NULL: chosen, with the reason');
SELECT is((segment_kmeans('spent', k_max => 4, replace => true)).k, 2, 'k NULL: without min_share');
SELECT cmp_ok((SELECT min(share) FROM spent_profile), '<', 0.2::float8, 'k NULL: a segment may be small');
SELECT results_eq(
    $$SELECT k, inertia, recommended, reason FROM segment_elbow('points', k_max => 3, scaling => 'none') WHERE k = 2$$,
    $$VALUES (2, 16::float8, true, 'highest simplified silhouette (0.855) of k = 2 to 3')$$,
    'elbow: the same choice');
SELECT results_eq(
    $$SELECT k, round(smallest_share::numeric, 4), recommended, reason IS NULL, length(bar)
        FROM segment_elbow('points', k_min => 1, k_max => 3, scaling => 'none')$$,
    $$VALUES (1, 1.0000, false, true, NULL::integer), (2, 0.5000, true, false, 20), (3, 0.1667, false, true, 15)$$,
    'elbow: a row a k');

-- the same model whatever the order of the rows, the partitions and the kind of relation

CREATE TABLE many AS
SELECT i AS id, (i * 7919) % 1009 AS x, ((i * 104729) % 997)::numeric / 10 AS y, i % 3 = 0 AS z FROM generate_series(1, 2000) i;
ALTER TABLE many ADD PRIMARY KEY (id);
CREATE TABLE shuffled AS SELECT * FROM many ORDER BY md5(id::text);
CREATE TABLE parted (LIKE many INCLUDING INDEXES) PARTITION BY RANGE (id);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (1000) TO (2001);
CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM (0) TO (1000);
INSERT INTO parted SELECT * FROM many;
CREATE VIEW looked AS SELECT * FROM shuffled;
CREATE MATERIALIZED VIEW stored AS SELECT * FROM shuffled ORDER BY x;
CREATE TABLE runs AS
SELECT * FROM segment_kmeans('many', 5)
 UNION ALL SELECT * FROM segment_kmeans('shuffled', 5, key => '{id}')
 UNION ALL SELECT * FROM segment_kmeans('parted', 5)
 UNION ALL SELECT * FROM segment_kmeans('looked', 5, key => '{id}')
 UNION ALL SELECT * FROM segment_kmeans('stored', 5, key => '{id}');
SELECT is((SELECT count(DISTINCT r.compiled) FROM segment_internal.catalog_run r JOIN segment_internal.catalog_model m USING (model_id)
            WHERE m.profile IN (SELECT profile FROM runs)), 1::bigint, 'bit for bit the same model');
SELECT is((SELECT count(DISTINCT (inertia, silhouette, davies_bouldin)) FROM runs), 1::bigint, 'and the same figures');
SELECT bag_eq('TABLE shuffled_assignment', 'TABLE parted_assignment', 'and the same assignment');
SELECT is((SELECT sum(rows) FROM many_profile), 2000::numeric, 'counts add up');
SELECT is((SELECT sum(distance::float8 ^ 2)::numeric(20, 1) FROM many_assignment), (SELECT inertia::numeric(20, 1) FROM runs LIMIT 1),
    'the squared distances add up to the inertia');
SELECT is((segment_kmeans('many', 5, n_init => 1, seed => 1, replace => true)).k, 5, 'another seed');

-- the search: any single start finds 25 clusters of four points, each with an inertia of 4 x 0.5

CREATE TABLE squares AS
SELECT row_number() OVER () AS id, 10 * i + dx AS x, 10 * j + dy AS y
  FROM generate_series(1, 5) i, generate_series(1, 5) j, (VALUES (-0.5), (0.5)) a (dx), (VALUES (-0.5), (0.5)) b (dy);
SELECT results_eq(
    $$SELECT DISTINCT pg_temp.inertia_of(format('''squares'', 25, key => ''{id}'', scaling => ''none'', n_init => 1, seed => %s', s))
        FROM generate_series(1, 20) s$$,
    'VALUES (50.0000)', 'one start is enough for well separated clusters');
SELECT results_eq(
    $$SELECT DISTINCT pg_temp.inertia_of(format('''squares'', 25, key => ''{id}'', scaling => ''none'', n_init => 1, init => ''random'', seed => %s', s))
        FROM generate_series(1, 20) s$$,
    'VALUES (50.0000)', 'even one of random rows');

SELECT * FROM finish();
ROLLBACK;
