-- Columns whose values 32 bits hold take no more in memory, and the model is the same, bit for bit, as by doubles.

BEGIN;
SELECT plan(15);

SET LOCAL client_min_messages = warning;

-- More rows than the sample has, in clouds that overlap: reals with NaN, -0 and the least and greatest, integers with
-- both ends of their range but the least, dates with theirs, and values that are missing.
CREATE TABLE narrow AS
SELECT i AS id,
	CASE i WHEN 1 THEN 'NaN' WHEN 2 THEN '-0' WHEN 3 THEN 3e38 WHEN 4 THEN -1e-44 WHEN 5 THEN NULL ELSE sin(i * 12.9898) + i % 3 END::real AS r,
	CASE i % 1000 WHEN 7 THEN NULL WHEN 8 THEN -32768 WHEN 9 THEN 32767 ELSE hashint4(i) % 100 + 40 * (i % 3) END::smallint AS s,
	CASE i WHEN 10 THEN NULL WHEN 11 THEN -2147483647 WHEN 12 THEN 2147483647 ELSE hashint4(i + 7) % 100000 * 1001 + i % 3 END::integer AS n,
	CASE i WHEN 13 THEN NULL WHEN 14 THEN '4713-01-01 BC' WHEN 15 THEN '5874897-12-31' ELSE date '2020-01-01' + i % 5000 END AS d,
	i % 7 = 0 AS b, ARRAY[i % 11, NULLIF(i % 13, 0)]::real[] AS v, cos(i * 78.233) AS x, 1 + i % 3 AS w
FROM generate_series(1, 50000) AS i;
CREATE TABLE wide AS
SELECT id, r::float8, s::float8, n::float8, (d - '1970-01-01')::float8 AS d, b::integer::float8 AS b, v::float8[], x, w::float8 FROM narrow;

CREATE FUNCTION pg_temp.fit_bits(source regclass, options text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	run        segment_run;
	assignment text;
BEGIN
	EXECUTE format('SELECT * FROM segment_kmeans(%L, model => ''same'', replace => true, k => 5, features => ''{r,s,n,d,v,x}'', %s)',
		source, options) INTO run;
	SELECT string_agg(concat_ws(' ', id, segment, float4send(distance), float4send(margin)), E'\n' ORDER BY id)
	INTO assignment FROM same_assignment;
	RETURN concat_ws(E'\n', float8send(run.inertia), float8send(run.silhouette), run.iterations,
		(SELECT string_agg(concat_ws(' ', segment, feature, float8send(mean), float8send(stddev), float8send(min), float8send(max)), E'\n'
			ORDER BY segment, feature) FROM segment_profile('same')), md5(assignment));
END
$$;

CREATE TEMPORARY TABLE option_sets (n integer, options text);
INSERT INTO option_sets VALUES
	(1, $$key => '{id}', n_init => 1$$), (2, $$key => '{id}', scaling => 'robust', missing => 'skip', outliers => 'skip'$$),
	(3, $$key => '{id}', sample_weight => 'w', n_init => 1, transform => 'yeo-johnson'$$), (4, $$key => '{id}', distance => 'cosine', n_init => 1$$);
CREATE TEMPORARY TABLE fits AS SELECT n, options, pg_temp.fit_bits('narrow', options) AS bits FROM option_sets;
SELECT is(bits, pg_temp.fit_bits('wide', options), 'narrow and wide: ' || options) FROM fits ORDER BY n;
SELECT is(count(DISTINCT bits), 4::bigint, 'other options are other models') FROM fits;

-- in one process, and in several
SET LOCAL segment.max_parallel_workers = 0;
SELECT is(pg_temp.fit_bits('narrow', options), bits, 'one process: ' || options) FROM fits WHERE n < 3 ORDER BY n;
SET LOCAL segment.max_parallel_workers = 2;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL parallel_setup_cost = 0;
SELECT is(pg_temp.fit_bits('narrow', options), bits, 'several: ' || options) FROM fits WHERE n < 3 ORDER BY n;

-- what 32 bits do not hold beside a missing value
UPDATE narrow SET n = -2147483648 WHERE id = 40000;
UPDATE wide SET n = -2147483648 WHERE id = 40000;
SELECT isnt(pg_temp.fit_bits('narrow', options), bits, 'the least integer makes another model') FROM fits WHERE n = 1;
SELECT is(pg_temp.fit_bits('narrow', options), pg_temp.fit_bits('wide', options), 'the same, narrow and wide') FROM fits WHERE n = 1;
UPDATE narrow SET d = '-infinity' WHERE id = 30000;
UPDATE wide SET d = '-infinity' WHERE id = 30000;
SELECT throws_ok($$SELECT pg_temp.fit_bits('narrow', 'key => ''{id}''')$$, '22003', NULL, 'an infinite date is an error');
SELECT throws_ok($$SELECT pg_temp.fit_bits('wide', 'key => ''{id}''')$$, '22003', NULL, 'as it is in a double');

-- without a key rows are chosen by what they hold
UPDATE narrow SET d = NULL WHERE id = 30000;
UPDATE wide SET d = NULL WHERE id = 30000;
CREATE FUNCTION pg_temp.keyless(source regclass) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', float8send(inertia), iterations, rows_read) FROM segment_kmeans($1, 5, model => 'keyless', replace => true,
		features => '{r,s,n,d,v,x}', assignment => 'none', n_init => 1);
$$;
SELECT is(pg_temp.keyless('narrow'), pg_temp.keyless('wide'), 'without a key');

-- 32 MB of rows, with room for them but not for them and their packed copy
CREATE TABLE long AS SELECT i AS id, ARRAY(SELECT (hashint4(i * 200 + j) % 1000 + i % 4 * (j % 7) * 100)::float8 FROM generate_series(1, 200) j) AS a
  FROM generate_series(1, 20000) i;
CREATE FUNCTION pg_temp.long_bits(memory text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	run segment_run;
BEGIN
	PERFORM set_config('segment.work_mem', memory, true);
	run := segment_kmeans('long', 12, '{a}', 'long', '{id}', n_init => 1, max_iter => 12, tol => 0, replace => true);
	RETURN concat_ws(' ', float8send(run.inertia), run.iterations,
		(SELECT md5(string_agg(a::text, ',' ORDER BY id)) FROM long_assignment a));
END
$$;
SELECT is(pg_temp.long_bits('8MB'), pg_temp.long_bits('100MB'), 'rows that are packed on the way, each time');

SELECT * FROM finish();
ROLLBACK;
