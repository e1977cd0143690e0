-- Distributions: a small chart a feature, a box a segment.

CREATE FUNCTION segment_internal.report_boxes(m segment_internal.catalog_model, effects segment_internal.effect[]) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    -- the features that tell the segments apart most, the largest segments
    WITH features AS (
        SELECT e.feature_no, min(e.name) AS name, min(e.kind) AS kind, row_number() OVER (ORDER BY sum(s.share * least(abs(e.z), 2) ^ 2 ORDER BY e.segment) DESC, e.feature_no) AS place
          FROM unnest($2) e
          JOIN segment_internal.catalog_segment s ON s.model_id = ($1).model_id AND s.segment = e.segment
         GROUP BY e.feature_no
    ), segments AS (
        SELECT s.*, row_number() OVER (ORDER BY s.segment) AS line
          FROM (SELECT s.* FROM segment_internal.catalog_segment s WHERE s.model_id = ($1).model_id ORDER BY s.rows DESC, s.segment LIMIT 40) s
    ), boxes AS (
        SELECT f.*, s.segment, s.line, s.mean[f.feature_no] AS mean, d.low, d.p25, d.median, d.p75, d.high
          FROM features f
         CROSS JOIN segments s
          JOIN segment_internal.distribution($1) d ON d.segment = s.segment AND d.feature_no = f.feature_no
         WHERE f.place <= 60
    ), framed AS (
        SELECT b.*, CASE b.kind WHEN 'share' THEN 0 ELSE min(b.low) OVER w END AS x0,
               CASE b.kind WHEN 'share' THEN 1 ELSE max(b.high) OVER w END AS x1
          FROM boxes b WINDOW w AS (PARTITION BY b.feature_no)
    ), drawn AS (
        SELECT f.feature_no, min(f.name) AS name, min(f.kind) AS kind, min(f.place) AS place, min(f.x0) AS x0, max(f.x1) AS x1, max(f.line)::integer AS lines,
               string_agg(format('<g class="%s"><text x="18" y="%s">%s</text>', segment_internal.hue(f.segment), 14 * f.line, f.segment)
                   || CASE WHEN f.kind = 'share'
                           THEN format('<path class="rail" d="M26 %1$sH270"/><path class="q" d="M26 %1$sH%2$s"/>', 14 * f.line - 4, segment_internal.position(f.mean, 0, 1, 26, 270))
                           ELSE coalesce(format('<path class="w" d="M%1$s %5$sH%2$s"/><path class="q" d="M%3$s %5$sH%4$s"/><path class="d" d="M%6$s %7$sv9"/>',
                                    segment_internal.position(f.low, f.x0, f.x1, 26, 270), segment_internal.position(f.high, f.x0, f.x1, 26, 270),
                                    segment_internal.position(f.p25, f.x0, f.x1, 26, 270), segment_internal.position(f.p75, f.x0, f.x1, 26, 270),
                                    14 * f.line - 4, segment_internal.position(f.median, f.x0, f.x1, 26, 270), 14 * f.line - 8.5), '') END
                   || '</g>', '' ORDER BY f.line) AS boxes
          FROM framed f GROUP BY f.feature_no
    )
    SELECT segment_internal.folded_section('distributions', 'Distributions',
               'How customers are spread within each segment: half of them are in the box, nearly all on the line, which is at most 1.5 times as long on either side, and the mark is the median. '
               'Of features that are yes or no, the bar is the share of yes.',
               format(E'<div class="charts small">\n%s</div>\n', string_agg(format(E'<figure>\n<figcaption><bdi>%s</bdi></figcaption>\n%s</figure>\n', segment_internal.html(d.name),
                   segment_internal.svg('box-' || d.feature_no, d.name, CASE d.kind WHEN 'share' THEN 'Bar chart: share of each segment.' ELSE 'Box plot: a box a segment.' END,
                       280, 14 * d.lines + 24, 'chart',
                       coalesce((SELECT string_agg(format('<path class="grid" d="M%1$s 4V%2$s"/><text x="%1$s" y="%3$s" text-anchor="%5$s">%4$s</text>',
                                                segment_internal.position(t, d.x0, d.x1, 26, 270), 14 * d.lines + 4, 14 * d.lines + 18, segment_internal.tick(t, d.kind),
                                                CASE WHEN segment_internal.position(t, d.x0, d.x1, 26, 270)::float8 > 280 - 3.4 * length(segment_internal.tick(t, d.kind)) THEN 'end'
                                                     WHEN segment_internal.position(t, d.x0, d.x1, 26, 270)::float8 < 3.4 * length(segment_internal.tick(t, d.kind)) THEN 'start'
                                                     ELSE 'middle' END), '' ORDER BY t)
                                    FROM unnest(segment_internal.ticks(d.x0, d.x1, 4)) t), '') || d.boxes)), '' ORDER BY d.place)))
      FROM drawn d;
END;

COMMENT ON FUNCTION segment_internal.report_boxes IS 'Internal: the section with a box plot a feature, as HTML.';
