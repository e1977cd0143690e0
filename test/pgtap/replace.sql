-- replace => true: the new model takes the place of the old one, and what people have made of that stays.

BEGIN;
SELECT plan(45);

SET LOCAL client_min_messages = warning;

CREATE FUNCTION pg_temp.complaint(query text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    hint text;
BEGIN
    EXECUTE query;
    RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
    RETURN concat_ws(' | ', SQLSTATE || ' ' || SQLERRM, nullif(hint, ''));
END
$$;

-- Three clouds on x; y tells two of them apart from the third, plan follows x.
CREATE TABLE shop (id integer PRIMARY KEY, x float8, y float8, plan text);
INSERT INTO shop SELECT i, i % 3 * 100 + i % 7, CASE i % 3 WHEN 0 THEN 50 ELSE 0 END + i % 5, chr(97 + i % 3) FROM generate_series(1, 300) i;
SELECT segment_kmeans('shop', 3, features => '{x,y}');
SELECT segment_label('shop', s.segment, s.name)
  FROM (SELECT DISTINCT a.segment, 'cloud ' || c.id % 3 AS name FROM shop c JOIN shop_assignment a USING (id)) s;
CREATE ROLE segment_reader;
CREATE INDEX shop_by_segment ON shop_assignment (segment, margin);
ALTER TABLE shop_assignment SET (fillfactor = 70);
COMMENT ON TABLE shop_assignment IS 'Ours.';
COMMENT ON COLUMN shop_profile.x_avg IS 'The average spend.';
COMMENT ON VIEW shop_members IS 'For the dashboards.';
CREATE VIEW sizes WITH (security_barrier = true) AS SELECT label, rows FROM shop_profile;
COMMENT ON COLUMN sizes.rows IS 'How many.';
CREATE VIEW largest AS SELECT label FROM sizes ORDER BY rows DESC, label LIMIT 1;
CREATE VIEW spend AS SELECT id, x, label FROM shop_members;
GRANT SELECT ON sizes, shop_members TO segment_reader;
GRANT SELECT (segment) ON shop_assignment TO segment_reader;
CREATE TABLE oids AS SELECT ARRAY['shop_assignment'::regclass::oid, 'shop_profile'::regclass, 'shop_members'::regclass] AS before;

-- names of clouds on the rows that they were given to
CREATE FUNCTION pg_temp.names() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(format('%s: %s', n.cloud, n.labels), ', ' ORDER BY n.cloud)
      FROM (SELECT c.id % 3 AS cloud, string_agg(DISTINCT m.label, '/') AS labels FROM shop c JOIN shop_members m USING (id) GROUP BY 1) n
$$;
SELECT is(pg_temp.names(), '0: cloud 0, 1: cloud 1, 2: cloud 2', 'as they were named');

-- a fit that fails changes nothing

CREATE TABLE before AS TABLE shop_assignment;
SELECT matches(pg_temp.complaint($$SELECT segment_kmeans('shop', 3000, features => '{x,y}', replace => true)$$), '^22023 k is 3000', 'a fit that fails');
SELECT is((SELECT max(run) FROM segment_runs WHERE model = 'shop'), 1, 'is no run');
SELECT bag_eq('TABLE shop_assignment', 'TABLE before', 'and the old model serves on');
SELECT is((SELECT count(*) FROM pg_class WHERE relname ~ '^segment_fresh' OR relnamespace = 'public'::regnamespace AND relname ~ 'shop.*(profile|assignment|members)$'), 3::bigint, 'nothing is left');

-- the same features: everything stays where it is

SELECT results_eq($$SELECT run, k FROM segment_kmeans('shop', 4, features => '{x,y}', seed => 3, replace => true)$$, 'VALUES (2, 4)', 'another k');
SELECT is(ARRAY['shop_assignment'::regclass::oid, 'shop_profile'::regclass, 'shop_members'::regclass], before, 'the relations are the same') FROM oids;
SELECT is((SELECT count(*) FROM shop_profile WHERE label ~ '^cloud'), 3::bigint, 'three of the four segments keep their labels');
SELECT results_eq('SELECT a.id, a.segment FROM shop_assignment a ORDER BY 1', $$SELECT c.id, segment_predict('shop', c) FROM shop c ORDER BY 1$$, 'the assignment is that of the new model');
SELECT results_eq('SELECT segment FROM shop_profile ORDER BY rows DESC, segment', 'SELECT segment FROM shop_profile ORDER BY segment', 'segments are numbered by size');
SELECT is((segment_kmeans('shop', 3, features => '{x,y}', replace => true)).run, 3, 'three again');
SELECT is(pg_temp.names(), '0: cloud 0, 1: cloud 1, 2: cloud 2', 'with the names on the same people');
SELECT is((SELECT array_agg(k ORDER BY run) FROM segment_runs WHERE model = 'shop'), '{3,4,3}', 'the history has all of them');
SELECT is((SELECT reloptions FROM pg_class WHERE oid = 'shop_assignment'::regclass), '{fillfactor=70}', 'storage options stay');
SELECT has_index('shop_assignment', 'shop_by_segment', 'indexes stay');
SELECT is(obj_description('shop_assignment'::regclass), 'Ours.', 'comments stay');
SELECT is((SELECT string_agg(label, ',') FROM largest), (SELECT label FROM shop_profile ORDER BY rows DESC, label LIMIT 1), 'views of views work');

-- other features: labels go by rows, views are made again

SELECT is((segment_kmeans('shop', 3, features => '{x,plan}', replace => true)).run, 4, 'other features');
SELECT is(pg_temp.names(), '0: cloud 0, 1: cloud 1, 2: cloud 2', 'most of the rows of a segment stay together: their labels too');
SELECT columns_are('public', 'shop_profile', '{segment,label,rows,share,distance_avg,x_avg,x_median,x_index,plan=a_avg,plan=a_median,plan=a_index,plan=b_avg,plan=b_median,plan=b_index,plan=c_avg,plan=c_median,plan=c_index}'::name[], 'the profile has their columns');
SELECT is('shop_assignment'::regclass::oid, before[1], 'the assignment is the same table') FROM oids;
SELECT has_index('shop_assignment', 'shop_by_segment', 'with its index');
SELECT is((SELECT sum(rows) FROM sizes), 300::numeric, 'views over the profile are there');
SELECT is((SELECT count(*) FROM spend), 300::bigint, 'and over the members');
SELECT is((SELECT string_agg(label, ',') FROM largest), (SELECT label FROM shop_profile ORDER BY rows DESC, label LIMIT 1), 'and over views');
SELECT is((SELECT reloptions FROM pg_class WHERE oid = 'sizes'::regclass), '{security_barrier=true}', 'with their options');
SELECT is(col_description('sizes'::regclass, 2), 'How many.', 'and comments');
SELECT is(col_description('shop_profile'::regclass, 6), 'The average spend.', 'comments on columns that are still there stay');
SELECT is(obj_description('shop_members'::regclass), 'For the dashboards.', 'and on the relation');
SELECT ok(has_table_privilege('segment_reader', 'sizes', 'SELECT') AND has_table_privilege('segment_reader', 'shop_members', 'SELECT')
      AND has_column_privilege('segment_reader', 'shop_assignment', 'segment', 'SELECT'), 'and grants');
SELECT is_empty($$SELECT FROM pg_class WHERE relname ~ '^segment_fresh'$$, 'nothing that stepped aside is left');

CREATE VIEW of_plans AS SELECT segment, "plan=a_avg" FROM shop_profile;
SELECT matches(pg_temp.complaint($$SELECT segment_kmeans('shop', 3, features => '{x,y}', replace => true)$$),
    '^2BP01 view public.of_plans does not fit the new model .*Drop it first', 'a view of what is no longer there is in the way');
SELECT is((SELECT count(*) FROM of_plans), 3::bigint, 'and nothing has changed');
DROP VIEW of_plans;
CREATE VIEW written AS SELECT segment, label FROM shop_profile;
CREATE RULE nothing AS ON INSERT TO written DO INSTEAD NOTHING;
SELECT matches(pg_temp.complaint($$SELECT segment_kmeans('shop', 3, features => '{x,y}', replace => true)$$), '^2BP01 view public.written has triggers or rules', 'so is one with a rule');
DROP VIEW written;
CREATE MATERIALIZED VIEW stored AS SELECT * FROM shop_profile;
SELECT matches(pg_temp.complaint($$SELECT segment_kmeans('shop', 3, features => '{x,y}', replace => true)$$), '^2BP01 cannot drop view', 'so is a materialized view');
DROP MATERIALIZED VIEW stored;

-- labels without heirs, other kinds of assignment

SELECT is((segment_kmeans('shop', 1, features => '{y}', replace => true)).k, 1, 'one segment of another feature');
SELECT is_empty($$SELECT FROM shop_profile WHERE label ~ '^cloud'$$, 'of which no label speaks');
SELECT is_empty($$SELECT FROM segment_internal.catalog_label$$, 'and none comes back on strangers');
SELECT is((segment_kmeans('shop', 3, features => '{x,y}', assignment => 'view', replace => true)).run, 6, 'an assignment view instead of the table');
SELECT is((SELECT relkind FROM pg_class WHERE oid = 'shop_assignment'::regclass), 'v', 'is one');
SELECT is((SELECT count(*) FROM spend), 300::bigint, 'views of people work on');
DROP VIEW spend;
SELECT is((segment_kmeans('shop', 3, features => '{x,y}', assignment => 'none', replace => true)).run, 7, 'neither');
SELECT is(to_regclass('shop_assignment') IS NULL AND to_regclass('shop_members') IS NULL, true, 'is there');
SELECT is((segment_kmeans('shop', 3, features => '{x,y}', replace => true)).run, 8, 'and a table again');
SELECT is((SELECT count(*) FROM shop_assignment), 300::bigint, 'with all rows');

SELECT * FROM finish();
ROLLBACK;
