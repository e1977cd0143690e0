-- The assignment table: its shape, its key, kinds of keys and sources, and how a refresh changes it.

BEGIN;
SELECT plan(47);

SET LOCAL client_min_messages = warning;

-- Fits the model "fit" on source, and says what differs between its assignment and what a score of each row gives.
CREATE FUNCTION pg_temp.differences(source regclass, key text[]) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
	columns text := (SELECT string_agg(quote_ident(c), ', ') FROM unnest(key) c);
	result  bigint;
BEGIN
	PERFORM segment_kmeans(source, 3, model => 'fit', key => key, features => '{x,y}', replace => true);
	EXECUTE format('WITH scored AS MATERIALIZED (SELECT %1$s, segment_score(''fit'', s) AS s FROM %2$s s)
		SELECT count(*) FROM (
			(SELECT %1$s, (s).segment, (s).distance::real, (s).second_segment, (s).margin::real FROM scored
			EXCEPT ALL SELECT %1$s, segment, distance, second_segment, margin FROM fit_assignment)
			UNION ALL
			(SELECT %1$s, segment, distance, second_segment, margin FROM fit_assignment
			EXCEPT ALL SELECT %1$s, (s).segment, (s).distance::real, (s).second_segment, (s).margin::real FROM scored)) d',
		columns, source) INTO result;
	RETURN result;
END
$$;

-- More rows than are written at once, and not a multiple of any block.
CREATE TABLE points (
	id       bigint PRIMARY KEY,
	x        float8,
	y        numeric,
	small    smallint,
	uid      uuid,
	"A ""b"" c" text COLLATE "C",
	day      date,
	amount   numeric
);
INSERT INTO points
SELECT i, hashint4(i) % 1000, hashint4(i + 7) % 1000, i, md5(i::text)::uuid,
       CASE WHEN i % 2 = 0 THEN repeat(i::text, 1000) ELSE i::text END, DATE '2000-01-01' + i, i / 7.0
  FROM generate_series(1, 1543) i;

SELECT is(pg_temp.differences('points', '{id}'), 0::bigint, 'a key of 8 bytes');
SELECT is((SELECT count(*) FROM fit_assignment), 1543::bigint, 'every row is there');
SELECT is((SELECT relallvisible FROM pg_class WHERE oid = 'fit_assignment'::regclass),
	(SELECT count(DISTINCT (ctid::text::point)[0])::integer FROM fit_assignment), 'rows are written frozen');
SELECT col_not_null('fit_assignment', c, c || ' is not null') FROM unnest('{id,segment}'::text[]) c;
SELECT is((SELECT format('%s %s', conname, conindid::regclass) FROM pg_constraint
	WHERE conrelid = 'fit_assignment'::regclass AND contype = 'p'),
	'fit_assignment_pkey fit_assignment_pkey', 'the names of the primary key and of its index');
SELECT ok((SELECT reltuples = 1543 FROM pg_class WHERE oid = 'fit_assignment'::regclass)
	AND (SELECT n_distinct < 0 FROM pg_stats WHERE tablename = 'fit_assignment' AND attname = 'id'), 'statistics are there');

SELECT is(pg_temp.differences('points', '{small}'), 0::bigint, 'a key of 2 bytes');
SELECT is(pg_temp.differences('points', '{uid}'), 0::bigint, 'a key of 16 bytes');
SELECT is(pg_temp.differences('points', ARRAY['A "b" c']), 0::bigint, 'a key of long and short texts');
SELECT is((SELECT collation_name FROM information_schema.columns WHERE table_name = 'fit_assignment' AND column_name = 'A "b" c'),
	'C', 'a text key keeps its collation');
SELECT is(pg_temp.differences('points', ARRAY['small', 'A "b" c', 'day']), 0::bigint, 'a key of three columns');
SELECT col_is_pk('fit_assignment', ARRAY['small', 'A "b" c', 'day'], 'they are the primary key');
SELECT is(pg_temp.differences('points', '{small,day,uid}'), 0::bigint, 'a key of three lengths');
SELECT is(pg_temp.differences('points', '{amount}'), 0::bigint, 'a numeric key');
SELECT col_type_is('fit_assignment', 'amount', 'numeric', 'of its own type');

SELECT segment_kmeans('points', 1, model => 'fit', features => '{x,y}', replace => true);
SELECT is((SELECT count(*) FROM fit_assignment WHERE segment = 1 AND second_segment IS NULL), 1543::bigint,
	'one segment has no second one');

-- sources

UPDATE points SET x = NULL WHERE id % 3 = 0;
SELECT segment_kmeans('points', 3, model => 'fit', features => '{x,y}', missing => 'skip', replace => true);
SELECT is((SELECT array_agg(DISTINCT id % 3) FROM fit_assignment), '{1,2}', 'rows that the recipe skips are left out');
UPDATE points SET x = hashint8(id) % 1000;

CREATE VIEW sums AS SELECT id / 2 AS id, sum(x) AS x, sum(y) AS y FROM points GROUP BY 1;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SELECT is(pg_temp.differences('sums', '{id}'), 0::bigint, 'a source that is read in parallel');
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;

SELECT segment_drop('fit');
CREATE TEMPORARY TABLE passing AS SELECT * FROM points;
SELECT is(pg_temp.differences('passing', '{id}'), 0::bigint, 'a temporary source');
SELECT segment_drop('fit');

-- from memory, where keys of a fixed length lie beside the rows, as by a second read, which other keys need

CREATE DOMAIN pg_temp.number AS integer CHECK (value > 0);
CREATE TABLE kept AS
SELECT id, id::text AS text, id::pg_temp.number AS domain, md5(id::text)::uuid AS uuid, id % 2 = 0 AS half, id / 2 AS pair,
       TIMESTAMPTZ '2024-01-01' + id * INTERVAL '1 hour' AS stamp, id::text::name AS name,
       CASE WHEN id % 7 <> 0 THEN x + 1000 END AS x, CASE WHEN id % 11 <> 0 THEN y::float8 + 1000 END AS y
  FROM points ORDER BY id % 2, id;

CREATE FUNCTION pg_temp.unlike(key text[], options text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
	columns text := (SELECT string_agg(quote_ident(c), ', ') FROM unnest(key) c);
	result  bigint;
BEGIN
	EXECUTE format('SELECT segment_kmeans(''kept'', 3, ''{x,y}'', ''fit'', %L, replace => true, %s)', key, options);
	EXECUTE format('SELECT segment_kmeans(''kept'', 3, ''{x,y}'', ''again'', ''{text}'', replace => true, %s)', options);
	EXECUTE format('SELECT count(*) FROM fit_assignment f JOIN kept USING (%s) FULL JOIN again_assignment a USING (text)
		WHERE (f.segment, f.distance, f.second_segment, f.margin) IS DISTINCT FROM (a.segment, a.distance, a.second_segment, a.margin)',
		columns) INTO result;
	RETURN result;
END
$$;
SELECT is(pg_temp.unlike(key, options), 0::bigint, format('key %s, %s', key, options))
FROM (VALUES ('{id}'::text[], 'scaling => ''standard'''), ('{domain}', 'missing => ''skip'''),
	('{uuid}', 'missing => ''skip'', outliers => ''skip'', outlier_threshold => 0.1'), ('{half,pair}', 'transform => ''log1p'''),
	('{stamp}', 'distance => ''cosine'''), ('{name}', '"trim" => 0.1'), ('{stamp,uuid,half}', 'min_share => 0.3')) o (key, options);
SELECT is((SELECT count(*) FROM (SELECT stamp < lag(stamp) OVER (ORDER BY ctid) AS falls FROM fit_assignment) f WHERE falls), 0::bigint,
	'two ascending sequences are written as one');
UPDATE kept SET pair = NULL WHERE x IS NULL;
SELECT is(pg_temp.unlike('{half,pair}', 'missing => ''skip'''), 0::bigint, 'rows that the recipe skips need no key');
SELECT throws_ok($$SELECT pg_temp.unlike('{half,pair}', 'missing => ''mean''')$$, '23502', 'key column "pair" contains a null value', 'others do');
SELECT throws_ok($$SELECT pg_temp.unlike('{half}', 'missing => ''mean''')$$, '23505', 'key (half) of relation "kept" is not unique', 'the key is one');
SELECT segment_drop(m) FROM unnest('{fit,again}'::text[]) m;

-- the same in several processes

CREATE FUNCTION pg_temp.written(workers integer) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('segment.max_parallel_workers', workers::text, true);
	PERFORM segment_kmeans('many', 30, '{a,b,c,d}', 'many', '{id}', replace => true, max_iter => 3, n_init => 1);
	RETURN (SELECT format('%s %s', count(*), md5(string_agg(a::text, ' ' ORDER BY id))) FROM many_assignment a);
END
$$;
CREATE TABLE many AS
SELECT i AS id, hashint4(i) % 1000 AS a, hashint4(i + 1) % 100 AS b, hashint4(i + 2) % 10 AS c, hashint4(i + 3) / 1e5::float8 AS d
  FROM generate_series(1, 200000) i;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
CREATE TEMPORARY TABLE written AS SELECT pg_temp.written(0) AS what;
SELECT is(pg_temp.written(n), (SELECT what FROM written), format('%s workers write what one process does', n)) FROM generate_series(1, 2) n;
SELECT ok((SELECT correlation > 0.99 FROM pg_stats WHERE tablename = 'many_assignment' AND attname = 'id'), 'in the order of the key');
SELECT segment_drop('many');
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;

-- memory for the rows, not for their keys: the source is read again, which one that changes shows

CREATE SEQUENCE reads;
CREATE FUNCTION pg_temp.read() RETURNS bigint LANGUAGE sql VOLATILE AS $$ SELECT nextval('public.reads') $$;
CREATE TABLE wide AS SELECT i AS number, i::text::name AS name, array_agg(hashint4(i * 1000 + j)::float8) AS x
  FROM generate_series(1, 3600) i, generate_series(1, 1000) j GROUP BY 1;
CREATE VIEW wider AS SELECT w.* FROM wide w, (SELECT pg_temp.read() AS n OFFSET 0) r WHERE number <= 3499 + n;
SET LOCAL segment.work_mem = '1MB';
SELECT lives_ok($$SELECT segment_kmeans('wider', 2, '{x}', 'fit', '{number}', max_iter => 1, n_init => 1)$$, 'keys of 4 bytes have room');
SELECT throws_ok($$SELECT segment_kmeans('wider', 2, '{x}', 'fat', '{name}', max_iter => 1, n_init => 1)$$, '55000',
	'the rows of the source are not the same when they are read again', 'those of 64 have not');
RESET segment.work_mem;

-- a refresh: what it changes, deletes and inserts

-- Refreshes the model "points", and says what the refresh wrote, unless a row is wrong: it says what a score of it does, or
-- what it said before if that is near enough.
CREATE FUNCTION pg_temp.refresh() RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
	DELETE FROM changes;
	CREATE TEMPORARY TABLE before AS SELECT * FROM points_assignment;
	PERFORM segment_refresh('points');
	IF EXISTS (SELECT
		FROM (SELECT p.id, s.segment, s.distance::real, s.second_segment, s.margin::real
			FROM points p, segment_score('points', p) s) s
		FULL JOIN points_assignment a USING (id)
		LEFT JOIN before b USING (id)
		WHERE (a.segment, a.distance, a.second_segment, a.margin) IS DISTINCT FROM
			CASE WHEN (s.segment, s.second_segment) = (b.segment, b.second_segment)
				AND abs(s.margin::float8 - b.margin::float8) <= 0.01
				AND abs(s.distance::float8 - b.distance::float8) <= 0.01 * least(
					s.distance / (1 - greatest(s.margin::float8, 0)), b.distance / (1 - greatest(b.margin::float8, 0)))
			THEN (b.segment, b.distance, b.second_segment, b.margin)
			ELSE (s.segment, s.distance, s.second_segment, s.margin) END)
	THEN
		RETURN 'wrong';
	END IF;
	DROP TABLE before;
	RETURN coalesce(string_agg(format('%s %s', n, operation), ', ' ORDER BY operation), 'nothing')
	  FROM (SELECT operation, count(*) AS n FROM changes GROUP BY operation) c;
END
$$;

CREATE TABLE changes (operation text);
CREATE FUNCTION pg_temp.note_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO public.changes VALUES (tg_op);
	RETURN NULL;
END
$$;

SELECT is((segment_kmeans('points', 3, features => '{x,y}', key => '{id}', tol => 0)).rows_used, 1543::bigint, 'a model to refresh');
CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE ON points_assignment
	FOR EACH ROW EXECUTE FUNCTION pg_temp.note_change();

SELECT is(pg_temp.refresh(), 'nothing', 'the same rows: nothing is written');
UPDATE points SET x = x + 1 WHERE id % 2 = 0;
SELECT is(pg_temp.refresh(), '1 UPDATE', 'centroids that move a little change hardly any row');
UPDATE points SET x = x + 500 WHERE id % 2 = 0;
SELECT is(pg_temp.refresh(), '1542 UPDATE', 'centroids that move far change nearly every row');
DELETE FROM points WHERE id <= 3;
SELECT is(pg_temp.refresh(), '3 DELETE, 1 UPDATE', 'rows that went');
INSERT INTO points (id, x, y) SELECT i, i, i FROM generate_series(1, 5) i ON CONFLICT DO NOTHING;
SELECT is(pg_temp.refresh(), '3 INSERT, 3 UPDATE', 'rows that came');
UPDATE points SET id = -id WHERE id <= 10;
SELECT is(pg_temp.refresh(), '10 DELETE, 10 INSERT', 'as many rows that came as went, the rest as before');

-- a key that PostgreSQL finds not to be unique

SELECT throws_ok($$SELECT segment_kmeans('points', 3, model => 'twice', key => '{day,small}', features => '{x,y}')$$, '23502',
	'key column "day" contains a null value', 'a key column with nulls');
UPDATE points SET small = 0, day = DATE '2000-01-01';
SELECT throws_ok($$SELECT segment_kmeans('points', 3, model => 'twice', key => '{day,small}', features => '{x,y}')$$, '23505',
	'key (day, small) of relation "points" is not unique', 'a key that is not unique');
SELECT hasnt_table('twice_assignment', 'nothing is left of it');

-- another key: the table that takes the place of the old one stays, and survives a crash
UPDATE points SET uid = md5(id::text)::uuid;
SELECT segment_kmeans('points', 3, key => '{uid}', features => '{x,y}', replace => true);
SELECT is((SELECT format('%s %s', c.relpersistence, a.attnotnull) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'segment'
	WHERE c.oid = 'points_assignment'::regclass), 'p t', 'an assignment that takes the place of another is as durable');

SELECT * FROM finish();
ROLLBACK;
