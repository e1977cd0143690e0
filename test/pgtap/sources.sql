-- Every kind of table and of key: the same rows give the same model, wherever they lie and whatever identifies them.

BEGIN;
SELECT plan(137);

SET LOCAL client_min_messages = warning;

CREATE TABLE plain (id integer PRIMARY KEY, x float8, y numeric, b boolean, joined date, note text, marks real[]);
INSERT INTO plain
SELECT i, hashint4(i) % 1000 + 5000 * (i % 3), CASE WHEN i % 50 <> 0 THEN (hashint4(i + 7777) % 100) / 7.0 END, i % 2 = 0,
	date '2020-01-01' + abs(hashint4(i + 9999)) % 1000, (ARRAY['Rome', 'Oslo', 'a=b', '', NULL])[1 + i % 5], ARRAY[i % 7, i % 11, nullif(i % 13, 0)]
FROM generate_series(1, 600) AS i;

-- All that is done with a source: fitted, its rows found among the members, scored, looked at, refreshed, dropped.
-- The features are all other columns; id tells the rows apart in all sources.
CREATE FUNCTION pg_temp.journey(source text, options text DEFAULT '') RETURNS text[]
LANGUAGE plpgsql AS $$
DECLARE
	features constant text := '{x,y,b,joined,note,marks}';
	members text;
	result text[];
	figures text[];
	figure text;
BEGIN
	EXECUTE format('SELECT ARRAY[rows_used::text, inertia::text] FROM segment_kmeans(%L, 3, features => %L, model => ''trip''%s)',
		source, features, ', ' || nullif(options, '')) INTO result;
	SELECT m.members::text INTO members FROM segment_models AS m WHERE model = 'trip';
	FOR run IN 1 .. 2 LOOP
		EXECUTE format('SELECT ARRAY[count(*)::text, md5(string_agg(format(''%%s %%s %%s %%s'', id, segment, distance, margin), '','' ORDER BY id))] FROM %s',
			members) INTO figures;
		result := result || figures;
		EXECUTE format('SELECT count(*)::text FROM %s AS s JOIN %s AS m ON m.id = s.id AND m.segment = segment_predict(''trip'', s)',
			source, members) INTO figure;
		result := result || figure;
		CONTINUE WHEN run = 2;
		SELECT ARRAY[rows_used::text, inertia::text]
			INTO figures FROM segment_refresh('trip');
		result := result || figures;
	END LOOP;
	EXECUTE format('SELECT array_agg(inertia::text ORDER BY k) FROM segment_elbow(%L, 2, 3, features => %L) WHERE k > 1', source, features) INTO figures;
	result := result || figures;
	EXECUTE format('SELECT md5(string_agg(concat_ws('' '', column_name, rows, missing, distinct_values, mean, median), '','' ORDER BY column_name)) FROM segment_describe(%L, %L)',
		source, features) INTO figure;
	PERFORM segment_drop('trip');
	RETURN result || figure || (to_regclass(members) IS NULL)::text;
END
$$;

-- for sources that have fewer columns
SELECT segment_kmeans('plain', 3, features => '{x,y,b,joined}', model => 'four') IS NOT NULL AS fitted \gset
SELECT segment_refresh('four') IS NOT NULL AS refreshed \gset
CREATE TEMPORARY TABLE expected_four AS SELECT array_agg(inertia ORDER BY run) AS inertia FROM segment_runs WHERE model = 'four';
SELECT segment_drop('four') \gset

CREATE TEMPORARY TABLE expected AS SELECT pg_temp.journey('plain') AS figures;
SELECT is(ARRAY[figures[1], figures[3], figures[5], figures[6], figures[8], figures[10], figures[12], figures[14]],
	ARRAY['600', '600', '600', '600', '600', '600', figures[2], 'true'], 'a table') FROM expected;
CREATE FUNCTION pg_temp.same(source text, kind text, options text DEFAULT $$key => '{id}'$$) RETURNS text
LANGUAGE sql AS $$ SELECT is(pg_temp.journey(source, options), (SELECT figures FROM expected), kind) $$;

-- The error of a statement as "SQLSTATE message | detail | hint".
CREATE FUNCTION pg_temp.complaint(query text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	detail text;
	hint text;
BEGIN
	EXECUTE query;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' | ', SQLSTATE || ' ' || SQLERRM, nullif(detail, ''), nullif(hint, ''));
END
$$;

-- kinds of relations

CREATE VIEW seen AS SELECT * FROM plain;
SELECT pg_temp.same('seen', 'a view');
SELECT pg_temp.same('seen', 'a view, scored when read', $$key => '{id}', assignment => 'view'$$);
CREATE VIEW guarded WITH (security_barrier, security_invoker) AS SELECT marks, note, joined, b, y, x, id FROM plain WHERE id > 0;
SELECT pg_temp.same('guarded', 'a view with a barrier, columns in another order');
CREATE MATERIALIZED VIEW stored AS SELECT * FROM plain;
SELECT pg_temp.same('stored', 'a materialized view');
CREATE TEMPORARY TABLE brief AS SELECT * FROM plain;
SELECT pg_temp.same('brief', 'a temporary table');
CREATE TEMPORARY VIEW glimpse AS SELECT * FROM plain;
SELECT pg_temp.same('glimpse', 'a temporary view');
CREATE UNLOGGED TABLE careless AS SELECT * FROM plain;
SELECT pg_temp.same('careless', 'an unlogged table');
SELECT pg_temp.same('plain', 'the model in pg_temp', $$into_schema => 'pg_temp'$$);
CREATE TABLE made (gone text, id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, half float8, x float8 GENERATED ALWAYS AS (half * 2) STORED,
	y numeric, also_gone float8, b boolean NOT NULL, joined date, note varchar(9), marks real[]) WITH (fillfactor = 50);
INSERT INTO made (half, y, b, joined, note, marks) SELECT x / 2, y, b, joined, note, marks FROM plain ORDER BY id;
ALTER TABLE made DROP gone, DROP also_gone;
SELECT pg_temp.same('made', 'dropped, generated and identity columns', '');
CREATE TABLE stuffed AS SELECT *, (SELECT string_agg(md5(id::text || j), '') FROM generate_series(1, 300) AS j) AS letter FROM plain;
ALTER TABLE stuffed ADD PRIMARY KEY (id), ADD late float8 DEFAULT 7;
SELECT pg_temp.same('stuffed', 'a wide column kept apart, and one added later', '');
SELECT is(pg_temp.complaint($$SELECT segment_kmeans('nowhere', 3)$$ || ''), '42P01 relation "nowhere" does not exist', 'no relation');
CREATE SEQUENCE counted;
SELECT is(pg_temp.complaint($$SELECT segment_kmeans('counted', 3)$$),
	'42809 "counted" has no rows to segment | Name a table, view, materialized view or foreign table.', 'a sequence');
CREATE MATERIALIZED VIEW unfilled AS SELECT * FROM plain WITH NO DATA;
SELECT is(pg_temp.complaint($$SELECT segment_kmeans('unfilled', 3, key => '{id}')$$),
	'55000 materialized view "unfilled" has not been populated | Use the REFRESH MATERIALIZED VIEW command.', 'a materialized view without data');

-- partitions: other orders of columns, dropped columns, partitions of partitions, defaults

CREATE TABLE split (id integer, x float8, y numeric, b boolean, joined date, note text, marks real[], PRIMARY KEY (id, b)) PARTITION BY LIST (b);
CREATE TABLE split_true (gone integer, joined date, b boolean NOT NULL, y numeric, marks real[], id integer NOT NULL, note text, x float8);
ALTER TABLE split_true DROP gone;
ALTER TABLE split ATTACH PARTITION split_true FOR VALUES IN (true);
CREATE TABLE split_rest PARTITION OF split DEFAULT PARTITION BY RANGE (id);
CREATE TABLE split_rest_1 PARTITION OF split_rest FOR VALUES FROM (0) TO (200);
CREATE TABLE split_rest_2 (marks real[], note text, id integer NOT NULL, joined date, y numeric, x float8, b boolean NOT NULL);
ALTER TABLE split_rest ATTACH PARTITION split_rest_2 DEFAULT;
INSERT INTO split SELECT * FROM plain;
SELECT pg_temp.same('split', 'a partitioned table', '');
SELECT pg_temp.same('split', 'a partitioned table, another key');
SELECT pg_temp.same('split', 'a partitioned table, scored when read', $$assignment => 'view'$$);
CREATE VIEW half AS SELECT * FROM plain WHERE b;
SELECT is(pg_temp.journey('split_true'), pg_temp.journey('half', $$key => '{id}'$$), 'a partition');
SELECT segment_kmeans('split', 3, features => '{x,y}') IS NOT NULL AS fitted \gset
SELECT is((SELECT count(*) FROM split_rest_2 AS s JOIN split_assignment AS a USING (id) WHERE segment_predict('split', s) = a.segment),
	(SELECT count(*) FROM split_rest_2), 'rows of a partition are scored');
ALTER TABLE split DETACH PARTITION split_rest;
SELECT is((segment_refresh('split')).rows_used, 300::bigint, 'what is detached is gone with the next refresh');
SELECT is((SELECT count(*) FROM split_assignment), 300::bigint, 'from the assignment, too');

-- inheritance

CREATE TABLE parent (LIKE plain, PRIMARY KEY (id));
CREATE TABLE child (extra integer, CHECK (id > 200)) INHERITS (parent);
INSERT INTO parent SELECT * FROM plain WHERE id <= 300;
INSERT INTO child SELECT * FROM plain WHERE id > 300;
SELECT pg_temp.same('parent', 'a table and its child', '');
INSERT INTO child SELECT * FROM plain WHERE id = 300;

-- keys

SELECT is(pg_temp.complaint(format($$SELECT segment_kmeans('parent', 3, features => '{x,y}', assignment => %L)$$, assignment)),
	'23505 key (id) of relation "parent" is not unique | '
	'Key (id)=(300) is duplicated. A key of "parent" does not hold over the tables that inherit from it. | '
	'Fit a view that has tableoid::regclass::text as a column, and name that column in key => ''{...}'' too.',
	'a key of the parent that a child repeats: ' || assignment)
FROM unnest('{table,view}'::text[]) AS assignment;
CREATE VIEW family AS SELECT tableoid::regclass::text AS "table", * FROM parent;
SELECT is((segment_kmeans('family', 3, key => '{table,id}', features => '{x,y}')).rows_used, 601::bigint, 'and what the hint says works');

CREATE UNIQUE INDEX ON stored (b, id);
CREATE UNIQUE INDEX ON stored (id);
SELECT pg_temp.same('stored', 'a materialized view with a unique index needs no key', '');
SELECT pg_temp.same('stored', 'nor to be scored when read', $$assignment => 'view'$$);
CREATE TABLE almost (id integer UNIQUE, x float8, y numeric);
SELECT is(pg_temp.complaint($$SELECT segment_kmeans('almost', 3)$$) LIKE '42P16 relation "almost" has no usable key | It has neither %', true,
	'a unique index on a column that may be NULL is no key');

CREATE TYPE mood AS ENUM ('glad', 'sad');
CREATE TYPE place AS (shop integer, till text);
CREATE DOMAIN code AS uuid CHECK (value IS NOT NULL);
CREATE DOMAIN word AS text COLLATE "C";
DO $$
BEGIN
	CREATE COLLATION careless (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
EXCEPTION WHEN feature_not_supported THEN
	CREATE COLLATION careless FROM "C";		-- a server without ICU
END
$$;
CREATE FUNCTION pg_temp.keyed(type text, value text) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
	DROP TABLE IF EXISTS keyed;
	EXECUTE format('CREATE TABLE keyed AS SELECT (%s)::%s AS "the key", p.* FROM plain AS p', value, type);
	RETURN 'keyed';
END
$$;
SELECT pg_temp.same(pg_temp.keyed(type, value), 'a key of type ' || type, $$key => '{the key}', assignment => '$$ || kind || $$'$$)
FROM (VALUES ('uuid', 'md5(id::text)'), ('code', 'md5(id::text)'), ('text COLLATE "C"', '''ä'' || id'), ('text COLLATE careless', '''K'' || id'),
		('word', '''w'' || id'), ('varchar(9)', 'id'), ('char(9)', 'id'), ('name', 'id'), ('date', 'date ''2020-01-01'' + id'),
		('timestamptz', 'now() + id * interval ''1 s'''), ('interval', 'id * interval ''1 day'''),
		('numeric', 'CASE id WHEN 5 THEN ''NaN''::numeric ELSE id / 7.0 END'), ('float8', 'CASE id WHEN 5 THEN ''NaN''::float8 WHEN 6 THEN ''infinity'' ELSE -id END'),
		('bytea', 'decode(md5(id::text), ''hex'')'), ('integer[]', 'ARRAY[id, NULL]'), ('mood[]', 'array_fill(''glad''::mood, ARRAY[id])'),
		('place', 'ROW(id, ''x'')'), ('jsonb', 'to_jsonb(id)'), ('inet', 'inet ''10.0.0.0'' + id'), ('int4range', 'int4range(id, id + 1)'),
		('bit(16)', 'id::bit(16)'), ('oid', 'id')) AS t (type, value), unnest('{table,view}'::text[]) AS kind;
SELECT pg_temp.keyed('text', 'repeat(md5(id::text), 70)') \gset
ALTER TABLE keyed ALTER "the key" SET STORAGE EXTERNAL;
UPDATE keyed SET "the key" = "the key" || '.';
SELECT pg_temp.same('keyed', 'a key kept apart', $$key => '{the key}'$$);
SELECT is(pg_temp.complaint(format($$SELECT segment_kmeans(%L, 3, features => '{x,y}', key => '{the key}', assignment => %L)$$, pg_temp.keyed(type, value), kind)),
	format('0A000 key ("the key") of relation "keyed" has a type without an order | Could not identify an ordering operator for type %s. | '
		'Name other columns, or cast it to another type in a view, and fit that.', type), 'a key of type ' || type)
FROM (VALUES ('json', 'to_json(id)'), ('point', 'point(id, 1)'), ('xid', 'id::text')) AS t (type, value), unnest('{table,view}'::text[]) AS kind;
SELECT is(pg_temp.complaint(format($$SELECT segment_kmeans(%L, 3, features => '{x,y}', key => '{the key}', assignment => %L)$$, pg_temp.keyed(type, value), kind)),
	complaint, 'a key that is no key: ' || kind)
FROM (VALUES ('mood', 'nullif(''glad'', ''sad'')', '23505 key ("the key") of relation "keyed" is not unique | Key ("the key")=(glad) is duplicated. | Name columns that identify a row with key => ''{...}''.'),
		('integer', 'nullif(id, 7)', '23502 key column "the key" contains a null value | Name other key columns with key => ''{...}'', or leave such rows out in a view.')) AS t (type, value, complaint),
	unnest('{table,view}'::text[]) AS kind;

CREATE TABLE composite ("Shop ID" uuid, "select" date, "say ""when""" text COLLATE careless, segment integer, x float8, y numeric, b boolean, joined date,
	id integer, PRIMARY KEY ("say ""when""", segment, "Shop ID", "select"));
INSERT INTO composite SELECT md5((id % 7)::text)::uuid, date '2020-01-01' + id % 10, 'A' || id / 10, 1, x, y, b, joined, id FROM plain;
SELECT segment_kmeans('composite', 3, features => '{x,y,b,joined}') IS NOT NULL AS fitted \gset
SELECT is((segment_refresh('composite')).inertia, inertia[2], 'four key columns') FROM expected_four;
SELECT col_is_pk('composite_assignment', '{"say \"when\"",segment,Shop ID,select}'::name[], 'are the primary key of the assignment');
SELECT is((SELECT count(*) FROM composite_members AS m JOIN composite_assignment AS a USING ("Shop ID", "select", "say ""when""", segment)
		WHERE m.composite_segment = a.composite_segment AND m.composite_segment = segment_predict('composite', m)), 600::bigint, 'and its rows are found');

-- no key at all

CREATE VIEW bare AS SELECT x, y, b, joined FROM plain;
SELECT is((segment_kmeans('bare', 3, key => '{}', features => '{x,y,b,joined}')).inertia, inertia[1], 'no key') FROM expected_four;
SELECT results_eq($$SELECT assignment, members, k, rows_used FROM segment_models WHERE model = 'bare'$$,
	'VALUES (NULL::regclass, NULL::regclass, 3, 600::bigint)', 'no key: neither assignment nor members');
SELECT is((SELECT array_agg(segment_predict('bare', u)) FROM bare AS u), (SELECT array_agg(segment_predict('bare', p)) FROM plain AS p), 'no key: rows are scored');
SELECT is((SELECT sum(rows) FROM bare_profile), 600::numeric, 'no key: the profile');
SELECT is((segment_refresh('bare')).inertia, inertia[2], 'no key: refreshed') FROM expected_four;
SELECT lives_ok($$SELECT segment_drop('bare')$$, 'no key: dropped');
SELECT is((segment_kmeans('plain', 3, key => '{}', model => 'bare')).features, '{x,y,b,note}', 'a primary key that is not wanted is no feature either');

-- as many columns as there can be

SELECT format('CREATE TABLE wide_%s AS SELECT id, %s FROM plain', n, string_agg(format('(x + %s * coalesce(y, 0))::smallint AS f%s', f % 50, f), ', ' ORDER BY f))
FROM unnest('{1000,1597,1600}'::integer[]) AS n, generate_series(1, n - 1) AS f GROUP BY n \gexec
SELECT is((segment_kmeans(source, 3, key => '{id}', n_init => 1)).rows_used, 600::bigint, source || ' is fitted')
FROM unnest('{wide_1000,wide_1600}'::text[]) AS source;
SELECT is((segment_kmeans('wide_1597', 3, features => '{f1,f1596}', key => '{id}', assignment => 'view')).rows_used, 600::bigint, 'wide_1597 is fitted');
SELECT is((SELECT count(*) FROM pg_attribute WHERE attrelid = members::regclass), n::bigint, members || ' has ' || n || ' columns')
FROM (VALUES ('wide_1000_members', 1004), ('wide_1597_members', 1600), ('wide_1600_members', 1600)) AS m (members, n);
SELECT is((SELECT count(*) FROM wide_1600_members AS m JOIN wide_1600_assignment AS a USING (id, segment, distance, margin)), 600::bigint, 'with the figures of each row');
SELECT is((SELECT rows_used FROM segment_refresh('wide_1600')), 600::bigint, 'they are refreshed');
SELECT is((SELECT count(*) FROM segment_describe('wide_1600') WHERE rows = 600), 1600::bigint, 'and described');
SELECT is((SELECT count(*) FROM wide_1600 AS w JOIN wide_1600_assignment AS a USING (id) WHERE a.segment = segment_predict('wide_1600', w)), 600::bigint, 'and scored');

-- names

SELECT repeat('n', 63) AS long, repeat('é', 31) AS letters \gset
CREATE SCHEMA "Odd ""schema""";
CREATE TABLE "Odd ""schema""".:"long" AS SELECT * FROM plain;
CREATE TABLE :"letters" AS SELECT * FROM plain;
SELECT pg_temp.same(format('"Odd ""schema""".%s', repeat('n', 63)), 'a long name in an odd schema');
SELECT pg_temp.same(repeat('é', 31), 'a long name of two-byte letters', $$key => '{id}', into_schema => 'Odd "schema"'$$);
CREATE TABLE "table" ("user" integer PRIMARY KEY, "from" float8, "a=b" numeric);
INSERT INTO "table" SELECT id, x, y FROM plain;
SELECT segment_kmeans('"table"', 3) IS NOT NULL AS fitted \gset
SELECT is((SELECT count(*) FROM table_members AS m JOIN plain ON id = "user" WHERE segment = segment_predict('table', m)), 600::bigint, 'reserved words');
SELECT is((SELECT array_agg(column_name) FROM segment_describe('"table"')), '{user,from,a=b}', 'are described');
SELECT lives_ok($$SELECT segment_kmeans('pg_class', 2, into_schema => 'public')$$, 'a system catalog');
SELECT is(pg_temp.complaint($$SELECT segment_kmeans('pg_class', 2)$$),
	'42501 permission denied for schema pg_catalog | The relations of the model would be created there. | '
	'Name a schema in which you may create with into_schema => ''...''.', 'goes into another schema');

-- sources that do not stay as they are

CREATE TABLE altered AS SELECT * FROM plain;
ALTER TABLE altered ADD PRIMARY KEY (id);
SELECT segment_kmeans('altered', 3, features => '{x,y,b,joined}') IS NOT NULL AS fitted \gset
SELECT throws_ok('ALTER TABLE altered DROP note', '2BP01', NULL, 'the members hold the columns of a source');
ALTER TABLE altered RENAME TO renamed;
ALTER TABLE renamed RENAME note TO remark;
SELECT is((segment_refresh('altered')).inertia, inertia[2], 'a new name, and one for a column that is no feature') FROM expected_four;
DROP VIEW altered_members;
ALTER TABLE renamed DROP remark, ALTER x TYPE numeric;
SELECT is((segment_refresh('altered', warm_start => false)).inertia, inertia[1], 'without the members, columns go and change their types') FROM expected_four;
SAVEPOINT gone;
ALTER TABLE renamed DROP x;
SELECT is(pg_temp.complaint($$SELECT segment_refresh('altered')$$),
	'42703 column "x" of relation "renamed" does not exist | Restore it, or fit the model anew with segment_kmeans(..., replace => true).', 'a feature that is gone');
ROLLBACK TO gone;
ALTER TABLE renamed DROP id;
SELECT is(pg_temp.complaint($$SELECT segment_refresh('altered')$$),
	'42703 column "id" of relation "renamed" does not exist | Restore it, or fit the model anew with segment_kmeans(..., replace => true).', 'a key that is gone');
ROLLBACK TO gone;
TRUNCATE renamed;
SELECT is(pg_temp.complaint($$SELECT segment_refresh('altered')$$) LIKE '22023 relation "renamed" has no rows%', true, 'no rows any more');
DROP TABLE renamed;
SELECT is(pg_temp.complaint($$SELECT segment_refresh('altered')$$) LIKE '42P01 the source of model "altered" no longer exists%', true, 'no source any more');
SELECT is((SELECT count(*) FROM altered_assignment), 600::bigint, 'the assignment is as it was');
SELECT lives_ok($$SELECT segment_drop('altered')$$, 'the model can go');

-- rows that come while a source is read

CREATE SEQUENCE readings;
CREATE FUNCTION reading() RETURNS bigint LANGUAGE sql VOLATILE AS $$ SELECT nextval('public.readings') $$;
CREATE VIEW growing AS SELECT p.* FROM plain AS p, (SELECT reading() AS n OFFSET 0) AS r WHERE id <= 300 + 10 * n;
SELECT rows_used AS fitted FROM segment_kmeans('growing', 3, key => '{id}', features => '{x}') \gset
SELECT is(count(*), :fitted::bigint, 'where keys are in memory, the rows are read once') FROM growing_assignment;
SELECT segment_drop('growing');
CREATE VIEW growing_by_name AS SELECT id::text AS name, x FROM growing;
SELECT is(pg_temp.complaint($$SELECT segment_kmeans('growing_by_name', 3, key => '{name}')$$),
	'55000 the rows of the source are not the same when they are read again | '
	'They are read once more for the assignment table, and several times if they do not fit in segment.work_mem. | '
	'Store the rows of a view that calls volatile functions, or of a foreign table that changes meanwhile, in a table.',
	'the assignment has the rows that were fitted');

-- row security: everyone's model is of the rows that they see

CREATE ROLE segment_ann;
CREATE ROLE segment_bob;
GRANT CREATE ON SCHEMA public TO segment_ann, segment_bob;
CREATE TABLE shared AS SELECT *, CASE WHEN b THEN 'segment_ann' ELSE 'segment_bob' END::name AS who FROM plain;
ALTER TABLE shared ADD PRIMARY KEY (id), ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON shared USING (who = current_user);
GRANT SELECT ON shared TO segment_ann, segment_bob;
GRANT SELECT ON expected TO segment_ann;
CREATE TEMPORARY TABLE expected_half AS SELECT pg_temp.journey('half', $$key => '{id}'$$) AS figures;
GRANT SELECT ON expected_half TO segment_ann;
SET LOCAL ROLE segment_ann;
SELECT is(pg_temp.journey('shared', options), figures, 'row security: ' || options) FROM expected_half, unnest(ARRAY['seed => 0', $$assignment => 'view'$$]) AS options;
SELECT segment_kmeans('shared', 3, features => '{x,y,b,joined}', model => 'anns') IS NOT NULL AS fitted \gset
GRANT SELECT ON anns_members, anns_assignment TO segment_bob;
SET LOCAL ROLE segment_bob;
SELECT is((SELECT count(*) FROM anns_members), 0::bigint, 'a reader of the members sees no row of others');
SELECT is((SELECT count(*) FROM anns_assignment), 300::bigint, 'the assignment is a table like any other');
SELECT throws_ok($$SELECT * FROM segment_map('anns')$$, '42501', 'permission denied for table shared', 'nor on the map');
SELECT is((SELECT count(segment_predict('anns', s)) FROM shared AS s), 300::bigint, 'and the model scores the rows of its reader');
RESET ROLE;
SELECT is((segment_refresh('anns')).rows_used, 300::bigint, 'a refresh is of the rows that the owner of the model sees');
SET LOCAL ROLE segment_ann;
SELECT is((segment_refresh('anns')).rows_used, 300::bigint, 'whoever that is');
RESET ROLE;

-- columns that may not be read

CREATE TABLE partly AS SELECT id, x, y, b, joined, x AS hidden FROM plain;
ALTER TABLE partly ADD PRIMARY KEY (id);
GRANT SELECT (id, x, y, b, joined) ON partly TO segment_ann;
SET LOCAL ROLE segment_ann;
SELECT is((segment_kmeans('partly', 3)).features, '{x,y,b}', 'features are columns that the caller may read');
SELECT columns_are('partly_members', '{id,x,y,b,joined,segment,label,distance,margin}'::name[], 'members have those, too');
SELECT is((segment_refresh('partly')).run, 2, 'and a refresh');
SELECT is(ARRAY(SELECT column_name FROM segment_describe('partly')), '{id,x,y,b,joined}', 'they are described');
SELECT is(ARRAY(SELECT DISTINCT x FROM segment_correlation('partly') ORDER BY x), '{b,joined,x,y}', 'and correlated');
SELECT is(pg_temp.complaint($$SELECT segment_kmeans('partly', 3, features => '{hidden}', model => 'no')$$), '42501 permission denied for table partly', 'others are refused');
SELECT is(pg_temp.complaint($$SELECT segment_kmeans('plain', 3)$$), '42501 permission denied for table plain', 'as are tables');
RESET ROLE;

-- schemas in which one may not create

CREATE SCHEMA locked;
CREATE SCHEMA segment_anns AUTHORIZATION segment_ann;
CREATE TABLE locked.up AS SELECT * FROM plain;
GRANT USAGE ON SCHEMA locked TO segment_ann;
GRANT SELECT ON locked.up TO segment_ann;
SET LOCAL ROLE segment_ann;
SELECT is(pg_temp.complaint($$SELECT segment_kmeans('locked.up', 3, key => '{id}')$$),
	'42501 permission denied for schema locked | The relations of the model would be created there. | '
	'Name a schema in which you may create with into_schema => ''...''.', 'a schema in which one may not create');
SELECT pg_temp.same('locked.up', 'its tables all the same', $$key => '{id}', into_schema => 'segment_anns'$$);
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
