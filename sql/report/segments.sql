-- Segments: their sizes, and a card each.

CREATE FUNCTION segment_internal.report_sizes(m segment_internal.catalog_model, value text, worth segment_internal.worth[]) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT segment_internal.scroll('Sizes of the segments', format(
               E'<table class="sizes"><caption>Size%1$s and separation of the segments</caption><thead><tr><th scope="col">Segment</th>'
               '<th scope="col" class="n">Customers</th><th scope="col">Share of customers</th>%2$s'
               '<th scope="col" class="n">Silhouette</th><th scope="col" class="n">At the border</th></tr></thead>\n<tbody>\n%3$s</tbody></table>\n',
               CASE WHEN $2 IS NOT NULL THEN ', value' ELSE '' END,
               CASE WHEN $2 IS NOT NULL THEN format('<th scope="col">Share of %1$s</th><th scope="col" class="n">Average %1$s</th>', segment_internal.html($2)) ELSE '' END,
               string_agg(format(
                   E'<tr class="s%1$s"><th scope="row">%2$s <bdi>%3$s</bdi></th><td class="n">%4$s</td><td>%5$s <span class="n">%6$s</span></td>'
                   '%7$s<td class="n">%8$s</td><td class="n">%9$s</td></tr>\n',
                   1 + (s.segment - 1) % 8, segment_internal.chip(s.segment), segment_internal.html(s.label), segment_internal.count(s.rows),
                   segment_internal.bar(s.share, 'c'), segment_internal.percent(s.share),
                   CASE WHEN $2 IS NOT NULL
                        THEN format('<td>%s <span class="n">%s</span></td><td class="n">%s</td>', segment_internal.bar(v.value_share, 'v'),
                                    coalesce(segment_internal.percent(v.value_share), '&ndash;'), coalesce(segment_internal.figure(v.value_avg), '&ndash;'))
                        ELSE '' END,
                   coalesce(round(s.margin_avg::numeric, 2)::text, '&ndash;'),
                   segment_internal.percent(s.border_rows / s.rows::float8)), '' ORDER BY s.segment)))
      FROM segment_internal.catalog_segment s
      LEFT JOIN unnest($3) v ON v.segment = s.segment
     WHERE s.model_id = ($1).model_id;
END;

COMMENT ON FUNCTION segment_internal.report_sizes IS 'Internal: a table of the segments with their sizes, as HTML.';

CREATE FUNCTION segment_internal.report_value(value jsonb) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN jsonb_typeof($1) = 'number'
            THEN CASE WHEN $1::numeric = 0 OR abs($1::numeric) >= 0.001 AND abs($1::numeric) < 1e12 THEN trim_scale(round($1::numeric, 3))::text
                      ELSE btrim(to_char($1::numeric, '9.99EEEE')) END
            ELSE segment_internal.shorten($1 #>> '{}') END;

COMMENT ON FUNCTION segment_internal.report_value IS 'Internal: a value of a customer, short.';

CREATE FUNCTION segment_internal.report_typical(m segment_internal.catalog_model, effects segment_internal.effect[], OUT segment integer, OUT html text)
RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET extra_float_digits = 1 SET bytea_output = hex SET IntervalStyle = postgres AS $$
BEGIN
    -- the keys, and the three columns that set the segment apart most
    RETURN QUERY
        WITH typical AS (
            SELECT t.* FROM segment_internal.typical(m.model_id, 3) t
        ), shown AS (
            SELECT f.segment, array_agg(f.source_column ORDER BY f.rank) AS columns, array_agg(f.name ORDER BY f.rank) AS names
              FROM (SELECT e.segment, e.source_column, min(e.rank) AS rank,
                           CASE WHEN count(*) = 1 AND min(e.family) <> e.source_column THEN min(e.name)
                                ELSE segment_internal.shorten(segment_internal.words(e.source_column)) END AS name,
                           row_number() OVER (PARTITION BY e.segment ORDER BY min(e.rank)) AS place
                      FROM unnest(effects) e
                     WHERE e.source_column = ANY (m.columns[:50])
                     GROUP BY e.segment, e.source_column) f
             WHERE f.place <= 3
             GROUP BY f.segment
        )
        SELECT t.segment,
               format(E'<table class="typical"><caption>Typical customers</caption><thead><tr>%s%s</tr></thead><tbody>%s</tbody></table>\n',
                      (SELECT string_agg(format('<th scope="col">%s</th>', segment_internal.html(k)), '' ORDER BY n)
                         FROM unnest(m.key) WITH ORDINALITY u (k, n)),
                      (SELECT string_agg(format('<th scope="col">%s</th>', segment_internal.html(c)), '' ORDER BY n)
                         FROM unnest(s.names) WITH ORDINALITY u (c, n)),
                      string_agg(format('<tr>%s%s</tr>',
                          (SELECT string_agg(format('<th scope="row">%s</th>', segment_internal.html(CASE WHEN length(t.key ->> k) > 16 THEN left(t.key ->> k, 14) || '...' ELSE t.key ->> k END)), '' ORDER BY n)
                             FROM unnest(m.key) WITH ORDINALITY u (k, n)),
                          (SELECT string_agg(format('<td>%s</td>', coalesce(segment_internal.html(segment_internal.report_value(t.customer -> c)), '&ndash;')), '' ORDER BY n)
                             FROM unnest(s.columns) WITH ORDINALITY u (c, n))), '' ORDER BY t.rank))
          FROM typical t
          LEFT JOIN shown s ON s.segment = t.segment
         GROUP BY t.segment, s.columns, s.names;
EXCEPTION WHEN insufficient_privilege OR undefined_table OR undefined_column THEN
    RETURN;
END
$$;

COMMENT ON FUNCTION segment_internal.report_typical IS
'Internal: part of a card of the report; nothing where the reader may not see who is in a segment, or there is no assignment.';

CREATE FUNCTION segment_internal.report_segments(m segment_internal.catalog_model, effects segment_internal.effect[], value text, worth segment_internal.worth[])
RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH points AS (
        SELECT e.segment, string_agg(format('<li>%s</li>', segment_internal.html(segment_internal.capitalize(segment_internal.sentence(e)))), E'\n' ORDER BY e.rank) AS list
          FROM segment_internal.telling($2) e
         WHERE e.rank <= 5
         GROUP BY e.segment
    ), near AS MATERIALIZED (
        SELECT n.segment, o.segment AS neighbour, o.label
          FROM segment_internal.neighbours($1) n
          JOIN segment_internal.catalog_segment o ON o.model_id = ($1).model_id AND o.segment = n.neighbour
    ), typical AS MATERIALIZED (
        SELECT t.segment, t.html FROM segment_internal.report_typical($1, $2) t
    )
    SELECT segment_internal.section('segments', 'Segments',
               'Silhouette: how clearly a segment is apart from the nearest other one, from 0 to 1. At the border are those whom little '
               'separates from another segment.',
               segment_internal.report_sizes($1, $3, $4) || format(E'<div class="cards">\n%s</div>\n', string_agg(format(
                   E'<article class="card s%1$s" aria-labelledby="segment-%2$s">\n<h3 id="segment-%2$s">%3$s <bdi>%4$s</bdi></h3>\n'
                   '<p class="size"><strong>%5$s</strong> of the customers, %6$s</p>\n%7$s%8$s%9$s%10$s</article>\n',
                   1 + (s.segment - 1) % 8, s.segment, segment_internal.chip(s.segment), segment_internal.html(s.label),
                   segment_internal.percent(s.share), segment_internal.count(s.rows),
                   coalesce('<p>' || segment_internal.html(s.description) || E'</p>\n', ''),
                   coalesce('<ul>' || p.list || E'</ul>\n', ''),
                   coalesce(format(E'<p class="near">Nearest: %s <bdi>%s</bdi></p>\n', segment_internal.chip(o.neighbour), segment_internal.html(o.label)), ''),
                   coalesce(t.html, '')), '' ORDER BY s.segment)))
      FROM segment_internal.catalog_segment s
      LEFT JOIN points p ON p.segment = s.segment
      LEFT JOIN near o ON o.segment = s.segment
      LEFT JOIN typical t ON t.segment = s.segment
     WHERE s.model_id = ($1).model_id;
END;

COMMENT ON FUNCTION segment_internal.report_segments IS 'Internal: the section of segments, a card each, as HTML.';
