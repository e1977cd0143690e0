-- Sentences. Their subject is the average customer of a segment.

CREATE FUNCTION segment_internal.several(name text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace($1, '(?<=.) (at|by|for|from|in|of|on|per|since|to|with) .*$', '') ~ '([^isu]s|children)$';

COMMENT ON FUNCTION segment_internal.several IS 'Internal: is the name of a thing a plural?';

CREATE FUNCTION segment_internal.share_sentence(subject text, share float8, of_all float8) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    cases text := segment_internal.cases(share);
BEGIN
    RETURN format('%s in %s, against %s%s', subject,
        CASE cases WHEN 'none' THEN 'no case' WHEN 'all' THEN 'all cases' WHEN 'fewer than 1' THEN 'fewer than 1 in 100 cases'
             WHEN 'more than 99' THEN 'more than 99 in 100 cases' ELSE cases || ' of 100 cases' END,
        segment_internal.cases(of_all) || CASE WHEN cases IN ('none', 'all') THEN ' of 100' ELSE '' END,
        CASE WHEN share >= 1.2 * of_all OR share < 0.8 * of_all AND share >= 0.0095 THEN ': ' || segment_internal.as_often(share / nullif(of_all, 0)) END);
END
$$;

COMMENT ON FUNCTION segment_internal.share_sentence IS 'Internal: how often something is so in a segment, and in all rows.';

CREATE FUNCTION segment_internal.compared(e segment_internal.effect, more text, less text, average text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    ratio float8;
BEGIN
    -- One form for a feature, whatever the segment: a ratio, or a difference where values below 0 make none, or where all
    -- are so much alike that percentages say nothing.
    IF e.lowest >= 0 AND e.population_mean > 0 AND NOT e.spread < 0.1 * e.population_mean THEN
        ratio := e.index / 100;
    END IF;
    IF ratio >= 1.95 THEN
        RETURN segment_internal.times(ratio) || average;
    ELSIF ratio IS NOT NULL THEN
        RETURN CASE WHEN abs(ratio - 1) < 0.005 THEN 'less than 1' ELSE least(round(100 * abs(ratio - 1)), CASE WHEN ratio > 0 THEN 99 ELSE 100 END)::text END
            || '% ' || CASE WHEN ratio >= 1 THEN more ELSE less END;
    END IF;
    RETURN segment_internal.amount(segment_internal.apart(e.mean, e.population_mean), NULL, e.unit) || ' ' || CASE WHEN e.z >= 0 THEN more ELSE less END;
END
$$;

COMMENT ON FUNCTION segment_internal.compared IS
'Internal: how the mean of a segment compares with that of all rows: "2.3 times" and what stands for the average, or "49%" or a difference and the words for more or less.';

CREATE FUNCTION segment_internal.sentence(e segment_internal.effect) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    apart  float8 := segment_internal.apart(e.mean, e.population_mean);
    span   text;
    side   float8;
    mine   text;
    theirs text;
    said   text;
BEGIN
    IF e.kind = 'share' THEN
        said := segment_internal.share_sentence(concat_ws(' ', e.verb, e.name), e.mean, e.population_mean);
    ELSIF e.kind = 'code' THEN
        side := CASE WHEN e.z < 0 THEN e.highest ELSE e.lowest END;
        said := segment_internal.share_sentence(format('%s is %s', e.name, e.lowest + e.highest - side),
            segment_internal.apart(e.mean, side) / (e.highest - e.lowest), segment_internal.apart(e.population_mean, side) / (e.highest - e.lowest));
    ELSIF e.kind IN ('date', 'year', 'age') THEN
        span := CASE WHEN e.kind = 'date' THEN segment_internal.span(apart)
                     WHEN e.unit <> 'years' THEN segment_internal.amount(apart, NULL, e.unit)
                     WHEN round(apart::numeric, 1) = 1 THEN 'one year'
                     WHEN apart < 1.5 THEN segment_internal.figure(apart, 1) || ' years'
                     ELSE segment_internal.spell(round(least(apart, 1e15))::bigint) || ' years' END;
        IF e.kind = 'age' THEN
            said := format('is %s %s old, %s %s than average', round(e.mean::numeric, CASE WHEN apart < 1.5 THEN 1 ELSE 0 END), e.unit, span,
                           CASE WHEN e.z < 0 THEN 'younger' ELSE 'older' END);
        ELSE
            said := format('%s %s, %s %s than average', coalesce(e.verb, e.name) || CASE WHEN e.verb = 'born' THEN '' WHEN e.name ~* '(^| )year$' THEN ' is' ELSE ' in' END,
                           CASE WHEN e.kind = 'year' THEN round(e.mean)::text ELSE segment_internal.day(e.mean, CASE WHEN e.verb = 'born' THEN 'FMYYYY' ELSE 'FMMonth FMYYYY' END) END,
                           span, CASE WHEN e.z < 0 THEN 'earlier' ELSE 'later' END);
        END IF;
    ELSE
        mine := segment_internal.amount(e.mean, e.population_mean, e.unit);
        theirs := segment_internal.amount(e.population_mean, e.mean, e.unit);
        IF e.kind IN ('spend', 'spending') AND e.mean = 0 THEN
            said := format('spends nothing%s, against %s', CASE e.kind WHEN 'spend' THEN ' on ' || e.name END, theirs);
        ELSIF e.kind IN ('spend', 'spending') THEN
            said := format('spends %s%s: %s against %s', segment_internal.compared(e, 'more than average', 'less than average', ' the average'),
                           CASE e.kind WHEN 'spend' THEN ' on ' || e.name END, mine, theirs);
        ELSIF e.kind IN ('count', 'children') AND e.mean = 0 THEN
            said := format('has no %s, against %s', e.name, theirs);
        ELSIF e.kind IN ('count', 'children') THEN
            said := format('has %s: %s against %s', segment_internal.compared(e, format('more %s than average', e.name), format('fewer %s than average', e.name),
                                                                              ' the average number of ' || e.name), mine, theirs);
        ELSE
            said := format('%s %s %s, %s (%s)', e.name, CASE WHEN segment_internal.several(e.name) THEN 'are' ELSE 'is' END, mine,
                           segment_internal.compared(e, 'above average', 'below average', ' the average'), theirs);
        END IF;
    END IF;
    RETURN said || CASE e.reliability WHEN 'low' THEN ' (uncertain)' ELSE '' END;
END
$$;

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
       -- of a vector the catalog has the length of the centroid alone
       AND segment_internal.vectors($1) = '{}'
       -- distances of one group are none of another
       AND NOT EXISTS (SELECT FROM segment_internal.catalog_segment_group g JOIN segment_internal.catalog_segment_group h USING (model_id, run)
                        WHERE g.model_id = a.model_id AND g.run = a.run AND g.segment = a.segment AND h.segment = b.segment AND g.group_no <> h.group_no)
       AND (SELECT count(*) FROM segment_internal.catalog_centroid c WHERE c.model_id = ($1).model_id AND c.run = ($1).run) <= 100
     ORDER BY a.segment, d.squared, b.segment;
END;

COMMENT ON FUNCTION segment_internal.neighbours IS
'Internal: the segment whose centroid is nearest to that of each segment; nothing for more than a hundred segments, which have too many pairs, and for vectors.';
