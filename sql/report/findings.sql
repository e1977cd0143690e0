-- Findings: what customers are worth, and what else leads to decisions.

CREATE FUNCTION segment_internal.money(value float8, unit text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN abs($1) BETWEEN 100 AND 1e15
            THEN replace(segment_internal.amount($1, NULL, $2), segment_internal.figure(abs($1)), to_char(abs($1)::numeric, 'FM999,999,999,999,999,990'))
            ELSE segment_internal.amount($1, NULL, $2) END;

COMMENT ON FUNCTION segment_internal.money IS 'Internal: a sum with its unit, in whole numbers from 100 on.';

CREATE FUNCTION segment_internal.report_sizes(m segment_internal.catalog_model, value text, worth segment_internal.worth[], unit text) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    -- who brings most first; without values in the order of their numbers, as a row for all of them ends the table
    WITH lines AS (
        SELECT s.segment, segment_internal.hue(s.segment) AS hue,
               segment_internal.chip(s.segment) || ' <bdi>' || segment_internal.html(s.label) || '</bdi>' AS head,
               coalesce(v.rows, s.rows) AS rows, coalesce(v.share, s.share) AS share, v.value_share, v.value_sum, v.value_avg
          FROM segment_internal.catalog_segment s
          LEFT JOIN unnest($3) v ON v.segment = s.segment
         WHERE s.model_id = ($1).model_id
         UNION ALL
        SELECT NULL, 'total', 'All customers', sum(coalesce(v.rows, s.rows))::bigint, 1, CASE WHEN count(v.value_share) > 0 THEN 1 END, sum(v.value_sum ORDER BY s.segment),
               sum(v.value_avg * v.rows ORDER BY s.segment) / nullif(sum(v.rows) FILTER (WHERE v.value_avg IS NOT NULL), 0)
          FROM segment_internal.catalog_segment s
          LEFT JOIN unnest($3) v ON v.segment = s.segment
         WHERE s.model_id = ($1).model_id
    )
    SELECT format(
               E'<table class="sizes"><caption>%1$s</caption>\n<thead><tr><th scope="col">Segment</th><th scope="col" class="n">Customers</th>'
               '<th scope="col">Share of customers%2$s</th>%3$s</tr></thead>\n<tbody>\n%4$s</tbody></table>\n',
               CASE WHEN $2 IS NULL THEN 'Sizes of the segments' WHEN w.adds THEN 'Share of the customers against share of ' || segment_internal.html($2)
                    ELSE 'Sizes of the segments, and ' || segment_internal.html($2) END,
               CASE WHEN w.adds THEN '<br>and of ' || segment_internal.html($2) ELSE '' END,
               CASE WHEN w.adds THEN '<th scope="col" class="n">Total</th>' ELSE '' END || CASE WHEN $2 IS NULL THEN '' ELSE '<th scope="col" class="n">Average</th>' END,
               string_agg(format(
                   E'<tr class="%1$s"><th scope="row">%2$s</th><td class="n" data-of="Customers">%3$s</td><td class="shares"><span>%4$s <span class="n">%5$s</span></span>%6$s</td>%7$s%8$s</tr>\n',
                   l.hue, l.head, segment_internal.count(l.rows), segment_internal.bar(l.share, 'c'), segment_internal.percent(l.share),
                   CASE WHEN w.adds THEN format('<span>%s <span class="n">%s</span></span>', segment_internal.bar(l.value_share, 'v'),
                                                coalesce(segment_internal.percent(l.value_share), '&ndash;')) ELSE '' END,
                   CASE WHEN w.adds THEN format('<td class="n" data-of="Total">%s</td>', coalesce(segment_internal.html(segment_internal.money(l.value_sum, $4)), '&ndash;')) ELSE '' END,
                   CASE WHEN $2 IS NULL THEN ''
                        ELSE format('<td class="n" data-of="Average">%s</td>', coalesce(segment_internal.html(segment_internal.money(l.value_avg, $4)), '&ndash;')) END),
                   '' ORDER BY l.segment IS NULL, l.value_share DESC NULLS LAST, CASE WHEN NOT w.adds THEN l.value_avg END DESC NULLS LAST, l.segment))
      FROM lines l
     CROSS JOIN (SELECT count(v.value_sum) > 0 AS adds FROM unnest($3) v) w
     GROUP BY w.adds;
END;

COMMENT ON FUNCTION segment_internal.report_sizes IS 'Internal: a table of the segments with their sizes and values, as HTML.';

CREATE FUNCTION segment_internal.report_findings(
    m segment_internal.catalog_model, insights text[], value text, worth segment_internal.worth[], unit text, reached segment_internal.outcome[]
) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    -- of values that of the segment whose share of them is furthest above its share of the customers: small ones do not lead
    WITH best AS (
        SELECT v.*, sum(v.value_sum) OVER () AS total, count(*) OVER () AS segments
          FROM unnest($4) v WHERE v.value_share IS NOT NULL
         ORDER BY v.value_share - v.share DESC, v.segment LIMIT 1
    )
    SELECT segment_internal.section('findings', 'Findings', NULL,
               format(E'<ul class="findings">\n%s</ul>\n', string_agg(format(E'<li>%s.</li>\n', segment_internal.sentence_html(i.insight)), '' ORDER BY i.part, i.n))
               || segment_internal.report_sizes($1, $3, $4, $5))
      FROM (SELECT 1, 1::bigint, CASE
                   WHEN b.segments = 1 THEN format('Customers account for %s of %s', segment_internal.money(b.total, $5), $3)
                   WHEN b.value_share - b.share < 0.02 THEN format('Each segment has about the share of %s that it has of the customers: %s in all', $3, segment_internal.money(b.total, $5))
                   ELSE format('"%s" is %s of the customers and accounts for %s of %s: %s of %s', b.label, segment_internal.percent(b.share),
                               segment_internal.percent(b.value_share), $3, segment_internal.money(b.value_sum, $5), segment_internal.money(b.total, $5)) END
              FROM best b
             UNION ALL
            (SELECT 1, 1, format('"%s" comes first in %s: %s on average', v.label, $3, segment_internal.money(v.value_avg, $5))
               FROM unnest($4) v
              WHERE v.value_share IS NULL AND v.value_avg IS NOT NULL AND cardinality($4) > 1
              ORDER BY v.share < 0.01, v.value_avg DESC, v.segment LIMIT 1)
             UNION ALL
            SELECT 2, o.n, o.insight FROM segment_internal.outcome_sentences($1, $6) WITH ORDINALITY
                   o (segment, label, column_name, insight, rate, low, high, average, reliability, n) WHERE o.segment IS NULL
             UNION ALL
            SELECT 3, u.n, u.insight FROM unnest($2) WITH ORDINALITY u (insight, n)) i (part, n, insight);
END;

COMMENT ON FUNCTION segment_internal.report_findings IS 'Internal: the section of findings, as HTML.';
