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

CREATE FUNCTION segment_internal.report_map(m segment_internal.catalog_model, axes segment_internal.axes) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
    chart record;
    n     integer := cardinality(axes.mean);
BEGIN
    -- a dot a row, one path a segment; grey segments have a mark each instead of a dot: plus, cross, triangle, square
    WITH points AS MATERIALIZED (
        SELECT p.segment, p.x, p.y
          FROM segment_internal.map(m.model_id, 2000, axes) p
    ), frame AS (
        SELECT min(p.x) AS x0, max(p.x) AS x1, min(p.y) AS y0, max(p.y) AS y1, count(*) AS n FROM points p
    ), placed AS (
        SELECT p.segment, segment_internal.position(p.x, f.x0, f.x1, 12, 628) AS x,
               segment_internal.position(p.y, f.y0, f.y1, 408, 12) AS y
          FROM points p CROSS JOIN frame f
    ), paths AS (
        SELECT p.segment, format('<path class="dots %s" d="%s"/>', segment_internal.hue(p.segment),
                                 string_agg(format('M%s %s%s', p.x, p.y, CASE WHEN p.segment BETWEEN 1 AND 8 THEN 'h0'
                                     ELSE ('{m-3 0h6m-3-3v6,m-2-2l4 4m0-4l-4 4,m0-3l3 5h-6z,m-2-2h4v4h-4z}'::text[])[1 + (p.segment + 3) % 4] END), '' ORDER BY p.x, p.y)) AS path,
               avg(p.x::float8 ORDER BY p.x, p.y) AS x, avg(p.y::float8 ORDER BY p.x, p.y) AS y, count(*) AS n
          FROM placed p GROUP BY p.segment
    )
    SELECT string_agg(p.path, '' ORDER BY p.n DESC, p.segment)
           || string_agg(format('<g class="%1$s"><circle class="hub" cx="%2$s" cy="%3$s" r="11"/><text class="hub" x="%2$s" y="%3$s" dy=".35em">%4$s</text></g>',
                                segment_internal.hue(p.segment), round(p.x), round(p.y), p.segment), '' ORDER BY p.segment) AS body,
           min(f.n) AS n, (SELECT count(DISTINCT (round(q.x::numeric), round(q.y::numeric))) FROM placed q) AS places
      INTO chart
      FROM paths p CROSS JOIN frame f;
    IF chart.body IS NULL THEN
        RETURN '';
    END IF;
    RETURN segment_internal.section('map', 'Map',
        format('Each dot is one of %s customers; the nearer two are, the more alike. Numbers mark the middle of each segment. '
               'The map shows the two directions in which customers differ most (principal components); they differ in others, too.%s',
               segment_internal.count(chart.n),
               -- to the size of a dot's middle; a few always fall together
               CASE WHEN chart.places < 0.8 * chart.n
                    THEN format(' <strong>Dots lie on each other</strong>: there are %s different places, so that %s customers cannot be seen.',
                                segment_internal.count(chart.places), segment_internal.count(chart.n - chart.places)) ELSE '' END),
        format(E'<figure class="map">\n%s<figcaption><bdi>%s</bdi></figcaption>\n</figure>\n',
               segment_internal.svg('map-chart', 'Map of the customers',
                   format('Scatter plot of %s customers by segment on the first two principal components.', chart.n), 640, 420, 'chart wide', chart.body),
               segment_internal.html(concat_ws('. ',
                   'To the right: ' || segment_internal.report_axis(m, axes.loading[1:1][1:n], axes.explained[1]),
                   'Up: ' || segment_internal.report_axis(m, axes.loading[2:2][1:n], axes.explained[2])) || '.')));
END
$$;

COMMENT ON FUNCTION segment_internal.report_map IS 'Internal: the section with the map, as HTML; nothing where there are no rows.';
