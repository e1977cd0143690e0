-- The source of a model moves: columns and relations are renamed, and another relation takes its place.

BEGIN;
SELECT plan(83);

SET client_min_messages = error;

\ir complaint.psql

CREATE FUNCTION pg_temp.binding(model text) RETURNS jsonb
LANGUAGE sql AS $$SELECT binding - 'oid' - 'columns' FROM segment_internal.catalog_model WHERE name = $1$$;

CREATE TABLE shop (id integer PRIMARY KEY, x integer, y integer, kind text, w integer, spare text);
INSERT INTO shop SELECT i, i % 4 * 100 + i % 7, i % 3 * 50 + i % 5, (ARRAY['a', 'b', 'c'])[i % 3 + 1], 1 + i % 2, 's' FROM generate_series(1, 400) i;
SELECT segment_kmeans('shop', 4, '{x,y,kind}', tol => 0, sample_weight => 'w', feature_options => '{"x": {"weight": 2}}');
SELECT segment_kmeans('shop', 4, '{x,y,kind}', tol => 0, model => 'shown', assignment => 'view');
SELECT segment_kmeans('shop', 4, '{x,y,kind}', tol => 0, model => 'none', assignment => 'none');
SELECT segment_kmeans('shop', 3, '{x,y}', tol => 0, model => 'grouped', group_by => '{w}');
SELECT segment_kmeans('shop', 3, '{x,y}', tol => 0, model => 'tree', algorithm => 'bisecting', exclude => '{spare}');
SELECT segment_label('shop', 1, 'First');
CREATE TABLE before AS SELECT model, inertia, k FROM segment_runs;
CREATE TABLE assigned AS TABLE shop_assignment;
SELECT is(pg_temp.binding('shop'), '{"schema": "public", "name": "shop"}', 'a model remembers what its source is called');

-- columns are renamed

ALTER TABLE shop RENAME x TO spend;
ALTER TABLE shop RENAME kind TO what;
ALTER TABLE shop RENAME id TO customer;
ALTER TABLE shop RENAME w TO households;
SELECT is(pg_temp.complaint($$SELECT * FROM segment_components('none')$$),
    '42703 column "id" of relation "shop" does not exist | It has another name now: SELECT segment_refresh(''public."none"'') follows it.',
    'what reads the source says what to do');
SELECT results_eq($$SELECT r.model, r.run, r.k, r.inertia FROM before b, segment_refresh(b.model) r ORDER BY 1$$,
    $$SELECT model, 2, k, inertia FROM before ORDER BY 1$$, 'a refresh follows them: the same rows, the same model');
SELECT results_eq($$SELECT r.model, r.run, r.k, r.inertia FROM before b, segment_rescore(b.model) r ORDER BY 1$$,
    $$SELECT model, 3, k, inertia FROM before ORDER BY 1$$, 'and goes on with them');
SELECT is(features, '{spend,y,what}', 'features have the new names') FROM segment_runs WHERE model = 'shop' AND run = 3;
SELECT results_eq($$SELECT DISTINCT feature FROM segment_centroids('shop') ORDER BY 1$$, $$VALUES ('spend'), ('what=a'), ('what=b'), ('what=c'), ('y')$$, 'values of a text, too');
SELECT results_eq($$SELECT part FROM segment_internal.catalog_feature f JOIN segment_internal.catalog_model m USING (model_id) WHERE m.name = 'shop' AND f.run = 3 AND source_column = 'what' ORDER BY 1$$,
    $$VALUES ('a'), ('b'), ('c')$$, 'which are the same');
SELECT results_eq('SELECT * FROM shop_assignment ORDER BY 1', 'SELECT * FROM assigned ORDER BY 1', 'each row has its segment, by the new key');
SELECT col_is_pk('shop_assignment', 'customer', 'whose name the assignment has'::text);
SELECT columns_are('shown_assignment', '{customer,segment,distance,second_segment,margin}'::name[]);
SELECT results_eq('SELECT attname::text COLLATE "default" FROM pg_attribute WHERE attrelid = ''shop_members''::regclass ORDER BY attnum',
    $$SELECT unnest('{id,x,y,kind,w,spare,segment,label,distance,margin}'::text[])$$, 'views that are there keep their columns');
SELECT has_column('shop_profile', 'x_avg', 'the profile as well'::text);
SELECT is(label, 'First', 'the label stays') FROM shop_profile WHERE segment = 1;
SELECT is(array_agg(segment_predict('shop', s) ORDER BY customer), (SELECT array_agg(segment ORDER BY id) FROM assigned), 'rows are scored by the new names') FROM shop s;
SELECT results_eq($$SELECT key, columns, options ->> 'sample_weight', options -> 'feature_options', options -> 'features' FROM segment_internal.catalog_model WHERE name = 'shop'$$,
    $$VALUES ('{customer}'::text[], '{spend,y,what}'::text[], 'households', '{"spend": {"weight": 2}}'::jsonb, '["spend", "y", "what"]'::jsonb)$$, 'the next fit knows them');
SELECT results_eq($$SELECT DISTINCT group_values FROM segment_groups('grouped') ORDER BY 1$$, $$VALUES ('{"households": "1"}'::jsonb), ('{"households": "2"}')$$, 'groups, too');
SELECT lives_ok($$SELECT segment_report('shop'), segment_report('grouped')$$, 'there are reports');

-- names are exchanged; a name is given to a new column; a column is dropped

ALTER TABLE shop RENAME spend TO tmp;
ALTER TABLE shop RENAME y TO spend;
ALTER TABLE shop RENAME tmp TO y;
SELECT is((segment_refresh('none')).inertia, (SELECT inertia FROM before WHERE model = 'none'), 'columns that have exchanged their names are followed');
SELECT is(features, '{y,spend,what}', 'both') FROM segment_runs WHERE model = 'none' ORDER BY run DESC LIMIT 1;
ALTER TABLE shop RENAME y TO y_old;
ALTER TABLE shop ADD COLUMN y integer;
UPDATE shop SET y = y_old * 3;
SELECT is(round((segment_refresh('none')).inertia::numeric, 6), (SELECT round(inertia::numeric, 6) FROM before WHERE model = 'none'), 'a new column of the old name takes its place');
SELECT is((SELECT max(max) FROM segment_internal.catalog_feature f JOIN segment_internal.catalog_model m USING (model_id) WHERE m.name = 'none' AND f.run = m.run AND source_column = 'y'),
          (SELECT max(y) FROM shop)::float8, 'with its values');
SAVEPOINT dropped;
ALTER TABLE shop DROP COLUMN y;
SELECT is(pg_temp.complaint($$SELECT segment_refresh('none')$$),
    '42703 column "y" of relation "shop" does not exist | Restore it, or fit the model anew with segment_kmeans(..., replace => true).', 'a column that is dropped is not followed');
ROLLBACK TO dropped;

-- after a dump is restored, numbers of columns mean nothing
SAVEPOINT restored;
UPDATE segment_internal.catalog_model SET binding = jsonb_set(binding, '{oid}', '"1"') WHERE name = 'none';
ALTER TABLE shop RENAME spend TO other;
SELECT is(pg_temp.complaint($$SELECT segment_refresh('none')$$),
    '42703 column "spend" of relation "shop" does not exist | Restore it, or fit the model anew with segment_kmeans(..., replace => true).', 'numbers of columns of another relation are not followed');
ALTER TABLE shop RENAME other TO spend;
SELECT lives_ok($$SELECT segment_refresh('none')$$, 'names are all that there is, once');
ALTER TABLE shop RENAME spend TO other;
SELECT lives_ok($$SELECT segment_refresh('none')$$, 'and then they are followed again');
ROLLBACK TO restored;

-- a key whose name the assignment has for something else
SAVEPOINT taken;
ALTER TABLE shop RENAME customer TO segment;
SELECT is(pg_temp.complaint($$SELECT segment_refresh('tree')$$),
    '42701 key (segment) of relation "shop" has a name that relation "tree_assignment" has for another column | Fit the model anew with segment_kmeans(..., replace => true).', 'a name that is taken');
ROLLBACK TO taken;

-- relations are renamed

CREATE TABLE one (id integer PRIMARY KEY, x integer, y integer, kind text);
INSERT INTO one SELECT i, i % 4 * 100 + i % 7, i % 3 * 50 + i % 5, (ARRAY['a', 'b', 'c'])[i % 3 + 1] FROM generate_series(1, 200) i;
SELECT segment_kmeans('one', 4, '{x,y,kind}', tol => 0);
SELECT segment_label('one', 1, 'First');
ALTER TABLE one RENAME TO single;
SELECT is((segment_refresh('one')).source::text, 'single', 'a source that is renamed is followed');
SELECT is(pg_temp.binding('one'), '{"schema": "public", "name": "single"}', 'and its new name remembered');
CREATE TABLE two (kind varchar(9), id integer PRIMARY KEY, more text, y float8, x numeric);
INSERT INTO two SELECT kind, id, 'more', y, x FROM single WHERE id <= 180;
ALTER TABLE single RENAME TO single_old;
ALTER TABLE two RENAME TO single;
SELECT results_eq($$SELECT source::text, rows_used FROM segment_refresh('one')$$, $$VALUES ('single_old', 200::bigint)$$, 'where another has its name, the model stays, with a warning');
SELECT is(pg_temp.binding('one'), '{"schema": "public", "name": "single"}', 'which it gives again');
SAVEPOINT stays;
SELECT segment_refresh('one', source => 'single_old');
SELECT is(pg_temp.binding('one'), '{"schema": "public", "name": "single_old"}', 'unless it is told to stay');
ROLLBACK TO stays;

-- another relation

CREATE ROLE segment_binding_reader;
GRANT SELECT ON one_members, one_profile, one_assignment TO segment_binding_reader;
COMMENT ON COLUMN one_members.x IS 'What they spend';
CREATE VIEW sizes AS SELECT segment, label, count(*) AS n FROM one_members GROUP BY 1, 2;
GRANT SELECT ON sizes TO segment_binding_reader;
CREATE INDEX by_segment ON one_assignment (segment);
CREATE TABLE one_before AS SELECT a.*, 'one_assignment'::regclass::oid AS relation FROM one_assignment a;
SELECT results_eq($$SELECT run, source::text, rows_used, k FROM segment_refresh('one', source => 'single')$$, $$VALUES (4, 'single', 180::bigint, 4)$$, 'a model is bound to another relation');
SELECT is(pg_temp.binding('one'), '{"schema": "public", "name": "single"}', 'and remembers its name');
SELECT results_eq('SELECT id, segment FROM one_assignment ORDER BY 1', 'SELECT id, segment FROM one_before WHERE id <= 180 ORDER BY 1', 'numbers of segments stay');
SELECT is('one_assignment'::regclass::oid, (SELECT min(relation) FROM one_before), 'the assignment is the same');
SELECT has_index('one_assignment', 'by_segment', 'with its indexes'::text);
SELECT results_eq('SELECT attname::text COLLATE "default" FROM pg_attribute WHERE attrelid = ''one_members''::regclass ORDER BY attnum',
    $$SELECT unnest('{kind,id,more,y,x,segment,label,distance,margin}'::text[])$$, 'members show the new source');
SELECT results_eq('SELECT segment, label, n FROM sizes ORDER BY 1', 'SELECT segment, label, rows FROM one_profile ORDER BY 1', 'views over them go on');
SELECT is(label, 'First', 'labels stay') FROM one_profile WHERE segment = 1;
SELECT is((SELECT count(*) FROM segment_runs WHERE model = 'one'), 4::bigint, 'and the history');
SELECT is(col_description('one_members'::regclass, 5), 'What they spend', 'and comments');
SELECT ok(has_table_privilege('segment_binding_reader', r, 'SELECT'), 'and the grant on ' || r) FROM unnest('{one_members,one_profile,one_assignment,sizes}'::text[]) r;
SELECT results_eq($$SELECT source::text, rows_used FROM segment_refresh('one')$$, $$VALUES ('single', 180::bigint)$$, 'the next refresh stays there');

-- a key of another type
CREATE TABLE wide AS SELECT id::bigint + 0 AS id, x, y, kind FROM single;
SELECT is((segment_refresh('one', source => 'wide')).rows_used, 180::bigint, 'the key of another relation may have another type');
SELECT col_type_is('one_assignment', 'id', 'bigint', 'which the assignment gets');
SELECT col_is_pk('one_assignment', 'id', 'with its primary key'::text);
SELECT has_index('one_assignment', 'one_assignment_pkey', 'of its usual name'::text);
SELECT is((SELECT relpersistence FROM pg_class WHERE oid = 'one_assignment'::regclass), 'p', 'and it survives a crash');
SELECT results_eq('SELECT id, segment FROM one_assignment ORDER BY 1', 'SELECT id::bigint, segment FROM one_before WHERE id <= 180 ORDER BY 1', 'the segments are the same');
SELECT ok(has_table_privilege('segment_binding_reader', 'one_assignment', 'SELECT'), 'and so are the grants');
DROP VIEW sizes, one_members;
ALTER TABLE wide ALTER id TYPE numeric;
SELECT is((segment_refresh('one')).rows_used, 180::bigint, 'types of the same relation may change as well');
SELECT is((SELECT count(*) FROM one_members WHERE pg_typeof(id) = 'numeric'::regtype), 180::bigint, 'members that were dropped for it are there again');

-- models without an assignment table
CREATE TABLE moved AS SELECT customer, y, spend, what, households, spare FROM shop WHERE customer <= 300;
SELECT results_eq($$SELECT r.model, r.rows_used, r.k FROM unnest('{grouped,none,shown,tree}'::text[]) m, segment_refresh(m, source => 'moved') r ORDER BY 1$$,
    $$VALUES ('grouped', 300::bigint, 6), ('none', 300, 4), ('shown', 300, 4), ('tree', 300, 3)$$, 'every kind of model may move');
SELECT is((SELECT count(*) FROM shown_assignment), 300::bigint, 'what is scored when it is read, is of the new source');
SELECT results_eq('SELECT segment, count(*) FROM shown_members GROUP BY 1 ORDER BY 1', 'SELECT segment, rows FROM shown_profile ORDER BY 1', 'so are its members');

-- what is no source

CREATE VIEW few AS SELECT customer, what, spend FROM moved;
SELECT is(pg_temp.complaint($$SELECT segment_refresh('none', source => 'few')$$),
    '42703 column "y" of relation "few" does not exist | Model "none" reads such a column of public.moved: give public.few the same, in a view if need be.', 'a column that is missing');
CREATE VIEW texts AS SELECT customer, what, spend, y::text FROM moved;
SELECT is(pg_temp.complaint($$SELECT segment_refresh('none', source => 'texts')$$),
    '0A000 column "y" of relation "texts" has type text, of which model "none" cannot make its features | Model "none" reads such a column of public.moved: give public.texts the same, in a view if need be.', 'a type that cannot be read');
CREATE TEMPORARY TABLE passing AS TABLE moved;
SELECT matches(pg_temp.complaint($$SELECT segment_refresh('none', source => 'passing')$$), '^42P16 cannot bind model "none" to temporary relation "passing" \| The model would outlive', 'a temporary relation');
SELECT is(pg_temp.complaint($$SELECT segment_refresh('shown', source => 'shown_members')$$),
    '42809 cannot bind model "shown" to relation "shown_members", which shows what the model says | Name a relation that does not depend on the model.', 'the model''s own');
SELECT matches(pg_temp.complaint($$SELECT segment_refresh('none', source => 'wide_missing'::regclass)$$), '^42P01', 'none at all');
CREATE TABLE twice AS SELECT * FROM moved UNION ALL (SELECT * FROM moved LIMIT 1);
SELECT matches(pg_temp.complaint($$SELECT segment_refresh('tree', source => 'twice')$$), '^23505 key \(customer\) of relation "twice" is not unique', 'a key that is not unique');
SELECT matches(pg_temp.complaint($$SELECT segment_refresh('shown', source => 'twice')$$), '^23505 key \(customer\) of relation "twice" is not unique', 'for an assignment view as well');
SELECT is((SELECT array_agg(DISTINCT source::text) FROM segment_models WHERE model IN ('none', 'tree', 'shown')), '{moved}', 'after an error all is as before');
DROP TABLE moved CASCADE;
SELECT is(pg_temp.complaint($$SELECT segment_refresh('tree')$$),
    '42P01 the source of model "tree" no longer exists | Bind the model to another relation: SELECT segment_refresh(''public.tree'', source => ''...'').', 'a source that is gone');
SELECT is((segment_refresh('tree', source => 'twice')).k, 3, 'may be replaced') FROM (SELECT FROM pg_temp.complaint('DELETE FROM twice a USING twice b WHERE a.ctid > b.ctid AND a.customer = b.customer')) x;
SELECT is((SELECT count(*) FROM tree_members), 300::bigint, 'and members are there again');

-- rights

CREATE ROLE segment_binding_owner;
GRANT CREATE, USAGE ON SCHEMA public TO segment_binding_owner;
SET ROLE segment_binding_owner;
CREATE TABLE theirs AS SELECT i AS id, i % 2 * 10 AS x FROM generate_series(1, 20) i;
SELECT segment_kmeans('theirs', 2, '{x}', key => '{id}');
RESET ROLE;
CREATE TABLE ours AS TABLE theirs;
SELECT is(pg_temp.complaint($$SELECT segment_refresh('theirs', source => 'ours')$$), '42501 permission denied for table ours | ', 'the owner of the model must be able to read it, whoever calls');
GRANT SELECT ON ours TO segment_binding_owner;
SELECT is((segment_refresh('theirs', source => 'ours')).rows_used, 20::bigint, 'then a superuser may bind it');
SELECT is((SELECT relowner::regrole::text FROM pg_class WHERE relname = 'theirs_members'), 'segment_binding_owner', 'and it still belongs to its owner');

-- a source whose key is renamed, and that has not drifted

CREATE TABLE quiet (id integer PRIMARY KEY, x float8);
INSERT INTO quiet SELECT i, i % 3 * 100 + i % 7 FROM generate_series(1, 300) i;
SELECT is((segment_kmeans('quiet', 3, features => '{x}')).run, 1, 'a model');
ALTER TABLE quiet RENAME id TO nr;
SELECT is((segment_refresh('quiet', only_if_drift => true)).run, 1, 'that stays as it is');
SELECT has_column('quiet_assignment', 'id', 'with its columns');
SELECT is((segment_refresh('quiet', only_if_drift => true)).run, 1, 'can be asked again');
SELECT is((segment_refresh('quiet')).run, 2, 'and refreshed');
SELECT has_column('quiet_assignment', 'nr', 'with the new name');
CREATE TABLE same_rows AS TABLE quiet;
ALTER TABLE same_rows ADD PRIMARY KEY (nr);
SELECT is((SELECT (run, source)::text FROM segment_refresh('quiet', source => 'same_rows', only_if_drift => true)), '(3,same_rows)', 'another source with the same rows is another source');
SELECT is((SELECT (run, source)::text FROM segment_refresh('quiet', source => 'same_rows', only_if_drift => true)), '(3,same_rows)', 'once');

CREATE TABLE pairs (segment_key_1 integer, segment_key_2 integer, x float8, PRIMARY KEY (segment_key_2, segment_key_1));
INSERT INTO pairs SELECT i, -i, i % 3 * 100 + i % 7 FROM generate_series(1, 300) i;
SELECT is((segment_kmeans('pairs', 3, features => '{x}', history => true)).run, 1, 'a key of two columns');
ALTER TABLE pairs RENAME segment_key_1 TO other;
ALTER TABLE pairs RENAME segment_key_2 TO segment_key_1;
ALTER TABLE pairs RENAME other TO segment_key_2;
SELECT is((segment_refresh('pairs')).run, 2, 'that exchange any names');
SELECT is_empty('SELECT * FROM pairs_changes', 'and no row');

SELECT * FROM finish();
ROLLBACK;
