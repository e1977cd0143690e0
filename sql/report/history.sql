-- What changed since the last run, where there is one.

CREATE FUNCTION segment_internal.report_lines(m segment_internal.catalog_model) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH sizes AS (
        SELECT h.* FROM segment_internal.history($1) h
    ), frame AS (
        SELECT min(s.run) AS r0, max(s.run) AS r1, max(s.share) AS y1, greatest(232, 17 * count(DISTINCT s.segment))::integer AS height FROM sizes s
    ), points AS (
        SELECT s.segment, s.run, segment_internal.position(s.run, f.r0, f.r1, 54, 590) AS x,
               segment_internal.position(s.share, 0, f.y1, f.height + 14, 14)::float8 AS y
          FROM sizes s CROSS JOIN frame f
    ), ends AS (
        -- numbers stand beside the ends of the lines, or further down where there is one already
        SELECT p.segment, 17 * p.n + max(p.y - 17 * p.n) OVER (ORDER BY p.n) AS y
          FROM (SELECT DISTINCT ON (p.segment) p.segment, p.y, row_number() OVER (PARTITION BY p.run ORDER BY p.y, p.segment) AS n
                  FROM points p ORDER BY p.segment, p.run DESC) p
    ), lines AS (
        SELECT p.segment, format('<g class="%s"><path class="line" d="M%s"/>%s<text class="end" x="606" y="%s" dy="4">%s</text></g>', segment_internal.hue(p.segment),
                   string_agg(p.x || ' ' || p.y, 'L' ORDER BY p.run), string_agg(format('<circle class="c" cx="%s" cy="%s" r="3.5"/>', p.x, p.y), '' ORDER BY p.run),
                   round(min(e.y)), p.segment) AS line
          FROM points p JOIN ends e ON e.segment = p.segment
         GROUP BY p.segment
    )
    SELECT format(E'<figure class="map">\n%s<figcaption>Share of the customers by run</figcaption>\n</figure>\n',
                  segment_internal.svg('history-chart', 'Sizes of the segments by run', 'Line chart: the share of each segment in each run.', 640, f.height + 48, 'chart wide',
                      (SELECT string_agg(format('<path class="grid" d="M50 %1$sH600"/><text x="44" y="%1$s" dy="4" text-anchor="end">%2$s</text>',
                                                segment_internal.position(t, 0, f.y1, f.height + 14, 14), segment_internal.tick(t, 'share')), '' ORDER BY t)
                         FROM unnest(segment_internal.ticks(0, f.y1, 5)) t)
                      || (SELECT string_agg(format('<text x="%s" y="%s" text-anchor="middle">run %s</text>', segment_internal.position(t, f.r0, f.r1, 54, 590),
                                                   f.height + 36, t), '' ORDER BY t)
                            FROM unnest(segment_internal.ticks(f.r0, f.r1, 8)) t WHERE t = floor(t))
                      || (SELECT string_agg(l.line, '' ORDER BY l.segment) FROM lines l)))
      FROM frame f
     WHERE f.r1 > f.r0 + 1;
END;

COMMENT ON FUNCTION segment_internal.report_lines IS 'Internal: a chart of the sizes of the segments by run, as HTML; NULL for a model with less than three runs.';

CREATE FUNCTION segment_internal.report_changes(m segment_internal.catalog_model) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH runs AS (
        SELECT r.*, lag(r.run) OVER (ORDER BY r.run) AS before FROM segment_internal.catalog_run r WHERE r.model_id = ($1).model_id
    ), changes AS (
        SELECT coalesce(n.segment, b.segment) AS segment, coalesce(n.label, b.label) AS label, b.share AS before, n.share AS now,
               segment_internal.became(w.transitions, b.segment) AS became, segment_internal.origin(w.transitions, n.segment) AS origin
          FROM (SELECT h.* FROM segment_internal.history($1) h WHERE h.run = ($1).run) n
          FULL JOIN (SELECT h.*, coalesce(t.to_segment, CASE WHEN h.segment = 0 THEN 0 END) AS goes_on
                       FROM segment_internal.history($1) h
                       JOIN runs r ON r.before = h.run AND r.run = ($1).run
                       LEFT JOIN segment_internal.catalog_transition t ON t.model_id = r.model_id AND t.run = r.run AND t.from_segment = h.segment
                                                                      AND t.kind = 'survived') b ON b.goes_on = n.segment
         CROSS JOIN (SELECT ARRAY(SELECT ROW(t.from_segment, t.to_segment, t.kind, t.overlap, t.rows, t.own)::segment_internal.transition
                                    FROM segment_internal.catalog_transition t
                                   WHERE t.model_id = ($1).model_id AND t.run = ($1).run) AS transitions) w
    ), lines AS (
        SELECT c.*, '{Segment,#Share before,#Share now,Change}'::text[] AS heads FROM changes c
    )
    SELECT segment_internal.section('changes', 'What changed since the last run',
               segment_internal.html(format('Run %s of %s, %s customers, against run %s of %s, %s customers.',
                   r.run, to_char(r.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'), segment_internal.count(r.rows_used),
                   b.run, to_char(b.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'), segment_internal.count(b.rows_used))),
               (SELECT segment_internal.table('Sizes of the segments before and now', l.heads, string_agg(segment_internal.row(l.heads, ARRAY[
                           segment_internal.chip(l.segment) || ' ' || segment_internal.html(l.label),
                           segment_internal.percent(l.before), segment_internal.percent(l.now),
                           CASE WHEN l.before IS NULL THEN coalesce(l.origin, 'new') WHEN l.now IS NULL THEN coalesce(l.became, 'gone')
                                WHEN abs(l.now - l.before) < 0.005 THEN 'as before'
                                ELSE format('%s by %s points', CASE WHEN l.now > l.before THEN 'grew' ELSE 'shrank' END,
                                            trim_scale(round((100 * abs(l.now - l.before))::numeric, 1))) END]), '' ORDER BY l.segment, l.now IS NULL))
                  FROM lines l GROUP BY l.heads)
               || coalesce(segment_internal.report_lines($1), '')
               || coalesce(segment_internal.report_flow($1), '')
               || segment_internal.folded('All runs',
                  (SELECT segment_internal.table('Runs of the model', a.heads, string_agg(segment_internal.row(a.heads, ARRAY[
                              a.run::text, to_char(a.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'), segment_internal.count(a.rows_used), a.k::text,
                              round(a.silhouette::numeric, 3)::text, segment_internal.html(a.k_reason)]), '' ORDER BY a.run DESC))
                     FROM (SELECT a.*, '{Run,Fitted,#Customers,#Segments,#Silhouette,Why this number}'::text[] AS heads
                             FROM runs a ORDER BY a.run DESC LIMIT 50) a
                    GROUP BY a.heads)))
      FROM runs r JOIN runs b ON b.run = r.before
     WHERE r.run = ($1).run;
END;

COMMENT ON FUNCTION segment_internal.report_changes IS 'Internal: the section about what changed since the run before, as HTML; NULL for a model with one run.';
