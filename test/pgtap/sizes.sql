-- Sizes of segments that are asked for, and rows that are left out.

BEGIN;
SELECT plan(77);

SET client_min_messages = warning;

CREATE FUNCTION pg_temp.refusal(query text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    hint text;
BEGIN
    EXECUTE query;
    RETURN 'answers';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
    RETURN concat_ws(' | ', SQLSTATE || ' ' || SQLERRM, hint);
END
$$;

-- By hand. Of all ways to divide the line with four rows on each side, 0, 1, 8, 9 and 10, 11, 12, 14 has the least sum
-- of squares: 65 + 8.75.
CREATE TABLE line (id integer PRIMARY KEY, x float8);
INSERT INTO line VALUES (1, 0), (2, 1), (3, 8), (4, 9), (5, 10), (6, 11), (7, 12), (8, 14);
SELECT is(inertia, 73.75::float8, 'min_share: the least inertia that there is') FROM segment_kmeans('line', 2, scaling => 'none', min_share => 0.5);
SELECT results_eq('SELECT segment, rows, share FROM line_profile', 'VALUES (1, 4::bigint, 0.5::float8), (2, 4, 0.5)', 'segments of that size');
SELECT results_eq('SELECT id, round(margin::numeric, 4) FROM line_assignment WHERE margin < 0.1 ORDER BY id', 'VALUES (3, 0.0667), (4, -0.3889)',
    'a row that is nearer to another centroid has a margin below 0: 9 is 4.5 from 4.5, and 2.75 from 11.75');
SELECT is(round(silhouette::numeric, 6), (SELECT round(avg((other - own) / greatest(own, other))::numeric, 6)
                                           FROM (SELECT abs(x - CASE WHEN x < 9.5 THEN 4.5 ELSE 11.75 END) AS own, abs(x - CASE WHEN x < 9.5 THEN 11.75 ELSE 4.5 END) AS other FROM line) d),
    'and so has it in the silhouette') FROM segment_runs WHERE model = 'line';
SELECT results_eq('SELECT segment_predict(''line'', v) = (SELECT segment FROM line_assignment WHERE id = 4) FROM (VALUES (9.49::float8), (9.51)) v (x)', 'VALUES (true), (false)',
    'scoring: the border is half-way to the next row');
SELECT results_eq('SELECT segment, distance FROM (VALUES (9::float8)) v (x), segment_distances(''line'', v)',
    $$SELECT segment, abs(9 - value) FROM segment_centroids('line') ORDER BY 2$$, 'distances are plain ones: the segment of the row need not come first');
SELECT is(round(inertia::numeric, 6), 23.833333, 'max_share that segments keep anyway: 0.5 + 23.333333')
  FROM segment_kmeans('line', 2, scaling => 'none', max_share => 0.75, replace => true);
SELECT cmp_ok(min(margin), '>', 0::real, 'nothing changes') FROM line_assignment;

-- The least of all divisions of nine points into three times three, by trying each.
CREATE TABLE nine (id integer PRIMARY KEY, x float8, y float8);
INSERT INTO nine SELECT i, (i * i * 37) % 101, (i * 59) % 83 FROM generate_series(1, 9) i;
CREATE TABLE threes AS
SELECT a.id AS a, ARRAY[a.id, b.id, c.id] AS ids, (var_pop(v.x) + var_pop(v.y)) * 3 AS squares
  FROM nine a JOIN nine b ON b.id > a.id JOIN nine c ON c.id > b.id
 CROSS JOIN LATERAL (VALUES (a.x, a.y), (b.x, b.y), (c.x, c.y)) v (x, y)
 GROUP BY a.id, b.id, c.id;
SELECT is(round(inertia::numeric, 6), (SELECT round(min(p.squares + q.squares + r.squares)::numeric, 6)
                                         FROM threes p JOIN threes q ON NOT p.ids && q.ids AND q.a > p.a
                                         JOIN threes r ON NOT r.ids && p.ids AND NOT r.ids && q.ids AND r.a > q.a),
    'three times three: the least of 280 divisions') FROM segment_kmeans('nine', 3, scaling => 'none', min_share => 0.3333);
SELECT results_eq('SELECT rows FROM nine_profile', 'VALUES (3::bigint), (3), (3)', 'three times three rows');

-- Skewed data. Best of 25 starts whose rows are assigned by linear programming (scipy.optimize.linprog, HiGHS): 425.712134,
-- 469.137041, 638.898582. Best of 200 starts of k-means--: 218.079609.
CREATE TABLE skewed AS
SELECT i AS id, exp(3 * sin(i * 12.9898)) AS x, exp(2 * cos(i * 78.233) + sin(i * 1.7)) AS y, 1 + i % 3 AS often FROM generate_series(1, 1000) i;
ALTER TABLE skewed ADD PRIMARY KEY (id);
CREATE TABLE shuffled AS SELECT * FROM skewed ORDER BY md5(id::text);
CREATE TABLE asked (model text, best float8, call text);
INSERT INTO asked VALUES ('least', 425.712134, 'min_share => 0.15'), ('most', 469.137041, 'max_share => 0.3'), ('both', 638.898582, 'min_share => 0.249, max_share => 0.251'),
                         ('left', 218.079609, '"trim" => 0.05'), ('narrow', NULL, 'min_share => 0.2, "trim" => 0.1'),
                         ('angles', NULL, 'min_share => 0.2, max_share => 0.3, "trim" => 0.02, distance => ''cosine'''),
                         ('heavy', NULL, 'min_share => 0.2, "trim" => 0.02, sample_weight => ''often'''),
                         ('short', NULL, 'min_share => 0.24, "trim" => 0.01, max_iter => 1');
CREATE TABLE fits (model text, inertia float8);
DO $$
DECLARE
    a record;
BEGIN
    FOR a IN SELECT * FROM asked LOOP
        EXECUTE format('INSERT INTO fits SELECT model, inertia FROM segment_kmeans(''skewed'', 4, ''{x,y}'', model => %L, %s)', a.model, a.call);
    END LOOP;
END
$$;
SELECT ok(f.inertia BETWEEN a.best - 1e-6 AND a.best * 1.001, a.model || ': within 0.1 % of the best known: ' || f.inertia) FROM fits f JOIN asked a USING (model) WHERE a.best IS NOT NULL;
SELECT is(min(share), 0.15::float8, 'min_share is reached, and no more') FROM least_profile;
SELECT is(max(share), 0.3::float8, 'max_share is kept, and no less') FROM most_profile;
SELECT results_eq('SELECT rows FROM both_profile', 'VALUES (251::bigint), (251), (249), (249)', 'both at once');
SELECT results_eq('SELECT segment, label, rows, share FROM left_profile WHERE segment = 0', $$VALUES (0, 'Outliers', 50::bigint, 0.05::float8)$$, 'outliers are segment 0');
SELECT results_eq('SELECT sum(p.rows), round(sum(p.share)::numeric, 9) FROM left_profile p', 'VALUES (1000::numeric, 1.000000000)', 'rows add up');
SELECT results_eq('SELECT rows_read, rows_used, k FROM segment_runs WHERE model = ''left''', 'VALUES (1000::bigint, 1000::bigint, 4)', 'they are rows used, but no segment of k');
SELECT results_eq('SELECT count(*), min(rows) >= 200 FROM narrow_profile WHERE segment > 0', 'VALUES (4::bigint, true)', 'sizes beside outliers: shares of all rows');
SELECT is(rows, 100::bigint, 'and as many outliers') FROM narrow_profile WHERE segment = 0;
SELECT results_eq('SELECT count(*), min(rows) >= 200, max(rows) <= 300 FROM angles_profile WHERE segment > 0', 'VALUES (4::bigint, true, true)', 'cosine: sizes');
SELECT results_eq('SELECT count(*), min(rows) >= 200 FROM heavy_profile WHERE segment > 0', 'VALUES (4::bigint, true)', 'weights: sizes are of rows');

-- What a trimmed model says is so, from its centroids and the rows.
CREATE TABLE nearest AS
SELECT DISTINCT ON (s.id) s.id, c.segment, sqrt((z.x - c.x) ^ 2 + (z.y - c.y) ^ 2) AS distance
  FROM skewed s
 CROSS JOIN (SELECT avg(x) AS mx, stddev_pop(x) AS sx, avg(y) AS my, stddev_pop(y) AS sy FROM skewed) p
 CROSS JOIN LATERAL (SELECT (s.x - p.mx) / p.sx AS x, (s.y - p.my) / p.sy AS y) z
 CROSS JOIN (SELECT segment, max(scaled) FILTER (WHERE feature = 'x') AS x, max(scaled) FILTER (WHERE feature = 'y') AS y FROM segment_centroids('left') GROUP BY 1) c
 ORDER BY s.id, distance;
SELECT is_empty($$SELECT a.id FROM left_assignment a JOIN (SELECT n.*, row_number() OVER (ORDER BY n.distance DESC) AS place FROM nearest n) n USING (id)
                  WHERE a.segment <> CASE WHEN n.place <= 50 THEN 0 ELSE n.segment END OR abs(a.distance - n.distance) > 1e-5
                     OR n.place <= 50 AND (a.second_segment <> n.segment OR a.margin <> 0)$$,
    'the fifty rows that are farthest from their nearest centroids are left out; their second segment is the nearest, their margin 0');
SELECT cmp_ok(max(abs(c.value - m.mean)), '<', 1e-9::float8, 'centroids are the means of the rows that are kept')
  FROM segment_centroids('left') c
  JOIN (SELECT m.segment, v.feature, avg(v.value) AS mean FROM left_members m CROSS JOIN LATERAL (VALUES ('x', m.x), ('y', m.y)) v (feature, value) GROUP BY 1, 2) m USING (segment, feature);
SELECT is(round(f.inertia::numeric, 9), (SELECT round(sum(n.distance ^ 2)::numeric, 9) FROM nearest n JOIN left_assignment a USING (id) WHERE a.segment > 0), 'inertia is theirs')
  FROM fits f WHERE f.model = 'left';
SELECT is(round(r.explained::numeric, 9),
          (SELECT round((1 - r.inertia / (count(*) * (var_pop(m.x) / max(p.x) + var_pop(m.y) / max(p.y))))::numeric, 9)
             FROM left_members m CROSS JOIN (SELECT var_pop(x) AS x, var_pop(y) AS y FROM skewed) p WHERE m.segment > 0), 'so is what is explained')
  FROM segment_runs r WHERE r.model = 'left';
SELECT is(round(r.silhouette::numeric, 5), (SELECT round(avg(margin)::numeric, 5) FROM left_assignment WHERE segment > 0), 'and the silhouette') FROM segment_runs r WHERE r.model = 'left';
SELECT results_eq('SELECT round(x_avg::numeric, 9), y_median FROM left_profile WHERE segment = 0',
    'SELECT round(avg(x)::numeric, 9), percentile_cont(0.5) WITHIN GROUP (ORDER BY y) FROM left_members WHERE segment = 0', 'the profile has the figures of outliers');
SELECT results_eq('SELECT DISTINCT segment FROM segment_centroids(''left'') ORDER BY 1', 'VALUES (1), (2), (3), (4)', 'outliers have no centroid');
SELECT results_eq('SELECT s.segment, s.label, s.second_segment > 0, s.margin, s.distance = s.second_distance FROM (VALUES (1000::float8, 1000::float8)) v (x, y), segment_score(''left'', v) s',
    $$VALUES (0, 'Outliers', true, 0::real, true)$$, 'a new row that is far off is an outlier, too');
SELECT segment_label('left', 0, 'Look at them one by one');
SELECT results_eq($$SELECT DISTINCT m.label, s.label FROM left_members m JOIN skewed c USING (id), segment_score('left', c) s WHERE m.segment = 0$$,
    $$VALUES ('Look at them one by one', 'Look at them one by one')$$, 'outliers can be named');
SELECT matches(insight, '^1,000 customers in 4 segments of .*; 50 are outliers, in none of them$', 'insights tell how many they are')
  FROM segment_insights('left') WHERE segment IS NULL AND insight ~ 'outliers';
SELECT results_eq('SELECT segment, sum(value_sum) FROM segment_value(''left'', ''often'') GROUP BY ROLLUP (1) ORDER BY 1',
    'SELECT segment, sum(often)::float8 FROM left_members GROUP BY ROLLUP (1) ORDER BY 1', 'values of outliers add up with the others');

-- scoring gives the assignment; a refresh of the same rows rewrites none of them
CREATE FUNCTION pg_temp.differences(model text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    n bigint;
BEGIN
    EXECUTE format('SELECT count(*) FROM skewed c JOIN %1$I a USING (id), segment_score(%2$L, c) s'
                   ' WHERE (a.segment, a.distance, a.second_segment, a.margin) IS DISTINCT FROM (s.segment, s.distance, s.second_segment, s.margin)'
                   '    OR a.segment <> segment_predict(%2$L, c)', model || '_assignment', model) INTO n;
    RETURN n;
END
$$;
SELECT is(pg_temp.differences(model), 0::bigint, model || ': scoring gives the assignment') FROM asked;
CREATE FUNCTION pg_temp.rewritten(model text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    before text[];
    n      bigint;
BEGIN
    EXECUTE format('SELECT array_agg(ctid::text) FROM %I', model || '_assignment') INTO before;
    PERFORM segment_refresh(model);
    EXECUTE format('SELECT count(*) FROM %I WHERE ctid::text <> ALL ($1)', model || '_assignment') INTO n USING before;
    RETURN n;
END
$$;
SELECT is(pg_temp.rewritten(model), 0::bigint, model || ': a refresh of the same rows rewrites none') FROM asked;
SELECT is(count(DISTINCT (inertia, silhouette, k)), 8::bigint, 'and finds the same figures') FROM segment_runs WHERE model IN (SELECT model FROM asked);
SELECT is(label, 'Look at them one by one', 'and keeps the name of outliers') FROM left_profile WHERE segment = 0;

-- neither the order of rows nor the kind of assignment changes anything
SELECT inertia > 0 AS fitted FROM segment_kmeans('shuffled', 4, '{x,y}', key => '{id}', model => 'other', min_share => 0.2, "trim" => 0.1, assignment => 'view');
SELECT is(count(DISTINCT r.compiled), 1::bigint, 'the same model of rows in another order')
  FROM segment_internal.catalog_run r JOIN segment_internal.catalog_model m USING (model_id) WHERE m.name IN ('narrow', 'other') AND r.run = 1;
SELECT set_eq('SELECT * FROM other_assignment', 'SELECT * FROM narrow_assignment', 'a view says the same as a table');

-- other rows
UPDATE skewed SET x = x * 2 WHERE id % 2 = 0;
SELECT (segment_refresh('both')).run, (segment_refresh('left', k => 3)).run;
SELECT results_eq('SELECT rows FROM both_profile ORDER BY 1', 'VALUES (249::bigint), (249), (251), (251)', 'a refresh keeps the sizes');
SELECT results_eq('SELECT max(segment) >= 3, count(*), sum(rows) FILTER (WHERE segment = 0) FROM left_profile', 'VALUES (true, 4::bigint, 50::numeric)', 'and leaves rows out');

-- choosing k: among those whose segments have the sizes by themselves
SELECT results_eq('SELECT k FROM segment_elbow(''line'', 2, 3, scaling => ''none'', max_share => 0.5) WHERE recommended', 'VALUES (3)', 'max_share when k is chosen');
SELECT is(pg_temp.refusal($$SELECT segment_kmeans('line', k_max => 3, scaling => 'none', max_share => 0.3, replace => true)$$),
    '22023 no k in 2..3 has segments whose shares are all from min_share 0 to max_share 0.3 | Give k: its segments are made to have such shares.', 'no k has them');
SELECT is((SELECT smallest_share FROM segment_elbow('line', 2, 2, scaling => 'none', min_share => 0.5) WHERE k = 2), 0.5::float8, 'elbow: sizes of the only k');
SELECT results_eq('SELECT k, round(inertia::numeric, 6) FROM segment_elbow(''line'', 1, 2, scaling => ''none'', "trim" => 0.25)',
    'VALUES (1, 23.333333), (2, 5.500000)', 'elbow: rows are left out for each k');
SELECT ok(abs(bic - (-3 * ln(2 * pi() * 23.333333333333332 / 5) - 2.5 - ln(6))) < 1e-9, 'elbow: the BIC is of the six rows that are kept: ' || bic)
  FROM segment_elbow('line', 1, 2, scaling => 'none', "trim" => 0.25) WHERE k = 1;

-- what cannot be
CREATE TABLE same (id integer PRIMARY KEY, x float8);
INSERT INTO same SELECT i, greatest(i - 6, 0) FROM generate_series(1, 10) i;
SELECT is(pg_temp.refusal('SELECT segment_kmeans(' || call || ', replace => true)'), answer, call)
  FROM (VALUES ($$'line', 2, min_share => 0.51$$, '22023 2 segments of 8 rows cannot each have a share of 0.51 | min_share can be at most 0.5 for so many segments, or ask for fewer of them.'),
               ($$'line', 3, min_share => 0.3333$$, '22023 3 segments of 8 rows cannot each have a share of 0.3333 | min_share can be at most 0.25 for so many segments, or ask for fewer of them.'),
               ($$'line', 3, max_share => 0.25$$, '22023 3 segments of at most a share of 0.25 do not hold all 8 rows | max_share must be at least 0.375 for so many segments, or ask for more of them.'),
               ($$'line', 1, max_share => 0.9$$, '22023 1 segments of at most a share of 0.9 do not hold all 8 rows | max_share must be at least 1 for so many segments, or ask for more of them.'),
               ($$'same', 2, max_share => 0.55$$, '22023 there are no 2 segments with shares from 0 to 0.55: too many rows are equal | Rows with the same features are in one segment. Use more features, ask for fewer segments, lower min_share or raise max_share.'),
               ($$'same', 2, max_share => 0.6$$, 'answers'), ($$'same', 5, "trim" => 0.5$$, '22023 one of 5 segments is left without rows that weigh anything | Ask for fewer segments, or lower trim.'),
               ($$'line', 2, "trim" => 0.01$$, 'answers'), ($$'line', 2, "trim" => 0.5$$, 'answers'),
               ($$'line', 2, "trim" => 1$$, '22023 argument "trim" is 1 | It must be from 0 to 0.5.'),
               ($$'line', 2, "trim" => NULL$$, '22004 argument "trim" must not be NULL | Leave the argument out for its default.'),
               ($$'line', 2, max_share => NULL$$, '22004 argument "max_share" must not be NULL | Leave the argument out for its default.')) c (call, answer);
SELECT results_eq('SELECT segment, rows FROM same_profile', 'VALUES (1, 6::bigint), (2, 4)', 'equal rows stay together');

CREATE TABLE large AS SELECT i AS id, ARRAY(SELECT sin(i * j * 1.7 + i % 3) FROM generate_series(1, 30) j) AS v FROM generate_series(1, 150000) i;
SET segment.work_mem = '64kB';
SELECT is(pg_temp.refusal($$SELECT segment_kmeans('large', 3, '{v}', assignment => 'none', n_init => 1, min_share => 0.3)$$),
    '0A000 min_share, max_share and trim need all rows in memory, and segment.work_mem has no room for them | Raise segment.work_mem to the size that the notice above names.', 'more rows than memory holds');
SET segment.work_mem = '1GB';
SET max_parallel_maintenance_workers = 0;
SELECT inertia > 0 AS fitted FROM segment_kmeans('large', 3, '{v}', assignment => 'none', n_init => 1, min_share => 0.33, "trim" => 0.01, model => 'alone');
SET max_parallel_maintenance_workers = 2;
SELECT inertia > 0 AS fitted FROM segment_kmeans('large', 3, '{v}', assignment => 'none', n_init => 1, min_share => 0.33, "trim" => 0.01, model => 'together');
SELECT is(count(DISTINCT r.compiled), 1::bigint, 'the same model by any number of processes')
  FROM segment_internal.catalog_run r JOIN segment_internal.catalog_model m USING (model_id) WHERE m.name IN ('alone', 'together');

SELECT * FROM finish();
ROLLBACK;
