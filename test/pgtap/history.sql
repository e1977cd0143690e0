-- history => true: who moved, in a table of its own and counted; going back to a run, and forgetting runs.

BEGIN;
SELECT plan(169);

SET LOCAL client_min_messages = warning;

\ir complaint.psql

-- Two clouds of four rows, so far apart that a row which goes to the other one moves no border.
CREATE TABLE shop (id integer PRIMARY KEY, x float8);
INSERT INTO shop VALUES (1, 0), (2, 1), (3, 2), (4, 3), (5, 100), (6, 101), (7, 102);
SELECT is((segment_kmeans('shop', 2, features => '{x}', history => true)).changes::text, 'shop_changes', 'the run has its changes');
SELECT is((SELECT (options ->> 'history', options ->> 'source', options -> 'k')::text FROM segment_runs WHERE model = 'shop'), '(true,public.shop,2)', 'and its options');

-- the table

SELECT columns_are('public', 'shop_changes', '{id,run,from_segment,to_segment,at}'::name[], 'key, run, from, to, at');
SELECT is((SELECT string_agg(format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = 'shop_changes'::regclass AND a.attnum > 0),
    'integer, integer, integer, integer, timestamp with time zone', 'of these types');
SELECT col_is_pk('shop_changes', '{id,run}'::name[], 'a row a key and run');
SELECT is_empty('TABLE shop_changes', 'the first run writes nothing');
SELECT is_empty($$SELECT * FROM segment_migration('shop')$$, 'and nobody can have moved');
SELECT is((SELECT changes FROM segment_models WHERE model = 'shop'), 'shop_changes'::regclass, 'segment_models shows the table');
SELECT is_empty($$SELECT a.attname FROM pg_attribute a WHERE a.attrelid = 'shop_changes'::regclass AND a.attnum > 0 AND col_description(a.attrelid, a.attnum) IS NULL$$, 'its columns are described');

-- one moves, one comes, one leaves

UPDATE shop SET x = 103 WHERE id = 4;
DELETE FROM shop WHERE id = 1;
INSERT INTO shop VALUES (8, 99);
SELECT is((segment_rescore('shop')).run, 2, 'a second run');
SELECT results_eq('SELECT id, run, from_segment, to_segment FROM shop_changes ORDER BY id', $$VALUES (1, 2, 1, NULL), (4, 2, 1, 2), (8, 2, NULL, 2)$$, 'has its changes');
SELECT is(count(*), 3::bigint, 'with the time') FROM shop_changes WHERE at BETWEEN transaction_timestamp() AND clock_timestamp();
SELECT results_eq($$SELECT * FROM segment_migration('shop')$$,
    $$VALUES (1, 1, 2::bigint, 0.5::float8), (1, 2, 1, 0.25), (1, NULL, 1, 0.25), (2, 2, 3, 1), (NULL, 2, 1, NULL)$$, 'which are counted, with those that stayed');

-- over several runs only where a row was and where it is

UPDATE shop SET x = 3 WHERE id = 4;             -- back
UPDATE shop SET x = 0 WHERE id = 5;             -- over
DELETE FROM shop WHERE id = 8;                  -- came and left
INSERT INTO shop VALUES (1, 0), (9, 1);         -- again, and new
SELECT is((segment_rescore('shop')).run, 3, 'a third run');
SELECT results_eq($$SELECT * FROM segment_migration('shop')$$,
    $$VALUES (1, 1, 2::bigint, 1::float8), (2, 1, 2, 0.4), (2, 2, 2, 0.4), (2, NULL, 1, 0.2), (NULL, 1, 2, NULL)$$, 'from the second to the third');
SELECT results_eq($$SELECT * FROM segment_migration('shop', 1, 3)$$,
    $$VALUES (1, 1, 4::bigint, 1::float8), (2, 1, 1, 1 / 3::float8), (2, 2, 2, 2 / 3::float8), (NULL, 1, 1, NULL)$$, 'from the first to the third');
SELECT results_eq($$SELECT * FROM segment_migration('shop', from_run => 1)$$, $$SELECT * FROM segment_migration('shop', 1, 3)$$, 'the last run is the default');
SELECT results_eq($$SELECT * FROM segment_migration('shop', to_run => 2)$$, $$SELECT * FROM segment_migration('shop', 1, 2)$$, 'and the one before');
SELECT is_empty($$SELECT * FROM segment_migration('shop', to_run => 1)$$, 'before the first there is none');

-- rows add up to the sizes of both runs

CREATE FUNCTION pg_temp.sums(model text, from_run integer, to_run integer) RETURNS SETOF record LANGUAGE sql AS $$
    SELECT 'before', v.from_segment, sum(v.rows) FROM segment_migration($1, $2, $3) v WHERE v.from_segment IS NOT NULL GROUP BY 2
     UNION ALL
    SELECT 'after', v.to_segment, sum(v.rows) FROM segment_migration($1, $2, $3) v WHERE v.to_segment IS NOT NULL GROUP BY 2
$$;
CREATE FUNCTION pg_temp.sizes(model text, from_run integer, to_run integer) RETURNS SETOF record LANGUAGE sql AS $$
    SELECT CASE h.run WHEN $2 THEN 'before' ELSE 'after' END, h.segment, h.rows::numeric FROM segment_history h WHERE h.model = $1 AND h.run IN ($2, $3) AND h.rows > 0
$$;

-- Rows that come, leave and move all the time, with missing values, weights and outliers; k changes.
CREATE TABLE crowd (id integer, "from_segment" text COLLATE "C", "at" float8, y float8, w float8, PRIMARY KEY (id, "from_segment"));
INSERT INTO crowd SELECT i, 'k' || i % 3, hashint4(i) % 1000, CASE WHEN i % 17 > 0 THEN hashint4(i + 7) % 1000 END, 1 + i % 3 FROM generate_series(1, 2000) i;
SELECT is((segment_kmeans('crowd', 6, features => '{at,y}', sample_weight => 'w', missing => 'skip', "trim" => 0.01, history => true)).k, 6, 'a model of weights, missing values and outliers');
UPDATE crowd SET at = at + hashint4(id + 1) % 300 WHERE id % 5 = 1;
DELETE FROM crowd WHERE id % 11 = 2;
INSERT INTO crowd SELECT i, 'k', hashint4(i) % 900, hashint4(i + 7) % 900, 1 FROM generate_series(2001, 2200) i;
SELECT is((segment_refresh('crowd')).run, 2, 'refreshed');
UPDATE crowd SET y = y + hashint4(id + 2) % 300 WHERE id % 4 = 1;
UPDATE crowd SET y = NULL WHERE id % 29 = 1;
DELETE FROM crowd WHERE id % 13 = 2;
INSERT INTO crowd SELECT i, 'k0', hashint4(i) % 900, hashint4(i + 7) % 900, 1 FROM generate_series(1, 300) i WHERE i % 11 = 2 ON CONFLICT DO NOTHING;
SELECT is((segment_refresh('crowd', k => 8)).k, 8, 'with another k');
SELECT is((segment_rescore('crowd')).run, 4, 'and rescored');
SELECT bag_eq(format('SELECT * FROM pg_temp.sums(''crowd'', %1$s, %2$s) v (side text, segment integer, rows numeric)', f, t),
              format('SELECT * FROM pg_temp.sizes(''crowd'', %1$s, %2$s) v (side text, segment integer, rows numeric)', f, t), format('runs %s and %s add up', f, t))
  FROM generate_series(1, 3) f, generate_series(2, 4) t WHERE f < t ORDER BY f, t;
SELECT ok(bool_and(s BETWEEN 0.999999999 AND 1.000000001), 'shares of a segment add up to 1')
  FROM (SELECT sum(share) AS s FROM segment_migration('crowd', 1, 4) WHERE from_segment IS NOT NULL GROUP BY from_segment) s;
SELECT is((SELECT count(*) FROM segment_migration('crowd', 1, 2) WHERE from_segment IS DISTINCT FROM to_segment AND from_segment = 0 OR to_segment = 0) > 0, true, 'outliers are a segment like others');

-- the same counts from the assignments as they were

CREATE TABLE was AS TABLE crowd_assignment;
UPDATE crowd SET at = hashint4(id + 3) % 1000 WHERE id % 3 = 1;
DELETE FROM crowd WHERE id % 7 = 3;
SELECT is((segment_refresh('crowd')).run, 5, 'one more run');
SELECT bag_eq($$SELECT from_segment, to_segment, rows FROM segment_migration('crowd')$$,
    $$SELECT b.segment AS f, a.segment AS t, count(*) FROM was b FULL JOIN crowd_assignment a USING (id, "from_segment") GROUP BY 1, 2$$, 'as the assignments before and now have it');
SELECT is_empty($$SELECT * FROM crowd_changes WHERE crowd_from_segment IS NOT DISTINCT FROM to_segment$$, 'who stays is not written down');
SELECT columns_are('public', 'crowd_changes', '{id,from_segment,run,crowd_from_segment,to_segment,at}'::name[], 'a name that the key has gets the name of the model in front');

-- names of any kind

CREATE SCHEMA "My ""schema""";
CREATE TABLE "My ""schema"""."it's %I" ("select" text, "run" uuid, "%s" float8, PRIMARY KEY ("select", "run"));
INSERT INTO "My ""schema"""."it's %I" SELECT chr(64 + i), lpad(i::text, 32, '0')::uuid, i % 2 * 100 + i FROM generate_series(1, 20) i;
SELECT is((segment_kmeans('"My ""schema"""."it''s %I"', 2, model => 'a "b" %I', history => true)).changes::text, '"My ""schema"""."a ""b"" %I_changes"', 'a model of odd names');
UPDATE "My ""schema"""."it's %I" SET "%s" = "%s" + 100 WHERE "select" = 'B';
SELECT is((segment_rescore('"My ""schema"""."a ""b"" %I"')).run, 2, 'is refreshed');
SELECT is((SELECT count(*) FROM "My ""schema"""."a ""b"" %I_changes" WHERE "select" = 'B' AND from_segment <> to_segment AND "a ""b"" %I_run" = 2), 1::bigint, 'and has its changes');
SELECT is((SELECT sum(rows) FROM segment_migration('My "schema".a "b" %I')), 20::numeric, 'which are counted');
SELECT ok(segment_report('My "schema".a "b" %I') ~ 'flow-chart-title', 'and drawn');
SELECT is((segment_kmeans('shop', 2, model => repeat('ü', 40), features => '{x}', history => true)).changes::text, '"' || repeat('ü', 27) || '_changes"', 'a long name is shortened');

-- what it needs

SELECT is(pg_temp.complaint($$SELECT segment_kmeans('shop', 2, model => 'm', assignment => 'view', history => true)$$), '22023 history => true needs assignment => ''table'', not ''view'' | Leave one of them out.', 'a table of assignments');
SELECT is(pg_temp.complaint($$SELECT segment_kmeans('shop', 2, model => 'm', assignment => 'none', history => true)$$), '22023 history => true needs assignment => ''table'', not ''none'' | Leave one of them out.', 'not none');
SELECT is(pg_temp.complaint($$SELECT segment_kmeans('shop', 2, model => 'm', key => '{}', history => true)$$), '22023 history => true needs a key, which model "m" has not | Name the key columns with key => ''{...}''.', 'a key');
SELECT is(pg_temp.complaint($$SELECT segment_kmeans('shop', 2, model => 'm', history => NULL)$$), '22004 argument "history" must not be NULL | Leave the argument out for its default.', 'true or false');
CREATE TABLE taken_changes (x integer);
SELECT matches(pg_temp.complaint($$SELECT segment_kmeans('shop', 2, model => 'taken', history => true)$$), '^42P07 relation "taken_changes" already exists', 'a free name');

-- what is asked for must be there

SELECT is((segment_kmeans('shop', 2, features => '{x}', model => 'plain')).changes, NULL, 'a model without a history');
SELECT matches(pg_temp.complaint($$SELECT * FROM segment_migration('plain')$$), '^55000 model "plain" has no history of the segments of its rows \| Fit it with segment_kmeans\(\.\.\., history => true', 'has no migration');
SELECT is(segment_chart('plain', 'flow') #> '{data,values}', '[]', 'no chart of it');
SELECT ok(segment_report('plain') !~ 'flow-chart-title', 'and no picture');
SELECT matches(pg_temp.complaint($$SELECT * FROM segment_migration('shop', 1, 9)$$), '^22023 model "shop" has no run 9 \| It has the runs 1 to 3', 'a run that there is not');
SELECT matches(pg_temp.complaint($$SELECT * FROM segment_migration('shop', 0, 2)$$), '^22023 model "shop" has no run 0', 'nor this');
SELECT matches(pg_temp.complaint($$SELECT * FROM segment_migration('shop', 3, 2)$$), '^22023 run 3 is not before run 2', 'in this order');
SELECT matches(pg_temp.complaint($$SELECT * FROM segment_migration('shop', 2, 2)$$), '^22023 run 2 is not before run 2', 'two of them');
SELECT matches(pg_temp.complaint($$SELECT * FROM segment_migration(NULL)$$), '^22004 argument "model" must not be NULL', 'of a model');
SELECT matches(pg_temp.complaint($$SELECT * FROM segment_migration('nobody')$$), '^42704 model "nobody" does not exist', 'that there is');
SAVEPOINT cheat;
DELETE FROM shop_changes WHERE id = 4;
SELECT matches(pg_temp.complaint($$SELECT * FROM segment_migration('shop', 1, 2)$$), '^55000 the rows of table (public\.)?shop_changes do not explain the sizes of segment 1 in runs 1 and 2', 'changes that do not add up are an error');
SELECT ok(segment_report('shop') ~ 'There is no picture of the moves: the rows of table (public\.)?shop_changes', 'which the report tells');
ROLLBACK TO cheat;
ALTER TABLE shop_changes DROP COLUMN at;
UPDATE shop SET x = 100 WHERE id = 2;
SELECT matches(pg_temp.complaint($$SELECT segment_refresh('shop')$$), '^42703 relation (public\.)?shop_changes no longer has the columns that the fit gave it \| Drop it to end the history', 'a table that lacks a column');
SELECT matches(pg_temp.complaint($$SELECT * FROM segment_migration('shop')$$), '^42703 relation (public\.)?shop_changes no longer has the columns', 'is not counted');
ROLLBACK TO cheat;

-- the picture: bands are as wide as rows, and names are escaped

SELECT segment_label('shop', 1, '<script>"&'' one');
SELECT results_eq($$SELECT (r ->> 'from_segment')::integer, (r ->> 'to_segment')::integer, (r ->> 'rows')::bigint, (r ->> 'share')::float8, r ->> 'from_name'
                      FROM jsonb_array_elements(segment_chart('shop', 'flow') #> '{data,values}') WITH ORDINALITY u (r, n) ORDER BY n$$,
    $$SELECT v.*, CASE v.from_segment WHEN 1 THEN '1. <script>"&'' one' WHEN 2 THEN '2. ' || (SELECT label FROM shop_profile WHERE segment = 2) ELSE 'New' END FROM segment_migration('shop') v$$, 'rows of the chart');
SELECT results_eq($$SELECT round(((r ->> 'from_low')::numeric), 6), round((r ->> 'from_high')::numeric, 6), round((r ->> 'to_low')::numeric, 6), round((r ->> 'to_high')::numeric, 6)
                      FROM jsonb_array_elements(segment_chart('shop', 'flow') #> '{data,values}') WITH ORDINALITY u (r, n) ORDER BY n$$,
    -- nine rows on 240: 26.67 each; 16 between segments
    $$SELECT round((a::numeric * 80 / 3 + 16 * b), 6), round(c::numeric * 80 / 3 + 16 * b, 6), round(d::numeric * 80 / 3 + 16 * e, 6), round(f::numeric * 80 / 3 + 16 * e, 6)
        FROM (VALUES (0, 0, 2, 0, 0, 2), (2, 1, 4, 2, 0, 4), (4, 1, 6, 6, 1, 8), (6, 1, 7, 8, 2, 9), (7, 2, 9, 4, 0, 6)) v (a, b, c, d, e, f)$$, 'stand where they should');
SELECT ok(h ~ '&lt;script&gt;&quot;&amp;&#39; one' AND h !~ '<script' AND h ~ '<title id="flow-chart-title">Moves between the segments</title><desc id="flow-chart-desc">Bands from the segments of run 2 to those of run 3',
          'labels are escaped, the picture has a title and a description') FROM segment_report('shop') h;
SELECT is((SELECT count(*) FROM regexp_matches(segment_report('shop'), 'class="band ', 'g')), 5::bigint, 'a band for each way');

-- rights

CREATE ROLE segment_reader;
CREATE ROLE segment_stranger;
CREATE ROLE segment_owner;
GRANT CREATE, USAGE ON SCHEMA public TO segment_owner;
GRANT SELECT ON shop TO segment_owner;
GRANT segment_owner TO CURRENT_USER;
SET ROLE segment_owner;
SELECT is((segment_kmeans('shop', 2, model => 'owned', features => '{x}', history => true)).run, 1, 'a model of somebody else');
GRANT SELECT ON owned_profile TO segment_reader;
RESET ROLE;
UPDATE shop SET x = 101 WHERE id = 4;
SELECT is((segment_refresh('owned')).run, 2, 'which a superuser refreshes');
SELECT is((SELECT relowner::regrole::text FROM pg_class WHERE oid = 'owned_changes'::regclass), 'segment_owner', 'the changes are its owner''s');
CREATE TABLE counted AS SELECT * FROM segment_migration('owned');
GRANT SELECT ON counted TO segment_reader;
SET ROLE segment_reader;
SELECT bag_eq($$SELECT * FROM segment_migration('public.owned')$$, 'TABLE counted', 'who may read the profile sees the counts');
SELECT is(pg_temp.complaint('TABLE owned_changes'), '42501 permission denied for table owned_changes | ', 'but not who moved');
SELECT ok(segment_report('public.owned') ~ 'flow-chart-title', 'and the picture');
SELECT matches(pg_temp.complaint($$SELECT segment_prune('public.owned', 1)$$), '^42501 must be owner of model "owned"', 'he cannot forget runs');
SELECT matches(pg_temp.complaint($$SELECT segment_rollback('public.owned', 1)$$), '^42501 must be owner of model "owned"', 'nor go back');
SET ROLE segment_stranger;
SELECT matches(pg_temp.complaint($$SELECT * FROM segment_migration('public.owned')$$), '^42704 model "public.owned" does not exist', 'a stranger sees no model');
SELECT matches(pg_temp.complaint(format($$SELECT * FROM segment_internal.migration(%s)$$, m)), '^42704 the model does not exist any more', 'nor by its number')
  FROM (SELECT substring(pg_get_viewdef('owned_profile'::regclass) FROM 'model_id = ''?(\d+)') AS m) v;
RESET ROLE;
ALTER TABLE owned_changes OWNER TO segment_stranger;
SELECT matches(pg_temp.complaint($$SELECT segment_refresh('owned')$$), '^42501 the relations of model "owned" have different owners', 'all relations belong to one');
ALTER TABLE owned_changes OWNER TO segment_owner;
SELECT is(pg_temp.complaint($$SELECT segment_internal.keep_runs_as_keeper(0, 0, 1)$$) ~ '^42', true, 'the keeper asks who calls');

-- renamed, replaced, dropped

GRANT SELECT ON owned_changes TO segment_reader;
CREATE VIEW movers AS SELECT id, to_segment FROM owned_changes;
CREATE TABLE oid_before AS SELECT 'owned_changes'::regclass::oid AS oid;
SELECT lives_ok($$SELECT segment_rename('owned', 'owned2')$$, 'a rename');
SELECT is('owned2_changes'::regclass::oid, oid, 'takes the changes along') FROM oid_before;
SELECT is((SELECT (changes)::text FROM segment_kmeans('shop', 3, model => 'owned2', features => '{x}', replace => true)), 'owned2_changes', 'a fit that replaces the model goes on with its history');
SELECT is('owned2_changes'::regclass::oid, oid, 'in the same table') FROM oid_before;
SELECT bag_eq($$SELECT * FROM pg_temp.sums('owned2', 1, 3) v (side text, segment integer, rows numeric)$$, $$SELECT * FROM pg_temp.sizes('owned2', 1, 3) v (side text, segment integer, rows numeric)$$, 'which adds up');
ALTER TABLE shop ADD COLUMN code text;
UPDATE shop SET code = 'c' || id;
ALTER TABLE shop ALTER COLUMN code SET NOT NULL;
CREATE UNIQUE INDEX ON shop (code);
DROP VIEW movers;
SELECT is((SELECT changes::text FROM segment_kmeans('shop', 3, model => 'owned2', features => '{x}', key => '{code}', replace => true)), 'owned2_changes', 'with another key it begins anew');
SELECT columns_are('public', 'owned2_changes', '{code,run,from_segment,to_segment,at}'::name[], 'with that');
SELECT ok(has_table_privilege('segment_reader', 'owned2_changes', 'SELECT'), 'for those who had the right');
SELECT is((SELECT relowner::regrole::text FROM pg_class WHERE oid = 'owned2_changes'::regclass), 'segment_owner', 'of the same owner');
SELECT matches(pg_temp.complaint($$SELECT * FROM segment_migration('owned2', 3, 4)$$), '^55000 the history of model "owned2" begins with run 4, after run 3', 'and knows where it begins');
SELECT is((segment_refresh('owned2')).run, 5, 'one more run');
SELECT is((SELECT sum(rows) FROM segment_migration('owned2')), 8::numeric, 'goes on from there');
SELECT is((SELECT (changes IS NULL)::text FROM segment_kmeans('shop', 3, model => 'owned2', features => '{x}', key => '{code}', assignment => 'view', replace => true)), 'true', 'without an assignment table it ends');
SELECT hasnt_table('owned2_changes', 'and the table goes');
SELECT lives_ok('DROP TABLE crowd_changes', 'who does not want it any more drops it');
SELECT is((SELECT (changes IS NULL)::text || run FROM segment_refresh('crowd')), 'true6', 'and runs go on');
SELECT lives_ok($$SELECT segment_drop('shop')$$, 'a model is dropped');
SELECT hasnt_table('shop_changes', 'with its changes');
SELECT is((segment_kmeans('shop', 2, features => '{x}', history => true)).run, 1, 'a new one');
SELECT lives_ok($$SELECT segment_drop('shop', keep_output => true)$$, 'is dropped without them');
SELECT has_table('shop_changes', 'and they stay');

-- Rolling back and forgetting: sizes and centroids of runs on rows that do not change.

CREATE TABLE line (id integer PRIMARY KEY, x float8, y float8);
INSERT INTO line SELECT i, i % 4 * 100 + i % 5, i % 2 * 50 FROM generate_series(1, 400) i;
SELECT is((segment_kmeans('line', 4, features => '{x}', history => true)).run, 1, 'four segments');
SELECT segment_label('line', 3, 'Mine');
CREATE TABLE first AS SELECT a.*, p.label FROM line_assignment a JOIN line_profile p USING (segment);
CREATE TABLE first_centroids AS SELECT * FROM segment_centroids('line');
SELECT is((SELECT k || array_to_string(features, ',') FROM segment_kmeans('line', 2, features => '{x,y}', replace => true)), '2x,y', 'then two of other features');
SELECT is((SELECT (k, k_reason, run, features, rows_used, changes)::text FROM segment_rollback('line', 1)),
    '(4,"rolled back to run 1",3,{x},400,line_changes)', 'and back');
SELECT bag_eq('SELECT id, segment, distance, second_segment, margin FROM line_assignment', 'SELECT id, segment, distance, second_segment, margin FROM first', 'the assignment is that of run 1');
SELECT bag_eq($$SELECT * FROM segment_centroids('line')$$, 'TABLE first_centroids', 'so are the centroids');
SELECT columns_are('public', 'line_profile', '{segment,label,rows,share,distance_avg,x_avg,x_median,x_index}'::name[], 'and the profile');
SELECT bag_eq($$SELECT DISTINCT segment, label FROM line_members WHERE segment <> 3$$, $$SELECT DISTINCT segment, label FROM first WHERE segment <> 3$$, 'automatic labels too');
SELECT bag_eq($$SELECT * FROM pg_temp.sums('line', 1, 3) v (side text, segment integer, rows numeric)$$, $$SELECT * FROM pg_temp.sizes('line', 1, 3) v (side text, segment integer, rows numeric)$$, 'nobody is lost on the way');
SELECT results_eq($$SELECT from_segment, to_segment FROM segment_migration('line', 1, 3)$$, 'VALUES (1, 1), (2, 2), (3, 3), (4, 4)', 'all are where they were');
INSERT INTO line VALUES (401, 300, 0);
SELECT is((SELECT (k, rows_used)::text FROM segment_rollback('line', 2)), '(2,401)', 'it scores the rows of today');
SELECT is((segment_refresh('line')).run, 5, 'and can be refreshed');
SELECT matches(pg_temp.complaint($$SELECT segment_rollback('line', 9)$$), '^22023 model "line" has no run 9', 'a run that there is not');
SELECT matches(pg_temp.complaint($$SELECT segment_rollback('line', NULL)$$), '^22004 argument "run" must not be NULL', 'a run');
SELECT matches(pg_temp.complaint($$SELECT segment_rollback('line', 5)$$), '^22023 run 5 is the current one of model "line" \| segment_rescore', 'the current one');
ALTER TABLE line RENAME COLUMN x TO spend;
SELECT is((SELECT (k, features)::text FROM segment_rollback('line', 1)), '(4,{spend})', 'renamed columns are followed');
SELECT is((SELECT count(*) FROM line_assignment a JOIN first USING (id, segment)), 400::bigint, 'into the same segments');
ALTER TABLE line DROP COLUMN y CASCADE;
SELECT matches(pg_temp.complaint($$SELECT segment_rollback('line', 2)$$), '^42703 column "y" of relation "line" does not exist \| Run 2 of model "line" has read it', 'columns that are gone are an error');
SELECT is((SELECT max(run) FROM segment_runs WHERE model = 'line'), 6, 'and no run');

SELECT is(segment_prune('line', 10), 0, 'nothing to forget');
SELECT is(segment_prune('line', 2), 4, 'four runs are forgotten');
SELECT is((SELECT array_agg(run ORDER BY run) FROM segment_runs WHERE model = 'line'), '{5,6}', 'two stay');
SELECT is((SELECT array_agg(DISTINCT run) FROM line_changes), '{6}', 'with the changes from the one to the other');
SELECT bag_eq($$SELECT * FROM pg_temp.sums('line', 5, 6) v (side text, segment integer, rows numeric)$$, $$SELECT * FROM pg_temp.sizes('line', 5, 6) v (side text, segment integer, rows numeric)$$, 'which add up');
SELECT is_empty($$SELECT t.n FROM (SELECT count(*) AS n FROM segment_internal.catalog_centroid c JOIN segment_internal.catalog_model m USING (model_id) WHERE m.name = 'line' AND c.run < 5
    UNION ALL SELECT count(*) FROM segment_internal.catalog_profile c JOIN segment_internal.catalog_model m USING (model_id) WHERE m.name = 'line' AND c.run < 5) t WHERE t.n > 0$$, 'figures of the others are gone');
SELECT is((segment_rescore('line')).run, 7, 'numbers of runs go on');
SELECT is(segment_prune('line', 1), 2, 'the current run stays');
SELECT is_empty('TABLE line_changes', 'alone');
SELECT is_empty($$SELECT * FROM segment_migration('line')$$, 'with nothing to compare it to');
SELECT is(pg_temp.complaint(format('SELECT segment_prune(''line'', %s)', n)), c, n || ' runs')
  FROM (VALUES ('NULL', '22004 argument "keep_runs" must not be NULL | Say how many of the latest runs shall stay.'),
               ('0', '22023 argument "keep_runs" is 0 | It must be at least 1: the current run stays. To forget the model too, use segment_drop().'),
               ('-1', '22023 argument "keep_runs" is -1 | It must be at least 1: the current run stays. To forget the model too, use segment_drop().')) v (n, c);
SELECT is((SELECT count(*) FROM segment_runs WHERE model = 'crowd'), 6::bigint, 'other models keep theirs');

-- groups and trees go back too

CREATE TABLE shops AS SELECT i AS id, CASE i % 2 WHEN 0 THEN 'Bath' ELSE 'York' END AS town, i % 4 / 2 * 100 + i % 3 AS x FROM generate_series(1, 200) i;
ALTER TABLE shops ADD PRIMARY KEY (id);
SELECT is((segment_kmeans('shops', 2, features => '{x}', group_by => '{town}', history => true)).k, 4, 'a model a group');
CREATE TABLE grouped AS TABLE shops_assignment;
SELECT is((segment_kmeans('shops', 3, features => '{x}', algorithm => 'bisecting', replace => true)).run, 2, 'then a tree');
CREATE TABLE tree AS SELECT * FROM segment_tree('shops');
SELECT is((SELECT (k, k_reason)::text FROM segment_rollback('shops', 1)), '(4,"rolled back to run 1")', 'back to the groups');
SELECT bag_eq('TABLE shops_assignment', 'TABLE grouped', 'as they were');
SELECT is((segment_rollback('shops', 2)).k, 3, 'and to the tree');
SELECT bag_eq($$SELECT * FROM segment_tree('shops')$$, 'TABLE tree', 'as it was');
SELECT bag_eq(format('SELECT * FROM pg_temp.sums(''shops'', %1$s, %2$s) v (side text, segment integer, rows numeric)', f, t),
              format('SELECT * FROM pg_temp.sizes(''shops'', %1$s, %2$s) v (side text, segment integer, rows numeric)', f, t), format('runs %s and %s add up', f, t))
  FROM (VALUES (1, 2), (2, 3), (1, 4)) v (f, t);

-- labels that people gave go back with the segments

CREATE TABLE four (id integer PRIMARY KEY, x float8);
INSERT INTO four SELECT i, i % 4 * 100 + i % 7 FROM generate_series(1, 400) i;
SELECT is((segment_kmeans('four', 4, features => '{x}')).k, 4, 'four segments that have labels');
SELECT segment_label('four', v.n, v.label) FROM (VALUES (1, 'One'), (2, 'Two'), (3, 'Three'), (4, 'Four')) v (n, label);
CREATE FUNCTION pg_temp.labels(model text) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(l.segment || ' ' || l.label, ', ' ORDER BY l.segment)
      FROM segment_internal.catalog_label l JOIN segment_internal.catalog_model m USING (model_id) WHERE m.name = $1 $$;
CREATE FUNCTION pg_temp.moves(model text) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws(' ', t.from_segment, t.kind, t.to_segment), ', ' ORDER BY t.from_segment, t.to_segment) FROM segment_transitions($1) t $$;
SELECT is((segment_rescore('four')).run, 2, 'a rescore');
SELECT is(pg_temp.moves('four'), '1 survived 1, 2 survived 2, 3 survived 3, 4 survived 4', 'has each segment survive');
SELECT is(pg_temp.labels('four'), '1 One, 2 Two, 3 Three, 4 Four', 'with its label');
DELETE FROM four WHERE x BETWEEN 100 AND 110;
SELECT is((segment_refresh('four', k => 3)).run, 3, 'one of them dies');
SELECT is(pg_temp.labels('four'), '1 One, 3 Three, 4 Four', 'and its label retires');
SELECT segment_label('four', 3, NULL);
SELECT is((segment_rollback('four', 1)).run, 4, 'back');
SELECT is(pg_temp.labels('four'), '1 One, 2 Two, 4 Four', 'that label is back, and the one that was taken away is not');
SELECT is(pg_temp.moves('four'), '1 survived 1, 3 survived 3, 4 survived 4, born 2', 'as its segment is');
SELECT is((SELECT rows FROM four_profile WHERE segment = 2), 0::bigint, 'without rows');
SELECT segment_label('four', 2, NULL);
SELECT is((segment_rollback('four', 3)).run, 5, 'forth');
SELECT is((segment_rollback('four', 1)).run, 6, 'and back');
SELECT is(pg_temp.labels('four'), '1 One, 4 Four', 'without the label that was taken away since');
INSERT INTO four SELECT i, 900 + i % 5 FROM generate_series(1001, 1100) i;
SELECT is((segment_refresh('four', k => 4)).run, 7, 'a new one');
SELECT is(pg_temp.moves('four'), '1 survived 1, 2 vanished, 3 survived 3, 4 survived 4, born 5', 'has a number of its own');
SELECT segment_label('four', 5, 'Five');
SELECT is((segment_rollback('four', 3)).run, 8, 'before that');
SELECT is(pg_temp.labels('four'), '1 One, 4 Four', 'its label retires');
SELECT is((segment_refresh('four', k => 4)).run, 9, 'a new one again');
SELECT is((SELECT array_agg(segment ORDER BY segment) FROM four_profile), '{1,3,4,6}', 'has the next number: none comes twice');
SELECT is((segment_rollback('four', 7)).run, 10, 'and the former one');
SELECT is(pg_temp.labels('four'), '1 One, 4 Four, 5 Five', 'has its label');

-- After replace => true numbers are others, and labels follow the segments, not the numbers.
CREATE TABLE three (id integer PRIMARY KEY, x float8);
INSERT INTO three SELECT i, i % 3 * 100 + i % 7 FROM generate_series(1, 300) i;
SELECT is((segment_kmeans('three', 3, features => '{x}')).k, 3, 'three segments');
SELECT is((segment_kmeans('three', 2, features => '{x}', replace => true)).k, 2, 'then two');
SELECT is((SELECT (from_segment, to_segment)::text FROM segment_transitions('three') WHERE kind = 'survived'), '(3,2)', 'the third is the second now');
SELECT segment_label('three', 2, 'High');
SELECT is((segment_rollback('three', 1)).k, 3, 'back to three');
SELECT is(pg_temp.labels('three'), '3 High', 'the third has the label of what was the second');
SELECT is(pg_temp.moves('three'), '1 vanished, 2 survived 3, born 1, born 2', 'and survives');
SELECT is((segment_rollback('three', 2)).k, 2, 'forth to two');
SELECT is(pg_temp.labels('three'), '2 High', 'the label too');
SELECT is(pg_temp.moves('three'), '1 vanished, 2 vanished, 3 survived 2, born 1', 'as its segment');

SELECT is((SELECT count(*) FROM segment_internal.catalog_model m, segment_internal.known_since(m, -2147483647)), 0::bigint, 'a run that never was is not looked for')
 WHERE EXISTS (SELECT FROM segment_internal.catalog_model);

SELECT * FROM finish();
ROLLBACK;
