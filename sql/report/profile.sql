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

COMMENT ON FUNCTION segment_internal.report_profile IS 'Internal: the section with the profile as a table, as HTML.';
