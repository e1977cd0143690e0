-- Sources whose rows are on other servers, as the catalog of Citus says: here they are on this one, and its catalog is made
-- up, so that the same rows are read in each of the ways there are. test/t/citus.t asks a cluster.

BEGIN;
SELECT plan(30);

SET LOCAL client_min_messages = warning;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL segment.work_mem = '1MB';

-- more rows than a small segment.work_mem holds, in four groups
SELECT format('CREATE TABLE near AS SELECT i AS id, ARRAY[%s]::float8[] AS v FROM generate_series(1, 36000) AS i',
	string_agg(format('(hashint4(i * 128 + %s) %% 1000) / 500.0::float8 + 3 * (i %% 4 = %s)::integer', d, d % 4), ', '))
FROM generate_series(1, 100) AS d \gexec
ALTER TABLE near ADD PRIMARY KEY (id);
CREATE TABLE far AS SELECT * FROM near;
ALTER TABLE far ADD PRIMARY KEY (id);
CREATE VIEW beyond AS SELECT id, v FROM far;
CREATE TABLE few AS SELECT id, v[1] AS a, v[2] AS b, chr(65 + id % 3) AS t FROM near WHERE id <= 600;
ALTER TABLE few ADD PRIMARY KEY (id);
CREATE TABLE farther AS SELECT * FROM few;
ALTER TABLE farther ADD PRIMARY KEY (id);

CREATE FUNCTION pg_temp.fit(source regclass, name text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	EXECUTE format('SELECT md5(r::text) FROM (SELECT k, rows_read, rows_used, features, iterations, inertia, silhouette, davies_bouldin FROM segment_kmeans(%L, 2, model => %L, features => ''{v}'', key => ''{id}'', n_init => 1)) r',
		source, name) INTO result;
	RETURN result;
END
$$;

SELECT ok(NOT segment_internal.is_distributed('SELECT FROM far'), 'without Citus nothing is elsewhere');
SELECT is(segment_internal.distribution_column('far'), NULL, 'nor distributed');
SELECT is(segment_share_key(), 0, 'a key for no other node');
DELETE FROM segment_internal.shared_key;
CREATE TABLE figures AS SELECT pg_temp.fit('near', 'near') AS near;
CREATE TABLE few_figures AS SELECT 'near' AS way, md5(array_agg(d ORDER BY d.column_name)::text) AS described FROM segment_describe('few') d;
DO $$BEGIN PERFORM segment_kmeans('few', 3); END$$;

SET LOCAL allow_system_table_mods = on;
CREATE TABLE pg_catalog.pg_dist_partition (logicalrelid regclass, partmethod "char", partkey text);
INSERT INTO pg_dist_partition VALUES ('far', 'n', NULL), ('farther', 'h', 'id');
GRANT SELECT ON pg_dist_partition TO PUBLIC;
CREATE FUNCTION pg_catalog.column_to_column_name(regclass, text) RETURNS text LANGUAGE sql RETURN $2;
CREATE FUNCTION pg_catalog.create_distributed_table(regclass, text, colocate_with text) RETURNS void LANGUAGE sql AS
$$INSERT INTO pg_catalog.pg_dist_partition SELECT $1, p.partmethod, $2 FROM pg_catalog.pg_dist_partition p WHERE p.logicalrelid = $3::regclass$$;
RESET allow_system_table_mods;

SELECT ok(segment_internal.is_distributed('SELECT FROM far'), 'a table of pg_dist_partition is elsewhere');
SELECT ok(segment_internal.is_distributed('SELECT FROM beyond'), 'and so is a view of it');
SELECT ok(NOT segment_internal.is_distributed('SELECT FROM near'), 'others are not');
SELECT throws_ok($$SELECT segment_internal.is_distributed('DELETE FROM far')$$, '22023', NULL, 'only a SELECT is asked about');

-- few rows come here

DO $$BEGIN PERFORM segment_kmeans('farther', 3); END$$;
SELECT is(segment_internal.distribution_column('farther_assignment'), 'id', 'the assignment of a distributed table is distributed like it');
SELECT has_pk('farther_assignment', 'with a primary key');
SELECT set_eq($$SELECT * FROM farther_assignment$$, $$SELECT * FROM few_assignment$$, 'few rows: the same assignment');
SELECT set_eq($$SELECT * FROM segment_centroids('farther')$$, $$SELECT * FROM segment_centroids('few')$$, 'and the same centroids');
SELECT is((SELECT md5(array_agg(d ORDER BY d.column_name)::text) FROM segment_describe('farther') d), (SELECT described FROM few_figures), 'described alike');
SELECT set_eq($$SELECT segment, label, count(*) FROM farther_members GROUP BY 1, 2$$, $$SELECT segment, label, rows FROM few_profile$$, 'members have labels');

UPDATE few SET a = a + 1 WHERE id <= 50;
UPDATE farther SET a = a + 1 WHERE id <= 50;
DELETE FROM few WHERE id > 590;
DELETE FROM farther WHERE id > 590;
SELECT is((SELECT inertia FROM segment_refresh('farther')), (SELECT inertia FROM segment_refresh('few')), 'a refresh finds the same');
SELECT set_eq($$SELECT id, segment FROM farther_assignment$$, $$SELECT id, segment FROM few_assignment$$, 'and writes the same');
SELECT is((SELECT count(*) FROM segment_silhouette('farther', 100)), 4::bigint, 'a sample of each segment is drawn by the model as a value');

DO $$BEGIN PERFORM segment_kmeans('farther', 3, model => 'seen', assignment => 'view'); END$$;
SELECT results_eq($$SELECT segment, count(*) FROM seen_assignment GROUP BY 1 ORDER BY 1$$, $$SELECT segment, rows FROM seen_profile ORDER BY 1$$, 'an assignment view');
SELECT results_eq($$SELECT id, segment_predict((SELECT compiled FROM segment_compiled WHERE model = 'farther'), f) FROM farther f ORDER BY 1$$,
	$$SELECT id, segment_predict('farther', f) FROM farther f ORDER BY 1$$, 'a prediction by the model as a value');

-- many rows: without a key they come here, with one the pass goes there

SELECT is(pg_temp.fit('far', 'far'), (SELECT near FROM figures), 'many rows: the same fit where each pass brings all of them');
DO $$BEGIN PERFORM segment_share_key(); END$$;
CREATE ROLE distributed_dan;
GRANT CREATE ON SCHEMA public TO distributed_dan;
GRANT SELECT ON far, beyond, figures TO distributed_dan;
REVOKE EXECUTE ON FUNCTION segment_internal.shard_pass(bytea) FROM PUBLIC;
SET LOCAL ROLE distributed_dan;
SELECT throws_ok($$SELECT pg_temp.fit('far', 'dan')$$, '42501', 'permission denied for aggregate shard_pass', 'with a key the pass is an aggregate');
RESET ROLE;
GRANT EXECUTE ON FUNCTION segment_internal.shard_pass(bytea) TO PUBLIC;
SET LOCAL ROLE distributed_dan;
SELECT is(pg_temp.fit('beyond', 'dan'), (SELECT near FROM figures), 'the same fit where passes go to the rows');
RESET ROLE;
SELECT set_eq($$SELECT feature, segment, value, scaled FROM segment_centroids('dan')$$, $$SELECT feature, segment, value, scaled FROM segment_centroids('near')$$,
	'and the same centroids, bit for bit');
SELECT set_eq($$SELECT * FROM dan_assignment$$, $$SELECT * FROM near_assignment$$, 'and the same assignment');

-- nobody else makes what they say to each other

SET LOCAL ROLE distributed_dan;
SELECT throws_ok('SELECT key FROM segment_internal.shared_key', '42501', NULL, 'nobody reads the key');
SELECT throws_ok('SELECT segment_share_key()', '42501', 'permission denied to share a key between nodes', 'nor makes one');
SELECT throws_ok($$SELECT segment_internal.shard_pass(segment_internal.part_row(decode(repeat('00', 4096), 'hex'), 1.0::float8))$$, '22023',
	'this server does not have the key of the leader of a scan', 'an order needs the key');
SELECT throws_ok($$SELECT segment_internal.shard_pass(decode(repeat('00', 4096), 'hex'))$$, '22023',
	'aggregate segment_internal.shard_pass is not meant to be called by hand', 'a row is none of SQL''s');
RESET ROLE;
CREATE AGGREGATE pg_temp.forged(bytea) (SFUNC = segment_internal.part_combine, STYPE = bytea);
SELECT throws_ok($$SELECT pg_temp.forged(decode(repeat('00', 4096), 'hex'))$$, '22023',
	'aggregate segment_internal.shard_pass is not meant to be called by hand', 'nor is an answer');

-- A role may come by an order of its own fit: on a node of Citus it stands in the query. What it makes of it ends with the call.
CREATE FUNCTION segment_internal.part_row(part bytea, v float8[]) RETURNS bytea LANGUAGE plpgsql AS $$
BEGIN
	RAISE no_data_found USING MESSAGE = encode(part, 'hex');
END
$$;
GRANT EXECUTE ON FUNCTION segment_internal.part_row(bytea, float8[]) TO distributed_dan;
SET LOCAL ROLE distributed_dan;
DO $$BEGIN PERFORM pg_temp.fit('far', 'caught'); EXCEPTION WHEN no_data_found THEN PERFORM set_config('segment_test.order', SQLERRM, true); END$$;
RESET ROLE;
DROP FUNCTION segment_internal.part_row(bytea, float8[]);
SET LOCAL ROLE distributed_dan;
CREATE FUNCTION pg_temp.keep() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
	part constant bytea := decode(current_setting('segment_test.order'), 'hex');
	kept bytea;
BEGIN
	FOR i IN 1 .. 3 LOOP
		kept := segment_internal.part_row(part, array_fill(i::float8, '{100}'));
		kept := NULL;
	END LOOP;
	RETURN length(part);
END
$$;
SELECT cmp_ok(length(current_setting('segment_test.order')), '>', 1000, 'an order');
SELECT throws_ok('SELECT pg_temp.keep()', '22023', 'aggregate segment_internal.shard_pass is not meant to be called by hand', 'a variable keeps no row of a part');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
