-- Who sees and changes a model: its owner, whoever may read its relations, and nobody else.

BEGIN;
SELECT plan(219);

SET client_min_messages = warning;

CREATE ROLE segment_alice;
CREATE ROLE segment_bob;
CREATE ROLE segment_bi;
CREATE ROLE segment_team;
CREATE ROLE segment_carol IN ROLE segment_team;
GRANT segment_alice, segment_bob, segment_bi, segment_team, segment_carol TO CURRENT_USER;
CREATE SCHEMA shop;
GRANT USAGE ON SCHEMA shop TO PUBLIC;
GRANT CREATE ON SCHEMA shop TO segment_alice, segment_team;

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

-- whoever may not see a model gets an error, also from plans over catalogs that are known to be empty
ANALYZE segment_internal.catalog_model, segment_internal.catalog_run, segment_internal.catalog_feature, segment_internal.catalog_centroid, segment_internal.catalog_profile,
        segment_internal.catalog_label;

SET ROLE segment_alice;
CREATE TABLE shop.customers (id integer PRIMARY KEY, x float8, y float8);
INSERT INTO shop.customers SELECT i, i % 2 * 10, i % 3 FROM generate_series(1, 30) i;
SELECT lives_ok($$SELECT segment_kmeans('shop.customers', 2)$$, 'an ordinary role fits');
SELECT lives_ok($$SELECT segment_label('customers', 1, 'Alice''s')$$, 'and names a segment');

-- another role

SET ROLE segment_bob;
SELECT is((SELECT count(*) FROM segment_models), 0::bigint, 'another role sees no model');
SELECT is((SELECT count(*) FROM segment_runs), 0::bigint, 'nor a run');
SELECT is_empty(format('TABLE %s', t), 'nor anything in ' || t)
  FROM unnest('{segment_internal.catalog_model,segment_internal.catalog_run,segment_internal.catalog_feature,segment_internal.catalog_centroid,segment_internal.catalog_profile,segment_internal.catalog_label,segment_internal.catalog_segment,segment_internal.catalog_live,segment_internal.catalog_shown,segment_internal.catalog_compiled}'::text[]) t;
SELECT is(pg_temp.complaint(call), '42704 model "customers" does not exist', call)
  FROM unnest(ARRAY['SELECT segment_predict(''customers'', (1, 2))', 'SELECT segment_profile(''customers'')',
                    'SELECT segment_centroids(''customers'')', 'SELECT segment_evaluate(''customers'')',
                    'SELECT segment_label(''customers'', 1, ''x'')', 'SELECT segment_drop(''customers'')',
                    'SELECT segment_rename(''customers'', ''x'')', 'SELECT segment_refresh(''customers'')']) call;
SELECT is(pg_temp.complaint($$SELECT segment_kmeans('shop.customers', 2)$$), '42501 permission denied for table customers',
    'no right to read the source');
-- a leaky function sees no row that the policy hides
CREATE FUNCTION pg_temp.leak(name text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS $$
BEGIN
    RAISE EXCEPTION 'leaked %', name;
END
$$;
SELECT lives_ok($$SELECT * FROM segment_internal.catalog_model WHERE pg_temp.leak(name)$$, 'a function in WHERE sees nothing');

-- nor does a search path make policies look elsewhere
CREATE FUNCTION pg_temp.pg_has_role(oid, text) RETURNS boolean LANGUAGE sql AS 'SELECT true';
SET LOCAL search_path = pg_temp, pg_catalog, public;
SELECT is((SELECT count(*) FROM segment_internal.catalog_model), 0::bigint, 'functions of the reader do not count');
RESET search_path;

RESET ROLE;
SELECT results_eq('SELECT name FROM segment_internal.catalog_model', $$VALUES ('customers')$$, 'all is as it was: model');
SELECT results_eq('SELECT label FROM segment_internal.catalog_label', $$VALUES ('Alice''s')$$, 'all is as it was: label');
SELECT is((SELECT count(*) FROM segment_internal.catalog_run), 1::bigint, 'all is as it was: run');

-- a grant on the profile is all a reader needs

GRANT SELECT ON shop.customers_profile TO segment_bi;
SET ROLE segment_bi;
SELECT results_eq('SELECT segment, label, rows FROM shop.customers_profile',
    $$VALUES (1, 'Alice''s', 15::bigint), (2, 'High x', 15)$$, 'a reader of the profile sees the figures');
SELECT is((SELECT count(*) FROM segment_models), 1::bigint, 'and the model');
SELECT is((SELECT count(*) FROM segment_centroids('shop.customers')), 4::bigint, 'and its centroids');
SELECT is(segment_predict('shop.customers', r), (SELECT segment FROM shop.customers_profile ORDER BY abs(x_avg - 10) LIMIT 1), 'and can predict')
  FROM (SELECT 10 AS x, 1 AS y) r;
SELECT is((SELECT count(*) FROM segment_insights('shop.customers') WHERE rank = 1), 2::bigint, 'and its insights');
SELECT is((SELECT count(*) FROM segment_distribution), 4::bigint, 'and distributions');
SELECT is(ARRAY(SELECT h[1] FROM regexp_matches(segment_report('shop.customers'), '<section id="([a-z]+)"', 'g') h),
    '{findings,segments,profile,map,choice,distributions,method}'::text[], 'and a report');
SELECT matches(segment_report('shop.customers'), 'There is no map, since the rows of the source could not be read: permission denied for table customers',
    'without what takes the rows');
SELECT doesnt_match(segment_report('shop.customers'), 'Found again', 'and without looking for the segments again');
SELECT is(pg_temp.complaint('SELECT * FROM segment_map(''shop.customers'')'), '42501 permission denied for table customers', 'which it may not read');
SELECT is(pg_temp.complaint('SELECT * FROM segment_typical(''shop.customers'')'), '42501 permission denied for table customers', 'nor typical rows');
SELECT is(pg_temp.complaint(format('SELECT * FROM %s(''shop.customers'')', f)), '42501 permission denied for table customers', 'nor ' || f)
  FROM unnest('{segment_silhouette,segment_stability}'::text[]) f;
SELECT is((SELECT count(value) FROM segment_evaluate('shop.customers')), 6::bigint, 'but all figures of the fit');
SELECT is(pg_temp.complaint('SELECT segment_report(''shop.customers'', value => ''x'')'), '42501 permission denied for view customers_members', 'nor values');
SELECT is(pg_temp.complaint('SELECT * FROM shop.customers_members'), '42501 permission denied for view customers_members',
    'but not the rows');
SELECT is(pg_temp.complaint(call), '42501 must be owner of model "customers"', call)
  FROM unnest(ARRAY['SELECT segment_label(''shop.customers'', 1, ''x'')', 'SELECT segment_drop(''shop.customers'')',
                    'SELECT segment_rename(''shop.customers'', ''x'')', 'SELECT segment_refresh(''shop.customers'')']) call;
RESET ROLE;
REVOKE SELECT ON shop.customers_profile FROM segment_bi;
GRANT SELECT ON shop.customers_members TO segment_bi;
SET ROLE segment_bi;
SELECT is((SELECT count(DISTINCT label) FROM shop.customers_members), 2::bigint, 'a grant on the members is enough, too');
SELECT is((SELECT sum(value_share) FROM segment_value('shop.customers', 'x')), 1::float8, 'also for what segments are worth');
SELECT is(pg_temp.complaint('SELECT * FROM shop.customers_profile'), '42501 permission denied for view customers_profile',
    'without one on the profile');
RESET ROLE;

-- an owner that is a group, and a new owner

SET ROLE segment_alice;
CREATE TABLE shop.mine AS SELECT * FROM shop.customers;
ALTER TABLE shop.mine ADD PRIMARY KEY (id);
GRANT SELECT ON shop.mine TO segment_team;
RESET ROLE;
SET ROLE segment_team;
SELECT lives_ok($$SELECT segment_kmeans('shop.mine', 2)$$, 'the right to read the source is enough to fit');
SET ROLE segment_carol;
SELECT is((segment_refresh('mine')).run, 2, 'a member of the owner refreshes');
SELECT is((segment_kmeans('shop.mine', 3, replace => true)).k, 3, 'and replaces');
RESET ROLE;
SELECT is((SELECT DISTINCT relowner::regrole FROM pg_class WHERE oid IN ('shop.mine_assignment'::regclass, 'shop.mine_profile'::regclass, 'shop.mine_members'::regclass)),
    'segment_team'::regrole, 'the owner stays');
ALTER TABLE shop.mine ADD COLUMN code text;
UPDATE shop.mine SET code = 'c' || id;
SET ROLE segment_carol;
SELECT is((segment_kmeans('shop.mine', 3, features => '{x,y}', key => key, assignment => kind, replace => true)).run, run, 'also with ' || coalesce(key::text || ' as key of ', '') || kind)
  FROM (VALUES ('{code}'::text[], 'table', 4), ('{code}', 'view', 5), ('{}', 'none', 6), ('{id}', 'table', 7)) v (key, kind, run);
SELECT is((segment_refresh('mine')).run, 8, 'and refreshes that');
RESET ROLE;
REASSIGN OWNED BY segment_team TO segment_bob;
SET ROLE segment_bob;
SELECT lives_ok($$SELECT segment_label('mine', 1, 'Bob''s')$$, 'the model goes with its relations');
RESET ROLE;

-- nobody writes into the catalog, nor locks it, not even the owner of a model

SELECT model_id AS customers_id FROM segment_internal.catalog_model WHERE name = 'customers' \gset
CREATE TABLE payroll (id integer, salary float8);
SET ROLE segment_alice;
SELECT is(pg_temp.complaint(format(statement, t)), format('42501 permission denied for table %s', substr(t, 18)), format(statement, t))
  FROM unnest('{segment_internal.catalog_model,segment_internal.catalog_run,segment_internal.catalog_feature,segment_internal.catalog_centroid,segment_internal.catalog_profile,segment_internal.catalog_candidate,segment_internal.catalog_node,segment_internal.catalog_group,segment_internal.catalog_label}'::text[]) t,
       unnest(ARRAY['UPDATE %s SET model_id = 1', 'DELETE FROM %s', 'INSERT INTO %1$s TABLE %1$s', 'TRUNCATE %s',
                    'LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', 'SELECT FROM %s FOR SHARE']) statement;

-- what writes there, by whoever does not own the model, or with relations that are not his

CREATE FUNCTION pg_temp.keep(change text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN pg_temp.complaint(format(
        'SELECT segment_internal.keep_run(jsonb_populate_record(m, %L), jsonb_populate_record(r, jsonb_build_object(''run'', r.run + 1)), ''{}'','
        '   ARRAY(SELECT jsonb_populate_record(c, jsonb_build_object(''run'', c.run + 1)) FROM segment_internal.catalog_centroid c WHERE c.model_id = m.model_id AND c.run = m.run),'
        '   ARRAY(SELECT jsonb_populate_record(p, jsonb_build_object(''run'', p.run + 1)) FROM segment_internal.catalog_profile p WHERE p.model_id = m.model_id AND p.run = m.run), ''{}'')'
        '  FROM segment_internal.catalog_model m JOIN segment_internal.catalog_run r USING (model_id, run) WHERE m.name = ''customers''', change));
END
$$;
SELECT is(pg_temp.keep(change), complaint, change)
  FROM (VALUES ('{"run": 3}', '22023 what is to be recorded is no run of model "customers"'),
               ('{"run": 2, "members": "pg_catalog.pg_tables"}', '42501 the relations of model "customers" have different owners'),
               ('{"run": 2, "assignment": "payroll"}', '42501 the relations of model "customers" have different owners'),
               ('{"run": 2, "profile": "pg_catalog.pg_tables"}', '42501 must be owner of model "customers"'),
               ('{"run": 2, "profile": "shop.customers_assignment"}', '42501 must be owner of model "customers"'),
               ('{"run": 2, "members": "shop.customers_assignment"}', '42809 a relation of model "customers" is not of its kind'),
               ('{"run": 2, "model_id": 7}', '22023 what is to be recorded is no run of model "customers"'),
               ('{"run": 2, "assignment_kind": "none"}', '23514 new row for relation "catalog_model" violates check constraint "catalog_model_kind_check"')) v (change, complaint);
SELECT is(pg_temp.complaint(format(call, :'customers_id')), 'no error', call)
  FROM unnest(ARRAY['SELECT segment_internal.keep_label(%s, 1, ''Mine'', NULL)', 'SELECT segment_internal.lock_model(%s, ''m'')']) call;
SET ROLE segment_bob;
SELECT is(pg_temp.complaint(format(call, :'customers_id')), complaint, call)
  FROM unnest(ARRAY['SELECT segment_internal.refresh(%s, ''{}'')', 'SELECT segment_internal.drop(%s, false, true)',
                    'SELECT segment_internal.rename(%s, ''x'', true)', 'SELECT segment_internal.lock_model(%s, ''m'')', 'SELECT segment_internal.tried(%s)',
                    'SELECT segment_internal.axes(%s)', 'SELECT segment_internal.worth_of(%s, ''x'')', 'SELECT segment_internal.typical(%s, 1)']) call,
       (VALUES ('42704 the model does not exist any more')) c (complaint);
SELECT is(pg_temp.complaint(format(call, :'customers_id')), '42501 must be owner of model "customers"', call)
  FROM unnest(ARRAY['SELECT segment_internal.keep_label(%s, 1, ''Bob''''s'', NULL)', 'SELECT segment_internal.keep_name(%s, ''x'')', 'SELECT segment_internal.forget(%s)',
                    'SELECT segment_internal.keep_automatic_labels(%s, ''{}'')']) call;
SELECT is(pg_temp.complaint(format(call, :'customers_id')), format('42501 permission denied for function %s', substring(call FROM 'internal\.(\w+)')), call)
  FROM unnest(ARRAY['SELECT segment_internal.forget_as_keeper(10, %s)', 'SELECT segment_internal.keep_name_as_keeper(10, %s, ''x'')',
                    'SELECT segment_internal.delete_models(ARRAY[%s])', 'SELECT segment_internal.role_of(10, %s, ''owner'')',
                    'SELECT segment_internal.sweep_as_keeper(10), %s']) call;
SELECT is(pg_temp.complaint($$SELECT segment_internal.lock_name('shop', 'customers')$$), '42501 permission denied for schema shop', 'nor are names locked for others');
RESET ROLE;
SELECT is((SELECT label FROM segment_internal.catalog_label WHERE model_id = :customers_id), 'Mine', 'the owner named the segment, and nobody else');
SELECT has_table('payroll'::name, 'relations of others are left alone');

-- a number that its owner chose gives nobody the lock of another model: these two have the same hash

SET ROLE segment_alice;
CREATE FUNCTION pg_temp.keep_as(number bigint) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE VIEW shop."chosen_%s" AS SELECT 1 AS segment', number);
    RETURN pg_temp.complaint(format(
        'SELECT segment_internal.keep_run(jsonb_populate_record(m, jsonb_build_object(''model_id'', %1$s, ''name'', ''chosen_%1$s'', ''run'', 1, ''profile'', ''shop."chosen_%1$s"'')),'
        '   jsonb_populate_record(r, ''{"model_id": %1$s, "run": 1}''), ''{}'','
        '   ARRAY(SELECT jsonb_populate_record(c, ''{"model_id": %1$s, "run": 1}'') FROM segment_internal.catalog_centroid c WHERE c.model_id = m.model_id AND c.run = m.run),'
        '   ARRAY(SELECT jsonb_populate_record(p, ''{"model_id": %1$s, "run": 1}'') FROM segment_internal.catalog_profile p WHERE p.model_id = m.model_id AND p.run = m.run), ''{}'')'
        '  FROM segment_internal.catalog_model m JOIN segment_internal.catalog_run r USING (model_id, run) WHERE m.model_id = %2$s', number, current_setting('test.customers')));
END
$$;
SELECT set_config('test.customers', :'customers_id', true) \gset
SELECT is(pg_temp.keep_as(number), 'no error', 'a model of number ' || number) FROM unnest('{31335,280230}'::bigint[]) number;
SELECT is(left(pg_temp.keep_as(number), 5), '23514', 'none of number ' || number) FROM unnest(ARRAY[-1, 1::bigint << 48]) number;
CREATE TEMPORARY TABLE held AS SELECT * FROM pg_locks WHERE locktype = 'object' AND pid = pg_backend_pid();
SELECT segment_internal.lock_model(31335, 'm'), segment_internal.lock_model(280230, 'm');
SELECT is((SELECT count(*) FROM pg_locks WHERE locktype = 'object' AND pid = pg_backend_pid()) - (SELECT count(*) FROM held), 2::bigint, 'have locks of their own');
DROP VIEW shop.chosen_31335, shop.chosen_280230;
RESET ROLE;

-- what an owner made runs as the owner, whoever works on the model

GRANT USAGE, CREATE ON SCHEMA shop TO segment_alice;
CREATE TABLE shop.ran (who text, super boolean);
GRANT ALL ON shop.ran TO PUBLIC;
SET ROLE segment_alice;
CREATE FUNCTION shop.spy(value float8) RETURNS float8 LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO shop.ran SELECT r.rolname, r.rolsuper FROM pg_roles r WHERE r.rolname = current_user;
    RETURN value;
EXCEPTION WHEN read_only_sql_transaction OR feature_not_supported THEN
    RETURN value;
END
$$;
CREATE FUNCTION shop.spying() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM shop.spy(1); RETURN NULL; END $$;
CREATE FUNCTION shop.spied(value integer) RETURNS integer IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN PERFORM shop.spy(1); RETURN value; END $$;
CREATE TABLE shop.bait (id integer PRIMARY KEY, x float8, y float8);
INSERT INTO shop.bait SELECT i, i % 2 * 10, i % 3 FROM generate_series(1, 30) i;
CREATE VIEW shop.lure AS SELECT id, shop.spy(x) AS x, y, shop.spy(x) > 5 AS z FROM shop.bait;
SELECT lives_ok($$SELECT segment_kmeans('shop.lure', 2, key => '{id}')$$, 'a source that runs code');
SELECT lives_ok($$SELECT segment_kmeans('shop.lure', 2, key => '{id}', model => 'scored', assignment => 'view')$$, 'also when its assignment is read');
CREATE TRIGGER spying AFTER INSERT OR UPDATE OR DELETE ON shop.lure_assignment FOR EACH STATEMENT EXECUTE FUNCTION shop.spying();
CREATE INDEX ON shop.lure_assignment (shop.spied(segment));
GRANT SELECT ON shop.lure_members, shop.lure_profile TO segment_bi;
UPDATE shop.bait SET x = x + id % 5;
TRUNCATE shop.ran;
RESET ROLE;
SELECT is((segment_refresh('shop.lure')).run, 2, 'a superuser refreshes it');
SELECT is((segment_kmeans('shop.bait', 3, model => 'lure', key => '{id}', replace => true)).run, 3, 'and replaces it');
SELECT is((segment_kmeans('shop.lure', 2, model => 'mine', into_schema => 'public', key => '{id}')).run, 1, 'a view that one names runs as oneself');
SELECT is(ARRAY(SELECT DISTINCT who FROM shop.ran ORDER BY 1), ARRAY[current_user::text, 'segment_alice'], 'as any view does');
DELETE FROM shop.ran WHERE super;
SELECT isnt_empty('TABLE shop.ran', 'the spies were at work');
SELECT isnt_empty(call, call)
  FROM unnest(ARRAY[$$SELECT * FROM segment_map('shop.scored')$$, $$SELECT * FROM segment_components('shop.scored')$$,
                    $$SELECT * FROM segment_candidates('shop.scored')$$, $$SELECT * FROM segment_silhouette('shop.scored', 10)$$, $$SELECT * FROM segment_stability('shop.scored', 2)$$, $$SELECT * FROM segment_typical('shop.scored')$$,
                    $$SELECT * FROM segment_value('shop.scored', 'x')$$, $$SELECT * FROM segment_outcome('shop.scored', '{z}')$$, $$SELECT segment_report('shop.scored', value => 'x')$$,
                    $$SELECT segment_chart('shop.scored', 'map')$$]) call;
SELECT lives_ok($$SELECT segment_drop('shop.scored', keep_output => true)$$, 'keeping the output of what is scored when it is read');
SET ROLE segment_bi;
SELECT isnt_empty(call, call)
  FROM unnest(ARRAY[$$SELECT * FROM segment_map('shop.lure')$$, $$SELECT segment_report('shop.lure', value => 'x')$$]) call;
RESET ROLE;
SELECT is(ARRAY(SELECT DISTINCT who FROM shop.ran), '{segment_alice}', 'nothing of it ran as anybody but the owner');

-- nor what runs when a query of a relation is only planned, or the query of a view only read

SET ROLE segment_alice;
CREATE FUNCTION shop.seen(what text) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN PERFORM shop.spy(1); RETURN true; END $$;
CREATE DOMAIN shop.watched AS text CHECK (shop.seen(VALUE));
SELECT lives_ok($$SELECT segment_label('lure', 1, 'First')$$, 'a label, which a fit with other features takes over by the rows');
CREATE INDEX ON shop.lure_assignment (margin) WHERE shop.seen('planned');
CREATE VIEW shop.over_lure AS SELECT p.segment, '{read}'::shop.watched[] AS constant FROM shop.lure_profile p;
TRUNCATE shop.ran;
RESET ROLE;
SELECT is((segment_kmeans('shop.bait', 3, features => '{y}', model => 'lure', key => '{id}', replace => true)).run, 4, 'a superuser replaces it with other features');
SELECT is(ARRAY(SELECT DISTINCT who FROM shop.ran), '{segment_alice}', 'which ran as its owner');
SELECT is((SELECT relowner::regrole::text FROM pg_class WHERE oid = 'shop.over_lure'::regclass), 'segment_alice', 'who keeps the view over it');
SET ROLE segment_bob;
SELECT is(pg_temp.complaint(format('SELECT segment_internal.restore_view(%s, ''{"owner": "segment_alice", "schema": "shop", "name": "made", "query": "SELECT 1"}'')', role)),
    format('42501 must be a member of the role with OID %s', coalesce(role, '0')), 'a view is made as no other role: ' || coalesce(role, 'NULL'))
  FROM unnest(ARRAY['segment_alice'::regrole::oid::text, '10', '0']) role;
RESET ROLE;

-- values of columns stand in the names and comments of the profile's columns, which everybody reads, unless that is not wanted

SET ROLE segment_alice;
CREATE TABLE shop.patients (id integer PRIMARY KEY, diagnosis text, age integer);
INSERT INTO shop.patients SELECT i, (ARRAY['secret one', 'secret two', 'secret three'])[1 + i % 3], i % 50 FROM generate_series(1, 90) i;
CREATE FUNCTION pg_temp.told(names text) RETURNS text[] LANGUAGE plpgsql AS $$
BEGIN
    PERFORM segment_kmeans('shop.patients', 2, features => '{diagnosis,age}', category_names => names, replace => true);
    RETURN ARRAY(SELECT a.attname || coalesce(': ' || col_description(a.attrelid, a.attnum), '') FROM pg_attribute a
                  WHERE a.attrelid = 'shop.patients_profile'::regclass AND a.attname ~ '^diagnosis.*_avg$' ORDER BY a.attnum);
END
$$;
SELECT is((pg_temp.told('value'))[1], 'diagnosis=secret one_avg: Share of the segment''s rows in which "diagnosis" is "secret one", 0 to 1.', 'values as names');
SELECT is((pg_temp.told('number'))[1], 'diagnosis=1_avg: Share of the segment''s rows in which "diagnosis" is its value number 1, by how common they are, 0 to 1.', 'numbers as names');
SELECT is_empty($$SELECT FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid
                    LEFT JOIN pg_description d ON d.objoid = c.oid
                   WHERE c.relname ~ '^patients' AND concat(a.attname, d.description) ~ 'secret'$$, 'and no value anywhere in the catalogs');
SELECT is((SELECT count(*) FROM segment_recipe('patients') WHERE parameter = 'category' AND value = 'secret one'), 1::bigint, 'the model itself tells its readers');
SELECT is(pg_temp.complaint($$SELECT segment_kmeans('shop.patients', 2, category_names => 'none')$$), '22023 unrecognized value "none" for argument "category_names"', 'another word');
RESET ROLE;

-- names: what is one's own first, then the search path; nobody takes a name over

CREATE SCHEMA bobs AUTHORIZATION segment_bob;
GRANT USAGE ON SCHEMA bobs TO PUBLIC;
SET ROLE segment_bob;
CREATE TABLE bobs.rows AS SELECT i AS id, i % 2 AS z FROM generate_series(1, 10) i;
SELECT segment_kmeans('bobs.rows', 2, model => name, key => '{id}') FROM unnest('{customers,shop.customers}'::text[]) name;
GRANT SELECT ON bobs.customers_profile, bobs."shop.customers_profile" TO PUBLIC;
SET ROLE segment_alice;
SELECT is(ARRAY(SELECT DISTINCT feature FROM segment_centroids(name) ORDER BY 1), '{x,y}', 'her own: ' || name) FROM unnest('{customers,shop.customers}'::text[]) name;
SET ROLE segment_bi;
SELECT is(ARRAY(SELECT DISTINCT feature FROM segment_centroids('shop.customers') ORDER BY 1), '{x,y}', 'with its schema');
SELECT is(pg_temp.complaint($$SELECT segment_centroids('customers')$$), '42704 model "customers" does not exist', 'none on the search path');
SET LOCAL search_path = public, shop, bobs;
SELECT is(ARRAY(SELECT DISTINCT feature FROM segment_centroids('customers') ORDER BY 1), '{x,y}', 'the first on the search path');
SET LOCAL search_path = public, bobs, shop;
SELECT is(ARRAY(SELECT DISTINCT feature FROM segment_centroids('customers') ORDER BY 1), '{z}', 'and the other way round');
RESET search_path;
RESET ROLE;

-- nor does a model that was moved into a schema stand for the one that was there

SET ROLE segment_alice;
SELECT is((segment_kmeans('shop.customers', 2, model => 'first')).run, 1, 'a model');
RESET ROLE;
GRANT CREATE ON SCHEMA shop TO segment_bob;
SET ROLE segment_bob;
SELECT is((segment_kmeans('bobs.rows', 2, model => 'first', key => '{id}')).run, 1, 'another one of this name');
ALTER VIEW bobs.first_profile RENAME TO planted;
ALTER VIEW bobs.planted SET SCHEMA shop;
GRANT SELECT ON shop.planted TO PUBLIC;
UPDATE bobs.rows SET z = z + 1;
SELECT segment_refresh('first');
SET ROLE segment_alice;
SELECT is((segment_kmeans('shop.customers', 2, model => 'first', replace => true)).profile, 'shop.first_profile'::regclass, 'its owner replaces it');
RESET ROLE;
SELECT is((segment_kmeans('shop.customers', 3, model => 'first', replace => true)).profile, 'shop.first_profile'::regclass, 'so does a superuser');
REVOKE CREATE ON SCHEMA shop FROM segment_bob;

-- what an owner records of a model, whom all may read, breaks no view over all models; reports escape it

SET ROLE segment_alice;
CREATE FUNCTION pg_temp.spoil(run jsonb, feature jsonb, profile jsonb, model jsonb DEFAULT '{}') RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM segment_internal.keep_run(jsonb_populate_record(m, jsonb_build_object('run', m.run + 1) || $4), jsonb_populate_record(r, jsonb_build_object('run', r.run + 1) || $1),
                ARRAY(SELECT jsonb_populate_record(f, jsonb_build_object('run', f.run + 1) || $2) FROM segment_internal.catalog_feature f WHERE f.model_id = m.model_id AND f.run = m.run),
                ARRAY(SELECT jsonb_populate_record(c, jsonb_build_object('run', c.run + 1)) FROM segment_internal.catalog_centroid c WHERE c.model_id = m.model_id AND c.run = m.run),
                ARRAY(SELECT jsonb_populate_record(p, jsonb_build_object('run', p.run + 1) || $3) FROM segment_internal.catalog_profile p WHERE p.model_id = m.model_id AND p.run = m.run), '{}')
       FROM segment_internal.catalog_model m JOIN segment_internal.catalog_run r USING (model_id, run) WHERE m.name = 'spoilt';
    RETURN 'kept';
END
$$;
SELECT segment_kmeans('shop.customers', 2, model => 'spoilt');
GRANT SELECT ON shop.spoilt_profile TO PUBLIC;
SELECT is(pg_temp.spoil(format('{"k_reason": %1$s, "explained": "NaN"}', bad)::jsonb, format('{"feature": %1$s, "source_column": %1$s, "missing": %1$s, "outliers": %1$s, "transform": %1$s, "scaling": %1$s}', bad)::jsonb,
                        format('{"label": %s}', bad)::jsonb, format('{"options": {"distance": %1$s, "n_init": %1$s, "k": "2); DROP TABLE t; --"}}', bad)::jsonb), 'kept', 'text where it does not belong')
  FROM (SELECT '"<script>"' AS bad) t;
RESET ROLE;
SELECT is(position('<script>' IN segment_report('shop.spoilt')), 0, 'a report escapes it');
SELECT matches(segment_report('shop.spoilt'), 'k =&gt; &#39;2\); DROP TABLE t; --&#39;', 'and quotes it in what may be run again');
SET ROLE segment_alice;
SELECT is(pg_temp.spoil('{}', format('{"mean": "NaN", "stddev": %1$s, "min": %1$s}', number)::jsonb,
                        jsonb_build_object('rows', 9223372036854775807, 'min', ARRAY[number, number], 'p25', ARRAY[-number, -number], 'p75', ARRAY[number, number], 'max', ARRAY[0, -number])), 'kept', 'numbers of ' || number)
  FROM unnest('{1.7e308,5e-324}'::numeric[]) number;
SELECT is(pg_temp.spoil('{"binding": {}, "options": [1]}', '{}', '{}', '{"binding": []}'), 'kept', 'a source that has no name');
SELECT is(left(pg_temp.complaint(call), 5), code, 'no name is so long that it takes others time to read: ' || call)
  FROM (VALUES ('SELECT segment_kmeans(''shop.customers'', 2, model => repeat(''a'', 1001))', '42622'), ('SELECT segment_rename(''spoilt'', repeat(''a'', 1001))', '42622'),
               ('SELECT segment_internal.keep_name((SELECT model_id FROM segment_internal.catalog_model WHERE name = ''spoilt''), repeat(''a'', 1001))', '23514')) v (call, code);
SET ROLE segment_bob;
SELECT lives_ok(format('SELECT count(v) FROM %s v', v), v) FROM unnest('{segment_models,segment_runs,segment_profiles,segment_history,segment_distribution,segment_status}'::text[]) v;
RESET ROLE;
SELECT is(ARRAY[segment_internal.whisker(2, 4, 0), segment_internal.whisker(2, 4, -9), segment_internal.whisker(4, 2, 9), segment_internal.whisker(4, 2, 5), segment_internal.whisker(4, 4, 9),
                segment_internal.whisker(-1.7e308, 1.7e308, -1.75e308), segment_internal.whisker(1e-323, 5e-324, 1e-322), segment_internal.whisker(5e-324, 5e-324, 1)],
    '{0,-1,7,5,4,-1.75e308,2e-323,5e-324}', 'ends of whiskers');

-- the engine, which anyone may call, writes into tables made for a fit by the caller alone

CREATE TABLE shop.victim (id integer, segment integer, distance real, second_segment integer, margin real);
GRANT ALL ON shop.customers TO segment_alice;
CREATE FUNCTION pg_temp.fit_into(target regclass) RETURNS void
LANGUAGE sql AS $$
    SELECT segment_internal.engine('shop.customers', '{id}',
               segment_internal.prepare('shop.customers', segment_internal.choose_by_name('shop.customers', '{x,y}'), o.options),
               segment_internal.resolve_options(o.options, '{x,y}'), target)
      FROM (SELECT jsonb_build_object('k', 2, 'features', NULL, 'feature_options', '{}'::jsonb, 'missing', 'median',
                                      'outliers', 'keep', 'outlier_method', 'iqr', 'outlier_threshold', NULL, 'scaling', 'none',
                                      'transform', 'none', 'distance', 'euclidean', 'centroids', NULL, 'init', 'random',
                                      'n_init', 1, 'max_iter', 10, 'tol', 0, 'seed', 0, 'min_share', 0) AS options) o
$$;
SET ROLE segment_alice;
CREATE TABLE shop.alices (id integer, segment integer, distance real, second_segment integer, margin real);
CREATE TABLE shop.long_key AS SELECT id::bigint, segment, distance, second_segment, margin FROM shop.alices;
CREATE TABLE shop.long_segment AS SELECT id, segment::bigint, distance, second_segment, margin FROM shop.alices;
CREATE VIEW shop.look AS SELECT * FROM shop.alices;
SELECT lives_ok($$SELECT pg_temp.fit_into('shop.alices')$$, 'a table of the caller');
SELECT is(pg_temp.complaint(format('SELECT pg_temp.fit_into(%L)', 'shop.' || t)),
    format('42809 relation "%s" is no assignment table made for this fit', t), t)
  FROM unnest('{victim,long_segment,look}'::text[]) t;
SELECT is(pg_temp.complaint($$SELECT pg_temp.fit_into('shop.long_key')$$),
    '42804 key column 1 of the assignment table has another type', 'a key of another type');
RESET ROLE;
SELECT is_empty('TABLE shop.victim', 'nothing was written');

-- nor does what is no compiled model do any harm

CREATE TABLE shop.things AS SELECT i AS id, i % 9 AS x, ARRAY[i % 5, i % 4] AS a, chr(97 + i % 3) AS plan FROM generate_series(1, 60) i;
SELECT lives_ok($$SELECT segment_kmeans('shop.things', 2, features => '{x,a,plan}', model => 'fuzzy', key => '{id}')$$, 'a model to spoil');
SELECT cmp_ok(count(*), '>', 1000::bigint, 'every byte changed')
  FROM (SELECT m.compiled FROM segment_internal.catalog_compiled m, LATERAL (SELECT FROM segment_internal.catalog_model c WHERE c.model_id = m.model_id AND c.name = 'fuzzy') c) m,
       generate_series(0, length(m.compiled) - 1) i, unnest('{0,1,3,255}'::integer[]) byte,
       pg_temp.complaint(format('SELECT segment_internal.assign(%L, 1, ''{1,2}''::integer[], ''a''::text)',
                                set_byte(m.compiled, i, byte)));

-- every function of the extension looks names up safely

SELECT is_empty($$SELECT p.oid::regprocedure
                    FROM pg_proc p
                    JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
                    JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'segment'
                    JOIN pg_language l ON l.oid = p.prolang
                   WHERE l.lanname IN ('sql', 'plpgsql') AND p.prosqlbody IS NULL AND p.prokind <> 'p'
                     AND NOT coalesce(p.proconfig, '{}') @> '{"search_path=pg_catalog, pg_temp"}'$$,
    'every function pins its search path or has its names bound');
-- one that commits cannot: test/t/lures.t calls it
SELECT results_eq($$SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e' WHERE p.prokind = 'p'$$,
    $$VALUES ('segment_refresh_all(boolean,boolean,boolean)')$$, 'but the procedure');

SELECT * FROM finish();
ROLLBACK;
