-- What put a customer into a segment: against the same figures made of recipe, centroids and distances in SQL.

BEGIN;
SELECT * FROM no_plan();

SET client_min_messages = warning;

\ir complaint.psql

CREATE TABLE customers AS
SELECT i AS id, (i * 37 % 101)::float8 AS "Total spent", CASE WHEN i % 9 <> 0 THEN i % 5 END AS visits, (ARRAY['x', 'y', 'z"z'])[i % 3 + 1] AS plan, i % 2 = 0 AS vip
  FROM generate_series(1, 300) i;
ALTER TABLE customers ADD PRIMARY KEY (id);
SELECT is((segment_kmeans('customers', 4, '{"Total spent",visits,plan,vip}', feature_options => '{"visits": {"weight": 2.5}}')).k, 4, 'a model');

-- The parts of d2(second) - d2(first) by feature: (x - c2)^2 - (x - c1)^2 in scaled space.
CREATE FUNCTION pg_temp.parts(id integer, OUT feature text, OUT value float8, OUT part float8) RETURNS SETOF record LANGUAGE sql AS $$
    WITH recipe AS (
        SELECT r.feature, max(r.value) FILTER (WHERE parameter = 'fill')::float8 AS fill, max(r.value) FILTER (WHERE parameter = 'center')::float8 AS center,
               max(r.value) FILTER (WHERE parameter = 'scale')::float8 AS scale, max(r.value) FILTER (WHERE parameter = 'weight')::float8 AS weight
          FROM segment_recipe('customers') r GROUP BY r.feature
    ), x AS (
        SELECT r.*, CASE r.feature WHEN 'Total spent' THEN c."Total spent" WHEN 'visits' THEN c.visits WHEN 'vip=true' THEN c.vip::integer WHEN 'vip=false' THEN (NOT c.vip)::integer
                    ELSE (r.feature = 'plan=' || c.plan)::integer END AS value, segment_score('customers', c) AS s
          FROM recipe r CROSS JOIN customers c WHERE c.id = $1
    )
    SELECT x.feature, x.value, (p.point - second.scaled) ^ 2 - (p.point - own.scaled) ^ 2
      FROM x
     CROSS JOIN LATERAL (SELECT (coalesce(x.value, x.fill) - x.center) / x.scale * sqrt(x.weight) AS point) p
      JOIN segment_centroids('customers') own ON own.segment = (x.s).segment AND own.feature = x.feature
      JOIN segment_centroids('customers') second ON second.segment = (x.s).second_segment AND second.feature = x.feature
$$;
SELECT is_empty($$
    SELECT c.id, e.*, p.part, d.total
      FROM customers c
     CROSS JOIN LATERAL (SELECT d[2] ^ 2 - d[1] ^ 2 AS total FROM (SELECT array_agg(distance ORDER BY distance) FROM segment_distances('customers', c)) a (d)) d
     CROSS JOIN LATERAL segment_explain('customers', c) e
      LEFT JOIN pg_temp.parts(c.id) p ON p.feature = e.feature
      LEFT JOIN segment_profile('customers') f ON f.feature = e.feature AND f.segment = segment_predict('customers', c)
     WHERE c.id % 7 = 0
       AND (abs(e.contribution * d.total - p.part) < 1e-9) IS NOT TRUE OR e.value IS DISTINCT FROM p.value AND c.id % 7 = 0 OR e.segment_mean IS DISTINCT FROM f.mean$$,
    'contributions are the parts of the difference of the squared distances, values and means are those of the row and the profile');
SELECT results_eq($$SELECT DISTINCT count(*), abs(sum(e.contribution) - 1) < 1e-12 FROM customers c CROSS JOIN LATERAL segment_explain('customers', c) e GROUP BY c.id$$,
    $$VALUES (7::bigint, true)$$, 'they sum to 1');
SELECT ok((SELECT bool_and(e.contribution <= e.before) FROM (SELECT e.contribution, lag(e.contribution) OVER (PARTITION BY c.id ORDER BY e.n) AS before
      FROM customers c CROSS JOIN LATERAL segment_explain('customers', c) WITH ORDINALITY e (feature, value, segment_mean, contribution, n)) e WHERE e.before IS NOT NULL), 'the largest first');
SELECT is((SELECT count(*) FROM customers c CROSS JOIN LATERAL segment_explain('customers', c) e WHERE e.value IS NULL), 33::bigint, 'a missing value is shown as missing');

-- by hand: centroids at 0 and 10 in x, 0 and 0 in y; a row at x = 2, y = 5
CREATE TABLE plain AS SELECT i AS id, i % 2 * 10.0 AS x, i % 4 / 2 * 2 - 1 AS y FROM generate_series(1, 40) i;
ALTER TABLE plain ADD PRIMARY KEY (id);
SELECT is((segment_kmeans('plain', 2, '{x,y}', scaling => 'none')).k, 2, 'a plain model');
CREATE TYPE point_xy AS (y integer, x float8, other text);
SELECT results_eq($$SELECT * FROM segment_explain('plain', ROW(5, 2, 'z')::point_xy)$$, $$VALUES ('x', 2::float8, 0::float8, 1::float8), ('y', 5, 0, 0)$$, 'by hand: 64 - 4 of 60');
SELECT is((SELECT sum(contribution) FROM segment_explain('plain', ROW(0, 5, '')::point_xy)), NULL, 'nothing decides in the middle');
SELECT is((segment_kmeans('plain', 1, '{x,y}', model => 'one')).k, 1, 'one segment');
SELECT results_eq($$SELECT feature, value, segment_mean, contribution FROM segment_explain('one', ROW(5, 2, '')::point_xy)$$,
    $$VALUES ('x', 2::float8, 5::float8, NULL::float8), ('y', 5, 0, NULL)$$, 'there is no other');
SELECT is((segment_kmeans('plain', 2, '{x,y}', model => 'angle', distance => 'cosine')).k, 2, 'cosine distance');
SELECT results_eq($$SELECT DISTINCT abs(sum(e.contribution) - 1) < 1e-9 FROM plain p CROSS JOIN LATERAL segment_explain('angle', p) e GROUP BY p.id$$, 'VALUES (true)', 'sums there, too');
SELECT is((segment_kmeans('plain', 2, '{x,y}', model => 'choosy', missing => 'skip')).k, 2, 'a model that skips');
SELECT is_empty($$SELECT * FROM segment_explain('choosy', ROW(NULL, 2, '')::point_xy)$$, 'no rows for a row that it skips');
SELECT is_empty($$SELECT * FROM segment_explain('plain', NULL::plain)$$, 'none for no row');

SELECT is(pg_temp.complaint(q), said, q)
  FROM (VALUES ($$SELECT * FROM segment_explain('plain', ROW(1, 2))$$, '42703 the row has no column "x", a feature of model "plain" | Pass a row with all features under their names, as in SELECT segment_predict(''plain'', c) FROM new_customers c.'),
               ($$SELECT * FROM segment_explain('qqqqqqqq', ROW(1, 2))$$, '42704 model "qqqqqqqq" does not exist | SELECT model FROM segment_models lists the models.')) t (q, said);

-- for whoever may see the model
CREATE ROLE segment_test_explain;
SET ROLE segment_test_explain;
SELECT is(pg_temp.complaint($$SELECT * FROM segment_explain('plain', ROW(1, 2))$$) ~ '^42704', true, 'others do not see it');
RESET ROLE;
GRANT SELECT ON plain_profile TO segment_test_explain;
SET ROLE segment_test_explain;
CREATE TEMP TABLE mine AS SELECT 2 AS x, 5 AS y;
SELECT results_eq($$SELECT e.* FROM mine m, segment_explain('plain', m) e$$, $$VALUES ('x', 2::float8, 0::float8, 1::float8), ('y', 5, 0, 0)$$, 'readers explain rows of their own');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
