-- How today's rows differ from those of the fit: against numpy and scipy, by plain SQL, and what a refresh makes of it.

BEGIN;
SET LOCAL client_min_messages = warning;

CREATE TEMP TABLE expected_drift (feature text, psi float8, ks float8, ks_of_values float8);
\ir ../reference/drift.sql

SELECT plan(count(*)::integer + 63) FROM expected_drift;

-- the rows of test/reference/drift.py

CREATE TABLE rows_then AS
SELECT i AS id, 100 * u AS even, 1 / (0.01 + v) AS skewed, floor(6 * u * v) AS few, (i % 7 < 2)::integer AS flag,
       CASE WHEN i % 10 > 0 THEN 50 * v - 20 * u END AS gaps, (ARRAY['tea', 'milk', 'beer'])[1 + i % 3] AS drink
  FROM (SELECT i, (i * 7919 % 3001) / 3001::float8 AS u, (i * 6073 % 2999) / 2999::float8 AS v FROM generate_series(1, 3000) i) r;
ALTER TABLE rows_then ADD PRIMARY KEY (id);
CREATE FUNCTION change_rows() RETURNS void LANGUAGE sql AS $$
UPDATE rows_then r
   SET even = even + CASE WHEN id % 4 = 0 THEN 25 ELSE 0 END, skewed = skewed * 1.5, few = CASE WHEN id % 9 = 0 THEN 9 ELSE few END,
       flag = (id % 7 < 3)::integer, gaps = CASE WHEN id % 5 > 0 THEN gaps + 1 END,
       drink = CASE WHEN id % 50 = 0 THEN 'wine' WHEN id % 20 = 1 THEN NULL ELSE drink END
$$;
SELECT lives_ok($$SELECT segment_kmeans('rows_then', 4, features => '{even,skewed,few,flag,gaps,drink}')$$, 'a model');
SELECT lives_ok($$SELECT segment_kmeans('rows_then', 4, features => '{even,gaps}', scaling => 'none', missing => 'skip', model => 'skips')$$, 'one that skips rows');
SELECT lives_ok($$SELECT segment_kmeans('rows_then', 4, features => '{even,skewed}', sample_weight => 'even', model => 'weighs')$$, 'one with weights');
SELECT lives_ok($$SELECT segment_kmeans('rows_then', 4, features => '{even,skewed}', "trim" => 0.05, model => 'trims')$$, 'one that leaves outliers out');
SELECT lives_ok($$SELECT segment_kmeans('rows_then', 4, features => '{even,skewed}', distance => 'cosine', scaling => 'none', model => 'turns')$$, 'one of directions');
SELECT lives_ok($$SELECT segment_kmeans('rows_then', 1, features => '{even,gaps}', model => 'one')$$, 'one of one segment');
SELECT lives_ok($$SELECT segment_kmeans('rows_then', 2, features => '{even,skewed}', group_by => '{drink}', model => 'groups')$$, 'one a group');

-- nothing has changed

SELECT is_empty(format('SELECT * FROM segment_drift(%L) WHERE psi <> 0 OR ks <> 0 OR moved > 1e-9 OR verdict <> ''stable'' OR before <> now', m.model),
	m.model || ': the same rows have not drifted')
  FROM (VALUES ('rows_then'), ('skips'), ('trims'), ('turns'), ('one')) m (model);
SELECT results_eq($$SELECT feature, kind, segment, verdict FROM segment_drift('rows_then')$$,
	$$VALUES ('even', 'feature', NULL::integer, 'stable'), ('skewed', 'feature', NULL, 'stable'), ('few', 'feature', NULL, 'stable'), ('flag', 'feature', NULL, 'stable'),
	         ('gaps', 'feature', NULL, 'stable'), ('drink', 'feature', NULL, 'stable'), (NULL, 'segments', NULL, 'stable'), (NULL, 'segment', 1, 'stable'),
	         (NULL, 'segment', 2, 'stable'), (NULL, 'segment', 3, 'stable'), (NULL, 'segment', 4, 'stable'), (NULL, 'margins', NULL, 'stable')$$,
	'a row a feature, for the segments together, for each of them, and for the margins');
SELECT results_eq($$SELECT before FROM segment_drift('rows_then') WHERE kind = 'feature' AND feature <> 'drink'$$,
	$$SELECT f.mean FROM segment_internal.catalog_feature f JOIN segment_internal.catalog_model m USING (model_id, run)
	   WHERE m.name = 'rows_then' AND f.source_column <> 'drink' ORDER BY f.feature_no$$, 'the means are those of the fit');
SELECT results_eq($$SELECT bin_cuts, bin_rows FROM segment_internal.catalog_feature f JOIN segment_internal.catalog_model m USING (model_id, run)
	                     WHERE m.name = 'rows_then' AND f.feature = 'few'$$,
	$$SELECT array_agg(few ORDER BY few), array_agg(rows ORDER BY few) || (SELECT count(*) FROM rows_then WHERE few >= 5) || 0::bigint FROM (SELECT few, count(*) AS rows FROM rows_then GROUP BY few HAVING few < 5) g$$,
	'few values have a bin each, greater ones and missing ones another');
SELECT is((SELECT array_agg(DISTINCT (SELECT sum(b) FROM unnest(f.bin_rows) b)) FROM segment_internal.catalog_feature f JOIN segment_internal.catalog_model m USING (model_id)
            WHERE m.name = 'rows_then'), '{3000}', 'each row is in one bin of each feature');
CREATE TABLE powers AS SELECT id, 10 ^ (even * 1.5) AS magnitude, CASE WHEN id % 3 = 0 THEN -1e9 * id ELSE even END AS lopsided, even, skewed FROM rows_then;
SELECT segment_kmeans('powers', 2, key => '{id}', features => '{magnitude,lopsided,even,skewed}', transform => 'none');
SELECT results_eq($$SELECT f.feature::text, b.bin - 1, b.rows FROM segment_internal.catalog_feature f JOIN segment_internal.catalog_model m USING (model_id, run),
	                      unnest(f.bin_rows[:cardinality(f.bin_cuts) + 1]) WITH ORDINALITY b (rows, bin) WHERE m.name = 'powers' AND b.rows > 0 ORDER BY 1, 2$$,
	$$SELECT f.feature::text, (SELECT count(*) FROM unnest(f.bin_cuts) c WHERE c < v.value::float8) AS bin, count(*)
	    FROM segment_internal.catalog_feature f JOIN segment_internal.catalog_model m USING (model_id, run)
	    JOIN (SELECT j.key, j.value FROM powers p, jsonb_each_text(to_jsonb(p)) j) v ON v.key = f.feature
	   WHERE m.name = 'powers' GROUP BY 1, 2 ORDER BY 1, 2$$, 'a bin has the values above so many cuts, wherever these are');

CREATE TEMP TABLE old_shares AS SELECT segment, share FROM rows_then_profile;
CREATE TEMP TABLE old_border AS
SELECT (count(*) FILTER (WHERE (segment_score('rows_then', r)).margin < 0.1))::float8 / count(*) AS share FROM rows_then r;

-- they change

SELECT change_rows();
CREATE TEMP TABLE found AS SELECT * FROM segment_drift('rows_then');

SELECT is(row(round(f.psi::numeric, 10), round(f.ks::numeric, 10))::text, row(round(e.psi::numeric, 10), round(e.ks::numeric, 10))::text,
	e.feature || ': as by numpy and scipy')
  FROM expected_drift e LEFT JOIN found f ON f.feature = e.feature AND f.kind = 'feature';
SELECT is_empty($$SELECT * FROM expected_drift e JOIN found f ON f.feature = e.feature AND f.kind = 'feature'
	               WHERE f.ks > e.ks_of_values + 1e-12 OR f.ks < e.ks_of_values - 0.02$$, 'ks is at most two hundredths below that of all values');
SELECT results_eq($$SELECT round(now::numeric, 9) FROM found WHERE kind = 'feature' AND feature <> 'drink'$$,
	$$SELECT round(unnest(ARRAY[avg(even), avg(skewed), avg(few), avg(flag), avg(gaps)])::numeric, 9) FROM rows_then$$, 'today''s means');
SELECT results_eq($$SELECT feature, verdict FROM found WHERE kind = 'feature'$$,
	$$VALUES ('even', 'stable'), ('skewed', 'drifted'), ('few', 'moderate'), ('flag', 'stable'), ('gaps', 'stable'), ('drink', 'drifted')$$, 'the verdicts');

-- tea, milk and beer had 1000 rows each; the first two have 950 or less now, none is missing then, 150 or less are now
SELECT is((SELECT round(psi::numeric, 10) FROM found WHERE kind = 'feature' AND feature = 'drink'),
	(SELECT round(sum((n - b) * ln(n / b))::numeric, 10)
	   FROM (SELECT greatest(before / 3000, 0.0001) AS b, greatest(count(r.id) / 3000.0, 0.0001)::float8 AS n
	           FROM (VALUES ('tea', 1000::float8), ('milk', 1000), ('beer', 1000), ('wine', 0), (NULL, 0)) v (drink, before)
	           LEFT JOIN rows_then r ON r.drink IS NOT DISTINCT FROM v.drink GROUP BY v.drink, before) s), 'a text by its values, a new one and none');
SELECT is((SELECT row(feature, before, round(now::numeric, 10), round(psi::numeric, 10), verdict)::text FROM found WHERE kind = 'new values'),
	row('drink', 0, round(60 / 3000.0, 10), round(((0.02 - 0.0001) * ln(0.02 / 0.0001) + (0.98 - 1) * ln(0.98 / 1))::numeric, 10), 'moderate')::text, 'a new category');

SELECT results_eq($$SELECT segment, round(before::numeric, 12), round(now::numeric, 12) FROM found WHERE kind = 'segment'$$,
	$$SELECT o.segment, round(o.share::numeric, 12), round((SELECT count(*) FROM rows_then r WHERE segment_predict('rows_then', r) = o.segment) / 3000.0, 12)
	    FROM old_shares o ORDER BY 1$$, 'the shares of segments, by segment_predict');
SELECT is((SELECT round(psi::numeric, 10) FROM found WHERE kind = 'segments'),
	(SELECT round(sum((now - before) * ln(now / before))::numeric, 10) FROM found WHERE kind = 'segment'), 'their stability index');
SELECT is((SELECT row(round(before::numeric, 12), round(now::numeric, 12))::text FROM found WHERE kind = 'margins'),
	(SELECT row(round(o.share::numeric, 12), round((SELECT count(*) FROM rows_then r WHERE (segment_score('rows_then', r)).margin < 0.1) / 3000.0, 12))::text
	   FROM old_border o), 'rows between segments, by segment_score');
SELECT is((SELECT round(psi::numeric, 10) FROM found WHERE kind = 'margins'),
	(SELECT round(((now - before) * ln(now / before) + (before - now) * ln((1 - now) / (1 - before)))::numeric, 10) FROM found WHERE kind = 'margins'), 'their stability index');

-- the way of a centroid, in original units, of the rows without missing values

CREATE TEMP TABLE centroid AS
SELECT segment, max(value) FILTER (WHERE feature = 'even') AS x, max(value) FILTER (WHERE feature = 'gaps') AS y FROM segment_centroids('skips') GROUP BY segment;
SELECT results_eq($$SELECT segment, round(moved::numeric, 9) FROM segment_drift('skips') WHERE kind = 'segment'$$,
	$$SELECT c.segment, round((sqrt((avg(r.even) - c.x) ^ 2 + (avg(r.gaps) - c.y) ^ 2)
	                           / (SELECT min(sqrt((o.x - c.x) ^ 2 + (o.y - c.y) ^ 2)) FROM centroid o WHERE o.segment <> c.segment))::numeric, 9)
	    FROM centroid c JOIN rows_then r ON segment_predict('skips', r) = c.segment GROUP BY c.segment, c.x, c.y ORDER BY 1$$, 'how far centroids have moved');
SELECT is((SELECT row(round(before::numeric, 12), round(now::numeric, 12), round(psi::numeric, 10))::text FROM segment_drift('skips') WHERE kind = 'skipped'),
	row(round(0.1, 12), round(0.2, 12), round((0.1 * ln(2::float8) - 0.1 * ln(8 / 9::float8))::numeric, 10))::text, 'rows skipped');
SELECT results_eq($$SELECT segment, moved IS NULL FROM segment_drift('weighs') WHERE kind = 'segment'$$, $$SELECT s, true FROM generate_series(1, 4) s$$,
	'centroids of weighted rows are not compared with plain means');
SELECT is((SELECT round(now::numeric, 12) FROM segment_drift('trims') WHERE segment = 0),
	(SELECT round(count(*) / 3000.0, 12) FROM rows_then r WHERE segment_predict('trims', r) = 0), 'rows left out are a segment, 0');
SELECT is((SELECT moved FROM segment_drift('trims') WHERE segment = 0), NULL, 'it has no centroid');
SELECT results_eq($$SELECT kind FROM segment_drift('one') WHERE kind NOT IN ('feature', 'skipped')$$, $$VALUES ('segments'), ('segment')$$, 'one segment has no margins');
SELECT is((SELECT moved FROM segment_drift('one') WHERE kind = 'segment'), NULL, 'and no other centroid to move to');
-- directions: one minus the cosine of the mean direction and the centroid's, to that of the nearest other
CREATE TEMP TABLE direction AS
SELECT segment, max(value) FILTER (WHERE feature = 'even') AS x, max(value) FILTER (WHERE feature = 'skewed') AS y FROM segment_centroids('turns') GROUP BY segment;
SELECT results_eq($$SELECT segment, round(moved::numeric, 6) FROM segment_drift('turns') WHERE kind = 'segment'$$,
	$$SELECT c.segment, round(((1 - (m.x * c.x + m.y * c.y) / sqrt((m.x ^ 2 + m.y ^ 2) * (c.x ^ 2 + c.y ^ 2)))
	                           / (SELECT min(1 - (o.x * c.x + o.y * c.y) / sqrt((o.x ^ 2 + o.y ^ 2) * (c.x ^ 2 + c.y ^ 2))) FROM direction o WHERE o.segment <> c.segment))::numeric, 6)
	    FROM direction c
	   CROSS JOIN LATERAL (SELECT avg(r.even / sqrt(r.even ^ 2 + r.skewed ^ 2)) AS x, avg(r.skewed / sqrt(r.even ^ 2 + r.skewed ^ 2)) AS y
	                         FROM rows_then r WHERE segment_predict('turns', r) = c.segment) m ORDER BY 1$$, 'centroids that are directions');

-- whatever the plan, the order of rows and the memory

CREATE TEMP TABLE again AS SELECT * FROM found;
SET LOCAL segment.max_parallel_workers = 0;
SELECT results_eq('SELECT * FROM segment_drift(''rows_then'')', 'SELECT * FROM found', 'the same without workers');
SET LOCAL segment.max_parallel_workers = 3;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SELECT results_eq('SELECT * FROM segment_drift(''rows_then'')', 'SELECT * FROM found', 'the same with three');
CREATE TEMP TABLE copy AS SELECT * FROM rows_then ORDER BY skewed;
TRUNCATE rows_then;
INSERT INTO rows_then SELECT * FROM copy;
SELECT results_eq('SELECT * FROM segment_drift(''rows_then'')', 'SELECT * FROM found', 'the same of rows in another order');

-- no write

SAVEPOINT reading;
SET TRANSACTION READ ONLY;
SELECT lives_ok('SELECT * FROM segment_drift(''rows_then'')', 'drift is measured in a transaction that only reads');
ROLLBACK TO reading;

-- a refresh if there is drift

CREATE TEMP TABLE skipping AS SELECT * FROM segment_drift('skips');
SELECT is((segment_refresh('skips', only_if_drift => true)).run, 2, 'a model that has drifted is fitted again');
SELECT is((SELECT row(drift_verdict, round(drift::numeric, 9), drift_of, drift_at < refreshed_at)::text FROM segment_status WHERE model = 'skips'),
	(SELECT row(verdict, round(moved::numeric, 9), format('of the centroid of segment %s', segment), true)::text FROM skipping WHERE moved = (SELECT max(coalesce(psi, moved)) FROM skipping)),
	'segment_status says how much');
SELECT is((segment_refresh('skips', only_if_drift => true)).run, 2, 'one that has not stays as it is');
SELECT is((SELECT count(*) FROM segment_runs WHERE model = 'skips'), 2::bigint, 'and has no run more');
SELECT is((SELECT row(drift_verdict, drift < 1e-9, drift_at > refreshed_at)::text FROM segment_status WHERE model = 'skips'), row('stable', true, true)::text,
	'segment_status says that it was looked at');
SELECT is((segment_refresh('groups', only_if_drift => true)).run, 2, 'a model a group is fitted again, for its drift is not measured');
SELECT is((SELECT drift_verdict FROM segment_status WHERE model = 'groups'), NULL, 'and none is said of it');

-- what the verdicts are

SELECT results_eq($$SELECT segment_internal.drift_verdict(f) FROM unnest('{0,0.0999,0.1,0.2499,0.25,1e300,NULL}'::float8[]) f$$,
	$$VALUES ('stable'), ('stable'), ('moderate'), ('moderate'), ('drifted'), ('drifted'), (NULL)$$, 'at 0.1 and 0.25');

-- rows that are not there

DELETE FROM rows_then;
SELECT is((SELECT string_agg(DISTINCT verdict, ', ') FROM segment_drift('rows_then') WHERE kind IN ('feature', 'segments')), 'drifted', 'a source without rows has drifted');
SELECT is((SELECT count(*) FROM segment_drift('rows_then') WHERE moved IS NOT NULL OR now > 0), 0::bigint, 'with nothing to say of today');
INSERT INTO rows_then SELECT * FROM copy;

-- what cannot be measured, and who may

SELECT throws_ok($$SELECT * FROM segment_drift('groups')$$, '0A000', 'model "groups" has a model a group, of which there is no drift');
SELECT throws_ok($$SELECT * FROM segment_drift('none')$$, '42704', 'model "none" does not exist');
INSERT INTO rows_then (id, even, skewed, few, flag, gaps) VALUES (0, 'infinity', 1, 1, 1, 1);
SELECT throws_like($$SELECT * FROM segment_drift('one')$$, '%infinit%', 'an infinite value is an error');
DELETE FROM rows_then WHERE id = 0;
CREATE ROLE drift_reader;
CREATE ROLE drift_stranger;
GRANT SELECT ON rows_then_members TO drift_reader;
SET LOCAL ROLE drift_reader;
SELECT results_eq('SELECT * FROM segment_drift(''rows_then'')', 'SELECT * FROM segment_drift(''public.rows_then'')', 'whoever may read its members may measure drift');
SELECT is((SELECT row(drift_verdict, rows_changed, error)::text FROM segment_status WHERE model = 'rows_then'), row(NULL, NULL, NULL)::text, 'but what its owner was told is the owner''s');
SET LOCAL ROLE drift_stranger;
SELECT throws_ok($$SELECT * FROM segment_drift('rows_then')$$, '42704', 'model "rows_then" does not exist');
RESET ROLE;

UPDATE segment_internal.catalog_feature SET bin_cuts = NULL, bin_rows = NULL;
SELECT throws_ok($$SELECT * FROM segment_drift('rows_then')$$, '55000', 'model "rows_then" has no bins to measure drift in');
SELECT is((segment_refresh('rows_then', only_if_drift => true)).run, 2, 'a refresh makes them');
SELECT is_empty($$SELECT * FROM segment_drift('rows_then') WHERE verdict <> 'stable'$$, 'since then nothing has drifted');
UPDATE segment_internal.catalog_feature SET bin_cuts = '{2,1}', bin_rows = '{1,1,1,1}' WHERE feature = 'even';
SELECT throws_ok($$SELECT * FROM segment_drift('rows_then')$$, '22023', 'the cuts of feature 1 must be finite and ascend');
UPDATE segment_internal.catalog_feature SET bin_cuts = '{NaN}', bin_rows = '{1,1,1}' WHERE feature = 'even';
SELECT throws_ok($$SELECT * FROM segment_drift('rows_then')$$, '22023', 'the cuts of feature 1 must be finite and ascend');
UPDATE segment_internal.catalog_feature SET bin_cuts = ARRAY(SELECT i FROM generate_series(1, 63) i), bin_rows = ARRAY(SELECT i FROM generate_series(1, 65) i) WHERE feature = 'even';
SELECT throws_ok($$SELECT * FROM segment_drift('rows_then')$$, '2202E', 'feature 1 has 63 cuts');
SELECT throws_ok($$SELECT segment_internal.today('SELECT even, skewed FROM rows_then; DROP TABLE rows_then', compiled, '{}', '{0,0}')
	                  FROM segment_internal.catalog_compiled c JOIN segment_internal.catalog_model m USING (model_id) WHERE m.name = 'turns'$$, '22023', 'the query of a source must be one SELECT');
SELECT throws_ok($$SELECT segment_internal.today('SELECT even, skewed FROM rows_then', compiled, '{1}', '{0,0}')
	                  FROM segment_internal.catalog_compiled c JOIN segment_internal.catalog_model m USING (model_id) WHERE m.name = 'turns'$$, '2202E', 'there are more cuts than those of 2 features');
SELECT throws_ok($$SELECT segment_internal.today('SELECT even, skewed FROM rows_then', compiled, '{}', '{0,NULL}')
	                  FROM segment_internal.catalog_compiled c JOIN segment_internal.catalog_model m USING (model_id) WHERE m.name = 'turns'$$, '2202E', 'there must be bins for each of 2 features');

SELECT * FROM finish();
ROLLBACK;
