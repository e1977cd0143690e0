-- The same rows give the same bits with any number of processes, in any layout of the table, and when they do not fit
-- in memory.

BEGIN;
SELECT plan(27);

SET LOCAL client_min_messages = warning;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;

-- 75,000 rows of 60 columns are the least that a small segment.work_mem does not hold. Five clouds that overlap, of all
-- numeric types, some with far outliers, some with missing values.
SELECT format('CREATE TABLE rough AS SELECT i AS id, ''key '' || i AS word, i %% 100 AS pair_a, i / 100 AS pair_b, %s
	FROM generate_series(1, 75000) AS i', string_agg(format('(%s)::%s AS r%s',
		CASE WHEN c % 7 = 0 THEN format('exp(abs(hashint4(i * 61 + %s) %% 1000) / 100.0)', c)
			WHEN c % 11 = 0 THEN format('CASE WHEN i %% 13 <> %s THEN abs(hashint4(i * 61 + %s) %% 1000) END', c % 13, c)
			ELSE format('abs(hashint4(i * 61 + %s) %% 1000) / 100.0 + 2 * (i %% 5 = %s)::integer', c, c % 5) END,
		(ARRAY['smallint', 'integer', 'bigint', 'real', 'float8', 'float8', 'numeric(8,2)', 'float8'])[c % 8 + 1], c), ', '))
FROM generate_series(1, 60) AS c \gexec
ALTER TABLE rough ADD PRIMARY KEY (id);

SELECT string_agg(attname, ', ' ORDER BY attnum DESC) AS reversed,
	array_agg(attname ORDER BY attnum) FILTER (WHERE attname ~ '^r\d') AS features
FROM pg_attribute WHERE attrelid = 'rough'::regclass AND attnum > 0 \gset

CREATE TABLE shuffled AS SELECT * FROM rough ORDER BY hashint4(id);
CREATE TABLE parts (LIKE rough) PARTITION BY RANGE (id);
CREATE TABLE parts_reversed AS SELECT :reversed FROM rough WHERE id < 20000;
CREATE TABLE parts_rest AS SELECT * FROM rough WHERE id >= 20000;
ALTER TABLE parts_reversed ALTER id SET NOT NULL;
ALTER TABLE parts_rest ALTER id SET NOT NULL;
ALTER TABLE parts ATTACH PARTITION parts_reversed FOR VALUES FROM (0) TO (20000);
ALTER TABLE parts ATTACH PARTITION parts_rest FOR VALUES FROM (20000) TO (75001);
CREATE VIEW parts_viewed AS SELECT * FROM parts;

-- The same clouds far apart.
SELECT format('CREATE VIEW blobs AS SELECT id, %s FROM rough',
	string_agg(format('r%s::float8 / 100 + 1000 * (id %% 5 = %s)::integer AS r%s', c, c % 5, c), ', '))
FROM generate_series(1, 60) AS c \gexec

-- Ten points, 10,000 copies of each.
SELECT format('CREATE VIEW few AS SELECT id, %s FROM generate_series(1, 100000) AS id',
	string_agg(format('id %% 10 * %s::float8 AS r%s', c, c), ', '))
FROM generate_series(1, 36) AS c \gexec

-- Fits and returns every bit of the outcome, but for how many iterations it took and what is of the sample if so wanted.
CREATE FUNCTION pg_temp.fit_bits(source regclass, workers integer, memory text, options text DEFAULT '',
	iterations boolean DEFAULT true)
RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	ignored text[] := '{model_id,started_at,elapsed,description,options,preparation,binding}'::text[] || CASE WHEN iterations THEN '{}' ELSE '{iterations,sample_silhouette,reference_silhouette,silhouette_pairwise,silhouette_rows,bin_cuts,bin_rows}'::text[] END;
	id      bigint;
	bits    text;
BEGIN
	PERFORM set_config('segment.max_parallel_workers', workers::text, true),
		set_config('max_parallel_workers_per_gather', workers::text, true),
		set_config('segment.work_mem', memory, true);
	PERFORM segment_drop(m.name) FROM segment_internal.catalog_model m WHERE m.name = 'same';
	EXECUTE format('SELECT segment_kmeans(%L, model => ''same'', assignment => ''none'', %s)',
		source, concat_ws(', ', 'n_init => 1', nullif(options, '')));
	SELECT model_id INTO id FROM segment_internal.catalog_model WHERE name = 'same';
	SELECT md5(string_agg((part - ignored)::text, ' ' ORDER BY n, part)) INTO bits
	FROM (SELECT 1, to_jsonb(r) FROM segment_internal.catalog_run r WHERE model_id = id
		UNION ALL SELECT 2, to_jsonb(f) FROM segment_internal.catalog_feature f WHERE model_id = id
		UNION ALL SELECT 3, to_jsonb(c) FROM segment_internal.catalog_centroid c WHERE model_id = id
		UNION ALL SELECT 4, to_jsonb(p) FROM segment_internal.catalog_profile p WHERE model_id = id) AS parts (n, part);
	RETURN bits;
END
$$;

CREATE FUNCTION pg_temp.plan_of(source regclass) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	line  text;
	lines text := '';
BEGIN
	FOR line IN EXECUTE format('EXPLAIN (COSTS off) SELECT segment_internal.scan(1, 1, r1, r2) FROM %s', source) LOOP
		lines := concat_ws(E'\n', lines, line);
	END LOOP;
	RETURN lines;
END
$$;

SET LOCAL max_parallel_workers_per_gather = 4;
SELECT matches(pg_temp.plan_of(s), 'Finalize Aggregate.*Gather.*Workers Planned.*Partial Aggregate',
	'several processes read ' || s)
FROM unnest('{rough,shuffled,parts,parts_viewed,blobs}'::regclass[]) AS s;

\set common 'k => 5, max_iter => 5, features => ''' :features '''::text[]'

-- processes

CREATE TEMPORARY TABLE fits AS
SELECT memory, pg_temp.fit_bits('rough', 0, memory, :'common') AS bits FROM unnest('{1GB,1MB}'::text[]) AS memory;
SELECT isnt(pg_temp.fit_bits('rough', 2, '1MB', :'common'),
	pg_temp.fit_bits('rough', 2, '1GB', :'common'), 'a sample is another start');
SELECT is(pg_temp.fit_bits('rough', workers, memory, :'common'), bits, format('%s workers, %s', workers, memory))
FROM fits, unnest('{1,4}'::integer[]) AS workers;

-- what just fits in memory does so whatever the processes: 29.40 MB, of which 26 MiB are free

SELECT is(pg_temp.fit_bits('rough', workers, '2050kB', :'common'), bits, 'just too large for any number of processes')
FROM fits, unnest('{0,4}'::integer[]) AS workers WHERE memory = '1MB';
SELECT is(pg_temp.fit_bits('rough', 4, '2120kB', :'common'), bits, 'just small enough')
FROM fits WHERE memory = '1GB';

-- layouts

SET LOCAL enable_partitionwise_aggregate = on;
SELECT is(pg_temp.fit_bits(s, 2, memory, :'common' || ', key => ''{id}'''), bits, format('%s, %s', s, memory))
FROM fits, unnest('{shuffled,parts_viewed}'::regclass[]) AS s;
CREATE INDEX shuffled_r1 ON shuffled (r1, id);
CLUSTER shuffled USING shuffled_r1;
SELECT is(pg_temp.fit_bits('shuffled', 2, memory, :'common' || ', key => ''{id}'''), bits, 'clustered, ' || memory) FROM fits;

-- options, by one process in one order and by several in another

SELECT is(pg_temp.fit_bits('parts', 2, '1MB', concat_ws(', ', :'common', options)),
	pg_temp.fit_bits('rough', 0, '1MB', concat_ws(', ', :'common', options)), options)
FROM unnest(ARRAY[
	$$key => '{word}', distance => 'cosine', missing => 'mean'$$,
	$$key => '{pair_a,pair_b}', missing => 'skip', outliers => 'clip', transform => 'log1p'$$,
	$$key => '{}', outliers => 'skip', scaling => 'robust', init => 'random'$$]) AS options;

-- blobs: in memory or not, they are found

SELECT is(pg_temp.fit_bits('blobs', 2, '1MB', 'k => 5, key => ''{id}'', tol => 0', false),
	pg_temp.fit_bits('blobs', 0, '1GB', 'k => 5, key => ''{id}'', tol => 0', false), 'blobs: a sample gives the same');

-- few points

SELECT array_agg('r' || c) AS few FROM generate_series(1, 36) AS c \gset
SELECT is(pg_temp.fit_bits('few', 2, memory, format('k => %s, key => %L, features => %L', k, key, :'few'), false),
	pg_temp.fit_bits('few', 0, '1GB', format('k => %s, key => ''{id}'', features => %L', k, :'few'), false),
	format('few points: k %s, %s, key %s', k, memory, key))
FROM (VALUES (10, '1GB', '{}'), (10, '1MB', '{id}'), (3, '1GB', '{}')) AS v (k, memory, key);

SELECT throws_ok(format($$SELECT pg_temp.fit_bits('few', 2, '1MB', 'k => 10, key => ''{}'', features => ''%s''')$$, :'few'),
	'22023', 'k is 10, but the sample of the rows has only 2 distinct points', 'few points in the sample, for want of a key');

SELECT * FROM finish();
ROLLBACK;
