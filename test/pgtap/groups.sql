-- A model a group: each group is as a model of its rows alone, through a model's whole life.

BEGIN;
SELECT plan(102);
SET client_min_messages = warning;

CREATE TABLE customers (
    id integer PRIMARY KEY, country text, tier smallint, age float8, income float8, visits integer, weight float8);
INSERT INTO customers
SELECT i, (ARRAY['DE', 'FR', NULL, ''])[1 + i % 4], 1 + i % 3, 20 + i * 7919 % 61, (i * 104729 % 997 + 1) ^ (1 + i % 4 / 4.0),
       CASE i % 4 WHEN 1 THEN 5 ELSE i * 31 % 17 + 20 * (i % 2) END, i % 5 / 2.0
  FROM generate_series(1, 1200) i;
UPDATE customers SET income = NULL WHERE id % 50 = 3;
INSERT INTO customers VALUES (9001, 'XX', 1, 30, 1000, 3, 1), (9002, 'XX', 1, 30, 1000, 3, 1), (9003, 'YY', 1, NULL, NULL, 3, 1);

-- The error of a statement.
CREATE FUNCTION pg_temp.complaint(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE query;
    RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
    RETURN format('%s %s', SQLSTATE, SQLERRM);
END
$$;

-- Fits each group as a view, and says in what it is not as the group is; bit by bit.
CREATE FUNCTION pg_temp.differences(condition text, wanted text, arguments text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    g record;
    n integer;
BEGIN
    EXECUTE format('CREATE VIEW alone AS SELECT * FROM customers WHERE %s', condition);
    EXECUTE format('SELECT FROM segment_kmeans(''alone'', key => ''{id}'', %s)', arguments);
    SELECT * INTO STRICT g FROM segment_groups('customers') s WHERE s.group_values ->> 'country' IS NOT DISTINCT FROM wanted;
    RETURN QUERY
        SELECT format('%s: %s, not %s', f.name, f.here, f.there)
          FROM segment_models m
          JOIN segment_runs r ON r.model = m.model AND r.run = m.run
         CROSS JOIN LATERAL (VALUES ('k', g.k::float8, m.k::float8), ('inertia', g.inertia, m.inertia), ('silhouette', g.silhouette, m.silhouette),
                                    ('explained', g.explained, r.explained), ('rows', g.rows_used, r.rows_used)) f (name, here, there)
         WHERE m.model = 'alone' AND f.here IS DISTINCT FROM f.there;
    RETURN QUERY
        SELECT format('centroid %s of %s: %s, %s', a.segment, a.feature, a.value, c.value)
          FROM segment_centroids('alone') a
          LEFT JOIN segment_centroids('customers') c ON c.segment = g.segments[a.segment] AND c.feature = a.feature
         WHERE (c.value, c.scaled) IS DISTINCT FROM (a.value, a.scaled);
    EXECUTE format('SELECT count(*) FROM (SELECT * FROM customers_assignment WHERE segment = ANY ($1)) c FULL JOIN alone_assignment a USING (id)'
                   ' WHERE (c.segment, c.distance, c.second_segment, c.margin) IS DISTINCT FROM ($1[a.segment], a.distance, $1[a.second_segment], a.margin)')
       INTO n USING g.segments;
    IF n <> 0 THEN
        RETURN NEXT format('%s rows assigned otherwise', n);
    END IF;
    PERFORM segment_drop('alone');
    DROP VIEW alone;
END
$$;

CREATE FUNCTION pg_temp.compare(arguments text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SELECT FROM segment_kmeans(''customers'', group_by => ''{country}'', replace => true, %s)', arguments);
    RETURN QUERY SELECT pg_temp.differences('country = ''DE''', 'DE', arguments)
           UNION ALL SELECT pg_temp.differences('country = ''FR''', 'FR', arguments)
           UNION ALL SELECT pg_temp.differences('country IS NULL', NULL, arguments)
           UNION ALL SELECT pg_temp.differences('country = ''''', '', arguments);
END
$$;

-- each group as a model of its own

SELECT is_empty($$SELECT pg_temp.compare('k => 3, features => ''{age,income}''')$$, 'the same bits as models of the groups alone');
SELECT is_empty($$SELECT pg_temp.compare('features => ''{age,income}'', k_max => 6')$$, 'with k chosen in each group');
SELECT is_empty($$SELECT pg_temp.compare('k => 4, features => ''{age,income}'', transform => ''yeo-johnson'', scaling => ''robust'', outliers => ''clip''')$$,
    'with lambdas, quartiles and fences of each group');
SELECT is_empty($$SELECT pg_temp.compare('k => 2, features => ''{age,income}'', distance => ''cosine'', seed => 7')$$, 'with cosine distance');
SELECT is_empty($$SELECT pg_temp.compare('k => 3, features => ''{age,income}'', sample_weight => ''weight'', scaling => ''minmax''')$$, 'with weights');
SELECT is_empty($$SELECT pg_temp.compare('k => 3, features => ''{age,income}'', missing => ''skip''')$$, 'with rows skipped');
SELECT is((SELECT k_reason FROM segment_groups('customers') WHERE group_values ->> 'country' = 'YY'), 'too few rows', 'a group of which all rows are skipped is left out');
SELECT is_empty($$SELECT pg_temp.compare('k => 3, features => ''{age,visits}''')$$, 'with a feature that does not vary in one of the groups');
SET segment.max_parallel_workers = 0;
SELECT is_empty($$SELECT pg_temp.compare('k => 3, features => ''{age,income}''')$$, 'in one process');
RESET segment.max_parallel_workers;
SET segment.work_mem = '2MB';
SELECT is_empty($$SELECT pg_temp.compare('k => 3, features => ''{age,income}''')$$, 'and in little memory');
RESET segment.work_mem;

-- the whole

SELECT segment_drop('customers');
SELECT FROM segment_kmeans('customers', 3, features => '{age,income}', group_by => '{country}');
SELECT is((SELECT row(r.k, r.k_reason, r.rows_read, r.rows_used, r.rows_skipped, r.features)::text FROM segment_runs r WHERE r.model = 'customers' ORDER BY r.run DESC LIMIT 1),
    '(12,"those of 4 groups, each by itself",1203,1200,3,"{age,income}")', 'the run has the sums');
SELECT results_eq($$SELECT group_values, rows_read, rows_used, k, segments FROM segment_groups('customers')$$, $$VALUES
    ('{"country": ""}'::jsonb, 300::bigint, 300::bigint, 3, '{1,2,3}'::integer[]), ('{"country": "DE"}', 300, 300, 3, '{4,5,6}'), ('{"country": "FR"}', 300, 300, 3, '{7,8,9}'),
    ('{"country": "XX"}', 2, 0, NULL, NULL), ('{"country": "YY"}', 1, 0, NULL, NULL), ('{"country": null}', 300, 300, 3, '{10,11,12}')$$,
    'segments are numbered through all groups; groups come by their texts, none last');
SELECT is((SELECT sum(inertia) FROM segment_groups('customers')), (SELECT inertia FROM segment_models WHERE model = 'customers'), 'inertia is the sum');
SELECT ok(abs((SELECT avg(silhouette) FROM segment_groups('customers')) - (SELECT value FROM segment_evaluate('customers') WHERE metric = 'silhouette_simplified')) < 1e-15,
    'the silhouette the mean by rows');
SELECT is((SELECT count(*) FROM segment_evaluate('customers') WHERE value IS NULL), 4::bigint, 'what groups do not have in common is NULL');
SELECT is((SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'customers_profile'::regclass AND attnum BETWEEN 1 AND 8),
    'segment label rows share distance_avg country age_avg age_median', 'the profile has the columns of the groups');
SELECT results_eq('SELECT p.segment, p.country, p.rows, round(p.income_avg::numeric, 6) FROM customers_profile p ORDER BY 1',
    $$SELECT m.segment, m.country, count(*), round(avg(m.income)::numeric, 6) FROM customers_members m GROUP BY 1, 2 ORDER BY 1$$, 'and is about the same rows as the members');
SELECT ok((SELECT abs(max(population_mean) - (SELECT avg(income) FROM customers WHERE id < 9000)) < 1e-6 FROM segment_profile('customers') WHERE feature = 'income'),
    'segments compare with all rows of all groups that have a model');
SELECT is((SELECT count(*) FROM customers_members WHERE country IN ('XX', 'YY')), 0::bigint, 'rows of groups left out are no members');
SELECT results_eq('SELECT DISTINCT country, split_part(label, '': '', 1) FROM customers_profile ORDER BY 1',
    $$VALUES ('', '(empty)'), ('DE', 'DE'), ('FR', 'FR'), (NULL, '(none)')$$, 'labels begin with the group');
SELECT is((SELECT count(DISTINCT label) FROM customers_profile), 12::bigint, 'and are all different');

-- scoring

SELECT is((SELECT count(*) FROM customers c LEFT JOIN customers_assignment a USING (id) WHERE a.segment IS DISTINCT FROM segment_predict('customers', c)), 0::bigint,
    'a row is scored by its group; NULL where that has no model');
SELECT is((SELECT count(*) FROM customers c JOIN customers_assignment a USING (id) CROSS JOIN LATERAL segment_score('customers', c) s
            JOIN customers_profile p ON p.segment = s.segment
            WHERE (a.segment, a.distance, a.second_segment, a.margin, p.label) IS NOT DISTINCT FROM (s.segment, s.distance, s.second_segment, s.margin, s.label)), 1200::bigint,
    'with distance, margin and label');
SELECT results_eq($$SELECT c.id, array_agg(d.segment ORDER BY d.segment) FROM customers c LEFT JOIN LATERAL segment_distances('customers', c) d ON true
                     WHERE c.id IN (1, 2, 3, 4, 9001) GROUP BY 1 ORDER BY 1$$,
    $$VALUES (1, '{7,8,9}'::integer[]), (2, '{10,11,12}'), (3, '{1,2,3}'), (4, '{4,5,6}'), (9001, '{NULL}')$$, 'distances are to the segments of the group');
SELECT is(pg_temp.complaint($$SELECT segment_predict('customers', c) FROM (SELECT age, income FROM customers) c$$),
    '42703 the row has no column "country", by which model "customers" is grouped', 'a row needs the column of the groups');
SELECT is(pg_temp.complaint($$SELECT segment_predict('customers', c) FROM (SELECT age, income, now() AS country FROM customers) c$$),
    '0A000 column "country" has type timestamp with time zone, by which rows cannot be grouped', 'of a type whose text does not depend on settings');
SELECT is((SELECT segment_predict('customers', c) FROM (SELECT age, income, country::varchar(9) AS country FROM customers WHERE id = 4) c), (SELECT segment FROM customers_assignment WHERE id = 4),
    'another type with the same text is the same');

-- what is of one preparation

SELECT is(pg_temp.complaint(format('SELECT * FROM %s', f)), format('0A000 model "customers" has a model a group, of which there is no %s', what), f || ' says no')
  FROM (VALUES ('segment_recipe(''customers'')', 'recipe'), ('segment_map(''customers'')', 'map'), ('segment_components(''customers'')', 'map'),
               ('segment_feature_correlation(''customers'')', 'map'), ('segment_candidates(''customers'')', 'choice of k')) v (f, what);
SELECT is((SELECT count(*) FROM segment_groups('customers') g, unnest(g.segments)), (SELECT count(DISTINCT segment) FROM segment_insights('customers')), 'insights are of each segment');
SELECT matches((SELECT string_agg(insight, E'\n') FROM segment_insights('customers') WHERE segment IS NULL), 'Why 12 segments: those of 4 groups, each by itself', 'and say why so many');
SELECT is((SELECT count(*) FROM segment_insights('customers') i JOIN customers_profile p USING (segment) WHERE i.about = 'border' AND i.insight ~ 'nearest is'
            AND split_part(substring(i.insight, 'nearest is "(.*)"'), ':', 1) <> split_part(p.label, ':', 1)), 0::bigint, 'the nearest segment is one of the group');
SELECT matches(segment_report('customers'), 'Groups, each with a model of its own.*too few rows', 'a report has a table of the groups');
SELECT ok(segment_report('customers') !~ 'id="map"|Recipe: how', 'and neither map nor recipe');
SELECT is((SELECT count(*) FROM segment_typical('customers', 2)), 24::bigint, 'typical customers of each segment');

-- refresh

SELECT segment_label('customers', 4, 'Ours'), segment_label('customers', 7, 'Francs');
CREATE TEMP TABLE before AS SELECT * FROM customers_assignment;
SELECT is((SELECT row(run, k, k_reason)::text FROM segment_refresh('customers')), '(2,12,"those of 4 groups, each by itself")', 'a refresh');
SELECT is_empty('(TABLE before EXCEPT TABLE customers_assignment) UNION ALL (TABLE customers_assignment EXCEPT TABLE before)', 'of the same rows changes nothing');
DELETE FROM customers WHERE country = 'FR';
INSERT INTO customers SELECT 10000 + i, 'ES', 1, i % 40, i * 7 % 90, 3, 1 FROM generate_series(1, 80) i;
UPDATE customers SET age = age + 1 WHERE country = 'DE';
SELECT is((SELECT k FROM segment_refresh('customers')), 12, 'groups come and go');
SELECT results_eq($$SELECT group_values ->> 'country', k, k_reason, segments FROM segment_groups('customers') WHERE k IS NOT NULL$$, $$VALUES
    ('', 3, 'as in the run before', '{1,2,3}'::integer[]), ('DE', 3, 'as in the run before', '{4,5,6}'), ('ES', 3, 'given', '{13,14,15}'), (NULL, 3, 'as in the run before', '{10,11,12}')$$,
    'a new one has new numbers, those of one that went are not used again');
SELECT results_eq('SELECT segment, label FROM customers_profile WHERE label IN (''Ours'', ''Francs'')', $$VALUES (4, 'Ours')$$, 'labels of people stay with their segments');
SELECT results_eq('SELECT country, min(segment), max(segment) FROM customers_members GROUP BY 1 ORDER BY 1', $$VALUES ('', 1, 3), ('DE', 4, 6), ('ES', 13, 15), (NULL, 10, 12)$$,
    'the members follow');
SELECT is((SELECT count(*) FROM customers c LEFT JOIN customers_assignment a USING (id) WHERE a.segment IS DISTINCT FROM segment_predict('customers', c)), 0::bigint, 'and so does scoring');
SELECT is((SELECT k FROM segment_refresh('customers', k => 2)), 8, 'k is for each group');
SELECT is((SELECT array_agg(DISTINCT k_reason) FROM segment_groups('customers') WHERE k = 2), '{given}', 'and given then');
SELECT is_empty($$SELECT segment FROM customers_profile WHERE segment > 15$$, 'segments that stay keep their numbers');
SELECT is((SELECT k FROM segment_refresh('customers', k => 3, warm_start => false)), 12, 'more again');
SELECT is_empty($$SELECT s FROM segment_groups('customers') g, unnest(g.segments) s GROUP BY s HAVING count(*) > 1$$, 'no number is of two groups');
SELECT is((SELECT count(*) FROM segment_history WHERE model = 'customers' AND run = 2), 12::bigint, 'history has the runs before');

-- names

SELECT segment_rename('customers', 'people');
SELECT is((SELECT count(*) FROM segment_groups('people')), 6::bigint, 'a model that is renamed keeps its groups');
SELECT segment_drop('people', keep_output => true);
SELECT is((SELECT count(DISTINCT country) FROM people_members WHERE label ~ '^(DE|ES|Ours)'), 2::bigint, 'members and labels stay when the model is dropped');
SELECT is((SELECT count(*) FROM people_profile WHERE country = 'ES'), 3::bigint, 'and the profile with its groups');
DROP VIEW people_members;
DROP TABLE people_profile, people_assignment;
SELECT is_empty('SELECT FROM segment_internal.catalog_group', 'nothing is left of the groups');

-- in the place of another model

SELECT FROM segment_kmeans('customers', 3, features => '{age,income}');
SELECT segment_label('customers', s.segment, 'Label ' || s.segment) FROM customers_profile s;
SELECT is((SELECT k FROM segment_kmeans('customers', 2, features => '{age,income}', group_by => '{country,tier}', replace => true)), 20, 'a model of two columns of groups takes the place of one without');
SELECT is((SELECT count(*) FROM segment_groups('customers') WHERE group_values ? 'tier' AND k = 2), 10::bigint, 'has the groups of both');
SELECT results_eq('SELECT group_values ->> ''country'', group_values ->> ''tier'' FROM segment_groups(''customers'') LIMIT 4', $$VALUES ('', '1'), ('', '2'), ('', '3'), ('DE', '1')$$, 'in order');
SELECT is((SELECT tier FROM customers_profile WHERE segment = 3), '2', 'and their columns in its profile');
SELECT is((SELECT k FROM segment_kmeans('customers', 3, features => '{age,income}', replace => true)), 3, 'and one without takes its place');
SELECT is((SELECT count(*) FROM segment_groups('customers')), 0::bigint, 'which has no groups');
SELECT is((SELECT count(*) FROM customers c LEFT JOIN customers_assignment a USING (id) WHERE a.segment IS DISTINCT FROM segment_predict('customers', c)), 0::bigint, 'and scores all rows');
SELECT segment_drop('customers');

-- what groups may be

CREATE TABLE kinds (id integer PRIMARY KEY, x integer, n numeric, b boolean, d date, u uuid, c char(4), f float8, a text[], t text, "a""b'c\ {}" text, "segment" text, "place" text);
INSERT INTO kinds
SELECT i, i * 37 % 101, CASE i % 4 WHEN 0 THEN 1 WHEN 1 THEN 1.0 WHEN 2 THEN 10 ELSE 2.50 END, i % 2 = 0, date '2020-01-01' + i % 2, ('00000000-0000-0000-0000-00000000000' || i % 2)::uuid,
       CASE i % 2 WHEN 0 THEN 'a' ELSE 'b ' END, i % 2, ARRAY[i::text], 'x', (ARRAY['{"', 'a\b', 'NULL', ''',""'])[1 + i % 4], CASE i % 2 WHEN 0 THEN ' ' END, '%s$1'
  FROM generate_series(1, 200) i;
CREATE FUNCTION pg_temp.groups(columns text[]) RETURNS text[] LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM segment_kmeans('kinds', 2, features => '{x}', group_by => columns, replace => true);
    IF EXISTS (SELECT FROM kinds k LEFT JOIN kinds_assignment a USING (id) WHERE segment_predict('kinds', k) IS DISTINCT FROM a.segment) THEN
        RETURN '{wrong}';
    END IF;
    RETURN ARRAY(SELECT v.value FROM segment_groups('kinds') g, jsonb_each_text(g.group_values) v);
END
$$;
SELECT is(pg_temp.groups('{n}'), '{1,2.5,10}', 'equal numbers are one group, in the order of numbers');
SELECT is(pg_temp.groups('{b}'), '{false,true}', 'booleans');
SET datestyle = 'German';
SELECT is(pg_temp.groups('{d}'), '{2020-01-01,2020-01-02}', 'dates, whatever the session calls them');
RESET datestyle;
SELECT is(pg_temp.groups('{u}'), '{00000000-0000-0000-0000-000000000000,00000000-0000-0000-0000-000000000001}', 'UUIDs');
SELECT is(pg_temp.groups('{c}'), '{a,b}', 'character(n) without its blanks');
SELECT is(pg_temp.groups(ARRAY['a"b''c\ {}']), ARRAY[''',""', 'NULL', 'a\b', '{"'], 'hostile names and values');
SELECT is(pg_temp.groups('{segment}'), '{" ",NULL}', 'names of ours, blanks');
SELECT is((SELECT attname::text FROM pg_attribute WHERE attrelid = 'kinds_profile'::regclass AND attnum = 6), 'segment_1',
    'a column of the profile that has a name of ours gets another');
SELECT is(pg_temp.groups('{place,t}'), '{x,%s$1}', 'one group');
SELECT is(pg_temp.complaint(format('SELECT FROM segment_kmeans(''kinds'', 2, features => ''{x}'', model => ''no'', %s)', v.arguments)), v.wanted, v.wanted)
  FROM (VALUES ('group_by => ''{}''', '22023 argument "group_by" is empty'),
               ('group_by => ''{NULL}''', '22004 argument "group_by" must not contain NULL'),
               ('group_by => ''{tt}''', '42703 column "tt" of relation "kinds" does not exist'),
               ('group_by => ''{t,t}''', '42701 column "t" appears more than once in argument "group_by"'),
               ('group_by => ''{{t},{b}}''', '42703 column "["t"]" of relation "kinds" does not exist'),
               ('group_by => ''{x}''', '22023 column "x" is both in "group_by" and in "features"'),
               ('group_by => ''{f}'', sample_weight => ''f''', '22023 column "f" is both in "group_by" and in "sample_weight"'),
               ('group_by => ''{a}''', '0A000 column "a" has type text[], by which rows cannot be grouped'),
               ('group_by => ''{f}''', '0A000 column "f" has type double precision, by which rows cannot be grouped'),
               ('group_by => ''{id}''', '22023 no group of relation "kinds" has enough rows for its segments'),
               ('group_by => ''{t}'', assignment => ''view''', '0A000 model "no" cannot have assignment => ''view'' and group_by'),
               ('group_by => ''{t}'', centroids => ''{{1},{2}}''', '0A000 model "no" cannot have centroids and group_by'),
               ('group_by => ''{t}'', outliers => ''skip''', '0A000 model "no" cannot have outliers => ''skip'' and group_by'),
               ('group_by => ''{t}'', feature_options => ''{"x": {"outliers": "skip"}}''', '0A000 model "no" cannot have outliers => ''skip'' and group_by'),
               ('group_by => ''{t}'', feature_options => ''{"t": {"weight": 2}}''', '22023 argument "feature_options" names "t", which is not a feature')) v (arguments, wanted);
CREATE VIEW many AS SELECT i AS id, i % 1001 AS g, i AS x FROM generate_series(1, 2002) i;
SELECT is(pg_temp.complaint($$SELECT FROM segment_kmeans('many', 2, key => '{id}', features => '{x}', group_by => '{g}')$$), '54000 relation "many" has more than 1000 groups by (g)', 'too many groups');
UPDATE kinds SET t = repeat('y', 1001) WHERE id = 7;
SELECT is(pg_temp.complaint($$SELECT FROM segment_kmeans('kinds', 2, features => '{x}', model => 'no', group_by => '{t}')$$), '22001 a value to group by is longer than 1000 bytes', 'too long a value');
UPDATE kinds SET t = 'x';
SELECT is((SELECT features FROM segment_kmeans('kinds', 2, group_by => '{t,b}', exclude => '{f}', model => 'free')), '{x,n,c,"a\"b''c\\ {}"}'::text[], 'columns of groups are no features by themselves');
SELECT is((SELECT assignment FROM segment_kmeans('kinds', 2, features => '{x}', key => '{}', group_by => '{b}', model => 'keyless')), NULL::regclass, 'groups without a key');
SELECT is((SELECT count(*) FROM keyless_profile), 4::bigint, 'have a profile');
CREATE TEMP TABLE brief AS SELECT * FROM kinds;
SELECT is((SELECT k FROM segment_kmeans('brief', 2, features => '{x}', key => '{id}', group_by => '{b}')), 4, 'of a temporary table');
SELECT is((SELECT k FROM segment_refresh('brief')), 4, 'which is refreshed');
UPDATE kinds SET f = 0 WHERE b;
SELECT FROM segment_kmeans('kinds', 2, features => '{x}', sample_weight => 'f', group_by => '{b}', model => 'weighty');
SELECT is((SELECT string_agg(g.k_reason, ', ') FROM segment_groups('weighty') g),
    'given, too few rows', 'a group in which no row weighs anything is left out');

-- rights

CREATE ROLE segment_reader;
CREATE ROLE segment_stranger;
SELECT FROM segment_kmeans('kinds', 2, features => '{x}', group_by => '{n}', model => 'ours');
GRANT SELECT ON ours_members TO segment_reader;
SET ROLE segment_reader;
SELECT is((SELECT count(*) FROM segment_groups('ours')), 3::bigint, 'who reads the members sees the groups');
SELECT is((SELECT count(DISTINCT segment_predict('ours', m)) FROM ours_members m), 6::bigint, 'and scores by them');
SELECT is(pg_temp.complaint($$SELECT segment_refresh('ours')$$), '42501 must be owner of model "ours"', 'but does not refresh them');
SELECT throws_ok('UPDATE segment_internal.catalog_group SET k = 1', '42501', NULL, 'nobody writes into the catalog');
SET ROLE segment_stranger;
SELECT is(pg_temp.complaint($$SELECT * FROM segment_groups('ours')$$), '42704 model "ours" does not exist', 'others see no groups');
SELECT is_empty('SELECT FROM segment_internal.catalog_group', 'in the catalog neither');
RESET ROLE;

-- a group of three rows is too small for two segments, one of four is not

CREATE TABLE few AS SELECT i AS id, CASE WHEN i <= 3 THEN 'three' WHEN i <= 7 THEN 'four' ELSE 'more' END AS town, i * 7 % 13 AS x, i * 11 % 17 AS y FROM generate_series(1, 60) AS i;
ALTER TABLE few ADD PRIMARY KEY (id);
SELECT FROM segment_kmeans('few', 2, group_by => '{town}');
SELECT results_eq($$SELECT group_values ->> 'town', k, k_reason FROM segment_groups('few')$$,
    $$VALUES ('four', 2, 'given'), ('more', 2, 'given'), ('three', NULL, 'too few rows')$$, 'two rows a segment are enough');
SELECT FROM segment_kmeans('few', 2, group_by => '{town}', max_share => 0.55, model => 'halves');
SELECT ok((SELECT max(share) <= 0.55 FROM (SELECT town, count(*) / sum(count(*)) OVER (PARTITION BY town) AS share FROM halves_members GROUP BY town, segment) s),
    'the segments of a group keep max_share, which all rows together, as one segment, do not');

SELECT * FROM finish();
ROLLBACK;
