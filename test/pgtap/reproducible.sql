-- The same rows, options and seed give the same model bit for bit, whatever the order of the rows and the kernel.

BEGIN;
SELECT plan(34);

SET LOCAL client_min_messages = warning;

-- 2,400 rows of three clouds that overlap, with duplicates, far outliers, and magnitudes far apart.
CREATE TABLE forward (id integer PRIMARY KEY, a float8, b float8, c float8, d integer);
INSERT INTO forward
SELECT i, sin(i * 12.9898) + i % 3, exp(3 * sin(i * 78.233)) * 1000 + (i % 3) * 500,
	CASE WHEN i % 97 = 0 THEN 1e6 ELSE 1e-6 * (i % 1000) END, i * 7919 % 11
FROM generate_series(1, 2000) AS i;
INSERT INTO forward SELECT id + 2000, a, b, c, d FROM forward WHERE id <= 400;

CREATE TABLE shuffled (LIKE forward INCLUDING ALL);
INSERT INTO shuffled SELECT * FROM forward ORDER BY md5(id::text);
CREATE TABLE backward (LIKE forward INCLUDING ALL);
INSERT INTO backward SELECT * FROM forward ORDER BY id DESC;

CREATE FUNCTION pg_temp.centroid_bits(of_model text) RETURNS text
LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', segment, feature, float8send(value), float8send(scaled)), E'\n'
		ORDER BY segment, feature)
	FROM segment_centroids($1);
$$;

-- Fits and returns every bit of the outcome: the centroids, the measures, and the segment of every row.
CREATE FUNCTION pg_temp.fit_bits(source regclass, options text DEFAULT '') RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	run        segment_run;
	assignment text;
BEGIN
	EXECUTE format('SELECT * FROM segment_kmeans(%L, model => ''same'', replace => true, %s)',
		source, concat_ws(', ', 'k => 5', nullif(options, ''))) INTO run;
	SELECT string_agg(concat_ws(' ', id, segment, float4send(distance), second_segment, float4send(margin)), E'\n' ORDER BY id)
	INTO assignment FROM same_assignment;
	RETURN concat_ws(E'\n', float8send(run.inertia), float8send(run.silhouette), float8send(run.explained),
		float8send(run.davies_bouldin), float8send(run.calinski_harabasz), run.iterations,
		pg_temp.centroid_bits('same'), md5(assignment));
END
$$;

CREATE TEMPORARY TABLE option_sets (n integer, options text);
INSERT INTO option_sets VALUES
	(1, ''), (2, $$transform => 'log1p', features => '{b,c,d}'$$), (3, $$scaling => 'robust', features => '{a,b,d}'$$),
	(4, $$distance => 'cosine'$$), (5, $$init => 'random'$$), (6, $$outliers => 'clip', scaling => 'minmax'$$),
	(7, $$outliers => 'skip', scaling => 'maxabs'$$), (8, $$seed => 9223372036854775807, n_init => 3, tol => 0$$);
CREATE TEMPORARY TABLE fits AS
SELECT n, options, pg_temp.fit_bits('forward', options) AS bits FROM option_sets;

SELECT is(pg_temp.fit_bits('forward', options), bits, 'the same call twice: ' || options) FROM fits ORDER BY n;
SELECT is(pg_temp.fit_bits('shuffled', options), bits, 'rows in random order: ' || options) FROM fits ORDER BY n;
SELECT is(pg_temp.fit_bits('backward', options), bits, 'rows backward: ' || options) FROM fits WHERE n <= 5 ORDER BY n;
SELECT is(count(DISTINCT bits), 7::bigint, 'other options are other models, but for random starts, which end at the same') FROM fits;

-- the kernels

DO $$
BEGIN
	PERFORM set_config('segment.kernel', 'avx2', true);
	PERFORM pg_temp.fit_bits('forward');
EXCEPTION WHEN feature_not_supported THEN
	NULL;
END
$$;
SELECT current_setting('segment.kernel') = 'avx2' AS avx2 \gset
SET LOCAL segment.kernel = portable;
SELECT is(pg_temp.fit_bits('forward'), bits, 'the portable kernel gives what the chosen one does') FROM fits WHERE n = 1;
SET LOCAL segment.kernel = scalar;
SELECT is(pg_temp.fit_bits('forward'), bits, 'so does the scalar twin') FROM fits WHERE n = 1;
SELECT is(pg_temp.fit_bits('shuffled'), bits, 'in any order of the rows') FROM fits WHERE n = 1;
SELECT is(pg_temp.fit_bits('forward', options), bits, 'and for cosine') FROM fits WHERE n = 4;
\if :avx2
SET LOCAL segment.kernel = avx2;
SELECT is(pg_temp.fit_bits('backward'), bits, 'and AVX2') FROM fits WHERE n = 1;
\else
SELECT skip('this machine has no AVX2');
\endif
SET LOCAL segment.kernel = auto;

-- so many clusters that rows are compared with the nearest of them only

CREATE TABLE many (id integer PRIMARY KEY, x float8, y float8);
INSERT INTO many SELECT i, (i * 7919::bigint % 20011) * 0.01, (i * 104729::bigint % 20021) * 0.01 + i % 3 FROM generate_series(1, 20000) AS i;
CREATE TABLE many_shuffled (LIKE many INCLUDING ALL);
INSERT INTO many_shuffled SELECT * FROM many ORDER BY md5(id::text);
CREATE FUNCTION pg_temp.many_bits(source regclass) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	run segment_run;
BEGIN
	run := segment_kmeans(source::text, 900, model => 'many', replace => true, n_init => 1, tol => 0, max_iter => 12);
	RETURN concat_ws(E'\n', run.iterations, float8send(run.inertia), md5(pg_temp.centroid_bits('many')),
		(SELECT md5(string_agg(concat_ws(' ', id, segment, float4send(distance)), E'\n' ORDER BY id)) FROM many_assignment));
END
$$;
CREATE TEMPORARY TABLE many_fits AS SELECT pg_temp.many_bits('many') AS bits;
SELECT is(pg_temp.many_bits('many_shuffled'), bits, '900 clusters in any order of the rows') FROM many_fits;
SET LOCAL segment.max_parallel_workers = 2;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL parallel_setup_cost = 0;
SELECT is(pg_temp.many_bits('many'), bits, 'and by several processes') FROM many_fits;
RESET segment.max_parallel_workers;
RESET min_parallel_table_scan_size;
RESET parallel_setup_cost;
SET LOCAL segment.kernel = scalar;
SELECT is(pg_temp.many_bits('many'), bits, 'the scalar twin, which compares with all, gives the same') FROM many_fits;
SET LOCAL segment.kernel = auto;

-- an elbow, duplicates, a given start

CREATE TEMPORARY TABLE elbows AS
SELECT s, k, array_to_string(ARRAY[float8send(inertia), float8send(explained), float8send(silhouette),
	float8send(davies_bouldin), float8send(calinski_harabasz), float8send(smallest_share), float8send(bic), float8send(gap), float8send(gap_se)], ' ') AS bits, recommended
FROM unnest('{forward,shuffled,backward}'::regclass[]) AS s, segment_elbow(s, 2, 6);
SELECT is((SELECT count(*) FROM elbows), 18::bigint, 'elbow: a row a k, and of k = 1');
SELECT set_eq($$SELECT k, bits, recommended FROM elbows WHERE s <> 'forward'::regclass$$,
	$$SELECT k, bits, recommended FROM elbows WHERE s = 'forward'::regclass$$, 'elbow: in any order of the rows');

CREATE TABLE twins (id integer PRIMARY KEY, x float8, y float8);
INSERT INTO twins SELECT i, i % 7, (i % 7) * (i % 7) FROM generate_series(1, 700) AS i;
CREATE TABLE twins_shuffled (LIKE twins INCLUDING ALL);
INSERT INTO twins_shuffled SELECT * FROM twins ORDER BY md5(id::text);
SELECT is(pg_temp.fit_bits('twins_shuffled'), pg_temp.fit_bits('twins'), 'duplicate rows in any order');
SELECT is(pg_temp.fit_bits('twins_shuffled', $$centroids => '{{0,0},{1,1},{1,1},{0,0},{6,36}}'$$),
	pg_temp.fit_bits('twins', $$centroids => '{{0,0},{1,1},{1,1},{0,0},{6,36}}'$$),
	'empty clusters are refilled alike in any order of the rows');

SELECT * FROM finish();
ROLLBACK;
