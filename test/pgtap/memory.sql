-- Rows that segment.work_mem does not hold: the fit starts from a sample, and all figures are over all rows.

BEGIN;
SELECT plan(7);

SET LOCAL client_min_messages = warning;

-- Overlapping clouds, 450,000 rows of 8 columns: the least that a small segment.work_mem does not hold.
SELECT format('CREATE TABLE crowd AS SELECT i AS id, %s FROM generate_series(1, 450000) AS i',
	string_agg(format('(CASE WHEN %s OR i %% 10 > 0 THEN (hashint4(i * 16 + %s) %% 1000 + hashint4(i * 16 + 8 + %s) %% 1000) / 1000.0 + 2 * (hashint4(i) %% 8 = %s)::integer END)::%s AS c%s',
		(c > 2)::text, c, c, c - 4, (ARRAY['real', 'float8'])[c % 2 + 1], c), ', '))
FROM generate_series(1, 8) AS c \gexec

CREATE TABLE exact AS
SELECT * FROM segment_kmeans('crowd', 6, model => 'exact', key => '{id}', assignment => 'none', missing => 'skip', n_init => 3);
SET LOCAL segment.work_mem = '1MB';
CREATE TABLE sampled AS
SELECT * FROM segment_kmeans('crowd', 6, model => 'sampled', key => '{id}', missing => 'skip', n_init => 3);

SELECT is(rows_read, 450000::bigint, 'the ledger: all rows are read') FROM sampled;
SELECT is(rows_used, (SELECT count(*) FROM crowd WHERE c1 IS NOT NULL AND c2 IS NOT NULL), 'all without missing values are used') FROM sampled;
SELECT is(rows_skipped, rows_read - rows_used, 'the rest is skipped') FROM sampled;
SELECT is((SELECT count(*) FROM sampled_assignment), rows_used, 'and a row each is assigned') FROM sampled;
SELECT ok(s.inertia BETWEEN e.inertia * 0.999 AND e.inertia * 1.001, 'inertia within 0.1 % of the exact fit')
FROM exact e, sampled s;

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

SELECT * FROM finish();
ROLLBACK;
