-- History, where there is one.

CREATE FUNCTION segment_internal.report_history(m segment_internal.catalog_model) RETURNS text
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
        SELECT p.segment, format('<g class="s%s"><path class="line" d="M%s"/>%s<text class="end" x="606" y="%s" dy="4">%s</text></g>', 1 + (p.segment - 1) % 8,
                   string_agg(p.x || ' ' || p.y, 'L' ORDER BY p.run), string_agg(format('<circle class="c" cx="%s" cy="%s" r="3.5"/>', p.x, p.y), '' ORDER BY p.run),
                   round(min(e.y)), p.segment) AS line
          FROM points p JOIN ends e ON e.segment = p.segment
         GROUP BY p.segment
    )
    SELECT segment_internal.section('history', 'History', 'The share of the customers that each segment had in each run.',
               format(E'<figure class="map">\n%s<figcaption>Share of the customers by run</figcaption>\n</figure>\n',
                      segment_internal.svg('history-chart', 'Sizes of the segments by run', 'Line chart: the share of each segment in each run.', 640, f.height + 48, 'chart wide',
                          (SELECT string_agg(format('<path class="grid" d="M50 %1$sH600"/><text x="44" y="%1$s" dy="4" text-anchor="end">%2$s</text>',
                                                    segment_internal.position(t, 0, f.y1, f.height + 14, 14), segment_internal.tick(t, 'share')), '' ORDER BY t)
                             FROM unnest(segment_internal.ticks(0, f.y1, 5)) t)
                          || (SELECT string_agg(format('<text x="%s" y="%s" text-anchor="middle">run %s</text>', segment_internal.position(t, f.r0, f.r1, 54, 590),
                                                       f.height + 36, t), '' ORDER BY t)
                                FROM unnest(segment_internal.ticks(f.r0, f.r1, 8)) t WHERE t = floor(t))
                          || (SELECT string_agg(l.line, '' ORDER BY l.segment) FROM lines l)))
               || (SELECT segment_internal.table('Runs of the model', r.heads, string_agg(segment_internal.row(r.heads, ARRAY[
                                 r.run::text, to_char(r.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'), segment_internal.count(r.rows_used), r.k::text,
                                 round(r.silhouette::numeric, 3)::text, segment_internal.html(r.k_reason)]), '' ORDER BY r.run DESC))
                     FROM (SELECT r.*, '{Run,Fitted,#Customers,#Segments,#Silhouette,Why this number}'::text[] AS heads
                             FROM segment_internal.catalog_run r WHERE r.model_id = ($1).model_id ORDER BY r.run DESC LIMIT 50) r
                    GROUP BY r.heads))
      FROM frame f
     WHERE f.r1 > f.r0;
END;

COMMENT ON FUNCTION segment_internal.report_history IS 'Internal: the section with the sizes of the segments by run, as HTML; NULL for a model with one run.';
