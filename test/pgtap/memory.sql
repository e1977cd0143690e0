-- The memory of a fit: rows that segment.work_mem does not hold are sampled, and all figures are over all rows; what is
-- written takes no memory that grows with the rows.

BEGIN;
SELECT plan(15);

SET LOCAL client_min_messages = warning;

-- Overlapping clouds, 450,000 rows of 8 columns: the least that a small segment.work_mem does not hold.
SELECT format('CREATE TABLE crowd AS SELECT i AS id, %s FROM generate_series(1, 450000) AS i',
	string_agg(format('(CASE WHEN %s OR i %% 10 > 0 THEN (hashint4(i * 16 + %s) %% 1000 + hashint4(i * 16 + 8 + %s) %% 1000) / 1000.0 + 2 * (hashint4(i) %% 8 = %s)::integer END)::float8 AS c%s',
		(c > 2)::text, c, c, c - 4, c), ', '))
FROM generate_series(1, 8) AS c \gexec

CREATE TABLE exact AS
SELECT * FROM segment_kmeans('crowd', 6, model => 'exact', key => '{id}', assignment => 'none', missing => 'skip', n_init => 3);
SET LOCAL segment.work_mem = '1MB';
CREATE TABLE sampled AS
SELECT * FROM segment_kmeans('crowd', 6, model => 'sampled', key => '{id}', missing => 'skip', n_init => 3);
CREATE TABLE bisected AS
SELECT * FROM segment_kmeans('crowd', 6, model => 'bisected', key => '{id}', missing => 'skip', n_init => 3, algorithm => 'bisecting');

SELECT is(rows_read, 450000::bigint, 'the ledger: all rows are read') FROM sampled;
SELECT is(rows_used, (SELECT count(*) FROM crowd WHERE c1 IS NOT NULL AND c2 IS NOT NULL), 'all without missing values are used') FROM sampled;
SELECT is(rows_skipped, rows_read - rows_used, 'the rest is skipped') FROM sampled;
SELECT is((SELECT count(*) FROM sampled_assignment), rows_used, 'and a row each is assigned') FROM sampled;
SELECT ok(s.inertia BETWEEN e.inertia * 0.999 AND e.inertia * 1.001, 'inertia within 0.1 % of the exact fit')
FROM exact e, sampled s;
SELECT set_eq($$SELECT segment, rows FROM segment_tree('bisected') WHERE segment IS NOT NULL$$, 'SELECT segment, count(*) FROM bisected_assignment GROUP BY 1',
	'the leaves of a tree have all rows');
SELECT is((SELECT rows FROM segment_tree('bisected') WHERE node = 1), (SELECT rows_used FROM bisected), 'and so has its root');
SELECT ok(b.inertia BETWEEN e.inertia * 0.999 AND e.inertia * 1.1, 'at an inertia within 10 % of that of six segments found at once')
FROM exact e, bisected b;

-- rows that have not changed change nothing, though memory does not hold them and tol has stopped the fit
CREATE TABLE refreshed AS SELECT r.* FROM generate_series(1, 2), segment_refresh('sampled') r;
SELECT is(count(DISTINCT (r.inertia, r.explained, r.silhouette, r.davies_bouldin, r.calinski_harabasz)), 1::bigint, 'refreshes find the same figures')
FROM segment_runs r WHERE model = 'sampled';
SELECT is(count(DISTINCT r.compiled), 1::bigint, 'and centroids') FROM segment_internal.catalog_run r JOIN segment_internal.catalog_model m USING (model_id) WHERE m.name = 'sampled';

-- each figure of each segment against SQL's over all of its rows
CREATE TABLE figures AS
SELECT segment, feature, avg(v), min(v), max(v), stddev_pop(v), percentile_cont('{0.25,0.5,0.75}'::float8[]) WITHIN GROUP (ORDER BY v) AS quartiles
FROM (SELECT a.segment, f.feature, f.v FROM sampled_assignment a JOIN crowd USING (id),
	LATERAL (VALUES ('c1', c1), ('c4', c4), ('c7', c7)) AS f (feature, v)) AS s
GROUP BY 1, 2;
SELECT set_eq($$SELECT segment, feature, ARRAY[p25, median, p75], min, max FROM segment_distribution
		WHERE model = 'sampled' AND feature IN ('c1', 'c4', 'c7')$$,
	$$SELECT segment, feature, quartiles, min, max FROM figures$$, 'quartiles, least and greatest values are exact');
SELECT is_empty($$SELECT p.* FROM segment_profile('sampled') p JOIN figures f USING (segment, feature)
		WHERE abs(p.mean - f.avg) > 1e-9 OR abs(p.stddev - f.stddev_pop) > 1e-9$$,
	'means and deviations are SQL''s');

-- The source says now and then how much the session holds: first when it is read, then when its rows are written.
CREATE TABLE held (no serial, bytes numeric);
CREATE FUNCTION held(id integer) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
	IF id % 40000 = 0 THEN
		INSERT INTO public.held (bytes) SELECT sum(used_bytes) FROM pg_backend_memory_contexts;
	END IF;
	RETURN id;
END
$$;
CREATE VIEW watched AS SELECT held(i) AS id, i % 1000 AS x, i % 777 AS y FROM generate_series(1, 200000) AS i;
SELECT segment_kmeans('watched', 3, key => '{id}', features => '{x,y}', n_init => 1) IS NOT NULL AS done;
SELECT cmp_ok((SELECT max(bytes) - min(bytes) FROM (SELECT bytes FROM held ORDER BY no DESC LIMIT 5) AS writing), '<', 100000::numeric,
	'160,000 rows more are written with no more memory');

-- Figures that take more than that, some 36 MB in each of two states.
SELECT format('CREATE TABLE wide AS SELECT i AS id, %s FROM generate_series(1, 600) i',
	string_agg(format('hashint4(i * 200 + %s) %% 1000 AS f%s', f, f), ', ')) FROM generate_series(1, 100) f \gexec
SELECT throws_ok($$SELECT * FROM segment_elbow('wide', 300, 300, n_init => 1, max_iter => 1)$$, '54000',
	'the figures of 300 segments of 100 features take more memory than segment.work_mem allows', 'too many figures for segment.work_mem');
SET LOCAL segment.work_mem = '64MB';
SELECT lives_ok($$SELECT * FROM segment_elbow('wide', 300, 300, n_init => 1, max_iter => 1)$$, 'more memory holds them');

SELECT * FROM finish();
ROLLBACK;
