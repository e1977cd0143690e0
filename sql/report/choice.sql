-- The choice of k, and how far the segments are apart.

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

CREATE FUNCTION segment_internal.report_stability(m segment_internal.catalog_model) RETURNS SETOF segment_internal.stability
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- with more segments it takes too long to look for them again
    IF (SELECT r.k FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run = m.run) <= 20 THEN
        RETURN QUERY SELECT s.* FROM segment_internal.recurrence(m.model_id, 20) s;
    END IF;
EXCEPTION WHEN insufficient_privilege OR undefined_table OR undefined_column OR datatype_mismatch OR feature_not_supported
               OR wrong_object_type OR data_exception THEN
    RETURN;
END
$$;

COMMENT ON FUNCTION segment_internal.report_stability IS
'Internal: the figures of segment_stability of a model, by its segments; no rows where it takes too long, or the source cannot be read.';

CREATE FUNCTION segment_internal.report_separation(m segment_internal.catalog_model, said text) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT segment_internal.table('Separation of the segments', t.heads, string_agg(segment_internal.row(t.heads, ARRAY[
               segment_internal.chip(t.segment) || ' ' || segment_internal.html(t.label), round(t.margin_avg::numeric, 2)::text,
               round(t.silhouette_pairwise::numeric, 2)::text, segment_internal.percent(t.border_rows / t.rows::float8)]
               || CASE WHEN t.judged THEN ARRAY[format('%s, %s', round(t.jaccard::numeric, 2), segment_internal.stability_verdict(t.jaccard))] END), '' ORDER BY t.segment))
           || format(E'<p>%s.</p>\n', segment_internal.sentence_html($2))
           || E'<p>Silhouette: how clearly a segment is apart from the nearest other one, from 0 to 1, by distances from centroids (simplified). '
              'Between customers: the same by their distances from each other, from -1 to 1. At the border are those whom little separates from another segment.'
           || CASE WHEN t.judged THEN ' Found again: the segments were looked for again in 20 random samples of the customers; 1 means that the same ones '
                                      'came together each time, 0.75 or more is stable, below 0.6 chance decides.' ELSE '' END || E'</p>\n'
      FROM (SELECT s.*, r.jaccard, count(r.jaccard) OVER () > 0 AS judged,
                   '{Segment,#Silhouette,#Between customers,#At the border}'::text[] || CASE WHEN count(r.jaccard) OVER () > 0 THEN '{Found again}'::text[] END AS heads
              FROM segment_internal.catalog_segment s
              LEFT JOIN segment_internal.report_stability($1) r ON r.segment = s.segment
             WHERE s.model_id = ($1).model_id AND s.margin_avg IS NOT NULL) t
     GROUP BY t.heads, t.judged;
END;

COMMENT ON FUNCTION segment_internal.report_separation IS 'Internal: a table of how clearly the segments are apart, as HTML; NULL for one segment.';

CREATE FUNCTION segment_internal.report_groups(m segment_internal.catalog_model) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT segment_internal.table('Groups, each with a model of its own', g.heads, string_agg(segment_internal.row(g.heads, ARRAY[
               segment_internal.html(segment_internal.group_name(g.group_values)), segment_internal.count(g.rows_read), coalesce(g.k::text, 'none'),
               segment_internal.html(g.k_reason), segment_internal.percent(g.explained), round(g.silhouette::numeric, 2)::text]), '' ORDER BY g.group_no))
      FROM (SELECT g.*, '{Group,#Customers,#Segments,Why,#Explained,#Silhouette}'::text[] AS heads
              FROM segment_internal.catalog_group g WHERE g.model_id = ($1).model_id AND g.run = ($1).run) g
     GROUP BY g.heads;
END;

COMMENT ON FUNCTION segment_internal.report_groups IS 'Internal: a table of the groups of a model, as HTML.';

CREATE FUNCTION segment_internal.report_choice(m segment_internal.catalog_model, separation text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    heads constant text[] := '{Segments,#Inertia,#Explained,#Silhouette,#Davies-Bouldin,#Smallest}';
    tried record;
    run   segment_internal.catalog_run := (SELECT r FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run = m.run);
BEGIN
    IF segment_internal.group_by(m) IS NOT NULL THEN
        RETURN segment_internal.folded_section('choice', 'Groups and separation of the segments', NULL,
            segment_internal.report_groups(m) || coalesce(segment_internal.report_separation(m, separation), ''));
    END IF;
    SELECT array_agg(c.k ORDER BY c.k) AS k, array_agg(c.inertia ORDER BY c.k) AS inertia, array_agg(c.silhouette ORDER BY c.k) AS silhouette,
           min(c.rows) AS rows, bool_or(c.sampled) AS sampled,
           string_agg(segment_internal.row(heads, ARRAY[
                          c.k::text, segment_internal.tick(c.inertia), segment_internal.percent(c.explained),
                          round(c.silhouette::numeric, 3)::text, round(c.davies_bouldin::numeric, 2)::text,
                          segment_internal.percent(c.smallest_share)], CASE WHEN c.k = run.k THEN 'chosen' END), '' ORDER BY c.k) AS rows_of_table
      INTO tried
      FROM segment_internal.candidates(m.model_id) c;

    RETURN segment_internal.folded_section('choice', 'Number and separation of the segments',
        segment_internal.html(format(CASE run.k_reason WHEN 'given' THEN '%s segments were asked for. %3$s' ELSE 'Why %s: %s. %s' END, run.k, run.k_reason,
            CASE WHEN run.k_reason NOT LIKE '%simplified silhouette%' THEN format('For comparison, what other numbers give for %s%s customers.',
                          CASE WHEN tried.sampled THEN 'a sample of ' ELSE 'the ' END, segment_internal.count(tried.rows))
                 ELSE '' END)),
        coalesce((SELECT format(E'<div class="charts">\n<figure>\n%s<figcaption>Inertia: what is left of the differences. A bend hints at a good number.</figcaption>\n</figure>\n'
                                '<figure>\n%s<figcaption>Simplified silhouette: how clearly segments are apart. Higher is better; evenly spread customers have about 0.5.</figcaption>\n</figure>\n</div>\n', c.a, c.b)
                    FROM (SELECT segment_internal.report_line('elbow-chart', 'Inertia by number of segments',
                                     'Line chart: what is left of the differences within segments falls with each further segment.', tried.k, tried.inertia, run.k) AS a,
                                 segment_internal.report_line('silhouette-chart', 'Silhouette by number of segments',
                                     'Line chart: how clearly the segments are apart for each number of segments.', tried.k, tried.silhouette, run.k) AS b) c
                   WHERE c.a IS NOT NULL AND c.b IS NOT NULL), '')
        || segment_internal.table('Numbers of segments compared', heads, tried.rows_of_table) || coalesce(segment_internal.report_separation(m, separation), ''));
EXCEPTION WHEN insufficient_privilege OR undefined_table OR undefined_column OR datatype_mismatch OR feature_not_supported
               OR wrong_object_type OR data_exception THEN
    RETURN segment_internal.folded_section('choice', 'Number and separation of the segments', NULL,
        format(E'<p>There are %s: %s.</p>\n', run.k, segment_internal.html(run.k_reason)));
END
$$;

COMMENT ON FUNCTION segment_internal.report_choice IS 'Internal: the section about the number of segments, as HTML.';
