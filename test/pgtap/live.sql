-- The live view: the source's rows, scored when it is read.

BEGIN;
SET LOCAL client_min_messages = warning;
SELECT plan(47);

CREATE TABLE shoppers (id integer PRIMARY KEY, visits float8, spend float8, city text, label text);
INSERT INTO shoppers SELECT i, i % 10 + 40 * (i % 2), 5 * (i % 7) + 300 * (i % 2), 'Bath', 'tag ' || i FROM generate_series(1, 400) i;
INSERT INTO shoppers VALUES (401, NULL, 3, 'York', NULL);
ANALYZE shoppers;
SELECT lives_ok($$SELECT segment_kmeans('shoppers', 2, features => '{visits,spend}', missing => 'skip')$$, 'a model with an assignment');
SELECT lives_ok($$SELECT segment_kmeans('shoppers', 3, features => '{visits,spend}', model => 'modelled', assignment => 'none', "trim" => 0.1)$$, 'one without, that leaves outliers out');
SELECT lives_ok($$SELECT segment_kmeans('shoppers', 2, features => '{visits,spend}', model => 'seen', assignment => 'view', distance => 'cosine')$$, 'one with a view');
SELECT is(segment_live_view('shoppers')::text, 'shoppers_live', 'it is named after the model');
SELECT is(segment_live_view('modelled', 'Rows, "live"')::text, '"Rows, ""live"""', 'or as one likes');
SELECT is(segment_live_view('seen')::text, 'seen_live', 'one beside an assignment that is a view');
SELECT is(segment_live_view('shoppers')::text, 'shoppers_live', 'it is made once');
SELECT throws_ok($$SELECT segment_live_view('shoppers', 'other')$$, '42P07', 'model "shoppers" has a live view already, public.shoppers_live');
SELECT results_eq('SELECT model, live::text COLLATE "default" FROM segment_models ORDER BY model COLLATE "C"',
	$$VALUES ('modelled', '"Rows, ""live"""'), ('seen', 'seen_live'), ('shoppers', 'shoppers_live')$$, 'segment_models has it');
SELECT results_eq($$SELECT attname::text COLLATE "default", format_type(atttypid, NULL) COLLATE "default" FROM pg_attribute WHERE attrelid = 'shoppers_live'::regclass AND attnum > 0 ORDER BY attnum$$,
	$$VALUES ('id', 'integer'), ('visits', 'double precision'), ('spend', 'double precision'), ('city', 'text'), ('label', 'text'), ('segment', 'integer'),
	         ('shoppers_label', 'text'), ('distance', 'real'), ('second_segment', 'integer'), ('margin', 'real')$$, 'the columns of the source, then ours');
SELECT is(col_description('shoppers_live'::regclass, 6), col_description('shoppers_assignment'::regclass, 2), 'they have comments');

CREATE FUNCTION pg_temp.differ(live regclass, model text) RETURNS SETOF integer LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'SELECT id FROM shoppers s FULL JOIN %1$s l USING (id) CROSS JOIN LATERAL segment_score(%2$L, s) c '
        'WHERE (l.segment, l.distance, l.second_segment, l.margin) IS DISTINCT FROM (c.segment, c.distance, c.second_segment, c.margin)', live, model);
END
$$;
SELECT is_empty($$SELECT pg_temp.differ('shoppers_live', 'shoppers') EXCEPT SELECT 401$$, 'it scores as segment_score does');
SELECT is_empty($$SELECT pg_temp.differ('"Rows, ""live"""', 'modelled') EXCEPT SELECT 401$$, 'outliers, too');
SELECT is_empty($$SELECT pg_temp.differ('seen_live', 'seen')$$, 'and directions');
SELECT is((SELECT count(*) FROM shoppers_live), 400::bigint, 'a row that the preparation skips is not in it');
SELECT results_eq('SELECT DISTINCT segment, shoppers_label FROM shoppers_live', 'SELECT segment, label FROM shoppers_profile', 'with the labels');

-- rows and runs come and go

INSERT INTO shoppers VALUES (1000, 45, 310, 'Hull', NULL);
UPDATE shoppers SET visits = 44, spend = 320 WHERE id = 2;
SELECT is((SELECT segment FROM shoppers_live WHERE id = 1000), (SELECT segment FROM shoppers_live WHERE id = 1), 'a new row is in it at once');
SELECT is((SELECT segment FROM shoppers_live WHERE id = 2), (SELECT segment FROM shoppers_live WHERE id = 1), 'a row that has changed may be in another segment');
SELECT isnt((SELECT segment FROM shoppers_assignment WHERE id = 2), (SELECT segment FROM shoppers_live WHERE id = 2), 'of which the assignment does not know yet');
CREATE VIEW over AS SELECT segment, count(*) AS n FROM shoppers_live GROUP BY segment;
SELECT is((segment_refresh('shoppers', k => 4)).k, 4, 'a refresh');
SELECT is_empty($$SELECT pg_temp.differ('shoppers_live', 'shoppers') EXCEPT SELECT 401$$, 'after which it scores by the new centroids');
SELECT is((SELECT count(*) FROM over), 4::bigint, 'and what is made of it shows the new segments');
SELECT lives_ok($$SELECT segment_label('shoppers', 1, 'Regulars')$$, 'a label');
SELECT is((SELECT DISTINCT shoppers_label FROM shoppers_live WHERE segment = 1), 'Regulars', 'is in it');

-- the plan

CREATE FUNCTION pg_temp.plan_of(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$BEGIN RETURN QUERY EXECUTE 'EXPLAIN (COSTS OFF) ' || query; END$$;
SET LOCAL enable_seqscan = off;
SELECT is((SELECT count(*) FROM pg_temp.plan_of('SELECT * FROM shoppers_live WHERE id = 5') l WHERE l ~ 'Index Scan using shoppers_pkey on shoppers'), 1::bigint,
	'a filter by key uses the index');
RESET enable_seqscan;

-- who may read it

CREATE ROLE live_reader;
CREATE ROLE live_stranger;
CREATE ROLE live_owner;
GRANT SELECT ON shoppers_live TO live_reader;
CREATE TEMP TABLE as_owner AS SELECT id, segment, shoppers_label FROM shoppers_live;
GRANT SELECT ON as_owner TO live_reader;
SET LOCAL ROLE live_reader;
SELECT results_eq('SELECT id, segment, shoppers_label FROM shoppers_live ORDER BY id', 'SELECT * FROM as_owner ORDER BY id', 'SELECT on it is enough to read it');
SELECT throws_ok('SELECT FROM shoppers', '42501', 'permission denied for table shoppers');
SELECT throws_ok($$SELECT segment_live_view('shoppers')$$, '42501', 'must be owner of model "shoppers"');
SET LOCAL ROLE live_stranger;
SELECT throws_ok('SELECT FROM shoppers_live', '42501', 'permission denied for view shoppers_live');
SELECT throws_ok($$SELECT segment_live_view('shoppers')$$, '42704', 'model "shoppers" does not exist');
SELECT throws_ok($$SELECT segment_internal.keep_live(model_id, 'pg_class') FROM (SELECT 1::bigint AS model_id) m$$, '42704', 'the model does not exist any more');
RESET ROLE;
SELECT throws_ok($$SELECT segment_internal.keep_live(model_id, 'pg_class') FROM segment_internal.catalog_model WHERE name = 'shoppers'$$, '42501',
	'pg_class is no view of the owner of model "shoppers"');

-- it goes with the model

SELECT lives_ok($$SELECT segment_rename('shoppers', 'buyers')$$, 'a model with another name');
SELECT is((SELECT live::text FROM segment_models WHERE model = 'buyers'), 'buyers_live', 'has its live view under that');
SELECT lives_ok($$SELECT segment_rename('modelled', 'formed')$$, 'one whose view has a name of its own');
SELECT is((SELECT live::text FROM segment_models WHERE model = 'formed'), '"Rows, ""live"""', 'has it still');
CREATE TABLE taken_profile ();
SELECT throws_ok($$SELECT segment_rename('formed', 'taken')$$, '42P07', 'relation "taken_profile" already exists', 'one without an assignment cannot take a name that is another''s');
SELECT throws_ok($$SELECT segment_kmeans('shoppers', 2, model => 'buyers', features => '{spend}', replace => true)$$, '2BP01', 'cannot drop view public.buyers_live because other objects depend on it');
DROP VIEW over;
SELECT lives_ok($$SELECT segment_kmeans('shoppers', 2, model => 'buyers', features => '{spend}', replace => true)$$, 'a model of other features takes its place');
SELECT is_empty($$SELECT pg_temp.differ('buyers_live', 'buyers')$$, 'by which the view scores');
SELECT is((SELECT relacl::text FROM pg_class WHERE relname = 'buyers_live') ~ 'live_reader=r', true, 'for the same readers');
SELECT lives_ok($$SELECT segment_drop('buyers')$$, 'a model is dropped');
SELECT is(to_regclass('buyers_live'), NULL, 'with its live view');
SELECT lives_ok($$SELECT segment_drop('seen', keep_output => true)$$, 'and with its output kept');
SELECT is(to_regclass('seen_live'), NULL, 'that, which cannot score any more, is not');

-- what has none

SELECT lives_ok($$SELECT segment_kmeans('shoppers', 2, features => '{visits,spend}', group_by => '{city}', model => 'towns')$$, 'a model a group');
SELECT throws_ok($$SELECT segment_live_view('towns')$$, '0A000', 'model "towns" has a model a group, of which there is no live view');

SELECT * FROM finish();
ROLLBACK;
