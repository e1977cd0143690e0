-- segment_refresh

CREATE FUNCTION segment_internal.refresh(model_id bigint, arguments jsonb) RETURNS @extschema@.segment_run
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_owner';

COMMENT ON FUNCTION segment_internal.refresh IS 'Internal: segment_refresh of a model with its arguments in one object, as the model''s owner.';

CREATE FUNCTION segment_internal.refresh_as_owner(model_id bigint, arguments jsonb) RETURNS @extschema@.segment_run
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    warm_start  boolean := arguments ->> 'warm_start';
    k           integer := arguments ->> 'k';
    started_at  timestamptz := clock_timestamp();
    m           segment_internal.catalog_model;
    recipe      segment_internal.recipe;
    source      regclass;
    options     jsonb;
    schema      text;
    joined      text;
    make_target text;
    fresh       regclass;
    fit         segment_internal.fitted;
    grouped     segment_internal.fitted_groups;
BEGIN
    -- plan; wait for other jobs on this model before looking at it
    PERFORM segment_internal.check_writable('segment_refresh');
    PERFORM segment_internal.lock_model(model_id);
    m := segment_internal.owned_model(model_id);
    source := segment_internal.source_of(m);
    IF (arguments ->> 'only_if_drift')::boolean AND NOT segment_internal.has_drifted(m) THEN
        RETURN (SELECT r FROM @extschema@.segment_runs r WHERE r.profile = m.profile AND r.run = m.run);
    END IF;
    IF segment_internal.group_by(m) IS NULL THEN
        options := segment_internal.refit_options(m, k, warm_start);
    END IF;
    recipe := jsonb_populate_record(NULL::segment_internal.recipe, m.preparation);

    -- fit, keeping the numbers of the segments
    schema := (SELECT l.schema FROM segment_internal.catalog_live l WHERE l.model_id = m.model_id);
    IF segment_internal.group_by(m) IS NULL THEN
        IF m.assignment_kind = 'table' THEN
            joined := segment_internal.joined_query(m, source, array_remove(ARRAY(SELECT c.name FROM unnest(recipe.columns) c) || (options ->> 'sample_weight'), NULL));
            make_target := format('SELECT segment_internal.create_assignment(%L, %L, %L, %s::oid, %L, passing => true)',
                                  schema, segment_internal.fresh_name(), m.name, source::oid, m.key);
        END IF;
        fit := segment_internal.engine(source, m.key, recipe, options, keep_constant => true,
            model => m.name,
            previous => (SELECT c.compiled FROM segment_internal.catalog_compiled c WHERE c.model_id = m.model_id),
            joined => joined, make_target => make_target);
        fresh := fit.target;
    ELSE
        PERFORM segment_internal.check_options(m.options || jsonb_build_object('k', k));
        IF m.assignment_kind = 'table' THEN
            fresh := segment_internal.create_assignment(schema, segment_internal.fresh_name(), m.name, source, m.key,
                                                        passing => true);
        END IF;
        grouped := segment_internal.fit_groups(m, source, recipe, m.options, schema, fresh, true, warm_start, k);
        fit := grouped.fit;
    END IF;

    -- record
    IF fresh IS NOT NULL THEN
        PERFORM segment_internal.add_key(fresh, source, m.key);
        IF grouped.groups IS NOT NULL THEN
            PERFORM segment_internal.keep_differences_as_owner(m.model_id, fresh, m.key);
        END IF;
        PERFORM segment_internal.apply_as_owner(m.model_id, fresh, m.key);
        EXECUTE format('DROP TABLE %s', fresh);
    END IF;
    m.run := m.run + 1;
    RETURN segment_internal.record(m, recipe, fit,
        CASE WHEN grouped.groups IS NOT NULL THEN segment_internal.groups_reason(grouped.groups)
             WHEN k IS NULL THEN 'as in the run before' ELSE 'given' END, started_at, grouped.groups, 'refresh');
END
$$;

COMMENT ON FUNCTION segment_internal.refresh_as_owner IS 'Internal: the job of segment_refresh.';

CREATE FUNCTION @extschema@.segment_refresh(
    model         text,
    warm_start    boolean  DEFAULT true,
    k             integer  DEFAULT NULL,
    source        regclass DEFAULT NULL,
    only_if_drift boolean  DEFAULT false,
    wait          boolean  DEFAULT true
) RETURNS @extschema@.segment_run
LANGUAGE sql VOLATILE
RETURN segment_internal.refresh(segment_internal.model_id_now($1, current_schemas(true)),
    jsonb_build_object('warm_start', coalesce($2, true), 'k', $3, 'source', $4::oid, 'only_if_drift', coalesce($5, false), 'wait', coalesce($6, true)));

COMMENT ON FUNCTION @extschema@.segment_refresh IS
'Fits a model again on today''s rows with the options of its first fit, from its centroids unless warm_start is false, with the same number of segments unless k is given. Segments keep their numbers and labels by the best match, a bisecting model its tree as long as it goes on from its centroids; the assignment is brought up to date without making its readers wait; a run is recorded. only_if_drift: the drift of segment_drift is measured first, and where nothing has drifted even moderately the model stays as it is. Runs as the model''s owner, whose members may call it.';
