-- What a model looks like to somebody who sees no more of it than its relations: comments, types, keys, names, NULLs,
-- and the long form of the profile.

BEGIN;
SELECT plan(54);

SET client_min_messages = warning;

-- The columns of relations, as a tool shows them.
CREATE FUNCTION pg_temp.columns(VARIADIC relations regclass[], OUT n integer, OUT name text, OUT type text, OUT comment text)
RETURNS SETOF record LANGUAGE sql AS $$
    SELECT a.attnum::integer, a.attname::text, format_type(a.atttypid, NULL), col_description(a.attrelid, a.attnum)
      FROM pg_attribute a WHERE a.attrelid = ANY (relations) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum
$$;

-- All comments on what a model owns, by relation and column.
CREATE FUNCTION pg_temp.comments(model text, OUT relation text, OUT name text, OUT comment text)
RETURNS SETOF record LANGUAGE sql AS $$
    SELECT s.suffix, c.name, c.comment
      FROM unnest('{_assignment,_profile,_members}'::text[]) s (suffix)
     CROSS JOIN LATERAL (SELECT '' AS name, obj_description((model || s.suffix)::regclass, 'pg_class') AS comment
                         UNION ALL SELECT c.name, c.comment FROM pg_temp.columns((model || s.suffix)::regclass) c) c
$$;

-- The error of a statement.
CREATE FUNCTION pg_temp.complaint(query text) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE query;
    RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
    RETURN format('%s %s', SQLSTATE, SQLERRM);
END
$$;

CREATE TABLE customers (
    shop integer, id integer, income numeric, spent float8, member boolean, town text, joined date, tenure interval, marks real[],
    PRIMARY KEY (shop, id));
COMMENT ON COLUMN customers.id IS 'Number of the customer in the shop''s books';
COMMENT ON COLUMN customers.income IS '"Net", EUR a year';
INSERT INTO customers
SELECT i % 2, i, i % 2 * 1000, i % 3, i % 5 = 0, (ARRAY['Rome', 'Oslo', 'Bonn'])[1 + i % 3], date '2020-01-01' + i, make_interval(days => i % 4), ARRAY[i, -i]
  FROM generate_series(1, 60) i;
SELECT FROM segment_kmeans('customers', 2, features => '{income,spent,member,town,joined,tenure,marks}', max_categories => 2,
                           missing => 'category', feature_options => '{"member": {"missing": "median"}}');

-- comments

CREATE FUNCTION pg_temp.about(relation regclass, name text) RETURNS text LANGUAGE sql AS $$
    SELECT c.comment FROM pg_temp.columns(relation) c WHERE c.name = $2
$$;
SELECT results_eq('SELECT name, comment FROM pg_temp.columns(''customers_assignment'')', $$VALUES
    ('shop', 'Column "shop" of public.customers.'),
    ('id', 'Number of the customer in the shop''s books'),
    ('segment', 'Number of the segment, from 1; a segment keeps it when the model is refreshed.'),
    ('distance', 'Distance of the row to the centre of its segment: the smaller, the more typical it is. In scaled units, which differ from model to model.'),
    ('second_segment', 'Number of the nearest other segment; NULL in a model of one segment.'),
    ('margin', 'How clearly the row belongs to its segment: 0 on the border to the nearest other one, 1 at its centre or if there is no other; below 0 if sizes that were asked for have put it here.')$$,
    'comments of the assignment: the source''s where it has them');
SELECT results_eq('SELECT name, comment FROM pg_temp.columns(''customers_members'') WHERE name IN (''shop'', ''income'', ''label'', ''margin'')', $$VALUES
    ('shop', 'Column "shop" of public.customers.'),
    ('income', '"Net", EUR a year'),
    ('label', 'Name of the segment, to be shown to people; segment_label() changes it.'),
    ('margin', 'How clearly the row belongs to its segment: 0 on the border to the nearest other one, 1 at its centre or if there is no other; below 0 if sizes that were asked for have put it here.')$$,
    'comments of the members');
SELECT is(pg_temp.about('customers_profile', name), comment, name)
  FROM (VALUES ('share', 'Share of the segment in all rows of the latest fit: 0.25 is a quarter. The shares add up to 1.'),
               ('income_avg', 'Average of "income" in the segment; NULL if no row has a value. "income": "Net", EUR a year'),
               ('spent_median', 'Median of "spent" in the segment: half of the rows are below, half above; NULL if no row has a value.'),
               ('spent_index', 'Average of "spent" in the segment as a percentage of the average of all rows: 100 is average, 200 twice as much; NULL if that average is 0, values have both signs or no row has one.'),
               ('joined_avg', 'Average of "joined" in days since 1970-01-01 in the segment; NULL if no row has a value.'),
               ('tenure_avg', 'Average of "tenure" in days in the segment; NULL if no row has a value.'),
               ('marks[2]_avg', 'Average of element 2 of "marks" in the segment; NULL if no row has a value.'),
               ('member=true_avg', 'Share of the segment''s rows in which "member" is "true", 0 to 1.'),
               ('town=Bonn_median', '1 if in more than half of the segment''s rows "town" is "Bonn", 0 if in fewer, 0.5 if in exactly half.'),
               ('town=(other)_avg', 'Share of the segment''s rows in which "town" is a value that has no columns of its own, 0 to 1.'),
               ('town=Bonn_index', 'Share of the segment''s rows in which "town" is "Bonn", as a percentage of the share in all rows: 100 is average, 200 twice as frequent; NULL if there are none.'))
       v (name, comment);
SELECT is_empty($$SELECT * FROM pg_temp.comments('customers') WHERE comment IS NULL$$, 'nothing is without one');

CREATE TABLE plain (id integer PRIMARY KEY, member boolean, spent float8);
INSERT INTO plain SELECT id, NULLIF(id % 4, 0) > 1, spent FROM customers;
SELECT FROM segment_kmeans('plain', 2, missing => 'category');
SELECT is(pg_temp.about('plain_profile', 'member_avg'), 'Share of the segment''s rows in which "member" is true, 0 to 1.', 'a boolean');

-- they stay

CREATE TABLE before AS SELECT * FROM pg_temp.comments('customers');
SELECT FROM segment_refresh('customers');
SELECT set_eq($$SELECT * FROM pg_temp.comments('customers')$$, 'TABLE before', 'refreshed, all comments are there');
SELECT segment_rename('customers', 'buyers');
SELECT set_eq($$SELECT * FROM pg_temp.comments('buyers')$$, 'TABLE before', 'renamed');
SELECT segment_rename('buyers', 'customers');
SELECT FROM segment_kmeans('customers', 3, features => '{income,spent,member,town,joined,tenure,marks}', max_categories => 2, replace => true,
                           missing => 'category', feature_options => '{"member": {"missing": "median"}}');
SELECT set_eq($$SELECT * FROM pg_temp.comments('customers')$$, 'TABLE before', 'replaced');
SELECT segment_drop('customers', keep_output => true);
SELECT set_eq($$SELECT * FROM pg_temp.comments('customers')$$, 'TABLE before', 'dropped, but kept');
DROP TABLE customers_profile, customers_assignment CASCADE;
SELECT FROM segment_kmeans('customers', 2, features => '{income,spent}', assignment => 'view');
SELECT is_empty($$SELECT * FROM pg_temp.comments('customers') WHERE comment IS NULL$$, 'an assignment view and what is over it');
SELECT segment_drop('customers', keep_output => true);
SELECT is_empty($$SELECT * FROM pg_temp.comments('customers') WHERE comment IS NULL$$, 'as a table');
DROP TABLE customers_profile, customers_assignment CASCADE;

-- those of the extension

CREATE VIEW ours AS
SELECT DISTINCT c.oid::regclass AS relation, c.relkind, c.relname
  FROM pg_depend d
  JOIN pg_extension e ON e.oid = d.refobjid AND d.refclassid = 'pg_extension'::regclass AND e.extname = 'segment'
  LEFT JOIN pg_type t ON d.classid = 'pg_type'::regclass AND t.oid = d.objid
  JOIN pg_class c ON c.oid = CASE WHEN d.classid = 'pg_class'::regclass THEN d.objid ELSE t.typrelid END
 WHERE d.deptype = 'e';
SELECT is_empty($$SELECT relation, c.name FROM ours, pg_temp.columns(relation) c
                   WHERE relkind <> 'S' AND relation::text !~ '^segment_internal\.(?!catalog_)' AND c.comment IS NULL$$,
    'every column of the extension''s tables, views and types has one');

-- types

CREATE FUNCTION pg_temp.is_plain(type text) RETURNS boolean LANGUAGE sql AS $$
    SELECT type IN ('integer', 'bigint', 'real', 'double precision', 'text', 'boolean', 'timestamp with time zone')
$$;
SELECT FROM segment_kmeans('customers', 2, features => '{income,spent,member,town,joined,tenure,marks}');
SELECT is_empty($$SELECT * FROM pg_temp.columns('customers_assignment', 'customers_profile', 'customers_members') c
                   WHERE NOT pg_temp.is_plain(c.type) AND c.name NOT IN (SELECT s.name FROM pg_temp.columns('customers') s)$$,
    'what a model adds has plain types');
SELECT results_eq($$SELECT relation::text, c.name, c.type FROM ours, pg_temp.columns(relation) c
                     WHERE relkind = 'v' AND relation::text !~ '^segment_internal\.' AND NOT pg_temp.is_plain(c.type) ORDER BY relname, c.n$$, $$VALUES
    ('segment_compiled', 'compiled', 'bytea'),
    ('segment_models', 'source', 'regclass'), ('segment_models', 'features', 'text[]'), ('segment_models', 'assignment', 'regclass'),
    ('segment_models', 'profile', 'regclass'), ('segment_models', 'members', 'regclass'), ('segment_models', 'owner', 'name'),
    ('segment_models', 'changes', 'regclass'), ('segment_models', 'live', 'regclass'),
    ('segment_progress', 'datname', 'name'),
    ('segment_runs', 'source', 'regclass'), ('segment_runs', 'features', 'text[]'), ('segment_runs', 'assignment', 'regclass'),
    ('segment_runs', 'profile', 'regclass'), ('segment_runs', 'members', 'regclass'), ('segment_runs', 'elapsed', 'interval'), ('segment_runs', 'changes', 'regclass'), ('segment_runs', 'options', 'jsonb'),
    ('segment_status', 'owner', 'name'), ('segment_status', 'source', 'regclass'), ('segment_status', 'age', 'interval')$$,
    'and so have the views, but for these');

SELECT is_empty($$SELECT relation, c.name FROM ours, pg_temp.columns(relation) c JOIN pg_attribute a ON a.attname = c.name
                   WHERE a.attrelid = relation AND relkind = 'v' AND relation::text !~ '^segment_internal\.' AND c.type = 'text' AND a.attcollation <> 'pg_catalog."default"'::regcollation$$,
    'texts have the collation of the database, so that they compare with any other');

-- keys

SELECT is((SELECT string_agg(k.column_name, ' ' ORDER BY k.ordinal_position) FROM information_schema.table_constraints t
             JOIN information_schema.key_column_usage k USING (constraint_schema, constraint_name, table_name)
            WHERE t.constraint_type = 'PRIMARY KEY' AND t.table_name = 'customers_assignment'),
    'shop id', 'the key of the assignment is a primary key');
SELECT is((SELECT count(*) FROM customers_profile), (SELECT count(DISTINCT segment) FROM customers_profile), 'segment identifies a row of the profile');
SELECT is((SELECT count(*) FROM customers_members), (SELECT count(DISTINCT (shop, id)) FROM customers_members), 'the source''s key one of the members');
SELECT is((SELECT count(*) FROM segment_profiles), (SELECT count(DISTINCT (schema, model, segment, feature)) FROM segment_profiles),
    'schema, model, segment and feature one of segment_profiles');

-- names

SELECT is_empty($$SELECT * FROM pg_temp.columns('plain_assignment', 'plain_profile', 'plain_members') c WHERE quote_ident(c.name) <> c.name$$,
    'columns of plain names make columns of plain names');
SELECT set_eq($$SELECT c.name FROM pg_temp.columns('customers_profile') c WHERE quote_ident(c.name) <> c.name$$,
    $$SELECT f || k FROM unnest('{member=false,member=true,town=Bonn,town=Oslo,town=Rome,"marks[1]","marks[2]"}'::text[]) f, unnest('{_avg,_median,_index}'::text[]) k$$,
    'but for those with a value or an element in them');
SELECT is_empty($$SELECT relation, c.name FROM ours, pg_temp.columns(relation) c WHERE quote_ident(c.name) <> c.name OR quote_ident(relname) <> relname$$,
    'so has the extension');

-- NULL: balance is 0 on average, and nobody in the second segment has an age

CREATE TABLE gaps (id integer PRIMARY KEY, x float8, balance float8, age integer);
INSERT INTO gaps SELECT i, i % 2 * 100 + i / 1000.0, CASE WHEN i % 4 < 2 THEN 1 ELSE -1 END, CASE WHEN i % 2 = 1 THEN 30 + i % 3 END FROM generate_series(1, 20) i;
SELECT FROM segment_kmeans('gaps', 2, feature_options => '{"x": {"weight": 100}}');
SELECT results_eq(
    $$SELECT label, balance_avg IS NULL, balance_median IS NULL, balance_index IS NULL, age_avg IS NULL, age_median IS NULL, age_index IS NULL FROM gaps_profile ORDER BY x_avg$$,
    $$SELECT label, false, false, true, id = 2, id = 2, id = 2 FROM gaps_members WHERE id IN (1, 2) ORDER BY x$$,
    'NULL is the index where all rows are 0 on average, and what is of no value');
SELECT is_empty($$SELECT FROM gaps_profile p WHERE num_nulls(segment, label, rows, share, distance_avg, x_avg, x_median, x_index) > 0$$, 'nothing else is NULL');
SELECT is_empty($$SELECT FROM gaps_members m WHERE num_nulls(id, segment, label, distance, margin) > 0$$, 'in the members nothing of ours is');
SELECT results_eq(
    $$SELECT feature, count(mean), count(stddev), count(min), count(population_mean), count(index), count(z) FROM segment_profiles WHERE model = 'gaps' GROUP BY feature ORDER BY feature COLLATE "C"$$,
    $$VALUES ('age', 1::bigint, 1::bigint, 1::bigint, 2::bigint, 1::bigint, 1::bigint), ('balance', 2, 2, 2, 2, 0, 2), ('x', 2, 2, 2, 2, 2, 2)$$, 'the same in the long form');
SELECT FROM segment_kmeans('gaps', 1, model => 'one');
SELECT results_eq('SELECT DISTINCT segment, second_segment, margin FROM one_assignment', 'VALUES (1, NULL::integer, 1::real)', 'with one segment the margin is 1');
SELECT ok(silhouette IS NULL AND davies_bouldin IS NULL, 'and its run has no silhouette') FROM segment_runs WHERE model = 'one';

-- ugly figures: means that cancel out but for a trifle, values at the end of their types

CREATE TABLE ugly (id integer PRIMARY KEY, a float8, b real, c numeric, d bigint);
INSERT INTO ugly
SELECT i, CASE i % 3 WHEN 0 THEN 1e150 WHEN 1 THEN -1e150 ELSE 1e-160 END, (i % 4) * 1e-38, (i % 2) * 1e300,
       CASE i % 2 WHEN 0 THEN 9223372036854775807 ELSE -9223372036854775807 END
  FROM generate_series(1, 12) i;
SELECT lives_ok($$SELECT segment_kmeans('ugly', 3)$$, 'ugly figures can be segmented');
SELECT lives_ok('TABLE ' || relation, 'reading ' || relation) FROM unnest('{ugly_assignment,ugly_profile,ugly_members,segment_profiles}'::text[]) relation;
SELECT lives_ok($$SELECT segment_profile('ugly')$$, 'and in the long form');
SELECT is((SELECT count(a_index) FROM ugly_profile WHERE abs(a_avg) > 1), 0::bigint, 'an index beyond the range is NULL');
SELECT is((SELECT count(*) FROM segment_profiles WHERE 'NaN' IN (mean, median, stddev, population_mean, index, z) OR 'Infinity' IN (abs(index), abs(z))), 0::bigint,
    'none is infinite or no number');
SELECT results_eq('SELECT segment_internal.index(a, b), segment_internal.z(a, b, c) FROM (VALUES (3::float8, 2::float8, 4::float8), (3, 0, 0), (0, 0, 0), (1e308, 1e-308, 1e-308), (NULL, 1, 1)) v (a, b, c)',
    'VALUES (150::float8, 0.25::float8), (NULL, NULL), (NULL, NULL), (NULL, NULL), (NULL, NULL)', 'index and z');

-- rows that a fit would refuse are in no view that scores when it is read

CREATE TABLE live (id integer PRIMARY KEY, x float8, l float8, n numeric, marks float8[], town text);
INSERT INTO live SELECT i, i, i, i, ARRAY[i, 2 * i], i % 3 FROM generate_series(1, 8) i;
SELECT FROM segment_kmeans('live', 2, assignment => 'view', features => '{x,l,n,marks,town}', missing => 'error',
                           feature_options => '{"l": {"transform": "log1p"}, "n": {"outliers": "clip"}}');
INSERT INTO live VALUES (11, 'infinity', 1, 1, '{1, 1}', '1'), (12, 1, -1, 1, '{1, 1}', '1'), (13, 1, 1, 1e400, '{1, 1}', '1'),
    (14, 1, 1, 1, '{1}', '1'), (15, 1, 1, 1, '{1, NULL}', '1'), (16, 1, 1, 1, '{1, -infinity}', '1'), (17, 1, 1, 1, '{1, 1}', NULL),
    (18, NULL, 1, 1, '{1, 1}', '1'), (19, 1e300, 1, 1, '{1, 1}', '1'), (20, 'NaN', 1, 1, '{1, 1}', '1'),
    (21, 1e100, 1, 1, '{1, 1}', 'new'), (22, 1, 1, -1e300, '{1, 1}', '1');
SELECT results_eq('SELECT id FROM live_members WHERE id > 10 ORDER BY id', 'VALUES (21), (22)', 'what cannot be scored is not in the views');
SELECT is((SELECT distance FROM live_members WHERE id = 21), 'infinity'::real, 'a distance beyond real is infinite');
SELECT is((SELECT count(*) FROM live WHERE id > 10 AND pg_temp.complaint(format('SELECT segment_predict(''live'', r) FROM live r WHERE id = %s', id)) ~ '^2'), 10::bigint,
    'segment_predict says what is wrong with it');

-- the long form

SELECT set_eq($$SELECT model, segment, label, rows, share, feature, mean, median, stddev, min, max, population_mean, index, z FROM segment_profiles$$,
    $$SELECT m.model, segment, label, rows, share, feature, mean, median, stddev, min, max, population_mean, index, z FROM segment_models m, segment_profile(m.model) p$$, 'segment_profiles has the figures of segment_profile()');
CREATE SCHEMA other;
SELECT FROM segment_kmeans('plain', 3, into_schema => 'other');
SELECT results_eq($$SELECT schema, count(*) FROM segment_profiles WHERE model = 'plain' GROUP BY schema ORDER BY schema COLLATE "C"$$,
    $$VALUES ('other', 6::bigint), ('public', 4)$$, 'models of one name are told apart by their schemas');
CREATE ROLE segment_nobody;
CREATE ROLE segment_bi;
GRANT segment_nobody, segment_bi TO CURRENT_USER;
GRANT SELECT ON plain_members TO segment_bi;
SET ROLE segment_nobody;
SELECT is_empty('TABLE segment_profiles', 'who may read nothing of a model sees nothing of it');
SET ROLE segment_bi;
SELECT results_eq('SELECT DISTINCT schema, model FROM segment_profiles', $$VALUES ('public', 'plain')$$, 'who may read its members sees the profile');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
