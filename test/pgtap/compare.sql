-- How far two segmentations agree: against scikit-learn, in every order and plan, and what cannot be compared.

BEGIN;
SELECT * FROM no_plan();

SET client_min_messages = warning;

\ir complaint.psql
\ir ../reference/compare.sql

-- the labels of compare.py
CREATE FUNCTION pg_temp.labels(e expected_agreement, OUT i bigint, OUT a integer, OUT b integer) RETURNS SETOF record
LANGUAGE sql AS $$
    SELECT i, a.a - 1, (CASE WHEN x / 7 % 10 < e.follows THEN a.a * 3 ELSE x / 11 END % e.kb * 5)::integer
      FROM generate_series(1, e.n::bigint) i
     CROSS JOIN LATERAL (SELECT (i * 7919 + 13) % 10007) x (x)
     CROSS JOIN LATERAL (SELECT ((CASE WHEN e.ka < 50 THEN x ELSE i END) % e.ka)::integer) a (a)
$$;

SELECT ok(abs((SELECT segment_rand_index(l.a, l.b) FROM pg_temp.labels(e) l) - e.rand) < 1e-9, format('scikit-learn''s adjusted Rand index of %s rows, %s and %s labels', e.n, e.ka, e.kb))
  FROM expected_agreement e;
SELECT ok((SELECT segment_rand_index(l.a, l.b) = segment_rand_index(l.b, -l.a) FROM pg_temp.labels(e) l), format('the same of other names, turned about: %s rows', e.n))
  FROM expected_agreement e;
SELECT is((SELECT count(DISTINCT r) FROM (VALUES ((SELECT segment_rand_index(l.a, l.b ORDER BY l.i) FROM pg_temp.labels(e) l)),
                                                  ((SELECT segment_rand_index(l.a, l.b ORDER BY l.i DESC) FROM pg_temp.labels(e) l)),
                                                  ((SELECT segment_rand_index(l.a, l.b ORDER BY hashint8(l.i)) FROM pg_temp.labels(e) l))) v (r)), 1::bigint,
          'the same bits in any order') FROM expected_agreement e WHERE e.n = 5000;

-- the edges
SELECT is(segment_rand_index(a, b), NULL, 'nothing of no rows') FROM (VALUES (1, 1)) v (a, b) WHERE false;
SELECT is(segment_rand_index(a, b), NULL, 'nor of rows without a label') FROM (VALUES (1, NULL::integer), (NULL, 1), (NULL, NULL)) v (a, b);
SELECT is(segment_rand_index(a, b), 1::float8, 'rows without a label are left out') FROM (VALUES (1, 1), (1, NULL), (2, 2), (NULL, 2), (2, 2)) v (a, b);
SELECT is(segment_rand_index(a, b), -0.5::float8, 'less than by chance') FROM (VALUES (1, 1), (1, 2), (2, 1), (2, 2)) v (a, b);
SELECT is(segment_rand_index(a, b), 1::float8, 'the whole range of labels') FROM (VALUES (-2147483648, 2147483647), (2147483647, -2147483648), (0, -1)) v (a, b);
-- 2 / 6, 2 / 6 and 0 of the pairs: Hubert and Arabie's (0 - 4 / 6) / (2 - 4 / 6) by hand
SELECT is(segment_internal.rand_index(a, b, rows), -0.5::float8, 'of counted rows') FROM (VALUES (1, 1, 1), (1, 2, 1), (2, 1, 1), (2, 2, 1), (3, 3, 0)) v (a, b, rows);
SELECT is(pg_temp.complaint($$SELECT segment_internal.rand_index(1, 1, -1)$$) ~ '^22003', true, 'no negative rows');
SELECT is(pg_temp.complaint($$SELECT segment_internal.rand_index(1, 1, 9223372036854775807) FROM generate_series(1, 2)$$) ~ '^22003', true, 'nor more than there can be');
SELECT is(pg_temp.complaint($$SELECT segment_internal.rand_index(1, 1, NULL)$$) ~ '^22004', true, 'nor of no number');
SELECT ok(segment_internal.rand_index(a, b, 3000000000000000000) BETWEEN -1e-15 AND 1e-15, 'very many rows') FROM generate_series(1, 2) a, generate_series(1, 2) b;

-- groups, and workers that share the rows
CREATE TABLE labels AS SELECT i, i % 7 AS a, CASE WHEN i % 3 = 0 THEN i % 7 ELSE i * 31 % 11 END AS b, i % 500 AS g FROM generate_series(1, 20000) i;
ANALYZE labels;
CREATE FUNCTION pg_temp.plan(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    plan json;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan;
    RETURN CASE WHEN plan::text LIKE '%"Partial Mode": "Partial"%' THEN 'Partial Aggregate' ELSE plan::text END;
END
$$;
SELECT segment_rand_index(a, b) AS alone FROM labels \gset
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT matches(pg_temp.plan('SELECT segment_rand_index(a, b) FROM labels'), 'Partial Aggregate', 'workers count');
SELECT is((SELECT segment_rand_index(a, b) FROM labels), :alone::float8, 'the same bits by workers');
SELECT is(count(*), 500::bigint, 'many groups')
  FROM (SELECT g, segment_rand_index(a, b) AS r FROM labels GROUP BY g) l
 WHERE r = (SELECT segment_rand_index(a, b) FROM labels o WHERE o.g = l.g);
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;

-- two models, whose assignments say what the cases say
CREATE TABLE customers AS SELECT i::bigint AS id, i % 10 AS x FROM generate_series(1, 5000) i;
ALTER TABLE customers ADD PRIMARY KEY (id);
SELECT is((segment_kmeans('customers', 2, '{x}', model => m)).k, 2, m) FROM unnest('{one,other}'::text[]) m;
CREATE FUNCTION pg_temp.assign(e expected_agreement) RETURNS void LANGUAGE sql AS $$
    DELETE FROM one_assignment;
    DELETE FROM other_assignment;
    INSERT INTO one_assignment SELECT l.i, l.a, 0, NULL, 0 FROM pg_temp.labels(e) l;
    INSERT INTO other_assignment SELECT l.i, l.b, 0, NULL, 0 FROM pg_temp.labels(e) l;
$$;
CREATE FUNCTION pg_temp.compare(e expected_agreement) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_temp.assign(e);
    RETURN NEXT is((SELECT jsonb_object_agg(metric, round(value::numeric, 9)) FROM segment_compare('one', 'other')),
                   jsonb_build_object('adjusted_rand', round(e.rand::numeric, 9), 'normalized_mutual_information', round(e.information::numeric, 9), 'common_rows', e.n::numeric(20, 9)),
                   format('two models compared as scikit-learn does, %s rows, %s and %s labels', e.n, e.ka, e.kb));
    RETURN NEXT is((SELECT array_agg((segment_a, segment_b, rows)::text) FROM segment_contingency('one', 'other')),
                   (SELECT array_agg((a, b, n)::text ORDER BY a, b) FROM (SELECT a, b, count(*) AS n FROM pg_temp.labels(e) GROUP BY a, b) l), 'and the rows of each pair of segments');
END
$$;
SELECT pg_temp.compare(e) FROM expected_agreement e;
DELETE FROM other_assignment WHERE id > 100;
SELECT is((SELECT value FROM segment_compare('one', 'other') WHERE metric = 'common_rows'), 100::float8, 'over the common keys');
DELETE FROM other_assignment;
SELECT results_eq($$SELECT metric, value FROM segment_compare('one', 'other')$$,
    $$VALUES ('adjusted_rand', NULL::float8), ('normalized_mutual_information', NULL), ('common_rows', 0)$$, 'without common rows');
SELECT is_empty($$SELECT * FROM segment_contingency('one', 'other')$$, 'nor pairs');

-- keys of several columns, in another order, odd names; another type of number; a view
CREATE TABLE odd AS SELECT i AS "the ""Key""", 'k' || i % 3 AS "select", i % 10 AS x FROM generate_series(1, 60) i;
SELECT is((segment_kmeans('odd', 2, '{x}', model => 'a b', key => ARRAY['the "Key"', 'select'])).k, 2, 'odd names');
SELECT is((segment_kmeans('odd', 3, '{x}', model => 'seen', key => ARRAY['select', 'the "Key"'], assignment => 'view')).k, 3, 'and a view');
SELECT results_eq($$SELECT segment_a, segment_b, rows FROM segment_contingency('a b', 'seen')$$,
    $$SELECT a.segment, b.segment, count(*) FROM "a b_members" a JOIN seen_members b USING ("the ""Key""", "select") GROUP BY 1, 2 ORDER BY 1, 2$$, 'compared by their keys');
SELECT is((SELECT value FROM segment_compare('seen', 'seen') WHERE metric = 'adjusted_rand'), 1::float8, 'a model agrees with itself');
CREATE TABLE small AS SELECT id::numeric AS id, x FROM customers WHERE id <= 50;
CREATE TABLE worded AS SELECT id::text AS id, x FROM small;
CREATE TABLE letters AS SELECT id::varchar(9) AS id, x FROM small;
SELECT is((segment_kmeans(s, 2, '{x}', key => '{id}')).k, 2, s::text) FROM unnest('{small,worded,letters}'::regclass[]) s;
SELECT is((SELECT sum(rows) FROM segment_contingency('one', 'small')), 50::numeric, 'numbers of another type');
SELECT is((SELECT sum(rows) FROM segment_contingency('worded', 'letters')), 50::numeric, 'texts of another type');
SELECT is((segment_kmeans('small', 2, '{x}', key => '{id}', model => 'bare', assignment => 'none')).k, 2, 'one without an assignment');
SELECT is(pg_temp.complaint(format('SELECT * FROM segment_%s(%L, %L)', f, a, b)), said, format('%s of %s and %s', f, a, b))
  FROM (VALUES ('one', 'a b', '22023 models "one" and "a b" have different keys | Fit both with the same columns in key => ''{...}''; a view can give them the same names.'),
               ('small', 'worded', '42804 models "small" and "worded" have keys of different types | Cast it in a view, and fit that.'),
               ('bare', 'small', '42P01 model "bare" has no assignment, which tells the segment of each row | Fit it with a key, and assignment => ''table'' or ''view''.'),
               ('small', 'bare', '42P01 model "bare" has no assignment, which tells the segment of each row | Fit it with a key, and assignment => ''table'' or ''view''.'),
               ('qqqqqqqq', 'small', '42704 model "qqqqqqqq" does not exist | SELECT model FROM segment_models lists the models.'),
               (NULL, 'small', '22004 argument "model" must not be NULL | ')) t (a, b, said),
       unnest('{compare,contingency}'::text[]) f;

-- with the caller's rights
CREATE ROLE segment_test_compare;
GRANT SELECT ON small_profile, worded_profile, letters_assignment TO segment_test_compare;
SET ROLE segment_test_compare;
SELECT is(pg_temp.complaint($$SELECT * FROM segment_compare('letters', 'worded')$$), '42501 permission denied for table worded_assignment | ', 'who may not read an assignment');
RESET ROLE;
GRANT SELECT ON worded_assignment TO segment_test_compare;
SET ROLE segment_test_compare;
SELECT is((SELECT value FROM segment_compare('letters', 'worded') WHERE metric = 'adjusted_rand'), 1::float8, 'who may');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
