-- segment_refresh

CREATE FUNCTION segment_internal.same_key(m segment_internal.catalog_model) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT $1.assignment_kind <> 'table'
        OR cardinality($1.key) = (SELECT count(*)
                                    FROM unnest($1.key) WITH ORDINALITY k (name, n)
                                    JOIN pg_attribute s ON s.attrelid = $1.source AND s.attname = k.name AND NOT s.attisdropped
                                    JOIN segment_internal.columns($1.assignment) WITH ORDINALITY o ON o.ordinality = k.n
                                    JOIN pg_attribute a ON a.attrelid = $1.assignment AND a.attnum = o.column_no
                                     AND (a.atttypid, a.atttypmod, a.attcollation) = (s.atttypid, s.atttypmod, s.attcollation));
$$;

COMMENT ON FUNCTION segment_internal.same_key IS 'Internal: whether the key columns of an assignment table have the types and collations of those of the source.';

CREATE FUNCTION segment_internal.rename_key(m segment_internal.catalog_model, before text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    tables   regclass[] := CASE WHEN m.key = before OR m.assignment_kind = 'none' THEN '{}'
                                ELSE array_remove(ARRAY[m.assignment, segment_internal.changes_of(m)], NULL) END;
    relation regclass;
    passing  text := segment_internal.fresh_name();
BEGIN
    FOREACH relation IN ARRAY tables LOOP
        -- names may have been exchanged
        FOR i IN 1 .. cardinality(before) LOOP
            EXECUTE format('ALTER TABLE %s RENAME COLUMN %I TO %I', relation, before[i], passing || i);
        END LOOP;
        FOR i IN 1 .. cardinality(before) LOOP
            EXECUTE format('ALTER TABLE %s RENAME COLUMN %I TO %I', relation, passing || i, m.key[i]);
        END LOOP;
    END LOOP;
EXCEPTION WHEN duplicate_column THEN
    RAISE duplicate_column USING
        MESSAGE = format('key (%s) of relation "%s" has a name that relation "%s" has for another column', segment_internal.identifiers(m.key),
                         (SELECT c.relname FROM pg_class c WHERE c.oid = m.source), (SELECT c.relname FROM pg_class c WHERE c.oid = relation)),
        HINT = 'Fit the model anew with segment_kmeans(..., replace => true).';
END
$$;

COMMENT ON FUNCTION segment_internal.rename_key IS 'Internal: gives the key columns of an assignment and of changes the names that they have in the source now.';

CREATE FUNCTION segment_internal.refresh(model_id bigint, arguments jsonb) RETURNS @extschema@.segment_run
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_owner';

COMMENT ON FUNCTION segment_internal.refresh IS 'Internal: segment_refresh of a model with its arguments in one object, as the model''s owner.';

CREATE FUNCTION segment_internal.refresh_as_owner(model_id bigint, arguments jsonb) RETURNS @extschema@.segment_run
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    given       jsonb := '{"warm_start": true, "stability": 0.01, "survival": 0.5, "split": 0.25}'::jsonb || arguments;
    warm_start  boolean := given ->> 'warm_start';
    k           integer := given ->> 'k';
    rescore     boolean := coalesce((arguments ->> 'rescore')::boolean, false);
    rollback    integer := arguments ->> 'rollback';        -- the run to rescore by
    stability   float8 := given ->> 'stability';
    survival    float8 := given ->> 'survival';
    split       float8 := given ->> 'split';
    started_at  timestamptz := clock_timestamp();
    old         segment_internal.catalog_model;
    m           segment_internal.catalog_model;
    past        segment_internal.catalog_model;
    same_key    boolean;
    elsewhere   boolean := false;                   -- rows are on other servers
    on_shards   boolean := false;                   -- and the assignment is written there
    anew        boolean;                            -- its relations, since its source is another one, or they may be
    outputs     segment_internal.outputs;
    labels      segment_internal.label[];
    run         @extschema@.segment_run;
    recipe      segment_internal.recipe;
    source      regclass;
    renamed     jsonb;
    options     jsonb;
    schema      text;
    joined      text;
    make_target text;
    fresh       regclass;
    fit         segment_internal.fitted;
    grouped     segment_internal.fitted_groups;
    k_reason    text;
    live        jsonb;
BEGIN
    -- plan; wait for other jobs on this model before looking at it
    PERFORM segment_internal.check_writable(CASE WHEN arguments ? 'rollback' THEN 'segment_rollback' WHEN rescore THEN 'segment_rescore' ELSE 'segment_refresh' END);
    old := segment_internal.claim(model_id, coalesce((arguments ->> 'wait')::boolean, true));
    m := segment_internal.bound(old, (arguments ->> 'source')::oid);
    source := m.source;
    renamed := CASE WHEN source = old.source THEN segment_internal.renamed_columns(old) ELSE '{}' END;
    same_key := segment_internal.same_key(m);
    anew := source <> old.source OR NOT same_key OR arguments ? 'rollback';
    IF arguments ? 'rollback' THEN
        past := segment_internal.as_in_run(m, rollback);
        renamed := segment_internal.renamed_columns(past);
        past := segment_internal.with_names(past, renamed);
        past.key := m.key;
        past.binding := m.binding;
        m := past;
        PERFORM segment_internal.source_of(m, format('Run %s of model "%s" has read it: restore it, in a view if need be.', rollback, m.name)),
                segment_internal.check_group_by(m);
    END IF;
    IF coalesce((arguments ->> 'only_if_drift')::boolean, false) AND source = old.source AND NOT segment_internal.has_drifted(m) THEN
        RETURN segment_internal.shown_run(m.profile, m.run);
    END IF;
    IF same_key THEN
        PERFORM segment_internal.rename_key(m, old.key);
    END IF;
    PERFORM segment_internal.check_options(m.options || jsonb_build_object('k', k, 'stability', stability, 'survival', survival, 'split', split));
    IF segment_internal.group_by(m) IS NULL THEN
        options := segment_internal.refit_options(m, k, warm_start, stability);
    END IF;
    recipe := jsonb_populate_record(NULL::segment_internal.recipe, m.preparation);

    -- fit, keeping the numbers of the segments
    schema := (SELECT l.schema FROM segment_internal.catalog_live l WHERE l.model_id = m.model_id);
    IF segment_internal.group_by(m) IS NULL THEN
        -- where keys have other types, all rows are written anew
        elsewhere := m.assignment_kind = 'table' AND segment_internal.is_distributed(format('SELECT FROM %s, %s', source, m.assignment));
        IF m.assignment_kind = 'table' AND same_key AND NOT elsewhere THEN
            joined := segment_internal.joined_query(m, source, array_remove(ARRAY(SELECT c.name FROM unnest(recipe.columns) c) || (options ->> 'sample_weight'), NULL));
            make_target := format('SELECT segment_internal.create_assignment(%L, %L, %L, %s::oid, %L, passing => true)',
                                  schema, segment_internal.fresh_name(), m.name, source::oid, m.key);
        ELSIF m.assignment_kind = 'table' THEN
            fresh := segment_internal.create_assignment(schema, segment_internal.fresh_name(), m.name, source, m.key,
                                                        passing => true);
            on_shards := (NOT same_key OR segment_internal.distribution_column(m.assignment) IS NOT NULL)
                         AND segment_internal.distribute(fresh, source, m.key, recipe);
        END IF;
        fit := segment_internal.engine(source, m.key, recipe, options, CASE WHEN NOT on_shards THEN fresh END, keep_constant => true,
            model => m.name,
            previous => segment_internal.compiled_with_names(
                (SELECT r.compiled FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run = m.run), renamed),
            before => CASE WHEN NOT rescore THEN segment_internal.before(m, NULL, survival, split) END,
            warm_inertia => (SELECT r.inertia FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run = m.run),
            joined => joined, make_target => make_target, rescore => rescore);
        fresh := coalesce(fresh, fit.target);
        IF NOT rescore THEN
            k_reason := segment_internal.refit_reason(m, k, options, fit);
            m.options := m.options || CASE WHEN k IS NULL THEN '{}' ELSE jsonb_build_object('k', k) END;
        END IF;
    ELSE
        IF m.assignment_kind = 'table' THEN
            fresh := segment_internal.create_assignment(schema, segment_internal.fresh_name(), m.name, source, m.key,
                                                        passing => true);
        END IF;
        grouped := segment_internal.fit_groups(m, source, recipe, m.options, schema, fresh, true, warm_start, k, stability, renamed, rescore, survival, split);
        k_reason := segment_internal.groups_reason(grouped.groups);
        fit := grouped.fit;
    END IF;
    IF rescore THEN
        fit := segment_internal.rescored(m, fit);
        fit.transitions := segment_internal.same_numbers(old, fit, coalesce(rollback, old.run));
        labels := segment_internal.automatic_labels(m);
        k_reason := coalesce('rolled back to run ' || rollback, 'as in the run before, rescored');
    END IF;

    -- record
    IF on_shards THEN
        PERFORM segment_internal.fill_shards(fresh, source, m.key, fit);
    ELSIF fresh IS NOT NULL THEN
        PERFORM segment_internal.add_key(fresh, source, m.key);
    ELSIF anew AND m.assignment_kind = 'view' THEN
        PERFORM segment_internal.check_key_rows(source, m.key);
    END IF;
    IF fresh IS NOT NULL AND same_key THEN
        IF grouped.groups IS NOT NULL OR elsewhere THEN
            PERFORM segment_internal.keep_differences_as_owner(m.model_id, fresh, m.key);
        END IF;
        PERFORM segment_internal.apply_as_owner(m.model_id, fresh, m.key);
        EXECUTE format('DROP TABLE %s', fresh);
        fresh := NULL;
    END IF;
    IF anew THEN
        outputs := segment_internal.plan_outputs(m, old, schema);
        m := segment_internal.place_outputs(m, old, fit.columns, outputs, fresh);
    END IF;
    m.run := old.run + 1;
    run := segment_internal.record(m, recipe, fit, k_reason, started_at, grouped.groups, labels,
        CASE WHEN arguments ? 'rollback' THEN 'rollback' WHEN rescore THEN 'rescore' ELSE 'refresh' END, rollback);
    IF arguments ? 'rollback' THEN
        PERFORM segment_internal.restore_labels(m, rollback);
    END IF;
    IF anew THEN
        live := segment_internal.set_live_aside(m, old);
        PERFORM segment_internal.exchange_outputs(m, old, outputs);
        PERFORM segment_internal.restore_live(m, live);
    END IF;
    RETURN run;
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
'Fits a model again on today''s rows with the options of its first fit, with the same number of segments unless k is given, or was chosen and another is clearly better. With warm_start the centroids stay where they meet tol on today''s rows; a better optimum is looked for, and taken if its inertia is lower by more than the share stability. Segments that survive keep their numbers and labels: at least the share survival of the old segment''s rows are in the new one, which are most of its rows. A part of one that was split has at least the share split of it. Others get numbers that no segment had before, and the labels of those that are gone retire, which a NOTICE names: segment_transitions() tells what became of them. A bisecting model keeps its tree as long as it goes on from its centroids; the assignment is brought up to date without making its readers wait; a run is recorded. only_if_drift: the drift of segment_drift is measured first, and where nothing has drifted even moderately the model stays as it is. Runs as the model''s owner, whose members may call it.';
