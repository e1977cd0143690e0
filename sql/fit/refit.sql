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

CREATE FUNCTION segment_internal.as_in_run(m segment_internal.catalog_model, run integer) RETURNS segment_internal.catalog_model
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    r      segment_internal.catalog_run;
    then_m segment_internal.catalog_model := m;
    recipe segment_internal.recipe;
BEGIN
    SELECT c.* INTO r FROM segment_internal.catalog_run c WHERE c.model_id = m.model_id AND c.run = $2;
    IF run IS NULL THEN
        RAISE null_value_not_allowed USING
            MESSAGE = 'argument "run" must not be NULL',
            HINT = format('SELECT run FROM segment_runs WHERE model = %L lists its runs.', m.name);
    ELSIF NOT FOUND THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('model "%s" has no run %s', m.name, run),
            HINT = format('SELECT run FROM segment_runs WHERE model = %L lists its runs.', m.name);
    ELSIF run = m.run THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('run %s is the current one of model "%s"', run, m.name),
            HINT = 'segment_rescore() puts today''s rows into its segments.';
    END IF;
    recipe := jsonb_populate_record(NULL::segment_internal.recipe, r.preparation);
    then_m.run := r.run;
    then_m.preparation := r.preparation;
    then_m.binding := r.binding;
    then_m.features := ARRAY(SELECT f.feature FROM unnest(recipe.features) WITH ORDINALITY f WHERE f.weight > 0 ORDER BY f.ordinality);
    then_m.columns := ARRAY(SELECT c.name FROM unnest(recipe.columns) WITH ORDINALITY c
                             WHERE c.name IN (SELECT f.column_name FROM unnest(recipe.features) f WHERE f.weight > 0) ORDER BY c.ordinality);
    -- what belongs to its relations is that of today
    then_m.options := r.options || (SELECT jsonb_object_agg(o.key, o.value) FROM jsonb_each(m.options) o
                                     WHERE o.key IN ('model', 'key', 'assignment', 'into_schema', 'replace', 'history'));
    RETURN then_m;
END
$$;

COMMENT ON FUNCTION segment_internal.as_in_run IS 'Internal: a model as it was in an earlier run, with the relations of today.';
