-- Outcomes: how often they are reached in each segment.

CREATE FUNCTION segment_internal.report_interval(rate float8, low float8, high float8, average float8, most float8) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN '<svg class="bar interval" viewBox="0 0 200 16" aria-hidden="true">'
    || format('<path class="rail" d="M4 8H196"/><path class="average" d="M%1$s 0V16"/>', segment_internal.position($4, 0, $5, 4, 196))
    || coalesce(format('<path class="w" d="M%s 8H%s"/><circle class="c" cx="%s" cy="8" r="4"/>', segment_internal.position($2, 0, $5, 4, 196),
                       segment_internal.position($3, 0, $5, 4, 196), segment_internal.position($1, 0, $5, 4, 196)), '')
    || '</svg>';

COMMENT ON FUNCTION segment_internal.report_interval IS 'Internal: a rate as a dot on its interval, beside its number; a line marks the average.';

CREATE FUNCTION segment_internal.report_outcomes(m segment_internal.catalog_model, reached segment_internal.outcome[]) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH effects AS MATERIALIZED (
        SELECT e.*, max(e.high) OVER (PARTITION BY e.column_name) AS most, min(e.n) OVER (PARTITION BY e.column_name) AS place
          FROM segment_internal.outcome_effects($1, $2) e
    ), tables AS (
        SELECT min(e.place) AS place, segment_internal.html(segment_internal.capitalize(min(e.name))) AS name,
               (SELECT count(*) > 0 FROM segment_internal.catalog_feature f
                 WHERE f.model_id = ($1).model_id AND f.run = ($1).run AND f.source_column = e.column_name) AS is_feature,
               string_agg(format(
                   E'<tr class="%s"><th scope="row">%s</th><td class="n" data-of="Customers">%s</td><td class="shares"><span>%s <span class="n">%s</span></span></td>'
                   '<td class="n" data-of="95 %% interval">%s</td><td class="n" data-of="Times the average">%s</td></tr>\n',
                   CASE WHEN e.segment IS NULL THEN 'total' ELSE segment_internal.hue(e.segment) END,
                   CASE WHEN e.segment IS NULL THEN 'All customers'
                        ELSE segment_internal.chip(e.segment) || ' <bdi>' || segment_internal.html(e.label) || '</bdi>' END,
                   segment_internal.count(e.rows), segment_internal.report_interval(e.rate, e.low, e.high, e.average, e.most),
                   coalesce(segment_internal.percent(e.rate), '&ndash;'),
                   coalesce(segment_internal.percent(e.low) || ' to ' || segment_internal.percent(e.high), '&ndash;'),
                   coalesce(to_char(round((e.rate / nullif(e.average, 0))::numeric, 1), 'FM999990.0'), '&ndash;')), '' ORDER BY e.segment IS NULL, e.rate DESC NULLS LAST, e.segment) AS rows
          FROM effects e
         GROUP BY e.column_name
    )
    SELECT segment_internal.section('outcomes', 'Outcomes',
               'How often each is reached, by today''s customers. The dot is the rate, the line its 95&nbsp;% interval (Wilson), the mark across the rate of all '
               'customers: where the interval reaches it, the difference may be chance.',
               string_agg(format(
                   E'<table class="sizes outcome"><caption>%1$s</caption>\n<thead><tr><th scope="col">Segment</th><th scope="col" class="n">Customers</th>'
                   '<th scope="col">Rate</th><th scope="col" class="n">95&nbsp;%% interval</th><th scope="col" class="n">Times the average</th></tr></thead>\n<tbody>\n%2$s</tbody></table>\n%3$s',
                   t.name, t.rows,
                   CASE WHEN t.is_feature THEN E'<p>This is one of the features that the segments were made by: that they differ in it says nothing more.</p>\n' ELSE '' END), '' ORDER BY t.place))
      FROM tables t
    HAVING count(*) > 0;
END;

COMMENT ON FUNCTION segment_internal.report_outcomes IS 'Internal: the section of outcomes, a table each, as HTML; NULL without any.';
