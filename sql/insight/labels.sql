-- Automatic labels. A term of a label is a feature behind a sign: + or -, more or less of it than all rows have; > or <,
-- than those segments have whose label would else be the same.

CREATE FUNCTION segment_internal.adjective(sign text, kind text, mean float8) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN $1 = '>' THEN 'more'
            WHEN $1 = '<' THEN 'less'
            WHEN $2 = 'share' AND $1 = '+' THEN CASE WHEN $3 >= 0.8 THEN '' WHEN $3 >= 0.5 THEN 'mostly' ELSE 'often' END
            WHEN $2 = 'share' THEN CASE WHEN $3 <= 0.02 THEN 'no' ELSE 'rarely' END
            WHEN $2 IN ('date', 'year') THEN CASE $1 WHEN '+' THEN 'late' ELSE 'early' END
            WHEN $2 = 'count' THEN CASE $1 WHEN '+' THEN 'many' ELSE 'few' END
            WHEN $1 = '+' THEN 'high'
            ELSE 'low' END;

COMMENT ON FUNCTION segment_internal.adjective IS 'Internal: the word in front of a feature in a label.';

CREATE FUNCTION segment_internal.label_texts(effects segment_internal.effect[], labels segment_internal.label[])
RETURNS segment_internal.label[]
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH terms AS (
        SELECT l.segment, t.n, e.name, segment_internal.adjective(left(t.term, 1), e.kind, e.mean) AS adjective
          FROM unnest($2) l
         CROSS JOIN LATERAL unnest(l.terms) WITH ORDINALITY t (term, n)
          JOIN unnest($1) e ON e.segment = l.segment AND e.feature = substr(t.term, 2)
    ), texts AS (
        SELECT g.segment, string_agg(g.words, ', ' ORDER BY g.n) AS text
          FROM (SELECT t.segment, min(t.n) AS n, ltrim(t.adjective || ' ') || segment_internal.list_words(array_agg(t.name ORDER BY t.n)) AS words
                  FROM terms t GROUP BY t.segment, t.adjective) g
         GROUP BY g.segment
    )
    SELECT array_agg(ROW(l.segment, l.terms, coalesce(segment_internal.capitalize(t.text), 'Close to average'), l.fixed)::segment_internal.label
                     ORDER BY l.segment)
      FROM unnest($2) l
      LEFT JOIN texts t ON t.segment = l.segment;
END;

COMMENT ON FUNCTION segment_internal.label_texts IS 'Internal: the labels with their terms in words.';

CREATE FUNCTION segment_internal.first_labels(effects segment_internal.effect[], segments integer[]) RETURNS segment_internal.label[]
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    -- what stands out, at most two features of a family; that a category is rare says little
    WITH standing_out AS (
        SELECT e.segment, e.rank, e.feature, e.z, max(abs(e.z)) OVER (PARTITION BY e.segment) AS most,
               row_number() OVER (PARTITION BY e.segment, e.family ORDER BY e.rank) AS in_family
          FROM unnest($1) e
         WHERE abs(e.z) >= 0.4 AND e.effect IS NOT NULL AND (e.kind <> 'share' OR e.z > 0 OR NOT e.category AND e.population_mean >= 0.2)
    ), chosen AS (
        SELECT o.segment, o.feature, o.z, row_number() OVER (PARTITION BY o.segment ORDER BY o.rank) AS place
          FROM standing_out o
         WHERE o.in_family <= 2 AND abs(o.z) >= 0.35 * o.most
    )
    SELECT array_agg(ROW(l.segment, l.terms, NULL, false)::segment_internal.label)
      FROM (SELECT s.segment, coalesce(array_agg(CASE WHEN c.z > 0 THEN '+' ELSE '-' END || c.feature ORDER BY c.place)
                                       FILTER (WHERE c.place <= 3), '{}') AS terms
              FROM unnest($2) s (segment)
              LEFT JOIN chosen c ON c.segment = s.segment
             GROUP BY s.segment) l;
END;

COMMENT ON FUNCTION segment_internal.first_labels IS
'Internal: for each of these segments what its label says, if it need not tell it from others.';

CREATE FUNCTION segment_internal.kept_labels(m segment_internal.catalog_model, effects segment_internal.effect[]) RETURNS segment_internal.label[]
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    -- the bar is lower for what has been said before: a label does not come and go with small changes
    SELECT coalesce(array_agg(ROW(p.segment, p.label_terms, NULL, true)::segment_internal.label), '{}')
      FROM segment_internal.catalog_profile p
     CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE e.feature IS NULL) AS missing,
                                count(*) FILTER (WHERE CASE left(t, 1) WHEN '+' THEN e.z < 0.3 WHEN '-' THEN e.z > -0.3 END) AS wrong
                           FROM unnest(p.label_terms) t
                           LEFT JOIN unnest($2) e ON e.segment = p.segment AND e.feature = substr(t, 2)) t
     WHERE p.model_id = ($1).model_id AND p.run = ($1).run - 1
       AND t.missing = 0 AND t.wrong = 0
       AND CASE p.label_terms WHEN '{}' THEN 0.6 ELSE 'Infinity' END
           > coalesce((SELECT max(abs(e.z)) FROM unnest($2) e WHERE e.segment = p.segment), 0);
END;

COMMENT ON FUNCTION segment_internal.kept_labels IS 'Internal: of the labels of the run before, what the new figures bear out.';

CREATE FUNCTION segment_internal.distinct_labels(effects segment_internal.effect[], labels segment_internal.label[], given segment_internal.label[])
RETURNS segment_internal.label[]
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    -- segments that read the same; of these the ones that may change get a term in which they differ most from the others
    WITH shown AS (
        SELECT l.segment, coalesce(g.label, l.label) AS label FROM unnest($2) l LEFT JOIN unnest($3) g ON g.segment = l.segment
    ), rival AS MATERIALIZED (
        SELECT l.segment, l.terms, array_agg(s.segment ORDER BY s.segment) AS others
          FROM unnest($2) l
          JOIN shown s ON s.label = l.label AND s.segment <> l.segment
         WHERE NOT l.fixed AND l.segment <> ALL (ARRAY(SELECT g.segment FROM unnest($3) g))
         GROUP BY l.segment, l.terms
    ), apart AS (
        SELECT DISTINCT ON (r.segment) r.segment, CASE WHEN f.mine > f.theirs THEN '>' ELSE '<' END || f.feature AS term
          FROM rival r
         CROSS JOIN LATERAL (SELECT e.feature, e.feature_no, min(e.z) FILTER (WHERE e.segment = r.segment) AS mine,
                                    avg(e.z ORDER BY e.segment) FILTER (WHERE e.segment <> r.segment) AS theirs
                               FROM unnest($1) e
                              WHERE e.segment = r.segment OR e.segment = ANY (r.others)
                              GROUP BY e.feature, e.feature_no) f
         WHERE abs(f.mine - f.theirs) > 0 AND NOT EXISTS (SELECT FROM unnest(r.terms) t WHERE substr(t, 2) = f.feature)
         ORDER BY r.segment, abs(f.mine - f.theirs) DESC, f.feature_no
    )
    SELECT array_agg(ROW(l.segment, array_remove(l.terms || a.term, NULL), l.label, l.fixed)::segment_internal.label)
      FROM unnest($2) l
      LEFT JOIN apart a ON a.segment = l.segment;
END;

COMMENT ON FUNCTION segment_internal.distinct_labels IS
'Internal: labels with one more term where they read as those of other segments do, or as those that persons have given.';

CREATE FUNCTION segment_internal.label_segments(m segment_internal.catalog_model) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
    effects segment_internal.effect[] := ARRAY(SELECT e FROM segment_internal.effects(m) e);
    given   segment_internal.label[] :=
        ARRAY(SELECT ROW(l.segment, '{}', l.label, true)::segment_internal.label
                FROM segment_internal.catalog_label l WHERE l.model_id = m.model_id);
    labels  segment_internal.label[] := segment_internal.kept_labels(m, effects);
BEGIN
    labels := labels || segment_internal.first_labels(effects,
        ARRAY(SELECT p.segment FROM segment_internal.catalog_profile p
               WHERE p.model_id = m.model_id AND p.run = m.run
                 AND p.segment NOT IN (SELECT l.segment FROM unnest(labels) l)));
    labels := segment_internal.label_texts(effects, labels);
    FOR i IN 1 .. 2 LOOP
        labels := segment_internal.distinct_labels(effects, labels, given);
        labels := segment_internal.label_texts(effects, labels);
    END LOOP;
    PERFORM segment_internal.keep_automatic_labels(m.model_id, array_agg(
        ROW(l.segment, l.terms, CASE WHEN l.fixed AND l.before IN (l.label, l.numbered) THEN l.before
                                     WHEN l.same = 1 THEN l.label
                                     ELSE l.numbered END, l.fixed)::segment_internal.label))
      FROM (SELECT l.*, format('%s (%s)', l.label, l.segment) AS numbered, b.label AS before, count(*) OVER (PARTITION BY l.label) AS same
              FROM unnest(labels) l
              LEFT JOIN segment_internal.catalog_profile b
                     ON b.model_id = m.model_id AND b.run = m.run - 1 AND b.segment = l.segment) l;
END
$$;

COMMENT ON FUNCTION segment_internal.label_segments IS
'Internal: gives the segments of the current run their automatic labels: those of the run before as long as they are true.';
