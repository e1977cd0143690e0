-- Automatic labels. A term of a label is a feature behind a sign: + or -, more or less of it than all rows have; > or <,
-- than those segments have whose label would else be the same; ] or [, the most or the least of all segments; =, the
-- range of its values.

CREATE FUNCTION segment_internal.adjective(sign text, kind text, name text, verb text, mean float8) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
-- words of a segment that has more, then less of it
RETURN coalesce(CASE WHEN $2 IN ('date', 'year') AND $4 IS NOT NULL THEN $4 || ' ' ELSE '' END
    || (CASE WHEN $2 = 'share' THEN ARRAY[
                 CASE WHEN $5 >= 0.8 THEN '' WHEN $5 >= 0.5 THEN 'mostly' ELSE 'more often' END,
                 CASE WHEN $5 > 0.5 THEN 'less often'
                      ELSE CASE WHEN $5 > 0.05 THEN 'mostly ' ELSE '' END
                           || CASE WHEN $4 = 'has' AND segment_internal.meanings(split_part($3, ' ', 1)) ? 'did' THEN 'not'
                                   ELSE coalesce('not' || substring($4, '^is(.*)$'), 'no') END END,
                 'more often', 'less often', 'most often', 'least often']
             WHEN $2 IN ('date', 'year') THEN '{later,earlier,later,earlier,latest,earliest}'
             WHEN $2 = 'age' THEN '{older,younger,older,younger,oldest,youngest}'
             WHEN $2 = 'count' THEN '{many,few,more,fewer,most,fewest}'
             WHEN $2 = 'children' THEN ARRAY[CASE WHEN $5 >= 0.5 THEN '' ELSE 'more' END, CASE WHEN $5 > 0 THEN 'few' ELSE 'no' END, 'more', 'fewer', 'most', 'fewest']
             WHEN $2 IN ('days', 'duration') THEN '{long,short,longer,shorter,longest,shortest}'
             WHEN $2 = 'spend' THEN '{high spend on,low spend on,higher spend on,lower spend on,highest spend on,lowest spend on}'
             ELSE '{high,low,higher,lower,highest,lowest}' END::text[])[strpos('+-><][', $1)], '');

COMMENT ON FUNCTION segment_internal.adjective IS 'Internal: the words in front of a feature in a label.';

CREATE FUNCTION segment_internal.outliers(m segment_internal.catalog_model, OUT segment integer, OUT words text) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT p.segment, CASE p.rows WHEN 1 THEN 'Outlier' ELSE 'Outliers' END
      FROM segment_internal.catalog_profile p
      JOIN segment_internal.catalog_run r ON r.model_id = p.model_id AND r.run = p.run
      LEFT JOIN segment_internal.catalog_segment_group g ON g.model_id = p.model_id AND g.run = p.run AND g.segment = p.segment
     CROSS JOIN LATERAL (SELECT coalesce(g.rows_used, r.rows_used) AS rows_used, coalesce(g.k, r.k) AS k) b
     WHERE p.model_id = ($1).model_id AND p.run = ($1).run
       AND (p.segment = 0 OR p.rows = 1 AND b.rows_used > 2 * b.k OR p.rows < least(0.01, 0.2 / b.k) * b.rows_used);
END;

COMMENT ON FUNCTION segment_internal.outliers IS
'Internal: the segments that are no groups of customers, and what they are called: those of one row, unless most have few, and those of less than 1 % of the rows and a fifth of what is usual.';

CREATE FUNCTION segment_internal.label_texts(m segment_internal.catalog_model, effects segment_internal.effect[], labels segment_internal.label[])
RETURNS segment_internal.label[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (
    WITH terms AS (
        SELECT l.segment, t.n, e.kind, segment_internal.adjective(CASE WHEN e.kind = 'code' AND t.term ~ '^[-<[]' THEN '+' ELSE left(t.term, 1) END,
                                                                  CASE e.kind WHEN 'code' THEN 'share' ELSE e.kind END, e.name, e.verb,
                                                                  CASE WHEN e.kind <> 'code' THEN e.mean ELSE abs((e.z < 0)::integer - segment_internal.part(e.mean, e.lowest, e.highest)) END) AS adjective,
               CASE WHEN e.kind = 'age' OR e.kind IN ('date', 'year') AND e.verb IS NOT NULL THEN '' ELSE e.name END
               || CASE WHEN e.kind = 'code' THEN ' ' || CASE WHEN e.z < 0 THEN e.lowest ELSE e.highest END
                       WHEN t.term NOT LIKE '=%' THEN ''
                       WHEN e.kind = 'share' THEN ' ' || segment_internal.percent(e.mean)
                       WHEN e.kind = 'date' THEN format(' %s to %s', segment_internal.day(e.smallest), segment_internal.day(e.largest))
                       WHEN e.kind = 'year' THEN format(' %s to %s', e.smallest, e.largest)
                       ELSE format(' %s to %s', segment_internal.amount(e.smallest, e.largest, e.unit), segment_internal.amount(e.largest, e.smallest, e.unit)) END AS name
          FROM unnest($3) l
         CROSS JOIN LATERAL unnest(l.terms) WITH ORDINALITY t (term, n)
          JOIN unnest($2) e ON e.segment = l.segment AND e.feature = substr(t.term, 2)
    ), texts AS (
        SELECT g.segment, string_agg(g.words, ', ' ORDER BY g.n) AS text
          FROM (SELECT t.segment, min(t.n) AS n, concat_ws(' ', nullif(t.adjective, ''), nullif(segment_internal.list_names(array_remove(array_agg(t.name ORDER BY t.n), '')), '')) AS words
                  FROM terms t
                 -- "no a, no b": of "no a and b" it would be open whether they have b
                 GROUP BY t.segment, t.adjective, t.kind IN ('children', 'code'), CASE WHEN t.adjective ~ '(^| )(no|not|not an?|less often)$' OR t.name ~ '^no ' THEN t.n END) g
         GROUP BY g.segment
    ), single AS MATERIALIZED (
        SELECT 'Average ' || min(e.topic) AS text FROM unnest($2) e HAVING count(DISTINCT e.feature_no) = 1 AND count(DISTINCT e.segment) > 1
    )
    SELECT array_agg(ROW(l.segment, l.terms,
                         CASE WHEN o.words IS NOT NULL THEN format('%s: %s', o.words, coalesce(t.text, 'close to average'))
                              ELSE coalesce(segment_internal.capitalize(t.text), a.text,
                                            CASE WHEN cardinality($2) > 0 OR segment_internal.vectors($1) = '{}' THEN 'Close to average' ELSE format('Segment %s', l.segment) END) END, l.fixed)::segment_internal.label
                     ORDER BY l.segment)
      FROM unnest($3) l
      LEFT JOIN texts t ON t.segment = l.segment
      LEFT JOIN segment_internal.outliers($1) o ON o.segment = l.segment
      LEFT JOIN single a ON true);
END
$$;

COMMENT ON FUNCTION segment_internal.label_texts IS 'Internal: the labels with their terms in words; those of outliers say so.';

CREATE FUNCTION segment_internal.first_labels(effects segment_internal.effect[], segments integer[]) RETURNS segment_internal.label[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- What stands out, at most two features of a family; that a category is rare says little. Numbers need not stand out as much as categories do.
    RETURN (
    WITH standing_out AS (
        SELECT e.segment, e.rank, e.feature, e.z, max(abs(e.z)) OVER (PARTITION BY e.segment) AS most,
               CASE WHEN e.kind <> 'share' THEN max(abs(e.z)) FILTER (WHERE e.kind <> 'share') OVER (PARTITION BY e.segment) END AS most_of_numbers,
               row_number() OVER (PARTITION BY e.segment, e.family ORDER BY e.rank) AS in_family
          FROM unnest($1) e
         WHERE abs(e.z) >= 0.4 AND e.effect IS NOT NULL AND NOT e.twice AND (e.kind <> 'share' OR e.z > 0 OR NOT e.category AND e.population_mean >= 0.2)
    ), chosen AS (
        SELECT o.segment, o.feature, o.z, row_number() OVER (PARTITION BY o.segment ORDER BY o.rank) AS place
          FROM standing_out o
         WHERE o.in_family <= 2 AND abs(o.z) >= 0.35 * coalesce(o.most_of_numbers, o.most)
    )
    SELECT array_agg(ROW(l.segment, l.terms, NULL, false)::segment_internal.label)
      FROM (SELECT s.segment, coalesce(array_agg(CASE WHEN c.z > 0 THEN '+' ELSE '-' END || c.feature ORDER BY c.place)
                                       FILTER (WHERE c.place <= 3), '{}') AS terms
              FROM unnest($2) s (segment)
              LEFT JOIN chosen c ON c.segment = s.segment
             GROUP BY s.segment) l);
END
$$;

COMMENT ON FUNCTION segment_internal.first_labels IS
'Internal: for each of these segments what its label says, if it need not tell it from others.';

CREATE FUNCTION segment_internal.kept_labels(m segment_internal.catalog_model, effects segment_internal.effect[]) RETURNS segment_internal.label[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (
    WITH ranges AS MATERIALIZED (
        SELECT e.feature_no, min(e.z) AS least, max(e.z) AS most FROM unnest($2) e GROUP BY e.feature_no
    )
    -- the bar is lower for what has been said before: a label does not come and go with small changes
    SELECT coalesce(array_agg(ROW(p.segment, p.label_terms, NULL, true)::segment_internal.label), '{}')
      FROM segment_internal.catalog_profile p
     CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE e.feature IS NULL) AS missing,
                                count(*) FILTER (WHERE CASE left(t, 1) WHEN '+' THEN e.z < 0.3 WHEN '-' THEN e.z > -0.3
                                                                    WHEN ']' THEN e.z < a.most WHEN '[' THEN e.z > a.least END) AS wrong
                           FROM unnest(p.label_terms) t
                           LEFT JOIN unnest($2) e ON e.segment = p.segment AND e.feature = substr(t, 2)
                           LEFT JOIN ranges a ON a.feature_no = e.feature_no) t
     WHERE p.model_id = ($1).model_id AND p.run = ($1).run - 1 AND p.segment > 0 AND p.segment = ANY (ARRAY(SELECT e.segment FROM unnest($2) e))
       AND t.missing = 0 AND t.wrong = 0
       AND CASE p.label_terms WHEN '{}' THEN 0.6 ELSE 'Infinity' END
           > coalesce((SELECT max(abs(e.z)) FROM unnest($2) e WHERE e.segment = p.segment), 0));
END
$$;

COMMENT ON FUNCTION segment_internal.kept_labels IS 'Internal: of the labels of the run before of the segments that these effects are of, what the new figures bear out.';

CREATE FUNCTION segment_internal.distinct_labels(effects segment_internal.effect[], labels segment_internal.label[], given segment_internal.label[])
RETURNS segment_internal.label[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- Segments that read the same; of these the ones that may change say more of what they differ most in from the others:
    -- in a feature that their label has not, on which side they are; in one that it has, that they are the first of all, or,
    -- of those that are left, their range.
    RETURN (
    WITH shown AS (
        -- a label is much the same in another order
        SELECT l.segment, coalesce(g.label, l.label) AS label, CASE WHEN g.label IS NULL THEN t.terms END AS terms
          FROM unnest($2) l
          LEFT JOIN unnest($3) g ON g.segment = l.segment
         CROSS JOIN LATERAL (SELECT array_agg(u.term ORDER BY u.term) AS terms FROM unnest(l.terms) u (term)) t
    ), crowd AS (
        SELECT s.*, row_number() OVER (PARTITION BY s.label ORDER BY s.segment) AS of_label,
               row_number() OVER (PARTITION BY s.terms ORDER BY s.segment) AS of_terms
          FROM shown s
    ), pair AS MATERIALIZED (
        -- of many that read the same, the first stand for all
        SELECT s.segment, o.segment AS other FROM shown s JOIN crowd o ON o.label = s.label AND o.of_label <= 20 WHERE o.segment <> s.segment
         UNION
        SELECT s.segment, o.segment FROM shown s JOIN crowd o ON o.terms = s.terms AND o.of_terms <= 20 WHERE o.segment <> s.segment
    ), rival AS MATERIALIZED (
        SELECT l.segment, l.terms, array_agg(p.other ORDER BY p.other) AS others
          FROM unnest($2) l
          JOIN pair p ON p.segment = l.segment
         WHERE NOT l.fixed AND l.segment <> ALL (ARRAY(SELECT g.segment FROM unnest($3) g))
         GROUP BY l.segment, l.terms
    ), theirs AS (
        SELECT p.segment, e.feature_no, avg(e.z ORDER BY e.segment) AS theirs
          FROM pair p
          JOIN unnest($1) e ON e.segment = p.other
         GROUP BY p.segment, e.feature_no
    ), ranges AS (
        SELECT e.feature_no, min(e.z) AS least, max(e.z) AS most FROM unnest($1) e GROUP BY e.feature_no
    ), apart AS (
        SELECT DISTINCT ON (r.segment) r.segment, e.feature, e.z AS mine, t.theirs, a.least, a.most, u.said
          FROM rival r
          JOIN unnest($1) e ON e.segment = r.segment
          JOIN theirs t ON t.segment = r.segment AND t.feature_no = e.feature_no
          JOIN ranges a ON a.feature_no = e.feature_no
         CROSS JOIN LATERAL (SELECT max(u.n) AS said FROM unnest(r.terms) WITH ORDINALITY u (term, n) WHERE substr(u.term, 2) = e.feature) u
         WHERE abs(e.z - t.theirs) > 0 AND (u.said IS NULL OR r.terms[u.said] !~ '^[]=[]')
         ORDER BY r.segment, abs(e.z - t.theirs) DESC, e.feature_no
    ), signs AS (
        SELECT a.*, CASE WHEN a.said IS NULL AND r.terms = '{}' THEN '='
                         WHEN a.said IS NULL THEN CASE WHEN a.mine > a.theirs THEN '>' ELSE '<' END
                         WHEN a.mine = a.most AND a.mine > 0 THEN ']' WHEN a.mine = a.least AND a.mine < 0 THEN '['
                         -- the only one that the first leave need not say more
                         WHEN NOT EXISTS (SELECT FROM apart o WHERE o.segment = ANY (r.others) AND o.feature = a.feature AND o.said IS NOT NULL
                                             AND (o.mine = o.most OR o.mine = o.least)) OR cardinality(r.others) > 1 THEN '=' END AS sign
          FROM apart a JOIN rival r ON r.segment = a.segment
    )
    SELECT array_agg(ROW(l.segment, CASE WHEN g.sign IS NULL THEN l.terms
                                         WHEN g.said IS NULL THEN l.terms || (g.sign || g.feature)
                                         ELSE l.terms[:g.said - 1] || (g.sign || g.feature) || l.terms[g.said + 1:] END, l.label, l.fixed)::segment_internal.label ORDER BY l.segment)
      FROM unnest($2) l
      LEFT JOIN signs g ON g.segment = l.segment);
END
$$;

COMMENT ON FUNCTION segment_internal.distinct_labels IS
'Internal: labels that say more where they read as those of other segments do, or as those that persons have given.';

CREATE FUNCTION segment_internal.effects_by_group(
    m segment_internal.catalog_model, every segment_internal.effect[], OUT segments integer[], OUT effects segment_internal.effect[]
) RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY
        SELECT array_agg(DISTINCT p.segment), coalesce(array_agg(e ORDER BY e.segment, e.feature_no) FILTER (WHERE e.segment IS NOT NULL), '{}')
          FROM segment_internal.catalog_profile p
          LEFT JOIN unnest(every) e ON e.segment = p.segment
          LEFT JOIN segment_internal.catalog_segment_group g ON g.model_id = p.model_id AND g.run = p.run AND g.segment = p.segment
         WHERE p.model_id = m.model_id AND p.run = m.run
         GROUP BY g.group_no;
END
$$;

COMMENT ON FUNCTION segment_internal.effects_by_group IS 'Internal: the segments of each group with their effects; all together where there are no groups.';

-- How many effects an array has the planner does not know: by itself it would look at each for each segment.
CREATE FUNCTION segment_internal.label_segments(m segment_internal.catalog_model) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET jit = off SET enable_nestloop = off AS $$
DECLARE
    effects segment_internal.effect[] := ARRAY(SELECT e FROM segment_internal.effects(m) e WHERE e.segment > 0);
    given   segment_internal.label[] :=
        ARRAY(SELECT ROW(l.segment, '{}', l.label, true)::segment_internal.label
                FROM segment_internal.catalog_label l WHERE l.model_id = m.model_id);
    labels  segment_internal.label[] := '{}';
    kept    segment_internal.label[];
    texts   segment_internal.label[];
    part    record;
BEGIN
    FOR part IN SELECT g.* FROM segment_internal.effects_by_group(m, effects) g LOOP
        kept := segment_internal.kept_labels(m, part.effects);
        labels := labels || kept || segment_internal.first_labels(part.effects,
            ARRAY(SELECT s FROM unnest(part.segments) s WHERE s > 0 AND s NOT IN (SELECT l.segment FROM unnest(kept) l)));
    END LOOP;
    labels := segment_internal.label_texts(m, effects, labels);
    FOR i IN 1 .. 2 LOOP
        texts := labels;
        labels := '{}';
        FOR part IN SELECT g.* FROM segment_internal.effects_by_group(m, effects) g LOOP
            labels := labels || segment_internal.distinct_labels(part.effects,
                ARRAY(SELECT l FROM unnest(texts) l WHERE l.segment = ANY (part.segments)), given);
        END LOOP;
        EXIT WHEN labels = texts;       -- none says more than before
        labels := segment_internal.label_texts(m, effects, labels);
    END LOOP;
    PERFORM segment_internal.keep_automatic_labels(m.model_id, array_agg(
        ROW(l.segment, l.terms, CASE WHEN l.fixed AND l.before IN (l.label, l.numbered) THEN l.before
                                     WHEN l.same = 1 THEN l.label
                                     ELSE l.numbered END, l.fixed)::segment_internal.label))
      FROM (SELECT l.segment, l.terms, t.label, l.fixed, format('%s (%s)', t.label, l.segment) AS numbered, b.label AS before, count(*) OVER (PARTITION BY t.label) AS same
              FROM unnest(labels) l
              LEFT JOIN segment_internal.catalog_segment_group g ON g.model_id = m.model_id AND g.run = m.run AND g.segment = l.segment
             CROSS JOIN LATERAL (SELECT concat_ws(': ', segment_internal.group_name(g.group_values), l.label) AS label) t
              LEFT JOIN segment_internal.catalog_profile b
                     ON b.model_id = m.model_id AND b.run = m.run - 1 AND b.segment = l.segment) l;
END
$$;

COMMENT ON FUNCTION segment_internal.label_segments IS
'Internal: gives the segments of the current run their automatic labels: those of the run before as long as they are true. What tells segments apart is told within their group.';
