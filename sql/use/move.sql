-- Models that move from one server to another: one value has all of a model's current run.
--
-- Whoever imports may have made the value up. It becomes a model of his, recorded by the keeper as a fit's is: he could have
-- said the same of a model that he had fitted. So that it works, and shows nobody an error, what its parts say of each other
-- is checked here, and the compiled model by the code that reads any. Names in it mean nothing but in the source that he gives.

CREATE FUNCTION segment_internal.compiled_parts(
    compiled bytea, name text, OUT columns text[], OUT segments integer[], OUT coordinates integer
) RETURNS record
LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_internal_compiled_parts';

COMMENT ON FUNCTION segment_internal.compiled_parts IS
'Internal: the columns that a compiled model reads, the numbers of its segments in ascending order, and how many coordinates a centroid has; raises unless it is one of this version, which the error calls by this name.';

-- Figures to the last digit, whatever the session shows of them.
CREATE FUNCTION segment_internal.exported(m segment_internal.catalog_model) RETURNS jsonb
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET extra_float_digits = 1 SET bytea_output = 'hex' SET intervalstyle = 'postgres' SET timezone = 'UTC' AS $$
    SELECT jsonb_build_object(
        'segment_export', 1,
        'version', @extschema@.segment_version(),
        'model', jsonb_build_object('name', m.name, 'key', m.key, 'columns', m.columns, 'features', m.features,
                                    'preparation', m.preparation, 'options', m.options, 'highest_segment', m.highest_segment),
        'source', jsonb_build_object('schema', m.binding ->> 'schema', 'name', m.binding ->> 'name'),
        'run', (SELECT to_jsonb(r) - '{model_id,run,options,preparation,binding,rolled_back_to}'::text[]
                  FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run = m.run),
        'features', (SELECT jsonb_agg(to_jsonb(f) - '{model_id,run,feature_no}'::text[] ORDER BY f.feature_no)
                       FROM segment_internal.catalog_feature f WHERE f.model_id = m.model_id AND f.run = m.run),
        'centroids', (SELECT jsonb_agg(to_jsonb(c) - '{model_id,run}'::text[] ORDER BY c.segment)
                        FROM segment_internal.catalog_centroid c WHERE c.model_id = m.model_id AND c.run = m.run),
        'profile', (SELECT jsonb_agg(to_jsonb(p) - '{model_id,run}'::text[]
                                     || jsonb_build_object('own', segment_internal.own(m.model_id, m.run, p.segment)) ORDER BY p.segment)
                      FROM segment_internal.catalog_profile p WHERE p.model_id = m.model_id AND p.run = m.run),
        'candidates', (SELECT coalesce(jsonb_agg(to_jsonb(c) - '{model_id,run}'::text[] ORDER BY c.k), '[]')
                         FROM segment_internal.catalog_candidate c WHERE c.model_id = m.model_id AND c.run = m.run),
        'nodes', (SELECT coalesce(jsonb_agg(to_jsonb(n) - '{model_id,run}'::text[] ORDER BY n.node), '[]')
                    FROM segment_internal.catalog_node n WHERE n.model_id = m.model_id AND n.run = m.run),
        'groups', (SELECT coalesce(jsonb_agg(to_jsonb(g) - '{model_id,run,group_no}'::text[] ORDER BY g.group_no), '[]')
                     FROM segment_internal.catalog_group g WHERE g.model_id = m.model_id AND g.run = m.run),
        'labels', (SELECT coalesce(jsonb_agg(to_jsonb(l) - 'model_id' ORDER BY l.segment), '[]')
                     FROM segment_internal.catalog_label l WHERE l.model_id = m.model_id));
$$;

COMMENT ON FUNCTION segment_internal.exported IS 'Internal: what segment_export returns of a model.';

CREATE FUNCTION @extschema@.segment_export(model text) RETURNS jsonb
LANGUAGE sql STABLE
RETURN segment_internal.exported(segment_internal.model($1));

COMMENT ON FUNCTION @extschema@.segment_export IS
'All of a model as it is now, in one value: how it scores, its figures, labels, options and recipe; segment_import makes a model of it, here or on another server. It has no rows of the source, but values of its texts and figures of its segments; whoever may read the model may have it.';

CREATE FUNCTION segment_internal.records(of anyelement, entries jsonb, model_id bigint, numbered text DEFAULT NULL) RETURNS SETOF anyelement
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT jsonb_populate_record($1, e.value || jsonb_build_object('model_id', $3, 'run', 1, coalesce($4, ''), e.ordinality))
      FROM jsonb_array_elements($2) WITH ORDINALITY e ORDER BY e.ordinality;
$$;

COMMENT ON FUNCTION segment_internal.records IS 'Internal: the rows of a table of the catalog that an export has, for the first run of a model; numbered: the column that their places go into.';

CREATE FUNCTION segment_internal.is_list(list anyarray, entries integer DEFAULT NULL) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce($1 = '{}' OR array_ndims($1) = 1 AND array_lower($1, 1) = 1, false) AND ($2 IS NULL OR cardinality($1) = $2);
$$;

COMMENT ON FUNCTION segment_internal.is_list IS 'Internal: whether an array has one dimension, from 1, and so many entries.';

CREATE FUNCTION segment_internal.faults(
    m segment_internal.catalog_model, run segment_internal.catalog_run, features segment_internal.catalog_feature[],
    centroids segment_internal.catalog_centroid[], profiles segment_internal.catalog_profile[], groups segment_internal.catalog_group[]
) RETURNS SETOF text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    recipe   segment_internal.recipe := jsonb_populate_record(NULL::segment_internal.recipe, m.preparation);
    n        constant integer := cardinality(features);
    segments integer[] := ARRAY(SELECT p.segment FROM unnest(profiles) p WHERE p.segment <> 0 ORDER BY 1);
    grouped  boolean := segment_internal.group_by(m) IS NOT NULL;
    most     constant integer := 1073741823;        -- numbers are counted up from run to run
BEGIN
    -- what follows relies on it
    IF NOT (segment_internal.is_list(m.key) AND segment_internal.is_list(m.columns) AND segment_internal.is_list(m.features)
            AND array_position(m.key, NULL) IS NULL AND array_position(m.columns, NULL) IS NULL AND n > 0
            AND jsonb_typeof(m.options) IS NOT DISTINCT FROM 'object' AND segment_internal.is_list(recipe.columns) AND segment_internal.is_list(recipe.features)) THEN
        RETURN NEXT 'It has no key, columns, features, options or preparation.';
        RETURN;
    END IF;
    RETURN QUERY SELECT w.fault
      FROM (VALUES
        (1, 'The features of its model, its preparation and its run differ.',
            m.features = ARRAY(SELECT f.feature FROM unnest(features) f)
            AND m.features = ARRAY(SELECT f.feature FROM unnest(recipe.features) WITH ORDINALITY f WHERE f.ordinality <= n ORDER BY f.ordinality)
            AND NOT EXISTS (SELECT FROM unnest(recipe.features) WITH ORDINALITY f
                             WHERE (f.ordinality <= n) <> (f.weight > 0) IS NOT FALSE OR f.column_name IS NULL
                                OR f.column_name NOT IN (SELECT c.name FROM unnest(recipe.columns) c WHERE c.name IS NOT NULL))
            AND NOT EXISTS (SELECT FROM unnest(recipe.columns) c WHERE c.name IS NULL OR c.kind IS NULL OR (c.width > 0) IS NOT TRUE)
            AND NOT EXISTS (SELECT FROM unnest(m.columns) c WHERE c NOT IN (SELECT r.name FROM unnest(recipe.columns) r))),
        (2, 'A figure of its run is no number, or no count.',
            run.inertia BETWEEN 0 AND 1e308 AND run.rows_used >= 1 AND run.rows_skipped >= 0
            AND NOT EXISTS (SELECT FROM unnest(profiles) p WHERE (p.rows >= 0 AND p.border_rows BETWEEN 0 AND p.rows) IS NOT TRUE)
            AND NOT EXISTS (SELECT FROM unnest(features) f WHERE (f.imputed >= 0 AND f.clipped >= 0 AND f.center BETWEEN -1e308 AND 1e308 AND f.scale BETWEEN 0 AND 1e308) IS NOT TRUE)
            AND NOT EXISTS (SELECT FROM unnest(profiles) p, unnest(p.mean || p.p25 || p.median || p.p75 || p.stddev || p.min || p.max || p.distance_avg || p.margin_avg) v
                             WHERE v IN ('NaN', 'Infinity', '-Infinity'))
            AND NOT EXISTS (SELECT FROM unnest(features) f, unnest(ARRAY[f.fill, f.lower, f.upper, f.lambda, f.mean, f.median, f.stddev, f.min, f.max] || f.bin_cuts) v
                             WHERE v IN ('NaN', 'Infinity', '-Infinity'))),
        (3, format('Its profile has not %s figures of each segment.', n),
            NOT EXISTS (SELECT FROM unnest(profiles) p, LATERAL (VALUES (p.mean), (p.p25), (p.median), (p.p75), (p.stddev), (p.min), (p.max)) v (list)
                         WHERE NOT segment_internal.is_list(v.list, n))),
        (4, 'The segments of its profile, its centroids and its run differ, or their numbers are none.',
            segments = ARRAY(SELECT c.segment FROM unnest(centroids) c ORDER BY 1) AND cardinality(segments) = run.k
            AND segments[1] >= 1 AND segments[cardinality(segments)] <= coalesce(m.highest_segment, most) AND coalesce(m.highest_segment, 1) BETWEEN 1 AND most),
        (5, 'It has groups without columns to group by, or the other way round.', grouped = (cardinality(groups) > 0)),
        (6, 'Its groups have other segments than its profile.',
            NOT grouped OR segments = ARRAY(SELECT s FROM unnest(groups) g, unnest(g.segments) s ORDER BY 1)
                           AND NOT EXISTS (SELECT FROM unnest(groups) g WHERE NOT segment_internal.is_list(g.group_values, cardinality(segment_internal.group_by(m)))))
           ) w (place, fault, fine)
     WHERE w.fine IS NOT TRUE ORDER BY w.place;
    IF FOUND THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT 'Its compiled model has other columns, segments or coordinates than it says.'
      FROM (SELECT run.compiled, segments, 0 AS group_no WHERE NOT grouped
             UNION ALL
            SELECT g.compiled, ARRAY(SELECT s FROM unnest(g.segments) s ORDER BY 1), g.group_no FROM unnest(groups) g WHERE g.compiled IS NOT NULL) c
     CROSS JOIN LATERAL segment_internal.compiled_parts(c.compiled, m.name) p
     WHERE p.segments <> c.segments
        OR NOT p.columns <@ segment_internal.model_columns(m)
        OR NOT grouped AND (NOT p.columns @> segment_internal.model_columns(m)
                            OR p.coordinates IS DISTINCT FROM (SELECT sum(CASE WHEN f.encoding = 'vector' THEN c.width ELSE 1 END)
                                                   FROM unnest(features) f JOIN unnest(recipe.columns) c ON c.name = f.source_column)
                            OR EXISTS (SELECT FROM unnest(centroids) s
                                        WHERE NOT (segment_internal.is_list(s.scaled, p.coordinates) AND segment_internal.is_list(s.value, p.coordinates))))
     LIMIT 1;
END
$$;

COMMENT ON FUNCTION segment_internal.faults IS 'Internal: why an export is none; no rows: its parts fit each other.';

CREATE FUNCTION segment_internal.fill_assignment(m segment_internal.catalog_model, schema text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    recipe segment_internal.recipe := jsonb_populate_record(NULL::segment_internal.recipe, m.preparation);
    run    segment_internal.catalog_run := (SELECT r FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run = m.run);
BEGIN
    IF segment_internal.group_by(m) IS NOT NULL THEN
        PERFORM segment_internal.fit_groups(m, m.source, recipe, m.options, schema, m.assignment, refit => true, stability => 0, rescore => true);
    ELSE
        PERFORM segment_internal.engine(m.source, m.key, recipe, segment_internal.refit_options(m, NULL, false, 0), m.assignment, keep_constant => true,
                                        model => m.name, previous => run.compiled, warm_inertia => run.inertia, rescore => true);
    END IF;
    PERFORM segment_internal.add_key(m.assignment, m.source, m.key);
    EXECUTE format('ANALYZE %s', m.assignment);
END
$$;

COMMENT ON FUNCTION segment_internal.fill_assignment IS 'Internal: writes the segments of today''s rows, by the current run of a model, into its empty assignment table.';

CREATE FUNCTION segment_internal.import(exported jsonb, model text, source regclass, schema text) RETURNS @extschema@.segment_run
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    m         segment_internal.catalog_model;
    run       segment_internal.catalog_run;
    features  segment_internal.catalog_feature[];
    centroids segment_internal.catalog_centroid[];
    profiles  segment_internal.catalog_profile[];
    groups    segment_internal.catalog_group[];
    outputs   segment_internal.outputs;
    fresh     regclass;
    label     record;
    hint      constant text := 'Give what segment_export() returned, as it was.';
    fault     text;
BEGIN
    PERFORM segment_internal.check_writable('segment_import');
    IF exported IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'argument "exported" must not be NULL';
    ELSIF jsonb_typeof(exported) <> 'object' OR NOT exported ? 'segment_export' THEN
        RAISE invalid_parameter_value USING MESSAGE = 'argument "exported" is no export of a model', HINT = hint;
    ELSIF exported -> 'segment_export' <> '1' THEN
        RAISE feature_not_supported USING
            MESSAGE = format('the export has format %s, which segment %s does not know', exported -> 'segment_export', @extschema@.segment_version()),
            HINT = 'A later version of segment has made it: have that one here.';
    END IF;

    -- read
    BEGIN
        m := jsonb_populate_record(NULL::segment_internal.catalog_model, jsonb_build_object(
            'name', coalesce(model, exported #>> '{model,name}'), 'model_id', segment_internal.new_model_id(), 'run', 1, 'created_at', clock_timestamp(),
            'key', exported #> '{model,key}', 'columns', exported #> '{model,columns}', 'features', exported #> '{model,features}',
            'preparation', to_jsonb(jsonb_populate_record(NULL::segment_internal.recipe, exported #> '{model,preparation}')),
            'options', exported #> '{model,options}', 'highest_segment', exported #> '{model,highest_segment}',
            'binding', jsonb_build_object('schema', coalesce(exported #>> '{source,schema}', ''), 'name', coalesce(exported #>> '{source,name}', ''))));
        features := ARRAY(SELECT segment_internal.records(NULL::segment_internal.catalog_feature, exported -> 'features', m.model_id, 'feature_no'));
        centroids := ARRAY(SELECT segment_internal.records(NULL::segment_internal.catalog_centroid, exported -> 'centroids', m.model_id));
        profiles := ARRAY(SELECT segment_internal.records(NULL::segment_internal.catalog_profile, exported -> 'profile', m.model_id));
        groups := ARRAY(SELECT segment_internal.records(NULL::segment_internal.catalog_group, exported -> 'groups', m.model_id, 'group_no'));
        run := jsonb_populate_record(NULL::segment_internal.catalog_run, (exported -> 'run') || jsonb_build_object(
            'model_id', m.model_id, 'run', 1, 'options', '{}', 'preparation', m.preparation, 'binding', m.binding, 'rolled_back_to', NULL));
        fault := (SELECT f FROM segment_internal.faults(m, run, features, centroids, profiles, groups) f LIMIT 1);
        IF fault IS NULL THEN
            PERFORM segment_internal.check_options(m.options),
                    segment_internal.check_bisecting(m.options);
        END IF;
    EXCEPTION
        WHEN object_not_in_prerequisite_state THEN
            GET STACKED DIAGNOSTICS fault = PG_EXCEPTION_DETAIL;
            RAISE object_not_in_prerequisite_state USING MESSAGE = SQLERRM, DETAIL = fault,
                HINT = 'Have the same version of segment on both servers, refresh the model where it comes from, and export it again.';
        WHEN data_exception OR datatype_mismatch THEN
            fault := upper(left(SQLERRM, 1)) || substr(SQLERRM, 2) || '.';
    END;
    IF fault IS NOT NULL THEN
        RAISE invalid_parameter_value USING MESSAGE = 'argument "exported" is no export of a model', DETAIL = fault, HINT = hint;
    ELSIF coalesce(m.name, '') = '' THEN
        RAISE invalid_parameter_value USING MESSAGE = 'argument "model" is empty', HINT = 'Leave it out for the name that the model had.';
    ELSIF octet_length(m.name) > 1000 THEN
        RAISE name_too_long USING MESSAGE = 'argument "model" is longer than 1000 bytes';
    END IF;
    m.options := m.options || '{"history": false}';
    run.options := m.options;

    -- plan
    m.assignment_kind := CASE WHEN source IS NULL OR m.key = '{}' THEN 'none' ELSE coalesce(m.options ->> 'assignment', 'table') END;
    m.source := coalesce(source, 0::regclass);
    IF source IS NOT NULL THEN
        m := segment_internal.bind_to(m, source);
    END IF;
    run.binding := m.binding;
    schema := segment_internal.output_schema(source, schema);
    PERFORM segment_internal.reserve(schema, m.name, false, true);
    outputs := segment_internal.plan_outputs(m, NULL, schema);

    -- record, then write the assignment, for which the catalog has to know the model
    IF m.assignment_kind = 'table' THEN
        fresh := segment_internal.create_assignment(schema, outputs.assignment, m.name, source, m.key);
    END IF;
    m := segment_internal.place_outputs(m, NULL, segment_internal.model_columns(m), outputs, fresh);
    BEGIN
        PERFORM segment_internal.keep_run(m, run, features, centroids, profiles,
            ARRAY(SELECT segment_internal.records(NULL::segment_internal.catalog_candidate, exported -> 'candidates', m.model_id)),
            ARRAY(SELECT segment_internal.records(NULL::segment_internal.catalog_node, exported -> 'nodes', m.model_id)),
            groups,
            ARRAY(SELECT ROW(m.model_id, 1, row_number() OVER (ORDER BY e.segment), e.segment, e.segment, 'survived', NULL, NULL, NULL, e.own)::segment_internal.catalog_transition
                    FROM jsonb_to_recordset(exported -> 'profile') e (segment integer, own float8) WHERE e.own >= 0 AND e.own < 1));
    EXCEPTION WHEN integrity_constraint_violation OR data_exception THEN
        RAISE invalid_parameter_value USING
            MESSAGE = 'argument "exported" is no export of a model', DETAIL = upper(left(SQLERRM, 1)) || substr(SQLERRM, 2) || '.', HINT = hint;
    END;
    FOR label IN SELECT l.* FROM jsonb_to_recordset(exported -> 'labels') l (segment integer, label text, description text) WHERE l.label IS NOT NULL LOOP
        PERFORM segment_internal.label(m.model_id, label.segment, label.label, label.description);
    END LOOP;
    IF m.assignment_kind = 'table' THEN
        PERFORM segment_internal.fill_assignment(m, schema);
    ELSIF m.assignment_kind = 'view' THEN
        PERFORM segment_internal.check_key_rows(source, m.key);
    END IF;
    PERFORM segment_internal.tell(m, run.k, 'import');
    PERFORM segment_internal.phase(NULL);
    RETURN segment_internal.shown_run(m.profile, 1);
END
$$;

COMMENT ON FUNCTION segment_internal.import IS 'Internal: what segment_import does.';

CREATE FUNCTION @extschema@.segment_import(
    exported    jsonb,
    model       text     DEFAULT NULL,
    source      regclass DEFAULT NULL,
    into_schema text     DEFAULT NULL
) RETURNS @extschema@.segment_run
LANGUAGE sql VOLATILE
RETURN segment_internal.import($1, $2, $3, coalesce($4, CASE WHEN $3 IS NULL THEN current_schema() END));

COMMENT ON FUNCTION @extschema@.segment_import IS
'Makes a model of what segment_export() returned, here or on another server: it scores as that one, and has its figures, numbers, labels, options and recipe. The caller owns it. model: its name; NULL: the one it had. source: a relation with the columns that it reads: the model is bound to it, and its rows get an assignment and members; NULL: rows are scored all the same, and segment_refresh(model, source => ...) binds it later. into_schema: of the relations; NULL: the source''s, else the first of the search path.';
