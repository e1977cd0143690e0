-- How sources are read: wide ones, all types, few rows, and what must not be read at all.

BEGIN;
SELECT plan(28);

SET LOCAL client_min_messages = warning;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL max_parallel_workers_per_gather = 4;
SET LOCAL segment.max_parallel_workers = 4;

-- Two segments of two rows each; centroids are the means, which tests compare with SQL's.
CREATE FUNCTION pg_temp.centroids_of(source regclass, options text DEFAULT '') RETURNS TABLE (feature text, "values" float8[])
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('SELECT segment_kmeans(%L, 2, %s model => ''read'', replace => true, scaling => ''none'')', source,
		CASE WHEN options <> '' THEN options || ', ' ELSE '' END);
	RETURN QUERY SELECT c.feature, array_agg(c.value ORDER BY c.value) FROM segment_centroids('read') c GROUP BY 1;
END
$$;

-- many columns: as many as a function has arguments, more, and as many as a table can have

SELECT format('CREATE TABLE wide_%s AS SELECT i AS id, %s FROM unnest(''{1,2,11,12}''::integer[]) AS i', n,
	string_agg(format('(i * %s)::real AS c%s', c, c), ', '))
FROM unnest('{96,97,98,99,100,1000,1599}'::integer[]) AS n, generate_series(1, n) AS c GROUP BY n \gexec
SELECT set_eq(format('SELECT * FROM pg_temp.centroids_of(''wide_%s'', $$key => ''{id}''$$)', n),
	format('SELECT ''c'' || c, ARRAY[1.5 * c, 11.5 * c]::float8[] FROM generate_series(1, %s) AS c', n),
	n || ' columns and a key')
FROM unnest('{96,97,98,99,100,1000}'::integer[]) AS n;
SELECT set_eq($$SELECT * FROM pg_temp.centroids_of('wide_1599', 'key => ''{}'', features => (SELECT array_agg(''c'' || c) FROM generate_series(1, 1599) c)')$$,
	$$SELECT 'c' || c, ARRAY[1.5 * c, 11.5 * c]::float8[] FROM generate_series(1, 1599) AS c$$, '1,599 columns');

-- dropped columns, domains, all types

CREATE DOMAIN euro AS numeric(10, 2) CHECK (value >= 0);
CREATE DOMAIN cheap AS euro;
CREATE TABLE typed (gone text, id bigint PRIMARY KEY, b boolean, also_gone integer, i2 smallint, i4 integer, i8 bigint,
	r real, d float8, n numeric, e euro, c cheap);
INSERT INTO typed SELECT 'x', i, i > 10, i, i, i, i, i, i, i, i, i FROM unnest('{1,2,11,12}'::integer[]) AS i;
ALTER TABLE typed DROP gone, DROP also_gone;
SELECT set_eq($$SELECT * FROM pg_temp.centroids_of('typed')$$,
	$$SELECT f, CASE f WHEN 'b' THEN '{0,1}' ELSE '{1.5,11.5}' END::float8[] FROM unnest('{b,i2,i4,i8,r,d,n,e,c}'::text[]) AS f$$,
	'dropped columns, domains over domains, all types');

-- numeric: of every length, the double that a cast gives

CREATE TEMPORARY TABLE numbers AS
SELECT row_number() OVER () AS no, n FROM (
	SELECT s * trunc(('0.' || repeat('8412379056', 5))::numeric * 10::numeric ^ digits) * ('1e' || shift)::numeric AS n
	FROM generate_series(1, 40) AS digits, unnest('{-30,-16,-8,-5,-4,-1,0,1,4,5,8,12,16,20}'::integer[]) AS shift,
		unnest('{1,-1}'::integer[]) AS s
	UNION ALL SELECT unnest('{0,-0,0.0000,1e-4,1e-8,1e4,1e8,1e16,1e20,1e-20,9999,10000,99999999,9007199254740991,
		9007199254740992,9007199254740993,9007199254740995,-9007199254740993,0.9007199254740993,9007199254740.993,
		9007199254740993e4,1234567890123456,12345678901234567,0.30000000000000004,1e308,-1e308,1e-308,4e-324}'::numeric[])
	UNION ALL SELECT NULL UNION ALL SELECT 'NaN') AS v;
SELECT format('CREATE VIEW number_columns AS SELECT %s', string_agg(format('%L::numeric AS n%s', n, no), ', '))
FROM numbers \gexec
SELECT set_eq($$SELECT column_name, float8send(min) FROM segment_describe('number_columns')$$,
	$$SELECT 'n' || no, float8send(nullif(n, 'NaN')::float8) FROM numbers$$, 'numeric: bit for bit what a cast gives');
CREATE TABLE number_rows AS SELECT no::integer AS id, n FROM numbers WHERE n IS DISTINCT FROM -1e308;
SELECT lives_ok($$SELECT segment_kmeans('number_rows', 2, key => '{id}', missing => 'zero', features => '{n}', model => 'read', replace => true)$$,
	'numeric: as rows of a fit');
SELECT results_eq($$SELECT float8send(min), float8send(max), imputed FROM segment_internal.catalog_feature f JOIN segment_internal.catalog_model m USING (model_id, run) WHERE m.name = 'read'$$,
	$$SELECT float8send(min(n)::float8), float8send(1e308), 2::bigint FROM number_rows$$, 'with their least, their greatest, and a missing and a NaN');
INSERT INTO number_rows VALUES (-1, 'infinity');
SELECT throws_ok($$SELECT segment_kmeans('number_rows', 2, key => '{id}', features => '{n}', model => 'never')$$,
	'22003', 'column "n" contains an infinite value', 'numeric: infinity');
UPDATE number_rows SET n = '-1e400' WHERE id = -1;
SELECT throws_ok($$SELECT segment_kmeans('number_rows', 2, key => '{id}', features => '{n}', model => 'never')$$,
	'22003', 'column "n" contains an infinite value', 'numeric: beyond double');

-- few rows, and fewer than processes

CREATE TABLE nothing (id integer PRIMARY KEY, x float8);
SELECT throws_ok($$SELECT segment_kmeans('nothing', 1)$$, '22023', 'relation "nothing" has no rows', 'no row');
CREATE TABLE one AS SELECT 1 AS id, 5.0::float8 AS x;
SELECT throws_ok($$SELECT segment_kmeans('one', 1, key => '{id}', scaling => 'none')$$, '22023', 'no feature of relation "one" varies', 'one row');
CREATE TABLE three AS SELECT i AS id, i * i AS x FROM generate_series(1, 3) AS i;
SELECT is((SELECT rows_used FROM segment_kmeans('three', 3, key => '{id}')), 3::bigint, 'three rows');

-- sources that call functions

CREATE VIEW shaken AS SELECT id, x + (id % 2) * 100 + random() AS x FROM (SELECT i AS id, i % 7 AS x FROM generate_series(1, 1000) AS i) AS s;
SELECT is((SELECT rows_used FROM segment_kmeans('shaken', 2, key => '{id}')), 1000::bigint, 'a volatile view');
CREATE VIEW nested AS SELECT i AS id, c[1] + i AS x
FROM generate_series(1, 100) AS i, (SELECT (segment_kmeans_agg(ARRAY[id, x], 2))[1:1][1:1] FROM three) AS a (cs), LATERAL (SELECT ARRAY[a.cs[1][1]]) AS b (c);
SELECT is((SELECT rows_used FROM segment_kmeans('nested', 2, key => '{id}')), 100::bigint, 'a view over segment_kmeans_agg');
CREATE FUNCTION fit_inside() RETURNS bigint LANGUAGE sql VOLATILE AS
$$SELECT rows_used FROM public.segment_kmeans('public.three', 2, key => '{id}', model => 'inner', replace => true)$$;
CREATE VIEW fitting AS SELECT id, x + n AS x FROM three, LATERAL (SELECT CASE WHEN id > 0 THEN fit_inside() END) AS f (n);
SELECT is((SELECT rows_used FROM segment_kmeans('fitting', 2, key => '{id}', assignment => 'none')), 3::bigint, 'a view whose function runs a fit');

-- by hand

CREATE TABLE hand AS SELECT i AS id, i::float8 AS x FROM generate_series(1, 1000) AS i;
SELECT throws_ok(format('SELECT segment_internal.scan(%s, 1, x) FROM hand', scan), '22023',
	'aggregate segment_internal.scan is not meant to be called by hand', 'segment_internal.scan of ' || scan)
FROM unnest('{-1,0,1}'::integer[]) AS scan;
SELECT throws_ok('SELECT segment_internal.scan(NULL, 1, x) FROM hand', '22023', 'aggregate segment_internal.scan is not meant to be called by hand', 'segment_internal.scan of NULL');
SELECT is(segment_internal.scan(1, 1, x), 0::bigint, 'segment_internal.scan of no rows') FROM hand WHERE false;
SELECT throws_ok('SELECT segment_internal.scan_accum(NULL, 1, 2)', NULL, NULL, 'the transition function by itself');
SAVEPOINT parallel;
SET LOCAL parallel_leader_participation = off;
SELECT throws_like('SELECT segment_internal.scan(1, 1, x) FROM hand', '%not meant%', 'in a worker');
SELECT throws_like('SELECT segment_internal.scan(4294967296, 1, x) FROM hand', '%not meant%', 'in a worker, with another made-up place');
RELEASE parallel;

-- rows that differ when they are read again, which only those that do not fit are

CREATE SEQUENCE calls;
SELECT format('CREATE VIEW fickle AS SELECT i AS id, CASE WHEN nextval(''public.calls'') > 150000 THEN NULL ELSE hashint4(i) END AS x, %s
	FROM generate_series(1, 60000) AS i', string_agg(format('(i %% %s)::float8 AS x%s', c + 1, c), ', '))
FROM generate_series(1, 60) AS c \gexec
SET LOCAL segment.work_mem = '1MB';
SELECT throws_ok($$SELECT segment_kmeans('fickle', 2, key => '{id}', assignment => 'none')$$, '55000',
	'the rows of the source are not the same when they are read again', 'rows that change');

SELECT * FROM finish();
ROLLBACK;
