-- Models that move: segment_export and segment_import.

BEGIN;
SELECT no_plan();
SET LOCAL client_min_messages = warning;
\ir complaint.psql

CREATE TABLE customers (id integer PRIMARY KEY, "Spend" float8, visits integer, city text, member boolean, tastes float8[], country text);
INSERT INTO customers
SELECT i, (i * 104729 % 997 + 1) ^ (1 + i % 4 / 4.0) / 3, 20 * (i % 4) + i * 31 % 7, (ARRAY['Bath', 'York', NULL, 'Ayr', 'York'])[1 + i % 5], i % 3 = 0,
       ARRAY[i % 7, i % 5 / 3.0], CASE WHEN i % 7 < 3 THEN 'DE' ELSE 'FR' END
  FROM generate_series(1, 400) i;
UPDATE customers SET "Spend" = NULL WHERE id % 50 = 3;
CREATE VIEW shoppers AS TABLE customers;

SELECT segment_kmeans('customers', 4, '{Spend,visits,city,member,tastes}', missing => 'category', feature_options => '{"Spend": {"transform": "log1p", "missing": "median", "weight": 3}, "visits": {"missing": "mean"}, "tastes": {"missing": "mean"}, "member": {"missing": "mean"}}', transform => 'none');
SELECT segment_kmeans('customers', NULL, '{Spend,visits}', model => 'chosen', outliers => 'clip', scaling => 'robust', transform => 'yeo-johnson');
SELECT segment_kmeans('customers', 3, '{Spend,visits}', model => 'tree', algorithm => 'bisecting', assignment => 'view');
SELECT segment_kmeans('customers', 2, '{Spend,visits}', model => 'lands', group_by => '{country}', missing => 'skip');
SELECT segment_kmeans('customers', 3, '{Spend,visits}', model => 'sized', min_share => 0.2, "trim" => 0.05);
SELECT segment_kmeans('shoppers', 3, '{visits,tastes}', key => '{}', model => 'Angles; "by" it''s', distance => 'cosine');
SELECT segment_kmeans('customers', 1, '{visits}', model => 'one', history => true);
SELECT segment_label('customers', 2, 'Ärzte "A"', E'two\nlines'), segment_label('lands', 3, 'Northern');
CREATE TABLE models AS SELECT model, row_number() OVER (ORDER BY model) AS n FROM segment_models;
CREATE TABLE shown AS SELECT m.model, segment_export(m.model) AS exported FROM models m;

-- What an export says but for what is the copy's own: names, and where it is.
CREATE FUNCTION pg_temp.told(exported jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT exported #- '{model,name}' #- '{model,options,history}' #- '{source}'
$$;
CREATE FUNCTION pg_temp.scores(model text) RETURNS text[] LANGUAGE sql AS $$
    SELECT array_agg(concat(segment_score($1, c), (SELECT string_agg(d::text, ' ') FROM segment_distances($1, c) d)) ORDER BY id) FROM customers c
$$;

-- ---- There and back ----

SELECT is((segment_import(exported, model => 'copy ' || n)).run, 1, model || ' becomes another model') FROM shown JOIN models USING (model);
SELECT is(pg_temp.told(segment_export('copy ' || n)), pg_temp.told(exported), model || ': all that it says of itself, to the last bit') FROM shown JOIN models USING (model);
SELECT is(pg_temp.scores('copy ' || n), pg_temp.scores(model), model || ': rows are scored alike') FROM models;
SELECT results_eq(
    format('SELECT * FROM segment_profile(%L) ORDER BY segment, feature', 'copy ' || n), format('SELECT * FROM segment_profile(%L) ORDER BY segment, feature', model),
    model || ': its profile') FROM models;
SELECT results_eq(
    format('SELECT * FROM segment_explain(%L, (SELECT c FROM customers c WHERE id = 7))', 'copy ' || n), format('SELECT * FROM segment_explain(%L, (SELECT c FROM customers c WHERE id = 7))', model),
    model || ': what puts a customer there') FROM models WHERE model <> 'lands';
SELECT results_eq('SELECT group_values, k, segments FROM segment_groups(''copy 4'')', 'SELECT group_values, k, segments FROM segment_groups(''lands'')', 'its groups')
  FROM models WHERE n = 4 AND model = 'lands';
SELECT results_eq('SELECT * FROM segment_tree(''copy ' || n || ''')', 'SELECT * FROM segment_tree(''tree'')', 'its tree') FROM models WHERE model = 'tree';
SELECT results_eq(format('SELECT segment, label, rows FROM %I', 'copy ' || n || '_profile'), 'SELECT segment, label, rows FROM customers_profile', 'its labels') FROM models WHERE model = 'customers';
SELECT is((SELECT label FROM segment_internal.catalog_label JOIN segment_internal.catalog_model m USING (model_id) WHERE m.name = 'copy ' || n AND description = E'two\nlines'), 'Ärzte "A"', 'with what was said of one')
  FROM models WHERE model = 'customers';

SET LOCAL extra_float_digits = -10;
SET LOCAL bytea_output = 'escape';
SET LOCAL intervalstyle = 'sql_standard';
SET LOCAL timezone = 'Asia/Kolkata';
SELECT is(segment_export(model), exported, model || ': whatever the session shows of figures') FROM shown;
SELECT is((segment_import(exported, model => 'shown ' || n)).run, 1, model || ' can be read there') FROM shown JOIN models USING (model) WHERE n < 3;
RESET extra_float_digits; RESET bytea_output; RESET intervalstyle; RESET timezone;
SELECT is(pg_temp.told(segment_export('shown ' || n)), pg_temp.told(exported), model || ': to the same') FROM shown JOIN models USING (model) WHERE n < 3;

-- ---- Without a source ----

SELECT is(pg_temp.complaint('SELECT segment_refresh(''copy 2'')'),
    '42P01 model "copy 2" was imported without a source | Bind the model to a relation with the columns id, "Spend", visits: SELECT segment_refresh(''public."copy 2"'', source => ''...'').', 'a refresh says what is missing')
  FROM models WHERE n = 2 AND model = 'chosen';
SELECT is(pg_temp.complaint('SELECT segment_drift(''copy 2'')') LIKE '42P01 model "copy 2" was imported without a source |%', true, 'and so does drift');
SELECT is(pg_temp.complaint('SELECT segment_rules(''copy 2'')') LIKE '42P01 model "copy 2" has no members view%', true, 'rules need members');
SELECT results_eq('SELECT source::text, assignment, members FROM segment_models WHERE model = ''copy 2''', 'SELECT ''-'', NULL::regclass, NULL::regclass', 'there are none');
SELECT ok(segment_report('copy 2') LIKE '%The model was imported without its source.%', 'the report is written');
SELECT is((SELECT next_step FROM segment_status WHERE model = 'copy 2'), NULL, 'there is nothing to be done about it');
SELECT is((SELECT options ->> 'source' FROM segment_runs WHERE model = 'copy 2'), 'public.customers', 'what the source was called is known');
SELECT is(obj_description('"copy 2_profile"'::regclass), 'The segments of a relation elsewhere, a row a segment, with the figures of the latest fit in the units of its columns.', 'and that it is not here');

-- bound later, it goes on as the one that stayed
SELECT is((segment_refresh('copy ' || n, source => 'customers')).inertia, (segment_refresh(model)).inertia, model || ' is refreshed as where it comes from') FROM models WHERE model IN ('customers', 'tree', 'lands', 'chosen');
SELECT results_eq(format('SELECT segment, label, rows FROM %I', 'copy ' || n || '_profile'), format('SELECT segment, label, rows FROM %I', model || '_profile'), model || ': numbers and labels stay')
  FROM models WHERE model IN ('customers', 'tree', 'lands', 'chosen');
SELECT is((SELECT array_agg(DISTINCT kind) FROM segment_transitions('copy 3')), '{survived}', 'all segments survive');

-- ---- With a source ----

SELECT is((segment_import(exported, 'bound ' || n, CASE WHEN exported #> '{model,key}' = '[]' THEN 'shoppers' ELSE 'customers' END)).run, 1, model || ' is bound') FROM shown JOIN models USING (model);
SELECT is(pg_temp.told(segment_export('bound ' || n)), pg_temp.told(exported), model || ': its figures are those of where it comes from') FROM shown JOIN models USING (model);
SELECT results_eq(format('SELECT * FROM %I ORDER BY id', 'bound ' || n || '_assignment'), format('SELECT * FROM %I ORDER BY id', model || '_assignment'), model || ': each row is in its segment')
  FROM models WHERE model NOT LIKE 'Angles%';
SELECT results_eq(format('SELECT id, segment, label FROM %I ORDER BY id', 'bound ' || n || '_members'), format('SELECT id, segment, label FROM %I ORDER BY id', model || '_members'), model || ': members')
  FROM models WHERE model NOT LIKE 'Angles%';
SELECT is((SELECT changes FROM segment_models WHERE model = 'bound ' || n), NULL, 'a history does not go along') FROM models WHERE model = 'one';
INSERT INTO customers SELECT i, i, i % 80, 'York', true, '{1,1}', 'FR' FROM generate_series(401, 440) i;
SELECT is((segment_refresh('bound ' || n)).inertia, (segment_refresh(model)).inertia, model || ': a refresh goes on alike') FROM models;
SELECT results_eq(format('SELECT segment, label, rows FROM %I', 'bound ' || n || '_profile'), format('SELECT segment, label, rows FROM %I', model || '_profile'), model || ': to the same segments') FROM models;

-- a number that a segment once had is not used again
SELECT is((segment_import(jsonb_set(exported, '{model,highest_segment}', '77'), 'high')).k, 1, 'a model whose segments had higher numbers') FROM shown WHERE model = 'one';
SELECT is((SELECT highest_segment FROM segment_internal.catalog_model WHERE name = 'high'), 77, 'which are known');

-- ---- Whose it is ----

CREATE ROLE segment_move_owner;
CREATE ROLE segment_move_reader;
CREATE SCHEMA theirs AUTHORIZATION segment_move_owner;
GRANT SELECT ON customers_profile TO segment_move_reader;
GRANT SELECT ON shown TO segment_move_owner, segment_move_reader;
SET LOCAL ROLE segment_move_reader;
SELECT is(segment_export('customers') #>> '{model,name}', 'customers', 'who may read a model may have it');
SELECT is(pg_temp.complaint('SELECT segment_export(''public.tree'')') LIKE '42704 model "public.tree" does not exist%', true, 'nobody else');
SELECT is(pg_temp.complaint('SELECT segment_import(exported, ''mine'', into_schema => ''theirs'') FROM shown WHERE model = ''customers''') LIKE '42501 permission denied for schema theirs%', true, 'a schema of somebody else');
SET LOCAL ROLE segment_move_owner;
SET LOCAL search_path = theirs, public;
SELECT is((segment_import(exported)).profile::text, 'customers_profile', 'it goes into the first schema of the path') FROM shown WHERE model = 'customers';
SELECT is(pg_temp.complaint('SELECT segment_import(exported) FROM shown WHERE model = ''customers''') LIKE '42710 model "customers" already exists%', true, 'where its name is taken');
SELECT is(pg_temp.complaint('SELECT segment_import(exported, ''bound'', ''public.customers'') FROM shown WHERE model = ''customers''') LIKE '42501 permission denied for%', true, 'a source that he may not read');
RESET ROLE;
SELECT is((SELECT string_agg(owner || ' ' || schema, ', ') FROM segment_models WHERE owner = 'segment_move_owner'), 'segment_move_owner theirs', 'whoever imports owns it');
SET LOCAL search_path = public;
CREATE TEMPORARY TABLE passing AS SELECT * FROM customers;
SELECT is((segment_import(exported, 'passing', 'passing')).assignment::text, 'passing_assignment', 'of a temporary table it is temporary') FROM shown WHERE model = 'customers';
SELECT is((SELECT schema FROM segment_models WHERE model = 'passing'), 'pg_temp', 'too');

-- ---- What is none ----

CREATE FUNCTION pg_temp.refused(exported jsonb, arguments text DEFAULT '') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    fault text;
BEGIN
    EXECUTE 'SELECT segment_import($1, ''refused'' ' || arguments || ')' USING exported;
    RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS fault = PG_EXCEPTION_DETAIL;
    RETURN concat_ws(' ', SQLSTATE, SQLERRM, nullif(fault, ''));
END
$$;

CREATE TABLE honest AS SELECT exported FROM shown WHERE model = 'tree';
CREATE TABLE compiled AS SELECT exported #>> '{run,compiled}' AS hex FROM honest;
SELECT is(pg_temp.refused(NULL), '22004 argument "exported" must not be NULL');
SELECT is(pg_temp.refused(t.v::jsonb), '22023 argument "exported" is no export of a model', t.v) FROM unnest(ARRAY['1', 'null', '[]', '"x"', '{}']) t (v);
SELECT is(pg_temp.refused('{"segment_export": 2}'), '0A000 the export has format 2, which segment ' || segment_version() || ' does not know');
SELECT is(pg_temp.refused('{"segment_export": 1}'), '22023 argument "exported" is no export of a model It has no key, columns, features, options or preparation.');

SELECT is(pg_temp.refused(jsonb_set(h.exported, t.path::text[], t.value)), '22023 argument "exported" is no export of a model ' || t.fault, t.path || ' = ' || left(t.value::text, 40))
  FROM honest h, compiled c, LATERAL (VALUES
    ('{run,compiled}', '"\\x"'::jsonb, 'Value is not a compiled model.'),
    ('{run,compiled}', '"deadbeef"', 'Value is not a compiled model.'),
    ('{run,compiled}', to_jsonb(left(c.hex, -2)), 'Value is not a compiled model.'),
    ('{run,compiled}', to_jsonb(c.hex || '00'), 'Value is not a compiled model.'),
    ('{run,compiled}', (SELECT s.exported #> '{run,compiled}' FROM shown s WHERE s.model = 'customers'), 'Its compiled model has other columns, segments or coordinates than it says.'),
    ('{run,compiled}', (SELECT s.exported #> '{run,compiled}' FROM shown s WHERE s.model = 'chosen'), 'Its compiled model has other columns, segments or coordinates than it says.'),
    ('{run,k}', '2', 'The segments of its profile, its centroids and its run differ, or their numbers are none.'),
    ('{run,rows_used}', '0', 'A figure of its run is no number, or no count.'),
    ('{run,inertia}', '"NaN"', 'A figure of its run is no number, or no count.'),
    ('{run,inertia}', '"many"', 'Invalid input syntax for type double precision: "many".'),
    ('{model,key}', '[["id", "id"]]', 'It has no key, columns, features, options or preparation.'),
    ('{model,options}', '[]', 'It has no key, columns, features, options or preparation.'),
    ('{model,features}', '["Spend", "visits", "more"]', 'The features of its model, its preparation and its run differ.'),
    ('{model,preparation,features,0,column_name}', '"secret"', 'The features of its model, its preparation and its run differ.'),
    ('{model,preparation,columns,0,name}', 'null', 'The features of its model, its preparation and its run differ.'),
    ('{model,preparation,columns,0,name}', '"secret"', 'The features of its model, its preparation and its run differ.'),
    ('{model,highest_segment}', '2', 'The segments of its profile, its centroids and its run differ, or their numbers are none.'),
    ('{model,highest_segment}', '2147483647', 'The segments of its profile, its centroids and its run differ, or their numbers are none.'),
    ('{profile,0,segment}', '9', 'The segments of its profile, its centroids and its run differ, or their numbers are none.'),
    ('{profile,0,rows}', '-1', 'A figure of its run is no number, or no count.'),
    ('{profile,0,mean}', '[1]', 'Its profile has not 2 figures of each segment.'),
    ('{profile,0,mean}', '[1, "Infinity"]', 'A figure of its run is no number, or no count.'),
    ('{centroids,1,segment}', '1', 'The segments of its profile, its centroids and its run differ, or their numbers are none.'),
    ('{centroids,1,scaled}', '[1]', 'Its compiled model has other columns, segments or coordinates than it says.'),
    ('{features,0,scale}', '-1', 'A figure of its run is no number, or no count.'),
    ('{groups}', '[{"group_values": ["x"], "rows_read": 1, "rows_used": 0, "k_reason": ""}]', 'It has groups without columns to group by, or the other way round.'),
    ('{nodes,0,parent}', '3', 'New row for relation "catalog_node" violates check constraint "catalog_node_parent_check".'),
    ('{run,rows_read}', '1', 'New row for relation "catalog_run" violates check constraint "catalog_run_ledger_check".'),
    ('{candidates,0,inertia}', 'null', 'Null value in column "inertia" of relation "catalog_candidate" violates not-null constraint.')) t (path, value, fault);
SELECT is(pg_temp.refused(jsonb_set(exported, '{labels}', '[{"segment": 9, "label": "x"}]')), '22023 model "refused" has no segment 9', 'a label of no segment') FROM honest;
SELECT is(pg_temp.refused(jsonb_set(exported, '{model,options,scaling}', '"wild"')), '22023 argument "exported" is no export of a model Unrecognized value "wild" for argument "scaling".', 'an option') FROM honest;
SELECT is(pg_temp.refused(exported, ', source => ''shown'''), '42703 column "id" of relation "shown" does not exist', 'a source of other columns') FROM honest;
SELECT is(pg_temp.refused(exported, ', into_schema => ''nowhere'''), '3F000 schema "nowhere" does not exist', 'a schema that is not there') FROM honest;
SELECT is(pg_temp.refused(jsonb_set(exported, '{run,compiled}', to_jsonb(overlay(hex PLACING '00000009' FROM 11)))),
          '55000 model "refused" was compiled by segment ' || segment_version() || ', and segment ' || segment_version() || ' cannot read it It has format 9, not 4.', 'another format') FROM honest, compiled;
SELECT is((SELECT count(*) FROM segment_models WHERE model = 'refused'), 0::bigint, 'nothing of these is left');
SELECT is(to_regclass('refused_profile'), NULL, 'no view either');

-- Any single change is refused with an error of its own, or makes a model that nobody who looks at all models is troubled by.
CREATE FUNCTION pg_temp.tampered(seed integer) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    h     jsonb := (SELECT exported FROM honest);
    path  text[];
    state text := 'fine';
BEGIN
    WITH RECURSIVE node (path, value) AS (
        SELECT '{}'::text[], h
         UNION ALL
        SELECT n.path || e.key, e.value
          FROM node n
         CROSS JOIN LATERAL (SELECT o.key, o.value FROM jsonb_each(CASE jsonb_typeof(n.value) WHEN 'object' THEN n.value END) o
                              UNION ALL SELECT (a.ordinality - 1)::text, a.value FROM jsonb_array_elements(CASE jsonb_typeof(n.value) WHEN 'array' THEN n.value END) WITH ORDINALITY a) e
    )
    SELECT n.path INTO path FROM node n WHERE n.path <> '{}' ORDER BY hashint4extended(seed, hashtextextended(n.path::text, 0)) LIMIT 1;
    h := CASE WHEN seed % 4 = 0 THEN h #- path ELSE jsonb_set(h, path, ('[null, "\\xff", -1e300, [[1], {}], 1000000000]'::jsonb) -> (seed % 5)) END;
    BEGIN
        PERFORM segment_import(h, 'tampered');
        PERFORM count(*), count(t::text) FROM segment_models t;
        PERFORM count(t::text) FROM segment_runs t;
        PERFORM count(t::text) FROM segment_status t;
        PERFORM count(t::text) FROM segment_profiles t;
        PERFORM count(t::text) FROM segment_distribution t;
        PERFORM count(t::text) FROM segment_history t;
        PERFORM pg_temp.scores('tampered');
        RAISE unique_violation USING MESSAGE = 'undone';
    EXCEPTION
        WHEN unique_violation THEN RETURN CASE WHEN SQLERRM = 'undone' THEN 'fine' ELSE SQLERRM END;
        WHEN invalid_parameter_value OR null_value_not_allowed OR feature_not_supported OR name_too_long THEN RETURN 'refused';
        WHEN OTHERS THEN RETURN format('%s %s by %s', SQLSTATE, SQLERRM, path);
    END;
END
$$;
CREATE TABLE tampered AS SELECT seed, pg_temp.tampered(seed) AS result FROM generate_series(1, 120) seed;
SELECT is((SELECT string_agg(DISTINCT result, E'\n') FROM tampered WHERE result NOT IN ('fine', 'refused')), NULL, 'no change of an export troubles others');
SELECT ok(count(*) FILTER (WHERE result = 'refused') > 30 AND count(*) FILTER (WHERE result = 'fine') > 10, 'some are refused, some make models') FROM tampered;

SELECT * FROM finish();
ROLLBACK;
