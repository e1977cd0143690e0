-- Rules of segments: each is run as it is printed, over odd names and values of every kind, and finds what it says.

BEGIN;
SELECT * FROM no_plan();

SET client_min_messages = warning;

\ir complaint.psql

-- Runs every rule of a model in a WHERE over its members view, as a user would, and counts.
CREATE FUNCTION pg_temp.honest(model text, members text, segment_column text DEFAULT 'segment') RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    r      record;
    hits   bigint;
    others bigint;
    size   bigint;
BEGIN
    FOR r IN SELECT * FROM segment_rules(model) LOOP
        EXECUTE format('SELECT count(*) FILTER (WHERE %2$I = $1), count(*) FILTER (WHERE %2$I <> $1) FROM %1$s WHERE %3$s', members, segment_column, r.rule)
           INTO hits, others USING r.segment;
        EXECUTE format('SELECT count(*) FROM %1$s WHERE %2$I = $1', members, segment_column) INTO size USING r.segment;
        RETURN NEXT is(ROW(r.coverage, r."precision")::text, ROW(hits::float8 / size, hits::float8 / (hits + others))::text, format('%s: %s', model, r.rule));
    END LOOP;
END
$$;

-- Four groups that two columns tell apart, apart from noise: known rules with known figures.
CREATE TABLE shop AS
SELECT i AS id, CASE WHEN i <= 400 THEN 30000 + i * 10 ELSE 70000 + i * 10 END AS income, i % 2 * 3 AS kids, i % 7 AS day
  FROM generate_series(1, 800) i;
ALTER TABLE shop ADD PRIMARY KEY (id);
SELECT is((segment_kmeans('shop', 4, '{income,kids}')).k, 4, 'a model');
SELECT results_eq(
    $$SELECT rule, coverage, "precision" FROM segment_rules('shop') ORDER BY rule COLLATE "C"$$,
    $$VALUES ('kids < 2 AND income < 50000', 1::float8, 1::float8), ('kids < 2 AND income >= 50000', 1, 1),
             ('kids >= 2 AND income < 50000', 1, 1), ('kids >= 2 AND income >= 50000', 1, 1)$$,
    'short rules of round numbers');
SELECT pg_temp.honest('shop', 'shop_members');
-- 40 of the rich have become poor since, but their segments stay: 40 of 240 that are found; 160 of 200 are
UPDATE shop SET income = 31000 WHERE id > 720;
SELECT results_eq(
    $$SELECT rule, round(coverage::numeric, 6), round("precision"::numeric, 6) FROM segment_rules('shop') ORDER BY rule COLLATE "C"$$,
    $$SELECT r.rule, round(r.coverage, 6), round(r."precision", 6) FROM (VALUES ('kids < 2 AND income < 50000', 1.0, 200 / 240.0), ('kids < 2 AND income >= 50000', 160 / 200.0, 1.0),
             ('kids >= 2 AND income < 50000', 1.0, 200 / 240.0), ('kids >= 2 AND income >= 50000', 160 / 200.0, 1.0)) r (rule, coverage, "precision")$$,
    'figures are those of today''s rows');
SELECT pg_temp.honest('shop', 'shop_members');
SELECT is((segment_kmeans('shop', 1, '{income}', model => 'whole')).k, 1, 'one segment');
SELECT results_eq($$SELECT * FROM segment_rules('whole')$$, $$VALUES (1, 'true', 1::float8, 1::float8)$$, 'all of it is true');

-- Columns of every kind, with NULLs in all of them, under names that need quotes.
CREATE TYPE mood AS ENUM ('it''s fine', 'so "so"', 'a\b');
CREATE DOMAIN share AS numeric CHECK (VALUE < 1e9);
CREATE TABLE "Odd "" table" AS
SELECT i AS "the Key", g.g,
       CASE WHEN i % 11 <> 0 THEN -50.5 + g * 20 + i % 13 END::share AS "neg ""ative",
       CASE WHEN i % 17 <> 0 THEN g = 1 END AS "user",
       CASE WHEN i % 13 <> 0 THEN ('{it''s fine,"so \"so\"","a\\b"}'::mood[])[g % 3 + 1] END AS "select",
       CASE WHEN i % 19 <> 0 THEN (ARRAY[$t$o'clock; DROP TABLE x; --$t$, $t$back\slash$t$, '<b>&"'])[(g + i / 50) % 3 + 1] END AS "Mixed Case",
       CASE WHEN i % 7 <> 0 THEN date '2020-02-29' + g * 400 + i % 30 END AS "since when",
       CASE WHEN i % 5 <> 0 THEN timestamptz '2021-01-01 13:30+02' + make_interval(days => g * 90 + i % 40) END AS seen,
       CASE WHEN i % 9 <> 0 THEN make_interval(months => g * 5, days => i % 20, hours => i % 24) END AS "between",
       CASE WHEN i % 23 <> 0 THEN ARRAY[g * 3 + i % 4, -g, i % 5]::real[] END AS "list[]",
       CASE WHEN i % 29 <> 0 THEN (g % 2)::smallint END AS flag,
       CASE WHEN i % 31 = 0 THEN 'NaN' WHEN i % 8 <> 0 THEN g * 1e-7 + i * 1e-9 END::float8 AS tiny,
       -1e12 * g - i AS huge, i % 3 AS segment, 'x' AS label
  FROM generate_series(1, 600) i CROSS JOIN LATERAL (SELECT i % 4) g (g);
CREATE FUNCTION pg_temp.fit(model text, features text[], k integer) RETURNS integer LANGUAGE sql AS $$
    SELECT k FROM segment_kmeans('"Odd "" table"', $3, $2, model => $1, key => ARRAY['the Key'], replace => true)
$$;
CREATE FUNCTION pg_temp.fitted(model text, features text[], k integer) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN NEXT is(pg_temp.fit(model, features, k), k, format('a model of %s', features));
    RETURN QUERY SELECT pg_temp.honest(model, model || '_members', model || '_segment');
END
$$;
SELECT pg_temp.fitted('odd', ARRAY[c], 4)
  FROM unnest(ARRAY['neg "ative', 'since when', 'seen', 'between', 'list[]', 'tiny', 'huge']) c;
SELECT pg_temp.fitted('odd', ARRAY[c], 2)
  FROM unnest(ARRAY['user', 'select', 'Mixed Case', 'flag']) c;
SELECT is(pg_temp.fit('odd', ARRAY['neg "ative', 'user', 'select', 'Mixed Case', 'since when', 'seen', 'between', 'list[]', 'flag', 'tiny', 'huge'], 6), 6, 'all of them');
SELECT pg_temp.honest('odd', 'odd_members', 'odd_segment');
SELECT is((segment_kmeans('"Odd "" table"', 3, ARRAY['select', 'user'], model => 'lacking', key => ARRAY['the Key'], missing => 'category')).k, 3, 'missing values are a category');
SELECT pg_temp.honest('lacking', 'lacking_members', 'lacking_segment');

-- what such conditions look like
CREATE FUNCTION pg_temp.conditions(column_name text, k integer DEFAULT 2) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_temp.fit('odd', ARRAY[column_name], k);
    RETURN (SELECT string_agg(rule, ' | ' ORDER BY rule COLLATE "C") FROM segment_rules('odd'));
END
$$;
SELECT is(pg_temp.conditions('user'), '"user" | NOT "user"', 'a boolean') FROM (SELECT 1) one;
SELECT is(pg_temp.conditions('flag'), 'flag < 1 | flag >= 1', 'a number that is 0 or 1');
SELECT matches(pg_temp.conditions('since when'), '^"since when" < ''\d{4}-\d\d-\d\d'' \| "since when" >= ''\d{4}-\d\d-\d\d''$', 'a date');
SELECT matches(pg_temp.conditions('seen'), '^seen < ''\d{4}-\d\d-\d\d 00:00:00\+00'' \| seen >= ''\d{4}-\d\d-\d\d 00:00:00\+00''$', 'a time');
SELECT matches(pg_temp.conditions('between'), '^"between" < interval ''\d+ days'' \| "between" >= interval ''\d+ days''$', 'an interval');
SELECT matches(pg_temp.conditions('select', 3), 'E''a\\\\b''.*''it''''s fine''|''it''''s fine''.*E''a\\\\b''', 'values as literals');
SELECT matches(pg_temp.conditions('huge'), '^huge < -\d+ \| huge >= -\d+$', 'large negative numbers');
SET LOCAL datestyle = 'SQL, DMY';
SET LOCAL intervalstyle = 'iso_8601';
SET LOCAL timezone = 'Asia/Kolkata';
SET LOCAL standard_conforming_strings = off;
SET LOCAL extra_float_digits = 0;
SELECT pg_temp.fit('odd', ARRAY['neg "ative', 'select', 'since when', 'seen', 'between', 'tiny'], 5);
SELECT pg_temp.honest('odd', 'odd_members', 'odd_segment');
RESET datestyle;
RESET intervalstyle;
RESET timezone;
RESET standard_conforming_strings;
RESET extra_float_digits;

-- categories beside each other; rows that came later with other values
CREATE TABLE wine AS SELECT i AS id, (ARRAY['DE', 'FR', 'IT', 'ES', 'US', 'CA'])[i % 6 + 1] AS country, CASE WHEN i % 6 < 3 THEN 0 ELSE 100 END + i % 5 AS litres FROM generate_series(1, 300) i;
ALTER TABLE wine ADD PRIMARY KEY (id);
SELECT is((segment_kmeans('wine', 2, '{country,litres}', feature_options => '{"litres": {"weight": 1e-9}, "country": {"weight": 1e-9}}')).k, 2, 'a model of two columns');
UPDATE wine_assignment a SET segment = CASE WHEN w.litres < 50 THEN 1 ELSE 2 END FROM wine w WHERE w.id = a.id;
UPDATE wine SET litres = 7;
SELECT results_eq($$SELECT * FROM segment_rules('wine')$$,
    $$VALUES (1, 'country IN (''DE'', ''FR'', ''IT'')', 1::float8, 1::float8), (2, 'country IN (''CA'', ''ES'', ''US'')', 1, 1)$$, 'a list of values');
UPDATE wine SET country = NULL WHERE litres = 7 AND country IN ('ES', 'US', 'CA');
SELECT results_eq($$SELECT segment, rule, coverage, "precision" FROM segment_rules('wine') WHERE segment = 2$$, $$VALUES (2, 'country IS NULL', 1::float8, 1::float8)$$, 'missing values are a sign, too');
SELECT is((SELECT rule FROM segment_rules('wine') WHERE segment = 1), 'country IN (''DE'', ''FR'', ''IT'')', 'no list has them');
DELETE FROM wine WHERE country IS NULL;
SELECT results_eq($$SELECT segment, rule, coverage, "precision" FROM segment_rules('wine') ORDER BY 1$$, $$VALUES (1, 'true', 1::float8, 1::float8), (2, NULL, NULL, NULL)$$, 'a segment without rows has no rule');
DELETE FROM wine;
SELECT is((SELECT count(*) FROM segment_rules('wine') WHERE num_nulls(rule, coverage, "precision") = 3), 2::bigint, 'nor has any without customers');

-- infinite and absurd values that came after the fit do not matter
CREATE TABLE later AS SELECT i AS id, (i % 2 * 10 + i % 3)::float8 AS x, date '2026-01-01' + i % 2 * 100 + i % 3 AS day FROM generate_series(1, 100) i;
ALTER TABLE later ADD PRIMARY KEY (id);
SELECT is((segment_kmeans('later', 2, '{x,day}')).k, 2, 'a model');
UPDATE later SET x = CASE id WHEN 1 THEN 'Infinity' WHEN 2 THEN '-Infinity' WHEN 3 THEN 'NaN' ELSE 1e308 END, day = CASE id % 2 WHEN 1 THEN 'infinity' ELSE '-infinity' END::date WHERE id < 5;
SELECT pg_temp.honest('later', 'later_members');

-- the same rules whatever the order of rows, and from a sample the figures of all rows
CREATE TABLE many AS SELECT i AS id, (i * 7919::bigint % 100003) / 1000.0 AS a, (i * 104729::bigint % 99991) / 100.0 AS b, i % 97 AS c FROM generate_series(1, 60000) i;
ALTER TABLE many ADD PRIMARY KEY (id);
SELECT is((segment_kmeans('many', 3, '{a,b,c}')).k, 3, 'more rows than a sample');
SELECT pg_temp.honest('many', 'many_members');
CREATE TEMP TABLE before AS SELECT * FROM segment_rules('many');
CREATE TABLE again AS SELECT * FROM many ORDER BY hashint4(id);
TRUNCATE many;
INSERT INTO many SELECT * FROM again;
SELECT set_eq($$SELECT * FROM segment_rules('many')$$, 'TABLE before', 'the order of rows does not matter');
SELECT ok((SELECT bool_and(2 / (1 / coverage + 1 / "precision") > 0.8) FROM before), 'they say who is in the segments');
SELECT ok((SELECT bool_and(abs(r.coverage - b.coverage) < 0.02 AND abs(r.precise - b."precision") < 0.02) FROM before b JOIN segment_internal.rules(segment_internal.model_id('many'), true) r USING (segment, rule)),
    'figures of the sample are near');

-- what cannot be asked
SELECT is((segment_kmeans('shop', 2, '{income}', model => 'bare', assignment => 'none')).k, 2, 'one without members');
SELECT is(pg_temp.complaint($$SELECT * FROM segment_rules('bare')$$),
    '42P01 model "bare" has no members view, which tells the segment of each row | Fit it with a key, and assignment => ''table'' or ''view''.', 'nobody tells');
SELECT is(pg_temp.complaint(format('SELECT * FROM segment_internal.search_rules(%s)', a)) ~ e, true, a)
  FROM (VALUES ($$'{1}', '{1}', '{{1}}', '{f,t}', '{f}'$$, '^2202E'), ($$'{1}', '{1,2}', '{{1}}', '{f}', '{f}'$$, '^2202E'), ($$'{1}', '{1}', '{1}', '{f}', '{f}'$$, '^2202E'),
               ($$'{1}', '{1}', '{{NULL}}', '{f}', '{f}'$$, '^22004'), ($$'{1}', '{NULL}', '{{1}}', '{f}', '{f}'$$, '^22004'), ($$'{1}', '{1}', '{{1}}', '{{f}}', '{f}'$$, '^2202E')) t (a, e);
SELECT lives_ok(format('SELECT * FROM segment_internal.search_rules(''{1,2}'', ''{1,1,2,2}'', %L, %L, %L)', v, n, w), v || n || w)
  FROM unnest(ARRAY['{{1},{2},{3},{4}}', '{{NaN},{Infinity},{-Infinity},{0}}', '{{1e308},{-1e308},{1e-320},{NaN}}', '{{-5},{1e300},{0.5},{4096}}', '{{NaN},{NaN},{NaN},{NaN}}']) v,
       unnest('{"{f}","{t}"}'::text[]) n, unnest('{"{f}","{t}"}'::text[]) w;

-- for those who may read the members
CREATE ROLE segment_test_rules;
GRANT SELECT ON shop_profile TO segment_test_rules;
SET ROLE segment_test_rules;
SELECT is(pg_temp.complaint($$SELECT * FROM segment_rules('shop')$$),
    '42501 permission denied for view shop_members | The rows of a model are for those who may SELECT from its members view.', 'who may not');
SELECT is(segment_report('shop') ~ 'class="rule"', false, 'not in a report either');
RESET ROLE;
GRANT SELECT ON shop_members TO segment_test_rules;
SET ROLE segment_test_rules;
SELECT is((SELECT count(*) FROM segment_rules('shop')), 4::bigint, 'who may');
RESET ROLE;

-- in the report, as text
SELECT pg_temp.fit('odd', ARRAY['Mixed Case', 'select'], 3);
SELECT is(substring(segment_report('shop') from '<p class="rule">[^\n]*kids &lt; 2 AND income &lt; 50000[^\n]*'),
    '<p class="rule"><strong>Who:</strong> <code dir="ltr">kids &lt; 2 AND income &lt; 50000</code> finds 100% of them; of those found, 83% are in the segment.</p>', 'a rule in its card');
SELECT ok((SELECT bool_and(position(segment_internal.html(r.rule) IN page) > 0) AND bool_or(r.rule ~ '<b>') AND page !~ '<b>&' FROM segment_rules('odd') r, segment_report('odd') page GROUP BY page), 'its signs are escaped');

SELECT * FROM finish();
ROLLBACK;
