-- What a model found, in sentences.

-- A simplified silhouette says something beside that of data without groups; where there was no test, a uniform
-- square has 0.52, and a line 0.61.
CREATE FUNCTION segment_internal.separation(run segment_internal.catalog_run) RETURNS text
LANGUAGE sql STABLE
RETURN CASE WHEN ($1).k = 1 THEN CASE WHEN NOT ($1).clear_groups THEN 'No clear groups: the customers are a continuum, and one segment' END
            WHEN ($1).silhouette IS NULL THEN NULL
            WHEN NOT ($1).clear_groups THEN 'No clear groups: the segments below divide a continuum'
            WHEN CASE WHEN ($1).clear_groups THEN ($1).sample_silhouette - ($1).reference_silhouette >= 0.2 ELSE ($1).silhouette >= 0.7 END
            THEN 'The segments are clearly apart'
            WHEN CASE WHEN ($1).clear_groups THEN ($1).sample_silhouette - ($1).reference_silhouette >= 0.06 ELSE ($1).silhouette >= 0.55 END
            THEN 'The segments overlap at their edges'
            ELSE 'The segments blend into each other: where one ends is a choice' END
       || coalesce(format(' (simplified silhouette %s%s)', round(coalesce(($1).sample_silhouette, ($1).silhouette)::numeric, 2),
                          '; data without groups have ' || round(($1).reference_silhouette::numeric, 2)), '');

COMMENT ON FUNCTION segment_internal.separation IS 'Internal: how far the segments of a run are apart, in words; NULL for one segment that nobody doubts.';

CREATE FUNCTION segment_internal.model_insights(
    m segment_internal.catalog_model, effects segment_internal.effect[], OUT topic text, OUT insight text
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH run AS (
        SELECT r.* FROM segment_internal.catalog_run r WHERE r.model_id = ($1).model_id AND r.run = ($1).run
    ), size AS (
        SELECT min(s.rows) AS least, max(s.rows) AS most, min(s.share) AS least_share, max(s.share) AS most_share
          FROM segment_internal.catalog_segment s WHERE s.model_id = ($1).model_id AND s.segment > 0
    ), telling AS (
        -- the share of a feature's variance that lies between the segments, again two of a family, and once a column; few
        -- rows far away do not count for more than their share
        SELECT f.topic, f.weight, row_number() OVER (ORDER BY f.weight DESC, f.feature_no) AS place
          FROM (SELECT t.*, row_number() OVER (PARTITION BY t.family ORDER BY t.weight DESC, t.feature_no) AS in_family
                  FROM (SELECT DISTINCT ON (e.topic) e.topic, e.feature_no, e.family, sum(s.share * least(abs(e.z), 2) ^ 2 ORDER BY e.segment) AS weight
                          FROM unnest($2) e
                          JOIN segment_internal.catalog_segment s ON s.model_id = ($1).model_id AND s.segment = e.segment
                         GROUP BY e.topic, e.feature_no, e.family
                         ORDER BY e.topic, weight DESC, e.feature_no) t) f
         WHERE f.in_family <= 2
    ), moved AS (
        SELECT s.label, s.share, p.rows::float8 / r.rows_used AS before
          FROM segment_internal.catalog_segment s
          JOIN segment_internal.catalog_transition t ON t.model_id = s.model_id AND t.run = ($1).run AND t.to_segment = s.segment AND t.kind = 'survived'
          JOIN segment_internal.catalog_profile p ON p.model_id = s.model_id AND p.run = ($1).run - 1 AND p.segment = t.from_segment
          JOIN segment_internal.catalog_run r ON r.model_id = p.model_id AND r.run = p.run
         WHERE s.model_id = ($1).model_id AND s.segment > 0
         ORDER BY abs(s.share - p.rows::float8 / r.rows_used) DESC, s.segment
         LIMIT 1
    )
    SELECT CASE WHEN i.n = 2 AND NOT (SELECT r.clear_groups FROM run r) THEN 'continuum'
                ELSE ('{size,separation,difference,number,small,change,change}'::text[])[i.n] END, i.insight
      FROM (SELECT 1, CASE WHEN r.k = 1 THEN format('%s customer%s in one segment', segment_internal.count(r.rows_used), CASE r.rows_used WHEN 1 THEN '' ELSE 's' END)
                           ELSE format('%s customers in %s segments of %s (%s) to %s (%s)', segment_internal.count(r.rows_used), r.k,
                                       segment_internal.count(s.least), segment_internal.percent(s.least_share),
                                       segment_internal.count(s.most), segment_internal.percent(s.most_share)) END
                      || coalesce((SELECT format('; %s %s outliers, in none of them', segment_internal.count(o.rows), CASE o.rows WHEN 1 THEN 'is' ELSE 'are' END)
                                     FROM segment_internal.catalog_segment o WHERE o.model_id = ($1).model_id AND o.segment = 0), '')
                      || CASE WHEN r.rows_skipped > 0 THEN format('; %s more %s left out', segment_internal.count(r.rows_skipped), CASE r.rows_skipped WHEN 1 THEN 'was' ELSE 'were' END) ELSE '' END
              FROM run r CROSS JOIN size s
             UNION ALL
            SELECT 2, w.words || CASE WHEN r.k > 1 THEN coalesce(', and explain ' || segment_internal.percent(r.explained) || ' of the differences between customers', '')
                                      ELSE '' END
              FROM run r CROSS JOIN LATERAL (SELECT segment_internal.separation(r) AS words) w WHERE w.words IS NOT NULL
             UNION ALL
            SELECT 3, format('They differ most in %s', segment_internal.list_names(array_agg(t.topic ORDER BY t.place)))
              FROM telling t CROSS JOIN run r WHERE t.place <= 3 AND r.k > 1 HAVING count(*) > 0
             UNION ALL
            SELECT 4, CASE WHEN r.k_reason = 'given' THEN format('The number of segments, %s, was asked for', r.k)
                           WHEN r.k_reason LIKE 'as in the run before%' THEN format('The number of segments, %s, is that of the run before', r.k)
                           ELSE format('Why %s: %s', CASE r.k WHEN 1 THEN 'one segment' ELSE r.k || ' segments' END, r.k_reason) END
              FROM run r
             UNION ALL
            SELECT 5, format('Small, to be read with care: %s', string_agg(format('"%s" (%s)', s.label, segment_internal.count(s.rows)), ', ' ORDER BY s.segment))
              FROM segment_internal.catalog_segment s WHERE s.model_id = ($1).model_id AND s.segment > 0 AND s.rows < 30 HAVING count(*) > 0
             UNION ALL
            SELECT 6, CASE WHEN abs(d.share - d.before) < 0.005 THEN 'The sizes of the segments are as they were in the run before'
                           ELSE format('Since the run before, "%s" %s from %s to %s of the customers', d.label,
                                       CASE WHEN d.share > d.before THEN 'grew' ELSE 'shrank' END,
                                       segment_internal.percent(d.before), segment_internal.percent(d.share)) END
              FROM moved d CROSS JOIN run r WHERE r.k > 1
             UNION ALL
            SELECT 7, segment_internal.story($1)) i (n, insight)
     WHERE i.insight IS NOT NULL
     ORDER BY i.n;
END;

COMMENT ON FUNCTION segment_internal.model_insights IS 'Internal: the current run of a model in sentences, and what each is about.';

CREATE FUNCTION segment_internal.insights(
    model_id bigint,
    value text,
    outcome text[],
    OUT segment     integer,
    OUT label       text,
    OUT rank        integer,
    OUT feature     text,
    OUT insight     text,
    OUT about       text,
    OUT effect      float8,
    OUT mean        float8,
    OUT low         float8,
    OUT high        float8,
    OUT population_mean float8,
    OUT reliability text
) RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
    m       segment_internal.catalog_model := segment_internal.model(model_id);
    effects segment_internal.effect[] := ARRAY(SELECT e FROM segment_internal.effects(m) e);
    reached segment_internal.outcome[] := ARRAY(SELECT o FROM segment_internal.outcomes(m.model_id, $3) o);
    vectors integer[] := segment_internal.vectors(m);
    nearest segment_internal.typical[];
BEGIN
    IF vectors <> '{}' THEN
        -- what vectors mean their rows tell, to those who may see them
        BEGIN
            nearest := ARRAY(SELECT t FROM segment_internal.typical(m.model_id, 3) t);
        EXCEPTION WHEN insufficient_privilege OR undefined_table OR undefined_column OR datatype_mismatch OR feature_not_supported
                       OR wrong_object_type OR data_exception THEN
            nearest := '{}';
        END;
    END IF;
    RETURN QUERY
        SELECT NULL::integer, NULL::text, NULL::integer, NULL::text, i.insight, 'model', NULL::float8, NULL::float8, NULL::float8,
               NULL::float8, NULL::float8, NULL::text
          FROM segment_internal.model_insights(m, effects) i
         UNION ALL
        SELECT NULL, NULL, NULL, o.column_name, o.insight, 'outcome', NULL, o.rate, o.low, o.high, o.average, NULL
          FROM segment_internal.outcome_sentences(m, reached) o WHERE o.segment IS NULL;
    RETURN QUERY
        WITH near AS MATERIALIZED (
            SELECT n.segment, o.label
              FROM segment_internal.neighbours(m) n
              JOIN segment_internal.catalog_segment o ON o.model_id = m.model_id AND o.segment = n.neighbour
        ), sentences AS MATERIALIZED (
            SELECT e.segment, 1 AS part, e.rank, e.feature, segment_internal.sentence(e) AS insight, 'feature' AS about,
                   e.effect, e.mean, e.low, e.high, e.population_mean, e.reliability
              FROM segment_internal.telling(effects) e
             UNION ALL
            SELECT p.segment, 1, NULL, f.feature,
                   format('%s: vectors of length %s on average, the centroid''s is %s', f.feature, segment_internal.figure(p.mean[f.feature_no]), segment_internal.figure(c.value[f.feature_no])),
                   'vector', NULL, p.mean[f.feature_no], NULL, NULL, f.mean, NULL
              FROM segment_internal.catalog_feature f
              JOIN segment_internal.catalog_profile p ON p.model_id = f.model_id AND p.run = f.run
              JOIN segment_internal.catalog_centroid c ON c.model_id = p.model_id AND c.run = p.run AND c.segment = p.segment
             WHERE f.model_id = m.model_id AND f.run = m.run AND f.feature_no = ANY (vectors)
             UNION ALL
            SELECT t.segment, 1, NULL, NULL,
                   'nearest to the centroid: ' || string_agg((SELECT string_agg(k.value, ', ' ORDER BY array_position(m.key, k.key)) FROM jsonb_each_text(t.key) k), '; ' ORDER BY t.rank),
                   'typical', NULL, NULL, NULL, NULL, NULL, NULL
              FROM unnest(nearest) t
             GROUP BY t.segment
             UNION ALL
            SELECT s.segment, 2, NULL, NULL,
                   format('%s of the customers: %s', segment_internal.percent(s.share), segment_internal.count(s.rows)),
                   'size', NULL, NULL, NULL, NULL, NULL, NULL
              FROM segment_internal.catalog_segment s
             WHERE s.model_id = m.model_id
             UNION ALL
            SELECT s.segment, 3, NULL, NULL,
                   CASE s.border_rows WHEN 0 THEN 'nobody is at the border to another segment'
                   ELSE format(CASE c.cases WHEN 'all' THEN 'all are' WHEN '1' THEN '1 of 100 is' WHEN 'fewer than 1' THEN 'fewer than 1 in 100 are'
                                            WHEN 'more than 99' THEN 'more than 99 in 100 are' ELSE '%s of 100 are' END || ' at the border (margin below 0.1)', c.cases)
                        || coalesce(': nearest is "' || n.label || '"', '') END,
                   'border', NULL, NULL, NULL, NULL, NULL, NULL
              FROM segment_internal.catalog_segment s
             CROSS JOIN LATERAL (SELECT segment_internal.cases(s.border_rows / s.rows::float8) AS cases) c
              LEFT JOIN near n ON n.segment = s.segment
             WHERE s.model_id = m.model_id AND s.margin_avg IS NOT NULL
             UNION ALL
            SELECT v.segment, 4, NULL, NULL,
                   CASE WHEN n.adds
                        THEN format('is %s of the customers and %s of "%s": %s on average', segment_internal.percent(v.share), segment_internal.percent(v.value_share), n.name,
                                    segment_internal.amount(v.value_avg, NULL, n.unit))
                        ELSE format('"%s" is %s on average', n.name, segment_internal.amount(v.value_avg, NULL, n.unit)) END,
                   'value', NULL, v.value_avg, NULL, NULL, NULL, NULL
              FROM segment_internal.value(m.model_id, $2) v
             CROSS JOIN (SELECT CASE WHEN c.kind = 'spend' THEN 'spend on ' || c.name ELSE c.name END AS name, c.unit, c.adds
                           FROM segment_internal.column_naming(m.source, $2) c) n
             WHERE v.value_share IS NOT NULL
             UNION ALL
            SELECT o.segment, 4 + o.n, NULL, o.column_name, o.insight, 'outcome', NULL, o.rate, o.low, o.high, o.average, o.reliability
              FROM segment_internal.outcome_sentences(m, reached) WITH ORDINALITY o (segment, label, column_name, insight, rate, low, high, average, reliability, n)
        )
        SELECT s.segment, s.label, i.rank, i.feature, i.insight, i.about, i.effect, i.mean, i.low, i.high, i.population_mean, i.reliability
          FROM segment_internal.catalog_segment s
          JOIN sentences i ON i.segment = s.segment
         WHERE s.model_id = m.model_id
         ORDER BY s.segment IN (SELECT o.segment FROM segment_internal.outliers(m) o), s.segment, i.part, i.rank, i.feature;
END
$$;

COMMENT ON FUNCTION segment_internal.insights IS 'Internal: segment_insights of a model.';

CREATE FUNCTION @extschema@.segment_insights(
    model text,
    value text DEFAULT NULL,
    outcome text[] DEFAULT NULL,
    OUT segment     integer,
    OUT label       text,
    OUT rank        integer,
    OUT feature     text,
    OUT insight     text,
    OUT about       text,
    OUT effect      float8,
    OUT mean        float8,
    OUT low         float8,
    OUT high        float8,
    OUT population_mean float8,
    OUT reliability text
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT i.* FROM segment_internal.insights(segment_internal.model_id($1), $2, $3) i;
END;

COMMENT ON FUNCTION @extschema@.segment_insights IS
'What a model found, in sentences: of each segment the features that set it apart from the other rows, the largest effect (Cohen''s d) first and down to 0.2, with the means of the segment and of all rows in original units and how reliable that is; its size, who is at its border, and, where value names a numeric column, what it is worth, where outcome names columns of two values, how often they are reached (95 % interval, Wilson). Rows without a segment are about the whole model. rank is NULL for what is not about a feature.';
