-- A model over time: refreshing, replacing, labels, renaming, dropping; and the names of what it makes.

BEGIN;
SELECT plan(112);

SET client_min_messages = warning;

\ir complaint.psql

-- Four rows around 0 and two around 100.
CREATE TABLE shop (id integer PRIMARY KEY, x float8, name text);
INSERT INTO shop VALUES (1, 0), (2, 1), (3, 0), (4, 1), (5, 100), (6, 101);
SELECT is((segment_kmeans('shop', 2, scaling => 'none')).inertia, 1.5::float8, 'a model');

-- labels

SELECT lives_ok($$SELECT segment_label('shop', 1, 'Small', 'They buy little')$$, 'a label');
SELECT segment_label('shop', 2, 'Big');
SELECT results_eq('SELECT segment, label, rows FROM shop_profile', $$VALUES (1, 'Small', 4::bigint), (2, 'Big', 2)$$,
    'the profile shows labels');
SELECT is(label, 'Big', 'the members show labels') FROM shop_members WHERE id = 6;
SELECT is((segment_score('shop', s)).label, 'Small', 'a score shows labels') FROM shop s WHERE id = 1;
SELECT is(description, 'They buy little', 'a description is kept') FROM segment_internal.catalog_label WHERE segment = 1;
SELECT segment_label('shop', 1, 'Little');
SELECT segment_label('shop', 1, NULL);
SELECT is(label, 'Low x', 'NULL takes a label away: the automatic one shows again') FROM shop_profile WHERE segment = 1;
SELECT segment_label('shop', 1, 'Small');
SELECT is(pg_temp.complaint($$SELECT segment_label('shop', 3, 'x')$$), '22023 model "shop" has no segment 3 | Its segments are 1 to 2.',
    'no such segment');
SELECT is(pg_temp.complaint($$SELECT segment_label('shop', NULL, 'x')$$), '22023 model "shop" has no segment NULL | Its segments are 1 to 2.',
    'segment NULL');
SELECT is(pg_temp.complaint($$SELECT segment_label('shop', 1, ' ')$$),
    '22023 argument "label" is empty | NULL takes the label of a segment away.', 'an empty label');

-- refreshing: rows go, come and change; the sizes turn round, numbers and labels stay

CREATE TABLE log (what text, id integer);
CREATE FUNCTION pg_temp.note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.log VALUES (TG_OP, coalesce(NEW.id, OLD.id));
    RETURN NULL;
END
$$;
CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON shop_assignment FOR EACH ROW EXECUTE FUNCTION pg_temp.note();
CREATE INDEX shop_by_segment ON shop_assignment (segment);
ALTER TABLE shop_assignment ADD COLUMN note text;
GRANT SELECT ON shop_profile TO PUBLIC;
CREATE VIEW report AS SELECT segment, label FROM shop_profile;

DELETE FROM shop WHERE id IN (3, 4);
UPDATE shop SET x = 100 WHERE id = 2;
INSERT INTO shop VALUES (7, 1);
SELECT results_eq(
    $$SELECT run, k, k_reason, rows_used, features FROM segment_refresh('shop')$$,
    $$VALUES (2, 2, 'as in the run before', 5::bigint, '{x}'::text[])$$, 'a refresh is a run');
SELECT results_eq('SELECT segment, label, rows FROM shop_profile', $$VALUES (1, 'Small', 2::bigint), (2, 'Big', 3)$$,
    'segments keep their numbers and labels');
SELECT results_eq('SELECT id, segment FROM shop_assignment ORDER BY id', 'VALUES (1, 1), (2, 2), (5, 2), (6, 2), (7, 1)',
    'the assignment is today''s');
SELECT bag_eq('TABLE log', $$VALUES ('DELETE', 3), ('DELETE', 4), ('INSERT', 7), ('UPDATE', 2)$$,
    'by row, so that triggers see what changed: no others that moved by more than a hundredth');
SELECT has_index('shop_assignment', 'shop_by_segment', 'indexes stay'::text);
SELECT ok(has_table_privilege('public', 'shop_profile', 'SELECT'), 'grants stay');
SELECT results_eq('TABLE report', $$VALUES (1, 'Small'), (2, 'Big')$$, 'views over the relations stay');
SELECT results_eq('SELECT run, rows_used FROM segment_runs ORDER BY run', 'VALUES (1, 6::bigint), (2, 5)', 'runs are kept');
SELECT is((SELECT count(*) FROM segment_internal.catalog_profile), 4::bigint, 'and their figures');
SELECT is((SELECT count(*) FROM pg_class WHERE relname LIKE 'segment\_refresh%'), 0::bigint, 'nothing else stays');

TRUNCATE log;
SELECT is((segment_refresh('shop')).inertia, (SELECT inertia FROM segment_runs WHERE run = 2), 'the same rows give the same model');
SELECT is_empty('TABLE log', 'and touch no row');
SELECT is((segment_refresh('shop', warm_start => false)).inertia, (SELECT inertia FROM segment_runs WHERE run = 2),
    'from new starts, too');
SELECT results_eq('SELECT label, rows FROM shop_profile', $$VALUES ('Small', 2::bigint), ('Big', 3)$$, 'and with the same numbers');

SELECT results_eq($$SELECT k, k_reason FROM segment_refresh('shop', k => 3)$$, $$VALUES (3, 'given')$$, 'another k');
SELECT is(label, 'Small', 'the segment at 0 keeps its number') FROM shop_members WHERE id = 1;
SELECT is((SELECT count(*) FROM shop_profile), 3::bigint, 'the profile grows');
SELECT is((segment_refresh('shop')).k, 3, 'the new k stays');
SELECT is((segment_refresh('shop', k => 2)).k, 2, 'and back');

UPDATE shop SET x = 5;
SELECT matches(pg_temp.complaint($$SELECT segment_refresh('shop')$$), '^22023 no feature of relation "shop" varies \| .', 'rows that are all alike now');
SELECT is((SELECT max(run) FROM segment_runs), 7, 'a failed refresh is no run');
UPDATE shop SET x = id % 2 * 100;
SELECT is(pg_temp.complaint($$SELECT segment_refresh('shop', k => 0)$$), '22023 argument "k" is 0 | It must be at least 1.', 'k = 0');
SELECT lives_ok($$SELECT segment_refresh('shop', k => 2)$$, 'a refresh');

CREATE TABLE wide (id integer PRIMARY KEY, x float8, y float8);
INSERT INTO wide SELECT i, i % 2, i % 3 FROM generate_series(1, 12) i;
SELECT FROM segment_kmeans('wide', 2, assignment => 'none');
UPDATE wide SET y = 2;
SELECT is((segment_refresh('wide')).features, '{x,y}', 'a feature that does not vary any more stays');
ALTER TABLE wide DROP COLUMN y;
SELECT is(pg_temp.complaint($$SELECT segment_refresh('wide')$$),
    '42703 column "y" of relation "wide" does not exist | Restore it, or fit the model anew with segment_kmeans(..., replace => true).',
    'a column that is gone');
ALTER TABLE wide ADD COLUMN y text;
SELECT matches(pg_temp.complaint($$SELECT segment_refresh('wide')$$), '^0A000 column "y" of relation "wide" has type text', 'a column of another type');
DROP TABLE wide;
SELECT is(pg_temp.complaint($$SELECT segment_refresh('wide')$$),
    '42P01 the source of model "wide" no longer exists | Bind the model to another relation: SELECT segment_refresh(''public.wide'', source => ''...'').', 'a source that is gone');
SELECT is((SELECT count(*) FROM segment_centroids('wide')), 4::bigint, 'its model can still be read');
SELECT lives_ok($$SELECT segment_drop('wide')$$, 'and dropped');

-- replacing

CREATE ROLE segment_reader;
GRANT SELECT ON shop_members TO segment_reader WITH GRANT OPTION;
GRANT SELECT (id, segment) ON shop_assignment TO segment_reader;
SELECT segment_label('shop', segment, 'Big') FROM shop_assignment WHERE id = 1;
SELECT results_eq($$SELECT run, k FROM segment_kmeans('shop', 2, replace => true)$$, 'VALUES (9, 2)', 'the history goes on');
SELECT is((SELECT label FROM shop_members WHERE id = 1), 'Big', 'labels of persons stay with the people, wherever these have gone');
SELECT is((SELECT count(*) FROM report), 2::bigint, 'views of others stay');
SELECT is((SELECT count(*) FROM segment_runs), 9::bigint, 'and so do the runs before');
DROP VIEW report;
SELECT ok(has_table_privilege('public', 'shop_profile', 'SELECT'), 'grants are carried over: PUBLIC');
SELECT ok(has_table_privilege('segment_reader', 'shop_members', 'SELECT WITH GRANT OPTION'), 'grants are carried over: with grant option');
SELECT ok(has_column_privilege('segment_reader', 'shop_assignment', 'segment', 'SELECT')
      AND NOT has_column_privilege('segment_reader', 'shop_assignment', 'distance', 'SELECT'), 'grants are carried over: columns');

-- renaming

CREATE TABLE kept_profile ();
SELECT is(pg_temp.complaint($$SELECT segment_rename('shop', 'kept')$$),
    '42P07 relation "kept_profile" already exists | Choose another name with model => ''...'', or another schema with into_schema => ''...''.',
    'a name that is taken by a relation');
SELECT is(pg_temp.complaint($$SELECT segment_rename('shop', 'shop')$$),
    '42710 model "shop" already exists | Choose another name, or drop that model first.', 'a name that is taken by a model');
SELECT is(pg_temp.complaint($$SELECT segment_rename('shop', NULL)$$),
    '22023 argument "new_name" is empty | Give the name that the model shall have.', 'no name');
SELECT segment_rename('shop', 'My "Model"');
SELECT results_eq('SELECT model, assignment::text, profile::text, members::text FROM segment_models',
    $$VALUES ('My "Model"', '"My ""Model""_assignment"', '"My ""Model""_profile"', '"My ""Model""_members"')$$,
    'the relations are renamed, too');
SELECT is((segment_refresh('My "Model"')).run, 10, 'a renamed model can be refreshed');
SELECT is((segment_refresh('public."My ""Model"""')).run, 11, 'and named with its schema');

-- dropping

SELECT segment_rename('My "Model"', 'shop');
COMMENT ON VIEW shop_profile IS 'Our segments';
SELECT segment_label('shop', 1, 'First');
CREATE TABLE before AS TABLE shop_members;
SELECT lives_ok($$SELECT segment_drop('shop', keep_output => true)$$, 'drop, keeping the output');
SELECT is_empty('TABLE segment_internal.catalog_model', 'the catalog forgets the model');
SELECT is_empty('TABLE segment_internal.catalog_run', 'and its runs');
SELECT has_table('shop_profile'::name, 'the profile is a table');
SELECT is(obj_description('shop_profile'::regclass, 'pg_class'), 'Our segments', 'with its comment');
SELECT is(col_description('shop_profile'::regclass, 3), 'Number of rows in the segment, at the latest fit.', 'and those of its columns');
SELECT ok(has_table_privilege('public', 'shop_profile', 'SELECT'), 'and its grants');
SELECT ok(has_table_privilege('segment_reader', 'shop_members', 'SELECT'), 'the members keep theirs');
SELECT results_eq('SELECT * FROM shop_members ORDER BY id', 'SELECT * FROM before ORDER BY id', 'and their rows');
SELECT is_empty($$SELECT pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid)
                    FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid AND d.classid = 'pg_rewrite'::regclass
                    JOIN pg_depend e ON e.classid = d.refclassid AND e.objid = d.refobjid AND e.deptype = 'e'
                   WHERE r.ev_class = 'shop_members'::regclass$$, 'and need nothing of the extension');
DROP TABLE shop_profile CASCADE;
DROP TABLE shop_assignment;

SELECT FROM segment_kmeans('shop', 2, assignment => 'view');
SELECT has_view('shop_assignment'::name, 'an assignment view');
INSERT INTO shop VALUES (9, 99);
SELECT is(a.segment, segment_predict('shop', s), 'scores rows when read') FROM shop s JOIN shop_assignment a USING (id) WHERE id = 9;
SELECT is(m.segment, segment_predict('shop', s), 'and so do the members') FROM shop s JOIN shop_members m USING (id) WHERE id = 9;
CREATE VIEW over_profile AS SELECT segment FROM shop_profile;
CREATE VIEW over_assignment AS SELECT a.segment FROM shop_assignment a JOIN shop_members m USING (id);
CREATE VIEW over_members AS SELECT count(*) FROM shop_members;
SELECT is(pg_temp.complaint($$SELECT segment_drop('shop', keep_output => true)$$),
    '2BP01 views of model "shop" cannot become tables because other views depend on them | Drop these first, and create them again afterwards.',
    'views over what becomes a table stand in the way');
DROP VIEW over_profile, over_assignment;
SELECT lives_ok($$SELECT segment_drop('shop', keep_output => true)$$, 'drop, keeping the output of an assignment view');
SELECT has_table('shop_assignment'::name, 'the assignment is a table');
SELECT is((SELECT count(*) FROM shop_members), 6::bigint, 'the members are over it');
SELECT is((SELECT count FROM over_members), 6::bigint, 'and a view over them goes on');
DROP TABLE shop_profile, shop_assignment CASCADE;

-- names that look like what changes in the members, the one of the model made to run
CREATE FUNCTION own_trap() RETURNS integer LANGUAGE plpgsql AS $$BEGIN RAISE 'ran'; END$$;
CREATE TABLE " FROM shop;SELECT own_trap()\1" (id integer PRIMARY KEY, "x JOIN segment_internal.catalog_shown p ON " float8);
INSERT INTO " FROM shop;SELECT own_trap()\1" SELECT id, x FROM shop;
SELECT FROM segment_kmeans('" FROM shop;SELECT own_trap()\1"', 2, model => ' FROM shop;SELECT own_trap()\1', features => '{"x JOIN segment_internal.catalog_shown p ON "}');
CREATE TABLE named AS TABLE " FROM shop;SELECT own_trap()\1_members";
SET LOCAL quote_all_identifiers = on;
SELECT lives_ok($$SELECT segment_drop(' FROM shop;SELECT own_trap()\1', keep_output => true)$$, 'drop, keeping the output of hostile names');
SELECT results_eq('SELECT * FROM " FROM shop;SELECT own_trap()\1_members" ORDER BY id', 'SELECT * FROM named ORDER BY id', 'with its labels');
SELECT is_empty($$SELECT FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid AND d.classid = 'pg_rewrite'::regclass
                   WHERE r.ev_class = '" FROM shop;SELECT own_trap()\1_members"'::regclass AND d.refobjid = 'segment_internal.catalog_shown'::regclass$$, 'which are in the profile');
RESET quote_all_identifiers;
DROP TABLE " FROM shop;SELECT own_trap()\1" CASCADE;
DROP TABLE " FROM shop;SELECT own_trap()\1_profile", " FROM shop;SELECT own_trap()\1_assignment";

SELECT FROM segment_kmeans('shop', 2);
SELECT lives_ok($$SELECT segment_drop('shop')$$, 'drop');
SELECT is((SELECT count(*) FROM pg_class WHERE relname LIKE 'shop\_%' AND relkind IN ('r', 'v')), 0::bigint, 'nothing stays');

SELECT FROM segment_kmeans('shop', 2);
DROP VIEW shop_profile CASCADE;
SELECT is_empty('TABLE segment_models', 'a model ends with its profile');
DROP TABLE shop_assignment;
SELECT lives_ok($$SELECT segment_kmeans('shop', 2)$$, 'its name is free');
SELECT is((SELECT count(*) FROM segment_internal.catalog_model), 1::bigint, 'and its rows are swept away');

-- names

CREATE SCHEMA "My Schema";
CREATE TABLE "My Schema"."select" ("order" integer, "the key" text, "a ""b""" float8, segment integer, label integer, margin text,
    distance numeric, PRIMARY KEY ("order", "the key"));
INSERT INTO "My Schema"."select" SELECT i, 'k' || i, i % 2, i % 3, i % 5, 'm', i % 7 FROM generate_series(1, 30) i;
SELECT lives_ok($$SELECT segment_kmeans('"My Schema"."select"', 3)$$, 'quoted and reserved names, a composite key');
SELECT col_is_pk('My Schema'::name, 'select_assignment', '{order,"the key"}'::name[], 'the key of the assignment');
SELECT columns_are('My Schema', 'select_members',
    '{order,"the key","a \"b\"",segment,label,margin,distance,select_segment,select_label,select_distance,select_margin}'::name[],
    'where a name of ours clashes with a column, ours gets the model''s in front');
SELECT columns_are('My Schema', 'select_profile',
    '{segment,label,rows,share,distance_avg,"a \"b\"_avg","a \"b\"_median","a \"b\"_index",segment_avg,segment_median,segment_index,label_avg,label_median,label_index,distance_4_avg,distance_median,distance_index}'::name[],
    'made-up names stay unique');
SELECT is((segment_refresh('My Schema.select')).run, 2, 'the schema in front of a model');
CREATE TABLE "select" AS TABLE "My Schema"."select";
ALTER TABLE "select" ADD PRIMARY KEY ("order");
SELECT FROM segment_kmeans('"select"', 2, features => '{distance}');
SELECT is(segment_predict('select', r) IS NOT NULL, true, 'a name in two schemas: the one on the search path')
  FROM (SELECT 3 AS distance) r;
SET LOCAL search_path = pg_catalog;
SELECT pg_temp.complaint($$SELECT public.segment_predict('select', (1, 2))$$) AS complaint \gset
RESET search_path;
SELECT is(:'complaint'::text, '42P09 model name "select" is ambiguous | Write the schema in front of the name: schema.model.', 'neither on the search path');
SELECT is((segment_refresh('public.select')).run, 2, 'is told apart by the schema');

CREATE TABLE clash (segment integer PRIMARY KEY, x integer);
INSERT INTO clash SELECT i, i % 2 FROM generate_series(1, 9) i;
SELECT FROM segment_kmeans('clash', 2);
SELECT columns_are('clash_assignment', '{segment,clash_segment,distance,second_segment,margin}'::name[]);
SELECT is((segment_refresh('clash')).run, 2, 'a key column that is called segment');
SELECT results_eq('SELECT profile::text FROM segment_kmeans(''clash'', 2, model => repeat(''ä'', 40))',
    $$VALUES ('"' || repeat('ä', 27) || '_profile"')$$, 'names are shortened between characters');
SELECT results_eq('SELECT octet_length(profile::text), profile::text LIKE ''%\_1\_profile"'' FROM segment_kmeans(''clash'', 2, model => repeat(''ä'', 41))',
    $$VALUES (64, true)$$, 'and stay unique');

CREATE TEMPORARY TABLE today AS SELECT i AS id, i % 2 AS x FROM generate_series(1, 10) i;
SELECT is((segment_kmeans('today', 2, key => '{id}')).model, 'today', 'a temporary table');
SELECT is(count(*), 3::bigint, 'has a temporary model') FROM pg_class WHERE relname LIKE 'today\_%' AND relpersistence = 't' AND relkind IN ('r', 'v');
SELECT is((segment_refresh('pg_temp.today')).run, 2, 'which can be refreshed');
SELECT is(schema, 'pg_temp', 'and is listed') FROM segment_models WHERE model = 'today';

CREATE SCHEMA elsewhere;
SELECT FROM segment_kmeans('clash', 2, model => 'brief', into_schema => 'pg_temp');
SELECT is(count(*), 3::bigint, 'into_schema pg_temp: a temporary model of a permanent table')
  FROM pg_class WHERE relname LIKE 'brief\_%' AND relpersistence = 't' AND relkind IN ('r', 'v');
SELECT is((segment_kmeans('clash', 2, into_schema => 'elsewhere')).profile::text, 'elsewhere.clash_profile', 'into_schema');
SELECT matches(pg_temp.complaint($$SELECT segment_kmeans('today', 2, key => '{id}', model => 'z', into_schema => 'elsewhere')$$),
    '^42P16 cannot put a model of temporary relation "today" into schema "elsewhere" \| .', 'a permanent model of a temporary table');

-- other kinds of keys

CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
CREATE TABLE people (mail email NOT NULL, code integer NOT NULL, x integer, UNIQUE (code, mail), UNIQUE (mail));
INSERT INTO people SELECT i || '@x', i, i % 2 FROM generate_series(1, 10) i;
SELECT lives_ok($$SELECT segment_kmeans('people', 2)$$, 'a unique index on NOT NULL columns');
SELECT col_is_pk('people_assignment', 'mail', 'the narrowest one');
SELECT is((SELECT count(*) FROM people_members), 10::bigint, 'a key of a domain type');
SELECT results_eq($$SELECT assignment, members FROM segment_kmeans('people', 2, model => 'nokey', key => '{}')$$,
    'VALUES (NULL::regclass, NULL::regclass)', 'no key: the model alone');
SELECT is((segment_refresh('nokey')).run, 2, 'it can be refreshed');

-- A refresh leaves out the rows that the fit left out, even by a column that does not vary.

CREATE TABLE partial AS SELECT i AS id, i % 7 AS x, CASE WHEN i % 5 > 0 THEN 1 END AS c FROM generate_series(1, 70) i;
ALTER TABLE partial ADD PRIMARY KEY (id);
SELECT is((segment_kmeans('partial', 2, features => '{c,x}', missing => 'skip', assignment => 'view')).rows_used, 56::bigint,
	'rows without a constant are left out');
SELECT results_eq($$SELECT rows_used, features FROM segment_refresh('partial')$$, $$VALUES (56::bigint, '{x}'::text[])$$,
	'and left out by a refresh');
SELECT is((SELECT count(*) FROM partial_assignment), 56::bigint, 'and by the assignment view');
UPDATE partial SET c = id WHERE c IS NOT NULL;
SELECT results_eq($$SELECT rows_used, features FROM segment_refresh('partial', warm_start => false)$$,
	$$VALUES (56::bigint, '{x}'::text[])$$, 'it is no feature when it varies later');
ALTER TABLE partial DROP COLUMN c CASCADE;
SELECT throws_ok($$SELECT segment_refresh('partial')$$, '42703', 'column "c" of relation "partial" does not exist',
	'nor can it be missing');

-- Centroids of the last fit may lie beyond today's fences.

CREATE TABLE shifting AS SELECT i AS id, i % 10 + i / 100.0 AS x, i % 3 AS y FROM generate_series(1, 100) i;
ALTER TABLE shifting ADD PRIMARY KEY (id);
SELECT is((segment_kmeans('shifting', 3, outliers => 'skip')).rows_used, 100::bigint, 'a fit within fences');
UPDATE shifting SET x = x / 100 - 50;
SELECT is((segment_refresh('shifting')).rows_used, 100::bigint, 'that have moved at the refresh');


SELECT is(pg_temp.complaint(format('SELECT segment_label(''nokey'', 1, %L)', repeat('x', 1001))),
    '22023 argument "label" is too long | A label has at most 1000 bytes, a description 10000.', 'a label without end');

-- a model may be changed by the statement that makes it

CREATE TABLE passing AS SELECT i AS id, i % 2 AS x FROM generate_series(1, 10) i;
SELECT lives_ok($$SELECT segment_label(k.model, 1, 'Passing'), segment_drop(k.model) FROM segment_kmeans('passing', 2, key => '{id}') k$$, 'a model that is dropped where it is made');
SELECT hasnt_view('passing_profile'::name, 'is gone');

SELECT * FROM finish();
ROLLBACK;
