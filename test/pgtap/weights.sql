-- Rows that weigh more than others: the figures are scikit-learn's, and those of rows that are repeated as often.

BEGIN;
SELECT plan(66);

SET LOCAL client_min_messages = warning;

-- 600 rows of dyadic values, the same in any language; weights of all kinds
CREATE TABLE points AS
SELECT i AS id, ((i * 7919) % 1000) / 64.0::float8 + 8 * (i % 3) AS a, ((i * 104729) % 997) / 64.0::float8 + 6 * (i % 4) AS b,
	((i * 31) % 1013) / 128.0::float8 AS c, (i % 7 + 1)::smallint AS times,
	CASE WHEN i % 5 > 0 THEN ((i * 17) % 13 + 1) / 8.0 ELSE 0 END AS fraction,
	CASE WHEN i % 3 = 0 THEN 1e-9 * (i % 7 + 1) ELSE i % 5 + 1 END::float8 AS light,
	(i % 7 + 1) * 1e300 AS huge, (i % 7 + 1) * 1e-300 AS tiny,
	CASE WHEN i % 3 = 0 THEN 1e-300 ELSE 1e300 END::float8 AS apart, 1 AS one, 2.5::real AS alike
FROM generate_series(1, 600) AS i;
ALTER TABLE points ADD PRIMARY KEY (id);

-- Fits from the first four points, or from others, and returns the measures.
CREATE FUNCTION pg_temp.fit(source regclass, weight text, options text DEFAULT '', start float8[] DEFAULT NULL)
RETURNS segment_run
LANGUAGE plpgsql AS $$
DECLARE
	run segment_run;
BEGIN
	EXECUTE format('SELECT * FROM segment_kmeans(%L, model => ''fit'', replace => true, key => ''{id}'', features => ''{a,b,c}'',
			tol => 0, sample_weight => %L, centroids => %L, scaling => %s)', source, weight,
		coalesce(start, (SELECT array_agg(ARRAY[a, b, c] ORDER BY id) FROM points WHERE id <= 4)),
		coalesce(nullif(options, ''), '''none'''))
	INTO run;
	RETURN run;
END
$$;

-- The centroids in ascending order, and how far they are from others.
CREATE FUNCTION pg_temp.centroids() RETURNS float8[]
LANGUAGE sql AS $$
	SELECT array_agg(v ORDER BY v) FROM (SELECT array_agg(value ORDER BY feature) FROM segment_centroids('fit') GROUP BY segment) AS c (v);
$$;
CREATE FUNCTION pg_temp.largest_difference(one float8[], other float8[]) RETURNS float8
LANGUAGE sql AS $$
	SELECT max(abs(x - y) / greatest(abs(y), 1e-300)) FROM unnest(one, other) AS u (x, y);
$$;
CREATE FUNCTION pg_temp.figures(run segment_run) RETURNS float8[]
LANGUAGE sql AS $$
	SELECT ARRAY[run.inertia, run.explained, run.silhouette, run.davies_bouldin, run.calinski_harabasz];
$$;

-- scikit-learn: KMeans(4, init=start, n_init=1, tol=0).fit(X, sample_weight=w); the other figures by numpy.average(..., weights=w)

CREATE FUNCTION pg_temp.like_reference(weight text, options text, start float8[], inertia float8, centroids float8[], what text)
RETURNS SETOF text
LANGUAGE plpgsql AS $$
DECLARE
	run segment_run := pg_temp.fit('points', weight, options, start);
BEGIN
	RETURN NEXT ok(abs(run.inertia - inertia) <= inertia * 1e-9, format('%s: inertia %s', what, run.inertia));
	RETURN NEXT ok(pg_temp.largest_difference(pg_temp.centroids(), centroids) < 1e-9, what || ': centroids');
END
$$;

\set times_centroids '{{8.776114130434784,22.79858695652174,3.939429347826087},{9.048278601694914,9.946159957627119,3.981302966101695},{21.249520705521473,23.753858320552148,3.869512078220859},{23.564081260720414,9.53915630360206,3.7599297813036023}}'
SELECT pg_temp.like_reference('times', '', NULL, 105038.00199124179, :'times_centroids', 'whole weights');
SELECT pg_temp.like_reference('fraction', '', NULL, 18644.315914205617,
	'{{8.7678125,10.199981617647058,4.113823529411765},{9.448906063321386,23.311865292712064,3.7380058990442055},{21.484375,23.15083380843786,3.9220798888255417},{23.645108865914786,9.202322211779453,4.010671209273183}}',
	'fractions and zeros');
SELECT pg_temp.like_reference('light', '', NULL, 45236.07736965394,
	'{{12.680859361045242,10.805156251922204,3.4644140634939085},{16.671073712241732,23.497523310955,4.074865238800521},{23.44295157967033,8.94582760989011,4.118711366758242},{27.23709239130435,22.093976449275363,3.6805555555555554}}',
	'a light third of the rows');
SELECT pg_temp.like_reference('times', '', (SELECT array_agg(CASE id WHEN 4 THEN '{1000,1000,1000}' ELSE ARRAY[a, b, c] END ORDER BY id) FROM points WHERE id <= 4),
	105038.00199124179, :'times_centroids', 'an empty cluster is filled');
SELECT pg_temp.like_reference('times', '''standard''', NULL, 3511.963322424337,
	'{{8.117905405405407,11.68597972972973,5.397733671171171},{10.796630434782607,23.833532608695652,2.5592255434782607},{20.619390368852457,11.635271516393443,1.7861552254098365},{22.251467803030305,19.301136363636363,5.715530303030304}}',
	'StandardScaler has no weights');
SELECT ok(pg_temp.largest_difference(pg_temp.figures(pg_temp.fit('points', 'times')),
		'{105038.00199124179,0.6772591744972457,0.4680239218086873,0.9508083622326833,1675.9711961526152}') < 1e-9,
	'whole weights: explained, silhouette, Davies-Bouldin, Calinski-Harabasz');
SELECT ok(pg_temp.largest_difference(pg_temp.figures(pg_temp.fit('points', 'fraction')),
		'{18644.315914205617,0.673116690865239,0.45817825589961053,0.9704414543095182,285.71339755695163}') < 1e-9,
	'fractions and zeros: the same');

-- rows repeated

CREATE TABLE repeated AS SELECT 10 * id + n AS id, a, b, c FROM points, generate_series(1, times) AS n;
CREATE TEMPORARY TABLE repetition AS
SELECT pg_temp.figures(r) AS figures, pg_temp.centroids() AS centroids, r.iterations
FROM pg_temp.fit('repeated', NULL) AS r;
CREATE TEMPORARY TABLE repeated_assignment AS SELECT DISTINCT id / 10 AS id, segment FROM fit_assignment;
CREATE TEMPORARY TABLE repeated_distances AS SELECT segment, distance_avg FROM fit_profile;
SELECT unnest(ARRAY[ok(pg_temp.largest_difference(pg_temp.figures(r), figures) < 1e-12, 'repeated rows: the same figures'),
	is(r.iterations, repetition.iterations, 'repeated rows: as many iterations'),
	ok(pg_temp.largest_difference(pg_temp.centroids(), centroids) < 1e-12, 'repeated rows: the same centroids')])
FROM repetition, pg_temp.fit('points', 'times') AS r;
SELECT is(count(*), 0::bigint, 'repeated rows: the same segments')
FROM fit_assignment JOIN repeated_assignment r USING (id) WHERE fit_assignment.segment <> r.segment;
SELECT ok(max(abs(p.distance_avg - r.distance_avg)) < 1e-12, 'the mean distance is weighted')
FROM fit_profile p JOIN repeated_distances r USING (segment);

-- the profile describes rows, a row each

SELECT set_eq('SELECT segment, rows FROM fit_profile', 'SELECT segment, count(*) FROM fit_assignment GROUP BY 1', 'sizes count rows');
SELECT is(count(*), 0::bigint, 'so do means and medians')
FROM (SELECT segment, avg(a), percentile_cont(0.5) WITHIN GROUP (ORDER BY a) AS median
	FROM fit_members GROUP BY segment) AS m
JOIN segment_profile('fit') p USING (segment)
WHERE p.feature = 'a' AND (abs(p.mean - m.avg) > 1e-12 * m.avg OR p.median <> m.median);
SELECT segment_kmeans('points', 3, '{a,b,c}', model => 'fit', replace => true, sample_weight => 'times') \g /dev/null
SELECT is(smallest_share, (SELECT min(rows) / 600.0::float8 FROM fit_profile), 'smallest_share counts rows')
FROM segment_elbow('points', 3, 3, '{a,b,c}', sample_weight => 'times') WHERE k = 3;

-- equal weights are no weights

CREATE TEMPORARY TABLE plain AS
SELECT pg_temp.figures(r) AS figures, pg_temp.centroids() AS centroids FROM pg_temp.fit('points', NULL) AS r;
SELECT unnest(ARRAY[is(pg_temp.figures(r), figures, 'all 1: the same bits'), is(pg_temp.centroids(), centroids, 'all 1: the same centroids')])
FROM plain, pg_temp.fit('points', 'one') AS r;
SELECT unnest(ARRAY[is(r.inertia, 2.5 * figures[1], 'all 2.5: the inertia times that'), is(pg_temp.centroids(), centroids, 'all 2.5: the same centroids'),
	is(ARRAY[r.explained, r.silhouette, r.davies_bouldin], figures[2:4], 'all 2.5: the same ratios')])
FROM plain, pg_temp.fit('points', 'alike') AS r;
SELECT set_eq('SELECT * FROM segment_elbow(''points'', 2, 4, ''{a,b,c}'', sample_weight => ''one'')',
	'SELECT * FROM segment_elbow(''points'', 2, 4, ''{a,b,c}'')', 'all 1: the same starts');

-- size

CREATE TEMPORARY TABLE times_fit AS
SELECT pg_temp.figures(r) AS figures, pg_temp.centroids() AS centroids FROM pg_temp.fit('points', 'times') AS r;
SELECT unnest(ARRAY[ok(pg_temp.largest_difference(pg_temp.centroids(), centroids) < 1e-12, weight || ': the same centroids'),
	ok(abs(r.inertia / (figures[1] * factor) - 1) < 1e-12, weight || ': the inertia is ' || r.inertia),
	ok(pg_temp.largest_difference(ARRAY[r.explained, r.silhouette, r.davies_bouldin], figures[2:4]) < 1e-12, weight || ': the same ratios')])
FROM times_fit, (VALUES ('huge', 1e300), ('tiny', 1e-300)) AS w (weight, factor),
	pg_temp.fit('points', weight) AS r;
SELECT is(r.calinski_harabasz, NULL, 'no Calinski-Harabasz where all weights together are less than a row a segment')
FROM pg_temp.fit('points', 'tiny') AS r;

-- a weight that is nothing beside others is 0

CREATE VIEW heavy AS SELECT id, a, b, c FROM points WHERE id % 3 > 0;
CREATE TEMPORARY TABLE heavy_fit AS
SELECT r.inertia, pg_temp.centroids() AS centroids FROM pg_temp.fit('heavy', NULL) AS r;
SELECT unnest(ARRAY[is(pg_temp.centroids(), centroids, 'weights far apart: the lightest are 0'),
	ok(abs(r.inertia / 1e300 / heavy_fit.inertia - 1) < 1e-12, 'weights far apart: inertia'), is(r.rows_used, 600::bigint, 'their rows are used')])
FROM heavy_fit, pg_temp.fit('points', 'apart') AS r;
SELECT is((SELECT count(*) FROM fit_assignment), 600::bigint, 'and assigned');
SELECT is((SELECT sum(rows) FROM fit_profile), 600::numeric, 'and counted');

-- columns

SELECT is((segment_kmeans('points', 3, model => 'own', sample_weight => 'times')).k, 3, 'a weight among the default features');
SELECT is(features, '{a,b,c,fraction,light,huge,apart}'::text[], 'is not one of them, nor is one that repeats another') FROM segment_internal.catalog_model WHERE name = 'own';
SELECT is((segment_kmeans('points', 3, '{a,times}', model => 'own', replace => true, sample_weight => 'times')).k, 3, 'unless it is named');
SELECT is((SELECT array_agg(DISTINCT feature ORDER BY feature) FROM segment_centroids('own')), '{a,times}'::text[], 'then it is a feature as well');
CREATE VIEW quoted AS SELECT id AS "order", a AS "my a", b AS "select", times AS "the ""weight""" FROM points;
SELECT is((segment_kmeans('quoted', 3, key => '{order}', sample_weight => 'the "weight"')).inertia,
	(segment_kmeans('points', 3, '{a,b}', model => 'own', replace => true, sample_weight => 'times')).inertia, 'names that need quotes');
SELECT format('CREATE VIEW wide AS SELECT id, times, %s FROM points', string_agg(format('a + %s * (c - 4) AS c%s', i, i), ', '))
FROM generate_series(1, 110) AS i \gexec
SELECT ok((segment_kmeans('wide', 3, key => '{id}', sample_weight => 'times')).explained > 0.5, 'more columns than a function has arguments');

-- rows that are skipped do not count, whatever they weigh

CREATE VIEW gaps AS
SELECT id, CASE WHEN id % 10 > 0 THEN a END AS a, b, c, CASE WHEN id % 10 > 0 THEN times::float8 ELSE 'NaN' END AS w FROM points;
CREATE VIEW no_gaps AS SELECT * FROM gaps WHERE a IS NOT NULL;
SELECT ok(pg_temp.largest_difference(g, n) < 1e-12, 'skipped rows')
FROM (SELECT pg_temp.figures(segment_kmeans('gaps', 3, '{a,b,c}', key => '{id}', missing => 'skip', sample_weight => 'w'))) AS gaps (g),
	(SELECT pg_temp.figures(segment_kmeans('no_gaps', 3, '{a,b,c}', key => '{id}', sample_weight => 'w'))) AS no_gaps (n);

-- a refresh weighs as the first fit did

SELECT segment_kmeans('points', 4, '{a,b,c}', model => 'again', sample_weight => 'fraction') \g /dev/null
SELECT is(a.inertia, b.inertia, 'refresh: nothing new')
FROM segment_runs a, LATERAL segment_refresh('again') b WHERE a.model = 'again';
INSERT INTO points (id, a, b, c, fraction) VALUES (1000, 500, 500, 500, 0);
SELECT is(a.inertia > 0 AND a.rows_used = 601, true, 'refresh: a row of weight 0 is assigned') FROM segment_refresh('again') a;
SELECT ok(max(value) < 50, 'but moves no centroid') FROM segment_centroids('again');
DELETE FROM points WHERE id = 1000;
SAVEPOINT columns;
ALTER TABLE points DROP fraction CASCADE;
SELECT throws_ok('SELECT segment_refresh(''again'')', '42703', 'column "fraction" of relation "points" does not exist', 'refresh: the weight is gone');
ROLLBACK TO columns;

-- in any order, by any number of processes, in memory or not

SELECT format('CREATE TABLE crowd AS SELECT i AS id, CASE WHEN i %% 3 > 0 THEN exp(abs(hashint4(i)) %% 1000 / 100.0) ELSE 0 END AS w, %s
	FROM generate_series(1, 60000) AS i', string_agg(format('abs(hashint4(i * 61 + %s) %% 1000) / 100.0 + 2 * (i %% 5 = %s)::integer AS r%s',
		c, c % 5, c), ', '))
FROM generate_series(1, 60) AS c \gexec
ALTER TABLE crowd ADD PRIMARY KEY (id);
CREATE TABLE shuffled AS SELECT * FROM crowd ORDER BY hashint4(id);
SELECT array_agg('r' || c) AS features FROM generate_series(1, 60) AS c \gset

SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
CREATE FUNCTION pg_temp.fit_bits(source regclass, workers integer, memory text, options text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	id   bigint;
	bits text;
BEGIN
	PERFORM set_config('segment.max_parallel_workers', workers::text, true),
		set_config('max_parallel_workers_per_gather', workers::text, true), set_config('segment.work_mem', memory, true);
	PERFORM segment_drop(m.name) FROM segment_internal.catalog_model m WHERE m.name = 'same';
	EXECUTE format('SELECT segment_kmeans(%L, 5, model => ''same'', sample_weight => ''w'', assignment => ''none'', %s)',
		source, options);
	SELECT model_id INTO id FROM segment_internal.catalog_model WHERE name = 'same';
	SELECT md5(string_agg((part - '{model_id,started_at,elapsed,description,options,preparation,binding}'::text[])::text, ' ' ORDER BY n, part)) INTO bits
	FROM (SELECT 1, to_jsonb(r) FROM segment_internal.catalog_run r WHERE model_id = id
		UNION ALL SELECT 2, to_jsonb(f) FROM segment_internal.catalog_feature f WHERE model_id = id
		UNION ALL SELECT 3, to_jsonb(c) FROM segment_internal.catalog_centroid c WHERE model_id = id
		UNION ALL SELECT 4, to_jsonb(p) FROM segment_internal.catalog_profile p WHERE model_id = id) AS parts (n, part);
	RETURN bits;
END
$$;

SELECT is(pg_temp.fit_bits('shuffled', workers, memory, concat_ws(', ', 'key => ''{id}''', options)),
	pg_temp.fit_bits('crowd', 0, memory, options), concat_ws(', ', 'the same bits', memory, workers || ' workers', distance))
FROM (VALUES ('1GB', 2, 5, 300, 'euclidean'), ('1GB', 3, 5, 300, 'cosine'), ('1MB', 2, 60, 2, 'euclidean'), ('1MB', 1, 60, 2, 'cosine'))
		AS v (memory, workers, nfeatures, max_iter, distance),
	format('n_init => 1, features => %L, max_iter => %s, distance => %L', (:'features'::text[])[:nfeatures], max_iter, distance) AS options;

-- few points, many copies: starts are looked for among rows that weigh anything

CREATE VIEW few AS SELECT id, id % 10 AS a, (id % 10 <> 3)::integer * (id % 7 + 1) AS w FROM generate_series(1, 100000) AS id;
SELECT is(pg_temp.fit_bits('few', 2, '1GB', 'key => ''{}'', features => ''{a}'''), pg_temp.fit_bits('few', 0, '1GB', 'key => ''{}'', features => ''{a}'''),
	'few points: the same bits');
SELECT is(r.inertia, 0::float8, 'few points: all that weigh are found')
FROM segment_kmeans('few', 9, '{a}', key => '{id}', scaling => 'none', sample_weight => 'w') r;
SELECT throws_ok($$SELECT segment_kmeans('few', 10, '{a}', model => 'f', key => '{id}', scaling => 'none', sample_weight => 'w')$$,
	'22023', 'k is 10, but the rows that weigh anything have only 9 distinct points', 'k is limited by them');

-- more rows than memory holds: as the fit in memory, from the same start

SELECT pg_temp.fit_bits('crowd', 2, '1GB', format('n_init => 1, features => %L', :'features')) \g /dev/null
SELECT r.inertia AS inertia_in_memory FROM segment_runs r WHERE model = 'same' \gset
SELECT pg_temp.fit_bits('crowd', 2, '1MB', format('n_init => 1, features => %L', :'features')) \g /dev/null
SELECT ok(abs(r.inertia / :inertia_in_memory - 1) < 1e-3, 'beyond memory: as good as in memory') FROM segment_runs r WHERE model = 'same';

-- errors

CREATE FUNCTION pg_temp.refusal(call text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	message text;
	detail  text;
	hint    text;
BEGIN
	EXECUTE call;
	RETURN 'none';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' | ', SQLSTATE, message, nullif(detail, ''), nullif(hint, ''));
END
$$;
ALTER TABLE points ADD word text DEFAULT 'heavy', ADD flag boolean DEFAULT true, ADD wrong float8;
CREATE FUNCTION pg_temp.wrong_weight(weight text) RETURNS text
LANGUAGE sql AS $$
	UPDATE points SET wrong = 1;
	UPDATE points SET wrong = $1::float8 WHERE id = 7;
	SELECT pg_temp.refusal('SELECT segment_kmeans(''points'', 3, ''{a,b}'', model => ''refused'', sample_weight => ''wrong'')');
$$;
SELECT is(pg_temp.wrong_weight(NULL), '22023 | column "wrong" holds no weight in 1 rows | It is NULL or NaN there. | Give such rows the weight 0 in a view, or leave them out there.', 'NULL');
SELECT is(pg_temp.wrong_weight('NaN'), '22023 | column "wrong" holds no weight in 1 rows | It is NULL or NaN there. | Give such rows the weight 0 in a view, or leave them out there.', 'NaN');
SELECT is(pg_temp.wrong_weight('-1e-300'), '22003 | column "wrong" holds a negative weight: -1e-300 | Weights are 0 or more; rows of weight 0 are assigned, but move no centroid.', 'negative');
SELECT is(pg_temp.wrong_weight('Infinity'), '22003 | column "wrong" holds an infinite weight | Leave such rows out in a view, or give them a finite weight there.', 'infinite');
UPDATE points SET wrong = 0;
SELECT is(pg_temp.refusal($$SELECT segment_elbow('points', 2, 3, '{a,b}', sample_weight => 'wrong')$$), '22023 | column "wrong" holds no weight but 0 | Leave sample_weight out, and all rows weigh the same.', 'all zero');
SELECT is(pg_temp.refusal($$SELECT segment_kmeans('points', 3, '{a,b}', model => 'refused', sample_weight => 'fractoin')$$),
	'42703 | column "fractoin" of relation "points" does not exist | Perhaps you meant the column "fraction".', 'a name that there is not');
SELECT is(pg_temp.refusal(format($$SELECT segment_kmeans('points', 3, '{a,b}', model => 'refused', sample_weight => %L)$$, c)),
	format('42804 | column "%s" of relation "points" has type %s, which cannot weigh rows | Name a numeric column in sample_weight.', c, t), t)
FROM (VALUES ('word', 'text'), ('flag', 'boolean')) AS v (c, t);
SELECT is(count(*), 0::bigint, 'nothing is left of what was refused') FROM segment_internal.catalog_model WHERE name = 'refused';

SELECT * FROM finish();
ROLLBACK;
