-- segment_refresh

CREATE FUNCTION segment_internal.refresh(model_id bigint, arguments jsonb) RETURNS @extschema@.segment_run
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_owner';

COMMENT ON FUNCTION segment_internal.refresh IS 'Internal: segment_refresh of a model with its arguments in one object, as the model''s owner.';

CREATE FUNCTION segment_internal.refresh_as_owner(model_id bigint, arguments jsonb) RETURNS @extschema@.segment_run
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    warm_start  boolean := arguments ->> 'warm_start';
    k           integer := arguments ->> 'k';
    stability   float8 := arguments ->> 'stability';
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
    k_reason    text;
BEGIN
    -- plan; wait for other jobs on this model before looking at it
    PERFORM segment_internal.check_writable('segment_refresh');
    PERFORM segment_internal.lock_model(model_id);
    m := segment_internal.owned_model(model_id);
    source := segment_internal.source_of(m);
    IF segment_internal.group_by(m) IS NULL THEN
        options := segment_internal.refit_options(m, k, warm_start, stability);
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
            before => segment_internal.before(m, NULL, (arguments ->> 'survival')::float8, (arguments ->> 'split')::float8),
            previous => (SELECT c.compiled FROM segment_internal.catalog_compiled c WHERE c.model_id = m.model_id),
            joined => joined, make_target => make_target,
            warm_inertia => (SELECT r.inertia FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run = m.run));
        k_reason := segment_internal.refit_reason(m, k, options, fit);
        fresh := fit.target;
    ELSE
        PERFORM segment_internal.check_options(m.options || jsonb_build_object('k', k, 'stability', stability));
        IF m.assignment_kind = 'table' THEN
            fresh := segment_internal.create_assignment(schema, segment_internal.fresh_name(), m.name, source, m.key,
                                                        passing => true);
        END IF;
        grouped := segment_internal.fit_groups(m, source, recipe, m.options, schema, fresh, true, warm_start, k, stability,
            (arguments ->> 'survival')::float8, (arguments ->> 'split')::float8);
        k_reason := segment_internal.groups_reason(grouped.groups);
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
    RETURN segment_internal.record(m, recipe, fit, k_reason, started_at, grouped.groups);
END
$$;

COMMENT ON FUNCTION segment_internal.refresh_as_owner IS 'Internal: the job of segment_refresh.';

CREATE FUNCTION @extschema@.segment_refresh(
    model         text,
    warm_start    boolean  DEFAULT true,
    k             integer  DEFAULT NULL,
    source        regclass DEFAULT NULL,
    only_if_drift boolean  DEFAULT false,
    wait          boolean  DEFAULT true,
    stability     float8   DEFAULT 0.01,
    survival      float8   DEFAULT 0.5,
    split         float8   DEFAULT 0.25
) RETURNS @extschema@.segment_run
LANGUAGE sql VOLATILE
RETURN segment_internal.refresh(segment_internal.model_id_now($1, current_schemas(true)),
    jsonb_build_object('warm_start', coalesce($2, true), 'k', $3, 'source', $4::oid, 'only_if_drift', coalesce($5, false), 'wait', coalesce($6, true), 'stability', $7,
                       'survival', $8, 'split', $9));

COMMENT ON FUNCTION @extschema@.segment_refresh IS
'Fits a model again on today''s rows with the options of its first fit, with the same number of segments unless k is given, or was chosen and another is clearly better. With warm_start the centroids stay where they meet tol on today''s rows; a better optimum is looked for, and taken if its inertia is lower by more than the share stability. Segments that survive keep their numbers and labels: at least the share survival of the old segment''s rows are in the new one, which are most of its rows. A part of one that was split has at least the share split of it. Others get numbers that no segment had before, and the labels of those that are gone retire, which a NOTICE names: segment_transitions() tells what became of them. A bisecting model keeps its tree as long as it goes on from its centroids; the assignment is brought up to date without making its readers wait; a run is recorded. Runs as the model''s owner, whose members may call it.';
