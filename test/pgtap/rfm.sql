-- From orders to customers: figures, scores and names of cells, what counts as an order, and the view as a source.

BEGIN;
SELECT plan(67);

SET client_min_messages = warning;
SET timezone = 'UTC';

CREATE FUNCTION pg_temp.complaint(query text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    hint text;
BEGIN
    EXECUTE query;
    RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
    RETURN format('%s %s %s', SQLSTATE, SQLERRM, nullif(hint, ''));
END
$$;

-- what counts: every kind of row, and customers with nothing but such rows

CREATE TABLE orders (id integer PRIMARY KEY, dropped integer, customer_id integer, ordered_at timestamptz, amount numeric(12,2));
ALTER TABLE orders DROP COLUMN dropped;
INSERT INTO orders VALUES
    (1, 1, '2024-01-01 00:00', 10), (2, 1, '2024-03-01 12:00', 20.5), (3, 1, '2024-03-20', -5),
    (4, 2, '2024-01-11 00:00', 100), (5, 2, '2024-03-31 12:00', NULL), (6, 2, '2024-03-31 12:00', 'NaN'), (7, 2, '2024-03-31 12:00', 0),
    (8, 3, '2024-03-31 12:00', 7), (9, 3, NULL, 1000), (10, 3, '2024-03-30', -27),
    (11, NULL, '2024-04-30', 1000), (12, 4, '2024-02-01', -1), (13, 5, '2024-02-01', NULL), (14, 6, '2024-02-01', 0),
    (15, 1, now() + interval '1 year', 9), (16, 1, 'infinity', 9), (17, 1, '-infinity', 9), (18, 7, now() + interval '1 hour', 9);
SELECT is(segment_rfm('orders', 'customer_id', 'ordered_at', 'amount')::text, 'orders_rfm', 'the name of the view follows from the table');
SELECT results_eq(
    'SELECT customer_id, recency_days, frequency, monetary, average_order, tenure_days FROM orders_rfm ORDER BY 1',
    $$VALUES (1, 30, 2::bigint, 25.5, 12.75, 90), (2, 80, 1, 100, 100, 80), (3, 0, 1, -20, -20, 0)$$,
    'returns lower the monetary value only; rows without customer, time or amount, of the future or at infinity do not count');
SELECT results_eq($$SELECT column_name, data_type FROM segment_describe('orders_rfm')$$,
    $$VALUES ('customer_id', 'integer'), ('recency_days', 'integer'), ('frequency', 'bigint'), ('monetary', 'numeric'),
             ('average_order', 'numeric'), ('tenure_days', 'integer'), ('r_score', 'integer'), ('f_score', 'integer'),
             ('m_score', 'integer'), ('rfm_score', 'text'), ('rfm_segment', 'text')$$, 'columns and types');
SELECT is_empty($$SELECT attname FROM pg_attribute WHERE attrelid = 'orders_rfm'::regclass AND attnum > 0
                   AND col_description(attrelid, attnum) IS NULL$$, 'every column says what it is');
SELECT is(obj_description('orders_rfm'::regclass),
    'Recency, frequency and monetary value of the customers of public.orders, as of the newest order, live.', 'so does the view');
SELECT is_empty($$SELECT d.refobjid FROM pg_rewrite r JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
                   WHERE r.ev_class = 'orders_rfm'::regclass AND d.refobjid NOT IN ('orders'::regclass, 'orders_rfm'::regclass)$$,
    'it depends on nothing but the orders');

-- as_of

SELECT is(segment_rfm('orders', 'customer_id', 'ordered_at', 'amount', as_of => '2024-03-01 11:59', into_view => 'march')::text,
    'march', 'a name of one''s own');
SELECT results_eq('SELECT customer_id, recency_days, frequency, monetary, tenure_days FROM march ORDER BY 1',
    'VALUES (1, 60, 1::bigint, 10::numeric, 60), (2, 50, 1, 100, 50)', 'what is later than as_of does not count');
SELECT lives_ok($$SELECT segment_rfm('orders', 'customer_id', 'ordered_at', 'amount', as_of => now() + '2 years', into_view => 'ahead')$$,
    'as_of may lie ahead');
SELECT is(frequency, 3::bigint, 'and is the only limit then') FROM ahead WHERE customer_id = 1;
SELECT is(col_description('march'::regclass, 2), 'Whole days from the last order to 2024-03-01 11:59:00+00.', 'the comment says so');
SET timezone = 'Asia/Tokyo';
SELECT results_eq('SELECT customer_id, recency_days FROM march ORDER BY 1', 'VALUES (1, 60), (2, 50)', 'whatever the time zone of the reader');

-- dates and timestamps take as_of as the session reads it, in any style

SET datestyle = 'German';
CREATE TABLE other_orders (customer text, day date, moment timestamp, paid money, f float8, n bigint);
INSERT INTO other_orders VALUES ('a', '2024-01-01', '2024-01-01 10:00', 5, 0.1, 3), ('a', '2024-01-31', '2024-01-31 10:00', 2, 0.2, 4),
    ('b', '2024-02-01', '2024-02-01 00:00', 4, 'Infinity', 5), ('b', '2024-02-01', '2024-02-01 00:01', 1, '-Infinity', 5),
    ('b', '2024-01-15', '2024-01-15', 1, 3, 5), ('c', current_date + 2, localtimestamp + '2 days', 1, 3, 5);
SELECT lives_ok($$SELECT segment_rfm('other_orders', 'customer', 'day', 'paid', '2024-02-01', 'by_day'),
                         segment_rfm('other_orders', 'customer', 'moment', 'f', '2024-02-01', 'by_moment'),
                         segment_rfm('other_orders', 'customer', 'day', 'n', into_view => 'newest_day')$$,
    'dates, timestamps, money, float8 and bigint');
RESET datestyle;
SET timezone = 'UTC';
SELECT results_eq('SELECT customer, recency_days, frequency, monetary, average_order, tenure_days FROM by_day ORDER BY 1',
    $$VALUES ('a', 1, 2::bigint, 7::numeric, 3.5, 31), ('b', 0, 3, 6, 2, 17)$$, 'a date: the day of as_of counts');
SELECT results_eq('SELECT customer, recency_days, frequency, monetary, average_order, tenure_days FROM by_moment ORDER BY 1',
    $$VALUES ('a', 0, 2::bigint, 0.3, 0.15, 30), ('b', 17, 1, 3, 3, 17)$$, 'a timestamp: whole days; infinite amounts do not count');
SELECT results_eq('SELECT customer, recency_days, frequency, monetary, average_order FROM newest_day ORDER BY 1',
    $$VALUES ('a', 1, 2::bigint, 7::numeric, 3.5), ('b', 0, 3, 15, 5)$$, 'without as_of: to the newest order up to today');

-- against pandas: groupby, and qcut(..., 5) with the labels of recency reversed; there are ties in recency and frequency

CREATE TABLE generated AS
SELECT (i * i * 7 + i * 13) % 97 AS c,
       timestamp '2020-01-01' + (i * i * 31 + i * 3) % 3650011 % 900 * interval '1 day' + i * 37 % 86400 * interval '1 second' AS t,
       (((i * i * 17 + i * 5) % 10007 - 700) / 100.0)::numeric(12,2) AS a
  FROM generate_series(1, 3000) i;
SELECT lives_ok($$SELECT segment_rfm('generated', 'c', 't', 'a'), segment_rfm('generated', 'c', 't', 'a', '2022-01-01 12:00', 'generated_2022')$$,
    'generated orders');
SELECT results_eq(
    'SELECT count(*), sum(recency_days), sum(frequency), sum(monetary), round(sum(average_order), 10), sum(tenure_days) FROM generated_rfm',
    'VALUES (49::bigint, 923::bigint, 2776::numeric, 126019.39, 2226.7034122570, 43353::bigint)', 'figures are those of pandas');
SELECT is(string_agg(r_score::text, '' ORDER BY c), '2154331454245311352131135554235322512424124431542', 'scores of recency') FROM generated_rfm;
SELECT is(string_agg(f_score::text, '' ORDER BY c), '1521425354533112145141544112113412215234252241135', 'scores of frequency') FROM generated_rfm;
SELECT is(string_agg(m_score::text, '' ORDER BY c), '2513225144512242342112454514413315114235452353353', 'scores of monetary value') FROM generated_rfm;
SELECT results_eq(
    'SELECT count(*), sum(recency_days), sum(frequency), sum(monetary), round(sum(average_order), 10), sum(tenure_days) FROM generated_2022',
    'VALUES (49::bigint, 622::bigint, 2270::numeric, 102784.83, 2223.9645912277, 35103::bigint)', 'the same as of a day');
SELECT is(string_agg(r_score::text, '' ORDER BY c), '4331535434341225435112331512555221222432552451245', 'scores of recency as of a day') FROM generated_2022;
SELECT is(string_agg(f_score::text, '' ORDER BY c), '1532145355442144155152411232233313114331252531134', 'scores of frequency as of a day') FROM generated_2022;
SELECT is(string_agg(m_score::text, '' ORDER BY c), '2524245144411153253132513522443214113353351452254', 'scores of monetary value as of a day') FROM generated_2022;

-- the order of rows changes nothing

CREATE TABLE shuffled AS SELECT * FROM generated ORDER BY md5(a::text || t::text);
SELECT segment_rfm('shuffled', 'c', 't', 'a');
SELECT set_eq('SELECT r::text FROM shuffled_rfm r', 'SELECT r::text FROM generated_rfm r', 'the order of rows does not matter');
CREATE TABLE as_float AS SELECT c, t, a::float8 AS a FROM generated ORDER BY md5(a::text || t::text);
SELECT segment_rfm('as_float', 'c', 't', 'a');
SELECT set_eq('SELECT c, monetary, average_order, m_score FROM as_float_rfm', 'SELECT c, monetary, average_order, m_score FROM generated_rfm',
    'amounts in double precision add up exactly, too');
CREATE VIEW whole_orders AS SELECT 1 AS customer, date '2026-01-01' AS day, v.amount::real FROM (VALUES (1234567), (12345.5)) v (amount);
SELECT segment_rfm('whole_orders', 'customer', 'day', 'amount');
SELECT is(monetary, 1246912.5, 'and so do those in real') FROM whole_orders_rfm;

-- each cell has its name: customer rfm ordered f times, r to 5 - r days ago, for m

CREATE TABLE grid AS
SELECT format('%s%s%s', r, f, m) AS customer, date '2024-01-05' - 5 + r AS day, (m * 60 / f)::integer AS amount
  FROM generate_series(1, 5) r, generate_series(1, 5) f, generate_series(1, 5) m, generate_series(1, f);
SELECT segment_rfm('grid', 'customer', 'day', 'amount');
SELECT is(count(*) FILTER (WHERE rfm_score = customer), 125::bigint, 'all 125 scores') FROM grid_rfm;
SELECT results_eq(
    $$SELECT f_score, string_agg(DISTINCT rfm_segment, '!') FILTER (WHERE r_score = 5), string_agg(DISTINCT rfm_segment, '!') FILTER (WHERE r_score = 4),
             string_agg(DISTINCT rfm_segment, '!') FILTER (WHERE r_score = 3), string_agg(DISTINCT rfm_segment, '!') FILTER (WHERE r_score = 2),
             string_agg(DISTINCT rfm_segment, '!') FILTER (WHERE r_score = 1) FROM grid_rfm GROUP BY f_score ORDER BY f_score DESC$$,
    $$VALUES (5, 'Champions', 'Loyal', 'Loyal', 'Can''t lose them', 'Can''t lose them'),
             (4, 'Champions', 'Loyal', 'Loyal', 'At risk', 'At risk'),
             (3, 'Potential loyalists', 'Potential loyalists', 'Needs attention', 'At risk', 'At risk'),
             (2, 'Potential loyalists', 'Potential loyalists', 'About to sleep', 'Hibernating', 'Hibernating'),
             (1, 'New customers', 'Promising', 'About to sleep', 'Hibernating', 'Hibernating')$$,
    'each cell has one name');

-- few customers

CREATE TABLE few (customer integer, day date, amount integer);
SELECT segment_rfm('few', 'customer', 'day', 'amount');
SELECT is_empty('SELECT * FROM few_rfm', 'no orders, no customers');
INSERT INTO few VALUES (1, '2024-01-01', 5);
SELECT results_eq('SELECT * FROM few_rfm',
    $$VALUES (1, 0, 1::bigint, 5::numeric, 5::numeric, 0, 5, 1, 1, '511', 'New customers')$$, 'one order; the view is live');
INSERT INTO few VALUES (2, '2024-01-01', 5), (3, '2024-01-01', 5);
SELECT results_eq('SELECT DISTINCT rfm_score FROM few_rfm', $$VALUES ('511')$$, 'equal customers score equal');
INSERT INTO few VALUES (4, '2024-01-02', 6);
SELECT results_eq('SELECT customer, rfm_score FROM few_rfm ORDER BY 1', $$VALUES (1, '411'), (2, '411'), (3, '411'), (4, '515')$$,
    'also beside another');
CREATE TABLE enormous AS SELECT 1 AS customer, date '2024-01-01' AS day, x AS amount FROM unnest('{1e300, 1e300, -1e300, 1}'::float8[]) x;
SELECT segment_rfm('enormous', 'customer', 'day', 'amount');
SELECT is(monetary, 1e300 + 1, 'sums of any size are exact') FROM enormous_rfm;

-- names

CREATE SCHEMA "My Shop";
CREATE TABLE "My Shop"."Or""ders" ("select" uuid, "When, then" date, "a""mount" real, frequency text);
INSERT INTO "My Shop"."Or""ders" SELECT md5(i::text)::uuid, date '2024-01-01' + i, i, 'f' || i % 7 FROM generate_series(1, 50) i;
SELECT is(segment_rfm('"My Shop"."Or""ders"', 'select', 'When, then', 'a"mount')::text, '"My Shop"."Or""ders_rfm"', 'quoted names');
SELECT is(sum(monetary), 1275::numeric, 'are read') FROM "My Shop"."Or""ders_rfm";
SELECT is(segment_rfm('"My Shop"."Or""ders"', 'frequency', 'When, then', 'a"mount', into_view => 'public."By F"')::text, '"By F"',
    'a view in another schema');
SELECT is(ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = '"By F"'::regclass AND attnum BETWEEN 1 AND 4 ORDER BY attnum),
    '{frequency,recency_days,By F_frequency,monetary}', 'a name that the customer has, too, gets the view''s in front');
SELECT is(sum("By F_frequency"), 50::numeric, 'and is counted') FROM "By F";
CREATE TABLE long_name_long_name_long_name_long_name_long_name_long_name_éé AS TABLE few;
SELECT is(segment_rfm('long_name_long_name_long_name_long_name_long_name_long_name_éé', 'customer', 'day', 'amount')::text,
    'long_name_long_name_long_name_long_name_long_name_long_name_rfm', 'a long name is shortened');
CREATE TEMPORARY TABLE customers AS TABLE few;
SELECT is(segment_rfm('customers', 'customer', 'day', 'amount')::text, 'customers_rfm', 'a temporary table');
SELECT is(count(*), 4::bigint, 'has a temporary view') FROM pg_temp.customers_rfm;
CREATE VIEW seen AS SELECT customer, day, amount FROM few UNION ALL SELECT 5, '2024-01-03', 9;
SELECT segment_rfm('seen', 'customer', 'day', 'amount');
SELECT is(count(*), 5::bigint, 'orders may be a view') FROM seen_rfm;

-- errors leave nothing behind

SELECT is(pg_temp.complaint(call), error, call) FROM (VALUES
    ($$SELECT segment_rfm('few', 'customer', 'day', 'amount')$$,
     '42P07 relation "few_rfm" already exists Drop it first, or choose another name with into_view => ''...''.'),
    ($$SELECT segment_rfm('few', 'customer', 'day', NULL)$$, '22004 argument "amount" must not be NULL '),
    ($$SELECT segment_rfm(NULL, 'customer', 'day', 'amount')$$, '22004 argument "orders" must not be NULL '),
    ($$SELECT segment_rfm('few', 'custmer', 'day', 'amount')$$,
     '42703 column "custmer" of relation "few" does not exist Perhaps you meant the column "customer".'),
    ($$SELECT segment_rfm('few', 'customer', 'amount', 'amount')$$,
     '42804 column "amount" of relation "few" has type integer, not date, timestamp or timestamptz Cast it in a view, and name that view.'),
    ($$SELECT segment_rfm('grid', 'customer', 'day', 'customer')$$,
     '42804 column "customer" of relation "grid" has type text, not a number Cast it in a view, and name that view.'),
    ($$SELECT segment_rfm('orders_pkey', 'customer', 'day', 'amount')$$,
     '42809 "orders_pkey" has no rows to segment Name a table, view, materialized view or foreign table.'),
    ($$SELECT segment_rfm('few', 'customer', 'day', 'amount', 'infinity')$$,
     '22023 argument "as_of" is infinity Leave it out to count the days to the newest order.'),
    ($$SELECT segment_rfm('few', 'customer', 'day', 'amount', into_view => 'My View')$$,
     '42602 argument "into_view" is not the name of a view: My View Write name or schema.name, as in SQL: with double quotes where there are capitals or spaces.'),
    ($$SELECT segment_rfm('few', 'customer', 'day', 'amount', into_view => 'nowhere.rfm')$$, '3F000 schema "nowhere" does not exist ')
    ) c (call, error);
CREATE TABLE documents (customer json, day date, amount integer);
SELECT is(pg_temp.complaint($$SELECT segment_rfm('documents', 'customer', 'day', 'amount')$$),
    '42804 column "customer" cannot tell customers apart: could not identify an equality operator for type json Cast it to text in a view, and name that view.',
    'a type without equality');
SELECT is(to_regclass('documents_rfm'), NULL, 'and there is no view');

-- rights

CREATE ROLE segment_seller;
GRANT segment_seller TO CURRENT_USER;
GRANT CREATE, USAGE ON SCHEMA public TO segment_seller;
GRANT USAGE ON SCHEMA "My Shop" TO segment_seller;
GRANT SELECT ON "My Shop"."Or""ders" TO segment_seller;
GRANT SELECT (customer, day) ON few TO segment_seller;
SET ROLE segment_seller;
SELECT is(pg_temp.complaint($$SELECT segment_rfm('few', 'customer', 'day', 'amount', into_view => 'mine')$$), '42501 permission denied for table few ',
    'a column that one may not read');
SELECT is(pg_temp.complaint($$SELECT segment_rfm('"My Shop"."Or""ders"', 'select', 'When, then', 'a"mount', into_view => 'x')$$),
    '42501 permission denied for schema My Shop Name a schema in which you may create with into_view => ''schema.name''.',
    'a schema where one may not create');
RESET ROLE;
GRANT SELECT (amount) ON few TO segment_seller;
SET ROLE segment_seller;
SELECT is(pg_temp.complaint($$SELECT segment_rfm('few', 'customer', 'day', 'amount', into_view => 'public.mine')$$), 'no error',
    'rights on the three columns are enough');
SELECT is(count(*), 4::bigint, 'to read the view') FROM mine;
RESET ROLE;

-- the source of a model

SELECT results_eq(
    $$SELECT model, k, features, rows_used FROM segment_kmeans(segment_rfm('generated', 'c', 't', 'a', into_view => 'shoppers')::regclass, 3, key => '{c}')$$,
    $$VALUES ('shoppers', 3, '{recency_days,frequency,monetary,average_order,tenure_days}'::text[], 49::bigint)$$, 'in one call');
SELECT results_eq($$SELECT features, rows_used FROM segment_kmeans('generated_rfm', 3)$$,
    $$VALUES ('{recency_days,frequency,monetary,average_order,tenure_days}'::text[], 49::bigint)$$,
    'the customer is the key, and scores are no features');
SELECT set_eq('SELECT c, segment FROM generated_rfm_assignment', 'SELECT c, segment FROM shoppers_assignment', 'it is the same model');
SELECT is((segment_kmeans('generated_rfm', 3, features => '{r_score,f_score,m_score}', model => 'scores')).features, '{r_score,f_score,m_score}',
    'unless they are named');
CREATE MATERIALIZED VIEW kept AS SELECT r.*, r.monetary / 3.0 + r.recency_days AS more FROM generated_rfm r;
SELECT is(array_agg(c.column_name), '{r_score,f_score,m_score,rfm_score,rfm_segment}', 'nor are what sums them up')
  FROM unnest(segment_internal.choose('generated_rfm', '{c}', '{"features": null, "exclude": null, "sample_weight": null, "feature_options": {}}')) c WHERE c.reason = 'scores of the others';
SELECT is((segment_kmeans('kept', 3)).features, '{recency_days,frequency,monetary,average_order,tenure_days,more}',
    'nor are they in a materialized view of it');
SELECT is((segment_refresh('generated_rfm')).run, 2, 'it can be refreshed');

SELECT * FROM finish();
ROLLBACK;
