-- Sentences. Their subject is the average customer of a segment.

CREATE FUNCTION segment_internal.several(name text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace($1, '(?<=.) (at|by|for|from|in|of|on|per|since|to|with) .*$', '') ~ '([^aisu]s|as|[^lx]is|ies|children)$' AND $1 !~ '(series|analysis|basis)$';

COMMENT ON FUNCTION segment_internal.several IS 'Internal: is the name of a thing a plural?';

-- One form for a feature, whatever the segment: a ratio, or a difference where values below 0 make none, or where all are
-- so much alike that percentages say nothing.
CREATE FUNCTION segment_internal.compared(e segment_internal.effect, more text, less text, OUT ratio boolean, OUT words text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT r.ratio IS NOT NULL,
           CASE WHEN r.ratio >= 1.95 THEN segment_internal.times(r.ratio)
                WHEN r.ratio IS NOT NULL
                THEN CASE WHEN abs(r.ratio - 1) < 0.005 THEN 'less than 1' ELSE least(round(100 * abs(r.ratio - 1)), CASE WHEN r.ratio > 0 THEN 99 ELSE 100 END)::text END
                     || '% ' || CASE WHEN r.ratio >= 1 THEN $2 ELSE $3 END
                ELSE segment_internal.amount(segment_internal.apart(($1).mean, ($1).population_mean), NULL, ($1).unit)
                     || CASE WHEN ($1).z >= 0 THEN ' ' || $2 ELSE ' ' || $3 END END
      FROM (SELECT CASE WHEN ($1).lowest >= 0 AND ($1).population_mean > 0 AND NOT ($1).spread < 0.1 * ($1).population_mean THEN ($1).index / 100 END AS ratio) r;
END;

COMMENT ON FUNCTION segment_internal.compared IS
'Internal: how the mean of a segment compares with that of all rows: "2.3 times", "49% more", "0.4 less", with these words for more and less.';

CREATE FUNCTION segment_internal.share_sentence(subject text, share float8, of_all float8) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT format('%s in %s, against %s%s', $1,
                  CASE c.cases WHEN 'none' THEN 'no case' WHEN 'all' THEN 'all cases' WHEN 'fewer than 1' THEN 'fewer than 1 in 100 cases'
                       WHEN 'more than 99' THEN 'more than 99 in 100 cases' ELSE c.cases || ' of 100 cases' END,
                  segment_internal.cases($3) || CASE WHEN c.cases IN ('none', 'all') THEN ' of 100' ELSE '' END,
                  CASE WHEN $2 >= 1.2 * $3 OR $2 < 0.8 * $3 AND $2 >= 0.0095 THEN ': ' || segment_internal.as_often($2 / nullif($3, 0)) END)
      FROM (SELECT segment_internal.cases($2) AS cases) c;
END;

COMMENT ON FUNCTION segment_internal.share_sentence IS 'Internal: how often something is so in a segment, and in all rows.';

CREATE FUNCTION segment_internal.sentence(e segment_internal.effect) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE
           WHEN ($1).kind = 'share' THEN
               segment_internal.share_sentence(concat_ws(' ', ($1).verb, ($1).name), ($1).mean, ($1).population_mean)
           WHEN ($1).kind = 'code' THEN
               segment_internal.share_sentence(format('%s is %s', ($1).name, CASE WHEN ($1).z < 0 THEN ($1).lowest ELSE ($1).highest END),
                   CASE WHEN ($1).z < 0 THEN 1 ELSE 0 END + sign(($1).z) * segment_internal.part(($1).mean, ($1).lowest, ($1).highest),
                   CASE WHEN ($1).z < 0 THEN 1 ELSE 0 END + sign(($1).z) * segment_internal.part(($1).population_mean, ($1).lowest, ($1).highest))
           WHEN ($1).kind IN ('date', 'year') THEN
               concat_ws(' ', coalesce(($1).verb, ($1).name), CASE WHEN ($1).verb = 'born' THEN NULL ELSE 'in' END,
                   CASE WHEN ($1).kind = 'year' THEN round(($1).mean)::text WHEN ($1).verb = 'born' THEN segment_internal.day(($1).mean, 'FMYYYY')
                        ELSE segment_internal.day(($1).mean, 'FMMonth FMYYYY') END)
               || format(', %s %s than average', CASE ($1).kind WHEN 'date' THEN d.span ELSE y.span END, CASE WHEN ($1).z < 0 THEN 'earlier' ELSE 'later' END)
           WHEN ($1).kind = 'age' THEN
               format('is %s %s old, %s %s than average', CASE WHEN y.apart < 1.5 THEN round(($1).mean::numeric, 1) ELSE round(($1).mean) END, ($1).unit,
                      CASE ($1).unit WHEN 'years' THEN y.span ELSE segment_internal.amount(y.apart, NULL, ($1).unit) END,
                      CASE WHEN ($1).z < 0 THEN 'younger' ELSE 'older' END)
           WHEN ($1).kind IN ('spend', 'spending') THEN
               format('spends %s%s: %s against %s', CASE WHEN r.ratio AND r.words LIKE '% than average' THEN r.words WHEN r.ratio THEN r.words || ' the average' ELSE r.words END,
                      CASE ($1).kind WHEN 'spend' THEN ' on ' || ($1).name ELSE '' END, f.mine, f.theirs)
           WHEN ($1).kind IN ('count', 'children') THEN
               CASE WHEN c.words LIKE '% than average' THEN format('has %s: %s against %s', replace(c.words, ' than average', ' ' || ($1).name || ' than average'), f.mine, f.theirs)
                    ELSE format('has %s the average number of %s: %s against %s', c.words, ($1).name, f.mine, f.theirs) END
           ELSE format('%s %s %s, %s (%s)', ($1).name, CASE WHEN segment_internal.several(($1).name) THEN 'are' ELSE 'is' END, f.mine,
                       CASE WHEN o.words LIKE '% average' THEN o.words ELSE o.words || ' the average' END, f.theirs)
           END
           || CASE ($1).reliability WHEN 'low' THEN ' (uncertain)' ELSE '' END
      FROM segment_internal.compared($1, 'more than average', 'less than average') r
     CROSS JOIN segment_internal.compared($1, 'more than average', 'fewer than average') c
     CROSS JOIN segment_internal.compared($1, 'above average', 'below average') o
     CROSS JOIN LATERAL (SELECT segment_internal.amount(($1).mean, ($1).population_mean, ($1).unit) AS mine,
                                segment_internal.amount(($1).population_mean, ($1).mean, ($1).unit) AS theirs) f
     CROSS JOIN LATERAL (SELECT segment_internal.span(segment_internal.apart(($1).mean, ($1).population_mean)) AS span) d
     CROSS JOIN LATERAL (SELECT a.apart, CASE WHEN round(a.apart::numeric, 1) = 1 THEN 'one year' WHEN a.apart < 1.5 THEN segment_internal.figure(a.apart, 1) || ' years'
                                              ELSE segment_internal.spell(round(least(a.apart, 1e15))::bigint) || ' years' END AS span
                           FROM (SELECT segment_internal.apart(($1).mean, ($1).population_mean) AS apart) a) y;
END;

COMMENT ON FUNCTION segment_internal.sentence IS
'Internal: what sets a segment apart in a feature, with the means of the segment and of all rows in original units.';

CREATE FUNCTION segment_internal.neighbours(m segment_internal.catalog_model, OUT segment integer, OUT neighbour integer) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT DISTINCT ON (a.segment) a.segment, b.segment
      FROM segment_internal.catalog_centroid a
      JOIN segment_internal.catalog_centroid b ON b.model_id = a.model_id AND b.run = a.run AND b.segment <> a.segment
     CROSS JOIN LATERAL (SELECT sum(CASE WHEN abs(u.x - u.y) > 1e-100 THEN (u.x - u.y) ^ 2 ELSE 0 END) AS squared FROM unnest(a.scaled, b.scaled) u (x, y)
                          WHERE abs(u.x - u.y) < 1e100) d
     WHERE a.model_id = ($1).model_id AND a.run = ($1).run
       AND (SELECT count(*) FROM segment_internal.catalog_centroid c WHERE c.model_id = ($1).model_id AND c.run = ($1).run) <= 100
     ORDER BY a.segment, d.squared, b.segment;
END;

COMMENT ON FUNCTION segment_internal.neighbours IS
'Internal: the segment whose centroid is nearest to that of each segment; nothing for more than a hundred segments, which have too many pairs.';
