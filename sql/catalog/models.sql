-- Names of models. They are found like tables: first those that the caller owns, then those in the schemas of the search
-- path, in its order; others need their schema in front. So nobody can make a name that worked mean another model, or
-- none, with a model of his own and a grant on it.

CREATE FUNCTION segment_internal.model_on_path(model text, path name[]) RETURNS segment_internal.catalog_model
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    caller  pg_roles := (SELECT r FROM pg_roles r WHERE r.rolname = current_user);
    matches bigint[];
    others  text[];
    result  segment_internal.catalog_model;
BEGIN
    IF model IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'argument "model" must not be NULL';
    END IF;

    -- a superuser owns all models, of which those of others come last
    WITH candidate AS (
        SELECT l.model_id, l.schema, l.name,
               l.owner = caller.oid OR NOT caller.rolsuper AND pg_has_role(l.owner, 'USAGE') AS own,
               model IN (l.schema || '.' || l.name, format('%I.%I', l.schema, l.name)) AS qualified,
               array_position(path, CASE l.schema WHEN 'pg_temp' THEN (SELECT n.nspname FROM pg_namespace n WHERE n.oid = pg_my_temp_schema())
                                    ELSE l.schema::name END) AS place,
               c.relname = l.name || '_profile' AS regular     -- of those moved into one schema
          FROM segment_internal.catalog_live l
          JOIN segment_internal.catalog_model m ON m.model_id = l.model_id
          JOIN pg_class c ON c.oid = m.profile
         WHERE l.name = model OR model IN (l.schema || '.' || l.name, format('%I.%I', l.schema, l.name))
    ), ranked AS (
        SELECT c.*, rank() OVER (ORDER BY c.own DESC, c.qualified DESC, c.place, c.regular DESC) AS rank
          FROM candidate c
         WHERE c.own OR c.qualified OR c.place IS NOT NULL OR caller.rolsuper
    )
    SELECT array_agg(r.model_id) FILTER (WHERE r.rank = 1),
           array_agg(format('"%s"', r.schema) ORDER BY r.schema) FILTER (WHERE r.rank = 1)
      INTO matches, others
      FROM ranked r;

    IF cardinality(matches) > 1 THEN
        RAISE ambiguous_alias USING
            MESSAGE = format('model name "%s" is ambiguous', model),
            DETAIL = format('There are models of this name in the schemas %s.', array_to_string(others, ', ')),
            HINT = 'Write the schema in front of the name: schema.model.';
    ELSIF matches IS NULL THEN
        PERFORM segment_internal.raise_no_model(model);
    END IF;
    SELECT m.* INTO result FROM segment_internal.catalog_model m WHERE m.model_id = matches[1];
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.model_on_path IS
'Internal: the model of this name, or of schema.name, among those that the caller may see, as a search path finds it.';

CREATE FUNCTION segment_internal.raise_no_model(model text) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    elsewhere text := (SELECT min(format('%I.%I', l.schema, l.name)) FROM segment_internal.catalog_live l WHERE l.name = model);
    closest   text := segment_internal.closest(model, ARRAY(SELECT l.name FROM segment_internal.catalog_live l ORDER BY l.name));
BEGIN
    RAISE undefined_object USING
        MESSAGE = format('model "%s" does not exist', model),
        HINT = CASE WHEN elsewhere IS NOT NULL THEN format('There is %s, in a schema that is not on your search path: write the schema in front of the name.', elsewhere)
                    ELSE coalesce('Perhaps you meant the model "' || closest || '".',
                                  'SELECT model FROM segment_models lists the models.') END;
END
$$;

COMMENT ON FUNCTION segment_internal.raise_no_model IS 'Internal: the error of a name that finds no model.';

-- Not in PL/pgSQL with a path of its own: here the path is the caller's.
CREATE FUNCTION segment_internal.model(model text) RETURNS segment_internal.catalog_model
LANGUAGE sql STABLE PARALLEL SAFE
RETURN segment_internal.model_on_path($1, current_schemas(true));

COMMENT ON FUNCTION segment_internal.model(text) IS
'Internal: the model of this name, or of schema.name, as the caller''s search path finds it.';

CREATE FUNCTION segment_internal.model_id(model text) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (segment_internal.model_on_path($1, current_schemas(true))).model_id;

COMMENT ON FUNCTION segment_internal.model_id(text) IS
'Internal: its number. Jobs take it: their search path is not the caller''s.';

-- A call that changes a model may stand beside the one that makes it, in one statement, whose snapshot does not show it.
CREATE FUNCTION segment_internal.model_id_now(model text, path name[]) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (segment_internal.model_on_path(model, path)).model_id;
END
$$;

COMMENT ON FUNCTION segment_internal.model_id_now IS
'Internal: the number of the model of this name as it is now, whatever the snapshot of the statement is.';

CREATE FUNCTION segment_internal.model(model_id bigint) RETURNS segment_internal.catalog_model
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    result segment_internal.catalog_model;
BEGIN
    SELECT m.* INTO result FROM segment_internal.catalog_model m JOIN segment_internal.catalog_live l ON l.model_id = m.model_id
     WHERE m.model_id = $1;
    IF NOT FOUND THEN
        RAISE undefined_object USING
            MESSAGE = 'the model does not exist any more',
            HINT = 'SELECT model FROM segment_models lists the models.';
    END IF;
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.model(bigint) IS 'Internal: the model of this number, which the caller may see.';

CREATE FUNCTION segment_internal.owned_model(model_id bigint) RETURNS segment_internal.catalog_model
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m segment_internal.catalog_model := segment_internal.model(model_id);
BEGIN
    PERFORM segment_internal.check_owner((SELECT r.oid FROM pg_roles r WHERE r.rolname = current_user), m);
    RETURN m;
END
$$;

COMMENT ON FUNCTION segment_internal.owned_model IS 'Internal: the model of this number, which the caller must own.';

CREATE FUNCTION segment_internal.qualified(m segment_internal.catalog_model) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT format('%I.%I', l.schema, l.name) FROM segment_internal.catalog_live l WHERE l.model_id = ($1).model_id;
END;

COMMENT ON FUNCTION segment_internal.qualified IS 'Internal: the name by which a model is found, whatever others there are.';

CREATE FUNCTION segment_internal.model_columns(m segment_internal.catalog_model) RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT ARRAY(SELECT c ->> 'name' FROM jsonb_array_elements(m.preparation -> 'columns') c);
$$;

COMMENT ON FUNCTION segment_internal.model_columns IS
'Internal: the columns that scoring reads, in the order of the compiled model.';

CREATE FUNCTION segment_internal.features(m segment_internal.catalog_model) RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT ARRAY(SELECT f.feature FROM segment_internal.catalog_feature f
                  WHERE f.model_id = m.model_id AND f.run = m.run ORDER BY f.feature_no);
$$;

COMMENT ON FUNCTION segment_internal.features IS 'Internal: the features of the current run, in the order of its arrays.';

CREATE FUNCTION segment_internal.vectors(m segment_internal.catalog_model) RETURNS integer[]
LANGUAGE sql STABLE PARALLEL SAFE
RETURN ARRAY(SELECT f.feature_no FROM segment_internal.catalog_feature f
              WHERE f.model_id = ($1).model_id AND f.run = ($1).run AND f.encoding = 'vector' ORDER BY f.feature_no);

COMMENT ON FUNCTION segment_internal.vectors IS 'Internal: which features of the current run are vectors, whose figures are those of their lengths.';

CREATE FUNCTION segment_internal.coordinates(m segment_internal.catalog_model) RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE
RETURN ARRAY(SELECT CASE WHEN f.encoding = 'vector' THEN format('%s[%s]', f.feature, d.n) ELSE f.feature END
               FROM segment_internal.catalog_feature f
              CROSS JOIN LATERAL generate_series(1, CASE WHEN f.encoding = 'vector'
                                                         THEN (SELECT (c ->> 'width')::integer FROM jsonb_array_elements(($1).preparation -> 'columns') c
                                                                WHERE c ->> 'name' = f.source_column) ELSE 1 END) d (n)
              WHERE f.model_id = ($1).model_id AND f.run = ($1).run ORDER BY f.feature_no, d.n);

COMMENT ON FUNCTION segment_internal.coordinates IS 'Internal: the features of the current run as scoring sees them, a dimension of a vector each.';

CREATE FUNCTION segment_internal.changes_of(m segment_internal.catalog_model) RETURNS regclass
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT c.oid::regclass FROM pg_catalog.pg_class c WHERE c.oid = ($1).changes);

COMMENT ON FUNCTION segment_internal.changes_of IS 'Internal: the changes of a model; NULL: it has no history, or somebody has dropped them, which ends it.';

CREATE FUNCTION segment_internal.group_by(m segment_internal.catalog_model) RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE jsonb_typeof(($1).options -> 'group_by')
       WHEN 'array' THEN ARRAY(SELECT u.name FROM jsonb_array_elements_text(($1).options -> 'group_by') WITH ORDINALITY u (name, n) ORDER BY u.n) END;

COMMENT ON FUNCTION segment_internal.group_by IS 'Internal: the columns by which a model has one model a group; NULL: it has no groups.';

CREATE FUNCTION segment_internal.ungrouped(m segment_internal.catalog_model, what text) RETURNS segment_internal.catalog_model
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF segment_internal.group_by(m) IS NOT NULL THEN
        RAISE feature_not_supported USING
            MESSAGE = format('model "%s" has a model a group, of which there is no %s', m.name, what),
            HINT = format('SELECT * FROM segment_groups(%L) has the figures of its groups. For more, fit a view of the rows of one group.', m.name);
    END IF;
    RETURN m;
END
$$;

COMMENT ON FUNCTION segment_internal.ungrouped IS 'Internal: the model, which must have no groups, for what is of one preparation and its segments.';

CREATE FUNCTION segment_internal.compiled(
    model text,
    OUT compiled     bytea,
    OUT segments     integer[],
    OUT labels       text[],
    OUT group_by     text[],
    OUT group_values text[]
) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(g.compiled, c.compiled), s.segments, s.labels, segment_internal.group_by(m), g.group_values
      FROM segment_internal.model($1) m
      LEFT JOIN segment_internal.catalog_compiled c ON c.model_id = m.model_id
      LEFT JOIN segment_internal.catalog_group g ON g.model_id = m.model_id AND g.run = m.run AND g.k IS NOT NULL
      LEFT JOIN LATERAL (SELECT coalesce(s.group_no, 0) AS group_no, array_agg(s.segment ORDER BY s.segment) AS segments,
                                array_agg(s.label ORDER BY s.segment) AS labels
                           FROM segment_internal.catalog_segment s WHERE s.model_id = m.model_id
                          GROUP BY s.group_no) s ON s.group_no = coalesce(g.group_no, 0);
END;

COMMENT ON FUNCTION segment_internal.compiled IS
'Internal: what scoring a row needs: the compiled model and its segments with their labels; of a model that has groups, a row for each.';
