-- segment_refresh

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

CREATE FUNCTION segment_internal.source_of(m segment_internal.catalog_model) RETURNS regclass
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    hint  text := 'Restore it, or fit the model anew with segment_kmeans(..., replace => true).';
    wrong record;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = m.source) THEN
        RAISE undefined_table USING
            MESSAGE = format('the source of model "%s" no longer exists', m.name),
            HINT = 'Fit the model anew on another relation.';
    END IF;
    PERFORM segment_internal.check_columns(m.source, m.key, 'key', hint),
            segment_internal.check_columns(m.source, coalesce(segment_internal.group_by(m), '{}'), 'group_by', hint),
            segment_internal.check_columns(
                m.source, segment_internal.model_columns(m), 'features', hint),
            segment_internal.check_weight(m.source, m.options ->> 'sample_weight', hint);
    SELECT c.* INTO wrong
      FROM jsonb_populate_recordset(NULL::segment_internal.source_column, m.preparation -> 'columns') WITH ORDINALITY f
      JOIN segment_internal.columns(m.source) c ON c.column_name = f.name
     WHERE CASE f.kind WHEN 'number' THEN c.kind NOT IN ('number', 'boolean', 'date', 'interval')
                       WHEN 'category' THEN c.kind NOT IN ('category', 'boolean')
                       ELSE c.kind <> f.kind END
     ORDER BY f.ordinality LIMIT 1;
    IF FOUND THEN
        RAISE feature_not_supported USING
            MESSAGE = format('column "%s" of relation "%s" has type %s, of which model "%s" cannot make its features',
                             wrong.column_name, (SELECT c.relname FROM pg_class c WHERE c.oid = m.source), wrong.data_type,
                             m.name),
            HINT = hint;
    END IF;
    IF m.assignment_kind <> 'none' AND NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = m.assignment) THEN
        RAISE undefined_table USING
            MESSAGE = format('the assignment of model "%s" no longer exists', m.name),
            HINT = 'Fit the model anew with segment_kmeans(..., replace => true).';
    END IF;
    RETURN m.source;
END
$$;

COMMENT ON FUNCTION segment_internal.source_of IS
'Internal: the source of a model, which must still have what the model was fitted on.';

CREATE FUNCTION segment_internal.refresh(model_id bigint, warm_start boolean, k integer) RETURNS @extschema@.segment_run
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_owner';

COMMENT ON FUNCTION segment_internal.refresh IS 'Internal: segment_refresh of a model, as its owner.';

CREATE FUNCTION segment_internal.refresh_as_owner(model_id bigint, warm_start boolean, k integer) RETURNS @extschema@.segment_run
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    started_at  timestamptz := clock_timestamp();
    m           segment_internal.catalog_model;
    recipe      segment_internal.recipe;
    source      regclass;
    options     jsonb;
    schema      text;
    fresh       regclass;
    fit         segment_internal.fitted;
    grouped     segment_internal.fitted_groups;
BEGIN
    -- plan; wait for other jobs on this model before looking at it
    PERFORM segment_internal.check_writable('segment_refresh');
    PERFORM segment_internal.lock_model(model_id);
    m := segment_internal.owned_model(model_id);
    source := segment_internal.source_of(m);
    IF segment_internal.group_by(m) IS NULL THEN
        options := segment_internal.refit_options(m, k, coalesce(warm_start, true));
    END IF;
    recipe := jsonb_populate_record(NULL::segment_internal.recipe, m.preparation);

    -- fit, keeping the numbers of the segments
    schema := (SELECT l.schema FROM segment_internal.catalog_live l WHERE l.model_id = m.model_id);
    IF m.assignment_kind = 'table' THEN
        fresh := segment_internal.create_assignment(schema, segment_internal.fresh_name(), m.name, source, m.key,
                                                   passing => true);
    END IF;
    IF segment_internal.group_by(m) IS NULL THEN
        fit := segment_internal.engine(source, m.key, recipe, options, fresh, keep_constant => true,
            model => m.name,
            previous => (SELECT c.compiled FROM segment_internal.catalog_compiled c WHERE c.model_id = m.model_id));
    ELSE
        PERFORM segment_internal.check_options(m.options || jsonb_build_object('k', k));
        grouped := segment_internal.fit_groups(m, source, recipe, m.options, schema, fresh, true, coalesce(warm_start, true), k);
        fit := grouped.fit;
    END IF;

    -- record
    IF fresh IS NOT NULL THEN
        PERFORM segment_internal.add_key(fresh, source, m.key);
        PERFORM segment_internal.apply_as_owner(m.model_id, fresh, m.key);
        EXECUTE format('DROP TABLE %s', fresh);
    END IF;
    m.run := m.run + 1;
    RETURN segment_internal.record(m, recipe, fit,
        CASE WHEN grouped.groups IS NOT NULL THEN segment_internal.groups_reason(grouped.groups)
             WHEN k IS NULL THEN 'as in the run before' ELSE 'given' END, started_at, grouped.groups);
END
$$;

COMMENT ON FUNCTION segment_internal.refresh_as_owner IS 'Internal: the job of segment_refresh.';

CREATE FUNCTION @extschema@.segment_refresh(model text, warm_start boolean DEFAULT true, k integer DEFAULT NULL)
RETURNS @extschema@.segment_run
LANGUAGE sql VOLATILE
RETURN segment_internal.refresh(segment_internal.model_id_now($1, current_schemas(true)), $2, $3);

COMMENT ON FUNCTION @extschema@.segment_refresh IS
'Fits a model again on today''s rows with the options of its first fit, from its centroids unless warm_start is false, with the same number of segments unless k is given. Segments keep their numbers and labels by the best match, a bisecting model its tree as long as it goes on from its centroids; the assignment is brought up to date without making its readers wait; a run is recorded. Runs as the model''s owner, whose members may call it.';
