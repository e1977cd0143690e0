-- How a refresh goes on from the run before: its options, and what it says about the number of segments.

CREATE FUNCTION segment_internal.k_is_chosen(m segment_internal.catalog_model) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN $1.options -> 'k' = 'null' AND $1.options -> 'centroids' = 'null';

COMMENT ON FUNCTION segment_internal.k_is_chosen IS
'Internal: did a fit of the model choose the number of its segments, and nobody has given one since?';

CREATE FUNCTION segment_internal.refit_options(m segment_internal.catalog_model, k integer, warm_start boolean, stability float8) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    k_before integer := (SELECT r.k FROM segment_internal.catalog_run r
                          WHERE r.model_id = m.model_id AND r.run = m.run);
    options  jsonb := m.options || jsonb_build_object('k', coalesce(k, k_before), 'centroids', NULL);
    -- a tree, sizes and outliers hold for as many segments as there are
    free     boolean := k IS NULL AND m.options ->> 'algorithm' = 'lloyd' AND (m.options ->> 'min_share')::float8 = 0
                        AND (m.options ->> 'max_share')::float8 = 1 AND (m.options ->> 'trim')::float8 = 0;
BEGIN
    IF free AND segment_internal.k_is_chosen(m) AND k_before <= (m.options ->> 'k_max')::integer THEN
        options := options || '{"k": null}';
    END IF;
    RETURN segment_internal.resolve_options(options, m.features) || jsonb_build_object(
        'refit_k', coalesce(k, k_before),
        'warm', warm_start AND k_before = coalesce(k, k_before),
        -- a fit from given centroids goes on from where it is
        'stability', CASE WHEN m.options -> 'centroids' = 'null' THEN stability END,
        'looking', free AND m.options -> 'centroids' = 'null',
        'splits', ARRAY(SELECT t.parent FROM segment_internal.catalog_node t
                         WHERE t.model_id = m.model_id AND t.run = m.run AND t.node % 2 = 0 ORDER BY t.node),
        'leaves', ARRAY(SELECT t.segment FROM segment_internal.catalog_node t
                         WHERE t.model_id = m.model_id AND t.run = m.run AND t.segment IS NOT NULL ORDER BY t.node));
END
$$;

COMMENT ON FUNCTION segment_internal.refit_options IS
'Internal: the options of the first fit, with how the next goes on from the run before.';

CREATE FUNCTION segment_internal.refit_reason(m segment_internal.catalog_model, k integer, options jsonb, fit segment_internal.fitted) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    before segment_internal.catalog_run :=
        (SELECT r FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run = m.run);
    reason text := 'as in the run before';
    detail text := format('Simplified silhouette of %s segments of a sample: %s; of %s: %s.', fit.better_k,
                          round(fit.better_silhouette::numeric, 3), before.k, round(fit.other_silhouette::numeric, 3));
BEGIN
    IF k IS NOT NULL THEN
        RETURN 'given';
    ELSIF fit.k <> before.k THEN
        RAISE NOTICE 'model "%" has % segments now, before it had %', m.name, fit.k, before.k USING
            DETAIL = detail,
            HINT = format('For as many as before: SELECT segment_refresh(%L, k => %s);', m.name, before.k);
        RETURN format('chosen again, k = %s does not fit any more: %s', before.k, segment_internal.k_reason(options, fit));
    ELSIF fit.better_k IS NULL OR options -> 'k' = 'null'
          -- has k fitted before?
          OR before.silhouette - fit.silhouette < (fit.better_silhouette - fit.other_silhouette) / 2 THEN
        RETURN reason;
    END IF;
    reason := format('%s; k = %s would fit better', reason, fit.better_k);
    IF before.k_reason <> reason THEN
        RAISE NOTICE 'model "%" has % segments, % would fit better now', m.name, fit.k, fit.better_k USING
            DETAIL = detail,
            HINT = format('To have so many: SELECT segment_refresh(%L, k => %s);', m.name, fit.better_k);
    END IF;
    RETURN reason;
END
$$;

COMMENT ON FUNCTION segment_internal.refit_reason IS
'Internal: why a refresh has the k that it has. Tells that the number of segments has changed, or, once, that it should.';

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
