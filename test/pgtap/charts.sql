-- Charts as data: specifications have the rows of their sources, whatever is in these. test/t/report.t draws them.

BEGIN;
SELECT plan(81);

SET client_min_messages = warning;

\ir complaint.psql

-- The rows of a chart of a model, in its order.
CREATE FUNCTION pg_temp.rows(model text, chart text) RETURNS SETOF jsonb LANGUAGE sql AS $$
    SELECT r FROM jsonb_array_elements(segment_chart(model, chart) #> '{data,values}') WITH ORDINALITY u (r, n) ORDER BY n
$$;

-- Three groups of 100 rows in three numbers and a text.
CREATE TABLE crowd AS
SELECT i AS id, i % 3 * 10 + hashint4(i) % 100 / 20.0 AS a, hashint4(i + 1000) % 100 / 20.0 AS b, i % 3 % 2 * 10 + hashint4(i + 2000) % 100 / 50.0 AS c,
       (ARRAY['"x" <script>', 'y'])[1 + (i % 3 + 1) / 2] AS town
  FROM generate_series(1, 300) i;
ALTER TABLE crowd ADD PRIMARY KEY (id);
SELECT is((segment_kmeans('crowd', model => 'model', features => '{a,b,c,town}', k_max => 4, history => true)).k, 3, 'a model called "model"');
SELECT segment_label('model', 1, 'عملاء "مخلصون"'), segment_label('model', 2, '<script>alert(1)</script>'), segment_label('model', 3, '<script>alert(1)</script>');

-- segment_charts

SELECT results_eq('SELECT chart FROM segment_charts()', '{sizes,effects,profile,map,elbow,silhouette,distribution,correlation,history,flow}'::text[], 'the charts');
SELECT is_empty('SELECT * FROM segment_charts() c WHERE num_nulls(c.*) > 0 OR title = '''' OR description !~ ''\.$''', 'are described');
SELECT lives_ok('SELECT FROM ' || source, 'the source of ' || chart) FROM segment_charts();

-- the frame

CREATE TABLE specs AS SELECT c.*, segment_chart('model', chart) AS spec FROM segment_charts() c;
SELECT results_eq($$SELECT DISTINCT spec ->> '$schema', spec #> '{config,range,category,0}' FROM specs$$,
    $$VALUES ('https://vega.github.io/schema/vega-lite/v6.json', '"#0072b2"'::jsonb)$$, 'all are of Vega-Lite 6 and look alike');
SELECT is_empty($$SELECT chart FROM specs WHERE spec #>> '{title,text}' IS DISTINCT FROM title$$, 'have their titles');
SELECT is_empty($$SELECT chart FROM specs WHERE spec ->> 'description' IS DISTINCT FROM title || ' of the model model, run 1. ' || description$$, 'and descriptions');
SELECT is_empty($$SELECT chart FROM specs WHERE jsonb_typeof(spec #> '{data,values}') IS DISTINCT FROM 'array' OR spec::text ~ '"url"'$$, 'have their data inside');
SELECT is(spec #> '{title,subtitle}', '["How clearly segments are apart, 1 at most: higher is better", "Model model, run 1"]', 'and say what they show') FROM specs WHERE chart = 'silhouette';
SELECT is(ARRAY(SELECT chart FROM specs WHERE spec ->> 'width' = 'container'), '{sizes,map,elbow,silhouette,history,flow}', 'those of one panel are as wide as there is room');

-- the same each time, whatever the session prefers

SELECT is_empty($$SELECT chart FROM specs WHERE spec <> segment_chart('public.model', chart)$$, 'the same each time');
SET extra_float_digits = -10;
SET TimeZone = 'Asia/Tokyo';
SET DateStyle = 'German, DMY';
SELECT is_empty($$SELECT chart FROM specs WHERE spec::text <> segment_chart('model', chart)::text$$, 'under any settings');
RESET extra_float_digits;
RESET TimeZone;
RESET DateStyle;

-- rows are those of the sources

SELECT results_eq($$SELECT (r ->> 'segment')::integer, (r ->> 'rows')::bigint, (r ->> 'share')::float8 FROM pg_temp.rows('model', 'sizes') r$$,
    'SELECT segment, rows, share FROM model_profile', 'sizes');
SELECT results_eq($$SELECT (r ->> 'segment')::integer, (r ->> 'rank')::integer, r ->> 'feature', r ->> 'insight', (r ->> 'mean')::float8, r ->> 'reliability'
                      FROM pg_temp.rows('model', 'effects') r$$,
    $$SELECT segment, rank, feature, insight, mean, reliability FROM segment_insights('model') WHERE rank <= 5$$, 'effects');
SELECT results_eq($$SELECT (r ->> 'segment')::integer, r ->> 'feature', (r ->> 'mean')::float8, (r ->> 'population_mean')::float8, (r ->> 'index')::float8, (r ->> 'z')::float8
                      FROM pg_temp.rows('model', 'profile') r ORDER BY 1, 2$$,
    $$SELECT segment, feature, mean, population_mean, index, z FROM segment_profile('model') ORDER BY 1, 2$$, 'profile');
SELECT results_eq($$SELECT r ->> 'key', (r ->> 'segment')::integer, (r ->> 'x')::float8, (r ->> 'y')::float8 FROM pg_temp.rows('model', 'map') r$$,
    $$SELECT 'id ' || (key ->> 'id'), segment, x, y FROM segment_map('model')$$, 'map');
SELECT results_eq($$SELECT (r ->> 'k')::integer, (r ->> 'inertia')::float8, (r ->> 'chosen')::boolean FROM pg_temp.rows('model', 'elbow') r$$,
    $$SELECT k, inertia, chosen FROM segment_candidates('model')$$, 'elbow');
SELECT results_eq($$SELECT (r ->> 'k')::integer, (r ->> 'silhouette')::float8, (r ->> 'chosen')::boolean FROM pg_temp.rows('model', 'silhouette') r$$,
    $$SELECT k, silhouette, chosen FROM segment_candidates('model') WHERE k > 1$$, 'silhouette');
SELECT results_eq($$SELECT (r ->> 'segment')::integer, r ->> 'feature', (r ->> 'low')::float8, (r ->> 'p25')::float8, (r ->> 'median')::float8, (r ->> 'p75')::float8, (r ->> 'high')::float8
                      FROM pg_temp.rows('model', 'distribution') r$$,
    $$SELECT segment, feature, low, p25, median, p75, high FROM segment_distribution WHERE model = 'model' ORDER BY feature_no, segment$$, 'distribution');
SELECT results_eq($$SELECT r ->> 'x', r ->> 'y', (r ->> 'r')::float8 FROM pg_temp.rows('model', 'correlation') r ORDER BY 1, 2$$,
    $$SELECT x, y, r FROM segment_feature_correlation('model') ORDER BY 1, 2$$, 'correlation');
SELECT results_eq($$SELECT (r ->> 'run')::integer, (r ->> 'segment')::integer, (r ->> 'rows')::bigint, (r ->> 'share')::float8 FROM pg_temp.rows('model', 'history') r$$,
    $$SELECT run, segment, rows, share FROM segment_history WHERE model = 'model' ORDER BY run, segment$$, 'history');

-- segments

SELECT results_eq($$SELECT r ->> 'name' FROM pg_temp.rows('model', 'sizes') r$$,
    '{"1. عملاء \"مخلصون\"",2. <script>alert(1)</script>,3. <script>alert(1)</script>}'::text[], 'segments go by number and label');
SELECT is(spec #> '{encoding,color,scale}',
    '{"domain": ["1. عملاء \"مخلصون\"", "2. <script>alert(1)</script>", "3. <script>alert(1)</script>"], "range": ["#0072b2", "#b84a00", "#00755a"]}',
    'each has its colour') FROM specs WHERE chart = 'map';
SELECT is(spec #> '{encoding,shape,scale,range}', '["circle", "circle", "circle"]', 'in one shape, as long as colours last') FROM specs WHERE chart = 'map';
SELECT ok(bool_and(r ->> 'feature' IN ('a', 'b', 'c', 'town="x" <script>', 'town=y')), 'features keep their names') FROM pg_temp.rows('model', 'distribution') r;

-- what JSON has no number for: an effect is infinite where neither side varies, an index does not exist where the mean is 0

SELECT is(ARRAY[segment_internal.finite('NaN'), segment_internal.finite('Infinity'), segment_internal.finite('-Infinity'), segment_internal.finite(NULL), segment_internal.finite(-1e308)],
    ARRAY[NULL, NULL, NULL, NULL, -1e308::float8], 'what is finite');
CREATE TABLE odd AS SELECT i AS id, i % 2 AS flag, i % 2 * 2 - 1 AS sign, i % 2 * 1e307 AS huge FROM generate_series(1, 40) i;
ALTER TABLE odd ADD PRIMARY KEY (id);
SELECT is((segment_kmeans('odd', 2, features => '{flag,sign,huge}')).k, 2, 'a model of groups that do not vary');
SELECT cmp_ok(count(*), '>', 0::bigint, 'has effects without end') FROM segment_insights('odd') WHERE abs(effect) = 'Infinity';
SELECT results_eq($$SELECT (r ->> 'effect')::float8 FROM pg_temp.rows('odd', 'effects') r$$,
    $$SELECT CASE WHEN abs(effect) < 'Infinity' THEN effect END FROM segment_insights('odd') WHERE rank <= 5$$, 'which are null in a chart');
SELECT is(segment_chart('odd', 'effects') #> '{spec,encoding,x,scale}', '{"clamp": true, "domain": [-3, 3]}', 'and whose bars end');
SELECT is(ARRAY(SELECT r -> 'index' FROM pg_temp.rows('odd', 'profile') r WHERE r ->> 'feature' = 'sign'), ARRAY['null', 'null']::jsonb[], 'and an index that does not exist');
SELECT is_empty($$SELECT chart FROM segment_charts() WHERE segment_chart('odd', chart)::text ~ '"-?(NaN|Infinity)"'$$, 'no number is a text');

-- many segments and features

CREATE TABLE many AS
SELECT i AS id, r.* FROM generate_series(1, 500) i
 CROSS JOIN LATERAL (SELECT ARRAY(SELECT CASE WHEN n <= 10 THEN hashint4(i + 1000 * n) % 100 / 100.0 ELSE i % 10 * 10 % (n + 2) END FROM generate_series(1, 40) n) AS f) r;
ALTER TABLE many ADD PRIMARY KEY (id);
SELECT is((segment_kmeans('many', 10, features => '{f}', scaling => 'none', n_init => 1)).k, 10, 'ten segments of forty features');
SELECT is(ARRAY(SELECT DISTINCT (regexp_match(r ->> 'feature', '\d+'))[1]::integer AS n FROM pg_temp.rows('many', chart) r ORDER BY n), ARRAY(SELECT generate_series(11, 40)),
    chart || ' has the 30 that differ most') FROM unnest('{profile,distribution}'::text[]) chart;
SELECT is(array_agg(DISTINCT r ->> 'x' ORDER BY r ->> 'x') @> '{f[11]}' AND count(*) = 900, true, 'so has correlation') FROM pg_temp.rows('many', 'correlation') r;
SELECT is(segment_chart('many', 'profile') #>> '{title,subtitle,1}', 'Of more than 30 features, the 30 that differ most', 'and says so');
SELECT is(segment_chart('many', 'map') #> '{encoding,color,scale,range}', '["#0072b2", "#b84a00", "#00755a", "#a6447e", "#856000", "#4f52b8", "#577000", "#2b2d31", "#636363", "#636363"]',
    'no colour comes twice, but the grey of those beyond the eighth');
SELECT is(segment_chart('many', 'map') #> '{encoding,shape,scale,range}', '["circle", "circle", "circle", "circle", "circle", "circle", "circle", "circle", "square", "triangle-up"]',
    'which have another shape each');

-- runs: a segment keeps its colour, and its last label when it is gone

CREATE TABLE runs AS SELECT i AS id, i % 4 * 100 + i % 7 AS x FROM generate_series(1, 400) i;
ALTER TABLE runs ADD PRIMARY KEY (id);
SELECT is((segment_kmeans('runs', 4)).run, 1, 'a run');
DELETE FROM runs WHERE id % 4 = 1;
SELECT is((segment_refresh('runs', k => 3)).run, 2, 'and one without one of its segments');
SELECT results_eq($$SELECT (r ->> 'run')::integer, (r ->> 'segment')::integer, (r ->> 'rows')::bigint FROM pg_temp.rows('runs', 'history') r$$,
    $$SELECT run, segment, rows FROM segment_history WHERE model = 'runs' ORDER BY run, segment$$, 'history has both');
SELECT is((SELECT count(*) FROM pg_temp.rows('runs', 'sizes')), 3::bigint, 'sizes are those of the last');
SELECT is(jsonb_array_length(segment_chart('runs', 'history') #> '{encoding,color,scale,domain}'), 4, 'history tells four segments apart');
SELECT is_empty($$SELECT r FROM pg_temp.rows('runs', 'history') r WHERE NOT segment_chart('runs', 'history') #> '{encoding,color,scale,domain}' @> jsonb_build_array(r -> 'name')$$,
    'each of its rows is one of them');
SELECT is(segment_chart('runs', 'sizes') #> '{layer,1,encoding,color,scale,range}',
          (SELECT jsonb_agg((ARRAY['#0072b2', '#b84a00', '#00755a', '#a6447e'])[segment] ORDER BY segment) FROM runs_profile), 'colours go by number');

-- little to show

SELECT is((segment_kmeans('crowd', 1, model => 'one', features => '{a,b}')).k, 1, 'one segment');
SELECT results_eq($$SELECT r FROM pg_temp.rows('one', 'sizes') r$$, $$SELECT jsonb_build_object('segment', 1, 'name', '1. ' || label, 'rows', 300, 'share', 1) FROM one_profile$$, 'is all');
SELECT is(segment_chart('one', 'effects') - '{$schema,config,title,description,width,height}'::text[],
    '{"data": {"values": []}, "layer": [{"data": {"values": [{}]}, "mark": {"type": "text", "text": "There is nothing to show."}}]}', 'and apart from no other');
SELECT is((segment_kmeans('crowd', 2, model => 'bare', key => '{}', features => '{a}')).assignment, NULL::regclass, 'no key');
SELECT results_eq($$SELECT r -> 'key', count(*) FROM pg_temp.rows('bare', 'map') r GROUP BY 1$$, $$VALUES ('null'::jsonb, 300::bigint)$$, 'has a map without keys');
CREATE TABLE parts (shop text, id integer, x integer, PRIMARY KEY (id, shop));
INSERT INTO parts VALUES ('"a"', 1, 0), ('b, c', 2, 9);
SELECT is((segment_kmeans('parts', 2)).k, 2, 'a key of two columns');
SELECT is(ARRAY(SELECT r ->> 'key' FROM pg_temp.rows('parts', 'map') r), '{"id 1, shop \"a\"","id 2, shop b, c"}', 'is told in words');

-- rights and errors

CREATE ROLE segment_viewer;
GRANT segment_viewer TO CURRENT_USER;
GRANT SELECT ON model_profile TO segment_viewer;
SET ROLE segment_viewer;
SELECT is(pg_temp.complaint($$SELECT segment_chart('model', 'distribution')$$), 'no error', 'who may read the profile may see what a fit has stored');
SELECT matches(pg_temp.complaint($$SELECT segment_chart('model', 'map')$$), '^42501 permission denied for table crowd', 'and no row of the source');
SELECT is(pg_temp.complaint($$SELECT segment_chart('runs', 'sizes')$$), '42704 model "runs" does not exist | SELECT model FROM segment_models lists the models.', 'nor another model');
RESET ROLE;
SELECT is(pg_temp.complaint($$SELECT segment_chart('model', 'pie')$$), '22023 unrecognized value "pie" for argument "chart" | '
    'Use one of sizes, effects, profile, map, elbow, silhouette, distribution, correlation, history, flow.', 'an unknown chart');
SELECT is(pg_temp.complaint($$SELECT segment_chart('model', NULL)$$), '22004 argument "chart" must not be NULL | ', 'no chart');
SELECT is(pg_temp.complaint($$SELECT segment_chart('modell', 'map')$$), '42704 model "modell" does not exist | Perhaps you meant the model "model".', 'an unknown model');

-- segment_candidates: of a chosen k those that the fit tried, of a given one those that are tried now

SELECT is((segment_kmeans('crowd', model => 'chosen', features => '{a,b}', k_min => 2, k_max => 6, seed => 3)).k_reason ~ 'simplified silhouette', true, 'k is chosen');
SELECT results_eq($$SELECT k, inertia, explained, silhouette, davies_bouldin, calinski_harabasz, smallest_share, chosen, rows, sampled FROM segment_candidates('chosen')$$,
    $$SELECT k, inertia, explained, silhouette, davies_bouldin, calinski_harabasz, smallest_share, recommended, 300::bigint, false
        FROM segment_elbow('crowd', 2, 6, '{a,b}', seed => 3)$$, 'the numbers that were tried are those of segment_elbow');
SELECT is((segment_kmeans('crowd', 3, model => 'given', features => '{a,b}')).k_reason, 'given', 'k is given');
SELECT results_eq($$SELECT k, chosen, rows, sampled FROM segment_candidates('given')$$, $$SELECT k, k = 3, 300::bigint, false FROM generate_series(1, 10) k$$, 'others are tried now');
SELECT cmp_ok(abs(c.inertia / r.inertia - 1), '<', 0.01::float8, 'on the same rows, to much the same end')
  FROM segment_candidates('given') c JOIN segment_runs r ON r.model = 'given' WHERE c.chosen;
CREATE TABLE plenty AS SELECT i AS id, i % 5 * 10 + hashint4(i) % 100 / 40.0 AS a FROM generate_series(1, 20000) i;
ALTER TABLE plenty ADD PRIMARY KEY (id);
SELECT is((segment_kmeans('plenty', 5)).k, 5, 'of many rows');
SELECT results_eq($$SELECT DISTINCT rows, sampled FROM segment_candidates('plenty')$$, 'VALUES (3000::bigint, true)', 'a sample is enough');
SELECT is((SELECT k FROM segment_candidates('plenty') ORDER BY silhouette DESC NULLS LAST LIMIT 1), 5, 'to tell the right number');
SELECT results_eq($$SELECT * FROM segment_candidates('plenty')$$, $$SELECT * FROM segment_candidates('plenty')$$, 'always the same');
CREATE TABLE twins AS SELECT i % 2 AS a, 1 + i % 2 AS b FROM generate_series(1, 20000) i;
SELECT is((segment_kmeans('twins', 2, key => '{}', sample_weight => 'b', features => '{a,b}')).k, 2, 'of many rows, most of them equal, without a key');
SELECT results_eq($$SELECT DISTINCT rows, sampled FROM segment_candidates('twins')$$, 'VALUES (3000::bigint, true)', 'the sample is as large');
SELECT is((segment_kmeans('plenty', 21, model => 'lots', n_init => 1)).k, 21, 'more than twenty segments');
SELECT results_eq($$SELECT k, chosen, sampled FROM segment_candidates('lots')$$, 'VALUES (21, true, false)', 'are not tried again');

SELECT * FROM finish();
ROLLBACK;
