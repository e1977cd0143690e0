-- Which segment of the run before is which: thresholds, evidence, numbers, labels.
BEGIN;
SELECT plan(56);
SET client_min_messages = warning;

-- Tables of counts, by hand: rows are old segments, the last one none; columns clusters, the last one none.
CREATE FUNCTION pg_temp.identify(counts bigint[], sizes bigint[], survival float8 DEFAULT NULL, split float8 DEFAULT NULL, old_rows bigint[] DEFAULT NULL, own float8[] DEFAULT NULL)
RETURNS text LANGUAGE sql AS $$
    WITH cells AS (
        SELECT i, j, counts[i][j] AS n FROM generate_series(1, array_length(counts, 1)) i, generate_series(1, array_length(counts, 2)) j
    ), old AS (
        SELECT array_agg(ROW(c.i, coalesce(old_rows[c.i], c.n), 1, coalesce(own[c.i], 1))::segment_internal.old_segment ORDER BY c.i) AS segments
          FROM (SELECT i, sum(n)::bigint AS n FROM cells WHERE i < array_length(counts, 1) GROUP BY i) c
    )
    SELECT string_agg(concat_ws(' ', t.from_segment, t.kind, t.to_segment - 10, round(t.overlap::numeric, 2)), ', ')
      FROM old CROSS JOIN (SELECT array_agg(CASE WHEN i < array_length(counts, 1) THEN i ELSE 0 END ORDER BY i, j) AS a,
                                  array_agg(CASE WHEN j < array_length(counts, 2) THEN 10 + j ELSE 0 END ORDER BY i, j) AS b,
                                  array_agg(n ORDER BY i, j) AS n FROM cells) c
     CROSS JOIN LATERAL segment_internal.identify(ROW(old.segments, NULL, 0, survival, split)::segment_internal.before,
                        ARRAY(SELECT 10 + j FROM generate_series(1, cardinality(sizes)) j), sizes, c.a, c.b, c.n) t
$$;
SELECT is(pg_temp.identify('{{90,10,0},{5,95,0},{0,0,0}}', '{95,105}'), '1 survived 1 0.90, 2 survived 2 0.95', 'most of both: survived');
SELECT is(pg_temp.identify('{{50,50,0},{0,100,0},{0,0,0}}', '{50,150}'), '1 survived 1 0.50, 2 survived 2 1.00', 'half is enough');
SELECT is(pg_temp.identify('{{49,51,0},{0,100,0},{0,0,0}}', '{49,151}'), '1 absorbed 2 0.51, 1 split 1 0.49, 2 survived 2 1.00', 'a part that is mostly its own');
SELECT is(pg_temp.identify('{{80,0},{120,0},{0,0}}', '{200}'), '1 absorbed 1 1.00, 2 survived 1 1.00', 'a merge: the larger goes on');
SELECT is(pg_temp.identify('{{100,0},{100,0},{0,0}}', '{200}'), '1 absorbed 1 1.00, 2 absorbed 1 1.00, born 1 0.50', 'of equals none does');
SELECT is(pg_temp.identify('{{60,40,0},{0,0,0}}', '{60,40}'), '1 survived 1 0.60, 1 split 2 0.40', 'a split whose larger part survives');
SELECT is(pg_temp.identify('{{60,40,0},{0,0,0}}', '{60,40}', 0.7), '1 split 1 0.60, 1 split 2 0.40', 'or does not, by the threshold');
SELECT is(pg_temp.identify('{{40,35,25,0},{0,0,0,0}}', '{40,35,25}'), '1 split 1 0.40, 1 split 2 0.35, 1 split 3 0.25', 'in three');
SELECT is(pg_temp.identify('{{40,36,24,0},{0,0,0,0}}', '{40,36,24}', NULL, 0.3), '1 split 1 0.40, 1 split 2 0.36, born 3 1.00', 'a small part is none');
SELECT is(pg_temp.identify('{{100,0},{0,0}}', '{99}'), '1 survived 1 1.00', 'one');
SELECT is(pg_temp.identify('{{100,0},{0,0}}', '{201}'), '1 absorbed 1 1.00, born 1 0.50', 'more strangers than people of its own');
SELECT is(pg_temp.identify('{{100,0},{0,0}}', '{199}'), '1 survived 1 1.00', 'fewer');
SELECT is(pg_temp.identify('{{100,0},{0,0}}', '{200}'), '1 absorbed 1 1.00, born 1 0.50', 'as many');
SELECT is(pg_temp.identify('{{4,6,0},{0,190,0},{0,0,0}}', '{104,196}', old_rows => '{200,200}'), '1 vanished 0.03, 2 survived 2 1.00, born 1 0.04', 'hardly anybody is left');
SELECT is(pg_temp.identify('{{30,0,70},{0,100,0},{0,0,0}}', '{30,100}'), '1 vanished 0.30, 2 survived 2 1.00, born 1 1.00', 'most are in no cluster');
SELECT is(pg_temp.identify('{{19,0},{0,0}}', '{19}', old_rows => '{100}'), NULL, 'too few rows that both have say nothing');
SELECT is(pg_temp.identify('{{20,0},{0,0}}', '{20}', old_rows => '{100}'), '1 survived 1 1.00', 'a fifth says something');
SELECT is(pg_temp.identify('{{50,0},{60,0}}', '{110}'), '1 absorbed 1 1.00, born 1 0.45', 'most were in no segment before');

-- what a segment was at its beginning: 1, and then by small steps
CREATE FUNCTION pg_temp.merge(own float8) RETURNS text LANGUAGE sql AS $$
    SELECT pg_temp.identify('{{100,0,0,0,0},{60,0,0,0,0},{0,100,0,0,0},{0,0,100,0,0},{0,0,0,100,0},{0,0,0,0,0}}', '{160,100,100,100}', own => ARRAY[own, 1, 1, 1, 1]) $$;
SELECT is(pg_temp.merge(1), '1 survived 1 1.00, 2 absorbed 1 1.00, 3 survived 2 1.00, 4 survived 3 1.00, 5 survived 4 1.00', 'the larger of two goes on, with 100 of its own of 160');
SELECT is(pg_temp.merge(0.81), '1 survived 1 1.00, 2 absorbed 1 1.00, 3 survived 2 1.00, 4 survived 3 1.00, 5 survived 4 1.00', 'with 81 of them');
SELECT is(pg_temp.merge(0.8), '1 absorbed 1 1.00, 2 absorbed 1 1.00, 3 survived 2 1.00, 4 survived 3 1.00, 5 survived 4 1.00, born 1 0.63', 'but not with 80, if it has won others before');
CREATE FUNCTION pg_temp.leave(n bigint, own float8) RETURNS text LANGUAGE sql AS $$
    SELECT split_part(pg_temp.identify(ARRAY[[n, 0, 0, 0], [0, 100, 0, 0], [0, 0, 100, 0], [0, 0, 0, 0]], ARRAY[n, 100, 100], old_rows => '{100,100,100}', own => ARRAY[own, 1, 1]), ',', 1) $$;
SELECT is(pg_temp.leave(60, 1), '1 survived 1 1.00', 'who leaves one that has won nobody was its own, and so are those who stay');
SELECT is(pg_temp.leave(60, 0.71), '1 survived 1 1.00', 'of 29 others and 31 of its own the latter are more');
SELECT is(pg_temp.leave(60, 0.69), '1 absorbed 1 1.00', 'of 31 others not: all who left may have been its own');
SELECT is(pg_temp.leave(91, 0.51), '1 survived 1 1.00', 'a few who leave say nothing');

SELECT throws_ok($$SELECT pg_temp.identify('{{1,0},{0,0}}', '{1}', 0.4)$$, '22023', 'argument "survival" must be from 0.5 to 1', 'two cannot survive');
SELECT throws_ok($$SELECT pg_temp.identify('{{1,0},{0,0}}', '{1}', 'NaN')$$, '22023', 'argument "survival" must be from 0.5 to 1', 'no number');
SELECT throws_ok($$SELECT pg_temp.identify('{{1,0},{0,0}}', '{1}', 0.5, 0)$$, '22023', 'argument "split" must be above 0, at most 0.5', 'a part of nothing');
SELECT throws_ok($$SELECT pg_temp.identify('{{1,0},{0,0}}', '{-1}')$$, '22023', NULL, 'a size below 0');

-- A model's life: groups far apart, of people with keys
CREATE TABLE shop (id integer PRIMARY KEY, x float8, y float8);
INSERT INTO shop SELECT i, 100 * (i % 4) + i % 10, i % 7 FROM generate_series(1, 400) i;
SELECT FROM segment_kmeans('shop', 4, '{x}');
SELECT segment_label('shop', s.segment, 'group ' || s.g)
  FROM (SELECT DISTINCT a.segment, s.id % 4 AS g FROM shop s JOIN shop_assignment a USING (id)) s;
CREATE FUNCTION pg_temp.told(run integer DEFAULT NULL, model text DEFAULT 'shop') RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws(' ', t.label, t.kind, round(t.overlap::numeric, 2)), ', ' ORDER BY t.label, t.kind, t.overlap) FROM segment_transitions(model, run) t
$$;
SELECT is(pg_temp.told(), NULL, 'a first run has no run before');
UPDATE shop SET x = 100 * ((id + 1) % 4) + id % 10;
SELECT is((segment_refresh('shop')).run, 2, 'all groups move to where another was');
SELECT is(pg_temp.told(), 'group 0 survived 1.00, group 1 survived 1.00, group 2 survived 1.00, group 3 survived 1.00', 'and keep their number and label');
SELECT is((SELECT count(*) FROM shop s JOIN shop_members m USING (id) WHERE m.label = 'group ' || s.id % 4), 400::bigint, 'each of their people, too');
DELETE FROM shop WHERE id % 4 = 2;
INSERT INTO shop SELECT 1000 + i, 100 * 3 + i % 10, i % 7 FROM generate_series(1, 100) i;
CREATE FUNCTION pg_temp.notice(command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    message text;
BEGIN
    SET LOCAL client_min_messages = error;
    EXECUTE command;
    RETURN (SELECT string_agg(l.label, ', ' ORDER BY l.label) FROM segment_internal.catalog_label l);
END
$$;
SELECT is(pg_temp.notice($$SELECT segment_refresh('shop')$$), 'group 0, group 1, group 3', 'people go and strangers come to their place: the label retires');
SELECT matches(pg_temp.told(), '^High x .*born 0.00, group 0 survived 1.00, group 1 survived 1.00, group 2 vanished 0.00, group 3 survived 1.00$', 'which the transitions tell');
SELECT is((SELECT max(segment) FROM shop_profile), 5, 'the strangers have a number of their own');
SELECT is((SELECT string_agg(label, ', ' ORDER BY label) FROM segment_history WHERE model = 'shop' AND run = 1), 'group 0, group 1, group 2, group 3', 'history knows the label');
SELECT is((SELECT segment FROM segment_history WHERE model = 'shop' AND run = 2 AND label = 'group 2'),
          (SELECT from_segment FROM segment_transitions('shop') WHERE kind = 'vanished'), 'up to the last run of its segment');
SELECT matches((SELECT insight FROM segment_insights('shop') WHERE insight LIKE 'Since the run before, "group%'), '^Since the run before, "group 2" vanished; ".*" is new$', 'so do insights');
SELECT matches((SELECT string_agg(l, '' ORDER BY n) FROM string_to_table(segment_report('shop'), E'\n') WITH ORDINALITY l (l, n) WHERE l LIKE '%group 2%'), 'group 2.*</td><td[^>]*>vanished<', 'and the report');
DELETE FROM shop WHERE id > 1000;
INSERT INTO shop SELECT 2000 + i, 100 * 3 + i % 10, i % 7 FROM generate_series(1, 100) i;
SELECT is((segment_refresh('shop')).run, 4, 'others again');
SELECT is((SELECT max(segment) FROM shop_profile), 6, 'a number is never used again');
SELECT throws_ok($$SELECT segment_transitions('shop', 9)$$, '22023', 'model "shop" has no run 9', 'a run that is none');

-- A segment that becomes another one by steps, each of which leaves most of it
CREATE TABLE steps AS SELECT i AS id, i % 5 AS g, 100 * (i % 5) + i % 7 AS x FROM generate_series(1, 500) i;
ALTER TABLE steps ADD PRIMARY KEY (id);
DELETE FROM steps WHERE g = 1 AND id % 3 = 0;
SELECT FROM segment_kmeans('steps', 5, '{x}');
SELECT segment_label('steps', s.segment, 'step ' || s.g) FROM (SELECT DISTINCT a.segment, s.g FROM steps s JOIN steps_assignment a USING (id)) s;
CREATE FUNCTION pg_temp.own(g integer) RETURNS numeric LANGUAGE sql AS $$
    SELECT round(segment_internal.own(m.model_id, m.run, l.segment)::numeric, 4) FROM segment_internal.catalog_model m JOIN segment_internal.catalog_label l USING (model_id)
     WHERE m.name = 'steps' AND l.label = 'step ' || own.g
$$;
UPDATE steps SET x = x - 100 WHERE g = 1;
SELECT is((segment_refresh('steps', k => 4)).run, 2, 'two thirds of a hundred join a hundred');
SELECT is(ARRAY[pg_temp.own(0), pg_temp.own(2)], (SELECT ARRAY[round(100.0 / count(*), 4), 1] FROM steps WHERE g IN (0, 1)), 'whose share is known from then on');
SELECT is((segment_refresh('steps')).run, 3, 'nothing happens');
SELECT is(pg_temp.own(0), (SELECT round(100.0 / count(*), 4) FROM steps WHERE g IN (0, 1)), 'nor to it');
SELECT is((segment_rescore('steps')).run, 4, 'rows are judged again');
SELECT is(pg_temp.own(0), (SELECT round(100.0 / count(*), 4) FROM steps WHERE g IN (0, 1)), 'which leaves it, too');
DELETE FROM steps WHERE g = 0 AND id % 2 = 0;
SELECT is((segment_refresh('steps')).run, 5, 'half of the hundred leave');
SELECT matches(pg_temp.told(NULL, 'steps'), '^.* born 1.00, step 0 absorbed 1.00, step 2 survived 1.00, step 3 survived 1.00, step 4 survived 1.00$',
          'those who are left are mostly others than were named, though it lost but a third');

-- Without keys, the old model tells
CREATE TABLE flow AS SELECT 100 * (i % 3) + i % 10 AS x, (i % 5)::float8 AS y FROM generate_series(1, 300) i;
SELECT FROM segment_kmeans('flow', 3, '{x}', key => '{}', assignment => 'none');
SELECT segment_label('flow', s, 'flow ' || s) FROM generate_series(1, 3) s;
DELETE FROM flow;
INSERT INTO flow SELECT 100 * (i % 3) + 1 + i % 10, (i % 5)::float8 FROM generate_series(1, 240) i;
SELECT is((segment_refresh('flow')).run, 2, 'all rows are others');
SELECT is(pg_temp.told(NULL, 'flow'), 'flow 1 survived 1.00, flow 2 survived 1.00, flow 3 survived 1.00', 'rows of the same kind');
UPDATE flow SET x = CASE WHEN x > 150 THEN 1000 + x ELSE x END;
SELECT is((segment_refresh('flow', warm_start => false)).run, 3, 'one kind is gone, another comes');
SELECT matches(pg_temp.told(NULL, 'flow'), '^.* born [0-9.]+, flow \d survived 1.00, flow \d survived 1.00, flow \d vanished .*$', 'it is not the same because it is nearest');
SELECT is((SELECT count(*) FROM segment_internal.catalog_label l WHERE l.label LIKE 'flow%'), 2::bigint, 'its label retires');

SELECT * FROM finish();
ROLLBACK;
