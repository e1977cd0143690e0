-- The report: one HTML page, complete in itself. Each section is a function that returns its part of the page; charts
-- are SVG in its text. Everything that comes from data passes segment_internal.html().
--
-- Charts never say a thing by colour alone: segments have their numbers. Colours are variables of the style sheet, for
-- light and dark, and told apart by colour-blind readers (after the palette of M. Okabe and K. Ito, 2008).

-- What the sections are made of.

CREATE FUNCTION segment_internal.html(words text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN replace(replace(replace(replace(replace(regexp_replace($1, '[\x01-\x1f\x7f]+', ' ', 'g'),
           '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#39;');

COMMENT ON FUNCTION segment_internal.html IS 'Internal: a text as it may stand between tags and in attributes of HTML.';

CREATE FUNCTION segment_internal.section(id text, heading text, lead text, body text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN format(E'<section id="%1$s" aria-labelledby="%1$s-heading">\n<h2 id="%1$s-heading">%2$s</h2>\n', $1, $2)
    || coalesce('<p class="lead">' || $3 || E'</p>\n', '') || $4 || E'</section>\n';

COMMENT ON FUNCTION segment_internal.section IS 'Internal: a section of the report, of HTML.';

CREATE FUNCTION segment_internal.svg(id text, title text, description text, width integer, height integer, class text, body text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN format('<svg role="img" class="%6$s" viewBox="0 0 %4$s %5$s" aria-labelledby="%1$s-title" aria-describedby="%1$s-desc">'
              '<title id="%1$s-title">%2$s</title><desc id="%1$s-desc">%3$s</desc>',
              $1, segment_internal.html($2), segment_internal.html($3), $4, $5, $6) || $7 || E'</svg>\n';

COMMENT ON FUNCTION segment_internal.svg IS 'Internal: a chart with its title and its description; width and height are those of its coordinates.';

CREATE FUNCTION segment_internal.scroll(label text, body text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN format(E'<div class="scroll" role="region" tabindex="0" aria-label="%s">\n', segment_internal.html($1)) || $2 || E'</div>\n';

COMMENT ON FUNCTION segment_internal.scroll IS 'Internal: something wide, which scrolls in itself on a narrow screen.';

CREATE FUNCTION segment_internal.position(value float8, lower float8, upper float8, first float8, last float8) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN round(($4 + ($5 - $4) * coalesce(segment_internal.part(least(greatest($1, $2), $3), $2, $3), 0.5))::numeric, 1)::text;

COMMENT ON FUNCTION segment_internal.position IS 'Internal: the coordinate of a value where lower is at first and upper at last.';

CREATE FUNCTION segment_internal.ticks(lower float8, upper float8, most integer) RETURNS float8[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    -- multiples of 1, 2 or 5 times a power of ten, and so few that they fit
    SELECT CASE WHEN segment_internal.apart($1, $2) BETWEEN 2e-100 AND 2e100 AND greatest(abs($1), abs($2)) / ($2 - $1) < 1e6
                THEN (SELECT ARRAY(SELECT n * s.step::float8 FROM generate_series(ceil($1::numeric / s.step), floor($2::numeric / s.step)) n)
                        FROM (SELECT f * power(10::numeric, floor(log(($2 - $1)::numeric))::integer + e) AS step
                                FROM unnest('{1,2,5}'::numeric[]) f, generate_series(-1, 1) e) s
                       WHERE floor($2::numeric / s.step) - ceil($1::numeric / s.step) < $3
                       ORDER BY s.step LIMIT 1)
                ELSE '{}' END;
END;

COMMENT ON FUNCTION segment_internal.ticks IS 'Internal: at most so many round numbers from lower to upper.';

CREATE FUNCTION segment_internal.tick(value float8, kind text DEFAULT 'number') RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN $2 = 'date' THEN left(segment_internal.day($1), 7)
            WHEN $2 = 'share' THEN round((100 * $1)::numeric) || '%'
            WHEN $2 = 'year' THEN round($1::numeric)::text
            WHEN abs($1) >= 1e15 THEN btrim(to_char($1::numeric, '9.9EEEE'))
            WHEN abs($1) >= 1e12 THEN trim_scale(round(($1 / 1e12)::numeric, 2)) || 'T'
            WHEN abs($1) >= 1e9 THEN trim_scale(round(($1 / 1e9)::numeric, 2)) || 'B'
            WHEN abs($1) >= 1e6 THEN trim_scale(round(($1 / 1e6)::numeric, 2)) || 'M'
            WHEN abs($1) >= 1e4 THEN trim_scale(round(($1 / 1e3)::numeric, 1)) || 'k'
            WHEN abs($1) < 1e-4 AND $1 <> 0 THEN btrim(to_char($1::numeric, '9.9EEEE'))
            WHEN $1 = 0 THEN '0'
            ELSE trim_scale(round($1::numeric, greatest(0, 2 - floor(log(abs($1)))::integer)))::text END;

COMMENT ON FUNCTION segment_internal.tick IS 'Internal: a number on an axis or in a small cell: three digits.';

CREATE FUNCTION segment_internal.chip(segment integer) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN format('<span class="chip s%s">%s</span>', 1 + ($1 - 1) % 8, $1);

COMMENT ON FUNCTION segment_internal.chip IS 'Internal: the number of a segment on its colour.';

CREATE FUNCTION segment_internal.bar(share float8, class text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN format('<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="rail" width="100" height="10"/>'
              '<rect class="%s" width="%s" height="10"/></svg>', $2, round((100 * least(greatest($1, 0), 1))::numeric, 1));

COMMENT ON FUNCTION segment_internal.bar IS 'Internal: a share as a bar beside its number.';

-- Tables: heads that begin with # are those of numbers; cells are HTML.

CREATE FUNCTION segment_internal.row(heads text[], cells text[], class text DEFAULT NULL) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT format(E'<tr%s>%s</tr>\n', coalesce(' class="' || $3 || '"', ''), string_agg(format(
               CASE WHEN u.n = 1 THEN '<th scope="row"><bdi>%s</bdi></th>' WHEN $1[u.n] LIKE '#%' THEN '<td class="n">%s</td>' ELSE '<td>%s</td>' END,
               coalesce(u.cell, '&ndash;')), '' ORDER BY u.n))
      FROM unnest($2) WITH ORDINALITY u (cell, n);
END;

COMMENT ON FUNCTION segment_internal.row IS 'Internal: a row of a table, the first cell its head; NULL is a dash.';

CREATE FUNCTION segment_internal.table(caption text, heads text[], rows text, class text DEFAULT '') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT segment_internal.scroll($1, format(
               E'<table class="%s"><caption>%s</caption>\n<thead><tr>%s</tr></thead>\n<tbody>\n%s</tbody></table>\n', $4, segment_internal.html($1),
               string_agg(format('<th scope="col"%s>%s</th>', CASE WHEN u.head LIKE '#%' THEN ' class="n"' ELSE '' END, ltrim(u.head, '#')), '' ORDER BY u.n), $3))
      FROM unnest($2) WITH ORDINALITY u (head, n);
END;

COMMENT ON FUNCTION segment_internal.table IS 'Internal: a table of rows of segment_internal.row().';

-- Findings.

CREATE FUNCTION segment_internal.report_findings(m segment_internal.catalog_model, effects segment_internal.effect[], value text, worth segment_internal.worth[])
RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT segment_internal.section('findings', 'Findings', NULL,
               format(E'<ul class="findings">\n%s%s</ul>\n',
                      (SELECT string_agg(format(E'<li>%s.</li>\n', segment_internal.html(i.insight)), '' ORDER BY i.n)
                         FROM segment_internal.model_insights($1, $2) WITH ORDINALITY i (insight, n)),
                      (SELECT format(E'<li>"%s" is %s of the customers and brings %s of %s.</li>\n', segment_internal.html(v.label),
                                     segment_internal.percent(v.share), segment_internal.percent(v.value_share), segment_internal.html($3))
                         FROM unnest($4) v
                        WHERE v.value_share IS NOT NULL
                        ORDER BY v.value_share / nullif(v.share, 0) DESC NULLS LAST, v.segment LIMIT 1)));
END;

COMMENT ON FUNCTION segment_internal.report_findings IS 'Internal: section of the report.';

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

COMMENT ON FUNCTION segment_internal.report_sizes IS 'Internal: table of the report.';

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
          FROM unnest($2) e
         WHERE e.effect IS NOT NULL AND (e.rank <= 5 AND abs(e.effect) >= 0.2 OR e.rank = 1)
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

COMMENT ON FUNCTION segment_internal.report_segments IS 'Internal: section of the report.';

-- Profile: a table of features and segments, coloured by how far a segment is from the average.

CREATE FUNCTION segment_internal.report_shade(z float8) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(CASE WHEN abs($1) >= 0.2 THEN format(' class="%s%s"', CASE WHEN $1 > 0 THEN 'a' ELSE 'b' END, width_bucket(abs($1), '{0.2,0.5,1,1.5}')) END, '');

COMMENT ON FUNCTION segment_internal.report_shade IS 'Internal: the shade of a cell, by standard deviations from the average.';

CREATE FUNCTION segment_internal.report_profile(m segment_internal.catalog_model, effects segment_internal.effect[]) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH cells AS (
        SELECT (e.segment - 1) / 20 AS block, e.feature_no, min(e.name) AS name, min(e.kind) AS kind, min(e.population_mean) AS average,
               string_agg(format('<td%s>%s</td>', segment_internal.report_shade(e.z),
                                 CASE WHEN e.kind IN ('share', 'date', 'year') THEN segment_internal.tick(e.mean, e.kind)
                                      WHEN e.index IS NULL OR e.population_mean < 0 OR e.lowest < 0 OR e.index > 99999 THEN segment_internal.tick(e.mean)
                                      ELSE round(e.index)::text END), '' ORDER BY e.segment) AS cells
          FROM unnest($2) e
         GROUP BY 1, e.feature_no
    ), heads AS (
        SELECT (s.segment - 1) / 20 AS block, string_agg(format('<th scope="col"><abbr title="%s">%s</abbr></th>',
                   segment_internal.html(s.label), segment_internal.chip(s.segment)), '' ORDER BY s.segment) AS heads, count(*) AS n
          FROM segment_internal.catalog_segment s WHERE s.model_id = ($1).model_id GROUP BY 1
    ), blocks AS (
        SELECT h.block, segment_internal.scroll('Profile of the segments', format(
                   E'<table class="heat%s"><caption>%s</caption>\n<thead><tr><th scope="col">Feature</th><th scope="col" class="n">Average</th>%s</tr></thead>\n<tbody>\n%s</tbody></table>\n',
                   CASE WHEN h.n > 10 THEN ' dense' ELSE '' END, 'Index of each feature in each segment: 100 is average',
                   h.heads, string_agg(format(E'<tr><th scope="row"><bdi>%s</bdi></th><td class="n">%s</td>%s</tr>\n', segment_internal.html(c.name),
                                              CASE WHEN c.kind IN ('share', 'date', 'year') THEN segment_internal.tick(c.average, c.kind)
                                                   ELSE coalesce(segment_internal.figure(c.average), '&ndash;') END, c.cells), '' ORDER BY c.feature_no))) AS html
          FROM heads h JOIN cells c ON c.block = h.block
         GROUP BY h.block, h.heads, h.n
    )
    SELECT segment_internal.section('profile', 'Profile',
               'Numbers are an index: 100 is the average of all customers, 200 twice as much. Of features that are yes or no the share is '
               'shown, of dates and of values below zero the average. '
               '<span class="key"><span class="b4"></span><span class="b2"></span> below, <span class="a2"></span><span class="a4"></span> above the average</span>, '
               'the stronger the colour the further, from 0.2 to 1.5 standard deviations.',
               coalesce(string_agg(b.html, '' ORDER BY b.block), E'<p>One segment is all there is: it is the average.</p>\n'))
      FROM blocks b;
END;

COMMENT ON FUNCTION segment_internal.report_profile IS 'Internal: section of the report.';

-- The map. Axes are those of segment_internal.axes(), computed once for the whole report.

CREATE FUNCTION segment_internal.report_axis(m segment_internal.catalog_model, loading float8[], explained float8) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT format('%s (%s of the differences)', segment_internal.list_words(array_agg(
                  CASE WHEN l.loading < 0 THEN 'less ' ELSE 'more ' END || l.name ORDER BY l.place)), segment_internal.percent($3))
      FROM (SELECT u.loading, n.name, row_number() OVER (ORDER BY abs(u.loading) DESC, n.feature_no) AS place
              FROM unnest($2) WITH ORDINALITY u (loading, n)
              JOIN segment_internal.feature_names($1) n ON n.feature_no = u.n) l
     WHERE l.place <= 3 AND abs(l.loading) > 0.05
    HAVING count(*) > 0;
END;

COMMENT ON FUNCTION segment_internal.report_axis IS 'Internal: what lies in the direction of a principal component.';

CREATE FUNCTION segment_internal.report_map(m segment_internal.catalog_model, axes record) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
    chart record;
    n     integer := cardinality(axes.mean);
BEGIN
    -- a dot a row, one path a segment: round and square dots, then strokes, where colours come round again
    WITH points AS MATERIALIZED (
        SELECT p.segment, p.x, p.y
          FROM segment_internal.map(m.model_id, 2000, axes.rows_read, axes.rows,
                                               axes.mean, axes.loading) p
    ), frame AS (
        SELECT min(p.x) AS x0, max(p.x) AS x1, min(p.y) AS y0, max(p.y) AS y1, count(*) AS n FROM points p
    ), placed AS (
        SELECT p.segment, segment_internal.position(p.x, f.x0, f.x1, 12, 628) AS x,
               segment_internal.position(p.y, f.y0, f.y1, 408, 12) AS y
          FROM points p CROSS JOIN frame f
    ), paths AS (
        SELECT p.segment, format('<path class="dots k%s s%s" d="%s"/>', (p.segment - 1) / 8 % 4, 1 + (p.segment - 1) % 8,
                                 string_agg(CASE (p.segment - 1) / 8 % 4 WHEN 2 THEN format('M%s %sm-3 0h6', p.x, p.y)
                                                 WHEN 3 THEN format('M%s %sm0-3v6', p.x, p.y)
                                                 ELSE format('M%s %sh0', p.x, p.y) END, '' ORDER BY p.x, p.y)) AS path,
               avg(p.x::float8 ORDER BY p.x, p.y) AS x, avg(p.y::float8 ORDER BY p.x, p.y) AS y, count(*) AS n
          FROM placed p GROUP BY p.segment
    )
    SELECT string_agg(p.path, '' ORDER BY p.n DESC, p.segment)
           || string_agg(format('<g class="s%1$s"><circle class="hub" cx="%2$s" cy="%3$s" r="11"/><text class="hub" x="%2$s" y="%3$s" dy=".35em">%4$s</text></g>',
                                1 + (p.segment - 1) % 8, round(p.x), round(p.y), p.segment), '' ORDER BY p.segment) AS body,
           min(f.n) AS n
      INTO chart
      FROM paths p CROSS JOIN frame f;
    IF chart.body IS NULL THEN
        RETURN '';
    END IF;
    RETURN segment_internal.section('map', 'Map',
        format('Each dot is one of %s customers; the nearer two are, the more alike. Numbers mark the middle of each segment. '
               'The map shows the two directions in which customers differ most (principal components); they differ in others, too.',
               segment_internal.count(chart.n)),
        format(E'<figure class="map">\n%s<figcaption><bdi>%s</bdi></figcaption>\n</figure>\n',
               segment_internal.svg('map-chart', 'Map of the customers',
                   format('Scatter plot of %s customers by segment on the first two principal components.', chart.n), 640, 420, 'chart wide', chart.body),
               segment_internal.html(concat_ws('. ',
                   'To the right: ' || segment_internal.report_axis(m, axes.loading[1:1][1:n], axes.explained[1]),
                   'Up: ' || segment_internal.report_axis(m, axes.loading[2:2][1:n], axes.explained[2])) || '.')));
END
$$;

COMMENT ON FUNCTION segment_internal.report_map IS 'Internal: section of the report.';

-- The choice of k.

CREATE FUNCTION segment_internal.report_line(id text, title text, description text, k integer[], y float8[], chosen integer) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH points AS (
        SELECT u.k, u.y, f.*, segment_internal.position(u.k, f.k0, f.k1, 50, 390) AS px, segment_internal.position(u.y, f.y0, f.y1, 196, 20) AS py
          FROM unnest($4, $5) u (k, y)
         CROSS JOIN (SELECT min(u.k) AS k0, max(u.k) AS k1, least(0, min(u.y)) AS y0, max(u.y) AS y1
                       FROM unnest($4, $5) u (k, y) WHERE u.y IS NOT NULL) f
         WHERE u.y IS NOT NULL
    )
    SELECT segment_internal.svg($1, $2, $3, 420, 240, 'chart',
        (SELECT string_agg(format('<path class="grid" d="M46 %1$sH394"/><text x="40" y="%1$s" dy="4" text-anchor="end">%2$s</text>',
                                  segment_internal.position(t, p.y0, p.y1, 196, 20), segment_internal.tick(t)), '' ORDER BY t)
           FROM (SELECT DISTINCT p.y0, p.y1 FROM points p) p CROSS JOIN LATERAL unnest(segment_internal.ticks(p.y0, p.y1, 5)) t)
        || string_agg(format('<text x="%s" y="216" text-anchor="middle"%s>%s</text>', p.px, CASE WHEN p.k = $6 THEN ' class="chosen"' ELSE '' END, p.k), '' ORDER BY p.k)
           FILTER (WHERE p.k = $6 OR p.k1 - p.k0 <= 14 OR p.k % 5 = 0 AND abs(p.k - $6) > 1)
        || format('<path class="line" d="M%s"/>', string_agg(p.px || ' ' || p.py, 'L' ORDER BY p.k))
        || string_agg(format('<circle class="%s" cx="%s" cy="%s" r="%s"/>', CASE WHEN p.k = $6 THEN 'mark' ELSE 'dot' END, p.px, p.py,
                             CASE WHEN p.k = $6 THEN 7 ELSE 3.5 END), '' ORDER BY p.k)
        || '<text class="axis" x="220" y="236" text-anchor="middle">number of segments</text>')
      FROM points p
    HAVING count(*) > 1;
END;

COMMENT ON FUNCTION segment_internal.report_line IS 'Internal: a line over numbers of segments, on which one is marked; NULL for one point.';

CREATE FUNCTION segment_internal.report_choice(m segment_internal.catalog_model) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    heads constant text[] := '{Segments,#Inertia,#Explained,#Silhouette,#Davies-Bouldin,#Smallest}';
    tried record;
    run   segment_internal.catalog_run := (SELECT r FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run = m.run);
BEGIN
    SELECT array_agg(c.k ORDER BY c.k) AS k, array_agg(c.inertia ORDER BY c.k) AS inertia, array_agg(c.silhouette ORDER BY c.k) AS silhouette,
           min(c.rows) AS rows, bool_or(c.sampled) AS sampled,
           string_agg(segment_internal.row(heads, ARRAY[
                          c.k::text, segment_internal.tick(c.inertia), segment_internal.percent(c.explained),
                          round(c.silhouette::numeric, 3)::text, round(c.davies_bouldin::numeric, 2)::text,
                          segment_internal.percent(c.smallest_share)], CASE WHEN c.k = run.k THEN 'chosen' END), '' ORDER BY c.k) AS rows_of_table
      INTO tried
      FROM segment_internal.candidates(m.model_id) c;

    RETURN segment_internal.section('choice', 'Number of segments',
        segment_internal.html(format(CASE run.k_reason WHEN 'given' THEN '%s segments were asked for. %3$s' ELSE 'Why %s: %s. %s' END, run.k, run.k_reason,
            CASE WHEN run.k_reason NOT LIKE 'highest%' THEN format('For comparison, what other numbers give for %s%s customers.',
                          CASE WHEN tried.sampled THEN 'a sample of ' ELSE 'the ' END, segment_internal.count(tried.rows))
                 ELSE '' END)),
        coalesce((SELECT format(E'<div class="charts">\n<figure>\n%s<figcaption>Inertia: what is left of the differences. A bend hints at a good number.</figcaption>\n</figure>\n'
                                '<figure>\n%s<figcaption>Silhouette: how clearly segments are apart. Higher is better.</figcaption>\n</figure>\n</div>\n', c.a, c.b)
                    FROM (SELECT segment_internal.report_line('elbow-chart', 'Inertia by number of segments',
                                     'Line chart: what is left of the differences within segments falls with each further segment.', tried.k, tried.inertia, run.k) AS a,
                                 segment_internal.report_line('silhouette-chart', 'Silhouette by number of segments',
                                     'Line chart: how clearly the segments are apart for each number of segments.', tried.k, tried.silhouette, run.k) AS b) c
                   WHERE c.a IS NOT NULL AND c.b IS NOT NULL), '')
        || segment_internal.table('Numbers of segments compared', heads, tried.rows_of_table));
EXCEPTION WHEN insufficient_privilege OR undefined_table OR undefined_column OR datatype_mismatch OR feature_not_supported
               OR wrong_object_type OR data_exception THEN
    RETURN segment_internal.section('choice', 'Number of segments', NULL,
        format(E'<p>There are %s: %s.</p>\n', run.k, segment_internal.html(run.k_reason)));
END
$$;

COMMENT ON FUNCTION segment_internal.report_choice IS 'Internal: section of the report.';

-- Distributions: a small chart a feature, a box a segment.

CREATE FUNCTION segment_internal.report_boxes(m segment_internal.catalog_model, effects segment_internal.effect[]) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    -- the features that tell the segments apart most, the largest segments
    WITH features AS (
        SELECT e.feature_no, min(e.name) AS name, min(e.kind) AS kind, row_number() OVER (ORDER BY sum(s.share * e.z * e.z ORDER BY e.segment) DESC, e.feature_no) AS place
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
          JOIN @extschema@.segment_distribution d ON format('%I.%I', d.schema, d.model) = segment_internal.qualified($1) AND d.segment = s.segment AND d.feature_no = f.feature_no
         WHERE f.place <= 60
    ), framed AS (
        SELECT b.*, CASE b.kind WHEN 'share' THEN 0 ELSE min(b.low) OVER w END AS x0,
               CASE b.kind WHEN 'share' THEN 1 ELSE max(b.high) OVER w END AS x1
          FROM boxes b WINDOW w AS (PARTITION BY b.feature_no)
    ), drawn AS (
        SELECT f.feature_no, min(f.name) AS name, min(f.kind) AS kind, min(f.place) AS place, min(f.x0) AS x0, max(f.x1) AS x1, max(f.line)::integer AS lines,
               string_agg(format('<g class="s%s"><text x="18" y="%s">%s</text>', 1 + (f.segment - 1) % 8, 14 * f.line, f.segment)
                   || CASE WHEN f.kind = 'share'
                           THEN format('<path class="rail" d="M26 %1$sH270"/><path class="q" d="M26 %1$sH%2$s"/>', 14 * f.line - 4, segment_internal.position(f.mean, 0, 1, 26, 270))
                           ELSE coalesce(format('<path class="w" d="M%1$s %5$sH%2$s"/><path class="q" d="M%3$s %5$sH%4$s"/><path class="d" d="M%6$s %7$sv9"/>',
                                    segment_internal.position(f.low, f.x0, f.x1, 26, 270), segment_internal.position(f.high, f.x0, f.x1, 26, 270),
                                    segment_internal.position(f.p25, f.x0, f.x1, 26, 270), segment_internal.position(f.p75, f.x0, f.x1, 26, 270),
                                    14 * f.line - 4, segment_internal.position(f.median, f.x0, f.x1, 26, 270), 14 * f.line - 8.5), '') END
                   || '</g>', '' ORDER BY f.line) AS boxes
          FROM framed f GROUP BY f.feature_no
    )
    SELECT segment_internal.section('distributions', 'Distributions',
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

COMMENT ON FUNCTION segment_internal.report_boxes IS 'Internal: section of the report.';

-- Correlations of the features.

CREATE FUNCTION segment_internal.report_correlations(effects segment_internal.effect[], correlation float8[]) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
    chart record;
BEGIN
    -- at most forty features, those that tell the segments apart most, in their order
    WITH telling AS (
        SELECT f.*, row_number() OVER (ORDER BY f.feature_no) AS line
          FROM (SELECT e.feature_no, min(e.name) AS name FROM unnest(effects) e
                 GROUP BY e.feature_no ORDER BY sum(e.z * e.z ORDER BY e.segment) DESC, e.feature_no LIMIT 40) f
    ), pairs AS MATERIALIZED (
        SELECT x.line AS i, y.line AS j, x.name AS x, y.name AS y, correlation[x.feature_no][y.feature_no] AS r
          FROM telling x JOIN telling y ON x.line > y.line
         WHERE correlation[x.feature_no][y.feature_no] IS NOT NULL
    )
    SELECT (SELECT string_agg(format('<rect class="%s%s" x="%s" y="%s" width="13" height="13"/>', CASE WHEN p.r < 0 THEN 'b' ELSE 'a' END,
                                     width_bucket(abs(p.r), '{0.2,0.4,0.6,0.8}'), 196 + 14 * (p.j - 1), 14 * (p.i - 1) + 4), '' ORDER BY p.i, p.j) FROM pairs p) AS cells,
           (SELECT string_agg(format('<text x="190" y="%1$s" text-anchor="end">%2$s %3$s</text><text x="%4$s" y="%1$s" text-anchor="middle">%3$s</text>', 14 * t.line + 1,
                                     segment_internal.html(CASE WHEN length(t.name) > 24 THEN left(t.name, 22) || '...' ELSE t.name END),
                                     t.line, 202.5 + 14 * (t.line - 1)), '' ORDER BY t.line) FROM telling t) AS names,
           (SELECT count(*)::integer FROM telling) AS n,
           (SELECT string_agg(format(E'<li>%s and %s: %s</li>\n', segment_internal.html(p.x), segment_internal.html(p.y),
                                     round(p.r::numeric, 2)), '' ORDER BY p.place)
              FROM (SELECT p.*, row_number() OVER (ORDER BY abs(p.r) DESC, p.i, p.j) AS place FROM pairs p) p WHERE p.place <= 8) AS strongest
      INTO chart;
    IF chart.cells IS NULL THEN
        RETURN '';
    END IF;
    RETURN segment_internal.section('correlations', 'Correlations',
        'Which features go together: <span class="key"><span class="a4"></span> rise together</span>, <span class="key"><span class="b4"></span> one falls as the other rises</span>. '
        'Features that say much the same weigh more than once in the distance between customers.',
        format(E'<div class="charts pair">\n<figure>\n%s<figcaption>Correlation of each pair of features</figcaption>\n</figure>\n<div>\n<h3>Strongest</h3>\n<ol>\n%s</ol>\n</div>\n</div>\n',
               segment_internal.scroll('Correlations of the features', segment_internal.svg('correlation-chart', 'Correlations of the features',
                   'Matrix of the correlations of each pair of features; the strongest are listed beside it.', 216 + 14 * chart.n, 14 * chart.n + 8,
                   'chart matrix', chart.cells || chart.names)),
               chart.strongest));
END
$$;

COMMENT ON FUNCTION segment_internal.report_correlations IS 'Internal: section of the report; nothing where there is one feature.';

-- History, where there is one.

CREATE FUNCTION segment_internal.report_history(m segment_internal.catalog_model) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH sizes AS (
        SELECT p.run, p.segment, p.rows, p.rows::float8 / r.rows_used AS share, r.started_at
          FROM segment_internal.catalog_profile p
          JOIN segment_internal.catalog_run r ON r.model_id = p.model_id AND r.run = p.run
         WHERE p.model_id = ($1).model_id AND p.run <= ($1).run
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

COMMENT ON FUNCTION segment_internal.report_history IS 'Internal: section of the report; NULL for a model with one run.';

-- Method, recipe, ledger, and how to make it again.

CREATE FUNCTION segment_internal.call(m segment_internal.catalog_model) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    -- what differs from the defaults of segment_kmeans, with the types of its arguments
    SELECT format('SELECT * FROM %s.segment_kmeans(%L%s)', '@extschema@', $1.source::text,
                  string_agg(format(CASE WHEN a.type IN ('text', 'text[]', 'jsonb', 'double precision[]') OR jsonb_typeof(a.value) NOT IN ('number', 'boolean')
                                         THEN ', %s => %L' ELSE ', %s => %s' END,
                                    a.name, CASE WHEN a.type LIKE '%[]' AND a.value <> 'null' THEN segment_internal.array_text(a.value)
                                                 ELSE a.value #>> '{}' END), '' ORDER BY a.n))
      FROM (SELECT u.n, u.name, format_type(u.type, NULL) AS type,
                   CASE u.name WHEN 'model' THEN nullif(to_jsonb($1.name), to_jsonb((SELECT c.relname::text FROM pg_class c WHERE c.oid = $1.source)))
                               ELSE $1.options -> u.name END AS value,
                   u.defaults
              FROM pg_proc p
             CROSS JOIN LATERAL (SELECT n, p.proargnames[n] AS name, p.proargtypes[n - 1] AS type,
                                        pg_get_function_arg_default(p.oid, n) AS defaults
                                   FROM generate_series(2, p.pronargs) n) u
             -- others may have made one of that name
             WHERE p.proname = 'segment_kmeans'
               AND EXISTS (SELECT FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
                            WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
                              AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND e.extname = 'segment')) a
     WHERE a.value IS NOT NULL AND a.value <> 'null' AND a.name <> 'replace'
       AND a.value #>> '{}' IS DISTINCT FROM coalesce(substring(a.defaults, '^''(.*)''::'), a.defaults);
$$;

COMMENT ON FUNCTION segment_internal.call IS 'Internal: the call of segment_kmeans that fitted a model.';

CREATE FUNCTION segment_internal.array_text(value jsonb) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE jsonb_typeof($1 -> 0)
           WHEN 'array' THEN format('{%s}', (SELECT string_agg(segment_internal.array_text(e), ',' ORDER BY n) FROM jsonb_array_elements($1) WITH ORDINALITY u (e, n)))
           ELSE ARRAY(SELECT e FROM jsonb_array_elements_text($1) WITH ORDINALITY u (e, n) ORDER BY n)::text END;
$$;

COMMENT ON FUNCTION segment_internal.array_text IS 'Internal: a JSON array, or an array of these, as the text of an array.';

CREATE FUNCTION segment_internal.report_method(m segment_internal.catalog_model) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT segment_internal.section('method', 'Method', NULL, format(
               E'<p>K-means puts each customer into the segment whose middle (centroid) is nearest, by %1$s distance over %2$s features, which are prepared as the recipe '
               'below says, so that none counts more for its unit. The number %3$s. The best of %4$s starts was kept; iterations: %5$s%6$s. '
               'Figures are of %7$s, and of that run, but for the map, the correlations, the typical customers and values, which are of today''s rows.</p>\n',
               segment_internal.html(r.options ->> 'distance'), (SELECT count(*) FROM segment_internal.catalog_feature f WHERE f.model_id = r.model_id AND f.run = r.run),
               CASE r.k_reason WHEN 'given' THEN format('of segments, %s, was given', r.k) ELSE format('of segments is %s: %s', r.k, segment_internal.html(r.k_reason)) END,
               segment_internal.html(r.options ->> 'n_init'), r.iterations, CASE WHEN r.converged THEN '' ELSE ', which is all that were allowed' END,
               to_char(r.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'))
           || (SELECT format(E'<div class="charts">\n%s%s</div>\n',
                             segment_internal.table('Rows', t.heads, string_agg(
                                 segment_internal.row(t.heads, ARRAY[t.name, t.value]), '' ORDER BY t.n) FILTER (WHERE t.n <= 3)),
                             segment_internal.table('Quality', t.heads, string_agg(
                                 segment_internal.row(t.heads, ARRAY[t.name, t.value]), '' ORDER BY t.n) FILTER (WHERE t.n > 3 AND t.value IS NOT NULL)))
                 FROM (SELECT v.*, '{What,#Figure}'::text[] AS heads
                         FROM (VALUES (1, 'Read', segment_internal.count(r.rows_read)), (2, 'Left out', segment_internal.count(r.rows_skipped)),
                                      (3, 'Used', segment_internal.count(r.rows_used)), (4, 'Inertia', segment_internal.tick(r.inertia)),
                                      (5, 'Explained', segment_internal.percent(r.explained)), (6, 'Silhouette (simplified)', round(r.silhouette::numeric, 3)::text),
                                      (7, 'Davies-Bouldin (lower is better)', round(r.davies_bouldin::numeric, 2)::text),
                                      (8, 'Calinski-Harabasz (higher is better)', segment_internal.tick(r.calinski_harabasz))) v (n, name, value)) t
                GROUP BY t.heads)
           || (SELECT segment_internal.table('Recipe: how each feature is prepared', f.heads, string_agg(segment_internal.row(f.heads, ARRAY[
                          segment_internal.html(segment_internal.shorten(f.feature)),
                          segment_internal.html(f.missing) || coalesce(' ' || segment_internal.tick(CASE WHEN f.imputed > 0 THEN f.fill END), ''),
                          segment_internal.count(f.imputed), segment_internal.html(f.outliers), segment_internal.count(f.clipped),
                          segment_internal.html(f.transform), segment_internal.html(f.scaling),
                          segment_internal.tick(f.center), segment_internal.tick(f.scale), segment_internal.tick(f.weight)]),
                          '' ORDER BY f.feature_no), 'recipe')
                 FROM (SELECT f.*, '{Feature,Missing,#Filled,Outliers,#Clipped,Transform,Scaling,#Center,#Scale,#Weight}'::text[] AS heads
                         FROM segment_internal.catalog_feature f WHERE f.model_id = r.model_id AND f.run = r.run) f
                GROUP BY f.heads)
           || CASE WHEN EXISTS (SELECT FROM pg_class c WHERE c.oid = $1.source) THEN
              format(E'<h3>Make it again</h3>\n<p>In the database, where there is no model of this name, by a role that may read the source:</p>\n<pre dir="ltr"><code>%s;</code></pre>\n<p>%sThe same rows give the same segments, bit for bit.</p>\n',
                     segment_internal.html(segment_internal.call($1)),
                     CASE WHEN r.run > 1 THEN segment_internal.html(format('That was the first run; this is run %s, by segment_refresh(%L%s). ', r.run, $1.name,
                                                  CASE r.k_reason WHEN 'given' THEN format(', k => %s', r.k) ELSE '' END)) ELSE '' END)
              ELSE E'<p>The source no longer exists.</p>\n' END)
      FROM (SELECT r.*, $1.options FROM segment_internal.catalog_run r WHERE r.model_id = $1.model_id AND r.run = $1.run) r;
$$;

COMMENT ON FUNCTION segment_internal.report_method IS 'Internal: section of the report.';

-- The page.

CREATE FUNCTION segment_internal.report_style() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN $css$
:root{--paper:#fbfaf7;--card:#fff;--ink:#1b1e23;--soft:#565c65;--rule:#dedbd3;--rail:#ebe8e1;--link:#0b5a8f;
--s1:#0072b2;--s2:#b84a00;--s3:#00755a;--s4:#a6447e;--s5:#856000;--s6:#4f52b8;--s7:#577000;--s8:#636363;--on:#fff;
--a1:#fdeedd;--a2:#fad9b4;--a3:#f4b777;--a4:#e79a4d;--b1:#e4f0f8;--b2:#c3def0;--b3:#93c4e4;--b4:#69abd8}
@media screen and (prefers-color-scheme:dark){:root{--paper:#14161a;--card:#1c1f25;--ink:#e9e9ec;--soft:#a9afb8;--rule:#343942;--rail:#2a2e36;--link:#8ac4ee;
--s1:#56b4e9;--s2:#f0905a;--s3:#34c79d;--s4:#e08fc0;--s5:#e3b94b;--s6:#a2a7f5;--s7:#abc955;--s8:#b9bcc2;--on:#14161a;
--a1:#33281a;--a2:#4f3717;--a3:#6c4813;--a4:#87590f;--b1:#1b2b38;--b2:#1d3c53;--b3:#1f4f72;--b4:#22628f}}
.s1{--c:var(--s1)}.s2{--c:var(--s2)}.s3{--c:var(--s3)}.s4{--c:var(--s4)}.s5{--c:var(--s5)}.s6{--c:var(--s6)}.s7{--c:var(--s7)}.s8{--c:var(--s8)}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);overflow-wrap:break-word;font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Noto Sans",sans-serif}
header,nav,main,footer{max-width:70rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:3rem}
h1{font-size:clamp(1.75rem,1.2rem + 2.6vw,2.75rem);line-height:1.12;letter-spacing:-.02em;margin:.35rem 0 .75rem;max-width:22em}
h2{font-size:1.5rem;line-height:1.2;letter-spacing:-.012em;margin:0 0 .5rem}
h3{font-size:1.05rem;line-height:1.3;margin:0}
p{margin:0 0 .75rem}
a{color:var(--link)}
h1,h2,h3,p,li,bdi,figcaption{overflow-wrap:anywhere}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:2px}
.eyebrow{font-size:.8125rem;font-weight:600;letter-spacing:.08em;text-transform:uppercase;color:var(--soft);margin:0}
.meta,.lead,.near,figcaption,caption,.size,footer{color:var(--soft)}
.lead,section>p{max-width:46rem}
.skip{position:absolute;left:1rem;top:-6rem;background:var(--card);padding:.5rem 1rem}
.skip:focus{top:1rem;z-index:1}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;margin:1.25rem 0 0;padding:.75rem 0;border-block:1px solid var(--rule)}
nav a{display:inline-block;padding:.15rem 0}
section{padding-top:2.75rem}
.findings{list-style:none;padding:0;margin:.75rem 0 0;display:grid;grid-template-columns:minmax(0,1fr);gap:.75rem;max-width:50rem;font-size:1.125rem;line-height:1.45}
.findings li{padding-left:1rem;border-left:3px solid var(--s1)}
.chip{display:inline-block;min-width:1.5em;padding:.05em .35em;border-radius:.75em;background:var(--c);color:var(--on);font-size:.8125rem;font-weight:650;line-height:1.4;text-align:center;white-space:nowrap;overflow-wrap:normal;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto;margin:1rem 0;max-width:100%}
table{border-collapse:collapse;font-size:.875rem;line-height:1.35;font-variant-numeric:tabular-nums}
caption{text-align:left;padding:0 0 .5rem;font-size:.875rem}
th,td{padding:.4rem .6rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--rule)}
th{font-weight:600}
thead th{color:var(--soft);font-weight:500;vertical-align:bottom}
.n{text-align:right;white-space:nowrap}
tr.chosen>*{background:var(--rail)}
.sizes{width:100%;min-width:38rem}
.sizes tbody th{min-width:14rem;font-weight:500}
.sizes td>.n{display:inline-block;min-width:3em}
.sizes td:has(.bar){min-width:11rem}.bar{display:inline-block;width:7rem;max-width:60%;height:.625rem;vertical-align:middle;border-radius:2px}
.rail{fill:var(--rail);stroke:var(--rail)}
.c{fill:var(--c)}.v{fill:none;fill:var(--soft)}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,24rem),1fr));gap:1rem;margin-top:1.5rem}
.card{background:var(--card);border:1px solid var(--rule);border-top:4px solid var(--c);border-radius:6px;padding:1rem 1.1rem;min-width:0}
.card h3{display:flex;gap:.5rem;align-items:baseline}.card h3 .chip{flex:none}
.card bdi{min-width:0;overflow-wrap:anywhere}
.size{margin:.4rem 0 .6rem}
.size strong{font-size:1.6rem;line-height:1;color:var(--ink);letter-spacing:-.02em;font-weight:650}
.card ul{margin:0 0 .75rem;padding-left:1.1rem;font-size:.9375rem}
.card li{margin:.2rem 0}
.near{font-size:.875rem;margin-bottom:.5rem}
.typical{width:100%;font-size:.8125rem}
.typical th,.typical td{padding:.25rem .4rem .25rem 0;overflow-wrap:anywhere}
.typical th[scope=row]{white-space:nowrap}.typical thead th{min-width:3.8rem}.typical thead th:first-child{min-width:0}
.heat{min-width:min(100%,46rem)}.heat td{text-align:right;border:2px solid var(--paper);min-width:3.2rem;padding:.3rem .5rem}
.heat th[scope=row]{font-weight:500;max-width:16rem;min-width:8rem}
.heat thead abbr{text-decoration:none}
.heat thead th:nth-child(n+3){text-align:right}
.dense td{min-width:0;padding:.25rem .3rem;font-size:.75rem}
.dense thead th{padding-inline:.3rem}
.a1{background:var(--a1);fill:var(--a1)}.a2{background:var(--a2);fill:var(--a2)}.a3{background:var(--a3);fill:var(--a3)}.a4{background:var(--a4);fill:var(--a4)}
.b1{background:var(--b1);fill:var(--b1)}.b2{background:var(--b2);fill:var(--b2)}.b3{background:var(--b3);fill:var(--b3)}.b4{background:var(--b4);fill:var(--b4)}
.a0,.b0{fill:var(--rail)}
.key{white-space:nowrap}
.key span{display:inline-block;width:.9em;height:.9em;vertical-align:-.1em;border-radius:2px}
figure{margin:0;min-width:0}
figcaption{font-size:.875rem}
.chart{display:block;width:100%;height:auto;font:12px system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif;font-variant-numeric:tabular-nums}
.chart text{fill:var(--soft)}
.map{background:var(--card);border:1px solid var(--rule);border-radius:6px;padding:1rem;margin-top:1rem}
.map figcaption{margin-top:.5rem}
.dots{fill:none;stroke:var(--c);stroke-width:4.2;stroke-linecap:round;stroke-opacity:.6}
.k1{stroke-linecap:square;stroke-width:3.6}.k2,.k3{stroke-width:2;stroke-opacity:.8}
circle.hub{fill:var(--c);stroke:var(--card);stroke-width:2}
.chart text.hub{fill:var(--on);font-weight:700;font-size:12px;text-anchor:middle}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:1.25rem 2rem;margin:1rem 0;align-items:start}
.small{grid-template-columns:repeat(auto-fill,minmax(min(100%,15rem),1fr))}
.pair{grid-template-columns:minmax(0,3fr) minmax(min(100%,14rem),2fr)}
.matrix{min-width:34rem}
.charts ol{padding-left:1.4rem;font-size:.9375rem}
.grid{stroke:var(--rule);fill:none}
.line{fill:none;stroke:var(--s1);stroke-width:2;stroke-linejoin:round}
g .line{stroke:var(--c)}
.dot{fill:var(--s1)}.mark{fill:var(--s2);stroke:var(--paper);stroke-width:2}
.chart text.chosen{fill:var(--ink);font-weight:700}
.small g text{text-anchor:end}.small text{font-size:11px}
.w{stroke:var(--c);stroke-width:1.5}.q{stroke:var(--c);stroke-width:8;stroke-opacity:.75}.d{stroke:var(--ink);stroke-width:2.5}path.rail{stroke-width:8}
.end{font-weight:650}
pre{background:var(--card);border:1px solid var(--rule);border-radius:6px;padding:.9rem 1rem;white-space:pre-wrap;overflow-wrap:anywhere;font:.875rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
footer{padding-top:2.5rem;padding-bottom:3rem;font-size:.875rem}
@media screen and (max-width:45rem){.chart.wide,.chart.wide text.hub{font-size:20px}circle.hub{r:17px}.pair{grid-template-columns:minmax(0,1fr)}header{padding-top:2rem}}
@page{size:A4;margin:14mm}
@media print{body{background:none;font-size:10.5pt}nav,.skip{display:none}header,main,footer{max-width:none;padding-inline:0}header{padding-top:0}
.scroll{overflow:visible}table{font-size:8.5pt;max-width:100%}th,td{padding:2pt 4pt}.sizes,.sizes tbody th,.sizes td:has(.bar),.matrix{min-width:0}.bar{width:3.5rem}.heat td{min-width:0}.heat th[scope=row]{min-width:7rem}.recipe{font-size:7pt}.dense td,.dense th{font-size:6.2pt}.heat.dense td,.dense thead th{padding:1pt;border-width:1px}.dense th[scope=row]{min-width:4.5rem}.dense .chip{font-size:6.2pt;padding:0 1pt;min-width:1.3em}.pair{grid-template-columns:1fr}
section{padding-top:18pt}h1,h2,h3,caption,.lead,p:has(+pre){break-after:avoid}figure,.card,tr,pre,p,li{break-inside:avoid}.card ul,.near{font-size:9pt}.card .size strong{font-size:15pt}.cards{grid-template-columns:1fr 1fr}.small{grid-template-columns:repeat(3,1fr)}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
$css$;

COMMENT ON FUNCTION segment_internal.report_style IS 'Internal: the style sheet of the report.';

CREATE FUNCTION segment_internal.report(model_id bigint, title text, value text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
    m        segment_internal.catalog_model := segment_internal.model(model_id);
    run      segment_internal.catalog_run :=
        (SELECT r FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run = m.run);
    effects  segment_internal.effect[] := ARRAY(SELECT e FROM segment_internal.effects(m) e);
    worth    segment_internal.worth[] := ARRAY(SELECT v FROM segment_internal.value(m.model_id, $3) v);
    worth_of text := coalesce((SELECT min(e.name) FROM unnest(effects) e WHERE e.source_column = $3), segment_internal.shorten(segment_internal.words($3)));
    heading  text := segment_internal.html(coalesce(nullif(btrim($2), ''), format('Segments of %s', m.name)));
    axes     record;
    unread   text;
    sections text[];
BEGIN
    -- what needs today's rows is left out where they cannot be read; the rest the fit has stored
    BEGIN
        axes := segment_internal.axes(m.model_id);
        sections := ARRAY['', ''];
        IF axes.rows > 0 THEN
            sections := ARRAY[segment_internal.report_map(m, axes),
                              segment_internal.report_correlations(effects, axes.correlation)];
        END IF;
    EXCEPTION WHEN insufficient_privilege OR undefined_table OR undefined_column OR datatype_mismatch OR feature_not_supported
                   OR wrong_object_type OR data_exception THEN
        unread := format('<p>There is no map, since the rows of the source could not be read: %s.</p>', segment_internal.html(SQLERRM));
        sections := ARRAY[segment_internal.section('map', 'Map', NULL, unread), ''];
    END;
    sections := ARRAY[
        segment_internal.report_findings(m, effects, worth_of, worth),
        segment_internal.report_segments(m, effects, worth_of, worth),
        segment_internal.report_profile(m, effects),
        sections[1],
        segment_internal.report_choice(m),
        segment_internal.report_boxes(m, effects),
        sections[2],
        coalesce(segment_internal.report_history(m), ''),
        segment_internal.report_method(m)];

    RETURN format(
        E'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<title>%1$s</title>\n<style>%2$s</style>\n</head>\n<body>\n'
        '<a class="skip" href="#findings">Skip to the findings</a>\n<header>\n<p class="eyebrow">Customer segmentation</p>\n<h1 dir="auto">%1$s</h1>\n<p class="meta">%3$s</p>\n</header>\n'
        '<nav aria-label="Contents">\n<ul>\n%4$s</ul>\n</nav>\n<main>\n%5$s</main>\n<footer>\n<p>%6$s</p>\n</footer>\n</body>\n</html>\n',
        heading, segment_internal.report_style(),
        segment_internal.html(format('%s segments of %s customers by %s features. Model %s, run %s of %s.', run.k,
            segment_internal.count(run.rows_used), cardinality(m.columns), m.name, run.run,
            to_char(run.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'))),
        (SELECT string_agg(format(E'<li><a href="#%s">%s</a></li>\n', h[1], h[2]), '' ORDER BY s.n)
           FROM unnest(sections) WITH ORDINALITY s (html, n)
          CROSS JOIN LATERAL regexp_matches(s.html, '^<section id="([a-z]+)"[^>]*>[[:space:]]*<h2 [^>]*>([^<]*)</h2>') h),
        array_to_string(sections, ''),
        'Made by segment inside PostgreSQL. Where it names single customers, share it accordingly.');
END
$$;

COMMENT ON FUNCTION segment_internal.report IS 'Internal: segment_report of a model.';

CREATE FUNCTION @extschema@.segment_report(model text, title text DEFAULT NULL, value text DEFAULT NULL) RETURNS text
LANGUAGE sql STABLE
RETURN segment_internal.report(segment_internal.model_id($1), $2, $3);

COMMENT ON FUNCTION @extschema@.segment_report IS
'A report on a model for people: one HTML page, complete in itself, without scripts and without a network. title: its heading; value: a numeric column of what customers are worth. Where the caller may not read the source, what needs its rows is left out.';
