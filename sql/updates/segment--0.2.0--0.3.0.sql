\echo Use "ALTER EXTENSION segment UPDATE" to load this file. \quit
-- What 0.3.0 changes of 0.2.0's objects, in the order in which the install script has them. What is new or changed stands here
-- as it stands there, a function with CREATE OR REPLACE; its comment too. test/t/upgrade.t compares the two.
SET LOCAL search_path = pg_catalog, pg_temp;
SET LOCAL standard_conforming_strings = on;

-- A function that takes more arguments now is another one. What calls it by name finds that. A view or function of a user that names the
-- old one by its OID goes on with it, out of sight, until it is made anew. For this script alone.
CREATE FUNCTION segment_internal.retire(function regprocedure) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    dependents text := (SELECT string_agg(DISTINCT pg_describe_object(CASE WHEN r.oid IS NULL THEN d.classid ELSE 'pg_class'::regclass END, coalesce(r.ev_class, d.objid), 0), ', ')
                          FROM pg_depend d
                          LEFT JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
                         WHERE d.refclassid = 'pg_proc'::regclass AND d.refobjid = function AND d.deptype = 'n');
BEGIN
    IF dependents IS NULL THEN
        EXECUTE format('DROP FUNCTION %s', function);
        RETURN;
    END IF;
    RAISE WARNING '% is bound to the arguments that % had', dependents, function USING
        DETAIL = 'It goes on with a function of these in the schema segment_internal, which a database made from a dump will not have.',
        HINT = 'Make it anew, as it was written, when the update is done.';
    EXECUTE format('ALTER FUNCTION %s SET SCHEMA segment_internal', function);
END
$$;

-- sql/catalog/keeper.sql

CREATE OR REPLACE FUNCTION segment_internal.keep_run_as_keeper(
    caller     oid,
    m          segment_internal.catalog_model,
    run        segment_internal.catalog_run,
    features   segment_internal.catalog_feature[],
    centroids  segment_internal.catalog_centroid[],
    profiles   segment_internal.catalog_profile[],
    candidates segment_internal.catalog_candidate[],
    nodes      segment_internal.catalog_node[],
    groups     segment_internal.catalog_group[],
    transitions segment_internal.catalog_transition[]
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    old segment_internal.catalog_model;
BEGIN
    PERFORM segment_internal.check_owner(caller, m);
    SELECT c.* INTO old FROM segment_internal.catalog_model c WHERE c.model_id = m.model_id;
    IF FOUND THEN
        PERFORM segment_internal.check_owner(caller, old);
    END IF;
    IF m.run IS DISTINCT FROM coalesce(old.run, 0) + 1 OR cardinality(centroids) <> run.k
       OR (SELECT count(*) FROM unnest(profiles) u WHERE u.segment <> 0) <> run.k
       OR cardinality(nodes) NOT IN (0, 2 * run.k::bigint - 1)
       OR EXISTS (SELECT run.model_id, run.run UNION ALL SELECT u.model_id, u.run FROM unnest(features) u
                   UNION ALL SELECT u.model_id, u.run FROM unnest(centroids) u
                   UNION ALL SELECT u.model_id, u.run FROM unnest(profiles) u
                   UNION ALL SELECT u.model_id, u.run FROM unnest(candidates) u
                   UNION ALL SELECT u.model_id, u.run FROM unnest(nodes) u
                   UNION ALL SELECT u.model_id, u.run FROM unnest(groups) u
                   UNION ALL SELECT u.model_id, u.run FROM unnest(transitions) u
                  EXCEPT SELECT m.model_id, m.run) THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('what is to be recorded is no run of model "%s"', m.name);
    END IF;

    m.highest_segment := greatest(CASE WHEN old.model_id IS NULL THEN m.highest_segment ELSE old.highest_segment END, (SELECT max(u.segment) FROM unnest(profiles) u));
    IF old.model_id IS NULL THEN
        INSERT INTO segment_internal.catalog_model SELECT m.*;
    ELSE
        UPDATE segment_internal.catalog_model c
           SET (source, key, columns, features, preparation, options, run, profile, assignment, members, assignment_kind, binding, changes, changes_from, highest_segment)
             = (m.source, m.key, m.columns, m.features, m.preparation, m.options, m.run, m.profile, m.assignment, m.members, m.assignment_kind, m.binding, m.changes, m.changes_from, m.highest_segment)
         WHERE c.model_id = m.model_id;
    END IF;
    INSERT INTO segment_internal.catalog_run SELECT run.*;
    INSERT INTO segment_internal.catalog_feature SELECT u.* FROM unnest(features) u;
    INSERT INTO segment_internal.catalog_centroid SELECT u.* FROM unnest(centroids) u;
    INSERT INTO segment_internal.catalog_profile SELECT u.* FROM unnest(profiles) u;
    INSERT INTO segment_internal.catalog_candidate SELECT u.* FROM unnest(candidates) u;
    INSERT INTO segment_internal.catalog_node SELECT u.* FROM unnest(nodes) u;
    INSERT INTO segment_internal.catalog_group SELECT u.* FROM unnest(groups) u;
    INSERT INTO segment_internal.catalog_transition SELECT u.* FROM unnest(transitions) u;
    INSERT INTO segment_internal.catalog_status (model_id, changes)
    VALUES (m.model_id, segment_internal.changes(m.source))
    ON CONFLICT ON CONSTRAINT catalog_status_pkey DO UPDATE SET changes = excluded.changes;
END
$$;

COMMENT ON FUNCTION segment_internal.keep_run_as_keeper IS 'Internal: keep_run for this caller.';

-- sql/plan/choice.sql

CREATE OR REPLACE FUNCTION segment_internal.words(name text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    word   text;
    result text;
BEGIN
    FOREACH word IN ARRAY string_to_array(btrim(regexp_replace(regexp_replace(regexp_replace(name COLLATE "C",
        '([a-z0-9])([A-Z])', '\1 \2', 'g'), '([A-Z])([A-Z][a-z])', '\1 \2', 'g'), '[\s_\x01-\x1f\x7f]+', ' ', 'g')), ' ')
    LOOP
        result := coalesce(result || ' ', '') || CASE WHEN word COLLATE "C" ~ '^[A-Z0-9]{2,}$' THEN word ELSE lower(word COLLATE "C") END;
    END LOOP;
    RETURN coalesce(result, '');
END
$$;

-- sql/fit/binding.sql

CREATE OR REPLACE FUNCTION segment_internal.source_of(m segment_internal.catalog_model, given_hint text DEFAULT NULL) RETURNS regclass
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    hint  text := coalesce(given_hint,
        CASE WHEN segment_internal.renamed_columns(m) <> '{}' THEN format('It has another name now: SELECT segment_refresh(%L) follows it.', segment_internal.qualified(m)) END,
        'Restore it, or fit the model anew with segment_kmeans(..., replace => true).');
    wrong record;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = m.source) THEN
        RAISE undefined_table USING
            MESSAGE = format(CASE m.source WHEN 0::regclass THEN 'model "%s" was imported without a source' ELSE 'the source of model "%s" no longer exists' END, m.name),
            HINT = format('Bind the model to %s: SELECT segment_refresh(%L, source => ''...'').',
                          CASE m.source WHEN 0::regclass THEN 'a relation with the columns ' || segment_internal.identifiers(segment_internal.read_columns(m))
                                        ELSE 'another relation' END, segment_internal.qualified(m));
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
    -- where the source is another one, they are made anew
    IF given_hint IS NULL AND m.assignment_kind <> 'none' AND NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = m.assignment) THEN
        RAISE undefined_table USING
            MESSAGE = format('the assignment of model "%s" no longer exists', m.name),
            HINT = 'Fit the model anew with segment_kmeans(..., replace => true).';
    END IF;
    RETURN m.source;
END
$$;

COMMENT ON FUNCTION segment_internal.source_of IS
'Internal: the source of a model, which must have what the model was fitted on.';

-- sql/use/drop.sql

CREATE OR REPLACE FUNCTION segment_internal.keep_output(m segment_internal.catalog_model) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off AS $$
DECLARE
    members text := (SELECT pg_get_viewdef(c.oid) FROM pg_class c WHERE c.oid = m.members);
    labels  text := format('(SELECT %1$L::regclass AS profile, %2$s::bigint AS model_id, s.segment, s.label FROM %1$s s) p', m.profile, m.model_id);
    others  text := (SELECT string_agg(DISTINCT r.ev_class::regclass::text, ', ')
                       FROM pg_class c
                       JOIN pg_depend p ON p.refclassid = 'pg_class'::regclass AND p.refobjid = c.oid AND p.classid = 'pg_rewrite'::regclass
                       JOIN pg_rewrite r ON r.oid = p.objid AND r.ev_class <> c.oid AND r.ev_class IS DISTINCT FROM m.members
                      WHERE c.oid IN (m.profile, m.assignment) AND c.relkind = 'v');
BEGIN
    IF others <> '' THEN
        RAISE dependent_objects_still_exist USING
            MESSAGE = format('views of model "%s" cannot become tables because other views depend on them', m.name),
            DETAIL = format('They are %s.', others),
            HINT = 'Drop these first, and create them again afterwards.';
    END IF;

    PERFORM segment_internal.freeze(c.oid)
       FROM pg_class c
      WHERE c.oid IN (m.profile, m.assignment) AND c.relkind = 'v';

    -- the same query now finds the tables, and the labels in the profile; names and texts, which are quoted, stay as they are
    IF members IS NOT NULL THEN
        PERFORM segment_internal.create_view(format('CREATE OR REPLACE VIEW %s AS %s', m.members,
            regexp_replace(members, '^((?:[^"'']|"[^"]*"|''[^'']*'')*) JOIN segment_internal[.]catalog_shown p ON ',
                           format('\1 JOIN %s ON ', replace(labels, '\', '\\')))));
    END IF;
    EXECUTE format('DROP VIEW %s', m.profile);
    IF m.assignment_kind = 'view' THEN
        EXECUTE format('DROP VIEW IF EXISTS %s', m.assignment);
    END IF;
END
$$;

-- sql/use/models.sql

CREATE OR REPLACE VIEW @extschema@.segment_runs WITH (security_invoker) AS
SELECT m.name AS model,
       r.run,
       m.source,
       r.k,
       r.k_reason,
       r.rows_read,
       r.rows_used,
       r.rows_skipped,
       f.features,
       r.iterations,
       r.converged,
       r.inertia,
       r.silhouette,
       r.explained,
       r.davies_bouldin,
       r.calinski_harabasz,
       m.assignment,
       m.profile,
       m.members,
       r.started_at,
       r.elapsed,
       r.clear_groups,
       m.changes,
       jsonb_strip_nulls(r.options) || jsonb_build_object('source', quote_ident(r.binding ->> 'schema') || '.' || quote_ident(r.binding ->> 'name')) AS options
  FROM segment_internal.catalog_live l
  JOIN segment_internal.catalog_model m ON m.model_id = l.model_id
  JOIN segment_internal.catalog_run r ON r.model_id = m.model_id
 CROSS JOIN LATERAL (SELECT array_agg(f.source_column ORDER BY f.feature_no) AS features
                       FROM (SELECT f.source_column, min(f.feature_no) AS feature_no
                               FROM segment_internal.catalog_feature f
                              WHERE f.model_id = r.model_id AND f.run = r.run
                              GROUP BY f.source_column) f) f;
CREATE FUNCTION @extschema@.segment_version() RETURNS text
LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'segment_version';

COMMENT ON FUNCTION @extschema@.segment_version IS
'The version of the library that this session has loaded; that of the SQL objects is extversion in pg_extension, which ALTER EXTENSION segment UPDATE brings up to it.';

-- sql/use/move.sql
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

-- sql/live/status.sql

CREATE OR REPLACE FUNCTION segment_internal.next_step(
    model text, source regclass, owned boolean, refreshed_at timestamptz, rows bigint, changed bigint, status segment_internal.catalog_status
) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE
        WHEN source = 0::regclass THEN NULL     -- imported without one
        WHEN NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = source) THEN 'its source is gone: fit it on another relation, or drop it'
        WHEN NOT owned THEN NULL
        WHEN status.error_at > refreshed_at THEN format('it failed: put that right, then SELECT segment_refresh(%L)', model)
        WHEN status.drift_at > refreshed_at AND status.drift_verdict <> 'stable' THEN format('it has drifted: SELECT segment_refresh(%L)', model)
        WHEN changed > 0.1 * rows AND NOT coalesce(status.drift_at > refreshed_at, false) THEN format('many rows have changed: SELECT * FROM segment_drift(%L)', model) END;
$$;

COMMENT ON FUNCTION segment_internal.next_step IS 'Internal: what to do about a model; NULL: nothing.';

-- sql/live/schedule.sql

CREATE OR REPLACE FUNCTION segment_internal.models_to_refresh_job() RETURNS bigint[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM segment_internal.check_writable('segment_refresh_all');
    IF segment_internal.in_block() THEN
        RAISE active_sql_transaction USING
            MESSAGE = 'segment_refresh_all cannot run inside a transaction block',
            HINT = 'Call it by itself: it commits after each model.';
    END IF;
    RETURN ARRAY(SELECT l.model_id
                   FROM segment_internal.catalog_live l
                   JOIN segment_internal.catalog_model m ON m.model_id = l.model_id AND m.source <> 0::regclass     -- imported without one
                  WHERE pg_has_role(l.owner, 'USAGE')
                  ORDER BY l.schema COLLATE "C", l.name COLLATE "C", l.model_id);
END
$$;

COMMENT ON FUNCTION segment_internal.models_to_refresh_job IS 'Internal: what models_to_refresh does.';

-- sql/orders
DROP FUNCTION segment_internal.rfm_query(regclass, text, text, text, timestamptz, text[]);

SELECT segment_internal.retire('@extschema@.segment_rfm(regclass, text, text, text, timestamptz, text)');

DO $$
BEGIN
    IF to_regprocedure('segment_internal.segment_rfm(regclass, text, text, text, timestamptz, text)') IS NULL THEN
        DROP FUNCTION segment_internal.segment_rfm_job(regclass, text, text, text, timestamptz, text);
    ELSE
        CREATE OR REPLACE FUNCTION segment_internal.segment_rfm_job(
            orders regclass, customer text, ordered_at text, amount text, as_of timestamptz DEFAULT NULL, into_view text DEFAULT NULL
        ) RETURNS regclass
        LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS
        'BEGIN RETURN @extschema@.segment_rfm($1, $2, $3, $4, $5, $6, bins => NULL); END';
    END IF;
END
$$;

-- sql/orders/scores.sql
-- Scores of recency, frequency and monetary value: by quantiles or by cut-offs of one's own, and the names of their cells.

CREATE FUNCTION segment_internal.rfm_bins(bins integer, cut_offs jsonb, segment_names text[], time_window interval, frequency_by text) RETURNS integer
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    figures constant text[] := '{recency_days, frequency, monetary}';
    -- nearly always one list of cut-offs says how many bins there are
    wanted  integer := coalesce(bins, 1 + (SELECT min(jsonb_array_length(c.value)) FROM jsonb_each(CASE jsonb_typeof(cut_offs) WHEN 'object' THEN cut_offs END) c
                                            WHERE jsonb_typeof(c.value) = 'array'), 5);
    wrong   record;
BEGIN
    PERFORM segment_internal.check_choice('argument "frequency_by"', frequency_by, '{order, day}');
    IF bins NOT BETWEEN 3 AND 10 THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('argument "bins" is %s', bins), HINT = 'It must be from 3, terciles, to 10, deciles.';
    ELSIF cut_offs IS NOT NULL AND (jsonb_typeof(cut_offs) <> 'object' OR wanted NOT BETWEEN 3 AND 10) THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('argument "cut_offs" is %s', cut_offs),
            HINT = 'It is an object with lists of 2 to 9 numbers, as in ''{"recency_days": [30, 90, 365], "monetary": [50, 200, 1000]}''.';
    ELSIF (time_window > '0' AND isfinite(now() - time_window)) IS FALSE THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('argument "time_window" is %s', time_window), HINT = 'It must be above 0, as in ''2 years''.';
    END IF;
    SELECT c.key, c.value, CASE
               WHEN c.key <> ALL (figures) THEN format('unrecognized figure "%s" in argument "cut_offs"', c.key)
               ELSE format('cut-offs of "%s" are %s, not %s numbers in ascending order', c.key, c.value, wanted - 1) END AS message,
           CASE WHEN c.key <> ALL (figures) THEN 'Use recency_days, frequency and monetary.'
                ELSE format('Between %s scores there are %s cut-offs; a figure that equals one is below it.', wanted, wanted - 1) END AS hint
      INTO wrong
      FROM jsonb_each(coalesce(cut_offs, '{}')) c
     WHERE c.key <> ALL (figures) OR jsonb_typeof(c.value) <> 'array' OR jsonb_array_length(c.value) <> wanted - 1
        OR EXISTS (SELECT FROM (SELECT v.value, jsonb_typeof(v.value) AS type, lag(v.value) OVER (ORDER BY v.ordinality) AS before
                                  FROM jsonb_array_elements(c.value) WITH ORDINALITY v) v WHERE v.type <> 'number' OR v.value <= v.before)
     ORDER BY c.key LIMIT 1;
    IF FOUND THEN
        RAISE invalid_parameter_value USING MESSAGE = wrong.message, HINT = wrong.hint;
    ELSIF segment_names IS NOT NULL AND (array_dims(segment_names) IS DISTINCT FROM format('[1:%1$s][1:%1$s]', wanted) OR array_position(ARRAY(SELECT unnest(segment_names)), NULL) IS NOT NULL) THEN
        RAISE array_subscript_error USING
            MESSAGE = format('argument "segment_names" has not %s rows of %s names', wanted, wanted),
            HINT = 'A row a score of recency, from 1, the longest ago; in it a name a score of frequency, from 1, the rarest.';
    END IF;
    RETURN wanted;
END
$$;

COMMENT ON FUNCTION segment_internal.rfm_bins IS 'Internal: how many scores there are by the arguments of segment_rfm; raises unless these fit each other.';

CREATE FUNCTION segment_internal.rfm_score(figure text, bins integer, cut_offs jsonb) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    -- the fewer days, the better
    SELECT CASE figure WHEN 'recency_days' THEN (bins + 1) || ' - ' ELSE '' END
        || coalesce((SELECT '(1 + ' || string_agg(format('(%s > %s)::integer', figure, c.value), ' + ' ORDER BY c.ordinality) || ')'
                       FROM jsonb_array_elements(cut_offs -> figure) WITH ORDINALITY c),
                    format('greatest(1, ceil(%s * percent_rank() OVER (ORDER BY %s)))::integer', bins, figure));
$$;

COMMENT ON FUNCTION segment_internal.rfm_score IS 'Internal: the score of a figure in SQL, 1 to bins: how many cut-offs it is above, or of how many equal parts of the customers.';

CREATE FUNCTION segment_internal.rfm_names(bins integer, segment_names text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH customary (names) AS (VALUES ('
        {{Hibernating,    Hibernating,         At risk,             At risk,   "Can''t lose them"},
         {Hibernating,    Hibernating,         At risk,             At risk,   "Can''t lose them"},
         {About to sleep, About to sleep,      Needs attention,     Loyal,     Loyal},
         {Promising,      Potential loyalists, Potential loyalists, Loyal,     Loyal},
         {New customers,  Potential loyalists, Potential loyalists, Champions, Champions}}'::text[])
    ), place AS (   -- of a score among five
        SELECT score, 1 + round((score - 1) * 4.0 / (bins - 1))::integer AS fifth FROM generate_series(1, bins) score
    )
    SELECT coalesce(segment_names, (SELECT array_agg(r.names ORDER BY r.score)
                                      FROM (SELECT r.score, array_agg(c.names[r.fifth][f.fifth] ORDER BY f.score) AS names
                                              FROM customary c, place r, place f GROUP BY r.score) r));
$$;

COMMENT ON FUNCTION segment_internal.rfm_names IS
'Internal: the names of the cells of recency and frequency scores, as given, or those that are customary for five, each score in the place that it has among these.';

-- sql/orders/rfm.sql

CREATE OR REPLACE FUNCTION segment_internal.rfm_query(
    orders regclass, customer text, ordered_at text, amount text, as_of timestamptz, own text[],
    bins integer, cut_offs jsonb, segment_names text[], time_window interval, frequency_by text
) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    types     regtype[] := ARRAY(SELECT c.base_type
                                   FROM unnest(ARRAY[ordered_at, amount]) WITH ORDINALITY u (name, n)
                                   JOIN segment_internal.columns(orders) c ON c.column_name = u.name
                                  ORDER BY u.n);
    -- as_of as a constant of the column's type, in the time zone of this session
    constant  text := quote_literal(CASE types[1] WHEN 'date'::regtype THEN as_of::date::text
                                                  WHEN 'timestamp'::regtype THEN as_of::timestamp::text
                                                  ELSE as_of::text END) || format('::%s', types[1]);
    latest    text := coalesce(constant, CASE types[1] WHEN 'date'::regtype THEN 'CURRENT_DATE'
                                                       WHEN 'timestamp'::regtype THEN 'LOCALTIMESTAMP'
                                                       ELSE 'now()' END);
    reference text := coalesce(constant, 'max(last_order) OVER ()');
    days      text := CASE types[1] WHEN 'date'::regtype THEN '%s - %s' ELSE 'extract(day FROM %s - %s)::integer' END;
    -- real as numeric has six digits only
    number    text := CASE types[2] WHEN 'money'::regtype THEN '%I::numeric'
                                    WHEN 'real'::regtype THEN '%I::float8'
                                    ELSE '%I' END;
    known     text := CASE WHEN types[2] IN ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype)
                           THEN 'amount IS NOT NULL' ELSE 'amount > ''-Infinity'' AND amount < ''Infinity''' END;
    condition text := format('customer IS NOT NULL AND ordered_at > ''-infinity'' AND ordered_at <= %s AND %s', latest, known);
    -- the day where this session is
    day       text := CASE types[1] WHEN 'date'::regtype THEN 'ordered_at' WHEN 'timestamp'::regtype THEN 'ordered_at::date'
                                    ELSE format('(ordered_at AT TIME ZONE %L)::date', current_setting('TimeZone')) END;
    by_day    boolean := frequency_by = 'day';
BEGIN
    IF time_window IS NOT NULL THEN
        condition := condition || format(' AND ordered_at > %s - %L::interval',
            coalesce(constant, format('(SELECT max(ordered_at) FROM orders WHERE %s AND amount > 0)', condition)), time_window);
    END IF;
    RETURN format($query$
        WITH orders AS NOT MATERIALIZED (
            SELECT %I AS customer, %I AS ordered_at, %s AS amount FROM %s
        ), customers AS (
            SELECT customer,
                   min(ordered_at) FILTER (WHERE amount > 0) AS first_order,
                   max(ordered_at) FILTER (WHERE amount > 0) AS last_order,
                   count(%s) FILTER (WHERE amount > 0) AS frequency,%s
                   sum(amount::numeric) AS monetary
              FROM orders
             WHERE %s
             GROUP BY customer
            HAVING count(*) FILTER (WHERE amount > 0) > 0
        ), figures AS (
            SELECT customer,
                   %s AS recency_days,
                   frequency,
                   monetary,
                   trim_scale(monetary / %s) AS average_order,
                   %s AS tenure_days
              FROM customers
        ), scores AS (
            SELECT *,
                   %s AS r_score,
                   %s AS f_score,
                   %s AS m_score
              FROM figures
        ), cells AS (
            SELECT *,
                   concat_ws(%L, r_score, f_score, m_score) AS rfm_score,
                   (%L::text[])[r_score][f_score] AS rfm_segment
              FROM scores
        )
        SELECT %s FROM cells
        $query$, customer, ordered_at, format(number, amount), orders, CASE WHEN by_day THEN 'DISTINCT ' || day ELSE '*' END,
        CASE WHEN by_day THEN ' count(*) FILTER (WHERE amount > 0) AS orders,' ELSE '' END, condition,
        format(days, reference, 'last_order'), CASE WHEN by_day THEN 'orders' ELSE 'frequency' END, format(days, reference, 'first_order'),
        segment_internal.rfm_score('recency_days', bins, cut_offs), segment_internal.rfm_score('frequency', bins, cut_offs),
        segment_internal.rfm_score('monetary', bins, cut_offs), CASE WHEN bins > 9 THEN '-' ELSE '' END, segment_internal.rfm_names(bins, segment_names),
        (SELECT string_agg(format('%I AS %I', u.inner_name, u.outer_name), ', ' ORDER BY u.n)
           FROM unnest(ARRAY['customer'] || segment_internal.rfm_columns(), customer || own)
                WITH ORDINALITY u (inner_name, outer_name, n)));
END
$$;

COMMENT ON FUNCTION segment_internal.rfm_query IS
'Internal: the query of an RFM view; own are the names of its columns after the customer.';

CREATE OR REPLACE FUNCTION @extschema@.segment_rfm(
    orders     regclass,
    customer   text,
    ordered_at text,
    amount     text,
    as_of      timestamptz DEFAULT NULL,
    into_view  text        DEFAULT NULL,
    bins       integer     DEFAULT NULL,
    cut_offs   jsonb       DEFAULT NULL,
    segment_names text[]   DEFAULT NULL,
    time_window interval   DEFAULT NULL,
    frequency_by text      DEFAULT 'order'
) RETURNS regclass
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO' AS $$
DECLARE
    target record;
    own    text[];
    result regclass;
    until  text := coalesce(as_of::text, 'the newest order of all customers');
    scores integer;
    score  text;
BEGIN
    -- plan
    PERFORM segment_internal.check_writable('segment_rfm'),
            segment_internal.check_rfm(orders, customer, ordered_at, amount, as_of);
    scores := segment_internal.rfm_bins(bins, cut_offs, segment_names, time_window, frequency_by);
    score := CASE WHEN scores = 5 AND cut_offs IS NULL THEN 'Quintile of %s, 5: the %s.' ELSE format('Score of %%s, 1 to %s, %1$s: the %%s.', scores) END;
    EXECUTE segment_internal.query(orders, '{}', ARRAY[customer, ordered_at, amount]) || ' LIMIT 0';    -- may we read it?
    target := segment_internal.rfm_name(orders, into_view);
    own := segment_internal.own_names(target.name, segment_internal.rfm_columns(), ARRAY[customer]);

    -- create
    BEGIN
        EXECUTE format('CREATE %s VIEW %I.%I AS %s', CASE target.schema WHEN 'pg_temp' THEN 'TEMPORARY' END,
                       target.schema, target.name,
                       segment_internal.rfm_query(orders, customer, ordered_at, amount, as_of, own, scores, cut_offs, segment_names, time_window, frequency_by));
    EXCEPTION WHEN undefined_function THEN
        RAISE datatype_mismatch USING
            MESSAGE = format('column "%s" cannot tell customers apart: %s', customer, SQLERRM),
            HINT = 'Cast it to text in a view, and name that view.';
    END;
    result := format('%I.%I', target.schema, target.name);

    -- describe
    EXECUTE format('COMMENT ON VIEW %s IS %L', result,
                   format('Recency, frequency and monetary value of the customers of %s, as of %s, live%s.', orders,
                          coalesce(as_of::text, 'the newest order'), ', of the orders of the ' || time_window || ' before'));
    PERFORM segment_internal.comment_columns(result, customer || own, ARRAY[
        'The customer.',
        'Whole days from the last order to ' || until || '.',
        CASE frequency_by WHEN 'day' THEN 'Number of days with an order: a row with an amount above 0.' ELSE 'Number of orders: rows with an amount above 0.' END,
        'Sum of the amounts, less what was returned.',
        'The monetary value divided by the number of orders.',
        'Whole days from the first order to ' || until || '.',
        format(score, 'recency', 'most recent'),
        format(score, 'frequency', 'most frequent'),
        format(score, 'monetary value', 'highest'),
        format('The three scores in a row: %s is best.', array_to_string(array_fill(scores, '{3}'), CASE WHEN scores > 9 THEN '-' ELSE '' END)),
        'Name of the cell of recency and frequency scores.']);
    RETURN result;
END
$$;

COMMENT ON FUNCTION @extschema@.segment_rfm IS
'Creates a view with a row a customer over a relation of orders: recency, frequency and monetary value, their scores by quintile and the customary name of the cell. customer, ordered_at, amount: columns of orders. as_of: the day to count from, later orders are left out; NULL: the newest order when the view is read. into_view: name of the view; NULL: <orders>_rfm beside the orders. Negative amounts are returns. A source for segment_kmeans as it is. bins: scores of a figure, 3 (terciles) to 10 (deciles); NULL: 5, or as many as cut_offs have. cut_offs: of recency_days, frequency and monetary, in place of quantiles. segment_names: names of the cells, a row a score of recency from 1, in it a name a score of frequency. time_window: older orders do not count. frequency_by: order or day.';

-- sql/report/method.sql

CREATE OR REPLACE FUNCTION segment_internal.report_method(m segment_internal.catalog_model) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT segment_internal.folded_section('method', 'Method, recipe and quality', NULL, format(
               E'<p>K-means puts each customer into the segment whose middle (centroid) is nearest, by %1$s distance over %2$s features, which are prepared %8$s, '
               'so that none counts more for its unit. The number %3$s. %4$s; iterations: %5$s%6$s. '
               'Figures are of %7$s, and of that run, but for the map, the correlations, the typical customers and values, which are of today''s rows.</p>\n',
               segment_internal.html(r.options ->> 'distance'), (SELECT count(*) FROM segment_internal.catalog_feature f WHERE f.model_id = r.model_id AND f.run = r.run),
               CASE r.k_reason WHEN 'given' THEN format('of segments, %s, was given', r.k) ELSE format('of segments is %s: %s', r.k, segment_internal.html(r.k_reason)) END,
               format(CASE r.options ->> 'algorithm' WHEN 'bisecting' THEN 'The segments are the leaves of a tree, in which each split is the best of %s' ELSE 'The best of %s was kept' END,
                      coalesce(segment_internal.html(r.options ->> 'n_init') || ' starts', 'as many starts as it took')), r.iterations, CASE WHEN r.converged THEN '' ELSE ', which is all that were allowed' END,
               to_char(r.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'),
               CASE WHEN segment_internal.group_by($1) IS NULL THEN 'as the recipe below says' ELSE 'in each group by its own rows' END)
           || (SELECT format(E'<div class="charts">\n%s%s</div>\n',
                             segment_internal.table('Rows', t.heads, string_agg(
                                 segment_internal.row(t.heads, ARRAY[t.name, t.value]), '' ORDER BY t.n) FILTER (WHERE t.n <= 3)),
                             segment_internal.table('Quality', t.heads, string_agg(
                                 segment_internal.row(t.heads, ARRAY[t.name, t.value]), '' ORDER BY t.n) FILTER (WHERE t.n > 3 AND t.value IS NOT NULL)))
                 FROM (SELECT v.*, '{What,#Figure}'::text[] AS heads
                         FROM (VALUES (1, 'Read', segment_internal.count(r.rows_read)), (2, 'Left out', segment_internal.count(r.rows_skipped)),
                                      (3, 'Used', segment_internal.count(r.rows_used)), (4, 'Inertia', segment_internal.tick(r.inertia)),
                                      (5, 'Explained', segment_internal.percent(r.explained)), (6, 'Silhouette (simplified)', round(r.silhouette::numeric, 3)::text),
                                      (7, 'Davies-Bouldin (lower is better)', round(r.davies_bouldin::numeric, 2)::text),
                                      (8, 'Calinski-Harabasz (higher is better)', segment_internal.tick(r.calinski_harabasz))) v (n, name, value)) t
                GROUP BY t.heads)
           || coalesce((SELECT segment_internal.table('Recipe: how each feature is prepared', f.heads, string_agg(segment_internal.row(f.heads, ARRAY[
                          segment_internal.html(segment_internal.shorten(f.feature)),
                          segment_internal.html(f.missing) || coalesce(' ' || segment_internal.tick(CASE WHEN f.imputed > 0 THEN f.fill END), ''),
                          segment_internal.count(f.imputed), segment_internal.html(f.outliers), segment_internal.count(f.clipped),
                          segment_internal.html(f.transform), segment_internal.html(f.scaling),
                          segment_internal.tick(f.center), segment_internal.tick(f.scale), segment_internal.tick(f.weight)]),
                          '' ORDER BY f.feature_no), 'recipe')
                 FROM (SELECT f.*, '{Feature,Missing,#Filled,Outliers,#Clipped,Transform,Scaling,#Center,#Scale,#Weight}'::text[] AS heads
                         FROM segment_internal.catalog_feature f
                        WHERE f.model_id = r.model_id AND f.run = r.run AND segment_internal.group_by($1) IS NULL) f
                GROUP BY f.heads), '')
           || CASE WHEN EXISTS (SELECT FROM pg_class c WHERE c.oid = $1.source) THEN
              format(E'<h3>Make it again</h3>\n<p>In the database, where there is no model of this name, by a role that may read the source:</p>\n<pre dir="ltr"><code>%s;</code></pre>\n<p>%sThe same rows give the same segments, bit for bit.</p>\n',
                     segment_internal.html(segment_internal.call($1)),
                     CASE WHEN r.run > 1 THEN segment_internal.html(format('That was the first run; this is run %s, by segment_refresh(%L%s). ', r.run, $1.name,
                                                  CASE r.k_reason WHEN 'given' THEN format(', k => %s', r.k) ELSE '' END)) ELSE '' END)
              ELSE format(E'<p>%s</p>\n', CASE WHEN $1.source = 0::regclass THEN 'The model was imported without its source.' ELSE 'The source no longer exists.' END) END)
      FROM segment_internal.catalog_run r
     WHERE r.model_id = $1.model_id AND r.run = $1.run;
$$;

COMMENT ON FUNCTION segment_internal.report_method IS 'Internal: the section that tells how the model was made, as HTML.';

DROP FUNCTION segment_internal.retire;

CREATE OR REPLACE FUNCTION segment_internal.rename_primary_key(relation regclass, name text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    key pg_constraint;
BEGIN
    SELECT c.* INTO key FROM pg_constraint c WHERE c.conrelid = relation AND c.contype = 'p';
    IF FOUND THEN
        -- its index, and it with that: Citus renames no constraint
        EXECUTE format('ALTER INDEX %s RENAME TO %I', key.conindid::regclass, segment_internal.unique_name(
            name, '_pkey', ARRAY(SELECT r.relname::text FROM pg_class r WHERE r.relnamespace = key.connamespace)));
    END IF;
END
$$;

-- The rest is as in 0.3.0's sql/entries.sql and sql/rights.sql: functions that are new here become C code as those before.
DO $$
DECLARE
    entry record;
BEGIN
    FOR entry IN
        WITH RECURSIVE reached AS (
            SELECT p.oid
              FROM pg_proc p
              JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
              JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND e.extname = 'segment'
             WHERE p.pronamespace <> 'segment_internal'::regnamespace AND p.prokind <> 'p'     -- only PL/pgSQL can commit
             UNION
            SELECT f.oid
              FROM reached r
              JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_proc'::regclass
              JOIN pg_proc f ON f.oid = d.refobjid AND f.pronamespace = 'segment_internal'::regnamespace
        )
        SELECT p.oid, p.oid::regprocedure::text AS signature, n.nspname AS schema, p.proname AS name, p.proisstrict AS is_strict, p.provolatile AS volatility,
               p.proparallel AS parallel, obj_description(p.oid, 'pg_proc') AS comment
          FROM reached r
          JOIN pg_proc p ON p.oid = r.oid
          JOIN pg_namespace n ON n.oid = p.pronamespace
          JOIN pg_language l ON l.oid = p.prolang AND l.lanname = 'plpgsql'
         WHERE NOT (p.provolatile = 'i' AND p.prorettype <> 'void'::regtype)
    LOOP
        EXECUTE replace(pg_get_functiondef(entry.oid), format('FUNCTION %I.%I(', entry.schema, entry.name),
                        format('FUNCTION segment_internal.%I(', entry.name || '_job'));
        EXECUTE format('COMMENT ON FUNCTION segment_internal.%I(%s) IS %L', entry.name || '_job',
                       pg_get_function_identity_arguments(entry.oid), format('Internal: what %s does.', entry.signature));
        EXECUTE format('CREATE OR REPLACE FUNCTION %I.%I(%s) RETURNS %s LANGUAGE c %s %s %s AS %L, %L',
                       entry.schema, entry.name, pg_get_function_arguments(entry.oid), pg_get_function_result(entry.oid),
                       CASE entry.volatility WHEN 'v' THEN 'VOLATILE' WHEN 's' THEN 'STABLE' ELSE 'IMMUTABLE' END,
                       CASE entry.parallel WHEN 's' THEN 'PARALLEL SAFE' WHEN 'r' THEN 'PARALLEL RESTRICTED' ELSE 'PARALLEL UNSAFE' END,
                       CASE WHEN entry.is_strict THEN 'STRICT' END, 'MODULE_PATHNAME', 'segment_internal_job');
    END LOOP;
END
$$;
DO $$
DECLARE
    function regprocedure;
BEGIN
    FOR function IN SELECT p.oid FROM pg_proc p
                     WHERE p.pronamespace = 'segment_internal'::regnamespace
                       AND (p.proname ~ '_as_keeper$' OR p.proname IN ('role_of', 'may_select', 'delete_models')
                            OR p.proname ~ '^scan_')
    LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', function);
    END LOOP;
END
$$;

-- sql/catalog/views.sql

CREATE OR REPLACE VIEW segment_internal.catalog_shown WITH (security_barrier) AS
SELECT m.profile,
       p.segment,
       coalesce(l.label, p.label, 'Segment ' || p.segment) AS label,
       m.model_id
  FROM segment_internal.catalog_model m
  JOIN segment_internal.catalog_profile p ON p.model_id = m.model_id AND p.run = m.run
  LEFT JOIN segment_internal.catalog_label l ON l.model_id = m.model_id AND l.segment = p.segment
 WHERE segment_internal.owns(m.profile) OR segment_internal.reads(m.profile, m.members, m.assignment, m.live);

COMMENT ON COLUMN segment_internal.catalog_shown.model_id IS 'The model, for views over tables of Citus.';

-- sql/engine/shards.sql

CREATE TABLE segment_internal.shared_key (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    key      bytea NOT NULL CHECK (length(key) = 32)
);

COMMENT ON TABLE segment_internal.shared_key IS
'The secret key that the nodes of a Citus cluster share: with it the engine knows that a message comes from the engine on another node. Only a superuser may read it, and dumps leave it out.';
COMMENT ON COLUMN segment_internal.shared_key.only_one IS 'There is one row.';
COMMENT ON COLUMN segment_internal.shared_key.key IS 'The key of HMAC-SHA256, 32 random bytes.';

CREATE FUNCTION segment_internal.part_row(part bytea, VARIADIC columns "any") RETURNS bytea
LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_part_row';

COMMENT ON FUNCTION segment_internal.part_row IS 'Internal: the columns of a row as segment_internal.shard_pass takes them.';

CREATE FUNCTION segment_internal.is_sampled(seed bigint, threshold bigint, VARIADIC key "any") RETURNS boolean
LANGUAGE c STABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'segment_is_sampled';

COMMENT ON FUNCTION segment_internal.is_sampled IS 'Internal: whether a row is in a random sample, by a hash of its key.';

CREATE FUNCTION segment_internal.part_accum(state bytea, part_row bytea) RETURNS bytea
LANGUAGE c STABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'segment_scan_part_accum';

COMMENT ON FUNCTION segment_internal.part_accum IS 'Internal: transition function of segment_internal.shard_pass.';

CREATE FUNCTION segment_internal.part_combine(state bytea, other bytea) RETURNS bytea
LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_scan_part_combine';

COMMENT ON FUNCTION segment_internal.part_combine IS 'Internal: combine function of segment_internal.shard_pass.';

CREATE FUNCTION segment_internal.part_final(state bytea) RETURNS bytea
LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_scan_part_final';

COMMENT ON FUNCTION segment_internal.part_final IS 'Internal: final function of segment_internal.shard_pass.';

CREATE AGGREGATE segment_internal.shard_pass(part_row bytea) (
	SFUNC = segment_internal.part_accum,
	STYPE = bytea,
	SSPACE = 1000000,
	FINALFUNC = segment_internal.part_final,
	COMBINEFUNC = segment_internal.part_combine,
	PARALLEL = SAFE
);

COMMENT ON AGGREGATE segment_internal.shard_pass(bytea) IS
'Internal: a pass of the engine over the rows of a query, where these are; the leader takes what each part has found.';

CREATE FUNCTION segment_internal.share_key() RETURNS integer
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_job';

COMMENT ON FUNCTION segment_internal.share_key IS 'Internal: what segment_share_key() calls.';

CREATE FUNCTION segment_internal.share_key_job() RETURNS integer
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    statement text := format('INSERT INTO segment_internal.shared_key (key) VALUES (%L) ON CONFLICT (only_one) DO UPDATE SET key = EXCLUDED.key',
                             sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));
    failed    text;
    nodes     integer := 0;
BEGIN
    IF NOT has_table_privilege('segment_internal.shared_key', 'INSERT') THEN
        RAISE insufficient_privilege USING
            MESSAGE = 'permission denied to share a key between nodes', HINT = 'Ask a superuser: SELECT segment_share_key().';
    END IF;
    EXECUTE statement;
    IF EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relname = 'pg_dist_node') THEN
        EXECUTE 'SELECT count(*), min(format(''%s:%s: %s'', r.nodename, r.nodeport, r.result)) FILTER (WHERE NOT r.success) FROM run_command_on_workers($1) r'
           INTO nodes, failed USING statement;
        IF failed IS NOT NULL THEN
            RAISE object_not_in_prerequisite_state USING
                MESSAGE = 'a node did not take the key',
                DETAIL = failed,
                HINT = 'Install the extension in the same version there: CREATE EXTENSION segment.';
        END IF;
    END IF;
    RETURN nodes;
END
$$;

COMMENT ON FUNCTION segment_internal.share_key_job IS 'Internal: the job of segment_share_key.';

CREATE FUNCTION @extschema@.segment_share_key() RETURNS integer
LANGUAGE sql VOLATILE
RETURN segment_internal.share_key();

COMMENT ON FUNCTION @extschema@.segment_share_key IS
'Gives all nodes of a Citus cluster a new key in common, and returns how many there are beside this one. With it fits of tables larger than segment.work_mem run their passes on the shards; without it their rows come to the coordinator. Call it as a superuser, once, and again when a node has been added.';

-- sql/fit/distributed.sql

CREATE FUNCTION segment_internal.is_distributed(query text) RETURNS boolean
LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'segment_internal_is_distributed';

COMMENT ON FUNCTION segment_internal.is_distributed IS 'Internal: whether a query reads tables of Citus, directly or by views.';

CREATE FUNCTION segment_internal.distribution_column(relation regclass) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    result text;
BEGIN
    IF EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relname = 'pg_dist_partition') THEN
        EXECUTE 'SELECT column_to_column_name(d.logicalrelid, d.partkey) FROM pg_dist_partition d WHERE d.logicalrelid = $1 AND d.partmethod = ''h'''
           INTO result USING relation;
    END IF;
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.distribution_column IS 'Internal: the column by whose hash Citus distributes the rows of a table; NULL: it does not.';

CREATE FUNCTION segment_internal.create_view(statement text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    propagates text := current_setting('citus.enable_ddl_propagation', true);
BEGIN
    -- the catalog of models is on this node alone, so that on others a view would show nothing, and in the way of renames
    IF propagates IS NOT NULL THEN
        PERFORM set_config('citus.enable_ddl_propagation', 'off', true);
    END IF;
    EXECUTE statement;
    IF propagates IS NOT NULL THEN
        PERFORM set_config('citus.enable_ddl_propagation', propagates, true);
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.create_view IS 'Internal: makes a view of a model, on this node of a cluster alone.';

CREATE FUNCTION segment_internal.shown_of(m segment_internal.catalog_model) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    -- a relation has another OID on every node
    SELECT CASE WHEN segment_internal.is_distributed(format('SELECT FROM %s', $1.source)) THEN format('model_id = %s', $1.model_id)
                ELSE format('profile = %L::regclass', $1.profile) END;
$$;

COMMENT ON FUNCTION segment_internal.shown_of IS 'Internal: the condition by which a view finds the labels of a model in catalog_shown.';

CREATE FUNCTION segment_internal.distribute(assignment regclass, source regclass, key text[], recipe segment_internal.recipe) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    by_column text := segment_internal.distribution_column(source);
BEGIN
    -- rows are scored by a function call
    IF by_column IS NULL OR by_column <> ALL (key) OR cardinality(recipe.columns) >= current_setting('max_function_args')::integer
       OR (SELECT c.relpersistence = 't' FROM pg_class c WHERE c.oid = assignment) THEN
        RETURN false;
    END IF;
    IF (SELECT c.relpersistence = 'u' FROM pg_class c WHERE c.oid = assignment) THEN
        EXECUTE format('ALTER TABLE %s SET LOGGED', assignment);
    END IF;
    EXECUTE format('ALTER TABLE %s ADD PRIMARY KEY (%s)', assignment, segment_internal.identifiers(key));
    EXECUTE 'SELECT create_distributed_table($1, $2, colocate_with => $3)' USING assignment, by_column, source::text;
    RETURN true;
END
$$;

COMMENT ON FUNCTION segment_internal.distribute IS
'Internal: gives an empty assignment its primary key, and a shard beside each of its source''s, where that is distributed by a column of the key; false: it is not.';

CREATE FUNCTION segment_internal.fill_shards(assignment regclass, source regclass, key text[], fit segment_internal.fitted) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    written bigint;
    twice   text;
BEGIN
    PERFORM segment_internal.phase('writing');
    -- the planner of Citus sends what has no parameters and no volatile functions to the shards
    EXECUTE format('INSERT INTO %s (%s) SELECT %s, (s.a).segment, (s.a).distance, (s.a).second_segment, (s.a).margin '
                   'FROM (SELECT %s, segment_internal.assign(%L::bytea, %s) AS a FROM %s source) s WHERE (s.a).segment IS NOT NULL', assignment,
                   (SELECT string_agg(format('%I', c.column_name), ', ' ORDER BY c.column_no) FROM segment_internal.columns(assignment) c),
                   segment_internal.identifiers(ARRAY(SELECT 'k' || n FROM generate_series(1, cardinality(key)) n), 's.%I'),
                   (SELECT string_agg(format('source.%I AS %I', k, 'k' || n), ', ' ORDER BY n) FROM unnest(key) WITH ORDINALITY u (k, n)),
                   fit.compiled, segment_internal.identifiers(fit.columns, 'source.%I'), source);
    GET DIAGNOSTICS written = ROW_COUNT;
    IF written <> fit.rows_used THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = 'the rows of the source are not the same when they are read again',
            DETAIL = format('%s rows were used, and %s were scored.', fit.rows_used, written),
            HINT = 'Let nobody write to the source meanwhile: the nodes of Citus share no snapshot.';
    END IF;
EXCEPTION WHEN unique_violation THEN
    GET STACKED DIAGNOSTICS twice = PG_EXCEPTION_DETAIL;
    PERFORM segment_internal.raise_not_unique(source, key, twice);
END
$$;

COMMENT ON FUNCTION segment_internal.fill_shards IS 'Internal: scores the rows of a source where they are, into an assignment that distribute() has placed there.';

-- sql/fit/assignment.sql

CREATE FUNCTION segment_internal.scored(m segment_internal.catalog_model) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN CASE WHEN segment_internal.is_distributed(format('SELECT FROM %s', $1.source)) THEN 's' ELSE '(s.a)' END;

COMMENT ON FUNCTION segment_internal.scored IS 'Internal: how a view over scored_source() writes the score of a row.';

CREATE OR REPLACE FUNCTION segment_internal.scored_source(m segment_internal.catalog_model, columns text[], what text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    most integer := current_setting('max_function_args')::integer - 1;
BEGIN
    IF cardinality(columns) > most THEN
        RAISE feature_not_supported USING
            MESSAGE = format('%s takes at most %s feature columns, model "%s" has %s',
                             what, most, m.name, cardinality(columns)),
            HINT = 'Use assignment => ''table'', or name fewer features.';
    END IF;
    -- The planner dissolves a left join like this one: a row is scored where it is read, at most twice, in parallel plans as
    -- well, and a filter by key uses the index. A subquery that it has to keep would prevent both. The planner of Citus
    -- refuses such a join, but takes a function.
    RETURN format(CASE WHEN segment_internal.is_distributed(format('SELECT FROM %s', m.source)) THEN '%s source CROSS JOIN LATERAL %s s'
                       ELSE '%s source LEFT JOIN LATERAL (SELECT %s AS a) s ON true' END, m.source,
                  format('segment_internal.assign((SELECT c.compiled FROM segment_internal.catalog_compiled c WHERE c.model_id = %s), %s)',
                         m.model_id, segment_internal.identifiers(columns, 'source.%I')));
END
$$;

CREATE OR REPLACE FUNCTION segment_internal.assignment_query(m segment_internal.catalog_model, columns text[]) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own text[] := segment_internal.own_names(m.name, '{segment, distance, second_segment, margin}', m.key);
BEGIN
    RETURN format('SELECT %1$s, %7$s.segment AS %2$I, %7$s.distance AS %3$I, %7$s.second_segment AS %4$I, %7$s.margin AS %5$I '
                  'FROM %6$s WHERE %7$s.segment IS NOT NULL',
                  segment_internal.identifiers(m.key, 'source.%I'),
                  own[1], own[2], own[3], own[4], segment_internal.scored_source(m, columns, 'assignment => ''view'''), segment_internal.scored(m));
END
$$;

-- sql/fit/profile.sql

CREATE OR REPLACE FUNCTION segment_internal.create_profile(m segment_internal.catalog_model, schema text, name text) RETURNS regclass
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own      constant text[] := '{segment, label, rows, share, distance_avg}';
    columns  text;
    names    text[];
    comments text[];
    featured integer;
    result   regclass;
BEGIN
    SELECT string_agg(format('%s AS %I', c.expression, c.name), ', ' ORDER BY c.n),
           array_agg(c.name ORDER BY c.n), array_agg(c.comment ORDER BY c.n)
      INTO columns, names, comments
      FROM segment_internal.profile_columns(m) WITH ORDINALITY c (name, expression, comment, n);
    featured := cardinality(names) - coalesce(cardinality(segment_internal.group_by(m)), 0);
    IF featured < 3 * cardinality(m.features) THEN
        RAISE NOTICE '"%" has the averages of % of % features and no medians and indices', name, featured, cardinality(m.features)
            USING HINT = format('SELECT * FROM segment_profile(%L) has them all.', m.name);
    END IF;

    PERFORM segment_internal.create_view(format('CREATE VIEW %I.%I AS SELECT s.segment, s.label, s.rows, s.share, s.distance_avg, %s '
                   'FROM segment_internal.catalog_segment s WHERE s.model_id = %s ORDER BY s.segment',
                   schema, name, columns, m.model_id));
    result := format('%I.%I', schema, name);
    EXECUTE format('COMMENT ON VIEW %s IS %L', result,
                   format('The segments of %s, a row a segment, with the figures of the latest fit in the units of its columns.', CASE WHEN m.source = 0::regclass THEN 'a relation elsewhere' ELSE m.source::text END));
    PERFORM segment_internal.comment_columns(
        result, own || names, segment_internal.own_comments(own) || comments);
    RETURN result;
END
$$;

-- sql/fit/members.sql

CREATE OR REPLACE FUNCTION segment_internal.create_members(m segment_internal.catalog_model, schema text, name text) RETURNS regclass
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    shown    record := segment_internal.members_columns(m);
    columns  text[] := shown.columns;
    own      text[] := shown.own;
    total    integer := cardinality(segment_internal.readable(m.source));
    assigned text[] := (ARRAY(SELECT c.column_name FROM segment_internal.columns(m.assignment) c))[cardinality(m.key) + 1:];
    result   regclass;
BEGIN
    IF cardinality(columns) < total THEN
        RAISE NOTICE '"%" has % of % columns of its source', name, cardinality(columns), total
            USING HINT = 'Fit a view with fewer columns to choose which.';
    END IF;
    PERFORM segment_internal.create_view(format('CREATE %s VIEW %I.%I AS SELECT %s, a.%I AS %I, p.label AS %I, a.%I AS %I, a.%I AS %I '
                   'FROM %s source JOIN %s a ON %s LEFT JOIN segment_internal.catalog_shown p ON p.%s AND p.segment = a.%I',
                   CASE schema WHEN 'pg_temp' THEN 'TEMPORARY' END, schema, name,
                   segment_internal.identifiers(columns, 'source.%I'),
                   assigned[1], own[1], own[2], assigned[2], own[3], assigned[4], own[4],
                   m.source, m.assignment,
                   segment_internal.key_match(m.source, m.key, 'source', 'a'),
                   segment_internal.shown_of(m), assigned[1]));
    result := format('%I.%I', schema, name);

    EXECUTE format('COMMENT ON VIEW %s IS %L', result,
                   format('The rows of %s as they are now, with the segment of each; rows that have none yet are not in it.', m.source));
    PERFORM segment_internal.comment_columns(
        result, columns || own,
        segment_internal.source_comments(m.source, columns) ||
        segment_internal.own_comments('{segment, label, distance, margin}'));
    RETURN result;
END
$$;

CREATE OR REPLACE FUNCTION segment_internal.create_outputs(
    m segment_internal.catalog_model, columns text[], outputs segment_internal.outputs, assign boolean DEFAULT true
) RETURNS segment_internal.catalog_model
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF m.assignment_kind = 'view' AND assign THEN
        PERFORM segment_internal.create_view(format('CREATE %s VIEW %I.%I AS %s', CASE outputs.schema WHEN 'pg_temp' THEN 'TEMPORARY' END,
                       outputs.schema, outputs.assignment, segment_internal.assignment_query(m, columns)));
        m.assignment := format('%I.%I', outputs.schema, outputs.assignment);
    END IF;
    m.profile := segment_internal.create_profile(m, outputs.schema, outputs.profile);
    IF m.assignment_kind <> 'none' THEN
        IF assign THEN
            PERFORM segment_internal.finish_assignment(m);
        END IF;
        m.members := segment_internal.create_members(m, outputs.schema, outputs.members);
    END IF;
    RETURN m;
END
$$;

-- sql/fit/live.sql

CREATE OR REPLACE FUNCTION segment_internal.create_live(m segment_internal.catalog_model, schema text, name text) RETURNS regclass
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    -- as many as a view can have (MaxHeapAttributeNumber)
    columns text[] := (segment_internal.readable(m.source))[:1600 - 5];
    own     text[] := segment_internal.own_names(m.name, '{segment, label, distance, second_segment, margin}', columns);
    result  regclass;
BEGIN
    PERFORM segment_internal.create_view(format('CREATE %1$s VIEW %2$I.%3$I AS SELECT %4$s, %12$s.segment AS %5$I, p.label AS %6$I, %12$s.distance AS %7$I, %12$s.second_segment AS %8$I, '
                   '%12$s.margin AS %9$I FROM %10$s LEFT JOIN segment_internal.catalog_shown p ON p.%11$s AND p.segment = %12$s.segment '
                   'WHERE %12$s.segment IS NOT NULL',
                   CASE schema WHEN 'pg_temp' THEN 'TEMPORARY' END, schema, name,
                   segment_internal.identifiers(columns, 'source.%I'), own[1], own[2], own[3], own[4], own[5],
                   segment_internal.scored_source(m, segment_internal.model_columns(m), 'a live view'), segment_internal.shown_of(m), segment_internal.scored(m)));
    result := format('%I.%I', schema, name);
    EXECUTE format('COMMENT ON VIEW %s IS %L', result,
                   format('The rows of %s as they are now, with the segment that each has by the model as it is now.', m.source));
    PERFORM segment_internal.comment_columns(
        result, columns || own,
        segment_internal.source_comments(m.source, columns) ||
        segment_internal.own_comments('{segment, label, distance, second_segment, margin}'));
    RETURN result;
END
$$;

-- sql/fit/kmeans.sql

CREATE OR REPLACE FUNCTION segment_internal.kmeans_job(source regclass, options jsonb) RETURNS @extschema@.segment_run
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    started_at  timestamptz := clock_timestamp();
    m           segment_internal.catalog_model;
    old         segment_internal.catalog_model;      -- whose place it takes
    choice      segment_internal.choice[];
    recipe      segment_internal.recipe;
    kept        segment_internal.recipe;
    features    text[];
    schema      text;
    outputs     segment_internal.outputs;
    fresh       regclass;
    on_shards   boolean := false;                    -- the assignment is placed, and scored, where its source is
    fit         segment_internal.fitted;
    grouped     segment_internal.fitted_groups;
    live        jsonb;
    run         @extschema@.segment_run;
    waits       boolean := (options ->> 'wait')::boolean;
BEGIN
    -- plan
    options := options - 'wait';
    PERFORM segment_internal.check_writable('segment_kmeans');
    m := segment_internal.plan(source, options);
    PERFORM segment_internal.check_group_by(m);
    EXECUTE segment_internal.query(source, m.key, segment_internal.readable(source)) || ' LIMIT 0';      -- may we read it?
    schema := segment_internal.output_schema(source, options ->> 'into_schema');
    old := segment_internal.reserve(schema, m.name, (options ->> 'replace')::boolean, waits);
    outputs := segment_internal.plan_outputs(m, old, schema);
    choice := segment_internal.choose(source, m.key, segment_internal.without_groups(m));
    m.columns := ARRAY(SELECT c.column_name FROM unnest(choice) c WHERE c.reason IS NULL);
    recipe := segment_internal.prepare(source, choice, options);
    features := ARRAY(SELECT f.feature FROM unnest(recipe.features) f);
    options := segment_internal.resolve_options(options, features);

    -- fit; the model that is replaced serves on meanwhile
    IF m.assignment_kind = 'table' THEN
        fresh := segment_internal.create_assignment(schema,
            CASE WHEN old.model_id IS NULL THEN outputs.assignment ELSE segment_internal.fresh_name() END,
            m.name, source, m.key, passing => old.assignment_kind = 'table');
    END IF;
    IF segment_internal.group_by(m) IS NOT NULL THEN
        grouped := segment_internal.fit_groups(m, source, recipe, options, schema, fresh);
        fit := grouped.fit;
    ELSE
        on_shards := fresh IS NOT NULL AND segment_internal.distribute(fresh, source, m.key, recipe);
        fit := segment_internal.engine(source, m.key, recipe, options, CASE WHEN NOT on_shards THEN fresh END, model => m.name,
            previous => segment_internal.comparable(old, features, options), renumber => false,
            before => CASE WHEN old.model_id IS NOT NULL THEN segment_internal.before(old) END);
    END IF;
    IF on_shards THEN
        PERFORM segment_internal.fill_shards(fresh, source, m.key, fit);
    ELSIF fresh IS NOT NULL THEN
        PERFORM segment_internal.add_key(fresh, source, m.key);
    ELSIF m.assignment_kind = 'view' THEN
        PERFORM segment_internal.check_key_rows(source, m.key);
    END IF;

    -- record
    m.model_id := coalesce(old.model_id, segment_internal.new_model_id());
    m.run := coalesce(old.run, 0) + 1;
    m.created_at := coalesce(old.created_at, clock_timestamp());
    kept := segment_internal.keep_features(recipe, ARRAY(SELECT f.feature_no FROM unnest(fit.features) f));
    m.preparation := to_jsonb(kept);
    m.features := ARRAY(SELECT f.feature FROM unnest(kept.features) f WHERE f.weight > 0);
    m.columns := ARRAY(SELECT c.name FROM unnest(kept.columns) c
                        WHERE c.name IN (SELECT f.column_name FROM unnest(kept.features) f WHERE f.weight > 0));
    fit.transitions := segment_internal.find_transitions(old, m, fresh, fit);
    m := segment_internal.place_outputs(m, old, fit.columns, outputs, fresh);
    run := segment_internal.record(m, recipe, fit, CASE WHEN grouped.groups IS NULL THEN segment_internal.k_reason(options, fit)
                                                           ELSE segment_internal.groups_reason(grouped.groups) END, started_at, grouped.groups);
    PERFORM segment_internal.notices(m, options, choice, recipe, fit);
    live := segment_internal.set_live_aside(m, old);
    PERFORM segment_internal.exchange_outputs(m, old, outputs);
    PERFORM segment_internal.restore_live(m, live);
    PERFORM segment_internal.sweep();
    RETURN run;
END
$$;

-- sql/fit/refresh.sql

CREATE OR REPLACE FUNCTION segment_internal.refresh_as_owner(model_id bigint, arguments jsonb) RETURNS @extschema@.segment_run
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

-- sql/chart/quality.sql

CREATE OR REPLACE FUNCTION segment_internal.drawn(m segment_internal.catalog_model, shares float8[], segments integer[] DEFAULT NULL) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    columns text[] := segment_internal.model_columns(m);
    hash    text := segment_internal.unique_name('hash', '', columns);
    bounds  bigint[] := ARRAY(SELECT segment_internal.hash_share(s) FROM unnest(shares) WITH ORDINALITY u (s, n) ORDER BY n);
BEGIN
    IF 1 <= ALL (shares) THEN
        RETURN segment_internal.query(m.source, '{}', columns);
    END IF;
    RETURN format('SELECT %1$s FROM (SELECT %2$s, %3$s AS %4$I FROM %5$s) r WHERE r.%4$I <= %6$s',
                  segment_internal.identifiers(columns, 'r.%I'), segment_internal.identifiers(columns),
                  segment_internal.row_hash(m, columns), hash, m.source, (SELECT max(b) FROM unnest(bounds) b))
        || CASE WHEN segments IS NULL THEN '' ELSE format(' AND r.%I <= (%L::bigint[])[array_position(%L::integer[], %s)]', hash, bounds, segments,
                           -- a row of Citus has no names
                           CASE WHEN cardinality(columns) < current_setting('max_function_args')::integer
                                THEN format('(segment_internal.assign(%L::bytea, %s)).segment',
                                            (SELECT c.compiled FROM segment_internal.catalog_compiled c WHERE c.model_id = m.model_id),
                                            segment_internal.identifiers(columns, 'r.%I'))
                                ELSE format('@extschema@.segment_predict(%L, r.*)', segment_internal.qualified(m)) END) END;
END
$$;

-- sql/use/score.sql

CREATE FUNCTION @extschema@.segment_predict(compiled bytea, customer record) RETURNS integer
LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_predict_compiled';

COMMENT ON FUNCTION @extschema@.segment_predict(bytea, record) IS
'The segment of a row by a model as a value, which segment_compiled has: for servers that do not know the model by name, as the workers of Citus. NULL for a row that the model''s preparation skips.';

CREATE VIEW @extschema@.segment_compiled WITH (security_invoker) AS
SELECT l.schema COLLATE "default" AS schema, l.name AS model, c.compiled
  FROM segment_internal.catalog_live l
  JOIN segment_internal.catalog_compiled c ON c.model_id = l.model_id
 WHERE c.compiled IS NOT NULL AND length(c.compiled) > 0;

COMMENT ON VIEW @extschema@.segment_compiled IS 'The models that the reader may see, each as one value to score rows by; a model with groups has none.';
COMMENT ON COLUMN @extschema@.segment_compiled.schema IS 'Schema of the model''s relations.';
COMMENT ON COLUMN @extschema@.segment_compiled.model IS 'Name of the model.';
COMMENT ON COLUMN @extschema@.segment_compiled.compiled IS 'Preparation and centroids of its current run.';
GRANT SELECT ON @extschema@.segment_compiled TO PUBLIC;
