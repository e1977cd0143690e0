-- What a model says of its segments: quantiles, borders, effects, labels, sentences, values, typical rows.

BEGIN;
SELECT * FROM no_plan();

SET client_min_messages = warning;

\ir complaint.psql

-- Names and numbers as people write them

SELECT results_eq(
    $$SELECT segment_internal.words(w) FROM unnest('{MntWines,Year_Birth,NumURLVisits,ID,spend,"In  Come",AcceptedCmp5,_,Größe_X1}'::text[]) w$$,
    $$VALUES ('mnt wines'), ('year birth'), ('num URL visits'), ('ID'), ('spend'), ('in come'), ('accepted cmp5'), (''), ('größe X1')$$,
    'words of names');
SELECT results_eq(
    $$SELECT segment_internal.figure(v, b) FROM (VALUES (951.3, 304.2), (5.82, 2.66), (0.0478, 0.4442), (58477.3, 52338), (1969.4, 1968.8), (-7.25, 12), (0, 0),
        (1e300, 1), (1e-9, NULL), (2e14, NULL), ('NaN', 1), (0.05, NULL)) t (v, b)$$,
    $$VALUES ('951'), ('5.82'), ('0.048'), ('58,477'), ('1969.4'), ('-7.3'), ('0'), ('1.00e+300'), ('1.00e-09'), ('200,000,000,000,000'), (NULL), ('0.0500')$$,
    'numbers with the digits that mean something');
SELECT is(segment_internal.list_words('{a,b,c}'), 'a, b and c', 'a list');
SELECT is(segment_internal.list_words('{a}'), 'a', 'a list of one');
SELECT results_eq($$SELECT segment_internal.times(r) FROM unnest('{1.5,9.94,9.96,10.4,1234}'::float8[]) r$$, $$VALUES ('1.5 times'), ('9.9 times'), ('10 times'), ('10 times'), ('1234 times')$$, 'ratios');
SELECT results_eq($$SELECT segment_internal.percent(s), segment_internal.cases(s) FROM unnest('{0,0.0001,0.004,0.5,0.994,0.997,1}'::float8[]) s$$,
    $$VALUES ('0%', 'none'), ('less than 1%', 'fewer than 1'), ('less than 1%', 'fewer than 1'), ('50%', '50'), ('99%', '99'), ('more than 99%', 'more than 99'), ('100%', 'all')$$,
    'shares: all and none are what they say');

-- Two groups. Of the 6 rows, 4 are low and 2 high in spend; visits go the other way; flag is set for the high ones.

CREATE TABLE shop (id integer PRIMARY KEY, spend float8, num_visits integer, flag boolean, born date, noise integer);
INSERT INTO shop VALUES (1, 10, 8, false, '1990-01-01', 1), (2, 20, 9, false, '1990-01-03', 2), (3, 10, 9, false, '1990-01-01', 2),
                        (4, 20, 10, false, '1990-01-03', 1), (5, 100, 1, true, '1960-01-01', 1), (6, 110, 2, true, '1960-01-03', 2);
SELECT is((segment_kmeans('shop', 2, features => '{spend,num_visits,flag,born,noise}', feature_options => '{"flag": {"scaling": "none"}}')).k, 2, 'a model');

SELECT results_eq(
    $$SELECT feature, segment, min, low, p25, median, p75, high, max FROM segment_distribution WHERE model = 'shop' AND feature IN ('spend', 'flag=true') ORDER BY feature DESC, segment$$,
    $$VALUES ('spend', 1, 10::float8, 10::float8, 10::float8, 15::float8, 20::float8, 20::float8, 20::float8),
             ('spend', 2, 100, 100, 102.5, 105, 107.5, 110, 110), ('flag=true', 1, 0, 0, 0, 0, 0, 0, 0), ('flag=true', 2, 1, 1, 1, 1, 1, 1, 1)$$,
    'quartiles interpolate, of numbers and of categories');
SELECT results_eq('SELECT segment, label FROM shop_profile',
    $$VALUES (1, 'No flag, born later, low spend'), (2, 'Flag, born earlier, high spend')$$, 'labels say what sets a segment apart, first what does so most');
SELECT results_eq(
    $$SELECT segment, rank, feature, insight, reliability FROM segment_insights('shop') WHERE rank IS NOT NULL$$,
    $$VALUES (1, 1, 'flag=true', 'flag in no case, against 33 of 100 (uncertain)', 'low'),
             (1, 2, 'born', 'born 1990, ten years later than average (uncertain)', 'low'),
             (1, 3, 'spend', 'spends 67% less than average: 15.0 against 45.0 (uncertain)', 'low'),
             (1, 4, 'num_visits', 'has 38% more visits than average: 9.00 against 6.50 (uncertain)', 'low'),
             (2, 1, 'flag=true', 'flag in all cases, against 33 of 100: 3 times as often (uncertain)', 'low'),
             (2, 2, 'born', 'born 1960, 20 years earlier than average (uncertain)', 'low'),
             (2, 3, 'spend', 'spends 2.3 times the average: 105 against 45 (uncertain)', 'low'),
             (2, 4, 'num_visits', 'has 77% fewer visits than average: 1.50 against 6.50 (uncertain)', 'low')$$,
    'a sentence for each feature that differs, and none for noise');
SELECT results_eq(
    $$SELECT about, insight FROM segment_insights('shop', 'spend') WHERE segment = 2 AND rank IS NULL$$,
    $$VALUES ('size', '33% of the customers: 2'), ('border', 'nobody is at the border to another segment'),
             ('value', 'is 33% of the customers and 78% of "spend": 105 on average')$$,
    'and of the segment as such');
SELECT results_eq(
    $$SELECT about, insight FROM segment_insights('shop') WHERE segment IS NULL$$,
    $$VALUES ('model', '6 customers in 2 segments of 2 (33%) to 4 (67%)'),
             ('model', 'The segments are clearly apart (simplified silhouette 0.75), and explain 76% of the differences between customers'),
             ('model', 'They differ most in flag, born and spend'), ('model', 'The number of segments, 2, was asked for'),
             ('model', 'Small, to be read with care: "No flag, born later, low spend" (4), "Flag, born earlier, high spend" (2)')$$,
    'and of the model');
SELECT is(pg_temp.complaint($$SELECT segment_insights('shopp')$$), '42704 model "shopp" does not exist | Perhaps you meant the model "shop".', 'an unknown model');
SELECT is(pg_temp.complaint($$SELECT segment_insights('shop', 'spent')$$),
    '42703 column "spent" of relation "shop_members" does not exist | Perhaps you meant the column "spend".', 'an unknown value');

COMMENT ON COLUMN shop.spend IS 'Wallet';
COMMENT ON COLUMN shop.born IS E'A long story\nof two lines';
SELECT is(insight, 'wallet is 105, 2.3 times the average (45) (uncertain)', 'a short comment is the name of a column')
  FROM segment_insights('shop') WHERE segment = 2 AND feature = 'spend';
SELECT matches(insight, '^born 1960', 'a long one is not') FROM segment_insights('shop') WHERE segment = 2 AND feature = 'born';
COMMENT ON COLUMN shop.num_visits IS 'Number of visits';
SELECT is(insight, 'has 77% fewer visits than average: 1.50 against 6.50 (uncertain)', 'a comment tells the kind, too')
  FROM segment_insights('shop') WHERE segment = 2 AND feature = 'num_visits';

CREATE TABLE seldom AS SELECT i AS id, CASE WHEN i % 5 = 0 THEN 1000 WHEN i % 5 = 1 THEN 1 ELSE 0 END AS num_calls, 2000 + (i > 1)::integer + (i > 2)::integer AS year FROM generate_series(1, 1000) i;
ALTER TABLE seldom ADD PRIMARY KEY (id);
SELECT is((segment_kmeans('seldom', 2, feature_options => '{"year": {"weight": 0.0001}}')).k, 2, 'calls that are rare in a segment');
SELECT matches(string_agg(insight, '|' ORDER BY rank), '^has 99% fewer calls than average: 0[.]3 against 200', 'are not absent, though')
  FROM segment_insights('seldom') WHERE segment = 1 AND rank IS NOT NULL;

CREATE TABLE spoken (id integer PRIMARY KEY, number_of_kids integer, count_per_month integer, amount_of_wine float8, cat text);
INSERT INTO spoken SELECT i, i % 2 * 4, i % 2 * 6, i % 2 * 10, CASE i % 2 WHEN 0 THEN '' ELSE 'x' END FROM generate_series(1, 60) i;
SELECT is((segment_kmeans('spoken', 2, features => '{number_of_kids,count_per_month,amount_of_wine,cat}')).k, 2, 'columns named in words');
SELECT set_eq($$SELECT insight FROM segment_insights('spoken') WHERE rank IS NOT NULL AND mean > population_mean$$,
    $$VALUES ('has twice the average number of kids: 4.00 against 2.00'), ('count per month is 6.00, twice the average (3.00)'),
             ('amount of wine is 10.0, twice the average (5.0)'), ('cat (empty) in all cases, against 50 of 100: twice as often'),
             ('cat x in all cases, against 50 of 100: twice as often')$$, 'are spoken of in words');

-- Effects, borders, values and typical rows against plain SQL: 600 rows in clouds that overlap, some values missing

CREATE TABLE crowd AS
SELECT i AS id, CASE WHEN i % 11 > 0 THEN (hashint4(i) % 1000) / 500.0 + i % 3 * 2 END::float8 AS a, (hashint4(i + 10000) % 1000) / 500.0::float8 AS b,
       i % 5 AS mnt_sweet_things, (i % 3 = 1)::integer AS one, chr(65 + i % 4) AS word, CASE WHEN i % 7 = 0 THEN 'NaN' ELSE i % 100 / 8.0 END::float8 AS worth
  FROM generate_series(1, 600) i;
ALTER TABLE crowd ADD PRIMARY KEY (id);
SELECT is((segment_kmeans('crowd', 3, features => '{a,b,mnt_sweet_things,one,word}', scaling => 'minmax')).rows_used, 600::bigint, 'a crowd');

CREATE VIEW long AS
SELECT m.id, m.segment, f.feature, f.v
  FROM crowd_members m
 CROSS JOIN LATERAL (VALUES ('b', b), ('mnt_sweet_things', mnt_sweet_things), ('one', one), ('word=A', (word = 'A')::integer)) f (feature, v);
CREATE VIEW apart AS
SELECT s.segment, l.feature, avg(v) FILTER (WHERE l.segment = s.segment) AS mine, avg(v) FILTER (WHERE l.segment <> s.segment) AS theirs, avg(v) AS mean,
       sqrt((var_pop(v) FILTER (WHERE l.segment = s.segment) * count(*) FILTER (WHERE l.segment = s.segment)
             + var_pop(v) FILTER (WHERE l.segment <> s.segment) * count(*) FILTER (WHERE l.segment <> s.segment)) / count(*)) AS pooled,
       stddev_pop(v) FILTER (WHERE l.segment = s.segment) / sqrt(count(*) FILTER (WHERE l.segment = s.segment)) AS error
  FROM (VALUES (1), (2), (3)) s (segment) CROSS JOIN long l GROUP BY 1, 2;
SELECT results_eq(
    $$SELECT segment, feature FROM apart WHERE mine <> theirs AND abs(mine - theirs) >= 0.2 * pooled ORDER BY 1, 2$$,
    $$SELECT segment, feature FROM segment_insights('crowd') WHERE rank IS NOT NULL AND feature IN ('b', 'mnt_sweet_things', 'one', 'word=A') ORDER BY 1, 2$$,
    'all features with an effect of 0.2 and more');
SELECT is_empty(
    $$SELECT * FROM segment_insights('crowd') i JOIN apart a USING (segment, feature)
       WHERE CASE WHEN a.pooled > 0 THEN abs(i.effect - (a.mine - a.theirs) / a.pooled) > 1e-9 ELSE abs(i.effect) < 'Infinity' END OR abs(i.mean - a.mine) > 1e-9 OR abs(i.population_mean - a.mean) > 1e-9
          OR abs(i.low - (a.mine - 1.96 * a.error)) > 1e-9 OR abs(i.high - (a.mine + 1.96 * a.error)) > 1e-9$$,
    'the effect is Cohen''s d against the other rows, with the 95 % interval of the mean');
SELECT is_empty($$SELECT * FROM (SELECT segment, rank, row_number() OVER (PARTITION BY segment ORDER BY abs(effect) DESC) AS n
                                   FROM segment_insights('crowd') WHERE rank IS NOT NULL AND abs(effect) < 'Infinity') i WHERE rank > n + 3$$, 'ranks follow effects');
SELECT results_eq($$SELECT segment, border_rows FROM segment_history WHERE model = 'crowd' ORDER BY 1$$,
    'SELECT segment, count(*) FILTER (WHERE margin < 0.1) FROM crowd_members GROUP BY 1 ORDER BY 1', 'rows at the border are those with a margin below 0.1');
SELECT cmp_ok(max(abs(h.silhouette - m.margin)), '<', 1e-6::float8, 'the silhouette of a segment is the mean of its margins')
  FROM segment_history h JOIN (SELECT segment, avg(margin::float8) AS margin FROM crowd_members GROUP BY 1) m USING (segment) WHERE model = 'crowd';
SELECT is_empty(
    $$SELECT * FROM segment_distribution d
       JOIN (SELECT segment, 'a' AS feature, percentile_cont('{0.25,0.5,0.75}'::float8[]) WITHIN GROUP (ORDER BY a) AS q FROM crowd_members GROUP BY 1
              UNION ALL
             SELECT segment, 'word=A', percentile_cont('{0.25,0.5,0.75}'::float8[]) WITHIN GROUP (ORDER BY (word = 'A')::integer) FROM crowd_members GROUP BY 1) q
      USING (segment, feature)
      WHERE d.model = 'crowd' AND (ARRAY[p25, median, p75] <> q.q OR low < min OR high > max OR low < p25 - 1.5000001 * (p75 - p25))$$,
    'quartiles are those of percentile_cont, of the values that are there');
SELECT results_eq($$SELECT segment, rows, value_sum, value_avg, value_share FROM segment_value('crowd', 'worth')$$,
    $$SELECT segment, count(*), sum(worth) FILTER (WHERE worth <> 'NaN'), (avg(worth::numeric) FILTER (WHERE worth <> 'NaN'))::float8,
             (sum(worth::numeric) FILTER (WHERE worth <> 'NaN') / (SELECT sum(worth::numeric) FROM crowd WHERE worth <> 'NaN'))::float8
        FROM crowd_members GROUP BY 1 ORDER BY 1$$, 'values are sums of today''s rows; NaN is none');
SELECT is((SELECT sum(share) FROM segment_value('crowd', 'id')), 1::float8, 'shares of the rows add up');
SELECT results_eq($$SELECT segment, rank, key, distance, customer -> 'b' FROM segment_typical('crowd', 2)$$,
    $$SELECT segment, n::integer, jsonb_build_object('id', id), distance, to_jsonb(b) FROM (
        SELECT m.*, row_number() OVER (PARTITION BY segment ORDER BY distance, id) AS n FROM crowd_members m) r WHERE n <= 2 ORDER BY 1, 2$$,
    'typical rows are those nearest to the centroid');
SELECT is(pg_temp.complaint($$SELECT segment_typical('crowd', 0)$$), '22023 argument "rows" is 0 | It must be from 1 to 1000.', 'no typical rows');
SELECT is(pg_temp.complaint($$SELECT segment_value('crowd', 'word')$$),
    '42809 column "word" of relation "crowd_members" has type text, which is not a number | Name a column of what customers are worth, such as their spend.', 'a text has no value');
SELECT is(pg_temp.complaint($$SELECT segment_value('crowd', NULL)$$), '22004 argument "value" must not be NULL | ', 'no value');
UPDATE crowd SET worth = 'Infinity' WHERE id = 1;
SELECT is((SELECT count(*) FROM segment_value('crowd', 'worth') WHERE value_sum = 'Infinity'), 1::bigint, 'an infinite value is one');
SELECT is((SELECT count(value_share) FROM segment_value('crowd', 'worth')), 0::bigint, 'of which there are no shares');
SELECT is_empty($$SELECT * FROM segment_insights('crowd', 'worth') WHERE about = 'value'$$, 'and nothing is told');
UPDATE crowd SET worth = -1;
SELECT is((SELECT count(value_share) FROM segment_value('crowd', 'worth')), 0::bigint, 'values that are not positive together have no shares');

-- models that have less to tell

SELECT is((segment_kmeans('crowd', 1, model => 'one', features => '{a,b}')).k, 1, 'one segment');
SELECT results_eq($$SELECT label, margin_avg FROM segment_internal.catalog_segment s JOIN segment_internal.catalog_model m USING (model_id) WHERE m.name = 'one'$$,
    $$VALUES ('Close to average', NULL::float8)$$, 'is average');
SELECT results_eq($$SELECT segment, about, insight FROM segment_insights('one')$$,
    $$VALUES (NULL, 'model', '600 customers in one segment'), (NULL, 'model', 'The number of segments, 1, was asked for'), (1, 'size', '100% of the customers: 600')$$,
    'and has little to say');
SELECT is((segment_kmeans('crowd', 2, model => 'bare', features => '{a,b}', assignment => 'none')).k, 2, 'no assignment');
SELECT lives_ok($$SELECT * FROM segment_insights('bare')$$, 'has insights');
SELECT is(pg_temp.complaint($$SELECT * FROM segment_insights('bare', 'b')$$),
    '42P01 model "bare" has no members view, which tells the segment of each row | Fit it with a key, and assignment => ''table'' or ''view''.', 'but no value');
SELECT is(pg_temp.complaint($$SELECT * FROM segment_typical('bare')$$),
    '42P01 model "bare" has no assignment, which tells the distance of each row | Fit it with a key, and assignment => ''table'' or ''view''.', 'nor typical rows');
SELECT is((segment_kmeans('crowd', 2, model => 'seen', features => '{a,b}', assignment => 'view')).k, 2, 'an assignment view');
SELECT is((SELECT count(*) FROM segment_typical('seen')), 6::bigint, 'has typical rows');
SELECT is((segment_kmeans('crowd', 4, model => 'cosine', features => '{a,b,mnt_sweet_things}', distance => 'cosine')).k, 4, 'cosine distance');
SELECT results_eq($$SELECT segment, border_rows FROM segment_history WHERE model = 'cosine' ORDER BY 1$$,
    'SELECT segment, count(*) FILTER (WHERE margin < 0.1) FROM cosine_members GROUP BY 1 ORDER BY 1', 'has borders, too');

CREATE TABLE ugly (id integer PRIMARY KEY, huge float8, wide float8, "Gr<b>ö""ße" float8, word text, few integer);
INSERT INTO ugly SELECT i, CASE WHEN i % 2 = 0 THEN 1e300 ELSE 1e-300 END, CASE WHEN i % 3 = 0 THEN -4e307 ELSE 4e307 END, i % 7,
                        chr(65 + i % 5) || E'\n<script>' || repeat('long ', 20), CASE WHEN i % 4 = 0 THEN i END FROM generate_series(1, 200) i;
SELECT is((segment_kmeans('ugly', 5, features => ARRAY['huge', 'wide', 'Gr<b>ö"ße', 'word', 'few'])).k, 5, 'ugly data');
SELECT is_empty($$SELECT * FROM segment_insights('ugly', 'few') WHERE insight IS NULL$$, 'has insights');
SELECT is((SELECT count(DISTINCT label) FROM ugly_profile), 5::bigint, 'and labels that differ');
SELECT is_empty($$SELECT label FROM ugly_profile WHERE label ~ '[[:cntrl:]]' OR length(label) > 140$$, 'in one line');

-- Labels over time

-- eight clouds on the corners of a cube, so that features alone do not tell them apart at first
CREATE TABLE cube AS SELECT i AS id, (i >> 2) % 2 * 10 + hashint4(i) % 3 / 10.0 AS x, (i >> 1) % 2 * 10 + hashint4(i + 1000) % 3 / 10.0 AS y, i % 2 * 10 + i % 13 / 10.0 AS z
  FROM generate_series(0, 399) i;
ALTER TABLE cube ADD PRIMARY KEY (id);
SELECT is((segment_kmeans('cube', 8)).k, 8, 'eight clouds');
SELECT is((SELECT count(DISTINCT label) FROM cube_profile), 8::bigint, 'have eight labels');
SELECT is_empty($$SELECT * FROM cube_profile WHERE label NOT LIKE '%x%' OR label NOT LIKE '%y%' OR label NOT LIKE '%z%' OR label ~ '\('$$, 'of their three coordinates');
CREATE TABLE labels AS SELECT segment, label FROM cube_profile;
SELECT segment_label('cube', 3, 'Dearest');
UPDATE labels SET label = 'Dearest' WHERE segment = 3;
CREATE FUNCTION pg_temp.refresh_changed(n integer) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1 .. n LOOP
        UPDATE cube SET x = x + hashint4(id * 7 + i) % 9 / 10.0, y = y - hashint4(id * 3 + i) % 9 / 10.0;
        PERFORM segment_refresh('cube');
    END LOOP;
    RETURN (SELECT count(*) FROM cube_profile p JOIN labels l USING (segment, label));
END
$$;
SELECT is(pg_temp.refresh_changed(10), 8::bigint, 'a person''s label, and automatic ones that are still true, survive ten refreshes');
SELECT segment_label('cube', 3, NULL);
SELECT isnt(label, 'Dearest', 'without a person''s label the automatic one shows') FROM cube_profile WHERE segment = 3;

CREATE TABLE pair AS SELECT i AS id, i % 2 * 10 + i % 5 AS x, i % 3 AS y FROM generate_series(1, 60) i;
ALTER TABLE pair ADD PRIMARY KEY (id);
SELECT is((segment_kmeans('pair', 2)).k, 2, 'a pair');
SELECT set_eq('SELECT label FROM pair_profile', '{Low x,High x}'::text[], 'of low and high x');
UPDATE pair SET x = 0, y = CASE WHEN x >= 10 THEN 100 ELSE 0 END + id % 3;
SELECT is((segment_refresh('pair')).k, 2, 'after x has gone');
SELECT set_eq('SELECT label FROM pair_profile', '{Low y,High y}'::text[], 'labels change with their segments');
SELECT set_eq($$SELECT run, label FROM segment_history WHERE model = 'pair'$$,
    $$VALUES (1, 'Low x'), (1, 'High x'), (2, 'Low y'), (2, 'High y')$$, 'and history has those of each run');
SELECT segment_label('pair', 1, 'High y');
SELECT is((segment_refresh('pair')).run, 3, 'a label given to one segment that another had');
SELECT is((SELECT label FROM pair_profile WHERE segment = 2), (SELECT label FROM segment_history WHERE model = 'pair' AND run = 2 AND segment = 2),
    'does not change that of the other');

-- names that are the same once they are shortened, so that their labels need numbers
CREATE TABLE alike AS
SELECT i AS id, i % 2 * 10 + i / 100.0 AS a_very_long_name_of_a_column_that_ends_in_one, i / 2 % 2 * 10 + i / 100.0 AS a_very_long_name_of_a_column_that_ends_in_two
  FROM generate_series(1, 200) i;
ALTER TABLE alike ADD PRIMARY KEY (id);
SELECT is((segment_kmeans('alike', 4)).k, 4, 'features whose names are alike');
SELECT is((SELECT count(DISTINCT label) FROM alike_profile), 4::bigint, 'have labels that differ');
SELECT is((segment_refresh('alike')).run, 2, 'and a refresh');
SELECT is_empty($$SELECT label FROM segment_history WHERE model = 'alike' GROUP BY segment, label HAVING count(*) <> 2$$, 'changes none of them');
COMMENT ON COLUMN alike.a_very_long_name_of_a_column_that_ends_in_one IS 'score';
COMMENT ON COLUMN alike.a_very_long_name_of_a_column_that_ends_in_two IS 'score';
SELECT is_empty($$SELECT * FROM segment_insights('alike') WHERE insight ~ 'score'$$, 'a comment that two columns share is the name of neither');

CREATE TABLE named AS SELECT i AS segment_rank, i AS source, i AS n, i % 2 * 10 + i / 100.0 AS x FROM generate_series(1, 100) i;
ALTER TABLE named ADD PRIMARY KEY (n, segment_rank, source);
SELECT is((segment_kmeans('named', 2, features => '{x}')).k, 2, 'a key of columns named as those of queries here');
SELECT is((SELECT count(*) FROM segment_typical('named')), 6::bigint, 'has typical rows');

-- Planted causes: each of five segments differs in a feature of its own, which must come first

CREATE FUNCTION pg_temp.normal(i integer, j integer) RETURNS float8 LANGUAGE sql AS $$
    SELECT sqrt(-2 * ln((hashint8extended(i * 1000 + j, 1) / 2 ^ 64 + 0.5) * 0.999999 + 5e-7)) * cos(2 * pi() * (hashint8extended(i * 1000 + j, 2) / 2 ^ 64 + 0.5))
$$;
CREATE TABLE planted (data integer, segment integer, cause text, feature text, label text);
CREATE FUNCTION pg_temp.plant(data integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    -- four kinds of causes: normal, a flag, counts, a word; sizes from 40 to 240
    EXECUTE format(
        $sql$CREATE TABLE sown AS
             SELECT i AS id, s AS truth, %s, CASE WHEN s = 5 AND hashint4(i) %% 10 <> 0 THEN 'Z' ELSE 'w' || abs(hashint4(i * 3 + %s)) %% 400 END AS word
               FROM (SELECT i, 1 + width_bucket(i, '{241,421,521,601}'::integer[]) AS s FROM generate_series(1, 640) i) g$sql$,
        (SELECT string_agg(format(CASE f WHEN 3 THEN 'CASE s WHEN 3 THEN abs(hashint4(i * 17 + %2$s)) %% 10 <> 0 ELSE abs(hashint4(i * 17 + %2$s)) %% 12 = 0 END AS flag_3'
                                         WHEN 4 THEN 'round(exp(1 + 0.5 * pg_temp.normal(i, %2$s) + CASE s WHEN 4 THEN 2.5 ELSE 0 END)) AS count_4'
                                         ELSE 'pg_temp.normal(i, %2$s) * %1$s + CASE s WHEN %1$s THEN %3$s * %1$s ELSE 0 END AS trait_%1$s' END,
                                  f, data * 20 + f, CASE (data + f) % 2 WHEN 0 THEN 5 ELSE -5 END), ', ' ORDER BY f) FROM generate_series(1, 9) f), data);
    ALTER TABLE sown ADD PRIMARY KEY (id);
    PERFORM segment_kmeans('sown', 5, seed => data, features => ARRAY(SELECT attname FROM pg_attribute WHERE attrelid = 'sown'::regclass AND attnum > 2),
                           feature_options => '{"word": {"weight": 9, "max_categories": 1}, "flag_3": {"weight": 9}}');
    INSERT INTO planted
    SELECT data, i.segment, c.cause, i.feature, i.label
      FROM segment_insights('sown') i
      JOIN (SELECT DISTINCT ON (segment) segment, count(*) AS n,
                   CASE truth WHEN 3 THEN 'flag_3=true' WHEN 4 THEN 'count_4' WHEN 5 THEN 'word=Z' ELSE 'trait_' || truth END AS cause
              FROM sown_members GROUP BY segment, truth ORDER BY segment, n DESC) c USING (segment)
     WHERE i.rank = 1;
    PERFORM segment_drop('sown');
    DROP TABLE sown;
END
$$;
SELECT pg_temp.plant(n) FROM generate_series(1, 20) n;
SELECT is(count(*), 100::bigint, 'a hundred segments have a first insight') FROM planted;
SELECT cmp_ok(count(*) FILTER (WHERE feature = cause), '>=', 95::bigint, 'which names the planted cause in at least 95 of them') FROM planted;
SELECT cmp_ok(count(*) FILTER (WHERE label ~* ('^(high |low |many |few |often |mostly |no |rarely )?'
                                               || CASE cause WHEN 'flag_3=true' THEN 'flag 3' WHEN 'word=Z' THEN 'word Z' ELSE replace(cause, '_', ' ') END)),
              '>=', 95::bigint, 'and the label begins with it') FROM planted;
SELECT diag(format('%s %s %s %s %s', data, segment, cause, feature, label)) FROM planted WHERE feature <> cause LIMIT 20;

SELECT * FROM finish();
ROLLBACK;
