-- Refreshes: rows that have not changed change nothing, whatever stopped the fit; the best optimum is found after the world
-- has changed; k is chosen again when the evidence is clear.

BEGIN;
SELECT no_plan();
SET client_min_messages = error;
\i test/pgtap/complaint.psql

-- ---- Rows that have not changed ----

-- overlapping clouds: many optima, many rows between segments
CREATE TABLE clouds (id integer PRIMARY KEY, a float8, b float8, c float8, d float8, w float8, side text);
INSERT INTO clouds SELECT i, a * (i % 5), b + (i % 3) * 2, a * b + i % 2, exp(a), 1 + i % 4, CASE WHEN i % 3 = 0 THEN 'left' ELSE 'right' END
  FROM (SELECT i, (i * i % 1009 + i * 7919 % 997) / 900.0 AS a, (i * 31 % 1013 + i * i * 17 % 991) / 700.0 AS b FROM generate_series(1, 500) i) s;

CREATE TABLE asked (model text, options text);
INSERT INTO asked VALUES
    ('fixpoint', 'k => 5'),
    ('loose', 'k => 5, tol => 0.05'),
    ('looser', 'k => 7, tol => 1, n_init => 1'),
    ('exactly', 'k => 5, tol => 0'),
    ('brief', 'k => 5, max_iter => 1, tol => 1'),
    ('weighted', 'k => 5, sample_weight => ''w'', tol => 0.05'),
    ('minmax', 'k => 9, scaling => ''minmax'', transform => ''yeo-johnson'', tol => 0.01'),
    ('cosine', 'k => 4, distance => ''cosine'', tol => 0.01'),
    ('cosine_weighted', 'k => 4, distance => ''cosine'', sample_weight => ''w'''),
    ('trimmed', 'k => 4, "trim" => 0.05'),
    ('trimmed_loose', 'k => 4, "trim" => 0.05, tol => 0.1'),
    ('sized', 'k => 4, min_share => 0.2, max_share => 0.3'),
    ('sized_loose', 'k => 4, min_share => 0.2, tol => 0.1, sample_weight => ''w'''),
    ('sized_brief', 'k => 4, min_share => 0.2, max_iter => 2, tol => 1'),
    ('tree', 'k => 6, algorithm => ''bisecting'''),
    ('tree_loose', 'k => 6, algorithm => ''bisecting'', tol => 0.1, distance => ''cosine'''),
    ('grouped', 'k => 3, group_by => ''{side}'', tol => 0.05'),
    ('given', 'centroids => ''{{0,0,0,1},{1,1,1,2},{2,2,2,3}}'', tol => 0.05'),
    ('chosen', 'k_min => 3, k_max => 6'),
    ('viewed', 'k => 3, assignment => ''view'', tol => 0.05');
SELECT format('SELECT segment_kmeans(''clouds'', model => %L, features => ''{a,b,c,d}'', %s)', model, options) FROM asked
\gexec

-- all of a run: its figures, its compiled model, centroids, profile, recipe and tree, and the assignment
CREATE FUNCTION pg_temp.state(name text) RETURNS TABLE (part text, state text)
LANGUAGE plpgsql AS $$
DECLARE
    m segment_internal.catalog_model := (SELECT m FROM segment_internal.catalog_model m WHERE m.name = state.name);
    t text;
BEGIN
    FOREACH t IN ARRAY '{run,feature,centroid,profile,node,group}'::text[] LOOP
        RETURN QUERY EXECUTE format('SELECT %L, md5(string_agg(j.line, chr(10) ORDER BY j.line COLLATE "C")) FROM (SELECT (to_jsonb(t) - ''{run,k_reason,iterations,converged,started_at,elapsed}''::text[])::text '
                                    'FROM segment_internal.catalog_%s t WHERE t.model_id = $1 AND t.run = $2) j (line)', t, t) USING m.model_id, m.run;
    END LOOP;
    RETURN QUERY EXECUTE format('SELECT ''assignment'', md5(string_agg(a::text, '','' ORDER BY a.id)) FROM %I a', name || '_assignment');
    IF m.assignment_kind = 'table' THEN
        RETURN QUERY EXECUTE format('SELECT ''tuples'', md5(string_agg(a.ctid::text, '','' ORDER BY a.id)) FROM %I a', name || '_assignment');
    END IF;
END
$$;
CREATE TABLE before AS SELECT a.model, s.* FROM asked a, pg_temp.state(a.model) s;
SELECT count(r) FROM asked a, generate_series(1, 10) n, segment_refresh(a.model) r \g /dev/null
CREATE TABLE after AS SELECT a.model, s.* FROM asked a, pg_temp.state(a.model) s;
SELECT results_eq(format('SELECT part, state FROM after WHERE model = %L ORDER BY 1', model),
                  format('SELECT part, state FROM before WHERE model = %L ORDER BY 1', model),
                  format('%s (%s): ten refreshes of the same rows change nothing', model, options)) FROM asked;
SELECT is((SELECT count(DISTINCT state) FROM before WHERE part = 'run'), (SELECT count(*) FROM asked), 'of models that differ');

SELECT ok((SELECT count(*) > 0 FROM segment_runs WHERE model = 'looser' AND run = 1 AND converged AND iterations < 5), 'of which tol stopped some');

-- where max_iter stopped a fit, refreshes go on, until they meet tol
SELECT segment_kmeans('clouds', 5, '{a,b,c,d}', 'stopped', max_iter => 1, tol => 1e-6, init => 'random', n_init => 1) \g /dev/null
SELECT is(converged, false, 'a fit that max_iter stopped') FROM segment_runs WHERE model = 'stopped';
SELECT count(r) FROM generate_series(1, 40) n, segment_refresh('stopped') r \g /dev/null
SELECT ok(bool_and(r.inertia <= b.inertia + 1e-9), 'goes on') FROM segment_runs r JOIN segment_runs b ON b.run = r.run - 1 AND b.model = r.model WHERE r.model = 'stopped';
SELECT is(converged, true, 'until it rests') FROM segment_runs WHERE model = 'stopped' AND run = 41;
DELETE FROM before;
INSERT INTO before SELECT 'stopped', s.* FROM pg_temp.state('stopped') s;
SELECT count(r) FROM generate_series(1, 3) n, segment_refresh('stopped') r \g /dev/null
SELECT set_eq($$SELECT s.* FROM pg_temp.state('stopped') s$$, 'SELECT part, state FROM before', 'and then stays');

-- figures are about the means of the rows as they are stored, wherever tol stopped the fit
SELECT segment_kmeans('clouds', 5, '{a,b,c,d}', 'plain', scaling => 'none', transform => 'none', tol => 0.5, n_init => 1) \g /dev/null
SELECT segment_refresh('plain') \g /dev/null
SELECT is(round((r.inertia / s.within)::numeric, 12), 1.0, 'the inertia of a refresh is that of the assignment')
  FROM segment_runs r, (SELECT sum(within) AS within FROM (SELECT count(*) * (var_pop(a) + var_pop(b) + var_pop(c) + var_pop(d)) AS within
                                                            FROM clouds JOIN plain_assignment USING (id) GROUP BY segment) s) s
 WHERE r.model = 'plain' AND r.run = 2;
-- a few rows change: centroids stay where they are, rows elsewhere as near to them as they were
CREATE TABLE distances AS SELECT id, segment, distance FROM plain_assignment;
UPDATE clouds SET a = a + 0.01, b = b - 0.01 WHERE id <= 5;
SELECT segment_refresh('plain') \g /dev/null
SELECT is(count(*), 495::bigint, 'centroids that meet tol stay when a few rows change')
  FROM distances d JOIN plain_assignment a USING (id) WHERE id > 5 AND a.segment = d.segment AND abs(a.distance - d.distance) <= 1e-6 * d.distance;

-- ---- The best optimum ----

-- 25 rows about each place; the optimum is one segment a place
CREATE TABLE places (id integer PRIMARY KEY, x float8);
CREATE FUNCTION pg_temp.place(VARIADIC centres float8[]) RETURNS void LANGUAGE sql AS $$
    DELETE FROM places;
    INSERT INTO places SELECT 25 * p.ordinality + i, p.p + (i - 12) / 10.0 FROM unnest(centres) WITH ORDINALITY p (p), generate_series(0, 24) i;
$$;
-- inertia of one segment a place
CREATE FUNCTION pg_temp.best(VARIADIC centres float8[]) RETURNS numeric LANGUAGE sql AS $$
    SELECT round(sum((x - p) * (x - p))::numeric, 6) FROM places, LATERAL (SELECT p FROM unnest(centres) p ORDER BY abs(x - p) LIMIT 1) c;
$$;
SELECT pg_temp.place(0, 10, 20, 30) \g /dev/null
SELECT segment_kmeans('places', 4, '{x}', 'moved', scaling => 'none') \g /dev/null
SELECT is(round((segment_refresh('moved')).inertia::numeric, 6), pg_temp.best(0, 10, 20, 30), 'as it was');
SELECT pg_temp.place(5, 5, 20, 28, 36) \g /dev/null
SELECT is(round((segment_refresh('moved')).inertia::numeric, 6), pg_temp.best(5, 20, 28, 36), 'two groups have merged, one is split in two');
SELECT pg_temp.place(5, 20, 32, 32, -30) \g /dev/null
SELECT is(round((segment_refresh('moved')).inertia::numeric, 6), pg_temp.best(5, 20, 32, -30), 'two have merged, one is born');
SELECT pg_temp.place(0, 1.5, 4, 60, 80, 100) \g /dev/null
SELECT is(round((segment_refresh('moved')).inertia::numeric, 6), pg_temp.best(11.0 / 6, 60, 80, 100), 'two are born, two go');
SELECT segment_kmeans('places', 4, '{x}', 'lone', centroids => '{{0},{1},{2},{90}}', scaling => 'none', tol => 0) \g /dev/null
SELECT is((segment_refresh('lone')).inertia, (SELECT inertia FROM segment_runs WHERE model = 'lone' AND run = 1), 'a fit from given centroids goes on from where it is');

-- three groups in a row, two segments: the pair that is nearer
CREATE TABLE rows_of_three AS SELECT i AS id, i / 30 * 10 + (i % 30 - 14.5) / 100 + CASE WHEN i >= 60 THEN 0.2 ELSE 0 END AS x FROM generate_series(0, 89) i;
ALTER TABLE rows_of_three ADD PRIMARY KEY (id);
SELECT segment_kmeans('rows_of_three', 2, '{x}', model, scaling => 'none') FROM unnest('{sticky,stable}'::text[]) model \g /dev/null
SELECT results_eq('SELECT segment, count(*) FROM sticky_assignment WHERE id < 60 GROUP BY 1', 'VALUES (1, 60::bigint)', 'the first two are one');
UPDATE rows_of_three SET x = x - 0.3 WHERE id >= 60;
SELECT segment_refresh('sticky', stability => 0.05) \g /dev/null
SELECT results_eq('SELECT count(DISTINCT segment) FROM sticky_assignment WHERE id < 60', 'VALUES (1::bigint)', 'segments stay where others are 2 % better and 5 % is the bound');
SELECT segment_refresh('stable') \g /dev/null
SELECT results_eq('SELECT count(DISTINCT segment) FROM stable_assignment WHERE id < 60', 'VALUES (2::bigint)', 'and move where it is 1 %');
UPDATE rows_of_three SET x = x + 1e-3 WHERE id = 1;
SELECT is(round((segment_refresh('sticky', stability => 0)).inertia::numeric, 6), round((segment_refresh('stable')).inertia::numeric, 6), 'or 0');
SELECT is(pg_temp.complaint(format('SELECT segment_refresh(''sticky'', stability => %s)', stability)), complaint, stability)
  FROM (VALUES ('-0.1', '22023 argument "stability" is -0.1 | It must be from 0 to 1.'), ('1.5', '22023 argument "stability" is 1.5 | It must be from 0 to 1.'),
               ('''NaN''', '22023 argument "stability" is NaN | It must be from 0 to 1.'), ('NULL', '22004 argument "stability" must not be NULL | Leave the argument out for its default.')) v (stability, complaint);

-- ---- The number of segments ----

CREATE TABLE customers (id integer PRIMARY KEY, x float8, y float8);
CREATE FUNCTION pg_temp.gather(groups integer, seed integer DEFAULT 0) RETURNS void LANGUAGE sql AS $$
    DELETE FROM customers;
    INSERT INTO customers SELECT i, 10 * cos(i % groups) * (1 + i % groups) + (hashint4(i * 8 + seed) % 1000 + hashint4(i * 8 + seed + 1000000) % 1000) / 700.0,
                                    10 * sin(i % groups) * (1 + i % groups) + (hashint4(i * 8 + seed + 2000000) % 1000 + hashint4(i * 8 + seed + 3000000) % 1000) / 700.0
                            FROM generate_series(1, 600) i;
$$;
SELECT pg_temp.gather(4) \g /dev/null
SELECT segment_kmeans('customers', NULL, '{x,y}', 'choosing'), segment_kmeans('customers', 4, '{x,y}', 'told') \g /dev/null
SELECT is(k, 4, 'four groups') FROM segment_runs WHERE model = 'choosing';
SELECT pg_temp.gather(4, 4) \g /dev/null
SELECT results_eq(format('SELECT k, k_reason FROM segment_refresh(%L)', model), $$VALUES (4, 'as in the run before')$$, model || ': of other rows') FROM unnest('{choosing,told}'::text[]) model;
SELECT pg_temp.gather(5) \g /dev/null
SELECT results_eq($$SELECT k, k_reason ~ '^chosen again, k = 4 does not fit any more: highest simplified silhouette' FROM segment_refresh('choosing')$$, 'VALUES (5, true)', 'a group more, and k was chosen');
SELECT results_eq($$SELECT k, k_reason FROM segment_refresh('told')$$, $$VALUES (4, 'as in the run before; k = 5 would fit better')$$, 'and k was given');
SELECT pg_temp.gather(3) \g /dev/null
SELECT is((segment_refresh('choosing')).k, 3, 'two groups less');
SELECT results_eq($$SELECT k, k_reason FROM segment_refresh('told')$$, $$VALUES (4, 'as in the run before; k = 3 would fit better')$$, 'and k was given');
SELECT results_eq($$SELECT k, k_reason FROM segment_refresh('choosing', k => 4)$$, $$VALUES (4, 'given')$$, 'a k that is given later');
SELECT pg_temp.gather(5, 4) \g /dev/null
SELECT is((segment_refresh('choosing')).k, 4, 'stays');
SELECT is((SELECT options -> 'k' FROM segment_runs WHERE model = 'choosing' ORDER BY run DESC LIMIT 1), '4', 'and is an option of the model from then on');
SELECT is((segment_rollback('choosing', 3)).k, 5, 'back to a run that has chosen');
SELECT pg_temp.gather(3, 8) \g /dev/null
SELECT is((segment_refresh('choosing')).k, 3, 'it is chosen again');
SELECT is((segment_rollback('choosing', 5)).k, 4, 'back to the one that it was given to');
SELECT is((segment_refresh('choosing')).k, 4, 'it stays');
SELECT is(pg_temp.complaint(format('SELECT segment_refresh(%L, %s)', 'choosing', arguments)), complaint, arguments)
  FROM (VALUES ('survival => NULL', '22004 argument "survival" must not be NULL | Leave the argument out for its default.'),
               ('split => NULL', '22004 argument "split" must not be NULL | Leave the argument out for its default.'),
               ('survival => 0.4', '22023 argument "survival" is 0.4 | It must be from 0.5 to 1.'),
               ('split => 0', '22023 argument "split" is 0 | It must be above 0, at most 0.5.')) v (arguments, complaint);
-- what no group has, no refresh takes for one
SELECT segment_kmeans('clouds', NULL, '{a,b,c,d}', 'again') \g /dev/null
SELECT count(r) FROM generate_series(1, 10) n, segment_refresh('again') r \g /dev/null
SELECT is(count(DISTINCT k), 1::bigint, 'ten refreshes of the same rows never choose again') FROM segment_runs WHERE model = 'again';

SELECT * FROM finish();
ROLLBACK;
