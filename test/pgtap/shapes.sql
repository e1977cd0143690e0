-- Small, large, odd and extreme tables, and every option of the preparation, with results checked by hand.

BEGIN;
SELECT plan(125);

SET LOCAL client_min_messages = warning;

CREATE FUNCTION pg_temp.rounded(figures float8[], digits integer DEFAULT 9) RETURNS numeric[]
LANGUAGE sql AS $$
	SELECT array_agg(round(f::numeric, $2) ORDER BY n) FROM unnest($1) WITH ORDINALITY AS u (f, n);
$$;

-- Figures of the model "fit": values or scaled values of its centroids, in the order of segments and features.
CREATE FUNCTION pg_temp.centroids() RETURNS numeric[]
LANGUAGE sql AS $$
	SELECT pg_temp.rounded(array_agg(value ORDER BY n))
	FROM segment_centroids('fit') WITH ORDINALITY AS c (segment, feature, value, scaled, n);
$$;
CREATE FUNCTION pg_temp.scaled(digits integer DEFAULT 9) RETURNS numeric[]
LANGUAGE sql AS $$
	SELECT pg_temp.rounded(array_agg(scaled ORDER BY n), $1)
	FROM segment_centroids('fit') WITH ORDINALITY AS c (segment, feature, value, scaled, n);
$$;
CREATE FUNCTION pg_temp.sizes() RETURNS bigint[]
LANGUAGE sql AS $$
	SELECT array_agg(rows ORDER BY segment) FROM (SELECT DISTINCT segment, rows FROM segment_profile('fit')) AS p;
$$;
CREATE FUNCTION pg_temp.ledger() RETURNS bigint[]
LANGUAGE sql AS $$
	SELECT ARRAY[rows_read, rows_used, rows_skipped] FROM segment_runs WHERE model = 'fit' ORDER BY run DESC LIMIT 1;
$$;

-- Fits the model "fit" and returns the inertia.
CREATE FUNCTION pg_temp.fit(source regclass, k integer, options text DEFAULT '') RETURNS numeric
LANGUAGE plpgsql AS $$
DECLARE
	inertia float8;
BEGIN
	EXECUTE format('SELECT inertia FROM segment_kmeans(%L, %L, model => ''fit'', replace => true%s)',
		source, k, ', ' || nullif(options, '')) INTO inertia;
	RETURN round(inertia::numeric, 9);
END
$$;

-- Four points.

CREATE TABLE four (id integer PRIMARY KEY, x float8);
INSERT INTO four VALUES (1, 0), (2, 1), (3, 10), (4, 11);

SELECT is(pg_temp.fit('four', 2, $$scaling => 'none'$$), 1.000000000, 'four points: inertia');
SELECT is(pg_temp.centroids(), '{0.500000000,10.500000000}', 'four points: centroids');
SELECT is(pg_temp.sizes(), '{2,2}', 'four points: sizes');
SELECT results_eq(
	$$SELECT metric, round(value::numeric, 9) FROM segment_evaluate('fit')$$,
	$$VALUES ('inertia', 1.000000000), ('explained', round(100 / 101.0, 9)),
		('silhouette_simplified', round((10 / 10.5 + 9 / 9.5) / 2, 9)),
		('silhouette', round((9.5 / 10.5 + 8.5 / 9.5) / 2, 9)),
		('davies_bouldin', 0.100000000), ('calinski_harabasz', 200.000000000)$$,
	'four points: every measure');
SELECT results_eq(
	$$SELECT id, segment, distance, second_segment, margin FROM fit_assignment ORDER BY id$$,
	$$VALUES (1, 1, 0.5::real, 2, (10 / 10.5)::real), (2, 1, 0.5, 2, 9 / 9.5),
		(3, 2, 0.5, 1, 9 / 9.5), (4, 2, 0.5, 1, 10 / 10.5)$$,
	'four points: the assignment');
SELECT results_eq(
	$$SELECT segment, rows, share, mean, median, stddev, min, max, population_mean,
		round(index::numeric, 9), round(z::numeric, 9) FROM segment_profile('fit')$$,
	$$VALUES (1, 2::bigint, 0.5::float8, 0.5::float8, 0.5::float8, 0.5::float8, 0::float8, 1::float8, 5.5::float8,
			round(100 * 0.5 / 5.5, 9), round(-5 / sqrt(25.25), 9)),
		(2, 2, 0.5, 10.5, 10.5, 0.5, 10, 11, 5.5, round(100 * 10.5 / 5.5, 9), round(5 / sqrt(25.25), 9))$$,
	'four points: the profile');
SELECT results_eq(
	$$SELECT segment, rows, share, distance_avg, x_avg, x_median, round(x_index::numeric, 9) FROM fit_profile$$,
	$$VALUES (1, 2::bigint, 0.5::float8, 0.5::float8, 0.5::float8, 0.5::float8, round(100 * 0.5 / 5.5, 9)),
		(2, 2, 0.5, 0.5, 10.5, 10.5, round(100 * 10.5 / 5.5, 9))$$,
	'four points: the profile view');
-- k

SELECT is(pg_temp.fit('four', 1, $$scaling => 'none'$$), 101.000000000, 'k = 1: inertia is the total sum of squares');
SELECT is(pg_temp.centroids(), '{5.500000000}', 'k = 1: the mean');
SELECT results_eq($$SELECT DISTINCT segment, second_segment, margin FROM fit_assignment$$,
	$$VALUES (1, NULL::integer, 1::real)$$, 'k = 1: no second segment, so no border near');
SELECT is(pg_temp.fit('four', 4, $$scaling => 'none'$$), 0.000000000, 'k = rows: nothing is left');
SELECT is(pg_temp.centroids(), '{0.000000000,1.000000000,10.000000000,11.000000000}',
	'k = rows: centroids in order');

CREATE TABLE thousand (id integer PRIMARY KEY, x float8);
INSERT INTO thousand SELECT i, 3 * i FROM generate_series(1, 1000) AS i;
SELECT is(pg_temp.fit('thousand', 1000, 'n_init => 1'), 0.000000000, 'k = 1,000: inertia');
SELECT results_eq($$SELECT segment, feature, round(value::numeric, 6) FROM segment_centroids('fit')$$,
	$$SELECT i, 'x'::text, round((3 * i)::numeric, 6) FROM generate_series(1, 1000) AS i$$,
	'k = 1,000: every row is a centroid');
INSERT INTO thousand SELECT id + 1000, x FROM thousand;
SELECT is(pg_temp.fit('thousand', 1000, 'n_init => 1'), 0.000000000, 'k = 1,000, two rows each: inertia');
SELECT is(pg_temp.sizes(), array_fill(2::bigint, '{1000}'), 'k = 1,000, two rows each: sizes');

-- Fewer rows than a block, one row, one feature, duplicates.

CREATE TABLE few (id integer PRIMARY KEY, x float8, y float8);
INSERT INTO few VALUES (1, 0, 0), (2, 0, 2), (3, 9, 0);
SELECT is(pg_temp.fit('few', 2, $$scaling => 'none'$$), 2.000000000, 'three rows: inertia');
SELECT is(pg_temp.centroids(), '{0.000000000,1.000000000,9.000000000,0.000000000}', 'three rows: centroids');
SELECT is(pg_temp.sizes(), '{2,1}', 'three rows: sizes');

CREATE TABLE two (id integer PRIMARY KEY, x float8);
INSERT INTO two VALUES (1, 3), (2, 7);
SELECT is(pg_temp.fit('two', 1), 2.000000000, 'two rows: inertia');
SELECT is(pg_temp.centroids(), '{5.000000000}', 'two rows: the mean');

CREATE TABLE one AS SELECT 1 AS id, 5::float8 AS x;
SELECT throws_ok($$SELECT segment_kmeans('one', 1, key => '{id}')$$,
	'22023', 'no feature of relation "one" varies', 'one row: nothing varies');
SELECT throws_ok($$SELECT segment_kmeans('one', 1, key => '{id}', scaling => 'none')$$,
	'22023', 'no feature of relation "one" varies', 'one row: nothing varies without scaling');
SELECT is(to_regclass('one_assignment'), NULL, 'one row: nothing is left behind');
SELECT is(segment_kmeans_agg(ARRAY[x, 2], 1), '{{5,2}}', 'one row: the aggregate has a centroid') FROM one;

CREATE TABLE pairs (id integer PRIMARY KEY, x float8, y float8);
INSERT INTO pairs SELECT i, CASE WHEN i % 3 = 0 THEN 4 ELSE 1 END, CASE WHEN i % 3 = 0 THEN -4 ELSE 1 END
FROM generate_series(1, 300) AS i;
SELECT is(pg_temp.fit('pairs', 2), 0.000000000, 'duplicates only: inertia');
SELECT is(pg_temp.centroids(), '{1.000000000,1.000000000,4.000000000,-4.000000000}', 'duplicates only: centroids');
SELECT is(pg_temp.sizes(), '{200,100}', 'duplicates only: sizes');
SELECT throws_ok($$SELECT segment_kmeans('pairs', 3)$$, '22023',
	'k is 3, but the rows have only 2 distinct points', 'duplicates only: no more segments than points');
SELECT is(pg_temp.fit('pairs', NULL), 0.000000000, 'duplicates only: k chosen');
SELECT is((SELECT k FROM segment_models WHERE model = 'fit'), 2, 'duplicates only: two segments');

-- 1,000 features

DO $$
BEGIN
	EXECUTE (SELECT format('CREATE TABLE wide (id integer PRIMARY KEY, %s)', string_agg(format('f%s float8', i), ', ' ORDER BY i))
		FROM generate_series(1, 1000) AS i);
	EXECUTE (SELECT format('INSERT INTO wide SELECT v, %s FROM unnest(''{0,1,2,10,11,12}''::integer[]) AS v',
		string_agg(format('%s * v', i), ', ' ORDER BY i)) FROM generate_series(1, 1000) AS i);
END
$$;
SELECT is(pg_temp.fit('wide', 2, $$scaling => 'none'$$), 4 * 333833500.000000000, '1,000 features: inertia');
SELECT is((SELECT count(*) FROM segment_centroids('fit')), 2000::bigint, '1,000 features: a centroid has all');
SELECT is_empty($$SELECT * FROM segment_centroids('fit')
	WHERE abs(value - substr(feature, 2)::integer * CASE segment WHEN 1 THEN 1 ELSE 11 END) > 1e-9$$,
	'1,000 features: centroids');
SELECT is(pg_temp.fit('wide', 2), round(1000 * 4 / ((25 + 2.0 / 3)), 9), '1,000 features: standard');
SELECT results_eq('SELECT segment, rows, round(f1_avg::numeric, 9), round(f1000_avg::numeric, 6) FROM fit_profile',
	'VALUES (1, 3::bigint, 1.000000000, 1000.000000), (2, 3, 11.000000000, 11000.000000)',
	'1,000 features: the profile view');

-- Extreme values: the same four points.

CREATE TABLE huge (id integer PRIMARY KEY, x float8);
INSERT INTO huge SELECT id, x * 1e299 FROM four;
CREATE TABLE tiny (id integer PRIMARY KEY, x float8);
INSERT INTO tiny SELECT id, x * 1e-300 FROM four;
CREATE TABLE epoch (id integer PRIMARY KEY, x float8, y bigint);
INSERT INTO epoch SELECT id, x + 1700000000, x + 1700000000 FROM four;

SELECT is(pg_temp.fit('huge', 2, format('scaling => %L', s)), i, 'values of 1e300: ' || s)
FROM (VALUES ('standard', round(1 / 25.25, 9)), ('minmax', round(1 / 121.0, 9)),
	('robust', round(1 / 90.25, 9)), ('maxabs', round(1 / 121.0, 9))) AS v (s, i);
SELECT is((SELECT array_agg(round((value / 1e299)::numeric, 9)) FROM segment_centroids('fit')),
	'{0.500000000,10.500000000}', 'values of 1e300: centroids');
SELECT throws_ok($$SELECT segment_kmeans('huge', 2, scaling => 'none')$$,
	'22003', 'squared distances leave the range of double precision', 'values of 1e300: refused without scaling');
SELECT is(pg_temp.fit('tiny', 2, format('scaling => %L', s)), i, 'values of 1e-300: ' || s)
FROM (VALUES ('standard', round(1 / 25.25, 9)), ('minmax', round(1 / 121.0, 9)),
	('robust', round(1 / 90.25, 9)), ('maxabs', round(1 / 121.0, 9))) AS v (s, i);
SELECT is((SELECT array_agg(round((value * 1e300)::numeric, 9)) FROM segment_centroids('fit')),
	'{0.500000000,10.500000000}', 'values of 1e-300: centroids');
SELECT throws_ok($$SELECT segment_kmeans('tiny', 2, scaling => 'none')$$,
	'22003', 'squared distances leave the range of double precision', 'values of 1e-300: refused without scaling');

SELECT is(pg_temp.fit('epoch', 2, $$scaling => 'none'$$), 2.000000000, 'epoch seconds without scaling: inertia');
SELECT is(pg_temp.centroids(),
	'{1700000000.500000000,1700000000.500000000,1700000010.500000000,1700000010.500000000}',
	'epoch seconds without scaling: centroids');
SELECT is(pg_temp.fit('epoch', 2, $$scaling => 'none', centroids => '{{1700000000,1700000000},{1700000001,1700000001}}'$$),
	2.000000000, 'epoch seconds without scaling: from given centroids');

-- Types of columns, names of columns and tables.

CREATE TABLE types (id bigint PRIMARY KEY, i integer, s smallint, n numeric(9, 3), r real, b boolean, l bigint,
	word text, always integer);
INSERT INTO types SELECT id, x, x, x, x, x > 5, x, 'word', 7 FROM four;
SELECT is(pg_temp.fit('types', 2, $$scaling => 'none'$$), 5.000000000, 'types: inertia');
SELECT is((SELECT features FROM segment_runs WHERE model = 'fit' ORDER BY run DESC LIMIT 1), '{i,s,n,r,b,l}', 'types: features by default');
SELECT is((SELECT array_agg(round(value::numeric, 9)) FROM segment_centroids('fit') WHERE segment = 2),
	'{10.500000000,10.500000000,10.500000000,10.500000000,1.000000000,10.500000000}', 'types: a centroid');

CREATE TABLE "select" ("user" integer PRIMARY KEY, "from" float8, "Amount spent, in €" float8, "say ""when""" float8);
INSERT INTO "select" SELECT id, x, 2 * x, -x FROM four;
SELECT is((segment_kmeans('"select"', 2, scaling => 'none')).inertia, 6::float8, 'names: inertia');
SELECT results_eq($$SELECT "user", segment FROM select_assignment ORDER BY "user"$$, 'VALUES (1, 1), (2, 1), (3, 2), (4, 2)',
	'names: the assignment');
SELECT results_eq(
	$$SELECT "from_avg", "Amount spent, in €_avg", "say ""when""_median" FROM select_profile$$,
	'VALUES (0.5::float8, 1::float8, -0.5::float8), (10.5, 21, -10.5)', 'names: the profile');
SELECT results_eq($$SELECT "user", "from", "say ""when""", segment FROM select_members ORDER BY 1 LIMIT 1$$,
	'VALUES (1, 0::float8, 0::float8, 1)', 'names: the members');
SELECT is(segment_predict('select', s), 2, 'names: a row is scored') FROM "select" AS s WHERE "user" = 3;
CREATE TABLE "Segment Data" (segment integer PRIMARY KEY, label float8, distance float8);
INSERT INTO "Segment Data" SELECT id, x, x FROM four;
SELECT is((segment_kmeans('"Segment Data"', 2, scaling => 'none')).inertia, 2::float8, 'clashing names: inertia');
SELECT results_eq($$SELECT segment, "Segment Data_segment" FROM "Segment Data_assignment" ORDER BY segment$$,
	'VALUES (1, 1), (2, 1), (3, 2), (4, 2)', 'clashing names: ours have the name of the model in front');

-- Scaling

CREATE TABLE signed (id integer PRIMARY KEY, x float8);
INSERT INTO signed SELECT id, 2 * x - 24 FROM four;     -- -24, -22, -4, -2
SELECT is(pg_temp.fit('signed', 2, format('scaling => %L', s)), i, 'scaling: inertia, ' || s)
FROM (VALUES ('standard', round(1 / 25.25, 9)), ('minmax', round(1 / 121.0, 9)), ('robust', round(1 / 90.25, 9)),
	('maxabs', round(4 / 576.0, 9)), ('none', 4.000000000)) AS v (s, i);
CREATE TEMPORARY TABLE scalings AS
SELECT s, pg_temp.fit('signed', 2, format('scaling => %L', s)), pg_temp.centroids() AS value, pg_temp.scaled() AS scaled
FROM unnest('{standard,minmax,robust,maxabs,none}'::text[]) AS s;
SELECT is(scaled, pg_temp.rounded(expected), 'scaling: centroids, ' || s)
FROM scalings NATURAL JOIN (VALUES ('standard', ARRAY[-5 / sqrt(25.25), 5 / sqrt(25.25)]), ('minmax', ARRAY[0.5 / 11, 10.5 / 11]),
	('robust', ARRAY[-5 / 9.5, 5 / 9.5]), ('maxabs', ARRAY[-23 / 24.0, -3 / 24.0]), ('none', '{-23,-3}')) AS v (s, expected);
SELECT is((SELECT count(*) FROM scalings WHERE value = '{-23.000000000,-3.000000000}'), 5::bigint,
	'scaling: centroids in original units');

-- Missing values: the others are 0, 1, 10, 11 and 18.

CREATE TABLE gaps (id integer PRIMARY KEY, x float8);
INSERT INTO gaps VALUES (1, 0), (2, 1), (3, 10), (4, 11), (5, 18), (6, NULL);
SELECT is(pg_temp.fit('gaps', 2, format('scaling => ''none'', missing => %L', m)), i, 'missing: inertia, ' || m)
FROM (VALUES ('median', 45.250000000), ('mean', 57.250000000), ('zero', round(38 + 2.0 / 3, 9)),
	('skip', 38.500000000)) AS v (m, i);
CREATE TEMPORARY TABLE fills AS
SELECT m, pg_temp.fit('gaps', 2, format('scaling => ''none'', missing => %L', m)), pg_temp.centroids() AS centroids,
	pg_temp.ledger() AS ledger
FROM unnest('{median,mean,zero,skip}'::text[]) AS m;
SELECT is(centroids, pg_temp.rounded(expected), 'missing: centroids, ' || m)
FROM fills NATURAL JOIN (VALUES ('median', '{12.25,0.5}'::float8[]), ('mean', '{11.75,0.5}'),
	('zero', ARRAY[1 / 3.0, 13]), ('skip', '{13,0.5}')) AS v (m, expected);
SELECT is(ledger, CASE m WHEN 'skip' THEN '{6,5,1}' ELSE '{6,6,0}' END::bigint[], 'missing: ledger, ' || m) FROM fills;
SELECT throws_ok($$SELECT segment_kmeans('gaps', 2, missing => 'error')$$,
	'22004', 'column "x" has missing values: 1 of 6', 'missing: error');
UPDATE gaps SET x = 'NaN' WHERE id = 6;
SELECT is(pg_temp.fit('gaps', 2, $$scaling => 'none'$$), 45.250000000, 'missing: NaN is missing, too');

-- Outliers: quartiles 3 and 7, fences -3 and 13.

CREATE TABLE tails (id integer PRIMARY KEY, x float8);
INSERT INTO tails SELECT i, i FROM generate_series(1, 8) AS i;
INSERT INTO tails VALUES (9, 100);
SELECT is(pg_temp.fit('tails', 2, format('scaling => ''none'', n_init => 100, outliers => %L', o)), i, 'outliers: inertia, ' || o)
FROM (VALUES ('keep', 42.000000000), ('clip', round(38 + 1.0 / 6, 9)), ('skip', 10.000000000)) AS v (o, i);
CREATE TEMPORARY TABLE tamed AS
SELECT o, pg_temp.fit('tails', 2, format('scaling => ''none'', n_init => 100, outliers => %L', o)), pg_temp.centroids() AS centroids,
	pg_temp.ledger() AS ledger
FROM unnest('{keep,clip,skip}'::text[]) AS o;
SELECT is(centroids, pg_temp.rounded(expected), 'outliers: centroids, ' || o)
FROM tamed NATURAL JOIN (VALUES ('keep', '{4.5,100}'::float8[]), ('clip', ARRAY[3.5, 28 / 3.0]), ('skip', '{2.5,6.5}')) AS v (o, expected);
SELECT is(ledger, CASE o WHEN 'skip' THEN '{9,8,1}' ELSE '{9,9,0}' END::bigint[], 'outliers: ledger, ' || o) FROM tamed;

-- Transform

CREATE TABLE growth (id integer PRIMARY KEY, x float8);
INSERT INTO growth SELECT id, exp(x) - 1 FROM four;
SELECT is(pg_temp.fit('growth', 2, $$scaling => 'none', transform => 'log1p'$$), 1.000000000, 'log1p: inertia');
SELECT is(pg_temp.scaled(), '{0.500000000,10.500000000}', 'log1p: scaled centroids');
SELECT is(pg_temp.centroids(), pg_temp.rounded(ARRAY[exp(0.5) - 1, exp(10.5) - 1]), 'log1p: centroids in original units');

-- Options of a feature: the points of four, and twice of them.

CREATE TABLE plane (id integer PRIMARY KEY, x float8, y float8);
INSERT INTO plane SELECT id, x, 2 * x FROM four;
SELECT is(pg_temp.fit('plane', 2, format('scaling => ''none'', feature_options => %L', o)), round(i, 9), 'feature_options: ' || o)
FROM (VALUES ('{}', 5.0), ('{"x": {"weight": 4}}', 8.0), ('{"x": {"weight": 0.25}, "y": {"weight": 0.5}}', 2.25),
	('{"y": {"scaling": "minmax"}}', 1 + 1 / 121.0), ('{"y": {"scaling": "maxabs", "weight": 121}}', 2.0)) AS v (o, i);
INSERT INTO plane VALUES (5, 11, NULL);
SELECT is(pg_temp.fit('plane', 2, $$scaling => 'none', feature_options => '{"y": {"missing": "skip"}}'$$), 5.000000000,
	'feature_options: missing');
SELECT is(pg_temp.sizes(), '{2,2}', 'feature_options: the row is skipped');
SELECT throws_ok($$SELECT segment_kmeans('plane', 2, feature_options => '{"y": {"missing": "error"}}')$$,
	'22004', 'column "y" has missing values: 1 of 5', 'feature_options: missing is an error');
CREATE TABLE plane_growth (id integer PRIMARY KEY, x float8, y float8, z float8);
INSERT INTO plane_growth SELECT id, x, exp(x) - 1, CASE id WHEN 1 THEN 0 ELSE x END FROM four;
SELECT is(pg_temp.fit('plane_growth', 2, $$features => '{x,y}', scaling => 'none', feature_options => '{"y": {"transform": "log1p"}}'$$),
	2.000000000, 'feature_options: transform');
ALTER TABLE tails ADD y float8;
UPDATE tails SET y = CASE WHEN id < 7 THEN 0 ELSE 8 END;
SELECT is(pg_temp.fit('tails', 2, $$scaling => 'none', feature_options => '{"x": {"outliers": "clip"}}'$$), round(17.5 + 62 / 3.0, 9),
	'feature_options: outliers');

-- Cosine: what counts is the direction.

CREATE TABLE rays (id integer PRIMARY KEY, x float8, y float8);
INSERT INTO rays VALUES (1, 1, 0), (2, 300, 400), (3, -1, 0), (4, -3e-5, 4e-5), (5, 7, 0);
SELECT is(pg_temp.fit('rays', 2, $$scaling => 'none', distance => 'cosine', features => '{x,y}'$$),
	round(2 * (3 - sqrt(7.4)) + 2 * (2 - sqrt(3.2)), 9), 'cosine: inertia');
SELECT is(pg_temp.sizes(), '{3,2}', 'cosine: sizes');
SELECT results_eq($$SELECT k, round(explained::numeric, 9) FROM segment_elbow('rays', 1, 1, scaling => 'none', distance => 'cosine')$$,
	'VALUES (1, 0.000000000)', 'cosine: one segment explains nothing');
SELECT is(pg_temp.scaled(), pg_temp.rounded(ARRAY[2.6 / sqrt(7.4), 0.8 / sqrt(7.4), -1.6 / sqrt(3.2), 0.8 / sqrt(3.2)]),
	'cosine: centroids are mean directions');
SELECT results_eq('SELECT id, round(distance::numeric, 6) FROM fit_assignment ORDER BY id',
	$$VALUES (1, round(1 - 2.6 / sqrt(7.4), 6)), (2, round(1 - (0.6 * 2.6 + 0.8 * 0.8) / sqrt(7.4), 6)),
		(3, round(1 - 1.6 / sqrt(3.2), 6)), (4, round(1 - (0.6 * 1.6 + 0.8 * 0.8) / sqrt(3.2), 6)),
		(5, round(1 - 2.6 / sqrt(7.4), 6))$$, 'cosine: distances are 1 - cosine');
CREATE TEMPORARY TABLE lengths AS SELECT id, x * id * id AS x, y * id * id AS y FROM rays;
SELECT is((segment_kmeans('lengths', 2, model => 'lengths', key => '{id}', scaling => 'none', distance => 'cosine')).inertia::numeric(12, 9),
	round(2 * (3 - sqrt(7.4)) + 2 * (2 - sqrt(3.2)), 9), 'cosine: lengths do not matter');

-- A row at the origin is as far from one direction as from another: it is counted where it is assigned.

CREATE TABLE origin AS SELECT i AS id, (i BETWEEN 2 AND 6)::integer AS x, (i > 6)::integer AS y FROM generate_series(1, 14) i;
SELECT is((segment_kmeans('origin', 2, key => '{id}', model => model, features => '{x,y}', scaling => 'none',
	distance => 'cosine', centroids => centroids)).rows_used, 14::bigint, 'cosine: a row without a direction, ' || model)
FROM (VALUES ('xy', '{{1,0},{0,1}}'::float8[]), ('yx', '{{0,1},{1,0}}')) v (model, centroids);
SELECT results_eq('SELECT segment, count(*) FROM xy_assignment GROUP BY segment ORDER BY segment',
	'SELECT segment, rows FROM xy_profile', 'is counted where it is assigned');
SELECT results_eq('SELECT segment, count(*) FROM yx_assignment GROUP BY segment ORDER BY segment',
	'SELECT segment, rows FROM xy_profile', 'in whatever order the segments are found');

-- Centroids nearer to each other than float4 can tell.

CREATE TABLE squares AS SELECT i AS id, (i * i)::float8 AS x FROM generate_series(1, 1000) i;
SELECT is((segment_kmeans('squares', 1000, key => '{id}')).inertia, 0::float8, 'every square is a segment of its own');
SELECT is((SELECT count(DISTINCT segment) FROM squares_assignment), 1000::bigint, 'and none is empty');

-- A feature far smaller than another, and than any float.

CREATE TABLE dwarfed AS SELECT i AS id, i % 2 AS x, i * 1e-306::float8 AS y, i % 3 AS w FROM generate_series(1, 40) i;
SELECT is((segment_kmeans('dwarfed', 2, key => '{id}', features => '{x,y}', scaling => 'none', sample_weight => w, model => 'fit', replace => true)).inertia,
	0::float8, coalesce('a tiny feature beside another, weights: ' || w, 'a tiny feature beside another'))
FROM unnest('{NULL,w}'::text[]) w;

-- Imputed values are fenced like others: the mean of 1 to 8 and 100 lies beyond the upper fence, 13.

CREATE TABLE imputed (id integer PRIMARY KEY, x float8);
INSERT INTO imputed SELECT i, i FROM generate_series(1, 8) i UNION ALL VALUES (9, 100), (10, NULL);
SELECT is(pg_temp.fit('imputed', 1, $$scaling => 'none', missing => 'mean', outliers => 'skip'$$), 42.000000000,
	'an imputed value beyond the fences is skipped');
SELECT is(pg_temp.ledger(), '{10,8,2}', 'with its row');
SELECT is(pg_temp.fit('imputed', 1, $$scaling => 'none', missing => 'mean', outliers => 'clip'$$),
	round(2 * 169 + 204 - 62 * 62 / 10.0, 9), 'or clipped');

SELECT * FROM finish();
ROLLBACK;
