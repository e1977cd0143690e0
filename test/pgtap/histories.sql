-- Simulated histories: whose number and whose label a segment has after years of refreshes.
--
-- A history has 12 periods of about 2,000 customers, in groups of round clouds (standard deviation 1 in each of three
-- features) at places that are at least 8 apart. From each period to the next
--   * every customer keeps most of what sets him apart, and changes a little;
--   * one customer in twenty leaves, and another one of the same group comes;
--   * every group drifts by up to 1;
--   * in four periods, in an order that the seed chooses: 42 % of the largest group become a group elsewhere (split); the
--     smallest group moves to where the largest is, and stays there (merge); a group leaves (death); a new one of strangers
--     comes (birth).
-- It is lived through twice: with the k of the first fit (fixed), and with the true k given in each period (true). A person
-- labels every segment at first, and later each one that has no label of a person.
--
-- psql -v first=1 -v seeds=20 makes it the long form, of seeds 1 to 20, which test/bench/histories runs.
\if :{?seeds}
\else
\set first 34
\set seeds 36
\endif
BEGIN;
SELECT plan(9);
SET client_min_messages = warning;
SET max_parallel_workers_per_gather = 0;

CREATE TABLE places (place integer PRIMARY KEY, x float8, y float8, z float8);
CREATE TABLE groups (g integer PRIMARY KEY, place integer, x float8, y float8, z float8, alive boolean DEFAULT true);
CREATE TABLE people (id integer PRIMARY KEY, g integer, dx float8, dy float8, dz float8);
CREATE TABLE customer (id integer PRIMARY KEY, x float8, y float8, z float8);
CREATE TABLE seen (mode text, period integer, id integer, segment integer, g integer, host integer, PRIMARY KEY (mode, period, id));
CREATE TABLE event (period integer, what text, g integer, part integer);
CREATE TABLE given (mode text, label text, groups integer[]);
CREATE TABLE checked (history integer, mode text, period integer, segment integer, label text, theirs float8, stayed float8);
CREATE TABLE kept (history integer, mode text, period integer, g integer, before integer, now integer);
CREATE TABLE named (history integer, period integer, what text, told text[], fine boolean);

-- about normal: twelve uniform ones
CREATE FUNCTION pg_temp.normal() RETURNS float8 LANGUAGE sql VOLATILE AS $$
    SELECT random() + random() + random() + random() + random() + random() + random() + random() + random() + random() + random() + random() - 6;
$$;

CREATE FUNCTION pg_temp.come(grp integer, n integer) RETURNS void LANGUAGE sql AS $$
    INSERT INTO people
    SELECT (SELECT coalesce(max(p.id), 0) FROM people p) + i, grp, pg_temp.normal(), pg_temp.normal(), pg_temp.normal() FROM generate_series(1, n) i;
$$;

-- a new group at a place that no living one has been given
CREATE FUNCTION pg_temp.found() RETURNS integer LANGUAGE sql AS $$
    INSERT INTO groups
    SELECT (SELECT coalesce(max(g.g), 0) + 1 FROM groups g), p.place, p.x, p.y, p.z
      FROM (SELECT p.*, random() AS r FROM places p WHERE NOT EXISTS (SELECT FROM groups g WHERE g.place = p.place)) p
     ORDER BY p.r LIMIT 1
    RETURNING g;
$$;

CREATE FUNCTION pg_temp.size(grp integer) RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM people p WHERE p.g = grp';

CREATE FUNCTION pg_temp.happen(at integer, what text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    largest  integer := (SELECT g.g FROM groups g WHERE g.alive ORDER BY pg_temp.size(g.g) DESC, g.g LIMIT 1);
    smallest integer := (SELECT g.g FROM groups g WHERE g.alive ORDER BY pg_temp.size(g.g), g.g LIMIT 1);
    other    integer := (SELECT g.g FROM (SELECT g.g, random() AS r FROM groups g WHERE g.alive AND g.g <> largest) g ORDER BY g.r LIMIT 1);
    new      integer;
BEGIN
    CASE what
        WHEN 'split' THEN
            new := pg_temp.found();
            UPDATE people p SET g = new
             WHERE p.id IN (SELECT q.id FROM (SELECT q.id, random() AS r FROM people q WHERE q.g = largest) q
                             ORDER BY q.r LIMIT (0.42 * pg_temp.size(largest))::integer);
            INSERT INTO event VALUES (at, what, largest, new);
        WHEN 'merge' THEN       -- they are where the others are, but who they are stays the same
            UPDATE groups g SET (alive, place) = (false, NULL) WHERE g.g = smallest;
            INSERT INTO event VALUES (at, what, smallest, largest);
        WHEN 'death' THEN
            DELETE FROM people p WHERE p.g = other OR p.g IN (SELECT e.g FROM event e WHERE e.what = 'merge' AND e.part = other);
            UPDATE groups g SET (alive, place) = (false, NULL) WHERE g.g = other;
            INSERT INTO event VALUES (at, what, other, NULL);
        WHEN 'birth' THEN
            new := pg_temp.found();
            PERFORM pg_temp.come(new, 300);
            INSERT INTO event VALUES (at, what, new, NULL);
    END CASE;
END
$$;

CREATE FUNCTION pg_temp.live(at integer, what text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    living record;
BEGIN
    IF what IS NOT NULL THEN
        PERFORM pg_temp.happen(at, what);
    END IF;
    UPDATE groups SET x = x + random() * 1.15 - 0.575, y = y + random() * 1.15 - 0.575, z = z + random() * 1.15 - 0.575;
    FOR living IN SELECT g.g, pg_temp.size(g.g) / 20 AS n FROM groups g WHERE g.alive ORDER BY g.g LOOP
        DELETE FROM people p WHERE p.id IN (SELECT q.id FROM (SELECT q.id, random() AS r FROM people q WHERE q.g = living.g) q ORDER BY q.r LIMIT living.n);
        PERFORM pg_temp.come(living.g, living.n::integer);
    END LOOP;
    UPDATE people SET dx = 0.95 * dx + 0.31 * pg_temp.normal(), dy = 0.95 * dy + 0.31 * pg_temp.normal(), dz = 0.95 * dz + 0.31 * pg_temp.normal();
    DELETE FROM customer;
    INSERT INTO customer
    SELECT p.id, h.x + p.dx, h.y + p.dy, h.z + p.dz
      FROM people p
      LEFT JOIN event e ON e.what = 'merge' AND e.g = p.g
      JOIN groups h ON h.g = coalesce(e.part, p.g);
END
$$;

-- labels each segment without one, and looks at those that have one
CREATE FUNCTION pg_temp.look(history integer, mode text, at integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    s record;
BEGIN
    EXECUTE format('INSERT INTO seen SELECT $1, $2, a.id, a.segment, p.g, coalesce(e.part, p.g) FROM %I a JOIN people p USING (id) LEFT JOIN event e ON e.what = ''merge'' AND e.g = p.g', look.mode || '_assignment') USING look.mode, at;
    INSERT INTO checked
    SELECT look.history, look.mode, at, c.segment, l.label, c.theirs, c.stayed
      FROM segment_internal.catalog_label l
      JOIN given g ON g.label = l.label AND g.mode = look.mode
      JOIN LATERAL (SELECT n.segment, avg((n.g = ANY (g.groups))::integer) AS theirs, avg((b.segment = n.segment)::integer) AS stayed
                      FROM seen n LEFT JOIN seen b ON b.mode = n.mode AND b.period = at - 1 AND b.id = n.id
                     WHERE n.mode = look.mode AND n.period = at AND n.segment = l.segment GROUP BY n.segment) c ON true
     WHERE at > 1 AND l.model_id = segment_internal.model_id(look.mode);
    FOR s IN EXECUTE format('SELECT p.segment FROM %I p WHERE p.segment NOT IN (SELECT l.segment FROM segment_internal.catalog_label l WHERE l.model_id = $1) ORDER BY 1',
                            look.mode || '_profile') USING segment_internal.model_id(look.mode) LOOP
        PERFORM segment_label(look.mode, s.segment, format('named %s in %s', s.segment, at));
        INSERT INTO given
        SELECT look.mode, format('named %s in %s', s.segment, at), array_agg(c.g)
          FROM (SELECT n.g FROM seen n WHERE n.mode = look.mode AND n.period = at AND n.segment = s.segment
                 GROUP BY n.g HAVING 4 * count(*) >= (SELECT count(*) FROM seen o WHERE o.mode = look.mode AND o.period = at AND o.segment = s.segment)) c;
    END LOOP;
END
$$;

-- the segment that is a group, with those who have moved to it, and nothing else, where there is one: at least nine tenths of each are the other
CREATE TABLE clean (mode text, period integer, g integer, segment integer);
CREATE VIEW cleaned AS
SELECT c.mode, c.period, c.g, c.segment
  FROM (SELECT s.mode, s.period, s.host AS g, s.segment, count(*) AS n, sum(count(*)) OVER (PARTITION BY s.mode, s.period, s.host) AS of_group,
               sum(count(*)) OVER (PARTITION BY s.mode, s.period, s.segment) AS of_segment
          FROM seen s GROUP BY 1, 2, 3, 4) c
 WHERE c.n >= 0.9 * c.of_group AND c.n >= 0.9 * c.of_segment;

CREATE FUNCTION pg_temp.judge(history integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO clean SELECT c.* FROM cleaned c;
    INSERT INTO kept
    SELECT judge.history, n.mode, n.period, n.g, b.segment, n.segment
      FROM clean n JOIN clean b ON b.mode = n.mode AND b.period = n.period - 1 AND b.g = n.g;
    IF current_setting('histories.before', true) = '1' THEN
        RETURN;
    END IF;
    -- what was told of the segment that had been the group, in the true k: of a new group, of the segment that it is
    INSERT INTO named
    SELECT judge.history, e.period, e.what, t.kinds,
           CASE e.what WHEN 'split' THEN 'split' = ANY (t.kinds) WHEN 'merge' THEN t.kinds = '{absorbed}'
                       WHEN 'death' THEN t.kinds = '{vanished}' ELSE t.kinds = '{born}' END
      FROM event e
     CROSS JOIN LATERAL (SELECT array_agg(t.kind ORDER BY t.kind) AS kinds
                           FROM segment_transitions('true', e.period) t
                           JOIN clean c ON c.mode = 'true' AND c.g = e.g
                                       AND CASE e.what WHEN 'birth' THEN c.period = e.period AND c.segment = t.to_segment
                                                       ELSE c.period = e.period - 1 AND c.segment = t.from_segment END) t;
    INSERT INTO named
    SELECT judge.history, n.period, 'stay', t.kinds, t.kinds = '{survived}'
      FROM clean n
      JOIN clean b ON b.mode = n.mode AND b.period = n.period - 1 AND b.g = n.g
     CROSS JOIN LATERAL (SELECT array_agg(t.kind ORDER BY t.kind) AS kinds FROM segment_transitions('true', n.period) t WHERE t.from_segment = b.segment) t
     WHERE n.mode = 'true' AND NOT EXISTS (SELECT FROM event e WHERE e.period = n.period AND n.g IN (e.g, e.part) AND e.what <> 'merge');
END
$$;

CREATE FUNCTION pg_temp.history(seed integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    events text[];
    k      integer;
BEGIN
    PERFORM setseed(seed / 1000.0);
    TRUNCATE places, groups, people, customer, seen, event, given, clean;
    INSERT INTO places SELECT row_number() OVER (), 12 * x + 4 * random() - 2, 12 * y + 4 * random() - 2, 12 * z + 4 * random() - 2
      FROM generate_series(0, 2) x, generate_series(0, 2) y, generate_series(0, 1) z;
    FOR i IN 1 .. 6 LOOP
        PERFORM pg_temp.come(pg_temp.found(), 180 + 60 * i);
    END LOOP;
    events := ARRAY(SELECT w FROM (SELECT w, random() AS r FROM unnest('{split,merge,death,birth}'::text[]) w) w ORDER BY r);
    FOR at IN 1 .. 12 LOOP
        PERFORM pg_temp.live(at, CASE WHEN at IN (4, 6, 8, 10) THEN events[at / 2 - 1] END);
        k := (SELECT count(*) FROM groups g WHERE g.alive);
        IF at = 1 THEN
            PERFORM segment_kmeans('customer', 6, model => 'fixed', replace => true), segment_kmeans('customer', 6, model => 'true', replace => true);
        ELSE
            PERFORM segment_refresh('fixed'), segment_refresh('true', k => k);
        END IF;
        ANALYZE seen;
        PERFORM pg_temp.look(seed, 'fixed', at), pg_temp.look(seed, 'true', at);
    END LOOP;
    PERFORM pg_temp.judge(seed);
    PERFORM segment_drop('fixed'), segment_drop('true');
END
$$;

SELECT count(pg_temp.history(seed)::text) AS histories FROM generate_series(:first, :seeds) seed \gset
SELECT diag(format('%s histories; labels of persons: %s, looked at %s times; segments that stay: %s fixed, %s true; events: %s', :histories,
                   (SELECT count(DISTINCT (c.history, c.mode, c.label)) FROM checked c), (SELECT count(*) FROM checked),
                   (SELECT round(avg((k.before = k.now)::integer), 4) FROM kept k WHERE k.mode = 'fixed'), (SELECT round(avg((k.before = k.now)::integer), 4) FROM kept k WHERE k.mode = 'true'),
                   (SELECT string_agg(n.what || ' ' || n.share, ', ' ORDER BY n.what) FROM (SELECT n.what, round(avg(coalesce(n.fine, false)::integer), 3) AS share FROM named n GROUP BY 1) n)));

SELECT cmp_ok((SELECT count(*) FROM checked WHERE mode = 'fixed'), '>=', 50 * :histories::bigint, 'many labels are looked at, k as it was');
SELECT cmp_ok((SELECT count(*) FROM checked WHERE mode = 'true'), '>=', 50 * :histories::bigint, 'and with the true k');
SELECT is((SELECT count(*) FROM checked c WHERE c.theirs <= 0.5), 0::bigint, 'no label of a person is on a segment whose people are mostly of other groups');
SELECT is((SELECT count(*) FROM checked c WHERE c.stayed <= 0.5), 0::bigint, 'nor on one whose people were mostly elsewhere in the run before');
SELECT cmp_ok((SELECT avg((k.before = k.now)::integer) FROM kept k WHERE k.mode = 'fixed'), '>=', 0.97, 'segments that stay keep their number');
SELECT cmp_ok((SELECT avg((k.before = k.now)::integer) FROM kept k WHERE k.mode = 'true'), '>=', 0.99, 'with the true k');
SELECT cmp_ok((SELECT avg(coalesce(n.fine, false)::integer) FROM named n WHERE n.what <> 'stay'), '>=', 0.9, 'transitions have their right names');
SELECT cmp_ok((SELECT avg(coalesce(n.fine, false)::integer) FROM named n WHERE n.what = 'stay'), '>=', 0.99, 'and where nothing happened, none other');
SELECT is((SELECT count(*) FROM kept k JOIN kept o ON (o.history, o.mode, o.before) = (k.history, k.mode, k.now) AND o.g <> k.g AND o.period > k.period), 0::bigint,
          'no number is ever given to another group');

SELECT * FROM finish();
ROLLBACK;
