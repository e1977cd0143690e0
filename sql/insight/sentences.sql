-- Sentences. Their subject is the average customer of a segment.

CREATE FUNCTION segment_internal.sentence(e segment_internal.effect) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE
           WHEN ($1).kind = 'share' THEN
               format('%s in %s of 100 cases, against %s', ($1).name,
                      segment_internal.cases(($1).mean), segment_internal.cases(($1).population_mean))
               || CASE WHEN r.ratio >= 1.5 OR r.ratio BETWEEN 0.095 AND 0.67
                       THEN format(': %s times as often', segment_internal.times(r.ratio)) ELSE '' END
           WHEN ($1).kind = 'date' THEN
               format('%s is %s on average, %s days %s than the average of %s', ($1).name, d.mine,
                      segment_internal.figure(segment_internal.apart(($1).mean, ($1).population_mean)),
                      CASE WHEN ($1).z < 0 THEN 'earlier' ELSE 'later' END, d.theirs)
           WHEN ($1).kind = 'year' THEN
               format('%s is %s years %s than the average: %s against %s', ($1).name,
                      coalesce(nullif(round(abs(($1).mean - ($1).population_mean)::numeric, 1), 0)::text,
                               segment_internal.figure(abs(($1).mean - ($1).population_mean))),
                      CASE WHEN ($1).z < 0 THEN 'earlier' ELSE 'later' END, f.mine, f.theirs)
           WHEN r.ratio IS NULL OR r.ratio BETWEEN 0.9 AND 1.1 THEN
               format('%s is %s %s the average: %s against %s', ($1).name,
                      segment_internal.figure(segment_internal.apart(($1).mean, ($1).population_mean)),
                      CASE WHEN ($1).z < 0 THEN 'below' ELSE 'above' END, f.mine, f.theirs)
           WHEN r.ratio >= 1.5 THEN
               format(CASE ($1).kind WHEN 'spend' THEN 'spends %2$s times the average on %1$s: %3$s against %4$s'
                                     WHEN 'count' THEN 'has %2$s times the average number of %1$s: %3$s against %4$s'
                                     ELSE '%1$s is %2$s times the average: %3$s against %4$s' END,
                      ($1).name, segment_internal.times(r.ratio), f.mine, f.theirs)
           ELSE
               format(CASE ($1).kind WHEN 'spend' THEN 'spends %2$s%% %5$s than average on %1$s: %3$s against %4$s'
                                     WHEN 'count' THEN 'has %2$s%% %6$s %1$s than average: %3$s against %4$s'
                                     ELSE '%1$s is %2$s%% %7$s the average: %3$s against %4$s' END,
                      ($1).name, least(round(100 * abs(r.ratio - 1)), CASE WHEN r.ratio > 0 THEN 99 ELSE 100 END), f.mine, f.theirs,
                      CASE WHEN r.ratio > 1 THEN 'more' ELSE 'less' END, CASE WHEN r.ratio > 1 THEN 'more' ELSE 'fewer' END,
                      CASE WHEN r.ratio > 1 THEN 'above' ELSE 'below' END)
           END
           || CASE ($1).reliability WHEN 'low' THEN ' (uncertain)' ELSE '' END
      FROM (SELECT CASE WHEN ($1).lowest >= 0 AND ($1).population_mean > 0 THEN ($1).index / 100 END AS ratio) r
     CROSS JOIN LATERAL (SELECT coalesce(segment_internal.figure(($1).mean, ($1).population_mean), ($1).mean::text) AS mine,
                                coalesce(segment_internal.figure(($1).population_mean, ($1).mean), ($1).population_mean::text)
                                || CASE ($1).kind WHEN 'days' THEN ' days' ELSE '' END AS theirs) f
     CROSS JOIN LATERAL (SELECT segment_internal.day(($1).mean) AS mine, segment_internal.day(($1).population_mean) AS theirs) d;
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
