-- RFM of one's own: bins, cut-offs, names, a window of time, days instead of orders.

BEGIN;
SELECT no_plan();
SET LOCAL client_min_messages = warning;
SET LOCAL timezone = 'UTC';
\ir complaint.psql

CREATE TABLE orders AS
SELECT (i * i * 7 + i * 13) % 97 AS customer,
       timestamptz '2020-01-01' + (i * i * 31 + i * 3) % 3650011 % 900 * interval '1 day' + i * 37 % 86400 * interval '1 second' AS at,
       (((i * i * 17 + i * 5) % 10007 - 700) / 100.0)::numeric(12,2) AS amount
  FROM generate_series(1, 3000) i;

-- ---- Bins ----

-- the score by quantiles as percentile_cont interpolates them, in exact arithmetic
CREATE FUNCTION pg_temp.quantile_scores(relation regclass, figure text, bins integer) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    EXECUTE format('WITH sorted AS (SELECT %1$I::numeric AS x, row_number() OVER (ORDER BY %1$I) - 1 AS i FROM %2$s),
        place AS (SELECT q, (SELECT count(*) - 1 FROM sorted) * q AS p FROM generate_series(1, %3$s - 1) q),
        cut AS (SELECT (SELECT x FROM sorted WHERE i = p / %3$s) + ((SELECT x FROM sorted WHERE i = p / %3$s + 1) - (SELECT x FROM sorted WHERE i = p / %3$s)) * (p %% %3$s) / %3$s AS c FROM place)
        SELECT string_agg((1 + (SELECT count(*) FROM cut WHERE c < r.%1$I))::text, '','' ORDER BY customer) FROM %2$s r', figure, relation, bins) INTO result;
    RETURN result;
END
$$;
SELECT segment_rfm('orders', 'customer', 'at', 'amount', bins => b, into_view => 'bins_' || b) FROM generate_series(3, 10) b;
CREATE FUNCTION pg_temp.scores(relation regclass, score text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    EXECUTE format('SELECT string_agg((%s)::text, '','' ORDER BY customer) FROM %s', score, relation) INTO result;
    RETURN result;
END
$$;
SELECT is(pg_temp.scores(('bins_' || b)::regclass, 'f_score'), pg_temp.quantile_scores(('bins_' || b)::regclass, 'frequency', b), b || ' bins of frequency') FROM generate_series(3, 10) b;
SELECT is(pg_temp.scores(('bins_' || b)::regclass, 'm_score'), pg_temp.quantile_scores(('bins_' || b)::regclass, 'monetary', b), b || ' bins of monetary value') FROM generate_series(3, 10) b;
SELECT is(pg_temp.scores(('bins_' || b)::regclass, format('%s - r_score', b + 1)), pg_temp.quantile_scores(('bins_' || b)::regclass, 'recency_days', b), b || ' bins of recency') FROM generate_series(3, 10) b;
SELECT segment_rfm('orders', 'customer', 'at', 'amount');
SELECT set_eq('SELECT r::text FROM bins_5 r', 'SELECT r::text FROM orders_rfm r', 'five are those without the argument');
SELECT results_eq('SELECT max(f_score), min(f_score), count(DISTINCT m_score), max(r_score), max(m_score) FROM bins_10', 'VALUES (10, 1, 10::bigint, 10, 10)', 'deciles');
SELECT is_empty('SELECT 1 FROM bins_10 WHERE rfm_score <> r_score || ''-'' || f_score || ''-'' || m_score', 'of which ten stands apart');
SELECT is_empty('SELECT 1 FROM bins_9 WHERE rfm_score <> r_score::text || f_score || m_score', 'nine do not need that');
SELECT is(col_description('bins_3'::regclass, 7), 'Score of recency, 1 to 3, 3: the most recent.', 'the comments say how many');
SELECT is(col_description('bins_10'::regclass, 10), 'The three scores in a row: 10-10-10 is best.', 'and what is best');

-- the customary names, each score in its place among five
SELECT results_eq(
    'SELECT DISTINCT r_score, f_score, rfm_segment FROM bins_3 ORDER BY 1, 2',
    $$VALUES (1, 1, 'Hibernating'), (1, 2, 'At risk'), (1, 3, 'Can''t lose them'), (2, 1, 'About to sleep'), (2, 2, 'Needs attention'), (2, 3, 'Loyal'),
             (3, 1, 'New customers'), (3, 2, 'Potential loyalists'), (3, 3, 'Champions')$$, 'the names of terciles');
SELECT is(pg_temp.scores('bins_9', 'rfm_segment'), (SELECT string_agg(n.names[1 + round((r_score - 1) / 2.0)::integer][1 + round((f_score - 1) / 2.0)::integer], ',' ORDER BY customer)
    FROM bins_9, (SELECT segment_internal.rfm_names(5, NULL) AS names) n), 'those of nine');

-- ---- Cut-offs ----

CREATE TABLE few (customer text, day date, amount integer);
INSERT INTO few VALUES ('a', '2024-01-31', 100), ('b', '2024-01-01', 100), ('c', '2024-01-02', 50), ('c', '2024-01-01', 51), ('d', '2023-11-01', 500), ('d', '2023-10-01', 1), ('d', '2023-09-01', 1);
SELECT segment_rfm('few', 'customer', 'day', 'amount', cut_offs => '{"recency_days": [29, 60], "frequency": [1, 2], "monetary": [100, 1e2000]}');
SELECT results_eq('SELECT customer, recency_days, frequency, monetary, rfm_score FROM few_rfm ORDER BY customer',
    $$VALUES ('a', 0, 1::bigint, 100::numeric, '311'), ('b', 30, 1, 100, '211'), ('c', 29, 2, 101, '322'), ('d', 91, 3, 502, '132')$$,
    'a figure that equals a cut-off is below it; two cut-offs make three scores');
SELECT segment_rfm('few', 'customer', 'day', 'amount', cut_offs => '{"recency_days": [1, 7, 29]}', into_view => 'quarters');
SELECT results_eq('SELECT customer, rfm_score FROM quarters ORDER BY customer', $$VALUES ('a', '411'), ('b', '111'), ('c', '233'), ('d', '144')$$,
    'the other figures have as many scores, by quantiles');

-- ---- Names ----

SELECT segment_rfm('few', 'customer', 'day', 'amount', bins => 3, segment_names => '{{"lost","it''s","\"so\""},{"a","b, {c}","d%s"},{"new","","best"}}',
                   cut_offs => '{"recency_days": [29, 60], "frequency": [1, 2]}', into_view => 'named');
SELECT results_eq('SELECT customer, rfm_segment FROM named ORDER BY customer', $$VALUES ('a', 'new'), ('b', 'a'), ('c', ''), ('d', '"so"')$$, 'names of one''s own, as they are');

-- ---- A window ----

SELECT segment_rfm('few', 'customer', 'day', 'amount', time_window => '30 days', into_view => 'january');
SELECT results_eq('SELECT customer, frequency, monetary, recency_days, tenure_days FROM january ORDER BY customer', $$VALUES ('a', 1::bigint, 100::numeric, 0, 0), ('c', 1, 50, 29, 29)$$ ,
    'the last 30 days, that of the newest order among them: the day before is outside');
INSERT INTO few VALUES ('e', '2024-02-10', 7), ('f', '2025-01-01', -1), ('g', '2025-01-01', NULL), (NULL, '2025-01-01', 1);
SELECT results_eq('SELECT customer FROM january ORDER BY 1', $$VALUES ('a'), ('e')$$, 'which is looked up at each read, among what counts as an order');
SELECT segment_rfm('few', 'customer', 'day', 'amount', as_of => '2024-01-02', time_window => '1 month', into_view => 'december');
SELECT results_eq('SELECT customer, frequency, monetary FROM december ORDER BY customer', $$VALUES ('b', 1::bigint, 100::numeric), ('c', 2, 101)$$, 'before a day that is given');
SELECT is(obj_description('december'::regclass), 'Recency, frequency and monetary value of the customers of public.few, as of 2024-01-02 00:00:00+00, live, of the orders of the 1 mon before.', 'the view says so');
CREATE VIEW late_orders AS SELECT * FROM orders WHERE at > (SELECT max(at) - interval '400 days' FROM orders WHERE amount > 0);
SELECT segment_rfm('orders', 'customer', 'at', 'amount', time_window => '400 days', into_view => 'windowed'), segment_rfm('late_orders', 'customer', 'at', 'amount', into_view => 'filtered');
SELECT set_eq('SELECT w::text FROM windowed w', 'SELECT f::text FROM filtered f', 'as if there were no others');
CREATE TEMPORARY TABLE customers AS SELECT * FROM few;
ALTER TABLE customers RENAME TO "orders";
SELECT segment_rfm('pg_temp.orders', 'customer', 'day', 'amount', time_window => '30 days', into_view => 'pg_temp.passing');
SELECT set_eq('SELECT p::text FROM passing p', 'SELECT j::text FROM january j', 'whatever the table is called');
DROP VIEW passing;
DROP TABLE pg_temp.orders;

-- ---- Days ----

SELECT segment_rfm('orders', 'customer', 'at', 'amount', frequency_by => 'day', into_view => 'days');
SELECT results_eq('SELECT customer, frequency, monetary, average_order, recency_days FROM days ORDER BY 1',
    'SELECT o.customer, count(DISTINCT (o.at AT TIME ZONE ''UTC'')::date) FILTER (WHERE o.amount > 0), r.monetary, r.average_order, r.recency_days
       FROM orders o JOIN orders_rfm r USING (customer) GROUP BY o.customer, r.monetary, r.average_order, r.recency_days ORDER BY 1', 'days with orders; an average is of orders still');
SELECT ok((SELECT sum(frequency) FROM days) < (SELECT sum(frequency) FROM orders_rfm), 'which are fewer');
CREATE TABLE night AS SELECT 'a' AS customer, at, 1 AS amount FROM unnest('{2024-01-01 14:00+00, 2024-01-01 16:00+00, 2024-01-01 23:00+00}'::timestamptz[]) at;
SELECT segment_rfm('night', 'customer', 'at', 'amount', frequency_by => 'day', into_view => 'london');
SET LOCAL timezone = 'Asia/Tokyo';
SELECT segment_rfm('night', 'customer', 'at', 'amount', frequency_by => 'day', into_view => 'tokyo');
SELECT results_eq('SELECT l.frequency, t.frequency FROM london l, tokyo t', 'VALUES (1::bigint, 2::bigint)', 'days are those where the view was made');
SET LOCAL timezone = 'UTC';
SELECT results_eq('SELECT l.frequency, t.frequency FROM london l, tokyo t', 'VALUES (1::bigint, 2::bigint)', 'wherever it is read');
SELECT segment_rfm('few', 'customer', 'day', 'amount', NULL, 'all_days', 3, NULL, NULL, NULL, 'day');
SELECT is((SELECT sum(frequency) FROM all_days), 8::numeric, 'of dates');
SELECT is(col_description('all_days'::regclass, 3), 'Number of days with an order: a row with an amount above 0.', 'the comment says so');

-- ---- What is none ----

SELECT is(pg_temp.complaint('SELECT segment_rfm(''few'', ''customer'', ''day'', ''amount'', into_view => ''none'', ' || arguments || ')'), complaint, arguments) FROM (VALUES
    ('bins => 2', '22023 argument "bins" is 2 | It must be from 3, terciles, to 10, deciles.'),
    ('bins => 11', '22023 argument "bins" is 11 | It must be from 3, terciles, to 10, deciles.'),
    ('frequency_by => ''week''', '22023 unrecognized value "week" for argument "frequency_by" | Use one of order, day.'),
    ('frequency_by => NULL', '22004 argument "frequency_by" must not be NULL | '),
    ('time_window => ''-1 day''', '22023 argument "time_window" is -1 days | It must be above 0, as in ''2 years''.'),
    ('time_window => ''0''', '22023 argument "time_window" is 00:00:00 | It must be above 0, as in ''2 years''.'),
    ('cut_offs => ''[1, 2]''', '22023 argument "cut_offs" is [1, 2] | It is an object with lists of 2 to 9 numbers, as in ''{"recency_days": [30, 90, 365], "monetary": [50, 200, 1000]}''.'),
    ('cut_offs => ''{"frequency": [1]}''', '22023 argument "cut_offs" is {"frequency": [1]} | It is an object with lists of 2 to 9 numbers, as in ''{"recency_days": [30, 90, 365], "monetary": [50, 200, 1000]}''.'),
    ('cut_offs => ''{"frequency": [1, 2], "monetary": [1, 2, 3]}''', '22023 cut-offs of "monetary" are [1, 2, 3], not 2 numbers in ascending order | Between 3 scores there are 2 cut-offs; a figure that equals one is below it.'),
    ('cut_offs => ''{"frequency": [2, 2]}''', '22023 cut-offs of "frequency" are [2, 2], not 2 numbers in ascending order | Between 3 scores there are 2 cut-offs; a figure that equals one is below it.'),
    ('cut_offs => ''{"frequency": [1, "2"]}''', '22023 cut-offs of "frequency" are [1, "2"], not 2 numbers in ascending order | Between 3 scores there are 2 cut-offs; a figure that equals one is below it.'),
    ('cut_offs => ''{"frequency": [1, 2]}'', bins => 5', '22023 cut-offs of "frequency" are [1, 2], not 4 numbers in ascending order | Between 5 scores there are 4 cut-offs; a figure that equals one is below it.'),
    ('cut_offs => ''{"money": [1, 2]}''', '22023 unrecognized figure "money" in argument "cut_offs" | Use recency_days, frequency and monetary.'),
    ('segment_names => ''{a,b,c}''', '2202E argument "segment_names" has not 5 rows of 5 names | A row a score of recency, from 1, the longest ago; in it a name a score of frequency, from 1, the rarest.'),
    ('bins => 3, segment_names => ''{{a,b,c},{d,e,f},{g,h,NULL}}''', '2202E argument "segment_names" has not 3 rows of 3 names | A row a score of recency, from 1, the longest ago; in it a name a score of frequency, from 1, the rarest.')
    ) t (arguments, complaint);
SELECT is(to_regclass('none'), NULL, 'nothing is left of these');

SELECT * FROM finish();
ROLLBACK;
