-- Segments: who they are and what to do with each, a card a segment.

CREATE FUNCTION segment_internal.report_value(value jsonb) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN jsonb_typeof($1) = 'number' AND abs($1::numeric) < 1e300 THEN segment_internal.figure($1::float8)
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
                           min(e.topic) AS name,
                           row_number() OVER (PARTITION BY e.segment ORDER BY min(e.rank)) AS place
                      FROM unnest(effects) e
                     WHERE e.source_column = ANY (m.columns[:50])
                     GROUP BY e.segment, e.source_column) f
             WHERE f.place <= 3
             GROUP BY f.segment
        )
        SELECT t.segment,
               format(E'<table class="typical"><caption>Customers nearest to the middle of the segment</caption><thead><tr>%s%s</tr></thead><tbody>%s</tbody></table>\n',
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

CREATE FUNCTION segment_internal.report_rules(m segment_internal.catalog_model, OUT segment integer, OUT html text)
RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY
        SELECT r.segment,
               format(E'<p class="rule"><strong>Who:</strong> <code dir="ltr">%s</code> finds %s of them; of those found, %s are in the segment%s.</p>\n',
                      segment_internal.html(r.rule), segment_internal.percent(r.coverage), segment_internal.percent(r.precise),
                      CASE WHEN n.rows_used > 20000 THEN ' (by a sample of 20,000)' ELSE '' END)
          FROM segment_internal.rules(m.model_id, true) r
          JOIN segment_internal.catalog_run n ON n.model_id = m.model_id AND n.run = m.run
         WHERE r.rule <> 'true';
EXCEPTION WHEN insufficient_privilege OR undefined_table OR undefined_column OR undefined_function OR datatype_mismatch OR feature_not_supported
               OR wrong_object_type OR data_exception THEN
    RETURN;
END
$$;

COMMENT ON FUNCTION segment_internal.report_rules IS
'Internal: part of a card of the report, of many rows by a sample; nothing where the reader may not read the members, or there are none.';

CREATE FUNCTION segment_internal.report_segments(
    m segment_internal.catalog_model, effects segment_internal.effect[], value text, worth segment_internal.worth[]
) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH points AS MATERIALIZED (
        SELECT e.segment, string_agg(format('<li>%s</li>', segment_internal.sentence_html(segment_internal.sentence(e))), E'\n' ORDER BY e.rank) AS list
          FROM segment_internal.telling($2) e
         WHERE e.rank <= 4
         GROUP BY e.segment
    ), near AS MATERIALIZED (
        SELECT n.segment, o.segment AS neighbour, o.label
          FROM segment_internal.neighbours($1) n
          JOIN segment_internal.catalog_segment o ON o.model_id = ($1).model_id AND o.segment = n.neighbour
    ), typical AS MATERIALIZED (
        SELECT t.segment, t.html FROM segment_internal.report_typical($1, $2) t
    ), rules AS MATERIALIZED (
        SELECT r.segment, r.html FROM segment_internal.report_rules($1) r
    )
    SELECT segment_internal.section('segments', 'Who they are, and what to do with each',
               '<span class="screen">What to do is left to fill in: <code dir="ltr">' || segment_internal.html(format('SELECT segment_label(%L, ', ($1).name)
                   || min(s.segment) FILTER (WHERE s.description IS NULL) || ', ''Label'', ''What to do'');') || '</code></span>',
               format(E'<div class="cards">\n%s</div>\n', string_agg(format(
                   E'<article class="card %1$s" aria-labelledby="segment-%2$s">\n<h3 id="segment-%2$s">%3$s <bdi>%4$s</bdi></h3>\n'
                   '<p class="size"><strong>%5$s</strong> of the customers, %6$s%7$s</p>\n%8$s%12$s<p class="todo"><strong>What to do:</strong> %9$s</p>\n%10$s%11$s</article>\n',
                   segment_internal.hue(s.segment), s.segment, segment_internal.chip(s.segment), segment_internal.html(s.label),
                   segment_internal.percent(s.share), segment_internal.count(s.rows),
                   coalesce('; <strong>' || segment_internal.percent(v.value_share) || '</strong> of ' || segment_internal.html($3), ''),
                   coalesce('<ul>' || p.list || E'</ul>\n', ''),
                   coalesce('<bdi>' || segment_internal.html(s.description) || '</bdi>', '<span class="blank"></span>'),
                   coalesce('<p class="near">Nearest: ' || segment_internal.chip(o.neighbour) || ' <bdi>' || segment_internal.html(o.label) || E'</bdi></p>\n', ''),
                   coalesce(segment_internal.folded('Typical customers', t.html), ''),
                   coalesce(r.html, '')), '' ORDER BY v.value_share DESC NULLS LAST, s.segment)))
      FROM segment_internal.catalog_segment s
      LEFT JOIN unnest($4) v ON v.segment = s.segment
      LEFT JOIN points p ON p.segment = s.segment
      LEFT JOIN near o ON o.segment = s.segment
      LEFT JOIN typical t ON t.segment = s.segment
      LEFT JOIN rules r ON r.segment = s.segment
     WHERE s.model_id = ($1).model_id;
END;

COMMENT ON FUNCTION segment_internal.report_segments IS 'Internal: the section of segments, a card each, as HTML.';
