-- Using a model: scoring rows, reading its figures, naming its segments, renaming and dropping it.
--
-- The readers have SQL-standard bodies, whose names are bound here and not through the caller's search_path.

-- Scoring. A row needs the model's features by name; everything else in it is ignored.

CREATE FUNCTION @extschema@.segment_predict(model text, customer record) RETURNS integer
LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

COMMENT ON FUNCTION @extschema@.segment_predict IS
'The segment of a row that has the features of the model by name, for example segment_predict(''customers'', c) FROM new_customers c. NULL for a row that the model''s preparation skips.';

CREATE FUNCTION @extschema@.segment_score(model text, customer record) RETURNS @extschema@.segment_score
LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

COMMENT ON FUNCTION @extschema@.segment_score IS
'The segment of a row with its label, distance, second nearest segment and margin. NULL for a row that the model''s preparation skips.';

CREATE FUNCTION @extschema@.segment_distances(
    model    text,
    customer record,
    OUT segment  integer,
    OUT distance float8
) RETURNS SETOF record
LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

COMMENT ON FUNCTION @extschema@.segment_distances IS
'The distance of a row to the centroid of every segment, scaled space, nearest first. No rows for a row that the model''s preparation skips.';

-- Figures. Left joins, for what does not exist must be an error: a plan could begin with another relation, find no
-- row in it and never ask for the model.

CREATE FUNCTION @extschema@.segment_centroids(
    model text,
    OUT segment integer,
    OUT feature text,
    OUT value   float8,
    OUT scaled  float8
) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT c.segment, f.feature, c.value[f.feature_no], c.scaled[f.feature_no]
      FROM segment_internal.model($1) m
      LEFT JOIN segment_internal.catalog_centroid c ON c.model_id = m.model_id AND c.run = m.run
      LEFT JOIN segment_internal.catalog_feature f ON f.model_id = m.model_id AND f.run = m.run
     ORDER BY c.segment, f.feature_no;
END;

COMMENT ON FUNCTION @extschema@.segment_centroids IS
'The centroids of a model, a row a segment and feature: value in original units, scaled as distances are computed.';

CREATE FUNCTION @extschema@.segment_profile(
    model text,
    OUT segment         integer,
    OUT label           text,
    OUT rows            bigint,
    OUT share           float8,
    OUT feature         text,
    OUT mean            float8,
    OUT median          float8,
    OUT stddev          float8,
    OUT min             float8,
    OUT max             float8,
    OUT population_mean float8,
    OUT index           float8,
    OUT z               float8
) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT s.segment, s.label, s.rows, s.share, f.feature,
           s.mean[f.feature_no], s.median[f.feature_no], s.stddev[f.feature_no],
           s.min[f.feature_no], s.max[f.feature_no], f.mean,
           segment_internal.index(s.mean[f.feature_no], f.mean),
           segment_internal.z(s.mean[f.feature_no], f.mean, f.stddev)
      FROM segment_internal.model($1) m
      LEFT JOIN segment_internal.catalog_segment s ON s.model_id = m.model_id
      LEFT JOIN segment_internal.catalog_feature f ON f.model_id = m.model_id AND f.run = m.run
     ORDER BY s.segment, f.feature_no;
END;

COMMENT ON FUNCTION @extschema@.segment_profile IS
'The figures of a model, a row a segment and feature, original units: index is the mean as a percentage of the mean of all rows, z its distance from that mean in standard deviations of all rows.';

CREATE FUNCTION @extschema@.segment_recipe(
    model text,
    OUT feature       text,
    OUT source_column text,
    OUT step          text,
    OUT parameter     text,
    OUT value         text
) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT s.feature, s.source_column, s.step, s.parameter, s.value
      FROM segment_internal.model($1) m
      LEFT JOIN LATERAL (
           SELECT f.feature_no, f.feature, f.source_column, p.n, p.step, p.parameter, p.value
             FROM segment_internal.catalog_feature f
            CROSS JOIN LATERAL (VALUES
                      (1, 'encode', CASE f.encoding WHEN 'boolean' THEN 'true' WHEN 'days' THEN 'days since' WHEN 'interval' THEN 'unit'
                                         WHEN 'element' THEN 'element' ELSE 'category' END,
                                    CASE f.encoding WHEN 'boolean' THEN '1' WHEN 'days' THEN '1970-01-01' WHEN 'interval' THEN 'days'
                                         WHEN 'other' THEN '(other)' WHEN 'missing' THEN '(missing)' ELSE f.part END,
                                    f.encoding <> 'number'),
                      (2, 'impute', 'rule', CASE WHEN f.encoding IN ('category', 'other') AND f.missing = 'median'
                                                 THEN 'most common' ELSE f.missing END, true),
                      (3, 'impute', 'fill', f.fill::text, f.fill IS NOT NULL),
                      (4, 'fence', 'rule', f.outliers, f.outliers <> 'keep'),
                      (5, 'fence', 'method', f.fence, f.outliers <> 'keep'),
                      (6, 'fence', CASE f.fence WHEN 'quantiles' THEN 'lower quantile' ELSE 'threshold' END,
                                   f.fence_low::text, f.outliers <> 'keep'),
                      (7, 'fence', 'upper quantile', f.fence_high::text, f.outliers <> 'keep' AND f.fence = 'quantiles'),
                      (8, 'fence', 'lower', f.lower::text, f.lower IS NOT NULL),
                      (9, 'fence', 'upper', f.upper::text, f.upper IS NOT NULL),
                      (10, 'transform', 'method', f.transform, f.transform <> 'none'),
                      (11, 'transform', 'lambda', f.lambda::text, f.lambda IS NOT NULL),
                      (12, 'scale', 'method', f.scaling, true),
                      (13, 'scale', 'center', f.center::text, true),
                      (14, 'scale', 'scale', f.scale::text, true),
                      (15, 'weight', 'weight', f.weight::text, true)
                  ) p (n, step, parameter, value, applies)
            WHERE f.model_id = m.model_id AND f.run = m.run AND p.applies
            UNION ALL
           SELECT NULL, NULL, NULL, 16, 'normalize', 'length', '1'
            WHERE m.options ->> 'distance' = 'cosine') s ON true
     ORDER BY s.feature_no, s.n;
END;

COMMENT ON FUNCTION @extschema@.segment_recipe IS
'How the current run of a model prepares a row, step by step: encode, impute, fence, transform, scale, weight, and normalize for all features together under cosine distance. Scoring replays it.';

CREATE FUNCTION @extschema@.segment_evaluate(
    model text,
    OUT metric text,
    OUT value  float8,
    OUT better text
) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT v.metric, v.value, v.better
      FROM segment_internal.model($1) m
      LEFT JOIN segment_internal.catalog_run r ON r.model_id = m.model_id AND r.run = m.run
     CROSS JOIN LATERAL (VALUES (1, 'inertia', r.inertia, 'lower'),
                                (2, 'explained', r.explained, 'higher'),
                                (3, 'silhouette_simplified', r.silhouette, 'higher'),
                                (4, 'davies_bouldin', r.davies_bouldin, 'lower'),
                                (5, 'calinski_harabasz', r.calinski_harabasz, 'higher')) v (n, metric, value, better)
     ORDER BY v.n;
END;

COMMENT ON FUNCTION @extschema@.segment_evaluate IS
'How good the current run of a model is, and whether lower or higher is better. Inertia depends on the data and on k; the others compare runs with different k.';

-- Labels and names.

CREATE FUNCTION segment_internal.label(model_id bigint, segment integer, label text, description text) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m        segment_internal.catalog_model := segment_internal.owned_model(model_id);
    segments integer[] := ARRAY(SELECT s.segment FROM segment_internal.catalog_segment s
                                 WHERE s.model_id = m.model_id ORDER BY s.segment);
BEGIN
    IF segment IS NULL OR segment <> ALL (segments) THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('model "%s" has no segment %s', m.name, coalesce(segment::text, 'NULL')),
            HINT = format('Its segments are %s to %s.', segments[1], segments[cardinality(segments)]);
    END IF;
    IF btrim(label) = '' THEN
        RAISE invalid_parameter_value USING
            MESSAGE = 'argument "label" is empty',
            HINT = 'NULL takes the label of a segment away.';
    ELSIF octet_length(label) > 1000 OR octet_length(description) > 10000 THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('argument "%s" is too long', CASE WHEN octet_length(label) > 1000 THEN 'label' ELSE 'description' END),
            HINT = 'A label has at most 1000 bytes, a description 10000.';
    END IF;
    PERFORM segment_internal.keep_label(model_id, segment, label, description);
END
$$;

COMMENT ON FUNCTION segment_internal.label IS 'Internal: segment_label of a model.';

CREATE FUNCTION @extschema@.segment_label(model text, segment integer, label text, description text DEFAULT NULL) RETURNS void
LANGUAGE sql VOLATILE
RETURN segment_internal.label(segment_internal.model_id_now($1, current_schemas(true)), $2, $3, $4);

COMMENT ON FUNCTION @extschema@.segment_label IS
'Names a segment; the name shows in the profile and in members and survives refits. A NULL label takes the name away.';

CREATE FUNCTION segment_internal.rename_relation(relation regclass, schema text, model text, suffix text, own regclass[])
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    name text := segment_internal.output_name(schema, model, suffix, own);
BEGIN
    IF EXISTS (SELECT FROM pg_class c WHERE c.oid = relation AND c.relname <> name) THEN
        EXECUTE format('ALTER TABLE %s RENAME TO %I', relation, name);
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.rename_relation IS
'Internal: gives a relation the name that it would have had if the model had been fitted under this one.';

CREATE FUNCTION segment_internal.rename(model_id bigint, new_name text) RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_owner';

COMMENT ON FUNCTION segment_internal.rename IS 'Internal: segment_rename of a model, as its owner.';

CREATE FUNCTION segment_internal.rename_as_owner(model_id bigint, new_name text) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m      segment_internal.catalog_model := segment_internal.owned_model(model_id);
    own    regclass[] := ARRAY[m.assignment, m.profile, m.members];
    schema text;
BEGIN
    IF coalesce(new_name, '') = '' THEN
        RAISE invalid_parameter_value USING
            MESSAGE = 'argument "new_name" is empty',
            HINT = 'Give the name that the model shall have.';
    ELSIF octet_length(new_name) > 1000 THEN
        RAISE name_too_long USING MESSAGE = 'argument "new_name" is longer than 1000 bytes';
    END IF;

    SELECT l.schema INTO schema FROM segment_internal.catalog_live l WHERE l.model_id = m.model_id;
    PERFORM segment_internal.lock_model(model_id), segment_internal.lock_name(schema, new_name);
    IF (segment_internal.existing(schema, new_name)).model_id IS NOT NULL THEN
        RAISE duplicate_object USING
            MESSAGE = format('model "%s" already exists', new_name),
            HINT = 'Choose another name, or drop that model first.';
    END IF;

    PERFORM segment_internal.rename_relation(m.assignment, schema, new_name, '_assignment', own),
            segment_internal.rename_relation(m.profile, schema, new_name, '_profile', own),
            segment_internal.rename_relation(m.members, schema, new_name, '_members', own);
    PERFORM segment_internal.keep_name(model_id, new_name);
END
$$;

COMMENT ON FUNCTION segment_internal.rename_as_owner IS 'Internal: the job of segment_rename.';

CREATE FUNCTION @extschema@.segment_rename(model text, new_name text) RETURNS void
LANGUAGE sql VOLATILE
RETURN segment_internal.rename(segment_internal.model_id_now($1, current_schemas(true)), $2);

COMMENT ON FUNCTION @extschema@.segment_rename IS
'Renames a model and its relations. Its columns keep their names.';

-- Dropping.

CREATE FUNCTION segment_internal.freeze(view regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    kept   record;
    frozen regclass;
    entry  record;
BEGIN
    SELECT n.nspname AS schema, c.relname AS name, pg_get_userbyid(c.relowner) AS owner,
           segment_internal.grants(c.oid) AS grants, obj_description(c.oid, 'pg_class') AS comment
      INTO kept
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.oid = view;
    EXECUTE format('ALTER VIEW %s RENAME TO %I', view, segment_internal.fresh_name());
    EXECUTE format('CREATE TABLE %I.%I AS SELECT * FROM %s', kept.schema, kept.name, view);
    frozen := format('%I.%I', kept.schema, kept.name);

    EXECUTE format('COMMENT ON TABLE %s IS %L', frozen, kept.comment);
    FOR entry IN SELECT c.column_name, col_description(view, c.column_no) AS comment
                   FROM segment_internal.columns(view) c
    LOOP
        EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', frozen, entry.column_name, entry.comment);
    END LOOP;
    PERFORM segment_internal.restore_grants(frozen, kept.owner, coalesce(kept.grants, '[]'));
END
$$;

COMMENT ON FUNCTION segment_internal.freeze IS
'Internal: sets a view aside and puts a table with its rows, comments and grants in its place.';

CREATE FUNCTION segment_internal.keep_output(m segment_internal.catalog_model) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    members text := (SELECT pg_get_viewdef(c.oid) FROM pg_class c WHERE c.oid = m.members);
BEGIN
    PERFORM segment_internal.freeze(c.oid)
       FROM pg_class c
      WHERE c.oid IN (m.profile, m.assignment) AND c.relkind = 'v';

    -- the same query now finds the tables
    IF members IS NOT NULL THEN
        EXECUTE format('CREATE OR REPLACE VIEW %s AS %s', m.members, members);
    END IF;
    EXECUTE format('DROP VIEW %s', m.profile);
    IF m.assignment_kind = 'view' THEN
        EXECUTE format('DROP VIEW IF EXISTS %s', m.assignment);
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.keep_output IS
'Internal: makes the relations of a model independent of the catalog.';

CREATE FUNCTION segment_internal.drop(model_id bigint, keep_output boolean) RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_owner';

COMMENT ON FUNCTION segment_internal.drop IS 'Internal: segment_drop of a model, as its owner.';

CREATE FUNCTION segment_internal.drop_as_owner(model_id bigint, keep_output boolean) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m segment_internal.catalog_model;
BEGIN
    PERFORM segment_internal.lock_model(model_id);
    m := segment_internal.owned_model(model_id);
    IF keep_output THEN
        PERFORM segment_internal.keep_output(m),
                segment_internal.sweep();
    ELSE
        PERFORM segment_internal.forget(model_id),
                segment_internal.drop_relations(ARRAY[m.members, m.profile, m.assignment]);
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.drop_as_owner IS 'Internal: the job of segment_drop.';

CREATE FUNCTION @extschema@.segment_drop(model text, keep_output boolean DEFAULT false) RETURNS void
LANGUAGE sql VOLATILE
RETURN segment_internal.drop(segment_internal.model_id_now($1, current_schemas(true)), $2);

COMMENT ON FUNCTION @extschema@.segment_drop IS
'Drops a model with its relations and its history. keep_output => true keeps the relations: the assignment as a table, the profile as a table, the members as a view over both.';
