-- Who sees and changes a model: its owner, whoever may read its relations, and nobody else.

BEGIN;
SELECT plan(64);

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
  FROM unnest('{segment_internal.catalog_model,segment_internal.catalog_run,segment_internal.catalog_feature,segment_internal.catalog_centroid,segment_internal.catalog_profile,segment_internal.catalog_label,segment_internal.catalog_segment,segment_internal.catalog_live,segment_internal.catalog_compiled}'::text[]) t;
SELECT is(pg_temp.complaint(call), '42704 model "customers" does not exist', call)
  FROM unnest(ARRAY['SELECT segment_predict(''customers'', (1, 2))', 'SELECT segment_profile(''customers'')',
                    'SELECT segment_centroids(''customers'')', 'SELECT segment_evaluate(''customers'')',
                    'SELECT segment_label(''customers'', 1, ''x'')', 'SELECT segment_drop(''customers'')',
                    'SELECT segment_rename(''customers'', ''x'')', 'SELECT segment_refresh(''customers'')']) call;
SELECT is(pg_temp.complaint($$SELECT segment_kmeans('shop.customers', 2)$$), '42501 permission denied for table customers',
    'no right to read the source');
UPDATE segment_internal.catalog_model SET name = 'stolen';
DELETE FROM segment_internal.catalog_model;
DELETE FROM segment_internal.catalog_run;
UPDATE segment_internal.catalog_label SET label = 'Bob''s';
SELECT is(pg_temp.complaint($$INSERT INTO segment_internal.catalog_label VALUES (currval('segment_internal.catalog_model_id'), 2, 'Bob''s')$$),
    '42501 new row violates row-level security policy for table "catalog_label"', 'cannot add to a model');

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
SELECT is((SELECT count(*) FROM segment_centroids('customers')), 4::bigint, 'and its centroids');
SELECT is(segment_predict('customers', r), (SELECT segment FROM shop.customers_profile ORDER BY abs(x_avg - 10) LIMIT 1), 'and can predict')
  FROM (SELECT 10 AS x, 1 AS y) r;
SELECT is((SELECT count(*) FROM segment_insights('customers') WHERE rank = 1), 2::bigint, 'and its insights');
SELECT is((SELECT count(*) FROM segment_distribution), 4::bigint, 'and distributions');
SELECT is(ARRAY(SELECT h[1] FROM regexp_matches(segment_report('customers'), '<section id="([a-z]+)"', 'g') h),
    '{findings,segments,profile,map,choice,distributions,method}'::text[], 'and a report');
SELECT matches(segment_report('customers'), 'There is no map, since the rows of the source could not be read: permission denied for table customers',
    'without what takes the rows');
SELECT is(pg_temp.complaint('SELECT * FROM segment_map(''customers'')'), '42501 permission denied for table customers', 'which it may not read');
SELECT is(pg_temp.complaint('SELECT * FROM segment_typical(''customers'')'), '42501 permission denied for table customers', 'nor typical rows');
SELECT is(pg_temp.complaint('SELECT segment_report(''customers'', value => ''x'')'), '42501 permission denied for view customers_members', 'nor values');
SELECT is(pg_temp.complaint('SELECT * FROM shop.customers_members'), '42501 permission denied for view customers_members',
    'but not the rows');
SELECT is(pg_temp.complaint(call), '42501 must be owner of model "customers"', call)
  FROM unnest(ARRAY['SELECT segment_label(''customers'', 1, ''x'')', 'SELECT segment_drop(''customers'')',
                    'SELECT segment_rename(''customers'', ''x'')', 'SELECT segment_refresh(''customers'')']) call;
RESET ROLE;
REVOKE SELECT ON shop.customers_profile FROM segment_bi;
GRANT SELECT ON shop.customers_members TO segment_bi;
SET ROLE segment_bi;
SELECT is((SELECT count(DISTINCT label) FROM shop.customers_members), 2::bigint, 'a grant on the members is enough, too');
SELECT is((SELECT sum(value_share) FROM segment_value('customers', 'x')), 1::float8, 'also for what segments are worth');
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
REASSIGN OWNED BY segment_team TO segment_bob;
SET ROLE segment_bob;
SELECT lives_ok($$SELECT segment_label('mine', 1, 'Bob''s')$$, 'the model goes with its relations');
RESET ROLE;

-- what a catalog row says does not lead a superuser to relations of others

CREATE TABLE payroll (id integer);
SET ROLE segment_alice;
UPDATE segment_internal.catalog_model SET assignment = 'payroll' WHERE name = 'customers';
RESET ROLE;
SELECT is(pg_temp.complaint($$SELECT segment_drop('customers')$$), '42501 the relations of model "customers" have different owners',
    'relations of several owners are refused');
SELECT has_table('payroll'::name, 'and left alone');

-- nobody blocks the numbers of models to come

SET ROLE segment_alice;
SELECT is(pg_temp.complaint($$INSERT INTO segment_internal.catalog_model SELECT 1000000, name, source, key, columns, features, preparation, options, run, profile, assignment, members, assignment_kind, created_at FROM segment_internal.catalog_model$$),
    '42501 new row violates row-level security policy for table "catalog_model"', 'numbers not yet drawn cannot be taken');
RESET ROLE;

-- the engine, which anyone may call, writes into tables made for a fit by the caller alone

CREATE TABLE shop.victim (id integer, segment integer, distance real, second_segment integer, margin real);
GRANT ALL ON shop.customers TO segment_alice;
CREATE FUNCTION pg_temp.fit_into(target regclass) RETURNS void
LANGUAGE sql AS $$
    SELECT segment_internal.engine('shop.customers', '{id}',
               segment_internal.prepare('shop.customers', '{x,y}', o.options),
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
    'XX000 key column 1 of the assignment table has another type', 'a key of another type');
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
                   WHERE l.lanname IN ('sql', 'plpgsql') AND p.prosqlbody IS NULL
                     AND NOT coalesce(p.proconfig, '{}') @> '{"search_path=pg_catalog, pg_temp"}'$$,
    'every function pins its search path or has its names bound');

SELECT * FROM finish();
ROLLBACK;
