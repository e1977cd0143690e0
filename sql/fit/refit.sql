-- The options of a refresh.

CREATE FUNCTION segment_internal.refit_options(m segment_internal.catalog_model, k integer, warm_start boolean) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    k_before  integer := (SELECT r.k FROM segment_internal.catalog_run r
                           WHERE r.model_id = m.model_id AND r.run = m.run);
    options   jsonb := m.options || jsonb_build_object('k', coalesce(k, k_before), 'centroids', NULL);
    centroids float8[];
BEGIN
    IF warm_start AND (k IS NULL OR k = k_before) THEN
        -- those of a tree in the order of its leaves
        centroids := (SELECT array_agg(c.value ORDER BY t.node, c.segment)
                        FROM segment_internal.catalog_centroid c
                        LEFT JOIN segment_internal.catalog_node t ON t.model_id = c.model_id AND t.run = c.run AND t.segment = c.segment
                       WHERE c.model_id = m.model_id AND c.run = m.run);
        options := options || jsonb_build_object('centroids', centroids, 'splits',
            ARRAY(SELECT t.parent FROM segment_internal.catalog_node t
                   WHERE t.model_id = m.model_id AND t.run = m.run AND t.node % 2 = 0 ORDER BY t.node));
    END IF;
    PERFORM segment_internal.check_options(options);
    RETURN segment_internal.resolve_options(options, m.features);
END
$$;

COMMENT ON FUNCTION segment_internal.refit_options IS
'Internal: the options of the first fit, with the k and the starting centroids of the next.';
