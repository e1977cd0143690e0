-- The moves of the last run, of a model with a history.

CREATE FUNCTION segment_internal.flow_class(segment integer) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN $1 IS NULL THEN 'away' ELSE segment_internal.hue($1) END;

COMMENT ON FUNCTION segment_internal.flow_class IS 'Internal: the classes of one side of a move.';

CREATE FUNCTION segment_internal.flow_name(segment integer, label text, word text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN $1 IS NULL THEN $3 ELSE segment_internal.chip($1) || ' ' || segment_internal.html(segment_internal.shorten(coalesce($2, 'Segment ' || $1))) END;

COMMENT ON FUNCTION segment_internal.flow_name IS 'Internal: what a cell says of one side of a move.';

CREATE FUNCTION segment_internal.flow_svg(m segment_internal.catalog_model) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH runs AS (
        SELECT ($1).run AS now, max(r.run) AS before FROM segment_internal.catalog_run r WHERE r.model_id = ($1).model_id AND r.run < ($1).run
    ), flow AS (
        SELECT f.from_segment, f.to_segment, f.rows, f.share,
               round(f.from_low::numeric, 1) + 30 AS from_low, round(f.from_high::numeric, 1) + 30 AS from_high,
               round(f.to_low::numeric, 1) + 30 AS to_low, round(f.to_high::numeric, 1) + 30 AS to_high
          FROM segment_internal.flow($1, 18) f
    ), sides AS (
        SELECT 60 AS x, 54 AS at, 'end' AS anchor, 'new' AS word, f.from_segment AS segment, min(f.from_low) AS low, max(f.from_high) AS high
          FROM flow f GROUP BY f.from_segment
         UNION ALL
        SELECT 568, 586, 'start', 'gone', f.to_segment, min(f.to_low), max(f.to_high) FROM flow f GROUP BY f.to_segment
    )
    SELECT segment_internal.svg('flow-chart', 'Moves between the segments',
               format('Bands from the segments of run %s to those of run %s, as wide as customers went that way.', r.before, r.now),
               640, (SELECT ceil(max(s.high))::integer FROM sides s) + 12, 'chart wide',
               format('<text x="60" y="16">run %s</text><text x="580" y="16" text-anchor="end">run %s</text>', r.before, r.now)
               || (SELECT string_agg(format('<path class="band %s" d="M72 %2$sC320 %2$s 320 %3$s 568 %3$sV%4$sC320 %4$s 320 %5$s 72 %5$sZ"/>',
                                            segment_internal.flow_class(f.from_segment), f.from_low, f.to_low, f.to_high, f.from_high), '' ORDER BY f.from_segment, f.to_segment)
                     FROM flow f)
               || (SELECT string_agg(format('<g class="%s"><path class="c" d="M%s %sh12V%sh-12Z"/><text class="end" x="%s" y="%s" dy="4" text-anchor="%s">%s</text></g>',
                                            segment_internal.flow_class(s.segment), s.x, s.low, s.high, s.at, round((s.low + s.high) / 2, 1), s.anchor,
                                            coalesce(s.segment::text, s.word)), '' ORDER BY s.x, s.segment)
                     FROM sides s))
      FROM runs r
     WHERE EXISTS (SELECT FROM flow);
END;

COMMENT ON FUNCTION segment_internal.flow_svg IS 'Internal: bands from the segments before the last run to those after it; NULL for a model without a history, or with one run.';

CREATE FUNCTION segment_internal.flow_table(m segment_internal.catalog_model) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH labels AS (
        SELECT DISTINCT ON (h.segment) h.segment, h.label FROM segment_internal.history($1) h ORDER BY h.segment, h.run DESC
    ), moves AS (
        SELECT f.*, '{From,To,#Customers,#Share of those before}'::text[] AS heads
          FROM segment_internal.migration(($1).model_id) f
         WHERE f.from_segment IS DISTINCT FROM f.to_segment
         ORDER BY f.rows DESC, f.from_segment, f.to_segment LIMIT 20
    )
    SELECT segment_internal.table('The largest moves of the last run', v.heads, string_agg(segment_internal.row(v.heads, ARRAY[
               segment_internal.flow_name(v.from_segment, b.label, 'new'), segment_internal.flow_name(v.to_segment, a.label, 'gone'),
               segment_internal.count(v.rows), segment_internal.percent(v.share)]), '' ORDER BY v.rows DESC, v.from_segment, v.to_segment))
      FROM moves v
      LEFT JOIN labels b ON b.segment = v.from_segment
      LEFT JOIN labels a ON a.segment = v.to_segment
     GROUP BY v.heads;
END;

COMMENT ON FUNCTION segment_internal.flow_table IS 'Internal: the largest moves of the last run; NULL: nobody moved.';

CREATE FUNCTION segment_internal.report_flow(m segment_internal.catalog_model) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    chart text;
BEGIN
    IF segment_internal.changes_of(m) IS NULL THEN
        RETURN NULL;
    END IF;
    chart := segment_internal.flow_svg(m);
    RETURN E'<figure class="map">\n' || chart || E'<figcaption>Where the customers of each segment went in the last run</figcaption>\n</figure>\n'
        || coalesce(segment_internal.flow_table(m), E'<p>Nobody moved.</p>\n');
EXCEPTION WHEN insufficient_privilege OR undefined_table OR undefined_column OR wrong_object_type OR object_not_in_prerequisite_state THEN
    RETURN format(E'<p>There is no picture of the moves: %s.</p>\n', segment_internal.html(SQLERRM));
END
$$;

COMMENT ON FUNCTION segment_internal.report_flow IS 'Internal: the moves of the last run, as HTML; NULL for a model without a history, or with one run.';
