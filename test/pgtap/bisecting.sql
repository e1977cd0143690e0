-- Bisecting k-means: its figures, its tree and the cuts of that, refreshes, and what is refused.

BEGIN;
SELECT * FROM no_plan();

SET LOCAL client_min_messages = warning;

\ir complaint.psql

-- The rows of test/reference/bisecting.py, and its figures by scikit-learn: no split of them is a matter of taste.
CREATE FUNCTION pg_temp.nested(order_by text) RETURNS TABLE (id integer, "group" integer, x float8, y float8)
LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE $sql$
        SELECT 100 * g + i, g, 1000 * (g / 6) + 100 * (g / 3 % 2) * (1 + g / 6) + ('{0,7,19}'::integer[])[g % 3 + 1] * (1 + g / 6) + i * i % 5 / 4.0::float8,
               30 * (g / 3 % 2) + i * 7 % 11 / 4.0::float8 + g % 3 * (1 + g % 2)
          FROM generate_series(0, 11) g, generate_series(0, 9 + g) i ORDER BY $sql$ || order_by;
END
$$;
CREATE TABLE nested AS SELECT * FROM pg_temp.nested('g, i');
ALTER TABLE nested ADD PRIMARY KEY (id);
CREATE TABLE reference (k integer, inertia float8, sizes bigint[]);
INSERT INTO reference VALUES
(2, 1361363.11203, '{75,111}'),
(3, 234204.331936, '{51,60,75}'),
(4, 32697.1246419, '{33,42,51,60}'),
(5, 19589.2243443, '{21,33,39,42,51}'),
(6, 8520.07652417, '{18,21,33,33,39,42}'),
(7, 6120.06329666, '{15,18,21,27,33,33,39}'),
(8, 4328.37755532, '{12,15,18,21,21,27,33,39}'),
(9, 2413.45277461, '{12,15,18,19,20,21,21,27,33}'),
(10, 769.40438864, '{12,15,16,17,18,19,20,21,21,27}'),
(11, 429.277277325, '{12,13,14,15,16,17,18,19,20,21,21}'),
(12, 155.501276243, '{10,11,12,13,14,15,16,17,18,19,20,21}');

-- figures

CREATE TABLE run AS SELECT * FROM segment_kmeans('nested', 12, features => '{x,y}', scaling => 'none', algorithm => 'bisecting');
SELECT ok(abs(run.inertia / r.inertia - 1) < 1e-10, 'the inertia of 12 leaves is scikit-learn''s') FROM run, reference r WHERE r.k = 12;
SELECT ok(abs(run.inertia / s.inertia - 1) < 1e-12, 'and that of the assignment')
  FROM run, (SELECT sum(power(n.x - c.x, 2) + power(n.y - c.y, 2)) AS inertia
               FROM nested n JOIN nested_assignment a USING (id)
               JOIN (SELECT segment, avg(x) AS x, avg(y) AS y FROM nested JOIN nested_assignment USING (id) GROUP BY segment) c USING (segment)) s;
SELECT is((SELECT count(DISTINCT (n."group", a.segment)) FROM nested n JOIN nested_assignment a USING (id)), 12::bigint, 'leaves are the groups');
SELECT set_eq(
    $$SELECT k, abs(e.inertia / r.inertia - 1) < 1e-10 FROM segment_elbow('nested', 2, 12, features => '{x,y}', scaling => 'none', algorithm => 'bisecting') e JOIN reference r USING (k)$$,
    'SELECT k, true FROM reference', 'segment_elbow: every inertia is scikit-learn''s, by the splits of one tree');
SELECT set_eq(
    $$SELECT k, abs(c.inertia / r.inertia - 1) < 1e-10 FROM segment_candidates('nested') c JOIN reference r USING (k)$$,
    'SELECT k, true FROM reference', 'so it is in segment_candidates');

-- the tree: what its nodes say, from the rows and the segments below each

CREATE FUNCTION pg_temp.members(model text) RETURNS TABLE (node integer, parent integer, segments integer[]) LANGUAGE sql AS $$
    WITH RECURSIVE up AS (
        SELECT t.node, t.segment FROM segment_tree($1) t WHERE t.segment IS NOT NULL
         UNION ALL
        SELECT t.parent, u.segment FROM up u JOIN segment_tree($1) t ON t.node = u.node WHERE t.parent IS NOT NULL
    )
    SELECT t.node, t.parent, (SELECT array_agg(u.segment ORDER BY u.segment) FROM up u WHERE u.node = t.node) FROM segment_tree($1) t
$$;
CREATE TABLE members AS SELECT * FROM pg_temp.members('nested');
SELECT set_eq($$SELECT node, rows, round(share::numeric, 9) FROM segment_tree('nested')$$,
    $$SELECT m.node, count(*), round(count(*) / 186.0, 9) FROM members m JOIN nested_assignment a ON a.segment = ANY (m.segments) GROUP BY 1$$,
    'rows and shares of nodes are those of their segments');
CREATE TABLE centres AS
SELECT m.node, m.parent, f.feature, avg(f.value) AS mean
  FROM members m JOIN nested_assignment a ON a.segment = ANY (m.segments) JOIN nested n USING (id),
       LATERAL (VALUES ('x', n.x), ('y', n.y)) f (feature, value)
 GROUP BY 1, 2, 3;
SELECT set_eq($$SELECT node, feature, round(split::numeric, 9) FROM segment_tree('nested') WHERE segment IS NULL$$,
    $$SELECT DISTINCT ON (parent) parent, feature, round(((min(mean) + max(mean)) / 2)::numeric, 9) FROM centres WHERE parent IS NOT NULL
       GROUP BY parent, feature ORDER BY parent, max(mean) - min(mean) DESC$$,
    'feature and split: where the means of the children are farthest apart, and halfway between them');
SELECT results_eq($$SELECT node, parent, depth, feature, side, label FROM segment_tree('nested') WHERE node <= 5$$,
    $$VALUES (1, NULL::integer, 0, 'x', NULL, 'all'), (2, 1, 1, 'x', 'x below 596', 'x below 596'), (3, 1, 1, 'x', 'x from 596', 'x from 596'),
             (4, 3, 2, 'x', 'x below 1119', 'x from 596, x below 1119'), (5, 3, 2, 'x', 'x from 1119', 'x from 596, x from 1119')$$, 'the first nodes');
SELECT is_empty($$SELECT t.node FROM segment_tree('nested') t JOIN segment_tree('nested') p ON p.node = t.parent
                   WHERE t.depth <> p.depth + 1 OR t.parent >= t.node OR (t.segment IS NOT NULL AND t.feature IS NOT NULL)$$, 'parents stand above');
SELECT is((SELECT array_agg(t.depth ORDER BY t.ordinality) FROM segment_tree('nested') WITH ORDINALITY t),
    (SELECT array_agg(p.depth ORDER BY p.path) FROM (WITH RECURSIVE down AS (
        SELECT node, depth, ARRAY[node] AS path FROM segment_tree('nested') WHERE parent IS NULL
         UNION ALL SELECT t.node, t.depth, d.path || t.node FROM down d JOIN segment_tree('nested') t ON t.parent = d.node) SELECT * FROM down) p),
    'a node comes before all that is below it, and that before its sibling');
SELECT set_eq($$SELECT segment, label, rows, share FROM segment_tree('nested') WHERE segment IS NOT NULL$$,
    'SELECT segment, label, rows, share FROM nested_profile', 'leaves are the segments');

-- cuts: each is one of coarser segments, made of whole rows of the next; here they are the fits of so many segments

SELECT is_empty($$SELECT a.k, f.node FROM generate_series(1, 11) a (k), LATERAL segment_cut('nested', a.k + 1) f
                   WHERE (SELECT count(*) FROM segment_cut('nested', a.k) c WHERE f.segments <@ c.segments AND f.rows <= c.rows) <> 1$$,
    'a cut is a coarsening of the next');
SELECT set_eq($$SELECT k, count(*), sum(c.rows), round(sum(c.share)::numeric, 9) FROM generate_series(1, 12) k, LATERAL segment_cut('nested', k) c GROUP BY k$$,
    $$SELECT k, k::bigint AS n, 186::numeric, 1.0 FROM generate_series(1, 12) k$$, 'of k segments and of all rows');
SELECT set_eq($$SELECT r.k, array_agg(c.rows ORDER BY c.rows) FROM reference r, LATERAL segment_cut('nested', r.k) c GROUP BY r.k$$,
    'SELECT k, sizes FROM reference', 'the parts of each cut are scikit-learn''s');
SELECT results_eq($$SELECT node, label, segments FROM segment_cut('nested', 3)$$,
    $$SELECT t.node, t.label, m.segments FROM segment_tree('nested') t JOIN members m USING (node) WHERE t.node IN (2, 4, 5) ORDER BY 1$$, 'a cut names its nodes');
SELECT (segment_kmeans('nested', 7, model => 'seven', features => '{x,y}', scaling => 'none', algorithm => 'bisecting')).k;
SELECT set_eq($$SELECT array_agg(a.id ORDER BY a.id) FROM segment_cut('nested', 7) c JOIN nested_assignment a ON a.segment = ANY (c.segments) GROUP BY c.node$$,
    'SELECT array_agg(id ORDER BY id) FROM seven_assignment GROUP BY segment', 'a cut of 7 has the segments of a model of 7');
SELECT set_eq($$SELECT node, parent, rows FROM segment_tree('seven')$$, $$SELECT node, parent, rows FROM segment_tree('nested') WHERE node <= 13$$,
    'whose tree is the first nodes of the larger one');

-- the same bits for any order of rows and any number of processes

CREATE TABLE shuffled AS SELECT * FROM pg_temp.nested('hashint4(100 * g + i)');
SELECT (segment_kmeans('shuffled', 12, key => '{id}', features => '{x,y}', scaling => 'none', algorithm => 'bisecting')).inertia;
SELECT set_eq($$SELECT * FROM segment_tree('shuffled')$$, $$SELECT * FROM segment_tree('nested')$$, 'the order of the rows has no say');
SELECT set_eq($$SELECT * FROM segment_centroids('shuffled')$$, $$SELECT * FROM segment_centroids('nested')$$, 'nor in the centroids');

-- 40,000 rows without a structure, of which the starts see a sample
CREATE TABLE cloud AS
SELECT i AS id, hashint4(i) % 1000 / 100.0::float8 AS a, hashint4(i + 1000000) % 1000 / 150.0::float8 AS b, hashint4(i + 2000000) % 1000 / 250.0::float8 AS c,
       1 + abs(hashint4(i + 3000000)) % 4 AS weight
  FROM generate_series(1, 40000) i;
CREATE FUNCTION pg_temp.bits(workers integer, options text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    bits text;
BEGIN
    PERFORM set_config('segment.max_parallel_workers', workers::text, true);
    EXECUTE format('SELECT segment_kmeans(''cloud'', 9, key => ''{id}'', features => ''{a,b,c}'', algorithm => ''bisecting'', n_init => 3, replace => true, %s)', options);
    SELECT string_agg(concat_ws(' ', node, parent, segment, rows, feature, float8send(split), side), E'\n' ORDER BY node) INTO bits FROM segment_tree('cloud');
    RETURN bits || (SELECT md5(string_agg(a::text, ',' ORDER BY id)) FROM cloud_assignment a);
END
$$;
SELECT is(pg_temp.bits(0, 'tol => 1e-4'), pg_temp.bits(2, 'tol => 1e-4'), 'nor have workers');
SELECT is((SELECT sum(rows) FROM segment_tree('cloud') WHERE segment IS NOT NULL), 40000::numeric, 'all rows are in leaves');
SELECT is(pg_temp.bits(0, 'sample_weight => ''weight'''), pg_temp.bits(2, 'sample_weight => ''weight'''), 'nor if rows have weights');

-- weights count rows: the tree of 3 rows of weight 1 is that of one of weight 3

CREATE TABLE weighted AS SELECT *, 1 + id % 3 AS weight FROM nested;
CREATE TABLE repeated AS SELECT row_number() OVER () AS id, x, y FROM weighted, generate_series(1, weight);
SELECT (segment_kmeans('weighted', 12, key => '{id}', features => '{x,y}', scaling => 'none', algorithm => 'bisecting', sample_weight => 'weight')).k;
SELECT (segment_kmeans('repeated', 12, key => '{id}', features => '{x,y}', scaling => 'none', algorithm => 'bisecting')).k;
SELECT is((SELECT array_agg(round(inertia::numeric, 6)) FROM segment_models WHERE model IN ('weighted', 'repeated') GROUP BY inertia > 0),
          (SELECT array_fill(round(inertia::numeric, 6), '{2}') FROM segment_models WHERE model = 'repeated'), 'a weight of 3 is three rows');
SELECT set_eq($$SELECT node, parent, feature, round(split::numeric, 9) FROM segment_tree('weighted')$$,
              $$SELECT node, parent, feature, round(split::numeric, 9) FROM segment_tree('repeated')$$, 'in the tree, too');

-- cosine distance: no border in original units

SELECT (segment_kmeans('nested', 4, model => 'angles', features => '{x,y}', distance => 'cosine', scaling => 'none', algorithm => 'bisecting')).k;
SELECT is((SELECT count(*) FROM segment_tree('angles') WHERE segment IS NULL AND feature IS NOT NULL AND split IS NULL), 3::bigint, 'cosine distance: splits have a feature alone');
SELECT matches((SELECT side FROM segment_tree('angles') WHERE node = 2), '^(more|less) [xy]$', 'and a side says more or less');
SELECT set_eq($$SELECT segment, rows FROM segment_tree('angles') WHERE segment IS NOT NULL$$, 'SELECT segment, count(*) FROM angles_assignment GROUP BY 1', 'its leaves are its segments');

-- sides in words

CREATE TABLE people (id integer PRIMARY KEY, income float8, joined date, member boolean, children integer, city text, born_year integer);
INSERT INTO people SELECT i, 20000 + i % 2 * 60000 + i % 7, '2020-01-01'::date + i % 2 * 1000 + i % 5, i % 2 = 0, i % 2 * 3, (ARRAY['Bath', 'York'])[1 + i % 2], 1960 + i % 2 * 30 + i % 3
  FROM generate_series(1, 40) i;
CREATE FUNCTION pg_temp.sides(column_name text) RETURNS text[] LANGUAGE plpgsql AS $$
BEGIN
    PERFORM segment_kmeans('people', 2, features => ARRAY[column_name], scaling => 'none', algorithm => 'bisecting', replace => true);
    RETURN ARRAY(SELECT side FROM segment_tree('people') WHERE node > 1 ORDER BY side);
END
$$;
SELECT is(pg_temp.sides(column_name), sides, column_name)
  FROM (VALUES ('income', ARRAY['income below 50,003', 'income from 50,003']), ('joined', '{joined before 2021-05-17,joined from 2021-05-17}'),
               ('member', '{member,not member}'), ('children', '{children below 2,children from 2}'), ('city', '{Bath,not Bath}'),
               ('born_year', '{born before 1976,born from 1976}')) v (column_name, sides);

-- k is chosen from one tree

SELECT is((segment_kmeans('nested', model => 'chosen', features => '{x,y}', scaling => 'none', k_max => 12, algorithm => 'bisecting')).k,
    (SELECT k FROM segment_elbow('nested', 2, 12, features => '{x,y}', scaling => 'none', algorithm => 'bisecting') WHERE recommended), 'k may be chosen');
SELECT is((SELECT count(*) FROM segment_tree('chosen')), (SELECT 2 * k - 1 FROM segment_models WHERE model = 'chosen')::bigint, 'the tree has the nodes of that many leaves');

-- one segment, two, and as many as distinct rows

CREATE TABLE few (id integer PRIMARY KEY, v float8);
INSERT INTO few SELECT i, power(2, i % 5) FROM generate_series(1, 15) i;
SELECT (segment_kmeans('few', 1, algorithm => 'bisecting')).k;
SELECT results_eq($$SELECT node, parent, segment, depth, rows, feature, split, side FROM segment_tree('few')$$,
    $$VALUES (1, NULL::integer, 1, 0, 15::bigint, NULL, NULL::float8, NULL)$$, 'one segment is the root');
SELECT set_eq($$SELECT node, rows, segments FROM segment_cut('few', 1)$$, $$VALUES (1, 15::bigint, '{1}'::integer[])$$, 'and its only cut');
SELECT is((segment_refresh('few')).run, 2, 'which can be refreshed');
SELECT is((segment_kmeans('few', 5, algorithm => 'bisecting', replace => true)).inertia, 0::float8, 'a segment a distinct row');
SELECT set_eq($$SELECT rows FROM segment_tree('few') WHERE segment IS NOT NULL$$, 'VALUES (3::bigint)', 'of its three copies');
SELECT is(pg_temp.complaint($$SELECT segment_kmeans('few', 6, algorithm => 'bisecting', replace => true)$$),
    '22023 k is 6, but the rows have only 5 distinct points | Ask for at most 5 segments, or use more features.', 'more are refused');
SELECT is((segment_kmeans('few', 2, algorithm => 'bisecting', replace => true)).k, 2, 'two');
SELECT results_eq($$SELECT parent, side FROM segment_tree('few') WHERE node > 1$$, $$VALUES (1, 'v below 9.88'), (1, 'v from 9.88')$$, 'are the two sides of the root');

-- a refresh keeps the tree, and of rows that have not changed every tuple

CREATE TABLE before AS SELECT ctid AS place, xmin::text AS transaction, * FROM nested_assignment;
CREATE TABLE tree AS SELECT * FROM segment_tree('nested');
SELECT is((segment_refresh('nested')).inertia, (SELECT inertia FROM run), 'a refresh of the same rows');
SELECT set_eq('SELECT ctid AS place, xmin::text AS transaction, * FROM nested_assignment', 'TABLE before', 'leaves every tuple where it is');
SELECT set_eq($$SELECT * FROM segment_tree('nested')$$, 'TABLE tree', 'and the tree as it is');
INSERT INTO nested SELECT 5000 + i, 3, 100 + i % 3 / 4.0, 31 FROM generate_series(1, 8) i;
SELECT segment_label('nested', segment, 'Many') FROM nested_assignment WHERE id = 300;
SELECT is((segment_refresh('nested')).rows_used, 194::bigint, 'of more rows');
SELECT set_eq($$SELECT node, parent, segment, depth FROM segment_tree('nested')$$, 'SELECT node, parent, segment, depth FROM tree', 'its shape stays');
SELECT is((SELECT max(rows) FROM segment_tree('nested') WHERE segment IS NOT NULL), 21::bigint, 'its figures are of the new rows');
SELECT is((SELECT rows FROM segment_tree('nested') WHERE label = 'Many'), 21::bigint, 'a label that was given stands in it');
INSERT INTO nested SELECT 6000 + i, 12, -3000 - 100 * i, 0 FROM generate_series(1, 5) i;
SELECT is((segment_refresh('nested', warm_start => false)).k, 12, 'without a warm start');
SELECT isnt((SELECT array_agg(parent ORDER BY node) FROM segment_tree('nested')), (SELECT array_agg(parent ORDER BY node) FROM tree), 'there is another tree');
SELECT is((segment_refresh('nested', k => 5)).k, 5, 'as with another k');
SELECT is((SELECT count(*) FROM segment_tree('nested')), 9::bigint, 'whose tree is smaller');
SELECT segment_rename('nested', 'other');
SELECT is((SELECT count(*) FROM segment_tree('other')), 9::bigint, 'it keeps its tree');

-- the report has it, of such a model alone

SELECT segment_label('other', segment, '<b>"Many"') FROM segment_tree('other') WHERE segment IS NOT NULL ORDER BY rows DESC LIMIT 1;
SELECT is((SELECT count(*) FROM regexp_matches(segment_report('other'), '<li class="d\d">', 'g')), 9::bigint, 'the report lists the nodes');
SELECT matches(segment_report('other'), '<li class="d0">All customers <span class="size">100%, 199</span></li>\n<li class="d1">X below', 'parents before their children');
SELECT matches(segment_report('other'), 'The segments are the leaves of a tree, in which each split is the best of as many starts as it took', 'the method is named');
SELECT matches(segment_report('other'), '<ol class="tree">.*<bdi>&lt;b&gt;&quot;Many&quot;</bdi> <span', 'with labels as text');
SELECT (segment_kmeans('people', 2, algorithm => 'lloyd', replace => true)).k;
SELECT doesnt_match(segment_report('people'), '<ol class="tree">', 'other reports do not');
SELECT is(pg_temp.complaint($$SELECT segment_tree('people')$$), '55000 model "people" has no tree | Fit it with algorithm => ''bisecting''.', 'other models have none');
SELECT is(pg_temp.complaint($$SELECT segment_cut('people', 2)$$), '55000 model "people" has no tree | Fit it with algorithm => ''bisecting''.', 'nor cuts');

-- what is refused

SELECT is(pg_temp.complaint(format('SELECT segment_kmeans(''few'', %s, replace => true)', arguments)), complaint, arguments)
  FROM (VALUES ('2, algorithm => ''tree''', '22023 unrecognized value "tree" for argument "algorithm" | Use one of lloyd, bisecting.'),
               ('2, algorithm => ''Bisecting''', '22023 unrecognized value "Bisecting" for argument "algorithm" | Use one of lloyd, bisecting.'),
               ('2, algorithm => NULL', '22004 argument "algorithm" must not be NULL | Leave the argument out for its default.'),
               ('2, algorithm => ''bisecting'', min_share => 0.1', '0A000 argument "min_share" does not go with algorithm => ''bisecting'' | Leave one of them out.'),
               ('algorithm => ''bisecting'', features => ''{v}'', centroids => ''{{1},{2}}''', '0A000 argument "centroids" does not go with algorithm => ''bisecting'' | Leave one of them out.')) v (arguments, complaint);
SELECT is(pg_temp.complaint($$SELECT segment_elbow('few', algorithm => '')$$), '22023 unrecognized value "" for argument "algorithm" | Use one of lloyd, bisecting.', 'segment_elbow, too');
SELECT is(pg_temp.complaint(format('SELECT segment_cut(''few'', %s)', k)), complaint, 'a cut of ' || k)
  FROM (VALUES ('0', '22023 argument "k" is 0 | The tree of model "few" has from 1 to 2 segments.'),
               ('3', '22023 argument "k" is 3 | The tree of model "few" has from 1 to 2 segments.'),
               ('-2147483648', '22023 argument "k" is -2147483648 | The tree of model "few" has from 1 to 2 segments.'),
               ('2147483647', '22023 argument "k" is 2147483647 | The tree of model "few" has from 1 to 2 segments.'),
               ('NULL', '22023 argument "k" must not be NULL | The tree of model "few" has from 1 to 2 segments.')) v (k, complaint);
SELECT is(pg_temp.complaint('SELECT segment_tree(NULL)'), '22004 argument "model" must not be NULL | ', 'no model');
SELECT alike(pg_temp.complaint($$SELECT segment_cut('nobody', 2)$$), '42704 model "nobody" does not exist |%', 'a model that is not there');

-- the engine looks at the tree that it is given

CREATE FUNCTION pg_temp.engine(splits text, leaves text DEFAULT '{1,2,3}') RETURNS text LANGUAGE sql AS $$
    SELECT pg_temp.complaint(format('SELECT segment_internal.engine(''few'', ''{}'', jsonb_populate_record(NULL::segment_internal.recipe, m.preparation), '
        'm.options || jsonb_build_object(''k_min'', 3, ''k_max'', 3, ''refit_k'', 3, ''warm'', true, ''splits'', %L::integer[], ''leaves'', %L::integer[])) '
        'FROM segment_internal.catalog_model m WHERE m.name = ''few''', splits, leaves))
$$;
SELECT is(pg_temp.engine('{1,3}'), 'no error', 'a tree of three leaves');
SELECT is(pg_temp.engine(splits), '22023 the splits are no tree with a leaf a segment | ', coalesce(splits, 'no splits'))
  FROM unnest('{"{1}","{1,1}","{2,1}","{1,4}","{1,0}","{1,-2147483648}","{1,2147483647}","{1,2,3}","{1,NULL}","{{1},{2}}","{}"}'::text[]) splits;
SELECT is(pg_temp.engine(NULL), '22023 a warm start of a bisecting model needs its splits and leaves | ', 'no splits');
SELECT is(pg_temp.engine('{1,3}', NULL), '22023 a warm start of a bisecting model needs its splits and leaves | ', 'no leaves');
SELECT is(pg_temp.engine('{1,3}', leaves), complaint, coalesce(leaves, 'no leaves'))
  FROM (VALUES ('{3,3,3}', 'no error'), ('{-2147483648,0,2147483647}', 'no error'),
               ('{1,2}', '22023 the splits are no tree with a leaf a segment | '), ('{}', '22023 the splits are no tree with a leaf a segment | '),
               ('{1,2,NULL}', '22023 the leaves are no list of segments | '), ('{{1,2,3}}', '22023 the leaves are no list of segments | ')) v (leaves, complaint);

-- an owner may record what he likes of his own model, but no circle

CREATE FUNCTION pg_temp.keep(nodes text) RETURNS text LANGUAGE sql AS $$
    SELECT pg_temp.complaint(format(
        'SELECT segment_internal.keep_run(jsonb_populate_record(m, jsonb_build_object(''run'', m.run + 1)), jsonb_populate_record(r, jsonb_build_object(''run'', r.run + 1)), ''{}'','
        '   ARRAY(SELECT jsonb_populate_record(c, jsonb_build_object(''run'', c.run + 1)) FROM segment_internal.catalog_centroid c WHERE c.model_id = m.model_id AND c.run = m.run),'
        '   ARRAY(SELECT jsonb_populate_record(p, jsonb_build_object(''run'', p.run + 1)) FROM segment_internal.catalog_profile p WHERE p.model_id = m.model_id AND p.run = m.run), ''{}'','
        '   ARRAY(SELECT ROW(m.model_id, m.run + 1, n, p, NULL, 0, 1, NULL, NULL, NULL)::segment_internal.catalog_node FROM unnest(%L::integer[]) WITH ORDINALITY u (p, n)))'
        '  FROM segment_internal.catalog_model m JOIN segment_internal.catalog_run r USING (model_id, run) WHERE m.name = ''few''', nodes))
$$;
SELECT alike(pg_temp.keep(nodes), complaint, nodes)
  FROM (VALUES ('{NULL,3,2}', '23514 % violates check constraint "catalog_node_parent_check"%'), ('{NULL,2,1}', '23514 % violates check constraint "catalog_node_parent_check"%'),
               ('{1,1,1}', '23514 % violates check constraint "catalog_node_parent_check"%'), ('{NULL,1,NULL}', '23514 % violates check constraint "catalog_node_parent_check"%'),
               ('{NULL,1}', '22023 what is to be recorded is no run of model "few"%'), ('{NULL,1,1,1,1}', '22023 what is to be recorded is no run of model "few"%')) v (nodes, complaint);

-- whoever may read the model sees its tree; with the model it is gone

CREATE ROLE segment_reader;
SELECT format('GRANT USAGE ON SCHEMA %I TO segment_reader', current_schema()) \gexec
SET LOCAL ROLE segment_reader;
SELECT alike(pg_temp.complaint($$SELECT segment_tree('few')$$), '42704 model "few" does not exist%', 'a tree is none of a stranger''s business');
SELECT is((SELECT count(*) FROM segment_internal.catalog_node), 0::bigint, 'neither are the nodes');
RESET ROLE;
GRANT SELECT ON few_profile TO segment_reader;
SET LOCAL ROLE segment_reader;
SELECT is((SELECT count(*) FROM segment_tree('few')), 3::bigint, 'but of those who may read the profile');
SELECT is((SELECT count(*) FROM segment_cut('few', 2)), 2::bigint, 'and the cuts');
RESET ROLE;
SELECT count(segment_drop(model)) FROM segment_models;
SELECT is((SELECT count(*) FROM segment_internal.catalog_node), 0::bigint, 'no node is left');

SELECT * FROM finish();
ROLLBACK;
