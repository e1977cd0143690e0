-- Figures are right whatever the data: far from zero, tiny, huge, few rows, ties.

BEGIN;
SELECT plan(47);

SET LOCAL client_min_messages = warning;

-- Twelve blobs in three features.  Where x is that far from zero, an unused lane of the last block, if it
-- counted, would be a row 10,000 standard deviations away.
CREATE TABLE blobs (id integer PRIMARY KEY, x float8, y float8, z float8);
INSERT INTO blobs
SELECT i, hashint4extended(i % 12, 1) % 60 + (hashint4extended(i, 2) % 1024) / 128.0,
	hashint4extended(i % 12, 3) % 60 + (hashint4extended(i, 4) % 1024) / 128.0,
	hashint4extended(i % 12, 5) % 60 + (hashint4extended(i, 6) % 1024) / 128.0
FROM generate_series(1, 2993) AS i;

CREATE FUNCTION pg_temp.inertia(options text, rows integer DEFAULT 2993, shift float8 DEFAULT 0) RETURNS float8
LANGUAGE plpgsql AS $$
DECLARE
	inertia float8;
BEGIN
	EXECUTE format('CREATE TABLE shifted AS SELECT id, x + %s * (SELECT stddev_pop(x) FROM blobs) AS x, y, z FROM blobs WHERE id <= %s',
		shift, rows);
	EXECUTE format('SELECT inertia FROM segment_kmeans(''shifted'', 12, key => ''{id}'', features => ''{x,y,z}'', model => ''blobs''%s)',
		options) INTO inertia;
	PERFORM segment_drop('blobs');
	DROP TABLE shifted;
	RETURN inertia;
END
$$;

CREATE TABLE best AS SELECT pg_temp.inertia('') AS inertia, pg_temp.inertia('', 2992) AS even;
SELECT cmp_ok(inertia, '<', 153::float8, 'the blobs are found') FROM best;
SELECT cmp_ok(abs(pg_temp.inertia('', shift => 1e4) / inertia - 1), '<', 1e-9::float8, 'and just so where their mean is large')
FROM best;
SELECT cmp_ok(abs(pg_temp.inertia('', 2992, 1e4) / even - 1), '<', 1e-9::float8, 'as with blocks that are full') FROM best;
SELECT cmp_ok(abs(pg_temp.inertia(', n_init => 1', shift => s) / inertia - 1), '<', 1e-9::float8, 'one start, shift ' || s)
FROM best, unnest('{0,400,1e4,-1e4}'::float8[]) AS s;

-- A value of 1e300 is mended: a refresh ends, and segments keep the numbers of those that they were.
CREATE TABLE mended (id integer PRIMARY KEY, x float8, y float8);
INSERT INTO mended SELECT i, 0, CASE WHEN i <= 12 THEN 1 ELSE 2 END FROM generate_series(1, 20) AS i;
CREATE FUNCTION pg_temp.mend(far float8, options text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	numbers text;
BEGIN
	UPDATE mended SET x = far WHERE id = 20;
	EXECUTE format('SELECT segment_kmeans(''mended'', 3, model => ''mended''%s)', options);
	UPDATE mended SET x = 9 WHERE id = 20;
	PERFORM segment_refresh('mended');
	SELECT string_agg(DISTINCT format('%s:%s', y + x, segment), ' ' ORDER BY format('%s:%s', y + x, segment)) INTO numbers
	FROM mended JOIN mended_assignment USING (id);
	PERFORM segment_drop('mended');
	RETURN numbers;
END
$$;
SELECT is(pg_temp.mend(far, ''), '11:3 1:1 2:2', 'a mended value of ' || far) FROM unnest('{1e50,1e200,-1e300}'::float8[]) AS far;
SELECT lives_ok($$
	CREATE TABLE one AS SELECT id, 1e300 * id AS x FROM mended;
	SELECT segment_kmeans('one', 1, key => '{id}', model => 'one');
	UPDATE one SET x = id / 1e300;
	SELECT segment_refresh('one')$$, 'one segment whose values have all changed');
SELECT is(pg_temp.mend(1e300, ', distance => ''cosine'''), '11:3 1:1 2:2', 'the same by angles');
SELECT is(pg_temp.mend(1e300, ', transform => ''yeo-johnson'''), '11:3 1:1 2:2', 'the same of transformed values');

-- Values that are far from 0 for their spread keep all their digits.
CREATE TABLE far (id integer PRIMARY KEY, x bigint, w float8);
INSERT INTO far SELECT i, 1000000000000000 + i % 3, 1 / (1 + i % 7)::float8 FROM generate_series(1, 300) AS i;
SELECT results_eq(
	$$SELECT inertia, explained, davies_bouldin FROM segment_kmeans('far', 3, features => '{x}', model => 'far')$$,
	'VALUES (0::float8, 1::float8, 0::float8)', 'one value a segment: no inertia');
SELECT results_eq($$SELECT value FROM segment_centroids('far') ORDER BY value$$,
	'VALUES (1000000000000000::float8), (1000000000000001), (1000000000000002)', 'whose centroids are the values');
SELECT results_eq(
	$$SELECT inertia, explained FROM segment_kmeans('far', 3, features => '{x}', sample_weight => 'w', model => 'far', replace => true)$$,
	'VALUES (0::float8, 1::float8)', 'also with weights');
SELECT is((segment_kmeans('far', 2, features => '{x}', scaling => 'none', model => 'far', replace => true)).inertia, 50::float8,
	'two values in a segment: 200 times a quarter');
SELECT is(segment_kmeans_agg(ARRAY[1000000000000002], 1), '{{1000000000000002}}', 'the mean of equal values is the value')
FROM generate_series(1, 100);
SELECT is(segment_kmeans_agg(ARRAY[5e-324::float8, 1.7e308], 1), '{{5e-324,1.7e308}}', 'at the ends of the range')
FROM generate_series(1, 100);

-- One segment explains nothing, exactly, and no number of them less than nothing.
CREATE TABLE large (id integer PRIMARY KEY, x bigint);
INSERT INTO large SELECT i, 9007199254740000 + (i * 7919) % 1000 FROM generate_series(1, 300) AS i;
SELECT is((segment_kmeans('large', 1, transform => t, distance => d, model => 'large', replace => true)).explained, 0::float8,
	format('one segment: %s, %s', t, d))
FROM unnest('{none,log1p,yeo-johnson}'::text[]) AS t, unnest('{euclidean,cosine}'::text[]) AS d WHERE t = 'none' OR d = 'euclidean';

-- Three points whose squares are all below 1.
CREATE TABLE tiny (id integer PRIMARY KEY, x float8);
INSERT INTO tiny VALUES (1, 0), (2, 0.1), (3, 0.5);
SELECT is(round((segment_kmeans('tiny', 2, features => '{x}', scaling => 'none', transform => 'none')).explained::numeric, 12),
	round(1 - 0.005 / 0.14, 12), 'explained, of a total of 0.14');

-- Figures are those of the assignment that is stored, wherever iterations end.
CREATE TABLE cloud (id integer PRIMARY KEY, x float8, y float8, w float8);
INSERT INTO cloud SELECT i, sin(i * 12.9898) + sin(i * 3.1), sin(i * 78.233) * (2 + sin(i * 0.7)), 1 + i % 5 FROM generate_series(1, 3000) AS i;
CREATE FUNCTION pg_temp.off(options text) RETURNS TABLE (figure text, error float8)
LANGUAGE plpgsql AS $$
DECLARE
	r segment_run;
	weight text := CASE WHEN options ~ 'sample_weight' THEN 'w' ELSE '1::float8' END;
BEGIN
	EXECUTE format('SELECT * FROM segment_kmeans(''cloud'', 6, features => ''{x,y}'', scaling => ''none'', model => ''cloud'', replace => true, %s)',
		options) INTO r;
	EXECUTE format('CREATE TEMPORARY TABLE assigned ON COMMIT DROP AS SELECT id, segment, x, y, %s AS w, avg(%1$s) OVER () AS unit,
		sum(x * %1$s) OVER (PARTITION BY segment) / sum(%1$s) OVER (PARTITION BY segment) AS mx,
		sum(y * %1$s) OVER (PARTITION BY segment) / sum(%1$s) OVER (PARTITION BY segment) AS my
		FROM (SELECT id, coalesce(x, avg(x) OVER ()) AS x, y, w AS wx FROM cloud) AS c JOIN cloud_assignment USING (id)', replace(weight, 'w', 'wx'));
	RETURN QUERY SELECT 'centroids', max(abs(c.value - CASE c.feature WHEN 'x' THEN mx ELSE my END))
		FROM segment_centroids('cloud') c JOIN assigned a USING (segment);
	RETURN QUERY SELECT 'inertia', abs(sum(a.w * ((x - mx) ^ 2 + (y - my) ^ 2)) / r.inertia - 1) FROM assigned a;
	RETURN QUERY WITH s AS (
			SELECT segment, mx, my, sum(a.w * sqrt((x - mx) ^ 2 + (y - my) ^ 2)) / sum(a.w) AS scatter FROM assigned a GROUP BY 1, 2, 3)
		SELECT 'Davies-Bouldin', abs(avg(worst) / r.davies_bouldin - 1)
		FROM (SELECT max((s.scatter + t.scatter) / sqrt((s.mx - t.mx) ^ 2 + (s.my - t.my) ^ 2)) AS worst
			FROM s JOIN s AS t ON s.segment <> t.segment GROUP BY s.segment) AS w;
	RETURN QUERY SELECT 'other segments by scoring', count(*) FILTER (WHERE segment_predict('cloud', c) <> segment)::float8
		FROM cloud c JOIN cloud_assignment USING (id);
	DROP TABLE assigned;
END
$$;
SELECT is((SELECT array_agg(figure) FROM pg_temp.off(o) WHERE error > 1e-12), NULL, o)
FROM unnest(ARRAY['tol => 1e-4', 'tol => 0', 'max_iter => 1, n_init => 1', 'max_iter => 3', 'max_iter => 1, sample_weight => ''w''',
	'sample_weight => ''w''', 'centroids => ''{{0,0},{0,1},{1,0},{1,1},{2,2},{-2,-2}}'', max_iter => 1']) AS o;

-- Once no row changes any more, a refresh of the same rows changes nothing.
SELECT segment_kmeans('cloud', 6, features => '{x,y}', model => 'cloud', replace => true);
CREATE TABLE before AS TABLE cloud_assignment;
SELECT segment_refresh('cloud');
SELECT bag_eq('TABLE cloud_assignment', 'TABLE before', 'the same after a refresh');

-- The same where values are missing.
UPDATE cloud SET x = NULL WHERE id % 7 = 0;
SELECT is((SELECT array_agg(figure) FROM pg_temp.off(o) WHERE error > 1e-12), NULL, o)
FROM unnest(ARRAY['missing => ''mean''', 'missing => ''mean'', max_iter => 1, n_init => 1', 'missing => ''mean'', max_iter => 2, n_init => 1']) AS o;

-- A row that is as near to one segment as to another stays where it is.
CREATE TABLE ties (id integer PRIMARY KEY, x integer);
INSERT INTO ties VALUES (1, -2), (2, 0), (3, 1), (4, 1), (5, 1);
SELECT segment_kmeans('ties', centroids => '{{-1},{1}}', scaling => 'none', model => 'ties');
CREATE TABLE tied AS TABLE ties_assignment;
SELECT results_eq('SELECT segment, second_segment, margin FROM tied WHERE id = 2', 'VALUES (2, 1, 0::real)', 'a tie');
SELECT results_eq($$SELECT segment FROM segment_distances('ties', (SELECT t FROM ties t WHERE id = 2)) WITH ORDINALITY AS d (segment, distance, n) ORDER BY n$$,
	'VALUES (2), (1)', 'which all functions decide alike');
SELECT segment_refresh('ties');
SELECT bag_eq('TABLE ties_assignment', 'TABLE tied', 'the same after a refresh');

-- Nor do figures depend on columns that a fit leaves out: 7 and 9 are as far from 8 as in the next fit.
CREATE TABLE lone (id integer PRIMARY KEY, x integer, y float8);
INSERT INTO lone SELECT i - 1, x, NULL FROM unnest('{0,11,18,-1,8,19,1,9,18,2,8,16,0,7,16,0,8,20,0,11}'::integer[]) WITH ORDINALITY u (x, i);
SELECT segment_kmeans('lone', 10, features => '{x,y}', model => 'lone');
CREATE TABLE alone AS SELECT compiled FROM segment_internal.catalog_compiled c JOIN segment_internal.catalog_model m USING (model_id) WHERE m.name = 'lone';
SELECT segment_refresh('lone');
SELECT is(c.compiled, a.compiled, 'a model is the same without columns that do not vary')
FROM segment_internal.catalog_compiled c JOIN segment_internal.catalog_model m USING (model_id), alone a WHERE m.name = 'lone';

-- One segment takes one iteration to move its rows, and one to see that none moves: no more, and no less.
CREATE TABLE five AS SELECT i AS id, i AS x FROM generate_series(1, 5) AS i;
SELECT segment_kmeans('five', 1, key => '{id}', model => 'five');
SELECT is(iterations, 2, 'a fit ends when no row moves') FROM segment_runs WHERE model = 'five';

-- Quantiles of -1000 to 1000, enough of them to be sorted by their digits.
CREATE TABLE whole AS SELECT i AS id, (i * 1009 + 1000) % 2001 - 1000 AS x FROM generate_series(0, 2000) AS i;
SELECT is(ARRAY[min, p25, median, p75, max, distinct_values], '{-1000,-500,0,500,1000,2001}', 'sorted by digits')
FROM segment_describe('whole', '{x}');

-- Rows that are each there twice, far apart, and more of them than the table of those seen starts with.
CREATE TABLE pairs AS SELECT i AS id, i % 1500 AS x FROM generate_series(0, 2999) AS i;
SELECT throws_ok($$SELECT segment_kmeans('pairs', 1501, key => '{id}', features => '{x}')$$,
	'22023', 'k is 1501, but the rows have only 1500 distinct points', 'each is counted once');

-- With many clusters and features, rows that cannot have changed are left out of iterations; the scalar kernel takes all.
CREATE TABLE wide AS
SELECT i AS id, ARRAY(SELECT (hashint4extended(i * 31 + f, 8) % 1000) / 1000.0 FROM generate_series(1, 16 + 0 * i) AS f) AS x
FROM generate_series(1, 8000) AS i;
CREATE TABLE wide_fits AS
SELECT f.kernel, r.iterations, r.inertia
FROM (VALUES ('auto'), ('scalar')) AS f (kernel), set_config('segment.kernel', f.kernel, true),
	segment_kmeans('wide', 32, features => '{x}', key => '{id}', n_init => 1, max_iter => 40, model => 'wide_' || f.kernel) AS r;
RESET segment.kernel;
SELECT is(array_agg(DISTINCT (iterations > 8, iterations, inertia))::text, (SELECT format('{"(t,%s,%s)"}', iterations, inertia) FROM wide_fits LIMIT 1),
	'leaving rows out changes nothing') FROM wide_fits;

-- More values than one pass gathers, all in one bucket of the first histogram: quantiles are found in several rounds.
CREATE TABLE far_values AS
SELECT i AS id, ARRAY[1e12 * (i = 1)::integer, -1e12 * (i = 2)::integer] || ARRAY(SELECT CASE i WHEN f THEN 1e12 ELSE (hashint4extended(i, f) % 1000000) / 1e6 END
	FROM generate_series(1, 18 + 0 * i) AS f) AS x
FROM generate_series(1, 62000) AS i;
SELECT segment_kmeans('far_values', 1, key => '{id}', features => '{x}', transform => 'none', model => 'far_values', assignment => 'none');
SELECT results_eq($$SELECT median FROM segment_profile('far_values') ORDER BY feature$$,
	$$SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY v)
	    FROM far_values, unnest(x) WITH ORDINALITY AS u (v, f) GROUP BY f ORDER BY format('x[%s]', f)$$, 'medians beyond what one pass gathers');

-- The simplified silhouette of each segment; there is none of one segment.
CREATE TABLE line AS SELECT i AS id, i * i AS x FROM generate_series(1, 40) AS i;
SELECT segment_kmeans('line', k, key => '{id}', features => '{x}', model => 'line_' || k) FROM generate_series(1, 2) AS k;
SELECT results_eq($$SELECT segment, round(margin_avg::numeric, 6) FROM segment_internal.catalog_segment s
	JOIN segment_internal.catalog_model m USING (model_id) WHERE m.name = 'line_2' ORDER BY 1$$,
	'SELECT segment, round(avg(margin)::numeric, 6) FROM line_2_assignment GROUP BY 1 ORDER BY 1', 'of two segments');
SELECT is(margin_avg, NULL, 'of one') FROM segment_internal.catalog_segment s
JOIN segment_internal.catalog_model m USING (model_id) WHERE m.name = 'line_1';

-- One row is far away, so that the segments lie in few buckets of the first histogram, and their quartiles in different ones.  These have more
-- rows than a pass gathers: a second histogram has three spans of each segment.
CREATE TABLE narrow AS
SELECT i AS id, ARRAY(SELECT CASE i WHEN 200000 THEN 600 ELSE 10 * (i % 2) + (hashint4extended(i, f) & 65535) / 65536.0 END FROM generate_series(1, 16 + 0 * i) AS f) AS x
FROM generate_series(1, 200000) AS i;
SELECT segment_kmeans('narrow', 2, key => '{id}', features => '{x}', scaling => 'none', transform => 'none');
SELECT set_eq($$SELECT segment, feature, ARRAY[p25, median, p75] FROM segment_distribution WHERE model = 'narrow'$$,
	$$SELECT segment, format('x[%s]', f), percentile_cont('{0.25,0.5,0.75}'::float8[]) WITHIN GROUP (ORDER BY v)
	    FROM narrow_members, unnest(x) WITH ORDINALITY AS u (v, f) GROUP BY segment, f$$, 'quartiles in different spans beyond what one pass gathers');

SELECT * FROM finish();
ROLLBACK;
