-- Figures are right whatever the data: far from zero, tiny, huge, few rows, ties.

BEGIN;
SELECT plan(12);

SET LOCAL client_min_messages = warning;

-- Twelve blobs in three features.  Where x is that far from zero, an unused lane of the last block, if it
-- counted, would be a row 10,000 standard deviations away.
CREATE TABLE blobs (id integer PRIMARY KEY, x float8, y float8, z float8);
INSERT INTO blobs
SELECT i, hashint4extended(i % 12, 1) % 60 + (hashint4extended(i, 2) % 1024) / 128.0,
	hashint4extended(i % 12, 3) % 60 + (hashint4extended(i, 4) % 1024) / 128.0,
	hashint4extended(i % 12, 5) % 60 + (hashint4extended(i, 6) % 1024) / 128.0
FROM generate_series(1, 2993) AS i;

CREATE FUNCTION pg_temp.inertia(options text, rows integer DEFAULT 2993, shift float8 DEFAULT 0) RETURNS float8
LANGUAGE plpgsql AS $$
DECLARE
	inertia float8;
BEGIN
	EXECUTE format('CREATE TABLE shifted AS SELECT id, x + %s * (SELECT stddev_pop(x) FROM blobs) AS x, y, z FROM blobs WHERE id <= %s',
		shift, rows);
	EXECUTE format('SELECT inertia FROM segment_kmeans(''shifted'', 12, key => ''{id}'', features => ''{x,y,z}'', model => ''blobs''%s)',
		options) INTO inertia;
	PERFORM segment_drop('blobs');
	DROP TABLE shifted;
	RETURN inertia;
END
$$;

CREATE TABLE best AS SELECT pg_temp.inertia('') AS inertia, pg_temp.inertia('', 2992) AS even;
SELECT cmp_ok(inertia, '<', 153::float8, 'the blobs are found') FROM best;
SELECT cmp_ok(abs(pg_temp.inertia('', shift => 1e4) / inertia - 1), '<', 1e-9::float8, 'and just so where their mean is large')
FROM best;
SELECT cmp_ok(abs(pg_temp.inertia('', 2992, 1e4) / even - 1), '<', 1e-9::float8, 'as with blocks that are full') FROM best;
SELECT cmp_ok(abs(pg_temp.inertia(', n_init => 1', shift => s) / inertia - 1), '<', 1e-9::float8, 'one start, shift ' || s)
FROM best, unnest('{0,400,1e4,-1e4}'::float8[]) AS s;

-- A value of 1e300 is mended: a refresh ends, and segments keep the numbers of those that they were.
CREATE TABLE mended (id integer PRIMARY KEY, x float8, y float8);
INSERT INTO mended SELECT i, 0, CASE WHEN i <= 12 THEN 1 ELSE 2 END FROM generate_series(1, 20) AS i;
CREATE FUNCTION pg_temp.mend(far float8, options text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	numbers text;
BEGIN
	UPDATE mended SET x = far WHERE id = 20;
	EXECUTE format('SELECT segment_kmeans(''mended'', 3, model => ''mended''%s)', options);
	UPDATE mended SET x = 9 WHERE id = 20;
	PERFORM segment_refresh('mended');
	SELECT string_agg(DISTINCT format('%s:%s', y + x, segment), ' ' ORDER BY format('%s:%s', y + x, segment)) INTO numbers
	FROM mended JOIN mended_assignment USING (id);
	PERFORM segment_drop('mended');
	RETURN numbers;
END
$$;
SELECT is(pg_temp.mend(far, ''), '11:3 1:1 2:2', 'a mended value of ' || far) FROM unnest('{1e50,1e200,-1e300}'::float8[]) AS far;
SELECT is(pg_temp.mend(1e300, ', distance => ''cosine'''), '11:3 1:1 2:2', 'the same by angles');
SELECT is(pg_temp.mend(1e300, ', transform => ''yeo-johnson'''), '11:3 1:1 2:2', 'the same of transformed values');

SELECT * FROM finish();
ROLLBACK;
