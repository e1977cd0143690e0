-- The plans of queries on members: as those of the join that a view of members is, for its owner and for who may read it.

BEGIN;
SELECT plan(22);

SET client_min_messages = warning;

CREATE ROLE segment_analyst;
CREATE ROLE segment_dashboard;
GRANT segment_analyst, segment_dashboard TO CURRENT_USER;
GRANT CREATE ON SCHEMA public TO segment_analyst;

SET ROLE segment_analyst;
CREATE TABLE shoppers (id integer PRIMARY KEY, spent float8, note text);
INSERT INTO shoppers SELECT i, i % 20 * 1000 + i % 7, 'n' FROM generate_series(1, 20000) i;
ANALYZE shoppers;
SELECT FROM segment_kmeans('shoppers', 20, key => '{id}');
SELECT FROM segment_kmeans('shoppers', 20, key => '{id}', model => 'live', assignment => 'view');
SELECT segment_label('shoppers', 3, 'Three'), segment_label('live', 3, 'Three');
GRANT SELECT ON shoppers_members, live_members TO segment_dashboard;
RESET ROLE;

-- The lines of a plan, without figures.
CREATE FUNCTION pg_temp.plan(query text) RETURNS SETOF text
LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE 'EXPLAIN (COSTS OFF) ' || query;
END
$$;
CREATE FUNCTION pg_temp.has(query text, wanted text) RETURNS boolean
LANGUAGE sql AS $$ SELECT bool_or(p ~ wanted) FROM pg_temp.plan(query) p $$;

-- parallel to the end, in both forms

SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL enable_mergejoin = off;
CREATE TABLE reader (role name);
INSERT INTO reader VALUES ('segment_analyst'), ('segment_dashboard');
GRANT SELECT ON reader TO PUBLIC;
CREATE TABLE outcome (role name, model text, partial boolean, gathered integer, plan text);
GRANT ALL ON outcome TO PUBLIC;
SELECT format('SET ROLE %I; INSERT INTO outcome SELECT %1$L, %2$L, pg_temp.has(%3$L, ''Partial (Hash|Group)Aggregate''), '
              '(SELECT count(*) FILTER (WHERE p ~ ''Gather'') FROM pg_temp.plan(%3$L) p), '
              '(SELECT string_agg(p, E''\n'') FROM pg_temp.plan(%3$L) p)',
              role, model, format('SELECT label, count(*), avg(spent) FROM %I GROUP BY label', model || '_members'))
  FROM reader, unnest('{shoppers,live}'::text[]) model \gexec
RESET ROLE;
SELECT ok(o.partial AND o.gathered = 1, format('%s: a parallel aggregate by label, for %s', o.model, o.role)) FROM outcome o;
SELECT ok(o.plan ~ 'Parallel Hash Join', format('%s: over a parallel join, for %s', o.model, o.role)) FROM outcome o WHERE o.model = 'shoppers';
SELECT is(pg_temp.has('SELECT segment, avg(spent) FROM shoppers_members GROUP BY segment', 'Partial (Hash|Group)Aggregate'), true, 'by segment too');

-- how many rows there are is known before anybody has looked at the catalog

CREATE FUNCTION pg_temp.estimate(query text) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    plan json;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan;
    RETURN plan -> 0 -> 'Plan' -> 'Plan Rows';
END
$$;
SELECT cmp_ok(pg_temp.estimate(format('SELECT * FROM %I', relation)), '>=', 19000, 'an estimate of the rows of ' || relation)
  FROM unnest('{shoppers_members,live_members}'::text[]) relation;

-- what it gives is right, in as many processes

SET LOCAL max_parallel_workers_per_gather = 2;
SET ROLE segment_dashboard;
SELECT is((SELECT array_agg((m.label, m.rows) ORDER BY m.label) FROM (SELECT label, count(*) AS rows FROM shoppers_members GROUP BY label) m)::text,
          (SELECT array_agg((p.label, p.rows) ORDER BY p.label) FROM (SELECT DISTINCT s.label, s.rows FROM segment_profiles s WHERE s.model = 'shoppers') p)::text,
          'labels and rows of the members are those of the profile');
SELECT is((SELECT array_agg((m.label, m.rows) ORDER BY m.label) FROM (SELECT label, count(*) AS rows FROM live_members GROUP BY label) m)::text,
          (SELECT array_agg((p.label, p.rows) ORDER BY p.label) FROM (SELECT DISTINCT s.label, s.rows FROM segment_profiles s WHERE s.model = 'live') p)::text,
          'and of a model whose assignment is a view');
SELECT is((SELECT count(*) FROM shoppers_members WHERE label = 'Three'), 1000::bigint, 'a label that somebody gave');
SELECT is((SELECT count(*) FROM live_members WHERE label IS NULL), 0::bigint, 'no label is NULL');
RESET ROLE;
SELECT segment_label('shoppers', 3, 'Drei');
SELECT is((SELECT count(*) FROM shoppers_members WHERE label = 'Drei'), 1000::bigint, 'another is there at once');

-- by a segment or a label through an index of the assignment

CREATE INDEX of_segment ON shoppers_assignment (segment);
SET LOCAL max_parallel_workers_per_gather = 0;
SET ROLE segment_dashboard;
SELECT is(pg_temp.has('SELECT avg(spent) FROM shoppers_members WHERE segment = 3', 'Index Cond: \(segment = 3\)'), true, 'a segment by the index');
SELECT is(pg_temp.has('SELECT avg(spent) FROM shoppers_members WHERE label = ''Drei''', 'Index Cond: \(segment = p.segment\)'), true, 'a label by the index');
SELECT is(pg_temp.has('SELECT * FROM shoppers_members WHERE id = 7', 'Index Cond: \(id = 7\)'), true, 'a customer by the key');
SELECT is(pg_temp.has('SELECT * FROM live_members WHERE id = 7', 'Seq Scan on shoppers'), false, 'also where rows are scored when they are read');
RESET ROLE;

-- a row is scored once for all its columns, and once to see whether it is in

SET LOCAL track_functions = 'all';
SELECT count(*), min(segment), max(distance), min(margin) FROM live_members;
SELECT cmp_ok((SELECT calls FROM pg_stat_xact_user_functions WHERE schemaname = 'segment_internal' AND funcname = 'assign'), '<=', 40000::bigint,
    'a row is not scored a column');

-- who may read a view over members alone sees its rows, but for the labels

SET ROLE segment_analyst;
CREATE VIEW over AS SELECT segment, label FROM shoppers_members;
REVOKE ALL ON shoppers_members FROM segment_dashboard;
GRANT SELECT ON over TO segment_dashboard;
SET ROLE segment_dashboard;
SELECT is((SELECT count(*) FROM over), 20000::bigint, 'rows of a view over members');
SELECT is((SELECT count(label) FROM over), 0::bigint, 'labels are for readers of a relation of the model');
SELECT is((SELECT count(*) FROM segment_internal.catalog_shown s WHERE s.profile = 'shoppers_profile'::regclass), 0::bigint, 'wherever these look');

SELECT * FROM finish();
ROLLBACK;
