-- Correlations of the features.

CREATE FUNCTION segment_internal.report_correlations(effects segment_internal.effect[], axes segment_internal.axes) RETURNS text
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
        SELECT x.line AS i, y.line AS j, x.name AS x, y.name AS y, c.r
          FROM segment_internal.correlations(axes) c
          JOIN telling x ON x.feature_no = c.x
          JOIN telling y ON y.feature_no = c.y
         WHERE x.line > y.line AND c.r IS NOT NULL
    )
    SELECT (SELECT string_agg(format('<rect class="%s%s" x="%s" y="%s" width="13" height="13"/>', CASE WHEN p.r < 0 THEN 'b' ELSE 'a' END,
                                     width_bucket(abs(p.r), '{0.2,0.4,0.6,0.8}'), 196 + 14 * (p.j - 1), 14 * (p.i - 1) + 4), '' ORDER BY p.i, p.j) FROM pairs p) AS cells,
           (SELECT string_agg(format('<text x="190" y="%1$s" text-anchor="end">%2$s %3$s</text><text x="%4$s" y="%1$s" text-anchor="middle">%3$s</text>', 14 * t.line + 1,
                                     segment_internal.html(CASE WHEN length(t.name) > 17 AND t.name = upper(t.name) THEN left(t.name, 15) || '...'
                                                                WHEN length(t.name) > 24 THEN left(t.name, 22) || '...' ELSE t.name END),
                                     t.line, 202.5 + 14 * (t.line - 1)), '' ORDER BY t.line) FROM telling t) AS names,
           (SELECT count(*)::integer FROM telling) AS n,
           (SELECT string_agg(format(E'<li>%s and %s: %s</li>\n', segment_internal.html(p.x), segment_internal.html(p.y),
                                     round(p.r::numeric, 2)), '' ORDER BY p.place)
              FROM (SELECT p.*, row_number() OVER (ORDER BY abs(p.r) DESC, p.i, p.j) AS place FROM pairs p) p WHERE p.place <= 8) AS strongest
      INTO chart;
    IF chart.cells IS NULL THEN
        RETURN '';
    END IF;
    RETURN segment_internal.folded_section('correlations', 'Correlations',
        'Which features go together: <span class="key"><span class="a4"></span> rise together</span>, <span class="key"><span class="b4"></span> one falls as the other rises</span>. '
        'Features that say much the same weigh more than once in the distance between customers.',
        format(E'<div class="charts pair">\n<figure>\n%s<figcaption>Correlation of each pair of features</figcaption>\n</figure>\n<div>\n<h3>Strongest</h3>\n<ol>\n%s</ol>\n</div>\n</div>\n',
               segment_internal.scroll('Correlations of the features', segment_internal.svg('correlation-chart', 'Correlations of the features',
                   'Matrix of the correlations of each pair of features; the strongest are listed beside it.', 216 + 14 * chart.n, 14 * chart.n + 8,
                   'chart matrix', chart.cells || chart.names)),
               chart.strongest));
END
$$;

COMMENT ON FUNCTION segment_internal.report_correlations IS 'Internal: the section with the correlations of the features, as HTML; nothing where there is one feature.';
