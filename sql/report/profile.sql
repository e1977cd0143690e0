-- Profile: a table of features and segments, coloured by how far a segment is from the average.

CREATE FUNCTION segment_internal.report_shade(z float8) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(CASE WHEN abs($1) >= 0.2 THEN format(' class="%s%s"', CASE WHEN $1 > 0 THEN 'a' ELSE 'b' END, width_bucket(abs($1), '{0.2,0.5,1,1.5}')) END, '');

COMMENT ON FUNCTION segment_internal.report_shade IS 'Internal: the shade of a cell, by standard deviations from the average.';

CREATE FUNCTION segment_internal.profile_rows(
    m segment_internal.catalog_model, effects segment_internal.effect[],
    OUT feature_no integer, OUT name text, OUT place bigint, OUT heading text, OUT telling boolean
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    -- the share of a feature's variance that lies between the segments; few rows far away do not count for more than their share
    WITH features AS (
        SELECT e.feature_no, min(CASE e.kind WHEN 'spend' THEN 'spend on ' || e.name WHEN 'year' THEN coalesce(e.verb, e.name) WHEN 'date' THEN coalesce(e.verb, e.name) ELSE e.name END) AS name,
               min(e.topic) AS topic, min(e.source_column) AS source_column, bool_or(e.category) AS category,
               min(e.population_mean) AS average, sum(s.share * least(abs(e.z), 2) ^ 2 ORDER BY e.segment) AS weight
          FROM unnest($2) e
          JOIN segment_internal.catalog_segment s ON s.model_id = ($1).model_id AND s.segment = e.segment
         GROUP BY e.feature_no
    ), families AS (
        -- the values of a text stand together; where there are two, one says all
        SELECT f.*, c.part, count(*) OVER w AS members, sum(f.average) OVER w AS whole, min(f.feature_no) OVER w AS family,
               max(f.weight) OVER w AS most, row_number() OVER (PARTITION BY f.source_column, f.category ORDER BY f.feature_no) AS member
          FROM features f
          JOIN segment_internal.catalog_feature c ON c.model_id = ($1).model_id AND c.run = ($1).run AND c.feature_no = f.feature_no
        WINDOW w AS (PARTITION BY CASE WHEN f.category THEN f.source_column ELSE f.feature_no::text END, f.category)
    ), kept AS (
        SELECT f.*, f.category AND f.members > 1 AND NOT (f.members = 2 AND abs(f.whole - 1) < 1e-6) AS one_of_many
          FROM families f
         WHERE NOT (f.category AND f.members = 2 AND f.member = 2 AND abs(f.whole - 1) < 1e-6)
    ), ranked AS (
        -- one segment has nothing that tells it apart
        SELECT k.*, row_number() OVER (PARTITION BY k.family ORDER BY k.weight DESC, k.feature_no) <= 2
                    AND (k.weight >= 0.01 OR (SELECT count(*) FROM segment_internal.catalog_segment s WHERE s.model_id = ($1).model_id) = 1) AS telling
          FROM kept k
    ), placed AS (
        SELECT r.*, row_number() OVER w AS place, count(*) FILTER (WHERE r.telling) OVER w AS ahead
          FROM ranked r
        WINDOW w AS (ORDER BY r.most DESC, r.family, r.weight DESC, r.feature_no)
    )
    SELECT p.feature_no,
           CASE WHEN p.one_of_many THEN coalesce(nullif(segment_internal.shorten(btrim(regexp_replace(p.part, '[\s\x01-\x1f\x7f]+', ' ', 'g'))), ''),
                                                 substring(p.name FROM '\S+$')) ELSE p.name END,
           p.place,
           CASE WHEN p.one_of_many THEN p.topic END,
           p.telling AND p.ahead <= 24
      FROM placed p;
END;

COMMENT ON FUNCTION segment_internal.profile_rows IS
'Internal: the rows of the profile: what tells the segments apart most first, values of one text together under a heading; telling: at least 1 % of the variance lies between the segments; of a text at most two values, and at most 24 rows.';

CREATE FUNCTION segment_internal.profile_lines(
    m segment_internal.catalog_model, effects segment_internal.effect[], reached segment_internal.outcome[],
    OUT segment integer, OUT telling boolean, OUT place bigint, OUT heading text, OUT name text, OUT average text, OUT cell text
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT e.segment, r.telling, r.place, r.heading, r.name,
           CASE WHEN e.kind IN ('share', 'date', 'year') THEN segment_internal.tick(e.population_mean, e.kind) ELSE segment_internal.money(e.population_mean, e.unit) END,
           format('<td%s>%s</td>', segment_internal.report_shade(e.z),
                  CASE WHEN e.kind IN ('share', 'date', 'year') THEN segment_internal.tick(e.mean, e.kind)
                       WHEN e.index IS NULL OR e.kind = 'code' OR e.population_mean < 0 OR e.lowest < 0 OR e.index > 99999 THEN segment_internal.tick(e.mean)
                       ELSE round(e.index)::text END)
      FROM unnest($2) e
      JOIN segment_internal.profile_rows($1, $2) r ON r.feature_no = e.feature_no
     WHERE e.source_column <> ALL (ARRAY(SELECT o.column_name FROM unnest($3) o))
     UNION ALL
    -- outcomes come first
    SELECT o.segment, true, o.n - 1000000, 'Outcomes', segment_internal.capitalize(o.name), segment_internal.tick(o.average, 'share'),
           format('<td%s>%s</td>', segment_internal.report_shade((o.rate - o.average) / nullif(sqrt(o.average * (1 - o.average)), 0)),
                  coalesce(segment_internal.tick(o.rate, 'share'), '&ndash;'))
      FROM segment_internal.outcome_effects($1, $3) o
     WHERE o.segment IS NOT NULL;
END;

COMMENT ON FUNCTION segment_internal.profile_lines IS 'Internal: the cells of the profile.';

CREATE FUNCTION segment_internal.report_profile(m segment_internal.catalog_model, effects segment_internal.effect[], reached segment_internal.outcome[]) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    -- at most eight segments beside each other, so that their labels have room
    WITH segments AS (
        SELECT s.segment, s.label, (row_number() OVER (ORDER BY s.segment) - 1) / ceil(count(*) OVER () / ceil(count(*) OVER () / 8.0))::integer AS block
          FROM segment_internal.catalog_segment s WHERE s.model_id = ($1).model_id
    ), heads AS (
        SELECT s.block, count(*)::integer AS n, min(s.segment) || ' to ' || max(s.segment) AS range, string_agg(format('<th scope="col">%s <bdi>%s</bdi></th>', segment_internal.chip(s.segment),
                   segment_internal.html(CASE WHEN length(s.label) > 80 THEN left(s.label, 77) || '...' ELSE s.label END)), '' ORDER BY s.segment) AS heads
          FROM segments s GROUP BY s.block
    ), lines AS (
        SELECT s.block, l.telling, l.heading, l.name, min(l.average) AS average, string_agg(l.cell, '' ORDER BY l.segment) AS cells, min(l.place) AS place
          FROM segment_internal.profile_lines($1, $2, $3) l
          JOIN segments s ON s.segment = l.segment
         GROUP BY s.block, l.telling, l.heading, l.name, CASE WHEN l.place < 0 THEN l.name ELSE l.place::text END
    ), written AS (
        SELECT l.block, l.telling, l.place,
               CASE WHEN l.heading IS DISTINCT FROM lag(l.heading) OVER w AND l.heading IS NOT NULL
                    THEN format(E'<tr class="group"><th scope="colgroup" colspan="%s"><bdi>%s</bdi></th></tr>\n', 2 + h.n, segment_internal.html(segment_internal.capitalize(l.heading))) ELSE '' END
               || format(E'<tr%s><th scope="row"><bdi>%s</bdi></th><td class="n">%s</td>%s</tr>\n', CASE WHEN l.heading IS NOT NULL THEN ' class="of"'
                              WHEN lag(l.heading) OVER w IS NOT NULL THEN ' class="after"' ELSE '' END,
                         segment_internal.html(CASE WHEN l.heading IS NULL THEN segment_internal.capitalize(l.name) ELSE l.name END), coalesce(segment_internal.html(l.average), '&ndash;'), l.cells) AS html
          FROM lines l JOIN heads h ON h.block = l.block
        WINDOW w AS (PARTITION BY l.block, l.telling ORDER BY l.place)
    ), tables AS (
        SELECT h.block, w.telling, segment_internal.scroll(format('Profile of segments %s%s', h.range, CASE WHEN w.telling THEN '' ELSE ': other features' END), format(
                   E'<table class="heat%s"><caption>%s</caption>\n<thead><tr><th scope="col">Feature</th><th scope="col" class="n">Average</th>%s</tr></thead>\n<tbody>\n%s</tbody></table>\n',
                   CASE WHEN h.n > 5 THEN ' dense' ELSE '' END,
                   CASE WHEN w.telling THEN 'What tells the segments apart, most first' ELSE 'What tells them apart less' END,
                   h.heads, string_agg(w.html, '' ORDER BY w.place))) AS html, count(*) AS features
          FROM heads h JOIN written w ON w.block = h.block
         GROUP BY h.block, w.telling, h.heads, h.n, h.range
    )
    SELECT segment_internal.section('profile', 'Profile',
               'Numbers are an index: 100 is the average of all customers, 200 twice as much. Of features that are yes or no the share is '
               'shown, of dates and of values below zero the average. '
               '<span class="key"><span class="b4"></span><span class="b2"></span> below, <span class="a2"></span><span class="a4"></span> above the average</span>, '
               'the stronger the colour the further, from 0.2 to 1.5 standard deviations.',
               coalesce(string_agg(t.html, '' ORDER BY t.block) FILTER (WHERE t.telling), E'<p>The segments hardly differ in any single feature.</p>\n')
               || coalesce(segment_internal.folded(format('%s in which the segments differ less', segment_internal.counted(min(t.features) FILTER (WHERE NOT t.telling), 'more feature')),
                                                   string_agg(t.html, '' ORDER BY t.block) FILTER (WHERE NOT t.telling)), ''))
      FROM tables t;
END;

COMMENT ON FUNCTION segment_internal.report_profile IS 'Internal: the section with the profile as a table, as HTML.';
