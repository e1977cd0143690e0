-- What a refresh finds to differ: source and old assignment are joined by their key.

BEGIN;
SELECT plan(35);

SET LOCAL client_min_messages = warning;

-- Refreshes the model "m", and says which keys it wrote.
CREATE TABLE written (id text, what text);
CREATE FUNCTION pg_temp.note() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO public.written VALUES (CASE tg_op WHEN 'DELETE' THEN old.id ELSE new.id END, lower(left(tg_op, 1)));
	RETURN NULL;
END
$$;
CREATE FUNCTION pg_temp.refresh() RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
	DELETE FROM written;
	PERFORM segment_refresh('m');
	RETURN (SELECT string_agg(w.id || ' ' || w.what, ', ' ORDER BY w.id COLLATE "C", w.what) FROM written w);
END
$$;

-- Two groups far from each other, of 20 and 30 rows; all rows of a group are equal, so that centroids stay.
CREATE TABLE s (id text, x float8, y float8);
CREATE VIEW v AS SELECT * FROM s;
INSERT INTO s SELECT 'k' || i, CASE WHEN i <= 20 THEN 0 ELSE 10 END, 1 FROM generate_series(1, 50) i;
SELECT segment_kmeans('v', 2, model => 'm', key => '{id}', features => '{x,y}', missing => 'skip', scaling => 'none');
CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON m_assignment FOR EACH ROW EXECUTE FUNCTION pg_temp.note();

-- y does not vary, so that it is none of the features
SELECT is((SELECT features FROM segment_models WHERE model = 'm'), '{x}', 'the feature');
SELECT is(pg_temp.refresh(), NULL, 'nothing differs');
SELECT is((SELECT count(*) FROM pg_class WHERE relname LIKE 'segment\_fresh%'), 0::bigint, 'and no table is left');

-- rows that come, go, move, and are skipped
INSERT INTO s VALUES ('new', 0, 1);
SELECT is(pg_temp.refresh(), 'new i', 'a row that came');
DELETE FROM s WHERE id = 'new';
SELECT is(pg_temp.refresh(), 'new d', 'a row that went');
UPDATE s SET x = 10 WHERE id = 'k1';
SELECT is(pg_temp.refresh(), 'k1 u', 'a row that moved');
UPDATE s SET x = NULL WHERE id = 'k1';
SELECT is(pg_temp.refresh(), 'k1 d', 'a row that is skipped now');
SELECT is(pg_temp.refresh(), NULL, 'and still is');
UPDATE s SET x = 0 WHERE id = 'k1';
SELECT is(pg_temp.refresh(), 'k1 i', 'a row that is no longer skipped');
INSERT INTO s VALUES ('new', NULL, 1);
SELECT is(pg_temp.refresh(), NULL, 'a new row that is skipped');
UPDATE s SET id = 'renamed' WHERE id = 'k2';
SELECT is(pg_temp.refresh(), 'k2 d, renamed i', 'a row that got another key');
UPDATE s SET id = 'k2' WHERE id = 'renamed';
SELECT is(pg_temp.refresh(), 'k2 i, renamed d', 'and back');

-- keys that are not unique, or null
CREATE FUNCTION pg_temp.fault(statement text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	EXECUTE statement;
	PERFORM segment_refresh('m');
	RAISE 'no error' USING ERRCODE = 'XX000';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' ', sqlstate, sqlerrm, nullif(detail, ''));
END
$$;
SELECT is(pg_temp.fault($$INSERT INTO s VALUES ('k3', 0, 1)$$),
	'23505 key (id) of relation "v" is not unique Key (id)=(k3) is duplicated.', 'two rows with a key that there was');
SELECT is(pg_temp.fault($$INSERT INTO s VALUES ('k3', 0, 1), ('k3', 10, 1)$$),
	'23505 key (id) of relation "v" is not unique Key (id)=(k3) is duplicated.', 'three');
SELECT is(pg_temp.fault($$INSERT INTO s VALUES ('twice', 0, 1), ('twice', 10, 1)$$),
	'23505 key (id) of relation "v" is not unique Key (id)=(twice) is duplicated.', 'two new rows with the same key');
SELECT is(pg_temp.fault($$INSERT INTO s VALUES (NULL, 0, 1)$$),
	'23502 key column "id" contains a null value', 'a row without a key');
INSERT INTO s VALUES (NULL, NULL, 1), ('k3', NULL, 1), ('k3', NULL, 1);
SELECT is(pg_temp.refresh(), NULL, 'rows that are skipped may have any key');
UPDATE s SET x = NULL WHERE id = 'k3';
SELECT is(pg_temp.refresh(), 'k3 d', 'where all rows of a key are skipped, it goes once');
UPDATE s SET x = 0 WHERE ctid = (SELECT min(ctid) FROM s WHERE id = 'k3');
SELECT is(pg_temp.refresh(), 'k3 i', 'and comes back with the one that is used');

-- what somebody has done to the assignment
DELETE FROM m_assignment WHERE id IN ('k5', 'k6');
INSERT INTO m_assignment VALUES ('nobody', 1, 0, 2, 1);
SELECT is(pg_temp.refresh(), 'k5 i, k6 i, nobody d', 'rows that were put in and taken out are mended');
ALTER TABLE m_assignment ALTER segment DROP NOT NULL;
UPDATE m_assignment SET segment = NULL WHERE id = 'k5';
UPDATE m_assignment SET segment = -2147483648 WHERE id = 'k6';
UPDATE m_assignment SET segment = 2147483647 WHERE id = 'k7';
UPDATE m_assignment SET distance = 'NaN' WHERE id = 'k8';
UPDATE m_assignment SET distance = 'Infinity' WHERE id = 'k9';
UPDATE m_assignment SET distance = '-Infinity', margin = 'NaN' WHERE id = 'k10';
UPDATE m_assignment SET margin = NULL WHERE id = 'k11';
UPDATE m_assignment SET second_segment = NULL WHERE id = 'k12';
UPDATE m_assignment SET distance = 3e38 WHERE id = 'k13';
SELECT is(pg_temp.refresh(), 'k10 u, k11 u, k12 u, k13 u, k5 u, k6 u, k7 u, k8 u, k9 u', 'values that are wrong are mended');
SELECT is((SELECT array_agg(DISTINCT a::text) FROM (SELECT segment, distance, second_segment, margin FROM m_assignment WHERE id ~ '^k(5|6|7|8|9|10|11|12|13)$') a),
	'{"(2,0,1,1)"}', 'to what they were');
ALTER TABLE m_assignment ADD note text DEFAULT 'a note', ADD CHECK (segment > 0);
CREATE INDEX ON m_assignment (note, segment);
UPDATE s SET x = 10 WHERE id = 'k5';
SELECT is(pg_temp.refresh(), 'k5 u', 'an assignment with a column and an index more');
SELECT is((SELECT format('%s %s', segment, note) FROM m_assignment WHERE id = 'k5'), '1 a note', 'which keeps the column');
ALTER TABLE m_assignment RENAME margin TO "the margin";
UPDATE s SET x = 0 WHERE id = 'k5';
SELECT is(pg_temp.refresh(), 'k5 u', 'columns that were renamed');
ALTER TABLE m_assignment RENAME id TO other;
SELECT throws_ok($$SELECT segment_refresh('m')$$, '42703', 'relation public.m_assignment no longer has the columns that the fit gave it',
	'but not the key''s');
ALTER TABLE m_assignment RENAME other TO id;

-- the rule: a thousandth of the margin, and of the distance to the second segment
SELECT is(segment_internal.differs(1, d, 2, m, 1, e, 2, n), expected, what)
  FROM (VALUES (1::real, 0.5::real, 1.001::real, 0.5::real, false, 'the second segment is at 2: a distance may be off by 0.002'),
               (1, 0.5, 1.0025, 0.5, true, 'but no more'),
               (1, 0.5, 1, 0.5005, false, 'a margin may be off by 0.001'),
               (1, 0.5, 1, 0.502, true, 'but no more'),
               (1, 0, 1.0009, 0, false, 'on the border the distance is that to the second segment'),
               (0, 1, 1e-30, 1, true, 'where both are at their centroid nobody knows the distance to another one'),
               (0, 1, 0.005, 0.9995, false, 'which that of one of them tells'),
               (0, 1, 0.5, 0.9995, false, 'or'),
               (10, -0.5, 10.009, -0.5, false, 'a row that is nearer to another segment')) r (d, m, e, n, expected, what);

SELECT * FROM finish();
ROLLBACK;
