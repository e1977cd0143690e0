-- The columns that become features: texts, enums, booleans, dates, intervals, arrays, and domains over them.

BEGIN;
SELECT plan(67);

SET client_min_messages = warning;

\ir complaint.psql

-- A model of one segment: the centroid is the mean of the prepared values, in original units.
CREATE FUNCTION pg_temp.means(source regclass, options text) RETURNS TABLE (feature text, mean numeric)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SELECT segment_kmeans(%L, 1, model => ''means'', replace => true, %s)', source, options);
    RETURN QUERY SELECT c.feature, round(c.value::numeric, 6) FROM segment_centroids('means') c;
END
$$;

-- Rows that scoring and the assignment treat differently.
CREATE FUNCTION pg_temp.disagreements(model text, source regclass) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    result bigint;
BEGIN
    EXECUTE format(
        'SELECT count(*) FROM %s s LEFT JOIN %I a USING (id) CROSS JOIN LATERAL segment_score(%L, s) p'
        ' WHERE (p.segment, p.distance, p.second_segment, p.margin) IS DISTINCT FROM'
        '       (a.segment, a.distance, a.second_segment, a.margin)', source, model || '_assignment', model)
       INTO result;
    RETURN result;
END
$$;

CREATE TYPE size AS ENUM ('S', 'M', 'L');
CREATE DOMAIN town AS varchar(20) CHECK (value <> 'Atlantis');
CREATE DOMAIN vector AS float8[];

-- texts: 12 rows of York, 8 Bath, 8 Leeds, 2 Hull, 1 (other), 1 Deal, 4 missing
CREATE TABLE people AS
SELECT i AS id, i % 10 AS x,
       CASE WHEN i <= 12 THEN 'York' WHEN i <= 20 THEN 'Bath' WHEN i <= 28 THEN 'Leeds' WHEN i <= 30 THEN 'Hull'
            WHEN i = 31 THEN '(other)' WHEN i = 32 THEN 'Deal' END AS city
  FROM generate_series(1, 36) i;
ALTER TABLE people ADD PRIMARY KEY (id);

SELECT results_eq($$SELECT * FROM pg_temp.means('people', $o$features => '{city}', missing => 'skip'$o$)$$,
    $$VALUES ('city=York', 0.375), ('city=Bath', 0.25), ('city=Leeds', 0.25), ('city=Hull', 0.0625), ('city=Deal', 0.03125),
             ('city=(other)', 0.03125)$$,
    'a feature a value, the most common first, ties by name; a value that is called (other) is other');
SELECT results_eq($$SELECT * FROM pg_temp.means('people', $o$features => '{city}', missing => 'skip', max_categories => 2$o$)$$,
    $$VALUES ('city=York', 0.375), ('city=Bath', 0.25), ('city=(other)', 0.375)$$, 'max_categories');
SELECT results_eq($$SELECT * FROM pg_temp.means('people', $o$features => '{city}', missing => 'skip', min_frequency => 3$o$)$$,
    $$VALUES ('city=York', 0.375), ('city=Bath', 0.25), ('city=Leeds', 0.25), ('city=(other)', 0.125)$$, 'min_frequency in rows');
SELECT results_eq($$SELECT * FROM pg_temp.means('people', $o$features => '{city}', missing => 'skip', min_frequency => 0.3$o$)$$,
    $$VALUES ('city=York', 0.375), ('city=(other)', 0.625)$$, 'min_frequency as a share of all rows');
SELECT results_eq($$SELECT * FROM pg_temp.means('people', $o$features => '{city,x}', missing => 'skip',
                    feature_options => '{"city": {"max_categories": 1, "min_frequency": 0.1}}'$o$) WHERE feature LIKE 'city%'$$,
    $$VALUES ('city=York', 0.375), ('city=(other)', 0.625)$$, 'both for a single feature');
SELECT results_eq($$SELECT * FROM pg_temp.means('people', $o$features => '{city}', max_categories => 3$o$)$$,
    $$VALUES ('city=York', round(16 / 36.0, 6)), ('city=Bath', round(8 / 36.0, 6)), ('city=Leeds', round(8 / 36.0, 6)),
             ('city=(other)', round(4 / 36.0, 6))$$, 'missing => median: the most common value');
SELECT results_eq($$SELECT * FROM pg_temp.means('people', $o$features => '{city}', missing => 'mean', max_categories => 3$o$)$$,
    $$VALUES ('city=York', 0.375), ('city=Bath', 0.25), ('city=Leeds', 0.25), ('city=(other)', 0.125)$$,
    'missing => mean: the share of each value');
SELECT results_eq($$SELECT * FROM pg_temp.means('people', $o$features => '{city}', missing => 'zero', max_categories => 3$o$)$$,
    $$VALUES ('city=York', round(12 / 36.0, 6)), ('city=Bath', round(8 / 36.0, 6)), ('city=Leeds', round(8 / 36.0, 6)),
             ('city=(other)', round(4 / 36.0, 6))$$, 'missing => zero: none of them');
SELECT results_eq($$SELECT * FROM pg_temp.means('people', $o$features => '{city}', missing => 'category', max_categories => 3$o$)$$,
    $$VALUES ('city=York', round(12 / 36.0, 6)), ('city=Bath', round(8 / 36.0, 6)), ('city=Leeds', round(8 / 36.0, 6)),
             ('city=(other)', round(4 / 36.0, 6)), ('city=(missing)', round(4 / 36.0, 6))$$, 'missing => category');
SELECT is((SELECT row(rows_used, rows_skipped) FROM segment_kmeans('people', 2, model => 'skips', features => '{city,x}', missing => 'skip')),
    row(32::bigint, 4::bigint), 'missing => skip leaves rows out');
SELECT is(pg_temp.complaint($$SELECT segment_kmeans('people', 2, model => 'strict', features => '{city,x}', missing => 'error')$$),
    '22004 column "city" has missing values: 4 of 36 | Choose what replaces them with missing => ''median'', ''mean'' or ''zero'', or leave such rows out with ''skip''.',
    'missing => error');
SELECT results_eq($$SELECT * FROM pg_temp.means('people', $o$features => '{city,x}', missing => 'category', scaling => 'none', max_categories => 1,
                    feature_options => '{"city": {"missing": "zero"}}'$o$)$$,
    $$VALUES ('city=York', round(12 / 36.0, 6)), ('city=(other)', round(20 / 36.0, 6)), ('x', round((SELECT avg(x) FROM people), 6))$$,
    'a feature''s own rule; numbers take the median under missing => category');

SELECT lives_ok($$SELECT segment_kmeans('people', 3, model => 'scaled', features => '{city}', max_categories => 2, missing => 'skip')$$, 'a model of one text');
SELECT is((SELECT array_agg(DISTINCT scaled ORDER BY scaled) FROM segment_centroids('scaled')), '{0,1}', 'categories stay 0 and 1 in scaled space');
SELECT lives_ok($$SELECT segment_kmeans('people', 2, model => 'heavy', features => '{city,x}', missing => 'skip',
    feature_options => '{"city": {"weight": 4, "scaling": "standard"}}')$$, 'weight and scaling of a category');
SELECT is((SELECT array_agg(DISTINCT f.weight) FROM segment_internal.catalog_feature f JOIN segment_internal.catalog_model m USING (model_id, run)
            WHERE m.name = 'heavy' AND f.source_column = 'city'), '{4}', 'apply to each of its values');

-- scoring

SELECT lives_ok($$SELECT segment_kmeans('people', 4, model => 'towns', features => '{city,x}', max_categories => 2, missing => 'category')$$, 'a model');
SELECT is(pg_temp.disagreements('towns', 'people'), 0::bigint, 'scoring gives the assignment');
SELECT is(segment_score('towns', r), segment_score('towns', s), 'a value that was never seen is one of the others')
  FROM (SELECT 3 AS x, 'Zennor' AS city) r, (SELECT 3 AS x, 'Hull' AS city) s;
SELECT is(segment_score('towns', r), segment_score('towns', s), 'a category is known by its text, whatever the type')
  FROM (SELECT 3 AS x, 'York'::varchar AS city) r, (SELECT 3 AS x, 'York  '::char(6) AS city) s;
SELECT is(segment_score('towns', r), segment_score('towns', s), 'NULL is the missing category, and so is a text that is called so')
  FROM (SELECT 3 AS x, NULL::text AS city) r, (SELECT 3 AS x, '(missing)' AS city) s;
SELECT is(pg_temp.complaint($$SELECT segment_predict('towns', r) FROM (SELECT 3 AS x) r$$) LIKE '42703 the row has no column "city"%', true,
    'a row without the column');
SELECT is(pg_temp.complaint($$SELECT segment_predict('towns', r) FROM (SELECT 'three' AS x, 'York' AS city) r$$) LIKE '42804 column "x" is of type text, not a number, boolean, date or interval%',
    true, 'a text where there was a number');
SELECT is(segment_predict('skips', r), NULL, 'a row that is skipped has no segment') FROM (SELECT 3 AS x, NULL::text AS city) r;
SELECT is(pg_temp.disagreements('skips', 'people'), 0::bigint, 'nor a row in the assignment');
SELECT lives_ok($$SELECT segment_kmeans('people', 4, model => 'seen', features => '{city,x}', max_categories => 2, missing => 'category', assignment => 'view')$$, 'a view');
SELECT is(pg_temp.disagreements('seen', 'people'), 0::bigint, 'scores the same');

-- refresh: the features stay those of the first fit

INSERT INTO people VALUES (37, 1, 'Zennor'), (38, 2, 'Zennor'), (39, 3, 'Zennor');
DELETE FROM people WHERE city = 'Bath';
SELECT is((SELECT row(rows_used, features) FROM segment_refresh('towns')), row(31::bigint, '{city,x}'::text[]), 'refreshed');
SELECT is(ARRAY(SELECT feature FROM segment_centroids('towns') WHERE segment = 1),
    '{city=York,city=Bath,city=(other),city=(missing),x}', 'the same features, though values came and went');
SELECT is((SELECT round(sum(rows * mean)) FROM segment_profile('towns') WHERE feature = 'city=(other)'), 15::float8, 'new values are others');
SELECT is(pg_temp.disagreements('towns', 'people'), 0::bigint, 'scoring gives the assignment');

-- what a category may be called

CREATE TABLE odd AS
SELECT i AS id, (ARRAY['', ' ', 'it''s "a=b"', repeat('é', 5000), repeat('é', 4999) || 'e', E'tab\tand\nline', '=', 'NULL'])[i % 8 + 1] AS "va=lue",
       i % 3 AS y
  FROM generate_series(1, 80) i;
ALTER TABLE odd ADD PRIMARY KEY (id);
SELECT lives_ok($$SELECT segment_kmeans('odd', 4, features => '{"va=lue",y}')$$, 'odd texts');
SELECT set_eq($$SELECT feature FROM segment_centroids('odd')$$, $$SELECT 'va=lue=' || btrim("va=lue") FROM odd UNION SELECT 'y'$$, 'are features under their full names, but for blanks around them');
SELECT is(pg_temp.disagreements('odd', 'odd'), 0::bigint, 'and are told apart');
SELECT is((SELECT count(*) FROM pg_attribute WHERE attrelid = 'odd_profile'::regclass AND attnum > 0), (5 + 3 * 8)::bigint, 'each has its columns in the profile');
SELECT set_eq($$SELECT part FROM segment_internal.catalog_feature JOIN segment_internal.catalog_model m USING (model_id, run) WHERE m.name = 'odd' AND part IS NOT NULL$$,
    $$SELECT btrim("va=lue") FROM odd$$, 'the catalog knows the values');

-- keys and many values

CREATE TABLE many AS SELECT i AS id, 'c' || i * 7919 % 10000 AS c, 'n' || i AS name, i % 5 AS y FROM generate_series(1, 30000) i;
ALTER TABLE many ADD PRIMARY KEY (id);
SELECT is(pg_temp.complaint($$SELECT segment_kmeans('many', 2, features => '{y,name}')$$),
    '22023 column "name" of relation "many" looks like a key: its 30000 values are all distinct | '
    'Leave it out of features, or make groups of its values in a view.', 'a text that looks like a key');
SELECT lives_ok($$SELECT segment_kmeans('many', 2, features => '{y,c}')$$, '10,000 categories');
SELECT is((SELECT row(count(*), count(*) FILTER (WHERE feature = 'c=(other)')) FROM segment_centroids('many') WHERE segment = 1), row(34::bigint, 1::bigint),
    'become 32 and the others');
SELECT is((SELECT mean FROM segment_profile('many') WHERE feature = 'c=c0' ORDER BY segment LIMIT 1) < 0.001, true, 'each is rare');

-- enums and booleans

CREATE TABLE kinds AS
SELECT i AS id, (ARRAY['S', 'M', 'L', 'L'])[i % 4 + 1]::size AS size, i % 3 = 0 AS ok, (ARRAY['Bath', 'York'])[i % 2 + 1]::town AS town,
       (ARRAY['a', 'bb'])[i % 2 + 1]::char(4) AS padded, (ARRAY['n1', 'n2'])[i % 2 + 1]::name AS name
  FROM generate_series(1, 24) i;
ALTER TABLE kinds ADD PRIMARY KEY (id);
SELECT results_eq($$SELECT * FROM pg_temp.means('kinds', $o$features => '{size,ok,town,padded,name}'$o$)$$,
    $$VALUES ('size=L', 0.5), ('size=M', 0.25), ('size=S', 0.25), ('ok=false', round(2 / 3.0, 6)), ('ok=true', round(1 / 3.0, 6)),
             ('town=Bath', 0.5), ('town=York', 0.5), ('padded=a', 0.5), ('padded=bb', 0.5), ('name=n1', 0.5), ('name=n2', 0.5)$$,
    'enums, named booleans, domains, char(n) without its blanks, names');
SELECT results_eq($$SELECT * FROM pg_temp.means('kinds', $o$exclude => '{size,town,padded,name}', n_init => 1$o$)$$, $$VALUES ('ok', round(1 / 3.0, 6))$$, 'a boolean by default is 0 or 1');
SELECT lives_ok($$SELECT segment_kmeans('kinds', 3, features => '{size,ok,town,padded,name}')$$, 'a model of them');
SELECT is(pg_temp.disagreements('kinds', 'kinds'), 0::bigint, 'scores as it was fitted');
SELECT set_eq(
    $$SELECT segment, feature, mean, median FROM segment_profile('kinds') WHERE feature IN ('size=L', 'ok=true', 'town=York', 'padded=a')$$,
    $$SELECT a.segment, v.feature, avg(v.one)::float8, percentile_cont(0.5) WITHIN GROUP (ORDER BY v.one)
        FROM kinds k
        JOIN kinds_assignment a USING (id)
       CROSS JOIN LATERAL (VALUES ('size=L', (k.size = 'L')::integer), ('ok=true', k.ok::integer),
                                  ('town=York', (k.town = 'York')::integer), ('padded=a', (k.padded = 'a')::integer)) v (feature, one)
       GROUP BY a.segment, v.feature$$, 'means and medians of categories are those of SQL');
SELECT lives_ok($$SELECT segment_kmeans('kinds', 1, model => 'halves', features => '{size,town}')$$, 'a model of one segment');
SELECT is((SELECT array_agg(median ORDER BY feature COLLATE "C") FROM segment_profile('halves')), '{0.5,0,0,0.5,0.5}', 'a half lies between');
CREATE TABLE three AS SELECT i AS id, (ARRAY['S', 'M', 'L'])[i]::size AS size, (ARRAY['S', 'M', 'L'])[i] AS word FROM generate_series(1, 3) i;
ALTER TABLE three ADD PRIMARY KEY (id);
SELECT lives_ok($$SELECT segment_kmeans('three', 2, features => '{size}')$$, 'an enum is never a key');
SELECT matches(pg_temp.complaint($$SELECT segment_kmeans('three', 2, model => 'words', features => '{word}')$$), '^22023 .*looks like a key: its 3 values', 'a text is');

-- dates, times and intervals

CREATE TABLE dated AS
SELECT i AS id, date '1970-01-01' + i AS day, timestamp '1970-01-01 12:00' + i * interval '1 day' AS moment,
       timestamptz '1969-12-31 06:00+00' + i * interval '1 day' AS instant, i * interval '36 hours' + interval '1 month' AS span
  FROM generate_series(1, 5) i;
ALTER TABLE dated ADD PRIMARY KEY (id);
SELECT results_eq($$SELECT * FROM pg_temp.means('dated', $o$features => '{day,moment,instant,span}', scaling => 'none'$o$)$$,
    $$VALUES ('day', 3.0), ('moment', 3.5), ('instant', 2.25), ('span', 34.5)$$, 'days since 1970-01-01; intervals in days');
SET LOCAL timezone = 'Asia/Tokyo';
SELECT results_eq($$SELECT * FROM pg_temp.means('dated', $o$features => '{instant}', scaling => 'none'$o$)$$, $$VALUES ('instant', 2.25)$$,
    'whatever the time zone');
SELECT lives_ok($$SELECT segment_kmeans('dated', 2, features => '{day,moment,instant,span}')$$, 'a model');
SELECT is(pg_temp.disagreements('dated', 'dated'), 0::bigint, 'scores as it was fitted');
INSERT INTO dated VALUES (6, 'infinity', '-infinity', NULL, NULL);
SELECT is(pg_temp.complaint($$SELECT segment_kmeans('dated', 2, model => 'later', features => '{day}')$$),
    '22003 column "day" contains an infinite value | Leave such rows out in a view, or set the value to NULL there.', 'an infinite date');
SELECT matches(pg_temp.complaint($$SELECT segment_kmeans('dated', 2, model => 'sooner', features => '{moment}')$$), '^22003 column "moment"', 'or time');

-- arrays

CREATE TABLE vectors AS
SELECT i AS id, ARRAY[i, NULL, i % 2]::integer[] AS v, ARRAY[i / 2.0, 1.5 * i]::numeric[] AS n,
       CASE WHEN i < 6 THEN ARRAY[[i, 1], [0, i % 3]]::vector END AS m
  FROM generate_series(1, 6) i;
ALTER TABLE vectors ADD PRIMARY KEY (id);
SELECT results_eq($$SELECT * FROM pg_temp.means('vectors', $o$features => '{v,n,m}', scaling => 'none', feature_options => '{"m": {"missing": "zero"}}'$o$)$$,
    $$VALUES ('v[1]', 3.5), ('v[3]', 0.5), ('n[1]', 1.75), ('n[2]', 5.25), ('m[1]', 2.5), ('m[2]', round(5 / 6.0, 6)), ('m[4]', 1.0)$$,
    'a feature an element; NULL arrays and elements are missing');
SELECT lives_ok($$SELECT segment_kmeans('vectors', 2, features => '{v,n,m}')$$, 'a model');
SELECT is(pg_temp.disagreements('vectors', 'vectors'), 0::bigint, 'scores as it was fitted');
SELECT is(pg_temp.complaint($$SELECT segment_predict('vectors', r) FROM (SELECT '{1,2}'::integer[] AS v, '{1,2}'::numeric[] AS n, '{1,2,3,4}'::vector AS m) r$$),
    '2202E column "v" has arrays of 2 and of 3 elements | Each element is a feature: give all arrays the same length in a view.', 'a row with a shorter array');
SELECT is(pg_temp.complaint($$SELECT segment_predict('vectors', r) FROM (SELECT 1 AS v, '{1,2}'::numeric[] AS n, '{1,2,3,4}'::vector AS m) r$$),
    '42804 column "v" is of type integer, not an array of numbers | The model was fitted on an array there.', 'a row with no array');
INSERT INTO vectors VALUES (7, '{1}', '{1,2}', NULL);
SELECT is(pg_temp.complaint($$SELECT segment_kmeans('vectors', 2, model => 'ragged', features => '{v}')$$),
    '2202E column "v" has arrays of 1 and of 3 elements | Each element is a feature: give all arrays the same length in a view.', 'ragged arrays');
UPDATE vectors SET n = '{Infinity,1}' WHERE id = 3 AND current_setting('server_version_num')::integer >= 140000;
SELECT matches(pg_temp.complaint($$SELECT segment_kmeans('vectors', 2, model => 'infinite', features => '{n}')$$), '^22003 column "n" contains an infinite', 'an infinite element');
CREATE TABLE hollow AS SELECT i AS id, i AS x, '{}'::float8[] AS v FROM generate_series(1, 3) i;
ALTER TABLE hollow ADD PRIMARY KEY (id);
SELECT is((SELECT features FROM segment_kmeans('hollow', 2, features => '{x,v}')), '{x}', 'empty arrays make no feature');

-- options that a type does not have

SELECT is(pg_temp.complaint(format($$SELECT segment_kmeans('many', 2, model => 'options', features => '{y,c}', feature_options => '{"%s": {%s}}')$$, feature, option)),
    '22023 option ' || message || ' | Fences and transforms are for numbers; categories are for texts, enums and booleans that features names.', option)
  FROM (VALUES ('c', '"clip": [0.1, 0.9]', '"clip" of feature "c" is not for type text'),
               ('c', '"transform": "log1p"', '"transform" of feature "c" is not for type text'),
               ('y', '"max_categories": 3', '"max_categories" of feature "y" is not for type integer'),
               ('y', '"missing": "category"', '"missing" => "category" of feature "y" is not for type integer')) v (feature, option, message);

SELECT * FROM finish();
ROLLBACK;
