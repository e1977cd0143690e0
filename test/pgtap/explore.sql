-- Looking at columns of any type: figures against pandas, NumPy and SciPy, whatever the processes, the layout and the
-- memory, and input of any kind.

BEGIN;
SELECT plan(107);

SET LOCAL client_min_messages = warning;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;

-- to ten digits
CREATE FUNCTION near(found float8, expected float8, description text) RETURNS text LANGUAGE sql AS
$$SELECT ok(abs(found - expected) <= 1e-10 * abs(expected), format('%s: %s', description, expected))
      || CASE WHEN abs(found - expected) <= 1e-10 * abs(expected) THEN '' ELSE E'\n' || diag(format('found %s', found)) END$$;

-- missing values and NaN, ties, a heavy tail, a constant
CREATE TABLE points AS
SELECT i AS id, (i * 7919 % 1009) / 10.0 AS a, i * 104729 % 997 AS b, CASE WHEN i % 7 > 0 THEN i % 13 END AS c,
       CASE WHEN i % 11 = 0 THEN 'NaN' ELSE (i * 7919 % 1009) / 5.0 + i * 31 % 17 END::float8 AS d,
       exp((i * 104729 % 997) / 100.0::float8) AS e, i % 3 = 0 AS f, 5 AS k,
       CASE WHEN i % 19 > 0 THEN chr(65 + i % 4) END AS g, CASE i * i % 7 WHEN 1 THEN 'low' WHEN 2 THEN 'mid' ELSE 'high' END AS h
  FROM generate_series(1, 500) i;
ALTER TABLE points ADD PRIMARY KEY (id);

-- segment_describe, against pandas and scipy.stats

SELECT results_eq($$SELECT column_name, rows, missing, distinct_values, outliers, most_common FROM segment_describe('points')$$,
    $$VALUES ('id', 500::bigint, 0::bigint, 500::bigint, 0::bigint, '1'), ('a', 500, 0, 500, 0, '0.1'), ('b', 500, 0, 500, 0, '1'),
             ('c', 500, 71, 13, 0, '4'), ('d', 500, 45, 324, 0, '9.6'), ('e', 500, 0, 500, 81, '1.010050167084168'),
             ('f', 500, 0, 2, 0, 'false'), ('k', 500, 0, 1, 0, '5'), ('g', 500, 26, 4, NULL, 'A'), ('h', 500, 0, 3, NULL, 'high')$$,
    'counts');
SELECT near(found, expected, what) FROM segment_describe('points', '{c}'), LATERAL (VALUES
    (mean, 5.979020979020979::float8, 'mean'), (stddev, 3.738794038149165, 'standard deviation'), (skewness, 0.01482663521122528, 'skewness'),
    (kurtosis, -1.2096314928503644, 'kurtosis'), (most_common_share, 0.07925407925407925, 'share of the most common value')) v (found, expected, what);
SELECT near(found, expected, what) FROM segment_describe('points', '{d}'), LATERAL (VALUES
    (p1, 9.232::float8, 'p1'), (p5, 17.8, 'p5'), (p25, 54.1, 'p25'), (median, 106, 'median'), (p75, 157.6, 'p75'), (p95, 194.86, 'p95'),
    (p99, 205.4, 'p99'), (mean, 106.11560439560441, 'mean')) v (found, expected, what);
SELECT near(found, expected, what) FROM segment_describe('points', '{e}'), LATERAL (VALUES
    (mean, 2061.560896156158::float8, 'mean'), (stddev, 4117.4813693746255, 'standard deviation'), (skewness, 2.5286071158705323, 'skewness'),
    (kurtosis, 5.8743555681315485, 'kurtosis')) v (found, expected, what);
SELECT near(most_common_share, 119 / 474.0, 'share of the most common text, the first of two') FROM segment_describe('points', '{g}');

-- segment_correlation, against pandas

CREATE TABLE correlations AS
SELECT 'pearson' AS method, c.* FROM segment_correlation('points') c UNION ALL
SELECT 'spearman', c.* FROM segment_correlation('points', method => 'spearman') c;
SELECT near(r, expected, format('%s %s %s', method, x, y))
  FROM (VALUES ('pearson', 'a', 'b', 0.005169218766403243::float8), ('pearson', 'a', 'c', -0.01776261726512755),
               ('pearson', 'a', 'd', 0.9963709238933754), ('pearson', 'b', 'e', 0.6939316932834524),
               ('pearson', 'd', 'e', -0.008947264426165643), ('pearson', 'c', 'f', 0.001322566211239611),
               ('spearman', 'a', 'b', 0.0051873807495229985), ('spearman', 'a', 'c', -0.017664293548475863),
               ('spearman', 'a', 'd', 0.9961904242100234), ('spearman', 'b', 'e', 1),
               ('spearman', 'd', 'e', -0.013170370605929063), ('spearman', 'c', 'f', 0.0012815118568195029)) v (method, x, y, expected)
  JOIN correlations USING (method, x, y);
SELECT is(count(*), 98::bigint, 'each column with each, but the key') FROM correlations;
SELECT is(array_agg(x), '{a,a,a,a,a,a,a,b}', 'in the order of the columns')
  FROM (SELECT x FROM segment_correlation('points') LIMIT 8) c;
SELECT is_empty($$SELECT method, c.x, c.y, c.r, s.r FROM correlations c JOIN correlations s USING (method) WHERE c.x = s.y AND c.y = s.x AND c.r IS DISTINCT FROM s.r$$,
    'symmetric to the last bit');
SELECT is_empty($$SELECT * FROM correlations WHERE (r IS NULL) <> ('k' IN (x, y)) OR (x = y AND x <> 'k' AND r <> 1)$$,
    'each with itself 1, a constant with nothing');

-- segment_histogram, against numpy.histogram

SELECT results_eq($$SELECT bin, rows FROM segment_histogram('points', 'a', 7)$$,
    'VALUES (1, 71::bigint), (2, 72), (3, 71), (4, 72), (5, 71), (6, 72), (7, 71)', 'rows');
SELECT results_eq($$SELECT lower, upper FROM segment_histogram('points', 'd', 5)$$,
    $$VALUES (4.4::float8, 45.919999999999995::float8), (45.919999999999995, 87.44), (87.44, 128.95999999999998), (128.95999999999998, 170.48), (170.48, 212)$$,
    'edges to the last bit');
SELECT results_eq($$SELECT rows FROM segment_histogram('points', 'd', 5)$$, 'VALUES (93::bigint), (90), (100), (90), (82)', 'without NaN');
SELECT results_eq($$SELECT rows FROM segment_histogram('points', 'c', 4)$$, 'VALUES (99::bigint), (101), (98), (131)',
    'a value on an edge is in the upper bin, but the last');
SELECT results_eq($$SELECT lower, rows FROM segment_histogram('points', 'k', 3)$$,
    'VALUES (4.5::float8, 0::bigint), (4.833333333333333, 500), (5.166666666666667, 0)', 'a constant is in the middle');
SELECT is(row(count(*), sum(rows), min(lower), max(upper))::text, '(20,500,0,1)', 'a boolean is 0 or 1, and 20 bins are usual')
  FROM segment_histogram('points', 'f');

-- segment_outliers

SELECT near(found, expected, what) FROM (SELECT count(*) AS n, sum(value) AS total, min(lower) AS lower, max(upper) AS upper FROM segment_outliers('points')) o,
    LATERAL (VALUES (n, 81::float8, 'as many values beyond the fences'), (total, 826678.9801092277, 'their sum'),
                    (lower, -2477.307112335085, 'the lower fence'), (upper, 4158.461893769034, 'the upper fence')) v (found, expected, what);
SELECT near(found, expected, what) FROM (SELECT count(*) AS n, min(lower) AS lower, max(upper) AS upper FROM segment_outliers('points', '{e,a}', 'zscore', 2)) o,
    LATERAL (VALUES (n, 37::float8, 'beyond two standard deviations'), (lower, -6173.4018425930935, 'lower'), (upper, 10296.523634905408, 'upper')) v (found, expected, what);
SELECT results_eq($$SELECT key, column_name, value FROM segment_outliers('points', '{e,b}', 'zscore', 1.7) WHERE column_name = 'b' OR value > 21000$$,
    $$SELECT jsonb_build_object('id', id), n, v FROM (SELECT id, 1 AS o, 'e' AS n, e AS v FROM points WHERE e > 21000 UNION ALL
      SELECT id, 2, 'b', b FROM points WHERE abs(b - (SELECT avg(b) FROM points)) > 1.7 * (SELECT stddev_pop(b) FROM points)) o ORDER BY o, v$$,
    'by column, then by value');

-- segment_crosstab, against scipy.stats.contingency.association

SELECT near(max(cramers_v), 0.008907793686923097, 'Cramer''s V') FROM segment_crosstab('points', 'g', 'h');
SELECT is(row(count(*), sum(rows), count(DISTINCT cramers_v))::text, '(12,474,1)', 'a row a pair of values that are there')
  FROM segment_crosstab('points', 'g', 'h');
SELECT results_eq($$SELECT row_value, column_value, rows, round(share::numeric, 9), round(row_share::numeric, 9), round(column_share::numeric, 9)
                      FROM segment_crosstab('points', 'g', 'h') LIMIT 2$$,
    $$VALUES ('A', 'high', 51::bigint, 0.107594937, 0.428571429, 0.250000000), ('A', 'low', 34, 0.071729958, 0.285714286, 0.251851852)$$, 'shares');
SELECT near(min(cramers_v), 0.020596313864290866, 'of any types') FROM segment_crosstab('points', 'c', 'f');
CREATE TABLE grid AS SELECT x, y, x * 3 AS z FROM generate_series(1, 3) x, generate_series(1, 7) y;
SELECT is(max(cramers_v), 0::float8, 'independent columns: 0') FROM segment_crosstab('grid', 'x', 'y');
SELECT is(row(min(cramers_v), count(*))::text, '(1,3)', 'one tells the other: 1') FROM segment_crosstab('grid', 'x', 'z');
SELECT is(max(cramers_v), NULL::float8, 'one value goes with nothing') FROM segment_crosstab('points', 'k', 'h');

-- the same bits whatever the processes and the layout

CREATE FUNCTION looks(source regclass) RETURNS TABLE (what text, figures text) LANGUAGE sql AS $$
    SELECT 'describe', d::text FROM segment_describe(source) d UNION ALL
    SELECT 'pearson', c::text FROM segment_correlation(source, '{x,y,m}') c UNION ALL
    SELECT 'spearman', c::text FROM segment_correlation(source, '{x,y,m}', 'spearman') c UNION ALL
    SELECT 'histogram', h::text FROM segment_histogram(source, 'x') h UNION ALL
    SELECT 'outliers', o::text FROM segment_outliers(source, '{y}') o UNION ALL
    SELECT 'crosstab', c::text FROM segment_crosstab(source, 'z', 't') c$$;
CREATE TABLE many AS
SELECT i AS id, hashint4(i) / 1e9 AS x, exp(hashint4(i + 7) / 1e9)::numeric AS y, CASE WHEN hashint4(i + 9) % 5 <> 0 THEN hashint4(i) / 1e9 + hashint4(i + 3) / 2e9 END AS m,
       i % 7 AS z, 't' || hashint4(i + 2) % 100 AS t, '2020-01-01'::timestamp + i * interval '61 minutes' AS d
  FROM generate_series(1, 120000) i;
ALTER TABLE many ADD PRIMARY KEY (id);
SET LOCAL segment.max_parallel_workers = 0;
CREATE TABLE alone AS SELECT * FROM looks('many');
SET LOCAL segment.max_parallel_workers = 2;
SELECT set_eq($$SELECT * FROM looks('many')$$, 'SELECT * FROM alone', 'the same bits from three processes');
CREATE TABLE shuffled AS SELECT * FROM many ORDER BY hashint4(id + 1);
ALTER TABLE shuffled ADD PRIMARY KEY (id);
SELECT set_eq($$SELECT * FROM looks('shuffled')$$, 'SELECT * FROM alone', 'and in another order of the rows');

-- rows that memory does not hold: some columns at a time, or by passes and a sample

CREATE TABLE crowd AS
SELECT i AS id, hashint4(i) % 1000000 / 7.0 AS x, i % 90 = 0 AS y, 'v' || hashint4(i) % 1000 AS t FROM generate_series(1, 1800000) i;
ALTER TABLE crowd ADD PRIMARY KEY (id);
CREATE TABLE exact AS SELECT * FROM segment_describe('crowd', '{x,y,t}');
CREATE TABLE ranked AS SELECT * FROM segment_correlation('crowd', '{x,y}', 'spearman');
CREATE TABLE linear AS SELECT * FROM segment_correlation('crowd', '{x,y}');
SET LOCAL segment.work_mem = '20MB';
SELECT set_eq($$SELECT * FROM segment_describe('crowd', '{x,y,t}')$$, 'SELECT * FROM exact', 'some columns at a time: the same figures');
SET LOCAL segment.work_mem = '1MB';
CREATE TABLE sketched AS SELECT * FROM segment_describe('crowd', '{x,y,t}');
SELECT set_eq($$SELECT column_name, rows, missing, mean, stddev, min, p1, p5, p25, median, p75, p95, p99, max, skewness, kurtosis, outliers FROM sketched$$,
              $$SELECT column_name, rows, missing, mean, stddev, min, p1, p5, p25, median, p75, p95, p99, max, skewness, kurtosis, outliers FROM exact$$,
              'by passes: the same moments, quantiles and outliers');
SELECT is_empty($$SELECT s.column_name, s.distinct_values, e.distinct_values FROM sketched s JOIN exact e USING (column_name)
                   WHERE abs(s.distinct_values - e.distinct_values) > 0.03 * e.distinct_values$$, 'distinct values within four standard errors');
SELECT ok(s.most_common = e.most_common AND abs(s.most_common_share - e.most_common_share) < 0.001, 'the most common value and its share')
  FROM sketched s JOIN exact e USING (column_name) WHERE column_name = 'y';
SELECT set_eq($$SELECT * FROM segment_correlation('crowd', '{x,y}')$$, 'SELECT * FROM linear', 'Pearson''s coefficients are exact');
SELECT is_empty($$SELECT ranked.r, s.r FROM ranked JOIN segment_correlation('crowd', '{x,y}', 'spearman') s USING (x, y) WHERE abs(ranked.r - s.r) > 0.005$$,
    'ranks in a sample');
RESET segment.work_mem;

-- any type, any name, any value

CREATE TABLE zoo (day date, moment timestamp, zoned timestamptz, span interval, raw bytea, doc json, xid xid, place point, list integer[], word varchar(3),
                  padded char(5), id uuid, "a ""b" text, "select" bigint, value float8, key text, source numeric, lower integer, bin integer);
INSERT INTO zoo SELECT '2020-01-01'::date + i, '2020-01-01'::timestamp + i * interval '6 hours', '2020-01-01 12:00+00'::timestamptz, i * interval '1 day',
       '\x00', '{"a": 1}', '7', '(1,2)', ARRAY[i % 2, NULL], '', 'c', ('00000000-0000-0000-0000-' || lpad(i::text, 12, '0'))::uuid,
       CASE i % 3 WHEN 0 THEN repeat('x', 10000) WHEN 1 THEN 'it''s "=" \ %' END, i + 1000000000000, CASE WHEN i = 10 THEN 100 ELSE i END, 'k', i, i, i
  FROM generate_series(1, 10) i;
SELECT results_eq(
    $$SELECT column_name, missing, distinct_values, left(most_common, 30), round(most_common_share::numeric, 9) FROM segment_describe('zoo') WHERE column_name <> 'zoned'$$,
    $$VALUES ('day', 0::bigint, 10::bigint, '2020-01-02', 0.1), ('moment', 0, 10, '2020-01-01 06:00:00', 0.1), ('span', 0, 10, '1 day', 0.1), ('raw', 0, 1, '\x00', 1),
             ('doc', 0, 1, '{"a": 1}', 1), ('xid', 0, 1, '7', 1), ('place', 0, 1, '(1,2)', 1), ('list', 0, 2, '{0,NULL}', 0.5), ('word', 0, 1, '', 1), ('padded', 0, 1, 'c', 1),
             ('id', 0, 10, '00000000-0000-0000-0000-000000', 0.1), ('a "b', 3, 2, 'it''s "=" \ %', 0.571428571), ('select', 0, 10, '1000000000001', 0.1),
             ('value', 0, 10, '1', 0.1), ('key', 0, 1, 'k', 1), ('source', 0, 10, '1', 0.1), ('lower', 0, 10, '1', 0.1), ('bin', 0, 10, '1', 0.1)$$,
    'counts of any type');
SELECT is(row(min, median, max)::text, '(18262.25,18263.375,18264.5)', 'a timestamp is days since 1970') FROM segment_describe('zoo', '{moment}');
SELECT is(row(mean, max)::text, '(5.5,10)', 'an interval is days') FROM segment_describe('zoo', '{span}');
SELECT results_eq($$SELECT lower, rows FROM segment_histogram('zoo', 'day', 3)$$, 'VALUES (18263::float8, 3::bigint), (18266, 3), (18269, 4)', 'a histogram of dates');
SELECT is(array_agg(r), '{1,1,1,1}', 'dates correlate') FROM segment_correlation('zoo', '{day,span}');
SELECT results_eq($$SELECT key, column_name, value FROM segment_outliers('zoo', '{value,source,lower,bin}')$$,
    $$VALUES (NULL::jsonb, 'value', 100::float8)$$, 'names that are ours; no key, no key');
SELECT is(row(count(*), max(rows))::text, '(2,4)', 'texts of any length') FROM segment_crosstab('zoo', 'a "b', 'doc');
UPDATE zoo SET day = 'infinity', value = '-infinity' WHERE lower = 1;
SELECT is(row(max, mean, p25)::text, '(Infinity,,18266.25)', 'an infinite date has quantiles, but no mean') FROM segment_describe('zoo', '{day}');
SELECT throws_ok($$SELECT * FROM segment_histogram('zoo', 'day')$$, '22003', 'column "day" of relation "zoo" has infinite values', 'but no histogram');
SELECT throws_ok($$SELECT * FROM segment_correlation('zoo', '{lower,value}')$$, '22003', 'column "value" of relation "zoo" has infinite values', 'nor coefficients');
SELECT throws_ok($$SELECT * FROM segment_outliers('zoo', '{value}')$$, '22003', 'column "value" of relation "zoo" has infinite values', 'nor fences');

CREATE TABLE huge AS SELECT unnest('{1e300,-1e300,1e308,-1.7e308,3}'::float8[]) AS x, unnest('{1e-300,2e-300,3e-300,4e-300,NaN}'::float8[]) AS y;
SELECT is(row(mean::text::numeric / 1e307, round(stddev::text::numeric / 1e300))::text, '(-1.3999999999999998,87086164)', 'moments of huge values') FROM segment_describe('huge', '{x}');
SELECT is(array_agg(rows), '{1,0,3,1}', 'their histogram') FROM segment_histogram('huge', 'x', 4);
SELECT is(round(r::numeric, 6), -0.472326, 'and how they go with tiny ones') FROM segment_correlation('huge') WHERE (x, y) = ('x', 'y');

CREATE TABLE empty (x integer, t text);
SELECT results_eq($$SELECT 'd', column_name, most_common FROM segment_describe('empty') UNION ALL SELECT 'h', lower::text, NULL FROM segment_histogram('empty', 'x')
                     UNION ALL SELECT 'c', x, r::text FROM segment_correlation('empty') UNION ALL SELECT 's', x, r::text FROM segment_correlation('empty', NULL, 'spearman')
                     UNION ALL SELECT 'o', column_name, NULL FROM segment_outliers('empty') UNION ALL SELECT 't', row_value, NULL FROM segment_crosstab('empty', 'x', 't')$$,
    $$VALUES ('d', 'x', NULL), ('d', 't', NULL), ('c', 'x', NULL), ('s', 'x', NULL)$$, 'no rows');
INSERT INTO empty VALUES (1, NULL);
SELECT results_eq($$SELECT 'd', column_name, most_common FROM segment_describe('empty') UNION ALL SELECT 'c', x, r::text FROM segment_correlation('empty')
                     UNION ALL SELECT 'o', column_name, NULL FROM segment_outliers('empty') UNION ALL SELECT 't', row_value, NULL FROM segment_crosstab('empty', 'x', 't')$$,
    $$VALUES ('d', 'x', '1'), ('d', 't', NULL), ('c', 'x', NULL)$$, 'one row');
SELECT is(row(lower, upper, rows)::text, '(0.5,1.5,1)', 'a bin of one row') FROM segment_histogram('empty', 'x', 1);

SELECT format('CREATE TABLE wide AS SELECT %s FROM generate_series(1, 20) i', string_agg(format('hashint4(i + %s) %% 100 AS w%s', c, c), ', '))
  FROM generate_series(1, 500) c \gexec
SELECT is(row(count(*), count(DISTINCT mean) > 100)::text, '(500,t)', '500 columns described') FROM segment_describe('wide');
SELECT is(row(count(*), count(r))::text, '(250000,250000)', 'and correlated') FROM segment_correlation('wide');

-- errors

SELECT throws_ok($$SELECT * FROM segment_histogram('points', 'aa')$$, '42703', 'column "aa" of relation "points" does not exist', 'an unknown column');
SELECT throws_ok($$SELECT * FROM segment_histogram('points', NULL)$$, '22004', 'argument "column_name" must not be NULL', 'no column');
SELECT throws_ok($$SELECT * FROM segment_histogram('points', 'g')$$, '42809', 'column "g" of relation "points" has type text, which is not a number', 'a text');
SELECT throws_ok($$SELECT * FROM segment_histogram('points', 'a', 0)$$, '22023', 'argument "bins" is 0', 'no bins');
SELECT throws_ok($$SELECT * FROM segment_histogram('points', 'a', 10001)$$, '22023', 'argument "bins" is 10001', 'too many bins');
SELECT throws_ok($$SELECT * FROM segment_histogram('points_pkey', 'a')$$, '42809', '"points_pkey" has no rows to segment', 'an index');
SELECT throws_ok($$SELECT * FROM segment_correlation('points', '{a,a}')$$, '42701', 'column "a" appears more than once in argument "columns"', 'a column twice');
SELECT throws_ok($$SELECT * FROM segment_correlation('points', '{a,g}')$$, '42809', 'column "g" of relation "points" has type text, which is not a number', 'a text');
SELECT throws_ok($$SELECT * FROM segment_correlation('points', method => 'kendall')$$, '22023', 'unrecognized value "kendall" for argument "method"', 'an unknown method');
SELECT throws_ok($$SELECT * FROM segment_outliers('points', method => NULL)$$, '22004', 'argument "method" must not be NULL', 'no method');
SELECT throws_ok($$SELECT * FROM segment_outliers('points', threshold => 'NaN')$$, '22023', 'argument "threshold" is NaN', 'no threshold');
SELECT throws_ok($$SELECT * FROM segment_crosstab('points', 'g', NULL)$$, '22004', 'argument "column_column" must not be NULL', 'one column');
SELECT throws_ok($$SELECT * FROM segment_crosstab(NULL, 'g', 'h')$$, '22004', 'argument "source" must not be NULL', 'no source');

-- the most common value as its type writes it, and beyond what arithmetic can do

CREATE TABLE texts AS SELECT 0.1::real AS short, interval '170000000 years' AS eons, interval '90 minutes' AS span FROM generate_series(1, 3);
SELECT is(most_common, expected, column_name)
  FROM segment_describe('texts') JOIN (VALUES ('short', '0.1'), ('eons', '62092500000 days'), ('span', '01:30:00')) v (column_name, expected) USING (column_name);

-- in a schema whose name is no format

DROP EXTENSION segment CASCADE;
CREATE SCHEMA "50% off";
CREATE EXTENSION segment SCHEMA "50% off";
GRANT USAGE ON SCHEMA "50% off" TO PUBLIC;
SET LOCAL search_path = public, "50% off";
SELECT results_eq($$SELECT most_common FROM segment_describe('points', '{g,h}')$$, '{A,high}'::text[], 'describe');
SELECT is(sum(rows), 500::numeric, 'histogram') FROM segment_histogram('points', 'a');
SELECT is(count(*), 81::bigint, 'outliers') FROM segment_outliers('points', '{e}');

-- with the reader's rights

CREATE ROLE segment_reader;
GRANT SELECT (a, g, h) ON points TO segment_reader;
SET LOCAL ROLE segment_reader;
SELECT is(row(count(*) > 0, count(key))::text, '(t,0)', 'who may not read the key gets none') FROM segment_outliers('points', '{a}', 'zscore', 1.7);
SELECT is(count(*), 2::bigint, 'columns that one may read') FROM segment_describe('points', '{a,g}');
SELECT throws_ok($$SELECT * FROM segment_describe('points', '{b}')$$, '42501', 'permission denied for table points', 'and one that one may not');
SELECT throws_ok($$SELECT * FROM segment_crosstab('points', 'g', 'f')$$, '42501', 'permission denied for table points', 'in a crosstab neither');
RESET ROLE;
SET LOCAL transaction_read_only = on;
SELECT isnt_empty($$SELECT * FROM looks('many')$$, 'a read-only transaction looks');

SELECT * FROM finish();
ROLLBACK;
