-- segment_rescore: today's rows by a model as it is. Figures are compared with plain SQL over the rows and the centroids.

BEGIN;
SELECT plan(52);

SET client_min_messages = warning;

\ir complaint.psql

CREATE TABLE shop (id integer PRIMARY KEY, x float8, y integer, w integer);
INSERT INTO shop SELECT i, i % 4 * 100 + i % 7, i % 3 * 50 + i % 5, 1 + i % 3 FROM generate_series(1, 600) i;
CREATE TABLE log (what text, id integer);
CREATE FUNCTION pg_temp.note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.log VALUES (TG_OP, coalesce(NEW.id, OLD.id));
    RETURN NULL;
END
$$;

-- the distance of each row to each centroid, by the stored preparation
CREATE FUNCTION pg_temp.distances(model text) RETURNS TABLE (id integer, w integer, segment integer, squared float8)
LANGUAGE sql AS $$
    SELECT s.id, s.w, c.segment,
           sum(((CASE f.feature WHEN 'x' THEN s.x ELSE s.y END - f.center) / f.scale - c.scaled[f.feature_no]) ^ 2)
      FROM segment_internal.catalog_model m
      JOIN segment_internal.catalog_centroid c ON c.model_id = m.model_id AND c.run = 1
      JOIN segment_internal.catalog_feature f ON f.model_id = m.model_id AND f.run = 1
     CROSS JOIN shop s
     WHERE m.name = $1
     GROUP BY 1, 2, 3
$$;
CREATE FUNCTION pg_temp.nearest(model text) RETURNS TABLE (id integer, w integer, segment integer, squared float8, second float8)
LANGUAGE sql AS $$
    SELECT DISTINCT ON (d.id) d.id, d.w, d.segment, d.squared, lead(d.squared) OVER (PARTITION BY d.id ORDER BY d.squared)
      FROM pg_temp.distances($1) d ORDER BY d.id, d.squared
$$;

SELECT is((segment_kmeans('shop', 4, '{x,y}', tol => 0)).converged, true, 'a model');
SELECT segment_label('shop', 1, 'First');
CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON shop_assignment FOR EACH ROW EXECUTE FUNCTION pg_temp.note();
CREATE TABLE first_run AS SELECT * FROM segment_internal.catalog_run;
CREATE TABLE first_segments AS SELECT * FROM segment_internal.catalog_segment;

-- the same rows

SELECT results_eq($$SELECT run, k, k_reason, rows_read, rows_used, rows_skipped, iterations, converged FROM segment_rescore('shop')$$,
    $$VALUES (2, 4, 'as in the run before, rescored', 600::bigint, 600::bigint, 0::bigint, 0, true)$$, 'a run without iterations');
SELECT results_eq(
    'SELECT inertia, explained, silhouette, davies_bouldin, calinski_harabasz, compiled FROM segment_internal.catalog_run WHERE run = 2',
    'SELECT inertia, explained, silhouette, davies_bouldin, calinski_harabasz, compiled FROM first_run',
    'the figures of the same rows are the same, to the last bit, and so is the compiled model');
SELECT results_eq(
    'SELECT segment, label, named, rows, share, border_rows, distance_avg, margin_avg, mean, p25, median, p75, stddev, min, max, index_base FROM segment_internal.catalog_segment ORDER BY 1',
    'SELECT segment, label, named, rows, share, border_rows, distance_avg, margin_avg, mean, p25, median, p75, stddev, min, max, index_base FROM first_segments ORDER BY 1',
    'and those of the segments, with their labels');
SELECT is_empty('TABLE log', 'no row of the assignment is touched');
SELECT is((segment_refresh('shop')).inertia, (SELECT inertia FROM first_run), 'a refresh goes on from there');
SELECT segment_rescore('shop');

-- other rows

DELETE FROM shop WHERE id <= 100;
UPDATE shop SET x = x + 60, y = y + 10 WHERE id BETWEEN 300 AND 350;
INSERT INTO shop SELECT i, 390 + i % 20, i % 40, 2 FROM generate_series(1001, 1080) i;
SELECT results_eq($$SELECT run, k, rows_used FROM segment_rescore('shop')$$, $$VALUES (5, 4, 580::bigint)$$, 'today''s rows');
SELECT is((SELECT count(DISTINCT compiled) FROM segment_internal.catalog_run), 1::bigint, 'the compiled model is the same');
SELECT results_eq('SELECT segment, scaled, value FROM segment_internal.catalog_centroid WHERE run = 5 ORDER BY 1',
                  'SELECT segment, scaled, value FROM segment_internal.catalog_centroid WHERE run = 1 ORDER BY 1', 'and so are the centroids');
SELECT results_eq('SELECT id, segment FROM shop_assignment ORDER BY id', $$SELECT id, segment FROM pg_temp.nearest('shop') ORDER BY id$$,
    'each row is with the nearest centroid: new ones came in, vanished ones went out');
SELECT is((SELECT max(abs(a.distance - sqrt(n.squared))) < 1e-6 FROM shop_assignment a JOIN pg_temp.nearest('shop') n USING (id)), true, 'at that distance');
SELECT is(round(r.inertia::numeric, 6), (SELECT round(sum(n.squared)::numeric, 6) FROM pg_temp.nearest('shop') n), 'the inertia is that of today''s rows')
  FROM segment_runs r WHERE r.run = 5;
SELECT is(round(r.explained::numeric, 9),
          (SELECT round(1 - r.inertia::numeric / (count(*) * (var_pop(s.x)::numeric / (fx.scale ^ 2)::numeric + var_pop(s.y) / (fy.scale ^ 2)::numeric)), 9)
             FROM shop s, segment_internal.catalog_feature fx, segment_internal.catalog_feature fy
            WHERE (fx.run, fx.feature, fy.run, fy.feature) = (1, 'x', 1, 'y') GROUP BY fx.scale, fy.scale),
          'explained compares it with the variance of today''s rows')
  FROM segment_runs r WHERE r.run = 5;
SELECT is(round(r.silhouette::numeric, 9), (SELECT round(avg(1 - sqrt(n.squared / n.second))::numeric, 9) FROM pg_temp.nearest('shop') n), 'the simplified silhouette as well')
  FROM segment_runs r WHERE r.run = 5;
SELECT results_eq('SELECT segment, rows, round(share::numeric, 12), round(x_avg::numeric, 9), y_median FROM shop_profile ORDER BY 1',
    $$SELECT n.segment, count(*), round(count(*) / 580.0, 12), round(avg(s.x)::numeric, 9), percentile_cont(0.5) WITHIN GROUP (ORDER BY s.y)
        FROM pg_temp.nearest('shop') n JOIN shop s USING (id) GROUP BY 1 ORDER BY 1$$, 'the profile is of today''s rows');
SELECT results_eq('SELECT segment, label FROM shop_profile ORDER BY 1', 'SELECT segment, label FROM first_segments ORDER BY 1', 'labels stay, those given and the automatic ones');
SELECT results_eq('SELECT feature, center, scale, fill FROM segment_internal.catalog_feature WHERE run = 5 ORDER BY 1',
                  'SELECT feature, center, scale, fill FROM segment_internal.catalog_feature WHERE run = 1 ORDER BY 1', 'the preparation stays');
SELECT results_eq('SELECT round(mean::numeric, 9), round(stddev::numeric, 9), max FROM segment_internal.catalog_feature WHERE run = 5 AND feature = ''x''',
                  'SELECT round(avg(x)::numeric, 9), round(stddev_pop(x)::numeric, 9), max(x) FROM shop', 'and what it knows of all rows is today''s');
SELECT is(length(segment_report('shop')) > 20000, true, 'there is a report');

-- a segment that nobody is in stays

DELETE FROM shop_assignment WHERE false;
DELETE FROM shop s USING pg_temp.nearest('shop') n WHERE n.id = s.id AND n.segment = 2;
SELECT is((segment_rescore('shop')).k, 4, 'four segments, of which one is empty');
SELECT results_eq('SELECT label, rows, share, distance_avg, x_avg FROM shop_profile WHERE segment = 2',
    $$SELECT label, 0::bigint, 0::float8, NULL::float8, NULL::float8 FROM first_segments WHERE segment = 2$$, 'it has no rows and no averages');
SELECT is((SELECT sum(rows) FROM shop_profile), (SELECT count(*) FROM shop)::numeric, 'the others have them all');
SELECT is(length(segment_report('shop')) > 20000, true, 'and there is a report of them');
SELECT lives_ok($$SELECT * FROM segment_insights('shop')$$, 'and insights');
INSERT INTO shop SELECT 2000 + i, 53, 2, 1 FROM generate_series(1, 5) i;
SELECT is((SELECT rows_used FROM segment_refresh('shop', k => 4)), (SELECT count(*) FROM shop), 'a refresh fills it again');

-- every kind of model: the same rows, the same figures

DELETE FROM shop;
INSERT INTO shop SELECT i, i % 4 * 100 + i % 7, i % 3 * 50 + i % 5, 1 + i % 3 FROM generate_series(1, 600) i;
CREATE TABLE kinds (model text, options text);
INSERT INTO kinds VALUES ('shown', $$assignment => 'view'$$), ('none', $$assignment => 'none'$$), ('weighted', $$sample_weight => 'w'$$),
    ('trimmed', '"trim" => 0.05'), ('cosine', $$distance => 'cosine'$$), ('sized', 'min_share => 0.2'), ('tree', $$algorithm => 'bisecting'$$),
    ('yeo', $$transform => 'yeo-johnson', scaling => 'robust', outliers => 'clip'$$), ('one', 'k => 1'), ('grouped', $$group_by => '{w}'$$),
    ('skipping', $$outliers => 'skip', outlier_threshold => 0.1$$);
DO $$
DECLARE
    kind record;
BEGIN
    FOR kind IN SELECT * FROM public.kinds LOOP
        EXECUTE format('SELECT FROM segment_kmeans(''shop'', features => ''{x,y}'', tol => 0, model => %L, %s %s)', kind.model, kind.options,
                       CASE WHEN kind.options NOT LIKE 'k %' THEN ', k => 4' END);
        PERFORM segment_rescore(kind.model);
    END LOOP;
END
$$;
CREATE FUNCTION pg_temp.figures(wanted integer) RETURNS TABLE (model text, figures jsonb, rows bigint[], averages jsonb)
LANGUAGE sql AS $$
    SELECT m.name, jsonb_build_array(r.rows_read, r.rows_used, r.inertia, r.explained, r.silhouette, r.davies_bouldin, r.calinski_harabasz, r.compiled),
           ARRAY(SELECT p.rows FROM segment_internal.catalog_profile p WHERE p.model_id = m.model_id AND p.run = r.run ORDER BY p.segment),
           (SELECT jsonb_agg(jsonb_build_array(p.segment, p.label, p.border_rows, p.distance_avg, p.margin_avg, p.mean, p.median, p.stddev, p.max) ORDER BY p.segment)
              FROM segment_internal.catalog_profile p WHERE p.model_id = m.model_id AND p.run = r.run)
      FROM segment_internal.catalog_model m JOIN segment_internal.catalog_run r ON r.model_id = m.model_id AND r.run = wanted
     WHERE m.name IN (SELECT k.model FROM kinds k)
$$;
SELECT results_eq('SELECT * FROM pg_temp.figures(2) ORDER BY 1', 'SELECT * FROM pg_temp.figures(1) ORDER BY 1', 'the same figures and labels of every kind, to the last bit');
SELECT bag_eq('SELECT node, parent, segment, depth, rows, feature_no, split, above FROM segment_internal.catalog_node WHERE run = 2',
              'SELECT node, parent, segment, depth, rows, feature_no, split, above FROM segment_internal.catalog_node WHERE run = 1', 'and the same tree');

DELETE FROM shop WHERE id % 5 = 0;
INSERT INTO shop SELECT i, 5000, 7, 4 FROM generate_series(5001, 5003) i;
DO $$ BEGIN PERFORM segment_rescore(k.model) FROM public.kinds k; END $$;
SELECT is(round(r.inertia::numeric, 6), (SELECT round(sum(n.squared * n.w)::numeric, 6) FROM pg_temp.nearest('weighted') n), 'weights count')
  FROM segment_runs r WHERE r.model = 'weighted' AND r.run = 3;
SELECT results_eq('SELECT id FROM trimmed_assignment WHERE segment = 0 ORDER BY id',
    $$SELECT n.id FROM pg_temp.nearest('trimmed') n
       WHERE n.squared > (SELECT max(m.squared) FROM pg_temp.nearest('trimmed') m JOIN trimmed_assignment a USING (id) WHERE a.segment > 0) ORDER BY 1$$,
    'rows beyond the cut of the fit are outliers');
SELECT ok(5001 IN (SELECT id FROM trimmed_assignment WHERE segment = 0), 'new ones, too');
SELECT results_eq($$SELECT a.segment, count(*) FROM sized_assignment a GROUP BY 1 ORDER BY 1$$,
    $$SELECT segment_predict('sized', s), count(*) FROM shop s GROUP BY 1 ORDER BY 1$$, 'sizes are those of the offsets of the fit');
SELECT results_eq($$SELECT segment, rows FROM shown_profile ORDER BY 1$$, $$SELECT segment, count(*) FROM shown_assignment GROUP BY 1 ORDER BY 1$$,
    'a model that scores when it is read has a profile of today');
SELECT results_eq($$SELECT segment, rows FROM none_profile ORDER BY 1$$, $$SELECT segment_predict('none', s), count(*) FROM shop s GROUP BY 1 ORDER BY 1$$,
    'so has one without an assignment');
SELECT results_eq($$SELECT rows_skipped FROM segment_runs WHERE model = 'skipping' AND run = 3$$,
    $$SELECT count(*) FROM shop s WHERE segment_predict('skipping', s) IS NULL$$, 'rows that the recipe skips are skipped');
SELECT ok((SELECT rows_skipped FROM segment_runs WHERE model = 'skipping' AND run = 3) >= 3, 'some are');
SELECT results_eq('SELECT n.rows FROM segment_internal.catalog_node n WHERE n.run = 3 AND n.segment IS NULL ORDER BY n.node',
    $$SELECT (WITH RECURSIVE b AS (SELECT n.node UNION ALL SELECT c.node FROM b JOIN segment_internal.catalog_node c ON c.run = 3 AND c.parent = b.node)
              SELECT sum(p.rows)::bigint FROM b JOIN segment_internal.catalog_node c ON c.run = 3 AND c.node = b.node JOIN tree_profile p ON p.segment = c.segment)
        FROM segment_internal.catalog_node n WHERE n.run = 3 AND n.segment IS NULL ORDER BY n.node$$, 'a tree has today''s rows in its branches');

-- groups: one without rows stays, one that is new has to wait

DELETE FROM shop WHERE w = 1;
SELECT is((segment_rescore('grouped')).k, 12, 'groups');
SELECT results_eq($$SELECT group_values, rows_read, rows_used, k, k_reason FROM segment_groups('grouped') WHERE rows_used = 0 ORDER BY group_values$$,
    $$VALUES ('{"w": "1"}'::jsonb, 0::bigint, 0::bigint, 4, 'no rows now'), ('{"w": "4"}', 3, 0, NULL, 'no model of it yet')$$, 'the vanished one and the new one');
SELECT is((SELECT count(*) FROM grouped_profile WHERE w = '1' AND rows = 0), 4::bigint, 'segments of the vanished one are empty');
SELECT is_empty('SELECT FROM grouped_assignment a JOIN shop s USING (id) WHERE s.w = 4', 'rows of the new one have none');
SELECT is((segment_refresh('grouped')).rows_read, (SELECT count(*) FROM shop), 'a refresh takes all up');

-- more rows than memory holds

CREATE TABLE many AS SELECT i AS id, (i % 4 * 100 + i % 7)::float8 AS x, (SELECT array_agg((i % (7 + j))::real) FROM generate_series(1, 300) j) AS wide FROM generate_series(1, 12000) i;
SELECT segment_kmeans('many', 2, '{x,wide}', key => '{id}', n_init => 1, max_iter => 1);
SELECT segment_rescore('many');
SET segment.work_mem = '64kB';
SELECT results_eq($$SELECT rows_used, inertia, explained, silhouette FROM segment_rescore('many')$$, $$SELECT rows_used, inertia, explained, silhouette FROM segment_runs WHERE model = 'many' AND run = 2$$,
    'rows that are read again for each pass have the same figures');
RESET segment.work_mem;

-- what a fit would refuse

CREATE TABLE strict (id integer PRIMARY KEY, x float8);
INSERT INTO strict SELECT i, i % 2 * 10 + i % 3 FROM generate_series(1, 20) i;
SELECT segment_kmeans('strict', 2, '{x}', missing => 'error', transform => 'log1p');
INSERT INTO strict VALUES (21, NULL);
SELECT is(pg_temp.complaint($$SELECT segment_rescore('strict')$$), '22004 column "x" has missing values: 1 of 21 | Choose what replaces them with missing => ''median'', ''mean'' or ''zero'', or leave such rows out with ''skip''.', 'a missing value');
UPDATE strict SET x = 'Infinity' WHERE id = 21;
SELECT matches(pg_temp.complaint($$SELECT segment_rescore('strict')$$), '^22003 .*"x".*infinit', 'an infinity');
UPDATE strict SET x = -1 WHERE id = 21;
SELECT matches(pg_temp.complaint($$SELECT segment_rescore('strict')$$), '^22023|^2201E|^22003', 'a value without a logarithm');
SELECT segment_kmeans('strict', 2, '{x}', missing => 'error', transform => 'none', model => 'far');
UPDATE strict SET x = 1e300 WHERE id = 21;
SELECT is(pg_temp.complaint($$SELECT segment_rescore('far')$$), '22003 a row is too far from all segments to measure its distance | Look for absurd values among its features.', 'an absurd value');
DELETE FROM strict;
SELECT is(pg_temp.complaint($$SELECT segment_rescore('strict')$$), '22023 relation "strict" has no rows | Load it first, or check that row security lets you see its rows.', 'no rows');
SELECT is((SELECT count(*) FROM strict_assignment), 20::bigint, 'after an error all is as before');
SELECT is(pg_temp.complaint($$SELECT segment_rescore(NULL)$$), '22004 argument "model" must not be NULL | ', 'NULL');
SELECT is(pg_temp.complaint($$SELECT segment_internal.fit('s', 'SELECT id, x, y FROM shop', 1, NULL, ROW(ARRAY[ROW('y', 'number', 1, '{}')::segment_internal.source_column], ARRAY[ROW('y', 'y', 1, 'number', 'median', 'keep', 'iqr', 1.5, 0, 'none', 'standard', 1)::segment_internal.preparation])::segment_internal.recipe,
    false, 'euclidean', 'random', NULL, 1, 10, 0, 0, 2, 2, 0, (SELECT compiled FROM segment_internal.catalog_compiled LIMIT 1), NULL, NULL, rescore => true)$$),
    '22023 the recipe is not that of the compiled model | ', 'a recipe of another model');

-- who may

CREATE ROLE segment_rescore_owner;
CREATE ROLE segment_rescore_member;
CREATE ROLE segment_rescore_other;
GRANT segment_rescore_owner TO segment_rescore_member;
GRANT CREATE, USAGE ON SCHEMA public TO segment_rescore_owner, segment_rescore_member, segment_rescore_other;
SET ROLE segment_rescore_owner;
CREATE TABLE theirs AS SELECT i AS id, i % 2 * 10 AS x FROM generate_series(1, 20) i;
SELECT segment_kmeans('theirs', 2, '{x}', key => '{id}');
GRANT SELECT ON theirs_members, theirs_profile, theirs_assignment, theirs TO segment_rescore_other;
SET ROLE segment_rescore_member;
SELECT is((segment_rescore('theirs')).run, 2, 'a member of the owner may');
SET ROLE segment_rescore_other;
SELECT matches(pg_temp.complaint($$SELECT segment_rescore('theirs')$$), '^42501 must be owner of model "theirs"', 'a reader may not');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
