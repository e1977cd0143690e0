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

-- After replace => true numbers are others; a rollback brings those of its run back.
CREATE FUNCTION segment_internal.known_since(m segment_internal.catalog_model, since integer, OUT run integer, OUT segment integer, OUT origin integer)
RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known jsonb := '{}';        -- of each run: segment, and its number in the run since
    n     integer;
    back  integer;
BEGIN
    FOR n, back IN SELECT r.run, r.rolled_back_to FROM segment_internal.catalog_run r
                    WHERE r.model_id = m.model_id AND r.run BETWEEN since AND m.run ORDER BY r.run LOOP
        known := known || jsonb_build_object(n, coalesce(CASE
            WHEN n = since THEN (SELECT jsonb_object_agg(p.segment, p.segment) FROM segment_internal.catalog_profile p
                                    WHERE p.model_id = m.model_id AND p.run = since AND p.segment > 0)
            WHEN back >= since THEN known -> back::text
            ELSE (SELECT jsonb_object_agg(t.to_segment, k.value)
                    FROM segment_internal.catalog_transition t
                    JOIN jsonb_each(known -> (n - 1)::text) k ON k.key = t.from_segment::text
                   WHERE t.model_id = m.model_id AND t.run = n AND t.kind = 'survived') END, '{}'));
        RETURN QUERY SELECT n, k.key::integer, k.value::integer FROM jsonb_each_text(known -> n::text) k;
    END LOOP;
END
$$;

COMMENT ON FUNCTION segment_internal.known_since IS
'Internal: the segments of a run, and of those after it, that are segments of that run still, with their numbers then and in it.';

CREATE FUNCTION segment_internal.same_numbers(old segment_internal.catalog_model, fit segment_internal.fitted, since integer) RETURNS segment_internal.transition[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT ARRAY(SELECT ROW(o.segment, n.segment, CASE WHEN o.segment IS NULL THEN 'born' WHEN n.segment IS NULL THEN 'vanished' ELSE 'survived' END,
                            NULL, NULL, CASE WHEN o.segment IS NOT NULL THEN segment_internal.own($1.model_id, $1.run, o.segment)
                                             ELSE segment_internal.own($1.model_id, $3, n.segment) END)::segment_internal.transition
                   FROM (SELECT p.segment, k.origin
                           FROM segment_internal.catalog_profile p
                           LEFT JOIN segment_internal.known_since($1, $3) k ON k.run = p.run AND k.segment = p.segment
                          WHERE p.model_id = $1.model_id AND p.run = $1.run AND p.segment > 0) o
                   FULL JOIN (SELECT s.segment FROM unnest($2.segments) s WHERE s.segment > 0) n ON n.segment = o.origin
                  ORDER BY o.segment, n.segment);
$$;

COMMENT ON FUNCTION segment_internal.same_numbers IS
'Internal: the transitions from the current run to one with the segments of this run or an earlier one: those that are known from that survive.';

CREATE FUNCTION segment_internal.restore_labels(m segment_internal.catalog_model, since integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- only what retired: a label that is gone before was taken away by somebody
    PERFORM segment_internal.keep_label(m.model_id, t.origin, t.label, NULL)
       FROM (SELECT DISTINCT ON (k.origin) k.origin, t.kind, t.label
               FROM segment_internal.known_since(m, since) k
               JOIN segment_internal.catalog_transition t ON t.model_id = m.model_id AND t.run = k.run + 1 AND t.from_segment = k.segment
              ORDER BY k.origin, t.run DESC, t.kind = 'survived' DESC) t
      WHERE t.kind <> 'survived' AND t.label IS NOT NULL;
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
