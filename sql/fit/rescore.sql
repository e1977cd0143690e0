-- Today's rows by a model as it is.

CREATE FUNCTION segment_internal.rescored(m segment_internal.catalog_model, fit segment_internal.fitted) RETURNS segment_internal.fitted
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    today jsonb := (SELECT jsonb_object_agg(s.segment, s.rows) FROM unnest(fit.segments) s);
BEGIN
    SELECT array_agg(ROW(s.segment, s.rows, s.border_rows, s.distance_avg, s.margin_avg, coalesce(c.scaled, s.scaled), coalesce(c.value, s.value),
                         s.mean, s.p25, s.median, s.p75, s.stddev, s.min, s.max, s.silhouette_pairwise)::segment_internal.fitted_segment ORDER BY s.ordinality)
      INTO fit.segments
      FROM unnest(fit.segments) WITH ORDINALITY s
      LEFT JOIN segment_internal.catalog_centroid c ON c.model_id = m.model_id AND c.run = m.run AND c.segment = s.segment;
    WITH RECURSIVE beneath AS (
        SELECT n.node, n.node AS leaf, n.segment FROM segment_internal.catalog_node n WHERE n.model_id = m.model_id AND n.run = m.run AND n.segment IS NOT NULL
         UNION ALL
        SELECT n.parent, b.leaf, b.segment
          FROM beneath b
          JOIN segment_internal.catalog_node n ON n.model_id = m.model_id AND n.run = m.run AND n.node = b.node
         WHERE n.parent IS NOT NULL
    )
    SELECT array_agg(ROW(n.parent, n.segment, n.depth, b.rows, n.feature_no, n.split, n.above)::segment_internal.fitted_node ORDER BY n.node)
      INTO fit.nodes
      FROM segment_internal.catalog_node n
      JOIN (SELECT u.node, sum((today ->> u.segment::text)::bigint)::bigint AS rows FROM beneath u GROUP BY u.node) b ON b.node = n.node
     WHERE n.model_id = m.model_id AND n.run = m.run;
    fit.nodes := coalesce(fit.nodes, '{}');
    fit.converged := (SELECT r.converged FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run = m.run);
    RETURN fit;
END
$$;

COMMENT ON FUNCTION segment_internal.rescored IS
'Internal: what the engine has found of today''s rows, with the centroids and the tree of the model as it is.';

CREATE FUNCTION segment_internal.same_numbers(old segment_internal.catalog_model, fit segment_internal.fitted) RETURNS segment_internal.transition[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT ARRAY(SELECT ROW(o.segment, n.segment, CASE WHEN o.segment IS NULL THEN 'born' WHEN n.segment IS NULL THEN 'vanished' ELSE 'survived' END,
                            NULL, NULL, CASE WHEN n.segment IS NOT NULL THEN segment_internal.own($1, o.segment) END)::segment_internal.transition
                   FROM (SELECT p.segment FROM segment_internal.catalog_profile p WHERE p.model_id = $1.model_id AND p.run = $1.run AND p.segment > 0) o
                   FULL JOIN (SELECT s.segment FROM unnest($2.segments) s WHERE s.segment > 0) n ON n.segment = o.segment
                  ORDER BY o.segment, n.segment);
$$;

COMMENT ON FUNCTION segment_internal.same_numbers IS
'Internal: the transitions to a run whose segments have the numbers of their centroids: those that the current run has too survive.';

CREATE FUNCTION segment_internal.restore_labels(m segment_internal.catalog_model, run integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM segment_internal.keep_label(m.model_id, t.from_segment, t.label, NULL)
       FROM (SELECT DISTINCT ON (t.from_segment) t.from_segment, t.label
               FROM segment_internal.catalog_transition t
              WHERE t.model_id = m.model_id AND t.run > restore_labels.run AND t.label IS NOT NULL
              ORDER BY t.from_segment, t.run DESC) t
       JOIN segment_internal.catalog_profile p ON p.model_id = m.model_id AND p.run = m.run AND p.segment = t.from_segment
      WHERE NOT EXISTS (SELECT FROM segment_internal.catalog_label l WHERE l.model_id = m.model_id AND l.segment = t.from_segment);
END
$$;

COMMENT ON FUNCTION segment_internal.restore_labels IS
'Internal: gives segments that are there again since a rollback to a run the labels that retired with them after it.';

CREATE FUNCTION segment_internal.automatic_labels(m segment_internal.catalog_model) RETURNS segment_internal.label[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT ARRAY(SELECT ROW(p.segment, p.label_terms, p.label, true)::segment_internal.label
                   FROM segment_internal.catalog_profile p
                  WHERE p.model_id = $1.model_id AND p.run = $1.run AND p.segment > 0 ORDER BY p.segment);
$$;

COMMENT ON FUNCTION segment_internal.automatic_labels IS 'Internal: the automatic labels of the current run.';

CREATE FUNCTION @extschema@.segment_rescore(model text, wait boolean DEFAULT true) RETURNS @extschema@.segment_run
LANGUAGE sql VOLATILE
RETURN segment_internal.refresh(segment_internal.model_id_now($1, current_schemas(true)),
    jsonb_build_object('rescore', true, 'warm_start', false, 'stability', 0, 'wait', coalesce($2, true)));

COMMENT ON FUNCTION @extschema@.segment_rescore IS
'Puts today''s rows into the segments of a model as it is: preparation and centroids, numbers and labels stay, new rows come in, those that are gone go out, and their figures are recorded as a run. Runs as the model''s owner, whose members may call it. wait => false raises an error if another session is working on the model.';
