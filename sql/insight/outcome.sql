-- How often an outcome is reached in each segment: a column of two values that did not make the segments, such as who
-- answered or left.

CREATE FUNCTION segment_internal.outcomes(model_id bigint, outcome text[]) RETURNS SETOF segment_internal.outcome
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF cardinality(outcome) > 0 THEN
        RETURN QUERY SELECT o.* FROM segment_internal.outcomes_of(model_id, outcome) o;
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.outcomes IS 'Internal: segment_outcome of a model; nothing without a column.';

CREATE FUNCTION segment_internal.outcomes_of(model_id bigint, outcome text[]) RETURNS SETOF segment_internal.outcome
LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'segment_internal_members';

COMMENT ON FUNCTION segment_internal.outcomes_of IS 'Internal: rates of outcomes in the segments of a model, as its owner.';

CREATE FUNCTION segment_internal.outcomes_of_as_owner(model_id bigint, outcome text[]) RETURNS SETOF segment_internal.outcome
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
    m       segment_internal.catalog_model := segment_internal.model(model_id);
    wanted  record;
    members text;
    counts  jsonb;
    known   text[];
BEGIN
    PERFORM segment_internal.check_members(m, outcome, 'outcome');
    FOR wanted IN SELECT c.*, o.n, (SELECT r.relname FROM pg_class r WHERE r.oid = m.members) AS relname,
                         c.column_name IN (SELECT f.source_column FROM segment_internal.catalog_feature f
                                            WHERE f.model_id = m.model_id AND f.run = m.run) AS is_feature
                    FROM unnest(outcome) WITH ORDINALITY o (name, n)
                    JOIN segment_internal.columns(m.members) c ON c.column_name = o.name
                   ORDER BY o.n
    LOOP
        IF wanted.kind NOT IN ('boolean', 'number', 'category') THEN
            RAISE wrong_object_type USING
                MESSAGE = format('column "%s" of relation "%s" has type %s, which is no outcome', wanted.column_name, wanted.relname, wanted.data_type),
                HINT = 'An outcome is a boolean, a number that is 0 or 1, or a text of two values.';
        END IF;
        members := segment_internal.members_query(m, wanted.column_no);
        -- one group more than two values and NULL have, and there is a third value among them
        EXECUTE format('SELECT coalesce(jsonb_agg(c), ''[]'')'
                       '  FROM (SELECT m.segment, %s AS value, count(*) AS rows FROM (%s) m WHERE m.segment = ANY ($1) GROUP BY 1, 2 LIMIT 3 * cardinality($1) + 1) c',
                       CASE wanted.kind WHEN 'boolean' THEN 'm.value::text'
                                        WHEN 'number' THEN 'trim_scale(nullif(m.value::numeric, ''NaN''))::text'
                                        ELSE 'nullif(btrim(m.value::text), '''')' END,
                       members)
           INTO counts
          USING ARRAY(SELECT s.segment FROM segment_internal.catalog_segment s WHERE s.model_id = m.model_id);
        known := ARRAY(SELECT c ->> 'value' FROM jsonb_array_elements(counts) c WHERE c ->> 'value' IS NOT NULL
                        GROUP BY 1 ORDER BY sum((c ->> 'rows')::bigint), (c ->> 'value') COLLATE "C" DESC);
        IF cardinality(known) > 2 OR (wanted.kind = 'number' AND NOT known <@ '{0,1}') THEN
            RAISE invalid_parameter_value USING
                MESSAGE = format(CASE wanted.kind WHEN 'number' THEN 'column "%s" of relation "%s" has other values than 0 and 1'
                                                  ELSE 'column "%s" of relation "%s" has more than two values' END, wanted.column_name, wanted.relname),
                HINT = 'An outcome is a boolean, a number that is 0 or 1, or a text of two values.';
        END IF;
        IF wanted.is_feature THEN
            RAISE NOTICE USING
                MESSAGE = format('"%s" is a feature of model "%s": that its rates differ is how the segments were made', wanted.column_name, m.name),
                HINT = format('Fit without it, exclude => %L, to judge the segments by it.', ARRAY[wanted.column_name]);
        END IF;
        RETURN QUERY SELECT r.* FROM segment_internal.rates(m, wanted.column_name, segment_internal.positive(wanted.kind, known), counts) r;
    END LOOP;
END
$$;

COMMENT ON FUNCTION segment_internal.outcomes_of_as_owner IS 'Internal: what outcomes_of returns.';

CREATE FUNCTION segment_internal.says_yes(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN lower($1 COLLATE "C") IN ('yes', 'y', 'true', 't', '1', 'on');

COMMENT ON FUNCTION segment_internal.says_yes IS 'Internal: whether a value says no more than that its column holds.';

CREATE FUNCTION segment_internal.positive(kind text, known text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    -- of a text the one that says yes, or not no; else the rarer, which comes first
    SELECT CASE $1 WHEN 'boolean' THEN 'true' WHEN 'number' THEN '1'
           ELSE (SELECT v FROM unnest($2) WITH ORDINALITY u (v, n)
                  ORDER BY CASE WHEN segment_internal.says_yes(v) THEN 1
                                WHEN lower(v COLLATE "C") ~ '^(no|n|false|f|0|off|none|not\M.*|non-.*)$' THEN 3
                                ELSE 2 END, n
                  LIMIT 1) END;
END;

COMMENT ON FUNCTION segment_internal.positive IS 'Internal: of the values of an outcome, the rarer first, the one to count.';

CREATE FUNCTION segment_internal.rates(m segment_internal.catalog_model, name text, value text, counts jsonb) RETURNS SETOF segment_internal.outcome
LANGUAGE sql STABLE
BEGIN ATOMIC
    -- the interval of E. B. Wilson (1927): it stays within 0 and 1, and says something of a rate of 0 as well
    WITH counted AS (
        SELECT s.segment, s.label, coalesce(sum(c.rows), 0)::bigint AS rows, coalesce(sum(c.rows) FILTER (WHERE c.value = $3), 0)::float8 AS hits
          FROM (SELECT s.segment, s.label FROM segment_internal.catalog_segment s WHERE s.model_id = ($1).model_id
                 UNION ALL SELECT NULL, NULL) s
          LEFT JOIN jsonb_to_recordset($4) c (segment integer, value text, rows bigint)
                 ON c.value IS NOT NULL AND (c.segment = s.segment OR s.segment IS NULL)
         GROUP BY s.segment, s.label
    ), rated AS (
        SELECT c.*, c.hits / nullif(c.rows, 0) AS rate, 1.959963984540054 ^ 2 / nullif(c.rows, 0) AS z
          FROM counted c
    )
    SELECT r.segment, r.label, $2, $3, r.rows, r.rate,
           CASE WHEN r.rows > 0 THEN greatest(0, (r.rate + r.z / 2 - i.half) / (1 + r.z)) END,
           CASE WHEN r.rows > 0 THEN least(1, (r.rate + r.z / 2 + i.half) / (1 + r.z)) END,
           r.rate / nullif((SELECT a.rate FROM rated a WHERE a.segment IS NULL), 0)
      FROM rated r
     CROSS JOIN LATERAL (SELECT sqrt(r.z * (r.rate * (1 - r.rate) + r.z / 4)) AS half) i
     ORDER BY r.segment;
END;

COMMENT ON FUNCTION segment_internal.rates IS 'Internal: from the counts of each value in each segment to rates; a row for all customers last.';

CREATE FUNCTION segment_internal.outcome_effects(
    m segment_internal.catalog_model,
    outcomes segment_internal.outcome[],
    OUT n           bigint,    -- their order
    OUT segment     integer,
    OUT label       text,
    OUT column_name text,
    OUT name        text,      -- for people
    OUT rows        bigint,
    OUT rate        float8,
    OUT low         float8,
    OUT high        float8,
    OUT average     float8,
    OUT reliability text
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH compared AS (
        SELECT o.*, a.rate AS average, abs(o.rate - a.rate) / nullif((o.high - o.low) / 3.92, 0) AS errors
          FROM unnest($2) WITH ORDINALITY o (segment, label, column_name, value, rows, rate, low, high, lift, n)
          LEFT JOIN unnest($2) a ON a.column_name = o.column_name AND a.segment IS NULL
    )
    SELECT c.n, c.segment, c.label, c.column_name,
           n.name || CASE WHEN segment_internal.says_yes(c.value) THEN '' ELSE ': ' || segment_internal.shorten(c.value) END,
           c.rows, c.rate, c.low, c.high, c.average,
           CASE WHEN c.rows < 10 OR c.average BETWEEN c.low AND c.high THEN 'low' WHEN c.rows < 30 OR c.errors < 4 THEN 'fair' ELSE 'high' END
      FROM compared c
     CROSS JOIN LATERAL segment_internal.column_naming(($1).source, c.column_name) n
     ORDER BY c.n;
END;

COMMENT ON FUNCTION segment_internal.outcome_effects IS 'Internal: the rates of outcomes beside those of all rows, and how reliable it is that they differ.';

CREATE FUNCTION segment_internal.outcome_sentences(
    m segment_internal.catalog_model,
    outcomes segment_internal.outcome[],
    OUT segment integer, OUT label text, OUT column_name text, OUT insight text, OUT rate float8, OUT low float8, OUT high float8,
    OUT average float8, OUT reliability text
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH effects AS MATERIALIZED (
        SELECT e.* FROM segment_internal.outcome_effects($1, $2) e WHERE e.rate IS NOT NULL
    ), extremes AS (
        -- of the model: the segments that are surely apart from the average, those with the most and the least; not a handful of rows
        SELECT DISTINCT ON (e.column_name, e.rate > e.average) e.*, e.rate > e.average AS more
          FROM effects e
         WHERE e.segment IS NOT NULL AND e.reliability <> 'low' AND e.rows >= 30
         ORDER BY e.column_name, e.rate > e.average, abs(e.rate - e.average) DESC, e.segment
    )
    SELECT s.segment, s.label, s.column_name, s.insight, s.rate, s.low, s.high, s.average, s.reliability
      FROM (SELECT e.*, format('%s in %s of the cases (%s to %s), against %s%s', e.name, segment_internal.percent(e.rate), segment_internal.percent(e.low),
                               segment_internal.percent(e.high), segment_internal.percent(e.average),
                               CASE e.reliability WHEN 'low' THEN ' (uncertain)' ELSE '' END) AS insight
              FROM effects e WHERE e.segment IS NOT NULL
             UNION ALL
            SELECT e.*, format('%s in %s of the cases', segment_internal.capitalize(e.name), segment_internal.percent(e.rate))
                        || coalesce((SELECT ': ' || string_agg(format('%s in "%s"', segment_internal.percent(x.rate), x.label), ', ' ORDER BY x.more DESC)
                                       FROM extremes x WHERE x.column_name = e.column_name), '; no segment surely differs')
              FROM effects e WHERE e.segment IS NULL) s
     ORDER BY s.segment, s.n;
END;

COMMENT ON FUNCTION segment_internal.outcome_sentences IS
'Internal: the rates of outcomes in words, a sentence a segment and outcome, and one without a segment for each outcome.';

CREATE FUNCTION @extschema@.segment_outcome(
    model text,
    outcome text[],
    OUT segment     integer,
    OUT label       text,
    OUT column_name text,
    OUT value       text,
    OUT rows        bigint,
    OUT rate        float8,
    OUT low         float8,
    OUT high        float8,
    OUT lift        float8
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT o.* FROM segment_internal.outcomes(segment_internal.model_id($1), segment_internal.given('outcome', $2::text)::text[]) o;
END;

COMMENT ON FUNCTION @extschema@.segment_outcome IS
'How often an outcome is reached in each segment, by today''s members: columns that are boolean, 0 or 1, or texts of two values, of which value is counted. low and high: its 95 % interval (Wilson); lift: the rate as a multiple of that of all rows, which the row without a segment tells.';
