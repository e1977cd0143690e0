-- What became of segments from one run to the next.

CREATE FUNCTION segment_internal.transitions(
    m segment_internal.catalog_model, wanted_run integer,
    OUT from_segment integer, OUT to_segment integer, OUT kind text, OUT overlap float8, OUT label text
) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT t.from_segment, t.to_segment, t.kind, t.overlap, coalesce(t.label, b.label, n.label, 'Segment ' || coalesce(t.from_segment, t.to_segment))
      FROM segment_internal.catalog_transition t
      LEFT JOIN segment_internal.catalog_profile b ON b.model_id = t.model_id AND b.run = t.run - 1 AND b.segment = t.from_segment
      LEFT JOIN segment_internal.history($1) n ON t.from_segment IS NULL AND n.run = t.run AND n.segment = t.to_segment
     WHERE t.model_id = ($1).model_id AND t.run = $2
     ORDER BY t.transition_no;
END;

COMMENT ON FUNCTION segment_internal.transitions IS
'Internal: segment_transitions of a run of a model: the label is that of the segment before, of a born one its own.';

CREATE FUNCTION segment_internal.story(m segment_internal.catalog_model) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH told AS (
        SELECT t.* FROM segment_internal.transitions($1, ($1).run) t
    ), events AS (
        -- of each old segment that is gone, and each new one that is no part of such
        SELECT DISTINCT ON (g.from_segment, g.to_segment) row_number() OVER (ORDER BY g.from_segment NULLS LAST, g.to_segment) AS n, g.event
          FROM (SELECT DISTINCT t.from_segment, NULL::integer AS to_segment,
                       format('"%s" %s', t.label, segment_internal.became(w.transitions, t.from_segment)) AS event
                  FROM told t CROSS JOIN (SELECT array_agg(ROW(u.from_segment, u.to_segment, u.kind, u.overlap, NULL, NULL)::segment_internal.transition) AS transitions FROM told u) w
                 WHERE t.kind IN ('absorbed', 'split', 'vanished')
                   AND NOT EXISTS (SELECT FROM told s WHERE s.from_segment = t.from_segment AND s.kind = 'survived')
                 UNION ALL
                SELECT NULL, t.to_segment, format(CASE t.kind WHEN 'born' THEN '"%s" is new' ELSE 'segment %2$s was split off from "%1$s"' END, t.label, t.to_segment)
                  FROM told t
                 WHERE t.kind = 'born' OR (t.kind = 'split' AND EXISTS (SELECT FROM told s WHERE s.from_segment = t.from_segment AND s.kind = 'survived'))) g
    )
    SELECT 'Since the run before, ' || string_agg(e.event, '; ' ORDER BY e.n) FILTER (WHERE e.n <= 6)
           || CASE WHEN count(*) > 6 THEN format('; and %s more', count(*) - 6) ELSE '' END
      FROM events e;
END;

COMMENT ON FUNCTION segment_internal.story IS 'Internal: what became of segments in the current run of a model, in a sentence; NULL: all survived, and none is new.';

CREATE FUNCTION segment_internal.run_transitions(
    model_id bigint, run integer,
    OUT from_segment integer, OUT to_segment integer, OUT kind text, OUT overlap float8, OUT label text
) RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m segment_internal.catalog_model := segment_internal.model(model_id);
BEGIN
    IF run IS NOT NULL AND NOT EXISTS (SELECT FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run = $2) THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('model "%s" has no run %s', m.name, run),
            HINT = 'SELECT run FROM segment_runs lists its runs.';
    END IF;
    RETURN QUERY SELECT t.* FROM segment_internal.transitions(m, coalesce(run, m.run)) t;
END
$$;

COMMENT ON FUNCTION segment_internal.run_transitions IS 'Internal: segment_transitions of a model.';

CREATE FUNCTION @extschema@.segment_transitions(
    model text,
    run   integer DEFAULT NULL,
    OUT from_segment integer,
    OUT to_segment   integer,
    OUT kind         text,
    OUT overlap      float8,
    OUT label        text
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT t.* FROM segment_internal.run_transitions(segment_internal.model_id($1), $2) t;
END;

COMMENT ON FUNCTION @extschema@.segment_transitions IS
'What became of the segments of the run before, in a run of a model (NULL: the last): survived (it keeps its number and its label), absorbed (most of its rows are in a segment that is mostly others), split (parts are in several), vanished, born. overlap: the share of the rows of from_segment that are in to_segment, of those that both runs have; of a vanished one the largest in any segment, of a born one the largest share of its rows that comes from one segment; NULL where only centroids tell. label: that of from_segment at that time, of a born one its own. After replace => true, segments have other numbers. No rows for the first run.';
